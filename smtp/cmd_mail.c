/*
 * cmd_mail.c - MAIL: a message begins, and who sends it
 *
 * RFC 5321, 4.1.1.2:  MAIL FROM:<path> [SP parameter]...
 *
 *     SIZE=<octets>             RFC 1870
 *     BODY=7BIT|8BITMIME        RFC 6152; content is never changed either way
 *     SMTPUTF8                  RFC 6531
 *     AUTH=<xtext>              RFC 4954, 5; Exchange knows who has logged in
 *     RET=FULL|HDRS             RFC 3461; Exchange decides that by itself
 *     ENVID=<xtext>             RFC 3461; Exchange has no place for it
 */
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "smtp/command.h"

struct request {
    uint64_t size; /* 0: not said */
    bool is_utf8;
};

static bool read_size(struct arena *arena, void *context, const char *value)
{
    struct request *request = context;

    (void)arena;
    return value != NULL && str_to_u64(value, UINT64_MAX, &request->size);
}

static bool read_body(struct arena *arena, void *context, const char *value)
{
    (void)arena;
    (void)context;
    return value != NULL && (str_equal_nocase(value, "7BIT") ||
                             str_equal_nocase(value, "8BITMIME"));
}

static bool read_utf8(struct arena *arena, void *context, const char *value)
{
    struct request *request = context;

    (void)arena;
    request->is_utf8 = true;
    return value == NULL;
}

/* "<>" stands for someone unknown. */
static bool read_auth(struct arena *arena, void *context, const char *value)
{
    (void)arena;
    (void)context;
    return value != NULL && *value != '\0' && smtp_args_is_xtext(value, 500);
}

static bool read_return(struct arena *arena, void *context, const char *value)
{
    (void)arena;
    (void)context;
    return value != NULL &&
           (str_equal_nocase(value, "FULL") || str_equal_nocase(value, "HDRS"));
}

static bool read_envelope_id(struct arena *arena, void *context,
                             const char *value)
{
    (void)arena;
    (void)context;
    return value != NULL && *value != '\0' && smtp_args_is_xtext(value, 100);
}

/* clang-format off */
static const struct smtp_parameter parameters[] = {
    { "SIZE",     read_size },
    { "BODY",     read_body },
    { "SMTPUTF8", read_utf8 },
    { "AUTH",     read_auth },
    { "RET",      read_return },
    { "ENVID",    read_envelope_id },
    { NULL,       NULL },
};
/* clang-format on */

void smtp_cmd_mail(struct smtp_command *command)
{
    struct smtp_session *session = command->session;
    struct request request = { .size = 0 };
    struct smtp_path path;

    if (!smtp_args_word(&command->args, "FROM:")) {
        smtp_reply_line(command->reply, "501 5.5.4 MAIL FROM:<address>");
        return;
    }
    if (!smtp_args_path(&command->args, &path) ||
        (*path.address != '\0' && strchr(path.address, '@') == NULL)) {
        smtp_reply_line(command->reply, "553 5.1.7 Not an address in <>");
        return;
    }
    if (!smtp_command_parameters(command, parameters, &request))
        return;

    uint64_t limit = smtp_session_message_limit(session);
    if (limit != 0 && request.size > limit) {
        smtp_reply_sent(command->reply, STATUS_TOO_BIG);
        return;
    }
    if (path.is_utf8 && !request.is_utf8) {
        smtp_reply_line(command->reply,
                        "553 5.6.7 Such an address needs SMTPUTF8");
        return;
    }
    smtp_transaction_begin(&session->transaction, path.address,
                           request.is_utf8);
    smtp_reply_line(command->reply, "250 2.1.0 Sender noted");
}
