/*
 * item_class.h - which kind of item a message becomes
 */
#ifndef POSTERN_EXCHANGE_EWS_ITEM_CLASS_H
#define POSTERN_EXCHANGE_EWS_ITEM_CLASS_H

#include <stddef.h>

struct arena;

/* The item class that Exchange has to be told for a message with this header;
 * NULL where it finds the right one itself. */
const char *item_class_of(struct arena *arena, const char *header, size_t len);

#endif
