/*
 * object_read.c - reading the texts of objects
 *
 * A text is made once, of what Exchange holds and of what the last client sent,
 * and stays in the index until the object changes.  Many are read block by
 * block, each with a transaction and an arena of its own, so that thousands
 * cost no more memory than a block of them.
 */
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/exchange/object_private.h"

/* As many as Exchange tells in one call. */
#define BLOCK 50

/* A reading of some objects, and the block that is being gathered. */
struct reading {
    struct desk *desk;
    struct desk block; /* the same desk, with an operation of the block */
    struct op op;      /* the block's, with its arena */
    struct index_object *rows;
    const size_t *which; /* the positions of those that Exchange is asked for */
    enum vcard_version version;
    size_t gathered[BLOCK];
    struct index_object_content contents[BLOCK];
    size_t count;
    enum status status;
    bool wanted; /* the receiver goes on */
    bool (*each)(void *context, size_t index, enum status status,
                 const struct object *object, const char *text, size_t len);
    void *context;
};

static void begin_blocks(struct reading *reading)
{
    desk_know_owner(reading->desk);
    reading->op = *reading->desk->op;
    reading->op.arena = arena_new();
    reading->block = *reading->desk;
    reading->block.op = &reading->op;
    reading->wanted = true;
}

static void end_block(struct reading *reading)
{
    if (reading->op.reason != NULL)
        op_fail(reading->desk->op, reading->status, "%s", reading->op.reason);
    reading->op.reason = NULL;
    reading->count = 0;
    arena_reset(reading->op.arena);
}

/* --- Handing over --------------------------------------------------------- */

const char *object_as_version(struct op *op, const struct index_object *row,
                              enum vcard_version version, const char *text)
{
    struct contact contact;
    enum vcard_version old;
    const char *reason;

    if ((row->kind != REMOTE_CONTACT && row->kind != REMOTE_GROUP) ||
        version == VCARD_4 ||
        vcard_read(op->arena, text, strlen(text), &contact, &old, &reason) !=
            VCARD_FINE)
        return text;
    return vcard_write(op->arena, &contact, text, version);
}

static void hand_over(struct reading *reading, size_t at, const char *text)
{
    const struct index_object *row = &reading->rows[at];
    struct object object = object_of(row);
    const char *shown =
        object_as_version(&reading->op, row, reading->version,
                          object_readable(reading->op.arena, text));

    reading->wanted = reading->each(reading->context, at, STATUS_OK, &object,
                                    shown, strlen(shown));
}

static void hand_over_failure(struct reading *reading, size_t at,
                              enum status status)
{
    reading->wanted =
        reading->each(reading->context, at, status, NULL, NULL, 0);
}

/* --- From Exchange -------------------------------------------------------- */

/* What the index has made of a row outlives the block. */
static void take_row(struct reading *reading, size_t at,
                     const struct index_object *fresh)
{
    struct arena *arena = reading->desk->op->arena;
    struct index_object *row = &reading->rows[at];
    const char *name = row->name;

    *row = *fresh;
    row->name = name;
    row->remote = arena_strdup(arena, fresh->remote);
    row->change_key = arena_strdup(arena, fresh->change_key);
    row->uid = arena_strdup(arena, fresh->uid);
}

/* The row that a text belongs to.  One that was asked for before a write of
 * ours goes by the old revision.  One that somebody has made in between, and
 * that is no more, goes by none: nobody who keeps that takes it for what is
 * there. */
static void match_row(struct reading *reading, size_t at,
                      const struct index_object_content *content,
                      const struct index_object *fresh)
{
    struct index_object *row = &reading->rows[at];
    bool is_old = str_equal(content->change_key, row->change_key);

    if (fresh->revision == row->revision ||
        (!is_old && str_equal(content->change_key, fresh->change_key)))
        take_row(reading, at, fresh);
    else if (!is_old)
        row->revision = row->schedule = 0;
}

/* Keeps the block's texts, and hands them over as what they are by then. */
static enum status keep_block(struct reading *reading)
{
    struct op *op = &reading->op;
    struct index *index = reading->desk->account->index;
    struct index_object fresh[BLOCK] = { 0 };
    const char *names[BLOCK];

    for (size_t i = 0; i < reading->count; i++)
        names[i] = reading->rows[reading->gathered[i]].name;
    enum status status =
        index_object_keep(op, index, reading->contents, reading->count);
    if (status == STATUS_OK)
        status = index_objects_find(op, index, reading->desk->folder.id, names,
                                    reading->count, fresh);
    for (size_t i = 0;
         i < reading->count && status == STATUS_OK && reading->wanted; i++) {
        size_t at = reading->gathered[i];

        if (fresh[i].row != reading->contents[i].row) {
            hand_over_failure(reading, at, STATUS_NOT_FOUND);
            continue;
        }
        match_row(reading, at, &reading->contents[i], &fresh[i]);
        hand_over(reading, at, reading->contents[i].text);
    }
    return status;
}

static bool finish_block(struct reading *reading)
{
    if (reading->count > 0)
        reading->status = keep_block(reading);
    end_block(reading);
    return reading->status == STATUS_OK && reading->wanted;
}

static bool take_read(void *context, const struct remote_object_read *read)
{
    struct reading *reading = context;
    struct arena *arena = reading->op.arena;
    size_t at = reading->which[read->index];
    struct index_object_content content = {
        .row = reading->rows[at].row,
        .revision = reading->rows[at].revision,
        .asked = reading->rows[at].change_key,
        .change_key = arena_strdup(arena, read->object.change_key),
    };
    enum status status = read->status;

    if (status == STATUS_OK)
        status =
            object_make(&reading->block, &reading->rows[at], read, &content);
    if (status != STATUS_OK) {
        hand_over_failure(reading, at, status);
        return reading->wanted;
    }
    /* Both may be what was read, which does not live on. */
    content.uid = arena_strdup(arena, content.uid);
    content.text = arena_strdup(arena, content.text);
    reading->contents[reading->count] = content;
    reading->gathered[reading->count++] = at;
    return reading->count < BLOCK || finish_block(reading);
}

/* Asks Exchange for those that are not here. */
static enum status ask(struct reading *reading, size_t count)
{
    struct desk *desk = reading->desk;
    struct remote_object *objects =
        arena_array(desk->op->arena, count + 1, sizeof *objects);

    if (count == 0)
        return STATUS_OK;
    for (size_t i = 0; i < count; i++)
        objects[i] = object_remote(&reading->rows[reading->which[i]]);
    enum status status = desk_ask(desk, objects, count, take_read, reading);
    /* What has come before a failure is not lost by it. */
    if (reading->status == STATUS_OK && reading->wanted)
        finish_block(reading);
    return reading->status != STATUS_OK ? reading->status : status;
}

/* --- From the index ------------------------------------------------------- */

/* Hands over what is here of some neighbours; the positions of the others are
 * added to `which`. */
static enum status read_block(struct reading *reading, size_t first,
                              size_t count, size_t which[], size_t *missing)
{
    struct index_object now[BLOCK];
    const char *texts[BLOCK];
    int64_t rows[BLOCK];

    for (size_t i = 0; i < count; i++)
        rows[i] = reading->rows[first + i].row;
    enum status status = index_object_texts(
        &reading->op, reading->desk->account->index, rows, count, now, texts);
    for (size_t i = 0; i < count && status == STATUS_OK && reading->wanted;
         i++) {
        if (now[i].row == 0) {
            hand_over_failure(reading, first + i, STATUS_NOT_FOUND);
            continue;
        }
        if (now[i].revision != reading->rows[first + i].revision)
            take_row(reading, first + i, &now[i]);
        if (texts[i] == NULL)
            which[(*missing)++] = first + i;
        else
            hand_over(reading, first + i, texts[i]);
    }
    reading->status = status;
    end_block(reading);
    return status;
}

static enum status read_known(struct reading *reading, size_t count,
                              size_t which[], size_t *missing)
{
    enum status status = STATUS_OK;

    for (size_t at = 0; at < count && status == STATUS_OK && reading->wanted;
         at += BLOCK)
        status =
            read_block(reading, at, count - at < BLOCK ? count - at : BLOCK,
                       which, missing);
    if (status == STATUS_OK && !reading->wanted)
        return op_fail(reading->desk->op, STATUS_CANCELLED,
                       "the objects are not wanted");
    return status;
}

enum status desk_read(struct desk *desk, const char *const names[],
                      size_t count, enum vcard_version version,
                      bool (*each)(void *context, size_t index,
                                   enum status status,
                                   const struct object *object,
                                   const char *text, size_t len),
                      void *context)
{
    struct op *op = desk->op;
    size_t missing = 0;
    struct index_object *rows = arena_array(op->arena, count + 1, sizeof *rows);
    size_t *which = arena_array(op->arena, count + 1, sizeof *which);
    struct reading reading = { .desk = desk,
                               .rows = rows,
                               .version = version,
                               .which = which,
                               .each = each,
                               .context = context };
    enum status status = index_objects_find(
        op, desk->account->index, desk->folder.id, names, count, rows);

    if (status != STATUS_OK)
        return status;
    begin_blocks(&reading);
    status = read_known(&reading, count, which, &missing);
    if (status == STATUS_OK)
        status = ask(&reading, missing);
    arena_free(&reading.op.arena);
    return status;
}

static bool pass_over(void *context, size_t index, enum status status,
                      const struct object *object, const char *text, size_t len)
{
    (void)context, (void)index, (void)status, (void)object, (void)text,
        (void)len;
    return true;
}

enum status desk_know(struct desk *desk, const char *const names[],
                      size_t count)
{
    return desk_read(desk, names, count, VCARD_4, pass_over, NULL);
}

/* --- A single one --------------------------------------------------------- */

struct one {
    struct arena *arena;
    enum status status;
    const char *text;
};

static bool take_one(void *context, size_t index, enum status status,
                     const struct object *object, const char *text, size_t len)
{
    struct one *one = context;

    (void)index, (void)object, (void)len;
    one->status = status;
    one->text = arena_strdup(one->arena, text);
    return true;
}

enum status object_text(struct desk *desk, const struct index_object *row,
                        const char **text_out)
{
    const char *kept;
    size_t which = 0;
    struct one one = { desk->op->arena, STATUS_NOT_FOUND, NULL };
    struct index_object copy = *row;
    struct reading reading = { .desk = desk,
                               .rows = &copy,
                               .version = VCARD_4,
                               .which = &which,
                               .each = take_one,
                               .context = &one };
    enum status status = index_object_text(desk->op, desk->account->index,
                                           row->row, text_out, &kept);

    *text_out = object_readable(desk->op->arena, *text_out);
    if (status != STATUS_OK || *text_out != NULL)
        return status;
    begin_blocks(&reading);
    status = ask(&reading, 1);
    arena_free(&reading.op.arena);
    *text_out = one.text;
    return status != STATUS_OK ? status : one.status;
}

enum status object_check_shown(struct desk *desk,
                               const struct index_object *row)
{
    struct index_object now;
    const char *text;

    if (!desk_is_foreign(desk))
        return STATUS_OK;
    enum status status = object_text(desk, row, &text);
    if (status == STATUS_OK)
        status = object_row(desk, row->name, &now);
    if (status == STATUS_OK && now.hidden)
        status = op_fail(desk->op, STATUS_DENIED, "its owner does not show it");
    /* What cannot be read is no secret. */
    return status == STATUS_CORRUPT ? STATUS_OK : status;
}
