/*
 * test_settings.c - defaults, values, files, and what is said about mistakes
 */
#include "config/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "config/address.h"
#include "config/table.h"

/* clang-format off */
static const struct {
    const char *key;
    const char *value;
    const char *complaint; /* part of it; NULL: there is none */
} values[] = {
    { "imap.idle_timeout",   "90",              NULL },
    { "imap.idle_timeout",   "30m",             NULL },
    { "imap.idle_timeout",   "24h",             NULL },
    { "imap.idle_timeout",   "25h",             "from 1s to 1d" },
    { "imap.idle_timeout",   "0",               "is not a time" },
    { "imap.idle_timeout",   "m",               "is not a time" },
    { "imap.idle_timeout",   "-1",              "is not a time" },
    { "imap.idle_timeout",   "99999999999999999999999999h", "is not a time" },
    { "imap.idle_timeout",   "1K",              "is not a time" },
    { "store.cache_limit",   "2G",              NULL },
    { "store.cache_limit",   "2g",              "is not a size" },
    { "store.cache_limit",   "18014398509481984K", "is not a size" },
    { "service.workers",     "1",               "is not a number from 2 to 1024" },
    { "service.workers",     "",                "is not a number" },
    { "exchange.auth",       "ntlm",            NULL },
    { "exchange.auth",       "NTLM",            "is none of: auto basic ntlm negotiate" },
    { "exchange.auth",       "auto basic",      "is none of" },
    { "exchange.auth",       "",                "is none of" },
    { "mail.recognise_sent", "no",              NULL },
    { "mail.recognise_sent", "maybe",           "is neither yes nor no" },
    { "log.level",           "debug",           NULL },
    { "log.level",           "loud",            "is none of: error" },
    { "imap.listen",         "",                NULL },
    { "imap.listen",         "127.0.0.1:143 [::1]:143, unix:/run/imap *:993", NULL },
    { "imap.listen",         "localhost:143",   "is not a list of addresses" },
    { "imap.listen",         "127.0.0.1",       "is not a list of addresses" },
    { "imap.listen",         "127.0.0.1:65536", "is not a list of addresses" },
    { "imap.listen",         "::1:143",         "is not a list of addresses" },
    { "imap.listen",         "unix:run/imap",   "is not a list of addresses" },
    { "imap.lisen",          "",                "there is no \"lisen\" in [imap]; there are: listen" },
    { "pop3.listen",         "",                "there is no such section; there are: [exchange]" },
    { "listen",              "",                "there is no such section" },
};

static const struct {
    const char *text;
    const char *complaint; /* after the file's name; NULL: there is none */
} files[] = {
    { "",                                             NULL },
    { "; nothing\n# at all\n\n",                      NULL },
    { "\xef\xbb\xbf[log]\r\nlevel = debug\r\n",       NULL },
    { "[log]\n   level = debug   ; much\n",           NULL },
    { "[log]\n\tlevel=debug",                         NULL },
    { "[log]\nlevel = loud\n",                        ":2: [log] level: \"loud\" is none of" },
    { "\n[log]\n\nlevl = debug\n",                    ":4: [log] levl: there is no \"levl\"" },
    { "[logs]\nlevel = debug\n",                      ":2: [logs] level: there is no such section" },
    { "level = debug\n",                              ":1: [] level: there is no such section" },
    { "[log]\nlevel\n",                               ":2: [section] or key = value was expected" },
    { "[log\nlevel = debug\n",                        ":1: [section] or key = value was expected" },
    { "[log]\nlevel = x\nlevl = y\n",                 ":2: [log] level" },
};
/* clang-format on */

/* Writes a file and returns its name, which the caller frees and unlinks. */
static char *write_file(const char *text)
{
    char *path = strdup("/tmp/postern-test-XXXXXX");
    FILE *file = fdopen(mkstemp(path), "w");

    fputs(text, file);
    fclose(file);
    return path;
}

Test(settings, have_the_defaults_of_the_table)
{
    struct settings *settings = settings_new();

    cr_expect_eq(settings->imap.listener.idle_timeout, 1800);
    cr_expect_eq(settings->imap.listener.command_timeout, 300);
    cr_expect_eq(settings->smtp.listener.idle_timeout, 300);
    cr_expect_eq(settings->store.cache_limit, 512u << 20);
    cr_expect_eq(settings->exchange.auth, AUTH_AUTO);
    cr_expect_eq(settings->mail.delete, DELETE_SOFT);
    cr_expect(settings->mail.recognise_sent);
    cr_expect_not(settings->tls.allow_plain);
    settings_free(&settings);
    cr_expect_null(settings);
}

Test(settings, take_good_values_and_explain_bad_ones)
{
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        struct settings *settings = settings_new();
        char *problem = NULL;
        bool good =
            settings_set(settings, values[i].key, values[i].value, &problem);

        cr_expect_eq(good, values[i].complaint == NULL, "%s = %s",
                     values[i].key, values[i].value);
        if (problem != NULL && values[i].complaint != NULL) {
            cr_expect_not_null(strstr(problem, values[i].complaint), "%s",
                               problem);
            cr_expect(strstr(problem, values[i].key) == problem, "%s", problem);
        }
        free(problem);
        settings_free(&settings);
    }
}

Test(settings, are_read_from_files_and_mistakes_are_told_with_their_line)
{
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        struct settings *settings = settings_new();
        char *path = write_file(files[i].text), *problem = NULL;
        bool good = settings_read_file(settings, path, &problem);

        cr_expect_eq(good, files[i].complaint == NULL, "%s", files[i].text);
        if (problem != NULL && files[i].complaint != NULL) {
            cr_expect(strstr(problem, path) == problem, "%s", problem);
            cr_expect(strstr(problem, files[i].complaint) ==
                          problem + strlen(path),
                      "%s", problem);
        }
        if (strstr(files[i].text, "debug") != NULL && good)
            cr_expect_str_eq(settings->log.level, "debug", "%s", files[i].text);
        unlink(path);
        free(path);
        free(problem);
        settings_free(&settings);
    }
}

Test(settings, tell_of_a_file_that_cannot_be_read_or_has_endless_lines)
{
    struct settings *settings = settings_new();
    char line[5000], *problem = NULL;

    cr_expect_not(
        settings_read_file(settings, "/nonexistent/postern.conf", &problem));
    cr_expect_str_eq(problem, "/nonexistent/postern.conf: cannot be read: "
                              "No such file or directory");
    free(problem);

    memset(line, 'x', sizeof line - 1);
    line[sizeof line - 1] = '\0';
    char *path = write_file(line);
    cr_expect_not(settings_read_file(settings, path, &problem));
    cr_expect_not_null(strstr(problem, ":1: a line of text"), "%s", problem);
    unlink(path);
    free(path);
    free(problem);
    settings_free(&settings);
}

/* clang-format off */
static const struct {
    const char *key[2], *value[2];
    const char *complaint;
} together[] = {
    { { NULL },                        { NULL },            "exchange.url: where is Exchange?" },
    { { "exchange.url" },              { "mail.example" },  "exchange.url: is not an address" },
    { { "exchange.url" },              { "https://ann:secret@x/" },
      "exchange.url: must not bring a user's name" },
    { { "exchange.url" },              { "https://x/ann@x/" }, NULL },
    { { "exchange.url", "directory.server" }, { "https://x/", "gc.example" },
      "directory.server: is not one address" },
    { { "exchange.url", "directory.server" }, { "https://x/", "ldaps://a ldap://b" },
      "directory.server: is not one address" },
    { { "exchange.url", "directory.server" }, { "https://x/", "ldaps://a,ldap://b" },
      "directory.server: is not one address" },
    { { "exchange.url", "directory.server" }, { "https://x/", "ldapi://%2frun%2fldapi" }, NULL },
    { { "exchange.url", "tls.key" },   { "https://x/", "/k" }, "tls.key: needs tls.certificate" },
    { { "exchange.url", "imap.listen_tls" }, { "https://x/", "*:993" },
      "imap.listen_tls: needs tls.certificate" },
    { { "exchange.url" },              { "https://x/" },    NULL },
};
/* clang-format on */

Test(settings, have_to_fit_together)
{
    for (size_t i = 0; i < sizeof together / sizeof together[0]; i++) {
        struct settings *settings = settings_new();
        char *problem = NULL;

        for (size_t k = 0; k < 2 && together[i].key[k] != NULL; k++)
            cr_assert(settings_set(settings, together[i].key[k],
                                   together[i].value[k], &problem));
        cr_expect_eq(settings_check(settings, &problem),
                     together[i].complaint == NULL);
        if (problem != NULL && together[i].complaint != NULL)
            cr_expect(strstr(problem, together[i].complaint) == problem, "%s",
                      problem);
        free(problem);
        settings_free(&settings);
    }
}

Test(settings, find_the_state_directory_of_a_service_and_of_a_person)
{
    struct settings *settings;

    setenv("HOME", "/home/ann", 1);
    unsetenv("STATE_DIRECTORY");
    unsetenv("XDG_STATE_HOME");
    settings = settings_new();
    cr_expect_str_eq(settings->store.path, "/home/ann/.local/state/postern");
    settings_free(&settings);

    setenv("XDG_STATE_HOME", "/state", 1);
    settings = settings_new();
    cr_expect_str_eq(settings->store.path, "/state/postern");
    settings_free(&settings);

    setenv("STATE_DIRECTORY", "/var/lib/postern", 1);
    settings = settings_new();
    cr_expect_str_eq(settings->store.path, "/var/lib/postern");
    settings_free(&settings);
}

Test(settings, make_an_example_file_that_can_be_read)
{
    struct settings *settings = settings_new();
    char *text = NULL, *problem = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    settings_write_example(out);
    fclose(out);
    char *path = write_file(text);
    cr_expect(settings_read_file(settings, path, &problem), "%s", problem);
    for (size_t i = 0; i < setting_count; i++)
        cr_expect_not_null(strstr(text, setting_table[i].key));
    unlink(path);
    free(path);
    free(text);
    settings_free(&settings);
}

/* clang-format off */
static const struct {
    const char *text;
    bool local;
    const char *shown;
} addresses[] = {
    { "127.0.0.1:1143",  true,  "127.0.0.1:1143" },
    { "127.9.9.9:1",     true,  "127.9.9.9:1" },
    { "[::1]:1143",      true,  "[::1]:1143" },
    { "[::ffff:127.0.0.1]:25", true, "[::ffff:127.0.0.1]:25" },
    { "unix:/run/x",     true,  "unix:/run/x" },
    { "10.0.0.1:25",     false, "10.0.0.1:25" },
    { "[fe80::1]:25",    false, "[fe80::1]:25" },
    { "*:25",            false, "[::]:25" },
};
/* clang-format on */

Test(address, is_read_shown_and_judged)
{
    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++) {
        char shown[ADDRESS_TEXT_SIZE];
        struct address address;

        cr_assert(address_parse(addresses[i].text, &address), "%s",
                  addresses[i].text);
        address_format((struct sockaddr *)&address.socket, shown);
        cr_expect_str_eq(shown, addresses[i].shown);
        cr_expect_eq(address_is_local((struct sockaddr *)&address.socket),
                     addresses[i].local, "%s", addresses[i].text);
    }
}
