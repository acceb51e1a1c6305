/*
 * objects_meeting.c - who is told of what is done to meetings
 */
#include <criterion/criterion.h>
#include <string.h>

#include "tests/proxy/exchange/party.h"

Test(objects_meeting, tells_people_once_and_only_when_it_should)
{
    struct party party = party_open();
    struct office *ann = &party.ann;
    const struct {
        const char *what;
        const char *summary;
        const char *lines;
        size_t bob;
        size_t carol;
    } steps[] = {
        { "a new one", "Plan", ORGANIZER ASKS_BOB ASKS_CAROL, 1, 1 },
        { "the same again", "Plan", ORGANIZER ASKS_BOB ASKS_CAROL, 0, 0 },
        { "an alarm", "Plan", ORGANIZER ASKS_BOB ASKS_CAROL ALARM, 0, 0 },
        { "a category", "Plan",
          ORGANIZER ASKS_BOB ASKS_CAROL ALARM "CATEGORIES:Red\r\n", 0, 0 },
        { "something of the client's", "Plan",
          ORGANIZER ASKS_BOB ASKS_CAROL ALARM "CATEGORIES:Red\r\nX-A:b\r\n", 0,
          0 },
        { "being free", "Plan",
          ORGANIZER ASKS_BOB ASKS_CAROL ALARM "TRANSP:TRANSPARENT\r\n", 0, 0 },
        { "a summary", "Plans", ORGANIZER ASKS_BOB ASKS_CAROL, 1, 1 },
        { "a place", "Plans", ORGANIZER ASKS_BOB ASKS_CAROL "LOCATION:Hall\r\n",
          1, 1 },
        { "one fewer", "Plans", ORGANIZER ASKS_BOB "LOCATION:Hall\r\n", 0, 1 },
        { "one more", "Plans",
          ORGANIZER ASKS_BOB ASKS_CAROL "LOCATION:Hall\r\n", 0, 1 },
        { "nobody", "Plans", "LOCATION:Hall\r\n", 1, 1 },
    };

    party_expect_mails(&party, "before", 0, 0, 0);
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        cr_expect_eq(party_put(ann, "m.ics",
                               office_event(ann, "m1", steps[i].summary,
                                            steps[i].lines)),
                     STATUS_OK, "%s", steps[i].what);
        party_expect_mails(&party, steps[i].what, 0, steps[i].bob,
                           steps[i].carol);
        party_get(ann, "m.ics");
    }
    party_close(&party);
}

Test(objects_meeting, calls_off_what_is_deleted)
{
    struct party party = party_open();
    struct office *ann = &party.ann;

    cr_assert_eq(party_put(ann, "m.ics",
                           office_event(ann, "m1", "Plan", ORGANIZER ASKS_BOB)),
                 STATUS_OK);
    party_expect_mails(&party, "a new one", 0, 1, 0);
    cr_expect_eq(office_delete(ann, ann->calendar, "m.ics"), STATUS_OK);
    party_expect_mails(&party, "deleted", 0, 1, 0);
    const char *name = office_name_of(&party.bob, party.bob.calendar, "Plan");
    cr_expect_not_null(strstr(party_get(&party.bob, name), "STATUS:CANCELLED"),
                       "%s", party_get(&party.bob, name));
    /* What has been called off goes without a word. */
    cr_expect_eq(office_delete(&party.bob, party.bob.calendar, name),
                 STATUS_OK);
    party_expect_mails(&party, "taken away", 0, 0, 0);
    party_close(&party);
}

Test(objects_meeting, calls_off_days_that_are_left_out)
{
    struct party party = party_open();
    struct office *ann = &party.ann;

    cr_assert_eq(
        party_put(ann, "m.ics",
                  office_event(ann, "m1", "Plan", WEEKLY ORGANIZER ASKS_BOB)),
        STATUS_OK);
    party_expect_mails(&party, "a new one", 0, 1, 0);
    cr_assert_eq(party_put(ann, "m.ics",
                           office_event(ann, "m1", "Plan",
                                        WEEKLY ORGANIZER ASKS_BOB
                                        "EXDATE:20380308T100000Z\r\n")),
                 STATUS_OK);
    party_expect_mails(&party, "a day left out", 0, 1, 0);
    cr_expect_not_null(strstr(party_get(ann, "m.ics"), "EXDATE"));
    cr_expect_not_null(strstr(party_get(ann, "m.ics"), "RRULE"));
    party_close(&party);
}

Test(objects_meeting, leaves_to_clients_what_is_theirs)
{
    struct party party = party_open();
    struct office *ann = &party.ann;
    static const char *const agents[] = { "CLIENT", "NONE", "X-OTHER" };

    for (size_t i = 0; i < 3; i++) {
        const char *name = arena_printf(ann->arena, "m%zu.ics", i);
        const char *text = office_event(
            ann, arena_printf(ann->arena, "m%zu", i), "Plan",
            arena_printf(ann->arena,
                         ORGANIZER "ATTENDEE;SCHEDULE-AGENT=%s:mailto:" BOB
                                   "\r\n",
                         agents[i]));
        cr_expect_eq(party_put(ann, name, text), STATUS_OK);
        party_expect_mails(&party, agents[i], 0, 0, 0);
        cr_expect_not_null(strstr(party_get(ann, name), "SCHEDULE-AGENT"), "%s",
                           party_get(ann, name));
        cr_expect_eq(
            party_put(ann, name,
                      office_edit(ann, text, "SUMMARY:Plan", "SUMMARY:P")),
            STATUS_OK);
        cr_expect_eq(office_delete(ann, ann->calendar, name), STATUS_OK);
        party_expect_mails(&party, agents[i], 0, 0, 0);
    }
    party_close(&party);
}

Test(objects_meeting, tells_once_more_when_it_is_forced)
{
    struct party party = party_open();
    struct office *ann = &party.ann;
    const char *text = office_event(ann, "m1", "Plan", ORGANIZER ASKS_BOB);

    cr_assert_eq(party_put(ann, "m.ics", text), STATUS_OK);
    party_expect_mails(&party, "a new one", 0, 1, 0);
    cr_assert_eq(
        party_put(ann, "m.ics",
                  office_edit(ann, text, "ATTENDEE;",
                              "ATTENDEE;SCHEDULE-FORCE-SEND=REQUEST;")),
        STATUS_OK);
    party_expect_mails(&party, "forced", 0, 1, 0);
    party_close(&party);
}

/* --- One and the same ----------------------------------------------------- */

Test(objects_meeting, the_invitation_that_is_there_and_the_client_s_are_one)
{
    static const struct {
        const char *what;
        bool seen;
    } cases[] = { { "it has been read", true }, { "it is new", false } };

    for (size_t i = 0; i < 2; i++) {
        struct party party = party_open();
        const struct object_condition absent = { .absent = true };

        cr_assert_eq(party_put(&party.ann, "m.ics",
                               office_event(&party.ann, "m1", "Plan",
                                            ORGANIZER ASKS_BOB)),
                     STATUS_OK);
        party_expect_mails(&party, "the invitation", 0, 1, 0);
        if (cases[i].seen)
            office_name_of(&party.bob, party.bob.calendar, "Plan");
        cr_expect_eq(
            office_put_if(&party.bob, party.bob.calendar, "own.ics",
                          office_event(&party.bob, "m1", "Plan",
                                       ORGANIZER
                                       "ATTENDEE;CN=Bob;PARTSTAT=ACCEPTED"
                                       ":mailto:" BOB "\r\nX-A:b\r\n"),
                          absent),
            STATUS_OK, "%s: %s", cases[i].what, party.bob.op.reason);
        cr_expect(party.bob.written.created, "%s", cases[i].what);
        party_expect_mails(&party, cases[i].what, 1, 0, 0);
        office_refresh(&party.bob, party.bob.calendar);
        cr_expect_str_eq(office_names(&party.bob, party.bob.calendar),
                         "own.ics", "%s", cases[i].what);
        const char *after = party_get(&party.bob, "own.ics");
        cr_expect_not_null(strstr(after, "X-A:b"), "%s", after);
        /* The name is Exchange's as well. */
        struct office again = office_beside(&party.ann, BOB);
        office_refresh(&again, again.calendar);
        cr_expect_str_eq(office_names(&again, again.calendar), "own.ics");
        office_close(&again);
        party_close(&party);
    }
}

Test(objects_meeting, a_copy_of_somebody_else_s_meeting_invites_nobody)
{
    struct party party = party_open();
    struct office *ann = &party.ann;
    const char *text =
        office_event(ann, "far1", "Far away",
                     "ORGANIZER;CN=Eve:mailto:eve@elsewhere.example\r\n"
                     "ATTENDEE;CN=Ann;PARTSTAT=NEEDS-ACTION:mailto:" ANN "\r\n"
                     "ATTENDEE;CN=Bob;PARTSTAT=ACCEPTED:mailto:" BOB "\r\n");

    cr_expect_eq(party_put(ann, "far.ics", text), STATUS_OK);
    cr_expect_str_eq(party_get(ann, "far.ics"), office_plain(ann, text));
    text = office_edit(ann, text, "NEEDS-ACTION", "ACCEPTED");
    cr_expect_eq(party_put(ann, "far.ics", text), STATUS_OK);
    cr_expect_str_eq(party_get(ann, "far.ics"), office_plain(ann, text));
    text = office_edit(ann, text, "20380301T110000Z", "20380301T120000Z");
    text = office_edit(ann, text, "ATTENDEE;CN=Bob",
                       "ATTENDEE;CN=Carol:mailto:" CAROL "\r\n"
                       "ATTENDEE;CN=Bob");
    cr_expect_eq(party_put(ann, "far.ics", text), STATUS_OK);
    cr_expect_str_eq(party_get(ann, "far.ics"), office_plain(ann, text));
    cr_expect_eq(office_delete(ann, ann->calendar, "far.ics"), STATUS_OK);
    party_expect_mails(&party, "a copy", 0, 0, 0);
    /* What was one's own and lonely may become one. */
    cr_expect_eq(
        party_put(ann, "own.ics", office_event(ann, "far1", "Mine", "")),
        STATUS_OK);
    cr_expect_eq(party_put(ann, "own.ics", text), STATUS_OK);
    party_expect_mails(&party, "what has become a copy", 0, 0, 0);
    party_close(&party);
}
