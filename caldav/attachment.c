/*
 * attachment.c - attachments by their URLs
 *
 * RFC 8607, 3.4 to 3.7.  Exchange has them on the whole event or on one changed
 * occurrence; a client that names occurrences (rid) is refused, as there is no
 * way to tell which of them shall have it without making them exceptions.
 */
#include "caldav/attachment.h"

#include <string.h>

#include "caldav/condition.h"
#include "caldav/href.h"
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

/* The value of a parameter of a query, unquoted; NULL if there is none. */
static const char *parameter(struct arena *arena, const char *query,
                             const char *name)
{
    size_t name_len = strlen(name);

    while (query != NULL && *query != '\0') {
        size_t len = strcspn(query, "&");

        if (len > name_len && query[name_len] == '=' &&
            strncmp(query, name, name_len) == 0)
            return unquote(arena, query + name_len + 1, len - name_len - 1);
        query += len + (query[len] == '&');
    }
    return NULL;
}

enum status dav_attachment_get(struct dav_call *call, const char *quoted_id)
{
    struct op *op = call->op;
    const char *id = unquote(op->arena, quoted_id, strcspn(quoted_id, "&#"));
    const char *type = NULL, *file = NULL, *data = NULL;
    size_t len = 0;

    if (id == NULL)
        return STATUS_NOT_FOUND;
    enum status status =
        object_attachment_read(op, call->account, call->place.folder->id,
                               call->place.name, id, &type, &file, &data, &len);
    if (status != STATUS_OK)
        return status;
    if (file != NULL && *file != '\0') {
        struct buf quoted;

        /* RFC 6266, 4.3; and no browser shall take it for a page of ours. */
        buf_init(&quoted, op->arena);
        dav_href_quote(&quoted, file);
        dav_reply_field(call->reply, "Content-Disposition",
                        "attachment; filename*=UTF-8''%s", quoted.data);
    }
    dav_reply_field(call->reply, "X-Content-Type-Options", "nosniff");
    dav_reply_whole(call->reply, 200,
                    type != NULL && *type != '\0' ? type
                                                  : "application/octet-stream",
                    data, len);
    return STATUS_OK;
}

/* --- POST ----------------------------------------------------------------- */

/* The file's name in "attachment; filename=x", with or without quotes. */
static const char *file_name(struct dav_call *call)
{
    struct arena *arena = call->op->arena;
    const char *text = dav_header(call, "Content-Disposition");
    const char *name = text != NULL ? strcasestr(text, "filename") : NULL;

    if (name == NULL)
        return "attachment";
    name += strlen("filename");
    if (str_starts_nocase(name, "*=UTF-8''")) {
        name += strlen("*=UTF-8''");
        name = unquote(arena, name, strcspn(name, "; \t"));
    } else if (*name == '=' && name[1] == '"') {
        name = arena_strndup(arena, name + 2, strcspn(name + 2, "\""));
    } else if (*name == '=') {
        name = arena_strndup(arena, name + 1, strcspn(name + 1, "; \t"));
    } else {
        name = NULL;
    }
    return name != NULL && *name != '\0' ? name : "attachment";
}

/* clang-format off */
static const struct action {
    const char *name;
    bool needs_id;
    bool has_content;
    int code;
} actions[] = {
    { "attachment-add",    false, true,  201 },
    { "attachment-update", true,  true,  200 },
    { "attachment-remove", true,  false, 204 },
};
/* clang-format on */

static const struct action *find_action(const char *name)
{
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++)
        if (str_equal(actions[i].name, name))
            return &actions[i];
    return NULL;
}

/* The event is there to be shown even after the last attachment has gone. */
static void answer(struct dav_call *call, const struct action *action,
                   const struct object_written *written, const char *new_id)
{
    dav_reply_field(call->reply, "Location", "%s", call->place.href);
    if (new_id != NULL)
        dav_reply_field(call->reply, "Cal-Managed-ID", "%s", new_id);
    if (dav_show_written(call, written,
                         action->code == 204 ? 200 : action->code))
        return;
    dav_put_tags(call, &written->object, NULL);
    dav_reply_empty(call->reply, action->code);
}

static enum status attach(struct dav_call *call, const struct action *action,
                          const char *id)
{
    struct op *op = call->op;
    const char *type = dav_header(call, "Content-Type");
    const char *new_id = NULL;
    struct object_written written = { 0 };
    size_t len = 0;
    const char *data = action->has_content
                           ? dav_body_text(op->arena, call->request->body, &len)
                           : NULL;
    enum status status = object_attach(
        op, call->account, call->place.folder->id, call->place.name, id,
        file_name(call), type != NULL ? type : "application/octet-stream", data,
        len, &new_id, &written);

    if (status == STATUS_NOT_FOUND && id != NULL)
        return dav_refuse(call, 403, "C:valid-managed-id",
                          "There is no such attachment");
    if (status != STATUS_OK)
        return dav_refuse_object(call, &call->place, status, &written);
    answer(call, action, &written, new_id);
    return STATUS_OK;
}

enum status dav_attachment_post(struct dav_call *call, const char *query)
{
    struct arena *arena = call->op->arena;
    const struct action *action =
        find_action(parameter(arena, query, "action"));
    const char *id = parameter(arena, query, "managed-id");
    struct object_condition condition;
    struct object_marks marks;
    struct object object;

    if (action == NULL)
        return dav_refuse(call, 403, "C:valid-action", NULL);
    if (action->needs_id != (id != NULL))
        return dav_refuse(call, 403, "C:valid-managed-id", NULL);
    if (parameter(arena, query, "rid") != NULL)
        return dav_refuse(call, 403, "C:valid-rid",
                          "Attachments belong to the whole event");
    if (!dav_may(call, call->place.folder, FOLDER_MAY_MODIFY))
        return STATUS_OK;
    enum status status = objects_refresh(call->op, call->account,
                                         call->place.folder->id, &marks);
    if (status == STATUS_OK)
        status = dav_object_find(call, &call->place, &object);
    if (status == STATUS_OK && object.name == NULL)
        status = STATUS_NOT_FOUND;
    if (status != STATUS_OK)
        return status;
    if (!dav_check_conditions(call, &marks, &object, &condition))
        return STATUS_OK;
    return attach(call, action, id);
}
