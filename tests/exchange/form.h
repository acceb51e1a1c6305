/*
 * form.h - what is no mail: events, tasks, contacts and lists of them
 *
 * Whatever such an item says is a MAPI property in its bag, under the key that
 * Exchange has for it, so that typed elements and extended properties are two
 * views of one value.  Recurrence and attachments hang on the item itself.
 *
 * Each kind of item has a table of fields: those that all items have come from
 * item_fields (path.h), those of a kind from here.
 */
#ifndef POSTERN_TESTS_EXCHANGE_FORM_H
#define POSTERN_TESTS_EXCHANGE_FORM_H

#include "tests/exchange/call.h"
#include "tests/exchange/path.h"

enum form {
    FORM_NONE, /* mail */
    FORM_EVENT,
    FORM_TASK,
    FORM_CONTACT,
    FORM_LIST,
    FORM_MEETING, /* mail about a meeting */
    FORM_COUNT
};

/* By the item's class; and by the element that requests have it in. */
enum form form_of(const struct sim_item *item);
enum form form_of_element(const char *element);

/* Whether it is kept as properties; mail of all kinds is kept as text. */
bool form_is_kept(const struct sim_item *item);

/* Whether it cannot be had as MIME: tasks and contacts. */
bool form_has_no_mime(const struct sim_item *item);

/* The set of what only the simulation keeps. */
#define SET_HIDDEN "00000000-7369-6d75-6c61-74696f6e0000"

/* Bits of `where` beside those of path.h: who may write a field. */
#define SET_ALWAYS 0x20u
#define SET_NEW 0x40u /* only together with a new item */
#define SET_APPEND 0x80u
#define REQUEST_ONLY 0x100u /* of mail about meetings: only of invitations */

struct form_field {
    struct field field;

    /* Puts an element's value into an item, or (element NULL) takes it away;
     * NULL: as the field's source says.  Returns a code. */
    const char *(*store)(struct call *call, const struct form_field *field,
                         struct sim_item *item, const struct node *element);
};

/* The tables end with a NULL element, and are in the schema's order. */
extern const struct form_field calendar_fields[];
extern const struct form_field task_fields[];
extern const struct form_field contact_fields[];
extern const struct form_field list_fields[];
extern const struct form_field meeting_fields[];
extern const struct form_field common_fields[]; /* how item_fields are set */

/* The table of what a kind has beyond all items; NULL for mail. */
const struct form_field *form_table(enum form form);

/* The field of that URI in any table but that of all items; NULL if unknown. */
const struct form_field *form_field(const char *uri);

/* --- Values -------------------------------------------------------------- */

/* One value of a property; NULL if it is absent. */
const char *form_get(const struct sim_item *item, const char *set,
                     uint32_t number, enum property_type type);
void form_set(struct sim_item *item, const char *set, uint32_t number,
              enum property_type type, const char *text);
void form_remove(struct sim_item *item, const char *set, uint32_t number,
                 enum property_type type);

/* The same for numbers, truths and instants. */
int64_t form_number(const struct sim_item *item, const char *set,
                    uint32_t number, int64_t otherwise);
bool form_true(const struct sim_item *item, const char *set, uint32_t number);
void form_set_true(struct sim_item *item, const char *set, uint32_t number,
                   bool value);
int64_t form_time(const struct sim_item *item, const char *set,
                  uint32_t number);
void form_set_time(struct sim_item *item, const char *set, uint32_t number,
                   int64_t time);

/* Puts the value of an element where a source says; a code for what is none. */
const char *form_store(struct call *call, const struct source *source,
                       struct sim_item *item, const struct node *element);

/* The element's text, NULL if it is absent: numbers as their words. */
const char *form_text(struct arena *arena, const struct source *source,
                      const struct sim_item *item);

/* Writes a list of texts as <String> elements. */
void form_put_strings(struct call *call, const struct field *field,
                      struct sim_item *item);

/* Writes the body as wanted: "Best", "HTML" or "Text". */
void form_put_body(struct call *call, const char *element,
                   struct sim_item *item, const char *wanted);

/* How an element of an item is set; NULL: it cannot be. */
const struct form_field *form_setting(const struct sim_item *item,
                                      const char *element);

/* Sets a field by its element, or (NULL) takes it away.  A code. */
const char *form_put(struct call *call, const struct form_field *field,
                     struct sim_item *item, const struct node *element);

/* After all fields of a new item (`before` NULL) or all changes of one: what
 * follows from what.  A code for what cannot be. */
const char *form_settle(struct call *call, struct sim_item *item,
                        const struct property_bag *before);

/* Zones are set first: times are in them. */
bool form_is_zone(const struct node *element);

/* --- Operations ---------------------------------------------------------- */

/* CreateItem of what is no mail. */
const char *form_create(struct call *call, const struct node *element,
                        struct sim_item **item_out);

/* UpdateItem of one such item, which may be an occurrence, by an ItemChange.
 * Nothing of it is changed unless all is. */
const char *form_update(struct call *call, struct sim_item *item,
                        const struct node *change);

/* DeleteItem of one. */
const char *form_delete(struct call *call, struct sim_item *item,
                        enum sim_item_disposal how);

#endif
