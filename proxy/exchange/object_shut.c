/*
 * object_shut.c - calendars of which only the busy times are shown
 *
 * Whoever may not look into somebody's calendar may often be told when he is
 * busy, and perhaps with what (GetUserAvailability).  Each such time is an
 * event here.  All that is told of it is in its id and change key, so that the
 * same time has the same name and entity tag, and reading it asks nobody:
 *
 *     id          address, begin, end, which of its like, subject
 *     change key  kind, whether it is private, place
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "proxy/exchange/object_private.h"

#define MARK "shut:"
#define DAY INT64_C(86400)

/* The window: five calls of 42 days. */
#define DAYS_BEFORE 28
#define DAYS (5 * 42)

#define FRESH_MS (5 * 60 * 1000u)

/* --- As ids --------------------------------------------------------------- */

/* Without what stands between the parts. */
static const char *plain(struct arena *arena, const char *text)
{
    char *copy = arena_strdup(arena, text != NULL ? text : "");

    for (char *at = copy; *at != '\0'; at++)
        if ((unsigned char)*at < ' ')
            *at = ' ';
    return copy;
}

static struct remote_object object_of_time(struct arena *arena,
                                           const char *address,
                                           const struct remote_busy *time,
                                           size_t nth)
{
    return (struct remote_object){
        .id = arena_printf(arena, "%s\t%" PRId64 "\t%" PRId64 "\t%zu\t%s",
                           address, time->from, time->to, nth,
                           plain(arena, time->summary)),
        .change_key =
            arena_printf(arena, "%d\t%d\t%s", (int)time->busy,
                         (int)time->private, plain(arena, time->location)),
        .kind = REMOTE_EVENT,
    };
}

/* The rest of a text behind so many tabs; "" for none. */
static const char *part_of(const char *text, int nth)
{
    for (; nth > 0 && text != NULL; nth--) {
        text = strchr(text, '\t');
        text = text != NULL ? text + 1 : NULL;
    }
    return text != NULL ? text : "";
}

static struct remote_busy time_of(const struct remote_object *object)
{
    const char *key = object->change_key != NULL ? object->change_key : "";

    return (struct remote_busy){
        .from = strtoll(part_of(object->id, 1), NULL, 10),
        .to = strtoll(part_of(object->id, 2), NULL, 10),
        .summary = part_of(object->id, 4),
        .busy = (enum event_busy)strtol(key, NULL, 10),
        .private = *part_of(key, 1) == '1',
        .location = part_of(key, 2),
    };
}

/* --- As events ------------------------------------------------------------ */

static const char *summary_of(const struct remote_busy *time)
{
    static const char *const words[] = {
        [BUSY_FREE] = "Free",           [BUSY_TENTATIVE] = "Tentative",
        [BUSY_BUSY] = "Busy",           [BUSY_AWAY] = "Away",
        [BUSY_ELSEWHERE] = "Elsewhere", [BUSY_UNKNOWN] = "Busy",
    };

    if (*time->summary != '\0')
        return time->summary;
    return time->private ? "Private" : words[time->busy];
}

/* From midnight to midnight are days. */
static struct when when_of(const struct zone *zone, int64_t instant,
                           bool is_day)
{
    int64_t wall = instant + zone_offset(zone, instant);

    if (is_day)
        return (struct when){ .kind = WHEN_DATE, .instant = wall };
    return (struct when){ WHEN_ZONED, instant, zone_utc() };
}

static bool is_midnight(const struct zone *zone, int64_t instant)
{
    return (instant + zone_offset(zone, instant)) % DAY == 0;
}

static struct series event_of(const struct zone *zone,
                              const struct remote_busy *time)
{
    bool days = is_midnight(zone, time->from) && is_midnight(zone, time->to);

    return (struct series){
        .has_master = true,
        .master = {
            .start = when_of(zone, time->from, days),
            .end = when_of(zone, time->to, days),
            .summary = summary_of(time),
            .location = time->location,
            .busy = time->busy,
            .class = time->private ? CLASS_PRIVATE : CLASS_PUBLIC,
            .importance = IMPORTANCE_NORMAL,
            .created = TIME_NONE,
            .modified = TIME_NONE,
            .stamp = TIME_NONE,
        },
    };
}

static enum status read_shut(
    struct desk *desk, const struct remote_object objects[], size_t count,
    bool (*each)(void *context, const struct remote_object_read *read),
    void *context)
{
    desk_know_owner(desk);
    for (size_t i = 0; i < count; i++) {
        struct remote_busy time = time_of(&objects[i]);
        struct series series = event_of(desk->zone, &time);
        const struct remote_object_read read = {
            .index = i,
            .status = STATUS_OK,
            .object = objects[i],
            .series = &series,
        };

        if (!each(context, &read))
            return STATUS_CANCELLED;
    }
    return STATUS_OK;
}

/* --- Listing -------------------------------------------------------------- */

static int compare(const void *a, const void *b)
{
    const struct remote_busy *left = a, *right = b;
    int order = (left->from > right->from) - (left->from < right->from);

    if (order == 0)
        order = (left->to > right->to) - (left->to < right->to);
    if (order == 0)
        order = strcmp(left->summary, right->summary);
    return order;
}

/* What reaches over the end of one call is told by the next one as well. */
static bool is_told_twice(const struct remote_busy *a,
                          const struct remote_busy *b, int64_t begin)
{
    int64_t window = 42 * DAY;
    int64_t seam = begin + ((b->from - begin) / window + 1) * window;

    return compare(a, b) == 0 && a->busy == b->busy && b->to > seam &&
           b->from < seam;
}

static struct remote_object_page page_of(struct desk *desk, const char *address,
                                         struct remote_busy *times,
                                         size_t count, int64_t begin)
{
    struct arena *arena = desk->op->arena;
    struct remote_object_delta *deltas =
        arena_array(arena, count + 1, sizeof *deltas);
    size_t n = 0, nth = 0;

    for (size_t i = 0; i < count; i++)
        times[i].summary = plain(arena, times[i].summary);
    if (count > 0)
        qsort(times, count, sizeof *times, compare);
    for (size_t i = 0; i < count; i++) {
        const struct remote_busy *before = i > 0 ? &times[i - 1] : NULL;

        if (times[i].busy == BUSY_FREE ||
            (before != NULL && is_told_twice(before, &times[i], begin)))
            continue;
        nth = before != NULL && compare(before, &times[i]) == 0 ? nth + 1 : 0;
        deltas[n++].object = object_of_time(arena, address, &times[i], nth);
    }
    return (struct remote_object_page){ .deltas = deltas,
                                        .count = n,
                                        .last = true };
}

static enum status list_shut(
    struct desk *desk,
    bool (*page)(void *context, const struct remote_object_page *page),
    void *context)
{
    const char *address = desk->folder.remote + strlen(MARK);
    struct remote_busy_answer answer = { .status = STATUS_OK };
    int64_t now = time_now();
    int64_t begin = now - now % DAY - DAYS_BEFORE * DAY;
    enum status status = account_told(
        desk->account,
        desk->objects->busy(desk->op, desk->remote, &address, 1, begin,
                            begin + DAYS * DAY, true, &answer));

    if (status == STATUS_OK)
        status = answer.status;
    if (status != STATUS_OK)
        return status;
    const struct remote_object_page all =
        page_of(desk, address, answer.times, answer.count, begin);
    return page(context, &all) ? STATUS_OK : STATUS_CANCELLED;
}

static bool is_fresh(struct desk *desk)
{
    uint64_t looked =
        atomic_load(&place_of(desk->account, desk->folder.id)->looked_ms);

    return looked != 0 && time_monotonic_ms() - looked < FRESH_MS;
}

const struct desk_source source_shut = {
    .mark = MARK,
    .name = "Calendar",
    .lacks = FOLDER_MAY_MODIFY | FOLDER_MAY_DELETE | FOLDER_MAY_ADD |
             FOLDER_MAY_ADD_FOLDERS | FOLDER_MAY_ADMINISTER,
    .is_current = is_fresh,
    .list = list_shut,
    .read = read_shut,
};

enum status schedule_shut_calendar(struct op *op, struct account *account,
                                   const char *address,
                                   struct folder *folder_out)
{
    const char *whose = str_lower(arena_strdup(op->arena, address));
    struct desk desk;
    enum status status =
        source_folder(op, account, &source_shut, whose, folder_out);

    if (status == STATUS_OK)
        status = desk_open(op, account, folder_out->id, &desk);
    if (status == STATUS_OK)
        status = desk_refresh(&desk);
    return status == STATUS_NOT_FOUND || status == STATUS_BAD_RECIPIENT
               ? STATUS_NO_FOLDER
               : status;
}
