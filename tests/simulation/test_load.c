/*
 * test_load.c - the simulated Exchange counts what each user asks for at one
 * time, and refuses what is too much
 */
#include "tests/exchange/load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "tests/simulation/asking.h"

#define USER "ann@example.com"
#define OTHER "bert@example.com"

static struct asking t;

static void set_up(void)
{
    asking_begin(&t, EXCHANGE_2016);
    exchange_add_user(t.exchange, USER, "Ann", "secret", "en");
    exchange_add_user(t.exchange, OTHER, "Bert", "secret", "en");
}

static void tear_down(void)
{
    asking_end(&t);
}

TestSuite(load, .init = set_up, .fini = tear_down, .timeout = 600);

/* The code that a call is refused with, NULL if it is not. */
static const char *enter(const char *user, const char *operation)
{
    struct exchange_fault_rule refusal;

    load_enter(t.exchange, user, operation, &refusal);
    return refusal.fault == FAULT_NONE ? NULL : refusal.code;
}

Test(load, counts_by_user_and_by_kind)
{
    enter(USER, "GetItem");
    enter(USER, "FindItem");
    enter(OTHER, "SyncFolderItems");
    load_leave(t.exchange, USER, "GetItem");
    enter(USER, "SyncFolderItems");
    cr_expect_eq(exchange_load_peak(t.exchange, USER, LOAD_CALLS), 2);
    cr_expect_eq(exchange_load_peak(t.exchange, USER, LOAD_LISTS), 2);
    cr_expect_eq(exchange_load_peak(t.exchange, OTHER, LOAD_CALLS), 1);
    cr_expect_eq(exchange_load_peak(t.exchange, NULL, LOAD_CALLS), 2);
    load_leave(t.exchange, USER, "FindItem");
    exchange_reset_calls(t.exchange);
    cr_expect_eq(exchange_load_peak(t.exchange, USER, LOAD_CALLS), 1);
}

Test(load, refuses_nothing_without_a_policy)
{
    for (int i = 0; i < 100; i++)
        cr_expect_null(enter(USER, "SyncFolderItems"));
}

Test(load, refuses_what_the_policy_forbids)
{
    exchange_set_policy(t.exchange,
                        &(struct exchange_policy){
                            .calls = 4, .syncs = 2, .back_off = 100 });
    cr_expect_null(enter(USER, "SyncFolderItems"));
    cr_expect_null(enter(USER, "FindItem"));
    cr_expect_null(enter(USER, "SyncFolderHierarchy"));
    cr_expect_str_eq(enter(USER, "SyncFolderItems"), "ErrorServerBusy");
    cr_expect_str_eq(enter(USER, "GetItem"), "ErrorExceededConnectionCount");
    cr_expect_null(enter(OTHER, "GetItem"));
    load_leave(t.exchange, USER, "GetItem");
    load_leave(t.exchange, USER, "SyncFolderItems");
    cr_expect_null(enter(USER, "GetItem"));
}

#define FIND(page) \
    "<m:FindItem Traversal=\"Shallow\"><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape>" \
    page "<m:ParentFolderIds><t:DistinguishedFolderId Id=\"inbox\"/></m:ParentFolderIds></m:FindItem>"
#define PAGE \
    "<m:IndexedPageItemView MaxEntriesReturned=\"10\" Offset=\"0\" BasePoint=\"Beginning\"/>"

static char *find(const char *version)
{
    return asking_ask(&t, USER, version, "", FIND(PAGE), NULL, NULL);
}

Test(load, gives_fewer_rows_when_many_are_looked_for)
{
    exchange_fill(t.exchange, USER, NULL, 20);
    exchange_set_policy(t.exchange, &(struct exchange_policy){ .rows = 12 });
    enter(USER, "FindItem");
    cr_expect_eq(asking_times(find("Exchange2013_SP1"), "<t:Message>"), 10);
    enter(USER, "FindItem");
    cr_expect_eq(asking_times(find("Exchange2013_SP1"), "<t:Message>"), 6);
    cr_expect_not_null(strstr(find("Exchange2013_SP1"),
                              "IncludesLastItemInRange=\"false\""));
}

Test(load, refuses_too_many_rows_up_to_2010)
{
    asking_restart(&t, EXCHANGE_2010_SP2);
    exchange_add_user(t.exchange, USER, "Ann", "secret", "en");
    exchange_set_policy(t.exchange, &(struct exchange_policy){ .rows = 12 });
    enter(USER, "FindItem");
    cr_expect_str_eq(asking_code(&t, find("Exchange2010_SP2")), "NoError");
    enter(USER, "FindItem");
    cr_expect_str_eq(asking_code(&t, find("Exchange2010_SP2")),
                     "ErrorExceededFindCountLimit");
    cr_expect_str_eq(asking_code(&t, find("Exchange2007_SP1")),
                     "ErrorServerBusy");
}

Test(load, is_installed_with_limits)
{
    cr_expect_eq(exchange_installed_policy(EXCHANGE_2010_SP2).calls, 10);
    cr_expect_eq(exchange_installed_policy(EXCHANGE_2016).calls, 27);
    cr_expect_eq(exchange_installed_policy(EXCHANGE_2016).syncs, 5);
    cr_expect_eq(exchange_installed_policy(EXCHANGE_2007_SP1).calls, 0);
}

Test(load, answers_a_refused_call_with_a_fault)
{
    struct exchange_fault_rule busy = { .fault = FAULT_SERVER_BUSY,
                                        .code = "ErrorExceededConnectionCount",
                                        .parameter = 5 };
    char *answer =
        asking_ask(&t, USER, "Exchange2013_SP1", "", FIND(""), &busy, NULL);

    cr_expect_str_eq(asking_code(&t, answer), "ErrorExceededConnectionCount");
}

Test(load, remembers_anchors)
{
    char *anchors;
    char *command;
    FILE *pipe;

    cr_assert(exchange_serve(t.exchange, 0, false, EXCHANGE_BASIC) != 0);
    command = arena_printf(
        t.arena,
        "curl -s -o /dev/null -u " USER ":secret -H 'Content-Type: text/xml'"
        " -H 'X-AnchorMailbox: " OTHER "' -d '<Body><GetFolder/></Body>' %s;"
        " curl -s -o /dev/null -u " USER ":secret -H 'Content-Type: text/xml'"
        " -d '<Body><GetItem/></Body>' %s",
        exchange_url(t.exchange), exchange_url(t.exchange));
    pipe = popen(command, "r");
    cr_assert_not_null(pipe);
    pclose(pipe);
    anchors = exchange_anchors(t.exchange);
    cr_expect_str_eq(anchors, "GetFolder " OTHER "\nGetItem -\n");
    free(anchors);
    cr_expect_eq(exchange_load_peak(t.exchange, USER, LOAD_CALLS), 1);
    exchange_stop(t.exchange);
}
