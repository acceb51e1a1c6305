/*
 * test_offlineimap.c - offlineimap keeps a Maildir and the mailbox the same
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/clients/harness.h"
#include "tests/clients/program.h"

static void start(struct harness *harness, size_t count)
{
    harness_start(harness, EXCHANGE_2016, NULL);
    harness_deliver_many(harness, count);
    harness_write(harness, ".offlineimaprc",
                  "[general]\n"
                  "accounts = a\n"
                  "ui = basic\n"
                  "socktimeout = 300\n"
                  "[Account a]\n"
                  "localrepository = near\n"
                  "remoterepository = far\n"
                  "[Repository near]\n"
                  "type = Maildir\n"
                  "localfolders = %s/mail\n"
                  "[Repository far]\n"
                  "type = IMAP\n"
                  "remotehost = localhost\n"
                  "remoteport = %u\n"
                  "remoteuser = " ANN "\n"
                  "remotepass = " PASSWORD "\n"
                  "ssl = yes\n"
                  "sslcacertfile = %s\n",
                  harness->directory, harness->imaps, harness->ca_file);
}

static char *synchronise(const struct harness *harness)
{
    const char *args[] = { "offlineimap", "-o", NULL };

    return program_succeed(harness, args, NULL);
}

/* How many files there are below a folder of the Maildir. */
static int files_of(const struct harness *harness, const char *folder)
{
    char command[200];
    const char *args[] = { "sh", "-c", command, NULL };

    snprintf(command, sizeof command,
             "find mail/%s/cur mail/%s/new -type f | wc -l", folder, folder);
    char *output = program_succeed(harness, args, NULL);
    int count = atoi(output);
    free(output);
    return count;
}

Test(offlineimap, copies_everything_and_then_nothing, .timeout = SECONDS)
{
    struct harness harness;

    start(&harness, 10);
    free(synchronise(&harness));
    cr_expect(files_of(&harness, "INBOX") == 10);

    exchange_reset_calls(harness.exchange);
    char *output = synchronise(&harness);
    cr_expect(strstr(output, "Copy message") == NULL, "%s", output);
    free(output);
    cr_expect(exchange_calls(harness.exchange, "GetItem") == 0);
    cr_expect(files_of(&harness, "INBOX") == 10);
    cr_expect(exchange_count(harness.exchange, ANN, NULL) == 10);
    harness_stop(&harness);
}

Test(offlineimap, carries_changes_both_ways, .timeout = SECONDS)
{
    struct harness harness;

    start(&harness, 4);
    free(synchronise(&harness));
    harness_write(&harness, "mail/INBOX/cur/1.2.3:2,S",
                  "From: <" ANN ">\nSubject: Local\nMessage-ID: <local@x>\n\n"
                  "Hello\n");
    exchange_remove(harness.exchange, ANN, NULL, 0);
    free(synchronise(&harness));
    cr_expect(exchange_count(harness.exchange, ANN, NULL) == 4);
    cr_expect(exchange_count_message_id(harness.exchange, ANN, NULL,
                                        "<local@x>") == 1);
    cr_expect(files_of(&harness, "INBOX") == 4);

    const char *args[] = { "sh", "-c",
                           "rm \"$(grep -rl 'Subject: Number 3' mail/INBOX)\"",
                           NULL };
    free(program_succeed(&harness, args, NULL));
    free(synchronise(&harness));
    cr_expect(exchange_count(harness.exchange, ANN, NULL) == 3);
    harness_stop(&harness);
}
