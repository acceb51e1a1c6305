/*
 * test_shared.c - other people's calendars and address books, and public ones
 */
#include <criterion/criterion.h>
#include <stdio.h>

#include "proxy/base/time.h"
#include "tests/caldav/client.h"
#include "tests/caldav/texts.h"
#include "tests/exchange/exchange.h"

#define CAT "cat@example.com"
#define BOBS "/users/" BOB "/"
#define BOBS_CALENDAR BOBS "calendar/"

static struct dav_world *world;
static struct exchange *exchange;

static void begin(void)
{
    world = dav_world_new();
    exchange = dav_world_exchange(world);
    exchange_add_user(exchange, CAT, "Cat", "secret", "en");
}

static void end(void)
{
    dav_world_free(&world);
}

TestSuite(caldav_shared, .init = begin, .fini = end);

/* What Bob lets Ann do in one of his folders. */
static void let(const char *folder, const char *level)
{
    exchange_grant(exchange, BOB, folder, ANN, level);
}

static void add(const char *text)
{
    cr_assert(exchange_add_event(exchange, BOB, text) != NULL);
}

#define PRIVILEGES "<current-user-privilege-set/>"

/* --- Rights --------------------------------------------------------------- */

/* clang-format off */
static const struct dav_step of_a_reader[] = {
    { "the home has what may be seen", "PROPFIND", BOBS, DEPTH_1, PROPFIND("<resourcetype/><displayname/>"),
      207, { "<D:href>" BOBS_CALENDAR "</D:href>", "Calendar (" BOB ")" }, "outbox" },
    { "what is in it", "PROPFIND", BOBS_CALENDAR, DEPTH_1, PROPFIND("<getetag/>"),
      207, { ".ics</D:href>" }, NULL },
    { "it may only be read", "PROPFIND", BOBS_CALENDAR, DEPTH_0, PROPFIND(PRIVILEGES),
      207, { "<D:read/>" }, "<D:write" },
    { "nothing can be put there", "PUT", BOBS_CALENDAR "a.ics", CALENDAR, EVENT("a", "A"),
      403, { "<D:need-privileges" }, NULL },
    { "the calendar itself stays", "DELETE", BOBS_CALENDAR, NULL, NULL,
      403, { NULL }, NULL },
    { "what is not shared is not there", "PROPFIND", BOBS "contacts/", DEPTH_0, PROPFIND("<displayname/>"),
      404, { NULL }, NULL },
};

static const struct dav_step of_an_editor[] = {
    { "it may be written", "PROPFIND", BOBS_CALENDAR, DEPTH_0, PROPFIND(PRIVILEGES),
      207, { "<D:write/>", "<D:bind/>", "<D:unbind/>" }, NULL },
    { "something new", "PUT", BOBS_CALENDAR "a.ics", CALENDAR, EVENT("a", "Draft"), 201, { NULL }, NULL },
    { "a change", "PUT", BOBS_CALENDAR "a.ics", CALENDAR, EVENT("a", "Plan"), 204, { NULL }, NULL },
    { "what it is now", "GET", BOBS_CALENDAR "a.ics", NULL, NULL, 200, { "SUMMARY:Plan", "X-KEPT" }, NULL },
    { "its end", "DELETE", BOBS_CALENDAR "a.ics", NULL, NULL, 204, { NULL }, NULL },
    { "a task", "PUT", BOBS "tasks/t.ics", CALENDAR, TASK("t", "Bread"), 201, { NULL }, NULL },
    { "a card", "PUT", BOBS "contacts/c.vcf", "Content-Type: text/vcard\r\n", CARD("c", "Dora"),
      201, { NULL }, NULL },
    { "the card again", "GET", BOBS "contacts/c.vcf", NULL, NULL, 200, { "FN:Dora" }, NULL },
};

static const struct dav_step of_a_stranger[] = {
    { "a home that is shut has a calendar of busy times", "PROPFIND", BOBS, DEPTH_1,
      PROPFIND("<displayname/>"), 207, { "<D:href>" BOBS_CALENDAR "</D:href>" }, "contacts" },
    { "and nothing else", "PROPFIND", BOBS "contacts/", DEPTH_0, PROPFIND("<displayname/>"), 404, { NULL }, NULL },
    { "nobody's home", "PROPFIND", "/users/nobody@example.com/", DEPTH_1, PROPFIND("<displayname/>"),
      404, { NULL }, NULL },
    { "his principal is there", "PROPFIND", "/principals/users/" BOB "/", DEPTH_0, PROPFIND("<displayname/>"),
      207, { BOB }, NULL },
};
/* clang-format on */

Test(caldav_shared, shows_a_reader_what_he_may_read_and_takes_nothing)
{
    let("calendar", "Reviewer");
    add(EVENT("one", "Lunch"));
    DAV_PLAY(world, of_a_reader);
    cr_expect(exchange_count(exchange, BOB, "calendar") == 1);
}

Test(caldav_shared, lets_an_editor_write_events_tasks_and_cards)
{
    let("calendar", "Editor");
    let("tasks", "Editor");
    let("contacts", "Editor");
    DAV_PLAY(world, of_an_editor);
    cr_expect(exchange_count(exchange, BOB, "calendar") == 0);
    cr_expect(exchange_count(exchange, BOB, "tasks") == 1);
    cr_expect(exchange_count(exchange, BOB, "contacts") == 1);
    cr_expect(exchange_count(exchange, ANN, "contacts") == 0);
}

Test(caldav_shared, has_nothing_for_a_stranger)
{
    DAV_PLAY(world, of_a_stranger);
}

/* --- Finding them --------------------------------------------------------- */

Test(caldav_shared, the_setting_names_mailboxes_that_are_listed)
{
    let("calendar", "Reviewer");
    dav_world_set(world, "mail.shared", BOB);
    struct dav_answer answer =
        dav_do(world, "PROPFIND", "/principals/users/" ANN "/", DEPTH_0,
               PROPFIND("<C:calendar-home-set/><A:addressbook-home-set/>"));

    cr_expect(dav_count(answer.body, "<D:href>" BOBS "</D:href>") == 2, "%s",
              answer.body);
    answer = dav_do(world, "PROPFIND", "/users/", DEPTH_1,
                    PROPFIND("<displayname/>"));
    cr_expect(dav_has(&answer, "<D:href>" BOBS "</D:href>"), "%s", answer.body);
}

Test(caldav_shared, public_calendars_and_address_books_are_found)
{
    /* clang-format off */
    static const struct dav_step steps[] = {
        { "the root leads there", "PROPFIND", "/", DEPTH_1, PROPFIND("<resourcetype/>"),
          207, { "<D:href>/public/</D:href>" }, NULL },
        { "what is at the top", "PROPFIND", "/public/", DEPTH_1, PROPFIND("<resourcetype/>"),
          207, { "<D:href>/public/Holidays/</D:href>", "<D:href>/public/Teams/Bakers/Customers/</D:href>",
                 "<A:addressbook/>" }, NULL },
        { "an event", "PUT", "/public/Holidays/h.ics", CALENDAR, EVENT("h", "Easter"), 201, { NULL }, NULL },
        { "and again", "GET", "/public/Holidays/h.ics", NULL, NULL, 200, { "SUMMARY:Easter" }, NULL },
        { "a card", "PUT", "/public/Teams/Bakers/Customers/c.vcf", "Content-Type: text/vcard\r\n",
          CARD("c", "Dora"), 201, { NULL }, NULL },
        { "all cards", "PROPFIND", "/public/Teams/Bakers/Customers/", DEPTH_1, PROPFIND("<getetag/>"),
          207, { "c.vcf</D:href>" }, NULL },
    };
    /* clang-format on */

    exchange_add_public_folder(exchange, "Holidays");
    exchange_add_public_folder(exchange, "Teams/Bakers/Customers");
    exchange_classify_folder(exchange, EXCHANGE_PUBLIC, "Holidays",
                             "IPF.Appointment");
    exchange_classify_folder(exchange, EXCHANGE_PUBLIC,
                             "Teams/Bakers/Customers", "IPF.Contact");
    DAV_PLAY(world, steps);
}

/* --- Whose calendars one may open ----------------------------------------- */

#define SELF "/principals/users/" ANN "/"
#define PROXY(MAIL, GROUP)                                                     \
    "<D:href>/principals/users/" MAIL "/calendar-proxy-" GROUP "/</D:href>"

/* clang-format off */
static const struct dav_step proxies[] = {
    { "the groups she is in", "PROPFIND", SELF, DEPTH_0, PROPFIND("<group-membership/>"),
      207, { PROXY(BOB, "write"), PROXY(CAT, "read") }, NULL },
    { "a group", "PROPFIND", "/principals/users/" BOB "/calendar-proxy-write/", DEPTH_0,
      PROPFIND("<resourcetype/><group-member-set/><displayname/>"),
      207, { "<D:principal/><S:calendar-proxy-write/>", "<D:href>" SELF "</D:href>" }, NULL },
    { "a group she is not in", "PROPFIND", "/principals/users/" BOB "/calendar-proxy-read/", DEPTH_0,
      PROPFIND("<resourcetype/><group-member-set/>"), 207, { "<S:calendar-proxy-read/>" }, SELF },
    { "no such group", "PROPFIND", "/principals/users/" BOB "/calendar-proxy-all/", DEPTH_0, NULL,
      404, { NULL }, NULL },
    { "as macOS asks", "REPORT", SELF, NULL,
      "<expand-property" NS "><property name=\"calendar-proxy-write-for\""
      " namespace=\"http://calendarserver.org/ns/\"><property name=\"displayname\"/>"
      "<property name=\"calendar-home-set\" namespace=\"urn:ietf:params:xml:ns:caldav\"/>"
      "<property name=\"schedule-outbox-URL\" namespace=\"urn:ietf:params:xml:ns:caldav\"/>"
      "</property></expand-property>",
      207, { "<D:href>" BOBS "</D:href>", "<D:href>" BOBS "outbox/</D:href>" }, CAT },
    { "and those to read", "PROPFIND", SELF, DEPTH_0, PROPFIND("<S:calendar-proxy-read-for/>"),
      207, { "/principals/users/" CAT "/" }, BOB },
    { "all his addresses", "PROPFIND", "/principals/users/" BOB "/", DEPTH_0,
      PROPFIND("<C:calendar-user-address-set/>"),
      207, { "preferred=\"1\">mailto:" BOB, "mailto:robert@example.com" }, NULL },
    { "only who writes invites", "PROPFIND", "/principals/users/" CAT "/", DEPTH_0,
      PROPFIND("<C:schedule-outbox-URL/>"), 207, { "404" }, "outbox/" },
};
/* clang-format on */

Test(caldav_shared, tells_apples_programs_whose_calendars_one_may_open)
{
    let("calendar", "Editor");
    exchange_grant(exchange, CAT, "calendar", ANN, "Reviewer");
    exchange_describe(exchange, BOB, "ProxyAddress", "robert@example.com");
    dav_world_set(world, "mail.shared", BOB ", " CAT);
    DAV_PLAY(world, proxies);
}

Test(caldav_shared, looks_at_shared_mailboxes_once_in_a_while)
{
    let("calendar", "Editor");
    dav_world_set(world, "mail.shared", BOB);
    dav_do(world, "PROPFIND", SELF, DEPTH_0,
           PROPFIND("<C:calendar-home-set/><group-membership/>"));
    unsigned before = exchange_calls(exchange, NULL);
    dav_do(world, "PROPFIND", SELF, DEPTH_0,
           PROPFIND("<C:calendar-home-set/><group-membership/>"));
    cr_expect(exchange_calls(exchange, NULL) == before, "%u and then %u",
              before, exchange_calls(exchange, NULL));
}

/* --- Only when he is busy ------------------------------------------------- */

#define FREE_BUSY                                                              \
    "<C:free-busy-query" NS "><C:time-range start=\"20260601T000000Z\""        \
    " end=\"20260602T000000Z\"/></C:free-busy-query>"

/* Noon of the day after tomorrow, which the calendar of busy times has. */
static void add_lunch(void)
{
    int64_t year, day = time_now() / 86400 + 2;
    unsigned month, date;
    char text[400];

    time_civil_from_day(day, &year, &month, &date);
    snprintf(
        text, sizeof text,
        VCALENDAR("BEGIN:VEVENT\r\nUID:soon\r\nDTSTAMP:20260101T000000Z\r\n"
                  "DTSTART:%04d%02u%02uT120000Z\r\n"
                  "DURATION:PT1H\r\nSUMMARY:Lunch\r\nEND:VEVENT\r\n"),
        (int)year, month, date);
    add(text);
}

/* clang-format off */
static const struct dav_step busy_only[] = {
    { "what is shut", "PROPFIND", BOBS_CALENDAR, DEPTH_1, PROPFIND("<getetag/><resourcetype/>" PRIVILEGES),
      207, { "<C:calendar/>", ".ics</D:href>", "<D:read/>" }, "<D:write" },
    { "is called by its owner", "PROPFIND", BOBS_CALENDAR, DEPTH_0, PROPFIND("<displayname/>"),
      207, { "Calendar (" BOB ")" }, NULL },
    { "shows when he is busy", "REPORT", BOBS_CALENDAR, DEPTH_1,
      "<C:calendar-query" NS "><prop><getetag/><C:calendar-data/></prop><C:filter><C:comp-filter"
      " name=\"VCALENDAR\"/></C:filter></C:calendar-query>",
      207, { "SUMMARY:Busy", "TRANSP:OPAQUE" }, "Lunch" },
    { "what has changed", "REPORT", BOBS_CALENDAR, NULL,
      "<sync-collection" NS "><sync-token/><sync-level>1</sync-level><prop><getetag/></prop>"
      "</sync-collection>", 207, { "<D:sync-token>", ".ics</D:href>" }, NULL },
    { "cannot be written", "PUT", BOBS_CALENDAR "a.ics", CALENDAR, EVENT("a", "A"),
      403, { "<D:need-privileges" }, NULL },
    { "nor deleted", "DELETE", BOBS_CALENDAR, NULL, NULL, 403, { NULL }, NULL },
    { "tells when he is busy", "REPORT", BOBS_CALENDAR, NULL, FREE_BUSY,
      200, { "BEGIN:VFREEBUSY", "20260601T100000Z/" }, "Lunch" },
    { "nobody is never busy", "REPORT", "/users/nobody@example.com/calendar/", NULL, FREE_BUSY,
      404, { NULL }, NULL },
};
/* clang-format on */

/* What a look shows and does not show; how the calendar answers. */
static void expect_calendar(const char *what, int code, const char *has,
                            const char *lacks)
{
    const struct dav_step step = {
        what, "GET", BOBS_CALENDAR, NULL, NULL, code, { has }, lacks
    };

    dav_play(world, &step, 1);
}

Test(caldav_shared, busy_times_take_the_place_of_a_calendar_that_is_shut_now)
{
    let("calendar", "Reviewer");
    add_lunch();
    expect_calendar("open", 200, "SUMMARY:Lunch", "SUMMARY:Busy");
    let("calendar", "FreeBusyTimeOnly");
    expect_calendar("it is seen that it is shut", 404, NULL, "SUMMARY");
    expect_calendar("shut", 200, "SUMMARY:Busy", "SUMMARY:Lunch");
}

Test(caldav_shared, a_calendar_that_is_shut_tells_when_its_owner_is_busy)
{
    add(EVENT("one", "Lunch"));
    add_lunch();
    DAV_PLAY(world, busy_only);
    /* The same where something else of his is shared. */
    let("contacts", "Reviewer");
    DAV_PLAY(world, busy_only);
}

Test(caldav_shared, busy_times_that_are_hidden_are_denied)
{
    exchange_hide_busy(exchange, BOB, true);
    struct dav_answer answer =
        dav_do(world, "REPORT", BOBS_CALENDAR, NULL, FREE_BUSY);

    cr_expect(answer.code == 403, "%d %s", answer.code, answer.body);
}

/* --- The inbox ------------------------------------------------------------ */

/* clang-format off */
static const struct dav_step inbox[] = {
    { "it is there", "PROPFIND", HOME "inbox/", DEPTH_1,
      PROPFIND("<resourcetype/><sync-token/><S:getctag/><C:schedule-default-calendar-URL/>"),
      207, { "<C:schedule-inbox/>", "<S:getctag>", "<D:href>" HOME "calendar/</D:href>" }, "404" },
    { "a query", "REPORT", HOME "inbox/", DEPTH_1,
      "<C:calendar-query" NS "><prop><getetag/></prop><C:filter><C:comp-filter"
      " name=\"VCALENDAR\"/></C:filter></C:calendar-query>", 207, { "<D:multistatus" }, "<D:response>" },
    { "what has changed", "REPORT", HOME "inbox/", NULL,
      "<sync-collection" NS "><sync-token/><sync-level>1</sync-level><prop><getetag/></prop>"
      "</sync-collection>", 207, { "<D:sync-token>" }, "<D:response>" },
    { "what is not there", "REPORT", HOME "inbox/", NULL,
      "<C:calendar-multiget" NS "><prop><getetag/></prop><href>" HOME "inbox/x.ics</href>"
      "</C:calendar-multiget>", 207, { "404" }, NULL },
    { "and cannot be deleted", "DELETE", HOME "inbox/x.ics", NULL, NULL, 404, { NULL }, NULL },
    { "nor put", "PUT", HOME "inbox/x.ics", CALENDAR, EVENT("x", "X"), 403, { NULL }, NULL },
    { "that of another is empty", "PROPFIND", BOBS "inbox/", DEPTH_1, PROPFIND("<getetag/>"),
      404, { NULL }, NULL },
};
/* clang-format on */

Test(caldav_shared, the_inbox_answers_all_reports_when_it_is_empty)
{
    DAV_PLAY(world, inbox);
}

/* --- Another's login ------------------------------------------------------ */

/* "ann@example.com/bob@example.com" with the password "secret". */
#define AS_ANN_FOR_BOB                                                         \
    "Authorization: Basic "                                                    \
    "YW5uQGV4YW1wbGUuY29tL2JvYkBleGFtcGxlLmNvbTpzZWNyZXQ=\r\n"

Test(caldav_shared, a_login_for_anothers_mailbox_is_at_home_there)
{
    exchange_grant(exchange, BOB, NULL, ANN, "Owner");
    add(EVENT("one", "Lunch"));
    struct dav_answer answer =
        dav_raw(world, "PROPFIND / HTTP/1.1\r\nHost: x\r\n" AS_ANN_FOR_BOB
                       "Depth: 0\r\nContent-Length: 0\r\n\r\n");

    cr_expect(answer.code == 207, "%d %s", answer.code, answer.body);
    answer = dav_raw(world, "PROPFIND " BOBS
                            "calendar/ HTTP/1.1\r\nHost: x\r\n" AS_ANN_FOR_BOB
                            "Depth: 1\r\nContent-Length: 0\r\n\r\n");
    cr_expect(answer.code == 207, "%d %s", answer.code, answer.body);
    cr_expect(dav_has(&answer, ".ics</D:href>"), "%s", answer.body);
}
