/*
 * mime_preview.c - how a message begins, for lists of messages (RFC 8970)
 */
#include "proxy/format/mime_preview.h"

#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/spool.h"
#include "proxy/base/str.h"
#include "proxy/base/utf8.h"
#include "proxy/format/html_text.h"
#include "proxy/format/mime.h"
#include "proxy/format/mime_charset.h"
#include "proxy/format/mime_content.h"
#include "proxy/format/mime_transfer.h"

/* So much of a part is looked at, as it is encoded. */
#define LOOK ((uint64_t)64 * 1024)

/* --- Shortening ----------------------------------------------------------- */

/* White space, and characters that show nothing, with which senders fill the
 * previews of their letters. */
static bool is_blank(uint32_t c)
{
    return c <= ' ' || c == 0x7f || c == 0xa0 || c == 0xad || c == 0x34f ||
           (c >= 0x2000 && c <= 0x200f) || (c >= 0x2028 && c <= 0x202f) ||
           c == 0x205f || c == 0x2060 || c == 0x3000 || c == 0xfeff ||
           (c >= 0x80 && c < 0xa0);
}

const char *mime_preview_shorten(struct arena *arena, const char *text)
{
    const char *end = text + strlen(text);
    struct buf out;
    size_t count = 0;
    bool space = false;

    buf_init(&out, arena);
    buf_puts(&out, "");
    while (text < end && count + space < MIME_PREVIEW_MAX) {
        uint32_t c = utf8_next(&text, end);
        char octets[4];

        if (c == UINT32_MAX || is_blank(c)) {
            space = count > 0;
            continue;
        }
        if (space)
            buf_putc(&out, ' ');
        buf_append(&out, octets, utf8_put(c, octets));
        count += 1 + space;
        space = false;
    }
    return out.data;
}

/* --- Quoting -------------------------------------------------------------- */

static bool is_quote(const char *line)
{
    return *line == '>' || (*line == ' ' && line[1] == '>');
}

/* The line that says whom the next ones quote ends with a colon; "-- " begins a
 * signature, and five dashes what mail programs put before a whole message. */
static bool ends_text(const char *line, size_t len, const char *next)
{
    return (len == 3 && memcmp(line, "-- ", 3) == 0) ||
           (len > 5 && memcmp(line, "-----", 5) == 0) ||
           (len > 0 && line[len - 1] == ':' && is_quote(next));
}

/* Without what is quoted; all of it when nothing else is there. */
static const char *drop_quotes(struct arena *arena, const char *text)
{
    struct buf out;
    const char *next;

    buf_init(&out, arena);
    for (const char *line = text; *line != '\0'; line = next) {
        size_t len = strcspn(line, "\n");
        size_t shown = len > 0 && line[len - 1] == '\r' ? len - 1 : len;

        next = line + len + (line[len] == '\n');
        if (is_quote(line) || ends_text(line, shown, next))
            continue;
        buf_append(&out, line, shown);
        buf_putc(&out, '\n');
    }
    return out.len > 0 && *mime_preview_shorten(arena, out.data) != '\0'
               ? out.data
               : text;
}

/* --- Parts ---------------------------------------------------------------- */

static bool is_text(const struct mime_part *part, const char *subtype)
{
    return part->kind == MIME_LEAF && str_equal_nocase(part->type, "text") &&
           str_equal_nocase(part->subtype, subtype) &&
           !str_equal_nocase(part->disposition, "attachment");
}

/* The first of that kind, depth first, but not in enclosed messages. */
static const struct mime_part *find_text(const struct mime_part *part,
                                         const char *subtype)
{
    const struct mime_part *found = is_text(part, subtype) ? part : NULL;

    for (size_t i = 0;
         part->kind == MIME_MULTIPART && found == NULL && i < part->child_count;
         i++)
        found = find_text(&part->children[i], subtype);
    return found;
}

/* What a part says, in UTF-8. */
static const char *read_text(struct arena *arena, const struct spool *message,
                             const struct mime_part *part)
{
    struct spool *decoded = spool_new(NULL, 0);
    uint64_t len = part->body_size < LOOK ? part->body_size : LOOK;
    const char *text = NULL;

    if (mime_transfer_known(part->encoding) &&
        mime_transfer_decode(message, part->body_offset, len, part->encoding,
                             decoded)) {
        size_t size = (size_t)spool_size(decoded);
        const char *data = spool_copy(arena, decoded, 0, size);
        const char *charset =
            mime_param_value(part->params, part->param_count, "charset");

        if (data != NULL && charset != NULL)
            text = mime_charset_decode(arena, charset, data, size);
        if (data != NULL && text == NULL)
            text = mime_charset_guess(arena, data, size);
    }
    spool_free(&decoded);
    return text != NULL ? text : "";
}

const char *mime_preview(struct arena *arena, const struct spool *message,
                         const struct mime_part *root)
{
    const struct mime_part *plain = find_text(root, "plain");
    const struct mime_part *html = find_text(root, "html");
    const char *preview = "";

    if (plain != NULL)
        preview = mime_preview_shorten(
            arena, drop_quotes(arena, read_text(arena, message, plain)));
    if (*preview == '\0' && html != NULL)
        preview = mime_preview_shorten(
            arena, html_text(arena, read_text(arena, message, html)));
    return preview;
}
