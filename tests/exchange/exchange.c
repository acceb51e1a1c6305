/*
 * exchange.c - the exchange as a whole, and what tests do with it
 */
#include "tests/exchange/directory.h"
#include "tests/exchange/exchange.h"

#include <stdlib.h>
#include <string.h>

#include "proxy/base/memory.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "tests/exchange/book.h"
#include "tests/exchange/letter.h"
#include "tests/exchange/load.h"
#include "tests/exchange/memory.h"
#include "tests/exchange/model.h"
#include "tests/exchange/publics.h"
#include "tests/exchange/soap.h"
#include "tests/exchange/stores.h"
#include "tests/exchange/subscriptions.h"

struct exchange *exchange_new(enum exchange_version version)
{
    struct exchange *exchange = memory_new(sizeof *exchange);

    exchange->version = version;
    pthread_mutex_init(&exchange->mutex, NULL);
    pthread_mutex_init(&exchange->call_mutex, NULL);
    buf_init(&exchange->anchors, NULL);
    memory_door_add(exchange);
    return exchange;
}

void exchange_free(struct exchange **exchange)
{
    struct exchange *gone = *exchange;

    if (gone == NULL)
        return;
    exchange_stop(gone);
    memory_door_remove(gone);
    subscriptions_free(gone);
    for (size_t i = 0; i < gone->mailbox_count; i++)
        sim_mailbox_free(&gone->mailboxes[i]);
    free(gone->mailboxes);
    sim_publics_free(gone);
    for (size_t i = 0; i < gone->send_as_count; i++) {
        free(gone->send_as[i].user);
        free(gone->send_as[i].from);
    }
    free(gone->send_as);
    sim_directory_free(gone);
    sim_book_free(gone);
    tokens_free(gone);
    for (size_t i = 0; i < gone->rule_count; i++) {
        free(gone->rules[i].operation);
        free(gone->rules[i].code);
    }
    exchange_reset_calls(gone);
    load_free(gone);
    free(gone->rules);
    free(gone->counters);
    pthread_mutex_destroy(&gone->mutex);
    pthread_mutex_destroy(&gone->call_mutex);
    free(gone);
    *exchange = NULL;
}

void exchange_lock(struct exchange *exchange)
{
    pthread_mutex_lock(&exchange->mutex);
}

void exchange_unlock(struct exchange *exchange)
{
    pthread_mutex_unlock(&exchange->mutex);
}

struct server **exchange_server(struct exchange *exchange)
{
    return &exchange->server;
}

const char *exchange_build(const struct exchange *exchange)
{
    static const char *const builds[EXCHANGE_VERSION_COUNT] = {
        "8.1.240.5",  "14.1.218.11", "14.2.247.1",
        "15.0.847.32", "15.1.2507.6", "15.2.1118.7",
    };

    return builds[exchange->version];
}

struct sim_folder *exchange_lock_folder(struct exchange *exchange,
                                        const char *user, const char *path)
{
    struct sim_mailbox *mailbox;

    exchange_lock(exchange);
    mailbox = sim_store_find(exchange, user);
    return mailbox == NULL ? NULL : sim_folder_by_path(mailbox, path);
}

/* --- Knobs --------------------------------------------------------------- */

void exchange_set_message_limit(struct exchange *exchange, uint64_t octets)
{
    exchange_lock(exchange);
    exchange->message_limit = octets;
    exchange_unlock(exchange);
}

void exchange_set_quota(struct exchange *exchange, uint64_t octets)
{
    exchange_lock(exchange);
    exchange->quota = octets;
    exchange_unlock(exchange);
}

void exchange_set_indexed(struct exchange *exchange, bool indexed)
{
    exchange_lock(exchange);
    exchange->unindexed = !indexed;
    exchange_unlock(exchange);
}

void exchange_set_autodiscover(struct exchange *exchange, bool there)
{
    exchange_lock(exchange);
    exchange->hidden = !there;
    exchange_unlock(exchange);
}

void exchange_set_rerender(struct exchange *exchange, bool rerender)
{
    exchange_lock(exchange);
    exchange->rerender = rerender;
    exchange_unlock(exchange);
}

void exchange_invalidate_sync(struct exchange *exchange, const char *user)
{
    struct sim_mailbox *mailbox;

    exchange_lock(exchange);
    mailbox = sim_mailbox_find(exchange, user);
    if (mailbox != NULL)
        mailbox->sync_epoch++;
    exchange_unlock(exchange);
}

/* Whoever was given the old id may still look at it. */
static void retire_id(struct sim_mailbox *mailbox, struct sim_item *item)
{
    if (item->id == NULL)
        return;
    mailbox->old_ids =
        memory_resize(mailbox->old_ids,
                      (mailbox->old_id_count + 1) * sizeof *mailbox->old_ids);
    mailbox->old_ids[mailbox->old_id_count++] = item->id;
    item->id = NULL;
}

void exchange_change_ids(struct exchange *exchange, const char *user)
{
    struct sim_mailbox *mailbox;

    exchange_lock(exchange);
    mailbox = sim_mailbox_find(exchange, user);
    if (mailbox != NULL) {
        mailbox->epoch++;
        mailbox->sync_epoch++;
        for (size_t i = 0; i < mailbox->item_count; i++)
            if (mailbox->items[i] != NULL)
                retire_id(mailbox, mailbox->items[i]);
    }
    exchange_unlock(exchange);
}

/* --- What tests do and compare with -------------------------------------- */

static struct sim_item *lock_item(struct exchange *exchange, const char *user,
                                  const char *path, size_t nth)
{
    struct sim_folder *folder = exchange_lock_folder(exchange, user, path);

    return folder == NULL ? NULL : sim_folder_nth(folder, nth);
}

const char *exchange_add_message(struct exchange *exchange, const char *user,
                                 const char *folder, const char *mime,
                                 size_t len, int64_t received, bool read)
{
    struct sim_folder *target = exchange_lock_folder(exchange, user, folder);
    const char *id = NULL;

    if (target != NULL) {
        struct sim_content *content = sim_content_new(mime, len);
        const char *class = sim_item_class_of(content);

        id = sim_item_id(sim_item_add(
            target,
            &(struct sim_item_template){
                .content = content,
                .class = class == NULL ? "REPORT.IPM.Note.IPNRN" : class,
                .flags = read ? FLAG_READ : 0,
                .received = received,
                .submitted = TIME_NONE,
                .transported = true }));
        sim_content_unref(&content);
    }
    exchange_unlock(exchange);
    return id;
}

size_t exchange_count(struct exchange *exchange, const char *user,
                      const char *folder)
{
    struct sim_folder *found = exchange_lock_folder(exchange, user, folder);
    size_t count = found == NULL ? 0 : found->count;

    exchange_unlock(exchange);
    return count;
}

char *exchange_content(struct exchange *exchange, const char *user,
                       const char *folder, size_t nth, size_t *len_out)
{
    struct sim_item *item = lock_item(exchange, user, folder, nth);
    char *copy = NULL;

    if (item != NULL) {
        copy = memory_new(item->content->len + 1);
        memcpy(copy, item->content->data, item->content->len);
        *len_out = item->content->len;
    }
    exchange_unlock(exchange);
    return copy;
}

size_t exchange_count_message_id(struct exchange *exchange, const char *user,
                                 const char *folder, const char *message_id)
{
    struct sim_folder *found = exchange_lock_folder(exchange, user, folder);
    struct arena *arena = arena_new();
    size_t count = 0;

    for (size_t i = 0; found != NULL && i < found->count; i++) {
        struct sim_content *content = found->items[i]->content;

        count += str_equal(letter_field(arena, content->data,
                                        content->header_len, "Message-ID"),
                           message_id);
    }
    exchange_unlock(exchange);
    arena_free(&arena);
    return count;
}

void exchange_mark_read(struct exchange *exchange, const char *user,
                        const char *folder, size_t nth, bool read)
{
    struct sim_item *item = lock_item(exchange, user, folder, nth);

    if (item != NULL)
        sim_item_set_read(item, read);
    exchange_unlock(exchange);
}

void exchange_remove(struct exchange *exchange, const char *user,
                     const char *folder, size_t nth)
{
    struct sim_item *item = lock_item(exchange, user, folder, nth);

    if (item != NULL)
        sim_item_remove(item);
    exchange_unlock(exchange);
}

void exchange_corrupt(struct exchange *exchange, const char *user,
                      const char *folder, size_t nth)
{
    struct sim_item *item = lock_item(exchange, user, folder, nth);

    if (item != NULL)
        item->corrupt = true;
    exchange_unlock(exchange);
}

void exchange_set_unsyncable(struct exchange *exchange, const char *user,
                             const char *folder)
{
    struct sim_folder *found = exchange_lock_folder(exchange, user, folder);

    if (found != NULL) {
        found->unsyncable = true;
        sim_folder_touch(found);
    }
    exchange_unlock(exchange);
}
