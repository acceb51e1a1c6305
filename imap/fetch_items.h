/*
 * fetch_items.h - what a FETCH asks for
 */
#ifndef POSTERN_IMAP_FETCH_ITEMS_H
#define POSTERN_IMAP_FETCH_ITEMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct imap_args;
struct imap_out;

enum fetch_kind {
    FETCH_UID,
    FETCH_FLAGS,
    FETCH_DATE, /* INTERNALDATE */
    FETCH_SIZE, /* RFC822.SIZE */
    FETCH_MODSEQ,
    FETCH_ENVELOPE,
    FETCH_BODY, /* BODYSTRUCTURE without extension data */
    FETCH_BODYSTRUCTURE,
    FETCH_SECTION, /* BODY[...] and RFC822 with its relatives */
    FETCH_BINARY,  /* a part without its transfer encoding (RFC 3516) */
    FETCH_BINARY_SIZE,
    FETCH_EMAILID, /* RFC 8474 */
    FETCH_THREADID,
    FETCH_SAVEDATE, /* RFC 8514 */
    FETCH_PREVIEW   /* RFC 8970 */
};

enum fetch_part {
    FETCH_WHOLE, /* BODY[], or with numbers the part's body */
    FETCH_HEADER,
    FETCH_FIELDS,     /* HEADER.FIELDS */
    FETCH_FIELDS_NOT, /* HEADER.FIELDS.NOT */
    FETCH_TEXT,
    FETCH_MIME
};

/* RFC 3501, 6.4.5: BODY[<numbers>.<part>]<<first>.<count>> */
struct fetch_section {
    enum fetch_part part;
    const uint32_t *numbers;
    size_t number_count;
    const char **fields;
    size_t field_count;
    bool partial;
    uint64_t first; /* of 63 bits (RFC 9051, 9: number64) */
    uint64_t count;
};

struct fetch_item {
    enum fetch_kind kind;
    const char *name; /* as the answer calls it; "BODY" for BODY[...] */
    bool bracketed;   /* ... and then the section follows */
    bool sets_seen;
    bool lazy;        /* a preview only if it is at hand */
    struct fetch_section section;
};

struct fetch_items {
    struct fetch_item *list;
    size_t count;
};

/* Reads a macro, an item or a list of items; what is asked for twice is there
 * once. */
bool fetch_items_read(struct imap_args *args, struct fetch_items *items_out);

/* Reads "[1.2.HEADER]", the brackets included; what is not said stays as it
 * is. */
bool fetch_section_read(struct imap_args *args, struct fetch_section *section);

bool fetch_items_have(const struct fetch_items *items, enum fetch_kind kind);

/* Puts an item that is one word (UID, MODSEQ) in front unless it is there. */
void fetch_items_add(struct imap_args *args, struct fetch_items *items,
                     enum fetch_kind kind);

/* What the answer calls the item: "BODY[1.HEADER.FIELDS (FROM)]<0>". */
void fetch_item_write_name(struct imap_out *out, const struct fetch_item *item);

#endif
