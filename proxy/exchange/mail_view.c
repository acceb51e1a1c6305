/*
 * mail_view.c - views: a folder's messages at one moment, shared by all who
 * look
 *
 * A view takes 40 bytes per message.  The next one is made from it and what the
 * index says has changed since, so that a flag on one of 100,000 messages costs
 * a copy of the list and no query over all of them.  Categories are kept once
 * per combination, in a pool that the views of a folder share.
 */
#include "proxy/exchange/mail.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/memory.h"
#include "proxy/exchange/account_private.h"
#include "proxy/exchange/mail_private.h"
#include "proxy/exchange/shelf.h"

/* --- Categories ---------------------------------------------------------- */

struct category_set {
    struct category_set *next;
    const char *packed;
    const char *const *names;
    uint64_t used_in; /* the number of the last view that shows it */
};

struct category_pool {
    atomic_uint references;
    struct arena *arena; /* grows under the place's lock only */
    struct category_set *sets;
    struct category_set *last; /* neighbours often have the same */
    uint64_t views;
};

static struct category_pool *pool_new(void)
{
    struct category_pool *pool = memory_new(sizeof *pool);

    atomic_init(&pool->references, 1);
    pool->arena = arena_new();
    return pool;
}

static struct category_pool *pool_ref(struct category_pool *pool)
{
    atomic_fetch_add(&pool->references, 1);
    return pool;
}

static void pool_unref(struct category_pool *pool)
{
    if (atomic_fetch_sub(&pool->references, 1) != 1)
        return;
    arena_free(&pool->arena);
    free(pool);
}

static const char *const *unpack(struct arena *arena, const char *packed)
{
    const char *rest = packed, *name;
    size_t len, count = 0;

    while (index_categories_next(&rest, &name, &len))
        count++;
    const char **names = arena_array(arena, count + 1, sizeof *names);
    rest = packed;
    for (size_t i = 0; index_categories_next(&rest, &name, &len); i++)
        names[i] = arena_strndup(arena, name, len);
    return (const char *const *)names;
}

static const char *const *pool_names(struct category_pool *pool,
                                     const char *packed)
{
    if (packed == NULL || *packed == '\0')
        return NULL;
    struct category_set *set = pool->last;
    if (set == NULL || strcmp(set->packed, packed) != 0)
        for (set = pool->sets; set != NULL && strcmp(set->packed, packed) != 0;)
            set = set->next;
    if (set == NULL) {
        set = arena_alloc(pool->arena, sizeof *set);
        set->packed = arena_strdup(pool->arena, packed);
        set->names = unpack(pool->arena, packed);
        set->next = pool->sets;
        pool->sets = set;
    }
    pool->last = set;
    return set->names;
}

/* --- The view ------------------------------------------------------------ */

struct mail_view {
    atomic_uint references;
    struct category_pool *pool;
    struct index_marks marks;
    size_t count;
    struct mail_entry *entries;
    const char **categories; /* every one in use, NULL at the end */
};

struct mail_view *mail_view_ref(struct mail_view *view)
{
    atomic_fetch_add(&view->references, 1);
    return view;
}

void mail_view_unref(struct mail_view **view)
{
    struct mail_view *old = *view;

    *view = NULL;
    if (old == NULL || atomic_fetch_sub(&old->references, 1) != 1)
        return;
    pool_unref(old->pool);
    free(old->categories);
    free(old->entries);
    free(old);
}

uint64_t mail_view_octets(const struct mail_view *view)
{
    return sizeof *view + (view->count + 1) * sizeof *view->entries;
}

bool mail_view_is_idle(const struct mail_view *view)
{
    return atomic_load(&view->references) == 1;
}

size_t mail_view_count(const struct mail_view *view)
{
    return view->count;
}

const struct mail_entry *mail_view_at(const struct mail_view *view,
                                      size_t index)
{
    assert(index < view->count);
    return &view->entries[index];
}

size_t mail_view_search(const struct mail_view *view, uint32_t uid)
{
    size_t low = 0, high = view->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (view->entries[middle].uid < uid)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct mail_entry *mail_view_find(const struct mail_view *view,
                                        uint32_t uid)
{
    size_t index = mail_view_search(view, uid);

    return index < view->count && view->entries[index].uid == uid
               ? &view->entries[index]
               : NULL;
}

uint32_t mail_view_uid_validity(const struct mail_view *view)
{
    return view->marks.uid_validity;
}

uint32_t mail_view_uid_next(const struct mail_view *view)
{
    return view->marks.uid_next;
}

uint64_t mail_view_highest_modseq(const struct mail_view *view)
{
    return view->marks.modseq;
}

const char *const *mail_view_categories(const struct mail_view *view)
{
    return (const char *const *)view->categories;
}

/* --- Making one ---------------------------------------------------------- */

struct rows {
    struct category_pool *pool;
    const struct index_marks *marks;
    struct mail_entry *entries;
    bool *gone; /* NULL where none can be */
    size_t count;
    size_t room;
};

static void take_row(void *context, const struct index_row *row)
{
    struct rows *rows = context;

    if (rows->count == rows->room) {
        rows->room = rows->room == 0 && rows->gone == NULL
                         ? rows->marks->count + 1
                         : rows->room * 2 + 64;
        rows->entries =
            memory_resize(rows->entries, rows->room * sizeof *rows->entries);
        if (rows->gone != NULL)
            rows->gone =
                memory_resize(rows->gone, rows->room * sizeof *rows->gone);
    }
    struct mail_entry *entry = &rows->entries[rows->count];
    *entry = row->entry;
    entry->categories = pool_names(rows->pool, row->categories);
    if (rows->gone != NULL)
        rows->gone[rows->count] = row->gone;
    rows->count++;
}

/* The old list and what has changed, both in ascending order, become the new
 * list. */
static void merge(struct mail_view *view, const struct mail_view *old,
                  const struct rows *rows)
{
    size_t i = 0;

    view->entries = memory_resize(NULL, (old->count + rows->count + 1) *
                                            sizeof *view->entries);
    for (size_t k = 0; k < rows->count; k++) {
        size_t from = i;

        while (i < old->count && old->entries[i].uid < rows->entries[k].uid)
            i++;
        memcpy(&view->entries[view->count], &old->entries[from],
               (i - from) * sizeof *view->entries);
        view->count += i - from;
        if (i < old->count && old->entries[i].uid == rows->entries[k].uid)
            i++;
        if (!rows->gone[k])
            view->entries[view->count++] = rows->entries[k];
    }
    memcpy(&view->entries[view->count], &old->entries[i],
           (old->count - i) * sizeof *view->entries);
    view->count += old->count - i;
}

static bool lists(const char **names, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

static void mark_used(struct category_pool *pool, const struct mail_view *view)
{
    const char *const *last = NULL;

    pool->views++;
    for (size_t i = 0; i < view->count; i++) {
        const char *const *names = view->entries[i].categories;

        if (names == NULL || names == last)
            continue;
        last = names;
        for (struct category_set *set = pool->sets; set != NULL;
             set = set->next)
            if (set->names == names)
                set->used_in = pool->views;
    }
}

static void collect_categories(struct mail_view *view)
{
    struct category_pool *pool = view->pool;
    size_t count = 0, room = 1;

    mark_used(pool, view);
    for (struct category_set *set = pool->sets; set != NULL; set = set->next)
        for (size_t i = 0; set->used_in == pool->views && set->names[i] != NULL;
             i++)
            room++;
    view->categories = memory_new(room * sizeof *view->categories);
    for (struct category_set *set = pool->sets; set != NULL; set = set->next)
        for (size_t i = 0; set->used_in == pool->views && set->names[i] != NULL;
             i++)
            if (!lists(view->categories, count, set->names[i]))
                view->categories[count++] = set->names[i];
}

/* Under the place's lock.  `old` is NULL for the first one. */
static enum status make_view(struct op *op, struct account *account,
                             int64_t folder, const struct mail_view *old,
                             struct mail_view **view_out)
{
    struct mail_view *view = memory_new(sizeof *view);
    struct rows rows = { .marks = &view->marks };

    atomic_init(&view->references, 1);
    view->pool = rows.pool = old != NULL ? pool_ref(old->pool) : pool_new();
    rows.gone = old != NULL ? memory_new(sizeof *rows.gone) : NULL;
    enum status status = index_scan(op, account->index, folder,
                                    old != NULL ? old->marks.revision : 0,
                                    take_row, &rows, &view->marks);
    if (status == STATUS_OK && !view->marks.whole) {
        merge(view, old, &rows);
        free(rows.entries);
    } else {
        view->entries = rows.entries != NULL ? rows.entries : memory_new(1);
        view->count = rows.count;
    }
    free(rows.gone);
    if (status == STATUS_OK)
        collect_categories(view);
    else
        mail_view_unref(&view);
    *view_out = view;
    return status;
}

/* Under the place's lock: brings the newest view up to the index. */
static enum status update_view(struct op *op, struct account *account,
                               struct place *place, bool *made_out)
{
    struct index_marks marks;
    struct mail_view *view;
    enum status status = index_marks(op, account->index, place->folder, &marks);

    if (status == STATUS_OK && !marks.complete)
        status = op_fail(op, STATUS_UNAVAILABLE,
                         "the folder has never been read whole");
    if (status == STATUS_NO_FOLDER)
        mail_view_unref(&place->view);
    if (status != STATUS_OK ||
        (place->view != NULL && place->view->marks.revision == marks.revision))
        return status;
    status = make_view(op, account, place->folder, place->view, &view);
    if (status == STATUS_OK) {
        place->whole_views += view->marks.whole;
        *made_out = true;
        mail_view_unref(&place->view);
        place->view = view;
    }
    return status;
}

enum status mail_look(struct op *op, struct account *account, int64_t folder,
                      struct mail_view **view_out)
{
    struct place *place = place_of(account, folder);
    bool made = false;

    pthread_mutex_lock(&place->lock);
    enum status status = update_view(op, account, place, &made);
    if (status == STATUS_OK)
        *view_out = mail_view_ref(place->view);
    shelf_use(account_shelf(account), place);
    pthread_mutex_unlock(&place->lock);
    if (made)
        account_trim(account);
    return status;
}

enum status mail_vanished(struct op *op, struct account *account,
                          int64_t folder, uint64_t since, uint32_t **uids_out,
                          size_t *count_out, bool *complete_out)
{
    return index_vanished(op, account->index, folder, since, uids_out,
                          count_out, complete_out);
}

enum status mail_refresh(struct op *op, struct account *account, int64_t folder,
                         struct mail_view **view_out)
{
    enum status status = STATUS_OK;

    if (!place_is_current(op, account, folder))
        status = sync_folder(op, account, folder);
    return status == STATUS_OK ? mail_look(op, account, folder, view_out)
                               : status;
}
