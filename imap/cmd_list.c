/*
 * cmd_list.c - LIST and LSUB: which mailboxes there are
 *
 * RFC 3501, 6.3.8:  LIST <reference> <pattern>
 * RFC 5258, 3:      LIST [(SUBSCRIBED)] <reference> <pattern>|(<patterns>)
 *                        [RETURN (SUBSCRIBED CHILDREN)]
 * RFC 6154, 4:      SPECIAL-USE among both kinds of options
 *
 * \HasChildren and its opposite (RFC 3348) and the uses are shown in any case.
 */
#include <string.h>

#include "imap/command.h"
#include "imap/name.h"
#include "proxy/base/arena.h"

struct list {
    bool only_subscribed;
    bool only_special;
    bool show_subscribed;
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

/* --- Arguments ----------------------------------------------------------- */

static bool read_option(struct imap_args *args, struct list *list,
                        bool selection)
{
    if (imap_args_word(args, "SUBSCRIBED")) {
        list->show_subscribed = true;
        list->only_subscribed |= selection;
        return true;
    }
    if (imap_args_word(args, "SPECIAL-USE")) {
        list->only_special |= selection;
        return true;
    }
    return imap_args_word(args, selection ? "REMOTE" : "CHILDREN");
}

static bool read_options(struct imap_args *args, struct list *list,
                         bool selection)
{
    if (!imap_args_char(args, '('))
        return false;
    if (imap_args_char(args, ')'))
        return true;
    do {
        if (!read_option(args, list, selection))
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

static bool read_reference(struct imap_args *args, const char **reference_out)
{
    *reference_out = imap_args_astring(args);
    return *reference_out != NULL && imap_args_space(args);
}

static bool read_list(struct imap_args *args, struct list *list)
{
    const char *reference;

    if (!imap_args_space(args))
        return false;
    if (imap_args_next_is(args, '(') &&
        (!read_options(args, list, true) || !imap_args_space(args)))
        return false;
    if (!read_reference(args, &reference) ||
        !read_patterns(args, list, reference))
        return false;
    if (imap_args_space(args) &&
        (!imap_args_word(args, "RETURN") || !imap_args_space(args) ||
         !read_options(args, list, false)))
        return false;
    return imap_args_end(args);
}

/* --- Answers ------------------------------------------------------------- */

static bool matches(struct arena *arena, const struct list *list,
                    const char *name)
{
    for (size_t i = 0; i < list->count; i++)
        if (imap_pattern_matches(arena, list->patterns[i], name))
            return true;
    return false;
}

static void tell_mailbox(struct imap_out *out,
                         const struct imap_mailbox *mailbox,
                         bool show_subscribed)
{
    const char *use = uses[mailbox->folder->use];

    imap_out_printf(out, "* LIST (\\Has%sChildren",
                    mailbox->has_children ? "" : "No");
    if (!mailbox->selectable)
        imap_out_puts(out, " \\Noselect");
    if (use != NULL)
        imap_out_printf(out, " %s", use);
    if (show_subscribed && mailbox->folder->subscribed)
        imap_out_puts(out, " \\Subscribed");
    imap_out_puts(out, ") \"/\" ");
    imap_out_astring(out, mailbox->name);
    imap_out_puts(out, "\r\n");
}

static bool is_wanted(struct arena *arena, const struct list *list,
                      const struct imap_mailbox *mailbox)
{
    return mailbox->visible &&
           (!list->only_subscribed || mailbox->folder->subscribed) &&
           (!list->only_special || uses[mailbox->folder->use] != NULL) &&
           matches(arena, list, mailbox->name);
}

struct imap_answer imap_cmd_list(struct imap_command *command)
{
    struct imap_session *session = command->session;
    struct list list = { .count = 0 };
    struct imap_mailboxes mailboxes;
    enum status status;

    if (!read_list(&command->args, &list))
        return imap_bad_args(command,
                             "a reference and a mailbox name with wildcards");
    if (list.is_question) {
        imap_out_puts(&session->out, "* LIST (\\Noselect) \"/\" \"\"\r\n");
        return imap_ok(command);
    }
    status = imap_mailboxes_load(command->op, session->account, &mailboxes);
    if (status != STATUS_OK)
        return imap_failed(command, status);
    for (size_t i = 0; i < mailboxes.count; i++)
        if (is_wanted(command->op->arena, &list, &mailboxes.list[i]))
            tell_mailbox(&session->out, &mailboxes.list[i],
                         list.show_subscribed);
    return imap_ok(command);
}

/* --- LSUB ---------------------------------------------------------------- */

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
 * \Noselect if it is not subscribed itself (6.3.9). */
static void tell_subscribed(struct imap_command *command, const char *pattern,
                            const struct imap_mailboxes *mailboxes)
{
    struct imap_out *out = &command->session->out;
    bool *above = find_above(command->op->arena, mailboxes);
    bool percent = strchr(pattern, '%') != NULL;

    for (size_t i = 0; i < mailboxes->count; i++) {
        const struct imap_mailbox *mailbox = &mailboxes->list[i];
        bool subscribed = mailbox->folder->subscribed;

        if (!mailbox->visible || !(subscribed || (percent && above[i])) ||
            !imap_pattern_matches(command->op->arena, pattern, mailbox->name))
            continue;
        imap_out_printf(out, "* LSUB (%s) \"/\" ",
                        subscribed && mailbox->selectable ? "" : "\\Noselect");
        imap_out_astring(out, mailbox->name);
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

    if (!imap_args_space(args) || !read_reference(args, &reference) ||
        (pattern = imap_args_list_mailbox(args)) == NULL ||
        !imap_args_end(args))
        return imap_bad_args(command,
                             "a reference and a mailbox name with wildcards");
    status =
        imap_mailboxes_load(command->op, command->session->account, &mailboxes);
    if (status != STATUS_OK)
        return imap_failed(command, status);
    tell_subscribed(
        command, arena_printf(command->op->arena, "%s%s", reference, pattern),
        &mailboxes);
    return imap_ok(command);
}
