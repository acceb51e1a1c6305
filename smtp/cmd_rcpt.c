/*
 * cmd_rcpt.c - RCPT: one more recipient
 *
 * RFC 5321, 4.1.1.3:  RCPT TO:<path> [SP parameter]...
 *
 *     NOTIFY=NEVER|<SUCCESS,FAILURE,DELAY>   RFC 3461
 *     ORCPT=<type>;<xtext>                   RFC 3461
 *
 * SUCCESS becomes Exchange's delivery receipt, for all recipients.  Exchange
 * tells of failures by itself, and whom NEVER asks for cannot stop it.  For
 * ORCPT it has no place.
 */
#include <string.h>

#include "config/settings.h"
#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/exchange/account.h"
#include "proxy/protocol.h"
#include "smtp/command.h"

struct request {
    bool delivery_receipt;
};

static bool is_notify_word(const char *word)
{
    return str_equal_nocase(word, "SUCCESS") ||
           str_equal_nocase(word, "FAILURE") || str_equal_nocase(word, "DELAY");
}

static bool read_notify(struct arena *arena, void *context, const char *value)
{
    struct request *request = context;

    if (value == NULL || *value == '\0')
        return false;
    if (str_equal_nocase(value, "NEVER"))
        return true;

    for (char *word = arena_strdup(arena, value); word != NULL;) {
        char *comma = strchr(word, ',');

        if (comma != NULL)
            *comma++ = '\0';
        if (!is_notify_word(word))
            return false;
        request->delivery_receipt |= str_equal_nocase(word, "SUCCESS");
        word = comma;
    }
    return true;
}

/* Addresses of type utf-8 have escapes of their own (RFC 6533, 3), which come
 * from the same characters or from beyond ASCII. */
static bool read_original(struct arena *arena, void *context, const char *value)
{
    const char *address = value != NULL ? strchr(value, ';') : NULL;

    (void)arena;
    (void)context;
    if (address == NULL || address == value || address[1] == '\0')
        return false;
    return str_starts_nocase(value, "utf-8;") ||
           smtp_args_is_xtext(address + 1, 500);
}

static const struct smtp_parameter parameters[] = {
    { "NOTIFY", read_notify },
    { "ORCPT", read_original },
    { NULL, NULL },
};

/* "postmaster" alone is the one of the user's own domain; NULL where that is
 * not known. */
static const char *with_domain(struct smtp_command *command,
                               const char *address)
{
    if (strchr(address, '@') != NULL)
        return address;

    const char *own = account_address(command->op, command->session->account);
    const char *domain = strrchr(own, '@');
    if (*address == '\0' || domain == NULL)
        return NULL;
    return arena_printf(command->op->arena, "%s%s", address, domain);
}

static bool read_recipient(struct smtp_command *command,
                           const char **address_out)
{
    const struct smtp_transaction *transaction = &command->session->transaction;
    struct smtp_path path;

    if (!smtp_args_word(&command->args, "TO:")) {
        smtp_reply_line(command->reply, "501 5.5.4 RCPT TO:<address>");
        return false;
    }
    if (!smtp_args_path(&command->args, &path) ||
        (*address_out = with_domain(command, path.address)) == NULL) {
        smtp_reply_line(command->reply, "553 5.1.3 Not an address in <>");
        return false;
    }
    if (path.is_utf8 && !transaction->is_utf8) {
        smtp_reply_line(command->reply,
                        "553 5.6.7 Such an address needs SMTPUTF8");
        return false;
    }
    return true;
}

void smtp_cmd_rcpt(struct smtp_command *command)
{
    const struct settings *settings = command->session->gateway->settings;
    struct smtp_transaction *transaction = &command->session->transaction;
    struct request request = { .delivery_receipt = false };
    const char *address;

    if (transaction->sender == NULL || transaction->content != NULL) {
        smtp_reply_line(command->reply, "503 5.5.1 MAIL comes first");
        return;
    }
    if (!read_recipient(command, &address) ||
        !smtp_command_parameters(command, parameters, &request))
        return;
    if (transaction->recipient_count >= settings->smtp.max_recipients) {
        smtp_reply_line(command->reply, "452 4.5.3 Too many recipients");
        return;
    }
    smtp_transaction_add(transaction, address);
    transaction->delivery_receipt |= request.delivery_receipt;
    smtp_reply_line(command->reply, "250 2.1.5 Recipient noted");
}
