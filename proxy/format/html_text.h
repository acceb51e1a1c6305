/*
 * html_text.h - what a page of HTML says, without its markup
 *
 * Good enough to read the first words of a letter; it is no browser.
 */
#ifndef POSTERN_FORMAT_HTML_TEXT_H
#define POSTERN_FORMAT_HTML_TEXT_H

struct arena;

/* UTF-8 in and out; tags become white space, what is not shown and what is
 * quoted from other messages is left out. */
const char *html_text(struct arena *arena, const char *html);

#endif
