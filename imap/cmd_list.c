/*
 * cmd_list.c - LIST: which mailboxes there are
 *
 * RFC 3501, 6.3.8:  LIST <reference> <pattern>
 * RFC 5258, 3:      LIST [(<selection>)] <reference> <pattern>|(<patterns>)
 *                        [RETURN (<what>)]
 * RFC 6154, 2:      SPECIAL-USE among both kinds of options
 * RFC 5819, 2:      STATUS (<items>) among what is returned
 *
 * Whether there are children (RFC 3348) and the uses are told in any case.  What
 * is not visible does not exist for clients, and may be subscribed all the same.
 */
#include "imap/list.h"

#include <string.h>

#include "imap/command.h"
#include "imap/name.h"
#include "imap/status.h"
#include "proxy/base/arena.h"
#include "proxy/exchange/mail.h"

/* What a mailbox has to be, to be listed. */
enum criterion { SUBSCRIBED = 1 << 0, SPECIAL_USE = 1 << 1 };

struct list {
    unsigned criteria; /* all of these */
    bool recursive;    /* or to have one below that is so */
    bool show_subscribed;
    unsigned status;       /* the items to return with each; 0: none */
    const char **patterns; /* the reference is put before them */
    size_t count;
    bool is_question; /* an empty pattern asks for the delimiter */
};

/* clang-format off */
static const char *const uses[FOLDER_USE_COUNT] = {
    [FOLDER_DRAFTS]  = "\\Drafts",
    [FOLDER_SENT]    = "\\Sent",
    [FOLDER_TRASH]   = "\\Trash",
    [FOLDER_JUNK]    = "\\Junk",
    [FOLDER_ARCHIVE] = "\\Archive",
};
/* clang-format on */

/* Somebody else's Trash is not where this user's mail goes. */
static const char *use_of(const struct folder *folder)
{
    return folder->store == FOLDER_OWN ? uses[folder->use] : NULL;
}

/* --- Arguments ----------------------------------------------------------- */

static bool read_selection(struct imap_args *args, struct list *list)
{
    if (imap_args_word(args, "SUBSCRIBED")) {
        list->criteria |= SUBSCRIBED;
        list->show_subscribed = true;
    } else if (imap_args_word(args, "SPECIAL-USE")) {
        list->criteria |= SPECIAL_USE;
    } else if (imap_args_word(args, "RECURSIVEMATCH")) {
        list->recursive = true;
    } else {
        /* Mailboxes on other servers: there are none. */
        return imap_args_word(args, "REMOTE");
    }
    return true;
}

static bool read_return(struct imap_args *args, struct list *list)
{
    if (imap_args_word(args, "SUBSCRIBED"))
        list->show_subscribed = true;
    else if (imap_args_word(args, "STATUS"))
        return imap_args_space(args) && imap_status_read(args, &list->status);
    else
        return imap_args_word(args, "CHILDREN") ||
               imap_args_word(args, "SPECIAL-USE");
    return true;
}

static bool read_options(struct imap_args *args, struct list *list,
                         bool (*read)(struct imap_args *, struct list *))
{
    if (!imap_args_char(args, '('))
        return false;
    if (imap_args_char(args, ')'))
        return true;
    do {
        if (!read(args, list))
            return false;
    } while (imap_args_space(args));
    return imap_args_char(args, ')');
}

static bool read_pattern(struct imap_args *args, struct list *list,
                         const char *reference)
{
    const char *pattern = imap_args_list_mailbox(args);

    if (pattern == NULL)
        return false;
    list->is_question = *pattern == '\0';
    list->patterns[list->count++] =
        arena_printf(args->arena, "%s%s", reference, pattern);
    return true;
}

static bool read_patterns(struct imap_args *args, struct list *list,
                          const char *reference)
{
    size_t capacity = 1;

    for (const char *at = args->at; at < args->end; at++)
        capacity += *at == ' ';
    list->patterns = arena_array(args->arena, capacity, sizeof *list->patterns);
    if (!imap_args_char(args, '('))
        return read_pattern(args, list, reference);
    do {
        if (!read_pattern(args, list, reference))
            return false;
    } while (imap_args_space(args));
    list->is_question = false;
    return imap_args_char(args, ')');
}

static bool read_list(struct imap_args *args, struct list *list)
{
    const char *reference;

    if (!imap_args_space(args))
        return false;
    if (imap_args_next_is(args, '(') &&
        (!read_options(args, list, read_selection) || !imap_args_space(args)))
        return false;
    reference = imap_args_astring(args);
    if (reference == NULL || !imap_args_space(args) ||
        !read_patterns(args, list, reference))
        return false;
    if (imap_args_space(args) &&
        (!imap_args_word(args, "RETURN") || !imap_args_space(args) ||
         !read_options(args, list, read_return)))
        return false;
    return imap_args_end(args);
}

/* --- Choosing ------------------------------------------------------------ */

static bool matches(struct imap_command *command, const struct list *list,
                    const struct imap_mailbox *mailbox)
{
    struct arena *arena = command->op->arena;
    const char *name = imap_name_shown(command->session, arena, mailbox->name);

    for (size_t i = 0; i < list->count; i++)
        if (imap_pattern_matches(arena, list->patterns[i], name))
            return true;
    return false;
}

static bool meets(const struct list *list, const struct imap_mailbox *mailbox)
{
    const struct folder *folder = mailbox->folder;

    return ((list->criteria & SUBSCRIBED) != 0 ? folder->subscribed
                                               : mailbox->visible) &&
           ((list->criteria & SPECIAL_USE) == 0 || use_of(folder) != NULL);
}

/* Which mailboxes have one below that meets the criteria. */
static bool *find_above(struct arena *arena, const struct list *list,
                        const struct imap_mailboxes *mailboxes)
{
    bool *above = arena_alloc(arena, mailboxes->count + 1);

    for (size_t i = mailboxes->count; i-- > 0;) {
        const struct imap_mailbox *mailbox = &mailboxes->list[i];

        if (mailbox->parent != IMAP_TOP && (meets(list, mailbox) || above[i]))
            above[mailbox->parent] = true;
    }
    return above;
}

/* --- Answers ------------------------------------------------------------- */

/* What is chosen, and what is told of it. */
struct choice {
    const struct imap_mailbox *mailbox;
    bool above; /* to be told with CHILDINFO */
};

static void tell_child_info(struct imap_out *out, unsigned criteria)
{
    imap_out_puts(out, " (\"CHILDINFO\" (");
    if ((criteria & SUBSCRIBED) != 0)
        imap_out_puts(out, "\"SUBSCRIBED\"");
    if ((criteria & SPECIAL_USE) != 0)
        imap_out_printf(out, "%s\"SPECIAL-USE\"",
                        (criteria & SUBSCRIBED) != 0 ? " " : "");
    imap_out_puts(out, "))");
}

/* The line up to the name. */
static void begin_line(struct imap_session *session,
                       const struct imap_mailbox *mailbox, bool subscribed)
{
    struct imap_out *out = &session->out;
    const char *use = use_of(mailbox->folder);

    imap_out_printf(out, "* LIST (\\Has%sChildren",
                    mailbox->has_children ? "" : "No");
    if (!mailbox->visible)
        imap_out_puts(out, " \\NonExistent");
    else if (!mailbox->selectable)
        imap_out_puts(out, mailbox->folder->id < 0 ? " \\NonExistent \\Noselect"
                                                   : " \\Noselect");
    if (use != NULL)
        imap_out_printf(out, " %s", use);
    if (subscribed && mailbox->folder->subscribed)
        imap_out_puts(out, " \\Subscribed");
    imap_out_puts(out, ") \"/\" ");
    imap_tell_mailbox(session, mailbox->name);
}

static void tell_mailbox(struct imap_session *session, const struct list *list,
                         const struct choice *choice)
{
    begin_line(session, choice->mailbox, list->show_subscribed);
    if (choice->above)
        tell_child_info(&session->out, list->criteria);
    imap_out_puts(&session->out, "\r\n");
}

void imap_list_tell(struct imap_session *session,
                    const struct imap_mailbox *mailbox, bool subscribed,
                    const char *old_name)
{
    struct imap_out *out = &session->out;

    begin_line(session, mailbox, subscribed);
    if (old_name != NULL) {
        imap_out_puts(out, " (\"OLDNAME\" (");
        imap_tell_mailbox(session, old_name);
        imap_out_puts(out, "))");
    }
    imap_out_puts(out, "\r\n");
}

/* The counts of all that can be selected, in the order of the choices. */
static struct mail_counts *count_all(struct imap_command *command,
                                     const struct choice choices[],
                                     size_t count)
{
    struct arena *arena = command->op->arena;
    struct mail_counts *counts = arena_array(arena, count + 1, sizeof *counts);
    int64_t *folders = arena_array(arena, count + 1, sizeof *folders);
    size_t asked = 0;

    for (size_t i = 0; i < count; i++)
        if (choices[i].mailbox->selectable)
            folders[asked++] = choices[i].mailbox->folder->id;
    mail_count(command->op, command->session->account, folders, asked, counts);
    return counts;
}

static void tell_all(struct imap_command *command, const struct list *list,
                     const struct choice choices[], size_t count)
{
    struct imap_session *session = command->session;
    const struct mail_counts *counts =
        list->status != 0 ? count_all(command, choices, count) : NULL;

    imap_status_enable(session, list->status);
    for (size_t i = 0; i < count; i++) {
        const struct imap_mailbox *mailbox = choices[i].mailbox;

        tell_mailbox(session, list, &choices[i]);
        if (counts == NULL || !mailbox->selectable)
            continue;
        /* No STATUS for what cannot be counted (RFC 5819, 2). */
        if (counts->status == STATUS_OK)
            imap_status_tell(session, mailbox->name, mailbox->folder,
                             list->status, counts);
        counts++;
    }
}

static void tell_list(struct imap_command *command, const struct list *list,
                      const struct imap_mailboxes *mailboxes)
{
    struct arena *arena = command->op->arena;
    bool *above = list->recursive ? find_above(arena, list, mailboxes) : NULL;
    struct choice *choices =
        arena_array(arena, mailboxes->count + 1, sizeof *choices);
    size_t count = 0;

    for (size_t i = 0; i < mailboxes->count; i++) {
        const struct imap_mailbox *mailbox = &mailboxes->list[i];
        bool is_above = above != NULL && above[i];

        if ((meets(list, mailbox) || is_above) &&
            matches(command, list, mailbox))
            choices[count++] = (struct choice){ mailbox, is_above };
    }
    tell_all(command, list, choices, count);
}

struct imap_answer imap_cmd_list(struct imap_command *command)
{
    struct list list = { .count = 0 };
    struct imap_mailboxes mailboxes;
    enum status status = STATUS_OK;

    if (!read_list(&command->args, &list))
        return imap_bad_args(command,
                             "a reference and a mailbox name with wildcards");
    if (list.recursive && list.criteria == 0)
        return imap_bad(command, "RECURSIVEMATCH goes with another option");
    if (list.is_question) {
        imap_out_puts(&command->session->out,
                      "* LIST (\\Noselect) \"/\" \"\"\r\n");
        return imap_ok(command);
    }
    for (size_t i = 0; i < list.count && status == STATUS_OK; i++)
        status = imap_mailboxes_look(command->op, command->session->account,
                                     list.patterns[i], true, &mailboxes);
    if (status == STATUS_OK && (list.criteria & SUBSCRIBED) != 0)
        status = imap_mailboxes_add_lost(
            command->op, command->session->account, &mailboxes);
    if (status != STATUS_OK)
        return imap_failed(command, status);
    tell_list(command, &list, &mailboxes);
    return imap_ok(command);
}
