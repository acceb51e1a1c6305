/*
 * account_private.h - an account as the services see it
 *
 * Only the files of proxy/exchange include this.  Locks are taken in the order
 * in which they stand here, and none is held while Exchange is called.
 */
#ifndef POSTERN_EXCHANGE_ACCOUNT_PRIVATE_H
#define POSTERN_EXCHANGE_ACCOUNT_PRIVATE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "config/settings.h"
#include "proxy/exchange/account.h"
#include "proxy/exchange/backend.h"
#include "proxy/exchange/flight.h"
#include "proxy/exchange/index/index.h"

struct cache;
struct changes;
struct credentials;
struct directory_cache;
struct helpers;
struct people;
struct places;
struct reading;
struct store_look;
struct upstream;
struct vigil;
struct watcher;

struct account {
    struct account *next;
    struct accounts *accounts;
    char *user;                      /* as the client wrote it */
    char *key;                       /* in lower case */
    char *login_name;                /* who he is to Exchange, */
    char *mailbox;                   /* and whose mailbox he opens; NULL: his
                                        own */
    char *directory;                 /* NULL in RAM */
    unsigned references;             /* of sessions; under the lock of
                                        accounts */

    struct credentials *credentials; /* of that login, shared */

    pthread_mutex_t lock;            /* for the next ones */
    struct secret *secret;           /* the last one that was right; NULL: none
                                        yet */
    uint64_t renewed_ms;             /* since when it is another one */
    struct upstream *upstream;       /* NULL: not connected yet */
    char *address;
    unsigned char failed_hash[32];   /* the last login that Exchange did not
                                        answer */
    uint64_t failed_ms;
    enum status failed;

    atomic_bool opened;              /* there is an index: the user has logged
                                        in once */
    atomic_bool doubted;             /* Exchange has refused a call since the
                                        last success */
    atomic_bool expired;             /* the secret is a token that Exchange has
                                        refused */
    _Atomic uint64_t message_limit;

    atomic_uint stores;              /* 1 << enum folder_store, of those that
                                        Exchange has told of */
    struct store_look *looks;        /* when other stores were looked at:
                                        folder_stores.c */

    struct remote_quota quota;       /* the last one asked for, */
    uint64_t quota_ms;               /* and when; 0: not since the start */

    struct flight login;             /* one at a time */
    struct flight tree;              /* looks at the folder tree are shared */
    struct flight naming;            /* one at a time: reading the tree, and
                                        renaming a folder by a client's wish */
    struct flight store_look;        /* one at a time */
    struct flight sending;           /* one at a time */
    _Atomic uint64_t tree_looked_ms; /* 0: not since the start */
    _Atomic uint64_t tree_looked;    /* the moment of that, */
    _Atomic uint64_t tree_touched;   /* and of its last known change */
    _Atomic uint64_t moment;         /* the last one given: account_moment */
    _Atomic uint64_t news;           /* how many syncs have brought some */

    struct index *index;             /* NULL before the first login */
    struct cache *cache;
    struct places *places;           /* what is in memory of folders:
                                        mail_place.c */
    struct reading *reading;         /* messages being fetched: reading.c */
    struct reading *storing;         /* and being stored: mail_append.c */
    struct changes *changes;         /* who listens: changes.c */
    struct people *people;           /* looking them up: directory_private.h */
    struct vigil *vigil;             /* under the watcher's lock; NULL: nobody
                                        has watched yet */
};

const struct settings *account_settings(const struct account *account);
const struct settings *accounts_settings(const struct accounts *accounts);

/* The connection to Exchange, made if there is none; it stays until op's arena
 * ends. STATUS_AUTH_FAILED without asking when Exchange has just refused the
 * password. */
enum status account_remote(struct op *op, struct account *account,
                           struct remote **remote_out);

/* The same for what is done in a folder, which may be in another store; NULL:
 * in the mailbox itself. */
enum status account_remote_of(struct op *op, struct account *account,
                              const struct index_folder *folder,
                              struct remote **remote_out);

/* Whether Exchange does not let the user in. */
bool account_is_refusal(enum status status);

/* The account has a new connection, and goes on with the secret that opened it;
 * or just with another secret.  Under its lock. */
void account_install(struct account *account, struct remote *remote,
                     const struct remote_account *about,
                     const struct secret *secret);
void account_take_secret(struct account *account, const struct secret *secret);

/* Makes the account's directory and opens its index, unless that is done. */
bool account_open_index(struct account *account);

/* Puts into the index what a restart shall not lose of the login. */
void account_save_facts(struct op *op, struct account *account);

/* Every answer of the backend passes through here, so that a password or token
 * that is not right any more is noticed.  Returns `status`. */
enum status account_told(struct account *account, enum status status);

/* The same for an answer that came over this connection: one that has been
 * replaced tells nothing about the password of today, but that the watcher
 * should use its successor. */
void account_told_by(struct account *account, const struct remote *remote,
                     enum status status);

/* A number that grows with everything that is asked of Exchange and told by it:
 * what was asked for later than a change was told has the change in it. */
uint64_t account_moment(struct account *account);

/* The tree is not as it was before that moment; and whether it is known as it
 * has been since. */
void account_touch_tree(struct account *account, uint64_t moment);
bool account_knows_tree(struct account *account, uint64_t since);

/* Has renderings taken away that nobody needs any more. */
void account_collect(struct op *op, struct account *account);

const struct backend *account_backend(const struct account *account);
struct shelf *account_shelf(const struct account *account);
struct directory_cache *account_directory_cache(const struct account *account);

/* Threads for what nobody waits for, with operations that are cancelled by the
 * second: the gateway ends. */
struct helpers *account_helpers(const struct account *account);
const atomic_bool *account_ending(const struct account *account);
struct watcher *account_watcher(const struct account *account);
struct watcher *accounts_watcher(struct accounts *accounts);

/* The account of that login name, referenced; made if there is none.  NULL when
 * too many strangers have come. */
struct account *accounts_find(struct op *op, struct accounts *accounts,
                              const char *user);

/* Takes up what an earlier run of the gateway has left in the account's
 * directory. */
void account_remember(struct account *account);

/* Takes views away that nobody looks at, as far as the setting store.view_limit
 * wants. */
void account_trim(const struct account *account);

/* Gives the connection back. */
void account_disconnect(struct account *account);

/* Frees what is known of looks at other stores. */
void stores_forget(struct account *account);

/* A folder of theirs is gone, or shut: who asks next looks anew. */
void stores_look_again(struct account *account);

/* What of a user's name is his own ("ann@example.com"), and whose mailbox it asks
 * for (NULL: his); both as the client wrote them, in the arena or the name. */
const char *account_split(struct arena *arena, const char *user,
                          const char **mailbox_out);

#endif
