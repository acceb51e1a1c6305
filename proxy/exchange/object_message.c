/*
 * object_message.c - messages about meetings, as iCalendar
 *
 * What has come is given out as it has come, with its METHOD.  Reading a
 * message does not mark it as read.
 */
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/spool.h"
#include "proxy/base/str.h"
#include "proxy/exchange/object_private.h"
#include "proxy/format/mime.h"
#include "proxy/format/mime_transfer.h"

/* What a message takes, roughly, and a calendar in it at most. */
#define SIZE_GUESS (32 * 1024)
#define CALENDAR_MAX (1024 * 1024)

/* --- Reading -------------------------------------------------------------- */

static const struct mime_part *find_calendar(const struct mime_part *part)
{
    const struct mime_part *found = NULL;

    if (part->kind == MIME_LEAF && str_equal_nocase(part->type, "text") &&
        str_equal_nocase(part->subtype, "calendar"))
        return part;
    for (size_t i = 0; i < part->child_count && found == NULL; i++)
        found = find_calendar(&part->children[i]);
    return found;
}

static const struct mime_part *scan(struct arena *arena,
                                    const struct spool *content)
{
    struct mime_scanner *scanner = mime_scanner_new(arena);
    uint64_t at = 0;
    char block[8192];
    long got;

    while ((got = spool_read(content, at, block, sizeof block)) > 0) {
        mime_scanner_write(scanner, block, (size_t)got);
        at += (uint64_t)got;
    }
    return mime_scanner_finish(scanner);
}

/* The iCalendar text in a message; NULL if there is none. */
static const char *calendar_in(struct arena *arena, const struct spool *content)
{
    const struct mime_part *part = find_calendar(scan(arena, content));
    const char *text = NULL;

    if (part == NULL)
        return NULL;
    struct spool *out = spool_new(NULL, CALENDAR_MAX);
    if (mime_transfer_decode(content, part->body_offset, part->body_size,
                             part->encoding, out))
        text = spool_copy(arena, out, 0, (size_t)spool_size(out));
    spool_free(&out);
    return text;
}

/* Hands over what has been read. */
struct handing {
    struct desk *desk;
    const struct remote_object *objects;
    bool (*each)(void *context, const struct remote_object_read *read);
    void *context;
};

static bool take_message(void *context, struct remote_read *read)
{
    struct handing *handing = context;
    struct remote_object_read message = {
        .index = read->index,
        .status = read->status,
        .object = handing->objects[read->index],
    };

    if (read->status == STATUS_OK)
        message.message = calendar_in(handing->desk->op->arena, read->content);
    if (read->status == STATUS_OK && message.message == NULL)
        message.status = STATUS_CORRUPT;
    return handing->each(handing->context, &message);
}

enum status arrived_read(struct desk *desk,
                         const struct remote_object objects[], size_t count,
                         bool (*each)(void *context,
                                      const struct remote_object_read *read),
                         void *context)
{
    struct op *op = desk->op;
    const char **ids = arena_array(op->arena, count + 1, sizeof *ids);
    uint32_t *sizes = arena_array(op->arena, count + 1, sizeof *sizes);
    struct handing handing = { desk, objects, each, context };

    for (size_t i = 0; i < count; i++) {
        ids[i] = objects[i].id;
        sizes[i] = SIZE_GUESS;
    }
    return account_told(desk->account,
                        desk->remote->backend->items_read(
                            op, desk->remote, ids, sizes, count, REMOTE_CONTENT,
                            take_message, &handing));
}

/* --- Texts ---------------------------------------------------------------- */

/* Where a line begins with that name; NULL if none does. */
static const char *find_line(const char *text, const char *name)
{
    for (const char *at = text; at != NULL; at = strchr(at, '\n')) {
        at += *at == '\n';
        if (str_starts_nocase(at, name))
            return at;
    }
    return NULL;
}

/* As an object of a calendar would be. */
static const char *without_method(struct arena *arena, const char *text)
{
    const char *method = find_line(text, "METHOD:");
    const char *end = method != NULL ? strchr(method, '\n') : NULL;

    return end == NULL ? text
                       : arena_printf(arena, "%.*s%s", (int)(method - text),
                                      text, end + 1);
}

void arrived_make(struct desk *desk, const char *text,
                  struct index_object_content *content)
{
    struct arena *arena = desk->op->arena;
    const char *plain = without_method(arena, text);
    struct object_said said =
        object_understand(desk, OBJECT_EVENT, plain, strlen(plain));
    const char *uid = find_line(text, "UID:");

    content->text = text;
    content->starts = INT64_MIN;
    content->ends = INT64_MAX;
    content->uid = said.uid;
    if (said.problem == OBJECT_FINE)
        ical_bounds(&said.calendar, desk->zone, &content->starts,
                    &content->ends);
    else if (uid != NULL)
        content->uid = arena_strndup(arena, uid + strlen("UID:"),
                                     strcspn(uid, "\r\n") - strlen("UID:"));
}
