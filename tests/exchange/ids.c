/*
 * ids.c - the long opaque ids that clients see
 *
 * An id is base64 of: three octets that every id begins with, what it is of,
 * the mailbox's GUID as text, its epoch, the serial, a number more, and a check
 * sum, so that any damage to one is noticed.  Some differ from each other only
 * in case.
 */
#include "tests/exchange/model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/base/base64.h"
#include "proxy/base/memory.h"

#define RAW_LEN 68
#define GUID_AT 4
#define NUMBERS_AT 40
#define SUM_AT 60

static void put(unsigned char *at, uint64_t value, int octets)
{
    for (int i = octets - 1; i >= 0; i--, value >>= 8)
        at[i] = (unsigned char)value;
}

static uint64_t get(const unsigned char *at, int octets)
{
    uint64_t value = 0;

    for (int i = 0; i < octets; i++)
        value = value << 8 | at[i];
    return value;
}

static uint64_t sum(const unsigned char *data, size_t len)
{
    uint64_t hash = 0xcbf29ce484222325u;

    for (size_t i = 0; i < len; i++)
        hash = (hash ^ data[i]) * 0x100000001b3u;
    return hash;
}

static void encode(const struct sim_mailbox *mailbox, enum sim_id_kind kind,
                   uint64_t serial, uint32_t extra, char *out)
{
    unsigned char raw[RAW_LEN] = { 0x00, 0x03, 0x24 };

    raw[3] = (unsigned char)kind;
    memcpy(raw + GUID_AT, mailbox->guid, 36);
    put(raw + NUMBERS_AT, mailbox->epoch, 4);
    put(raw + NUMBERS_AT + 4, serial, 8);
    put(raw + NUMBERS_AT + 12, mailbox->number, 4);
    put(raw + NUMBERS_AT + 16, extra, 4);
    put(raw + SUM_AT, sum(raw, SUM_AT), 8);
    out[base64_encode(raw, RAW_LEN, out)] = '\0';
}

char *sim_id_make(struct arena *arena, const struct sim_mailbox *mailbox,
                  enum sim_id_kind kind, uint64_t serial, uint32_t extra)
{
    char *id = arena_alloc(arena, base64_encoded_size(RAW_LEN) + 1);

    encode(mailbox, kind, serial, extra, id);
    return id;
}

static char *keep_id(const struct sim_mailbox *mailbox, enum sim_id_kind kind,
                     uint64_t serial)
{
    char *id = memory_new(base64_encoded_size(RAW_LEN) + 1);

    encode(mailbox, kind, serial, 0, id);
    return id;
}

const char *sim_item_id(struct sim_item *item)
{
    if (item->id == NULL)
        item->id = keep_id(item->folder->mailbox, ID_ITEM, item->serial);
    return item->id;
}

const char *sim_folder_id(struct sim_folder *folder)
{
    if (folder->id == NULL)
        folder->id = keep_id(folder->mailbox, ID_FOLDER, folder->serial);
    return folder->id;
}

bool sim_id_parse(struct exchange *exchange, const char *id,
                  struct sim_id_parts *parts)
{
    struct arena *arena = arena_new();
    size_t len = 0;
    unsigned char *raw =
        id == NULL
            ? NULL
            : (unsigned char *)base64_decode(arena, id, strlen(id), &len);
    bool good = raw != NULL && len == RAW_LEN &&
                get(raw + SUM_AT, 8) == sum(raw, SUM_AT);
    size_t number = good ? (size_t)get(raw + NUMBERS_AT + 12, 4) : 0;

    good = good && number < exchange->mailbox_count &&
           memcmp(raw + GUID_AT, exchange->mailboxes[number]->guid, 36) == 0;
    if (good) {
        parts->kind = (enum sim_id_kind)raw[3];
        parts->mailbox = exchange->mailboxes[number];
        parts->current = get(raw + NUMBERS_AT, 4) == parts->mailbox->epoch;
        parts->serial = get(raw + NUMBERS_AT + 4, 8);
        parts->extra = (uint32_t)get(raw + NUMBERS_AT + 16, 4);
    }
    arena_free(&arena);
    return good;
}

struct sim_item *sim_item_by_id(struct exchange *exchange, const char *id)
{
    struct sim_id_parts parts;

    if (!sim_id_parse(exchange, id, &parts) || parts.kind != ID_ITEM ||
        !parts.current || parts.serial >= parts.mailbox->item_count)
        return NULL;
    return parts.mailbox->items[parts.serial];
}

struct sim_folder *sim_folder_by_id(struct exchange *exchange, const char *id)
{
    struct sim_id_parts parts;
    struct sim_folder *folder;

    if (!sim_id_parse(exchange, id, &parts) || parts.kind != ID_FOLDER ||
        parts.serial >= parts.mailbox->folder_count)
        return NULL;
    folder = parts.mailbox->folders[parts.serial];
    return folder->gone ? NULL : folder;
}

static char *change_key(struct arena *arena, const struct sim_mailbox *mailbox,
                        unsigned char kind, uint64_t tick)
{
    unsigned char raw[24] = { kind, 0, 0, 0, 0x16, 0, 0, 0 };
    char *key = arena_alloc(arena, base64_encoded_size(sizeof raw) + 1);

    memcpy(raw + 8, mailbox->guid, 8);
    put(raw + 16, tick, 8);
    base64_encode(raw, sizeof raw, key);
    return key;
}

char *sim_item_change_key(struct arena *arena, const struct sim_item *item)
{
    return change_key(arena, item->folder->mailbox, 0x09, item->tick);
}

char *sim_folder_change_key(struct arena *arena,
                            const struct sim_folder *folder)
{
    return change_key(arena, folder->mailbox, 0x01, folder->changed_tick);
}
