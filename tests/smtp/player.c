/*
 * player.c - plays conversations to a session over an Exchange in memory
 */
#include "tests/smtp/player.h"

#include <criterion/criterion.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "config/settings.h"
#include "proxy/base/arena.h"
#include "proxy/base/log.h"
#include "proxy/exchange/account.h"
#include "tests/exchange/exchange.h"

void player_set(struct player *player, const char *key, const char *value)
{
    char *error = NULL;

    cr_assert(settings_set(player->settings, key, value, &error), "%s: %s", key,
              error);
}

void player_start(struct player *player)
{
    log_set_level(LOG_LEVEL_ERROR);
    *player = (struct player){ .closed = false };
    player->exchange = exchange_new(EXCHANGE_2016);
    exchange_add_user(player->exchange, ME, "Me", "secret", "en");
    exchange_add_user(player->exchange, ANN, "Ann", "secret", "en");
    exchange_add_user(player->exchange, BOB, "Bob", "secret", "en");

    player->settings = settings_new();
    player_set(player, "exchange.url", exchange_memory_url(player->exchange));
    player_set(player, "exchange.patience", "0");
    player_set(player, "store.path", "memory");

    player->gateway.settings = player->settings;
    player->gateway.accounts =
        accounts_new(player->settings, &exchange_memory_backend);
    cr_assert(player->gateway.accounts != NULL);

    smtp_session_init(&player->session, &player->gateway);
    player->session.private_link = true;
    buf_init(&player->input, NULL);
    buf_init(&player->output, NULL);
}

void player_stop(struct player *player)
{
    buf_fini(&player->input);
    buf_fini(&player->output);
    smtp_session_fini(&player->session);
    accounts_free(&player->gateway.accounts);
    settings_free(&player->settings);
    exchange_free(&player->exchange);
}

static void run(struct player *player)
{
    struct arena *arena = arena_new();
    struct smtp_reply reply;
    struct op op;

    op_init(&op, arena, "smtp/1");
    smtp_session_run(&player->session, &op, &reply);
    buf_append(&player->output, reply.text.data, reply.text.len);
    player->closed |= reply.close;
    if (reply.start_tls) {
        player->tls_started = true;
        player->session.can_start_tls = false;
        player->session.private_link = true;
        buf_clear(&player->input);
    }
    arena_free(&arena);
}

void player_send(struct player *player, const char *data, size_t len,
                 size_t step)
{
    while (len > 0 && !player->closed) {
        size_t piece = len < step ? len : step;
        size_t taken = 1;

        buf_append(&player->input, data, piece);
        data += piece;
        len -= piece;
        while (player->input.len > 0 && taken > 0 && !player->closed) {
            taken = smtp_session_take(&player->session, player->input.data,
                                      player->input.len);
            buf_consume(&player->input, taken);
            if (player->session.found != SMTP_FOUND_NOTHING)
                run(player);
        }
    }
}

/* The next line of the server without its end; NULL if there is none. */
static char *next_line(struct player *player)
{
    if (player->output.data == NULL)
        return NULL;

    const char *start = player->output.data + player->read;
    size_t left = player->output.len - player->read;
    const char *end = memmem(start, left, "\r\n", 2);

    if (end == NULL)
        return NULL;
    player->read += (size_t)(end - start) + 2;
    return strndup(start, (size_t)(end - start));
}

static void expect_line(struct player *player, const char *name,
                        const char *pattern, bool skips)
{
    for (;;) {
        char *line = next_line(player);

        if (line == NULL) {
            cr_expect(false, "%s: no line like \"%s\"", name, pattern);
            return;
        }
        bool fits = fnmatch(pattern, line, 0) == 0;
        cr_expect(fits || skips, "%s: \"%s\" is not like \"%s\"", name, line,
                  pattern);
        free(line);
        if (fits || !skips)
            return;
    }
}

static void append_escaped(struct buf *out, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text != '\\') {
            buf_putc(out, *text);
            continue;
        }
        text++;
        buf_putc(out, *text == 'r'   ? '\r'
                      : *text == 'n' ? '\n'
                      : *text == 't' ? '\t'
                      : *text == '0' ? '\0'
                                     : *text);
    }
}

static void play_line(struct player *player, const char *name, const char *line,
                      struct buf *sent)
{
    const char *text = line + 2 + (line[2] == ' ');

    if (line[0] == 'C') {
        if (line[1] == ':')
            buf_printf(sent, "%s\r\n", text);
        else
            append_escaped(sent, text);
        return;
    }
    player_send(player, sent->data, sent->len, SIZE_MAX);
    buf_clear(sent);
    if (line[0] == 'S')
        expect_line(player, name, text, line[1] == '.');
    else if (line[0] == 'E')
        cr_expect(player->closed, "%s: is not closed", name);
    else if (line[0] == 'T')
        cr_expect(player->tls_started, "%s: TLS is not started", name);
    else
        cr_expect(false, "%s: no such step: %s", name, line);
}

void player_play(struct player *player, const char *name, const char *script)
{
    char *copy = strdup(script);
    struct buf sent;
    char *rest = NULL;

    buf_init(&sent, NULL);
    for (char *line = strtok_r(copy, "\n", &rest); line != NULL;
         line = strtok_r(NULL, "\n", &rest))
        play_line(player, name, line, &sent);
    player_send(player, sent.data, sent.len, SIZE_MAX);

    char *more = next_line(player);
    cr_expect(more == NULL, "%s: \"%s\" was not expected", name, more);
    free(more);
    buf_fini(&sent);
    free(copy);
}

size_t player_received(struct player *player, const char *user)
{
    return exchange_count(player->exchange, user, NULL);
}

char *player_message(struct player *player, const char *user, size_t nth,
                     size_t *len_out)
{
    char *content =
        exchange_content(player->exchange, user, NULL, nth, len_out);

    cr_assert(content != NULL);
    return content;
}

void player_play_table(const struct dialogue *table, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct player player;

        player_start(&player);
        player_play(&player, table[i].name, table[i].script);
        cr_expect(player_received(&player, ANN) == table[i].received,
                  "%s: %zu messages", table[i].name,
                  player_received(&player, ANN));
        player_stop(&player);
    }
}
