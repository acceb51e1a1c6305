/*
 * letter.h - enough of RFC 5322 and MIME to be a mail server
 *
 * Reads headers, addresses and bodies of messages as they are, and rewrites
 * headers.
 */
#ifndef POSTERN_TESTS_EXCHANGE_LETTER_H
#define POSTERN_TESTS_EXCHANGE_LETTER_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct buf;

/* The octets of the header with its empty line; all of it when there is none.
 */
size_t letter_header_len(const char *data, size_t len);

/* One field, at its first octet; the next, or false at the end. */
struct letter_field {
    const char *start;      /* of the whole field with its line end */
    size_t len;
    size_t name_len;
    const char *value;      /* after the colon */
    size_t value_len;
};

struct letter_fields {
    const char *at;
    const char *end;
};

struct letter_fields letter_fields(const char *header, size_t len);
bool letter_next_field(struct letter_fields *fields,
                       struct letter_field *field_out);

/* The first field of that name, unfolded and trimmed; NULL if there is none.
 * `text` also decodes RFC 2047 words into UTF-8. */
char *letter_field(struct arena *arena, const char *header, size_t len,
                   const char *name);
char *letter_field_text(struct arena *arena, const char *header, size_t len,
                        const char *name);
char *letter_decode_words(struct arena *arena, const char *text);

struct letter_address {
    char *name;             /* decoded; "" for none */
    char *address;          /* "" for an empty group */
};

/* The addresses of all fields of that name, groups flattened; NULL `address`
 * ends. */
struct letter_address *letter_addresses(struct arena *arena, const char *header,
                                        size_t len, const char *name);
struct letter_address *letter_parse_addresses(struct arena *arena,
                                              const char *text);

/* "a/b" in lower case, and a parameter of a Content-* value; NULL if absent. */
char *letter_media_type(struct arena *arena, const char *value);
char *letter_parameter(struct arena *arena, const char *value,
                       const char *name);

/* Transfer encodings and charsets undone. */
char *letter_decode_quoted(struct arena *arena, const char *data, size_t len,
                           bool word, size_t *len_out);
char *letter_to_utf8(struct arena *arena, const char *charset, const char *data,
                     size_t len);

/* One leaf of a message. */
struct letter_part {
    char *type;             /* "text/plain" */
    char *charset;
    char *method;           /* of text/calendar; NULL if none */
    char *name;             /* of an attachment; NULL if none */
    char *content_id;       /* NULL if none */
    bool attachment;
    const char *header;
    size_t header_len;
    const char *body;       /* as it stands there, encoded */
    size_t body_len;
};

/* The leaves in order; nested messages are leaves.  The count is returned. */
size_t letter_parts(struct arena *arena, const char *data, size_t len,
                    struct letter_part **parts_out);

/* A part's octets without its transfer encoding; and as UTF-8. */
char *letter_part_data(struct arena *arena, const struct letter_part *part,
                       size_t *len_out);
char *letter_part_text(struct arena *arena, const struct letter_part *part);

/* Appends a header without the fields of these names (NULL at the end). */
void letter_copy_header(struct buf *out, const char *header, size_t len,
                        const char *const without[]);

/* "=?utf-8?B?...?=" where that is needed. */
char *letter_encode_words(struct arena *arena, const char *text);

#endif
