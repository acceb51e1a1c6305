/*
 * book.c - see book.h: from the manifest to the people
 *
 * Files are spools, of which a crash leaves nothing behind, but for the one in
 * which an edition is kept for the next.
 */
#include "proxy/exchange/ews/book.h"

#include <inttypes.h>

#include "proxy/base/arena.h"
#include "proxy/base/spool.h"
#include "proxy/base/str.h"
#include "proxy/format/oab.h"

/* Whom it is told to. */
struct listener {
    bool (*each)(void *context, const struct person *person);
    void *context;
};

static enum status find_file(struct op *op, struct ews *ews,
                             const char *address, const char **path_out,
                             struct book_manifest *manifest_out)
{
    enum status status = book_locate(op, ews, address, path_out);

    if (status != STATUS_OK)
        return status;
    status = book_fetch_manifest(op, ews, *path_out, manifest_out);
    if (status == STATUS_UNSUPPORTED)
        book_forget(ews);
    return status;
}

static bool is_same(const struct remote_book_edition *a,
                    const struct remote_book_edition *b)
{
    return a->sequence == b->sequence && str_equal(a->id, b->id);
}

static enum status check_size(struct op *op, const struct ews *ews,
                              const struct book_file *file)
{
    uint64_t limit = ews->book_limit;

    if (file->size <= limit && file->unpacked <= limit)
        return STATUS_OK;
    return op_fail(op, STATUS_LIMIT,
                   "the offline address book has %" PRIu64 " octets, more "
                   "than directory.book_limit",
                   file->size > file->unpacked ? file->size : file->unpacked);
}

static enum status tell(struct op *op, struct oab *oab,
                        const struct listener *listener)
{
    struct arena *arena = arena_new();
    enum status status = STATUS_OK;
    struct oab_record record;
    struct person person;

    while (status == STATUS_OK && oab_next(oab, arena, &record)) {
        if (op_cancelled(op) || (book_person(arena, &record, &person) &&
                                 !listener->each(listener->context, &person)))
            status = STATUS_CANCELLED;
        arena_reset(arena);
    }
    arena_free(&arena);
    if (status == STATUS_OK && oab_problem(oab) != NULL)
        status = op_fail(op, STATUS_CORRUPT, "the offline address book: %s",
                         oab_problem(oab));
    return status;
}

static enum status tell_all(struct op *op, const struct spool *unpacked,
                            const struct listener *listener)
{
    const char *problem;
    struct oab *oab = oab_open(op->arena, unpacked, &problem);

    if (oab == NULL)
        return op_fail(op, STATUS_CORRUPT, "the offline address book: %s",
                       problem);
    return tell(op, oab, listener);
}

static enum status take_whole(struct op *op, struct ews *ews, const char *path,
                              const struct book_file *file, const char *folder,
                              struct spool **unpacked_out)
{
    struct spool *packed = NULL;
    enum status status = book_fetch(op, ews, path, file, folder, &packed);

    if (status == STATUS_OK)
        status = book_unpack(op, packed, file->unpacked, folder, unpacked_out);
    spool_free(&packed);
    return status;
}

/* By its changes, or the whole of it. */
static enum status take(struct op *op, struct ews *ews, const char *path,
                        const struct book_manifest *manifest,
                        const char *folder,
                        const struct remote_book_edition *known,
                        const struct listener *listener)
{
    struct spool *unpacked = NULL;
    enum status status = check_size(op, ews, &manifest->full);

    if (status == STATUS_OK &&
        !book_change(op, ews, path, manifest, folder, known, &unpacked))
        status = take_whole(op, ews, path, &manifest->full, folder, &unpacked);
    if (status == STATUS_OK)
        status = tell_all(op, unpacked, listener);
    if (status == STATUS_OK && known->kept != NULL)
        book_keep(unpacked, known->kept, ews->book_kept);
    spool_free(&unpacked);
    return status;
}

enum status ews_book(struct op *op, struct remote *remote, const char *address,
                     const char *folder,
                     const struct remote_book_edition *known,
                     bool (*each)(void *context, const struct person *person),
                     void *context, struct remote_book *book_out)
{
    struct ews *ews = ews_of(remote);
    const struct listener listener = { each, context };
    struct book_manifest manifest;
    const char *path;

    *book_out = (struct remote_book){ .unchanged = false };
    enum status status = find_file(op, ews, address, &path, &manifest);
    if (status != STATUS_OK)
        return status;
    book_out->edition = manifest.full.edition;
    book_out->unchanged = is_same(&manifest.full.edition, known);
    if (book_out->unchanged)
        return STATUS_OK;
    return take(op, ews, path, &manifest, folder, known, &listener);
}
