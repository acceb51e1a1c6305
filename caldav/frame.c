/*
 * frame.c - is a whole request here?
 *
 * http-parser finds the parts.  What it is lenient about, and what would let
 * two readers of one stream see different requests in it (RFC 9112, 11.2), is
 * refused here: a length and a coding at once, blanks in a field's name, a
 * missing or second Host, codings other than chunked.
 */
#include "caldav/frame.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <http_parser.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/memory.h"
#include "proxy/base/secret.h"
#include "proxy/base/spool.h"
#include "proxy/base/str.h"

/* Which half of a field came last. */
enum half { HALF_NONE, HALF_NAME, HALF_VALUE };

struct dav_frame {
    struct dav_limits limits;
    char *directory;
    http_parser parser;

    struct buf target;
    struct buf fields; /* name, NUL, value, NUL, and so on */
    size_t field_count;
    uint64_t field_octets;
    enum half half;
    struct spool *body;
    uint64_t body_octets;

    int refusal;
    bool begun;
    bool headers_whole;
    bool keeps_body; /* there are credentials */
    bool expects;    /* 100-continue */
    bool keep_alive;
    bool whole;
};

static struct dav_frame *frame_of(http_parser *parser)
{
    return parser->data;
}

/* What a callback returns to stop the parser. */
static int refuse(struct dav_frame *frame, int refusal)
{
    if (frame->refusal == 0)
        frame->refusal = refusal;
    return -1;
}

/* --- Fields -------------------------------------------------------------- */

static const char *next_text(const char *text)
{
    return text + strlen(text) + 1;
}

/* The value of the nth field of that name, from 0; NULL if there is none. */
static const char *find(const struct dav_frame *frame, const char *name,
                        size_t nth)
{
    const char *at = frame->fields.data;

    for (size_t i = 0; i < frame->field_count; i++) {
        const char *value = next_text(at);

        if (str_equal_nocase(at, name) && nth-- == 0)
            return value;
        at = next_text(value);
    }
    return NULL;
}

static int on_target(http_parser *parser, const char *data, size_t len)
{
    struct dav_frame *frame = frame_of(parser);

    if (frame->target.len + len > frame->limits.target)
        return refuse(frame, 414);
    buf_append(&frame->target, data, len);
    return 0;
}

static int add_octets(struct dav_frame *frame, const char *data, size_t len)
{
    /* A colon, a blank and the end of the line for each field. */
    frame->field_octets += len;
    if (frame->field_octets + 4 * frame->field_count > frame->limits.header)
        return refuse(frame, 431);
    buf_append(&frame->fields, data, len);
    return 0;
}

/* RFC 9112, 5.1: blanks around a value are not part of it. */
static void end_value(struct dav_frame *frame)
{
    struct buf *fields = &frame->fields;

    while (fields->len > 0 && (fields->data[fields->len - 1] == ' ' ||
                               fields->data[fields->len - 1] == '\t'))
        fields->len--;
    buf_putc(fields, '\0');
}

static int on_name(http_parser *parser, const char *data, size_t len)
{
    struct dav_frame *frame = frame_of(parser);

    if (frame->headers_whole)
        return 0; /* what follows the body is of no use here */
    if (frame->half == HALF_VALUE)
        end_value(frame);
    if (frame->half != HALF_NAME)
        frame->field_count++;
    frame->half = HALF_NAME;
    if (memchr(data, ' ', len) != NULL)
        return refuse(frame, 400);
    return add_octets(frame, data, len);
}

static int on_value(http_parser *parser, const char *data, size_t len)
{
    struct dav_frame *frame = frame_of(parser);

    if (frame->headers_whole)
        return 0;
    if (frame->half == HALF_NAME)
        buf_putc(&frame->fields, '\0');
    frame->half = HALF_VALUE;
    return add_octets(frame, data, len);
}

static void end_fields(struct dav_frame *frame)
{
    if (frame->half == HALF_NAME)
        buf_putc(&frame->fields, '\0');
    if (frame->half != HALF_NONE)
        end_value(frame);
    frame->half = HALF_NONE;
    frame->headers_whole = true;
}

/* --- The whole header ----------------------------------------------------- */

static int coding_refusal(const struct dav_frame *frame, bool is_old)
{
    const char *coding = find(frame, "Transfer-Encoding", 0);

    if (coding == NULL)
        return 0;
    if (is_old || find(frame, "Content-Length", 0) != NULL)
        return 400;
    return str_equal_nocase(coding, "chunked") &&
                   find(frame, "Transfer-Encoding", 1) == NULL
               ? 0
               : 501;
}

static int header_refusal(const struct dav_frame *frame,
                          const http_parser *parser)
{
    bool is_old = parser->http_major == 1 && parser->http_minor == 0;

    if (parser->http_major != 1)
        return 505;
    if (find(frame, "Host", 1) != NULL ||
        (!is_old && find(frame, "Host", 0) == NULL))
        return 400;
    if (find(frame, "Content-Length", 1) != NULL)
        return 400;
    if (coding_refusal(frame, is_old) != 0)
        return coding_refusal(frame, is_old);
    if (parser->content_length != ULLONG_MAX &&
        parser->content_length > frame->limits.body)
        return 413;
    return 0;
}

static bool has_body(const http_parser *parser)
{
    return (parser->flags & F_CHUNKED) != 0 ||
           (parser->content_length != ULLONG_MAX && parser->content_length > 0);
}

static int on_header_end(http_parser *parser)
{
    struct dav_frame *frame = frame_of(parser);

    end_fields(frame);
    parser->upgrade = 0; /* there is nothing to change to */
    frame->keep_alive = http_should_keep_alive(parser) != 0;

    int refusal = header_refusal(frame, parser);
    if (refusal != 0)
        return refuse(frame, refusal);
    const char *expected = find(frame, "Expect", 0);
    if (expected != NULL && !str_equal_nocase(expected, "100-continue"))
        return refuse(frame, 417);

    frame->keeps_body = find(frame, "Authorization", 0) != NULL;
    frame->expects = expected != NULL && has_body(parser);
    /* The answer is known: the client need not send the body for it. */
    if (frame->expects && !frame->keeps_body)
        return refuse(frame, 401);
    return 0;
}

/* --- The body ------------------------------------------------------------- */

static int on_body(http_parser *parser, const char *data, size_t len)
{
    struct dav_frame *frame = frame_of(parser);

    frame->expects = false; /* it has not waited */
    frame->body_octets += len;
    if (frame->body_octets > frame->limits.body)
        return refuse(frame, 413);
    if (!frame->keeps_body)
        return 0;
    if (frame->body == NULL)
        frame->body = spool_new(frame->directory, frame->limits.body);
    return spool_write(frame->body, data, len) ? 0 : refuse(frame, 507);
}

static int on_begin(http_parser *parser)
{
    frame_of(parser)->begun = true;
    return 0;
}

static int on_end(http_parser *parser)
{
    frame_of(parser)->whole = true;
    http_parser_pause(parser, 1);
    return 0;
}

static const http_parser_settings callbacks = {
    .on_message_begin = on_begin,
    .on_url = on_target,
    .on_header_field = on_name,
    .on_header_value = on_value,
    .on_headers_complete = on_header_end,
    .on_body = on_body,
    .on_message_complete = on_end,
};

/* --- Feeding -------------------------------------------------------------- */

static void begin(struct dav_frame *frame)
{
    http_parser_init(&frame->parser, HTTP_REQUEST);
    frame->parser.data = frame;
}

struct dav_frame *dav_frame_new(const struct dav_limits *limits,
                                const char *directory)
{
    struct dav_frame *frame = memory_new(sizeof *frame);
    uint64_t header = limits->target + limits->header + 100;

    /* One limit for the process; ours are below it. */
    http_parser_set_max_header_size(header < UINT32_MAX / 2 ? (uint32_t)header
                                                            : UINT32_MAX / 2);
    frame->limits = *limits;
    frame->directory = memory_strdup(directory);
    buf_init(&frame->target, NULL);
    buf_init(&frame->fields, NULL);
    begin(frame);
    return frame;
}

void dav_frame_free(struct dav_frame **frame)
{
    if (*frame == NULL)
        return;
    dav_frame_reset(*frame);
    free((*frame)->directory);
    free(*frame);
    *frame = NULL;
}

static int refusal_of(const http_parser *parser)
{
    switch (HTTP_PARSER_ERRNO(parser)) {
    case HPE_HEADER_OVERFLOW:
        return 431;
    case HPE_INVALID_METHOD:
        return 501;
    case HPE_INVALID_VERSION:
        return 505;
    default:
        return 400;
    }
}

size_t dav_frame_feed(struct dav_frame *frame, const char *data, size_t len,
                      enum dav_frame_event *event_out)
{
    size_t taken = http_parser_execute(&frame->parser, &callbacks, data, len);

    *event_out = DAV_FRAME_REQUEST;
    if (frame->whole)
        return taken;
    if (HTTP_PARSER_ERRNO(&frame->parser) != HPE_OK) {
        refuse(frame, refusal_of(&frame->parser));
        frame->keep_alive = false;
        return len;
    }
    *event_out = frame->expects ? DAV_FRAME_CONTINUE : DAV_FRAME_MORE;
    frame->expects = false;
    return taken;
}

bool dav_frame_is_inside(const struct dav_frame *frame)
{
    return frame->begun && !frame->whole && frame->refusal == 0;
}

struct dav_request dav_frame_request(const struct dav_frame *frame,
                                     struct arena *arena)
{
    struct dav_header *headers =
        arena_array(arena, frame->field_count + 1, sizeof *headers);
    const char *at = frame->fields.data;
    size_t count = frame->headers_whole ? frame->field_count : 0;

    for (size_t i = 0; i < count; i++) {
        headers[i].name = at;
        headers[i].value = next_text(at);
        at = next_text(headers[i].value);
    }
    return (struct dav_request){
        .refusal = frame->refusal,
        .method = frame->headers_whole
                      ? http_method_str((enum http_method)frame->parser.method)
                      : "",
        .target = frame->target.len > 0 ? frame->target.data : "",
        .headers = headers,
        .header_count = count,
        .body = frame->body,
        .keep_alive = frame->keep_alive && frame->refusal == 0,
        .old = frame->headers_whole && frame->parser.http_minor == 0,
    };
}

void dav_frame_reset(struct dav_frame *frame)
{
    if (frame->fields.data != NULL)
        secret_wipe(frame->fields.data, frame->fields.len);
    buf_fini(&frame->target);
    buf_fini(&frame->fields);
    spool_free(&frame->body);
    frame->field_count = 0;
    frame->field_octets = 0;
    frame->body_octets = 0;
    frame->half = HALF_NONE;
    frame->refusal = 0;
    frame->begun = frame->headers_whole = frame->keeps_body = false;
    frame->expects = frame->keep_alive = frame->whole = false;
    begin(frame);
}
