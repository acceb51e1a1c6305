/*
 * cmd_acl.c - SETACL, DELETEACL, GETACL, LISTRIGHTS, MYRIGHTS: who may do what
 *
 * RFC 4314, 3:  SETACL <mailbox> <identifier> [+|-]<rights>
 *               DELETEACL <mailbox> <identifier>
 *               GETACL <mailbox>
 *               LISTRIGHTS <mailbox> <identifier>
 *               MYRIGHTS <mailbox>
 *
 * Exchange's permissions are coarser than IMAP's rights, so that some rights go
 * together: "t" and "e" (deleting messages), "x" and "a" (owning the folder);
 * "w" brings "s".  "p" is nobody's: mail to a folder goes by its address.
 * Identifiers are addresses, "anyone" and "anonymous"; there is nothing like
 * negative rights.
 */
#include <string.h>

#include "imap/command.h"
#include "imap/name.h"
#include "proxy/base/arena.h"
#include "proxy/base/str.h"

/* In the order in which they are told; "c" and "d" are of RFC 2086. */
static const char letters[] = "lrswikxteacdp";

#define RIGHT(letter) (1u << (strchr(letters, (letter)) - letters))
#define ALL_RIGHTS "lrswikxtea"

static unsigned mask_of(const char *rights)
{
    unsigned mask = 0;

    for (; *rights != '\0'; rights++)
        mask |= RIGHT(*rights);
    return mask;
}

/* What clients of RFC 2086 know instead of "k", "x", "t" and "e" (2.1.1). */
static unsigned with_old(unsigned mask)
{
    if ((mask & mask_of("kx")) != 0)
        mask |= RIGHT('c');
    if ((mask & mask_of("xte")) != 0)
        mask |= RIGHT('d');
    return mask;
}

static const char *text_of(struct arena *arena, unsigned mask)
{
    char *text = arena_alloc(arena, sizeof letters);
    size_t len = 0;

    for (size_t i = 0; letters[i] != '\0'; i++)
        if ((mask & 1u << i) != 0)
            text[len++] = letters[i];
    return text;
}

/* --- Rights and permissions ---------------------------------------------- */

static unsigned rights_of(const struct folder_permission *permission)
{
    unsigned mask = 0;

    if (permission->visible)
        mask |= RIGHT('l');
    if (permission->read == FOLDER_READ_ALL)
        mask |= RIGHT('r');
    if (permission->edit != FOLDER_NONE)
        mask |= RIGHT('s');
    if (permission->edit == FOLDER_ALL)
        mask |= RIGHT('w');
    if (permission->add)
        mask |= RIGHT('i');
    if (permission->add_folders)
        mask |= RIGHT('k');
    if (permission->remove != FOLDER_NONE)
        mask |= mask_of("te");
    if (permission->owner)
        mask |= mask_of("xa");
    return mask;
}

/* What he had stays as it is where the rights say the same of it. */
static void grant(struct folder_permission *permission, unsigned mask)
{
    bool edits = (mask & mask_of("sw")) != 0;
    bool removes = (mask & mask_of("te")) != 0;
    bool reads = (mask & RIGHT('r')) != 0;
    bool owns = (mask & RIGHT('a')) != 0;

    permission->visible = (mask & RIGHT('l')) != 0;
    permission->add = (mask & RIGHT('i')) != 0;
    permission->add_folders = (mask & RIGHT('k')) != 0;
    if (owns != permission->owner)
        permission->contact = owns;
    permission->owner = owns;
    permission->edit = (mask & RIGHT('w')) != 0 ? FOLDER_ALL
                       : edits                  ? FOLDER_OWNED
                                                : FOLDER_NONE;
    if (removes != (permission->remove != FOLDER_NONE))
        permission->remove = removes ? FOLDER_ALL : FOLDER_NONE;
    if (reads != (permission->read == FOLDER_READ_ALL))
        permission->read = reads ? FOLDER_READ_ALL : FOLDER_READ_NONE;
}

/* What the user himself may do. */
static unsigned rights_in(const struct folder *folder)
{
    static const struct {
        enum folder_right right;
        const char *letters;
    } table[] = {
        { FOLDER_MAY_READ, "lr" },       { FOLDER_MAY_MODIFY, "sw" },
        { FOLDER_MAY_ADD, "i" },         { FOLDER_MAY_ADD_FOLDERS, "k" },
        { FOLDER_MAY_ADMINISTER, "xa" }, { FOLDER_MAY_DELETE, "te" },
    };
    unsigned mask = 0;

    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if ((folder->lacks & table[i].right) == 0)
            mask |= mask_of(table[i].letters);
    return mask;
}

/* --- Arguments ----------------------------------------------------------- */

enum change { REPLACE, ADD, REMOVE };

struct setting {
    enum change change;
    unsigned rights;
    bool refused; /* what would come of it cannot be */
};

/* "+lr": false for what is no right. */
static bool read_rights(const char *text, struct setting *setting)
{
    unsigned mask = 0;

    *setting = (struct setting){ .change = REPLACE };
    if (*text == '+' || *text == '-')
        setting->change = *text++ == '+' ? ADD : REMOVE;
    for (; *text != '\0'; text++) {
        if (strchr(letters, *text) == NULL)
            return false;
        mask |= RIGHT(*text);
    }
    if ((mask & RIGHT('c')) != 0)
        mask |= RIGHT('k');
    if ((mask & RIGHT('d')) != 0)
        mask |= mask_of("te");
    /* The old rights have "x" in them, which goes with "a" alone. */
    if ((mask & mask_of("cd")) != 0 && (mask & RIGHT('a')) != 0)
        mask |= RIGHT('x');
    setting->rights = mask & mask_of(ALL_RIGHTS);
    return true;
}

static bool read_who(const char *identifier, struct folder_permission *who)
{
    *who = (struct folder_permission){ .who = FOLDER_PERSON };
    if (str_equal_nocase(identifier, "anyone"))
        who->who = FOLDER_EVERYONE;
    else if (str_equal_nocase(identifier, "anonymous"))
        who->who = FOLDER_ANONYMOUS;
    else if (str_starts(identifier, "S-1-"))
        who->sid = identifier;
    else if (*identifier != '-' && strchr(identifier, '@') != NULL)
        who->address = identifier;
    else
        return false;
    return true;
}

static const char *name_of(const struct folder_permission *who)
{
    switch (who->who) {
    case FOLDER_EVERYONE:
        return "anyone";
    case FOLDER_ANONYMOUS:
        return "anonymous";
    default:
        return who->address != NULL ? who->address : who->sid;
    }
}

static struct imap_answer nobody(struct imap_command *command)
{
    return imap_no(command, "CANNOT",
                   "People are known by address, or as anyone or anonymous");
}

/* The mailbox that comes first in all of these. */
static const char *read_mailbox(struct imap_command *command)
{
    return imap_args_space(&command->args) ? imap_read_mailbox(command) : NULL;
}

static const char *read_word(struct imap_command *command)
{
    return imap_args_space(&command->args) ? imap_args_astring(&command->args)
                                           : NULL;
}

static enum status find(struct imap_command *command, const char *name,
                        struct folder *folder_out)
{
    return imap_mailbox_find(command->op, command->session->account, name,
                             folder_out);
}

/* --- Changing ------------------------------------------------------------ */

static bool change_rights(void *context, struct folder_permission *permission)
{
    struct setting *setting = context;
    unsigned mask = rights_of(permission);

    switch (setting->change) {
    case REPLACE:
        mask = setting->rights;
        break;
    case ADD:
        mask |= setting->rights;
        break;
    case REMOVE:
        mask &= ~setting->rights;
        /* What goes together goes together. */
        if ((setting->rights & mask_of("te")) != 0)
            mask &= ~mask_of("te");
        if ((setting->rights & mask_of("xa")) != 0)
            mask &= ~mask_of("xa");
        if ((setting->rights & RIGHT('s')) != 0)
            mask &= ~RIGHT('w');
    }
    grant(permission, mask);
    return mask != 0;
}

/* Nobody comes to own a folder by a right that sounds like less. */
static bool is_halved(const struct setting *setting)
{
    bool deletes = (setting->rights & RIGHT('x')) != 0;
    bool administers = (setting->rights & RIGHT('a')) != 0;

    return setting->change != REMOVE && deletes != administers;
}

static struct imap_answer permit(struct imap_command *command, const char *name,
                                 const struct folder_permission *who,
                                 bool (*change)(void *,
                                                struct folder_permission *),
                                 void *context)
{
    struct folder folder;
    enum status status = find(command, name, &folder);

    if (status == STATUS_OK)
        status = folder_permit(command->op, command->session->account,
                               folder.id, who, change, context);
    if (status == STATUS_BAD_RECIPIENT)
        return imap_no(command, "CANNOT", "Exchange knows nobody by this name");
    return status == STATUS_OK ? imap_ok(command)
                               : imap_failed(command, status);
}

struct imap_answer imap_cmd_setacl(struct imap_command *command)
{
    const char *name = read_mailbox(command);
    const char *identifier = name != NULL ? read_word(command) : NULL;
    const char *rights = identifier != NULL ? read_word(command) : NULL;
    struct folder_permission who;
    struct setting setting;

    if (rights == NULL || !imap_args_end(&command->args) ||
        !read_rights(rights, &setting))
        return imap_bad_args(command, "a mailbox, an identifier and rights");
    if (!read_who(identifier, &who))
        return nobody(command);
    if (is_halved(&setting))
        return imap_no(command, "CANNOT", "The rights x and a go together");
    return permit(command, name, &who, change_rights, &setting);
}

static bool take_all(void *context, struct folder_permission *permission)
{
    (void)context, (void)permission;
    return false;
}

struct imap_answer imap_cmd_deleteacl(struct imap_command *command)
{
    const char *name = read_mailbox(command);
    const char *identifier = name != NULL ? read_word(command) : NULL;
    struct folder_permission who;

    if (identifier == NULL || !imap_args_end(&command->args))
        return imap_bad_args(command, "a mailbox and an identifier");
    if (!read_who(identifier, &who))
        return nobody(command);
    return permit(command, name, &who, take_all, NULL);
}

/* --- Asking -------------------------------------------------------------- */

static void tell_permission(struct imap_command *command,
                            const struct folder_permission *permission)
{
    struct imap_out *out = &command->session->out;
    unsigned mask = with_old(rights_of(permission));
    const char *who = name_of(permission);

    if (who == NULL || (mask == 0 && permission->who != FOLDER_PERSON))
        return;
    imap_out_puts(out, " ");
    imap_out_astring(out, who);
    imap_out_puts(out, " ");
    imap_out_astring(out, text_of(command->op->arena, mask));
}

struct imap_answer imap_cmd_getacl(struct imap_command *command)
{
    struct imap_session *session = command->session;
    const char *name = read_mailbox(command);
    struct folder_permission *permissions;
    struct folder folder;
    size_t count;
    enum status status;

    if (name == NULL || !imap_args_end(&command->args))
        return imap_bad_args(command, "a mailbox");
    status = find(command, name, &folder);
    if (status == STATUS_OK)
        status = folder_permissions(command->op, session->account, folder.id,
                                    &permissions, &count);
    if (status != STATUS_OK)
        return imap_failed(command, status);
    imap_out_puts(&session->out, "* ACL ");
    imap_tell_mailbox(session, name);
    for (size_t i = 0; i < count; i++)
        tell_permission(command, &permissions[i]);
    imap_out_puts(&session->out, "\r\n");
    return imap_ok(command);
}

struct imap_answer imap_cmd_listrights(struct imap_command *command)
{
    struct imap_session *session = command->session;
    const char *name = read_mailbox(command);
    const char *identifier = name != NULL ? read_word(command) : NULL;
    struct folder_permission who;
    struct folder folder;
    enum status status;

    if (identifier == NULL || !imap_args_end(&command->args))
        return imap_bad_args(command, "a mailbox and an identifier");
    if (!read_who(identifier, &who))
        return nobody(command);
    status = find(command, name, &folder);
    if (status != STATUS_OK)
        return imap_failed(command, status);
    imap_out_puts(&session->out, "* LISTRIGHTS ");
    imap_tell_mailbox(session, name);
    imap_out_puts(&session->out, " ");
    imap_out_astring(&session->out, identifier);
    imap_out_puts(&session->out, " \"\" l r s w i kc ted xa\r\n");
    return imap_ok(command);
}

struct imap_answer imap_cmd_myrights(struct imap_command *command)
{
    struct imap_session *session = command->session;
    const char *name = read_mailbox(command);
    struct folder folder;
    enum status status;

    if (name == NULL || !imap_args_end(&command->args))
        return imap_bad_args(command, "a mailbox");
    status = find(command, name, &folder);
    if (status != STATUS_OK)
        return imap_failed(command, status);
    imap_out_puts(&session->out, "* MYRIGHTS ");
    imap_tell_mailbox(session, name);
    imap_out_puts(&session->out, " ");
    imap_out_astring(&session->out,
                     text_of(command->op->arena, with_old(rights_in(&folder))));
    imap_out_puts(&session->out, "\r\n");
    return imap_ok(command);
}
