/*
 * outbox.h - what was written to a client and has not been sent
 *
 * The first of it waits in memory.  Of a client that does not keep up the rest
 * goes to a file without a name, so that whoever has written it is free again.
 * The file is given back once all of it was read.  Not thread-safe: its owner
 * has a lock.
 */
#ifndef POSTERN_OUTBOX_H
#define POSTERN_OUTBOX_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proxy/base/buf.h"

/* So much of it may be in memory, */
#define OUTBOX_MEMORY (64 * 1024)

/* and this part of all the room that there is for files may be one client's. */
#define OUTBOX_SHARE 8

/* What all outboxes share: how much room there is for files, and how much of it
 * is in use. */
struct outbox_room {
    uint64_t limit;
    atomic_ullong used;
};

struct spool;

struct outbox {
    struct outbox_room *room;
    struct buf memory;
    struct spool *file; /* what comes after the memory's; NULL: nothing */
    uint64_t file_read; /* how much of it was taken out */
    bool file_failed;   /* the disk refuses, until it is empty again */
};

void outbox_init(struct outbox *outbox, struct outbox_room *room);
void outbox_fini(struct outbox *outbox);

uint64_t outbox_size(const struct outbox *outbox);

/* How much more fits into memory; none while there is a file. */
size_t outbox_memory_room(const struct outbox *outbox);

/* Puts it behind what is there, without regard to the limits; false when the
 * disk refuses, and nothing is put. */
bool outbox_add(struct outbox *outbox, const char *data, size_t len);

/* Puts it into the file; false when that has no room, and nothing is put. */
bool outbox_file(struct outbox *outbox, const char *data, size_t len);

/* Moves the first of it, up to OUTBOX_MEMORY octets or what is in memory, to
 * `out`, which is empty.  False when the disk does not give it back. */
bool outbox_take(struct outbox *outbox, struct buf *out);

#endif
