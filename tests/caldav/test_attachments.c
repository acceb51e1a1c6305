/*
 * test_attachments.c - managed attachments (RFC 8607)
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/caldav/client.h"
#include "tests/caldav/texts.h"
#include "tests/exchange/exchange.h"

#define TARGET HOME "calendar/a.ics"
#define OTHER HOME "calendar/b.ics"
#define FILE_CALLED(NAME)                                                      \
    "Content-Type: text/plain\r\n"                                             \
    "Content-Disposition: attachment; " NAME "\r\n"
#define FILE_FIELDS FILE_CALLED("filename=\"recipe.txt\"")
#define SHOWN "Prefer: return=representation\r\n"
#define ADD "?action=attachment-add"
#define WITH(LINES) EVENT_WITH("one", "Lunch", LINES)
#define AS_BOB "Authorization: Basic Ym9iQGV4YW1wbGUuY29tOnNlY3JldA==\r\n"

static struct dav_world *world;

static void begin(void)
{
    world = dav_world_new();
    struct dav_answer answer =
        dav_do(world, "PUT", TARGET, CALENDAR, EVENT("one", "Lunch"));
    cr_assert(answer.code == 201);
}

static void end(void)
{
    dav_world_free(&world);
}

TestSuite(caldav_attachments, .init = begin, .fini = end);

/* --- Helpers -------------------------------------------------------------- */

/* The text of an event without its folds; to be freed. */
static char *text_of(const char *target)
{
    const char *text = dav_do(world, "GET", target, NULL, NULL).body;
    char *out = calloc(1, strlen(text) + 1);
    size_t len = 0;

    while (*text != '\0') {
        if (strncmp(text, "\r\n ", 3) == 0)
            text += 3;
        else
            out[len++] = *text++;
    }
    return out;
}

/* The nth line of an event that has an attachment, from 0; NULL if there is
 * none. */
static char *line_of(const char *target, size_t nth)
{
    char *text = text_of(target), *line = NULL;

    for (char *at = text; (at = strstr(at, "\r\nATTACH;")) != NULL; at++)
        if (nth-- == 0) {
            line = strndup(at + 2, strcspn(at + 2, "\r"));
            break;
        }
    free(text);
    return line;
}

/* The path of the first attachment's URL; NULL if it has none. */
static char *link_of(const char *target)
{
    static const char front[] = ":http://localhost";
    char *line = line_of(target, 0);
    char *url = line != NULL ? strstr(line, front) : NULL;
    char *link = url != NULL ? strdup(url + strlen(front)) : NULL;

    free(line);
    return link;
}

static struct dav_answer post_to(const char *target, const char *query,
                                 const char *fields, const char *body)
{
    char whole[2000];

    snprintf(whole, sizeof whole, "%s?action=%s", target, query);
    return dav_do(world, "POST", whole, fields, body);
}

/* The same with an id at the end. */
static struct dav_answer post(const char *query, const char *id,
                              const char *body)
{
    char whole[1000];

    snprintf(whole, sizeof whole, "%s%s%s", query,
             id != NULL ? "&managed-id=" : "", id != NULL ? id : "");
    return post_to(TARGET, whole, FILE_FIELDS, body);
}

static const char *id_in(struct dav_answer *answer)
{
    const char *id = dav_answer_field(world, answer, "Cal-Managed-ID");

    cr_assert(id != NULL, "%d %s %s", answer->code, answer->header,
              answer->body);
    return id;
}

static void expect_content(const char *link, const char *content)
{
    struct dav_answer answer = dav_do(world, "GET", link, NULL, NULL);

    cr_expect_eq(answer.code, content != NULL ? 200 : 404, "%s: %d", link,
                 answer.code);
    if (content != NULL)
        cr_expect_str_eq(answer.body, content);
}

/* --- One event ------------------------------------------------------------ */

Test(caldav_attachments, are_added_read_replaced_and_taken_away)
{
    struct dav_answer answer = post("attachment-add", NULL, "Flour");

    cr_assert_eq(answer.code, 201, "%d %s", answer.code, answer.body);
    const char *id = id_in(&answer);
    char *link = link_of(TARGET);
    cr_assert(link != NULL);
    cr_expect(strncmp(link, TARGET "/", strlen(TARGET "/")) == 0, "%s", link);
    cr_expect(strstr(link, "/recipe.txt") != NULL, "%s", link);
    const char *location = dav_answer_field(world, &answer, "Location");
    cr_assert(location != NULL);
    cr_expect_str_eq(location + strlen("http://localhost"), link);
    answer = dav_do(world, "GET", link, NULL, NULL);
    cr_expect_str_eq(answer.body, "Flour");
    cr_expect(strstr(answer.header,
                     "Content-Disposition: attachment; filename=\"recipe.txt\";"
                     " filename*=UTF-8''recipe.txt\r\n") != NULL,
              "%s", answer.header);
    cr_expect(strstr(answer.header, "Content-Type: text/plain") != NULL);

    answer = post("attachment-update", id, "Sugar");
    cr_expect(answer.code == 200, "%d %s", answer.code, answer.body);
    cr_expect_str_neq(id_in(&answer), id);
    expect_content(link, NULL);
    free(link);
    link = link_of(TARGET);
    cr_assert(link != NULL);
    expect_content(link, "Sugar");

    answer = post("attachment-remove", id_in(&answer), NULL);
    cr_expect(answer.code == 204, "%d %s", answer.code, answer.body);
    cr_expect(strstr(answer.header, "\r\nLocation:") == NULL);
    char *none = link_of(TARGET);
    cr_expect(none == NULL, "%s", none);
    expect_content(link, NULL);
    free(link);
}

/* They are in files that have been sent long ago. */
Test(caldav_attachments, are_found_by_the_urls_they_had_before)
{
    char target[1000];
    struct dav_answer answer = post("attachment-add", NULL, "Flour");

    snprintf(target, sizeof target, TARGET "?attachment=%s", id_in(&answer));
    expect_content(target, "Flour");
    expect_content(TARGET "?attachment=AAMkADx", NULL);
    expect_content(TARGET "?attachment=", NULL);
}

Test(caldav_attachments, are_read_once_by_who_has_them_already)
{
    char fields[200];

    post("attachment-add", NULL, "Flour");
    char *link = link_of(TARGET);
    cr_assert(link != NULL);
    struct dav_answer answer = dav_do(world, "GET", link, NULL, NULL);
    const char *tag = dav_answer_field(world, &answer, "ETag");
    cr_assert(tag != NULL);
    answer = dav_do(world, "HEAD", link, NULL, NULL);
    cr_expect_eq(answer.code, 200);
    cr_expect_eq(answer.len, 0);
    cr_expect(strstr(answer.header, "Content-Length: 5\r\n") != NULL, "%s",
              answer.header);
    snprintf(fields, sizeof fields, "If-None-Match: %s\r\n", tag);
    cr_expect_eq(dav_do(world, "GET", link, fields, NULL).code, 304);
    snprintf(fields, sizeof fields, "If-Match: %s\r\n", tag);
    cr_expect_eq(dav_do(world, "GET", link, fields, NULL).code, 200);
    cr_expect_eq(
        dav_do(world, "GET", link, "If-Match: \"other\"\r\n", NULL).code, 412);
    free(link);
}

/* Below an event there is nothing that could be listed, written or deleted. */
Test(caldav_attachments, are_read_and_nothing_else)
{
    static const char *const methods[] = { "PUT",   "DELETE", "PROPFIND",
                                           "MKCOL", "POST",   "MOVE" };

    post("attachment-add", NULL, "Flour");
    char *link = link_of(TARGET);
    cr_assert(link != NULL);
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        struct dav_answer answer = dav_do(world, methods[i], link, NULL, NULL);

        cr_expect_eq(answer.code, 405, "%s: %d", methods[i], answer.code);
        cr_expect(strstr(answer.header, "Allow: OPTIONS, GET, HEAD\r\n") !=
                      NULL,
                  "%s", answer.header);
    }
    struct dav_answer answer = dav_do(world, "PROPFIND", HOME "calendar/",
                                      DEPTH_1, PROPFIND("<getetag/>"));
    cr_expect_eq(dav_count(answer.body, "<D:response>"), 2, "%s", answer.body);
    expect_content(link, "Flour");
    free(link);
}

Test(caldav_attachments, are_not_for_strangers)
{
    char request[1000];

    post("attachment-add", NULL, "Flour");
    char *link = link_of(TARGET);
    cr_assert(link != NULL);
    snprintf(request, sizeof request,
             "GET %s HTTP/1.1\r\nHost: localhost\r\n" AS_BOB "\r\n", link);
    struct dav_answer answer = dav_raw(world, request);
    cr_expect(answer.code == 404 || answer.code == 403, "%d", answer.code);
    snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: a\r\n\r\n",
             link);
    cr_expect_eq(dav_raw(world, request).code, 401);
    free(link);
}

/* clang-format off */
static const struct {
    const char *field;
    const char *shown; /* the parameter of the event's text */
    const char *link;  /* how the URL ends */
    const char *field_back;
} names[] = {
    { FILE_CALLED("filename=plain.txt"), ";FILENAME=plain.txt;", "/plain.txt",
      "filename=\"plain.txt\"; filename*=UTF-8''plain.txt\r\n" },
    { FILE_CALLED("filename=\"a \\\"b\\\".txt\""), ";FILENAME=a ^'b^'.txt;", "/a%20%22b%22.txt",
      "filename=\"a _b_.txt\"; filename*=UTF-8''a%20%22b%22.txt\r\n" },
    { FILE_CALLED("filename=\"x\"; filename*=UTF-8'de'K%C3%A4se%20100%25.txt"),
      ";FILENAME=K\xC3\xA4se 100%.txt;", "/K%C3%A4se%20100%25.txt",
      "filename=\"K_se 100_.txt\"; filename*=UTF-8''K%C3%A4se%20100%25.txt\r\n" },
    { FILE_CALLED("filename=\"C:\\\\My Files\\\\a.txt\""), ";FILENAME=a.txt;", "/a.txt",
      "filename=\"a.txt\"; filename*=UTF-8''a.txt\r\n" },
    { FILE_CALLED("filename=\"../../etc/passwd\""), ";FILENAME=passwd;", "/passwd",
      "filename=\"passwd\"; filename*=UTF-8''passwd\r\n" },
    { FILE_CALLED("filename=\"..\""), ";FILENAME=..;", "/attachment",
      "filename=\"..\"; filename*=UTF-8''..\r\n" },
    { FILE_CALLED("filename=\"a;MANAGED-ID=x:y.txt\""), ";FILENAME=\"a;MANAGED-ID=x:y.txt\";",
      "/a%3BMANAGED-ID=x%3Ay.txt",
      "filename=\"a;MANAGED-ID=x:y.txt\"; filename*=UTF-8''a%3BMANAGED-ID%3Dx%3Ay.txt\r\n" },
    { FILE_CALLED("filename"), ";FILENAME=attachment;", "/attachment",
      "filename=\"attachment\"; filename*=UTF-8''attachment\r\n" },
};
/* clang-format on */

static bool ends_with(const char *text, const char *end)
{
    size_t len = strlen(text), tail = strlen(end);

    return len >= tail && strcmp(text + len - tail, end) == 0;
}

Test(caldav_attachments, are_called_as_their_files_are)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct dav_answer answer =
            post_to(TARGET, "attachment-add", names[i].field, "Flour");
        char *line = line_of(TARGET, 0), *link = link_of(TARGET);

        cr_assert(line != NULL && link != NULL, "%zu", i);
        cr_expect(strstr(line, names[i].shown) != NULL, "%zu: %s", i, line);
        cr_expect(ends_with(link, names[i].link), "%zu: %s", i, link);
        cr_expect_str_eq(dav_answer_field(world, &answer, "Location") +
                             strlen("http://localhost"),
                         link);
        struct dav_answer got = dav_do(world, "GET", link, NULL, NULL);
        cr_expect_str_eq(got.body, "Flour", "%zu", i);
        cr_expect(strstr(got.header, names[i].field_back) != NULL, "%zu: %s", i,
                  got.header);
        post("attachment-remove", id_in(&answer), NULL);
        free(line);
        free(link);
    }
}

Test(caldav_attachments, stay_when_a_client_writes_the_event)
{
    post("attachment-add", NULL, "Flour");
    struct dav_answer got = dav_do(world, "GET", TARGET, NULL, NULL);
    char *text = strdup(got.body);
    char *summary = strstr(text, "SUMMARY:Lunch");

    cr_assert(summary != NULL);
    memcpy(summary, "SUMMARY:Lunxx", strlen("SUMMARY:Lunxx"));
    struct dav_answer answer = dav_do(world, "PUT", TARGET, CALENDAR, text);
    cr_expect(answer.code == 204, "%d %s", answer.code, answer.body);
    char *link = link_of(TARGET);
    cr_assert(link != NULL);
    expect_content(link, "Flour");
    free(link);
    free(text);
}

/* What a client says of a file is not what it is, and a client that knows no
 * MANAGED-ID still has the URL. */
Test(caldav_attachments, are_what_exchange_says_whatever_a_client_writes)
{
    struct dav_answer answer = post("attachment-add", NULL, "Flour");
    const char *id = id_in(&answer);
    char *line = line_of(TARGET, 0), *link = link_of(TARGET);
    char texts[3][1000];

    cr_assert(line != NULL && link != NULL);
    snprintf(texts[0], sizeof texts[0],
             "ATTACH;MANAGED-ID=%s;FILENAME=other;SIZE=99:http://example.com/x",
             id);
    snprintf(texts[1], sizeof texts[1], "ATTACH:http://localhost%s", link);
    snprintf(texts[2], sizeof texts[2], "ATTACH;FMTTYPE=text/plain:%s", link);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        char text[4000];

        snprintf(text, sizeof text, WITH("%s\r\n"), texts[i]);
        answer = dav_do(world, "PUT", TARGET, CALENDAR, text);
        cr_expect_eq(answer.code, 204, "%s: %d", texts[i], answer.code);
        cr_expect(strstr(answer.header, "\r\nETag:") == NULL, "%s", texts[i]);
        char *now = line_of(TARGET, 0);
        cr_assert(now != NULL, "%s", texts[i]);
        cr_expect_str_eq(now, line);
        free(now);
        expect_content(link, "Flour");
    }
    free(line);
    free(link);
}

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
    return dav_do(world, "REPORT", HOME "calendar/", NULL, body);
}

/* Each change is told once, with the tag that the client has been given. */
static void expect_one_change(const char *query, const char *body)
{
    struct dav_answer answer = sync_from("");
    char *before = token_of(&answer);
    char *old = strdup(answer.body);

    answer = post(query, NULL, body);
    cr_assert(answer.code / 100 == 2, "%s: %d %s", query, answer.code,
              answer.body);
    const char *tag = dav_answer_field(world, &answer, "ETag");
    cr_assert(tag != NULL && strlen(tag) > 2);
    /* Without its quotes, which XML writes in another way. */
    char *bare = strndup(tag + 1, strlen(tag) - 2);
    cr_expect(strstr(old, bare) == NULL, "%s is not new", bare);
    answer = sync_from(before);
    cr_expect_eq(dav_count(answer.body, "<D:response>"), 1, "%s", answer.body);
    cr_expect(strstr(answer.body, bare) != NULL, "%s in %s", bare, answer.body);
    char *after = token_of(&answer);
    answer = dav_do(world, "GET", TARGET, NULL, NULL);
    cr_expect_str_eq(dav_answer_field(world, &answer, "ETag"), tag);
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

#define SERIES_WITH(LINES)                                                     \
    EVENT_WITH("one", "Lunch", "RRULE:FREQ=DAILY;COUNT=5\r\n" LINES)
#define DAY(N) "2026060" N "T100000Z"
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
    struct dav_answer answer = dav_do(world, "PUT", TARGET, CALENDAR, text);

    cr_assert(answer.code == 204, "%d %s", answer.code, answer.body);
}

Test(caldav_attachments, change_the_tags_once)
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
    char *text = text_of(TARGET);
    char *part = part_of(text, day);
    int count = part != NULL ? (int)dav_count(part, "\r\nATTACH;") : -1;

    free(part);
    free(text);
    return count;
}

/* The id of the first file of a day; to be freed. */
static char *id_of(const char *day)
{
    char *text = text_of(TARGET);
    char *part = part_of(text, day);
    const char *at = part != NULL ? strstr(part, ";MANAGED-ID=") : NULL;

    cr_assert(at != NULL, "%s", text);
    at += strlen(";MANAGED-ID=");
    char *id = strndup(at, strcspn(at, ";:"));
    free(part);
    free(text);
    return id;
}

Test(caldav_attachments, belong_to_days_that_are_named)
{
    be_series(SERIES);
    struct dav_answer answer =
        post("attachment-add&rid=" DAY("2") "," DAY("4"), NULL, "Flour");
    cr_assert_eq(answer.code, 201, "%d %s", answer.code, answer.body);
    cr_expect_eq(files_of(NULL), 0);
    cr_expect_eq(files_of(DAY("2")), 1);
    cr_expect_eq(files_of(DAY("3")), -1);
    cr_expect_eq(files_of(DAY("4")), 1);
    char *id = id_of(DAY("2"));
    cr_expect_str_eq(id_in(&answer), id);
    char *link = link_of(TARGET);
    expect_content(link, "Flour");
    free(link);

    answer = post("attachment-remove&rid=" DAY("2"), id, NULL);
    cr_expect_eq(answer.code, 204, "%d %s", answer.code, answer.body);
    cr_expect_leq(files_of(DAY("2")), 0);
    cr_expect_eq(files_of(DAY("4")), 1);
    free(id);
}

/* A day has what its series has: it needs no copy. */
Test(caldav_attachments, belong_to_the_series_and_to_days)
{
    be_series(SERIES);
    struct dav_answer answer =
        post("attachment-add&rid=" DAY("3") ",M", NULL, "Flour");
    cr_assert_eq(answer.code, 201, "%d %s", answer.code, answer.body);
    cr_expect_eq(files_of(NULL), 1);
    cr_expect_eq(files_of(DAY("3")), -1);
}

Test(caldav_attachments, go_from_a_day_and_stay_at_the_series)
{
    be_series(SERIES);
    struct dav_answer answer = post("attachment-add", NULL, "Flour");
    char *id = strdup(id_in(&answer));

    answer = post("attachment-remove&rid=" DAY("3"), id, NULL);
    cr_assert_eq(answer.code, 204, "%d %s", answer.code, answer.body);
    cr_expect_eq(files_of(NULL), 1);
    cr_expect_eq(files_of(DAY("3")), 0);
    char *link = link_of(TARGET);
    expect_content(link, "Flour");
    free(link);
    free(id);
}

/* RFC 8607, 3.4: without any day all of them are meant, those as well that have
 * files of their own. */
Test(caldav_attachments, of_the_whole_series_are_at_all_of_its_days)
{
    be_series(SERIES_AND(EXCEPTION("2", "Soup") EXCEPTION("4", "Salad")));
    post("attachment-add&rid=" DAY("4"), NULL, "Mine");
    struct dav_answer answer = post("attachment-add", NULL, "Flour");
    cr_assert_eq(answer.code, 201, "%d %s", answer.code, answer.body);
    cr_expect_eq(files_of(NULL), 1);
    cr_expect_eq(files_of(DAY("2")), 1);
    cr_expect_eq(files_of(DAY("4")), 2);

    answer = post("attachment-update", id_in(&answer), "Sugar!");
    cr_assert_eq(answer.code, 200, "%d %s", answer.code, answer.body);
    cr_expect_eq(files_of(NULL), 1);
    cr_expect_eq(files_of(DAY("2")), 1);
    cr_expect_eq(files_of(DAY("4")), 2);
    char *text = text_of(TARGET);
    cr_expect_eq(dav_count(text, "SIZE=5:"), 0, "%s", text);
    cr_expect_eq(dav_count(text, "SIZE=4:"), 1, "%s", text);
    free(text);

    answer = post("attachment-remove", id_in(&answer), NULL);
    cr_assert_eq(answer.code, 204, "%d %s", answer.code, answer.body);
    cr_expect_eq(files_of(NULL), 0);
    cr_expect_eq(files_of(DAY("2")), 0);
    cr_expect_eq(files_of(DAY("4")), 1);
}

/* --- Other events --------------------------------------------------------- */

/* Puts an event with a line of another one; its code. */
static int put_with(const char *target, const char *uid, const char *line)
{
    char text[2000];

    snprintf(text, sizeof text, EVENT_WITH("%s", "Other", "%s\r\n"), uid, line);
    return dav_do(world, "PUT", target, CALENDAR, text).code;
}

Test(caldav_attachments, come_along_to_another_event)
{
    struct dav_answer answer = post("attachment-add", NULL, "Flour");
    char *line = line_of(TARGET, 0);

    cr_assert(line != NULL);
    cr_expect_eq(put_with(OTHER, "two", line), 201);
    post("attachment-remove", id_in(&answer), NULL);
    char *link = link_of(OTHER);
    cr_assert(link != NULL);
    cr_expect(strncmp(link, OTHER "/", strlen(OTHER "/")) == 0, "%s", link);
    expect_content(link, "Flour");
    char *other = line_of(OTHER, 0);
    cr_expect(strstr(other, ";FILENAME=recipe.txt;") != NULL, "%s", other);
    cr_expect(strstr(other, ";FMTTYPE=text/plain") != NULL, "%s", other);
    /* It has gone from the first one by now. */
    cr_expect_eq(put_with(HOME "calendar/c.ics", "three", line), 403);
    free(other);
    free(link);
    free(line);
}

/* By its id alone it could not be kept. */
Test(caldav_attachments, that_nobody_knows_are_not_written)
{
    static const char *const lines[] = {
        "ATTACH;MANAGED-ID=none;FILENAME=a.txt:http://localhost/a",
        "ATTACH;MANAGED-ID=none:http://elsewhere/users/ann@example.com/calendar"
        "/a.ics/none/a.txt",
        "ATTACH;MANAGED-ID=none:" HOME "calendar/a.ics/none/a.txt",
        "ATTACH;MANAGED-ID=none:" HOME "calendar/a.ics?attachment=none",
        "ATTACH;MANAGED-ID=none:/users/" BOB "/calendar/a.ics/none/a.txt",
        "ATTACH;MANAGED-ID=none:mailto:a",
    };
    char text[1000];
    struct dav_answer answer;

    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        snprintf(text, sizeof text, WITH("%s\r\n"), lines[i]);
        answer = dav_do(world, "PUT", TARGET, CALENDAR, text);
        cr_expect(answer.code == 403 &&
                      dav_has(&answer, "<C:valid-managed-id-parameter/>"),
                  "%s: %d %s", lines[i], answer.code, answer.body);
        answer = dav_do(world, "PUT", HOME "calendar/new.ics", CALENDAR, text);
        cr_expect_eq(answer.code, 403);
    }
    answer = dav_do(world, "PUT", TARGET, CALENDAR,
                    WITH("ATTACH:http://localhost/MANAGED-ID\r\n"));
    cr_expect_eq(answer.code, 204);
}

/* --- Answers -------------------------------------------------------------- */

/* clang-format off */
static const struct dav_step adding[] = {
    { "one that is added", "POST", TARGET ADD, FILE_FIELDS, "Flour",
      201, { "Location: http://localhost" TARGET "/", "Cal-Managed-ID: ", "ETag: \"" }, "VEVENT" },
    { "and shown", "POST", TARGET ADD, FILE_FIELDS SHOWN, "Sugar",
      201, { "Content-Location: " TARGET "\r\n", "Preference-Applied: return=representation\r\n",
             "\r\nATTACH;" }, NULL },
    { "as the calendar's text", "POST", TARGET ADD, FILE_FIELDS SHOWN, "Salt",
      201, { "Cal-Managed-ID: ", "Content-Type: text/calendar; charset=utf-8\r\n", "ETag: \"" },
      NULL },
};

static const struct dav_step offers[] = {
    { "days are on offer, too", "OPTIONS", HOME "calendar/", NULL, NULL,
      200, { "calendar-managed-attachments" }, "no-recurrence" },
    { "how big they may be, and how many", "PROPFIND", HOME "calendar/", DEPTH_0,
      PROPFIND("<C:max-attachment-size/><C:max-attachments-per-resource/>"),
      207, { "<C:max-attachment-size>33554432</C:max-attachment-size>",
             "<C:max-attachments-per-resource>200</C:max-attachments-per-resource>" }, "404" },
    { "tasks have none", "PROPFIND", HOME "tasks/", DEPTH_0,
      PROPFIND("<C:max-attachment-size/>"), 207, { "404 Not Found" }, NULL },
    { "where they are", "PROPFIND", HOME, DEPTH_0,
      PROPFIND("<C:managed-attachments-server-URL/>"),
      207, { "<C:managed-attachments-server-URL><D:href>http://localhost/</D:href>" }, "404" },
};

#define NO_DAY TARGET "?action=attachment-add&rid="

static const struct dav_step mistakes[] = {
    { "no such action", "POST", TARGET "?action=attachment-eat", NULL, "x",
      403, { "<C:valid-action/>" }, NULL },
    { "no action", "POST", TARGET "?action=", NULL, "x", 403, { "<C:valid-action/>" }, NULL },
    { "no attachment named", "POST", TARGET "?action=attachment-remove", NULL, NULL,
      403, { "<C:valid-managed-id/>" }, NULL },
    { "one named to add", "POST", TARGET "?action=attachment-add&managed-id=x", NULL, "x",
      403, { "<C:valid-managed-id/>" }, NULL },
    { "no such attachment", "POST", TARGET "?action=attachment-remove&managed-id=x", NULL, NULL,
      403, { "<C:valid-managed-id/>" }, NULL },
    { "nothing to replace", "POST", TARGET "?action=attachment-update&managed-id=x", NULL, "x",
      403, { "<C:valid-managed-id/>" }, NULL },
    { "a day of what has none", "POST", NO_DAY "20260601T100000Z", NULL, "x",
      403, { "<C:valid-rid/>" }, NULL },
    { "no day", "POST", NO_DAY, NULL, "x", 403, { "<C:valid-rid/>" }, NULL },
    { "what is no day", "POST", NO_DAY "tomorrow", NULL, "x", 403, { "<C:valid-rid/>" }, NULL },
    { "days to replace at", "POST", TARGET "?action=attachment-update&managed-id=x&rid=M", NULL, "x",
      403, { "<C:valid-rid/>" }, NULL },
    { "no such event", "POST", OTHER "?action=attachment-add", NULL, "x", 404, { NULL }, NULL },
    { "nothing to do", "POST", TARGET, NULL, "x", 400, { NULL }, NULL },
    { "an attachment of another event", "GET", TARGET "/AAMkADx/a.txt", NULL, NULL,
      404, { NULL }, NULL },
    { "less than one", "GET", TARGET "/AAMkADx", NULL, NULL, 404, { NULL }, NULL },
    { "more than one", "GET", TARGET "/AAMkADx/a/b", NULL, NULL, 404, { NULL }, NULL },
    { "of no event", "GET", OTHER "/AAMkADx/a.txt", NULL, NULL, 404, { NULL }, NULL },
    { "of a contact", "GET", HOME "contacts/a.vcf/AAMkADx/a.txt", NULL, NULL, 404, { NULL }, NULL },
    { "a task", "PUT", HOME "tasks/t.ics", CALENDAR, TASK("t", "Bread"), 201, { NULL }, NULL },
    { "which has no files", "POST", HOME "tasks/t.ics?action=attachment-add", NULL, "x",
      403, { NULL }, NULL },
    { "a series", "PUT", TARGET, CALENDAR,
      SERIES_WITH("EXDATE:" DAY("2") "\r\n"), 204, { NULL }, NULL },
    { "a day that is none of its", "POST", NO_DAY "20260609T100000Z", NULL, "x",
      403, { "<C:valid-rid/>" }, NULL },
    { "another time of the day", "POST", NO_DAY "20260603T110000Z", NULL, "x",
      403, { "<C:valid-rid/>" }, NULL },
    { "a date for a time", "POST", NO_DAY "20260603", NULL, "x", 403, { "<C:valid-rid/>" }, NULL },
    { "a day that is left out", "POST", NO_DAY DAY("2"), NULL, "x",
      403, { "<C:valid-rid/>" }, NULL },
    { "one good, one bad", "POST", NO_DAY DAY("3") "," DAY("2"), NULL, "x",
      403, { "<C:valid-rid/>" }, NULL },
    { "of all that nothing is left", "GET", TARGET, NULL, NULL, 200, { "RRULE" }, "ATTACH" },
};
/* clang-format on */

Test(caldav_attachments, are_answered_with_where_they_are)
{
    DAV_PLAY(world, adding);
}

Test(caldav_attachments, are_told_of_before_they_come)
{
    DAV_PLAY(world, offers);
}

Test(caldav_attachments, say_what_is_wrong)
{
    DAV_PLAY(world, mistakes);
}

/* What is wanted is the text; it is as GET gives it. */
Test(caldav_attachments, are_taken_away_with_the_event_shown)
{
    char query[1000];
    struct dav_answer answer = post("attachment-add", NULL, "Flour");

    snprintf(query, sizeof query, "attachment-remove&managed-id=%s",
             id_in(&answer));
    answer = post_to(TARGET, query, SHOWN, NULL);
    cr_expect(answer.code == 200, "%d %s", answer.code, answer.body);
    cr_expect(strstr(answer.header, "Cal-Managed-ID") == NULL, "%s",
              answer.header);
    cr_expect(strstr(answer.body, "ATTACH") == NULL, "%s", answer.body);
    struct dav_answer got = dav_do(world, "GET", TARGET, NULL, NULL);
    cr_expect_str_eq(answer.body, got.body);
}

Test(caldav_attachments, are_not_taken_where_they_are_too_big)
{
    dav_world_set(world, "caldav.body_limit", "64K");
    char *big = calloc(1, (64 << 10) + 2);
    memset(big, 'x', (64 << 10) + 1);
    struct dav_answer answer = post("attachment-add", NULL, big);
    cr_expect(answer.code == 403 &&
                  dav_has(&answer, "<C:max-attachment-size/>"),
              "%d %s", answer.code, answer.body);
    cr_expect(answer.closed);
    free(big);
}

Test(caldav_attachments, are_not_taken_where_there_are_too_many)
{
    size_t size = 200 * 80 + 1000, len = 0;
    char *lines = calloc(1, size), *text = calloc(1, size);

    for (int i = 0; i < 200; i++)
        len += (size_t)snprintf(lines + len, size - len,
                                "ATTACH;FILENAME=%d;ENCODING=BASE64;VALUE="
                                "BINARY:YQ==\r\n",
                                i);
    snprintf(text, size, EVENT_WITH("one", "Lunch", "%s"), lines);
    cr_assert_eq(dav_do(world, "PUT", TARGET, CALENDAR, text).code, 204);
    struct dav_answer answer = post("attachment-add", NULL, "Flour");
    cr_expect(answer.code == 403 &&
                  dav_has(&answer, "<C:max-attachments-per-resource/>"),
              "%d %s", answer.code, answer.body);
    free(lines);
    free(text);
}
