/*
 * mime_text.h - looking for a text in what a message says
 */
#ifndef POSTERN_FORMAT_MIME_TEXT_H
#define POSTERN_FORMAT_MIME_TEXT_H

struct arena;
struct mime_part;
struct spool;

enum mime_found {
    MIME_FOUND,
    MIME_NOT_FOUND,
    MIME_NOT_KNOWN /* some of it cannot be looked into */
};

/*
 * Looks into the texts of a message, decoded, without regard to case: `folded`
 * is made by mime_fold_case.  HTML is looked at as it is written and as it
 * reads.  Of enclosed messages the headers count as well, of the message itself
 * they do not.
 */
enum mime_found mime_text_find(struct arena *arena,
                               const struct mime_part *root,
                               const struct spool *content, const char *folded);

#endif
