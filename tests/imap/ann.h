/*
 * ann.h - ann, logged in within a world of her own: what most tests begin with
 */
#ifndef POSTERN_TESTS_IMAP_ANN_H
#define POSTERN_TESTS_IMAP_ANN_H

#include "tests/imap/client.h"

extern struct imap_world *world;
extern struct imap_client *ann;
extern struct imap_client *other; /* of hers as well; NULL: there is none */

/* For the beginning of a test that needs no more than the two, and for the end
 * of any. */
void ann_begin(void);
void ann_end(void);

/* Ann says a command without its tag, "a", and hears just that. */
void ann_expect(const char *command, const char *answer);

/* Ann says whole lines, and hears what is like the pattern (imap_is_like). */
void ann_expect_like(const char *said, const char *pattern);

#endif
