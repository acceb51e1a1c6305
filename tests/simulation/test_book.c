/*
 * test_book.c - the offline address book and pictures, as curl fetches them and
 * libmspack unpacks them
 */
#include "tests/exchange/exchange.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <criterion/criterion.h>
#include <mspack.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/str.h"
#include "tests/exchange/autodiscover.h"

#define ANN "ann@example.com"
#define ZOE "zoe@example.com"

static struct {
    struct exchange *exchange;
    struct arena *arena;
    const char *root; /* "http://127.0.0.1:PORT" */
    char folder[64];
} t;

static const unsigned char picture[] = { 0xff, 0xd8, 0xff, 0xe0, 1, 2, 3 };

static void set_up(void)
{
    t.arena = arena_new();
    t.exchange = exchange_new(EXCHANGE_2016);
    exchange_add_user(t.exchange, ANN, "Ann Lee", "secret", "en");
    exchange_add_person(t.exchange, ZOE, "Zoë Müller");
    exchange_set_photo(t.exchange, ZOE, picture, sizeof picture);
    cr_assert(exchange_serve(t.exchange, 0, false, EXCHANGE_BASIC) != 0);
    t.root = arena_strdup(t.arena, exchange_url(t.exchange));
    *strstr((char *)t.root, "/EWS") = '\0';
    strcpy(t.folder, "/tmp/postern-book-XXXXXX");
    cr_assert_not_null(mkdtemp(t.folder));
}

static void tear_down(void)
{
    static const char *const names[] = { "packed", "details", "headers" };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        unlink(arena_printf(t.arena, "%s/%s", t.folder, names[i]));
    rmdir(t.folder);
    exchange_free(&t.exchange);
    arena_free(&t.arena);
}

TestSuite(book, .init = set_up, .fini = tear_down);

/* Fetches something into the file "packed" and gives the HTTP status. */
static char *fetch(const char *url, const char *more)
{
    char *command = arena_printf(t.arena,
                                 "curl -s -m 10 -u " ANN
                                 ":secret -D %s/headers -o %s/packed %s"
                                 " -w '%%{http_code}' '%s'",
                                 t.folder, t.folder, more, url);
    char status[16] = "";
    FILE *pipe = popen(command, "r");

    cr_assert_not_null(pipe);
    cr_assert_not_null(fgets(status, sizeof status, pipe));
    pclose(pipe);
    return arena_strdup(t.arena, status);
}

static struct buf content(const char *name)
{
    FILE *file = fopen(arena_printf(t.arena, "%s/%s", t.folder, name), "rb");
    struct buf out;
    int c;

    buf_init(&out, t.arena);
    buf_puts(&out, "");
    while (file != NULL && (c = getc(file)) != EOF)
        buf_putc(&out, (char)c);
    if (file != NULL)
        fclose(file);
    return out;
}

static const char *between(const char *text, const char *from, const char *to)
{
    const char *start = strstr(text, from);

    cr_assert_not_null(start, "%s in %s", from, text);
    start += strlen(from);
    cr_assert_not_null(strstr(start, to));
    return arena_strndup(t.arena, start, (size_t)(strstr(start, to) - start));
}

/* --- The book ------------------------------------------------------------- */

static const char *discover(void)
{
    static const char question[] =
        "<Autodiscover xmlns=\"http://schemas.microsoft.com/exchange/"
        "autodiscover/outlook/requestschema/2006\"><Request><EMailAddress>" ANN
        "</EMailAddress><AcceptableResponseSchema>http://schemas.microsoft.com"
        "/exchange/autodiscover/outlook/responseschema/2006a"
        "</AcceptableResponseSchema></Request></Autodiscover>";

    return sim_autodiscover(t.exchange, t.arena, question, sizeof question - 1);
}

/* Fetches the manifest and then the file that it names; the manifest. */
static const char *fetch_book(void)
{
    const char *url = between(discover(), "<OABUrl>", "<");
    const char *text;

    cr_assert_str_eq(fetch(arena_printf(t.arena, "%soab.xml", url), ""), "200");
    text = content("packed").data;
    cr_assert_str_eq(
        fetch(arena_printf(t.arena, "%s%s", url,
                           between(strstr(text, "<Full"), ">", "<")),
              ""),
        "200");
    return text;
}

static int unpack(void)
{
    struct msoab_decompressor *book = mspack_create_oab_decompressor(NULL);
    char *to = arena_printf(t.arena, "%s/details", t.folder);
    int result = book->decompress(
        book, arena_printf(t.arena, "%s/packed", t.folder), to);

    mspack_destroy_oab_decompressor(book);
    return result;
}

static uint32_t number_at(const struct buf *data, size_t at)
{
    uint32_t value = 0;

    cr_assert_leq(at + 4, data->len);
    for (size_t i = 4; i-- > 0;)
        value = value << 8 | (unsigned char)data->data[at + i];
    return value;
}

/* How many records there are behind the tables, each in its own length. */
static size_t count_records(const struct buf *details)
{
    size_t at = 12 + number_at(details, 12);
    size_t count = 0;

    for (; at < details->len; at += number_at(details, at)) {
        cr_assert_geq(number_at(details, at), 5);
        count++;
    }
    cr_expect_eq(at, details->len);
    return count - 1;
}

static bool holds(const struct buf *data, const char *text)
{
    return memmem(data->data, data->len, text, strlen(text)) != NULL;
}

Test(book, is_offered_when_it_is)
{
    cr_expect_null(strstr(discover(), "OABUrl"));
    exchange_offer_book(t.exchange, true);
    cr_expect_not_null(strstr(discover(), "OABUrl"));
}

Test(book, has_everybody_in_records)
{
    exchange_fill_directory(t.exchange, 3000);
    for (int compressed = 0; compressed < 2; compressed++) {
        exchange_offer_book(t.exchange, compressed);
        const char *text = fetch_book();
        cr_assert_eq(unpack(), MSPACK_ERR_OK);
        struct buf details = content("details");
        struct buf packed = content("packed");

        cr_expect_eq(number_at(&details, 0), 0x20);
        cr_expect_eq(number_at(&details, 8), 3012);
        cr_expect_eq(count_records(&details), 3012);
        cr_expect(holds(&details, "Zoë Müller"));
        cr_expect(holds(&details, "SMTP:" ZOE));
        cr_expect_str_eq(between(text, "uncompressedsize=\"", "\""),
                         arena_printf(t.arena, "%zu", details.len));
        cr_expect_str_eq(between(text, " size=\"", "\""),
                         arena_printf(t.arena, "%zu", packed.len));
        cr_expect_eq(packed.len < details.len, compressed == 1);
    }
}

Test(book, is_what_its_hash_says)
{
    exchange_offer_book(t.exchange, true);
    const char *hash = between(fetch_book(), "SHA=\"", "\"");
    FILE *pipe =
        popen(arena_printf(t.arena, "sha1sum %s/packed", t.folder), "r");
    char sum[64] = "";

    cr_assert_not_null(fgets(sum, 41, pipe));
    pclose(pipe);
    cr_expect(str_equal_nocase(sum, hash), "%s %s", sum, hash);
}

Test(book, changes_when_a_new_edition_is_made)
{
    exchange_offer_book(t.exchange, true);
    exchange_add_person(t.exchange, "new@example.com", "Newcomer");
    cr_expect_str_eq(between(fetch_book(), "seq=\"", "\""), "1");
    unpack();
    struct buf details = content("details");
    cr_expect_not(holds(&details, "Newcomer"));
    exchange_new_book(t.exchange);
    cr_expect_str_eq(between(fetch_book(), "seq=\"", "\""), "2");
    unpack();
    details = content("details");
    cr_expect(holds(&details, "Newcomer"));
}

Test(book, can_be_broken)
{
    exchange_fill_directory(t.exchange, 300);
    exchange_offer_book(t.exchange, true);
    exchange_break_book(t.exchange, BOOK_CORRUPT);
    fetch_book();
    cr_expect_neq(unpack(), MSPACK_ERR_OK);
    exchange_break_book(t.exchange, BOOK_TRUNCATED);
    fetch_book();
    cr_expect_neq(unpack(), MSPACK_ERR_OK);
    exchange_break_book(t.exchange, BOOK_NONSENSE);
    fetch_book();
    cr_expect_eq(unpack(), MSPACK_ERR_OK);
    exchange_break_book(t.exchange, BOOK_WHOLE);
    fetch_book();
    cr_expect_eq(unpack(), MSPACK_ERR_OK);
}

Test(book, is_for_those_who_log_in)
{
    exchange_offer_book(t.exchange, true);
    const char *url = arena_printf(t.arena, "%soab.xml",
                                   between(discover(), "<OABUrl>", "<"));
    cr_expect_str_eq(fetch(url, "-u ann@example.com:wrong"), "401");
    exchange_reset_calls(t.exchange);
    cr_expect_str_eq(fetch(url, ""), "200");
    cr_expect_str_eq(fetch(arena_printf(t.arena, "%sx", url), ""), "404");
    cr_expect_eq(exchange_calls(t.exchange, "OAB"), 2);
    exchange_set_fault(t.exchange,
                       &(struct exchange_fault_rule){ .operation = "OAB",
                                                      .fault = FAULT_HTTP_503,
                                                      .times = 1 });
    cr_expect_str_eq(fetch(url, ""), "503");
}

/* --- Pictures ------------------------------------------------------------- */

static char *fetch_photo(const char *query, const char *more)
{
    return fetch(arena_printf(t.arena, "%s/EWS/Exchange.asmx/s/GetUserPhoto?%s",
                              t.root, query),
                 more);
}

Test(book, knows_pictures_by_their_address)
{
    cr_expect_str_eq(fetch_photo("email=" ZOE "&size=HR96x96", ""), "200");
    struct buf data = content("packed");
    cr_assert_eq(data.len, sizeof picture);
    cr_expect_arr_eq(data.data, picture, sizeof picture);
    const char *headers = content("headers").data;
    cr_expect_not_null(strstr(headers, "Content-Type: image/jpeg"));
    const char *tag = between(headers, "ETag: ", "\r");
    cr_expect_str_eq(
        fetch_photo("email=zoe%40example.com&size=HR648X648",
                    arena_printf(t.arena, "-H 'If-None-Match: %s'", tag)),
        "304");
    cr_expect_str_eq(fetch_photo("email=" ANN "&size=HR96x96", ""), "404");
    cr_expect_str_eq(fetch_photo("email=" ZOE, ""), "400");
    cr_expect_eq(exchange_calls(t.exchange, "GetUserPhoto"), 4);
}
