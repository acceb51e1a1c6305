/*
 * keyword.h - Exchange's categories as IMAP's keywords, and back without loss
 *
 * A category is any text ("To Do", "Büro (alt)"); a keyword is an atom of
 * ASCII.  What an atom cannot hold is written as "=" and two hexadecimal digits
 * per byte of UTF-8; Thunderbird's $label1 to $label5 stand for the categories
 * it shows them as.
 */
#ifndef POSTERN_IMAP_KEYWORD_H
#define POSTERN_IMAP_KEYWORD_H

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct buf;

/* Appends the keyword of a category. */
void imap_keyword_write(struct buf *out, const char *category);

/* What a keyword stands for: a flag (of enum mail_flag, *category_out is NULL)
 * or a category (*flag_out is 0).  False for what no keyword of ours could be.
 */
bool imap_keyword_read(struct arena *arena, const char *keyword,
                       uint32_t *flag_out, const char **category_out);

#endif
