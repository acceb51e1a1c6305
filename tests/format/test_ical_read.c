/*
 * test_ical_read.c - what a client's text means, and what is not taken
 */
#include <criterion/criterion.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "proxy/format/ical.h"
#include "tests/format/ical_text.h"

static const char *const self[] = { "ann@example.com", NULL };

static enum ical_problem read(struct arena *arena, const char *text,
                              struct ical_object *out)
{
    const char *reason = NULL;
    enum ical_problem problem =
        ical_read(arena, text, strlen(text), zone_iana("Europe/Berlin"), self,
                  out, &reason);
    cr_expect((problem == ICAL_FINE) == (reason == NULL), "%s", text);
    return problem;
}

static const struct event *event(struct arena *arena, const char *lines,
                                 struct ical_object *object)
{
    cr_assert(read(arena, ical_text_event(arena, lines), object) == ICAL_FINE,
              "%s", lines);
    return &object->series.master;
}

Test(ical_read, says_what_is_wrong)
{
    static const char exception[] =
        "BEGIN:VEVENT\nUID:a\nRECURRENCE-ID:20240507T090000Z\n"
        "DTSTART:20240507T100000Z\nEND:VEVENT\n";
    static const char series[] = "BEGIN:VEVENT\nUID:a\nRRULE:FREQ=DAILY\n"
                                 "DTSTART:20240506T090000Z\nEND:VEVENT\n";
    /* clang-format off */
    static const struct { enum ical_problem problem; const char *a, *b; } cases[] = {
        { ICAL_OBJECT,     "", "" },
        { ICAL_OBJECT,     "BEGIN:VEVENT\nDTSTART:20240506T090000Z\nEND:VEVENT\n", "" },
        { ICAL_OBJECT,     "METHOD:REQUEST\n", series },
        { ICAL_OBJECT,     series, "BEGIN:VEVENT\nUID:b\nDTSTART:20240506T090000Z\nEND:VEVENT\n" },
        { ICAL_OBJECT,     series, "BEGIN:VTODO\nUID:a\nEND:VTODO\n" },
        { ICAL_OBJECT,     series, series },
        { ICAL_OBJECT,     "BEGIN:VEVENT\nUID:a\nDTSTART:20240506T090000Z\nEND:VEVENT\n", exception },
        { ICAL_COMPONENT,  "BEGIN:VJOURNAL\nUID:a\nEND:VJOURNAL\n", "" },
        { ICAL_TIME,       "BEGIN:VEVENT\nUID:a\nEND:VEVENT\n", "" },
        { ICAL_TIME,       "BEGIN:VEVENT\nUID:a\nDTSTART:20240230T090000Z\nEND:VEVENT\n", "" },
        { ICAL_TIME,       "BEGIN:VEVENT\nUID:a\nDTSTART:20240506T090000Z\nDTEND:20240506T080000Z\nEND:VEVENT\n", "" },
        { ICAL_TIME,       "BEGIN:VEVENT\nUID:a\nDTSTART:20240506T090000Z\nDTEND;VALUE=DATE:20240507\nEND:VEVENT\n", "" },
        { ICAL_FINE,       "BEGIN:VEVENT\nUID:a\nDTSTART:16010101T000000Z\nEND:VEVENT\n", "" },
        { ICAL_EARLY,      "BEGIN:VEVENT\nUID:a\nDTSTART:16001231T235959Z\nEND:VEVENT\n", "" },
        { ICAL_FINE,       "BEGIN:VEVENT\nUID:a\nDTSTART:45000831T230000Z\nDURATION:PT59M\nEND:VEVENT\n", "" },
        { ICAL_LATE,       "BEGIN:VEVENT\nUID:a\nDTSTART:45000831T230000Z\nDURATION:PT2H\nEND:VEVENT\n", "" },
        { ICAL_LATE,       "BEGIN:VTODO\nUID:a\nDUE:45000901T000000Z\nEND:VTODO\n", "" },
        { ICAL_LATE,       "BEGIN:VEVENT\nUID:a\nDTSTART:20240506T090000Z\nRRULE:FREQ=DAILY\nEND:VEVENT\n",
          "BEGIN:VEVENT\nUID:a\nRECURRENCE-ID:20240507T090000Z\nDTSTART:60000101T000000Z\nEND:VEVENT\n" },
        { ICAL_RECURRENCE, "BEGIN:VEVENT\nUID:a\nRRULE:FREQ=DAILY\nRDATE:20250101T090000Z\nDTSTART:20240506T090000Z\nEND:VEVENT\n", "" },
        { ICAL_RECURRENCE, "BEGIN:VEVENT\nUID:a\nRRULE:FREQ=DAILY\nRRULE:FREQ=YEARLY\nDTSTART:20240506T090000Z\nEND:VEVENT\n", "" },
        { ICAL_RECURRENCE, "BEGIN:VEVENT\nUID:a\nRRULE:FREQ=DAILY\nEXRULE:FREQ=YEARLY\nDTSTART:20240506T090000Z\nEND:VEVENT\n", "" },
        { ICAL_RECURRENCE, "BEGIN:VEVENT\nUID:a\nRRULE:FREQ=WEEKLY;BYDAY=TU\nDTSTART:20240506T090000Z\nEND:VEVENT\n", "" },
        { ICAL_RECURRENCE, "BEGIN:VEVENT\nUID:a\nRRULE:FREQ=WEEKLY\nDTSTART:20240506T090000Z\nEND:VEVENT\n", exception },
        { ICAL_RECURRENCE, series, "BEGIN:VEVENT\nUID:a\nRECURRENCE-ID;RANGE=THISANDFUTURE:20240507T090000Z\nDTSTART:20240507T100000Z\nEND:VEVENT\n" },
        { ICAL_RECURRENCE, "BEGIN:VTODO\nUID:a\nRRULE:FREQ=DAILY\nEND:VTODO\n", "" },
        { ICAL_SYNTAX,     "BEGIN:VEVENT\nUID:a\n", "" },
        { ICAL_SYNTAX,     "no colon here\n", "" },
        { ICAL_SYNTAX,     "BEGIN:VTODO\nUID:a\nSUMMARY:Caf\xE9\nEND:VTODO\n", "" },
        { ICAL_FINE,       "BEGIN:VTODO\nUID:a\nSUMMARY:Caf\xC3\n \xA9\nEND:VTODO\n", "" },
        { ICAL_SYNTAX,     "BEGIN:VTODO\nUID:a\nSUMMARY:a\x02z\nEND:VTODO\n", "" },
        { ICAL_SYNTAX,     "BEGIN:VTODO\nUID:a\nSUMMARY:a\x7Fz\nEND:VTODO\n", "" },
        { ICAL_SYNTAX,     "BEGIN:VTODO\nUID:a\nSUMMARY:a\rz\nEND:VTODO\n", "" },
        { ICAL_FINE,       "BEGIN:VTODO\nUID:a\nSUMMARY:a\tz\nEND:VTODO\n", "" },
        { ICAL_SYNTAX,     "BEGIN:VEVENT\nUID:a\nX;P=\"open:v\nEND:VEVENT\n", "" },
        { ICAL_SYNTAX,     "END:VCALENDAR\nBEGIN:VCALENDAR\n", series },
        { ICAL_FINE,       series, exception },
        { ICAL_FINE,       exception, "" },
        { ICAL_FINE,       "BEGIN:VTODO\nUID:a\nEND:VTODO\n", "" },
    };
    /* clang-format on */
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_new();
        struct ical_object object;
        const char *text = ical_text(
            arena, arena_printf(arena, "%s%s", cases[i].a, cases[i].b));
        enum ical_problem problem = read(arena, text, &object);
        cr_expect(problem == cases[i].problem, "%d, not %d:\n%s", problem,
                  cases[i].problem, text);
        arena_free(&arena);
    }
}

/* What is a rule that Exchange cannot hold is no error of the client's. */
Test(ical_read, knows_what_is_no_rule)
{
    /* clang-format off */
    static const struct { const char *rule; enum ical_problem problem; } cases[] = {
        { "FREQ=DAILY",                              ICAL_FINE },
        { "",                                        ICAL_SYNTAX },
        { "FREQ",                                    ICAL_SYNTAX },
        { "INTERVAL=2",                              ICAL_SYNTAX },
        { "FREQ=OFTEN",                              ICAL_SYNTAX },
        { "FREQ=DAILY;COUNT=many",                   ICAL_SYNTAX },
        { "FREQ=DAILY;COUNT=-1",                     ICAL_SYNTAX },
        { "FREQ=DAILY;UNTIL=tomorrow",               ICAL_SYNTAX },
        { "FREQ=WEEKLY;BYDAY=XX",                    ICAL_SYNTAX },
        { "FREQ=MONTHLY;BYDAY=-MO",                  ICAL_SYNTAX },
        { "FREQ=MONTHLY;BYMONTHDAY=6,x",             ICAL_SYNTAX },
        { "FREQ=HOURLY;BYMINUTE=0,30",               ICAL_RECURRENCE },
        { "FREQ=DAILY;BYHOUR=9,17",                  ICAL_RECURRENCE },
        { "FREQ=MONTHLY;BYDAY=+1MO,-1SU",            ICAL_RECURRENCE },
        { "FREQ=MONTHLY;BYMONTHDAY=+6,-3;WKST=SU",   ICAL_RECURRENCE },
        { "FREQ=YEARLY;BYYEARDAY=127;BYWEEKNO=19",   ICAL_RECURRENCE },
        { "RSCALE=HEBREW;FREQ=YEARLY;BYMONTH=5L",    ICAL_RECURRENCE },
    };
    /* clang-format on */
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_new();
        struct ical_object object;
        const char *text = ical_text_event(
            arena, arena_printf(arena, "RRULE:%s\n", cases[i].rule));
        cr_expect(read(arena, text, &object) == cases[i].problem, "%s",
                  cases[i].rule);
        text = ical_text(arena,
                         arena_printf(arena,
                                      "BEGIN:VTODO\nUID:a\nDTSTART:20240506T"
                                      "090000Z\nRRULE:%s\nEND:VTODO\n",
                                      cases[i].rule));
        cr_expect(read(arena, text, &object) == cases[i].problem, "%s",
                  cases[i].rule);
        arena_free(&arena);
    }
}

Test(ical_read, takes_no_more_than_it_can)
{
    struct arena *arena = arena_new();
    struct ical_object object;
    struct buf many;
    buf_init(&many, arena);
    for (int i = 0; i < 3000; i++)
        buf_printf(&many, "ATTENDEE:mailto:a%d@example.com\n", i);
    cr_expect(read(arena, ical_text_event(arena, many.data), &object) ==
              ICAL_PEOPLE);
    buf_clear(&many);
    for (int i = 0; i < 20; i++)
        buf_puts(&many, "BEGIN:X-DEEP\n");
    cr_expect(read(arena, ical_text(arena, many.data), &object) == ICAL_LIMIT);
    buf_clear(&many);
    for (int i = 0; i < 2000; i++)
        buf_puts(&many, "BEGIN:VEVENT\nUID:a\nEND:VEVENT\n");
    cr_expect(read(arena, ical_text(arena, many.data), &object) == ICAL_LIMIT);
    arena_free(&arena);
}

Test(ical_read, knows_how_busy_an_event_makes)
{
    /* clang-format off */
    static const struct { const char *lines; enum event_busy busy; } cases[] = {
        { "", BUSY_BUSY },
        { "TRANSP:TRANSPARENT\n", BUSY_FREE },
        { "STATUS:TENTATIVE\n", BUSY_TENTATIVE },
        { "X-MICROSOFT-CDO-BUSYSTATUS:OOF\nTRANSP:OPAQUE\n", BUSY_AWAY },
        { "X-MICROSOFT-CDO-BUSYSTATUS:WORKINGELSEWHERE\nTRANSP:TRANSPARENT\n", BUSY_ELSEWHERE },
        { "X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE\nTRANSP:OPAQUE\n", BUSY_TENTATIVE },
        { "X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE\nSTATUS:CONFIRMED\n", BUSY_BUSY },
        { "X-MICROSOFT-CDO-BUSYSTATUS:OOF\nTRANSP:TRANSPARENT\n", BUSY_FREE },
        { "X-MICROSOFT-CDO-BUSYSTATUS:FREE\n", BUSY_FREE },
        { "X-MICROSOFT-CDO-BUSYSTATUS:FREE\nTRANSP:OPAQUE\n", BUSY_BUSY },
    };
    /* clang-format on */
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_new();
        struct ical_object object;
        cr_expect(event(arena, cases[i].lines, &object)->busy == cases[i].busy,
                  "%s", cases[i].lines);
        arena_free(&arena);
    }
}

Test(ical_read, takes_the_alarm_that_exchange_can_hold)
{
    /* clang-format off */
    static const struct { const char *alarm; int minutes; } cases[] = {
        { "ACTION:DISPLAY\nTRIGGER:-PT15M\n", 15 },
        { "ACTION:AUDIO\nTRIGGER:-P1DT1H\n", 1500 },
        { "ACTION:DISPLAY\nTRIGGER:PT0S\n", 0 },
        { "ACTION:DISPLAY\nTRIGGER:-PT0M\n", 0 },
        { "ACTION:DISPLAY\nTRIGGER;RELATED=END:-PT75M\n", 15 },
        { "ACTION:DISPLAY\nTRIGGER;VALUE=DATE-TIME:20240506T064500Z\n", 15 },
        { "ACTION:DISPLAY\nTRIGGER:PT5M\n", -1 },
        { "ACTION:DISPLAY\nTRIGGER;RELATED=END:PT0S\n", -1 },
        { "ACTION:EMAIL\nTRIGGER:-PT15M\n", -1 },
        { "ACTION:NONE\nTRIGGER;VALUE=DATE-TIME:19760401T005545Z\n", -1 },
        { "ACTION:DISPLAY\n", -1 },
    };
    /* clang-format on */
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_new();
        struct ical_object object;
        const struct event *read = event(
            arena,
            arena_printf(arena, "BEGIN:VALARM\n%sEND:VALARM\n", cases[i].alarm),
            &object);
        cr_expect(read->reminder == (cases[i].minutes >= 0), "%s",
                  cases[i].alarm);
        if (read->reminder)
            cr_expect(read->reminder_minutes == cases[i].minutes, "%s",
                      cases[i].alarm);
        arena_free(&arena);
    }
}

Test(ical_read, knows_who_comes)
{
    struct arena *arena = arena_new();
    struct ical_object object;
    const struct event *read =
        event(arena,
              "ORGANIZER;CN=Bob:mailto:bob@example.com\n"
              "ATTENDEE;PARTSTAT=ACCEPTED;ROLE=CHAIR:mailto:bob@example.com\n"
              "ATTENDEE;PARTSTAT=TENTATIVE;CN=Me:MAILTO:ANN@example.com\n"
              "ATTENDEE;ROLE=OPT-PARTICIPANT;RSVP=TRUE;SCHEDULE-AGENT=NONE:"
              "mailto:c@example.com\n"
              "ATTENDEE;CUTYPE=ROOM;EMAIL=room@example.com:urn:uuid:1\n"
              "ATTENDEE:invalid:nomail\n",
              &object);
    cr_expect_str_eq(read->organizer, "bob@example.com");
    cr_expect_str_eq(read->organizer_name, "Bob");
    cr_assert(read->attendee_count == 3);
    cr_expect(read->is_meeting && read->answer == ANSWER_TENTATIVE);
    cr_expect(read->attendees[1].role == ROLE_OPTIONAL &&
              read->attendees[1].rsvp);
    cr_expect_str_eq(read->attendees[2].address, "room@example.com");
    cr_expect(read->attendees[2].role == ROLE_RESOURCE);
    read = event(arena,
                 "ORGANIZER:mailto:ann@example.com\n"
                 "ATTENDEE;SCHEDULE-AGENT=NONE:mailto:c@example.com\n"
                 "ATTENDEE;SCHEDULE-AGENT=CLIENT:mailto:d@example.com\n"
                 "ATTENDEE;SCHEDULE-FORCE-SEND=REQUEST:mailto:e@example.com\n",
                 &object);
    cr_assert(read->attendee_count == 3 && read->answer == ANSWER_ORGANIZER);
    cr_expect(read->attendees[0].agent == AGENT_NOBODY &&
              read->attendees[1].agent == AGENT_CLIENT &&
              read->attendees[2].agent == AGENT_SERVER &&
              read->attendees[2].force_send);
    read = event(arena, "ORGANIZER:mailto:ann@example.com\n", &object);
    cr_expect(!read->is_meeting && read->answer == ANSWER_ORGANIZER);
    arena_free(&arena);
}

Test(ical_read, finds_html_wherever_it_is_and_only_where_it_is_of_today)
{
    /* clang-format off */
    static const struct { const char *lines, *html; } cases[] = {
        { "DESCRIPTION:Hello you\nX-ALT-DESC;FMTTYPE=text/html:<p>Hello <b>you</b></p>\n", "<p>Hello <b>you</b></p>" },
        { "DESCRIPTION:Changed\nX-ALT-DESC;FMTTYPE=text/html:<p>Hello</p>\n", NULL },
        { "X-ALT-DESC;FMTTYPE=text/html:<p>Hello\\, you</p>\n", "<p>Hello, you</p>" },
        { "DESCRIPTION;ALTREP=\"data:text/html,%3Ci%3EHi%3C%2Fi%3E\":Hi\n", "<i>Hi</i>" },
        { "DESCRIPTION;ALTREP=\"https://example.com/x\":Hi\n", NULL },
        { "DESCRIPTION:Hi\nX-ALT-DESC:Hi\n", NULL },
    };
    /* clang-format on */
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_new();
        struct ical_object object;
        cr_expect(str_equal(event(arena, cases[i].lines, &object)->html,
                            cases[i].html),
                  "%s", cases[i].lines);
        arena_free(&arena);
    }
}

Test(ical_read, finds_the_zone_of_a_time)
{
    static const char eastern[] =
        "BEGIN:VTIMEZONE\nTZID:%s\n%s"
        "BEGIN:STANDARD\nDTSTART:20071104T020000\nTZOFFSETFROM:-0400\n"
        "TZOFFSETTO:-0500\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU\n"
        "END:STANDARD\n"
        "BEGIN:DAYLIGHT\nDTSTART:20070311T020000\nTZOFFSETFROM:-0500\n"
        "TZOFFSETTO:-0400\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU\n"
        "END:DAYLIGHT\n"
        "BEGIN:DAYLIGHT\nDTSTART:19870405T020000\nTZOFFSETFROM:-0500\n"
        "TZOFFSETTO:-0400\nRRULE:FREQ=YEARLY;BYMONTH=4;BYDAY=1SU;"
        "UNTIL=20060402T070000Z\nEND:DAYLIGHT\nEND:VTIMEZONE\n";
    /* clang-format off */
    static const struct { const char *name, *more, *zone; } cases[] = {
        { "America/Toronto",                     "", "America/Toronto" },
        { "Eastern Standard Time",               "", "America/New_York" },
        { "Customized Time Zone",                "", "America/New_York" },
        { "Zone 1",                              "X-LIC-LOCATION:America/Detroit\n", "America/Detroit" },
        { "/example.org/2020/America/New_York",  "", "America/New_York" },
        { "(GMT-05:00) Eastern Time (US & Canada)", "", "America/New_York" },
        { "Lost",                                NULL, "Europe/Berlin" },
    };
    /* clang-format on */
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_new();
        struct ical_object object;
        const char *timezone =
            cases[i].more == NULL
                ? ""
                : arena_printf(arena, eastern, cases[i].name, cases[i].more);
        const char *text = ical_text(
            arena, arena_printf(arena,
                                "%sBEGIN:VEVENT\nUID:a\nDTSTART;TZID=\"%s\":"
                                "20240706T090000\nEND:VEVENT\n",
                                timezone, cases[i].name));
        cr_assert(read(arena, text, &object) == ICAL_FINE, "%s", text);
        cr_expect_str_eq(zone_name(object.series.master.start.zone),
                         cases[i].zone, "%s", cases[i].name);
        arena_free(&arena);
    }
}

Test(ical_read, reads_days_durations_and_floating_times)
{
    struct arena *arena = arena_new();
    struct ical_object object;
    const struct event *read = &object.series.master;
    const char *day = "BEGIN:VEVENT\nUID:a\nDTSTART;VALUE=DATE:20240506\n%s"
                      "END:VEVENT\n";
    static const struct {
        const char *end;
        int days;
    } cases[] = { { "", 1 },
                  { "DTEND;VALUE=DATE:20240508\n", 2 },
                  { "DTEND;VALUE=DATE:20240506\n", 1 },
                  { "DURATION:P3D\n", 3 },
                  { "DURATION:P1W\n", 7 },
                  { "DURATION:PT48H\n", 2 } };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *text =
            ical_text(arena, arena_printf(arena, day, cases[i].end));
        cr_assert(ical_read(arena, text, strlen(text), zone_utc(), NULL,
                            &object, &text) == ICAL_FINE);
        cr_expect(read->start.kind == WHEN_DATE && read->end.kind == WHEN_DATE);
        cr_expect(read->end.instant - read->start.instant ==
                      cases[i].days * 86400,
                  "%s", cases[i].end);
    }
    const char *floating = ical_text(arena, "BEGIN:VEVENT\nUID:a\n"
                                            "DTSTART:20240506T090000\n"
                                            "DURATION:PT90M\nEND:VEVENT\n");
    cr_assert(ical_read(arena, floating, strlen(floating),
                        zone_iana("Europe/Berlin"), NULL, &object,
                        &floating) == ICAL_FINE);
    cr_expect(read->start.kind == WHEN_ZONED &&
              read->start.zone == zone_iana("Europe/Berlin"));
    cr_expect(read->end.instant - read->start.instant == 5400);
    arena_free(&arena);
}

Test(ical_read, lets_an_event_last_that_begins_at_a_time_that_is_skipped)
{
    /* clang-format off */
    static const struct { const char *start, *end; int seconds; } cases[] = {
        { "20270328T023000", "20270328T030000", 1800 },
        { "20270328T023000", "20270328T033000", 3600 },
        { "20270328T023000", "20270328T050000", 5400 },
        { "20270328T030000", "20270328T030000", 0 },
    };
    /* clang-format on */
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_new();
        struct ical_object object;
        const char *reason = NULL;
        const char *text = ical_text(
            arena, arena_printf(arena,
                                "BEGIN:VEVENT\nUID:a\n"
                                "DTSTART;TZID=Europe/Berlin:%s\n"
                                "DTEND;TZID=Europe/Berlin:%s\nEND:VEVENT\n",
                                cases[i].start, cases[i].end));
        cr_assert(ical_read(arena, text, strlen(text), zone_utc(), NULL,
                            &object, &reason) == ICAL_FINE,
                  "%s: %s", cases[i].end, reason);
        cr_expect_eq(object.series.master.end.instant -
                         object.series.master.start.instant,
                     cases[i].seconds, "%s", cases[i].end);
        arena_free(&arena);
    }
}

Test(ical_read, understands_exchanges_own_all_day_events)
{
    struct arena *arena = arena_new();
    struct ical_object object;
    const char *text =
        ical_text(arena, "BEGIN:VEVENT\nUID:a\n"
                         "DTSTART;TZID=Europe/Berlin:20240506T000000\n"
                         "DTEND;TZID=Europe/Berlin:20240508T000000\n"
                         "RRULE:FREQ=WEEKLY;COUNT=3\n"
                         "EXDATE;TZID=Europe/Berlin:20240513T000000\n"
                         "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE\nEND:VEVENT\n");
    cr_assert(read(arena, text, &object) == ICAL_FINE);
    cr_expect(object.series.master.start.kind == WHEN_DATE);
    cr_assert(object.series.deleted_count == 1);
    cr_expect(object.series.deleted[0].kind == WHEN_DATE);
    arena_free(&arena);
}

Test(ical_read, reads_tasks)
{
    struct arena *arena = arena_new();
    struct ical_object object;
    const char *text = ical_text(
        arena, "BEGIN:VTODO\nUID:t\nSUMMARY:Do\\, it\nPRIORITY:2\n"
               "DTSTART;VALUE=DATE:20240506\nDUE;VALUE=DATE:20240510\n"
               "STATUS:IN-PROCESS\nPERCENT-COMPLETE:40\nCATEGORIES:a,b\\,c\n"
               "RRULE:FREQ=WEEKLY;BYDAY=MO\nCLASS:PRIVATE\n"
               "BEGIN:VALARM\nACTION:DISPLAY\nTRIGGER;RELATED=END:-P1D\n"
               "END:VALARM\nEND:VTODO\n");
    cr_assert(read(arena, text, &object) == ICAL_FINE);
    const struct task *task = &object.task;
    cr_expect(object.kind == ICAL_TASK);
    cr_expect_str_eq(task->summary, "Do, it");
    cr_expect_str_eq(task->categories[1], "b,c");
    cr_expect(task->importance == IMPORTANCE_HIGH && task->percent == 40 &&
              task->status == TASK_IN_PROGRESS && task->class == CLASS_PRIVATE);
    cr_expect(task->recurrence != NULL && task->reminder);
    /* 9 May in Berlin. */
    cr_expect(task->reminder_time == task->due.instant - 86400 - 7200);
    text = ical_text(arena, "BEGIN:VTODO\nUID:t\nCOMPLETED:20240506T090000Z\n"
                            "END:VTODO\n");
    cr_assert(read(arena, text, &object) == ICAL_FINE);
    cr_expect(task->status == TASK_COMPLETED && task->percent == 100 &&
              task->completed == 1714986000);
    arena_free(&arena);
}
