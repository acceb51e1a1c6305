/*
 * form_words.h - the short words that the tables of fields are written in
 *
 * Only the files with those tables include it.
 */
#ifndef POSTERN_TESTS_EXCHANGE_FORM_WORDS_H
#define POSTERN_TESTS_EXCHANGE_FORM_WORDS_H

#include "tests/exchange/elements.h"
#include "tests/exchange/form.h"

#define V07 SCHEMA_2007
#define SP1 SCHEMA_2007_SP1
#define V10 SCHEMA_2010
#define V10S2 SCHEMA_2010_SP2
#define V13 SCHEMA_2013
#define V13S SCHEMA_2013_SP1
#define V16 SCHEMA_2016

#define DEF IN_DEFAULT
#define FIND IN_FIND
#define ALL IN_ALL
#define ROW (FIND | ALL) /* in lists and in the shape of all properties */
#define ANY SET_ALWAYS
#define NEW SET_NEW

/* Where values are: under a tag, or in a set, or nowhere. */
#define TAG(number, kind)                                                      \
    {                                                                          \
        .tag = number, .type = TYPE_##kind                                     \
    }
#define LID(space, number, kind)                                               \
    {                                                                          \
        .tag = number, .type = TYPE_##kind, .set = SET_##space                 \
    }
#define WORDS(space, number, list)                                             \
    {                                                                          \
        .tag = number, .type = TYPE_INTEGER, .set = space, .words = list       \
    }
#define READ(function)                                                         \
    {                                                                          \
        .read = function                                                       \
    }
#define NOTHING                                                                \
    {                                                                          \
        .tag = 0                                                               \
    }
#define END                                                                    \
    {                                                                          \
        { NULL, NULL, 0, 0, NOTHING, NULL }, NULL                              \
    }

#endif
