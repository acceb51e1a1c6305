/*
 * http_request.c - reads HTTP/1.1 requests from a wire
 */
#include "tests/exchange/http_request.h"

#include <string.h>

#include <http_parser.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "tests/exchange/wire.h"

/* One request while it is parsed.  Names, values and the address come in pieces. */
struct parse {
    struct http_reader *reader;
    struct arena *arena;
    struct http_request *request;
    struct buf url, name, value;
    bool in_value;
    bool expects;
    bool too_large;
    bool complete;
};

static void end_header(struct parse *parse)
{
    struct http_request *request = parse->request;
    const struct {
        const char *name;
        const char **value;
    } kept[] = {
        { "Authorization", &request->authorization },
        { "Accept-Encoding", &request->accept_encoding },
        { "Content-Type", &request->content_type },
        { "If-None-Match", &request->if_none_match },
        { "X-AnchorMailbox", &request->anchor },
        { "X-PublicFolderMailbox", &request->public_mailbox },
    };

    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
        if (str_is_nocase(parse->name.data, parse->name.len, kept[i].name))
            *kept[i].value = arena_strndup(parse->arena, parse->value.data,
                                           parse->value.len);
    if (str_is_nocase(parse->name.data, parse->name.len, "Expect"))
        parse->expects = true;
    buf_clear(&parse->name);
    buf_clear(&parse->value);
    parse->in_value = false;
}

static int on_url(http_parser *parser, const char *at, size_t len)
{
    struct parse *parse = parser->data;
    buf_append(&parse->url, at, len);
    return 0;
}

static int on_name(http_parser *parser, const char *at, size_t len)
{
    struct parse *parse = parser->data;
    if (parse->in_value)
        end_header(parse);
    buf_append(&parse->name, at, len);
    return 0;
}

static int on_value(http_parser *parser, const char *at, size_t len)
{
    struct parse *parse = parser->data;
    parse->in_value = true;
    buf_append(&parse->value, at, len);
    return 0;
}

/* Refuses the body before it travels where its length is announced. */
static int on_headers(http_parser *parser)
{
    static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
    struct parse *parse = parser->data;
    size_t limit = parse->reader->body_limit;

    if (parse->in_value)
        end_header(parse);
    parse->too_large = parser->content_length != UINT64_MAX &&
                       parser->content_length > limit;
    if (parse->too_large)
        return -1;
    if (parse->expects)
        wire_write(parse->reader->wire, go_on, sizeof go_on - 1);
    return 0;
}

static int on_body(http_parser *parser, const char *at, size_t len)
{
    struct parse *parse = parser->data;
    struct buf *body = &parse->request->body;

    parse->too_large = body->len + len > parse->reader->body_limit;
    if (parse->too_large)
        return -1;
    buf_append(body, at, len);
    return 0;
}

static int on_complete(http_parser *parser)
{
    struct parse *parse = parser->data;
    parse->complete = true;
    parse->request->keep_alive = http_should_keep_alive(parser) != 0;
    http_parser_pause(parser, 1);
    return 0;
}

static const http_parser_settings callbacks = {
    .on_url = on_url,
    .on_header_field = on_name,
    .on_header_value = on_value,
    .on_headers_complete = on_headers,
    .on_body = on_body,
    .on_message_complete = on_complete,
};

/* Parses what is in `data`; false if that is no HTTP.  What follows the request is
 * kept for the next one. */
static bool feed(http_parser *parser, struct parse *parse, const char *data,
                 size_t len)
{
    size_t used = http_parser_execute(parser, &callbacks, data, len);
    if (parse->complete) {
        buf_append(&parse->reader->rest, data + used, len - used);
        return true;
    }
    return HTTP_PARSER_ERRNO(parser) == HPE_OK && parser->upgrade == 0;
}

/* Feeds the parser until the request is whole. */
static enum http_read read_whole(http_parser *parser, struct parse *parse)
{
    struct http_reader *reader = parse->reader;
    char input[32 * 1024];
    size_t len = reader->rest.len;

    if (len > 0) {
        char *rest = arena_memdup(parse->arena, reader->rest.data, len);
        buf_clear(&reader->rest);
        if (!feed(parser, parse, rest, len))
            return parse->too_large ? HTTP_READ_TOO_LARGE : HTTP_READ_BAD;
    }
    while (!parse->complete) {
        len = wire_read(reader->wire, input, sizeof input);
        if (len == 0)
            return HTTP_READ_CLOSED;
        if (!feed(parser, parse, input, len))
            return parse->too_large ? HTTP_READ_TOO_LARGE : HTTP_READ_BAD;
    }
    return HTTP_READ_REQUEST;
}

enum http_read http_reader_next(struct http_reader *reader, struct arena *arena,
                                struct http_request *request)
{
    struct parse parse = { .reader = reader,
                           .arena = arena,
                           .request = request };
    *request = (struct http_request){ .authorization = "",
                                      .accept_encoding = "",
                                      .content_type = "",
                                      .query = "",
                                      .if_none_match = "",
                                      .anchor = "",
                                      .public_mailbox = "" };
    buf_init(&request->body, NULL);
    buf_init(&parse.url, arena);
    buf_init(&parse.name, arena);
    buf_init(&parse.value, arena);

    http_parser parser;
    http_parser_init(&parser, HTTP_REQUEST);
    parser.data = &parse;
    enum http_read result = read_whole(&parser, &parse);
    if (result != HTTP_READ_REQUEST) {
        http_request_fini(request);
        return result;
    }
    request->method = http_method_str((enum http_method)parser.method);
    request->path = arena_strndup(arena, parse.url.data,
                                  strcspn(parse.url.data, "?#"));
    const char *query = strchr(parse.url.data, '?');
    if (query != NULL)
        request->query = query + 1;
    return result;
}

void http_request_fini(struct http_request *request)
{
    buf_fini(&request->body);
}

void http_reader_init(struct http_reader *reader, struct wire *wire,
                      size_t body_limit)
{
    reader->wire = wire;
    reader->body_limit = body_limit;
    buf_init(&reader->rest, NULL);
}

void http_reader_fini(struct http_reader *reader)
{
    buf_fini(&reader->rest);
}
