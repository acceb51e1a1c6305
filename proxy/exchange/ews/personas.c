/*
 * personas.c - FindPeople: more than the hundred that ResolveNames tells
 *
 * Exchange 2013 and later.  A persona is somebody as the web page for people
 * shows him: with most of what there is to say, and each value as a list by
 * where it comes from.
 */
#include "proxy/exchange/ews/directory.h"

#include <stddef.h>
#include <stdio.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "proxy/exchange/ews/fields.h"

#define AT(member) offsetof(struct contact, member)

/* clang-format off */
/* What is asked for. */
static const struct {
    const char *path;
    const char *element;
    const char *inside; /* of its values; NULL: its text is the value */
    size_t offset;      /* in struct contact */
} rows[] = {
    { "persona:DisplayName",          "DisplayName",          NULL,     AT(text[CONTACT_DISPLAY_NAME]) },
    { "persona:GivenName",            "GivenName",            NULL,     AT(text[CONTACT_GIVEN_NAME]) },
    { "persona:Surname",              "Surname",              NULL,     AT(text[CONTACT_SURNAME]) },
    { "persona:CompanyName",          "CompanyName",          NULL,     AT(text[CONTACT_COMPANY]) },
    { "persona:Title",                "Title",                NULL,     AT(text[CONTACT_JOB_TITLE]) },
    { "persona:Departments",          "Departments",          "Value",  AT(text[CONTACT_DEPARTMENT]) },
    { "persona:OfficeLocations",      "OfficeLocations",      "Value",  AT(text[CONTACT_OFFICE]) },
    { "persona:BusinessPhoneNumbers", "BusinessPhoneNumbers", "Number", AT(phone[PHONE_WORK]) },
    { "persona:MobilePhones",         "MobilePhones",         "Number", AT(phone[PHONE_MOBILE]) },
};

static const char *const others[] = {
    "persona:PersonaType", "persona:EmailAddress", "persona:EmailAddresses",
};

static const struct {
    const char *word;
    enum person_kind kind;
} kinds[] = {
    { "DistributionList", PERSON_GROUP },
    { "ModernGroup",      PERSON_GROUP },
    { "Room",             PERSON_ROOM },
    { "Place",            PERSON_ROOM },
};
/* clang-format on */

/* --- Asking --------------------------------------------------------------- */

struct page {
    const char *text;
    size_t offset;
    size_t most;
};

static void write_path(struct xml_writer *writer, const char *path)
{
    xml_open(writer, "t:FieldURI");
    xml_attribute(writer, "FieldURI", path);
    xml_close(writer);
}

static void write_shape(struct xml_writer *writer)
{
    xml_open(writer, "m:PersonaShape");
    xml_element(writer, "t:BaseShape", "IdOnly");
    xml_open(writer, "t:AdditionalProperties");
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        write_path(writer, others[i]);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        write_path(writer, rows[i].path);
    xml_close(writer);
    xml_close(writer);
}

static void write_number(struct xml_writer *writer, const char *name,
                         size_t number)
{
    char text[24];

    snprintf(text, sizeof text, "%zu", number);
    xml_attribute(writer, name, text);
}

static void build(void *context, struct soap_request *request)
{
    const struct page *page = context;
    struct xml_writer *writer = &request->writer;

    write_shape(writer);
    xml_open(writer, "m:IndexedPageItemView");
    write_number(writer, "MaxEntriesReturned", page->most);
    write_number(writer, "Offset", page->offset);
    xml_attribute(writer, "BasePoint", "Beginning");
    xml_close(writer);
    xml_open(writer, "m:ParentFolderId");
    soap_folder(writer, "#directory");
    xml_close(writer);
    xml_element(writer, "m:QueryString", page->text);
}

/* --- Reading -------------------------------------------------------------- */

static enum person_kind read_kind(const struct xml_node *persona)
{
    const char *word = xml_child_text(persona, "PersonaType");
    const struct xml_node *address = xml_child(persona, "EmailAddress");

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (str_equal(kinds[i].word, word))
            return kinds[i].kind;
    return person_read_kind(xml_child_text(address, "MailboxType"));
}

static void read_addresses(struct arena *arena, const struct xml_node *persona,
                           struct person *person)
{
    const struct xml_node *list = xml_child(persona, "EmailAddresses");
    const struct xml_node *at;
    size_t count = 1;

    for (at = list != NULL ? list->children : NULL; at; at = at->next)
        count++;
    const char **all = arena_array(arena, count, sizeof *all);
    all[0] = xml_child_text(xml_child(persona, "EmailAddress"), "EmailAddress");
    count = 1;
    for (at = list != NULL ? list->children : NULL; at; at = at->next)
        all[count++] = xml_child_text(at, "EmailAddress");
    person_set_addresses(arena, person, all, count);
}

static void read_row(struct arena *arena, const struct xml_node *persona,
                     size_t row, struct contact *contact)
{
    const char **place = (const char **)((char *)contact + rows[row].offset);
    const struct xml_node *node = xml_child(persona, rows[row].element);

    if (rows[row].inside != NULL)
        while (node != NULL && !str_equal(node->name, rows[row].inside))
            node = node->children;
    if (node != NULL && *node->text != '\0' && *place == NULL)
        *place = arena_strdup(arena, node->text);
}

static bool read_persona(struct arena *arena, const struct xml_node *persona,
                         struct person *person)
{
    *person = (struct person){ .kind = read_kind(persona) };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        read_row(arena, persona, i, &person->contact);
    person->contact.group = person->kind == PERSON_GROUP;
    person->contact.preferred_place = -1;
    person->contact.modified = TIME_NONE;
    read_addresses(arena, persona, person);
    if (person->addresses[0] == NULL)
        return false;
    person->id = str_lower(arena_strdup(arena, person->addresses[0]));
    return true;
}

enum status personas_find(struct op *op, struct ews *ews, const char *text,
                          size_t offset, size_t most,
                          struct person **people_out, size_t *count_out,
                          bool *more_out)
{
    struct page page = { text, offset, most };
    struct soap_call call = { .operation = "FindPeople",
                              .find = true,
                              .build = build,
                              .context = &page };
    const struct xml_node *message, *at;
    size_t count = 0, told = 0;
    enum status status = soap_ask(op, ews, &call, op->arena, &message);

    *people_out = NULL;
    *count_out = 0;
    *more_out = false;
    if (status != STATUS_OK)
        return status;
    const struct xml_node *people = xml_child(message, "People");
    for (at = people != NULL ? people->children : NULL; at; at = at->next)
        told++;
    *people_out = arena_array(op->arena, told + 1, sizeof **people_out);
    for (at = people != NULL ? people->children : NULL; at; at = at->next)
        count += read_persona(op->arena, at, &(*people_out)[count]);
    *count_out = count;
    *more_out = told >= most;
    return STATUS_OK;
}
