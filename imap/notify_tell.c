/*
 * notify_tell.c - telling of mailboxes that are not selected
 *
 * RFC 5465, 5.  The mailboxes are compared with how they were when the client
 * heard of them last: by their numbers, so that a renamed one is known, and by
 * their counts.
 */
#include "imap/notify_private.h"

#include <stdlib.h>
#include <string.h>

#include "imap/args.h"
#include "imap/list.h"
#include "imap/name.h"
#include "imap/status.h"
#include "proxy/base/arena.h"
#include "proxy/base/memory.h"

/* --- Counts -------------------------------------------------------------- */

/* The items of STATUS for what has happened (5.1 to 5.3). */
enum change {
    COUNT_CHANGED = 1 << 0,
    VALIDITY_CHANGED = 1 << 1,
    MODSEQ_CHANGED = 1 << 2,
    UNSEEN_CHANGED = 1 << 3,
};

static void tell_status(struct op *op, struct imap_session *session,
                        const struct imap_mailbox *mailbox, const char *items,
                        const struct mail_counts *counts)
{
    const char *list = arena_printf(op->arena, "(%s)", items);
    struct imap_args args;
    unsigned wanted;

    imap_args_init(&args, op->arena, list, strlen(list));
    if (imap_status_read(&args, &wanted))
        imap_status_tell(session, mailbox->name, mailbox->folder, wanted,
                         counts);
}

static unsigned compare(const struct mail_counts *old,
                        const struct mail_counts *new)
{
    unsigned changes = 0;

    if (old->messages != new->messages || old->uid_next != new->uid_next)
        changes |= COUNT_CHANGED;
    if (old->uid_validity != new->uid_validity)
        changes |= VALIDITY_CHANGED | COUNT_CHANGED;
    if (old->highest_modseq != new->highest_modseq)
        changes |= MODSEQ_CHANGED;
    if (old->unseen != new->unseen)
        changes |= UNSEEN_CHANGED;
    return changes;
}

/* Without CONDSTORE flags show only in the number of the unseen. */
static const char *items_for(struct op *op, unsigned events, unsigned changes,
                             bool condstore)
{
    bool counts = (changes & COUNT_CHANGED) != 0 &&
                  (events & (NOTIFY_NEW | NOTIFY_EXPUNGE)) != 0;
    bool flags = (events & NOTIFY_FLAGS) != 0;
    bool validity =
        flags &&
        (changes & (VALIDITY_CHANGED | MODSEQ_CHANGED | UNSEEN_CHANGED)) != 0;
    bool unseen = flags && (changes & UNSEEN_CHANGED) != 0;
    bool modseq = condstore && (changes & MODSEQ_CHANGED) != 0;

    if (!counts &&
        !(flags && (modseq || unseen || (changes & VALIDITY_CHANGED) != 0)))
        return NULL;
    const char *items =
        arena_printf(op->arena, "%s%s%s%s", counts ? " MESSAGES UIDNEXT" : "",
                     validity ? " UIDVALIDITY" : "",
                     modseq ? " HIGHESTMODSEQ" : "", unseen ? " UNSEEN" : "");
    return items + 1;
}

/* Before NOTIFY's tagged line (3.1). */
static const char *first_items(struct op *op, unsigned events)
{
    bool flags = (events & NOTIFY_FLAGS) != 0;

    return arena_printf(op->arena, "MESSAGES UIDNEXT UIDVALIDITY%s",
                        flags ? " HIGHESTMODSEQ" : "");
}

/* --- Remembering --------------------------------------------------------- */

static struct heard *find_heard(struct imap_notify *notify, int64_t id)
{
    for (size_t i = 0; i < notify->heard_count; i++)
        if (notify->heard[i].id == id)
            return &notify->heard[i];
    return NULL;
}

/* The counts of all mailboxes with events of messages, at their places.
 * Exchange is asked about those that the client has not heard of, or about all.
 */
static struct mail_counts *count_all(struct op *op,
                                     struct imap_session *session,
                                     const struct imap_mailboxes *mailboxes,
                                     bool all)
{
    size_t room = mailboxes->count + 1;
    struct mail_counts *counts = arena_array(op->arena, room, sizeof *counts);
    struct mail_counts *got = arena_array(op->arena, room, sizeof *got);
    int64_t *ids = arena_array(op->arena, room, sizeof *ids);
    size_t *places = arena_array(op->arena, room, sizeof *places);
    size_t count = 0;

    for (size_t i = 0; i < mailboxes->count; i++) {
        const struct imap_mailbox *mailbox = &mailboxes->list[i];
        int64_t id = mailbox->folder->id;

        counts[i].status = STATUS_UNAVAILABLE;
        if ((notify_events(session, mailbox) & NOTIFY_OF_MESSAGES) == 0)
            continue;
        if (all || find_heard(session->notify, id) == NULL) {
            places[count] = i;
            ids[count++] = id;
        } else {
            mail_known_counts(op, session->account, &id, 1, &counts[i]);
        }
    }
    mail_count(op, session->account, ids, count, got);
    for (size_t i = 0; i < count; i++)
        counts[places[i]] = got[i];
    return counts;
}

/* What was known of counts stays so while they cannot be had. */
static void remember(struct op *op, struct imap_session *session,
                     const struct imap_mailboxes *mailboxes,
                     const struct mail_counts counts[])
{
    struct imap_notify *notify = session->notify;
    struct heard *heard =
        memory_new((mailboxes->count + 1) * sizeof *notify->heard);

    for (size_t i = 0; i < mailboxes->count; i++) {
        const struct imap_mailbox *mailbox = &mailboxes->list[i];
        const struct heard *old = find_heard(notify, mailbox->folder->id);

        heard[i] = (struct heard){
            .id = mailbox->folder->id,
            .parent = mailbox->folder->parent,
            .name = memory_strdup(mailbox->name),
            .subscribed = mailbox->folder->subscribed,
            .counts = old != NULL && counts[i].status != STATUS_OK ? old->counts
                                                                   : counts[i],
        };
        notify_note(op, session, &heard[i]);
    }
    notify_forget(notify);
    notify->heard = heard;
    notify->heard_count = mailboxes->count;
}

/* --- Names --------------------------------------------------------------- */

static const struct imap_mailbox *find_mailbox(
    const struct imap_mailboxes *mailboxes, int64_t id)
{
    for (size_t i = 0; i < mailboxes->count; i++)
        if (mailboxes->list[i].folder->id == id)
            return &mailboxes->list[i];
    return NULL;
}

/* What a name is without what is above it. */
static const char *last_name(const char *name)
{
    const char *slash = strrchr(name, '/');

    return slash != NULL ? slash + 1 : name;
}

/* A mailbox is renamed when it is itself; those below it follow silently. */
static bool is_renamed(const struct heard *old,
                       const struct imap_mailbox *mailbox)
{
    return strcmp(old->name, mailbox->name) != 0 &&
           (old->parent != mailbox->folder->parent ||
            strcmp(last_name(old->name), last_name(mailbox->name)) != 0);
}

/* The parent has or has not children now (5.4). */
static void tell_parent(struct imap_session *session,
                        const struct imap_mailboxes *mailboxes, int64_t parent)
{
    const struct imap_mailbox *mailbox = find_mailbox(mailboxes, parent);

    if (mailbox != NULL && mailbox->visible &&
        (notify_events(session, mailbox) & NOTIFY_NAME) != 0)
        imap_list_tell(session, mailbox, true, NULL);
}

/* Whether a name is watched that no mailbox has any more. */
static bool watches_name(const struct imap_session *session,
                         const struct heard *old)
{
    const struct folder folder = { .id = old->id,
                                   .parent = old->parent,
                                   .subscribed = old->subscribed };
    const struct imap_mailbox mailbox = { .folder = &folder,
                                          .name = old->name };

    return (notify_events(session, &mailbox) & NOTIFY_NAME) != 0;
}

static void tell_gone(struct imap_session *session,
                      const struct imap_mailboxes *mailboxes,
                      const struct notify_lost *lost, const struct heard *old)
{
    if (watches_name(session, old)) {
        imap_out_printf(&session->out, "* LIST (\\NonExistent%s) \"/\" ",
                        notify_is_lost(lost, old->name) ? " \\Subscribed" : "");
        imap_tell_mailbox(session, old->name);
        imap_out_puts(&session->out, "\r\n");
    }
    tell_parent(session, mailboxes, old->parent);
}

/* The events of what it is or was: SUBSCRIBED covers what has just left it. */
static unsigned name_events(const struct imap_session *session,
                            const struct imap_mailbox *mailbox,
                            const struct heard *old)
{
    struct folder either = *mailbox->folder;
    struct imap_mailbox copy = *mailbox;

    either.subscribed |= old != NULL && old->subscribed;
    copy.folder = &either;
    return notify_events(session, &copy);
}

static void tell_name(struct imap_session *session,
                      const struct imap_mailboxes *mailboxes,
                      const struct imap_mailbox *mailbox)
{
    const struct heard *old = find_heard(session->notify, mailbox->folder->id);
    unsigned events = name_events(session, mailbox, old);
    bool is_new = old == NULL;
    bool renamed = !is_new && is_renamed(old, mailbox);

    if (!mailbox->visible)
        return;
    if ((is_new || renamed) && (events & NOTIFY_NAME) != 0)
        imap_list_tell(session, mailbox, true, renamed ? old->name : NULL);
    else if (!is_new && old->subscribed != mailbox->folder->subscribed &&
             (events & NOTIFY_SUBSCRIPTION) != 0)
        imap_list_tell(session, mailbox, true, NULL);
    if (is_new)
        tell_parent(session, mailboxes, mailbox->folder->parent);
}

/* --- Telling ------------------------------------------------------------- */

static void tell_counts(struct op *op, struct imap_session *session,
                        const struct imap_mailbox *mailbox,
                        const struct mail_counts *counts)
{
    const struct heard *old = find_heard(session->notify, mailbox->folder->id);
    unsigned events = notify_events(session, mailbox) & NOTIFY_OF_MESSAGES;
    bool condstore = (session->enabled & IMAP_CONDSTORE) != 0;
    static const struct mail_counts nothing = { .status = STATUS_UNAVAILABLE };
    const struct mail_counts *before = old != NULL ? &old->counts : &nothing;

    if (events == 0 || counts->status != STATUS_OK)
        return;
    const char *items = items_for(
        op, events, before->status == STATUS_OK ? compare(before, counts) : ~0u,
        condstore);
    if (items != NULL)
        tell_status(op, session, mailbox, items, counts);
}

void imap_notify_tell(struct op *op, struct imap_session *session)
{
    struct imap_notify *notify = session->notify;
    struct imap_mailboxes mailboxes;

    if (!imap_notify_watches_others(notify) ||
        imap_mailboxes_load(op, session->account, &mailboxes) != STATUS_OK)
        return;
    struct mail_counts *counts = count_all(op, session, &mailboxes, false);
    struct notify_lost lost = notify_lost_now(op, session);
    for (size_t i = 0; i < notify->heard_count; i++)
        if (find_mailbox(&mailboxes, notify->heard[i].id) == NULL)
            tell_gone(session, &mailboxes, &lost, &notify->heard[i]);
    notify_tell_lost(session, &mailboxes, &lost);
    for (size_t i = 0; i < mailboxes.count; i++) {
        tell_name(session, &mailboxes, &mailboxes.list[i]);
        tell_counts(op, session, &mailboxes.list[i], &counts[i]);
        notify_tell_note(op, session, &mailboxes.list[i],
                         find_heard(notify, mailboxes.list[i].folder->id));
    }
    notify_tell_colors(op, session);
    remember(op, session, &mailboxes, counts);
    notify_remember_lost(notify, &lost);
}

/* What was named and cannot be read. */
static void tell_no_access(struct imap_session *session,
                           const struct imap_mailbox *mailbox)
{
    const struct imap_notify *notify = session->notify;

    if (!mailbox->selectable || (mailbox->folder->lacks & FOLDER_MAY_READ) == 0)
        return;
    for (size_t i = 0; i < notify->count; i++)
        if (notify_covers(&notify->groups[i], mailbox) &&
            notify->groups[i].events != 0) {
            imap_out_puts(&session->out, "* LIST (\\NoAccess) \"/\" ");
            imap_tell_mailbox(session, mailbox->name);
            imap_out_puts(&session->out, "\r\n");
            return;
        }
}

enum status imap_notify_begin(struct op *op, struct imap_session *session,
                              bool status)
{
    struct imap_mailboxes mailboxes;

    if (!imap_notify_watches_others(session->notify))
        return STATUS_OK;
    enum status loaded = imap_mailboxes_load(op, session->account, &mailboxes);
    if (loaded != STATUS_OK)
        return loaded;
    struct mail_counts *counts = count_all(op, session, &mailboxes, true);
    for (size_t i = 0; i < mailboxes.count; i++) {
        const struct imap_mailbox *mailbox = &mailboxes.list[i];
        unsigned events = notify_events(session, mailbox) & NOTIFY_OF_MESSAGES;

        tell_no_access(session, mailbox);
        if (status && events != 0 && counts[i].status == STATUS_OK)
            tell_status(op, session, mailbox, first_items(op, events),
                        &counts[i]);
    }
    struct notify_lost lost = notify_lost_now(op, session);
    remember(op, session, &mailboxes, counts);
    notify_remember_lost(session->notify, &lost);
    notify_tell_colors(op, session);
    return STATUS_OK;
}

/* Takes a mailbox over as it is now. */
static void overlook_one(struct op *op, struct imap_session *session,
                         const struct imap_mailbox *mailbox)
{
    struct imap_notify *notify = session->notify;
    int64_t id = mailbox->folder->id;
    struct heard *heard = find_heard(notify, id);

    if (heard == NULL) {
        notify->heard = memory_resize(notify->heard, (notify->heard_count + 1) *
                                                         sizeof *notify->heard);
        heard = &notify->heard[notify->heard_count++];
        *heard = (struct heard){ .id = id };
        mail_count(op, session->account, &id, 1, &heard->counts);
    }
    free(heard->name);
    heard->name = memory_strdup(mailbox->name);
    heard->parent = mailbox->folder->parent;
    heard->subscribed = mailbox->folder->subscribed;
    notify_note(op, session, heard);
}

void imap_notify_overlook(struct op *op, struct imap_session *session,
                          const char *name)
{
    struct imap_notify *notify = session->notify;
    struct imap_mailboxes mailboxes;
    size_t kept = 0;

    if (!imap_notify_watches_others(notify) ||
        imap_mailboxes_load(op, session->account, &mailboxes) != STATUS_OK)
        return;
    /* Those above it may have been made along with it. */
    for (size_t i = 0; i < mailboxes.count; i++)
        if (strcmp(name, mailboxes.list[i].name) == 0 ||
            (notify_is_in_tree(name, mailboxes.list[i].name) &&
             find_heard(notify, mailboxes.list[i].folder->id) == NULL))
            overlook_one(op, session, &mailboxes.list[i]);
    for (size_t i = 0; i < notify->heard_count; i++)
        if (strcmp(notify->heard[i].name, name) != 0 ||
            find_mailbox(&mailboxes, notify->heard[i].id) != NULL)
            notify->heard[kept++] = notify->heard[i];
        else
            notify_forget_one(&notify->heard[i]);
    notify->heard_count = kept;
    notify_overlook_lost(op, session, name);
}
