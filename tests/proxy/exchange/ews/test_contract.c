/*
 * test_contract.c - the backend against the simulated Exchange: what backend.h
 * says
 */
#include <criterion/criterion.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "tests/exchange/exchange.h"
#include "proxy/exchange/ews/ews.h"
#include "tests/proxy/exchange/ews/mailbox.h"

#define USER "ann@example.com"
#define LISTED_MAX 3000

/* --- A server and a mailbox ----------------------------------------------- */

struct scene {
    struct exchange *exchange;
    struct mailbox mailbox;
    struct op *op;
    struct remote *remote;
};

static void begin_with(struct scene *scene, enum exchange_version version,
                       bool tls, unsigned auth)
{
    scene->exchange = exchange_new(version);
    exchange_add_user(scene->exchange, USER, "Ann Lee", "secret", "en");
    exchange_add_user(scene->exchange, "bob@example.com", "Bob", "secret",
                      "de");
    cr_assert(exchange_serve(scene->exchange, 0, tls, auth) != 0);
    mailbox_init(&scene->mailbox, exchange_url(scene->exchange));
    if (tls)
        mailbox_set(&scene->mailbox, "exchange.ca",
                    exchange_ca_file(scene->exchange));
    mailbox_set(&scene->mailbox, "store.path", "memory");
    scene->op = &scene->mailbox.op;
}

static void log_in(struct scene *scene)
{
    cr_assert_eq(mailbox_open_as(&scene->mailbox, USER, "secret"), STATUS_OK,
                 "%s", scene->op->reason);
    scene->remote = scene->mailbox.remote;
}

static void begin(struct scene *scene, enum exchange_version version)
{
    begin_with(scene, version, false, EXCHANGE_BASIC);
    log_in(scene);
}

static void end(struct scene *scene)
{
    mailbox_fini(&scene->mailbox);
    exchange_stop(scene->exchange);
    exchange_free(&scene->exchange);
}

static void add(struct scene *scene, const char *text, bool read)
{
    cr_assert_not_null(exchange_add_message(scene->exchange, USER, NULL, text,
                                            strlen(text), 1700000000, read));
}

/* Adds messages "Message 0", "Message 1" and so on to the inbox. */
static void add_many(struct scene *scene, size_t count)
{
    char text[512];

    for (size_t i = 0; i < count; i++) {
        snprintf(
            text, sizeof text,
            "From: Bob <bob@example.com>\r\nTo: ann@example.com\r\n"
            "Date: Tue, 14 Nov 2023 22:13:20 +0000\r\nSubject: Message %zu\r\n"
            "Message-ID: <m%zu@example.com>\r\nMIME-Version: 1.0\r\n"
            "Content-Type: text/plain\r\n\r\nThe text of number %zu.\r\n",
            i, i, i);
        add(scene, text, i % 2 == 1);
    }
}

/* --- What lists give ------------------------------------------------------ */

struct listed {
    struct arena *arena;
    struct remote_item items[LISTED_MAX];
    enum remote_item_change changes[LISTED_MAX];
    size_t count;
    size_t pages;
    char *state;
};

static void keep(struct listed *listed, const struct remote_item *item,
                 enum remote_item_change change)
{
    struct remote_item *copy = &listed->items[listed->count];
    size_t categories = 0;

    cr_assert_lt(listed->count, LISTED_MAX);
    *copy = *item;
    copy->id = arena_strdup(listed->arena, item->id);
    copy->change_key = arena_strdup(listed->arena, item->change_key);
    copy->class = arena_strdup(listed->arena, item->class);
    copy->message_id = arena_strdup(listed->arena, item->message_id);
    copy->search_key = arena_strdup(listed->arena, item->search_key);
    if (item->categories != NULL) {
        while (item->categories[categories] != NULL)
            categories++;
        const char **names =
            arena_array(listed->arena, categories + 1, sizeof *names);
        for (size_t i = 0; i < categories; i++)
            names[i] = arena_strdup(listed->arena, item->categories[i]);
        copy->categories = names;
    }
    listed->changes[listed->count++] = change;
}

static bool keep_page(void *context, const struct remote_item_page *page)
{
    struct listed *listed = context;

    cr_expect_leq(page->count, 512);
    for (size_t i = 0; i < page->count; i++)
        keep(listed, &page->deltas[i].item, page->deltas[i].change);
    listed->pages++;
    listed->state = arena_strdup(listed->arena, page->state);
    return true;
}

static bool keep_rows(void *context, const struct remote_item *items,
                      size_t count)
{
    struct listed *listed = context;

    for (size_t i = 0; i < count; i++)
        keep(listed, &items[i], REMOTE_ITEM_PRESENT);
    listed->pages++;
    return true;
}

static enum status sync_from(struct scene *scene, const char *folder,
                             const char *state, struct listed *listed)
{
    listed->arena = scene->mailbox.arena;
    listed->count = listed->pages = 0;
    return ews_backend.items_sync(scene->op, scene->remote, folder, state,
                                  keep_page, listed);
}

struct tree {
    struct arena *arena;
    struct remote_folder folders[200];
    size_t count;
    size_t gone;
    char *state;
};

static bool keep_folders(void *context,
                         const struct remote_folder_change *changes,
                         size_t count, const char *state, bool last)
{
    struct tree *tree = context;

    (void)last;
    for (size_t i = 0; i < count; i++) {
        if (changes[i].change == REMOTE_GONE) {
            tree->gone++;
            continue;
        }
        struct remote_folder *folder = &tree->folders[tree->count++];
        *folder = changes[i].folder;
        folder->id = arena_strdup(tree->arena, folder->id);
        folder->parent = arena_strdup(tree->arena, folder->parent);
        folder->name = arena_strdup(tree->arena, folder->name);
    }
    tree->state = arena_strdup(tree->arena, state);
    return true;
}

static enum status sync_tree(struct scene *scene, const char *state,
                             struct tree *tree)
{
    *tree = (struct tree){ .arena = scene->mailbox.arena };
    return ews_backend.folders_sync(scene->op, scene->remote, state,
                                    keep_folders, tree);
}

static const struct remote_folder *folder_with_use(const struct tree *tree,
                                                   enum folder_use use)
{
    for (size_t i = 0; i < tree->count; i++)
        if (tree->folders[i].use == use)
            return &tree->folders[i];
    return NULL;
}

/* The id of a folder with a use, straight from a sync of the tree. */
static const char *id_of(struct scene *scene, enum folder_use use)
{
    struct tree tree;

    cr_assert_eq(sync_tree(scene, NULL, &tree), STATUS_OK, "%s",
                 scene->op->reason);
    const struct remote_folder *folder = folder_with_use(&tree, use);
    cr_assert_not_null(folder, "no folder with the use %d", use);
    return folder->id;
}

/* --- Doors ---------------------------------------------------------------- */

/* clang-format off */
static const struct {
    const char *name, *user, *password, *auth;
    bool tls;
    unsigned offers;
    enum status status;
    unsigned other; /* requests that are no calls: at most */
} doors[] = {
    { "Basic",                       USER,          "secret", "auto",  false, EXCHANGE_BASIC, STATUS_OK, 0 },
    { "Basic over TLS",              USER,          "secret", "auto",  true,  EXCHANGE_BASIC, STATUS_OK, 0 },
    { "NTLM where nothing else is",  USER,          "secret", "auto",  false, EXCHANGE_NTLM,  STATUS_OK, 2 },
    { "NTLM over TLS",               USER,          "secret", "ntlm",  true,  EXCHANGE_NTLM,  STATUS_OK, 1 },
    { "NTLM with a domain",          "EXAMPLE\\ann", "secret", "ntlm", false, EXCHANGE_NTLM,  STATUS_OK, 1 },
    { "both",                        USER,          "secret", "auto",  false, EXCHANGE_BASIC | EXCHANGE_NTLM, STATUS_OK, 0 },
    { "a wrong password",            USER,          "wrong",  "auto",  false, EXCHANGE_BASIC, STATUS_AUTH_FAILED, 2 },
    { "a wrong password with NTLM",  USER,          "wrong",  "ntlm",  false, EXCHANGE_NTLM,  STATUS_AUTH_FAILED, 4 },
    { "nobody",                      "eve@example.com", "secret", "auto", false, EXCHANGE_BASIC, STATUS_AUTH_FAILED, 2 },
};
/* clang-format on */

Test(ews_contract, opens_with_what_the_server_offers, .timeout = 600)
{
    for (size_t i = 0; i < sizeof doors / sizeof *doors; i++) {
        struct scene scene;
        begin_with(&scene, EXCHANGE_2016, doors[i].tls, doors[i].offers);
        mailbox_set(&scene.mailbox, "exchange.auth", doors[i].auth);
        enum status status =
            mailbox_open_as(&scene.mailbox, doors[i].user, doors[i].password);
        cr_expect_eq(status, doors[i].status, "%s: %s, %s", doors[i].name,
                     status_name(status), scene.op->reason);
        cr_expect_leq(exchange_calls(scene.exchange, "HTTP"), doors[i].other,
                      "%s: %u", doors[i].name,
                      exchange_calls(scene.exchange, "HTTP"));
        if (status == STATUS_OK) {
            cr_expect_str_eq(scene.mailbox.about.address, USER, "%s",
                             doors[i].name);
            cr_expect_leq(exchange_calls(scene.exchange, NULL) -
                              exchange_calls(scene.exchange, "HTTP"),
                          3);
        }
        end(&scene);
    }
}

Test(ews_contract, believes_only_certificates_that_are_known)
{
    struct scene scene;

    begin_with(&scene, EXCHANGE_2016, true, EXCHANGE_BASIC);
    mailbox_set(&scene.mailbox, "exchange.ca", "");
    cr_expect_eq(mailbox_open_as(&scene.mailbox, USER, "secret"),
                 STATUS_UNAVAILABLE);
    cr_expect_not_null(strstr(scene.op->reason, "ertificate"), "%s",
                       scene.op->reason);
    cr_expect_eq(exchange_calls(scene.exchange, NULL), 0);
    end(&scene);
}

/* --- Folders -------------------------------------------------------------- */

static void check_tree(struct scene *scene, const char *version)
{
    static const struct {
        enum folder_use use;
        const char *name;
        enum folder_kind kind;
    } uses[] = {
        { FOLDER_INBOX, "Inbox", FOLDER_MAIL },
        { FOLDER_DRAFTS, "Drafts", FOLDER_MAIL },
        { FOLDER_SENT, "Sent Items", FOLDER_MAIL },
        { FOLDER_TRASH, "Deleted Items", FOLDER_MAIL },
        { FOLDER_CALENDAR_MAIN, "Calendar", FOLDER_CALENDAR },
        { FOLDER_CONTACTS_MAIN, "Contacts", FOLDER_CONTACTS },
        { FOLDER_TASKS_MAIN, "Tasks", FOLDER_TASKS },
    };
    struct tree tree;

    cr_assert_eq(sync_tree(scene, NULL, &tree), STATUS_OK, "%s: %s", version,
                 scene->op->reason);
    for (size_t i = 0; i < sizeof uses / sizeof *uses; i++) {
        const struct remote_folder *folder =
            folder_with_use(&tree, uses[i].use);
        cr_assert_not_null(folder, "%s: %s", version, uses[i].name);
        cr_expect_str_eq(folder->name, uses[i].name, "%s", version);
        cr_expect_eq(folder->kind, uses[i].kind, "%s: %s", version,
                     uses[i].name);
        cr_expect(!folder->hidden && folder->syncable, "%s: %s", version,
                  uses[i].name);
    }
}

static void change_tree(struct scene *scene, const char *version)
{
    const struct backend *b = &ews_backend;
    struct tree tree;
    const char *parent, *child, *again;

    sync_tree(scene, NULL, &tree);
    char *state = tree.state;
    cr_expect_eq(b->folder_create(scene->op, scene->remote, NULL, FOLDER_MAIL,
                                  "A <&> \"B\" \xc3\xa4", &parent),
                 STATUS_OK, "%s", version);
    cr_expect_eq(b->folder_create(scene->op, scene->remote, parent, FOLDER_MAIL,
                                  "c/d", &child),
                 STATUS_OK, "%s", version);
    cr_expect_eq(b->folder_create(scene->op, scene->remote, parent, FOLDER_MAIL,
                                  "C/D", &again),
                 STATUS_EXISTS, "%s", version);
    cr_expect_null(again);
    cr_assert_eq(sync_tree(scene, state, &tree), STATUS_OK);
    cr_assert_eq(tree.count, 2, "%s: %zu", version, tree.count);
    cr_expect_str_eq(tree.folders[0].name, "A <&> \"B\" \xc3\xa4");
    cr_expect_str_eq(tree.folders[1].parent, parent);
    cr_expect_str_eq(tree.folders[1].id, child);

    state = tree.state;
    cr_expect_eq(b->folder_update(scene->op, scene->remote, child, "e", ""),
                 STATUS_OK, "%s: %s", version, scene->op->reason);
    cr_assert_eq(sync_tree(scene, state, &tree), STATUS_OK);
    cr_expect_eq(tree.count, 1, "%s", version);
    cr_expect_str_eq(tree.folders[0].name, "e");
    cr_expect_str_neq(tree.folders[0].parent, parent);

    state = tree.state;
    cr_expect_eq(
        b->folder_delete(scene->op, scene->remote, child, REMOTE_DELETE_HARD),
        STATUS_OK);
    cr_assert_eq(sync_tree(scene, state, &tree), STATUS_OK);
    cr_expect_eq(tree.gone, 1, "%s", version);
    cr_expect_eq(
        b->folder_delete(scene->op, scene->remote, child, REMOTE_DELETE_HARD),
        STATUS_NO_FOLDER, "%s", version);
    cr_expect_eq(b->folder_update(scene->op, scene->remote, child, "f", NULL),
                 STATUS_NO_FOLDER, "%s", version);
}

static void check_stamps(struct scene *scene, const char *version)
{
    const char *ids[] = { id_of(scene, FOLDER_INBOX),
                          "bm9uZQ==", id_of(scene, FOLDER_SENT) };
    struct remote_stamp before[3], after[3];

    cr_assert_eq(
        ews_backend.folder_stamps(scene->op, scene->remote, ids, 3, before),
        STATUS_OK, "%s: %s", version, scene->op->reason);
    cr_expect_eq(before[1].status, STATUS_NO_FOLDER, "%s: %s", version,
                 status_name(before[1].status));
    add_many(scene, 3);
    cr_assert_eq(
        ews_backend.folder_stamps(scene->op, scene->remote, ids, 3, after),
        STATUS_OK);
    cr_expect_eq(after[0].total, before[0].total + 3, "%s", version);
    cr_expect_eq(after[0].unread, before[0].unread + 2, "%s", version);
    cr_expect_eq(after[2].total, before[2].total, "%s", version);
    cr_expect_eq(after[2].committed, before[2].committed, "%s", version);
    cr_expect_geq(after[2].taken, before[2].taken, "%s", version);
    cr_expect_leq(after[0].committed, after[0].taken + 2, "%s", version);
    cr_expect_neq(after[0].committed, TIME_NONE, "%s", version);
}

static const char *const version_names[] = {
    "2007 SP1", "2010 SP1", "2010 SP2", "2013 SP1", "2016", "2019",
};

Test(ews_contract, keeps_the_folder_tree, .timeout = 600)
{
    for (enum exchange_version v = 0; v < EXCHANGE_VERSION_COUNT; v++) {
        struct scene scene;
        begin(&scene, v);
        check_tree(&scene, version_names[v]);
        change_tree(&scene, version_names[v]);
        check_stamps(&scene, version_names[v]);
        end(&scene);
    }
}

/* --- Items ---------------------------------------------------------------- */

Test(ews_contract, lists_a_folder_page_by_page, .timeout = 600)
{
    static struct listed listed, rows;
    struct scene scene;

    begin(&scene, EXCHANGE_2016);
    exchange_fill(scene.exchange, USER, NULL, 1200);
    const char *inbox = id_of(&scene, FOLDER_INBOX);
    exchange_reset_calls(scene.exchange);
    cr_assert_eq(sync_from(&scene, inbox, NULL, &listed), STATUS_OK, "%s",
                 scene.op->reason);
    cr_expect_eq(listed.count, 1200);
    cr_expect_eq(exchange_calls(scene.exchange, NULL), 3, "N/512");
    cr_expect_eq(sync_from(&scene, inbox, listed.state, &rows), STATUS_OK);
    cr_expect_eq(rows.count, 0);

    exchange_mark_read(scene.exchange, USER, NULL, 5, true);
    exchange_mark_read(scene.exchange, USER, NULL, 5, false);
    exchange_remove(scene.exchange, USER, NULL, 7);
    add_many(&scene, 1);
    cr_assert_eq(sync_from(&scene, inbox, listed.state, &rows), STATUS_OK);
    cr_expect_eq(rows.count, 3, "%zu", rows.count);

    rows.arena = scene.mailbox.arena;
    rows.count = 0;
    cr_assert_eq(
        ews_backend.items_list(scene.op, scene.remote, inbox, keep_rows, &rows),
        STATUS_OK, "%s", scene.op->reason);
    cr_expect_eq(rows.count, 1200, "%zu", rows.count);
    for (size_t i = 1; i < rows.count; i++)
        cr_assert_lt(rows.items[i - 1].article, rows.items[i].article,
                     "by arrival");

    exchange_invalidate_sync(scene.exchange, USER);
    cr_expect_eq(sync_from(&scene, inbox, listed.state, &rows), STATUS_STALE);
    cr_expect_eq(sync_from(&scene, "bm9uZQ==", NULL, &rows), STATUS_NO_FOLDER);
    end(&scene);
}

struct content {
    struct arena *arena;
    char *text[200];
    size_t len[200];
    enum status status[200];
    size_t count;
};

static bool keep_read(void *context, struct remote_read *read)
{
    struct content *content = context;

    cr_expect_eq(read->index, content->count, "in order");
    content->status[read->index] = read->status;
    if (read->content != NULL)
        content->text[read->index] = mailbox_text(content->arena, read->content,
                                                  &content->len[read->index]);
    else if (read->header != NULL)
        content->text[read->index] =
            arena_strndup(content->arena, read->header, read->header_len);
    content->count++;
    return true;
}

static enum status read_all(struct scene *scene, const struct listed *listed,
                            enum remote_part part, struct content *content)
{
    const char *ids[200];
    uint32_t sizes[200];

    *content = (struct content){ .arena = scene->mailbox.arena };
    for (size_t i = 0; i < listed->count; i++) {
        ids[i] = listed->items[i].id;
        sizes[i] = listed->items[i].size;
    }
    return ews_backend.items_read(scene->op, scene->remote, ids, sizes,
                                  listed->count, part, keep_read, content);
}

static bool keep_preview(void *context, size_t index, enum status status,
                         const char *text)
{
    struct content *content = context;

    content->status[index] = status;
    content->text[index] = arena_strdup(content->arena, text);
    content->count++;
    return true;
}

static void check_previews(struct scene *scene, const struct listed *listed,
                           bool has_previews)
{
    static struct content content;
    const char *ids[200];

    content = (struct content){ .arena = scene->mailbox.arena };
    for (size_t i = 0; i < listed->count; i++)
        ids[i] = listed->items[i].id;
    enum status status =
        ews_backend.items_preview(scene->op, scene->remote, ids, listed->count,
                                  keep_preview, &content);
    cr_expect_eq(status, has_previews ? STATUS_OK : STATUS_UNSUPPORTED);
    cr_expect_eq(content.count, has_previews ? listed->count : 0);
    for (size_t i = 0; i < content.count; i++)
        cr_expect(content.text[i] != NULL && *content.text[i] != '\0');
}

static void check_contents(struct scene *scene, const char *version)
{
    static struct listed listed;
    static struct content content;
    const char *inbox = id_of(scene, FOLDER_INBOX);

    cr_assert_eq(sync_from(scene, inbox, NULL, &listed), STATUS_OK, "%s",
                 version);
    cr_assert_eq(listed.count, 12, "%s: %zu", version, listed.count);
    exchange_reset_calls(scene->exchange);
    cr_assert_eq(read_all(scene, &listed, REMOTE_CONTENT, &content), STATUS_OK,
                 "%s", version);
    cr_expect_eq(exchange_calls(scene->exchange, NULL), 1, "%s", version);
    for (size_t i = 0; i < listed.count; i++) {
        size_t nth = 0, len;
        sscanf(strstr(content.text[i], "Message ") + 8, "%zu", &nth);
        char *expected =
            exchange_content(scene->exchange, USER, NULL, nth, &len);
        cr_expect_eq(content.len[i], len, "%s", version);
        cr_expect_eq(memcmp(content.text[i], expected, len), 0, "%s", version);
        cr_expect_eq((listed.items[i].flags & MAIL_SEEN) != 0, nth % 2 == 1,
                     "%s", version);
        cr_expect_eq(listed.items[i].received, 1700000000, "%s", version);
        cr_expect_str_eq(listed.items[i].class, "IPM.Note", "%s", version);
        cr_expect_not_null(listed.items[i].message_id, "%s", version);
        free(expected);
    }
    check_previews(scene, &listed,
                   ews_version(ews_of(scene->remote)) >= EWS_2013);
    cr_assert_eq(read_all(scene, &listed, REMOTE_HEADER, &content), STATUS_OK,
                 "%s", version);
    for (size_t i = 0; i < content.count; i++) {
        cr_expect_eq(content.status[i], STATUS_OK, "%s", version);
        if (content.text[i] != NULL) {
            cr_expect(str_ends_nocase(content.text[i], "\r\n\r\n"), "%s",
                      version);
            cr_expect_not_null(strstr(content.text[i], "Subject: Message "),
                               "%s", version);
        }
    }
}

Test(ews_contract, reads_what_is_there, .timeout = 600)
{
    for (enum exchange_version v = 0; v < EXCHANGE_VERSION_COUNT; v++) {
        struct scene scene;
        begin(&scene, v);
        add_many(&scene, 12);
        check_contents(&scene, version_names[v]);
        end(&scene);
    }
}

/* --- Flags ---------------------------------------------------------------- */

static uint32_t set_flags(struct scene *scene, const char *inbox,
                          uint32_t old_flags, uint32_t flags,
                          const char *const *categories, struct listed *listed)
{
    const struct remote_update update = {
        listed->items[0].id, old_flags, flags, true, categories, NULL
    };
    struct remote_result result;

    cr_assert_eq(
        ews_backend.items_update(scene->op, scene->remote, &update, 1, &result),
        STATUS_OK, "%s", scene->op->reason);
    cr_assert_eq(result.status, STATUS_OK, "%s", scene->op->reason);
    cr_assert_not_null(result.id);
    cr_expect_str_eq(result.id, listed->items[0].id);
    cr_expect_not_null(result.change_key);
    cr_assert_eq(sync_from(scene, inbox, NULL, listed), STATUS_OK);
    return listed->items[0].flags;
}

/* A change under a key that is not the item's any more does nothing. */
static void check_conflict(struct scene *scene, const char *version)
{
    static struct listed listed;
    const char *inbox = id_of(scene, FOLDER_INBOX);
    struct remote_result result;

    cr_assert_eq(sync_from(scene, inbox, NULL, &listed), STATUS_OK);
    const struct remote_item item = listed.items[0];
    struct remote_update update = {
        item.id, item.flags, item.flags ^ MAIL_FLAGGED,
        false,   NULL,       item.change_key
    };
    cr_expect_eq(
        ews_backend.items_update(scene->op, scene->remote, &update, 1, &result),
        STATUS_OK, "%s", version);
    cr_expect_eq(result.status, STATUS_OK, "%s", version);
    update.old_flags = update.flags;
    update.flags ^= MAIL_SEEN;
    ews_backend.items_update(scene->op, scene->remote, &update, 1, &result);
    cr_expect_eq(result.status, STATUS_CONFLICT, "%s", version);
    cr_assert_eq(sync_from(scene, inbox, NULL, &listed), STATUS_OK);
    cr_expect_eq(listed.items[0].flags, item.flags ^ MAIL_FLAGGED, "%s",
                 version);
}

/* Any flags after any others. */
static void check_flags(struct scene *scene, const char *version)
{
    static const char *const categories[] = { "Red & <b>",
                                              "\xc3\x9c"
                                              "bung (1)",
                                              NULL };
    static struct listed listed;
    const char *inbox = id_of(scene, FOLDER_INBOX);
    uint32_t flags = 0;

    cr_assert_eq(sync_from(scene, inbox, NULL, &listed), STATUS_OK);
    for (uint32_t n = 0; n < 40; n++) {
        uint32_t wanted =
            ((n * 197 + n * n * 31) & MAIL_ALL_FLAGS) | (flags & MAIL_UNSENT);
        bool with = n % 3 == 1;
        uint32_t got = set_flags(scene, inbox, flags, wanted,
                                 with ? categories : NULL, &listed);
        cr_assert_eq(got, wanted, "%s: 0x%x after 0x%x gives 0x%x", version,
                     wanted, flags, got);
        cr_expect_eq(listed.items[0].categories != NULL, with, "%s", version);
        if (with)
            cr_expect(str_equal(listed.items[0].categories[0], categories[0]) &&
                      str_equal(listed.items[0].categories[1], categories[1]));
        flags = wanted;
    }
}

Test(ews_contract, keeps_every_combination_of_flags, .timeout = 600)
{
    for (enum exchange_version v = 0; v < EXCHANGE_VERSION_COUNT; v++) {
        struct scene scene;
        begin(&scene, v);
        add_many(&scene, 1);
        check_flags(&scene, version_names[v]);
        check_conflict(&scene, version_names[v]);
        end(&scene);
    }
}

/* --- Places --------------------------------------------------------------- */

static void check_places(struct scene *scene, enum exchange_version version)
{
    static struct listed listed, target;
    const struct backend *b = &ews_backend;
    const char *inbox = id_of(scene, FOLDER_INBOX),
               *trash = id_of(scene, FOLDER_TRASH);
    const char *name = version_names[version];
    const char *ids[4];
    struct remote_result results[4];

    cr_assert_eq(sync_from(scene, inbox, NULL, &listed), STATUS_OK);
    for (size_t i = 0; i < 3; i++)
        ids[i] = listed.items[i].id;
    ids[3] = "bm9uZQ==";
    exchange_reset_calls(scene->exchange);
    cr_expect_eq(
        b->items_copy(scene->op, scene->remote, ids, 4, trash, results),
        STATUS_OK, "%s: %s", name, scene->op->reason);
    cr_expect_eq(results[0].status, STATUS_OK, "%s", name);
    cr_expect_eq(results[3].status, STATUS_NOT_FOUND, "%s", name);
    cr_assert_eq(sync_from(scene, trash, NULL, &target), STATUS_OK);
    cr_expect_eq(target.count, 3, "%s", name);
    cr_expect_eq(results[1].id != NULL, version != EXCHANGE_2007_SP1, "%s",
                 name);

    cr_expect_eq(
        b->items_move(scene->op, scene->remote, ids, 2, trash, results),
        STATUS_OK, "%s: %s", name, scene->op->reason);
    cr_expect_eq(exchange_calls(scene->exchange, "CopyItem"), 1);
    cr_expect_eq(exchange_calls(scene->exchange, "MoveItem"), 1);
    cr_assert_eq(sync_from(scene, trash, NULL, &target), STATUS_OK);
    cr_expect_eq(target.count, 5, "%s", name);
    cr_expect_eq(exchange_count(scene->exchange, USER, NULL), 1, "%s", name);
    cr_expect_eq(b->items_move(scene->op, scene->remote, ids + 2, 1,
                               "bm9uZQ==", results),
                 STATUS_OK, "%s", name);
    cr_expect_eq(results[0].status, STATUS_NO_FOLDER, "%s: %s", name,
                 status_name(results[0].status));

    cr_expect_eq(b->items_delete(scene->op, scene->remote, ids, 4,
                                 REMOTE_DELETE_SOFT, results),
                 STATUS_OK, "%s: %s", name, scene->op->reason);
    cr_expect_eq(results[0].status, STATUS_NOT_FOUND, "%s", name);
    cr_expect_eq(results[2].status, STATUS_OK, "%s", name);
    cr_expect_eq(exchange_count(scene->exchange, USER, NULL), 0, "%s", name);
}

Test(ews_contract, copies_moves_and_deletes, .timeout = 600)
{
    for (enum exchange_version v = 0; v < EXCHANGE_VERSION_COUNT; v++) {
        struct scene scene;
        begin(&scene, v);
        add_many(&scene, 3);
        check_places(&scene, v);
        end(&scene);
    }
}

/* --- Storing and sending -------------------------------------------------- */

#define HELLO                                                                  \
    "From: Ann <ann@example.com>\r\nTo: bob@example.com\r\n"                   \
    "Date: Mon, 1 Jan 2024 10:00:00 +0000\r\nSubject: Hello\r\n"               \
    "Message-ID: <hello@example.com>\r\nMIME-Version: 1.0\r\n"                 \
    "Content-Type: text/plain; charset=utf-8\r\n\r\nHello \xc3\xa4.\r\n"

static void check_storing(struct scene *scene, const char *version)
{
    static const char *const categories[] = { "Red", NULL };
    static struct listed listed;
    const char *drafts = id_of(scene, FOLDER_DRAFTS);
    struct spool *spool = mailbox_spool(HELLO, strlen(HELLO));
    const uint32_t flags[] = { 0, MAIL_SEEN, MAIL_SEEN | MAIL_DRAFT,
                               MAIL_ALL_FLAGS,
                               MAIL_ALL_FLAGS &
                                   ~(uint32_t)(MAIL_DRAFT | MAIL_SEEN) };
    struct remote_item *items;
    size_t count;

    for (size_t i = 0; i < 5; i++) {
        char token[16];
        snprintf(token, sizeof token, "attempt%zu", i);
        const struct remote_new item = { spool, flags[i], categories,
                                         1600000000, token };
        struct remote_result result;
        cr_assert_eq(ews_backend.item_create(scene->op, scene->remote, drafts,
                                             &item, &result),
                     STATUS_OK, "%s: %s", version, scene->op->reason);
        cr_expect_eq(result.status, STATUS_OK);
        cr_assert_not_null(result.id, "%s", version);
        cr_assert_eq(ews_backend.find_new(scene->op, scene->remote, drafts,
                                          token, "<hello@example.com>",
                                          time_now() - 5, &items, &count),
                     STATUS_OK, "%s: %s", version, scene->op->reason);
        cr_assert_eq(count, 1, "%s: %zu of attempt %zu", version, count, i);
        cr_expect_str_eq(items[0].id, result.id, "%s", version);
        uint32_t unsent = flags[i] & MAIL_DRAFT ? MAIL_UNSENT : 0;
        cr_expect_eq(items[0].flags, flags[i] | unsent, "%s: 0x%x becomes 0x%x",
                     version, flags[i], items[0].flags);
        cr_expect_eq(items[0].received, 1600000000, "%s", version);
        cr_expect_str_eq(items[0].categories[0], "Red", "%s", version);
        cr_expect_str_eq(items[0].message_id, "<hello@example.com>", "%s",
                         version);
    }
    cr_expect_eq(ews_backend.find_new(scene->op, scene->remote, drafts,
                                      "another", "<hello@example.com>", 0,
                                      &items, &count),
                 STATUS_OK);
    cr_expect_eq(count, 0, "%s: what others made", version);
    cr_assert_eq(sync_from(scene, drafts, NULL, &listed), STATUS_OK);
    static struct content content;
    cr_assert_eq(read_all(scene, &listed, REMOTE_CONTENT, &content), STATUS_OK);
    cr_expect_str_eq(content.text[0], HELLO, "%s", version);
    spool_free(&spool);
}

static void check_sending(struct scene *scene, const char *version)
{
    static const char *const bcc[] = { USER, NULL };
    struct spool *spool = mailbox_spool(HELLO, strlen(HELLO));
    const struct remote_submission submission = { spool, bcc, false, "sent" };
    struct remote_item *items;
    size_t count;

    cr_assert_eq(ews_backend.send(scene->op, scene->remote, &submission),
                 STATUS_OK, "%s: %s", version, scene->op->reason);
    cr_expect_eq(exchange_count_message_id(scene->exchange, "bob@example.com",
                                           NULL, "<hello@example.com>"),
                 1, "%s", version);
    cr_expect_eq(exchange_count_message_id(scene->exchange, USER, NULL,
                                           "<hello@example.com>"),
                 1, "%s: Bcc", version);
    cr_assert_eq(ews_backend.find_new(scene->op, scene->remote, NULL, "sent",
                                      "<hello@example.com>", time_now() - 5,
                                      &items, &count),
                 STATUS_OK, "%s: %s", version, scene->op->reason);
    cr_expect_eq(count, 1, "%s: %zu copies in Sent", version, count);
    spool_free(&spool);
}

Test(ews_contract, stores_and_sends, .timeout = 600)
{
    for (enum exchange_version v = 0; v < EXCHANGE_VERSION_COUNT; v++) {
        struct scene scene;
        begin(&scene, v);
        check_storing(&scene, version_names[v]);
        check_sending(&scene, version_names[v]);
        end(&scene);
    }
}

/* --- Searching ------------------------------------------------------------ */

static bool count_ids(void *context, const char *const ids[], size_t count)
{
    (void)ids;
    *(size_t *)context += count;
    return true;
}

Test(ews_contract, searches, .timeout = 600)
{
    /* clang-format off */
    static const struct {
        enum mail_search_field field;
        const char *name, *text;
        size_t count;
    } searches[] = {
        { MAIL_SEARCH_SUBJECT, NULL,         "message 3",           1 },
        { MAIL_SEARCH_SUBJECT, NULL,         "<nothing>",           0 },
        { MAIL_SEARCH_BODY,    NULL,         "TEXT of number",     12 },
        { MAIL_SEARCH_FROM,    NULL,         "bob@example",        12 },
        { MAIL_SEARCH_TO,      NULL,         "ann@example",        12 },
        { MAIL_SEARCH_TEXT,    NULL,         "number 11",           1 },
        { MAIL_SEARCH_HEADER,  "Message-ID", "m7@",                 1 },
        { MAIL_SEARCH_HEADER,  "Subject",    "",                   12 },
    };
    /* clang-format on */

    for (enum exchange_version v = 0; v < EXCHANGE_VERSION_COUNT; v++) {
        struct scene scene;
        begin(&scene, v);
        add_many(&scene, 12);
        const char *inbox = id_of(&scene, FOLDER_INBOX);
        for (size_t i = 0; i < sizeof searches / sizeof *searches; i++) {
            size_t count = 0;
            enum status status = ews_backend.search(
                scene.op, scene.remote, inbox, searches[i].field,
                searches[i].name, searches[i].text, count_ids, &count);
            cr_expect_eq(status, STATUS_OK, "%s, search %zu: %s",
                         version_names[v], i, scene.op->reason);
            cr_expect_eq(count, searches[i].count, "%s, \"%s\": %zu",
                         version_names[v], searches[i].text, count);
        }
        end(&scene);
    }
}

Test(ews_contract, searches_for_words_where_there_is_an_index, .timeout = 600)
{
    /* clang-format off */
    static const struct {
        enum mail_search_field field;
        const char *text;
        size_t count;
    } searches[] = {
        { MAIL_SEARCH_SUBJECT, "3 MESSAGE",     1 },
        { MAIL_SEARCH_SUBJECT, "mess",         12 },
        { MAIL_SEARCH_SUBJECT, "essage",        0 },
        { MAIL_SEARCH_SUBJECT, "text",          0 },
        { MAIL_SEARCH_SUBJECT, "nothing OR message", 0 },
        { MAIL_SEARCH_BODY,    "number text",  12 },
        { MAIL_SEARCH_FROM,    "bob@example",  12 },
        { MAIL_SEARCH_TO,      "bob@example",   0 },
        { MAIL_SEARCH_TEXT,    "bob numb",     12 },
    };
    /* clang-format on */

    for (enum exchange_version v = 0; v < EXCHANGE_VERSION_COUNT; v++) {
        struct scene scene;
        bool has_index = v > EXCHANGE_2007_SP1;
        begin(&scene, v);
        add_many(&scene, 12);
        const char *inbox = id_of(&scene, FOLDER_INBOX);
        for (size_t i = 0; i < sizeof searches / sizeof *searches; i++) {
            size_t count = 0;
            enum status status = ews_backend.search_words(
                scene.op, scene.remote, inbox, searches[i].field,
                searches[i].text, count_ids, &count);
            cr_expect_eq(status, has_index ? STATUS_OK : STATUS_UNSUPPORTED,
                         "%s, search %zu: %s", version_names[v], i,
                         scene.op->reason);
            cr_expect_eq(count, has_index ? searches[i].count : 0,
                         "%s, \"%s\": %zu", version_names[v],
                         searches[i].text, count);
        }
        end(&scene);
    }
}

/* --- Faults --------------------------------------------------------------- */

/* clang-format off */

/* One fault on the way, while reading twelve messages and while deleting four. */
static const struct {
    const char *name;
    enum exchange_fault fault;
    long parameter;
    enum status reading;
    const char *deleting;  /* o: done, u: uncertain, t: unavailable */
    size_t left;           /* messages after that */
} faults[] = {
    { "401",            FAULT_HTTP_401,          0, STATUS_OK, "oooo", 8 },
    { "429",            FAULT_HTTP_429,          1, STATUS_OK, "oooo", 8 },
    { "500",            FAULT_HTTP_500,          0, STATUS_OK, "uuuu", 12 },
    { "503",            FAULT_HTTP_503,          1, STATUS_OK, "oooo", 8 },
    { "busy",           FAULT_SERVER_BUSY,     300, STATUS_OK, "oooo", 8 },
    { "busy within",    FAULT_SERVER_BUSY_INNER, 300, STATUS_OK, "oooo", 8 },
    { "single items",   FAULT_ITEM_TRANSIENT,    0, STATUS_OK, "oooo", 8 },
    { "a stop",         FAULT_BATCH_STOPPED,     2, STATUS_OK, "oooo", 8 },
    { "a reset before", FAULT_RESET_BEFORE,      0, STATUS_OK, "uuuu", 12 },
    { "a reset after",  FAULT_RESET_AFTER,       0, STATUS_OK, "uuuu", 8 },
    { "truncated",      FAULT_TRUNCATED,         0, STATUS_OK, NULL, 8 },
    { "malformed",      FAULT_MALFORMED,         0, STATUS_OK, NULL, 8 },
    { "slow",           FAULT_SLOW,             50, STATUS_OK, "oooo", 8 },
    { "hanging",        FAULT_HANG,              0, STATUS_OK, "uuuu", 12 },
    { "a login page",   FAULT_LOGIN_PAGE,        0, STATUS_OK, "uuuu", 12 },
};
/* clang-format on */

static void read_under_fault(struct scene *scene, size_t i,
                             const struct listed *listed)
{
    static struct content content;

    enum status status = read_all(scene, listed, REMOTE_CONTENT, &content);
    cr_expect_eq(status, faults[i].reading, "%s: %s, %s", faults[i].name,
                 status_name(status), scene->op->reason);
    cr_expect_eq(content.count, listed->count, "%s: %zu read", faults[i].name,
                 content.count);
    for (size_t n = 0; n < content.count; n++) {
        size_t nth = 0, len;
        cr_assert_eq(content.status[n], STATUS_OK, "%s", faults[i].name);
        sscanf(strstr(content.text[n], "Message ") + 8, "%zu", &nth);
        char *expected =
            exchange_content(scene->exchange, USER, NULL, nth, &len);
        cr_expect(content.len[n] == len &&
                      memcmp(content.text[n], expected, len) == 0,
                  "%s: number %zu", faults[i].name, n);
        free(expected);
    }
}

static void delete_under_fault(struct scene *scene, size_t i,
                               const struct listed *listed)
{
    struct remote_result results[4];
    const char *ids[4];
    char told[5] = "";

    for (size_t n = 0; n < 4; n++)
        ids[n] = listed->items[n].id;
    ews_backend.items_delete(scene->op, scene->remote, ids, 4,
                             REMOTE_DELETE_HARD, results);
    for (size_t n = 0; n < 4; n++)
        told[n] = results[n].status == STATUS_OK          ? 'o'
                  : results[n].status == STATUS_UNCERTAIN ? 'u'
                                                          : '?';
    if (faults[i].deleting != NULL)
        cr_expect_str_eq(told, faults[i].deleting, "%s: %s", faults[i].name,
                         told);
    cr_expect_null(strchr(told, '?'), "%s: %s", faults[i].name, told);
    cr_expect_eq(exchange_count(scene->exchange, USER, NULL), faults[i].left,
                 "%s: %zu", faults[i].name,
                 exchange_count(scene->exchange, USER, NULL));
}

Test(ews_contract, loses_nothing_and_does_nothing_twice_under_faults,
     .timeout = 600)
{
    static struct listed listed;

    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        struct exchange_fault_rule rule = { .fault = faults[i].fault,
                                            .times = 1,
                                            .parameter = faults[i].parameter };
        struct scene scene;
        begin_with(&scene, EXCHANGE_2013_SP1, false, EXCHANGE_BASIC);
        if (faults[i].fault == FAULT_HANG)
            mailbox_set(&scene.mailbox, "exchange.timeout", "3");
        log_in(&scene);
        add_many(&scene, 12);
        const char *inbox = id_of(&scene, FOLDER_INBOX);
        rule.operation = "SyncFolderItems";
        exchange_set_fault(scene.exchange, &rule);
        enum status status = sync_from(&scene, inbox, NULL, &listed);
        cr_assert_eq(status, STATUS_OK, "%s: %s, %s", faults[i].name,
                     status_name(status), scene.op->reason);
        cr_assert_eq(listed.count, 12, "%s: %zu listed", faults[i].name,
                     listed.count);
        rule.operation = "GetItem";
        exchange_set_fault(scene.exchange, &rule);
        read_under_fault(&scene, i, &listed);
        rule.operation = "DeleteItem";
        exchange_set_fault(scene.exchange, &rule);
        delete_under_fault(&scene, i, &listed);
        end(&scene);
    }
}

Test(ews_contract, gives_good_messages_beside_a_corrupt_one)
{
    struct exchange_fault_rule rule = { "GetItem", FAULT_ITEM_CORRUPT,
                                        0,         UINT_MAX,
                                        4,         NULL };
    static struct listed listed;
    static struct content content;
    struct scene scene;
    size_t bad = 0;

    begin(&scene, EXCHANGE_2016);
    add_many(&scene, 12);
    cr_assert_eq(sync_from(&scene, id_of(&scene, FOLDER_INBOX), NULL, &listed),
                 STATUS_OK);
    exchange_set_fault(scene.exchange, &rule);
    cr_expect_eq(read_all(&scene, &listed, REMOTE_CONTENT, &content),
                 STATUS_OK);
    for (size_t i = 0; i < content.count; i++) {
        cr_expect_eq(content.text[i] == NULL,
                     content.status[i] == STATUS_CORRUPT);
        bad += content.status[i] == STATUS_CORRUPT;
    }
    cr_expect_eq(content.count, 12);
    cr_expect_eq(bad, 1);
    end(&scene);
}

Test(ews_contract, tells_why_a_message_is_not_sent)
{
    /* clang-format off */
    static const struct { const char *code; enum status status; } refusals[] = {
        { "ErrorSendAsDenied",        STATUS_SENDER_DENIED },
        { "ErrorInvalidRecipients",   STATUS_BAD_RECIPIENT },
        { "ErrorMissingRecipients",   STATUS_NO_RECIPIENT },
        { "ErrorMessageSizeExceeded", STATUS_TOO_BIG },
        { "ErrorQuotaExceeded",       STATUS_OVER_QUOTA },
        { "ErrorMimeContentInvalid",  STATUS_BAD_CONTENT },
        { "ErrorTimeoutExpired",      STATUS_UNCERTAIN },
    };
    /* clang-format on */
    struct spool *spool = mailbox_spool(HELLO, strlen(HELLO));
    const struct remote_submission submission = { .content = spool };
    struct scene scene;

    begin(&scene, EXCHANGE_2016);
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        struct exchange_fault_rule rule = {
            "CreateItem", FAULT_RESPONSE_CODE, 0, 1, 0, refusals[i].code
        };
        exchange_set_fault(scene.exchange, &rule);
        enum status status =
            ews_backend.send(scene.op, scene.remote, &submission);
        cr_expect_eq(status, refusals[i].status, "%s: %s", refusals[i].code,
                     status_name(status));
        cr_expect_not_null(strstr(scene.op->reason, refusals[i].code));
    }
    cr_expect_eq(exchange_count(scene.exchange, "bob@example.com", NULL), 0);
    spool_free(&spool);
    end(&scene);
}

/* An answer that is lost is found by its token, and by nobody else's. */
Test(ews_contract, finds_what_a_lost_answer_made)
{
    struct exchange_fault_rule rule = {
        "CreateItem", FAULT_RESET_AFTER, 0, 1, 0, NULL
    };
    struct spool *spool = mailbox_spool(HELLO, strlen(HELLO));
    const struct remote_new item = { spool, 0, NULL, TIME_NONE, "mine" };
    struct remote_result result;
    struct remote_item *items;
    struct scene scene;
    size_t count;

    begin(&scene, EXCHANGE_2010_SP1);
    const char *drafts = id_of(&scene, FOLDER_DRAFTS);
    exchange_set_fault(scene.exchange, &rule);
    cr_expect_eq(
        ews_backend.item_create(scene.op, scene.remote, drafts, &item, &result),
        STATUS_UNCERTAIN);
    cr_expect_eq(result.status, STATUS_UNCERTAIN);
    cr_expect_eq(exchange_calls(scene.exchange, "CreateItem"), 1);
    cr_expect_eq(ews_backend.find_new(scene.op, scene.remote, drafts, "mine",
                                      NULL, time_now(), &items, &count),
                 STATUS_OK);
    cr_expect_eq(count, 1);
    cr_expect_eq(ews_backend.find_new(scene.op, scene.remote, drafts, "yours",
                                      "<hello@example.com>", 0, &items, &count),
                 STATUS_OK);
    cr_expect_eq(count, 0);
    spool_free(&spool);
    end(&scene);
}

/* --- Ways to the server --------------------------------------------------- */

static void send_on(void *context, const struct server_request *request,
                    struct server_reply *reply)
{
    (void)request;
    reply->status = 302;
    reply->headers = context;
}

Test(ews_contract, follows_the_server_to_another_one_over_tls)
{
    struct scene scene;
    char location[256];

    begin_with(&scene, EXCHANGE_2016, true, EXCHANGE_BASIC);
    snprintf(location, sizeof location, "Location: %s\r\n",
             exchange_url(scene.exchange));
    struct server *server = server_new(send_on, location);
    mailbox_set(&scene.mailbox, "exchange.url", server_url(server));
    cr_expect_eq(mailbox_open_as(&scene.mailbox, USER, "secret"), STATUS_OK,
                 "%s", scene.op->reason);
    cr_expect_eq(server_requests(server), 1, "and remembers the way");
    server_free(&server);
    end(&scene);
}

/* NTLM asks for a body again after its challenge. */
Test(ews_contract, stores_large_messages_by_ntlm, .timeout = 600)
{
    static struct listed listed;
    static struct content content;
    struct spool *spool = spool_new(NULL, 0);
    const struct remote_new item = { spool, 0, NULL, TIME_NONE, "large" };
    struct remote_result result;
    struct scene scene;
    char line[80];

    begin_with(&scene, EXCHANGE_2013_SP1, true, EXCHANGE_NTLM);
    cr_assert_eq(mailbox_open_as(&scene.mailbox, USER, "secret"), STATUS_OK);
    scene.remote = scene.mailbox.remote;
    spool_write(spool, HELLO, strlen(HELLO));
    for (size_t i = 0; i < 40000; i++) {
        snprintf(line, sizeof line, "%076zu\r\n", i);
        spool_write(spool, line, 78);
    }
    const char *drafts = id_of(&scene, FOLDER_DRAFTS);
    cr_assert_eq(
        ews_backend.item_create(scene.op, scene.remote, drafts, &item, &result),
        STATUS_OK, "%s", scene.op->reason);
    cr_assert_eq(sync_from(&scene, drafts, NULL, &listed), STATUS_OK);
    cr_assert_eq(read_all(&scene, &listed, REMOTE_CONTENT, &content),
                 STATUS_OK);
    size_t len;
    char *expected = mailbox_text(scene.mailbox.arena, spool, &len);
    cr_assert_eq(content.len[0], len);
    cr_expect_eq(memcmp(content.text[0], expected, len), 0);
    spool_free(&spool);
    end(&scene);
}
