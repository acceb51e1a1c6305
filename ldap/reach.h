/*
 * reach.h - the people whom a part of a filter may be about
 *
 * Those found by texts that the directory is asked for, and those of a list
 * that have to be looked at besides.
 */
#ifndef POSTERN_LDAP_REACH_H
#define POSTERN_LDAP_REACH_H

#include <stdbool.h>
#include <stddef.h>

#include "ldap/plan.h"

struct arena;
struct ldap_filter;

struct reach_text {
    enum people_by by;
    const char *text;
    const char *narrower;
};

/* Who has to be looked at besides those found by texts. */
enum reach_list { LIST_NOBODY, LIST_PERSONAL, LIST_EVERYBODY };

struct reach {
    struct reach_text texts[LDAP_PLAN_TEXTS];
    size_t text_count;
    enum reach_list list;
    const char *hints[LDAP_PLAN_TEXTS]; /* texts of what nobody can be asked
                                           for, as titles */
    size_t hint_count;
    bool blind; /* the list is needed, whatever is found by texts */
};

extern const struct reach reach_nobody;
extern const struct reach reach_everybody;

/* Those whom an item may be about: no AND, OR or NOT, and one that can be true
 * of somebody. */
struct reach reach_of_item(struct arena *arena,
                           const struct ldap_filter *filter);

/* Adds those of another one. */
void reach_join(struct reach *reach, const struct reach *more);

/* Whether somebody may only be found by looking at everybody. */
bool reach_is_blind(const struct reach *reach);

/* How many people it may be about, roughly: nobody; some of one's own; those
 * found by texts, the fewer the longer these are; everybody. */
size_t reach_breadth(const struct reach *reach);

#endif
