/*
 * caldav.c - the glue between a connection and its session
 */
#include "caldav/caldav.h"

#include <stdlib.h>
#include <string.h>

#include "caldav/frame.h"
#include "caldav/session.h"
#include "config/settings.h"
#include "proxy/base/log.h"
#include "proxy/base/memory.h"
#include "proxy/base/op.h"
#include "proxy/base/str.h"
#include "proxy/conn.h"

/* The first octet of a TLS handshake, which no request begins with. */
#define TLS_HANDSHAKE 0x16

/* A target has to fit into what a connection holds for us. */
#define TARGET_MAX (CONN_WINDOW / 2)

#define SAY(STATUS)                                                            \
    "HTTP/1.1 " STATUS "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"

struct client {
    struct conn *conn;
    const struct gateway *gateway;
    struct dav_session session;
    struct dav_frame *frame;
    bool has_spoken;
};

static void say(struct client *client, const char *text)
{
    conn_send(client->conn, text, strlen(text));
}

static void set_timeout(struct client *client)
{
    const struct listener_settings *listener =
        &client->gateway->settings->caldav.listener;
    uint64_t seconds = dav_frame_is_inside(client->frame)
                           ? listener->command_timeout
                           : listener->idle_timeout;

    conn_set_timeout(client->conn, seconds * 1000);
}

static void *client_new(struct conn *conn, const struct gateway *gateway)
{
    const struct caldav_settings *settings = &gateway->settings->caldav;
    const char *directory = gateway->settings->store.path;
    struct client *client = memory_new(sizeof *client);
    uint64_t line = settings->listener.line_limit;
    const struct dav_limits limits = {
        .target = line < TARGET_MAX ? line : TARGET_MAX,
        .header = settings->header_limit,
        .body = settings->body_limit,
    };

    client->conn = conn;
    client->gateway = gateway;
    client->frame = dav_frame_new(
        &limits, str_equal(directory, "memory") ? NULL : directory);
    dav_session_init(&client->session, gateway);
    set_timeout(client);
    return client;
}

static void client_free(void *session)
{
    struct client *client = session;

    dav_session_fini(&client->session);
    dav_frame_free(&client->frame);
    free(client);
}

static size_t client_input(void *session, const char *data, size_t len)
{
    struct client *client = session;
    enum dav_frame_event event;

    if (!client->has_spoken && data[0] == TLS_HANDSHAKE) {
        log_info(conn_name(client->conn),
                 "a client starts TLS on the plain port");
        say(client, SAY("400 Bad Request"));
        conn_close(client->conn);
        return len;
    }
    client->has_spoken = true;

    size_t taken = dav_frame_feed(client->frame, data, len, &event);
    set_timeout(client);
    if (event == DAV_FRAME_CONTINUE)
        say(client, "HTTP/1.1 100 Continue\r\n\r\n");
    else if (event == DAV_FRAME_REQUEST)
        conn_run(client->conn);
    return taken;
}

static bool write_to_client(void *context, const char *data, size_t len)
{
    return conn_write(context, data, len);
}

static void client_run(void *session, struct op *op)
{
    struct client *client = session;
    struct dav_request request = dav_frame_request(client->frame, op->arena);
    struct dav_reply reply;

    client->session.private_link = conn_is_private(client->conn);
    client->session.tls = conn_has_tls(client->conn);
    dav_reply_init(&reply, op->arena, write_to_client, client->conn);
    dav_session_run(&client->session, op, &request, &reply);
    if (!reply.keep_alive)
        conn_close(client->conn);
    dav_reply_fini(&reply);
}

static void client_done(void *session)
{
    struct client *client = session;

    dav_frame_reset(client->frame);
    set_timeout(client);
}

/* Between two requests there is nothing to say (RFC 9110, 15.5.9). */
static void client_timeout(void *session)
{
    struct client *client = session;

    if (dav_frame_is_inside(client->frame))
        say(client, SAY("408 Request Timeout"));
    conn_close(client->conn);
}

static void client_drain(void *session)
{
    struct client *client = session;

    if (dav_frame_is_inside(client->frame))
        say(client, SAY("503 Service Unavailable"));
    conn_close(client->conn);
}

const struct protocol caldav_protocol = {
    .name = "caldav",
    .session_new = client_new,
    .session_free = client_free,
    .input = client_input,
    .run = client_run,
    .done = client_done,
    .timeout = client_timeout,
    .drain = client_drain,
    .refusal = SAY("503 Service Unavailable"),
};
