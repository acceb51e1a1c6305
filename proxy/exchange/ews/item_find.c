/*
 * item_find.c - FindItem: lists of what cannot be synchronised, and searches
 */
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/exchange/ews/columns.h"
#include "proxy/exchange/ews/item_pages.h"
#include "proxy/exchange/ews/restriction.h"
#include "proxy/exchange/ews/words.h"
#include "proxy/exchange/http/client.h"

/* Clocks tell seconds; the one of a mailbox may differ by one from its front
 * end's. */
#define CLOCK_SLACK 2

enum finding { FIND_ALL, FIND_NEW, FIND_TEXT, FIND_WORDS };

struct find {
    enum finding what;
    const char *folder;
    size_t offset;
    const char *token;
    const char *message_id;
    enum mail_search_field field;
    const char *name;
    const char *text; /* of FIND_WORDS: the query */
};

static void write_shape(struct soap_request *request, enum finding what)
{
    struct xml_writer *writer = &request->writer;

    if (what == FIND_ALL || what == FIND_NEW) {
        columns_write_shape(request, what == FIND_NEW ? &property_token : NULL);
        return;
    }
    xml_open(writer, "m:ItemShape");
    xml_element(writer, "t:BaseShape", "IdOnly");
    xml_close(writer);
}

/* What this attempt made, or what has its Message-ID. */
static void write_new(struct xml_writer *writer, const struct find *find)
{
    bool both = find->token != NULL && find->message_id != NULL;

    if (both)
        xml_open(writer, "t:Or");
    if (find->token != NULL)
        restriction_equals(writer, &property_token, find->token);
    if (find->message_id != NULL)
        restriction_equals(writer, &property_message_id, find->message_id);
    if (both)
        xml_close(writer);
}

static void write_restriction(struct soap_request *request,
                              const struct find *find)
{
    if (find->what == FIND_ALL || find->what == FIND_WORDS)
        return;
    xml_open(&request->writer, "m:Restriction");
    if (find->what == FIND_NEW)
        write_new(&request->writer, find);
    else
        restriction_search(&request->writer, request->version, find->field,
                           find->name, find->text);
    xml_close(&request->writer);
}

static void build(void *context, struct soap_request *request)
{
    const struct find *find = context;
    struct xml_writer *writer = &request->writer;

    xml_attribute(writer, "Traversal", "Shallow");
    write_shape(request, find->what);
    pages_write_view(writer, PAGE_ROWS, find->offset);
    write_restriction(request, find);
    /* In the order of arrival: what is new comes at the end and moves
     * nothing. */
    if (find->what == FIND_ALL || find->what == FIND_NEW)
        pages_write_order(writer, &property_article);
    xml_open(writer, "m:ParentFolderIds");
    soap_folder(writer, find->folder);
    xml_close(writer);
    if (find->what == FIND_WORDS)
        xml_element(writer, "m:QueryString", find->text);
}

/* --- Pages ---------------------------------------------------------------- */

static enum status find_page(struct op *op, struct ews *ews, struct find *find,
                             struct arena *arena, struct item_page *found)
{
    return pages_ask(op, ews, build, find, find->offset, arena, found);
}

/* --- Lists ---------------------------------------------------------------- */

/* The ids of the last rows that were handed over. */
struct recent {
    struct arena *arena;
    const char *ids[PAGE_OVERLAP];
    size_t count;
};

static bool is_recent(const struct recent *recent, const char *id)
{
    for (size_t i = 0; i < recent->count; i++)
        if (strcmp(recent->ids[i], id) == 0)
            return true;
    return false;
}

static void remember(struct recent *recent, const struct remote_item *items,
                     size_t count)
{
    size_t first = count > PAGE_OVERLAP ? count - PAGE_OVERLAP : 0;

    arena_reset(recent->arena);
    recent->count = 0;
    for (size_t i = first; i < count; i++)
        recent->ids[recent->count++] = arena_strdup(recent->arena, items[i].id);
}

static size_t read_rows(struct arena *arena, const struct item_page *found,
                        const struct recent *recent, struct remote_item *items)
{
    size_t count = 0;

    for (const struct xml_node *row = found->rows; row != NULL; row = row->next)
        if (columns_read(arena, row, &items[count]) &&
            !is_recent(recent, items[count].id))
            count++;
    return count;
}

enum status ews_items_list(
    struct op *op, struct remote *remote, const char *folder,
    bool (*page)(void *context, const struct remote_item *items, size_t count),
    void *context)
{
    struct find find = { .what = FIND_ALL, .folder = folder };
    struct recent recent = { .arena = arena_new() };
    struct item_page found = { .last = false };
    struct arena *arena = arena_new();
    enum status status = STATUS_OK;

    while (status == STATUS_OK && !found.last) {
        arena_reset(arena);
        status = find_page(op, ews_of(remote), &find, arena, &found);
        if (status != STATUS_OK)
            break;
        struct remote_item *items =
            arena_array(arena, found.count + 1, sizeof *items);
        size_t count = read_rows(arena, &found, &recent, items);
        if (!page(context, items, count))
            status = op_fail(op, STATUS_CANCELLED, "the list is not wanted");
        remember(&recent, items, count);
        find.offset = found.next;
        if (!found.last && count > PAGE_OVERLAP)
            find.offset -= PAGE_OVERLAP;
    }
    arena_free(&arena);
    arena_free(&recent.arena);
    return status;
}

/* --- What an attempt has made --------------------------------------------- */

/* Another attempt's mark says that an item is not ours; without any mark its
 * age and its Message-ID decide. */
static bool is_ours(const struct find *find, const struct xml_node *row,
                    const struct remote_item *item, int64_t since)
{
    const char *token = property_text(row, &property_token);

    if (token != NULL && *token != '\0')
        return str_equal(token, find->token);
    return find->message_id != NULL &&
           str_equal_nocase(item->message_id, find->message_id) &&
           item->created >= since;
}

enum status ews_find_new(struct op *op, struct remote *remote,
                         const char *folder, const char *token,
                         const char *message_id, int64_t since,
                         struct remote_item **items_out, size_t *count_out)
{
    struct ews *ews = ews_of(remote);
    struct find find = { .what = FIND_NEW,
                         .token = token,
                         .message_id = message_id,
                         .folder = folder != NULL
                                       ? folder
                                       : ews_place(op, ews, "#sentitems") };
    struct item_page found = { .last = false };
    enum status status = STATUS_OK;
    size_t count = 0;

    /* `since` was read from our clock, the items bear the time of Exchange's.
     */
    since += http_client_skew(ews->http) - CLOCK_SLACK;
    *items_out = NULL;
    *count_out = 0;
    if (token == NULL && message_id == NULL)
        return STATUS_OK;
    while (status == STATUS_OK && !found.last) {
        status = find_page(op, ews, &find, op->arena, &found);
        if (status != STATUS_OK)
            break;
        struct remote_item *items =
            arena_array(op->arena, count + found.count + 1, sizeof *items);
        if (count > 0)
            memcpy(items, *items_out, count * sizeof *items);
        for (const struct xml_node *row = found.rows; row != NULL;
             row = row->next)
            if (columns_read(op->arena, row, &items[count]) &&
                is_ours(&find, row, &items[count], since))
                count++;
        *items_out = items;
        find.offset = found.next;
    }
    *count_out = count;
    return status;
}

/* --- Searches ------------------------------------------------------------- */

/* Hands over the ids of what is found, page by page. */
static enum status search(struct op *op, struct remote *remote,
                          struct find *find,
                          bool (*page)(void *context, const char *const ids[],
                                       size_t count),
                          void *context)
{
    struct item_page found = { .last = false };
    struct arena *arena = arena_new();
    enum status status = STATUS_OK;

    while (status == STATUS_OK && !found.last) {
        arena_reset(arena);
        status = find_page(op, ews_of(remote), find, arena, &found);
        if (status != STATUS_OK)
            break;
        const char **ids = arena_array(arena, found.count + 1, sizeof *ids);
        size_t count = 0;
        for (const struct xml_node *row = found.rows; row != NULL;
             row = row->next) {
            ids[count] = xml_value(xml_child(row, "ItemId"), "Id");
            count += ids[count] != NULL;
        }
        if (!page(context, ids, count))
            status = op_fail(op, STATUS_CANCELLED, "the search is not wanted");
        find->offset = found.next;
    }
    arena_free(&arena);
    return status;
}

enum status ews_search(struct op *op, struct remote *remote, const char *folder,
                       enum mail_search_field field, const char *name,
                       const char *text,
                       bool (*page)(void *context, const char *const ids[],
                                    size_t count),
                       void *context)
{
    struct find find = { .what = FIND_TEXT,
                         .folder = folder,
                         .field = field,
                         .name = name,
                         .text = text };

    return search(op, remote, &find, page, context);
}

enum status ews_search_words(
    struct op *op, struct remote *remote, const char *folder,
    enum mail_search_field field, const char *text,
    bool (*page)(void *context, const char *const ids[], size_t count),
    void *context)
{
    struct find find = { .what = FIND_WORDS,
                         .folder = folder,
                         .text = words_query(op->arena, field, text) };

    if (ews_version(ews_of(remote)) < EWS_2010 || find.text == NULL)
        return STATUS_UNSUPPORTED;
    return search(op, remote, &find, page, context);
}
