/*
 * test_preconditions.c - what is refused is refused by the name that the RFCs
 * have for it
 */
#include <criterion/criterion.h>
#include <string.h>

#include "proxy/base/buf.h"
#include "tests/caldav/client.h"
#include "tests/caldav/texts.h"

static struct dav_world *world;

static void begin(void)
{
    world = dav_world_new();
    exchange_grant(dav_world_exchange(world), BOB, "calendar", ANN, "Reviewer");
}

static void end(void)
{
    dav_world_free(&world);
}

TestSuite(caldav_preconditions, .init = begin, .fini = end);

#define CAL HOME "calendar/"
#define BOOK HOME "contacts/"
#define BOBS "/users/" BOB "/calendar/"
#define VCARD "Content-Type: text/vcard\r\n"
#define VTODO(UID) "BEGIN:VTODO\r\nUID:" UID "\r\nSUMMARY:x\r\nEND:VTODO\r\n"
#define PEOPLE(ORGANIZER)                                                      \
    "ORGANIZER:mailto:" ORGANIZER "\r\nATTENDEE:mailto:" BOB "\r\n"
#define DAY(MORE)                                                              \
    "BEGIN:VEVENT\r\nUID:m\r\nDTSTAMP:20260101T000000Z\r\n"                    \
    "RECURRENCE-ID:" TEXTS_DAY "T100000Z\r\nDTSTART:" TEXTS_DAY                \
    "T120000Z\r\nDTEND:" TEXTS_DAY "T130000Z\r\n" MORE "END:VEVENT\r\n"
#define SET(VALUE)                                                             \
    "<propertyupdate" NS "><set><prop>" VALUE                                  \
    "</prop></set></propertyupdate>"
#define QUERY(PROP, FILTER)                                                    \
    "<C:calendar-query" NS "><prop>" PROP "</prop>" FILTER                     \
    "</C:calendar-query>"
#define ALL "<C:filter><C:comp-filter name=\"VCALENDAR\"/></C:filter>"
#define SUMMARY(MATCH)                                                         \
    "<C:filter><C:comp-filter name=\"VCALENDAR\"><C:comp-filter "              \
    "name=\"VEVENT\"><C:prop-filter name=\"SUMMARY\">" MATCH                   \
    "</C:prop-filter></C:comp-filter></C:comp-filter></C:filter>"
#define CARDS(PROP, FILTER)                                                    \
    "<A:addressbook-query" NS "><prop>" PROP "</prop>" FILTER                  \
    "</A:addressbook-query>"
#define SYNC(TOKEN, LEVEL)                                                     \
    "<sync-collection" NS "><sync-token>" TOKEN "</sync-token><sync-level>"    \
    LEVEL "</sync-level><prop><getetag/></prop></sync-collection>"
#define NEEDS(HREF, PRIVILEGE)                                                 \
    "<D:need-privileges><D:resource><D:href>" HREF "</D:href><D:privilege>"    \
    "<D:" PRIVILEGE "/></D:privilege></D:resource></D:need-privileges>"

/* clang-format off */
static const struct dav_step steps[] = {
    /* RFC 4791, 5.3.2.1 */
    { "what is no calendar", "PUT", CAL "x.ics", VCARD, EVENT("x", "X"), 403,
      { "<C:supported-calendar-data/>" }, NULL },
    { "what cannot be read", "PUT", CAL "x.ics", CALENDAR, "Hello", 403, { "<C:valid-calendar-data/>" }, NULL },
    { "a message", "PUT", CAL "x.ics", CALENDAR, VCALENDAR("METHOD:REQUEST\r\n" VEVENT("x", "X")), 403,
      { "<C:valid-calendar-object-resource/>" }, NULL },
    { "two UIDs", "PUT", CAL "x.ics", CALENDAR, VCALENDAR(VEVENT("x", "X") VEVENT("y", "Y")), 403,
      { "<C:valid-calendar-object-resource/>" }, NULL },
    { "two kinds", "PUT", CAL "x.ics", CALENDAR, VCALENDAR(VEVENT("x", "X") VTODO("x")), 403,
      { "<C:valid-calendar-object-resource/>" }, NULL },
    { "of which one is not known", "PUT", CAL "x.ics", CALENDAR,
      VCALENDAR("BEGIN:VFREEBUSY\r\nUID:y\r\nEND:VFREEBUSY\r\n" VEVENT("x", "X")), 403,
      { "<C:valid-calendar-object-resource/>" }, NULL },
    { "a kind that is not known", "PUT", CAL "x.ics", CALENDAR,
      VCALENDAR("BEGIN:VJOURNAL\r\nUID:x\r\nEND:VJOURNAL\r\n"), 403,
      { "<C:supported-calendar-component/>" }, NULL },
    { "a kind that is kept elsewhere", "PUT", CAL "x.ics", CALENDAR, TASK("x", "X"), 403,
      { "<C:supported-calendar-component/>" }, NULL },
    { "an event", "PUT", CAL "a.ics", CALENDAR, EVENT("a", "A"), 201, { NULL }, NULL },
    { "a UID that is taken", "PUT", CAL "x.ics", CALENDAR, EVENT("a", "A"), 403,
      { "<C:no-uid-conflict><D:href>" CAL "a.ics</D:href></C:no-uid-conflict>" }, NULL },
    { "another UID", "PUT", CAL "a.ics", CALENDAR, EVENT("x", "A"), 403,
      { "<C:no-uid-conflict><D:href>" CAL "a.ics</D:href></C:no-uid-conflict>" }, NULL },
    { "too early", "PUT", CAL "x.ics", CALENDAR,
      VCALENDAR("BEGIN:VEVENT\r\nUID:x\r\nDTSTART:15000101T000000Z\r\nEND:VEVENT\r\n"), 403,
      { "<C:min-date-time/>" }, NULL },
    { "too late", "PUT", CAL "x.ics", CALENDAR,
      VCALENDAR("BEGIN:VEVENT\r\nUID:x\r\nDTSTART:46000101T000000Z\r\nEND:VEVENT\r\n"), 403,
      { "<C:max-date-time/>" }, NULL },
    { "what Exchange cannot hold", "PUT", CAL "x.ics", CALENDAR, EVENT_WITH("x", "X", "RRULE:FREQ=HOURLY\r\n"),
      403, { "<C:valid-calendar-object-resource/>" }, NULL },

    /* RFC 4791, 5.3.1.1 */
    { "a calendar in another", "MKCALENDAR", CAL "x/", NULL, NULL, 403,
      { "<C:calendar-collection-location-ok/>" }, NULL },
    { "one that is there", "MKCALENDAR", CAL, NULL, NULL, 403, { "<D:resource-must-be-null/>" }, NULL },
    { "a copy of a calendar in it", "COPY", HOME "tasks/", "Destination: " CAL "x/\r\n", NULL, 403,
      { "<C:calendar-collection-location-ok/>" }, NULL },
    { "an address book in one", "COPY", BOOK, "Destination: " CAL "x/\r\n", NULL, 403,
      { "<A:addressbook-collection-location-ok/>" }, NULL },
    { "a zone that is none", "PROPPATCH", CAL, NULL, SET("<C:calendar-timezone>x</C:calendar-timezone>"), 207,
      { "<C:valid-calendar-data/>" }, NULL },
    { "one by name that is none (RFC 7809)", "PROPPATCH", CAL, NULL,
      SET("<C:calendar-timezone-id>x</C:calendar-timezone-id>"), 207, { "<C:valid-timezone/>" }, NULL },

    /* RFC 4791, 7.8 and 7.5 */
    { "data of another kind", "REPORT", CAL, DEPTH_1,
      QUERY("<C:calendar-data content-type=\"text/x\"/>", ALL), 403, { "<C:supported-calendar-data/>" }, NULL },
    { "of another version", "REPORT", CAL, DEPTH_1, QUERY("<C:calendar-data version=\"3.0\"/>", ALL), 403,
      { "<C:supported-calendar-data/>" }, NULL },
    { "no filter", "REPORT", CAL, DEPTH_1, QUERY("<getetag/>", ""), 403, { "<C:valid-filter/>" }, NULL },
    { "half a filter", "REPORT", CAL, DEPTH_1, QUERY("<getetag/>", "<C:filter/>"), 403,
      { "<C:valid-filter/>" }, NULL },
    { "an order of letters that is not known", "REPORT", CAL, DEPTH_1,
      QUERY("<getetag/>", SUMMARY("<C:text-match collation=\"i;x\">x</C:text-match>")), 403,
      { "<C:supported-collation/>" }, NULL },
    { "a zone in a question", "REPORT", CAL, DEPTH_1, QUERY("<getetag/>", ALL "<C:timezone>x</C:timezone>"), 403,
      { "<C:valid-calendar-data/>" }, NULL },

    /* RFC 6352, 6.3.2.1, 6.3.1.1 and 8.6 */
    { "what is no card", "PUT", BOOK "x.vcf", CALENDAR, CARD("x", "X"), 403, { "<A:supported-address-data/>" }, NULL },
    { "what cannot be read", "PUT", BOOK "x.vcf", VCARD, "Hello", 403, { "<A:valid-address-data/>" }, NULL },
    { "two cards", "PUT", BOOK "x.vcf", VCARD, CARD("x", "X") CARD("y", "Y"), 403,
      { "<A:valid-address-data/>" }, NULL },
    { "a card", "PUT", BOOK "a.vcf", VCARD, CARD("a", "A"), 201, { NULL }, NULL },
    { "a UID that is taken", "PUT", BOOK "x.vcf", VCARD, CARD("a", "A"), 403,
      { "<A:no-uid-conflict><D:href>" BOOK "a.vcf</D:href></A:no-uid-conflict>" }, NULL },
    { "data of another version", "REPORT", BOOK, DEPTH_1,
      CARDS("<A:address-data content-type=\"text/vcard\" version=\"5.0\"/>", "<A:filter/>"), 403,
      { "<A:supported-address-data/>" }, NULL },
    { "an order of letters", "REPORT", BOOK, DEPTH_1,
      CARDS("<getetag/>", "<A:filter><A:prop-filter name=\"FN\"><A:text-match collation=\"i;x\">x"
            "</A:text-match></A:prop-filter></A:filter>"), 403, { "<A:supported-collation/>" }, NULL },

    /* RFC 6638, 3.2.4 and 5 */
    { "two organizers", "PUT", CAL "m.ics", CALENDAR,
      VCALENDAR(VEVENT_WITH("m", "M", "RRULE:FREQ=DAILY;COUNT=3\r\n" PEOPLE(ANN)) DAY(PEOPLE(BOB))), 403,
      { "<C:same-organizer-in-all-components/>" }, NULL },
    { "a meeting", "PUT", CAL "m.ics", CALENDAR, EVENT_WITH("m", "M", PEOPLE(ANN)), 201, { NULL }, NULL },
    { "of another's", "PUT", CAL "m.ics", CALENDAR, EVENT_WITH("m", "M", PEOPLE(BOB)), 403,
      { "<C:allowed-organizer-scheduling-object-change/>" }, NULL },
    { "a question of another kind", "POST", HOME "outbox/", VCARD, CARD("x", "X"), 403,
      { "<C:supported-calendar-data/>" }, NULL },
    { "one that cannot be read", "POST", HOME "outbox/", CALENDAR, "Hello", 403,
      { "<C:valid-calendar-data/>" }, NULL },
    { "one that is none", "POST", HOME "outbox/", CALENDAR, EVENT("x", "X"), 403,
      { "<C:valid-scheduling-message/>" }, NULL },

    /* RFC 3744, 7.1.1 */
    { "no right to add", "PUT", BOBS "x.ics", CALENDAR, EVENT("x", "X"), 403, { NEEDS(BOBS, "bind") }, NULL },
    { "by a POST", "POST", BOBS, CALENDAR, EVENT("x", "X"), 403, { NEEDS(BOBS, "bind") }, NULL },
    { "by a copy", "COPY", CAL "a.ics", "Destination: " BOBS "x.ics\r\n", NULL, 403, { NEEDS(BOBS, "bind") }, NULL },
    { "no member is to be added", "PROPFIND", BOBS, DEPTH_0, PROPFIND("<add-member/>"), 207, { "404" }, "200 OK" },
    { "no right to take away", "DELETE", BOBS "x.ics", NULL, NULL, 403, { NEEDS(BOBS, "unbind") }, NULL },
    { "no right to describe", "PROPPATCH", BOBS, NULL, SET("<x/>"), 403,
      { NEEDS(BOBS, "write-properties") }, NULL },

    /* RFC 4918, 3253, 5689, 6578 */
    { "all below", "PROPFIND", HOME, "Depth: infinity\r\n", NULL, 403, { "<D:propfind-finite-depth/>" }, NULL },
    { "what is no client's to set", "PROPPATCH", CAL, NULL, SET("<getetag>x</getetag>"), 207,
      { "<D:cannot-modify-protected-property/>" }, NULL },
    { "a report that is not known", "REPORT", CAL, DEPTH_0, "<x" NS "/>", 403, { "<D:supported-report/>" }, NULL },
    { "a plain collection", "MKCOL", HOME "x/", NULL, NULL, 403, { "<D:valid-resourcetype/>" }, NULL },
    { "a token of nobody", "REPORT", CAL, DEPTH_0, SYNC("urn:x", "1"), 403, { "<D:valid-sync-token/>" }, NULL },
    { "changes of all below", "REPORT", CAL, DEPTH_0, SYNC("", "infinite"), 403,
      { "<D:sync-traversal-supported/>" }, NULL },
};
/* clang-format on */

Test(caldav_preconditions, have_the_names_that_the_rfcs_give_them)
{
    DAV_PLAY(world, steps);
}

/* A meeting with so many people, each with an address of his own. */
static struct dav_answer invite(unsigned count)
{
    struct buf text;

    buf_init(&text, NULL);
    buf_puts(&text, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n"
                    "BEGIN:VEVENT\r\nUID:x\r\nDTSTART:20260601T100000Z\r\n"
                    "ORGANIZER:mailto:" ANN "\r\n");
    for (unsigned i = 0; i < count; i++)
        buf_printf(&text, "ATTENDEE:mailto:u%u@example.com\r\n", i);
    buf_puts(&text, "END:VEVENT\r\nEND:VCALENDAR\r\n");
    struct dav_answer answer =
        dav_do(world, "PUT", CAL "x.ics", CALENDAR, text.data);
    buf_fini(&text);
    return answer;
}

/* RFC 4791, 5.2.9: and how many that is is told. */
Test(caldav_preconditions, name_it_when_too_many_are_invited)
{
    struct dav_answer answer = invite(2001);

    cr_expect_eq(answer.code, 403);
    cr_expect(dav_has(&answer, "<C:max-attendees-per-instance/>"), "%s",
              answer.body);
    answer = dav_do(world, "PROPFIND", CAL, DEPTH_0,
                    PROPFIND("<C:max-attendees-per-instance/>"));
    cr_expect(dav_has(&answer, ">2000<"), "%s", answer.body);
}
