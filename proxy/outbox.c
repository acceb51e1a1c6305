/*
 * outbox.c - what was written to a client and has not been sent
 */
#include "proxy/outbox.h"

#include "proxy/base/spool.h"

void outbox_init(struct outbox *outbox, struct outbox_room *room)
{
    *outbox = (struct outbox){ .room = room };
    buf_init(&outbox->memory, NULL);
}

static void drop_file(struct outbox *outbox)
{
    if (outbox->file != NULL)
        atomic_fetch_sub(&outbox->room->used, spool_size(outbox->file));
    spool_free(&outbox->file);
    outbox->file_read = 0;
    outbox->file_failed = false;
}

void outbox_fini(struct outbox *outbox)
{
    drop_file(outbox);
    buf_fini(&outbox->memory);
}

static uint64_t in_file(const struct outbox *outbox)
{
    return outbox->file != NULL ? spool_size(outbox->file) - outbox->file_read
                                : 0;
}

uint64_t outbox_size(const struct outbox *outbox)
{
    return outbox->memory.len + in_file(outbox);
}

size_t outbox_memory_room(const struct outbox *outbox)
{
    if (outbox->file != NULL || outbox->memory.len >= OUTBOX_MEMORY)
        return 0;
    return OUTBOX_MEMORY - outbox->memory.len;
}

/* Takes so much of the room that all share. */
static bool claim(struct outbox *outbox, size_t len, bool limited)
{
    struct outbox_room *room = outbox->room;
    uint64_t mine = outbox->file != NULL ? spool_size(outbox->file) : 0;

    if (limited && mine + len > room->limit / OUTBOX_SHARE)
        return false;
    if (atomic_fetch_add(&room->used, len) + len <= room->limit || !limited)
        return true;
    atomic_fetch_sub(&room->used, len);
    return false;
}

static bool write_file(struct outbox *outbox, const char *data, size_t len)
{
    if (outbox->file == NULL)
        outbox->file = spool_new(NULL, 0);
    if (spool_write(outbox->file, data, len))
        return true;
    atomic_fetch_sub(&outbox->room->used, len);
    if (in_file(outbox) == 0)
        drop_file(outbox);
    outbox->file_failed = true;
    return false;
}

bool outbox_add(struct outbox *outbox, const char *data, size_t len)
{
    if (outbox->file != NULL)
        return !outbox->file_failed && claim(outbox, len, false) &&
               write_file(outbox, data, len);
    buf_append(&outbox->memory, data, len);
    return true;
}

bool outbox_file(struct outbox *outbox, const char *data, size_t len)
{
    return !outbox->file_failed && claim(outbox, len, true) &&
           write_file(outbox, data, len);
}

bool outbox_take(struct outbox *outbox, struct buf *out)
{
    if (outbox->memory.len > 0) {
        *out = outbox->memory;
        buf_init(&outbox->memory, NULL);
        return true;
    }
    if (outbox->file == NULL)
        return true;

    long got = spool_read(outbox->file, outbox->file_read,
                          buf_reserve(out, OUTBOX_MEMORY), OUTBOX_MEMORY);
    if (got <= 0)
        return false;
    buf_commit(out, (size_t)got);
    outbox->file_read += (uint64_t)got;
    if (in_file(outbox) == 0)
        drop_file(outbox);
    return true;
}
