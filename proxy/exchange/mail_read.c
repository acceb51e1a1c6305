/*
 * mail_read.c - reading messages: batches in flight, handed over in order
 *
 * The caller's thread takes a batch, and hands over each message as it comes.
 * When there is more to fetch, up to LANES further threads take the batches
 * after it, but no more than AHEAD of them wait to be handed over, which bounds
 * the memory.
 */
#include <pthread.h>
#include <stdlib.h>

#include "proxy/base/arena.h"
#include "proxy/base/memory.h"
#include "proxy/base/spool.h"
#include "proxy/exchange/account_private.h"
#include "proxy/exchange/mail_fetch.h"

#define LANES 2
#define AHEAD 3

struct job {
    struct op *op; /* the caller's; for his thread only */
    struct fetch fetch;
    const uint32_t *uids;
    size_t count;
    bool (*each)(void *context, const struct mail_content *content);
    void *context;
    pthread_t caller;
    enum status failed; /* the first failure handed over */

    pthread_mutex_t lock; /* for the next ones */
    pthread_cond_t changed;
    size_t next;                /* the first UID in no batch yet */
    struct batch *first, *last; /* in order, up to AHEAD */
    size_t waiting;
    enum status trouble; /* concerns all that are left */
    char *reason;
    pthread_t lanes[LANES];
    size_t lane_count;
    atomic_bool stopping;
};

/* --- Handing over -------------------------------------------------------- */

static void stop(struct job *job)
{
    atomic_store(&job->stopping, true);
    pthread_mutex_lock(&job->lock);
    pthread_cond_broadcast(&job->changed);
    pthread_mutex_unlock(&job->lock);
}

static void hand_over_content(struct job *job,
                              const struct mail_content *content)
{
    if (content->status != STATUS_OK && job->failed == STATUS_OK)
        job->failed = content->status;
    if (!job->each(job->context, content))
        stop(job);
}

static void hand_over_slot(struct job *job, struct slot *slot)
{
    struct mail_content content = { .uid = slot->uid, .status = slot->status };

    if (slot->status == STATUS_OK) {
        content.header = slot->header;
        content.header_len = slot->header_len;
        content.size = slot->size;
        content.structure = slot->structure;
        content.content = slot->content;
    }
    hand_over_content(job, &content);
    spool_free(&slot->content);
}

/* Hands over what is ready at the front of the batch.  Only the caller's thread
 * does. */
static void hand_over(struct job *job, struct batch *batch)
{
    pthread_mutex_lock(&job->lock);
    while (batch->handed < batch->wanted && batch->slots[batch->handed].ready &&
           !atomic_load(&job->stopping)) {
        struct slot *slot = &batch->slots[batch->handed];

        pthread_mutex_unlock(&job->lock);
        hand_over_slot(job, slot);
        pthread_mutex_lock(&job->lock);
        batch->handed++;
    }
    pthread_mutex_unlock(&job->lock);
}

static void on_ready(void *context, struct batch *batch, struct slot *slot)
{
    struct job *job = context;

    pthread_mutex_lock(&job->lock);
    slot->ready = true;
    pthread_cond_broadcast(&job->changed);
    bool is_front = job->first == batch;
    pthread_mutex_unlock(&job->lock);
    if (is_front && pthread_equal(pthread_self(), job->caller))
        hand_over(job, batch);
}

static bool go_on(void *context)
{
    struct job *job = context;

    return !atomic_load(&job->stopping);
}

/* --- Batches ------------------------------------------------------------- */

/* Under the lock: the next batch, NULL when there is none to take. */
static struct batch *take_batch(struct job *job, struct op *op)
{
    if (atomic_load(&job->stopping) || job->trouble != STATUS_OK ||
        job->next >= job->count || job->waiting >= AHEAD)
        return NULL;
    struct batch *batch = fetch_plan(op, &job->fetch, job->uids + job->next,
                                     job->count - job->next);
    job->next += batch->wanted;
    if (job->next == job->count)
        ahead_plan(op, &job->fetch, batch);
    *(job->first == NULL ? &job->first : &job->last->next) = batch;
    job->last = batch;
    job->waiting++;
    return batch;
}

static void drop_first(struct job *job)
{
    pthread_mutex_lock(&job->lock);
    struct batch *batch = job->first;
    job->first = batch->next;
    job->waiting--;
    pthread_cond_broadcast(&job->changed);
    pthread_mutex_unlock(&job->lock);
    batch_free(&batch);
}

static void run_batch(struct job *job, struct op *op, struct batch *batch)
{
    struct op own = *op;

    own.arena = batch->arena;
    own.reason = NULL;
    enum status status = fetch_run(&own, &job->fetch, batch);
    pthread_mutex_lock(&job->lock);
    batch->done = true;
    if (status != STATUS_OK && job->trouble == STATUS_OK) {
        job->trouble = status;
        free(job->reason);
        job->reason = NULL;
    }
    if (own.reason != NULL && job->reason == NULL)
        job->reason = memory_strdup(own.reason);
    pthread_cond_broadcast(&job->changed);
    pthread_mutex_unlock(&job->lock);
}

/* --- Lanes --------------------------------------------------------------- */

static bool is_over(const struct job *job)
{
    return atomic_load(&job->stopping) || job->trouble != STATUS_OK ||
           job->next >= job->count;
}

static void *run_lane(void *context)
{
    struct job *job = context;
    struct arena *arena = arena_new();
    struct op op;

    op_init(&op, arena, job->op->session);
    op.cancelled = &job->stopping;
    op.background = job->op->background;
    pthread_mutex_lock(&job->lock);
    while (!is_over(job)) {
        struct batch *batch = take_batch(job, &op);

        if (batch == NULL) {
            pthread_cond_wait(&job->changed, &job->lock);
            continue;
        }
        pthread_mutex_unlock(&job->lock);
        run_batch(job, &op, batch);
        arena_reset(arena);
        pthread_mutex_lock(&job->lock);
    }
    pthread_mutex_unlock(&job->lock);
    arena_free(&arena);
    return NULL;
}

/* Without a thread more it only takes longer. */
static void start_lanes(struct job *job)
{
    while (job->lane_count < LANES &&
           pthread_create(&job->lanes[job->lane_count], NULL, run_lane, job) ==
               0)
        job->lane_count++;
}

static void end_lanes(struct job *job)
{
    stop(job);
    for (size_t i = 0; i < job->lane_count; i++)
        pthread_join(job->lanes[i], NULL);
    while (job->first != NULL)
        drop_first(job);
}

/* --- The caller's thread ------------------------------------------------- */

/* Waits for the lane that fetches the first batch, handing over what comes. */
static void follow(struct job *job, struct batch *batch)
{
    pthread_mutex_lock(&job->lock);
    for (;;) {
        bool ready =
            batch->handed < batch->wanted && batch->slots[batch->handed].ready;

        if (atomic_load(&job->stopping) || (batch->done && !ready))
            break;
        if (!ready) {
            if (!wait_moment(job->op, &job->lock, &job->changed)) {
                atomic_store(&job->stopping, true);
                pthread_cond_broadcast(&job->changed);
            }
            continue;
        }
        pthread_mutex_unlock(&job->lock);
        hand_over(job, batch);
        pthread_mutex_lock(&job->lock);
    }
    pthread_mutex_unlock(&job->lock);
}

static void work(struct job *job)
{
    for (;;) {
        pthread_mutex_lock(&job->lock);
        struct batch *batch = job->first, *taken = NULL;
        if (batch == NULL)
            batch = taken = take_batch(job, job->op);
        bool more = job->next < job->count;
        pthread_mutex_unlock(&job->lock);
        if (batch == NULL || atomic_load(&job->stopping))
            return;
        if (taken != NULL) {
            if (batch->calls_exchange && more)
                start_lanes(job);
            run_batch(job, job->op, batch);
        }
        follow(job, batch);
        if (atomic_load(&job->stopping))
            return;
        drop_first(job);
    }
}

/* After a trouble that concerns all, what is known is still served, and nobody
 * waits for the others in vain. */
static void give_up_rest(struct job *job)
{
    while (job->next < job->count && job->trouble != STATUS_CANCELLED &&
           !atomic_load(&job->stopping)) {
        struct batch *batch =
            fetch_plan(job->op, &job->fetch, job->uids + job->next,
                       job->count - job->next);

        for (size_t i = 0; i < batch->count && !atomic_load(&job->stopping);
             i++) {
            if (batch->slots[i].want != FETCH_NOTHING)
                batch->slots[i].status = job->trouble;
            hand_over_slot(job, &batch->slots[i]);
        }
        job->next += batch->count;
        batch_free(&batch);
    }
}

static enum status outcome(struct job *job, bool stopped)
{
    enum status status = job->failed != STATUS_OK ? job->failed : job->trouble;

    if (job->reason != NULL)
        op_fail(job->op, status, "%s", job->reason);
    free(job->reason);
    return stopped || op_cancelled(job->op) ? STATUS_CANCELLED : status;
}

enum status mail_read(struct op *op, struct account *account, int64_t folder,
                      const uint32_t uids[], size_t count, enum mail_need need,
                      bool (*each)(void *context,
                                   const struct mail_content *content),
                      void *context)
{
    struct job job = {
        .op = op,
        .uids = uids,
        .count = count,
        .each = each,
        .context = context,
        .caller = pthread_self(),
    };
    struct index_folder known;
    enum status status = index_folder(op, account->index, folder, &known);

    if (status != STATUS_OK)
        return status;
    job.fetch = (struct fetch){
        .account = account,
        .folder = known,
        .need = need,
        .ahead = ahead_direction(account, folder, uids, count),
        .ready = on_ready,
        .go_on = go_on,
        .context = &job,
    };
    wait_init(&job.lock, &job.changed);
    work(&job);
    give_up_rest(&job);
    bool stopped = atomic_load(&job.stopping);
    end_lanes(&job);
    wait_fini(&job.lock, &job.changed);
    return outcome(&job, stopped);
}

bool mail_known_header(struct op *op, struct account *account, int64_t folder,
                       uint32_t uid, const char **header_out, size_t *len_out)
{
    struct index_content content;
    struct index_item item;

    if (index_items(op, account->index, folder, &uid, 1, &item) != STATUS_OK ||
        item.row == 0 ||
        index_content(op, account->index, item.row, &content) != STATUS_OK)
        return false;
    *header_out = content.header;
    *len_out = content.header_len;
    return content.header != NULL;
}
