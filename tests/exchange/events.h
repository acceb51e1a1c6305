/*
 * events.h - what happens in mailboxes, and who has asked to be told of it
 *
 * A mailbox that anybody has ever subscribed to keeps a log of its last events.
 * A subscription is a filter and a place in that log; a stream is a connection
 * that waits for the news of some subscriptions.  Everything here is guarded by
 * the exchange's mutex; a stream's descriptor alone may be waited for without.
 *
 * Which events an action makes differs by version and by what was subscribed
 * to: "Pull notifications for EWS deletion-related mailbox events in Exchange".
 * From Exchange 2013 on, who subscribes to all folders is told of deletions in
 * a search folder that holds all items, beside or instead of the real one.
 */
#ifndef POSTERN_TESTS_EXCHANGE_EVENTS_H
#define POSTERN_TESTS_EXCHANGE_EVENTS_H

#include "tests/exchange/model.h"

enum sim_event_kind {
    EVENT_NEW_MAIL,
    EVENT_CREATED,
    EVENT_DELETED,
    EVENT_MODIFIED,
    EVENT_MOVED,
    EVENT_COPIED,
    EVENT_FREE_BUSY,
    EVENT_KIND_COUNT
};

/* Who is told: some events are only for those who named folders, or only for
 * those who subscribed to all of them. */
enum sim_event_scope { SCOPE_ANY, SCOPE_NAMED, SCOPE_ALL };

struct sim_event {
    enum sim_event_kind kind;
    enum sim_event_scope scope;
    uint64_t number;          /* counts the mailbox's events */
    int64_t time;
    uint64_t due;             /* when it can be told: a monotonic clock */
    struct sim_folder *folder;     /* what it is about, if a folder */
    char *id;                 /* what it is about, if an item */
    struct sim_folder *parent;
    char *old_id;             /* of an item that was moved or copied */
    struct sim_folder *old_folder; /* of a folder that was copied */
    struct sim_folder *old_parent; /* NULL: not moved or copied */
    bool has_unread;
    size_t unread;
};

/* --- What happens: called by the functions that change things ------------ */

void sim_event_item(struct sim_item *item, enum sim_event_kind kind);

/* An item that came into its folder, arriving as mail or not. */
void sim_event_added(struct sim_item *item, bool arrived);

/* Before an item goes for good, and after it was moved or copied; `old_id` is
 * what it was called, or the original is. */
void sim_event_removed(struct sim_item *item);
void sim_event_placed(struct sim_item *item, enum sim_event_kind kind,
                      const char *old_id, struct sim_folder *old_parent);

/* A folder's counts have changed. */
void sim_event_counts(struct sim_folder *folder);

/* `other` is the parent before a move, the original of a copy, or NULL. */
void sim_event_folder(struct sim_folder *folder, enum sim_event_kind kind,
                      struct sim_folder *other);

void sim_events_free(struct sim_mailbox *mailbox);

/* --- Subscriptions ------------------------------------------------------- */

enum sim_subscription_kind {
    SUBSCRIPTION_PULL,
    SUBSCRIPTION_PUSH,        /* taken, and nothing is ever sent */
    SUBSCRIPTION_STREAMING
};

struct sim_subscription {
    char *id;
    enum sim_subscription_kind kind;
    struct sim_mailbox *owner;      /* who may use it */
    struct sim_mailbox *mailbox;    /* whose events it is about */
    const struct sim_mailbox *server; /* whose server knows it; NULL: any */
    unsigned kinds;           /* a bit for each kind of event */
    struct sim_folder **folders;    /* NULL: all below the top */
    size_t folder_count;
    uint64_t told;            /* the number of the last event that was told */
    uint64_t life;            /* milliseconds without use, then it is gone */
    uint64_t used;
    bool missed;              /* events were dropped before they were told */
    struct sim_stream *stream;      /* that reads it; NULL: none */
    struct sim_subscription *next;
};

struct sim_subscription_wish {
    enum sim_subscription_kind kind;
    struct sim_mailbox *owner;
    struct sim_mailbox *mailbox;
    const struct sim_mailbox *server;
    unsigned kinds;
    struct sim_folder *const *folders;
    size_t folder_count;      /* 0: all below the top */
    unsigned minutes;         /* of life without use; 0: half an hour */
};

/* NULL when the owner has as many as he may. */
struct sim_subscription *sim_subscribe(
    const struct sim_subscription_wish *wish);

/* NULL for one that never was, has ended or has not been used for too long. */
struct sim_subscription *sim_subscription_find(struct exchange *exchange,
                                               const char *id);

/* Ends it, telling the stream that reads it why. */
void sim_unsubscribe(struct sim_subscription *subscription, const char *code);

/* Up to `max` of the events after one that are due, oldest first.  `more_out`
 * tells whether there are others; both may be NULL.  `next_due_out` is when
 * there will be one more of those that are known, 0 for never. */
struct sim_event_list {
    const struct sim_event **events;
    size_t count;
    bool more;
    uint64_t next_due;
};

struct sim_event_list sim_events_after(struct arena *arena,
                                       struct sim_subscription *subscription,
                                       uint64_t number, size_t max);

/* The number of the newest event that can have been told. */
uint64_t sim_events_newest(const struct sim_subscription *subscription);

/* An opaque text for a place in a mailbox's log, and back. */
char *sim_watermark(struct arena *arena, const struct sim_mailbox *mailbox,
                    uint64_t number);
bool sim_watermark_read(struct arena *arena, const struct sim_mailbox *mailbox,
                        const char *text, uint64_t *number_out);

/* --- Streams ------------------------------------------------------------- */

/* Opens a stream for a user's subscriptions; a stream that reads one of them
 * already loses it.  NULL when the user has as many as he may. */
struct sim_stream *sim_stream_open(
    struct sim_mailbox *user, struct sim_subscription *const subscriptions[],
    size_t count, unsigned minutes);
void sim_stream_close(struct sim_stream **stream);

/* Becomes readable when sim_stream_next may have something else to say. */
int sim_stream_fd(const struct sim_stream *stream);

enum sim_stream_state {
    STREAM_QUIET,             /* nothing for `wait` milliseconds, or until the
                                 descriptor becomes readable */
    STREAM_EVENTS,            /* `lists` of the subscriptions */
    STREAM_BEAT,              /* nothing has happened for long */
    STREAM_LOST,              /* `lost` are no longer told of, for `code` */
    STREAM_ENDS,              /* its time is over */
    STREAM_CUT,               /* the connection breaks */
    STREAM_CUT_INSIDE         /* ... in the middle of an answer */
};

struct sim_stream_news {
    enum sim_stream_state state;
    int wait;
    const char **ids;         /* of the subscriptions, in the order of `lists` */
    struct sim_event_list *lists;
    size_t count;
    const char *lost;
    const char *code;
    bool last;                /* no subscription is left */
};

struct sim_stream_news sim_stream_next(struct arena *arena,
                                       struct sim_stream *stream);

#endif
