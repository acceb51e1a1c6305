/*
 * cmd_store.c - STORE and UID STORE: change the flags of messages
 *
 * RFC 3501, 6.4.6:  STORE <set> [+|-]FLAGS[.SILENT] <flags>
 */
#include "imap/command.h"
#include "imap/folder.h"
#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/exchange/mail.h"

struct store {
    struct imap_messages messages;
    enum mail_change change;
    bool silent;
    struct imap_flags flags;
};

static bool read_item(struct imap_args *args, struct store *store)
{
    store->change = MAIL_REPLACE;
    if (imap_args_char(args, '+'))
        store->change = MAIL_ADD;
    else if (imap_args_char(args, '-'))
        store->change = MAIL_REMOVE;
    store->silent = imap_args_word(args, "FLAGS.SILENT");
    return store->silent || imap_args_word(args, "FLAGS");
}

static bool has_category(const char *const *categories, const char *category)
{
    for (; categories != NULL && *categories != NULL; categories++)
        if (str_equal_nocase(*categories, category))
            return true;
    return false;
}

static bool includes(const char *const *categories, const char *const *others)
{
    for (; others != NULL && *others != NULL; others++)
        if (!has_category(categories, *others))
            return false;
    return true;
}

static bool has_any(const char *const *categories, const char *const *others)
{
    for (; *others != NULL; others++)
        if (has_category(categories, *others))
            return true;
    return false;
}

/* Whether the message is not yet as it shall be. */
static bool is_to_change(const struct mail_entry *entry,
                         const struct store *store)
{
    uint32_t flags = store->flags.flags;
    const char *const *categories = store->flags.categories;

    switch (store->change) {
    case MAIL_ADD:
        return (entry->flags & flags) != flags ||
               !includes(entry->categories, categories);
    case MAIL_REMOVE:
        return (entry->flags & flags) != 0 ||
               has_any(entry->categories, categories);
    default:
        return (entry->flags & ~(uint32_t)MAIL_DRAFT) != flags ||
               !includes(entry->categories, categories) ||
               !includes(categories, entry->categories);
    }
}

/* Those of the messages that have to be changed, in the arena. */
static uint32_t *pick(struct imap_command *command, const struct store *store,
                      size_t *count_out, bool *some_gone_out)
{
    const struct imap_messages *messages = &store->messages;
    uint32_t *uids =
        arena_array(command->op->arena, messages->count, sizeof *uids);

    *count_out = 0;
    *some_gone_out = false;
    imap_folder_look(command->op, command->session->folder);
    for (size_t i = 0; i < messages->count; i++) {
        const struct mail_entry *entry =
            imap_folder_entry(command->session->folder, messages->uids[i]);

        if (entry == NULL)
            *some_gone_out = true;
        else if (is_to_change(entry, store))
            uids[(*count_out)++] = messages->uids[i];
    }
    return uids;
}

static enum status change(struct imap_command *command,
                          const struct store *store)
{
    struct imap_session *session = command->session;
    size_t count;
    bool some_gone;
    uint32_t *uids = pick(command, store, &count, &some_gone);
    const struct mail_flag_change wish = {
        .change = store->change,
        .flags = store->flags.flags,
        .categories = store->flags.categories,
    };
    enum status status = STATUS_OK;

    if (count > 0)
        status = mail_change_flags(
            command->op, session->account, imap_folder_id(session->folder),
            uids, count, &wish,
            arena_array(command->op->arena, count, sizeof(struct mail_result)));
    return status == STATUS_OK && some_gone ? STATUS_NOT_FOUND : status;
}

static size_t count_of(const char *const *categories)
{
    size_t count = 0;

    while (categories != NULL && categories[count] != NULL)
        count++;
    return count;
}

/* What the wish makes of these categories, in the arena. */
static const char *const *apply(struct arena *arena, const struct store *store,
                                const char *const *categories)
{
    const char *const *named = store->flags.categories;
    size_t length = count_of(categories);
    size_t named_length = count_of(named);
    const char **list =
        arena_array(arena, length + named_length + 1, sizeof *list);
    size_t count = 0;

    for (size_t i = 0; i < length && store->change != MAIL_REPLACE; i++)
        if (store->change == MAIL_ADD || !has_category(named, categories[i]))
            list[count++] = categories[i];
    for (size_t i = 0; i < named_length && store->change != MAIL_REMOVE; i++)
        list[count++] = named[i];
    return list;
}

/* Whether the wish alone leads from what the client knows to what there is: if
 * not, somebody else has changed the message, too. */
static bool is_expected(struct arena *arena, const struct store *store,
                        const struct mail_entry *known,
                        const struct mail_entry *now)
{
    uint32_t flags = store->flags.flags;
    const char *const *categories;

    if (known == NULL)
        return false;
    if (store->change == MAIL_ADD)
        flags |= known->flags;
    else if (store->change == MAIL_REMOVE)
        flags = known->flags & ~flags;
    else
        flags |= known->flags & MAIL_DRAFT;
    categories = apply(arena, store, known->categories);
    return now->flags == flags && includes(now->categories, categories) &&
           includes(categories, now->categories);
}

/* Tells the flags that the messages have now; if `silently`, only those that
 * the client cannot know (7.4.2: changes from outside are told in any case). */
static void tell(struct imap_command *command, const struct store *store,
                 bool silently)
{
    struct imap_out *out = &command->session->out;
    const struct imap_folder *folder = command->session->folder;

    for (size_t i = 0; i < store->messages.count; i++) {
        uint32_t uid = store->messages.uids[i];
        const struct mail_entry *entry = imap_folder_entry(folder, uid);

        if (entry == NULL ||
            (silently &&
             is_expected(command->op->arena, store,
                         imap_folder_told_entry(folder, uid), entry)))
            continue;
        imap_out_printf(out, "* %u FETCH (", store->messages.numbers[i]);
        if (command->by_uid)
            imap_out_printf(out, "UID %u ", uid);
        imap_out_puts(out, "FLAGS ");
        imap_out_flags(out, entry, imap_folder_is_recent(folder, uid));
        imap_out_puts(out, ")\r\n");
    }
}

struct imap_answer imap_cmd_store(struct imap_command *command)
{
    struct imap_folder *folder = command->session->folder;
    struct imap_args *args = &command->args;
    struct imap_set set;
    struct store store;
    enum status status;

    if (!imap_args_space(args) || !imap_args_set(args, &set) ||
        !imap_args_space(args) || !read_item(args, &store) ||
        !imap_args_space(args) || !imap_args_store_flags(args, &store.flags) ||
        !imap_args_end(args))
        return imap_bad_args(command, "a message set, FLAGS and a flag list");
    if (!imap_folder_resolve(folder, command->op->arena, &set, command->by_uid,
                             &store.messages))
        return imap_bad(command, "There is no message of that number");
    if (imap_folder_read_only(folder))
        return imap_no(command, "READ-ONLY",
                       "The mailbox is open for reading only");

    /* Only a new message can become a draft: this is passed over. */
    store.flags.flags &= ~(uint32_t)MAIL_DRAFT;
    status = change(command, &store);
    imap_folder_look(command->op, folder);
    tell(command, &store, store.silent && status == STATUS_OK);
    imap_folder_told(folder, store.messages.uids, store.messages.count);
    return status == STATUS_OK ? imap_ok(command)
                               : imap_failed(command, status);
}
