/*
 * conn_io.c - one client's connection: bytes in and out, with or without TLS
 */
#include <string.h>

#include "proxy/base/log.h"
#include "proxy/conn_core.h"
#include "proxy/conn_packing.h"
#include "proxy/tls.h"

/* --- Out --- */

size_t conn_unsent(struct conn *conn)
{
    pthread_mutex_lock(&conn->mutex);
    uint64_t unsent = outbox_size(&conn->outbox) + conn->in_flight;
    pthread_mutex_unlock(&conn->mutex);
    return unsent < SIZE_MAX ? (size_t)unsent : SIZE_MAX;
}

static void on_output_timeout(uv_timer_t *timer)
{
    struct conn *conn = timer->data;
    size_t unsent = uv_stream_get_write_queue_size(&conn->socket.stream);

    if (unsent < conn->unsent_at_last) {
        conn->unsent_at_last = unsent;
        uv_timer_start(timer, on_output_timeout, conn->setup.patience, 0);
        return;
    }
    log_info(conn->name, "closed: the client does not read what it is sent");
    conn_abort(conn);
}

static void on_written(uv_write_t *write, int status)
{
    struct conn *conn = write->data;

    conn->writing = false;
    buf_fini(&conn->sending);
    pthread_mutex_lock(&conn->mutex);
    conn->in_flight = 0;
    pthread_cond_broadcast(&conn->drained);
    pthread_mutex_unlock(&conn->mutex);

    if (conn->state == CONN_CLOSED)
        return;
    uv_timer_stop(&conn->output_timer);
    if (status < 0)
        conn_abort(conn);
    else
        conn_step(conn);
}

/* Takes the next piece of what was written; false when it is lost. */
static bool take_written(struct conn *conn, struct buf *taken)
{
    bool good = true;

    buf_init(taken, NULL);
    pthread_mutex_lock(&conn->mutex);
    if (conn->state != CONN_HANDSHAKE && outbox_size(&conn->outbox) > 0) {
        good = outbox_take(&conn->outbox, taken);
        conn->in_flight = taken->len;
        conn->answered_at = conn->input.len;
        pthread_cond_broadcast(&conn->drained);
    }
    pthread_mutex_unlock(&conn->mutex);
    return good;
}

/* Moves what was written to `sending`, compressed and encrypted where it has to
 * be. */
static bool collect(struct conn *conn)
{
    struct buf taken, packed;
    bool good = take_written(conn, &taken);

    if (conn->packing != NULL && taken.len > 0) {
        buf_init(&packed, NULL);
        packing_write(conn->packing, taken.data, taken.len, &packed);
        buf_fini(&taken);
        taken = packed;
    }
    if (conn->tls == NULL) {
        conn->sending = taken;
        return good;
    }
    if (taken.len > 0)
        tls_write(conn->tls, taken.data, taken.len);
    buf_fini(&taken);
    tls_take(conn->tls, &conn->sending);
    return good;
}

static void start_write(struct conn *conn)
{
    uv_buf_t piece =
        uv_buf_init(conn->sending.data, (unsigned)conn->sending.len);

    conn->writing = conn->tired = true;
    conn->write.data = conn;
    conn->unsent_at_last = conn->sending.len;
    int problem =
        uv_write(&conn->write, &conn->socket.stream, &piece, 1, on_written);
    if (problem != 0) {
        conn->writing = false;
        conn_abort(conn);
        return;
    }
    uv_timer_start(&conn->output_timer, on_output_timeout, conn->setup.patience,
                   0);
}

static void on_shutdown(uv_shutdown_t *shutdown, int status)
{
    (void)shutdown, (void)status; /* the timer or the client ends it */
}

/* All is out: ends our side and waits for the client to end his, as closing at
 * once would make the kernel throw away what the client has not read yet. */
static void end_output(struct conn *conn)
{
    conn->state = CONN_LINGERING;
    if (conn->ended ||
        uv_shutdown(&conn->shutdown, &conn->socket.stream, on_shutdown) != 0)
        conn_abort(conn);
    else
        conn_start_input_timer(conn, conn->hurried ? CONN_LINGER_STOPPING
                                                   : CONN_LINGER);
}

void conn_flush(struct conn *conn)
{
    if (conn->writing || conn->state == CONN_LINGERING ||
        conn->state == CONN_CLOSED)
        return;

    if (!collect(conn)) {
        log_error(conn->name, "closed: the disk has lost what was to be sent");
        conn_abort(conn);
        return;
    }
    if (conn->sending.len == 0 && conn->state == CONN_FLUSHING &&
        conn->tls != NULL && !conn->said_goodbye) {
        conn->said_goodbye = true;
        tls_end(conn->tls);
        tls_take(conn->tls, &conn->sending);
    }
    if (conn->sending.len > 0)
        start_write(conn);
    else if (conn->state == CONN_FLUSHING)
        end_output(conn);
    else if (conn->packing != NULL && conn->tired && !job_running(&conn->job)) {
        conn->tired = false;
        packing_rest(conn->packing);
    }
}

/* --- In --- */

static void input_came(struct conn *conn)
{
    conn->hungry = conn->overtaking = true;
    conn->timeout_restarts = true;
}

/* The client will say no more, but he may listen still: what he has said is
 * carried out and answered.  If he has gone, writing to him will show it. */
static void input_ended(struct conn *conn)
{
    conn->ended = true;
    if (conn->state == CONN_HANDSHAKE || conn->state == CONN_LINGERING)
        conn_abort(conn);
}

/* The socket will bring no more; TLS may still hold what is not decrypted. */
static void socket_ended(struct conn *conn)
{
    conn->dry = true;
    if (conn->state != CONN_OPEN || conn->tls == NULL)
        input_ended(conn);
}

/* What has come compressed, as far as there is room. */
static void inflate_more(struct conn *conn)
{
    struct buf *input = &conn->input;
    char *scratch = conn->setup.scratch;
    size_t got;

    while (input->len < CONN_WINDOW &&
           (got = packing_read(conn->packing, scratch,
                               CONN_WINDOW - input->len)) > 0) {
        buf_append(input, scratch, got);
        input_came(conn);
        conn->stepped_again = true;
    }
    if (packing_failed(conn->packing) && conn->state == CONN_OPEN) {
        log_info(conn->name, "closed: the client does not compress rightly");
        conn->state = CONN_FLUSHING;
    }
}

/* Takes what came, decrypted. */
static void take_plain(struct conn *conn, const char *data, size_t len)
{
    input_came(conn);
    if (conn->packing == NULL) {
        buf_append(&conn->input, data, len);
        return;
    }
    packing_receive(conn->packing, data, len);
    inflate_more(conn);
}

/* How much may be read at once. */
static size_t room_for_input(const struct conn *conn)
{
    size_t room = CONN_WINDOW - conn->input.len;

    return conn->packing != NULL && room > PACKING_INPUT ? PACKING_INPUT : room;
}

/* Whether it is time for more of what the client has said. */
static bool takes_input(const struct conn *conn)
{
    return conn->input.len < CONN_WINDOW &&
           (conn->packing == NULL || !packing_has_input(conn->packing));
}

/* What TLS has, as far as there is room. */
static void decrypt(struct conn *conn)
{
    bool empty = false;

    while (!empty && takes_input(conn)) {
        size_t got =
            tls_read(conn->tls, conn->setup.scratch, room_for_input(conn));

        empty = got == 0;
        if (!empty) {
            take_plain(conn, conn->setup.scratch, got);
            conn->stepped_again = true;
        }
    }
    bool over = tls_state(conn->tls) != TLS_GOOD || (empty && conn->dry);
    if (over && !conn->ended) {
        if (tls_state(conn->tls) == TLS_FAILED)
            log_info(conn->name, "TLS broke: %s", tls_problem(conn->tls));
        input_ended(conn);
        conn->stepped_again = true;
    }
}

static void shake_hands(struct conn *conn)
{
    if (tls_handshake(conn->tls)) {
        atomic_store(&conn->tls_on, true);
        conn_open_session(conn);
    } else if (tls_state(conn->tls) != TLS_GOOD) {
        log_info(conn->name, "no TLS handshake with client=%s: %s", conn->peer,
                 tls_problem(conn->tls));
        conn->state = CONN_FLUSHING; /* sends the alert */
    }
}

void conn_begin_tls(struct conn *conn)
{
    struct buf *input = &conn->input;

    if (!conn_can_start_tls(conn)) {
        log_error(conn->name, "the session wants TLS that cannot be had");
        conn->state = CONN_FLUSHING;
        return;
    }
    conn->state = CONN_HANDSHAKE;
    conn->tls = tls_new(conn->setup.tls_context);
    conn_start_input_timer(conn, conn->setup.patience);

    /* What came with the request may be from someone on the way: it is thrown
     * away. What came after our answer begins the handshake, or makes it
     * fail. */
    tls_receive(conn->tls, input->data + conn->answered_at,
                input->len - conn->answered_at);
    buf_fini(input);
    conn->answered_at = 0;
    shake_hands(conn);
}

void conn_begin_compression(struct conn *conn)
{
    struct buf *input = &conn->input;

    if (conn->packing != NULL)
        return;
    conn->packing = packing_new();
    atomic_store(&conn->compressed, true);
    packing_receive(conn->packing, input->data, input->len);
    buf_fini(input);
    conn->answered_at = 0;
    inflate_more(conn);
}

static void take_input(struct conn *conn, const char *data, size_t len)
{
    if (conn->state != CONN_OPEN && conn->state != CONN_HANDSHAKE)
        return; /* nobody wants it any more */
    if (conn->tls != NULL)
        tls_receive(conn->tls, data, len);
    if (conn->state == CONN_HANDSHAKE) {
        shake_hands(conn);
    } else if (conn->tls == NULL) {
        take_plain(conn, data, len);
    }
}

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *out)
{
    struct conn *conn = handle->data;
    size_t room = CONN_SCRATCH;

    (void)suggested;
    if (conn->state == CONN_OPEN && conn->input.len < CONN_WINDOW)
        room = room_for_input(conn);
    *out = uv_buf_init(conn->setup.scratch, (unsigned)room);
}

static void on_read(uv_stream_t *stream, ssize_t len, const uv_buf_t *buf)
{
    struct conn *conn = stream->data;

    if (len == 0 || conn->state == CONN_CLOSED)
        return;
    if (len > 0) {
        take_input(conn, buf->base, (size_t)len);
    } else if (len == UV_EOF) {
        socket_ended(conn);
    } else {
        conn_abort(conn);
        return;
    }
    conn_step(conn);
}

void conn_read_more(struct conn *conn)
{
    if (conn->state == CONN_OPEN && conn->packing != NULL)
        inflate_more(conn);
    if (conn->state == CONN_OPEN && conn->tls != NULL)
        decrypt(conn);
    if (conn->input.len == 0)
        buf_fini(&conn->input);
    if (conn->state == CONN_CLOSED)
        return;

    bool full = conn->state == CONN_OPEN && !takes_input(conn);
    bool wanted = !full && !conn->ended && !conn->dry;
    if (wanted && !conn->reading)
        conn->reading =
            uv_read_start(&conn->socket.stream, on_alloc, on_read) == 0;
    else if (!wanted && conn->reading) {
        uv_read_stop(&conn->socket.stream);
        conn->reading = false;
    }
}
