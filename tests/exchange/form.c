/*
 * form.c - what is no mail: kinds, tables and values
 */
#include "tests/exchange/form.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/base/memory.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "tests/exchange/timezone.h"

/* clang-format off */
static const struct {
    const char *class;
    const char *element;
    const struct form_field *table;
} forms[FORM_COUNT] = {
    [FORM_EVENT]   = { "IPM.Appointment",      "CalendarItem",     calendar_fields },
    [FORM_TASK]    = { "IPM.Task",             "Task",             task_fields },
    [FORM_CONTACT] = { "IPM.Contact",          "Contact",          contact_fields },
    [FORM_LIST]    = { "IPM.DistList",         "DistributionList", list_fields },
    [FORM_MEETING] = { "IPM.Schedule.Meeting", "MeetingMessage",   meeting_fields },
};
/* clang-format on */

/* A class, or one that is derived from it. */
static bool is_of_class(const char *class, const char *base)
{
    size_t len = strlen(base);

    return str_starts_nocase(class, base) &&
           (class[len] == '\0' || class[len] == '.');
}

enum form form_of(const struct sim_item *item)
{
    for (enum form form = FORM_EVENT; form < FORM_COUNT; form++)
        if (is_of_class(item->class, forms[form].class))
            return form;
    return FORM_NONE;
}

enum form form_of_element(const char *element)
{
    for (enum form form = FORM_EVENT; form < FORM_MEETING; form++)
        if (str_equal(forms[form].element, element))
            return form;
    return FORM_NONE;
}

bool form_is_kept(const struct sim_item *item)
{
    enum form form = form_of(item);

    return form != FORM_NONE && form != FORM_MEETING;
}

bool form_has_no_mime(const struct sim_item *item)
{
    return form_is_kept(item) && form_of(item) != FORM_EVENT;
}

const struct form_field *form_table(enum form form)
{
    return forms[form].table;
}

const struct form_field *form_field(const char *uri)
{
    for (enum form form = FORM_EVENT; form < FORM_COUNT; form++)
        for (const struct form_field *at = forms[form].table;
             at->field.element != NULL && uri != NULL; at++)
            if (str_equal(at->field.uri, uri))
                return at;
    return NULL;
}

/* --- Values -------------------------------------------------------------- */

static struct property_key key_of(const char *set, uint32_t number,
                                  enum property_type type)
{
    return (struct property_key){ set, number, NULL, type };
}

const char *form_get(const struct sim_item *item, const char *set,
                     uint32_t number, enum property_type type)
{
    struct property_key key = key_of(set, number, type);
    const struct property *found = bag_find(&item->bag, &key);

    return found == NULL || found->count == 0 ? NULL : found->texts[0];
}

void form_set(struct sim_item *item, const char *set, uint32_t number,
              enum property_type type, const char *text)
{
    struct property_key key = key_of(set, number, type);

    bag_set(&item->bag, &key, &text, 1);
}

void form_remove(struct sim_item *item, const char *set, uint32_t number,
                 enum property_type type)
{
    struct property_key key = key_of(set, number, type);

    bag_remove(&item->bag, &key);
}

int64_t form_number(const struct sim_item *item, const char *set,
                    uint32_t number, int64_t otherwise)
{
    return bag_number(&item->bag, set, number, otherwise);
}

bool form_true(const struct sim_item *item, const char *set, uint32_t number)
{
    return node_true(form_get(item, set, number, TYPE_BOOLEAN));
}

void form_set_true(struct sim_item *item, const char *set, uint32_t number,
                   bool value)
{
    form_set(item, set, number, TYPE_BOOLEAN, value ? "true" : "false");
}

int64_t form_time(const struct sim_item *item, const char *set, uint32_t number)
{
    const char *text = form_get(item, set, number, TYPE_SYSTEM_TIME);

    return text == NULL ? TIME_NONE : time_from_iso(text);
}

void form_set_time(struct sim_item *item, const char *set, uint32_t number,
                   int64_t time)
{
    char text[40];

    time_to_iso(time, text);
    form_set(item, set, number, TYPE_SYSTEM_TIME, text);
}

/* --- Elements ------------------------------------------------------------ */

const char *form_text(struct arena *arena, const struct source *source,
                      const struct sim_item *item)
{
    const char *text = source->tag == 0 ? NULL
                                        : form_get(item, source->set,
                                                   source->tag, source->type);
    int64_t number;

    (void)arena;
    if (text == NULL || source->words == NULL)
        return text;
    number = strtol(text, NULL, 10);
    for (int64_t i = 0; source->words[i] != NULL; i++)
        if (i == number)
            return source->words[i];
    return NULL;
}

static const char *store_word(const struct source *source,
                              struct sim_item *item, const char *word)
{
    char number[12];

    for (int i = 0; source->words[i] != NULL; i++)
        if (str_equal(source->words[i], word)) {
            snprintf(number, sizeof number, "%d", i);
            form_set(item, source->set, source->tag, source->type, number);
            return NULL;
        }
    return "ErrorInvalidValueForProperty";
}

static void store_list(struct call *call, const struct source *source,
                       struct sim_item *item, const struct node *list)
{
    struct property_key key = key_of(source->set, source->tag, source->type);
    const char **texts =
        arena_array(call->arena, node_count(list) + 1, sizeof *texts);
    size_t count = 0;

    for (struct node *at = list->children; at != NULL; at = at->next)
        texts[count++] = at->text;
    if (count == 0)
        bag_remove(&item->bag, &key);
    else
        bag_set(&item->bag, &key, texts, count);
}

const char *form_store(struct call *call, const struct source *source,
                       struct sim_item *item, const struct node *element)
{
    const struct sim_zone *zone =
        call->zone == NULL ? sim_zone_utc() : call->zone;
    int64_t time;

    if (source->words != NULL)
        return store_word(source, item, element->text);
    switch (source->type) {
    case TYPE_STRING_ARRAY:
        store_list(call, source, item, element);
        return NULL;
    case TYPE_BOOLEAN:
        form_set_true(item, source->set, source->tag, node_true(element->text));
        return NULL;
    case TYPE_SYSTEM_TIME:
        time = sim_zone_time(zone, element->text);
        if (time == TIME_NONE)
            return "ErrorInvalidValueForProperty";
        form_set_time(item, source->set, source->tag, time);
        return NULL;
    default:
        form_set(item, source->set, source->tag, source->type, element->text);
        return NULL;
    }
}
