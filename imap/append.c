/*
 * append.c - what APPEND and REPLACE store: reading it
 */
#include "imap/append.h"

#include <string.h>

#include "imap/args.h"
#include "proxy/base/arena.h"
#include "proxy/base/time.h"

/* --- Parts --------------------------------------------------------------- */

static bool read_text(struct imap_args *args, struct append_message *message,
                      struct append_part *part)
{
    bool binary;

    if (!imap_args_message(args, &part->text, &binary))
        return false;
    message->binary = message->binary || binary;
    return true;
}

/* What follows "UTF8": the literal in parentheses has to be a binary one. */
static bool read_utf8(struct imap_args *args, struct append_message *message,
                      struct append_part *part)
{
    return imap_args_space(args) && imap_args_char(args, '(') &&
           imap_args_next_is(args, '~') && read_text(args, message, part) &&
           imap_args_char(args, ')');
}

/* cat-part: "TEXT {5}", "URL /x;UID=1", or "UTF8 (~{5})". */
static bool read_part(struct imap_args *args, struct append_message *message,
                      struct append_part *part)
{
    if (imap_args_word(args, "TEXT"))
        return imap_args_space(args) && read_text(args, message, part);
    if (imap_args_word(args, "UTF8"))
        return read_utf8(args, message, part);
    if (!imap_args_word(args, "URL") || !imap_args_space(args))
        return false;
    part->url = imap_args_astring(args);
    return part->url != NULL;
}

/* What follows "CATENATE". */
static bool read_parts(struct imap_args *args, struct append_message *message)
{
    size_t capacity = 4;

    message->parts = arena_array(args->arena, capacity, sizeof *message->parts);
    if (!imap_args_space(args) || !imap_args_char(args, '('))
        return false;
    do {
        if (message->part_count == capacity) {
            struct append_part *grown =
                arena_array(args->arena, capacity * 2, sizeof *grown);

            memcpy(grown, message->parts, capacity * sizeof *grown);
            message->parts = grown;
            capacity *= 2;
        }
        if (!read_part(args, message, &message->parts[message->part_count++]))
            return false;
    } while (imap_args_space(args));
    return imap_args_char(args, ')');
}

/* --- Messages ------------------------------------------------------------ */

static bool read_data(struct imap_args *args, struct append_message *message)
{
    if (imap_args_word(args, "CATENATE"))
        return read_parts(args, message);
    message->parts = arena_array(args->arena, 1, sizeof *message->parts);
    message->part_count = 1;
    return imap_args_word(args, "UTF8")
               ? read_utf8(args, message, message->parts)
               : read_text(args, message, message->parts);
}

bool append_read(struct imap_args *args, struct append_message *message_out)
{
    struct imap_flags flags = { .flags = 0 };

    *message_out = (struct append_message){ .received = TIME_NONE };
    if (!imap_args_space(args))
        return false;
    if (imap_args_next_is(args, '(') &&
        (!imap_args_flag_list(args, &flags) || !imap_args_space(args)))
        return false;
    if (imap_args_next_is(args, '"') &&
        (!imap_args_date_time(args, &message_out->received) ||
         !imap_args_space(args)))
        return false;
    message_out->flags = flags.flags;
    message_out->categories = flags.categories;
    return read_data(args, message_out);
}
