/*
 * report_busy.c - free-busy-query: when a calendar is busy (RFC 4791, 7.10)
 */
#include <string.h>

#include "caldav/report.h"
#include "caldav/shape.h"
#include "proxy/base/arena.h"
#include "proxy/exchange/schedule.h"
#include "proxy/format/ical_busy.h"

struct busy {
    struct ical_periods periods;
    const struct zone *zone;
    const char *const *self;
    enum status status;
};

static bool add(void *context, size_t index, enum status status,
                const struct object *object, const char *text, size_t len)
{
    struct busy *busy = context;

    (void)index, (void)object;
    if (status == STATUS_OK)
        ical_periods_add_text(&busy->periods, text, len, busy->zone,
                              busy->self);
    else if (status != STATUS_NOT_FOUND && status != STATUS_CORRUPT)
        busy->status = status;
    return busy->status == STATUS_OK;
}

static enum status add_folder(struct dav_call *call, struct busy *busy,
                              const struct folder *folder)
{
    struct object_marks marks;
    struct object *objects = NULL;
    size_t count = 0, kept = 0;
    enum status status =
        objects_refresh(call->op, call->account, folder->id, &marks);

    if (status == STATUS_OK)
        status =
            objects_list(call->op, call->account, folder->id, &objects, &count);
    if (status != STATUS_OK)
        return status;
    const char **names = arena_array(call->op->arena, count + 1, sizeof *names);
    for (size_t i = 0; i < count; i++)
        if (objects[i].kind == OBJECT_EVENT &&
            (!objects[i].known ||
             (objects[i].to >= busy->periods.from &&
              objects[i].from <= busy->periods.to)))
            names[kept++] = objects[i].name;
    status = objects_read(call->op, call->account, folder->id, names, kept,
                          VCARD_3, add, busy);
    return busy->status != STATUS_OK ? busy->status : status;
}

/* What Exchange tells of somebody whose calendar is shut. */
static enum status add_person(struct dav_call *call, struct busy *busy)
{
    struct busy_person person = { 0 };
    enum status status =
        schedule_busy(call->op, call->account, &call->place.owner, 1,
                      busy->periods.from, busy->periods.to, &person);

    for (size_t i = 0; status == STATUS_OK && i < person.count; i++)
        ical_periods_add(&busy->periods, person.times[i].from,
                         person.times[i].to, person.times[i].busy);
    return status != STATUS_OK ? status : person.status;
}

static enum status add_all(struct dav_call *call, struct busy *busy)
{
    struct dav_place *places =
        arena_array(call->op->arena, call->tree.count + 1, sizeof *places);
    enum status status = STATUS_OK;

    if (call->place.folder != NULL && call->place.folder->made)
        return add_person(call, busy);
    if (call->place.kind != DAV_HOME)
        return add_folder(call, busy, call->place.folder);
    size_t count = dav_place_children(&call->tree, &call->place, places);
    for (size_t i = 0; i < count && status == STATUS_OK; i++)
        if (places[i].kind == DAV_CALENDAR)
            status = add_folder(call, busy, places[i].folder);
    return status;
}

enum status dav_report_free_busy(struct dav_call *call,
                                 const struct dav_node *root)
{
    struct op *op = call->op;
    struct busy busy = { .zone = schedule_zone(op, call->account) };
    struct ical_range range;

    if (!dav_read_range(dav_child(root, "C:time-range"), &range))
        return dav_refuse(call, 400, NULL, "The time range is none");
    busy.periods = (struct ical_periods){ .arena = op->arena,
                                          .from = range.from,
                                          .to = range.to };
    enum status status = schedule_addresses(op, call->account, &busy.self);
    if (status == STATUS_OK)
        status = add_all(call, &busy);
    if (status != STATUS_OK)
        return status;
    ical_periods_merge(&busy.periods);
    const char *text = ical_write_busy(&busy.periods, NULL, 0);
    dav_reply_whole(call->reply, 200, "text/calendar; charset=utf-8", text,
                    strlen(text));
    return STATUS_OK;
}
