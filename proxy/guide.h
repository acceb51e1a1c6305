/*
 * guide.h - what a person types into a mail program
 */
#ifndef POSTERN_GUIDE_H
#define POSTERN_GUIDE_H

#include <stdio.h>

struct guide;
struct porter;

/* Prints where the porter listens and how to set up mail programs for it. */
void guide_print(FILE *out, const struct guide *guide,
                 const struct porter *porter);

#endif
