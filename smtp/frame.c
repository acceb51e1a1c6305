/*
 * frame.c - is a whole request here?
 */
#include "smtp/frame.h"

#include <stdbool.h>
#include <string.h>

#include "smtp/content.h"

void smtp_frame_init(struct smtp_frame *frame, size_t line_limit)
{
    memset(frame, 0, sizeof *frame);
    frame->line_limit = line_limit;
}

void smtp_frame_begin_data(struct smtp_frame *frame,
                           struct smtp_content *content)
{
    frame->mode = SMTP_FRAME_DATA;
    frame->dots = SMTP_DOTS_LINE_START;
    frame->content = content;
}

void smtp_frame_begin_chunk(struct smtp_frame *frame,
                            struct smtp_content *content, uint64_t size)
{
    frame->mode = SMTP_FRAME_CHUNK;
    frame->chunk_left = size;
    frame->content = content;
}

static void pass_on(struct smtp_frame *frame, const char *data, size_t len)
{
    if (frame->content != NULL && len > 0)
        smtp_content_write(frame->content, data, len);
}

/* A bare LF ends a command as well: a line typed by hand does no harm, as
 * nothing of content depends on it. */
static size_t take_line(struct smtp_frame *frame, const char *data, size_t len,
                        enum smtp_frame_found *found_out)
{
    const char *end = NULL;

    if (len > frame->scanned)
        end = memchr(data + frame->scanned, '\n', len - frame->scanned);
    frame->scanned = end != NULL ? 0 : len;

    if (end == NULL && len <= frame->line_limit + 1)
        return 0;
    if (end == NULL) {
        frame->mode = SMTP_FRAME_SKIP;
        frame->scanned = 0;
        return len;
    }

    size_t taken = (size_t)(end - data) + 1;
    bool crlf = taken > 1 && end[-1] == '\r';
    bool fits = taken - 1 - crlf <= frame->line_limit;
    *found_out = fits ? SMTP_FOUND_LINE : SMTP_FOUND_LONG_LINE;
    return taken;
}

static size_t skip_line(struct smtp_frame *frame, const char *data, size_t len,
                        enum smtp_frame_found *found_out)
{
    const char *end = memchr(data, '\n', len);

    if (end == NULL)
        return len;
    frame->mode = SMTP_FRAME_LINES;
    *found_out = SMTP_FOUND_LONG_LINE;
    return (size_t)(end - data) + 1;
}

/* Where one more octet leads.  A line that only begins with a dot loses it (RFC
 * 5321, 4.5.2). */
static enum smtp_frame_dots next_dots(enum smtp_frame_dots dots, char c)
{
    if (dots == SMTP_DOTS_LINE_START && c == '.')
        return SMTP_DOTS_DOT;
    if (c == '\r')
        return dots == SMTP_DOTS_DOT ? SMTP_DOTS_DOT_CR : SMTP_DOTS_CR;
    if (c == '\n' && dots == SMTP_DOTS_CR)
        return SMTP_DOTS_LINE_START;
    return SMTP_DOTS_TEXT;
}

/* Text runs up to the next CR, which is looked for at once. */
static size_t text_run(const char *data, size_t len)
{
    const char *cr = memchr(data, '\r', len);

    return cr != NULL ? (size_t)(cr - data) : len;
}

static size_t take_data(struct smtp_frame *frame, const char *data, size_t len,
                        enum smtp_frame_found *found_out)
{
    size_t start = 0; /* what is not passed on yet */
    size_t i = 0;

    while (i < len) {
        enum smtp_frame_dots before = frame->dots;

        if (before == SMTP_DOTS_TEXT) {
            i += text_run(data + i, len - i);
            if (i == len)
                break;
        }
        if (before == SMTP_DOTS_DOT_CR && data[i] == '\n') {
            frame->mode = SMTP_FRAME_LINES;
            *found_out = SMTP_FOUND_DATA_END;
            return i + 1;
        }
        frame->dots = next_dots(before, data[i]);

        /* The dot is left out; a CR after it waits for what it will mean. */
        if (frame->dots == SMTP_DOTS_DOT) {
            pass_on(frame, data + start, i - start);
            start = i + 1;
        } else if (frame->dots == SMTP_DOTS_DOT_CR) {
            start = i + 1;
        } else if (before == SMTP_DOTS_DOT_CR) {
            pass_on(frame, "\r", 1);
        }
        i++;
    }
    if (start < len)
        pass_on(frame, data + start, len - start);
    return len;
}

static size_t take_chunk(struct smtp_frame *frame, const char *data, size_t len,
                         enum smtp_frame_found *found_out)
{
    size_t taken = len < frame->chunk_left ? len : (size_t)frame->chunk_left;

    pass_on(frame, data, taken);
    frame->chunk_left -= taken;
    if (frame->chunk_left == 0) {
        frame->mode = SMTP_FRAME_LINES;
        *found_out = SMTP_FOUND_CHUNK_END;
    }
    return taken;
}

size_t smtp_frame_take(struct smtp_frame *frame, const char *data, size_t len,
                       enum smtp_frame_found *found_out)
{
    *found_out = SMTP_FOUND_NOTHING;
    switch (frame->mode) {
    case SMTP_FRAME_LINES:
        return take_line(frame, data, len, found_out);
    case SMTP_FRAME_SKIP:
        return skip_line(frame, data, len, found_out);
    case SMTP_FRAME_DATA:
        return take_data(frame, data, len, found_out);
    case SMTP_FRAME_CHUNK:
        return take_chunk(frame, data, len, found_out);
    }
    return 0;
}
