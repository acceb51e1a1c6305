/*
 * card_line.h - the lines of a vCard
 *
 *     item1.TEL;TYPE=work;PREF=1:+43 1 234
 *     group name parameters     value
 *
 * All three versions are read (RFC 2426, RFC 6350, and 2.1 with its bare
 * parameters and quoted-printable values) and come out alike.
 */
#ifndef POSTERN_FORMAT_CARD_LINE_H
#define POSTERN_FORMAT_CARD_LINE_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct buf;

struct card_param {
    const char *name;  /* in upper case */
    const char *value; /* without quotes */
};

struct card_line {
    const char *group; /* NULL: none */
    const char *name;  /* in upper case */
    const struct card_param *params;
    size_t param_count;
    const char *value; /* as it is written, escapes and all */
};

struct card {
    struct card_line *lines; /* without BEGIN and END */
    size_t count;
};

enum card_verdict { CARD_FINE, CARD_BROKEN, CARD_SEVERAL, CARD_TOO_LONG };

/* Reads the only card of a text. */
enum card_verdict card_read(struct arena *arena, const char *text, size_t len,
                            struct card *card_out);

/* What neither version takes in a value. */
bool card_is_control(char c);

/* The value of the first parameter of that name; NULL. */
const char *card_param(const struct card_line *line, const char *name);

/* Whether one of its TYPEs is this (of any case). */
bool card_has_type(const struct card_line *line, const char *type);

/* The parts of a value between unescaped separators, their escapes undone;
 * NULL at the end.  There is always one. */
char **card_split(struct arena *arena, const char *value, char separator);

/* A value with its escapes undone, and a text with those it needs. */
char *card_text(struct arena *arena, const char *value);
char *card_escape(struct arena *arena, const char *text);

/* Appends a line, folded, with CRLF. */
void card_write(struct buf *out, const struct card_line *line);

#endif
