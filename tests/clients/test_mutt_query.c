/*
 * test_mutt_query.c - neomutt looks people up by the README's script
 *
 * Script and setting are read from README.md, so that what is told there works;
 * only the port and the user are others.
 */
#include <criterion/criterion.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "proxy/base/buf.h"
#include "proxy/base/str.h"
#include "tests/clients/harness.h"
#include "tests/clients/neomutt.h"
#include "tests/clients/people.h"
#include "tests/clients/program.h"

#define INDENT "    "

/* What the README has them type. */
#define USER "demo@postern.example"
#define PORT "1389"

/* Ann stands for the demo's user, and the harness's port for the usual one. */
static void add_line(struct buf *script, const struct harness *harness,
                     const char *line)
{
    while (*line != '\0') {
        if (str_starts(line, USER)) {
            buf_puts(script, ANN);
            line += strlen(USER);
        } else if (str_starts(line, PORT)) {
            buf_printf(script, "%u", harness->ldap);
            line += strlen(PORT);
        } else {
            buf_putc(script, *line++);
        }
    }
}

/* The README's indented lines from that one on; to be freed. */
static void tell(struct buf *script, const struct harness *harness,
                 const char *first)
{
    FILE *readme = fopen("README.md", "re");
    char line[256];
    bool on = false;

    cr_assert(readme != NULL);
    buf_init(script, NULL);
    while (fgets(line, sizeof line, readme) != NULL) {
        bool starts = str_starts(line, INDENT) &&
                      str_starts(line + strlen(INDENT), first);

        on = starts || (on && str_starts(line, INDENT));
        if (on)
            add_line(script, harness, line + strlen(INDENT));
    }
    fclose(readme);
    cr_assert(script->len > 0, "README.md does not tell %s", first);
}

/* Sets neomutt up as the README says. */
static void start(struct harness *harness)
{
    harness_start(harness, EXCHANGE_2016, NULL);
    people_fill(harness);

    char *folder = harness_path(harness, ".mutt");
    char *program = harness_path(harness, ".mutt/people");
    struct buf script, setting;
    tell(&script, harness, "#!/bin/sh");
    tell(&setting, harness, "set query_command");
    cr_assert(mkdir(folder, 0700) == 0);
    harness_write(harness, ".mutt/password", PASSWORD);
    harness_write(harness, ".mutt/people", "%s", script.data);
    cr_assert(chmod(program, 0700) == 0);
    harness_write(harness, "mailbox", "%s", "");
    harness_write(harness, "muttrc",
                  "%s"
                  "set from = \"" ANN "\"\n"
                  "set smtp_pass = \"" PASSWORD "\"\n"
                  "set smtp_url = \"smtps://" ANN "@localhost:%u/\"\n"
                  "set ssl_ca_certificates_file = \"%s\"\n"
                  "set certificate_file = \"%s\"\n"
                  "set folder = .\nset record = \"\"\nset editor = \"touch\"\n"
                  "set abort_unmodified = no\nset quit = yes\n",
                  setting.data, harness->smtps, harness->ca_file,
                  harness->ca_file);
    free(folder);
    free(program);
    buf_fini(&script);
    buf_fini(&setting);
}

static void drive(const struct harness *harness, const char *lines)
{
    free(neomutt_drive(harness, "-f mailbox", lines));
}

/* clang-format off */
static const struct {
    const char *typed;
    const char *lines; /* all that are told */
} queries[] = {
    { "mila",       "people\nmila.baker@postern.example\tMila Baker\tBaker\n" },
    { "mila baker", "people\nmila.baker@postern.example\tMila Baker\tBaker\n" },
    { "GOE",        "people\ngoe@postern.example\tHans G\xc3\xb6" "del\t\n" },
    { "g\xc3\xb6",  "people\ngoe@postern.example\tHans G\xc3\xb6" "del\t\n" },
    { "contact",    "people\ncontact@elsewhere.example\tCarl Contact\t\n" },
    { "nobodyatall", "people\n" },
};
/* clang-format on */

Test(mutt_query, tells_addresses_names_and_titles, .timeout = SECONDS)
{
    struct harness harness;

    start(&harness);
    for (size_t i = 0; i < sizeof queries / sizeof queries[0]; i++) {
        const char *args[] = { "./.mutt/people", queries[i].typed, NULL };
        char *output = program_succeed(&harness, args, NULL);

        cr_expect_str_eq(output, queries[i].lines, "%s: %s", queries[i].typed,
                         output);
        free(output);
    }
    harness_stop(&harness);
}

Test(mutt_query, shows_people_and_narrows_by_words, .timeout = SECONDS)
{
    struct harness harness;

    start(&harness);
    drive(&harness, "see {mailbox}\n"
                    "send \"Q\"\n"
                    "see {Query: }\n"
                    "send \"mil\\r\"\n"
                    "see {Mil(a Baker|es Smith)}\n"
                    "see {Mil(a Baker|es Smith)}\n"
                    "send \"qq\"\n");
    drive(&harness, "see {mailbox}\n"
                    "send \"Q\"\n"
                    "see {Query: }\n"
                    "send \"mila bak\\r\"\n"
                    "see {Mila Baker.*mila.baker@postern.*Baker}\n"
                    "expect -timeout 1 {Miles} { puts \"and him\"; exit 1 }\n"
                    "send \"qq\"\n");
    harness_stop(&harness);
}

Test(mutt_query, completes_an_address_and_writes_to_it, .timeout = SECONDS)
{
    struct harness harness;

    start(&harness);
    drive(&harness, "see {mailbox}\n"
                    "send \"m\"\n"
                    "see {To: }\n"
                    "send \"bob\\024\"\n"
                    "see {<bob@postern.example>}\n"
                    "send \"\\r\"\n"
                    "see {Subject: }\n"
                    "send \"Looked up\\r\"\n"
                    "see {y:Send}\n"
                    "send \"y\"\n"
                    "see {sent}\n"
                    "send \"q\"\n");
    cr_expect(harness_wait_count(&harness, BOB, NULL, 1, WAIT_SECONDS));
    harness_stop(&harness);
}
