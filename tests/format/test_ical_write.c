/*
 * test_ical_write.c - what has changed in Exchange, in the client's own text
 */
#include <criterion/criterion.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "proxy/format/ical.h"
#include "proxy/format/recurrence.h"
#include "tests/format/ical_text.h"

static const char *const self[] = { "ann@example.com", NULL };

static struct ical_object read(struct arena *arena, const char *text)
{
    struct ical_object object;
    const char *reason = NULL;
    cr_assert(ical_read(arena, text, strlen(text), zone_iana("Europe/Berlin"),
                        self, &object, &reason) == ICAL_FINE,
              "%s\n%s", reason, text);
    return object;
}

static const char *write(struct arena *arena, const struct ical_object *object,
                         const char *kept)
{
    return ical_write(arena, object, kept, zone_iana("Europe/Berlin"), self,
                      "https://h/a/");
}

static bool has_line(const char *text, const char *line)
{
    const char *at = strstr(text, line);
    return at != NULL && (at == text || at[-1] == '\n') &&
           at[strlen(line)] == '\r';
}

static const char client[] =
    "SUMMARY;LANGUAGE=en:Tea\nX-KEEP;P=\"a,b\":1\nPRIORITY:2\n"
    "CATEGORIES:One\nCATEGORIES:Two\n"
    "ORGANIZER;CN=Ann;X-P=1:mailto:Ann@example.com\n"
    "ATTENDEE;CN=Bob;PARTSTAT=NEEDS-ACTION;RSVP=TRUE;X-B=2:"
    "mailto:bob@example.com\n"
    "ATTENDEE;CN=Eve;PARTSTAT=DELEGATED;DELEGATED-TO=\"mailto:x@y.z\":"
    "mailto:eve@example.com\n"
    "BEGIN:VALARM\nACTION:AUDIO\nTRIGGER:-PT15M\nX-A:1\nEND:VALARM\n"
    "BEGIN:VALARM\nACTION:EMAIL\nTRIGGER:-P2D\nEND:VALARM\n";

/* One change of Exchange's, the line it makes, and one that goes. */
static void to_summary(struct event *e)
{
    e->summary = "Coffee; black";
}
static void to_busy(struct event *e)
{
    e->busy = BUSY_AWAY;
}
static void to_free(struct event *e)
{
    e->busy = BUSY_FREE;
}
static void to_class(struct event *e)
{
    e->class = CLASS_PERSONAL;
}
static void to_normal(struct event *e)
{
    e->importance = IMPORTANCE_NORMAL;
}
static void to_answer(struct event *e)
{
    e->attendees[0].answer = ANSWER_DECLINED;
}
static void to_optional(struct event *e)
{
    e->attendees[0].role = ROLE_OPTIONAL;
}
static void to_fewer(struct event *e)
{
    e->attendee_count = 1;
}
static void to_later(struct event *e)
{
    e->start.instant += 3600;
    e->end.instant += 3600;
}
static void to_reminder(struct event *e)
{
    e->reminder_minutes = 30;
}
static void to_none(struct event *e)
{
    e->reminder = false;
}
static void to_cancelled(struct event *e)
{
    e->cancelled = true;
}
static void to_categories(struct event *e)
{
    static const char *const list[] = { "One", "Three, four", NULL };
    e->categories = list;
}
static void to_body(struct event *e)
{
    e->description = "Line 1\r\nLine\x02 2\n";
    e->html = "<p>Line 1</p><p>Line 2</p>";
}
static void to_conference(struct event *e)
{
    e->conference = "https://j/1";
}

Test(ical_write, changes_what_exchange_has_changed_and_nothing_else)
{
    /* clang-format off */
    static const struct {
        void (*change)(struct event *event);
        const char *now, *gone;
    } cases[] = {
        { to_summary,    "SUMMARY:Coffee\\; black", "SUMMARY;LANGUAGE=en:Tea" },
        { to_busy,       "X-MICROSOFT-CDO-BUSYSTATUS:OOF", NULL },
        { to_free,       "TRANSP:TRANSPARENT", NULL },
        { to_class,      "CLASS:X-PERSONAL", NULL },
        { to_normal,     NULL, "PRIORITY:2" },
        { to_answer,     "ATTENDEE;CN=Bob;PARTSTAT=DECLINED;X-B=2:mailto:bob@example.com", NULL },
        { to_optional,   "ATTENDEE;CN=Bob;PARTSTAT=NEEDS-ACTION;RSVP=TRUE;X-B=2;ROLE=OPT-PART", NULL },
        { to_fewer,      NULL, "ATTENDEE;CN=Eve" },
        { to_later,      "DTSTART;TZID=Europe/Berlin:20240506T100000", "DTSTART;TZID=Europe/Berlin:20240506T090000" },
        { to_reminder,   "TRIGGER:-PT30M", "TRIGGER:-PT15M" },
        { to_none,       "TRIGGER:-P2D", "ACTION:AUDIO" },
        { to_cancelled,  "STATUS:CANCELLED", NULL },
        { to_categories, "CATEGORIES:One,Three\\, four", "CATEGORIES:Two" },
        { to_body,       "X-ALT-DESC;FMTTYPE=text/html:<p>Line 1</p><p>Line", NULL },
        { to_conference, "CONFERENCE;VALUE=URI:https://j/1", NULL },
    };
    /* clang-format on */
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_new();
        const char *text = ical_text_event(arena, client);
        struct ical_object object = read(arena, text);
        cases[i].change(&object.series.master);
        const char *now = write(arena, &object, text);
        /* A long line is folded: its beginning is enough. */
        cr_expect(cases[i].now == NULL || strstr(now, cases[i].now) != NULL,
                  "%zu: %s", i, now);
        cr_expect(cases[i].gone == NULL || strstr(now, cases[i].gone) == NULL,
                  "%zu: %s", i, now);
        cr_expect(has_line(now, "X-KEEP;P=\"a,b\":1"), "%zu: %s", i, now);
        cr_expect(
            has_line(now, "ORGANIZER;CN=Ann;X-P=1:mailto:Ann@example.com"),
            "%zu: %s", i, now);
        cr_expect(has_line(now, "ACTION:EMAIL"), "%zu: %s", i, now);
        cr_expect(strchr(now, '\x02') == NULL, "%zu", i);
        struct ical_object again = read(arena, now);
        cr_expect(
            event_differences(&object.series.master, &again.series.master) == 0,
            "%zu: %x", i,
            event_differences(&object.series.master, &again.series.master));
        arena_free(&arena);
    }
}

Test(ical_write, keeps_the_clients_zone_where_windows_has_no_other)
{
    struct arena *arena = arena_new();
    const char *text =
        ical_text(arena, "BEGIN:VEVENT\nUID:a\nDTSTAMP:20240501T080000Z\n"
                         "DTSTART;TZID=Europe/Amsterdam:20240506T090000\n"
                         "DTEND;TZID=Europe/Amsterdam:20240506T100000\n"
                         "END:VEVENT\n");
    struct ical_object object = read(arena, text);
    object.series.master.start.zone = zone_windows("W. Europe Standard Time");
    object.series.master.end.zone = object.series.master.start.zone;
    to_later(&object.series.master);
    const char *now = write(arena, &object, text);
    cr_expect(has_line(now, "DTSTART;TZID=Europe/Amsterdam:20240506T100000"),
              "%s", now);
    cr_expect(has_line(now, "TZID:Europe/Amsterdam"), "%s", now);
    arena_free(&arena);
}

Test(ical_write, tells_the_rules_of_a_zone_that_has_no_name)
{
    struct arena *arena = arena_new();
    struct zone_rules rules = {
        .standard = 0,
        .daylight = 7200,
        .to_standard = { .month = 10, .week = 5, .weekday = 4, .hour = 3 },
        .to_daylight = { .month = 3, .week = 5, .weekday = 4, .hour = 1 }
    };
    struct ical_object object =
        read(arena, ical_text_event(arena, "RRULE:FREQ=WEEKLY\n"));
    object.series.master.start.zone = zone_from_rules(&rules, NULL);
    object.series.master.end.zone = object.series.master.start.zone;
    const char *now = write(arena, &object, NULL);
    cr_expect(has_line(now, "TZOFFSETTO:+0200"), "%s", now);
    cr_expect(has_line(now, "TZOFFSETTO:+0000"), "%s", now);
    struct ical_object again = read(arena, now);
    cr_expect_eq(again.series.master.start.zone,
                 object.series.master.start.zone, "%s", now);
    arena_free(&arena);
}

/* The rule is the client's until the time that it repeats is another one. */
Test(ical_write, takes_the_time_out_of_a_rule_when_the_start_moves)
{
    static const char rule[] = "RRULE:FREQ=DAILY;BYHOUR=9;BYMINUTE=0";
    struct arena *arena = arena_new();
    const char *text = ical_text(
        arena, arena_printf(arena,
                            "BEGIN:VEVENT\nUID:a\nDTSTAMP:20240501T080000Z\n"
                            "DTSTART:20240506T090000Z\n"
                            "DTEND:20240506T100000Z\n%s\nEND:VEVENT\n",
                            rule));
    struct ical_object object = read(arena, text);
    cr_expect_str_eq(write(arena, &object, text), text);
    cr_expect(has_line(ical_keep(arena, text, strlen(text), &object), rule));
    to_later(&object.series.master);
    const char *now = write(arena, &object, text);
    cr_expect(has_line(now, "RRULE:FREQ=DAILY"), "%s", now);
    cr_expect(has_line(now, "DTSTART:20240506T100000Z"), "%s", now);
    arena_free(&arena);
}

static const char series_lines[] =
    "RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=10\n"
    "EXDATE;TZID=Europe/Berlin:20240513T090000,20240520T090000\n"
    "X-KEEP:1\nEND:VEVENT\n"
    "BEGIN:VEVENT\nUID:one@example.com\nDTSTAMP:20240501T080000Z\n"
    "RECURRENCE-ID:20240527T070000Z\nSUMMARY:Other\n"
    "DTSTART:20240527T080000Z\nDTEND:20240527T090000Z\nX-MINE:2\nEND:VEVENT\n"
    "BEGIN:VEVENT\nUID:one@example.com\nDTSTAMP:20240501T080000Z\n"
    "RECURRENCE-ID;TZID=Europe/Berlin:20240603T090000\nX-NOTE:late\n"
    "DTSTART;TZID=Europe/Berlin:20240603T090000\n"
    "DTEND;TZID=Europe/Berlin:20240603T100000\n";

Test(ical_write, follows_exceptions_and_deletions)
{
    struct arena *arena = arena_new();
    const char *text = ical_text_event(arena, series_lines);
    struct ical_object object = read(arena, text);
    struct series *series = &object.series;
    cr_assert(series->exception_count == 2 && series->deleted_count == 2);

    /* Exchange does not hold the one that says nothing new. */
    series->exception_count = 1;
    const char *now = write(arena, &object, text);
    cr_expect(has_line(now, "X-NOTE:late"), "%s", now);
    cr_expect(has_line(now, "X-MINE:2"), "%s", now);

    /* A new name of the series is one of that day, too. */
    series->master.summary = "New";
    now = write(arena, &object, text);
    struct ical_object again = read(arena, now);
    cr_expect_str_eq(again.series.exceptions[1].summary, "New");

    /* An exception that was taken back, a day that was, and a new one. */
    series->exception_count = 0;
    series->deleted[0].instant += 7 * 86400 * 3;
    series->deleted_count = 1;
    now = write(arena, &object, text);
    again = read(arena, now);
    cr_expect(strstr(now, "X-MINE:2") == NULL, "%s", now);
    cr_expect(again.series.deleted_count == 1 &&
                  again.series.exception_count == 0,
              "%s", now);
    cr_expect(again.series.deleted[0].instant == series->deleted[0].instant);
    cr_expect(has_line(now, "X-KEEP:1"), "%s", now);
    arena_free(&arena);
}

Test(ical_write, writes_new_exceptions_under_the_zone_of_the_series)
{
    struct arena *arena = arena_new();
    const char *text = ical_text_event(arena, "RRULE:FREQ=DAILY\n");
    struct ical_object object = read(arena, text);
    struct series *series = &object.series;
    struct event exception = series_occurrence(series, &series->master.start);
    exception.occurrence.instant += 86400;
    exception.occurrence.zone = zone_utc();
    exception.summary = "Once";
    series->exceptions = &exception;
    series->exception_count = 1;
    const char *now = write(arena, &object, text);
    cr_expect(has_line(now, "RECURRENCE-ID;TZID=Europe/Berlin:20240507T090000"),
              "%s", now);
    cr_expect(has_line(now, "SUMMARY:Once"));
    arena_free(&arena);
}

Test(ical_write, links_to_attachments)
{
    struct arena *arena = arena_new();
    const char *text = ical_text_event(
        arena, "ATTACH;ENCODING=BASE64;VALUE=BINARY;FILENAME=a.txt:aGVsbG8=\n"
               "ATTACH:https://example.com/x\n");
    struct ical_object object = read(arena, text);
    struct event *event = &object.series.master;
    cr_assert(event->attachment_count == 2);
    cr_expect(event->attachments[0].len == 5 &&
              memcmp(event->attachments[0].data, "hello", 5) == 0);
    struct event_attachment held = {
        .id = "AA/b==", .name = "a.txt", .type = "text/plain", .size = 5
    };
    event->attachments = &held;
    event->attachment_count = 1;
    const char *kept = ical_keep(arena, text, strlen(text), &object);
    cr_expect(strstr(kept, "aGVsbG8=") == NULL);
    const char *now = write(arena, &object, kept);
    cr_expect(strstr(now, "ATTACH;MANAGED-ID=AA/b==") != NULL, "%s", now);
    cr_expect(strstr(now, "AA%2Fb%3D%3D") != NULL, "%s", now);
    cr_expect(has_line(now, "ATTACH:https://example.com/x"));
    cr_expect_str_eq(write(arena, &object, now), now);
    arena_free(&arena);
}

Test(ical_write, passes_over_a_kept_text_of_something_else)
{
    struct arena *arena = arena_new();
    struct ical_object object = read(arena, ical_text_event(arena, ""));
    static const char *const kept[] = {
        "", "nonsense", "BEGIN:VCALENDAR\r\n",
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:other\r\n"
        "DTSTART:20240506T090000Z\r\nX-A:1\r\nEND:VEVENT\r\n"
        "END:VCALENDAR\r\n"
    };
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
        const char *now = write(arena, &object, kept[i]);
        cr_expect(strstr(now, "UID:one@example.com") != NULL, "%s", kept[i]);
        cr_expect(strstr(now, "X-A:1") == NULL);
    }
    arena_free(&arena);
}

Test(ical_write, keeps_nothing_that_exchange_holds)
{
    struct arena *arena = arena_new();
    struct ical_object object = read(arena, ical_text_event(arena, ""));
    const char *plain = write(arena, &object, NULL);
    cr_expect(ical_keep(arena, plain, strlen(plain), &object) == NULL);
    const char *more = ical_text_event(arena, "X-MORE:1\n");
    object = read(arena, more);
    cr_expect_str_eq(ical_keep(arena, more, strlen(more), &object), more);
    arena_free(&arena);
}

Test(ical_write, keeps_the_times_of_tasks)
{
    /* clang-format off */
    static const char *const times[] = {
        "DTSTART:20240506T090000Z\r\n",
        "DUE:20240506T090000Z\r\n",
        "STATUS:COMPLETED\r\nPERCENT-COMPLETE:100\r\n"
        "COMPLETED:20240506T090000Z\r\n",
    };
    /* clang-format on */
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        struct arena *arena = arena_new();
        const char *text = arena_printf(
            arena,
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VTODO\r\nUID:t\r\n"
            "DTSTAMP:20240501T000000Z\r\n%sEND:VTODO\r\n"
            "END:VCALENDAR\r\n",
            times[i]);
        struct ical_object object = read(arena, text);
        const char *kept = ical_keep(arena, text, strlen(text), &object);
        cr_assert(kept != NULL, "%zu", i);
        /* As Exchange gives them back: days. */
        if (object.task.start.kind != WHEN_NONE)
            object.task.start.kind = WHEN_DATE;
        if (object.task.due.kind != WHEN_NONE)
            object.task.due.kind = WHEN_DATE;
        if (object.task.completed != TIME_NONE)
            object.task.completed -= object.task.completed % 86400;
        cr_expect_str_eq(write(arena, &object, kept), text, "%zu", i);
        arena_free(&arena);
    }
}

Test(ical_write, folds_between_characters)
{
    struct arena *arena = arena_new();
    struct ical_object object = read(arena, ical_text_event(arena, ""));
    struct buf name;
    buf_init(&name, arena);
    for (int i = 0; i < 100; i++)
        buf_puts(&name, i % 3 ? "\xC3\xBC" : "\xF0\x9F\x8D\x9C");
    object.series.master.summary = name.data;
    const char *now = write(arena, &object, NULL);
    for (const char *line = now; *line != '\0';) {
        size_t len = strcspn(line, "\r");
        cr_expect(len <= 75, "%zu", len);
        line += len + 2;
        cr_expect(((unsigned char)line[*line == ' '] & 0xC0) != 0x80);
    }
    cr_expect_str_eq(read(arena, now).series.master.summary, name.data);
    arena_free(&arena);
}

Test(ical_write, writes_tasks_and_what_only_exchange_knows_of_them)
{
    struct arena *arena = arena_new();
    const char *text = ical_text(
        arena, "BEGIN:VTODO\nUID:t\nDTSTAMP:20240501T080000Z\nSUMMARY:Do it\n"
               "DUE:20240510T160000Z\nRELATED-TO:parent\nSTATUS:NEEDS-ACTION\n"
               "END:VTODO\n");
    struct ical_object object = read(arena, text);
    struct task *task = &object.task;
    struct recurrence rule = { .pattern = REGENERATE_WEEKLY,
                               .interval = 2,
                               .weekdays = 1u << 5,
                               .first = 1,
                               .begin = { .kind = WHEN_DATE,
                                          .instant = 19853 * 86400LL } };
    cr_expect_str_eq(write(arena, &object, text), text);
    /* Exchange keeps the day only. */
    task->due = (struct when){ .kind = WHEN_DATE, .instant = 19853 * 86400LL };
    cr_expect_str_eq(write(arena, &object, text), text);
    task->status = TASK_WAITING;
    task->recurrence = &rule;
    task->reminder = true;
    task->reminder_time = 1715245200;
    const char *now = write(arena, &object, text);
    cr_expect(has_line(now, "RELATED-TO:parent"));
    struct ical_object again = read(arena, now);
    cr_expect(task_differences(task, &again.task) == 0, "%x\n%s",
              task_differences(task, &again.task), now);
    arena_free(&arena);
}
