/*
 * name.h - Exchange's folder tree as IMAP's mailbox names
 *
 * A mailbox is named by the path to it, with "/" between the levels.  The inbox
 * is INBOX, and folders with a use have their standard English names.  Other
 * folders are called what people called them, which may be anything: "/" and
 * control characters are escaped (see escape.h), all that is not ASCII travels
 * in modified UTF-7.  This is exact both ways.
 *
 * A client that has enabled UTF-8 (RFC 6855, RFC 9051) reads and writes the same
 * names without UTF-7; here they are turned at the door, so that inside there is
 * one form of them.
 *
 * The folders of other stores are below a mailbox of ours at the top, "Shared"
 * or "Public" for instance, and have the names that Exchange gives them there.
 */
#ifndef POSTERN_IMAP_NAME_H
#define POSTERN_IMAP_NAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proxy/base/op.h"
#include "proxy/exchange/folder.h"

struct account;
struct arena;
struct imap_command;
struct imap_session;

struct imap_mailbox {
    const struct folder *folder;
    const char *name;  /* the whole path, in modified UTF-7 */
    bool selectable;   /* for messages; others are there for what is below */
    bool visible;      /* selectable, or above one that is; else it does not
                          exist for clients */
    bool has_children; /* visible ones */
    size_t parent;     /* its index, or IMAP_TOP */
};
#define IMAP_TOP SIZE_MAX

/* Parents before children. */
struct imap_mailboxes {
    struct imap_mailbox *list;
    size_t count;
};

enum status imap_mailboxes_load(struct op *op, struct account *account,
                                struct imap_mailboxes *mailboxes_out);

/* The same after a look at other stores, as far as `pattern` reaches into them:
 * with the wildcards of LIST, or as the plain name of a mailbox. */
enum status imap_mailboxes_look(struct op *op, struct account *account,
                                const char *pattern, bool wildcards,
                                struct imap_mailboxes *mailboxes_out);

/* In which store a mailbox is by its name. */
enum folder_store imap_name_store(const char *name);

/* The mailboxes of a tree, without asking anybody. */
void imap_mailboxes_build(struct arena *arena, const struct folder *folders,
                          size_t count, struct imap_mailboxes *mailboxes_out);

/* Adds the names that are subscribed and are no folder's, and what is missing
 * above them, as mailboxes that are not visible, of a folder without a number. */
enum status imap_mailboxes_add_lost(struct op *op, struct account *account,
                                    struct imap_mailboxes *mailboxes);

/* Ends the subscription to a name, of one of these mailboxes or not;
 * STATUS_NO_FOLDER if there is neither. */
enum status imap_name_unsubscribe(struct op *op, struct account *account,
                                  const struct imap_mailboxes *mailboxes,
                                  const char *name);

/* The mailbox name of a path of folders' names (FOLDER_LEVEL). */
const char *imap_name_of_path(struct arena *arena, const char *path);

/* Whether two names are of the same mailbox: INBOX goes in any case. */
bool imap_name_is(const char *a, const char *b);

/* By name; NULL if there is none. */
const struct imap_mailbox *imap_mailboxes_find(
    const struct imap_mailboxes *mailboxes, const char *name);

/* The folder of that name; a tree in which it is missing is refreshed once.
 * STATUS_NO_FOLDER for none, and for one that holds no messages. */
enum status imap_mailbox_find(struct op *op, struct account *account,
                              const char *name, struct folder *folder_out);

/* The same for what is about to be put there: STATUS_DENIED where nothing can be
 * changed. */
enum status imap_target_find(struct op *op, struct account *account,
                             const char *name, struct folder *folder_out);

/* Where a mailbox that is not there would be made. */
struct imap_place {
    int64_t parent;     /* the deepest folder that is there; 0: top */
    const char **names; /* of the missing ones, top down; NULL at the end */
    size_t count;
};

/* Reads the name of a new mailbox; false if no folder can have it. */
bool imap_mailboxes_place(const struct imap_mailboxes *mailboxes,
                          struct arena *arena, const char *name,
                          struct imap_place *place_out);

/* --- On the wire --------------------------------------------------------- */

/* Reads a mailbox argument, as all of the above take it; NULL if there is none.
 */
const char *imap_read_mailbox(struct imap_command *command);

/* Writes a mailbox's name as the client reads it, as an astring; the second
 * tells what that is. */
void imap_tell_mailbox(struct imap_session *session, const char *name);
const char *imap_name_shown(const struct imap_session *session,
                            struct arena *arena, const char *name);

/* What names a mailbox for good (RFC 8474): printf's format for a folder's id
 * and UIDVALIDITY. */
#define IMAP_MAILBOXID "F%" PRId64 "-%" PRIu32

/* Whether a pattern may match names that begin with `front`. */
bool imap_pattern_reaches(struct arena *arena, const char *pattern,
                          const char *front);

/* Whether LIST's pattern with its wildcards % and * matches a name. */
bool imap_pattern_matches(struct arena *arena, const char *pattern,
                          const char *name);

#endif
