/*
 * contract.c - a mailbox on the simulated Exchange, as the backend shows it
 */
#include "tests/proxy/exchange/ews/contract.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "proxy/exchange/ews/ews.h"

const char *const contract_versions[] = {
    "2007 SP1", "2010 SP1", "2010 SP2", "2013 SP1", "2016", "2019",
};

/* --- A server and a mailbox ----------------------------------------------- */

void contract_begin_with(struct contract *scene, enum exchange_version version,
                         bool tls, unsigned auth)
{
    scene->exchange = exchange_new(version);
    exchange_add_user(scene->exchange, CONTRACT_USER, "Ann Lee", "secret",
                      "en");
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

void contract_log_in(struct contract *scene)
{
    cr_assert_eq(mailbox_open_as(&scene->mailbox, CONTRACT_USER, "secret"),
                 STATUS_OK, "%s", scene->op->reason);
    scene->remote = scene->mailbox.remote;
}

void contract_begin(struct contract *scene, enum exchange_version version)
{
    contract_begin_with(scene, version, false, EXCHANGE_BASIC);
    contract_log_in(scene);
}

void contract_end(struct contract *scene)
{
    mailbox_fini(&scene->mailbox);
    exchange_stop(scene->exchange);
    exchange_free(&scene->exchange);
}

static void add(struct contract *scene, const char *text, bool read)
{
    cr_assert_not_null(exchange_add_message(scene->exchange, CONTRACT_USER,
                                            NULL, text, strlen(text),
                                            1700000000, read));
}

/* Adds messages "Message 0", "Message 1" and so on to the inbox. */
void contract_add_many(struct contract *scene, size_t count)
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

static void keep(struct listed *listed, const struct remote_item *item,
                 enum remote_item_change change)
{
    struct remote_item *copy = &listed->items[listed->count];
    size_t categories = 0;

    cr_assert_lt(listed->count, CONTRACT_LISTED);
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

bool contract_keep_rows(void *context, const struct remote_item *items,
                        size_t count)
{
    struct listed *listed = context;

    for (size_t i = 0; i < count; i++)
        keep(listed, &items[i], REMOTE_ITEM_PRESENT);
    listed->pages++;
    return true;
}

enum status contract_list(struct contract *scene, const char *folder,
                          const char *state, struct listed *listed)
{
    listed->arena = scene->mailbox.arena;
    listed->count = listed->pages = 0;
    return ews_backend.items_sync(scene->op, scene->remote, folder, state,
                                  keep_page, listed);
}

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

enum status contract_tree(struct contract *scene, const char *state,
                          struct tree *tree)
{
    *tree = (struct tree){ .arena = scene->mailbox.arena };
    return ews_backend.folders_sync(scene->op, scene->remote, state,
                                    keep_folders, tree);
}

const struct remote_folder *contract_tree_find(const struct tree *tree,
                                               enum folder_use use)
{
    for (size_t i = 0; i < tree->count; i++)
        if (tree->folders[i].use == use)
            return &tree->folders[i];
    return NULL;
}

/* The id of a folder with a use, straight from a sync of the tree. */
const char *contract_folder(struct contract *scene, enum folder_use use)
{
    struct tree tree;

    cr_assert_eq(contract_tree(scene, NULL, &tree), STATUS_OK, "%s",
                 scene->op->reason);
    const struct remote_folder *folder = contract_tree_find(&tree, use);
    cr_assert_not_null(folder, "no folder with the use %d", use);
    return folder->id;
}

/* --- What is read --------------------------------------------------------- */

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

enum status contract_read(struct contract *scene, const struct listed *listed,
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
