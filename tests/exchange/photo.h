/*
 * photo.h - pictures of people, over SOAP and by their address
 */
#ifndef POSTERN_TESTS_EXCHANGE_PHOTO_H
#define POSTERN_TESTS_EXCHANGE_PHOTO_H

#include <stdbool.h>

struct arena;
struct exchange;
struct sim_entry;

/* "HR96x96", and how large Exchange makes them else. */
bool photo_size_known(const char *size);

/* Whose picture there is; NULL: nobody's. */
const struct sim_entry *photo_find(const struct exchange *exchange,
                                   const char *address);

const char *photo_type(const struct sim_entry *entry);
const char *photo_tag(struct arena *arena, const struct sim_entry *entry);

#endif
