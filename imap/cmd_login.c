/*
 * cmd_login.c - LOGIN, AUTHENTICATE and STARTTLS: who is there
 *
 * RFC 3501, 6.2; SASL-IR: RFC 4959; PLAIN: RFC 4616; LOGIN is Outlook's old
 * mechanism of two prompts.  Passwords go into a struct secret at once, and
 * what held them is wiped.
 *
 * A user may open someone else's mailbox: "ann@example.com/sales@example.com"
 * as his name, or PLAIN's authorization identity.
 */
#include <stdlib.h>
#include <string.h>

#include "imap/command.h"
#include "proxy/base/arena.h"
#include "proxy/base/base64.h"
#include "proxy/base/log.h"
#include "proxy/base/memory.h"
#include "proxy/base/secret.h"
#include "proxy/base/str.h"
#include "proxy/exchange/account.h"
#include "proxy/protocol.h"

static struct imap_answer needs_privacy(struct imap_command *command)
{
    return imap_no(command, "PRIVACYREQUIRED",
                   "No password may travel here without TLS");
}

/* Opens the account; `password` is freed. */
static struct imap_answer log_in(struct imap_command *command, const char *user,
                                 struct secret *password)
{
    struct imap_session *session = command->session;
    struct op *op = command->op;
    const char *name = str_printable(op->arena, user, strlen(user), 200);
    enum status status = account_login(op, session->gateway->accounts, user,
                                       password, &session->account);

    secret_free(&password);
    if (status != STATUS_OK) {
        session->account = NULL;
        op_fail(op, status, "user=%s: %s", name,
                op->reason != NULL ? op->reason : "");
        return imap_failed(command, status);
    }
    session->state = IMAP_AUTHENTICATED;
    log_info(op->session, "login user=%s", name);
    return imap_ok_code(command, "%s", imap_capabilities(session, op->arena));
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
        return needs_privacy(command);
    }
    return log_in(command, user, password);
}

/* --- AUTHENTICATE -------------------------------------------------------- */

/* The bytes of a response, in the arena and to be wiped; NULL for no base64. */
static char *decode(struct imap_command *command, const char *line, size_t len,
                    size_t *len_out)
{
    return base64_decode(command->op->arena, line, len, len_out);
}

static struct imap_answer not_base64(struct imap_command *command)
{
    return imap_bad(command, "The response is not what the mechanism wants");
}

static bool is_cancelled(const char *line, size_t len)
{
    return len == 1 && *line == '*';
}

/* Whose mailbox it shall be goes behind the name, as in LOGIN. */
static const char *user_for(struct imap_command *command, const char *whose,
                            const char *user)
{
    return *whose != '\0' && !str_equal_nocase(whose, user)
               ? arena_printf(command->op->arena, "%s/%s", user, whose)
               : user;
}

/* message = [authzid] NUL authcid NUL passwd */
static struct imap_answer take_plain(struct imap_command *command,
                                     const char *line, size_t len)
{
    size_t size;
    char *message;

    if (is_cancelled(line, len))
        return imap_bad(command, "Cancelled");
    message = decode(command, line, len, &size);
    if (message == NULL)
        return not_base64(command);

    char *end = message + size;
    char *user = memchr(message, '\0', size);
    char *text =
        user != NULL ? memchr(user + 1, '\0', (size_t)(end - user - 1)) : NULL;
    struct imap_answer answer;

    if (text == NULL ||
        memchr(text + 1, '\0', (size_t)(end - text - 1)) != NULL)
        answer = not_base64(command);
    else if (*message != '\0' && strchr(message, '@') == NULL &&
             !str_equal_nocase(message, user + 1))
        answer = imap_no(command, "AUTHORIZATIONFAILED",
                         "A mailbox is called by its address");
    else
        answer = log_in(command, user_for(command, message, user + 1),
                        secret_new(text + 1, (size_t)(end - text - 1)));
    secret_wipe(message, size);
    return answer;
}

static struct imap_answer ask(struct imap_command *command, const char *prompt)
{
    imap_out_printf(&command->session->out, "+ %s\r\n", prompt);
    return (struct imap_answer){ IMAP_NOTHING, NULL, NULL };
}

/* First the user's name, then the password. */
static struct imap_answer take_login(struct imap_command *command,
                                     const char *line, size_t len)
{
    struct imap_session *session = command->session;
    struct imap_answer answer;
    size_t size;
    char *text;

    if (is_cancelled(line, len))
        return imap_bad(command, "Cancelled");
    text = decode(command, line, len, &size);
    if (text == NULL || memchr(text, '\0', size) != NULL)
        return not_base64(command);
    if (session->dialog_text == NULL) {
        session->dialog_text = memory_strdup(text);
        return ask(command, "UGFzc3dvcmQ6"); /* Password: */
    }
    answer = log_in(command, session->dialog_text, secret_new(text, size));
    secret_wipe(text, size);
    return answer;
}

static const struct {
    const char *name;
    imap_dialog *take;
    const char *prompt;
} mechanisms[] = {
    { "PLAIN", take_plain, "" },
    { "LOGIN", take_login, "VXNlciBOYW1lAA==" }, /* "User Name" and a NUL */
};

static imap_dialog *find_mechanism(const char *name, const char **prompt_out)
{
    for (size_t i = 0; i < sizeof mechanisms / sizeof *mechanisms; i++)
        if (str_equal_nocase(mechanisms[i].name, name)) {
            *prompt_out = mechanisms[i].prompt;
            return mechanisms[i].take;
        }
    return NULL;
}

struct imap_answer imap_cmd_authenticate(struct imap_command *command)
{
    struct imap_args *args = &command->args;
    const char *name = imap_args_space(args) ? imap_args_atom(args) : NULL;
    const char *prompt;
    imap_dialog *take;

    if (name == NULL || (!imap_args_end(args) && !imap_args_space(args)))
        return imap_bad_args(command, "the name of a mechanism");
    take = find_mechanism(name, &prompt);
    if (take == NULL)
        return imap_no(command, "CANNOT", "There is no such mechanism");
    if (!command->session->private_link)
        return needs_privacy(command);
    imap_session_begin_dialog(command, take);
    if (imap_args_end(args))
        return ask(command, prompt);

    /* An initial response that is empty is written as "=". */
    size_t len = (size_t)(args->end - args->at);
    return len == 1 && *args->at == '=' ? take(command, "", 0)
                                        : take(command, args->at, len);
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
