/*
 * filter.c - the filter of calendar-query
 */
#include "caldav/filter.h"

#include "caldav/filter_reading.h"
#include "caldav/shape.h"
#include "proxy/base/arena.h"
#include "proxy/base/str.h"

/* clang-format off */
/* RFC 5545, 3.6 and RFC 4791, 9.9. */
static const struct {
    const char *name;
    const char *parents[2];
    bool has_time;
} components[] = {
    { "VEVENT",    { "VCALENDAR" },       true },
    { "VTODO",     { "VCALENDAR" },       true },
    { "VJOURNAL",  { "VCALENDAR" },       true },
    { "VFREEBUSY", { "VCALENDAR" },       true },
    { "VALARM",    { "VEVENT", "VTODO" }, true },
    { "VTIMEZONE", { "VCALENDAR" },       false },
    { "STANDARD",  { "VTIMEZONE" },       false },
    { "DAYLIGHT",  { "VTIMEZONE" },       false },
    { "VCALENDAR", { NULL },              false },
};

static const char *const times[] = {
    "DTSTART", "DTEND", "DUE", "COMPLETED", "CREATED", "DTSTAMP", "LAST-MODIFIED",
    "RECURRENCE-ID", "RDATE", "EXDATE", "FREEBUSY", "TRIGGER", "ACKNOWLEDGED",
};
/* clang-format on */

/* What is known of a component; -1: nothing. */
static int find_component(const char *name)
{
    for (size_t i = 0; i < sizeof components / sizeof *components; i++)
        if (str_equal_nocase(components[i].name, name))
            return (int)i;
    return -1;
}

/* A component that nobody knows may be anywhere. */
static bool is_nested_well(const char *name, const char *parent)
{
    int i = find_component(name);

    if (i < 0)
        return true;
    for (size_t k = 0; k < 2 && components[i].parents[k] != NULL; k++)
        if (str_equal_nocase(components[i].parents[k], parent))
            return true;
    return false;
}

static bool has_time(const struct dav_node *node)
{
    const char *name = dav_attribute(node, "name");
    int i = find_component(name);

    if (str_equal(node->name, "C:comp-filter"))
        return i >= 0 && components[i].has_time;
    for (size_t k = 0; k < sizeof times / sizeof *times; k++)
        if (str_equal_nocase(times[k], name))
            return true;
    /* A program's own may be anything. */
    return name != NULL && str_starts_nocase(name, "X-");
}

static const struct ical_range *range_of(struct dav_filter_reading *reading,
                                         const struct dav_node *node)
{
    const struct dav_node *child = dav_child(node, "C:time-range");
    struct ical_range *range;

    if (child == NULL)
        return NULL;
    if (!has_time(node))
        dav_filter_complain(reading, reading->fault,
                            "This has no time to compare");
    range = arena_alloc(reading->arena, sizeof *range);
    if (!dav_read_range(child, range))
        dav_filter_complain(reading, reading->fault, "The time range is none");
    return range;
}

static const struct ical_text_match *match_of(
    struct dav_filter_reading *reading, const struct dav_node *node)
{
    const struct dav_node *child = dav_child(node, "C:text-match");
    struct ical_text_match *match;

    if (child == NULL)
        return NULL;
    match = arena_alloc(reading->arena, sizeof *match);
    *match = (struct ical_text_match){
        .text = dav_filter_text(child),
        .collation = dav_filter_collation(reading, child),
        .negate = dav_filter_negates(child),
    };
    return match;
}

static bool is_absent(const struct dav_node *node)
{
    return dav_child(node, "C:is-not-defined") != NULL;
}

static void read_params(struct dav_filter_reading *reading,
                        const struct dav_node *node,
                        struct ical_prop_filter *filter)
{
    struct ical_param_filter *list = arena_array(
        reading->arena, dav_count_children(node, "C:param-filter") + 1,
        sizeof *list);

    filter->params = list;
    for (const struct dav_node *child = dav_child(node, "C:param-filter");
         child != NULL; child = dav_sibling(child, "C:param-filter"))
        list[filter->param_count++] = (struct ical_param_filter){
            .name = dav_filter_name(reading, child),
            .absent = is_absent(child),
            .text = match_of(reading, child),
        };
}

static void read_props(struct dav_filter_reading *reading,
                       const struct dav_node *node,
                       struct ical_comp_filter *filter)
{
    struct ical_prop_filter *list = arena_array(
        reading->arena, dav_count_children(node, "C:prop-filter") + 1,
        sizeof *list);

    filter->props = list;
    for (const struct dav_node *child = dav_child(node, "C:prop-filter");
         child != NULL; child = dav_sibling(child, "C:prop-filter")) {
        struct ical_prop_filter *prop = &list[filter->prop_count++];

        *prop = (struct ical_prop_filter){
            .name = dav_filter_name(reading, child),
            .absent = is_absent(child),
            .range = range_of(reading, child),
            .text = match_of(reading, child),
        };
        read_params(reading, child, prop);
    }
}

static void read_component(struct dav_filter_reading *reading,
                           const struct dav_node *node,
                           struct ical_comp_filter *filter)
{
    struct ical_comp_filter *list = arena_array(
        reading->arena, dav_count_children(node, "C:comp-filter") + 1,
        sizeof *list);

    *filter = (struct ical_comp_filter){
        .name = dav_filter_name(reading, node),
        .absent = is_absent(node),
        .range = range_of(reading, node),
        .comps = list,
    };
    read_props(reading, node, filter);
    for (const struct dav_node *child = dav_child(node, "C:comp-filter");
         child != NULL; child = dav_sibling(child, "C:comp-filter")) {
        if (!is_nested_well(dav_filter_name(reading, child), filter->name))
            dav_filter_complain(reading, reading->fault,
                                "No component is nested so");
        read_component(reading, child, &list[filter->comp_count++]);
    }
}

bool dav_filter_read(struct dav_call *call, const struct dav_node *filter,
                     const struct ical_comp_filter **filter_out)
{
    const struct dav_node *top = dav_child(filter, "C:comp-filter");
    struct dav_filter_reading reading = {
        .call = call,
        .arena = call->op->arena,
        .fault = "C:valid-filter",
        .collation_fault = "C:supported-collation",
        .standard = ICAL_ASCII_CASEMAP,
        .good = true,
    };
    struct ical_comp_filter *read = arena_alloc(call->op->arena, sizeof *read);

    *filter_out = read;
    if (top == NULL || dav_sibling(top, "C:comp-filter") != NULL ||
        !str_equal_nocase(dav_attribute(top, "name"), "VCALENDAR"))
        dav_filter_complain(&reading, reading.fault,
                            "A filter begins with VCALENDAR");
    else
        read_component(&reading, top, read);
    return reading.good;
}

static bool is_bare(const struct ical_comp_filter *filter)
{
    return !filter->absent && filter->range == NULL && filter->prop_count == 0;
}

bool dav_filter_is_kind_only(const struct ical_comp_filter *filter)
{
    if (!is_bare(filter) || filter->comp_count > 1)
        return false;
    if (filter->comp_count == 0)
        return true;
    const struct ical_comp_filter *inner = &filter->comps[0];
    return is_bare(inner) && inner->comp_count == 0 &&
           (str_equal_nocase(inner->name, "VEVENT") ||
            str_equal_nocase(inner->name, "VTODO"));
}
