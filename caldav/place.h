/*
 * place.h - what a URL stands for, and the URL of a folder
 *
 *     /                                     the root
 *     /.well-known/caldav, carddav          where to begin (RFC 6764)
 *     /principals/users/<mail>/             a person
 *     .../calendar-proxy-read/, -write/     who may open his calendar
 *     /users/<mail>/                        his home: all of his collections
 *     /users/<mail>/calendar/               the calendar that everyone has;
 *     /users/<mail>/tasks/, contacts/       tasks and contacts alike
 *     /users/<mail>/calendar/<name>/        a calendar below it
 *     /users/<mail>/calendar/<object>/<id>/<file>   what is attached there
 *     /users/<mail>/<name>/<name>/          any other folder by its path
 *     /users/<mail>/inbox/, outbox/         for scheduling (RFC 6638)
 *     /public/<name>/<name>/                a public folder
 *     /directory/                           everyone's addresses, to be read
 *
 * Someone else's mail address opens his mailbox as far as he lets one.  All of
 * it goes with and without a slash at the end.
 */
#ifndef POSTERN_CALDAV_PLACE_H
#define POSTERN_CALDAV_PLACE_H

#include <stdbool.h>
#include <stddef.h>

#include "proxy/base/op.h"
#include "proxy/exchange/folder.h"

struct account;
struct arena;

enum dav_place_kind {
    DAV_NOWHERE, /* nothing, and nothing can be made there */
    DAV_WELL_KNOWN,
    DAV_PLAIN, /* a collection that only leads to others */
    DAV_PRINCIPAL,
    DAV_PROXY, /* those who may read, or write, somebody's calendar */
    DAV_HOME,
    DAV_CALENDAR,
    DAV_TASKS,
    DAV_CONTACTS,
    DAV_INBOX,
    DAV_OUTBOX,
    DAV_DIRECTORY,
    DAV_PERSON,     /* a card of the directory */
    DAV_OBJECT,     /* something in a folder, be it there or not */
    DAV_ATTACHMENT, /* a file at an event (links.h), likewise */
    DAV_FREE        /* nothing; a folder could be made there */
};

/* Sets of them. */
#define DAV_KIND(KIND) (1u << (KIND))
#define DAV_FOLDERS                                                            \
    (DAV_KIND(DAV_CALENDAR) | DAV_KIND(DAV_TASKS) | DAV_KIND(DAV_CONTACTS))
#define DAV_COLLECTIONS                                                        \
    (DAV_FOLDERS | DAV_KIND(DAV_PLAIN) | DAV_KIND(DAV_PRINCIPAL) |             \
     DAV_KIND(DAV_PROXY) | DAV_KIND(DAV_HOME) | DAV_KIND(DAV_INBOX) |          \
     DAV_KIND(DAV_OUTBOX) | DAV_KIND(DAV_DIRECTORY))
#define DAV_CARDS (DAV_KIND(DAV_PERSON))
#define DAV_ALL_KINDS (DAV_COLLECTIONS | DAV_CARDS | DAV_KIND(DAV_OBJECT))

struct dav_place {
    enum dav_place_kind kind;
    const char *href;  /* quoted; with a slash at the end for collections; of
                          DAV_ATTACHMENT that of the folder */
    const char *owner; /* the mail in it as the client writes it; NULL */
    bool own;          /* that is himself */
    bool slash;        /* it was asked for with one at the end */

    /* Of a folder: itself; of DAV_OBJECT and DAV_ATTACHMENT: the folder that
     * is in; of DAV_FREE: the one above it, NULL for the top; of the home of
     * somebody who shows nothing but when he is busy: the calendar of that
     * (schedule.h). */
    const struct folder *folder;
    const char *name; /* of DAV_OBJECT, DAV_PERSON and DAV_FREE, unquoted; of
                         DAV_ATTACHMENT that of its event; of DAV_PROXY one of
                         the next */
    const char *attachment; /* of DAV_ATTACHMENT: its id as the URL has it */
};

#define DAV_PROXY_READ "calendar-proxy-read"
#define DAV_PROXY_WRITE "calendar-proxy-write"

/* The folders as they are known to one request. */
struct dav_tree {
    struct op *op;
    struct account *account;
    const char *self; /* one's own mail, as hrefs have it */
    const struct folder *folders;
    size_t count;
    const char **segments; /* by which clients have made them; see below */
    bool shared_seen;      /* other people's have been looked at */
};

/* The property that keeps by what name a client has made a folder, when that is
 * not the folder's own: its URL stays the same whatever it is called later. */
#define DAV_SEGMENT "{urn:postern}segment"

/* Loads it: no call where the tree is fresh. */
enum status dav_tree_load(struct op *op, struct account *account,
                          struct dav_tree *tree_out);

/* What a URL stands for.  Looks at other stores as far as the URL leads into
 * them. */
enum status dav_place_look(struct dav_tree *tree, const char *url,
                           struct dav_place *place_out);

/* The same, and looks anew at one's own folders where it leads to none:
 * somebody may have made it a moment ago. */
enum status dav_place_find(struct dav_tree *tree, const char *url,
                           struct dav_place *place_out);

/* The place of a folder, for the person (NULL: of the store) whose home the
 * client calls `owner`; NOWHERE for one that is none of ours. */
struct dav_place dav_place_of(struct dav_tree *tree,
                              const struct folder *folder, const char *owner);

/* The place of an object in a folder's. */
struct dav_place dav_place_object(struct arena *arena,
                                  const struct dav_place *folder,
                                  const char *name);

/* All folders of a home, in the order of the tree; the count is returned.
 * `places_out` has room for the whole tree. */
size_t dav_place_children(struct dav_tree *tree, const struct dav_place *home,
                          struct dav_place places_out[]);

/* The folder of a home that everyone has; its href is made even where it is not
 * known. */
const char *dav_place_main(const struct dav_tree *tree, const char *owner,
                           const char *word);

const char *dav_href_principal(struct arena *arena, const char *mail);
const char *dav_href_home(struct arena *arena, const char *mail);

const char *dav_href_proxy(struct arena *arena, const char *mail,
                           const char *group);

/* The mailboxes of others that are known, by their addresses; NULL at the end.
 * Those that the settings name are looked at. */
const char **dav_shared(struct dav_tree *tree);

/* Those of them whose calendar may be written, or may only be read. */
const char **dav_proxied(struct dav_tree *tree, bool write);
bool dav_is_proxied(struct dav_tree *tree, const char *mail, bool write);

/* Looks below public folders that nobody has looked below, some levels deep. */
enum status dav_look_at_public(struct dav_tree *tree);

/* The mail address in the URL of a principal or a home, or in a "mailto:"; NULL
 * if there is none. */
const char *dav_mail_of(struct arena *arena, const char *url);

#endif
