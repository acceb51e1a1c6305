/*
 * notify_metadata.c - telling that a note has changed
 *
 * RFC 5465, 5.6 and 5.7; RFC 5464, 4.4.2.  Exchange tells of no such change by
 * itself: what this gateway sets or reads is compared with what it knew.
 */
#include "imap/notify_private.h"

#include <stdlib.h>
#include <string.h>

#include "imap/metadata.h"
#include "imap/name.h"
#include "proxy/base/arena.h"
#include "proxy/base/memory.h"
#include "proxy/exchange/account.h"

static bool is_same(const char *a, const char *b)
{
    return a != NULL && b != NULL ? strcmp(a, b) == 0 : a == b;
}

/* --- Mailboxes ----------------------------------------------------------- */

void notify_note(struct op *op, struct imap_session *session,
                 struct heard *heard)
{
    const char *comment = NULL;

    heard->noted =
        folder_known_comment(op, session->account, heard->id, &comment);
    free(heard->comment);
    heard->comment = comment != NULL ? memory_strdup(comment) : NULL;
}

void notify_tell_note(struct op *op, struct imap_session *session,
                      const struct imap_mailbox *mailbox,
                      const struct heard *old)
{
    const char *comment;

    if (old == NULL ||
        (notify_events(session, mailbox) & NOTIFY_METADATA) == 0 ||
        !folder_known_comment(op, session->account, mailbox->folder->id,
                              &comment) ||
        (old->noted && is_same(old->comment, comment)))
        return;
    imap_out_puts(&session->out, "* METADATA ");
    imap_tell_mailbox(session, mailbox->name);
    imap_out_puts(&session->out, " " METADATA_COMMENT "\r\n");
}

/* --- The account --------------------------------------------------------- */

static bool wants_colors(const struct imap_notify *notify)
{
    for (size_t i = 0; i < notify->count; i++)
        if ((notify->groups[i].events & NOTIFY_SERVER_METADATA) != 0)
            return true;
    return false;
}

/* Whether a line is among others, each with its "\n". */
static bool has_line(const char *lines, const char *line, size_t len)
{
    for (const char *at = lines; at != NULL && *at != '\0';
         at = strchr(at, '\n') + 1)
        if (strncmp(at, line, len) == 0)
            return true;
    return false;
}

/* Names the categories whose line is in `lines` and not among `others`; one
 * that has got another colour is named once. */
static void tell_lines(struct op *op, struct imap_session *session,
                       const char *lines, const char *others, bool gone)
{
    while (lines != NULL && *lines != '\0') {
        size_t len = strcspn(lines, "\n") + 1;
        size_t name_len = strcspn(lines, "\x01");

        if (!has_line(others, lines, len) &&
            !(gone && has_line(others, lines, name_len + 1))) {
            imap_out_puts(&session->out, "* METADATA \"\" ");
            imap_out_astring(
                &session->out,
                imap_color_entry(op->arena,
                                 arena_strndup(op->arena, lines, name_len)));
            imap_out_puts(&session->out, "\r\n");
        }
        lines += len;
    }
}

void notify_tell_colors(struct op *op, struct imap_session *session)
{
    struct imap_notify *notify = session->notify;
    const char *colors = account_known_colors(op, session->account);

    if (colors == NULL || is_same(notify->colors, colors))
        return;
    /* Before the first look nobody knew what they were. */
    if (notify->colors != NULL && wants_colors(notify)) {
        tell_lines(op, session, notify->colors, colors, true);
        tell_lines(op, session, colors, notify->colors, false);
    }
    free(notify->colors);
    notify->colors = memory_strdup(colors);
}
