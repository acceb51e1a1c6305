/*
 * conn.h - one client's connection: bytes in and out, TLS, time-outs
 *
 * "loop" functions are for the callbacks of struct protocol that run on the
 * loop, "worker" functions for `run`.  A connection outlives its session's
 * jobs.
 */
#ifndef POSTERN_CONN_H
#define POSTERN_CONN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct conn;

/* The most input that waits unread for a session. */
#define CONN_WINDOW (64 * 1024)

/* Any thread: its name for the log ("imap/12") and the peer's address. */
const char *conn_name(const struct conn *conn);
const char *conn_peer(const struct conn *conn);

bool conn_has_tls(const struct conn *conn);

/* Whether TLS can be started (a certificate is set, and it is not on yet). */
bool conn_can_start_tls(const struct conn *conn);

/* Whether a password may travel here: TLS, loopback or a Unix socket, or a
 * setting that allows anything. */
bool conn_is_private(const struct conn *conn);

/* loop, from `input`: the request is whole; run it. */
void conn_run(struct conn *conn);

/* loop: sends without waiting; for greetings, continuations and good-byes. */
void conn_send(struct conn *conn, const char *data, size_t len);

/* worker: sends, waiting while the client is slow; false once it has gone. */
bool conn_write(struct conn *conn, const char *data, size_t len);

/* loop or worker: TLS begins once all that was written is out.  Input that came
 * with the request is thrown away (RFC 3501, 6.2.1; RFC 3207, 4.2).  A worker
 * calls it after writing its answer; the session is told by conn_has_tls. */
void conn_start_tls(struct conn *conn);

/* loop or worker: closes once all that was written is out. */
void conn_close(struct conn *conn);

/* loop: how long to wait for input before `timeout` is called; 0 waits for
 * ever. Starts again with every input; does not run while a job does. */
void conn_set_timeout(struct conn *conn, uint64_t milliseconds);

/* Any thread: has `wake` called soon, once no job runs.  Several calls may
 * become one.  Not after session_free has returned. */
void conn_wake(struct conn *conn);

#endif
