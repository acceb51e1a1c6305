/*
 * session.c - one client's conversation, as the commands see it
 */
#include "smtp/session.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config/settings.h"
#include "proxy/base/arena.h"
#include "proxy/base/memory.h"
#include "proxy/base/secret.h"
#include "proxy/base/str.h"
#include "proxy/conn.h"
#include "proxy/exchange/account.h"
#include "proxy/protocol.h"
#include "smtp/command.h"

/* A line has to fit into what a connection holds for us, with its end. */
#define LINE_MAX_LEN (CONN_WINDOW - 2)

void smtp_session_init(struct smtp_session *session,
                       const struct gateway *gateway)
{
    uint64_t limit = gateway->settings->smtp.listener.line_limit;

    *session = (struct smtp_session){ .gateway = gateway };
    smtp_frame_init(&session->frame,
                    limit < LINE_MAX_LEN ? (size_t)limit : LINE_MAX_LEN);
}

/* The line may hold a password. */
static void drop_line(struct smtp_session *session)
{
    if (session->line != NULL)
        secret_wipe(session->line, session->line_len);
    free(session->line);
    session->line = NULL;
    session->line_len = 0;
}

void smtp_session_fini(struct smtp_session *session)
{
    smtp_session_forget(session);
    drop_line(session);
}

void smtp_session_forget(struct smtp_session *session)
{
    smtp_transaction_reset(&session->transaction);
    account_unref(&session->account);
    smtp_auth_end(session);
    session->has_said_hello = false;
}

bool smtp_session_is_receiving(const struct smtp_session *session)
{
    return session->frame.mode == SMTP_FRAME_DATA ||
           session->frame.mode == SMTP_FRAME_CHUNK ||
           session->transaction.content != NULL;
}

uint64_t smtp_session_message_limit(const struct smtp_session *session)
{
    return session->account != NULL
               ? account_message_limit(session->account)
               : session->gateway->settings->mail.message_limit;
}

bool smtp_session_takes_tokens(const struct smtp_session *session)
{
    return session->gateway->settings->exchange.tokens != TOKENS_NO;
}

bool smtp_session_takes_passwords(const struct smtp_session *session)
{
    return session->gateway->settings->exchange.tokens != TOKENS_ONLY;
}

void smtp_session_host(char *out, size_t size)
{
    if (gethostname(out, size) != 0 || out[0] == '\0')
        memcpy(out, "localhost", sizeof "localhost");
    out[size - 1] = '\0';
}

struct smtp_content *smtp_session_content(struct smtp_session *session)
{
    struct smtp_transaction *transaction = &session->transaction;
    const char *directory = session->gateway->settings->store.path;

    if (session->account == NULL || !smtp_transaction_is_ready(transaction))
        return NULL;
    if (transaction->content == NULL)
        smtp_transaction_open(transaction,
                              str_equal(directory, "memory") ? NULL : directory,
                              smtp_session_message_limit(session));
    return transaction->content;
}

static void keep_line(struct smtp_session *session, const char *data,
                      size_t taken)
{
    size_t len = taken - 1;

    if (len > 0 && data[len - 1] == '\r')
        len--;
    session->line = memory_new(len + 1);
    memcpy(session->line, data, len);
    session->line_len = len;
}

/* A line is a request, but for one that announces a chunk: its octets belong to
 * the same request, whether they are wanted or not. */
static void found_line(struct smtp_session *session)
{
    uint64_t size;
    bool last;

    if (session->login_step == SMTP_LOGIN_NONE &&
        smtp_bdat_size(session->line, &size, &last) && size != UINT64_MAX) {
        struct smtp_content *content = smtp_session_content(session);

        if (size > 0) {
            smtp_frame_begin_chunk(&session->frame, content, size);
            return;
        }
    }
    session->found = SMTP_FOUND_LINE;
}

size_t smtp_session_take(struct smtp_session *session, const char *data,
                         size_t len)
{
    enum smtp_frame_found found;
    size_t taken = smtp_frame_take(&session->frame, data, len, &found);

    switch (found) {
    case SMTP_FOUND_LINE:
        keep_line(session, data, taken);
        found_line(session);
        break;
    case SMTP_FOUND_CHUNK_END:
        session->found = SMTP_FOUND_LINE;
        break;
    case SMTP_FOUND_LONG_LINE:
    case SMTP_FOUND_DATA_END:
    case SMTP_FOUND_NOTHING:
        session->found = found;
    }
    return taken;
}

static bool has_control_characters(const char *line, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)line[i] < ' ' || line[i] == 0x7f)
            return true;
    return false;
}

static void run_line(struct smtp_command *command)
{
    struct smtp_session *session = command->session;

    if (has_control_characters(session->line, session->line_len)) {
        smtp_auth_end(session);
        smtp_reply_line(command->reply, "500 5.5.2 No such character belongs "
                                        "into a command");
        return;
    }
    if (session->login_step != SMTP_LOGIN_NONE)
        smtp_auth_continue(command);
    else
        smtp_command_run(command);
}

/* RFC 4954, 4, has a code of its own for the dialogue of AUTH. */
static void refuse_long_line(struct smtp_command *command)
{
    bool in_login = command->session->login_step != SMTP_LOGIN_NONE;

    smtp_auth_end(command->session);
    smtp_reply_line(command->reply, "500 %s The line is too long",
                    in_login ? "5.5.6" : "5.5.2");
}

void smtp_session_run(struct smtp_session *session, struct op *op,
                      struct smtp_reply *reply)
{
    struct smtp_command command = { .op = op,
                                    .session = session,
                                    .reply = reply };

    smtp_reply_init(reply, op->arena);
    switch (session->found) {
    case SMTP_FOUND_LINE:
        run_line(&command);
        break;
    case SMTP_FOUND_LONG_LINE:
        refuse_long_line(&command);
        break;
    case SMTP_FOUND_DATA_END:
        smtp_data_send(&command);
        break;
    case SMTP_FOUND_CHUNK_END:
    case SMTP_FOUND_NOTHING:
        break;
    }
    session->found = SMTP_FOUND_NOTHING;
    drop_line(session);
}
