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
#include "tests/exchange/wire.h"

struct guest {
    struct door *door;
    int fd;
    pthread_t thread;
    atomic_bool ended;
    struct guest *next;
};

struct door {
    struct exchange *exchange;
    unsigned schemes;
    int listener;
    int stop[2];             /* a pipe; its end of file says that the door closes */
    SSL_CTX *tls;            /* NULL without TLS */
    char *url;
    char *ca_file;
    pthread_t thread;
    struct guest *guests;    /* the acceptor's */
    struct door *next;
};

/* The open doors, which are found by their exchange. */
static pthread_mutex_t doors_mutex = PTHREAD_MUTEX_INITIALIZER;
static struct door *doors;

/* --- Guests ------------------------------------------------------------------- */

static void *serve_guest(void *context)
{
    struct guest *guest = context;
    struct wire wire;

    wire_init(&wire, guest->fd, guest->door->stop[0]);
    if (guest->door->tls == NULL || wire_start_tls(&wire, guest->door->tls))
        http_serve_wire(guest->door->exchange, guest->door->schemes, &wire);
    wire_close(&wire);
    atomic_store(&guest->ended, true);
    return NULL;
}

static void admit(struct door *door, int fd)
{
    struct guest *guest = calloc(1, sizeof *guest);
    if (guest == NULL) {
        close(fd);
        return;
    }
    guest->door = door;
    guest->fd = fd;
    if (pthread_create(&guest->thread, NULL, serve_guest, guest) != 0) {
        close(fd);
        free(guest);
        return;
    }
    guest->next = door->guests;
    door->guests = guest;
}

/* Joins the threads that have ended, or waits for all of them. */
static void join_guests(struct door *door, bool all)
{
    for (struct guest **at = &door->guests; *at != NULL;) {
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
    struct door *door = context;
    struct pollfd polls[] = { { door->stop[0], POLLIN, 0 },
                              { door->listener, POLLIN, 0 } };
    for (;;) {
        if (poll(polls, 2, -1) < 0)
            continue;
        if (polls[0].revents != 0)
            break;
        int fd = accept4(door->listener, NULL, NULL, SOCK_CLOEXEC);
        join_guests(door, false);
        if (fd >= 0)
            admit(door, fd);
    }
    join_guests(door, true);
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

static void free_door(struct door *door)
{
    if (door->listener >= 0)
        close(door->listener);
    for (size_t i = 0; i < 2; i++)
        if (door->stop[i] >= 0)
            close(door->stop[i]);
    if (door->ca_file != NULL)
        unlink(door->ca_file);
    SSL_CTX_free(door->tls);
    free(door->ca_file);
    free(door->url);
    free(door);
}

static bool open_door(struct door *door, uint16_t port, bool tls)
{
    door->listener = listen_on(port);
    if (door->listener < 0 || pipe2(door->stop, O_CLOEXEC) != 0)
        return false;
    if (tls && (door->tls = certificate_context(&door->ca_file)) == NULL)
        return false;
    return asprintf(&door->url, "%s:%u/EWS/Exchange.asmx",
                    tls ? "https://localhost" : "http://127.0.0.1",
                    port_of(door->listener)) >= 0;
}

/* Signals are the main thread's. */
static bool start_thread(struct door *door)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool started = pthread_create(&door->thread, NULL, accept_guests, door) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started;
}

uint16_t exchange_serve(struct exchange *exchange, uint16_t port, bool tls,
                        unsigned auth)
{
    struct door *door = calloc(1, sizeof *door);
    if (door == NULL)
        return 0;
    *door = (struct door){ .exchange = exchange,
                           .schemes = auth,
                           .listener = -1,
                           .stop = { -1, -1 } };
    if (!open_door(door, port, tls) || !start_thread(door)) {
        free_door(door);
        return 0;
    }
    pthread_mutex_lock(&doors_mutex);
    door->next = doors;
    doors = door;
    pthread_mutex_unlock(&doors_mutex);
    return port_of(door->listener);
}

/* The newest door of an exchange, NULL for none; taken from the list on demand. */
static struct door *find_door(struct exchange *exchange, bool take)
{
    struct door **at = &doors;

    pthread_mutex_lock(&doors_mutex);
    while (*at != NULL && (*at)->exchange != exchange)
        at = &(*at)->next;
    struct door *door = *at;
    if (door != NULL && take)
        *at = door->next;
    pthread_mutex_unlock(&doors_mutex);
    return door;
}

const char *exchange_url(struct exchange *exchange)
{
    struct door *door = find_door(exchange, false);
    return door != NULL ? door->url : NULL;
}

const char *exchange_ca_file(struct exchange *exchange)
{
    struct door *door = find_door(exchange, false);
    return door != NULL ? door->ca_file : NULL;
}

void exchange_stop(struct exchange *exchange)
{
    struct door *door;
    while ((door = find_door(exchange, true)) != NULL) {
        close(door->stop[1]);
        door->stop[1] = -1;
        pthread_join(door->thread, NULL);
        free_door(door);
    }
}
