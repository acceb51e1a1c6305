/*
 * report_query.c - calendar-query: objects that fit a filter (RFC 4791, 7.8)
 *
 * When a text is in the index, so is what it spans in time; what cannot fit by
 * that is not looked at.  The rest is read and looked at whole.
 */
#include <string.h>

#include "caldav/filter.h"
#include "caldav/listing.h"
#include "caldav/report.h"
#include "caldav/shape.h"
#include "caldav/zone.h"
#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/exchange/schedule.h"

struct query {
    struct dav_call *call;
    struct dav_multistatus out;
    struct dav_ask ask;
    struct dav_shape shape;
    const struct ical_comp_filter *filter;
    const struct zone *zone;
    struct arena *scratch; /* for one text */

    /* Of the folder at hand: */
    struct dav_resource folder;
    struct object *objects;
    const char *const *names;
    size_t count;
};

static bool put(struct query *query, const struct object *object,
                const char *text)
{
    struct dav_resource member = dav_resource_member(&query->folder, object);

    member.text = text;
    return dav_response_props(&query->out, &member, &query->ask);
}

static const char *href_of(const struct query *query, size_t index)
{
    return dav_place_object(query->call->op->arena, &query->folder.place,
                            query->names[index])
        .href;
}

static bool put_fitting(void *context, size_t index, enum status status,
                        const struct object *object, const char *text,
                        size_t len)
{
    struct query *query = context;

    /* One that has gone fits nothing; of one that cannot be read nobody knows.
     */
    if (status == STATUS_NOT_FOUND)
        return true;
    if (status != STATUS_OK)
        return dav_response_status(&query->out, href_of(query, index),
                                   dav_words(status)->code, NULL);
    arena_reset(query->scratch);
    if (!ical_matches(query->scratch, text, len, query->filter, query->zone))
        return true;
    if (!query->shape.wanted)
        return put(query, object, NULL);
    text = dav_shaped(query->call, &query->shape, object, href_of(query, index),
                      text, len);
    if (text != NULL)
        return put(query, object, text);
    return dav_response_status(&query->out, href_of(query, index), 507,
                               "C:max-instances");
}

/* Leaves out what cannot fit. */
static void narrow(struct query *query)
{
    const char **names =
        arena_array(query->call->op->arena, query->count + 1, sizeof *names);
    enum ical_kind kind;
    struct ical_range range;
    size_t kept = 0;

    ical_filter_bounds(query->filter, &kind, &range);
    for (size_t i = 0; i < query->count; i++) {
        const struct object *object = &query->objects[i];

        if ((kind == ICAL_EVENT && object->kind != OBJECT_EVENT) ||
            (kind == ICAL_TASK && object->kind != OBJECT_TASK) ||
            (object->known &&
             (object->to < range.from || object->from > range.to)))
            continue;
        names[kept] = object->name;
        query->objects[kept++] = *object;
    }
    query->names = names;
    query->count = kept;
}

static enum status list(struct query *query, const struct dav_place *place)
{
    struct dav_call *call = query->call;
    const struct object_marks *marks;

    query->folder = (struct dav_resource){ .call = call, .place = *place };
    enum status status = dav_resource_marks(&query->folder, &marks);
    if (status == STATUS_OK)
        status = objects_list(call->op, call->account, place->folder->id,
                              &query->objects, &query->count);
    return status;
}

static enum status answer_folder(struct query *query,
                                 const struct dav_place *place)
{
    struct dav_call *call = query->call;
    enum status status = list(query, place);

    if (status != STATUS_OK)
        return status;
    narrow(query);
    if (query->shape.wanted || !dav_filter_is_kind_only(query->filter))
        return objects_read(call->op, call->account, place->folder->id,
                            query->names, query->count, VCARD_3, put_fitting,
                            query);
    for (size_t i = 0; i < query->count; i++)
        if (!put(query, &query->objects[i], NULL))
            break;
    return STATUS_OK;
}

static enum status answer_home(struct query *query)
{
    struct dav_call *call = query->call;
    struct dav_place *places =
        arena_array(call->op->arena, call->tree.count + 1, sizeof *places);
    size_t count = dav_place_children(&call->tree, &call->place, places);
    enum status status = STATUS_OK;

    for (size_t i = 0; i < count && status == STATUS_OK; i++)
        if (places[i].kind != DAV_CONTACTS)
            status = answer_folder(query, &places[i]);
    return status;
}

static enum status answer_object(struct query *query)
{
    struct dav_call *call = query->call;
    struct dav_place folder =
        dav_place_of(&call->tree, call->place.folder, call->place.owner);
    struct object object;
    enum status status = dav_object_find(call, &call->place, &object);

    if (status == STATUS_OK && object.name == NULL)
        status = STATUS_NOT_FOUND;
    if (status != STATUS_OK)
        return status;
    query->folder = (struct dav_resource){ .call = call, .place = folder };
    query->names = &call->place.name;
    return objects_read(call->op, call->account, call->place.folder->id,
                        &call->place.name, 1, VCARD_3, put_fitting, query);
}

static enum status answer_place(struct query *query)
{
    switch (query->call->place.kind) {
    case DAV_HOME:
        return answer_home(query);
    case DAV_OBJECT:
        return answer_object(query);
    case DAV_CALENDAR:
    case DAV_TASKS:
        return answer_folder(query, &query->call->place);
    default: /* in boxes of others, and in the outbox, there is nothing */
        return query->call->place.folder != NULL
                   ? answer_folder(query, &query->call->place)
                   : STATUS_OK;
    }
}

enum status dav_report_calendar_query(struct dav_call *call,
                                      const struct dav_node *root)
{
    const struct dav_node *prop = dav_child(root, "D:prop");
    struct query query = { .call = call };

    query.ask.kind = prop == NULL ? DAV_ASK_ALL : DAV_ASK_SOME;
    dav_ask_read(call->op->arena, prop, &query.ask);
    if (!dav_shape_read(call, prop, &query.shape) ||
        !dav_filter_read(call, dav_child(root, "C:filter"), &query.filter) ||
        !dav_zone_read(call, root, &query.zone))
        return STATUS_OK;
    call->tags =
        !query.shape.wanted && dav_asks_for(&query.ask, "C:schedule-tag");
    dav_multistatus_init(&query.out, call);
    query.scratch = arena_new();
    enum status status = answer_place(&query);
    arena_free(&query.scratch);
    return status == STATUS_OK ? dav_multistatus_end(&query.out, NULL) : status;
}
