/*
 * attachments.c - files at items that are no mail
 */
#include "tests/exchange/attachments.h"

#include <stdlib.h>
#include <string.h>

#include "proxy/base/memory.h"
#include "proxy/base/str.h"
#include "tests/exchange/series.h"

static struct sim_attachment *add(struct sim_item *item,
                                  const struct sim_attachment *added)
{
    struct sim_attachment *kept;

    item->attachments =
        memory_resize(item->attachments,
                      (item->attachment_count + 1) * sizeof *item->attachments);
    kept = &item->attachments[item->attachment_count++];
    *kept = *added;
    kept->name = memory_strdup(added->name);
    kept->type = memory_strdup(added->type);
    kept->content_id = memory_strdup(added->content_id);
    kept->location = memory_strdup(added->location);
    sim_content_ref(kept->content);
    if (kept->number == 0)
        kept->number = ++item->last_attachment;
    else if (kept->number > item->last_attachment)
        item->last_attachment = kept->number;
    item->flags |= FLAG_HAS_ATTACHMENT;
    return kept;
}

/* --- Days of series ------------------------------------------------------- */

/* Before the files of a day change it has to have its own. */
static void begin_change(struct sim_item *item)
{
    struct sim_exception *day;
    struct sim_item own = { .last_attachment = 0 };

    if (item->master == NULL)
        return;
    day = sim_series_except(item->master->series, item->day);
    if (day->has_files)
        return;
    sim_attachments_copy(&own, item->master);
    day->has_files = true;
    day->files = item->attachments = own.attachments;
    day->file_count = own.attachment_count;
}

/* Numbers are the series', so that no two files of it have the same. */
static void end_change(struct sim_item *item)
{
    struct sim_exception *day;

    if (item->master == NULL)
        return;
    day = sim_series_except(item->master->series, item->day);
    day->files = item->attachments;
    day->file_count = item->attachment_count;
    item->master->last_attachment = item->last_attachment;
}

void sim_attachments_copy_day(struct sim_exception *to,
                              const struct sim_exception *from)
{
    struct sim_item own = { .last_attachment = 0 };

    for (size_t i = 0; i < from->file_count; i++)
        add(&own, &from->files[i]);
    to->has_files = from->has_files;
    to->files = own.attachments;
    to->file_count = own.attachment_count;
}

/* --- Any item ------------------------------------------------------------- */

struct sim_attachment *sim_attachment_add(struct sim_item *item,
                                          const struct sim_attachment *added)
{
    struct sim_attachment *kept;

    begin_change(item);
    kept = add(item, added);
    end_change(item);
    return kept;
}

struct sim_attachment *sim_attachment_find(const struct sim_item *item,
                                           uint32_t number)
{
    for (size_t i = 0; i < item->attachment_count; i++)
        if (item->attachments[i].number == number)
            return &item->attachments[i];
    return NULL;
}

static void free_one(struct sim_attachment *attachment)
{
    free(attachment->name);
    free(attachment->type);
    free(attachment->content_id);
    free(attachment->location);
    sim_content_unref(&attachment->content);
}

void sim_attachment_remove(struct sim_item *item, uint32_t number)
{
    struct sim_attachment *gone;

    if (sim_attachment_find(item, number) == NULL)
        return;
    begin_change(item);
    gone = sim_attachment_find(item, number);
    free_one(gone);
    memmove(gone, gone + 1,
            (size_t)(item->attachments + item->attachment_count - gone - 1) *
                sizeof *gone);
    if (--item->attachment_count == 0)
        item->flags &= ~FLAG_HAS_ATTACHMENT;
    end_change(item);
}

void sim_attachments_copy(struct sim_item *to, const struct sim_item *from)
{
    for (size_t i = 0; i < from->attachment_count; i++)
        add(to, &from->attachments[i]);
}

void sim_attachments_drop(struct sim_attachment *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free_one(&list[i]);
    free(list);
}

void sim_attachments_free(struct sim_item *item)
{
    sim_attachments_drop(item->attachments, item->attachment_count);
    item->attachments = NULL;
    item->attachment_count = 0;
}

const struct sim_attachment *sim_photo(const struct sim_item *item)
{
    for (size_t i = 0; i < item->attachment_count; i++)
        if (item->attachments[i].is_photo)
            return &item->attachments[i];
    return NULL;
}

/* --- Elements ------------------------------------------------------------ */

/* The upper half of the serial is the day, where it is one of a series. */
#define DAY_AT 32
#define FIRST_DAY (1 << 30)

char *sim_attachment_id(struct arena *arena, const struct sim_item *item,
                        uint32_t number)
{
    uint64_t day = item->master != NULL ? (uint64_t)(item->day + FIRST_DAY) : 0;

    return sim_id_make(arena, item->folder->mailbox, ID_ATTACHMENT,
                       item->serial | day << DAY_AT, number);
}

struct sim_item *sim_attachment_item(struct call *call,
                                     const struct sim_id_parts *parts)
{
    uint64_t serial = parts->serial & UINT32_MAX;
    int64_t day = (int64_t)(parts->serial >> DAY_AT) - FIRST_DAY;
    struct sim_item *item =
        parts->current && serial < parts->mailbox->item_count
            ? parts->mailbox->items[serial]
            : NULL;

    if (item == NULL || parts->serial == serial)
        return item;
    return item->series != NULL && sim_series_has(item->series, day) &&
                   sim_rule_number(&item->series->rule, day) != 0
               ? sim_occurrence(call->arena, item, day)
               : NULL;
}

void sim_attachment_put(struct call *call, struct sim_item *item,
                        const struct sim_attachment *attachment, bool content)
{
    struct buf *out = &call->out;

    buf_printf(out, "<t:FileAttachment><t:AttachmentId Id=\"%s\"/>",
               sim_attachment_id(call->arena, item, attachment->number));
    put_element(out, "t:Name", attachment->name);
    if (attachment->type != NULL)
        put_element(out, "t:ContentType", attachment->type);
    if (attachment->content_id != NULL)
        put_element(out, "t:ContentId", attachment->content_id);
    if (attachment->location != NULL)
        put_element(out, "t:ContentLocation", attachment->location);
    if (call->version >= SCHEMA_2010) {
        buf_printf(out, "<t:Size>%zu</t:Size>", attachment->content->len);
        put_time(call, "t:LastModifiedTime", attachment->modified);
        buf_printf(out,
                   "<t:IsInline>%s</t:IsInline><t:IsContactPhoto>%s"
                   "</t:IsContactPhoto>",
                   attachment->is_inline ? "true" : "false",
                   attachment->is_photo ? "true" : "false");
    }
    if (content) {
        buf_puts(out, "<t:Content>");
        put_base64(out, attachment->content->data, attachment->content->len);
        buf_puts(out, "</t:Content>");
    }
    buf_puts(out, "</t:FileAttachment>");
}

void sim_attachments_put(struct call *call, struct sim_item *item)
{
    if (item->attachment_count == 0)
        return;
    buf_puts(&call->out, "<t:Attachments>");
    for (size_t i = 0; i < item->attachment_count; i++)
        sim_attachment_put(call, item, &item->attachments[i], false);
    buf_puts(&call->out, "</t:Attachments>");
}
