/*
 * cmd_login.c - LOGIN and STARTTLS: who is there
 *
 * RFC 3501, 6.2.  Passwords go into a struct secret at once, and what held them
 * is wiped.
 *
 * A user may open someone else's mailbox: "ann@example.com/sales@example.com"
 * is his name then.
 */
#include "imap/login.h"

#include <string.h>

#include "config/settings.h"
#include "proxy/base/arena.h"
#include "proxy/base/log.h"
#include "proxy/base/secret.h"
#include "proxy/base/str.h"
#include "proxy/exchange/account.h"
#include "proxy/protocol.h"

bool imap_takes_tokens(const struct imap_session *session)
{
    return session->gateway->settings->exchange.tokens != TOKENS_NO;
}

bool imap_takes_passwords(const struct imap_session *session)
{
    return session->gateway->settings->exchange.tokens != TOKENS_ONLY;
}

struct imap_answer imap_needs_privacy(struct imap_command *command)
{
    return imap_no(command, "PRIVACYREQUIRED",
                   "No password may travel here without TLS");
}

enum status imap_open_account(struct imap_command *command, const char *user,
                              struct secret *secret)
{
    struct imap_session *session = command->session;
    struct op *op = command->op;
    const char *name = str_printable(op->arena, user, strlen(user), 200);
    enum status status = account_login(op, session->gateway->accounts, user,
                                       secret, &session->account);

    secret_free(&secret);
    if (status != STATUS_OK) {
        session->account = NULL;
        return op_fail(op, status, "user=%s: %s", name,
                       op->reason != NULL ? op->reason : "");
    }
    session->state = IMAP_AUTHENTICATED;
    log_info(op->session, "login user=%s", name);
    return STATUS_OK;
}

struct imap_answer imap_answer_login(struct imap_command *command,
                                     enum status status)
{
    if (status != STATUS_OK)
        return imap_failed(command, status);
    return imap_ok_code(
        command, "%s", imap_capabilities(command->session, command->op->arena));
}

struct imap_answer imap_cmd_login(struct imap_command *command)
{
    struct imap_args *args = &command->args;
    const char *user = NULL;
    const char *text = NULL;
    struct secret *password = NULL;

    if (imap_args_space(args) && (user = imap_args_astring(args)) != NULL &&
        imap_args_space(args) && (text = imap_args_astring(args)) != NULL) {
        password = secret_new(text, strlen(text));
        secret_wipe((char *)text, strlen(text));
    }
    if (password == NULL || !imap_args_end(args)) {
        secret_free(&password);
        return imap_bad_args(command, "a user name and a password");
    }
    if (!command->session->private_link) {
        secret_free(&password);
        return imap_needs_privacy(command);
    }
    if (!imap_takes_passwords(command->session)) {
        secret_free(&password);
        return imap_no(command, "CANNOT", "Only tokens are taken here");
    }
    return imap_answer_login(command,
                             imap_open_account(command, user, password));
}

/* --- STARTTLS ------------------------------------------------------------ */

struct imap_answer imap_cmd_starttls(struct imap_command *command)
{
    struct imap_session *session = command->session;

    if (!imap_args_end(&command->args))
        return imap_bad_args(command, "no arguments");
    if (!session->can_start_tls)
        return imap_bad(command,
                        "TLS is on already, or there is no certificate");
    session->start_tls = true;
    return imap_ok(command);
}
