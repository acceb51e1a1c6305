/*
 * imap.c - the IMAP front end: a session on its connection
 *
 * The loop gives input to the framer; a whole request is run by a worker, who
 * speaks to the session.  An idling client is told its news by a worker, too.
 */
#include "imap/imap.h"

#include <stdlib.h>
#include <string.h>

#include "config/settings.h"
#include "imap/frame.h"
#include "imap/session.h"
#include "proxy/base/arena.h"
#include "proxy/base/memory.h"
#include "proxy/conn.h"
#include "proxy/protocol.h"

/* Output that has grown beyond this is given back between commands. */
#define KEEP_CAPACITY 8192

struct client {
    struct conn *conn;
    const struct gateway *gateway;
    struct imap_session session;
    struct imap_frame frame;
    bool in_command; /* a request has begun and is not whole */
    bool news;       /* the job tells an idling client what is new */
};

static void say(struct client *client, const char *text)
{
    conn_send(client->conn, text, strlen(text));
}

/* Waits for the rest of a command, or for the next one. */
static void set_timeout(struct client *client)
{
    const struct listener_settings *listener =
        &client->gateway->settings->imap.listener;
    uint64_t seconds =
        client->in_command ? listener->command_timeout : listener->idle_timeout;

    conn_set_timeout(client->conn, seconds * 1000);
}

static void look_at_link(struct client *client)
{
    client->session.private_link = conn_is_private(client->conn);
    client->session.can_start_tls = conn_can_start_tls(client->conn);
    client->session.compressed = conn_is_compressed(client->conn);
}

static bool write_to_client(void *context, const char *data, size_t len)
{
    return conn_write(context, data, len);
}

static bool wait_until_sent(void *context)
{
    return conn_wait_sent(context);
}

static void wake_client(void *context)
{
    conn_wake(context);
}

static void greet(struct client *client)
{
    struct arena *arena = arena_new();

    say(client, arena_printf(arena, "* OK [%s] Postern is ready\r\n",
                             imap_capabilities(&client->session, arena)));
    arena_free(&arena);
}

static void *client_new(struct conn *conn, const struct gateway *gateway)
{
    struct client *client = memory_new(sizeof *client);
    const struct imap_limits limits = {
        .line = gateway->settings->imap.listener.line_limit,
        .literal = gateway->settings->imap.literal_limit,
        .messages = gateway->settings->imap.append_limit,
    };

    client->conn = conn;
    client->gateway = gateway;
    imap_frame_init(&client->frame, &limits);
    imap_session_init(&client->session, gateway, write_to_client, conn);
    client->session.out.wait_sent = wait_until_sent;
    client->session.wake = wake_client;
    client->session.wake_context = conn;
    look_at_link(client);
    greet(client);
    set_timeout(client);
    return client;
}

static void client_free(void *session)
{
    struct client *client = session;

    imap_session_fini(&client->session);
    imap_frame_fini(&client->frame);
    free(client);
}

static size_t client_input(void *session, const char *data, size_t len)
{
    struct client *client = session;
    enum imap_frame_event event;
    size_t taken;

    client->frame.plain = client->session.dialog != NULL;
    client->frame.limits.message = imap_message_limit(&client->session);
    taken = imap_frame_feed(&client->frame, data, len, &event);
    client->in_command = event != IMAP_FRAME_REQUEST;
    set_timeout(client);
    if (event == IMAP_FRAME_CONTINUE)
        say(client, "+ Go ahead\r\n");
    else if (event == IMAP_FRAME_REQUEST)
        conn_run(client->conn);
    return taken;
}

static void client_run(void *session, struct op *op)
{
    struct client *client = session;
    struct imap_request request = imap_frame_request(&client->frame);

    look_at_link(client);
    if (client->news)
        imap_session_news(&client->session, op);
    else
        imap_session_run(&client->session, op, &request);

    if (client->session.start_tls)
        conn_start_tls(client->conn);
    if (client->session.start_compression)
        conn_start_compression(client->conn);
    client->session.start_tls = client->session.start_compression = false;
    if (client->session.close)
        conn_close(client->conn);
}

static void client_done(void *session)
{
    struct client *client = session;

    if (!client->news)
        imap_frame_reset(&client->frame);
    client->news = false;
    if (client->session.out.pending.capacity > KEEP_CAPACITY)
        buf_fini(&client->session.out.pending);
    set_timeout(client);
}

/* Only a client that idles or has said NOTIFY hears of news before its next
 * command, and not in the middle of one. */
static void client_wake(void *session)
{
    struct client *client = session;

    if (client->session.listener == NULL)
        return;
    if (client->in_command && client->session.dialog == NULL) {
        client->session.news_waiting = true;
        return;
    }
    client->news = true;
    conn_run(client->conn);
}

static void client_timeout(void *session)
{
    struct client *client = session;

    say(client, client->in_command
                    ? "* BYE The command did not arrive in time\r\n"
                    : "* BYE Nothing was heard for too long\r\n");
    conn_close(client->conn);
}

static void client_drain(void *session)
{
    struct client *client = session;

    say(client, "* BYE Postern is stopping\r\n");
    conn_close(client->conn);
}

const struct protocol imap_protocol = {
    .name = "imap",
    .session_new = client_new,
    .session_free = client_free,
    .input = client_input,
    .run = client_run,
    .done = client_done,
    .wake = client_wake,
    .timeout = client_timeout,
    .drain = client_drain,
    .refusal = "* BYE Too many connections\r\n",
};
