/*
 * words.c - a search as people type it, in the language of Exchange's index
 *
 * Of a text only letters and digits are taken, in small letters, so that
 * nothing in it has a meaning to that language: no operators, properties or
 * quotes.
 */
#include "proxy/exchange/ews/words.h"

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/str.h"

/* Without a name a word may be anywhere, attachments included. */
static const char *const properties[] = {
    [MAIL_SEARCH_BODY] = "body:",       [MAIL_SEARCH_TEXT] = "",
    [MAIL_SEARCH_SUBJECT] = "subject:", [MAIL_SEARCH_FROM] = "from:",
    [MAIL_SEARCH_TO] = "to:",           [MAIL_SEARCH_CC] = "cc:",
    [MAIL_SEARCH_BCC] = "bcc:",         [MAIL_SEARCH_HEADER] = NULL,
};

/* The length of the word at `text`; 0 if there is none.  What is not ASCII is
 * taken for letters. */
static size_t word_len(const char *text)
{
    size_t len = 0;

    while ((unsigned char)text[len] >= 0x80 ||
           (text[len] >= '0' && text[len] <= '9') ||
           ((text[len] | 0x20) >= 'a' && (text[len] | 0x20) <= 'z'))
        len++;
    return len;
}

char *words_query(struct arena *arena, enum mail_search_field field,
                  const char *text)
{
    struct buf query;

    if (properties[field] == NULL)
        return NULL;
    buf_init(&query, arena);
    while (*text != '\0') {
        size_t len = word_len(text);

        if (len > 0)
            buf_printf(&query, "%s%s%s", query.len > 0 ? " AND " : "",
                       properties[field],
                       str_lower(arena_strndup(arena, text, len)));
        text += len > 0 ? len : 1;
    }
    return query.len > 0 ? query.data : NULL;
}
