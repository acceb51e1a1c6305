/*
 * method_propfind.c - PROPFIND: properties of a resource and of its members
 *
 * RFC 4918, 9.1.  A depth of infinity is refused, as it may be there.  Prefer:
 * depth-noroot asks for the members alone (RFC 8144, 4).
 */
#include "caldav/listing.h"
#include "caldav/props.h"
#include "proxy/base/str.h"

/* False and an answer for what is no question. */
static bool read_ask(struct dav_call *call, const struct dav_node *root,
                     struct dav_ask *ask)
{
    struct arena *arena = call->op->arena;
    const struct dav_node *prop = dav_child(root, "D:prop");
    bool all = root == NULL || dav_child(root, "D:allprop") != NULL;
    bool names = dav_child(root, "D:propname") != NULL;

    *ask = (struct dav_ask){ .kind = all     ? DAV_ASK_ALL
                                     : names ? DAV_ASK_NAMES
                                             : DAV_ASK_SOME };
    if (root != NULL && (!str_equal(root->name, "D:propfind") ||
                         all + names + (prop != NULL) != 1)) {
        dav_refuse(call, 400, NULL,
                   "PROPFIND asks for prop, allprop or propname");
        return false;
    }
    if (all && root != NULL)
        prop = dav_child(root, "D:include");
    if (prop != NULL)
        dav_ask_read(arena, prop, ask);
    return true;
}

struct answer {
    struct dav_multistatus out;
    const struct dav_ask *ask;
    bool no_root; /* the first one is not shown */
};

static bool put_member(void *context, struct dav_resource *resource)
{
    struct answer *answer = context;

    if (answer->no_root) {
        answer->no_root = false;
        return true;
    }
    return dav_response_props(&answer->out, resource, answer->ask);
}

enum status dav_method_propfind(struct dav_call *call)
{
    bool is_collection = (DAV_KIND(call->place.kind) & DAV_COLLECTIONS) != 0;
    enum dav_depth depth = dav_depth(call, DAV_DEPTH_INFINITY);
    const struct dav_node *root;
    struct dav_resource resource;
    struct dav_ask ask;
    struct answer answer;

    if (depth == DAV_DEPTH_BAD)
        return dav_refuse(call, 400, NULL, "Depth is 0 or 1");
    if (!dav_read_body(call, true, &root) || !read_ask(call, root, &ask))
        return STATUS_OK;
    if (depth == DAV_DEPTH_INFINITY && is_collection)
        return dav_refuse(call, 403, "D:propfind-finite-depth", NULL);

    call->tags = dav_asks_for(&ask, "C:schedule-tag");
    enum status status = dav_resource_find(call, &call->place, &resource);
    if (status != STATUS_OK)
        return status;
    dav_multistatus_init(&answer.out, call);
    answer.ask = &ask;
    answer.no_root = depth == DAV_DEPTH_1 && dav_prefers(call, "depth-noroot");
    if (answer.no_root)
        dav_applied(call, "depth-noroot");
    if (depth == DAV_DEPTH_1 && is_collection)
        status = dav_list(call, &resource, put_member, &answer);
    else
        put_member(&answer, &resource);
    return status == STATUS_OK ? dav_multistatus_end(&answer.out, NULL)
                               : status;
}
