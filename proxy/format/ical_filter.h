/*
 * ical_filter.h - which iCalendar texts a client has asked for
 *
 * RFC 4791, 9.7: a tree of conditions on components, properties, parameters and
 * times, with recurrences expanded.  The front end fills it in from XML.
 */
#ifndef POSTERN_FORMAT_ICAL_FILTER_H
#define POSTERN_FORMAT_ICAL_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proxy/format/ical.h"

struct arena;

/* RFC 4790, 9.2 and 9.3, and RFC 5051. */
enum ical_collation {
    ICAL_ASCII_CASEMAP, /* the one where none is named */
    ICAL_OCTET,
    ICAL_UNICODE_CASEMAP
};

/* Whether a value contains a text. */
struct ical_text_match {
    const char *text;
    enum ical_collation collation;
    bool negate;
};

/* Instants; `to` is exclusive.  INT64_MIN and INT64_MAX: open. */
struct ical_range {
    int64_t from;
    int64_t to;
};

/* Whether some of a range is between two instants; or the instant within it,
 * where both are one. */
bool ical_range_meets(const struct ical_range *range, int64_t from, int64_t to);

struct ical_param_filter {
    const char *name;
    bool absent;                        /* is-not-defined */
    const struct ical_text_match *text; /* NULL: it is enough to be there */
};

struct ical_prop_filter {
    const char *name;
    bool absent;
    const struct ical_range *range; /* NULL: any time */
    const struct ical_text_match *text;
    const struct ical_param_filter *params;
    size_t param_count;
};

struct ical_comp_filter {
    const char *name; /* "VCALENDAR" at the top */
    bool absent;
    const struct ical_range *range;
    const struct ical_prop_filter *props;
    size_t prop_count;
    const struct ical_comp_filter *comps;
    size_t comp_count;
};

/* Whether a text fits.  `zone` is the one of floating times and of days.  A
 * text that cannot be read does not fit. */
bool ical_matches(struct arena *arena, const char *text, size_t len,
                  const struct ical_comp_filter *filter,
                  const struct zone *zone);

/* What each fitting text has in common, so that others need not be looked at:
 * its kind (ICAL_NONE: any) and a range that it has something in. */
void ical_filter_bounds(const struct ical_comp_filter *filter,
                        enum ical_kind *kind_out, struct ical_range *range_out);

/* Whether `text` contains what is looked for, as the collation compares. */
bool ical_text_matches(const struct ical_text_match *match, const char *text);

#endif
