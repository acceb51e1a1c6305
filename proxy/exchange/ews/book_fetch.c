/*
 * book_fetch.c - takes the files of the offline address book from the server
 */
#include "proxy/exchange/ews/book.h"

#include <string.h>

#include <openssl/evp.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/memory.h"
#include "proxy/base/spool.h"
#include "proxy/exchange/http/client.h"

#define MANIFEST_LIMIT (4u << 20)

/* A file on its way. */
struct arrival {
    void (*begin)(struct arrival *arrival); /* forgets what has come */
    bool (*take)(void *arrival, const char *data, size_t len);
    bool refused; /* more has come than there may be */

    struct buf text;     /* of the manifest */
    struct spool *spool; /* of the book */
    const char *folder;
    uint64_t size;
    EVP_MD_CTX *digest;
};

/* What says that the server has no such file, or has none for us. */
static bool is_missing(long code)
{
    return code == 401 || code == 403 || code == 404 || code == 410;
}

/* As often as it takes. */
static enum status get(struct op *op, struct ews *ews, const char *path,
                       struct arrival *arrival)
{
    struct http_call call = { .operation = "OAB",
                              .path = path,
                              .get = true,
                              .answer = arrival->take,
                              .context = arrival };
    struct op before = *op;
    struct http_answer answer;
    struct patience patience;

    patience_begin(&patience, op, ews->patience);
    do {
        arrival->begin(arrival);
        http_post(op, ews->http, &call, patience.deadline, &answer);
        call.fresh = true;
        if (is_missing(answer.code))
            return op_fail(op, STATUS_UNSUPPORTED,
                           "no offline address book: HTTP %ld", answer.code);
    } while (!arrival->refused &&
             retry_wait(op, http_client_throttle(ews->http), &patience,
                        &answer.verdict, false));
    if (answer.verdict.status == STATUS_OK) {
        op->reason = before.reason;
        op->failed = before.failed;
    }
    return answer.verdict.status;
}

/* --- The manifest --------------------------------------------------------- */

static void begin_text(struct arrival *arrival)
{
    buf_clear(&arrival->text);
}

static bool take_text(void *context, const char *data, size_t len)
{
    struct arrival *arrival = context;

    arrival->refused = len > MANIFEST_LIMIT - arrival->text.len;
    if (!arrival->refused)
        buf_append(&arrival->text, data, len);
    return !arrival->refused;
}

enum status book_fetch_manifest(struct op *op, struct ews *ews,
                                const char *path,
                                struct book_manifest *manifest_out)
{
    struct arrival arrival = { .begin = begin_text, .take = take_text };
    const char *manifest = arena_printf(op->arena, "%soab.xml", path);

    buf_init(&arrival.text, op->arena);
    enum status status = get(op, ews, manifest, &arrival);
    if (status != STATUS_OK)
        return status;
    if (arrival.refused || arrival.text.len == 0 ||
        !book_read_manifest(op->arena, arrival.text.data, arrival.text.len,
                            manifest_out))
        return op_fail(op, STATUS_UNSUPPORTED,
                       "oab.xml names no address book that can be read");
    return STATUS_OK;
}

/* --- The book ------------------------------------------------------------- */

static void begin_spool(struct arrival *arrival)
{
    spool_free(&arrival->spool);
    arrival->spool = spool_new(arrival->folder, arrival->size);
    if (EVP_DigestInit_ex(arrival->digest, EVP_sha1(), NULL) != 1)
        memory_exhausted();
}

static bool take_spool(void *context, const char *data, size_t len)
{
    struct arrival *arrival = context;

    arrival->refused = !spool_write(arrival->spool, data, len) ||
                       EVP_DigestUpdate(arrival->digest, data, len) != 1;
    return !arrival->refused;
}

static enum status check(struct op *op, const struct arrival *arrival,
                         const struct book_file *file)
{
    unsigned char hash[EVP_MAX_MD_SIZE];
    unsigned len = 0;

    if (spool_failed(arrival->spool) == SPOOL_DISK_FAILED)
        return op_fail(op, STATUS_LIMIT,
                       "there is no room for the offline address book");
    if (arrival->refused || spool_size(arrival->spool) != file->size)
        return op_fail(op, STATUS_CORRUPT,
                       "the offline address book has another size than "
                       "oab.xml says");
    if (EVP_DigestFinal_ex(arrival->digest, hash, &len) != 1 ||
        len != BOOK_HASH_SIZE || memcmp(hash, file->hash, len) != 0)
        return op_fail(op, STATUS_CORRUPT,
                       "the offline address book has another hash than "
                       "oab.xml says");
    return STATUS_OK;
}

enum status book_fetch(struct op *op, struct ews *ews, const char *path,
                       const struct book_file *file, const char *folder,
                       struct spool **packed_out)
{
    struct arrival arrival = { .begin = begin_spool,
                               .take = take_spool,
                               .folder = folder,
                               .size = file->size,
                               .digest = EVP_MD_CTX_new() };

    if (arrival.digest == NULL)
        memory_exhausted();
    enum status status = get(
        op, ews, arena_printf(op->arena, "%s%s", path, file->name), &arrival);
    if (status == STATUS_OK)
        status = check(op, &arrival, file);
    EVP_MD_CTX_free(arrival.digest);
    if (status != STATUS_OK)
        spool_free(&arrival.spool);
    *packed_out = arrival.spool;
    return status;
}
