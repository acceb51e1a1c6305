/*
 * test_requests.c - every request that we make fits the official schema
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/base/time.h"
#include "proxy/exchange/http/stream.h"
#include "proxy/exchange/ews/ews.h"
#include "tests/proxy/exchange/ews/mailbox.h"
#include "tests/proxy/exchange/ews/validation.h"

#define RECORDED_MAX 160

static struct {
    char *bodies[RECORDED_MAX];
    size_t count;
} recorded;

static bool record(struct responder *responder,
                   const struct server_request *request, const char *operation,
                   struct server_reply *reply)
{
    (void)responder, (void)operation, (void)reply;
    /* What autodiscover is asked is none of the services' requests. */
    if (recorded.count < RECORDED_MAX &&
        strstr(request->body, "<Autodiscover ") == NULL)
        recorded.bodies[recorded.count++] = strdup(request->body);
    return false;
}

/* --- Every slot, with all it can be asked --------------------------------- */

static bool take_folders(void *context,
                         const struct remote_folder_change *changes,
                         size_t count, const char *state, bool last)
{
    (void)context, (void)changes, (void)count, (void)state, (void)last;
    return true;
}

static bool take_page(void *context, const struct remote_item_page *page)
{
    (void)context, (void)page;
    return true;
}

static bool take_items(void *context, const struct remote_item *items,
                       size_t count)
{
    (void)context, (void)items, (void)count;
    return true;
}

static bool take_item(void *context, size_t index, enum status status,
                      const struct remote_item *item)
{
    (void)context, (void)index, (void)item;
    cr_expect_eq(status, STATUS_OK);
    return true;
}

static bool take_read(void *context, struct remote_read *read)
{
    (void)context;
    cr_expect_eq(read->status, STATUS_OK);
    return true;
}

static bool take_preview(void *context, size_t index, enum status status,
                         const char *text)
{
    (void)context, (void)index, (void)text;
    cr_expect_eq(status, STATUS_OK);
    return true;
}

static bool take_ids(void *context, const char *const ids[], size_t count)
{
    (void)context, (void)ids, (void)count;
    return true;
}

static void use_folders(struct mailbox *m)
{
    const struct backend *b = &ews_backend;
    const char *ids[] = { "one", "t<w>o" };
    struct remote_stamp stamps[2];
    const char *id;

    cr_expect_eq(b->folders_sync(&m->op, m->remote, NULL, take_folders, NULL),
                 STATUS_OK);
    cr_expect_eq(b->folders_sync(&m->op, m->remote, "s&t", take_folders, NULL),
                 STATUS_OK);
    for (enum folder_kind kind = FOLDER_MAIL; kind <= FOLDER_OTHER; kind++)
        cr_expect_eq(b->folder_create(&m->op, m->remote, kind ? "p" : NULL,
                                      kind, "A <b> & \x01 \"c\"", &id),
                     STATUS_OK);
    cr_expect_eq(b->folder_update(&m->op, m->remote, "f", "new", NULL),
                 STATUS_OK);
    cr_expect_eq(b->folder_update(&m->op, m->remote, "f", NULL, ""), STATUS_OK);
    cr_expect_eq(b->folder_update(&m->op, m->remote, "f", "new", "p"),
                 STATUS_OK);
    for (enum remote_delete how = REMOTE_DELETE_SOFT; how <= REMOTE_DELETE_HARD;
         how++)
        cr_expect_eq(b->folder_delete(&m->op, m->remote, "f", how), STATUS_OK);
    cr_expect_eq(b->folder_stamps(&m->op, m->remote, ids, 2, stamps),
                 STATUS_OK);
    cr_expect_eq(stamps[1].status, STATUS_OK);
    cr_expect_eq(stamps[1].total, 7);
    cr_expect_eq(stamps[1].unread, 3);
}

static void use_permissions(struct mailbox *m)
{
    /* clang-format off */
    static const struct folder_permission permissions[] = {
        { .who = FOLDER_EVERYONE },
        { .who = FOLDER_ANONYMOUS, .visible = true },
        { .address = "bob&co@example.com", .add = true, .visible = true,
          .edit = FOLDER_ALL, .remove = FOLDER_ALL, .read = FOLDER_READ_ALL },
        { .sid = "S-1-5-21", .edit = FOLDER_OWNED, .read = FOLDER_READ_ALL },
        { .address = "c@example.com", .read = FOLDER_READ_TIMES },
    };
    /* clang-format on */
    const struct backend *b = &ews_backend;
    struct folder_permission *found;
    size_t count;

    /* TimeOnly is for calendars alone. */
    cr_expect_eq(b->permissions_set(&m->op, m->remote, "f", FOLDER_MAIL,
                                    permissions, 4),
                 STATUS_OK);
    cr_expect_eq(b->permissions_set(&m->op, m->remote, "f", FOLDER_CALENDAR,
                                    permissions, 5),
                 STATUS_OK);
    cr_expect_eq(
        b->permissions_get(&m->op, m->remote, "f", &found, &count),
        STATUS_DENIED);
}

static void use_mailbox(struct mailbox *m, bool has_categories)
{
    const struct backend *b = &ews_backend;
    struct remote_quota quota;
    struct remote_category *categories;
    const char *comment;
    size_t count;

    cr_expect_eq(b->quota(&m->op, m->remote, &quota), STATUS_OK);
    cr_expect_eq(b->comment_get(&m->op, m->remote, "f", &comment), STATUS_OK);
    cr_expect_null(comment);
    cr_expect_eq(b->comment_set(&m->op, m->remote, "f", "a <b>"), STATUS_OK);
    cr_expect_eq(b->comment_set(&m->op, m->remote, "f", NULL), STATUS_OK);
    cr_expect_eq(b->categories(&m->op, m->remote, &categories, &count),
                 has_categories ? STATUS_OK : STATUS_UNSUPPORTED);
    if (has_categories) {
        cr_assert_eq(count, 2);
        cr_expect_str_eq(categories[0].name, "Red & Co");
        cr_expect_eq(categories[0].color, 3);
        cr_expect_eq(categories[1].color, -1);
    }
}

static void use_stores(struct mailbox *m, bool is_new)
{
    static const char *const parents[] = { "one", "two", NULL };
    const struct backend *b = &ews_backend;
    struct remote_folder *folders;
    size_t count;

    for (enum folder_store kind = FOLDER_SHARED; kind < FOLDER_STORE_COUNT;
         kind++) {
        const struct remote_store store = {
            kind, kind == FOLDER_SHARED ? "bob&co@example.com" : ""
        };

        /* The words for the others came with 2010 SP1. */
        if (!is_new && (kind == FOLDER_OLD_MAIL || kind == FOLDER_RECOVERABLE))
            continue;
        cr_expect_eq(b->store_folders(&m->op, m->remote, &store, NULL, 0,
                                      &folders, &count),
                     STATUS_OK);
    }
    const struct remote_store public = { FOLDER_PUBLIC, "" };
    cr_expect_eq(b->store_folders(&m->op, m->remote, &public, parents, 2,
                                  &folders, &count),
                 STATUS_OK);
    cr_expect_eq(count, 2);
}

static void use_reading(struct mailbox *m)
{
    const struct backend *b = &ews_backend;
    const char *ids[] = { "one", "two", "three" };
    const uint32_t sizes[] = { 10, 20, 30 };
    struct remote_item *items;
    size_t count;

    cr_expect_eq(b->items_sync(&m->op, m->remote, "f", NULL, take_page, NULL),
                 STATUS_OK);
    cr_expect_eq(b->items_sync(&m->op, m->remote, "f", "s", take_page, NULL),
                 STATUS_OK);
    cr_expect_eq(b->items_list(&m->op, m->remote, "f", take_items, NULL),
                 STATUS_OK);
    cr_expect_eq(b->items_get(&m->op, m->remote, ids, 3, take_item, NULL),
                 STATUS_OK);
    cr_expect_eq(b->items_read(&m->op, m->remote, ids, sizes, 3, REMOTE_HEADER,
                               take_read, NULL),
                 STATUS_OK);
    cr_expect_eq(b->items_read(&m->op, m->remote, ids, sizes, 3, REMOTE_CONTENT,
                               take_read, NULL),
                 STATUS_OK);
    cr_expect_eq(
        b->items_preview(&m->op, m->remote, ids, 3, take_preview, NULL),
        ews_version(ews_of(m->remote)) < EWS_2013 ? STATUS_UNSUPPORTED
                                                  : STATUS_OK);
    cr_expect_eq(b->find_new(&m->op, m->remote, NULL, "token", "<a@b>", 0,
                             &items, &count),
                 STATUS_OK);
    cr_expect_eq(
        b->find_new(&m->op, m->remote, "f", "token", NULL, 0, &items, &count),
        STATUS_OK);
    for (enum mail_search_field f = MAIL_SEARCH_BODY; f <= MAIL_SEARCH_BCC; f++)
        cr_expect_eq(b->search(&m->op, m->remote, "f", f, NULL, "\"te<x>t",
                               take_ids, NULL),
                     STATUS_OK);
    bool knows_words = ews_version(ews_of(m->remote)) > EWS_2007_SP1;
    for (enum mail_search_field f = MAIL_SEARCH_BODY; f <= MAIL_SEARCH_BCC; f++)
        cr_expect_eq(b->search_words(&m->op, m->remote, "f", f, "\"te<x>t\" or",
                                     take_ids, NULL),
                     knows_words ? STATUS_OK : STATUS_UNSUPPORTED);
    static const char *const names[] = { "Message-ID", "X-Own", "Subject",
                                         "References" };
    for (size_t i = 0; i < 8; i++)
        cr_expect_eq(b->search(&m->op, m->remote, "f", MAIL_SEARCH_HEADER,
                               names[i / 2], i % 2 ? "" : "t", take_ids, NULL),
                     STATUS_OK);
}

static void use_writing(struct mailbox *m)
{
    static const char *const categories[] = { "Red & <green>", "\xc3\xa4",
                                              NULL };
    static const char *const none[] = { NULL };
    const struct remote_update updates[] = {
        { "a", 0, MAIL_ALL_FLAGS, true, categories, NULL },
        { "b", MAIL_ALL_FLAGS, 0, true, none, NULL },
        { "c", MAIL_ANSWERED, MAIL_ANSWERED | MAIL_FORWARDED, false, NULL,
          NULL },
        { "d", MAIL_SEEN, MAIL_SEEN, false, NULL, NULL },
        { "e", 0, MAIL_SEEN, true, NULL, NULL },
    };
    const struct remote_update unchanged[] = {
        { "f", 0, MAIL_FLAGGED, false, NULL, "key & more" },
        { "g", MAIL_SEEN, 0, true, none, "key" },
    };
    const struct backend *b = &ews_backend;
    const char *ids[] = { "one", "two" };
    struct remote_result results[5];

    cr_expect_eq(b->items_update(&m->op, m->remote, updates, 5, results),
                 STATUS_OK);
    for (size_t i = 0; i < 5; i++)
        cr_expect_eq(results[i].status, STATUS_OK);
    cr_expect_eq(b->items_update(&m->op, m->remote, unchanged, 2, results),
                 STATUS_OK);
    cr_expect_eq(b->items_copy(&m->op, m->remote, ids, 2, "t", results),
                 STATUS_OK);
    cr_expect_str_eq(results[1].id, "copy1");
    cr_expect_eq(b->items_move(&m->op, m->remote, ids, 2, "t", results),
                 STATUS_OK);
    cr_expect_str_eq(results[0].id, "moved0");
    for (enum remote_delete how = REMOTE_DELETE_SOFT; how <= REMOTE_DELETE_HARD;
         how++)
        cr_expect_eq(b->items_delete(&m->op, m->remote, ids, 2, how, results),
                     STATUS_OK);
}

static void use_creating(struct mailbox *m)
{
    static const char text[] = "Date: Mon, 1 Jan 2024 10:00:00 +0100\r\n"
                               "Content-Type: multipart/report; report-type="
                               "disposition-notification\r\n\r\nHello\r\n";
    static const char *const categories[] = { "Red", NULL };
    static const char *const bcc[] = { "a&b@example.com", "c@example.com",
                                       NULL };
    struct spool *spool = mailbox_spool(text, strlen(text));
    const struct backend *b = &ews_backend;
    struct remote_result result;
    const struct remote_new all = { spool, MAIL_ALL_FLAGS, categories,
                                    1700000000, "t" };
    const struct remote_new plain = { spool, 0, NULL, TIME_NONE, NULL };
    const struct remote_submission blind = { spool, bcc, true, "t" };
    const struct remote_submission open = { spool, NULL, false, NULL };

    cr_expect_eq(b->item_create(&m->op, m->remote, "f", &all, &result),
                 STATUS_OK);
    cr_expect_str_eq(result.id, "new0");
    cr_expect_eq(b->item_create(&m->op, m->remote, "f", &plain, &result),
                 STATUS_OK);
    cr_expect_eq(b->send(&m->op, m->remote, &blind), STATUS_OK);
    cr_expect_eq(b->send(&m->op, m->remote, &open), STATUS_OK);
    spool_free(&spool);
}

static void take_news(void *context, const struct remote_news *news)
{
    bool *ended = context;

    *ended |= news->kind == REMOTE_NEWS_END;
}

static void use_watch(struct mailbox *m)
{
    static const char *const folders[] = { "f<1>", "f2" };
    const struct backend *b = &ews_backend;
    struct streams *streams = streams_new();
    bool all, ended = false;
    enum remote_push means = b->watch_means(m->remote, &all);

    for (enum remote_push push = REMOTE_PUSH_PULL; push <= means; push++) {
        struct remote_watch *watch;

        cr_assert_eq(b->watch_begin(&m->op, m->remote, push, folders, 2,
                                    take_news, &ended, &watch),
                     STATUS_OK);
        if (push == REMOTE_PUSH_PULL)
            cr_expect_eq(b->watch_ask(&m->op, watch), STATUS_OK);
        else
            b->watch_listen(watch, streams);
        while (push == REMOTE_PUSH_STREAM && !ended)
            streams_wait(streams, UINT64_MAX);
        b->watch_end(&m->op, &watch);
    }
    streams_free(&streams);
}

/* --- The schema ----------------------------------------------------------- */

static void validate_all(struct validation *validation, const char *version)
{
    for (size_t i = 0; i < recorded.count; i++)
        validation_check(validation, recorded.bodies[i], version);
}

/* clang-format off */
static const struct {
    const char *build, *version;
    size_t login_calls;
} versions[] = {
    { BUILD_2007,     "Exchange2007_SP1", 2 },
    { BUILD_2010,     "Exchange2010",     2 },
    { BUILD_2010_SP1, "Exchange2010_SP1", 3 },
    { BUILD_2010_SP3, "Exchange2010_SP2", 3 },
    { BUILD_2013,     "Exchange2013",     3 },
    { BUILD_2013_SP1, "Exchange2013_SP1", 3 },
    { BUILD_2016,     "Exchange2016",     3 },
    { BUILD_2019,     "Exchange2016",     3 },
};

/* Words that older versions do not know, with the first that does. */
static const struct {
    const char *word;
    size_t first;
} news[] = {
    { "ReturnNewItemIds",     2 },
    { "SuppressReadReceipts", 4 },
    { "SyncScope",            1 },
    { "\"archive\"",          6 },
    { "archivemsgfolderroot", 2 },
    { "GetUserConfiguration", 1 },
    { "SubscribeToAllFolders", 1 },
    { "GetStreamingEvents",   2 },
    { "item:Preview",         4 },
};
/* clang-format on */

static void check_words(size_t version)
{
    for (size_t i = 0; i < recorded.count; i++) {
        char named[64];
        snprintf(named, sizeof named, "Version=\"%s\"",
                 i == 0 ? "Exchange2007_SP1" : versions[version].version);
        cr_expect_not_null(strstr(recorded.bodies[i], named), "%s: %s",
                           versions[version].version, recorded.bodies[i]);
        for (size_t n = 0; n < sizeof news / sizeof *news; n++)
            if (version < news[n].first)
                cr_expect_null(strstr(recorded.bodies[i], news[n].word),
                               "%s in %s", news[n].word,
                               versions[version].version);
    }
}

Test(ews_requests, fit_the_official_schema_in_every_version, .timeout = 600)
{
    struct validation *validation = validation_new();

    for (size_t v = 0; v < sizeof versions / sizeof *versions; v++) {
        struct responder responder = { .build = versions[v].build,
                                       .special = record };
        struct server *server = server_new(responder_answer, &responder);
        struct mailbox mailbox;
        mailbox_init(&mailbox, server_url(server));
        cr_assert_eq(mailbox_open(&mailbox), STATUS_OK, "%s",
                     mailbox.op.reason);
        cr_expect_eq(recorded.count, versions[v].login_calls, "%s",
                     versions[v].version);
        use_folders(&mailbox);
        use_permissions(&mailbox);
        use_mailbox(&mailbox, v > 0);
        use_stores(&mailbox, v > 1);
        use_reading(&mailbox);
        use_writing(&mailbox);
        use_creating(&mailbox);
        use_watch(&mailbox);
        mailbox_fini(&mailbox);
        server_free(&server);
        check_words(v);
        validate_all(validation, versions[v].version);
        while (recorded.count > 0)
            free(recorded.bodies[--recorded.count]);
    }
    validation_free(&validation);
}
