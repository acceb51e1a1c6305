/*
 * test_litmus.c - litmus holds the WebDAV of calendars to RFC 4918
 *
 * What litmus uploads reaches the gateway as events (see litmus_client.py).  Its
 * tests run in the order of the table of groups and pass, but for those that
 * have a line with what litmus says and why it cannot be otherwise; when such a
 * test passes one day, its line has to go.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/base/buf.h"
#include "tests/clients/harness.h"
#include "tests/clients/program.h"

/* clang-format off */
static const struct group {
    const char *name;
    const char *tests;
} groups[] = {
    { "basic",
      "init begin options put_get put_get_utf8_segment put_no_parent mkcol_over_plain delete "
      "delete_null delete_fragment mkcol mkcol_again delete_coll mkcol_no_parent mkcol_with_body "
      "finish " },
    { "copymove",
      "init begin copy_init copy_simple copy_overwrite copy_nodestcoll copy_cleanup copy_coll "
      "copy_shallow move move_coll move_cleanup finish " },
    { "props",
      "init begin propfind_invalid propfind_invalid2 propfind_d0 propinit propset propget "
      "propextended propmove propget propdeletes propget propreplace propget propnullns propget "
      "prophighunicode propget propremoveset propget propsetremove propget propvalnspace "
      "propwformed propinit propmanyns propget propcleanup finish " },
    { "http",
      "init begin expect100 finish " },
};

static const struct trouble {
    const char *group;
    const char *test;
    const char *says;
    const char *reason;
} troubles[] = {
    { "basic",    "options",        "server does not claim Class 2 compliance",
      "there are no locks" },
    { "basic",    "mkcol_again",    "gave 403",
      "it comes as MKCALENDAR, which says so: RFC 4791, 5.3.1.1" },
    { "copymove", "copy_simple",    "simple resource COPY",
      "two events of one UID cannot be in one calendar: RFC 4791, 5.3.2.1" },
    { "copymove", "copy_overwrite", "'Overwrite: F' MUST fail with 412",
      "as there is no copy, there is nothing to be overwritten" },
    { "copymove", "copy_coll",      "with overwrite: 412",
      "a calendar that is there is not lost by a word that was not said" },
    { "copymove", "copy_shallow",   "403 Forbidden",
      "the one before has left its collection there" },
    { "copymove", "move",           "onto existing resource with Overwrite: T",
      "what has another UID is not overwritten: RFC 4791, 5.3.2.1" },
    { "copymove", "move_coll",      "MOVE-on-existing-coll with overwrite",
      "as with copies" },
};
/* clang-format on */

static const struct trouble *find_trouble(const char *group, const char *test)
{
    for (size_t i = 0; i < sizeof troubles / sizeof *troubles; i++)
        if (strcmp(troubles[i].group, group) == 0 &&
            strcmp(troubles[i].test, test) == 0)
            return &troubles[i];
    return NULL;
}

static void check_result(const char *group, const char *test,
                         const char *result)
{
    const struct trouble *trouble = find_trouble(group, test);

    if (trouble == NULL)
        cr_expect_str_eq(result, "pass", "%s: %s: %s", group, test, result);
    else
        cr_expect(strstr(result, trouble->says) != NULL,
                  "%s: %s does not say \"%s\" (%s), but %s", group, test,
                  trouble->says, trouble->reason, result);
}

/* " 3. put_get............... FAIL (why)": checks such lines, and adds the
 * names to those that have run. */
static void check_line(const char *group, const char *line, struct buf *names)
{
    char test[64];
    unsigned number;

    /* It writes over what it has said while it was at it. */
    if (strrchr(line, '\r') != NULL)
        line = strrchr(line, '\r') + 1;
    const char *dots = strstr(line, "..");
    if (dots == NULL || sscanf(line, "%u. %63[a-z0-9_]", &number, test) != 2)
        return;
    check_result(group, test, dots + strspn(dots, ". "));
    buf_printf(names, "%s ", test);
}

static void run(const struct group *group)
{
    char *script = realpath("tests/clients/litmus_client.py", NULL);
    struct harness harness;
    struct buf names;
    char port[16];
    char *rest;

    cr_assert(script != NULL);
    harness_start(&harness, EXCHANGE_2016, NULL);
    snprintf(port, sizeof port, "%u", harness.caldav);
    const char *args[] = { "/usr/bin/python3", "-B",        script,
                           port,               group->name, NULL };
    char *output = program_succeed(&harness, args, NULL);
    buf_init(&names, NULL);
    for (char *line = strtok_r(output, "\n", &rest); line != NULL;
         line = strtok_r(NULL, "\n", &rest))
        check_line(group->name, line, &names);
    cr_expect_str_eq(names.data, group->tests);
    buf_fini(&names);
    free(output);
    free(script);
    harness_stop(&harness);
}

Test(litmus, makes_reads_and_deletes, .timeout = SECONDS)
{
    run(&groups[0]);
}

Test(litmus, copies_and_moves, .timeout = SECONDS)
{
    run(&groups[1]);
}

Test(litmus, sets_and_reads_properties, .timeout = SECONDS)
{
    run(&groups[2]);
}

Test(litmus, is_told_to_go_on, .timeout = SECONDS)
{
    run(&groups[3]);
}

/* Without the bridge: there is nothing but calendars and address books. */
Test(litmus, plain_collections_are_refused, .timeout = SECONDS)
{
    struct harness harness;
    struct program program = { .name = "/usr/libexec/litmus/basic" };
    char url[128];

    harness_start(&harness, EXCHANGE_2016, NULL);
    snprintf(url, sizeof url, "http://localhost:%u/users/" ANN "/",
             harness.caldav);
    const char *args[] = { "--htdocs", "/usr/share/litmus/htdocs", url, ANN,
                           PASSWORD, NULL };
    program_run(&program, &harness, args);
    cr_expect(program.status == 1 &&
                  strstr(program.output, "403 Forbidden") != NULL,
              "%d: %s", program.status, program.output);
    program_fini(&program);
    harness_stop(&harness);
}
