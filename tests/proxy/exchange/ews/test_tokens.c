/*
 * test_tokens.c - mailboxes opened with tokens, on the simulated Exchange
 */
#include <limits.h>
#include <string.h>

#include <criterion/criterion.h>

#include "proxy/base/secret.h"
#include "tests/exchange/exchange.h"
#include "tests/proxy/exchange/ews/mailbox.h"

#define ANN "ann@example.com"
#define BOB "bob@example.com"
#define EVE "eve@example.com"

struct scene {
    struct exchange *exchange;
    struct mailbox mailbox;
};

/* Bob may open all of Ann's mailbox. */
static void begin(struct scene *scene, unsigned auth)
{
    static const char *const users[] = { ANN, BOB, EVE };

    scene->exchange = exchange_new(EXCHANGE_2016);
    for (size_t i = 0; i < sizeof users / sizeof *users; i++) {
        char token[16] = "token-";

        exchange_add_user(scene->exchange, users[i], users[i], "secret", "en");
        exchange_issue_token(scene->exchange, users[i],
                             strncat(token, users[i], 3));
    }
    exchange_grant(scene->exchange, ANN, NULL, BOB, "Owner");
    cr_assert(exchange_serve(scene->exchange, 0, false, auth) != 0);
    mailbox_init(&scene->mailbox, exchange_url(scene->exchange));
    mailbox_set(&scene->mailbox, "store.path", "memory");
}

static void end(struct scene *scene)
{
    mailbox_fini(&scene->mailbox);
    exchange_stop(scene->exchange);
    exchange_free(&scene->exchange);
}

static enum status open_with(struct scene *scene, const char *user,
                             const char *mailbox, const char *token)
{
    struct secret *secret = secret_new_token(token, strlen(token));
    enum status status = ews_backend.open(
        &scene->mailbox.op, scene->mailbox.settings, user, mailbox, secret,
        &scene->mailbox.remote, &scene->mailbox.about);

    secret_free(&secret);
    return status;
}

/* clang-format off */
static const struct {
    const char *name, *user, *mailbox, *token;
    unsigned auth;
    const char *failing; /* an operation that is refused once */
    enum status status;
} cases[] = {
    { "her own",                 ANN, NULL, "token-ann", EXCHANGE_BEARER, NULL, STATUS_OK },
    { "in other letters",        "Ann@EXAMPLE.com", NULL, "token-ann", EXCHANGE_BEARER, NULL, STATUS_OK },
    { "beside passwords",        ANN, NULL, "token-ann", EXCHANGE_BEARER | EXCHANGE_NTLM | EXCHANGE_BASIC, NULL, STATUS_OK },
    { "no address is told",      ANN, NULL, "token-ann", EXCHANGE_BEARER, "ConvertId", STATUS_OK },
    { "someone else's",          ANN, NULL, "token-eve", EXCHANGE_BEARER, NULL, STATUS_AUTH_REFUSED },
    { "someone else's, quietly", ANN, NULL, "token-eve", EXCHANGE_BEARER, "ConvertId", STATUS_AUTH_REFUSED },
    { "who may open it",         ANN, NULL, "token-bob", EXCHANGE_BEARER, NULL, STATUS_AUTH_REFUSED },
    { "a name without address",  "ann", NULL, "token-ann", EXCHANGE_BEARER, NULL, STATUS_AUTH_REFUSED },
    { "a shared mailbox",        BOB, ANN, "token-bob", EXCHANGE_BEARER, NULL, STATUS_OK },
    { "one that is not shared",  EVE, ANN, "token-eve", EXCHANGE_BEARER, NULL, STATUS_AUTH_REFUSED },
    { "in another's name",       EVE, ANN, "token-bob", EXCHANGE_BEARER, NULL, STATUS_AUTH_REFUSED },
    { "never issued",            ANN, NULL, "token-new", EXCHANGE_BEARER, NULL, STATUS_AUTH_FAILED },
    { "no tokens are taken",     ANN, NULL, "token-ann", EXCHANGE_BASIC,  NULL, STATUS_AUTH_FAILED },
};
/* clang-format on */

Test(ews_tokens, open_the_mailbox_of_whom_they_were_given_to, .timeout = 600)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct exchange_fault_rule rule = { .operation = cases[i].failing,
                                            .fault = FAULT_RESPONSE_CODE,
                                            .times = 1,
                                            .code = "ErrorInvalidOperation" };
        struct scene scene;

        begin(&scene, cases[i].auth);
        if (cases[i].failing != NULL)
            exchange_set_fault(scene.exchange, &rule);
        enum status status = open_with(&scene, cases[i].user, cases[i].mailbox,
                                       cases[i].token);
        cr_expect_eq(status, cases[i].status, "%s: %s, %s", cases[i].name,
                     status_name(status), scene.mailbox.op.reason);
        cr_expect_eq(scene.mailbox.remote != NULL, status == STATUS_OK);
        end(&scene);
    }
}

Test(ews_tokens, cost_no_call_more_than_passwords, .timeout = 600)
{
    struct scene scene;

    begin(&scene, EXCHANGE_BEARER);
    cr_assert_eq(open_with(&scene, ANN, NULL, "token-ann"), STATUS_OK);
    cr_expect_eq(exchange_calls(scene.exchange, NULL), 3);
    cr_expect_eq(exchange_calls(scene.exchange, "HTTP"), 0);
    end(&scene);
}

Test(ews_tokens, are_shown_to_nobody_in_the_open, .timeout = 600)
{
    struct scene scene;

    begin(&scene, EXCHANGE_BEARER);
    mailbox_set(&scene.mailbox, "exchange.url",
                "http://192.0.2.1/EWS/Exchange.asmx");
    cr_expect_eq(open_with(&scene, ANN, NULL, "token-ann"), STATUS_UNAVAILABLE);
    end(&scene);
}

Test(ews_tokens, tell_when_they_have_ended, .timeout = 600)
{
    struct scene scene;
    struct remote_quota quota;

    begin(&scene, EXCHANGE_BEARER);
    cr_assert_eq(open_with(&scene, ANN, NULL, "token-ann"), STATUS_OK);
    cr_expect_eq(ews_backend.quota(&scene.mailbox.op, scene.mailbox.remote,
                                   &quota),
                 STATUS_OK);
    exchange_end_token(scene.exchange, "token-ann");
    cr_expect_eq(ews_backend.quota(&scene.mailbox.op, scene.mailbox.remote,
                                   &quota),
                 STATUS_AUTH_FAILED);
    cr_expect(strstr(scene.mailbox.op.reason, "token-ann") == NULL);
    end(&scene);
}
