/*
 * transaction.c - one message on its way from MAIL to the end of its content
 */
#include "smtp/transaction.h"

#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/exchange/mail.h"
#include "smtp/content.h"

void smtp_transaction_begin(struct smtp_transaction *transaction,
                            const char *sender, bool is_utf8)
{
    smtp_transaction_reset(transaction);
    transaction->arena = arena_new();
    transaction->sender = arena_strdup(transaction->arena, sender);
    transaction->is_utf8 = is_utf8;
}

static void make_room(struct smtp_transaction *transaction)
{
    size_t room = transaction->recipient_room * 2 + 8;
    const char **recipients =
        arena_array(transaction->arena, room, sizeof *recipients);

    if (transaction->recipient_count > 0)
        memcpy(recipients, transaction->recipients,
               transaction->recipient_count * sizeof *recipients);
    transaction->recipients = recipients;
    transaction->recipient_room = room;
}

void smtp_transaction_add(struct smtp_transaction *transaction,
                          const char *recipient)
{
    if (transaction->recipient_count + 1 >= transaction->recipient_room)
        make_room(transaction);
    transaction->recipients[transaction->recipient_count++] =
        arena_strdup(transaction->arena, recipient);
}

void smtp_transaction_open(struct smtp_transaction *transaction,
                           const char *directory, uint64_t limit)
{
    transaction->content = smtp_content_new(directory, limit);
}

bool smtp_transaction_is_ready(const struct smtp_transaction *transaction)
{
    return transaction->sender != NULL && transaction->recipient_count > 0;
}

enum status smtp_transaction_send(struct op *op,
                                  const struct smtp_transaction *transaction,
                                  struct account *account)
{
    struct mail_submission submission = {
        .content = smtp_content_spool(transaction->content),
        .sender = transaction->sender,
        .recipients = transaction->recipients,
        .delivery_receipt = transaction->delivery_receipt,
    };

    return mail_send(op, account, &submission);
}

void smtp_transaction_reset(struct smtp_transaction *transaction)
{
    smtp_content_free(&transaction->content);
    if (transaction->arena != NULL)
        arena_free(&transaction->arena);
    *transaction = (struct smtp_transaction){ .sender = NULL };
}
