/*
 * mail_append.c - storing a message in a folder
 */
#include "proxy/exchange/mail_append.h"

#include <stdlib.h>

#include "proxy/base/arena.h"
#include "proxy/base/spool.h"
#include "proxy/base/time.h"
#include "proxy/exchange/account_private.h"
#include "proxy/exchange/mail_private.h"
#include "proxy/exchange/reading.h"
#include "proxy/format/mime.h"

/* How much of a message is read to find its Message-ID. */
#define HEADER_LOOK (128 * 1024)

/* How long a lost message is looked for, and the copy of a sent one, in
 * seconds: what is stored is there at once, a sent message only when it has
 * been taken away. */
#define LOOK_SECONDS 3
#define SENT_LOOK_SECONDS 10

/* How long after sending a client stores its copy in Sent. */
#define SENT_SECONDS (24 * 3600)

static const char *read_message_id(struct op *op, const struct spool *content)
{
    uint64_t size = spool_size(content);
    size_t len = size < HEADER_LOOK ? (size_t)size : HEADER_LOOK;
    const char *data = spool_copy(op->arena, content, 0, len);

    if (data == NULL)
        return NULL;
    const char *value = mime_header_value(op->arena, data, len, "Message-ID");
    return value != NULL && *value != '\0' ? value : NULL;
}

/* The message is there: it gets its UID here. */
static enum status keep(struct op *op, struct append *append, const char *id,
                        const char *change_key, uint32_t *uid_out)
{
    const struct mail_new *message = append->message;
    struct remote_item item = {
        .id = id,
        .change_key = change_key,
        .flags =
            message->flags | (message->flags & MAIL_DRAFT ? MAIL_UNSENT : 0),
        .categories = message->categories,
        .received = append->received,
        .created = time_now(),
        .size = (uint32_t)spool_size(message->content),
        .message_id = append->message_id,
    };

    return index_add(op, append->account->index, append->folder.id, &item,
                     uid_out);
}

/* A message found at Exchange, which may have other flags than the client
 * wants. */
static enum status adopt(struct op *op, struct append *append,
                         const struct remote_item *item, uint32_t *uid_out)
{
    const struct mail_new *message = append->message;
    struct mail_flag_change change = { .change = MAIL_REPLACE,
                                       .flags = message->flags,
                                       .categories = message->categories };
    struct mail_result result;
    enum status status =
        index_add(op, append->account->index, append->folder.id, item, uid_out);

    if (status != STATUS_OK || (message->flags & ~(uint32_t)MAIL_DRAFT) == 0)
        return status;
    return mail_change_flags(op, append->account, append->folder.id, uid_out, 1,
                             &change, &result);
}

/* The copy in Sent of what was sent just now.  `*uid_out` is 0 when there is
 * none. */
static enum status recognise(struct op *op, struct append *append,
                             uint32_t *uid_out)
{
    struct index_attempt sent = { 0 };
    struct remote_item *item = NULL;
    const struct settings *settings = account_settings(append->account);

    *uid_out = 0;
    if (append->folder.use != FOLDER_SENT || append->folder.store != 0 ||
        !settings->mail.recognise_sent ||
        append->message_id == NULL)
        return STATUS_OK;
    enum status status =
        index_claim_sent(op, append->account->index, append->message_id,
                         time_now() - SENT_SECONDS, &sent);
    if (status != STATUS_OK || sent.id == 0)
        return status;
    status = attempt_find(
        op, append->account, append->remote, append->folder.remote, &sent,
        attempt_patience(append->account, SENT_LOOK_SECONDS), &item);
    if (status != STATUS_OK) {
        index_unclaim_sent(op, append->account->index, sent.id);
        return status;
    }
    return item != NULL ? adopt(op, append, item, uid_out) : STATUS_OK;
}

/* An earlier attempt at the same whose answer was lost.  `*uid_out` is 0 when
 * there is none, or when it surely came to nothing. */
static enum status resume(struct op *op, struct append *append,
                          uint32_t *uid_out)
{
    struct index_attempt earlier;
    struct remote_item *item = NULL;
    struct index *index = append->account->index;
    enum status status =
        index_attempt_open(op, index, append->folder.id, append->hash,
                           append->before, &earlier);

    *uid_out = 0;
    if (status != STATUS_OK || earlier.id == 0)
        return status;
    status = attempt_find(op, append->account, append->remote,
                          append->folder.remote, &earlier, 0, &item);
    if (status != STATUS_OK)
        return op_fail(op, status, "an earlier attempt cannot be looked for");
    if (item != NULL)
        status = adopt(op, append, item, uid_out);
    index_attempt_end(op, index, earlier.id, item != NULL);
    return status;
}

/* STATUS_NOT_FOUND: surely not stored. */
static enum status create_once(struct op *op, struct append *append,
                               const struct index_attempt *attempt,
                               uint32_t *uid_out)
{
    struct remote *remote = append->remote;
    struct remote_result result = { 0 };
    struct remote_item *item = NULL;
    struct remote_new new_item = {
        .content = append->message->content,
        .flags = append->message->flags,
        .categories = append->message->categories,
        .received = append->received,
        .token = attempt->token,
    };
    enum status status = account_told(
        append->account,
        remote->backend->item_create(op, remote, append->folder.remote,
                                     &new_item, &result));

    if (status == STATUS_OK && result.id != NULL)
        return keep(op, append, result.id, result.change_key, uid_out);
    if (status != STATUS_OK && status != STATUS_UNCERTAIN)
        return status;
    bool known = status == STATUS_OK; /* stored, but its id was not told */
    status = attempt_find(
        op, append->account, remote, append->folder.remote, attempt,
        attempt_patience(append->account, LOOK_SECONDS), &item);
    if (status == STATUS_OK && item != NULL)
        return index_add(op, append->account->index, append->folder.id, item,
                         uid_out);
    if (known)
        return STATUS_OK;
    return status == STATUS_OK
               ? STATUS_NOT_FOUND
               : op_fail(op, STATUS_UNCERTAIN, "the message may be stored");
}

static enum status create(struct op *op, struct append *append,
                          uint32_t *uid_out)
{
    struct index *index = append->account->index;
    struct index_attempt attempt;
    enum status status =
        attempt_begin(op, append->account, append->folder.id, append->hash,
                      append->message_id, &attempt);

    if (status != STATUS_OK)
        return status;
    status = STATUS_NOT_FOUND;
    for (int i = 0; i < WRITE_TRIES && status == STATUS_NOT_FOUND; i++)
        status = create_once(op, append, &attempt, uid_out);
    if (status == STATUS_NOT_FOUND)
        status = op_fail(op, STATUS_UNAVAILABLE,
                         "the message was lost on its way several times");
    append->attempt = attempt;
    if (status != STATUS_UNCERTAIN && (status != STATUS_OK || !append->open))
        index_attempt_end(op, index, attempt.id, status == STATUS_OK);
    return status;
}

/* Those who store the very same at once take turns: an attempt that is still
 * on its way looks like one whose answer was lost. */
enum status append_claim(struct op *op, struct append *append)
{
    struct reading *storing = append->account->storing;
    const char *digits = arena_strndup(op->arena, append->hash, 15);

    append->number = strtoll(digits, NULL, 16);
    while (!reading_claim(storing, append->number))
        if (!reading_wait(op, storing, append->number))
            return STATUS_CANCELLED;
    append->claimed = true;
    return STATUS_OK;
}

void append_release(struct append *append)
{
    if (append->claimed)
        reading_release(append->account->storing, append->number);
    append->claimed = false;
}

enum status append_open(struct op *op, struct account *account, int64_t folder,
                        const struct mail_new *message,
                        struct append *append_out)
{
    *append_out = (struct append){ .account = account, .message = message };
    enum status status =
        index_folder(op, account->index, folder, &append_out->folder);

    if (status == STATUS_OK)
        status = account_remote_of(op, account, &append_out->folder,
                                   &append_out->remote);
    if (status != STATUS_OK)
        return status;
    append_out->received =
        message->received != TIME_NONE ? message->received : time_now();
    append_out->message_id = read_message_id(op, message->content);
    append_out->hash = attempt_hash(op, message->content, NULL);
    return append_out->hash != NULL ? STATUS_OK : STATUS_UNAVAILABLE;
}

enum status append_store(struct op *op, struct append *append,
                         uint32_t *uid_out)
{
    enum status status = recognise(op, append, uid_out);

    if (status != STATUS_OK || *uid_out != 0)
        return status;
    append->made = true;
    status = resume(op, append, uid_out);
    if (status == STATUS_OK && *uid_out == 0)
        status = create(op, append, uid_out);
    return status;
}

enum status mail_append(struct op *op, struct account *account, int64_t folder,
                        const struct mail_new *message, uint32_t *uid_out)
{
    struct append append;
    enum status status = append_open(op, account, folder, message, &append);

    *uid_out = 0;
    if (status == STATUS_OK)
        status = append_claim(op, &append);
    if (status != STATUS_OK)
        return status;
    status = append_store(op, &append, uid_out);
    append_release(&append);
    if (status == STATUS_OK)
        mail_changed(op, account, folder);
    return status;
}
