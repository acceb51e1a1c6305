/*
 * backend.h - one kind of Exchange behind the interface
 *
 * A backend carries single wishes to the server; the index, UIDs, views and
 * caches are above it.  Ids are the server's opaque strings, compared byte by
 * byte.  All functions block, may be called from several threads for one
 * remote, and do their own batching, throttling and retrying: reads are
 * repeated, a write whose outcome is unknown comes back as STATUS_UNCERTAIN
 * (for that item and the ones after it), and the caller finds out.  Results
 * live in op->arena unless said otherwise; results of callbacks live until the
 * callback returns.  A callback that returns false ends the call with
 * STATUS_CANCELLED.
 */
#ifndef POSTERN_EXCHANGE_BACKEND_H
#define POSTERN_EXCHANGE_BACKEND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proxy/base/op.h"
#include "proxy/exchange/folder.h"
#include "proxy/exchange/mail.h"
#include "proxy/exchange/remote_directory.h"
#include "proxy/exchange/remote_mail.h"
#include "proxy/exchange/remote_news.h"
#include "proxy/exchange/remote_object.h"

struct backend;
struct secret;
struct settings;

/* The first member of each backend's own struct. */
struct remote {
    const struct backend *backend;
};

struct remote_account {
    const char *address;    /* primary SMTP address; "" if the server will not
                               say */
    const char *version;    /* for the log: "Exchange 2016 (15.1.2507)" */
    uint64_t message_limit; /* octets of MIME */
    unsigned stores;        /* 1 << enum folder_store, for those that it has
                               besides its own */
};

struct remote_folder {
    const char *id;
    const char *parent; /* an id; of the tree's root for those at the top */
    const char *name;   /* display name; NULL in a change that leaves it
                           alone */
    enum folder_kind kind;
    enum folder_use use;
    bool hidden;     /* by attribute, or a search folder */
    bool syncable;   /* false: items_sync does not work here */
    unsigned lacks;  /* of enum folder_right: what the user may not do */
    bool more_below; /* has folders below */
};

enum remote_change {
    REMOTE_PRESENT, /* new or changed */
    REMOTE_GONE     /* deleted */
};

struct remote_folder_change {
    enum remote_change change;
    struct remote_folder folder; /* only the id if gone */
};

/* What a folder answers without listing it; equal stamps mean nothing has
 * changed. */
struct remote_stamp {
    enum status status;
    int64_t committed; /* 0x670A, in seconds; TIME_NONE if absent */
    uint32_t deleted;  /* 0x670B */
    uint32_t total;
    uint32_t unread;
    int64_t taken; /* when it was asked for, by Exchange's clock */
};

/* What becomes of one item of a write. */
struct remote_result {
    enum status status;
    const char *id; /* the new or same one; NULL if the server is silent */
    const char *change_key;
};

enum remote_delete {
    REMOTE_DELETE_SOFT,
    REMOTE_DELETE_TO_TRASH,
    REMOTE_DELETE_HARD
};

/* --- Beyond the mailbox itself -------------------------------------------- */

struct remote_quota {
    uint64_t used;
    uint64_t limit; /* 0: Exchange tells none */
};

/* A store besides the mailbox itself. */
struct remote_store {
    enum folder_store kind;
    const char *address; /* whose mailbox, for a shared one; else "" */
};

struct remote_category {
    const char *name;
    int color; /* 0 to 24 as Outlook counts them; -1: none */
};

struct backend {
    const char *name;

    /* Logs in: one to three calls.  `mailbox` is the address of someone else
     * whose mailbox is opened, NULL for the user's own.  `remote_out` is NULL
     * unless STATUS_OK; about_out is in op's arena.  Keeps copies of the user
     * and the secret. */
    enum status (*open)(struct op *op, const struct settings *settings,
                        const char *user, const char *mailbox,
                        const struct secret *password,
                        struct remote **remote_out,
                        struct remote_account *about_out);
    void (*close)(struct remote **remote);

    /* Changes of the tree since `state` (NULL: everything), page by page. */
    enum status (*folders_sync)(
        struct op *op, struct remote *remote, const char *state,
        bool (*page)(void *context, const struct remote_folder_change *changes,
                     size_t count, const char *state, bool last),
        void *context);
    /* `parent` is NULL for the top. */
    enum status (*folder_create)(struct op *op, struct remote *remote,
                                 const char *parent, enum folder_kind kind,
                                 const char *name, const char **id_out);
    /* `name` or `parent` is NULL where it stays; "" as parent is the top. */
    enum status (*folder_update)(struct op *op, struct remote *remote,
                                 const char *id, const char *name,
                                 const char *parent);
    enum status (*folder_delete)(struct op *op, struct remote *remote,
                                 const char *id, enum remote_delete how);
    enum status (*folder_stamps)(struct op *op, struct remote *remote,
                                 const char *const ids[], size_t count,
                                 struct remote_stamp stamps_out[]);

    /* Changes of a folder since `state` (NULL: everything), page by page, up to
     * 512 each.  STATUS_STALE: begin again without a state. */
    enum status (*items_sync)(struct op *op, struct remote *remote,
                              const char *folder, const char *state,
                              bool (*page)(void *context,
                                           const struct remote_item_page *page),
                              void *context);

    /* Everything in a folder that cannot be synced. */
    enum status (*items_list)(struct op *op, struct remote *remote,
                              const char *folder,
                              bool (*page)(void *context,
                                           const struct remote_item *items,
                                           size_t count),
                              void *context);

    /* The index columns of single items: `each` with STATUS_NOT_FOUND for lost
     * ones. */
    enum status (*items_get)(struct op *op, struct remote *remote,
                             const char *const ids[], size_t count,
                             bool (*each)(void *context, size_t index,
                                          enum status status,
                                          const struct remote_item *item),
                             void *context);

    /* Headers or whole contents, `each` in the order of ids.  `sizes` are
     * estimates, by which calls are cut (100 items, 8 MB).  Per-item failures
     * go to `each`; a failure of the call is returned, and the items not yet
     * handed over are the caller's to give up. */
    enum status (*items_read)(
        struct op *op, struct remote *remote, const char *const ids[],
        const uint32_t sizes[], size_t count, enum remote_part part,
        bool (*each)(void *context, struct remote_read *read), void *context);

    /* How items begin, as the server says it: `each` in any order.
     * STATUS_UNSUPPORTED before Exchange 2013. */
    enum status (*items_preview)(struct op *op, struct remote *remote,
                                 const char *const ids[], size_t count,
                                 bool (*each)(void *context, size_t index,
                                              enum status status,
                                              const char *text),
                                 void *context);

    /* `results[i]` for each i, set even when the call fails. */
    enum status (*items_update)(struct op *op, struct remote *remote,
                                const struct remote_update updates[],
                                size_t count, struct remote_result results[]);
    enum status (*items_copy)(struct op *op, struct remote *remote,
                              const char *const ids[], size_t count,
                              const char *target,
                              struct remote_result results[]);
    enum status (*items_move)(struct op *op, struct remote *remote,
                              const char *const ids[], size_t count,
                              const char *target,
                              struct remote_result results[]);
    enum status (*items_delete)(struct op *op, struct remote *remote,
                                const char *const ids[], size_t count,
                                enum remote_delete how,
                                struct remote_result results[]);

    enum status (*item_create)(struct op *op, struct remote *remote,
                               const char *folder,
                               const struct remote_new *item,
                               struct remote_result *result);

    /* Sends and keeps a copy in the Sent folder. */
    enum status (*send)(struct op *op, struct remote *remote,
                        const struct remote_submission *submission);

    /* The items of a folder (NULL: of Sent) that the attempt `token` made, or,
     * where the server does not keep tokens, those with this Message-ID that
     * are not older than `since`.  For finding out what became of a lost
     * answer. */
    enum status (*find_new)(struct op *op, struct remote *remote,
                            const char *folder, const char *token,
                            const char *message_id, int64_t since,
                            struct remote_item **items_out, size_t *count_out);

    enum status (*quota)(struct op *op, struct remote *remote,
                         struct remote_quota *quota_out);

    /* NULL: there is none. */
    enum status (*comment_get)(struct op *op, struct remote *remote,
                               const char *folder, const char **comment_out);
    enum status (*comment_set)(struct op *op, struct remote *remote,
                               const char *folder, const char *comment);

    /* All that may be done in a folder, by whom; setting replaces all of it. */
    enum status (*permissions_get)(struct op *op, struct remote *remote,
                                   const char *folder,
                                   struct folder_permission **permissions_out,
                                   size_t *count_out);
    enum status (*permissions_set)(struct op *op, struct remote *remote,
                                   const char *folder, enum folder_kind kind,
                                   const struct folder_permission permissions[],
                                   size_t count);

    /* STATUS_UNSUPPORTED before Exchange 2010. */
    enum status (*categories)(struct op *op, struct remote *remote,
                              struct remote_category **categories_out,
                              size_t *count_out);

    /* The same connection for what is done in another store, so that its calls
     * find the server that has it; `folder` is where, NULL: anywhere.  In op's
     * arena, for as long as `remote` lives; never closed.  A slot that is NULL
     * makes no difference between stores. */
    struct remote *(*at_store)(struct op *op, struct remote *remote,
                               const struct remote_store *store,
                               const char *folder);

    /* The folders of another store as they are now; of the public ones those
     * right below `parents` (none: at the top), up to 100.  The parent of those
     * at the top is NULL.  STATUS_NO_FOLDER or STATUS_DENIED when the user has
     * no such store. */
    enum status (*store_folders)(struct op *op, struct remote *remote,
                                 const struct remote_store *store,
                                 const char *const parents[], size_t count,
                                 struct remote_folder **folders_out,
                                 size_t *count_out);

    enum status (*search)(struct op *op, struct remote *remote,
                          const char *folder, enum mail_search_field field,
                          const char *name, const char *text,
                          bool (*page)(void *context, const char *const ids[],
                                       size_t count),
                          void *context);

    /* The same as mail_search_words says. */
    enum status (*search_words)(
        struct op *op, struct remote *remote, const char *folder,
        enum mail_search_field field, const char *text,
        bool (*page)(void *context, const char *const ids[], size_t count),
        void *context);

    /* Events, tasks and contacts; may be NULL where a backend has none. */
    const struct remote_objects *objects;

    /* The organisation's directory; may be NULL where a backend has none. */
    const struct remote_directory *directory;

    /* The best way in which the server tells of news; and whether a
     * subscription is to all folders of the mailbox, or to those named. */
    enum remote_push (*watch_means)(struct remote *remote, bool *all_out);

    /* Subscribes: what happens after that is told, as soon as there is a stream
     * or someone asks.  STATUS_LIMIT: there are too many subscriptions. */
    enum status (*watch_begin)(struct op *op, struct remote *remote,
                               enum remote_push push,
                               const char *const folders[], size_t count,
                               remote_tell *tell, void *context,
                               struct remote_watch **watch_out);

    /* On the watcher's thread, without waiting: opens the stream, again after
     * its END; and closes it, so that nothing is told any more. */
    void (*watch_listen)(struct remote_watch *watch, struct streams *streams);
    void (*watch_hush)(struct remote_watch *watch);

    /* Asks for news and tells them.  STATUS_STALE: Exchange has forgotten the
     * subscription, or some of the news. */
    enum status (*watch_ask)(struct op *op, struct remote_watch *watch);

    /* Unsubscribes where Exchange has not forgotten, and frees.  There is no
     * stream any more. */
    void (*watch_end)(struct op *op, struct remote_watch **watch);
};

/* Exchange Web Services: Exchange 2007 to SE. */
extern const struct backend ews_backend;

#endif
