/*
 * set_text.c - writing sets of numbers or UIDs: "2,4:7,9"
 */
#include "imap/set_text.h"

#include <stddef.h>

void set_text_init(struct set_text *set, struct arena *arena)
{
    *set = (struct set_text){ .first = 0 };
    buf_init(&set->text, arena);
}

static void write_range(struct set_text *set)
{
    if (set->first == 0)
        return;
    buf_printf(&set->text, "%s%u", set->text.len > 0 ? "," : "", set->first);
    if (set->last != set->first)
        buf_printf(&set->text, ":%u", set->last);
    set->first = 0;
}

void set_text_add_range(struct set_text *set, uint32_t first, uint32_t last)
{
    if (set->first == 0 || first != set->last + 1) {
        write_range(set);
        set->first = first;
    }
    set->last = last;
}

void set_text_add(struct set_text *set, uint32_t number)
{
    set_text_add_range(set, number, number);
}

const char *set_text_end(struct set_text *set)
{
    write_range(set);
    return set->text.len > 0 ? set->text.data : NULL;
}
