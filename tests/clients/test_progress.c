/*
 * test_progress.c - a client is told that a long command is still at work
 */
#include <criterion/criterion.h>

#include "tests/clients/harness.h"
#include "tests/clients/script.h"

/* Milliseconds before each tenth of an answer: longer than the gateway stays
 * silent. */
#define SLOW_MS 700

Test(progress, is_told_while_a_mailbox_is_read_for_the_first_time,
     .timeout = SECONDS)
{
    struct harness harness;

    harness_start(&harness, EXCHANGE_2016, NULL);
    harness_deliver_many(&harness, 3);
    harness_fault(&harness, "SyncFolderItems", FAULT_SLOW, 1, SLOW_MS);
    script_imap(&harness,
                "C: b7 SELECT INBOX\n"
                "S: * OK [INPROGRESS (\"b7\" NIL NIL)] *\n"
                "S- ** 3 EXISTS !! b7 *\n"
                "S. b7 OK [READ-WRITE] *\n");
    harness_stop(&harness);
}
