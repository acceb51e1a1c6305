/*
 * test_reports.c - many objects at once, what has changed, what fits a filter
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

TestSuite(caldav_reports, .init = begin, .fini = end);

static void put(const char *target, const char *text)
{
    struct dav_answer answer = dav_do(world, "PUT", target, NULL, text);

    cr_assert(answer.code == 201 || answer.code == 204, "%s: %d %s", target,
              answer.code, answer.body);
}

#define MULTIGET(HREFS)                                                        \
    "<C:calendar-multiget" NS                                                  \
    "><prop><getetag/><C:calendar-data/></prop>" HREFS                         \
    "</C:calendar-multiget>"
#define HREF(PATH) "<href>" PATH "</href>"
#define GONE(PATH)                                                             \
    "<D:href>" PATH "</D:href><D:status>HTTP/1.1 404 Not Found</D:status>"
#define QUERY(FILTER)                                                          \
    "<C:calendar-query" NS "><prop><getetag/></prop><C:filter>"                \
    "<C:comp-filter name=\"VCALENDAR\">" FILTER                                \
    "</C:comp-filter></C:filter></C:calendar-query>"
#define BAD_QUERY(FILTER)                                                      \
    "REPORT", HOME "calendar/", DEPTH_1, FILTER, 403, { "<C:valid-filter/>" },  \
        NULL
#define MAY "<C:time-range start=\"20260501T000000Z\"/>"
#define COMP(NAME, INNER)                                                      \
    "<C:comp-filter name=\"" NAME "\">" INNER "</C:comp-filter>"
#define PROPERTY(NAME, INNER)                                                  \
    "<C:prop-filter name=\"" NAME "\">" INNER "</C:prop-filter>"
#define VEVENTS(INNER)                                                         \
    "<C:comp-filter name=\"VEVENT\">" INNER "</C:comp-filter>"

/* clang-format off */
static const struct dav_step multiget[] = {
    { "what is there, and what is not", "REPORT", HOME "calendar/", NULL,
      MULTIGET(HREF(HOME "calendar/a.ics") HREF(HOME "calendar/none.ics")),
      207, { "<D:href>" HOME "calendar/a.ics</D:href>", "SUMMARY:Lunch",
             GONE(HOME "calendar/none.ics") }, "Bake" },
    { "whole URLs, as they were sent", "REPORT", HOME "calendar/", NULL,
      MULTIGET(HREF("http://localhost:1080" HOME "calendar/%61.ics")),
      207, { "<D:href>http://localhost:1080" HOME "calendar/%61.ics</D:href>", "SUMMARY:Lunch" }, NULL },
    { "only what is in this folder", "REPORT", HOME "calendar/", NULL,
      MULTIGET(HREF(HOME "tasks/t.ics")), 207, { GONE(HOME "tasks/t.ics") }, "Bake" },
    { "or in any, of the home", "REPORT", HOME, NULL,
      MULTIGET(HREF(HOME "tasks/t.ics") HREF(HOME "calendar/a.ics")),
      207, { "SUMMARY:Bake", "SUMMARY:Lunch" }, NULL },
    { "no path", "REPORT", HOME "calendar/", NULL, MULTIGET(HREF("x") HREF("/a/../b")),
      207, { GONE("x"), GONE("/a/../b") }, NULL },
    { "nothing asked, nothing said", "REPORT", HOME "calendar/", NULL, MULTIGET(""),
      207, { "<D:multistatus" }, "<D:response" },
    { "the calendar, with all that is in it", "REPORT", HOME "calendar/", NULL,
      "<C:calendar-multiget" NS "><prop><C:calendar-data version=\"2.0\"><C:comp name=\"VCALENDAR\"/>"
      "</C:calendar-data></prop>" HREF(HOME "calendar/a.ics") "</C:calendar-multiget>",
      207, { "SUMMARY:Lunch" }, NULL },
    { "no other version", "REPORT", HOME "calendar/", NULL,
      "<C:calendar-multiget" NS "><prop><C:calendar-data version=\"1.0\"/></prop>"
      HREF(HOME "calendar/a.ics") "</C:calendar-multiget>",
      403, { "<C:supported-calendar-data/>" }, NULL },
    { "cards", "REPORT", HOME "contacts/", NULL,
      "<A:addressbook-multiget" NS "><prop><getetag/><A:address-data/></prop>"
      HREF(HOME "contacts/c.vcf") "</A:addressbook-multiget>",
      207, { "FN:Cara", "VERSION:3.0", "<D:getetag>" }, NULL },
    { "cards of version 4", "REPORT", HOME "contacts/", NULL,
      "<A:addressbook-multiget" NS "><prop><A:address-data content-type=\"text/vcard\""
      " version=\"4.0\"/></prop>" HREF(HOME "contacts/c.vcf") "</A:addressbook-multiget>",
      207, { "FN:Cara", "VERSION:4.0" }, NULL },
    { "a version that is none", "REPORT", HOME "contacts/", NULL,
      "<A:addressbook-multiget" NS "><prop><A:address-data version=\"9\"/></prop>"
      HREF(HOME "contacts/c.vcf") "</A:addressbook-multiget>",
      403, { "<A:supported-address-data/>" }, NULL },
};

static const struct dav_step queries[] = {
    { "all events", "REPORT", HOME "calendar/", DEPTH_1, QUERY(VEVENTS("")),
      207, { "a.ics", "weekly.ics", "old.ics" }, NULL },
    { "no tasks among them", "REPORT", HOME "calendar/", DEPTH_1,
      QUERY("<C:comp-filter name=\"VTODO\"/>"), 207, { "<D:multistatus" }, "<D:response" },
    { "by time", "REPORT", HOME "calendar/", DEPTH_1,
      QUERY(VEVENTS("<C:time-range start=\"20260601T103000Z\" end=\"20260601T104500Z\"/>")),
      207, { "a.ics" }, "old.ics" },
    { "an occurrence years later", "REPORT", HOME "calendar/", DEPTH_1,
      QUERY(VEVENTS("<C:time-range start=\"20300603T100000Z\" end=\"20300603T110000Z\"/>")),
      207, { "weekly.ics" }, "a.ics" },
    { "between two occurrences", "REPORT", HOME "calendar/", DEPTH_1,
      QUERY(VEVENTS("<C:time-range start=\"20300604T100000Z\" end=\"20300604T110000Z\"/>")),
      207, { "<D:multistatus" }, "<D:response" },
    { "by a text", "REPORT", HOME "calendar/", DEPTH_1,
      QUERY(VEVENTS("<C:prop-filter name=\"SUMMARY\"><C:text-match>lUN</C:text-match></C:prop-filter>")),
      207, { "a.ics" }, "weekly.ics" },
    { "by what is not there", "REPORT", HOME "calendar/", DEPTH_1,
      QUERY(VEVENTS("<C:prop-filter name=\"RRULE\"><C:is-not-defined/></C:prop-filter>")),
      207, { "a.ics", "old.ics" }, "weekly.ics" },
    { "expanded", "REPORT", HOME "calendar/", DEPTH_1,
      "<C:calendar-query" NS "><prop><C:calendar-data><C:expand start=\"20260608T000000Z\""
      " end=\"20260616T000000Z\"/></C:calendar-data></prop><C:filter><C:comp-filter"
      " name=\"VCALENDAR\"><C:comp-filter name=\"VEVENT\"><C:time-range start=\"20260608T000000Z\""
      " end=\"20260616T000000Z\"/></C:comp-filter></C:comp-filter></C:filter></C:calendar-query>",
      207, { "RECURRENCE-ID:20260608T100000Z", "RECURRENCE-ID:20260615T100000Z" }, "RRULE" },
    { "all calendars of the home", "REPORT", HOME, DEPTH_1,
      QUERY("<C:comp-filter name=\"VTODO\"/>"), 207, { "tasks/t.ics" }, "calendar/a.ics" },
    { "nothing waits in the inbox", "REPORT", HOME "inbox/", DEPTH_1, QUERY(VEVENTS("")),
      207, { "<D:multistatus" }, "<D:response" },
    { "a filter that is none", "REPORT", HOME "calendar/", DEPTH_1,
      "<C:calendar-query" NS "><prop><getetag/></prop></C:calendar-query>",
      403, { "<C:valid-filter/>" }, NULL },
    { "a collation that is none", "REPORT", HOME "calendar/", DEPTH_1,
      QUERY(VEVENTS("<C:prop-filter name=\"SUMMARY\"><C:text-match collation=\"i;x\">a</C:text-match>"
                    "</C:prop-filter>")), 403, { "<C:supported-collation/>" }, NULL },
    { "a time that is none", "REPORT", HOME "calendar/", DEPTH_1,
      QUERY(VEVENTS("<C:time-range start=\"yesterday\"/>")), 403, { "<C:valid-filter/>" }, NULL },
    { "a time of the whole calendar", BAD_QUERY(QUERY(MAY)) },
    { "a time of a time zone", BAD_QUERY(QUERY(COMP("VTIMEZONE", MAY))) },
    { "a time of a text", BAD_QUERY(QUERY(VEVENTS(PROPERTY("SUMMARY", MAY)))) },
    { "an alarm of nothing", BAD_QUERY(QUERY(COMP("VALARM", ""))) },
    { "an event in an event", BAD_QUERY(QUERY(VEVENTS(VEVENTS("")))) },
    { "a calendar in a calendar", BAD_QUERY(QUERY(COMP("VCALENDAR", ""))) },
    { "no calendar around it",
      BAD_QUERY("<C:calendar-query" NS "><prop><getetag/></prop><C:filter>" COMP("VEVENT", "")
                "</C:filter></C:calendar-query>") },
    { "a time of a property", "REPORT", HOME "calendar/", DEPTH_1,
      QUERY(VEVENTS(PROPERTY("DTSTART", MAY))), 207, { "a.ics", "weekly.ics" }, "old.ics" },
    { "no alarm in an event", "REPORT", HOME "calendar/", DEPTH_1,
      QUERY(VEVENTS(COMP("VALARM", "<C:is-not-defined/>"))), 207, { "a.ics" }, NULL },
    { "an alarm at any time", "REPORT", HOME "calendar/", DEPTH_1,
      QUERY(VEVENTS(COMP("VALARM", MAY))), 207, { "<D:multistatus" }, "<D:response" },
    { "a component that is nobody's", "REPORT", HOME "calendar/", DEPTH_1,
      QUERY(COMP("X-OTHER", "")), 207, { "<D:multistatus" }, "<D:response" },
    { "when the calendar is busy", "REPORT", HOME "calendar/", DEPTH_1,
      "<C:free-busy-query" NS "><C:time-range start=\"20260601T000000Z\" end=\"20260609T000000Z\"/>"
      "</C:free-busy-query>",
      200, { "BEGIN:VFREEBUSY", "20260601T100000Z/", "20260608T100000Z/" }, "Lunch" },
};

#define CARDS(TEST, FILTER, LIMIT)                                             \
    "<A:addressbook-query" NS "><prop><getetag/><A:address-data/></prop>"      \
    "<A:filter test=\"" TEST "\">" FILTER "</A:filter>" LIMIT                    \
    "</A:addressbook-query>"
#define PROP(NAME, INNER) "<A:prop-filter name=\"" NAME "\">" INNER "</A:prop-filter>"
#define TEXT(HOW, WHAT) "<A:text-match match-type=\"" HOW "\">" WHAT "</A:text-match>"

static const struct dav_step card_queries[] = {
    { "all cards", "REPORT", HOME "contacts/", DEPTH_1, CARDS("anyof", "", ""),
      207, { "FN:Cara", "FN:Dan" }, NULL },
    { "by a name, whatever the case", "REPORT", HOME "contacts/", DEPTH_1,
      CARDS("anyof", PROP("FN", TEXT("contains", "cAr")), ""), 207, { "FN:Cara" }, "FN:Dan" },
    { "by a beginning", "REPORT", HOME "contacts/", DEPTH_1,
      CARDS("anyof", PROP("FN", TEXT("starts-with", "a")), ""), 207, { "<D:multistatus" }, "FN:" },
    { "whether one fits", "REPORT", HOME "contacts/c.vcf", DEPTH_0,
      CARDS("anyof", PROP("FN", TEXT("equals", "Cara")), ""), 207,
      { "<D:href>" HOME "contacts/c.vcf</D:href>", "FN:Cara" }, NULL },
    { "or does not", "REPORT", HOME "contacts/c.vcf", DEPTH_0,
      CARDS("anyof", PROP("FN", TEXT("equals", "Dan")), ""), 207, { "<D:multistatus" }, "FN:" },
    { "or is not there", "REPORT", HOME "contacts/none.vcf", DEPTH_0,
      CARDS("anyof", PROP("FN", TEXT("equals", "Dan")), ""), 404, { NULL }, NULL },
    { "or is no card", "REPORT", HOME "calendar/a.ics", DEPTH_0,
      CARDS("anyof", "", ""), 207, { "<D:multistatus" }, "<D:response" },
    { "any of two", "REPORT", HOME "contacts/", DEPTH_1,
      CARDS("anyof", PROP("FN", TEXT("equals", "Cara")) PROP("FN", TEXT("equals", "Dan")), ""),
      207, { "FN:Cara", "FN:Dan" }, NULL },
    { "all of two", "REPORT", HOME "contacts/", DEPTH_1,
      CARDS("allof", PROP("FN", TEXT("equals", "Cara")) PROP("FN", TEXT("equals", "Dan")), ""),
      207, { "<D:multistatus" }, "FN:" },
    { "by what is not there", "REPORT", HOME "contacts/", DEPTH_1,
      CARDS("anyof", PROP("X-KEPT", "<A:is-not-defined/>"), ""), 207, { "<D:multistatus" }, "FN:" },
    { "one of them", "REPORT", HOME "contacts/", DEPTH_1,
      CARDS("anyof", "", "<A:limit><A:nresults>1</A:nresults></A:limit>"),
      207, { "<D:number-of-matches-within-limits/>", "<A:address-data>" }, NULL },
    { "a collation that is none", "REPORT", HOME "contacts/", DEPTH_1,
      CARDS("anyof", PROP("FN", "<A:text-match collation=\"i;x\">a</A:text-match>"), ""),
      403, { "<A:supported-collation/>" }, NULL },
    { "people of the directory", "REPORT", "/directory/", DEPTH_1,
      CARDS("anyof", PROP("FN", TEXT("contains", "bob")), ""),
      207, { "<D:href>/directory/" BOB ".vcf</D:href>", "FN:Bob" }, "Ann" },
    { "people by either text", "REPORT", "/directory/", DEPTH_1,
      CARDS("anyof", PROP("FN", TEXT("contains", "nobody")) PROP("EMAIL", TEXT("starts-with", "bob")), ""),
      207, { "<D:href>/directory/" BOB ".vcf</D:href>" }, "within-limits" },
    { "people by either text of one property", "REPORT", "/directory/", DEPTH_1,
      CARDS("anyof", PROP("FN", TEXT("contains", "nobody") TEXT("contains", "bob")), ""),
      207, { "<D:href>/directory/" BOB ".vcf</D:href>" }, "within-limits" },
    { "people by name or telephone", "REPORT", "/directory/", DEPTH_1,
      CARDS("anyof", PROP("FN", TEXT("contains", "bob")) PROP("TEL", TEXT("contains", "bob")), ""),
      207, { "<D:href>/directory/" BOB ".vcf</D:href>" }, "within-limits" },
    { "people of another telephone", "REPORT", "/directory/", DEPTH_1,
      CARDS("anyof", PROP("FN", TEXT("contains", "bob")) PROP("TEL", TEXT("contains", "49")), ""),
      207, { "<D:href>/directory/" BOB ".vcf</D:href>", "<D:number-of-matches-within-limits/>" }, NULL },
    { "people by all of it", "REPORT", "/directory/", DEPTH_1,
      CARDS("allof", PROP("TEL", "<A:is-not-defined/>") PROP("EMAIL", TEXT("starts-with", "bob")), ""),
      207, { "<D:href>/directory/" BOB ".vcf</D:href>" }, "within-limits" },
    { "one of them by his card", "GET", "/directory/" BOB ".vcf", NULL, NULL,
      200, { "FN:Bob", "EMAIL" }, NULL },
    { "nobody", "GET", "/directory/nobody@example.com.vcf", NULL, NULL, 404, { NULL }, NULL },
    { "not all of them", "REPORT", "/directory/", DEPTH_1, CARDS("anyof", "", ""),
      207, { "<D:number-of-matches-within-limits/>" }, "FN:" },
    { "the directory cannot be written", "PUT", "/directory/x.vcf", NULL, CARD("x", "X"),
      405, { NULL }, NULL },
    { "people as principals", "REPORT", "/principals/", DEPTH_0,
      "<principal-property-search" NS "><property-search><prop><displayname/></prop><match>bo</match>"
      "</property-search><prop><displayname/><C:calendar-user-address-set/></prop>"
      "</principal-property-search>",
      207, { "<D:href>/principals/users/" BOB "/</D:href>", "<D:displayname>Bob</D:displayname>",
             "mailto:" BOB }, NULL },
    { "people by their addresses", "REPORT", "/", DEPTH_0,
      "<principal-property-search" NS "><property-search><prop><C:calendar-user-address-set/></prop>"
      "<match>mailto:" BOB "</match></property-search><prop><displayname/></prop>"
      "</principal-property-search>", 207, { "/principals/users/" BOB "/" }, NULL },
};
/* clang-format on */

static void fill(void)
{
    put(HOME "calendar/a.ics", EVENT("one", "Lunch"));
    put(HOME "calendar/weekly.ics",
        EVENT_WITH("two", "Weekly", "RRULE:FREQ=WEEKLY;BYDAY=MO\r\n"));
    put(HOME "calendar/old.ics",
        VCALENDAR("BEGIN:VEVENT\r\nUID:three\r\nDTSTAMP:20260101T000000Z\r\n"
                  "DTSTART:20200601T100000Z\r\nDTEND:20200601T110000Z\r\n"
                  "SUMMARY:Old\r\nEND:VEVENT\r\n"));
    put(HOME "tasks/t.ics", TASK("t1", "Bake"));
    put(HOME "contacts/c.vcf", CARD("c1", "Cara"));
}

Test(caldav_reports, give_objects_by_their_hrefs)
{
    fill();
    DAV_PLAY(world, multiget);
}

Test(caldav_reports, give_objects_that_fit)
{
    fill();
    DAV_PLAY(world, queries);
}

Test(caldav_reports, give_cards_and_people_that_fit)
{
    fill();
    put(HOME "contacts/d.vcf", CARD("d1", "Dan"));
    DAV_PLAY(world, card_queries);
}

Test(caldav_reports, take_no_more_hrefs_than_anyone_needs)
{
    char body[16000] = "<C:calendar-multiget" NS "><prop><getetag/></prop>";

    dav_world_set(world, "caldav.href_limit", "100");
    for (int i = 0; i < 101; i++)
        strcat(body, HREF(HOME "calendar/x.ics"));
    strcat(body, "</C:calendar-multiget>");
    struct dav_answer answer =
        dav_do(world, "REPORT", HOME "calendar/", NULL, body);
    cr_expect(answer.code == 507, "%d", answer.code);
}

/* --- sync-collection ------------------------------------------------------ */

static struct dav_answer sync_from(const char *token, const char *more)
{
    char body[1000];

    snprintf(body, sizeof body,
             "<sync-collection" NS "><sync-token>%s</sync-token>"
             "<sync-level>1</sync-level>%s<prop><getetag/></prop>"
             "</sync-collection>",
             token, more);
    return dav_do(world, "REPORT", HOME "calendar/", NULL, body);
}

static char *token_of(const struct dav_answer *answer)
{
    const char *start = strstr(answer->body, "<D:sync-token>");

    cr_assert(start != NULL, "%d %s", answer->code, answer->body);
    start += strlen("<D:sync-token>");
    return strndup(start, strcspn(start, "<"));
}

Test(caldav_reports, tell_what_has_changed_since_a_token)
{
    fill();
    struct dav_answer first = sync_from("", "");
    char *token = token_of(&first);

    cr_expect(dav_count(first.body, "<D:response>") == 3, "%s", first.body);
    struct dav_answer none = sync_from(token, "");
    cr_expect(dav_count(none.body, "<D:response>") == 0, "%s", none.body);
    char *same = token_of(&none);
    cr_expect_str_eq(same, token);

    put(HOME "calendar/a.ics", EVENT("one", "Tea"));
    put(HOME "calendar/new.ics", EVENT("four", "New"));
    dav_do(world, "DELETE", HOME "calendar/old.ics", NULL, NULL);
    struct dav_answer news = sync_from(token, "");
    cr_expect(dav_count(news.body, "<D:response>") == 3, "%s", news.body);
    cr_expect(dav_has(&news, GONE(HOME "calendar/old.ics")), "%s", news.body);
    cr_expect(dav_has(&news, HOME "calendar/a.ics</D:href><D:propstat>"));
    cr_expect(dav_has(&news, HOME "calendar/new.ics</D:href><D:propstat>"));
    free(same);
    free(token);
}

Test(caldav_reports, give_the_tokens_that_properties_have)
{
    fill();
    struct dav_answer report = sync_from("", "");
    char *token = token_of(&report);
    struct dav_answer props = dav_do(world, "PROPFIND", HOME "calendar/",
                                     DEPTH_0, PROPFIND("<sync-token/>"));

    cr_expect(dav_has(&props, token), "%s: %s", token, props.body);
    free(token);
}

Test(caldav_reports, refuse_tokens_that_are_none)
{
    static const char *const tokens[] = { "x", "urn:postern:sync:1-1-1",
                                          "urn:postern:sync:1-99999999",
                                          "urn:postern:sync:99999-0" };

    fill();
    for (size_t i = 0; i < sizeof tokens / sizeof *tokens; i++) {
        struct dav_answer answer = sync_from(tokens[i], "");

        cr_expect(answer.code == 403 &&
                      dav_has(&answer, "<D:valid-sync-token/>"),
                  "%s: %d %s", tokens[i], answer.code, answer.body);
    }
}

Test(caldav_reports, refuse_tokens_as_the_address_books_of_thunderbird_want)
{
    static const char body[] =
        "<sync-collection" NS "><sync-token>x</sync-token>"
        "<sync-level>1</sync-level><prop><getetag/></prop></sync-collection>";
    static const char agent[] = "User-Agent: A/1 Thunderbird/153.7.0\r\n";

    fill();
    struct dav_answer calendar =
        dav_do(world, "REPORT", HOME "calendar/", agent, body);
    struct dav_answer cards =
        dav_do(world, "REPORT", HOME "contacts/", agent, body);
    struct dav_answer others =
        dav_do(world, "REPORT", HOME "contacts/", NULL, body);

    cr_expect_eq(calendar.code, 403);
    cr_expect_eq(cards.code, 400);
    cr_expect(dav_has(&cards, "<D:valid-sync-token/>"), "%s", cards.body);
    cr_expect_eq(others.code, 403);
}

Test(caldav_reports, come_in_parts_for_those_who_want_them)
{
    static const char limit[] = "<limit><nresults>2</nresults></limit>";
    char *token = strdup("");
    size_t told = 0;

    fill();
    put(HOME "calendar/d.ics", EVENT("d", "D"));
    put(HOME "calendar/e.ics", EVENT("e", "E"));
    for (int i = 0; i < 3; i++) {
        struct dav_answer answer = sync_from(token, limit);
        size_t count = dav_count(answer.body, "<D:getetag>");

        cr_expect(count <= 2, "%s", answer.body);
        cr_expect((told + count < 5) ==
                      dav_has(&answer, "number-of-matches-within-limits"),
                  "%zu: %s", told, answer.body);
        told += count;
        free(token);
        token = token_of(&answer);
    }
    cr_expect(told == 5, "%zu", told);
    free(token);
}

#define SYNC(LEVEL)                                                            \
    "<sync-collection" NS "><sync-token/><sync-level>" LEVEL                   \
    "</sync-level><prop/></sync-collection>"

/* clang-format off */
static const struct dav_step levels[] = {
    { "all levels", "REPORT", HOME "calendar/", NULL, SYNC("infinite"),
      403, { "<D:sync-traversal-supported/>" }, NULL },
    { "no level at all", "REPORT", HOME "calendar/", NULL, SYNC("2"), 400, { NULL }, NULL },
    { "a depth of 0", "REPORT", HOME "calendar/", DEPTH_0, SYNC("1"), 207, { NULL }, NULL },
    { "as Thunderbird has it", "REPORT", HOME "calendar/", DEPTH_1, SYNC("1"), 207, { NULL }, NULL },
    { "all depths", "REPORT", HOME "calendar/", "Depth: infinity\r\n", SYNC("1"),
      400, { NULL }, NULL },
    { "none at all", "REPORT", HOME "calendar/", "Depth: 2\r\n", SYNC("1"), 400, { NULL }, NULL },
};
/* clang-format on */

Test(caldav_reports, know_only_one_level)
{
    DAV_PLAY(world, levels);
}

/* --- Many ----------------------------------------------------------------- */

Test(caldav_reports, cost_no_calls_for_what_is_known)
{
    struct exchange *exchange = dav_world_exchange(world);

    fill();
    sync_from("", "");
    dav_do(world, "GET", HOME "calendar/", NULL, NULL);
    unsigned before = exchange_calls(exchange, NULL);
    struct dav_answer answer =
        dav_do(world, "REPORT", HOME "calendar/", NULL,
               MULTIGET(HREF(HOME "calendar/a.ics") HREF(
                   HOME "calendar/weekly.ics") HREF(HOME "calendar/old.ics")));

    cr_expect(dav_count(answer.body, "SUMMARY:") == 3);
    cr_expect(exchange_calls(exchange, NULL) - before <= 1, "%u",
              exchange_calls(exchange, NULL) - before);
    cr_expect(exchange_calls(exchange, "GetItem") <= 4);
}
