/*
 * objects_exact.c - what a client hears of its own change
 *
 * Texts as programs write them, to which each makes the change that it makes
 * most often: what is read then is what was sent, and they hear of it.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "tests/proxy/exchange/objects.h"

/* clang-format off */
#define THUNDERBIRD \
    "BEGIN:VCALENDAR\r\nPRODID:-//Mozilla.org/NONSGML Mozilla Calendar V1.1//EN\r\n" \
    "VERSION:2.0\r\nBEGIN:VTIMEZONE\r\nTZID:Europe/Berlin\r\nX-TZINFO:Europe/Berlin[2024a]\r\n" \
    "BEGIN:STANDARD\r\nTZOFFSETTO:+010000\r\nTZOFFSETFROM:+020000\r\nTZNAME:CET\r\n" \
    "DTSTART:19701025T030000\r\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\r\nEND:STANDARD\r\n" \
    "BEGIN:DAYLIGHT\r\nTZOFFSETTO:+020000\r\nTZOFFSETFROM:+010000\r\nTZNAME:CEST\r\n" \
    "DTSTART:19700329T020000\r\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\r\nEND:DAYLIGHT\r\n" \
    "END:VTIMEZONE\r\nBEGIN:VEVENT\r\nCREATED:20261101T100000Z\r\n" \
    "LAST-MODIFIED:20261101T100500Z\r\nDTSTAMP:20261101T100500Z\r\nUID:tb\r\nSUMMARY:Lunch\r\n" \
    "DTSTART;TZID=Europe/Berlin:20270301T120000\r\n" \
    "DTEND;TZID=Europe/Berlin:20270301T130000\r\nTRANSP:OPAQUE\r\nLOCATION:Mensa\r\n" \
    "BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT15M\r\n" \
    "DESCRIPTION:Default Mozilla Description\r\nEND:VALARM\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
#define EVOLUTION \
    "BEGIN:VCALENDAR\r\nCALSCALE:GREGORIAN\r\nVERSION:2.0\r\n" \
    "PRODID:-//Ximian//NONSGML Evolution Calendar//EN\r\nBEGIN:VEVENT\r\nUID:evo\r\n" \
    "DTSTAMP:20261101T100500Z\r\nDTSTART;VALUE=DATE:20270301\r\nDTEND;VALUE=DATE:20270302\r\n" \
    "SEQUENCE:2\r\nSUMMARY:Fair\r\nCLASS:PUBLIC\r\nTRANSP:TRANSPARENT\r\n" \
    "CREATED:20261101T100000Z\r\nLAST-MODIFIED:20261101T100500Z\r\n" \
    "X-EVOLUTION-CALDAV-ETAG:1\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
#define APPLE \
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Apple Inc.//macOS 14.0//EN\r\n" \
    "CALSCALE:GREGORIAN\r\nBEGIN:VEVENT\r\nCREATED:20261101T100000Z\r\nUID:mac\r\n" \
    "DTSTART:20270301T100000Z\r\nDTEND:20270301T110000Z\r\nTRANSP:OPAQUE\r\n" \
    "X-APPLE-TRAVEL-ADVISORY-BEHAVIOR:AUTOMATIC\r\nSUMMARY:Run\r\n" \
    "LAST-MODIFIED:20261101T100500Z\r\nDTSTAMP:20261101T100500Z\r\nSEQUENCE:0\r\n" \
    "RRULE:FREQ=WEEKLY;COUNT=5\r\nBEGIN:VALARM\r\nX-WR-ALARMUID:A1\r\nUID:A1\r\n" \
    "TRIGGER:-PT30M\r\nATTACH;VALUE=URI:Chord\r\nACTION:AUDIO\r\nEND:VALARM\r\n" \
    "END:VEVENT\r\nEND:VCALENDAR\r\n"
#define DAVX5 \
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:DAVx5/4.4 ical4j/3.2 (at.bitfire)\r\n" \
    "BEGIN:VEVENT\r\nDTSTAMP:20261101T100500Z\r\nUID:dx\r\nSEQUENCE:1\r\n" \
    "DTSTART:20270301T100000Z\r\nDTEND:20270301T110000Z\r\nSUMMARY:Swim\r\nSTATUS:CONFIRMED\r\n" \
    "COLOR:teal\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
#define TASKS_ORG \
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:+//IDN tasks.org//android-130000//EN\r\n" \
    "BEGIN:VTODO\r\nDTSTAMP:20261101T100500Z\r\nUID:to\r\nCREATED:20261101T100000Z\r\n" \
    "LAST-MODIFIED:20261101T100500Z\r\nSUMMARY:Bread\r\nPRIORITY:9\r\n" \
    "DUE;VALUE=DATE:20270305\r\nX-APPLE-SORT-ORDER:7\r\nEND:VTODO\r\nEND:VCALENDAR\r\n"
#define CARD_4 \
    "BEGIN:VCARD\r\nVERSION:4.0\r\nUID:c4\r\nPRODID:-//Test//EN\r\nFN:Zoe Doe\r\nN:Doe;Zoe;;;\r\n" \
    "EMAIL;TYPE=work:zoe@example.com\r\nX-FAVOURITE:yes\r\nEND:VCARD\r\n"

static const struct {
    const char *program;
    enum folder_kind kind;
    const char *name;
    const char *text;
    const char *from;
    const char *to;
    bool exact;
} edits[] = {
    { "Thunderbird", FOLDER_CALENDAR, "tb.ics", THUNDERBIRD, "SUMMARY:Lunch", "SUMMARY:Dinner", true },
    { "Evolution", FOLDER_CALENDAR, "evo.ics", EVOLUTION, "20270302", "20270303", true },
    { "Apple's", FOLDER_CALENDAR, "mac.ics", APPLE, "COUNT=5", "COUNT=6", true },
    { "DAVx5", FOLDER_CALENDAR, "dx.ics", DAVX5, "T110000Z", "T113000Z", true },
    { "Tasks.org", FOLDER_TASKS, "to.ics", TASKS_ORG, "20270305", "20270306", true },
    { "an address book", FOLDER_CONTACTS, "c4.vcf", CARD_4, "zoe@", "doe@", true },
    { "one that is brief", FOLDER_CALENDAR, "b.ics",
      "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//B//EN\r\nBEGIN:VEVENT\r\nUID:b\r\n"
      "DTSTAMP:20261101T100500Z\r\nDTSTART:20270301T100000Z\r\nDTEND:20270301T110000Z\r\n"
      "SUMMARY:One\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n", "One", "Two", false },
};
/* clang-format on */

static int64_t folder_for(const struct office *office, enum folder_kind kind)
{
    return kind == FOLDER_TASKS      ? office->tasks
           : kind == FOLDER_CONTACTS ? office->contacts
                                     : office->calendar;
}

Test(objects_exact, who_reads_what_was_sent_hears_of_it)
{
    struct office office = office_open_warm();

    for (size_t i = 0; i < sizeof edits / sizeof *edits; i++) {
        const char *program = edits[i].program, *name = edits[i].name;
        int64_t folder = folder_for(&office, edits[i].kind);

        EXPECT_OK(office_put(&office, folder, name, edits[i].text));
        office_get(&office, folder, name);
        const char *text =
            office_edit(&office, edits[i].text, edits[i].from, edits[i].to);
        office_calls(&office);
        EXPECT_OK(office_put(&office, folder, name, text));
        bool exact = office.written.exact;
        uint64_t revision = office.written.object.revision;
        const char *got = office_get(&office, folder, name);

        cr_expect_eq(office_calls(&office), 2, "%s: an edit", program);
        cr_expect_eq(exact, edits[i].exact, "%s: %s", program, got);
        cr_expect_eq(exact, strcmp(got, text) == 0, "%s: %s", program, got);
        office_refresh(&office, folder);
        cr_expect_eq(office_find(&office, folder, name).revision, revision,
                     "%s: what was told holds", program);
    }
    office_close(&office);
}

Test(objects_exact, a_card_is_compared_in_the_version_that_was_sent)
{
    struct office office = office_open_warm();
    const char *text =
        "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:c3\r\nFN:Zoe Doe\r\nN:Doe;Zoe;;;\r\n"
        "X-FAVOURITE:yes\r\nEND:VCARD\r\n";

    EXPECT_OK(office_put(&office, office.contacts, "c3.vcf", text));
    text = office_edit(&office, text, "FN:Zoe", "FN:Zoë");
    EXPECT_OK(office_put(&office, office.contacts, "c3.vcf", text));
    cr_expect_eq(
        office.written.exact,
        strcmp(office_get_as(&office, office.contacts, "c3.vcf", VCARD_3),
               text) == 0);
    office_close(&office);
}

/* --- Single days ---------------------------------------------------------- */

/* A series of which the client has read the text, in which the second day is to
 * be later. */
static const char *put_days(struct office *office)
{
    const char *text =
        office_event(office, "days", "Choir", "RRULE:FREQ=DAILY;COUNT=5\r\n");

    cr_assert_eq(office_put(office, office->calendar, "days.ics", text),
                 STATUS_OK);
    text = office_get(office, office->calendar, "days.ics");
    return office_edit(office, text, "END:VEVENT\r\n",
                       "END:VEVENT\r\nBEGIN:VEVENT\r\nUID:days\r\n"
                       "DTSTAMP:20270101T000000Z\r\n"
                       "RECURRENCE-ID:20380302T100000Z\r\n"
                       "DTSTART:20380302T150000Z\r\n"
                       "DTEND:20380302T160000Z\r\nSUMMARY:Choir\r\n"
                       "END:VEVENT\r\n");
}

Test(objects_exact, tags_of_a_changed_day_hold_at_the_next_look)
{
    struct office office = office_open_warm();
    const char *text = put_days(&office);

    EXPECT_OK(office_put(&office, office.calendar, "days.ics", text));
    struct object told = office.written.object;
    for (int i = 0; i < 2; i++) {
        office_get(&office, office.calendar, "days.ics");
        struct object now = office_find(&office, office.calendar, "days.ics");

        cr_expect_eq(now.revision, told.revision);
        cr_expect_eq(now.schedule, told.schedule);
        office_refresh(&office, office.calendar);
    }
    const struct object_condition same = { .schedule = told.schedule };
    EXPECT_OK(office_put_if(
        &office, office.calendar, "days.ics",
        office_edit(&office, text, "SUMMARY:Choir", "SUMMARY:Singing"), same));
    office_close(&office);
}

/* The reading back comes to nothing, and then another has changed the series as
 * well. */
Test(objects_exact, what_another_does_before_it_is_read_moves_the_tags)
{
    const struct exchange_fault_rule once = { "GetItem", FAULT_RESPONSE_CODE,
                                              0,         1,
                                              0,         "ErrorItemNotFound" };
    struct office office = office_open_warm();
    struct office outlook = office_beside(&office, ANN);
    const char *text = put_days(&office);

    office_refresh(&outlook, outlook.calendar);
    exchange_set_fault(office.exchange, &once);
    EXPECT_OK(office_put(&office, office.calendar, "days.ics", text));
    struct object told = office.written.object;
    EXPECT_OK(office_put(
        &outlook, outlook.calendar, "days.ics",
        office_edit(&outlook,
                    office_get(&outlook, outlook.calendar, "days.ics"),
                    "SUMMARY:Choir", "SUMMARY:Theirs")));
    office_refresh(&office, office.calendar);
    cr_expect_gt(office_find(&office, office.calendar, "days.ics").revision,
                 told.revision);
    cr_expect_not_null(
        strstr(office_get(&office, office.calendar, "days.ics"), "Theirs"));
    office_close(&outlook);
    office_close(&office);
}
