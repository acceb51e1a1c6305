/*
 * test_attachments.c - managed attachments (RFC 8607)
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/caldav/attachments.h"

#define AS_BOB "Authorization: Basic Ym9iQGV4YW1wbGUuY29tOnNlY3JldA==\r\n"

TestSuite(caldav_attachments, .init = attached_begin, .fini = attached_end);

Test(caldav_attachments, are_added_read_replaced_and_taken_away)
{
    struct dav_answer answer = attached_post("attachment-add", NULL, "Flour");

    cr_assert_eq(answer.code, 201, "%d %s", answer.code, answer.body);
    const char *id = attached_id(&answer);
    char *link = attached_link(TARGET);
    cr_assert(link != NULL);
    cr_expect(strncmp(link, TARGET "/", strlen(TARGET "/")) == 0, "%s", link);
    cr_expect(strstr(link, "/recipe.txt") != NULL, "%s", link);
    const char *location =
        dav_answer_field(attached_world, &answer, "Location");
    cr_assert(location != NULL);
    cr_expect_str_eq(location + strlen("http://localhost"), link);
    answer = dav_do(attached_world, "GET", link, NULL, NULL);
    cr_expect_str_eq(answer.body, "Flour");
    cr_expect(strstr(answer.header,
                     "Content-Disposition: attachment; filename=\"recipe.txt\";"
                     " filename*=UTF-8''recipe.txt\r\n") != NULL,
              "%s", answer.header);
    cr_expect(strstr(answer.header, "Content-Type: text/plain") != NULL);

    answer = attached_post("attachment-update", id, "Sugar");
    cr_expect(answer.code == 200, "%d %s", answer.code, answer.body);
    cr_expect_str_neq(attached_id(&answer), id);
    attached_expect(link, NULL);
    free(link);
    link = attached_link(TARGET);
    cr_assert(link != NULL);
    attached_expect(link, "Sugar");

    answer = attached_post("attachment-remove", attached_id(&answer), NULL);
    cr_expect(answer.code == 204, "%d %s", answer.code, answer.body);
    cr_expect(strstr(answer.header, "\r\nLocation:") == NULL);
    char *none = attached_link(TARGET);
    cr_expect(none == NULL, "%s", none);
    attached_expect(link, NULL);
    free(link);
}

/* They are in files that have been sent long ago. */
Test(caldav_attachments, are_found_by_the_urls_they_had_before)
{
    char target[1000];
    struct dav_answer answer = attached_post("attachment-add", NULL, "Flour");

    snprintf(target, sizeof target, TARGET "?attachment=%s",
             attached_id(&answer));
    attached_expect(target, "Flour");
    attached_expect(TARGET "?attachment=AAMkADx", NULL);
    attached_expect(TARGET "?attachment=", NULL);
}

Test(caldav_attachments, are_read_once_by_who_has_them_already)
{
    char fields[200];

    attached_post("attachment-add", NULL, "Flour");
    char *link = attached_link(TARGET);
    cr_assert(link != NULL);
    struct dav_answer answer = dav_do(attached_world, "GET", link, NULL, NULL);
    const char *tag = dav_answer_field(attached_world, &answer, "ETag");
    cr_assert(tag != NULL);
    answer = dav_do(attached_world, "HEAD", link, NULL, NULL);
    cr_expect_eq(answer.code, 200);
    cr_expect_eq(answer.len, 0);
    cr_expect(strstr(answer.header, "Content-Length: 5\r\n") != NULL, "%s",
              answer.header);
    snprintf(fields, sizeof fields, "If-None-Match: %s\r\n", tag);
    cr_expect_eq(dav_do(attached_world, "GET", link, fields, NULL).code, 304);
    snprintf(fields, sizeof fields, "If-Match: %s\r\n", tag);
    cr_expect_eq(dav_do(attached_world, "GET", link, fields, NULL).code, 200);
    cr_expect_eq(
        dav_do(attached_world, "GET", link, "If-Match: \"other\"\r\n", NULL)
            .code,
        412);
    free(link);
}

/* Below an event there is nothing that could be listed, written or deleted. */
Test(caldav_attachments, are_read_and_nothing_else)
{
    static const char *const methods[] = { "PUT",   "DELETE", "PROPFIND",
                                           "MKCOL", "POST",   "MOVE" };

    attached_post("attachment-add", NULL, "Flour");
    char *link = attached_link(TARGET);
    cr_assert(link != NULL);
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        struct dav_answer answer =
            dav_do(attached_world, methods[i], link, NULL, NULL);

        cr_expect_eq(answer.code, 405, "%s: %d", methods[i], answer.code);
        cr_expect(strstr(answer.header, "Allow: OPTIONS, GET, HEAD\r\n") !=
                      NULL,
                  "%s", answer.header);
    }
    struct dav_answer answer =
        dav_do(attached_world, "PROPFIND", HOME "calendar/", DEPTH_1,
               PROPFIND("<getetag/>"));
    cr_expect_eq(dav_count(answer.body, "<D:response>"), 2, "%s", answer.body);
    attached_expect(link, "Flour");
    free(link);
}

Test(caldav_attachments, are_not_for_strangers)
{
    char request[1000];

    attached_post("attachment-add", NULL, "Flour");
    char *link = attached_link(TARGET);
    cr_assert(link != NULL);
    snprintf(request, sizeof request,
             "GET %s HTTP/1.1\r\nHost: localhost\r\n" AS_BOB "\r\n", link);
    struct dav_answer answer = dav_raw(attached_world, request);
    cr_expect(answer.code == 404 || answer.code == 403, "%d", answer.code);
    snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: a\r\n\r\n",
             link);
    cr_expect_eq(dav_raw(attached_world, request).code, 401);
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
            attached_post_to(TARGET, "attachment-add", names[i].field, "Flour");
        char *line = attached_line(TARGET, 0), *link = attached_link(TARGET);

        cr_assert(line != NULL && link != NULL, "%zu", i);
        cr_expect(strstr(line, names[i].shown) != NULL, "%zu: %s", i, line);
        cr_expect(ends_with(link, names[i].link), "%zu: %s", i, link);
        cr_expect_str_eq(dav_answer_field(attached_world, &answer, "Location") +
                             strlen("http://localhost"),
                         link);
        struct dav_answer got = dav_do(attached_world, "GET", link, NULL, NULL);
        cr_expect_str_eq(got.body, "Flour", "%zu", i);
        cr_expect(strstr(got.header, names[i].field_back) != NULL, "%zu: %s", i,
                  got.header);
        attached_post("attachment-remove", attached_id(&answer), NULL);
        free(line);
        free(link);
    }
}

Test(caldav_attachments, stay_when_a_client_writes_the_event)
{
    attached_post("attachment-add", NULL, "Flour");
    struct dav_answer got = dav_do(attached_world, "GET", TARGET, NULL, NULL);
    char *text = strdup(got.body);
    char *summary = strstr(text, "SUMMARY:Lunch");

    cr_assert(summary != NULL);
    memcpy(summary, "SUMMARY:Lunxx", strlen("SUMMARY:Lunxx"));
    struct dav_answer answer =
        dav_do(attached_world, "PUT", TARGET, CALENDAR, text);
    cr_expect(answer.code == 204, "%d %s", answer.code, answer.body);
    char *link = attached_link(TARGET);
    cr_assert(link != NULL);
    attached_expect(link, "Flour");
    free(link);
    free(text);
}

/* What a client says of a file is not what it is, and a client that knows no
 * MANAGED-ID still has the URL. */
Test(caldav_attachments, are_what_exchange_says_whatever_a_client_writes)
{
    struct dav_answer answer = attached_post("attachment-add", NULL, "Flour");
    const char *id = attached_id(&answer);
    char *line = attached_line(TARGET, 0), *link = attached_link(TARGET);
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
        answer = dav_do(attached_world, "PUT", TARGET, CALENDAR, text);
        cr_expect_eq(answer.code, 204, "%s: %d", texts[i], answer.code);
        cr_expect(strstr(answer.header, "\r\nETag:") == NULL, "%s", texts[i]);
        char *now = attached_line(TARGET, 0);
        cr_assert(now != NULL, "%s", texts[i]);
        cr_expect_str_eq(now, line);
        free(now);
        attached_expect(link, "Flour");
    }
    free(line);
    free(link);
}
