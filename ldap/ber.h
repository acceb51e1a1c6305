/*
 * ber.h - BER as LDAP has it (RFC 4511, 5.1): elements with a tag and a length
 *
 * Reading keeps no memory but for what is asked for: a reader is a place in
 * octets that somebody else holds, and each function takes the element there.
 * An element that says it is longer than what is left is none.
 */
#ifndef POSTERN_LDAP_BER_H
#define POSTERN_LDAP_BER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ldap/octets.h"

struct arena;

enum {
    BER_BOOLEAN = 0x01,
    BER_INTEGER = 0x02,
    BER_OCTETS = 0x04,
    BER_ENUMERATED = 0x0a,
    BER_SEQUENCE = 0x30,
    BER_SET = 0x31
};

/* --- Reading -------------------------------------------------------------- */

struct ber_reader {
    const char *at;
    const char *end;
};

struct ber_reader ber_reader(const char *data, size_t len);

/* Whether the next element is there and has this tag. */
bool ber_is(const struct ber_reader *reader, unsigned tag);

/* The tag of the next element; 0: there is none, or not all of it. */
unsigned ber_tag(const struct ber_reader *reader);

/* The next element, whatever it is, and what is in it. */
bool ber_take_any(struct ber_reader *reader, unsigned *tag_out,
                  struct ber_reader *content_out);

/* The next one, if it has this tag. */
bool ber_take(struct ber_reader *reader, unsigned tag,
              struct ber_reader *content_out);
bool ber_take_integer(struct ber_reader *reader, unsigned tag, int32_t min,
                      int32_t *value_out);
bool ber_take_boolean(struct ber_reader *reader, unsigned tag, bool *value_out);

/* Copies. */
bool ber_take_octets(struct ber_reader *reader, unsigned tag,
                     struct arena *arena, struct octets *value_out);

/* Copies what is UTF-8 without a NUL. */
bool ber_take_text(struct ber_reader *reader, unsigned tag, struct arena *arena,
                   const char **text_out);

/* How many elements there are, up to one that is not whole. */
size_t ber_count(struct ber_reader reader);

/* What is left are elements that nobody knows yet, which are to be passed over
 * (RFC 4511, 4); false where they are none. */
bool ber_take_rest(struct ber_reader *reader);

/* Read all of a content, as that of an INTEGER and a text. */
bool ber_to_integer(struct ber_reader content, int32_t min, int32_t *value_out);
bool ber_to_text(struct ber_reader content, struct arena *arena,
                 const char **text_out);

/* --- Writing -------------------------------------------------------------- */

struct ber_writer;

struct ber_writer *ber_writer_new(void);
void ber_writer_free(struct ber_writer **writer);

/* What is added between these is in an element of its own. */
void ber_open(struct ber_writer *writer, unsigned tag);
void ber_close(struct ber_writer *writer);

void ber_add_integer(struct ber_writer *writer, unsigned tag, int32_t value);
void ber_add_boolean(struct ber_writer *writer, unsigned tag, bool value);
void ber_add_octets(struct ber_writer *writer, unsigned tag,
                    struct octets value);
void ber_add_text(struct ber_writer *writer, unsigned tag, const char *text);

/* All of it, once every element is closed; the writer's. */
struct octets ber_written(struct ber_writer *writer);

/* The same as a copy in the arena; the writer is freed. */
struct octets ber_finish(struct ber_writer **writer, struct arena *arena);

#endif
