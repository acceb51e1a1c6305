/*
 * test_prior_art.c - where other gateways fail
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "proxy/base/buf.h"
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

TestSuite(caldav_prior_art, .init = begin, .fini = end);

Test(caldav_prior_art,
     a_propfind_asking_unknown_properties_must_list_them_under_404)
{
    struct dav_answer answer =
        dav_do(world, "PROPFIND", HOME "calendar/", DEPTH_0,
               PROPFIND("<displayname/><x xmlns=\"urn:x\"/>"));

    cr_expect(dav_has(&answer, "<x xmlns=\"urn:x\"/></D:prop><D:status>"
                               "HTTP/1.1 404 Not Found</D:status>"),
              "%s", answer.body);
}

Test(caldav_prior_art, empty_body_is_allprop)
{
    struct dav_answer empty =
        dav_do(world, "PROPFIND", HOME "calendar/", DEPTH_0, NULL);
    struct dav_answer all = dav_do(world, "PROPFIND", HOME "calendar/", DEPTH_0,
                                   "<propfind" NS "><allprop/></propfind>");

    cr_expect(empty.code == 207);
    cr_expect_str_eq(empty.body, all.body);
}

Test(caldav_prior_art,
     chunked_request_body_and_expect_100_continue_are_accepted)
{
    const char *heard = dav_pipeline(
        world, "PROPFIND " HOME " HTTP/1.1\r\nHost: h\r\n" AS_ANN DEPTH_0
               "Transfer-Encoding: chunked\r\n\r\n"
               "a\r\n<propfind \r\n"
               "31\r\nxmlns=\"DAV:\"><prop><displayname/></prop></propfin\r\n"
               "2\r\nd>\r\n0\r\n\r\n"
               "PROPFIND " HOME " HTTP/1.1\r\nHost: h\r\n" AS_ANN DEPTH_0
               "Expect: 100-continue\r\nContent-Length: 0\r\n\r\n");

    cr_expect(dav_count(heard, "HTTP/1.1 207 ") == 2, "%s", heard);
    cr_expect(dav_count(heard, "<D:displayname>Ann</D:displayname>") == 2, "%s",
              heard);
}

static void put(const char *target, const char *text, const char *old)
{
    char fields[200];

    snprintf(fields, sizeof fields, "If-Match: %s\r\n", old);
    struct dav_answer answer =
        dav_do(world, "PUT", target, old != NULL ? fields : NULL, text);
    cr_assert(answer.code == 201 || answer.code == 204, "%d %s", answer.code,
              answer.body);
}

static const char *ctag(void)
{
    return dav_do(world, "PROPFIND", HOME "calendar/", DEPTH_0,
                  PROPFIND("<S:getctag/>"))
        .body;
}

static const char *etag(const char *target)
{
    struct dav_answer answer = dav_do(world, "HEAD", target, NULL, NULL);

    return dav_answer_field(world, &answer, "ETag");
}

Test(caldav_prior_art,
     two_edits_within_one_second_must_give_different_etags_and_ctags)
{
    static const char target[] = HOME "calendar/a.ics";

    put(target, EVENT("one", "1"), NULL);
    const char *first = etag(target), *first_all = ctag();
    put(target, EVENT("one", "2"), first);
    const char *second = etag(target), *second_all = ctag();
    put(target, EVENT("one", "3"), second);
    const char *third = etag(target), *third_all = ctag();

    cr_expect_str_neq(first, second);
    cr_expect_str_neq(second, third);
    cr_expect_str_neq(first, third);
    cr_expect_str_neq(first_all, second_all);
    cr_expect_str_neq(second_all, third_all);
}

Test(caldav_prior_art, put_of_a_contact_must_keep_unknown_fields)
{
    static const char card[] =
        "BEGIN:VCARD\r\nVERSION:4.0\r\nUID:c1\r\nFN:Cara Crumb\r\n"
        "N:Crumb;Cara;;;\r\nIMPP;PREF=1:xmpp:cara@example.com\r\n"
        "X-PHONETIC:kara\r\nLANG;TYPE=work:de\r\nEND:VCARD\r\n";

    put(HOME "contacts/c.vcf", card, NULL);
    struct dav_answer answer =
        dav_do(world, "GET", HOME "contacts/c.vcf",
               "Accept: text/vcard; version=4.0\r\n", NULL);
    cr_expect(dav_has(&answer, "IMPP;PREF=1:xmpp:cara@example.com\r\n"), "%s",
              answer.body);
    cr_expect(dav_has(&answer, "X-PHONETIC:kara\r\n"), "%s", answer.body);
    cr_expect(dav_has(&answer, "LANG;TYPE=work:de\r\n"), "%s", answer.body);
}

#define DAILY(MORE)                                                            \
    VCALENDAR("BEGIN:VEVENT\r\nUID:long\r\nDTSTAMP:20260101T000000Z\r\n"       \
              "DTSTART:20260601T100000Z\r\nDTEND:20260601T110000Z\r\n"         \
              "RRULE:FREQ=DAILY;COUNT=900\r\n"                                 \
              "SUMMARY:Stand-up\r\nEND:VEVENT\r\n" MORE)
#define ON_DAY(DAY)                                                            \
    DAILY("BEGIN:VEVENT\r\nUID:long\r\nDTSTAMP:20260101T000000Z\r\n"           \
          "RECURRENCE-ID:" DAY "T100000Z\r\nDTSTART:" DAY "T120000Z\r\n"       \
          "DTEND:" DAY "T130000Z\r\nSUMMARY:Later\r\nEND:VEVENT\r\n")

Test(caldav_prior_art,
     the_kth_occurrence_of_a_long_series_must_cost_constant_requests)
{
    static const char *const days[] = { ON_DAY("20260603"),
                                        ON_DAY("20280601") };
    struct exchange *exchange = dav_world_exchange(world);
    unsigned costs[2];

    for (size_t i = 0; i < 2; i++) {
        dav_do(world, "DELETE", HOME "calendar/l.ics", NULL, NULL);
        put(HOME "calendar/l.ics", DAILY(""), NULL);
        put(HOME "calendar/l.ics", DAILY(""), NULL);
        unsigned before = exchange_calls(exchange, NULL);
        put(HOME "calendar/l.ics", days[i], NULL);
        costs[i] = exchange_calls(exchange, NULL) - before;
        struct dav_answer answer =
            dav_do(world, "GET", HOME "calendar/l.ics", NULL, NULL);
        cr_expect(dav_has(&answer, "SUMMARY:Later\r\n"), "%s", answer.body);
    }
    cr_expect(costs[0] == costs[1], "%u and %u calls", costs[0], costs[1]);
    cr_expect(costs[1] <= 5, "%u calls", costs[1]);
}

Test(caldav_prior_art, tags_are_quoted_in_headers_and_bodies)
{
    put(HOME "calendar/a.ics", EVENT("one", "1"), NULL);
    const char *tag = etag(HOME "calendar/a.ics");
    struct dav_answer answer = dav_do(world, "PROPFIND", HOME "calendar/a.ics",
                                      DEPTH_0, PROPFIND("<getetag/>"));

    cr_expect(tag[0] == '"' && tag[strlen(tag) - 1] == '"', "%s", tag);
    cr_expect(dav_has(&answer, "<D:getetag>&quot;"), "%s", answer.body);
}

Test(caldav_prior_art, a_failure_at_exchange_is_never_a_success)
{
    static const enum exchange_fault faults[] = {
        FAULT_HTTP_500,  FAULT_HTTP_503,  FAULT_SERVER_BUSY,
        FAULT_TRUNCATED, FAULT_MALFORMED, FAULT_RESET_BEFORE
    };

    put(HOME "calendar/a.ics", EVENT("one", "1"), NULL);
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        const struct exchange_fault_rule rule = { .fault = faults[i],
                                                  .times = 1000 };

        exchange_set_fault(dav_world_exchange(world), &rule);
        struct dav_answer answer = dav_do(world, "PUT", HOME "calendar/b.ics",
                                          NULL, EVENT("two", "2"));
        cr_expect(answer.code >= 500, "%zu: %d", i, answer.code);
        answer = dav_do(world, "PROPFIND", HOME "calendar/", DEPTH_1, NULL);
        cr_expect(answer.code >= 500 || answer.torn, "%zu: %d", i, answer.code);
        exchange_clear_faults(dav_world_exchange(world));
    }
}
