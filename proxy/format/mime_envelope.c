/*
 * mime_envelope.c - the fields of a header that an envelope shows
 */
#include "proxy/format/mime.h"

#include "proxy/base/arena.h"

static struct mime_addresses addresses(struct arena *arena, const char *header,
                                       size_t len, const char *name)
{
    const char *value = mime_header_value(arena, header, len, name);
    if (value == NULL)
        return (struct mime_addresses){ .list = NULL };

    struct mime_addresses found = mime_addresses_parse(arena, value);
    for (size_t i = 0; i < found.count; i++)
        found.list[i].name = mime_encode_words(arena, found.list[i].name);
    return found;
}

struct mime_envelope *mime_envelope_parse(struct arena *arena,
                                          const char *header, size_t len)
{
    struct mime_envelope *envelope = arena_alloc(arena, sizeof *envelope);
    envelope->date = mime_header_value(arena, header, len, "Date");
    envelope->subject = mime_encode_words(
        arena, mime_header_value(arena, header, len, "Subject"));
    envelope->from = addresses(arena, header, len, "From");
    envelope->sender = addresses(arena, header, len, "Sender");
    envelope->reply_to = addresses(arena, header, len, "Reply-To");
    envelope->to = addresses(arena, header, len, "To");
    envelope->cc = addresses(arena, header, len, "Cc");
    envelope->bcc = addresses(arena, header, len, "Bcc");
    envelope->in_reply_to =
        mime_header_value(arena, header, len, "In-Reply-To");
    envelope->message_id = mime_header_value(arena, header, len, "Message-ID");
    return envelope;
}
