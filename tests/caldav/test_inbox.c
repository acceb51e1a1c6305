/*
 * test_inbox.c - the scheduling inbox: what has arrived (RFC 6638, 2.2)
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/caldav/client.h"
#include "tests/caldav/texts.h"
#include "tests/exchange/exchange.h"

#define INBOX HOME "inbox/"

static struct dav_world *world;
static struct exchange *exchange;
static char item[300]; /* what waits in the inbox */

/* A message about a meeting, as Bob's Outlook sends it. */
#define MESSAGE(METHOD, MORE)                                                  \
    "From: Bob <" BOB ">\r\nTo: <" ANN ">\r\nSubject: Talk\r\n"                \
    "MIME-Version: 1.0\r\n"                                                    \
    "Content-Type: text/calendar; charset=utf-8; method=" METHOD "\r\n\r\n"    \
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nMETHOD:" METHOD "\r\n"      \
    "BEGIN:VEVENT\r\nUID:talk\r\nDTSTAMP:20260101T000000Z\r\n"                 \
    "DTSTART:20260601T100000Z\r\nDTEND:20260601T110000Z\r\nSUMMARY:Talk\r\n"   \
    "ORGANIZER:mailto:" BOB "\r\n"                                             \
    "ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:" ANN "\r\n" MORE         \
    "END:VEVENT\r\nEND:VCALENDAR\r\n"

static void begin(void)
{
    world = dav_world_new();
    exchange = dav_world_exchange(world);
}

static void end(void)
{
    dav_world_free(&world);
}

TestSuite(caldav_inbox, .init = begin, .fini = end);

#define SYNC(TOKEN)                                                            \
    "<sync-collection" NS "><sync-token>" TOKEN "</sync-token>"                \
    "<sync-level>1</sync-level><prop><getetag/></prop></sync-collection>"
#define QUERY                                                                  \
    "<C:calendar-query" NS "><prop><getetag/><C:calendar-data/></prop>"        \
    "<C:filter><C:comp-filter name=\"VCALENDAR\"/></C:filter>"                 \
    "</C:calendar-query>"

/* How much waits there; the last of it is `item`. */
static size_t look(void)
{
    struct dav_answer answer =
        dav_do(world, "PROPFIND", INBOX, DEPTH_1, PROPFIND("<getetag/>"));
    size_t count = 0;

    cr_assert_eq(answer.code, 207, "%d %s", answer.code, answer.body);
    for (const char *at = strstr(answer.body, "<D:href>" INBOX); at != NULL;
         at = strstr(at + 1, "<D:href>" INBOX)) {
        const char *href = at + strlen("<D:href>");
        size_t len = strcspn(href, "<");

        if (len == strlen(INBOX))
            continue;
        cr_assert(len < sizeof item);
        memcpy(item, href, len);
        item[len] = '\0';
        count++;
    }
    return count;
}

/* Ann's own event: its URL. */
static const char *event(void)
{
    static char href[300];
    struct dav_answer answer = dav_do(world, "PROPFIND", HOME "calendar/",
                                      DEPTH_1, PROPFIND("<getetag/>"));
    const char *at = strstr(answer.body, ".ics</D:href>");

    cr_assert_not_null(at, "%s", answer.body);
    while (*at != '>')
        at--;
    size_t len = strcspn(at + 1, "<");
    cr_assert(len < sizeof href);
    memcpy(href, at + 1, len);
    href[len] = '\0';
    return href;
}

static void deliver(const char *message)
{
    exchange_receive(exchange, ANN, message);
}

Test(caldav_inbox, an_invitation_is_there_and_can_be_read_in_all_ways)
{
    deliver(MESSAGE("REQUEST", ""));
    cr_assert_eq(look(), 1);
    struct dav_answer got = dav_do(world, "GET", item, NULL, NULL);
    cr_expect_eq(got.code, 200);
    cr_expect_not_null(strstr(got.body, "METHOD:REQUEST"), "%s", got.body);
    cr_expect_not_null(strstr(got.body, "UID:talk"));
    cr_expect_null(dav_answer_field(world, &got, "Schedule-Tag"));
    cr_expect_not_null(dav_answer_field(world, &got, "ETag"));
    got = dav_do(world, "REPORT", INBOX, DEPTH_1, QUERY);
    cr_expect_not_null(strstr(got.body, "METHOD:REQUEST"), "%s", got.body);
    cr_expect_not_null(strstr(got.body, item));
    got = dav_do(world, "REPORT", INBOX, NULL, SYNC(""));
    cr_expect_not_null(strstr(got.body, item), "%s", got.body);
    char multiget[800];
    snprintf(multiget, sizeof multiget,
             "<C:calendar-multiget" NS "><prop><C:calendar-data/></prop>"
             "<href>%s</href></C:calendar-multiget>",
             item);
    got = dav_do(world, "REPORT", INBOX, NULL, multiget);
    cr_expect_not_null(strstr(got.body, "METHOD:REQUEST"), "%s", got.body);
    got = dav_do(world, "GET", event(), NULL, NULL);
    cr_expect_not_null(strstr(got.body, "UID:talk"), "%s", got.body);
    cr_expect_null(strstr(got.body, "METHOD:"));
}

Test(caldav_inbox, an_answer_by_put_empties_it_and_a_second_one_is_not_sent)
{
    deliver(MESSAGE("REQUEST", ""));
    cr_assert_eq(look(), 1);
    const char *href = event();
    struct dav_answer got = dav_do(world, "GET", href, NULL, NULL);
    char *text = strdup(got.body);
    char *answer = strstr(text, "NEEDS-ACTION");
    cr_assert_not_null(answer, "%s", text);
    char put[4000];
    snprintf(put, sizeof put, "%.*sACCEPTED%s", (int)(answer - text), text,
             answer + strlen("NEEDS-ACTION"));
    unsigned mails = exchange_mails(exchange);
    cr_expect_eq(dav_do(world, "PUT", href, CALENDAR, put).code, 204);
    cr_expect_eq(exchange_mails(exchange), mails + 1);
    cr_expect_eq(look(), 0);
    /* A client that works the inbox off deletes the item, which is gone. */
    cr_expect_eq(dav_do(world, "DELETE", item, NULL, NULL).code, 404);
    cr_expect_eq(dav_do(world, "PUT", href, CALENDAR, put).code, 204);
    cr_expect_eq(exchange_mails(exchange), mails + 1, "answered once");
    free(text);
}

Test(caldav_inbox, what_is_deleted_there_goes_and_nobody_is_told)
{
    deliver(MESSAGE("REQUEST", ""));
    cr_assert_eq(look(), 1);
    unsigned mails = exchange_mails(exchange);
    cr_expect_eq(dav_do(world, "DELETE", item, NULL, NULL).code, 204);
    cr_expect_eq(look(), 0);
    cr_expect_eq(exchange_mails(exchange), mails);
    cr_expect_eq(exchange_count(exchange, ANN, "inbox"), 0);
    cr_expect_eq(exchange_count(exchange, ANN, "calendar"), 1);
}

Test(caldav_inbox, nothing_can_be_put_moved_or_copied)
{
    deliver(MESSAGE("REQUEST", ""));
    cr_assert_eq(look(), 1);
    cr_expect_eq(
        dav_do(world, "PUT", item, CALENDAR, EVENT("talk", "Talk")).code, 403);
    cr_expect_eq(
        dav_do(world, "PUT", INBOX "n.ics", CALENDAR, EVENT("n", "N")).code,
        403);
    cr_expect_eq(dav_do(world, "MOVE", item,
                        "Destination: " HOME "calendar/n.ics\r\n", NULL)
                     .code,
                 403);
    cr_expect_eq(dav_do(world, "COPY", item,
                        "Destination: " HOME "calendar/n.ics\r\n", NULL)
                     .code,
                 403);
    cr_expect_eq(look(), 1);
}

Test(caldav_inbox, a_cancellation_is_there_until_the_event_goes)
{
    deliver(MESSAGE("REQUEST", ""));
    deliver(MESSAGE("CANCEL", "SEQUENCE:1\r\nSTATUS:CANCELLED\r\n"));
    cr_assert_eq(look(), 1);
    struct dav_answer got = dav_do(world, "GET", item, NULL, NULL);
    cr_expect_not_null(strstr(got.body, "METHOD:CANCEL"), "%s", got.body);
    cr_expect_eq(dav_do(world, "DELETE", event(), NULL, NULL).code, 204);
    cr_expect_eq(look(), 0);
}

Test(caldav_inbox, the_tag_of_the_collection_moves_with_what_is_in_it)
{
    struct dav_answer empty =
        dav_do(world, "PROPFIND", INBOX, DEPTH_0, PROPFIND("<S:getctag/>"));
    deliver(MESSAGE("REQUEST", ""));
    struct dav_answer full =
        dav_do(world, "PROPFIND", INBOX, DEPTH_0, PROPFIND("<S:getctag/>"));
    struct dav_answer again =
        dav_do(world, "PROPFIND", INBOX, DEPTH_0, PROPFIND("<S:getctag/>"));

    cr_expect_str_neq(empty.body, full.body);
    cr_expect_str_eq(full.body, again.body);
}
