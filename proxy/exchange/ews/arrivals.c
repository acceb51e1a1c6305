/*
 * arrivals.c - messages about meetings that have come into a folder
 *
 * Which meeting one is about its global object id tells (MS-OXOCAL, 2.2.1.27):
 * in front the day of an occurrence, behind it the UID, or what Exchange has
 * made up for one.
 */
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/base64.h"
#include "proxy/base/str.h"
#include "proxy/exchange/ews/objects.h"
#include "proxy/exchange/ews/property.h"
#include "proxy/exchange/ews/restriction.h"

#define MOST "200"

/* Of a global object id: where its data begins, and what is before a UID that
 * is not Exchange's. */
#define DATA_AT 40
static const char foreign[12] = "vCal-Uid\1\0\0\0";

/* clang-format off */
static const struct property item_class = { PROPERTY_FIELD, 0, "item:ItemClass", NULL };
static const struct property received   = { PROPERTY_FIELD, 0, "item:DateTimeReceived", NULL };
static const struct property processed  = { PROPERTY_FIELD, 0, "meeting:HasBeenProcessed", NULL };
static const struct property clean_id   = { PROPERTY_MEETING, 0x23, NULL, "Binary" };
static const struct property global_id  = { PROPERTY_MEETING, 0x03, NULL, "Binary" };

static const struct {
    const char *beginning; /* of the class */
    enum remote_message kind;
} classes[] = {
    { "IPM.Schedule.Meeting.Request",  REMOTE_REQUEST },
    { "IPM.Schedule.Meeting.Canceled", REMOTE_CANCELLATION },
    { "IPM.Schedule.Meeting.Resp.",    REMOTE_REPLY },
};
/* clang-format on */

/* --- Asking --------------------------------------------------------------- */

static void write_shape(struct xml_writer *writer)
{
    xml_open(writer, "m:ItemShape");
    xml_element(writer, "t:BaseShape", "IdOnly");
    xml_open(writer, "t:AdditionalProperties");
    property_write_path(writer, &item_class);
    property_write_path(writer, &processed);
    property_write_path(writer, &clean_id);
    property_write_path(writer, &global_id);
    xml_close(writer);
    xml_close(writer);
}

static void write_order(struct xml_writer *writer,
                        const struct property *property)
{
    xml_open(writer, "t:FieldOrder");
    xml_attribute(writer, "Order", "Descending");
    property_write_path(writer, property);
    xml_close(writer);
}

static void build(void *context, struct soap_request *request)
{
    struct xml_writer *writer = &request->writer;

    xml_attribute(writer, "Traversal", "Shallow");
    write_shape(writer);
    xml_open(writer, "m:IndexedPageItemView");
    xml_attribute(writer, "MaxEntriesReturned", MOST);
    xml_attribute(writer, "Offset", "0");
    xml_attribute(writer, "BasePoint", "Beginning");
    xml_close(writer);
    xml_open(writer, "m:Restriction");
    restriction_begins(writer, &item_class, "IPM.Schedule.Meeting.");
    xml_close(writer);
    xml_open(writer, "m:SortOrder");
    write_order(writer, &received);
    write_order(writer, &property_article);
    xml_close(writer);
    xml_open(writer, "m:ParentFolderIds");
    soap_folder(writer, context);
    xml_close(writer);
}

/* --- Answers -------------------------------------------------------------- */

static const char *uid_of(struct arena *arena, const char *text)
{
    size_t len = 0;
    const char *id =
        text != NULL ? base64_decode(arena, text, strlen(text), &len) : NULL;

    if (id == NULL || len <= DATA_AT)
        return NULL;
    if (len > DATA_AT + sizeof foreign &&
        memcmp(id + DATA_AT, foreign, sizeof foreign) == 0)
        return arena_strndup(arena, id + DATA_AT + sizeof foreign,
                             len - DATA_AT - sizeof foreign);
    char *digits = arena_alloc(arena, 2 * len + 1);
    for (size_t i = 0; i < len; i++) {
        digits[2 * i] = "0123456789ABCDEF"[(unsigned char)id[i] >> 4];
        digits[2 * i + 1] = "0123456789ABCDEF"[(unsigned char)id[i] & 15];
    }
    return digits;
}

static bool read_class(const struct xml_node *node, enum remote_message *kind)
{
    const char *class = property_text(node, &item_class);

    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
        if (class != NULL && str_starts_nocase(class, classes[i].beginning)) {
            *kind = classes[i].kind;
            return true;
        }
    return false;
}

static bool read_arrival(struct arena *arena, const struct xml_node *node,
                         struct remote_arrival *arrival)
{
    const char *id = xml_value(xml_child(node, "ItemId"), "Id");
    const char *clean = property_text(node, &clean_id);
    const char *whole = property_text(node, &global_id);

    *arrival = (struct remote_arrival){
        .id = arena_strdup(arena, id),
        .uid = uid_of(arena, clean != NULL ? clean : whole),
        .about = arena_strdup(arena, whole != NULL ? whole : clean),
        .processed = str_equal(property_text(node, &processed), "true"),
    };
    return id != NULL && read_class(node, &arrival->kind);
}

enum status ews_arrivals(struct op *op, struct remote *remote,
                         const char *folder,
                         struct remote_arrival **arrivals_out,
                         size_t *count_out)
{
    struct soap_call call = { .operation = "FindItem",
                              .find = true,
                              .build = build,
                              .context = (void *)folder };
    const struct xml_node *message;
    size_t room = 0;

    *arrivals_out = NULL;
    *count_out = 0;
    enum status status =
        soap_ask(op, ews_of(remote), &call, op->arena, &message);
    if (status == STATUS_NOT_FOUND)
        return STATUS_NO_FOLDER;
    if (status != STATUS_OK)
        return status;
    const struct xml_node *items =
        xml_child(xml_child(message, "RootFolder"), "Items");
    const struct xml_node *first = items != NULL ? items->children : NULL;
    for (const struct xml_node *at = first; at != NULL; at = at->next)
        room++;
    *arrivals_out = arena_array(op->arena, room + 1, sizeof **arrivals_out);
    for (const struct xml_node *at = first; at != NULL; at = at->next)
        *count_out += read_arrival(op->arena, at, &(*arrivals_out)[*count_out]);
    return STATUS_OK;
}
