/*
 * notify.c - what a client wants to hear of without asking
 *
 * RFC 5465, 6: which events of which mailboxes.
 */
#include "imap/notify_private.h"

#include <stdlib.h>
#include <string.h>

#include "imap/args.h"
#include "imap/command.h"
#include "imap/fetch.h"
#include "imap/folder.h"
#include "imap/name.h"
#include "proxy/base/memory.h"

/* --- Life ---------------------------------------------------------------- */

struct imap_notify *imap_notify_new(struct notify_group *groups, size_t count)
{
    struct imap_notify *notify = memory_new(sizeof *notify);

    *notify = (struct imap_notify){ .groups = groups, .count = count };
    return notify;
}

void notify_forget_one(struct heard *heard)
{
    free(heard->name);
    free(heard->comment);
}

void notify_forget(struct imap_notify *notify)
{
    for (size_t i = 0; i < notify->heard_count; i++)
        notify_forget_one(&notify->heard[i]);
    free(notify->heard);
    notify->heard = NULL;
    notify->heard_count = 0;
}

void imap_notify_free(struct imap_notify **notify)
{
    struct imap_notify *old = *notify;

    if (old == NULL)
        return;
    *notify = NULL;
    notify_forget(old);
    notify_forget_lost(old);
    for (size_t i = 0; i < old->count; i++) {
        for (char **name = old->groups[i].names; name != NULL && *name != NULL;
             name++)
            free(*name);
        free(old->groups[i].names);
        free(old->groups[i].attributes);
    }
    free(old->groups);
    free(old->colors);
    free(old);
}

/* --- The selected mailbox ------------------------------------------------ */

static bool is_selected(enum notify_filter filter)
{
    return filter == NOTIFY_SELECTED || filter == NOTIFY_SELECTED_DELAYED;
}

static const struct notify_group *selected_group(
    const struct imap_notify *notify)
{
    for (size_t i = 0; i < notify->count; i++)
        if (is_selected(notify->groups[i].filter))
            return &notify->groups[i];
    return NULL;
}

unsigned imap_notify_news(const struct imap_notify *notify)
{
    const struct notify_group *group;
    unsigned news = 0;

    if (notify == NULL)
        return IMAP_ALL_NEWS;
    group = selected_group(notify);
    if (group == NULL)
        return 0;
    if ((group->events & NOTIFY_NEW) != 0)
        news |= IMAP_NEWS_MESSAGES;
    if ((group->events & NOTIFY_EXPUNGE) != 0)
        news |= IMAP_NEWS_GONE;
    if ((group->events & NOTIFY_FLAGS) != 0)
        news |= IMAP_NEWS_FLAGS;
    return news;
}

bool imap_notify_is_immediate(const struct imap_notify *notify)
{
    return notify != NULL && imap_notify_news(notify) != 0;
}

bool imap_notify_expunges_any_time(const struct imap_notify *notify)
{
    return imap_notify_is_immediate(notify) &&
           selected_group(notify)->filter == NOTIFY_SELECTED;
}

bool imap_notify_watches_others(const struct imap_notify *notify)
{
    for (size_t i = 0; notify != NULL && i < notify->count; i++)
        if (!is_selected(notify->groups[i].filter) &&
            notify->groups[i].events != 0)
            return true;
    return false;
}

static bool is_made(const struct imap_command *command, uint32_t uid)
{
    for (size_t i = 0; i < command->made_count; i++)
        if (command->made[i] == uid)
            return true;
    return false;
}

static void leave_out_made(const struct imap_command *command,
                           struct imap_messages *messages)
{
    size_t kept = 0;

    for (size_t i = 0; i < messages->count; i++)
        if (!is_made(command, messages->uids[i])) {
            messages->numbers[kept] = messages->numbers[i];
            messages->uids[kept++] = messages->uids[i];
        }
    messages->count = kept;
}

void imap_notify_show(struct imap_command *command, uint32_t first)
{
    struct imap_session *session = command->session;
    struct op *op = command->op;
    const struct notify_group *group =
        session->notify != NULL ? selected_group(session->notify) : NULL;
    uint32_t count = imap_folder_count(session->folder);
    struct imap_range range = { first, count };
    const struct imap_set set = { &range, 1, false };
    struct imap_messages messages;
    struct fetch_items items;
    struct imap_args args;

    if (group == NULL || group->attributes == NULL)
        return;
    imap_args_init(&args, op->arena, group->attributes,
                   strlen(group->attributes));
    if (!fetch_items_read(&args, &items) ||
        !imap_folder_resolve(session->folder, op->arena, &set, false,
                             &messages))
        return;
    leave_out_made(command, &messages);
    /* As with all that is told without being asked (RFC 7162, 3.2.4). */
    if ((session->enabled & IMAP_CONDSTORE) != 0)
        fetch_items_add(&args, &items, FETCH_MODSEQ);
    if ((session->enabled & IMAP_UIDONLY) == 0)
        fetch_items_add(&args, &items, FETCH_UID);
    imap_fetch_news(op, session, &items, &messages);
}

/* --- Which mailboxes ----------------------------------------------------- */

bool notify_is_in_tree(const char *name, const char *root)
{
    size_t len = strlen(root);

    return strncmp(name, root, len) == 0 &&
           (name[len] == '\0' || name[len] == '/');
}

static bool names_it(const struct notify_group *group, const char *name)
{
    for (char **each = group->names; *each != NULL; each++)
        if (group->filter == NOTIFY_SUBTREE ? notify_is_in_tree(name, *each)
                                            : strcmp(name, *each) == 0)
            return true;
    return false;
}

bool notify_covers(const struct notify_group *group,
                   const struct imap_mailbox *mailbox)
{
    switch (group->filter) {
    case NOTIFY_PERSONAL:
        return mailbox->folder->store == FOLDER_OWN;
    case NOTIFY_SUBSCRIBED:
        return mailbox->folder->subscribed;
    case NOTIFY_SUBTREE:
    case NOTIFY_MAILBOXES:
        return names_it(group, mailbox->name);
    case NOTIFY_SELECTED:
    case NOTIFY_SELECTED_DELAYED:
        break;
    }
    return false;
}

unsigned notify_events(const struct imap_session *session,
                       const struct imap_mailbox *mailbox)
{
    const struct imap_notify *notify = session->notify;
    unsigned events = 0;

    for (size_t i = 0; i < notify->count; i++)
        if (notify_covers(&notify->groups[i], mailbox))
            events |= notify->groups[i].events;
    if (!mailbox->selectable ||
        (mailbox->folder->lacks & FOLDER_MAY_READ) != 0 ||
        (session->folder != NULL &&
         imap_folder_id(session->folder) == mailbox->folder->id))
        events &= ~(unsigned)NOTIFY_OF_MESSAGES;
    return events;
}
