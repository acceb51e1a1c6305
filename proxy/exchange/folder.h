/*
 * folder.h - the folder tree of an account
 *
 * Folders are known by a number of ours that is never used again, so that a
 * renamed folder is still the same and a new one of an old name is not.
 */
#ifndef POSTERN_EXCHANGE_FOLDER_H
#define POSTERN_EXCHANGE_FOLDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proxy/base/op.h"

struct account;

enum folder_kind {
    FOLDER_MAIL,
    FOLDER_CALENDAR,
    FOLDER_CONTACTS,
    FOLDER_TASKS,
    FOLDER_OTHER
};

/* The folders that every mailbox has, whatever their names in its language. */
enum folder_use {
    FOLDER_PLAIN,
    FOLDER_INBOX,
    FOLDER_DRAFTS,
    FOLDER_SENT,
    FOLDER_TRASH,
    FOLDER_JUNK,
    FOLDER_ARCHIVE,
    FOLDER_OUTBOX,
    FOLDER_CALENDAR_MAIN,
    FOLDER_CONTACTS_MAIN,
    FOLDER_TASKS_MAIN,
    FOLDER_USE_COUNT
};

struct folder {
    int64_t id;
    int64_t parent;        /* 0 at the top */
    enum folder_kind kind;
    enum folder_use use;
    const char *name;      /* its last name in UTF-8, anything may be in it;
                              the standard English one ("Sent") for those
                              with a use */
    bool subscribed;
    uint32_t uid_validity; /* belongs to the folder's identity */
};

/* All visible folders, parents before children, siblings by name, in the arena.
 * Answers from the index; asks Exchange when nothing is known, or when the last
 * look is older than the setting exchange.folder_interval. */
enum status folder_list(struct op *op, struct account *account,
                        struct folder **folders_out, size_t *count_out);

/* Asks Exchange for changes of the tree: one call when there are none. */
enum status folder_refresh(struct op *op, struct account *account);

/* STATUS_NO_FOLDER when there is none of that use in this mailbox. */
enum status folder_by_use(struct op *op, struct account *account,
                          enum folder_use use, struct folder *folder_out);

/* A mail folder below `parent` (0: top).  STATUS_EXISTS whatever the case. */
enum status folder_create(struct op *op, struct account *account,
                          int64_t parent, enum folder_kind kind,
                          const char *name, int64_t *id_out);

/* New name, new parent, or both.  STATUS_CANNOT for a folder with a use. */
enum status folder_rename(struct op *op, struct account *account, int64_t id,
                          int64_t parent, const char *name);

/* Deletes the folder and what is in it as the setting mail.delete says.
 * STATUS_CANNOT for a folder with a use or with children. */
enum status folder_delete(struct op *op, struct account *account, int64_t id);

/* Subscriptions are ours: Exchange knows none. */
enum status folder_subscribe(struct op *op, struct account *account, int64_t id,
                             bool subscribed);

#endif
