/*
 * conn.c - one client's connection: its life, its session, its requests
 */
#include "proxy/conn.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

/* --- The steps --- */

/* Reads a wish, and clears it. */
static bool take_wish(struct conn *conn, bool *wish)
{
    pthread_mutex_lock(&conn->mutex);
    bool wanted = *wish;
    *wish = false;
    pthread_mutex_unlock(&conn->mutex);
    return wanted;
}

/* TLS or compression is wanted, and all that was to be said before is out. */
static bool take_layer_wish(struct conn *conn, bool *wish, bool *wait_out)
{
    pthread_mutex_lock(&conn->mutex);
    bool wanted = *wish;
    bool wait = wanted && (outbox_size(&conn->outbox) > 0 || conn->writing);
    if (!wait)
        *wish = false;
    pthread_mutex_unlock(&conn->mutex);
    *wait_out = *wait_out || wait;
    return wanted && !wait;
}

static void run_job(void *subject, struct op *op)
{
    struct conn *conn = subject;

    conn->waited_ms = 0;
    conn->protocol->run(conn->session, op);
}

static void on_job_done(void *subject)
{
    struct conn *conn = subject;

    conn->hungry = true;
    conn->timeout_restarts = true;
    atomic_store(&conn->cancelled, conn->doomed);
    conn->protocol->done(conn->session);
    conn_step(conn);
}

/* Shows the session what has come.  False when it has no use for it yet. */
static bool feed(struct conn *conn)
{
    struct buf *input = &conn->input;

    if (!conn->hungry || input->len == 0 ||
        conn_unsent(conn) >= CONN_UNSENT_LIMIT)
        return false;

    size_t used = conn->protocol->input(conn->session, input->data, input->len);
    assert(used <= input->len);
    buf_consume(input, used);
    conn->answered_at -= used < conn->answered_at ? used : conn->answered_at;
    if (used > 0 || conn->wants_run)
        return true;

    conn->hungry = false;
    if (input->len >= CONN_WINDOW) {
        log_error(conn->name, "the session does not take its input");
        conn->state = CONN_FLUSHING;
    }
    return false;
}

/* Shows the session what has come behind the request that runs. */
static void show_waiting(struct conn *conn)
{
    if (conn->protocol->overtake == NULL || !conn->overtaking ||
        conn->state != CONN_OPEN || !job_running(&conn->job))
        return;
    conn->overtaking = false;
    conn->protocol->overtake(conn->session, conn->input.data, conn->input.len);
}

/* The session has not seen all of its input, as the client reads slowly. */
static bool waits_for_reader(const struct conn *conn)
{
    return conn->hungry &&
           (conn->input.len > 0 ||
            (conn->packing != NULL && packing_has_input(conn->packing)));
}

/* Does the next thing that an open connection without a job has to do.  False
 * when there is none, or when it has to wait. */
static bool advance(struct conn *conn)
{
    bool wait = false;

    if (take_wish(conn, &conn->wants_close)) {
        conn->state = CONN_FLUSHING;
        return false;
    }
    if (take_layer_wish(conn, &conn->wants_tls, &wait))
        conn_begin_tls(conn);
    if (take_layer_wish(conn, &conn->wants_compression, &wait))
        conn_begin_compression(conn);
    if (wait || conn->state != CONN_OPEN)
        return false;
    if (conn->wants_run) {
        conn->wants_run = false;
        conn->overtaking = conn->input.len > 0;
        job_start(&conn->job, run_job, on_job_done, conn);
        return false;
    }
    if (conn->draining) {
        conn->draining = false;
        conn->protocol->drain(conn->session);
        return true;
    }
    if (conn->protocol->wake != NULL && take_wish(conn, &conn->wants_wake)) {
        conn->protocol->wake(conn->session);
        return true;
    }
    if (feed(conn))
        return true;
    if (conn->ended && !waits_for_reader(conn))
        conn->state = CONN_FLUSHING;
    return false;
}

static void on_input_timeout(uv_timer_t *timer)
{
    struct conn *conn = timer->data;

    if (conn->state != CONN_OPEN) {
        /* No handshake, or no answer to our good-bye. */
        conn_abort(conn);
        return;
    }
    conn->protocol->timeout(conn->session);
    conn_step(conn);
}

void conn_start_input_timer(struct conn *conn, uint64_t milliseconds)
{
    uv_timer_start(&conn->input_timer, on_input_timeout, milliseconds, 0);
}

/* While a job runs, or the output has its own clock, nobody waits for input. */
static void set_clock(struct conn *conn)
{
    bool silent = job_running(&conn->job) || conn->timeout == 0;

    if (conn->state == CONN_FLUSHING || (conn->state == CONN_OPEN && silent)) {
        uv_timer_stop(&conn->input_timer);
    } else if (conn->state == CONN_OPEN && conn->timeout_restarts) {
        conn->timeout_restarts = false;
        conn_start_input_timer(conn, conn->timeout);
    }
}

static void release(struct conn *conn);

void conn_step(struct conn *conn)
{
    /* What is called below may lead here again; the first call goes on then. */
    conn->stepped_again = true;
    if (conn->stepping)
        return;

    conn->stepping = true;
    if (take_wish(conn, &conn->wants_abort)) {
        log_info(conn->name, "closed: the client reads too slowly, and there "
                             "is no room for what it is sent");
        conn_abort(conn);
    }
    while (conn->stepped_again) {
        conn->stepped_again = false;
        while (conn->state == CONN_OPEN && !job_running(&conn->job) &&
               advance(conn))
            continue;
        show_waiting(conn);
        conn_flush(conn);
        conn_read_more(conn);
    }
    set_clock(conn);
    conn->stepping = false;
    if (conn->state == CONN_CLOSED)
        release(conn);
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

static void on_handle_closed(uv_handle_t *handle)
{
    struct conn *conn = handle->data;

    conn->handles--;
    release(conn);
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

/* Lets go of a closed connection as far as nobody is using it. */
static void release(struct conn *conn)
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
