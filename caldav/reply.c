/*
 * reply.c - what we answer
 */
#include "caldav/reply.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "caldav/names.h"
#include "proxy/base/arena.h"
#include "proxy/base/time.h"
#include "proxy/format/xml.h"

/* What of a body is sent at once. */
#define PIECE 16384

/* clang-format off */
static const struct {
    int code;
    const char *line;
} lines[] = {
    { 200, "HTTP/1.1 200 OK" },
    { 201, "HTTP/1.1 201 Created" },
    { 204, "HTTP/1.1 204 No Content" },
    { 207, "HTTP/1.1 207 Multi-Status" },
    { 301, "HTTP/1.1 301 Moved Permanently" },
    { 304, "HTTP/1.1 304 Not Modified" },
    { 400, "HTTP/1.1 400 Bad Request" },
    { 401, "HTTP/1.1 401 Unauthorized" },
    { 403, "HTTP/1.1 403 Forbidden" },
    { 404, "HTTP/1.1 404 Not Found" },
    { 405, "HTTP/1.1 405 Method Not Allowed" },
    { 408, "HTTP/1.1 408 Request Timeout" },
    { 409, "HTTP/1.1 409 Conflict" },
    { 412, "HTTP/1.1 412 Precondition Failed" },
    { 413, "HTTP/1.1 413 Content Too Large" },
    { 414, "HTTP/1.1 414 URI Too Long" },
    { 415, "HTTP/1.1 415 Unsupported Media Type" },
    { 417, "HTTP/1.1 417 Expectation Failed" },
    { 422, "HTTP/1.1 422 Unprocessable Content" },
    { 424, "HTTP/1.1 424 Failed Dependency" },
    { 431, "HTTP/1.1 431 Request Header Fields Too Large" },
    { 500, "HTTP/1.1 500 Internal Server Error" },
    { 501, "HTTP/1.1 501 Not Implemented" },
    { 502, "HTTP/1.1 502 Bad Gateway" },
    { 503, "HTTP/1.1 503 Service Unavailable" },
    { 504, "HTTP/1.1 504 Gateway Timeout" },
    { 505, "HTTP/1.1 505 HTTP Version Not Supported" },
    { 507, "HTTP/1.1 507 Insufficient Storage" },
};

static const struct dav_words words[STATUS_COUNT] = {
    [STATUS_OK]            = { 200, NULL },
    [STATUS_CANCELLED]     = { 503, NULL },
    [STATUS_BUSY]          = { 503, NULL },
    [STATUS_UNAVAILABLE]   = { 503, NULL },
    [STATUS_TIMEOUT]       = { 504, NULL },
    [STATUS_UNCERTAIN]     = { 504, NULL },
    [STATUS_IN_USE]        = { 503, NULL },
    [STATUS_RATE_LIMITED]  = { 503, NULL },
    [STATUS_AUTH_FAILED]   = { 401, NULL },
    [STATUS_AUTH_EXPIRED]  = { 401, NULL },
    [STATUS_AUTH_REFUSED]  = { 403, NULL },
    [STATUS_AUTH_DISABLED] = { 403, NULL },
    [STATUS_NOT_FOUND]     = { 404, NULL },
    [STATUS_NO_FOLDER]     = { 404, NULL },
    [STATUS_EXISTS]        = { 405, "D:resource-must-be-null" },
    [STATUS_DENIED]        = { 403, "D:need-privileges" },
    [STATUS_CANNOT]        = { 403, NULL },
    [STATUS_UNSUPPORTED]   = { 403, NULL },
    [STATUS_CONFLICT]      = { 412, NULL },
    [STATUS_CORRUPT]       = { 502, NULL },
    [STATUS_STALE]         = { 403, "D:valid-sync-token" },
    [STATUS_OVER_QUOTA]    = { 507, "D:quota-not-exceeded" },
    [STATUS_TOO_BIG]       = { 403, "C:max-resource-size" },
    [STATUS_LIMIT]         = { 507, "D:number-of-matches-within-limits" },
    [STATUS_SENDER_DENIED] = { 403, "D:need-privileges" },
    [STATUS_BAD_RECIPIENT] = { 403, "C:valid-scheduling-message" },
    [STATUS_NO_RECIPIENT]  = { 403, "C:valid-scheduling-message" },
    [STATUS_BAD_CONTENT]   = { 403, "C:valid-calendar-object-resource" },
    [STATUS_INFECTED]      = { 403, NULL },
    [STATUS_INTERNAL]      = { 500, NULL },
};
/* clang-format on */

const char *dav_status_line(int code)
{
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        if (lines[i].code == code)
            return lines[i].line;
    return "HTTP/1.1 500 Internal Server Error";
}

const struct dav_words *dav_words(enum status status)
{
    return &words[status];
}

void dav_reply_init(struct dav_reply *reply, struct arena *arena,
                    bool (*write)(void *context, const char *data, size_t len),
                    void *context)
{
    *reply = (struct dav_reply){
        .write = write, .context = context, .arena = arena, .keep_alive = true
    };
    buf_init(&reply->fields, arena);
    buf_init(&reply->body, NULL);
}

void dav_reply_fini(struct dav_reply *reply)
{
    buf_fini(&reply->body);
}

/* --- The header ----------------------------------------------------------- */

void dav_reply_field(struct dav_reply *reply, const char *name,
                     const char *format, ...)
{
    va_list args;

    va_start(args, format);
    const char *value = arena_vprintf(reply->arena, format, args);
    va_end(args);
    buf_printf(&reply->fields, "%s: ", name);
    for (; *value != '\0'; value++)
        if ((unsigned char)*value >= ' ' && *value != 0x7f)
            buf_putc(&reply->fields, *value);
    buf_puts(&reply->fields, "\r\n");
}

/* RFC 9110, 5.6.7: as mail has it, but for "GMT". */
static void put_date(struct buf *out)
{
    char text[40];

    time_to_rfc5322(time_now(), text);
    buf_printf(out, "Date: %.*s GMT\r\n", (int)(strlen(text) - 6), text);
}

static struct buf begin_header(struct dav_reply *reply, int code,
                               const char *type)
{
    struct buf out;

    reply->code = code;
    buf_init(&out, reply->arena);
    buf_printf(&out, "%s\r\n", dav_status_line(code));
    put_date(&out);
    if (type != NULL)
        buf_printf(&out, "Content-Type: %s\r\n", type);
    buf_append(&out, reply->fields.data, reply->fields.len);
    return out;
}

static void end_header(const struct dav_reply *reply, struct buf *out)
{
    if (!reply->keep_alive)
        buf_puts(out, "Connection: close\r\n");
    else if (reply->old)
        buf_puts(out, "Connection: keep-alive\r\n");
    buf_puts(out, "\r\n");
}

static void send(struct dav_reply *reply, const char *data, size_t len)
{
    if (!reply->gone && len > 0 && !reply->write(reply->context, data, len))
        reply->gone = true;
}

/* --- Bodies --------------------------------------------------------------- */

/* RFC 9110, 8.6: these have no length, as they never have a body. */
static bool has_no_body(int code)
{
    return code == 204 || code == 304;
}

void dav_reply_whole(struct dav_reply *reply, int code, const char *type,
                     const char *data, size_t len)
{
    struct buf out = begin_header(reply, code, type);

    if (!has_no_body(code))
        buf_printf(&out, "Content-Length: %zu\r\n", len);
    end_header(reply, &out);
    if (!reply->head && len < PIECE) {
        buf_append(&out, data, len);
        len = 0;
    }
    send(reply, out.data, out.len);
    if (!reply->head)
        send(reply, data, len);
}

void dav_reply_empty(struct dav_reply *reply, int code)
{
    dav_reply_whole(reply, code, NULL, "", 0);
}

void dav_reply_begin(struct dav_reply *reply, int code, const char *type)
{
    struct buf out = begin_header(reply, code, type);

    reply->streams = true;
    reply->chunked = !reply->old;
    reply->keep_alive = reply->keep_alive && (reply->chunked || reply->head);
    if (reply->chunked)
        buf_puts(&out, "Transfer-Encoding: chunked\r\n");
    end_header(reply, &out);
    send(reply, out.data, out.len);
}

static void send_piece(struct dav_reply *reply)
{
    struct buf *body = &reply->body;

    if (body->len > 0 && !reply->head) {
        if (reply->chunked) {
            char size[24];
            int len = snprintf(size, sizeof size, "%zx\r\n", body->len);

            send(reply, size, (size_t)len);
            buf_puts(body, "\r\n");
        }
        send(reply, body->data, body->len);
    }
    buf_clear(body);
}

bool dav_reply_flow(struct dav_reply *reply)
{
    if (reply->body.len >= PIECE)
        send_piece(reply);
    return !reply->gone;
}

void dav_reply_end(struct dav_reply *reply)
{
    send_piece(reply);
    if (reply->chunked && !reply->head)
        send(reply, "0\r\n\r\n", 5);
    reply->streams = false;
}

/* --- Errors --------------------------------------------------------------- */

/* An error's document: what is in it comes between. */
static void begin_error(struct dav_reply *reply, struct buf *out,
                        struct xml_writer *writer)
{
    buf_init(out, reply->arena);
    buf_puts(out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
    xml_writer_init(writer, out);
    dav_open_root(writer, "D:error");
}

static void end_error(struct dav_reply *reply, int code, struct buf *out,
                      struct xml_writer *writer)
{
    xml_close(writer);
    dav_reply_whole(reply, code, "application/xml; charset=utf-8", out->data,
                    out->len);
}

void dav_reply_error(struct dav_reply *reply, int code,
                     const char *precondition, const char *sentence)
{
    struct xml_writer writer;
    struct buf out;

    if (precondition == NULL && sentence == NULL) {
        dav_reply_empty(reply, code);
        return;
    }
    begin_error(reply, &out, &writer);
    if (precondition != NULL)
        xml_element(&writer, precondition, NULL);
    if (sentence != NULL)
        xml_element(&writer, "D:responsedescription", sentence);
    end_error(reply, code, &out, &writer);
}

void dav_reply_conflict(struct dav_reply *reply, const char *precondition,
                        const char *href)
{
    struct xml_writer writer;
    struct buf out;

    begin_error(reply, &out, &writer);
    xml_open(&writer, precondition);
    xml_element(&writer, "D:href", href);
    xml_close(&writer);
    end_error(reply, 403, &out, &writer);
}

void dav_reply_denied(struct dav_reply *reply, const char *href,
                      const char *privilege)
{
    struct xml_writer writer;
    struct buf out;

    begin_error(reply, &out, &writer);
    xml_open(&writer, "D:need-privileges");
    xml_open(&writer, "D:resource");
    xml_element(&writer, "D:href", href);
    xml_open(&writer, "D:privilege");
    xml_element(&writer, privilege, NULL);
    xml_close(&writer);
    xml_close(&writer);
    xml_close(&writer);
    end_error(reply, 403, &out, &writer);
}

void dav_reply_status(struct dav_reply *reply, enum status status)
{
    const struct dav_words *found = dav_words(status);

    if (reply->code != 0) {
        /* What has gone out has no end, so that nobody takes it for whole. */
        reply->gone = true;
        reply->keep_alive = false;
        return;
    }
    if (found->code == 503)
        dav_reply_field(reply, "Retry-After", "30");
    dav_reply_error(reply, found->code, found->precondition, NULL);
}
