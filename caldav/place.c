/*
 * place.c - what a URL stands for
 *
 * A URL is walked from the left: the first words are ours, and what comes after
 * them is a path of folders.  What is no folder's name is an object's.
 */
#include "caldav/place.h"

#include <string.h>

#include "caldav/href.h"
#include "caldav/place_private.h"
#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/str.h"
#include "proxy/exchange/account.h"
#include "proxy/exchange/schedule.h"

struct walk {
    struct dav_tree *tree;
    char **segments;
    size_t count;
    size_t at;
    struct dav_place *place;
};

static void be(struct walk *walk, enum dav_place_kind kind, const char *href)
{
    walk->place->kind = kind;
    walk->place->href = href;
}

static bool is_last(const struct walk *walk)
{
    return walk->at == walk->count;
}

/* All of his addresses are his own. */
static bool is_self(const struct dav_tree *tree, const char *mail)
{
    const char *const *addresses;

    if (str_equal_nocase(mail, tree->self) ||
        str_equal_nocase(mail, account_user(tree->account)))
        return true;
    if (schedule_addresses(tree->op, tree->account, &addresses) != STATUS_OK)
        return false;
    for (size_t i = 0; addresses[i] != NULL; i++)
        if (str_equal_nocase(addresses[i], mail))
            return true;
    return false;
}

/* Public folders are looked at level by level, as somebody goes there. */
static enum status look_below(struct dav_tree *tree,
                              const struct folder **folder)
{
    int64_t id = *folder != NULL ? (*folder)->id : 0;
    enum status status = STATUS_OK;

    if (*folder == NULL || !(*folder)->more_below || id <= 0)
        return STATUS_OK;
    status = folder_look_below(tree->op, tree->account, &id, 1);
    if (status == STATUS_OK)
        status = dav_tree_reload(tree);
    if (status == STATUS_OK)
        *folder = dav_tree_by_id(tree, id);
    return status;
}

/* Below an object there is nothing but what is attached to it. */
static void be_attachment(struct walk *walk, const struct folder *folder,
                          const char *front, const char *name)
{
    walk->place->folder = folder;
    walk->place->name = name;
    walk->place->attachment = walk->segments[walk->at];
    be(walk, DAV_ATTACHMENT, front);
}

/* Nothing is known of this name in a folder (NULL: right below the top): it may
 * be an object, or a folder to be. */
static void be_new(struct walk *walk, const struct folder *above,
                   const char *front, const char *segment)
{
    struct arena *arena = walk->tree->op->arena;
    struct dav_place *place = walk->place;
    bool holds = above != NULL && dav_kind_of(above) != DAV_NOWHERE;
    struct buf href;

    if (holds && dav_kind_of(above) == DAV_CALENDAR &&
        walk->at + 2 == walk->count) {
        be_attachment(walk, above, front, segment);
        return;
    }
    if (!is_last(walk)) {
        be(walk, DAV_NOWHERE, front);
        return;
    }
    buf_init(&href, arena);
    buf_puts(&href, front);
    dav_href_quote(&href, segment);
    place->folder = above;
    place->name = segment;
    be(walk, holds ? DAV_OBJECT : DAV_FREE, href.data);
}

/* What is in a folder of ours, or the folder itself. */
static void walk_made(struct walk *walk, enum dav_place_kind kind,
                      const char *href, const struct folder *folder)
{
    struct dav_place *place = walk->place;

    place->folder = folder;
    be(walk, kind, href);
    if (walk->at + 1 == walk->count)
        *place = dav_place_object(walk->tree->op->arena, place,
                                  walk->segments[walk->at]);
    else if (!is_last(walk))
        be(walk, DAV_NOWHERE, href);
}

/* Of a calendar that its owner does not let one see there are still the times
 * when he is busy. */
static enum status walk_shut(struct walk *walk, const struct dav_word *word)
{
    struct dav_tree *tree = walk->tree;
    const char *owner = walk->place->owner;
    struct folder *folder = arena_alloc(tree->op->arena, sizeof *folder);

    if (word->kind != DAV_CALENDAR || walk->place->own) {
        walk->place->kind = DAV_NOWHERE;
        return STATUS_OK;
    }
    enum status status =
        schedule_shut_calendar(tree->op, tree->account, owner, folder);
    walk_made(walk, DAV_CALENDAR, dav_place_main(tree, owner, word->word),
              folder);
    return status;
}

/* The rest of a URL as a path of folders below a top (0: one's own). */
static enum status walk_folders(struct walk *walk, int64_t top)
{
    struct dav_tree *tree = walk->tree;
    const struct folder *folder = NULL;
    const char *front = walk->place->href;

    while (!is_last(walk)) {
        const char *segment = walk->segments[walk->at++];
        const struct dav_word *word =
            folder == NULL && !dav_tree_is_public(tree, top)
                ? dav_word_find(segment)
                : NULL;
        const struct folder *next =
            word != NULL
                ? dav_tree_main(tree, top, word)
                : dav_tree_child(tree, folder != NULL ? folder->id : top,
                                 segment);

        if (next == NULL) {
            if (word != NULL)
                return walk_shut(walk, word);
            be_new(walk, folder, front, segment);
            return STATUS_OK;
        }
        enum status status = look_below(tree, &next);
        if (status != STATUS_OK)
            return status;
        if (next == NULL)
            return STATUS_OK;
        folder = next;
        front = dav_place_of(tree, folder, walk->place->owner).href;
    }
    walk->place->folder = folder;
    be(walk, dav_kind_of(folder), front);
    return STATUS_OK;
}

/* /users/<mail>/inbox/ and outbox/ are no folders of Exchange's.  Those of
 * others are empty. */
static enum status walk_box(struct walk *walk, const struct dav_word *word)
{
    struct dav_tree *tree = walk->tree;
    const char *href = dav_place_main(tree, walk->place->owner, word->word);
    struct folder *folder;
    enum status status = STATUS_OK;

    walk->at++;
    if (word->kind != DAV_INBOX || !walk->place->own) {
        be(walk, is_last(walk) ? word->kind : DAV_NOWHERE, href);
        return STATUS_OK;
    }
    folder = arena_alloc(tree->op->arena, sizeof *folder);
    status = schedule_inbox(tree->op, tree->account, folder);
    walk_made(walk, DAV_INBOX, href, folder);
    return status;
}

static const struct dav_word *next_word(const struct walk *walk)
{
    return is_last(walk) ? NULL : dav_word_find(walk->segments[walk->at]);
}

/* A mailbox that is all shut has but a calendar of its busy times. */
static enum status walk_shut_home(struct walk *walk)
{
    struct dav_place home = *walk->place;
    bool whole = is_last(walk);
    const struct dav_word *word =
        whole ? dav_word_find("calendar") : next_word(walk);

    walk->at += !whole;
    enum status status =
        word == NULL ? STATUS_NO_FOLDER : walk_shut(walk, word);
    if (whole) {
        home.folder = walk->place->folder;
        *walk->place = home;
    }
    return status;
}

/* What is below a home: of one's own, or of another's that is open. */
static enum status walk_below(struct walk *walk, int64_t top)
{
    const struct dav_word *word = next_word(walk);

    if (is_last(walk))
        return STATUS_OK;
    return word != NULL && word->use == FOLDER_PLAIN ? walk_box(walk, word)
                                                     : walk_folders(walk, top);
}

static enum status walk_shared(struct walk *walk)
{
    struct dav_tree *tree = walk->tree;
    struct dav_place *place = walk->place;
    enum status status =
        folder_look(tree->op, tree->account, 1u << FOLDER_SHARED, place->owner);

    if (status == STATUS_NO_FOLDER)
        return walk_shut_home(walk);
    if (status == STATUS_OK)
        status = dav_tree_reload(tree);
    if (status != STATUS_OK)
        return status;
    const struct folder *top = dav_tree_shared_top(tree, place->owner);
    if (top != NULL)
        return walk_below(walk, top->id);
    place->kind = DAV_NOWHERE;
    return STATUS_OK;
}

static enum status walk_home(struct walk *walk)
{
    struct dav_tree *tree = walk->tree;
    struct dav_place *place = walk->place;

    place->owner = walk->segments[walk->at++];
    place->own = is_self(tree, place->owner);
    be(walk, DAV_HOME, dav_href_home(tree->op->arena, place->owner));
    if (place->own)
        return walk_below(walk, 0);
    if (strchr(place->owner, '@') != NULL)
        return walk_shared(walk);
    place->kind = DAV_NOWHERE;
    return STATUS_OK;
}

static enum status walk_public(struct walk *walk)
{
    struct dav_tree *tree = walk->tree;
    enum status status =
        folder_look(tree->op, tree->account, 1u << FOLDER_PUBLIC, NULL);

    if (status == STATUS_OK)
        status = dav_tree_reload(tree);
    if (status != STATUS_OK)
        return status;

    const struct folder *top = dav_tree_store_top(tree, FOLDER_PUBLIC, 0, NULL);
    be(walk, top != NULL ? DAV_HOME : DAV_NOWHERE, "/public/");
    if (top == NULL || is_last(walk))
        return STATUS_OK;
    return walk_folders(walk, top->id);
}

static enum status walk_users(struct walk *walk)
{
    be(walk, DAV_PLAIN, "/users/");
    return is_last(walk) ? STATUS_OK : walk_home(walk);
}

static enum status walk_person(struct walk *walk)
{
    struct arena *arena = walk->tree->op->arena;
    struct dav_place *place = walk->place;

    place->owner = walk->segments[walk->at++];
    place->own = is_self(walk->tree, place->owner);
    bool someone = place->own || strchr(place->owner, '@') != NULL;
    be(walk, is_last(walk) && someone ? DAV_PRINCIPAL : DAV_NOWHERE,
       dav_href_principal(arena, place->owner));
    if (is_last(walk) || !someone)
        return STATUS_OK;
    place->name = walk->segments[walk->at++];
    if (is_last(walk) && (str_equal(place->name, DAV_PROXY_READ) ||
                          str_equal(place->name, DAV_PROXY_WRITE)))
        be(walk, DAV_PROXY, dav_href_proxy(arena, place->owner, place->name));
    return STATUS_OK;
}

/* /principals/users/<mail>/ */
static enum status walk_principals(struct walk *walk)
{
    be(walk, DAV_PLAIN, "/principals/");
    if (is_last(walk))
        return STATUS_OK;
    be(walk, DAV_NOWHERE, "/principals/");
    if (!str_equal(walk->segments[walk->at++], "users"))
        return STATUS_OK;
    be(walk, DAV_PLAIN, "/principals/users/");
    if (is_last(walk))
        return STATUS_OK;

    return walk_person(walk);
}

static enum status walk_directory(struct walk *walk)
{
    struct dav_place directory = { .kind = DAV_DIRECTORY,
                                   .href = "/directory/" };
    bool slash = walk->place->slash;

    if (is_last(walk))
        *walk->place = directory;
    else if (walk->at + 1 == walk->count)
        *walk->place = dav_place_object(walk->tree->op->arena, &directory,
                                        walk->segments[walk->at]);
    walk->place->slash = slash;
    return STATUS_OK;
}

static enum status walk_well_known(struct walk *walk)
{
    if (walk->at + 1 == walk->count &&
        (str_equal(walk->segments[walk->at], "caldav") ||
         str_equal(walk->segments[walk->at], "carddav")))
        be(walk, DAV_WELL_KNOWN, "/.well-known/");
    return STATUS_OK;
}

/* clang-format off */
static const struct {
    const char *word;
    enum status (*walk)(struct walk *walk);
} beginnings[] = {
    { ".well-known", walk_well_known },
    { "principals",  walk_principals },
    { "users",       walk_users },
    { "public",      walk_public },
    { "directory",   walk_directory },
};
/* clang-format on */

enum status dav_place_look(struct dav_tree *tree, const char *url,
                           struct dav_place *place_out)
{
    struct walk walk = { .tree = tree, .place = place_out };

    *place_out = (struct dav_place){ .kind = DAV_NOWHERE, .href = "/" };
    walk.segments =
        dav_href_split(tree->op->arena, url, &walk.count, &place_out->slash);
    if (walk.segments == NULL)
        return STATUS_OK;
    if (walk.count == 0) {
        place_out->kind = DAV_PLAIN;
        return STATUS_OK;
    }
    walk.at = 1;
    for (size_t i = 0; i < sizeof beginnings / sizeof *beginnings; i++)
        if (str_equal(beginnings[i].word, walk.segments[0]))
            return beginnings[i].walk(&walk);
    return STATUS_OK;
}

enum status dav_place_find(struct dav_tree *tree, const char *url,
                           struct dav_place *place_out)
{
    enum status status = dav_place_look(tree, url, place_out);

    if (status != STATUS_OK || !place_out->own ||
        (place_out->kind != DAV_FREE && place_out->kind != DAV_NOWHERE))
        return status;
    status = folder_refresh(tree->op, tree->account);
    if (status == STATUS_OK)
        status = dav_tree_reload(tree);
    return status == STATUS_OK ? dav_place_look(tree, url, place_out) : status;
}

const char *dav_mail_of(struct arena *arena, const char *url)
{
    size_t count;
    bool slash;

    if (str_starts_nocase(url, "mailto:"))
        return arena_strdup(arena, url + strlen("mailto:"));
    char **segments = dav_href_split(arena, url, &count, &slash);
    if (segments == NULL)
        return NULL;
    if (count == 3 && str_equal(segments[0], "principals") &&
        str_equal(segments[1], "users"))
        return segments[2];
    return count >= 2 && str_equal(segments[0], "users") ? segments[1] : NULL;
}
