/*
 * memory.h - the in-memory door: struct backend without a server in between
 *
 * A slot makes the calls that EWS would take (counted under EWS's names), each
 * of which may meet a fault.
 */
#ifndef POSTERN_TESTS_EXCHANGE_MEMORY_H
#define POSTERN_TESTS_EXCHANGE_MEMORY_H

#include "proxy/exchange/backend.h"
#include "tests/exchange/exchange.h"

struct sim_folder;
struct sim_item;
struct sim_mailbox;

/* Gives the exchange its address and lets it be found by it. */
void memory_door_add(struct exchange *exchange);
void memory_door_remove(struct exchange *exchange);

struct memory_remote {
    struct remote remote;
    struct exchange *exchange;
    struct sim_mailbox *user;    /* who asks */
    struct sim_mailbox *mailbox; /* which one he has opened */
    char *token;                 /* NULL: he has come with a password */
};

/* --- Calls --------------------------------------------------------------- */

struct memory_call {
    struct op *op;
    struct memory_remote *remote;
    bool write;
    struct exchange_fault_rule fault;
    const char *operation;
    const char *user;           /* "" before he is logged in */
};

/* A call goes out.  What is not STATUS_OK has ended it, with nothing done. */
enum status memory_call_begin(struct op *op, struct remote *remote,
                              const char *operation, bool write,
                              struct memory_call *call_out);

/* The answer comes back.  What is not STATUS_OK has taken it away. */
enum status memory_call_end(struct memory_call *call);

/* What happens to the nth item of the call before anything is done with it. */
enum status memory_call_item(const struct memory_call *call, size_t nth);

/* --- What is shared ------------------------------------------------------ */

#define MEMORY_BATCH 100
#define MEMORY_BATCH_OCTETS (8u * 1024 * 1024)
#define MEMORY_PAGE 512
#define MEMORY_FIND_PAGE 1000

/* A folder of any mailbox that the user can see; NULL if there is none. */
struct sim_folder *memory_folder(struct memory_remote *remote, const char *id);

/* One whose items can be listed; NULL with the status, which may be the call's
 * fault, if there is none. */
struct sim_folder *memory_folder_to_read(struct memory_call *call,
                                         const char *id,
                                         enum status *status_out);

/* Ends a call that only reads, unlocking the exchange: its own failure or
 * `status`. */
enum status memory_end_read(struct memory_call *call, enum status status);

/* What of enum folder_right the user has not. */
unsigned memory_lacks(const struct memory_remote *remote,
                      const struct sim_folder *folder);

struct remote_folder memory_show_folder(struct arena *arena,
                                        const struct memory_remote *remote,
                                        struct sim_folder *folder);

/* Slots, by file. */
enum status memory_folders_sync(
    struct op *op, struct remote *remote, const char *state,
    bool (*page)(void *context, const struct remote_folder_change *changes,
                 size_t count, const char *state, bool last),
    void *context);
enum status memory_folder_create(struct op *op, struct remote *remote,
                                 const char *parent, enum folder_kind kind,
                                 const char *name, const char **id_out);
enum status memory_folder_update(struct op *op, struct remote *remote,
                                 const char *id, const char *name,
                                 const char *parent);
enum status memory_folder_delete(struct op *op, struct remote *remote,
                                 const char *id, enum remote_delete how);
enum status memory_folder_stamps(struct op *op, struct remote *remote,
                                 const char *const ids[], size_t count,
                                 struct remote_stamp stamps_out[]);

enum status memory_items_sync(struct op *op, struct remote *remote,
                              const char *folder, const char *state,
                              bool (*page)(void *context,
                                           const struct remote_item_page *page),
                              void *context);
enum status memory_items_list(
    struct op *op, struct remote *remote, const char *folder,
    bool (*page)(void *context, const struct remote_item *items, size_t count),
    void *context);
enum status memory_items_get(struct op *op, struct remote *remote,
                             const char *const ids[], size_t count,
                             bool (*each)(void *context, size_t index,
                                          enum status status,
                                          const struct remote_item *item),
                             void *context);
enum status memory_items_preview(struct op *op, struct remote *remote,
                                 const char *const ids[], size_t count,
                                 bool (*each)(void *context, size_t index,
                                              enum status status,
                                              const char *text),
                                 void *context);
enum status memory_items_read(
    struct op *op, struct remote *remote, const char *const ids[],
    const uint32_t sizes[], size_t count, enum remote_part part,
    bool (*each)(void *context, struct remote_read *read), void *context);
enum status memory_find_new(struct op *op, struct remote *remote,
                            const char *folder, const char *token,
                            const char *message_id, int64_t since,
                            struct remote_item **items_out, size_t *count_out);
enum status memory_search(struct op *op, struct remote *remote,
                          const char *folder, enum mail_search_field field,
                          const char *name, const char *text,
                          bool (*page)(void *context, const char *const ids[],
                                       size_t count),
                          void *context);
enum status memory_search_words(struct op *op, struct remote *remote,
                                const char *folder,
                                enum mail_search_field field, const char *text,
                                bool (*page)(void *context,
                                             const char *const ids[],
                                             size_t count),
                                void *context);

enum status memory_items_update(struct op *op, struct remote *remote,
                                const struct remote_update updates[],
                                size_t count, struct remote_result results[]);
enum status memory_items_copy(struct op *op, struct remote *remote,
                              const char *const ids[], size_t count,
                              const char *target,
                              struct remote_result results[]);
enum status memory_items_move(struct op *op, struct remote *remote,
                              const char *const ids[], size_t count,
                              const char *target,
                              struct remote_result results[]);
enum status memory_items_delete(struct op *op, struct remote *remote,
                                const char *const ids[], size_t count,
                                enum remote_delete how,
                                struct remote_result results[]);
enum status memory_item_create(struct op *op, struct remote *remote,
                               const char *folder,
                               const struct remote_new *item,
                               struct remote_result *result);
enum status memory_send(struct op *op, struct remote *remote,
                        const struct remote_submission *submission);

enum remote_push memory_watch_means(struct remote *remote, bool *all_out);
enum status memory_watch_begin(struct op *op, struct remote *remote,
                               enum remote_push push,
                               const char *const folders[], size_t count,
                               remote_tell *tell, void *context,
                               struct remote_watch **watch_out);
void memory_watch_listen(struct remote_watch *watch, struct streams *streams);
void memory_watch_hush(struct remote_watch *watch);
enum status memory_watch_ask(struct op *op, struct remote_watch *watch);
void memory_watch_end(struct op *op, struct remote_watch **watch);

enum status memory_quota(struct op *op, struct remote *remote,
                         struct remote_quota *quota_out);
enum status memory_comment_get(struct op *op, struct remote *remote,
                               const char *folder, const char **comment_out);
enum status memory_comment_set(struct op *op, struct remote *remote,
                               const char *folder, const char *comment);
enum status memory_permissions_get(struct op *op, struct remote *remote,
                                   const char *folder,
                                   struct folder_permission **permissions_out,
                                   size_t *count_out);
enum status memory_permissions_set(struct op *op, struct remote *remote,
                                   const char *folder, enum folder_kind kind,
                                   const struct folder_permission permissions[],
                                   size_t count);
enum status memory_categories(struct op *op, struct remote *remote,
                              struct remote_category **categories_out,
                              size_t *count_out);

enum status memory_store_folders(struct op *op, struct remote *remote,
                                 const struct remote_store *store,
                                 const char *const parents[], size_t count,
                                 struct remote_folder **folders_out,
                                 size_t *count_out);

/* Flags as the properties that hold them, and back; `arena` gets the columns.
 */
uint32_t memory_flags(const struct sim_item *item);
void memory_set_flags(struct sim_item *item, uint32_t flags);
struct remote_item memory_item(struct arena *arena, struct sim_item *item);

/* The mark of an attempt, kept with what it made. */
void memory_set_token(struct sim_item *item, const char *token);
bool memory_has_token(const struct sim_item *item, const char *token);

#endif
