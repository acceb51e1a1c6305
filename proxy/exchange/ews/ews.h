/*
 * ews.h - one mailbox reached by Exchange Web Services
 *
 * What the files of this backend share.
 */
#ifndef POSTERN_EXCHANGE_EWS_EWS_H
#define POSTERN_EXCHANGE_EWS_EWS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "proxy/exchange/backend.h"
#include "proxy/exchange/ews/version.h"

struct book_place;
struct http_client;
struct public_routes;
struct route;

struct ews {
    struct remote remote;
    struct http_client *http;
    uint32_t patience;     /* seconds */
    uint32_t push_timeout; /* seconds that a stream may last */
    uint32_t push_silence; /* seconds without an octet, then it is dead */
    uint64_t answer_limit; /* octets of an answer, MIME content apart */
    uint64_t book_limit;   /* octets of the offline address book, */
    uint64_t book_kept;    /* and of one that is kept for the next */
    char *spool_directory; /* NULL: where temporary files go */
    atomic_int *version;   /* enum ews_version: what is asked for; shared with
                              the views of other stores */
    const struct route *route; /* of a view; NULL: the mailbox itself */
    struct public_routes *publics; /* which mailboxes have the public folders,
                                      for all views; NULL: none, before 2013 */
    struct book_place *book; /* where the offline address book is, for all
                                views */

    /* Set by opening, and not changed after that. */
    struct ews_build build;
    char *mailbox;                /* whose it is, by address; NULL: the user's
                                     own */
    char *root;                   /* the id of the tree's root */
    char *uses[FOLDER_USE_COUNT]; /* the ids of the folders that have one */
};

/* The backend's own of a remote. */
struct ews *ews_of(struct remote *remote);

enum ews_version ews_version(const struct ews *ews);

/* A distinguished folder ("#inbox") of this mailbox, as soap_folder takes it. */
const char *ews_place(struct op *op, const struct ews *ews, const char *name);

/* owner.c: whether the token that has opened this mailbox is that user's;
 * STATUS_AUTH_REFUSED if not.  `address` is the mailbox's. */
enum status ews_check_owner(struct op *op, struct ews *ews, const char *user,
                            const char *address);

/* --- The slots of struct backend ------------------------------------------ */

/* login.c */
enum status ews_open(struct op *op, const struct settings *settings,
                     const char *user, const char *mailbox,
                     const struct secret *secret, struct remote **remote_out,
                     struct remote_account *about_out);
void ews_close(struct remote **remote);

/* hierarchy.c */
enum status ews_folders_sync(
    struct op *op, struct remote *remote, const char *state,
    bool (*page)(void *context, const struct remote_folder_change *changes,
                 size_t count, const char *state, bool last),
    void *context);
enum status ews_folder_stamps(struct op *op, struct remote *remote,
                              const char *const ids[], size_t count,
                              struct remote_stamp stamps_out[]);

/* folder_write.c */
enum status ews_folder_create(struct op *op, struct remote *remote,
                              const char *parent, enum folder_kind kind,
                              const char *name, const char **id_out);
enum status ews_folder_update(struct op *op, struct remote *remote,
                              const char *id, const char *name,
                              const char *parent);
enum status ews_folder_delete(struct op *op, struct remote *remote,
                              const char *id, enum remote_delete how);

/* mailbox.c */
enum status ews_quota(struct op *op, struct remote *remote,
                      struct remote_quota *quota_out);
enum status ews_comment_get(struct op *op, struct remote *remote,
                            const char *folder, const char **comment_out);
enum status ews_comment_set(struct op *op, struct remote *remote,
                            const char *folder, const char *comment);
enum status ews_categories(struct op *op, struct remote *remote,
                           struct remote_category **categories_out,
                           size_t *count_out);

/* permissions.c */
enum status ews_permissions_get(struct op *op, struct remote *remote,
                                const char *folder,
                                struct folder_permission **permissions_out,
                                size_t *count_out);
enum status ews_permissions_set(struct op *op, struct remote *remote,
                                const char *folder, enum folder_kind kind,
                                const struct folder_permission permissions[],
                                size_t count);

/* route.c */
struct remote *ews_at_store(struct op *op, struct remote *remote,
                            const struct remote_store *store,
                            const char *folder);

/* stores.c */
enum status ews_store_folders(struct op *op, struct remote *remote,
                              const struct remote_store *store,
                              const char *const parents[], size_t count,
                              struct remote_folder **folders_out,
                              size_t *count_out);

/* item_sync.c */
enum status ews_items_sync(struct op *op, struct remote *remote,
                           const char *folder, const char *state,
                           bool (*page)(void *context,
                                        const struct remote_item_page *page),
                           void *context);

/* item_find.c */
enum status ews_items_list(
    struct op *op, struct remote *remote, const char *folder,
    bool (*page)(void *context, const struct remote_item *items, size_t count),
    void *context);
enum status ews_find_new(struct op *op, struct remote *remote,
                         const char *folder, const char *token,
                         const char *message_id, int64_t since,
                         struct remote_item **items_out, size_t *count_out);
enum status ews_search(struct op *op, struct remote *remote, const char *folder,
                       enum mail_search_field field, const char *name,
                       const char *text,
                       bool (*page)(void *context, const char *const ids[],
                                    size_t count),
                       void *context);
enum status ews_search_words(struct op *op, struct remote *remote,
                             const char *folder, enum mail_search_field field,
                             const char *text,
                             bool (*page)(void *context,
                                          const char *const ids[],
                                          size_t count),
                             void *context);

/* item_read.c */
enum status ews_items_get(struct op *op, struct remote *remote,
                          const char *const ids[], size_t count,
                          bool (*each)(void *context, size_t index,
                                       enum status status,
                                       const struct remote_item *item),
                          void *context);
enum status ews_items_read(
    struct op *op, struct remote *remote, const char *const ids[],
    const uint32_t sizes[], size_t count, enum remote_part part,
    bool (*each)(void *context, struct remote_read *read), void *context);

enum status ews_items_preview(struct op *op, struct remote *remote,
                              const char *const ids[], size_t count,
                              bool (*each)(void *context, size_t index,
                                           enum status status,
                                           const char *text),
                              void *context);

/* item_update.c */
enum status ews_items_update(struct op *op, struct remote *remote,
                             const struct remote_update updates[], size_t count,
                             struct remote_result results[]);

/* item_place.c */
enum status ews_items_copy(struct op *op, struct remote *remote,
                           const char *const ids[], size_t count,
                           const char *target, struct remote_result results[]);
enum status ews_items_move(struct op *op, struct remote *remote,
                           const char *const ids[], size_t count,
                           const char *target, struct remote_result results[]);
enum status ews_items_delete(struct op *op, struct remote *remote,
                             const char *const ids[], size_t count,
                             enum remote_delete how,
                             struct remote_result results[]);

/* item_create.c */
enum status ews_item_create(struct op *op, struct remote *remote,
                            const char *folder, const struct remote_new *item,
                            struct remote_result *result);
enum status ews_send(struct op *op, struct remote *remote,
                     const struct remote_submission *submission);

/* notify.c */
enum remote_push ews_watch_means(struct remote *remote, bool *all_out);
enum status ews_watch_begin(struct op *op, struct remote *remote,
                            enum remote_push push, const char *const folders[],
                            size_t count, remote_tell *tell, void *context,
                            struct remote_watch **watch_out);
enum status ews_watch_ask(struct op *op, struct remote_watch *watch);
void ews_watch_end(struct op *op, struct remote_watch **watch);

/* notify_stream.c */
void ews_watch_listen(struct remote_watch *watch, struct streams *streams);
void ews_watch_hush(struct remote_watch *watch);

#endif
