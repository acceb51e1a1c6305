/*
 * demo_parts.h - parts of messages: encodings, HTML, small pictures and papers
 *
 * All of them write LF; demo_mail_write makes CRLF of it in the end.
 */
#ifndef POSTERN_TESTS_DEMO_PARTS_H
#define POSTERN_TESTS_DEMO_PARTS_H

#include <stddef.h>

struct arena;
struct buf;

/* A body in quoted-printable, or in base64 with lines of 76 characters. */
void part_quoted_printable(struct buf *out, const char *data, size_t len);
void part_base64(struct buf *out, const void *data, size_t len);

/* A whole text/plain part, header included, in the simplest way it can travel. */
void part_plain(struct buf *out, const char *text);

/* The same as text/html, with `picture` (a Content-ID, NULL for none) in the middle. */
void part_html(struct buf *out, struct arena *arena, const char *text,
               const char *picture);

/* RFC 3676: paragraphs in lines that end with a space. */
void part_flowed(struct buf *out, const char *text);
void part_latin1(struct buf *out, struct arena *arena, const char *text);

/* A file as a whole part; its name is encoded as RFC 2231 wants it. */
void part_file(struct buf *out, const char *type, const char *disposition,
               const char *name, const void *data, size_t len);

/* A picture of a sunrise, another one for each seed; a paper with a few lines. */
void demo_png(struct buf *out, unsigned width, unsigned height, unsigned seed);
void demo_pdf(struct buf *out, struct arena *arena, const char *title,
              const char *text);

#endif
