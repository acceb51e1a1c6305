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
#define FILE_FIELDS                                                            \
    "Content-Type: text/plain\r\n"                                             \
    "Content-Disposition: attachment; filename=\"recipe.txt\"\r\n"
#define ID_IN_LINK "attachment="
#define SHOWN "Prefer: return=representation\r\n"

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

/* The text without its folds. */
static char *unfolded(const char *text)
{
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

/* Where the event says that its attachment is; NULL if it has none. */
static char *link_of(void)
{
    static const char front[] = "http://localhost";
    struct dav_answer answer = dav_do(world, "GET", TARGET, NULL, NULL);
    char *text = unfolded(answer.body);
    const char *line = strstr(text, "\r\nATTACH;");
    const char *url = line != NULL ? strstr(line, front) : NULL;
    char *link = NULL;

    if (url != NULL) {
        url += strlen(front);
        link = strndup(url, strcspn(url, "\r"));
    }
    free(text);
    return link;
}

static struct dav_answer post(const char *query, const char *id,
                              const char *body)
{
    char target[1000];

    snprintf(target, sizeof target, TARGET "?action=%s%s%s", query,
             id != NULL ? "&managed-id=" : "", id != NULL ? id : "");
    return dav_do(world, "POST", target, FILE_FIELDS, body);
}

Test(caldav_attachments, are_added_read_replaced_and_taken_away)
{
    struct dav_answer answer = post("attachment-add", NULL, "Flour");
    const char *id = dav_answer_field(world, &answer, "Cal-Managed-ID");

    cr_assert(answer.code == 201 && id != NULL, "%d %s", answer.code,
              answer.body);
    char *link = link_of();
    cr_assert(link != NULL);
    cr_expect(strstr(link, TARGET "?attachment=") == link, "%s", link);
    answer = dav_do(world, "GET", link, NULL, NULL);
    cr_expect(answer.code == 200, "%d", answer.code);
    cr_expect_str_eq(answer.body, "Flour");
    cr_expect(strstr(answer.header, "filename*=UTF-8''recipe.txt") != NULL,
              "%s", answer.header);
    cr_expect(strstr(answer.header, "Content-Type: text/plain") != NULL);

    const char *quoted = strstr(link, ID_IN_LINK) + strlen(ID_IN_LINK);
    answer = post("attachment-update", quoted, "Sugar");
    cr_expect(answer.code == 200, "%d %s", answer.code, answer.body);
    free(link);
    link = link_of();
    cr_assert(link != NULL);
    answer = dav_do(world, "GET", link, NULL, NULL);
    cr_expect_str_eq(answer.body, "Sugar");

    quoted = strstr(link, ID_IN_LINK) + strlen(ID_IN_LINK);
    answer = post("attachment-remove", quoted, NULL);
    cr_expect(answer.code == 204, "%d %s", answer.code, answer.body);
    char *none = link_of();
    cr_expect(none == NULL, "%s", none);
    answer = dav_do(world, "GET", link, NULL, NULL);
    cr_expect(answer.code == 404, "%d", answer.code);
    free(link);
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
    char *link = link_of();
    cr_assert(link != NULL);
    answer = dav_do(world, "GET", link, NULL, NULL);
    cr_expect_str_eq(answer.body, "Flour");
    free(link);
    free(text);
}

/* By its id alone it could not be kept. */
Test(caldav_attachments, that_nobody_knows_are_not_written)
{
#define WITH(LINES) EVENT_WITH("one", "Lunch", LINES)
    static const char attach[] =
        "ATTACH;MANAGED-ID=none;FILENAME=a.txt:http://localhost/a\r\n";
    char text[1000];
    struct dav_answer answer;

    snprintf(text, sizeof text, WITH("%s"), attach);
    answer = dav_do(world, "PUT", TARGET, CALENDAR, text);
    cr_expect(answer.code == 403 &&
                  dav_has(&answer, "<C:valid-managed-id-parameter/>"),
              "%d %s", answer.code, answer.body);
    answer = dav_do(world, "PUT", HOME "calendar/new.ics", CALENDAR, text);
    cr_expect_eq(answer.code, 403);
    answer = dav_do(world, "PUT", TARGET, CALENDAR,
                    WITH("ATTACH:http://localhost/MANAGED-ID\r\n"));
    cr_expect_eq(answer.code, 204);
}

/* clang-format off */
static const struct dav_step adding[] = {
    { "one that is added", "POST", TARGET "?action=attachment-add", FILE_FIELDS, "Flour",
      201, { "Location: " TARGET "\r\n", "Cal-Managed-ID: ", "ETag: \"" }, "VEVENT" },
    { "and shown", "POST", TARGET "?action=attachment-add", FILE_FIELDS SHOWN, "Sugar",
      201, { "Content-Location: " TARGET "\r\n", "Preference-Applied: return=representation\r\n",
             "\r\nATTACH;" }, NULL },
    { "as the calendar's text", "POST", TARGET "?action=attachment-add", FILE_FIELDS SHOWN, "Salt",
      201, { "Cal-Managed-ID: ", "Content-Type: text/calendar; charset=utf-8\r\n", "ETag: \"" },
      NULL },
};

static const struct dav_step mistakes[] = {
    { "no such action", "POST", TARGET "?action=attachment-eat", NULL, "x",
      403, { "<C:valid-action/>" }, NULL },
    { "no attachment named", "POST", TARGET "?action=attachment-remove", NULL, NULL,
      403, { "<C:valid-managed-id/>" }, NULL },
    { "no such attachment", "POST", TARGET "?action=attachment-remove&managed-id=x", NULL, NULL,
      403, { "<C:valid-managed-id/>" }, NULL },
    { "an occurrence", "POST", TARGET "?action=attachment-add&rid=20260601T100000Z", NULL, "x",
      403, { "<C:valid-rid/>", "calendar-managed-attachments-no-recurrence" }, NULL },
    { "no such event", "POST", HOME "calendar/b.ics?action=attachment-add", NULL, "x",
      404, { NULL }, NULL },
    { "nothing to do", "POST", TARGET, NULL, "x", 400, { NULL }, NULL },
    { "an attachment of another event", "GET", TARGET "?attachment=AAMkADx", NULL, NULL,
      404, { NULL }, NULL },
};
/* clang-format on */

Test(caldav_attachments, are_answered_with_where_the_event_is)
{
    DAV_PLAY(world, adding);
}

/* What is wanted is the text; it is as GET gives it. */
Test(caldav_attachments, are_taken_away_with_the_event_shown)
{
    char target[1000];

    post("attachment-add", NULL, "Flour");
    char *link = link_of();
    cr_assert(link != NULL);
    snprintf(target, sizeof target,
             TARGET "?action=attachment-remove&managed-id=%s",
             strstr(link, ID_IN_LINK) + strlen(ID_IN_LINK));
    struct dav_answer answer = dav_do(world, "POST", target, SHOWN, NULL);
    cr_expect(answer.code == 200, "%d %s", answer.code, answer.body);
    cr_expect(strstr(answer.header, "Location: " TARGET "\r\n") != NULL, "%s",
              answer.header);
    cr_expect(strstr(answer.body, "ATTACH") == NULL, "%s", answer.body);
    struct dav_answer got = dav_do(world, "GET", TARGET, NULL, NULL);
    cr_expect_str_eq(answer.body, got.body);
    free(link);
}

Test(caldav_attachments, say_what_is_wrong)
{
    DAV_PLAY(world, mistakes);
}
