/*
 * echo.h - a small protocol to try connections with
 *
 * A request is a line.  What follows its first word is the argument:
 *
 *     echo TEXT     a worker answers TEXT
 *     flood N       a worker sends N octets
 *     sure N        the same, and then it waits until they are out
 *     wait          a worker waits until it is cancelled
 *     hold          a worker waits until it is released, and answers "held"
 *     stop          whatever runs before it is cancelled, then the loop answers
 *     sleep N       a worker takes N milliseconds
 *     tls           a worker answers "go" and starts TLS
 *     loop-tls      the loop does
 *     tls?          a worker says whether TLS can be started
 *     compress      a worker answers "go" and starts compression
 *     say TEXT      the loop answers TEXT
 *     wake          a worker has the session woken: "woken"
 *     timeout N     the session waits N milliseconds for input from now on
 *     bye           a worker answers and closes
 */
#ifndef POSTERN_TESTS_ECHO_H
#define POSTERN_TESTS_ECHO_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proxy/protocol.h"

extern const struct protocol echo_protocol;

/* What became of it, over all sessions; and whether those who hold are
 * released. */
struct echo_counts {
    atomic_uint sessions, freed, cancelled, refused_writes, ran, sent;
    atomic_uint released;
};
extern struct echo_counts echo_counts;

/* A server with the protocol, running in a thread of its own. */
struct echo_server;

/* `settings` are pairs of key and value, the last followed by NULL.  With `tls`
 * the second port has implicit TLS. */
struct echo_server *echo_start(bool tls, const char *const settings[]);
uint16_t echo_port(const struct echo_server *server, size_t nth);

/* Tells it to stop; and waits for that and frees it. */
void echo_stop(struct echo_server *server);
void echo_end(struct echo_server *server);

/* A client: a blocking socket that gives up after minutes. */
int echo_connect(uint16_t port);
bool echo_put(int socket, const char *text);

/* Reads up to the end of a line, or of the stream.  Malloc'ed. */
char *echo_line(int socket);

/* Whether the server closes (or resets) within minutes; skips what comes. */
bool echo_closes(int socket);

/* Reads what comes until `len` octets were there; how many there were. */
size_t echo_skip(int socket, size_t len);

/* Waits up to some minutes until the counter has come so far. */
bool echo_await(atomic_uint *counter, unsigned value);

/* Writes a self-signed certificate and its key into one file; its name. */
const char *echo_certificate(void);

#endif
