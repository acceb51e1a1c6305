/*
 * cmd_data.c - DATA: the content, and off it goes
 *
 * RFC 5321, 4.1.1.4:  DATA
 *
 * The answer to the content says what Exchange says: 250 once it has accepted
 * the message, and never before.
 */
#include <inttypes.h>

#include "proxy/base/arena.h"
#include "proxy/base/log.h"
#include "proxy/base/spool.h"
#include "proxy/exchange/account.h"
#include "smtp/command.h"

void smtp_cmd_data(struct smtp_command *command)
{
    struct smtp_session *session = command->session;
    const struct smtp_transaction *transaction = &session->transaction;

    if (transaction->content != NULL) {
        smtp_reply_line(command->reply, "503 5.5.1 BDAT goes on with BDAT");
        return;
    }
    if (!smtp_transaction_is_ready(transaction)) {
        smtp_reply_line(command->reply, transaction->sender == NULL
                                            ? "503 5.5.1 MAIL comes first"
                                            : "503 5.5.1 RCPT comes first");
        return;
    }
    smtp_frame_begin_data(&session->frame, smtp_session_content(session));
    smtp_reply_line(command->reply, "354 End with a line that is one dot");
}

bool smtp_data_refuse(struct smtp_command *command,
                      enum smtp_content_fault fault)
{
    switch (fault) {
    case SMTP_CONTENT_GOOD:
        return false;
    case SMTP_CONTENT_BARE_CR:
        smtp_reply_line(
            command->reply,
            "554 5.6.0 Lines must end with CRLF, there is a bare CR");
        break;
    case SMTP_CONTENT_TOO_BIG:
        smtp_reply_sent(command->reply, STATUS_TOO_BIG);
        break;
    case SMTP_CONTENT_DISK_FAILED:
        log_error(command->op->session, "a message cannot be kept: disk full?");
        smtp_reply_line(command->reply, "452 4.3.1 No room for the message");
        break;
    }
    smtp_transaction_reset(&command->session->transaction);
    return true;
}

/* A failure is logged where the request ends. */
static void note_result(struct op *op,
                        const struct smtp_transaction *transaction,
                        enum status status)
{
    uint64_t size = spool_size(smtp_content_spool(transaction->content));

    if (status == STATUS_OK)
        log_info(op->session, "sent recipients=%zu size=%" PRIu64,
                 transaction->recipient_count, size);
    else
        op_fail(op, status, "not sent recipients=%zu size=%" PRIu64 ": %s",
                transaction->recipient_count, size,
                op->reason != NULL ? op->reason : "");
}

void smtp_data_send(struct smtp_command *command)
{
    struct smtp_session *session = command->session;
    struct smtp_transaction *transaction = &session->transaction;

    if (smtp_data_refuse(command, smtp_content_end(transaction->content)))
        return;

    enum status status =
        smtp_transaction_send(command->op, transaction, session->account);
    note_result(command->op, transaction, status);
    if (status != STATUS_OK && account_has_expired(session->account))
        smtp_reply_expired(command->reply);
    else
        smtp_reply_sent(command->reply, status);
    smtp_transaction_reset(transaction);
}
