/*
 * name_stores.c - mailboxes of other stores: looked at when they are named
 *
 * "Shared/<address>/..." is another person's mailbox, "Public/..." the public
 * folders, and so on: folder_store_name has the names.  A name or a pattern of
 * LIST tells which of them a client wants to see, and of the public folders, of
 * which there may be very many, how far down.
 */
#include <string.h>

#include "imap/name.h"
#include "imap/utf7.h"
#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/str.h"

/* How many levels of public folders one command opens, and how many folders of
 * a level. */
#define LEVELS_MAX 16
#define OPENED_MAX 1000

enum folder_store imap_name_store(const char *name)
{
    for (enum folder_store kind = FOLDER_SHARED; kind < FOLDER_STORE_COUNT;
         kind++) {
        const char *front = folder_store_name(kind);
        size_t len = strlen(front);

        if (strncmp(name, front, len) == 0 && name[len] == '/')
            return kind;
    }
    return FOLDER_OWN;
}

struct looking {
    struct op *op;
    struct account *account;
    const char *pattern;
    bool wildcards;
};

/* A pattern may be in modified UTF-7 or in UTF-8, as the client has it. */
static bool reaches(const struct looking *looking, const char *name)
{
    struct arena *arena = looking->op->arena;
    const char *front = arena_printf(arena, "%s/", name);
    struct buf decoded;

    if (!looking->wildcards)
        return str_starts(looking->pattern, front);
    buf_init(&decoded, arena);
    return imap_pattern_reaches(arena, looking->pattern, front) ||
           (imap_utf7_decode(&decoded, front) &&
            imap_pattern_reaches(arena, looking->pattern, decoded.data));
}

/* Nobody is shown all public folders because he asked for all mailboxes. */
static unsigned stores_of(const struct looking *looking)
{
    unsigned wanted = 0;

    for (enum folder_store kind = FOLDER_SHARED; kind < FOLDER_STORE_COUNT;
         kind++)
        if (reaches(looking, folder_store_name(kind)) &&
            (kind != FOLDER_PUBLIC ||
             imap_name_store(looking->pattern) == FOLDER_PUBLIC))
            wanted |= 1u << kind;
    return wanted;
}

/* The address in "Shared/<address>"; NULL where a wildcard stands for it. */
static const char *address_of(const struct looking *looking)
{
    const char *start = strchr(looking->pattern, '/');
    size_t len = start != NULL ? strcspn(start + 1, "/") : 0;

    if (imap_name_store(looking->pattern) != FOLDER_SHARED ||
        memchr(start + 1, '@', len) == NULL)
        return NULL;
    const char *address = arena_strndup(looking->op->arena, start + 1, len);
    return looking->wildcards && strpbrk(address, "*%") != NULL ? NULL
                                                                : address;
}

/* The public folders to be opened next; 0: there are none. */
static size_t find_closed(const struct looking *looking,
                          const struct imap_mailboxes *mailboxes, int64_t ids[])
{
    size_t count = 0;

    for (size_t i = 0; i < mailboxes->count && count < OPENED_MAX; i++) {
        const struct folder *folder = mailboxes->list[i].folder;

        if (folder->store == FOLDER_PUBLIC && folder->more_below &&
            folder->id > 0 && reaches(looking, mailboxes->list[i].name))
            ids[count++] = folder->id;
    }
    return count;
}

static enum status open_public(const struct looking *looking,
                               struct imap_mailboxes *mailboxes)
{
    struct op *op = looking->op;
    enum status status = STATUS_OK;

    for (int level = 0; level < LEVELS_MAX && status == STATUS_OK; level++) {
        int64_t *ids =
            arena_array(op->arena, mailboxes->count + 1, sizeof *ids);
        size_t count = find_closed(looking, mailboxes, ids);

        if (count == 0)
            break;
        status = folder_look_below(op, looking->account, ids, count);
        if (status == STATUS_OK)
            status = imap_mailboxes_load(op, looking->account, mailboxes);
    }
    return status;
}

enum status imap_mailboxes_look(struct op *op, struct account *account,
                                const char *pattern, bool wildcards,
                                struct imap_mailboxes *mailboxes_out)
{
    struct looking looking = { op, account, pattern, wildcards };
    unsigned wanted = stores_of(&looking);
    enum status status = STATUS_OK;

    if (wanted != 0)
        status = folder_look(op, account, wanted, address_of(&looking));
    if (status == STATUS_NO_FOLDER)
        status = STATUS_OK;
    if (status == STATUS_OK)
        status = imap_mailboxes_load(op, account, mailboxes_out);
    if (status == STATUS_OK && imap_name_store(pattern) == FOLDER_PUBLIC)
        status = open_public(&looking, mailboxes_out);
    return status;
}
