/*
 * ical_rule_parts.c - RRULE as it is written (RFC 5545, 3.3.10)
 */
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/format/ical_values.h"

/* --- The time of day --------------------------------------------------------
 */

/* Whether all numbers of a list are this one. */
static bool all_are(struct arena *arena, const char *list, uint64_t wanted)
{
    uint64_t number;
    char **items = str_split(arena, list, ",");
    for (; *items != NULL; items++)
        if (!str_to_u64(*items, 60, &number) || number != wanted)
            return false;
    return *list != '\0';
}

/* Days begin at midnight. */
static bool repeats_time(struct arena *arena, const char *part,
                         const struct when *start)
{
    struct civil face = { 0 };
    if (start->kind == WHEN_ZONED)
        face = zone_civil(start->zone, start->instant);
    if (str_starts_nocase(part, "BYHOUR="))
        return all_are(arena, part + strlen("BYHOUR="), face.hour);
    if (str_starts_nocase(part, "BYMINUTE="))
        return all_are(arena, part + strlen("BYMINUTE="), face.minute);
    if (str_starts_nocase(part, "BYSECOND="))
        return all_are(arena, part + strlen("BYSECOND="), face.second);
    return false;
}

const char *ical_rule_plain(struct arena *arena, const char *value,
                            const struct when *start)
{
    struct buf out;
    bool dropped = false;
    buf_init(&out, arena);
    buf_puts(&out, "");
    char **items = str_split(arena, value, ";");
    for (; *items != NULL; items++)
        if (repeats_time(arena, *items, start))
            dropped = true;
        else
            buf_printf(&out, "%s%s", out.len > 0 ? ";" : "", *items);
    return dropped ? out.data : value;
}
