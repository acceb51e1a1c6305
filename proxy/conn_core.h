/*
 * conn_core.h - the inside of a connection, for conn*.c and whoever accepts it
 *
 * What belongs to whom:
 *
 *   fixed     set at the start, read by any thread
 *   shared    guarded by `mutex`
 *   the rest  the loop's alone
 *
 * Callbacks of the protocol and the functions they call only note what is
 * wanted. conn_step does it, once the callback has returned, and is called
 * after every event.  So nothing is torn down below a callback's feet.
 */
#ifndef POSTERN_CONN_CORE_H
#define POSTERN_CONN_CORE_H

#include <pthread.h>
#include <stdatomic.h>
#include <sys/queue.h>
#include <uv.h>

#include "config/address.h"
#include "proxy/base/buf.h"
#include "proxy/bell.h"
#include "proxy/conn.h"
#include "proxy/job.h"
#include "proxy/outbox.h"

struct packing;
struct gateway;
struct protocol;
struct tls;
struct tls_context;

/* Written but not sent: beyond this a worker waits, and input is left alone. */
#define CONN_UNSENT_LIMIT OUTBOX_MEMORY

/* How long a request waits for a client who is slow, in milliseconds, before
 * the rest of what is written goes to a file. */
#define CONN_GRACE 300

#define CONN_SCRATCH (64 * 1024)

/* How long a client may take to notice that we have closed, in milliseconds. */
#define CONN_LINGER 2000

/* The same when the gateway is stopping: what has been sent is the kernel's to
 * deliver, with or without us. */
#define CONN_LINGER_STOPPING 200

enum conn_state {
    CONN_HANDSHAKE, /* TLS does not stand yet; input and output wait */
    CONN_OPEN,
    CONN_FLUSHING,  /* sends what is left, then ends its side */
    CONN_LINGERING, /* waits for the client to end his */
    CONN_CLOSED,    /* waits for the job and the handles */
};

/* What all connections share: the workers, and the room for files. */
struct conn_crowd {
    unsigned workers;
    atomic_uint waiting; /* workers, for their clients to read */
    struct outbox_room room;
};

/* What a new connection is for; the TLS context is referenced, the rest is the
 * owner's. */
struct conn_setup {
    uv_loop_t *loop;
    struct bell *bell;
    const struct protocol *protocol;
    const struct gateway *gateway;
    struct tls_context *tls_context; /* NULL: no TLS */
    bool implicit_tls;
    bool allow_plain;
    uint64_t patience; /* for handshakes and slow readers, in milliseconds */
    unsigned number;   /* for its name */
    char *scratch;     /* CONN_SCRATCH bytes to read into, shared by a loop */
    struct conn_crowd *crowd;
    void (*released)(struct conn *conn);
    void *owner;
};

struct conn {
    /* fixed */
    char name[32];
    char peer[ADDRESS_TEXT_SIZE];
    bool local; /* the peer is this host */
    struct conn_setup setup;
    const struct protocol *protocol;

    /* shared */
    pthread_mutex_t mutex;
    pthread_cond_t drained;
    struct outbox outbox; /* written, neither compressed nor encrypted */
    size_t in_flight;     /* taken from it, not sent */
    bool gone;            /* nobody reads what is written */
    bool wants_close, wants_tls, wants_compression, wants_wake, wants_abort;
    uint64_t waited_ms; /* by the present job, for the client */
    struct bell_rope rope;

    atomic_bool cancelled;
    atomic_bool tls_on;
    atomic_bool compressed;

    enum conn_state state;
    void *session;
    struct job job;
    bool wants_run, draining;
    bool doomed;  /* no job is wanted any more */
    bool hurried; /* the gateway is stopping */
    bool stepping, stepped_again;
    bool broken; /* there is no socket */

    struct buf input; /* decrypted */
    bool hungry;      /* there is input that the session has not seen */
    bool overtaking;  /* the same, while a job runs */
    bool dry;         /* the socket has brought all that it will */
    bool ended;       /* `input` has all that the client has said */
    bool reading;
    size_t answered_at; /* how much input had come when the last answer left */

    struct tls *tls;
    struct packing *packing;
    struct buf sending;
    bool writing;
    bool tired;        /* something was sent since the compressor has rested */
    bool said_goodbye; /* TLS's */
    size_t unsent_at_last; /* when the output timer was started */

    uint64_t timeout;
    bool timeout_restarts;

    union {
        uv_handle_t handle;
        uv_stream_t stream;
        uv_tcp_t tcp;
        uv_pipe_t pipe;
    } socket;
    uv_timer_t input_timer, output_timer;
    uv_write_t write;
    uv_shutdown_t shutdown;
    unsigned handles; /* that are not closed */

    LIST_ENTRY(conn) link; /* the owner's */
};

/* Takes over an accepted socket. */
struct conn *conn_new(const struct conn_setup *setup, int socket,
                      const struct sockaddr *peer);

/* Begins: greets the client, or waits for his handshake. */
void conn_begin(struct conn *conn);

/* Asks an idle client to leave, a busy one after his request. */
void conn_drain(struct conn *conn);

/* Has a running job give up. */
void conn_cancel(struct conn *conn);

/* Closes at once. */
void conn_abort(struct conn *conn);

/* --- Between conn.c, conn_step.c, conn_io.c and conn_write.c --- */

/* Makes the mutex, and what workers wait for. */
void conn_init_waiting(struct conn *conn);

/* Does all that can be done now. */
void conn_step(struct conn *conn);

/* Lets go of a closed connection as far as nobody is using it. */
void conn_release(struct conn *conn);

/* The client can be spoken to: makes the session unless it is there. */
void conn_open_session(struct conn *conn);

/* Starts to wait for a handshake, with the input that came after the answer. */
void conn_begin_tls(struct conn *conn);

/* From now on both sides compress what they say. */
void conn_begin_compression(struct conn *conn);

/* Sends what there is to send. */
void conn_flush(struct conn *conn);

/* Reads, or stops reading, as there is room. */
void conn_read_more(struct conn *conn);

/* How much was written and not sent. */
size_t conn_unsent(struct conn *conn);

void conn_start_input_timer(struct conn *conn, uint64_t milliseconds);

#endif
