/*
 * wire.c - one socket of the HTTP door, with or without TLS
 */
#include "tests/exchange/wire.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/err.h>

#define IDLE (120 * 1000)

void wire_init(struct wire *wire, int fd, int stop)
{
    const int on = 1;
    *wire = (struct wire){ fd, stop, NULL };
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

/* Waits for the socket; false when the door closes or the time is over. */
static bool wait_for(struct wire *wire, short events, int milliseconds)
{
    struct pollfd polls[] = { { wire->stop, POLLIN, 0 },
                              { wire->fd, events, 0 } };
    int ready;
    do
        ready = poll(polls, 2, milliseconds);
    while (ready < 0 && errno == EINTR);
    return ready > 0 && polls[0].revents == 0;
}

/* After a TLS function that could not go on: waits for what it wants. */
static bool wait_for_tls(struct wire *wire, int result)
{
    switch (SSL_get_error(wire->ssl, result)) {
    case SSL_ERROR_WANT_READ:
        return wait_for(wire, POLLIN, IDLE);
    case SSL_ERROR_WANT_WRITE:
        return wait_for(wire, POLLOUT, IDLE);
    default:
        ERR_clear_error();
        return false;
    }
}

bool wire_start_tls(struct wire *wire, SSL_CTX *context)
{
    int result;
    wire->ssl = SSL_new(context);
    if (wire->ssl == NULL || SSL_set_fd(wire->ssl, wire->fd) != 1)
        return false;
    while ((result = SSL_accept(wire->ssl)) != 1)
        if (!wait_for_tls(wire, result))
            return false;
    return true;
}

static size_t read_tls(struct wire *wire, void *out, size_t room)
{
    int size = room > INT_MAX ? INT_MAX : (int)room;
    int result;
    while ((result = SSL_read(wire->ssl, out, size)) <= 0)
        if (!wait_for_tls(wire, result))
            return 0;
    return (size_t)result;
}

size_t wire_read(struct wire *wire, void *out, size_t room)
{
    if (wire->fd < 0)
        return 0;
    if (wire->ssl != NULL)
        return read_tls(wire, out, room);
    for (;;) {
        ssize_t got = recv(wire->fd, out, room, 0);
        if (got >= 0)
            return (size_t)got;
        if (errno != EAGAIN && errno != EINTR)
            return 0;
        if (!wait_for(wire, POLLIN, IDLE))
            return 0;
    }
}

static bool write_tls(struct wire *wire, const char *data, size_t len)
{
    while (len > 0) {
        int result =
            SSL_write(wire->ssl, data, len > INT_MAX ? INT_MAX : (int)len);
        if (result > 0) {
            data += result;
            len -= (size_t)result;
        } else if (!wait_for_tls(wire, result)) {
            return false;
        }
    }
    return true;
}

bool wire_write(struct wire *wire, const void *data, size_t len)
{
    const char *at = data;
    if (wire->fd < 0)
        return false;
    if (wire->ssl != NULL)
        return write_tls(wire, at, len);
    while (len > 0) {
        ssize_t sent = send(wire->fd, at, len, MSG_NOSIGNAL);
        if (sent >= 0) {
            at += sent;
            len -= (size_t)sent;
        } else if ((errno != EAGAIN && errno != EINTR) ||
                   !wait_for(wire, POLLOUT, IDLE)) {
            return false;
        }
    }
    return true;
}

bool wire_pause(struct wire *wire, long milliseconds)
{
    struct pollfd stop = { wire->stop, POLLIN, 0 };
    int ready = poll(&stop, 1, milliseconds > INT_MAX ? INT_MAX
                                                      : (int)milliseconds);
    return ready == 0;
}

bool wire_wait(struct wire *wire, int other, int milliseconds)
{
    struct pollfd polls[] = { { wire->stop, POLLIN, 0 },
                              { wire->fd, POLLRDHUP, 0 },
                              { other, POLLIN, 0 } };
    int ready;
    do
        ready = poll(polls, 3, milliseconds);
    while (ready < 0 && errno == EINTR);
    return ready >= 0 && polls[0].revents == 0 && polls[1].revents == 0;
}

void wire_hang(struct wire *wire)
{
    char rest[4096];
    while (wire_read(wire, rest, sizeof rest) > 0)
        continue;
}

static void release(struct wire *wire)
{
    SSL_free(wire->ssl);
    wire->ssl = NULL;
    if (wire->fd >= 0)
        close(wire->fd);
    wire->fd = -1;
}

void wire_close(struct wire *wire)
{
    if (wire->ssl != NULL && SSL_is_init_finished(wire->ssl))
        SSL_shutdown(wire->ssl);
    ERR_clear_error();
    release(wire);
}

void wire_reset(struct wire *wire)
{
    const struct linger abort = { 1, 0 };
    if (wire->fd >= 0)
        setsockopt(wire->fd, SOL_SOCKET, SO_LINGER, &abort, sizeof abort);
    release(wire);
}
