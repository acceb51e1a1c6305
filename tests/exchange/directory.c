/*
 * directory.c - what the directory says of people, groups and rooms
 */
#include "tests/exchange/directory.h"

#include <stdlib.h>

#include "proxy/base/memory.h"
#include "proxy/base/str.h"

#define DEEPEST 8

const struct sim_group *sim_group_find(const struct exchange *exchange,
                                       const char *address)
{
    for (size_t i = 0; i < exchange->group_count; i++)
        if (str_equal_nocase(exchange->groups[i].address, address))
            return &exchange->groups[i];
    return NULL;
}

const char *sim_detail(const struct sim_mailbox *mailbox, const char *element)
{
    for (size_t i = 0; i < mailbox->detail_count; i++)
        if (str_equal(mailbox->details[i].element, element))
            return mailbox->details[i].text;
    return NULL;
}

/* --- Expanding ----------------------------------------------------------- */

struct expansion {
    struct arena *arena;
    const struct exchange *exchange;
    const char **list;
    size_t count;
    size_t capacity;
};

static void add(struct expansion *all, const char *address)
{
    for (size_t i = 0; i < all->count; i++)
        if (str_equal_nocase(all->list[i], address))
            return;
    if (all->count + 1 >= all->capacity) {
        const char **more;

        all->capacity = all->capacity == 0 ? 16 : all->capacity * 2;
        more = arena_array(all->arena, all->capacity, sizeof *more);
        for (size_t i = 0; i < all->count; i++)
            more[i] = all->list[i];
        all->list = more;
    }
    all->list[all->count++] = address;
    all->list[all->count] = NULL;
}

static void expand(struct expansion *all, const char *address, int depth)
{
    const struct sim_group *group = sim_group_find(all->exchange, address);

    if (group == NULL) {
        add(all, address);
        return;
    }
    for (size_t i = 0; group->members[i] != NULL && depth < DEEPEST; i++)
        expand(all, group->members[i], depth + 1);
}

const char **sim_expand(struct arena *arena, const struct exchange *exchange,
                        const char *address)
{
    struct expansion all = { .arena = arena, .exchange = exchange };

    expand(&all, address, 0);
    return all.list == NULL ? arena_array(arena, 1, sizeof *all.list)
                            : all.list;
}

/* --- Filling ------------------------------------------------------------- */

void exchange_describe(struct exchange *exchange, const char *user,
                       const char *element, const char *text)
{
    struct sim_mailbox *mailbox;

    exchange_lock(exchange);
    mailbox = sim_mailbox_find(exchange, user);
    if (mailbox != NULL) {
        mailbox->details =
            memory_resize(mailbox->details, (mailbox->detail_count + 1) *
                                                sizeof *mailbox->details);
        mailbox->details[mailbox->detail_count++] =
            (struct sim_detail){ memory_strdup(element), memory_strdup(text) };
    }
    exchange_unlock(exchange);
}

static void add_group(struct exchange *exchange, const char *address,
                      const char *name, const char *const members[], bool rooms)
{
    struct sim_group *group;
    size_t count = 0;

    while (members[count] != NULL)
        count++;
    exchange_lock(exchange);
    exchange->groups =
        memory_resize(exchange->groups,
                      (exchange->group_count + 1) * sizeof *exchange->groups);
    group = &exchange->groups[exchange->group_count++];
    *group = (struct sim_group){ .address = memory_strdup(address),
                                 .name = memory_strdup(name),
                                 .rooms = rooms };
    group->members = memory_new((count + 1) * sizeof *group->members);
    for (size_t i = 0; i < count; i++)
        group->members[i] = memory_strdup(members[i]);
    exchange_unlock(exchange);
}

void exchange_add_group(struct exchange *exchange, const char *address,
                        const char *name, const char *const members[])
{
    add_group(exchange, address, name, members, false);
}

void exchange_add_room_list(struct exchange *exchange, const char *address,
                            const char *name, const char *const rooms[])
{
    add_group(exchange, address, name, rooms, true);
}

void exchange_set_zone(struct exchange *exchange, const char *user,
                       const char *zone)
{
    struct sim_mailbox *mailbox;

    exchange_lock(exchange);
    mailbox = sim_mailbox_find(exchange, user);
    if (mailbox != NULL) {
        free(mailbox->zone);
        mailbox->zone = memory_strdup(zone);
    }
    exchange_unlock(exchange);
}

void exchange_hide_busy(struct exchange *exchange, const char *user,
                        bool hidden)
{
    struct sim_mailbox *mailbox;

    exchange_lock(exchange);
    mailbox = sim_mailbox_find(exchange, user);
    if (mailbox != NULL)
        mailbox->hides_busy = hidden;
    exchange_unlock(exchange);
}

/* --- The end ------------------------------------------------------------- */

void sim_details_free(struct sim_mailbox *mailbox)
{
    for (size_t i = 0; i < mailbox->detail_count; i++) {
        free(mailbox->details[i].element);
        free(mailbox->details[i].text);
    }
    free(mailbox->details);
    free(mailbox->zone);
}

void sim_directory_free(struct exchange *exchange)
{
    for (size_t i = 0; i < exchange->group_count; i++) {
        struct sim_group *group = &exchange->groups[i];

        for (size_t k = 0; group->members[k] != NULL; k++)
            free(group->members[k]);
        free(group->members);
        free(group->address);
        free(group->name);
    }
    free(exchange->groups);
}
