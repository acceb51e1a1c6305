/*
 * services_summary.c - tests of mail_summary.c and mail_identity.c
 */
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/time.h"
#include "proxy/format/mime_summary.h"
#include "tests/proxy/exchange/services.h"

/* --- Summaries ----------------------------------------------------------- */

struct told {
    struct arena *arena;
    struct buf text;
    size_t limit; /* after so many no more are taken; 0: no limit */
    size_t count;
};

static bool tell(void *context, uint32_t uid, enum status status,
                 const struct mime_summary *summary)
{
    struct told *told = context;

    buf_printf(&told->text, "%s%u=%s", told->count++ > 0 ? " " : "", uid,
               status == STATUS_OK ? summary->base_subject
                                   : status_name(status));
    return told->limit == 0 || told->count < told->limit;
}

/* "1=ONE 2=TWO", or what became of it. */
static const char *summarize(struct services *services, int64_t folder,
                             const uint32_t uids[], size_t count)
{
    struct told told = { .arena = services->arena };

    buf_init(&told.text, services->arena);
    buf_puts(&told.text, "");
    mail_summarize(&services->op, services->account, folder, uids, count, tell,
                   &told);
    return told.text.data;
}

static int64_t fill_inbox(struct services *services)
{
    static const char *const subjects[] = { "one", "two", "three" };
    int64_t inbox = services_folder(services, "INBOX");

    for (size_t i = 0; i < 3; i++)
        services_deliver(services, NULL, subjects[i]);
    cr_assert_str_eq(services_uids(services, inbox), "1:3");
    exchange_reset_calls(services->exchange);
    return inbox;
}

Test(services_summary, asks_once_and_never_again)
{
    struct services services = services_open_on_disk(EXCHANGE_2016);
    int64_t inbox = fill_inbox(&services);
    const uint32_t uids[] = { 3, 1, 2 };

    cr_expect_str_eq(summarize(&services, inbox, uids, 3),
                     "3=THREE 1=ONE 2=TWO");
    cr_expect_eq(exchange_calls(services.exchange, NULL), 1);
    services_restart(&services);
    exchange_reset_calls(services.exchange);
    cr_expect_str_eq(summarize(&services, inbox, uids, 3),
                     "3=THREE 1=ONE 2=TWO");
    cr_expect_eq(exchange_calls(services.exchange, NULL), 0);
    services_close(&services);
}

static bool ignore(void *context, const struct mail_content *content)
{
    (void)context;
    return content->status == STATUS_OK;
}

Test(services_summary, asks_nothing_of_what_was_read_before)
{
    struct services services = services_open(EXCHANGE_2016);
    int64_t inbox = fill_inbox(&services);
    const uint32_t uids[] = { 1, 2, 3 };

    mail_read(&services.op, services.account, inbox, uids, 2, MAIL_NEED_HEADER,
              ignore, NULL);
    mail_read(&services.op, services.account, inbox, &uids[2], 1,
              MAIL_NEED_CONTENT, ignore, NULL);
    exchange_reset_calls(services.exchange);
    cr_expect_str_eq(summarize(&services, inbox, uids, 3),
                     "1=ONE 2=TWO 3=THREE");
    cr_expect_eq(exchange_calls(services.exchange, NULL), 0);
    services_close(&services);
}

Test(services_summary, serves_what_it_knows_while_exchange_is_away)
{
    struct services services = services_open(EXCHANGE_2016);
    int64_t inbox = fill_inbox(&services);
    const uint32_t uids[] = { 1, 2, 3, 77 };

    summarize(&services, inbox, uids, 2);
    exchange_set_fault(services.exchange, &(struct exchange_fault_rule){
                                              NULL, FAULT_RESPONSE_CODE, 0, 100,
                                              0, "ErrorItemCorrupt" });
    cr_expect_str_eq(summarize(&services, inbox, uids, 4),
                     "1=ONE 2=TWO 3=corrupt 77=not-found");
    services_close(&services);
}

Test(services_summary, ends_when_the_caller_has_enough)
{
    struct services services = services_open(EXCHANGE_2016);
    int64_t inbox = fill_inbox(&services);
    const uint32_t uids[] = { 1, 2, 3 };
    struct told told = { .arena = services.arena, .limit = 2 };

    buf_init(&told.text, services.arena);
    cr_expect_eq(mail_summarize(&services.op, services.account, inbox, uids, 3,
                                tell, &told),
                 STATUS_CANCELLED);
    cr_expect_str_eq(told.text.data, "1=ONE 2=TWO");
    services_close(&services);
}

Test(services_summary, goes_along_with_copies_and_moves)
{
    struct services services = services_open(EXCHANGE_2016);
    int64_t inbox = fill_inbox(&services);
    int64_t drafts = services_folder(&services, "Drafts");
    struct mail_result results[2];
    const uint32_t uids[] = { 1, 2 };

    cr_assert_str_eq(services_uids(&services, drafts), "");
    summarize(&services, inbox, uids, 2);
    mail_copy(&services.op, services.account, inbox, uids, 1, drafts, results);
    mail_move(&services.op, services.account, inbox, &uids[1], 1, drafts,
              results);
    exchange_reset_calls(services.exchange);
    cr_expect_str_eq(summarize(&services, drafts, uids, 2), "1=ONE 2=TWO");
    cr_expect_eq(exchange_calls(services.exchange, NULL), 0);
    services_close(&services);
}

/* --- Searching them ------------------------------------------------------ */

static void deliver_from(struct services *services, const char *from,
                         const char *subject)
{
    const char *mime = arena_printf(
        services->arena,
        "From: %s\r\nTo: Ann <ann@example.com>\r\nCc: carl@example.com\r\n"
        "Subject: %s\r\n\r\nText\r\n",
        from, subject);

    exchange_add_message(services->exchange, ANN, NULL, mime, strlen(mime),
                         time_now(), false);
}

static const char *numbers(struct services *services, const uint32_t uids[],
                           size_t count)
{
    char *text = arena_strdup(services->arena, "");

    for (size_t i = 0; i < count; i++)
        text = arena_printf(services->arena, "%s%s%u", text, i > 0 ? " " : "",
                            uids[i]);
    return text;
}

/* "1 2", and after a "?" those that are not known. */
static const char *search(struct services *services, int64_t folder,
                          enum mail_search_field field, const char *text)
{
    uint32_t *uids, *unknown;
    size_t count, unknown_count;

    cr_assert_eq(mail_search_summaries(&services->op, services->account, folder,
                                       field, text, &uids, &count, &unknown,
                                       &unknown_count),
                 STATUS_OK);
    const char *found = numbers(services, uids, count);
    return unknown_count == 0
               ? found
               : arena_printf(services->arena, "%s?%s", found,
                              numbers(services, unknown, unknown_count));
}

/* clang-format off */
static const struct {
    enum mail_search_field field;
    const char *text;
    const char *found;
} searches[] = {
    { MAIL_SEARCH_SUBJECT, "bread",            "1 3" },
    { MAIL_SEARCH_SUBJECT, "BREAD",            "1 3" },
    { MAIL_SEARCH_SUBJECT, "rea",              "1 3" },
    { MAIL_SEARCH_SUBJECT, "read a",           "1" },
    { MAIL_SEARCH_SUBJECT, "r",                "1 2 3 4" },
    { MAIL_SEARCH_SUBJECT, "ea",               "1 3 4" },
    { MAIL_SEARCH_SUBJECT, "bread and butter", "1" },
    { MAIL_SEARCH_SUBJECT, "butter and bread", "" },
    { MAIL_SEARCH_SUBJECT, "gr\xc3\x9c\xc3\x9f" "e", "2" },
    { MAIL_SEARCH_SUBJECT, "\xc3\xbc\xc3\x9f", "2" },
    { MAIL_SEARCH_SUBJECT, "\"bread\"",        "3" },
    { MAIL_SEARCH_SUBJECT, "all_from : x",     "" },
    { MAIL_SEARCH_SUBJECT, "abcab",            "4" },
    { MAIL_SEARCH_SUBJECT, "abcbc",            "" },
    { MAIL_SEARCH_SUBJECT, "",                 "1 2 3 4" },
    { MAIL_SEARCH_FROM,    "bert",             "2 3" },
    { MAIL_SEARCH_FROM,    "bread",            "" },
    { MAIL_SEARCH_TO,      "ann@example.com",  "1 2 3 4" },
    { MAIL_SEARCH_CC,      "carl",             "1 2 3 4" },
    { MAIL_SEARCH_BCC,     "carl",             "" },
};
/* clang-format on */

Test(services_summary, finds_just_what_has_the_text)
{
    struct services services = services_open(EXCHANGE_2016);
    int64_t inbox = services_folder(&services, "INBOX");
    const uint32_t uids[] = { 1, 2, 3, 4 };

    deliver_from(&services, "anna@x", "Bread and butter");
    deliver_from(&services, "Bert <b@x>", "=?utf-8?Q?Gr=C3=BC=C3=9Fe?=");
    deliver_from(&services, "bert@x", "\"bread\"");
    deliver_from(&services, "carla@x", "abcab er, ea");
    services_uids(&services, inbox);
    cr_expect_str_eq(search(&services, inbox, MAIL_SEARCH_SUBJECT, "bread"),
                     "?1 2 3 4");
    summarize(&services, inbox, uids, 4);
    for (size_t i = 0; i < sizeof searches / sizeof *searches; i++)
        cr_expect_str_eq(
            search(&services, inbox, searches[i].field, searches[i].text),
            searches[i].found, "%s", searches[i].text);
    services_close(&services);
}

Test(services_summary, finds_nothing_of_what_is_gone_or_elsewhere)
{
    struct services services = services_open(EXCHANGE_2016);
    int64_t inbox = fill_inbox(&services);
    int64_t drafts = services_folder(&services, "Drafts");
    const uint32_t uids[] = { 1, 2, 3 };
    struct mail_result result;

    services_uids(&services, drafts);
    summarize(&services, inbox, uids, 3);
    mail_move(&services.op, services.account, inbox, &uids[1], 1, drafts,
              &result);
    mail_delete(&services.op, services.account, inbox, &uids[0], 1, &result);
    cr_expect_str_eq(search(&services, inbox, MAIL_SEARCH_SUBJECT, "two"), "");
    cr_expect_str_eq(search(&services, drafts, MAIL_SEARCH_SUBJECT, "two"),
                     "1");
    cr_expect_str_eq(search(&services, inbox, MAIL_SEARCH_SUBJECT, "one"), "");
    cr_expect_str_eq(search(&services, inbox, MAIL_SEARCH_SUBJECT, "hree"),
                     "3");
    services_deliver(&services, NULL, "threescore");
    services_uids(&services, inbox);
    cr_expect_str_eq(search(&services, inbox, MAIL_SEARCH_SUBJECT, "three"),
                     "3?4");
    services_close(&services);
}

/* --- Identities ---------------------------------------------------------- */

static struct mail_identity identify(struct services *services, int64_t folder,
                                     uint32_t uid)
{
    struct mail_identity identity;

    mail_identify(&services->op, services->account, folder, &uid, 1, &identity);
    return identity;
}

Test(services_identity, stays_over_moves_and_restarts)
{
    struct services services = services_open_on_disk(EXCHANGE_2016);
    int64_t inbox = fill_inbox(&services);
    int64_t drafts = services_folder(&services, "Drafts");
    struct mail_result result;

    services_uids(&services, drafts);
    const char *one =
        strdup(identify(&services, inbox, 1).email_id); /* over the restart */
    cr_expect_str_neq(one, identify(&services, inbox, 2).email_id);
    mail_move(&services.op, services.account, inbox, (uint32_t[]){ 1 }, 1,
              drafts, &result);
    cr_expect_eq(identify(&services, inbox, 1).status, STATUS_NOT_FOUND);
    cr_expect_str_eq(identify(&services, drafts, 1).email_id, one);
    services_restart(&services);
    cr_expect_str_eq(identify(&services, drafts, 1).email_id, one);
    exchange_change_ids(services.exchange, ANN);
    exchange_invalidate_sync(services.exchange, ANN);
    cr_expect_str_eq(services_uids(&services, drafts), "1");
    cr_expect_str_eq(identify(&services, drafts, 1).email_id, one);
    cr_expect_eq(strspn(one, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuv"
                             "wxyz0123456789-_"),
                 strlen(one));
    free((char *)one);
    services_close(&services);
}

Test(services_identity, of_a_copy_is_another_one)
{
    struct services services = services_open(EXCHANGE_2016);
    int64_t inbox = fill_inbox(&services);
    struct mail_result result;

    mail_copy(&services.op, services.account, inbox, (uint32_t[]){ 1 }, 1,
              inbox, &result);
    cr_expect_str_neq(identify(&services, inbox, 1).email_id,
                      identify(&services, inbox, result.new_uid).email_id);
    services_close(&services);
}

Test(services_identity, tells_since_when_a_message_lies_here)
{
    struct services services = services_open(EXCHANGE_2016);
    int64_t inbox = services_folder(&services, "INBOX");
    int64_t drafts = services_folder(&services, "Drafts");
    char *mime = services_mime(&services, "old");
    struct mail_result result;

    exchange_add_message(services.exchange, ANN, NULL, mime, strlen(mime),
                         time_now() - 86400, false);
    services_uids(&services, inbox);
    services_uids(&services, drafts);
    int64_t before = time_now();
    mail_move(&services.op, services.account, inbox, (uint32_t[]){ 1 }, 1,
              drafts, &result);
    int64_t saved = identify(&services, drafts, result.new_uid).saved;
    cr_expect(saved >= before && saved <= time_now());
    services_uids(&services, drafts);
    cr_expect_eq(identify(&services, drafts, result.new_uid).saved, saved);
    services_close(&services);
}

Test(services_identity, knows_the_thread_where_exchange_does)
{
    for (int i = 0; i < 2; i++) {
        struct services services =
            services_open(i == 0 ? EXCHANGE_2007_SP1 : EXCHANGE_2016);
        int64_t inbox = services_folder(&services, "INBOX");

        services_deliver(&services, NULL, "bread");
        services_deliver(&services, NULL, "Re: bread");
        services_deliver(&services, NULL, "wine");
        services_uids(&services, inbox);
        const char *first = identify(&services, inbox, 1).thread_id;
        if (i == 0) {
            cr_expect_null(first);
        } else {
            cr_expect_not_null(first);
            cr_expect_str_eq(identify(&services, inbox, 2).thread_id, first);
            cr_expect_str_neq(identify(&services, inbox, 3).thread_id, first);
        }
        services_close(&services);
    }
}
