/*
 * remote_news.h - how a backend tells that something has changed
 *
 * A part of backend.h, whose rules hold here.
 */
#ifndef POSTERN_EXCHANGE_REMOTE_NEWS_H
#define POSTERN_EXCHANGE_REMOTE_NEWS_H

#include <stdint.h>

#include "proxy/base/status.h"

struct remote;
struct streams; /* http/stream.h: the sleep of the watcher's thread */

/* How a server tells of news. */
enum remote_push {
    REMOTE_PUSH_NONE,  /* not at all: folder_stamps tell */
    REMOTE_PUSH_PULL,  /* when it is asked */
    REMOTE_PUSH_STREAM /* by itself, over a call that hangs */
};

enum remote_news_kind {
    REMOTE_NEWS_OPEN,     /* the stream has begun: all is told from now on */
    REMOTE_NEWS_ALIVE,    /* there is nothing new */
    REMOTE_NEWS_MESSAGES, /* some in `folder` have come, gone or changed */
    REMOTE_NEWS_FOLDER,   /* `folder` itself: its counts, or its name */
    REMOTE_NEWS_TREE,     /* folders have come, gone or moved */
    REMOTE_NEWS_END       /* the stream has ended: anything may be missed from
                             now on.  STATUS_STALE: Exchange has forgotten the
                             subscription.  STATUS_LIMIT: too many streams. */
};

struct remote_news {
    enum remote_news_kind kind;
    const char *folder; /* its id; may be one that is not known yet */
    enum status status; /* END: why, and `reason` in words (NULL: none) */
    const char *reason;
    uint32_t pause; /* END: milliseconds that Exchange asks for; 0: none */
};

/* Takes news, on any thread, without waiting for anything. */
typedef void remote_tell(void *context, const struct remote_news *news);

/* A subscription to the news of a mailbox: the first member of each backend's
 * own struct. */
struct remote_watch {
    struct remote *remote;
    enum remote_push push;
    remote_tell *tell;
    void *context;
};

#endif
