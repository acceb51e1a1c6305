/*
 * services_mail.c - tests of changing, moving, storing and sending messages
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "proxy/base/arena.h"
#include "proxy/base/spool.h"
#include "proxy/base/time.h"
#include "tests/proxy/exchange/services.h"

#define MANY 250

static uint32_t *numbers(struct services *services, uint32_t count)
{
    uint32_t *uids = arena_array(services->arena, count, sizeof *uids);

    for (uint32_t i = 0; i < count; i++)
        uids[i] = i + 1;
    return uids;
}

/* A folder "A" and an inbox with some messages, both looked at. */
static int64_t fill(struct services *services, size_t count,
                    int64_t *target_out)
{
    int64_t inbox = services_folder(services, "INBOX");

    folder_create(&services->op, services->account, 0, FOLDER_MAIL, "A",
                  target_out);
    exchange_fill(services->exchange, ANN, NULL, count);
    services_uids(services, inbox);
    services_uids(services, *target_out);
    services->op.reason = NULL;
    exchange_reset_calls(services->exchange);
    return inbox;
}

static uint32_t flags_of(struct services *services, int64_t folder,
                         uint32_t uid)
{
    struct mail_view *view = NULL;
    uint32_t flags = UINT32_MAX;

    cr_assert_eq(mail_look(&services->op, services->account, folder, &view),
                 STATUS_OK);
    const struct mail_entry *entry = mail_view_find(view, uid);
    if (entry != NULL)
        flags = entry->flags;
    mail_view_unref(&view);
    return flags;
}

/* --- Flags --------------------------------------------------------------- */

Test(services_mail,
     changes_many_flags_with_few_calls_and_none_for_what_is_so_already)
{
    struct services services = services_open(EXCHANGE_2016);
    struct mail_flag_change change = { .change = MAIL_ADD,
                                       .flags = MAIL_FLAGGED };
    struct mail_result results[MANY];
    uint32_t *uids = numbers(&services, MANY);
    int64_t target, inbox = fill(&services, MANY, &target);

    cr_expect_eq(mail_change_flags(&services.op, services.account, inbox, uids,
                                   MANY, &change, results),
                 STATUS_OK);
    cr_expect_leq(exchange_calls(services.exchange, NULL), 3);
    cr_expect(flags_of(&services, inbox, 200) & MAIL_FLAGGED);
    exchange_reset_calls(services.exchange);
    cr_expect_eq(mail_change_flags(&services.op, services.account, inbox, uids,
                                   MANY, &change, results),
                 STATUS_OK);
    cr_expect_eq(exchange_calls(services.exchange, NULL), 0);
    services_close(&services);
}

Test(services_mail, sees_no_change_in_the_echo_of_its_own)
{
    struct services services = services_open(EXCHANGE_2016);
    struct mail_flag_change change = { .change = MAIL_ADD,
                                       .flags = MAIL_FLAGGED | MAIL_SEEN };
    struct mail_result results[3];
    int64_t target, inbox = fill(&services, 3, &target);
    struct mail_view *view = NULL;

    mail_change_flags(&services.op, services.account, inbox,
                      numbers(&services, 3), 3, &change, results);
    mail_look(&services.op, services.account, inbox, &view);
    uint64_t modseq = mail_view_highest_modseq(view);
    mail_view_unref(&view);
    view = services_refresh(&services, inbox);
    cr_expect_eq(mail_view_highest_modseq(view), modseq);
    mail_view_unref(&view);
    services_close(&services);
}

Test(services_mail, keeps_categories_of_any_name_beside_others)
{
    struct services services = services_open(EXCHANGE_2016);
    const char *const two[] = { "Grüne [x] Ware", "Work", NULL };
    const char *const one[] = { "work", NULL };
    struct mail_flag_change add = { .change = MAIL_ADD,
                                    .flags = MAIL_ANSWERED,
                                    .categories = two };
    struct mail_flag_change take = { .change = MAIL_REMOVE, .categories = one };
    struct mail_result result;
    int64_t target, inbox = fill(&services, 1, &target);
    uint32_t uid = 1;

    mail_change_flags(&services.op, services.account, inbox, &uid, 1, &add,
                      &result);
    mail_change_flags(&services.op, services.account, inbox, &uid, 1, &take,
                      &result);
    struct mail_view *view = services_refresh(&services, inbox);
    const struct mail_entry *entry = mail_view_find(view, uid);
    bool first = false, work = false;
    for (size_t i = 0;
         entry->categories != NULL && entry->categories[i] != NULL; i++) {
        first |= strcmp(entry->categories[i], two[0]) == 0;
        work |= strcasecmp(entry->categories[i], "work") == 0;
    }
    cr_expect(first);
    cr_expect_not(work);
    cr_expect(entry->flags & MAIL_ANSWERED);
    mail_view_unref(&view);
    services_close(&services);
}

Test(services_mail, keeps_categories_that_another_program_has_just_given)
{
    struct services services = services_open(EXCHANGE_2016);
    struct accounts *others =
        accounts_new(services.settings, &exchange_memory_backend);
    struct account *ours = services.account, *other = NULL;
    struct accounts *gateway = services.accounts;
    const char *const blue[] = { "Blue", NULL }, *const red[] = { "Red", NULL };
    struct mail_flag_change add_blue = { .change = MAIL_ADD,
                                         .categories = blue };
    struct mail_flag_change add_red = { .change = MAIL_ADD, .categories = red };
    struct mail_result result;
    int64_t target, inbox = fill(&services, 1, &target);
    uint32_t uid = 1;

    services.accounts = others;
    services_login(&services, ANN, PASSWORD, &other);
    services.account = other;
    services_uids(&services, services_folder(&services, "INBOX"));
    cr_expect_eq(mail_change_flags(&services.op, other,
                                   services_folder(&services, "INBOX"), &uid, 1,
                                   &add_blue, &result),
                 STATUS_OK);
    services.accounts = gateway;
    services.account = ours;
    cr_expect_eq(mail_change_flags(&services.op, ours, inbox, &uid, 1, &add_red,
                                   &result),
                 STATUS_OK);
    struct mail_view *view = services_refresh(&services, inbox);
    const struct mail_entry *entry = mail_view_find(view, uid);
    cr_expect_str_eq(entry->categories[0], "Blue");
    cr_expect_str_eq(entry->categories[1], "Red");
    mail_view_unref(&view);
    account_unref(&other);
    arena_reset(services.arena);
    accounts_free(&others);
    services_close(&services);
}

Test(services_mail, reports_a_message_that_is_gone_and_changes_the_others)
{
    struct services services = services_open(EXCHANGE_2016);
    struct mail_flag_change change = { .change = MAIL_ADD,
                                       .flags = MAIL_FLAGGED };
    struct mail_result results[4];
    int64_t target, inbox = fill(&services, 3, &target);

    exchange_remove(services.exchange, ANN, NULL, 1);
    cr_expect_eq(mail_change_flags(&services.op, services.account, inbox,
                                   (uint32_t[]){ 1, 2, 3, 9 }, 4, &change,
                                   results),
                 STATUS_NOT_FOUND);
    cr_expect_eq(results[0].status, STATUS_OK);
    cr_expect_eq(results[1].status, STATUS_NOT_FOUND);
    cr_expect_eq(results[2].status, STATUS_OK);
    cr_expect_eq(results[3].status, STATUS_NOT_FOUND);
    services_close(&services);
}

Test(services_mail, shows_no_flag_that_exchange_has_not_confirmed)
{
    struct services services = services_open(EXCHANGE_2016);
    struct mail_flag_change change = { .change = MAIL_ADD,
                                       .flags = MAIL_FLAGGED };
    struct mail_result results[3];
    int64_t target, inbox = fill(&services, 3, &target);

    services_fault(&services, "UpdateItem", FAULT_HTTP_503, UINT_MAX);
    cr_expect_eq(mail_change_flags(&services.op, services.account, inbox,
                                   numbers(&services, 3), 3, &change, results),
                 STATUS_UNAVAILABLE);
    cr_expect_eq(results[1].status, STATUS_UNAVAILABLE);
    cr_expect_not(flags_of(&services, inbox, 2) & MAIL_FLAGGED);
    services_close(&services);
}

/* --- Copying and moving -------------------------------------------------- */

/* clang-format off */
static const enum exchange_version versions[] = {
    EXCHANGE_2007_SP1, EXCHANGE_2010_SP1, EXCHANGE_2016
};

static const struct {
    const char *what;
    enum exchange_fault fault;
} lost_answers[] = {
    { "no fault",     FAULT_NONE },
    { "reset before", FAULT_RESET_BEFORE },
    { "reset after",  FAULT_RESET_AFTER },
    { "truncated",    FAULT_TRUNCATED },
    { "malformed",    FAULT_MALFORMED },
};
/* clang-format on */

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

Test(services_mail, moves_everything_once_whatever_happens_to_the_answer)
{
    for (size_t i = 0; i < COUNT(versions) * COUNT(lost_answers); i++) {
        struct services services =
            services_open(versions[i / COUNT(lost_answers)]);
        const char *what = lost_answers[i % COUNT(lost_answers)].what;
        struct mail_result results[MANY];
        int64_t target, inbox = fill(&services, MANY, &target);

        services_fault(&services, "MoveItem",
                       lost_answers[i % COUNT(lost_answers)].fault, 1);
        cr_expect_eq(mail_move(&services.op, services.account, inbox,
                               numbers(&services, MANY), MANY, target, results),
                     STATUS_OK, "%zu %s", i, what);
        for (uint32_t k = 0; k < MANY; k++)
            cr_expect_eq(results[k].new_uid, k + 1, "%zu %s: %u is %u", i, what,
                         k + 1, results[k].new_uid);
        cr_expect_str_eq(services_uids(&services, inbox), "");
        cr_expect_str_eq(services_uids(&services, target), "1:250");
        cr_expect_eq(exchange_count(services.exchange, ANN, "A"), MANY,
                     "%zu %s", i, what);
        services_close(&services);
    }
}

Test(services_mail, copies_everything_once_whatever_happens_to_the_answer)
{
    for (size_t i = 0; i < COUNT(versions) * COUNT(lost_answers); i++) {
        struct services services =
            services_open(versions[i / COUNT(lost_answers)]);
        const char *what = lost_answers[i % COUNT(lost_answers)].what;
        struct mail_result results[MANY];
        int64_t target, inbox = fill(&services, MANY, &target);

        services_fault(&services, "CopyItem",
                       lost_answers[i % COUNT(lost_answers)].fault, 1);
        cr_expect_eq(mail_copy(&services.op, services.account, inbox,
                               numbers(&services, MANY), MANY, target, results),
                     STATUS_OK, "%zu %s", i, what);
        for (uint32_t k = 0; k < MANY; k++)
            cr_expect_eq(results[k].new_uid, k + 1, "%zu %s: %u is %u", i, what,
                         k + 1, results[k].new_uid);
        cr_expect_eq(exchange_count(services.exchange, ANN, "A"), MANY,
                     "%zu %s", i, what);
        cr_expect_eq(exchange_count(services.exchange, ANN, NULL), MANY,
                     "%zu %s", i, what);
        cr_expect_str_eq(services_uids(&services, target), "1:250");
        services_close(&services);
    }
}

Test(services_mail, moves_with_few_calls)
{
    struct services services = services_open(EXCHANGE_2016);
    struct mail_result results[MANY];
    int64_t target, inbox = fill(&services, MANY, &target);

    mail_move(&services.op, services.account, inbox, numbers(&services, MANY),
              MANY, target, results);
    cr_expect_leq(exchange_calls(services.exchange, NULL), 3);
    services_close(&services);
}

static void copies_all_or_none(enum exchange_version version)
{
    struct services services = services_open(version);
    struct exchange_fault_rule rule = { "CopyItem", FAULT_ITEM_CORRUPT, 1, 1, 3,
                                        NULL };
    struct mail_result results[MANY];
    int64_t target, inbox = fill(&services, MANY, &target);

    exchange_set_fault(services.exchange, &rule);
    cr_expect_eq(mail_copy(&services.op, services.account, inbox,
                           numbers(&services, MANY), MANY, target, results),
                 STATUS_CORRUPT);
    cr_expect_eq(exchange_count(services.exchange, ANN, "A"), 0);
    cr_expect_str_eq(services_uids(&services, target), "");
    cr_expect_eq(results[0].status, STATUS_CORRUPT);
    services_close(&services);
}

Test(services_mail, copies_all_or_none)
{
    copies_all_or_none(EXCHANGE_2016);
    copies_all_or_none(EXCHANGE_2007_SP1);
}

Test(services_mail, moves_what_it_can_and_says_what_it_could_not)
{
    struct services services = services_open(EXCHANGE_2016);
    struct exchange_fault_rule rule = { "MoveItem", FAULT_ITEM_CORRUPT, 0, 1, 1,
                                        NULL };
    struct mail_result results[3];
    int64_t target, inbox = fill(&services, 3, &target);

    exchange_set_fault(services.exchange, &rule);
    cr_expect_eq(mail_move(&services.op, services.account, inbox,
                           numbers(&services, 3), 3, target, results),
                 STATUS_CORRUPT);
    cr_expect_eq(results[0].new_uid, 1);
    cr_expect_eq(results[1].status, STATUS_CORRUPT);
    cr_expect_eq(results[2].new_uid, 2);
    cr_expect_str_eq(services_uids(&services, inbox), "2");
    services_close(&services);
}

Test(services_mail, says_that_the_target_is_not_there)
{
    struct services services = services_open(EXCHANGE_2016);
    struct mail_result result;
    int64_t target, inbox = fill(&services, 1, &target);
    uint32_t uid = 1;

    cr_expect_eq(mail_copy(&services.op, services.account, inbox, &uid, 1, 4711,
                           &result),
                 STATUS_NO_FOLDER);
    cr_expect_eq(mail_move(&services.op, services.account, inbox, &uid, 1, 4711,
                           &result),
                 STATUS_NO_FOLDER);
    cr_expect_eq(services_append(&services, 4711, "A: b\r\n\r\n", 0, &uid),
                 STATUS_NO_FOLDER);
    services_close(&services);
}

/* --- Deleting ------------------------------------------------------------ */

Test(services_mail, deletes_everything_whatever_happens_to_the_answer)
{
    for (size_t i = 0; i < COUNT(lost_answers); i++) {
        struct services services = services_open(EXCHANGE_2016);
        struct mail_result results[MANY];
        int64_t target, inbox = fill(&services, MANY + 1, &target);

        services_fault(&services, "DeleteItem", lost_answers[i].fault, 1);
        exchange_remove(services.exchange, ANN, NULL, 4);
        cr_expect_eq(mail_delete(&services.op, services.account, inbox,
                                 numbers(&services, MANY), MANY, results),
                     STATUS_OK, "%s", lost_answers[i].what);
        cr_expect_str_eq(services_uids(&services, inbox), "251");
        cr_expect_eq(exchange_count(services.exchange, ANN, NULL), 1);
        services_close(&services);
    }
}

/* --- Storing ------------------------------------------------------------- */

Test(services_mail, stores_a_message_once_whatever_happens_to_the_answer)
{
    for (size_t i = 0; i < COUNT(versions) * COUNT(lost_answers); i++) {
        struct services services =
            services_open(versions[i / COUNT(lost_answers)]);
        const char *what = lost_answers[i % COUNT(lost_answers)].what;
        int64_t target, inbox = fill(&services, 3, &target);
        uint32_t uid = 0;

        services_fault(&services, "CreateItem",
                       lost_answers[i % COUNT(lost_answers)].fault, 1);
        cr_expect_eq(services_append(&services, inbox,
                                     services_mime(&services, "x"),
                                     MAIL_SEEN | MAIL_FLAGGED, &uid),
                     STATUS_OK, "%zu %s", i, what);
        cr_expect_eq(uid, 4, "%zu %s: %u", i, what, uid);
        cr_expect_eq(exchange_count_message_id(services.exchange, ANN, NULL,
                                               "<x@example.com>"),
                     1, "%zu %s", i, what);
        cr_expect_str_eq(services_uids(&services, inbox), "1:4");
        cr_expect_eq(flags_of(&services, inbox, 4), MAIL_SEEN | MAIL_FLAGGED,
                     "%zu %s", i, what);
        services_close(&services);
    }
}

Test(services_mail, stores_the_same_message_twice_when_asked_twice)
{
    struct services services = services_open(EXCHANGE_2016);
    int64_t target, inbox = fill(&services, 0, &target);
    uint32_t first = 0, second = 0;

    services_append(&services, inbox, services_mime(&services, "x"), 0, &first);
    services_append(&services, inbox, services_mime(&services, "x"), 0,
                    &second);
    cr_expect_eq(first, 1);
    cr_expect_eq(second, 2);
    cr_expect_eq(exchange_count(services.exchange, ANN, NULL), 2);
    services_close(&services);
}

Test(services_mail, finds_a_stored_message_when_the_client_tries_again_later)
{
    struct services services = services_open_on_disk(EXCHANGE_2016);
    int64_t target, inbox = fill(&services, 0, &target);
    uint32_t uid = 0;

    services_fault(&services, "CreateItem", FAULT_RESET_AFTER, 1);
    services_fault(&services, "FindItem", FAULT_HTTP_503, UINT_MAX);
    cr_expect_eq(services_append(&services, inbox,
                                 services_mime(&services, "x"), 0, &uid),
                 STATUS_UNCERTAIN);
    exchange_clear_faults(services.exchange);
    services_restart(&services);
    cr_expect_eq(services_append(&services, inbox,
                                 services_mime(&services, "x"), 0, &uid),
                 STATUS_OK);
    cr_expect_eq(exchange_count(services.exchange, ANN, NULL), 1);
    cr_expect_str_eq(services_uids(&services, inbox), "1");
    services_close(&services);
}

Test(services_mail, says_why_a_message_was_not_stored)
{
    struct services services = services_open(EXCHANGE_2016);
    struct exchange_fault_rule rule = {
        "CreateItem", FAULT_RESPONSE_CODE, 0, 1, 0, "ErrorQuotaExceeded"
    };
    int64_t target, inbox = fill(&services, 0, &target);
    uint32_t uid = 0;

    exchange_set_fault(services.exchange, &rule);
    cr_expect_eq(services_append(&services, inbox,
                                 services_mime(&services, "x"), 0, &uid),
                 STATUS_OVER_QUOTA);
    services_close(&services);
}

/* --- Sending ------------------------------------------------------------- */

static enum status send(struct services *services, const char *subject)
{
    char *mime = arena_printf(services->arena,
                              "From: " ANN "\r\nTo: " BOB "\r\nSubject: %s\r\n"
                              "Message-ID: <%s@example.com>\r\n\r\nHello.\r\n",
                              subject, subject);
    const char *const recipients[] = { BOB, NULL };
    struct spool *spool = spool_new(NULL, 0);
    struct mail_submission submission = { spool, ANN, recipients, false };

    spool_write(spool, mime, strlen(mime));
    enum status status =
        mail_send(&services->op, services->account, &submission);
    spool_free(&spool);
    return status;
}

Test(services_mail, sends_once_whatever_happens_to_the_answer)
{
    for (size_t i = 0; i < COUNT(versions) * COUNT(lost_answers); i++) {
        struct services services =
            services_open(versions[i / COUNT(lost_answers)]);
        const char *what = lost_answers[i % COUNT(lost_answers)].what;

        services_fault(&services, "CreateItem",
                       lost_answers[i % COUNT(lost_answers)].fault, 1);
        cr_expect_eq(send(&services, "x"), STATUS_OK, "%zu %s: %s", i, what,
                     services.op.reason);
        cr_expect_eq(exchange_count_message_id(services.exchange, BOB, NULL,
                                               "<x@example.com>"),
                     1, "%zu %s", i, what);
        services_close(&services);
    }
}

Test(services_mail, sends_two_mails_with_one_message_id)
{
    struct services services = services_open(EXCHANGE_2016);

    cr_expect_eq(send(&services, "x"), STATUS_OK);
    services_fault(&services, "CreateItem", FAULT_RESET_BEFORE, 1);
    cr_expect_eq(send(&services, "x"), STATUS_OK);
    cr_expect_eq(exchange_count_message_id(services.exchange, BOB, NULL,
                                           "<x@example.com>"),
                 2);
    services_close(&services);
}

Test(services_mail,
     does_not_send_again_what_a_client_repeats_after_a_lost_answer)
{
    struct services services = services_open_on_disk(EXCHANGE_2016);

    services_fault(&services, "CreateItem", FAULT_RESET_AFTER, 1);
    services_fault(&services, "FindItem", FAULT_HTTP_503, UINT_MAX);
    cr_expect_eq(send(&services, "x"), STATUS_UNCERTAIN);
    cr_expect_eq(send(&services, "x"), STATUS_UNCERTAIN);
    exchange_clear_faults(services.exchange);
    services_restart(&services);
    cr_expect_eq(send(&services, "x"), STATUS_OK);
    cr_expect_eq(exchange_count_message_id(services.exchange, BOB, NULL,
                                           "<x@example.com>"),
                 1);
    services_close(&services);
}

Test(services_mail, recognises_the_copy_of_a_sent_mail_that_a_client_stores)
{
    struct services services = services_open(EXCHANGE_2016);
    int64_t sent = services_folder(&services, "Sent");
    uint32_t first = 0, again = 0;

    cr_expect_eq(send(&services, "x"), STATUS_OK);
    cr_expect_eq(services_append(&services, sent, services_mime(&services, "x"),
                                 MAIL_SEEN, &first),
                 STATUS_OK);
    cr_expect_neq(first, 0);
    cr_expect_eq(exchange_count_message_id(services.exchange, ANN, "Sent Items",
                                           "<x@example.com>"),
                 1);
    cr_expect_str_eq(services_uids(&services, sent), "1");
    cr_expect_eq(flags_of(&services, sent, first), MAIL_SEEN);
    services_append(&services, sent, services_mime(&services, "x"), MAIL_SEEN,
                    &again);
    cr_expect_str_eq(services_uids(&services, sent), "1:2");
    services_close(&services);
}

Test(services_mail, recognises_the_copy_after_it_could_not_be_looked_for)
{
    struct services services = services_open(EXCHANGE_2016);
    int64_t sent = services_folder(&services, "Sent");
    char *mime = services_mime(&services, "x");
    uint32_t uid = 0;

    cr_expect_eq(send(&services, "x"), STATUS_OK);
    services_fault(&services, "FindItem", FAULT_HTTP_503, UINT_MAX);
    cr_expect_neq(services_append(&services, sent, mime, MAIL_SEEN, &uid),
                  STATUS_OK);
    exchange_clear_faults(services.exchange);
    cr_expect_eq(services_append(&services, sent, mime, MAIL_SEEN, &uid),
                 STATUS_OK);
    cr_expect_str_eq(services_uids(&services, sent), "1");
    services_close(&services);
}
