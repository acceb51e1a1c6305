/*
 * days.c - days of a series as items of their own
 *
 * An attachment is made at an item by its id, and Exchange takes no
 * OccurrenceItemId for that: the id of a day is asked for by its place in the
 * series.  What is attached there at once makes it an exception.
 */
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/exchange/ews/attachments.h"
#include "proxy/exchange/ews/batch.h"
#include "proxy/exchange/ews/objects.h"
#include "proxy/exchange/ews/occurrences.h"
#include "proxy/format/recurrence.h"

#define DAYS_AT_ONCE 50

struct looking {
    struct arena *arena;
    const char *master;
    const struct occurrence *days;
    struct event *events;
    enum status status; /* the first failure */
};

static void build(void *context, struct soap_request *request,
                  const size_t which[], size_t count)
{
    const struct looking *looking = context;
    struct xml_writer *writer = &request->writer;

    xml_open(writer, "m:ItemShape");
    xml_element(writer, "t:BaseShape", "IdOnly");
    xml_open(writer, "t:AdditionalProperties");
    xml_open(writer, "t:FieldURI");
    xml_attribute(writer, "FieldURI", "item:Attachments");
    xml_close(writer);
    xml_close(writer);
    xml_close(writer);
    xml_open(writer, "m:ItemIds");
    for (size_t i = 0; i < count; i++)
        occurrence_write_id(writer, looking->master, &looking->days[which[i]]);
    xml_close(writer);
}

/* What is no day of the series, or none any more, is not there. */
static enum status status_of(const struct soap_message *message)
{
    if (strcmp(message->code,
               "ErrorCalendarOccurrenceIsDeletedFromRecurrence") == 0 ||
        strcmp(message->code,
               "ErrorCalendarOccurrenceIndexIsOutOfRecurrenceRange") == 0)
        return STATUS_NOT_FOUND;
    return message->verdict.status;
}

static void take(void *context, size_t which,
                 const struct soap_message *message)
{
    struct looking *looking = context;
    struct event *event = &looking->events[which];
    const struct xml_node *items = xml_child(message->node, "Items");
    const struct xml_node *item = items != NULL ? items->children : NULL;
    enum status status = status_of(message);

    if (status == STATUS_OK) {
        event->id = arena_strdup(looking->arena,
                                 xml_value(xml_child(item, "ItemId"), "Id"));
        attachments_read(looking->arena, xml_child(item, "Attachments"),
                         &event->attachments, &event->attachment_count);
        if (event->id == NULL)
            status = STATUS_CORRUPT;
    }
    if (looking->status == STATUS_OK)
        looking->status = status;
}

enum status ews_days(struct op *op, struct remote *remote,
                     const struct remote_object *object,
                     const struct series *series, const struct when days[],
                     size_t count, struct event events_out[])
{
    struct occurrence *places = arena_array(op->arena, count, sizeof *places);
    struct looking looking = { .arena = op->arena,
                               .master = object->id,
                               .days = places,
                               .events = events_out };
    struct batch batch = { .operation = "GetItem",
                           .count = count,
                           .most = DAYS_AT_ONCE,
                           .build = build,
                           .done = take,
                           .context = &looking };

    for (size_t i = 0; i < count; i++) {
        places[i].index = series_instance_index(series, &days[i]);
        events_out[i] = (struct event){ .occurrence = days[i] };
        if (places[i].index == 0)
            return op_fail(op, STATUS_NOT_FOUND, "no day of the series");
    }
    enum status status = batch_run(op, ews_of(remote), &batch);
    return status != STATUS_OK ? status : looking.status;
}
