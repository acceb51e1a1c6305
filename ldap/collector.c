/*
 * collector.c - where the entries of a search go
 */
#include "ldap/collector.h"

#include <assert.h>
#include <string.h>

#include "ldap/paging.h"
#include "proxy/base/arena.h"

void collector_add_control(struct ldap_result *result,
                           struct ldap_answer_control control)
{
    assert(result->control_count < LDAP_ANSWER_CONTROLS);
    result->controls[result->control_count++] = control;
}

/* To the client, or to where it waits for being asked for. */
static bool pass_on(struct collector *collector, const struct ldap_entry *entry)
{
    if (!collector->paged)
        return ldap_send_entry(collector->call, entry);
    if (!ldap_paging_add(*collector->call->paging, entry))
        collector->too_much = true;
    return !collector->too_much;
}

static bool keep(struct collector *collector, const struct ldap_entry *entry,
                 const struct ldap_entry *keys)
{
    struct arena *arena = collector->call->op->arena;
    struct sort_item *item = NULL;

    if (collector->octets >= LDAP_PAGING_LIMIT) {
        collector->too_much = true;
        return false;
    }
    if (collector->item_count == collector->room) {
        size_t room = collector->room * 2 + 64;
        struct sort_item *items = arena_array(arena, room, sizeof *items);

        if (collector->item_count > 0)
            memcpy(items, collector->items,
                   collector->item_count * sizeof *items);
        collector->items = items;
        collector->room = room;
    }
    item = &collector->items[collector->item_count];
    item->place = collector->item_count++;
    item->entry = entry_copy(arena, entry, &collector->octets);
    sort_prepare(arena, collector->order, keys, item);
    return true;
}

bool collector_take(struct collector *collector, const struct ldap_entry *entry,
                    const struct ldap_entry *keys)
{
    if (collector->limit > 0 && collector->count >= collector->limit) {
        collector->exceeded = true;
        return false;
    }
    collector->count++;
    return collector->order != NULL ? keep(collector, entry, keys)
                                    : pass_on(collector, entry);
}

static void pass_on_sorted(struct collector *collector)
{
    sort_found(collector->order, collector->items, collector->item_count);
    for (size_t i = 0; i < collector->item_count; i++) {
        if (!pass_on(collector, &collector->items[i].entry))
            return;
    }
}

/* Pages end well, but for the last one, which ends as the whole search. */
struct ldap_result collector_next_page(struct ldap_call *call, size_t size)
{
    struct ldap_paging *paging = *call->paging;
    struct ldap_result result = { .code = LDAP_SUCCESS };

    for (size_t i = 0; i < size; i++) {
        const struct ldap_entry *entry = ldap_paging_next(paging);

        if (entry == NULL || !ldap_send_entry(call, entry))
            break;
    }
    if (!ldap_paging_has_more(paging)) {
        result = ldap_paging_result(paging);
        result.matched = arena_strdup(call->op->arena, result.matched);
        result.message = arena_strdup(call->op->arena, result.message);
    }
    collector_add_control(&result,
                          ldap_paging_control(call->op->arena, paging));
    if (!ldap_paging_has_more(paging))
        ldap_paging_free(call->paging);
    return result;
}

struct ldap_result collector_end(struct collector *collector,
                                 struct ldap_result result)
{
    struct ldap_result page;

    if (collector->order != NULL)
        pass_on_sorted(collector);
    if (!collector->paged)
        return result;
    ldap_paging_end(*collector->call->paging, &result);
    page = collector_next_page(collector->call, collector->page);
    for (size_t i = 0; i < result.control_count; i++)
        collector_add_control(&page, result.controls[i]);
    return page;
}
