/*
 * wire.h - one socket of the HTTP door, with or without TLS
 *
 * Every wait ends when the door closes.  A wire belongs to one thread.
 */
#ifndef POSTERN_TESTS_WIRE_H
#define POSTERN_TESTS_WIRE_H

#include <stdbool.h>
#include <stddef.h>

#include <openssl/ssl.h>

struct wire {
    int fd;         /* -1 once it is closed */
    int stop;       /* becomes readable when the door closes */
    SSL *ssl;       /* NULL without TLS */
};

/* Takes over a connected socket. */
void wire_init(struct wire *wire, int fd, int stop);

/* The server's part of a TLS handshake. */
bool wire_start_tls(struct wire *wire, SSL_CTX *context);

/* What the peer sends, at least one byte; 0 when it has gone, when nothing comes for
 * two minutes (as IIS does it) or when the door closes. */
size_t wire_read(struct wire *wire, void *out, size_t room);

bool wire_write(struct wire *wire, const void *data, size_t len);

/* Waits; false if the door closes meanwhile. */
bool wire_pause(struct wire *wire, long milliseconds);

/* Waits until another descriptor can be read or the time is over; false if the
 * peer goes or the door closes meanwhile. */
bool wire_wait(struct wire *wire, int other, int milliseconds);

/* Waits until the peer has gone or the door closes. */
void wire_hang(struct wire *wire);

/* Ends the connection in order, or by a reset. */
void wire_close(struct wire *wire);
void wire_reset(struct wire *wire);

#endif
