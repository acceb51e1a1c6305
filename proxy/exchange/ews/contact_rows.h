/*
 * contact_rows.h - the table of what a contact can hold
 */
#ifndef POSTERN_EXCHANGE_EWS_CONTACT_ROWS_H
#define POSTERN_EXCHANGE_EWS_CONTACT_ROWS_H

#include "proxy/exchange/ews/property.h"
#include "proxy/exchange/ews/version.h"
#include "proxy/format/contact.h"

enum row_kind {
    ROW_TEXT,    /* a text in a field */
    ROW_BODY,    /* the text of the body */
    ROW_CLASS,   /* an enum event_class */
    ROW_INDEX,   /* which address is preferred */
    ROW_NOON,    /* a day, as an instant near noon */
    ROW_STRINGS, /* several texts in a field */
    ROW_MEMBERS,
    ROW_EMAIL, /* entries of dictionaries */
    ROW_PLACE,
    ROW_PHONE,
    ROW_IM,
    ROW_PROPERTY, /* a text in a property without a field */
    ROW_MIDNIGHT, /* a day, as midnight in UTC, in such a property */
    ROW_NUMBER,   /* a small number in such a property */
    ROW_OWN       /* what belongs to the item, not to the contact */
};

/* What has the row; bits. */
enum { OF_CONTACTS = 1, OF_GROUPS = 2, OF_BOTH = 3 };

/* Which of those of ROW_OWN. */
enum { OWN_NAME, OWN_KEPT, OWN_TOKEN };

/* What ROW_NOON adds to midnight in UTC. */
#define NEARLY_NOON (11 * 3600 + 59 * 60)

struct contact_row {
    enum row_kind kind;
    unsigned of;
    size_t offset; /* in struct contact; of ROW_OWN: which */
    struct property property;
    const char *element; /* of ROW_PLACE: the leaf's */
    const char *name;    /* the same without its prefix */
    enum ews_version since;
};

/* In the order of the schema. */
extern const struct contact_row contact_rows[];
extern const size_t contact_row_count;

/* A field that holds entries of one kind. */
struct contact_dictionary {
    enum row_kind kind;
    struct property property;
    const char *element;
    const char *name;
};

extern const struct contact_dictionary contact_dictionaries[4];

/* Where a row's entries are; NULL for a row that is no entry. */
const struct contact_dictionary *contact_dictionary(
    const struct contact_row *row);

/* Whether contacts, or groups, have it. */
bool contact_row_is_for(const struct contact_row *row, bool group);

extern const char *const contact_places[4]; /* by the preferred one, plus 1 */

#endif
