/*
 * mail_private.h - what the files of mail.h share
 */
#ifndef POSTERN_EXCHANGE_MAIL_PRIVATE_H
#define POSTERN_EXCHANGE_MAIL_PRIVATE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "proxy/base/op.h"
#include "proxy/exchange/backend.h"
#include "proxy/exchange/flight.h"
#include "proxy/exchange/folder.h"
#include "proxy/exchange/index/index.h"
#include "proxy/exchange/index/messages.h"
#include "proxy/exchange/mail.h"

struct account;

/* How often a write whose outcome is unknown is looked into and repeated. */
#define WRITE_TRIES 4

/* --- What is in memory of a folder --------------------------------------- */

struct category_pool;

struct place {
    struct place *next;
    int64_t folder;
    struct flight sync;         /* refreshes are shared */
    struct flight turn;         /* of objects: syncs and writes take turns */
    _Atomic uint64_t looked_ms; /* when it was up to date; 0: not since the
                                   start */

    pthread_mutex_t lock;       /* for the next ones */
    uint64_t looked;            /* the moment of that (of account_moment), */
    uint64_t touched;           /* and of its last known change at Exchange, */
    uint64_t touched_ms;        /* and when that was told */
    uint64_t looks_since_ms;    /* of objects: since when it is looked at again
                                   and again, */
    uint64_t looks_last_ms;     /* and when it was looked at; 0: never */
    struct mail_view *view;     /* the newest one built; NULL: none */
    unsigned whole_views;       /* how many were made of all rows, for tests */
    uint32_t read_last;         /* the UID that was read last, */
    int read_direction;         /* 1: those after it follow, -1: those before
                                   it, */
    unsigned read_in_row;       /* as has been so this often */
    bool syncing;
    char **written;             /* ids that we have changed during this sync */
    size_t written_count;
    struct remote_stamp stamp;  /* the last one heard of, */
    uint64_t stamped_ms;        /* and when; 0: not since the start */
    uint64_t stamped;           /* the moment of that */

    struct place *older, *newer; /* on the shelf, under its lock: */
    uint64_t octets;             /* its view takes so many; 0: it is not there */
};

struct places;
struct shelf;
struct places *places_new(struct shelf *shelf);
void places_free(struct places **places);

/* What a view takes, roughly; whether nobody but its place holds it. */
uint64_t mail_view_octets(const struct mail_view *view);
bool mail_view_is_idle(const struct mail_view *view);

/* Lives as long as the account. */
struct place *place_of(struct account *account, int64_t folder);

/* When something was asked of Exchange. */
struct asked {
    uint64_t ms;
    uint64_t moment; /* of account_moment */
};
struct asked asked_now(struct account *account);

/* Keeps what Exchange has told of a folder, and whether that is of `since_ms`
 * or later. */
void place_hear(struct place *place, const struct remote_stamp *stamp,
                struct asked asked);
bool place_heard(struct place *place, uint64_t since_ms,
                 struct remote_stamp *stamp_out, struct asked *asked_out);

/* The folder was found up to date by what was asked then; something in it has
 * changed since that moment, and how many milliseconds before that has been
 * told the last time; and when both were. */
void place_looked(struct place *place, struct asked asked);
uint64_t place_touch(struct place *place, uint64_t moment);
void place_standing(struct place *place, uint64_t *looked_out,
                    uint64_t *touched_out);

/* Somebody looks at a folder of objects: whether it is likely that he will do
 * so again within `linger_ms`, as he has before. */
bool place_is_looked_at(struct place *place, uint64_t linger_ms);

/* Whether Exchange tells of news in this folder: it does so for those of one's
 * own mailbox, and not for what is put together by searching. */
bool is_told_of(const struct index_folder *folder);

/* Whether all that Exchange has is known here, so that it need not be asked:
 * the folder is being watched. */
bool place_is_current(struct op *op, struct account *account, int64_t folder);

/* A sync's answer may be older than a change of ours that was confirmed while
 * it was on its way.  Writers note the ids, and a sync that meets one asks
 * again.  The lock (the place's own) is held over noting and writing the index,
 * and over looking at the notes and writing the index, which is what place_note
 * and place_is_written need. */
void place_begin_sync(struct place *place);
void place_end_sync(struct place *place);
void place_note(struct place *place, const char *remote);
bool place_is_written(const struct place *place, const char *remote);

/* --- Syncing ------------------------------------------------------------- */

/* Asks Exchange what is new in a folder; those who ask at the same time share
 * it. */
enum status sync_folder(struct op *op, struct account *account, int64_t folder);

/* Whether both tell the same, so that nothing has changed in between. */
bool is_same_stamp(const struct remote_stamp *a, const struct remote_stamp *b);

/* Whether any later change will show in it.  One that happened in the very
 * second of the last change may leave it as it is, so that a stamp so young
 * must not be kept, and neither must one that does not tell when that was. */
bool is_settled_stamp(const struct remote_stamp *stamp);

/* Looks at the stamps of all and syncs those folders that have moved.  Stamps
 * heard of less than `max_age_ms` ago will do; for the others one call is made,
 * which then tells those of the neighbours as well.  Returns the first failure.
 */
enum status sync_moved(struct op *op, struct account *account,
                       const int64_t folders[], size_t count,
                       uint64_t max_age_ms, enum status statuses_out[]);

/* After our own changes: a new view for everyone, and room in the cache. */
void mail_changed(struct op *op, struct account *account, int64_t folder);

/* --- Acting on messages -------------------------------------------------- */

/* A folder and messages of it on their way to Exchange. */
struct selection {
    struct account *account;
    struct remote *remote;
    struct index_folder folder;
    struct index_item *items;    /* row 0: not there */
    struct mail_result *results; /* the caller's, with uid and status set */
    size_t count;
};

/* Looks everything up; every result starts as STATUS_NOT_FOUND (not there) or
 * STATUS_CANCELLED (not begun). */
enum status selection_open(struct op *op, struct account *account,
                           int64_t folder, const uint32_t uids[], size_t count,
                           struct mail_result results[],
                           struct selection *selection_out);

/* The first failure among the results. */
enum status selection_status(struct op *op, const struct selection *selection);

/* The positions whose result is `status`, in the arena. */
size_t *selection_those(struct op *op, const struct selection *selection,
                        enum status status, size_t *count_out);

/* The ids of these positions. */
const char **selection_ids(struct op *op, const struct selection *selection,
                           const size_t positions[], size_t count);

/* Sets what became of each of these positions. */
void selection_settle(const struct selection *selection,
                      const size_t positions[],
                      const struct remote_result results[], size_t count);

/* What a folder's `mail.delete` comes to: things in the trash do not go there
 * again. */
enum remote_delete delete_how(const struct account *account, bool in_trash);

/* Deletes for good what should never have been there: as mail_delete, whatever
 * the settings say. */
enum status mail_destroy(struct op *op, struct account *account, int64_t folder,
                         const uint32_t uids[], size_t count,
                         struct mail_result results[]);

/* --- Finding out what became of a message that was on its way ------------ */

/* What find_new says, asked for up to `seconds` until something is there.
 * STATUS_OK with NULL: surely nothing is.  STATUS_UNCERTAIN: it cannot be found
 * out. */
enum status attempt_find(struct op *op, struct account *account,
                         struct remote *remote, const char *folder,
                         const struct index_attempt *attempt, uint32_t seconds,
                         struct remote_item **item_out);

/* An attempt with a token of its own, noted in the index before it begins. */
enum status attempt_begin(struct op *op, struct account *account,
                          int64_t folder, const char *hash,
                          const char *message_id,
                          struct index_attempt *attempt_out);

/* A digest of a message as the client gave it; `recipients` may be NULL.  NULL
 * when the spool cannot be read. */
const char *attempt_hash(struct op *op, const struct spool *content,
                         const char *const *recipients);

/* How long a lost message is looked for, in seconds. */
uint32_t attempt_patience(const struct account *account, uint32_t seconds);

#endif
