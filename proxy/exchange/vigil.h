/*
 * vigil.h - the watch over one account: where it stands and what is next
 *
 *     nothing -- subscribe -- listen -- be told -- catch up
 *        |           |           |                   |
 *        +- back-off +- back-off +<------------------+
 *
 * Exchange tells by a stream, when it is asked (pull), or not at all (poll).
 * When the better way does not work, the next one is taken for half an hour.
 * After any gap all watched folders are looked at.
 *
 * All of it is guarded by the watcher's lock, which is never held while
 * Exchange is called.
 */
#ifndef POSTERN_EXCHANGE_VIGIL_H
#define POSTERN_EXCHANGE_VIGIL_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config/settings.h"
#include "proxy/exchange/backend.h"

struct account;
struct arena;
struct watcher;

/* How long news are collected before they are looked at, in milliseconds. */
extern uint32_t vigil_collect_ms;

/* What has been told of one folder and not been looked at. */
struct vigil_news {
    char *folder;    /* Exchange's id */
    uint64_t moment; /* the last time it was told (of account_moment) */
    bool messages;   /* those in it */
    bool itself;     /* its counts or its name */
};

struct vigil {
    struct vigil *next; /* of those that the watcher looks after */
    struct watcher *watcher;
    struct account *account;
    bool on;   /* is among them */
    bool busy; /* a helper works for it; nobody else may */

    unsigned listeners;
    uint64_t linger_until_ms;

    enum remote_push push;
    uint64_t
        better_ms; /* when to subscribe anew: by a better way, or to folders
                      that have come since; 0: it is the best */
    struct remote_watch *watch; /* NULL: not subscribed */
    struct arena *arena;        /* holds the watch's connection to Exchange */
    bool all;                   /* all folders are told of; else `folders` */
    bool spared;                /* there is none, as nobody listens and it would
                                   have to be asked */
    int64_t *folders;
    size_t folder_count;

    bool listening;    /* the stream has been opened and has not ended */
    bool open;         /* and Exchange has said so */
    bool cut;          /* it has ended badly before */
    bool lost;         /* the subscription is no good any more */
    bool refused;      /* the password of its connection, that is */
    uint64_t alive_ms; /* the last sign of life (of time_with_sleep_ms) */
    uint64_t since;    /* the moment from which on all is told */

    unsigned failures;  /* in a row */
    enum status failed; /* the last of them */
    uint64_t retry_ms;  /* not before that */

    struct vigil_news *news;
    size_t news_count;
    bool tree;     /* folders have come or gone */
    bool applying; /* news have been taken and are not noted yet */
    bool check;    /* some watched folder may not be up to date */
    unsigned check_failures;
    uint64_t due_ms; /* when news and checks are worked on */

    uint64_t ask_ms;     /* pull: the next time */
    bool polls;          /* some watched folder is never told of */
    uint64_t look_ms;    /* poll: the next time, if nothing is told then */
    uint32_t look_pause; /* and how far apart they are, in milliseconds */
};

enum vigil_step {
    VIGIL_REST,
    VIGIL_BEGIN,    /* subscribe */
    VIGIL_LISTEN,   /* open the stream */
    VIGIL_CATCH_UP, /* look at what news have named, and at what may be old */
    VIGIL_ASK,      /* pull */
    VIGIL_LOOK,     /* poll */
    VIGIL_END,      /* unsubscribe */
    VIGIL_LEAVE     /* nobody watches any more */
};

/* What is to be done now; with VIGIL_REST, `*due_ms` is brought forward to when
 * something will be. */
enum vigil_step vigil_next(const struct vigil *vigil, uint64_t now_ms,
                           uint64_t *due_ms);

/* Whether news are told at present. */
bool vigil_is_telling(const struct vigil *vigil);

/* Takes what the backend tells. */
void vigil_hear(struct vigil *vigil, const struct remote_news *news);

/* Something has failed: when to try again, and by which way. */
void vigil_fail(struct vigil *vigil, enum status status, uint32_t pause);

/* The best way that the settings allow. */
enum remote_push vigil_best(const struct vigil *vigil);

/* Has a subscription made anew that does not know of some folders; one that is
 * renewed for another reason will have them, too: false then. */
bool vigil_renew_soon(struct vigil *vigil);

/* There is no need to look at folders for a whole exchange.poll_interval. */
void vigil_look_later(struct vigil *vigil);

/* Milliseconds before the next try after so many failures, with jitter. */
uint32_t vigil_pause(unsigned failures);

/* Frees what it holds; it is neither watched nor worked for. */
void vigil_free(struct vigil **vigil);

/* The work that waits for Exchange: all of a helper's for one step.  Without
 * the lock; they take it for what they find out. */
void vigil_begin(struct vigil *vigil);
void vigil_catch_up(struct vigil *vigil);
void vigil_ask(struct vigil *vigil);
void vigil_look(struct vigil *vigil);
void vigil_end(struct vigil *vigil);

/* What the watcher gives for that. */
void watcher_lock(struct watcher *watcher);
void watcher_unlock(struct watcher *watcher);
void watcher_wake(struct watcher *watcher);
const atomic_bool *watcher_stopping(const struct watcher *watcher);
const atomic_bool *watcher_giving_up(const struct watcher *watcher);

#endif
