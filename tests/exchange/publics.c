/*
 * publics.c - the mailboxes of the public folders, from 2013 on
 */
#include "tests/exchange/publics.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/base/memory.h"
#include "proxy/base/str.h"

const struct sim_public *sim_public_find(const struct exchange *exchange,
                                         const char *address)
{
    for (size_t i = 0; i < exchange->public_count; i++) {
        const struct sim_public *mailbox = &exchange->publics[i];

        if (str_equal_nocase(mailbox->address, address) ||
            str_is_nocase(address, strcspn(address, "@"), mailbox->guid))
            return mailbox;
    }
    return NULL;
}

const struct sim_public *sim_public_tree(const struct exchange *exchange)
{
    return &exchange->publics[0];
}

const struct sim_public *sim_public_of(const struct sim_folder *folder)
{
    const struct sim_folder *at = folder;

    while (at->home == 0 && at->parent != NULL)
        at = at->parent;
    return &folder->mailbox->exchange->publics[at->home];
}

static size_t make(struct exchange *exchange, const char *address)
{
    size_t count = exchange->public_count;
    struct sim_public *mailbox;
    unsigned hash = 5381;

    for (size_t i = 0; i < count; i++)
        if (str_equal_nocase(exchange->publics[i].address, address))
            return i;
    exchange->publics = memory_resize(
        exchange->publics, (count + 1) * sizeof *exchange->publics);
    mailbox = &exchange->publics[count];
    mailbox->address = memory_strdup(address);
    for (const char *at = address; *at != '\0'; at++)
        hash = hash * 33 ^ (unsigned char)*at;
    snprintf(mailbox->guid, sizeof mailbox->guid,
             "%08x-9c1e-4b7a-8d20-%012zx", hash, count);
    return exchange->public_count++;
}

void sim_publics_begin(struct exchange *exchange)
{
    make(exchange, EXCHANGE_PUBLIC_TREE);
}

void exchange_put_public_folder(struct exchange *exchange, const char *path,
                                const char *address)
{
    struct sim_folder *folder =
        exchange_lock_folder(exchange, EXCHANGE_PUBLIC, path);

    if (folder != NULL)
        folder->home = make(exchange, address);
    exchange_unlock(exchange);
}

void sim_publics_free(struct exchange *exchange)
{
    for (size_t i = 0; i < exchange->public_count; i++)
        free(exchange->publics[i].address);
    free(exchange->publics);
}
