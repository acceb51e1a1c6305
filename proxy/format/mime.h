/*
 * mime.h - the shape of a message: RFC 5322 headers, RFC 2045/2046 parts
 *
 * A scanner reads a message of any size as a stream and notes where its parts
 * are, in memory that depends on the number of parts only.  libetpan reads the
 * fields.
 */
#ifndef POSTERN_FORMAT_MIME_H
#define POSTERN_FORMAT_MIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct buf;

struct mime_param {
    const char *name;
    const char *value; /* as sent: bytes of any charset, unquoted, RFC 2231
                          pieces put together but not decoded */
};

struct mime_address {
    const char *name;    /* raw, encoded words and all; NULL if none */
    const char *route;   /* obsolete source route; NULL if none */
    const char *mailbox; /* NULL: end of a group */
    const char *host; /* NULL with a mailbox: start of a group of that name */
};

/* RFC 3501, 7.4.2: the lists are NULL with count 0 where there is no such
 * field; sender and reply_to are as given, defaults are the front end's. */
struct mime_addresses {
    struct mime_address *list;
    size_t count;
};

struct mime_envelope {
    const char *date;    /* all unfolded and trimmed; NULL if absent */
    const char *subject; /* raw 8-bit bytes have become encoded words, here
                            and in the names of addresses */
    struct mime_addresses from, sender, reply_to, to, cc, bcc;
    const char *in_reply_to;
    const char *message_id;
};

enum mime_kind { MIME_LEAF, MIME_MULTIPART, MIME_MESSAGE };

struct mime_part {
    enum mime_kind kind;
    const char *type; /* "text": as sent, never NULL */
    const char *subtype;
    struct mime_param *params;
    size_t param_count;
    const char *encoding; /* "7bit" if none was given */
    const char *id;       /* NULL if absent, and so on */
    const char *description;
    const char *md5;
    const char *location;
    const char *disposition;
    struct mime_param *disposition_params;
    size_t disposition_param_count;
    const char **languages;
    size_t language_count;

    uint64_t header_offset; /* from the start of the whole message */
    uint64_t header_size;   /* with the empty line */
    uint64_t body_offset;
    uint64_t body_size;
    uint32_t body_lines;

    struct mime_part *children; /* MULTIPART: its parts; MESSAGE: the one part
                                   that is the enclosed message */
    size_t child_count;
    struct mime_envelope *envelope; /* of an enclosed message (on that child);
                                       the root's as well */
};

/* Scanning: write everything, then finish.  The tree is in the arena.  Whatever
 * the bytes are, a tree comes out; beyond `MIME_PARTS_MAX` parts or
 * `MIME_DEPTH_MAX` levels the rest counts as text of the last part. */
#define MIME_PARTS_MAX 10000
#define MIME_DEPTH_MAX 100
#define MIME_HEADER_MAX (1024 * 1024)

struct mime_scanner;
struct mime_scanner *mime_scanner_new(struct arena *arena);
void mime_scanner_write(struct mime_scanner *scanner, const char *data,
                        size_t len);
struct mime_part *mime_scanner_finish(struct mime_scanner *scanner);

/* A tree as bytes for the index, and back; NULL for bytes that are no such
 * tree. */
void mime_part_store(const struct mime_part *part, struct buf *out);
struct mime_part *mime_part_load(struct arena *arena, const char *data,
                                 size_t len);

/* A part by its number in IMAP's terms: "1.2" is {1, 2}; NULL if there is
 * none. */
const struct mime_part *mime_part_find(const struct mime_part *root,
                                       const uint32_t numbers[], size_t count);

/* --- Headers: fields with CRLF, ended by an empty line or the end -------- */

struct mime_field {
    const char *name; /* not NUL-terminated */
    size_t name_len;
    const char *raw; /* the whole field with name, folds and last CRLF */
    size_t raw_len;
    const char *value; /* after the colon, folds and last CRLF included */
    size_t value_len;
};

/* Walks the fields: start with offset 0; false at the end.  What is no field
 * (no colon) is skipped. */
bool mime_field_next(const char *header, size_t len, size_t *offset,
                     struct mime_field *field_out);

/* The value of the first field of that name, unfolded and trimmed, in the
 * arena; or NULL. */
char *mime_header_value(struct arena *arena, const char *header, size_t len,
                        const char *name);

struct mime_envelope *mime_envelope_parse(struct arena *arena,
                                          const char *header, size_t len);

/* The addresses of a field's value. */
struct mime_addresses mime_addresses_parse(struct arena *arena,
                                           const char *value);

/* RFC 2047: a raw value as UTF-8; unknown charsets and broken words stay as
 * they are, stray 8-bit bytes are read as UTF-8 or else Latin-1. */
char *mime_decode_words(struct arena *arena, const char *value);

/* The other way: a raw value with 8-bit bytes as encoded words of UTF-8; one
 * without them as it is. */
const char *mime_encode_words(struct arena *arena, const char *value);

#endif
