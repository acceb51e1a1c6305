/*
 * cmd_hello.c - EHLO and HELO: who is there, and what can be had
 *
 * RFC 5321, 4.1.1.1:  EHLO <domain>
 */
#include <inttypes.h>

#include "proxy/base/arena.h"
#include "smtp/command.h"

#define HOST_MAX 256

/* What we can do; the last line has no dash. */
struct offer {
    const char *line;
    bool (*is_made)(const struct smtp_session *session);
};

static bool can_start_tls(const struct smtp_session *session)
{
    return session->can_start_tls;
}

static bool can_log_in(const struct smtp_session *session)
{
    return session->private_link && session->account == NULL;
}

static bool takes_passwords_alone(const struct smtp_session *session)
{
    return can_log_in(session) && !smtp_session_takes_tokens(session);
}

static bool takes_tokens_alone(const struct smtp_session *session)
{
    return can_log_in(session) && !smtp_session_takes_passwords(session);
}

static bool takes_both(const struct smtp_session *session)
{
    return can_log_in(session) && smtp_session_takes_passwords(session) &&
           smtp_session_takes_tokens(session);
}

/* clang-format off */
static const struct offer offers[] = {
    { "PIPELINING",          NULL },
    { "8BITMIME",            NULL },
    { "SMTPUTF8",            NULL },
    { "DSN",                 NULL },
    { "CHUNKING",            NULL },
    { "STARTTLS",            can_start_tls },
    { "AUTH PLAIN LOGIN",    takes_passwords_alone },
    { "AUTH OAUTHBEARER XOAUTH2", takes_tokens_alone },
    { "AUTH OAUTHBEARER XOAUTH2 PLAIN LOGIN", takes_both },
    { "ENHANCEDSTATUSCODES", NULL },
};
/* clang-format on */

#define OFFER_COUNT (sizeof offers / sizeof offers[0])

static void say_size(struct smtp_command *command)
{
    uint64_t limit = smtp_session_message_limit(command->session);

    if (limit == 0)
        smtp_reply_line(command->reply, "250-SIZE");
    else
        smtp_reply_line(command->reply, "250-SIZE %" PRIu64, limit);
}

/* A hello in the middle begins again, but leaves the login as it is. */
static void begin(struct smtp_command *command, char host[HOST_MAX])
{
    smtp_transaction_reset(&command->session->transaction);
    command->session->has_said_hello = true;
    smtp_session_host(host, HOST_MAX);
}

void smtp_cmd_ehlo(struct smtp_command *command)
{
    char host[HOST_MAX];

    begin(command, host);
    smtp_reply_line(command->reply, "250-%s", host);
    say_size(command);
    for (size_t i = 0; i < OFFER_COUNT; i++) {
        if (offers[i].is_made != NULL && !offers[i].is_made(command->session))
            continue;
        smtp_reply_line(command->reply, "250%c%s",
                        i + 1 < OFFER_COUNT ? '-' : ' ', offers[i].line);
    }
}

void smtp_cmd_helo(struct smtp_command *command)
{
    char host[HOST_MAX];

    begin(command, host);
    smtp_reply_line(command->reply, "250 %s", host);
}
