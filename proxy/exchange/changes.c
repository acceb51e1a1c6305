/*
 * changes.c - who wants to know that a folder has changed
 *
 * Listeners are called under the lock of their list, so that none is called
 * after changes_unlisten has returned.
 */
#include "proxy/exchange/changes.h"

#include <pthread.h>
#include <stdlib.h>

#include "proxy/base/arena.h"
#include "proxy/base/memory.h"
#include "proxy/exchange/account_private.h"
#include "proxy/exchange/changes_private.h"
#include "proxy/exchange/watcher.h"

struct changes_listener {
    struct changes_listener *next;
    struct account *account;
    int64_t folder;
    bool watch;
    void (*changed)(void *context);
    void *context;
};

struct changes {
    pthread_mutex_t lock;
    struct changes_listener *list;
};

struct changes *changes_new(void)
{
    struct changes *changes = memory_new(sizeof *changes);

    pthread_mutex_init(&changes->lock, NULL);
    return changes;
}

void changes_free(struct changes **changes)
{
    if (*changes == NULL)
        return;
    pthread_mutex_destroy(&(*changes)->lock);
    free(*changes);
    *changes = NULL;
}

struct changes_listener *changes_listen(struct account *account, int64_t folder,
                                        bool watch,
                                        void (*changed)(void *context),
                                        void *context)
{
    struct changes_listener *listener = memory_new(sizeof *listener);
    struct changes *changes = account->changes;

    *listener = (struct changes_listener){ NULL,    account_ref(account),
                                           folder,  watch,
                                           changed, context };
    pthread_mutex_lock(&changes->lock);
    listener->next = changes->list;
    changes->list = listener;
    pthread_mutex_unlock(&changes->lock);
    if (watch)
        watcher_begin(account);
    return listener;
}

void changes_unlisten(struct changes_listener **listener)
{
    if (*listener == NULL)
        return;
    struct account *account = (*listener)->account;
    pthread_mutex_lock(&account->changes->lock);
    struct changes_listener **place = &account->changes->list;
    while (*place != *listener)
        place = &(*place)->next;
    *place = (*listener)->next;
    pthread_mutex_unlock(&account->changes->lock);
    if ((*listener)->watch)
        watcher_end(account);
    free(*listener);
    *listener = NULL;
    account_unref(&account);
}

void changes_tell(struct account *account, int64_t folder)
{
    struct changes *changes = account->changes;

    pthread_mutex_lock(&changes->lock);
    for (struct changes_listener *each = changes->list; each != NULL;
         each = each->next)
        if (folder == 0 || each->folder == 0 || each->folder == folder)
            each->changed(each->context);
    pthread_mutex_unlock(&changes->lock);
}

static bool contains(const int64_t folders[], size_t count, int64_t folder)
{
    for (size_t i = 0; i < count; i++)
        if (folders[i] == folder)
            return true;
    return false;
}

int64_t *changes_folders(struct op *op, struct changes *changes,
                         size_t *count_out)
{
    size_t count = 0, room = 0;

    pthread_mutex_lock(&changes->lock);
    for (struct changes_listener *each = changes->list; each != NULL;
         each = each->next)
        room++;
    int64_t *folders = arena_array(op->arena, room + 1, sizeof *folders);
    for (struct changes_listener *each = changes->list; each != NULL;
         each = each->next)
        if (each->watch && !contains(folders, count, each->folder))
            folders[count++] = each->folder;
    pthread_mutex_unlock(&changes->lock);
    *count_out = count;
    return folders;
}
