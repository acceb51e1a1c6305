/*
 * name_subscribed.c - mailboxes that are subscribed and not there
 *
 * RFC 3501, 6.3.9, and RFC 5258, 3.1: a subscription stays when its mailbox
 * goes, and is told as one to a mailbox that does not exist.
 */
#include <stdlib.h>
#include <string.h>

#include "imap/name.h"
#include "proxy/base/arena.h"

/* The mailboxes that are there, by name, and those that are added. */
struct growing {
    struct arena *arena;
    struct imap_mailboxes *mailboxes;
    const struct imap_mailbox **sorted;
    size_t there;
};

static int compare(const void *a, const void *b)
{
    const struct imap_mailbox *const *left = a, *const *right = b;

    return strcmp((*left)->name, (*right)->name);
}

/* Names come in order: what is above one has been added as what is above the
 * last one, if it has been added at all. */
static size_t find(const struct growing *growing, const char *name)
{
    const struct imap_mailbox *list = growing->mailboxes->list;
    const struct imap_mailbox wanted = { .name = name };
    const struct imap_mailbox *key = &wanted;
    size_t last = growing->mailboxes->count - 1;

    if (growing->mailboxes->count > growing->there)
        for (; last != IMAP_TOP && last >= growing->there;
             last = list[last].parent)
            if (strcmp(list[last].name, name) == 0)
                return last;
    const struct imap_mailbox **place =
        bsearch(&key, growing->sorted, growing->there, sizeof key, compare);
    return place != NULL ? (size_t)(*place - list) : IMAP_TOP;
}

static size_t add(struct growing *growing, size_t parent, const char *name,
                  bool subscribed)
{
    struct folder *folder = arena_alloc(growing->arena, sizeof *folder);
    size_t place = growing->mailboxes->count++;

    *folder = (struct folder){ .kind = FOLDER_OTHER, .subscribed = subscribed };
    growing->mailboxes->list[place] = (struct imap_mailbox){ .folder = folder,
                                                             .name = name,
                                                             .parent = parent };
    return place;
}

/* Adds what is missing of a path.  Another look at the tree may have found all
 * of it. */
static void add_path(struct growing *growing, const char *path)
{
    struct arena *arena = growing->arena;
    size_t parent = IMAP_TOP;

    for (const char *end = path; *end != '\0'; end += *end != '\0') {
        end += strcspn(end, FOLDER_LEVEL);
        const char *name = imap_name_of_path(
            arena, arena_strndup(arena, path, (size_t)(end - path)));
        size_t place = find(growing, name);

        parent = place != IMAP_TOP ? place
                                   : add(growing, parent, name, *end == '\0');
    }
}

static size_t count_levels(const char *const names[], size_t count)
{
    size_t levels = count;

    for (size_t i = 0; i < count; i++)
        for (const char *at = names[i]; *at != '\0'; at++)
            levels += *at == *FOLDER_LEVEL;
    return levels;
}

static void add_all(struct growing *growing, const char *const names[],
                    size_t count)
{
    struct imap_mailboxes *mailboxes = growing->mailboxes;
    size_t room = mailboxes->count + count_levels(names, count);
    struct imap_mailbox *list = arena_array(growing->arena, room, sizeof *list);

    memcpy(list, mailboxes->list, mailboxes->count * sizeof *list);
    mailboxes->list = list;
    growing->sorted = arena_array(growing->arena, mailboxes->count + 1,
                                  sizeof(struct imap_mailbox *));
    for (size_t i = 0; i < mailboxes->count; i++)
        growing->sorted[i] = &list[i];
    qsort(growing->sorted, mailboxes->count, sizeof(struct imap_mailbox *),
          compare);
    for (size_t i = 0; i < count; i++)
        add_path(growing, names[i]);
}

enum status imap_mailboxes_add_lost(struct op *op, struct account *account,
                                    struct imap_mailboxes *mailboxes)
{
    struct growing growing = { .arena = op->arena,
                               .mailboxes = mailboxes,
                               .there = mailboxes->count };
    const char **names;
    size_t count;
    enum status status = folder_lost_names(op, account, &names, &count);

    if (status == STATUS_OK && count > 0)
        add_all(&growing, names, count);
    return status;
}

static enum status forget_lost(struct op *op, struct account *account,
                               const char *name)
{
    const char **names;
    size_t count;
    enum status status = folder_lost_names(op, account, &names, &count);

    for (size_t i = 0; status == STATUS_OK && i < count; i++)
        if (imap_name_is(imap_name_of_path(op->arena, names[i]), name))
            return folder_forget_name(op, account, names[i]);
    return status == STATUS_OK ? STATUS_NO_FOLDER : status;
}

enum status imap_name_unsubscribe(struct op *op, struct account *account,
                                  const struct imap_mailboxes *mailboxes,
                                  const char *name)
{
    for (size_t i = 0; i < mailboxes->count; i++) {
        const struct imap_mailbox *mailbox = &mailboxes->list[i];

        if ((mailbox->visible || mailbox->folder->subscribed) &&
            imap_name_is(mailbox->name, name))
            return folder_subscribe(op, account, mailbox->folder->id, false);
    }
    return forget_lost(op, account, name);
}
