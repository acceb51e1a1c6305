/*
 * task_map.c - see task_map.h
 *
 * Exchange keeps days for the start and the end of a task: midnights in UTC, of
 * the day on the user's calendar.  Its typed fields are converted by the zone
 * of whoever asks, so the days are read from the properties below them.
 *
 * Status, percentage and date of completion follow each other: what is written
 * last counts.
 */
#include "proxy/exchange/ews/task_map.h"

#include <stdio.h>
#include <stdlib.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "proxy/exchange/ews/body.h"
#include "proxy/exchange/ews/recurrence_map.h"
#include "proxy/format/recurrence.h"

#define DAY 86400

static const char *const states[] = {
    [TASK_NOT_STARTED] = "NotStarted", [TASK_IN_PROGRESS] = "InProgress",
    [TASK_COMPLETED] = "Completed",    [TASK_WAITING] = "WaitingOnOthers",
    [TASK_DEFERRED] = "Deferred",
};

#define STATES (sizeof states / sizeof *states)

/* clang-format off */
#define F(name)        { PROPERTY_FIELD,  0,  name, NULL }
#define STRING(name)   { PROPERTY_STRING, 0,  name, "String" }
#define TASK(id)       { PROPERTY_TASK,   id, NULL, "SystemTime" }

/* Under the name that WebDAV had for it. */
static const struct property uid        = STRING("urn:schemas:calendar:uid");
static const struct property start_day  = TASK(0x8104);
static const struct property due_day    = TASK(0x8105);
static const struct property modified   = { PROPERTY_TAG, 0x3008, NULL, "SystemTime" };

static const struct wanted wanted[] = {
    { F("item:ItemClass"),                 0, 0 },
    { F("item:Subject"),                   0, 0 },
    { F("item:Sensitivity"),               0, 0 },
    { F("item:Body"),                      0, 0 },
    { F("item:Categories"),                0, 0 },
    { F("item:Importance"),                0, 0 },
    { F("item:DateTimeCreated"),           0, 0 },
    { F("item:ReminderDueBy"),             0, 0 },
    { F("item:ReminderIsSet"),             0, 0 },
    { F("item:EffectiveRights"),           EWS_2010, 0 },
    { F("task:CompleteDate"),              0, 0 },
    { F("task:DueDate"),                   0, 0 },
    { F("task:PercentComplete"),           0, 0 },
    { F("task:Recurrence"),                0, 0 },
    { F("task:StartDate"),                 0, 0 },
    { F("task:Status"),                    0, 0 },
    { TASK(0x8104),                        0, 0 },
    { TASK(0x8105),                        0, 0 },
    { STRING("urn:schemas:calendar:uid"),  0, 0 },
    { { PROPERTY_TAG, 0x3008, NULL, "SystemTime" }, 0, 0 },
    { { PROPERTY_TAG, 0x10f3, NULL, "String" },     0, 0 },
    { STRING("postern-token"),             0, 0 },
    { STRING("postern-object"),            0, 0 },
};
/* clang-format on */

void task_want(struct soap_request *request)
{
    fields_want(request, wanted, sizeof wanted / sizeof *wanted);
}

/* --- Reading -------------------------------------------------------------- */

/* The typed field is near a midnight of the user's. */
static struct when read_day(const struct xml_node *node,
                            const struct property *property,
                            const char *element, const struct zone *zone)
{
    int64_t time = property_time(node, property);

    if (time == TIME_NONE) {
        time = element_time(node, element);
        if (time != TIME_NONE)
            time += zone_offset(zone, time) + DAY / 2;
    }
    if (time == TIME_NONE)
        return (struct when){ .kind = WHEN_NONE };
    return (struct when){ WHEN_DATE, time - ((time % DAY) + DAY) % DAY, zone };
}

struct task *task_read(struct arena *arena, const struct xml_node *node,
                       const struct zone *zone)
{
    struct task *task = arena_alloc(arena, sizeof *task);
    const char *percent = xml_child_text(node, "PercentComplete");
    double part = percent != NULL ? strtod(percent, NULL) : 0;

    task->uid = arena_strdup(arena, property_text(node, &uid));
    task->summary = element_text(arena, node, "Subject");
    body_read(arena, xml_child(node, "Body"), &task->description, &task->html);
    task->start = read_day(node, &start_day, "StartDate", zone);
    task->due = read_day(node, &due_day, "DueDate", zone);
    task->status = (enum task_status)element_word(node, "Status", states,
                                                  STATES, TASK_NOT_STARTED);
    task->completed = element_time(node, "CompleteDate");
    task->percent = part > 0 && part <= 100 ? (unsigned)(part + 0.5) : 0;
    task->class = (enum event_class)element_word(node, "Sensitivity",
                                                 word_classes, 4, CLASS_PUBLIC);
    task->importance = (enum event_importance)element_word(
        node, "Importance", word_ranks, 3, IMPORTANCE_NORMAL);
    task->categories = element_strings(arena, node, "Categories");
    task->reminder_time = element_time(node, "ReminderDueBy");
    task->reminder =
        element_true(node, "ReminderIsSet") && task->reminder_time != TIME_NONE;
    task->recurrence = recurrence_read(arena, xml_child(node, "Recurrence"));
    task->created = element_time(node, "DateTimeCreated");
    task->modified = property_time(node, &modified);
    return task;
}

/* --- Writing -------------------------------------------------------------- */

static const struct task *task_of(const void *form)
{
    return ((const struct task_form *)form)->task;
}

static bool is_empty(const char *text)
{
    return text == NULL || *text == '\0';
}

static bool has_summary(const void *form, const struct field *field)
{
    (void)field;
    return !is_empty(task_of(form)->summary);
}

static void write_summary(struct soap_request *request, const void *form,
                          const struct field *field)
{
    xml_element(&request->writer, field->element, task_of(form)->summary);
}

static void write_class(struct soap_request *request, const void *form,
                        const struct field *field)
{
    xml_element(&request->writer, field->element,
                word_classes[task_of(form)->class]);
}

static void write_importance(struct soap_request *request, const void *form,
                             const struct field *field)
{
    xml_element(&request->writer, field->element,
                word_ranks[task_of(form)->importance]);
}

static bool has_body(const void *form, const struct field *field)
{
    const struct task_form *of = form;

    (void)field;
    return of->was != NULL || !is_empty(of->task->description) ||
           !is_empty(of->task->html);
}

/* As with events: a page only where the client has brought another one. */
static void write_body(struct soap_request *request, const void *form,
                       const struct field *field)
{
    const struct task_form *of = form;
    bool page = !is_empty(of->task->html) &&
                (of->was == NULL || !str_equal(of->task->html, of->was->html));
    const char *text = page ? of->task->html : of->task->description;

    xml_open(&request->writer, field->element);
    xml_attribute(&request->writer, "BodyType", page ? "HTML" : "Text");
    xml_text(&request->writer, text != NULL ? text : "");
    xml_close(&request->writer);
}

static bool has_categories(const void *form, const struct field *field)
{
    const char *const *categories = task_of(form)->categories;

    (void)field;
    return categories != NULL && *categories != NULL;
}

static void write_categories(struct soap_request *request, const void *form,
                             const struct field *field)
{
    fields_strings(&request->writer, field->element, task_of(form)->categories);
}

static bool has_reminder_time(const void *form, const struct field *field)
{
    (void)field;
    return task_of(form)->reminder;
}

static void write_reminder_time(struct soap_request *request, const void *form,
                                const struct field *field)
{
    fields_time(&request->writer, field->element, task_of(form)->reminder_time);
}

static void write_reminder(struct soap_request *request, const void *form,
                           const struct field *field)
{
    fields_bool(&request->writer, field->element, task_of(form)->reminder);
}

enum { START, DUE };

static const struct when *when_of(const void *form, const struct field *field)
{
    return field->slot == START ? &task_of(form)->start : &task_of(form)->due;
}

static bool has_when(const void *form, const struct field *field)
{
    return when_of(form, field)->kind != WHEN_NONE;
}

static void write_when(struct soap_request *request, const void *form,
                       const struct field *field)
{
    fields_time(&request->writer, field->element,
                when_day(when_of(form, field)) * DAY);
}

static bool is_done(const struct task *task)
{
    return task->status == TASK_COMPLETED;
}

static bool has_completed(const void *form, const struct field *field)
{
    const struct task *task = task_of(form);

    (void)field;
    return is_done(task) && task->completed != TIME_NONE &&
           task->completed != 0;
}

/* Exchange refuses a date that has not come. */
static void write_completed(struct soap_request *request, const void *form,
                            const struct field *field)
{
    int64_t completed = task_of(form)->completed;
    int64_t now = time_now();

    fields_time(&request->writer, field->element,
                completed < now ? completed : now);
}

static void write_percent(struct soap_request *request, const void *form,
                          const struct field *field)
{
    const struct task *task = task_of(form);
    unsigned percent = task->percent;

    if (is_done(task))
        percent = 100;
    else if (percent > 99)
        percent = 99;
    fields_number(&request->writer, field->element, percent);
}

static void write_status(struct soap_request *request, const void *form,
                         const struct field *field)
{
    xml_element(&request->writer, field->element,
                states[task_of(form)->status]);
}

static bool has_recurrence(const void *form, const struct field *field)
{
    (void)field;
    return task_of(form)->recurrence != NULL;
}

/* A recurrence begins with the task, and that with its first day. */
static void write_recurrence(struct soap_request *request, const void *form,
                             const struct field *field)
{
    const struct task *task = task_of(form);
    struct recurrence recurrence = *task->recurrence;

    (void)field;
    if (recurrence.begin.kind == WHEN_NONE)
        recurrence.begin =
            task->start.kind != WHEN_NONE ? task->start : task->due;
    recurrence_write(request, &recurrence);
}

enum { NAME, KEPT, TOKEN, UID };

static const char *own_of(const void *form, const struct field *field)
{
    const struct task_form *of = form;

    switch (field->slot) {
    case NAME:
        return of->name;
    case KEPT:
        return of->kept;
    case TOKEN:
        return of->token;
    default:
        return of->task->uid;
    }
}

static bool has_own(const void *form, const struct field *field)
{
    return !is_empty(own_of(form, field));
}

static void write_own(struct soap_request *request, const void *form,
                      const struct field *field)
{
    property_write(&request->writer, &field->property, own_of(form, field));
}

/* clang-format off */

/* A field that is there if it has a value; that always has one; and that cannot
 * be deleted. */
#define ROW(set, word, part, scope, has, what, slot) \
    { { PROPERTY_FIELD, 0, set ":" word, NULL }, part, scope, 0, 0, has, write_##what, slot, \
      "t:" word }
#define SOME(set, word, part, what, slot) ROW(set, word, part, 0, has_##what, what, slot)
#define EACH(set, word, part, what, slot) ROW(set, word, part, 0, NULL, what, slot)
#define KEEP(set, word, part, what, slot) \
    ROW(set, word, part, FIELD_LASTING, has_##what, what, slot)
#define OWN(name, part, scope, slot) \
    { { PROPERTY_STRING, 0, name, "String" }, part, scope, 0, 0, has_own, write_own, slot, NULL }

/* In the order of the schema. */
static const struct field fields[] = {
    SOME("item", "Subject",         TASK_SUMMARY,    summary,       0),
    EACH("item", "Sensitivity",     TASK_CLASS,      class,         0),
    KEEP("item", "Body",            TASK_BODY,       body,          0),
    SOME("item", "Categories",      TASK_CATEGORIES, categories,    0),
    EACH("item", "Importance",      TASK_IMPORTANCE, importance,    0),
    KEEP("item", "ReminderDueBy",   TASK_REMINDER,   reminder_time, 0),
    EACH("item", "ReminderIsSet",   TASK_REMINDER,   reminder,      0),
    { { PROPERTY_TAG, 0x10f3, NULL, "String" }, TASK_NAME, 0, 0, 0, has_own, write_own,
      NAME, NULL },
    OWN("postern-object", TASK_KEPT, 0, KEPT),
    OWN("postern-token", TASK_TOKEN, 0, TOKEN),
    OWN("urn:schemas:calendar:uid", TASK_UID, 0, UID),
    ROW("task", "CompleteDate", TASK_PROGRESS, FIELD_NEW, has_completed, completed, 0),
    SOME("task", "DueDate",         TASK_DUE,        when,          DUE),
    EACH("task", "PercentComplete", TASK_PROGRESS,   percent,       0),
    SOME("task", "Recurrence",      TASK_RECURRENCE, recurrence,    0),
    SOME("task", "StartDate",       TASK_START,      when,          START),
    EACH("task", "Status",          TASK_PROGRESS,   status,        0),
};

/* What stands early in the schema and has to be written last. */
static const struct field late_fields[] = {
    KEEP("task", "CompleteDate",    TASK_PROGRESS, completed, 0),
};
/* clang-format on */

#define FIELDS (sizeof fields / sizeof *fields)

void task_write_new(struct soap_request *request, const struct task_form *form)
{
    fields_create(request, fields, FIELDS, form);
}

void task_write_changes(struct soap_request *request,
                        const struct task_form *form, unsigned parts)
{
    fields_update(request, "t:Task", fields, FIELDS, form, parts);
    fields_update(request, "t:Task", late_fields, 1, form, parts);
}

bool task_has_changes(enum ews_version version, const struct task_form *form,
                      unsigned parts)
{
    return fields_differ(version, fields, FIELDS, form, parts);
}
