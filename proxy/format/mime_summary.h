/*
 * mime_summary.h - what messages are sorted, threaded and searched by
 *
 * Made from a header alone (RFC 5256, 5957).  Texts are UTF-8, decoded, and
 * never NULL: what is missing is "".  Those to sort by are keys of
 * i;unicode-casemap (mime_casemap), for strcmp; those to search in are without
 * regard to case (mime_fold_case).
 */
#ifndef POSTERN_FORMAT_MIME_SUMMARY_H
#define POSTERN_FORMAT_MIME_SUMMARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

struct mime_summary {
    const char *base_subject; /* RFC 5256, 2.1 */
    bool is_reply;            /* something was taken off the subject: "Re:" */
    const char *from;         /* the first address's mailbox: SORT FROM, */
    const char *to;           /* TO, */
    const char *cc;           /* CC */
    const char *display_from; /* RFC 5957: the display name, or the address */
    const char *display_to;
    int64_t sent;           /* Date in seconds since 1970 UTC; TIME_NONE: none
                               that can be read */
    int64_t sent_day;       /* the day that Date names, whatever time and zone
                               say, since 1970-01-01; TIME_NONE */
    const char *message_id; /* as it is written but for quotes, without <> */
    const char *references; /* such ids with a space between, the oldest
                               first: References, else the first of
                               In-Reply-To */

    /* Whole fields as SEARCH looks into them: several of a name with a line
     * feed between (mime_search_text). */
    const char *all_subject;
    const char *all_from;
    const char *all_to;
    const char *all_cc;
    const char *all_bcc;
};

/* `header` has CRLF line ends.  In the arena; never fails: rubbish is rubbish.
 */
void mime_summarize(struct arena *arena, const char *header, size_t len,
                    struct mime_summary *summary_out);

/* What SEARCH looks into of a field: its value decoded and, in those that hold
 * addresses torn apart by comments or white space, each address in a line of
 * its own. */
const char *mime_search_text(struct arena *arena, const char *name,
                             const char *value);

#endif
