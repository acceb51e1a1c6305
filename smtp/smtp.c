/*
 * smtp.c - the glue between a connection and its session
 */
#include "smtp/smtp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/settings.h"
#include "proxy/base/log.h"
#include "proxy/base/memory.h"
#include "proxy/conn.h"
#include "smtp/session.h"

/* The first octet of a TLS handshake, which no command begins with. */
#define TLS_HANDSHAKE 0x16

struct client {
    struct conn *conn;
    struct smtp_session session;
    bool has_spoken;
};

static void send_text(struct client *client, const char *text)
{
    conn_send(client->conn, text, strlen(text));
}

/* Within a message a client has less time than between two commands. */
static void set_timeout(struct client *client)
{
    const struct listener_settings *settings =
        &client->session.gateway->settings->smtp.listener;
    uint64_t seconds = smtp_session_is_receiving(&client->session)
                           ? settings->command_timeout
                           : settings->idle_timeout;

    conn_set_timeout(client->conn, seconds * 1000);
}

static void *session_new(struct conn *conn, const struct gateway *gateway)
{
    struct client *client = memory_new(sizeof *client);
    char host[256];
    char greeting[320];

    client->conn = conn;
    smtp_session_init(&client->session, gateway);
    smtp_session_host(host, sizeof host);
    snprintf(greeting, sizeof greeting, "220 %s ESMTP Postern\r\n", host);
    send_text(client, greeting);
    set_timeout(client);
    return client;
}

static void session_free(void *session)
{
    struct client *client = session;

    smtp_session_fini(&client->session);
    free(client);
}

static void say_goodbye(struct client *client, const char *text)
{
    send_text(client, text);
    conn_close(client->conn);
}

static size_t input(void *session, const char *data, size_t len)
{
    struct client *client = session;

    if (!client->has_spoken && data[0] == TLS_HANDSHAKE) {
        log_info(conn_name(client->conn),
                 "a client starts TLS on the plain port");
        say_goodbye(client, SMTP_REPLY_TLS_HERE);
        return len;
    }
    client->has_spoken = true;
    client->session.private_link = conn_is_private(client->conn);
    client->session.can_start_tls = conn_can_start_tls(client->conn);

    size_t taken = smtp_session_take(&client->session, data, len);
    if (client->session.found != SMTP_FOUND_NOTHING)
        conn_run(client->conn);
    else
        set_timeout(client);
    return taken;
}

static void run(void *session, struct op *op)
{
    struct client *client = session;
    struct smtp_reply reply;

    smtp_session_run(&client->session, op, &reply);
    conn_write(client->conn, reply.text.data, reply.text.len);
    if (reply.start_tls)
        conn_start_tls(client->conn);
    if (reply.close)
        conn_close(client->conn);
}

static void done(void *session)
{
    set_timeout(session);
}

static void timeout(void *session)
{
    say_goodbye(session, SMTP_REPLY_TIMEOUT);
}

static void drain(void *session)
{
    say_goodbye(session, SMTP_REPLY_DRAIN);
}

const struct protocol smtp_protocol = {
    .name = "smtp",
    .session_new = session_new,
    .session_free = session_free,
    .input = input,
    .run = run,
    .done = done,
    .timeout = timeout,
    .drain = drain,
    .refusal = SMTP_REPLY_TOO_MANY,
};
