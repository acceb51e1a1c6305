/*
 * book_change.c - the newest edition, made of the one that is kept
 *
 * From each edition to the next Exchange writes what has changed, and keeps
 * that for some weeks.  An edition is taken this way where all the changes
 * since the one that is kept are there and are smaller than the whole.  Each
 * of them is checked by its hash, and what it makes by checksums; whatever goes
 * wrong, the whole edition is taken instead.
 */
#include "proxy/exchange/ews/book.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "proxy/base/arena.h"
#include "proxy/base/log.h"
#include "proxy/base/spool.h"
#include "proxy/base/str.h"

/* Octets that are copied at once. */
#define PIECE 65536

/* --- The way -------------------------------------------------------------- */

static const struct book_file *find_diff(const struct book_manifest *manifest,
                                         uint32_t sequence)
{
    for (size_t i = 0; i < manifest->diff_count; i++)
        if (manifest->diffs[i].edition.sequence == sequence)
            return &manifest->diffs[i];
    return NULL;
}

/* Whether it is there and shorter. */
static bool is_worth_it(const struct book_manifest *manifest,
                        const struct remote_book_edition *known, uint64_t limit)
{
    const struct book_file *full = &manifest->full;
    uint32_t sequence = known->sequence;
    uint64_t size = 0;

    if (!str_equal(full->edition.id, known->id) ||
        full->edition.sequence <= sequence)
        return false;
    while (sequence < full->edition.sequence) {
        const struct book_file *diff = find_diff(manifest, ++sequence);

        if (diff == NULL || diff->unpacked > limit ||
            diff->size >= full->size - size)
            return false;
        size += diff->size;
    }
    return true;
}

/* --- What is kept --------------------------------------------------------- */

static struct spool *open_kept(const char *name)
{
    int file = open(name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    struct stat about;

    if (file < 0)
        return NULL;
    if (fstat(file, &about) == 0 && S_ISREG(about.st_mode))
        return spool_from_file(file, (uint64_t)about.st_size);
    close(file);
    return NULL;
}

static bool write_all(int file, const char *data, size_t len)
{
    while (len > 0) {
        ssize_t written = write(file, data, len);

        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        data += written;
        len -= (size_t)written;
    }
    return true;
}

static bool copy_to(const char *name, const struct spool *unpacked)
{
    int file =
        open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    uint64_t at = 0, size = spool_size(unpacked);
    char piece[PIECE];
    bool good = file >= 0;

    while (good && at < size) {
        long len = spool_read(unpacked, at, piece, sizeof piece);

        good = len > 0 && write_all(file, piece, (size_t)len);
        at += len > 0 ? (uint64_t)len : 0;
    }
    return file >= 0 && close(file) == 0 && good;
}

/* What a crash leaves half is written anew the next time. */
void book_keep(const struct spool *unpacked, const char *file, uint64_t limit)
{
    struct arena *arena = arena_new();
    const char *fresh = arena_printf(arena, "%s.new", file);

    if (spool_size(unpacked) > limit || !copy_to(fresh, unpacked) ||
        rename(fresh, file) != 0) {
        unlink(fresh);
        unlink(file);
    }
    arena_free(&arena);
}

/* --- Going it ------------------------------------------------------------- */

/* Takes `edition` on to the next one. */
static enum status step(struct op *op, struct ews *ews, const char *path,
                        const struct book_file *diff, const char *folder,
                        struct spool **edition)
{
    struct spool *packed = NULL, *next = NULL;
    enum status status = book_fetch(op, ews, path, diff, folder, &packed);

    if (status == STATUS_OK)
        status =
            book_patch(op, packed, *edition, diff->unpacked, folder, &next);
    spool_free(&packed);
    spool_free(edition);
    *edition = next;
    return status;
}

static enum status walk(struct op *op, struct ews *ews, const char *path,
                        const struct book_manifest *manifest,
                        const char *folder,
                        const struct remote_book_edition *known,
                        struct spool **edition)
{
    enum status status = STATUS_OK;

    for (uint32_t sequence = known->sequence;
         status == STATUS_OK && sequence < manifest->full.edition.sequence;)
        status = step(op, ews, path, find_diff(manifest, ++sequence), folder,
                      edition);
    if (status == STATUS_OK && spool_size(*edition) != manifest->full.unpacked)
        return op_fail(op, STATUS_CORRUPT,
                       "changes make a book of another size");
    return status;
}

bool book_change(struct op *op, struct ews *ews, const char *path,
                 const struct book_manifest *manifest, const char *folder,
                 const struct remote_book_edition *known,
                 struct spool **unpacked_out)
{
    struct op before = *op;

    *unpacked_out = NULL;
    if (known->kept == NULL || !is_worth_it(manifest, known, ews->book_limit))
        return false;
    struct spool *edition = open_kept(known->kept);
    if (edition == NULL)
        return false;
    enum status status = walk(op, ews, path, manifest, folder, known, &edition);
    if (status != STATUS_OK) {
        log_debug(op->session, "changes of the address book not taken: %s",
                  op->reason != NULL ? op->reason : status_name(status));
        op->reason = before.reason;
        op->failed = before.failed;
        spool_free(&edition);
        return false;
    }
    *unpacked_out = edition;
    return true;
}
