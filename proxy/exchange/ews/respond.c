/*
 * respond.c - answering invitations, and taking objects away
 */
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/exchange/ews/objects.h"
#include "proxy/exchange/ews/occurrences.h"
#include "proxy/format/recurrence.h"

/* --- Taking away ---------------------------------------------------------- */

struct removal {
    const char *id;
    bool to_trash;
    enum remote_notice notice;
};

static void build_removal(void *context, struct soap_request *request)
{
    const struct removal *removal = context;
    struct xml_writer *writer = &request->writer;

    xml_attribute(writer, "DeleteType",
                  removal->to_trash ? "MoveToDeletedItems" : "HardDelete");
    xml_attribute(writer, "SendMeetingCancellations",
                  object_notice(removal->notice));
    xml_attribute(writer, "AffectedTaskOccurrences", "AllOccurrences");
    xml_open(writer, "m:ItemIds");
    object_write_id(writer, "t:ItemId", removal->id, NULL);
    xml_close(writer);
}

enum status ews_object_remove(struct op *op, struct remote *remote,
                              const struct remote_object *object, bool to_trash,
                              enum remote_notice notice)
{
    struct removal removal = { object->id, to_trash, notice };
    struct soap_call call = { .operation = "DeleteItem",
                              .write = true,
                              .build = build_removal,
                              .context = &removal };

    return soap_ask(op, ews_of(remote), &call, op->arena, NULL);
}

/* --- One day of a series -------------------------------------------------- */

/* A day is known by its place in the series, so the series is read; an answer
 * wants the day's own id, so that is asked for. */
struct finding {
    struct op *op;
    const struct when *day;
    const char *id; /* of a day that is an exception already */
    uint32_t index;
};

static bool take_series(void *context, const struct remote_object_read *read)
{
    struct finding *finding = context;
    const struct series *series = read->series;

    if (read->status != STATUS_OK || series == NULL || !series->has_master)
        return true;
    for (size_t i = 0; i < series->exception_count; i++)
        if (series->exceptions[i].occurrence.instant == finding->day->instant)
            finding->id =
                arena_strdup(finding->op->arena, series->exceptions[i].id);
    if (series->recurrence != NULL)
        finding->index = series_instance_index(series, finding->day);
    return true;
}

/* An item by its id or its place, to be asked for what it is by now. */
struct naming {
    const char *master;
    struct occurrence day;
};

static void build_naming(void *context, struct soap_request *request)
{
    const struct naming *naming = context;
    struct xml_writer *writer = &request->writer;

    xml_open(writer, "m:ItemShape");
    xml_element(writer, "t:BaseShape", "IdOnly");
    xml_close(writer);
    xml_open(writer, "m:ItemIds");
    occurrence_write_id(writer, naming->master, &naming->day);
    xml_close(writer);
}

static enum status name_item(struct op *op, struct ews *ews,
                             struct naming *naming,
                             struct remote_result *result)
{
    struct soap_call call = { .operation = "GetItem",
                              .build = build_naming,
                              .context = naming };
    const struct xml_node *message;
    enum status status = soap_ask(op, ews, &call, op->arena, &message);

    if (status == STATUS_OK)
        object_take_id(op->arena, message, result);
    return status;
}

static enum status find_day(struct op *op, struct remote *remote,
                            const struct remote_object *object,
                            const struct when *day, const char **id_out)
{
    struct finding finding = { .op = op, .day = day };
    const struct zone *zone = day->zone != NULL ? day->zone : zone_local();
    struct remote_object event = *object;

    event.kind = REMOTE_EVENT;
    enum status status =
        ews_objects_read(op, remote, zone, &event, 1, take_series, &finding);
    if (status != STATUS_OK)
        return status;
    *id_out = finding.id;
    if (finding.id != NULL)
        return STATUS_OK;
    if (finding.index == 0)
        return op_fail(op, STATUS_NOT_FOUND, "no such day in the series");
    struct naming naming = { object->id, { .index = finding.index } };
    struct remote_result named = { .id = NULL };
    status = name_item(op, ews_of(remote), &naming, &named);
    *id_out = named.id;
    return status == STATUS_OK && named.id == NULL ? STATUS_NOT_FOUND : status;
}

/* --- Answers -------------------------------------------------------------- */

struct reply {
    const char *element;
    const char *id;
    const char *change_key;
    const char *comment;
    bool send;
};

static void build_reply(void *context, struct soap_request *request)
{
    const struct reply *reply = context;
    struct xml_writer *writer = &request->writer;

    xml_attribute(writer, "MessageDisposition",
                  reply->send ? "SendAndSaveCopy" : "SaveOnly");
    xml_open(writer, "m:Items");
    xml_open(writer, reply->element);
    if (reply->comment != NULL && *reply->comment != '\0') {
        xml_open(writer, "t:Body");
        xml_attribute(writer, "BodyType", "Text");
        xml_text(writer, reply->comment);
        xml_close(writer);
    }
    object_write_id(writer, "t:ReferenceItemId", reply->id, reply->change_key);
    xml_close(writer);
    xml_close(writer);
}

static const char *const elements[] = {
    [ANSWER_ACCEPTED] = "t:AcceptItem",
    [ANSWER_TENTATIVE] = "t:TentativelyAcceptItem",
    [ANSWER_DECLINED] = "t:DeclineItem",
};

/* Among what an answer makes is the event, as it is by now. */
static void take_event(struct op *op, const struct xml_node *message,
                       struct remote_result *result)
{
    const struct xml_node *items = xml_child(message, "Items");

    for (const struct xml_node *at = items != NULL ? items->children : NULL;
         at != NULL; at = at->next)
        if (strcmp(at->name, "CalendarItem") == 0) {
            const struct xml_node *id = xml_child(at, "ItemId");
            result->id = arena_strdup(op->arena, xml_value(id, "Id"));
            result->change_key =
                arena_strdup(op->arena, xml_value(id, "ChangeKey"));
        }
}

/* Where the answer does not tell what the event is by now, Exchange is asked;
 * that it has been answered is true in any case. */
static void find_event(struct op *op, struct ews *ews,
                       const struct remote_object *object,
                       struct remote_result *result)
{
    struct naming naming = { .day = { .id = object->id } };
    struct op quiet = *op;

    if (result->change_key == NULL)
        name_item(&quiet, ews, &naming, result);
}

enum status ews_object_respond(struct op *op, struct remote *remote,
                               const struct remote_object *object,
                               const struct when *occurrence,
                               enum event_answer answer, const char *comment,
                               bool send, struct remote_result *result)
{
    struct reply reply = { .id = object->id,
                           .change_key = object->change_key,
                           .comment = comment,
                           .send = send };
    struct soap_call call = { .operation = "CreateItem",
                              .write = true,
                              .build = build_reply,
                              .context = &reply };
    const struct xml_node *message;

    *result = (struct remote_result){ STATUS_CANNOT, object->id, NULL };
    if (answer != ANSWER_ACCEPTED && answer != ANSWER_TENTATIVE &&
        answer != ANSWER_DECLINED)
        return op_fail(op, STATUS_CANNOT, "no answer to give");
    reply.element = elements[answer];
    if (occurrence != NULL) {
        result->status = find_day(op, remote, object, occurrence, &reply.id);
        if (result->status != STATUS_OK)
            return result->status;
        reply.change_key = NULL;
    }
    result->status = soap_ask(op, ews_of(remote), &call, op->arena, &message);
    if (result->status != STATUS_OK)
        return result->status;
    if (occurrence == NULL && answer == ANSWER_DECLINED) {
        result->id = NULL;
        return STATUS_OK;
    }
    /* That of a day is the day's, and the object is the series. */
    if (occurrence == NULL)
        take_event(op, message, result);
    find_event(op, ews_of(remote), object, result);
    return STATUS_OK;
}
