/*
 * report.h - the reports: one table (RFC 3253, 3.6)
 */
#ifndef POSTERN_CALDAV_REPORT_H
#define POSTERN_CALDAV_REPORT_H

#include <stddef.h>

#include "caldav/call.h"

typedef enum status dav_report_run(struct dav_call *call,
                                   const struct dav_node *root);

struct dav_report {
    const char *name;
    unsigned places; /* set of enum dav_place_kind */
    dav_report_run *run;
};

extern const struct dav_report dav_reports[];
extern const size_t dav_report_count;

dav_report_run dav_report_calendar_multiget;
dav_report_run dav_report_calendar_query;
dav_report_run dav_report_card_multiget;
dav_report_run dav_report_card_query;
dav_report_run dav_report_expand;
dav_report_run dav_report_free_busy;
dav_report_run dav_report_principal_search;
dav_report_run dav_report_search_properties;
dav_report_run dav_report_sync;

#endif
