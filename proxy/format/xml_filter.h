/*
 * xml_filter.h - makes well-formed what Exchange sends from old property values
 *
 * Names and subjects may hold characters that XML 1.0 cannot: Exchange writes
 * them as they are, or as references such as &#x1;.  A strict parser would
 * refuse the whole page for one of them.  The filter drops them, joins
 * surrogate pairs that were written as two references, and puts U+FFFD where
 * bytes are not UTF-8.  All else passes unchanged, whatever pieces it comes in.
 */
#ifndef POSTERN_FORMAT_XML_FILTER_H
#define POSTERN_FORMAT_XML_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Longer than any reference to a character that makes sense. */
#define XML_FILTER_HELD 24

/* Start with `out` and `context` set and all else zero. */
struct xml_filter {
    bool (*out)(void *context, const char *data, size_t len); /* false stops */
    void *context;
    char
        held[XML_FILTER_HELD]; /* the beginning of a reference or a character */
    size_t held_len;
    uint32_t high; /* the first half of a surrogate pair; 0: none */
    bool begun;
};

/* False once `out` has returned false. */
bool xml_filter_feed(struct xml_filter *filter, const char *data, size_t len);
bool xml_filter_finish(struct xml_filter *filter);

#endif
