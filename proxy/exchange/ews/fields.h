/*
 * fields.h - the properties of an item as they shall be
 *
 * A table of fields, in the order of the schema, serves for both: a new item
 * has those that have a value, one after the other; of an item that is there,
 * each that differs is set or deleted by itself.
 */
#ifndef POSTERN_EXCHANGE_EWS_FIELDS_H
#define POSTERN_EXCHANGE_EWS_FIELDS_H

#include <stdbool.h>
#include <stddef.h>

#include "proxy/exchange/ews/property.h"
#include "proxy/exchange/ews/soap.h"

/* Where a field can be written. */
enum field_scope {
    FIELD_ALWAYS = 0,
    FIELD_NEW = 1,    /* of new items only */
    FIELD_LASTING = 2 /* it cannot be deleted: without a value it stays */
};

struct field {
    struct property property;
    unsigned part;           /* which part of the thing it belongs to */
    unsigned scope;          /* of enum field_scope */
    enum ews_version since;  /* 0: always */
    enum ews_version before; /* 0: still */

    /* Whether the form has a value for it (NULL: always has), and its element
     * with that. */
    bool (*has)(const void *form, const struct field *field);
    void (*write)(struct soap_request *request, const void *form,
                  const struct field *field);
    unsigned slot; /* of the function's own use */
    const char *element;
};

/* A property that is read, and which versions have it. */
struct wanted {
    struct property property;
    enum ews_version since;
    enum ews_version before; /* 0: still */
};

/* Whether a version is within these bounds. */
bool fields_known(enum ews_version version, enum ews_version since,
                  enum ews_version before);

/* Writes the children of a new item. */
void fields_create(struct soap_request *request, const struct field fields[],
                   size_t count, const void *form);

/* Writes SetItemField and DeleteItemField for the fields of these parts (a mask
 * of 1 << part), within an element such as "t:CalendarItem". */
void fields_update(struct soap_request *request, const char *element,
                   const struct field fields[], size_t count, const void *form,
                   unsigned parts);

/* Whether fields_update would write anything. */
bool fields_differ(enum ews_version version, const struct field fields[],
                   size_t count, const void *form, unsigned parts);

/* Writes the paths of what is wanted. */
void fields_want(struct soap_request *request, const struct wanted wanted[],
                 size_t count);

/* --- Values --------------------------------------------------------------- */

/* An element with a time: "2024-05-01T10:00:00Z". */
void fields_time(struct xml_writer *writer, const char *element, int64_t time);

/* The same of a property that is not a field. */
void fields_time_property(struct xml_writer *writer,
                          const struct property *property, int64_t time);

void fields_bool(struct xml_writer *writer, const char *element, bool value);
void fields_number(struct xml_writer *writer, const char *element,
                   int64_t number);

/* <t:Categories><t:String>...</t:String></t:Categories> */
void fields_strings(struct xml_writer *writer, const char *element,
                    const char *const *strings);

/* --- Words ---------------------------------------------------------------- */

/* The number of a word in a list; -1 where it is none of them. */
int word_find(const char *const words[], size_t count, const char *word);

extern const char *const word_days[7];    /* "Sunday" is the first */
extern const char *const word_months[12]; /* "January" */
extern const char *const word_weeks[5];   /* "First" to "Last" */
extern const char *const word_classes[4]; /* by enum event_class */
extern const char *const word_ranks[3];   /* by enum event_importance */
extern const char *const word_answers[5]; /* by enum event_answer */
extern const char *const word_busy[6];    /* by enum event_busy */

/* --- Reading -------------------------------------------------------------- */

struct arena;

/* A copy of a child's text; NULL where there is none or it is empty. */
const char *element_text(struct arena *arena, const struct xml_node *node,
                         const char *name);
bool element_true(const struct xml_node *node, const char *name);
int64_t element_number(const struct xml_node *node, const char *name,
                       int64_t absent);
int64_t element_time(const struct xml_node *node, const char *name);

/* The texts of the children of a child, NULL at the end; NULL for none. */
const char *const *element_strings(struct arena *arena,
                                   const struct xml_node *node,
                                   const char *name);

/* The number of a child's word in a list; `absent` where it is none of them. */
int element_word(const struct xml_node *node, const char *name,
                 const char *const words[], size_t count, int absent);

/* xs:date, a zone behind it passed over: midnight in UTC; TIME_NONE. */
int64_t element_date(const struct xml_node *node, const char *name);

#endif
