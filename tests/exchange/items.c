/*
 * items.c - items of a folder: adding, copying, moving, changing, removing
 */
#include "tests/exchange/model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/base/memory.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "tests/exchange/attachments.h"
#include "tests/exchange/events.h"
#include "tests/exchange/letter.h"
#include "tests/exchange/series.h"
#include "tests/exchange/stores.h"

/* --- Content ------------------------------------------------------------- */

struct sim_content *sim_content_new(const char *data, size_t len)
{
    struct sim_content *content = memory_new(sizeof *content);

    content->references = 1;
    content->data = memory_new(len + 1);
    memcpy(content->data, data, len);
    content->len = len;
    content->header_len = letter_header_len(content->data, len);
    return content;
}

struct sim_content *sim_content_ref(struct sim_content *content)
{
    content->references++;
    return content;
}

void sim_content_unref(struct sim_content **content)
{
    if (*content != NULL && --(*content)->references == 0) {
        free((*content)->data);
        free(*content);
    }
    *content = NULL;
}

/* --- The journal --------------------------------------------------------- */

static void note(struct sim_folder *folder, enum sim_journal_kind kind,
                 const struct sim_item *item, uint64_t tick, char *gone_id)
{
    if (folder->journal_count == folder->journal_capacity) {
        folder->journal_capacity =
            folder->journal_capacity == 0 ? 16 : folder->journal_capacity * 2;
        folder->journal =
            memory_resize(folder->journal,
                          folder->journal_capacity * sizeof *folder->journal);
    }
    folder->journal[folder->journal_count++] = (struct sim_journal_entry){
        kind, tick, item->serial, item->created_tick, gone_id
    };
    folder->committed = time_now();
}

static void note_change(struct sim_item *item)
{
    item->changed_tick = item->tick = ++item->folder->mailbox->tick;
    note(item->folder, JOURNAL_CHANGED, item, item->tick, NULL);
}

/* --- Lists --------------------------------------------------------------- */

static void append(struct sim_item ***items, size_t *count, size_t *capacity,
                   struct sim_item *item)
{
    if (*count == *capacity) {
        *capacity = *capacity == 0 ? 16 : *capacity * 2;
        *items = memory_resize(*items, *capacity * sizeof **items);
    }
    (*items)[(*count)++] = item;
}

/* The place of an item in its folder's list, which is in the order of serials.
 */
static size_t index_in_folder(const struct sim_folder *folder, uint64_t serial)
{
    size_t low = 0;
    size_t high = folder->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (folder->items[middle]->serial < serial)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void enter(struct sim_item *item, struct sim_folder *folder)
{
    struct sim_mailbox *mailbox = folder->mailbox;

    item->folder = folder;
    item->serial = mailbox->item_count;
    append(&mailbox->items, &mailbox->item_count, &mailbox->item_capacity,
           item);
    append(&folder->items, &folder->count, &folder->capacity, item);
    item->article = folder->next_article++;
    if (!(item->flags & FLAG_READ))
        folder->unread++;
    mailbox->octets += item->content->len;
    note_change(item);
    item->created_tick = item->changed_tick;
}

static void free_item(struct sim_item *item)
{
    sim_series_free(&item->series);
    sim_attachments_free(item);
    sim_content_unref(&item->content);
    sim_item_set_categories(item, NULL);
    bag_fini(&item->bag);
    free(item->class);
    free(item->transport_header);
    free(item->readers);
    free(item->id);
    free(item);
}

static void leave(struct sim_item *item)
{
    struct sim_folder *folder = item->folder;
    size_t index = index_in_folder(folder, item->serial);

    memmove(&folder->items[index], &folder->items[index + 1],
            (folder->count - index - 1) * sizeof *folder->items);
    folder->count--;
    if (!(item->flags & FLAG_READ))
        folder->unread--;
    folder->deleted_total++;
    folder->mailbox->octets -= item->content->len;
    folder->mailbox->items[item->serial] = NULL;
    /* The journal takes the id over: who was given it may still look at it. */
    sim_item_id(item);
    note(folder, JOURNAL_GONE, item, ++folder->mailbox->tick, item->id);
    item->id = NULL;
}

/* --- Adding -------------------------------------------------------------- */

static bool has_attachment(struct arena *arena,
                           const struct sim_content *content)
{
    struct letter_part *parts;
    size_t count = letter_parts(arena, content->data, content->len, &parts);

    for (size_t i = 0; i < count; i++)
        if (parts[i].attachment && parts[i].content_id == NULL && count > 1)
            return true;
    return false;
}

static int64_t date_of(struct arena *arena, const struct sim_content *content)
{
    char *date =
        letter_field(arena, content->data, content->header_len, "Date");

    return date == NULL ? TIME_NONE : time_from_rfc5322(date);
}

static void new_search_key(struct sim_item *item, struct exchange *exchange)
{
    uint64_t key[2] = { ++exchange->unique * 0x9e3779b97f4a7c15u,
                        exchange->unique ^ 0x5bd1e995u };

    memcpy(item->search_key, key, sizeof item->search_key);
}

struct sim_item *sim_item_add(struct sim_folder *folder,
                              const struct sim_item_template *template)
{
    struct arena *arena = arena_new();
    struct sim_item *item = memory_new(sizeof *item);
    const char *class = template->class;

    item->content = sim_content_ref(template->content);
    if (class == NULL)
        class = sim_item_class_of(item->content);
    item->class = memory_strdup(class == NULL ? "IPM.Note" : class);
    item->flags = template->flags;
    if (has_attachment(arena, item->content))
        item->flags |= FLAG_HAS_ATTACHMENT;
    item->received = template->received;
    item->submitted = template->submitted != TIME_NONE
                          ? template->submitted
                          : date_of(arena, item->content);
    item->created = item->modified = time_now();
    new_search_key(item, folder->mailbox->exchange);
    if (template->transported && sim_wants_receipt(item->content))
        item->flags |= FLAG_RECEIPT_PENDING;
    if (template->transported)
        item->transport_header =
            memory_strdup(arena_strndup(arena, item->content->data,
                                        item->content->header_len));
    sim_item_converse(item, folder->mailbox);
    enter(item, folder);
    sim_event_added(item, template->transported);
    arena_free(&arena);
    return item;
}

static struct sim_item *duplicate(struct sim_item *item,
                                  struct sim_folder *target)
{
    struct sim_item *copy = memory_new(sizeof *copy);

    copy->content = sim_content_ref(item->content);
    copy->class = memory_strdup(item->class);
    copy->flags = item->flags;
    copy->received = item->received;
    copy->submitted = item->submitted;
    copy->created = item->created;
    copy->modified = time_now();
    memcpy(copy->search_key, item->search_key, sizeof copy->search_key);
    copy->conversation = item->conversation;
    copy->topic = item->topic;
    copy->message_id = item->message_id;
    copy->creator = item->creator;
    copy->transport_header = memory_strdup(item->transport_header);
    copy->corrupt = item->corrupt;
    sim_item_set_categories(copy, (const char *const *)item->categories);
    bag_copy(&copy->bag, &item->bag);
    copy->series = sim_series_copy(item->series);
    sim_attachments_copy(copy, item);
    enter(copy, target);
    return copy;
}

struct sim_item *sim_item_copy(struct sim_item *item, struct sim_folder *target)
{
    struct sim_item *copy = duplicate(item, target);

    sim_event_placed(copy, EVENT_COPIED, sim_item_id(item), item->folder);
    return copy;
}

struct sim_item *sim_item_move(struct sim_item *item, struct sim_folder *target)
{
    struct sim_folder *source = item->folder;
    char *old_id = memory_strdup(sim_item_id(item));
    struct sim_item *moved = duplicate(item, target);

    leave(item);
    free_item(item);
    sim_event_placed(moved, EVENT_MOVED, old_id, source);
    free(old_id);
    return moved;
}

/* --- Removing ------------------------------------------------------------ */

void sim_item_remove(struct sim_item *item)
{
    struct sim_folder *folder = item->folder;

    sim_event_removed(item);
    leave(item);
    free_item(item);
    sim_event_counts(folder);
}

void sim_item_dispose(struct sim_item *item, enum sim_item_disposal how)
{
    struct sim_mailbox *mailbox = item->folder->mailbox;
    struct sim_folder *deletions =
        sim_folder_by_use(mailbox, "recoverableitemsdeletions");
    struct sim_folder *trash = sim_folder_by_use(mailbox, "deleteditems");

    /* Exchange 2007 keeps what can be recovered where it was; what is there
     * already is purged. */
    if (how == DISPOSE_SOFT && deletions == NULL && !item->folder->gone)
        deletions = sim_dumpster(item->folder, true);
    if (how == DISPOSE_SOFT && deletions != NULL && item->folder != deletions)
        sim_item_move(item, deletions);
    else if (how == DISPOSE_TO_TRASH && trash != NULL && item->folder != trash)
        sim_item_move(item, trash);
    else if (how != DISPOSE_TO_TRASH || trash == NULL)
        sim_item_remove(item);
}

/* --- Changing ------------------------------------------------------------ */

void sim_item_touch(struct sim_item *item)
{
    item->modified = time_now();
    /* Any change but the read flag makes a message new to Exchange's own IMAP.
     */
    item->article = item->folder->next_article++;
    note_change(item);
    sim_event_item(item, EVENT_MODIFIED);
}

void sim_item_set_read(struct sim_item *item, bool read)
{
    if (sim_is_public(item->folder->mailbox)) {
        sim_item_set_read_by_caller(item, read);
        return;
    }
    if (read == ((item->flags & FLAG_READ) != 0))
        return;
    item->flags ^= FLAG_READ;
    if (read)
        item->folder->unread--;
    else
        item->folder->unread++;
    item->read_tick = item->tick = ++item->folder->mailbox->tick;
    note(item->folder, JOURNAL_READ, item, item->tick, NULL);
    sim_event_item(item, EVENT_MODIFIED);
    sim_event_counts(item->folder);
}

void sim_item_set_content(struct sim_item *item, struct sim_content *content)
{
    struct arena *arena = arena_new();

    item->folder->mailbox->octets += content->len - item->content->len;
    sim_content_ref(content);
    sim_content_unref(&item->content);
    item->content = content;
    item->flags &= ~FLAG_HAS_ATTACHMENT;
    if (has_attachment(arena, content))
        item->flags |= FLAG_HAS_ATTACHMENT;
    arena_free(&arena);
}

void sim_item_set_categories(struct sim_item *item,
                             const char *const categories[])
{
    char **old = item->categories;
    size_t count = 0;

    item->categories = NULL;
    while (categories != NULL && categories[count] != NULL)
        count++;
    if (count > 0) {
        item->categories = memory_new((count + 1) * sizeof *item->categories);
        for (size_t i = 0; i < count; i++)
            item->categories[i] = memory_strdup(categories[i]);
    }
    for (size_t i = 0; old != NULL && old[i] != NULL; i++)
        free(old[i]);
    free(old);
}
