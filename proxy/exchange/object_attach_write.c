/*
 * object_attach_write.c - attaching, taking away: the event and its days
 *
 * A day of a series has the files of the series until it gets some of its own:
 * then Exchange makes it an exception, with copies of those.  Each copy has an
 * id of its own, so that on days a file that is another's is known by what is
 * in it.
 */
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/exchange/object_attaching.h"

/* By so much Exchange's sizes differ from the content's. */
#define SIZE_SLACK 1024

const struct event *attaching_main(const struct series *series)
{
    return series->has_master || series->exception_count == 0
               ? &series->master
               : &series->exceptions[0];
}

/* --- Which is which ------------------------------------------------------- */

/* Base64 goes into URLs with "-" and "_" (RFC 4648, 5). */
static char plain(char c)
{
    return c == '-' ? '+' : c == '_' ? '/' : c;
}

static bool same_id(const char *a, const char *b)
{
    if (a == NULL || b == NULL)
        return false;
    for (; *a != '\0' && plain(*a) == plain(*b); a++)
        b++;
    return plain(*a) == plain(*b);
}

const struct event_attachment *attachment_of_id(const struct event *event,
                                                const char *id)
{
    for (size_t i = 0; i < event->attachment_count; i++)
        if (same_id(event->attachments[i].id, id))
            return &event->attachments[i];
    return NULL;
}

/* Of some versions no sizes are known. */
static bool same_size(uint64_t a, uint64_t b)
{
    return a == 0 || b == 0 || (a > b ? a - b : b - a) <= SIZE_SLACK;
}

static bool is_like(const struct event_attachment *a,
                    const struct event_attachment *b)
{
    return a->id != NULL && str_equal(a->name, b->name) &&
           same_size(a->size, b->size);
}

static size_t count_like(const struct event *event,
                         const struct event_attachment *file)
{
    size_t count = 0;

    for (size_t i = 0; i < event->attachment_count; i++)
        count += is_like(&event->attachments[i], file);
    return count;
}

/* Reads what is called as a file is, until one has its content; NULL for
 * none. */
static enum status find_same(struct attaching *attaching,
                             const struct event *event,
                             const struct event_attachment *file,
                             const char **id_out)
{
    struct desk *desk = &attaching->desk;

    *id_out = NULL;
    for (size_t i = 0; i < event->attachment_count && *id_out == NULL; i++) {
        const struct event_attachment *other = &event->attachments[i];
        struct event_attachment found = { 0 };

        if (!is_like(other, file))
            continue;
        enum status status = account_told(
            desk->account, desk->objects->attachment_read(
                               desk->op, desk->remote, other->id, &found));
        if (status != STATUS_OK && status != STATUS_NOT_FOUND)
            return status;
        if (status == STATUS_OK && found.len == file->len &&
            memcmp(found.data, file->data, file->len) == 0)
            *id_out = other->id;
    }
    return STATUS_OK;
}

enum status attaching_find_equal(struct attaching *attaching,
                                 const struct event *event, const char **id_out)
{
    return find_same(attaching, event, &attaching->fresh, id_out);
}

/* The same without what is in another, and without what has this id. */
static struct event rest_of(struct arena *arena, const struct event *event,
                            const struct event *other, const char *id)
{
    struct event rest = *event;

    rest.attachment_count = 0;
    rest.attachments = arena_array(arena, event->attachment_count + 1,
                                   sizeof *rest.attachments);
    for (size_t i = 0; i < event->attachment_count; i++) {
        const struct event_attachment *file = &event->attachments[i];

        if (!same_id(file->id, id) &&
            (other == NULL || attachment_of_id(other, file->id) == NULL))
            rest.attachments[rest.attachment_count++] = *file;
    }
    return rest;
}

/* Whether what comes is here already: by an attempt before, or by its `sharing`
 * the files of its series.  In the first attempt nothing is asked for. */
static enum status find_made(struct attaching *attaching,
                             const struct event *event,
                             const struct event *before, bool sharing,
                             const char **id_out)
{
    const struct event_attachment *fresh = &attaching->fresh;

    *id_out = NULL;
    if (sharing || attaching->tried)
        return attaching_find_equal(attaching, event, id_out);
    if (count_like(event, fresh) <= count_like(before, fresh))
        return STATUS_OK;
    struct event rest = rest_of(attaching->desk.op->arena, event, before, NULL);
    return attaching_find_equal(attaching, &rest, id_out);
}

/* --- One place ------------------------------------------------------------ */

static enum status add(struct attaching *attaching,
                       const struct remote_object *item, const char **id_out)
{
    struct desk *desk = &attaching->desk;
    struct remote_result result = { 0 };
    enum status status = account_told(
        desk->account,
        desk->objects->attachment_add(desk->op, desk->remote, item,
                                      &attaching->fresh, id_out, &result));

    attaching->written = true;
    if (status == STATUS_OK)
        attaching->change_key = result.change_key;
    return status;
}

static enum status take_away(struct attaching *attaching, const char *id)
{
    struct desk *desk = &attaching->desk;
    struct remote_result result = { 0 };
    enum status status = account_told(
        desk->account,
        desk->objects->attachment_remove(desk->op, desk->remote, id, &result));

    attaching->written = true;
    if (result.change_key != NULL)
        attaching->change_key = result.change_key;
    return status;
}

/* What comes, unless it is there, and then what goes. */
static enum status write_place(struct attaching *attaching,
                               const struct remote_object *item,
                               const char *gone, const char **made)
{
    enum status status = STATUS_OK;

    if (attaching->fresh.data != NULL && *made == NULL)
        status = add(attaching, item, made);
    if (status == STATUS_OK && gone != NULL)
        status = take_away(attaching, gone);
    if (attaching->made == NULL)
        attaching->made = *made;
    return status;
}

static enum status write_master(struct attaching *attaching)
{
    const struct event *event = attaching_main(&attaching->now);
    struct remote_object item = object_remote(&attaching->row);
    const struct event_attachment *gone =
        attaching->gone != NULL ? attachment_of_id(event, attaching->gone->id)
                                : NULL;
    const char **made = &attaching->made_on_master;
    enum status status = STATUS_OK;

    if (attaching->fresh.data != NULL && *made == NULL)
        status = find_made(attaching, event, attaching_main(&attaching->before),
                           false, made);
    return status == STATUS_OK
               ? write_place(attaching, &item, gone != NULL ? gone->id : NULL,
                             made)
               : status;
}

/* --- Days ----------------------------------------------------------------- */

/* A day as it was before all this. */
static struct event day_before(const struct series *before,
                               const struct when *day)
{
    for (size_t i = 0; i < before->exception_count; i++)
        if (before->exceptions[i].occurrence.instant == day->instant)
            return before->exceptions[i];
    return series_occurrence(before, day);
}

/* What goes, as it is called on a day: a copy has another id, and is known by
 * nothing but its content.  NULL where it is not there, or not any more. */
static enum status find_gone(struct attaching *attaching,
                             const struct event *day, const char *made,
                             const char **id_out)
{
    const struct event_attachment *gone = attaching->gone;
    const struct event_attachment *same = attachment_of_id(day, gone->id);
    struct event rest = rest_of(attaching->desk.op->arena, day, NULL, made);

    *id_out = same != NULL ? same->id : NULL;
    return same == NULL && gone->data != NULL
               ? find_same(attaching, &rest, gone, id_out)
               : STATUS_OK;
}

/* What is replaced is so where it has been: a day that shares the files of its
 * series has the new one by now. */
static enum status write_day(struct attaching *attaching,
                             const struct event *day)
{
    struct event before = day_before(&attaching->before, &day->occurrence);
    struct remote_object item = { .id = day->id, .kind = REMOTE_EVENT };
    const char *made = NULL, *gone = NULL;
    enum status status = STATUS_OK;

    if (attaching->fresh.data != NULL)
        status = find_made(attaching, day, &before, attaching->whole, &made);
    if (status == STATUS_OK && attaching->gone != NULL)
        status = find_gone(attaching, day, made, &gone);
    if (status != STATUS_OK || (attaching->gone != NULL && gone == NULL))
        return status;
    return write_place(attaching, &item, gone, &made);
}

/* Of writes to days Exchange does not tell the change key of the series. */
static enum status write_days(struct attaching *attaching)
{
    struct desk *desk = &attaching->desk;
    struct remote_object series = object_remote(&attaching->row);
    size_t count = attaching->day_count;
    struct event *days = arena_array(desk->op->arena, count, sizeof *days);
    bool written = attaching->written;
    const char *change_key = attaching->change_key;
    enum status status = account_told(
        desk->account,
        desk->objects->days(desk->op, desk->remote, &series, &attaching->now,
                            attaching->days, count, days));

    attaching->written = false;
    for (size_t i = 0; i < count && status == STATUS_OK; i++)
        status = write_day(attaching, &days[i]);
    attaching->change_key = attaching->written ? NULL : change_key;
    attaching->written |= written;
    return status;
}

/* Whether a day is an exception that has the very file. */
static bool has_exactly(const struct series *series, const struct when *day,
                        const char *id)
{
    for (size_t i = 0; i < series->exception_count; i++)
        if (series->exceptions[i].occurrence.instant == day->instant)
            return attachment_of_id(&series->exceptions[i], id) != NULL;
    return false;
}

/* What goes is read before, where copies of it are to be found. */
static enum status read_gone(struct attaching *attaching)
{
    struct desk *desk = &attaching->desk;
    struct event_attachment *gone = attaching->gone, content = { 0 };
    size_t i = 0;

    while (gone != NULL && i < attaching->day_count &&
           has_exactly(&attaching->before, &attaching->days[i], gone->id))
        i++;
    if (gone == NULL || gone->data != NULL || i == attaching->day_count)
        return STATUS_OK;
    enum status status = account_told(
        desk->account, desk->objects->attachment_read(desk->op, desk->remote,
                                                      gone->id, &content));
    gone->data = content.data;
    gone->len = content.len;
    return status;
}

enum status attaching_write(struct attaching *attaching)
{
    enum status status = read_gone(attaching);

    if (status == STATUS_OK && attaching->on_master)
        status = write_master(attaching);
    return status == STATUS_OK && attaching->day_count > 0
               ? write_days(attaching)
               : status;
}
