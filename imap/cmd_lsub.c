/*
 * cmd_lsub.c - LSUB: which mailboxes are subscribed
 *
 * RFC 3501, 6.3.9:  LSUB <reference> <pattern>
 */
#include <string.h>

#include "imap/command.h"
#include "imap/name.h"
#include "proxy/base/arena.h"

/* Which mailboxes have subscribed ones below them. */
static bool *find_above(struct arena *arena,
                        const struct imap_mailboxes *mailboxes)
{
    bool *above = arena_alloc(arena, mailboxes->count + 1);

    for (size_t i = mailboxes->count; i-- > 0;) {
        const struct imap_mailbox *mailbox = &mailboxes->list[i];

        if (mailbox->parent != IMAP_TOP &&
            (mailbox->folder->subscribed || above[i]))
            above[mailbox->parent] = true;
    }
    return above;
}

/* With "%" a name stands for the subscribed ones below it, too, and is
 * \Noselect if it is not subscribed itself, or not there any more (6.3.9). */
static void tell_subscribed(struct imap_command *command, const char *pattern,
                            const struct imap_mailboxes *mailboxes)
{
    struct imap_out *out = &command->session->out;
    struct arena *arena = command->op->arena;
    bool *above = find_above(arena, mailboxes);
    bool percent = strchr(pattern, '%') != NULL;

    for (size_t i = 0; i < mailboxes->count; i++) {
        const struct imap_mailbox *mailbox = &mailboxes->list[i];
        bool subscribed = mailbox->folder->subscribed;

        if (!(subscribed || (percent && above[i])) ||
            !imap_pattern_matches(
                arena, pattern,
                imap_name_shown(command->session, arena, mailbox->name)))
            continue;
        imap_out_printf(out, "* LSUB (%s) \"/\" ",
                        subscribed && mailbox->selectable ? "" : "\\Noselect");
        imap_tell_mailbox(command->session, mailbox->name);
        imap_out_puts(out, "\r\n");
    }
}

struct imap_answer imap_cmd_lsub(struct imap_command *command)
{
    struct imap_args *args = &command->args;
    struct imap_mailboxes mailboxes;
    const char *reference;
    const char *pattern;
    enum status status;

    if (!imap_args_space(args) ||
        (reference = imap_args_astring(args)) == NULL ||
        !imap_args_space(args) ||
        (pattern = imap_args_list_mailbox(args)) == NULL ||
        !imap_args_end(args))
        return imap_bad_args(command,
                             "a reference and a mailbox name with wildcards");
    status =
        imap_mailboxes_load(command->op, command->session->account, &mailboxes);
    if (status == STATUS_OK)
        status = imap_mailboxes_add_lost(
            command->op, command->session->account, &mailboxes);
    if (status != STATUS_OK)
        return imap_failed(command, status);
    tell_subscribed(
        command, arena_printf(command->op->arena, "%s%s", reference, pattern),
        &mailboxes);
    return imap_ok(command);
}
