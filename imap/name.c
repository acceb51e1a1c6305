/*
 * name.c - Exchange's folder tree as IMAP's mailbox names
 */
#include "imap/name.h"

#include <string.h>

#include "imap/command.h"
#include "imap/escape.h"
#include "imap/utf7.h"
#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/str.h"
#include "proxy/base/utf8.h"

static const char inbox[] = "INBOX";
#define INBOX_LEN (sizeof inbox - 1)

/* What a level of a path cannot hold. */
static bool is_special(unsigned char c)
{
    return c == '/' || c < ' ' || c == 0x7f;
}

/* --- Folders to names ---------------------------------------------------- */

static void put_level(struct arena *arena, struct buf *name, const char *level)
{
    struct buf escaped;

    buf_init(&escaped, arena);
    imap_escape(&escaped, level, is_special);
    imap_utf7_encode(name, escaped.data);
}

static void name_mailbox(struct arena *arena,
                         const struct imap_mailboxes *mailboxes,
                         struct imap_mailbox *mailbox)
{
    const struct folder *folder = mailbox->folder;
    struct buf name;

    if (folder->use == FOLDER_INBOX && folder->store == FOLDER_OWN) {
        mailbox->name = inbox;
        return;
    }
    buf_init(&name, arena);
    if (mailbox->parent != IMAP_TOP)
        buf_printf(&name, "%s/", mailboxes->list[mailbox->parent].name);
    put_level(arena, &name, folder->name);
    mailbox->name = name.data;
}

const char *imap_name_of_path(struct arena *arena, const char *path)
{
    char *rest = arena_strdup(arena, path);
    struct buf name;

    buf_init(&name, arena);
    while (rest != NULL) {
        put_level(arena, &name, strsep(&rest, FOLDER_LEVEL));
        buf_puts(&name, rest != NULL ? "/" : "");
    }
    return name.data;
}

/* The index of a folder among the first `count`. */
static size_t find_parent(const struct imap_mailboxes *mailboxes, size_t count,
                          int64_t id)
{
    while (count-- > 0)
        if (mailboxes->list[count].folder->id == id)
            return count;
    return IMAP_TOP;
}

void imap_mailboxes_build(struct arena *arena, const struct folder *folders,
                          size_t count, struct imap_mailboxes *mailboxes_out)
{
    struct imap_mailbox *list = arena_array(arena, count, sizeof *list);

    *mailboxes_out = (struct imap_mailboxes){ list, count };
    for (size_t i = 0; i < count; i++) {
        list[i].folder = &folders[i];
        list[i].parent = find_parent(mailboxes_out, i, folders[i].parent);
        list[i].selectable = folders[i].kind == FOLDER_MAIL;
        list[i].has_children = folders[i].more_below;
        list[i].visible = list[i].selectable || list[i].has_children;
    }
    for (size_t i = 0; i < count; i++)
        name_mailbox(arena, mailboxes_out, &list[i]);
    for (size_t i = count; i-- > 0;)
        if (list[i].visible && list[i].parent != IMAP_TOP) {
            list[list[i].parent].visible = true;
            list[list[i].parent].has_children = true;
        }
}

enum status imap_mailboxes_load(struct op *op, struct account *account,
                                struct imap_mailboxes *mailboxes_out)
{
    struct folder *folders;
    size_t count;
    enum status status = folder_list(op, account, &folders, &count);

    if (status == STATUS_OK)
        imap_mailboxes_build(op->arena, folders, count, mailboxes_out);
    return status;
}

/* --- Names to folders ---------------------------------------------------- */

/* How much of the name's front is INBOX in any case. */
static size_t inbox_front(const char *name)
{
    bool is_inbox = strnlen(name, INBOX_LEN) == INBOX_LEN &&
                    str_is_nocase(name, INBOX_LEN, inbox) &&
                    (name[INBOX_LEN] == '\0' || name[INBOX_LEN] == '/');

    return is_inbox ? INBOX_LEN : 0;
}

bool imap_name_is(const char *a, const char *b)
{
    size_t front = inbox_front(a);

    return front == inbox_front(b) && strcmp(a + front, b + front) == 0;
}

const struct imap_mailbox *imap_mailboxes_find(
    const struct imap_mailboxes *mailboxes, const char *name)
{
    for (size_t i = 0; i < mailboxes->count; i++)
        if (mailboxes->list[i].visible &&
            imap_name_is(mailboxes->list[i].name, name))
            return &mailboxes->list[i];
    return NULL;
}

static enum status find_in_tree(struct op *op, struct account *account,
                                const char *name, struct folder *folder_out)
{
    struct imap_mailboxes mailboxes;
    const struct imap_mailbox *mailbox;
    enum status status = imap_mailboxes_load(op, account, &mailboxes);

    if (status != STATUS_OK)
        return status;
    mailbox = imap_mailboxes_find(&mailboxes, name);
    if (mailbox == NULL || !mailbox->selectable)
        return STATUS_NO_FOLDER;
    *folder_out = *mailbox->folder;
    return STATUS_OK;
}

static enum status look_in_tree(struct op *op, struct account *account,
                                const char *name, struct folder *folder_out)
{
    struct imap_mailboxes mailboxes;
    enum status status =
        imap_mailboxes_look(op, account, name, false, &mailboxes);

    return status == STATUS_OK ? find_in_tree(op, account, name, folder_out)
                               : status;
}

enum status imap_mailbox_find(struct op *op, struct account *account,
                              const char *name, struct folder *folder_out)
{
    enum status status = find_in_tree(op, account, name, folder_out);

    if (status != STATUS_NO_FOLDER)
        return status;
    if (imap_name_store(name) != FOLDER_OWN)
        return look_in_tree(op, account, name, folder_out);
    status = folder_refresh(op, account);
    return status == STATUS_OK ? find_in_tree(op, account, name, folder_out)
                               : status;
}

enum status imap_target_find(struct op *op, struct account *account,
                             const char *name, struct folder *folder_out)
{
    enum status status = imap_mailbox_find(op, account, name, folder_out);

    return status == STATUS_OK && folder_out->read_only
               ? op_fail(op, STATUS_DENIED, "the folder can only be read")
               : status;
}

/* --- New names ----------------------------------------------------------- */

/* The display name that a level of a path stands for; NULL for none. */
static const char *read_level(struct arena *arena, const char *level)
{
    struct buf escaped, name;

    buf_init(&escaped, arena);
    buf_init(&name, arena);
    if (*level == '\0' || !imap_utf7_decode(&escaped, level))
        return NULL;
    for (const char *at = escaped.data; *at != '\0'; at++)
        if (is_special((unsigned char)*at))
            return NULL;
    imap_unescape(&name, escaped.data, is_special);
    return name.data;
}

/* The deepest mailbox whose path is the front of `name`; moves on behind its
 * "/". */
static size_t find_deepest(const struct imap_mailboxes *mailboxes,
                           struct arena *arena, const char **name)
{
    const char *slash = strrchr(*name, '/');

    for (; slash != NULL;
         slash = memrchr(*name, '/', (size_t)(slash - *name))) {
        const char *front =
            arena_strndup(arena, *name, (size_t)(slash - *name));
        const struct imap_mailbox *mailbox = NULL;

        for (size_t i = 0; i < mailboxes->count && mailbox == NULL; i++)
            if (imap_name_is(mailboxes->list[i].name, front))
                mailbox = &mailboxes->list[i];
        if (mailbox != NULL) {
            *name = slash + 1;
            return (size_t)(mailbox - mailboxes->list);
        }
    }
    return IMAP_TOP;
}

bool imap_mailboxes_place(const struct imap_mailboxes *mailboxes,
                          struct arena *arena, const char *name,
                          struct imap_place *place_out)
{
    size_t parent = find_deepest(mailboxes, arena, &name);
    char *rest = arena_strdup(arena, name);
    size_t capacity = 2;

    for (const char *at = rest; *at != '\0'; at++)
        capacity += *at == '/';
    place_out->parent =
        parent == IMAP_TOP ? 0 : mailboxes->list[parent].folder->id;
    place_out->names = arena_array(arena, capacity, sizeof *place_out->names);
    place_out->count = 0;
    while (rest != NULL) {
        const char *text = read_level(arena, strsep(&rest, "/"));

        if (text == NULL)
            return false;
        place_out->names[place_out->count++] = text;
    }
    return true;
}

/* --- On the wire --------------------------------------------------------- */

static bool is_in_utf8(const struct imap_session *session)
{
    return (session->enabled & (IMAP_UTF8 | IMAP_REV2)) != 0;
}

const char *imap_read_mailbox(struct imap_command *command)
{
    const char *name = imap_args_astring(&command->args);
    struct buf encoded;

    if (name == NULL || !is_in_utf8(command->session))
        return name;
    if (!utf8_valid(name, strlen(name)))
        return NULL;
    buf_init(&encoded, command->op->arena);
    imap_utf7_encode(&encoded, name);
    return encoded.data;
}

const char *imap_name_shown(const struct imap_session *session,
                            struct arena *arena, const char *name)
{
    struct buf shown;

    buf_init(&shown, arena);
    return is_in_utf8(session) && imap_utf7_decode(&shown, name) ? shown.data
                                                                 : name;
}

void imap_tell_mailbox(struct imap_session *session, const char *name)
{
    struct arena *arena = arena_new();
    const char *shown = imap_name_shown(session, arena, name);

    if (is_in_utf8(session))
        imap_out_utf8_astring(&session->out, shown);
    else
        imap_out_astring(&session->out, shown);
    arena_free(&arena);
}

/* --- Patterns ------------------------------------------------------------ */

/* Reads the pattern character by character and keeps the set of places in the
 * name that it has reached, so that no pattern takes longer than its length
 * times the name's. */
bool imap_pattern_matches(struct arena *arena, const char *pattern,
                          const char *name)
{
    size_t len = strlen(name);
    size_t front = inbox_front(name);
    bool *reached = arena_alloc(arena, len + 1);

    reached[0] = true;
    for (; *pattern != '\0'; pattern++) {
        char upper = *pattern >= 'a' && *pattern <= 'z'
                         ? (char)(*pattern - 'a' + 'A')
                         : *pattern;

        if (*pattern == '*' || *pattern == '%') {
            for (size_t i = 0; i < len; i++)
                if (reached[i] && (*pattern == '*' || name[i] != '/'))
                    reached[i + 1] = true;
        } else {
            for (size_t i = len; i > 0; i--)
                reached[i] =
                    reached[i - 1] && (name[i - 1] == *pattern ||
                                       (i <= front && name[i - 1] == upper));
            reached[0] = false;
        }
    }
    return reached[len];
}

/* Keeps the set of places in the pattern where a reader of the front may be. */
bool imap_pattern_reaches(struct arena *arena, const char *pattern,
                          const char *front)
{
    size_t len = strlen(pattern);
    bool *at = arena_alloc(arena, len + 1);
    bool any = false;

    at[0] = true;
    for (; *front != '\0'; front++)
        for (size_t i = len + 1; i-- > 0;) {
            bool wild =
                pattern[i] == '*' || (pattern[i] == '%' && *front != '/');
            bool was = at[i];

            /* A wildcard may stand for nothing. */
            for (size_t k = i; !was && k-- > 0;) {
                if (pattern[k] != '*' && pattern[k] != '%')
                    break;
                was = at[k];
            }
            at[i] = was && wild;
            if (was && i < len && pattern[i] == *front)
                at[i + 1] = true;
        }
    for (size_t i = 0; i < len; i++)
        any |= at[i];
    return any;
}
