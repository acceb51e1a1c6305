/*
 * ldap.c - the glue between a connection and its session
 */
#include "ldap/ldap.h"

#include <stdlib.h>

#include "config/settings.h"
#include "ldap/offers.h"
#include "ldap/reply.h"
#include "ldap/session.h"
#include "proxy/base/log.h"
#include "proxy/base/memory.h"
#include "proxy/conn.h"

/* The first octet of a TLS handshake, which no message begins with. */
#define TLS_HANDSHAKE 0x16

struct client {
    struct conn *conn;
    struct ldap_session session;
};

/* Within a message a client has less time than between two, and before it has
 * searched: for each letter that is typed too fast Thunderbird leaves a
 * connection behind, logged in.  Evolution has one for the whole day, and loses
 * the search that finds it closed. */
static void set_timeout(struct client *client)
{
    const struct ldap_session *session = &client->session;
    const struct listener_settings *settings =
        &session->gateway->settings->ldap.listener;
    bool hurries = session->frame.message.len > 0 || !session->has_searched;
    uint64_t seconds =
        hurries ? settings->command_timeout : settings->idle_timeout;

    conn_set_timeout(client->conn, seconds * 1000);
}

static void *client_new(struct conn *conn, const struct gateway *gateway)
{
    struct client *client = memory_new(sizeof *client);

    client->conn = conn;
    ldap_session_init(&client->session, gateway);
    set_timeout(client);
    return client;
}

static void client_free(void *session)
{
    struct client *client = session;

    ldap_session_fini(&client->session);
    free(client);
}

static size_t client_input(void *context, const char *data, size_t len)
{
    struct client *client = context;
    struct ldap_session *session = &client->session;

    if (data[0] == TLS_HANDSHAKE && session->frame.message.len == 0)
        log_info(conn_name(client->conn),
                 "a client starts TLS on the plain port");
    /* What had been said openly by then is thrown away. */
    if (conn_has_tls(client->conn) != session->has_tls)
        ldap_lookout_reset(&session->lookout);
    session->private_link = conn_is_private(client->conn);
    session->can_start_tls = conn_can_start_tls(client->conn);
    session->has_tls = conn_has_tls(client->conn);

    size_t taken = ldap_session_take(session, data, len);
    if (session->leaves)
        conn_close(client->conn);
    else if (session->found != LDAP_FOUND_NOTHING)
        conn_run(client->conn);
    else
        set_timeout(client);
    return taken;
}

static void client_overtake(void *session, const char *data, size_t len)
{
    struct client *client = session;

    if (ldap_session_overtake(&client->session, data, len))
        conn_cancel_job(client->conn);
}

static bool write_to_client(void *context, const char *data, size_t len)
{
    return conn_write(context, data, len);
}

static void client_run(void *session, struct op *op)
{
    struct client *client = session;
    struct ldap_reply reply = { .write = write_to_client,
                                .context = client->conn };

    ldap_session_run(&client->session, op, &reply);
    if (reply.start_tls)
        conn_start_tls(client->conn);
    if (reply.close)
        conn_close(client->conn);
}

static void client_done(void *session)
{
    struct client *client = session;

    ldap_session_done(&client->session);
    set_timeout(client);
}

static bool send_to_client(void *context, const char *data, size_t len)
{
    conn_send(context, data, len);
    return true;
}

static void say_goodbye(struct client *client, enum ldap_code code,
                        const char *message)
{
    struct ldap_reply reply = { .write = send_to_client,
                                .context = client->conn };

    ldap_reply_disconnection(&reply, code, message);
    conn_close(client->conn);
}

/* Between two messages there is nothing to say. */
static void client_timeout(void *session)
{
    struct client *client = session;

    if (client->session.frame.message.len > 0)
        say_goodbye(client, LDAP_PROTOCOL_ERROR, "The message has no end");
    else
        conn_close(client->conn);
}

static void client_drain(void *session)
{
    say_goodbye(session, LDAP_UNAVAILABLE, "Postern stops, try again later");
}

/* A notice of disconnection (RFC 4511, 4.4.1), which is sent before there is a
 * session: no message's, busy (51), a text, the OID. */
/* clang-format off */
static const char refusal[] =
    "\x30\x34" "\x02\x01\x00"
    "\x78\x2f" "\x0a\x01\x33"
    "\x04\x00"
    "\x04\x10" "Too many clients"
    "\x8a\x16" LDAP_DISCONNECTION;
/* clang-format on */

const struct protocol ldap_protocol = {
    .name = "ldap",
    .session_new = client_new,
    .session_free = client_free,
    .input = client_input,
    .overtake = client_overtake,
    .run = client_run,
    .done = client_done,
    .timeout = client_timeout,
    .drain = client_drain,
    .refusal = refusal,
    .refusal_len = sizeof refusal - 1,
};
