/*
 * contact_read.c - see contact_map.h
 *
 * A birthday is an instant to Exchange.  Noon in UTC is the same day nearly
 * everywhere, so that is what is written; read is also what others have made of
 * it: midnights of any zone.
 */
#include "proxy/exchange/ews/contact_map.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/base64.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "proxy/exchange/ews/attachments.h"
#include "proxy/exchange/ews/body.h"
#include "proxy/exchange/ews/contact_rows.h"
#include "proxy/exchange/ews/fields.h"

#define DAY 86400

/* clang-format off */
/* What is read and never written. */
static const struct property item_class   = { PROPERTY_FIELD, 0, "item:ItemClass", NULL };
static const struct property attachments  = { PROPERTY_FIELD, 0, "item:Attachments", NULL };
static const struct property rights       = { PROPERTY_FIELD, 0, "item:EffectiveRights", NULL };
static const struct property certificates = { PROPERTY_TAG, 0x3a70, NULL, "BinaryArray" };
static const struct property modified     = { PROPERTY_TAG, 0x3008, NULL, "SystemTime" };

/* What an address was written like, where it is one of the directory. */
static const struct property originals[CONTACT_EMAILS] = {
    { PROPERTY_ADDRESS, 0x8084, NULL, "String" },
    { PROPERTY_ADDRESS, 0x8094, NULL, "String" },
    { PROPERTY_ADDRESS, 0x80a4, NULL, "String" },
};
/* clang-format on */

/* --- Asking --------------------------------------------------------------- */

static void want_contact(struct xml_writer *writer)
{
    property_write_path(writer, &attachments);
    property_write_path(writer, &certificates);
    for (size_t i = 0; i < CONTACT_EMAILS; i++)
        property_write_path(writer, &originals[i]);
    for (size_t i = 0; i < 4; i++)
        property_write_path(writer, &contact_dictionaries[i].property);
}

void contact_want(struct soap_request *request, bool group)
{
    struct xml_writer *writer = &request->writer;

    property_write_path(writer, &item_class);
    property_write_path(writer, &modified);
    if (request->version >= EWS_2010)
        property_write_path(writer, &rights);
    if (!group)
        want_contact(writer);
    for (size_t i = 0; i < contact_row_count; i++)
        if (contact_row_is_for(&contact_rows[i], group) &&
            contact_dictionary(&contact_rows[i]) == NULL &&
            request->version >= contact_rows[i].since)
            property_write_path(writer, &contact_rows[i].property);
}

/* --- Reading -------------------------------------------------------------- */

static void *place_in(struct contact *contact, const struct contact_row *row)
{
    return (char *)contact + row->offset;
}

static const struct xml_node *find_entry(const struct xml_node *node,
                                         const struct contact_row *row)
{
    const struct xml_node *list =
        xml_child(node, contact_dictionary(row)->name);

    for (const struct xml_node *at = list != NULL ? list->children : NULL;
         at != NULL; at = at->next)
        if (str_equal(xml_value(at, "Key"), row->property.type))
            return at;
    return NULL;
}

static const char *found_text(const struct xml_node *node,
                              const struct contact_row *row)
{
    const struct xml_node *entry;

    if (row->kind >= ROW_PROPERTY)
        return property_text(node, &row->property);
    if (contact_dictionary(row) == NULL)
        return xml_child_text(node, row->name);
    entry = find_entry(node, row);
    if (row->kind == ROW_PLACE)
        return xml_child_text(entry, row->name);
    return entry != NULL ? entry->text : NULL;
}

/* The day of an instant that somebody has taken for a day. */
static int64_t day_of(int64_t instant, const struct zone *zone)
{
    int64_t second = ((instant % DAY) + DAY) % DAY;

    if (second == NEARLY_NOON)
        return instant - second;
    instant += zone_offset(zone, instant) + DAY / 2;
    return instant - ((instant % DAY) + DAY) % DAY;
}

/* The local day is exact, unless it is left over from another one. */
static void read_day(struct when *when, const char *text,
                     const struct zone *zone, bool local)
{
    int64_t instant = time_from_iso(text);

    if (instant == TIME_NONE)
        return;
    int64_t day =
        local ? instant - ((instant % DAY) + DAY) % DAY : day_of(instant, zone);
    if (when->kind == WHEN_DATE && llabs(day - when->instant) <= DAY)
        return;
    *when = (struct when){ .kind = WHEN_DATE, .instant = day };
}

static void read_members(struct arena *arena, const struct xml_node *list,
                         struct contact *contact)
{
    size_t count = 0;
    const struct xml_node *at;

    for (at = list != NULL ? list->children : NULL; at; at = at->next)
        count++;
    contact->members = arena_array(arena, count + 1, sizeof *contact->members);
    for (at = list != NULL ? list->children : NULL; at; at = at->next) {
        const struct xml_node *mailbox =
            strcmp(at->name, "Mailbox") == 0 ? at : xml_child(at, "Mailbox");
        struct contact_member member = {
            .address = element_text(arena, mailbox, "EmailAddress"),
            .name = element_text(arena, mailbox, "Name"),
            .id = arena_strdup(arena,
                               xml_value(xml_child(mailbox, "ItemId"), "Id")),
        };
        if (member.address != NULL || member.id != NULL)
            contact->members[contact->member_count++] = member;
    }
}

static void read_row(struct arena *arena, const struct xml_node *node,
                     const struct zone *zone, struct contact *contact,
                     const struct contact_row *row)
{
    const char *text = found_text(node, row);
    void *place = place_in(contact, row);
    const char *html;

    switch (row->kind) {
    case ROW_OWN:
        return;
    case ROW_BODY:
        body_read(arena, xml_child(node, row->name), place, &html);
        return;
    case ROW_STRINGS:
        *(const char *const **)place = element_strings(arena, node, row->name);
        return;
    case ROW_MEMBERS:
        read_members(arena, xml_child(node, row->name), contact);
        return;
    default:
        if (text == NULL || *text == '\0')
            return;
    }
    if (row->kind == ROW_CLASS)
        *(enum event_class *)place = (enum event_class)element_word(
            node, row->name, word_classes, 4, CLASS_PUBLIC);
    else if (row->kind == ROW_INDEX)
        *(int *)place = element_word(node, row->name, contact_places, 4, 0) - 1;
    else if (row->kind == ROW_NOON || row->kind == ROW_MIDNIGHT)
        read_day(place, text, zone, row->kind == ROW_MIDNIGHT);
    else if (row->kind == ROW_NUMBER)
        *(unsigned *)place = *text == '1' ? 1 : *text == '2' ? 2 : 0;
    else
        *(const char **)place = arena_strdup(arena, text);
}

/* Beside a name of the directory's stands the address it was written like. */
static void read_emails(struct arena *arena, const struct xml_node *node,
                        struct contact *contact)
{
    for (size_t i = 0; i < contact_row_count; i++) {
        const struct xml_node *entry = contact_rows[i].kind == ROW_EMAIL
                                           ? find_entry(node, &contact_rows[i])
                                           : NULL;
        if (entry == NULL)
            continue;
        size_t slot =
            (contact_rows[i].offset - offsetof(struct contact, email)) /
            sizeof *contact->email;
        struct contact_email *email = &contact->email[slot];
        const char *original = property_text(node, &originals[slot]);
        const char *name = xml_value(entry, "Name");

        if (email->address != NULL && strchr(email->address, '@') == NULL &&
            original != NULL && strchr(original, '@') != NULL)
            email->address = arena_strdup(arena, original);
        if (email->address != NULL && name != NULL && *name != '\0' &&
            !str_equal(name, email->address))
            email->name = arena_strdup(arena, name);
    }
}

/*
 * Outlook keeps a list of tagged values: two octets of tag, two of length with
 * these four, the value; tag 3 is the certificate.
 */
const char *contact_read_certificate(struct arena *arena, const char *text)
{
    size_t len, at = 0;
    const unsigned char *data =
        (const unsigned char *)base64_decode(arena, text, strlen(text), &len);

    if (data == NULL || len < 4)
        return NULL;
    if (data[0] == 0x30)
        return arena_strdup(arena, text);
    while (at + 4 <= len) {
        unsigned tag = data[at] | (unsigned)data[at + 1] << 8;
        size_t size = data[at + 2] | (size_t)data[at + 3] << 8;
        if (size < 4 || size > len - at)
            return NULL;
        if (tag == 3 && size > 4 && data[at + 4] == 0x30) {
            char *out = arena_alloc(arena, base64_encoded_size(size - 4) + 1);
            base64_encode(data + at + 4, size - 4, out);
            return out;
        }
        at += size;
    }
    return NULL;
}

static void read_certificates(struct arena *arena, const struct xml_node *list,
                              struct contact *contact)
{
    size_t count = 0;

    if (list == NULL || list->children == NULL)
        return;
    for (const struct xml_node *at = list->children; at; at = at->next)
        count++;
    const char **found = arena_array(arena, count + 1, sizeof *found);
    count = 0;
    for (const struct xml_node *at = list->children; at; at = at->next) {
        found[count] = contact_read_certificate(arena, at->text);
        count += found[count] != NULL;
    }
    contact->certificates = count > 0 ? found : NULL;
}

struct contact *contact_read(struct arena *arena, const struct xml_node *node,
                             const struct zone *zone)
{
    struct contact *contact = arena_alloc(arena, sizeof *contact);

    contact->group = strcmp(node->name, "DistributionList") == 0;
    contact->preferred_place = -1;
    for (size_t i = 0; i < contact_row_count; i++)
        if (contact_row_is_for(&contact_rows[i], contact->group))
            read_row(arena, node, zone, contact, &contact_rows[i]);
    read_emails(arena, node, contact);
    read_certificates(arena, property_find(node, &certificates), contact);
    contact->photo_id =
        attachments_photo(arena, xml_child(node, "Attachments"));
    contact->has_photo = contact->photo_id != NULL;
    contact->modified = property_time(node, &modified);
    return contact;
}

/* --- Members, one group at a time ----------------------------------------- */

static void build_expansion(void *context, struct soap_request *request)
{
    const struct remote_object *object = context;
    struct xml_writer *writer = &request->writer;

    xml_open(writer, "m:Mailbox");
    xml_element(writer, "t:MailboxType", "PrivateDL");
    xml_open(writer, "t:ItemId");
    xml_attribute(writer, "Id", object->id);
    xml_attribute(writer, "ChangeKey", object->change_key);
    xml_close(writer);
    xml_close(writer);
}

enum status contact_read_members(struct op *op, struct ews *ews,
                                 const struct remote_object_read reads[],
                                 struct contact *const contacts[], size_t count,
                                 struct arena *arena)
{
    for (size_t i = 0; i < count && ews_version(ews) < EWS_2010; i++) {
        const struct xml_node *message;
        struct soap_call call = { .operation = "ExpandDL",
                                  .build = build_expansion,
                                  .context = (void *)&reads[i].object };

        if (contacts[i] == NULL)
            continue;
        enum status status = soap_ask(op, ews, &call, arena, &message);
        /* An empty list has nobody to be found. */
        if (status == STATUS_NOT_FOUND)
            continue;
        if (status != STATUS_OK)
            return status;
        read_members(arena, xml_descendant(message, "DLExpansion"),
                     contacts[i]);
    }
    return STATUS_OK;
}
