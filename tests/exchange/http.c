/*
 * http.c - the EWS door: Exchange.asmx over HTTP or HTTPS on 127.0.0.1
 *
 * One thread accepts; each connection has a thread of its own.  Threads wait for
 * their socket and for one pipe that is closed when the door closes, so that
 * exchange_stop can join them all.
 */
#include "tests/exchange/exchange.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/exchange/certificate.h"
#include "tests/exchange/http_call.h"
#include "tests/exchange/soap.h"
#include "tests/exchange/wire.h"

struct guest {
    struct server *server;
    int fd;
    pthread_t thread;
    atomic_bool ended;
    struct guest *next;
};

struct server {
    struct exchange *exchange;
    unsigned schemes;
    int listener;
    int stop[2];             /* a pipe; its end of file says that the door closes */
    SSL_CTX *tls;            /* NULL without TLS */
    char *url;
    char *ca_file;
    pthread_t thread;
    struct guest *guests;    /* the acceptor's */
    atomic_uint present;     /* of them, those who have not left */
    struct server *next;     /* an older door of the same exchange */
};

/* --- Guests ------------------------------------------------------------------- */

static void *serve_guest(void *context)
{
    struct guest *guest = context;
    struct wire wire;

    wire_init(&wire, guest->fd, guest->server->stop[0]);
    if (guest->server->tls == NULL || wire_start_tls(&wire, guest->server->tls))
        http_serve_wire(guest->server->exchange, guest->server->schemes, &wire);
    wire_close(&wire);
    atomic_fetch_sub(&guest->server->present, 1);
    atomic_store(&guest->ended, true);
    return NULL;
}

static void admit(struct server *server, int fd)
{
    struct guest *guest = calloc(1, sizeof *guest);
    if (guest == NULL) {
        close(fd);
        return;
    }
    guest->server = server;
    guest->fd = fd;
    atomic_fetch_add(&server->present, 1);
    if (pthread_create(&guest->thread, NULL, serve_guest, guest) != 0) {
        atomic_fetch_sub(&server->present, 1);
        close(fd);
        free(guest);
        return;
    }
    guest->next = server->guests;
    server->guests = guest;
}

/* Joins the threads that have ended, or waits for all of them. */
static void join_guests(struct server *server, bool all)
{
    for (struct guest **at = &server->guests; *at != NULL;) {
        struct guest *guest = *at;
        if (!all && !atomic_load(&guest->ended)) {
            at = &guest->next;
            continue;
        }
        pthread_join(guest->thread, NULL);
        *at = guest->next;
        free(guest);
    }
}

static void *accept_guests(void *context)
{
    struct server *server = context;
    struct pollfd polls[] = { { server->stop[0], POLLIN, 0 },
                              { server->listener, POLLIN, 0 } };
    for (;;) {
        if (poll(polls, 2, -1) < 0)
            continue;
        if (polls[0].revents != 0)
            break;
        int fd = accept4(server->listener, NULL, NULL, SOCK_CLOEXEC);
        join_guests(server, false);
        if (fd >= 0)
            admit(server, fd);
    }
    join_guests(server, true);
    return NULL;
}

/* --- Opening and closing --------------------------------------------------------- */

static int listen_on(uint16_t port)
{
    const int on = 1;
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_port = htons(port) };
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);

    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, (struct sockaddr *)&address, sizeof address) == 0 &&
        listen(fd, 512) == 0)
        return fd;
    close(fd);
    return -1;
}

static uint16_t port_of(int fd)
{
    struct sockaddr_in address = { 0 };
    socklen_t len = sizeof address;
    getsockname(fd, (struct sockaddr *)&address, &len);
    return ntohs(address.sin_port);
}

static void free_server(struct server *server)
{
    if (server->listener >= 0)
        close(server->listener);
    for (size_t i = 0; i < 2; i++)
        if (server->stop[i] >= 0)
            close(server->stop[i]);
    if (server->ca_file != NULL)
        unlink(server->ca_file);
    SSL_CTX_free(server->tls);
    free(server->ca_file);
    free(server->url);
    free(server);
}

static bool open_server(struct server *server, uint16_t port, bool tls)
{
    server->listener = listen_on(port);
    if (server->listener < 0 || pipe2(server->stop, O_CLOEXEC) != 0)
        return false;
    if (tls && (server->tls = certificate_context(&server->ca_file)) == NULL)
        return false;
    return asprintf(&server->url, "%s:%u/EWS/Exchange.asmx",
                    tls ? "https://localhost" : "http://127.0.0.1",
                    port_of(server->listener)) >= 0;
}

/* Signals are the main thread's. */
static bool start_thread(struct server *server)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool started = pthread_create(&server->thread, NULL, accept_guests, server) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started;
}

uint16_t exchange_serve(struct exchange *exchange, uint16_t port, bool tls,
                        unsigned auth)
{
    struct server *server = calloc(1, sizeof *server);
    if (server == NULL)
        return 0;
    *server = (struct server){ .exchange = exchange,
                           .schemes = auth,
                           .listener = -1,
                           .stop = { -1, -1 } };
    if (!open_server(server, port, tls) || !start_thread(server)) {
        free_server(server);
        return 0;
    }
    struct server **first = exchange_server(exchange);
    server->next = *first;
    *first = server;
    return port_of(server->listener);
}

const char *exchange_url(struct exchange *exchange)
{
    struct server *server = *exchange_server(exchange);
    return server != NULL ? server->url : NULL;
}

const char *exchange_ca_file(struct exchange *exchange)
{
    struct server *server = *exchange_server(exchange);
    return server != NULL ? server->ca_file : NULL;
}

unsigned exchange_guests(struct exchange *exchange)
{
    unsigned present = 0;

    for (struct server *at = *exchange_server(exchange); at != NULL;
         at = at->next)
        present += atomic_load(&at->present);
    return present;
}

void exchange_stop(struct exchange *exchange)
{
    struct server **first = exchange_server(exchange);
    while (*first != NULL) {
        struct server *server = *first;
        *first = server->next;
        close(server->stop[1]);
        server->stop[1] = -1;
        pthread_join(server->thread, NULL);
        free_server(server);
    }
}
