/*
 * zone_vtimezone.c - a zone as the VTIMEZONE of iCalendar (RFC 5545, 3.6.5)
 *
 * tzdata lists shifts one by one; a VTIMEZONE wants rules.  So shifts that
 * follow each other year by year, at the same time of day and on what can be
 * said as one yearly rule, become a run, and a run becomes a component with an
 * RRULE.  Shifts that are alone (as those of Morocco around Ramadan) become
 * dates.  Runs that matter for no instant asked for are left out; others are
 * written from their beginning, so that a zone mostly looks the same.
 */
#include "proxy/format/zones.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/time.h"
#include "proxy/format/zone_private.h"

enum { YEAR = 366 * 86400, ENDLESS_YEARS = 2070, RUNS_MAX = 512 };

/* What a run's days have in common, as bits. */
enum {
    RULE_LAST = 1 << 0,   /* the last weekday of the month */
    RULE_NTH = 1 << 1,    /* 1 to 4 */
    RULE_FIXED = 1 << 5,  /* the same day of the month */
    RULE_WINDOW = 1 << 6, /* a weekday among seven days: 1 << (6 + k) where
                             they end k days after the first one's day */
    RULE_ALL = (1 << 13) - 1
};

struct run {
    struct zone_shift shift; /* the first one */
    int32_t before;          /* the offset until then */
    struct civil first;      /* on the clock of before */
    int32_t seconds;         /* of the day */
    unsigned weekday;
    unsigned rules;
    int32_t last_year;
    int64_t last; /* the last one's instant */
    unsigned count;
    bool endless;
    bool needed;
    bool written;
};

struct runs {
    struct run items[RUNS_MAX];
    size_t count;
};

/* --- Gathering ----------------------------------------------------------- */

static unsigned rules_of_day(const struct run *run, const struct civil *face)
{
    unsigned rules = 0;
    if (face->day + 7u > zone_month_days(face->year, face->month))
        rules |= RULE_LAST;
    if (face->day <= 28)
        rules |= RULE_NTH << (face->day - 1) / 7;
    if (face->day == run->first.day)
        rules |= RULE_FIXED;
    for (int k = 0; k < 7; k++) {
        int end = run->first.day + k;
        if (face->day <= end && face->day > end - 7 && end - 6 >= 1 &&
            end <= 28 + 3 &&
            (unsigned)end <= zone_month_days(2001, face->month))
            rules |= RULE_WINDOW << k;
    }
    return rules;
}

static bool run_takes(const struct run *run, const struct zone_shift *shift,
                      int32_t before, const struct civil *face,
                      unsigned weekday, unsigned *rules_out)
{
    if (run->last_year + 1 != face->year || run->before != before ||
        run->shift.offset != shift->offset ||
        strcmp(run->shift.name, shift->name) != 0 ||
        run->first.month != face->month ||
        run->seconds != face->hour * 3600 + face->minute * 60 + face->second)
        return false;
    *rules_out = run->rules & rules_of_day(run, face);
    if (weekday != run->weekday)
        *rules_out &= RULE_FIXED;
    return *rules_out != 0;
}

static struct run *run_new(struct runs *runs, const struct zone_shift *shift,
                           int32_t before, const struct civil *face)
{
    if (runs->count == RUNS_MAX)
        return &runs->items[RUNS_MAX - 1];
    struct run *run = &runs->items[runs->count++];
    *run = (struct run){ .shift = *shift, .before = before, .first = *face };
    run->seconds = face->hour * 3600 + face->minute * 60 + face->second;
    run->weekday = zone_day_weekday(
        time_day_from_civil(face->year, face->month, face->day));
    run->rules = RULE_ALL;
    run->rules = rules_of_day(run, face);
    return run;
}

static struct run *run_of(struct runs *runs, const struct zone_shift *shift,
                          int32_t before)
{
    struct civil face = zone_seconds_civil(shift->at + before);
    unsigned weekday =
        zone_day_weekday(time_day_from_civil(face.year, face.month, face.day));
    unsigned rules;
    struct run *found = NULL;
    for (size_t i = runs->count; i-- > 0 && found == NULL;)
        if (run_takes(&runs->items[i], shift, before, &face, weekday, &rules))
            found = &runs->items[i];
    if (found != NULL)
        found->rules = rules;
    else
        found = run_new(runs, shift, before, &face);
    found->last_year = face.year;
    found->last = shift->at;
    found->count++;
    return found;
}

/* All shifts since 1900; rules for ever are seen by being true for long. */
static void gather(const struct zone *zone, int64_t from, int64_t to,
                   struct runs *runs)
{
    struct civil end = { .year = ENDLESS_YEARS, .month = 1, .day = 1 };
    int64_t limit = zone_civil_seconds(&end);
    struct civil begin = { .year = 1900, .month = 1, .day = 1 };
    struct zone_shift shift, before;
    struct run *run = NULL;
    for (int64_t at = zone_civil_seconds(&begin);
         zone_next_shift(zone, at, &shift, &before) && shift.at < limit;
         at = shift.at) {
        /* The one before counts until this one. */
        if (run != NULL && run->last <= to && shift.at > from)
            run->needed = true;
        run = run_of(runs, &shift, before.offset);
    }
    if (run != NULL && run->last <= to)
        run->needed = true;
    for (size_t i = 0; i < runs->count && zone->tail.has_daylight; i++) {
        runs->items[i].endless =
            runs->items[i].last_year >= ENDLESS_YEARS - 1 &&
            runs->items[i].count > 1;
        if (runs->items[i].endless && to >= limit)
            runs->items[i].needed = true;
    }
}

/* --- Writing ------------------------------------------------------------- */

static void put_offset(struct buf *out, const char *name, int32_t offset)
{
    int32_t size = abs(offset);
    buf_printf(out, "%s:%c%02d%02d", name, offset < 0 ? '-' : '+', size / 3600,
               size / 60 % 60);
    if (size % 60 != 0)
        buf_printf(out, "%02d", size % 60);
    buf_puts(out, "\r\n");
}

static void put_face(struct buf *out, const struct civil *face, const char *end)
{
    buf_printf(out, "%04d%02u%02uT%02u%02u%02u%s", face->year, face->month,
               face->day, face->hour, face->minute, face->second, end);
}

static void put_rule(struct buf *out, const struct run *run)
{
    static const char *const days[] = {
        "SU", "MO", "TU", "WE", "TH", "FR", "SA"
    };
    buf_printf(out, "RRULE:FREQ=YEARLY;BYMONTH=%u", run->first.month);
    unsigned nth = 1;
    while (nth <= 4 && (run->rules & RULE_NTH << (nth - 1)) == 0)
        nth++;
    if (run->rules & RULE_LAST) {
        buf_printf(out, ";BYDAY=-1%s", days[run->weekday]);
    } else if (nth <= 4) {
        buf_printf(out, ";BYDAY=%u%s", nth, days[run->weekday]);
    } else if (run->rules & RULE_FIXED) {
        buf_printf(out, ";BYMONTHDAY=%u", run->first.day);
    } else {
        int end = run->first.day;
        while ((run->rules & RULE_WINDOW << (end - run->first.day)) == 0)
            end++;
        buf_printf(out, ";BYDAY=%s;BYMONTHDAY=%d", days[run->weekday], end - 6);
        for (int day = end - 5; day <= end; day++)
            buf_printf(out, ",%d", day);
    }
    if (!run->endless) {
        struct civil until = zone_seconds_civil(run->last);
        buf_puts(out, ";UNTIL=");
        put_face(out, &until, "Z");
    }
    buf_puts(out, "\r\n");
}

static bool same_kind(const struct run *a, const struct run *b)
{
    return b->needed && !b->written && b->count == 1 &&
           a->before == b->before && a->shift.offset == b->shift.offset &&
           strcmp(a->shift.name, b->shift.name) == 0;
}

/* Those that are alone stand together, as dates of the first of them. */
static void put_dates(struct buf *out, struct runs *runs, const struct run *run)
{
    for (size_t i = 0; i < runs->count; i++) {
        struct run *other = &runs->items[i];
        if (!same_kind(run, other))
            continue;
        other->written = true;
        buf_puts(out, "RDATE:");
        put_face(out, &other->first, "\r\n");
    }
}

static void put_run(struct buf *out, struct runs *runs, struct run *run)
{
    run->written = true;
    bool daylight = run->shift.offset > run->before && run->shift.daylight;
    const char *kind = daylight ? "DAYLIGHT" : "STANDARD";
    buf_printf(out, "BEGIN:%s\r\n", kind);
    if (run->shift.name[0] != '\0')
        buf_printf(out, "TZNAME:%s\r\n", run->shift.name);
    put_offset(out, "TZOFFSETFROM", run->before);
    put_offset(out, "TZOFFSETTO", run->shift.offset);
    buf_puts(out, "DTSTART:");
    put_face(out, &run->first, "\r\n");
    if (run->count > 1)
        put_rule(out, run);
    else
        put_dates(out, runs, run);
    buf_printf(out, "END:%s\r\n", kind);
}

static void put_always(struct buf *out, const struct zone_shift *shift)
{
    buf_puts(out, "BEGIN:STANDARD\r\n");
    if (shift->name[0] != '\0')
        buf_printf(out, "TZNAME:%s\r\n", shift->name);
    put_offset(out, "TZOFFSETFROM", shift->offset);
    put_offset(out, "TZOFFSETTO", shift->offset);
    buf_puts(out, "DTSTART:19700101T000000\r\nEND:STANDARD\r\n");
}

const char *zone_vtimezone(struct arena *arena, const struct zone *zone,
                           const char *name, int64_t from, int64_t to)
{
    struct buf out;
    buf_init(&out, arena);
    buf_printf(&out, "BEGIN:VTIMEZONE\r\nTZID:%s\r\n",
               name != NULL ? name : zone_name(zone));
    struct runs *runs = arena_alloc(arena, sizeof *runs);
    /* Both halves of the year: some clients do not understand one alone. */
    from = from > INT64_MIN + YEAR ? from - YEAR : from;
    to = to < INT64_MAX - YEAR ? to + YEAR : to;
    gather(zone, from, to, runs);
    bool any = false;
    for (size_t i = 0; i < runs->count; i++) {
        struct run *run = &runs->items[i];
        if (!run->needed || run->written)
            continue;
        put_run(&out, runs, run);
        any = true;
    }
    if (!any)
        put_always(&out, zone_shift_at(zone, from));
    buf_puts(&out, "END:VTIMEZONE\r\n");
    return out.data;
}
