/*
 * losses_private.h - what the files of losses.h share
 */
#ifndef POSTERN_TESTS_LOSSES_PRIVATE_H
#define POSTERN_TESTS_LOSSES_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

#define DIFFERENCES 400

struct difference {
    const char *what; /* "VEVENT COLOR" */
    const char *line;
    const char *text; /* the first that has it */
    size_t count;
};

struct losses {
    struct arena *arena;
    bool lossless;
    bool backwards; /* looking for what nobody has written */
    char **table;   /* "VEVENT COLOR", as the manual has it */
    size_t always;  /* so many of them whatever is kept, */
    size_t old;     /* and so many behind them in older versions alone */
    bool older;
    struct difference differences[DIFFERENCES];
    size_t count;
};

/* Something of `text` is different; `what` is as the manual would have it. */
void losses_note(struct losses *losses, const char *text, const char *what,
                 const char *line);

/* Whether Exchange sets the property by itself; whether it is so where nothing
 * is said ("VALUE=TEXT"). */
bool losses_is_moving(const char *name);
bool losses_is_implied(const char *said);

#endif
