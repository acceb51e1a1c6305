/*
 * notify_lost.c - telling of subscribed names that no mailbox has any more
 *
 * RFC 5465, 5.5, and RFC 5258, 3.1.  Nobody can subscribe to such a name, but
 * it can cease to be subscribed, or become a mailbox's again.
 */
#include "imap/notify_private.h"

#include <stdlib.h>
#include <string.h>

#include "imap/name.h"
#include "proxy/base/arena.h"
#include "proxy/base/memory.h"

struct notify_lost notify_lost_now(struct op *op, struct imap_session *session)
{
    struct notify_lost lost = { NULL, 0 };
    const char **paths;
    size_t count;

    if (folder_lost_names(op, session->account, &paths, &count) != STATUS_OK)
        return lost;
    lost.names = arena_array(op->arena, count + 1, sizeof *lost.names);
    for (size_t i = 0; i < count; i++)
        lost.names[lost.count++] = imap_name_of_path(op->arena, paths[i]);
    return lost;
}

bool notify_is_lost(const struct notify_lost *lost, const char *name)
{
    for (size_t i = 0; i < lost->count; i++)
        if (strcmp(lost->names[i], name) == 0)
            return true;
    return false;
}

static bool was_lost(const struct imap_notify *notify, const char *name)
{
    for (size_t i = 0; i < notify->lost_count; i++)
        if (strcmp(notify->lost[i], name) == 0)
            return true;
    return false;
}

static bool watches(const struct imap_session *session, const char *name)
{
    const struct folder folder = { .subscribed = true };
    const struct imap_mailbox mailbox = { .folder = &folder, .name = name };

    return (notify_events(session, &mailbox) & NOTIFY_SUBSCRIPTION) != 0;
}

void notify_tell_lost(struct imap_session *session,
                      const struct imap_mailboxes *mailboxes,
                      const struct notify_lost *now)
{
    const struct imap_notify *notify = session->notify;

    for (size_t i = 0; i < notify->lost_count; i++) {
        const char *name = notify->lost[i];

        if (notify_is_lost(now, name) || !watches(session, name) ||
            imap_mailboxes_find(mailboxes, name) != NULL)
            continue;
        imap_out_puts(&session->out, "* LIST (\\NonExistent) \"/\" ");
        imap_tell_mailbox(session, name);
        imap_out_puts(&session->out, "\r\n");
    }
}

static void add(struct imap_notify *notify, const char *name)
{
    notify->lost = memory_resize(notify->lost, (notify->lost_count + 1) *
                                                   sizeof *notify->lost);
    notify->lost[notify->lost_count++] = memory_strdup(name);
}

void notify_forget_lost(struct imap_notify *notify)
{
    for (size_t i = 0; i < notify->lost_count; i++)
        free(notify->lost[i]);
    free(notify->lost);
    notify->lost = NULL;
    notify->lost_count = 0;
}

void notify_remember_lost(struct imap_notify *notify,
                          const struct notify_lost *now)
{
    notify_forget_lost(notify);
    for (size_t i = 0; i < now->count; i++)
        add(notify, now->names[i]);
}

void notify_overlook_lost(struct op *op, struct imap_session *session,
                          const char *name)
{
    struct imap_notify *notify = session->notify;
    struct notify_lost now = notify_lost_now(op, session);
    size_t kept = 0;

    for (size_t i = 0; i < notify->lost_count; i++)
        if (strcmp(notify->lost[i], name) != 0 || notify_is_lost(&now, name))
            notify->lost[kept++] = notify->lost[i];
        else
            free(notify->lost[i]);
    notify->lost_count = kept;
    /* A renamed mailbox leaves the names of what was below it, too. */
    for (size_t i = 0; i < now.count; i++)
        if (!was_lost(notify, now.names[i]))
            add(notify, now.names[i]);
}
