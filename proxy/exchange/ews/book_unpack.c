/*
 * book_unpack.c - unpacks the file of an offline address book
 *
 * MS-OXOAB, 2.11: blocks, each as it is or compressed by LZX, each with a
 * checksum, which libmspack looks at.  Changes are such blocks, too, which go
 * on from those of the edition before; the checksum is of what they make, so
 * that changes to another edition are noticed.  libmspack reads and writes by
 * functions of ours, so that names of files mean nothing to it.
 */
#include "proxy/exchange/ews/book.h"

#include <stdlib.h>
#include <string.h>

#include <mspack.h>

#include "proxy/base/spool.h"

/* More in a piece makes it faster. */
#define BUFFER_SIZE 65536

static const char in_name[] = "packed", before_name[] = "before",
                  out_name[] = "unpacked";

/* What libmspack calls; it comes first, so that it leads to the rest. */
struct unpacking {
    struct mspack_system system;
    struct op *op;
    const struct spool *in;
    const struct spool *before; /* what is changed; NULL: nothing */
    struct spool *out;
};

/* A file that it has open. */
struct open_file {
    struct unpacking *unpacking;
    const struct spool *from; /* NULL: it is written */
    uint64_t at;
};

static struct open_file *file_of(struct mspack_file *file)
{
    return (struct open_file *)(void *)file;
}

static struct mspack_file *open_file(struct mspack_system *system,
                                     const char *name, int mode)
{
    struct open_file *file = calloc(1, sizeof *file);

    if (file == NULL)
        return NULL;
    file->unpacking = (struct unpacking *)(void *)system;
    if (mode != MSPACK_SYS_OPEN_WRITE)
        file->from =
            name == before_name ? file->unpacking->before : file->unpacking->in;
    return (struct mspack_file *)(void *)file;
}

static void close_file(struct mspack_file *file)
{
    free(file);
}

static int read_file(struct mspack_file *context, void *out, int len)
{
    struct open_file *file = file_of(context);
    struct unpacking *unpacking = file->unpacking;
    int got = 0;

    if (file->from == NULL || len < 0 || op_cancelled(unpacking->op))
        return -1;
    while (got < len) {
        long part = spool_read(file->from, file->at, (char *)out + got,
                               (size_t)(len - got));
        if (part < 0)
            return -1;
        if (part == 0)
            break;
        got += (int)part;
        file->at += (uint64_t)part;
    }
    return got;
}

static int write_file(struct mspack_file *context, void *data, int len)
{
    struct open_file *file = file_of(context);

    if (file->from != NULL || len < 0 ||
        !spool_write(file->unpacking->out, data, (size_t)len))
        return -1;
    return len;
}

static int seek_file(struct mspack_file *context, off_t offset, int mode)
{
    struct open_file *file = file_of(context);
    off_t size = file->from != NULL ? (off_t)spool_size(file->from) : 0;
    off_t base = mode == MSPACK_SYS_SEEK_CUR   ? (off_t)file->at
                 : mode == MSPACK_SYS_SEEK_END ? size
                                               : 0;

    if (file->from == NULL || offset < -base || offset > size - base)
        return -1;
    file->at = (uint64_t)(base + offset);
    return 0;
}

static off_t tell_file(struct mspack_file *context)
{
    struct open_file *file = file_of(context);

    return (off_t)(file->from == NULL ? spool_size(file->unpacking->out)
                                      : file->at);
}

static void ignore_message(struct mspack_file *file, const char *format, ...)
{
    (void)file, (void)format;
}

static void *allocate(struct mspack_system *system, size_t len)
{
    (void)system;
    return malloc(len);
}

static void copy(void *from, void *to, size_t len)
{
    memcpy(to, from, len);
}

static int unpack(struct unpacking *unpacking)
{
    struct msoab_decompressor *decompressor =
        mspack_create_oab_decompressor(&unpacking->system);

    if (decompressor == NULL)
        return MSPACK_ERR_NOMEMORY;
    decompressor->set_param(decompressor, MSOABD_PARAM_DECOMPBUF, BUFFER_SIZE);
    int error = unpacking->before == NULL
                    ? decompressor->decompress(decompressor, in_name, out_name)
                    : decompressor->decompress_incremental(
                          decompressor, in_name, before_name, out_name);
    mspack_destroy_oab_decompressor(decompressor);
    return error;
}

static enum status check(struct op *op, const struct spool *out, int error,
                         uint64_t size)
{
    if (op_cancelled(op))
        return op_fail(op, STATUS_CANCELLED, "cancelled while unpacking");
    if (spool_failed(out) == SPOOL_DISK_FAILED)
        return op_fail(op, STATUS_LIMIT,
                       "there is no room for the offline address book");
    if (error != MSPACK_ERR_OK)
        return op_fail(op, STATUS_CORRUPT,
                       "the offline address book cannot be unpacked: %d",
                       error);
    if (spool_size(out) != size)
        return op_fail(op, STATUS_CORRUPT,
                       "the offline address book has another size than "
                       "oab.xml says, unpacked");
    return STATUS_OK;
}

enum status book_unpack(struct op *op, const struct spool *packed,
                        uint64_t size, const char *folder,
                        struct spool **unpacked_out)
{
    return book_patch(op, packed, NULL, size, folder, unpacked_out);
}

enum status book_patch(struct op *op, const struct spool *packed,
                       const struct spool *before, uint64_t size,
                       const char *folder, struct spool **unpacked_out)
{
    struct unpacking unpacking = {
        .system = { .open = open_file,
                    .close = close_file,
                    .read = read_file,
                    .write = write_file,
                    .seek = seek_file,
                    .tell = tell_file,
                    .message = ignore_message,
                    .alloc = allocate,
                    .free = free,
                    .copy = copy },
        .op = op,
        .in = packed,
        .before = before,
        .out = spool_new(folder, size),
    };
    int error = unpack(&unpacking);
    enum status status = check(op, unpacking.out, error, size);

    if (status != STATUS_OK)
        spool_free(&unpacking.out);
    *unpacked_out = unpacking.out;
    return status;
}
