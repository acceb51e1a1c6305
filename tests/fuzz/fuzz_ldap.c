/*
 * fuzz_ldap.c - any octets as what a client of the directory says
 *
 * What is heard are whole answers, however the octets are cut into pieces; the
 * first octet chooses that.  A filter that was read is true of an entry where
 * its negation is false, and a name is the same once it is written and read
 * again.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "config/settings.h"
#include "ldap/ber.h"
#include "ldap/dn.h"
#include "ldap/entry.h"
#include "ldap/filter.h"
#include "ldap/frame.h"
#include "ldap/request.h"
#include "ldap/session.h"
#include "proxy/base/arena.h"
#include "proxy/base/log.h"
#include "proxy/base/secret.h"
#include "proxy/base/str.h"
#include "proxy/exchange/account.h"
#include "proxy/protocol.h"
#include "tests/exchange/exchange.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* --- A conversation ------------------------------------------------------- */

static bool check_answers(void *context, const char *data, size_t len)
{
    struct ber_reader all = ber_reader(data, len), message, operation;
    unsigned tag;
    int32_t id;

    (void)context;
    assert(ber_take(&all, BER_SEQUENCE, &message) && all.at == all.end);
    assert(ber_take_integer(&message, BER_INTEGER, 0, &id));
    assert(ber_take_any(&message, &tag, &operation));
    assert(ber_take_rest(&message));
    return true;
}

/* False: the session wants to hear no more. */
static bool run(struct ldap_session *session)
{
    struct arena *arena = arena_new();
    struct ldap_reply reply = { .write = check_answers };
    struct op op;

    op_init(&op, arena, "fuzz");
    ldap_session_run(session, &op, &reply);
    ldap_session_done(session);
    arena_free(&arena);
    return !reply.close && !reply.start_tls;
}

/* Nobody can log in here, so that the one who is has to do. */
static void converse(const struct gateway *gateway, struct account *account,
                     const char *data, size_t len, size_t step)
{
    struct ldap_session session;
    size_t at = 0, shown = 0;
    bool goes_on = true;

    ldap_session_init(&session, gateway);
    session.account = account_ref(account);
    session.can_start_tls = true;
    while (goes_on && shown < len) {
        size_t taken = 1;

        shown = len - shown < step ? len : shown + step;
        while (goes_on && taken > 0 && at < shown) {
            taken = ldap_session_take(&session, data + at, shown - at);
            at += taken;
            if (session.found == LDAP_FOUND_NOTHING)
                continue;
            ldap_session_overtake(&session, data + at, shown - at);
            goes_on = run(&session);
        }
        goes_on = goes_on && !session.leaves;
    }
    ldap_session_fini(&session);
}

/* --- What was read -------------------------------------------------------- */

static void check_filter(struct arena *arena, const struct ldap_filter *filter)
{
    static const struct octets names[] = { { "Ann Smith", 9 }, { "ann", 3 } };
    static const struct octets mails[] = { { "ann@example.com", 15 } };
    static const struct octets times[] = { { "20261122100000Z", 15 } };
    static const struct ldap_attribute attributes[] = {
        { "cn", names, 2 },
        { "mail", mails, 1 },
        { "modifyTimestamp", times, 1 },
    };
    static const struct ldap_entry entry = { "uid=ann@example.com,ou=people",
                                             attributes, 3 };
    static const enum truth opposites[] = { FILTER_TRUE, FILTER_FALSE,
                                            FILTER_UNDEFINED };
    const struct ldap_filter negated = { .kind = FILTER_NOT,
                                         .children = filter,
                                         .child_count = 1 };

    assert(opposites[ldap_filter_evaluate(arena, filter, &entry)] ==
           ldap_filter_evaluate(arena, &negated, &entry));
}

static void check_name(struct arena *arena, const char *text)
{
    struct dn dn, again;

    if (!dn_parse(arena, text, &dn))
        return;
    assert(dn_parse(arena, dn_text(arena, &dn, 0), &again));
    assert(str_equal(dn_key(arena, &dn, 0), dn_key(arena, &again, 0)));
}

/* The messages that lie one behind the other. */
static void check_requests(const char *data, size_t len)
{
    struct arena *arena = arena_new();
    struct ldap_request request;
    size_t whole;

    while (ldap_frame_measure(data, len, 65536, &whole) == LDAP_FOUND_MESSAGE &&
           whole <= len) {
        if (ldap_read(arena, data, whole, &request) == LDAP_SUCCESS &&
            request.operation == LDAP_SEARCH) {
            check_filter(arena, request.search.filter);
            check_name(arena, request.search.base);
        }
        data += whole;
        len -= whole;
    }
    arena_free(&arena);
}

/* --- The one who is logged in --------------------------------------------- */

static struct account *log_in(struct gateway *gateway)
{
    struct settings *settings = settings_new();
    struct exchange *exchange = exchange_new(EXCHANGE_2016);
    struct secret *secret = secret_new("secret", 6);
    struct arena *arena = arena_new();
    struct account *account = NULL;
    char *error = NULL;
    struct op op;

    log_set_level(LOG_LEVEL_ERROR);
    exchange_add_user(exchange, "ann@example.com", "Ann", "secret", "en");
    settings_set(settings, "exchange.url", exchange_memory_url(exchange),
                 &error);
    settings_set(settings, "store.path", "memory", &error);
    gateway->settings = settings;
    gateway->accounts = accounts_new(settings, &exchange_memory_backend);
    op_init(&op, arena, "fuzz");
    account_login(&op, gateway->accounts, "ann@example.com", secret, &account);
    assert(account != NULL);
    secret_free(&secret);
    arena_free(&arena);
    return account;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct gateway gateway;
    static struct account *account;

    if (account == NULL)
        account = log_in(&gateway);
    if (size < 1)
        return 0;

    /* Sanitizers see when somebody reads behind the end. */
    char *said = malloc(size - 1 > 0 ? size - 1 : 1);
    memcpy(said, data + 1, size - 1);
    converse(&gateway, account, said, size - 1, SIZE_MAX);
    converse(&gateway, account, said, size - 1, 1u + data[0]);
    check_requests(said, size - 1);
    free(said);
    return 0;
}
