/*
 * client.c - an IMAP client for unit tests: no loop, no socket
 */
#include "tests/imap/client.h"

#include <criterion/criterion.h>

#include <errno.h>
#include <semaphore.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "config/settings.h"
#include "imap/frame.h"
#include "imap/session.h"
#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/log.h"
#include "proxy/base/memory.h"
#include "proxy/exchange/account.h"
#include "proxy/protocol.h"
#include "tests/exchange/exchange.h"

/* How long news may take; nothing waits for so long unless it fails. */
#define PATIENCE_SECONDS 60

struct imap_world {
    struct exchange *exchange;
    struct settings *settings;
    struct accounts *accounts;
    struct gateway gateway;
};

struct imap_client {
    struct imap_session session;
    struct imap_frame frame;
    struct arena *arena;       /* of one request */
    struct arena *heard_arena; /* of one answer */
    struct buf heard;
    bool gone;
    sem_t woken;
};

static void set(struct settings *settings, const char *key, const char *value)
{
    char *error = NULL;

    cr_assert(settings_set(settings, key, value, &error), "%s: %s", key, error);
}

struct imap_world *imap_world_new(void)
{
    return imap_world_new_with(NULL, NULL);
}

struct imap_world *imap_world_new_with(const char *key, const char *value)
{
    struct imap_world *world = memory_new(sizeof *world);

    log_set_level(LOG_LEVEL_ERROR);
    world->exchange = exchange_new(EXCHANGE_2016);
    exchange_add_user(world->exchange, "ann@example.com", "Ann", "secret",
                      "en");
    exchange_add_user(world->exchange, "bob@example.com", "Bob", "secret",
                      "de");
    world->settings = settings_new();
    set(world->settings, "exchange.url", exchange_memory_url(world->exchange));
    set(world->settings, "store.path", "memory");
    if (key != NULL)
        set(world->settings, key, value);
    world->accounts = accounts_new(world->settings, &exchange_memory_backend);
    world->gateway = (struct gateway){ world->settings, world->accounts };
    return world;
}

void imap_world_free(struct imap_world **world)
{
    accounts_free(&(*world)->accounts);
    settings_free(&(*world)->settings);
    exchange_free(&(*world)->exchange);
    free(*world);
    *world = NULL;
}

struct exchange *imap_world_exchange(struct imap_world *world)
{
    return world->exchange;
}

void imap_world_set(struct imap_world *world, const char *key,
                    const char *value)
{
    set(world->settings, key, value);
}

void imap_world_add(struct imap_world *world, const char *folder,
                    const char *subject)
{
    static int64_t received = 1700000000;
    char mime[500];
    int len = snprintf(
        mime, sizeof mime,
        "From: bob@example.com\r\nTo: ann@example.com\r\nSubject: %s\r\n"
        "Message-ID: <%lld@example.com>\r\n\r\nHello.\r\n",
        subject, (long long)received);

    exchange_add_message(world->exchange, "ann@example.com", folder, mime,
                         (size_t)len, received++, false);
}

static bool hear(void *context, const char *data, size_t len)
{
    struct imap_client *client = context;

    for (size_t i = 0; i < len; i++)
        if (data[i] != '\r')
            buf_putc(&client->heard, data[i]);
    return !client->gone;
}

static void wake(void *context)
{
    struct imap_client *client = context;

    sem_post(&client->woken);
}

struct imap_client *imap_client_new(struct imap_world *world)
{
    struct imap_client *client = memory_new(sizeof *client);
    const struct imap_limits limits = {
        .line = world->settings->imap.listener.line_limit,
        .literal = world->settings->imap.literal_limit,
        .messages = world->settings->imap.append_limit,
    };

    client->arena = arena_new();
    client->heard_arena = arena_new();
    imap_frame_init(&client->frame, &limits);
    imap_session_init(&client->session, &world->gateway, hear, client);
    client->session.private_link = true;
    client->session.wake = wake;
    client->session.wake_context = client;
    sem_init(&client->woken, 0, 0);
    return client;
}

struct imap_client *imap_client_ann(struct imap_world *world)
{
    struct imap_client *client = imap_client_new(world);
    const char *answer =
        imap_client_say(client, "in LOGIN ann@example.com secret\n");

    cr_assert(strstr(answer, "in OK") != NULL, "%s", answer);
    return client;
}

void imap_client_free(struct imap_client **client)
{
    if (*client == NULL)
        return;
    imap_session_fini(&(*client)->session);
    imap_frame_fini(&(*client)->frame);
    arena_free(&(*client)->arena);
    arena_free(&(*client)->heard_arena);
    sem_destroy(&(*client)->woken);
    free(*client);
    *client = NULL;
}

void imap_client_set_private(struct imap_client *client, bool is_private)
{
    client->session.private_link = is_private;
}

void imap_client_hang_up(struct imap_client *client)
{
    client->gone = true;
}

bool imap_client_is_closed(const struct imap_client *client)
{
    return client->session.close;
}

static void start_hearing(struct imap_client *client)
{
    arena_reset(client->heard_arena);
    buf_init(&client->heard, client->heard_arena);
}

static void run(struct imap_client *client)
{
    struct imap_request request = imap_frame_request(&client->frame);
    struct op op;

    op_init(&op, client->arena, "test");
    imap_session_run(&client->session, &op, &request);
    imap_frame_reset(&client->frame);
    arena_reset(client->arena);
}

static void feed(struct imap_client *client, const char *data, size_t len)
{
    while (len > 0) {
        enum imap_frame_event event;
        size_t taken;

        client->frame.plain = client->session.dialog != NULL;
        client->frame.limits.message = imap_message_limit(&client->session);
        taken = imap_frame_feed(&client->frame, data, len, &event);
        if (event == IMAP_FRAME_CONTINUE)
            buf_puts(&client->heard, "+\n");
        else if (event == IMAP_FRAME_REQUEST)
            run(client);
        data += taken;
        len -= taken;
    }
}

const char *imap_client_say(struct imap_client *client, const char *format, ...)
{
    struct buf plain, said;
    va_list args;

    buf_init(&plain, NULL);
    buf_init(&said, NULL);
    va_start(args, format);
    buf_vprintf(&plain, format, args);
    va_end(args);
    for (size_t i = 0; i < plain.len; i++) {
        if (plain.data[i] == '\n')
            buf_putc(&said, '\r');
        buf_putc(&said, plain.data[i]);
    }
    start_hearing(client);
    feed(client, said.data, said.len);
    buf_fini(&plain);
    buf_fini(&said);
    return client->heard.data;
}

bool imap_is_like(const char *text, const char *pattern)
{
    for (; *pattern != '\0'; pattern++) {
        if (*pattern == '#') {
            if (*text < '0' || *text > '9')
                return false;
            text += strspn(text, "0123456789");
        } else if (pattern[0] == '*' && pattern[1] == '\n') {
            text += strcspn(text, "\n");
        } else if (*text++ != *pattern) {
            return false;
        }
    }
    return *text == '\0';
}

uint64_t imap_number_after(const char *text, const char *before)
{
    const char *at = strstr(text, before);

    return at != NULL ? strtoull(at + strlen(before), NULL, 10) : 0;
}

const char *imap_client_say_octets(struct imap_client *client, const char *data,
                                   size_t len)
{
    start_hearing(client);
    feed(client, data, len);
    return client->heard.data;
}

/* Waits until there are news; false when there are none. */
static bool is_woken(struct imap_client *client)
{
    struct timespec until;

    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += PATIENCE_SECONDS;
    while (sem_timedwait(&client->woken, &until) != 0)
        if (errno != EINTR)
            return false;
    return true;
}

const char *imap_client_hear(struct imap_client *client, const char *pattern)
{
    start_hearing(client);
    while (!imap_is_like(client->heard.data, pattern) && is_woken(client)) {
        struct op op;

        op_init(&op, client->arena, "test");
        imap_session_news(&client->session, &op);
        arena_reset(client->arena);
    }
    return client->heard.data;
}
