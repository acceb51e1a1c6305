/*
 * services_views.c - tests of the views that stay in memory while nobody looks
 */
#include <criterion/criterion.h>

#include "proxy/exchange/mail_private.h"
#include "tests/proxy/exchange/services.h"

static struct services services;
static int64_t inbox, other;

static void begin(void)
{
    services = services_open(EXCHANGE_2016);
    services_deliver(&services, NULL, "first");
    inbox = services_folder(&services, "INBOX");
    other = services_folder(&services, "Drafts");
}

static void end(void)
{
    services_close(&services);
}

TestSuite(services_views, .init = begin, .fini = end);

static void set_limit(const char *octets)
{
    char *error = NULL;

    cr_assert(
        settings_set(services.settings, "store.view_limit", octets, &error),
        "%s", error);
}

static void look(int64_t folder)
{
    struct mail_view *view = services_refresh(&services, folder);

    mail_view_unref(&view);
}

/* The last session goes, and another one comes. */
static void come_back(void)
{
    account_unref(&services.account);
    cr_assert_eq(services_login(&services, "ann@example.com", PASSWORD,
                                &services.account),
                 STATUS_OK);
}

static unsigned made(int64_t folder)
{
    return place_of(services.account, folder)->whole_views;
}

Test(services_views, outlive_the_last_session)
{
    look(inbox);
    come_back();
    look(inbox);
    cr_expect_eq(made(inbox), 1);
}

Test(services_views, show_what_has_come_meanwhile)
{
    look(inbox);
    come_back();
    services_deliver(&services, NULL, "second");
    cr_expect_str_eq(services_uids(&services, inbox), "1:2");
    cr_expect_eq(made(inbox), 1);
}

Test(services_views, go_with_the_last_session_if_they_have_no_room)
{
    set_limit("0");
    look(inbox);
    come_back();
    look(inbox);
    cr_expect_eq(made(inbox), 2);
}

Test(services_views, stay_while_somebody_looks)
{
    struct mail_view *view = services_refresh(&services, inbox);

    set_limit("0");
    look(other);
    look(other);
    look(inbox);
    cr_expect_eq(made(inbox), 1);
    /* Nobody has given anything up since it was made. */
    cr_expect_eq(made(other), 1);
    come_back();
    look(other);
    look(inbox);
    cr_expect_eq(made(inbox), 1);
    cr_expect_eq(made(other), 2);
    mail_view_unref(&view);
}

Test(services_views, make_room_for_those_that_were_used_later)
{
    int64_t third = services_folder(&services, "Sent");

    look(inbox);
    look(other);
    look(inbox);
    set_limit("300");
    look(third);
    look(inbox);
    cr_expect_eq(made(inbox), 1);
    look(other);
    cr_expect_eq(made(other), 2);
}
