/*
 * changes_private.h - telling listeners, and for whom to look for news
 */
#ifndef POSTERN_EXCHANGE_CHANGES_PRIVATE_H
#define POSTERN_EXCHANGE_CHANGES_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proxy/base/op.h"

struct account;
struct changes;

struct changes *changes_new(void);
void changes_free(struct changes **changes);

/* A folder has a new view; 0: the tree has changed, which concerns everyone. */
void changes_tell(struct account *account, int64_t folder);

/* About which folders someone asks Exchange for news (0: about any). */
int64_t *changes_folders(struct op *op, struct changes *changes,
                         size_t *count_out);

#endif
