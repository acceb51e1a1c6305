/*
 * session.c - one client's conversation
 */
#include "imap/session.h"

#include <stdlib.h>
#include <string.h>

#include "config/settings.h"
#include "imap/command.h"
#include "imap/folder.h"
#include "imap/name.h"
#include "imap/notify.h"
#include "proxy/base/arena.h"
#include "proxy/base/memory.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "proxy/exchange/account.h"
#include "proxy/exchange/changes.h"
#include "proxy/protocol.h"

/* Clients give up on a connection that is silent for a minute or two, and
 * people on one that is silent for long. */
#define SILENCE_MS 5000

void imap_session_init(
    struct imap_session *session, const struct gateway *gateway,
    bool (*write)(void *context, const char *data, size_t len), void *context)
{
    memset(session, 0, sizeof *session);
    session->gateway = gateway;
    session->state = IMAP_NOT_AUTHENTICATED;
    imap_out_init(&session->out, write, context);
}

/* Whether anything is to be listened to, and to which folder. */
static bool find_listened(const struct imap_session *session,
                          int64_t *folder_out)
{
    *folder_out = 0;
    if (imap_notify_watches_others(session->notify))
        return true;
    if (session->folder == NULL ||
        (!session->idling && !imap_notify_is_immediate(session->notify)))
        return false;
    *folder_out = imap_folder_id(session->folder);
    return true;
}

void imap_session_listen(struct imap_session *session)
{
    int64_t folder;
    bool listens = session->account != NULL && find_listened(session, &folder);

    if (session->listener != NULL && listens && folder == session->listened)
        return;
    changes_unlisten(&session->listener);
    if (!listens)
        return;
    session->listened = folder;
    session->listener = changes_listen(session->account, folder, true,
                                       session->wake, session->wake_context);
}

void imap_session_unselect(struct imap_session *session)
{
    imap_folder_free(&session->folder);
    if (session->state == IMAP_SELECTED)
        session->state = IMAP_AUTHENTICATED;
    imap_session_listen(session);
}

static void end_dialog(struct imap_session *session)
{
    session->idling = false;
    session->dialog = NULL;
    session->dialog_kind = NULL;
    free(session->dialog_tag);
    free(session->dialog_text);
    session->dialog_tag = NULL;
    session->dialog_text = NULL;
    imap_session_listen(session);
}

void imap_session_fini(struct imap_session *session)
{
    end_dialog(session);
    imap_notify_free(&session->notify);
    imap_session_unselect(session);
    account_unref(&session->account);
    imap_out_fini(&session->out);
}

void imap_session_enable(struct imap_session *session, unsigned extensions)
{
    if ((extensions & IMAP_QRESYNC) != 0)
        extensions |= IMAP_CONDSTORE;
    if ((extensions & ~session->enabled & IMAP_CONDSTORE) != 0 &&
        session->folder != NULL)
        imap_out_printf(
            &session->out, "* OK [HIGHESTMODSEQ %llu] Changes are counted\r\n",
            (unsigned long long)imap_folder_modseq(session->folder));
    session->enabled |= extensions;
    session->out.utf8 = (session->enabled & (IMAP_UTF8 | IMAP_REV2)) != 0;
}

uint64_t imap_message_limit(const struct imap_session *session)
{
    uint64_t limit;

    if (session->account == NULL)
        return 0;
    limit = account_message_limit(session->account);
    return limit > 0 ? limit : UINT32_MAX;
}

void imap_session_begin_dialog(struct imap_command *command,
                               imap_dialog *dialog)
{
    struct imap_session *session = command->session;

    session->dialog = dialog;
    session->dialog_tag = memory_strdup(command->tag);
    session->dialog_kind = command->kind;
}

/* --- Answering ----------------------------------------------------------- */

static const char *const conditions[] = {
    [IMAP_OK] = "OK",
    [IMAP_NO] = "NO",
    [IMAP_BAD] = "BAD",
};

/* `tag` is "*" for what has none. */
static void write_answer(struct imap_session *session, const char *tag,
                         struct imap_answer answer)
{
    struct imap_out *out = &session->out;

    imap_out_printf(out, "%s %s ", tag, conditions[answer.condition]);
    if (answer.code != NULL)
        imap_out_printf(out, "[%s] ", answer.code);
    imap_out_printf(out, "%s\r\n", answer.text);
}

static void write_bad(struct imap_session *session, const char *tag,
                      const char *text)
{
    write_answer(session, tag != NULL ? tag : "*",
                 (struct imap_answer){ IMAP_BAD, NULL, text });
}

/* No EXPUNGE where the client counts on its numbers (RFC 3501, 7.4.1; RFC 7162,
 * 3.2.10.2), unless it has said that it does not; what it has removed itself it
 * is told in any case. */
unsigned imap_news_after(const struct imap_command *command)
{
    const struct imap_notify *notify = command->session->notify;
    bool keeps =
        (command->kind->traits & IMAP_KEEPS_NUMBERS) != 0 && !command->by_uid;
    unsigned news = imap_notify_news(notify);

    if ((keeps || command->keeps_numbers) &&
        !imap_notify_expunges_any_time(notify))
        news &= ~(unsigned)IMAP_NEWS_GONE;
    return command->expunges ? news | IMAP_NEWS_GONE : news;
}

/* Tells what is new in the selected folder and shows new messages to who has
 * asked for that. */
static void tell_folder(struct imap_command *command, unsigned news)
{
    struct imap_session *session = command->session;
    uint32_t first =
        imap_folder_update(command->op, session->folder, &session->out, news);

    if (first > 0)
        imap_notify_show(command, first);
}

/* The client knows what it has done itself to one mailbox or two. */
static void overlook_names(struct imap_command *command)
{
    command->args = command->arguments;
    while (imap_args_space(&command->args)) {
        const char *name = imap_read_mailbox(command);

        if (name == NULL)
            return;
        imap_notify_overlook(command->op, command->session, name);
    }
}

/* Ends a command: what has changed in the folder, then the tagged line. */
static void finish(struct imap_command *command, struct imap_answer answer)
{
    struct imap_session *session = command->session;
    unsigned traits = command->kind->traits;

    if (answer.condition == IMAP_NOTHING)
        return;
    if (session->dialog != NULL)
        end_dialog(session);
    if ((traits & IMAP_CHANGES_TREE) != 0 && answer.condition == IMAP_OK &&
        imap_notify_watches_others(session->notify))
        overlook_names(command);
    if (session->folder != NULL && (traits & IMAP_NO_UPDATES) == 0)
        tell_folder(command, imap_news_after(command));
    write_answer(session, command->tag, answer);
}

/* --- Running ------------------------------------------------------------- */

/* Shows a sign of life while Exchange is awaited (RFC 9585).  How much there is
 * to do nobody can tell. */
static void show_progress(struct op *op)
{
    const struct imap_command *command = op->progress_context;
    struct imap_out *out = &command->session->out;

    if (time_monotonic_ms() - out->written_ms < SILENCE_MS)
        return;
    if (command->tag != NULL)
        imap_out_printf(out,
                        "* OK [INPROGRESS (\"%s\" NIL NIL)] Still working\r\n",
                        command->tag);
    else
        imap_out_puts(out, "* OK [INPROGRESS] Still working\r\n");
    imap_out_flush(out);
}

/* clang-format off */
static const struct imap_answer refusals[] = {
    [IMAP_LINE_TOO_LONG]    = { IMAP_BAD, NULL,     "The line is too long" },
    [IMAP_LITERAL_TOO_BIG]  = { IMAP_BAD, "TOOBIG", "The literal is too big" },
    [IMAP_MESSAGE_TOO_BIG]  = { IMAP_NO,  "TOOBIG", "Exchange does not take messages of this size" },
    [IMAP_MESSAGES_TOO_BIG] = { IMAP_NO,  "LIMIT",  "These messages are too much for one command" },
    [IMAP_MESSAGE_HAS_NUL]  = { IMAP_BAD, NULL,     "NUL octets come in literals that begin with a tilde" },
    [IMAP_NO_SPACE]         = { IMAP_NO,  "LIMIT",  "There is no space for this message here" },
};
/* clang-format on */

static void refuse(struct imap_session *session, struct imap_args *args,
                   enum imap_refusal refusal)
{
    const char *tag =
        session->dialog != NULL ? session->dialog_tag : imap_args_tag(args);

    if (session->dialog == NULL && !imap_args_next_is(args, ' '))
        tag = NULL;
    write_answer(session, tag != NULL ? tag : "*", refusals[refusal]);
    end_dialog(session);
}

static void run_dialog(struct imap_command *command,
                       const struct imap_request *request)
{
    struct imap_session *session = command->session;
    struct imap_answer answer;

    command->tag = arena_strdup(command->op->arena, session->dialog_tag);
    command->kind = session->dialog_kind;
    answer = session->dialog(command, request->text, request->len);
    finish(command, answer);
}

/* Reads the command's name, and "UID" before it. */
static const struct imap_command_kind *read_name(struct imap_command *command)
{
    const char *name = imap_args_atom(&command->args);

    command->by_uid = str_equal_nocase(name, "UID");
    if (command->by_uid)
        name = imap_args_space(&command->args) ? imap_args_atom(&command->args)
                                               : NULL;
    command->kind = name != NULL ? imap_command_find(name) : NULL;
    if (command->kind != NULL && command->by_uid &&
        (command->kind->traits & IMAP_UID_TOO) == 0)
        command->kind = NULL;
    return command->kind;
}

static const char *wrong_state(enum imap_state state)
{
    switch (state) {
    case IMAP_NOT_AUTHENTICATED:
        return "Log in first";
    case IMAP_AUTHENTICATED:
        return "Select a mailbox first";
    default:
        return "Not in this state";
    }
}

/* Whether UIDONLY forbids the command. */
static bool uses_numbers(const struct imap_command *command)
{
    unsigned traits = command->kind->traits;

    return (command->session->enabled & IMAP_UIDONLY) != 0 &&
           !command->by_uid && (traits & IMAP_UID_TOO) != 0 &&
           (traits & IMAP_NO_NUMBERS) == 0;
}

static void run_command(struct imap_command *command)
{
    struct imap_session *session = command->session;

    command->tag = imap_args_tag(&command->args);
    if (command->tag == NULL || !imap_args_space(&command->args)) {
        write_bad(session, NULL, "A command begins with a tag and a space");
        return;
    }
    if (read_name(command) == NULL) {
        write_bad(session, command->tag, "There is no such command");
        return;
    }
    if ((command->kind->states & session->state) == 0) {
        write_bad(session, command->tag,
                  session->account != NULL &&
                          command->kind->states == IMAP_NOT_AUTHENTICATED
                      ? "Logged in already"
                      : wrong_state(session->state));
        return;
    }
    command->arguments = command->args;
    finish(command, uses_numbers(command) ? imap_uid_required(command)
                                          : command->kind->handler(command));
}

/* As Exchange Online does it: the client comes back with a new token. */
static void end_if_expired(struct imap_session *session)
{
    if (session->account == NULL || !account_has_expired(session->account) ||
        session->state == IMAP_LOGOUT)
        return;
    imap_out_puts(&session->out,
                  "* BYE The token has expired, please log in again\r\n");
    session->state = IMAP_LOGOUT;
    session->close = true;
}

void imap_session_run(struct imap_session *session, struct op *op,
                      const struct imap_request *request)
{
    struct imap_command command = { .op = op, .session = session };

    session->out.written_ms = time_monotonic_ms();
    op->progress = show_progress;
    op->progress_context = &command;
    imap_args_init(&command.args, op->arena, request->text, request->len);
    command.args.messages = request->messages;
    command.args.literals = request->literals;
    command.args.literal_count = request->literal_count;

    if (request->refusal != IMAP_TAKEN)
        refuse(session, &command.args, request->refusal);
    else if (session->dialog != NULL)
        run_dialog(&command, request);
    else
        run_command(&command);
    if (session->news_waiting)
        imap_session_news(session, op);
    session->news_waiting = false;
    end_if_expired(session);
    imap_out_flush(&session->out);
}

/* Its folder has gone, and nothing can be done in the session: as other servers
 * do, it ends (RFC 2180, 3.3). */
static void end_without_folder(struct imap_session *session)
{
    imap_out_puts(&session->out, "* BYE The mailbox has been deleted\r\n");
    session->state = IMAP_LOGOUT;
    session->close = true;
}

void imap_session_news(struct imap_session *session, struct op *op)
{
    unsigned news = imap_notify_news(session->notify);
    struct imap_command command = { .op = op, .session = session };

    if (session->listener == NULL)
        return;
    if (!session->idling && !imap_notify_expunges_any_time(session->notify))
        news &= ~(unsigned)IMAP_NEWS_GONE;
    if (session->folder != NULL && news != 0 &&
        (session->idling || imap_notify_is_immediate(session->notify)))
        tell_folder(&command, news);
    imap_notify_tell(op, session);
    if (session->folder != NULL && imap_folder_is_gone(session->folder))
        end_without_folder(session);
    end_if_expired(session);
    imap_out_flush(&session->out);
}
