/*
 * conn.h - one client's connection: bytes in and out, TLS, time-outs
 *
 * "loop" functions are for the callbacks of struct protocol that run on the
 * loop, "worker" functions for `run`.  A connection outlives its session's
 * jobs.
 *
 * Workers are few and clients are slow, so that no worker is held by a client
 * who does not read.  What is written waits in memory, up to OUTBOX_MEMORY
 * octets; a request waits for its client up to CONN_GRACE in all; then the rest
 * of its answer goes to a file without a name (setting service.output_limit),
 * and the worker is free.  Only when there is no room for files a worker waits
 * for longer, and it gives its client up when more than half of all workers
 * wait so.  A client who reads nothing for command_timeout is given up, too.
 */
#ifndef POSTERN_CONN_H
#define POSTERN_CONN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct conn;

/* The most input that waits unread for a session. */
#define CONN_WINDOW (64 * 1024)

/* Any thread: its name for the log ("imap/12"). */
const char *conn_name(const struct conn *conn);

bool conn_has_tls(const struct conn *conn);

/* Whether TLS can be started (a certificate is set, and it is not on yet). */
bool conn_can_start_tls(const struct conn *conn);

/* Whether a password may travel here: TLS, loopback or a Unix socket, or a
 * setting that allows anything. */
bool conn_is_private(const struct conn *conn);

/* loop, from `input`: the request is whole; run it. */
void conn_run(struct conn *conn);

/* loop, from `overtake`: the running job shall give up, as if the client had
 * gone; what it still writes is sent, and the session goes on. */
void conn_cancel_job(struct conn *conn);

/* loop: sends without waiting; for greetings, continuations and good-byes. */
void conn_send(struct conn *conn, const char *data, size_t len);

/* worker: sends, waiting for a moment while the client is slow; false once it
 * has gone or is given up. */
bool conn_write(struct conn *conn, const char *data, size_t len);

/* worker: waits until all that was written has left this host's memory; false
 * when the client has gone, and when he is so slow that the worker is needed by
 * others. */
bool conn_wait_sent(struct conn *conn);

/* loop or worker: TLS begins once all that was written is out.  Input that came
 * with the request is thrown away (RFC 3501, 6.2.1; RFC 3207, 4.2).  A worker
 * calls it after writing its answer; the session is told by conn_has_tls. */
void conn_start_tls(struct conn *conn);

/* Whether both sides compress; TLS cannot be started any more then. */
bool conn_is_compressed(const struct conn *conn);

/* loop or worker: both sides compress with DEFLATE, without any header, once
 * all that was written is out (RFC 4978, 3).  Whatever of the input has not
 * been read by then has to be compressed already.  TLS, which is on already or
 * not at all, encrypts what was compressed. */
void conn_start_compression(struct conn *conn);

/* loop or worker: closes once all that was written is out. */
void conn_close(struct conn *conn);

/* loop: how long to wait for input before `timeout` is called; 0 waits for
 * ever. Starts again with every input; does not run while a job does. */
void conn_set_timeout(struct conn *conn, uint64_t milliseconds);

/* Any thread: has `wake` called soon, once no job runs.  Several calls may
 * become one.  Not after session_free has returned. */
void conn_wake(struct conn *conn);

#endif
