/*
 * objects_organizer.c - what organizers call off, and what nobody is told of
 */
#include <criterion/criterion.h>
#include <string.h>

#include "tests/proxy/exchange/party.h"

Test(objects_organizer, what_the_organizer_cancels_is_called_off)
{
    struct party party = party_open();
    struct office *ann = &party.ann;
    const char *text =
        office_event(ann, "m1", "Plan", ORGANIZER ASKS_BOB ASKS_CAROL);

    cr_assert_eq(party_put(ann, "m.ics", text), STATUS_OK);
    party_expect_mails(&party, "a new one", 0, 1, 1);
    cr_expect_eq(party_put(ann, "m.ics",
                           office_edit(ann, text, "SUMMARY",
                                       "STATUS:CANCELLED\r\nSUMMARY")),
                 STATUS_OK);
    party_expect_mails(&party, "cancelled", 0, 1, 1);
    cr_expect(ann->written.gone);
    office_refresh(ann, ann->calendar);
    cr_expect_str_eq(office_names(ann, ann->calendar), "");
    cr_expect_eq(exchange_count(ann->exchange, ANN, "deleteditems"), 1);
    const char *name = office_name_of(&party.bob, party.bob.calendar, "Plan");
    cr_expect_not_null(strstr(party_get(&party.bob, name), "STATUS:CANCELLED"));
    party_close(&party);
}

Test(objects_organizer, what_is_cancelled_without_anybody_to_tell_stays)
{
    static const struct {
        const char *what;
        const char *lines;
    } cases[] = {
        { "nobody is invited", "" },
        { "the client tells",
          ORGANIZER "ATTENDEE;SCHEDULE-AGENT=CLIENT:mailto:" BOB "\r\n" },
    };

    for (size_t i = 0; i < 2; i++) {
        struct party party = party_open();
        struct office *ann = &party.ann;
        const char *text = office_event(ann, "m1", "Plan", cases[i].lines);

        cr_assert_eq(party_put(ann, "m.ics", text), STATUS_OK);
        cr_expect_eq(party_put(ann, "m.ics",
                               office_edit(ann, text, "SUMMARY",
                                           "STATUS:CANCELLED\r\nSUMMARY")),
                     STATUS_OK);
        cr_expect_not_null(strstr(party_get(ann, "m.ics"), "STATUS:CANCELLED"),
                           "%s", cases[i].what);
        party_expect_mails(&party, cases[i].what, 0, 0, 0);
        party_close(&party);
    }
}

Test(objects_organizer, a_new_one_that_is_cancelled_invites_nobody)
{
    struct party party = party_open();

    cr_expect_eq(
        party_put(&party.ann, "m.ics",
                  office_event(&party.ann, "m1", "Plan",
                               ORGANIZER ASKS_BOB "STATUS:CANCELLED\r\n")),
        STATUS_OK);
    party_expect_mails(&party, "a cancelled one", 0, 0, 0);
    party_close(&party);
}

static void expect_put(struct party *party, const char *what, const char *text,
                       size_t told)
{
    cr_expect_eq(party_put(&party->ann, "m.ics", text), STATUS_OK, "%s", what);
    party_expect_mails(party, what, 0, told, 0);
}

Test(objects_organizer, what_is_cancelled_is_news_when_it_is_not_any_more)
{
    struct party party = party_open();
    struct office *ann = &party.ann;
    const char *text = office_event(ann, "m1", "Plan", ORGANIZER ASKS_BOB);
    const char *cancelled =
        office_edit(ann, text, "SUMMARY", "STATUS:CANCELLED\r\nSUMMARY");

    expect_put(&party, "a new one", text, 1);
    expect_put(&party, "cancelled", cancelled, 1);
    expect_put(&party, "cancelled once more", cancelled, 0);
    expect_put(&party, "another title of what is cancelled",
               office_edit(ann, cancelled, "Plan", "Plans"), 0);
    expect_put(&party, "held after all", text, 1);
    party_close(&party);
}

Test(objects_organizer, whom_the_client_has_told_is_invited_when_it_tells_not)
{
    struct party party = party_open();
    struct office *ann = &party.ann;
    const char *text = office_event(ann, "m1", "Plan", ORGANIZER ASKS_BOB);

    expect_put(&party, "told by the client",
               office_edit(ann, text, "ATTENDEE",
                           "ATTENDEE;SCHEDULE-AGENT=CLIENT"),
               0);
    expect_put(&party, "told by Exchange", text, 1);
    party_close(&party);
}

Test(objects_organizer, a_message_is_forced_once)
{
    struct party party = party_open();
    struct office *ann = &party.ann;
    const char *text = office_event(ann, "m1", "Plan", ORGANIZER ASKS_BOB);

    expect_put(&party, "a new one", text, 1);
    expect_put(&party, "the same, by all means",
               office_edit(ann, text, "ATTENDEE",
                           "ATTENDEE;SCHEDULE-FORCE-SEND=REQUEST"),
               1);
    text = party_fetch(ann, "m.ics");
    cr_expect_null(strstr(text, "FORCE-SEND"), "%s", text);
    expect_put(&party, "an alarm",
               office_edit(ann, text, "SUMMARY", ALARM "SUMMARY"), 0);
    party_close(&party);
}

Test(objects_organizer, what_is_another_by_now_is_not_called_off)
{
    struct party party = party_open();
    struct office *ann = &party.ann;
    struct office outlook = office_beside(ann, ANN);
    const char *text = office_event(ann, "m1", "Plan", ORGANIZER ASKS_BOB);

    expect_put(&party, "a new one", text, 1);
    office_refresh(&outlook, outlook.calendar);
    cr_assert_eq(party_put(&outlook, "m.ics",
                           office_edit(&outlook, text, "Plan", "Party")),
                 STATUS_OK);
    party_expect_mails(&party, "another title", 0, 1, 0);
    text = office_edit(ann, text, "SUMMARY", "STATUS:CANCELLED\r\nSUMMARY");
    cr_expect_eq(
        office_put_if(
            ann, ann->calendar, "m.ics", text,
            (struct object_condition){
                .revision = office_find(ann, ann->calendar, "m.ics").revision }),
        STATUS_CONFLICT);
    party_expect_mails(&party, "cancelled as it was", 0, 0, 0);
    expect_put(&party, "cancelled as it is", text, 1);
    cr_expect(ann->written.gone);
    office_close(&outlook);
    party_close(&party);
}

/* A day of the weekly meeting, with some lines. */
#define WITH_DAY(OFFICE, TEXT, LINES)                                          \
    office_edit(OFFICE, TEXT, "END:VCALENDAR",                                 \
                "BEGIN:VEVENT\r\nUID:m1\r\nDTSTAMP:20260101T000000Z\r\n"       \
                "RECURRENCE-ID:20380308T100000Z\r\n" LINES ORGANIZER ASKS_BOB  \
                "END:VEVENT\r\nEND:VCALENDAR")
#define THAT_DAY                                                               \
    "DTSTART:20380308T100000Z\r\nDTEND:20380308T110000Z\r\nSUMMARY:Plan\r\n"
#define MOVED                                                                  \
    "DTSTART:20380308T120000Z\r\nDTEND:20380308T130000Z\r\nSUMMARY:Plan\r\n"

Test(objects_organizer, a_day_that_is_cancelled_is_called_off_alone)
{
    struct party party = party_open();
    struct office *ann = &party.ann;
    const char *text =
        office_event(ann, "m1", "Plan", WEEKLY ORGANIZER ASKS_BOB);

    cr_assert_eq(party_put(ann, "m.ics", text), STATUS_OK);
    party_expect_mails(&party, "a new one", 0, 1, 0);
    cr_expect_eq(
        party_put(ann, "m.ics",
                  WITH_DAY(ann, text, THAT_DAY "STATUS:CANCELLED\r\n")),
        STATUS_OK);
    party_expect_mails(&party, "a day", 0, 1, 0);
    cr_expect_not_null(strstr(party_get(ann, "m.ics"), "EXDATE"));
    cr_expect_null(strstr(party_get(ann, "m.ics"), "RECURRENCE-ID"));
    party_close(&party);
}

Test(objects_organizer, a_day_s_time_and_the_alarm_of_all_tell_of_the_day)
{
    struct party party = party_open();
    struct office *ann = &party.ann;
    const char *text =
        office_event(ann, "m1", "Plan", WEEKLY ORGANIZER ASKS_BOB);
    const char *alarmed =
        office_event(ann, "m1", "Plan", WEEKLY ORGANIZER ASKS_BOB ALARM);

    cr_assert_eq(party_put(ann, "m.ics", text), STATUS_OK);
    party_expect_mails(&party, "a new one", 0, 1, 0);
    cr_expect_eq(party_put(ann, "m.ics", WITH_DAY(ann, alarmed, MOVED)),
                 STATUS_OK);
    party_expect_mails(&party, "a day and an alarm", 0, 1, 0);
    const char *after = party_get(ann, "m.ics");
    cr_expect_not_null(strstr(after, "TRIGGER"), "%s", after);
    cr_expect_not_null(strstr(after, "20380308T120000Z"), "%s", after);
    party_close(&party);
}

Test(objects_organizer, nobody_is_told_of_what_is_over)
{
    static const struct {
        const char *what;
        const char *from; /* in the text */
        const char *to;
        size_t told;
    } cases[] = {
        { "it is over", "DTSTART:2038", "DTSTART:2020", 0 },
        { "its last day is over", "DTSTART:2038",
          "RRULE:FREQ=WEEKLY;COUNT=3\r\nDTSTART:2020", 0 },
        { "it goes on", "DTSTART:2038",
          "RRULE:FREQ=YEARLY;COUNT=30\r\nDTSTART:2020", 1 },
        { "it is to come", "DTSTART:2038", "DTSTART:2038", 1 },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct party party = party_open();
        struct office *ann = &party.ann;
        const char *text = office_event(ann, "m1", "Plan", ORGANIZER ASKS_BOB);

        text = office_edit(ann, text, cases[i].from, cases[i].to);
        text = office_edit(ann, text, "DTEND:2038",
                           cases[i].to[strlen(cases[i].to) - 1] == '0'
                               ? "DTEND:2020"
                               : "DTEND:2038");
        cr_expect_eq(party_put(ann, "m.ics", text), STATUS_OK, "%s",
                     cases[i].what);
        party_expect_mails(&party, cases[i].what, 0, cases[i].told, 0);
        const char *after = party_get(ann, "m.ics");
        cr_expect_not_null(strstr(after, "mailto:" BOB), "%s", after);
        cr_expect_eq(
            party_put(ann, "m.ics",
                      office_edit(ann, text, "SUMMARY:Plan", "SUMMARY:Plans")),
            STATUS_OK);
        party_expect_mails(&party, cases[i].what, 0, cases[i].told, 0);
        cr_expect_eq(office_delete(ann, ann->calendar, "m.ics"), STATUS_OK);
        party_expect_mails(&party, cases[i].what, 0, cases[i].told, 0);
        party_close(&party);
    }
}

#define LEAVES_CAROL                                                           \
    "ATTENDEE;CN=Carol;SCHEDULE-AGENT=NONE:mailto:" CAROL "\r\n"

Test(objects_organizer, some_cannot_be_told_without_the_others)
{
    struct party party = party_open();
    struct office *ann = &party.ann;
    const char *mixed =
        office_event(ann, "m1", "Plan", ORGANIZER ASKS_BOB LEAVES_CAROL);
    const char *all = office_event(ann, "m1", "Plan", ORGANIZER ASKS_BOB);

    cr_expect_eq(party_put(ann, "m.ics", mixed), STATUS_BAD_CONTENT);
    cr_expect_eq(ann->written.problem, OBJECT_ORGANIZER);
    cr_expect_not_null(strstr(ann->written.reason, "SCHEDULE-AGENT"));
    cr_expect_eq(office_find(ann, ann->calendar, "m.ics").name, NULL);
    cr_assert_eq(party_put(ann, "m.ics", all), STATUS_OK);
    party_expect_mails(&party, "one agent", 0, 1, 0);
    cr_expect_eq(party_put(ann, "m.ics", mixed), STATUS_BAD_CONTENT);
    party_expect_mails(&party, "refused", 0, 0, 0);
    party_close(&party);
}
