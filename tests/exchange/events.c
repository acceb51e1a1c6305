/*
 * events.c - the log of what happens in a mailbox
 */
#include "tests/exchange/events.h"

#include <stdlib.h>
#include <string.h>

#include "proxy/base/memory.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "tests/exchange/subscriptions.h"

/* Older events are dropped; who has not been told of them has missed them. */
#define LOG_LIMIT 8192

static void free_event(struct sim_event *event)
{
    free(event->id);
    free(event->old_id);
}

static void drop_oldest(struct sim_log *log, size_t count)
{
    if (count == 0)
        return;
    for (size_t i = 0; i < count; i++)
        free_event(&log->events[i]);
    memmove(log->events, log->events + count,
            (log->count - count) * sizeof *log->events);
    log->count -= count;
}

/* Takes the texts of an event over. */
static void tell(struct sim_mailbox *mailbox, struct sim_event event)
{
    struct sim_log *log = &mailbox->log;

    if (log->count == LOG_LIMIT)
        drop_oldest(log, LOG_LIMIT / 4);
    if (log->count == log->capacity) {
        log->capacity = log->capacity == 0 ? 64 : log->capacity * 2;
        log->events =
            memory_resize(log->events, log->capacity * sizeof *log->events);
    }
    event.number = ++log->newest;
    event.time = time_now();
    event.due = time_monotonic_ms() + mailbox->exchange->notify.delay;
    log->events[log->count++] = event;
    subscriptions_wake(mailbox);
}

void sim_events_free(struct sim_mailbox *mailbox)
{
    struct sim_log *log = &mailbox->log;

    drop_oldest(log, log->count);
    free(log->events);
    *log = (struct sim_log){ .watched = false };
}

/* --- Items --------------------------------------------------------------- */

static bool is_watched(const struct sim_folder *folder)
{
    return folder->mailbox->log.watched;
}

static bool tells_of_all_items(const struct sim_folder *folder)
{
    return folder->mailbox->exchange->version >= EXCHANGE_2013_SP1;
}

static void tell_item(struct sim_item *item, enum sim_event_kind kind,
                      enum sim_event_scope scope, struct sim_folder *parent)
{
    tell(item->folder->mailbox,
         (struct sim_event){ .kind = kind,
                             .scope = scope,
                             .id = memory_strdup(sim_item_id(item)),
                             .parent = parent });
}

/* Free/busy is what calendars hold. */
static void tell_free_busy(struct sim_item *item)
{
    if (str_starts_nocase(item->folder->class, "IPF.Appointment"))
        tell_item(item, EVENT_FREE_BUSY, SCOPE_ANY, item->folder);
}

void sim_event_counts(struct sim_folder *folder)
{
    if (is_watched(folder) && folder->parent != NULL)
        tell(folder->mailbox,
             (struct sim_event){ .kind = EVENT_MODIFIED,
                                 .folder = folder,
                                 .parent = folder->parent,
                                 .has_unread = true,
                                 .unread = folder->unread });
}

void sim_event_item(struct sim_item *item, enum sim_event_kind kind)
{
    if (!is_watched(item->folder))
        return;
    tell_item(item, kind, SCOPE_ANY, item->folder);
    tell_free_busy(item);
}

void sim_event_added(struct sim_item *item, bool arrived)
{
    if (!is_watched(item->folder))
        return;
    tell_item(item, EVENT_CREATED, SCOPE_ANY, item->folder);
    if (arrived && str_equal(item->folder->use, "inbox"))
        tell_item(item, EVENT_NEW_MAIL, SCOPE_ANY, item->folder);
    tell_free_busy(item);
    sim_event_counts(item->folder);
}

void sim_event_removed(struct sim_item *item)
{
    struct sim_folder *all_items;

    if (!is_watched(item->folder))
        return;
    all_items = sim_folder_by_use(item->folder->mailbox, "allitems");
    tell_item(item, EVENT_DELETED, SCOPE_ANY, item->folder);
    if (tells_of_all_items(item->folder) && all_items != NULL)
        tell_item(item, EVENT_DELETED, SCOPE_ALL, all_items);
    tell_free_busy(item);
}

static void tell_placed(struct sim_item *item, enum sim_event_kind kind,
                        enum sim_event_scope scope, const char *old_id,
                        struct sim_folder *old_parent)
{
    tell(item->folder->mailbox,
         (struct sim_event){ .kind = kind,
                             .scope = scope,
                             .id = memory_strdup(sim_item_id(item)),
                             .parent = item->folder,
                             .old_id = memory_strdup(old_id),
                             .old_parent = old_parent });
}

/* Of what has gone from a folder under this id. */
static void tell_gone(struct sim_folder *folder, const char *id,
                      enum sim_event_scope scope, struct sim_folder *parent)
{
    tell(folder->mailbox, (struct sim_event){ .kind = EVENT_DELETED,
                                              .scope = scope,
                                              .id = memory_strdup(id),
                                              .parent = parent });
}

/* Into the recoverable items: up to Exchange 2010 that is a deletion, from 2013
 * on a move for who has named the folder. */
static void tell_recoverable(struct sim_item *item, const char *old_id,
                             struct sim_folder *old_parent)
{
    struct sim_folder *all_items =
        sim_folder_by_use(old_parent->mailbox, "allitems");

    if (!tells_of_all_items(old_parent)) {
        tell_gone(old_parent, old_id, SCOPE_ANY, old_parent);
        return;
    }
    tell_placed(item, EVENT_MOVED, SCOPE_NAMED, old_id, old_parent);
    tell_gone(old_parent, old_id, SCOPE_ALL, old_parent);
    if (all_items != NULL)
        tell_gone(old_parent, old_id, SCOPE_ALL, all_items);
}

/* Into the deleted ones: from 2013 on those who subscribed to all folders see
 * it leave all items and come back. */
static void tell_trashed(struct sim_item *item, const char *old_id,
                         struct sim_folder *old_parent)
{
    struct sim_folder *all_items =
        sim_folder_by_use(old_parent->mailbox, "allitems");

    if (!tells_of_all_items(old_parent) || all_items == NULL) {
        tell_placed(item, EVENT_MOVED, SCOPE_ANY, old_id, old_parent);
        return;
    }
    tell_placed(item, EVENT_MOVED, SCOPE_NAMED, old_id, old_parent);
    tell_gone(old_parent, old_id, SCOPE_ALL, all_items);
    tell_item(item, EVENT_CREATED, SCOPE_ALL, all_items);
}

static void tell_moved(struct sim_item *item, const char *old_id,
                       struct sim_folder *old_parent)
{
    const struct sim_folder *deletions =
        sim_folder_by_use(old_parent->mailbox, "recoverableitemsdeletions");

    if (item->folder == deletions)
        tell_recoverable(item, old_id, old_parent);
    else if (str_equal(item->folder->use, "deleteditems"))
        tell_trashed(item, old_id, old_parent);
    else
        tell_placed(item, EVENT_MOVED, SCOPE_ANY, old_id, old_parent);
}

void sim_event_placed(struct sim_item *item, enum sim_event_kind kind,
                      const char *old_id, struct sim_folder *old_parent)
{
    bool same = item->folder->mailbox == old_parent->mailbox;
    bool moved = kind == EVENT_MOVED;

    if (!same) {
        /* Each mailbox knows only its half of it. */
        sim_event_added(item, false);
        if (moved && is_watched(old_parent))
            tell_gone(old_parent, old_id, SCOPE_ANY, old_parent);
    } else if (is_watched(item->folder)) {
        if (moved)
            tell_moved(item, old_id, old_parent);
        else
            tell_placed(item, kind, SCOPE_ANY, old_id, old_parent);
        tell_free_busy(item);
        sim_event_counts(item->folder);
    }
    if (moved)
        sim_event_counts(old_parent);
}

/* --- Folders ------------------------------------------------------------- */

void sim_event_folder(struct sim_folder *folder, enum sim_event_kind kind,
                      struct sim_folder *other)
{
    bool moved = kind == EVENT_MOVED;
    bool trashed = moved && str_equal(folder->parent->use, "deleteditems");

    if (!is_watched(folder) || folder->parent == NULL)
        return;
    tell(folder->mailbox,
         (struct sim_event){
             .kind = kind,
             .scope = trashed && tells_of_all_items(folder) ? SCOPE_NAMED
                                                            : SCOPE_ANY,
             .folder = folder,
             .parent = folder->parent,
             .old_folder = kind == EVENT_COPIED ? other : NULL,
             .old_parent = moved                  ? other
                           : kind == EVENT_COPIED ? other->parent
                                                  : NULL });
    if (kind == EVENT_MODIFIED)
        return;
    sim_event_counts(folder->parent);
    if (moved)
        sim_event_counts(other);
}

/* --- Reading ------------------------------------------------------------- */

static bool names(const struct sim_subscription *subscription,
                  const struct sim_folder *folder)
{
    for (size_t i = 0; i < subscription->folder_count && folder != NULL; i++)
        if (subscription->folders[i] == folder)
            return true;
    return false;
}

static bool is_told(const struct sim_subscription *subscription,
                    const struct sim_event *event)
{
    const struct sim_folder *top =
        sim_folder_by_use(subscription->mailbox, "msgfolderroot");

    if (!(subscription->kinds & 1u << event->kind))
        return false;
    if (subscription->folder_count > 0)
        return event->scope != SCOPE_ALL &&
               (names(subscription, event->folder) ||
                names(subscription, event->parent) ||
                names(subscription, event->old_parent));
    return event->scope != SCOPE_NAMED &&
           (event->scope == SCOPE_ALL ||
            sim_folder_is_within(event->parent, top) ||
            sim_folder_is_within(event->old_parent, top));
}

struct sim_event_list sim_events_after(struct arena *arena,
                                       struct sim_subscription *subscription,
                                       uint64_t number, size_t max)
{
    const struct sim_log *log = &subscription->mailbox->log;
    uint64_t first = log->newest - log->count; /* before the first kept one */
    uint64_t now = time_monotonic_ms();
    struct sim_event_list list = {
        .events = arena_array(arena, max + 1, sizeof *list.events)
    };

    if (number < first)
        subscription->missed = true;
    for (size_t i = number < first ? 0 : (size_t)(number - first);
         i < log->count; i++) {
        const struct sim_event *event = &log->events[i];

        if (!is_told(subscription, event))
            continue;
        if (event->due > now) {
            list.next_due = event->due;
            break;
        }
        if (list.count == max) {
            list.more = true;
            break;
        }
        list.events[list.count++] = event;
    }
    return list;
}

uint64_t sim_events_newest(const struct sim_subscription *subscription)
{
    const struct sim_log *log = &subscription->mailbox->log;
    uint64_t now = time_monotonic_ms();
    size_t count = log->count;

    while (count > 0 && log->events[count - 1].due > now)
        count--;
    return log->newest - log->count + count;
}
