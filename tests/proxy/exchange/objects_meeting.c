/*
 * objects_meeting.c - who is told of what is done to meetings
 */
#include <criterion/criterion.h>
#include <string.h>

#include "tests/proxy/exchange/objects.h"

#define ORGANIZER "ORGANIZER;CN=Ann:mailto:" ANN "\r\n"
#define ASKS_BOB                                                               \
    "ATTENDEE;CN=Bob;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:" BOB "\r\n"
#define ASKS_CAROL                                                             \
    "ATTENDEE;CN=Carol;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:" CAROL "\r\n"
#define ALARM                                                                  \
    "BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:soon\r\n"                   \
    "TRIGGER:-PT25M\r\nEND:VALARM\r\n"
#define WEEKLY "RRULE:FREQ=WEEKLY;COUNT=10\r\n"

/* The three and what mails they have had. */
struct party {
    struct office ann;
    struct office bob;
    size_t mails[3];
};

static struct party party_open(void)
{
    struct party party = { .ann = office_open(EXCHANGE_2016) };

    party.bob = office_beside(&party.ann, BOB);
    office_refresh(&party.ann, party.ann.calendar);
    office_refresh(&party.bob, party.bob.calendar);
    return party;
}

static void party_close(struct party *party)
{
    office_close(&party->bob);
    office_close(&party->ann);
}

/* How many mails the three have got since the last time. */
static void expect_mails(struct party *party, const char *what, size_t ann,
                         size_t bob, size_t carol)
{
    static const char *const users[] = { ANN, BOB, CAROL };
    const size_t expected[] = { ann, bob, carol };

    for (size_t i = 0; i < 3; i++) {
        size_t now = office_mails(&party->ann, users[i]);
        cr_expect_eq(now - party->mails[i], expected[i],
                     "%s: %s got %zd mails, not %zu", what, users[i],
                     (ssize_t)(now - party->mails[i]), expected[i]);
        party->mails[i] = now;
    }
}

static enum status put(struct office *office, const char *name,
                       const char *text)
{
    enum status status = office_put(office, office->calendar, name, text);

    if (status != STATUS_OK)
        cr_log_info("%s: %s", name,
                    office->op.reason != NULL ? office->op.reason : "");
    return status;
}

static const char *get(struct office *office, const char *name)
{
    office_refresh(office, office->calendar);
    const char *text = office_get(office, office->calendar, name);
    return text != NULL ? office_plain(office, text) : "";
}

/* A text of one's own again as a client sends it: with line ends. */
static const char *fetch(struct office *office, const char *name)
{
    office_refresh(office, office->calendar);
    const char *text = office_get(office, office->calendar, name);
    cr_assert_not_null(text, "%s is not there", name);
    struct arena *arena = office->arena;
    const char *plain = "";
    for (const char *at = text; *at != '\0';) {
        const char *fold = strstr(at, "\r\n ");
        size_t len = fold != NULL ? (size_t)(fold - at) : strlen(at);
        plain = arena_printf(arena, "%s%.*s", plain, (int)len, at);
        at += len + (fold != NULL ? 3 : 0);
    }
    return plain;
}

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

    expect_mails(&party, "before", 0, 0, 0);
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        cr_expect_eq(
            put(ann, "m.ics",
                office_event(ann, "m1", steps[i].summary, steps[i].lines)),
            STATUS_OK, "%s", steps[i].what);
        expect_mails(&party, steps[i].what, 0, steps[i].bob, steps[i].carol);
        get(ann, "m.ics");
    }
    party_close(&party);
}

Test(objects_meeting, calls_off_what_is_deleted)
{
    struct party party = party_open();
    struct office *ann = &party.ann;

    cr_assert_eq(
        put(ann, "m.ics", office_event(ann, "m1", "Plan", ORGANIZER ASKS_BOB)),
        STATUS_OK);
    expect_mails(&party, "a new one", 0, 1, 0);
    cr_expect_eq(office_delete(ann, ann->calendar, "m.ics"), STATUS_OK);
    expect_mails(&party, "deleted", 0, 1, 0);
    const char *name = office_name_of(&party.bob, party.bob.calendar, "Plan");
    cr_expect_not_null(strstr(get(&party.bob, name), "STATUS:CANCELLED"), "%s",
                       get(&party.bob, name));
    /* What has been called off goes without a word. */
    cr_expect_eq(office_delete(&party.bob, party.bob.calendar, name),
                 STATUS_OK);
    expect_mails(&party, "taken away", 0, 0, 0);
    party_close(&party);
}

Test(objects_meeting, calls_off_days_that_are_left_out)
{
    struct party party = party_open();
    struct office *ann = &party.ann;

    cr_assert_eq(
        put(ann, "m.ics",
            office_event(ann, "m1", "Plan", WEEKLY ORGANIZER ASKS_BOB)),
        STATUS_OK);
    expect_mails(&party, "a new one", 0, 1, 0);
    cr_assert_eq(put(ann, "m.ics",
                     office_event(ann, "m1", "Plan",
                                  WEEKLY ORGANIZER ASKS_BOB
                                  "EXDATE:20270308T100000Z\r\n")),
                 STATUS_OK);
    expect_mails(&party, "a day left out", 0, 1, 0);
    cr_expect_not_null(strstr(get(ann, "m.ics"), "EXDATE"));
    cr_expect_not_null(strstr(get(ann, "m.ics"), "RRULE"));
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
        cr_expect_eq(put(ann, name, text), STATUS_OK);
        expect_mails(&party, agents[i], 0, 0, 0);
        cr_expect_not_null(strstr(get(ann, name), "SCHEDULE-AGENT"), "%s",
                           get(ann, name));
        cr_expect_eq(
            put(ann, name, office_edit(ann, text, "SUMMARY:Plan", "SUMMARY:P")),
            STATUS_OK);
        cr_expect_eq(office_delete(ann, ann->calendar, name), STATUS_OK);
        expect_mails(&party, agents[i], 0, 0, 0);
    }
    party_close(&party);
}

Test(objects_meeting, tells_once_more_when_it_is_forced)
{
    struct party party = party_open();
    struct office *ann = &party.ann;
    const char *text = office_event(ann, "m1", "Plan", ORGANIZER ASKS_BOB);

    cr_assert_eq(put(ann, "m.ics", text), STATUS_OK);
    expect_mails(&party, "a new one", 0, 1, 0);
    cr_assert_eq(put(ann, "m.ics",
                     office_edit(ann, text, "ATTENDEE;",
                                 "ATTENDEE;SCHEDULE-FORCE-SEND=REQUEST;")),
                 STATUS_OK);
    expect_mails(&party, "forced", 0, 1, 0);
    party_close(&party);
}

/* --- Answers -------------------------------------------------------------- */

/* Ann invites Bob; the name of what he finds in his calendar. */
static const char *invite(struct party *party, const char *lines)
{
    cr_assert_eq(put(&party->ann, "m.ics",
                     office_event(&party->ann, "m1", "Plan",
                                  arena_printf(party->ann.arena, "%s%s",
                                               ORGANIZER ASKS_BOB, lines))),
                 STATUS_OK);
    get(&party->ann, "m.ics");
    expect_mails(party, "the invitation", 0, 1, 0);
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

Test(objects_meeting, answers_go_back_once)
{
    struct party party = party_open();
    const char *name = invite(&party, "");
    const char *text = fetch(&party.bob, name);
    struct object before = office_find(&party.ann, party.ann.calendar, "m.ics");

    cr_expect_eq(put(&party.bob, name, answered(&party.bob, text, "ACCEPTED")),
                 STATUS_OK);
    expect_mails(&party, "accepted", 1, 0, 0);
    const char *after = get(&party.bob, name);
    cr_expect_not_null(strstr(after, "PARTSTAT=ACCEPTED"), "%s", after);
    after = get(&party.ann, "m.ics");
    cr_expect_not_null(strstr(after, "PARTSTAT=ACCEPTED"), "%s", after);
    struct object now = office_find(&party.ann, party.ann.calendar, "m.ics");
    cr_expect_neq(now.revision, before.revision, "the ETag is another");
    cr_expect_eq(now.schedule, before.schedule,
                 "the Schedule-Tag is the same after an answer");
    cr_expect_eq(put(&party.bob, name, fetch(&party.bob, name)), STATUS_OK);
    expect_mails(&party, "the same again", 0, 0, 0);
    cr_expect_eq(put(&party.bob, name,
                     office_edit(&party.bob, fetch(&party.bob, name),
                                 "PARTSTAT=ACCEPTED", "PARTSTAT=TENTATIVE")),
                 STATUS_OK);
    expect_mails(&party, "tentative", 1, 0, 0);
    after = get(&party.ann, "m.ics");
    cr_expect_not_null(strstr(after, "PARTSTAT=TENTATIVE"), "%s", after);
    party_close(&party);
}

Test(objects_meeting, a_schedule_tag_lets_a_change_pass_over_answers)
{
    struct party party = party_open();
    const char *name = invite(&party, "");
    const char *old = fetch(&party.ann, "m.ics");
    struct object before = office_find(&party.ann, party.ann.calendar, "m.ics");

    cr_expect_eq(put(&party.bob, name,
                     answered(&party.bob, fetch(&party.bob, name), "ACCEPTED")),
                 STATUS_OK);
    expect_mails(&party, "accepted", 1, 0, 0);
    office_refresh(&party.ann, party.ann.calendar);
    cr_expect_eq(
        office_put_if(&party.ann, party.ann.calendar, "m.ics",
                      office_edit(&party.ann, old, "Plan", "Plans"),
                      (struct object_condition){ .schedule = before.schedule }),
        STATUS_OK);
    const char *after = get(&party.ann, "m.ics");
    cr_expect_not_null(strstr(after, "SUMMARY:Plans"), "%s", after);
    cr_expect_eq(
        office_put_if(&party.ann, party.ann.calendar, "m.ics", old,
                      (struct object_condition){ .schedule = before.schedule }),
        STATUS_CONFLICT);
    party_close(&party);
}

Test(objects_meeting, a_declined_one_vanishes)
{
    struct party party = party_open();
    const char *name = invite(&party, "");
    const char *text = fetch(&party.bob, name);

    cr_expect_eq(put(&party.bob, name, answered(&party.bob, text, "DECLINED")),
                 STATUS_OK);
    cr_expect(party.bob.written.gone);
    expect_mails(&party, "declined", 1, 0, 0);
    cr_expect_eq(office_find(&party.bob, party.bob.calendar, name).name, NULL);
    office_refresh(&party.bob, party.bob.calendar);
    cr_expect_str_eq(office_names(&party.bob, party.bob.calendar), "");
    const char *after = get(&party.ann, "m.ics");
    cr_expect_not_null(strstr(after, "PARTSTAT=DECLINED"), "%s", after);
    party_close(&party);
}

Test(objects_meeting, deleting_an_invitation_declines_it_if_it_is_to_be_told)
{
    for (int told = 0; told < 2; told++) {
        struct party party = party_open();
        const char *name = invite(&party, "");

        cr_expect_eq(object_delete(&party.bob.op, party.bob.account,
                                   party.bob.calendar, name, told, NULL),
                     STATUS_OK);
        expect_mails(&party, told ? "told" : "untold", (size_t)told, 0, 0);
        office_refresh(&party.bob, party.bob.calendar);
        cr_expect_str_eq(office_names(&party.bob, party.bob.calendar), "");
        party_close(&party);
    }
}

Test(objects_meeting, answers_that_a_client_sends_itself_are_only_noted)
{
    struct party party = party_open();
    const char *name = invite(&party, "");
    const char *text = fetch(&party.bob, name);

    text = office_edit(&party.bob, text, "ORGANIZER;",
                       "ORGANIZER;SCHEDULE-AGENT=CLIENT;");
    cr_expect_eq(put(&party.bob, name, answered(&party.bob, text, "ACCEPTED")),
                 STATUS_OK);
    expect_mails(&party, "accepted by the client", 0, 0, 0);
    text = get(&party.bob, name);
    cr_expect_not_null(strstr(text, "PARTSTAT=ACCEPTED"), "%s", text);
    party_close(&party);
}

/* A day of the weekly series as an exception with Bob's answer. */
static const char *with_day(struct office *office, const char *text,
                            const char *answer)
{
    const char *day = arena_printf(
        office->arena,
        "END:VEVENT\r\nBEGIN:VEVENT\r\nUID:m1\r\nDTSTAMP:20270101T000000Z\r\n"
        "RECURRENCE-ID:20270308T100000Z\r\nSUMMARY:Plan\r\n"
        "DTSTART:20270308T100000Z\r\nDTEND:20270308T110000Z\r\n" ORGANIZER
        "ATTENDEE;CN=Bob;PARTSTAT=%s;RSVP=TRUE:mailto:" BOB "\r\n"
        "END:VEVENT\r\nEND:VCALENDAR",
        answer);

    return office_edit(office, text, "END:VEVENT\r\nEND:VCALENDAR", day);
}

Test(objects_meeting, answers_go_back_for_one_day)
{
    static const char *const answers[] = { "ACCEPTED", "DECLINED" };

    for (size_t i = 0; i < 2; i++) {
        struct party party = party_open();
        const char *name = invite(&party, WEEKLY);
        const char *text = fetch(&party.bob, name);

        cr_expect_eq(
            put(&party.bob, name, with_day(&party.bob, text, answers[i])),
            STATUS_OK, "%s", answers[i]);
        expect_mails(&party, answers[i], 1, 0, 0);
        const char *after = get(&party.bob, name);
        cr_expect_not_null(strstr(after, "RRULE"), "%s", after);
        cr_expect_not_null(
            strstr(after, i == 0 ? "PARTSTAT=ACCEPTED" : "EXDATE"), "%s",
            after);
        cr_expect_eq(put(&party.bob, name, fetch(&party.bob, name)), STATUS_OK);
        expect_mails(&party, "the same again", 0, 0, 0);
        party_close(&party);
    }
}

Test(objects_meeting, leaving_out_a_day_of_an_invitation_declines_it)
{
    struct party party = party_open();
    const char *name = invite(&party, WEEKLY);
    const char *text = fetch(&party.bob, name);

    cr_expect_eq(put(&party.bob, name,
                     office_edit(&party.bob, text, "RRULE",
                                 "EXDATE:20270308T100000Z\r\nRRULE")),
                 STATUS_OK);
    expect_mails(&party, "left out", 1, 0, 0);
    cr_expect_not_null(strstr(get(&party.bob, name), "EXDATE"));
    party_close(&party);
}

Test(objects_meeting, what_is_one_s_own_in_an_invitation_tells_nobody)
{
    struct party party = party_open();
    const char *name = invite(&party, "");
    const char *text = fetch(&party.bob, name);

    office_calls(&party.bob);
    cr_expect_eq(put(&party.bob, name,
                     office_edit(&party.bob, text, "END:VEVENT",
                                 ALARM "X-A:b\r\nEND:VEVENT")),
                 STATUS_OK);
    cr_expect_eq(office_calls(&party.bob), 1);
    expect_mails(&party, "an alarm", 0, 0, 0);
    const char *after = get(&party.bob, name);
    cr_expect_not_null(strstr(after, "-PT25M"), "%s", after);
    cr_expect_not_null(strstr(after, "X-A:b"), "%s", after);
    party_close(&party);
}

Test(objects_meeting, only_the_organizer_may_change_it)
{
    struct party party = party_open();
    const char *name = invite(&party, "");
    const char *text = fetch(&party.bob, name);
    const struct {
        const char *from, *to;
        enum object_problem problem;
    } cases[] = {
        { "SUMMARY:Plan", "SUMMARY:Party", OBJECT_ATTENDEES },
        { "mailto:" ANN, "mailto:" CAROL, OBJECT_ORGANIZER },
    };

    for (size_t i = 0; i < 2; i++) {
        cr_expect_eq(
            put(&party.bob, name,
                office_edit(&party.bob, text, cases[i].from, cases[i].to)),
            STATUS_BAD_CONTENT, "%s", cases[i].to);
        cr_expect_eq(party.bob.written.problem, cases[i].problem);
    }
    text = fetch(&party.ann, "m.ics");
    cr_expect_eq(
        put(&party.ann, "m.ics",
            office_edit(&party.ann, text, "mailto:" ANN, "mailto:" CAROL)),
        STATUS_BAD_CONTENT);
    cr_expect_eq(party.ann.written.problem, OBJECT_ORGANIZER);
    expect_mails(&party, "refused", 0, 0, 0);
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

        cr_assert_eq(
            put(&party.ann, "m.ics",
                office_event(&party.ann, "m1", "Plan", ORGANIZER ASKS_BOB)),
            STATUS_OK);
        expect_mails(&party, "the invitation", 0, 1, 0);
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
        expect_mails(&party, cases[i].what, 1, 0, 0);
        office_refresh(&party.bob, party.bob.calendar);
        cr_expect_str_eq(office_names(&party.bob, party.bob.calendar),
                         "own.ics", "%s", cases[i].what);
        const char *after = get(&party.bob, "own.ics");
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

    cr_expect_eq(put(ann, "far.ics", text), STATUS_OK);
    cr_expect_str_eq(get(ann, "far.ics"), office_plain(ann, text));
    text = office_edit(ann, text, "NEEDS-ACTION", "ACCEPTED");
    cr_expect_eq(put(ann, "far.ics", text), STATUS_OK);
    cr_expect_str_eq(get(ann, "far.ics"), office_plain(ann, text));
    text = office_edit(ann, text, "20270301T110000Z", "20270301T120000Z");
    text = office_edit(ann, text, "ATTENDEE;CN=Bob",
                       "ATTENDEE;CN=Carol:mailto:" CAROL "\r\n"
                       "ATTENDEE;CN=Bob");
    cr_expect_eq(put(ann, "far.ics", text), STATUS_OK);
    cr_expect_str_eq(get(ann, "far.ics"), office_plain(ann, text));
    cr_expect_eq(office_delete(ann, ann->calendar, "far.ics"), STATUS_OK);
    expect_mails(&party, "a copy", 0, 0, 0);
    /* What was one's own and lonely may become one. */
    cr_expect_eq(put(ann, "own.ics", office_event(ann, "far1", "Mine", "")),
                 STATUS_OK);
    cr_expect_eq(put(ann, "own.ics", text), STATUS_OK);
    expect_mails(&party, "what has become a copy", 0, 0, 0);
    party_close(&party);
}

/* --- For somebody else ------------------------------------------------------
 */

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

Test(objects_meeting, answers_go_back_from_a_shared_calendar)
{
    struct party party = party_open();
    struct office carol = office_beside(&party.ann, CAROL);

    exchange_grant(party.ann.exchange, BOB, NULL, ANN, "Owner");
    cr_assert_eq(put(&carol, "m.ics",
                     office_event(&carol, "m1", "Plan",
                                  "ORGANIZER:mailto:" CAROL "\r\n" ASKS_BOB)),
                 STATUS_OK);
    expect_mails(&party, "the invitation", 0, 1, 0);
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
    expect_mails(&party, "accepted", 0, 0, 1);
    text = get(&carol, "m.ics");
    cr_expect_not_null(strstr(text, "PARTSTAT=ACCEPTED"), "%s", text);
    office_close(&carol);
    party_close(&party);
}
