/*
 * spool.c - a message on its way: in memory while small, in a file when large
 */
#include "proxy/base/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/memory.h"

struct spool {
    char *directory;
    uint64_t limit;
    uint64_t size;
    struct buf memory;         /* all of it, until there is a file */
    int file;                  /* -1 while there is none */
    const struct spool *whole; /* of which this is a part, or NULL */
    uint64_t offset;           /* where it begins there */
    enum spool_failure failure;
};

struct spool *spool_new(const char *directory, uint64_t limit)
{
    struct spool *spool = memory_new(sizeof *spool);

    if (directory == NULL)
        directory = secure_getenv("TMPDIR");
    if (directory == NULL || *directory == '\0')
        directory = "/tmp";
    spool->directory = memory_strdup(directory);
    spool->limit = limit;
    spool->file = -1;
    buf_init(&spool->memory, NULL);
    return spool;
}

struct spool *spool_from_file(int descriptor, uint64_t size)
{
    struct spool *spool = spool_new(NULL, 0);

    spool->file = descriptor;
    spool->size = size;
    return spool;
}

struct spool *spool_slice(const struct spool *whole, uint64_t offset,
                          uint64_t size)
{
    struct spool *spool = spool_new(NULL, 0);
    uint64_t end = spool_size(whole);

    spool->whole = whole;
    spool->offset = offset < end ? offset : end;
    spool->size = size < end - spool->offset ? size : end - spool->offset;
    return spool;
}

void spool_free(struct spool **spool)
{
    if (*spool == NULL)
        return;
    if ((*spool)->file >= 0)
        close((*spool)->file);
    buf_fini(&(*spool)->memory);
    free((*spool)->directory);
    free(*spool);
    *spool = NULL;
}

static bool fail(struct spool *spool, enum spool_failure failure)
{
    if (spool->failure == SPOOL_GOOD)
        spool->failure = failure;
    return false;
}

/* A file that has no name from the start where the file system can do that. */
static int open_unnamed(const char *directory)
{
    int file = open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

    if (file >= 0)
        return file;

    char *name;
    if (asprintf(&name, "%s/postern-XXXXXX", directory) < 0)
        memory_exhausted();
    file = mkostemp(name, O_CLOEXEC);
    if (file >= 0)
        unlink(name);
    free(name);
    return file;
}

static bool write_file(struct spool *spool, uint64_t offset, const char *data,
                       size_t len)
{
    while (len > 0) {
        ssize_t written = pwrite(spool->file, data, len, (off_t)offset);

        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return fail(spool, SPOOL_DISK_FAILED);
        data += written;
        offset += (uint64_t)written;
        len -= (size_t)written;
    }
    return true;
}

static bool move_to_file(struct spool *spool)
{
    spool->file = open_unnamed(spool->directory);
    if (spool->file < 0)
        return fail(spool, SPOOL_DISK_FAILED);
    if (!write_file(spool, 0, spool->memory.data, spool->memory.len))
        return false;
    buf_fini(&spool->memory);
    return true;
}

bool spool_write(struct spool *spool, const void *data, size_t len)
{
    if (spool->failure != SPOOL_GOOD)
        return false;
    if (spool->limit > 0 && len > spool->limit - spool->size)
        return fail(spool, SPOOL_OVER_LIMIT);
    if (spool->file < 0 && spool->size + len > SPOOL_MEMORY &&
        !move_to_file(spool))
        return false;

    if (spool->file < 0)
        buf_append(&spool->memory, data, len);
    else if (!write_file(spool, spool->size, data, len))
        return false;
    spool->size += len;
    return true;
}

enum spool_failure spool_failed(const struct spool *spool)
{
    return spool->failure;
}

uint64_t spool_size(const struct spool *spool)
{
    return spool->size;
}

long spool_read(const struct spool *spool, uint64_t offset, void *out,
                size_t len)
{
    if (offset >= spool->size)
        return 0;
    if (len > spool->size - offset)
        len = (size_t)(spool->size - offset);
    if (spool->whole != NULL)
        return spool_read(spool->whole, spool->offset + offset, out, len);
    if (spool->file < 0) {
        memcpy(out, spool->memory.data + offset, len);
        return (long)len;
    }

    for (;;) {
        ssize_t got = pread(spool->file, out, len, (off_t)offset);

        if (got >= 0 || errno != EINTR) {
            /* Shorter than it was is a failure, too: the file was cut. */
            return got == 0 ? -1 : (long)got;
        }
    }
}

char *spool_copy(struct arena *arena, const struct spool *spool,
                 uint64_t offset, size_t len)
{
    if (offset > spool->size || len > spool->size - offset)
        return NULL;
    char *data = arena_alloc(arena, len + 1);
    for (size_t have = 0; have < len;) {
        long got = spool_read(spool, offset + have, data + have, len - have);

        if (got <= 0)
            return NULL;
        have += (size_t)got;
    }
    return data;
}
