/*
 * object_read.c - whole events, tasks and contacts, many at a time
 *
 * Objects are read in rounds of one batch each.  Of series a second batch
 * brings the exceptions of all masters in the round: an object that lacks one
 * of them is not told as if it were whole.  Of contacts it brings the pictures.
 */
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/exchange/ews/attachments.h"
#include "proxy/exchange/ews/batch.h"
#include "proxy/exchange/ews/contact_map.h"
#include "proxy/exchange/ews/event_map.h"
#include "proxy/exchange/ews/kept.h"
#include "proxy/exchange/ews/legacy_names.h"
#include "proxy/exchange/ews/objects.h"
#include "proxy/exchange/ews/task_map.h"

#define OBJECTS_AT_ONCE 50
#define EXCEPTIONS_AT_ONCE 50

/* One exception that is still to be read. */
struct missing {
    size_t owner; /* of the round's objects */
    struct event *exception;
};

/* One batch of objects of one kind. */
struct round {
    struct ews *ews;
    struct arena *arena;
    const struct zone *zone;
    enum remote_object_kind kind;
    const struct remote_object *objects; /* all that were asked for */
    size_t numbers[OBJECTS_AT_ONCE];     /* which of them are in the round */
    size_t count;
    bool answered[OBJECTS_AT_ONCE];
    struct remote_object_read reads[OBJECTS_AT_ONCE];
    struct series *series[OBJECTS_AT_ONCE];
    struct contact *contacts[OBJECTS_AT_ONCE];
    struct missing *missing;
    size_t missing_count;
    struct legacy_names names;
};

/* --- Asking --------------------------------------------------------------- */

static void write_shape(struct soap_request *request,
                        enum remote_object_kind kind)
{
    struct xml_writer *writer = &request->writer;

    xml_open(writer, "m:ItemShape");
    xml_element(writer, "t:BaseShape", "IdOnly");
    xml_element(writer, "t:BodyType",
                kind == REMOTE_CONTACT || kind == REMOTE_GROUP ? "Text"
                                                               : "Best");
    xml_open(writer, "t:AdditionalProperties");
    switch (kind) {
    case REMOTE_EVENT:
        event_want(request);
        break;
    case REMOTE_TASK:
        task_want(request);
        break;
    default:
        contact_want(request, kind == REMOTE_GROUP);
    }
    xml_close(writer);
    xml_close(writer);
}

static void build_objects(void *context, struct soap_request *request,
                          const size_t which[], size_t count)
{
    const struct round *round = context;

    write_shape(request, round->kind);
    xml_open(&request->writer, "m:ItemIds");
    for (size_t i = 0; i < count; i++)
        object_write_id(&request->writer, "t:ItemId",
                        round->objects[round->numbers[which[i]]].id, NULL);
    xml_close(&request->writer);
}

static void build_exceptions(void *context, struct soap_request *request,
                             const size_t which[], size_t count)
{
    const struct round *round = context;

    write_shape(request, REMOTE_EVENT);
    xml_open(&request->writer, "m:ItemIds");
    for (size_t i = 0; i < count; i++)
        object_write_id(&request->writer, "t:ItemId",
                        round->missing[which[i]].exception->id, NULL);
    xml_close(&request->writer);
}

/* --- Answers -------------------------------------------------------------- */

/* Somebody else's private matters are shown to whom he lets see them. */
static bool is_hidden(const struct round *round, const struct xml_node *item)
{
    const struct xml_node *rights = xml_child(item, "EffectiveRights");
    const char *shown = xml_child_text(rights, "ViewPrivateItems");
    const char *class = xml_child_text(item, "Sensitivity");

    if (!str_equal(class, "Private") && !str_equal(class, "Confidential"))
        return false;
    if (shown != NULL)
        return !str_equal(shown, "true");
    return object_is_foreign(round->ews);
}

static void read_object(struct round *round, size_t i,
                        const struct xml_node *item)
{
    struct remote_object_read *read = &round->reads[i];
    const char *kept = property_text(item, &property_kept);

    if (!object_read_row(round->arena, item, &read->object)) {
        read->status = STATUS_CORRUPT;
        return;
    }
    if (kept != NULL && *kept != '\0')
        read->kept = kept_unpack(round->arena, kept);
    read->hidden = is_hidden(round, item);
    switch (read->object.kind) {
    case REMOTE_EVENT:
        round->series[i] = event_read_master(round->arena, item, round->zone);
        read->series = round->series[i];
        break;
    case REMOTE_TASK:
        read->task = task_read(round->arena, item, round->zone);
        break;
    case REMOTE_CONTACT:
    case REMOTE_GROUP:
        round->contacts[i] = contact_read(round->arena, item, round->zone);
        read->contact = round->contacts[i];
        break;
    case REMOTE_OTHER:
        break;
    }
}

static const struct xml_node *item_of(const struct soap_message *message)
{
    const struct xml_node *items = xml_child(message->node, "Items");

    return items != NULL ? items->children : NULL;
}

static void take_object(void *context, size_t which,
                        const struct soap_message *message)
{
    struct round *round = context;
    struct remote_object_read *read = &round->reads[which];
    const struct xml_node *item = item_of(message);

    /* Without a word from Exchange it is for the caller to give up. */
    if (message->node == NULL)
        return;
    round->answered[which] = true;
    read->status = message->verdict.status;
    if (read->status == STATUS_OK && item == NULL)
        read->status = STATUS_NOT_FOUND;
    if (read->status == STATUS_OK)
        read_object(round, which, item);
}

/* An exception that has gone says that its series is another one by now. */
static void take_exception(void *context, size_t which,
                           const struct soap_message *message)
{
    struct round *round = context;
    const struct missing *missing = &round->missing[which];
    struct remote_object_read *read = &round->reads[missing->owner];
    const struct xml_node *item = item_of(message);
    enum status status = message->verdict.status;

    if (status == STATUS_OK && item == NULL)
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK)
        event_read_exception(round->arena, item, round->series[missing->owner],
                             round->zone, missing->exception);
    else if (read->status == STATUS_OK)
        read->status = status == STATUS_NOT_FOUND ? STATUS_UNAVAILABLE : status;
}

/* --- Rounds --------------------------------------------------------------- */

static void find_missing(struct round *round)
{
    size_t count = 0;

    for (size_t i = 0; i < round->count; i++)
        if (round->series[i] != NULL && round->series[i]->has_master)
            count += round->series[i]->exception_count;
    round->missing =
        arena_array(round->arena, count + 1, sizeof *round->missing);
    round->missing_count = 0;
    for (size_t i = 0; i < round->count; i++) {
        struct series *series = round->series[i];
        if (series == NULL || !series->has_master)
            continue;
        for (size_t n = 0; n < series->exception_count; n++)
            round->missing[round->missing_count++] =
                (struct missing){ i, &series->exceptions[n] };
    }
}

static enum status read_exceptions(struct op *op, struct round *round)
{
    struct batch batch = {
        .operation = "GetItem",
        .count = round->missing_count,
        .most = EXCEPTIONS_AT_ONCE,
        .build = build_exceptions,
        .done = take_exception,
        .context = round,
    };

    return batch_run(op, round->ews, &batch);
}

/* A picture that cannot be read is one that is not here. */
static enum status read_photos(struct op *op, struct round *round)
{
    const char *ids[OBJECTS_AT_ONCE];
    struct contact *owners[OBJECTS_AT_ONCE];
    struct event_attachment photos[OBJECTS_AT_ONCE];
    enum status statuses[OBJECTS_AT_ONCE];
    size_t count = 0;

    for (size_t i = 0; i < round->count; i++)
        if (round->contacts[i] != NULL && round->contacts[i]->has_photo) {
            owners[count] = round->contacts[i];
            ids[count++] = round->contacts[i]->photo_id;
        }
    enum status status = attachments_fetch(op, round->ews, round->arena, ids,
                                           count, photos, statuses);
    for (size_t i = 0; i < count && status == STATUS_OK; i++)
        if (statuses[i] == STATUS_OK) {
            owners[i]->photo = photos[i].data;
            owners[i]->photo_len = photos[i].len;
            owners[i]->photo_type = photos[i].type;
        }
    return status;
}

static enum status read_round(struct op *op, struct round *round)
{
    struct batch batch = {
        .operation = "GetItem",
        .count = round->count,
        .most = OBJECTS_AT_ONCE,
        .build = build_objects,
        .done = take_object,
        .context = round,
    };

    memset(round->answered, 0, sizeof round->answered);
    memset(round->reads, 0, sizeof round->reads);
    memset(round->series, 0, sizeof round->series);
    memset(round->contacts, 0, sizeof round->contacts);
    enum status status = batch_run(op, round->ews, &batch);
    if (status != STATUS_OK)
        return status;
    find_missing(round);
    if (round->missing_count > 0)
        status = read_exceptions(op, round);
    if (status == STATUS_OK && round->kind == REMOTE_GROUP)
        status =
            contact_read_members(op, round->ews, round->reads, round->contacts,
                                 round->count, round->arena);
    if (status == STATUS_OK)
        status = read_photos(op, round);
    for (size_t i = 0; i < round->count && status == STATUS_OK; i++)
        status = legacy_names_resolve(op, round->ews, &round->names,
                                      round->series[i], round->contacts[i]);
    return status;
}

static bool hand_over(struct round *round,
                      bool (*each)(void *context,
                                   const struct remote_object_read *read),
                      void *context)
{
    for (size_t i = 0; i < round->count; i++) {
        struct remote_object_read *read = &round->reads[i];

        if (!round->answered[i])
            continue;
        read->index = round->numbers[i];
        if (read->status != STATUS_OK)
            read->object = round->objects[read->index];
        if (!each(context, read))
            return false;
    }
    return true;
}

/* The next objects of the round's kind from `*at` on. */
static void fill_round(struct round *round, size_t *at, size_t count)
{
    round->count = 0;
    for (; *at < count && round->count < OBJECTS_AT_ONCE; ++*at)
        if (round->objects[*at].kind == round->kind)
            round->numbers[round->count++] = *at;
}

enum status ews_objects_read(
    struct op *op, struct remote *remote, const struct zone *zone,
    const struct remote_object objects[], size_t count,
    bool (*each)(void *context, const struct remote_object_read *read),
    void *context)
{
    struct round round = { .ews = ews_of(remote),
                           .arena = arena_new(),
                           .zone = zone,
                           .objects = objects,
                           .names = { .arena = op->arena } };
    enum status status = STATUS_OK;
    bool wanted = true;

    /* Each kind has properties of its own, which others do not know. */
    for (unsigned kind = REMOTE_EVENT;
         kind <= REMOTE_GROUP && status == STATUS_OK && wanted; kind++) {
        round.kind = (enum remote_object_kind)kind;
        for (size_t at = 0; at < count && status == STATUS_OK && wanted;) {
            arena_reset(round.arena);
            fill_round(&round, &at, count);
            if (round.count == 0)
                break;
            status = read_round(op, &round);
            if (status == STATUS_OK)
                wanted = hand_over(&round, each, context);
        }
    }
    arena_free(&round.arena);
    if (!wanted)
        return op_fail(op, STATUS_CANCELLED, "the objects are not wanted");
    return status;
}
