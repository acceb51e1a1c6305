/*
 * test_between.c - what changes between two calls to Exchange
 *
 * A text and its tag are one thing in every answer, whatever anybody does while
 * it is made.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/caldav/client.h"
#include "tests/caldav/texts.h"

#define TARGET HOME "calendar/a.ics"
#define TAG "<D:getetag>"

/* A gateway, and another one with somebody else at it. */
static struct dav_world *world, *other;

static void begin(void)
{
    world = dav_world_new();
    other = dav_world_beside(world);
    cr_assert(
        dav_do(world, "PUT", TARGET, CALENDAR, EVENT("one", "First")).code ==
        201);
    cr_assert(dav_do(other, "GET", TARGET, NULL, NULL).code == 200);
}

static void end(void)
{
    dav_world_free(&other);
    dav_world_free(&world);
}

TestSuite(caldav_between, .init = begin, .fini = end);

static void change(void *context)
{
    dav_do(context, "PUT", TARGET, CALENDAR, EVENT("one", "Second"));
}

/* Before the next call of that operation somebody changes the event. */
static void change_before(const char *operation, struct dav_world *by)
{
    exchange_interject(dav_world_exchange(world), operation, change, by);
}

static const char *tag_now(void)
{
    struct dav_answer answer = dav_do(world, "GET", TARGET, NULL, NULL);

    cr_assert(dav_has(&answer, "SUMMARY:Second"), "%s", answer.body);
    return dav_answer_field(world, &answer, "ETag");
}

/* The tag in the answer to a report, without quotes. */
static const char *tag_in(const struct dav_answer *answer)
{
    static char tag[64];
    const char *at = strstr(answer->body, TAG "&quot;");

    cr_assert_not_null(at, "%s", answer->body);
    at += strlen(TAG "&quot;");
    snprintf(tag, sizeof tag, "\"%.*s\"", (int)strcspn(at, "&"), at);
    return tag;
}

Test(caldav_between, a_text_is_told_with_its_own_tag)
{
    change_before("GetItem", other);
    struct dav_answer answer = dav_do(world, "GET", TARGET, NULL, NULL);
    const char *told = dav_answer_field(world, &answer, "ETag");

    cr_expect(dav_has(&answer, "SUMMARY:Second"), "%s", answer.body);
    cr_expect_str_eq(told, tag_now());
    cr_expect_eq(exchange_calls(dav_world_exchange(world), "UpdateItem"), 1u);
}

Test(caldav_between, a_condition_is_about_what_is_told)
{
    struct dav_answer answer =
        dav_do(world, "PROPFIND", TARGET, DEPTH_0, PROPFIND("<getetag/>"));
    char fields[100];

    snprintf(fields, sizeof fields, "If-Match: %s\r\n", tag_in(&answer));
    change_before("GetItem", other);
    answer = dav_do(world, "GET", TARGET, fields, NULL);
    cr_expect_eq(answer.code, 412, "it is another by now: %d", answer.code);
    cr_expect_str_eq(dav_answer_field(world, &answer, "ETag"), tag_now());
}

/* clang-format off */
static const struct {
    const char *name;
    const char *body;
} reports[] = {
    { "calendar-multiget", "<C:calendar-multiget" NS "><prop><getetag/><C:calendar-data/></prop>"
      "<href>" TARGET "</href></C:calendar-multiget>" },
    { "calendar-query", "<C:calendar-query" NS "><prop><getetag/><C:calendar-data/></prop><C:filter>"
      "<C:comp-filter name=\"VCALENDAR\"/></C:filter></C:calendar-query>" },
};
/* clang-format on */

Test(caldav_between, reports_tell_it_so_as_well)
{
    for (size_t i = 0; i < sizeof reports / sizeof *reports; i++) {
        dav_do(other, "PUT", TARGET, CALENDAR, EVENT("one", "Third"));
        change_before("GetItem", other);
        struct dav_answer answer =
            dav_do(world, "REPORT", HOME "calendar/", DEPTH_1, reports[i].body);

        cr_expect(dav_has(&answer, "SUMMARY:Second"), "%s: %s", reports[i].name,
                  answer.body);
        cr_expect_str_eq(tag_in(&answer), tag_now(), "%s", reports[i].name);
    }
}

/* What Exchange has given out before a write of ours is what was there before,
 * and not what the write has made. */
Test(caldav_between, a_write_of_ours_does_not_lend_its_tag)
{
    change_before("GetItem", world);
    struct dav_answer answer = dav_do(world, "GET", TARGET, NULL, NULL);
    const char *told = dav_answer_field(world, &answer, "ETag");
    bool is_new = dav_has(&answer, "SUMMARY:Second");

    cr_expect_eq(is_new, strcmp(told, tag_now()) == 0, "%s", answer.body);
}

/* --- Any state ------------------------------------------------------------ */

#define ANY CALENDAR "If-Match: *\r\n"

Test(caldav_between, any_state_is_met_by_one_that_nobody_has_seen)
{
    change(other);
    cr_expect_eq(dav_do(world, "PUT", TARGET, ANY, EVENT("one", "Third")).code,
                 204);
    struct dav_answer answer = dav_do(other, "GET", TARGET, NULL, NULL);
    cr_expect(dav_has(&answer, "SUMMARY:Third"), "%s", answer.body);
}

Test(caldav_between, any_state_is_met_by_what_has_come_this_moment)
{
    cr_assert(dav_do(other, "PUT", HOME "calendar/b.ics", CALENDAR,
                     EVENT("two", "New"))
                  .code == 201);
    cr_expect_eq(
        dav_do(world, "PUT", HOME "calendar/b.ics", ANY, EVENT("two", "Newer"))
            .code,
        204);
}

Test(caldav_between, any_state_is_not_met_by_what_has_gone)
{
    cr_assert(dav_do(other, "DELETE", TARGET, NULL, NULL).code == 204);
    cr_expect_eq(dav_do(world, "PUT", TARGET, ANY, EVENT("one", "Third")).code,
                 412);
    cr_expect_eq(dav_do(other, "GET", TARGET, NULL, NULL).code, 404);
}

Test(caldav_between, one_state_is_not_met_by_another)
{
    char fields[200];

    dav_do(world, "GET", TARGET, NULL, NULL);
    struct dav_answer answer =
        dav_do(world, "PROPFIND", TARGET, DEPTH_0, PROPFIND("<getetag/>"));
    snprintf(fields, sizeof fields,
             CALENDAR "If-Match: %s\r\nPrefer: return=representation\r\n",
             tag_in(&answer));
    change(other);
    answer = dav_do(world, "PUT", TARGET, fields, EVENT("one", "Third"));
    cr_expect_eq(answer.code, 412);
    cr_expect(dav_has(&answer, "SUMMARY:Second"), "it is shown what is there");
    cr_expect_str_eq(dav_answer_field(world, &answer, "Preference-Applied"),
                     "return=representation");
    cr_expect_str_eq(dav_answer_field(world, &answer, "ETag"), tag_now());
}
