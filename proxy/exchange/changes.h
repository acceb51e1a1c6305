/*
 * changes.h - who wants to know that a folder has changed
 *
 * Changes come from other sessions at once, and from Exchange by the watcher:
 * while anyone watches, Exchange tells which folders something has happened in,
 * and those of them that are watched are synced, about a quarter of a second
 * later and with one call each.
 *
 * Who watches one folder (IDLE) is told when it has a new view, or is gone, and
 * when the tree has changed.  Who watches any (NOTIFY) is told whenever
 *
 *   - a mail folder that has been read whole has a new view;
 *   - the tree has changed, which has then been read;
 *   - something has happened in a folder that has never been read: this one
 *     stays as it is, and mail_known_counts says STATUS_UNAVAILABLE of it.
 *
 * What has changed is for the listener to find out, by mail_look and
 * mail_known_counts, which cost no call.
 */
#ifndef POSTERN_EXCHANGE_CHANGES_H
#define POSTERN_EXCHANGE_CHANGES_H

#include <stdbool.h>
#include <stdint.h>

struct account;
struct changes_listener;

/* Calls `changed` on any thread whenever there is something new in the folder
 * (0: in any folder).  It must neither wait nor call back into accounts.
 * `watch` asks Exchange for news as well; without it only what others learn is
 * told. */
struct changes_listener *changes_listen(struct account *account, int64_t folder,
                                        bool watch,
                                        void (*changed)(void *context),
                                        void *context);

/* Once it returns, `changed` is not called any more. */
void changes_unlisten(struct changes_listener **listener);

#endif
