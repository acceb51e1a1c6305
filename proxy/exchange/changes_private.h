/*
 * changes_private.h - telling listeners, and the watcher that looks for news
 */
#ifndef POSTERN_EXCHANGE_CHANGES_PRIVATE_H
#define POSTERN_EXCHANGE_CHANGES_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proxy/base/op.h"

struct account;
struct accounts;
struct changes;
struct watcher;

struct changes *changes_new(void);
void changes_free(struct changes **changes);

/* A folder has a new view; 0: the tree has changed, which concerns everyone. */
void changes_tell(struct account *account, int64_t folder);

/* Whether anyone asks Exchange for news, and about which folders (0: the tree).
 */
bool changes_watched(struct changes *changes);
int64_t *changes_folders(struct op *op, struct changes *changes,
                         size_t *count_out);

/* The one thread that looks for news, for all accounts.  It runs only while
 * someone watches. */
struct watcher *watcher_new(struct accounts *accounts);
void watcher_free(struct watcher **watcher);
void watcher_begin(struct watcher *watcher, uint32_t interval_s);
void watcher_end(struct watcher *watcher);

#endif
