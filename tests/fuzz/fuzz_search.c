/*
 * fuzz_search.c - any bytes as the keys of a SEARCH
 *
 * What is found by keys and what is found by their negation is all there is, and
 * nothing is found by both.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "config/settings.h"
#include "imap/args.h"
#include "imap/folder.h"
#include "imap/search_bits.h"
#include "imap/search_keys.h"
#include "imap/search_run.h"
#include "imap/session.h"
#include "proxy/base/arena.h"
#include "proxy/base/log.h"
#include "proxy/exchange/account.h"
#include "proxy/protocol.h"
#include "tests/exchange/exchange.h"

#define MESSAGES 20

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool forget(void *context, const char *data, size_t len)
{
    (void)context;
    (void)data;
    (void)len;
    return true;
}

static void say(struct imap_session *session, const char *command)
{
    struct arena *arena = arena_new();
    struct op op;
    struct imap_request request = { .text = command, .len = strlen(command) };
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
    imap_session_init(&session, &gateway, forget, NULL);
    session.private_link = true;
    say(&session, "a LOGIN ann@example.com secret");
    say(&session, "a SELECT INBOX");
    assert(session.folder != NULL);
    return &session;
}

static uint64_t search(struct imap_session *session, struct arena *arena,
                       const char *text, bool *read_out)
{
    struct imap_args args;
    struct op op;
    struct search_query query;
    uint64_t *found;
    op_init(&op, arena, "fuzz");
    imap_args_init(&args, arena, text, strlen(text));
    *read_out = search_keys_read(&args, session->folder, &query) == SEARCH_READ;
    if (!*read_out)
        return 0;
    enum status status =
        search_run(&op, session->account, session->folder, query.key, &found);
    assert(status == STATUS_OK);
    return *found;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct imap_session *session;
    if (session == NULL)
        session = open_session();
    struct arena *arena = arena_new();
    const char *keys = arena_strndup(arena, (const char *)data, size);
    bool read, negated;
    uint64_t found =
        search(session, arena, arena_printf(arena, " %s", keys), &read);
    uint64_t others = search(session, arena,
                             arena_printf(arena, " NOT (%s)", keys), &negated);
    if (read && negated)
        assert((found ^ others) == (UINT64_C(1) << MESSAGES) - 1);
    arena_free(&arena);
    return 0;
}
