/*
 * series.c - rules with what is different on some of their days
 */
#include "tests/exchange/series.h"

#include <stdlib.h>
#include <string.h>

#include "proxy/base/memory.h"
#include "tests/exchange/attachments.h"

struct sim_series *sim_series_new(const struct sim_rule *rule)
{
    struct sim_series *series = memory_new(sizeof *series);

    series->rule = *rule;
    return series;
}

void sim_series_forget(struct sim_series *series)
{
    for (size_t i = 0; i < series->count; i++) {
        bag_fini(&series->exceptions[i].changes);
        sim_attachments_drop(series->exceptions[i].files,
                             series->exceptions[i].file_count);
    }
    free(series->exceptions);
    series->exceptions = NULL;
    series->count = 0;
}

void sim_series_free(struct sim_series **series)
{
    if (*series != NULL)
        sim_series_forget(*series);
    free(*series);
    *series = NULL;
}

struct sim_exception *sim_series_find(const struct sim_series *series,
                                      int64_t day)
{
    for (size_t i = 0; i < series->count; i++)
        if (series->exceptions[i].day == day)
            return &series->exceptions[i];
    return NULL;
}

struct sim_exception *sim_series_except(struct sim_series *series, int64_t day)
{
    size_t at = 0;

    if (sim_series_find(series, day) != NULL)
        return sim_series_find(series, day);
    while (at < series->count && series->exceptions[at].day < day)
        at++;
    series->exceptions = memory_resize(
        series->exceptions, (series->count + 1) * sizeof *series->exceptions);
    memmove(&series->exceptions[at + 1], &series->exceptions[at],
            (series->count - at) * sizeof *series->exceptions);
    series->exceptions[at] = (struct sim_exception){ .day = day };
    series->count++;
    return &series->exceptions[at];
}

struct sim_series *sim_series_copy(const struct sim_series *series)
{
    struct sim_series *copy;

    if (series == NULL)
        return NULL;
    copy = sim_series_new(&series->rule);
    for (size_t i = 0; i < series->count; i++) {
        struct sim_exception *added =
            sim_series_except(copy, series->exceptions[i].day);

        added->deleted = series->exceptions[i].deleted;
        bag_copy(&added->changes, &series->exceptions[i].changes);
        sim_attachments_copy_day(added, &series->exceptions[i]);
    }
    return copy;
}

bool sim_series_has(const struct sim_series *series, int64_t day)
{
    const struct sim_exception *found = sim_series_find(series, day);

    return found == NULL || !found->deleted;
}
