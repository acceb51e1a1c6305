/*
 * cmd_metadata.c - GETMETADATA and SETMETADATA: what is noted of mailboxes
 *
 * RFC 5464, 4.2:  GETMETADATA [(MAXSIZE <n> DEPTH <n>)] <mailbox> <entries>
 *           4.3:  SETMETADATA <mailbox> (<entry> <value> ...)
 *
 * Exchange keeps one comment for each folder, which everybody sees:
 * /shared/comment.  Of the account as a whole (the mailbox "") there are the
 * colours that its owner has given his categories, one entry for each keyword,
 * to be read only:
 *
 *     /shared/vendor/vendor.postern/color/$label1  "#e7a1a2"
 */
#include "imap/metadata.h"

#include <inttypes.h>
#include <string.h>

#include "imap/command.h"
#include "imap/escape.h"
#include "imap/keyword.h"
#include "imap/name.h"
#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/str.h"
#include "proxy/base/utf8.h"
#include "proxy/exchange/account.h"

#define COLOR "/shared/vendor/vendor.postern/color/"

/* The longest comment to be set. */
#define COMMENT_MAX 8192

struct entry {
    const char *name;
    const char *value; /* NULL: there is none */
};

struct entries {
    struct entry *list;
    size_t count;
};

struct asked {
    const char *mailbox; /* "": the account as a whole */
    uint64_t max_size;
    bool below;     /* what is right below the entries, too, */
    bool far_below; /* or all that is below */
    const char **names;
    size_t count;
};

/* --- Arguments ----------------------------------------------------------- */

static bool read_depth(struct imap_args *args, struct asked *asked)
{
    uint64_t depth;

    if (imap_args_word(args, "infinity")) {
        asked->below = asked->far_below = true;
        return true;
    }
    if (!imap_args_number(args, 0, 1, &depth))
        return false;
    asked->below = depth == 1;
    return true;
}

static bool read_option(struct imap_args *args, struct asked *asked)
{
    if (imap_args_word(args, "MAXSIZE"))
        return imap_args_space(args) &&
               imap_args_number(args, 0, UINT32_MAX, &asked->max_size);
    return imap_args_word(args, "DEPTH") && imap_args_space(args) &&
           read_depth(args, asked);
}

/* The grammar has them before the mailbox, the examples behind it. */
static bool read_options(struct imap_args *args, struct asked *asked)
{
    const char *start = args->at;

    if (!imap_args_char(args, '('))
        return true;
    if (!imap_args_word(args, "MAXSIZE") && !imap_args_word(args, "DEPTH")) {
        args->at = start;
        return true;
    }
    args->at = start + 1;
    do {
        if (!read_option(args, asked))
            return false;
    } while (imap_args_space(args));
    return imap_args_char(args, ')') && imap_args_space(args);
}

/* 3.2: no wildcards, and each part has a character. */
static const char *read_entry(struct imap_args *args)
{
    const char *name = imap_args_astring(args);

    if (name == NULL || *name != '/' || strpbrk(name, "*%") != NULL ||
        strstr(name, "//") != NULL || name[strlen(name) - 1] == '/')
        return NULL;
    return name;
}

static bool read_entries(struct imap_args *args, struct asked *asked)
{
    size_t capacity = 1;
    bool list = imap_args_char(args, '(');

    for (const char *at = args->at; at < args->end; at++)
        capacity += *at == ' ';
    asked->names = arena_array(args->arena, capacity, sizeof *asked->names);
    do {
        const char *name = read_entry(args);

        if (name == NULL)
            return false;
        asked->names[asked->count++] = name;
    } while (list && imap_args_space(args));
    return (!list || imap_args_char(args, ')')) && imap_args_end(args);
}

static bool read_get(struct imap_command *command, struct asked *asked)
{
    struct imap_args *args = &command->args;

    *asked = (struct asked){ .max_size = UINT64_MAX };
    return imap_args_space(args) && read_options(args, asked) &&
           (asked->mailbox = imap_read_mailbox(command)) != NULL &&
           imap_args_space(args) && read_options(args, asked) &&
           read_entries(args, asked);
}

/* --- What there is ------------------------------------------------------- */

/* A keyword may hold all that the part of an entry may, and this besides. */
static bool is_slash(unsigned char c)
{
    return c == '/';
}

const char *imap_color_entry(struct arena *arena, const char *category)
{
    struct buf keyword, name;

    buf_init(&keyword, arena);
    imap_keyword_write(&keyword, category);
    buf_init(&name, arena);
    buf_puts(&name, COLOR);
    imap_escape(&name, keyword.data, is_slash);
    return name.data;
}

static enum status load_colors(struct imap_command *command,
                               struct entries *entries)
{
    struct arena *arena = command->op->arena;
    struct account_category *categories;
    size_t count;
    enum status status = account_categories(
        command->op, command->session->account, &categories, &count);

    if (status != STATUS_OK)
        return status;
    entries->list = arena_array(arena, count + 1, sizeof *entries->list);
    for (size_t i = 0; i < count; i++)
        if (categories[i].color != NULL)
            entries->list[entries->count++] =
                (struct entry){ imap_color_entry(arena, categories[i].name),
                                categories[i].color };
    return STATUS_OK;
}

static enum status load_comment(struct imap_command *command,
                                const char *mailbox, struct entries *entries)
{
    struct folder folder;
    const char *comment;
    enum status status = imap_mailbox_find(
        command->op, command->session->account, mailbox, &folder);

    if (status == STATUS_OK)
        status = folder_comment(command->op, command->session->account,
                                folder.id, &comment);
    if (status != STATUS_OK)
        return status;
    entries->list = arena_array(command->op->arena, 1, sizeof *entries->list);
    if (comment != NULL)
        entries->list[entries->count++] =
            (struct entry){ METADATA_COMMENT, comment };
    return STATUS_OK;
}

/* --- GETMETADATA --------------------------------------------------------- */

/* Whether an entry is asked for by a name: it is the same, or below it. */
static bool is_asked(const struct asked *asked, const char *name,
                     const char *entry)
{
    size_t len = strlen(name);

    if (str_equal_nocase(entry, name))
        return true;
    if (!asked->below || !str_starts_nocase(entry, name) || entry[len] != '/')
        return false;
    return asked->far_below || strchr(entry + len + 1, '/') == NULL;
}

struct telling {
    struct imap_session *session;
    const struct asked *asked;
    size_t told;
    uint64_t longest; /* of what is too long to be told */
};

static void tell_entry(struct telling *telling, const char *name,
                       const char *value)
{
    struct imap_out *out = &telling->session->out;
    uint64_t size = value != NULL ? strlen(value) : 0;

    if (size > telling->asked->max_size) {
        if (size > telling->longest)
            telling->longest = size;
        return;
    }
    if (telling->told++ == 0) {
        imap_out_puts(out, "* METADATA ");
        imap_tell_mailbox(telling->session, telling->asked->mailbox);
        imap_out_puts(out, " (");
    } else {
        imap_out_puts(out, " ");
    }
    imap_out_astring(out, name);
    imap_out_puts(out, " ");
    imap_out_nstring(out, value);
}

/* Each name that stands for itself is told, with NIL where there is nothing. */
static void tell_entries(struct telling *telling, const struct entries *entries)
{
    const struct asked *asked = telling->asked;

    for (size_t i = 0; i < asked->count; i++) {
        bool found = false;

        for (size_t k = 0; k < entries->count; k++)
            if (is_asked(asked, asked->names[i], entries->list[k].name)) {
                tell_entry(telling, entries->list[k].name,
                           entries->list[k].value);
                found = true;
            }
        if (!found && !asked->below)
            tell_entry(telling, asked->names[i], NULL);
    }
    if (telling->told > 0)
        imap_out_puts(&telling->session->out, ")\r\n");
}

struct imap_answer imap_cmd_getmetadata(struct imap_command *command)
{
    struct entries entries = { .count = 0 };
    struct asked asked;
    struct telling telling = { .session = command->session, .asked = &asked };
    enum status status;

    if (!read_get(command, &asked))
        return imap_bad_args(command, "options, a mailbox and entries");
    status = *asked.mailbox == '\0'
                 ? load_colors(command, &entries)
                 : load_comment(command, asked.mailbox, &entries);
    if (status != STATUS_OK)
        return imap_failed(command, status);
    tell_entries(&telling, &entries);
    return telling.longest > 0
               ? imap_ok_code(command, "METADATA LONGENTRIES %" PRIu64,
                              telling.longest)
               : imap_ok(command);
}

/* --- SETMETADATA --------------------------------------------------------- */

static bool read_set(struct imap_command *command, const char **mailbox_out,
                     struct entries *entries)
{
    struct imap_args *args = &command->args;
    size_t capacity = 1;

    if (!imap_args_space(args) ||
        (*mailbox_out = imap_read_mailbox(command)) == NULL ||
        !imap_args_space(args) || !imap_args_char(args, '('))
        return false;
    for (const char *at = args->at; at < args->end; at++)
        capacity += *at == ' ';
    entries->list = arena_array(args->arena, capacity, sizeof *entries->list);
    do {
        struct entry *entry = &entries->list[entries->count++];

        entry->name = read_entry(args);
        if (entry->name == NULL || !imap_args_space(args) ||
            !imap_args_nstring(args, &entry->value))
            return false;
    } while (imap_args_space(args));
    return imap_args_char(args, ')') && imap_args_end(args);
}

/* Why an entry cannot be set; a condition of OK where it can. */
static struct imap_answer check_entry(struct imap_command *command,
                                      const char *mailbox,
                                      const struct entry *entry)
{
    if (str_starts_nocase(entry->name, "/private/"))
        return imap_no(command, "METADATA NOPRIVATE",
                       "Exchange keeps nothing for one user alone");
    if (*mailbox == '\0' || !str_equal_nocase(entry->name, METADATA_COMMENT))
        return imap_no(command, "CANNOT", "Exchange has no place for this");
    if (entry->value == NULL)
        return imap_ok(command);
    if (strlen(entry->value) > COMMENT_MAX)
        return imap_no(command,
                       arena_printf(command->op->arena, "METADATA MAXSIZE %d",
                                    COMMENT_MAX),
                       "The value is too long");
    if (!utf8_valid(entry->value, strlen(entry->value)))
        return imap_no(command, "CANNOT", "A comment is text in UTF-8");
    return imap_ok(command);
}

struct imap_answer imap_cmd_setmetadata(struct imap_command *command)
{
    struct account *account = command->session->account;
    struct entries entries = { .count = 0 };
    const char *mailbox;
    struct folder folder;
    enum status status;

    if (!read_set(command, &mailbox, &entries))
        return imap_bad_args(command, "a mailbox, and entries with values");
    for (size_t i = 0; i < entries.count; i++) {
        struct imap_answer answer =
            check_entry(command, mailbox, &entries.list[i]);

        if (answer.condition != IMAP_OK)
            return answer;
    }
    status = imap_mailbox_find(command->op, account, mailbox, &folder);
    /* All of them are the comment; the last one counts. */
    if (status == STATUS_OK)
        status = folder_set_comment(command->op, account, folder.id,
                                    entries.list[entries.count - 1].value);
    return status == STATUS_OK ? imap_ok(command)
                               : imap_failed(command, status);
}
