/*
 * fuzz_dav.c - what clients send in requests: XML, hrefs, names of elements
 *
 * What is kept of an element has to be the same when it is read again, and a
 * path that was cut and quoted has to lead to the same place.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "caldav/body.h"
#include "caldav/href.h"
#include "caldav/names.h"
#include "caldav/sync_token.h"
#include "proxy/base/arena.h"
#include "proxy/base/buf.h"

static void check_names(struct arena *arena, const struct dav_node *node)
{
    for (const struct dav_node *child = dav_child(node, NULL); child != NULL;
         child = dav_sibling(child, NULL)) {
        const char *known = dav_name_long(arena, child->name);

        assert(strcmp(dav_name_short(arena, known), child->name) == 0);
        check_names(arena, child);
    }
}

static void check_body(struct arena *arena, const char *text, size_t len)
{
    const struct dav_node *root = NULL, *again = NULL;

    if (dav_body_read(arena, text, len, &root) != DAV_BODY_GOOD)
        return;
    check_names(arena, root);
    dav_text(arena, root);
    const char *content = dav_content(arena, root);
    if (content == NULL)
        return;
    const char *whole = arena_printf(arena, "<v>%s</v>", content);
    assert(dav_body_read(arena, whole, strlen(whole), &again) == DAV_BODY_GOOD);
    assert(strcmp(dav_content(arena, again), content) == 0);
}

static void check_path(struct arena *arena, const char *text)
{
    size_t count, count_again;
    bool slash, slash_again;
    char **segments = dav_href_split(arena, text, &count, &slash);
    struct buf path;

    if (segments == NULL)
        return;
    buf_init(&path, arena);
    for (size_t i = 0; i < count; i++) {
        const char *name = dav_href_to_name(arena, segments[i]);

        assert(strcmp(dav_href_to_name(arena,
                                       dav_href_from_name(arena, name, false)),
                      name) == 0);
        buf_putc(&path, '/');
        dav_href_quote(&path, segments[i]);
    }
    if (slash || count == 0)
        buf_putc(&path, '/');
    char **again = dav_href_split(arena, path.data, &count_again, &slash_again);
    assert(again != NULL && count_again == count);
    for (size_t i = 0; i < count; i++)
        assert(strcmp(again[i], segments[i]) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new();
    const char *text = arena_strndup(arena, (const char *)data, size);
    struct object_marks marks;

    check_body(arena, (const char *)data, size);
    check_path(arena, text);
    dav_sync_token_read(text, &marks);
    arena_free(&arena);
    return 0;
}
