/*
 * folder.h - the selected folder as this client knows it
 *
 * IMAP numbers messages 1, 2, 3... in the order of UIDs, and a number changes
 * its meaning only when the client is told "EXPUNGE".  Views of a folder are
 * replaced at any time, by other sessions and by Exchange.  So a session
 * remembers which UIDs it has announced, and brings the client up to date from
 * the difference of two views where the RFC allows it (5.2, 7.4.1): always for
 * new messages and flags; for expunged ones not while FETCH, STORE or SEARCH
 * run.  Those stay addressable until then, but have no entry any more.
 */
#ifndef POSTERN_IMAP_FOLDER_H
#define POSTERN_IMAP_FOLDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "imap/args.h"
#include "proxy/base/op.h"

struct account;
struct arena;
struct imap_folder;
struct imap_out;
struct mail_entry;
struct mail_view;

/* The client is about to be told what is in `view`, which is taken over, in the
 * way of the extensions that it has `enabled`, now and later. */
struct imap_folder *imap_folder_new(struct op *op, struct account *account,
                                    int64_t id, bool read_only,
                                    struct mail_view *view,
                                    const unsigned *enabled);
void imap_folder_free(struct imap_folder **folder);

int64_t imap_folder_id(const struct imap_folder *folder);
bool imap_folder_read_only(const struct imap_folder *folder);
const struct mail_view *imap_folder_view(const struct imap_folder *folder);

/* How many messages the client knows of (EXISTS). */
uint32_t imap_folder_count(const struct imap_folder *folder);

/* Number to UID (number is 1 to count); UID to number, 0 if the client knows
 * none. */
uint32_t imap_folder_uid(const struct imap_folder *folder, uint32_t number);
uint32_t imap_folder_number(const struct imap_folder *folder, uint32_t uid);

/* The number of the first message whose UID is at least `uid`; 0 for none. */
uint32_t imap_folder_first_number(const struct imap_folder *folder,
                                  uint32_t uid);

/* The newest known state of a message; NULL once it is expunged.  Lives until
 * the next look or update. */
const struct mail_entry *imap_folder_entry(const struct imap_folder *folder,
                                           uint32_t uid);

/* The state that the client has been told at the last update; NULL for none. */
const struct mail_entry *imap_folder_told_entry(
    const struct imap_folder *folder, uint32_t uid);

/* Whether this session is the first to hear of the message. */
bool imap_folder_is_recent(const struct imap_folder *folder, uint32_t uid);
uint32_t imap_folder_recent_count(const struct imap_folder *folder);

/* Messages by number and UID, in ascending order, each once. */
struct imap_messages {
    uint32_t *numbers;
    uint32_t *uids;
    size_t count;
};

/*
 * What a set means here.  Numbers that are not there make it false, "*" in an
 * empty folder included (answer imap_bad: RFC 3501, section 9, seq-number);
 * UIDs that are not there are left out, and so are saved messages.
 */
bool imap_folder_resolve(const struct imap_folder *folder, struct arena *arena,
                         const struct imap_set *set, bool by_uid,
                         struct imap_messages *messages_out);

/* Remembers these messages, in ascending order, as what "$" stands for
 * (RFC 5182). */
void imap_folder_save(struct imap_folder *folder, const uint32_t uids[],
                      size_t count);

/* Takes the newest view without asking Exchange: entries follow, numbers stay.
 * For after a change of our own. */
void imap_folder_look(struct op *op, struct imap_folder *folder);

/* Whether the folder was not there any more at the last look. */
bool imap_folder_is_gone(const struct imap_folder *folder);

/* Up to which modseq the client has been told everything.  While something is
 * held back it is the one from before that, so that a client which begins again
 * from there misses nothing (RFC 7162, 3.2). */
uint64_t imap_folder_modseq(const struct imap_folder *folder);

/* --- Telling the client (folder_tell.c) ---------------------------------- */

/* What the client can be told of. */
enum imap_news {
    IMAP_NEWS_GONE = 1 << 0,
    IMAP_NEWS_FLAGS = 1 << 1,
    IMAP_NEWS_MESSAGES = 1 << 2,
};
#define IMAP_ALL_NEWS 7u

/* The client needs not be told about these messages' flags at the next update:
 * it has been told, or asked for silence. */
void imap_folder_told(struct imap_folder *folder, const uint32_t uids[],
                      size_t count);

/* Looks, and tells the client what has changed and it may hear of (of enum
 * imap_news); the rest is held back.  Returns the number of the first new
 * message, 0 if there is none. */
uint32_t imap_folder_update(struct op *op, struct imap_folder *folder,
                            struct imap_out *out, unsigned news);

/* The FLAGS and PERMANENTFLAGS of the folder, and both again where messages
 * have got keywords that the client has not heard of. */
void imap_folder_tell_keywords(struct op *op, struct imap_folder *folder,
                               struct imap_out *out);
void imap_folder_tell_new_keywords(struct op *op, struct imap_folder *folder,
                                   struct imap_out *out);

/* Begins a line about a message up to the first item: "* 3 FETCH (UID 7 ", the
 * UID only if `with_uid`; with UIDONLY "* 7 UIDFETCH (" (RFC 9586, 3.3). */
void imap_folder_begin_fetch(const struct imap_folder *folder,
                             struct imap_out *out, uint32_t uid, bool with_uid);

/* The whole line about a change: flags, and MODSEQ for who knows CONDSTORE. */
void imap_folder_tell_flags(const struct imap_folder *folder,
                            struct imap_out *out,
                            const struct mail_entry *entry);

#endif
