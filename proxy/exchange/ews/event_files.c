/*
 * event_files.c - see event_files.h
 */
#include "proxy/exchange/ews/event_files.h"

#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/exchange/ews/objects.h"

/* --- Comings and goings --------------------------------------------------- */

static bool has_attachment(const struct event *event, const char *id)
{
    for (size_t i = 0; event != NULL && i < event->attachment_count; i++)
        if (str_equal(event->attachments[i].id, id))
            return true;
    return false;
}

static bool is_new_file(const struct event_attachment *attachment)
{
    return attachment->id == NULL && attachment->data != NULL;
}

size_t event_files_new(const struct event *event)
{
    size_t count = 0;

    for (size_t i = 0; i < event->attachment_count; i++)
        count += is_new_file(&event->attachments[i]);
    return count;
}

enum status event_files_add(struct op *op, struct ews *ews,
                            const struct attachment_parent *parent,
                            const struct event *shall,
                            struct remote_result *result)
{
    const struct event_attachment **files =
        arena_array(op->arena, shall->attachment_count + 1, sizeof *files);
    size_t count = 0;

    for (size_t i = 0; i < shall->attachment_count; i++)
        if (is_new_file(&shall->attachments[i]))
            files[count++] = &shall->attachments[i];
    return attachments_add(op, ews, parent, files, count, false, NULL, result);
}

static enum status remove_files(struct op *op, struct ews *ews,
                                const struct event *was,
                                const struct event *shall,
                                struct remote_result *result)
{
    const char **ids =
        arena_array(op->arena, was->attachment_count + 1, sizeof *ids);
    size_t count = 0;

    for (size_t i = 0; i < was->attachment_count; i++)
        if (was->attachments[i].id != NULL &&
            !has_attachment(shall, was->attachments[i].id))
            ids[count++] = was->attachments[i].id;
    return attachments_remove(op, ews, (const char *const *)ids, count, result);
}

enum status event_files_write(struct op *op, struct ews *ews, const char *id,
                              const struct event *was,
                              const struct event *shall,
                              struct remote_result *result)
{
    const struct attachment_parent parent = { id, NULL };
    struct remote_result removed = { .change_key = NULL };
    enum status status = STATUS_OK;

    if (was != NULL)
        status = remove_files(op, ews, was, shall, &removed);
    *result = (struct remote_result){ status, id, removed.change_key };
    if (status != STATUS_OK || event_files_new(shall) == 0)
        return status;
    return event_files_add(op, ews, &parent, shall, result);
}

/* --- Files of days that begin anew ---------------------------------------- */

static const struct event *exception_at(const struct series *series,
                                        const struct when *occurrence)
{
    for (size_t i = 0; i < series->exception_count; i++)
        if (series->exceptions[i].occurrence.instant == occurrence->instant)
            return &series->exceptions[i];
    return NULL;
}

/* The one of the series that a day's is a copy of, octet for octet; NULL for
 * none. */
static enum status find_original(struct op *op, struct remote *remote,
                                 const struct event *master,
                                 const struct event_attachment *file,
                                 const struct event_attachment *content,
                                 const struct event_attachment **original_out)
{
    enum status status = STATUS_OK;

    *original_out = NULL;
    for (size_t i = 0; i < master->attachment_count && *original_out == NULL;
         i++) {
        const struct event_attachment *other = &master->attachments[i];
        struct event_attachment found;

        if (other->id == NULL || !str_equal(other->name, file->name))
            continue;
        status = ews_attachment_read(op, remote, other->id, &found);
        if (status != STATUS_OK)
            return status == STATUS_NOT_FOUND ? STATUS_OK : status;
        if (found.len == content->len &&
            memcmp(found.data, content->data, content->len) == 0)
            *original_out = other;
    }
    return STATUS_OK;
}

/* The files that an exception has alone come along as new ones; what it shares
 * with its series it has by that. */
static enum status fetch_files(struct op *op, struct remote *remote,
                               const struct series *was, struct event *day)
{
    const struct event *old = exception_at(was, &day->occurrence);
    enum status status = STATUS_OK;

    day->attachments =
        arena_memdup(op->arena, day->attachments,
                     day->attachment_count * sizeof *day->attachments);
    for (size_t i = 0; i < day->attachment_count && status == STATUS_OK; i++) {
        struct event_attachment *file = &day->attachments[i];
        const struct event_attachment *original;
        struct event_attachment content;

        if (file->id == NULL || !has_attachment(old, file->id) ||
            has_attachment(&was->master, file->id))
            continue;
        status = ews_attachment_read(op, remote, file->id, &content);
        if (status == STATUS_OK)
            status = find_original(op, remote, &was->master, file, &content,
                                   &original);
        if (status != STATUS_OK)
            break;
        if (original != NULL) {
            *file = *original;
            continue;
        }
        file->id = NULL;
        file->data = content.data;
        file->len = content.len;
    }
    return status;
}

enum status event_files_rescue(struct op *op, struct remote *remote,
                               const struct series *was,
                               const struct series *shall,
                               const struct series **out)
{
    struct series *series = arena_memdup(op->arena, shall, sizeof *shall);
    enum status status = STATUS_OK;

    series->exceptions =
        arena_memdup(op->arena, shall->exceptions,
                     shall->exception_count * sizeof *shall->exceptions);
    for (size_t i = 0; i < series->exception_count && status == STATUS_OK; i++)
        if (series->exceptions[i].attachment_count > 0)
            status = fetch_files(op, remote, was, &series->exceptions[i]);
    *out = series;
    return status;
}
