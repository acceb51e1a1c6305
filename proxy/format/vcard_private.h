/*
 * vcard_private.h - a card and what it says; for vcard_*.c
 */
#ifndef POSTERN_FORMAT_VCARD_PRIVATE_H
#define POSTERN_FORMAT_VCARD_PRIVATE_H

#include "proxy/format/card_fields.h"
#include "proxy/format/vcard.h"

/* Begins the address of a group's member. */
#define VCARD_MAILTO "mailto:"

/* What lines are besides those of fields. */
enum { VCARD_LINE_OWN = -1, VCARD_LINE_SPECIAL = -2 };

struct vcard_reading {
    struct card card;
    int *which; /* of each line: its field, or one of the above */
    struct contact contact;
    enum vcard_version version;
};

enum card_verdict vcard_understand(struct arena *arena, const char *text,
                                   size_t len, struct vcard_reading *reading);

/* Whether two fields are the same value of a contact, by other names; and
 * whether a line of the card has been given to it. */
bool vcard_is_same_slot(const struct card_field *a, const struct card_field *b);
bool vcard_is_taken(const struct vcard_reading *reading, size_t field);

/* "image/png" of what a line says is its type (NULL: nothing). */
const char *vcard_image_type(struct arena *arena, const char *type);

/* "Ann Example" of a contact that has a name and no FN; NULL: it has none. */
const char *vcard_composed_name(struct arena *arena,
                                const struct contact *contact);

static inline bool vcard_has(const char *text)
{
    return text != NULL && *text != '\0';
}

#endif
