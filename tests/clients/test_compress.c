/*
 * test_compress.c - COMPRESS=DEFLATE as Python's imaplib and zlib speak it
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/clients/harness.h"
#include "tests/clients/program.h"

/* Without a file of certificates there is no TLS. */
static void compress(struct harness *harness, uint16_t port, const char *ca_file)
{
    char *script = realpath("tests/clients/compress_client.py", NULL);
    char number[16];

    cr_assert(script != NULL);
    snprintf(number, sizeof number, "%u", (unsigned)port);
    const char *args[] = { "/usr/bin/python3", "-B",    script,
                           number,             ca_file, NULL };
    char *output = program_succeed(harness, args, NULL);
    cr_expect(strstr(output, "\ndone\n") != NULL, "%s", output);
    free(output);
    free(script);
}

Test(compress, works_with_imaplib_with_and_without_tls, .timeout = SECONDS)
{
    struct harness harness;

    harness_start(&harness, EXCHANGE_2016, NULL);
    harness_deliver_many(&harness, 3);
    compress(&harness, harness.imap, NULL);
    harness_stop(&harness);

    harness_start(&harness, EXCHANGE_2016, NULL);
    harness_deliver_many(&harness, 3);
    compress(&harness, harness.imaps, harness.ca_file);
    harness_stop(&harness);
}
