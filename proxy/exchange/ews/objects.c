/*
 * objects.c - events, tasks and contacts behind the interface: what does what
 */
#include "proxy/exchange/ews/objects.h"

#include "proxy/exchange/ews/recurrence_map.h"

static const char *refuses(struct remote *remote,
                           const struct recurrence *recurrence)
{
    return recurrence_fits(ews_version(ews_of(remote)), recurrence)
               ? NULL
               : "To this version of Exchange weeks begin on Sunday: an RRULE "
                 "with an INTERVAL and another WKST would have other days";
}

const struct remote_objects ews_objects = {
    .sync = ews_objects_sync,
    .list = ews_objects_list,
    .read = ews_objects_read,
    .refuses = refuses,
    .event_create = ews_event_create,
    .task_create = ews_task_create,
    .contact_create = ews_contact_create,
    .event_update = ews_event_update,
    .task_update = ews_task_update,
    .contact_update = ews_contact_update,
    .remove = ews_object_remove,
    .respond = ews_object_respond,
    .find = ews_objects_find,
    .days = ews_days,
    .attachment_read = ews_attachment_read,
    .attachment_add = ews_attachment_add,
    .attachment_remove = ews_attachment_remove,
    .arrivals = ews_arrivals,
    .busy = ews_busy,
    .zone = ews_zone,
    .addresses = ews_addresses,
};
