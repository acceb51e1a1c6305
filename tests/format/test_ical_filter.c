/*
 * test_ical_filter.c - which texts a calendar-query finds
 */
#include <criterion/criterion.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/format/ical_filter.h"
#include "tests/format/ical_text.h"

static const char weekly[] =
    "RRULE:FREQ=WEEKLY;BYDAY=MO\nSUMMARY:Caf\xC3\xA9 time\n"
    "CATEGORIES:Work,Tea\nLOCATION;X-R=\"Hall 1\":Berlin\n"
    "EXDATE;TZID=Europe/Berlin:20240513T090000\n"
    "BEGIN:VALARM\nACTION:DISPLAY\nTRIGGER:-PT1H\nREPEAT:1\nDURATION:PT30M\n"
    "END:VALARM\nEND:VEVENT\n"
    "BEGIN:VEVENT\nUID:one@example.com\nSUMMARY:Moved\n"
    "RECURRENCE-ID;TZID=Europe/Berlin:20240520T090000\n"
    "DTSTART;TZID=Europe/Berlin:20240522T120000\n"
    "DTEND;TZID=Europe/Berlin:20240522T130000\n";

static bool matches(const char *text, const struct ical_comp_filter *comp)
{
    struct arena *arena = arena_new();
    struct ical_comp_filter top = { .name = "VCALENDAR",
                                    .comps = comp,
                                    .comp_count = comp != NULL };
    bool found = ical_matches(arena, text, strlen(text), &top,
                              zone_iana("Europe/Berlin"));
    arena_free(&arena);
    return found;
}

/* The instant of a time in May 2024, in UTC. */
static int64_t may(int day, int hour, int minute)
{
    return 1714521600 + (day - 1) * 86400LL + hour * 3600 + minute * 60;
}

Test(ical_filter, finds_occurrences_in_a_range)
{
    /* clang-format off */
    static const struct { int day, hour, minute, minutes; bool found; } cases[] = {
        {  6,  7,  0,     1, true  },
        {  6,  8,  0,  1000, false },
        {  6,  6,  0,    60, false },
        {  6,  6,  0,    61, true  },
        {  6,  7, 59,     1, true  },
        { 13,  0,  0,  1440, false },
        { 20,  0,  0,  1440, false },
        { 22,  0,  0,  1440, true  },
        { 22, 11,  0,   600, false },
        { 27,  7, 30,    10, true  },
        { 27 + 7 * 520, 7, 30, 1440, true },
        { 28 + 7 * 520, 9, 30, 1440, false },
    };
    /* clang-format on */
    struct arena *arena = arena_new();
    const char *text = ical_text_event(arena, weekly);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct ical_range range;
        range.from = may(cases[i].day, cases[i].hour, cases[i].minute);
        range.to = range.from + cases[i].minutes * 60;
        struct ical_comp_filter event = { .name = "VEVENT", .range = &range };
        cr_expect(matches(text, &event) == cases[i].found, "%zu", i);
        struct ical_comp_filter task = { .name = "VTODO", .range = &range };
        cr_expect(!matches(text, &task));
    }
    arena_free(&arena);
}

Test(ical_filter, looks_at_properties_and_parameters)
{
    static const struct ical_text_match
        cafe = { "cAF\xC3\xA9", ICAL_ASCII_CASEMAP, false },
        cafe_upper = { "CAF\xC3\x89", ICAL_ASCII_CASEMAP, false },
        cafe_unicode = { "CAFE\xCC\x81", ICAL_UNICODE_CASEMAP, false },
        cafe_octet = { "caf", ICAL_OCTET, false },
        not_moved = { "Moved", ICAL_OCTET, true },
        tea = { "tea", ICAL_ASCII_CASEMAP, false },
        hall = { "hall", ICAL_ASCII_CASEMAP, false },
        room = { "room", ICAL_ASCII_CASEMAP, false };
    static const struct ical_param_filter in_hall = { "X-R", false, &hall },
                                          in_room = { "X-R", false, &room },
                                          no_r = { "X-R", true, NULL },
                                          no_s = { "X-S", true, NULL };
    static const struct ical_range may_dates = { 1714521600, 1717200000 };
    static const struct ical_range june = { 1717200000, 1719792000 };
    /* clang-format off */
    static const struct { struct ical_prop_filter filter; bool found; } cases[] = {
        { { .name = "SUMMARY", .text = &cafe },                              true },
        { { .name = "summary", .text = &cafe },                              true },
        { { .name = "SUMMARY", .text = &cafe_upper },                        false },
        { { .name = "SUMMARY", .text = &cafe_unicode },                      true },
        { { .name = "SUMMARY", .text = &cafe_octet },                        false },
        { { .name = "SUMMARY", .text = &not_moved },                         true },
        { { .name = "CATEGORIES", .text = &tea },                            true },
        { { .name = "DESCRIPTION" },                                         false },
        { { .name = "LOCATION" },                                            true },
        { { .name = "DESCRIPTION", .absent = true },                         true },
        { { .name = "DTSTART", .absent = true },                             false },
        { { .name = "LOCATION", .params = &in_hall, .param_count = 1 },      true },
        { { .name = "LOCATION", .params = &in_room, .param_count = 1 },      false },
        { { .name = "LOCATION", .params = &no_r, .param_count = 1 },         false },
        { { .name = "LOCATION", .params = &no_s, .param_count = 1 },         true },
        { { .name = "DTSTART", .range = &may_dates },                        true },
        { { .name = "DTSTART", .range = &june },                             false },
    };
    /* clang-format on */
    struct arena *arena = arena_new();
    const char *text = ical_text_event(arena, weekly);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct ical_comp_filter event = { .name = "VEVENT",
                                          .props = &cases[i].filter,
                                          .prop_count = 1 };
        cr_expect(matches(text, &event) == cases[i].found, "%zu", i);
    }
    arena_free(&arena);
}

Test(ical_filter, wants_all_conditions_of_one_component)
{
    struct arena *arena = arena_new();
    const char *text = ical_text_event(arena, weekly);
    struct ical_text_match moved = { "Moved", ICAL_OCTET, false };
    struct ical_prop_filter prop = { .name = "SUMMARY", .text = &moved };
    struct ical_range range = { may(27, 0, 0), may(28, 0, 0) };
    struct ical_comp_filter event = {
        .name = "VEVENT", .range = &range, .props = &prop, .prop_count = 1
    };
    /* The moved one is on the 22nd. */
    cr_expect(!matches(text, &event));
    range = (struct ical_range){ may(22, 0, 0), may(23, 0, 0) };
    cr_expect(matches(text, &event));
    arena_free(&arena);
}

Test(ical_filter, knows_what_is_not_there)
{
    struct arena *arena = arena_new();
    const char *text = ical_text_event(arena, weekly);
    struct ical_comp_filter no_event = { .name = "VEVENT", .absent = true };
    struct ical_comp_filter no_task = { .name = "VTODO", .absent = true };
    cr_expect(!matches(text, &no_event));
    cr_expect(matches(text, &no_task));
    cr_expect(matches(text, NULL));
    cr_expect(!matches("nonsense", NULL));
    arena_free(&arena);
}

Test(ical_filter, finds_alarms_by_when_they_ring)
{
    /* clang-format off */
    static const struct { int day, hour, minute; bool found; } cases[] = {
        {  6, 6,  0, true },
        {  6, 6, 30, true },
        {  6, 6, 10, false },
        {  6, 7,  0, false },
        { 13, 6,  0, false },
        { 27, 6,  0, true },
    };
    /* clang-format on */
    struct arena *arena = arena_new();
    const char *text = ical_text_event(arena, weekly);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct ical_range range;
        range.from = may(cases[i].day, cases[i].hour, cases[i].minute);
        range.to = range.from + 60;
        struct ical_comp_filter alarm = { .name = "VALARM", .range = &range };
        struct ical_comp_filter event = { .name = "VEVENT",
                                          .comps = &alarm,
                                          .comp_count = 1 };
        cr_expect(matches(text, &event) == cases[i].found, "%zu", i);
    }
    arena_free(&arena);
}

/* RFC 4791, 9.9: the table of tasks. */
Test(ical_filter, finds_tasks_by_any_of_their_dates)
{
    /* clang-format off */
    static const struct { const char *lines; bool found; } cases[] = {
        { "DTSTART:20240510T090000Z\nDUE:20240512T090000Z\n", true },
        { "DTSTART:20240501T090000Z\nDUE:20240509T090000Z\n", false },
        { "DTSTART:20240501T090000Z\nDUE:20240601T090000Z\n", true },
        { "DTSTART:20240510T120000Z\n", true },
        { "DTSTART:20240511T120000Z\n", false },
        { "DUE:20240510T120000Z\n", true },
        { "DUE:20240509T120000Z\n", false },
        { "DUE:20240511T000000Z\n", true },
        { "COMPLETED:20240510T120000Z\nCREATED:20240401T120000Z\n", true },
        { "COMPLETED:20240409T120000Z\nCREATED:20240401T120000Z\n", false },
        { "COMPLETED:20240510T120000Z\n", true },
        { "CREATED:20240409T120000Z\n", true },
        { "CREATED:20240610T120000Z\n", false },
        { "", true },
        { "DTSTART:20240501T120000Z\nRRULE:FREQ=DAILY;INTERVAL=9\n", true },
        { "DTSTART:20240501T120000Z\nRRULE:FREQ=DAILY;INTERVAL=8\n", false },
    };
    /* clang-format on */
    struct ical_range range = { may(10, 0, 0), may(11, 0, 0) };
    struct ical_comp_filter task = { .name = "VTODO", .range = &range };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_new();
        const char *text = ical_text(
            arena, arena_printf(arena, "BEGIN:VTODO\nUID:t\n%sEND:VTODO\n",
                                cases[i].lines));
        cr_expect(matches(text, &task) == cases[i].found, "%s", cases[i].lines);
        arena_free(&arena);
    }
}

Test(ical_filter, tells_what_all_that_fit_have_in_common)
{
    struct ical_range range = { 1000, 2000 }, bounds;
    struct ical_comp_filter comp = { .name = "VEVENT", .range = &range };
    struct ical_comp_filter top = { .name = "VCALENDAR",
                                    .comps = &comp,
                                    .comp_count = 1 };
    enum ical_kind kind;
    ical_filter_bounds(&top, &kind, &bounds);
    cr_expect(kind == ICAL_EVENT && bounds.from == 999 && bounds.to == 2000);
    comp.absent = true;
    ical_filter_bounds(&top, &kind, &bounds);
    cr_expect(kind == ICAL_NONE && bounds.from == INT64_MIN &&
              bounds.to == INT64_MAX);
}
