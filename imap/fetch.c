/*
 * fetch.c - showing messages
 *
 * What the folder's view tells is answered at once.  The other messages are
 * read, all to the same depth, and answered one by one as they come.  A message
 * that cannot be had is left out, never made up, and named by the tagged NO;
 * the others are shown.  Messages count as seen only after their content has
 * gone out.
 */
#include "imap/fetch.h"

#include <assert.h>
#include <inttypes.h>

#include "config/settings.h"
#include "imap/command.h"
#include "imap/fetch_details.h"
#include "imap/fetch_section.h"
#include "imap/fetch_structure.h"
#include "imap/folder.h"
#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/log.h"
#include "proxy/base/time.h"
#include "proxy/exchange/mail.h"
#include "proxy/format/mime.h"
#include "proxy/protocol.h"

/* Lines wait for others to fill a packet, but not longer than this. */
#define WAIT_MS 100

/* So many UIDs of messages that could not be had are named to the client. */
#define NAMED_MAX 20

struct fetch {
    struct imap_command *command;
    struct imap_folder *folder;
    struct imap_out *out;
    struct fetch_wish wish;
    struct arena *scratch; /* for one message at a time */

    /* The messages to read, and how much of them. */
    uint32_t *uids;
    size_t count;
    enum mail_need need;

    /* Those that are seen by being fetched. */
    uint32_t *shown;
    size_t shown_count;

    struct fetch_details details;

    enum status failure; /* the first one; STATUS_OK if there was none */
    bool unknown_encoding;
    size_t failed_count;
    struct buf failed; /* the UIDs that are named */
};

/* --- What has to be read ------------------------------------------------- */

#define NOTHING (-1)

/* The enum mail_need of an item for a message, or NOTHING. */
static int need_of(const struct fetch *fetch, const struct fetch_item *item,
                   const struct mail_entry *entry)
{
    bool exact = fetch->command->session->gateway->settings->imap.exact_sizes;
    switch (item->kind) {
    case FETCH_UID:
    case FETCH_FLAGS:
    case FETCH_DATE:
    case FETCH_MODSEQ:
    case FETCH_EMAILID:
    case FETCH_THREADID:
    case FETCH_SAVEDATE:
    case FETCH_PREVIEW:
        return NOTHING;
    case FETCH_SIZE:
        return exact && !entry->size_exact ? MAIL_NEED_STRUCTURE : NOTHING;
    case FETCH_ENVELOPE:
        return MAIL_NEED_HEADER;
    case FETCH_BODY:
    case FETCH_BODYSTRUCTURE:
        return MAIL_NEED_STRUCTURE;
    case FETCH_SECTION:
        return (int)fetch_section_need(&item->section);
    case FETCH_BINARY:
    case FETCH_BINARY_SIZE:
        return MAIL_NEED_CONTENT;
    }
    return NOTHING;
}

static int need_of_all(const struct fetch *fetch,
                       const struct mail_entry *entry)
{
    int need = NOTHING;
    for (size_t i = 0; i < fetch->wish.items.count; i++) {
        int one = need_of(fetch, &fetch->wish.items.list[i], entry);
        need = one > need ? one : need;
    }
    return need;
}

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

/* A message as it is about to be shown; `content` is NULL when nothing was
 * read. */
struct shown {
    const struct mail_entry *entry;
    const struct mail_content *content;
    struct mime_envelope *envelope;
    struct fetch_octets *octets; /* one per item */
};

/* Exact where that is known by now. */
static uint64_t size_of(const struct fetch *fetch, const struct shown *shown)
{
    bool read = shown->content != NULL && fetch->need >= MAIL_NEED_STRUCTURE;
    return read && !shown->entry->size_exact ? shown->content->size
                                             : shown->entry->size;
}

static bool write_value(struct fetch *fetch, const struct shown *shown,
                        size_t index)
{
    struct imap_out *out = fetch->out;
    switch (fetch->wish.items.list[index].kind) {
    case FETCH_UID:
        imap_out_printf(out, "%u", shown->entry->uid);
        break;
    case FETCH_FLAGS:
        imap_out_flags(out, shown->entry,
                       imap_folder_is_recent(fetch->folder, shown->entry->uid));
        break;
    case FETCH_DATE:
        imap_out_date(out, shown->entry->received);
        break;
    case FETCH_SIZE:
        imap_out_printf(out, "%llu", (unsigned long long)size_of(fetch, shown));
        break;
    case FETCH_MODSEQ:
        imap_out_printf(out, "(%" PRIu64 ")", shown->entry->modseq);
        break;
    case FETCH_ENVELOPE:
        fetch_write_envelope(out, shown->envelope);
        break;
    case FETCH_BODY:
        fetch_write_structure(out, shown->content->structure, false);
        break;
    case FETCH_BODYSTRUCTURE:
        fetch_write_structure(out, shown->content->structure, true);
        break;
    case FETCH_SECTION:
    case FETCH_BINARY:
        return fetch_octets_write(out, &shown->octets[index], shown->content);
    case FETCH_BINARY_SIZE:
        imap_out_printf(out, "%llu",
                        (unsigned long long)shown->octets[index].len);
        break;
    case FETCH_EMAILID:
    case FETCH_THREADID:
    case FETCH_SAVEDATE:
    case FETCH_PREVIEW:
        fetch_details_write(out, &fetch->details,
                            fetch->wish.items.list[index].kind,
                            shown->entry->uid);
        break;
    }
    return true;
}

/* One line with all items.  False when the connection is of no further use. */
static bool write_message(struct fetch *fetch, const struct shown *shown)
{
    struct imap_out *out = fetch->out;
    imap_folder_begin_fetch(fetch->folder, out, shown->entry->uid, false);
    for (size_t i = 0; i < fetch->wish.items.count; i++) {
        imap_out_puts(out, i == 0 ? "" : " ");
        fetch_item_write_name(out, &fetch->wish.items.list[i]);
        imap_out_puts(out, " ");
        if (!write_value(fetch, shown, i)) {
            fetch->command->session->close = true;
            return false;
        }
    }
    imap_out_puts(out, ")\r\n");
    return !out->gone;
}

/* Finds the octets of an item that has some. */
static enum status prepare_octets(struct fetch *fetch, struct shown *shown,
                                  size_t index)
{
    const struct fetch_item *item = &fetch->wish.items.list[index];
    struct fetch_octets *octets = &shown->octets[index];
    if (item->kind == FETCH_SECTION)
        return fetch_section_find(fetch->scratch, &item->section,
                                  shown->content, octets);
    if (item->kind != FETCH_BINARY && item->kind != FETCH_BINARY_SIZE)
        return STATUS_OK;
    enum status status = fetch_binary_find(fetch->scratch, &item->section,
                                           shown->content, octets);
    fetch->unknown_encoding |= status == STATUS_UNSUPPORTED;
    return status;
}

/* Finds everything that will be shown, so that nothing fails in the middle of
 * the line. */
static enum status prepare(struct fetch *fetch, struct shown *shown)
{
    const struct mail_content *content = shown->content;
    const struct fetch_items *items = &fetch->wish.items;
    shown->octets =
        arena_array(fetch->scratch, items->count, sizeof *shown->octets);
    for (size_t i = 0; i < items->count; i++) {
        if (items->list[i].kind == FETCH_ENVELOPE)
            shown->envelope = mime_envelope_parse(
                fetch->scratch, content->header, content->header_len);
        enum status status = prepare_octets(fetch, shown, i);
        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}

static bool take_message(void *context, const struct mail_content *content)
{
    struct fetch *fetch = context;
    struct shown shown = {
        .entry = imap_folder_entry(fetch->folder, content->uid),
        .content = content,
    };
    assert(shown.entry != NULL);
    enum status status =
        content->status == STATUS_OK ? prepare(fetch, &shown) : content->status;
    bool going = true;
    if (status == STATUS_OK) {
        going = write_message(fetch, &shown);
        if (going && fetch->wish.sets_seen &&
            (shown.entry->flags & MAIL_SEEN) == 0)
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
        int need = need_of_all(fetch, entry);
        if (need == NOTHING) {
            if (!write_message(fetch, &(struct shown){ .entry = entry }))
                return false;
            continue;
        }
        fetch->uids[fetch->count++] = uid;
        if ((int)fetch->need < need)
            fetch->need = (enum mail_need)need;
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

/* Shows all of the messages.  False when the connection is of no further use.
 */
static bool show(struct fetch *fetch, const struct imap_messages *messages)
{
    struct imap_session *session = fetch->command->session;
    struct op *op = fetch->command->op;

    fetch->uids = arena_array(op->arena, messages->count, sizeof *fetch->uids);
    fetch->shown =
        arena_array(op->arena, messages->count, sizeof *fetch->shown);
    buf_init(&fetch->failed, op->arena);
    fetch->scratch = arena_new();
    fetch_details_load(op, session->account, imap_folder_id(fetch->folder),
                       &fetch->wish.items, messages, &fetch->details);
    if (show_known(fetch, messages) && fetch->count > 0) {
        imap_out_flush(fetch->out);
        enum status status = mail_read(
            op, session->account, imap_folder_id(fetch->folder), fetch->uids,
            fetch->count, fetch->need, take_message, fetch);
        if (fetch->failure == STATUS_OK)
            fetch->failure = status;
    }
    set_seen(fetch);
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
