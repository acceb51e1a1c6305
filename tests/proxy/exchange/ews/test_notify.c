/*
 * test_notify.c - what a stream of envelopes tells, whatever pieces it comes in
 */
#include "proxy/exchange/ews/notify.h"

#include <criterion/criterion.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/memory.h"
#include "tests/proxy/exchange/ews/mailbox.h"

/* --- Pieces of a stream --------------------------------------------------- */

#define DECLARATION "<?xml version=\"1.0\" encoding=\"utf-8\"?>"
#define ENVELOPE(CLASS, INSIDE)                                                \
    "<soap11:Envelope xmlns:soap11='http://schemas.xmlsoap.org/soap/"          \
    "envelope/'><soap11:Header><ServerVersionInfo MajorVersion='15'/>"         \
    "</soap11:Header><soap11:Body><m:GetStreamingEventsResponse xmlns:m='m' "  \
    "xmlns:t='t'><m:ResponseMessages><m:GetStreamingEventsResponseMessage "    \
    "ResponseClass='" CLASS "'>" INSIDE                                        \
    "</m:GetStreamingEventsResponseMessage></m:ResponseMessages>"              \
    "</m:GetStreamingEventsResponse></soap11:Body></soap11:Envelope>"
#define GOOD(INSIDE)                                                           \
    DECLARATION ENVELOPE("Success", "<m:ResponseCode>NoError</m:ResponseCode>" \
                                    INSIDE)
#define BAD(CODE, INSIDE)                                                      \
    ENVELOPE("Error", "<m:ResponseCode>" CODE "</m:ResponseCode>" INSIDE)
#define STATUS(TEXT) "<m:ConnectionStatus>" TEXT "</m:ConnectionStatus>"
#define EVENTS(EVENTS_)                                                        \
    "<m:Notifications><m:Notification><t:SubscriptionId>S</t:SubscriptionId>"  \
    EVENTS_ "</m:Notification></m:Notifications>"
#define IN(FOLDER) "<t:ParentFolderId Id='" FOLDER "' ChangeKey='x'/>"
#define OUT_OF(FOLDER) "<t:OldParentFolderId Id='" FOLDER "' ChangeKey='x'/>"
#define ITEM "<t:ItemId Id='I' ChangeKey='x'/>"
#define FOLDER(ID) "<t:FolderId Id='" ID "' ChangeKey='x'/>"

/* clang-format off */
static const struct {
    const char *name;
    const char *stream;
    const char *told; /* see tell */
    bool goes_on;
    enum status trouble;
} cases[] = {
    { "the beginning", GOOD(STATUS("OK")), "open ", true, STATUS_OK },
    { "a heart-beat as a status", GOOD(STATUS("OK")) GOOD(STATUS("OK")), "open ", true, STATUS_OK },
    { "a heart-beat as an event",
      GOOD(STATUS("OK")) GOOD(EVENTS("<t:StatusEvent><t:Watermark/></t:StatusEvent>")),
      "open ", true, STATUS_OK },
    { "a delivery",
      GOOD(EVENTS("<t:NewMailEvent>" ITEM IN("F") "</t:NewMailEvent>")), "open in:F ", true, STATUS_OK },
    { "a move",
      GOOD(EVENTS("<t:MovedEvent>" ITEM IN("F") OUT_OF("G") "</t:MovedEvent>")),
      "open in:F in:G ", true, STATUS_OK },
    { "a folder's counts",
      GOOD(EVENTS("<t:ModifiedEvent>" FOLDER("F") IN("R") "<t:UnreadCount>1</t:UnreadCount>"
                  "</t:ModifiedEvent>")), "open of:F ", true, STATUS_OK },
    { "a new folder",
      GOOD(EVENTS("<t:CreatedEvent>" FOLDER("F") IN("R") "</t:CreatedEvent>")),
      "open tree ", true, STATUS_OK },
    { "an event nobody knows",
      GOOD(EVENTS("<t:OtherEvent>" ITEM IN("F") "</t:OtherEvent>")), "open in:F ", true, STATUS_OK },
    { "several in one",
      GOOD(EVENTS("<t:CreatedEvent>" ITEM IN("F") "</t:CreatedEvent>"
                  "<t:DeletedEvent>" ITEM IN("G") "</t:DeletedEvent>")), "open in:F in:G ", true, STATUS_OK },
    { "white space and a mark between", GOOD(STATUS("OK")) "\r\n \xef\xbb\xbf" GOOD(STATUS("OK")),
      "open ", true, STATUS_OK },
    { "the end of its time", GOOD(STATUS("OK")) GOOD(STATUS("Closed")), "open ", false, STATUS_OK },
    { "a lost subscription", BAD("ErrorSubscriptionNotFound", ""), "", false, STATUS_STALE },
    { "missed events",
      GOOD(STATUS("OK")) BAD("ErrorMissedNotificationEvents", ""), "open ", false, STATUS_STALE },
    { "a bad subscription under any code",
      BAD("ErrorInternalServerError",
          "<m:ErrorSubscriptionIds><t:SubscriptionId>S</t:SubscriptionId></m:ErrorSubscriptionIds>"),
      "", false, STATUS_STALE },
    { "too many streams", BAD("ErrorExceededConnectionCount", STATUS("Closed")), "", false, STATUS_LIMIT },
    { "a fault",
      "<s:Envelope xmlns:s='s'><s:Body><s:Fault><faultcode>a:ErrorServerBusy</faultcode>"
      "<faultstring>busy</faultstring></s:Fault></s:Body></s:Envelope>", "", false, STATUS_BUSY },
    { "no XML", "<html", "", true, STATUS_OK },
    { "a page", "<html><p>Hello</p></html>", "", false, STATUS_UNAVAILABLE },
    { "broken in the midst", GOOD(STATUS("OK")) "<a></b>", "open ", false, STATUS_UNAVAILABLE },
};
/* clang-format on */

/* --- What is told --------------------------------------------------------- */

static void tell(void *context, const struct remote_news *news)
{
    static const char *const words[] = {
        [REMOTE_NEWS_OPEN] = "open",    [REMOTE_NEWS_ALIVE] = "alive",
        [REMOTE_NEWS_MESSAGES] = "in:", [REMOTE_NEWS_FOLDER] = "of:",
        [REMOTE_NEWS_TREE] = "tree",    [REMOTE_NEWS_END] = "end",
    };
    char *told = context;

    strcat(told, words[news->kind]);
    if (news->folder != NULL)
        strcat(told, news->folder);
    strcat(told, " ");
}

Test(ews_notify, tells_the_same_whatever_pieces_it_comes_in)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (size_t piece = 1; piece < 2000; piece = piece * 3 + 1) {
            char told[200] = "";
            struct ews_watch watch = {
                .watch = { .tell = tell, .context = told },
                .subscription = memory_strdup("S"),
            };
            size_t len = strlen(cases[i].stream);
            bool goes_on = true;

            for (size_t at = 0; at < len && goes_on; at += piece)
                goes_on = notify_feed(&watch, cases[i].stream + at,
                                      len - at < piece ? len - at : piece);
            cr_expect_str_eq(told, cases[i].told, "%s, pieces of %zu",
                             cases[i].name, piece);
            cr_expect_eq(goes_on, cases[i].goes_on, "%s, pieces of %zu",
                         cases[i].name, piece);
            cr_expect_eq(watch.trouble.status, cases[i].trouble, "%s: %s",
                         cases[i].name, status_name(watch.trouble.status));
            cr_expect_eq(watch.subscription == NULL,
                         cases[i].trouble == STATUS_STALE, "%s",
                         cases[i].name);
            notify_drop(&watch);
            free(watch.subscription);
        }
}

Test(ews_notify, holds_nothing_between_two_envelopes)
{
    char told[200] = "";
    struct ews_watch watch = { .watch = { .tell = tell, .context = told } };
    const char *stream = GOOD(STATUS("OK")) GOOD(STATUS("OK")) "\n";

    cr_expect(notify_feed(&watch, stream, strlen(stream)));
    cr_expect_null(watch.answer);
    cr_expect_null(watch.arena);
}

/* --- Calls ---------------------------------------------------------------- */

struct asked {
    struct responder responder;
    char subscribe[2000];
    char head[2000];
    unsigned unsubscribed;
};

static bool answer(struct responder *responder,
                   const struct server_request *request, const char *operation,
                   struct server_reply *reply)
{
    struct asked *asked = responder->context;
    const char *messages = NULL;

    if (strcmp(operation, "Subscribe") == 0) {
        snprintf(asked->subscribe, sizeof asked->subscribe, "%s",
                 request->body);
        reply->headers = "Set-Cookie: X-BackEndOverrideCookie=here; path=/\r\n";
        messages = "<m:SubscribeResponseMessage ResponseClass=\"Success\">"
                   "<m:ResponseCode>NoError</m:ResponseCode><m:SubscriptionId>"
                   "S</m:SubscriptionId><m:Watermark>W1</m:Watermark>"
                   "</m:SubscribeResponseMessage>";
    } else if (strcmp(operation, "GetEvents") == 0) {
        snprintf(asked->head, sizeof asked->head, "%s", request->head);
        messages =
            strstr(request->body, ">W1<") != NULL
                ? "<m:GetEventsResponseMessage ResponseClass=\"Success\">"
                  "<m:ResponseCode>NoError</m:ResponseCode><m:Notification>"
                  "<t:SubscriptionId>S</t:SubscriptionId><t:MoreEvents>true"
                  "</t:MoreEvents><t:NewMailEvent><t:Watermark>W2</t:Watermark>"
                  ITEM IN("F") "</t:NewMailEvent></m:Notification>"
                  "</m:GetEventsResponseMessage>"
                : "<m:GetEventsResponseMessage ResponseClass=\"Success\">"
                  "<m:ResponseCode>NoError</m:ResponseCode><m:Notification>"
                  "<t:SubscriptionId>S</t:SubscriptionId><t:MoreEvents>false"
                  "</t:MoreEvents><t:DeletedEvent><t:Watermark>W3</t:Watermark>"
                  ITEM IN("G") "</t:DeletedEvent></m:Notification>"
                  "</m:GetEventsResponseMessage>";
    } else if (strcmp(operation, "Unsubscribe") == 0) {
        asked->unsubscribed++;
        messages = "<m:UnsubscribeResponseMessage ResponseClass=\"Success\">"
                   "<m:ResponseCode>NoError</m:ResponseCode>"
                   "</m:UnsubscribeResponseMessage>";
    }
    if (messages == NULL)
        return false;
    reply->body = server_soap(operation, responder->build, messages);
    reply->len = strlen(reply->body);
    return true;
}

/* clang-format off */
static const struct {
    const char *build;
    enum remote_push means;
    const char *named; /* what the request says of folders */
} servers[] = {
    { BUILD_2007,     REMOTE_PUSH_PULL,   "<t:FolderId Id=\"F1\"/>" },
    { BUILD_2010,     REMOTE_PUSH_PULL,   "SubscribeToAllFolders=\"true\"" },
    { BUILD_2010_SP1, REMOTE_PUSH_STREAM, "SubscribeToAllFolders=\"true\"" },
    { BUILD_2016,     REMOTE_PUSH_STREAM, "SubscribeToAllFolders=\"true\"" },
};
/* clang-format on */

Test(ews_notify, subscribes_and_pulls_until_there_is_no_more)
{
    const char *const folders[] = { "F1", "F2" };

    for (size_t i = 0; i < sizeof servers / sizeof *servers; i++) {
        struct asked asked = { .responder = { .build = servers[i].build,
                                              .special = answer } };
        asked.responder.context = &asked;
        struct server *server = server_new(responder_answer, &asked.responder);
        struct remote_watch *watch;
        struct mailbox mailbox;
        char told[200] = "";
        bool all;

        mailbox_init(&mailbox, server_url(server));
        cr_assert_eq(mailbox_open(&mailbox), STATUS_OK);
        const struct backend *backend = mailbox.remote->backend;
        cr_expect_eq(backend->watch_means(mailbox.remote, &all),
                     servers[i].means);
        cr_assert_eq(backend->watch_begin(&mailbox.op, mailbox.remote,
                                          REMOTE_PUSH_PULL, folders, 2, tell,
                                          told, &watch),
                     STATUS_OK);
        cr_expect_not_null(strstr(asked.subscribe, servers[i].named), "%s",
                           asked.subscribe);
        cr_expect_eq(backend->watch_ask(&mailbox.op, watch), STATUS_OK);
        cr_expect_str_eq(told, "in:F in:G ");
        cr_expect_not_null(strstr(asked.head, "X-PreferServerAffinity: true"));
        cr_expect_not_null(strstr(asked.head, "X-BackEndOverrideCookie=here"),
                           "%s", asked.head);
        backend->watch_end(&mailbox.op, &watch);
        cr_expect_eq(asked.unsubscribed, 1);
        mailbox_fini(&mailbox);
        server_free(&server);
    }
}
