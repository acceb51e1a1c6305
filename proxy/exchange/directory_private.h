/*
 * directory_private.h - what the files of directory.h share
 */
#ifndef POSTERN_EXCHANGE_DIRECTORY_PRIVATE_H
#define POSTERN_EXCHANGE_DIRECTORY_PRIVATE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proxy/exchange/account_private.h"
#include "proxy/exchange/directory.h"
#include "proxy/exchange/directory_cache.h"

struct server_link;

/* What an account has in memory of people. */
struct people {
    struct flight contacts;          /* looks at the contacts are shared */
    _Atomic uint64_t contacts_ms;    /* the last one; 0: none yet, */
    atomic_int contacts_status;      /* and what came of it */
    atomic_bool book_looking;        /* a newer book is looked for, */
    _Atomic uint64_t book_failed_ms; /* and when that last failed; 0: not */
    struct flight serving;           /* one at a time: to open the server */
    pthread_mutex_t lock;            /* for the next one */
    struct server_link *server;      /* NULL: not opened yet */
};

struct people *people_new(void);
void people_free(struct people **people);

/* Those of one call of people_find, who are told one after the other. */
struct telling {
    bool (*each)(void *context, const struct person *person);
    void *context;
    size_t told;
    bool wanted; /* more of them */
};

/* Tells of one more; false once no more are wanted. */
bool telling_tell(struct telling *telling, const struct person *person);

/* Gives somebody of the organisation his id; false for who has no address of
 * the internet. */
bool directory_name(struct arena *arena, struct person *person);

/* --- Whom to ask (directory_server.c) ------------------------------------- */

/* What is behind us: Exchange, or the directory server that the setting
 * directory.server names.  It stays until op's arena ends.  STATUS_UNSUPPORTED:
 * it has no directory. */
enum status directory_remote_of(struct op *op, struct account *account,
                                struct remote **remote_out);

/* Its answers pass through here, as account_told: what a directory server says
 * of a password says nothing of the one for Exchange.  Returns `status`. */
enum status directory_told(struct account *account, enum status status);

/* Gives the connection to the server back. */
void directory_disconnect(struct people *people);

/* --- The organisation (directory_remote.c) -------------------------------- */

/* Tells of those whom a question finds, as it is kept or as it is answered. */
enum status directory_find_global(struct op *op, struct account *account,
                                  const struct people_query *query,
                                  struct telling *telling, bool *complete_out);

#endif
