/*
 * test_notify.c - the simulated Exchange tells of what happens as a real one
 * does: subscriptions, events to pull, and streams of them
 */
#include "tests/exchange/exchange.h"

#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "proxy/base/buf.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "tests/exchange/events.h"
#include "tests/simulation/asking.h"

#define USER "ann@example.com"
#define OTHER "bert@example.com"
#define MAIL \
    "From: Bob <bob@example.org>\r\nTo: ann@example.com\r\nSubject: Hello\r\n" \
    "Message-ID: <1@example.org>\r\n\r\nText.\r\n"

/* How long anything may take; nothing waits for so long unless it fails.  Less
 * than the 45 s after which a stream says that it is alive. */
#define PATIENCE_MS (40 * 1000)

static struct asking t;

static void start(enum exchange_version version)
{
    asking_restart(&t, version);
    exchange_add_user(t.exchange, USER, "Ann", "secret", "en");
    exchange_add_user(t.exchange, OTHER, "Bert", "secret", "en");
    exchange_add_folder(t.exchange, USER, "Projects");
}

static void set_up(void)
{
    asking_begin(&t, EXCHANGE_2016);
    start(EXCHANGE_2016);
}

static void tear_down(void)
{
    asking_end(&t);
}

TestSuite(notify, .init = set_up, .fini = tear_down, .timeout = 600);

static char *ask(const char *operation)
{
    return asking_ask(&t, USER, "Exchange2010_SP1", "", operation, NULL, NULL);
}

static const char *deliver(void)
{
    return exchange_add_message(t.exchange, USER, NULL, MAIL, strlen(MAIL),
                                1704103200, false);
}

/* --- Subscribing --------------------------------------------------------- */

#define ALL_TYPES \
    "<t:EventTypes><t:EventType>CopiedEvent</t:EventType>" \
    "<t:EventType>CreatedEvent</t:EventType><t:EventType>DeletedEvent</t:EventType>" \
    "<t:EventType>ModifiedEvent</t:EventType><t:EventType>MovedEvent</t:EventType>" \
    "<t:EventType>NewMailEvent</t:EventType></t:EventTypes>"
#define INBOX "<t:FolderIds><t:DistinguishedFolderId Id=\"inbox\"/></t:FolderIds>"
#define PULL(attributes, folders) \
    "<m:Subscribe><m:PullSubscriptionRequest " attributes ">" folders ALL_TYPES \
    "<t:Timeout>10</t:Timeout></m:PullSubscriptionRequest></m:Subscribe>"
#define STREAM(attributes, folders) \
    "<m:Subscribe><m:StreamingSubscriptionRequest " attributes ">" folders ALL_TYPES \
    "</m:StreamingSubscriptionRequest></m:Subscribe>"
#define EVERYWHERE "SubscribeToAllFolders=\"true\""

static char *subscribe(const char *operation)
{
    return asking_between(&t, ask(operation), "<m:SubscriptionId>", "<");
}

static char *get_events(const char *id, const char *watermark)
{
    return ask(arena_printf(
        t.arena,
        "<m:GetEvents><m:SubscriptionId>%s</m:SubscriptionId>"
        "<m:Watermark>%s</m:Watermark></m:GetEvents>",
        id, watermark));
}

static char *stream_request(const char *ids, unsigned minutes)
{
    return arena_printf(
        t.arena,
        "<m:GetStreamingEvents><m:SubscriptionIds>%s</m:SubscriptionIds>"
        "<m:ConnectionTimeout>%u</m:ConnectionTimeout></m:GetStreamingEvents>",
        ids, minutes);
}

static char *id_element(const char *id)
{
    return arena_printf(t.arena, "<t:SubscriptionId>%s</t:SubscriptionId>", id);
}

/* clang-format off */
static const struct {
    const char *name;
    enum exchange_version server;
    const char *version;
    const char *operation;
    const char *code;
} cases[] = {
    { "pulling", EXCHANGE_2007_SP1, "Exchange2007_SP1", PULL("", INBOX), "NoError" },
    { "streaming before 2010 SP1", EXCHANGE_2010_SP1, "Exchange2010", STREAM("", INBOX), "ErrorSchemaValidation" },
    { "streaming", EXCHANGE_2010_SP1, "Exchange2010_SP1", STREAM("", INBOX), "NoError" },
    { "all folders before 2010", EXCHANGE_2007_SP1, "Exchange2007_SP1", PULL(EVERYWHERE, ""), "ErrorSchemaValidation" },
    { "all folders", EXCHANGE_2010_SP1, "Exchange2010_SP1", STREAM(EVERYWHERE, ""), "NoError" },
    { "all folders and one more", EXCHANGE_2016, "Exchange2016", STREAM(EVERYWHERE, INBOX), "ErrorInvalidSubscriptionRequest" },
    { "no folders", EXCHANGE_2016, "Exchange2016", STREAM("", ""), "ErrorInvalidSubscriptionRequest" },
    { "a folder that is none", EXCHANGE_2016, "Exchange2016",
      STREAM("", "<t:FolderIds><t:FolderId Id=\"AAAA\"/></t:FolderIds>"), "ErrorInvalidIdMalformed" },
    { "a watermark for a stream", EXCHANGE_2016, "Exchange2016",
      "<m:Subscribe><m:StreamingSubscriptionRequest>" INBOX ALL_TYPES "<t:Watermark>AAAA</t:Watermark></m:StreamingSubscriptionRequest></m:Subscribe>", "ErrorSchemaValidation" },
    { "a watermark that is none", EXCHANGE_2016, "Exchange2016",
      "<m:Subscribe><m:PullSubscriptionRequest>" INBOX ALL_TYPES "<t:Watermark>AAAA</t:Watermark><t:Timeout>1</t:Timeout></m:PullSubscriptionRequest></m:Subscribe>", "ErrorInvalidWatermark" },
    { "a life of two days", EXCHANGE_2016, "Exchange2016",
      "<m:Subscribe><m:PullSubscriptionRequest>" INBOX ALL_TYPES "<t:Timeout>2880</t:Timeout></m:PullSubscriptionRequest></m:Subscribe>", "ErrorSchemaValidation" },
    { "pushing is taken", EXCHANGE_2016, "Exchange2016",
      "<m:Subscribe><m:PushSubscriptionRequest>" INBOX ALL_TYPES "<t:StatusFrequency>1</t:StatusFrequency><t:URL>http://client.example/</t:URL></m:PushSubscriptionRequest></m:Subscribe>", "NoError" },
    { "pushing to nowhere", EXCHANGE_2016, "Exchange2016",
      "<m:Subscribe><m:PushSubscriptionRequest>" INBOX ALL_TYPES "<t:StatusFrequency>1</t:StatusFrequency><t:URL>mailto:a@b</t:URL></m:PushSubscriptionRequest></m:Subscribe>", "ErrorInvalidPushSubscriptionUrl" },
    { "a stream of an hour", EXCHANGE_2016, "Exchange2016",
      "<m:GetStreamingEvents><m:SubscriptionIds><t:SubscriptionId>A</t:SubscriptionId></m:SubscriptionIds><m:ConnectionTimeout>60</m:ConnectionTimeout></m:GetStreamingEvents>", "ErrorSchemaValidation" },
    { "a stream of nothing known", EXCHANGE_2016, "Exchange2016",
      "<m:GetStreamingEvents><m:SubscriptionIds><t:SubscriptionId>A</t:SubscriptionId></m:SubscriptionIds><m:ConnectionTimeout>1</m:ConnectionTimeout></m:GetStreamingEvents>", "ErrorSubscriptionNotFound" },
    { "ending what is not there", EXCHANGE_2016, "Exchange2016",
      "<m:Unsubscribe><m:SubscriptionId>A</m:SubscriptionId></m:Unsubscribe>", "ErrorSubscriptionNotFound" },
    { "pulling what is not there", EXCHANGE_2016, "Exchange2016",
      "<m:GetEvents><m:SubscriptionId>A</m:SubscriptionId><m:Watermark>A</m:Watermark></m:GetEvents>", "ErrorSubscriptionNotFound" },
};
/* clang-format on */

Test(notify, takes_and_refuses_subscriptions_as_exchange_does)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *answer;

        start(cases[i].server);
        answer = asking_ask(&t, USER, cases[i].version, "", cases[i].operation,
                            NULL, NULL);
        cr_expect_str_eq(asking_code(&t, answer), cases[i].code, "%s: %s",
                         cases[i].name, answer);
    }
}

Test(notify, belongs_to_who_has_subscribed)
{
    char *id = subscribe(PULL("", INBOX));
    char *request = arena_printf(
        t.arena,
        "<m:Unsubscribe><m:SubscriptionId>%s</m:SubscriptionId></m:Unsubscribe>",
        id);

    cr_expect_str_eq(asking_code(&t, asking_ask(&t, OTHER, "Exchange2016", "",
                                                request, NULL, NULL)),
                     "ErrorSubscriptionAccessDenied");
    cr_expect_str_eq(asking_code(&t, ask(request)), "NoError");
    cr_expect_str_eq(asking_code(&t, ask(request)),
                     "ErrorSubscriptionNotFound");
}

Test(notify, lets_a_user_have_so_many)
{
    exchange_set_notify_limits(t.exchange, 1, 2);
    subscribe(PULL("", INBOX));
    subscribe(STREAM("", INBOX));
    cr_expect_str_eq(asking_code(&t, ask(PULL("", INBOX))),
                     "ErrorExceededSubscriptionCount");
    cr_expect_eq(exchange_subscriptions(t.exchange, USER), 2);
    cr_expect_eq(exchange_subscriptions(t.exchange, OTHER), 0);
}

Test(notify, ends_what_nobody_uses)
{
    char *answer;
    char *id;

    subscribe(PULL("", INBOX)); /* lives for ten minutes of 60 s */
    exchange_set_minute(t.exchange, 30);
    answer = ask(PULL("", INBOX)); /* and this one for 300 ms */
    id = asking_between(&t, answer, "<m:SubscriptionId>", "<");
    exchange_pause(350);
    cr_expect_str_eq(
        asking_code(&t, get_events(id, asking_between(&t, answer,
                                                      "<m:Watermark>", "<"))),
        "ErrorSubscriptionNotFound");
    cr_expect_eq(exchange_subscriptions(t.exchange, USER), 1);
}

/* --- Which events -------------------------------------------------------- */

/* Names of events without "Event", one after the other. */
static char *events_of(const char *answer)
{
    struct buf names;

    buf_init(&names, t.arena);
    for (const char *at = answer; (at = strstr(at, "Event>")) != NULL; at++) {
        const char *start = at;

        while (start[-1] != ':' && start[-1] != '/')
            start--;
        if (start[-1] == ':' && start[-2] == 't' && start[-3] == '<')
            buf_printf(&names, "%s%.*s", names.len == 0 ? "" : " ",
                       (int)(at - start), start);
    }
    buf_putc(&names, '\0');
    return names.data;
}

#define SHAPE "<m:ItemIds><t:ItemId Id=\"%s\"/></m:ItemIds>"
#define DELETE(how) "<m:DeleteItem DeleteType=\"" how "\">" SHAPE "</m:DeleteItem>"
#define TO(id) "<m:ToFolderId><t:DistinguishedFolderId Id=\"" id "\"/></m:ToFolderId>"

/* What is done to a message in the inbox, and who is told what. */
/* clang-format off */
static const struct {
    const char *name;
    enum exchange_version server;
    const char *subscription;
    const char *operation;
    const char *events;
} happenings[] = {
    { "arriving", EXCHANGE_2016, PULL("", INBOX), NULL, "Created NewMail Modified" },
    { "arriving, for all", EXCHANGE_2010_SP2, PULL(EVERYWHERE, ""), NULL, "Created NewMail Modified" },
    { "copying", EXCHANGE_2016, PULL("", INBOX), "<m:CopyItem>" TO("drafts") SHAPE "</m:CopyItem>", "Copied" },
    { "moving", EXCHANGE_2016, PULL("", INBOX), "<m:MoveItem>" TO("drafts") SHAPE "</m:MoveItem>", "Moved Modified" },
    { "moving, for all", EXCHANGE_2016, PULL(EVERYWHERE, ""), "<m:MoveItem>" TO("drafts") SHAPE "</m:MoveItem>", "Moved Modified Modified" },
    { "deleting hard", EXCHANGE_2016, PULL("", INBOX), DELETE("HardDelete"), "Deleted Modified" },
    { "deleting hard, for all", EXCHANGE_2010_SP2, PULL(EVERYWHERE, ""), DELETE("HardDelete"), "Deleted Modified" },
    { "deleting hard, for all, from 2013 on", EXCHANGE_2013_SP1, PULL(EVERYWHERE, ""), DELETE("HardDelete"), "Deleted Deleted Modified" },
    { "deleting softly, 2010", EXCHANGE_2010_SP2, PULL("", INBOX), DELETE("SoftDelete"), "Deleted Modified" },
    { "deleting softly, from 2013 on", EXCHANGE_2013_SP1, PULL("", INBOX), DELETE("SoftDelete"), "Moved Modified" },
    { "deleting softly, for all, from 2013 on", EXCHANGE_2013_SP1, PULL(EVERYWHERE, ""), DELETE("SoftDelete"), "Deleted Deleted Modified" },
    { "to the deleted ones", EXCHANGE_2016, PULL("", INBOX), DELETE("MoveToDeletedItems"), "Moved Modified" },
    { "to the deleted ones, for all, 2010", EXCHANGE_2010_SP2, PULL(EVERYWHERE, ""), DELETE("MoveToDeletedItems"), "Moved Modified Modified" },
    { "to the deleted ones, for all, from 2013 on", EXCHANGE_2013_SP1, PULL(EVERYWHERE, ""), DELETE("MoveToDeletedItems"), "Deleted Created Modified Modified" },
    { "marking as read", EXCHANGE_2016, PULL("", INBOX),
      "<m:UpdateItem ConflictResolution=\"AlwaysOverwrite\" MessageDisposition=\"SaveOnly\"><m:ItemChanges><t:ItemChange><t:ItemId Id=\"%s\"/><t:Updates><t:SetItemField><t:FieldURI FieldURI=\"message:IsRead\"/><t:Message><t:IsRead>true</t:IsRead></t:Message></t:SetItemField></t:Updates></t:ItemChange></m:ItemChanges></m:UpdateItem>",
      "Modified Modified" },
    { "a folder below", EXCHANGE_2016, PULL("", INBOX),
      "<m:CreateFolder><m:ParentFolderId><t:DistinguishedFolderId Id=\"inbox\"/></m:ParentFolderId><m:Folders><t:Folder><t:DisplayName>%.4s</t:DisplayName></t:Folder></m:Folders></m:CreateFolder>",
      "Created Modified" },
    { "elsewhere", EXCHANGE_2016, PULL("", INBOX),
      "<m:CreateFolder><m:ParentFolderId><t:DistinguishedFolderId Id=\"drafts\"/></m:ParentFolderId><m:Folders><t:Folder><t:DisplayName>%.4s</t:DisplayName></t:Folder></m:Folders></m:CreateFolder>",
      "Status" },
    { "nothing", EXCHANGE_2016, PULL("", INBOX), "<m:GetItem><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape>" SHAPE "</m:GetItem>", "Status" },
};
/* clang-format on */

Test(notify, tells_of_what_happens_as_each_version_does)
{
    for (size_t i = 0; i < sizeof happenings / sizeof *happenings; i++) {
        const char *item;
        char *answer;

        start(happenings[i].server);
        item = deliver();
        answer = ask(happenings[i].subscription);
        if (happenings[i].operation == NULL)
            deliver();
        else
            ask(arena_printf(t.arena, happenings[i].operation, item));
        answer =
            get_events(asking_between(&t, answer, "<m:SubscriptionId>", "<"),
                       asking_between(&t, answer, "<m:Watermark>", "<"));
        cr_expect_str_eq(events_of(answer), happenings[i].events, "%s: %s",
                         happenings[i].name, answer);
    }
}

Test(notify, names_the_old_place_of_what_moves)
{
    char *answer = ask(PULL("", INBOX));
    const char *item = arena_strdup(t.arena, deliver());
    char *inbox;

    ask(arena_printf(t.arena, "<m:MoveItem>" TO("drafts") SHAPE "</m:MoveItem>",
                     item));
    answer = get_events(asking_between(&t, answer, "<m:SubscriptionId>", "<"),
                        asking_between(&t, answer, "<m:Watermark>", "<"));
    inbox = asking_between(&t, answer, "<t:ParentFolderId Id=\"", "\"");
    cr_expect_not_null(
        strstr(answer, arena_printf(t.arena, "<t:OldItemId Id=\"%s\"", item)));
    cr_expect_not_null(strstr(
        answer, arena_printf(t.arena, "<t:OldParentFolderId Id=\"%s\"", inbox)));
    cr_expect_not_null(strstr(answer, "<t:UnreadCount>0</t:UnreadCount>"));
}

Test(notify, gives_fifty_events_at_once)
{
    char *answer = ask(PULL("", INBOX));
    char *id = asking_between(&t, answer, "<m:SubscriptionId>", "<");
    char *watermark = asking_between(&t, answer, "<m:Watermark>", "<");
    size_t seen = 0;

    for (size_t i = 0; i < 40; i++)
        deliver();
    for (int page = 0; page < 3; page++) {
        size_t count;

        answer = get_events(id, watermark);
        count = asking_times(answer, "<t:TimeStamp>");
        seen += count;
        cr_expect_eq(count, page < 2 ? 50u : 20u);
        cr_expect_eq(strstr(answer, "<t:MoreEvents>true") != NULL, page < 2);
        for (const char *at = answer;
             (at = strstr(at, "<t:Watermark>")) != NULL; at++)
            watermark = asking_between(&t, at, "<t:Watermark>", "<");
    }
    cr_expect_eq(seen, 120u);
    cr_expect_str_eq(events_of(get_events(id, watermark)), "Status");
}

Test(notify, says_when_events_were_missed)
{
    char *answer = ask(PULL("", INBOX));
    char *id = asking_between(&t, answer, "<m:SubscriptionId>", "<");
    char *watermark = asking_between(&t, answer, "<m:Watermark>", "<");

    exchange_lose_events(t.exchange, USER);
    cr_expect_str_eq(asking_code(&t, get_events(id, watermark)),
                     "ErrorMissedNotificationEvents");
    cr_expect_str_eq(asking_code(&t, get_events(id, watermark)),
                     "ErrorSubscriptionNotFound");
}

Test(notify, goes_on_from_a_watermark)
{
    char *answer = ask(PULL("", INBOX));
    char *watermark = asking_between(&t, answer, "<m:Watermark>", "<");

    deliver();
    answer = ask(arena_printf(
        t.arena,
        "<m:Subscribe><m:PullSubscriptionRequest>" INBOX ALL_TYPES
        "<t:Watermark>%s</t:Watermark><t:Timeout>10</t:Timeout>"
        "</m:PullSubscriptionRequest></m:Subscribe>",
        watermark));
    answer = get_events(asking_between(&t, answer, "<m:SubscriptionId>", "<"),
                        asking_between(&t, answer, "<m:Watermark>", "<"));
    cr_expect_str_eq(events_of(answer), "Created NewMail Modified");
}

/* --- Streams ------------------------------------------------------------- */

static struct soap_stream *open_stream(const char *ids, const char **code_out)
{
    struct soap_stream *stream;
    char *answer = asking_ask(&t, USER, "Exchange2013_SP1", "",
                              stream_request(ids, 1), NULL, &stream);

    *code_out = asking_code(&t, answer);
    cr_expect_not_null(strstr(answer, stream == NULL
                                          ? "<m:ConnectionStatus>Closed<"
                                          : "<m:ConnectionStatus>OK<"),
                       "%s", answer);
    return stream;
}

/* The next envelope; "" at a cut. */
static char *next_of(struct soap_stream *stream,
                     enum soap_stream_state *state_out)
{
    struct pollfd fd = { soap_stream_fd(stream), POLLIN, 0 };
    uint64_t end = time_monotonic_ms() + PATIENCE_MS;
    struct soap_reply reply;
    char *text;
    int wait;

    while ((*state_out = soap_stream_next(stream, &reply, &wait)) ==
           SOAP_STREAM_QUIET) {
        cr_assert(time_monotonic_ms() < end, "the stream stays quiet");
        poll(&fd, 1, wait < 100 ? wait : 100);
    }
    if (reply.body == NULL)
        return arena_strdup(t.arena, "");
    asking_check(&t, "a stream", reply.body);
    text = arena_strdup(t.arena, reply.body);
    free(reply.body);
    return text;
}

/* The events of a message that arrives, be they told in one envelope or, when
 * they fall due one after the other, in several. */
static char *arrival_of(struct soap_stream *stream)
{
    enum soap_stream_state state;
    struct buf names;

    buf_init(&names, t.arena);
    do {
        buf_printf(&names, "%s%s", names.len == 0 ? "" : " ",
                   events_of(next_of(stream, &state)));
        cr_assert_eq(state, SOAP_STREAM_NEXT);
    } while (strstr(names.data, "Modified") == NULL);
    return names.data;
}

Test(notify, streams_events_as_they_come)
{
    char *ids = id_element(subscribe(STREAM("", INBOX)));
    enum soap_stream_state state;
    struct soap_stream *stream;
    const char *code;
    char *answer;

    deliver(); /* waits for the stream */
    stream = open_stream(ids, &code);
    answer = next_of(stream, &state);
    cr_expect_str_eq(events_of(answer), "Created NewMail Modified");
    cr_expect_null(strstr(answer, "Watermark"), "%s", answer);
    cr_expect_null(strstr(answer, "MoreEvents"));
    deliver();
    cr_expect_str_eq(events_of(next_of(stream, &state)),
                     "Created NewMail Modified");
    cr_expect_eq(state, SOAP_STREAM_NEXT);
    cr_expect_eq(exchange_streams(t.exchange, USER), 1);
    soap_stream_close(&stream);
    cr_expect_eq(exchange_streams(t.exchange, USER), 0);
}

Test(notify, beats_in_both_forms)
{
    char *ids = id_element(subscribe(STREAM(EVERYWHERE, "")));
    enum soap_stream_state state;
    struct soap_stream *stream;
    const char *code;

    exchange_set_heartbeat(t.exchange, 20);
    stream = open_stream(ids, &code);
    cr_expect_not_null(strstr(next_of(stream, &state), "<t:StatusEvent/>"));
    cr_expect_not_null(
        strstr(next_of(stream, &state), "<m:ConnectionStatus>OK<"));
    cr_expect_eq(state, SOAP_STREAM_NEXT);
    soap_stream_close(&stream);
}

Test(notify, ends_when_its_time_is_over)
{
    char *ids = id_element(subscribe(STREAM(EVERYWHERE, "")));
    enum soap_stream_state state;
    struct soap_stream *stream;
    const char *code;

    exchange_set_minute(t.exchange, 50);
    stream = open_stream(ids, &code);
    cr_expect_not_null(
        strstr(next_of(stream, &state), "<m:ConnectionStatus>Closed<"));
    cr_expect_eq(state, SOAP_STREAM_LAST);
    soap_stream_close(&stream);
}

Test(notify, refuses_a_stream_for_one_bad_subscription)
{
    char *good = id_element(subscribe(STREAM("", INBOX)));
    char *pull = id_element(subscribe(PULL("", INBOX)));
    const char *code;

    cr_expect_null(open_stream(
        arena_printf(t.arena, "%s%s", good, id_element("QUFBQQ==")), &code));
    cr_expect_str_eq(code, "ErrorSubscriptionNotFound");
    cr_expect_null(open_stream(pull, &code));
    cr_expect_str_eq(code, "ErrorInvalidSubscription");
}

Test(notify, takes_two_hundred_subscriptions_on_a_stream)
{
    struct soap_stream *stream;
    const char *code;
    struct buf ids;

    buf_init(&ids, t.arena);
    for (int i = 0; i < 200; i++)
        buf_puts(&ids, id_element(subscribe(STREAM("", INBOX))));
    buf_putc(&ids, '\0');
    stream = open_stream(ids.data, &code);
    cr_assert_not_null(stream);
    soap_stream_close(&stream);
    cr_expect_null(open_stream(
        arena_printf(t.arena, "%s%s", ids.data,
                     id_element(subscribe(STREAM("", INBOX)))),
        &code));
    cr_expect_str_eq(code, "ErrorExceededSubscriptionCount");
}

Test(notify, lets_a_user_have_three_streams_in_2013)
{
    struct soap_stream *streams[3];
    const char *code;
    char *fourth;

    start(EXCHANGE_2013_SP1);
    for (int i = 0; i < 3; i++)
        streams[i] =
            open_stream(id_element(subscribe(STREAM("", INBOX))), &code);
    fourth = id_element(subscribe(STREAM("", INBOX)));
    cr_expect_null(open_stream(fourth, &code));
    cr_expect_str_eq(code, "ErrorExceededConnectionCount");
    soap_stream_close(&streams[0]);
    streams[0] = open_stream(fourth, &code);
    for (int i = 0; i < 3; i++)
        soap_stream_close(&streams[i]);
}

/* What happens to a stream, and what it says then. */
static void open_another(const char *ids)
{
    struct soap_stream *stream;
    const char *code;

    stream = open_stream(ids, &code);
    soap_stream_close(&stream);
}

static void unsubscribe(const char *ids)
{
    ask(arena_printf(
        t.arena,
        "<m:Unsubscribe><m:SubscriptionId>%s</m:SubscriptionId></m:Unsubscribe>",
        asking_between(&t, ids, ">", "<")));
}

static void lose(const char *ids)
{
    (void)ids;
    exchange_lose_subscriptions(t.exchange, USER);
}

static void overflow(const char *ids)
{
    (void)ids;
    exchange_lose_events(t.exchange, USER);
}

Test(notify, says_why_a_subscription_is_lost)
{
    static const struct {
        void (*act)(const char *ids);
        const char *code;
    } losses[] = {
        { open_another, "ErrorNewEventStreamConnectionOpened" },
        { unsubscribe, "ErrorSubscriptionUnsubscribed" },
        { lose, "ErrorSubscriptionNotFound" },
        { overflow, "ErrorMissedNotificationEvents" },
    };

    for (size_t i = 0; i < sizeof losses / sizeof *losses; i++) {
        char *ids = id_element(subscribe(STREAM("", INBOX)));
        enum soap_stream_state state;
        const char *code;
        struct soap_stream *stream = open_stream(ids, &code);
        char *answer;

        losses[i].act(ids);
        answer = next_of(stream, &state);
        cr_expect_str_eq(asking_code(&t, answer), losses[i].code);
        cr_expect_not_null(strstr(answer, asking_between(&t, ids, ">", "<")),
                           "%s", answer);
        cr_expect_eq(state, SOAP_STREAM_LAST);
        soap_stream_close(&stream);
    }
}

Test(notify, goes_on_with_the_subscriptions_that_are_left)
{
    char *first = id_element(subscribe(STREAM("", INBOX)));
    char *second = id_element(subscribe(STREAM("", INBOX)));
    enum soap_stream_state state;
    const char *code;
    struct soap_stream *stream =
        open_stream(arena_printf(t.arena, "%s%s", first, second), &code);

    unsubscribe(first);
    next_of(stream, &state);
    cr_expect_eq(state, SOAP_STREAM_NEXT);
    deliver();
    cr_expect_not_null(strstr(next_of(stream, &state), second));
    soap_stream_close(&stream);
}

Test(notify, tells_late_when_asked_to)
{
    char *ids = id_element(subscribe(STREAM("", INBOX)));
    struct soap_stream *stream;
    struct soap_reply reply;
    const char *code;
    uint64_t begun;
    int wait;

    stream = open_stream(ids, &code);
    exchange_set_event_delay(t.exchange, 100);
    begun = time_monotonic_ms();
    deliver();
    cr_expect_str_eq(arrival_of(stream), "Created NewMail Modified");
    cr_expect_geq(time_monotonic_ms() - begun, 100);
    exchange_set_event_delay(t.exchange, PATIENCE_MS);
    deliver();
    cr_expect_eq(soap_stream_next(stream, &reply, &wait), SOAP_STREAM_QUIET);
    cr_expect_leq(wait, PATIENCE_MS);
    soap_stream_close(&stream);
}

Test(notify, tells_nothing_until_it_is_asked_to)
{
    char *ids = id_element(subscribe(STREAM("", INBOX)));
    struct soap_stream *stream;
    struct soap_reply reply;
    const char *code;
    int wait;

    stream = open_stream(ids, &code);
    exchange_set_silent(t.exchange, true);
    deliver();
    cr_expect_eq(soap_stream_next(stream, &reply, &wait), SOAP_STREAM_QUIET);
    exchange_set_silent(t.exchange, false);
    cr_expect_str_eq(arrival_of(stream), "Created NewMail Modified");
    soap_stream_close(&stream);
}

Test(notify, cuts_a_stream_inside_of_an_answer)
{
    char *ids = id_element(subscribe(STREAM("", INBOX)));
    enum soap_stream_state state;
    struct soap_stream *stream;
    const char *code;

    stream = open_stream(ids, &code);
    exchange_cut_streams(t.exchange, true);
    next_of(stream, &state);
    cr_expect_eq(state, SOAP_STREAM_CUT_INSIDE);
    soap_stream_close(&stream);
}

/* --- Over HTTP ----------------------------------------------------------- */

static void *act_soon(void *context)
{
    void (*act)(void) = *(void (**)(void))context;

    while (exchange_streams(t.exchange, USER) == 0)
        exchange_pause(5);
    act();
    return NULL;
}

/* What curl gets of a stream while something happens. */
static char *curl_stream(void (*act)(void))
{
    char file[] = "/tmp/postern-stream-XXXXXX";
    char *ids = id_element(subscribe(STREAM("", INBOX)));
    char *request = arena_printf(
        t.arena,
        "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\""
        " xmlns:t=\"" TYPES "\" xmlns:m=\"" MESSAGES "\"><s:Header>"
        "<t:RequestServerVersion Version=\"Exchange2013_SP1\"/></s:Header>"
        "<s:Body>%s</s:Body></s:Envelope>",
        stream_request(ids, 1));
    FILE *to = fdopen(mkstemp(file), "w");
    char *command = arena_printf(
        t.arena,
        "curl -sN -m 300 -u " USER ":secret -H 'Content-Type: text/xml'"
        " --data-binary @%s %s; echo \" exit $?\"",
        file, exchange_url(t.exchange));
    pthread_t thread;
    struct buf out;
    FILE *pipe;

    fputs(request, to);
    fclose(to);
    /* The stream before this one may still be about to close. */
    while (exchange_streams(t.exchange, USER) > 0)
        exchange_pause(5);
    cr_assert_eq(pthread_create(&thread, NULL, act_soon, &act), 0);
    pipe = popen(command, "r");
    buf_init(&out, t.arena);
    for (int c; (c = getc(pipe)) != EOF;)
        buf_putc(&out, (char)c);
    buf_putc(&out, '\0');
    pclose(pipe);
    remove(file);
    pthread_join(thread, NULL);
    return out.data;
}

/* Whether the only subscription has been told of everything. */
static bool is_all_told(void)
{
    const struct sim_subscription *subscription;
    bool told;

    exchange_lock(t.exchange);
    subscription = t.exchange->notify.subscriptions;
    told = subscription->told == subscription->mailbox->log.newest;
    exchange_unlock(t.exchange);
    return told;
}

static void deliver_and_end(void)
{
    deliver();
    while (!is_all_told())
        exchange_pause(5);
    exchange_lose_subscriptions(t.exchange, USER);
}

static void cut_inside(void)
{
    exchange_cut_streams(t.exchange, true);
}

static void restart(void)
{
    exchange_restart(t.exchange);
}

Test(notify, streams_whole_documents_over_http)
{
    char *output;

    cr_assert(exchange_serve(t.exchange, 0, false, EXCHANGE_BASIC) != 0);
    output = curl_stream(deliver_and_end);
    cr_expect_eq(asking_times(output, "<?xml"), 3, "%s", output);
    cr_expect_eq(asking_times(output, "</s:Envelope>"), 3);
    cr_expect_eq(asking_times(output, "<t:NewMailEvent>"), 1);
    cr_expect_not_null(strstr(output, " exit 0"), "%s", output);
    cr_expect_eq(exchange_calls(t.exchange, "GetStreamingEvents"), 1);
    exchange_stop(t.exchange);
}

Test(notify, breaks_streams_over_http)
{
    char *output;

    cr_assert(exchange_serve(t.exchange, 0, false, EXCHANGE_BASIC) != 0);
    output = curl_stream(cut_inside);
    cr_expect_eq(asking_times(output, "<?xml"), 2, "%s", output);
    cr_expect_eq(asking_times(output, "</s:Envelope>"), 1);
    cr_expect_null(strstr(output, " exit 0"), "%s", output);
    output = curl_stream(restart);
    cr_expect_eq(asking_times(output, "</s:Envelope>"), 1);
    cr_expect_null(strstr(output, " exit 0"), "%s", output);
    cr_expect_eq(exchange_subscriptions(t.exchange, NULL), 0);
    exchange_stop(t.exchange);
}

static void stop_door(void)
{
    exchange_stop(t.exchange);
}

Test(notify, lets_go_of_streams_when_the_door_closes)
{
    char *output;

    cr_assert(exchange_serve(t.exchange, 0, false, EXCHANGE_BASIC) != 0);
    output = curl_stream(stop_door);
    cr_expect_eq(asking_times(output, "</s:Envelope>"), 1, "%s", output);
    cr_expect_eq(exchange_streams(t.exchange, NULL), 0);
}
