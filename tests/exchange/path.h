/*
 * path.h - properties as requests name them, and their values
 *
 * A field is a line of a table: its URI, its element, where it may be asked for
 * and how it is read.  Extended properties are read from the same values where
 * Exchange has one under a tag, and from the bag otherwise.
 */
#ifndef POSTERN_TESTS_EXCHANGE_PATH_H
#define POSTERN_TESTS_EXCHANGE_PATH_H

#include "tests/exchange/model.h"
#include "tests/exchange/node.h"
#include "tests/exchange/schema.h"

struct call;

/* Where a field shows. */
#define IN_ID 0x1u          /* in every shape */
#define IN_DEFAULT 0x2u     /* in the shape Default */
#define IN_FIND 0x4u /* may be asked for by FindItem and SyncFolderItems */
#define IN_ALL 0x8u         /* in the shape AllProperties */
#define MESSAGE_ONLY 0x10u  /* an element of messages, not of items */

/* Where a field's text comes from: one of these, or nowhere. */
struct source {
    uint32_t tag;             /* a MAPI property, or its number in a set */
    enum property_type type;
    const char *set;          /* NULL for tags */
    const char *const *words; /* that its numbers stand for; NULL at the end */
    uint32_t bit;             /* one of the flags */
    const char *addresses;    /* a header with addresses */
    const char *(*read)(struct arena *arena, struct sim_item *item);
};

struct field {
    const char *uri;
    const char *element;
    enum schema_version since;
    unsigned where;
    struct source source;

    /* Writes the element where it is more than its text. */
    void (*write)(struct call *call, const struct field *field,
                  struct sim_item *item);
};

/* In the order in which the schema wants their elements; ends with a NULL
 * element. The one without a URI is where extended properties stand. */
extern const struct field item_fields[];

/* The value as text, NULL if it is absent.  Addresses come one after the other,
 * for searching. */
const char *field_text(struct arena *arena, const struct field *field,
                       struct sim_item *item);

/* The subject without "Re:". */
const char *item_topic(struct arena *arena, struct sim_item *item);
uint64_t item_conversation(struct arena *arena, struct sim_item *item);

/* What the text says, without the marks of HTML. */
const char *item_plain_text(struct arena *arena, struct sim_item *item);

enum path_kind { PATH_FIELD, PATH_INDEXED, PATH_EXTENDED };

struct path {
    enum path_kind kind;
    const char *uri;
    const char *index;
    const struct field *field; /* NULL: of a folder or another kind of item */
    struct property_key key;
    const struct node *node;
};

/* Whether a FieldURI is one that this version knows. */
bool path_uri_known(const char *uri, enum schema_version version);

/* Reads a path element.  A code for an extended property that makes no sense.
 */
const char *path_read(struct arena *arena, const struct node *node,
                      struct path *path_out);

/* Whether an element is a path. */
bool path_is(const struct node *node);

/* The values of an item at a path; 0 of them if it has none. */
struct property_value path_values(struct arena *arena, const struct path *path,
                                  struct sim_item *item);
struct property_value property_values(struct arena *arena,
                                      const struct property_key *key,
                                      struct sim_item *item);
struct property_value folder_values(struct arena *arena,
                                    const struct path *path,
                                    struct sim_folder *folder);

/* The type's name in the schema, and back; TYPE_COUNT for none. */
const char *property_type_name(enum property_type type);
enum property_type property_type_of(const char *name);

/* Writes an ExtendedProperty as it was asked for. */
void put_extended(struct call *call, const struct path *path,
                  const struct property_value *value);

#endif
