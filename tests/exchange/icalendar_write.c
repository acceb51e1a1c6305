/*
 * icalendar_write.c - events as iCalendar
 */
#include "tests/exchange/icalendar.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "tests/exchange/form.h"
#include "tests/exchange/path.h"
#include "tests/exchange/series.h"

#define LINE_MAX_OCTETS 75

/* --- Lines --------------------------------------------------------------- */

/* One line, folded; never within a character. */
static void put_line(struct buf *out, const char *line)
{
    size_t width = 0;

    for (; *line != '\0'; line++) {
        bool starts = ((unsigned char)*line & 0xc0) != 0x80;

        if (width >= LINE_MAX_OCTETS - 4 && starts) {
            buf_puts(out, "\r\n ");
            width = 1;
        }
        buf_putc(out, *line);
        width++;
    }
    buf_puts(out, "\r\n");
}

static void put(struct arena *arena, struct buf *out, const char *name,
                const char *value)
{
    put_line(out, arena_printf(arena, "%s:%s", name, value));
}

static void put_text_line(struct arena *arena, struct buf *out,
                          const char *name, const char *text)
{
    struct buf line;

    if (text == NULL)
        return;
    buf_init(&line, arena);
    buf_printf(&line, "%s:", name);
    for (; *text != '\0'; text++) {
        if (*text == '\r')
            continue;
        if (strchr("\\;,", *text) != NULL)
            buf_putc(&line, '\\');
        if (*text == '\n')
            buf_puts(&line, "\\n");
        else
            buf_putc(&line, *text);
    }
    put_line(out, line.data);
}

static char *stamp(struct arena *arena, int64_t time, bool utc)
{
    int64_t day = (time - ((time % 86400) + 86400) % 86400) / 86400;
    int seconds = (int)(time - day * 86400);
    int64_t year;
    unsigned month;
    unsigned number;

    time_civil_from_day(day, &year, &month, &number);
    return arena_printf(arena, "%04lld%02u%02uT%02d%02d%02d%s", (long long)year,
                        month, number, seconds / 3600, seconds / 60 % 60,
                        seconds % 60, utc ? "Z" : "");
}

/* A time in a zone, or in UTC. */
static void put_when(struct arena *arena, struct buf *out, const char *name,
                     int64_t time, const struct sim_zone *zone)
{
    if (str_equal(zone->id, "UTC"))
        put(arena, out, name, stamp(arena, time, true));
    else
        put_line(out, arena_printf(
                          arena, "%s;TZID=%s:%s", name, zone->id,
                          stamp(arena, sim_zone_to_wall(zone, time), false)));
}

/* --- Zones --------------------------------------------------------------- */

static const char *const day_codes[] = { "SU", "MO", "TU", "WE",
                                         "TH", "FR", "SA" };

static void put_observance(struct buf *out, const char *name, int32_t from,
                           int32_t to, const struct sim_zone_change *change)
{
    buf_printf(out, "BEGIN:%s\r\nDTSTART:16010101T%02d%02d00\r\n", name,
               change->time / 3600, change->time / 60 % 60);
    buf_printf(out, "TZOFFSETFROM:%c%02d%02d\r\nTZOFFSETTO:%c%02d%02d\r\n",
               from < 0 ? '-' : '+', abs(from) / 3600, abs(from) / 60 % 60,
               to < 0 ? '-' : '+', abs(to) / 3600, abs(to) / 60 % 60);
    if (change->month != 0 && change->week != 0)
        buf_printf(out,
                   "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=%d%s;BYMONTH=%u\r\n",
                   change->week == 5 ? -1 : change->week,
                   day_codes[change->weekday], change->month);
    else if (change->month != 0)
        buf_printf(out,
                   "RRULE:FREQ=YEARLY;INTERVAL=1;BYMONTHDAY=%u;BYMONTH=%u\r\n",
                   change->day, change->month);
    buf_printf(out, "END:%s\r\n", name);
}

static void put_zone(struct buf *out, const struct sim_zone *zone)
{
    static const struct sim_zone_change none = { .month = 0 };
    bool changes = zone->standard != zone->daylight;

    if (str_equal(zone->id, "UTC"))
        return;
    buf_printf(out, "BEGIN:VTIMEZONE\r\nTZID:%s\r\n", zone->id);
    put_observance(out, "STANDARD", changes ? zone->daylight : zone->standard,
                   zone->standard, changes ? &zone->to_standard : &none);
    put_observance(out, "DAYLIGHT", zone->standard, zone->daylight,
                   changes ? &zone->to_daylight : &none);
    buf_puts(out, "END:VTIMEZONE\r\n");
}

/* --- Rules --------------------------------------------------------------- */

static void put_days(struct buf *out, unsigned weekdays, const char *prefix)
{
    const char *comma = ";BYDAY=";

    for (unsigned i = 0; i < 7; i++)
        if (weekdays & 1u << i) {
            buf_printf(out, "%s%s%s", comma, prefix, day_codes[i]);
            comma = ",";
        }
}

static void put_pattern(struct buf *out, const struct sim_rule *rule)
{
    bool one = (rule->weekdays & (rule->weekdays - 1)) == 0;
    char prefix[4];

    snprintf(prefix, sizeof prefix, "%d", rule->week == 5 ? -1 : rule->week);
    switch (rule->pattern) {
    case SIM_WEEKLY:
        put_days(out, rule->weekdays, "");
        buf_printf(out, ";WKST=%s", day_codes[rule->first_weekday]);
        break;
    case SIM_MONTHLY:
    case SIM_YEARLY:
        buf_printf(out, ";BYMONTHDAY=%d", rule->day);
        break;
    case SIM_MONTHLY_RELATIVE:
    case SIM_YEARLY_RELATIVE:
        put_days(out, rule->weekdays, one ? prefix : "");
        if (!one)
            buf_printf(out, ";BYSETPOS=%s", prefix);
        break;
    default:
        break;
    }
    if (rule->pattern == SIM_YEARLY || rule->pattern == SIM_YEARLY_RELATIVE)
        buf_printf(out, ";BYMONTH=%d", rule->month);
}

static void put_rule(struct arena *arena, struct buf *out,
                     struct sim_item *item)
{
    static const char *const frequencies[SIM_PATTERN_COUNT] = {
        [SIM_DAILY] = "DAILY",     [SIM_WEEKLY] = "WEEKLY",
        [SIM_MONTHLY] = "MONTHLY", [SIM_MONTHLY_RELATIVE] = "MONTHLY",
        [SIM_YEARLY] = "YEARLY",   [SIM_YEARLY_RELATIVE] = "YEARLY",
    };
    const struct sim_rule *rule = &item->series->rule;
    struct buf line;

    buf_init(&line, arena);
    buf_printf(&line, "RRULE:FREQ=%s", frequencies[rule->pattern]);
    if (rule->range == SIM_UNTIL)
        buf_printf(
            &line, ";UNTIL=%s",
            stamp(arena, sim_occurrence_start(arena, item, rule->until), true));
    if (rule->range == SIM_TIMES)
        buf_printf(&line, ";COUNT=%d", rule->times);
    buf_printf(&line, ";INTERVAL=%d", rule->interval);
    put_pattern(&line, rule);
    put_line(out, line.data);
}

static void put_deleted(struct arena *arena, struct buf *out,
                        struct sim_item *item, const struct sim_zone *zone)
{
    for (size_t i = 0; i < item->series->count; i++)
        if (item->series->exceptions[i].deleted)
            put_when(arena, out, "EXDATE",
                     sim_occurrence_start(arena, item,
                                          item->series->exceptions[i].day),
                     zone);
}

/* --- People -------------------------------------------------------------- */

static const char *quoted(struct arena *arena, const char *text)
{
    char *copy = arena_strdup(arena, text);

    for (char *at = copy; *at != '\0'; at++)
        if (*at == '"')
            *at = '\'';
    return copy;
}

static void put_organizer(struct arena *arena, struct buf *out,
                          struct sim_item *item)
{
    const struct sim_mailbox *owner = item->folder->mailbox;
    const char *name = form_get(item, NULL, 0x0042, TYPE_STRING);
    const char *address = form_get(item, NULL, 0x0065, TYPE_STRING);

    put_line(out, arena_printf(
                      arena, "ORGANIZER;CN=\"%s\":MAILTO:%s",
                      quoted(arena, name == NULL ? owner->display_name : name),
                      address == NULL ? owner->address : address));
}

static const char *partstat(enum sim_response response)
{
    switch (response) {
    case RESPONSE_ACCEPTED:
    case RESPONSE_ORGANIZER:
        return "ACCEPTED";
    case RESPONSE_TENTATIVE:
        return "TENTATIVE";
    case RESPONSE_DECLINED:
        return "DECLINED";
    default:
        return "NEEDS-ACTION";
    }
}

static void put_attendee(struct arena *arena, struct buf *out, uint32_t role,
                         const struct sim_attendee *attendee)
{
    put_line(out,
             arena_printf(arena,
                          "ATTENDEE;ROLE=%s;%sPARTSTAT=%s;RSVP=TRUE;CN=\"%s\""
                          ":MAILTO:%s",
                          role == HIDDEN_REQUIRED   ? "REQ-PARTICIPANT"
                          : role == HIDDEN_OPTIONAL ? "OPT-PARTICIPANT"
                                                    : "NON-PARTICIPANT",
                          role == HIDDEN_RESOURCES ? "CUTYPE=RESOURCE;" : "",
                          partstat(attendee->response),
                          quoted(arena, attendee->name), attendee->address));
}

static bool put_people(struct arena *arena, struct buf *out,
                       struct sim_item *item, const struct event_text *text)
{
    bool meeting =
        form_number(item, SET_APPOINTMENT, EVENT_STATE, 0) & STATE_MEETING;

    if (!meeting)
        return false;
    put_organizer(arena, out, item);
    if (str_equal(text->method, "REPLY")) {
        put_line(out, arena_printf(arena,
                                   "ATTENDEE;PARTSTAT=%s;CN=\"%s\""
                                   ":MAILTO:%s",
                                   partstat(text->response),
                                   quoted(arena, text->replier->display_name),
                                   text->replier->address));
        return true;
    }
    for (uint32_t role = HIDDEN_REQUIRED; role <= HIDDEN_RESOURCES; role++) {
        size_t count;
        struct sim_attendee *all = attendees_of(arena, item, role, &count);

        for (size_t i = 0; i < count; i++)
            put_attendee(arena, out, role, &all[i]);
    }
    return true;
}

/* --- Events -------------------------------------------------------------- */

static void put_alarm(struct arena *arena, struct buf *out,
                      struct sim_item *item)
{
    if (!form_true(item, SET_COMMON, REMINDER_SET))
        return;
    buf_puts(out, "BEGIN:VALARM\r\nDESCRIPTION:REMINDER\r\n");
    put_line(out, arena_printf(arena, "TRIGGER;RELATED=START:-PT%lldM",
                               (long long)form_number(item, SET_COMMON,
                                                      REMINDER_DELTA, 15)));
    buf_puts(out, "ACTION:DISPLAY\r\nEND:VALARM\r\n");
}

static void put_categories(struct arena *arena, struct buf *out,
                           const struct sim_item *item)
{
    struct buf list;

    if (item->categories == NULL)
        return;
    buf_init(&list, arena);
    for (size_t i = 0; item->categories[i] != NULL; i++)
        buf_printf(&list, "%s%s", i == 0 ? "" : ",", item->categories[i]);
    put(arena, out, "CATEGORIES", list.data);
}

static const char *busy_code(int64_t busy)
{
    static const char *const codes[] = { "FREE", "TENTATIVE", "BUSY", "OOF",
                                         "WORKINGELSEWHERE" };

    return codes[busy < 0 || busy > 4 ? 2 : busy];
}

static void put_marks(struct arena *arena, struct buf *out,
                      struct sim_item *item, const struct event_text *text)
{
    static const char *const classes[] = { "PUBLIC", "PERSONAL", "PRIVATE",
                                           "CONFIDENTIAL" };
    static const char *const priorities[] = { "9", "5", "1", "1" };
    int64_t busy = form_number(item, SET_APPOINTMENT, EVENT_BUSY, 2);
    int64_t state = form_number(item, SET_APPOINTMENT, EVENT_STATE, 0);
    int64_t importance = form_number(item, NULL, 0x0017, 1) & 3;
    bool off = state & STATE_CANCELLED || str_equal(text->method, "CANCEL");

    put(arena, out, "CLASS", classes[form_number(item, NULL, 0x0036, 0) & 3]);
    put(arena, out, "PRIORITY", priorities[importance]);
    put(arena, out, "TRANSP", busy == 0 ? "TRANSPARENT" : "OPAQUE");
    put(arena, out, "STATUS",
        off         ? "CANCELLED"
        : busy == 1 ? "TENTATIVE"
                    : "CONFIRMED");
    put(arena, out, "SEQUENCE",
        arena_printf(
            arena, "%lld",
            (long long)form_number(item, SET_APPOINTMENT, EVENT_SEQUENCE, 0)));
    put(arena, out, "X-MICROSOFT-CDO-BUSYSTATUS", busy_code(busy));
    put(arena, out, "X-MICROSOFT-CDO-INTENDEDSTATUS",
        busy_code(form_number(item, SET_APPOINTMENT, EVENT_INTENDED, busy)));
    put(arena, out, "X-MICROSOFT-CDO-ALLDAYEVENT",
        form_true(item, SET_APPOINTMENT, EVENT_ALL_DAY) ? "TRUE" : "FALSE");
    put(arena, out, "X-MICROSOFT-CDO-IMPORTANCE",
        arena_printf(arena, "%d", (int)importance));
    put(arena, out, "X-MICROSOFT-CDO-INSTTYPE",
        item->master != NULL   ? "3"
        : item->series != NULL ? "1"
                               : "0");
    put(arena, out, "X-MICROSOFT-DISALLOW-COUNTER",
        form_true(item, SET_APPOINTMENT, EVENT_NO_COUNTER) ? "TRUE" : "FALSE");
}

static void put_event(struct arena *arena, struct buf *out,
                      struct sim_item *item, const struct event_text *text)
{
    const struct sim_zone *zone = sim_item_zone(arena, item);
    const char *goid =
        form_get(item, SET_MEETING, MEETING_CLEAN_ID, TYPE_BINARY);
    const char *subject = form_get(item, NULL, 0x0037, TYPE_STRING);
    const char *body = form_get(item, NULL, 0x1000, TYPE_STRING);

    buf_puts(out, "BEGIN:VEVENT\r\n");
    put_people(arena, out, item, text);
    put_text_line(arena, out, "DESCRIPTION;LANGUAGE=en-US",
                  body == NULL ? "" : body);
    put_text_line(arena, out, "COMMENT", text->comment);
    if (item->series != NULL)
        put_rule(arena, out, item);
    if (item->series != NULL)
        put_deleted(arena, out, item, zone);
    put(arena, out, "UID", goid_uid(arena, goid));
    if (item->master != NULL)
        put_when(arena, out, "RECURRENCE-ID",
                 sim_occurrence_start(arena, item->master, item->day), zone);
    put_text_line(arena, out, "SUMMARY;LANGUAGE=en-US",
                  subject == NULL ? "" : subject);
    put_when(arena, out, "DTSTART",
             form_time(item, SET_APPOINTMENT, EVENT_START), zone);
    put_when(arena, out, "DTEND", form_time(item, SET_APPOINTMENT, EVENT_END),
             zone);
    put(arena, out, "DTSTAMP", stamp(arena, time_now(), true));
    put_text_line(arena, out, "LOCATION;LANGUAGE=en-US",
                  form_get(item, SET_APPOINTMENT, EVENT_LOCATION, TYPE_STRING));
    put_categories(arena, out, item);
    put_marks(arena, out, item, text);
    put_alarm(arena, out, item);
    buf_puts(out, "END:VEVENT\r\n");
}

void event_write(struct arena *arena, struct sim_item *item,
                 const struct event_text *text, struct buf *out)
{
    const struct sim_series *series = item->series;

    buf_printf(out,
               "BEGIN:VCALENDAR\r\nMETHOD:%s\r\n"
               "PRODID:Microsoft Exchange Server 2010\r\nVERSION:2.0\r\n",
               text->method);
    put_zone(out, sim_item_zone(arena, item));
    put_event(arena, out, item, text);
    for (size_t i = 0; series != NULL && i < series->count; i++)
        if (!series->exceptions[i].deleted)
            put_event(arena, out,
                      sim_occurrence(arena, item, series->exceptions[i].day),
                      text);
    buf_puts(out, "END:VCALENDAR\r\n");
}
