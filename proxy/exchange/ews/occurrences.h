/*
 * occurrences.h - days of a series that are another way, or not at all
 */
#ifndef POSTERN_EXCHANGE_EWS_OCCURRENCES_H
#define POSTERN_EXCHANGE_EWS_OCCURRENCES_H

#include "proxy/exchange/ews/objects.h"

/* One day of a series, by its own id or by its place in the series. */
struct occurrence {
    const char *id; /* NULL: by its index */
    uint32_t index; /* 1 is the first */
    const struct event *event;
    const struct event *was; /* as it is before this */
    bool own;                /* that is an exception already */
    unsigned parts;          /* what of it has to be written */
    const char *id_after;    /* where Exchange says it */
};

/* The changes of a series' days, besides what is the matter with all of it. */
struct occurrences {
    const char *master; /* the id of the series */
    enum remote_notice notice;
    struct occurrence *deleted;
    size_t deleted_count;
    struct occurrence *changed;
    size_t changed_count;
};

/*
 * What has to be done for a series that Exchange holds as `was` to become as
 * `shall` be, once its master is that already; `anew`: of the days nothing is
 * left.  False where a day is none of the series'.
 */
bool occurrences_plan(struct arena *arena, const struct series *was,
                      const struct series *shall, bool anew,
                      struct occurrences *plan_out);

/* Does it: a call for those that go, another for those that change.  The status
 * is the first failure of either. */
enum status occurrences_write(struct op *op, struct ews *ews,
                              const struct occurrences *plan);

/* Writes t:ItemId or t:OccurrenceItemId. */
void occurrence_write_id(struct xml_writer *writer, const char *master,
                         const struct occurrence *occurrence);

#endif
