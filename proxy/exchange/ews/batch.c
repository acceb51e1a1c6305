/*
 * batch.c - see batch.h
 */
#include "proxy/exchange/ews/batch.h"

#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/exchange/ews/soap_answer.h"

struct running {
    struct op *op;
    const struct batch *batch;
    const struct patience *patience;
    size_t *pending; /* the numbers of what is left to do, in order */
    size_t left;
    size_t limit; /* at a time: `most`, or less after a batch was stopped */

    /* The call in progress asks for the first `asked` of `pending`. */
    size_t asked;
    size_t answered;
    size_t kept; /* of these, moved to the front to be asked for again */
    struct verdict again; /* why */
    const char *again_code;
    bool in_mime;
    bool noted; /* the log will know of the first that failed for good */
};

static void build(void *context, struct soap_request *request)
{
    struct running *running = context;

    running->answered = 0;
    running->kept = 0;
    running->in_mime = false;
    running->batch->build(running->batch->context, request, running->pending,
                          running->asked);
}

static void take_mime(void *context, const char *text, size_t len)
{
    struct running *running = context;
    const struct batch *batch = running->batch;

    if (running->answered < running->asked)
        batch->mime(batch->context, running->pending[running->answered],
                    !running->in_mime, text, len);
    running->in_mime = true;
}

static bool is_passing(const struct running *running,
                       const struct verdict *verdict)
{
    if (verdict->status == STATUS_OK || verdict->retry == RETRY_NEVER)
        return false;
    if (running->batch->write && !verdict->undone)
        return false;
    return verdict->retry != RETRY_ONCE || running->patience->single == 0;
}

static void note(struct running *running, const struct soap_message *message)
{
    if (running->noted || message->verdict.status == STATUS_OK)
        return;
    running->noted = true;
    soap_note(running->op, running->batch->operation, message->verdict.status,
              message->code, xml_child_text(message->node, "MessageText"));
}

static void take_message(void *context, const struct soap_message *message)
{
    struct running *running = context;
    const struct batch *batch = running->batch;

    running->in_mime = false;
    if (running->answered == running->asked)
        return;
    size_t which = running->pending[running->answered++];
    if (is_passing(running, &message->verdict)) {
        running->pending[running->kept++] = which;
        if (message->verdict.pause >= running->again.pause) {
            running->again = message->verdict;
            running->again_code =
                arena_strdup(running->op->arena, message->code);
        }
        return;
    }
    struct soap_message final = *message;
    if (batch->write && !message->verdict.undone &&
        final.verdict.status != STATUS_OK)
        final.verdict.status = STATUS_UNCERTAIN;
    note(running, &final);
    batch->done(batch->context, which, &final);
}

/* Removes what has its answer from the front of `pending`: what was kept stays,
 * and so does what came after the last answer. */
static void close_ranks(struct running *running)
{
    size_t rest = running->left - running->answered;

    memmove(running->pending + running->kept,
            running->pending + running->answered,
            rest * sizeof *running->pending);
    running->left = running->kept + rest;
}

/* Tells all that are left how it ended. */
static void give_up(struct running *running, enum status status)
{
    struct soap_message message = { .code = "",
                                    .verdict = { .status = status } };

    for (size_t i = 0; i < running->left; i++)
        running->batch->done(running->batch->context, running->pending[i],
                             &message);
    running->left = 0;
}

/* Those that failed alone keep their own failure; the others go on. */
static void give_up_kept(struct running *running)
{
    static const struct xml_node nothing = { .name = "", .text = "" };
    struct soap_message message = { .code = running->again_code,
                                    .node = &nothing,
                                    .verdict = running->again };

    note(running, &message);
    for (size_t i = 0; i < running->kept; i++)
        running->batch->done(running->batch->context, running->pending[i],
                             &message);
    memmove(running->pending, running->pending + running->kept,
            (running->left - running->kept) * sizeof *running->pending);
    running->left -= running->kept;
}

static struct verdict call_once(struct op *op, struct ews *ews,
                                struct running *running, struct arena *arena)
{
    const struct batch *batch = running->batch;
    struct soap_call call = {
        .operation = batch->operation,
        .write = batch->write,
        .build = build,
        .message = take_message,
        .mime = batch->mime != NULL ? take_mime : NULL,
        .context = running,
    };

    running->asked =
        running->left < running->limit ? running->left : running->limit;
    running->again = (struct verdict){ .status = STATUS_OK };
    struct verdict verdict = soap_try(op, ews, &call, arena, running->patience,
                                      running->patience->tries > 0);
    if (verdict.status == STATUS_OK && running->answered < running->asked) {
        op_fail(op, STATUS_UNAVAILABLE, "%s: %zu answers to %zu questions",
                batch->operation, running->answered, running->asked);
        verdict = (struct verdict){ STATUS_UNAVAILABLE, RETRY_FRESH, false, 0 };
    }
    close_ranks(running);
    return verdict;
}

/* The call as a whole has failed.  False ends the batch with `status`. */
static bool go_on_after_failure(struct op *op, struct ews *ews,
                                struct running *running,
                                struct patience *patience,
                                struct verdict *verdict)
{
    if (soap_again(op, ews, patience, verdict, running->batch->write))
        return true;
    if (running->batch->write && !verdict->undone)
        verdict->status = STATUS_UNCERTAIN;
    give_up(running, verdict->status);
    return false;
}

/* The call went well, but single things did not. */
static void go_on_after_answers(struct op *op, struct ews *ews,
                                struct running *running,
                                struct patience *patience)
{
    if (running->kept == 0) {
        patience_begin(patience, op, ews->patience);
        return;
    }
    if (running->again.retry == RETRY_SMALLER) {
        size_t finished = running->asked - running->kept;
        running->limit = finished > 0 ? finished : (running->asked + 1) / 2;
    }
    if (!soap_again(op, ews, patience, &running->again, running->batch->write))
        give_up_kept(running);
}

enum status batch_run(struct op *op, struct ews *ews, const struct batch *batch)
{
    struct patience patience;
    struct running running = { .op = op,
                               .batch = batch,
                               .patience = &patience,
                               .left = batch->count,
                               .limit = batch->most };
    struct verdict verdict = { .status = STATUS_OK };
    struct arena *arena = arena_new();
    struct op before = *op;

    running.pending =
        arena_array(op->arena, batch->count + 1, sizeof *running.pending);
    for (size_t i = 0; i < batch->count; i++)
        running.pending[i] = i;
    patience_begin(&patience, op, ews->patience);
    while (running.left > 0) {
        verdict = call_once(op, ews, &running, arena);
        if (verdict.status == STATUS_OK)
            go_on_after_answers(op, ews, &running, &patience);
        else if (!go_on_after_failure(op, ews, &running, &patience, &verdict))
            break;
        arena_reset(arena);
    }
    arena_free(&arena);
    if (verdict.status == STATUS_OK && !running.noted) {
        op->reason = before.reason;
        op->failed = before.failed;
    }
    return verdict.status;
}
