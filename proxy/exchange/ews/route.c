/*
 * route.c - see route.h
 */
#include "proxy/exchange/ews/route.h"

#include "proxy/base/arena.h"
#include "proxy/base/str.h"

/* "Public folder access with EWS in Exchange": these want the mailbox with the
 * hierarchy, and all others the one that has the folder's content. */
static const char *const about_tree[] = {
    "CreateFolder", "FindFolder", "DeleteFolder", "UpdateFolder", "MoveFolder",
};

const struct http_route *route_of(const struct ews *ews, const char *operation)
{
    if (ews->route == NULL)
        return NULL;
    for (size_t i = 0; i < sizeof about_tree / sizeof *about_tree; i++)
        if (str_equal(about_tree[i], operation))
            return &ews->route->tree;
    return &ews->route->content;
}

struct remote *ews_at_store(struct op *op, struct remote *remote,
                            const struct remote_store *store,
                            const char *folder)
{
    struct ews *view;
    struct route *route;

    (void)folder;
    if (store->kind != FOLDER_SHARED)
        return remote;
    route = arena_alloc(op->arena, sizeof *route);
    route->tree.anchor = arena_strdup(op->arena, store->address);
    route->content = route->tree;
    view = arena_alloc(op->arena, sizeof *view);
    *view = *ews_of(remote);
    view->route = route;
    return &view->remote;
}
