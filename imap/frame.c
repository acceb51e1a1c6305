/*
 * frame.c - is a whole command here?
 */
#include "imap/frame.h"

#include <string.h>

#include "proxy/base/secret.h"
#include "proxy/base/spool.h"
#include "proxy/base/str.h"

/* A buffer that has grown beyond this is given back between commands. */
#define KEEP_CAPACITY 8192

void imap_frame_init(struct imap_frame *frame, const struct imap_limits *limits)
{
    memset(frame, 0, sizeof *frame);
    frame->limits = *limits;
    buf_init(&frame->text, NULL);
    buf_init(&frame->literals, NULL);
}

void imap_frame_fini(struct imap_frame *frame)
{
    imap_frame_reset(frame);
    buf_fini(&frame->text);
}

void imap_frame_reset(struct imap_frame *frame)
{
    struct buf text = frame->text;
    struct imap_limits limits = frame->limits;

    /* It may hold a password. */
    if (text.len > 0)
        secret_wipe(text.data, text.len);
    buf_clear(&text);
    if (text.capacity > KEEP_CAPACITY) {
        buf_fini(&text);
        buf_init(&text, NULL);
    }
    spool_free(&frame->messages);
    buf_fini(&frame->literals);
    memset(frame, 0, sizeof *frame);
    frame->text = text;
    frame->limits = limits;
    buf_init(&frame->literals, NULL);
}

struct imap_request imap_frame_request(const struct imap_frame *frame)
{
    return (struct imap_request){
        .refusal = frame->refusal,
        .text = frame->text.len > 0 ? frame->text.data : "",
        .len = frame->text.len,
        .messages = frame->messages,
        .literals = (const struct imap_literal *)frame->literals.data,
        .literal_count = frame->literals.len / sizeof(struct imap_literal),
    };
}

/* --- Messages ------------------------------------------------------------ */

/* The commands that bring messages, and how many words stand between their name
 * and the mailbox's. */
static const struct {
    const char *name;
    int words;
} bringers[] = {
    { "APPEND ", 0 },
    { "REPLACE ", 1 },
    { "UID REPLACE ", 1 },
};

/* Where the mailbox's name begins in a command that brings messages; NULL for
 * any other. */
static const char *find_mailbox(const char *text, const char *end)
{
    const char *name = memchr(text, ' ', (size_t)(end - text));

    for (size_t i = 0; name != NULL && i < sizeof bringers / sizeof *bringers;
         i++) {
        size_t len = strlen(bringers[i].name);
        const char *at = name + 1 + len;

        if (at > end || !str_is_nocase(name + 1, len, bringers[i].name))
            continue;
        for (int words = bringers[i].words; at != NULL && words > 0; words--) {
            at = memchr(at, ' ', (size_t)(end - at));
            at = at != NULL ? at + 1 : NULL;
        }
        return at;
    }
    return NULL;
}

/* Whether the literal that begins at `brace` is a message or a part of one: the
 * name of the mailbox and the URLs of CATENATE are no such. */
static bool is_message(const struct imap_frame *frame, const char *brace)
{
    static const char url[] = "URL ";
    const char *mailbox = find_mailbox(frame->text.data, brace);

    if (frame->limits.message == 0 || mailbox == NULL || brace <= mailbox)
        return false;
    return (size_t)(brace - mailbox) <= strlen(url) ||
           !str_is_nocase(brace - strlen(url), strlen(url), url);
}

/* --- Lines and literals -------------------------------------------------- */

/* Follows the line's end through "{", digits, "+", "}" and carriage return. */
static void follow_header(struct imap_frame *frame, char c)
{
    if (c == '{') {
        frame->header = HEADER_OPEN;
        frame->number = 0;
        frame->waits = true;
    } else if (c >= '0' && c <= '9' && frame->number < UINT64_MAX / 10 &&
               (frame->header == HEADER_OPEN ||
                frame->header == HEADER_NUMBER)) {
        frame->header = HEADER_NUMBER;
        frame->number = frame->number * 10 + (uint64_t)(c - '0');
    } else if (c == '+' && frame->header == HEADER_NUMBER) {
        frame->header = HEADER_PLUS;
        frame->waits = false;
    } else if (c == '}' && (frame->header == HEADER_NUMBER ||
                            frame->header == HEADER_PLUS)) {
        frame->header = HEADER_CLOSED;
    } else if (c != '\r' || frame->header != HEADER_CLOSED) {
        frame->header = HEADER_NONE;
    }
}

static void refuse(struct imap_frame *frame, enum imap_refusal refusal)
{
    if (frame->refusal == IMAP_TAKEN)
        frame->refusal = refusal;
}

/* The messages' octets, with those of one that is to come. */
static void begin_message(struct imap_frame *frame, const char *brace)
{
    uint64_t offset = frame->messages != NULL ? spool_size(frame->messages) : 0;
    struct imap_literal literal = {
        .at = (size_t)(brace - frame->text.data) - frame->binary,
        .offset = offset,
        .size = frame->number,
    };

    if (frame->number > frame->limits.message) {
        refuse(frame, IMAP_MESSAGE_TOO_BIG);
        return;
    }
    if (frame->number > frame->limits.messages - offset) {
        refuse(frame, IMAP_MESSAGES_TOO_BIG);
        return;
    }
    if (frame->messages == NULL)
        frame->messages = spool_new(NULL, 0);
    buf_append(&frame->literals, &literal, sizeof literal);
    frame->to_spool = true;
}

/* Decides where the literal that the line has announced goes. */
static void begin_literal(struct imap_frame *frame)
{
    const char *text = frame->text.data;
    const char *brace = frame->refusal == IMAP_TAKEN
                            ? memrchr(text, '{', frame->text.len)
                            : NULL;

    frame->left = frame->number;
    frame->to_spool = false;
    if (brace == NULL)
        return;
    frame->binary = brace > text && brace[-1] == '~';
    if (is_message(frame, brace - frame->binary))
        begin_message(frame, brace);
    else if (frame->number > frame->limits.literal - frame->literal_octets)
        refuse(frame, IMAP_LITERAL_TOO_BIG);
    else
        frame->literal_octets += frame->number;
}

/* The line is over: with it the command, or a literal follows. */
static enum imap_frame_event end_line(struct imap_frame *frame)
{
    if (frame->plain || frame->header != HEADER_CLOSED) {
        struct buf *text = &frame->text;

        if (frame->refusal == IMAP_TAKEN) {
            text->data[--text->len] = '\0';
            if (text->len > 0 && text->data[text->len - 1] == '\r')
                text->data[--text->len] = '\0';
        }
        return IMAP_FRAME_REQUEST;
    }
    frame->header = HEADER_NONE;
    begin_literal(frame);
    if (!frame->waits)
        return IMAP_FRAME_MORE;
    return frame->refusal == IMAP_TAKEN ? IMAP_FRAME_CONTINUE
                                        : IMAP_FRAME_REQUEST;
}

/* Takes the rest of a line, or what is here of it. */
static size_t take_line(struct imap_frame *frame, const char *data, size_t len,
                        enum imap_frame_event *event_out)
{
    const char *end = memchr(data, '\n', len);
    size_t taken = end != NULL ? (size_t)(end + 1 - data) : len;

    for (size_t i = 0; i < taken && data[i] != '\n'; i++)
        follow_header(frame, data[i]);
    uint64_t room = frame->limits.line - frame->line_octets;
    size_t kept = taken < room ? taken : (size_t)room;
    frame->line_octets += kept;
    if (frame->refusal == IMAP_TAKEN)
        buf_append(&frame->text, data, kept);
    if (kept < taken)
        refuse(frame, IMAP_LINE_TOO_LONG);
    *event_out = end != NULL ? end_line(frame) : IMAP_FRAME_MORE;
    return taken;
}

/* Takes what is here of a literal; a refused command's is skipped. */
static size_t take_literal(struct imap_frame *frame, const char *data,
                           size_t len)
{
    size_t taken = len < frame->left ? len : (size_t)frame->left;

    frame->left -= taken;
    if (frame->refusal != IMAP_TAKEN)
        return taken;
    if (!frame->to_spool)
        buf_append(&frame->text, data, taken);
    else if (!frame->binary && memchr(data, '\0', taken) != NULL)
        refuse(frame, IMAP_MESSAGE_HAS_NUL);
    else if (!spool_write(frame->messages, data, taken))
        refuse(frame, IMAP_NO_SPACE);
    return taken;
}

size_t imap_frame_feed(struct imap_frame *frame, const char *data, size_t len,
                       enum imap_frame_event *event_out)
{
    size_t taken = 0;

    *event_out = IMAP_FRAME_MORE;
    while (taken < len && *event_out == IMAP_FRAME_MORE) {
        if (frame->left > 0)
            taken += take_literal(frame, data + taken, len - taken);
        else
            taken += take_line(frame, data + taken, len - taken, event_out);
    }
    return taken;
}
