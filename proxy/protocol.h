/*
 * protocol.h - what a front end shows to the core
 *
 * A connection gives the session what the client sends, piece by piece, on the
 * loop.  When the session has a whole request it calls conn_run; a worker then
 * calls `run`, which works as straight blocking code and answers with
 * conn_write. Until `done` the session belongs to the worker and gets no
 * further input, though it may look at what has come (`overtake`).
 */
#ifndef POSTERN_PROTOCOL_H
#define POSTERN_PROTOCOL_H

#include <stddef.h>

struct accounts;
struct conn;
struct op;
struct settings;

/* What all sessions share. */
struct gateway {
    const struct settings *settings;
    struct accounts *accounts;
};

struct protocol {
    const char
        *name; /* "imap": the settings' section, and the name in the log */

    /* A client has come (its TLS, where implicit, stands): makes its session
     * and greets it.  On the loop. */
    void *(*session_new)(struct conn *conn, const struct gateway *gateway);

    /* The client has gone and no job runs.  On the loop. */
    void (*session_free)(void *session);

    /* Takes what it can use from the front of `data` and returns how many bytes
     * that was; 0 waits for more.  Called again until it takes nothing or calls
     * conn_run or conn_close.  It must take something once `len` has reached
     * CONN_WINDOW.  On the loop. */
    size_t (*input)(void *session, const char *data, size_t len);

    /* Runs the request that `input` has completed.  On a worker. */
    void (*run)(void *session, struct op *op);

    /* A job runs and something waits behind its request: `data` is all that
     * `input` has not taken, and stays where it is.  Called again when more has
     * come.  So a client can take back what it has asked for (conn_cancel_job);
     * what belongs to the worker is left alone.  On the loop.  May be NULL. */
    void (*overtake)(void *session, const char *data, size_t len);

    /* `run` has returned and its replies are on their way.  On the loop. */
    void (*done)(void *session);

    /* conn_wake was called, and no job runs.  On the loop.  May be NULL. */
    void (*wake)(void *session);

    /* The time set by conn_set_timeout has passed without input.  Says good-bye
     * and calls conn_close.  On the loop. */
    void (*timeout)(void *session);

    /* The gateway stops, and no job runs: as `timeout`.  On the loop. */
    void (*drain)(void *session);

    /* Written to a client that comes when there are too many, before the
     * connection is closed. */
    const char *refusal;
    size_t refusal_len; /* 0: up to its NUL */
};

#endif
