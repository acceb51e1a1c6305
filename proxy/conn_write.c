/*
 * conn_write.c - one client's connection: a worker writes, and may have to wait
 */
#include <time.h>

#include "proxy/base/time.h"
#include "proxy/conn_core.h"

/* How often a worker that waits looks whether others need it. */
#define LOOK_MS 100

void conn_init_waiting(struct conn *conn)
{
    pthread_condattr_t monotonic;

    pthread_mutex_init(&conn->mutex, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&conn->drained, &monotonic);
    pthread_condattr_destroy(&monotonic);
}

/* More workers wait for their clients than are left for the others. */
static bool is_crowded(const struct conn *conn)
{
    struct conn_crowd *crowd = conn->setup.crowd;

    return atomic_load(&crowd->waiting) * 2 > crowd->workers;
}

/* Waits a little for the client to read; false when he is given up, which he is
 * only after files have been tried.  Holds the mutex. */
static bool wait_for_client(struct conn *conn)
{
    struct conn_crowd *crowd = conn->setup.crowd;
    uint64_t start = time_monotonic_ms();
    bool patient = conn->waited_ms < CONN_GRACE;
    struct timespec until;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += LOOK_MS * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;

    atomic_fetch_add(&crowd->waiting, 1);
    pthread_cond_timedwait(&conn->drained, &conn->mutex, &until);
    bool crowded = is_crowded(conn);
    atomic_fetch_sub(&crowd->waiting, 1);
    conn->waited_ms += time_monotonic_ms() - start;
    return patient || !crowded;
}

/* Puts what there is room for and says how much that was: in memory, and in a
 * file once the client had his time. */
static size_t put(struct conn *conn, const char *data, size_t len)
{
    size_t room = outbox_memory_room(&conn->outbox);
    size_t piece = len < room ? len : room;

    if (piece > 0)
        return outbox_add(&conn->outbox, data, piece) ? piece : 0;
    if (conn->waited_ms < CONN_GRACE)
        return 0;
    return outbox_file(&conn->outbox, data, len) ? len : 0;
}

bool conn_write(struct conn *conn, const char *data, size_t len)
{
    pthread_mutex_lock(&conn->mutex);
    while (len > 0 && !conn->gone) {
        size_t piece = put(conn, data, len);

        data += piece;
        len -= piece;
        if (piece == 0 && !wait_for_client(conn))
            conn->gone = conn->wants_abort = true;
        bell_ring(conn->setup.bell, &conn->rope);
    }
    bool there = !conn->gone;
    pthread_mutex_unlock(&conn->mutex);
    return there;
}

bool conn_wait_sent(struct conn *conn)
{
    bool needed = false;

    pthread_mutex_lock(&conn->mutex);
    while (!needed && !conn->gone &&
           (outbox_size(&conn->outbox) > 0 || conn->in_flight > 0))
        needed = !wait_for_client(conn);
    bool sent = !needed && !conn->gone;
    pthread_mutex_unlock(&conn->mutex);
    return sent;
}
