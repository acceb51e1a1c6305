/*
 * memory_items.c - the in-memory door: reading items and finding them
 */
#include "tests/exchange/memory.h"

#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/spool.h"
#include "proxy/base/str.h"
#include "tests/exchange/letter.h"
#include "tests/exchange/model.h"
#include "tests/exchange/path.h"
#include "tests/exchange/query.h"
#include "tests/exchange/text.h"

/* --- Content ------------------------------------------------------------- */

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

static struct remote_read read_one(struct arena *arena,
                                   const struct memory_call *call,
                                   const char *id, size_t index, size_t nth,
                                   enum remote_part part)
{
    struct sim_item *item = sim_item_by_id(call->remote->exchange, id);
    struct remote_read read = { .index = index,
                                .status = memory_call_item(call, nth) };

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
static size_t batch_of(const uint32_t sizes[], size_t count,
                       enum remote_part part)
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

enum status memory_items_read(
    struct op *op, struct remote *remote, const char *const ids[],
    const uint32_t sizes[], size_t count, enum remote_part part,
    bool (*each)(void *context, struct remote_read *read), void *context)
{
    enum status status = STATUS_OK;

    for (size_t start = 0, many; start < count && status == STATUS_OK;
         start += many) {
        struct arena *arena = arena_new();
        struct remote_read *reads;
        struct memory_call call;

        many =
            batch_of(sizes == NULL ? NULL : sizes + start, count - start, part);
        reads = arena_array(arena, many, sizeof *reads);
        status = memory_call_begin(op, remote, "GetItem", false, &call);
        if (status == STATUS_OK) {
            exchange_lock(call.remote->exchange);
            for (size_t i = 0; i < many; i++)
                reads[i] =
                    read_one(arena, &call, ids[start + i], start + i, i, part);
            status = memory_end_read(&call, STATUS_OK);
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

/* --- Previews ------------------------------------------------------------ */

static bool preview_one(struct arena *arena, const struct memory_call *call,
                        const char *id, size_t index, size_t nth,
                        bool (*each)(void *context, size_t index,
                                     enum status status, const char *text),
                        void *context)
{
    enum status status = memory_call_item(call, nth);
    const char *text = NULL;

    exchange_lock(call->remote->exchange);
    struct sim_item *item = sim_item_by_id(call->remote->exchange, id);
    if (status == STATUS_OK && item == NULL)
        status = STATUS_NOT_FOUND;
    if (status == STATUS_OK)
        text = item_plain_text(arena, item);
    exchange_unlock(call->remote->exchange);
    return each(context, index, status, text);
}

enum status memory_items_preview(struct op *op, struct remote *remote,
                                 const char *const ids[], size_t count,
                                 bool (*each)(void *context, size_t index,
                                              enum status status,
                                              const char *text),
                                 void *context)
{
    const struct memory_remote *memory = (const struct memory_remote *)remote;
    struct memory_call call = { 0 };
    enum status status = STATUS_OK;
    struct arena *arena = arena_new();
    bool wanted = true;

    if (memory->exchange->version < EXCHANGE_2013_SP1)
        status = STATUS_UNSUPPORTED;
    for (size_t i = 0; i < count && status == STATUS_OK && wanted; i++) {
        if (i % MEMORY_BATCH == 0)
            status = memory_call_begin(op, remote, "GetItem", false, &call);
        if (status == STATUS_OK)
            wanted = preview_one(arena, &call, ids[i], i, i % MEMORY_BATCH,
                                 each, context);
    }
    arena_free(&arena);
    return status;
}

/* --- Finding ------------------------------------------------------------- */

enum status memory_find_new(struct op *op, struct remote *remote,
                            const char *id, const char *token,
                            const char *message_id, int64_t since,
                            struct remote_item **items_out, size_t *count_out)
{
    struct memory_call call;
    enum status status =
        memory_call_begin(op, remote, "FindItem", false, &call);
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
    *items_out =
        arena_array(op->arena, status == STATUS_OK ? folder->count + 1 : 1,
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
    return memory_end_read(&call, status);
}

static bool body_contains(struct arena *arena,
                          const struct sim_content *content, const char *text)
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

static bool header_contains(struct arena *arena,
                            const struct sim_content *content, const char *name,
                            const char *text)
{
    struct letter_fields fields =
        letter_fields(content->data, content->header_len);
    struct letter_field field;

    while (letter_next_field(&fields, &field)) {
        char *value = arena_strndup(arena, field.value, field.value_len);

        if ((name == NULL ||
             str_is_nocase(field.start, field.name_len, name)) &&
            text_contains(arena, letter_decode_words(arena, value), text))
            return true;
    }
    return false;
}

static bool matches(struct arena *arena, const struct sim_item *item,
                    enum mail_search_field field, const char *name,
                    const char *text)
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

/* What is searched for: by a restriction, or by a query. */
struct wanted {
    enum mail_search_field field;
    const char *name;
    const char *text;
    const struct query *query;
};

static enum status search(struct op *op, struct remote *remote, const char *id,
                          const struct wanted *wanted,
                          bool (*page)(void *context, const char *const ids[],
                                       size_t count),
                          void *context)
{
    struct memory_call call;
    enum status status =
        memory_call_begin(op, remote, "FindItem", false, &call);
    struct sim_folder *folder;
    const char **ids = NULL;
    size_t count = 0;

    if (status != STATUS_OK)
        return status;
    exchange_lock(call.remote->exchange);
    folder = memory_folder_to_read(&call, id, &status);
    if (folder != NULL)
        ids = arena_array(op->arena, folder->count + 1, sizeof *ids);
    for (size_t i = 0; folder != NULL && i < folder->count; i++) {
        struct arena *arena = arena_new();
        struct sim_item *item = folder->items[i];

        if (wanted->query != NULL
                ? query_fits(wanted->query, item)
                : matches(arena, item, wanted->field, wanted->name,
                          wanted->text))
            ids[count++] = arena_strdup(op->arena, sim_item_id(item));
        arena_free(&arena);
    }
    status = memory_end_read(&call, status);
    for (size_t start = 0; status == STATUS_OK && start < count;
         start += MEMORY_FIND_PAGE) {
        size_t many =
            count - start > MEMORY_FIND_PAGE ? MEMORY_FIND_PAGE : count - start;

        if (!page(context, ids + start, many))
            status = op_fail(op, STATUS_CANCELLED, "the caller has enough");
    }
    return status;
}

enum status memory_search(struct op *op, struct remote *remote, const char *id,
                          enum mail_search_field field, const char *name,
                          const char *text,
                          bool (*page)(void *context, const char *const ids[],
                                       size_t count),
                          void *context)
{
    const struct wanted wanted = { .field = field,
                                   .name = name,
                                   .text = text };

    return search(op, remote, id, &wanted, page, context);
}

static const char *const query_names[] = {
    [MAIL_SEARCH_BODY] = "body:",       [MAIL_SEARCH_TEXT] = "",
    [MAIL_SEARCH_SUBJECT] = "subject:", [MAIL_SEARCH_FROM] = "from:",
    [MAIL_SEARCH_TO] = "to:",           [MAIL_SEARCH_CC] = "cc:",
    [MAIL_SEARCH_BCC] = "bcc:",
};

/* Exchange 2007 has no queries. */
enum status memory_search_words(struct op *op, struct remote *remote,
                                const char *id, enum mail_search_field field,
                                const char *text,
                                bool (*page)(void *context,
                                             const char *const ids[],
                                             size_t count),
                                void *context)
{
    const struct memory_remote *memory = (struct memory_remote *)remote;
    char **words = str_split(op->arena, text, " \t\r\n()\":,;.@<>*");
    struct wanted wanted = { .field = field };
    struct buf query;

    buf_init(&query, op->arena);
    for (size_t i = 0; words[i] != NULL; i++)
        buf_printf(&query, " %s%s", query_names[field], str_lower(words[i]));
    if (query.len == 0 || memory->exchange->unindexed ||
        memory->exchange->version < EXCHANGE_2010_SP1)
        return STATUS_UNSUPPORTED;
    wanted.query = query_read(op->arena, query.data);
    return search(op, remote, id, &wanted, page, context);
}
