/*
 * content.h - a message as it comes from the client
 *
 * Lines of a message end with CRLF, and only with that.  A bare LF, which some
 * programs send where they mean the end of a line, becomes CRLF.  A bare CR has
 * no such plain meaning (CR CR LF would tear a header apart), so that a message
 * with one is refused.  Hence no message leaves us in which another server
 * could find an end that we have not seen ("SMTP smuggling").
 */
#ifndef POSTERN_SMTP_CONTENT_H
#define POSTERN_SMTP_CONTENT_H

#include <stddef.h>
#include <stdint.h>

struct smtp_content;
struct spool;

enum smtp_content_fault {
    SMTP_CONTENT_GOOD,
    SMTP_CONTENT_BARE_CR,
    SMTP_CONTENT_TOO_BIG,
    SMTP_CONTENT_DISK_FAILED
};

/* `directory` and `limit` (0: none) as for spool_new. */
struct smtp_content *smtp_content_new(const char *directory, uint64_t limit);
void smtp_content_free(struct smtp_content **content);

/* Takes the next piece.  After a fault it takes the rest and forgets it. */
void smtp_content_write(struct smtp_content *content, const char *data,
                        size_t len);

/* The message is whole: tells what was wrong with it, if anything. */
enum smtp_content_fault smtp_content_end(struct smtp_content *content);

/* What is known to be wrong so far, while more may come. */
enum smtp_content_fault smtp_content_fault(const struct smtp_content *content);

const struct spool *smtp_content_spool(const struct smtp_content *content);

#endif
