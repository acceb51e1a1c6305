/*
 * columns.h - what the index knows of a message, as properties
 *
 * All of them are columns of the store's tables, so that lists and
 * synchronisation give them without opening the messages.
 */
#ifndef POSTERN_EXCHANGE_EWS_COLUMNS_H
#define POSTERN_EXCHANGE_EWS_COLUMNS_H

#include "proxy/exchange/backend.h"
#include "proxy/exchange/ews/soap.h"
#include "proxy/format/xml.h"

struct arena;

/* Writes m:ItemShape with all columns that the request's version has, and one
 * more unless NULL. */
struct property;
void columns_write_shape(struct soap_request *request,
                         const struct property *more);

/* Fills an item from its element; its texts are in the arena.  False if it has
 * no id. */
bool columns_read(struct arena *arena, const struct xml_node *node,
                  struct remote_item *item);

/* What goes into the one property of ours: the flags that Exchange has no place
 * for. */
uint32_t columns_own_flags(uint32_t flags);

#endif
