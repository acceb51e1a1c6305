/*
 * cmd_status.c - STATUS: the counts of a mailbox
 *
 * RFC 3501, 6.3.10:  STATUS <mailbox> (<items>)
 * RFC 7889, 4:       the item APPENDLIMIT
 */
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
};

/* clang-format off */
static const struct {
    const char *name;
    enum item item;
} items[] = {
    { "MESSAGES",    MESSAGES },
    { "RECENT",      RECENT },
    { "UIDNEXT",     UIDNEXT },
    { "UIDVALIDITY", UIDVALIDITY },
    { "UNSEEN",      UNSEEN },
    { "APPENDLIMIT", APPENDLIMIT },
};
/* clang-format on */

#define ITEMS (sizeof items / sizeof *items)

static bool read_items(struct imap_args *args, unsigned *wanted_out)
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
    return imap_args_char(args, ')') && imap_args_end(args);
}

static uint64_t value_of(const struct imap_session *session,
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
    default:
        return imap_message_limit(session);
    }
}

static void tell_counts(struct imap_session *session, const char *name,
                        unsigned wanted, const struct mail_counts *counts)
{
    struct imap_out *out = &session->out;
    const char *separator = "";

    imap_out_puts(out, "* STATUS ");
    imap_out_astring(out, name);
    imap_out_puts(out, " (");
    for (size_t i = 0; i < ITEMS; i++) {
        if ((wanted & items[i].item) == 0)
            continue;
        imap_out_printf(
            out, "%s%s %llu", separator, items[i].name,
            (unsigned long long)value_of(session, counts, items[i].item));
        separator = " ";
    }
    imap_out_puts(out, ")\r\n");
}

struct imap_answer imap_cmd_status(struct imap_command *command)
{
    struct imap_session *session = command->session;
    struct imap_args *args = &command->args;
    const char *name = imap_args_space(args) ? imap_args_astring(args) : NULL;
    struct mail_counts counts = { .status = STATUS_OK };
    struct folder folder;
    unsigned wanted;
    enum status status;

    if (name == NULL || !imap_args_space(args) || !read_items(args, &wanted))
        return imap_bad_args(command, "a mailbox and a list of items");
    status = imap_mailbox_find(command->op, session->account, name, &folder);
    if (status == STATUS_OK)
        status =
            mail_count(command->op, session->account, &folder.id, 1, &counts);
    if (status == STATUS_OK)
        status = counts.status;
    if (status != STATUS_OK)
        return imap_failed(command, status);
    tell_counts(session, name, wanted, &counts);
    return imap_ok(command);
}
