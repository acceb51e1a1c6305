/*
 * http_files.c - what is fetched by its address: pictures, the address book
 *
 *     GET /EWS/Exchange.asmx/s/GetUserPhoto?email=<address>&size=HR96x96
 *     GET /OAB/<id>/oab.xml
 */
#include "tests/exchange/http_files.h"

#include <ctype.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/str.h"
#include "tests/exchange/book.h"
#include "tests/exchange/directory.h"
#include "tests/exchange/http_answer.h"
#include "tests/exchange/http_request.h"
#include "tests/exchange/photo.h"

#define PHOTO "/EWS/Exchange.asmx/s/GetUserPhoto"

static bool is_photo(const struct http_request *request)
{
    return str_equal_nocase(request->path, PHOTO);
}

const char *http_file_operation(const struct exchange *exchange,
                                const struct http_request *request)
{
    if (is_photo(request) && exchange->version >= EXCHANGE_2013_SP1)
        return "GetUserPhoto";
    return str_starts_nocase(request->path, "/OAB/") ? "OAB" : NULL;
}

/* --- Addresses ----------------------------------------------------------- */

static int digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0'
                                : tolower((unsigned char)c) - 'a' + 10;
}

static const char *decode(struct arena *arena, const char *text, size_t len)
{
    struct buf out;

    buf_init(&out, arena);
    for (size_t i = 0; i < len; i++)
        if (text[i] == '%' && i + 2 < len &&
            isxdigit((unsigned char)text[i + 1]) &&
            isxdigit((unsigned char)text[i + 2])) {
            buf_putc(&out,
                     (char)(digit(text[i + 1]) * 16 + digit(text[i + 2])));
            i += 2;
        } else {
            buf_putc(&out, text[i]);
        }
    return out.len == 0 ? "" : arena_strndup(arena, out.data, out.len);
}

/* The value of a name in a query; NULL: it is not there. */
static const char *parameter(struct arena *arena, const char *query,
                             const char *name)
{
    size_t len = strlen(name);

    while (*query != '\0') {
        size_t end = strcspn(query, "&");

        if (end > len && query[len] == '=' && str_is_nocase(query, len, name))
            return decode(arena, query + len + 1, end - len - 1);
        query += end + (query[end] == '&');
    }
    return NULL;
}

/* --- Answers ------------------------------------------------------------- */

static void say(struct arena *arena, int status, const char *text,
                struct http_answer *answer)
{
    answer->status = status;
    answer->body = arena_printf(
        arena, "<!DOCTYPE html>\r\n<html><body><h1>%s</h1></body></html>\r\n",
        text);
    answer->len = strlen(answer->body);
}

/* Who names the tag has it already. */
static void give(struct arena *arena, const struct http_request *request,
                 const char *tag, struct http_answer *answer)
{
    answer->status = 200;
    answer->headers = arena_printf(arena, "ETag: %s\r\n", tag);
    if (strstr(request->if_none_match, tag) == NULL)
        return;
    answer->status = 304;
    answer->len = 0;
}

static void answer_photo(struct exchange *exchange, struct arena *arena,
                         const struct http_request *request,
                         struct http_answer *answer)
{
    const char *address = parameter(arena, request->query, "email");
    const char *size = parameter(arena, request->query, "size");
    const struct sim_entry *entry;

    if (address == NULL || size == NULL || !photo_size_known(size)) {
        say(arena, 400, "Bad Request", answer);
        return;
    }
    exchange_lock(exchange);
    entry = photo_find(exchange, address);
    if (entry != NULL) {
        answer->type = photo_type(entry);
        answer->body = arena_memdup(arena, entry->photo, entry->photo_len);
        answer->len = entry->photo_len;
        give(arena, request, photo_tag(arena, entry), answer);
    } else {
        say(arena, 404, "Not Found", answer);
    }
    exchange_unlock(exchange);
}

static void answer_book(struct exchange *exchange, struct arena *arena,
                        const struct http_request *request,
                        struct http_answer *answer)
{
    answer->body =
        book_file(exchange, arena, request->path, &answer->type, &answer->len);
    if (answer->body != NULL)
        give(arena, request,
             arena_printf(arena, "\"%zx-%s\"", answer->len,
                          book_edition(exchange, arena)),
             answer);
    else
        say(arena, 404, "404 - File or directory not found.", answer);
}

void http_file_answer(struct exchange *exchange, struct arena *arena,
                      const struct http_request *request,
                      struct http_answer *answer)
{
    if (is_photo(request))
        answer_photo(exchange, arena, request, answer);
    else
        answer_book(exchange, arena, request, answer);
}
