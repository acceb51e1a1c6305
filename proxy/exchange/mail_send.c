/*
 * mail_send.c - sending a message
 *
 * One after the other per account: Exchange limits the messages of a minute,
 * and what is looked for after a lost answer is not confused.  Nothing is sent
 * a second time unless the first surely has not been.
 */
#include "proxy/base/arena.h"
#include "proxy/exchange/account_private.h"
#include "proxy/exchange/mail_private.h"
#include "proxy/exchange/submission.h"

/* A copy shows in Sent within seconds of the sending; so long it is waited for.
 */
#define LOOK_SECONDS 30

/* STATUS_OK: it is sent.  STATUS_NOT_FOUND: it surely is not. */
static enum status find_out(struct op *op, struct account *account,
                            struct remote *remote,
                            const struct index_attempt *attempt)
{
    struct remote_item *item = NULL;
    enum status status =
        attempt_find(op, account, remote, NULL, attempt,
                     attempt_patience(account, LOOK_SECONDS), &item);

    if (status != STATUS_OK)
        return op_fail(op, STATUS_UNCERTAIN, "the message may be sent");
    return item != NULL ? STATUS_OK : STATUS_NOT_FOUND;
}

/* An earlier attempt at the same whose answer was lost.  STATUS_NOT_FOUND:
 * none, or it came to nothing. */
static enum status resume(struct op *op, struct account *account,
                          struct remote *remote, const char *hash)
{
    struct index_attempt earlier;
    enum status status =
        index_attempt_open(op, account->index, 0, hash, 0, &earlier);

    if (status != STATUS_OK)
        return status;
    if (earlier.id == 0)
        return STATUS_NOT_FOUND;
    status = find_out(op, account, remote, &earlier);
    if (status != STATUS_UNCERTAIN)
        index_attempt_end(op, account->index, earlier.id, status == STATUS_OK);
    return status;
}

static enum status send_anew(struct op *op, struct account *account,
                             struct remote *remote,
                             struct remote_submission *prepared,
                             const struct index_attempt *attempt)
{
    enum status status = STATUS_NOT_FOUND;

    prepared->token = attempt->token;
    for (int i = 0; i < WRITE_TRIES && status == STATUS_NOT_FOUND; i++) {
        status =
            account_told(account, remote->backend->send(op, remote, prepared));
        if (status == STATUS_UNCERTAIN)
            status = find_out(op, account, remote, attempt);
        else if (status != STATUS_OK)
            break;
    }
    if (status == STATUS_NOT_FOUND)
        status = op_fail(op, STATUS_UNAVAILABLE,
                         "the message was lost on its way several times");
    if (status != STATUS_UNCERTAIN)
        index_attempt_end(op, account->index, attempt->id, status == STATUS_OK);
    return status;
}

static enum status send(struct op *op, struct account *account,
                        const struct mail_submission *submission)
{
    struct remote_submission prepared = { 0 };
    struct index_attempt attempt;
    struct remote *remote;
    const char *message_id = NULL;
    const char *hash =
        attempt_hash(op, submission->content, submission->recipients);
    enum status status = hash != NULL ? account_remote(op, account, &remote)
                                      : STATUS_UNAVAILABLE;

    if (status == STATUS_OK)
        status =
            submission_prepare(op, submission, account_address(op, account),
                               &prepared, &message_id);
    if (status == STATUS_OK)
        status = resume(op, account, remote, hash);
    if (status != STATUS_NOT_FOUND)
        return status;
    status = attempt_begin(op, account, 0, hash, message_id, &attempt);
    if (status == STATUS_OK)
        status = send_anew(op, account, remote, &prepared, &attempt);
    return status;
}

enum status mail_send(struct op *op, struct account *account,
                      const struct mail_submission *submission)
{
    if (!flight_enter(op, &account->sending))
        return STATUS_CANCELLED;
    enum status status = send(op, account, submission);
    flight_end(&account->sending, status);
    return status;
}
