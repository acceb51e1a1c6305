/*
 * people.c - ResolveNames: who is in the directory
 *
 * Exchange matches the beginnings of names, aliases and addresses, and gives a
 * hundred at most.  That it finds several, or nobody, is no failure.
 */
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/exchange/ews/contact_map.h"
#include "proxy/exchange/ews/fields.h"
#include "proxy/exchange/ews/objects.h"

static void build(void *context, struct soap_request *request)
{
    struct xml_writer *writer = &request->writer;

    xml_attribute(writer, "ReturnFullContactData", "true");
    xml_attribute(writer, "SearchScope", "ActiveDirectory");
    if (request->version >= EWS_2010_SP2)
        xml_attribute(writer, "ContactDataShape", "AllProperties");
    xml_element(writer, "m:UnresolvedEntry", context);
}

/* The set of what was found; NULL for nobody. */
static enum status resolve(struct op *op, struct ews *ews, const char *text,
                           const struct xml_node **set_out)
{
    struct soap_call call = { .operation = "ResolveNames",
                              .find = true,
                              .build = build,
                              .context = (void *)text };
    const struct xml_node *message;

    *set_out = NULL;
    if (*text == '\0')
        return STATUS_OK;
    struct op before = *op;
    enum status status = soap_ask(op, ews, &call, op->arena, &message);
    if (status == STATUS_NOT_FOUND) {
        op->reason = before.reason;
        op->failed = before.failed;
        return STATUS_OK;
    }
    if (status == STATUS_OK)
        *set_out = xml_child(message, "ResolutionSet");
    return status;
}

/* An address of the directory: "SMTP:ann@example.com" is the primary one,
 * "smtp:" stands before others. */
static const char *without_kind(const char *address)
{
    if (address == NULL)
        return NULL;
    return str_starts_nocase(address, "smtp:") ? address + 5 : address;
}

static bool is_smtp(const char *address)
{
    return address != NULL && strchr(address, '@') != NULL &&
           (strchr(address, ':') == NULL ||
            str_starts_nocase(address, "smtp:"));
}

/* --- People --------------------------------------------------------------- */

static bool is_group(const struct xml_node *mailbox)
{
    const char *kind = xml_child_text(mailbox, "MailboxType");

    return str_equal(kind, "PublicDL") || str_equal(kind, "PrivateDL");
}

/* The address that mail goes to comes first, then the others. */
static void read_emails(struct arena *arena, const char *address,
                        struct contact *person)
{
    struct contact_email found[CONTACT_EMAILS] = { { NULL, NULL } };
    size_t count = 0;

    if (is_smtp(address))
        found[count++].address = arena_strdup(arena, without_kind(address));
    for (size_t i = 0; i < CONTACT_EMAILS && count < CONTACT_EMAILS; i++) {
        const char *other = person->email[i].address;
        if (is_smtp(other) &&
            !str_equal_nocase(without_kind(other), found[0].address))
            found[count++].address = without_kind(other);
    }
    memcpy(person->email, found, sizeof found);
}

static void read_person(struct arena *arena, const struct xml_node *node,
                        struct contact *person)
{
    static const struct xml_node nobody = { .name = "Contact", .text = "" };
    const struct xml_node *mailbox = xml_child(node, "Mailbox");
    const struct xml_node *contact = xml_child(node, "Contact");

    *person =
        *contact_read(arena, contact != NULL ? contact : &nobody, zone_utc());
    person->group = is_group(mailbox);
    read_emails(arena, xml_child_text(mailbox, "EmailAddress"), person);
    if (person->text[CONTACT_DISPLAY_NAME] == NULL)
        person->text[CONTACT_DISPLAY_NAME] =
            element_text(arena, mailbox, "Name");
}

enum status ews_people(struct op *op, struct remote *remote, const char *text,
                       struct contact **people_out, size_t *count_out,
                       bool *more_out)
{
    const struct xml_node *set;
    size_t count = 0;

    *people_out = NULL;
    *count_out = 0;
    *more_out = false;
    enum status status = resolve(op, ews_of(remote), text, &set);
    if (status != STATUS_OK || set == NULL)
        return status;
    for (const struct xml_node *at = set->children; at; at = at->next)
        count++;
    *people_out = arena_array(op->arena, count + 1, sizeof **people_out);
    for (const struct xml_node *at = set->children; at; at = at->next)
        read_person(op->arena, at, &(*people_out)[(*count_out)++]);
    *more_out = str_equal(xml_value(set, "IncludesLastItemInRange"), "false");
    return STATUS_OK;
}

/* --- One address ---------------------------------------------------------- */

enum status people_address(struct op *op, struct ews *ews, const char *name,
                           const char **address_out)
{
    const struct xml_node *set;
    struct contact person;
    enum status status = resolve(op, ews, name, &set);

    *address_out = NULL;
    if (status != STATUS_OK || set == NULL || set->children == NULL)
        return status;
    read_person(op->arena, set->children, &person);
    *address_out = person.email[0].address;
    return STATUS_OK;
}

/* --- One's own addresses -------------------------------------------------- */

static bool is_listed(const char *const list[], size_t count,
                      const char *address)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal_nocase(list[i], address))
            return true;
    return false;
}

/* All of a directory's entry, two being known already. */
static const char *const *read_addresses(struct arena *arena,
                                         const struct xml_node *contact,
                                         const char *first, const char *second)
{
    const struct xml_node *entries = xml_child(contact, "EmailAddresses");
    const struct xml_node *at;
    size_t count = 2;

    for (at = entries != NULL ? entries->children : NULL; at; at = at->next)
        count++;
    const char **list = arena_array(arena, count + 1, sizeof *list);
    list[0] = first;
    count = 1;
    if (!str_equal_nocase(first, second))
        list[count++] = second;
    for (at = entries != NULL ? entries->children : NULL; at; at = at->next)
        if (is_smtp(at->text) &&
            !is_listed(list, count, without_kind(at->text)))
            list[count++] = arena_strdup(arena, without_kind(at->text));
    return list;
}

enum status ews_addresses(struct op *op, struct remote *remote,
                          const char *address,
                          const char *const **addresses_out,
                          const char **name_out)
{
    const struct xml_node *set;

    *addresses_out = read_addresses(op->arena, NULL, address, address);
    *name_out = NULL;
    enum status status = resolve(
        op, ews_of(remote), arena_printf(op->arena, "smtp:%s", address), &set);
    if (status != STATUS_OK || set == NULL || set->children == NULL)
        return status;
    const struct xml_node *mailbox = xml_child(set->children, "Mailbox");
    const char *primary = xml_child_text(mailbox, "EmailAddress");
    *addresses_out = read_addresses(
        op->arena, xml_child(set->children, "Contact"),
        is_smtp(primary) ? arena_strdup(op->arena, without_kind(primary))
                         : address,
        address);
    *name_out = element_text(op->arena, mailbox, "Name");
    return STATUS_OK;
}
