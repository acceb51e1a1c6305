/*
 * test_memory_door.c - the in-memory door keeps what backend.h promises
 */
#include <criterion/criterion.h>

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "config/settings.h"
#include "proxy/base/arena.h"
#include "proxy/base/secret.h"
#include "proxy/base/spool.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "proxy/exchange/backend.h"
#include "tests/exchange/exchange.h"

#define USER "ann@example.com"
#define MESSAGE \
    "From: Bob <bob@example.org>\r\nTo: ann@example.com\r\nSubject: Hello\r\n" \
    "Message-ID: <1@example.org>\r\n\r\nHi.\r\n"

static const struct backend *const door = &exchange_memory_backend;

static struct {
    struct exchange *exchange;
    struct arena *arena;
    struct op op;
    struct remote *remote;
} t;

static struct remote *log_in(const char *user, const char *password)
{
    struct settings settings = {
        .exchange.url = (char *)(uintptr_t)exchange_memory_url(t.exchange)
    };
    struct secret *secret = secret_new(password, strlen(password));
    struct remote_account about;
    struct remote *remote = NULL;

    door->open(&t.op, &settings, user, NULL, secret, &remote, &about);
    secret_free(&secret);
    return remote;
}

static void set_up(void)
{
    t.exchange = exchange_new(EXCHANGE_2016);
    exchange_add_user(t.exchange, USER, "Ann", "secret", "de");
    exchange_add_user(t.exchange, "bert@example.com", "Bert", "secret", "en");
    t.arena = arena_new();
    op_init(&t.op, t.arena, "test/1");
    t.remote = log_in(USER, "secret");
    cr_assert_not_null(t.remote);
}

static void tear_down(void)
{
    door->close(&t.remote);
    arena_free(&t.arena);
    exchange_free(&t.exchange);
}

TestSuite(memory_door, .init = set_up, .fini = tear_down);

static void add(const char *folder, const char *mime)
{
    exchange_add_message(t.exchange, USER, folder, mime, strlen(mime),
                         1700000000, false);
}

static void fault(const char *operation, enum exchange_fault kind,
                  unsigned times, long parameter, const char *code)
{
    exchange_set_fault(t.exchange,
                       &(struct exchange_fault_rule){ .operation = operation,
                                                      .fault = kind,
                                                      .times = times,
                                                      .parameter = parameter,
                                                      .code = code });
}

/* --- What callbacks collect ---------------------------------------------- */

struct tree {
    struct remote_folder_change changes[100];
    size_t count;
    char *state;
};

static bool keep_tree(void *context, const struct remote_folder_change *changes,
                      size_t count, const char *state, bool last)
{
    struct tree *tree = context;

    (void)last;
    for (size_t i = 0; i < count; i++)
        tree->changes[tree->count++] = changes[i];
    tree->state = arena_strdup(t.arena, state);
    return true;
}

static struct tree read_tree(const char *state)
{
    struct tree tree = { .count = 0 };

    cr_assert_eq(door->folders_sync(&t.op, t.remote, state, keep_tree, &tree),
                 STATUS_OK);
    return tree;
}

static const char *folder_of(enum folder_use use)
{
    struct tree tree = read_tree(NULL);

    for (size_t i = 0; i < tree.count; i++)
        if (tree.changes[i].folder.use == use)
            return tree.changes[i].folder.id;
    return NULL;
}

struct list {
    struct remote_item_delta deltas[3000];
    size_t count;
    size_t pages;
    char *state;
};

static bool keep_page(void *context, const struct remote_item_page *page)
{
    struct list *list = context;

    for (size_t i = 0; i < page->count; i++) {
        struct remote_item_delta *delta = &list->deltas[list->count++];

        *delta = page->deltas[i];
        delta->item.id = arena_strdup(t.arena, delta->item.id);
    }
    list->pages++;
    list->state = arena_strdup(t.arena, page->state);
    return true;
}

static struct list *read_list(const char *folder, const char *state)
{
    struct list *list = arena_alloc(t.arena, sizeof *list);

    cr_assert_eq(
        door->items_sync(&t.op, t.remote, folder, state, keep_page, list),
        STATUS_OK);
    return list;
}

/* --- Tests --------------------------------------------------------------- */

Test(memory_door, knows_its_users_by_address_alias_and_domain)
{
    static const char *const logins[] = { USER, "ANN@example.com", "ann",
                                          "DOMAIN\\ann" };

    for (size_t i = 0; i < sizeof logins / sizeof *logins; i++) {
        struct remote *remote = log_in(logins[i], "secret");

        cr_expect_not_null(remote, "%s", logins[i]);
        door->close(&remote);
    }
    cr_expect_null(log_in(USER, "wrong"));
    cr_expect_null(log_in("nobody", "secret"));
}

Test(memory_door, tells_the_tree_and_then_its_changes)
{
    struct tree tree = read_tree(NULL);
    const char *id = NULL;
    struct tree later;

    cr_expect_gt(tree.count, 8);
    cr_expect_str_eq(folder_of(FOLDER_INBOX), folder_of(FOLDER_INBOX));
    later = read_tree(tree.state);
    cr_expect_eq(later.count, 0);
    cr_assert_eq(
        door->folder_create(&t.op, t.remote, NULL, FOLDER_MAIL, "A/B", &id),
        STATUS_OK);
    cr_expect_eq(
        door->folder_create(&t.op, t.remote, NULL, FOLDER_MAIL, "a/b", &id),
        STATUS_EXISTS);
    later = read_tree(tree.state);
    cr_assert_eq(later.count, 1);
    cr_expect_str_eq(later.changes[0].folder.name, "A/B");
    cr_expect_eq(
        door->folder_update(&t.op, t.remote, id, "C", folder_of(FOLDER_INBOX)),
        STATUS_OK);
    tree = read_tree(later.state);
    cr_assert_eq(tree.count, 1);
    cr_expect_str_eq(tree.changes[0].folder.parent, folder_of(FOLDER_INBOX));
    cr_expect_eq(door->folder_delete(&t.op, t.remote, id, REMOTE_DELETE_SOFT),
                 STATUS_OK);
    tree = read_tree(tree.state);
    cr_assert_eq(tree.count, 1);
    cr_expect_eq(tree.changes[0].change, REMOTE_GONE);
    cr_expect_eq(door->folder_delete(&t.op, t.remote, folder_of(FOLDER_INBOX),
                                     REMOTE_DELETE_SOFT),
                 STATUS_CANNOT);
}

Test(memory_door, lists_in_pages_and_continues_from_a_state)
{
    const char *inbox = folder_of(FOLDER_INBOX);
    struct list *list;
    struct list *later;

    exchange_fill(t.exchange, USER, NULL, 1100);
    list = read_list(inbox, NULL);
    cr_expect_eq(list->count, 1100);
    cr_expect_eq(list->pages, 3);
    add(NULL, MESSAGE);
    exchange_mark_read(t.exchange, USER, NULL, 0, true);
    exchange_remove(t.exchange, USER, NULL, 1);
    later = read_list(inbox, list->state);
    cr_assert_eq(later->count, 3);
    cr_expect_eq(later->deltas[0].change, REMOTE_ITEM_PRESENT);
    cr_expect_eq(later->deltas[1].change, REMOTE_ITEM_READ_FLAG);
    cr_expect_eq(later->deltas[1].item.flags, MAIL_SEEN);
    cr_expect_eq(later->deltas[2].change, REMOTE_ITEM_GONE);
    cr_expect_eq(read_list(inbox, later->state)->count, 0);
}

Test(memory_door, forgets_states_that_were_made_invalid)
{
    const char *inbox = folder_of(FOLDER_INBOX);
    struct list *list = read_list(inbox, NULL);
    struct list again = { .count = 0 };

    exchange_invalidate_sync(t.exchange, USER);
    cr_expect_eq(door->items_sync(&t.op, t.remote, inbox, list->state,
                                  keep_page, &again),
                 STATUS_STALE);
    cr_expect_eq(
        door->items_sync(&t.op, t.remote, inbox, "rubbish", keep_page, &again),
        STATUS_STALE);
}

Test(memory_door, keeps_flags_and_categories_and_renumbers)
{
    static const char *const names[] = { "R\303\266t", "with space", NULL };
    const char *inbox = folder_of(FOLDER_INBOX);
    struct remote_update wanted = { .flags = MAIL_FLAGGED | MAIL_ANSWERED |
                                             MAIL_JUNK,
                                    .set_categories = true,
                                    .categories = names };
    struct remote_result result;
    struct list *list;
    uint32_t article;

    add(NULL, MESSAGE);
    list = read_list(inbox, NULL);
    article = list->deltas[0].item.article;
    wanted.id = list->deltas[0].item.id;
    cr_assert_eq(door->items_update(&t.op, t.remote, &wanted, 1, &result),
                 STATUS_OK);
    list = read_list(inbox, list->state);
    cr_assert_eq(list->count, 1);
    cr_expect_eq(list->deltas[0].item.flags, wanted.flags);
    cr_expect_gt(list->deltas[0].item.article, article);
}

static bool check_content(void *context, struct remote_read *read)
{
    char text[200] = "";

    cr_expect_eq(read->status, STATUS_OK);
    spool_read(read->content, 0, text, sizeof text - 1);
    cr_expect_str_eq(text, context);
    return true;
}

Test(memory_door, stores_and_gives_back_every_octet)
{
    struct spool *spool = spool_new(NULL, 0);
    struct remote_new wanted = { .content = spool,
                                 .flags = MAIL_SEEN | MAIL_DRAFT,
                                 .received = 1600000000,
                                 .token = "try-1" };
    const char *drafts = folder_of(FOLDER_DRAFTS);
    struct remote_result result;
    struct remote_item *found;
    size_t count;

    spool_write(spool, MESSAGE, strlen(MESSAGE));
    cr_assert_eq(door->item_create(&t.op, t.remote, drafts, &wanted, &result),
                 STATUS_OK);
    cr_expect_eq(door->items_read(&t.op, t.remote, &result.id, NULL, 1,
                                  REMOTE_CONTENT, check_content,
                                  (void *)(uintptr_t)MESSAGE),
                 STATUS_OK);
    cr_expect_eq(door->find_new(&t.op, t.remote, drafts, "try-1", NULL, 0,
                                &found, &count),
                 STATUS_OK);
    cr_assert_eq(count, 1);
    cr_expect_str_eq(found[0].id, result.id);
    cr_expect_eq(found[0].flags, MAIL_SEEN | MAIL_DRAFT | MAIL_UNSENT);
    cr_expect_eq(found[0].received, 1600000000);
    cr_expect_str_eq(found[0].message_id, "<1@example.org>");
    spool_free(&spool);
}

static char *sent_to_bert(void)
{
    size_t len;

    return exchange_content(t.exchange, "bert@example.com", NULL, 0, &len);
}

Test(memory_door, delivers_without_bcc_and_keeps_one_copy)
{
    static const char *const bcc[] = { "bert@example.com", NULL };
    static const char mime[] =
        "From: ann@example.com\r\nTo: far@example.net\r\n"
        "Bcc: secret@example.net\r\nMessage-ID: <2@x>\r\n\r\nx\r\n";
    struct spool *spool = spool_new(NULL, 0);
    struct remote_submission submission = { .content = spool, .bcc = bcc };
    char *got;

    spool_write(spool, mime, strlen(mime));
    cr_assert_eq(door->send(&t.op, t.remote, &submission), STATUS_OK);
    cr_expect_eq(
        exchange_count_message_id(t.exchange, USER, "sentitems", "<2@x>"), 1);
    cr_assert_eq(exchange_count(t.exchange, "bert@example.com", NULL), 1);
    got = sent_to_bert();
    cr_expect_null(strcasestr(got, "bcc"));
    cr_expect_null(strstr(got, "secret@"));
    free(got);
    spool_free(&spool);
}

static const struct {
    const char *name;
    const char *mime;
    enum status status;
} refusals[] = {
    { "nobody to send to", "From: ann@example.com\r\n\r\nx",
      STATUS_NO_RECIPIENT },
    { "another sender", "From: boss@example.com\r\nTo: a@b.c\r\n\r\nx",
      STATUS_SENDER_DENIED },
    { "no address", "To: nonsense\r\n\r\nx", STATUS_BAD_RECIPIENT },
    { "nothing at all", "", STATUS_BAD_CONTENT },
};

Test(memory_door, refuses_what_exchange_refuses_to_send)
{
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        struct spool *spool = spool_new(NULL, 0);
        struct remote_submission submission = { .content = spool };

        spool_write(spool, refusals[i].mime, strlen(refusals[i].mime));
        cr_expect_eq(door->send(&t.op, t.remote, &submission),
                     refusals[i].status, "%s", refusals[i].name);
        spool_free(&spool);
    }
    cr_expect_eq(exchange_count(t.exchange, USER, "sentitems"), 0);
}

Test(memory_door, reports_unknown_recipients_of_its_own)
{
    static const char mime[] = "To: ghost@example.com\r\n\r\nx";
    struct spool *spool = spool_new(NULL, 0);
    struct remote_submission submission = { .content = spool };

    spool_write(spool, mime, strlen(mime));
    cr_expect_eq(door->send(&t.op, t.remote, &submission), STATUS_OK);
    cr_expect_eq(exchange_count(t.exchange, USER, NULL), 1);
    spool_free(&spool);
}

static const struct {
    enum exchange_fault fault;
    const char *code;
    enum status status;
    size_t copies;
} write_faults[] = {
    { FAULT_HTTP_401, NULL, STATUS_AUTH_FAILED, 0 },
    { FAULT_HTTP_429, NULL, STATUS_BUSY, 0 },
    { FAULT_HTTP_503, NULL, STATUS_UNAVAILABLE, 0 },
    { FAULT_SERVER_BUSY, NULL, STATUS_BUSY, 0 },
    { FAULT_RESET_BEFORE, NULL, STATUS_UNCERTAIN, 0 },
    { FAULT_RESET_AFTER, NULL, STATUS_UNCERTAIN, 1 },
    { FAULT_TRUNCATED, NULL, STATUS_UNCERTAIN, 1 },
    { FAULT_HANG, NULL, STATUS_UNCERTAIN, 0 },
    { FAULT_LOGIN_PAGE, NULL, STATUS_UNAVAILABLE, 0 },
    { FAULT_RESPONSE_CODE, "ErrorQuotaExceeded", STATUS_OVER_QUOTA, 0 },
};

Test(memory_door, says_of_a_write_what_is_known_after_a_fault)
{
    const char *sent = folder_of(FOLDER_SENT);

    for (size_t i = 0; i < sizeof write_faults / sizeof *write_faults; i++) {
        struct remote_result result;
        const char *id;

        add(NULL, MESSAGE);
        id = read_list(folder_of(FOLDER_INBOX), NULL)->deltas[0].item.id;
        fault("CopyItem", write_faults[i].fault, 1, 0, write_faults[i].code);
        cr_expect_eq(door->items_copy(&t.op, t.remote, &id, 1, sent, &result),
                     write_faults[i].status, "fault %zu", i);
        cr_expect_eq(result.status, write_faults[i].status);
        cr_expect_eq(exchange_count(t.exchange, USER, "sentitems"),
                     write_faults[i].copies, "fault %zu", i);
        exchange_remove(t.exchange, USER, "sentitems", 0);
        exchange_remove(t.exchange, USER, NULL, 0);
    }
}

Test(memory_door, counts_calls_in_batches_of_a_hundred)
{
    struct remote_result *results = arena_array(t.arena, 250, sizeof *results);
    const char *ids[250];
    struct list *list;

    exchange_fill(t.exchange, USER, NULL, 250);
    list = read_list(folder_of(FOLDER_INBOX), NULL);
    for (size_t i = 0; i < 250; i++)
        ids[i] = list->deltas[i].item.id;
    exchange_reset_calls(t.exchange);
    cr_expect_eq(door->items_delete(&t.op, t.remote, ids, 250,
                                    REMOTE_DELETE_SOFT, results),
                 STATUS_OK);
    cr_expect_eq(exchange_calls(t.exchange, "DeleteItem"), 3);
    cr_expect_eq(exchange_calls(t.exchange, NULL), 3);
    cr_expect_eq(exchange_count(t.exchange, USER, NULL), 0);
    cr_expect_eq(door->items_delete(&t.op, t.remote, ids, 1, REMOTE_DELETE_SOFT,
                                    results),
                 STATUS_NOT_FOUND);
}
