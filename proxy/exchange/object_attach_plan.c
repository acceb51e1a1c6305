/*
 * object_attach_plan.c - where something is attached: the event, its days
 */
#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/exchange/object_attaching.h"
#include "proxy/format/ical_values.h"
#include "proxy/format/recurrence.h"

static enum status refuse(struct attaching *attaching,
                          struct object_written *written_out,
                          enum object_problem problem, const char *reason)
{
    written_out->problem = problem;
    written_out->reason = reason;
    return op_fail(attaching->desk.op, STATUS_BAD_CONTENT, "%s", reason);
}

static bool is_deleted(const struct series *series, const struct when *day)
{
    for (size_t i = 0; i < series->deleted_count; i++)
        if (series->deleted[i].instant == day->instant)
            return true;
    return false;
}

/* A day by its RECURRENCE-ID: in UTC, by the clock of the series, or the date.
 * False: the series has no such day. */
static bool read_day(const struct attaching *attaching, const char *text,
                     struct when *day_out)
{
    const struct desk *desk = &attaching->desk;
    const struct series *series = &attaching->before;
    const struct when *start = &series->master.start;
    const struct ical_times times = {
        .arena = desk->op->arena,
        .zone = start->kind == WHEN_ZONED      ? start->zone
                : start->kind == WHEN_FLOATING ? zone_utc()
                                               : desk->zone,
    };

    *day_out = ical_when_value(&times, text, NULL);
    if (day_out->kind == WHEN_NONE || series->recurrence == NULL ||
        (day_out->kind == WHEN_DATE) != (start->kind == WHEN_DATE))
        return false;
    day_out->kind = start->kind;
    day_out->zone = start->zone;
    return when_on_day(start, when_day(day_out)).instant == day_out->instant &&
           series_instance_index(series, day_out) != 0 &&
           !is_deleted(series, day_out);
}

static void add_day(struct attaching *attaching, const struct when *day)
{
    for (size_t i = 0; i < attaching->day_count; i++)
        if (attaching->days[i].instant == day->instant)
            return;
    attaching->days[attaching->day_count++] = *day;
}

/* The places that are named. */
static enum status read_places(struct attaching *attaching,
                               struct object_written *written_out)
{
    const char *const *names = attaching->wish->days;
    size_t count = 0;

    while (names[count] != NULL)
        count++;
    if (count == 0 || count > OBJECT_DAYS_MAX)
        return refuse(attaching, written_out, OBJECT_DAY,
                      "So many days are not named at once");
    attaching->days =
        arena_array(attaching->desk.op->arena, count, sizeof *attaching->days);
    for (size_t i = 0; i < count; i++) {
        struct when day;

        if (str_equal(names[i], "M"))
            attaching->on_master = true;
        else if (read_day(attaching, names[i], &day))
            add_day(attaching, &day);
        else
            return refuse(attaching, written_out, OBJECT_DAY,
                          "The event has no such day");
    }
    return STATUS_OK;
}

/* All of it: the event, and those of its days that may have files of their
 * own; of a day's own file that day. */
static void take_all(struct attaching *attaching)
{
    const struct series *series = &attaching->before;
    const struct event_attachment *gone = attaching->gone;

    attaching->whole = true;
    attaching->on_master =
        gone == NULL ||
        attachment_of_id(attaching_main(series), gone->id) != NULL;
    if (!series->has_master || series->recurrence == NULL)
        return;
    attaching->days =
        arena_array(attaching->desk.op->arena, series->exception_count + 1,
                    sizeof *attaching->days);
    for (size_t i = 0; i < series->exception_count; i++) {
        const struct event *day = &series->exceptions[i];

        if (series_instance_index(series, &day->occurrence) != 0 &&
            (attaching->on_master || attachment_of_id(day, gone->id) != NULL))
            add_day(attaching, &day->occurrence);
    }
}

/* Whether there is room for one more. */
static bool has_room(const struct series *series)
{
    size_t most = attaching_main(series)->attachment_count;

    for (size_t i = 0; i < series->exception_count; i++)
        if (series->exceptions[i].attachment_count > most)
            most = series->exceptions[i].attachment_count;
    return most < EVENT_ATTACHMENTS_MAX;
}

enum status attaching_plan(struct attaching *attaching,
                           struct object_written *written_out)
{
    const struct object_attaching *wish = attaching->wish;
    enum status status =
        attaching_read(&attaching->desk, &attaching->row, &attaching->before);

    if (status != STATUS_OK)
        return status;
    attaching->now = attaching->before;
    if (wish->id != NULL) {
        const struct event_attachment *gone =
            attaching_find(&attaching->before, wish->id);
        if (gone != NULL)
            attaching->gone =
                arena_memdup(attaching->desk.op->arena, gone, sizeof *gone);
    }
    if (wish->id == NULL && !attaching->tried && !has_room(&attaching->before))
        return refuse(attaching, written_out, OBJECT_FILES,
                      "So many files cannot be attached");
    if (wish->days != NULL)
        return read_places(attaching, written_out);
    take_all(attaching);
    return STATUS_OK;
}
