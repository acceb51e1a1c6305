/*
 * exchange.c - the exchange as a whole: its users, and what tests do with it
 */
#include "tests/exchange/exchange.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/base/memory.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "tests/exchange/access.h"
#include "tests/exchange/events.h"
#include "tests/exchange/letter.h"
#include "tests/exchange/load.h"
#include "tests/exchange/memory.h"
#include "tests/exchange/model.h"
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
    for (size_t i = 0; i < gone->send_as_count; i++) {
        free(gone->send_as[i].user);
        free(gone->send_as[i].from);
    }
    free(gone->send_as);
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

/* --- Users --------------------------------------------------------------- */

static void make_guid(struct sim_mailbox *mailbox)
{
    uint64_t hash = 0xcbf29ce484222325u;

    for (const char *at = mailbox->address; *at != '\0'; at++)
        hash = (hash ^ (unsigned char)*at) * 0x100000001b3u;
    snprintf(mailbox->guid, sizeof mailbox->guid,
             "%08x-%04x-4%03x-a%03x-%012llx", (unsigned)(hash >> 32),
             (unsigned)(hash >> 16 & 0xffff), (unsigned)(hash >> 4 & 0xfff),
             mailbox->number & 0xfff,
             (unsigned long long)(hash & 0xffffffffffffu));
}

struct sim_mailbox *sim_mailbox_new(struct exchange *exchange,
                                    const char *address,
                                    const char *display_name,
                                    const char *password, const char *language)
{
    struct sim_mailbox *mailbox = memory_new(sizeof *mailbox);

    mailbox->exchange = exchange;
    mailbox->number = (unsigned)exchange->mailbox_count;
    mailbox->address = memory_strdup(address);
    mailbox->alias = memory_strdup(address);
    mailbox->alias[strcspn(address, "@")] = '\0';
    mailbox->display_name = memory_strdup(display_name);
    mailbox->password = memory_strdup(password);
    mailbox->language = memory_strdup(language);
    mailbox->epoch = 1;
    mailbox->sync_epoch = 1;
    make_guid(mailbox);
    exchange->mailboxes =
        memory_resize(exchange->mailboxes, (exchange->mailbox_count + 1) *
                                               sizeof *exchange->mailboxes);
    exchange->mailboxes[exchange->mailbox_count++] = mailbox;
    return mailbox;
}

void exchange_add_user(struct exchange *exchange, const char *address,
                       const char *display_name, const char *password,
                       const char *language)
{
    exchange_lock(exchange);
    sim_mailbox_add_default_folders(sim_mailbox_new(
        exchange, address, display_name, password, language));
    exchange_unlock(exchange);
}

void exchange_add_category(struct exchange *exchange, const char *user,
                           const char *name, int colour)
{
    struct sim_mailbox *mailbox;

    exchange_lock(exchange);
    mailbox = sim_mailbox_find(exchange, user);
    if (mailbox != NULL) {
        mailbox->categories = memory_resize(
            mailbox->categories,
            (mailbox->category_count + 1) * sizeof *mailbox->categories);
        mailbox->categories[mailbox->category_count++] =
            (struct sim_category){ memory_strdup(name), colour };
    }
    exchange_unlock(exchange);
}

void sim_mailbox_free(struct sim_mailbox **mailbox)
{
    struct sim_mailbox *gone = *mailbox;

    sim_events_free(gone);
    for (size_t i = 0; i < gone->folder_count; i++) {
        struct sim_folder *folder = gone->folders[i];

        while (folder->count > 0)
            sim_item_remove(folder->items[folder->count - 1]);
        for (size_t k = 0; k < folder->journal_count; k++)
            free(folder->journal[k].id);
        free(folder->journal);
        free(folder->items);
        bag_fini(&folder->bag);
        sim_permissions_free(folder);
        free(folder->id);
        free(folder->name);
        free(folder->class);
        free(folder);
    }
    for (size_t i = 0; i < gone->old_id_count; i++)
        free(gone->old_ids[i]);
    free(gone->old_ids);
    for (size_t i = 0; i < gone->opened_count; i++)
        free(gone->opened_to[i]);
    free(gone->opened_to);
    for (size_t i = 0; i < gone->category_count; i++)
        free(gone->categories[i].name);
    free(gone->categories);
    free(gone->folders);
    free(gone->items);
    free(gone->address);
    free(gone->alias);
    free(gone->display_name);
    free(gone->password);
    free(gone->language);
    free(gone);
    *mailbox = NULL;
}

struct sim_mailbox *sim_mailbox_find(struct exchange *exchange,
                                     const char *address)
{
    for (size_t i = 0; i < exchange->mailbox_count; i++)
        if (sim_is_user(exchange->mailboxes[i]) &&
            str_equal_nocase(exchange->mailboxes[i]->address, address))
            return exchange->mailboxes[i];
    return NULL;
}

struct sim_mailbox *sim_mailbox_find_login(struct exchange *exchange,
                                           const char *login)
{
    struct sim_mailbox *mailbox = sim_mailbox_find(exchange, login);
    const char *alias = strrchr(login, '\\');

    alias = alias == NULL ? login : alias + 1;
    for (size_t i = 0; i < exchange->mailbox_count && mailbox == NULL; i++)
        if (sim_is_user(exchange->mailboxes[i]) &&
            (str_equal_nocase(exchange->mailboxes[i]->alias, alias) ||
             (alias != login &&
              str_equal_nocase(exchange->mailboxes[i]->address, alias))))
            mailbox = exchange->mailboxes[i];
    return mailbox;
}

bool exchange_find_login(struct exchange *exchange, const char *login,
                         char address_out[256])
{
    struct sim_mailbox *mailbox;

    exchange_lock(exchange);
    mailbox = sim_mailbox_find_login(exchange, login);
    if (mailbox != NULL)
        snprintf(address_out, 256, "%s", mailbox->address);
    exchange_unlock(exchange);
    return mailbox != NULL;
}

bool exchange_check_password(struct exchange *exchange, const char *login,
                             const char *password, char address_out[256])
{
    const char *right = exchange_password_of(exchange, login);

    return right != NULL && strcmp(right, password) == 0 &&
           exchange_find_login(exchange, login, address_out);
}

const char *exchange_password_of(struct exchange *exchange, const char *login)
{
    struct sim_mailbox *mailbox;

    exchange_lock(exchange);
    mailbox = sim_mailbox_find_login(exchange, login);
    exchange_unlock(exchange);
    return mailbox == NULL ? NULL : mailbox->password;
}

bool exchange_is_local(struct exchange *exchange, const char *address)
{
    const char *domain = strrchr(address, '@');

    for (size_t i = 0; i < exchange->mailbox_count && domain != NULL; i++)
        if (str_ends_nocase(exchange->mailboxes[i]->address, domain))
            return true;
    return false;
}

void exchange_allow_send_as(struct exchange *exchange, const char *user,
                            const char *from)
{
    exchange_lock(exchange);
    exchange->send_as =
        memory_resize(exchange->send_as, (exchange->send_as_count + 1) *
                                             sizeof *exchange->send_as);
    exchange->send_as[exchange->send_as_count++] =
        (struct send_as){ memory_strdup(user), memory_strdup(from) };
    exchange_unlock(exchange);
}

/* The folder, with the exchange locked; NULL (and locked all the same) if there
 * is no such user or folder. */
static struct sim_folder *lock_folder(struct exchange *exchange,
                                      const char *user, const char *path)
{
    struct sim_mailbox *mailbox;

    exchange_lock(exchange);
    mailbox = sim_store_find(exchange, user);
    return mailbox == NULL ? NULL : sim_folder_by_path(mailbox, path);
}

static void open_to(struct sim_mailbox *mailbox, const char *to)
{
    mailbox->opened_to = memory_resize(
        mailbox->opened_to,
        (mailbox->opened_count + 1) * sizeof *mailbox->opened_to);
    mailbox->opened_to[mailbox->opened_count++] = memory_strdup(to);
}

void exchange_grant(struct exchange *exchange, const char *user,
                    const char *folder, const char *to, const char *level)
{
    struct sim_folder *found = lock_folder(exchange, user, folder);

    if (folder == NULL && found != NULL) {
        open_to(found->mailbox, to);
    } else if (found != NULL) {
        sim_permit(found, to, &sim_level(level)->rights);
        sim_folder_touch(found);
    }
    exchange_unlock(exchange);
}

bool exchange_may_send_as(struct exchange *exchange,
                          const struct sim_mailbox *mailbox, const char *from)
{
    if (str_equal_nocase(mailbox->address, from))
        return true;
    for (size_t i = 0; i < exchange->send_as_count; i++)
        if (str_equal_nocase(exchange->send_as[i].user, mailbox->address) &&
            str_equal_nocase(exchange->send_as[i].from, from))
            return true;
    return false;
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
    struct sim_folder *folder = lock_folder(exchange, user, path);

    return folder == NULL ? NULL : sim_folder_nth(folder, nth);
}

const char *exchange_add_message(struct exchange *exchange, const char *user,
                                 const char *folder, const char *mime,
                                 size_t len, int64_t received, bool read)
{
    struct sim_folder *target = lock_folder(exchange, user, folder);
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
    struct sim_folder *found = lock_folder(exchange, user, folder);
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
    struct sim_folder *found = lock_folder(exchange, user, folder);
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
    struct sim_folder *found = lock_folder(exchange, user, folder);

    if (found != NULL) {
        found->unsyncable = true;
        sim_folder_touch(found);
    }
    exchange_unlock(exchange);
}
