/*
 * contact_write.c - see contact_map.h
 *
 * Each thing that can be written is a text, so that two contacts are compared
 * row by row; lists are the exception.
 */
#include "proxy/exchange/ews/contact_map.h"

#include <stddef.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "proxy/exchange/ews/contact_rows.h"
#include "proxy/exchange/ews/fields.h"
#include "proxy/exchange/ews/objects.h"

/* --- Values as texts ------------------------------------------------------ */

static const char *own_text(const struct contact_form *form,
                            const struct contact_row *row)
{
    switch (row->offset) {
    case OWN_NAME:
        return form->name;
    case OWN_KEPT:
        return form->kept;
    default:
        return form->token;
    }
}

static const char *day_text(struct arena *arena, const struct when *when,
                            int64_t second)
{
    char text[sizeof "-2147483648-01-01T00:00:00Z"];

    if (when->kind == WHEN_NONE)
        return NULL;
    time_to_iso(when->instant + second, text);
    return arena_strdup(arena, text);
}

/* What stands in the element or property of a row; NULL for nothing. */
static const char *text_of(const struct contact_form *form,
                           const struct contact *contact,
                           const struct contact_row *row)
{
    const void *place = (const char *)contact + row->offset;
    const char *text;

    switch (row->kind) {
    case ROW_CLASS:
        return word_classes[*(const enum event_class *)place];
    case ROW_INDEX:
        return contact_places[(*(const int *)place + 1) & 3];
    case ROW_NOON:
        return day_text(form->arena, place, NEARLY_NOON);
    case ROW_MIDNIGHT:
        return day_text(form->arena, place, 0);
    case ROW_NUMBER:
        return *(const unsigned *)place == 1   ? "1"
               : *(const unsigned *)place == 2 ? "2"
                                               : NULL;
    case ROW_OWN:
        text = own_text(form, row);
        break;
    default:
        text = *(const char *const *)place;
    }
    return text != NULL && *text != '\0' ? text : NULL;
}

static const char *const *strings_of(const struct contact *contact,
                                     const struct contact_row *row)
{
    const char *const *list =
        *(const char *const *const *)((const char *)contact + row->offset);

    return list != NULL && *list != NULL ? list : NULL;
}

static bool has_value(const struct contact_form *form,
                      const struct contact *contact,
                      const struct contact_row *row)
{
    if (row->kind == ROW_STRINGS)
        return strings_of(contact, row) != NULL;
    if (row->kind == ROW_MEMBERS)
        return contact->member_count > 0;
    return text_of(form, contact, row) != NULL;
}

/* --- Writing -------------------------------------------------------------- */

static void write_members(struct xml_writer *writer,
                          const struct contact *contact)
{
    xml_open(writer, "t:Members");
    for (size_t i = 0; i < contact->member_count; i++) {
        const struct contact_member *member = &contact->members[i];
        xml_open(writer, "t:Member");
        xml_open(writer, "t:Mailbox");
        if (member->name != NULL && *member->name != '\0')
            xml_element(writer, "t:Name", member->name);
        if (member->address != NULL) {
            xml_element(writer, "t:EmailAddress", member->address);
            xml_element(writer, "t:RoutingType", "SMTP");
        }
        xml_element(writer, "t:MailboxType",
                    member->id != NULL ? "Contact" : "OneOff");
        if (member->id != NULL)
            object_write_id(writer, "t:ItemId", member->id, NULL);
        xml_close(writer);
        xml_close(writer);
    }
    xml_close(writer);
}

/* What is inside of a property's or an entry's own element. */
static void write_row(struct xml_writer *writer,
                      const struct contact_form *form,
                      const struct contact_row *row)
{
    const char *text = row->kind != ROW_STRINGS && row->kind != ROW_MEMBERS
                           ? text_of(form, form->contact, row)
                           : NULL;

    switch (row->kind) {
    case ROW_STRINGS:
        fields_strings(writer, row->element, strings_of(form->contact, row));
        return;
    case ROW_MEMBERS:
        write_members(writer, form->contact);
        return;
    case ROW_BODY:
        xml_open(writer, row->element);
        xml_attribute(writer, "BodyType", "Text");
        xml_text(writer, text != NULL ? text : "");
        xml_close(writer);
        return;
    case ROW_EMAIL:
    case ROW_PHONE:
    case ROW_IM:
        xml_open(writer, "t:Entry");
        xml_attribute(writer, "Key", row->property.type);
        xml_text(writer, text);
        xml_close(writer);
        return;
    default:
        if (row->kind >= ROW_PROPERTY)
            property_write(writer, &row->property, text);
        else
            xml_element(writer, row->element, text);
    }
}

/* --- New ones ------------------------------------------------------------- */

static bool is_new_value(const struct contact_form *form,
                         const struct contact_row *row)
{
    if (!contact_row_is_for(row, form->contact->group))
        return false;
    /* Nothing is preferred anyway. */
    if (row->kind == ROW_INDEX && form->contact->preferred_place < 0)
        return false;
    return has_value(form, form->contact, row);
}

/* The rows of one address: those after the first that have its key. */
static size_t same_place(size_t first)
{
    size_t end = first;

    while (end < contact_row_count && contact_rows[end].kind == ROW_PLACE &&
           str_equal(contact_rows[end].property.type,
                     contact_rows[first].property.type))
        end++;
    return end;
}

static bool has_any(const struct contact_form *form, size_t first, size_t end)
{
    for (size_t i = first; i < end; i++)
        if (is_new_value(form, &contact_rows[i]))
            return true;
    return false;
}

static void write_places(struct xml_writer *writer,
                         const struct contact_form *form, size_t first,
                         size_t end)
{
    for (size_t at = first; at < end; at = same_place(at)) {
        if (!has_any(form, at, same_place(at)))
            continue;
        xml_open(writer, "t:Entry");
        xml_attribute(writer, "Key", contact_rows[at].property.type);
        for (size_t i = at; i < same_place(at); i++)
            if (is_new_value(form, &contact_rows[i]))
                write_row(writer, form, &contact_rows[i]);
        xml_close(writer);
    }
}

/* Rows of one kind stand side by side, and become one dictionary. */
static size_t write_dictionary(struct xml_writer *writer,
                               const struct contact_form *form, size_t first)
{
    const struct contact_dictionary *dictionary =
        contact_dictionary(&contact_rows[first]);
    size_t end = first;

    while (end < contact_row_count &&
           contact_rows[end].kind == dictionary->kind)
        end++;
    if (!has_any(form, first, end))
        return end;
    xml_open(writer, dictionary->element);
    if (dictionary->kind == ROW_PLACE)
        write_places(writer, form, first, end);
    else
        for (size_t i = first; i < end; i++)
            if (is_new_value(form, &contact_rows[i]))
                write_row(writer, form, &contact_rows[i]);
    xml_close(writer);
    return end;
}

void contact_write_new(struct soap_request *request,
                       const struct contact_form *form)
{
    for (size_t i = 0; i < contact_row_count;) {
        if (contact_dictionary(&contact_rows[i]) != NULL) {
            i = write_dictionary(&request->writer, form, i);
            continue;
        }
        if (is_new_value(form, &contact_rows[i]))
            write_row(&request->writer, form, &contact_rows[i]);
        i++;
    }
}

/* --- Changes -------------------------------------------------------------- */

static bool same_strings(const char *const *a, const char *const *b)
{
    if (a == NULL || b == NULL)
        return a == b;
    for (; *a != NULL && *b != NULL; a++, b++)
        if (strcmp(*a, *b) != 0)
            return false;
    return *a == *b;
}

static bool same_members(const struct contact *a, const struct contact *b)
{
    if (a->member_count != b->member_count)
        return false;
    for (size_t i = 0; i < a->member_count; i++)
        if (!str_equal(a->members[i].address, b->members[i].address) ||
            !str_equal(a->members[i].name, b->members[i].name) ||
            !str_equal(a->members[i].id, b->members[i].id))
            return false;
    return true;
}

static bool is_change(const struct contact_form *form,
                      const struct contact_row *row)
{
    if (!contact_row_is_for(row, form->contact->group))
        return false;
    if (row->kind == ROW_OWN)
        return own_text(form, row) != NULL;
    /* Whatever the client calls it, the item keeps the UID it was given. */
    if (row->kind == ROW_PROPERTY &&
        row->offset == offsetof(struct contact, uid))
        return false;
    if (row->kind == ROW_STRINGS)
        return !same_strings(strings_of(form->was, row),
                             strings_of(form->contact, row));
    if (row->kind == ROW_MEMBERS)
        return !same_members(form->was, form->contact);
    return !str_equal(text_of(form, form->was, row),
                      text_of(form, form->contact, row));
}

bool contact_has_changes(const struct contact_form *form)
{
    for (size_t i = 0; i < contact_row_count; i++)
        if (is_change(form, &contact_rows[i]))
            return true;
    return false;
}

static void write_set(struct xml_writer *writer,
                      const struct contact_form *form,
                      const struct contact_row *row)
{
    const struct contact_dictionary *dictionary = contact_dictionary(row);

    xml_open(writer, contact_element(form->contact));
    if (dictionary != NULL)
        xml_open(writer, dictionary->element);
    if (row->kind == ROW_PLACE) {
        xml_open(writer, "t:Entry");
        xml_attribute(writer, "Key", row->property.type);
    }
    write_row(writer, form, row);
    if (row->kind == ROW_PLACE)
        xml_close(writer);
    if (dictionary != NULL)
        xml_close(writer);
    xml_close(writer);
}

void contact_write_changes(struct soap_request *request,
                           const struct contact_form *form)
{
    struct xml_writer *writer = &request->writer;

    for (size_t i = 0; i < contact_row_count; i++) {
        const struct contact_row *row = &contact_rows[i];
        if (!is_change(form, row))
            continue;
        /* A body is emptied, not deleted. */
        bool sets =
            row->kind == ROW_BODY || has_value(form, form->contact, row);
        xml_open(writer, sets ? "t:SetItemField" : "t:DeleteItemField");
        property_write_path(writer, &row->property);
        if (sets)
            write_set(writer, form, row);
        xml_close(writer);
    }
}
