/*
 * places.h - asking for the folders that mailboxes have by name
 */
#ifndef POSTERN_EXCHANGE_EWS_PLACES_H
#define POSTERN_EXCHANGE_EWS_PLACES_H

#include "proxy/exchange/ews/soap.h"

/* The most of them in a call. */
#define PLACES_MAX 32

/* A folder by such a name, "#inbox"; NULL ends a list of them. */
struct known {
    const char *name;
    enum folder_use use;
};

/* Those that every mailbox has, and that have a use or, as the first, the root,
 * no other way to be found. */
extern const struct known places_of_mailbox[];

/* The shape for who wants ids and nothing else. */
void places_ids_only(struct xml_writer *writer);

/*
 * Gets these folders ("#inbox", as soap_folder takes them) with one call.
 * `found` is told what became of each, and its element, which lives until it
 * returns; NULL where it is not to be had.
 */
enum status places_get(struct op *op, struct ews *ews,
                       const char *const names[], size_t count,
                       void (*shape)(struct xml_writer *writer),
                       void (*found)(void *context, size_t which,
                                     enum status status,
                                     const struct xml_node *folder),
                       void *context);

#endif
