/*
 * test_caldav_refusals.c - what the door for calendars does not take
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/base/buf.h"
#include "tests/clients/harness.h"
#include "tests/clients/link.h"
#include "tests/clients/web.h"

#define ONE WEB_CALENDAR "one.ics"

/* clang-format off */
static const char event[] =
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//Tests//EN\r\n"
    "BEGIN:VEVENT\r\nUID:one\r\nDTSTAMP:20261101T080000Z\r\n"
    "DTSTART:20261201T100000Z\r\nDTEND:20261201T110000Z\r\n"
    "SUMMARY:One\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
/* clang-format on */

Test(caldav_refusals, refuses_what_cannot_be_done_there, .timeout = SECONDS)
{
    /* clang-format off */
    static const struct {
        const char *method;
        const char *target;
        int code;
        const char *allowed; /* one of Allow; NULL: no such field */
    } cases[] = {
        { "PUT",        "/",                      405, "PROPFIND" },
        { "DELETE",     "/",                      405, "PROPFIND" },
        { "DELETE",     WEB_HOME,                 405, "PROPFIND" },
        { "POST",       WEB_HOME "inbox/",        405, "REPORT" },
        { "LOCK",       ONE,                      405, "PUT" },
        { "BREW",       "/",                      501, NULL },
        { "MKCALENDAR", WEB_CALENDAR,             403, NULL },
        { "PROPFIND",   WEB_HOME "nowhere/",      404, NULL },
        { "MKCOL",      WEB_CALENDAR "plain/",    403, NULL },
        { "GET",        "/nothing/of/the/kind",   404, NULL },
        { "GET",        WEB_CALENDAR "no.ics",    404, NULL },
        { "DELETE",     WEB_CALENDAR "no.ics",    404, NULL },
        { "PUT",        WEB_CALENDAR "a/b/c.ics", 405, "GET" },
        { "PUT",        WEB_CALENDAR "a/b/c/d",   409, NULL },
        { "MOVE",       ONE,                      400, NULL },
        { "COPY",       WEB_CALENDAR "no.ics",    404, NULL },
    };
    /* clang-format on */
    struct harness harness;

    harness_start(&harness, EXCHANGE_2016, NULL);
    free(web_do(&harness, 201, "PUT", ONE, NULL, event));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bool puts = strcmp(cases[i].method, "PUT") == 0;
        struct link *link = web_open(&harness);
        struct web_answer answer = web_ask(link, cases[i].method,
                                           cases[i].target, NULL,
                                           puts ? event : NULL);
        char *allow = web_field(&answer, "Allow");

        cr_expect_eq(answer.code, cases[i].code, "%s %s: %d", cases[i].method,
                     cases[i].target, answer.code);
        cr_expect(cases[i].allowed == NULL ||
                      (allow != NULL && strstr(allow, cases[i].allowed)),
                  "%s %s: %s", cases[i].method, cases[i].target, allow);
        free(allow);
        web_answer_fini(&answer);
        link_close(&link);
    }
    harness_stop(&harness);
}

Test(caldav_refusals, refuses_bodies_that_say_nothing, .timeout = SECONDS)
{
    /* clang-format off */
    static const struct {
        const char *method;
        const char *body;
        int code;
        const char *reason; /* in the answer; NULL: anything */
    } cases[] = {
        { "PROPFIND", "<propfind",                                            400, NULL },
        { "PROPFIND", "<foo>",                                                400, NULL },
        { "PROPFIND", "<foo/>",                                               400, NULL },
        { "PROPFIND", "<D:propfind xmlns:D='DAV:'><D:prop><x:y xmlns:x=''/></D:prop></D:propfind>",
                                                                              400, NULL },
        { "PROPFIND", "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>"
                      "<propfind xmlns='DAV:'><prop>&b;</prop></propfind>",
                                                                              400, NULL },
        { "PROPFIND", "nothing",                                              400, NULL },
        { "PROPPATCH", "<a/>",                                                400, NULL },
        { "REPORT",   "<a/>",                                                 403, "supported-report" },
        { "REPORT",   "",                                                     400, NULL },
        { "REPORT",   "<sync-collection xmlns='DAV:'><sync-token>x</sync-token>"
                      "<sync-level>1</sync-level><prop/></sync-collection>",  403, "valid-sync-token" },
        { "REPORT",   "<calendar-query xmlns='urn:ietf:params:xml:ns:caldav'>"
                      "<filter><comp-filter name='VEVENT'/></filter></calendar-query>",
                                                                              403, "valid-filter" },
    };
    /* clang-format on */
    struct harness harness;

    harness_start(&harness, EXCHANGE_2016, NULL);
    struct link *link = web_open(&harness);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct web_answer answer = web_ask(link, cases[i].method, WEB_CALENDAR,
                                           "Depth: 0\r\n", cases[i].body);

        cr_expect_eq(answer.code, cases[i].code, "%s %s: %d %s",
                     cases[i].method, cases[i].body, answer.code, answer.body);
        cr_expect(cases[i].reason == NULL ||
                      strstr(answer.body, cases[i].reason) != NULL,
                  "%s %s: %s", cases[i].method, cases[i].body, answer.body);
        cr_expect(strstr(answer.body, "root:") == NULL);
        web_answer_fini(&answer);
    }
    link_close(&link);
    harness_stop(&harness);
}

Test(caldav_refusals, refuses_texts_that_are_no_event, .timeout = SECONDS)
{
    /* clang-format off */
    static const struct {
        const char *name;
        const char *type;
        const char *body;
        int code;
        const char *reason;
    } cases[] = {
        { "no iCalendar",    "text/calendar", "hello\n",               403, "valid-calendar-data" },
        { "nothing",         "text/calendar", "",                      403, "valid-calendar-data" },
        { "an image",        "image/png",     "\x89PNG",               403, "supported-calendar-data" },
        { "an empty frame",  "text/calendar",
          "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n",       403,
          "valid-calendar-object-resource" },
        { "a task",          "text/calendar",
          "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VTODO\r\nUID:a\r\n"
          "DTSTAMP:20261101T080000Z\r\nSUMMARY:A\r\nEND:VTODO\r\nEND:VCALENDAR\r\n",
                                                                       403,
          "supported-calendar-component" },
        { "every hour",      "text/calendar",
          "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:a\r\n"
          "DTSTAMP:20261101T080000Z\r\nDTSTART:20261101T080000Z\r\n"
          "RRULE:FREQ=HOURLY\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",      403,
          "valid-calendar-object-resource" },
        { "another's UID",   "text/calendar", event,                   403, "no-uid-conflict" },
    };
    /* clang-format on */
    struct harness harness;

    harness_start(&harness, EXCHANGE_2016, NULL);
    free(web_do(&harness, 201, "PUT", ONE, NULL, event));
    struct link *link = web_open(&harness);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char field[64];

        snprintf(field, sizeof field, "Content-Type: %s\r\n", cases[i].type);
        struct web_answer answer =
            web_ask(link, "PUT", WEB_CALENDAR "a.ics", field, cases[i].body);
        cr_expect_eq(answer.code, cases[i].code, "%s: %d %s", cases[i].name,
                     answer.code, answer.body);
        cr_expect(strstr(answer.body, cases[i].reason) != NULL, "%s: %s",
                  cases[i].name, answer.body);
        web_answer_fini(&answer);
    }
    link_close(&link);
    free(web_do(&harness, 404, "GET", WEB_CALENDAR "a.ics", NULL, NULL));
    harness_stop(&harness);
}

Test(caldav_refusals, refuses_requests_that_are_none, .timeout = SECONDS)
{
    static const char *const requests[] = {
        "hello\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n"
        "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
    };
    struct harness harness;
    struct buf large;

    harness_start(&harness, EXCHANGE_2016, NULL);
    for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
        struct web_answer answer = web_raw(&harness, requests[i], false);

        cr_expect(answer.code == 400 || answer.code == 501, "%s: %d",
                  requests[i], answer.code);
        web_answer_fini(&answer);
    }
    buf_init(&large, NULL);
    buf_puts(&large, "GET / HTTP/1.1\r\nHost: x\r\n" WEB_ANN "X-Large: ");
    for (int i = 0; i < 100000; i++)
        buf_putc(&large, 'x');
    buf_puts(&large, "\r\n\r\n");
    struct web_answer answer = web_raw(&harness, large.data, false);
    cr_expect_eq(answer.code, 431, "%d", answer.code);
    web_answer_fini(&answer);
    buf_fini(&large);
    harness_stop(&harness);
}
