/*
 * ber.c - BER as LDAP has it
 */
#include "ldap/ber.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <lber.h>

#include "proxy/base/arena.h"
#include "proxy/base/memory.h"
#include "proxy/base/utf8.h"

/* --- Reading -------------------------------------------------------------- */

struct ber_reader ber_reader(const char *data, size_t len)
{
    return (struct ber_reader){ data, data + len };
}

/* liblber neither copies here nor believes a length that is longer than what is
 * left; lengths without an end (0x80) and of more octets than it can count are
 * errors.  It shows no size of a BerElement, so that one has to be had. */
static ber_tag_t skip_element(struct berval *all, struct berval *content)
{
    BerElement *ber = ber_alloc_t(0);

    if (ber == NULL)
        memory_exhausted();
    ber_init2(ber, all, 0);
    ber_tag_t tag = ber_skip_element(ber, content);
    ber_free(ber, 0);
    return tag;
}

bool ber_take_any(struct ber_reader *reader, unsigned *tag_out,
                  struct ber_reader *content_out)
{
    struct berval all = { (ber_len_t)(reader->end - reader->at),
                          (char *)reader->at };
    struct berval content;

    if (all.bv_len == 0)
        return false;
    ber_tag_t tag = skip_element(&all, &content);
    if (tag == LBER_DEFAULT || tag > 0xff)
        return false;
    *tag_out = (unsigned)tag;
    *content_out = ber_reader(content.bv_val, content.bv_len);
    reader->at = content_out->end;
    return true;
}

unsigned ber_tag(const struct ber_reader *reader)
{
    struct ber_reader copy = *reader, content;
    unsigned tag;

    return ber_take_any(&copy, &tag, &content) ? tag : 0;
}

bool ber_is(const struct ber_reader *reader, unsigned tag)
{
    return ber_tag(reader) == tag;
}

bool ber_take(struct ber_reader *reader, unsigned tag,
              struct ber_reader *content_out)
{
    struct ber_reader copy = *reader;
    unsigned found;

    if (!ber_take_any(&copy, &found, content_out) || found != tag)
        return false;
    *reader = copy;
    return true;
}

bool ber_to_integer(struct ber_reader content, int32_t min, int32_t *value_out)
{
    const struct berval octets = { (ber_len_t)(content.end - content.at),
                                   (char *)content.at };
    ber_int_t number;

    if (octets.bv_len == 0 || ber_decode_int(&octets, &number) < 0 ||
        number < min)
        return false;
    *value_out = number;
    return true;
}

bool ber_to_text(struct ber_reader content, struct arena *arena,
                 const char **text_out)
{
    size_t len = (size_t)(content.end - content.at);

    if (memchr(content.at, '\0', len) != NULL || !utf8_valid(content.at, len))
        return false;
    *text_out = arena_strndup(arena, content.at, len);
    return true;
}

bool ber_take_integer(struct ber_reader *reader, unsigned tag, int32_t min,
                      int32_t *value_out)
{
    struct ber_reader content;

    return ber_take(reader, tag, &content) &&
           ber_to_integer(content, min, value_out);
}

/* Old clients write 1 for true, where RFC 4511 wants 0xFF. */
bool ber_take_boolean(struct ber_reader *reader, unsigned tag, bool *value_out)
{
    struct ber_reader content;

    if (!ber_take(reader, tag, &content) || content.end - content.at != 1)
        return false;
    *value_out = *content.at != 0;
    return true;
}

bool ber_take_octets(struct ber_reader *reader, unsigned tag,
                     struct arena *arena, struct octets *value_out)
{
    struct ber_reader content;

    if (!ber_take(reader, tag, &content))
        return false;
    size_t len = (size_t)(content.end - content.at);
    char *copy = arena_alloc(arena, len + 1);

    memcpy(copy, content.at, len);
    *value_out = (struct octets){ copy, len };
    return true;
}

bool ber_take_text(struct ber_reader *reader, unsigned tag, struct arena *arena,
                   const char **text_out)
{
    struct ber_reader content;

    return ber_take(reader, tag, &content) &&
           ber_to_text(content, arena, text_out);
}

size_t ber_count(struct ber_reader reader)
{
    struct ber_reader content;
    unsigned tag;
    size_t count = 0;

    while (ber_take_any(&reader, &tag, &content))
        count++;
    return count;
}

bool ber_take_rest(struct ber_reader *reader)
{
    struct ber_reader content;
    unsigned tag;

    while (reader->at < reader->end)
        if (!ber_take_any(reader, &tag, &content))
            return false;
    return true;
}

/* --- Writing -------------------------------------------------------------- */

struct ber_writer {
    BerElement *ber;
};

struct ber_writer *ber_writer_new(void)
{
    struct ber_writer *writer = memory_new(sizeof *writer);

    writer->ber = ber_alloc_t(LBER_USE_DER);
    if (writer->ber == NULL)
        memory_exhausted();
    return writer;
}

void ber_writer_free(struct ber_writer **writer)
{
    if (*writer == NULL)
        return;
    ber_free((*writer)->ber, 1);
    free(*writer);
    *writer = NULL;
}

/* liblber fails where there is no memory, and nowhere else. */
static void must(int outcome)
{
    if (outcome < 0)
        memory_exhausted();
}

void ber_open(struct ber_writer *writer, unsigned tag)
{
    must(ber_start_seq(writer->ber, tag));
}

void ber_close(struct ber_writer *writer)
{
    must(ber_put_seq(writer->ber));
}

void ber_add_integer(struct ber_writer *writer, unsigned tag, int32_t value)
{
    must(ber_put_int(writer->ber, value, tag));
}

void ber_add_boolean(struct ber_writer *writer, unsigned tag, bool value)
{
    must(ber_put_boolean(writer->ber, value, tag));
}

void ber_add_octets(struct ber_writer *writer, unsigned tag,
                    struct octets value)
{
    must(ber_put_ostring(writer->ber, value.data, value.len, tag));
}

void ber_add_text(struct ber_writer *writer, unsigned tag, const char *text)
{
    ber_add_octets(writer, tag, (struct octets){ text, strlen(text) });
}

struct octets ber_written(struct ber_writer *writer)
{
    struct berval all;

    /* It fails while an element is open. */
    int outcome = ber_flatten2(writer->ber, &all, 0);
    assert(outcome == 0);
    return (struct octets){ all.bv_val, all.bv_len };
}

struct octets ber_finish(struct ber_writer **writer, struct arena *arena)
{
    struct octets all = ber_written(*writer);
    char *copy = arena_alloc(arena, all.len + 1);

    memcpy(copy, all.data, all.len);
    ber_writer_free(writer);
    return (struct octets){ copy, all.len };
}
