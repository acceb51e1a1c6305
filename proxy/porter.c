/*
 * porter.c - minds the doors: listens, lets clients in, keeps to the limits
 */
#include "proxy/porter.h"

#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <unistd.h>

#include "config/settings.h"
#include "proxy/base/arena.h"
#include "proxy/base/log.h"
#include "proxy/base/memory.h"
#include "proxy/base/str.h"
#include "proxy/bell.h"
#include "proxy/conn_core.h"
#include "proxy/listener.h"
#include "proxy/protocol.h"
#include "proxy/quiet.h"
#include "proxy/tls.h"

struct door {
    struct porter *porter;
    const struct protocol *protocol;
    const struct gateway *gateway;
    const struct listener_settings *settings;
    struct tls_context *tls;
    SLIST_ENTRY(door) link;
};

/* One address of a door. */
struct entrance {
    struct door *door;
    bool implicit_tls;
    struct listener *listener;
    STAILQ_ENTRY(entrance) link;
};

struct porter {
    uv_loop_t loop;
    const struct settings *settings;
    struct bell *bell;
    struct bell_rope stop_rope;
    uv_timer_t drain_timer;
    struct quiet quiet;
    bool stopping;
    unsigned last_number;
    char *scratch;
    struct conn_crowd crowd;
    SLIST_HEAD(, door) doors;
    STAILQ_HEAD(, entrance) entrances;
    LIST_HEAD(, conn) conns;
};

/* --- Clients --- */

static void on_released(struct conn *conn)
{
    LIST_REMOVE(conn, link);
}

/* Which limit would be passed with this client; NULL for none. */
static const char *limit_reached(const struct door *door,
                                 const struct sockaddr *peer)
{
    const struct porter *porter = door->porter;
    const struct listener_settings *limits = door->settings;
    uint32_t all = 0, here = 0, same = 0;
    char host[ADDRESS_TEXT_SIZE];
    const struct conn *conn;

    address_format_host(peer, host);
    LIST_FOREACH (conn, &porter->conns, link) {
        bool ours = conn->protocol == door->protocol;

        all++;
        here += ours;
        same += ours && str_equal(conn->peer, host);
    }
    if (all >= porter->settings->service.max_connections)
        return "service.max_connections";
    if (here >= limits->max_connections)
        return "max_connections";
    if (same >= limits->max_per_peer)
        return "max_per_peer";
    return NULL;
}

static void refuse(const struct entrance *entrance, int socket,
                   const struct sockaddr *peer, const char *limit)
{
    const struct protocol *protocol = entrance->door->protocol;
    char host[ADDRESS_TEXT_SIZE];

    address_format_host(peer, host);
    log_warning("postern", "refused a client: limit=%s protocol=%s client=%s",
                limit, protocol->name, host);
    /* A client that waits for a handshake could not read it. */
    if (!entrance->implicit_tls)
        send(socket, protocol->refusal,
             protocol->refusal_len > 0 ? protocol->refusal_len
                                       : strlen(protocol->refusal),
             MSG_NOSIGNAL | MSG_DONTWAIT);
    close(socket);
}

static void on_accepted(void *subject, int socket, const struct sockaddr *peer)
{
    struct entrance *entrance = subject;
    struct door *door = entrance->door;
    struct porter *porter = door->porter;
    const char *limit = limit_reached(door, peer);

    if (limit != NULL) {
        refuse(entrance, socket, peer, limit);
        return;
    }

    struct conn_setup setup = {
        .loop = &porter->loop,
        .bell = porter->bell,
        .protocol = door->protocol,
        .gateway = door->gateway,
        .tls_context = door->tls,
        .implicit_tls = entrance->implicit_tls,
        .allow_plain = porter->settings->tls.allow_plain,
        .patience = door->settings->command_timeout * UINT64_C(1000),
        .number = ++porter->last_number,
        .scratch = porter->scratch,
        .crowd = &porter->crowd,
        .released = on_released,
    };
    struct conn *conn = conn_new(&setup, socket, peer);
    LIST_INSERT_HEAD(&porter->conns, conn, link);
    conn_begin(conn);
}

/* --- Doors --- */

/* Whether the host lacks what the address is of: no IPv6, most often. */
static bool is_missing_family(int problem)
{
    return problem == EAFNOSUPPORT || problem == EADDRNOTAVAIL;
}

enum opened { OPENED, NOT_HERE, IMPOSSIBLE };

static enum opened open_entrance(struct door *door, const char *text,
                                 bool implicit_tls, char **error_out)
{
    struct porter *porter = door->porter;
    struct entrance *entrance = memory_new(sizeof *entrance);
    struct address address;

    entrance->door = door;
    entrance->implicit_tls = implicit_tls;
    if (!address_parse(text, &address))
        assert(!"an address that the settings have let through");
    entrance->listener =
        listener_new(&porter->loop, &address, on_accepted, entrance, error_out);
    if (entrance->listener == NULL) {
        int problem = errno;

        free(entrance);
        return is_missing_family(problem) ? NOT_HERE : IMPOSSIBLE;
    }
    STAILQ_INSERT_TAIL(&porter->entrances, entrance, link);

    char where[ADDRESS_TEXT_SIZE];
    address_format(listener_address(entrance->listener), where);
    log_info("postern", "listening protocol=%s%s address=%s",
             door->protocol->name, implicit_tls ? "s" : "", where);
    return OPENED;
}

/* Opens all addresses of a list; a text in `*error_out` is why none could
 * be. */
static bool open_entrances(struct door *door, const char *list,
                           bool implicit_tls, char **error_out)
{
    struct arena *arena = arena_new();
    char **texts = str_split(arena, list, " ,\t");
    bool good = true, any = texts[0] == NULL;
    char *missing = NULL;

    for (size_t i = 0; good && texts[i] != NULL; i++) {
        char *problem = NULL;
        enum opened opened =
            open_entrance(door, texts[i], implicit_tls, &problem);

        any = any || opened == OPENED;
        good = opened != IMPOSSIBLE;
        if (problem != NULL) {
            free(missing);
            missing = problem;
        }
    }
    if (!good || !any) {
        *error_out = missing;
    } else if (missing != NULL) {
        log_info("postern", "%s", missing);
        free(missing);
    }
    arena_free(&arena);
    return good && any;
}

bool porter_open_door(struct porter *porter, const struct protocol *protocol,
                      const struct gateway *gateway, struct tls_context *tls,
                      char **error_out)
{
    const struct listener_settings *settings =
        settings_listener(gateway->settings, protocol->name);
    struct door *door = memory_new(sizeof *door);

    door->porter = porter;
    door->protocol = protocol;
    door->gateway = gateway;
    door->settings = settings;
    door->tls = tls_context_ref(tls);
    SLIST_INSERT_HEAD(&porter->doors, door, link);
    return open_entrances(door, settings->listen, false, error_out) &&
           open_entrances(door, settings->listen_tls, true, error_out);
}

void porter_reload(struct porter *porter, const struct gateway *gateway,
                   struct tls_context *tls)
{
    const struct settings *settings = gateway->settings;
    struct door *door;

    porter->settings = settings;
    SLIST_FOREACH (door, &porter->doors, link) {
        door->settings = settings_listener(settings, door->protocol->name);
        door->gateway = gateway;
        tls_context_unref(&door->tls);
        door->tls = tls_context_ref(tls);
    }
}

static uint16_t port_of(const struct entrance *entrance)
{
    const struct sockaddr *address = listener_address(entrance->listener);

    if (address->sa_family == AF_INET)
        return ntohs(((const struct sockaddr_in *)address)->sin_port);
    if (address->sa_family == AF_INET6)
        return ntohs(((const struct sockaddr_in6 *)address)->sin6_port);
    return 0;
}

uint16_t porter_port(const struct porter *porter, size_t nth)
{
    const struct entrance *entrance;

    STAILQ_FOREACH (entrance, &porter->entrances, link)
        if (nth-- == 0)
            return port_of(entrance);
    return 0;
}

uint16_t porter_port_of(const struct porter *porter, const char *protocol)
{
    const struct entrance *entrance;

    STAILQ_FOREACH (entrance, &porter->entrances, link)
        if (str_equal(entrance->door->protocol->name, protocol) &&
            !entrance->implicit_tls && port_of(entrance) != 0)
            return port_of(entrance);
    return 0;
}

/* --- Stopping --- */

static void close_doors(struct porter *porter)
{
    struct entrance *entrance;
    struct door *door;

    while ((entrance = STAILQ_FIRST(&porter->entrances)) != NULL) {
        STAILQ_REMOVE_HEAD(&porter->entrances, link);
        listener_free(&entrance->listener);
        free(entrance);
    }
    while ((door = SLIST_FIRST(&porter->doors)) != NULL) {
        SLIST_REMOVE_HEAD(&porter->doors, link);
        tls_context_unref(&door->tls);
        free(door);
    }
}

/* Gives up on all that is still going on. */
static void give_up(struct porter *porter)
{
    struct conn *conn, *next;

    for (conn = LIST_FIRST(&porter->conns); conn != NULL; conn = next) {
        next = LIST_NEXT(conn, link);
        conn_abort(conn);
    }
}

static void on_drain_timeout(uv_timer_t *timer)
{
    log_warning("postern", "stopping without waiting any longer");
    give_up(timer->data);
}

static void stop(void *subject)
{
    struct porter *porter = subject;
    uint64_t ms = porter->settings->service.drain_timeout * UINT64_C(1000);
    struct conn *conn, *next;

    if (porter->stopping) {
        give_up(porter);
        return;
    }
    porter->stopping = true;
    log_info("postern", "stopping");
    close_doors(porter);
    uv_timer_start(&porter->drain_timer, on_drain_timeout, ms, 0);
    for (conn = LIST_FIRST(&porter->conns); conn != NULL; conn = next) {
        next = LIST_NEXT(conn, link);
        conn_drain(conn);
    }
}

void porter_stop(struct porter *porter)
{
    bell_ring(porter->bell, &porter->stop_rope);
}

/* --- Life --- */

struct porter *porter_new(const struct settings *settings)
{
    struct porter *porter = memory_new(sizeof *porter);

    /* Writing to a client who has gone must not end the process. */
    signal(SIGPIPE, SIG_IGN);
    if (uv_loop_init(&porter->loop) != 0)
        memory_exhausted();
    porter->settings = settings;
    porter->scratch = memory_new(CONN_SCRATCH);
    porter->crowd.workers = settings->service.workers;
    porter->crowd.room.limit = settings->service.output_limit;
    porter->bell = bell_new(&porter->loop);
    porter->stop_rope = (struct bell_rope){ .answer = stop, .subject = porter };
    uv_timer_init(&porter->loop, &porter->drain_timer);
    porter->drain_timer.data = porter;
    quiet_init(&porter->quiet, &porter->loop);
    STAILQ_INIT(&porter->entrances);
    return porter;
}

void porter_when_quiet(struct porter *porter, uint64_t milliseconds,
                       void (*rest)(void *subject), void *subject)
{
    quiet_tell(&porter->quiet, milliseconds, rest, subject);
}

void porter_run(struct porter *porter)
{
    /* Until we are told to stop, and then until the last client has gone. */
    while (!porter->stopping || !LIST_EMPTY(&porter->conns))
        quiet_run(&porter->quiet);
}

void porter_free(struct porter **porter)
{
    struct porter *old = *porter;

    if (old == NULL)
        return;
    *porter = NULL;
    close_doors(old);
    give_up(old);
    while (!LIST_EMPTY(&old->conns))
        uv_run(&old->loop, UV_RUN_ONCE);
    uv_close((uv_handle_t *)&old->drain_timer, NULL);
    quiet_fini(&old->quiet);
    bell_free(&old->bell);
    uv_run(&old->loop, UV_RUN_DEFAULT);
    int busy = uv_loop_close(&old->loop);
    assert(busy == 0);
    (void)busy;
    free(old->scratch);
    free(old);
}

uv_loop_t *porter_loop(struct porter *porter)
{
    return &porter->loop;
}
