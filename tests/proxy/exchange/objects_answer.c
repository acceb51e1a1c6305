/*
 * objects_answer.c - what those who are invited answer, and what else they do
 */
#include <criterion/criterion.h>
#include <string.h>

#include "tests/proxy/exchange/party.h"

/* Ann invites Bob; the name of what he finds in his calendar. */
static const char *invite(struct party *party, const char *lines)
{
    cr_assert_eq(
        party_put(&party->ann, "m.ics",
                  office_event(&party->ann, "m1", "Plan",
                               arena_printf(party->ann.arena, "%s%s",
                                            ORGANIZER ASKS_BOB, lines))),
        STATUS_OK);
    party_get(&party->ann, "m.ics");
    party_expect_mails(party, "the invitation", 0, 1, 0);
    const char *name = office_name_of(&party->bob, party->bob.calendar, "Plan");
    cr_assert_str_neq(name, "");
    return name;
}

static const char *answered(struct office *office, const char *text,
                            const char *answer)
{
    return office_edit(office, text, "PARTSTAT=NEEDS-ACTION",
                       arena_printf(office->arena, "PARTSTAT=%s", answer));
}

Test(objects_answer, answers_go_back_once)
{
    struct party party = party_open();
    const char *name = invite(&party, "");
    const char *text = party_fetch(&party.bob, name);
    struct object before = office_find(&party.ann, party.ann.calendar, "m.ics");

    cr_expect_eq(
        party_put(&party.bob, name, answered(&party.bob, text, "ACCEPTED")),
        STATUS_OK);
    party_expect_mails(&party, "accepted", 1, 0, 0);
    const char *after = party_get(&party.bob, name);
    cr_expect_not_null(strstr(after, "PARTSTAT=ACCEPTED"), "%s", after);
    after = party_get(&party.ann, "m.ics");
    cr_expect_not_null(strstr(after, "PARTSTAT=ACCEPTED"), "%s", after);
    struct object now = office_find(&party.ann, party.ann.calendar, "m.ics");
    cr_expect_neq(now.revision, before.revision, "the ETag is another");
    cr_expect_eq(now.schedule, before.schedule,
                 "the Schedule-Tag is the same after an answer");
    cr_expect_eq(party_put(&party.bob, name, party_fetch(&party.bob, name)),
                 STATUS_OK);
    party_expect_mails(&party, "the same again", 0, 0, 0);
    cr_expect_eq(
        party_put(&party.bob, name,
                  office_edit(&party.bob, party_fetch(&party.bob, name),
                              "PARTSTAT=ACCEPTED", "PARTSTAT=TENTATIVE")),
        STATUS_OK);
    party_expect_mails(&party, "tentative", 1, 0, 0);
    after = party_get(&party.ann, "m.ics");
    cr_expect_not_null(strstr(after, "PARTSTAT=TENTATIVE"), "%s", after);
    party_close(&party);
}

Test(objects_answer, what_is_another_by_now_is_not_answered)
{
    struct party party = party_open();
    struct office *bob = &party.bob;
    const char *name = invite(&party, "");
    const char *text = answered(bob, party_fetch(bob, name), "ACCEPTED");
    const struct object_condition seen = {
        .revision = office_find(bob, bob->calendar, name).revision
    };

    cr_assert_eq(party_put(&party.ann, "m.ics",
                           office_edit(&party.ann,
                                       party_fetch(&party.ann, "m.ics"),
                                       "T110000Z", "T120000Z")),
                 STATUS_OK);
    party_expect_mails(&party, "another time", 0, 1, 0);
    cr_expect_eq(office_put_if(bob, bob->calendar, name, text, seen),
                 STATUS_CONFLICT);
    party_expect_mails(&party, "what there was before", 0, 0, 0);
    cr_expect_eq(party_put(bob, name,
                           answered(bob, party_fetch(bob, name), "ACCEPTED")),
                 STATUS_OK);
    party_expect_mails(&party, "what there is", 1, 0, 0);
    party_close(&party);
}

Test(objects_answer, a_schedule_tag_lets_a_change_pass_over_answers)
{
    struct party party = party_open();
    const char *name = invite(&party, "");
    const char *old = party_fetch(&party.ann, "m.ics");
    struct object before = office_find(&party.ann, party.ann.calendar, "m.ics");

    cr_expect_eq(party_put(&party.bob, name,
                           answered(&party.bob, party_fetch(&party.bob, name),
                                    "ACCEPTED")),
                 STATUS_OK);
    party_expect_mails(&party, "accepted", 1, 0, 0);
    office_refresh(&party.ann, party.ann.calendar);
    cr_expect_eq(
        office_put_if(&party.ann, party.ann.calendar, "m.ics",
                      office_edit(&party.ann, old, "Plan", "Plans"),
                      (struct object_condition){ .schedule = before.schedule }),
        STATUS_OK);
    const char *after = party_get(&party.ann, "m.ics");
    cr_expect_not_null(strstr(after, "SUMMARY:Plans"), "%s", after);
    cr_expect_eq(
        office_put_if(&party.ann, party.ann.calendar, "m.ics", old,
                      (struct object_condition){ .schedule = before.schedule }),
        STATUS_CONFLICT);
    party_close(&party);
}

Test(objects_answer, a_declined_one_vanishes)
{
    struct party party = party_open();
    const char *name = invite(&party, "");
    const char *text = party_fetch(&party.bob, name);

    cr_expect_eq(
        party_put(&party.bob, name, answered(&party.bob, text, "DECLINED")),
        STATUS_OK);
    cr_expect(party.bob.written.gone);
    party_expect_mails(&party, "declined", 1, 0, 0);
    cr_expect_eq(office_find(&party.bob, party.bob.calendar, name).name, NULL);
    office_refresh(&party.bob, party.bob.calendar);
    cr_expect_str_eq(office_names(&party.bob, party.bob.calendar), "");
    const char *after = party_get(&party.ann, "m.ics");
    cr_expect_not_null(strstr(after, "PARTSTAT=DECLINED"), "%s", after);
    party_close(&party);
}

Test(objects_answer, deleting_an_invitation_declines_it_if_it_is_to_be_told)
{
    for (int told = 0; told < 2; told++) {
        struct party party = party_open();
        const char *name = invite(&party, "");

        cr_expect_eq(object_delete(&party.bob.op, party.bob.account,
                                   party.bob.calendar, name, told, NULL),
                     STATUS_OK);
        party_expect_mails(&party, told ? "told" : "untold", (size_t)told, 0,
                           0);
        office_refresh(&party.bob, party.bob.calendar);
        cr_expect_str_eq(office_names(&party.bob, party.bob.calendar), "");
        party_close(&party);
    }
}

Test(objects_answer, answers_that_a_client_sends_itself_are_only_noted)
{
    struct party party = party_open();
    const char *name = invite(&party, "");
    const char *text = party_fetch(&party.bob, name);

    text = office_edit(&party.bob, text, "ORGANIZER;",
                       "ORGANIZER;SCHEDULE-AGENT=CLIENT;");
    cr_expect_eq(
        party_put(&party.bob, name, answered(&party.bob, text, "ACCEPTED")),
        STATUS_OK);
    party_expect_mails(&party, "accepted by the client", 0, 0, 0);
    text = party_get(&party.bob, name);
    cr_expect_not_null(strstr(text, "PARTSTAT=ACCEPTED"), "%s", text);
    party_close(&party);
}

/* A day of the weekly series as an exception with Bob's answer. */
static const char *with_day(struct office *office, const char *text,
                            const char *answer)
{
    const char *day = arena_printf(
        office->arena,
        "END:VEVENT\r\nBEGIN:VEVENT\r\nUID:m1\r\nDTSTAMP:20380101T000000Z\r\n"
        "RECURRENCE-ID:20380308T100000Z\r\nSUMMARY:Plan\r\n"
        "DTSTART:20380308T100000Z\r\nDTEND:20380308T110000Z\r\n" ORGANIZER
        "ATTENDEE;CN=Bob;PARTSTAT=%s;RSVP=TRUE:mailto:" BOB "\r\n"
        "END:VEVENT\r\nEND:VCALENDAR",
        answer);

    return office_edit(office, text, "END:VEVENT\r\nEND:VCALENDAR", day);
}

Test(objects_answer, answers_go_back_for_one_day)
{
    static const char *const answers[] = { "ACCEPTED", "DECLINED" };

    for (size_t i = 0; i < 2; i++) {
        struct party party = party_open();
        const char *name = invite(&party, WEEKLY);
        const char *text = party_fetch(&party.bob, name);

        cr_expect_eq(
            party_put(&party.bob, name, with_day(&party.bob, text, answers[i])),
            STATUS_OK, "%s", answers[i]);
        party_expect_mails(&party, answers[i], 1, 0, 0);
        const char *after = party_get(&party.bob, name);
        cr_expect_not_null(strstr(after, "RRULE"), "%s", after);
        cr_expect_not_null(
            strstr(after, i == 0 ? "PARTSTAT=ACCEPTED" : "EXDATE"), "%s",
            after);
        cr_expect_eq(party_put(&party.bob, name, party_fetch(&party.bob, name)),
                     STATUS_OK);
        party_expect_mails(&party, "the same again", 0, 0, 0);
        party_close(&party);
    }
}

Test(objects_answer, leaving_out_a_day_of_an_invitation_declines_it)
{
    struct party party = party_open();
    const char *name = invite(&party, WEEKLY);
    const char *text = party_fetch(&party.bob, name);

    cr_expect_eq(party_put(&party.bob, name,
                           office_edit(&party.bob, text, "RRULE",
                                       "EXDATE:20380308T100000Z\r\nRRULE")),
                 STATUS_OK);
    party_expect_mails(&party, "left out", 1, 0, 0);
    cr_expect_not_null(strstr(party_get(&party.bob, name), "EXDATE"));
    party_close(&party);
}

Test(objects_answer, what_is_one_s_own_in_an_invitation_tells_nobody)
{
    struct party party = party_open();
    const char *name = invite(&party, "");
    const char *text = party_fetch(&party.bob, name);

    office_calls(&party.bob);
    cr_expect_eq(party_put(&party.bob, name,
                           office_edit(&party.bob, text, "END:VEVENT",
                                       ALARM "X-A:b\r\nEND:VEVENT")),
                 STATUS_OK);
    cr_expect_eq(office_calls(&party.bob), 2, "with the reading back");
    party_expect_mails(&party, "an alarm", 0, 0, 0);
    const char *after = party_get(&party.bob, name);
    cr_expect_not_null(strstr(after, "-PT25M"), "%s", after);
    cr_expect_not_null(strstr(after, "X-A:b"), "%s", after);
    party_close(&party);
}

Test(objects_answer, only_the_organizer_may_change_it)
{
    struct party party = party_open();
    const char *name = invite(&party, "");
    const char *text = party_fetch(&party.bob, name);
    const struct {
        const char *from, *to;
        enum object_problem problem;
    } cases[] = {
        { "SUMMARY:Plan", "SUMMARY:Party", OBJECT_ATTENDEES },
        { "mailto:" ANN, "mailto:" CAROL, OBJECT_ORGANIZER },
    };

    for (size_t i = 0; i < 2; i++) {
        cr_expect_eq(party_put(&party.bob, name,
                               office_edit(&party.bob, text, cases[i].from,
                                           cases[i].to)),
                     STATUS_BAD_CONTENT, "%s", cases[i].to);
        cr_expect_eq(party.bob.written.problem, cases[i].problem);
    }
    text = party_fetch(&party.ann, "m.ics");
    cr_expect_eq(party_put(&party.ann, "m.ics",
                           office_edit(&party.ann, text, "mailto:" ANN,
                                       "mailto:" CAROL)),
                 STATUS_BAD_CONTENT);
    cr_expect_eq(party.ann.written.problem, OBJECT_ORGANIZER);
    party_expect_mails(&party, "refused", 0, 0, 0);
    party_close(&party);
}

/* --- For somebody else ---------------------------------------------------- */

/* The calendar of another's mailbox, as it is found there. */
static int64_t calendar_of(struct office *office, const char *address)
{
    struct folder *folders;
    size_t count;

    cr_assert_eq(
        folder_look(&office->op, office->account, 1u << FOLDER_SHARED, address),
        STATUS_OK);
    cr_assert_eq(folder_list(&office->op, office->account, &folders, &count),
                 STATUS_OK);
    for (size_t i = 0; i < count; i++)
        if (folders[i].store == FOLDER_SHARED &&
            folders[i].kind == FOLDER_CALENDAR)
            return folders[i].id;
    return 0;
}

Test(objects_answer, answers_go_back_from_a_shared_calendar)
{
    struct party party = party_open();
    struct office carol = office_beside(&party.ann, CAROL);

    exchange_grant(party.ann.exchange, BOB, NULL, ANN, "Owner");
    cr_assert_eq(
        party_put(&carol, "m.ics",
                  office_event(&carol, "m1", "Plan",
                               "ORGANIZER:mailto:" CAROL "\r\n" ASKS_BOB)),
        STATUS_OK);
    party_expect_mails(&party, "the invitation", 0, 1, 0);
    int64_t calendar = calendar_of(&party.ann, BOB);
    cr_assert_neq(calendar, 0);
    const char *name = office_name_of(&party.ann, calendar, "Plan");
    cr_assert_str_neq(name, "");
    const char *text =
        office_plain(&party.ann, office_get(&party.ann, calendar, name));
    cr_expect_not_null(strstr(text, "PARTSTAT=NEEDS-ACTION"), "%s", text);
    text = office_get(&party.ann, calendar, name);
    cr_expect_eq(office_put(&party.ann, calendar, name,
                            answered(&party.ann, text, "ACCEPTED")),
                 STATUS_OK, "%s", party.ann.op.reason);
    party_expect_mails(&party, "accepted", 0, 0, 1);
    text = party_get(&carol, "m.ics");
    cr_expect_not_null(strstr(text, "PARTSTAT=ACCEPTED"), "%s", text);
    office_close(&carol);
    party_close(&party);
}

/* RFC 6638, 3.2.10 and 8.3: an answer to what was is none to what is. */
Test(objects_answer, an_old_schedule_tag_does_not_fit_after_an_update)
{
    struct party party = party_open();
    const char *name = invite(&party, "");
    const char *text = party_fetch(&party.bob, name);
    struct object before = office_find(&party.bob, party.bob.calendar, name);

    cr_assert_eq(
        party_put(&party.ann, "m.ics",
                  office_edit(&party.ann, party_fetch(&party.ann, "m.ics"),
                              "110000Z", "120000Z")),
        STATUS_OK);
    party_expect_mails(&party, "the update", 0, 1, 0);
    office_refresh(&party.bob, party.bob.calendar);
    cr_expect_eq(
        office_put_if(&party.bob, party.bob.calendar, name,
                      answered(&party.bob, text, "ACCEPTED"),
                      (struct object_condition){ .schedule = before.schedule }),
        STATUS_CONFLICT);
    party_expect_mails(&party, "an old answer", 0, 0, 0);
    text = party_fetch(&party.bob, name);
    struct object now = office_find(&party.bob, party.bob.calendar, name);
    cr_expect_neq(now.schedule, before.schedule);
    cr_expect_eq(
        office_put_if(&party.bob, party.bob.calendar, name,
                      answered(&party.bob, text, "ACCEPTED"),
                      (struct object_condition){ .schedule = now.schedule }),
        STATUS_OK);
    party_expect_mails(&party, "a new answer", 1, 0, 0);
    party_close(&party);
}
