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

/* All of what is shown, quotations included, in the lines in which it is shown:
 * white space is one space, and what begins a line in a page begins one
 * here. */
const char *html_lines(struct arena *arena, const char *html);

#endif
