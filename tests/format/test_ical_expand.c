/*
 * test_ical_expand.c - occurrences, and parts of a text
 */
#include <criterion/criterion.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/format/ical_busy.h"
#include "proxy/format/ical_expand.h"
#include "tests/format/ical_text.h"

static const char weekly[] =
    "RRULE:FREQ=WEEKLY;BYDAY=MO\nSUMMARY:Tea\n"
    "EXDATE;TZID=Europe/Berlin:20240513T090000\nEND:VEVENT\n"
    "BEGIN:VEVENT\nUID:one@example.com\nSUMMARY:Moved\n"
    "RECURRENCE-ID;TZID=Europe/Berlin:20240520T090000\n"
    "DTSTART;TZID=Europe/Berlin:20240522T120000\n"
    "DURATION:PT30M\n";

static int64_t may(int day)
{
    return 1714521600 + (day - 1) * 86400LL;
}

static const char *shaped(struct arena *arena, const char *text,
                          const struct ical_shape *shape)
{
    return ical_shaped(arena, text, strlen(text), shape,
                       zone_iana("Europe/Berlin"));
}

static int count(const char *text, const char *word)
{
    int found = 0;
    while ((text = strstr(text, word)) != NULL) {
        found++;
        text++;
    }
    return found;
}

Test(ical_expand, makes_occurrences_in_utc)
{
    struct arena *arena = arena_new();
    struct ical_range range = { may(1), may(31) };
    struct ical_shape shape = { .expand = &range };
    const char *text = shaped(arena, ical_text_event(arena, weekly), &shape);
    cr_expect(count(text, "BEGIN:VEVENT") == 3, "%s", text);
    cr_expect(count(text, "RRULE") == 0 && count(text, "EXDATE") == 0 &&
              count(text, "TZID") == 0 && count(text, "DURATION") == 0);
    cr_expect(strstr(text, "RECURRENCE-ID:20240506T070000Z") != NULL);
    cr_expect(strstr(text, "DTSTART:20240506T070000Z") != NULL);
    cr_expect(strstr(text, "RECURRENCE-ID:20240520T070000Z") != NULL);
    cr_expect(strstr(text, "DTSTART:20240522T100000Z") != NULL);
    cr_expect(strstr(text, "DTEND:20240522T103000Z") != NULL);
    cr_expect(strstr(text, "RECURRENCE-ID:20240527T070000Z") != NULL);
    arena_free(&arena);
}

Test(ical_expand, keeps_days_as_days_and_single_events_as_one)
{
    struct arena *arena = arena_new();
    struct ical_range range = { may(1), may(9) };
    struct ical_shape shape = { .expand = &range };
    const char *days =
        ical_text(arena, "BEGIN:VEVENT\nUID:a\nRRULE:FREQ=DAILY\n"
                         "DTSTART;VALUE=DATE:20240507\nEND:VEVENT\n");
    const char *text = shaped(arena, days, &shape);
    /* In Berlin the 9th begins at 22:00 UTC of the 8th. */
    cr_expect(count(text, "BEGIN:VEVENT") == 3, "%s", text);
    cr_expect(strstr(text, "RECURRENCE-ID;VALUE=DATE:20240508") != NULL);
    text = shaped(arena, ical_text_event(arena, ""), &shape);
    cr_expect(count(text, "BEGIN:VEVENT") == 1 &&
                  count(text, "RECURRENCE-ID") == 0,
              "%s", text);
    arena_free(&arena);
}

Test(ical_expand, refuses_more_instances_than_there_may_be)
{
    struct arena *arena = arena_new();
    struct ical_range range = { may(1), may(1) + 86400LL * 9000 };
    struct ical_shape shape = { .expand = &range };
    cr_expect(shaped(arena, ical_text_event(arena, "RRULE:FREQ=DAILY\n"),
                     &shape) == NULL);
    cr_expect(shaped(arena, ical_text_event(arena, "RRULE:FREQ=MONTHLY\n"),
                     &shape) != NULL);
    arena_free(&arena);
}

Test(ical_expand, leaves_out_exceptions_that_do_not_matter)
{
    struct arena *arena = arena_new();
    const char *whole = ical_text_event(arena, weekly);
    static const struct {
        int from, to;
        bool there;
    } cases[] = {
        { 20, 21, true }, { 22, 23, true }, { 6, 8, false }, { 24, 30, false }
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct ical_range range = { may(cases[i].from), may(cases[i].to) };
        struct ical_shape shape = { .limit_recurrence = &range };
        const char *text = shaped(arena, whole, &shape);
        cr_expect((strstr(text, "Moved") != NULL) == cases[i].there, "%zu", i);
        cr_expect(strstr(text, "RRULE") != NULL);
    }
    arena_free(&arena);
}

Test(ical_expand, gives_only_what_was_asked_for)
{
    static const struct ical_prop_shape version = { "VERSION", false };
    static const struct ical_prop_shape props[] = { { "UID", false },
                                                    { "SUMMARY", true } };
    static const struct ical_comp_shape event = { .name = "VEVENT",
                                                  .props = props,
                                                  .prop_count = 2 };
    static const struct ical_comp_shape calendar = { .name = "VCALENDAR",
                                                     .props = &version,
                                                     .prop_count = 1,
                                                     .comps = &event,
                                                     .comp_count = 1 };
    struct arena *arena = arena_new();
    struct ical_shape shape = { .component = &calendar };
    cr_expect_str_eq(
        shaped(arena, ical_text_event(arena, "SUMMARY:x\n"), &shape),
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\n"
        "UID:one@example.com\r\nSUMMARY:\r\nEND:VEVENT\r\n"
        "END:VCALENDAR\r\n");
    struct ical_shape nothing = { .component = NULL };
    cr_expect_str_eq(shaped(arena, "as it is", &nothing), "as it is");
    arena_free(&arena);
}

/* --- Busy -------------------------------------------------------------------
 */

static void add(struct ical_periods *periods, const char *text)
{
    static const char *const self[] = { "ann@example.com", NULL };
    ical_periods_add_text(periods, text, strlen(text),
                          zone_iana("Europe/Berlin"), self);
}

Test(ical_busy, counts_what_takes_time)
{
    /* clang-format off */
    static const struct { const char *lines; size_t count; } cases[] = {
        { "", 1 },
        { "TRANSP:TRANSPARENT\n", 0 },
        { "STATUS:CANCELLED\n", 0 },
        { "X-MICROSOFT-CDO-BUSYSTATUS:WORKINGELSEWHERE\n", 0 },
        { "ORGANIZER:mailto:b@example.com\nATTENDEE;PARTSTAT=DECLINED:mailto:ann@example.com\n", 0 },
        { "ORGANIZER:mailto:b@example.com\nATTENDEE;PARTSTAT=ACCEPTED:mailto:ann@example.com\n", 1 },
        { "RRULE:FREQ=DAILY\n", 26 },
        { "RRULE:FREQ=DAILY;COUNT=3\nEXDATE;TZID=Europe/Berlin:20240507T090000\n", 2 },
    };
    /* clang-format on */
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_new();
        struct ical_periods periods = { .arena = arena,
                                        .from = may(1),
                                        .to = may(32) };
        add(&periods, ical_text_event(arena, cases[i].lines));
        cr_expect(periods.count == cases[i].count, "%s", cases[i].lines);
        arena_free(&arena);
    }
}

Test(ical_busy, lets_the_busier_one_count)
{
    struct arena *arena = arena_new();
    struct ical_periods periods = { .arena = arena, .from = 0, .to = 1000 };
    ical_periods_add(&periods, 100, 400, BUSY_TENTATIVE);
    ical_periods_add(&periods, 200, 300, BUSY_AWAY);
    ical_periods_add(&periods, 250, 350, BUSY_BUSY);
    ical_periods_add(&periods, 400, 500, BUSY_TENTATIVE);
    ical_periods_add(&periods, -50, 50, BUSY_BUSY);
    ical_periods_add(&periods, 900, 2000, BUSY_UNKNOWN);
    ical_periods_add(&periods, 600, 700, BUSY_FREE);
    ical_periods_merge(&periods);
    static const struct ical_period wanted[] = {
        { 0, 50, BUSY_BUSY },         { 100, 200, BUSY_TENTATIVE },
        { 200, 300, BUSY_AWAY },      { 300, 350, BUSY_BUSY },
        { 350, 500, BUSY_TENTATIVE }, { 900, 1000, BUSY_BUSY },
    };
    cr_assert(periods.count == 6, "%zu", periods.count);
    for (size_t i = 0; i < 6; i++)
        cr_expect(periods.items[i].from == wanted[i].from &&
                      periods.items[i].to == wanted[i].to &&
                      periods.items[i].busy == wanted[i].busy,
                  "%zu", i);
    arena_free(&arena);
}

Test(ical_busy, answers_each_attendee_in_his_own_words)
{
    struct arena *arena = arena_new();
    const char *text = ical_text(
        arena, "METHOD:REQUEST\nBEGIN:VFREEBUSY\nUID:q1\n"
               "DTSTAMP:20240501T080000Z\nDTSTART:20240506T000000Z\n"
               "DTEND:20240507T000000Z\nORGANIZER:mailto:ann@example.com\n"
               "ATTENDEE;CN=Bob:mailto:Bob@Example.com\n"
               "ATTENDEE:mailto:eve@example.com\nEND:VFREEBUSY\n");
    struct ical_busy_request request;
    const char *reason;
    cr_assert(ical_read_busy_request(arena, text, strlen(text), &request,
                                     &reason) == ICAL_FINE);
    cr_assert(request.attendee_count == 2);
    cr_expect_str_eq(request.organizer, "ann@example.com");
    cr_expect_str_eq(request.attendees[0], "Bob@Example.com");
    cr_expect_str_eq(request.uris[0], "mailto:Bob@Example.com");
    struct ical_periods periods = { .arena = arena,
                                    .from = request.from,
                                    .to = request.to };
    ical_periods_add(&periods, may(6) + 3600, may(6) + 7200, BUSY_AWAY);
    const char *answer = ical_write_busy(&periods, &request, 0);
    static const char *const lines[] = {
        "METHOD:REPLY\r\n",
        "UID:q1\r\n",
        "ORGANIZER:mailto:ann@example.com\r\n",
        "ATTENDEE;CN=Bob:mailto:Bob@Example.com\r\n",
        "DTSTART:20240506T000000Z\r\n",
        "FREEBUSY;FBTYPE=BUSY-UNAVAILABLE:20240506T010000Z/20240506T020000Z"
        "\r\n"
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        cr_expect(strstr(answer, lines[i]) != NULL, "%s", answer);
    cr_expect(strstr(answer, "eve@") == NULL);
    cr_expect(strstr(ical_write_busy(&periods, NULL, 0), "METHOD") == NULL);
    arena_free(&arena);
}

Test(ical_busy, refuses_what_is_no_question)
{
    /* clang-format off */
    static const struct { enum ical_problem problem; const char *lines; } cases[] = {
        { ICAL_COMPONENT, "METHOD:REQUEST\nBEGIN:VEVENT\nUID:a\nEND:VEVENT\n" },
        { ICAL_OBJECT,    "BEGIN:VFREEBUSY\nUID:a\nEND:VFREEBUSY\n" },
        { ICAL_TIME,      "METHOD:REQUEST\nBEGIN:VFREEBUSY\nUID:a\nATTENDEE:mailto:a@b.c\nEND:VFREEBUSY\n" },
        { ICAL_TIME,      "METHOD:REQUEST\nBEGIN:VFREEBUSY\nUID:a\nATTENDEE:mailto:a@b.c\nDTSTART:20240507T000000Z\nDTEND:20240506T000000Z\nEND:VFREEBUSY\n" },
        { ICAL_OBJECT,    "METHOD:REQUEST\nBEGIN:VFREEBUSY\nUID:a\nDTSTART:20240506T000000Z\nDTEND:20240507T000000Z\nEND:VFREEBUSY\n" },
        { ICAL_SYNTAX,    "METHOD:REQUEST\nBEGIN:VFREEBUSY\n" },
    };
    /* clang-format on */
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_new();
        const char *text = ical_text(arena, cases[i].lines), *reason = NULL;
        struct ical_busy_request request;
        cr_expect(ical_read_busy_request(arena, text, strlen(text), &request,
                                         &reason) == cases[i].problem,
                  "%s", cases[i].lines);
        cr_expect(reason != NULL);
        arena_free(&arena);
    }
}
