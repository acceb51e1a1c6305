/*
 * memory_watch.c - the in-memory door: telling of news
 *
 * A stream has a thread of its own, which waits where a real one would wait for
 * the network.
 */
#include "tests/exchange/memory.h"

#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "proxy/base/arena.h"
#include "proxy/base/memory.h"
#include "tests/exchange/events.h"

#define ALL_KINDS ((1u << EVENT_FREE_BUSY) - 1)
#define EVENTS_AT_ONCE 50
#define MINUTES 30

struct memory_watch {
    struct remote_watch watch;
    char *id;      /* of the subscription */
    uint64_t told; /* pull: the last event */
    pthread_t thread;
    bool listening;
    int hushed; /* readable once the stream is to end */
};

enum remote_push memory_watch_means(struct remote *remote, bool *all_out)
{
    const struct memory_remote *memory = (struct memory_remote *)remote;
    bool old = memory->exchange->version < EXCHANGE_2010_SP1;

    *all_out = !old;
    return old ? REMOTE_PUSH_PULL : REMOTE_PUSH_STREAM;
}

/* --- Subscribing --------------------------------------------------------- */

/* Exchange 2007 wants the folders named. */
static struct sim_subscription *subscribe(struct memory_call *call,
                                          enum remote_push push,
                                          const char *const folders[],
                                          size_t count)
{
    struct memory_remote *remote = call->remote;
    struct sim_folder **found =
        arena_array(call->op->arena, count + 1, sizeof *found);
    struct sim_subscription_wish wish = {
        .kind = push == REMOTE_PUSH_STREAM ? SUBSCRIPTION_STREAMING
                                           : SUBSCRIPTION_PULL,
        .owner = remote->mailbox,
        .mailbox = remote->mailbox,
        .kinds = ALL_KINDS,
        .folders = found,
    };

    if (remote->exchange->version < EXCHANGE_2010_SP1) {
        found[wish.folder_count++] =
            sim_folder_by_use(remote->mailbox, "msgfolderroot");
        for (size_t i = 0; i < count; i++)
            if ((found[wish.folder_count] = memory_folder(remote, folders[i])))
                wish.folder_count++;
    }
    return sim_subscribe(&wish);
}

enum status memory_watch_begin(struct op *op, struct remote *remote,
                               enum remote_push push,
                               const char *const folders[], size_t count,
                               remote_tell *tell, void *context,
                               struct remote_watch **watch_out)
{
    struct memory_watch *watch = NULL;
    struct memory_call call;
    enum status status =
        memory_call_begin(op, remote, "Subscribe", false, &call);

    *watch_out = NULL;
    if (status != STATUS_OK)
        return status;
    status = memory_call_item(&call, 0);
    exchange_lock(call.remote->exchange);
    struct sim_subscription *subscription =
        status == STATUS_OK ? subscribe(&call, push, folders, count) : NULL;
    if (subscription != NULL) {
        watch = memory_new(sizeof *watch);
        watch->watch = (struct remote_watch){ remote, push, tell, context };
        watch->id = memory_strdup(subscription->id);
        watch->told = subscription->told;
        watch->hushed = -1;
        *watch_out = &watch->watch;
    } else if (status == STATUS_OK) {
        status = op_fail(op, STATUS_LIMIT, "too many subscriptions");
    }
    exchange_unlock(call.remote->exchange);
    memory_call_end(&call);
    return status;
}

void memory_watch_end(struct op *op, struct remote_watch **remote_watch)
{
    struct memory_watch *watch = (struct memory_watch *)*remote_watch;
    struct memory_call call;

    if (watch == NULL)
        return;
    if (memory_call_begin(op, watch->watch.remote, "Unsubscribe", false,
                          &call) == STATUS_OK) {
        exchange_lock(call.remote->exchange);
        struct sim_subscription *subscription =
            sim_subscription_find(call.remote->exchange, watch->id);
        if (subscription != NULL)
            sim_unsubscribe(subscription, NULL);
        exchange_unlock(call.remote->exchange);
        memory_call_end(&call);
    }
    free(watch->id);
    free(watch);
    *remote_watch = NULL;
}

/* --- Events -------------------------------------------------------------- */

/* What to tell, copied while the exchange is locked. */
struct telling {
    struct remote_news *news;
    size_t count;
};

static void add(struct arena *arena, struct telling *telling,
                enum remote_news_kind kind, struct sim_folder *folder)
{
    if (folder == NULL)
        return;
    telling->news[telling->count++] = (struct remote_news){
        .kind = kind, .folder = arena_strdup(arena, sim_folder_id(folder))
    };
}

static struct telling read_events(struct arena *arena,
                                  const struct sim_event_list *list)
{
    struct telling telling = { .news = arena_array(arena, 2 * list->count + 1,
                                                   sizeof *telling.news) };

    for (size_t i = 0; i < list->count; i++) {
        const struct sim_event *event = list->events[i];

        if (event->folder == NULL) {
            add(arena, &telling, REMOTE_NEWS_MESSAGES, event->parent);
            add(arena, &telling, REMOTE_NEWS_MESSAGES, event->old_parent);
        } else {
            add(arena, &telling,
                event->kind == EVENT_MODIFIED ? REMOTE_NEWS_FOLDER
                                              : REMOTE_NEWS_TREE,
                event->folder);
        }
    }
    return telling;
}

static void tell_all(const struct memory_watch *watch,
                     const struct telling *telling)
{
    for (size_t i = 0; i < telling->count; i++)
        watch->watch.tell(watch->watch.context, &telling->news[i]);
}

/* --- Pulling ------------------------------------------------------------- */

static enum status ask(struct memory_call *call, struct memory_watch *watch,
                       struct telling *telling, bool *more_out)
{
    struct arena *arena = call->op->arena;
    struct sim_subscription *subscription =
        sim_subscription_find(call->remote->exchange, watch->id);

    *more_out = false;
    if (subscription == NULL)
        return STATUS_STALE;
    struct sim_event_list list =
        sim_events_after(arena, subscription, watch->told, EVENTS_AT_ONCE);
    if (subscription->missed)
        return STATUS_STALE;
    *telling = read_events(arena, &list);
    if (list.count > 0)
        watch->told = list.events[list.count - 1]->number;
    *more_out = list.more;
    return STATUS_OK;
}

enum status memory_watch_ask(struct op *op, struct remote_watch *remote_watch)
{
    struct memory_watch *watch = (struct memory_watch *)remote_watch;
    enum status status = STATUS_OK;
    bool more = true;

    while (more && status == STATUS_OK) {
        struct telling telling = { .count = 0 };
        struct memory_call call;

        status = memory_call_begin(op, remote_watch->remote, "GetEvents", false,
                                   &call);
        if (status != STATUS_OK)
            return status;
        status = memory_call_item(&call, 0);
        exchange_lock(call.remote->exchange);
        if (status == STATUS_OK)
            status = ask(&call, watch, &telling, &more);
        exchange_unlock(call.remote->exchange);
        memory_call_end(&call);
        tell_all(watch, &telling);
    }
    return status;
}

/* --- Streams ------------------------------------------------------------- */

static void tell(const struct memory_watch *watch, enum remote_news_kind kind,
                 enum status status)
{
    struct remote_news news = { .kind = kind, .status = status };

    watch->watch.tell(watch->watch.context, &news);
}

static struct exchange *exchange_of(const struct memory_watch *watch)
{
    return ((struct memory_remote *)watch->watch.remote)->exchange;
}

static enum status open_stream(struct arena *arena, struct memory_watch *watch,
                               struct sim_stream **stream_out)
{
    struct exchange *exchange = exchange_of(watch);
    struct memory_call call;
    struct op op;

    op_init(&op, arena, "stream");
    enum status status = memory_call_begin(&op, watch->watch.remote,
                                           "GetStreamingEvents", false, &call);
    if (status != STATUS_OK)
        return status;
    status = memory_call_item(&call, 0);
    exchange_lock(exchange);
    struct sim_subscription *subscription =
        sim_subscription_find(exchange, watch->id);
    if (status == STATUS_OK && subscription == NULL)
        status = STATUS_STALE;
    if (status == STATUS_OK) {
        *stream_out =
            sim_stream_open(call.remote->mailbox, &subscription, 1, MINUTES);
        if (*stream_out == NULL)
            status = STATUS_LIMIT;
    }
    exchange_unlock(exchange);
    memory_call_end(&call);
    return status;
}

/* False when the stream has come to its end. */
static bool read_stream(struct arena *arena, struct memory_watch *watch,
                        struct sim_stream *stream, int *wait_out)
{
    struct exchange *exchange = exchange_of(watch);
    struct telling telling = { .count = 0 };

    exchange_lock(exchange);
    struct sim_stream_news news = sim_stream_next(arena, stream);
    if (news.state == STREAM_EVENTS)
        telling = read_events(arena, &news.lists[0]);
    exchange_unlock(exchange);
    *wait_out = news.state == STREAM_QUIET ? news.wait : 0;
    tell_all(watch, &telling);
    switch (news.state) {
    case STREAM_BEAT:
        tell(watch, REMOTE_NEWS_ALIVE, STATUS_OK);
        return true;
    case STREAM_LOST:
        tell(watch, REMOTE_NEWS_END, STATUS_STALE);
        return false;
    case STREAM_ENDS:
    case STREAM_CUT:
    case STREAM_CUT_INSIDE:
        tell(watch, REMOTE_NEWS_END, STATUS_UNAVAILABLE);
        return false;
    default:
        return true;
    }
}

static void *stream(void *context)
{
    struct memory_watch *watch = context;
    struct arena *arena = arena_new();
    struct sim_stream *open = NULL;
    enum status status = open_stream(arena, watch, &open);
    int wait = 0;

    tell(watch, status == STATUS_OK ? REMOTE_NEWS_OPEN : REMOTE_NEWS_END,
         status);
    while (status == STATUS_OK && read_stream(arena, watch, open, &wait)) {
        struct pollfd waits[] = { { sim_stream_fd(open), POLLIN, 0 },
                                  { watch->hushed, POLLIN, 0 } };

        poll(waits, 2, wait);
        if (waits[1].revents != 0)
            break;
        arena_reset(arena);
    }
    if (open != NULL) {
        exchange_lock(exchange_of(watch));
        sim_stream_close(&open);
        exchange_unlock(exchange_of(watch));
    }
    arena_free(&arena);
    return NULL;
}

void memory_watch_hush(struct remote_watch *remote_watch)
{
    struct memory_watch *watch = (struct memory_watch *)remote_watch;

    if (!watch->listening)
        return;
    eventfd_write(watch->hushed, 1);
    pthread_join(watch->thread, NULL);
    close(watch->hushed);
    watch->listening = false;
}

void memory_watch_listen(struct remote_watch *remote_watch,
                         struct streams *streams)
{
    struct memory_watch *watch = (struct memory_watch *)remote_watch;

    (void)streams;
    memory_watch_hush(remote_watch);
    watch->hushed = eventfd(0, EFD_CLOEXEC);
    watch->listening = pthread_create(&watch->thread, NULL, stream, watch) == 0;
}
