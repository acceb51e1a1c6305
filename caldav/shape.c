/*
 * shape.c - how a client wants the texts of objects
 */
#include "caldav/shape.h"

#include <stdio.h>
#include <string.h>

#include "caldav/links.h"
#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "proxy/exchange/schedule.h"

/* --- Times ---------------------------------------------------------------- */

/* "20060104T000000Z" (RFC 5545, 3.3.5), always of UTC here. */
static bool read_time(const char *text, int64_t *time_out)
{
    unsigned year, month, day, hour, minute, second;
    int end = 0;

    if (strlen(text) != strlen("20060104T000000Z") ||
        strspn(text, "0123456789TZ") != strlen(text) ||
        sscanf(text, "%4u%2u%2uT%2u%2u%2uZ%n", &year, &month, &day, &hour,
               &minute, &second, &end) != 6 ||
        text[end] != '\0' || end == 0)
        return false;
    if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 ||
        minute > 59 || second > 60)
        return false;
    *time_out = time_day_from_civil(year, month, day) * 86400 +
                hour * INT64_C(3600) + minute * INT64_C(60) + second;
    return true;
}

bool dav_read_range(const struct dav_node *node, struct ical_range *range_out)
{
    const char *start = dav_attribute(node, "start");
    const char *end = dav_attribute(node, "end");

    *range_out = (struct ical_range){ INT64_MIN, INT64_MAX };
    return (start != NULL || end != NULL) &&
           (start == NULL || read_time(start, &range_out->from)) &&
           (end == NULL || read_time(end, &range_out->to)) &&
           range_out->from < range_out->to;
}

/* --- Shapes --------------------------------------------------------------- */

static size_t count_children(const struct dav_node *node, const char *name)
{
    size_t count = 0;

    for (const struct dav_node *child = dav_child(node, name); child != NULL;
         child = dav_sibling(child, name))
        count++;
    return count;
}

static void read_component(struct arena *arena, const struct dav_node *node,
                           struct ical_comp_shape *shape)
{
    size_t props = count_children(node, "C:prop");
    size_t comps = count_children(node, "C:comp");
    struct ical_prop_shape *prop_list =
        arena_array(arena, props + 1, sizeof *prop_list);
    struct ical_comp_shape *comp_list =
        arena_array(arena, comps + 1, sizeof *comp_list);
    const char *name = dav_attribute(node, "name");

    *shape = (struct ical_comp_shape){
        .name = name != NULL ? name : "",
        .all_props = dav_child(node, "C:allprop") != NULL,
        .props = prop_list,
        .all_comps = dav_child(node, "C:allcomp") != NULL,
        .comps = comp_list,
    };
    for (const struct dav_node *prop = dav_child(node, "C:prop"); prop != NULL;
         prop = dav_sibling(prop, "C:prop")) {
        const char *called = dav_attribute(prop, "name");

        prop_list[shape->prop_count++] = (struct ical_prop_shape){
            .name = called != NULL ? called : "",
            .no_value = str_equal_nocase(dav_attribute(prop, "novalue"), "yes"),
        };
    }
    for (const struct dav_node *comp = dav_child(node, "C:comp"); comp != NULL;
         comp = dav_sibling(comp, "C:comp"))
        read_component(arena, comp, &comp_list[shape->comp_count++]);
}

/* Without one of these everything is wanted. */
static bool read_optional_range(struct arena *arena,
                                const struct dav_node *data, const char *name,
                                const struct ical_range **range_out)
{
    const struct dav_node *node = dav_child(data, name);
    struct ical_range *range;

    if (node == NULL)
        return true;
    range = arena_alloc(arena, sizeof *range);
    *range_out = range;
    return dav_read_range(node, range) && range->from != INT64_MIN &&
           range->to != INT64_MAX;
}

static bool read_calendar(struct dav_call *call, const struct dav_node *data,
                          struct ical_shape *shape)
{
    struct arena *arena = call->op->arena;
    const char *type = dav_attribute(data, "content-type");
    const char *version = dav_attribute(data, "version");
    const struct dav_node *comp = dav_child(data, "C:comp");

    if ((type != NULL && !str_equal_nocase(type, "text/calendar")) ||
        (version != NULL && !str_equal(version, "2.0"))) {
        dav_refuse(call, 403, "C:supported-calendar-data", NULL);
        return false;
    }
    if (comp != NULL) {
        struct ical_comp_shape *top = arena_alloc(arena, sizeof *top);

        read_component(arena, comp, top);
        /* Some name the VCALENDAR and mean all of it: an empty one is none. */
        if (top->all_props || top->all_comps ||
            top->prop_count + top->comp_count > 0)
            shape->component = top;
    }
    if (read_optional_range(arena, data, "C:expand", &shape->expand) &&
        read_optional_range(arena, data, "C:limit-recurrence-set",
                            &shape->limit_recurrence) &&
        read_optional_range(arena, data, "C:limit-freebusy-set",
                            &shape->limit_busy))
        return true;
    dav_refuse(call, 400, NULL, "The time range is none");
    return false;
}

static bool read_card(struct dav_call *call, const struct dav_node *data,
                      struct dav_shape *shape)
{
    const char *type = dav_attribute(data, "content-type");
    const char *version = dav_attribute(data, "version");

    if ((type != NULL && !str_equal_nocase(type, "text/vcard")) ||
        (version != NULL && !str_equal(version, "3.0") &&
         !str_equal(version, "4.0"))) {
        dav_refuse(call, 403, "A:supported-address-data", NULL);
        return false;
    }
    shape->version = str_equal(version, "4.0") ? VCARD_4 : VCARD_3;
    return true;
}

bool dav_shape_read(struct dav_call *call, const struct dav_node *prop,
                    struct dav_shape *shape_out)
{
    const struct dav_node *calendar = dav_child(prop, "C:calendar-data");
    const struct dav_node *card = dav_child(prop, "A:address-data");

    *shape_out = (struct dav_shape){ .wanted = calendar != NULL || card != NULL,
                                     .version = VCARD_3 };
    return (calendar == NULL ||
            read_calendar(call, calendar, &shape_out->calendar)) &&
           (card == NULL || read_card(call, card, shape_out));
}

static bool is_plain(const struct ical_shape *shape)
{
    return shape->component == NULL && shape->expand == NULL &&
           shape->limit_recurrence == NULL && shape->limit_busy == NULL;
}

const char *dav_shaped(struct dav_call *call, const struct dav_shape *shape,
                       const struct object *object, const char *href,
                       const char *text, size_t len)
{
    if (object->kind == OBJECT_CONTACT)
        return text;
    if (!is_plain(&shape->calendar))
        text = ical_shaped(call->op->arena, text, len, &shape->calendar,
                           schedule_zone(call->op, call->account));
    return text != NULL ? dav_links(call, href, text, strlen(text)) : NULL;
}
