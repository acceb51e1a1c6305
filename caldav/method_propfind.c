/*
 * method_propfind.c - PROPFIND: properties of a resource and of its members
 *
 * RFC 4918, 9.1.  A depth of infinity is refused, as it may be there.
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
                                             : DAV_ASK_SOME,
                             .minimal = dav_prefers(call, "return=minimal") };
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
    if (ask->minimal)
        dav_reply_field(call->reply, "Preference-Applied", "return=minimal");
    return true;
}

struct answer {
    struct dav_multistatus out;
    const struct dav_ask *ask;
};

static bool put_member(void *context, struct dav_resource *resource)
{
    struct answer *answer = context;

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
    if (depth == DAV_DEPTH_1 && is_collection)
        status = dav_list(call, &resource, put_member, &answer);
    else
        put_member(&answer, &resource);
    return status == STATUS_OK ? dav_multistatus_end(&answer.out, NULL)
                               : status;
}
