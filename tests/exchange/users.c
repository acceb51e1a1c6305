/*
 * users.c - who has a mailbox, who logs in, and whom else he lets in
 */
#include "tests/exchange/model.h"
#include "tests/exchange/searches.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/base/memory.h"
#include "proxy/base/str.h"
#include "tests/exchange/access.h"
#include "tests/exchange/directory.h"
#include "tests/exchange/events.h"
#include "tests/exchange/soap.h"
#include "tests/exchange/stores.h"

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
    sim_entry_add(exchange, ENTRY_USER, address, display_name);
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
        sim_search_free(&folder->criteria);
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
    free(gone->zone);
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
    struct sim_folder *found = exchange_lock_folder(exchange, user, folder);

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
