/*
 * test_details.c - what single answers mean: headers, read marks, compression
 */
#include <criterion/criterion.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "proxy/base/time.h"
#include "proxy/exchange/ews/item_class.h"
#include "proxy/exchange/http/throttle.h"
#include "tests/proxy/exchange/ews/mailbox.h"

#define HOUR_MS (3600 * 1000)

/* --- Transport headers ---------------------------------------------------- */

/* clang-format off */
static const struct {
    const char *name, *property, *header; /* NULL: none that can be used */
} headers[] = {
    { "as it is",              "From: a&#xD;\nDate: d&#xD;\n&#xD;\n",        "From: a\r\nDate: d\r\n\r\n" },
    { "with bare LF",          "From: a\nDate: d\n\n",                       "From: a\r\nDate: d\r\n\r\n" },
    { "without an empty line", "From: a\nDate: d\n",                         "From: a\r\nDate: d\r\n\r\n" },
    { "without a last end",    "From: a\nDate: d",                           "From: a\r\nDate: d\r\n\r\n" },
    { "with those of parts",   "From: a\nDate: d\n\nContent-Type: x\n\n",    "From: a\r\nDate: d\r\n\r\n" },
    { "of Exchange 2003",      "Microsoft Mail Internet Headers Version 2.0\nFrom: a\nDate: d\n", "From: a\r\nDate: d\r\n\r\n" },
    { "folded",                "From: a\n\tb\nDate: d\n",                    "From: a\r\n\tb\r\nDate: d\r\n\r\n" },
    { "without a sender",      "Date: d\nSubject: From: no\n",               NULL },
    { "without a date",        "From: a\n",                                  NULL },
    { "empty",                 "",                                           NULL },
};
/* clang-format on */

static bool give_header(struct responder *responder,
                        const struct server_request *request,
                        const char *operation, struct server_reply *reply)
{
    char messages[2048];

    (void)request;
    if (strcmp(operation, "GetItem") != 0)
        return false;
    snprintf(messages, sizeof messages,
             "<m:M ResponseClass=\"Success\"><m:ResponseCode>NoError"
             "</m:ResponseCode><m:Items><t:Message><t:ItemId Id=\"i\"/>"
             "<t:ExtendedProperty><t:ExtendedFieldURI PropertyTag=\"0x7d\" "
             "PropertyType=\"String\"/><t:Value>%s</t:Value>"
             "</t:ExtendedProperty></t:Message></m:Items></m:M>",
             (const char *)responder->context);
    reply->body = server_soap(operation, BUILD_2016, messages);
    return true;
}

static bool compare_header(void *context, struct remote_read *read)
{
    const char *expected = context;

    cr_expect_eq(read->status, STATUS_OK);
    if (expected == NULL || read->header == NULL) {
        cr_expect_eq(read->header, expected);
        return true;
    }
    cr_expect_str_eq(read->header, expected);
    cr_expect_eq(read->header_len, strlen(expected));
    return true;
}

Test(ews_headers, are_whole_or_none)
{
    struct responder responder = { .build = BUILD_2016,
                                   .special = give_header };
    struct server *server = server_new(responder_answer, &responder);
    const char *ids[] = { "i" };
    struct mailbox mailbox;

    mailbox_init(&mailbox, server_url(server));
    cr_assert_eq(mailbox_open(&mailbox), STATUS_OK);
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        responder.context = (void *)headers[i].property;
        cr_expect_eq(ews_backend.items_read(&mailbox.op, mailbox.remote, ids,
                                            NULL, 1, REMOTE_HEADER,
                                            compare_header,
                                            (void *)headers[i].header),
                     STATUS_OK, "%s", headers[i].name);
    }
    mailbox_fini(&mailbox);
    server_free(&server);
}

/* --- Items without a read mark -------------------------------------------- */

/* Refuses to set the read mark of the second of two, as for appointments. */
static bool refuse_read_mark(struct responder *responder,
                             const struct server_request *request,
                             const char *operation, struct server_reply *reply)
{
    static const char ok[] =
        "<m:M ResponseClass=\"Success\"><m:ResponseCode>NoError"
        "</m:ResponseCode><m:Items><t:Message><t:ItemId Id=\"x\" "
        "ChangeKey=\"k\"/></t:Message></m:Items></m:M>";
    static const char no[] =
        "<m:M ResponseClass=\"Error\"><m:ResponseCode>"
        "ErrorInvalidPropertyRequest</m:ResponseCode></m:M>";
    char messages[1024];

    if (strcmp(operation, "UpdateItem") != 0)
        return false;
    snprintf(messages, sizeof messages, "%s%s", ok,
             responder->calls++ == 0 ? no : "");
    if (responder->calls == 2) {
        cr_expect_null(strstr(request->body, "IsRead"), "%s", request->body);
        cr_expect_null(strstr(request->body, "\"first\""));
        cr_expect_not_null(strstr(request->body, "<t:Value>1</t:Value>"));
    }
    reply->body = server_soap(operation, BUILD_2016, messages);
    return true;
}

Test(ews_flags, of_items_without_a_read_mark_are_kept_by_us)
{
    struct responder responder = { .build = BUILD_2016,
                                   .special = refuse_read_mark };
    struct server *server = server_new(responder_answer, &responder);
    const struct remote_update updates[] = {
        { "first", 0, MAIL_SEEN, false, NULL, NULL },
        { "second", 0, MAIL_SEEN, false, NULL, NULL },
    };
    struct remote_result results[2];
    struct mailbox mailbox;

    mailbox_init(&mailbox, server_url(server));
    cr_assert_eq(mailbox_open(&mailbox), STATUS_OK);
    cr_expect_eq(ews_backend.items_update(&mailbox.op, mailbox.remote, updates,
                                          2, results),
                 STATUS_OK);
    cr_expect_eq(results[0].status, STATUS_OK);
    cr_expect_eq(results[1].status, STATUS_OK);
    mailbox_fini(&mailbox);
    server_free(&server);
    cr_expect_eq(responder.calls, 2);
}

/* --- Compression ---------------------------------------------------------- */

static char *compress_text(const char *text, size_t *len_out)
{
    z_stream stream = { .next_in = (unsigned char *)text,
                        .avail_in = (unsigned)strlen(text) };
    size_t room = strlen(text) + 1000;
    char *out = malloc(room);

    /* 16 more: with the frame of gzip. */
    deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    stream.next_out = (unsigned char *)out;
    stream.avail_out = (unsigned)room;
    deflate(&stream, Z_FINISH);
    *len_out = stream.total_out;
    deflateEnd(&stream);
    return out;
}

/* What is missing of a compressed answer: nothing, its checksum, its end. */
struct cutting {
    size_t missing;
    size_t times;
};

static bool give_compressed(struct responder *responder,
                            const struct server_request *request,
                            const char *operation, struct server_reply *reply)
{
    struct cutting *cutting = responder->context;

    (void)request;
    if (strcmp(operation, "GetItem") != 0)
        return false;
    char *text = server_soap(operation, BUILD_2016,
                             "<m:M ResponseClass=\"Success\"><m:ResponseCode>"
                             "NoError</m:ResponseCode><m:Items><t:Message>"
                             "<t:ItemId Id=\"i\" ChangeKey=\"k\"/></t:Message>"
                             "</m:Items></m:M>");
    reply->body = compress_text(text, &reply->len);
    reply->headers = "Content-Encoding: gzip\r\n";
    if (responder->calls++ < cutting->times) {
        reply->cut = cutting->missing;
        reply->end = SERVER_CLOSE;
    }
    free(text);
    return true;
}

static bool count_good(void *context, size_t index, enum status status,
                       const struct remote_item *item)
{
    (void)index;
    *(size_t *)context += status == STATUS_OK && item != NULL;
    return true;
}

Test(ews_compression, may_lack_its_trailer_but_nothing_else)
{
    /* clang-format off */
    static const struct { struct cutting cutting; size_t calls; } cases[] = {
        { { 0, 0 }, 1 },   /* whole */
        { { 8, 1 }, 1 },   /* without checksum and length */
        { { 60, 1 }, 2 },  /* torn: asked for again */
    };
    /* clang-format on */

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct responder responder = { .build = BUILD_2016,
                                       .special = give_compressed,
                                       .context = (void *)&cases[i].cutting };
        struct server *server = server_new(responder_answer, &responder);
        const char *ids[] = { "i" };
        struct mailbox mailbox;
        size_t good = 0;
        mailbox_init(&mailbox, server_url(server));
        cr_assert_eq(mailbox_open(&mailbox), STATUS_OK);
        cr_expect_eq(ews_backend.items_get(&mailbox.op, mailbox.remote, ids, 1,
                                           count_good, &good),
                     STATUS_OK, "%s", mailbox.op.reason);
        cr_expect_eq(good, 1);
        mailbox_fini(&mailbox);
        server_free(&server);
        cr_expect_eq(responder.calls, cases[i].calls, "case %zu: %zu", i,
                     responder.calls);
    }
}

/* --- Limits --------------------------------------------------------------- */

static bool give_too_much(struct responder *responder,
                          const struct server_request *request,
                          const char *operation, struct server_reply *reply)
{
    (void)responder, (void)request;
    if (strcmp(operation, "GetItem") != 0)
        return false;
    char *filler = malloc(2000001);
    memset(filler, 'x', 2000000);
    filler[2000000] = '\0';
    reply->body = server_soap(operation, BUILD_2016, filler);
    free(filler);
    return true;
}

Test(ews_limits, end_an_answer_that_is_too_long)
{
    struct responder responder = { .build = BUILD_2016,
                                   .special = give_too_much };
    struct server *server = server_new(responder_answer, &responder);
    const char *ids[] = { "i" };
    struct mailbox mailbox;
    size_t good = 0;

    mailbox_init(&mailbox, server_url(server));
    mailbox.settings->exchange.answer_limit = 1000000;
    cr_assert_eq(mailbox_open(&mailbox), STATUS_OK);
    cr_expect_eq(ews_backend.items_get(&mailbox.op, mailbox.remote, ids, 1,
                                       count_good, &good),
                 STATUS_LIMIT, "%s", mailbox.op.reason);
    cr_expect_eq(good, 0);
    mailbox_fini(&mailbox);
    server_free(&server);
}

/* --- The budget ----------------------------------------------------------- */

struct worker {
    struct throttle *throttle;
    bool find;
    bool background;
    pthread_t thread;
};

static struct {
    pthread_mutex_t mutex;
    int calls, finds, peak_calls, peak_finds, done;
} counted = { .mutex = PTHREAD_MUTEX_INITIALIZER };

static void count(const struct worker *worker, int by)
{
    pthread_mutex_lock(&counted.mutex);
    counted.calls += by;
    counted.finds += worker->find ? by : 0;
    if (counted.calls > counted.peak_calls)
        counted.peak_calls = counted.calls;
    if (counted.finds > counted.peak_finds)
        counted.peak_finds = counted.finds;
    counted.done += by < 0;
    pthread_mutex_unlock(&counted.mutex);
}

static void *work(void *context)
{
    struct worker *worker = context;
    struct arena *arena = arena_new();
    struct timespec moment = { .tv_nsec = 2000000 };
    struct op op;

    op_init(&op, arena, "test");
    op.background = worker->background;
    for (size_t i = 0; i < 5; i++) {
        cr_assert_eq(throttle_enter(&op, worker->throttle, worker->find,
                                    time_monotonic_ms() + HOUR_MS),
                     STATUS_OK);
        count(worker, 1);
        nanosleep(&moment, NULL);
        count(worker, -1);
        throttle_leave(worker->throttle, worker->find);
    }
    arena_free(&arena);
    return NULL;
}

Test(ews_throttle, keeps_to_its_budget_and_lets_everybody_through)
{
    struct throttle *throttle = throttle_new(4);
    struct worker workers[16];

    for (size_t i = 0; i < 16; i++) {
        workers[i] = (struct worker){ throttle, i % 2 == 0, i % 4 == 1, 0 };
        pthread_create(&workers[i].thread, NULL, work, &workers[i]);
    }
    for (size_t i = 0; i < 16; i++)
        pthread_join(workers[i].thread, NULL);
    cr_expect_eq(counted.done, 80);
    cr_expect_leq(counted.peak_calls, 4);
    cr_expect_leq(counted.peak_finds, 2);
    throttle_free(&throttle);
}

Test(ews_throttle, makes_all_wait)
{
    struct throttle *throttle = throttle_new(4);
    struct arena *arena = arena_new();
    uint64_t start = time_monotonic_ms();
    struct op op;

    op_init(&op, arena, "test");
    throttle_pause(throttle, 300);
    cr_expect_eq(throttle_enter(&op, throttle, false, start + HOUR_MS),
                 STATUS_OK);
    cr_expect_geq(time_monotonic_ms() - start, 299);
    throttle_leave(throttle, false);
    throttle_free(&throttle);
    arena_free(&arena);
}

/* At once, as nobody waits for a test as long as that. */
Test(ews_throttle, lets_who_cannot_wait_so_long_give_up_at_once)
{
    struct throttle *throttle = throttle_new(4);
    struct arena *arena = arena_new();
    struct op op;

    op_init(&op, arena, "test");
    throttle_pause(throttle, 2 * HOUR_MS);
    cr_expect_eq(throttle_enter(&op, throttle, false,
                                time_monotonic_ms() + HOUR_MS),
                 STATUS_BUSY);
    throttle_free(&throttle);
    arena_free(&arena);
}

/* --- Classes -------------------------------------------------------------- */

/* clang-format off */
static const struct {
    const char *header, *class;
} classes[] = {
    { "Content-Type: text/plain\r\n\r\n",                                   NULL },
    { "Subject: x\r\n\r\n",                                                 NULL },
    { "Content-Type: multipart/report;\r\n report-type=\"disposition-notification\"\r\n\r\n", "REPORT.IPM.Note.IPNRN" },
    { "content-type: Multipart/Report; report-type=delivery-status\r\n\r\n", "REPORT.IPM.Note.NDR" },
    { "Content-Type: multipart/signed; protocol=\"application/pkcs7-signature\"\r\n\r\n", "IPM.Note.SMIME.MultipartSigned" },
    { "Content-Type: multipart/signed; protocol=\"application/pgp-signature\"\r\n\r\n", NULL },
    { "Content-Type: application/pkcs7-mime; smime-type=enveloped-data\r\n\r\n", "IPM.Note.SMIME" },
    { "Content-Type: text/calendar; method=REQUEST\r\n\r\n",                NULL },
};
/* clang-format on */

Test(ews_item_class, follows_from_the_content_type)
{
    struct arena *arena = arena_new();

    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
        const char *class = item_class_of(arena, classes[i].header,
                                          strlen(classes[i].header));
        if (classes[i].class == NULL)
            cr_expect_null(class, "%s: %s", classes[i].header, class);
        else
            cr_expect_str_eq(class, classes[i].class, "%s", classes[i].header);
    }
    arena_free(&arena);
}
