/*
 * attachments.h - an event with files, for the tests of managed attachments
 */
#ifndef POSTERN_TESTS_CALDAV_ATTACHMENTS_H
#define POSTERN_TESTS_CALDAV_ATTACHMENTS_H

#include <stddef.h>

#include "tests/caldav/client.h"
#include "tests/caldav/texts.h"

#define TARGET HOME "calendar/a.ics"
#define OTHER HOME "calendar/b.ics"
#define FILE_CALLED(NAME)                                                      \
    "Content-Type: text/plain\r\n"                                             \
    "Content-Disposition: attachment; " NAME "\r\n"
#define FILE_FIELDS FILE_CALLED("filename=\"recipe.txt\"")
#define SHOWN "Prefer: return=representation\r\n"
#define ADD "?action=attachment-add"
#define WITH(LINES) EVENT_WITH("one", "Lunch", LINES)

/* A series of five days from the first of June on. */
#define SERIES_WITH(LINES) WITH("RRULE:FREQ=DAILY;COUNT=5\r\n" LINES)
#define DAY(N) "2026060" N "T100000Z"

/* Begins with TARGET, which is one event. */
extern struct dav_world *attached_world;
void attached_begin(void);
void attached_end(void);

/* The text of an event without its folds; to be freed. */
char *attached_text(const char *target);

/* The nth line of an event that has an attachment, from 0; NULL if there is
 * none.  To be freed. */
char *attached_line(const char *target, size_t nth);

/* The path of the first attachment's URL; NULL if it has none.  To be freed. */
char *attached_link(const char *target);

/* Posts to an event, or to TARGET with an id (NULL: none). */
struct dav_answer attached_post_to(const char *target, const char *query,
                                   const char *fields, const char *body);
struct dav_answer attached_post(const char *query, const char *id,
                                const char *body);

/* The id in an answer, which has to have one. */
const char *attached_id(struct dav_answer *answer);

/* Expects that this is there, or (NULL) nothing. */
void attached_expect(const char *link, const char *content);

#endif
