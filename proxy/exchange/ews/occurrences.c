/*
 * occurrences.c - see occurrences.h
 *
 * Exchange counts the days of a series by its rule, those that are deleted
 * included, so that an index stays what it is while days go.  A day that was
 * deleted never comes back: only a new rule brings all of them.
 *
 * Their master has been written before them, with its change key, so that
 * nobody else's change is overwritten; what comes then needs no key, as those
 * of days change with their master.
 */
#include "proxy/exchange/ews/occurrences.h"

#include <stdio.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/exchange/ews/batch.h"
#include "proxy/exchange/ews/event_map.h"
#include "proxy/exchange/ews/fields.h"
#include "proxy/format/recurrence.h"

#define OCCURRENCES_AT_ONCE 100

/* What belongs to the series, or is written in other ways. */
#define NOT_OF_DAYS                                                            \
    (1u << EVENT_RECURRENCE | 1u << EVENT_ANSWER | 1u << EVENT_ATTACHMENTS)

/* --- Planning ------------------------------------------------------------- */

static const struct event *find_exception(const struct series *series,
                                          const struct when *occurrence)
{
    for (size_t i = 0; series != NULL && i < series->exception_count; i++)
        if (series->exceptions[i].occurrence.instant == occurrence->instant)
            return &series->exceptions[i];
    return NULL;
}

static bool is_deleted(const struct series *series,
                       const struct when *occurrence)
{
    for (size_t i = 0; series != NULL && i < series->deleted_count; i++)
        if (series->deleted[i].instant == occurrence->instant)
            return true;
    return false;
}

static void plan_deleted(const struct series *was, const struct series *shall,
                         bool anew, struct occurrences *plan)
{
    for (size_t i = 0; i < shall->deleted_count; i++) {
        const struct when *day = &shall->deleted[i];
        struct occurrence gone = { .index = series_instance_index(shall, day) };

        /* What the rule does not make is not there to be deleted. */
        if (gone.index == 0 || (!anew && is_deleted(was, day)))
            continue;
        const struct event *exception = anew ? NULL : find_exception(was, day);
        gone.id = exception != NULL ? exception->id : NULL;
        plan->deleted[plan->deleted_count++] = gone;
    }
}

/* A day takes over from the master what it does not have of its own: where that
 * has changed, the day has changed with it. */
static unsigned parts_to_write(const struct series *was,
                               const struct series *shall,
                               const struct event *old, const struct event *new)
{
    struct event fresh = series_occurrence(shall, &new->occurrence);

    if (old == NULL)
        return event_differences(&fresh, new);
    struct event stale = series_occurrence(was, &old->occurrence);
    return event_differences(old, new) |
           (event_differences(&fresh, new) & ~event_differences(&stale, old));
}

static bool plan_changed(struct arena *arena, const struct series *was,
                         const struct series *shall, bool anew,
                         struct occurrences *plan)
{
    for (size_t i = 0; i < shall->exception_count; i++) {
        const struct event *event = &shall->exceptions[i];
        const struct event *old = find_exception(was, &event->occurrence);
        struct event fresh = series_occurrence(shall, &event->occurrence);
        struct occurrence changed = {
            .id = old != NULL && !anew ? old->id : NULL,
            .index = series_instance_index(shall, &event->occurrence),
            .event = event,
            .own = old != NULL && !anew,
            .was = old != NULL && !anew
                       ? old
                       : arena_memdup(arena, &fresh, sizeof fresh),
            .parts = parts_to_write(was, shall, old, event),
        };

        if (anew)
            changed.parts |= event_differences(&fresh, event);
        if (changed.id == NULL && changed.index == 0)
            return false;
        if ((changed.parts & ~(1u << EVENT_ANSWER)) != 0)
            plan->changed[plan->changed_count++] = changed;
    }
    return true;
}

/* Days that were exceptions and shall be like all others again. */
static void plan_restored(struct arena *arena, const struct series *was,
                          const struct series *shall, struct occurrences *plan)
{
    for (size_t i = 0; i < was->exception_count; i++) {
        const struct event *old = &was->exceptions[i];
        struct event fresh = series_occurrence(shall, &old->occurrence);

        if (find_exception(shall, &old->occurrence) != NULL ||
            is_deleted(shall, &old->occurrence))
            continue;
        struct occurrence restored = {
            .id = old->id,
            .index = series_instance_index(shall, &old->occurrence),
            .event = arena_memdup(arena, &fresh, sizeof fresh),
            .was = old,
            .parts = parts_to_write(was, shall, old, &fresh) & ~NOT_OF_DAYS,
        };
        if ((restored.id != NULL || restored.index != 0) && restored.parts != 0)
            plan->changed[plan->changed_count++] = restored;
    }
}

bool occurrences_plan(struct arena *arena, const struct series *was,
                      const struct series *shall, bool anew,
                      struct occurrences *plan_out)
{
    size_t most = shall->exception_count + 1;

    if (was != NULL)
        most += was->exception_count;
    plan_out->deleted =
        arena_array(arena, shall->deleted_count + 1, sizeof *plan_out->deleted);
    plan_out->changed = arena_array(arena, most, sizeof *plan_out->changed);
    plan_out->deleted_count = 0;
    plan_out->changed_count = 0;
    if (shall->recurrence == NULL || !shall->has_master)
        return true;
    plan_deleted(was, shall, anew, plan_out);
    if (!anew && was != NULL)
        plan_restored(arena, was, shall, plan_out);
    return plan_changed(arena, was, shall, anew, plan_out);
}

/* --- Writing -------------------------------------------------------------- */

struct writing {
    struct arena *arena;
    const struct occurrences *plan;
    struct occurrence *days;
    enum status status; /* the first failure */
};

void occurrence_write_id(struct xml_writer *writer, const char *master,
                         const struct occurrence *occurrence)
{
    char index[16];

    if (occurrence->id != NULL) {
        object_write_id(writer, "t:ItemId", occurrence->id, NULL);
        return;
    }
    snprintf(index, sizeof index, "%u", occurrence->index);
    xml_open(writer, "t:OccurrenceItemId");
    xml_attribute(writer, "RecurringMasterId", master);
    xml_attribute(writer, "InstanceIndex", index);
    xml_close(writer);
}

static void build_deletion(void *context, struct soap_request *request,
                           const size_t which[], size_t count)
{
    const struct writing *writing = context;
    struct xml_writer *writer = &request->writer;

    xml_attribute(writer, "DeleteType", "HardDelete");
    xml_attribute(writer, "SendMeetingCancellations",
                  object_notice(writing->plan->notice));
    xml_open(writer, "m:ItemIds");
    for (size_t i = 0; i < count; i++)
        occurrence_write_id(writer, writing->plan->master,
                            &writing->days[which[i]]);
    xml_close(writer);
}

/* A day that only has other files is written as it is, to have an id. */
static unsigned parts_of(const struct occurrence *day)
{
    unsigned parts = day->parts & ~NOT_OF_DAYS;

    return parts != 0 ? parts : 1u << EVENT_IMPORTANCE;
}

static void build_changes(void *context, struct soap_request *request,
                          const size_t which[], size_t count)
{
    const struct writing *writing = context;
    struct xml_writer *writer = &request->writer;

    xml_attribute(writer, "ConflictResolution", "AlwaysOverwrite");
    xml_attribute(writer, "MessageDisposition", "SaveOnly");
    xml_attribute(writer, "SendMeetingInvitationsOrCancellations",
                  object_update_notice(writing->plan->notice));
    xml_open(writer, "m:ItemChanges");
    for (size_t i = 0; i < count; i++) {
        const struct occurrence *day = &writing->days[which[i]];
        const struct event_form form = { .event = day->event, .was = day->was };
        xml_open(writer, "t:ItemChange");
        occurrence_write_id(writer, writing->plan->master, day);
        xml_open(writer, "t:Updates");
        event_write_changes(request, &form, parts_of(day));
        xml_close(writer);
        xml_close(writer);
    }
    xml_close(writer);
}

static void note(struct writing *writing, enum status status)
{
    if (writing->status == STATUS_OK)
        writing->status = status;
}

static void take_deleted(void *context, size_t which,
                         const struct soap_message *message)
{
    struct writing *writing = context;

    (void)which;
    if (message->verdict.status != STATUS_NOT_FOUND &&
        strcmp(message->code,
               "ErrorCalendarOccurrenceIsDeletedFromRecurrence") != 0)
        note(writing, message->verdict.status);
}

static void take_changed(void *context, size_t which,
                         const struct soap_message *message)
{
    struct writing *writing = context;
    const struct xml_node *id = xml_descendant(message->node, "ItemId");

    note(writing, message->verdict.status);
    if (message->verdict.status == STATUS_OK)
        writing->days[which].id_after =
            arena_strdup(writing->arena, xml_value(id, "Id"));
}

static enum status write_days(struct op *op, struct ews *ews,
                              const struct occurrences *plan, bool deleted)
{
    struct writing writing = {
        .arena = op->arena,
        .plan = plan,
        .days = deleted ? plan->deleted : plan->changed,
    };
    struct batch batch = {
        .operation = deleted ? "DeleteItem" : "UpdateItem",
        .write = true,
        .count = deleted ? plan->deleted_count : plan->changed_count,
        .most = OCCURRENCES_AT_ONCE,
        .build = deleted ? build_deletion : build_changes,
        .done = deleted ? take_deleted : take_changed,
        .context = &writing,
    };

    if (batch.count == 0)
        return STATUS_OK;
    batch_run(op, ews, &batch);
    return writing.status;
}

enum status occurrences_write(struct op *op, struct ews *ews,
                              const struct occurrences *plan)
{
    enum status status = write_days(op, ews, plan, true);

    if (status != STATUS_OK)
        return status;
    return write_days(op, ews, plan, false);
}
