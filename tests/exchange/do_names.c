/*
 * do_names.c - ResolveNames: whom a few letters may mean
 *
 * A hundred are told at most, and that there are others; no page follows.
 */
#include "tests/exchange/call.h"

#include <string.h>

#include "proxy/base/str.h"
#include "tests/exchange/anr.h"
#include "tests/exchange/contacts.h"
#include "tests/exchange/directory.h"
#include "tests/exchange/form.h"
#include "tests/exchange/show.h"

#define MOST 100

/* --- Mailboxes ----------------------------------------------------------- */

void put_addressee(struct call *call, const char *name, const char *address,
                   const char *type)
{
    put_element(&call->out, "t:Name", name);
    put_element(&call->out, "t:EmailAddress", address);
    put_element(&call->out, "t:RoutingType", "SMTP");
    put_element(&call->out, "t:MailboxType", type);
}

void put_addressee_of(struct call *call, const char *address)
{
    const struct sim_entry *entry = sim_entry_find_any(call->exchange, address);

    if (entry != NULL)
        put_addressee(call, entry->name, entry->address, sim_entry_type(entry));
    else
        put_addressee(call, address, address,
                      call->version >= SCHEMA_2010 ? "OneOff" : "Mailbox");
}

/* --- Looking ------------------------------------------------------------- */

/* One thing that a name may mean. */
struct found {
    const struct sim_entry *entry;
    struct sim_item *item; /* a contact or a list of one's own */
};

struct names {
    struct call *call;
    struct anr anr;
    struct found found[MOST];
    size_t count; /* of all there are */
};

static void add(struct names *names, struct found found)
{
    if (names->count < MOST)
        names->found[names->count] = found;
    names->count++;
}

static void look_in_directory(struct names *names)
{
    struct call *call = names->call;
    size_t count;
    struct sim_entry **entries =
        anr_find(&names->anr, call->arena, call->exchange, &count);

    for (size_t i = 0; i < count; i++)
        add(names, (struct found){ .entry = entries[i] });
}

static const char *text_of(const struct sim_item *item, uint32_t tag)
{
    return form_get(item, NULL, tag, TYPE_STRING);
}

static const char *address_of(const struct sim_item *contact)
{
    return form_get(contact, SET_ADDRESS, 0x8083, TYPE_STRING);
}

/* Contacts that can be written to, and lists. */
static void look_in_contacts(struct names *names, struct sim_folder *folder)
{
    for (size_t i = 0; i < folder->count; i++) {
        struct sim_item *item = folder->items[i];
        const char *name = text_of(item, 0x3001);
        const char *address = address_of(item);
        bool list = form_of(item) == FORM_LIST;

        if (!list && (form_of(item) != FORM_CONTACT || address == NULL))
            continue;
        if (anr_fits_names(&names->anr, names->call->arena,
                           name == NULL ? address : name, text_of(item, 0x3a06),
                           text_of(item, 0x3a11), list ? NULL : address))
            add(names, (struct found){ .item = item });
    }
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

/* --- Telling ------------------------------------------------------------- */

static void put_item_mailbox(struct call *call, struct sim_item *item)
{
    const char *name = text_of(item, 0x3001);
    const char *address = address_of(item);

    if (form_of(item) == FORM_LIST) {
        put_element(&call->out, "t:Name", name == NULL ? "" : name);
        put_element(&call->out, "t:RoutingType", "MAPIPDL");
        put_element(&call->out, "t:MailboxType", "PrivateDL");
    } else {
        put_addressee(call, name == NULL ? address : name, address, "Contact");
    }
    put_item_id(call, "t:ItemId", item);
}

/* What a shape tells of an entry.  Without one, it is the default shape. */
static void put_contact(struct call *call, const struct sim_entry *entry)
{
    const char *shape = node_attribute(call->request, "ContactDataShape");

    if (str_equal(shape, "IdOnly"))
        buf_puts(&call->out, "<t:Contact/>");
    else
        put_entry_contact(call, entry, str_equal(shape, "AllProperties"));
}

static void put_resolution(struct call *call, const struct found *found)
{
    static const struct shape all = { .base = "AllProperties" };
    bool full =
        node_true(node_attribute(call->request, "ReturnFullContactData"));

    buf_puts(&call->out, "<t:Resolution><t:Mailbox>");
    if (found->entry != NULL)
        put_addressee(call, found->entry->name, found->entry->address,
                      sim_entry_type(found->entry));
    else
        put_item_mailbox(call, found->item);
    buf_puts(&call->out, "</t:Mailbox>");
    if (full && found->entry != NULL)
        put_contact(call, found->entry);
    else if (full && form_of(found->item) == FORM_CONTACT)
        show_item(call, &all, found->item);
    buf_puts(&call->out, "</t:Resolution>");
}

void do_resolve_names(struct call *call)
{
    struct names *names = arena_alloc(call->arena, sizeof *names);
    const char *code = message_fault(call);
    size_t shown;

    names->call = call;
    anr_init(&names->anr, call->arena,
             node_text(call->request, "UnresolvedEntry"));
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
