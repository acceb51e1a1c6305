/*
 * services_account.c - tests of account.c and credentials.c
 */
#include <limits.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "proxy/base/arena.h"
#include "proxy/base/secret.h"
#include "proxy/base/time.h"
#include "tests/proxy/exchange/services.h"

static void login_is(struct services *services, const char *user,
                     const char *password, enum status expected)
{
    struct account *account = NULL;
    enum status status = services_login(services, user, password, &account);

    cr_expect_eq(status, expected, "%s: %s", status_name(status),
                 services->op.reason);
    account_unref(&account);
}

Test(services_account, asks_exchange_once_for_a_right_password)
{
    struct services services = services_open(EXCHANGE_2016);

    cr_expect(exchange_calls(services.exchange, NULL) <= 3);
    exchange_reset_calls(services.exchange);
    login_is(&services, ANN, PASSWORD, STATUS_OK);
    login_is(&services, "ANN@Example.COM", PASSWORD, STATUS_OK);
    cr_expect_eq(exchange_calls(services.exchange, NULL), 0);
    services_close(&services);
}

Test(services_account, gives_one_account_to_all_who_log_in_with_one_name)
{
    struct services services = services_open(EXCHANGE_2016);
    struct account *other = NULL;

    services_login(&services, "ANN@example.com", PASSWORD, &other);
    cr_expect_eq(other, services.account);
    account_unref(&other);
    services_close(&services);
}

Test(services_account, never_asks_twice_for_the_same_wrong_password)
{
    struct services services = services_open(EXCHANGE_2016);

    exchange_reset_calls(services.exchange);
    for (int i = 0; i < 20; i++)
        login_is(&services, ANN, "wrong", STATUS_AUTH_FAILED);
    cr_expect_eq(exchange_calls(services.exchange, NULL), 1);
    login_is(&services, ANN, PASSWORD, STATUS_OK);
    services_close(&services);
}

/* How many wrong passwords may be tried in so long: three, and one more after
 * each of ever longer pauses. */
static unsigned tries_within(uint64_t milliseconds)
{
    static const uint64_t more[] = { 5000, 35000, 155000, 455000, 1355000 };
    unsigned tries = 3;

    for (size_t i = 0; i < sizeof more / sizeof *more; i++)
        tries += milliseconds >= more[i];
    return tries;
}

Test(services_account,
     stops_trying_wrong_passwords_before_the_user_is_locked_out)
{
    struct services services = services_open(EXCHANGE_2016);
    struct account *account = NULL;
    uint64_t begun = time_monotonic_ms();

    exchange_reset_calls(services.exchange);
    for (int i = 0; i < 20; i++) {
        char password[16];

        snprintf(password, sizeof password, "wrong%d", i);
        cr_expect_neq(services_login(&services, ANN, password, &account),
                      STATUS_OK);
    }
    cr_expect_leq(exchange_calls(services.exchange, NULL),
                  tries_within(time_monotonic_ms() - begun), "%u calls",
                  exchange_calls(services.exchange, NULL));
    login_is(&services, ANN, PASSWORD, STATUS_OK);
    services_close(&services);
}

Test(services_account, says_that_exchange_is_away_when_it_is)
{
    struct services services = services_open(EXCHANGE_2016);

    services_fault(&services, NULL, FAULT_HTTP_503, UINT_MAX);
    login_is(&services, BOB, PASSWORD, STATUS_UNAVAILABLE);
    login_is(&services, ANN, PASSWORD, STATUS_OK);
    exchange_clear_faults(services.exchange);
    login_is(&services, BOB, PASSWORD, STATUS_OK);
    services_close(&services);
}

Test(services_account, recognises_a_password_after_a_restart_without_exchange)
{
    struct services services = services_open_on_disk(EXCHANGE_2016);
    int64_t inbox = services_folder(&services, "INBOX");
    struct mail_view *view = services_refresh(&services, inbox);

    mail_view_unref(&view);
    services_fault(&services, NULL, FAULT_HTTP_503, UINT_MAX);
    services_restart(&services);
    login_is(&services, ANN, "wrong", STATUS_UNAVAILABLE);
    cr_expect_eq(services_folder(&services, "INBOX"), inbox);
    cr_expect_eq(mail_refresh(&services.op, services.account, inbox, &view),
                 STATUS_UNAVAILABLE);
    cr_expect_eq(mail_look(&services.op, services.account, inbox, &view),
                 STATUS_OK);
    mail_view_unref(&view);
    cr_expect_str_eq(account_address(&services.op, services.account), ANN);
    exchange_clear_faults(services.exchange);
    mail_view_unref(
        &(struct mail_view *){ services_refresh(&services, inbox) });
    services_close(&services);
}

/* As late as a password is no longer recognised without asking. */
static void let_it_age(struct services *services)
{
    services->settings->store.cache_seconds = 1;
    usleep(1100 * 1000);
}

Test(services_account, admits_the_last_right_password_while_exchange_is_away)
{
    struct services services = services_open_on_disk(EXCHANGE_2016);
    int64_t inbox = services_folder(&services, "INBOX");
    struct mail_view *view = services_refresh(&services, inbox);

    mail_view_unref(&view);
    let_it_age(&services);
    services_fault(&services, NULL, FAULT_HTTP_503, UINT_MAX);
    services_restart(&services);
    cr_expect_eq(mail_look(&services.op, services.account, inbox, &view),
                 STATUS_OK);
    mail_view_unref(&view);
    login_is(&services, ANN, "wrong", STATUS_UNAVAILABLE);
    login_is(&services, ANN, PASSWORD, STATUS_OK);
    services_close(&services);
}

Test(services_account, admits_nobody_whom_exchange_has_refused_since)
{
    struct services services = services_open_on_disk(EXCHANGE_2016);

    let_it_age(&services);
    services_fault(&services, NULL, FAULT_HTTP_401, UINT_MAX);
    login_is(&services, ANN, PASSWORD, STATUS_AUTH_FAILED);
    exchange_clear_faults(services.exchange);
    services_fault(&services, NULL, FAULT_HTTP_503, UINT_MAX);
    account_unref(&services.account);
    accounts_free(&services.accounts);
    services.accounts =
        accounts_new(services.settings, &exchange_memory_backend);
    login_is(&services, ANN, PASSWORD, STATUS_UNAVAILABLE);
    services_close(&services);
}

Test(services_account, asks_again_after_exchange_has_refused_a_call)
{
    struct services services = services_open(EXCHANGE_2016);
    int64_t inbox = services_folder(&services, "INBOX");
    struct mail_view *view = NULL;

    services_fault(&services, "SyncFolderItems", FAULT_HTTP_401, 1);
    cr_expect_eq(mail_refresh(&services.op, services.account, inbox, &view),
                 STATUS_AUTH_FAILED);
    exchange_reset_calls(services.exchange);
    login_is(&services, ANN, PASSWORD, STATUS_OK);
    cr_expect_eq(exchange_calls(services.exchange, NULL), 1);
    view = services_refresh(&services, inbox);
    mail_view_unref(&view);
    services_close(&services);
}

Test(services_account,
     stops_calling_with_a_password_that_is_refused_again_and_again)
{
    struct services services = services_open(EXCHANGE_2016);
    int64_t inbox = services_folder(&services, "INBOX");
    struct mail_view *view = NULL;

    services_fault(&services, NULL, FAULT_HTTP_401, UINT_MAX);
    exchange_reset_calls(services.exchange);
    for (int i = 0; i < 50; i++)
        cr_expect_eq(mail_refresh(&services.op, services.account, inbox, &view),
                     STATUS_AUTH_FAILED);
    cr_expect(exchange_calls(services.exchange, NULL) <= 3);
    services_close(&services);
}

struct visitor {
    struct services *services;
    enum status status;
};

static void *visit(void *context)
{
    struct visitor *visitor = context;
    struct arena *arena = arena_new();
    struct secret *password = secret_new(PASSWORD, strlen(PASSWORD));
    struct account *account = NULL;
    struct op op;

    op_init(&op, arena, "test/visitor");
    visitor->status = account_login(&op, visitor->services->accounts, BOB,
                                    password, &account);
    secret_free(&password);
    account_unref(&account);
    arena_free(&arena);
    return NULL;
}

Test(services_account, serves_many_first_logins_with_one_probe)
{
    struct services services = services_open(EXCHANGE_2016);
    struct visitor visitors[20];
    pthread_t threads[20];

    exchange_set_latency(services.exchange, 50);
    exchange_reset_calls(services.exchange);
    for (int i = 0; i < 20; i++) {
        visitors[i] = (struct visitor){ &services, STATUS_INTERNAL };
        pthread_create(&threads[i], NULL, visit, &visitors[i]);
    }
    for (int i = 0; i < 20; i++) {
        pthread_join(threads[i], NULL);
        cr_expect_eq(visitors[i].status, STATUS_OK);
    }
    cr_expect_eq(exchange_calls(services.exchange, NULL), 1);
    services_close(&services);
}

/* --- Tokens ---------------------------------------------------------------- */

/* Ann's session with a password has ended; tokens are let in. */
static struct services open_for_tokens(const char *use)
{
    struct services services = services_open(EXCHANGE_2016);
    char *error = NULL;

    cr_assert(settings_set(services.settings, "exchange.tokens", use, &error));
    services.settings->exchange.patience = 3600;
    exchange_issue_token(services.exchange, ANN, "token-1");
    exchange_issue_token(services.exchange, ANN, "token-2");
    exchange_issue_token(services.exchange, BOB, "token-bob");
    exchange_reset_calls(services.exchange);
    return services;
}

static enum status show_token(struct services *services, const char *user,
                              const char *token, struct account **account_out)
{
    struct secret *secret = secret_new_token(token, strlen(token));
    enum status status = account_login(&services->op, services->accounts, user,
                                       secret, account_out);

    secret_free(&secret);
    return status;
}

static void token_is(struct services *services, const char *user,
                     const char *token, enum status expected, unsigned calls)
{
    struct account *account = NULL;
    unsigned before = exchange_calls(services->exchange, NULL);
    enum status status = show_token(services, user, token, &account);

    cr_expect_eq(status, expected, "%s: %s, %s", token, status_name(status),
                 services->op.reason);
    cr_expect_eq(exchange_calls(services->exchange, NULL) - before, calls,
                 "%s: %u calls", token,
                 exchange_calls(services->exchange, NULL) - before);
    account_unref(&account);
}

/* Has Exchange asked for something. */
static enum status ask(struct services *services)
{
    struct mail_view *view = NULL;
    enum status status =
        mail_refresh(&services->op, services->account,
                     services_folder(services, "INBOX"), &view);

    mail_view_unref(&view);
    return status;
}

Test(services_account, asks_exchange_once_for_each_token)
{
    struct services services = open_for_tokens("yes");

    for (int i = 0; i < 3; i++) {
        token_is(&services, ANN, "token-1", STATUS_OK, i == 0);
        token_is(&services, ANN, "token-2", STATUS_OK, i == 0);
        token_is(&services, ANN, "never", STATUS_AUTH_FAILED, i == 0);
        login_is(&services, ANN, PASSWORD, STATUS_OK);
    }
    services_close(&services);
}

Test(services_account, takes_tokens_and_passwords_as_the_settings_say)
{
    static const struct {
        const char *use;
        enum status token, password;
    } cases[] = {
        { "no", STATUS_AUTH_FAILED, STATUS_OK },
        { "yes", STATUS_OK, STATUS_OK },
        { "only", STATUS_OK, STATUS_AUTH_FAILED },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct services services = open_for_tokens(cases[i].use);

        token_is(&services, ANN, "token-1", cases[i].token, i > 0);
        login_is(&services, ANN, PASSWORD, cases[i].password);
        services_close(&services);
    }
}

Test(services_account, never_takes_a_token_for_a_password)
{
    struct services services = open_for_tokens("yes");

    token_is(&services, ANN, PASSWORD, STATUS_AUTH_FAILED, 1);
    login_is(&services, ANN, "token-1", STATUS_AUTH_FAILED);
    services_close(&services);
}

Test(services_account, opens_no_mailbox_with_the_token_of_someone_else)
{
    struct services services = open_for_tokens("yes");

    token_is(&services, ANN, "token-bob", STATUS_AUTH_REFUSED, 1);
    token_is(&services, BOB, "token-bob", STATUS_OK, 1);
    token_is(&services, ANN, "token-bob", STATUS_AUTH_REFUSED, 0);
    services_close(&services);
}

Test(services_account, locks_nobody_out_for_tokens_that_are_refused)
{
    struct services services = open_for_tokens("yes");

    for (int i = 0; i < 20; i++) {
        char token[16];

        snprintf(token, sizeof token, "old-%d", i);
        token_is(&services, ANN, token, STATUS_AUTH_FAILED, 1);
    }
    token_is(&services, ANN, "token-1", STATUS_OK, 1);
    cr_expect_eq(ask(&services), STATUS_OK);
    services_close(&services);
}

/* As if the login were longer ago than an operation can last. */
static void let_calls_end(struct services *services)
{
    services->settings->exchange.patience = 0;
}

Test(services_account, goes_on_with_the_newest_token)
{
    struct services services = open_for_tokens("yes");

    token_is(&services, ANN, "token-1", STATUS_OK, 1);
    token_is(&services, ANN, "token-2", STATUS_OK, 1);
    let_calls_end(&services);
    exchange_end_token(services.exchange, "token-1");
    cr_expect_eq(ask(&services), STATUS_OK);
    exchange_end_token(services.exchange, "token-2");
    cr_expect_eq(ask(&services), STATUS_AUTH_FAILED);
    services_close(&services);
}

Test(services_account, asks_nothing_more_with_a_token_that_has_ended)
{
    struct services services = open_for_tokens("yes");

    token_is(&services, ANN, "token-1", STATUS_OK, 1);
    cr_expect_eq(ask(&services), STATUS_OK);
    let_calls_end(&services);
    exchange_end_token(services.exchange, "token-1");
    exchange_reset_calls(services.exchange);
    cr_expect_not(account_has_expired(services.account));
    for (int i = 0; i < 20; i++)
        cr_expect_eq(ask(&services), STATUS_AUTH_FAILED);
    cr_expect(account_has_expired(services.account));
    cr_expect_eq(exchange_calls(services.exchange, NULL), 1);

    token_is(&services, ANN, "token-1", STATUS_AUTH_FAILED, 1);
    token_is(&services, ANN, "token-2", STATUS_OK, 1);
    cr_expect_not(account_has_expired(services.account));
    cr_expect_eq(ask(&services), STATUS_OK);
    services_close(&services);
}

/* A call that has gone out with the token before is answered late. */
Test(services_account, does_not_blame_a_new_token_for_the_refusal_of_the_old)
{
    struct services services = open_for_tokens("yes");

    token_is(&services, ANN, "token-1", STATUS_OK, 1);
    services_fault(&services, "SyncFolderItems", FAULT_HTTP_401, 1);
    cr_expect_eq(ask(&services), STATUS_AUTH_FAILED);
    cr_expect_not(account_has_expired(services.account));
    cr_expect_eq(ask(&services), STATUS_OK);
    token_is(&services, ANN, "token-1", STATUS_OK, 0);
    services_close(&services);
}

static void count(void *context)
{
    ++*(unsigned *)context;
}

Test(services_account, tells_listeners_that_the_token_has_ended)
{
    struct services services = open_for_tokens("yes");
    unsigned told = 0;

    token_is(&services, ANN, "token-1", STATUS_OK, 1);
    cr_expect_eq(ask(&services), STATUS_OK);
    let_calls_end(&services);
    struct changes_listener *listener =
        changes_listen(services.account, 0, false, count, &told);
    exchange_end_token(services.exchange, "token-1");
    cr_expect_eq(ask(&services), STATUS_AUTH_FAILED);
    cr_expect_eq(told, 1);
    changes_unlisten(&listener);
    services_close(&services);
}

/* A user's programs log in with both, and either may be the one that ends. */
Test(services_account, goes_over_from_tokens_to_passwords_and_back)
{
    struct services services = open_for_tokens("yes");

    token_is(&services, ANN, "token-1", STATUS_OK, 1);
    cr_expect_eq(ask(&services), STATUS_OK);
    let_calls_end(&services);
    exchange_end_token(services.exchange, "token-1");
    cr_expect_eq(ask(&services), STATUS_AUTH_FAILED);
    login_is(&services, ANN, PASSWORD, STATUS_OK);
    cr_expect_not(account_has_expired(services.account));
    cr_expect_eq(ask(&services), STATUS_OK);

    token_is(&services, ANN, "token-2", STATUS_OK, 1);
    login_is(&services, ANN, PASSWORD, STATUS_OK);
    services_fault(&services, "SyncFolderItems", FAULT_HTTP_401, 1);
    cr_expect_eq(ask(&services), STATUS_AUTH_FAILED);
    cr_expect_not(account_has_expired(services.account));
    token_is(&services, ANN, "token-2", STATUS_OK, 0);
    cr_expect_eq(ask(&services), STATUS_OK);
    exchange_end_token(services.exchange, "token-2");
    cr_expect_eq(ask(&services), STATUS_AUTH_FAILED);
    cr_expect(account_has_expired(services.account));
    services_close(&services);
}

Test(services_account, knows_no_token_after_a_restart)
{
    struct services services = services_open_on_disk(EXCHANGE_2016);
    char *error = NULL;

    cr_assert(
        settings_set(services.settings, "exchange.tokens", "yes", &error));
    exchange_issue_token(services.exchange, ANN, "token-1");
    token_is(&services, ANN, "token-1", STATUS_OK, 1);
    services_restart(&services);
    token_is(&services, ANN, "token-1", STATUS_OK, 1);
    services_close(&services);
}
