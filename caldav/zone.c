/*
 * zone.c - time zones that clients send
 */
#include "caldav/zone.h"

#include <string.h>

#include "proxy/base/str.h"
#include "proxy/exchange/schedule.h"
#include "proxy/format/ical_lines.h"
#include "proxy/format/zones.h"

/* RFC 5545, 3.6.5: when it begins, and by how much clocks move then. */
static bool is_observance(const struct ical_component *component)
{
    return (str_equal_nocase(component->name, "STANDARD") ||
            str_equal_nocase(component->name, "DAYLIGHT")) &&
           ical_value(component, "DTSTART") != NULL &&
           ical_value(component, "TZOFFSETFROM") != NULL &&
           ical_value(component, "TZOFFSETTO") != NULL;
}

/* The one VTIMEZONE in a text; NULL for any other text. */
static const struct ical_component *timezone_of(struct arena *arena,
                                                const char *text)
{
    const struct ical_component *calendar =
        ical_lines_have_controls(text, strlen(text))
            ? NULL
            : ical_lines_read(arena, text, strlen(text), NULL, NULL);
    const struct ical_component *zone =
        calendar != NULL ? calendar->children : NULL;

    if (zone == NULL || calendar->next != NULL || zone->next != NULL ||
        !str_equal_nocase(calendar->name, "VCALENDAR") ||
        !str_equal_nocase(zone->name, "VTIMEZONE") ||
        ical_value(zone, "TZID") == NULL || zone->children == NULL)
        return NULL;
    for (const struct ical_component *child = zone->children; child != NULL;
         child = child->next)
        if (!is_observance(child))
            return NULL;
    return zone;
}

bool dav_zone_is_whole(struct arena *arena, const char *text)
{
    return timezone_of(arena, text) != NULL;
}

bool dav_zone_read(struct dav_call *call, const struct dav_node *root,
                   const struct zone **zone_out)
{
    struct arena *arena = call->op->arena;
    const struct dav_node *given = dav_child(root, "C:timezone");
    const char *name = dav_text(arena, dav_child(root, "C:timezone-id"));

    if (given != NULL) {
        const struct ical_component *zone =
            timezone_of(arena, dav_text(arena, given));

        if (zone == NULL) {
            dav_refuse(call, 403, "C:valid-calendar-data",
                       "The time zone is no VTIMEZONE");
            return false;
        }
        /* Its name is good enough: those who send one take it from the same
         * list. */
        name = ical_value(zone, "TZID");
    }
    *zone_out = zone_iana(name);
    if (*zone_out == NULL)
        *zone_out = schedule_zone(call->op, call->account);
    return true;
}
