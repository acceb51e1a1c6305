/*
 * schema.h - whether a request has the form that Exchange demands
 *
 * The schema is data: a line for each type with its content and its attributes.
 * Content is written as in a DTD:
 *
 *     Name:Type     an element of that type        (a | b)   one of them
 *     %Group        an element of that group       ? * +     how often
 *     @2010         only known from that version on
 *
 * Attributes are "Name:Type", with "!" if they must be there.  What a version
 * does not know is an error as any unknown element is.
 */
#ifndef POSTERN_TESTS_EXCHANGE_SCHEMA_H
#define POSTERN_TESTS_EXCHANGE_SCHEMA_H

#include <stdbool.h>

#include "tests/exchange/node.h"

struct arena;

/* Versions as requests ask for them. */
enum schema_version {
    SCHEMA_2007, SCHEMA_2007_SP1, SCHEMA_2010, SCHEMA_2010_SP1, SCHEMA_2010_SP2,
    SCHEMA_2013, SCHEMA_2013_SP1, SCHEMA_2016, SCHEMA_VERSION_COUNT
};

/* "Exchange2010_SP1"; SCHEMA_VERSION_COUNT for what is none. */
enum schema_version schema_version(const char *text);

struct schema_type {
    const char *name;
    const char *base; /* its content and attributes come first; NULL: none */
    const char *content;      /* NULL: text, of the simple type `text` */
    const char *attributes;
    const char *text;
};

struct schema_simple {
    const char *name;
    const char *values;       /* "A|B@2010"; NULL: checked by a function */
};

/* Elements of messages: the operations; and of types: what they are made of. */
extern const struct schema_type schema_messages[];
extern const struct schema_type schema_types[];
extern const struct schema_type schema_groups[]; /* the content is the choice */
extern const struct schema_simple schema_simples[];

/* The same of events, tasks and contacts. */
extern const struct schema_type schema_form_types[];
extern const struct schema_type schema_form_groups[];
extern const struct schema_simple schema_form_simples[];

struct schema_violation {
    const struct node *node;
    const char *text;
};

/* Whether an operation exists, and whether its request fits. */
bool schema_knows(const char *operation, enum schema_version version);
bool schema_check(struct arena *arena, const struct node *operation,
                  enum schema_version version,
                  struct schema_violation *violation_out);

#endif
