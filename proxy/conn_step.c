/*
 * conn_step.c - what a connection does next
 *
 * Every event ends in conn_step, which does all that can be done then: it has
 * the session see its input, starts its jobs, and grants what was wished for in
 * conn.c.
 */
#include <assert.h>

#include "proxy/base/log.h"
#include "proxy/conn_core.h"
#include "proxy/conn_packing.h"
#include "proxy/protocol.h"

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
        conn_release(conn);
}
