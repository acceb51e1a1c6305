/*
 * objects_old.c - what older gateways have left
 */
#include <criterion/criterion.h>
#include <glob.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/base/buf.h"
#include "tests/proxy/exchange/objects.h"

/* Writes into the index of Ann's as it lies on the disk, and goes on with it.
 */
static void change_index(struct office *office, const char *sql)
{
    glob_t found = { 0 };
    sqlite3 *db = NULL;
    const char *pattern =
        arena_printf(office->arena, "%s/*/index.sqlite", office->directory);

    account_unref(&office->account);
    accounts_free(&office->accounts);
    cr_assert(glob(pattern, 0, NULL, &found) == 0 && found.gl_pathc == 1);
    cr_assert_eq(
        sqlite3_open_v2(found.gl_pathv[0], &db, SQLITE_OPEN_READWRITE, NULL),
        SQLITE_OK);
    globfree(&found);
    cr_assert_eq(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK, "%s",
                 sqlite3_errmsg(db));
    cr_assert(sqlite3_changes(db) > 0, "%s", sql);
    sqlite3_close(db);
    office_log_in(office);
}

/* A line so long that Exchange does not keep the text, which deflates badly. */
static const char *long_line(struct office *office)
{
    struct buf line;
    unsigned seed = 1;

    buf_init(&line, office->arena);
    buf_puts(&line, "X-LONG:");
    for (int i = 0; i < 60000; i++)
        buf_putc(&line, (char)('0' + rand_r(&seed) % 70));
    for (size_t i = 0; i < line.len; i++)
        if (strchr("\\;,", line.data[i]) != NULL && line.data[i] != '\0')
            line.data[i] = 'x';
    buf_puts(&line, "\r\n");
    return line.data;
}

/* --- Control characters --------------------------------------------------- */

static void expect_readable(struct office *office, int64_t folder,
                            const char *name, const char *mark)
{
    const char *text = office_get(office, folder, name);

    cr_assert_not_null(text, "%s", name);
    cr_expect_not_null(strstr(text, mark), "%s: %s", name, text);
    cr_expect_null(strchr(text, '\1'), "%s", name);
    cr_expect_eq(office_put(office, folder, name,
                            office_edit(office, text, "Old", "New")),
                 STATUS_OK, "%s: %s", name, office->op.reason);
    cr_expect_not_null(strstr(office_get(office, folder, name), "New"));
}

Test(objects_old, reads_texts_with_control_characters)
{
    struct office office = office_open_on_disk(EXCHANGE_2016);
    const char *const lines = "X-MARK:ab\r\n";

    EXPECT_OK(office_put(&office, office.calendar, "e.ics",
                         office_event(&office, "e", "Old", lines)));
    EXPECT_OK(office_put(&office, office.tasks, "t.ics",
                         office_task(&office, "t", "Old", lines)));
    EXPECT_OK(office_put(&office, office.contacts, "c.vcf",
                         office_card(&office, "c", "Old", lines)));
    office_get(&office, office.calendar, "e.ics");
    office_get(&office, office.tasks, "t.ics");
    office_get(&office, office.contacts, "c.vcf");
    change_index(&office, "UPDATE objects SET text ="
                          " replace(text, ':ab', ':a' || char(1) || 'b')");
    expect_readable(&office, office.calendar, "e.ics", "X-MARK:ab\r\n");
    expect_readable(&office, office.tasks, "t.ics", "X-MARK:ab\r\n");
    expect_readable(&office, office.contacts, "c.vcf", "X-MARK:ab\r\n");
    office_close(&office);
}

Test(objects_old, reads_kept_texts_with_control_characters)
{
    struct office office = office_open_on_disk(EXCHANGE_2016);
    const char *lines =
        arena_printf(office.arena, "X-MARK:ab\r\n%s", long_line(&office));

    EXPECT_OK(office_put(&office, office.calendar, "e.ics",
                         office_event(&office, "e", "Old", lines)));
    EXPECT_OK(office_put(&office, office.contacts, "c.vcf",
                         office_card(&office, "c", "Old", lines)));
    change_index(&office, "UPDATE objects SET text = NULL, kept ="
                          " replace(kept, ':ab', ':a' || char(1) || 'b')"
                          " WHERE kept LIKE '%:ab%'");
    expect_readable(&office, office.calendar, "e.ics", "X-MARK:ab\r\n");
    expect_readable(&office, office.contacts, "c.vcf", "X-MARK:ab\r\n");
    office_close(&office);
}

/* --- Revisions ------------------------------------------------------------ */

/* They were of one counter for each folder. */
Test(objects_old, tells_events_and_tasks_of_one_revision_apart)
{
    struct office office = office_open_on_disk(EXCHANGE_2016);
    char *error = NULL;

    EXPECT_OK(office_put(&office, office.calendar, "e.ics",
                         office_event(&office, "e", "Event", "")));
    EXPECT_OK(office_put(&office, office.tasks, "t.ics",
                         office_task(&office, "t", "Task", "")));
    change_index(&office, "UPDATE objects SET revision = 2;"
                          "UPDATE folders SET revision = 2 WHERE id IN"
                          " (SELECT folder FROM objects)");
    cr_assert(
        settings_set(office.settings, "caldav.tasks", "calendar", &error));
    struct object_marks marks = office_refresh(&office, office.calendar);
    struct object event = office_find(&office, office.calendar, "e.ics");
    struct object task = office_find(&office, office.calendar, "t.ics");

    cr_expect_neq(event.revision, task.revision);
    cr_expect_leq(event.revision, marks.revision);
    cr_expect_leq(task.revision, marks.revision);
    office_close(&office);
}
