/*
 * test_options.c - the command line
 */
#include "proxy/options.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "config/settings.h"

#define WORDS 6

/* clang-format off */
static const struct {
    const char *words[WORDS];
    bool good;
    const char *command;
    const char *key, *value; /* that it sets */
} lines[] = {
    { { NULL },                                  true,  "run",     NULL, NULL },
    { { "demo" },                                true,  "demo",    NULL, NULL },
    { { "run", "-c", "/x" },                     true,  "run",     NULL, NULL },
    { { "-V" },                                  true,  "version", NULL, NULL },
    { { "--help" },                              true,  "help",    NULL, NULL },
    { { "--exchange", "https://x/" },            true,  "run",     "exchange.url", "https://x/" },
    { { "check", "--set", "log.level=debug" },   true,  "check",   "log.level", "debug" },
    { { "--set=exchange.url=https://x/?a=b" },   true,  "run",     "exchange.url", "https://x/?a=b" },
    { { "--set", "log.level" },                  false, NULL,      NULL, NULL },
    { { "run", "fast" },                         false, NULL,      NULL, NULL },
    { { "--frobnicate" },                        false, NULL,      NULL, NULL },
    { { "-c" },                                  false, NULL,      NULL, NULL },
};
/* clang-format on */

Test(options, are_read_from_the_command_line)
{
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        char *argv[WORDS + 2] = { (char *)"postern" };
        struct options options;
        int argc = 1;

        for (size_t k = 0; k < WORDS && lines[i].words[k] != NULL; k++)
            argv[argc++] = (char *)lines[i].words[k];
        optind = 0; /* has getopt begin anew */
        cr_assert_eq(options_read(&options, argc, argv), lines[i].good,
                     "line %zu", i);
        if (lines[i].good)
            cr_expect_str_eq(options.command, lines[i].command, "line %zu", i);
        if (lines[i].key != NULL) {
            cr_assert(options_sets(&options, lines[i].key), "line %zu", i);
            cr_expect_str_eq(options.overrides[0].value, lines[i].value);
        }
        options_fini(&options);
    }
}

Test(options, go_before_the_file_and_have_to_fit_together)
{
    struct options options = { .command = "run", .file = "/dev/null" };
    char *problem = NULL;

    cr_expect_null(options_settings(&options, &problem));
    cr_expect(strstr(problem, "exchange.url: where is Exchange?") == problem);
    free(problem);

    options_override(&options, "exchange.url", "https://x/");
    options_override(&options, "exchange.url", "https://y/");
    struct settings *settings = options_settings(&options, &problem);
    cr_assert_not_null(settings);
    cr_expect_str_eq(settings->exchange.url, "https://y/");
    settings_free(&settings);
    options_fini(&options);
}
