/*
 * route.c - see route.h
 */
#include "proxy/exchange/ews/route.h"

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/exchange/ews/public.h"

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

struct ews *route_view(struct op *op, const struct ews *ews,
                       const struct route *route)
{
    struct ews *view = arena_alloc(op->arena, sizeof *view);

    *view = *ews;
    view->route = arena_memdup(op->arena, route, sizeof *route);
    return view;
}

struct remote *ews_at_store(struct op *op, struct remote *remote,
                            const struct remote_store *store,
                            const char *folder)
{
    struct ews *ews = ews_of(remote);
    struct route route = { .is_public = store->kind == FOLDER_PUBLIC };

    if (store->kind == FOLDER_SHARED)
        route.tree.anchor = arena_strdup(op->arena, store->address);
    else if (!route.is_public ||
             !public_find(op, ews, &folder, folder != NULL, &route.tree,
                          &route.content))
        return remote;
    if (store->kind == FOLDER_SHARED || folder == NULL)
        route.content = route.tree;
    return &route_view(op, ews, &route)->remote;
}
