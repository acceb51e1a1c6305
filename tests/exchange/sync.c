/*
 * sync.c - what has changed since a state
 *
 * The first round lists what is there, newest first from Exchange 2010 SP2 on
 * and oldest first before, and remembers the tick at which it began.  From then
 * on the journal is read from that tick: what changed during the first round
 * comes again.
 */
#include "tests/exchange/model.h"

#include <stdio.h>
#include <string.h>

#include "proxy/base/base64.h"
#include "proxy/base/str.h"

enum phase { PHASE_LIST = 'L', PHASE_JOURNAL = 'J' };

struct position {
    enum phase phase;
    uint64_t tick; /* everything up to here is known, or will be listed */
    uint64_t serial;        /* in the list: what comes next */
};

static char *write_state(struct arena *arena, const struct sim_folder *folder,
                         char kind, const struct position *position)
{
    const struct sim_mailbox *mailbox = folder->mailbox;
    char *text = arena_printf(
        arena, "SYNC1 %c %s %u %llu %c %llu %llu ", kind, mailbox->guid,
        mailbox->sync_epoch, (unsigned long long)folder->serial,
        position->phase, (unsigned long long)position->tick,
        (unsigned long long)position->serial);
    char *state = arena_alloc(arena, base64_encoded_size(strlen(text)) + 1);

    base64_encode(text, strlen(text), state);
    return state;
}

static bool read_state(struct arena *arena, const struct sim_folder *folder,
                       char kind, const char *state, struct position *position)
{
    const struct sim_mailbox *mailbox = folder->mailbox;
    size_t len;
    char *text = base64_decode(arena, state, strlen(state), &len);
    char **words = text == NULL ? NULL : str_split(arena, text, " ");
    size_t count = 0;
    uint64_t epoch;
    uint64_t serial;

    while (words != NULL && words[count] != NULL)
        count++;
    if (count != 8 || !str_equal(words[0], "SYNC1") || words[1][0] != kind ||
        !str_equal(words[2], mailbox->guid) ||
        !str_to_u64(words[3], UINT32_MAX, &epoch) ||
        !str_to_u64(words[4], UINT64_MAX, &serial) ||
        !str_to_u64(words[6], UINT64_MAX, &position->tick) ||
        !str_to_u64(words[7], UINT64_MAX, &position->serial))
        return false;
    position->phase = words[5][0] == PHASE_LIST ? PHASE_LIST : PHASE_JOURNAL;
    return epoch == mailbox->sync_epoch && serial == folder->serial &&
           position->tick <= mailbox->tick;
}

/* How many entries of the journal are of this tick or before. */
static size_t entries_until(const struct sim_folder *folder, uint64_t tick)
{
    size_t low = 0;
    size_t high = folder->journal_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (folder->journal[middle].tick <= tick)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* --- The list ------------------------------------------------------------ */

/* How many items of the folder have a serial below this. */
static size_t items_below(const struct sim_folder *folder, uint64_t serial)
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

static void list_item(struct sim_sync_page *page, struct sim_item *item)
{
    page->items[page->count++] =
        (struct sim_item_change){ CHANGE_CREATE, item, sim_item_id(item) };
}

/* Downwards `serial` is above what comes next, upwards it is what comes next.
 */
static bool list_page(struct sim_folder *folder, struct position *position,
                      size_t max, struct sim_sync_page *page)
{
    size_t index = items_below(folder, position->serial);

    if (folder->mailbox->exchange->version >= EXCHANGE_2010_SP2) {
        while (index > 0 && page->count < max)
            list_item(page, folder->items[--index]);
        if (page->count > 0)
            position->serial = page->items[page->count - 1].item->serial;
        return index == 0;
    }
    while (index < folder->count && page->count < max &&
           folder->items[index]->created_tick <= position->tick)
        list_item(page, folder->items[index++]);
    if (page->count > 0)
        position->serial = page->items[page->count - 1].item->serial + 1;
    return index == folder->count ||
           folder->items[index]->created_tick > position->tick;
}

/* --- The journal --------------------------------------------------------- */

/* Whether an entry still says something to one who knows everything up to
 * `known`, and what.  An entry that a later one replaces says nothing. */
static bool tell(const struct sim_folder *folder,
                 const struct sim_journal_entry *entry, uint64_t known,
                 struct sim_item_change *change)
{
    struct sim_item *item = folder->mailbox->items[entry->serial];

    switch (entry->kind) {
    case JOURNAL_GONE:
        *change = (struct sim_item_change){ CHANGE_DELETE, NULL, entry->id };
        return entry->created_tick <= known;
    case JOURNAL_READ:
        if (item == NULL || item->folder != folder ||
            item->read_tick != entry->tick || item->changed_tick > known)
            return false;
        *change = (struct sim_item_change){ CHANGE_READ_FLAG, item,
                                            sim_item_id(item) };
        return true;
    default:
        if (item == NULL || item->folder != folder ||
            item->changed_tick != entry->tick)
            return false;
        *change = (struct sim_item_change){ item->created_tick > known
                                                ? CHANGE_CREATE
                                                : CHANGE_UPDATE,
                                            item, sim_item_id(item) };
        return true;
    }
}

static bool journal_page(struct sim_folder *folder, struct position *position,
                         size_t max, struct sim_sync_page *page)
{
    uint64_t known = position->tick;
    size_t index = entries_until(folder, known);

    for (; index < folder->journal_count && page->count < max; index++) {
        position->tick = folder->journal[index].tick;
        if (tell(folder, &folder->journal[index], known,
                 &page->items[page->count]))
            page->count++;
    }
    if (index == folder->journal_count)
        position->tick = folder->mailbox->tick;
    return index == folder->journal_count;
}

bool sim_folder_sync(struct arena *arena, struct sim_folder *folder,
                     const char *state, size_t max, struct sim_sync_page *page)
{
    bool downwards = folder->mailbox->exchange->version >= EXCHANGE_2010_SP2;
    struct position position = { PHASE_LIST, folder->mailbox->tick,
                                 downwards ? UINT64_MAX : 0 };

    if (state != NULL && *state != '\0' &&
        !read_state(arena, folder, 'I', state, &position))
        return false;
    *page = (struct sim_sync_page){ .count = 0 };
    page->items = arena_array(arena, max + 1, sizeof *page->items);
    if (position.phase == PHASE_LIST) {
        page->last = list_page(folder, &position, max, page);
        if (page->last) {
            position.phase = PHASE_JOURNAL;
            position.serial = 0;
            page->last =
                entries_until(folder, position.tick) == folder->journal_count;
        }
    } else {
        page->last = journal_page(folder, &position, max, page);
    }
    page->state = write_state(arena, folder, 'I', &position);
    return true;
}

/* --- The tree ------------------------------------------------------------ */

/* Which tick a folder's news have; 0 if it has none for one who knows `known`.
 */
static uint64_t folder_news(const struct sim_folder *folder, uint64_t known,
                            struct sim_folder_change *change)
{
    change->folder = (struct sim_folder *)(uintptr_t)folder;
    if (folder->gone) {
        change->kind = CHANGE_DELETE;
        return folder->gone_tick > known && folder->created_tick <= known
                   ? folder->gone_tick
                   : 0;
    }
    change->kind = folder->created_tick > known ? CHANGE_CREATE : CHANGE_UPDATE;
    return folder->changed_tick > known ? folder->changed_tick : 0;
}

/* Mailboxes have some hundred folders: the next in the order of ticks is looked
 * for each time. */
static bool next_news(struct sim_folder *root, uint64_t known, uint64_t after,
                      struct sim_folder_change *change_out, uint64_t *tick_out)
{
    struct sim_mailbox *mailbox = root->mailbox;
    uint64_t best = UINT64_MAX;

    for (size_t i = 0; i < mailbox->folder_count; i++) {
        struct sim_folder *folder = mailbox->folders[i];
        struct sim_folder_change change;
        uint64_t tick = folder_news(folder, known, &change);

        if (folder == root || !sim_folder_is_within(folder, root) ||
            tick <= after || tick >= best)
            continue;
        best = tick;
        *change_out = change;
    }
    *tick_out = best;
    return best != UINT64_MAX;
}

bool sim_tree_sync(struct arena *arena, struct sim_folder *root,
                   const char *state, size_t max, struct sim_sync_page *page)
{
    struct position position = { PHASE_JOURNAL, 0, 0 };
    uint64_t known;
    uint64_t tick;

    if (state != NULL && *state != '\0' &&
        !read_state(arena, root, 'F', state, &position))
        return false;
    *page = (struct sim_sync_page){ .count = 0 };
    page->folders = arena_array(arena, max + 1, sizeof *page->folders);
    known = position.tick;
    while (page->count < max && next_news(root, known, position.tick,
                                          &page->folders[page->count], &tick)) {
        position.tick = tick;
        page->count++;
    }
    page->last =
        !next_news(root, known, position.tick, &page->folders[max], &tick);
    if (page->last)
        position.tick = root->mailbox->tick;
    page->state = write_state(arena, root, 'F', &position);
    return true;
}
