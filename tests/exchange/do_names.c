/*
 * do_names.c - ResolveNames, ExpandDL, GetRoomLists, GetRooms
 */
#include "tests/exchange/call.h"

#include <string.h>

#include "proxy/base/str.h"
#include "tests/exchange/contacts.h"
#include "tests/exchange/directory.h"
#include "tests/exchange/form.h"
#include "tests/exchange/show.h"
#include "tests/exchange/stores.h"
#include "tests/exchange/text.h"

#define MOST 100

/* --- Mailboxes ----------------------------------------------------------- */

static void put_mailbox(struct call *call, const char *name,
                        const char *address, const char *kind)
{
    put_element(&call->out, "t:Name", name);
    put_element(&call->out, "t:EmailAddress", address);
    put_element(&call->out, "t:RoutingType", "SMTP");
    put_element(&call->out, "t:MailboxType", kind);
}

/* What an address is, as the directory knows it. */
static void put_known(struct call *call, const char *address)
{
    const struct sim_mailbox *user = sim_mailbox_find(call->exchange, address);
    const struct sim_group *group = sim_group_find(call->exchange, address);

    if (user != NULL)
        put_mailbox(call, user->display_name, user->address, "Mailbox");
    else if (group != NULL)
        put_mailbox(call, group->name, group->address, "PublicDL");
    else
        put_mailbox(call, address, address,
                    call->version >= SCHEMA_2010 ? "OneOff" : "Mailbox");
}

/* --- ResolveNames -------------------------------------------------------- */

/* One thing that a name may mean. */
struct found {
    const struct sim_mailbox *user;
    const struct sim_group *group;
    struct sim_item *contact;
};

struct names {
    struct call *call;
    const char *entry;
    bool exact; /* one address, as "smtp:" asks for */
    struct found found[MOST];
    size_t count; /* of all there are */
};

static void add(struct names *names, struct found found)
{
    if (names->count < MOST)
        names->found[names->count] = found;
    names->count++;
}

/* The beginning of a word of a name, or of an address. */
static bool is_meant(const struct names *names, const char *name,
                     const char *address, const char *alias)
{
    if (names->exact)
        return str_equal_nocase(address, names->entry);
    return str_starts_nocase(address, names->entry) ||
           (alias != NULL && str_starts_nocase(alias, names->entry)) ||
           text_contains(names->call->arena, name, names->entry);
}

static void look_in_directory(struct names *names)
{
    const struct exchange *exchange = names->call->exchange;

    for (size_t i = 0; i < exchange->mailbox_count; i++) {
        const struct sim_mailbox *user = exchange->mailboxes[i];

        if (sim_is_user(user) &&
            is_meant(names, user->display_name, user->address, user->alias))
            add(names, (struct found){ .user = user });
    }
    for (size_t i = 0; i < exchange->group_count; i++)
        if (is_meant(names, exchange->groups[i].name,
                     exchange->groups[i].address, NULL))
            add(names, (struct found){ .group = &exchange->groups[i] });
}

static const char *address_of(const struct sim_item *contact)
{
    return form_get(contact, SET_ADDRESS, 0x8083, TYPE_STRING);
}

/* Contacts that can be written to. */
static void look_in_contacts(struct names *names, struct sim_folder *folder)
{
    for (size_t i = 0; i < folder->count; i++) {
        struct sim_item *item = folder->items[i];
        const char *name = form_get(item, NULL, 0x3001, TYPE_STRING);
        const char *address = address_of(item);

        if (form_of(item) == FORM_CONTACT && address != NULL &&
            is_meant(names, name == NULL ? address : name, address, NULL))
            add(names, (struct found){ .contact = item });
    }
}

static void put_details(struct call *call, const struct sim_mailbox *user)
{
    static const char *const before[] = { "GivenName", "Initials",
                                          "CompanyName" };
    static const char *const phones[] = { "BusinessPhone", "HomePhone",
                                          "MobilePhone", "BusinessFax",
                                          "Pager" };
    static const char *const after[] = { "Department", "JobTitle", "Manager",
                                         "OfficeLocation", "Surname" };
    bool open = false;

    put_element(&call->out, "t:DisplayName", user->display_name);
    for (size_t i = 0; i < 3; i++)
        if (sim_detail(user, before[i]) != NULL)
            put_element(&call->out,
                        arena_printf(call->arena, "t:%s", before[i]),
                        sim_detail(user, before[i]));
    buf_puts(&call->out,
             "<t:EmailAddresses><t:Entry Key=\"EmailAddress1\">SMTP:");
    put_text(&call->out, user->address);
    buf_puts(&call->out, "</t:Entry>");
    if (sim_detail(user, "Alias") != NULL) {
        buf_puts(&call->out, "<t:Entry Key=\"EmailAddress2\">smtp:");
        put_text(&call->out, sim_detail(user, "Alias"));
        buf_puts(&call->out, "</t:Entry>");
    }
    buf_puts(&call->out, "</t:EmailAddresses>");
    for (size_t i = 0; i < 5; i++) {
        const char *text = sim_detail(user, phones[i]);

        if (text == NULL)
            continue;
        buf_printf(&call->out, "%s<t:Entry Key=\"%s\">",
                   open ? "" : "<t:PhoneNumbers>", phones[i]);
        put_text(&call->out, text);
        buf_puts(&call->out, "</t:Entry>");
        open = true;
    }
    if (open)
        buf_puts(&call->out, "</t:PhoneNumbers>");
    put_element(&call->out, "t:ContactSource", "ActiveDirectory");
    for (size_t i = 0; i < 5; i++)
        if (sim_detail(user, after[i]) != NULL)
            put_element(&call->out, arena_printf(call->arena, "t:%s", after[i]),
                        sim_detail(user, after[i]));
}

static void put_resolution(struct call *call, const struct found *found)
{
    static const struct shape all = { .base = "AllProperties" };
    bool full =
        node_true(node_attribute(call->request, "ReturnFullContactData"));

    buf_puts(&call->out, "<t:Resolution><t:Mailbox>");
    if (found->user != NULL) {
        put_mailbox(call, found->user->display_name, found->user->address,
                    "Mailbox");
    } else if (found->group != NULL) {
        put_mailbox(call, found->group->name, found->group->address,
                    "PublicDL");
    } else {
        const char *name = form_get(found->contact, NULL, 0x3001, TYPE_STRING);
        const char *address = address_of(found->contact);

        put_mailbox(call, name == NULL ? address : name, address, "Contact");
        put_item_id(call, "t:ItemId", found->contact);
    }
    buf_puts(&call->out, "</t:Mailbox>");
    if (full && found->contact != NULL)
        show_item(call, &all, found->contact);
    if (full && found->user != NULL) {
        buf_puts(&call->out, "<t:Contact>");
        put_details(call, found->user);
        buf_puts(&call->out, "</t:Contact>");
    }
    buf_puts(&call->out, "</t:Resolution>");
}

/* Where to look: people of the directory, one's own contacts, or both. */
static const char *look(struct names *names)
{
    struct call *call = names->call;
    const struct node *ids = node_child(call->request, "ParentFolderIds");
    const char *scope = node_attribute(call->request, "SearchScope");
    struct sim_folder *folder = sim_folder_by_use(call->user, "contacts");
    const char *code = NULL;

    if (scope == NULL)
        scope = "ActiveDirectoryContacts";
    if (ids != NULL && node_count(ids) > 1)
        return "ErrorResolveNamesOnlyOneContactsFolderAllowed";
    if (ids != NULL)
        folder = call_folder(call, ids->children, WANT_READ, &code);
    if (code == NULL && ids != NULL &&
        !str_starts_nocase(folder->class, "IPF.Contact"))
        code = "ErrorResolveNamesInvalidFolderType";
    if (code != NULL)
        return code;
    if (str_starts(scope, "Contacts"))
        look_in_contacts(names, folder);
    if (strstr(scope, "ActiveDirectory") != NULL)
        look_in_directory(names);
    if (str_equal(scope, "ActiveDirectoryContacts"))
        look_in_contacts(names, folder);
    return names->count == 0 ? "ErrorNameResolutionNoResults" : NULL;
}

void do_resolve_names(struct call *call)
{
    struct names *names = arena_alloc(call->arena, sizeof *names);
    const char *entry = node_text(call->request, "UnresolvedEntry");
    const char *code = message_fault(call);
    size_t shown;

    names->call = call;
    names->exact = str_starts_nocase(entry, "smtp:");
    names->entry = names->exact ? entry + 5 : entry;
    if (code == NULL)
        code = look(names);
    if (code != NULL) {
        message_simple(call, code, NULL);
        return;
    }
    shown = names->count < MOST ? names->count : MOST;
    message_begin(call,
                  shown > 1 ? "ErrorNameResolutionMultipleResults" : NULL);
    buf_printf(&call->out,
               "<m:ResolutionSet TotalItemsInView=\"%zu\""
               " IncludesLastItemInRange=\"%s\">",
               shown, names->count <= MOST ? "true" : "false");
    for (size_t i = 0; i < shown; i++)
        put_resolution(call, &names->found[i]);
    buf_puts(&call->out, "</m:ResolutionSet>");
    message_end(call);
}

/* --- ExpandDL ------------------------------------------------------------ */

static void put_expansion(struct call *call, const struct sim_group *group,
                          struct sim_item *list)
{
    size_t count = 0;
    struct buf out = call->out;

    message_begin(call, NULL);
    while (group != NULL && group->members[count] != NULL)
        count++;
    if (list != NULL) {
        /* They are counted by writing them elsewhere first. */
        out = call->out;
        buf_init(&call->out, call->arena);
        count = contact_put_members(call, list);
        call->out = out;
    }
    buf_printf(&call->out,
               "<m:DLExpansion TotalItemsInView=\"%zu\""
               " IncludesLastItemInRange=\"true\">",
               count);
    for (size_t i = 0; group != NULL && i < count; i++) {
        buf_puts(&call->out, "<t:Mailbox>");
        put_known(call, group->members[i]);
        buf_puts(&call->out, "</t:Mailbox>");
    }
    if (list != NULL)
        contact_put_members(call, list);
    buf_puts(&call->out, "</m:DLExpansion>");
    message_end(call);
}

/* A group of the directory by its address, or a list of one's own by its id. */
void do_expand_dl(struct call *call)
{
    const struct node *mailbox = node_child(call->request, "Mailbox");
    const struct node *id = node_child(mailbox, "ItemId");
    const char *code = message_fault(call);
    const struct sim_group *group = NULL;
    struct sim_item *list = NULL;

    if (code == NULL && id != NULL)
        list = call_item(call, id, WANT_READ, &code, NULL);
    if (code == NULL && list != NULL && form_of(list) != FORM_LIST)
        code = "ErrorCannotExpandDistributionList";
    if (code == NULL && id == NULL) {
        group =
            sim_group_find(call->exchange, node_text(mailbox, "EmailAddress"));
        if (group == NULL)
            code = "ErrorNameResolutionNoResults";
    }
    if (code != NULL)
        message_simple(call, code, NULL);
    else
        put_expansion(call, group, list);
}

/* --- Rooms --------------------------------------------------------------- */

static bool begin(struct call *call, const char *code)
{
    buf_printf(
        &call->out,
        "<m:%sResponse xmlns:m=\"http://schemas.microsoft.com/exchange/"
        "services/2006/messages\" xmlns:t=\"http://schemas.microsoft.com/"
        "exchange/services/2006/types\" ResponseClass=\"%s\">",
        call->request->name, code == NULL ? "Success" : "Error");
    if (code != NULL)
        put_element(&call->out, "m:MessageText", code_text(code));
    put_element(&call->out, "m:ResponseCode", code == NULL ? "NoError" : code);
    if (code != NULL)
        put_element(&call->out, "m:DescriptiveLinkKey", "0");
    call->messages++;
    return code == NULL;
}

static void end(struct call *call)
{
    buf_printf(&call->out, "</m:%sResponse>", call->request->name);
}

void do_get_room_lists(struct call *call)
{
    const struct exchange *exchange = call->exchange;

    if (begin(call, message_fault(call))) {
        buf_puts(&call->out, "<m:RoomLists>");
        for (size_t i = 0; i < exchange->group_count; i++) {
            if (!exchange->groups[i].rooms)
                continue;
            buf_puts(&call->out, "<t:Address>");
            put_known(call, exchange->groups[i].address);
            buf_puts(&call->out, "</t:Address>");
        }
        buf_puts(&call->out, "</m:RoomLists>");
    }
    end(call);
}

void do_get_rooms(struct call *call)
{
    const struct node *node = node_child(call->request, "RoomList");
    const struct sim_group *list =
        sim_group_find(call->exchange, node_text(node, "EmailAddress"));
    const char *code = message_fault(call);

    if (code == NULL && (list == NULL || !list->rooms))
        code = "ErrorNameResolutionNoResults";
    if (begin(call, code)) {
        buf_puts(&call->out, "<m:Rooms>");
        for (size_t i = 0; list->members[i] != NULL; i++) {
            buf_puts(&call->out, "<t:Room><t:Id>");
            put_known(call, list->members[i]);
            buf_puts(&call->out, "</t:Id></t:Room>");
        }
        buf_puts(&call->out, "</m:Rooms>");
    }
    end(call);
}
