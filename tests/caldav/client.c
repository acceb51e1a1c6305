/*
 * client.c - a DAV client for unit tests
 */
#include "tests/caldav/client.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "caldav/frame.h"
#include "caldav/session.h"
#include "config/settings.h"
#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/log.h"
#include "proxy/base/secret.h"
#include "proxy/base/str.h"
#include "proxy/exchange/account.h"
#include "proxy/exchange/backend.h"
#include "proxy/exchange/folder.h"
#include "proxy/protocol.h"
#include "tests/exchange/exchange.h"

struct dav_world {
    struct exchange *exchange;
    struct settings *settings;
    struct gateway gateway;
    struct arena *arena;
    bool borrowed; /* the exchange belongs to another one */
    bool open;     /* connections are not private */
};

struct dav_world *dav_world_new(void)
{
    return dav_world_of(EXCHANGE_2016);
}

/* With a gateway to an Exchange that serves. */
static struct dav_world *open_gateway(struct exchange *exchange)
{
    struct dav_world *world = calloc(1, sizeof *world);

    world->arena = arena_new();
    world->exchange = exchange;
    world->settings = settings_new();
    dav_world_set(world, "exchange.url", exchange_url(world->exchange));
    dav_world_set(world, "exchange.auth", "basic");
    dav_world_set(world, "exchange.patience", "0");
    dav_world_set(world, "store.path", "memory");
    world->gateway.settings = world->settings;
    world->gateway.accounts = accounts_new(world->settings, &ews_backend);
    cr_assert(world->gateway.accounts != NULL);
    return world;
}

struct dav_world *dav_world_of(enum exchange_version version)
{
    struct exchange *exchange = exchange_new(version);

    log_set_level(LOG_LEVEL_ERROR);
    exchange_add_user(exchange, ANN, "Ann", "secret", "en");
    exchange_add_user(exchange, BOB, "Bob", "secret", "en");
    cr_assert(exchange_serve(exchange, 0, false, EXCHANGE_BASIC) != 0);
    return open_gateway(exchange);
}

struct dav_world *dav_world_beside(const struct dav_world *world)
{
    struct dav_world *beside = open_gateway(world->exchange);

    beside->borrowed = true;
    return beside;
}

void dav_world_free(struct dav_world **world)
{
    accounts_free(&(*world)->gateway.accounts);
    settings_free(&(*world)->settings);
    if (!(*world)->borrowed) {
        exchange_stop((*world)->exchange);
        exchange_free(&(*world)->exchange);
    }
    arena_free(&(*world)->arena);
    free(*world);
    *world = NULL;
}

struct exchange *dav_world_exchange(struct dav_world *world)
{
    return world->exchange;
}

void dav_world_set(struct dav_world *world, const char *key, const char *value)
{
    char *error = NULL;

    cr_assert(settings_set(world->settings, key, value, &error), "%s: %s", key,
              error);
}

void dav_world_add_below(struct dav_world *world, const char *name)
{
    struct secret *secret = secret_new("secret", strlen("secret"));
    struct account *account = NULL;
    struct folder *folders;
    size_t count, i = 0;
    int64_t id;
    struct op op;

    op_init(&op, world->arena, "test");
    cr_assert(account_login(&op, world->gateway.accounts, ANN, secret,
                            &account) == STATUS_OK);
    cr_assert(folder_list(&op, account, &folders, &count) == STATUS_OK);
    while (i < count && folders[i].use != FOLDER_CALENDAR_MAIN)
        i++;
    cr_assert(i < count);
    cr_assert(folder_create(&op, account, folders[i].id, FOLDER_CALENDAR, name,
                            &id) == STATUS_OK);
    account_unref(&account);
    secret_free(&secret);
}

void dav_world_be_open(struct dav_world *world)
{
    world->open = true;
}

/* --- Speaking ------------------------------------------------------------- */

static bool hear(void *context, const char *data, size_t len)
{
    buf_append(context, data, len);
    return true;
}

static bool run(struct dav_session *session, struct dav_frame *frame,
                struct buf *heard)
{
    struct arena *arena = arena_new();
    struct dav_request request = dav_frame_request(frame, arena);
    struct dav_reply reply;
    struct op op;

    op_init(&op, arena, "caldav/1");
    dav_reply_init(&reply, arena, hear, heard);
    dav_session_run(session, &op, &request, &reply);
    bool stays = reply.keep_alive;
    dav_reply_fini(&reply);
    dav_frame_reset(frame);
    arena_free(&arena);
    return stays;
}

/* What all answers say; whether the connection stays. */
static struct buf converse(struct dav_world *world, const char *text,
                           bool *stays)
{
    const struct caldav_settings *settings = &world->settings->caldav;
    const struct dav_limits limits = { settings->listener.line_limit,
                                       settings->header_limit,
                                       settings->body_limit };
    struct dav_frame *frame = dav_frame_new(&limits, NULL);
    size_t len = strlen(text);
    struct dav_session session;
    struct buf heard;

    dav_session_init(&session, &world->gateway);
    session.private_link = !world->open;
    buf_init(&heard, world->arena);
    buf_puts(&heard, "");
    *stays = true;
    for (size_t at = 0; *stays && at < len;) {
        enum dav_frame_event event;

        at += dav_frame_feed(frame, text + at, len - at, &event);
        if (event == DAV_FRAME_CONTINUE)
            buf_puts(&heard, "HTTP/1.1 100 Continue\r\n\r\n");
        else if (event == DAV_FRAME_REQUEST)
            *stays = run(&session, frame, &heard);
    }
    dav_session_fini(&session);
    dav_frame_free(&frame);
    return heard;
}

const char *dav_pipeline(struct dav_world *world, const char *requests)
{
    bool stays;
    struct buf heard = converse(world, requests, &stays);

    return heard.data;
}

/* --- Hearing -------------------------------------------------------------- */

/* Puts chunks together; false where the last one is missing. */
static bool unchunk(struct buf *out, const char *data, size_t len)
{
    const char *end = data + len;

    while (data < end) {
        char *rest;
        size_t size = strtoul(data, &rest, 16);

        cr_assert(strncmp(rest, "\r\n", 2) == 0, "no chunk: %.40s", data);
        data = rest + 2;
        if (size == 0)
            return true;
        cr_assert(size + 2 <= (size_t)(end - data));
        buf_append(out, data, size);
        data += size + 2;
    }
    return false;
}

static struct dav_answer understand(struct dav_world *world,
                                    const struct buf *heard)
{
    struct dav_answer answer = { 0 };
    const char *end = strstr(heard->data, "\r\n\r\n");
    struct buf body;

    cr_assert(end != NULL, "no answer: \"%s\"", heard->data);
    cr_assert(sscanf(heard->data, "HTTP/1.1 %d", &answer.code) == 1, "%s",
              heard->data);
    answer.header = arena_strndup(world->arena, heard->data,
                                  (size_t)(end + 2 - heard->data));
    size_t len = heard->len - (size_t)(end + 4 - heard->data);

    buf_init(&body, world->arena);
    buf_puts(&body, "");
    if (dav_answer_field(world, &answer, "Transfer-Encoding") != NULL) {
        answer.torn = !unchunk(&body, end + 4, len);
    } else {
        const char *length = dav_answer_field(world, &answer, "Content-Length");

        buf_append(&body, end + 4, len);
        answer.torn = length != NULL && strtoul(length, NULL, 10) != len;
    }
    answer.body = body.data;
    answer.len = body.len;
    return answer;
}

struct dav_answer dav_raw(struct dav_world *world, const char *request)
{
    bool stays;
    struct buf heard = converse(world, request, &stays);
    struct dav_answer answer = understand(world, &heard);

    answer.closed = !stays;
    return answer;
}

struct dav_answer dav_do(struct dav_world *world, const char *method,
                         const char *target, const char *fields,
                         const char *body)
{
    size_t len = body != NULL ? strlen(body) : 0;

    return dav_raw(world,
                   arena_printf(world->arena,
                                "%s %s HTTP/1.1\r\nHost: localhost\r\n" AS_ANN
                                "%sContent-Length: %zu\r\n\r\n%s",
                                method, target, fields != NULL ? fields : "",
                                len, body != NULL ? body : ""));
}

const char *dav_answer_field(struct dav_world *world,
                             const struct dav_answer *answer, const char *name)
{
    const char *line = arena_printf(world->arena, "\r\n%s: ", name);
    const char *found = strcasestr(answer->header, line);

    if (found == NULL)
        return NULL;
    found += strlen(line);
    return arena_strndup(world->arena, found, strcspn(found, "\r\n"));
}

bool dav_has(const struct dav_answer *answer, const char *text)
{
    return strstr(answer->body, text) != NULL;
}

size_t dav_count(const char *text, const char *part)
{
    size_t count = 0;

    for (text = strstr(text, part); text != NULL;
         text = strstr(text + strlen(part), part))
        count++;
    return count;
}

static bool says(const struct dav_answer *answer, const char *text)
{
    return dav_has(answer, text) || strstr(answer->header, text) != NULL;
}

static void play(struct dav_world *world, const struct dav_step *step)
{
    struct dav_answer answer =
        dav_do(world, step->method, step->target, step->fields, step->body);

    cr_expect(answer.code == step->code, "%s: %d\n%s\n%s", step->name,
              answer.code, answer.header, answer.body);
    cr_expect(!answer.torn, "%s", step->name);
    for (size_t i = 0; i < 3 && step->has[i] != NULL; i++)
        cr_expect(says(&answer, step->has[i]), "%s: no %s in\n%s\n%s",
                  step->name, step->has[i], answer.header, answer.body);
    if (step->lacks != NULL)
        cr_expect(!says(&answer, step->lacks), "%s: %s is in\n%s\n%s",
                  step->name, step->lacks, answer.header, answer.body);
}

void dav_play(struct dav_world *world, const struct dav_step *steps,
              size_t count)
{
    for (size_t i = 0; i < count; i++)
        play(world, &steps[i]);
}
