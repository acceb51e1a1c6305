/*
 * test_python_caldav.c - python3-caldav finds, reads and writes calendars
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/clients/harness.h"
#include "tests/clients/program.h"

static void use(enum exchange_version version, bool tls, const char *path)
{
    char *script = realpath("tests/clients/caldav_client.py", NULL);
    struct harness harness;
    char url[128];

    cr_assert(script != NULL);
    harness_start(&harness, version, NULL);
    snprintf(url, sizeof url, "%s://localhost:%u%s", tls ? "https" : "http",
             tls ? harness.caldavs : harness.caldav, path);
    const char *args[] = {
        "/usr/bin/python3",           "-B", script, url,
        tls ? harness.ca_file : NULL, NULL
    };
    char *output = program_succeed(&harness, args, NULL);
    cr_expect(strstr(output, "\ndone\n") != NULL, "%s", output);
    free(output);
    free(script);
    harness_stop(&harness);
}

Test(python_caldav, works_from_the_root_over_tls, .timeout = SECONDS)
{
    use(EXCHANGE_2016, true, "/");
}

Test(python_caldav, works_from_the_url_of_davmails_users, .timeout = SECONDS)
{
    use(EXCHANGE_2013_SP1, false, "/users/" ANN "/calendar");
}

Test(python_caldav, works_with_exchange_2010, .timeout = SECONDS)
{
    use(EXCHANGE_2010_SP1, false, "/principals/users/" ANN "/");
}

Test(python_caldav, works_with_exchange_2007, .timeout = SECONDS)
{
    use(EXCHANGE_2007_SP1, true, "/");
}
