/*
 * card_shapes.h - the kinds of values that lines of vCards have
 *
 * Each reads and writes one kind; the slot of a field tells which text, number
 * or address of the contact it is.
 */
#ifndef POSTERN_FORMAT_CARD_SHAPES_H
#define POSTERN_FORMAT_CARD_SHAPES_H

#include "proxy/format/card_fields.h"

extern const struct card_shape card_as_text;
extern const struct card_shape card_as_uri;
extern const struct card_shape card_as_phone;
extern const struct card_shape card_as_email;
extern const struct card_shape card_as_parts;
extern const struct card_shape card_as_place;
extern const struct card_shape card_as_day;
extern const struct card_shape card_as_categories;
extern const struct card_shape card_as_child;
extern const struct card_shape card_as_gender;
extern const struct card_shape card_as_class;

/* The slots of card_as_parts. */
enum { CARD_NAME, CARD_COMPANY };

#endif
