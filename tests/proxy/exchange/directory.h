/*
 * directory.h - looking people up in tests
 */
#ifndef POSTERN_TESTS_PROXY_DIRECTORY_H
#define POSTERN_TESTS_PROXY_DIRECTORY_H

#include "proxy/exchange/directory.h"
#include "tests/proxy/exchange/objects.h"

#define KIM "kim@example.com"

/* What people_find told. */
struct found {
    enum status status;
    bool complete;
    size_t count;
    const char *names; /* with ", " between, in the order in which they came */
    const char *ids;   /* with " " between */
};

/* As office_open, where the directory has a Kim Example besides, and nothing
 * has been asked yet. */
struct office lookup_office(void);

void lookup_set(struct office *office, const char *key, const char *value);

struct found lookup(struct office *office, enum people_source sources,
                    enum people_by by, const char *text, size_t limit);

/* Of the organisation, a hundred at most; and of one's own folders. */
struct found lookup_global(struct office *office, const char *text);
struct found lookup_personal(struct office *office, const char *text);

/* The same in the operation of a thread. */
struct found lookup_in(struct op *op, struct account *account,
                       enum people_source sources, enum people_by by,
                       const char *text, size_t limit);

#endif
