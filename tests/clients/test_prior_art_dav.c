/*
 * test_prior_art_dav.c - where others fail with calendars and address books
 *
 * Each test carries the sentence that describes the fault as its description.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/base/buf.h"
#include "tests/clients/harness.h"
#include "tests/clients/link.h"
#include "tests/clients/outlook.h"
#include "tests/clients/web.h"

#define ONE WEB_CALENDAR "one.ics"

static const char plain[] =
    "DTSTART:20261201T100000Z\r\nDTEND:20261201T110000Z\r\nSUMMARY:One\r\n";

static void expect_has(const char *text, const char *wanted)
{
    cr_expect(strstr(text, wanted) != NULL, "no %s in\n%s", wanted, text);
}

/* The same text with another part in place of one that is there; free it. */
static char *replaced(const char *text, const char *part, const char *other)
{
    const char *at = strstr(text, part);
    char *result;

    cr_assert(at != NULL, "no %s in\n%s", part, text);
    cr_assert(asprintf(&result, "%.*s%s%s", (int)(at - text), text, other,
                       at + strlen(part)) > 0);
    return result;
}

/* --- HTTP and WebDAV ------------------------------------------------------ */

static void expect_unknown_ones(const struct harness *harness)
{
    char *answer = web_do(harness, 207, "PROPFIND", WEB_CALENDAR,
                          "Depth: 0\r\n",
                          "<propfind xmlns='DAV:'><prop><resourcetype/>"
                          "<unheard-of xmlns='urn:example'/></prop>"
                          "</propfind>");
    const char *missing = strstr(answer, "404 Not Found");
    const char *unknown = strstr(answer, "unheard-of");

    cr_expect(missing != NULL && unknown != NULL && unknown < missing, "%s",
              answer);
    cr_assert(unknown != NULL);
    cr_expect(strstr(unknown, "<D:propstat>") == NULL, "%s", answer);
    free(answer);
}

static void put_in_chunks(const struct harness *harness, const char *text)
{
    struct link *link = web_open(harness);
    struct buf request;

    buf_init(&request, NULL);
    buf_puts(&request, "PUT " ONE " HTTP/1.1\r\nHost: x\r\n" WEB_ANN
                       "Transfer-Encoding: chunked\r\n"
                       "Expect: 100-continue\r\n\r\n");
    link_send(link, request.data, request.len);
    struct web_answer answer = web_read(link, false);
    cr_expect_eq(answer.code, 100, "%d", answer.code);
    web_answer_fini(&answer);

    buf_clear(&request);
    for (size_t len = strlen(text), at = 0; at < len; at += 7)
        buf_printf(&request, "%zx;extension=1\r\n%.*s\r\n",
                   len - at < 7 ? len - at : 7, 7, text + at);
    buf_puts(&request, "0\r\nX-Trailer: y\r\n\r\n");
    link_send(link, request.data, request.len);
    answer = web_read(link, false);
    cr_expect_eq(answer.code, 204, "%d", answer.code);
    web_answer_fini(&answer);
    buf_fini(&request);
    link_close(&link);
}

Test(prior_art_dav, properties_and_bodies, .timeout = SECONDS,
     .description = "A PROPFIND asking unknown properties must list them under "
                    "404; empty body = allprop; chunked request body and "
                    "Expect: 100-continue accepted.")
{
    struct harness harness;

    harness_start(&harness, EXCHANGE_2016, NULL);
    expect_unknown_ones(&harness);
    char *answer = web_do(&harness, 207, "PROPFIND", WEB_CALENDAR,
                          "Depth: 0\r\n", NULL);
    expect_has(answer, "resourcetype");
    expect_has(answer, "displayname");
    free(answer);

    web_put_event(&harness, "one", plain);
    char *text = web_do(&harness, 200, "GET", ONE, NULL, NULL);
    char *other = replaced(text, "SUMMARY:One", "SUMMARY:Two");
    put_in_chunks(&harness, other);
    cr_expect(outlook_has(&harness, OUTLOOK_EVENT, "Two"));
    free(other);
    free(text);
    harness_stop(&harness);
}

/* --- Tags ----------------------------------------------------------------- */

static char *tag_of(struct link *link)
{
    struct web_answer answer = web_ask(link, "HEAD", ONE, NULL, NULL);
    char *tag = web_field(&answer, "ETag");

    cr_assert(tag != NULL);
    web_answer_fini(&answer);
    return tag;
}

static char *collection_tag_of(const struct harness *harness)
{
    char *answer = web_do(harness, 207, "PROPFIND", WEB_CALENDAR,
                          "Depth: 0\r\n",
                          "<propfind xmlns='DAV:'"
                          " xmlns:S='http://calendarserver.org/ns/'>"
                          "<prop><S:getctag/></prop></propfind>");
    char *start = strstr(answer, "getctag>");

    cr_assert(start != NULL, "%s", answer);
    start += strlen("getctag>");
    char *tag = strndup(start, strcspn(start, "<"));
    free(answer);
    return tag;
}

Test(prior_art_dav, tags, .timeout = SECONDS,
     .description = "Two edits within one second must give different ETags "
                    "and a different collection tag.")
{
    struct harness harness;

    harness_start(&harness, EXCHANGE_2016, NULL);
    web_put_event(&harness, "one", plain);
    struct link *link = web_open(&harness);
    char *tag = tag_of(link);
    char *collection_tag = collection_tag_of(&harness);
    for (int i = 0; i < 20; i++) {
        char lines[200];

        snprintf(lines, sizeof lines, "%sLOCATION:Room %d\r\n", plain, i);
        web_put_event(&harness, "one", lines);
        char *new_tag = tag_of(link);
        char *new_collection_tag = collection_tag_of(&harness);
        cr_expect_str_neq(new_tag, tag, "edit %d", i);
        cr_expect_str_neq(new_collection_tag, collection_tag, "edit %d", i);
        free(tag);
        free(collection_tag);
        tag = new_tag;
        collection_tag = new_collection_tag;
    }
    free(tag);
    free(collection_tag);
    link_close(&link);
    harness_stop(&harness);
}

/* --- Loss ----------------------------------------------------------------- */

/* The first member that a collection has; free it. */
static char *first_member(const struct harness *harness, const char *collection)
{
    char *answer = web_do(harness, 207, "PROPFIND", collection, "Depth: 1\r\n",
                          "<propfind xmlns='DAV:'><prop><getetag/></prop>"
                          "</propfind>");
    char *member = NULL;

    for (const char *at = answer;
         member == NULL && (at = strstr(at, "href>/")) != NULL; at++) {
        size_t len = strcspn(at + 5, "<");

        if (at[5 + len - 1] != '/')
            member = strndup(at + 5, len);
    }
    cr_assert(member != NULL, "%s", answer);
    free(answer);
    return member;
}

static void edit_beside_html(const struct harness *harness)
{
    outlook_add(harness, OUTLOOK_EVENT, "Plans",
                "<t:Location>Room</t:Location>");
    char *target = first_member(harness, WEB_CALENDAR);
    char *text = web_do(harness, 200, "GET", target, NULL, NULL);
    char *other = replaced(text, "SUMMARY:Plans", "SUMMARY:New plans");

    free(web_do(harness, 204, "PUT", target, NULL, other));
    outlook_expect(harness, OUTLOOK_EVENT, "New plans",
                   "<t:Location>Room</t:Location>");
    char *shown = outlook_show_html(harness, OUTLOOK_EVENT, "New plans");
    expect_has(shown, "&lt;b&gt;Join&lt;/b&gt;");
    free(shown);
    free(other);
    free(text);
    free(target);
}

static void edit_beside_unknown(const struct harness *harness)
{
    static const char card[] =
        "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:carla\r\nFN:Carla\r\nN:;Carla;;;\r\n"
        "IMPP;X-SERVICE-TYPE=Jabber:xmpp:carla@example.org\r\n"
        "item1.EMAIL:1@example.org\r\nitem1.X-ABLabel:Garden\r\n"
        "EMAIL:2@example.org\r\nEMAIL:3@example.org\r\nEMAIL:4@example.org\r\n"
        "X-PRONOUN:she\r\nEND:VCARD\r\n";
    static const char *const kept[] = {
        "FN:Carla B.", "xmpp:carla@example.org", "1@example.org", "Garden",
        "2@example.org", "3@example.org", "4@example.org", "X-PRONOUN:she",
    };
    const char *target = WEB_CONTACTS "carla.vcf";

    free(web_do(harness, 201, "PUT", target, NULL, card));
    outlook_rename(harness, OUTLOOK_CONTACT, "Carla", "Carla B.");
    char *text = web_do(harness, 200, "GET", target, NULL, NULL);
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
        expect_has(text, kept[i]);

    char *other = replaced(text, "FN:Carla B.", "FN:Carla C.");
    free(web_do(harness, 204, "PUT", target, NULL, other));
    char *again = web_do(harness, 200, "GET", target, NULL, NULL);
    for (size_t i = 1; i < sizeof kept / sizeof *kept; i++)
        expect_has(again, kept[i]);
    cr_expect(outlook_has(harness, OUTLOOK_CONTACT, "Carla C."));
    free(again);
    free(other);
    free(text);
}

Test(prior_art_dav, nothing_is_lost_beside_an_edit, .timeout = SECONDS,
     .description = "Editing a summary must not touch an HTML body; PUT of a "
                    "contact must keep unknown fields.")
{
    struct harness harness;

    harness_start(&harness, EXCHANGE_2016, NULL);
    edit_beside_html(&harness);
    edit_beside_unknown(&harness);
    harness_stop(&harness);
}

/* --- Scheduling ----------------------------------------------------------- */

Test(prior_art_dav, busy_times_of_many, .timeout = SECONDS,
     .description = "Unknown attendees must still appear in the "
                    "schedule-response; 150 attendees in one request must "
                    "work.")
{
    struct harness harness;
    struct buf request;
    size_t known = 0, unknown = 0;

    harness_start(&harness, EXCHANGE_2016, NULL);
    buf_init(&request, NULL);
    buf_puts(&request,
             "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//Tests//EN\r\n"
             "METHOD:REQUEST\r\nBEGIN:VFREEBUSY\r\nUID:busy\r\n"
             "DTSTAMP:20261101T080000Z\r\nDTSTART:20261201T000000Z\r\n"
             "DTEND:20261202T000000Z\r\nORGANIZER:mailto:" ANN "\r\n");
    for (int i = 0; i < 150; i++)
        buf_printf(&request, "ATTENDEE:mailto:%s%d@postern.example\r\n",
                   i % 50 == 0 ? "known" : "unknown", i);
    buf_puts(&request, "END:VFREEBUSY\r\nEND:VCALENDAR\r\n");
    for (int i = 0; i < 150; i += 50) {
        char address[64];

        snprintf(address, sizeof address, "known%d@postern.example", i);
        exchange_add_user(harness.exchange, address, "Known", PASSWORD, "en");
    }
    exchange_reset_calls(harness.exchange);
    char *answer = web_do(&harness, 200, "POST", WEB_HOME "outbox/",
                          "Content-Type: text/calendar\r\n", request.data);
    for (const char *at = answer; (at = strstr(at, "request-status>")); at++) {
        known += strncmp(at, "request-status>2.0;", 19) == 0;
        unknown += strncmp(at, "request-status>3.7;", 19) == 0;
    }
    cr_expect_eq(known, 3, "%zu", known);
    cr_expect_eq(unknown, 147, "%zu", unknown);
    cr_expect_eq(exchange_calls(harness.exchange, "GetUserAvailabilityRequest"),
                 2);
    free(answer);
    buf_fini(&request);
    harness_stop(&harness);
}
