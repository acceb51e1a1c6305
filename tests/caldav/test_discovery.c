/*
 * test_discovery.c - how programs find out who is there and what he has
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/caldav/client.h"
#include "tests/exchange/exchange.h"

#define PRINCIPAL "/principals/users/" ANN "/"

static struct dav_world *world;

static void begin(void)
{
    world = dav_world_new();
}

static void end(void)
{
    dav_world_free(&world);
}

TestSuite(caldav_discovery, .init = begin, .fini = end);

/* clang-format off */
static const struct dav_step walk[] = {
    { "well-known leads to the principal", "PROPFIND", "/.well-known/caldav", DEPTH_0, NULL,
      301, { "Location: " PRINCIPAL }, NULL },
    { "whatever the method", "GET", "/.well-known/carddav", NULL, NULL,
      301, { "Location: " PRINCIPAL }, NULL },
    { "the root knows who asks", "PROPFIND", "/", DEPTH_0,
      PROPFIND("<current-user-principal/><resourcetype/>"),
      207, { "<D:current-user-principal><D:href>" PRINCIPAL "</D:href>",
             "<D:resourcetype><D:collection/></D:resourcetype>" }, NULL },
    { "the principal has homes", "PROPFIND", PRINCIPAL, DEPTH_0,
      PROPFIND("<C:calendar-home-set/><A:addressbook-home-set/><resourcetype/>"),
      207, { "<C:calendar-home-set><D:href>" HOME "</D:href></C:calendar-home-set>",
             "<A:addressbook-home-set><D:href>" HOME "</D:href></A:addressbook-home-set>",
             "<D:principal/>" }, NULL },
    { "and boxes", "PROPFIND", PRINCIPAL, DEPTH_0,
      PROPFIND("<C:schedule-inbox-URL/><C:schedule-outbox-URL/><C:schedule-default-calendar-URL/>"),
      207, { "<D:href>" HOME "inbox/</D:href>", "<D:href>" HOME "outbox/</D:href>",
             "<D:href>" HOME "calendar/</D:href>" }, NULL },
    { "and addresses", "PROPFIND", PRINCIPAL, DEPTH_0, PROPFIND("<C:calendar-user-address-set/>"),
      207, { "<D:href preferred=\"1\">mailto:" ANN "</D:href>",
             "<D:href>" PRINCIPAL "</D:href></C:calendar-user-address-set>" }, NULL },
    { "the home has all collections", "PROPFIND", HOME, DEPTH_1, PROPFIND("<resourcetype/>"),
      207, { "<D:href>" HOME "calendar/</D:href><D:propstat><D:prop><D:resourcetype>"
             "<D:collection/><C:calendar/></D:resourcetype>",
             "<D:href>" HOME "contacts/</D:href><D:propstat><D:prop><D:resourcetype>"
             "<D:collection/><A:addressbook/></D:resourcetype>",
             "<D:href>" HOME "tasks/</D:href>" }, NULL },
    { "and the boxes", "PROPFIND", HOME, DEPTH_1, PROPFIND("<resourcetype/>"),
      207, { "<C:schedule-inbox/>", "<C:schedule-outbox/>" }, "Inbox/" },
    { "a calendar holds events", "PROPFIND", HOME "calendar", DEPTH_0,
      PROPFIND("<C:supported-calendar-component-set/>"),
      207, { "<C:supported-calendar-component-set><C:comp name=\"VEVENT\"/>"
             "</C:supported-calendar-component-set>" }, NULL },
    { "a task list holds tasks", "PROPFIND", HOME "tasks/", DEPTH_0,
      PROPFIND("<C:supported-calendar-component-set/>"),
      207, { "<C:supported-calendar-component-set><C:comp name=\"VTODO\"/>"
             "</C:supported-calendar-component-set>" }, NULL },
    { "what a new calendar may hold", "PROPFIND", HOME, DEPTH_0,
      PROPFIND("<C:supported-calendar-component-sets/>"),
      207, { "<C:supported-calendar-component-set><C:comp name=\"VEVENT\"/>"
             "</C:supported-calendar-component-set><C:supported-calendar-component-set>"
             "<C:comp name=\"VTODO\"/>" }, NULL },
    { "reports are told", "PROPFIND", HOME "calendar/", DEPTH_0, PROPFIND("<supported-report-set/>"),
      207, { "<C:calendar-query/>", "<C:calendar-multiget/>", "<D:sync-collection/>" },
      "addressbook-multiget" },
    { "a time zone is there with its rules", "PROPFIND", HOME "calendar/", DEPTH_0,
      PROPFIND("<C:calendar-timezone/>"),
      207, { "BEGIN:VTIMEZONE", "TZID:" }, NULL },
    { "any of one's folders may be changed", "PROPFIND", HOME "calendar/", DEPTH_0,
      PROPFIND("<current-user-privilege-set/>"),
      207, { "<D:read/>", "<D:write/>", "<D:bind/>" }, NULL },
    { "people are told one by one", "PROPFIND", "/principals/users/", DEPTH_1,
      PROPFIND("<displayname/>"), 207, { PRINCIPAL, "<D:displayname>Ann</D:displayname>" }, NULL },
    { "another's principal is there", "PROPFIND", "/principals/users/" BOB "/", DEPTH_0,
      PROPFIND("<C:calendar-user-address-set/><C:schedule-inbox-URL/>"),
      207, { "mailto:" BOB, "<C:schedule-inbox-URL/></D:prop><D:status>HTTP/1.1 404" }, NULL },
    { "an expanded property", "REPORT", "/", DEPTH_0,
      "<expand-property" NS "><property name=\"current-user-principal\">"
      "<property name=\"calendar-home-set\" namespace=\"urn:ietf:params:xml:ns:caldav\"/>"
      "<property name=\"nothing\"/></property></expand-property>",
      207, { "<D:current-user-principal><D:response><D:href>" PRINCIPAL "</D:href>",
             "<C:calendar-home-set><D:href>" HOME, "<D:nothing/>" }, NULL },
    { "what one can search by", "REPORT", "/principals/", DEPTH_0,
      "<principal-search-property-set" NS "/>",
      200, { "<D:prop><D:displayname/></D:prop>", "<S:email-address-set/>" }, NULL },
    { "nobody's home", "PROPFIND", "/users/nobody@example.com/", DEPTH_0, NULL, 404, { NULL }, NULL },
    { "no such thing", "PROPFIND", "/nothing/", DEPTH_0, NULL, 404, { NULL }, NULL },
    { "no path", "PROPFIND", "/users/../x", DEPTH_0, NULL, 404, { NULL }, NULL },
};

static const struct dav_step login[] = {
    { "options need no login", "OPTIONS", "/", NULL, NULL,
      200, { "DAV: 1, 3, ", "calendar-access", "MKCALENDAR" }, "LOCK" },
    { "locks are refused", "LOCK", HOME "calendar/", NULL, NULL, 405, { "Allow: OPTIONS" }, "LOCK" },
};
/* clang-format on */

Test(caldav_discovery, leads_from_any_beginning_to_all_collections)
{
    DAV_PLAY(world, walk);
    DAV_PLAY(world, login);
}

Test(caldav_discovery, asks_who_is_there)
{
    static const char *const headers[] = {
        "",
        "Authorization: Basic YW5uQGV4YW1wbGUuY29tOndyb25n\r\n",
        "Authorization: Basic ????\r\n",
        "Authorization: Basic YW5u\r\n",
        "Authorization: Negotiate YII=\r\n",
    };

    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        char request[300];

        snprintf(request, sizeof request,
                 "PROPFIND / HTTP/1.1\r\nHost: h\r\n%s\r\n", headers[i]);
        struct dav_answer answer = dav_raw(world, request);
        const char *field =
            dav_answer_field(world, &answer, "WWW-Authenticate");

        cr_expect(answer.code == 401, "%s: %d", headers[i], answer.code);
        cr_expect(field != NULL && strstr(field, "Basic realm=") == field &&
                      strstr(field, "charset=\"UTF-8\"") != NULL,
                  "%s", headers[i]);
        cr_expect(!answer.closed, "%s", headers[i]);
    }
}

Test(caldav_discovery, asks_for_tokens_where_they_are_taken)
{
    dav_world_set(world, "exchange.tokens", "only");
    struct dav_answer answer =
        dav_raw(world, "PROPFIND / HTTP/1.1\r\nHost: h\r\n\r\n");

    cr_expect_str_eq(dav_answer_field(world, &answer, "WWW-Authenticate"),
                     "Bearer realm=\"Postern\"");
    dav_world_set(world, "exchange.tokens", "yes");
    answer = dav_raw(world, "PROPFIND / HTTP/1.1\r\nHost: h\r\n\r\n");
    cr_expect(dav_count(answer.header, "WWW-Authenticate: ") == 2, "%s",
              answer.header);
}

Test(caldav_discovery, takes_no_password_where_others_can_listen)
{
    dav_world_be_open(world);
    struct dav_answer answer = dav_do(world, "PROPFIND", "/", DEPTH_0, NULL);

    cr_expect(answer.code == 403);
    cr_expect(dav_answer_field(world, &answer, "WWW-Authenticate") == NULL);
}

Test(caldav_discovery, answers_requests_in_a_row)
{
    const char *heard = dav_pipeline(
        world,
        "OPTIONS / HTTP/1.1\r\nHost: h\r\n\r\n"
        "PROPFIND / HTTP/1.1\r\nHost: h\r\n" AS_ANN DEPTH_0 "\r\n"
        "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n" AS_ANN "\r\n");

    cr_expect(dav_count(heard, "HTTP/1.1 200 OK\r\n") == 2);
    cr_expect(dav_count(heard, "HTTP/1.1 207 Multi-Status\r\n") == 1);
    cr_expect(dav_count(heard, "Connection: close\r\n") == 1);
    cr_expect(dav_count(heard, "\r\nDate: ") == 3);
}

Test(caldav_discovery, speaks_to_old_clients_without_chunks)
{
    const char *heard =
        dav_pipeline(world, "PROPFIND / HTTP/1.0\r\n" AS_ANN DEPTH_0 "\r\n");

    cr_expect(strstr(heard, "Transfer-Encoding") == NULL);
    cr_expect(strstr(heard, "Connection: close\r\n") != NULL);
    cr_expect(strstr(heard, "</D:multistatus>") != NULL);
}

Test(caldav_discovery, says_nothing_but_the_header_to_head)
{
    struct dav_answer answer =
        dav_raw(world, "HEAD / HTTP/1.1\r\nHost: h\r\n" AS_ANN "\r\n");
    const char *length = dav_answer_field(world, &answer, "Content-Length");

    cr_expect(answer.code == 200 && answer.len == 0);
    cr_expect(length != NULL && strcmp(length, "0") != 0);
}

Test(caldav_discovery, says_refusals_of_the_framer_and_closes)
{
    struct dav_answer answer = dav_raw(
        world, "PUT / HTTP/1.1\r\nHost: h\r\n" AS_ANN
               "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n");

    cr_expect(answer.code == 400 && answer.closed);
    cr_expect(dav_answer_field(world, &answer, "Connection") != NULL);
}
