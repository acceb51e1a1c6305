/*
 * vcard_filter.h - which vCards a client has asked for (RFC 6352, 10.5)
 */
#ifndef POSTERN_FORMAT_VCARD_FILTER_H
#define POSTERN_FORMAT_VCARD_FILTER_H

#include <stdbool.h>
#include <stddef.h>

#include "proxy/format/ical_filter.h"

struct arena;

enum vcard_match { VCARD_CONTAINS, VCARD_EQUALS, VCARD_BEGINS, VCARD_ENDS };

struct vcard_text_match {
    const char *text;
    enum ical_collation collation;
    enum vcard_match match;
    bool negate;
};

struct vcard_param_filter {
    const char *name;
    bool absent;                         /* is-not-defined */
    const struct vcard_text_match *text; /* NULL: it is enough to be there */
};

struct vcard_prop_filter {
    const char *name; /* with its group, or in any: "TEL", "item1.TEL" */
    bool absent;
    bool all; /* all conditions, or any of them */
    const struct vcard_text_match *texts;
    size_t text_count;
    const struct vcard_param_filter *params;
    size_t param_count;
};

struct vcard_filter {
    bool all; /* all properties, or any of them */
    const struct vcard_prop_filter *props;
    size_t prop_count; /* 0: every card fits */
};

/* Whether a text fits; one that cannot be read does not. */
bool vcard_matches(struct arena *arena, const char *text, size_t len,
                   const struct vcard_filter *filter);

/* The card with only the properties named (NULL at the end), besides those that
 * every card has to have; `no_value` (as many) leaves out their values. */
const char *vcard_shaped(struct arena *arena, const char *text, size_t len,
                         const char *const *names, const bool *no_value);

#endif
