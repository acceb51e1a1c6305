/*
 * object_create.c - making new objects
 *
 * The attempt is noted in the index before it leaves, with a token that
 * Exchange keeps: when its answer is lost, the token is looked for before
 * anything is repeated.
 */
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/time.h"
#include "proxy/exchange/credentials.h"
#include "proxy/exchange/object_writing.h"

#define LOOK_SECONDS 3
#define LOOK_AGAIN_MS 500

enum status object_find_attempt(struct desk *desk, const char *token,
                                struct remote_object *found_out)
{
    uint64_t end =
        time_monotonic_ms() +
        1000u * (uint64_t)attempt_patience(desk->account, LOOK_SECONDS);
    enum status status;

    *found_out = (struct remote_object){ 0 };
    do {
        struct remote_object *found = NULL;
        size_t count = 0;

        status = account_told(desk->account,
                              desk->objects->find(desk->op, desk->remote,
                                                  desk->folder.remote, token,
                                                  NULL, &found, &count));
        if (status == STATUS_OK && count > 0) {
            *found_out = found[0];
            return STATUS_OK;
        }
    } while (time_monotonic_ms() < end && wait_for(desk->op, LOOK_AGAIN_MS));
    return status == STATUS_OK ? STATUS_OK : STATUS_UNCERTAIN;
}

/* Of the UID, which only one object has: who has lost the answer and tries
 * again comes upon what he has made. */
const char *writing_new_name(const struct writing *writing)
{
    const struct object_said *said = &writing->said;
    struct digest *digest = digest_new();
    char hex[65];

    digest_add(digest, said->uid, strlen(said->uid));
    digest_finish(&digest, hex);
    return arena_printf(writing->desk.op->arena, "%.32s%s", hex,
                        said->kind == OBJECT_CONTACT ? ".vcf" : ".ics");
}

static enum status create_event(struct writing *writing,
                                struct remote_object_extras *extras)
{
    struct desk *desk = &writing->desk;
    struct series series = meeting_without_cancelled(
        desk->op->arena, &writing->said.calendar.series);

    extras->notice = meeting_notice_new(&series, desk->zone);
    if (extras->notice != REMOTE_NOTICE_NONE && meeting_is_mixed(&series))
        return writing_refuse(writing, OBJECT_ORGANIZER, MIXED_AGENTS);
    /* Whoever makes a meeting is its organizer to Exchange: of a copy of
     * another's the attendees stay in the kept text. */
    if (!meeting_is_own(&series))
        series = meeting_without_people(desk->op->arena, &series);
    return desk->objects->event_create(desk->op, desk->remote,
                                       desk->folder.remote, &series, extras,
                                       &writing->result);
}

static enum status create_once(struct writing *writing, const char *token)
{
    struct desk *desk = &writing->desk;
    const struct remote_objects *objects = desk->objects;
    const char *folder = desk->folder.remote;
    struct remote_object_extras extras = { .name = writing->name,
                                           .kept = writing->kept,
                                           .token = token };
    enum status status;

    writing->result = (struct remote_result){ 0 };
    switch (writing->said.kind) {
    case OBJECT_TASK:
        status = objects->task_create(desk->op, desk->remote, folder,
                                      &writing->said.calendar.task, &extras,
                                      &writing->result);
        break;
    case OBJECT_CONTACT:
        status = objects->contact_create(desk->op, desk->remote, folder,
                                         &writing->said.contact, &extras,
                                         &writing->result);
        break;
    default:
        status = create_event(writing, &extras);
    }
    return account_told(desk->account, status);
}

/* STATUS_UNCERTAIN with an id: it is there, and it is not known whether all of
 * it is. */
static enum status create_surely(struct writing *writing, const char *token)
{
    enum status status = STATUS_UNCERTAIN;

    for (int i = 0; i < WRITE_TRIES; i++) {
        struct remote_object found;

        status = create_once(writing, token);
        if (status != STATUS_UNCERTAIN || writing->result.id != NULL)
            return status;
        if (object_find_attempt(&writing->desk, token, &found) != STATUS_OK)
            return STATUS_UNCERTAIN;
        if (found.id != NULL) {
            writing->result.id = found.id;
            writing->result.change_key = found.change_key;
            return STATUS_UNCERTAIN;
        }
    }
    return status;
}

/* An event of which Exchange takes no day that is another way is not taken as a
 * whole: half of it would be there under the name of what was refused. */
static bool take_back(struct writing *writing)
{
    struct desk *desk = &writing->desk;
    const struct remote_object made = {
        .id = writing->result.id,
        .change_key = writing->result.change_key,
    };

    return account_told(desk->account,
                        desk->objects->remove(
                            desk->op, desk->remote, &made, false,
                            meeting_notice_end(&writing->said.calendar.series,
                                               desk->zone))) == STATUS_OK;
}

/* It is there, and perhaps not all of it.  A change key that has not been told
 * is asked for, as without one nothing can be changed. */
static enum status complete(struct writing *writing)
{
    struct desk *desk = &writing->desk;

    writing->is_kept = true;
    if (writing->result.change_key == NULL &&
        (desk_sync(desk) != STATUS_OK ||
         object_row(desk, writing->name, &writing->row) != STATUS_OK ||
         writing->row.row == 0))
        return STATUS_UNCERTAIN;
    return writing_update(writing);
}

enum status writing_create(struct writing *writing)
{
    struct desk *desk = &writing->desk;
    struct index *index = desk->account->index;
    const char *hash =
        arena_printf(desk->op->arena, "object:%s", writing->name);
    struct index_attempt attempt;
    enum status status = attempt_begin(desk->op, desk->account, desk->folder.id,
                                       hash, NULL, &attempt);

    if (status != STATUS_OK)
        return status;
    status = create_surely(writing, attempt.token);
    bool there = writing->result.id != NULL;
    if (there && status == STATUS_BAD_CONTENT)
        there = !take_back(writing);
    /* What has an id is there, whatever failed after it. */
    enum status kept = there ? writing_keep(writing) : STATUS_OK;
    if (kept == STATUS_OK && (there || status != STATUS_UNCERTAIN))
        index_attempt_end(desk->op, index, attempt.id, there);
    if (kept != STATUS_OK)
        return kept;
    return there && status == STATUS_UNCERTAIN ? complete(writing) : status;
}
