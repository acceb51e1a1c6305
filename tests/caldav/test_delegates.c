/*
 * test_delegates.c - working in somebody else's calendar: who invites, who
 * answers, and what is private
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/caldav/client.h"
/* Nobody is told of what is over. */
#define TEXTS_DAY "20370601"
#include "tests/caldav/texts.h"
#include "tests/exchange/exchange.h"

#define CAT "cat@example.com"
#define BOBS "/users/" BOB "/"
#define BOBS_CALENDAR BOBS "calendar/"

static struct dav_world *world;
static struct exchange *exchange;

static void begin_with(enum exchange_version version)
{
    world = dav_world_of(version);
    exchange = dav_world_exchange(world);
    exchange_add_user(exchange, CAT, "Cat", "secret", "en");
}

static void begin(void)
{
    begin_with(EXCHANGE_2016);
}

static void end(void)
{
    dav_world_free(&world);
}

TestSuite(caldav_delegates, .init = begin, .fini = end);

/* What Bob lets Ann do in one of his folders. */
static void let(const char *folder, const char *level)
{
    exchange_grant(exchange, BOB, folder, ANN, level);
}

static void add(const char *text)
{
    cr_assert(exchange_add_event(exchange, BOB, text) != NULL);
}

#define PEOPLE(ORGANIZER, ATTENDEES)                                           \
    "ORGANIZER:mailto:" ORGANIZER "\r\n" ATTENDEES
#define ATTENDEE(MAIL, ANSWER)                                                 \
    "ATTENDEE;PARTSTAT=" ANSWER ":mailto:" MAIL "\r\n"
#define MEETING(ORGANIZER, ATTENDEES)                                          \
    EVENT_WITH("meet", "Meet", PEOPLE(ORGANIZER, ATTENDEES))

/* --- Meetings ------------------------------------------------------------- */

/* clang-format off */
static const struct dav_step invited_by_an_editor[] = {
    { "an invitation of his", "PUT", BOBS_CALENDAR "m.ics", CALENDAR,
      MEETING(BOB, ATTENDEE(CAT, "NEEDS-ACTION")), 201, { NULL }, NULL },
    { "is his", "GET", BOBS_CALENDAR "m.ics", NULL, NULL, 200, { "mailto:" BOB, "mailto:" CAT }, NULL },
};

static const struct dav_step invited_in_her_own_name[] = {
    { "a meeting of hers", "PUT", BOBS_CALENDAR "m.ics", CALENDAR,
      MEETING(ANN, ATTENDEE(CAT, "NEEDS-ACTION")),
      403, { "<C:allowed-organizer-scheduling-object-change/>" }, NULL },
    { "a copy of one that he goes to", "PUT", BOBS_CALENDAR "n.ics", CALENDAR,
      MEETING(ANN, ATTENDEE(BOB, "ACCEPTED")), 201, { NULL }, NULL },
};
/* clang-format on */

static size_t mails(const char *user, const char *folder)
{
    return exchange_count(exchange, user, folder);
}

static void invite_for_bob(void)
{
    let("calendar", "Editor");
    DAV_PLAY(world, invited_by_an_editor);
    cr_expect(exchange_mails(exchange) == 1, "%u", exchange_mails(exchange));
    cr_expect(mails(CAT, "inbox") == 1);
    cr_expect(mails(BOB, "sentitems") == 1);
    cr_expect(mails(ANN, "sentitems") == 0);
    size_t len;
    char *mail = exchange_content(exchange, CAT, "inbox", 0, &len);
    cr_expect(strstr(mail, "From: Bob <" BOB ">") != NULL, "%s", mail);
    free(mail);
}

Test(caldav_delegates, invitations_in_a_shared_calendar_come_from_its_owner)
{
    invite_for_bob();
}

Test(caldav_delegates, nobody_is_invited_from_a_wrong_mailbox)
{
    let("calendar", "Editor");
    DAV_PLAY(world, invited_in_her_own_name);
    cr_expect(exchange_mails(exchange) == 0, "%u", exchange_mails(exchange));
}

/* What is in Bob's calendar, for as long as nobody asks again. */
static const char *find_first(void)
{
    static char href[256];
    struct dav_answer answer = dav_do(world, "PROPFIND", BOBS_CALENDAR, DEPTH_1,
                                      PROPFIND("<getetag/>"));
    const char *begin = strstr(answer.body, "<D:href>" BOBS_CALENDAR);

    begin = strstr(begin + 8, "<D:href>" BOBS_CALENDAR);
    cr_assert(begin != NULL, "%s", answer.body);
    snprintf(href, sizeof href, "%.*s", (int)strcspn(begin + 8, "<"),
             begin + 8);
    return href;
}

/* Cat invites Bob, and Ann answers for him. */
static const char *invite_bob(void)
{
    /* clang-format off */
    static const struct dav_step cats[] = {
        { "the invitation", "PUT", "/users/" CAT "/calendar/m.ics", CALENDAR,
          MEETING(CAT, ATTENDEE(BOB, "NEEDS-ACTION")), 201, { NULL }, NULL },
    };
    /* clang-format on */

    exchange_grant(exchange, CAT, "calendar", ANN, "Editor");
    DAV_PLAY(world, cats);
    return find_first();
}

Test(caldav_delegates, an_answer_in_a_shared_calendar_is_the_owners)
{
    let("calendar", "Editor");
    const char *href = invite_bob();
    struct dav_answer answer = dav_do(world, "PUT", href, CALENDAR,
                                      MEETING(CAT, ATTENDEE(BOB, "ACCEPTED")));

    cr_expect(answer.code == 204, "%d %s", answer.code, answer.body);
    cr_expect(mails(CAT, "inbox") == 1);
    size_t len;
    char *mail = exchange_content(exchange, CAT, "inbox", 0, &len);
    cr_expect(strstr(mail, "From: Bob <" BOB ">") != NULL, "%s", mail);
    free(mail);
    answer = dav_do(world, "GET", "/users/" CAT "/calendar/m.ics", NULL, NULL);
    cr_expect(dav_has(&answer, "PARTSTAT=ACCEPTED"), "%s", answer.body);
    answer = dav_do(world, "DELETE", href, NULL, NULL);
    cr_expect(answer.code == 204, "%d %s", answer.code, answer.body);
    cr_expect(mails(CAT, "inbox") == 2);
    cr_expect(mails(BOB, "calendar") == 0);
}

/* Who is invited himself may not answer in the calendar of who invites. */
Test(caldav_delegates, errorcalendarisorganizerforaccept_on_a_shared_calendar)
{
    let("calendar", "Editor");
    /* clang-format off */
    static const struct dav_step steps[] = {
        { "his meeting with her", "PUT", BOBS_CALENDAR "m.ics", CALENDAR,
          MEETING(BOB, ATTENDEE(ANN, "NEEDS-ACTION")), 201, { NULL }, NULL },
        { "she says yes there", "PUT", BOBS_CALENDAR "m.ics", CALENDAR,
          MEETING(BOB, ATTENDEE(ANN, "ACCEPTED")), 204, { NULL }, NULL },
    };
    /* clang-format on */

    DAV_PLAY(world, steps);
    cr_expect(exchange_mails(exchange) == 1, "%u", exchange_mails(exchange));
    cr_expect(mails(BOB, "inbox") == 0);
}

/* --- What is private ------------------------------------------------------ */

#define SECRET                                                                 \
    EVENT_WITH("secret", "Doctor", "CLASS:PRIVATE\r\nLOCATION:Clinic\r\n")

static void leave_secret_alone(void)
{
    let("calendar", "Editor");
    add(SECRET);
    const char *href = find_first();
    struct dav_answer answer = dav_do(world, "GET", href, NULL, NULL);

    cr_expect(answer.code == 200, "%d", answer.code);
    cr_expect(dav_has(&answer, "SUMMARY:Private"), "%s", answer.body);
    cr_expect(dav_has(&answer, "20370601T10"), "%s", answer.body);
    cr_expect(!dav_has(&answer, "Doctor") && !dav_has(&answer, "Clinic"));
    answer = dav_do(world, "PUT", href, CALENDAR, EVENT("secret", "Mine"));
    cr_expect(answer.code == 403, "%d %s", answer.code, answer.body);
    answer = dav_do(world, "DELETE", href, NULL, NULL);
    cr_expect(answer.code == 403, "%d %s", answer.code, answer.body);
    answer = dav_do(world, "MOVE", href,
                    "Destination: " HOME "calendar/taken.ics\r\n", NULL);
    cr_expect(answer.code == 403, "%d %s", answer.code, answer.body);
    answer = dav_do(world, "COPY", href,
                    "Destination: " HOME "calendar/taken.ics\r\n", NULL);
    cr_expect(answer.code == 403, "%d %s", answer.code, answer.body);
    cr_expect(mails(BOB, "calendar") == 1);
    cr_expect(mails(ANN, "calendar") == 0);
}

Test(caldav_delegates,
     private_events_of_others_are_busy_times_nobody_can_change)
{
    leave_secret_alone();
}

Test(caldav_delegates, private_events_are_shown_to_whom_the_owner_lets_see_them)
{
    exchange_grant(exchange, BOB, NULL, ANN, "Owner");
    add(SECRET);
    const char *href = find_first();
    struct dav_answer answer = dav_do(world, "GET", href, NULL, NULL);

    cr_expect(dav_has(&answer, "SUMMARY:Doctor"), "%s", answer.body);
    answer = dav_do(world, "DELETE", href, NULL, NULL);
    cr_expect(answer.code == 204, "%d %s", answer.code, answer.body);
}

Test(caldav_delegates, a_private_event_nobody_has_read_cannot_be_deleted_either)
{
    let("calendar", "Editor");
    add(SECRET);
    const char *href = find_first();

    cr_expect(dav_do(world, "DELETE", href, NULL, NULL).code == 403);
    cr_expect(mails(BOB, "calendar") == 1);
}

/* --- Other versions ------------------------------------------------------- */

static const enum exchange_version versions[] = { EXCHANGE_2007_SP1,
                                                  EXCHANGE_2010_SP1,
                                                  EXCHANGE_2013_SP1 };

Test(caldav_delegates, all_versions_invite_from_the_owners_mailbox)
{
    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
        end();
        begin_with(versions[i]);
        invite_for_bob();
    }
}

Test(caldav_delegates, all_versions_hide_what_is_private)
{
    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
        end();
        begin_with(versions[i]);
        leave_secret_alone();
    }
}

/* --- A login for another's mailbox ---------------------------------------- */

/* "ann@example.com/bob@example.com" with the password "secret". */
#define FOR_BOB                                                                \
    "Authorization: Basic "                                                    \
    "YW5uQGV4YW1wbGUuY29tL2JvYkBleGFtcGxlLmNvbTpzZWNyZXQ=\r\n"
#define INVITING_CAT(ORGANIZER)                                                \
    EVENT_WITH("by " ORGANIZER, "Meet",                                        \
               PEOPLE(ORGANIZER, ATTENDEE(CAT, "NEEDS-ACTION")))

static int put_for_bob(const char *name, const char *text)
{
    char request[2048];

    snprintf(request, sizeof request,
             "PUT " BOBS_CALENDAR "%s HTTP/1.1\r\nHost: x\r\n" FOR_BOB CALENDAR
             "Content-Length: %zu\r\n\r\n%s",
             name, strlen(text), text);
    return dav_raw(world, request).code;
}

Test(caldav_delegates, a_login_for_anothers_mailbox_invites_in_his_name)
{
    exchange_grant(exchange, BOB, NULL, ANN, "Owner");
    cr_expect(put_for_bob("m.ics", INVITING_CAT(BOB)) == 201);
    cr_expect(mails(BOB, "sentitems") == 1 && mails(ANN, "sentitems") == 0);
    cr_expect(put_for_bob("n.ics", INVITING_CAT(ANN)) == 403);
    cr_expect(exchange_mails(exchange) == 1, "%u", exchange_mails(exchange));
}

/* --- Days of a series ----------------------------------------------------- */

#define DAILY                                                                  \
    EVENT_WITH("meet", "Meet",                                                 \
               "RRULE:FREQ=DAILY;COUNT=3\r\n" PEOPLE(                          \
                   CAT, ATTENDEE(BOB, "NEEDS-ACTION")))
#define ONE_DAY(ANSWER)                                                        \
    VCALENDAR(                                                                 \
        "BEGIN:VEVENT\r\nUID:meet\r\nDTSTAMP:20260101T000000Z\r\n"             \
        "DTSTART:20370601T100000Z\r\nDTEND:20370601T110000Z\r\n"               \
        "RRULE:FREQ=DAILY;COUNT=3\r\nSUMMARY:Meet\r\n" PEOPLE(                 \
            CAT,                                                               \
            ATTENDEE(BOB,                                                      \
                     "NEEDS-ACTION")) "END:VEVENT\r\n"                         \
                                      "BEGIN:VEVENT\r\nUID:meet\r\nDTSTAMP:"   \
                                      "20260101T000000Z\r\n"                   \
                                      "RECURRENCE-ID:20370602T100000Z\r\n"     \
                                      "DTSTART:20370602T100000Z\r\nDTEND:"     \
                                      "20370602T110000Z\r\n"                   \
                                      "SUMMARY:Meet\r\n" PEOPLE(               \
                                          CAT,                                 \
                                          ATTENDEE(BOB,                        \
                                                   ANSWER)) "END:VEVENT\r\n")

Test(caldav_delegates, an_answer_to_one_day_is_the_owners_too)
{
    /* clang-format off */
    static const struct dav_step cats[] = {
        { "the series", "PUT", "/users/" CAT "/calendar/m.ics", CALENDAR,
          DAILY, 201, { NULL }, NULL },
    };
    /* clang-format on */

    let("calendar", "Editor");
    exchange_grant(exchange, CAT, "calendar", ANN, "Editor");
    DAV_PLAY(world, cats);
    const char *href = find_first();
    struct dav_answer answer =
        dav_do(world, "PUT", href, CALENDAR, ONE_DAY("ACCEPTED"));

    cr_expect(answer.code == 204, "%d %s", answer.code, answer.body);
    cr_expect(mails(CAT, "inbox") == 1, "%zu", mails(CAT, "inbox"));
    cr_expect(mails(BOB, "sentitems") == 1 && mails(ANN, "sentitems") == 0);
    answer = dav_do(world, "GET", href, NULL, NULL);
    cr_expect(dav_count(answer.body, "PARTSTAT=ACCEPTED") == 1, "%s",
              answer.body);
}
