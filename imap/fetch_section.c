/*
 * fetch_section.c - the octets that BODY[...] means in a message
 *
 * Most sections are a stretch of the message and are never held in memory. Only
 * the chosen fields of a header are put together.
 */
#include "imap/fetch_section.h"

#include <string.h>

#include "imap/reply.h"
#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/spool.h"
#include "proxy/base/str.h"
#include "proxy/format/mime.h"
#include "proxy/format/mime_transfer.h"

/* The largest header of which single fields are given out. */
#define HEADER_MAX (16 * 1024 * 1024)

enum mail_need fetch_section_need(const struct fetch_section *section)
{
    return section->part == FETCH_FIELDS && section->number_count == 0
               ? MAIL_NEED_HEADER
               : MAIL_NEED_CONTENT;
}

/* --- Header fields ------------------------------------------------------- */

static bool is_named(const struct fetch_section *section,
                     const struct mime_field *field)
{
    for (size_t i = 0; i < section->field_count; i++) {
        if (str_is_nocase(field->name, field->name_len, section->fields[i]))
            return true;
    }
    return false;
}

/* The chosen fields as they are, and the empty line. */
static void choose_fields(struct arena *arena,
                          const struct fetch_section *section,
                          const char *header, size_t len,
                          struct fetch_octets *octets)
{
    struct buf out;
    buf_init(&out, arena);
    struct mime_field field;
    for (size_t offset = 0; mime_field_next(header, len, &offset, &field);) {
        if (is_named(section, &field) != (section->part == FETCH_FIELDS))
            continue;
        buf_append(&out, field.raw, field.raw_len);
        if (field.raw[field.raw_len - 1] != '\n')
            buf_puts(&out, "\r\n");
    }
    buf_puts(&out, "\r\n");
    octets->data = out.data;
    octets->len = out.len;
}

/* The fields of the message's own header, or of an enclosed one's. */
static enum status find_fields(struct arena *arena,
                               const struct fetch_section *section,
                               const struct mail_content *content,
                               const struct mime_part *message,
                               struct fetch_octets *octets)
{
    if (section->number_count == 0 && section->part == FETCH_FIELDS) {
        choose_fields(arena, section, content->header, content->header_len,
                      octets);
        return STATUS_OK;
    }
    if (message->header_size > HEADER_MAX)
        return STATUS_LIMIT;
    size_t len = (size_t)message->header_size;
    const char *header =
        spool_copy(arena, content->content, message->header_offset, len);
    if (header == NULL)
        return STATUS_CORRUPT;
    choose_fields(arena, section, header, len, octets);
    return STATUS_OK;
}

/* --- Parts --------------------------------------------------------------- */

/* The message that HEADER, TEXT and the like are about: the whole one, or the
 * one that the numbered part encloses; NULL if it encloses none. */
static const struct mime_part *find_message(const struct fetch_section *section,
                                            const struct mime_part *root)
{
    if (section->number_count == 0)
        return root;
    const struct mime_part *part =
        mime_part_find(root, section->numbers, section->number_count);
    return part != NULL && part->kind == MIME_MESSAGE ? &part->children[0]
                                                      : NULL;
}

static void set_stretch(struct fetch_octets *octets,
                        const struct mime_part *part, bool header)
{
    octets->absent = part == NULL;
    if (part == NULL)
        return;
    octets->offset = header ? part->header_offset : part->body_offset;
    octets->len = header ? part->header_size : part->body_size;
}

static enum status find_whole(struct arena *arena,
                              const struct fetch_section *section,
                              const struct mail_content *content,
                              struct fetch_octets *octets)
{
    const struct mime_part *root = content->structure;
    if (fetch_section_need(section) == MAIL_NEED_HEADER)
        return find_fields(arena, section, content, NULL, octets);
    const struct mime_part *message = find_message(section, root);
    const struct mime_part *part =
        mime_part_find(root, section->numbers, section->number_count);
    switch (section->part) {
    case FETCH_WHOLE:
        set_stretch(octets, part, false);
        if (section->number_count == 0)
            *octets =
                (struct fetch_octets){ .len = spool_size(content->content) };
        break;
    case FETCH_MIME:
        set_stretch(octets, part, true);
        break;
    case FETCH_HEADER:
        set_stretch(octets, message, true);
        break;
    case FETCH_TEXT:
        set_stretch(octets, message, false);
        break;
    case FETCH_FIELDS:
    case FETCH_FIELDS_NOT:
        octets->absent = message == NULL;
        if (message != NULL)
            return find_fields(arena, section, content, message, octets);
        break;
    }
    return STATUS_OK;
}

/* Leaves of the octets what is asked for. */
static void cut(const struct fetch_section *section,
                struct fetch_octets *octets)
{
    if (!section->partial)
        return;
    uint64_t skipped =
        section->first < octets->len ? section->first : octets->len;
    octets->len -= skipped;
    octets->offset += skipped;
    if (octets->data != NULL)
        octets->data += skipped;
    if (octets->len > section->count)
        octets->len = section->count;
}

enum status fetch_section_find(struct arena *arena,
                               const struct fetch_section *section,
                               const struct mail_content *content,
                               struct fetch_octets *octets_out)
{
    *octets_out = (struct fetch_octets){ .len = 0 };
    enum status status = find_whole(arena, section, content, octets_out);
    if (status != STATUS_OK || octets_out->absent)
        return status;
    if (octets_out->data == NULL) {
        uint64_t size = spool_size(content->content);
        if (octets_out->offset > size ||
            octets_out->len > size - octets_out->offset)
            return STATUS_CORRUPT;
    }
    cut(section, octets_out);
    return STATUS_OK;
}

/* --- Decoding ------------------------------------------------------------ */

static void free_spool(void *spool)
{
    struct spool *old = spool;
    spool_free(&old);
}

static enum status decode(struct arena *arena, const struct spool *content,
                          const char *encoding, struct fetch_octets *octets)
{
    struct spool *decoded = spool_new(NULL, 0);
    arena_defer(arena, free_spool, decoded);
    if (!mime_transfer_decode(content, octets->offset, octets->len, encoding,
                              decoded))
        return STATUS_LIMIT;
    octets->decoded = decoded;
    octets->offset = 0;
    octets->len = spool_size(decoded);
    return STATUS_OK;
}

enum status fetch_binary_find(struct arena *arena,
                              const struct fetch_section *section,
                              const struct mail_content *content,
                              struct fetch_octets *octets_out)
{
    struct fetch_section whole = *section;
    const struct mime_part *part = mime_part_find(
        content->structure, section->numbers, section->number_count);
    whole.partial = false;
    enum status status = fetch_section_find(arena, &whole, content, octets_out);
    if (status != STATUS_OK || octets_out->absent)
        return status;
    /* Only a part that holds nothing else can be encoded. */
    if (section->number_count > 0 && part->kind == MIME_LEAF) {
        if (!mime_transfer_known(part->encoding))
            return STATUS_UNSUPPORTED;
        if (!mime_transfer_is_identity(part->encoding))
            status =
                decode(arena, content->content, part->encoding, octets_out);
    }
    if (status != STATUS_OK)
        return status;
    cut(section, octets_out);
    octets_out->binary = mime_transfer_has_nul(
        octets_out->decoded != NULL ? octets_out->decoded : content->content,
        octets_out->offset, octets_out->len);
    return STATUS_OK;
}

/* --- Writing ------------------------------------------------------------- */

bool fetch_octets_write(struct imap_out *out, const struct fetch_octets *octets,
                        const struct mail_content *content)
{
    if (octets->absent)
        imap_out_puts(out, "NIL");
    else if (octets->data != NULL || octets->len == 0)
        imap_out_string(out, octets->len == 0 ? "" : octets->data,
                        (size_t)octets->len);
    else
        return imap_out_spool(
            out, octets->decoded != NULL ? octets->decoded : content->content,
            octets->offset, octets->len, octets->binary);
    return true;
}
