/*
 * cmd_store.c - STORE and UID STORE: change the flags of messages
 *
 * RFC 3501, 6.4.6:  STORE <set> [+|-]FLAGS[.SILENT] <flags>
 * RFC 7162, 3.1.3:  STORE <set> (UNCHANGEDSINCE <modseq>) [+|-]FLAGS...
 *
 * A message has one mod-sequence for all its flags.  So that flags which have
 * nothing to do with each other can be changed by several clients at a time,
 * one that has changed is taken for unchanged when the flags in question are as
 * this client was told (3.1.12).
 */
#include <inttypes.h>

#include "imap/command.h"
#include "imap/folder.h"
#include "imap/resync.h"
#include "imap/set_text.h"
#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/exchange/mail.h"

struct store {
    struct imap_messages messages;
    enum mail_change change;
    bool silent;
    struct imap_flags flags;

    bool conditional;
    uint64_t since;
    bool *modified; /* which of the messages others have changed since then */
    size_t modified_count;
};

/* "(UNCHANGEDSINCE <modseq>) ", or nothing. */
static bool read_modifiers(struct imap_args *args, struct store *store)
{
    if (!imap_args_char(args, '('))
        return true;
    store->conditional = true;
    return imap_args_word(args, "UNCHANGEDSINCE") && imap_args_space(args) &&
           imap_args_number(args, 0, IMAP_MODSEQ_MAX, &store->since) &&
           imap_args_char(args, ')') && imap_args_space(args);
}

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
        return entry->flags != flags ||
               !includes(entry->categories, categories) ||
               !includes(categories, entry->categories);
    }
}

/* Messages on their way to Exchange. */
struct batch {
    uint32_t *uids;
    size_t *places; /* among the store's messages */
    size_t count;
    struct mail_result *results;
};

static struct batch make_batch(struct imap_command *command, size_t room)
{
    struct arena *arena = command->op->arena;

    return (struct batch){ .uids = arena_array(arena, room, sizeof(uint32_t)),
                           .places = arena_array(arena, room, sizeof(size_t)),
                           .results = arena_array(arena, room,
                                                  sizeof(struct mail_result)) };
}

static void put(struct batch *batch, const struct store *store, size_t place)
{
    batch->uids[batch->count] = store->messages.uids[place];
    batch->places[batch->count++] = place;
}

/* Those of the messages that have to be changed.  With a condition they are all
 * of them: only Exchange knows what they are by now. */
static struct batch pick(struct imap_command *command,
                         const struct store *store, bool *some_gone_out)
{
    const struct imap_messages *messages = &store->messages;
    struct batch batch = make_batch(command, messages->count);

    *some_gone_out = false;
    imap_folder_look(command->op, command->session->folder);
    for (size_t i = 0; i < messages->count; i++) {
        const struct mail_entry *entry =
            imap_folder_entry(command->session->folder, messages->uids[i]);

        if (entry == NULL)
            *some_gone_out = true;
        else if (store->conditional || is_to_change(entry, store))
            put(&batch, store, i);
    }
    return batch;
}

/* The first failure; that others have changed a message is none where there is
 * a condition. */
static enum status send(struct imap_command *command, const struct store *store,
                        struct batch *batch, uint64_t since)
{
    struct imap_session *session = command->session;
    const struct mail_flag_change wish = {
        .change = store->change,
        .flags = store->flags.flags,
        .categories = store->flags.categories,
        .conditional = store->conditional,
        .unchanged_since = since,
    };
    enum status status;

    if (batch->count == 0)
        return STATUS_OK;
    status = mail_change_flags(command->op, session->account,
                               imap_folder_id(session->folder), batch->uids,
                               batch->count, &wish, batch->results);
    for (size_t i = 0; i < batch->count && status == STATUS_CONFLICT; i++)
        if (store->conditional && batch->results[i].status != STATUS_CONFLICT &&
            batch->results[i].status != STATUS_OK)
            return batch->results[i].status;
    return status == STATUS_CONFLICT && store->conditional ? STATUS_OK : status;
}

/* Whether the flags in question are what the client was told, before the moment
 * of its condition, though others of the message are not. */
static bool is_unchanged(const struct store *store,
                         const struct mail_entry *told,
                         const struct mail_entry *now)
{
    const char *const *category = store->flags.categories;

    if (store->change == MAIL_REPLACE || told == NULL || now == NULL ||
        told->modseq > store->since ||
        ((told->flags ^ now->flags) & store->flags.flags) != 0)
        return false;
    for (; *category != NULL; category++)
        if (has_category(told->categories, *category) !=
            has_category(now->categories, *category))
            return false;
    return true;
}

/* Tries those again that have changed only in what does not matter, and marks
 * the others that have changed. */
static enum status try_again(struct imap_command *command, struct store *store,
                             const struct batch *first)
{
    struct imap_folder *folder = command->session->folder;
    struct batch batch = make_batch(command, first->count);
    enum status status;

    imap_folder_look(command->op, folder);
    for (size_t i = 0; i < first->count; i++) {
        uint32_t uid = first->uids[i];

        if (first->results[i].status != STATUS_CONFLICT)
            continue;
        store->modified[first->places[i]] = true;
        if (is_unchanged(store, imap_folder_told_entry(folder, uid),
                         imap_folder_entry(folder, uid)))
            put(&batch, store, first->places[i]);
    }
    status = send(command, store, &batch,
                  mail_view_highest_modseq(imap_folder_view(folder)));
    for (size_t i = 0; i < batch.count; i++)
        store->modified[batch.places[i]] =
            batch.results[i].status == STATUS_CONFLICT;
    for (size_t i = 0; i < store->messages.count; i++)
        store->modified_count += store->modified[i];
    return status;
}

static enum status change(struct imap_command *command, struct store *store)
{
    bool some_gone;
    struct batch batch = pick(command, store, &some_gone);
    enum status status = send(command, store, &batch, store->since);

    store->modified = arena_array(command->op->arena, store->messages.count,
                                  sizeof *store->modified);
    if (store->conditional) {
        enum status again = try_again(command, store, &batch);

        status = status == STATUS_OK ? again : status;
    }
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
    categories = apply(arena, store, known->categories);
    return now->flags == flags && includes(now->categories, categories) &&
           includes(categories, now->categories);
}

/* Tells what a message is now.  If `silently`, its flags only where the client
 * cannot know them (7.4.2: changes from outside are told in any case); its
 * mod-sequence whenever it has got a new one (RFC 7162, 3.1.3). */
static void tell_one(struct imap_command *command, const struct store *store,
                     const struct mail_entry *entry, bool silently)
{
    struct imap_session *session = command->session;
    const struct imap_folder *folder = session->folder;
    const struct mail_entry *told = imap_folder_told_entry(folder, entry->uid);
    bool counted = (session->enabled & IMAP_CONDSTORE) != 0;
    bool quiet =
        silently && is_expected(command->op->arena, store, told, entry);

    if (quiet && (!counted || (!store->conditional && told != NULL &&
                               told->modseq == entry->modseq)))
        return;
    imap_folder_begin_fetch(folder, &session->out, entry->uid,
                            command->by_uid || counted ||
                                (session->enabled & IMAP_REV2) != 0);
    if (counted)
        imap_out_printf(&session->out, "MODSEQ (%" PRIu64 ")",
                        imap_out_modseq(&session->out, entry->modseq));
    if (!quiet) {
        imap_out_puts(&session->out, counted ? " FLAGS " : "FLAGS ");
        imap_out_flags(&session->out, entry,
                       imap_folder_is_recent(folder, entry->uid));
    }
    imap_out_puts(&session->out, ")\r\n");
}

static void tell(struct imap_command *command, const struct store *store,
                 bool silently)
{
    struct imap_session *session = command->session;

    imap_folder_look(command->op, session->folder);
    imap_folder_tell_new_keywords(command->op, session->folder, &session->out);
    for (size_t i = 0; i < store->messages.count; i++) {
        const struct mail_entry *entry =
            imap_folder_entry(session->folder, store->messages.uids[i]);

        if (entry != NULL)
            tell_one(command, store, entry, silently && !store->modified[i]);
    }
    imap_folder_told(session->folder, store->messages.uids,
                     store->messages.count);
}

/* "MODIFIED <set>" of those that others have changed; NULL for none. */
static const char *modified_code(struct imap_command *command,
                                 const struct store *store)
{
    const struct imap_messages *messages = &store->messages;
    struct set_text set;

    if (store->modified_count == 0)
        return NULL;
    set_text_init(&set, command->op->arena);
    for (size_t i = 0; i < messages->count; i++)
        if (store->modified[i])
            set_text_add(&set, command->by_uid ? messages->uids[i]
                                               : messages->numbers[i]);
    return arena_printf(command->op->arena, "MODIFIED %s", set_text_end(&set));
}

static struct imap_answer answer(struct imap_command *command,
                                 const struct store *store, enum status status)
{
    struct imap_answer result =
        status == STATUS_OK ? imap_ok(command) : imap_failed(command, status);

    if (store->modified_count == 0)
        return result;
    result.code = modified_code(command, store);
    if (status == STATUS_OK)
        result.text = "Others have changed some of these";
    return result;
}

struct imap_answer imap_cmd_store(struct imap_command *command)
{
    struct imap_folder *folder = command->session->folder;
    struct imap_args *args = &command->args;
    struct imap_set set;
    struct store store = { .conditional = false };
    enum status status;

    if (!imap_args_space(args) || !imap_args_set(args, &set) ||
        !imap_args_space(args) || !read_modifiers(args, &store) ||
        !read_item(args, &store) || !imap_args_space(args) ||
        !imap_args_store_flags(args, &store.flags) || !imap_args_end(args))
        return imap_bad_args(command, "a message set, FLAGS and a flag list");
    if (!imap_folder_resolve(folder, command->op->arena, &set, command->by_uid,
                             &store.messages))
        return imap_bad(command, "There is no message of that number");
    if (store.conditional)
        imap_session_enable(command->session, IMAP_CONDSTORE);
    if (imap_folder_read_only(folder))
        return imap_no(command, "READ-ONLY",
                       "The mailbox is open for reading only");

    status = change(command, &store);
    tell(command, &store, store.silent && status == STATUS_OK);
    return answer(command, &store, status);
}
