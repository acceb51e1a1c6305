/*
 * attempt.c - finding out what became of a message that was on its way
 *
 * Storing and sending cannot be repeated blindly.  Every attempt carries a
 * token that Exchange keeps with the message, and is noted in the index before
 * it leaves.  When the answer is lost, the token is looked for; and when a
 * client comes with the very same message after an attempt of unknown outcome,
 * that one is looked for first.
 */
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/spool.h"
#include "proxy/base/time.h"
#include "proxy/exchange/account_private.h"
#include "proxy/exchange/credentials.h"
#include "proxy/exchange/mail_private.h"

#define TOKEN 32
#define FIRST_PAUSE_MS 500
#define LONGEST_PAUSE_MS 5000

/* Our clock and Exchange's may differ by as much. */
#define SKEW 120

uint32_t attempt_patience(const struct account *account, uint32_t seconds)
{
    uint32_t patience = account_settings(account)->exchange.patience;

    return patience < seconds ? patience : seconds;
}

static enum status look(struct op *op, struct account *account,
                        struct remote *remote, const char *folder,
                        const struct index_attempt *attempt,
                        struct remote_item **item_out)
{
    struct remote_item *items = NULL;
    size_t count = 0;
    enum status status = account_told(
        account, remote->backend->find_new(
                     op, remote, folder, attempt->token, attempt->message_id,
                     attempt->time - SKEW, &items, &count));

    *item_out = status == STATUS_OK && count > 0 ? &items[0] : NULL;
    return status;
}

enum status attempt_find(struct op *op, struct account *account,
                         struct remote *remote, const char *folder,
                         const struct index_attempt *attempt, uint32_t seconds,
                         struct remote_item **item_out)
{
    uint64_t end = time_monotonic_ms() + 1000u * (uint64_t)seconds;
    uint32_t pause = FIRST_PAUSE_MS;

    for (;;) {
        enum status status =
            look(op, account, remote, folder, attempt, item_out);

        if (*item_out != NULL)
            return STATUS_OK;
        if (time_monotonic_ms() + pause >= end || !wait_for(op, pause))
            return status == STATUS_OK && !op_cancelled(op) ? STATUS_OK
                                                            : STATUS_UNCERTAIN;
        pause = pause * 2 < LONGEST_PAUSE_MS ? pause * 2 : LONGEST_PAUSE_MS;
    }
}

enum status attempt_begin(struct op *op, struct account *account,
                          int64_t folder, const char *hash,
                          const char *message_id,
                          struct index_attempt *attempt_out)
{
    char *token = arena_alloc(op->arena, TOKEN + 1);

    random_hex(token, TOKEN);
    *attempt_out = (struct index_attempt){
        .folder = folder,
        .hash = hash,
        .token = token,
        .message_id = message_id,
        .time = time_now(),
    };
    return index_attempt_begin(op, account->index, attempt_out);
}

const char *attempt_hash(struct op *op, const struct spool *content,
                         const char *const *recipients)
{
    struct digest *digest = digest_new();
    char block[16 * 1024], *hex = arena_alloc(op->arena, 65);
    uint64_t at = 0;
    long got = 0;

    while (at < spool_size(content) &&
           (got = spool_read(content, at, block, sizeof block)) > 0) {
        digest_add(digest, block, (size_t)got);
        at += (uint64_t)got;
    }
    for (size_t i = 0; recipients != NULL && recipients[i] != NULL; i++)
        digest_add(digest, recipients[i], strlen(recipients[i]) + 1);
    digest_finish(&digest, hex);
    if (got >= 0)
        return hex;
    op_fail(op, STATUS_UNAVAILABLE, "the message cannot be read from the disk");
    return NULL;
}
