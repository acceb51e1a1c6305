/*
 * set_text.h - writing sets of numbers or UIDs: "2,4:7,9"
 */
#ifndef POSTERN_IMAP_SET_TEXT_H
#define POSTERN_IMAP_SET_TEXT_H

#include <stdint.h>

#include "proxy/base/buf.h"

struct arena;

/* The numbers in the order in which they are added; only neighbours that ascend
 * by one become a range, so that two sets of a COPYUID stay side by side. */
struct set_text {
    struct buf text;
    uint32_t first; /* of the range that is not written yet; 0: none */
    uint32_t last;
};

void set_text_init(struct set_text *set, struct arena *arena);
void set_text_add(struct set_text *set, uint32_t number);
void set_text_add_range(struct set_text *set, uint32_t first, uint32_t last);

/* The set, in the arena; NULL when nothing was added. */
const char *set_text_end(struct set_text *set);

#endif
