/*
 * property.h - how Exchange names the properties of items and folders
 *
 * Some have a name in the schema (a field), the others are MAPI properties: by
 * tag, by number in one of Outlook's sets, or by name among the public strings.
 */
#ifndef POSTERN_EXCHANGE_EWS_PROPERTY_H
#define POSTERN_EXCHANGE_EWS_PROPERTY_H

#include <stdint.h>

#include "proxy/format/xml.h"

enum property_kind {
    PROPERTY_FIELD,       /* name: "message:IsRead" */
    PROPERTY_INDEXED,     /* name: "contacts:PhoneNumber"; type: "Pager" */
    PROPERTY_TAG,         /* id: 0x1090 */
    PROPERTY_COMMON,      /* id: 0x8570, in the set for all items */
    PROPERTY_APPOINTMENT, /* the same, in the set for appointments */
    PROPERTY_MEETING,
    PROPERTY_TASK,
    PROPERTY_ADDRESS,
    PROPERTY_STRING, /* name: "postern-flags", a public string */
    PROPERTY_HEADER  /* name: a field of the message's header */
};

struct property {
    enum property_kind kind;
    uint32_t id;
    const char *name;
    const char *type; /* "Integer"; NULL for a field; which of an indexed one */
};

extern const struct property property_is_read;
extern const struct property property_categories;
extern const struct property property_message_id;
extern const struct property property_message_flags; /* 0x0E07: read, unsent */
extern const struct property property_flag_status;   /* 0x1090: 2 is flagged */
extern const struct property
    property_todo; /* 0x0E2B: shows in the To-Do list */
extern const struct property
    property_flag_request; /* Common 0x8530: "Follow up" */
extern const struct property
    property_last_verb; /* 0x1081: what was done last */
extern const struct property property_last_verb_time;
extern const struct property property_icon;    /* 0x1080 */
extern const struct property property_deleted; /* Common 0x8570: IMAP's mark */
extern const struct property
    property_own_flags; /* what Exchange has no place for */
extern const struct property property_token;     /* which attempt made it */
extern const struct property property_delivered; /* 0x0E06 */
extern const struct property property_submitted; /* 0x0039 */
extern const struct property
    property_article;                         /* 0x0E23: the order of arrival */
extern const struct property property_header; /* 0x007D, as it was received */
extern const struct property property_committed;   /* 0x670A of a folder */
extern const struct property property_deletions;   /* 0x670B of a folder */
extern const struct property property_hidden;      /* 0x10F4 of a folder */
extern const struct property property_preview;     /* Exchange 2013 */
extern const struct property property_object_name; /* 0x10F3: a client's name */
extern const struct property property_kept; /* a client's text, see kept.h */

/* Writes how it is named. */
void property_write_path(struct xml_writer *writer,
                         const struct property *property);

/* Writes it with its value, as a t:ExtendedProperty; not for fields. */
void property_write(struct xml_writer *writer, const struct property *property,
                    const char *value);

/* The element of its value in an item or a folder: a field's own element, the
 * Value or the Values of another; NULL if it is absent. */
const struct xml_node *property_find(const struct xml_node *node,
                                     const struct property *property);

/* The text of that; NULL if it is absent. */
const char *property_text(const struct xml_node *node,
                          const struct property *property);

/* The same as a number or a date: `absent` where there is none. */
int64_t property_number(const struct xml_node *node,
                        const struct property *property, int64_t absent);
int64_t property_time(const struct xml_node *node,
                      const struct property *property);

#endif
