/*
 * test_contract_mail.c - the backend against the simulated Exchange: messages
 * that are there
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/base/str.h"
#include "proxy/exchange/ews/ews.h"
#include "tests/proxy/exchange/ews/contract.h"

/* --- Items ---------------------------------------------------------------- */

Test(ews_contract, lists_a_folder_page_by_page, .timeout = 600)
{
    static struct listed listed, rows;
    struct contract scene;

    contract_begin(&scene, EXCHANGE_2016);
    exchange_fill(scene.exchange, CONTRACT_USER, NULL, 1200);
    const char *inbox = contract_folder(&scene, FOLDER_INBOX);
    exchange_reset_calls(scene.exchange);
    cr_assert_eq(contract_list(&scene, inbox, NULL, &listed), STATUS_OK, "%s",
                 scene.op->reason);
    cr_expect_eq(listed.count, 1200);
    cr_expect_eq(exchange_calls(scene.exchange, NULL), 3, "N/512");
    cr_expect_eq(contract_list(&scene, inbox, listed.state, &rows), STATUS_OK);
    cr_expect_eq(rows.count, 0);

    exchange_mark_read(scene.exchange, CONTRACT_USER, NULL, 5, true);
    exchange_mark_read(scene.exchange, CONTRACT_USER, NULL, 5, false);
    exchange_remove(scene.exchange, CONTRACT_USER, NULL, 7);
    contract_add_many(&scene, 1);
    cr_assert_eq(contract_list(&scene, inbox, listed.state, &rows), STATUS_OK);
    cr_expect_eq(rows.count, 3, "%zu", rows.count);

    rows.arena = scene.mailbox.arena;
    rows.count = 0;
    cr_assert_eq(ews_backend.items_list(scene.op, scene.remote, inbox,
                                        contract_keep_rows, &rows),
                 STATUS_OK, "%s", scene.op->reason);
    cr_expect_eq(rows.count, 1200, "%zu", rows.count);
    for (size_t i = 1; i < rows.count; i++)
        cr_assert_lt(rows.items[i - 1].article, rows.items[i].article,
                     "by arrival");

    exchange_invalidate_sync(scene.exchange, CONTRACT_USER);
    cr_expect_eq(contract_list(&scene, inbox, listed.state, &rows),
                 STATUS_STALE);
    cr_expect_eq(contract_list(&scene, "bm9uZQ==", NULL, &rows),
                 STATUS_NO_FOLDER);
    contract_end(&scene);
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

static void check_previews(struct contract *scene, const struct listed *listed,
                           bool has_previews)
{
    static struct content content;
    const char *ids[200];

    content = (struct content){ .arena = scene->mailbox.arena };
    for (size_t i = 0; i < listed->count; i++)
        ids[i] = listed->items[i].id;
    enum status status = ews_backend.items_preview(
        scene->op, scene->remote, ids, listed->count, keep_preview, &content);
    cr_expect_eq(status, has_previews ? STATUS_OK : STATUS_UNSUPPORTED);
    cr_expect_eq(content.count, has_previews ? listed->count : 0);
    for (size_t i = 0; i < content.count; i++)
        cr_expect(content.text[i] != NULL && *content.text[i] != '\0');
}

static void check_contents(struct contract *scene, const char *version)
{
    static struct listed listed;
    static struct content content;
    const char *inbox = contract_folder(scene, FOLDER_INBOX);

    cr_assert_eq(contract_list(scene, inbox, NULL, &listed), STATUS_OK, "%s",
                 version);
    cr_assert_eq(listed.count, 12, "%s: %zu", version, listed.count);
    exchange_reset_calls(scene->exchange);
    cr_assert_eq(contract_read(scene, &listed, REMOTE_CONTENT, &content),
                 STATUS_OK, "%s", version);
    cr_expect_eq(exchange_calls(scene->exchange, NULL), 1, "%s", version);
    for (size_t i = 0; i < listed.count; i++) {
        size_t nth = 0, len;
        sscanf(strstr(content.text[i], "Message ") + 8, "%zu", &nth);
        char *expected =
            exchange_content(scene->exchange, CONTRACT_USER, NULL, nth, &len);
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
    cr_assert_eq(contract_read(scene, &listed, REMOTE_HEADER, &content),
                 STATUS_OK, "%s", version);
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
        struct contract scene;
        contract_begin(&scene, v);
        contract_add_many(&scene, 12);
        check_contents(&scene, contract_versions[v]);
        contract_end(&scene);
    }
}

/* --- Flags ---------------------------------------------------------------- */

static uint32_t set_flags(struct contract *scene, const char *inbox,
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
    cr_assert_eq(contract_list(scene, inbox, NULL, listed), STATUS_OK);
    return listed->items[0].flags;
}

/* A change under a key that is not the item's any more does nothing. */
static void check_conflict(struct contract *scene, const char *version)
{
    static struct listed listed;
    const char *inbox = contract_folder(scene, FOLDER_INBOX);
    struct remote_result result;

    cr_assert_eq(contract_list(scene, inbox, NULL, &listed), STATUS_OK);
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
    cr_assert_eq(contract_list(scene, inbox, NULL, &listed), STATUS_OK);
    cr_expect_eq(listed.items[0].flags, item.flags ^ MAIL_FLAGGED, "%s",
                 version);
}

/* Any flags after any others. */
static void check_flags(struct contract *scene, const char *version)
{
    static const char *const categories[] = { "Red & <b>",
                                              "\xc3\x9c"
                                              "bung (1)",
                                              NULL };
    static struct listed listed;
    const char *inbox = contract_folder(scene, FOLDER_INBOX);
    uint32_t flags = 0;

    cr_assert_eq(contract_list(scene, inbox, NULL, &listed), STATUS_OK);
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
        struct contract scene;
        contract_begin(&scene, v);
        contract_add_many(&scene, 1);
        check_flags(&scene, contract_versions[v]);
        check_conflict(&scene, contract_versions[v]);
        contract_end(&scene);
    }
}

/* --- Places --------------------------------------------------------------- */

static void check_places(struct contract *scene, enum exchange_version version)
{
    static struct listed listed, target;
    const struct backend *b = &ews_backend;
    const char *inbox = contract_folder(scene, FOLDER_INBOX),
               *trash = contract_folder(scene, FOLDER_TRASH);
    const char *name = contract_versions[version];
    const char *ids[4];
    struct remote_result results[4];

    cr_assert_eq(contract_list(scene, inbox, NULL, &listed), STATUS_OK);
    for (size_t i = 0; i < 3; i++)
        ids[i] = listed.items[i].id;
    ids[3] = "bm9uZQ==";
    exchange_reset_calls(scene->exchange);
    cr_expect_eq(
        b->items_copy(scene->op, scene->remote, ids, 4, trash, results),
        STATUS_OK, "%s: %s", name, scene->op->reason);
    cr_expect_eq(results[0].status, STATUS_OK, "%s", name);
    cr_expect_eq(results[3].status, STATUS_NOT_FOUND, "%s", name);
    cr_assert_eq(contract_list(scene, trash, NULL, &target), STATUS_OK);
    cr_expect_eq(target.count, 3, "%s", name);
    cr_expect_eq(results[1].id != NULL, version != EXCHANGE_2007_SP1, "%s",
                 name);

    cr_expect_eq(
        b->items_move(scene->op, scene->remote, ids, 2, trash, results),
        STATUS_OK, "%s: %s", name, scene->op->reason);
    cr_expect_eq(exchange_calls(scene->exchange, "CopyItem"), 1);
    cr_expect_eq(exchange_calls(scene->exchange, "MoveItem"), 1);
    cr_assert_eq(contract_list(scene, trash, NULL, &target), STATUS_OK);
    cr_expect_eq(target.count, 5, "%s", name);
    cr_expect_eq(exchange_count(scene->exchange, CONTRACT_USER, NULL), 1, "%s",
                 name);
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
    cr_expect_eq(exchange_count(scene->exchange, CONTRACT_USER, NULL), 0, "%s",
                 name);
}

Test(ews_contract, copies_moves_and_deletes, .timeout = 600)
{
    for (enum exchange_version v = 0; v < EXCHANGE_VERSION_COUNT; v++) {
        struct contract scene;
        contract_begin(&scene, v);
        contract_add_many(&scene, 3);
        check_places(&scene, v);
        contract_end(&scene);
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
        struct contract scene;
        contract_begin(&scene, v);
        contract_add_many(&scene, 12);
        const char *inbox = contract_folder(&scene, FOLDER_INBOX);
        for (size_t i = 0; i < sizeof searches / sizeof *searches; i++) {
            size_t count = 0;
            enum status status = ews_backend.search(
                scene.op, scene.remote, inbox, searches[i].field,
                searches[i].name, searches[i].text, count_ids, &count);
            cr_expect_eq(status, STATUS_OK, "%s, search %zu: %s",
                         contract_versions[v], i, scene.op->reason);
            cr_expect_eq(count, searches[i].count, "%s, \"%s\": %zu",
                         contract_versions[v], searches[i].text, count);
        }
        contract_end(&scene);
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
        struct contract scene;
        bool has_index = v > EXCHANGE_2007_SP1;
        contract_begin(&scene, v);
        contract_add_many(&scene, 12);
        const char *inbox = contract_folder(&scene, FOLDER_INBOX);
        for (size_t i = 0; i < sizeof searches / sizeof *searches; i++) {
            size_t count = 0;
            enum status status = ews_backend.search_words(
                scene.op, scene.remote, inbox, searches[i].field,
                searches[i].text, count_ids, &count);
            cr_expect_eq(status, has_index ? STATUS_OK : STATUS_UNSUPPORTED,
                         "%s, search %zu: %s", contract_versions[v], i,
                         scene.op->reason);
            cr_expect_eq(count, has_index ? searches[i].count : 0,
                         "%s, \"%s\": %zu", contract_versions[v],
                         searches[i].text, count);
        }
        contract_end(&scene);
    }
}
