/*
 * item_read.c - reading items: index columns, headers, whole messages
 *
 * Answers may come out of order, as items that failed for a passing reason are
 * asked for again.  They are kept until all before them are there, so that the
 * caller gets them in his order.  Messages are cut into calls by their
 * estimated sizes, and each call's contents are in spools before the first of
 * them is handed over.
 */
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/spool.h"
#include "proxy/base/str.h"
#include "proxy/exchange/ews/batch.h"
#include "proxy/exchange/ews/columns.h"
#include "proxy/exchange/ews/content.h"
#include "proxy/exchange/ews/property.h"

#define ITEMS_AT_ONCE 100
#define OCTETS_AT_ONCE (8 * 1024 * 1024)

/* Messages beyond this are read alone, so that they hold up nobody. */
#define LARGE_MESSAGE (1024 * 1024)

/* Where the answer to one item waits for its turn. */
struct slot {
    bool answered;
    enum status status;
    struct remote_item item;
    struct content content;
    const char *header;
    size_t header_len;
    const char *preview;
};

enum wanted { WANT_COLUMNS, WANT_HEADER, WANT_CONTENT, WANT_PREVIEW };

/* One call's worth of items. */
struct slice {
    struct ews *ews;
    enum wanted wanted;
    const char *const *ids;
    size_t count;
    struct slot *slots;
    struct arena *arena;
};

/* --- Asking --------------------------------------------------------------- */

static void write_shape(struct soap_request *request, enum wanted wanted)
{
    struct xml_writer *writer = &request->writer;

    if (wanted == WANT_COLUMNS) {
        columns_write_shape(request, NULL);
        return;
    }
    xml_open(writer, "m:ItemShape");
    xml_element(writer, "t:BaseShape", "IdOnly");
    if (wanted == WANT_CONTENT)
        xml_element(writer, "t:IncludeMimeContent", "true");
    if (wanted == WANT_HEADER) {
        xml_open(writer, "t:AdditionalProperties");
        property_write_path(writer, &property_header);
        xml_close(writer);
    }
    if (wanted == WANT_PREVIEW) {
        xml_open(writer, "t:AdditionalProperties");
        property_write_path(writer, &property_preview);
        xml_close(writer);
    }
    xml_close(writer);
}

static void build(void *context, struct soap_request *request,
                  const size_t which[], size_t count)
{
    const struct slice *slice = context;
    struct xml_writer *writer = &request->writer;

    write_shape(request, slice->wanted);
    xml_open(writer, "m:ItemIds");
    for (size_t i = 0; i < count; i++) {
        xml_open(writer, "t:ItemId");
        xml_attribute(writer, "Id", slice->ids[which[i]]);
        xml_close(writer);
    }
    xml_close(writer);
}

/* --- Headers -------------------------------------------------------------- */

/* Appends a line without its end; true unless it was the empty one. */
static bool copy_line(struct buf *out, const char **text)
{
    size_t len = strcspn(*text, "\r\n");

    buf_append(out, *text, len);
    buf_puts(out, "\r\n");
    *text += len;
    *text += **text == '\r';
    *text += **text == '\n';
    return len > 0;
}

static bool has_field(const char *header, const char *name)
{
    size_t len = strlen(name);

    for (const char *line = header; line != NULL; line = strstr(line, "\r\n")) {
        line += line == header ? 0 : 2;
        if (str_starts_nocase(line, name) && line[len] == ':')
            return true;
    }
    return false;
}

/*
 * The transport header is what came over the wire, sometimes with the headers
 * of parts after it.  Messages that never travelled have none; some have the
 * beginning of one only, which nobody must take for the whole.
 */
static void read_header(struct slice *slice, struct slot *slot,
                        const struct xml_node *item)
{
    const char *text = property_text(item, &property_header);
    struct buf header;

    if (text == NULL || *text == '\0')
        return;
    /* Exchange 2003 puts this before the first field. */
    if (str_starts_nocase(text, "Microsoft Mail Internet Headers"))
        text += strcspn(text, "\n") + (strchr(text, '\n') != NULL);
    buf_init(&header, slice->arena);
    while (*text != '\0' && copy_line(&header, &text))
        ;
    if (header.len < 4 ||
        memcmp(header.data + header.len - 4, "\r\n\r\n", 4) != 0)
        buf_puts(&header, "\r\n");
    if (!has_field(header.data, "From") || !has_field(header.data, "Date"))
        return;
    slot->header = header.data;
    slot->header_len = header.len;
}

/* --- Answers -------------------------------------------------------------- */

static void take_mime(void *context, size_t which, bool first, const char *text,
                      size_t len)
{
    struct slice *slice = context;
    struct content *content = &slice->slots[which].content;

    if (first)
        content_begin(content, slice->ews->spool_directory);
    content_write(content, text, len);
}

static void take_item(void *context, size_t which,
                      const struct soap_message *message)
{
    struct slice *slice = context;
    struct slot *slot = &slice->slots[which];
    const struct xml_node *items = xml_child(message->node, "Items");
    const struct xml_node *item = items != NULL ? items->children : NULL;

    /* Without a word from Exchange it is for the caller to give up. */
    if (message->node == NULL)
        return;
    slot->answered = true;
    slot->status = message->verdict.status;
    if (slot->status != STATUS_OK)
        return;
    if (item == NULL)
        slot->status = STATUS_NOT_FOUND;
    else if (slice->wanted == WANT_COLUMNS)
        slot->status = columns_read(slice->arena, item, &slot->item)
                           ? STATUS_OK
                           : STATUS_CORRUPT;
    else if (slice->wanted == WANT_HEADER)
        read_header(slice, slot, item);
    else if (slice->wanted == WANT_PREVIEW)
        slot->preview = arena_strdup(slice->arena,
                                     property_text(item, &property_preview));
    else
        slot->status = content_end(&slot->content);
}

static enum status read_slice(struct op *op, struct slice *slice)
{
    struct batch batch = {
        .operation = "GetItem",
        .count = slice->count,
        .most = ITEMS_AT_ONCE,
        .build = build,
        .done = take_item,
        .mime = slice->wanted == WANT_CONTENT ? take_mime : NULL,
        .context = slice,
    };

    slice->slots =
        arena_array(slice->arena, slice->count, sizeof *slice->slots);
    return batch_run(op, slice->ews, &batch);
}

static void drop_slots(struct slice *slice)
{
    for (size_t i = 0; i < slice->count; i++)
        content_drop(&slice->slots[i].content);
}

/* How many of the items after `start` go into one call. */
static size_t slice_size(const uint32_t sizes[], size_t start, size_t count)
{
    uint64_t octets = 0;
    size_t end = start;

    while (end < count && end - start < ITEMS_AT_ONCE) {
        uint32_t size = sizes != NULL ? sizes[end] : 0;
        octets += size;
        if (end > start && (size > LARGE_MESSAGE || octets > OCTETS_AT_ONCE))
            break;
        end++;
        if (size > LARGE_MESSAGE)
            break;
    }
    return end - start;
}

/* --- Index columns -------------------------------------------------------- */

enum status ews_items_get(struct op *op, struct remote *remote,
                          const char *const ids[], size_t count,
                          bool (*each)(void *context, size_t index,
                                       enum status status,
                                       const struct remote_item *item),
                          void *context)
{
    struct slice slice = { .ews = ews_of(remote),
                           .wanted = WANT_COLUMNS,
                           .arena = arena_new() };
    enum status status = STATUS_OK;
    bool wanted = true;

    for (size_t at = 0; at < count && status == STATUS_OK && wanted;
         at += slice.count) {
        arena_reset(slice.arena);
        slice.ids = ids + at;
        slice.count = slice_size(NULL, at, count);
        status = read_slice(op, &slice);
        for (size_t i = 0; i < slice.count && slice.slots[i].answered && wanted;
             i++) {
            struct slot *slot = &slice.slots[i];
            wanted = each(context, at + i, slot->status,
                          slot->status == STATUS_OK ? &slot->item : NULL);
        }
    }
    arena_free(&slice.arena);
    if (!wanted)
        return op_fail(op, STATUS_CANCELLED, "the items are not wanted");
    return status;
}

/* --- Previews ------------------------------------------------------------- */

enum status ews_items_preview(struct op *op, struct remote *remote,
                              const char *const ids[], size_t count,
                              bool (*each)(void *context, size_t index,
                                           enum status status,
                                           const char *text),
                              void *context)
{
    struct slice slice = { .ews = ews_of(remote),
                           .wanted = WANT_PREVIEW,
                           .arena = arena_new() };
    enum status status = STATUS_OK;
    bool wanted = true;

    if (ews_version(slice.ews) < EWS_2013)
        status = STATUS_UNSUPPORTED;
    for (size_t at = 0; at < count && status == STATUS_OK && wanted;
         at += slice.count) {
        arena_reset(slice.arena);
        slice.ids = ids + at;
        slice.count = slice_size(NULL, at, count);
        status = read_slice(op, &slice);
        for (size_t i = 0; i < slice.count && wanted; i++)
            if (slice.slots[i].answered)
                wanted = each(context, at + i, slice.slots[i].status,
                              slice.slots[i].preview);
    }
    arena_free(&slice.arena);
    if (!wanted)
        return op_fail(op, STATUS_CANCELLED, "the previews are not wanted");
    return status;
}

/* --- Headers and contents ------------------------------------------------- */

static bool hand_over(struct slot *slot, size_t index,
                      bool (*each)(void *context, struct remote_read *read),
                      void *context)
{
    struct remote_read read = {
        .index = index,
        .status = slot->status,
        .header = slot->header,
        .header_len = slot->header_len,
        .content = slot->status == STATUS_OK ? slot->content.spool : NULL,
    };
    bool wanted = each(context, &read);

    /* The caller may have kept the spool. */
    if (slot->status == STATUS_OK)
        slot->content.spool = read.content;
    return wanted;
}

enum status ews_items_read(
    struct op *op, struct remote *remote, const char *const ids[],
    const uint32_t sizes[], size_t count, enum remote_part part,
    bool (*each)(void *context, struct remote_read *read), void *context)
{
    struct slice slice = { .ews = ews_of(remote), .arena = arena_new() };
    enum status status = STATUS_OK;
    bool wanted = true;

    slice.wanted = part == REMOTE_CONTENT ? WANT_CONTENT : WANT_HEADER;
    for (size_t at = 0; at < count && status == STATUS_OK && wanted;
         at += slice.count) {
        arena_reset(slice.arena);
        slice.ids = ids + at;
        slice.count =
            slice_size(part == REMOTE_CONTENT ? sizes : NULL, at, count);
        status = read_slice(op, &slice);
        for (size_t i = 0; i < slice.count && slice.slots[i].answered && wanted;
             i++)
            wanted = hand_over(&slice.slots[i], at + i, each, context);
        drop_slots(&slice);
    }
    arena_free(&slice.arena);
    if (!wanted)
        return op_fail(op, STATUS_CANCELLED, "the messages are not wanted");
    return status;
}
