/*
 * ical_lines.h - iCalendar as components of content lines (RFC 5545, 3.1)
 *
 * What a line means is for others; here it keeps its words, so that what nobody
 * changes is written as it was read, but for where it is folded.  Components
 * and lines are lists in an arena that may be changed.
 */
#ifndef POSTERN_FORMAT_ICAL_LINES_H
#define POSTERN_FORMAT_ICAL_LINES_H

#include <stdbool.h>
#include <stddef.h>

#include "proxy/base/buf.h"

struct arena;

struct ical_param {
    const char *name;
    const char *value; /* without quotes; the list as it is where it is one */
};

struct ical_line {
    struct ical_line *next;
    const char *text; /* all of it, unfolded */
    const char *name; /* as written; without a group */
    const struct ical_param *params;
    size_t param_count;
    const char *value; /* as written */
};

struct ical_component {
    struct ical_component *next;
    const char *name;
    struct ical_line *lines;
    struct ical_component *children;
};

enum {
    ICAL_MAX_COMPONENTS = 5000,
    ICAL_MAX_LINES = 200000,
    ICAL_MAX_DEPTH = 8
};

/* The components at the top, mostly one VCALENDAR.  NULL with a reason: it is
 * not iCalendar; `limit_out` (may be NULL): it is too much of it.  Bytes that
 * are not UTF-8 and control characters are replaced. */
struct ical_component *ical_lines_read(struct arena *arena, const char *text,
                                       size_t len, const char **reason_out,
                                       bool *limit_out);

/* Whether nothing in it would be replaced for not being UTF-8. */
bool ical_lines_are_utf8(struct arena *arena, const char *text, size_t len);

/* Whether there are control characters besides tabs and line ends, which
 * RFC 5545, 3.1 rules out. */
bool ical_lines_have_controls(const char *text, size_t len);

/* With CRLF, folded. */
void ical_lines_write(struct buf *out, const struct ical_component *component);
void ical_line_fold(struct buf *out, const char *text);
const char *ical_lines_text(struct arena *arena,
                            const struct ical_component *component);

/* A line out of its text; NULL where that is none. */
struct ical_line *ical_line_parse(struct arena *arena, const char *text);

struct ical_line *ical_line_find(const struct ical_component *component,
                                 const char *name);
struct ical_line *ical_line_next(const struct ical_line *line,
                                 const char *name);
struct ical_component *ical_child_find(const struct ical_component *component,
                                       const char *name);

/* The value of the first line of that name; NULL where there is none. */
const char *ical_value(const struct ical_component *component,
                       const char *name);
const char *ical_param(const struct ical_line *line, const char *name);

/* The same line with another value, or with a parameter set (`value` NULL:
 * taken away), in place. */
void ical_line_set_value(struct arena *arena, struct ical_line *line,
                         const char *value);
void ical_line_set_param(struct arena *arena, struct ical_line *line,
                         const char *name, const char *value);

/* Takes away all lines of a name, or one. */
void ical_lines_remove(struct ical_component *component, const char *name);
void ical_line_remove(struct ical_component *component,
                      const struct ical_line *line);
void ical_child_remove(struct ical_component *component,
                       const struct ical_component *child);

/* Adds at the end; behind the last one of the same name where there is one. */
void ical_line_add(struct arena *arena, struct ical_component *component,
                   const char *text);
void ical_child_add(struct ical_component *component,
                    struct ical_component *child);

struct ical_component *ical_component_new(struct arena *arena,
                                          const char *name);
struct ical_component *ical_component_copy(struct arena *arena,
                                           const struct ical_component *from);

/* TEXT values (3.3.11). */
const char *ical_text_escape(struct arena *arena, const char *text);
const char *ical_text_unescape(struct arena *arena, const char *value);

/* The texts of a list, NULL at the end. */
const char *const *ical_text_list(struct arena *arena, const char *value);

/* A parameter's value with quotes where it needs them (RFC 6868). */
const char *ical_param_quote(struct arena *arena, const char *value);

#endif
