/*
 * test_vdirsyncer.c - vdirsyncer keeps calendars, tasks and contacts in step
 *
 * Whatever changes on one side comes to the other, and once all is in step,
 * another run changes nothing and asks Exchange nearly nothing.
 */
#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/clients/harness.h"
#include "tests/clients/outlook.h"
#include "tests/clients/program.h"
#include "tests/clients/vdirsyncer.h"

/* Nothing happens by itself: no timer asks Exchange in between. */
#define SETTINGS                                                               \
    "[exchange]\npoll_interval = 1h\nfolder_interval = 1h\npush = poll\n"

static void sync_all(const struct harness *harness)
{
    free(vdirsyncer_sync(harness));
}

/* --- Files ---------------------------------------------------------------- */

/* clang-format off */
static struct kind {
    enum outlook_kind kind;
    const char *name;
    const char *component;
    const char *folder;
    const char *ending;
    const char *text;     /* a format of its name, three times */
    const char *has_name; /* a format */
} kinds[] = {
    { OUTLOOK_EVENT, "event", "BEGIN:VEVENT", "calendars/calendar", ".ics",
      "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//Tests//EN\r\n"
      "BEGIN:VEVENT\r\nUID:%s\r\nDTSTAMP:20261101T080000Z\r\n"
      "DTSTART:20261201T100000Z\r\nDTEND:20261201T110000Z\r\n"
      "SUMMARY:%s\r\nX-EXAMPLE:%s is kept\r\n"
      "END:VEVENT\r\nEND:VCALENDAR\r\n",
      "SUMMARY:%s" },
    { OUTLOOK_CONTACT, "contact", "BEGIN:VCARD", "cards/contacts", ".vcf",
      "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:%s\r\nFN:%s\r\nN:;;;;\r\n"
      "EMAIL:someone@example.org\r\nX-EXAMPLE:%s is kept\r\nEND:VCARD\r\n",
      "FN:%s" },
    { OUTLOOK_TASK, "task", "BEGIN:VTODO", "calendars/tasks", ".ics",
      "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//Tests//EN\r\n"
      "BEGIN:VTODO\r\nUID:%s\r\nDTSTAMP:20261101T080000Z\r\n"
      "DUE;VALUE=DATE:20261205\r\nSUMMARY:%s\r\nX-EXAMPLE:%s is kept\r\n"
      "END:VTODO\r\nEND:VCALENDAR\r\n",
      "SUMMARY:%s" },
};
/* clang-format on */

enum { EVENT, CONTACT, TASK };

#define KIND_COUNT (sizeof kinds / sizeof *kinds)

/* Whoever begins at one calendar gets what is below it, and no tasks. */
#define NO_TASKS (KIND_COUNT - 1)

static void begin(struct harness *harness, enum exchange_version version,
                  const char *path, const char *conflicts)
{
    bool apart = strcmp(kinds[TASK].folder, kinds[EVENT].folder) != 0;

    harness_start(harness, version,
                  apart ? SETTINGS : SETTINGS "[caldav]\ntasks = calendar\n");
    vdirsyncer_discover(harness, path, conflicts);
}

static void write_object(const struct harness *harness, const struct kind *kind,
                         const char *uid, const char *name)
{
    char path[128], whole_uid[64];

    snprintf(whole_uid, sizeof whole_uid, "%s-%s", kind->name, uid);
    snprintf(path, sizeof path, "%s/%s%s", kind->folder, whole_uid,
             kind->ending);
    harness_write(harness, path, kind->text, whole_uid, name, name);
}

/* The file of a folder that says so; NULL if there is none.  `count_out` takes
 * how many files there are. */
static char *find_file(const struct harness *harness, const struct kind *kind,
                       const char *text, size_t *count_out)
{
    char *path = harness_path(harness, kind->folder);
    DIR *folder = opendir(path);
    struct dirent *entry;
    char *found = NULL;

    cr_assert(folder != NULL, "vdirsyncer has made no %s", kind->folder);
    *count_out = 0;
    while ((entry = readdir(folder)) != NULL) {
        size_t len = strlen(entry->d_name);
        char name[400];

        if (len < 4 || strcmp(entry->d_name + len - 4, kind->ending) != 0)
            continue;
        snprintf(name, sizeof name, "%s/%s", kind->folder, entry->d_name);
        char *content = harness_read(harness, name);
        bool is_kind = strstr(content, kind->component) != NULL;
        if (is_kind && found == NULL && text != NULL &&
            strstr(content, text) != NULL)
            found = strdup(name);
        free(content);
        *count_out += is_kind;
    }
    closedir(folder);
    free(path);
    return found;
}

static size_t count_files(const struct harness *harness,
                          const struct kind *kind)
{
    size_t count;

    free(find_file(harness, kind, NULL, &count));
    return count;
}

static char *file_of(const struct harness *harness, const struct kind *kind,
                     const char *name)
{
    char text[128];
    size_t count;

    snprintf(text, sizeof text, kind->has_name, name);
    return find_file(harness, kind, text, &count);
}

/* Another name in the same file. */
static void edit_file(const struct harness *harness, const struct kind *kind,
                      const char *name, const char *new_name)
{
    char *path = file_of(harness, kind, name);
    char substitution[256];
    const char *args[] = { "sed", "-i", substitution, path, NULL };

    cr_assert(path != NULL, "there is no file of %s %s", kind->name, name);
    snprintf(substitution, sizeof substitution,
             "s/^\\(SUMMARY\\|FN\\):%s/\\1:%s/", name, new_name);
    free(program_succeed(harness, args, NULL));
    free(path);
}

static void remove_file(const struct harness *harness, const struct kind *kind,
                        const char *name)
{
    char *path = file_of(harness, kind, name);
    char *whole = path != NULL ? harness_path(harness, path) : NULL;

    cr_assert(path != NULL, "there is no file of %s %s", kind->name, name);
    cr_assert(unlink(whole) == 0);
    free(whole);
    free(path);
}

/* --- Both sides ----------------------------------------------------------- */

/* Both sides have exactly these; NULL at the end. */
static void expect_both(const struct harness *harness, const char *when,
                        const struct kind *kind, const char *const names[])
{
    size_t count = 0;

    for (; names[count] != NULL; count++) {
        char *file = file_of(harness, kind, names[count]);

        cr_expect(file != NULL, "%s: there is no file of the %s %s", when,
                  kind->name, names[count]);
        cr_expect(outlook_has(harness, kind->kind, names[count]),
                  "%s: Exchange has no %s %s", when, kind->name, names[count]);
        free(file);
    }
    cr_expect_eq(count_files(harness, kind), count, "%s: files of %ss", when,
                 kind->name);
    cr_expect_eq(outlook_count(harness, kind->kind), count,
                 "%s: %ss of Exchange", when, kind->name);
}

static void expect_each(const struct harness *harness, size_t count,
                        const char *when, const char *const names[])
{
    for (size_t i = 0; i < count; i++)
        expect_both(harness, when, &kinds[i], names);
}

/* Nothing is written on either side, and Exchange is asked whether the three
 * folders have changed, and no more. */
static void expect_nothing_to_do(const struct harness *harness)
{
    struct exchange *exchange = harness->exchange;

    exchange_reset_calls(exchange);
    char *output = vdirsyncer_sync(harness);
    cr_expect(strstr(output, "Copying") == NULL &&
                  strstr(output, "Deleting") == NULL &&
                  strstr(output, "Updating") == NULL,
              "%s", output);
    free(output);

    char *calls = exchange_anchors(exchange);
    cr_expect(exchange_calls(exchange, NULL) <= 3,
              "%u calls where nothing has changed:\n%s",
              exchange_calls(exchange, NULL), calls);
    free(calls);
}

static void change_mine(const struct harness *harness, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        edit_file(harness, &kinds[i], "Two", "Two of mine");
        edit_file(harness, &kinds[i], "Four", "Four of mine");
        remove_file(harness, &kinds[i], "One");
    }
}

static void change_theirs(const struct harness *harness, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        outlook_rename(harness, kinds[i].kind, "Two of mine", "Two of theirs");
        outlook_rename(harness, kinds[i].kind, "Four of mine",
                       "Four of theirs");
        outlook_remove(harness, kinds[i].kind, "Three");
    }
}

/* What only the client knows is still there. */
static void expect_kept(const struct harness *harness, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t files;
        char *file =
            find_file(harness, &kinds[i], "X-EXAMPLE:Two is kept", &files);

        cr_expect(file != NULL, "a %s has lost what was sent with it",
                  kinds[i].name);
        free(file);
    }
}

static void go_both_ways(enum exchange_version version, const char *path,
                         size_t count)
{
    static const char *const all[] = { "One", "Two", "Three", "Four", NULL };
    static const char *const mine[] = { "Two of mine", "Three", "Four of mine",
                                        NULL };
    static const char *const theirs[] = { "Two of theirs", "Four of theirs",
                                          NULL };
    struct harness harness;

    begin(&harness, version, path, "b wins");
    for (size_t i = 0; i < count; i++) {
        write_object(&harness, &kinds[i], "one", "One");
        write_object(&harness, &kinds[i], "two", "Two");
        outlook_add(&harness, kinds[i].kind, "Three", NULL);
        outlook_add(&harness, kinds[i].kind, "Four", NULL);
    }
    sync_all(&harness);
    sync_all(&harness); /* what Exchange has made of them comes back */
    expect_each(&harness, count, "made", all);
    expect_nothing_to_do(&harness);

    change_mine(&harness, count);
    sync_all(&harness);
    sync_all(&harness);
    expect_each(&harness, count, "changed here", mine);
    expect_nothing_to_do(&harness);

    change_theirs(&harness, count);
    sync_all(&harness);
    expect_each(&harness, count, "changed there", theirs);
    expect_kept(&harness, count);
    expect_nothing_to_do(&harness);
    harness_stop(&harness);
}

Test(vdirsyncer, goes_both_ways_from_the_root, .timeout = SECONDS)
{
    go_both_ways(EXCHANGE_2016, "/", KIND_COUNT);
}

Test(vdirsyncer, goes_both_ways_from_the_url_of_davmails_users,
     .timeout = SECONDS)
{
    go_both_ways(EXCHANGE_2016, "/users/" ANN "/calendar", NO_TASKS);
}

Test(vdirsyncer, goes_both_ways_with_exchange_2007, .timeout = SECONDS)
{
    go_both_ways(EXCHANGE_2007_SP1, "/", KIND_COUNT);
}

Test(vdirsyncer, goes_both_ways_with_exchange_2010, .timeout = SECONDS)
{
    go_both_ways(EXCHANGE_2010_SP2, "/", KIND_COUNT);
}

Test(vdirsyncer, goes_both_ways_with_tasks_in_the_calendar, .timeout = SECONDS)
{
    kinds[TASK].folder = kinds[EVENT].folder;
    go_both_ways(EXCHANGE_2016, "/", KIND_COUNT);
}

/* --- Conflicts ------------------------------------------------------------ */

static void collide(const char *conflicts, const char *winner)
{
    const char *const names[] = { winner, NULL };
    struct harness harness;

    begin(&harness, EXCHANGE_2016, "/", conflicts);
    for (size_t i = 0; i < KIND_COUNT; i++)
        write_object(&harness, &kinds[i], "one", "Zero");
    sync_all(&harness);
    sync_all(&harness);

    for (size_t i = 0; i < KIND_COUNT; i++) {
        edit_file(&harness, &kinds[i], "Zero", "Mine");
        outlook_rename(&harness, kinds[i].kind, "Zero", "Theirs");
    }
    sync_all(&harness);
    sync_all(&harness);
    expect_each(&harness, KIND_COUNT, conflicts, names);
    harness_stop(&harness);
}

Test(vdirsyncer, conflicts_end_as_it_wants, .timeout = SECONDS)
{
    collide("a wins", "Mine");
    collide("b wins", "Theirs");
}

/* --- Series --------------------------------------------------------------- */

Test(vdirsyncer, a_series_with_exceptions_comes_and_goes, .timeout = SECONDS)
{
    static const char text[] =
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//Tests//EN\r\n"
        "BEGIN:VEVENT\r\nUID:series\r\nDTSTAMP:20261101T080000Z\r\n"
        "DTSTART;TZID=Europe/Berlin:20261201T100000\r\n"
        "DTEND;TZID=Europe/Berlin:20261201T110000\r\n"
        "RRULE:FREQ=WEEKLY;COUNT=6\r\n"
        "EXDATE;TZID=Europe/Berlin:20261208T100000\r\n"
        "SUMMARY:Choir\r\nEND:VEVENT\r\n"
        "BEGIN:VEVENT\r\nUID:series\r\nDTSTAMP:20261101T080000Z\r\n"
        "RECURRENCE-ID;TZID=Europe/Berlin:20261215T100000\r\n"
        "DTSTART;TZID=Europe/Berlin:20261215T140000\r\n"
        "DTEND;TZID=Europe/Berlin:20261215T150000\r\n"
        "SUMMARY:Choir in the afternoon\r\nEND:VEVENT\r\n"
        "END:VCALENDAR\r\n";
    static const char *const kept[] = {
        "DTSTART;TZID=Europe/Berlin:20261201T100000",
        "EXDATE;TZID=Europe/Berlin:20261208T100000",
        "RECURRENCE-ID;TZID=Europe/Berlin:20261215T100000",
        "DTSTART;TZID=Europe/Berlin:20261215T140000",
        "SUMMARY:Choir in the afternoon",
        "SUMMARY:Choir at last",
        "BEGIN:VTIMEZONE",
    };
    struct harness harness;

    begin(&harness, EXCHANGE_2016, "/", "b wins");
    harness_write(&harness, "calendars/calendar/series.ics", "%s", text);
    sync_all(&harness);
    outlook_expect(&harness, OUTLOOK_EVENT, "Choir", "<t:DeletedOccurrence>");
    outlook_rename(&harness, OUTLOOK_EVENT, "Choir", "Choir at last");
    sync_all(&harness);

    char *content = harness_read(&harness, "calendars/calendar/series.ics");
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
        cr_expect(strstr(content, kept[i]) != NULL, "no %s in\n%s", kept[i],
                  content);
    free(content);
    expect_nothing_to_do(&harness);
    harness_stop(&harness);
}
