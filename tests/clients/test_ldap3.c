/*
 * test_ldap3.c - python3-ldap3 looks people up, and fifty at once
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/clients/harness.h"
#include "tests/clients/people.h"
#include "tests/clients/program.h"

static void run(struct harness *harness, const char *crowd)
{
    char *script = realpath("tests/clients/ldap3_client.py", NULL);
    char port[8];

    cr_assert(script != NULL);
    snprintf(port, sizeof port, "%u", harness->ldap);
    const char *args[] = { "/usr/bin/python3", "-B",  script, port,
                           harness->ca_file,   crowd, NULL };
    char *output = program_succeed(harness, args, NULL);
    cr_expect(strstr(output, "done\n") != NULL, "%s", output);
    free(output);
    free(script);
}

Test(ldap3, understands_all_of_it, .timeout = SECONDS)
{
    struct harness harness;

    harness_start(&harness, EXCHANGE_2016, NULL);
    people_fill(&harness);
    run(&harness, NULL);
    harness_stop(&harness);
}

/* Each of fifty types three letters, and all together ask once.  The login asks
 * as well, for the owner's own addresses. */
Test(ldap3, searches_fifty_times_at_once_with_one_call, .timeout = SECONDS)
{
    struct harness harness;

    harness_start(&harness, EXCHANGE_2016, NULL);
    people_fill(&harness);
    exchange_reset_calls(harness.exchange);
    run(&harness, "50");
    cr_expect_eq(exchange_calls(harness.exchange, "ResolveNames"), 1 + 1, "%u",
                 exchange_calls(harness.exchange, "ResolveNames"));
    harness_stop(&harness);
}
