/*
 * fuzz_ical.c - any bytes as iCalendar
 *
 * What is taken can be written again: over its own text, and without it as the
 * same event or task.  Filters, occurrences and busy times come to an end.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/format/ical.h"
#include "proxy/format/ical_busy.h"
#include "proxy/format/ical_expand.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const self[] = { "ann@example.com", NULL };

static void look(struct arena *arena, const char *text, size_t len)
{
    static const struct ical_range range = { 1714521600, 1717200000 };
    static const struct ical_text_match match = { "a", ICAL_UNICODE_CASEMAP,
                                                  false };
    static const struct ical_prop_filter props[] = {
        { .name = "SUMMARY", .text = &match },
        { .name = "DTSTART", .range = &range }
    };
    static const struct ical_comp_filter alarm = { .name = "VALARM",
                                                   .range = &range };
    static const struct ical_comp_filter event = { .name = "VEVENT",
                                                   .range = &range,
                                                   .props = props,
                                                   .prop_count = 2,
                                                   .comps = &alarm,
                                                   .comp_count = 1 };
    static const struct ical_comp_filter top = { .name = "VCALENDAR",
                                                 .comps = &event,
                                                 .comp_count = 1 };
    const struct zone *zone = zone_iana("America/New_York");
    ical_matches(arena, text, len, &top, zone);
    struct ical_shape expand = { .expand = &range };
    ical_shaped(arena, text, len, &expand, zone);
    struct ical_shape limit = { .limit_recurrence = &range };
    ical_shaped(arena, text, len, &limit, zone);
    struct ical_periods periods = { .arena = arena,
                                    .from = range.from,
                                    .to = range.to };
    ical_periods_add_text(&periods, text, len, zone, self);
    ical_periods_merge(&periods);
    ical_write_busy(&periods, NULL, 0);
    struct ical_busy_request request;
    const char *reason;
    if (ical_read_busy_request(arena, text, len, &request, &reason) ==
        ICAL_FINE)
        ical_write_busy(&periods, &request, request.attendee_count - 1);
}

static void same(const struct ical_object *a, const struct ical_object *b)
{
    assert(a->kind == b->kind);
    if (a->kind == ICAL_TASK) {
        assert(task_differences(&a->task, &b->task) == 0);
        return;
    }
    assert(a->series.exception_count == b->series.exception_count);
    assert(a->series.deleted_count == b->series.deleted_count);
    assert(recurrence_equal(a->series.recurrence, b->series.recurrence));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 64 * 1024)
        return 0;
    struct arena *arena = arena_new();
    const struct zone *zone = zone_iana("Europe/Berlin");
    char *text = arena_alloc(arena, size + 1);
    memcpy(text, data, size);
    const char *reason;
    struct ical_object object, again;
    look(arena, text, size);
    if (ical_read(arena, text, size, zone, self, &object, &reason) ==
        ICAL_FINE) {
        ical_keep(arena, text, size, &object);
        int64_t from, to;
        ical_bounds(&object, zone, &from, &to);
        assert(from <= to);
        const char *over =
            ical_write(arena, &object, text, zone, self, "http://h/");
        assert(ical_read(arena, over, strlen(over), zone, self, &again,
                         &reason) == ICAL_FINE);
        same(&object, &again);
        const char *plain =
            ical_write(arena, &object, NULL, zone, self, "http://h/");
        assert(ical_read(arena, plain, strlen(plain), zone, self, &again,
                         &reason) == ICAL_FINE);
        same(&object, &again);
    }
    arena_free(&arena);
    return 0;
}
