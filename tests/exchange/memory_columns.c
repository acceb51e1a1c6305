/*
 * memory_columns.c - the in-memory door: what lists show of an item
 */
#include "tests/exchange/memory.h"

#include "proxy/base/arena.h"
#include "proxy/base/base64.h"
#include "proxy/base/str.h"
#include "tests/exchange/letter.h"
#include "tests/exchange/model.h"
#include "tests/exchange/path.h"

#define TAG_FLAG_STATUS 0x1090u
#define TAG_LAST_VERB 0x1081u

/* Flags for which Exchange has no property of its own. */
#define PRIVATE_FLAGS                                                          \
    (MAIL_ANSWERED | MAIL_FORWARDED | MAIL_MDN_SENT | MAIL_JUNK | MAIL_NOT_JUNK)

static const struct property_key private_flags = { SET_PUBLIC_STRINGS, 0,
                                                   "memory-flags",
                                                   TYPE_INTEGER };
static const struct property_key token_key = { SET_PUBLIC_STRINGS, 0,
                                               "memory-token", TYPE_STRING };

static uint32_t read_private_flags(const struct sim_item *item)
{
    const struct property *kept = bag_find(&item->bag, &private_flags);
    uint64_t value = 0;

    if (kept != NULL)
        str_to_u64(kept->texts[0], UINT32_MAX, &value);
    return (uint32_t)value;
}

uint32_t memory_flags(const struct sim_item *item)
{
    int64_t verb = bag_number(&item->bag, NULL, TAG_LAST_VERB, 0);
    uint32_t flags = read_private_flags(item);

    if (item->flags & FLAG_READ)
        flags |= MAIL_SEEN;
    if (item->flags & FLAG_UNSENT)
        flags = (flags ^ MAIL_DRAFT) | MAIL_UNSENT;
    if (bag_number(&item->bag, NULL, TAG_FLAG_STATUS, 0) == 2)
        flags |= MAIL_FLAGGED;
    if (bag_number(&item->bag, SET_COMMON, LID_IMAP_DELETED, 0) == 1)
        flags |= MAIL_DELETED;
    if (verb == 102 || verb == 103)
        flags |= MAIL_ANSWERED;
    if (verb == 104)
        flags |= MAIL_FORWARDED;
    return flags;
}

static void set_or_remove(struct sim_item *item, const char *set,
                          uint32_t number, bool present, int64_t value)
{
    if (present)
        bag_set_number(&item->bag, set, number, value);
    else
        bag_remove(&item->bag,
                   &(struct property_key){ set, number, NULL, TYPE_INTEGER });
}

/* All but the read flag and the draft bit, which are the item's own: whether it
 * is to be shown against that bit is kept. */
void memory_set_flags(struct sim_item *item, uint32_t flags)
{
    struct arena *arena = arena_new();
    bool unsent = item->flags & FLAG_UNSENT;
    bool against = ((flags & MAIL_DRAFT) != 0) != unsent;
    char *text = arena_printf(
        arena, "%u", (flags & PRIVATE_FLAGS) | (against ? MAIL_DRAFT : 0));

    set_or_remove(item, NULL, TAG_FLAG_STATUS, flags & MAIL_FLAGGED, 2);
    set_or_remove(item, SET_COMMON, LID_IMAP_DELETED, flags & MAIL_DELETED, 1);
    set_or_remove(item, NULL, TAG_LAST_VERB,
                  flags & (MAIL_ANSWERED | MAIL_FORWARDED),
                  flags & MAIL_ANSWERED ? 102 : 104);
    bag_set(&item->bag, &private_flags, (const char *const[]){ text }, 1);
    arena_free(&arena);
}

void memory_set_token(struct sim_item *item, const char *token)
{
    if (token != NULL)
        bag_set(&item->bag, &token_key, &token, 1);
}

bool memory_has_token(const struct sim_item *item, const char *token)
{
    const struct property *kept = bag_find(&item->bag, &token_key);

    return kept != NULL && str_equal(kept->texts[0], token);
}

static const char *const *copy_names(struct arena *arena, char *const *names)
{
    const char **copy;
    size_t count = 0;

    if (names == NULL)
        return NULL;
    while (names[count] != NULL)
        count++;
    copy = arena_array(arena, count + 1, sizeof *copy);
    for (size_t i = 0; i < count; i++)
        copy[i] = arena_strdup(arena, names[i]);
    return copy;
}

/* Exchange 2007 knows of none. */
static const char *conversation_of(struct arena *arena, struct sim_item *item)
{
    uint64_t number = item_conversation(arena, item);
    char *id = arena_alloc(arena, base64_encoded_size(sizeof number) + 1);

    if (item->folder->mailbox->exchange->version < EXCHANGE_2010_SP1)
        return NULL;
    base64_encode(&number, sizeof number, id);
    return id;
}

struct remote_item memory_item(struct arena *arena, struct sim_item *item)
{
    char *key =
        arena_alloc(arena, base64_encoded_size(sizeof item->search_key) + 1);
    struct sim_content *content = item->content;

    base64_encode(item->search_key, sizeof item->search_key, key);
    return (struct remote_item){
        .id = arena_strdup(arena, sim_item_id(item)),
        .change_key = sim_item_change_key(arena, item),
        .class = arena_strdup(arena, item->class),
        .article = item->article,
        .flags = memory_flags(item),
        .categories = copy_names(arena, item->categories),
        .received = item->received,
        .created = item->created,
        .size = sim_item_size(item),
        .message_id = letter_field(arena, content->data, content->header_len,
                                   "Message-ID"),
        .search_key = key,
        .conversation = conversation_of(arena, item),
    };
}
