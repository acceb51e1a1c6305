/*
 * commands.c - the table of all commands, and what holds for several of them
 */
#include <string.h>

#include "proxy/base/str.h"
#include "proxy/exchange/account.h"
#include "smtp/command.h"

/* clang-format off */
static const struct smtp_command_kind kinds[] = {
    { "EHLO",     SMTP_ARGUMENT,                                      smtp_cmd_ehlo },
    { "HELO",     SMTP_ARGUMENT,                                      smtp_cmd_helo },
    { "STARTTLS", SMTP_NO_ARGUMENT,                                   smtp_cmd_starttls },
    { "AUTH",     SMTP_ARGUMENT | SMTP_SAID_HELLO | SMTP_NO_MESSAGE,  smtp_cmd_auth },
    { "MAIL",     SMTP_LOGGED_IN | SMTP_SAID_HELLO | SMTP_NO_MESSAGE, smtp_cmd_mail },
    { "RCPT",     SMTP_LOGGED_IN,                                     smtp_cmd_rcpt },
    { "DATA",     SMTP_LOGGED_IN | SMTP_NO_ARGUMENT,                  smtp_cmd_data },
    { "BDAT",     0,                                                  smtp_cmd_bdat },
    { "RSET",     SMTP_NO_ARGUMENT,                                   smtp_cmd_rset },
    { "NOOP",     0,                                                  smtp_cmd_noop },
    { "VRFY",     SMTP_ARGUMENT,                                      smtp_cmd_vrfy },
    { "EXPN",     SMTP_ARGUMENT,                                      smtp_cmd_expn },
    { "HELP",     0,                                                  smtp_cmd_help },
    { "QUIT",     SMTP_NO_ARGUMENT,                                   smtp_cmd_quit },
};
/* clang-format on */

#define KIND_COUNT (sizeof kinds / sizeof kinds[0])

static const struct smtp_command_kind *find(const char *name, size_t len)
{
    for (size_t i = 0; i < KIND_COUNT; i++)
        if (str_is_nocase(name, len, kinds[i].name))
            return &kinds[i];
    return NULL;
}

/* Why a command may not run now; NULL if it may. */
static const char *objection(const struct smtp_session *session,
                             unsigned traits, bool has_argument)
{
    if ((traits & SMTP_NO_ARGUMENT) != 0 && has_argument)
        return "501 5.5.4 This command takes no argument";
    if ((traits & SMTP_ARGUMENT) != 0 && !has_argument)
        return "501 5.5.4 This command takes an argument";
    if ((traits & SMTP_LOGGED_IN) != 0 && session->account == NULL)
        return "530 5.7.0 Authentication required";
    if ((traits & SMTP_SAID_HELLO) != 0 && !session->has_said_hello)
        return "503 5.5.1 EHLO comes first";
    if ((traits & SMTP_NO_MESSAGE) != 0 && session->transaction.sender != NULL)
        return "503 5.5.1 Another message is under way";
    return NULL;
}

void smtp_command_run(struct smtp_command *command)
{
    const char *line = command->session->line;
    size_t name_len = strcspn(line, " ");
    const struct smtp_command_kind *kind = find(line, name_len);

    if (kind == NULL) {
        smtp_reply_line(command->reply, name_len == 0
                                            ? "500 5.5.2 A command is missing"
                                            : "500 5.5.1 No such command");
        return;
    }

    const char *argument = line + name_len + strspn(line + name_len, " ");
    const char *reason =
        objection(command->session, kind->traits, *argument != '\0');
    if (reason != NULL) {
        smtp_reply_line(command->reply, "%s", reason);
        return;
    }
    if ((kind->traits & SMTP_LOGGED_IN) != 0 &&
        account_has_expired(command->session->account)) {
        smtp_reply_expired(command->reply);
        return;
    }
    command->args.at = argument;
    command->args.arena = command->op->arena;
    kind->handler(command);
}

bool smtp_command_parameters(struct smtp_command *command,
                             const struct smtp_parameter *table, void *request)
{
    switch (smtp_args_parameters(&command->args, table, request)) {
    case SMTP_PARAMETERS_GOOD:
        return true;
    case SMTP_PARAMETERS_UNKNOWN:
        smtp_reply_line(command->reply, "555 5.5.4 No such parameter");
        return false;
    case SMTP_PARAMETERS_BAD:
        smtp_reply_line(command->reply, "501 5.5.4 Not a value of that "
                                        "parameter");
        return false;
    }
    return false;
}
