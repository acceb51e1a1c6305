/*
 * object_arrived.c - the scheduling inbox: what has come and waits for somebody
 *
 * Exchange puts messages about meetings into the Inbox, and what they say into
 * the calendar.  Nothing marks a message when the event in the calendar is
 * answered, so that it is the calendar that tells: an invitation waits as long
 * as the event has no answer, a cancellation as long as the event is there.  An
 * event that is not there has been declined or deleted, which is remembered of
 * the message, so that the calendar is not asked for it again.
 *
 * Of several messages about one thing only the newest waits.  Reading them does
 * not mark them as read.
 */
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/str.h"
#include "proxy/exchange/credentials.h"
#include "proxy/exchange/object_private.h"
#include "proxy/exchange/watcher.h"

#define MARK "arrived:"

/* What is remembered of messages that nobody waits for any more. */
#define DONE_FACT "arrived done"
#define DONE_DIGITS 16

/* --- Judging -------------------------------------------------------------- */

/* The messages, and the calendar they are about. */
struct judging {
    struct desk *desk;
    struct desk calendar;
    bool has_calendar;
    const struct remote_arrival *arrivals;
    size_t count;
    struct index_object *events; /* row 0: none is known */
    bool *waits;
};

static const char *done_mark(struct op *op,
                             const struct remote_arrival *arrival)
{
    struct digest *digest = digest_new();
    char hex[65];

    digest_add(digest, arrival->id, strlen(arrival->id));
    digest_finish(&digest, hex);
    return arena_strndup(op->arena, hex, DONE_DIGITS);
}

/* A newer one of the same kind of news tells more: answers stand for
 * themselves. */
static bool is_overtaken(const struct judging *judging, size_t nth)
{
    const struct remote_arrival *all = judging->arrivals;

    if (all[nth].kind == REMOTE_REPLY)
        return false;
    for (size_t i = 0; i < nth; i++)
        if (all[i].kind != REMOTE_REPLY && all[i].about != NULL &&
            str_equal(all[i].about, all[nth].about))
            return true;
    return false;
}

static enum status find_events(struct judging *judging)
{
    struct desk *calendar = &judging->calendar;
    enum status status = STATUS_OK;

    for (size_t i = 0; i < judging->count && status == STATUS_OK; i++)
        if (judging->waits[i] && judging->events[i].row == 0 &&
            judging->arrivals[i].uid != NULL &&
            judging->arrivals[i].kind != REMOTE_REPLY)
            status = index_object_by_uid(
                calendar->op, calendar->account->index, calendar->folder.id,
                judging->arrivals[i].uid, &judging->events[i]);
    return status;
}

/* Whether the event is to be in the calendar and is not known there. */
static bool is_missed(const struct judging *judging, size_t nth)
{
    const struct remote_arrival *arrival = &judging->arrivals[nth];

    return judging->waits[nth] && arrival->kind != REMOTE_REPLY &&
           arrival->processed && arrival->uid != NULL &&
           judging->events[nth].row == 0;
}

static bool any_missed(const struct judging *judging)
{
    for (size_t i = 0; i < judging->count; i++)
        if (is_missed(judging, i))
            return true;
    return false;
}

/* UIDs are known of what has been read. */
static enum status read_unknown(struct desk *calendar)
{
    struct index_object *rows = NULL;
    size_t count = 0, n = 0;
    enum status status = index_objects(calendar->op, calendar->account->index,
                                       calendar->folder.id, &rows, &count);

    if (status != STATUS_OK)
        return status;
    const char **names =
        arena_array(calendar->op->arena, count + 1, sizeof *names);
    for (size_t i = 0; i < count; i++)
        if (!rows[i].known)
            names[n++] = rows[i].name;
    return desk_know(calendar, names, n);
}

/* Looks for what has come into the calendar together with its message. */
static enum status catch_up(struct judging *judging)
{
    struct desk *calendar = &judging->calendar;
    enum status status = find_events(judging);

    if (status == STATUS_OK && any_missed(judging)) {
        status = desk_refresh(calendar);
        if (status == STATUS_OK)
            status = read_unknown(calendar);
        if (status == STATUS_OK)
            status = find_events(judging);
    }
    return status;
}

/* --- Whether there is an answer ------------------------------------------- */

struct answers {
    struct judging *judging;
    const size_t *which;
};

static bool lacks_answer(const struct event *event)
{
    return event->answer == ANSWER_NONE && !event->cancelled;
}

static bool waits_for_answer(struct desk *calendar, const char *text,
                             size_t len)
{
    struct object_said said =
        object_understand(calendar, OBJECT_EVENT, text, len);
    const struct series *series = &said.calendar.series;

    if (said.problem != OBJECT_FINE || meeting_is_own(series))
        return false;
    bool waits = series->has_master && lacks_answer(&series->master);
    for (size_t i = 0; i < series->exception_count; i++)
        waits |= lacks_answer(&series->exceptions[i]);
    return waits;
}

static bool take_event(void *context, size_t index, enum status status,
                       const struct object *object, const char *text,
                       size_t len)
{
    struct answers *answers = context;
    struct judging *judging = answers->judging;

    (void)object;
    if (status == STATUS_OK)
        judging->waits[answers->which[index]] =
            waits_for_answer(&judging->calendar, text, len);
    return true;
}

/* Looks at the events of invitations. */
static enum status look_for_answers(struct judging *judging)
{
    struct arena *arena = judging->desk->op->arena;
    size_t *which = arena_array(arena, judging->count + 1, sizeof *which);
    const char **names = arena_array(arena, judging->count + 1, sizeof *names);
    struct answers answers = { judging, which };
    size_t n = 0;

    for (size_t i = 0; i < judging->count; i++)
        if (judging->waits[i] && judging->events[i].row != 0 &&
            judging->arrivals[i].kind == REMOTE_REQUEST) {
            which[n] = i;
            names[n++] = judging->events[i].name;
        }
    return n == 0 ? STATUS_OK
                  : desk_read(&judging->calendar, names, n, VCARD_4, take_event,
                              &answers);
}

/* --- All of it ------------------------------------------------------------ */

static void begin_judging(struct judging *judging, struct desk *desk,
                          const struct remote_arrival *arrivals, size_t count,
                          const char *done)
{
    struct op *op = desk->op;
    struct index *index = desk->account->index;
    int64_t calendar = index_main_folder(op, index, FOLDER_CALENDAR_MAIN);

    *judging = (struct judging){
        .desk = desk,
        .arrivals = arrivals,
        .count = count,
        .events = arena_array(op->arena, count + 1, sizeof *judging->events),
        .waits = arena_array(op->arena, count + 1, sizeof *judging->waits),
    };
    judging->has_calendar =
        calendar != 0 &&
        desk_open(op, desk->account, calendar, &judging->calendar) == STATUS_OK;
    for (size_t i = 0; i < count; i++)
        judging->waits[i] = !is_overtaken(judging, i) &&
                            strstr(done, done_mark(op, &arrivals[i])) == NULL;
}

/* Notes those that nobody waits for, and forgets those that have gone.  What a
 * newer one has overtaken does not come back when that one is taken away. */
static void keep_done(struct judging *judging, const char *before)
{
    struct op *op = judging->desk->op;
    struct buf done;

    buf_init(&done, op->arena);
    buf_puts(&done, "");
    for (size_t i = 0; i < judging->count; i++) {
        const char *mark = done_mark(op, &judging->arrivals[i]);

        if (is_missed(judging, i))
            judging->waits[i] = false;
        else if (!is_overtaken(judging, i) && strstr(before, mark) == NULL)
            continue;
        buf_printf(&done, "%s ", mark);
    }
    if (!str_equal(done.data, before))
        index_set_fact(op, judging->desk->account->index, DONE_FACT, done.data);
}

static enum status judge(struct judging *judging, const char *done)
{
    enum status status = catch_up(judging);

    if (status == STATUS_OK)
        status = look_for_answers(judging);
    if (status == STATUS_OK)
        keep_done(judging, done);
    return status;
}

/* A message stays as it has come, whatever is marked on it. */
static struct remote_object_page page_of(const struct judging *judging)
{
    struct arena *arena = judging->desk->op->arena;
    struct remote_object_delta *deltas =
        arena_array(arena, judging->count + 1, sizeof *deltas);
    size_t n = 0;

    for (size_t i = 0; i < judging->count; i++)
        if (judging->waits[i])
            deltas[n++].object = (struct remote_object){
                .id = judging->arrivals[i].id,
                .change_key = "as it has come",
                .kind = REMOTE_EVENT,
            };
    return (struct remote_object_page){ .deltas = deltas,
                                        .count = n,
                                        .last = true };
}

static int64_t inbox_of(struct desk *desk)
{
    return index_main_folder(desk->op, desk->account->index, FOLDER_INBOX);
}

static enum status list_arrived(
    struct desk *desk,
    bool (*page)(void *context, const struct remote_object_page *page),
    void *context)
{
    struct op *op = desk->op;
    struct remote_arrival *arrivals = NULL;
    struct index_folder inbox = { 0 };
    struct judging judging;
    size_t count = 0;
    const char *done = index_fact(op, desk->account->index, DONE_FACT);
    enum status status =
        index_folder(op, desk->account->index, inbox_of(desk), &inbox);

    if (status == STATUS_OK && desk->objects->arrivals == NULL)
        status = STATUS_UNSUPPORTED;
    if (status == STATUS_OK)
        status =
            account_told(desk->account,
                         desk->objects->arrivals(op, desk->remote, inbox.remote,
                                                 &arrivals, &count));
    if (status != STATUS_OK)
        return status;
    done = done != NULL ? done : "";
    begin_judging(&judging, desk, arrivals, count, done);
    if (judging.has_calendar)
        status = judge(&judging, done);
    if (status != STATUS_OK)
        return status;
    const struct remote_object_page all = page_of(&judging);
    return page(context, &all) ? STATUS_OK : STATUS_CANCELLED;
}

/* --- The folder ----------------------------------------------------------- */

/* It is not as it was when something has come into the Inbox, or has been done
 * to an event. */
static bool is_current(struct desk *desk)
{
    struct account *account = desk->account;
    int64_t inbox = inbox_of(desk);
    uint64_t looked, touched, unused, arrived;

    if (!desk->folder.complete || desk->folder.sweeping || inbox == 0)
        return false;
    desk_have_told(desk, inbox);
    place_standing(place_of(account, desk->folder.id), &looked, &touched);
    place_standing(place_of(account, inbox), &unused, &arrived);
    return looked > touched && looked > arrived &&
           watcher_vouches(account, inbox, looked);
}

const struct desk_source source_arrived = {
    .mark = MARK,
    .name = "Inbox",
    .lacks = FOLDER_MAY_MODIFY | FOLDER_MAY_ADD | FOLDER_MAY_ADD_FOLDERS |
             FOLDER_MAY_ADMINISTER,
    .is_current = is_current,
    .list = list_arrived,
    .read = arrived_read,
};

enum status schedule_inbox(struct op *op, struct account *account,
                           struct folder *folder_out)
{
    return source_folder(op, account, &source_arrived, "", folder_out);
}

void arrived_touch(struct desk *desk)
{
    struct folder inbox;

    if (desk->source == NULL && desk->folder.kind == FOLDER_CALENDAR &&
        schedule_inbox(desk->op, desk->account, &inbox) == STATUS_OK)
        place_touch(place_of(desk->account, inbox.id),
                    account_moment(desk->account));
}
