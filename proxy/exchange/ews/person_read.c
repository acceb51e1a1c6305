/*
 * person_read.c - a person of the directory, from what ResolveNames says
 *
 *     Resolution
 *         Mailbox           Name, EmailAddress, MailboxType
 *         Contact           all the rest; absent where Exchange knows no more
 *
 * The contact is one as those in folders are.  What only the directory has is
 * read here.
 */
#include "proxy/exchange/ews/directory.h"

#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/base64.h"
#include "proxy/base/str.h"
#include "proxy/exchange/ews/contact_map.h"
#include "proxy/exchange/ews/fields.h"

/* --- Words ---------------------------------------------------------------- */

enum person_kind person_read_kind(const char *mailbox_type)
{
    /* clang-format off */
    static const struct {
        const char *word;
        enum person_kind kind;
    } kinds[] = {
        { "Mailbox",      PERSON_USER },
        { "PublicDL",     PERSON_GROUP },
        { "PrivateDL",    PERSON_GROUP },
        { "GroupMailbox", PERSON_GROUP },
        { "Contact",      PERSON_FOREIGN },
        { "PublicFolder", PERSON_FOREIGN },
    };
    /* clang-format on */

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (str_equal(kinds[i].word, mailbox_type))
            return kinds[i].kind;
    return PERSON_USER;
}

/* --- Addresses ------------------------------------------------------------ */

static bool is_listed(const char *const list[], size_t count,
                      const char *address)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal_nocase(list[i], address))
            return true;
    return false;
}

void person_set_addresses(struct arena *arena, struct person *person,
                          const char *const addresses[], size_t count)
{
    const char **list = arena_array(arena, count + 1, sizeof *list);
    size_t found = 0;

    for (size_t i = 0; i < count; i++) {
        const char *address = resolve_smtp(addresses[i]);
        if (address != NULL && !is_listed(list, found, address))
            list[found++] = arena_strdup(arena, address);
    }
    person->addresses = list;
    memset(person->contact.email, 0, sizeof person->contact.email);
    for (size_t i = 0; i < found && i < CONTACT_EMAILS; i++)
        person->contact.email[i].address = list[i];
}

/* The address that mail goes to comes first, then the others. */
static void read_addresses(struct arena *arena, const struct xml_node *mailbox,
                           const struct xml_node *contact,
                           struct person *person)
{
    const struct xml_node *entries = xml_child(contact, "EmailAddresses");
    size_t count = 0;
    const char **all =
        arena_array(arena, xml_child_count(entries) + 1, sizeof *all);

    all[count++] = xml_child_text(mailbox, "EmailAddress");
    for (const struct xml_node *at = entries != NULL ? entries->children : NULL;
         at != NULL; at = at->next)
        all[count++] = at->text;
    person_set_addresses(arena, person, all, count);
}

/* --- Other people --------------------------------------------------------- */

struct person_link person_read_link(struct arena *arena,
                                    const struct xml_node *mailbox)
{
    return (struct person_link){
        .name = element_text(arena, mailbox, "Name"),
        .address = arena_strdup(
            arena, resolve_smtp(xml_child_text(mailbox, "EmailAddress"))),
    };
}

struct person_link *person_read_links(struct arena *arena,
                                      const struct xml_node *list,
                                      size_t *count_out)
{
    struct person_link *links =
        arena_array(arena, xml_child_count(list) + 1, sizeof *links);
    size_t count = 0;

    for (const struct xml_node *at = list != NULL ? list->children : NULL;
         at != NULL; at = at->next) {
        links[count] = person_read_link(arena, at);
        count += links[count].name != NULL || links[count].address != NULL;
    }
    *count_out = count;
    return links;
}

static void read_chain(struct arena *arena, const struct xml_node *contact,
                       struct person *person)
{
    const struct xml_node *manager = xml_child(contact, "ManagerMailbox");

    person->manager = person_read_link(arena, xml_child(manager, "Mailbox"));
    if (person->manager.name == NULL)
        person->manager.name = person->contact.text[CONTACT_MANAGER];
    person->reports = person_read_links(
        arena, xml_child(contact, "DirectReports"), &person->report_count);
}

/* --- Certificates --------------------------------------------------------- */

/* Skips the head of a SEQUENCE of DER; 0 where there is none. */
static size_t sequence_head(const unsigned char *data, size_t len)
{
    if (len < 2 || data[0] != 0x30)
        return 0;
    size_t head = data[1] < 0x80 ? 2 : 2 + (data[1] & 0x7fu);
    return head < len ? head : 0;
}

/* Beside certificates there are PKCS #7 messages that hold some: those begin
 * with an identifier where a certificate has its body. */
const char *person_read_certificate(struct arena *arena, const char *text)
{
    const char *inside = contact_read_certificate(arena, text);
    size_t len = 0;
    const unsigned char *data = inside != NULL
                                    ? (const unsigned char *)base64_decode(
                                          arena, inside, strlen(inside), &len)
                                    : NULL;
    size_t head = data != NULL ? sequence_head(data, len) : 0;

    return head > 0 && data[head] == 0x30 ? inside : NULL;
}

bool person_lists_certificate(const char *const list[], size_t count,
                              const char *certificate)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal(list[i], certificate))
            return true;
    return false;
}

static void read_certificates(struct arena *arena,
                              const struct xml_node *contact,
                              struct contact *person)
{
    static const char *const names[] = { "MSExchangeCertificate",
                                         "UserSMIMECertificate" };
    const struct xml_node *lists[2];
    size_t count = 0;

    for (size_t i = 0; i < 2; i++) {
        lists[i] = xml_child(contact, names[i]);
        count += xml_child_count(lists[i]);
    }
    if (count == 0)
        return;
    const char **found = arena_array(arena, count + 1, sizeof *found);
    count = 0;
    for (size_t i = 0; i < 2; i++)
        for (const struct xml_node *at = lists[i] != NULL ? lists[i]->children
                                                          : NULL;
             at != NULL; at = at->next) {
            const char *text = person_read_certificate(arena, at->text);
            if (text != NULL && !person_lists_certificate(found, count, text))
                found[count++] = text;
        }
    person->certificates = count > 0 ? found : NULL;
}

/* --- All of it ------------------------------------------------------------ */

static void read_contact(struct arena *arena, const struct xml_node *node,
                         const struct xml_node *mailbox, struct contact *out)
{
    static const struct xml_node nobody = { .name = "Contact", .text = "" };
    const char *photo = xml_child_text(node, "Photo");

    *out = *contact_read(arena, node != NULL ? node : &nobody, zone_utc());
    if (out->text[CONTACT_DISPLAY_NAME] == NULL)
        out->text[CONTACT_DISPLAY_NAME] = element_text(arena, mailbox, "Name");
    if (out->text[CONTACT_NOTE] == NULL)
        out->text[CONTACT_NOTE] = element_text(arena, node, "Notes");
    out->has_photo =
        (photo != NULL && *photo != '\0') || element_true(node, "HasPicture");
    read_certificates(arena, node, out);
}

bool person_read(struct arena *arena, const struct xml_node *resolution,
                 struct person *person_out)
{
    const struct xml_node *mailbox = xml_child(resolution, "Mailbox");
    const struct xml_node *contact = xml_child(resolution, "Contact");
    const char *address = xml_child_text(mailbox, "EmailAddress");

    *person_out = (struct person){
        .kind = person_read_kind(xml_child_text(mailbox, "MailboxType")),
        .alias = element_text(arena, contact, "Alias"),
    };
    read_contact(arena, contact, mailbox, &person_out->contact);
    person_out->contact.group = person_out->kind == PERSON_GROUP;
    read_addresses(arena, mailbox, contact, person_out);
    read_chain(arena, contact, person_out);
    if (person_out->addresses[0] != NULL)
        address = person_out->addresses[0];
    if (address == NULL || *address == '\0')
        return false;
    person_out->id = str_lower(arena_strdup(arena, address));
    return true;
}
