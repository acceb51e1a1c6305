/*
 * memory_items.c - the in-memory door: what is in a folder, and reading it
 */
#include "tests/exchange/memory.h"

#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/base64.h"
#include "proxy/base/spool.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "tests/exchange/letter.h"
#include "tests/exchange/model.h"
#include "tests/exchange/text.h"

/* --- Columns ------------------------------------------------------------------- */

#define TAG_FLAG_STATUS 0x1090u
#define TAG_LAST_VERB 0x1081u

/* Flags for which Exchange has no property of its own. */
#define PRIVATE_FLAGS \
    (MAIL_ANSWERED | MAIL_FORWARDED | MAIL_MDN_SENT | MAIL_JUNK | MAIL_NOT_JUNK)

static const struct property_key private_flags = { SET_PUBLIC_STRINGS, 0,
                                                   "memory-flags", TYPE_INTEGER };
static const struct property_key token_key = { SET_PUBLIC_STRINGS, 0, "memory-token",
                                               TYPE_STRING };

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
        flags |= MAIL_DRAFT;
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

static void set_or_remove(struct sim_item *item, const char *set, uint32_t number,
                          bool present, int64_t value)
{
    if (present)
        bag_set_number(&item->bag, set, number, value);
    else
        bag_remove(&item->bag,
                   &(struct property_key){ set, number, NULL, TYPE_INTEGER });
}

/* All but the read flag and the draft bit, which are the item's own. */
void memory_set_flags(struct sim_item *item, uint32_t flags)
{
    struct arena *arena = arena_new();
    char *text = arena_printf(arena, "%u", flags & PRIVATE_FLAGS);

    set_or_remove(item, NULL, TAG_FLAG_STATUS, flags & MAIL_FLAGGED, 2);
    set_or_remove(item, SET_COMMON, LID_IMAP_DELETED, flags & MAIL_DELETED, 1);
    set_or_remove(item, NULL, TAG_LAST_VERB, flags & (MAIL_ANSWERED | MAIL_FORWARDED),
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

struct remote_item memory_item(struct arena *arena, struct sim_item *item)
{
    char *key = arena_alloc(arena, base64_encoded_size(sizeof item->search_key) + 1);
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
    };
}

/* --- Listing ------------------------------------------------------------------- */

static struct remote_item_delta show(struct arena *arena,
                                     const struct sim_item_change *change)
{
    struct remote_item_delta delta = { .change = REMOTE_ITEM_PRESENT };

    switch (change->kind) {
    case CHANGE_DELETE:
        delta.change = REMOTE_ITEM_GONE;
        delta.item.id = arena_strdup(arena, change->id);
        break;
    case CHANGE_READ_FLAG:
        delta.change = REMOTE_ITEM_READ_FLAG;
        delta.item.id = arena_strdup(arena, change->id);
        delta.item.change_key = sim_item_change_key(arena, change->item);
        delta.item.flags = memory_flags(change->item) & MAIL_SEEN;
        break;
    default:
        delta.item = memory_item(arena, change->item);
        break;
    }
    return delta;
}

/* A folder whose items can be listed; NULL with the status if there is none. */
static struct sim_folder *folder_to_read(struct memory_call *call, const char *id,
                                         enum status *status)
{
    struct sim_folder *folder = memory_folder(call->remote, id);

    *status = memory_call_item(call, 0);
    if (*status == STATUS_OK && folder == NULL)
        *status = STATUS_NO_FOLDER;
    return *status == STATUS_OK ? folder : NULL;
}

/* Ends a call that only reads. */
static enum status end_read(struct memory_call *call, enum status status)
{
    enum status answer;

    exchange_unlock(call->remote->exchange);
    if (status != STATUS_OK)
        op_fail(call->op, status, "the folder cannot be read");
    answer = memory_call_end(call);
    return answer != STATUS_OK ? answer : status;
}

static enum status sync_page(struct op *op, struct arena *arena, struct remote *remote,
                             const char *id, const char *state,
                             struct remote_item_page *page)
{
    struct memory_call call;
    enum status status = memory_call_begin(op, remote, "SyncFolderItems", false, &call);
    struct sim_sync_page found = { .count = 0 };
    struct remote_item_delta *deltas;
    struct sim_folder *folder;

    if (status != STATUS_OK)
        return status;
    exchange_lock(call.remote->exchange);
    folder = folder_to_read(&call, id, &status);
    if (folder != NULL && (folder->search || folder->unsyncable))
        status = STATUS_UNSUPPORTED;
    else if (folder != NULL && !sim_folder_sync(arena, folder, state, MEMORY_PAGE, &found))
        status = STATUS_STALE;
    deltas = arena_array(arena, found.count + 1, sizeof *deltas);
    for (size_t i = 0; i < found.count; i++)
        deltas[i] = show(arena, &found.items[i]);
    *page = (struct remote_item_page){ deltas, found.count, found.state, found.last };
    return end_read(&call, status);
}

enum status memory_items_sync(struct op *op, struct remote *remote, const char *folder,
                              const char *state,
                              bool (*each)(void *context,
                                           const struct remote_item_page *page),
                              void *context)
{
    struct arena *arena = arena_new();
    struct remote_item_page page = { .last = false };
    enum status status = STATUS_OK;

    while (status == STATUS_OK && !page.last) {
        struct arena *next = arena_new();

        status = sync_page(op, next, remote, folder, state, &page);
        if (status == STATUS_OK && !each(context, &page))
            status = op_fail(op, STATUS_CANCELLED, "the caller has enough");
        arena_free(&arena);
        arena = next;
        state = page.state;
    }
    arena_free(&arena);
    return status;
}

enum status memory_items_list(struct op *op, struct remote *remote, const char *id,
                              bool (*page)(void *context, const struct remote_item *items,
                                           size_t count),
                              void *context)
{
    enum status status = STATUS_OK;
    bool last = false;

    for (size_t offset = 0; status == STATUS_OK && !last; offset += MEMORY_FIND_PAGE) {
        struct arena *arena = arena_new();
        struct remote_item *items =
            arena_array(arena, MEMORY_FIND_PAGE, sizeof *items);
        struct sim_folder *folder;
        struct memory_call call;
        size_t count = 0;

        status = memory_call_begin(op, remote, "FindItem", false, &call);
        if (status == STATUS_OK) {
            exchange_lock(call.remote->exchange);
            folder = folder_to_read(&call, id, &status);
            for (; folder != NULL && offset + count < folder->count &&
                   count < MEMORY_FIND_PAGE;
                 count++)
                items[count] = memory_item(arena, folder->items[offset + count]);
            last = folder == NULL || offset + count >= folder->count;
            status = end_read(&call, status);
        }
        if (status == STATUS_OK && !page(context, items, count))
            status = op_fail(op, STATUS_CANCELLED, "the caller has enough");
        arena_free(&arena);
    }
    return status;
}

enum status memory_items_get(struct op *op, struct remote *remote,
                             const char *const ids[], size_t count,
                             bool (*each)(void *context, size_t index,
                                          enum status status,
                                          const struct remote_item *item),
                             void *context)
{
    enum status status = STATUS_OK;

    for (size_t start = 0; start < count && status == STATUS_OK; start += MEMORY_BATCH) {
        size_t many = count - start > MEMORY_BATCH ? MEMORY_BATCH : count - start;
        struct arena *arena = arena_new();
        struct remote_item *items = arena_array(arena, many, sizeof *items);
        enum status *states = arena_array(arena, many, sizeof *states);
        struct memory_call call;

        status = memory_call_begin(op, remote, "GetItem", false, &call);
        if (status == STATUS_OK) {
            exchange_lock(call.remote->exchange);
            for (size_t i = 0; i < many; i++) {
                struct sim_item *item =
                    sim_item_by_id(call.remote->exchange, ids[start + i]);

                states[i] = memory_call_item(&call, i);
                if (states[i] == STATUS_OK && item == NULL)
                    states[i] = STATUS_NOT_FOUND;
                if (states[i] == STATUS_OK)
                    items[i] = memory_item(arena, item);
            }
            status = end_read(&call, STATUS_OK);
        }
        for (size_t i = 0; i < many && status == STATUS_OK; i++)
            if (!each(context, start + i, states[i],
                      states[i] == STATUS_OK ? &items[i] : NULL))
                status = op_fail(op, STATUS_CANCELLED, "the caller has enough");
        arena_free(&arena);
    }
    return status;
}

/* --- Content ------------------------------------------------------------------- */

static void read_content(struct sim_item *item, struct remote_read *read)
{
    struct buf rendered;

    buf_init(&rendered, NULL);
    sim_item_render(item, &rendered);
    read->content = spool_new(NULL, 0);
    if (!spool_write(read->content, rendered.data, rendered.len)) {
        spool_free(&read->content);
        read->status = STATUS_INTERNAL;
    }
    buf_fini(&rendered);
}

static struct remote_read read_one(struct arena *arena, const struct memory_call *call,
                                   const char *id, size_t index, size_t nth,
                                   enum remote_part part)
{
    struct sim_item *item = sim_item_by_id(call->remote->exchange, id);
    struct remote_read read = { .index = index, .status = memory_call_item(call, nth) };

    if (read.status == STATUS_OK && item == NULL)
        read.status = STATUS_NOT_FOUND;
    if (read.status == STATUS_OK && part == REMOTE_CONTENT && item->corrupt)
        read.status = STATUS_CORRUPT;
    if (read.status != STATUS_OK)
        return read;
    if (part == REMOTE_CONTENT) {
        read_content(item, &read);
    } else if (item->transport_header != NULL) {
        read.header = arena_strdup(arena, item->transport_header);
        read.header_len = strlen(read.header);
    }
    return read;
}

/* How many of the items go into one call. */
static size_t batch_of(const uint32_t sizes[], size_t count, enum remote_part part)
{
    uint64_t octets = 0;
    size_t many = 0;

    while (many < count && many < MEMORY_BATCH) {
        if (part == REMOTE_CONTENT && sizes != NULL)
            octets += sizes[many];
        if (many > 0 && octets > MEMORY_BATCH_OCTETS)
            break;
        many++;
    }
    return many;
}

enum status memory_items_read(struct op *op, struct remote *remote,
                              const char *const ids[], const uint32_t sizes[],
                              size_t count, enum remote_part part,
                              bool (*each)(void *context, struct remote_read *read),
                              void *context)
{
    enum status status = STATUS_OK;

    for (size_t start = 0, many; start < count && status == STATUS_OK; start += many) {
        struct arena *arena = arena_new();
        struct remote_read *reads;
        struct memory_call call;

        many = batch_of(sizes == NULL ? NULL : sizes + start, count - start, part);
        reads = arena_array(arena, many, sizeof *reads);
        status = memory_call_begin(op, remote, "GetItem", false, &call);
        if (status == STATUS_OK) {
            exchange_lock(call.remote->exchange);
            for (size_t i = 0; i < many; i++)
                reads[i] = read_one(arena, &call, ids[start + i], start + i, i, part);
            status = end_read(&call, STATUS_OK);
        }
        for (size_t i = 0; i < many; i++) {
            if (status == STATUS_OK && !each(context, &reads[i]))
                status = op_fail(op, STATUS_CANCELLED, "the caller has enough");
            spool_free(&reads[i].content);
        }
        arena_free(&arena);
    }
    return status;
}

/* --- Finding ------------------------------------------------------------------- */

enum status memory_find_new(struct op *op, struct remote *remote, const char *id,
                            const char *token, const char *message_id, int64_t since,
                            struct remote_item **items_out, size_t *count_out)
{
    struct memory_call call;
    enum status status = memory_call_begin(op, remote, "FindItem", false, &call);
    struct sim_folder *folder;

    if (status != STATUS_OK)
        return status;
    *count_out = 0;
    exchange_lock(call.remote->exchange);
    status = memory_call_item(&call, 0);
    folder = id == NULL ? sim_folder_by_use(call.remote->mailbox, "sentitems")
                        : memory_folder(call.remote, id);
    if (status == STATUS_OK && folder == NULL)
        status = STATUS_NO_FOLDER;
    *items_out = arena_array(op->arena, status == STATUS_OK ? folder->count + 1 : 1,
                             sizeof **items_out);
    for (size_t i = 0; status == STATUS_OK && i < folder->count; i++) {
        struct sim_item *item = folder->items[i];
        struct sim_content *content = item->content;
        bool found =
            token != NULL
                ? memory_has_token(item, token)
                : item->created >= since &&
                      str_equal(letter_field(op->arena, content->data,
                                             content->header_len, "Message-ID"),
                                message_id);

        if (found)
            (*items_out)[(*count_out)++] = memory_item(op->arena, item);
    }
    return end_read(&call, status);
}

static bool body_contains(struct arena *arena, const struct sim_content *content,
                          const char *text)
{
    struct letter_part *parts;
    size_t count = letter_parts(arena, content->data, content->len, &parts);

    for (size_t i = 0; i < count; i++)
        if (str_starts(parts[i].type, "text/") && !parts[i].attachment &&
            text_contains(arena, letter_part_text(arena, &parts[i]), text))
            return true;
    return false;
}

static const char *const field_names[] = {
    [MAIL_SEARCH_SUBJECT] = "Subject", [MAIL_SEARCH_FROM] = "From",
    [MAIL_SEARCH_TO] = "To",           [MAIL_SEARCH_CC] = "Cc",
    [MAIL_SEARCH_BCC] = "Bcc",
};

static bool header_contains(struct arena *arena, const struct sim_content *content,
                            const char *name, const char *text)
{
    struct letter_fields fields = letter_fields(content->data, content->header_len);
    struct letter_field field;

    while (letter_next_field(&fields, &field)) {
        char *value = arena_strndup(arena, field.value, field.value_len);

        if ((name == NULL || str_is_nocase(field.start, field.name_len, name)) &&
            text_contains(arena, letter_decode_words(arena, value), text))
            return true;
    }
    return false;
}

static bool matches(struct arena *arena, const struct sim_item *item,
                    enum mail_search_field field, const char *name, const char *text)
{
    switch (field) {
    case MAIL_SEARCH_BODY:
        return body_contains(arena, item->content, text);
    case MAIL_SEARCH_TEXT:
        return body_contains(arena, item->content, text) ||
               header_contains(arena, item->content, NULL, text);
    case MAIL_SEARCH_HEADER:
        return header_contains(arena, item->content, name, text);
    default:
        return header_contains(arena, item->content, field_names[field], text);
    }
}

enum status memory_search(struct op *op, struct remote *remote, const char *id,
                          enum mail_search_field field, const char *name,
                          const char *text,
                          bool (*page)(void *context, const char *const ids[],
                                       size_t count),
                          void *context)
{
    struct memory_call call;
    enum status status = memory_call_begin(op, remote, "FindItem", false, &call);
    struct sim_folder *folder;
    const char **ids = NULL;
    size_t count = 0;

    if (status != STATUS_OK)
        return status;
    exchange_lock(call.remote->exchange);
    folder = folder_to_read(&call, id, &status);
    if (folder != NULL)
        ids = arena_array(op->arena, folder->count + 1, sizeof *ids);
    for (size_t i = 0; folder != NULL && i < folder->count; i++) {
        struct arena *arena = arena_new();

        if (matches(arena, folder->items[i], field, name, text))
            ids[count++] = arena_strdup(op->arena, sim_item_id(folder->items[i]));
        arena_free(&arena);
    }
    status = end_read(&call, status);
    for (size_t start = 0; status == STATUS_OK && start < count;
         start += MEMORY_FIND_PAGE) {
        size_t many = count - start > MEMORY_FIND_PAGE ? MEMORY_FIND_PAGE : count - start;

        if (!page(context, ids + start, many))
            status = op_fail(op, STATUS_CANCELLED, "the caller has enough");
    }
    return status;
}
