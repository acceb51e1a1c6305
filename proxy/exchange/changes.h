/*
 * changes.h - who wants to know that a folder has changed
 *
 * Changes come from other sessions at once, and from Exchange by the watcher,
 * which looks after the folders that someone listens to.
 */
#ifndef POSTERN_EXCHANGE_CHANGES_H
#define POSTERN_EXCHANGE_CHANGES_H

#include <stdbool.h>
#include <stdint.h>

struct account;
struct changes_listener;

/* Calls `changed` on any thread whenever there is a new view of the folder (0:
 * of any folder, or of the tree).  It must neither wait nor call back into
 * accounts. `watch` asks Exchange for news as well (IDLE); without it only what
 * others learn is told. */
struct changes_listener *changes_listen(struct account *account, int64_t folder,
                                        bool watch,
                                        void (*changed)(void *context),
                                        void *context);

/* Once it returns, `changed` is not called any more. */
void changes_unlisten(struct changes_listener **listener);

#endif
