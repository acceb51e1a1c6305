/*
 * attachments.c - see attachments.h
 */
#include "tests/caldav/attachments.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct dav_world *attached_world;

void attached_begin(void)
{
    attached_world = dav_world_new();
    struct dav_answer answer =
        dav_do(attached_world, "PUT", TARGET, CALENDAR, EVENT("one", "Lunch"));
    cr_assert(answer.code == 201);
}

void attached_end(void)
{
    dav_world_free(&attached_world);
}

/* The text of an event without its folds; to be freed. */
char *attached_text(const char *target)
{
    const char *text = dav_do(attached_world, "GET", target, NULL, NULL).body;
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
char *attached_line(const char *target, size_t nth)
{
    char *text = attached_text(target), *line = NULL;

    for (char *at = text; (at = strstr(at, "\r\nATTACH;")) != NULL; at++)
        if (nth-- == 0) {
            line = strndup(at + 2, strcspn(at + 2, "\r"));
            break;
        }
    free(text);
    return line;
}

/* The path of the first attachment's URL; NULL if it has none. */
char *attached_link(const char *target)
{
    static const char front[] = ":http://localhost";
    char *line = attached_line(target, 0);
    char *url = line != NULL ? strstr(line, front) : NULL;
    char *link = url != NULL ? strdup(url + strlen(front)) : NULL;

    free(line);
    return link;
}

struct dav_answer attached_post_to(const char *target, const char *query,
                                   const char *fields, const char *body)
{
    char whole[2000];

    snprintf(whole, sizeof whole, "%s?action=%s", target, query);
    return dav_do(attached_world, "POST", whole, fields, body);
}

/* The same with an id at the end. */
struct dav_answer attached_post(const char *query, const char *id,
                                const char *body)
{
    char whole[1000];

    snprintf(whole, sizeof whole, "%s%s%s", query,
             id != NULL ? "&managed-id=" : "", id != NULL ? id : "");
    return attached_post_to(TARGET, whole, FILE_FIELDS, body);
}

const char *attached_id(struct dav_answer *answer)
{
    const char *id = dav_answer_field(attached_world, answer, "Cal-Managed-ID");

    cr_assert(id != NULL, "%d %s %s", answer->code, answer->header,
              answer->body);
    return id;
}

void attached_expect(const char *link, const char *content)
{
    struct dav_answer answer = dav_do(attached_world, "GET", link, NULL, NULL);

    cr_expect_eq(answer.code, content != NULL ? 200 : 404, "%s: %d", link,
                 answer.code);
    if (content != NULL)
        cr_expect_str_eq(answer.body, content);
}
