/*
 * props.h - the properties of resources: one table
 *
 * A line says what a property is called, which kinds of places have it, whether
 * allprop shows it and how it is had; and whether clients may set it, which is
 * kept (object_set_properties).  What has no line is a dead property: kept as
 * it is, on folders and objects.
 */
#ifndef POSTERN_CALDAV_PROPS_H
#define POSTERN_CALDAV_PROPS_H

#include <stdbool.h>
#include <stddef.h>

#include "caldav/multistatus.h"

struct contact;

/* Something that properties are asked of.  What costs is found out when it is
 * needed first. */
struct dav_resource {
    struct dav_call *call;
    struct dav_place place;
    const struct object *object; /* of DAV_OBJECT */

    /* The text where a report gives it out, shaped as was asked for. */
    const char *text;
    size_t len;

    bool has_marks;
    enum status marks_status;
    struct object_marks marks; /* of the folder */
    bool has_kept;
    enum status kept_status;
    struct object_property *kept;
    size_t kept_count;
    const char *etag;  /* of DAV_PERSON */
    const char *title; /* of a principal found in the directory; NULL */
};

/* Where the folder stands: refreshed, once. */
enum status dav_resource_marks(struct dav_resource *resource,
                               const struct object_marks **marks_out);

/* Stands before a kept value that has a language, which ends with "?>".  No
 * value begins so by itself: they hold elements and text alone. */
#define DAV_KEPT_LANGUAGE "<?lang "

/* What clients have set, by its long name; NULL if nothing. */
const char *dav_resource_kept(struct dav_resource *resource, const char *name);

/* Writes what a property holds.  STATUS_NOT_FOUND: this one has none. */
typedef enum status dav_prop_get(struct dav_resource *resource,
                                 struct xml_writer *writer);

/* Why a value may not be set, for programs (NULL: nothing for them) and for
 * people. */
struct dav_fault {
    const char *precondition;
    const char *sentence;
};

/* NULL: the property may be set so. */
const struct dav_fault *dav_prop_fault(struct arena *arena, const char *name,
                                       const struct dav_node *value);

enum dav_prop_trait {
    DAV_PROP_ALL = 1 << 0,  /* allprop shows it */
    DAV_PROP_KEPT = 1 << 1, /* clients set it; what they say goes first */
};

struct dav_prop {
    const char *name;
    unsigned places; /* set of enum dav_place_kind */
    unsigned traits;
    dav_prop_get *get;
};

extern const struct dav_prop dav_props[];
extern const size_t dav_prop_count;

/* NULL for one without a line. */
const struct dav_prop *dav_prop_find(const char *name);

/* Writes what the property of that name holds.  STATUS_NOT_FOUND: the resource
 * has none; what has been written by then is to be forgotten. */
enum status dav_prop_write(struct dav_resource *resource, const char *name,
                           struct xml_writer *writer);

/* What is asked for. */
struct dav_ask {
    enum { DAV_ASK_SOME, DAV_ASK_ALL, DAV_ASK_NAMES } kind;
    const char **names; /* those of `prop`, or `include` */
    size_t count;
};

/* Reads the children of a D:prop into `ask`. */
void dav_ask_read(struct arena *arena, const struct dav_node *prop,
                  struct dav_ask *ask);

/* Whether one of the names is this. */
bool dav_asks_for(const struct dav_ask *ask, const char *name);

/* The whole response for one resource; false once the client has gone. */
bool dav_response_props(struct dav_multistatus *out,
                        struct dav_resource *resource,
                        const struct dav_ask *ask);

/* --- Getters -------------------------------------------------------------- */

void dav_put_href(struct xml_writer *writer, const char *href);

/* props_dav.c: WebDAV, access control, synchronisation */
dav_prop_get dav_get_resourcetype;
dav_prop_get dav_get_displayname;
dav_prop_get dav_get_etag;
dav_prop_get dav_get_content_type;
dav_prop_get dav_get_content_length;
dav_prop_get dav_get_owner;
dav_prop_get dav_get_privileges;
dav_prop_get dav_get_privilege_tree;
dav_prop_get dav_get_reports;
dav_prop_get dav_get_ctag;
dav_prop_get dav_get_sync_token;
dav_prop_get dav_get_resource_id;
dav_prop_get dav_get_add_member;
dav_prop_get dav_get_quota_used;
dav_prop_get dav_get_quota_free;

/* props_principal.c: who is who, and where his things are */
dav_prop_get dav_get_principal;
dav_prop_get dav_get_principal_url;
dav_prop_get dav_get_principals;
dav_prop_get dav_get_calendar_home;
dav_prop_get dav_get_addressbook_home;
dav_prop_get dav_get_addresses;
dav_prop_get dav_get_emails;
dav_prop_get dav_get_user_type;
dav_prop_get dav_get_inbox_url;
dav_prop_get dav_get_outbox_url;
dav_prop_get dav_get_default_calendar;
dav_prop_get dav_get_readable;
dav_prop_get dav_get_writable;
dav_prop_get dav_get_groups;
dav_prop_get dav_get_members;
dav_prop_get dav_get_directory;
dav_prop_get dav_get_nothing;

/* props_calendar.c: what calendars and address books take */
dav_prop_get dav_get_components;
dav_prop_get dav_get_component_sets;
dav_prop_get dav_get_calendar_types;
dav_prop_get dav_get_card_types;
dav_prop_get dav_get_collations;
dav_prop_get dav_get_card_collations;
dav_prop_get dav_get_max_size;
dav_prop_get dav_get_max_attachments;
dav_prop_get dav_get_attachments_url;
dav_prop_get dav_get_min_date;
dav_prop_get dav_get_max_date;
dav_prop_get dav_get_max_instances;
dav_prop_get dav_get_max_attendees;
dav_prop_get dav_get_time_zone;
dav_prop_get dav_get_time_zone_id;
dav_prop_get dav_get_transparency;
dav_prop_get dav_get_schedule_tag;
dav_prop_get dav_get_data;
dav_prop_get dav_get_card_data;
dav_prop_get dav_get_color;

#endif
