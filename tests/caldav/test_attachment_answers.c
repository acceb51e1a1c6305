/*
 * test_attachment_answers.c - what is taken and refused of attachments
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/caldav/attachments.h"

TestSuite(caldav_attachment_answers, .init = attached_begin,
          .fini = attached_end);

/* --- Other events --------------------------------------------------------- */

/* Puts an event with a line of another one; its code. */
static int put_with(const char *target, const char *uid, const char *line)
{
    char text[2000];

    snprintf(text, sizeof text, EVENT_WITH("%s", "Other", "%s\r\n"), uid, line);
    return dav_do(attached_world, "PUT", target, CALENDAR, text).code;
}

Test(caldav_attachment_answers, come_along_to_another_event)
{
    struct dav_answer answer = attached_post("attachment-add", NULL, "Flour");
    char *line = attached_line(TARGET, 0);

    cr_assert(line != NULL);
    cr_expect_eq(put_with(OTHER, "two", line), 201);
    attached_post("attachment-remove", attached_id(&answer), NULL);
    char *link = attached_link(OTHER);
    cr_assert(link != NULL);
    cr_expect(strncmp(link, OTHER "/", strlen(OTHER "/")) == 0, "%s", link);
    attached_expect(link, "Flour");
    char *other = attached_line(OTHER, 0);
    cr_expect(strstr(other, ";FILENAME=recipe.txt;") != NULL, "%s", other);
    cr_expect(strstr(other, ";FMTTYPE=text/plain") != NULL, "%s", other);
    /* It has gone from the first one by now. */
    cr_expect_eq(put_with(HOME "calendar/c.ics", "three", line), 403);
    free(other);
    free(link);
    free(line);
}

/* By its id alone it could not be kept. */
Test(caldav_attachment_answers, that_nobody_knows_are_not_written)
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
        answer = dav_do(attached_world, "PUT", TARGET, CALENDAR, text);
        cr_expect(answer.code == 403 &&
                      dav_has(&answer, "<C:valid-managed-id-parameter/>"),
                  "%s: %d %s", lines[i], answer.code, answer.body);
        answer = dav_do(attached_world, "PUT", HOME "calendar/new.ics",
                        CALENDAR, text);
        cr_expect_eq(answer.code, 403);
    }
    answer = dav_do(attached_world, "PUT", TARGET, CALENDAR,
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

Test(caldav_attachment_answers, are_answered_with_where_they_are)
{
    DAV_PLAY(attached_world, adding);
}

Test(caldav_attachment_answers, are_told_of_before_they_come)
{
    DAV_PLAY(attached_world, offers);
}

Test(caldav_attachment_answers, say_what_is_wrong)
{
    DAV_PLAY(attached_world, mistakes);
}

/* What is wanted is the text; it is as GET gives it. */
Test(caldav_attachment_answers, are_taken_away_with_the_event_shown)
{
    char query[1000];
    struct dav_answer answer = attached_post("attachment-add", NULL, "Flour");

    snprintf(query, sizeof query, "attachment-remove&managed-id=%s",
             attached_id(&answer));
    answer = attached_post_to(TARGET, query, SHOWN, NULL);
    cr_expect(answer.code == 200, "%d %s", answer.code, answer.body);
    cr_expect(strstr(answer.header, "Cal-Managed-ID") == NULL, "%s",
              answer.header);
    cr_expect(strstr(answer.body, "ATTACH") == NULL, "%s", answer.body);
    struct dav_answer got = dav_do(attached_world, "GET", TARGET, NULL, NULL);
    cr_expect_str_eq(answer.body, got.body);
}

Test(caldav_attachment_answers, are_not_taken_where_they_are_too_big)
{
    dav_world_set(attached_world, "caldav.body_limit", "64K");
    char *big = calloc(1, (64 << 10) + 2);
    memset(big, 'x', (64 << 10) + 1);
    struct dav_answer answer = attached_post("attachment-add", NULL, big);
    cr_expect(answer.code == 403 &&
                  dav_has(&answer, "<C:max-attachment-size/>"),
              "%d %s", answer.code, answer.body);
    cr_expect(answer.closed);
    free(big);
}

Test(caldav_attachment_answers, are_not_taken_where_there_are_too_many)
{
    size_t size = 200 * 80 + 1000, len = 0;
    char *lines = calloc(1, size), *text = calloc(1, size);

    for (int i = 0; i < 200; i++)
        len += (size_t)snprintf(lines + len, size - len,
                                "ATTACH;FILENAME=%d;ENCODING=BASE64;VALUE="
                                "BINARY:YQ==\r\n",
                                i);
    snprintf(text, size, EVENT_WITH("one", "Lunch", "%s"), lines);
    cr_assert_eq(dav_do(attached_world, "PUT", TARGET, CALENDAR, text).code,
                 204);
    struct dav_answer answer = attached_post("attachment-add", NULL, "Flour");
    cr_expect(answer.code == 403 &&
                  dav_has(&answer, "<C:max-attachments-per-resource/>"),
              "%d %s", answer.code, answer.body);
    free(lines);
    free(text);
}
