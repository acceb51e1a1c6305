/*
 * calendar_view.c - FindItem with a CalendarView: what happens between two
 * instants
 *
 * Single events and the occurrences of series, by their start; never masters.
 */
#include "tests/exchange/calendar_view.h"

#include <stdlib.h>

#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "tests/exchange/calendar.h"
#include "tests/exchange/form.h"
#include "tests/exchange/series.h"

#define TWO_YEARS (2 * 366 * (int64_t)86400)
#define MOST 1000

struct list {
    struct arena *arena;
    struct sim_item **items;
    size_t count;
    size_t capacity;
};

static void add(struct list *list, struct sim_item *item)
{
    if (list->count == list->capacity) {
        struct sim_item **more;

        list->capacity = list->capacity == 0 ? 64 : list->capacity * 2;
        more = arena_array(list->arena, list->capacity, sizeof *more);
        for (size_t i = 0; i < list->count; i++)
            more[i] = list->items[i];
        list->items = more;
    }
    list->items[list->count++] = item;
}

static int64_t start_of(const struct sim_item *item)
{
    return form_time(item, SET_APPOINTMENT, EVENT_START);
}

static int by_start(const void *a, const void *b)
{
    const struct sim_item *left = *(struct sim_item *const *)a;
    const struct sim_item *right = *(struct sim_item *const *)b;
    int64_t x = start_of(left);
    int64_t y = start_of(right);

    return x != y ? (x < y ? -1 : 1)
                  : (left->serial > right->serial) -
                        (left->serial < right->serial);
}

static bool is_within(const struct sim_item *item, int64_t from, int64_t to)
{
    int64_t start = start_of(item);
    int64_t end = form_time(item, SET_APPOINTMENT, EVENT_END);

    return start < to && (end > from || (start == end && start >= from));
}

struct sim_item **calendar_between(struct arena *arena,
                                   const struct sim_folder *folder,
                                   int64_t from, int64_t to, size_t *count)
{
    struct list list = { .arena = arena };

    for (size_t i = 0; i < folder->count; i++) {
        struct sim_item *item = folder->items[i];
        size_t days_count = 0;
        int64_t *days;

        if (form_of(item) != FORM_EVENT)
            continue;
        if (item->series == NULL) {
            if (is_within(item, from, to))
                add(&list, item);
            continue;
        }
        days = sim_series_days(arena, item, from, to, MOST, &days_count);
        for (size_t k = 0; k < days_count; k++)
            add(&list, sim_occurrence(arena, item, days[k]));
    }
    if (list.count > 1)
        qsort(list.items, list.count, sizeof *list.items, by_start);
    *count = list.count;
    return list.items;
}

static int64_t time_at(struct call *call, const struct node *view,
                       const char *attribute)
{
    return sim_zone_time(call->zone == NULL ? sim_zone_utc() : call->zone,
                         node_attribute(view, attribute));
}

const char *calendar_view_refused(struct call *call, const struct node *view)
{
    int64_t from;
    int64_t to;

    if (!node_is(view, "CalendarView"))
        return NULL;
    from = time_at(call, view, "StartDate");
    to = time_at(call, view, "EndDate");
    if (node_child(call->request, "Restriction") != NULL ||
        node_child(call->request, "SortOrder") != NULL ||
        node_child(call->request, "QueryString") != NULL)
        return "ErrorInvalidRequest";
    if (to < from)
        return "ErrorCalendarEndDateIsEarlierThanStartDate";
    return to - from > TWO_YEARS ? "ErrorCalendarViewRangeTooBig" : NULL;
}

void calendar_view(struct call *call, struct sim_folder *folder,
                   const struct node *view, const struct shape *shape)
{
    const char *max = node_attribute(view, "MaxEntriesReturned");
    size_t most = max == NULL || atol(max) <= 0 ? MOST : (size_t)atol(max);
    size_t count;
    struct sim_item **found;

    if (!str_starts_nocase(folder->class, "IPF.Appointment")) {
        message_simple(call, "ErrorCalendarFolderIsInvalidForCalendarView",
                       NULL);
        return;
    }
    found =
        calendar_between(call->arena, folder, time_at(call, view, "StartDate"),
                         time_at(call, view, "EndDate"), &count);
    message_begin(call, NULL);
    buf_printf(&call->out,
               "<m:RootFolder TotalItemsInView=\"%zu\""
               " IncludesLastItemInRange=\"%s\"><t:Items>",
               count < most ? count : most, count <= most ? "true" : "false");
    for (size_t i = 0; i < count && i < most; i++)
        show_item(call, shape, found[i]);
    buf_puts(&call->out, "</t:Items></m:RootFolder>");
    message_end(call);
}
