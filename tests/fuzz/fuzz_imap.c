/*
 * fuzz_imap.c - IMAP's framer and argument readers
 *
 * The framer must find the same requests however its input is cut; the readers
 * must stay within the bytes they are given, whatever those are; names and
 * keywords that are taken must come back as they were.  The first octet chooses
 * the pieces.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "imap/append.h"
#include "imap/args.h"
#include "imap/frame.h"
#include "imap/keyword.h"
#include "imap/message_url.h"
#include "imap/name.h"
#include "imap/utf7.h"
#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/spool.h"

/* --- The framer ---------------------------------------------------------- */

/* The messages fill the spool, one behind the other. */
static void note_messages(struct buf *log, const struct imap_request *request)
{
    uint64_t end = 0;

    for (size_t i = 0; i < request->literal_count; i++) {
        const struct imap_literal *literal = &request->literals[i];

        assert(literal->offset == end && literal->at < request->len);
        assert(strchr("~{", request->text[literal->at]) != NULL);
        end += literal->size;
        buf_printf(log, " %zu:%llu", literal->at,
                   (unsigned long long)literal->size);
    }
    assert(end == (request->messages != NULL ? spool_size(request->messages) : 0));
}

static void note(struct buf *log, struct imap_frame *frame,
                 enum imap_frame_event event)
{
    struct imap_request request = imap_frame_request(frame);

    if (event == IMAP_FRAME_CONTINUE)
        buf_putc(log, '+');
    if (event != IMAP_FRAME_REQUEST)
        return;
    buf_printf(log, "<%d>", (int)request.refusal);
    if (request.refusal == IMAP_TAKEN) {
        buf_append(log, request.text, request.len);
        note_messages(log, &request);
    }
    imap_frame_reset(frame);
}

static void frame_in_steps(struct buf *log, const char *data, size_t len,
                           size_t step)
{
    static const struct imap_limits limits = { .line = 60,
                                               .literal = 40,
                                               .message = 90,
                                               .messages = 120 };
    struct imap_frame frame;

    imap_frame_init(&frame, &limits);
    for (size_t at = 0; at < len;) {
        enum imap_frame_event event;
        size_t taken = imap_frame_feed(
            &frame, data + at, len - at < step ? len - at : step, &event);

        assert(taken > 0);
        at += taken;
        assert(frame.text.len <= limits.line + limits.literal);
        note(log, &frame, event);
    }
    imap_frame_fini(&frame);
}

static void try_frame(struct arena *arena, const char *data, size_t len,
                      size_t step)
{
    struct buf whole, pieces;

    buf_init(&whole, arena);
    buf_init(&pieces, arena);
    frame_in_steps(&whole, data, len, SIZE_MAX);
    frame_in_steps(&pieces, data, len, step);
    assert(whole.len == pieces.len);
    assert(memcmp(whole.data, pieces.data, whole.len) == 0);
}

/* --- The readers --------------------------------------------------------- */

static void read_one(struct imap_args *args, unsigned which)
{
    struct imap_set set;
    struct imap_flags flags;
    const struct spool *message;
    bool binary;
    const char *text;
    uint64_t number;
    int64_t when;

    struct append_message append;
    struct message_url url;

    switch (which % 16) {
    case 0:
        imap_args_tag(args);
        break;
    case 1:
        imap_args_atom(args);
        break;
    case 2:
        imap_args_string(args);
        break;
    case 3:
        imap_args_astring(args);
        break;
    case 4:
        imap_args_list_mailbox(args);
        break;
    case 5:
        imap_args_nstring(args, &text);
        break;
    case 6:
        imap_args_number(args, 1, UINT32_MAX, &number);
        break;
    case 7:
        imap_args_set(args, &set);
        break;
    case 8:
        imap_args_flag_list(args, &flags);
        break;
    case 9:
        imap_args_store_flags(args, &flags);
        break;
    case 10:
        imap_args_date(args, &when);
        break;
    case 11:
        imap_args_date_time(args, &when);
        break;
    case 12:
        imap_args_message(args, &message, &binary);
        break;
    case 13:
        append_read(args, &append);
        break;
    case 14:
        text = arena_strndup(args->arena, args->at,
                             (size_t)(args->end - args->at));
        assert(!message_url_read(args->arena, text, &url) || url.uid > 0);
        break;
    default:
        imap_args_word(args, "FLAGS");
        break;
    }
}

static void try_readers(struct arena *arena, const char *data, size_t len)
{
    for (unsigned which = 0; which < 16; which++) {
        /* On the heap and to the last byte, so that reading on is noticed. */
        char *copy = malloc(len > 0 ? len : 1);
        struct imap_args args;

        if (len > 0)
            memcpy(copy, data, len);
        imap_args_init(&args, arena, copy, len);
        for (unsigned i = 0; i < 3; i++) {
            read_one(&args, which + i);
            assert(args.at >= copy && args.at <= copy + len);
            imap_args_space(&args);
        }
        free(copy);
    }
}

/* --- Names and keywords -------------------------------------------------- */

static void try_name(struct arena *arena, const char *text)
{
    struct imap_mailboxes none = { .count = 0 };
    struct imap_mailboxes made;
    struct imap_place place;
    struct folder folder = { .id = 1, .kind = FOLDER_MAIL };

    imap_pattern_matches(arena, text, "INBOX/Some/Name");
    imap_pattern_matches(arena, "*a%b*", text);
    if (!imap_mailboxes_place(&none, arena, text, &place) || place.count != 1)
        return;
    folder.name = place.names[0];
    imap_mailboxes_build(arena, &folder, 1, &made);
    assert(strcmp(made.list[0].name, text) == 0);
}

static void try_keyword(struct arena *arena, const char *text)
{
    const char *category;
    struct buf keyword;
    uint32_t flag;

    if (*text == '\0')
        return;
    buf_init(&keyword, arena);
    imap_keyword_write(&keyword, text);
    if (!imap_keyword_read(arena, keyword.data, &flag, &category))
        return; /* not UTF-8 */
    assert(flag == 0 && strcasecmp(category, text) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new();

    if (size > 0) {
        const char *bytes = (const char *)data + 1;

        try_frame(arena, bytes, size - 1, data[0] + 1u);
        try_readers(arena, bytes, size - 1);
        try_name(arena, arena_strndup(arena, bytes, size - 1));
        try_keyword(arena, arena_strndup(arena, bytes, size - 1));
    }
    arena_free(&arena);
    return 0;
}
