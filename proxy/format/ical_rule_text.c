/*
 * ical_rule_text.c - patterns of Exchange as RRULE
 *
 * A day of the month that Exchange takes for the last one of short months is
 * said as the last of several days.
 */
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/format/ical_values.h"
#include "proxy/format/recurrence.h"
#include "proxy/format/zone_private.h"

enum { ALL_DAYS = 0x7F };

static const char *const day_names[] = { "SU", "MO", "TU", "WE",
                                         "TH", "FR", "SA" };

/* --- Writing ------------------------------------------------------------- */

static void put_days(struct buf *out, unsigned weekdays)
{
    /* Monday first, as people read it. */
    const char *comma = "";
    for (unsigned i = 1; i <= 7; i++)
        if (weekdays & 1u << i % 7) {
            buf_printf(out, "%s%s", comma, day_names[i % 7]);
            comma = ",";
        }
}

static void put_weekday(struct buf *out, const struct recurrence *rule)
{
    bool single = (rule->weekdays & (rule->weekdays - 1)) == 0;
    if (rule->weekdays == ALL_DAYS) {
        buf_printf(out, ";BYMONTHDAY=%d", rule->week);
        return;
    }
    buf_puts(out, ";BYDAY=");
    if (single)
        buf_printf(out, "%d", rule->week);
    put_days(out, rule->weekdays);
    if (!single)
        buf_printf(out, ";BYSETPOS=%d", rule->week);
}

static void put_month_day(struct buf *out, unsigned day)
{
    buf_puts(out, ";BYMONTHDAY=");
    if (day <= 28)
        buf_printf(out, "%u", day);
    else if (day >= 31)
        buf_puts(out, "-1");
    else
        buf_printf(out, "28,29%s;BYSETPOS=-1", day == 30 ? ",30" : "");
}

static void put_year_day(struct buf *out, const struct recurrence *rule)
{
    /* 2001 has a short February. */
    unsigned shortest = zone_month_days(2001, rule->month);
    if (rule->day <= shortest)
        buf_printf(out, ";BYMONTHDAY=%u", rule->day);
    else
        buf_puts(out, ";BYMONTHDAY=-1");
}

static void put_end(struct arena *arena, struct buf *out,
                    const struct recurrence *rule, const struct when *start)
{
    if (rule->count != 0) {
        buf_printf(out, ";COUNT=%u", rule->count);
    } else if (rule->until.kind != WHEN_NONE) {
        struct when until = when_on_day(start, when_day(&rule->until));
        if (until.kind == WHEN_ZONED)
            until.zone = zone_utc();
        buf_printf(out, ";UNTIL=%s", ical_when_text(arena, &until));
    }
}

const char *ical_rule_text(struct arena *arena, const struct recurrence *rule,
                           const struct when *start)
{
    static const char *const names[] = { "DAILY",   "WEEKLY", "MONTHLY",
                                         "MONTHLY", "YEARLY", "YEARLY",
                                         "DAILY",   "WEEKLY", "MONTHLY",
                                         "YEARLY" };
    struct buf out;
    buf_init(&out, arena);
    buf_printf(&out, "FREQ=%s", names[rule->pattern]);
    if (rule->interval > 1)
        buf_printf(&out, ";INTERVAL=%u", rule->interval);
    bool yearly = rule->pattern == REPEAT_YEARLY_DAY ||
                  rule->pattern == REPEAT_YEARLY_WEEKDAY;
    if (yearly)
        buf_printf(&out, ";BYMONTH=%u", rule->month);
    if (rule->pattern == REPEAT_WEEKLY) {
        buf_puts(&out, ";BYDAY=");
        put_days(&out, rule->weekdays);
        if (rule->interval > 1)
            buf_printf(&out, ";WKST=%s", day_names[rule->first % 7]);
    } else if (rule->pattern == REPEAT_MONTHLY_DAY) {
        put_month_day(&out, rule->day);
    } else if (rule->pattern == REPEAT_YEARLY_DAY) {
        put_year_day(&out, rule);
    } else if (rule->pattern == REPEAT_MONTHLY_WEEKDAY ||
               rule->pattern == REPEAT_YEARLY_WEEKDAY) {
        put_weekday(&out, rule);
    }
    put_end(arena, &out, rule, start);
    return out.data;
}
