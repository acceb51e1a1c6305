/*
 * index.h - what we know of one mailbox, kept across restarts
 *
 * One SQLite file per account holds the folder tree, every message's index
 * columns, our UIDs, the sync states that continue them, and what was read of
 * messages. Losing it loses no mail: it costs one new sync and new
 * UIDVALIDITYs.
 *
 * Every function is one transaction under the index's own lock, so that the
 * file is consistent whenever the process ends; a UID that was handed out
 * survives a power cut.  None of them calls Exchange.  A disk that fails is
 * STATUS_UNAVAILABLE with its own log line.
 *
 * Two counters move with a folder: `modseq` with what clients see as a change
 * (new, gone, flags, categories), `revision` also with what views show besides
 * (sizes).
 */
#ifndef POSTERN_EXCHANGE_INDEX_H
#define POSTERN_EXCHANGE_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proxy/base/op.h"
#include "proxy/exchange/backend.h"

struct index;

/* --- The file ------------------------------------------------------------ */

/*
 * Opens or makes <directory>/index.sqlite (mode 0600); NULL as directory keeps
 * all in RAM.  A damaged or foreign file is set aside as
 * index.sqlite.broken-<time> with a log line, and a new one is made.  NULL and
 * a log line when the disk refuses or another process has the file.  `user` is
 * for the log.
 */
struct index *index_open(const char *directory, const char *user);
void index_close(struct index **index);

/* Gives back what is in memory of the file, unless it is being worked with. */
void index_rest(struct index *index);

/* How many tombstones a folder keeps at least, and how old they may become. */
void index_limit_tombstones(struct index *index, uint32_t number,
                            uint32_t seconds);

/* Small facts about the account: texts by name, in op's arena; NULL if not
 * known. */
const char *index_fact(struct op *op, struct index *index, const char *name);
enum status index_set_fact(struct op *op, struct index *index, const char *name,
                           const char *value);

/* --- Folders ------------------------------------------------------------- */

struct index_folder {
    int64_t id;
    const char *remote;
    const char *parent; /* an id of Exchange's, perhaps of no folder here */
    const char *name;   /* its display name */
    enum folder_kind kind;
    enum folder_use use;
    bool hidden;
    bool syncable;
    bool subscribed;   /* by itself, not by a client: see index_shown */
    const char *shown; /* the name that it was last shown under; NULL: none */
    int64_t store;     /* 0: the mailbox itself */
    unsigned lacks;    /* of enum folder_right */
    bool more_below;   /* has folders below that are not here */
    bool complete;     /* has been read whole, so that it has a view */
    bool sweeping;     /* is being read from the beginning */
    uint32_t uid_validity;
    uint32_t uid_next;
    uint64_t modseq;
    uint64_t revision;
    const char *sync_state;    /* NULL: from the beginning */
    struct remote_stamp stamp; /* when it was last known to be up to date */
};

/* All folders, hidden ones as well, in the order of ids. */
enum status index_folders(struct op *op, struct index *index,
                          struct index_folder **folders_out, size_t *count_out);

/* Other stores, by numbers that are never used again. */
struct index_store {
    int64_t id;
    enum folder_store kind;
    const char *address; /* whose it is, for a shared one; else "" */
    bool named;          /* a client has named it: it is remembered */
};

enum status index_stores(struct op *op, struct index *index,
                         struct index_store **stores_out, size_t *count_out);

/* Its number, also if it is known already. */
enum status index_store_add(struct op *op, struct index *index,
                            const struct index_store *store, int64_t *id_out);

/* Takes a listing of all that is in a store, or of what is right below
 * `parents` (NULL at the end; none of them: at the top). */
enum status index_store_list(struct op *op, struct index *index, int64_t store,
                             const char *const parents[],
                             const struct remote_folder folders[], size_t count,
                             bool *changed_out);

/* STATUS_NO_FOLDER when there is none with that number. */
enum status index_folder(struct op *op, struct index *index, int64_t id,
                         struct index_folder *folder_out);

/* Exchange is about to be asked for changes of the tree, which name each folder
 * that none have named yet, or it is gone again. */
enum status index_folders_asks(struct op *op, struct index *index);

/* Takes a page of changes of the tree with the state that continues after it.
 * The last page of a reading from the beginning removes the folders that it did
 * not name.  `changed_out` tells whether anything is different now. */
enum status index_folders_page(struct op *op, struct index *index,
                               const struct remote_folder_change changes[],
                               size_t count, const char *state, bool last,
                               bool *changed_out);

/* The state that continues the tree, NULL for none; and forgetting it, which
 * makes the next reading one from the beginning. */
const char *index_folders_state(struct op *op, struct index *index);
enum status index_folders_restart(struct op *op, struct index *index);

/* A folder that we made ourselves, most often before the tree's next change
 * tells of it.  It is not subscribed by itself. */
enum status index_folder_add(struct op *op, struct index *index,
                             const struct remote_folder *folder,
                             int64_t *id_out);

/* What stands in for a store where a folder is none of Exchange's: it is
 * hidden, and nothing but our own doing changes it. */
#define INDEX_MADE (-1)

/* The number of such a folder by its id; made if there is none. */
enum status index_folder_made(struct op *op, struct index *index,
                              const struct remote_folder *folder,
                              int64_t *id_out);

/* By a client's wish: subscriptions stay with the old names. */
enum status index_folder_rename(struct op *op, struct index *index, int64_t id,
                                const char *name, const char *parent);
enum status index_folder_remove(struct op *op, struct index *index, int64_t id);

/* From which UID on messages are recent, and making all of now not recent. */
enum status index_folder_recent(struct op *op, struct index *index, int64_t id,
                                bool claim, uint32_t *first_out);

enum status index_folder_stamp(struct op *op, struct index *index, int64_t id,
                               const struct remote_stamp *stamp);

/* The comment of a folder as last heard of, NULL for none; false when nobody
 * has ever looked. */
bool index_comment(struct op *op, struct index *index, int64_t folder,
                   const char **comment_out);

/* Keeps it.  Another one than before counts as a change of the folder (RFC
 * 7162, 3.2), and so does one that is `ours` where none was known. */
enum status index_keep_comment(struct op *op, struct index *index,
                               int64_t folder, const char *comment, bool ours,
                               bool *changed_out);

/* --- Subscriptions ------------------------------------------------------- */

/* The names that are subscribed, of whatever folders and of none, in the order
 * of strcmp. */
enum status index_names(struct op *op, struct index *index,
                        const char ***names_out, size_t *count_out);
enum status index_name_subscribe(struct op *op, struct index *index,
                                 const char *name, bool subscribed);

/* A folder that is shown under another name than before. */
struct index_showing {
    int64_t id;
    const char *before; /* NULL: it is shown for the first time */
    const char *name;
    bool deleted; /* it is in the trash now: what it was called stays */
};

/* Takes note.  The subscription goes along with a folder that was renamed
 * elsewhere; one that is new is subscribed if it is to be so by itself. */
enum status index_shown(struct op *op, struct index *index,
                        const struct index_showing showings[], size_t count);

/* --- Attempts ------------------------------------------------------------ */

/* A message on its way to Exchange, noted before it leaves: what was lost on
 * the way can be looked for, also when the client tries again after a restart.
 */
struct index_attempt {
    int64_t id;
    int64_t folder;   /* 0: sent to people */
    const char *hash; /* of the message as the client gave it */
    const char *token;
    const char *message_id; /* NULL: none */
    int64_t time;
};

enum status index_attempt_begin(struct op *op, struct index *index,
                                struct index_attempt *attempt);

/* An earlier attempt at the very same whose outcome nobody knows, and whose id
 * is below `before` (0: any); id 0: none. */
enum status index_attempt_open(struct op *op, struct index *index,
                               int64_t folder, const char *hash, int64_t before,
                               struct index_attempt *attempt_out);

/* It has come to an end: done, or surely not done. */
enum status index_attempt_end(struct op *op, struct index *index, int64_t id,
                              bool done);

/* A mail sent since `since` with that Message-ID whose copy in Sent nobody has
 * claimed yet; this call claims it.  id 0: there is none. */
enum status index_claim_sent(struct op *op, struct index *index,
                             const char *message_id, int64_t since,
                             struct index_attempt *attempt_out);

/* Gives the claim back: whether the copy is there could not be found out. */
enum status index_unclaim_sent(struct op *op, struct index *index, int64_t id);

#endif
