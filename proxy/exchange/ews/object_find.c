/*
 * object_find.c - FindItem: objects of folders that cannot be synchronised, and
 * single ones by what they were made from
 *
 * An event's UID is no property that can be searched for.  It is inside of the
 * global object id, which can be made again from it (MS-OXOCAL, 2.2.1.27).
 */
#include <stdio.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/base64.h"
#include "proxy/base/buf.h"
#include "proxy/base/str.h"
#include "proxy/exchange/ews/item_pages.h"
#include "proxy/exchange/ews/objects.h"
#include "proxy/exchange/ews/restriction.h"

#define FOUND_MOST 10

/* clang-format off */
static const struct property created     = { PROPERTY_TAG, 0x3007, NULL, "SystemTime" };
static const struct property clean_id    = { PROPERTY_MEETING, 0x23, NULL, "Binary" };
static const struct property global_id   = { PROPERTY_MEETING, 0x03, NULL, "Binary" };
static const struct property task_uid    = { PROPERTY_STRING, 0, "urn:schemas:calendar:uid", "String" };
static const struct property contact_uid = { PROPERTY_STRING, 0, "postern-uid", "String" };
/* clang-format on */

/* --- Global object ids ---------------------------------------------------- */

static const unsigned char id_class[16] = { 0x04, 0x00, 0x00, 0x00, 0x82, 0x00,
                                            0xe0, 0x00, 0x74, 0xc5, 0xb7, 0x10,
                                            0x1a, 0x82, 0xe0, 0x08 };

#define DATE_AT 16
#define CREATED_AT 20
#define SIZE_AT 36
#define DATA_AT 40

/* A UID that is such an id in hexadecimal digits; 0 for any other. */
static size_t from_digits(const char *uid, unsigned char *out, size_t room)
{
    size_t len = strlen(uid);

    if (len % 2 != 0 || len / 2 > room || len / 2 < DATA_AT)
        return 0;
    for (size_t i = 0; i < len / 2; i++) {
        unsigned octet;
        char digits[3] = { uid[2 * i], uid[2 * i + 1], '\0' };
        if (strspn(digits, "0123456789abcdefABCDEF") != 2)
            return 0;
        sscanf(digits, "%2x", &octet);
        out[i] = (unsigned char)octet;
    }
    if (memcmp(out, id_class, sizeof id_class) != 0)
        return 0;
    memset(out + DATE_AT, 0, 4);
    return len / 2;
}

/* What Exchange makes of everybody else's. */
static size_t from_text(const char *uid, unsigned char *out)
{
    static const char mark[12] = "vCal-Uid\1\0\0\0";
    size_t size = sizeof mark + strlen(uid) + 1;

    memset(out, 0, DATA_AT);
    memcpy(out, id_class, sizeof id_class);
    for (size_t i = 0; i < 4; i++)
        out[SIZE_AT + i] = (unsigned char)(size >> (8 * i));
    memcpy(out + DATA_AT, mark, sizeof mark);
    memcpy(out + DATA_AT + sizeof mark, uid, strlen(uid) + 1);
    return DATA_AT + size;
}

/* The id for a UID, in base64. */
static const char *global_id_of(struct arena *arena, const char *uid)
{
    size_t room = DATA_AT + 16 + strlen(uid) + 1;
    unsigned char *id = arena_alloc(arena, room);
    size_t len = from_digits(uid, id, room);

    if (len == 0)
        len = from_text(uid, id);
    char *text = arena_alloc(arena, base64_encoded_size(len) + 1);
    base64_encode(id, len, text);
    return text;
}

/* --- Asking --------------------------------------------------------------- */

struct find {
    const char *folder;
    size_t offset;
    const char *token; /* of one attempt */
    const char *uid;
    const char *id; /* the global one that goes with the UID */
};

static bool is_list(const struct find *find)
{
    return find->token == NULL && find->uid == NULL;
}

static void write_restriction(struct xml_writer *writer,
                              const struct find *find)
{
    if (is_list(find))
        return;
    xml_open(writer, "m:Restriction");
    if (find->token != NULL) {
        restriction_equals(writer, &property_token, find->token);
    } else {
        xml_open(writer, "t:Or");
        restriction_equals(writer, &clean_id, find->id);
        restriction_equals(writer, &global_id, find->id);
        restriction_equals(writer, &task_uid, find->uid);
        restriction_equals(writer, &contact_uid, find->uid);
        xml_close(writer);
    }
    xml_close(writer);
}

static void build(void *context, struct soap_request *request)
{
    const struct find *find = context;
    struct xml_writer *writer = &request->writer;

    xml_attribute(writer, "Traversal", "Shallow");
    object_write_shape(request);
    pages_write_view(writer, is_list(find) ? PAGE_ROWS : FOUND_MOST,
                     find->offset);
    write_restriction(writer, find);
    /* In the order in which they were made: what is new comes at the end. */
    if (is_list(find))
        pages_write_order(writer, &created);
    xml_open(writer, "m:ParentFolderIds");
    soap_folder(writer, find->folder);
    xml_close(writer);
}

/* --- Pages ---------------------------------------------------------------- */

struct found {
    struct item_page page;
    struct remote_object_delta *rows;
    size_t count;
};

static void read_rows(struct arena *arena, struct found *found)
{
    found->rows =
        arena_array(arena, found->page.count + 1, sizeof *found->rows);
    found->count = 0;
    for (const struct xml_node *at = found->page.rows; at != NULL;
         at = at->next)
        found->count +=
            object_read_row(arena, at, &found->rows[found->count].object);
}

static enum status find_page(struct op *op, struct ews *ews, struct find *find,
                             struct arena *arena, struct found *found)
{
    enum status status =
        pages_ask(op, ews, build, find, find->offset, arena, &found->page);

    if (status == STATUS_OK)
        read_rows(arena, found);
    return status;
}

enum status ews_objects_list(
    struct op *op, struct remote *remote, const char *folder,
    bool (*page)(void *context, const struct remote_object_page *page),
    void *context)
{
    struct find find = { .folder = folder };
    struct found found = { .count = 0 };
    struct arena *arena = arena_new();
    enum status status = STATUS_OK;

    while (status == STATUS_OK && !found.page.last) {
        arena_reset(arena);
        status = find_page(op, ews_of(remote), &find, arena, &found);
        if (status != STATUS_OK)
            break;
        struct remote_object_page got = { .deltas = found.rows,
                                          .count = found.count,
                                          .last = found.page.last };
        if (!page(context, &got))
            status = op_fail(op, STATUS_CANCELLED, "the list is not wanted");
        find.offset = found.page.next;
        if (!found.page.last && found.count > PAGE_OVERLAP)
            find.offset -= PAGE_OVERLAP;
    }
    arena_free(&arena);
    return status;
}

enum status ews_objects_find(struct op *op, struct remote *remote,
                             const char *folder, const char *token,
                             const char *uid,
                             struct remote_object **objects_out,
                             size_t *count_out)
{
    struct find find = {
        .folder = folder,
        .token = token,
        .uid = token == NULL ? uid : NULL,
        .id =
            token == NULL && uid != NULL ? global_id_of(op->arena, uid) : NULL,
    };
    struct found found = { .count = 0 };

    *objects_out = NULL;
    *count_out = 0;
    if (is_list(&find))
        return STATUS_OK;
    enum status status =
        find_page(op, ews_of(remote), &find, op->arena, &found);
    if (status != STATUS_OK)
        return status;
    *objects_out =
        arena_array(op->arena, found.count + 1, sizeof **objects_out);
    for (size_t i = 0; i < found.count; i++)
        (*objects_out)[i] = found.rows[i].object;
    *count_out = found.count;
    return STATUS_OK;
}
