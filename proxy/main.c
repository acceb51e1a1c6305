/*
 * main.c - the postern command; the only file that names all protocols
 */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "caldav/caldav.h"
#include "config/settings.h"
#include "imap/imap.h"
#include "ldap/ldap.h"
#include "proxy/base/str.h"
#include "proxy/exchange/backend.h"
#include "proxy/options.h"
#include "proxy/run.h"
#include "smtp/smtp.h"

static const struct protocol *const doors[] = {
    &imap_protocol, &smtp_protocol, &caldav_protocol, &ldap_protocol, NULL
};

static const struct parts parts = { .doors = doors, .backend = &ews_backend };

/* For whoever starts it by hand; a service has no terminal. */
static const struct guide guide = {
    .greeting = "Postern is running.",
    .user = "you@example.com (or DOMAIN\\you)",
    .password = "as for Exchange",
};

static int command_run(struct options *options)
{
    return run_gateway(options, &parts, isatty(STDOUT_FILENO) ? &guide : NULL);
}

/* Every desktop calls this, also of those who do not use the gateway. */
static int command_autostart(struct options *options)
{
    char *path = settings_personal_path();

    if (path == NULL)
        return EXIT_GOOD;
    free(path);
    return run_gateway(options, &parts, NULL);
}

static int command_demo(struct options *options)
{
    return run_demo(options, &parts);
}

static int command_check(struct options *options)
{
    return run_check(options, &parts);
}

static int command_version(struct options *options)
{
    (void)options;
    puts("postern " POSTERN_VERSION);
    return EXIT_GOOD;
}

static int command_manual(struct options *options)
{
    (void)options;
    settings_write_manual(stdout);
    return EXIT_GOOD;
}

static int command_example(struct options *options)
{
    (void)options;
    settings_write_example(stdout);
    return EXIT_GOOD;
}

static int command_help(struct options *options);

/* clang-format off */
static const struct command {
    const char *name;
    int (*run)(struct options *options);
    const char *about; /* NULL: not for everyday */
} commands[] = {
    { "run",              command_run,       "the gateway, in the foreground (the default)" },
    { "demo",             command_demo,      "the gateway on a demo Exchange, to try it out" },
    { "check",            command_check,     "what is wrong between here and Exchange" },
    { "help",             command_help,      "this text" },
    { "version",          command_version,   "which version this is" },
    { "autostart",        command_autostart, NULL },
    { "manual-settings",  command_manual,    NULL },
    { "example-settings", command_example,   NULL },
};
/* clang-format on */

static int command_help(struct options *options)
{
    (void)options;
    puts("Postern lets mail programs (IMAP, SMTP), calendars (CalDAV, CardDAV) and\n"
         "address books (LDAP) use Microsoft Exchange.\n"
         "\n"
         "    postern [COMMAND] [OPTION]...\n");
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
        if (commands[i].about != NULL)
            printf("    %-8s  %s\n", commands[i].name, commands[i].about);
    puts("\n"
         "    -c, --config FILE       the settings; see postern.conf(5)\n"
         "    --exchange URL          where Exchange Web Services are, such as\n"
         "                            https://mail.example.com/EWS/Exchange.asmx\n"
         "    --set SECTION.KEY=VALUE one more setting\n"
         "    --user NAME             whom check logs in as; the password (or\n"
         "                            token) is in $POSTERN_PASSWORD or on\n"
         "                            standard input\n"
         "    -h, --help\n"
         "    -V, --version");
    return EXIT_GOOD;
}

/* Workers come and go in their dozens, and each would keep what it has freed in a
 * heap of its own, for good. */
static void share_heaps(void)
{
    mallopt(M_ARENA_MAX, 2);
    mallopt(M_MMAP_THRESHOLD, 128 * 1024);
    mallopt(M_TRIM_THRESHOLD, 128 * 1024);
}

/* What everybody logs in with is in memory, and so is what he reads. */
static void forbid_core(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_CORE, &limit) == 0) {
        limit.rlim_cur = 0;
        setrlimit(RLIMIT_CORE, &limit);
    }
}

int main(int argc, char *argv[])
{
    struct options options;
    int code = EXIT_SETTINGS;
    const struct command *command = NULL;

    share_heaps();
    forbid_core();
    if (!options_read(&options, argc, argv))
        return EXIT_SETTINGS;
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
        if (str_equal(commands[i].name, options.command))
            command = &commands[i];
    if (command != NULL)
        code = command->run(&options);
    else
        fprintf(stderr,
                "postern: there is no command \"%s\"; see postern --help\n",
                options.command);
    options_fini(&options);
    return code;
}
