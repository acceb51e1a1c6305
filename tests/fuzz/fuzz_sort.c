/*
 * fuzz_sort.c - any bytes as what SEARCH, SORT and THREAD are given
 *
 * Each command is answered in whole lines, the last with its tag; brackets are
 * closed, and SORT and THREAD tell nothing twice.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "config/settings.h"
#include "imap/session.h"
#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/log.h"
#include "proxy/base/str.h"
#include "proxy/exchange/account.h"
#include "proxy/protocol.h"
#include "tests/exchange/exchange.h"

#define MESSAGES 20

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct buf heard;

static bool hear(void *context, const char *data, size_t len)
{
    (void)context;
    buf_append(&heard, data, len);
    return true;
}

static void say(struct imap_session *session, const char *command)
{
    struct arena *arena = arena_new();
    struct op op;
    struct imap_request request = { .text = command, .len = strlen(command) };
    buf_clear(&heard);
    op_init(&op, arena, "fuzz");
    imap_session_run(session, &op, &request);
    arena_free(&arena);
}

/* A session with a folder open; it stays for all inputs. */
static struct imap_session *open_session(void)
{
    static struct imap_session session;
    static struct gateway gateway;
    char *error = NULL;
    struct settings *settings = settings_new();
    struct exchange *exchange = exchange_new(EXCHANGE_2016);
    log_set_level(LOG_LEVEL_ERROR);
    exchange_add_user(exchange, "ann@example.com", "Ann", "secret", "en");
    exchange_fill(exchange, "ann@example.com", NULL, MESSAGES);
    settings_set(settings, "exchange.url", exchange_memory_url(exchange),
                 &error);
    settings_set(settings, "store.path", "memory", &error);
    gateway.settings = settings;
    gateway.accounts = accounts_new(settings, &exchange_memory_backend);
    buf_init(&heard, NULL);
    imap_session_init(&session, &gateway, hear, NULL);
    session.private_link = true;
    say(&session, "a LOGIN ann@example.com secret");
    say(&session, "a SELECT INBOX");
    assert(session.folder != NULL);
    return &session;
}

static void check_line(const char *line, size_t len, bool each_once)
{
    bool numbers[MESSAGES + 1] = { false };
    int depth = 0;
    for (size_t i = 0; i < len; i++) {
        depth += line[i] == '(';
        depth -= line[i] == ')';
        assert(depth >= 0);
        bool starts = i > 0 && line[i] >= '0' && line[i] <= '9' &&
                      (line[i - 1] == ' ' || line[i - 1] == '(');
        unsigned long number = starts ? strtoul(line + i, NULL, 10) : 0;
        if (!each_once || !starts)
            continue;
        assert(number >= 1 && number <= MESSAGES && !numbers[number]);
        numbers[number] = true;
    }
    assert(depth == 0);
}

static void check_answer(void)
{
    const char *last = NULL;
    for (const char *at = heard.data; *at != '\0';) {
        const char *end = strstr(at, "\r\n");
        assert(end != NULL);
        assert(str_starts(at, "* ") || str_starts(at, "a "));
        /* A search by mod-sequence ends with one. */
        bool each_once =
            (str_starts(at, "* SORT") || str_starts(at, "* THREAD")) &&
            memmem(at, (size_t)(end - at), "MODSEQ", 6) == NULL;
        if (str_starts(at, "* "))
            check_line(at, (size_t)(end - at), each_once);
        last = at;
        at = end + 2;
    }
    assert(last != NULL && str_starts(last, "a "));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const commands[] = {
        "SEARCH RETURN (", "SEARCH ",           "UID SEARCH ",
        "SORT (",          "UID SORT RETURN (", "THREAD REFERENCES ",
        "UID THREAD ",
    };
    static struct imap_session *session;
    if (session == NULL)
        session = open_session();
    if (size == 0)
        return 0;
    struct arena *arena = arena_new();
    say(session,
        arena_printf(arena, "a %s%s",
                     commands[data[0] % (sizeof commands / sizeof *commands)],
                     arena_strndup(arena, (const char *)data + 1, size - 1)));
    check_answer();
    arena_free(&arena);
    return 0;
}
