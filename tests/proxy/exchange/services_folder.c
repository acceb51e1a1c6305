/*
 * services_folder.c - tests of folder.c
 */
#include <string.h>

#include <criterion/criterion.h>

#include "proxy/base/str.h"
#include "tests/proxy/exchange/services.h"

static void german(struct services *services)
{
    account_unref(&services->account);
    cr_assert_eq(services_login(services, BOB, PASSWORD, &services->account),
                 STATUS_OK);
}

Test(services_folder,
     names_standard_folders_in_english_whatever_the_mailbox_speaks)
{
    struct services services = services_open(EXCHANGE_2016);

    german(&services);
    cr_expect_neq(services_folder(&services, "INBOX"), 0);
    cr_expect_neq(services_folder(&services, "Sent"), 0);
    cr_expect_neq(services_folder(&services, "Drafts"), 0);
    cr_expect_neq(services_folder(&services, "Trash"), 0);
    cr_expect_neq(services_folder(&services, "Junk"), 0);
    services_close(&services);
}

Test(services_folder,
     tells_an_ordinary_folder_from_a_standard_one_of_the_same_name)
{
    struct services services = services_open(EXCHANGE_2016);

    exchange_add_folder(services.exchange, BOB, "Sent");
    german(&services);
    int64_t sent = services_folder(&services, "Sent");
    int64_t other = services_folder(&services, "Sent (2)");
    struct folder found;

    cr_expect_neq(other, 0);
    cr_expect_eq(
        folder_by_use(&services.op, services.account, FOLDER_SENT, &found),
        STATUS_OK);
    cr_expect_eq(found.id, sent);
    services_close(&services);
}

Test(services_folder, asks_exchange_only_when_the_tree_is_old)
{
    struct services services = services_open(EXCHANGE_2016);

    services_folder(&services, "INBOX");
    exchange_reset_calls(services.exchange);
    services_folder(&services, "INBOX");
    cr_expect_eq(exchange_calls(services.exchange, NULL), 0);
    cr_expect_eq(folder_refresh(&services.op, services.account), STATUS_OK);
    cr_expect_eq(exchange_calls(services.exchange, NULL), 1);
    services_close(&services);
}

Test(services_folder, creates_renames_moves_and_deletes)
{
    struct services services = services_open(EXCHANGE_2016);
    struct account *account = services.account;
    int64_t a = 0, b = 0, c = 0;

    cr_expect_eq(folder_create(&services.op, account, 0, FOLDER_MAIL, "A", &a),
                 STATUS_OK);
    cr_expect_eq(
        folder_create(&services.op, account, a, FOLDER_MAIL, "B/x", &b),
        STATUS_OK);
    cr_expect_eq(folder_create(&services.op, account, 0, FOLDER_MAIL, "a", &c),
                 STATUS_EXISTS);
    cr_expect_eq(folder_delete(&services.op, account, a), STATUS_CANNOT);
    cr_expect_eq(folder_rename(&services.op, account, b, 0, "C"), STATUS_OK);
    cr_expect_eq(services_folder(&services, "C"), b);
    cr_expect_eq(folder_rename(&services.op, account, a, b, "A"), STATUS_OK);
    cr_expect_eq(services_folder(&services, "C/A"), a);
    cr_expect_eq(folder_rename(&services.op, account, b, a, "C"),
                 STATUS_CANNOT);
    cr_expect_eq(folder_refresh(&services.op, account), STATUS_OK);
    cr_expect_eq(services_folder(&services, "C/A"), a);
    cr_expect_eq(folder_delete(&services.op, account, a), STATUS_OK);
    cr_expect_eq(services_folder(&services, "C/A"), 0);
    cr_expect_eq(folder_delete(&services.op, account,
                               services_folder(&services, "INBOX")),
                 STATUS_CANNOT);
    services_close(&services);
}

/* The new place has a folder of the old name, the old place one of the new. */
Test(services_folder, moves_between_names_that_are_taken)
{
    const struct exchange_fault_rule fault = { "UpdateFolder",
                                               FAULT_RESPONSE_CODE, 1, 1, 0,
                                               "ErrorAccessDenied" };
    struct services services = services_open(EXCHANGE_2016);
    struct account *account = services.account;
    int64_t a = 0, x = 0, y = 0, other = 0;

    folder_create(&services.op, account, 0, FOLDER_MAIL, "A", &a);
    folder_create(&services.op, account, a, FOLDER_MAIL, "x", &x);
    folder_create(&services.op, account, a, FOLDER_MAIL, "y", &y);
    folder_create(&services.op, account, x, FOLDER_MAIL, "y", &other);
    exchange_set_fault(services.exchange, &fault);
    cr_expect_eq(folder_rename(&services.op, account, y, x, "x"),
                 STATUS_DENIED);
    folder_refresh(&services.op, account);
    cr_expect_eq(services_folder(&services, "A/y"), y);
    cr_expect_eq(folder_rename(&services.op, account, y, x, "x"), STATUS_OK);
    folder_refresh(&services.op, account);
    cr_expect_eq(services_folder(&services, "A/x/x"), y);
    cr_expect_eq(services_folder(&services, "A/x/y"), other);
    cr_expect_eq(services_folder(&services, "A/x"), x);
    services_close(&services);
}

static uint32_t validity(struct services *services, int64_t id)
{
    struct folder *folders;
    size_t count;

    cr_assert_eq(
        folder_list(&services->op, services->account, &folders, &count),
        STATUS_OK);
    for (size_t i = 0; i < count; i++)
        if (folders[i].id == id)
            return folders[i].uid_validity;
    return 0;
}

Test(services_folder, gives_a_folder_made_anew_another_uid_validity)
{
    struct services services = services_open(EXCHANGE_2016);
    int64_t first = 0, second = 0;

    folder_create(&services.op, services.account, 0, FOLDER_MAIL, "A", &first);
    uint32_t old = validity(&services, first);
    cr_expect_eq(folder_delete(&services.op, services.account, first),
                 STATUS_OK);
    cr_expect_eq(folder_create(&services.op, services.account, 0, FOLDER_MAIL,
                               "A", &second),
                 STATUS_OK);
    cr_expect_gt(validity(&services, second), old);
    cr_expect_neq(first, second);
    services_close(&services);
}

Test(services_folder, remembers_subscriptions)
{
    struct services services = services_open_on_disk(EXCHANGE_2016);
    int64_t inbox = services_folder(&services, "INBOX");
    struct folder folder;

    cr_expect_eq(folder_subscribe(&services.op, services.account, inbox, false),
                 STATUS_OK);
    services_restart(&services);
    folder_by_use(&services.op, services.account, FOLDER_INBOX, &folder);
    cr_expect_not(folder.subscribed);
    services_close(&services);
}

/* clang-format off */
static const struct {
    const char *operation;
    enum exchange_fault fault;
} lost[] = {
    { "CreateFolder", FAULT_RESET_BEFORE },
    { "CreateFolder", FAULT_RESET_AFTER },
    { "CreateFolder", FAULT_TRUNCATED },
    { "UpdateFolder", FAULT_RESET_BEFORE },
    { "UpdateFolder", FAULT_RESET_AFTER },
    { "DeleteFolder", FAULT_RESET_BEFORE },
    { "DeleteFolder", FAULT_RESET_AFTER },
};
/* clang-format on */

Test(services_folder, does_everything_once_when_an_answer_is_lost)
{
    for (size_t i = 0; i < sizeof lost / sizeof lost[0]; i++) {
        struct services services = services_open(EXCHANGE_2016);
        struct account *account = services.account;
        int64_t a = 0;

        services_folder(&services, "INBOX");
        services_fault(&services, lost[i].operation, lost[i].fault, 1);
        cr_expect_eq(
            folder_create(&services.op, account, 0, FOLDER_MAIL, "A", &a),
            STATUS_OK, "case %zu", i);
        cr_expect_neq(a, 0);
        cr_expect_eq(folder_rename(&services.op, account, a, 0, "B"), STATUS_OK,
                     "case %zu", i);
        cr_expect_eq(folder_refresh(&services.op, account), STATUS_OK);
        cr_expect_eq(services_folder(&services, "A"), 0);
        cr_expect_eq(services_folder(&services, "B"), a, "case %zu", i);
        cr_expect_eq(folder_delete(&services.op, account, a), STATUS_OK,
                     "case %zu", i);
        cr_expect_eq(folder_refresh(&services.op, account), STATUS_OK);
        cr_expect_eq(services_folder(&services, "B"), 0);
        services_close(&services);
    }
}
