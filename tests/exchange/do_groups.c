/*
 * do_groups.c - ExpandDL, GetRoomLists, GetRooms
 */
#include "tests/exchange/call.h"

#include "proxy/base/str.h"
#include "tests/exchange/contacts.h"
#include "tests/exchange/directory.h"
#include "tests/exchange/form.h"

/* --- ExpandDL ------------------------------------------------------------ */

static void put_members(struct call *call, const struct sim_entry *group)
{
    for (size_t i = 0; group->members[i] != NULL; i++) {
        buf_puts(&call->out, "<t:Mailbox>");
        put_addressee_of(call, group->members[i]);
        buf_puts(&call->out, "</t:Mailbox>");
    }
}

static size_t count_members(struct call *call, const struct sim_entry *group,
                            struct sim_item *list)
{
    size_t count = 0;

    if (list != NULL) {
        /* They are counted by writing them elsewhere first. */
        struct buf out = call->out;

        buf_init(&call->out, call->arena);
        count = contact_put_members(call, list);
        call->out = out;
        return count;
    }
    while (group->members[count] != NULL)
        count++;
    return count;
}

static void put_expansion(struct call *call, const struct sim_entry *group,
                          struct sim_item *list)
{
    message_begin(call, NULL);
    buf_printf(&call->out,
               "<m:DLExpansion TotalItemsInView=\"%zu\""
               " IncludesLastItemInRange=\"true\">",
               count_members(call, group, list));
    if (list != NULL)
        contact_put_members(call, list);
    else
        put_members(call, group);
    buf_puts(&call->out, "</m:DLExpansion>");
    message_end(call);
}

/* A group of the directory by its address or alias, one level of it.  Who hides
 * its members looks like nobody. */
static const struct sim_entry *find_group(struct call *call, const char *name)
{
    const struct sim_entry *group = sim_group_find(call->exchange, name);

    for (size_t i = 0; group == NULL && i < call->exchange->entry_count; i++) {
        const struct sim_entry *entry = call->exchange->entries[i];

        if (!entry->gone && sim_entry_is_group(entry) &&
            str_equal_nocase(entry->alias, name))
            group = entry;
    }
    return group == NULL || group->hides_members ? NULL : group;
}

/* A group of the directory, or a list of one's own by its id. */
void do_expand_dl(struct call *call)
{
    const struct node *mailbox = node_child(call->request, "Mailbox");
    const struct node *id = node_child(mailbox, "ItemId");
    const char *code = message_fault(call);
    const struct sim_entry *group = NULL;
    struct sim_item *list = NULL;

    if (code == NULL && id != NULL)
        list = call_item(call, id, WANT_READ, &code, NULL);
    if (code == NULL && list != NULL && form_of(list) != FORM_LIST)
        code = "ErrorCannotExpandDistributionList";
    if (code == NULL && id == NULL) {
        group = find_group(call, node_text(mailbox, "EmailAddress"));
        if (group == NULL)
            code = "ErrorNameResolutionNoResults";
    }
    if (code != NULL)
        message_simple(call, code, NULL);
    else
        put_expansion(call, group, list);
}

/* --- Rooms --------------------------------------------------------------- */

void do_get_room_lists(struct call *call)
{
    const struct exchange *exchange = call->exchange;

    if (bare_begin(call, "GetRoomListsResponse", message_fault(call))) {
        buf_puts(&call->out, "<m:RoomLists>");
        for (size_t i = 0; i < exchange->entry_count; i++) {
            if (exchange->entries[i]->kind != ENTRY_ROOM_LIST ||
                exchange->entries[i]->gone)
                continue;
            buf_puts(&call->out, "<t:Address>");
            put_addressee_of(call, exchange->entries[i]->address);
            buf_puts(&call->out, "</t:Address>");
        }
        buf_puts(&call->out, "</m:RoomLists>");
    }
    bare_end(call, "GetRoomListsResponse");
}

void do_get_rooms(struct call *call)
{
    const struct node *node = node_child(call->request, "RoomList");
    const struct sim_entry *list =
        sim_group_find(call->exchange, node_text(node, "EmailAddress"));
    const char *code = message_fault(call);

    if (code == NULL && (list == NULL || list->kind != ENTRY_ROOM_LIST))
        code = "ErrorNameResolutionNoResults";
    if (bare_begin(call, "GetRoomsResponse", code)) {
        buf_puts(&call->out, "<m:Rooms>");
        for (size_t i = 0; list->members[i] != NULL; i++) {
            buf_puts(&call->out, "<t:Room><t:Id>");
            put_addressee_of(call, list->members[i]);
            buf_puts(&call->out, "</t:Id></t:Room>");
        }
        buf_puts(&call->out, "</m:Rooms>");
    }
    bare_end(call, "GetRoomsResponse");
}
