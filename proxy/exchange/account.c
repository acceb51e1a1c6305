/*
 * account.c - what is known of an account, and what of it is kept on the disk
 */
#include "proxy/exchange/account.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "proxy/base/arena.h"
#include "proxy/base/log.h"
#include "proxy/base/memory.h"
#include "proxy/base/str.h"
#include "proxy/exchange/account_private.h"
#include "proxy/exchange/cache.h"
#include "proxy/exchange/credentials.h"
#include "proxy/exchange/index/messages.h"

/* --- What is kept on the disk -------------------------------------------- */

void account_save_facts(struct op *op, struct account *account)
{
    pthread_mutex_lock(&account->lock);
    char *password = credentials_store(op->arena, account->credentials);
    char *address = arena_strdup(op->arena, account->address);
    pthread_mutex_unlock(&account->lock);
    char *limit =
        arena_printf(op->arena, "%llu",
                     (unsigned long long)atomic_load(&account->message_limit));

    index_set_fact(op, account->index, "password", password);
    index_set_fact(op, account->index, "address", address);
    index_set_fact(op, account->index, "message_limit", limit);
    index_set_fact(
        op, account->index, "stores",
        arena_printf(op->arena, "%u", atomic_load(&account->stores)));
}

bool account_open_index(struct account *account)
{
    if (account->index != NULL)
        return true;
    if (account->directory != NULL && mkdir(account->directory, 0700) != 0 &&
        errno != EEXIST) {
        log_error("postern",
                  "state cannot be kept user=%s path=%s error=\"%m\"",
                  account->user, account->directory);
        return false;
    }
    struct index *index = index_open(account->directory, account->user);
    if (index == NULL)
        return false;
    const struct store_settings *store = &account_settings(account)->store;

    index_limit_tombstones(index, store->tombstones, store->tombstone_age);
    account->cache =
        cache_new(account->directory, store->cache, store->cache_limit);
    account->index = index;
    atomic_store(&account->opened, true);
    return true;
}

void account_remember(struct account *account)
{
    if (!account_open_index(account))
        return;

    struct arena *arena = arena_new();
    uint64_t limit = 0;
    struct op op;

    op_init(&op, arena, "postern");
    credentials_load(account->credentials,
                     index_fact(&op, account->index, "password"));
    const char *address = index_fact(&op, account->index, "address");
    if (address != NULL) {
        free(account->address);
        account->address = memory_strdup(address);
    }
    const char *text = index_fact(&op, account->index, "message_limit");
    if (text != NULL && str_to_u64(text, UINT64_MAX, &limit))
        atomic_store(&account->message_limit, limit);
    text = index_fact(&op, account->index, "stores");
    if (text != NULL && str_to_u64(text, UINT32_MAX, &limit))
        atomic_store(&account->stores, (unsigned)limit);
    arena_free(&arena);
}

/* --- What is known ------------------------------------------------------- */

uint64_t account_moment(struct account *account)
{
    return atomic_fetch_add(&account->moment, 1) + 1;
}

void account_touch_tree(struct account *account, uint64_t moment)
{
    if (atomic_load(&account->tree_touched) < moment)
        atomic_store(&account->tree_touched, moment);
}

bool account_knows_tree(struct account *account, uint64_t since)
{
    uint64_t looked = atomic_load(&account->tree_looked);

    return looked > atomic_load(&account->tree_touched) && looked >= since;
}

void account_collect(struct op *op, struct account *account)
{
    int64_t rows[256];
    uint32_t renderings[256];
    size_t count;

    do {
        count = sizeof rows / sizeof rows[0];
        if (index_garbage(op, account->index, rows, renderings, &count) !=
            STATUS_OK)
            return;
        for (size_t i = 0; i < count; i++)
            cache_remove(account->cache, rows[i], renderings[i]);
    } while (count == sizeof rows / sizeof rows[0]);
}

const char *account_user(const struct account *account)
{
    return account->user;
}

const char *account_address(struct op *op, struct account *account)
{
    pthread_mutex_lock(&account->lock);
    const char *address = arena_strdup(op->arena, account->address);
    pthread_mutex_unlock(&account->lock);
    return address;
}

uint64_t account_message_limit(const struct account *account)
{
    uint64_t ours = account_settings(account)->mail.message_limit;

    /* Exchange does not tell: what we know is how it comes from the box. */
    return ours != 0 ? ours : atomic_load(&account->message_limit);
}
