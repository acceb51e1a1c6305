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

/* Those who have the edition before can make this one of it. */
static void add_patch(struct sim_book *book, const struct buf *details)
{
    struct sim_patch *patches = book->patches;
    struct buf patch;

    buf_init(&patch, NULL);
    lzx_pack_patch(&patch, book->details, book->unpacked,
                   (unsigned char *)details->data, details->len);
    free(patches[BOOK_PATCHES - 1].data);
    memmove(patches + 1, patches, (BOOK_PATCHES - 1) * sizeof *patches);
    patches[0] = (struct sim_patch){ .sequence = book->sequence,
                                     .data = memory_new(patch.len),
                                     .len = patch.len,
                                     .unpacked = details->len };
    memcpy(patches[0].data, patch.data, patch.len);
    buf_fini(&patch);
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
    if (book->details != NULL)
        add_patch(book, &details);
    free(book->data);
    book->data = memory_new(packed.len);
    memcpy(book->data, packed.data, packed.len);
    book->len = packed.len;
    free(book->details);
    book->details = memory_new(details.len);
    memcpy(book->details, details.data, details.len);
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
    struct sim_book *book = exchange->book;

    if (book == NULL)
        return;
    for (size_t i = 0; i < BOOK_PATCHES; i++)
        free(book->patches[i].data);
    free(book->details);
    free(book->data);
    free(book);
}

/* --- Files --------------------------------------------------------------- */

static const char *hash_of(struct arena *arena, const unsigned char *data,
                           size_t len, bool wrong)
{
    unsigned char hash[SHA_DIGEST_LENGTH];
    struct buf text;

    SHA1(data, len, hash);
    if (wrong)
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

static const char *patch_name(struct arena *arena,
                              const struct sim_patch *patch)
{
    return arena_printf(arena, BOOK_ID "-binpatch-%u.lzx", patch->sequence);
}

static void tell_patches(struct buf *text, struct arena *arena,
                         const struct sim_book *book)
{
    const struct sim_patch *patch = book->patches;

    for (; patch < book->patches + BOOK_PATCHES && patch->data != NULL; patch++)
        buf_printf(text,
                   "<Diff seq=\"%u\" ver=\"32\" size=\"%zu\""
                   " uncompressedsize=\"%zu\" SHA=\"%s\">%s</Diff>",
                   patch->sequence, patch->len, patch->unpacked,
                   hash_of(arena, patch->data, patch->len, false),
                   patch_name(arena, patch));
}

/* Templates of dialogues are named as real servers do, though nobody but
 * Outlook wants them. */
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
        book->sequence, book->len, book->unpacked,
        hash_of(arena, book->data, book->len, book->fault == BOOK_WRONG_HASH),
        data_name(arena, book));
    tell_patches(&text, arena, book);
    buf_printf(&text,
               "<Template seq=\"%u\" ver=\"32\" size=\"6200\""
               " uncompressedsize=\"21000\" SHA=\"%040u\" langid=\"0409\""
               " type=\"windows\">" BOOK_ID "-lng0409-%u.lzx</Template>"
               "</OAL></OAB>\r\n",
               book->sequence, 9u, book->sequence);
    return text.data;
}

static const char *find_patch(struct arena *arena, const struct sim_book *book,
                              const char *name, size_t *len_out)
{
    for (size_t i = 0; i < BOOK_PATCHES; i++) {
        const struct sim_patch *patch = &book->patches[i];

        if (patch->data == NULL ||
            !str_equal_nocase(name, patch_name(arena, patch)))
            continue;
        *len_out = patch->len;
        return arena_memdup(arena, patch->data, patch->len);
    }
    return NULL;
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
    *type_out = "application/octet-stream";
    if (!str_equal_nocase(name, data_name(arena, book)))
        return find_patch(arena, book, name, len_out);
    if (book->fault == BOOK_MISSING)
        return NULL;
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
