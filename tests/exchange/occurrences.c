/*
 * occurrences.c - the days of a series as items, and exceptions among them
 */
#include "tests/exchange/series.h"

#include <stdlib.h>
#include <string.h>

#include "proxy/base/memory.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "tests/exchange/calendar.h"
#include "tests/exchange/form.h"

#define DAY 86400

const struct sim_zone *sim_item_zone(struct arena *arena,
                                     const struct sim_item *item)
{
    const struct sim_zone *zone = event_zone(arena, item, HIDDEN_START_ZONE);

    return zone == NULL ? sim_zone_utc() : zone;
}

static int64_t floor_day(int64_t wall)
{
    return (wall - ((wall % DAY) + DAY) % DAY) / DAY;
}

int64_t sim_occurrence_start(struct arena *arena, const struct sim_item *master,
                             int64_t day)
{
    const struct sim_zone *zone = sim_item_zone(arena, master);
    int64_t wall =
        sim_zone_to_wall(zone, form_time(master, SET_APPOINTMENT, EVENT_START));

    return sim_zone_from_wall(zone, wall + (day - floor_day(wall)) * DAY);
}

/* As long by the clock as the first. */
static int64_t end_of(struct arena *arena, const struct sim_item *master,
                      int64_t day)
{
    const struct sim_zone *zone = event_zone(arena, master, HIDDEN_END_ZONE);
    const struct sim_zone *begin = sim_item_zone(arena, master);
    int64_t start = form_time(master, SET_APPOINTMENT, EVENT_START);
    int64_t end = form_time(master, SET_APPOINTMENT, EVENT_END);
    int64_t first = floor_day(sim_zone_to_wall(begin, start));

    zone = zone == NULL ? begin : zone;
    return sim_zone_from_wall(zone, sim_zone_to_wall(zone, end) +
                                        (day - first) * DAY);
}

static void set_instant(struct sim_item *item, uint32_t number, uint32_t common,
                        int64_t time)
{
    form_set_time(item, SET_APPOINTMENT, number, time);
    form_set_time(item, SET_COMMON, common, time);
}

static void overlay(struct sim_item *item, const struct property_bag *changes)
{
    for (size_t i = 0; i < changes->count; i++) {
        const struct property *change = &changes->properties[i];

        if (change->count == 0)
            bag_remove(&item->bag, &change->key);
        else
            bag_set(&item->bag, &change->key,
                    (const char *const *)change->texts, change->count);
    }
}

static void set_reminder(struct sim_item *item)
{
    int64_t start = form_time(item, SET_APPOINTMENT, EVENT_START);

    if (!form_true(item, SET_COMMON, REMINDER_SET))
        return;
    form_set_time(item, SET_COMMON, REMINDER_TIME, start);
    form_set_time(item, SET_COMMON, REMINDER_SIGNAL,
                  start -
                      60 * form_number(item, SET_COMMON, REMINDER_DELTA, 15));
}

static void release(void *subject)
{
    struct sim_item *item = subject;

    bag_fini(&item->bag);
    sim_item_set_categories(item, NULL);
    free(item->class);
    free(item->id);
}

/* The master as it looks on a day if there is no exception. */
static struct sim_item *plain(struct arena *arena, struct sim_item *master,
                              int64_t day)
{
    struct sim_item *item = arena_alloc(arena, sizeof *item);
    const char *goid =
        form_get(master, SET_MEETING, MEETING_CLEAN_ID, TYPE_BINARY);

    *item = *master;
    item->series = NULL;
    item->master = master;
    item->day = day;
    item->class = memory_strdup(master->class);
    item->bag = (struct property_bag){ NULL, 0 };
    item->categories = NULL;
    arena_defer(arena, release, item);
    bag_copy(&item->bag, &master->bag);
    sim_item_set_categories(item, (const char *const *)master->categories);
    item->id =
        memory_strdup(sim_id_make(arena, master->folder->mailbox, ID_OCCURRENCE,
                                  master->serial, (uint32_t)(day + (1 << 30))));
    set_instant(item, EVENT_START, COMMON_START,
                sim_occurrence_start(arena, master, day));
    set_instant(item, EVENT_END, COMMON_END, end_of(arena, master, day));
    if (goid != NULL)
        form_set(item, SET_MEETING, MEETING_ID, TYPE_BINARY,
                 goid_of_day(arena, goid, day));
    set_reminder(item);
    return item;
}

/* Categories are kept under the key that clients have for them. */
static const struct property_key keywords = { SET_PUBLIC_STRINGS, 0, "Keywords",
                                              TYPE_STRING_ARRAY };

struct sim_item *sim_occurrence(struct arena *arena, struct sim_item *master,
                                int64_t day)
{
    struct sim_item *item = plain(arena, master, day);
    const struct sim_exception *found = sim_series_find(master->series, day);
    const struct property *names;

    if (found == NULL)
        return item;
    overlay(item, &found->changes);
    if (found->has_files) {
        item->attachments = found->files;
        item->attachment_count = found->file_count;
        item->flags &= ~FLAG_HAS_ATTACHMENT;
        if (found->file_count > 0)
            item->flags |= FLAG_HAS_ATTACHMENT;
    }
    names = bag_find(&found->changes, &keywords);
    if (names != NULL) {
        const char **list = arena_array(arena, names->count + 1, sizeof *list);

        for (size_t i = 0; i < names->count; i++)
            list[i] = names->texts[i];
        sim_item_set_categories(item, list);
        bag_remove(&item->bag, &keywords);
    }
    return item;
}

/* --- Exceptions ---------------------------------------------------------- */

static bool is_same(const struct property *a, const struct property *b)
{
    if (a == NULL || b == NULL || a->count != b->count)
        return a == b;
    for (size_t i = 0; i < a->count; i++)
        if (!str_equal(a->texts[i], b->texts[i]))
            return false;
    return true;
}

static bool has_same_categories(const struct sim_item *a,
                                const struct sim_item *b)
{
    size_t i = 0;

    if (a->categories == NULL || b->categories == NULL)
        return a->categories == b->categories;
    while (a->categories[i] != NULL &&
           str_equal(a->categories[i], b->categories[i]))
        i++;
    return a->categories[i] == NULL && b->categories[i] == NULL;
}

static void difference(const struct sim_item *item, const struct sim_item *base,
                       struct property_bag *changes)
{
    size_t count = 0;

    for (size_t i = 0; i < item->bag.count; i++) {
        const struct property *own = &item->bag.properties[i];

        if (!is_same(own, bag_find(&base->bag, &own->key)))
            bag_set(changes, &own->key, (const char *const *)own->texts,
                    own->count);
    }
    for (size_t i = 0; i < base->bag.count; i++)
        if (bag_find(&item->bag, &base->bag.properties[i].key) == NULL)
            bag_set(changes, &base->bag.properties[i].key, NULL, 0);
    while (item->categories != NULL && item->categories[count] != NULL)
        count++;
    if (!has_same_categories(item, base))
        bag_set(changes, &keywords, (const char *const *)item->categories,
                count);
}

/* The occurrence next to a day, before or after; NULL if there is none. */
static struct sim_item *neighbour(struct arena *arena, struct sim_item *master,
                                  int64_t day, bool after)
{
    const struct sim_series *series = master->series;
    int64_t at = day;

    if (after) {
        do
            at = sim_rule_next(&series->rule, at);
        while (at != NO_DAY && !sim_series_has(series, at));
    } else {
        do
            at--;
        while (at >= series->rule.begin && !(sim_rule_fits(&series->rule, at) &&
                                             sim_series_has(series, at)));
        if (at < series->rule.begin)
            at = NO_DAY;
    }
    return at == NO_DAY ? NULL : sim_occurrence(arena, master, at);
}

static int64_t wall_day(const struct sim_zone *zone,
                        const struct sim_item *item, uint32_t number)
{
    return floor_day(
        sim_zone_to_wall(zone, form_time(item, SET_APPOINTMENT, number)));
}

/* An exception neither reaches the day of the one before
 * nor starts on, or goes on into, the one after. */
static bool crosses(struct arena *arena, struct sim_item *item)
{
    const struct sim_zone *zone = sim_item_zone(arena, item->master);
    struct sim_item *before = neighbour(arena, item->master, item->day, false);
    struct sim_item *after = neighbour(arena, item->master, item->day, true);
    int64_t start = form_time(item, SET_APPOINTMENT, EVENT_START);
    int64_t end = form_time(item, SET_APPOINTMENT, EVENT_END);

    return (before != NULL &&
            (wall_day(zone, before, EVENT_START) >=
                 wall_day(zone, item, EVENT_START) ||
             form_time(before, SET_APPOINTMENT, EVENT_END) > start)) ||
           (after != NULL &&
            (wall_day(zone, after, EVENT_START) <=
                 wall_day(zone, item, EVENT_START) ||
             form_time(after, SET_APPOINTMENT, EVENT_START) < end));
}

const char *sim_occurrence_keep(struct arena *arena, struct sim_item *item)
{
    struct sim_item *base = plain(arena, item->master, item->day);
    struct sim_exception *kept;

    if (crosses(arena, item))
        return "ErrorOccurrenceCrossingBoundary";
    kept = sim_series_except(item->master->series, item->day);
    bag_fini(&kept->changes);
    kept->deleted = false;
    difference(item, base, &kept->changes);
    return NULL;
}

void sim_occurrence_remove(struct sim_item *master, int64_t day)
{
    struct sim_exception *gone = sim_series_except(master->series, day);

    bag_fini(&gone->changes);
    gone->deleted = true;
}

const char *sim_occurrence_type(const struct sim_item *item)
{
    if (item->master != NULL)
        return sim_series_find(item->master->series, item->day) != NULL
                   ? "Exception"
                   : "Occurrence";
    return item->series != NULL ? "RecurringMaster" : "Single";
}

/* --- Lists --------------------------------------------------------------- */

static bool is_within(const struct sim_item *item, int64_t from, int64_t to)
{
    int64_t start = form_time(item, SET_APPOINTMENT, EVENT_START);
    int64_t end = form_time(item, SET_APPOINTMENT, EVENT_END);

    return start < to && (end > from || (start == end && start >= from));
}

int64_t *sim_series_days(struct arena *arena, struct sim_item *master,
                         int64_t from, int64_t to, size_t max, size_t *count)
{
    const struct sim_series *series = master->series;
    int64_t length = form_time(master, SET_APPOINTMENT, EVENT_END) -
                     form_time(master, SET_APPOINTMENT, EVENT_START);
    /* Exceptions may have been moved from beyond the bounds into them. */
    int64_t last = floor_day(to) + 1;
    int64_t *days = NULL;
    size_t capacity = 0;

    for (size_t i = 0; i < series->count; i++)
        if (series->exceptions[i].day > last)
            last = series->exceptions[i].day;
    *count = 0;
    for (int64_t day = sim_rule_next(&series->rule, NO_DAY);
         day != NO_DAY && day <= last && *count < max;
         day = sim_rule_next(&series->rule, day)) {
        const struct sim_exception *own = sim_series_find(series, day);

        if (own == NULL && day * DAY + length + 3 * DAY < from)
            continue;
        if (!sim_series_has(series, day) ||
            !is_within(sim_occurrence(arena, master, day), from, to))
            continue;
        if (*count == capacity) {
            int64_t *more;

            capacity = capacity == 0 ? 16 : capacity * 2;
            more = arena_array(arena, capacity, sizeof *more);
            if (*count > 0)
                memcpy(more, days, *count * sizeof *more);
            days = more;
        }
        days[(*count)++] = day;
    }
    return days;
}
