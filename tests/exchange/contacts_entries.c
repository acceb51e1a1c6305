/*
 * contacts_entries.c - dictionaries of contacts: phones, addresses, mailboxes
 */
#include "tests/exchange/contacts_entries.h"

#include <string.h>

#include "proxy/base/str.h"
#include "tests/exchange/contacts.h"

/* --- Which property an entry is ------------------------------------------ */

/* clang-format off */
static const struct entry {
    const char *dictionary; /* the last part of the indexed URI */
    const char *key;
    const char *set;
    uint32_t number;
} entries[] = {
    { "PhoneNumber", "AssistantPhone", NULL, 0x3a2e },
    { "PhoneNumber", "BusinessFax", NULL, 0x3a24 },
    { "PhoneNumber", "BusinessPhone", NULL, 0x3a08 },
    { "PhoneNumber", "BusinessPhone2", NULL, 0x3a1b },
    { "PhoneNumber", "Callback", NULL, 0x3a02 },
    { "PhoneNumber", "CarPhone", NULL, 0x3a1e },
    { "PhoneNumber", "CompanyMainPhone", NULL, 0x3a57 },
    { "PhoneNumber", "HomeFax", NULL, 0x3a25 },
    { "PhoneNumber", "HomePhone", NULL, 0x3a09 },
    { "PhoneNumber", "HomePhone2", NULL, 0x3a2f },
    { "PhoneNumber", "Isdn", NULL, 0x3a2d },
    { "PhoneNumber", "MobilePhone", NULL, 0x3a1c },
    { "PhoneNumber", "OtherFax", NULL, 0x3a23 },
    { "PhoneNumber", "OtherTelephone", NULL, 0x3a1f },
    { "PhoneNumber", "Pager", NULL, 0x3a21 },
    { "PhoneNumber", "PrimaryPhone", NULL, 0x3a1a },
    { "PhoneNumber", "RadioPhone", NULL, 0x3a1d },
    { "PhoneNumber", "Telex", NULL, 0x3a2c },
    { "PhoneNumber", "TtyTddPhone", NULL, 0x3a4b },
    { "ImAddress", "ImAddress1", SET_ADDRESS, 0x8062 },
    { "ImAddress", "ImAddress2", SET_HIDDEN, 40 },
    { "ImAddress", "ImAddress3", SET_HIDDEN, 41 },
    { "EmailAddress", "EmailAddress1", SET_ADDRESS, 0x8083 },
    { "EmailAddress", "EmailAddress2", SET_ADDRESS, 0x8093 },
    { "EmailAddress", "EmailAddress3", SET_ADDRESS, 0x80a3 },
    { "Street", "Business", SET_ADDRESS, 0x8045 },
    { "City", "Business", SET_ADDRESS, 0x8046 },
    { "State", "Business", SET_ADDRESS, 0x8047 },
    { "CountryOrRegion", "Business", SET_ADDRESS, 0x8049 },
    { "PostalCode", "Business", SET_ADDRESS, 0x8048 },
    { "Street", "Home", NULL, 0x3a5d },
    { "City", "Home", NULL, 0x3a59 },
    { "State", "Home", NULL, 0x3a5c },
    { "CountryOrRegion", "Home", NULL, 0x3a5a },
    { "PostalCode", "Home", NULL, 0x3a5b },
    { "Street", "Other", NULL, 0x3a63 },
    { "City", "Other", NULL, 0x3a5f },
    { "State", "Other", NULL, 0x3a62 },
    { "CountryOrRegion", "Other", NULL, 0x3a60 },
    { "PostalCode", "Other", NULL, 0x3a61 },
};
/* clang-format on */

#define ENTRIES (sizeof entries / sizeof *entries)

static const char *const places[] = { "Business", "Home", "Other" };
static const char *const parts[] = { "Street", "City", "State",
                                     "CountryOrRegion", "PostalCode" };

static const struct entry *find(const char *dictionary, const char *key)
{
    for (size_t i = 0; i < ENTRIES; i++)
        if (str_equal(entries[i].dictionary, dictionary) &&
            str_equal(entries[i].key, key))
            return &entries[i];
    return NULL;
}

static const char *get(const struct sim_item *item, const struct entry *entry)
{
    return form_get(item, entry->set, entry->number, TYPE_STRING);
}

/* An empty text is none. */
static void set(struct sim_item *item, const struct entry *entry,
                const char *text)
{
    if (text == NULL || *text == '\0')
        form_remove(item, entry->set, entry->number, TYPE_STRING);
    else
        form_set(item, entry->set, entry->number, TYPE_STRING, text);
}

/* A mail address brings its type, what it shows and what it was. */
static void set_email(struct sim_item *item, const struct entry *entry,
                      const char *text, const char *name)
{
    uint32_t first = entry->number - 3;

    set(item, entry, text);
    for (uint32_t number = first; number <= entry->number + 1; number++)
        if (number != entry->number && number != first + 1)
            form_remove(item, SET_ADDRESS, number, TYPE_STRING);
    if (text == NULL || *text == '\0')
        return;
    form_set(item, SET_ADDRESS, first, TYPE_STRING, name == NULL ? text : name);
    form_set(item, SET_ADDRESS, first + 2, TYPE_STRING, "SMTP");
    form_set(item, SET_ADDRESS, first + 4, TYPE_STRING, text);
}

/* --- Writing ------------------------------------------------------------- */

static void put_key(struct call *call, const char *key)
{
    buf_printf(&call->out, "<t:Entry Key=\"%s\"", key);
}

/* "PhoneNumbers" holds PhoneNumber. */
static bool is_in(const struct entry *entry, const char *element)
{
    size_t len = strlen(entry->dictionary);

    return strncmp(entry->dictionary, element, len) == 0 &&
           (str_equal(element + len, "s") || str_equal(element + len, "es"));
}

void entries_put(struct call *call, const struct field *field,
                 struct sim_item *item)
{
    bool open = false;

    for (size_t i = 0; i < ENTRIES; i++) {
        const char *text = get(item, &entries[i]);

        if (!is_in(&entries[i], field->element) || text == NULL)
            continue;
        if (!open)
            buf_printf(&call->out, "<t:%s>", field->element);
        open = true;
        put_key(call, entries[i].key);
        buf_putc(&call->out, '>');
        put_text(&call->out, text);
        buf_puts(&call->out, "</t:Entry>");
    }
    if (open)
        buf_printf(&call->out, "</t:%s>", field->element);
}

void entries_put_emails(struct call *call, const struct field *field,
                        struct sim_item *item)
{
    bool open = false;

    for (size_t i = 0; i < ENTRIES; i++) {
        const char *text = get(item, &entries[i]);
        const char *name;

        if (!is_in(&entries[i], field->element) || text == NULL)
            continue;
        if (!open)
            buf_printf(&call->out, "<t:%s>", field->element);
        open = true;
        put_key(call, entries[i].key);
        name = form_get(item, SET_ADDRESS, entries[i].number - 3, TYPE_STRING);
        if (call->version >= SCHEMA_2010_SP1) {
            buf_puts(&call->out, " Name=\"");
            put_text(&call->out, name == NULL ? text : name);
            buf_puts(&call->out, "\" RoutingType=\"SMTP\""
                                 " MailboxType=\"Contact\"");
        }
        buf_putc(&call->out, '>');
        put_text(&call->out, text);
        buf_puts(&call->out, "</t:Entry>");
    }
    if (open)
        buf_printf(&call->out, "</t:%s>", field->element);
}

static bool has_address(const struct sim_item *item, const char *place)
{
    for (size_t i = 0; i < 5; i++)
        if (get(item, find(parts[i], place)) != NULL)
            return true;
    return false;
}

void entries_put_addresses(struct call *call, const struct field *field,
                           struct sim_item *item)
{
    bool open = false;

    for (size_t i = 0; i < 3; i++) {
        if (!has_address(item, places[i]))
            continue;
        if (!open)
            buf_printf(&call->out, "<t:%s>", field->element);
        open = true;
        put_key(call, places[i]);
        buf_putc(&call->out, '>');
        for (size_t k = 0; k < 5; k++) {
            const char *text = get(item, find(parts[k], places[i]));

            if (text != NULL)
                put_element(&call->out,
                            arena_printf(call->arena, "t:%s", parts[k]), text);
        }
        buf_puts(&call->out, "</t:Entry>");
    }
    if (open)
        buf_printf(&call->out, "</t:%s>", field->element);
}

/* --- Storing ------------------------------------------------------------- */

static const char *dictionary_of(const char *element)
{
    return str_equal(element, "PhoneNumbers")  ? "PhoneNumber"
           : str_equal(element, "ImAddresses") ? "ImAddress"
                                               : "EmailAddress";
}

/* One <Entry>; NULL for what is no key. */
static const char *store_entry(struct sim_item *item, const char *element,
                               const struct node *node)
{
    const char *key = node_attribute(node, "Key");
    const struct entry *entry;

    if (str_equal(element, "PhysicalAddresses")) {
        for (size_t i = 0; i < 5; i++)
            if (node_child(node, parts[i]) != NULL)
                set(item, find(parts[i], key), node_text(node, parts[i]));
        return NULL;
    }
    entry = find(dictionary_of(element), key);
    if (entry == NULL)
        return "ErrorInvalidPropertySet";
    if (str_equal(element, "EmailAddresses"))
        set_email(item, entry, node->text, node_attribute(node, "Name"));
    else
        set(item, entry, node->text);
    return NULL;
}

const char *entries_store(struct call *call, const struct form_field *field,
                          struct sim_item *item, const struct node *element)
{
    const char *code = NULL;

    (void)call;
    /* Dictionaries are changed entry by entry. */
    if (element == NULL)
        return "ErrorInvalidPropertyDelete";
    if (node_is(call->request, "UpdateItem"))
        return "ErrorInvalidPropertySet";
    for (struct node *at = element->children; at != NULL && code == NULL;
         at = at->next)
        code = store_entry(item, field->field.element, at);
    return code;
}

/* Which of the addresses is the one for letters. */
const char *entries_store_index(struct call *call,
                                const struct form_field *field,
                                struct sim_item *item,
                                const struct node *element)
{
    if (element == NULL) {
        form_remove(item, SET_ADDRESS, 0x8022, TYPE_INTEGER);
        return NULL;
    }
    return form_store(call, &field->field.source, item, element);
}

static const struct entry *entry_of(const struct path *path)
{
    const char *dictionary = strrchr(path->uri, ':') + 1;

    return find(dictionary, path->index);
}

const char *contact_indexed(const struct sim_item *item,
                            const struct path *path)
{
    const struct entry *entry = entry_of(path);

    return entry == NULL ? NULL : get(item, entry);
}

const char *contact_store_indexed(struct call *call, struct sim_item *item,
                                  const struct path *path,
                                  const struct node *element)
{
    const struct entry *entry = entry_of(path);
    const struct node *node = element == NULL ? NULL : element->children;

    (void)call;
    if (form_of(item) != FORM_CONTACT || entry == NULL)
        return "ErrorInvalidPropertySet";
    if (element == NULL) {
        if (str_equal(entry->dictionary, "EmailAddress"))
            set_email(item, entry, NULL, NULL);
        else
            set(item, entry, NULL);
        return NULL;
    }
    if (node == NULL || node->next != NULL ||
        !str_equal(node_attribute(node, "Key"), path->index))
        return "ErrorUpdatePropertyMismatch";
    if (strstr(path->uri, "PhysicalAddress:") == NULL)
        return store_entry(item, element->name, node);
    if (node_child(node, entry->dictionary) == NULL)
        return "ErrorUpdatePropertyMismatch";
    set(item, entry, node_text(node, entry->dictionary));
    return NULL;
}
