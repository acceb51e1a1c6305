/*
 * door.c - the LDAP door over real sockets, and clients at it
 */
#include "tests/ldap/door.h"

#include <criterion/criterion.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "config/settings.h"
#include "ldap/ldap.h"
#include "proxy/base/arena.h"
#include "proxy/base/log.h"
#include "proxy/base/memory.h"
#include "proxy/base/str.h"
#include "proxy/exchange/account.h"
#include "proxy/exchange/backend.h"
#include "proxy/porter.h"
#include "proxy/tls.h"
#include "tests/ldap/notation.h"
#include "tests/proxy/echo.h"

#define PATIENCE_MS 180000

/* --- The door ------------------------------------------------------------- */

struct door {
    struct exchange *exchange;
    struct settings *settings;
    struct gateway gateway;
    struct porter *porter;
    pthread_t thread;
};

static void set(struct door *door, const char *key, const char *value)
{
    char *problem = NULL;

    cr_assert(settings_set(door->settings, key, value, &problem), "%s: %s", key,
              problem);
}

static void *serve(void *context)
{
    struct door *door = context;

    porter_run(door->porter);
    return NULL;
}

static struct exchange *make_exchange(void)
{
    struct exchange *exchange = exchange_new(EXCHANGE_2016);

    exchange_add_user(exchange, ANN, "Ann", "secret", "en");
    for (int i = 0; i < SMITHS; i++) {
        char address[64], name[64];

        snprintf(address, sizeof address, "smith%d@example.com", i);
        snprintf(name, sizeof name, "Smith %d", i);
        exchange_add_person(exchange, address, name);
    }
    cr_assert(exchange_serve(exchange, 0, false,
                             EXCHANGE_BASIC | EXCHANGE_BEARER) != 0);
    return exchange;
}

static void listen_to(struct door *door, bool tls)
{
    struct tls_context *context = NULL;
    char *problem = NULL;

    if (tls) {
        context = tls_context_new(echo_certificate(), "", &problem);
        cr_assert(context != NULL, "%s", problem);
    }
    door->porter = porter_new(door->settings);
    cr_assert(porter_open_door(door->porter, &ldap_protocol, &door->gateway,
                               context, &problem),
              "%s", problem);
    tls_context_unref(&context);
    pthread_create(&door->thread, NULL, serve, door);
}

struct door *door_open(bool tls, const char *const settings[])
{
    struct door *door = memory_new(sizeof *door);

    log_set_level(LOG_LEVEL_ERROR);
    door->exchange = make_exchange();
    door->settings = settings_new();
    set(door, "exchange.url", exchange_url(door->exchange));
    set(door, "exchange.auth", "basic");
    set(door, "exchange.patience", "0");
    set(door, "store.path", "memory");
    set(door, "ldap.listen", "127.0.0.1:0");
    for (size_t i = 0; settings != NULL && settings[i] != NULL; i += 2)
        set(door, settings[i], settings[i + 1]);
    door->gateway.settings = door->settings;
    door->gateway.accounts = accounts_new(door->settings, &ews_backend);
    cr_assert(door->gateway.accounts != NULL);
    listen_to(door, tls);
    return door;
}

struct exchange *door_exchange(struct door *door)
{
    return door->exchange;
}

void door_stop(struct door *door)
{
    porter_stop(door->porter);
}

void door_close(struct door **door)
{
    porter_stop((*door)->porter);
    pthread_join((*door)->thread, NULL);
    porter_free(&(*door)->porter);
    accounts_free(&(*door)->gateway.accounts);
    settings_free(&(*door)->settings);
    exchange_stop((*door)->exchange);
    exchange_free(&(*door)->exchange);
    free(*door);
    *door = NULL;
}

/* --- Visitors ------------------------------------------------------------- */

struct visitor {
    struct arena *arena;
    int socket;
    SSL_CTX *context; /* NULL: no TLS */
    SSL *ssl;
};

struct visitor *visitor_new(struct door *door)
{
    struct visitor *visitor = memory_new(sizeof *visitor);

    visitor->arena = arena_new();
    visitor->socket = echo_connect(porter_port(door->porter, 0));
    cr_assert(visitor->socket >= 0);
    return visitor;
}

void visitor_free(struct visitor **visitor)
{
    SSL_free((*visitor)->ssl);
    SSL_CTX_free((*visitor)->context);
    close((*visitor)->socket);
    arena_free(&(*visitor)->arena);
    free(*visitor);
    *visitor = NULL;
}

struct visitor *visitor_ann(struct door *door)
{
    struct visitor *visitor = visitor_new(door);

    visitor_expect(visitor, "a bind", BIND_ANN("100"), BOUND("100"));
    return visitor;
}

void visitor_say(struct visitor *visitor, const char *notation)
{
    struct octets said = notation_code(visitor->arena, notation);

    if (visitor->ssl != NULL)
        cr_assert_eq(SSL_write(visitor->ssl, said.data, (int)said.len),
                     (int)said.len);
    else
        cr_assert_eq(send(visitor->socket, said.data, said.len, MSG_NOSIGNAL),
                     (ssize_t)said.len);
}

static bool read_octets(struct visitor *visitor, char *out, size_t len)
{
    while (len > 0) {
        ssize_t got = visitor->ssl != NULL
                          ? SSL_read(visitor->ssl, out, (int)len)
                          : recv(visitor->socket, out, len, 0);

        if (got <= 0)
            return false;
        out += got;
        len -= (size_t)got;
    }
    return true;
}

const char *visitor_hear_soon(struct visitor *visitor, unsigned patience)
{
    struct pollfd file = { .fd = visitor->socket, .events = POLLIN };
    unsigned char header[6];
    size_t length, count = 0;

    if ((visitor->ssl == NULL || SSL_pending(visitor->ssl) == 0) &&
        poll(&file, 1, (int)patience) == 0)
        return "silence";
    if (!read_octets(visitor, (char *)header, 2))
        return "closed";
    length = header[1];
    if (length >= 0x80) {
        count = length & 0x7f;
        cr_assert(count <= 4 &&
                  read_octets(visitor, (char *)header + 2, count));
        length = 0;
        for (size_t i = 0; i < count; i++)
            length = length << 8 | header[2 + i];
    }
    char *message = arena_alloc(visitor->arena, 2 + count + length);
    memcpy(message, header, 2 + count);
    cr_assert(read_octets(visitor, message + 2 + count, length));
    return notation_show(visitor->arena, message, 2 + count + length);
}

const char *visitor_hear(struct visitor *visitor)
{
    return visitor_hear_soon(visitor, PATIENCE_MS);
}

const char *visitor_hear_end(struct visitor *visitor, size_t *entries_out)
{
    const char *heard = visitor_hear(visitor);

    for (*entries_out = 0; strstr(heard, " 64{") != NULL; ++*entries_out)
        heard = visitor_hear(visitor);
    return heard;
}

void visitor_expect(struct visitor *visitor, const char *name, const char *said,
                    const char *heard)
{
    visitor_say(visitor, said);
    const char *answer = visitor_hear(visitor);
    cr_expect_str_eq(answer, heard, "%s: %s", name, answer);
}

bool visitor_start_tls(struct visitor *visitor)
{
    visitor->context = SSL_CTX_new(TLS_method());
    visitor->ssl = SSL_new(visitor->context);
    SSL_set_fd(visitor->ssl, visitor->socket);
    return SSL_connect(visitor->ssl) == 1;
}

bool door_says(const char *message, int id, int code)
{
    char begin[32], result[32];

    snprintf(begin, sizeof begin, "30{02:%d ", id);
    snprintf(result, sizeof result, "{0a:%d 04'", code);
    return str_starts(message, begin) &&
           strncmp(message + strlen(begin) + 2, result, strlen(result)) == 0;
}
