/*
 * listener.c - one address that clients connect to
 *
 * Accepting is done here and not by libuv, to be able to pause it: where a
 * process has no descriptor left for the next client, trying again at once
 * would keep the loop busy, and closing a client that could be served in a
 * moment is no better.
 */
#include "proxy/listener.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "proxy/base/log.h"
#include "proxy/base/memory.h"
#include "proxy/port_owner.h"

#define BACKLOG 511

/* Clients taken before the loop sees to others. */
#define ACCEPT_BATCH 32

/* How long to wait for a descriptor, in milliseconds. */
#define PAUSE 100

struct listener {
    struct address address;
    int socket;
    uv_poll_t poll;
    uv_timer_t pause;
    unsigned handles;
    bool complained;
    void (*accepted)(void *subject, int socket, const struct sockaddr *peer);
    void *subject;
};

/* --- Accepting --- */

static void on_connection(uv_poll_t *poll, int status, int events);

static void on_pause_over(uv_timer_t *timer)
{
    struct listener *listener = timer->data;

    uv_poll_start(&listener->poll, UV_READABLE, on_connection);
}

static void pause_accepting(struct listener *listener, int problem)
{
    if (!listener->complained)
        log_error("postern", "cannot take connections: %s; trying on",
                  strerror(problem));
    listener->complained = true;
    uv_poll_stop(&listener->poll);
    uv_timer_start(&listener->pause, on_pause_over, PAUSE, 0);
}

/* Whether accept(2) failed for the one client only. */
static bool is_clients_trouble(int problem)
{
    switch (problem) {
    case ECONNABORTED:
    case EINTR:
    case EPROTO:
    case EPERM:
    case ENETDOWN:
    case ENETUNREACH:
    case EHOSTDOWN:
    case EHOSTUNREACH:
        return true;
    default:
        return false;
    }
}

static void on_connection(uv_poll_t *poll, int status, int events)
{
    struct listener *listener = poll->data;

    (void)status, (void)events;
    for (int i = 0; i < ACCEPT_BATCH; i++) {
        struct sockaddr_storage peer = { 0 };
        socklen_t len = sizeof peer;
        int socket = accept4(listener->socket, (struct sockaddr *)&peer, &len,
                             SOCK_NONBLOCK | SOCK_CLOEXEC);

        if (socket >= 0) {
            listener->complained = false;
            listener->accepted(listener->subject, socket,
                               (struct sockaddr *)&peer);
        } else if (errno == EAGAIN) {
            return;
        } else if (!is_clients_trouble(errno)) {
            pause_accepting(listener, errno);
            return;
        }
    }
}

/* --- Listening --- */

/* Removes a Unix socket on which nobody listens any more. */
static void remove_stale(const struct address *address)
{
    const struct sockaddr_un *name =
        (const struct sockaddr_un *)&address->socket;
    struct stat status;
    int probe;

    if (lstat(name->sun_path, &status) != 0 || !S_ISSOCK(status.st_mode))
        return;
    probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (probe < 0)
        return;
    if (connect(probe, (const struct sockaddr *)name, address->len) != 0 &&
        errno == ECONNREFUSED)
        unlink(name->sun_path);
    close(probe);
}

static int bind_unix(int socket, const struct address *address)
{
    remove_stale(address);

    /* The mask makes it private from the start. */
    mode_t mask = umask(0177);
    int problem =
        bind(socket, (const struct sockaddr *)&address->socket, address->len);
    umask(mask);
    return problem;
}

static int bind_ip(int socket, const struct address *address)
{
    int yes = 1, only6 = !address->any;

    setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (address->socket.ss_family == AF_INET6)
        setsockopt(socket, IPPROTO_IPV6, IPV6_V6ONLY, &only6, sizeof only6);
    return bind(socket, (const struct sockaddr *)&address->socket,
                address->len);
}

/* A listening socket, or -1 and errno. */
static int open_socket(struct address *address)
{
    int family = address->socket.ss_family;
    int descriptor =
        socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    if (descriptor < 0)
        return -1;

    int problem = family == AF_UNIX ? bind_unix(descriptor, address)
                                    : bind_ip(descriptor, address);
    if (problem != 0 || listen(descriptor, BACKLOG) != 0) {
        problem = errno;
        close(descriptor);
        errno = problem;
        return -1;
    }

    socklen_t len = sizeof address->socket;
    if (family != AF_UNIX)
        getsockname(descriptor, (struct sockaddr *)&address->socket, &len);
    return descriptor;
}

static char *describe_problem(const struct address *address, int problem)
{
    const struct sockaddr *name = (const struct sockaddr *)&address->socket;
    char where[ADDRESS_TEXT_SIZE];
    char owner[PORT_OWNER_SIZE] = "";
    const char *advice = "";
    char *text;

    address_format(name, where);
    if (problem == EADDRINUSE && port_owner(name, owner))
        advice = "; the port belongs to ";
    else if (problem == EACCES && name->sa_family != AF_UNIX)
        advice = "; ports below 1024 need the capability CAP_NET_BIND_SERVICE";
    if (asprintf(&text, "cannot listen on %s: %s%s%s", where, strerror(problem),
                 advice, owner) < 0)
        memory_exhausted();
    return text;
}

struct listener *listener_new(uv_loop_t *loop, const struct address *address,
                              void (*accepted)(void *subject, int socket,
                                               const struct sockaddr *peer),
                              void *subject, char **error_out)
{
    struct address bound = *address;
    int socket = open_socket(&bound);

    if (socket < 0) {
        int problem = errno;

        *error_out = describe_problem(address, problem);
        errno = problem;
        return NULL;
    }

    struct listener *listener = memory_new(sizeof *listener);
    listener->address = bound;
    listener->socket = socket;
    listener->accepted = accepted;
    listener->subject = subject;
    listener->handles = 2;
    uv_timer_init(loop, &listener->pause);
    uv_poll_init(loop, &listener->poll, socket);
    listener->pause.data = listener;
    listener->poll.data = listener;
    uv_poll_start(&listener->poll, UV_READABLE, on_connection);
    return listener;
}

const struct sockaddr *listener_address(const struct listener *listener)
{
    return (const struct sockaddr *)&listener->address.socket;
}

static void on_closed(uv_handle_t *handle)
{
    struct listener *listener = handle->data;

    if (--listener->handles == 0)
        free(listener);
}

void listener_free(struct listener **listener)
{
    struct listener *old = *listener;

    if (old == NULL)
        return;
    *listener = NULL;
    uv_poll_stop(&old->poll);
    close(old->socket);
    if (old->address.socket.ss_family == AF_UNIX)
        unlink(((struct sockaddr_un *)&old->address.socket)->sun_path);
    uv_close((uv_handle_t *)&old->poll, on_closed);
    uv_close((uv_handle_t *)&old->pause, on_closed);
}
