/*
 * event.c - what is different between two events, and between two tasks
 */
#include "proxy/format/event.h"

#include <string.h>

#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "proxy/format/recurrence.h"

enum { ALL_DAYS = 0x7F };

/* --- Texts --------------------------------------------------------------- */

/* Control characters do not count: iCalendar has no place for them. */
static const char *skip_controls(const char *text)
{
    while ((unsigned char)*text < 0x20 && *text != '\0' && *text != '\n' &&
           *text != '\t')
        text++;
    return *text == 0x7F ? skip_controls(text + 1) : text;
}

/* Moves both to where they differ. */
static void skip_same(const char **a, const char **b)
{
    *a = skip_controls(*a != NULL ? *a : "");
    *b = skip_controls(*b != NULL ? *b : "");
    while (**a != '\0' && **a == **b) {
        *a = skip_controls(*a + 1);
        *b = skip_controls(*b + 1);
    }
}

static bool text_equal(const char *a, const char *b)
{
    skip_same(&a, &b);
    return *a == *b;
}

static bool only_space(const char *text)
{
    return text[strspn(text, " \t\r\n")] == '\0';
}

/* Line ends and what is after the last line do not count: Exchange has its own
 * ways with both. */
static bool body_equal(const char *a, const char *b)
{
    skip_same(&a, &b);
    return only_space(a) && only_space(b);
}

/* A client that writes no HTML does not say that there shall be none. */
static bool bodies_equal(const char *text_a, const char *html_a,
                         const char *text_b, const char *html_b)
{
    if (!body_equal(text_a, text_b))
        return false;
    bool both =
        html_a != NULL && *html_a != '\0' && html_b != NULL && *html_b != '\0';
    return !both || body_equal(html_a, html_b);
}

static size_t list_count(const char *const *list)
{
    size_t count = 0;
    while (list != NULL && list[count] != NULL)
        count++;
    return count;
}

static bool list_has(const char *const *list, const char *text)
{
    for (; list != NULL && *list != NULL; list++)
        if (strcmp(*list, text) == 0)
            return true;
    return false;
}

static bool lists_equal(const char *const *a, const char *const *b)
{
    for (size_t i = 0; i < list_count(a); i++)
        if (!list_has(b, a[i]))
            return false;
    for (size_t i = 0; i < list_count(b); i++)
        if (!list_has(a, b[i]))
            return false;
    return true;
}

/* --- Times and rules ----------------------------------------------------- */

/* Zones that are one for Windows are one for Exchange. */
static bool zone_alike(const struct zone *a, const struct zone *b)
{
    if (a == b)
        return true;
    if (a == NULL || b == NULL)
        return false;
    const char *name = zone_windows_name(a);
    return name != NULL && str_equal(name, zone_windows_name(b));
}

bool when_equal(const struct when *a, const struct when *b)
{
    if (a->kind != b->kind)
        return false;
    if (a->kind == WHEN_NONE)
        return true;
    return a->instant == b->instant &&
           (a->kind != WHEN_ZONED || zone_alike(a->zone, b->zone));
}

/* The same days may be said in two ways: the first "any day" of a month is its
 * first, and so on; weeks only matter where some are left out. */
static struct recurrence plain(const struct recurrence *from)
{
    struct recurrence rule = *from;
    bool yearly = rule.pattern == REPEAT_YEARLY_WEEKDAY;
    if (rule.interval == 0)
        rule.interval = 1;
    if ((yearly || rule.pattern == REPEAT_MONTHLY_WEEKDAY) &&
        rule.weekdays == ALL_DAYS) {
        rule.pattern = yearly ? REPEAT_YEARLY_DAY : REPEAT_MONTHLY_DAY;
        rule.day = rule.week < 0 ? 31 : (unsigned)rule.week;
    }
    if (rule.pattern == REPEAT_YEARLY_DAY && rule.day > 28 && rule.month != 0) {
        static const unsigned char longest[] = { 31, 29, 31, 30, 31, 30,
                                                 31, 31, 30, 31, 30, 31 };
        if (rule.day > longest[rule.month - 1])
            rule.day = longest[rule.month - 1];
    }
    if (rule.pattern == REPEAT_YEARLY_DAY ||
        rule.pattern == REPEAT_YEARLY_WEEKDAY) {
        if (rule.interval > 1) {
            rule.pattern = rule.pattern == REPEAT_YEARLY_DAY
                               ? REPEAT_MONTHLY_DAY
                               : REPEAT_MONTHLY_WEEKDAY;
            rule.interval *= 12;
            rule.month = 0;
        }
    } else {
        rule.month = 0;
    }
    if (rule.pattern == REPEAT_WEEKLY && rule.weekdays == ALL_DAYS &&
        rule.interval == 1)
        rule.pattern = REPEAT_DAILY;
    if (rule.pattern != REPEAT_WEEKLY || rule.interval == 1)
        rule.first = 0;
    bool by_weekday = rule.pattern == REPEAT_MONTHLY_WEEKDAY ||
                      rule.pattern == REPEAT_YEARLY_WEEKDAY;
    if (rule.pattern != REPEAT_WEEKLY && !by_weekday)
        rule.weekdays = 0;
    if (!by_weekday)
        rule.week = 0;
    if (rule.pattern != REPEAT_MONTHLY_DAY && rule.pattern != REPEAT_YEARLY_DAY)
        rule.day = 0;
    return rule;
}

/* The last day of a rule that ends. */
static int64_t last_day(const struct recurrence *rule)
{
    struct recurrence_days days;
    int64_t day, last = INT64_MIN;
    recurrence_days_begin(&days, rule);
    while (recurrence_days_next(&days, &day))
        last = day;
    return last;
}

/* Some say the last day that it might be, some the last that it is. */
static bool ends_equal(const struct recurrence *a, const struct recurrence *b)
{
    if (a->count != b->count || a->until.kind != b->until.kind)
        return false;
    return when_equal(&a->until, &b->until) || last_day(a) == last_day(b);
}

bool recurrence_equal(const struct recurrence *a, const struct recurrence *b)
{
    if (a == NULL || b == NULL)
        return a == b;
    struct recurrence x = plain(a), y = plain(b);
    return x.pattern == y.pattern && x.interval == y.interval &&
           x.weekdays == y.weekdays && x.week == y.week && x.day == y.day &&
           x.month == y.month && x.first == y.first &&
           when_equal(&x.begin, &y.begin) && ends_equal(&x, &y);
}

struct event series_occurrence(const struct series *series,
                               const struct when *occurrence)
{
    struct event event = series->master;
    struct when day = *occurrence;
    if (day.kind == WHEN_ZONED && event.start.kind == WHEN_ZONED)
        day.zone = event.start.zone;
    struct when start = when_on_day(&event.start, when_day(&day));
    if (event.end.kind == start.kind)
        event.end.instant += start.instant - event.start.instant;
    event.start = start;
    event.occurrence = *occurrence;
    event.id = event.change_key = NULL;
    return event;
}

/* --- Events -------------------------------------------------------------- */

static const struct attendee *attendee_find(const struct event *event,
                                            const char *address)
{
    for (size_t i = 0; i < event->attendee_count; i++)
        if (str_equal_nocase(event->attendees[i].address, address))
            return &event->attendees[i];
    return NULL;
}

static bool attendees_in(const struct event *a, const struct event *b)
{
    for (size_t i = 0; i < a->attendee_count; i++) {
        const struct attendee *other =
            attendee_find(b, a->attendees[i].address);
        if (other == NULL || other->role != a->attendees[i].role)
            return false;
    }
    return true;
}

/* Exchange's sizes are a little larger than the content. */
static bool same_file(const struct event_attachment *a,
                      const struct event_attachment *b)
{
    if (a->id != NULL && b->id != NULL)
        return str_equal(a->id, b->id);
    uint64_t more = a->size > b->size ? a->size : b->size;
    uint64_t less = a->size > b->size ? b->size : a->size;
    return text_equal(a->name, b->name) && more - less <= 1024;
}

static bool attachment_in(const struct event *event,
                          const struct event_attachment *attachment)
{
    for (size_t i = 0; i < event->attachment_count; i++)
        if (same_file(&event->attachments[i], attachment))
            return true;
    return false;
}

/* Links stay in the client's text, and pictures of the HTML with it. */
static bool attachments_in(const struct event *a, const struct event *b)
{
    for (size_t i = 0; i < a->attachment_count; i++)
        if (a->attachments[i].link == NULL &&
            !a->attachments[i].inline_picture &&
            !attachment_in(b, &a->attachments[i]))
            return false;
    return true;
}

static enum event_busy busy_known(enum event_busy busy)
{
    return busy == BUSY_UNKNOWN ? BUSY_BUSY : busy;
}

/* An organizer has not been asked either. */
static enum event_answer answer_given(enum event_answer answer)
{
    return answer == ANSWER_ORGANIZER ? ANSWER_NONE : answer;
}

static unsigned mark(bool equal, int part)
{
    return equal ? 0 : 1u << part;
}

unsigned event_differences(const struct event *a, const struct event *b)
{
    bool reminders_equal =
        a->reminder == b->reminder &&
        (!a->reminder || a->reminder_minutes == b->reminder_minutes);
    return mark(when_equal(&a->start, &b->start) &&
                    when_equal(&a->end, &b->end),
                EVENT_TIME) |
           mark(text_equal(a->summary, b->summary), EVENT_SUMMARY) |
           mark(text_equal(a->location, b->location), EVENT_LOCATION) |
           mark(bodies_equal(a->description, a->html, b->description, b->html),
                EVENT_BODY) |
           mark(busy_known(a->busy) == busy_known(b->busy), EVENT_BUSY) |
           mark(a->class == b->class, EVENT_CLASS) |
           mark(a->importance == b->importance, EVENT_IMPORTANCE) |
           mark(lists_equal(a->categories, b->categories), EVENT_CATEGORIES) |
           mark(reminders_equal, EVENT_REMINDER) |
           mark(attendees_in(a, b) && attendees_in(b, a), EVENT_ATTENDEES) |
           mark(answer_given(a->answer) == answer_given(b->answer),
                EVENT_ANSWER) |
           mark(a->refuse_counter == b->refuse_counter, EVENT_COUNTER) |
           mark(text_equal(a->url, b->url), EVENT_URL) |
           mark(attachments_in(a, b) && attachments_in(b, a),
                EVENT_ATTACHMENTS);
}

/* --- Tasks --------------------------------------------------------------- */

/* Exchange keeps days only. */
static bool days_equal(const struct when *a, const struct when *b)
{
    if (a->kind == WHEN_NONE || b->kind == WHEN_NONE)
        return a->kind == b->kind;
    return when_day(a) == when_day(b);
}

static bool progress_equal(const struct task *a, const struct task *b)
{
    if (a->status != b->status)
        return false;
    if (a->status == TASK_COMPLETED)
        return a->completed == TIME_NONE || b->completed == TIME_NONE ||
               a->completed / 86400 == b->completed / 86400;
    return a->percent == b->percent;
}

unsigned task_differences(const struct task *a, const struct task *b)
{
    bool reminders_equal =
        a->reminder == b->reminder &&
        (!a->reminder || a->reminder_time == b->reminder_time);
    return mark(text_equal(a->summary, b->summary), TASK_SUMMARY) |
           mark(bodies_equal(a->description, a->html, b->description, b->html),
                TASK_BODY) |
           mark(days_equal(&a->start, &b->start), TASK_START) |
           mark(days_equal(&a->due, &b->due), TASK_DUE) |
           mark(progress_equal(a, b), TASK_PROGRESS) |
           mark(a->class == b->class, TASK_CLASS) |
           mark(a->importance == b->importance, TASK_IMPORTANCE) |
           mark(lists_equal(a->categories, b->categories), TASK_CATEGORIES) |
           mark(reminders_equal, TASK_REMINDER) |
           mark(recurrence_equal(a->recurrence, b->recurrence),
                TASK_RECURRENCE);
}
