/*
 * cmd_authenticate.c - AUTHENTICATE: logging in by a dialogue
 *
 * RFC 3501, 6.2.2; SASL-IR: RFC 4959; PLAIN: RFC 4616; LOGIN is Outlook's old
 * mechanism of two prompts; XOAUTH2 and OAUTHBEARER show a token (sasl.h).
 *
 * A user may open someone else's mailbox: his name is as in LOGIN then, or
 * PLAIN has an authorization identity.
 */
#include <stdlib.h>
#include <string.h>

#include "config/settings.h"
#include "imap/login.h"
#include "proxy/base/arena.h"
#include "proxy/base/base64.h"
#include "proxy/base/memory.h"
#include "proxy/base/secret.h"
#include "proxy/base/str.h"
#include "proxy/format/sasl.h"
#include "proxy/protocol.h"

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

static struct imap_answer log_in(struct imap_command *command, const char *user,
                                 const char *password, size_t len)
{
    return imap_answer_login(
        command, imap_open_account(command, user, secret_new(password, len)));
}

/* --- PLAIN and LOGIN ------------------------------------------------------ */

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
        answer = log_in(command, user_for(command, message, user + 1), text + 1,
                        (size_t)(end - text - 1));
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
    answer = log_in(command, session->dialog_text, text, size);
    secret_wipe(text, size);
    return answer;
}

/* --- XOAUTH2 and OAUTHBEARER ---------------------------------------------- */

/* Whatever the client says to the refusal, even that it cancels (RFC 7628,
 * 3.2.3). */
static struct imap_answer end_refused(struct imap_command *command,
                                      const char *line, size_t len)
{
    (void)line, (void)len;
    if (command->session->dialog_status == STATUS_AUTH_FAILED)
        return imap_no(command, "AUTHENTICATIONFAILED",
                       "Exchange does not accept the token");
    return imap_answer_login(command, command->session->dialog_status);
}

static struct imap_answer answer_token(struct imap_command *command,
                                       const struct sasl_mechanism *mechanism,
                                       enum status status)
{
    struct imap_session *session = command->session;

    if (!sasl_is_refusal(status))
        return imap_answer_login(command, status);
    session->dialog = end_refused;
    session->dialog_status = status;
    return ask(command, sasl_refusal(mechanism, command->op->arena, status,
                                     session->gateway->settings->exchange.url));
}

static struct imap_answer take_token(struct imap_command *command,
                                     const char *name, const char *line,
                                     size_t len)
{
    const struct sasl_mechanism *mechanism = sasl_find(name, strlen(name));
    struct secret *token = NULL;
    const char *user;
    size_t size;

    if (is_cancelled(line, len))
        return imap_bad(command, "Cancelled");
    char *message = decode(command, line, len, &size);
    if (message == NULL)
        return not_base64(command);
    bool good =
        sasl_read(mechanism, command->op->arena, message, size, &user, &token);
    secret_wipe(message, size);
    if (!good)
        return not_base64(command);
    enum status status =
        token != NULL ? imap_open_account(command, user, token)
                      : op_fail(command->op, STATUS_AUTH_FAILED, "no token");
    return answer_token(command, mechanism, status);
}

static struct imap_answer take_xoauth2(struct imap_command *command,
                                       const char *line, size_t len)
{
    return take_token(command, "XOAUTH2", line, len);
}

static struct imap_answer take_oauthbearer(struct imap_command *command,
                                           const char *line, size_t len)
{
    return take_token(command, "OAUTHBEARER", line, len);
}

/* --- The command ---------------------------------------------------------- */

/* clang-format off */
static const struct {
    const char *name;
    imap_dialog *take;
    const char *prompt;
    bool (*offered)(const struct imap_session *session);
} mechanisms[] = {
    { "PLAIN",       take_plain,       "",                 imap_takes_passwords },
    { "LOGIN",       take_login,       "VXNlciBOYW1lAA==", imap_takes_passwords }, /* "User Name" and a NUL */
    { "XOAUTH2",     take_xoauth2,     "",                 imap_takes_tokens },
    { "OAUTHBEARER", take_oauthbearer, "",                 imap_takes_tokens },
};
/* clang-format on */

static imap_dialog *find_mechanism(const struct imap_session *session,
                                   const char *name, const char **prompt_out)
{
    for (size_t i = 0; i < sizeof mechanisms / sizeof *mechanisms; i++)
        if (str_equal_nocase(mechanisms[i].name, name) &&
            mechanisms[i].offered(session)) {
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
    take = find_mechanism(command->session, name, &prompt);
    if (take == NULL)
        return imap_no(command, "CANNOT", "There is no such mechanism");
    if (!command->session->private_link)
        return imap_needs_privacy(command);
    imap_session_begin_dialog(command, take);
    if (imap_args_end(args))
        return ask(command, prompt);

    /* An initial response that is empty is written as "=". */
    size_t len = (size_t)(args->end - args->at);
    return len == 1 && *args->at == '=' ? take(command, "", 0)
                                        : take(command, args->at, len);
}
