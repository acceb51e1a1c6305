/*
 * others.c - what other clients of the mailbox do, and what they see
 */
#include "tests/exchange/exchange.h"

#include <stdlib.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/memory.h"
#include "proxy/base/str.h"
#include "tests/exchange/letter.h"
#include "tests/exchange/model.h"
#include "tests/exchange/stores.h"

#define TAG_FLAG_STATUS 0x1090u
#define FLAG_STATUS_FLAGGED 2

/* The folder and the item, with the exchange locked; NULL (and locked all the
 * same) where there is no such thing. */
static struct sim_folder *enter(struct exchange *exchange, const char *user,
                                const char *path)
{
    exchange_lock(exchange);
    struct sim_mailbox *mailbox = sim_mailbox_find(exchange, user);
    return mailbox == NULL ? NULL : sim_folder_by_path(mailbox, path);
}

static struct sim_item *enter_item(struct exchange *exchange, const char *user,
                                   const char *path, size_t nth)
{
    struct sim_folder *folder = enter(exchange, user, path);

    return folder == NULL ? NULL : sim_folder_nth(folder, nth);
}

/* --- Messages ------------------------------------------------------------- */

void exchange_flag(struct exchange *exchange, const char *user,
                   const char *folder, size_t nth, bool flagged)
{
    static const struct property_key status = { NULL, TAG_FLAG_STATUS, NULL,
                                                TYPE_INTEGER };
    struct sim_item *item = enter_item(exchange, user, folder, nth);

    if (item != NULL) {
        if (flagged)
            bag_set_number(&item->bag, NULL, TAG_FLAG_STATUS,
                           FLAG_STATUS_FLAGGED);
        else
            bag_remove(&item->bag, &status);
        sim_item_touch(item);
    }
    exchange_unlock(exchange);
}

void exchange_categorize(struct exchange *exchange, const char *user,
                         const char *folder, size_t nth,
                         const char *const categories[])
{
    struct sim_item *item = enter_item(exchange, user, folder, nth);

    if (item != NULL) {
        sim_item_set_categories(item, categories);
        sim_item_touch(item);
    }
    exchange_unlock(exchange);
}

void exchange_move(struct exchange *exchange, const char *user,
                   const char *folder, size_t nth, const char *target)
{
    struct sim_item *item = enter_item(exchange, user, folder, nth);
    struct sim_folder *to =
        item == NULL ? NULL : sim_folder_by_path(item->folder->mailbox, target);

    if (to != NULL && to != item->folder)
        sim_item_move(item, to);
    exchange_unlock(exchange);
}

/* --- Folders -------------------------------------------------------------- */

void exchange_rename_folder(struct exchange *exchange, const char *user,
                            const char *path, const char *name)
{
    struct sim_folder *folder = enter(exchange, user, path);

    if (folder != NULL && sim_folder_child(folder->parent, name) == NULL)
        sim_folder_set_name(folder, name);
    exchange_unlock(exchange);
}

void exchange_classify_folder(struct exchange *exchange, const char *user,
                              const char *path, const char *class)
{
    exchange_lock(exchange);
    struct sim_mailbox *mailbox = sim_store_find(exchange, user);
    struct sim_folder *folder =
        mailbox == NULL ? NULL : sim_folder_by_path(mailbox, path);
    if (folder != NULL) {
        free(folder->class);
        folder->class = memory_strdup(class);
    }
    exchange_unlock(exchange);
}

void exchange_remove_folder(struct exchange *exchange, const char *user,
                            const char *path)
{
    struct sim_folder *folder = enter(exchange, user, path);

    if (folder != NULL && folder->use == NULL)
        sim_folder_remove(folder);
    exchange_unlock(exchange);
}

/* --- What is there -------------------------------------------------------- */

static void tell_item(struct arena *arena, struct sim_item *item,
                      struct buf *text)
{
    const struct sim_content *content = item->content;
    const char *id =
        letter_field(arena, content->data, content->header_len, "Message-ID");

    buf_printf(text, "%s %zu", id != NULL ? id : "-", content->len);
    if (item->flags & FLAG_READ)
        buf_puts(text, " seen");
    if (bag_number(&item->bag, NULL, TAG_FLAG_STATUS, 0) ==
        FLAG_STATUS_FLAGGED)
        buf_puts(text, " flagged");
    if (bag_number(&item->bag, SET_COMMON, LID_IMAP_DELETED, 0) == 1)
        buf_puts(text, " deleted");
    for (size_t i = 0; item->categories != NULL && item->categories[i] != NULL;
         i++)
        buf_printf(text, " %s", item->categories[i]);
    buf_putc(text, '\n');
}

char *exchange_list(struct exchange *exchange, const char *user,
                    const char *folder)
{
    struct sim_folder *found = enter(exchange, user, folder);
    struct arena *arena = arena_new();
    struct buf text;
    char *list;

    buf_init(&text, arena);
    for (size_t i = 0; found != NULL && i < found->count; i++)
        tell_item(arena, found->items[i], &text);
    exchange_unlock(exchange);
    list = strdup(text.len > 0 ? text.data : "");
    arena_free(&arena);
    return list;
}

char *exchange_list_folders(struct exchange *exchange, const char *user)
{
    struct sim_folder *top = enter(exchange, user, "msgfolderroot");
    struct buf text;

    buf_init(&text, NULL);
    for (size_t i = 0; top != NULL && i < top->mailbox->folder_count; i++) {
        const struct sim_folder *folder = top->mailbox->folders[i];

        if (!folder->gone && !folder->hidden && folder->parent == top &&
            str_starts(folder->class, "IPF.Note"))
            buf_printf(&text, "%s\n", folder->name);
    }
    exchange_unlock(exchange);
    char *list = strdup(text.len > 0 ? text.data : "");
    buf_fini(&text);
    return list;
}

unsigned exchange_mails(struct exchange *exchange)
{
    unsigned mails;

    exchange_lock(exchange);
    mails = exchange->mails;
    exchange_unlock(exchange);
    return mails;
}
