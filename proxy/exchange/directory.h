/*
 * directory.h - people: the global address list and one's own contacts
 *
 * Two sources are asked as one: the contact folders of the account, as they are
 * known in the index, and the organisation's directory, which is the offline
 * address book where there is one and it is wanted, a directory server behind
 * us (LDAP), or Exchange itself.
 *
 * Exchange finds people by the beginning of a name, an alias or an address
 * (ambiguous name resolution), and tells a hundred at most.  What it has told
 * is kept for minutes (setting directory.cache_seconds), for longer letters
 * too, and several who ask the same at once cost one call.
 */
#ifndef POSTERN_EXCHANGE_DIRECTORY_H
#define POSTERN_EXCHANGE_DIRECTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proxy/base/op.h"
#include "proxy/format/contact.h"

struct account;

enum person_kind {
    PERSON_USER,   /* a mailbox, or a card of one's own */
    PERSON_GROUP,  /* a distribution list, whoever keeps it */
    PERSON_ROOM,   /* a room, or a thing to be booked */
    PERSON_FOREIGN /* an address elsewhere that the directory lists */
};

/* Somebody named by an entry: a manager, a member. */
struct person_link {
    const char *name;    /* NULL: not told */
    const char *address; /* SMTP; NULL: not told */
};

struct person {
    const char *id;    /* his own and the same for ever, letters in lower case:
                          of the directory his primary address */
    enum person_kind kind;
    bool personal;     /* of the account's own folders */
    const char *alias; /* NULL: none */
    const char *const *addresses; /* SMTP, all of them, the primary one first;
                                     NULL at the end */
    struct person_link manager;
    struct person_link *reports;  /* whose manager he is, where that is told */
    size_t report_count;
    struct contact contact;       /* the rest; of personal groups the members */
};

/* Which sources are asked. */
enum people_source { PEOPLE_PERSONAL = 1, PEOPLE_GLOBAL = 2, PEOPLE_BOTH = 3 };

enum people_by {
    PEOPLE_BY_BEGINNING, /* of a word of a name, an alias or an address */
    PEOPLE_BY_ADDRESS,   /* just this one, primary or not */
    PEOPLE_ALL
};

struct people_query {
    enum people_by by;
    const char *text;            /* not of PEOPLE_ALL */
    enum people_source sources;
    size_t limit;                /* how many may be wanted; 0: no limit */
    bool cheaply;                /* PEOPLE_ALL: only from where they can be had
                                    again and again */
};

/*
 * Tells of people, those of the account's own folders first, until `each`
 * returns false; a person lives until then.  More than those who match may
 * come: the caller looks himself.
 *
 * `complete_out` is whether nobody who matches was left out.  It is false where
 * Exchange has more than it tells, and for everybody in the directory where
 * there is no offline address book.
 *
 * Of a directory server everybody is kept for minutes, too, where that takes no
 * more than a part of what may be kept; of a larger one everybody is asked for
 * each time, and not at all where it shall be cheap.
 *
 * One call for letters that nobody has asked for lately, none else; above a
 * hundred, one more for each hundred (2013 and later).  Contacts as objects.h:
 * one call for a folder that is not watched.
 */
enum status people_find(struct op *op, struct account *account,
                        const struct people_query *query,
                        bool (*each)(void *context,
                                     const struct person *person),
                        void *context, bool *complete_out);

/* One of them by his id; lives in op's arena. */
enum status people_get(struct op *op, struct account *account, const char *id,
                       const struct person **person_out);

/* Who is in a group, not who is in groups in it; one call for one of the
 * directory, kept as the others.  STATUS_NOT_FOUND: the group hides it. */
enum status people_members(struct op *op, struct account *account,
                           const struct person *group,
                           struct person_link **members_out, size_t *count_out,
                           bool *complete_out);

/* A picture of at least about so many pixels a side, where there is one; one
 * call, kept as the others.  STATUS_NOT_FOUND: there is none. */
enum status people_photo(struct op *op, struct account *account,
                         const struct person *person, unsigned pixels,
                         const void **data_out, size_t *len_out,
                         const char **type_out);

#endif
