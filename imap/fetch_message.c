/*
 * fetch_message.c - one message's line in the answer of a FETCH
 */
#include "imap/fetch_message.h"

#include <inttypes.h>

#include "imap/fetch_section.h"
#include "imap/fetch_structure.h"
#include "imap/folder.h"
#include "imap/reply.h"
#include "proxy/base/arena.h"
#include "proxy/format/mime.h"

/* --- What has to be read ------------------------------------------------- */

static int need_of(const struct fetch_item *item,
                   const struct mail_entry *entry, bool exact_sizes)
{
    switch (item->kind) {
    case FETCH_UID:
    case FETCH_FLAGS:
    case FETCH_DATE:
    case FETCH_MODSEQ:
    case FETCH_EMAILID:
    case FETCH_THREADID:
    case FETCH_SAVEDATE:
    case FETCH_PREVIEW:
        return FETCH_NEEDS_NOTHING;
    case FETCH_SIZE:
        return exact_sizes && !entry->size_exact ? MAIL_NEED_STRUCTURE
                                                 : FETCH_NEEDS_NOTHING;
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
    return FETCH_NEEDS_NOTHING;
}

int fetch_message_need(const struct fetch_lines *lines,
                       const struct mail_entry *entry)
{
    int need = FETCH_NEEDS_NOTHING;
    for (size_t i = 0; i < lines->items->count; i++) {
        int one = need_of(&lines->items->list[i], entry, lines->exact_sizes);
        need = one > need ? one : need;
    }
    return need;
}

/* --- Finding ------------------------------------------------------------- */

/* Finds the octets of an item that has some. */
static enum status prepare_octets(struct arena *arena,
                                  const struct fetch_item *item,
                                  const struct mail_content *content,
                                  struct fetch_octets *octets)
{
    if (item->kind == FETCH_SECTION)
        return fetch_section_find(arena, &item->section, content, octets);
    if (item->kind == FETCH_BINARY || item->kind == FETCH_BINARY_SIZE)
        return fetch_binary_find(arena, &item->section, content, octets);
    return STATUS_OK;
}

enum status fetch_message_prepare(struct arena *arena,
                                  const struct fetch_lines *lines,
                                  struct fetch_message *message)
{
    const struct mail_content *content = message->content;
    const struct fetch_items *items = lines->items;
    message->octets = arena_array(arena, items->count, sizeof *message->octets);
    for (size_t i = 0; i < items->count; i++) {
        const struct fetch_item *item = &items->list[i];
        if (item->kind == FETCH_ENVELOPE)
            message->envelope = mime_envelope_parse(arena, content->header,
                                                    content->header_len);
        enum status status =
            prepare_octets(arena, item, content, &message->octets[i]);
        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}

/* --- Writing ------------------------------------------------------------- */

/* Exact where that is known by now. */
static uint64_t size_of(const struct fetch_lines *lines,
                        const struct fetch_message *message)
{
    bool read = message->content != NULL && lines->need >= MAIL_NEED_STRUCTURE;
    return read && !message->entry->size_exact ? message->content->size
                                               : message->entry->size;
}

static bool write_value(const struct fetch_lines *lines,
                        const struct fetch_message *message, size_t index)
{
    struct imap_out *out = lines->out;
    const struct mail_entry *entry = message->entry;
    enum fetch_kind kind = lines->items->list[index].kind;
    switch (kind) {
    case FETCH_UID:
        imap_out_printf(out, "%u", entry->uid);
        break;
    case FETCH_FLAGS:
        imap_out_flags(out, entry,
                       imap_folder_is_recent(lines->folder, entry->uid));
        break;
    case FETCH_DATE:
        imap_out_date(out, entry->received);
        break;
    case FETCH_SIZE:
        imap_out_printf(out, "%" PRIu64, size_of(lines, message));
        break;
    case FETCH_MODSEQ:
        imap_out_printf(out, "(%" PRIu64 ")",
                        imap_out_modseq(out, entry->modseq));
        break;
    case FETCH_ENVELOPE:
        fetch_write_envelope(out, message->envelope);
        break;
    case FETCH_BODY:
        fetch_write_structure(out, message->content->structure, false);
        break;
    case FETCH_BODYSTRUCTURE:
        fetch_write_structure(out, message->content->structure, true);
        break;
    case FETCH_SECTION:
    case FETCH_BINARY:
        return fetch_octets_write(out, &message->octets[index],
                                  message->content);
    case FETCH_BINARY_SIZE:
        imap_out_printf(out, "%" PRIu64, message->octets[index].len);
        break;
    case FETCH_EMAILID:
    case FETCH_THREADID:
    case FETCH_SAVEDATE:
    case FETCH_PREVIEW:
        fetch_details_write(out, lines->details, kind, entry->uid);
        break;
    }
    return true;
}

bool fetch_message_write(const struct fetch_lines *lines,
                         const struct fetch_message *message)
{
    struct imap_out *out = lines->out;
    imap_folder_begin_fetch(lines->folder, out, message->entry->uid, false);
    for (size_t i = 0; i < lines->items->count; i++) {
        imap_out_puts(out, i == 0 ? "" : " ");
        fetch_item_write_name(out, &lines->items->list[i]);
        imap_out_puts(out, " ");
        if (!write_value(lines, message, i))
            return false;
    }
    imap_out_puts(out, ")\r\n");
    return !out->gone;
}
