/*
 * series.h - what recurs: the rule, its days, and what is different on some
 *
 * A rule gives days by the clock of the series' zone.  The occurrence of a day
 * is the master with its start and end moved there, and with the properties
 * that an exception has of its own.  Occurrences are no items of the folder:
 * they are made when a call looks at one, and go with it.
 */
#ifndef POSTERN_TESTS_EXCHANGE_SERIES_H
#define POSTERN_TESTS_EXCHANGE_SERIES_H

#include "tests/exchange/call.h"
#include "tests/exchange/model.h"

enum sim_pattern {
    SIM_DAILY,
    SIM_WEEKLY,
    SIM_MONTHLY,
    SIM_MONTHLY_RELATIVE,
    SIM_YEARLY,
    SIM_YEARLY_RELATIVE,
    /* Of tasks: so long after the last one was done. */
    SIM_DAILY_REGENERATION,
    SIM_WEEKLY_REGENERATION,
    SIM_MONTHLY_REGENERATION,
    SIM_YEARLY_REGENERATION,
    SIM_PATTERN_COUNT
};

enum sim_range { SIM_FOREVER, SIM_UNTIL, SIM_TIMES };

struct sim_rule {
    enum sim_pattern pattern;
    int interval;
    unsigned weekdays;      /* 1 << 0 is Sunday */
    int week;               /* 1 to 4; 5 is the last */
    int day;                /* of the month; too large: its last */
    int month;              /* 1 to 12 */
    unsigned first_weekday; /* that weeks begin with */
    bool weeks_begin;       /* ... was said */
    enum sim_range range;
    int64_t begin; /* days since 1970 */
    int64_t until;
    int times;
};

struct sim_attachment;

struct sim_exception {
    int64_t day; /* as the rule has it */
    bool deleted;
    struct property_bag changes; /* 0 values: taken away */
    bool has_files;              /* of its own, whatever its master has */
    struct sim_attachment *files;
    size_t file_count;
};

struct sim_series {
    struct sim_rule rule;
    struct sim_exception *exceptions; /* by day */
    size_t count;
};

/* --- Rules --------------------------------------------------------------- */

#define NO_DAY INT64_MIN

/* The first day after `day` (NO_DAY: at all) that fits; NO_DAY: none does. */
int64_t sim_rule_next(const struct sim_rule *rule, int64_t day);
bool sim_rule_fits(const struct sim_rule *rule, int64_t day);

/* The day with this number, counted from 1, and back (0: none); the last one,
 * NO_DAY where there is no end. */
int64_t sim_rule_nth(const struct sim_rule *rule, int number);
int sim_rule_number(const struct sim_rule *rule, int64_t day);
int64_t sim_rule_last(const struct sim_rule *rule);

/* Reads a Recurrence element; a code if it makes no sense.  Writes one. */
const char *sim_rule_read(const struct node *recurrence,
                          struct sim_rule *rule_out);
void sim_rule_put(struct call *call, const char *element,
                  const struct sim_rule *rule);

/* --- Series -------------------------------------------------------------- */

struct sim_series *sim_series_new(const struct sim_rule *rule);
struct sim_series *sim_series_copy(const struct sim_series *series);
void sim_series_free(struct sim_series **series);

struct sim_exception *sim_series_find(const struct sim_series *series,
                                      int64_t day);
void sim_series_forget(struct sim_series *series);

/* The exception of a day, which is a new one unless there is one. */
struct sim_exception *sim_series_except(struct sim_series *series, int64_t day);

/* Whether the day is one of the series that has not been deleted. */
bool sim_series_has(const struct sim_series *series, int64_t day);

/* --- Occurrences --------------------------------------------------------- */

/* The instants that the rule gives a day, whatever an exception says. */
int64_t sim_occurrence_start(struct arena *arena, const struct sim_item *master,
                             int64_t day);

/* The item of that day as a call sees it, in the arena. */
struct sim_item *sim_occurrence(struct arena *arena, struct sim_item *master,
                                int64_t day);

/* The day of an occurrence's id. */
#define sim_occurrence_day(extra) ((int64_t)(extra) - (1 << 30))

/* The item that an ItemId, OccurrenceItemId or RecurringMasterItemId names;
 * NULL with its code, or with none if it is not there. */
struct sim_item *sim_item_named(struct call *call, const struct node *id,
                                const char **code_out);

/* Keeps what differs between an occurrence, as it has been changed, and its
 * master as an exception.  A code where it would meet or pass another one. */
const char *sim_occurrence_keep(struct arena *arena, struct sim_item *item);

/* Takes the day out of its series. */
void sim_occurrence_remove(struct sim_item *master, int64_t day);

/* "Single", "Occurrence", "Exception" or "RecurringMaster". */
const char *sim_occurrence_type(const struct sim_item *item);

/* The occurrences that are at least partly between two instants, at most
 * `max`: their days in the arena. */
int64_t *sim_series_days(struct arena *arena, struct sim_item *master,
                         int64_t from, int64_t to, size_t max,
                         size_t *count_out);

/* The zone that a calendar item's days are days of. */
const struct sim_zone *sim_item_zone(struct arena *arena,
                                     const struct sim_item *item);

#endif
