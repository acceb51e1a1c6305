/*
 * tls.c - TLS towards mail programs, between two memories
 */
#include "proxy/tls.h"

#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include "proxy/base/buf.h"
#include "proxy/base/memory.h"

/* A memory of OpenSSL's that has grown beyond this is given back once it is
 * empty: it would not shrink by itself. */
#define KEEP_CAPACITY 4096

struct tls_context {
    SSL_CTX *ssl;
    atomic_uint owners;
};

struct tls {
    SSL *ssl;
    BIO *from_network; /* both belong to `ssl` */
    BIO *to_network;
    enum tls_state state;
    char problem[120];
};

/* The oldest error of this thread, which names the cause; forgets the
 * others. */
static void take_problem(char *out, size_t size)
{
    unsigned long code = ERR_get_error();
    const char *reason = ERR_reason_error_string(code);

    snprintf(out, size, "%s", reason != NULL ? reason : "unknown trouble");
    ERR_clear_error();
}

/* OpenSSL would ask the terminal. */
static int no_passphrase(char *out, int size, int writing, void *context)
{
    (void)out, (void)size, (void)writing, (void)context;
    return 0;
}

static bool load(SSL_CTX *ssl, const char *certificate, const char *key,
                 char **error_out)
{
    const char *file = certificate;
    bool good = SSL_CTX_use_certificate_chain_file(ssl, certificate) == 1;

    if (good) {
        file = *key != '\0' ? key : certificate;
        good = SSL_CTX_use_PrivateKey_file(ssl, file, SSL_FILETYPE_PEM) == 1 &&
               SSL_CTX_check_private_key(ssl) == 1;
    }
    if (good)
        return true;

    char problem[120];
    take_problem(problem, sizeof problem);
    if (asprintf(error_out, "%s: %s", file, problem) < 0)
        memory_exhausted();
    return false;
}

struct tls_context *tls_context_new(const char *certificate, const char *key,
                                    char **error_out)
{
    SSL_CTX *ssl = SSL_CTX_new(TLS_server_method());

    if (ssl == NULL)
        memory_exhausted();
    SSL_CTX_set_min_proto_version(ssl, TLS1_2_VERSION);
    SSL_CTX_set_options(ssl, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_mode(ssl, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_default_passwd_cb(ssl, no_passphrase);
    ERR_clear_error();
    if (!load(ssl, certificate, key, error_out)) {
        SSL_CTX_free(ssl);
        return NULL;
    }

    struct tls_context *context = memory_new(sizeof *context);
    context->ssl = ssl;
    atomic_init(&context->owners, 1);
    return context;
}

struct tls_context *tls_context_ref(struct tls_context *context)
{
    if (context != NULL)
        atomic_fetch_add(&context->owners, 1);
    return context;
}

void tls_context_unref(struct tls_context **context)
{
    if (*context != NULL && atomic_fetch_sub(&(*context)->owners, 1) == 1) {
        SSL_CTX_free((*context)->ssl);
        free(*context);
    }
    *context = NULL;
}

static bool has_grown(BIO *memory)
{
    BUF_MEM *inside = NULL;

    BIO_get_mem_ptr(memory, &inside);
    return inside != NULL && inside->max > KEEP_CAPACITY &&
           BIO_ctrl_pending(memory) == 0;
}

static BIO *new_memory(void)
{
    BIO *memory = BIO_new(BIO_s_mem());

    if (memory == NULL)
        memory_exhausted();
    return memory;
}

struct tls *tls_new(struct tls_context *context)
{
    struct tls *tls = memory_new(sizeof *tls);

    tls->ssl = SSL_new(context->ssl);
    if (tls->ssl == NULL)
        memory_exhausted();
    tls->from_network = new_memory();
    tls->to_network = new_memory();
    SSL_set_bio(tls->ssl, tls->from_network, tls->to_network);
    SSL_set_accept_state(tls->ssl);
    return tls;
}

void tls_free(struct tls **tls)
{
    if (*tls == NULL)
        return;
    SSL_free((*tls)->ssl);
    free(*tls);
    *tls = NULL;
}

static int as_int(size_t len)
{
    return len > INT_MAX ? INT_MAX : (int)len;
}

void tls_receive(struct tls *tls, const char *data, size_t len)
{
    if (len > 0 &&
        BIO_write(tls->from_network, data, as_int(len)) != as_int(len))
        memory_exhausted();
}

/* Sees what the result of an SSL function means for the connection. */
static void judge(struct tls *tls, int result)
{
    switch (SSL_get_error(tls->ssl, result)) {
    case SSL_ERROR_NONE:
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
        break;
    case SSL_ERROR_ZERO_RETURN:
        tls->state = TLS_ENDED;
        break;
    default:
        tls->state = TLS_FAILED;
        take_problem(tls->problem, sizeof tls->problem);
    }
}

bool tls_handshake(struct tls *tls)
{
    if (tls->state != TLS_GOOD)
        return false;
    ERR_clear_error();
    judge(tls, SSL_do_handshake(tls->ssl));
    return tls->state == TLS_GOOD && SSL_is_init_finished(tls->ssl);
}

size_t tls_read(struct tls *tls, char *out, size_t len)
{
    if (tls->state != TLS_GOOD || len == 0)
        return 0;
    ERR_clear_error();

    int got = SSL_read(tls->ssl, out, as_int(len));
    if (got > 0)
        return (size_t)got;
    judge(tls, got);
    if (has_grown(tls->from_network)) {
        tls->from_network = new_memory();
        SSL_set0_rbio(tls->ssl, tls->from_network);
    }
    return 0;
}

void tls_write(struct tls *tls, const char *data, size_t len)
{
    while (len > 0 && tls->state != TLS_FAILED) {
        ERR_clear_error();

        int put = SSL_write(tls->ssl, data, as_int(len));
        if (put <= 0) {
            /* Memory takes everything, so there is nothing to wait for. */
            tls->state = TLS_FAILED;
            take_problem(tls->problem, sizeof tls->problem);
            return;
        }
        data += put;
        len -= (size_t)put;
    }
}

void tls_end(struct tls *tls)
{
    if (tls->state == TLS_FAILED || !SSL_is_init_finished(tls->ssl))
        return;
    ERR_clear_error();
    SSL_shutdown(tls->ssl);
    ERR_clear_error();
}

void tls_take(struct tls *tls, struct buf *out)
{
    size_t pending = BIO_ctrl_pending(tls->to_network);

    if (pending == 0)
        return;

    int got =
        BIO_read(tls->to_network, buf_reserve(out, pending), as_int(pending));
    if (got > 0)
        buf_commit(out, (size_t)got);
    if (has_grown(tls->to_network)) {
        tls->to_network = new_memory();
        SSL_set0_wbio(tls->ssl, tls->to_network);
    }
}

enum tls_state tls_state(const struct tls *tls)
{
    return tls->state;
}

const char *tls_problem(const struct tls *tls)
{
    return tls->problem;
}
