/*
 * xml_writer.c - writing XML 1.0
 *
 * Everything that comes from outside passes through put_escaped, so that no
 * text can end an element or begin one.  Characters that XML 1.0 cannot hold
 * are dropped, as Exchange refuses the whole request for one of them; what is
 * not UTF-8 becomes U+FFFD.
 */
#include "proxy/format/xml.h"

#include <assert.h>
#include <string.h>

#include "proxy/base/utf8.h"

void xml_writer_init(struct xml_writer *writer, struct buf *out)
{
    *writer = (struct xml_writer){ .out = out };
}

static void end_tag(struct xml_writer *writer)
{
    if (writer->in_tag)
        buf_putc(writer->out, '>');
    writer->in_tag = false;
}

void xml_open(struct xml_writer *writer, const char *name)
{
    assert(writer->depth < XML_WRITER_DEPTH);
    end_tag(writer);
    buf_putc(writer->out, '<');
    buf_puts(writer->out, name);
    writer->open[writer->depth++] = name;
    writer->in_tag = true;
}

/* What stands for an ASCII character; NULL for itself. */
static const char *escape(unsigned char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\t':
        return "&#9;";
    case '\n':
        return "&#10;";
    case '\r':
        return "&#13;";
    default:
        return c < 0x20 ? "" : NULL;
    }
}

static void put_character(struct buf *out, uint32_t character)
{
    char bytes[4];

    if (character == UINT32_MAX)
        character = 0xfffd;
    if (character != 0xfffe && character != 0xffff)
        buf_append(out, bytes, utf8_put(character, bytes));
}

static void put_escaped(struct buf *out, const char *text)
{
    const char *end = text + strlen(text);

    while (text < end) {
        const char *start = text;
        while (text < end && (unsigned char)*text < 0x80 &&
               escape((unsigned char)*text) == NULL)
            text++;
        buf_append(out, start, (size_t)(text - start));
        if (text == end)
            break;
        if ((unsigned char)*text < 0x80)
            buf_puts(out, escape((unsigned char)*text++));
        else
            put_character(out, utf8_next(&text, end));
    }
}

void xml_attribute(struct xml_writer *writer, const char *name,
                   const char *value)
{
    assert(writer->in_tag);
    buf_putc(writer->out, ' ');
    buf_puts(writer->out, name);
    buf_puts(writer->out, "=\"");
    put_escaped(writer->out, value);
    buf_putc(writer->out, '"');
}

void xml_text(struct xml_writer *writer, const char *text)
{
    end_tag(writer);
    put_escaped(writer->out, text);
}

void xml_close(struct xml_writer *writer)
{
    assert(writer->depth > 0);
    const char *name = writer->open[--writer->depth];

    if (writer->in_tag) {
        buf_puts(writer->out, "/>");
        writer->in_tag = false;
        return;
    }
    buf_puts(writer->out, "</");
    buf_puts(writer->out, name);
    buf_putc(writer->out, '>');
}

void xml_element(struct xml_writer *writer, const char *name, const char *text)
{
    xml_open(writer, name);
    if (text != NULL)
        xml_text(writer, text);
    xml_close(writer);
}
