/*
 * test_attachment_days.c - attachments of days of series, and their tags
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/caldav/attachments.h"

TestSuite(caldav_attachment_days, .init = attached_begin, .fini = attached_end);

/* --- Tags ----------------------------------------------------------------- */

#define SYNC(TOKEN)                                                            \
    "<sync-collection" NS "><sync-token>" TOKEN "</sync-token>"                \
    "<sync-level>1</sync-level><prop><getetag/></prop></sync-collection>"

/* The token in an answer; to be freed. */
static char *token_of(const struct dav_answer *answer)
{
    const char *at = strstr(answer->body, "<D:sync-token>");

    cr_assert(at != NULL, "%s", answer->body);
    at += strlen("<D:sync-token>");
    return strndup(at, strcspn(at, "<"));
}

static struct dav_answer sync_from(const char *token)
{
    char body[1000];

    snprintf(body, sizeof body, SYNC("%s"), token);
    return dav_do(attached_world, "REPORT", HOME "calendar/", NULL, body);
}

/* Each change is told once, with the tag that the client has been given. */
static void expect_one_change(const char *query, const char *body)
{
    struct dav_answer answer = sync_from("");
    char *before = token_of(&answer);
    char *old = strdup(answer.body);

    answer = attached_post(query, NULL, body);
    cr_assert(answer.code / 100 == 2, "%s: %d %s", query, answer.code,
              answer.body);
    const char *tag = dav_answer_field(attached_world, &answer, "ETag");
    cr_assert(tag != NULL && strlen(tag) > 2);
    /* Without its quotes, which XML writes in another way. */
    char *bare = strndup(tag + 1, strlen(tag) - 2);
    cr_expect(strstr(old, bare) == NULL, "%s is not new", bare);
    answer = sync_from(before);
    cr_expect_eq(dav_count(answer.body, "<D:response>"), 1, "%s", answer.body);
    cr_expect(strstr(answer.body, bare) != NULL, "%s in %s", bare, answer.body);
    char *after = token_of(&answer);
    answer = dav_do(attached_world, "GET", TARGET, NULL, NULL);
    cr_expect_str_eq(dav_answer_field(attached_world, &answer, "ETag"), tag);
    answer = sync_from(after);
    cr_expect_eq(dav_count(answer.body, "<D:response>"), 0, "%s: %s", query,
                 answer.body);
    char *last = token_of(&answer);
    cr_expect_str_eq(last, after);
    free(bare);
    free(before);
    free(old);
    free(after);
    free(last);
}

#define EXCEPTION(N, SUMMARY)                                                  \
    "BEGIN:VEVENT\r\nUID:one\r\nDTSTAMP:20260101T000000Z\r\n"                  \
    "RECURRENCE-ID:" DAY(N) "\r\nDTSTART:" DAY(                                \
        N) "\r\n"                                                              \
           "DTEND:2026060" N "T110000Z\r\nSUMMARY:" SUMMARY                    \
           "\r\nEND:VEVENT\r\n"
#define SERIES SERIES_WITH("")
#define SERIES_AND(EXCEPTIONS)                                                 \
    VCALENDAR(VEVENT_WITH("one", "Lunch", "RRULE:FREQ=DAILY;COUNT=5\r\n")      \
                  EXCEPTIONS)

static void be_series(const char *text)
{
    struct dav_answer answer =
        dav_do(attached_world, "PUT", TARGET, CALENDAR, text);

    cr_assert(answer.code == 204, "%d %s", answer.code, answer.body);
}

Test(caldav_attachment_days, change_the_tags_once)
{
    expect_one_change("attachment-add", "Flour");
    be_series(SERIES);
    expect_one_change("attachment-add", "Sugar");
    expect_one_change("attachment-add&rid=" DAY("2"), "Salt");
    expect_one_change("attachment-add", "Butter");
}

/* --- Days ----------------------------------------------------------------- */

/* The part of a text that is about a day (NULL: about the series); to be
 * freed. */
static char *part_of(const char *text, const char *day)
{
    for (const char *at = text; (at = strstr(at, "BEGIN:VEVENT")) != NULL;
         at++) {
        const char *stop = strstr(at, "END:VEVENT");
        char *part = strndup(at, (size_t)(stop - at));
        const char *id = strstr(part, "RECURRENCE-ID");

        if (day == NULL ? id == NULL : id != NULL && strstr(id, day) != NULL)
            return part;
        free(part);
    }
    return NULL;
}

/* How many files the series (day NULL) or a day has; -1: there is no such
 * part. */
static int files_of(const char *day)
{
    char *text = attached_text(TARGET);
    char *part = part_of(text, day);
    int count = part != NULL ? (int)dav_count(part, "\r\nATTACH;") : -1;

    free(part);
    free(text);
    return count;
}

/* The id of the first file of a day; to be freed. */
static char *id_of(const char *day)
{
    char *text = attached_text(TARGET);
    char *part = part_of(text, day);
    const char *at = part != NULL ? strstr(part, ";MANAGED-ID=") : NULL;

    cr_assert(at != NULL, "%s", text);
    at += strlen(";MANAGED-ID=");
    char *id = strndup(at, strcspn(at, ";:"));
    free(part);
    free(text);
    return id;
}

Test(caldav_attachment_days, belong_to_days_that_are_named)
{
    be_series(SERIES);
    struct dav_answer answer = attached_post(
        "attachment-add&rid=" DAY("2") "," DAY("4"), NULL, "Flour");
    cr_assert_eq(answer.code, 201, "%d %s", answer.code, answer.body);
    cr_expect_eq(files_of(NULL), 0);
    cr_expect_eq(files_of(DAY("2")), 1);
    cr_expect_eq(files_of(DAY("3")), -1);
    cr_expect_eq(files_of(DAY("4")), 1);
    char *id = id_of(DAY("2"));
    cr_expect_str_eq(attached_id(&answer), id);
    char *link = attached_link(TARGET);
    attached_expect(link, "Flour");
    free(link);

    answer = attached_post("attachment-remove&rid=" DAY("2"), id, NULL);
    cr_expect_eq(answer.code, 204, "%d %s", answer.code, answer.body);
    cr_expect_leq(files_of(DAY("2")), 0);
    cr_expect_eq(files_of(DAY("4")), 1);
    free(id);
}

/* A day has what its series has: it needs no copy. */
Test(caldav_attachment_days, belong_to_the_series_and_to_days)
{
    be_series(SERIES);
    struct dav_answer answer =
        attached_post("attachment-add&rid=" DAY("3") ",M", NULL, "Flour");
    cr_assert_eq(answer.code, 201, "%d %s", answer.code, answer.body);
    cr_expect_eq(files_of(NULL), 1);
    cr_expect_eq(files_of(DAY("3")), -1);
}

Test(caldav_attachment_days, go_from_a_day_and_stay_at_the_series)
{
    be_series(SERIES);
    struct dav_answer answer = attached_post("attachment-add", NULL, "Flour");
    char *id = strdup(attached_id(&answer));

    answer = attached_post("attachment-remove&rid=" DAY("3"), id, NULL);
    cr_assert_eq(answer.code, 204, "%d %s", answer.code, answer.body);
    cr_expect_eq(files_of(NULL), 1);
    cr_expect_eq(files_of(DAY("3")), 0);
    char *link = attached_link(TARGET);
    attached_expect(link, "Flour");
    free(link);
    free(id);
}

/* RFC 8607, 3.4: without any day all of them are meant, those as well that have
 * files of their own. */
Test(caldav_attachment_days, of_the_whole_series_are_at_all_of_its_days)
{
    be_series(SERIES_AND(EXCEPTION("2", "Soup") EXCEPTION("4", "Salad")));
    attached_post("attachment-add&rid=" DAY("4"), NULL, "Mine");
    struct dav_answer answer = attached_post("attachment-add", NULL, "Flour");
    cr_assert_eq(answer.code, 201, "%d %s", answer.code, answer.body);
    cr_expect_eq(files_of(NULL), 1);
    cr_expect_eq(files_of(DAY("2")), 1);
    cr_expect_eq(files_of(DAY("4")), 2);

    answer = attached_post("attachment-update", attached_id(&answer), "Sugar!");
    cr_assert_eq(answer.code, 200, "%d %s", answer.code, answer.body);
    cr_expect_eq(files_of(NULL), 1);
    cr_expect_eq(files_of(DAY("2")), 1);
    cr_expect_eq(files_of(DAY("4")), 2);
    char *text = attached_text(TARGET);
    cr_expect_eq(dav_count(text, "SIZE=5:"), 0, "%s", text);
    cr_expect_eq(dav_count(text, "SIZE=4:"), 1, "%s", text);
    free(text);

    answer = attached_post("attachment-remove", attached_id(&answer), NULL);
    cr_assert_eq(answer.code, 204, "%d %s", answer.code, answer.body);
    cr_expect_eq(files_of(NULL), 0);
    cr_expect_eq(files_of(DAY("2")), 0);
    cr_expect_eq(files_of(DAY("4")), 1);
}
