/*
 * frame.h - is a whole request here?
 *
 * What comes from the client is one of three things: command lines, the content
 * after DATA, which ends with a line that is a single dot, or the octets of a
 * BDAT chunk, which are counted (RFC 3030).
 */
#ifndef POSTERN_SMTP_FRAME_H
#define POSTERN_SMTP_FRAME_H

#include <stddef.h>
#include <stdint.h>

struct smtp_content;

enum smtp_frame_mode {
    SMTP_FRAME_LINES,
    SMTP_FRAME_SKIP, /* the rest of a line that is too long */
    SMTP_FRAME_DATA,
    SMTP_FRAME_CHUNK
};

/* Where the content after DATA stands.  Only CRLF starts a line here. */
enum smtp_frame_dots {
    SMTP_DOTS_LINE_START,
    SMTP_DOTS_TEXT,
    SMTP_DOTS_CR,    /* text and CR */
    SMTP_DOTS_DOT,   /* a dot at the start of a line */
    SMTP_DOTS_DOT_CR /* and CR after it */
};

struct smtp_frame {
    size_t line_limit;
    enum smtp_frame_mode mode;
    enum smtp_frame_dots dots;
    size_t scanned; /* octets of an unfinished line without LF in them */
    uint64_t chunk_left;
    struct smtp_content *content; /* NULL: content is thrown away */
};

enum smtp_frame_found {
    SMTP_FOUND_NOTHING,   /* wait for more */
    SMTP_FOUND_LINE,      /* what was taken is a line, its end included */
    SMTP_FOUND_LONG_LINE, /* a line too long has passed by */
    SMTP_FOUND_DATA_END,
    SMTP_FOUND_CHUNK_END
};

/* Lines of up to `line_limit` octets without their end are taken. */
void smtp_frame_init(struct smtp_frame *frame, size_t line_limit);

/* What comes next is content, until its end has been found. */
void smtp_frame_begin_data(struct smtp_frame *frame,
                           struct smtp_content *content);
void smtp_frame_begin_chunk(struct smtp_frame *frame,
                            struct smtp_content *content, uint64_t size);

/* Takes from the front of `data` and returns how many octets that was. */
size_t smtp_frame_take(struct smtp_frame *frame, const char *data, size_t len,
                       enum smtp_frame_found *found_out);

#endif
