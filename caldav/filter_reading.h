/*
 * filter_reading.h - what the filters of calendars and of address books have in
 * common
 */
#ifndef POSTERN_CALDAV_FILTER_READING_H
#define POSTERN_CALDAV_FILTER_READING_H

#include <stdbool.h>
#include <stddef.h>

#include "caldav/call.h"
#include "proxy/format/ical_filter.h"

struct dav_filter_reading {
    struct dav_call *call;
    struct arena *arena;
    const char *fault;           /* the precondition of what is no filter */
    const char *collation_fault; /* and of a collation that we have not */
    enum ical_collation standard;
    bool good;
};

/* What is wrong with a filter is said once. */
void dav_filter_complain(struct dav_filter_reading *reading,
                         const char *precondition, const char *sentence);

size_t dav_count_children(const struct dav_node *node, const char *name);

/* The name that a filter has to have; "" and a complaint if it has none. */
const char *dav_filter_name(struct dav_filter_reading *reading,
                            const struct dav_node *node);

/* Of a text-match: how, and with what, white space and all. */
enum ical_collation dav_filter_collation(struct dav_filter_reading *reading,
                                         const struct dav_node *node);
const char *dav_filter_text(const struct dav_node *node);
bool dav_filter_negates(const struct dav_node *node);

#endif
