/*
 * plan.c - whom to ask for, so that nobody who matches is missed
 */
#include "ldap/plan.h"

#include <string.h>

#include "ldap/attributes.h"
#include "ldap/entry.h"
#include "ldap/filter.h"
#include "ldap/reach.h"
#include "proxy/base/arena.h"
#include "proxy/base/str.h"

/* --- What can be ---------------------------------------------------------- */

/* Whether an item can be true (or false) of somebody.  What is Undefined of an
 * entry without anything is so of all, except for what costs a call, at which
 * nobody may have looked. */
static bool item_can_be(struct arena *arena, const struct ldap_filter *item,
                        bool wanted)
{
    const struct ldap_entry nothing = { .dn = "" };
    const struct ldap_type *type = attribute_find(item->attribute);

    /* Nobody has an empty value. */
    if (wanted && item->value.len == 0 &&
        (item->kind == FILTER_EQUALITY || item->kind == FILTER_APPROXIMATE))
        return false;
    return (type != NULL && type->flags & ATTRIBUTE_COSTLY) ||
           ldap_filter_evaluate(arena, item, &nothing) != FILTER_UNDEFINED;
}

static bool can_be(struct arena *arena, const struct ldap_filter *filter,
                   bool wanted)
{
    bool all = (filter->kind == FILTER_AND) == wanted;

    if (filter->kind == FILTER_NOT)
        return can_be(arena, &filter->children[0], !wanted);
    if (filter->kind != FILTER_AND && filter->kind != FILTER_OR)
        return item_can_be(arena, filter, wanted);
    for (size_t i = 0; i < filter->child_count; i++) {
        if (can_be(arena, &filter->children[i], wanted) != all)
            return !all;
    }
    return all;
}

/* --- Whom it is about ----------------------------------------------------- */

static struct reach reach_of(struct arena *arena,
                             const struct ldap_filter *filter);

static struct reach any_of(struct arena *arena,
                           const struct ldap_filter *filter)
{
    struct reach reach = reach_nobody;

    for (size_t i = 0; i < filter->child_count; i++) {
        struct reach child = reach_of(arena, &filter->children[i]);

        reach_join(&reach, &child);
    }
    return reach;
}

/* "smith ann" of (&(sn=smith)(givenName=ann)): Exchange tries both orders. */
static void narrow(struct arena *arena, struct reach *reach,
                   const struct reach *other)
{
    struct reach_text *one = &reach->texts[0];
    const struct reach_text *two = &other->texts[0];

    if (reach->text_count == 1 && other->text_count == 1 &&
        one->by == PEOPLE_BY_BEGINNING && two->by == PEOPLE_BY_BEGINNING &&
        one->narrower == NULL && !str_starts_nocase(one->text, two->text))
        one->narrower = arena_printf(arena, "%s %s", one->text, two->text);
}

/* The part that says most, and the next one. */
static struct reach all_of(struct arena *arena,
                           const struct ldap_filter *filter)
{
    struct reach reach = reach_everybody, next = reach_everybody;

    for (size_t i = 0; i < filter->child_count; i++) {
        struct reach child = reach_of(arena, &filter->children[i]);

        if (reach_breadth(&child) < reach_breadth(&reach)) {
            next = reach;
            reach = child;
        } else if (reach_breadth(&child) < reach_breadth(&next)) {
            next = child;
        }
    }
    narrow(arena, &reach, &next);
    return reach;
}

static struct reach reach_of(struct arena *arena,
                             const struct ldap_filter *filter)
{
    switch (filter->kind) {
    case FILTER_AND:
        return all_of(arena, filter);
    case FILTER_OR:
        return any_of(arena, filter);
    case FILTER_NOT:
        return can_be(arena, &filter->children[0], false) ? reach_everybody
                                                          : reach_nobody;
    default:
        return item_can_be(arena, filter, true) ? reach_of_item(arena, filter)
                                                : reach_nobody;
    }
}

/* --- The plan ------------------------------------------------------------- */

/* A text comes before those that it goes on from: "ann s" of a completion has
 * been told before all who are called Ann have used up what a client takes. */
static void sort_texts(struct reach *reach)
{
    for (size_t i = 1; i < reach->text_count; i++) {
        struct reach_text text = reach->texts[i];
        size_t at = 0;

        while (at < i && !str_starts_nocase(text.text, reach->texts[at].text))
            at++;
        memmove(&reach->texts[at + 1], &reach->texts[at],
                (i - at) * sizeof text);
        reach->texts[at] = text;
    }
}

struct ldap_plan ldap_plan_of(struct arena *arena,
                              const struct ldap_filter *filter)
{
    struct reach reach = reach_of(arena, filter);
    struct ldap_plan_query *queries =
        arena_array(arena, reach.text_count + 1, sizeof *queries);
    struct ldap_plan plan = { .queries = queries,
                              .needs_everybody = reach_is_blind(&reach) };

    sort_texts(&reach);
    for (size_t i = 0; i < reach.text_count; i++)
        queries[plan.count++] = (struct ldap_plan_query){
            .query = { .by = reach.texts[i].by,
                       .text = reach.texts[i].text,
                       .sources = PEOPLE_BOTH },
            .narrower = reach.texts[i].narrower,
        };
    if (reach.list != LIST_NOBODY)
        queries[plan.count++] = (struct ldap_plan_query){
            .query = { .by = PEOPLE_ALL,
                       .cheaply = !plan.needs_everybody,
                       .sources = reach.list == LIST_PERSONAL ? PEOPLE_PERSONAL
                                                              : PEOPLE_BOTH },
        };
    return plan;
}
