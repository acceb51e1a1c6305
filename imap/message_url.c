/*
 * message_url.c - the URL of a message or of a part of one (RFC 5092)
 */
#include "imap/message_url.h"

#include <string.h>

#include "imap/args.h"
#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/str.h"
#include "proxy/base/utf8.h"

static int hex_value(char c)
{
    static const char digits[] = "0123456789abcdef";
    char lower = c >= 'A' && c <= 'F' ? (char)(c + 'a' - 'A') : c;
    const char *at = c != '\0' ? strchr(digits, lower) : NULL;

    return at != NULL ? (int)(at - digits) : -1;
}

/* Without its percent signs; NULL for what is not UTF-8, or has a NUL. */
static const char *decode(struct arena *arena, const char *text, size_t len)
{
    struct buf out;

    buf_init(&out, arena);
    buf_puts(&out, "");
    for (size_t i = 0; i < len; i++) {
        int high = -1, low = -1;

        if (text[i] == '%' && len - i > 2) {
            high = hex_value(text[i + 1]);
            low = hex_value(text[i + 2]);
        }
        if (text[i] == '%' && (high < 0 || low < 0 || high + low == 0))
            return NULL;
        buf_putc(&out, text[i] == '%' ? (char)(high * 16 + low) : text[i]);
        i += text[i] == '%' ? 2 : 0;
    }
    return utf8_valid(out.data, out.len) ? out.data : NULL;
}

/* ";UID=" and the like, in any case. */
static bool take_word(const char **at, const char *word)
{
    if (!str_starts_nocase(*at, word))
        return false;
    *at += strlen(word);
    return true;
}

static bool take_number(struct arena *arena, const char **at, uint64_t min,
                        uint64_t max, uint64_t *number_out)
{
    struct imap_args args;

    imap_args_init(&args, arena, *at, strlen(*at));
    if (!imap_args_number(&args, min, max, number_out))
        return false;
    *at = args.at;
    return true;
}

/* nz-number: a UID or UIDVALIDITY. */
static bool take_id(struct arena *arena, const char **at, uint32_t *id_out)
{
    uint64_t number;

    if (!take_number(arena, at, 1, UINT32_MAX, &number))
        return false;
    *id_out = (uint32_t)number;
    return true;
}

/* What follows ";SECTION=", as BODY has it in brackets. */
static bool take_section(struct arena *arena, const char **at,
                         struct fetch_section *section)
{
    size_t len = strcspn(*at, "/;");
    const char *text = decode(arena, *at, len);
    struct imap_args args;

    if (text == NULL || len == 0)
        return false;
    text = arena_printf(arena, "[%s]", text);
    imap_args_init(&args, arena, text, strlen(text));
    *at += len;
    return fetch_section_read(&args, section) && imap_args_end(&args);
}

static bool take_partial(struct arena *arena, const char **at,
                         struct fetch_section *section)
{
    section->partial = true;
    section->count = INT64_MAX;
    if (!take_number(arena, at, 0, INT64_MAX, &section->first))
        return false;
    return !take_word(at, ".") ||
           take_number(arena, at, 1, INT64_MAX, &section->count);
}

/* The mailbox, and what it has to be. */
static bool take_mailbox(struct arena *arena, const char **at,
                         struct message_url *url)
{
    size_t len = strcspn(*at, ";");
    const char *end = *at + len;

    url->absolute = **at == '/';
    if (url->absolute) {
        (*at)++;
        len--;
    }
    if (len > 0 && end[-1] == '/')
        len--;
    url->mailbox = decode(arena, *at, len);
    *at = end;
    if (url->mailbox == NULL || *url->mailbox == '/' ||
        (take_word(at, ";UIDVALIDITY=") &&
         (!take_id(arena, at, &url->uid_validity) || !take_word(at, "/"))))
        return false;
    return end == *at || len > 0;
}

bool message_url_read(struct arena *arena, const char *text,
                      struct message_url *url_out)
{
    const char *at = text;

    *url_out = (struct message_url){ .mailbox = NULL };
    if (strstr(text, "://") != NULL || !take_mailbox(arena, &at, url_out) ||
        !take_word(&at, ";UID=") || !take_id(arena, &at, &url_out->uid))
        return false;
    if (take_word(&at, "/;SECTION=") &&
        !take_section(arena, &at, &url_out->section))
        return false;
    if (take_word(&at, "/;PARTIAL=") &&
        !take_partial(arena, &at, &url_out->section))
        return false;
    return *at == '\0';
}
