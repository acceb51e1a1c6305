/*
 * services_conditional.c - tests of changing flags of what has not changed
 * since
 */
#include <criterion/criterion.h>

#include "proxy/base/arena.h"
#include "proxy/exchange/backend.h"
#include "tests/proxy/exchange/services.h"

#define COUNT 4

struct folder_state {
    int64_t folder;
    uint64_t modseq;
};

static struct folder_state fill(struct services *services)
{
    struct folder_state state = { .folder =
                                      services_folder(services, "INBOX") };

    exchange_fill(services->exchange, ANN, NULL, COUNT);
    for (size_t i = 0; i < COUNT; i++)
        exchange_mark_read(services->exchange, ANN, NULL, i, false);
    struct mail_view *view = services_refresh(services, state.folder);
    cr_assert_eq(mail_view_count(view), COUNT);
    state.modseq = mail_view_highest_modseq(view);
    mail_view_unref(&view);
    exchange_reset_calls(services->exchange);
    return state;
}

/* Adds \\Flagged to all that are as they were then: "ok conflict ..". */
static const char *flag_all(struct services *services, struct account *account,
                            int64_t folder, uint64_t since)
{
    struct mail_flag_change change = { .change = MAIL_ADD,
                                       .flags = MAIL_FLAGGED,
                                       .conditional = true,
                                       .unchanged_since = since };
    uint32_t uids[COUNT] = { 1, 2, 3, 4 };
    struct mail_result results[COUNT];
    char *text = arena_strdup(services->arena, "");

    mail_change_flags(&services->op, account, folder, uids, COUNT, &change,
                      results);
    for (size_t i = 0; i < COUNT; i++)
        text = arena_printf(services->arena, "%s%s%s", text, i > 0 ? " " : "",
                            status_name(results[i].status));
    return text;
}

static uint32_t flags_of(struct services *services, struct account *account,
                         int64_t folder, uint32_t uid)
{
    struct mail_view *view = NULL;

    cr_assert_eq(mail_refresh(&services->op, account, folder, &view),
                 STATUS_OK);
    uint32_t flags = mail_view_find(view, uid)->flags;
    mail_view_unref(&view);
    return flags;
}

Test(services_conditional, change_what_has_not_changed_in_one_call_and_a_look)
{
    struct services services = services_open(EXCHANGE_2016);
    struct folder_state state = fill(&services);

    cr_expect_str_eq(
        flag_all(&services, services.account, state.folder, state.modseq),
        "ok ok ok ok");
    cr_expect_eq(exchange_calls(services.exchange, "UpdateItem"), 1);
    cr_expect_leq(exchange_calls(services.exchange, NULL), 2);
    services_close(&services);
}

Test(services_conditional, leave_alone_what_others_have_changed_at_exchange)
{
    struct services services = services_open(EXCHANGE_2016);
    struct folder_state state = fill(&services);

    exchange_mark_read(services.exchange, ANN, NULL, 1, true);
    cr_expect_str_eq(
        flag_all(&services, services.account, state.folder, state.modseq),
        "ok conflict ok ok");
    cr_expect_eq(flags_of(&services, services.account, state.folder, 2),
                 MAIL_SEEN);
    cr_expect_eq(flags_of(&services, services.account, state.folder, 1),
                 MAIL_FLAGGED);
    services_close(&services);
}

Test(services_conditional, are_refused_for_what_this_gateway_has_changed)
{
    struct services services = services_open(EXCHANGE_2016);
    struct folder_state state = fill(&services);
    struct mail_flag_change change = { .change = MAIL_ADD, .flags = MAIL_SEEN };
    struct mail_result result;

    mail_change_flags(&services.op, services.account, state.folder,
                      (uint32_t[]){ 3 }, 1, &change, &result);
    cr_expect_str_eq(
        flag_all(&services, services.account, state.folder, state.modseq),
        "ok ok conflict ok");
    cr_expect_str_eq(flag_all(&services, services.account, state.folder, 0),
                     "conflict conflict conflict conflict");
    services_close(&services);
}

Test(services_conditional, say_of_a_message_that_is_gone_that_it_is)
{
    struct services services = services_open(EXCHANGE_2016);
    struct folder_state state = fill(&services);

    exchange_remove(services.exchange, ANN, NULL, 0);
    cr_expect_str_eq(
        flag_all(&services, services.account, state.folder, state.modseq),
        "not-found ok ok ok");
    services_close(&services);
}

/* --- Changes between the look and the write ------------------------------ */

static struct exchange *meddled;
static int meddling; /* how often somebody comes in between */
static bool visibly;
static struct backend meddling_backend;

static enum status meddle(struct op *op, struct remote *remote,
                          const struct remote_update updates[], size_t count,
                          struct remote_result results[])
{
    if (meddling-- > 0) {
        exchange_mark_read(meddled, ANN, NULL, 2, true);
        if (!visibly)
            exchange_mark_read(meddled, ANN, NULL, 2, false);
    }
    return exchange_memory_backend.items_update(op, remote, updates, count,
                                                results);
}

static enum status open_meddled(struct op *op, const struct settings *settings,
                                const char *user, const char *mailbox,
                                const struct secret *password,
                                struct remote **remote_out,
                                struct remote_account *about_out)
{
    enum status status = exchange_memory_backend.open(
        op, settings, user, mailbox, password, remote_out, about_out);

    if (status == STATUS_OK)
        (*remote_out)->backend = &meddling_backend;
    return status;
}

static struct account *login_meddled(struct services *services, int times,
                                     bool is_visible)
{
    struct account *account = NULL;

    account_unref(&services->account);
    accounts_free(&services->accounts);
    meddled = services->exchange;
    meddling = times;
    visibly = is_visible;
    meddling_backend = exchange_memory_backend;
    meddling_backend.open = open_meddled;
    meddling_backend.items_update = meddle;
    services->accounts = accounts_new(services->settings, &meddling_backend);
    cr_assert_eq(services_login(services, ANN, PASSWORD, &account), STATUS_OK);
    services->account = account;
    return account;
}

Test(services_conditional,
     lose_nothing_that_comes_between_the_look_and_the_write)
{
    struct services services = services_open(EXCHANGE_2016);
    struct account *account = login_meddled(&services, 1, true);
    struct folder_state state = fill(&services);

    cr_expect_str_eq(flag_all(&services, account, state.folder, state.modseq),
                     "ok ok conflict ok");
    cr_expect_eq(flags_of(&services, account, state.folder, 3), MAIL_SEEN);
    services_close(&services);
}

Test(services_conditional, do_not_mind_a_change_that_nobody_sees)
{
    struct services services = services_open(EXCHANGE_2016);
    struct account *account = login_meddled(&services, 2, false);
    struct folder_state state = fill(&services);

    cr_expect_str_eq(flag_all(&services, account, state.folder, state.modseq),
                     "ok ok ok ok");
    services_close(&services);
}

Test(services_conditional, find_out_what_became_of_a_lost_answer)
{
    struct services services = services_open(EXCHANGE_2016);
    struct folder_state state = fill(&services);

    services_fault(&services, "UpdateItem", FAULT_RESET_AFTER, 1);
    cr_expect_str_eq(
        flag_all(&services, services.account, state.folder, state.modseq),
        "ok ok ok ok");
    cr_expect_eq(exchange_calls(services.exchange, "UpdateItem"), 1);
    services_close(&services);
}
