/*
 * messages.h - messages in the index: their columns, UIDs, views and content
 *
 * A part of index.h, whose rules hold here.
 */
#ifndef POSTERN_EXCHANGE_INDEX_MESSAGES_H
#define POSTERN_EXCHANGE_INDEX_MESSAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proxy/base/op.h"
#include "proxy/exchange/backend.h"

struct index;
struct mime_summary;

/* --- Messages ------------------------------------------------------------ */

struct index_item {
    int64_t row; /* ours, never used again; 0: there is none */
    uint32_t uid;
    const char *remote;
    const char *change_key;
    const char *message_id;
    const char *search_key;
    const char *const *categories;
    uint32_t flags;
    uint64_t modseq;
    int64_t received;
    uint32_t estimate; /* Exchange's idea of the size */
    bool size_known;
    uint64_t size;      /* octets of the rendering, if known */
    uint32_t rendering; /* grows when the content may have changed */
};

/* What a message is by; row 0: there is none. */
struct index_identity {
    int64_t row;
    uint32_t rendering;
    int64_t saved;            /* when it came to lie here */
    const char *conversation; /* the first that Exchange has told; NULL: none */
};

enum status index_identities(struct op *op, struct index *index, int64_t folder,
                             const uint32_t uids[], size_t count,
                             struct index_identity identities_out[]);

/* Exchange is about to be asked for a sync, which tells of everything in the
 * folder that no sync has told of yet, or it has gone again. */
enum status index_asks(struct op *op, struct index *index, int64_t folder);

/* How messages begin, as it was kept: NULL for those of which nothing is; and
 * keeping it, for rows that are there still and in that rendering. */
enum status index_previews(struct op *op, struct index *index, int64_t folder,
                           const uint32_t uids[], size_t count,
                           const char *previews_out[]);
enum status index_keep_previews(struct op *op, struct index *index,
                                const int64_t rows[],
                                const uint32_t renderings[],
                                const char *const previews[], size_t count);

/* Takes one page of a sync with its state.  The last page gives UIDs to what is
 * new, in the order of arrival.  `changed_out` tells whether the view is
 * different now. */
enum status index_page(struct op *op, struct index *index, int64_t folder,
                       const struct remote_item_page *page, bool *changed_out);

/* The state is not valid any more: the folder is read from the beginning, and
 * what is still there keeps its UID, under a new id as well. */
enum status index_restart(struct op *op, struct index *index, int64_t folder);

/* A listing: restart, any number of pages, and the end, with a stamp from
 * before it (NULL: none that is worth keeping). */
enum status index_list_page(struct op *op, struct index *index, int64_t folder,
                            const struct remote_item items[], size_t count,
                            bool *changed_out);
enum status index_list_end(struct op *op, struct index *index, int64_t folder,
                           const struct remote_stamp *stamp, bool *changed_out);

/* `items_out[i]` is the message of `uids[i]`, or has row 0. */
enum status index_items(struct op *op, struct index *index, int64_t folder,
                        const uint32_t uids[], size_t count,
                        struct index_item items_out[]);

/* The messages of whose content nothing is known yet (with `headers`: not even
 * the header), next to `uid` upwards or downwards, among `*count` neighbours:
 * as many as are returned there. */
enum status index_neighbours(struct op *op, struct index *index, int64_t folder,
                             uint32_t uid, bool downwards, bool headers,
                             struct index_item items_out[], size_t *count);

/* The UIDs of ids, ascending; ids that are not here are left out. */
enum status index_uids(struct op *op, struct index *index, int64_t folder,
                       const char *const ids[], size_t count,
                       uint32_t **uids_out, size_t *count_out);

/* What Exchange has confirmed of one message: absolute flags and categories. */
struct index_update {
    int64_t row;
    uint32_t flags;
    const char *const *categories;
    const char *change_key;
};

enum status index_update(struct op *op, struct index *index, int64_t folder,
                         const struct index_update updates[], size_t count);

/* A message that is in a folder now, by our own doing. */
struct index_arrival {
    int64_t row; /* where it came from; 0: from outside */
    const char *remote;
    const char *change_key;
    uint32_t uid; /* out: what it got; in the order given */
};

/* Copies or moves rows; a moved row takes along what was read of it.  An id
 * that a sync has brought already keeps the UID it got there. */
enum status index_copy(struct op *op, struct index *index, int64_t target,
                       struct index_arrival arrivals[], size_t count);
enum status index_move(struct op *op, struct index *index, int64_t folder,
                       int64_t target, struct index_arrival arrivals[],
                       size_t count);

/* A message that we have made. */
enum status index_add(struct op *op, struct index *index, int64_t folder,
                      const struct remote_item *item, uint32_t *uid_out);

enum status index_remove(struct op *op, struct index *index, int64_t folder,
                         const int64_t rows[], size_t count);

/* Finds the messages in `folder`, from `first` on, that are copies of
 * `items[i]` (search key, Message-ID, date): `uids_out[i]`, 0 if there is none.
 * No UID is given twice. */
enum status index_match(struct op *op, struct index *index, int64_t folder,
                        uint32_t first, const struct index_item *const items[],
                        size_t count, uint32_t uids_out[]);

/* --- Views --------------------------------------------------------------- */

/* One row as views show it. */
struct index_row {
    uint32_t uid;
    bool gone;
    struct mail_entry entry;
    const char *categories; /* packed: see index_categories_next */
};

/* Where a folder stands. */
struct index_marks {
    uint32_t uid_validity;
    uint32_t uid_next;
    uint64_t modseq;
    uint64_t revision;
    bool complete;
    bool whole;   /* index_scan has handed over every row, */
    size_t count; /* which are so many */
};

enum status index_marks(struct op *op, struct index *index, int64_t folder,
                        struct index_marks *marks_out);

/* Hands over what has changed after revision `since`, in ascending order of
 * UIDs, and where the folder stood then.  With 0, and where it is not known any
 * more what has gone since, these are all rows and no gone ones. */
enum status index_scan(struct op *op, struct index *index, int64_t folder,
                       uint64_t since,
                       void (*each)(void *context, const struct index_row *row),
                       void *context, struct index_marks *marks_out);

/* See mail_vanished. */
enum status index_vanished(struct op *op, struct index *index, int64_t folder,
                           uint64_t since, uint32_t **uids_out,
                           size_t *count_out, bool *complete_out);

/* The next name of packed categories, not NUL-terminated; false at the end. */
bool index_categories_next(const char **packed, const char **name_out,
                           size_t *len_out);

enum status index_counts(struct op *op, struct index *index, int64_t folder,
                         struct mail_counts *counts_out);

/* --- Content ------------------------------------------------------------- */

/* What was read of a message.  NULL and 0 where it is not known. */
struct index_content {
    int64_t row;
    uint32_t rendering;
    const char *header;
    size_t header_len;
    const char *structure; /* as mime_part_store makes it */
    size_t structure_len;
    uint64_t size;   /* of the rendering that the structure describes */
    bool summarized; /* there is a summary; */
    const struct mime_summary *summary; /* one to be stored */
};

enum status index_content(struct op *op, struct index *index, int64_t row,
                          struct index_content *content_out);

/* Keeps what is not NULL and not known yet, unless the message has changed
 * since (another rendering). */
enum status index_store_content(struct op *op, struct index *index,
                                int64_t folder,
                                const struct index_content contents[],
                                size_t count);

/* What was told of a message is not true of it any more: it goes and comes as
 * another one, with a row and a UID of its own.  `*row_out` is 0 when it is not
 * there any more. */
enum status index_renew(struct op *op, struct index *index, int64_t folder,
                        int64_t row, int64_t *row_out);

/* Forgets the headers that were stored first, as long as all of them take more
 * than `limit` octets. */
enum status index_trim_headers(struct op *op, struct index *index,
                               uint64_t limit);

/* Renderings that nobody needs any more, for the cache: up to `count` of them,
 * which are forgotten here. */
enum status index_garbage(struct op *op, struct index *index,
                          int64_t rows_out[], uint32_t renderings_out[],
                          size_t *count);

/* --- Summaries ----------------------------------------------------------- */

/* `summaries_out[i]` is of `uids[i]`, or NULL when there is none. */
enum status index_summaries(struct op *op, struct index *index, int64_t folder,
                            const uint32_t uids[], size_t count,
                            const struct mime_summary *summaries_out[]);

/* The messages that have none, ascending. */
enum status index_unsummarized(struct op *op, struct index *index,
                               int64_t folder, uint32_t **uids_out,
                               size_t *count_out);

/* The messages whose summary has that text in that field, ascending; `text` as
 * mime_fold_case makes it. */
enum status index_search(struct op *op, struct index *index, int64_t folder,
                         enum mail_search_field field, const char *text,
                         uint32_t **uids_out, size_t *count_out);

#endif
