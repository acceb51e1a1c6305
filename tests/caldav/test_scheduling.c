/*
 * test_scheduling.c - the outbox: when others are busy (RFC 6638, 5)
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "proxy/base/buf.h"
#include "tests/caldav/client.h"
#include "tests/caldav/texts.h"
#include "tests/exchange/exchange.h"

static struct dav_world *world;

static void begin(void)
{
    world = dav_world_new();
}

static void end(void)
{
    dav_world_free(&world);
}

TestSuite(caldav_scheduling, .init = begin, .fini = end);

#define REQUEST(ATTENDEES)                                                     \
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nMETHOD:REQUEST\r\n"         \
    "BEGIN:VFREEBUSY\r\nUID:q\r\nDTSTAMP:20260101T000000Z\r\n"                 \
    "ORGANIZER:mailto:" ANN "\r\n" ATTENDEES                                   \
    "DTSTART:20260601T000000Z\r\nDTEND:20260602T000000Z\r\n"                   \
    "END:VFREEBUSY\r\nEND:VCALENDAR\r\n"
#define ATTENDEE(MAIL) "ATTENDEE;CN=X:mailto:" MAIL "\r\n"
#define BUSY "FREEBUSY;FBTYPE=BUSY:20260601T100000Z/"

/* clang-format off */
static const struct dav_step questions[] = {
    { "an event in between", "PUT", HOME "calendar/a.ics", CALENDAR, EVENT("one", "Secret"),
      201, { NULL }, NULL },
    { "when one is busy oneself", "POST", HOME "outbox/", CALENDAR, REQUEST(ATTENDEE(ANN)),
      200, { "<C:request-status>2.0;Success</C:request-status>",
             "<D:href>mailto:" ANN "</D:href>", "20260601T100000Z/" }, "Secret" },
    { "somebody who is free", "POST", HOME "outbox/", CALENDAR, REQUEST(ATTENDEE(BOB)),
      200, { "2.0;Success", "BEGIN:VFREEBUSY", "METHOD:REPLY" }, "20260601T10" },
    { "another kind of request", "POST", HOME "outbox/", CALENDAR, EVENT("x", "x"),
      403, { "<C:valid-scheduling-message/>" }, NULL },
    { "no request", "POST", HOME "outbox/", CALENDAR, "Hello", 403, { "<C:valid-calendar-data/>" }, NULL },
    { "nothing to ask", "POST", HOME "calendar/", CALENDAR, REQUEST(ATTENDEE(ANN)),
      403, { "<C:valid-calendar-object-resource/>" }, NULL },
    { "nothing to post to", "POST", HOME "inbox/", CALENDAR, REQUEST(ATTENDEE(ANN)),
      405, { NULL }, NULL },
};

#define MEETING "ORGANIZER:mailto:" ANN "\r\nATTENDEE:mailto:" BOB "\r\n"
#define TAG "Schedule-Tag: \""

static const struct dav_step tags[] = {
    { "a meeting", "PUT", HOME "calendar/m.ics", CALENDAR, EVENT_WITH("m", "Talk", MEETING),
      201, { TAG }, NULL },
    { "has one when read", "GET", HOME "calendar/m.ics", NULL, NULL, 200, { TAG }, NULL },
    { "and when asked", "PROPFIND", HOME "calendar/m.ics", DEPTH_0, PROPFIND("<C:schedule-tag/>"),
      207, { "<C:schedule-tag>&quot;" }, NULL },
    { "an event of one's own", "PUT", HOME "calendar/o.ics", CALENDAR, EVENT("o", "Nap"),
      201, { NULL }, TAG },
    { "has none", "GET", HOME "calendar/o.ics", NULL, NULL, 200, { NULL }, TAG },
    { "nor when asked", "PROPFIND", HOME "calendar/o.ics", DEPTH_0, PROPFIND("<C:schedule-tag/>"),
      207, { "<C:schedule-tag/></D:prop><D:status>HTTP/1.1 404 " }, NULL },
    { "even when shown", "PUT", HOME "calendar/o.ics", CALENDAR "Prefer: return=representation\r\n",
      EVENT("o", "Rest"), 200, { "SUMMARY:Rest" }, TAG },
    { "a task", "PUT", HOME "tasks/t.ics", CALENDAR, TASK("t", "Bake"), 201, { NULL }, TAG },
    { "has none", "GET", HOME "tasks/t.ics", NULL, NULL, 200, { NULL }, TAG },
    { "nor when asked", "PROPFIND", HOME "tasks/t.ics", DEPTH_0, PROPFIND("<C:schedule-tag/>"),
      207, { "<C:schedule-tag/></D:prop><D:status>HTTP/1.1 404 " }, NULL },
    { "a contact", "PUT", HOME "contacts/c.vcf", NULL, CARD("c", "Cara"), 201, { NULL }, TAG },
    { "has none", "GET", HOME "contacts/c.vcf", NULL, NULL, 200, { NULL }, TAG },
};
/* clang-format on */

Test(caldav_scheduling, gives_tags_to_what_others_are_invited_to)
{
    DAV_PLAY(world, tags);
}

/* How many events of a calendar have a schedule tag; what one is is kept in
 * `tag`. */
static size_t count_tags(const char *method, const char *body, char *tag)
{
    struct dav_answer answer =
        dav_do(world, method, HOME "calendar/", DEPTH_1, body);
    const char *at = strstr(answer.body, "<C:schedule-tag>");

    if (at != NULL)
        snprintf(tag, 100, "%.*s", (int)strcspn(at + 16, "<"), at + 16);
    return dav_count(answer.body, "<C:schedule-tag>");
}

Test(caldav_scheduling, lists_have_the_tags_of_meetings_and_only_of_those)
{
    static const char *const asks[][2] = {
        { "PROPFIND", PROPFIND("<C:schedule-tag/>") },
        { "REPORT", "<sync-collection" NS "><sync-token/><sync-level>1"
                    "</sync-level><prop><C:schedule-tag/></prop>"
                    "</sync-collection>" },
        { "REPORT", "<C:calendar-query" NS "><prop><C:schedule-tag/></prop>"
                    "<C:filter><C:comp-filter name=\"VCALENDAR\"/></C:filter>"
                    "</C:calendar-query>" },
    };

    for (size_t i = 0; i < 3; i++) {
        char tag[100] = "", other[100] = "";

        end();
        begin();
        struct exchange *exchange = dav_world_exchange(world);
        exchange_add_event(exchange, ANN, EVENT("a", "Nap"));
        exchange_add_event(exchange, ANN, EVENT_WITH("m", "Talk", MEETING));
        cr_expect_eq(count_tags(asks[i][0], asks[i][1], tag), 1, "%zu", i);
        cr_expect_eq(count_tags(asks[i][0], asks[i][1], other), 1, "%zu", i);
        cr_expect_str_eq(tag, other);
    }
}

/* RFC 6638, 3.2.10: it changes with what the organizer changes, before anybody
 * reads the text. */
Test(caldav_scheduling, an_attendee_is_told_the_new_tag_of_a_changed_meeting)
{
#define CALLED(SUMMARY, MORE)                                                  \
    "From: Bob <" BOB ">\r\nTo: <" ANN ">\r\nMIME-Version: 1.0\r\n"            \
    "Content-Type: text/calendar; charset=utf-8; method=REQUEST\r\n\r\n"       \
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nMETHOD:"                    \
    "REQUEST\r\n" VEVENT_WITH("m", SUMMARY,                                    \
                              "ORGANIZER:mailto:" BOB "\r\n"                   \
                              "ATTENDEE;RSVP=TRUE:mailto:" ANN                 \
                              "\r\n" MORE) "END:VCALENDAR\r\n"
    struct exchange *exchange = dav_world_exchange(world);
    char first[100] = "", second[100] = "";

    exchange_receive(exchange, ANN, CALLED("Talk", ""));
    cr_expect_eq(count_tags("PROPFIND", PROPFIND("<C:schedule-tag/>"), first),
                 1);
    exchange_receive(exchange, ANN, CALLED("Talks", "SEQUENCE:1\r\n"));
    cr_expect_eq(count_tags("PROPFIND", PROPFIND("<C:schedule-tag/>"), second),
                 1);
    cr_expect_str_neq(first, second);
}

Test(caldav_scheduling, tells_when_people_are_busy)
{
    DAV_PLAY(world, questions);
}

Test(caldav_scheduling,
     unknown_attendees_must_still_appear_in_the_schedule_response)
{
    struct dav_answer answer =
        dav_do(world, "POST", HOME "outbox/", CALENDAR,
               REQUEST(ATTENDEE("nobody@example.com") ATTENDEE(BOB)));

    cr_expect(answer.code == 200, "%d %s", answer.code, answer.body);
    cr_expect(dav_count(answer.body, "<C:response>") == 2, "%s", answer.body);
    cr_expect(dav_has(&answer, "<D:href>mailto:nobody@example.com</D:href>"
                               "</C:recipient><C:request-status>3.7;"),
              "%s", answer.body);
    cr_expect(dav_count(answer.body, "2.0;Success") == 1, "%s", answer.body);
}

Test(caldav_scheduling, works_for_150_attendees_in_one_request)
{
    struct exchange *exchange = dav_world_exchange(world);
    struct buf attendees, request;

    buf_init(&attendees, NULL);
    buf_init(&request, NULL);
    for (int i = 0; i < 150; i++)
        buf_printf(&attendees, "ATTENDEE:mailto:%s%d@example.com\r\n",
                   i % 2 == 0 ? "bob+" : "person", i);
    buf_printf(&request, REQUEST("%s"), attendees.data);
    dav_do(world, "PROPFIND", "/", DEPTH_0, NULL);
    unsigned before = exchange_calls(exchange, NULL);
    struct dav_answer answer =
        dav_do(world, "POST", HOME "outbox/", CALENDAR, request.data);

    cr_expect(answer.code == 200, "%d %s", answer.code, answer.body);
    cr_expect(dav_count(answer.body, "<C:response>") == 150);
    cr_expect(dav_count(answer.body, "<C:request-status>") == 150);
    cr_expect(exchange_calls(exchange, "GetUserAvailabilityRequest") == 2, "%u",
              exchange_calls(exchange, "GetUserAvailabilityRequest"));
    cr_expect(exchange_calls(exchange, NULL) - before <= 5, "%u",
              exchange_calls(exchange, NULL) - before);
    buf_fini(&attendees);
    buf_fini(&request);
}
