/*
 * cmd_auth.c - AUTH: log in
 *
 * RFC 4954, 4:  AUTH <mechanism> [<initial response>]
 *
 * PLAIN is RFC 4616.  LOGIN, which no RFC describes, asks for the user's name
 * and then for the password; some programs send the name with the command.
 * XOAUTH2 and OAUTHBEARER show a token (sasl.h).
 */
#include <stdlib.h>
#include <string.h>

#include "config/settings.h"
#include "proxy/base/arena.h"
#include "proxy/base/base64.h"
#include "proxy/base/log.h"
#include "proxy/base/memory.h"
#include "proxy/base/secret.h"
#include "proxy/base/str.h"
#include "proxy/base/utf8.h"
#include "proxy/exchange/account.h"
#include "proxy/format/sasl.h"
#include "proxy/protocol.h"
#include "smtp/command.h"

#define CHALLENGE_USER "VXNlcm5hbWU6"     /* "Username:" */
#define CHALLENGE_PASSWORD "UGFzc3dvcmQ6" /* "Password:" */

/* clang-format off */
static const struct {
    const char *name;
    enum smtp_login_step first;
    const char *challenge;
    bool (*offered)(const struct smtp_session *session);
} mechanisms[] = {
    { "PLAIN",       SMTP_LOGIN_PLAIN, "",             smtp_session_takes_passwords },
    { "LOGIN",       SMTP_LOGIN_USER,  CHALLENGE_USER, smtp_session_takes_passwords },
    { "XOAUTH2",     SMTP_LOGIN_TOKEN, "",             smtp_session_takes_tokens },
    { "OAUTHBEARER", SMTP_LOGIN_TOKEN, "",             smtp_session_takes_tokens },
};
/* clang-format on */

#define MECHANISM_COUNT (sizeof mechanisms / sizeof mechanisms[0])

void smtp_auth_end(struct smtp_session *session)
{
    session->login_step = SMTP_LOGIN_NONE;
    free(session->login_user);
    session->login_user = NULL;
}

/* Opens the account for the session; the secret is freed. */
static enum status open_account(struct smtp_command *command, const char *user,
                                struct secret *secret)
{
    struct op *op = command->op;
    struct smtp_session *session = command->session;
    enum status status = account_login(op, session->gateway->accounts, user,
                                       secret, &session->account);
    const char *shown = str_printable(op->arena, user, strlen(user), 200);

    secret_free(&secret);
    if (status == STATUS_OK)
        log_info(op->session, "login user=%s", shown);
    else
        op_fail(op, status, "login user=%s: %s", shown,
                op->reason != NULL ? op->reason : "");
    return status;
}

static void log_in(struct smtp_command *command, const char *user,
                   const char *password, size_t len)
{
    enum status status = open_account(command, user, secret_new(password, len));

    smtp_reply_login(command->reply, status);
    smtp_auth_end(command->session);
}

/* [<on behalf of>] NUL <user> NUL <password>.  One user cannot act for another
 * here: Exchange decides by the mailbox, not by a name. */
static void log_in_plain(struct smtp_command *command, const char *text,
                         size_t len)
{
    const char *end = text + len;
    const char *user = memchr(text, '\0', len);
    const char *password =
        user != NULL ? memchr(user + 1, '\0', (size_t)(end - user - 1)) : NULL;

    if (password == NULL ||
        memchr(password + 1, '\0', (size_t)(end - password - 1)) != NULL) {
        smtp_auth_end(command->session);
        smtp_reply_line(command->reply, "501 5.5.2 Not what PLAIN looks like");
        return;
    }
    user++;
    password++;
    if (*text != '\0' && !str_equal_nocase(text, user)) {
        smtp_auth_end(command->session);
        smtp_reply_line(command->reply, "535 5.7.8 Users act for themselves");
        return;
    }
    log_in(command, user, password, (size_t)(end - password));
}

static void ask_password(struct smtp_command *command, const char *user,
                         size_t len)
{
    if (strlen(user) != len || !utf8_valid(user, len)) {
        smtp_auth_end(command->session);
        smtp_reply_line(command->reply, "501 5.5.2 Not a user's name");
        return;
    }
    command->session->login_user = memory_strdup(user);
    command->session->login_step = SMTP_LOGIN_PASSWORD;
    smtp_reply_line(command->reply, "334 " CHALLENGE_PASSWORD);
}

/* A refusal is explained, and the client has to say something to that. */
static void log_in_token(struct smtp_command *command, const char *text,
                         size_t len)
{
    struct smtp_session *session = command->session;
    const struct sasl_mechanism *mechanism = session->login_mechanism;
    struct secret *token;
    const char *user;

    if (!sasl_read(mechanism, command->op->arena, text, len, &user, &token)) {
        smtp_auth_end(session);
        smtp_reply_line(command->reply,
                        "501 5.5.2 Not what the mechanism wants");
        return;
    }
    session->login_status =
        token != NULL ? open_account(command, user, token)
                      : op_fail(command->op, STATUS_AUTH_FAILED, "no token");
    if (sasl_is_refusal(session->login_status)) {
        session->login_step = SMTP_LOGIN_REFUSED;
        smtp_reply_line(command->reply, "334 %s",
                        sasl_refusal(mechanism, command->op->arena,
                                     session->login_status,
                                     session->gateway->settings->exchange.url));
        return;
    }
    smtp_reply_login(command->reply, session->login_status);
    smtp_auth_end(session);
}

static void end_refused(struct smtp_command *command)
{
    if (command->session->login_status == STATUS_AUTH_FAILED)
        smtp_reply_line(command->reply,
                        "535 5.7.8 Exchange does not accept the token");
    else
        smtp_reply_login(command->reply, command->session->login_status);
    smtp_auth_end(command->session);
}

/* Takes what the client says in the current step, in base64. */
static void take_response(struct smtp_command *command, const char *response)
{
    struct smtp_session *session = command->session;
    size_t len;
    char *text =
        base64_decode(command->op->arena, response, strlen(response), &len);

    if (text == NULL) {
        smtp_auth_end(session);
        smtp_reply_line(command->reply, "501 5.5.2 Not base64");
        return;
    }
    switch (session->login_step) {
    case SMTP_LOGIN_PLAIN:
        log_in_plain(command, text, len);
        break;
    case SMTP_LOGIN_USER:
        ask_password(command, text, len);
        break;
    case SMTP_LOGIN_PASSWORD:
        log_in(command, session->login_user, text, len);
        break;
    case SMTP_LOGIN_TOKEN:
        log_in_token(command, text, len);
        break;
    case SMTP_LOGIN_REFUSED:
    case SMTP_LOGIN_NONE:
        break;
    }
    secret_wipe(text, len);
}

void smtp_auth_continue(struct smtp_command *command)
{
    if (command->session->login_step == SMTP_LOGIN_REFUSED) {
        end_refused(command);
        return;
    }
    if (str_equal(command->session->line, "*")) {
        smtp_auth_end(command->session);
        smtp_reply_line(command->reply, "501 5.0.0 Cancelled");
        return;
    }
    take_response(command, command->session->line);
}

/* "=" stands for an empty response, as nothing would mean none. */
static void begin_dialogue(struct smtp_command *command, size_t mechanism,
                           const char *initial)
{
    const char *name = mechanisms[mechanism].name;

    command->session->login_step = mechanisms[mechanism].first;
    command->session->login_mechanism = sasl_find(name, strlen(name));
    if (*initial == '\0')
        smtp_reply_line(command->reply, "334 %s",
                        mechanisms[mechanism].challenge);
    else
        take_response(command, str_equal(initial, "=") ? "" : initial);
}

void smtp_cmd_auth(struct smtp_command *command)
{
    const char *name = command->args.at;
    size_t len = strcspn(name, " ");
    const char *initial = name + len + strspn(name + len, " ");

    if (command->session->account != NULL) {
        smtp_reply_line(command->reply, "503 5.5.1 Logged in already");
        return;
    }
    if (!command->session->private_link) {
        smtp_reply_line(command->reply,
                        "538 5.7.11 Passwords need TLS here, use STARTTLS");
        return;
    }
    for (size_t i = 0; i < MECHANISM_COUNT; i++) {
        if (str_is_nocase(name, len, mechanisms[i].name) &&
            mechanisms[i].offered(command->session)) {
            begin_dialogue(command, i, initial);
            return;
        }
    }
    smtp_reply_line(command->reply, "504 5.5.4 Not one that EHLO has offered");
}
