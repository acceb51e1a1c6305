/*
 * props_check.c - what clients may say of calendars
 */
#include <string.h>

#include "caldav/props.h"
#include "caldav/zone.h"
#include "proxy/base/str.h"
#include "proxy/format/zones.h"

/* "#RRGGBB" or "#RRGGBBAA", or a name; they know best. */
static const struct dav_fault *check_color(struct arena *arena,
                                           const struct dav_node *value)
{
    static const struct dav_fault fault = { NULL, "That is no colour" };

    return strlen(dav_text(arena, value)) <= 64 ? NULL : &fault;
}

static const struct dav_fault *check_order(struct arena *arena,
                                           const struct dav_node *value)
{
    static const struct dav_fault fault = { NULL, "The order is a number" };
    int64_t number;

    return str_to_i64(dav_text(arena, value), &number) ? NULL : &fault;
}

/* RFC 4791, 5.3.1.1 */
static const struct dav_fault *check_time_zone(struct arena *arena,
                                               const struct dav_node *value)
{
    static const struct dav_fault fault = {
        "C:valid-calendar-data", "A time zone is a VCALENDAR with one VTIMEZONE"
    };

    return dav_zone_is_whole(arena, dav_text(arena, value)) ? NULL : &fault;
}

/* RFC 7809, 5.2 */
static const struct dav_fault *check_time_zone_id(struct arena *arena,
                                                  const struct dav_node *value)
{
    static const struct dav_fault fault = { "C:valid-timezone",
                                            "Nobody knows this time zone" };

    return zone_iana(dav_text(arena, value)) != NULL ? NULL : &fault;
}

/* clang-format off */
static const struct {
    const char *name;
    const struct dav_fault *(*check)(struct arena *arena,
                                     const struct dav_node *value);
} checks[] = {
    { "C:calendar-timezone",    check_time_zone },
    { "C:calendar-timezone-id", check_time_zone_id },
    { "I:calendar-color",       check_color },
    { "I:calendar-order",       check_order },
};
/* clang-format on */

const struct dav_fault *dav_prop_fault(struct arena *arena, const char *name,
                                       const struct dav_node *value)
{
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++)
        if (str_equal(checks[i].name, name))
            return checks[i].check(arena, value);
    return NULL;
}
