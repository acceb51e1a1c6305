/*
 * cmd_status.c - STATUS: the counts of a mailbox
 *
 * RFC 3501, 6.3.10:  STATUS <mailbox> (<items>)
 *
 * Further items: APPENDLIMIT (RFC 7889, 4), SIZE (RFC 8438), HIGHESTMODSEQ
 * (RFC 7162, 3.1.6), MAILBOXID (RFC 8474, 4.3), DELETED and DELETED-STORAGE
 * (RFC 9208, 4.3.1 and 4.3.2)
 */
#include "imap/status.h"

#include <inttypes.h>

#include "imap/command.h"
#include "imap/name.h"
#include "proxy/exchange/mail.h"

enum item {
    MESSAGES = 1 << 0,
    RECENT = 1 << 1,
    UIDNEXT = 1 << 2,
    UIDVALIDITY = 1 << 3,
    UNSEEN = 1 << 4,
    APPENDLIMIT = 1 << 5,
    SIZE = 1 << 6,
    DELETED = 1 << 7,
    DELETED_STORAGE = 1 << 8,
    HIGHESTMODSEQ = 1 << 9,
    MAILBOXID = 1 << 10,
};

/* clang-format off */
static const struct {
    const char *name;
    enum item item;
} items[] = {
    { "MESSAGES",        MESSAGES },
    { "RECENT",          RECENT },
    { "UIDNEXT",         UIDNEXT },
    { "UIDVALIDITY",     UIDVALIDITY },
    { "UNSEEN",          UNSEEN },
    { "APPENDLIMIT",     APPENDLIMIT },
    { "SIZE",            SIZE },
    { "DELETED",         DELETED },
    { "DELETED-STORAGE", DELETED_STORAGE },
    { "HIGHESTMODSEQ",   HIGHESTMODSEQ },
    { "MAILBOXID",       MAILBOXID },
};
/* clang-format on */

#define ITEMS (sizeof items / sizeof *items)

bool imap_status_read(struct imap_args *args, unsigned *wanted_out)
{
    *wanted_out = 0;
    if (!imap_args_char(args, '('))
        return false;
    do {
        size_t i = 0;

        while (i < ITEMS && !imap_args_word(args, items[i].name))
            i++;
        if (i == ITEMS)
            return false;
        *wanted_out |= items[i].item;
    } while (imap_args_space(args));
    return imap_args_char(args, ')');
}

void imap_status_enable(struct imap_session *session, unsigned wanted)
{
    if ((wanted & HIGHESTMODSEQ) != 0)
        imap_session_enable(session, IMAP_CONDSTORE);
}

static uint64_t number_of(const struct imap_session *session,
                          const struct mail_counts *counts, enum item item)
{
    switch (item) {
    case MESSAGES:
        return counts->messages;
    case RECENT:
        return counts->recent;
    case UIDNEXT:
        return counts->uid_next;
    case UIDVALIDITY:
        return counts->uid_validity;
    case UNSEEN:
        return counts->unseen;
    case SIZE:
        return counts->size;
    case DELETED:
        return counts->deleted;
    case DELETED_STORAGE:
        return counts->deleted_size;
    case HIGHESTMODSEQ:
        return counts->highest_modseq;
    default:
        return imap_message_limit(session);
    }
}

void imap_status_tell(struct imap_session *session, const char *name,
                      const struct folder *folder, unsigned wanted,
                      const struct mail_counts *counts)
{
    struct imap_out *out = &session->out;
    const char *separator = "";

    imap_out_puts(out, "* STATUS ");
    imap_tell_mailbox(session, name);
    imap_out_puts(out, " (");
    for (size_t i = 0; i < ITEMS; i++) {
        if ((wanted & items[i].item) == 0)
            continue;
        imap_out_printf(out, "%s%s ", separator, items[i].name);
        if (items[i].item == MAILBOXID)
            imap_out_printf(out, "(" IMAP_MAILBOXID ")", folder->id,
                            folder->uid_validity);
        else
            imap_out_printf(out, "%" PRIu64,
                            number_of(session, counts, items[i].item));
        separator = " ";
    }
    imap_out_puts(out, ")\r\n");
}

/* Whether anything is asked for that has to be counted. */
static bool counts_anything(unsigned wanted)
{
    return (wanted & ~(unsigned)(APPENDLIMIT | MAILBOXID)) != 0;
}

struct imap_answer imap_cmd_status(struct imap_command *command)
{
    struct imap_session *session = command->session;
    struct imap_args *args = &command->args;
    const char *name =
        imap_args_space(args) ? imap_read_mailbox(command) : NULL;
    struct mail_counts counts = { .status = STATUS_OK };
    struct folder folder;
    unsigned wanted;
    enum status status;

    if (name == NULL || !imap_args_space(args) ||
        !imap_status_read(args, &wanted) || !imap_args_end(args))
        return imap_bad_args(command, "a mailbox and a list of items");
    imap_status_enable(session, wanted);
    status = imap_mailbox_find(command->op, session->account, name, &folder);
    if (status == STATUS_OK && counts_anything(wanted)) {
        mail_count(command->op, session->account, &folder.id, 1, &counts);
        status = counts.status;
    }
    if (status != STATUS_OK)
        return imap_failed(command, status);
    imap_status_tell(session, name, &folder, wanted, &counts);
    return imap_ok(command);
}
