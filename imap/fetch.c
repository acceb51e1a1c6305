/*
 * fetch.c - showing messages
 *
 * What the folder's view tells is answered at once.  The other messages are
 * read, all to the same depth, and answered one by one as they come.  A message
 * that cannot be had is left out, never made up, and named by the tagged NO;
 * the others are shown.  Messages count as seen only after their content has
 * gone out.
 *
 * Where details are asked for, which come for many messages at once, this is
 * done a block of messages at a time, so that a whole folder takes the memory
 * of one block.
 */
#include "imap/fetch.h"

#include <assert.h>

#include "config/settings.h"
#include "imap/command.h"
#include "imap/fetch_details.h"
#include "imap/fetch_message.h"
#include "imap/folder.h"
#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/log.h"
#include "proxy/base/time.h"
#include "proxy/exchange/mail.h"
#include "proxy/protocol.h"

/* Lines wait for others to fill a packet, but not longer than this. */
#define WAIT_MS 100

/* So many UIDs of messages that could not be had are named to the client. */
#define NAMED_MAX 20

/* So many messages have their details held at once. */
#define BLOCK 1000

struct fetch {
    struct imap_command *command;
    struct imap_folder *folder;
    struct imap_out *out;
    struct fetch_wish wish;
    struct fetch_lines lines;
    struct arena *scratch; /* for one message at a time */

    /* The messages of a block to read. */
    uint32_t *uids;
    size_t count;

    /* Those that are seen by being fetched. */
    uint32_t *shown;
    size_t shown_count;

    struct fetch_details details; /* of a block */
    struct arena *held;           /* they live here */

    enum status failure; /* the first one; STATUS_OK if there was none */
    bool unknown_encoding;
    size_t failed_count;
    struct buf failed; /* the UIDs that are named */
};

/* --- Failures ------------------------------------------------------------ */

static void note_failure(struct fetch *fetch, uint32_t uid, enum status status)
{
    if (fetch->failure == STATUS_OK)
        fetch->failure = status;
    if (fetch->failed_count < NAMED_MAX)
        buf_printf(&fetch->failed, "%s%u", fetch->failed_count > 0 ? "," : "",
                   uid);
    else if (fetch->failed_count == NAMED_MAX)
        buf_puts(&fetch->failed, ",...");
    fetch->failed_count++;
}

static struct imap_answer answer(struct fetch *fetch)
{
    struct imap_command *command = fetch->command;
    if (fetch->failure == STATUS_OK)
        return imap_ok(command);
    struct imap_answer no = imap_failed(command, fetch->failure);
    if (fetch->unknown_encoding) {
        no.code = "UNKNOWN-CTE";
        no.text = "Parts are encoded in ways that are not known";
    }
    if (fetch->failed_count > 0)
        no.text = arena_printf(command->op->arena, "%s (UID %s)", no.text,
                               fetch->failed.data);
    return no;
}

/* --- One message --------------------------------------------------------- */

/* False when the connection is of no further use. */
static bool write_message(struct fetch *fetch,
                          const struct fetch_message *message)
{
    if (fetch_message_write(&fetch->lines, message))
        return true;
    if (!fetch->out->gone)
        fetch->command->session->close = true;
    return false;
}

static enum status prepare(struct fetch *fetch, struct fetch_message *message)
{
    enum status status =
        fetch_message_prepare(fetch->scratch, &fetch->lines, message);
    fetch->unknown_encoding |= status == STATUS_UNSUPPORTED;
    return status;
}

static bool take_message(void *context, const struct mail_content *content)
{
    struct fetch *fetch = context;
    struct fetch_message message = {
        .entry = imap_folder_entry(fetch->folder, content->uid),
        .content = content,
    };
    assert(message.entry != NULL);
    enum status status = content->status == STATUS_OK ? prepare(fetch, &message)
                                                      : content->status;
    bool going = true;
    if (status == STATUS_OK) {
        going = write_message(fetch, &message);
        if (going && fetch->wish.sets_seen &&
            (message.entry->flags & MAIL_SEEN) == 0)
            fetch->shown[fetch->shown_count++] = content->uid;
    } else {
        note_failure(fetch, content->uid, status);
    }
    arena_reset(fetch->scratch);
    if (time_monotonic_ms() - fetch->out->written_ms >= WAIT_MS)
        imap_out_flush(fetch->out);
    return going;
}

/* --- All messages -------------------------------------------------------- */

/* Answers what needs no reading and lists what does.  False once the client has
 * gone. */
static bool show_known(struct fetch *fetch,
                       const struct imap_messages *messages)
{
    for (size_t i = 0; i < messages->count; i++) {
        uint32_t uid = messages->uids[i];
        const struct mail_entry *entry = imap_folder_entry(fetch->folder, uid);
        if (entry == NULL) {
            /* A UID that is gone is passed over (6.4.8); the client is told of
             * it before the tagged line. */
            if (!fetch->command->by_uid)
                note_failure(fetch, uid, STATUS_NOT_FOUND);
            continue;
        }
        if (fetch->wish.changed && entry->modseq <= fetch->wish.since)
            continue;
        enum status status = fetch_details_status(&fetch->details, uid);
        if (status != STATUS_OK) {
            note_failure(fetch, uid, status);
            continue;
        }
        int need = fetch_message_need(&fetch->lines, entry);
        if (need == FETCH_NEEDS_NOTHING) {
            if (!write_message(fetch,
                               &(struct fetch_message){ .entry = entry }))
                return false;
            continue;
        }
        fetch->uids[fetch->count++] = uid;
        if ((int)fetch->lines.need < need)
            fetch->lines.need = (enum mail_need)need;
    }
    return true;
}

/* The content has been shown whether or not this works, so that a failure is
 * news for the log only; the client is told of the flags that Exchange has
 * confirmed. */
static void set_seen(struct fetch *fetch)
{
    struct op *op = fetch->command->op;
    static const char *const none[] = { NULL };
    const struct mail_flag_change change = { .change = MAIL_ADD,
                                             .flags = MAIL_SEEN,
                                             .categories = none };
    /* Who has gone, or hardly reads, may not have got it. */
    if (fetch->shown_count == 0 || !imap_out_wait_sent(fetch->out))
        return;
    struct mail_result *results =
        arena_array(op->arena, fetch->shown_count, sizeof *results);
    enum status status = mail_change_flags(
        op, fetch->command->session->account, imap_folder_id(fetch->folder),
        fetch->shown, fetch->shown_count, &change, results);
    if (status != STATUS_OK)
        log_warning(op->session, "command=FETCH not-marked-seen=%zu status=%s",
                    fetch->shown_count, status_name(status));
}

static void load_details(struct fetch *fetch, const struct imap_messages *block)
{
    struct op *op = fetch->command->op, own = *op;

    arena_reset(fetch->held);
    own.arena = fetch->held;
    fetch_details_load(&own, fetch->command->session->account,
                       imap_folder_id(fetch->folder), &fetch->wish.items, block,
                       &fetch->details);
    op->failing_since = own.failing_since;
    if (own.reason != op->reason)
        op_fail(op, own.failed, "%s", own.reason);
}

/* False when the connection is of no further use. */
static bool show_block(struct fetch *fetch, const struct imap_messages *block)
{
    struct op *op = fetch->command->op;

    fetch->count = 0;
    fetch->lines.need = MAIL_NEED_HEADER;
    load_details(fetch, block);
    if (!show_known(fetch, block))
        return false;
    if (fetch->count == 0)
        return true;
    imap_out_flush(fetch->out);
    enum status status = mail_read(
        op, fetch->command->session->account, imap_folder_id(fetch->folder),
        fetch->uids, fetch->count, fetch->lines.need, take_message, fetch);
    if (fetch->failure == STATUS_OK)
        fetch->failure = status;
    return status != STATUS_CANCELLED && !fetch->out->gone;
}

static void show_all(struct fetch *fetch, const struct imap_messages *messages)
{
    size_t most =
        fetch_details_wanted(&fetch->wish.items) ? BLOCK : messages->count;
    bool going = true;

    for (size_t at = 0; at < messages->count && going; at += most) {
        size_t left = messages->count - at;
        struct imap_messages block = { .numbers = messages->numbers + at,
                                       .uids = messages->uids + at,
                                       .count = left < most ? left : most };

        going = show_block(fetch, &block);
    }
}

/* Shows all of the messages.  False when the connection is of no further use.
 */
static bool show(struct fetch *fetch, const struct imap_messages *messages)
{
    struct imap_session *session = fetch->command->session;
    struct op *op = fetch->command->op;

    fetch->lines = (struct fetch_lines){
        .folder = fetch->folder,
        .items = &fetch->wish.items,
        .details = &fetch->details,
        .out = fetch->out,
        .exact_sizes = session->gateway->settings->imap.exact_sizes,
    };
    fetch->uids = arena_array(op->arena, messages->count, sizeof *fetch->uids);
    fetch->shown =
        arena_array(op->arena, messages->count, sizeof *fetch->shown);
    buf_init(&fetch->failed, op->arena);
    fetch->scratch = arena_new();
    fetch->held = arena_new();
    show_all(fetch, messages);
    set_seen(fetch);
    arena_free(&fetch->held);
    arena_free(&fetch->scratch);
    return !session->close && !fetch->out->gone;
}

struct imap_answer imap_fetch(struct imap_command *command,
                              const struct fetch_wish *wish,
                              const struct imap_messages *messages)
{
    struct imap_session *session = command->session;
    struct fetch fetch = { .command = command,
                           .folder = session->folder,
                           .out = &session->out,
                           .wish = *wish };

    if (!show(&fetch, messages))
        return (struct imap_answer){ .condition = IMAP_NOTHING };
    return answer(&fetch);
}

void imap_fetch_news(struct op *op, struct imap_session *session,
                     const struct fetch_items *items,
                     const struct imap_messages *messages)
{
    struct imap_command command = { .op = op,
                                    .session = session,
                                    .by_uid = true };
    struct fetch fetch = { .command = &command,
                           .folder = session->folder,
                           .out = &session->out,
                           .wish = { .items = *items } };

    show(&fetch, messages);
}
