/*
 * remote_directory.h - the organisation's directory behind a backend
 *
 * A part of backend.h, whose rules hold here.  A directory server behind us
 * (LDAP) fills the same slots.
 */
#ifndef POSTERN_EXCHANGE_REMOTE_DIRECTORY_H
#define POSTERN_EXCHANGE_REMOTE_DIRECTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proxy/base/op.h"
#include "proxy/exchange/directory.h"

struct remote;

/* Which edition of the offline address book is known. */
struct remote_book_edition {
    const char *id;    /* of the list; "" : none yet */
    uint32_t sequence; /* grows with each edition */
    const char *kept;  /* the file in which its data stay until the next one,
                          so that changes are enough then; NULL: nowhere */
};

/* What an edition brings. */
struct remote_book {
    struct remote_book_edition edition;
    bool unchanged; /* `known` is the newest: `each` was not called */
};

struct remote_directory {
    /* People, rooms and groups by the beginning of a name, alias or address;
     * "smtp:ann@example.com" is that address alone.  One call for the first
     * hundred; more of them, up to `limit`, where the server can (FindPeople,
     * 2013 and later).  `complete_out`: there are no others. */
    enum status (*find)(struct op *op, struct remote *remote, const char *text,
                        size_t limit, struct person **people_out,
                        size_t *count_out, bool *complete_out);

    /* Everybody, where the server can: people live until `each` returns.  NULL
     * where none can. */
    enum status (*all)(struct op *op, struct remote *remote,
                       bool (*each)(void *context, const struct person *person),
                       void *context, bool *complete_out);

    /* One level of a group.  STATUS_NOT_FOUND: nobody, or nobody is shown. */
    enum status (*members)(struct op *op, struct remote *remote,
                           const char *address,
                           struct person_link **members_out, size_t *count_out,
                           bool *complete_out);

    /* The picture whose size is at least `pixels`, or the largest. */
    enum status (*photo)(struct op *op, struct remote *remote,
                         const char *address, unsigned pixels,
                         const void **data_out, size_t *len_out,
                         const char **type_out);

    /* The offline address book: downloaded, checked against its manifest's
     * hashes and read.  A whole edition: people live until `each` returns.
     * STATUS_UNSUPPORTED: the server offers none.  `address` is for
     * autodiscover; `folder` is a directory for files while it works. */
    enum status (*book)(struct op *op, struct remote *remote,
                        const char *address, const char *folder,
                        const struct remote_book_edition *known,
                        bool (*each)(void *context,
                                     const struct person *person),
                        void *context, struct remote_book *book_out);
};

#endif
