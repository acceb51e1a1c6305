/*
 * ical_rule_parts.c - RRULE as it is written (RFC 5545, 3.3.10)
 */
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/format/ical_values.h"

/* --- The time of day ----------------------------------------------------- */

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

/* --- The grammar --------------------------------------------------------- */

static bool is_one_of(const char *const *names, const char *text)
{
    while (*names != NULL && !str_equal_nocase(*names, text))
        names++;
    return *names != NULL;
}

static bool is_freq(const char *text)
{
    static const char *const names[] = { "SECONDLY", "MINUTELY", "HOURLY",
                                         "DAILY",    "WEEKLY",   "MONTHLY",
                                         "YEARLY",   NULL };
    return is_one_of(names, text);
}

static bool is_weekday(const char *text)
{
    static const char *const names[] = { "SU", "MO", "TU", "WE",
                                         "TH", "FR", "SA", NULL };
    return is_one_of(names, text);
}

static bool is_number(const char *text)
{
    size_t digits = strspn(text, "0123456789");
    return digits > 0 && text[digits] == '\0';
}

static const char *unsigned_of(const char *text)
{
    return *text == '+' || *text == '-' ? text + 1 : text;
}

static bool is_signed(const char *text)
{
    return is_number(unsigned_of(text));
}

/* "MO", "1MO", "-1MO" */
static bool is_numbered_day(const char *text)
{
    const char *number = unsigned_of(text);
    size_t digits = strspn(number, "0123456789");
    return (digits > 0 || number == text) && is_weekday(number + digits);
}

struct shape {
    const char *name;
    bool (*fits)(const char *item);
    bool list;
};

/* clang-format off */
static const struct shape shapes[] = {
    { "FREQ",       is_freq,         false },
    { "INTERVAL",   is_number,       false },
    { "COUNT",      is_number,       false },
    { "WKST",       is_weekday,      false },
    { "BYDAY",      is_numbered_day, true  },
    { "BYSECOND",   is_number,       true  },
    { "BYMINUTE",   is_number,       true  },
    { "BYHOUR",     is_number,       true  },
    { "BYMONTHDAY", is_signed,       true  },
    { "BYYEARDAY",  is_signed,       true  },
    { "BYWEEKNO",   is_signed,       true  },
    { "BYMONTH",    is_number,       true  },
    { "BYSETPOS",   is_signed,       true  },
};
/* clang-format on */

static bool fits(struct arena *arena, const struct shape *shape,
                 const char *value)
{
    if (!shape->list)
        return shape->fits(value);
    char **items = str_split(arena, value, ",");
    for (; *items != NULL; items++)
        if (!shape->fits(*items))
            return false;
    return *value != '\0';
}

/* What this does not know may be of a later RFC. */
static bool is_part(const struct ical_times *times, const char *name,
                    const char *value)
{
    if (str_equal_nocase(name, "UNTIL"))
        return ical_when_value(times, value, NULL).kind != WHEN_NONE;
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
        if (str_equal_nocase(name, shapes[i].name))
            return fits(times->arena, &shapes[i], value);
    return *name != '\0' && *value != '\0';
}

bool ical_rule_is_one(const struct ical_times *times, const char *value)
{
    bool freq = false, scale = false, good = true;
    char **items = str_split(times->arena, value, ";");
    for (; *items != NULL; items++) {
        char *equals = strchr(*items, '=');
        if (equals == NULL)
            return false;
        *equals = '\0';
        freq |= str_equal_nocase(*items, "FREQ");
        scale |= str_equal_nocase(*items, "RSCALE");
        good &= is_part(times, *items, equals + 1);
    }
    /* Other calendars have other months (RFC 7529). */
    return freq && (good || scale);
}
