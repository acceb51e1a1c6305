/*
 * sort.h - answers in order (RFC 2891)
 */
#ifndef POSTERN_LDAP_SORT_H
#define POSTERN_LDAP_SORT_H

#include <stdbool.h>
#include <stddef.h>

#include "ldap/attributes.h"
#include "ldap/entry.h"
#include "ldap/result.h"

struct arena;
struct ldap_control;

/* How many keys there are at most; the others would hardly matter. */
enum { LDAP_SORT_KEYS = 8 };

struct sort_key {
    const struct ldap_type *type;
    enum value_kind kind;
    bool reverse;
};

struct sort_order {
    struct sort_key keys[LDAP_SORT_KEYS];
    size_t count;
    enum ldap_code code;   /* why it cannot be: the attribute is not known
                              (NO_SUCH_ATTRIBUTE) or has no order
                              (INAPPROPRIATE_MATCHING) */
    const char *attribute; /* which; NULL */
};

/* False: the control's value cannot be read. */
bool sort_read(struct arena *arena, const struct ldap_control *control,
               struct sort_order *order_out);

/* What came of it. */
struct ldap_answer_control sort_control(struct arena *arena,
                                        const struct sort_order *order);

/* An entry and what it is sorted by. */
struct sort_item {
    struct ldap_entry entry;
    struct octets keys[LDAP_SORT_KEYS]; /* data NULL: it has none */
    size_t place;                       /* before it was sorted */
};

/* The keys, from an entry that has the attributes of the order. */
void sort_prepare(struct arena *arena, const struct sort_order *order,
                  const struct ldap_entry *entry, struct sort_item *item_out);

/* Equal ones keep their places.  An entry without an attribute comes after
 * those with it. */
void sort_found(const struct sort_order *order, struct sort_item *items,
                size_t count);

#endif
