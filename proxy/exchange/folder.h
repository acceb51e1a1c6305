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

/* Whose folders these are.  All but one's own are below a folder of ours at the
 * top, which is not Exchange's and has a number below zero. */
enum folder_store {
    FOLDER_OWN,
    FOLDER_SHARED,      /* another person's mailbox */
    FOLDER_PUBLIC,      /* everyone's */
    FOLDER_OLD_MAIL,    /* the online archive */
    FOLDER_RECOVERABLE, /* what has been deleted, as long as it can be got
                           back */
    FOLDER_SEARCHES,    /* searches that Exchange keeps up to date */
    FOLDER_STORE_COUNT
};

/* What the user may do in a folder. */
enum folder_right {
    FOLDER_MAY_READ = 1 << 0,
    FOLDER_MAY_MODIFY = 1 << 1,
    FOLDER_MAY_DELETE = 1 << 2,
    FOLDER_MAY_ADD = 1 << 3,         /* messages */
    FOLDER_MAY_ADD_FOLDERS = 1 << 4, /* below it */
    FOLDER_MAY_ADMINISTER = 1 << 5   /* give rights to others, rename it */
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
    enum folder_store store;
    unsigned lacks;        /* of enum folder_right: which of them the user has
                              not */
    bool read_only;        /* nothing in it can be changed */
    bool more_below;       /* has folders below, of which not all have been
                              looked at */
    bool made;             /* none of Exchange's: what schedule.h makes, and no
                              list has */
};

/* All visible folders, parents before children, siblings by name, in the arena.
 * Answers from the index; asks Exchange when nothing is known, or when the last
 * look is older than the setting exchange.folder_interval. */
enum status folder_list(struct op *op, struct account *account,
                        struct folder **folders_out, size_t *count_out);

/* What a store is called at the top of the tree; NULL for one's own. */
const char *folder_store_name(enum folder_store store);

/* Whether there is such a store, and the settings want it to be shown. */
bool folder_store_is_shown(const struct account *account,
                           enum folder_store store);

/*
 * Looks at other stores, `wanted` of 1 << enum folder_store, where what is known
 * of them is older than the setting exchange.store_interval: a call for each
 * that is there, two for another person's mailbox.  Of shared mailboxes this
 * means those that are known, and `address` (NULL: no other), which is
 * remembered.  Public folders are looked at as far as they have been before.
 * Returns what became of `address`, and STATUS_OK for the rest: what cannot be
 * looked at is as it was, or not there.
 */
enum status folder_look(struct op *op, struct account *account, unsigned wanted,
                        const char *address);

/* Looks right below public folders that have `more_below`: a call for a
 * hundred. */
enum status folder_look_below(struct op *op, struct account *account,
                              const int64_t folders[], size_t count);

/* Asks Exchange for changes of the tree: one call when there are none. */
enum status folder_refresh(struct op *op, struct account *account);

/* The folder with that number as it is known, without asking.
 * STATUS_NO_FOLDER when there is none. */
enum status folder_get(struct op *op, struct account *account, int64_t id,
                       struct folder *folder_out);

/* STATUS_NO_FOLDER when there is none of that use in this mailbox. */
enum status folder_by_use(struct op *op, struct account *account,
                          enum folder_use use, struct folder *folder_out);

/* A mail folder below `parent` (0: top), which is subscribed if its name is.
 * STATUS_EXISTS whatever the case. */
enum status folder_create(struct op *op, struct account *account,
                          int64_t parent, enum folder_kind kind,
                          const char *name, int64_t *id_out);

/* New name, new parent, or both; subscriptions stay with the old names.
 * STATUS_CANNOT for a folder with a use. */
enum status folder_rename(struct op *op, struct account *account, int64_t id,
                          int64_t parent, const char *name);

/* Deletes the folder and what is in it as the setting mail.delete says.
 * STATUS_CANNOT for a folder with a use or with children. */
enum status folder_delete(struct op *op, struct account *account, int64_t id);

/* Subscriptions are ours: Exchange knows none.  They are to the name that the
 * folder has, and stay when the folder goes. */
enum status folder_subscribe(struct op *op, struct account *account, int64_t id,
                             bool subscribed);

/* Between the names of a path; below all that a folder's name has within. */
#define FOLDER_LEVEL "\x01"

/* Subscribed names of which there is no folder (any more): paths from the top
 * down, in the order of strcmp, without asking.  And ending such a one. */
enum status folder_lost_names(struct op *op, struct account *account,
                              const char ***names_out, size_t *count_out);
enum status folder_forget_name(struct op *op, struct account *account,
                               const char *name);

/* --- Rights of others ---------------------------------------------------- */

enum folder_who {
    FOLDER_PERSON,   /* the one of that address */
    FOLDER_EVERYONE, /* who has no line of his own */
    FOLDER_ANONYMOUS
};

enum folder_extent { FOLDER_NONE, FOLDER_OWNED, FOLDER_ALL };

/* How much of what is in it may be read; the middle ones are for calendars. */
enum folder_reading {
    FOLDER_READ_NONE,
    FOLDER_READ_TIMES,
    FOLDER_READ_SUBJECTS,
    FOLDER_READ_ALL
};

struct folder_permission {
    enum folder_who who;
    const char *address; /* of a person; NULL where Exchange knows none */
    const char *sid;     /* what Exchange knows him by; NULL: address alone */
    bool add;
    bool add_folders;
    bool owner;          /* may do everything, also give rights */
    bool visible;
    bool contact;        /* is told of troubles */
    enum folder_extent edit;
    enum folder_extent remove;
    enum folder_reading read;
};

/* Who may do what: one call. */
enum status folder_permissions(struct op *op, struct account *account,
                               int64_t id,
                               struct folder_permission **permissions_out,
                               size_t *count_out);

/*
 * Changes what one may do: two calls.  `change` is given what `who` may do now
 * (nothing, where he has no line) and returns false to take his line away;
 * everyone and the anonymous keep theirs, without any right.
 */
enum status folder_permit(struct op *op, struct account *account, int64_t id,
                          const struct folder_permission *who,
                          bool (*change)(void *context,
                                         struct folder_permission *permission),
                          void *context);

/* --- What is said of a folder -------------------------------------------- */

/* NULL: there is no comment; setting that takes it away. */
enum status folder_comment(struct op *op, struct account *account, int64_t id,
                           const char **comment_out);
enum status folder_set_comment(struct op *op, struct account *account,
                               int64_t id, const char *comment);

/* The comment as it was last heard of, without asking; false when nobody has
 * looked yet.  Listeners are told when it changes. */
bool folder_known_comment(struct op *op, struct account *account, int64_t id,
                          const char **comment_out);

#endif
