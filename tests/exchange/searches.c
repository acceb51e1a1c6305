/*
 * searches.c - folders of searches: what somebody looks for, and what it finds
 *
 * A search folder has no items of its own.  It shows those below the folders
 * where it looks that fit its restriction, under the ids that they have there.
 */
#include "tests/exchange/searches.h"

#include "proxy/base/str.h"
#include "tests/exchange/call.h"
#include "tests/exchange/restriction.h"

struct sim_search {
    struct arena *arena;
    const char *traversal;
    const struct node *wanted; /* an expression; NULL: everything */
    struct sim_folder **roots;
    size_t root_count;
};

/* --- What is looked for --------------------------------------------------- */

static const char *text_of(struct arena *arena, const char *text)
{
    return text != NULL ? arena_strdup(arena, text) : NULL;
}

/* A request's elements, for longer than the request. */
static struct node *copy_nodes(struct arena *arena, const struct node *from)
{
    struct node *to;

    if (from == NULL)
        return NULL;
    to = arena_alloc(arena, sizeof *to);
    *to = (struct node){ .namespace = from->namespace,
                         .name = text_of(arena, from->name),
                         .text = text_of(arena, from->text),
                         .children = copy_nodes(arena, from->children),
                         .next = copy_nodes(arena, from->next) };
    for (struct attribute *at = from->attributes; at != NULL; at = at->next) {
        struct attribute *copy = arena_alloc(arena, sizeof *copy);

        *copy = (struct attribute){ text_of(arena, at->name),
                                    text_of(arena, at->value),
                                    to->attributes };
        to->attributes = copy;
    }
    return to;
}

static const char *read_roots(struct call *call, const struct node *ids,
                              struct sim_search *search)
{
    const char *code = NULL;

    search->roots = arena_array(search->arena, node_count(ids) + 1,
                                sizeof(struct sim_folder *));
    for (struct node *id = ids != NULL ? ids->children : NULL;
         id != NULL && code == NULL; id = id->next)
        search->roots[search->root_count++] =
            call_folder(call, id, WANT_READ, &code);
    return code;
}

const char *sim_search_read(struct call *call, const struct node *parameters,
                            struct sim_search **search_out)
{
    const struct node *restriction = node_child(parameters, "Restriction");
    const char *traversal = node_attribute(parameters, "Traversal");
    struct arena *arena = arena_new();
    struct sim_search *search = arena_alloc(arena, sizeof *search);
    const char *code;

    search->arena = arena;
    search->traversal = text_of(arena, traversal != NULL ? traversal : "Shallow");
    code = read_roots(call, node_child(parameters, "BaseFolderIds"), search);
    if (code == NULL && restriction != NULL)
        code = restriction_check(call, restriction->children);
    if (restriction != NULL)
        search->wanted = copy_nodes(arena, restriction->children);
    if (code != NULL)
        sim_search_free(&search);
    *search_out = search;
    return code;
}

void sim_search_free(struct sim_search **search)
{
    struct arena *arena = *search != NULL ? (*search)->arena : NULL;

    *search = NULL;
    arena_free(&arena);
}

/* --- What it finds -------------------------------------------------------- */

static bool is_below(const struct sim_search *search,
                     const struct sim_item *item)
{
    bool deep = str_equal(search->traversal, "Deep");

    for (size_t i = 0; i < search->root_count; i++)
        if (!search->roots[i]->gone &&
            (item->folder == search->roots[i] ||
             (deep && sim_folder_is_within(item->folder, search->roots[i]))))
            return true;
    return false;
}

bool sim_search_finds(const struct sim_search *search, struct sim_item *item)
{
    struct call call = { .exchange = item->folder->mailbox->exchange,
                         .user = item->folder->mailbox,
                         .version = SCHEMA_2016 };

    return is_below(search, item) &&
           (search->wanted == NULL ||
            restriction_fits(&call, search->wanted, item));
}

/* --- Showing -------------------------------------------------------------- */

static void put_node(struct buf *out, const struct node *node)
{
    buf_printf(out, "<t:%s", node->name);
    for (struct attribute *at = node->attributes; at != NULL; at = at->next) {
        buf_printf(out, " %s=\"", at->name);
        put_text(out, at->value);
        buf_putc(out, '"');
    }
    buf_putc(out, '>');
    put_text(out, node->text);
    for (struct node *child = node->children; child != NULL;
         child = child->next)
        put_node(out, child);
    buf_printf(out, "</t:%s>", node->name);
}

void put_search(struct call *call, struct sim_folder *folder)
{
    const struct sim_search *search = folder->criteria;

    /* A FindFolder does not give them. */
    if (search == NULL || !node_is(call->request, "GetFolder"))
        return;
    buf_printf(&call->out, "<t:SearchParameters Traversal=\"%s\">",
               search->traversal);
    if (search->wanted != NULL) {
        buf_puts(&call->out, "<t:Restriction>");
        put_node(&call->out, search->wanted);
        buf_puts(&call->out, "</t:Restriction>");
    }
    buf_puts(&call->out, "<t:BaseFolderIds>");
    for (size_t i = 0; i < search->root_count; i++)
        put_folder_id(call, "t:FolderId", search->roots[i]);
    buf_puts(&call->out, "</t:BaseFolderIds></t:SearchParameters>");
}
