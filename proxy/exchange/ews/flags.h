/*
 * flags.h - flags as properties of an item, for writing
 */
#ifndef POSTERN_EXCHANGE_EWS_FLAGS_H
#define POSTERN_EXCHANGE_EWS_FLAGS_H

#include <stdbool.h>
#include <stdint.h>

#include "proxy/exchange/ews/property.h"

/* Whether there is anything to write; what only a new item can be given is no
 * change. */
bool flags_differ(uint32_t old_flags, uint32_t flags);

/* Calls `set` for each property that has to change, with NULL for those that
 * go.  The read mark is not among them, unless it has to be kept in our own. */
void flags_write_change(uint32_t old_flags, uint32_t flags, bool with_seen,
                        void (*set)(void *context,
                                    const struct property *property,
                                    const char *value),
                        void *context);

/* <t:Categories><t:String>...</t:String></t:Categories>; not for an empty list.
 */
void flags_write_categories(struct xml_writer *writer,
                            const char *const *categories);

#endif
