/*
 * condition.c - what has to be true before a request is run
 */
#include "caldav/condition.h"

#include <inttypes.h>
#include <string.h>

#include "caldav/tag.h"
#include "caldav/written.h"
#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/str.h"

/* All values of a field that is a list (RFC 9110, 5.3); NULL if there is
 * none. */
static const char *list_of(const struct dav_call *call, const char *name)
{
    const struct dav_request *request = call->request;
    const char *list = NULL;

    for (size_t i = 0; i < request->header_count; i++) {
        const struct dav_header *header = &request->headers[i];

        if (!str_equal_nocase(header->name, name))
            continue;
        list = list == NULL ? header->value
                            : arena_printf(call->op->arena, "%s, %s", list,
                                           header->value);
    }
    return list;
}

/* RFC 9110, 13.1.1: whatever state something is in. */
static bool is_any(struct arena *arena, const char *list)
{
    return str_equal(str_trim(arena, list), "*");
}

/* RFC 6638, 8.3: a schedule tag is the number in it. */
static bool has_schedule_tag(struct arena *arena, const char *text,
                             uint64_t revision)
{
    return dav_tag_is_in(
        arena, text, arena_printf(arena, "\"%" PRIx64 "\"", revision), false);
}

static bool is_reading(const struct dav_call *call)
{
    return str_equal(call->request->method, "GET") ||
           str_equal(call->request->method, "HEAD");
}

/* RFC 8144, 3.2: who would change something else than he thinks may be shown
 * what it is. */
static bool refuse_tag(struct dav_call *call, const char *tag, int code)
{
    if (tag != NULL && !is_reading(call) && dav_show(call, &call->place, code))
        return false;
    if (tag != NULL)
        dav_reply_field(call->reply, "ETag", "%s", tag);
    dav_reply_empty(call->reply, code);
    return false;
}

bool dav_check_conditions(struct dav_call *call,
                          const struct object_marks *marks,
                          const struct object *object,
                          struct object_condition *condition_out)
{
    struct arena *arena = call->op->arena;
    bool there = object->name != NULL;
    const char *tag = there ? dav_etag(arena, marks, object->revision) : NULL;
    const char *match = list_of(call, "If-Match");
    const char *none = list_of(call, "If-None-Match");
    const char *schedule = dav_header(call, "If-Schedule-Tag-Match");

    *condition_out = (struct object_condition){
        .present = call->if_revision != 0,
        .revision = call->if_revision,
    };
    if (match != NULL) {
        if (!there || !dav_tag_is_in(arena, match, tag, false))
            return refuse_tag(call, tag, 412);
        condition_out->present = true;
        if (!is_any(arena, match))
            condition_out->revision = object->revision;
    }
    if (schedule != NULL) {
        if (!there || !has_schedule_tag(arena, schedule, object->schedule))
            return refuse_tag(call, tag, 412);
        condition_out->schedule = object->schedule;
    }
    if (none != NULL) {
        if (there && dav_tag_is_in(arena, none, tag, true))
            return refuse_tag(call, tag, is_reading(call) ? 304 : 412);
        condition_out->absent = is_any(arena, none);
    }
    return true;
}
