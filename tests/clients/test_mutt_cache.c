/*
 * test_mutt_cache.c - neomutt keeps headers and asks only for what has changed
 *
 * With header_cache and imap_qresync it asks for what has changed and vanished
 * since it was there (RFC 7162, 3.2.6).  Its own log tells what it has said.
 * After anything has vanished neomutt takes its numbers for wrong and reads all
 * flags, though it has been told right.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/clients/harness.h"
#include "tests/clients/program.h"

#define MESSAGES 5

static void start(struct harness *harness)
{
    harness_start(harness, EXCHANGE_2016, NULL);
    harness_deliver_many(harness, MESSAGES);
    harness_write(harness, "muttrc",
                  "set imap_user = \"" ANN "\"\n"
                  "set imap_pass = \"" PASSWORD "\"\n"
                  "set folder = \"imaps://localhost:%u/\"\n"
                  "set spool_file = \"+INBOX\"\n"
                  "set ssl_force_tls = yes\n"
                  "set ssl_ca_certificates_file = \"%s\"\n"
                  "set certificate_file = \"%s\"\n"
                  "set header_cache = \"%s/headers\"\n"
                  "set imap_condstore = yes\nset imap_qresync = yes\n"
                  "set delete = yes\nset quit = yes\nset move = no\n"
                  "set sort = reverse-date-received\nset wait_key = no\n"
                  "set connect_timeout = 300\n",
                  harness->imaps, harness->ca_file, harness->ca_file,
                  harness->directory);
}

/* Opens the inbox on a terminal until the text shows and it is at rest, and
 * leaves; returns what neomutt has noted. */
static char *visit(const struct harness *harness, const char *text,
                   const char *absent, const char *log)
{
    const char *args[] = { "expect", "-f", "drive.exp", NULL };
    char name[40];

    harness_write(harness, "drive.exp",
                  "set timeout 180\n"
                  "set stty_init \"rows 30 columns 100\"\n"
                  "spawn neomutt -n -F muttrc -d 2 -l %s\n"
                  "expect {\n"
                  "    -re {%s} {}\n"
                  "    -re {%s} { puts \"\\nit shows what is gone\"; exit 1 }\n"
                  "    timeout { puts \"\\nit does not show\"; exit 1 }\n"
                  "    eof { puts \"\\nended\"; exit 1 }\n"
                  "}\n"
                  "send \"q\"\n"
                  "expect {\n"
                  "    eof {}\n"
                  "    timeout { puts \"\\ndoes not end\"; exit 1 }\n"
                  "}\n",
                  log, text, absent);
    free(program_succeed(harness, args, NULL));
    snprintf(name, sizeof name, "%s0", log);
    char *noted = harness_read(harness, name);
    if (noted == NULL)
        noted = harness_read(harness, log);
    cr_assert(noted != NULL);
    return noted;
}

Test(mutt_cache, comes_back_by_qresync, .timeout = SECONDS)
{
    struct harness harness;

    start(&harness);
    char *first = visit(&harness, "Number 1", "Number 99", "first");
    cr_expect(strstr(first, "ENABLE QRESYNC") != NULL, "%s", first);
    cr_expect(strstr(first, "CHANGEDSINCE") == NULL);

    char *mime = harness_message("Late", "<late@x>", "Hello\r\n");
    harness_deliver(&harness, NULL, mime);
    exchange_flag(harness.exchange, ANN, NULL, 0, true);
    char *second = visit(&harness, "Late", "Number 99", "second");
    cr_expect(strstr(second, "CHANGEDSINCE") != NULL, "%s", second);
    cr_expect(strstr(second, "QRESYNC failed") == NULL, "%s", second);

    exchange_remove(harness.exchange, ANN, NULL, MESSAGES - 1);
    char *third = visit(&harness, "Late", "Number 5", "third");
    cr_expect(strstr(third, "Handling VANISHED") != NULL, "%s", third);
    free(mime);
    free(first);
    free(second);
    free(third);
    harness_stop(&harness);
}
