/*
 * oab.h - the offline address book, as it is in its file
 *
 * MS-OXOAB, 2.9: the Full Details of version 4, unpacked.  All that is said of
 * everybody in an address list, each as a record of properties; what these mean
 * is for the caller to know.
 */
#ifndef POSTERN_FORMAT_OAB_H
#define POSTERN_FORMAT_OAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct oab;
struct spool;

struct oab_data {
    const void *data;
    size_t len;
};

/* One property.  Those of a single value have a list of one. */
struct oab_value {
    uint32_t tag; /* its id and, below, its type: 0x3001001f */
    size_t count;
    const uint32_t *numbers;     /* of numbers and truth values; else NULL */
    const char *const *texts;    /* of texts, in UTF-8; else NULL */
    const struct oab_data *data; /* of octets; else NULL */
};

/* Those that are present, in the order of the file. */
struct oab_record {
    struct oab_value *values;
    size_t count;
};

/* Begins to read: what the file says of itself.  The file has to live as long.
 * NULL when it is no such file, and why. */
struct oab *oab_open(struct arena *arena, const struct spool *file,
                     const char **problem_out);

/* How many records the file says that it has. */
uint32_t oab_count(const struct oab *oab);

/* The next record, in this arena; false at the end, be it good or bad. */
bool oab_next(struct oab *oab, struct arena *arena,
              struct oab_record *record_out);

/* Why reading ended before all was read; NULL: it did not. */
const char *oab_problem(const struct oab *oab);

/* What a record says of a property (0x3001, whatever its type): the first
 * value; `absent`, or NULL, where it has none of that kind. */
uint32_t oab_number(const struct oab_record *record, uint32_t id,
                    uint32_t absent);
const char *oab_text(const struct oab_record *record, uint32_t id);

/* The property; NULL where the record has none. */
const struct oab_value *oab_value(const struct oab_record *record, uint32_t id);

#endif
