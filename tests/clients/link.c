/*
 * link.c - a plain or encrypted connection to the gateway, line by line
 */
#include "tests/clients/link.h"

#include <criterion/criterion.h>
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/ssl.h>

#include "proxy/base/buf.h"
#include "proxy/base/memory.h"
#include "proxy/base/time.h"

struct link {
    int file;
    SSL_CTX *context;
    SSL *ssl; /* NULL while plain */
    struct buf input;
    size_t taken; /* of the input */
    bool ended;
};

struct link *link_open(uint16_t port)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_port = htons(port),
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    struct link *link = memory_new(sizeof *link);

    buf_init(&link->input, NULL);
    link->file = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    cr_assert(link->file >= 0);
    cr_assert(
        connect(link->file, (struct sockaddr *)&address, sizeof address) == 0,
        "port %u: %s", port, strerror(errno));
    return link;
}

void link_close(struct link **link)
{
    if (*link == NULL)
        return;
    SSL_free((*link)->ssl);
    SSL_CTX_free((*link)->context);
    close((*link)->file);
    buf_fini(&(*link)->input);
    free(*link);
    *link = NULL;
}

void link_start_tls(struct link *link, const char *ca_file)
{
    link->context = SSL_CTX_new(TLS_client_method());
    cr_assert(link->context != NULL);
    cr_assert(SSL_CTX_load_verify_locations(link->context, ca_file, NULL) == 1);
    SSL_CTX_set_verify(link->context, SSL_VERIFY_PEER, NULL);
    link->ssl = SSL_new(link->context);
    cr_assert(SSL_set1_host(link->ssl, "localhost") == 1);
    cr_assert(SSL_set_tlsext_host_name(link->ssl, "localhost") == 1);
    cr_assert(SSL_set_fd(link->ssl, link->file) == 1);
    cr_assert(SSL_connect(link->ssl) == 1, "no TLS: %ld",
              SSL_get_verify_result(link->ssl));
}

void link_send(struct link *link, const void *data, size_t len)
{
    const char *at = data;

    while (len > 0) {
        size_t piece = len < 16384 ? len : 16384;
        long sent = link->ssl != NULL
                        ? SSL_write(link->ssl, at, (int)piece)
                        : send(link->file, at, piece, MSG_NOSIGNAL);

        if (sent <= 0)
            return; /* what is missing is the answer, and that is noticed */
        at += sent;
        len -= (size_t)sent;
    }
}

void link_end(struct link *link)
{
    if (link->ssl != NULL)
        SSL_shutdown(link->ssl);
    shutdown(link->file, SHUT_WR);
}

/* Reads more; false when nothing has come by `end` or nothing can come. */
static bool read_more(struct link *link, uint64_t end)
{
    if (link->taken > 0) {
        buf_consume(&link->input, link->taken);
        link->taken = 0;
    }
    if (link->ssl == NULL || SSL_pending(link->ssl) == 0) {
        struct pollfd file = { .fd = link->file, .events = POLLIN };
        uint64_t now = time_monotonic_ms();

        if (now >= end || poll(&file, 1, (int)(end - now)) <= 0)
            return false;
    }

    char *room = buf_reserve(&link->input, 16384);
    long got = link->ssl != NULL ? SSL_read(link->ssl, room, 16384)
                                 : recv(link->file, room, 16384, 0);
    if (got <= 0) {
        link->ended = true;
        return false;
    }
    link->input.len += (size_t)got;
    link->input.data[link->input.len] = '\0';
    return true;
}

static uint64_t deadline(double seconds)
{
    return time_monotonic_ms() + (uint64_t)(seconds * 1000);
}

char *link_line(struct link *link, double seconds)
{
    uint64_t end = deadline(seconds);

    for (;;) {
        const char *start = link->input.data + link->taken;
        size_t left = link->input.len - link->taken;
        const char *stop = left > 0 ? memmem(start, left, "\r\n", 2) : NULL;

        if (stop != NULL) {
            link->taken += (size_t)(stop - start) + 2;
            return strndup(start, (size_t)(stop - start));
        }
        if (!read_more(link, end))
            return NULL;
    }
}

char *link_octets(struct link *link, size_t len, double seconds)
{
    uint64_t end = deadline(seconds);

    while (link->input.len - link->taken < len)
        if (!read_more(link, end))
            return NULL;

    char *octets = memory_new(len + 1);
    memcpy(octets, link->input.data + link->taken, len);
    link->taken += len;
    return octets;
}

bool link_is_closed(struct link *link, double seconds)
{
    uint64_t end = deadline(seconds);

    link->taken = link->input.len;
    while (read_more(link, end))
        link->taken = link->input.len;
    return link->ended;
}
