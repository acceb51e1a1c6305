/*
 * directory_knobs.c - who is put into the directory, and what is said of him
 */
#include "tests/exchange/directory.h"

#include <stdlib.h>
#include <string.h>

#include "proxy/base/memory.h"
#include "proxy/base/str.h"

/* --- People -------------------------------------------------------------- */

void exchange_add_person(struct exchange *exchange, const char *address,
                         const char *name)
{
    exchange_lock(exchange);
    sim_entry_add(exchange,
                  exchange_is_local(exchange, address) ? ENTRY_USER
                                                       : ENTRY_CONTACT,
                  address, name);
    exchange_unlock(exchange);
}

void exchange_add_room(struct exchange *exchange, const char *address,
                       const char *name)
{
    exchange_lock(exchange);
    sim_entry_add(exchange, ENTRY_ROOM, address, name);
    exchange_unlock(exchange);
}

void exchange_remove_person(struct exchange *exchange, const char *address)
{
    struct sim_entry *entry;

    exchange_lock(exchange);
    entry = sim_entry_find(exchange, address);
    if (entry != NULL)
        entry->gone = true;
    exchange_unlock(exchange);
}

void exchange_rename_person(struct exchange *exchange, const char *address,
                            const char *name)
{
    struct sim_entry *entry;

    exchange_lock(exchange);
    entry = sim_entry_find(exchange, address);
    if (entry != NULL) {
        free(entry->name);
        free(entry->key);
        entry->name = memory_strdup(name);
        entry->key = NULL;
    }
    exchange_unlock(exchange);
}

/* --- What is said of them ------------------------------------------------ */

/* Those that somebody may have several of. */
static bool is_list(const char *element)
{
    return str_equal(element, "ProxyAddress") ||
           str_equal(element, "UserSMIMECertificate") ||
           str_equal(element, "MSExchangeCertificate");
}

static void forget(struct sim_entry *entry, const char *element)
{
    size_t kept = 0;

    for (size_t i = 0; i < entry->detail_count; i++) {
        if (!str_equal(entry->details[i].element, element)) {
            entry->details[kept++] = entry->details[i];
            continue;
        }
        free(entry->details[i].element);
        free(entry->details[i].text);
    }
    entry->detail_count = kept;
}

void sim_describe(struct exchange *exchange, struct sim_entry *entry,
                  const char *element, const char *text)
{
    free(entry->key);
    entry->key = NULL;
    if (str_equal(element, "ManagerMailbox")) {
        entry->manager = text == NULL ? NULL : sim_entry_find(exchange, text);
        return;
    }
    if (str_equal(element, "Alias") && text != NULL) {
        free(entry->alias);
        entry->alias = memory_strdup(text);
        return;
    }
    if (text == NULL || !is_list(element))
        forget(entry, element);
    if (text == NULL)
        return;
    entry->details = memory_resize(entry->details, (entry->detail_count + 1) *
                                                       sizeof *entry->details);
    entry->details[entry->detail_count++] =
        (struct sim_detail){ memory_strdup(element), memory_strdup(text) };
}

void exchange_describe(struct exchange *exchange, const char *user,
                       const char *element, const char *text)
{
    struct sim_entry *entry;

    exchange_lock(exchange);
    entry = sim_entry_find(exchange, user);
    if (entry != NULL)
        sim_describe(exchange, entry, element, text);
    exchange_unlock(exchange);
}

void exchange_set_photo(struct exchange *exchange, const char *address,
                        const void *data, size_t len)
{
    struct sim_entry *entry;

    exchange_lock(exchange);
    entry = sim_entry_find(exchange, address);
    if (entry != NULL) {
        free(entry->photo);
        entry->photo = NULL;
        entry->photo_len = data == NULL ? 0 : len;
        if (entry->photo_len > 0) {
            entry->photo = memory_new(len);
            memcpy(entry->photo, data, len);
        }
    }
    exchange_unlock(exchange);
}

/* --- Groups -------------------------------------------------------------- */

static void add_group(struct exchange *exchange, enum sim_entry_kind kind,
                      const char *address, const char *name,
                      const char *const members[])
{
    struct sim_entry *group;
    size_t count = 0;

    while (members[count] != NULL)
        count++;
    exchange_lock(exchange);
    group = sim_entry_add(exchange, kind, address, name);
    group->members = memory_new((count + 1) * sizeof *group->members);
    for (size_t i = 0; i < count; i++)
        group->members[i] = memory_strdup(members[i]);
    exchange_unlock(exchange);
}

void exchange_add_group(struct exchange *exchange, const char *address,
                        const char *name, const char *const members[])
{
    add_group(exchange, ENTRY_GROUP, address, name, members);
}

/* Whose mailbox it is that stands in a list of rooms, is a room. */
void exchange_add_room_list(struct exchange *exchange, const char *address,
                            const char *name, const char *const rooms[])
{
    add_group(exchange, ENTRY_ROOM_LIST, address, name, rooms);
    exchange_lock(exchange);
    for (size_t i = 0; rooms[i] != NULL; i++) {
        struct sim_entry *room = sim_entry_find(exchange, rooms[i]);

        if (room != NULL)
            room->kind = ENTRY_ROOM;
    }
    exchange_unlock(exchange);
}

void exchange_hide_members(struct exchange *exchange, const char *group,
                           bool hidden)
{
    struct sim_entry *entry;

    exchange_lock(exchange);
    entry = sim_entry_find(exchange, group);
    if (entry != NULL)
        entry->hides_members = hidden;
    exchange_unlock(exchange);
}

/* --- Users --------------------------------------------------------------- */

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
