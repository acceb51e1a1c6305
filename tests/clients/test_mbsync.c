/*
 * test_mbsync.c - mbsync keeps a Maildir and the mailbox the same, both ways
 */
#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/clients/harness.h"
#include "tests/clients/program.h"
#include "tests/clients/script.h"

static void start(struct harness *harness, size_t count)
{
    harness_start(harness, EXCHANGE_2016, NULL);
    harness_deliver_many(harness, count);
    harness_write(harness, ".mbsyncrc",
                  "IMAPAccount exchange\n"
                  "Host localhost\n"
                  "Port %u\n"
                  "User " ANN "\n"
                  "Pass " PASSWORD "\n"
                  "SSLType IMAPS\n"
                  "CertificateFile %s\n"
                  "Timeout 300\n"
                  "\nIMAPStore far\n"
                  "Account exchange\n"
                  "\nMaildirStore near\n"
                  "Path %s/mail/\n"
                  "Inbox %s/mail/INBOX\n"
                  "SubFolders Verbatim\n"
                  "\nChannel all\n"
                  "Far :far:\n"
                  "Near :near:\n"
                  "Patterns *\n"
                  "Create Both\n"
                  "Expunge Both\n"
                  "SyncState *\n",
                  harness->imaps, harness->ca_file, harness->directory,
                  harness->directory);
    char *mail = harness_path(harness, "mail");
    mkdir(mail, 0700);
    free(mail);
}

static char *synchronise(const struct harness *harness)
{
    const char *args[] = { "mbsync", "-a", NULL };

    return program_succeed(harness, args, NULL);
}

/* The names of all messages in the Maildir, flags and all. */
static char *listing(const struct harness *harness)
{
    const char *args[] = { "sh", "-c", "find mail -type f ! -name '.*' | sort",
                           NULL };

    return program_succeed(harness, args, NULL);
}

/* Runs it and expects that it finds nothing to do: not a file is another, and
 * Exchange is asked for no message and told of no change. */
static void expect_no_op(const struct harness *harness)
{
    static const char *const operations[] = { "GetItem", "CreateItem",
                                              "UpdateItem", "DeleteItem",
                                              "MoveItem" };
    char *before = listing(harness);

    exchange_reset_calls(harness->exchange);
    free(synchronise(harness));
    char *after = listing(harness);
    cr_expect_str_eq(before, after);
    for (size_t i = 0; i < sizeof operations / sizeof *operations; i++)
        cr_expect(exchange_calls(harness->exchange, operations[i]) == 0, "%s",
                  operations[i]);
    free(before);
    free(after);
}

/* The nth file of a Maildir in the order of names, as a path; NULL if there is
 * none. Free it. */
static char *file_of(const struct harness *harness, const char *folder,
                     size_t nth)
{
    static const char *const parts[] = { "new", "cur" };

    for (size_t i = 0; i < 2; i++) {
        char name[300];
        struct dirent **entries;

        snprintf(name, sizeof name, "%s/mail/%s/%s", harness->directory, folder,
                 parts[i]);
        int count = scandir(name, &entries, NULL, alphasort);
        char *path = NULL;

        for (int k = 0; k < count; k++) {
            if (entries[k]->d_name[0] != '.' && path == NULL && nth-- == 0)
                cr_assert(asprintf(&path, "%s/%s", name, entries[k]->d_name) >
                          0);
            free(entries[k]);
        }
        if (count >= 0)
            free(entries);
        if (path != NULL)
            return path;
    }
    return NULL;
}

static size_t files_of(const struct harness *harness, const char *folder)
{
    size_t count = 0;
    char *path;

    while ((path = file_of(harness, folder, count)) != NULL) {
        free(path);
        count++;
    }
    return count;
}

/* How many files have a flag, such as 'S' for seen. */
static size_t files_with(const struct harness *harness, char flag)
{
    size_t found = 0;

    for (size_t i = 0; i < files_of(harness, "INBOX"); i++) {
        char *path = file_of(harness, "INBOX", i);
        const char *flags = strstr(path, ":2,");

        found += flags != NULL && strchr(flags, flag) != NULL;
        free(path);
    }
    return found;
}

/* Gives a file flags, as a mail program does. */
static void set_flags(const struct harness *harness, size_t nth,
                      const char *flags)
{
    char *path = file_of(harness, "INBOX", nth);
    char *name = strrchr(path, '/') + 1;
    char *to;

    name[strcspn(name, ":")] = '\0';
    cr_assert(asprintf(&to, "%s/mail/INBOX/cur/%s:2,%s", harness->directory,
                       name, flags) > 0);
    free(path);
    path = file_of(harness, "INBOX", nth);
    cr_assert(rename(path, to) == 0);
    free(path);
    free(to);
}

Test(mbsync, has_nothing_to_do_the_second_time, .timeout = SECONDS)
{
    struct harness harness;

    start(&harness, 30);
    exchange_add_folder(harness.exchange, ANN, "Projects/Bread");
    free(synchronise(&harness));
    cr_expect(files_of(&harness, "INBOX") == 30);
    expect_no_op(&harness);

    /* Nor after the gateway has been killed. */
    harness_daemon_kill(&harness);
    harness_daemon_start(&harness);
    expect_no_op(&harness);
    harness_stop(&harness);
}

Test(mbsync, carries_flags_both_ways, .timeout = SECONDS)
{
    struct harness harness;

    start(&harness, 5);
    free(synchronise(&harness));
    cr_expect(files_with(&harness, 'S') == 0);
    set_flags(&harness, 0, "FRS");
    exchange_mark_read(harness.exchange, ANN, NULL, 4, true);
    free(synchronise(&harness));

    cr_expect(files_with(&harness, 'S') == 2);
    cr_expect(files_with(&harness, 'F') == 1);
    script_imap(&harness, "C: a SELECT INBOX\nS. a OK *\n"
                          "C: b UID SEARCH FLAGGED ANSWERED SEEN\n"
                          "S: * SEARCH *\nS: b OK *\n"
                          "C: c STORE 1:* -FLAGS (\\Flagged)\nS. c OK *\n");
    free(synchronise(&harness));
    cr_expect(files_with(&harness, 'F') == 0);
    expect_no_op(&harness);
    harness_stop(&harness);
}

Test(mbsync, carries_deletions_both_ways, .timeout = SECONDS)
{
    struct harness harness;

    start(&harness, 5);
    free(synchronise(&harness));
    char *path = file_of(&harness, "INBOX", 0);
    cr_assert(unlink(path) == 0);
    free(path);
    free(synchronise(&harness));
    cr_expect(exchange_count(harness.exchange, ANN, NULL) == 4);

    exchange_remove(harness.exchange, ANN, NULL, 0);
    free(synchronise(&harness));
    cr_expect(files_of(&harness, "INBOX") == 3);
    expect_no_op(&harness);
    harness_stop(&harness);
}

Test(mbsync, uploads_messages_and_folders, .timeout = SECONDS)
{
    struct harness harness;
    size_t len;

    start(&harness, 1);
    free(synchronise(&harness));
    const char *args[] = { "mkdir",          "-p",
                           "mail/Local/cur", "mail/Local/new",
                           "mail/Local/tmp", NULL };
    free(program_succeed(&harness, args, NULL));
    harness_write(&harness, "mail/Local/new/1.2.3",
                  "From: <" ANN ">\nSubject: Local\nMessage-ID: <local@x>\n\n"
                  "Hello\n");
    free(synchronise(&harness));
    cr_assert(exchange_count(harness.exchange, ANN, "Local") == 1);
    char *text = exchange_content(harness.exchange, ANN, "Local", 0, &len);
    cr_expect(strstr(text, "Subject: Local\r\n") != NULL);
    free(text);
    expect_no_op(&harness);
    harness_stop(&harness);
}
