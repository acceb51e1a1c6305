/*
 * mail.h - messages: what is in a folder, what is in a message, changing both
 *
 * A folder's messages are seen through a view: an immutable list at one moment,
 * shared by everyone who looks at the folder.  When the folder changes there is
 * a new view; comparing two tells what has changed.  UIDs are ours: given once,
 * in ascending order, never changed, kept in the index.
 *
 * Functions that act on several messages say for each what became of it, and
 * return the first failure.  They batch, wait, retry and find out what became
 * of lost answers; what they report as done, Exchange has confirmed.
 */
#ifndef POSTERN_EXCHANGE_MAIL_H
#define POSTERN_EXCHANGE_MAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proxy/base/op.h"

struct account;
struct mime_part;
struct spool;

enum mail_flag {
    MAIL_SEEN = 1 << 0,
    MAIL_ANSWERED = 1 << 1,
    MAIL_FLAGGED = 1 << 2,
    MAIL_DELETED = 1 << 3, /* marked, and there until mail_delete */
    MAIL_DRAFT = 1 << 4,
    MAIL_FORWARDED = 1 << 5,
    MAIL_MDN_SENT = 1 << 6,
    MAIL_JUNK = 1 << 7,
    MAIL_NOT_JUNK = 1 << 8,
};
#define MAIL_ALL_FLAGS 0x1ffu

/* Beside them, and in no view: Exchange holds the message as one to be sent,
 * which only making it decides.  A client may show it as no draft all the same,
 * and another message as one. */
#define MAIL_UNSENT 0x200u

struct mail_entry {
    uint32_t uid;
    uint32_t flags;                /* of enum mail_flag */
    uint64_t modseq;
    int64_t received;              /* seconds since 1970 UTC: the internal
                                      date */
    uint32_t size;                 /* octets of its MIME form */
    bool size_exact;               /* or Exchange's estimate */
    const char *const *categories; /* names in UTF-8, NULL at the end; NULL:
                                      none */
};

/* --- Views ---------------------------------------------------------------- */

struct mail_view;

struct mail_view *mail_view_ref(struct mail_view *view);
void mail_view_unref(struct mail_view **view);

/* In ascending order of UIDs.  Entries live as long as the view. */
size_t mail_view_count(const struct mail_view *view);
const struct mail_entry *mail_view_at(const struct mail_view *view,
                                      size_t index);

/* The index of the first entry whose UID is at least `uid`; the count if none
 * is. */
size_t mail_view_search(const struct mail_view *view, uint32_t uid);

/* The entry of that very UID, or NULL. */
const struct mail_entry *mail_view_find(const struct mail_view *view,
                                        uint32_t uid);

uint32_t mail_view_uid_validity(const struct mail_view *view);
uint32_t mail_view_uid_next(const struct mail_view *view);
uint64_t mail_view_highest_modseq(const struct mail_view *view);

/* Every category in use in the folder, NULL at the end. */
const char *const *mail_view_categories(const struct mail_view *view);

/* Asks Exchange what is new (one call when nothing is; none while the folder is
 * watched, as Exchange tells then) and returns the newest view.  After a failure
 * mail_look still tells what is known. */
enum status mail_refresh(struct op *op, struct account *account, int64_t folder,
                         struct mail_view **view_out);

/* The newest view without asking Exchange.  STATUS_UNAVAILABLE when the folder
 * has never been read whole. */
enum status mail_look(struct op *op, struct account *account, int64_t folder,
                      struct mail_view **view_out);

/* The messages from `*first_out` on have not been seen by any session before;
 * with `claim` this session is the one (RFC 3501, 2.3.2, \Recent). */
enum status mail_recent(struct op *op, struct account *account, int64_t folder,
                        bool claim, uint32_t *first_out);

/* Which UIDs have left the folder after `since` (of a view's highest modseq),
 * in ascending order, in the arena.  `*complete_out` is false when what left so
 * long ago is forgotten: then any UID that the view does not have may have left
 * (RFC 7162, 3.2.5.2). */
enum status mail_vanished(struct op *op, struct account *account,
                          int64_t folder, uint64_t since, uint32_t **uids_out,
                          size_t *count_out, bool *complete_out);

struct mail_counts {
    enum status status; /* of this folder */
    uint32_t messages;
    uint32_t unseen;
    uint32_t recent;
    uint32_t deleted;
    uint32_t uid_next;
    uint32_t uid_validity;
    uint64_t highest_modseq;
    uint64_t size;      /* sum of the sizes */
    uint64_t deleted_size; /* the same of those that are marked \Deleted */
};

/* What is known of these folders, without asking Exchange: STATUS_UNAVAILABLE
 * for one that has never been read whole. */
enum status mail_known_counts(struct op *op, struct account *account,
                              const int64_t folders[], size_t count,
                              struct mail_counts counts_out[]);

/* The counts of any number of folders, up to date: one call for all, and one
 * more for each that has changed; none within exchange.status_interval, or while
 * the mailbox is watched. */
enum status mail_count(struct op *op, struct account *account,
                       const int64_t folders[], size_t count,
                       struct mail_counts counts_out[]);

/* --- Reading -------------------------------------------------------------- */

/* How much of a message is wanted; each includes those before it. */
enum mail_need {
    MAIL_NEED_HEADER,    /* the header, for envelopes and single fields */
    MAIL_NEED_STRUCTURE, /* size, structure */
    MAIL_NEED_CONTENT    /* every octet */
};

struct mail_content {
    uint32_t uid;
    enum status status;          /* of this message; the rest is set only if
                                    OK */
    const char *header;          /* with CRLF line ends and the empty line */
    size_t header_len;
    uint64_t size;               /* exact; structure and content only */
    const struct mime_part *structure;
    const struct spool *content; /* CRLF line ends; content only */
};

/*
 * Reads messages and hands them to `each` in the order asked for, the first
 * ones while the others are still on their way.  What `each` gets lives until
 * it returns; false from it ends the reading with STATUS_CANCELLED.  Calls to
 * Exchange: one per 100 headers; one per 100 messages or 8 MB for the rest;
 * none for what is cached.  A message that Exchange cannot give out has its own
 * status, and the others follow: never anything invented in its place.  A
 * trouble that concerns all of them (no connection, throttling beyond patience)
 * ends it: the rest are handed over with that status.  Returns the first
 * failure.
 */
enum status mail_read(struct op *op, struct account *account, int64_t folder,
                      const uint32_t uids[], size_t count, enum mail_need need,
                      bool (*each)(void *context,
                                   const struct mail_content *content),
                      void *context);

/* What a message is by, wherever it lies (RFC 8474), and since when it lies here
 * (RFC 8514). */
struct mail_identity {
    uint32_t uid;
    enum status status;
    const char *email_id;  /* of the content; copies may share it */
    const char *thread_id; /* of the conversation; NULL: none is known */
    int64_t saved;
};

/* `identities_out[i]` is about `uids[i]`.  From the index alone. */
enum status mail_identify(struct op *op, struct account *account,
                          int64_t folder, const uint32_t uids[], size_t count,
                          struct mail_identity identities_out[]);

/* How a message begins, as plain text of 200 characters at most (RFC 8970): ""
 * where there is no text; NULL where it is not known. */
struct mail_preview {
    uint32_t uid;
    enum status status;
    const char *text;
};

/*
 * `previews_out[i]` is about `uids[i]`.  With `lazy` from the index alone; else
 * all are made that are not there yet, and kept.  Calls to Exchange: one per 100
 * messages; before Exchange 2013 they are read as by mail_read.  Returns a
 * trouble that concerns all, which those that it has kept from being made have
 * as their status.
 */
enum status mail_preview(struct op *op, struct account *account, int64_t folder,
                         const uint32_t uids[], size_t count, bool lazy,
                         struct mail_preview previews_out[]);

/*
 * What messages are sorted, threaded and searched by, made from their headers
 * once and kept as long as they are there: hands `each` the summaries in the
 * order asked for, as mail_read does with contents.  Calls to Exchange: one per
 * 100 messages whose header has never been read; none for the others.
 */
struct mime_summary;
enum status mail_summarize(struct op *op, struct account *account,
                           int64_t folder, const uint32_t uids[], size_t count,
                           bool (*each)(void *context, uint32_t uid,
                                        enum status status,
                                        const struct mime_summary *summary),
                           void *context);

enum mail_search_field {
    MAIL_SEARCH_BODY,  /* the text of the body */
    MAIL_SEARCH_TEXT,  /* body and header */
    MAIL_SEARCH_SUBJECT,
    MAIL_SEARCH_FROM,
    MAIL_SEARCH_TO,
    MAIL_SEARCH_CC,
    MAIL_SEARCH_BCC,
    MAIL_SEARCH_HEADER /* the field `name`; an empty text asks for its
                          presence */
};

/* Asks Exchange which messages of the folder contain `text` (UTF-8, any case):
 * their UIDs in ascending order, in the arena. */
enum status mail_search(struct op *op, struct account *account, int64_t folder,
                        enum mail_search_field field, const char *name,
                        const char *text, uint32_t **uids_out,
                        size_t *count_out);

/* The same as people look for things: all words of the text, in any order and
 * form, in the field or, for MAIL_SEARCH_TEXT, anywhere, attachments included.
 * STATUS_UNSUPPORTED where Exchange has no such search. */
enum status mail_search_words(struct op *op, struct account *account,
                              int64_t folder, enum mail_search_field field,
                              const char *text, uint32_t **uids_out,
                              size_t *count_out);

/*
 * As mail_search for MAIL_SEARCH_SUBJECT to MAIL_SEARCH_BCC, from the summaries
 * alone, by a full-text index.  `unknown_out` are the messages without a summary,
 * about which this says nothing; both lists are in ascending order, in the arena.
 */
enum status mail_search_summaries(struct op *op, struct account *account,
                                  int64_t folder, enum mail_search_field field,
                                  const char *text, uint32_t **uids_out,
                                  size_t *count_out, uint32_t **unknown_out,
                                  size_t *unknown_count_out);

/* What is known of headers without asking: true and the header (in op's arena),
 * or false when it has never been read. */
bool mail_known_header(struct op *op, struct account *account, int64_t folder,
                       uint32_t uid, const char **header_out, size_t *len_out);

/* The same for the whole message, as mail_read hands it over: in op's arena, or
 * false when it is not kept here. */
bool mail_known_content(struct op *op, struct account *account, int64_t folder,
                        uint32_t uid, struct mail_content *content_out);

/* --- Changing ------------------------------------------------------------- */

struct mail_result {
    uint32_t uid;
    enum status status;
    uint32_t new_uid; /* of the copy, for mail_copy and mail_move; 0: unknown */
};

enum mail_change { MAIL_REPLACE, MAIL_ADD, MAIL_REMOVE };

struct mail_flag_change {
    enum mail_change change;
    uint32_t flags;
    const char *const *categories; /* NULL: none */

    /* Leaves alone what has changed after `unchanged_since`, as Exchange has it
     * now: STATUS_CONFLICT for such a message (RFC 7162, 3.1.3). */
    bool conditional;
    uint64_t unchanged_since;
};

/* `results[i]` is about `uids[i]`.  Views show what Exchange has confirmed. */
enum status mail_change_flags(struct op *op, struct account *account,
                              int64_t folder, const uint32_t uids[],
                              size_t count,
                              const struct mail_flag_change *change,
                              struct mail_result results[]);

/* Copies all or none: what was copied before a failure is removed again. */
enum status mail_copy(struct op *op, struct account *account, int64_t folder,
                      const uint32_t uids[], size_t count, int64_t target,
                      struct mail_result results[]);

enum status mail_move(struct op *op, struct account *account, int64_t folder,
                      const uint32_t uids[], size_t count, int64_t target,
                      struct mail_result results[]);

/* Deletes as the setting mail.delete says.  What is gone already counts as
 * done. */
enum status mail_delete(struct op *op, struct account *account, int64_t folder,
                        const uint32_t uids[], size_t count,
                        struct mail_result results[]);

struct mail_new {
    const struct spool *content;
    uint32_t flags;
    const char *const *categories;
    int64_t received; /* TIME_NONE: now */
};

/* Stores a message.  In the Sent folder the copy that Exchange kept of a
 * message just sent is recognised by its Message-ID (setting
 * mail.recognise_sent) and its UID is returned.  STATUS_NO_FOLDER,
 * STATUS_TOO_BIG, STATUS_OVER_QUOTA, STATUS_BAD_CONTENT. */
enum status mail_append(struct op *op, struct account *account, int64_t folder,
                        const struct mail_new *message, uint32_t *uid_out);

/* Stores several messages, all or none: what was stored before a failure is
 * removed again.  `uids_out[i]` is of `messages[i]`. */
enum status mail_append_all(struct op *op, struct account *account,
                            int64_t folder, const struct mail_new messages[],
                            size_t count, uint32_t uids_out[]);

/* Stores a message in `target`, then removes the one that it replaces; if that
 * cannot be removed, the new one is taken back.  Replacing a message that is not
 * there is STATUS_NOT_FOUND, and nothing is stored. */
enum status mail_replace(struct op *op, struct account *account, int64_t folder,
                         uint32_t uid, int64_t target,
                         const struct mail_new *message, uint32_t *uid_out);

struct mail_submission {
    const struct spool *content;
    const char *sender;            /* the envelope's, "" for none; EWS goes by
                                      the From field alone */
    const char *const *recipients; /* addresses of the envelope, NULL at the
                                      end */
    bool delivery_receipt;         /* NOTIFY=SUCCESS */
};

/*
 * Sends a message and keeps a copy in Sent.  Returns STATUS_OK once Exchange
 * has accepted it.  Recipients whom no header names become Bcc and show
 * nowhere; Bcc headers are taken out.  A lost answer is looked up by Message-ID
 * before anything is sent again; STATUS_UNCERTAIN if that cannot be found out.
 */
enum status mail_send(struct op *op, struct account *account,
                      const struct mail_submission *submission);

#endif
