/*
 * test_conditions.c - If, If-Match, If-None-Match, and where a Destination is
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/caldav/client.h"
#include "tests/caldav/texts.h"

#define TARGET HOME "calendar/a.ics"
#define OTHER HOME "calendar/b.ics"

static struct dav_world *world;

static void begin(void)
{
    world = dav_world_new();
    cr_assert(
        dav_do(world, "PUT", TARGET, CALENDAR, EVENT("one", "Lunch")).code ==
        201);
    cr_assert(dav_do(world, "PUT", OTHER, CALENDAR, EVENT("two", "Tea")).code ==
              201);
}

static void end(void)
{
    dav_world_free(&world);
}

TestSuite(caldav_conditions, .init = begin, .fini = end);

static const char *tag_of(const char *target)
{
    struct dav_answer answer = dav_do(world, "GET", target, NULL, NULL);

    cr_assert(answer.code == 200, "%s: %d", target, answer.code);
    return dav_answer_field(world, &answer, "ETag");
}

/* The field with the tags of both events in the place of "{a}" and "{b}". */
static void fill(char *out, size_t size, const char *format)
{
    const char *tags[] = { tag_of(TARGET), tag_of(OTHER) };
    size_t len = 0;

    for (; *format != '\0' && len + 1 < size; format++) {
        if (*format == '{' && format[2] == '}') {
            len += (size_t)snprintf(out + len, size - len, "%s",
                                    tags[format[1] - 'a']);
            format += 2;
        } else {
            out[len++] = *format;
        }
    }
    cr_assert(len < size);
    out[len] = '\0';
}

struct condition {
    const char *name;
    const char *method;
    const char *fields;
    int code;
};

#define HOST "http://localhost"
#define TO_C "Destination: " HOST HOME "calendar/c.ics\r\n"
#define BROKEN 400
#define UPDATE                                                                 \
    "<propertyupdate" NS "><set><prop><x/></prop></set></propertyupdate>"

/* clang-format off */
static const struct condition conditions[] = {
    { "a list with the tag", "PUT", "If: ([{a}])\r\n", 204 },
    { "a list with another", "PUT", "If: ([{b}])\r\n", 412 },
    { "not another", "PUT", "If: (Not [{b}])\r\n", 204 },
    { "not the tag", "PUT", "If: (not [{a}])\r\n", 412 },
    { "a weak tag", "PUT", "If: ([W/{a}])\r\n", 412 },
    { "a lock that nobody has", "PUT", "If: (<urn:uuid:1>)\r\n", 412 },
    { "a lock or the tag", "PUT", "If: (<urn:uuid:1>) ([{a}])\r\n", 204 },
    { "a lock and the tag", "PUT", "If: (<urn:uuid:1> [{a}])\r\n", 412 },
    { "the tag, or no lock at all", "PUT", "If: ([\"x\"])(Not <DAV:no-lock>)\r\n", 204 },
    { "no lock and the tag", "PUT", "If: (Not <DAV:no-lock> [{a}])\r\n", 204 },
    { "tagged with itself", "PUT", "If: <" HOST TARGET "> ([{a}])\r\n", 204 },
    { "tagged with its path", "PUT", "If: <" TARGET "> ([{a}])\r\n", 204 },
    { "tagged with another", "PUT", "If: <" OTHER "> ([{a}])\r\n", 412 },
    { "that has its tag", "PUT", "If: <" OTHER "> ([{b}])\r\n", 204 },
    { "one of two that are tagged", "PUT", "If: <" TARGET "> ([{b}]) <" OTHER "> ([{b}])\r\n", 204 },
    { "several lists for one", "PUT", "If: <" TARGET "> ([{b}]) ([{a}])\r\n", 204 },
    { "tagged with nothing", "PUT", "If: <" HOME "calendar/none.ics> ([{a}])\r\n", 412 },
    { "nothing has no tag", "PUT", "If: <" HOME "calendar/none.ics> (Not [{a}])\r\n", 204 },
    { "another host's", "PUT", "If: <http://example.net" TARGET "> ([{a}])\r\n", 412 },
    { "a folder has no such state", "PUT", "If: <" HOME "calendar/> (<urn:postern:sync:1-1>)\r\n", 412 },
    { "no list", "PUT", "If: x\r\n", BROKEN },
    { "an empty one", "PUT", "If: ()\r\n", BROKEN },
    { "one without an end", "PUT", "If: ([{a}]\r\n", BROKEN },
    { "a URL without a list", "PUT", "If: <" TARGET ">\r\n", BROKEN },
    { "a list and then a URL", "PUT", "If: ([{a}]) <" TARGET "> ([{a}])\r\n", BROKEN },
    { "a tag without an end", "PUT", "If: ([\"x)\r\n", BROKEN },
    { "a change of properties", "PROPPATCH", "If: ([{b}])\r\n", 412 },
    { "a move", "MOVE", "If: ([{b}])\r\n" TO_C, 412 },
    { "a copy", "COPY", "If: ([{b}])\r\n" TO_C, 412 },
    { "a deletion", "DELETE", "If: ([{b}])\r\n", 412 },
    { "a look", "GET", "If: ([{b}])\r\n", 412 },
    { "a look at what is meant", "GET", "If: ([{a}])\r\n", 200 },

    { "the tag", "PUT", "If-Match: {a}\r\n", 204 },
    { "one of a list", "PUT", "If-Match: \"x, y\", {b}, {a}\r\n", 204 },
    { "one of two fields", "PUT", "If-Match: {b}\r\nIf-Match: {a}\r\n", 204 },
    { "a weak one is never the same", "PUT", "If-Match: W/{a}\r\n", 412 },
    { "a part of a tag", "PUT", "If-Match: \"x,\" {b}\r\n", 412 },
    { "properties of what is another", "PROPPATCH", "If-Match: {b}\r\n", 412 },
    { "none of these", "PUT", "If-None-Match: \"x\", {b}\r\n", 204 },
    { "one of these", "PUT", "If-None-Match: \"x\", {a}\r\n", 412 },
    { "weakly the same", "GET", "If-None-Match: \"x\", W/{a}\r\n", 304 },
    { "not the same", "GET", "If-None-Match: W/{b}\r\n", 200 },
    { "a date, of which there is none", "GET",
      "If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT\r\n", 200 },
    { "a part", "GET", "Range: bytes=0-9\r\n", 200 },
    { "a part of what it was", "GET", "Range: bytes=0-9\r\nIf-Range: {a}\r\n", 200 },

    { "a place on another host", "COPY", "Destination: http://example.net" OTHER "\r\n", 502 },
    { "on another port", "COPY", "Destination: http://localhost:1080" OTHER "\r\n", 502 },
    { "of another kind", "COPY", "Destination: ftp://localhost" OTHER "\r\n", 502 },
    { "the same, with the port said", "COPY", "Overwrite: F\r\nDestination: http://localhost:80" OTHER "\r\n", 412 },
    { "behind what ends TLS", "COPY", "Overwrite: F\r\nDestination: https://LOCALHOST" OTHER "\r\n", 412 },
    { "behind what has a name of its own", "COPY", "X-Forwarded-Host: dav.example\r\nOverwrite: F\r\n"
      "Destination: https://dav.example" OTHER "\r\n", 412 },
    { "a path", "COPY", "Overwrite: F\r\nDestination: " OTHER "\r\n", 412 },
};
/* clang-format on */

static const char *body_for(const char *method)
{
    if (strcmp(method, "PUT") == 0)
        return EVENT("one", "Lunch");
    return strcmp(method, "PROPPATCH") == 0 ? UPDATE : NULL;
}

Test(caldav_conditions, hold_or_nothing_is_done)
{
    for (size_t i = 0; i < sizeof conditions / sizeof *conditions; i++) {
        const struct condition *condition = &conditions[i];
        char fields[1000];

        fill(fields, sizeof fields, condition->fields);
        struct dav_answer answer = dav_do(world, condition->method, TARGET,
                                          fields, body_for(condition->method));
        cr_expect(answer.code == condition->code, "%s: %d\n%s%s",
                  condition->name, answer.code, fields, answer.body);
    }
    cr_expect(dav_do(world, "GET", HOME "calendar/c.ics", NULL, NULL).code ==
              404);
}

/* RFC 6578, 5: nothing has changed since the client looked. */
Test(caldav_conditions, may_be_on_the_state_of_a_collection)
{
    static const char ask[] = PROPFIND("<sync-token/>");
    struct dav_answer answer =
        dav_do(world, "PROPFIND", HOME "calendar/", DEPTH_0, ask);
    const char *token = strstr(answer.body, "<D:sync-token>");
    char fields[200];

    cr_assert(token != NULL, "%s", answer.body);
    token += strlen("<D:sync-token>");
    snprintf(fields, sizeof fields, "If: <" HOME "calendar/> (<%.*s>)\r\n",
             (int)strcspn(token, "<"), token);
    cr_expect(dav_do(world, "PUT", TARGET, fields, EVENT("one", "Tea")).code ==
              204);
    cr_expect(dav_do(world, "PUT", TARGET, fields, EVENT("one", "Cake")).code ==
              412);
}

Test(caldav_conditions, of_a_collection_stop_its_deletion)
{
    cr_assert(dav_do(world, "MKCALENDAR", HOME "Trips/", NULL, NULL).code ==
              201);
    cr_expect(dav_do(world, "DELETE", HOME "Trips/", "If: (<urn:x>)\r\n", NULL)
                  .code == 412);
    cr_expect(
        dav_do(world, "DELETE", HOME "Trips/", "If: (Not <urn:x>)\r\n", NULL)
            .code == 204);
}
