/*
 * tls.h - TLS towards mail programs, between two memories
 *
 * Knows nothing of sockets: what comes from the network is put in, what has to
 * go there is taken out.
 */
#ifndef POSTERN_TLS_H
#define POSTERN_TLS_H

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct tls;
struct tls_context;

/* A certificate chain and its key from PEM files; "" as key takes it from the
 * certificate's file.  NULL with a text saying what is wrong; free it. */
struct tls_context *tls_context_new(const char *certificate, const char *key,
                                    char **error_out);

/* Another owner of the same; NULL stays NULL. */
struct tls_context *tls_context_ref(struct tls_context *context);
void tls_context_unref(struct tls_context **context);

/* The server's side of one connection. */
struct tls *tls_new(struct tls_context *context);
void tls_free(struct tls **tls);

/* Puts in what came from the network. */
void tls_receive(struct tls *tls, const char *data, size_t len);

enum tls_state {
    TLS_GOOD,  /* going on; there may be nothing to read yet */
    TLS_ENDED, /* the peer has said good-bye */
    TLS_FAILED /* not TLS, or not one that we accept */
};

/* Takes the handshake further; true once it stands. */
bool tls_handshake(struct tls *tls);

/* Reads what has arrived, up to `len` bytes; 0 when there is none (any
 * more). */
size_t tls_read(struct tls *tls, char *out, size_t len);

/* Encrypts; only after the handshake. */
void tls_write(struct tls *tls, const char *data, size_t len);

/* Says good-bye. */
void tls_end(struct tls *tls);

/* Appends to `out` what has to go to the network. */
void tls_take(struct tls *tls, struct buf *out);

enum tls_state tls_state(const struct tls *tls);

/* Why it failed, for the log. */
const char *tls_problem(const struct tls *tls);

#endif
