/*
 * do_notify.c - Subscribe, Unsubscribe, GetEvents, and how GetStreamingEvents
 * begins
 */
#include "tests/exchange/call.h"

#include <stdlib.h>
#include <string.h>

#include "proxy/base/base64.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "tests/exchange/notify.h"
#include "tests/exchange/stores.h"

#define EVENTS_AT_ONCE 50
#define STREAM_MAX 200

/* clang-format off */
static const char *const kind_names[EVENT_KIND_COUNT] = {
    [EVENT_NEW_MAIL]  = "NewMailEvent",
    [EVENT_CREATED]   = "CreatedEvent",
    [EVENT_DELETED]   = "DeletedEvent",
    [EVENT_MODIFIED]  = "ModifiedEvent",
    [EVENT_MOVED]     = "MovedEvent",
    [EVENT_COPIED]    = "CopiedEvent",
    [EVENT_FREE_BUSY] = "FreeBusyChangedEvent",
};
/* clang-format on */

/* --- Writing events ------------------------------------------------------ */

/* Change keys in events are cut: nobody can write with them. */
static void put_event_folder(struct call *call, const char *name,
                          struct sim_folder *folder)
{
    buf_printf(&call->out, "<t:%sFolderId Id=\"%s\" ChangeKey=\"AQAAAA==\"/>",
               name, sim_folder_id(folder));
}

/* What an event is about: a folder, or without one an item. */
static void put_event_id(struct call *call, const char *name, const char *item,
                         struct sim_folder *folder)
{
    if (folder != NULL)
        put_event_folder(call, name, folder);
    else
        buf_printf(&call->out, "<t:%sItemId Id=\"%s\" ChangeKey=\"CQAAAA==\"/>",
                   name, item);
}

static void put_old(struct call *call, const struct sim_event *event)
{
    struct sim_folder *old =
        event->old_folder != NULL ? event->old_folder : event->folder;

    put_event_id(call, "Old", event->old_id, old);
    put_event_folder(call, "OldParent", event->old_parent);
}

void put_event(struct call *call, const struct sim_event *event,
               const char *watermark)
{
    const char *name = kind_names[event->kind];

    buf_printf(&call->out, "<t:%s>", name);
    if (watermark != NULL)
        put_element(&call->out, "t:Watermark", watermark);
    put_time(call, "t:TimeStamp", event->time);
    put_event_id(call, "", event->id, event->folder);
    put_event_folder(call, "Parent", event->parent);
    if (event->old_parent != NULL)
        put_old(call, event);
    if (event->has_unread)
        buf_printf(&call->out, "<t:UnreadCount>%zu</t:UnreadCount>",
                   event->unread);
    buf_printf(&call->out, "</t:%s>", name);
}

/* --- Subscribe ----------------------------------------------------------- */

/* clang-format off */
static const struct {
    const char *element;
    enum sim_subscription_kind kind;
    const char *minutes;
} requests[] = {
    { "PullSubscriptionRequest",      SUBSCRIPTION_PULL,      "Timeout" },
    { "PushSubscriptionRequest",      SUBSCRIPTION_PUSH,      "StatusFrequency" },
    { "StreamingSubscriptionRequest", SUBSCRIPTION_STREAMING, NULL },
};
/* clang-format on */

static unsigned read_kinds(const struct node *types)
{
    unsigned kinds = 0;

    for (struct node *at = types->children; at != NULL; at = at->next)
        for (size_t i = 0; i < EVENT_KIND_COUNT; i++)
            if (str_equal(at->text, kind_names[i]))
                kinds |= 1u << i;
    return kinds;
}

/* A subscription is of one mailbox: either of folders of it, or of all below
 * its top. */
static const char *read_folders(struct call *call, const struct node *request,
                                struct sim_subscription_wish *wish)
{
    const struct node *ids = node_child(request, "FolderIds");
    bool all = node_true(node_attribute(request, "SubscribeToAllFolders"));
    struct sim_folder **folders =
        arena_array(call->arena, node_count(ids) + 1, sizeof *folders);
    const char *code;

    if (all == (ids != NULL))
        return "ErrorInvalidSubscriptionRequest";
    for (struct node *id = all ? NULL : ids->children; id != NULL;
         id = id->next) {
        struct sim_folder *folder = call_folder(call, id, WANT_READ, &code);

        if (folder == NULL)
            return code;
        if (sim_is_public(folder->mailbox) ||
            (wish->folder_count > 0 && folder->mailbox != wish->mailbox))
            return "ErrorInvalidSubscriptionRequest";
        wish->mailbox = folder->mailbox;
        folders[wish->folder_count++] = folder;
    }
    wish->folders = folders;
    /* Exchange 2007 tells nobody but a mailbox's owner. */
    if (!sim_owns(call->user, wish->mailbox) &&
        call->exchange->version < EXCHANGE_2010_SP1)
        return "ErrorSubscriptionDelegateAccessNotSupported";
    return NULL;
}

static const char *read_wish(struct call *call, const struct node *request,
                             struct sim_subscription_wish *wish)
{
    const char *url = node_text(request, "URL");
    size_t i = 0;

    while (!str_equal(requests[i].element, request->name))
        i++;
    wish->kind = requests[i].kind;
    if (requests[i].minutes != NULL)
        wish->minutes =
            (unsigned)atoi(node_text(request, requests[i].minutes));
    wish->kinds = read_kinds(node_child(request, "EventTypes"));
    if (url != NULL && !str_starts_nocase(url, "http://") &&
        !str_starts_nocase(url, "https://"))
        return "ErrorInvalidPushSubscriptionUrl";
    return read_folders(call, request, wish);
}

/* Goes on from where an earlier subscription was. */
static const char *resume(struct call *call, const struct node *request,
                          struct sim_mailbox *mailbox, uint64_t *number_out)
{
    const char *watermark = node_text(request, "Watermark");

    *number_out = mailbox->log.newest;
    if (watermark == NULL || sim_watermark_read(call->arena, mailbox, watermark,
                                                number_out))
        return NULL;
    return "ErrorInvalidWatermark";
}

void do_subscribe(struct call *call)
{
    const struct node *request = call->request->children;
    struct sim_subscription_wish wish = { .owner = call->user,
                                          .mailbox = call->user,
                                          .server = call->server };
    struct sim_subscription *subscription = NULL;
    const char *code = message_fault(call);
    uint64_t number;

    if (code == NULL)
        code = read_wish(call, request, &wish);
    if (code == NULL)
        code = resume(call, request, wish.mailbox, &number);
    if (code == NULL && (subscription = sim_subscribe(&wish)) == NULL)
        code = "ErrorExceededSubscriptionCount";
    if (code != NULL) {
        message_simple(call, code, NULL);
        return;
    }
    subscription->told = number;
    message_begin(call, NULL);
    put_element(&call->out, "m:SubscriptionId", subscription->id);
    if (wish.kind != SUBSCRIPTION_STREAMING)
        put_element(&call->out, "m:Watermark",
                    sim_watermark(call->arena, wish.mailbox, number));
    message_end(call);
}

/* --- What requests name -------------------------------------------------- */

static struct sim_subscription *find(struct call *call, const char *id,
                                     const char **code_out)
{
    struct sim_subscription *found =
        sim_subscription_find(call->exchange, id);

    *code_out = NULL;
    if (found == NULL || (found->server != NULL && call->server != NULL &&
                          found->server != call->server))
        *code_out = "ErrorSubscriptionNotFound";
    else if (found->owner != call->user)
        *code_out = "ErrorSubscriptionAccessDenied";
    return *code_out == NULL ? found : NULL;
}

void do_unsubscribe(struct call *call)
{
    const char *code = message_fault(call);
    struct sim_subscription *subscription = NULL;

    if (code == NULL)
        subscription =
            find(call, node_text(call->request, "SubscriptionId"), &code);
    if (subscription != NULL)
        sim_unsubscribe(subscription, "ErrorSubscriptionUnsubscribed");
    message_simple(call, code, NULL);
}

/* --- GetEvents ----------------------------------------------------------- */

static void put_events(struct call *call,
                       const struct sim_subscription *subscription,
                       uint64_t from, const struct sim_event_list *list)
{
    struct sim_mailbox *mailbox = subscription->mailbox;
    uint64_t newest = sim_events_newest(subscription);

    message_begin(call, NULL);
    buf_puts(&call->out, "<m:Notification>");
    put_element(&call->out, "t:SubscriptionId", subscription->id);
    put_element(&call->out, "t:PreviousWatermark",
                sim_watermark(call->arena, mailbox, from));
    put_element(&call->out, "t:MoreEvents", list->more ? "true" : "false");
    for (size_t i = 0; i < list->count; i++)
        put_event(call, list->events[i],
                  sim_watermark(call->arena, mailbox, list->events[i]->number));
    if (list->count == 0) {
        buf_puts(&call->out, "<t:StatusEvent>");
        put_element(&call->out, "t:Watermark",
                    sim_watermark(call->arena, mailbox,
                                  newest > from ? newest : from));
        buf_puts(&call->out, "</t:StatusEvent>");
    }
    buf_puts(&call->out, "</m:Notification>");
    message_end(call);
}

static const char *missed_code(const struct call *call)
{
    return call->version >= SCHEMA_2010_SP1 ? "ErrorMissedNotificationEvents"
                                            : "ErrorReadEventsFailed";
}

void do_get_events(struct call *call)
{
    const char *code = message_fault(call);
    struct sim_subscription *subscription = NULL;
    struct sim_event_list list = { .count = 0 };
    uint64_t from = 0;

    if (code == NULL)
        subscription =
            find(call, node_text(call->request, "SubscriptionId"), &code);
    if (code == NULL && subscription->kind != SUBSCRIPTION_PULL)
        code = "ErrorInvalidPullSubscriptionId";
    if (code == NULL &&
        !sim_watermark_read(call->arena, subscription->mailbox,
                            node_text(call->request, "Watermark"), &from))
        code = "ErrorInvalidWatermark";
    if (code == NULL) {
        list = sim_events_after(call->arena, subscription, from,
                                EVENTS_AT_ONCE);
        subscription->used = time_monotonic_ms();
    }
    if (code == NULL && subscription->missed) {
        sim_unsubscribe(subscription, NULL);
        code = missed_code(call);
    }
    if (code != NULL)
        message_simple(call, code, NULL);
    else
        put_events(call, subscription, from, &list);
}

/* --- GetStreamingEvents -------------------------------------------------- */

/* One that is bad spoils it all; the bad ones are told. */
static const char *read_subscriptions(struct call *call,
                                      struct sim_subscription *out[],
                                      struct buf *bad)
{
    const struct node *ids = node_child(call->request, "SubscriptionIds");
    const char *first = NULL;
    size_t n = 0;

    for (struct node *at = ids->children; at != NULL; at = at->next) {
        const char *code;

        out[n] = find(call, at->text, &code);
        if (code == NULL && out[n]->kind != SUBSCRIPTION_STREAMING)
            code = "ErrorInvalidSubscription";
        n++;
        if (code == NULL)
            continue;
        put_element(bad, "m:SubscriptionId", at->text);
        first = first == NULL ? code : first;
    }
    return first;
}

static void put_refusal(struct call *call, const char *code,
                        const struct buf *bad)
{
    message_begin(call, code);
    if (bad->len > 0)
        buf_printf(&call->out,
                   "<m:ErrorSubscriptionIds>%.*s</m:ErrorSubscriptionIds>",
                   (int)bad->len, bad->data);
    buf_puts(&call->out, "<m:ConnectionStatus>Closed</m:ConnectionStatus>");
    message_end(call);
}

void do_get_streaming_events(struct call *call)
{
    size_t count = node_count(node_child(call->request, "SubscriptionIds"));
    struct sim_subscription **subscriptions =
        arena_array(call->arena, count + 1, sizeof *subscriptions);
    unsigned timeout =
        (unsigned)atoi(node_text(call->request, "ConnectionTimeout"));
    const char *code = message_fault(call);
    struct buf bad;

    buf_init(&bad, call->arena);
    if (code == NULL)
        code = read_subscriptions(call, subscriptions, &bad);
    if (code == NULL && count > STREAM_MAX)
        code = "ErrorExceededSubscriptionCount";
    if (code == NULL &&
        (call->stream = sim_stream_open(call->user, subscriptions, count,
                                        timeout)) == NULL)
        code = "ErrorExceededConnectionCount";
    if (code != NULL) {
        put_refusal(call, code, &bad);
        return;
    }
    message_begin(call, NULL);
    buf_puts(&call->out, "<m:ConnectionStatus>OK</m:ConnectionStatus>");
    message_end(call);
}
