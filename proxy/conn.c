/*
 * conn.c - one client's connection: its beginning and end, and its wishes
 */
#include "proxy/conn.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "proxy/base/log.h"
#include "proxy/base/memory.h"
#include "proxy/conn_core.h"
#include "proxy/conn_packing.h"
#include "proxy/protocol.h"
#include "proxy/tls.h"

/* --- Any thread --- */

const char *conn_name(const struct conn *conn)
{
    return conn->name;
}

bool conn_has_tls(const struct conn *conn)
{
    return atomic_load(&conn->tls_on);
}

bool conn_can_start_tls(const struct conn *conn)
{
    return conn->setup.tls_context != NULL && !conn_has_tls(conn) &&
           !conn_is_compressed(conn);
}

bool conn_is_compressed(const struct conn *conn)
{
    return atomic_load(&conn->compressed);
}

bool conn_is_private(const struct conn *conn)
{
    return conn->local || conn->setup.allow_plain || conn_has_tls(conn);
}

static void note(struct conn *conn, bool *wish)
{
    pthread_mutex_lock(&conn->mutex);
    *wish = true;
    pthread_mutex_unlock(&conn->mutex);
    bell_ring(conn->setup.bell, &conn->rope);
}

void conn_start_tls(struct conn *conn)
{
    note(conn, &conn->wants_tls);
}

void conn_start_compression(struct conn *conn)
{
    note(conn, &conn->wants_compression);
}

void conn_close(struct conn *conn)
{
    note(conn, &conn->wants_close);
}

void conn_wake(struct conn *conn)
{
    note(conn, &conn->wants_wake);
}

/* --- The loop, called by the protocol --- */

void conn_run(struct conn *conn)
{
    conn->wants_run = true;
}

void conn_cancel_job(struct conn *conn)
{
    atomic_store(&conn->cancelled, true);
}

void conn_send(struct conn *conn, const char *data, size_t len)
{
    pthread_mutex_lock(&conn->mutex);
    if (!outbox_add(&conn->outbox, data, len))
        conn->wants_abort = true;
    pthread_mutex_unlock(&conn->mutex);
    bell_ring(conn->setup.bell, &conn->rope);
}

void conn_set_timeout(struct conn *conn, uint64_t milliseconds)
{
    conn->timeout = milliseconds;
    conn->timeout_restarts = true;
}

/* --- Beginning and end --- */

static void on_rung(void *subject)
{
    conn_step(subject);
}

/* Who is at the other end of a Unix socket. */
static void name_local_peer(struct conn *conn, int socket)
{
    struct ucred who;
    socklen_t size = sizeof who;

    if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &who, &size) == 0)
        snprintf(conn->peer, sizeof conn->peer, "uid=%u", (unsigned)who.uid);
    else
        snprintf(conn->peer, sizeof conn->peer, "unix");
}

/* The address without the port: "127.0.0.1", also where it came as IPv6. */
static void name_peer(struct conn *conn, const struct sockaddr *peer)
{
    address_format_host(peer, conn->peer);
}

static void open_socket(struct conn *conn, uv_loop_t *loop, int socket,
                        const struct sockaddr *peer)
{
    int problem;

    if (peer->sa_family == AF_UNIX) {
        name_local_peer(conn, socket);
        uv_pipe_init(loop, &conn->socket.pipe, 0);
        problem = uv_pipe_open(&conn->socket.pipe, socket);
    } else {
        name_peer(conn, peer);
        uv_tcp_init(loop, &conn->socket.tcp);
        problem = uv_tcp_open(&conn->socket.tcp, socket);
        if (problem == 0) {
            uv_tcp_nodelay(&conn->socket.tcp, 1);
            uv_tcp_keepalive(&conn->socket.tcp, 1, 300);
        }
    }
    conn->socket.handle.data = conn;
    if (problem != 0) {
        close(socket);
        conn->broken = true;
    }
}

struct conn *conn_new(const struct conn_setup *setup, int socket,
                      const struct sockaddr *peer)
{
    struct conn *conn = memory_new(sizeof *conn);

    conn->setup = *setup;
    conn->setup.tls_context = tls_context_ref(setup->tls_context);
    conn->protocol = setup->protocol;
    conn->local = address_is_local(peer);
    snprintf(conn->name, sizeof conn->name, "%s/%u", setup->protocol->name,
             setup->number);
    conn_init_waiting(conn);
    buf_init(&conn->input, NULL);
    outbox_init(&conn->outbox, &setup->crowd->room);
    buf_init(&conn->sending, NULL);
    conn->rope = (struct bell_rope){ .answer = on_rung, .subject = conn };
    job_init(&conn->job, setup->loop, conn->name, &conn->cancelled);

    open_socket(conn, setup->loop, socket, peer);
    uv_timer_init(setup->loop, &conn->input_timer);
    uv_timer_init(setup->loop, &conn->output_timer);
    conn->input_timer.data = conn;
    conn->output_timer.data = conn;
    conn->handles = 3;
    return conn;
}

void conn_begin(struct conn *conn)
{
    log_debug(conn->name, "connected client=%s", conn->peer);
    if (conn->broken) {
        conn_abort(conn);
    } else if (conn->setup.implicit_tls) {
        conn_begin_tls(conn);
        conn_step(conn);
    } else {
        conn_open_session(conn);
        conn_step(conn);
    }
}

void conn_open_session(struct conn *conn)
{
    conn->state = CONN_OPEN;
    conn->hungry = true;
    conn->timeout_restarts = true;
    if (conn->session == NULL)
        conn->session = conn->protocol->session_new(conn, conn->setup.gateway);
}

void conn_drain(struct conn *conn)
{
    conn->hurried = true;
    if (conn->state == CONN_HANDSHAKE) {
        conn_abort(conn);
    } else if (conn->state == CONN_OPEN) {
        conn->draining = true;
        conn_step(conn);
    } else if (conn->state == CONN_LINGERING) {
        conn_start_input_timer(conn, CONN_LINGER_STOPPING);
    }
}

void conn_cancel(struct conn *conn)
{
    conn->doomed = true;
    conn_cancel_job(conn);
}

void conn_release(struct conn *conn)
{
    if (job_running(&conn->job) || conn->stepping)
        return;
    if (conn->session != NULL) {
        conn->protocol->session_free(conn->session);
        conn->session = NULL;
    }
    if (conn->handles > 0)
        return;

    log_debug(conn->name, "disconnected");
    bell_forget(conn->setup.bell, &conn->rope);
    conn->setup.released(conn);
    packing_free(&conn->packing);
    tls_free(&conn->tls);
    tls_context_unref(&conn->setup.tls_context);
    buf_fini(&conn->input);
    outbox_fini(&conn->outbox);
    buf_fini(&conn->sending);
    pthread_cond_destroy(&conn->drained);
    pthread_mutex_destroy(&conn->mutex);
    free(conn);
}

static void on_handle_closed(uv_handle_t *handle)
{
    struct conn *conn = handle->data;

    conn->handles--;
    conn_release(conn);
}

void conn_abort(struct conn *conn)
{
    if (conn->state == CONN_CLOSED)
        return;
    conn->state = CONN_CLOSED;
    conn_cancel(conn);
    pthread_mutex_lock(&conn->mutex);
    conn->gone = true;
    pthread_cond_broadcast(&conn->drained);
    pthread_mutex_unlock(&conn->mutex);

    uv_close(&conn->socket.handle, on_handle_closed);
    uv_close((uv_handle_t *)&conn->input_timer, on_handle_closed);
    uv_close((uv_handle_t *)&conn->output_timer, on_handle_closed);
}
