/*
 * test_contract_send.c - the backend against the simulated Exchange: messages
 * that are stored and sent
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "proxy/base/time.h"
#include "proxy/exchange/ews/ews.h"
#include "tests/proxy/exchange/ews/contract.h"

/* --- Storing and sending -------------------------------------------------- */

static void check_storing(struct contract *scene, const char *version)
{
    static const char *const categories[] = { "Red", NULL };
    static struct listed listed;
    const char *drafts = contract_folder(scene, FOLDER_DRAFTS);
    struct spool *spool = mailbox_spool(CONTRACT_HELLO, strlen(CONTRACT_HELLO));
    const uint32_t flags[] = { 0, MAIL_SEEN, MAIL_SEEN | MAIL_DRAFT,
                               MAIL_ALL_FLAGS,
                               MAIL_ALL_FLAGS &
                                   ~(uint32_t)(MAIL_DRAFT | MAIL_SEEN) };
    struct remote_item *items;
    size_t count;

    for (size_t i = 0; i < 5; i++) {
        char token[16];
        snprintf(token, sizeof token, "attempt%zu", i);
        const struct remote_new item = { spool, flags[i], categories,
                                         1600000000, token };
        struct remote_result result;
        cr_assert_eq(ews_backend.item_create(scene->op, scene->remote, drafts,
                                             &item, &result),
                     STATUS_OK, "%s: %s", version, scene->op->reason);
        cr_expect_eq(result.status, STATUS_OK);
        cr_assert_not_null(result.id, "%s", version);
        cr_assert_eq(ews_backend.find_new(scene->op, scene->remote, drafts,
                                          token, "<hello@example.com>",
                                          time_now() - 5, &items, &count),
                     STATUS_OK, "%s: %s", version, scene->op->reason);
        cr_assert_eq(count, 1, "%s: %zu of attempt %zu", version, count, i);
        cr_expect_str_eq(items[0].id, result.id, "%s", version);
        uint32_t unsent = flags[i] & MAIL_DRAFT ? MAIL_UNSENT : 0;
        cr_expect_eq(items[0].flags, flags[i] | unsent, "%s: 0x%x becomes 0x%x",
                     version, flags[i], items[0].flags);
        cr_expect_eq(items[0].received, 1600000000, "%s", version);
        cr_expect_str_eq(items[0].categories[0], "Red", "%s", version);
        cr_expect_str_eq(items[0].message_id, "<hello@example.com>", "%s",
                         version);
    }
    cr_expect_eq(ews_backend.find_new(scene->op, scene->remote, drafts,
                                      "another", "<hello@example.com>", 0,
                                      &items, &count),
                 STATUS_OK);
    cr_expect_eq(count, 0, "%s: what others made", version);
    cr_assert_eq(contract_list(scene, drafts, NULL, &listed), STATUS_OK);
    static struct content content;
    cr_assert_eq(contract_read(scene, &listed, REMOTE_CONTENT, &content),
                 STATUS_OK);
    cr_expect_str_eq(content.text[0], CONTRACT_HELLO, "%s", version);
    spool_free(&spool);
}

static void check_sending(struct contract *scene, const char *version)
{
    static const char *const bcc[] = { CONTRACT_USER, NULL };
    struct spool *spool = mailbox_spool(CONTRACT_HELLO, strlen(CONTRACT_HELLO));
    const struct remote_submission submission = { spool, bcc, false, "sent" };
    struct remote_item *items;
    size_t count;

    cr_assert_eq(ews_backend.send(scene->op, scene->remote, &submission),
                 STATUS_OK, "%s: %s", version, scene->op->reason);
    cr_expect_eq(exchange_count_message_id(scene->exchange, "bob@example.com",
                                           NULL, "<hello@example.com>"),
                 1, "%s", version);
    cr_expect_eq(exchange_count_message_id(scene->exchange, CONTRACT_USER, NULL,
                                           "<hello@example.com>"),
                 1, "%s: Bcc", version);
    cr_assert_eq(ews_backend.find_new(scene->op, scene->remote, NULL, "sent",
                                      "<hello@example.com>", time_now() - 5,
                                      &items, &count),
                 STATUS_OK, "%s: %s", version, scene->op->reason);
    cr_expect_eq(count, 1, "%s: %zu copies in Sent", version, count);
    spool_free(&spool);
}

Test(ews_contract, stores_and_sends, .timeout = 600)
{
    for (enum exchange_version v = 0; v < EXCHANGE_VERSION_COUNT; v++) {
        struct contract scene;
        contract_begin(&scene, v);
        check_storing(&scene, contract_versions[v]);
        check_sending(&scene, contract_versions[v]);
        contract_end(&scene);
    }
}

Test(ews_contract, tells_why_a_message_is_not_sent)
{
    /* clang-format off */
    static const struct { const char *code; enum status status; } refusals[] = {
        { "ErrorSendAsDenied",        STATUS_SENDER_DENIED },
        { "ErrorInvalidRecipients",   STATUS_BAD_RECIPIENT },
        { "ErrorMissingRecipients",   STATUS_NO_RECIPIENT },
        { "ErrorMessageSizeExceeded", STATUS_TOO_BIG },
        { "ErrorQuotaExceeded",       STATUS_OVER_QUOTA },
        { "ErrorMimeContentInvalid",  STATUS_BAD_CONTENT },
        { "ErrorTimeoutExpired",      STATUS_UNCERTAIN },
    };
    /* clang-format on */
    struct spool *spool = mailbox_spool(CONTRACT_HELLO, strlen(CONTRACT_HELLO));
    const struct remote_submission submission = { .content = spool };
    struct contract scene;

    contract_begin(&scene, EXCHANGE_2016);
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        struct exchange_fault_rule rule = {
            "CreateItem", FAULT_RESPONSE_CODE, 0, 1, 0, refusals[i].code
        };
        exchange_set_fault(scene.exchange, &rule);
        enum status status =
            ews_backend.send(scene.op, scene.remote, &submission);
        cr_expect_eq(status, refusals[i].status, "%s: %s", refusals[i].code,
                     status_name(status));
        cr_expect_not_null(strstr(scene.op->reason, refusals[i].code));
    }
    cr_expect_eq(exchange_count(scene.exchange, "bob@example.com", NULL), 0);
    spool_free(&spool);
    contract_end(&scene);
}

/* An answer that is lost is found by its token, and by nobody else's. */
Test(ews_contract, finds_what_a_lost_answer_made)
{
    struct exchange_fault_rule rule = {
        "CreateItem", FAULT_RESET_AFTER, 0, 1, 0, NULL
    };
    struct spool *spool = mailbox_spool(CONTRACT_HELLO, strlen(CONTRACT_HELLO));
    const struct remote_new item = { spool, 0, NULL, TIME_NONE, "mine" };
    struct remote_result result;
    struct remote_item *items;
    struct contract scene;
    size_t count;

    contract_begin(&scene, EXCHANGE_2010_SP1);
    const char *drafts = contract_folder(&scene, FOLDER_DRAFTS);
    exchange_set_fault(scene.exchange, &rule);
    cr_expect_eq(
        ews_backend.item_create(scene.op, scene.remote, drafts, &item, &result),
        STATUS_UNCERTAIN);
    cr_expect_eq(result.status, STATUS_UNCERTAIN);
    cr_expect_eq(exchange_calls(scene.exchange, "CreateItem"), 1);
    cr_expect_eq(ews_backend.find_new(scene.op, scene.remote, drafts, "mine",
                                      NULL, time_now(), &items, &count),
                 STATUS_OK);
    cr_expect_eq(count, 1);
    cr_expect_eq(ews_backend.find_new(scene.op, scene.remote, drafts, "yours",
                                      "<hello@example.com>", 0, &items, &count),
                 STATUS_OK);
    cr_expect_eq(count, 0);
    spool_free(&spool);
    contract_end(&scene);
}

/* NTLM asks for a body again after its challenge. */
Test(ews_contract, stores_large_messages_by_ntlm, .timeout = 600)
{
    static struct listed listed;
    static struct content content;
    struct spool *spool = spool_new(NULL, 0);
    const struct remote_new item = { spool, 0, NULL, TIME_NONE, "large" };
    struct remote_result result;
    struct contract scene;
    char line[80];

    contract_begin_with(&scene, EXCHANGE_2013_SP1, true, EXCHANGE_NTLM);
    cr_assert_eq(mailbox_open_as(&scene.mailbox, CONTRACT_USER, "secret"),
                 STATUS_OK);
    scene.remote = scene.mailbox.remote;
    spool_write(spool, CONTRACT_HELLO, strlen(CONTRACT_HELLO));
    for (size_t i = 0; i < 40000; i++) {
        snprintf(line, sizeof line, "%076zu\r\n", i);
        spool_write(spool, line, 78);
    }
    const char *drafts = contract_folder(&scene, FOLDER_DRAFTS);
    cr_assert_eq(
        ews_backend.item_create(scene.op, scene.remote, drafts, &item, &result),
        STATUS_OK, "%s", scene.op->reason);
    cr_assert_eq(contract_list(&scene, drafts, NULL, &listed), STATUS_OK);
    cr_assert_eq(contract_read(&scene, &listed, REMOTE_CONTENT, &content),
                 STATUS_OK);
    size_t len;
    char *expected = mailbox_text(scene.mailbox.arena, spool, &len);
    cr_assert_eq(content.len[0], len);
    cr_expect_eq(memcmp(content.text[0], expected, len), 0);
    spool_free(&spool);
    contract_end(&scene);
}
