/*
 * fields.c - see fields.h
 */
#include "proxy/exchange/ews/fields.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"

/* --- Tables --------------------------------------------------------------- */

bool fields_known(enum ews_version version, enum ews_version since,
                  enum ews_version before)
{
    return version >= since && (before == 0 || version < before);
}

static bool is_known(enum ews_version version, const struct field *field)
{
    return fields_known(version, field->since, field->before);
}

static bool has_value(const struct field *field, const void *form)
{
    return field->has == NULL || field->has(form, field);
}

void fields_create(struct soap_request *request, const struct field fields[],
                   size_t count, const void *form)
{
    for (size_t i = 0; i < count; i++)
        if (is_known(request->version, &fields[i]) &&
            has_value(&fields[i], form))
            fields[i].write(request, form, &fields[i]);
}

static bool is_change(enum ews_version version, const struct field *field,
                      const void *form, unsigned parts)
{
    return is_known(version, field) && (parts & 1u << field->part) != 0 &&
           !(field->scope & FIELD_NEW) &&
           (!(field->scope & FIELD_LASTING) || has_value(field, form));
}

void fields_update(struct soap_request *request, const char *element,
                   const struct field fields[], size_t count, const void *form,
                   unsigned parts)
{
    struct xml_writer *writer = &request->writer;

    for (size_t i = 0; i < count; i++) {
        if (!is_change(request->version, &fields[i], form, parts))
            continue;
        bool sets = has_value(&fields[i], form);
        xml_open(writer, sets ? "t:SetItemField" : "t:DeleteItemField");
        property_write_path(writer, &fields[i].property);
        if (sets) {
            xml_open(writer, element);
            fields[i].write(request, form, &fields[i]);
            xml_close(writer);
        }
        xml_close(writer);
    }
}

bool fields_differ(enum ews_version version, const struct field fields[],
                   size_t count, const void *form, unsigned parts)
{
    for (size_t i = 0; i < count; i++)
        if (is_change(version, &fields[i], form, parts))
            return true;
    return false;
}

void fields_want(struct soap_request *request, const struct wanted wanted[],
                 size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (fields_known(request->version, wanted[i].since, wanted[i].before))
            property_write_path(&request->writer, &wanted[i].property);
}

/* --- Values --------------------------------------------------------------- */

void fields_time(struct xml_writer *writer, const char *element, int64_t time)
{
    char text[sizeof "-2147483648-01-01T00:00:00Z"];

    time_to_iso(time, text);
    xml_element(writer, element, text);
}

void fields_time_property(struct xml_writer *writer,
                          const struct property *property, int64_t time)
{
    char text[sizeof "-2147483648-01-01T00:00:00Z"];

    time_to_iso(time, text);
    property_write(writer, property, text);
}

void fields_bool(struct xml_writer *writer, const char *element, bool value)
{
    xml_element(writer, element, value ? "true" : "false");
}

void fields_number(struct xml_writer *writer, const char *element,
                   int64_t number)
{
    char text[32];

    snprintf(text, sizeof text, "%" PRId64, number);
    xml_element(writer, element, text);
}

void fields_strings(struct xml_writer *writer, const char *element,
                    const char *const *strings)
{
    xml_open(writer, element);
    for (; *strings != NULL; strings++)
        xml_element(writer, "t:String", *strings);
    xml_close(writer);
}

/* --- Words ---------------------------------------------------------------- */

const char *const word_days[7] = { "Sunday",   "Monday", "Tuesday", "Wednesday",
                                   "Thursday", "Friday", "Saturday" };
const char *const word_months[12] = { "January", "February", "March",
                                      "April",   "May",      "June",
                                      "July",    "August",   "September",
                                      "October", "November", "December" };
const char *const word_weeks[5] = { "First", "Second", "Third", "Fourth",
                                    "Last" };
const char *const word_classes[4] = { "Normal", "Personal", "Private",
                                      "Confidential" };
const char *const word_ranks[3] = { "Low", "Normal", "High" };
const char *const word_answers[5] = { "Unknown", "Accept", "Tentative",
                                      "Decline", "Organizer" };
const char *const word_busy[6] = { "Free", "Tentative",        "Busy",
                                   "OOF",  "WorkingElsewhere", "NoData" };

int word_find(const char *const words[], size_t count, const char *word)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal(words[i], word))
            return (int)i;
    return -1;
}

/* --- Reading -------------------------------------------------------------- */

const char *element_text(struct arena *arena, const struct xml_node *node,
                         const char *name)
{
    const char *text = xml_child_text(node, name);

    return text != NULL && *text != '\0' ? arena_strdup(arena, text) : NULL;
}

bool element_true(const struct xml_node *node, const char *name)
{
    const char *text = xml_child_text(node, name);

    return str_equal(text, "true") || str_equal(text, "1");
}

int64_t element_number(const struct xml_node *node, const char *name,
                       int64_t absent)
{
    const char *text = xml_child_text(node, name);
    int64_t number;

    return text != NULL && str_to_i64(text, &number) ? number : absent;
}

int64_t element_time(const struct xml_node *node, const char *name)
{
    const char *text = xml_child_text(node, name);

    return text != NULL ? time_from_iso(text) : TIME_NONE;
}

const char *const *element_strings(struct arena *arena,
                                   const struct xml_node *node,
                                   const char *name)
{
    const struct xml_node *list = xml_child(node, name);
    size_t count = 0;

    if (list == NULL || list->children == NULL)
        return NULL;
    for (const struct xml_node *at = list->children; at; at = at->next)
        count++;
    const char **strings = arena_array(arena, count + 1, sizeof *strings);
    count = 0;
    for (const struct xml_node *at = list->children; at; at = at->next)
        strings[count++] = arena_strdup(arena, at->text);
    return strings;
}

int element_word(const struct xml_node *node, const char *name,
                 const char *const words[], size_t count, int absent)
{
    int found = word_find(words, count, xml_child_text(node, name));

    return found >= 0 ? found : absent;
}

int64_t element_date(const struct xml_node *node, const char *name)
{
    const char *text = xml_child_text(node, name);
    char day[sizeof "2024-05-01T00:00:00Z"];

    if (text == NULL || strlen(text) < 10)
        return TIME_NONE;
    snprintf(day, sizeof day, "%.10sT00:00:00Z", text);
    return time_from_iso(day);
}
