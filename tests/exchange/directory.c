/*
 * directory.c - what the directory says of people, groups and rooms
 */
#include "tests/exchange/directory.h"

#include <stdlib.h>
#include <string.h>

#include "proxy/base/memory.h"
#include "proxy/base/str.h"

#define DEEPEST 8

/* --- Entries ------------------------------------------------------------- */

struct sim_entry *sim_entry_add(struct exchange *exchange,
                                enum sim_entry_kind kind, const char *address,
                                const char *name)
{
    struct sim_entry *entry = memory_new(sizeof *entry);

    entry->kind = kind;
    entry->number = exchange->entry_count;
    entry->address = memory_strdup(address);
    entry->name = memory_strdup(name);
    entry->alias = memory_strdup(address);
    entry->alias[strcspn(address, "@")] = '\0';
    if (exchange->entry_count == exchange->entry_capacity) {
        exchange->entry_capacity =
            exchange->entry_capacity == 0 ? 64 : exchange->entry_capacity * 2;
        exchange->entries =
            memory_resize(exchange->entries,
                          exchange->entry_capacity * sizeof *exchange->entries);
    }
    exchange->entries[exchange->entry_count++] = entry;
    return entry;
}

struct sim_entry *sim_entry_find(const struct exchange *exchange,
                                 const char *address)
{
    for (size_t i = 0; i < exchange->entry_count; i++)
        if (!exchange->entries[i]->gone &&
            str_equal_nocase(exchange->entries[i]->address, address))
            return exchange->entries[i];
    return NULL;
}

static bool has_address(const struct sim_entry *entry, const char *address)
{
    const char *other;

    for (size_t i = 0;
         (other = sim_detail_nth(entry, "ProxyAddress", i)) != NULL; i++)
        if (str_equal_nocase(other, address))
            return true;
    return str_equal_nocase(entry->address, address);
}

struct sim_entry *sim_entry_find_any(const struct exchange *exchange,
                                     const char *address)
{
    for (size_t i = 0; i < exchange->entry_count; i++)
        if (!exchange->entries[i]->gone &&
            has_address(exchange->entries[i], address))
            return exchange->entries[i];
    return NULL;
}

bool sim_entry_is_group(const struct sim_entry *entry)
{
    return entry->kind == ENTRY_GROUP || entry->kind == ENTRY_ROOM_LIST;
}

const char *sim_entry_type(const struct sim_entry *entry)
{
    if (sim_entry_is_group(entry))
        return "PublicDL";
    return entry->kind == ENTRY_CONTACT ? "Contact" : "Mailbox";
}

const struct sim_entry *sim_group_find(const struct exchange *exchange,
                                       const char *address)
{
    const struct sim_entry *entry = sim_entry_find_any(exchange, address);

    return entry != NULL && sim_entry_is_group(entry) ? entry : NULL;
}

/* FNV-1a, from two beginnings. */
void sim_entry_guid(const struct sim_entry *entry, unsigned char guid[16])
{
    uint64_t hashes[2] = { 0xcbf29ce484222325u, 0x84222325cbf29ce4u };

    for (size_t i = 0; i < 2; i++) {
        for (const char *at = entry->address; *at != '\0'; at++)
            hashes[i] = (hashes[i] ^ (unsigned char)*at) * 0x100000001b3u;
        for (size_t k = 0; k < 8; k++)
            guid[i * 8 + k] = (unsigned char)(hashes[i] >> (k * 8));
    }
}

const char *sim_entry_dn(struct arena *arena, const struct sim_entry *entry)
{
    return arena_printf(arena,
                        "/o=Postern/ou=Exchange Administrative Group "
                        "(FYDIBOHF23SPDLT)/cn=Recipients/cn=%zu-%s",
                        entry->number, entry->alias);
}

/* --- Details ------------------------------------------------------------- */

const char *sim_detail_nth(const struct sim_entry *entry, const char *element,
                           size_t nth)
{
    for (size_t i = 0; i < entry->detail_count; i++)
        if (str_equal(entry->details[i].element, element) && nth-- == 0)
            return entry->details[i].text;
    return NULL;
}

const char *sim_detail(const struct sim_entry *entry, const char *element)
{
    return sim_detail_nth(entry, element, 0);
}

/* Rooms and groups have no names of persons. */
static bool is_person(const struct sim_entry *entry)
{
    return entry->kind == ENTRY_USER || entry->kind == ENTRY_CONTACT;
}

const char *sim_given_name(struct arena *arena, const struct sim_entry *entry)
{
    const char *text = sim_detail(entry, "GivenName");
    const char *end = strrchr(entry->name, ' ');

    if (text != NULL || !is_person(entry) || end == NULL)
        return text;
    return arena_strndup(arena, entry->name, (size_t)(end - entry->name));
}

const char *sim_surname(struct arena *arena, const struct sim_entry *entry)
{
    const char *text = sim_detail(entry, "Surname");
    const char *end = strrchr(entry->name, ' ');

    if (text != NULL || !is_person(entry) || end == NULL)
        return text;
    return arena_strdup(arena, end + 1);
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
    const struct sim_entry *group = sim_group_find(all->exchange, address);

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

/* --- The end ------------------------------------------------------------- */

static void free_entry(struct sim_entry *entry)
{
    for (size_t i = 0; i < entry->detail_count; i++) {
        free(entry->details[i].element);
        free(entry->details[i].text);
    }
    for (size_t i = 0; entry->members != NULL && entry->members[i] != NULL; i++)
        free(entry->members[i]);
    free(entry->details);
    free(entry->members);
    free(entry->address);
    free(entry->alias);
    free(entry->name);
    free(entry->photo);
    free(entry->key);
    free(entry);
}

void sim_directory_free(struct exchange *exchange)
{
    for (size_t i = 0; i < exchange->entry_count; i++)
        free_entry(exchange->entries[i]);
    free(exchange->entries);
}
