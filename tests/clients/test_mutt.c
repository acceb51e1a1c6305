/*
 * test_mutt.c - neomutt reads, flags, moves and sends
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/clients/harness.h"
#include "tests/clients/neomutt.h"
#include "tests/clients/program.h"
#include "tests/clients/script.h"

static void start(struct harness *harness, size_t count)
{
    harness_start(harness, EXCHANGE_2016, NULL);
    harness_deliver_many(harness, count);
    harness_write(harness, "muttrc",
                  "set from = \"" ANN "\"\n"
                  "set realname = \"Ann Example\"\n"
                  "set imap_user = \"" ANN "\"\n"
                  "set imap_pass = \"" PASSWORD "\"\n"
                  "set smtp_pass = \"" PASSWORD "\"\n"
                  "set folder = \"imaps://localhost:%u/\"\n"
                  "set spool_file = \"+INBOX\"\n"
                  "set record = \"+Sent\"\n"
                  "set smtp_url = \"smtp://" ANN "@localhost:%u/\"\n"
                  "set ssl_force_tls = yes\n"
                  "set ssl_ca_certificates_file = \"%s\"\n"
                  "set certificate_file = \"%s\"\n"
                  "set confirm_append = no\nset confirm_create = no\n"
                  "set delete = yes\nset quit = yes\nset move = no\n"
                  "set sort = reverse-date-received\n"
                  "set wait_key = no\nset connect_timeout = 300\n",
                  harness->imaps, harness->smtp, harness->ca_file,
                  harness->ca_file);
}

static char *drive(const struct harness *harness, const char *lines)
{
    return neomutt_drive(harness, "", lines);
}

Test(mutt, reads_and_flags, .timeout = SECONDS)
{
    struct harness harness;

    start(&harness, 3);
    free(drive(&harness, "see {Number 1}\n"
                         "send \"\\r\"\n"
                         "see {Hello}\n"
                         "send \"i\"\n"
                         "see {Number 1}\n"
                         "send \"F\"\n"
                         "send \"q\"\n"));
    script_imap(&harness, "C: a SELECT INBOX\nS. a OK *\n"
                          "C: b SEARCH SEEN FLAGGED\n"
                          "S: * SEARCH *\nS: b OK *\n"
                          "C: c SEARCH UNSEEN UNFLAGGED\n"
                          "S: * SEARCH * *\nS: c OK *\n");
    harness_stop(&harness);
}

Test(mutt, moves_and_deletes, .timeout = SECONDS)
{
    struct harness harness;

    start(&harness, 3);
    exchange_add_folder(harness.exchange, ANN, "Kept");
    free(drive(&harness, "see {Number 1}\n"
                         "send \"s\"\n"
                         "see {Save to mailbox}\n"
                         "send \"\\025=Kept\\r\"\n"
                         "see {Number 2}\n" /* it is the current one */
                         "send \"d\"\n"
                         "see {Number 1}\n"
                         "send \"q\"\n"));
    cr_expect(exchange_count(harness.exchange, ANN, "Kept") == 1);
    cr_expect(exchange_count(harness.exchange, ANN, NULL) == 1);
    harness_stop(&harness);
}

Test(mutt, sends_and_keeps_one_copy, .timeout = SECONDS)
{
    const char *args[] = { "neomutt", "-n",         "-F", "muttrc",
                           "-s",      "By neomutt", "-a", "note.txt",
                           "--",      BOB,          NULL };
    struct harness harness;
    size_t len;

    start(&harness, 0);
    harness_write(&harness, "note.txt", "A note with 8-bit: \xc3\xa4\n");
    free(program_succeed(&harness, args, "Hello from neomutt\n"));
    cr_assert(exchange_count(harness.exchange, BOB, NULL) == 1);
    char *text = exchange_content(harness.exchange, BOB, NULL, 0, &len);
    cr_expect(strstr(text, "Subject: By neomutt\r\n") != NULL);
    free(text);

    /* neomutt has put its copy into Sent, where Exchange has kept one. */
    cr_expect(exchange_count(harness.exchange, ANN, "Sent Items") == 1);
    harness_stop(&harness);
}
