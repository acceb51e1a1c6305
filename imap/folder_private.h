/*
 * folder_private.h - what the files of folder.h share
 */
#ifndef POSTERN_IMAP_FOLDER_PRIVATE_H
#define POSTERN_IMAP_FOLDER_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "imap/folder.h"

/* --- Lists of UIDs ------------------------------------------------------- */

/* On the heap, growing. */
struct uids {
    uint32_t *list;
    size_t count;
    size_t capacity;
};

void uids_reserve(struct uids *uids, size_t more);
void uids_add(struct uids *uids, uint32_t uid);
void uids_clear(struct uids *uids);

/* Of an ascending list: the index of the first that is at least `uid`, and
 * whether it is that very one. */
size_t uids_place(const struct uids *uids, uint32_t uid);
bool uids_contain(const struct uids *uids, uint32_t uid);

/* --- What has been announced --------------------------------------------- */

/* Ascending UIDs: those of a view, which all sessions share, and only while
 * something is held back from the client a list of its own. */
struct known {
    struct mail_view *view; /* NULL: it is the list */
    struct uids list;
};

size_t known_count(const struct known *known);
uint32_t known_at(const struct known *known, size_t index);
uint32_t known_last(const struct known *known); /* 0 if there is none */
size_t known_place(const struct known *known, uint32_t uid);
bool known_has(const struct known *known, uint32_t uid);

/* Makes a list of it; makes it the UIDs of a view. */
void known_unfold(struct known *known);
void known_fold(struct known *known, struct mail_view *view);

void known_clear(struct known *known);

/* --- The folder ---------------------------------------------------------- */

/* Three things are kept: the UIDs that have been announced (a message's number
 * is its place among them), the view from which the client was told last, and
 * the newest view.  They differ between an own change and the end of its
 * command, and for messages that are gone but not yet announced as such. */
struct imap_folder {
    struct account *account;
    int64_t id;
    bool read_only;
    bool gone;
    const unsigned *enabled; /* the session's, of enum imap_extension */

    struct known known;     /* what has been announced */
    struct mail_view *told; /* what the client was told from */
    struct mail_view *view; /* the newest */

    /* What is held back from the client (of enum imap_news), up to which modseq
     * it knows everything, and where the folder stood when that was said. */
    unsigned held;
    uint64_t settled;
    uint64_t told_of;

    struct uids recent; /* pairs: first and last UID of ranges, ascending */
    struct uids saved;  /* what "$" stands for, in such pairs */

    /* Those whose flags the client knows from `shown`, not from `told`. */
    struct uids shown_uids;
    struct mail_view *shown;

    char **categories; /* announced as keywords; NULL at the end, or NULL */
};

/* Announces what is in the newest view beyond the known UIDs, which are a list;
 * says from which index of them on they are new. */
size_t folder_learn_new(struct imap_folder *folder);

/* Finds out which of the known UIDs from index `from` on no session has seen
 * before.  Only SELECT takes that honour away from others (RFC 3501, 6.3.2). */
void folder_claim_recent(struct op *op, struct imap_folder *folder,
                         size_t from);

#endif
