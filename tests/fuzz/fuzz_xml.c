/*
 * fuzz_xml.c - reading XML: what comes out must not depend on how the input is
 * cut
 *
 * The first octet is the size of the pieces.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/format/xml.h"

#define LIMIT (1 << 20)

static bool on_open(void *context, const char *name,
                    const struct xml_attribute *attributes, size_t count)
{
    struct buf *events = context;

    buf_printf(events, "<%s", name);
    for (size_t i = 0; i < count; i++)
        buf_printf(events, " %s='%s'", attributes[i].name, attributes[i].value);
    buf_putc(events, '>');
    return true;
}

static bool on_text(void *context, const char *text, size_t len)
{
    buf_append(context, text, len);
    return true;
}

static bool on_close(void *context, const char *name)
{
    buf_printf(context, "</%s>", name);
    return true;
}

static enum xml_state read_all(const char *data, size_t len, size_t piece,
                               struct buf *events)
{
    static const struct xml_handler handler = { .open = on_open,
                                                .text = on_text,
                                                .close = on_close };
    struct xml_reader *reader = xml_reader_new(&handler, events, LIMIT);

    for (size_t at = 0; at < len; at += piece)
        xml_reader_feed(reader, data + at, len - at < piece ? len - at : piece);
    enum xml_state state = xml_reader_finish(reader);
    xml_reader_free(&reader);
    return state;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buf one, other;

    if (size < 1)
        return 0;
    const char *text = (const char *)data + 1;
    buf_init(&one, NULL);
    buf_init(&other, NULL);
    enum xml_state whole = read_all(text, size - 1, size, &one);
    enum xml_state pieces = read_all(text, size - 1, 1 + data[0] % 64, &other);
    assert(whole == pieces);
    if (whole == XML_WHOLE) {
        assert(one.len == other.len);
        assert(one.len == 0 || memcmp(one.data, other.data, one.len) == 0);
    }
    buf_fini(&one);
    buf_fini(&other);
    return 0;
}
