/*
 * test_caldav_budgets.c - what calendars and address books cost, in calls
 *
 * E objects in the folder.  Calls are counted by the simulated Exchange, so
 * that the numbers are exact on any machine.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "proxy/base/buf.h"
#include "tests/clients/harness.h"
#include "tests/clients/link.h"
#include "tests/clients/outlook.h"
#include "tests/clients/web.h"

/* Nothing happens by itself: no timer asks Exchange in between. */
#define SETTINGS                                                               \
    "[exchange]\npoll_interval = 1h\nfolder_interval = 1h\npush = poll\n"

#define EVENTS 600 /* more than one sync of 512 */
#define SERIES 60  /* each 10th */

static const char list[] =
    "<propfind xmlns='DAV:'><prop><getetag/></prop></propfind>";

static const char changes_since[] =
    "<sync-collection xmlns='DAV:'><sync-token>%s</sync-token>"
    "<sync-level>1</sync-level><prop><getetag/></prop></sync-collection>";

static const char query[] =
    "<C:calendar-query xmlns='DAV:' xmlns:C='urn:ietf:params:xml:ns:caldav'>"
    "<prop><getetag/><C:calendar-data/></prop><C:filter>"
    "<C:comp-filter name='VCALENDAR'><C:comp-filter name='VEVENT'>"
    "<C:time-range start='%s' end='%s'/></C:comp-filter></C:comp-filter>"
    "</C:filter></C:calendar-query>";

/* What was asked of Exchange since the last time, which is to be exactly so
 * much. */
static void expect_calls(const struct harness *harness, const char *what,
                         unsigned expected)
{
    unsigned calls = exchange_calls(harness->exchange, NULL);

    if (calls != expected) {
        char *all = exchange_anchors(harness->exchange);

        cr_expect(false, "%s: %u calls instead of %u:\n%s", what, calls,
                  expected, all);
        free(all);
    }
    exchange_reset_calls(harness->exchange);
}

/* Answers of a multistatus. */
static size_t responses(const char *body)
{
    size_t count = 0;

    while ((body = strstr(body, "</D:response>")) != NULL) {
        count++;
        body++;
    }
    return count;
}

static char *ask(const struct harness *harness, const char *method,
                 const char *target, const char *body)
{
    return web_do(harness, 207, method, target, "Depth: 1\r\n", body);
}

/* The text between the tags of the first element of that name, without its
 * prefix; free it. */
static char *element(const char *body, const char *name)
{
    char open[64];
    const char *start;

    snprintf(open, sizeof open, "%s>", name);
    start = strstr(body, open);
    cr_assert(start != NULL, "no %s in %s", name, body);
    start += strlen(open);
    return strndup(start, strcspn(start, "<"));
}

/* A multiget of the texts of the first `count` members that a listing has. */
static char *multiget(const char *listing, size_t count)
{
    struct buf body;
    size_t taken = 0;

    buf_init(&body, NULL);
    buf_puts(&body, "<C:calendar-multiget xmlns='DAV:'"
                    " xmlns:C='urn:ietf:params:xml:ns:caldav'><prop><getetag/>"
                    "<C:calendar-data/></prop>");
    for (const char *at = listing; taken < count; at++) {
        at = strstr(at, "href>/");
        cr_assert(at != NULL, "only %zu members", taken);
        at += strlen("href>");
        size_t len = strcspn(at, "<");
        if (at[len - 1] == '/')
            continue; /* the collection itself */
        buf_printf(&body, "<href>%.*s</href>", (int)len, at);
        taken++;
    }
    buf_puts(&body, "</C:calendar-multiget>");
    return body.data;
}

/* A mailbox with events, and one who has logged in. */
static void begin(struct harness *harness, const char *settings)
{
    harness_start(harness, EXCHANGE_2016, settings);
    outlook_add_many(harness, OUTLOOK_EVENT, EVENTS, EVENTS / SERIES);
    free(web_do(harness, 207, "PROPFIND", WEB_HOME, "Depth: 1\r\n", NULL));
    exchange_reset_calls(harness->exchange);
}

/* --- Reading -------------------------------------------------------------- */

Test(caldav_budgets, the_first_sync_takes_e_512_and_e_50, .timeout = SECONDS)
{
    struct harness harness;
    char request[400];

    begin(&harness, SETTINGS);
    snprintf(request, sizeof request, changes_since, "");
    char *listing = ask(&harness, "REPORT", WEB_CALENDAR, request);
    cr_expect_eq(responses(listing), EVENTS, "%zu", responses(listing));
    expect_calls(&harness, "the names of E: E/512", 2);

    char *get = multiget(listing, EVENTS);
    char *texts = ask(&harness, "REPORT", WEB_CALENDAR, get);
    cr_expect_eq(responses(texts), EVENTS, "%zu", responses(texts));
    expect_calls(&harness, "the texts of E: E/50; once the zone",
                 EVENTS / 50 + 1);
    free(texts);
    texts = ask(&harness, "REPORT", WEB_CALENDAR, get);
    expect_calls(&harness, "the texts again: what is new", 1);
    free(texts);
    free(get);

    char *token = element(listing, "sync-token");
    snprintf(request, sizeof request, changes_since, token);
    free(listing);
    listing = ask(&harness, "REPORT", WEB_CALENDAR, request);
    cr_expect_eq(responses(listing), 0, "%s", listing);
    cr_expect_leq(exchange_calls(harness.exchange, NULL), 1);
    free(listing);
    free(token);
    harness_stop(&harness);
}

Test(caldav_budgets, after_a_restart_all_is_still_known, .timeout = SECONDS)
{
    struct harness harness;

    begin(&harness, SETTINGS);
    char *listing = ask(&harness, "PROPFIND", WEB_CALENDAR, list);
    char *get = multiget(listing, EVENTS);
    free(ask(&harness, "REPORT", WEB_CALENDAR, get));
    harness_daemon_stop(&harness);
    harness_daemon_start(&harness);
    free(web_do(&harness, 207, "PROPFIND", WEB_HOME, "Depth: 1\r\n", NULL));
    exchange_reset_calls(harness.exchange);

    char *again = ask(&harness, "PROPFIND", WEB_CALENDAR, list);
    cr_expect_str_eq(again, listing);
    expect_calls(&harness, "the names: what is new", 1);
    free(ask(&harness, "REPORT", WEB_CALENDAR, get));
    expect_calls(&harness, "the texts: what is new", 1);
    free(again);
    free(get);
    free(listing);
    harness_stop(&harness);
}

/* A series without an end, asked about a day years after its beginning. */
Test(caldav_budgets, a_question_about_a_day_takes_no_call_once_all_is_known,
     .timeout = SECONDS)
{
    /* clang-format off */
    static const struct {
        const char *from;
        const char *to;
        size_t count;
    } days[] = {
        { "20261201T000000Z", "20261202T000000Z", EVENTS + 1 },
        { "20261203T000000Z", "20261204T000000Z", SERIES + 1 },
        { "20351203T000000Z", "20351204T000000Z", 1 },
        { "20200101T000000Z", "20200102T000000Z", 0 },
    };
    /* clang-format on */
    struct harness harness;

    begin(&harness, SETTINGS);
    web_put_event(&harness, "endless",
                  "DTSTART:20261101T100000Z\r\nDTEND:20261101T110000Z\r\n"
                  "RRULE:FREQ=DAILY\r\nSUMMARY:Every day\r\n");
    for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
        char request[600];

        snprintf(request, sizeof request, query, days[i].from, days[i].to);
        char *answer = ask(&harness, "REPORT", WEB_CALENDAR, request);
        cr_expect_eq(responses(answer), days[i].count, "%s: %zu", days[i].from,
                     responses(answer));
        if (i > 0)
            cr_expect_leq(exchange_calls(harness.exchange, NULL), 1, "%s",
                          days[i].from);
        exchange_reset_calls(harness.exchange);
        free(answer);
    }
    harness_stop(&harness);
}

/* --- Looking again and again ---------------------------------------------- */

/* What a run of a client that polls asks: the tree, the token, the changes. */
static unsigned poll_once(const struct harness *harness, const char *token)
{
    char request[400];

    exchange_reset_calls(harness->exchange);
    free(web_do(harness, 207, "PROPFIND", WEB_HOME, "Depth: 1\r\n", NULL));
    snprintf(request, sizeof request, changes_since, token);
    char *answer = ask(harness, "REPORT", WEB_CALENDAR, request);
    cr_expect_eq(responses(answer), 0, "%s", answer);
    free(answer);
    return exchange_calls(harness->exchange, NULL);
}

Test(caldav_budgets, who_polls_costs_nothing_once_news_are_told,
     .timeout = SECONDS)
{
    struct harness harness;
    char request[400];

    begin(&harness, "[exchange]\npoll_interval = 1h\nfolder_interval = 0\n"
                    "push_linger = 60\n");
    snprintf(request, sizeof request, changes_since, "");
    char *listing = ask(&harness, "REPORT", WEB_CALENDAR, request);
    char *token = element(listing, "sync-token");
    for (int i = 0; i < WAIT_SECONDS && poll_once(&harness, token) > 0; i++)
        sleep(1);
    for (int i = 0; i < 5; i++)
        cr_expect_eq(poll_once(&harness, token), 0);
    free(token);
    free(listing);
    harness_stop(&harness);
}

/* --- Writing -------------------------------------------------------------- */

/* clang-format off */
static const char *const plain =
    "DTSTART:20261201T100000Z\r\nDTEND:20261201T110000Z\r\nSUMMARY:One\r\n";
static const char *const renamed =
    "DTSTART:20261201T100000Z\r\nDTEND:20261201T110000Z\r\nSUMMARY:Two\r\n";
/* clang-format on */

Test(caldav_budgets, writing_takes_one_call_or_two, .timeout = SECONDS)
{
    struct harness harness;

    begin(&harness, SETTINGS);
    char *listing = ask(&harness, "PROPFIND", WEB_CALENDAR, list);
    char *get = multiget(listing, EVENTS);
    free(ask(&harness, "REPORT", WEB_CALENDAR, get));
    free(get);
    free(listing);
    exchange_reset_calls(harness.exchange);
    web_put_event(&harness, "one", plain);
    expect_calls(&harness, "a new event", 1);
    web_put_event(&harness, "one", renamed);
    expect_calls(&harness, "an edit", 2);

    const char *one = WEB_CALENDAR "one.ics";
    char *text = web_do(&harness, 200, "GET", one, NULL, NULL);
    exchange_reset_calls(harness.exchange);
    free(web_do(&harness, 204, "PUT", one, NULL, text));
    expect_calls(&harness, "what it has got sent back", 0);
    free(text);
    free(web_do(&harness, 204, "DELETE", WEB_CALENDAR "one.ics", NULL, NULL));
    cr_expect_leq(exchange_calls(harness.exchange, NULL), 2, "a deletion: %u",
                  exchange_calls(harness.exchange, NULL));
    harness_stop(&harness);
}

/* PUTs a series of days, and again with that one of them ("20300102") later;
 * tells what the second took, with the reading back. */
static unsigned put_exception(const struct harness *harness, const char *name,
                              const char *day)
{
    struct buf lines;
    char path[128];

    snprintf(path, sizeof path, WEB_CALENDAR "%s.ics", name);
    buf_init(&lines, NULL);
    buf_puts(&lines,
             "DTSTART:20300101T100000Z\r\nDTEND:20300101T110000Z\r\n"
             "RRULE:FREQ=DAILY\r\nSUMMARY:Days\r\n");
    web_put_event(harness, name, lines.data);
    free(web_do(harness, 200, "GET", path, NULL, NULL));
    buf_printf(&lines,
               "END:VEVENT\r\nBEGIN:VEVENT\r\nUID:%s\r\n"
               "DTSTAMP:20261101T080000Z\r\n"
               "RECURRENCE-ID:%sT100000Z\r\nDTSTART:%sT150000Z\r\n"
               "DTEND:%sT160000Z\r\nSUMMARY:Later\r\n",
               name, day, day, day);
    exchange_reset_calls(harness->exchange);
    web_put_event(harness, name, lines.data);
    buf_fini(&lines);
    return exchange_calls(harness->exchange, NULL);
}

Test(caldav_budgets, the_kth_occurrence_of_a_long_series_costs_constant_calls,
     .timeout = SECONDS)
{
    struct harness harness;

    begin(&harness, SETTINGS);
    unsigned near = put_exception(&harness, "near", "20300102");
    unsigned far = put_exception(&harness, "far", "20320618");
    cr_expect(near <= 4, "%u calls for the second", near);
    cr_expect_eq(far, near, "%u calls for a late one, %u for the second", far,
                 near);
    harness_stop(&harness);
}

/* --- Contacts and tasks --------------------------------------------------- */

Test(caldav_budgets, contacts_and_tasks_are_no_dearer, .timeout = SECONDS)
{
    /* clang-format off */
    static const struct {
        enum outlook_kind kind;
        const char *collection;
        const char *get;
    } kinds[] = {
        { OUTLOOK_CONTACT, WEB_CONTACTS,
          "<A:addressbook-query xmlns='DAV:' xmlns:A='urn:ietf:params:xml:ns:carddav'>"
          "<prop><getetag/><A:address-data/></prop><A:filter/></A:addressbook-query>" },
        { OUTLOOK_TASK, WEB_HOME "tasks/",
          "<C:calendar-query xmlns='DAV:' xmlns:C='urn:ietf:params:xml:ns:caldav'>"
          "<prop><getetag/><C:calendar-data/></prop><C:filter>"
          "<C:comp-filter name='VCALENDAR'><C:comp-filter name='VTODO'/></C:comp-filter>"
          "</C:filter></C:calendar-query>" },
    };
    /* clang-format on */
    struct harness harness;

    harness_start(&harness, EXCHANGE_2016, SETTINGS);
    free(web_do(&harness, 207, "PROPFIND", WEB_HOME, "Depth: 1\r\n", NULL));
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        outlook_add_many(&harness, kinds[i].kind, 100, 0);
        exchange_reset_calls(harness.exchange);
        char *answer =
            ask(&harness, "REPORT", kinds[i].collection, kinds[i].get);
        cr_expect_eq(responses(answer), 100, "%zu", responses(answer));
        cr_expect_leq(exchange_calls(harness.exchange, NULL), 2 + 100 / 50, "%s",
                      kinds[i].collection);
        exchange_reset_calls(harness.exchange);
        free(answer);
        answer = ask(&harness, "REPORT", kinds[i].collection, kinds[i].get);
        cr_expect_leq(exchange_calls(harness.exchange, NULL), 1);
        free(answer);
    }
    harness_stop(&harness);
}
