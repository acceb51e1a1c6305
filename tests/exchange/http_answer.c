/*
 * http_answer.c - writes HTTP/1.1 answers, whole or spoiled
 */
#include "tests/exchange/http_answer.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <http_parser.h>
#include <zlib.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/str.h"
#include "tests/exchange/http_request.h"
#include "tests/exchange/wire.h"

/* IIS does not compress what is smaller. */
#define GZIP_MIN 256
#define CHUNK (16 * 1024)

/* The body as it travels; `memory` is what has to be freed. */
struct body {
    const char *data;
    size_t len;
    char *memory;
    bool gzip;
};

static enum exchange_fault fault_of(const struct http_answer *answer)
{
    return answer->fault != NULL ? answer->fault->fault : FAULT_NONE;
}

/* What no XML parser accepts, in the middle. */
static void spoil(struct body *body, struct arena *arena)
{
    static const char nonsense[] = "</m:Nonsense><<&\"";
    struct buf spoilt;
    size_t half = body->len / 2;

    buf_init(&spoilt, arena);
    buf_append(&spoilt, body->data, half);
    buf_puts(&spoilt, nonsense);
    buf_append(&spoilt, body->data + half, body->len - half);
    body->data = spoilt.data;
    body->len = spoilt.len;
}

static void compress_body(struct body *body)
{
    z_stream stream = { 0 };
    if (body->len > UINT32_MAX ||
        deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, MAX_WBITS + 16,
                     MAX_MEM_LEVEL, Z_DEFAULT_STRATEGY) != Z_OK)
        return;

    uLong room = deflateBound(&stream, (uLong)body->len);
    char *out = malloc(room);
    stream.next_in = (Bytef *)(uintptr_t)body->data;
    stream.avail_in = (uInt)body->len;
    stream.next_out = (Bytef *)out;
    stream.avail_out = (uInt)room;
    if (out != NULL && room <= UINT32_MAX &&
        deflate(&stream, Z_FINISH) == Z_STREAM_END)
        *body = (struct body){ out, stream.total_out, out, true };
    else
        free(out);
    deflateEnd(&stream);
}

static bool accepts_gzip(const struct http_request *request)
{
    return request != NULL && strstr(request->accept_encoding, "gzip") != NULL;
}

/* Pictures and files that are compressed already stay as they are. */
static bool is_text(const struct http_answer *answer)
{
    return answer->type == NULL || str_starts(answer->type, "text/");
}

/* The answer to HEAD is the head of the answer to GET. */
static bool is_head(const struct http_request *request)
{
    return request != NULL && str_equal(request->method, "HEAD");
}

static bool send_head(struct wire *wire, struct arena *arena,
                      const struct http_answer *answer, const struct body *body,
                      bool chunked, bool close)
{
    struct buf head;
    buf_init(&head, arena);
    buf_printf(&head, "HTTP/1.1 %d %s\r\n", answer->status,
               http_status_str((enum http_status)answer->status));
    buf_puts(&head, "Cache-Control: private\r\nServer: Microsoft-IIS/10.0\r\n"
                    "X-Powered-By: ASP.NET\r\n");
    buf_printf(&head, "X-BackEndBuild: %s\r\n", answer->build);
    if (answer->len > 0)
        buf_printf(&head, "Content-Type: %s\r\n",
                   answer->type != NULL ? answer->type
                                        : "text/html; charset=utf-8");
    if (body->gzip)
        buf_puts(&head, "Content-Encoding: gzip\r\nVary: Accept-Encoding\r\n");
    if (answer->headers != NULL)
        buf_puts(&head, answer->headers);
    if (chunked)
        buf_puts(&head, "Transfer-Encoding: chunked\r\n");
    else
        buf_printf(&head, "Content-Length: %zu\r\n", body->len);
    if (close)
        buf_puts(&head, "Connection: close\r\n");
    buf_puts(&head, "\r\n");
    return wire_write(wire, head.data, head.len);
}

static bool send_piece(struct wire *wire, struct arena *arena, const char *data,
                       size_t len, bool chunked)
{
    if (!chunked)
        return wire_write(wire, data, len);
    for (size_t at = 0, size; at < len; at += size) {
        size = len - at < CHUNK ? len - at : CHUNK;
        const char *head = arena_printf(arena, "%zx\r\n", size);
        if (!wire_write(wire, head, strlen(head)) ||
            !wire_write(wire, data + at, size) || !wire_write(wire, "\r\n", 2))
            return false;
    }
    return true;
}

/* In ten pieces, each after a pause. */
static bool send_slowly(struct wire *wire, struct arena *arena,
                        const struct body *body, bool chunked, long pause)
{
    for (size_t i = 0; i < 10; i++) {
        size_t from = body->len / 10 * i;
        size_t to = i < 9 ? body->len / 10 * (i + 1) : body->len;
        if (!wire_pause(wire, pause) ||
            !send_piece(wire, arena, body->data + from, to - from, chunked))
            return false;
    }
    return true;
}

/* Sends what is announced, or the half of it. */
static bool send_body(struct wire *wire, struct arena *arena,
                      const struct http_answer *answer, const struct body *body,
                      bool chunked)
{
    bool sent;
    switch (fault_of(answer)) {
    case FAULT_TRUNCATED:
        wire_write(wire, body->data, body->len / 2);
        return false;
    case FAULT_SLOW:
        sent = send_slowly(wire, arena, body, chunked, answer->fault->parameter);
        break;
    default:
        sent = send_piece(wire, arena, body->data, body->len, chunked);
    }
    return sent && (!chunked || wire_write(wire, "0\r\n\r\n", 5));
}

bool http_answer_send(struct wire *wire, struct arena *arena,
                      const struct http_request *request,
                      const struct http_answer *answer)
{
    struct body body = { answer->body, answer->len, NULL, false };
    bool close = answer->close || request == NULL || !request->keep_alive;
    bool chunked = answer->chunked && answer->len > 0 &&
                   fault_of(answer) != FAULT_TRUNCATED;

    if (fault_of(answer) == FAULT_MALFORMED)
        spoil(&body, arena);
    if (accepts_gzip(request) && body.len >= GZIP_MIN && is_text(answer))
        compress_body(&body);
    bool sent = send_head(wire, arena, answer, &body, chunked, close) &&
                (is_head(request) ||
                 send_body(wire, arena, answer, &body, chunked));
    free(body.memory);
    return sent && !close;
}
