/*
 * place_tree.c - the folders that places are about, and their URLs
 */
#include <string.h>

#include "caldav/href.h"
#include "caldav/place_private.h"
#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/str.h"
#include "proxy/exchange/account.h"
#include "proxy/exchange/object.h"

/* clang-format off */
static const struct dav_word words[] = {
    { "calendar", DAV_CALENDAR, FOLDER_CALENDAR_MAIN, FOLDER_CALENDAR },
    { "tasks",    DAV_TASKS,    FOLDER_TASKS_MAIN,    FOLDER_TASKS },
    { "contacts", DAV_CONTACTS, FOLDER_CONTACTS_MAIN, FOLDER_CONTACTS },
    { "inbox",    DAV_INBOX,    FOLDER_PLAIN,         FOLDER_OTHER },
    { "outbox",   DAV_OUTBOX,   FOLDER_PLAIN,         FOLDER_OTHER },
};
/* clang-format on */

#define WORD_COUNT (sizeof words / sizeof *words)

const struct dav_word *dav_word_find(const char *segment)
{
    for (size_t i = 0; i < WORD_COUNT; i++)
        if (str_equal(words[i].word, segment))
            return &words[i];
    return NULL;
}

enum dav_place_kind dav_kind_of(const struct folder *folder)
{
    for (size_t i = 0; i < WORD_COUNT; i++)
        if (words[i].holds == folder->kind && words[i].use != FOLDER_PLAIN)
            return folder->id > 0 ? words[i].kind : DAV_NOWHERE;
    return DAV_NOWHERE;
}

/* --- The tree ------------------------------------------------------------- */

enum status dav_tree_reload(struct dav_tree *tree)
{
    struct folder *folders;
    enum status status =
        folder_list(tree->op, tree->account, &folders, &tree->count);

    if (status == STATUS_OK)
        tree->folders = folders;
    tree->segments = NULL;
    return status;
}

/* The segment that a client has given a folder; NULL if none has. */
static const char *segment_of(struct dav_tree *tree, size_t nth)
{
    const struct folder *folder = &tree->folders[nth];
    struct object_property *properties;
    size_t count;

    if (folder->store != FOLDER_OWN || folder->use != FOLDER_PLAIN ||
        dav_kind_of(folder) == DAV_NOWHERE ||
        object_properties(tree->op, tree->account, folder->id, NULL,
                          &properties, &count) != STATUS_OK)
        return NULL;
    for (size_t i = 0; i < count; i++)
        if (str_equal(properties[i].name, DAV_SEGMENT))
            return properties[i].value;
    return NULL;
}

static void load_segments(struct dav_tree *tree)
{
    if (tree->segments != NULL)
        return;
    tree->segments =
        arena_array(tree->op->arena, tree->count + 1, sizeof(char *));
    for (size_t i = 0; i < tree->count; i++)
        tree->segments[i] = segment_of(tree, i);
}

enum status dav_tree_load(struct op *op, struct account *account,
                          struct dav_tree *tree_out)
{
    const char *address = account_address(op, account);

    *tree_out = (struct dav_tree){
        .op = op,
        .account = account,
        .self = *address != '\0'
                    ? address
                    : arena_strdup(op->arena, account_user(account)),
    };
    return dav_tree_reload(tree_out);
}

const struct folder *dav_tree_by_id(const struct dav_tree *tree, int64_t id)
{
    for (size_t i = 0; i < tree->count; i++)
        if (tree->folders[i].id == id)
            return &tree->folders[i];
    return NULL;
}

/* What stands for a store, or for someone's mailbox, at the top: not a folder
 * of Exchange's. */
const struct folder *dav_tree_store_top(const struct dav_tree *tree,
                                        enum folder_store store, int64_t parent,
                                        const char *name)
{
    for (size_t i = 0; i < tree->count; i++) {
        const struct folder *folder = &tree->folders[i];

        if (folder->id < 0 && folder->store == store &&
            folder->parent == parent &&
            (name == NULL || str_equal_nocase(folder->name, name)))
            return folder;
    }
    return NULL;
}

const struct folder *dav_tree_shared_top(const struct dav_tree *tree,
                                         const char *mail)
{
    const struct folder *shared =
        dav_tree_store_top(tree, FOLDER_SHARED, 0, NULL);

    return shared != NULL
               ? dav_tree_store_top(tree, FOLDER_SHARED, shared->id, mail)
               : NULL;
}

/* The folder that `word` stands for below a top (0: one's own).  In other
 * people's mailboxes Exchange may not tell which it is: it is the first of its
 * kind then. */
const struct folder *dav_tree_main(const struct dav_tree *tree, int64_t top,
                                   const struct dav_word *word)
{
    const struct folder *first = NULL;

    for (size_t i = 0; i < tree->count; i++) {
        const struct folder *folder = &tree->folders[i];
        bool is_there =
            top == 0 ? folder->store == FOLDER_OWN : folder->parent == top;

        if (!is_there || folder->kind != word->holds || folder->id < 0)
            continue;
        if (folder->use == word->use)
            return folder;
        if (first == NULL && top != 0)
            first = folder;
    }
    return word->use != FOLDER_PLAIN ? first : NULL;
}

bool dav_tree_is_public(const struct dav_tree *tree, int64_t top)
{
    const struct folder *folder = top < 0 ? dav_tree_by_id(tree, top) : NULL;

    return folder != NULL && folder->store == FOLDER_PUBLIC;
}

static const struct folder *child_named(const struct dav_tree *tree,
                                        int64_t parent, const char *name)
{
    for (size_t i = 0; i < tree->count; i++)
        if (tree->folders[i].parent == parent && tree->folders[i].id > 0 &&
            str_equal(tree->folders[i].name, name))
            return &tree->folders[i];
    return NULL;
}

const struct folder *dav_tree_child(struct dav_tree *tree, int64_t parent,
                                    const char *segment)
{
    const struct folder *found =
        child_named(tree, parent, dav_href_to_name(tree->op->arena, segment));

    if (found != NULL)
        return found;
    load_segments(tree);
    for (size_t i = 0; i < tree->count; i++)
        if (tree->folders[i].parent == parent &&
            str_equal(tree->segments[i], segment) && segment != NULL)
            return &tree->folders[i];
    return NULL;
}

/* What stands for a folder in URLs: what a client has called it when it made
 * it, unless another one has that name by now. */
static const char *folder_segment(struct dav_tree *tree,
                                  const struct folder *folder, bool at_top)
{
    struct arena *arena = tree->op->arena;
    bool is_word = at_top && dav_word_find(folder->name) != NULL;
    const char *segment = NULL;

    load_segments(tree);
    for (size_t i = 0; i < tree->count; i++)
        if (tree->folders[i].id == folder->id)
            segment = tree->segments[i];
    if (segment != NULL &&
        child_named(tree, folder->parent, dav_href_to_name(arena, segment)) ==
            NULL)
        return segment;
    return dav_href_from_name(arena, folder->name, is_word);
}

/* --- URLs of folders ------------------------------------------------------ */

const char *dav_href_home(struct arena *arena, const char *mail)
{
    struct buf out;

    buf_init(&out, arena);
    buf_puts(&out, "/users/");
    dav_href_quote(&out, mail);
    buf_putc(&out, '/');
    return out.data;
}

const char *dav_href_principal(struct arena *arena, const char *mail)
{
    struct buf out;

    buf_init(&out, arena);
    buf_puts(&out, "/principals/users/");
    dav_href_quote(&out, mail);
    buf_putc(&out, '/');
    return out.data;
}

const char *dav_href_proxy(struct arena *arena, const char *mail,
                           const char *group)
{
    return arena_printf(arena, "%s%s/", dav_href_principal(arena, mail), group);
}

/* The top that a folder is below: 0 for one's own. */
static int64_t top_of(const struct dav_tree *tree, const struct folder *folder)
{
    while (folder != NULL && folder->id > 0 && folder->parent != 0)
        folder = dav_tree_by_id(tree, folder->parent);
    return folder != NULL && folder->id < 0 ? folder->id : 0;
}

/* The word that stands for a folder; NULL: it is called by its path. */
static const char *word_of(const struct dav_tree *tree, int64_t top,
                           const struct folder *folder)
{
    for (size_t i = 0; i < WORD_COUNT && !dav_tree_is_public(tree, top); i++) {
        const struct folder *found = words[i].use != FOLDER_PLAIN
                                         ? dav_tree_main(tree, top, &words[i])
                                         : NULL;

        if (found != NULL && found->id == folder->id)
            return words[i].word;
    }
    return NULL;
}

static void put_folder(struct dav_tree *tree, int64_t top,
                       const struct folder *folder, struct buf *out)
{
    const char *word = word_of(tree, top, folder);

    if (word != NULL) {
        buf_printf(out, "%s/", word);
        return;
    }
    const struct folder *parent =
        folder->parent != top ? dav_tree_by_id(tree, folder->parent) : NULL;

    if (parent != NULL)
        put_folder(tree, top, parent, out);
    dav_href_quote(out, folder_segment(tree, folder, parent == NULL));
    buf_putc(out, '/');
}

/* The inbox, or the calendar of somebody who shows but when he is busy. */
static struct dav_place place_made(struct dav_tree *tree,
                                   const struct folder *folder,
                                   const char *owner)
{
    return (struct dav_place){
        .kind = folder->read_only ? DAV_CALENDAR : DAV_INBOX,
        .href = dav_place_main(tree, owner,
                               folder->read_only ? "calendar" : "inbox"),
        .owner = owner,
        .own = !folder->read_only,
        .folder = folder,
    };
}

struct dav_place dav_place_of(struct dav_tree *tree,
                              const struct folder *folder, const char *owner)
{
    struct arena *arena = tree->op->arena;

    if (folder->made)
        return place_made(tree, folder, owner);
    int64_t top = top_of(tree, folder);
    struct buf href;

    buf_init(&href, arena);
    buf_puts(&href, owner != NULL ? dav_href_home(arena, owner) : "/public/");
    put_folder(tree, top, folder, &href);
    return (struct dav_place){
        .kind = dav_kind_of(folder),
        .href = href.data,
        .owner = owner,
        .own = folder->store == FOLDER_OWN,
        .folder = folder,
    };
}

struct dav_place dav_place_object(struct arena *arena,
                                  const struct dav_place *folder,
                                  const char *name)
{
    struct dav_place place = *folder;
    struct buf href;

    buf_init(&href, arena);
    buf_puts(&href, folder->href);
    dav_href_quote(&href, name);
    place.kind = folder->kind == DAV_DIRECTORY ? DAV_PERSON : DAV_OBJECT;
    place.href = href.data;
    place.name = name;
    return place;
}

const char *dav_place_main(const struct dav_tree *tree, const char *owner,
                           const char *word)
{
    struct arena *arena = tree->op->arena;

    return arena_printf(arena, "%s%s/", dav_href_home(arena, owner), word);
}

/* What has been deleted is not shown. */
static bool is_deleted(const struct dav_tree *tree, const struct folder *folder)
{
    while (folder != NULL && folder->id > 0 && folder->use != FOLDER_TRASH)
        folder = dav_tree_by_id(tree, folder->parent);
    return folder != NULL && folder->id > 0;
}

/* The tasks that the calendar shows are not shown once more, though they can be
 * reached. */
static bool is_in_calendar(const struct dav_tree *tree,
                           const struct folder *folder)
{
    const struct folder *calendar =
        folder->store == FOLDER_OWN && folder->use == FOLDER_TASKS_MAIN
            ? dav_tree_main(tree, 0, dav_word_find("calendar"))
            : NULL;

    return calendar != NULL &&
           objects_hold(tree->op, tree->account, calendar->id, OBJECT_TASK);
}

size_t dav_place_children(struct dav_tree *tree, const struct dav_place *home,
                          struct dav_place places_out[])
{
    const struct folder *top =
        home->own ? NULL
        : home->owner != NULL
            ? dav_tree_shared_top(tree, home->owner)
            : dav_tree_store_top(tree, FOLDER_PUBLIC, 0, NULL);
    int64_t wanted = top != NULL ? top->id : 0;
    size_t count = 0;

    if (home->folder != NULL)
        places_out[count++] = dav_place_of(tree, home->folder, home->owner);
    if (top == NULL && !home->own)
        return count;
    for (size_t i = 0; i < tree->count; i++) {
        const struct folder *folder = &tree->folders[i];

        if (dav_kind_of(folder) == DAV_NOWHERE ||
            top_of(tree, folder) != wanted ||
            (wanted == 0 && folder->store != FOLDER_OWN) ||
            is_deleted(tree, folder) || is_in_calendar(tree, folder))
            continue;
        places_out[count] = dav_place_of(tree, folder, home->owner);
        places_out[count++].own = home->own;
    }
    return count;
}
