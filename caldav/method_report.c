/*
 * method_report.c - REPORT: finds out which (RFC 3253, 3.6)
 */
#include "caldav/report.h"

#include "proxy/base/str.h"

#define EVENTS (DAV_KIND(DAV_CALENDAR) | DAV_KIND(DAV_TASKS))
#define OBJECT DAV_KIND(DAV_OBJECT)
#define HOME DAV_KIND(DAV_HOME)
#define BOXES (DAV_KIND(DAV_INBOX) | DAV_KIND(DAV_OUTBOX))
#define INBOX DAV_KIND(DAV_INBOX)
#define CALENDARS (EVENTS | HOME | OBJECT | BOXES)
#define BOOKS (DAV_KIND(DAV_CONTACTS) | DAV_KIND(DAV_DIRECTORY))
#define LEADING                                                                \
    (DAV_KIND(DAV_PLAIN) | DAV_KIND(DAV_PRINCIPAL) | DAV_KIND(DAV_PROXY) |     \
     DAV_KIND(DAV_HOME))

/* clang-format off */
const struct dav_report dav_reports[] = {
    { "C:calendar-multiget",             CALENDARS,              dav_report_calendar_multiget },
    { "C:calendar-query",                CALENDARS,              dav_report_calendar_query },
    { "C:free-busy-query",               EVENTS | HOME,           dav_report_free_busy },
    { "A:addressbook-multiget",          BOOKS | HOME | OBJECT,   dav_report_card_multiget },
    { "A:addressbook-query",             BOOKS | HOME | OBJECT,   dav_report_card_query },
    { "D:sync-collection",               DAV_FOLDERS | INBOX,     dav_report_sync },
    { "D:expand-property",               DAV_ALL_KINDS,           dav_report_expand },
    { "D:principal-property-search",     LEADING,                 dav_report_principal_search },
    { "D:principal-search-property-set", LEADING,                 dav_report_search_properties },
};
/* clang-format on */

const size_t dav_report_count = sizeof dav_reports / sizeof *dav_reports;

enum status dav_method_report(struct dav_call *call)
{
    const struct dav_node *root;

    if (!dav_read_body(call, false, &root))
        return STATUS_OK;
    for (size_t i = 0; i < dav_report_count; i++)
        if (str_equal(dav_reports[i].name, root->name) &&
            (dav_reports[i].places & DAV_KIND(call->place.kind)) != 0)
            return dav_reports[i].run(call, root);
    return dav_refuse(call, 403, "D:supported-report", NULL);
}
