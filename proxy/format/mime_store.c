/*
 * mime_store.c - a message's structure as bytes, for the index
 *
 *     version, part
 *     part: kind, has-envelope, type, subtype, params, encoding, id,
 * description, md5, location, disposition, disposition params, languages,
 *           header offset, header size, body size, body lines, [envelope],
 *           child count, children
 *
 * Numbers are in groups of seven bits, the lowest first, the high bit telling
 * that more follow.  A text is its length plus one (0: there is none) and its
 * bytes.  The reader trusts nothing:  what it cannot make sense of is no tree,
 * and is read anew from the message.
 */
#include "proxy/format/mime.h"

#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"

#define VERSION 1

/* --- Writing ------------------------------------------------------------- */

static void put_number(struct buf *out, uint64_t number)
{
    for (; number >= 0x80; number >>= 7)
        buf_putc(out, (char)(number | 0x80));
    buf_putc(out, (char)number);
}

static void put_text(struct buf *out, const char *text)
{
    if (text == NULL) {
        put_number(out, 0);
        return;
    }
    size_t len = strlen(text);
    put_number(out, len + 1);
    buf_append(out, text, len);
}

static void put_params(struct buf *out, const struct mime_param *params,
                       size_t count)
{
    put_number(out, count);
    for (size_t i = 0; i < count; i++) {
        put_text(out, params[i].name);
        put_text(out, params[i].value);
    }
}

static void put_addresses(struct buf *out,
                          const struct mime_addresses *addresses)
{
    put_number(out, addresses->count);
    for (size_t i = 0; i < addresses->count; i++) {
        put_text(out, addresses->list[i].name);
        put_text(out, addresses->list[i].route);
        put_text(out, addresses->list[i].mailbox);
        put_text(out, addresses->list[i].host);
    }
}

static void put_envelope(struct buf *out, const struct mime_envelope *envelope)
{
    put_text(out, envelope->date);
    put_text(out, envelope->subject);
    put_addresses(out, &envelope->from);
    put_addresses(out, &envelope->sender);
    put_addresses(out, &envelope->reply_to);
    put_addresses(out, &envelope->to);
    put_addresses(out, &envelope->cc);
    put_addresses(out, &envelope->bcc);
    put_text(out, envelope->in_reply_to);
    put_text(out, envelope->message_id);
}

static void put_part(struct buf *out, const struct mime_part *part)
{
    put_number(out, part->kind);
    put_number(out, part->envelope != NULL);
    put_text(out, part->type);
    put_text(out, part->subtype);
    put_params(out, part->params, part->param_count);
    put_text(out, part->encoding);
    put_text(out, part->id);
    put_text(out, part->description);
    put_text(out, part->md5);
    put_text(out, part->location);
    put_text(out, part->disposition);
    put_params(out, part->disposition_params, part->disposition_param_count);
    put_number(out, part->language_count);
    for (size_t i = 0; i < part->language_count; i++)
        put_text(out, part->languages[i]);
    put_number(out, part->header_offset);
    put_number(out, part->header_size);
    put_number(out, part->body_size);
    put_number(out, part->body_lines);
    if (part->envelope != NULL)
        put_envelope(out, part->envelope);
    put_number(out, part->child_count);
    for (size_t i = 0; i < part->child_count; i++)
        put_part(out, &part->children[i]);
}

void mime_part_store(const struct mime_part *part, struct buf *out)
{
    put_number(out, VERSION);
    put_part(out, part);
}

/* --- Reading ------------------------------------------------------------- */

struct reader {
    struct arena *arena;
    const unsigned char *at;
    const unsigned char *end;
    size_t parts;
    bool broken; /* from then on every reader gives zero or nothing */
};

static uint64_t get_number(struct reader *reader, uint64_t max)
{
    uint64_t number = 0;
    for (int shift = 0;
         shift < 63 && reader->at < reader->end && !reader->broken;
         shift += 7) {
        unsigned char byte = *reader->at++;
        number |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80) {
            reader->broken = number > max;
            return reader->broken ? 0 : number;
        }
    }
    reader->broken = true;
    return 0;
}

static const char *get_text(struct reader *reader)
{
    size_t len =
        (size_t)get_number(reader, (uint64_t)(reader->end - reader->at));
    if (len == 0)
        return NULL;
    len--;
    if (len > (size_t)(reader->end - reader->at) ||
        memchr(reader->at, '\0', len) != NULL) {
        reader->broken = true;
        return NULL;
    }
    const char *text =
        arena_strndup(reader->arena, (const char *)reader->at, len);
    reader->at += len;
    return text;
}

/* A text that is never missing. */
static const char *get_word(struct reader *reader)
{
    const char *text = get_text(reader);
    reader->broken |= text == NULL;
    return text;
}

/* How many things follow that take at least `size` bytes each. */
static size_t get_count(struct reader *reader, size_t size)
{
    return (size_t)get_number(reader,
                              (uint64_t)(reader->end - reader->at) / size);
}

static struct mime_param *get_params(struct reader *reader, size_t *count_out)
{
    size_t count = get_count(reader, 2);
    struct mime_param *params =
        arena_array(reader->arena, count, sizeof *params);
    for (size_t i = 0; i < count && !reader->broken; i++) {
        params[i].name = get_word(reader);
        params[i].value = get_word(reader);
    }
    *count_out = count;
    return count == 0 ? NULL : params;
}

static struct mime_addresses get_addresses(struct reader *reader)
{
    struct mime_addresses addresses = { .count = get_count(reader, 4) };
    if (addresses.count > 0)
        addresses.list =
            arena_array(reader->arena, addresses.count, sizeof *addresses.list);
    for (size_t i = 0; i < addresses.count && !reader->broken; i++) {
        addresses.list[i].name = get_text(reader);
        addresses.list[i].route = get_text(reader);
        addresses.list[i].mailbox = get_text(reader);
        addresses.list[i].host = get_text(reader);
    }
    return addresses;
}

static struct mime_envelope *get_envelope(struct reader *reader)
{
    struct mime_envelope *envelope =
        arena_alloc(reader->arena, sizeof *envelope);
    envelope->date = get_text(reader);
    envelope->subject = get_text(reader);
    envelope->from = get_addresses(reader);
    envelope->sender = get_addresses(reader);
    envelope->reply_to = get_addresses(reader);
    envelope->to = get_addresses(reader);
    envelope->cc = get_addresses(reader);
    envelope->bcc = get_addresses(reader);
    envelope->in_reply_to = get_text(reader);
    envelope->message_id = get_text(reader);
    return envelope;
}

static void get_languages(struct reader *reader, struct mime_part *part)
{
    part->language_count = get_count(reader, 1);
    if (part->language_count > 0)
        part->languages = arena_array(reader->arena, part->language_count,
                                      sizeof *part->languages);
    for (size_t i = 0; i < part->language_count && !reader->broken; i++)
        part->languages[i] = get_word(reader);
}

/* The bytes of a part's shortest form, by which the number of children is
 * bounded. */
#define PART_MIN 16

static void get_part(struct reader *reader, size_t depth, bool in_message,
                     struct mime_part *part);

/* What a part has, it has inside of its body; a message has one part, a
 * multipart at least one. */
static void get_children(struct reader *reader, size_t depth,
                         struct mime_part *part)
{
    size_t count = get_count(reader, PART_MIN);
    bool fits = part->kind == MIME_LEAF      ? count == 0
                : part->kind == MIME_MESSAGE ? count == 1
                                             : count > 0;
    if (!fits || depth >= MIME_DEPTH_MAX ||
        count > MIME_PARTS_MAX - reader->parts)
        reader->broken |= !fits || count > 0;
    if (reader->broken || count == 0)
        return;
    reader->parts += count;
    part->children = arena_array(reader->arena, count, sizeof *part->children);
    part->child_count = count;
    uint64_t end = part->body_offset + part->body_size;
    for (size_t i = 0; i < count && !reader->broken; i++) {
        struct mime_part *child = &part->children[i];
        get_part(reader, depth + 1, part->kind == MIME_MESSAGE, child);
        reader->broken |= child->header_offset < part->body_offset ||
                          child->body_offset + child->body_size > end;
    }
}

static void get_part(struct reader *reader, size_t depth, bool in_message,
                     struct mime_part *part)
{
    part->kind = (enum mime_kind)get_number(reader, MIME_MESSAGE);
    bool has_envelope = get_number(reader, 1) == 1;
    part->type = get_word(reader);
    part->subtype = get_word(reader);
    part->params = get_params(reader, &part->param_count);
    part->encoding = get_word(reader);
    part->id = get_text(reader);
    part->description = get_text(reader);
    part->md5 = get_text(reader);
    part->location = get_text(reader);
    part->disposition = get_text(reader);
    part->disposition_params =
        get_params(reader, &part->disposition_param_count);
    get_languages(reader, part);
    /* Small enough that sums do not overflow. */
    part->header_offset = get_number(reader, UINT64_MAX / 8);
    part->header_size = get_number(reader, UINT64_MAX / 8);
    part->body_offset = part->header_offset + part->header_size;
    part->body_size = get_number(reader, UINT64_MAX / 8);
    part->body_lines = (uint32_t)get_number(reader, UINT32_MAX);
    if (has_envelope)
        part->envelope = get_envelope(reader);
    reader->broken |= in_message && !has_envelope;
    get_children(reader, depth, part);
}

struct mime_part *mime_part_load(struct arena *arena, const char *data,
                                 size_t len)
{
    struct reader reader = {
        .arena = arena,
        .at = (const unsigned char *)data,
        .end = (const unsigned char *)data + len,
        .parts = 1,
    };
    if (get_number(&reader, UINT64_MAX) != VERSION)
        return NULL;
    struct mime_part *part = arena_alloc(arena, sizeof *part);
    get_part(&reader, 1, true, part);
    return reader.broken || reader.at != reader.end ? NULL : part;
}
