/*
 * card_fields.h - which line of a vCard holds which field of a contact
 *
 * One table, in the order in which cards are written.  Its functions know no
 * other field than theirs.
 */
#ifndef POSTERN_FORMAT_CARD_FIELDS_H
#define POSTERN_FORMAT_CARD_FIELDS_H

#include "proxy/format/card_line.h"
#include "proxy/format/contact.h"
#include "proxy/format/vcard.h"

struct card_field;

struct card_shape {
    /* The value as a card of this version has it; NULL where the contact has
     * none. */
    const char *(*value)(struct arena *arena, const struct contact *contact,
                         const struct card_field *field,
                         enum vcard_version version);

    /* Takes a line's value; false where it makes no sense for the field. */
    bool (*take)(struct arena *arena, const char *value,
                 struct contact *contact, const struct card_field *field);
};

struct card_field {
    const char *name;  /* "TEL" */
    const char *older; /* what it is called before version 4; NULL: the same */
    const char *types; /* TYPEs a line has to have, and is written with: "WORK
                          FAX"; "" */
    const char *extra; /* TYPEs that it is written with besides, before version
                          4; "" */
    const struct card_shape *shape;
    int slot;
};

extern const struct card_field card_fields[];
extern const size_t card_field_count;

/* Whether the line may hold the field, by its name and TYPEs. */
bool card_field_fits(const struct card_field *field,
                     const struct card_line *line);

/* Whether distribution lists have it, too. */
bool card_field_is_of_groups(size_t field);

/* A new line of the field. */
struct card_line card_field_line(struct arena *arena,
                                 const struct card_field *field,
                                 const char *value, enum vcard_version version);

#endif
