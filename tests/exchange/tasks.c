/*
 * tasks.c - the fields of tasks, and what follows from what
 *
 * A task that is done is so in four ways at once: its status, its percentage,
 * its date and its mark.  Setting one sets the others.  A recurring one that is
 * done leaves a copy that is done, and goes on with its next day.
 */
#include "tests/exchange/tasks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "tests/exchange/form_words.h"
#include "tests/exchange/series.h"
#include "tests/exchange/timezone.h"

#define STATUS 0x8101u
#define PERCENT 0x8102u
#define START 0x8104u
#define DUE 0x8105u
#define DONE_DATE 0x810fu
#define DONE 0x811cu
#define RECURRING 0x8126u

enum { NOT_STARTED, IN_PROGRESS, COMPLETED };

static const char *const statuses[] = { "NotStarted", "InProgress",
                                        "Completed",  "WaitingOnOthers",
                                        "Deferred",   NULL };

/* --- Reading ------------------------------------------------------------- */

static const char *read_percent(struct arena *arena, struct sim_item *item)
{
    const char *text = form_get(item, SET_TASK, PERCENT, TYPE_DOUBLE);

    return arena_printf(arena, "%g",
                        text == NULL ? 0.0 : strtod(text, NULL) * 100);
}

static const char *read_status(struct arena *arena, struct sim_item *item)
{
    (void)arena;
    return statuses[form_number(item, SET_TASK, STATUS, NOT_STARTED) % 5];
}

static const char *read_description(struct arena *arena, struct sim_item *item)
{
    static const char *const texts[] = { "Not Started", "In Progress",
                                         "Completed", "Waiting on others",
                                         "Deferred" };

    (void)arena;
    return texts[form_number(item, SET_TASK, STATUS, NOT_STARTED) % 5];
}

static const char *read_complete(struct arena *arena, struct sim_item *item)
{
    (void)arena;
    return form_true(item, SET_TASK, DONE) ? "true" : "false";
}

static const char *read_recurring(struct arena *arena, struct sim_item *item)
{
    (void)arena;
    return item->series != NULL ? "true" : "false";
}

static const char *read_no(struct arena *arena, struct sim_item *item)
{
    (void)arena;
    (void)item;
    return "false";
}

static const char *read_count(struct arena *arena, struct sim_item *item)
{
    return arena_printf(arena, "%lld",
                        (long long)form_number(item, SET_TASK, 0x8112, 1));
}

static const char *read_owner(struct arena *arena, struct sim_item *item)
{
    (void)arena;
    return item->folder->mailbox->display_name;
}

static const char *read_state(struct arena *arena, struct sim_item *item)
{
    (void)arena;
    (void)item;
    return "NoMatch";
}

static void put_recurrence(struct call *call, const struct field *field,
                           struct sim_item *item)
{
    if (item->series != NULL)
        sim_rule_put(call, field->element, &item->series->rule);
}

/* --- Storing ------------------------------------------------------------- */

static void set_done(struct sim_item *item, int64_t when)
{
    form_set_true(item, SET_TASK, DONE, true);
    bag_set_number(&item->bag, SET_TASK, STATUS, COMPLETED);
    form_set(item, SET_TASK, PERCENT, TYPE_DOUBLE, "1");
    form_set_time(item, SET_TASK, DONE_DATE, when - when % 86400);
}

static void set_undone(struct sim_item *item)
{
    form_set_true(item, SET_TASK, DONE, false);
    form_remove(item, SET_TASK, DONE_DATE, TYPE_SYSTEM_TIME);
}

static const char *store_status(struct call *call,
                                const struct form_field *field,
                                struct sim_item *item,
                                const struct node *element)
{
    static const struct source source = {
        .tag = STATUS, .type = TYPE_INTEGER, .set = SET_TASK, .words = statuses
    };
    const char *code;

    (void)field;
    if (element == NULL)
        return "ErrorInvalidPropertyDelete";
    code = form_store(call, &source, item, element);
    if (code != NULL)
        return code;
    if (str_equal(element->text, "Completed")) {
        if (!form_true(item, SET_TASK, DONE))
            set_done(item, time_now());
        return NULL;
    }
    if (form_true(item, SET_TASK, DONE) ||
        str_equal(element->text, "NotStarted"))
        form_set(item, SET_TASK, PERCENT, TYPE_DOUBLE, "0");
    set_undone(item);
    return NULL;
}

static const char *store_percent(struct call *call,
                                 const struct form_field *field,
                                 struct sim_item *item,
                                 const struct node *element)
{
    double percent = element == NULL ? 0 : strtod(element->text, NULL);
    char text[32];

    (void)call;
    (void)field;
    if (percent < 0 || percent > 100)
        return "ErrorInvalidPercentCompleteValue";
    if (percent == 100) {
        if (!form_true(item, SET_TASK, DONE))
            set_done(item, time_now());
        return NULL;
    }
    set_undone(item);
    snprintf(text, sizeof text, "%g", percent / 100);
    form_set(item, SET_TASK, PERCENT, TYPE_DOUBLE, text);
    if (percent == 0 ||
        form_number(item, SET_TASK, STATUS, NOT_STARTED) == COMPLETED ||
        form_number(item, SET_TASK, STATUS, NOT_STARTED) == NOT_STARTED)
        bag_set_number(&item->bag, SET_TASK, STATUS,
                       percent == 0 ? NOT_STARTED : IN_PROGRESS);
    return NULL;
}

static const char *store_done_date(struct call *call,
                                   const struct form_field *field,
                                   struct sim_item *item,
                                   const struct node *element)
{
    int64_t when = element == NULL ? TIME_NONE : time_from_iso(element->text);

    (void)call;
    (void)field;
    if (element == NULL) {
        set_undone(item);
        bag_set_number(&item->bag, SET_TASK, STATUS, NOT_STARTED);
        form_set(item, SET_TASK, PERCENT, TYPE_DOUBLE, "0");
        return NULL;
    }
    /* A day is not over everywhere at once. */
    if (when == TIME_NONE || when > time_now() + 86400)
        return "ErrorInvalidCompleteDate";
    set_done(item, when);
    return NULL;
}

/* Days, whatever time they come with, at midnight of UTC; the common twins are
 * what other programs look at. */
static const char *store_day(struct call *call, const struct form_field *field,
                             struct sim_item *item, const struct node *element)
{
    uint32_t tag = field->field.source.tag;
    uint32_t twin = tag == START ? 0x8516 : 0x8517;
    int64_t time;

    if (element == NULL) {
        form_remove(item, SET_TASK, tag, TYPE_SYSTEM_TIME);
        form_remove(item, SET_COMMON, twin, TYPE_SYSTEM_TIME);
        return NULL;
    }
    time = sim_zone_time(call->zone == NULL ? sim_zone_utc() : call->zone,
                         element->text);
    if (time == TIME_NONE)
        return "ErrorInvalidValueForProperty";
    if (call->zone != NULL)
        time = sim_zone_to_wall(call->zone, time);
    time -= ((time % 86400) + 86400) % 86400;
    form_set_time(item, SET_TASK, tag, time);
    form_set_time(item, SET_COMMON, twin, time);
    return NULL;
}

static const char *store_recurrence(struct call *call,
                                    const struct form_field *field,
                                    struct sim_item *item,
                                    const struct node *element)
{
    struct sim_rule rule;
    const char *code = element == NULL ? NULL : sim_rule_read(element, &rule);

    (void)call;
    (void)field;
    if (code != NULL)
        return code;
    sim_series_free(&item->series);
    if (element == NULL)
        return NULL;
    item->series = sim_series_new(&rule);
    if (form_time(item, SET_TASK, DUE) == TIME_NONE) {
        form_set_time(item, SET_TASK, START, rule.begin * 86400);
        form_set_time(item, SET_TASK, DUE, rule.begin * 86400);
    }
    return NULL;
}

/* --- The table ----------------------------------------------------------- */

/* clang-format off */
const struct form_field task_fields[] = {
    { { "task:ActualWork", "ActualWork", V07, ROW | ANY, LID(TASK, 0x8110, INTEGER), NULL }, NULL },
    { { "task:AssignedTime", "AssignedTime", V07, ROW, LID(TASK, 0x8115, SYSTEM_TIME), put_time_field }, NULL },
    { { "task:BillingInformation", "BillingInformation", V07, ROW | ANY, LID(COMMON, 0x8535, STRING), NULL }, NULL },
    { { "task:ChangeCount", "ChangeCount", V07, ROW, READ(read_count), NULL }, NULL },
    { { "task:Companies", "Companies", V07, ALL | ANY, LID(COMMON, 0x8539, STRING_ARRAY), form_put_strings }, NULL },
    { { "task:CompleteDate", "CompleteDate", V07, ROW | ANY, LID(TASK, DONE_DATE, SYSTEM_TIME), put_time_field }, store_done_date },
    { { "task:Contacts", "Contacts", V07, ALL | ANY, LID(COMMON, 0x853a, STRING_ARRAY), form_put_strings }, NULL },
    { { "task:DelegationState", "DelegationState", V07, ROW, READ(read_state), NULL }, NULL },
    { { "task:Delegator", "Delegator", V07, ROW, LID(TASK, 0x8121, STRING), NULL }, NULL },
    { { "task:DueDate", "DueDate", V07, DEF | ROW | ANY, LID(TASK, DUE, SYSTEM_TIME), put_time_field }, store_day },
    { { "task:IsAssignmentEditable", "IsAssignmentEditable", V07, FIND, NOTHING, NULL }, NULL },
    { { "task:IsComplete", "IsComplete", V07, ROW, READ(read_complete), NULL }, NULL },
    { { "task:IsRecurring", "IsRecurring", V07, ROW, READ(read_recurring), NULL }, NULL },
    { { "task:IsTeamTask", "IsTeamTask", V07, ROW, READ(read_no), NULL }, NULL },
    { { "task:Mileage", "Mileage", V07, ROW | ANY, LID(COMMON, 0x8534, STRING), NULL }, NULL },
    { { "task:Owner", "Owner", V07, ROW, READ(read_owner), NULL }, NULL },
    { { "task:PercentComplete", "PercentComplete", V07, DEF | ROW | ANY, READ(read_percent), NULL }, store_percent },
    { { "task:Recurrence", "Recurrence", V07, ALL | ANY, NOTHING, put_recurrence }, store_recurrence },
    { { "task:StartDate", "StartDate", V07, DEF | ROW | ANY, LID(TASK, START, SYSTEM_TIME), put_time_field }, store_day },
    { { "task:Status", "Status", V07, DEF | ROW | ANY, READ(read_status), NULL }, store_status },
    { { "task:StatusDescription", "StatusDescription", V07, ROW, READ(read_description), NULL }, NULL },
    { { "task:TotalWork", "TotalWork", V07, ROW | ANY, LID(TASK, 0x8111, INTEGER), NULL }, NULL },
    END
};
/* clang-format on */

/* --- Going on ------------------------------------------------------------ */

static int64_t plus_months(int64_t day, int months)
{
    int64_t year;
    unsigned month;
    unsigned number;

    time_civil_from_day(day, &year, &month, &number);
    year += (month - 1 + (unsigned)months) / 12;
    month = (month - 1 + (unsigned)months) % 12 + 1;
    return time_day_from_civil(year, month, number > 28 ? 28 : number);
}

/* The day that a rule goes on with after one that is done; regenerating ones
 * count from when it was done. */
static int64_t next_day(const struct sim_rule *rule, int64_t day, int64_t done)
{
    switch (rule->pattern) {
    case SIM_DAILY_REGENERATION:
        return done + rule->interval;
    case SIM_WEEKLY_REGENERATION:
        return done + 7 * rule->interval;
    case SIM_MONTHLY_REGENERATION:
        return plus_months(done, rule->interval);
    case SIM_YEARLY_REGENERATION:
        return plus_months(done, 12 * rule->interval);
    default:
        return sim_rule_next(rule, day);
    }
}

static bool go_on(struct sim_item *item, int64_t done)
{
    int64_t due = form_time(item, SET_TASK, DUE);
    int64_t start = form_time(item, SET_TASK, START);
    int64_t next = due == TIME_NONE ? NO_DAY
                                    : next_day(&item->series->rule, due / 86400,
                                               done / 86400);

    if (next == NO_DAY)
        return false;
    set_undone(item);
    bag_set_number(&item->bag, SET_TASK, STATUS, NOT_STARTED);
    form_set(item, SET_TASK, PERCENT, TYPE_DOUBLE, "0");
    if (start != TIME_NONE)
        form_set_time(item, SET_TASK, START, start + next * 86400 - due);
    form_set_time(item, SET_TASK, DUE, next * 86400);
    return true;
}

bool task_skip(struct sim_item *item)
{
    return go_on(item, time_now());
}

void task_settle(struct sim_item *item)
{
    struct sim_item *done;

    form_set_true(item, SET_TASK, RECURRING, item->series != NULL);
    if (item->series == NULL || !form_true(item, SET_TASK, DONE))
        return;
    done = sim_item_copy(item, item->folder);
    sim_series_free(&done->series);
    form_set_true(done, SET_TASK, RECURRING, false);
    if (!go_on(item, form_time(item, SET_TASK, DONE_DATE)))
        sim_item_remove(done);
}
