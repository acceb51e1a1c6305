/*
 * commands.c - the commands, and how their handlers answer
 */
#include "imap/command.h"

#include <stdarg.h>

#include "imap/folder.h"
#include "proxy/base/arena.h"
#include "proxy/base/str.h"

#define BEFORE IMAP_NOT_AUTHENTICATED
#define LOGGED_IN (IMAP_AUTHENTICATED | IMAP_SELECTED)
#define OPEN IMAP_SELECTED
#define ANY (BEFORE | LOGGED_IN)

/* clang-format off */
static const struct imap_command_kind kinds[] = {
    { "APPEND",       LOGGED_IN, 0,                                 imap_cmd_append },
    { "AUTHENTICATE", BEFORE,    0,                                 imap_cmd_authenticate },
    { "CAPABILITY",   ANY,       0,                                 imap_cmd_capability },
    { "CHECK",        OPEN,      0,                                 imap_cmd_check },
    { "CLOSE",        OPEN,      IMAP_NO_UPDATES,                   imap_cmd_close },
    { "COMPRESS",     LOGGED_IN, 0,                                 imap_cmd_compress },
    { "COPY",         OPEN,      IMAP_UID_TOO,                      imap_cmd_copy },
    { "CREATE",       LOGGED_IN, IMAP_CHANGES_TREE,                 imap_cmd_create },
    { "DELETE",       LOGGED_IN, IMAP_CHANGES_TREE,                 imap_cmd_delete },
    { "DELETEACL",    LOGGED_IN, 0,                                 imap_cmd_deleteacl },
    { "ENABLE",       LOGGED_IN, 0,                                 imap_cmd_enable },
    { "EXAMINE",      LOGGED_IN, IMAP_NO_UPDATES,                   imap_cmd_examine },
    { "EXPUNGE",      OPEN,      IMAP_UID_TOO | IMAP_NO_NUMBERS,    imap_cmd_expunge },
    { "FETCH",        OPEN,      IMAP_UID_TOO | IMAP_KEEPS_NUMBERS, imap_cmd_fetch },
    { "GETACL",       LOGGED_IN, 0,                                 imap_cmd_getacl },
    { "GETMETADATA",  LOGGED_IN, 0,                                 imap_cmd_getmetadata },
    { "GETQUOTA",     LOGGED_IN, 0,                                 imap_cmd_getquota },
    { "GETQUOTAROOT", LOGGED_IN, 0,                                 imap_cmd_getquotaroot },
    { "ID",           ANY,       0,                                 imap_cmd_id },
    { "IDLE",         LOGGED_IN, 0,                                 imap_cmd_idle },
    { "LIST",         LOGGED_IN, 0,                                 imap_cmd_list },
    { "LISTRIGHTS",   LOGGED_IN, 0,                                 imap_cmd_listrights },
    { "LOGIN",        BEFORE,    0,                                 imap_cmd_login },
    { "LOGOUT",       ANY,       IMAP_NO_UPDATES,                   imap_cmd_logout },
    { "LSUB",         LOGGED_IN, 0,                                 imap_cmd_lsub },
    { "MOVE",         OPEN,      IMAP_UID_TOO,                      imap_cmd_move },
    { "MYRIGHTS",     LOGGED_IN, 0,                                 imap_cmd_myrights },
    { "NAMESPACE",    LOGGED_IN, 0,                                 imap_cmd_namespace },
    { "NOOP",         ANY,       0,                                 imap_cmd_noop },
    { "NOTIFY",       LOGGED_IN, 0,                                 imap_cmd_notify },
    { "RENAME",       LOGGED_IN, IMAP_CHANGES_TREE,                 imap_cmd_rename },
    { "REPLACE",      OPEN,      IMAP_UID_TOO,                      imap_cmd_replace },
    { "SEARCH",       OPEN,      IMAP_UID_TOO | IMAP_KEEPS_NUMBERS, imap_cmd_search },
    { "SELECT",       LOGGED_IN, IMAP_NO_UPDATES,                   imap_cmd_select },
    { "SETACL",       LOGGED_IN, 0,                                 imap_cmd_setacl },
    { "SETMETADATA",  LOGGED_IN, IMAP_CHANGES_TREE,                 imap_cmd_setmetadata },
    { "SETQUOTA",     LOGGED_IN, 0,                                 imap_cmd_setquota },
    { "SORT",         OPEN,      IMAP_UID_TOO | IMAP_KEEPS_NUMBERS, imap_cmd_sort },
    { "STARTTLS",     BEFORE,    0,                                 imap_cmd_starttls },
    { "STATUS",       LOGGED_IN, 0,                                 imap_cmd_status },
    { "STORE",        OPEN,      IMAP_UID_TOO | IMAP_KEEPS_NUMBERS, imap_cmd_store },
    { "SUBSCRIBE",    LOGGED_IN, IMAP_CHANGES_TREE,                 imap_cmd_subscribe },
    { "THREAD",       OPEN,      IMAP_UID_TOO | IMAP_KEEPS_NUMBERS, imap_cmd_thread },
    { "UNSELECT",     OPEN,      IMAP_NO_UPDATES,                   imap_cmd_unselect },
    { "UNSUBSCRIBE",  LOGGED_IN, IMAP_CHANGES_TREE,                 imap_cmd_unsubscribe },
};
/* clang-format on */

const struct imap_command_kind *imap_command_find(const char *name)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (str_equal_nocase(kinds[i].name, name))
            return &kinds[i];
    return NULL;
}

/* --- Answers ------------------------------------------------------------- */

static const char *full_name(struct imap_command *command)
{
    return command->by_uid
               ? arena_printf(command->op->arena, "UID %s", command->kind->name)
               : command->kind->name;
}

struct imap_answer imap_ok(struct imap_command *command)
{
    const char *text =
        arena_printf(command->op->arena, "%s completed", full_name(command));

    return (struct imap_answer){ IMAP_OK, NULL, text };
}

struct imap_answer imap_ok_code(struct imap_command *command,
                                const char *format, ...)
{
    struct imap_answer answer = imap_ok(command);
    va_list args;

    va_start(args, format);
    answer.code = arena_vprintf(command->op->arena, format, args);
    va_end(args);
    return answer;
}

struct imap_answer imap_no(struct imap_command *command, const char *code,
                           const char *text)
{
    (void)command;
    return (struct imap_answer){ IMAP_NO, code, text };
}

struct imap_answer imap_bad(struct imap_command *command, const char *text)
{
    (void)command;
    return (struct imap_answer){ IMAP_BAD, NULL, text };
}

struct imap_answer imap_uid_required(struct imap_command *command)
{
    (void)command;
    return (struct imap_answer){ IMAP_BAD, "UIDREQUIRED",
                                 "Messages go by their UIDs only" };
}

struct imap_answer imap_bad_args(struct imap_command *command,
                                 const char *expected)
{
    return imap_bad(command, arena_printf(command->op->arena, "%s takes %s",
                                          full_name(command), expected));
}

struct imap_answer imap_failed(struct imap_command *command, enum status status)
{
    const struct imap_words *words = imap_words(status);
    struct op *op = command->op;

    if (op->reason != NULL)
        op->reason =
            arena_printf(op->arena, "%s: %s", full_name(command), op->reason);
    return imap_no(command, words->code, words->text);
}

struct imap_answer imap_failed_target(struct imap_command *command,
                                      enum status status)
{
    struct imap_answer answer = imap_failed(command, status);

    if (status == STATUS_NO_FOLDER)
        answer.code = "TRYCREATE";
    return answer;
}

void imap_note_made(struct imap_command *command, int64_t folder,
                    const uint32_t uids[], size_t count)
{
    const struct imap_folder *selected = command->session->folder;

    if (selected == NULL || imap_folder_id(selected) != folder)
        return;
    command->made = uids;
    command->made_count = count;
}
