/*
 * attachment.c - GET and POST of managed attachments
 *
 * RFC 8607, 3.4 to 3.11.  What comes is made at Exchange first and then shown;
 * an entity tag is made of the content, as Outlook may write another one under
 * the same id.
 */
#include "caldav/attachment.h"

#include <inttypes.h>
#include <string.h>

#include "caldav/condition.h"
#include "caldav/disposition.h"
#include "caldav/href.h"
#include "caldav/links.h"
#include "caldav/tag.h"
#include "caldav/written.h"
#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/str.h"

/* One segment of a URL, unquoted. */
static const char *unquote(struct arena *arena, const char *text, size_t len)
{
    size_t count;
    bool slash;
    char **segments = dav_href_split(
        arena, arena_printf(arena, "/%.*s", (int)len, text), &count, &slash);

    return segments != NULL && count == 1 ? segments[0] : NULL;
}

/* Whether a query has a parameter; its value, unquoted, NULL for what is
 * none. */
static bool parameter(struct arena *arena, const char *query, const char *name,
                      const char **value_out)
{
    size_t name_len = strlen(name);

    *value_out = NULL;
    while (query != NULL && *query != '\0') {
        size_t len = strcspn(query, "&");

        if (len > name_len && query[name_len] == '=' &&
            strncmp(query, name, name_len) == 0) {
            *value_out =
                unquote(arena, query + name_len + 1, len - name_len - 1);
            return true;
        }
        query += len + (query[len] == '&');
    }
    return false;
}

const char *dav_attachment_of_query(struct arena *arena, const char *query)
{
    const char *id;

    parameter(arena, query, "attachment", &id);
    return id;
}

/* --- GET ------------------------------------------------------------------ */

static const char *tag_of(struct arena *arena, const char *data, size_t len)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325); /* FNV-1a */

    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (unsigned char)data[i]) * UINT64_C(0x100000001b3);
    return arena_printf(arena, "\"%016" PRIx64 "-%zx\"", hash, len);
}

/* RFC 9110, 13: whether the content is wanted; an answer where it is not. */
static bool is_wanted(struct dav_call *call, const char *tag)
{
    struct arena *arena = call->op->arena;
    const char *match = dav_header(call, "If-Match");
    const char *none = dav_header(call, "If-None-Match");

    if (match != NULL && !dav_tag_is_in(arena, match, tag, false)) {
        dav_reply_empty(call->reply, 412);
        return false;
    }
    dav_reply_field(call->reply, "ETag", "%s", tag);
    if (none == NULL || !dav_tag_is_in(arena, none, tag, true))
        return true;
    dav_reply_empty(call->reply, 304);
    return false;
}

enum status dav_attachment_get(struct dav_call *call, const char *id)
{
    struct op *op = call->op;
    const char *type = NULL, *file = NULL, *data = NULL;
    size_t len = 0;

    if (id == NULL)
        return STATUS_NOT_FOUND;
    enum status status =
        object_attachment_read(op, call->account, call->place.folder->id,
                               call->place.name, id, &type, &file, &data, &len);
    if (status != STATUS_OK)
        return status;
    if (!is_wanted(call, tag_of(op->arena, data, len)))
        return STATUS_OK;
    /* No browser shall take it for a page of ours. */
    dav_reply_field(call->reply, "Content-Disposition", "%s",
                    dav_disposition(op->arena, file));
    dav_reply_field(call->reply, "X-Content-Type-Options", "nosniff");
    dav_reply_whole(call->reply, 200,
                    type != NULL && *type != '\0' ? type
                                                  : "application/octet-stream",
                    data, len);
    return STATUS_OK;
}

/* --- POST ----------------------------------------------------------------- */

/* clang-format off */
static const struct action {
    const char *name;
    bool needs_id;
    bool has_content;
    bool takes_days;
    int code;
} actions[] = {
    { "attachment-add",    false, true,  true,  201 },
    { "attachment-update", true,  true,  false, 200 },
    { "attachment-remove", true,  false, true,  204 },
};
/* clang-format on */

static const struct action *find_action(const char *name)
{
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++)
        if (str_equal(actions[i].name, name))
            return &actions[i];
    return NULL;
}

/* What was made is where Location says.  The event is there to be shown even
 * after the last attachment has gone. */
static void answer(struct dav_call *call, const struct action *action,
                   const struct object_written *written, const char *new_id,
                   const char *file)
{
    if (new_id != NULL) {
        dav_reply_field(call->reply, "Location", "%s",
                        dav_link(call, call->place.href, new_id, file));
        dav_reply_field(call->reply, "Cal-Managed-ID", "%s", new_id);
    }
    if (dav_show_written(call, written,
                         action->code == 204 ? 200 : action->code))
        return;
    dav_put_tags(call, &written->object, NULL);
    dav_reply_empty(call->reply, action->code);
}

static enum status refuse(struct dav_call *call, enum status status,
                          const struct object_attaching *wish,
                          const struct object_written *written)
{
    if (status == STATUS_NOT_FOUND && wish->id != NULL)
        return dav_refuse(call, 403, "C:valid-managed-id",
                          "There is no such attachment");
    if (status == STATUS_TOO_BIG)
        return dav_refuse(call, 403, "C:max-attachment-size", NULL);
    return dav_refuse_object(call, &call->place, status, written);
}

static enum status attach(struct dav_call *call, const struct action *action,
                          struct object_attaching *wish)
{
    struct op *op = call->op;
    const char *type = dav_header(call, "Content-Type");
    const char *new_id = NULL;
    struct object_written written = { 0 };

    if (action->has_content) {
        wish->file = dav_disposition_file(
            op->arena, dav_header(call, "Content-Disposition"));
        wish->type = type != NULL ? type : "application/octet-stream";
        wish->data = dav_body_text(op->arena, call->request->body, &wish->len);
    }
    enum status status =
        object_attach(op, call->account, call->place.folder->id,
                      call->place.name, wish, &new_id, &written);

    if (status != STATUS_OK)
        return refuse(call, status, wish, &written);
    answer(call, action, &written, new_id, wish->file);
    return STATUS_OK;
}

/* RFC 8607, 3.3: what the query says; false and an answer where it makes no
 * sense. */
static bool read_query(struct dav_call *call, const char *query,
                       const struct action **action_out,
                       struct object_attaching *wish)
{
    struct arena *arena = call->op->arena;
    const char *name, *days;

    parameter(arena, query, "action", &name);
    const struct action *action = find_action(name);
    *action_out = action;
    if (action == NULL) {
        dav_refuse(call, 403, "C:valid-action", NULL);
        return false;
    }
    bool has_id = parameter(arena, query, "managed-id", &wish->id);
    if (action->needs_id != has_id || (has_id && wish->id == NULL)) {
        dav_refuse(call, 403, "C:valid-managed-id", NULL);
        return false;
    }
    bool has_days = parameter(arena, query, "rid", &days);
    if (has_days && (!action->takes_days || days == NULL)) {
        dav_refuse(call, 403, "C:valid-rid", NULL);
        return false;
    }
    if (has_days)
        wish->days = (const char *const *)str_split(arena, days, ",");
    return true;
}

enum status dav_attachment_post(struct dav_call *call, const char *query)
{
    const struct action *action;
    struct object_attaching wish = { 0 };
    struct object_condition condition;
    struct object_marks marks;
    struct object object;

    if (!read_query(call, query, &action, &wish) ||
        !dav_may(call, call->place.folder, FOLDER_MAY_MODIFY))
        return STATUS_OK;
    enum status status = objects_refresh(call->op, call->account,
                                         call->place.folder->id, &marks);
    if (status == STATUS_OK)
        status = dav_object_find(call, &call->place, &object);
    if (status == STATUS_OK && object.name == NULL)
        status = STATUS_NOT_FOUND;
    if (status != STATUS_OK)
        return status;
    if (object.kind != OBJECT_EVENT)
        return dav_refuse(call, 403, NULL,
                          "Files are attached to nothing but events");
    if (!dav_check_conditions(call, &marks, &object, &condition))
        return STATUS_OK;
    return attach(call, action, &wish);
}
