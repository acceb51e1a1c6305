/*
 * names.c - names of elements
 */
#include "caldav/names.h"

#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/format/xml.h"

/* clang-format off */
static const struct space {
    const char *prefix;
    const char *declaration;
    const char *uri;
} spaces[] = {
    { "D", "xmlns:D", "DAV:" },
    { "C", "xmlns:C", "urn:ietf:params:xml:ns:caldav" },
    { "A", "xmlns:A", "urn:ietf:params:xml:ns:carddav" },
    { "S", "xmlns:S", "http://calendarserver.org/ns/" },
    { "I", "xmlns:I", "http://apple.com/ns/ical/" },
};
/* clang-format on */

#define SPACE_COUNT (sizeof spaces / sizeof *spaces)

const char *dav_name(struct arena *arena, const char *space, const char *local)
{
    for (size_t i = 0; i < SPACE_COUNT; i++)
        if (str_equal(spaces[i].uri, space))
            return arena_printf(arena, "%s:%s", spaces[i].prefix, local);
    return arena_printf(arena, "{%s}%s", space, local);
}

/* The two parts of a name; its namespace is "" where it has none. */
static const char *take_apart(struct arena *arena, const char *name,
                              const char **space_out)
{
    if (*name == '{') {
        const char *end = strrchr(name, '}');

        *space_out = arena_strndup(arena, name + 1, (size_t)(end - name - 1));
        return end + 1;
    }
    *space_out = "";
    for (size_t i = 0; i < SPACE_COUNT; i++)
        if (name[0] == spaces[i].prefix[0] && name[1] == ':')
            *space_out = spaces[i].uri;
    return name + 2;
}

const char *dav_name_long(struct arena *arena, const char *name)
{
    const char *space;
    const char *local = take_apart(arena, name, &space);

    return arena_printf(arena, "{%s}%s", space, local);
}

const char *dav_name_short(struct arena *arena, const char *name)
{
    const char *space;
    const char *local = take_apart(arena, name, &space);

    return dav_name(arena, space, local);
}

void dav_open(struct xml_writer *writer, struct arena *arena, const char *name)
{
    const char *space;

    if (*name != '{') {
        xml_open(writer, name);
        return;
    }
    const char *local = take_apart(arena, name, &space);
    xml_open(writer, local);
    xml_attribute(writer, "xmlns", space);
}

void dav_open_root(struct xml_writer *writer, const char *name)
{
    xml_open(writer, name);
    for (size_t i = 0; i < SPACE_COUNT; i++)
        xml_attribute(writer, spaces[i].declaration, spaces[i].uri);
}
