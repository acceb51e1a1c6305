/*
 * mime_text.c - looking for a text in what a message says
 */
#include "proxy/format/mime_text.h"

#include <stdlib.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/spool.h"
#include "proxy/base/str.h"
#include "proxy/base/utf8.h"
#include "proxy/format/mime.h"
#include "proxy/format/mime_charset.h"
#include "proxy/format/mime_content.h"
#include "proxy/format/mime_transfer.h"

/* Longer texts are not looked into. */
#define TEXT_MAX (4u * 1024 * 1024)

struct look {
    struct arena *arena;
    const struct spool *content;
    const char *folded;
    bool not_known;
};

static bool contains(const struct look *look, const char *text)
{
    return strstr(mime_fold_case(look->arena, text), look->folded) != NULL;
}

/* --- HTML ----------------------------------------------------------------- */

/* clang-format off */
static const struct {
    const char *name;
    const char *text;
} entities[] = {
    { "amp", "&" }, { "lt", "<" }, { "gt", ">" }, { "quot", "\"" }, { "apos", "'" },
    { "nbsp", " " }, { "auml", "\xc3\xa4" }, { "ouml", "\xc3\xb6" }, { "uuml", "\xc3\xbc" },
    { "Auml", "\xc3\x84" }, { "Ouml", "\xc3\x96" }, { "Uuml", "\xc3\x9c" }, { "szlig", "\xc3\x9f" },
    { "eacute", "\xc3\xa9" }, { "egrave", "\xc3\xa8" }, { "agrave", "\xc3\xa0" },
    { "ccedil", "\xc3\xa7" }, { "euro", "\xe2\x82\xac" }, { "ndash", "\xe2\x80\x93" },
    { "mdash", "\xe2\x80\x94" }, { "lsquo", "\xe2\x80\x98" }, { "rsquo", "\xe2\x80\x99" },
    { "ldquo", "\xe2\x80\x9c" }, { "rdquo", "\xe2\x80\x9d" }, { "hellip", "\xe2\x80\xa6" },
};
/* clang-format on */

/* What the entity `name` stands for; false for one that is not known here. */
static bool write_entity(struct buf *out, const char *name)
{
    char character[4];
    if (*name == '#') {
        bool hex = name[1] == 'x' || name[1] == 'X';
        unsigned long code = strtoul(name + (hex ? 2 : 1), NULL, hex ? 16 : 10);
        if (code == 0 || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
            return false;
        buf_append(out, character, utf8_put((uint32_t)code, character));
        return true;
    }
    for (size_t i = 0; i < sizeof entities / sizeof *entities; i++) {
        if (str_equal(name, entities[i].name)) {
            buf_puts(out, entities[i].text);
            return true;
        }
    }
    return false;
}

/* "&name;" at `at`: what follows it, or NULL if there is none. */
static const char *read_entity(struct look *look, const char *at,
                               struct buf *out)
{
    size_t len = strspn(at + 1, "#0123456789abcdefghijklmnopqrstuvwxyz"
                                "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    if (len == 0 || len > 31 || at[1 + len] != ';')
        return NULL;
    if (!write_entity(out, arena_strndup(look->arena, at + 1, len)))
        look->not_known = true;
    return at + len + 2;
}

/* The end of a tag, or of a style or script with all that is in it. */
static const char *skip_tag(const char *at)
{
    static const char *const hidden[] = { "style", "script" };
    const char *end = strchr(at, '>');
    for (size_t i = 0; i < 2 && end != NULL; i++) {
        size_t len = strlen(hidden[i]);
        if (strncasecmp(at + 1, hidden[i], len) != 0 ||
            strchr(" \t\r\n>", at[1 + len]) == NULL)
            continue;
        while ((end = strstr(end, "</")) != NULL &&
               strncasecmp(end + 2, hidden[i], len) != 0)
            end += 2;
        end = end == NULL ? NULL : strchr(end, '>');
    }
    return end == NULL ? at + strlen(at) : end + 1;
}

static void write_space(struct buf *out)
{
    if (out->len > 0 && out->data[out->len - 1] != ' ')
        buf_putc(out, ' ');
}

/* As it reads: without tags, any white space as one space. */
static const char *read_html(struct look *look, const char *html)
{
    struct buf out;
    buf_init(&out, look->arena);
    buf_puts(&out, "");
    while (*html != '\0') {
        const char *after = *html == '&' ? read_entity(look, html, &out) : NULL;
        if (after != NULL) {
            html = after;
        } else if (*html == '<') {
            html = skip_tag(html);
        } else if (strchr(" \t\r\n", *html) != NULL) {
            write_space(&out);
            html++;
        } else {
            buf_putc(&out, *html++);
        }
    }
    return out.data;
}

/* --- Parts ---------------------------------------------------------------- */

/* The decoded octets of a part; NULL if they cannot be had. */
static char *read_body(struct look *look, const struct mime_part *part,
                       size_t *len_out)
{
    if (part->body_size > TEXT_MAX || !mime_transfer_known(part->encoding))
        return NULL;
    struct spool *decoded = spool_new(NULL, TEXT_MAX);
    char *body = NULL;
    if (mime_transfer_decode(look->content, part->body_offset, part->body_size,
                             part->encoding, decoded)) {
        *len_out = (size_t)spool_size(decoded);
        body = spool_copy(look->arena, decoded, 0, *len_out);
    }
    spool_free(&decoded);
    return body;
}

static bool find_in_text(struct look *look, const struct mime_part *part)
{
    size_t len;
    const char *body = read_body(look, part, &len);
    if (body == NULL) {
        look->not_known = true;
        return false;
    }
    const char *charset =
        mime_param_value(part->params, part->param_count, "charset");
    const char *text = mime_charset_decode(
        look->arena, charset == NULL ? "us-ascii" : charset, body, len);
    if (text == NULL || charset == NULL)
        text = mime_charset_guess(look->arena, body, len);
    return contains(look, text) || (str_equal_nocase(part->subtype, "html") &&
                                    contains(look, read_html(look, text)));
}

static bool find_in_header(struct look *look, const struct mime_part *part)
{
    const char *header =
        part->header_size > TEXT_MAX
            ? NULL
            : spool_copy(look->arena, look->content, part->header_offset,
                         (size_t)part->header_size);
    if (header == NULL)
        look->not_known = true;
    return header != NULL &&
           contains(look, mime_decode_words(look->arena, header));
}

static bool find_in_part(struct look *look, const struct mime_part *part)
{
    if (part->kind == MIME_LEAF)
        return str_equal_nocase(part->type, "text") && find_in_text(look, part);
    for (size_t i = 0; i < part->child_count; i++) {
        if (part->kind == MIME_MESSAGE &&
            find_in_header(look, &part->children[i]))
            return true;
        if (find_in_part(look, &part->children[i]))
            return true;
    }
    return false;
}

enum mime_found mime_text_find(struct arena *arena,
                               const struct mime_part *root,
                               const struct spool *content, const char *folded)
{
    struct look look = { .arena = arena, .content = content, .folded = folded };
    if (find_in_part(&look, root))
        return MIME_FOUND;
    return look.not_known ? MIME_NOT_KNOWN : MIME_NOT_FOUND;
}
