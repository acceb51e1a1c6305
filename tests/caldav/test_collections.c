/*
 * test_collections.c - properties of folders; making, renaming, deleting them
 */
#include <criterion/criterion.h>
#include <limits.h>
#include <stdio.h>
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

TestSuite(caldav_collections, .init = begin, .fini = end);

#define SET(PROPS)                                                             \
    "<propertyupdate" NS "><set><prop>" PROPS "</prop></set></propertyupdate>"
#define REMOVE(PROPS)                                                          \
    "<propertyupdate" NS "><remove><prop>" PROPS                               \
    "</prop></remove></propertyupdate>"
#define OK "</D:prop><D:status>HTTP/1.1 200 OK</D:status>"
#define MISSING "</D:prop><D:status>HTTP/1.1 404 Not Found</D:status>"

/* clang-format off */
static const struct dav_step asking[] = {
    { "an empty body is allprop", "PROPFIND", HOME "calendar/", DEPTH_0, NULL,
      207, { "<D:displayname>Calendar</D:displayname>", "<D:resourcetype>" }, "getctag" },
    { "allprop", "PROPFIND", HOME "calendar/", DEPTH_0, "<propfind" NS "><allprop/></propfind>",
      207, { "<D:displayname>Calendar</D:displayname>" }, "404" },
    { "allprop and more", "PROPFIND", HOME "calendar/", DEPTH_0,
      "<propfind" NS "><allprop/><include><S:getctag/></include></propfind>",
      207, { "<D:displayname>", "<S:getctag>" }, NULL },
    { "names", "PROPFIND", HOME "calendar/", DEPTH_0, "<propfind" NS "><propname/></propfind>",
      207, { "<D:displayname/>", "<S:getctag/>" }, "404" },
    { "unknown ones are told of", "PROPFIND", HOME "calendar/", DEPTH_0,
      PROPFIND("<displayname/><getfoo/><x xmlns=\"urn:x\"/><y xmlns=\"\"/>"),
      207, { "<D:displayname>Calendar</D:displayname>" OK,
             "<D:getfoo/><x xmlns=\"urn:x\"/><y xmlns=\"\"/>" MISSING }, NULL },
    { "unless they are not wanted", "PROPFIND", HOME "calendar/", DEPTH_0 "Prefer: return=minimal\r\n",
      PROPFIND("<displayname/><getfoo/>"),
      207, { "Preference-Applied: return=minimal", "<D:displayname>" }, "getfoo" },
    { "nothing found of nothing wanted", "PROPFIND", HOME "calendar/",
      DEPTH_0 "Prefer: return=minimal\r\n", PROPFIND("<getfoo/>"),
      207, { "<D:prop/><D:status>HTTP/1.1 200 OK</D:status>" }, NULL },
    { "what is of address books only", "PROPFIND", HOME "calendar/", DEPTH_0,
      PROPFIND("<A:supported-address-data/>"), 207, { "<A:supported-address-data/>" MISSING }, NULL },
    { "no end to the depth", "PROPFIND", HOME, "Depth: infinity\r\n", NULL,
      403, { "<D:propfind-finite-depth/>" }, NULL },
    { "none said is none", "PROPFIND", HOME, NULL, NULL, 403, { "<D:propfind-finite-depth/>" }, NULL },
    { "a depth that is none", "PROPFIND", HOME, "Depth: 2\r\n", NULL, 400, { NULL }, NULL },
    { "no XML", "PROPFIND", HOME, DEPTH_0, "<propfind", 400, { NULL }, NULL },
    { "another document", "PROPFIND", HOME, DEPTH_0, "<x" NS "/>", 400, { NULL }, NULL },
    { "two questions in one", "PROPFIND", HOME, DEPTH_0,
      "<propfind" NS "><allprop/><propname/></propfind>", 400, { NULL }, NULL },
    { "no such report", "REPORT", HOME "calendar/", NULL, "<acl" NS "/>",
      403, { "<D:supported-report/>" }, NULL },
};

#define ZONE(CONTENT)                                                          \
    "<C:calendar-timezone>BEGIN:VCALENDAR&#13;\n" CONTENT                      \
    "END:VCALENDAR&#13;\n</C:calendar-timezone>"
#define VTIMEZONE(NAME, OFFSETS)                                               \
    "BEGIN:VTIMEZONE&#13;\nTZID:" NAME "&#13;\nBEGIN:STANDARD&#13;\n"          \
    "DTSTART:19700101T000000&#13;\n" OFFSETS                                   \
    "END:STANDARD&#13;\nEND:VTIMEZONE&#13;\n"
#define OFFSETS "TZOFFSETFROM:+0100&#13;\nTZOFFSETTO:+0100&#13;\n"

static const struct dav_step saying[] = {
    { "a colour without being told", "PROPFIND", HOME "calendar/", DEPTH_0,
      PROPFIND("<I:calendar-color/>"), 207, { "<I:calendar-color>#0078D4</I:calendar-color>" }, NULL },
    { "another one for tasks", "PROPFIND", HOME "tasks/", DEPTH_0,
      PROPFIND("<I:calendar-color/>"), 207, { "<I:calendar-color>#" }, "#0078D4" },
    { "a time zone", "PROPPATCH", HOME "calendar/", NULL, SET(ZONE(VTIMEZONE("X", OFFSETS))),
      207, { "<C:calendar-timezone/>" OK }, NULL },
    { "with no zone in it", "PROPPATCH", HOME "calendar/", NULL, SET(ZONE("")),
      207, { "HTTP/1.1 403 ", "<D:error><C:valid-calendar-data/></D:error>" }, "200 OK" },
    { "with two", "PROPPATCH", HOME "calendar/", NULL,
      SET(ZONE(VTIMEZONE("X", OFFSETS) VTIMEZONE("Y", OFFSETS))),
      207, { "<C:valid-calendar-data/>" }, "200 OK" },
    { "with one that says nothing", "PROPPATCH", HOME "calendar/", NULL,
      SET(ZONE(VTIMEZONE("X", ""))), 207, { "<C:valid-calendar-data/>" }, "200 OK" },
    { "with something else", "PROPPATCH", HOME "calendar/", NULL,
      SET(ZONE("BEGIN:VEVENT&#13;\nUID:x&#13;\nEND:VEVENT&#13;\n")),
      207, { "<C:valid-calendar-data/>" }, "200 OK" },
    { "or no calendar", "PROPPATCH", HOME "calendar/", NULL,
      SET("<C:calendar-timezone>Europe/Berlin</C:calendar-timezone>"),
      207, { "<C:valid-calendar-data/>" }, "200 OK" },
    { "a zone by its name", "PROPPATCH", HOME "calendar/", NULL,
      SET("<C:calendar-timezone-id>Europe/Berlin</C:calendar-timezone-id>"), 207, { OK }, NULL },
    { "that nobody knows", "PROPPATCH", HOME "calendar/", NULL,
      SET("<C:calendar-timezone-id>Europe/Atlantis</C:calendar-timezone-id>"),
      207, { "<C:valid-timezone/>" }, "200 OK" },
};

static const struct dav_step keeping[] = {
    { "a colour and an order", "PROPPATCH", HOME "calendar/", NULL,
      SET("<I:calendar-color>#FF2968FF</I:calendar-color><I:calendar-order>3</I:calendar-order>"),
      207, { "<I:calendar-color/>" OK, "<I:calendar-order/>" OK }, NULL },
    { "are kept", "PROPFIND", HOME "calendar/", DEPTH_0,
      PROPFIND("<I:calendar-color/><I:calendar-order/>"),
      207, { "<I:calendar-color>#FF2968FF</I:calendar-color>",
             "<I:calendar-order>3</I:calendar-order>" }, NULL },
    { "a value with elements of its own", "PROPPATCH", HOME "calendar/", NULL,
      SET("<x xmlns=\"urn:x\" xml:lang=\"de\">a&amp;<b xmlns=\"urn:y\" c=\"d\"/>e</x>"),
      207, { "<x xmlns=\"urn:x\"/>" OK }, NULL },
    { "is kept as well", "PROPFIND", HOME "calendar/", DEPTH_0, PROPFIND("<x xmlns=\"urn:x\"/>"),
      207, { "<x xmlns=\"urn:x\" xml:lang=\"de\">a&amp;<b xmlns=\"urn:y\" c=\"d\"/>e</x>" }, NULL },
    { "and shown among all", "PROPFIND", HOME "calendar/", DEPTH_0, NULL,
      207, { "<x xmlns=\"urn:x\" xml:lang=\"de\">a&amp;" }, NULL },
    { "in no language from now on", "PROPPATCH", HOME "calendar/", NULL,
      SET("<x xmlns=\"urn:x\">f</x>"), 207, { OK }, NULL },
    { "is so", "PROPFIND", HOME "calendar/", DEPTH_0, PROPFIND("<x xmlns=\"urn:x\"/>"),
      207, { "<x xmlns=\"urn:x\">f</x>" }, NULL },
    { "in the language of all that is set", "PROPPATCH", HOME "calendar/", NULL,
      "<propertyupdate" NS "><set xml:lang=\"en-GB\"><prop>"
      "<C:calendar-description>Tea</C:calendar-description></prop></set></propertyupdate>",
      207, { OK }, NULL },
    { "is a description", "PROPFIND", HOME "calendar/", DEPTH_0, PROPFIND("<C:calendar-description/>"),
      207, { "<C:calendar-description xml:lang=\"en-GB\">Tea</C:calendar-description>" }, NULL },
    { "and taken away", "PROPPATCH", HOME "calendar/", NULL, REMOVE("<x xmlns=\"urn:x\"/>"),
      207, { OK }, NULL },
    { "so that it is gone", "PROPFIND", HOME "calendar/", DEPTH_0, PROPFIND("<x xmlns=\"urn:x\"/>"),
      207, { "<x xmlns=\"urn:x\"/>" MISSING }, NULL },
    { "all or nothing", "PROPPATCH", HOME "calendar/", NULL,
      SET("<I:calendar-color>#000000</I:calendar-color><resourcetype/>"),
      207, { "<I:calendar-color/></D:prop><D:status>HTTP/1.1 424 ",
             "<D:resourcetype/></D:prop><D:status>HTTP/1.1 403 ",
             "<D:error><D:cannot-modify-protected-property/></D:error>" }, "200 OK" },
    { "so nothing", "PROPFIND", HOME "calendar/", DEPTH_0, PROPFIND("<I:calendar-color/>"),
      207, { "#FF2968FF" }, NULL },
    { "a number that is none", "PROPPATCH", HOME "calendar/", NULL,
      SET("<I:calendar-order>last</I:calendar-order>"), 207, { "HTTP/1.1 409 " }, NULL },
    { "the standard folder's name is ours to keep", "PROPPATCH", HOME "calendar/", NULL,
      SET("<displayname>Mine &amp; yours</displayname>"), 207, { OK }, NULL },
    { "and is shown", "PROPFIND", HOME "calendar/", DEPTH_0, PROPFIND("<displayname/>"),
      207, { "<D:displayname>Mine &amp; yours</D:displayname>" }, NULL },
    { "a quiet answer", "PROPPATCH", HOME "calendar/", "Prefer: return=minimal\r\n",
      SET("<C:calendar-description>x</C:calendar-description>"), 200, { NULL }, "propstat" },
    { "nothing can be kept of the root", "PROPPATCH", "/", NULL, SET("<displayname>x</displayname>"),
      403, { "cannot-modify-protected-property" }, NULL },
};

#define MKCALENDAR(PROPS)                                                      \
    "<C:mkcalendar" NS "><set><prop>" PROPS "</prop></set></C:mkcalendar>"
#define MKCOL(PROPS) "<mkcol" NS "><set><prop>" PROPS "</prop></set></mkcol>"

static const struct dav_step making[] = {
    { "a plain calendar", "MKCALENDAR", HOME "Trips/", NULL, NULL, 201, { NULL }, NULL },
    { "is there", "PROPFIND", HOME "Trips/", DEPTH_0, PROPFIND("<resourcetype/><displayname/>"),
      207, { "<C:calendar/>", "<D:displayname>Trips</D:displayname>" }, NULL },
    { "once", "MKCALENDAR", HOME "Trips/", NULL, NULL, 403, { "<D:resource-must-be-null/>" }, NULL },
    { "and no collection", "MKCOL", HOME "Trips/", NULL, NULL, 405, { "<D:resource-must-be-null/>" }, NULL },
    { "none in another", "MKCALENDAR", HOME "Trips/Short/", NULL, NULL,
      403, { "<C:calendar-collection-location-ok/>" }, NULL },
    { "none for tasks either", "MKCOL", HOME "calendar/List/", NULL,
      MKCOL("<resourcetype><collection/><C:calendar/></resourcetype>"),
      403, { "<C:calendar-collection-location-ok/>" }, NULL },
    { "nor contacts in contacts", "MKCOL", HOME "contacts/Friends/", NULL,
      MKCOL("<resourcetype><collection/><A:addressbook/></resourcetype>"),
      403, { "<A:addressbook-collection-location-ok/>" }, NULL },
    { "no move there", "MOVE", HOME "Trips/", "Destination: " HOME "calendar/Trips/\r\n", NULL,
      403, { "<C:calendar-collection-location-ok/>" }, NULL },
    { "one that Outlook has made there", "PROPFIND", HOME "calendar/Team", DEPTH_0,
      PROPFIND("<resourcetype/>"), 207, { "<D:href>" HOME "calendar/Team/</D:href>" }, NULL },
    { "and in the home", "PROPFIND", HOME, DEPTH_1, PROPFIND("<resourcetype/>"),
      207, { "<D:href>" HOME "calendar/Team/</D:href>", "<D:href>" HOME "Trips/</D:href>" }, NULL },
    { "a URL for programs and a name for people", "MKCALENDAR", HOME "0A1B-2C/", NULL,
      MKCALENDAR("<displayname>Work &amp; play</displayname>"
                 "<I:calendar-color>#ff0000</I:calendar-color>"), 201, { NULL }, NULL },
    { "has both", "PROPFIND", HOME, DEPTH_1, PROPFIND("<displayname/><I:calendar-color/>"),
      207, { "<D:href>" HOME "0A1B-2C/</D:href><D:propstat><D:prop>"
             "<D:displayname>Work &amp; play</D:displayname>"
             "<I:calendar-color>#ff0000</I:calendar-color>" }, NULL },
    { "another name for people", "PROPPATCH", HOME "0A1B-2C/", NULL,
      SET("<displayname>Play</displayname>"), 207, { OK }, NULL },
    { "leaves the URL", "PROPFIND", HOME "0A1B-2C/", DEPTH_0, PROPFIND("<displayname/>"),
      207, { "<D:displayname>Play</D:displayname>" }, NULL },
    { "a task list", "MKCALENDAR", HOME "List/", NULL,
      MKCALENDAR("<C:supported-calendar-component-set><C:comp name=\"VTODO\"/>"
                 "</C:supported-calendar-component-set>"), 201, { NULL }, NULL },
    { "holds tasks", "PROPFIND", HOME "List/", DEPTH_0,
      PROPFIND("<C:supported-calendar-component-set/>"), 207, { "name=\"VTODO\"" }, "VEVENT" },
    { "an address book", "MKCOL", HOME "Clients/", NULL,
      MKCOL("<resourcetype><collection/><A:addressbook/></resourcetype>"
            "<displayname>Clients</displayname>"), 201, { NULL }, NULL },
    { "is one", "PROPFIND", HOME "Clients/", DEPTH_0, PROPFIND("<resourcetype/>"),
      207, { "<A:addressbook/>" }, NULL },
    { "no plain collections", "MKCOL", HOME "Plain/", NULL, NULL, 403, { "valid-resourcetype" }, NULL },
    { "no journals", "MKCALENDAR", HOME "Plain/", NULL,
      MKCALENDAR("<C:supported-calendar-component-set><C:comp name=\"VJOURNAL\"/>"
                 "</C:supported-calendar-component-set>"), 403, { "valid-resourcetype" }, NULL },
    { "nothing of what cannot be set", "MKCALENDAR", HOME "Plain/", NULL,
      MKCALENDAR("<getetag>x</getetag>"), 424, { "cannot-modify-protected-property" }, NULL },
    { "nothing with a zone that is none", "MKCALENDAR", HOME "Plain/", NULL,
      MKCALENDAR("<C:calendar-timezone>BEGIN:VCALENDAR&#13;\nEND:VCALENDAR&#13;\n"
                 "</C:calendar-timezone>"), 403, { "<C:valid-calendar-data/>" }, NULL },
    { "nothing is made then", "PROPFIND", HOME "Plain/", DEPTH_0, NULL, 404, { NULL }, NULL },
    { "to report about", "REPORT", HOME "Plain/", DEPTH_0, NULL, 404, { NULL }, NULL },
    { "to change", "PROPPATCH", HOME "Plain/", NULL, SET("<displayname>x</displayname>"),
      404, { NULL }, NULL },
    { "to delete", "DELETE", HOME "Plain/", NULL, NULL, 404, { NULL }, NULL },
    { "nothing without what is above", "MKCALENDAR", HOME "none/Plain/", NULL, NULL, 409, { NULL }, NULL },
    { "nothing at a word of ours", "MKCALENDAR", HOME "inbox/", NULL, NULL, 405, { NULL }, NULL },
    { "a trip", "PUT", HOME "Trips/a.ics", CALENDAR, EVENT("trip", "Rome"), 201, { NULL }, NULL },
    { "what is said of all of them", "PROPPATCH", HOME "Trips/", NULL,
      SET("<I:calendar-color>#123456</I:calendar-color>"), 207, { "200 OK" }, NULL },
    { "a copy of all that is in it", "COPY", HOME "Trips/", "Destination: " HOME "Again/\r\n", NULL,
      201, { "Location: " HOME "Again/" }, NULL },
    { "has all of it", "GET", HOME "Again/a.ics", NULL, NULL, 200, { "SUMMARY:Rome", "X-KEPT" }, NULL },
    { "and what was said", "PROPFIND", HOME "Again/", DEPTH_0, PROPFIND("<I:calendar-color/>"),
      207, { "#123456" }, NULL },
    { "leaves the other as it is", "GET", HOME "Trips/a.ics", NULL, NULL, 200, { "SUMMARY:Rome" }, NULL },
    { "a copy of nothing that is in it", "COPY", HOME "Trips/",
      DEPTH_0 "Destination: " HOME "Empty/\r\n", NULL, 201, { NULL }, NULL },
    { "has nothing", "PROPFIND", HOME "Empty/", DEPTH_1, PROPFIND("<getetag/>"), 207, { NULL }, "a.ics" },
    { "not so deep", "COPY", HOME "Trips/", DEPTH_1 "Destination: " HOME "More/\r\n", NULL,
      400, { NULL }, NULL },
    { "not over another", "COPY", HOME "Trips/", "Destination: " HOME "Again/\r\n", NULL,
      412, { NULL }, NULL },
    { "not to nowhere", "COPY", HOME "Trips/", "Destination: " HOME "none/Again/\r\n", NULL,
      409, { NULL }, NULL },
    { "the copies go again", "DELETE", HOME "Again/", NULL, NULL, 204, { NULL }, NULL },
    { "both of them", "DELETE", HOME "Empty/", NULL, NULL, 204, { NULL }, NULL },
    { "another name for one that is in another", "MOVE", HOME "calendar/Team/",
      "Destination: " HOME "calendar/Crew/\r\n", NULL, 201, { NULL }, NULL },
    { "another URL", "MOVE", HOME "Trips/", "Destination: http://localhost" HOME "Journeys/\r\n", NULL,
      201, { NULL }, NULL },
    { "is the only one", "PROPFIND", HOME, DEPTH_1, PROPFIND("<displayname/>"),
      207, { HOME "Journeys/" }, "Trips" },
    { "deleted", "DELETE", HOME "Journeys/", NULL, NULL, 204, { NULL }, NULL },
    { "not there any more", "PROPFIND", HOME, DEPTH_1, PROPFIND("<displayname/>"), 207, { NULL },
      "Journeys" },
    { "not one that everyone has", "DELETE", HOME "calendar/", NULL, NULL, 403, { NULL }, NULL },
    { "not one with others in it", "DELETE", HOME "contacts/", NULL, NULL, 403, { NULL }, NULL },
};
/* clang-format on */

Test(caldav_collections, tell_their_properties)
{
    DAV_PLAY(world, asking);
}

Test(caldav_collections, are_told_colours_and_zones)
{
    DAV_PLAY(world, saying);
}

Test(caldav_collections, keep_what_clients_say_of_them)
{
    DAV_PLAY(world, keeping);
}

Test(caldav_collections, come_and_go)
{
    dav_world_add_below(world, "Team");
    DAV_PLAY(world, making);
}

/* A copy that is begun again finds its place free. */
Test(caldav_collections, are_not_begun_to_be_copied_when_they_cannot_be_read)
{
    static const struct dav_step copied[] = {
        { "nothing is there", "PROPFIND", HOME "Again/", DEPTH_0,
          PROPFIND("<displayname/>"), 404, { NULL }, NULL },
        { "but now", "COPY", HOME "calendar/",
          "Destination: " HOME "Again/\r\n", NULL, 201, { NULL }, NULL },
        { "all of it", "GET", HOME "Again/a.ics", NULL, NULL, 200,
          { "SUMMARY:Rome" }, NULL },
    };
    struct exchange *exchange = dav_world_exchange(world);

    dav_do(world, "PUT", HOME "calendar/a.ics", CALENDAR, EVENT("a", "Rome"));
    exchange_set_fault(
        exchange, &(struct exchange_fault_rule){ .operation = "SyncFolderItems",
                                                 .fault = FAULT_TRUNCATED,
                                                 .times = UINT_MAX });
    struct dav_answer answer = dav_do(world, "COPY", HOME "calendar/",
                                      "Destination: " HOME "Again/\r\n", NULL);
    cr_expect(answer.code >= 500, "%d", answer.code);
    exchange_clear_faults(exchange);
    DAV_PLAY(world, copied);
}

Test(caldav_collections, have_any_name_in_their_urls)
{
    static const struct {
        const char *path; /* at Exchange */
        const char *href;
        const char *name;
    } names[] = {
        { "Projects\\/2026 > all", "Projects=2F2026%20%3E%20all/",
          "Projects/2026 &gt; all" },
        { "100% =2F", "100%25%20=3D2F/", "100% =2F" },
        { "\xc3\x84rger", "%C3%84rger/", "\xc3\x84rger" },
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char target[200], expected[300];
        struct dav_answer answer;

        snprintf(target, sizeof target, HOME "%s", names[i].href);
        answer = dav_do(world, "MKCALENDAR", target, NULL, NULL);
        cr_expect(answer.code == 201, "%s", target);
        snprintf(expected, sizeof expected,
                 "<D:href>%s</D:href><D:propstat><D:prop><D:displayname>%s<",
                 target, names[i].name);
        answer = dav_do(world, "PROPFIND", HOME, DEPTH_1,
                        PROPFIND("<displayname/>"));
        cr_expect(dav_has(&answer, expected), "%s: %s", expected, answer.body);
        answer = dav_do(world, "PROPFIND", target, DEPTH_0,
                        PROPFIND("<displayname/>"));
        cr_expect(dav_has(&answer, expected), "%s: %s", expected, answer.body);
    }
}

Test(caldav_collections, of_others_are_shown_as_far_as_they_let)
{
    exchange_grant(dav_world_exchange(world), BOB, "Calendar", ANN, "Reviewer");
    struct dav_answer answer =
        dav_do(world, "PROPFIND", "/users/" BOB "/calendar/", DEPTH_0,
               PROPFIND("<current-user-privilege-set/><displayname/><owner/>"));

    cr_expect(answer.code == 207, "%d", answer.code);
    cr_expect(dav_has(&answer, "<D:read/>"), "%s", answer.body);
    cr_expect(!dav_has(&answer, "<D:write"), "%s", answer.body);
    cr_expect(dav_has(&answer, "(" BOB ")"), "%s", answer.body);
    cr_expect(dav_has(&answer, "/principals/users/" BOB "/"), "%s",
              answer.body);

    answer = dav_do(world, "PUT", "/users/" BOB "/calendar/x.ics", NULL,
                    "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n");
    cr_expect(answer.code == 403, "%d", answer.code);
    cr_expect(dav_has(&answer, "<D:need-privileges>"), "%s", answer.body);
    answer = dav_do(world, "PROPPATCH", "/users/" BOB "/calendar/", NULL,
                    SET("<displayname>Mine</displayname>"));
    cr_expect(answer.code == 403, "%d", answer.code);

    answer = dav_do(world, "PROPFIND", "/principals/users/" ANN "/", DEPTH_0,
                    PROPFIND("<C:calendar-home-set/>"));
    cr_expect(dav_has(&answer, "<D:href>/users/" BOB "/</D:href>"), "%s",
              answer.body);
    answer =
        dav_do(world, "PROPFIND", "/users/" BOB "/contacts/", DEPTH_0, NULL);
    cr_expect(answer.code == 404, "%d", answer.code);
}
