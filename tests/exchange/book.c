/*
 * book.c - the offline address book: its editions, its manifest, its faults
 */
#include "tests/exchange/book.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/sha.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/memory.h"
#include "proxy/base/str.h"
#include "tests/exchange/lzx.h"
#include "tests/exchange/model.h"

/* --- Editions ------------------------------------------------------------ */

/* Nonsense is well packed: what is in it cannot be read. */
static void spoil_details(struct sim_book *book, struct buf *details)
{
    if (book->fault == BOOK_NONSENSE)
        memset(details->data + details->len / 2, 0xff,
               details->len - details->len / 2);
}

static void spoil_file(struct sim_book *book)
{
    if (book->fault == BOOK_CORRUPT)
        for (size_t i = book->len / 2; i < book->len / 2 + 8; i++)
            book->data[i] ^= 0x55;
}

static void make(struct exchange *exchange)
{
    struct sim_book *book = exchange->book;
    struct buf details, packed;

    buf_init(&details, NULL);
    buf_init(&packed, NULL);
    book_write(&details, exchange);
    spoil_details(book, &details);
    lzx_pack(&packed, (unsigned char *)details.data, details.len,
             book->compressed);
    free(book->data);
    book->data = memory_new(packed.len);
    memcpy(book->data, packed.data, packed.len);
    book->len = packed.len;
    book->unpacked = details.len;
    spoil_file(book);
    buf_fini(&details);
    buf_fini(&packed);
}

void exchange_offer_book(struct exchange *exchange, bool compressed)
{
    exchange_lock(exchange);
    if (exchange->book == NULL)
        exchange->book = memory_new(sizeof *exchange->book);
    exchange->book->compressed = compressed;
    exchange->book->sequence++;
    make(exchange);
    exchange_unlock(exchange);
}

void exchange_new_book(struct exchange *exchange)
{
    exchange_lock(exchange);
    if (exchange->book != NULL) {
        exchange->book->sequence++;
        make(exchange);
    }
    exchange_unlock(exchange);
}

void exchange_break_book(struct exchange *exchange,
                         enum exchange_book_fault fault)
{
    exchange_lock(exchange);
    if (exchange->book != NULL) {
        exchange->book->fault = fault;
        exchange->book->sequence++;
        make(exchange);
    }
    exchange_unlock(exchange);
}

void sim_book_free(struct exchange *exchange)
{
    if (exchange->book != NULL)
        free(exchange->book->data);
    free(exchange->book);
}

/* --- Files --------------------------------------------------------------- */

static const char *hash_of(struct arena *arena, const struct sim_book *book)
{
    unsigned char hash[SHA_DIGEST_LENGTH];
    struct buf text;

    SHA1(book->data, book->len, hash);
    if (book->fault == BOOK_WRONG_HASH)
        hash[0] ^= 1;
    buf_init(&text, arena);
    for (size_t i = 0; i < sizeof hash; i++)
        buf_printf(&text, "%02X", hash[i]);
    return text.data;
}

static const char *data_name(struct arena *arena, const struct sim_book *book)
{
    return arena_printf(arena, BOOK_ID "-data-%u.lzx", book->sequence);
}

/* Templates of dialogues and differences from the edition before are named as
 * real servers do, though nobody but Outlook wants them. */
static const char *manifest(struct arena *arena, const struct sim_book *book)
{
    struct buf text;

    buf_init(&text, arena);
    buf_printf(
        &text,
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n<OAB><OAL id=\"" BOOK_ID
        "\" dn=\"/\" name=\"\\Global Address List\"><Full seq=\"%u\""
        " ver=\"32\" size=\"%zu\" uncompressedsize=\"%zu\" SHA=\"%s\">%s"
        "</Full>",
        book->sequence, book->len, book->unpacked, hash_of(arena, book),
        data_name(arena, book));
    if (book->sequence > 1)
        buf_printf(&text,
                   "<Diff seq=\"%u\" ver=\"32\" size=\"1203\""
                   " uncompressedsize=\"%zu\" SHA=\"%040u\">" BOOK_ID
                   "-binpatch-%u.lzx</Diff>",
                   book->sequence, book->unpacked, 7u, book->sequence);
    buf_printf(&text,
               "<Template seq=\"%u\" ver=\"32\" size=\"6200\""
               " uncompressedsize=\"21000\" SHA=\"%040u\" langid=\"0409\""
               " type=\"windows\">" BOOK_ID "-lng0409-%u.lzx</Template>"
               "</OAL></OAB>\r\n",
               book->sequence, 9u, book->sequence);
    return text.data;
}

static const char *find(struct arena *arena, const struct sim_book *book,
                        const char *name, const char **type_out,
                        size_t *len_out)
{
    const char *text;

    if (str_equal_nocase(name, "oab.xml")) {
        text = manifest(arena, book);
        *type_out = "text/xml";
        *len_out = strlen(text);
        return text;
    }
    if (!str_equal_nocase(name, data_name(arena, book)) ||
        book->fault == BOOK_MISSING)
        return NULL;
    *type_out = "application/octet-stream";
    *len_out = book->fault == BOOK_TRUNCATED ? book->len / 2 : book->len;
    return arena_memdup(arena, book->data, *len_out);
}

const char *book_file(struct exchange *exchange, struct arena *arena,
                      const char *path, const char **type_out, size_t *len_out)
{
    const char *file = NULL;

    exchange_lock(exchange);
    if (exchange->book != NULL && str_starts_nocase(path, BOOK_FOLDER))
        file = find(arena, exchange->book, path + sizeof BOOK_FOLDER - 1,
                    type_out, len_out);
    exchange_unlock(exchange);
    return file;
}

const char *book_edition(struct exchange *exchange, struct arena *arena)
{
    const char *edition;

    exchange_lock(exchange);
    edition = arena_printf(
        arena, "%u", exchange->book == NULL ? 0 : exchange->book->sequence);
    exchange_unlock(exchange);
    return edition;
}

/* Before 2013 the book may lie in a public folder instead, which is what is
 * said where there is none. */
const char *book_url(struct exchange *exchange, struct arena *arena)
{
    const char *url = exchange_url(exchange);
    const char *end = url == NULL ? NULL : strstr(url, "/EWS/");

    if (exchange->book != NULL && end != NULL)
        return arena_printf(arena, "%.*s" BOOK_FOLDER, (int)(end - url), url);
    return exchange->version < EXCHANGE_2013_SP1 ? "Public Folder" : NULL;
}
