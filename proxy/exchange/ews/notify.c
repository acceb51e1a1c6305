/*
 * notify.c - subscribing to news, asking for them, and ending it
 *
 * Exchange 2010 SP1 and later stream events; before that they are pulled.  A
 * subscription is to all folders of the mailbox but on Exchange 2007, which
 * wants them named.  It lives in one server's memory, for half an hour after
 * anyone has asked, so that all calls about it carry a cookie that leads there.
 */
#include "proxy/exchange/ews/notify.h"

#include <stdlib.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/memory.h"
#include "proxy/base/str.h"

/* How long a subscription that is pulled lives without being asked. */
#define PULL_MINUTES "30"

/* How many batches of 50 events are taken before the folders are looked at. */
#define BATCHES_MAX 20

static const char *const event_types[] = {
    "NewMailEvent",  "CreatedEvent", "DeletedEvent",
    "ModifiedEvent", "MovedEvent",   "CopiedEvent",
};

struct ews_watch *watch_of(struct remote_watch *watch)
{
    return (struct ews_watch *)watch;
}

enum remote_push ews_watch_means(struct remote *remote, bool *all_out)
{
    const struct ews *ews = ews_of(remote);
    enum ews_version version = ews_version(ews);

    *all_out = version >= EWS_2010 && ews->mailbox == NULL;
    return version >= EWS_2010_SP1 ? REMOTE_PUSH_STREAM : REMOTE_PUSH_PULL;
}

/* --- Subscribing ---------------------------------------------------------- */

struct subscribing {
    enum remote_push push;
    const char *root; /* of a tree whose folders have to be named; NULL: all
                         folders of one's own */
    const char *const *folders;
    size_t count;
};

static void write_folders(struct soap_request *request,
                          const struct subscribing *subscribing)
{
    struct xml_writer *writer = &request->writer;

    if (subscribing->root == NULL) {
        xml_attribute(writer, "SubscribeToAllFolders", "true");
        return;
    }
    xml_open(writer, "t:FolderIds");
    soap_folder(writer, subscribing->root);
    for (size_t i = 0; i < subscribing->count; i++)
        soap_folder(writer, subscribing->folders[i]);
    xml_close(writer);
}

static void build_subscribe(void *context, struct soap_request *request)
{
    const struct subscribing *subscribing = context;
    struct xml_writer *writer = &request->writer;
    bool stream = subscribing->push == REMOTE_PUSH_STREAM;

    xml_open(writer, stream ? "m:StreamingSubscriptionRequest"
                            : "m:PullSubscriptionRequest");
    write_folders(request, subscribing);
    xml_open(writer, "t:EventTypes");
    for (size_t i = 0; i < sizeof event_types / sizeof *event_types; i++)
        xml_element(writer, "t:EventType", event_types[i]);
    xml_close(writer);
    if (!stream)
        xml_element(writer, "t:Timeout", PULL_MINUTES);
    xml_close(writer);
}

enum status ews_watch_begin(struct op *op, struct remote *remote,
                            enum remote_push push, const char *const folders[],
                            size_t count, remote_tell *tell, void *context,
                            struct remote_watch **watch_out)
{
    struct ews *ews = ews_of(remote);
    bool all = ews_version(ews) >= EWS_2010 && ews->mailbox == NULL;
    struct subscribing subscribing = {
        push, all ? NULL : ews_place(op, ews, "#msgfolderroot"), folders, count
    };
    struct soap_call call = { .operation = "Subscribe",
                              .affinity = true,
                              .build = build_subscribe,
                              .context = &subscribing };
    const struct xml_node *message;
    enum status status =
        soap_ask(op, ews_of(remote), &call, op->arena, &message);

    *watch_out = NULL;
    if (status != STATUS_OK)
        return status;
    const char *id = xml_child_text(message, "SubscriptionId");
    const char *watermark = xml_child_text(message, "Watermark");
    if (id == NULL || (push == REMOTE_PUSH_PULL && watermark == NULL))
        return op_fail(op, STATUS_INTERNAL, "Subscribe: no subscription");
    struct ews_watch *watch = memory_new(sizeof *watch);
    watch->watch = (struct remote_watch){ remote, push, tell, context };
    watch->subscription = memory_strdup(id);
    watch->watermark = memory_strdup(watermark);
    *watch_out = &watch->watch;
    return STATUS_OK;
}

/* --- Asking --------------------------------------------------------------- */

static void build_events(void *context, struct soap_request *request)
{
    const struct ews_watch *watch = context;

    xml_element(&request->writer, "m:SubscriptionId", watch->subscription);
    xml_element(&request->writer, "m:Watermark", watch->watermark);
}

static void forget(struct ews_watch *watch)
{
    free(watch->subscription);
    watch->subscription = NULL;
}

/* Asks once; `*more_out` tells whether there is more. */
static enum status ask(struct op *op, struct ews_watch *watch, bool *more_out)
{
    struct soap_call call = { .operation = "GetEvents",
                              .affinity = true,
                              .build = build_events,
                              .context = watch };
    const struct xml_node *message;
    enum status status =
        soap_ask(op, ews_of(watch->watch.remote), &call, op->arena, &message);

    *more_out = false;
    if (status == STATUS_STALE)
        forget(watch);
    if (status != STATUS_OK)
        return status;
    const struct xml_node *notification = xml_child(message, "Notification");
    const char *last = notify_read(&watch->watch, notification);
    if (last == NULL || strcmp(last, watch->watermark) == 0)
        return STATUS_OK;
    free(watch->watermark);
    watch->watermark = memory_strdup(last);
    *more_out = str_equal(xml_child_text(notification, "MoreEvents"), "true");
    return STATUS_OK;
}

enum status ews_watch_ask(struct op *op, struct remote_watch *remote_watch)
{
    struct ews_watch *watch = watch_of(remote_watch);
    enum status status = STATUS_OK;
    bool more = true;

    if (watch->subscription == NULL)
        return op_fail(op, STATUS_STALE, "the subscription is lost");
    for (int i = 0; i < BATCHES_MAX && more && status == STATUS_OK; i++)
        status = ask(op, watch, &more);
    /* So much has happened that looking is faster than being told. */
    return status == STATUS_OK && more
               ? op_fail(op, STATUS_STALE, "GetEvents: events without end")
               : status;
}

/* --- Ending --------------------------------------------------------------- */

static void build_unsubscribe(void *context, struct soap_request *request)
{
    const struct ews_watch *watch = context;

    xml_element(&request->writer, "m:SubscriptionId", watch->subscription);
}

void ews_watch_end(struct op *op, struct remote_watch **remote_watch)
{
    if (*remote_watch == NULL)
        return;
    struct ews_watch *watch = watch_of(*remote_watch);
    struct soap_call call = { .operation = "Unsubscribe",
                              .affinity = true,
                              .build = build_unsubscribe,
                              .context = watch };

    /* Without an answer it ends by itself, half an hour later. */
    if (watch->subscription != NULL)
        soap_ask(op, ews_of(watch->watch.remote), &call, op->arena, NULL);
    notify_drop(watch);
    free(watch->subscription);
    free(watch->watermark);
    free(watch);
    *remote_watch = NULL;
}
