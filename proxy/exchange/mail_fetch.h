/*
 * mail_fetch.h - a batch of messages being read
 *
 * A batch is planned and fetched by one thread and handed over by another, slot
 * after slot as they become ready.
 */
#ifndef POSTERN_EXCHANGE_MAIL_FETCH_H
#define POSTERN_EXCHANGE_MAIL_FETCH_H

#include "proxy/exchange/mail_private.h"

/* What one call reads. */
#define BATCH_COUNT 100
#define BATCH_SIZE (8 * 1024 * 1024)

enum fetch_want {
    FETCH_NOTHING, /* all that is needed is here */
    FETCH_HEADER,
    FETCH_CONTENT
};

struct slot {
    uint32_t uid;
    struct index_item item;
    enum fetch_want want;
    bool claimed; /* by us, so that others wait for it */
    bool ready;   /* under the lock of who hands over */
    enum status status;
    const char *header; /* in the batch's arena, as all of this */
    size_t header_len;
    bool header_known; /* in the index already */
    bool summarized;
    uint64_t size; /* 0: none was told */
    const struct mime_part *structure;
    const char *told; /* the structure as the index keeps it; NULL: none */
    size_t told_len;
    const char *packed; /* the structure for the index; NULL: nothing new */
    size_t packed_len;
    struct spool *content; /* whoever hands over frees it */
};

struct batch {
    struct batch *next;
    struct arena *arena;
    struct slot *slots;
    size_t count;
    size_t wanted; /* the first ones; what is after them is read ahead */
    size_t handed; /* slots handed over so far */
    bool calls_exchange;
    bool done; /* its thread is through with it */
};

/* What all batches of one reading share. */
struct fetch {
    struct account *account;
    struct index_folder folder;
    enum mail_need need;
    int ahead; /* 1: what follows may be read along, -1: what comes before */
    void (*ready)(void *context, struct batch *batch, struct slot *slot);
    bool (*go_on)(void *context);
    void *context;
};

/* Messages written here have no header that Exchange could give out by itself.
 */
bool fetch_has_no_header(const struct fetch *fetch,
                         const struct index_item *item);

/* Fills in what is known of a message, and whether it wants more. */
enum status fetch_look_up(struct op *op, const struct fetch *fetch,
                          struct slot *slot);

/* Plans a batch of the first of `uids` and says how many it took: up to 100,
 * and up to 8 MB that have to be fetched. */
struct batch *fetch_plan(struct op *op, const struct fetch *fetch,
                         const uint32_t uids[], size_t count);

/* Notes what is asked for, and says whether a program reads one message after
 * the other: 1 upwards, -1 downwards, 0 when it does not. */
int ahead_direction(struct account *account, int64_t folder,
                    const uint32_t uids[], size_t count);

/* Has a batch that calls Exchange anyway read along what comes next, within
 * store.read_ahead. */
void ahead_plan(struct op *op, const struct fetch *fetch, struct batch *batch);

/* Reads what is wanted, calling `ready` for every slot that is not yet, and
 * keeps it. A trouble that concerns all is returned, and is the status of the
 * slots left. */
enum status fetch_run(struct op *op, const struct fetch *fetch,
                      struct batch *batch);

/* Takes a whole message: its structure, its size, and its header if none is
 * known.  The content may become another one, which is what was told of it. */
enum status fetch_take(struct op *op, const struct fetch *fetch,
                       struct slot *slot, struct spool **content);

void batch_free(struct batch **batch);

#endif
