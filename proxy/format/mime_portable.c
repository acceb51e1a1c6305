/*
 * mime_portable.c - Content-Transfer-Encodings: putting what is binary into
 * base64
 *
 * The message is copied but for some stretches: the bodies of binary parts, and
 * the fields that say that they are binary.
 */
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/base64.h"
#include "proxy/base/spool.h"
#include "proxy/base/str.h"
#include "proxy/format/mime.h"
#include "proxy/format/mime_transfer.h"

#define FIELD "Content-Transfer-Encoding"

/* A line of base64 in octets and in characters. */
#define LINE_OCTETS 57
#define LINE 76

#define PIECE 8192

struct edit {
    uint64_t offset;
    uint64_t len;
    const char *text; /* what stands there instead; NULL: the same in base64 */
};

struct edits {
    struct arena *arena;
    const struct spool *message;
    struct edit *list;
    size_t count, capacity;
};

static void add(struct edits *edits, uint64_t offset, uint64_t len,
                const char *text)
{
    if (edits->count == edits->capacity) {
        size_t capacity = edits->capacity == 0 ? 8 : edits->capacity * 2;
        struct edit *grown = arena_array(edits->arena, capacity, sizeof *grown);

        if (edits->count > 0)
            memcpy(grown, edits->list, edits->count * sizeof *grown);
        edits->list = grown;
        edits->capacity = capacity;
    }
    edits->list[edits->count++] = (struct edit){ offset, len, text };
}

/* Replaces the field by one that says something else. */
static void edit_field(struct edits *edits, const struct mime_part *part,
                       const char *encoding)
{
    size_t len = part->header_size < MIME_HEADER_MAX ? (size_t)part->header_size
                                                     : MIME_HEADER_MAX;
    const char *header =
        spool_copy(edits->arena, edits->message, part->header_offset, len);
    struct mime_field field;

    for (size_t at = 0;
         header != NULL && mime_field_next(header, len, &at, &field);)
        if (str_is_nocase(field.name, field.name_len, FIELD))
            add(edits, part->header_offset + (uint64_t)(field.raw - header),
                field.raw_len,
                arena_printf(edits->arena, FIELD ": %s\r\n", encoding));
}

/* In the order of the message. */
static void find_edits(struct edits *edits, const struct mime_part *part)
{
    bool binary = str_equal_nocase(part->encoding, "binary");
    bool leaf = part->kind == MIME_LEAF;

    if (binary)
        edit_field(edits, part, leaf ? "base64" : "8bit");
    if (binary && leaf && part->body_size > 0)
        add(edits, part->body_offset, part->body_size, NULL);
    for (size_t i = 0; i < part->child_count; i++)
        find_edits(edits, &part->children[i]);
}

static struct edits all_edits(struct arena *arena, const struct spool *message)
{
    struct edits edits = { .arena = arena, .message = message };
    struct mime_scanner *scanner = mime_scanner_new(arena);
    char piece[PIECE];
    uint64_t at = 0;
    long got;

    while ((got = spool_read(message, at, piece, sizeof piece)) > 0) {
        mime_scanner_write(scanner, piece, (size_t)got);
        at += (uint64_t)got;
    }
    find_edits(&edits, mime_scanner_finish(scanner));
    return edits;
}

enum mime_portable mime_transfer_portable(struct arena *arena,
                                          const struct spool *message)
{
    struct edits edits = all_edits(arena, message);
    uint64_t at = 0;

    for (size_t i = 0; i < edits.count; i++) {
        const struct edit *edit = &edits.list[i];

        if (mime_transfer_has_nul(message, at, edit->offset - at))
            return MIME_NOT_PORTABLE;
        at = edit->offset + edit->len;
    }
    if (mime_transfer_has_nul(message, at, spool_size(message) - at))
        return MIME_NOT_PORTABLE;
    return edits.count > 0 ? MIME_PORTABLE_ENCODED : MIME_PORTABLE;
}

static void copy(const struct spool *message, uint64_t offset, uint64_t len,
                 struct spool *out)
{
    char piece[PIECE];
    long got;

    while (len > 0 &&
           (got = spool_read(message, offset, piece,
                             len < PIECE ? (size_t)len : PIECE)) > 0) {
        spool_write(out, piece, (size_t)got);
        offset += (uint64_t)got;
        len -= (uint64_t)got;
    }
}

/* Lines with an end between them, but none after the last: the part's boundary
 * brings that. */
static void encode(const struct spool *message, uint64_t offset, uint64_t len,
                   struct spool *out)
{
    char octets[LINE_OCTETS], line[LINE];
    const char *separator = "";

    while (len > 0) {
        size_t want = len < LINE_OCTETS ? (size_t)len : LINE_OCTETS, have = 0;
        long got = 1;

        while (have < want && got > 0) {
            got =
                spool_read(message, offset + have, octets + have, want - have);
            have += got > 0 ? (size_t)got : 0;
        }
        if (have == 0)
            return;
        spool_write(out, separator, strlen(separator));
        spool_write(out, line, base64_encode(octets, have, line));
        separator = "\r\n";
        offset += have;
        len -= have;
    }
}

void mime_transfer_encode(struct arena *arena, const struct spool *message,
                          struct spool *out)
{
    struct edits edits = all_edits(arena, message);
    uint64_t at = 0;

    for (size_t i = 0; i < edits.count; i++) {
        const struct edit *edit = &edits.list[i];

        copy(message, at, edit->offset - at, out);
        if (edit->text != NULL)
            spool_write(out, edit->text, strlen(edit->text));
        else
            encode(message, edit->offset, edit->len, out);
        at = edit->offset + edit->len;
    }
    copy(message, at, spool_size(message) - at, out);
}
