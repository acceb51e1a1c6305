/*
 * report_sync.c - sync-collection: what has changed since a token (RFC 6578)
 *
 * A client that sets a limit gets the oldest changes first, and a token that
 * stands behind the last of them.
 */
#include <stdlib.h>
#include <string.h>

#include "caldav/listing.h"
#include "caldav/report.h"
#include "caldav/sync_token.h"
#include "config/settings.h"
#include "proxy/base/arena.h"
#include "proxy/base/str.h"

/* All that there is, as changes. */
static enum status list_all(struct dav_call *call, int64_t folder,
                            struct object_change **changes_out,
                            size_t *count_out)
{
    struct object *objects = NULL;
    enum status status =
        objects_list(call->op, call->account, folder, &objects, count_out);

    if (status != STATUS_OK)
        return status;
    *changes_out =
        arena_array(call->op->arena, *count_out + 1, sizeof **changes_out);
    for (size_t i = 0; i < *count_out; i++)
        (*changes_out)[i].object = objects[i];
    return STATUS_OK;
}

static enum status find_changes(struct dav_call *call, int64_t folder,
                                const char *token,
                                struct object_change **changes_out,
                                size_t *count_out,
                                struct object_marks *marks_out)
{
    struct object_marks since;

    if (*token == '\0')
        return list_all(call, folder, changes_out, count_out);
    if (!dav_sync_token_read(token, &since))
        return op_fail(call->op, STATUS_STALE, "no such sync token");
    return objects_changes(call->op, call->account, folder, since.validity,
                           since.revision, changes_out, count_out, marks_out);
}

/* The oldest first: each has a revision of its own. */
static int compare(const void *a, const void *b)
{
    const struct object_change *left = a, *right = b;

    return (left->object.revision > right->object.revision) -
           (left->object.revision < right->object.revision);
}

/* How many are told; the token is set back to the last of them. */
static size_t limit(const struct dav_call *call, const struct dav_node *root,
                    const struct object_change *changes, size_t count,
                    struct object_marks *marks)
{
    const char *text = dav_text(
        call->op->arena, dav_child(dav_child(root, "D:limit"), "D:nresults"));
    uint64_t most = call->settings->result_limit;
    uint64_t asked;

    if (str_to_u64(text, UINT32_MAX, &asked) && asked > 0 &&
        (most == 0 || asked < most))
        most = asked;
    if (most == 0 || count <= most)
        return count;
    marks->revision = changes[most - 1].object.revision;
    return (size_t)most;
}

static bool put(struct dav_multistatus *out, struct dav_resource *folder,
                const struct object_change *change, const struct dav_ask *ask)
{
    struct dav_resource member = dav_resource_member(folder, &change->object);

    return change->gone ? dav_response_status(out, member.place.href, 404, NULL)
                        : dav_response_props(out, &member, ask);
}

static enum status answer(struct dav_call *call, const struct dav_node *root,
                          struct dav_resource *folder,
                          struct object_change *changes, size_t count)
{
    struct arena *arena = call->op->arena;
    struct dav_ask ask = { .kind = DAV_ASK_SOME };
    struct object_marks marks = folder->marks;
    struct dav_multistatus out;

    dav_ask_read(arena, dav_child(root, "D:prop"), &ask);
    if (count > 0)
        qsort(changes, count, sizeof *changes, compare);
    size_t told = limit(call, root, changes, count, &marks);

    dav_multistatus_init(&out, call);
    for (size_t i = 0; i < told; i++)
        if (!put(&out, folder, &changes[i], &ask))
            break;
    if (told < count)
        dav_response_status(&out, folder->place.href, 507,
                            "D:number-of-matches-within-limits");
    return dav_multistatus_end(&out, dav_sync_token(arena, &marks));
}

/* The address books of Thunderbird read all anew if they are told 400, and with
 * the 403 of RFC 6578, 3.2 never come to anything again. */
static bool wants_400(const struct dav_call *call)
{
    const char *agent = dav_header(call, "User-Agent");

    return call->place.kind == DAV_CONTACTS && agent != NULL &&
           strstr(agent, "Thunderbird/") != NULL;
}

/* RFC 6578, 3.2 knows this report with a depth of 0 only.  Thunderbird's
 * calendars say 1, as a draft of it had it, and what they mean by that is in
 * D:sync-level. */
static bool is_depth_good(const struct dav_call *call)
{
    enum dav_depth depth = dav_depth(call, DAV_DEPTH_0);

    return depth == DAV_DEPTH_0 || depth == DAV_DEPTH_1;
}

enum status dav_report_sync(struct dav_call *call, const struct dav_node *root)
{
    struct arena *arena = call->op->arena;
    const char *token = dav_text(arena, dav_child(root, "D:sync-token"));
    const char *level = dav_text(arena, dav_child(root, "D:sync-level"));
    struct dav_resource folder = { .call = call, .place = call->place };
    const struct object_marks *marks;
    struct object_change *changes = NULL;
    size_t count = 0;

    if (!is_depth_good(call))
        return dav_refuse(call, 400, NULL, "This report has a Depth of 0");
    if (str_equal_nocase(level, "infinite"))
        return dav_refuse(call, 403, "D:sync-traversal-supported", NULL);
    if (*level != '\0' && !str_equal(level, "1"))
        return dav_refuse(call, 400, NULL, "The sync-level is 1");
    call->tags = dav_child(dav_child(root, "D:prop"), "C:schedule-tag") != NULL;
    enum status status = dav_resource_marks(&folder, &marks);
    if (status == STATUS_OK && call->place.folder != NULL)
        status = find_changes(call, call->place.folder->id, token, &changes,
                              &count, &folder.marks);
    if (status == STATUS_STALE && wants_400(call))
        return dav_refuse(call, 400, "D:valid-sync-token", NULL);
    return status == STATUS_OK ? answer(call, root, &folder, changes, count)
                               : status;
}
