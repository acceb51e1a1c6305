/*
 * keyword.c - Exchange's categories as IMAP's keywords, and back without loss
 *
 * A category that would look like a flag or a label of its own ("$Forwarded")
 * gets an "=" at its end, and one more if it has some already.
 */
#include "imap/keyword.h"

#include <stddef.h>
#include <string.h>

#include "imap/escape.h"
#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/str.h"
#include "proxy/base/utf8.h"
#include "proxy/exchange/mail.h"

/* clang-format off */
static const struct word {
    const char *keyword;
    uint32_t flag;
    const char *category;
} words[] = {
    { "$Forwarded", MAIL_FORWARDED, NULL },
    { "$MDNSent",   MAIL_MDN_SENT,  NULL },
    { "$Junk",      MAIL_JUNK,      NULL },
    { "Junk",       MAIL_JUNK,      NULL },        /* as Thunderbird writes them */
    { "$NotJunk",   MAIL_NOT_JUNK,  NULL },
    { "NonJunk",    MAIL_NOT_JUNK,  NULL },
    { "$label1",    0,              "Important" },
    { "$label2",    0,              "Work" },
    { "$label3",    0,              "Personal" },
    { "$label4",    0,              "To Do" },
    { "$label5",    0,              "Later" },
};
/* clang-format on */

#define WORDS (sizeof words / sizeof *words)

/* What an atom cannot hold. */
static bool is_special(unsigned char c)
{
    return c <= ' ' || c >= 0x7f || strchr("(){%*\"\\]", c) != NULL;
}

/* The word that `text` is, but for "=" at its end, of which there are
 * *marks_out. */
static const struct word *find_word(const char *text, size_t *marks_out)
{
    size_t len = strlen(text);

    *marks_out = 0;
    while (len > 0 && text[len - 1] == '=') {
        len--;
        (*marks_out)++;
    }
    for (size_t i = 0; i < WORDS; i++)
        if (str_is_nocase(text, len, words[i].keyword))
            return &words[i];
    return NULL;
}

void imap_keyword_write(struct buf *out, const char *category)
{
    size_t marks;

    for (size_t i = 0; i < WORDS; i++)
        if (words[i].category != NULL &&
            str_equal_nocase(words[i].category, category)) {
            buf_puts(out, words[i].keyword);
            return;
        }
    imap_escape(out, category, is_special);
    if (find_word(category, &marks) != NULL)
        buf_putc(out, '=');
}

bool imap_keyword_read(struct arena *arena, const char *keyword,
                       uint32_t *flag_out, const char **category_out)
{
    size_t marks;
    const struct word *word;
    struct buf category;

    *flag_out = 0;
    *category_out = NULL;
    if (keyword == NULL)
        return false;
    word = find_word(keyword, &marks);
    if (word != NULL && marks == 0) {
        *flag_out = word->flag;
        *category_out = word->category;
        return true;
    }
    buf_init(&category, arena);
    imap_unescape(&category, keyword, is_special);
    if (word != NULL)
        category.data[--category.len] = '\0';
    *category_out = category.data;
    return category.len > 0 && utf8_valid(category.data, category.len);
}
