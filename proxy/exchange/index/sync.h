/*
 * sync.h - what the files that take in messages from Exchange share
 *
 * Within a change that has begun.
 */
#ifndef POSTERN_EXCHANGE_INDEX_SYNC_H
#define POSTERN_EXCHANGE_INDEX_SYNC_H

#include "proxy/exchange/index/change.h"

/* A message is there, as told; it is gone; it is read or not (sync_items.c). */
void sync_present(struct op *op, struct change *change,
                  const struct remote_item *item);
void sync_gone(struct change *change, const char *remote);
void sync_read_flag(struct op *op, struct change *change,
                    const struct remote_item *item);

/* The last page is in (sync_end.c). */
void sync_end(struct op *op, struct change *change);

#endif
