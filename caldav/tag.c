/*
 * tag.c - entity tags as clients send them
 */
#include "caldav/tag.h"

#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"

const char *dav_tag_take(struct arena *arena, const char **at, bool *weak_out)
{
    const char *text = *at;
    size_t len;

    *weak_out = str_starts(text, "W/");
    if (*weak_out)
        text += strlen("W/");
    if (*text == '"') {
        len = 1 + strcspn(text + 1, "\"");
        if (text[len] == '\0')
            return NULL;
        len++;
    } else {
        len = strcspn(text, ", \t]\"");
    }
    *at = text + len;
    return len > 0 ? arena_strndup(arena, text, len) : NULL;
}

bool dav_tag_is_in(struct arena *arena, const char *list, const char *tag,
                   bool weakly)
{
    for (;;) {
        bool weak;

        list += strspn(list, ", \t");
        const char *given = dav_tag_take(arena, &list, &weak);
        if (given == NULL)
            return false;
        if (str_equal(given, "*") ||
            ((weakly || !weak) && str_equal(given, tag)))
            return true;
    }
}
