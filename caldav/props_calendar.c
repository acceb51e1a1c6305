/*
 * props_calendar.c - properties of calendars and address books: what they take,
 * what is in them
 */
#include "caldav/props.h"

#include <inttypes.h>
#include <string.h>

#include "caldav/links.h"
#include "config/settings.h"
#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "proxy/exchange/schedule.h"
#include "proxy/format/ical.h"
#include "proxy/format/ical_expand.h"
#include "proxy/format/zones.h"

/* A zone is written as it is for some years around today. */
#define YEARS_BEFORE 2
#define YEARS_AFTER 10
#define YEAR (366 * 24 * INT64_C(3600))

static void put_named(struct xml_writer *writer, const char *element,
                      const char *name)
{
    xml_open(writer, element);
    xml_attribute(writer, "name", name);
    xml_close(writer);
}

static void put_type(struct xml_writer *writer, const char *element,
                     const char *type, const char *version)
{
    xml_open(writer, element);
    xml_attribute(writer, "content-type", type);
    xml_attribute(writer, "version", version);
    xml_close(writer);
}

enum status dav_get_components(struct dav_resource *resource,
                               struct xml_writer *writer)
{
    enum dav_place_kind kind = resource->place.kind;
    const struct dav_call *call = resource->call;

    if (kind != DAV_TASKS)
        put_named(writer, "C:comp", "VEVENT");
    if (kind == DAV_OUTBOX)
        put_named(writer, "C:comp", "VFREEBUSY");
    if (kind != DAV_CALENDAR ||
        objects_hold(call->op, call->account, resource->place.folder->id,
                     OBJECT_TASK))
        put_named(writer, "C:comp", "VTODO");
    return STATUS_OK;
}

/* Apple's: which kinds a new calendar may have together.  Exchange has folders
 * for either. */
enum status dav_get_component_sets(struct dav_resource *resource,
                                   struct xml_writer *writer)
{
    static const char *const kinds[] = { "VEVENT", "VTODO" };

    (void)resource;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        xml_open(writer, "C:supported-calendar-component-set");
        put_named(writer, "C:comp", kinds[i]);
        xml_close(writer);
    }
    return STATUS_OK;
}

enum status dav_get_calendar_types(struct dav_resource *resource,
                                   struct xml_writer *writer)
{
    (void)resource;
    put_type(writer, "C:calendar-data", "text/calendar", "2.0");
    return STATUS_OK;
}

enum status dav_get_card_types(struct dav_resource *resource,
                               struct xml_writer *writer)
{
    (void)resource;
    put_type(writer, "A:address-data-type", "text/vcard", "3.0");
    put_type(writer, "A:address-data-type", "text/vcard", "4.0");
    return STATUS_OK;
}

static const char *const collations[] = { "i;ascii-casemap", "i;octet",
                                          "i;unicode-casemap" };

static void put_collations(struct xml_writer *writer, const char *element)
{
    for (size_t i = 0; i < sizeof collations / sizeof *collations; i++)
        xml_element(writer, element, collations[i]);
}

enum status dav_get_collations(struct dav_resource *resource,
                               struct xml_writer *writer)
{
    (void)resource;
    put_collations(writer, "C:supported-collation");
    return STATUS_OK;
}

enum status dav_get_card_collations(struct dav_resource *resource,
                                    struct xml_writer *writer)
{
    (void)resource;
    put_collations(writer, "A:supported-collation");
    return STATUS_OK;
}

/* --- Limits --------------------------------------------------------------- */

enum status dav_get_max_size(struct dav_resource *resource,
                             struct xml_writer *writer)
{
    xml_text(writer, arena_printf(resource->call->op->arena, "%" PRIu64,
                                  resource->call->settings->body_limit));
    return STATUS_OK;
}

enum status dav_get_max_attachments(struct dav_resource *resource,
                                    struct xml_writer *writer)
{
    xml_text(writer, arena_printf(resource->call->op->arena, "%d",
                                  EVENT_ATTACHMENTS_MAX));
    return STATUS_OK;
}

/* RFC 8607, 6.1: they are where the events are. */
enum status dav_get_attachments_url(struct dav_resource *resource,
                                    struct xml_writer *writer)
{
    dav_put_href(writer,
                 arena_printf(resource->call->op->arena, "%s/",
                              dav_host(resource->call)));
    return STATUS_OK;
}

enum status dav_get_min_date(struct dav_resource *resource,
                             struct xml_writer *writer)
{
    (void)resource;
    xml_text(writer, ICAL_FIRST_TEXT);
    return STATUS_OK;
}

enum status dav_get_max_date(struct dav_resource *resource,
                             struct xml_writer *writer)
{
    (void)resource;
    xml_text(writer, ICAL_LAST_TEXT);
    return STATUS_OK;
}

enum status dav_get_max_instances(struct dav_resource *resource,
                                  struct xml_writer *writer)
{
    xml_text(writer, arena_printf(resource->call->op->arena, "%d",
                                  (int)ICAL_MAX_INSTANCES));
    return STATUS_OK;
}

enum status dav_get_max_attendees(struct dav_resource *resource,
                                  struct xml_writer *writer)
{
    xml_text(writer, arena_printf(resource->call->op->arena, "%d",
                                  ICAL_ATTENDEES_MAX));
    return STATUS_OK;
}

/* --- Time ----------------------------------------------------------------- */

enum status dav_get_time_zone(struct dav_resource *resource,
                              struct xml_writer *writer)
{
    struct dav_call *call = resource->call;
    const struct zone *zone = schedule_zone(call->op, call->account);
    int64_t now = time_now();

    xml_text(writer,
             arena_printf(call->op->arena,
                          "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"
                          "PRODID:-//Postern//EN\r\n%sEND:VCALENDAR\r\n",
                          zone_vtimezone(call->op->arena, zone, NULL,
                                         now - YEARS_BEFORE * YEAR,
                                         now + YEARS_AFTER * YEAR)));
    return STATUS_OK;
}

enum status dav_get_time_zone_id(struct dav_resource *resource,
                                 struct xml_writer *writer)
{
    struct dav_call *call = resource->call;

    xml_text(writer, zone_name(schedule_zone(call->op, call->account)));
    return STATUS_OK;
}

enum status dav_get_transparency(struct dav_resource *resource,
                                 struct xml_writer *writer)
{
    (void)resource;
    xml_element(writer, "C:opaque", NULL);
    return STATUS_OK;
}

/* --- Colours -------------------------------------------------------------- */

/* Those of Outlook's surface, the first one for the calendar that everyone
 * has. */
static const char *const colors[] = { "#0078D4", "#107C10", "#D83B01",
                                      "#8764B8", "#038387", "#C239B3",
                                      "#986F0B", "#A4262C", "#4F6BED",
                                      "#69797E" };

/* Outlook tells nobody which colours it shows, and programs roll dice where
 * they are told none: on each machine, and anew each time. */
enum status dav_get_color(struct dav_resource *resource,
                          struct xml_writer *writer)
{
    const struct folder *folder = resource->place.folder;
    size_t others = sizeof colors / sizeof *colors - 1;
    bool is_first =
        folder->store == FOLDER_OWN && folder->use == FOLDER_CALENDAR_MAIN;

    xml_text(writer, colors[is_first ? 0 : 1 + (size_t)folder->id % others]);
    return STATUS_OK;
}

/* --- Objects -------------------------------------------------------------- */

/* Events that nobody is invited to have none, nor have tasks and contacts. */
enum status dav_get_schedule_tag(struct dav_resource *resource,
                                 struct xml_writer *writer)
{
    const struct object *object = resource->object;

    if (object == NULL || !object->meeting || object->schedule == 0)
        return STATUS_NOT_FOUND;
    xml_text(writer, arena_printf(resource->call->op->arena, "\"%" PRIx64 "\"",
                                  object->schedule));
    return STATUS_OK;
}

/* Reports give the text; PROPFIND has none. */
static enum status put_data(struct dav_resource *resource,
                            struct xml_writer *writer)
{
    if (resource->text == NULL)
        return STATUS_NOT_FOUND;
    xml_text(writer, resource->text);
    return STATUS_OK;
}

enum status dav_get_data(struct dav_resource *resource,
                         struct xml_writer *writer)
{
    return resource->object != NULL && resource->object->kind != OBJECT_CONTACT
               ? put_data(resource, writer)
               : STATUS_NOT_FOUND;
}

enum status dav_get_card_data(struct dav_resource *resource,
                              struct xml_writer *writer)
{
    return resource->object == NULL || resource->object->kind == OBJECT_CONTACT
               ? put_data(resource, writer)
               : STATUS_NOT_FOUND;
}
