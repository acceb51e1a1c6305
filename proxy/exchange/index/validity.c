/*
 * validity.c - UIDVALIDITYs that never come twice
 *
 * A UIDVALIDITY is the second in which its folder was first seen, or one more
 * than any that was given before.  No two folders share one, as either may come
 * to have the other's name, and then nothing else would tell a client that its
 * UIDs are of other messages.  A bound of those given is noted beside the file,
 * as an index may be lost and made anew within a second.  Indexes in RAM know of
 * those of their own process.
 */
#include "proxy/exchange/index/validity.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "proxy/base/log.h"
#include "proxy/base/time.h"

#define NOTE ".uidvalidity"

/* How many are given before a note is written again. */
#define AHEAD 64

/* The bound of those given by any index in RAM. */
static _Atomic int64_t in_ram;

static void note_path(const struct index *index, const char *end, char *path,
                      size_t room)
{
    snprintf(path, room, "%s" NOTE "%s", index->path, end);
}

static int64_t read_note(const struct index *index)
{
    char path[4300], text[32] = "";

    if (index->path == NULL)
        return atomic_load(&in_ram);
    note_path(index, "", path, sizeof path);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return 0;
    ssize_t len = read(file, text, sizeof text - 1);
    close(file);
    return len > 0 ? strtoll(text, NULL, 10) : 0;
}

static bool write_file(const char *path, int64_t value)
{
    char text[32];
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

    if (file < 0)
        return false;
    ssize_t len = snprintf(text, sizeof text, "%lld\n", (long long)value);
    bool written = write(file, text, (size_t)len) == len && fsync(file) == 0;
    return close(file) == 0 && written;
}

/* Before the folder is there: a note of one that is not is harmless. */
static void write_note(struct index *index, int64_t value)
{
    char path[4300], temporary[4310];

    index->validity = value;
    if (index->path == NULL) {
        int64_t greatest = atomic_load(&in_ram);
        while (greatest < value &&
               !atomic_compare_exchange_weak(&in_ram, &greatest, value))
            continue;
        return;
    }
    note_path(index, "", path, sizeof path);
    note_path(index, ".new", temporary, sizeof temporary);
    if (!write_file(temporary, value) || rename(temporary, path) != 0)
        log_warning("postern", "uidvalidity not noted user=%s error=\"%m\"",
                    index->user);
}

static void set_gone(struct index *index, int64_t value)
{
    char text[32];

    snprintf(text, sizeof text, "%lld", (long long)value);
    db_run(index, "INSERT OR REPLACE INTO facts VALUES ('uid_validity', ?)",
           "s", text);
}

/* The greatest one of folders that are gone. */
static int64_t gone(struct index *index)
{
    return db_number(
        index,
        "SELECT CAST(value AS INTEGER) FROM facts WHERE name = 'uid_validity'",
        "");
}

void validity_open(struct index *index, bool made)
{
    index->validity = read_note(index);
    if (!made || index->validity == 0)
        return;
    db_read(index);
    set_gone(index, index->validity);
    pthread_mutex_unlock(&index->lock);
}

/* The greatest one of folders that are there. */
static int64_t taken(struct index *index)
{
    return db_number(index, "SELECT coalesce(max(uid_validity), 0) FROM folders",
                     "");
}

int64_t validity_next(struct index *index)
{
    int64_t last = gone(index), there = taken(index), now = time_now();
    int64_t value = last < there ? there + 1 : last + 1;

    if (value < now)
        value = now;
    if (value > index->validity)
        write_note(index, value + AHEAD);
    return value;
}

void validity_removed(struct index *index, int64_t folder)
{
    int64_t last = gone(index);
    int64_t own = db_number(
        index, "SELECT uid_validity FROM folders WHERE id = ?", "i", folder);

    if (own > last)
        set_gone(index, own);
}
