/*
 * test_quota.c - how full the mailbox is (RFC 9208)
 */
#include <criterion/criterion.h>

#include <stdio.h>
#include <string.h>

#include "tests/exchange/exchange.h"
#include "tests/imap/ann.h"

TestSuite(imap_quota, .init = ann_begin, .fini = ann_end);

Test(imap_quota, is_not_there_without_a_limit)
{
    ann_expect("GETQUOTAROOT INBOX",
               "* QUOTAROOT INBOX\na OK GETQUOTAROOT completed\n");
    ann_expect("GETQUOTA \"\"",
               "a NO [NONEXISTENT] There is no such quota root\n");
}

Test(imap_quota, tells_what_is_used_in_kilobytes)
{
    const char *answer;
    unsigned long used = 0;

    exchange_set_quota(imap_world_exchange(world), 10 * 1024 * 1024);
    imap_world_add(world, NULL, "one");
    answer = imap_client_say(ann, "a GETQUOTAROOT INBOX\n");
    cr_expect_eq(sscanf(answer,
                        "* QUOTAROOT INBOX \"\"\n"
                        "* QUOTA \"\" (STORAGE %lu 10240)\na OK",
                        &used),
                 1, "%s", answer);
    cr_expect_eq(used, 1);
    ann_expect("GETQUOTA \"\"", "* QUOTA \"\" (STORAGE 1 10240)\n"
                                "a OK GETQUOTA completed\n");
}

Test(imap_quota, costs_one_call_for_some_seconds)
{
    exchange_set_quota(imap_world_exchange(world), 10 * 1024 * 1024);
    imap_client_say(ann, "a STATUS INBOX (UIDVALIDITY)\n");
    exchange_reset_calls(imap_world_exchange(world));
    imap_client_say(ann, "a GETQUOTAROOT INBOX\nb GETQUOTA \"\"\n"
                         "c GETQUOTAROOT Sent\n");
    cr_expect_eq(exchange_calls(imap_world_exchange(world), NULL), 1);
    imap_world_set(world, "exchange.status_interval", "0");
    imap_client_say(ann, "a GETQUOTA \"\"\n");
    cr_expect_eq(exchange_calls(imap_world_exchange(world), NULL), 2);
}

Test(imap_quota, is_set_by_nobody_here)
{
    ann_expect(
        "SETQUOTA \"\" (STORAGE 512)",
        "a NO [NOPERM] Limits are set by the administrator of Exchange\n");
    ann_expect("SETQUOTA \"\" (STORAGE)",
               "a BAD SETQUOTA takes a quota root and a list of limits\n");
}

Test(imap_quota, refuses_what_is_not_there)
{
    ann_expect("GETQUOTA other",
               "a NO [NONEXISTENT] There is no such quota root\n");
    ann_expect("GETQUOTAROOT nothing", "a NO [NONEXISTENT] No such mailbox\n");
    ann_expect("GETQUOTA", "a BAD GETQUOTA takes a quota root\n");
    ann_expect("GETQUOTAROOT", "a BAD GETQUOTAROOT takes a mailbox\n");
}

Test(imap_quota, says_so_when_exchange_cannot_be_asked)
{
    const struct exchange_fault_rule rule = { .operation = "GetFolder",
                                              .fault = FAULT_HTTP_503,
                                              .times = 1 };

    exchange_set_fault(imap_world_exchange(world), &rule);
    ann_expect("GETQUOTA \"\"",
               "a NO [UNAVAILABLE] Exchange cannot be reached\n");
}
