/*
 * mime_words.c - RFC 2047, encoded words: "=?charset?B?text?=" as UTF-8
 *
 * Senders cut characters of several bytes between two words, so words of one
 * charset that follow each other are put together before they become
 * characters.
 */
#include "proxy/format/mime.h"

#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/base64.h"
#include "proxy/base/buf.h"
#include "proxy/base/str.h"
#include "proxy/format/mime_charset.h"

struct word {
    const char *charset;
    const char *bytes;
    size_t len;
    const char *end; /* in the value, after "?=" */
};

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return -1;
}

/* RFC 2047, 4.2; an equals sign without its two digits stays. */
static const char *decode_q(struct arena *arena, const char *text, size_t len,
                            size_t *len_out)
{
    char *out = arena_alloc(arena, len + 1);
    size_t out_len = 0;
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '_') {
            out[out_len++] = ' ';
        } else if (text[i] == '=' && i + 2 < len &&
                   hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0) {
            out[out_len++] =
                (char)(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
            i += 2;
        } else {
            out[out_len++] = text[i];
        }
    }
    *len_out = out_len;
    return out;
}

/* Words are of 75 characters (section 2), and some senders' longer.  Beyond this
 * nothing is looked for, so that what never ends costs little. */
#define LONGEST_WORD 4096

static const char *find_near(const char *text, const char *what)
{
    return memmem(text, strnlen(text, LONGEST_WORD), what, strlen(what));
}

/* Reads an encoded word that starts at `at` ("=?"); false if there is none. */
static bool read_word(struct arena *arena, const char *at, struct word *word)
{
    const char *charset = at + 2;
    const char *encoding = find_near(charset, "?");
    if (encoding == NULL || encoding == charset || encoding[1] == '\0' ||
        encoding[2] != '?')
        return false;
    const char *text = encoding + 3;
    const char *end = find_near(text, "?=");
    if (end == NULL || memchr(text, ' ', (size_t)(end - text)) != NULL)
        return false;
    size_t charset_len = (size_t)(encoding - charset);
    /* RFC 2231, 5: a language may follow the charset. */
    const char *star = memchr(charset, '*', charset_len);
    if (star != NULL)
        charset_len = (size_t)(star - charset);
    word->charset = arena_strndup(arena, charset, charset_len);
    if (!mime_charset_known(word->charset))
        return false;
    word->end = end + 2;
    size_t len = (size_t)(end - text);
    if (encoding[1] == 'Q' || encoding[1] == 'q')
        word->bytes = decode_q(arena, text, len, &word->len);
    else if (encoding[1] == 'B' || encoding[1] == 'b')
        word->bytes = base64_decode(arena, text, len, &word->len);
    else
        return false;
    return word->bytes != NULL;
}

/* The words of one charset that follow each other with only white space
 * between. */
static const char *append_words(struct arena *arena, struct word word,
                                struct buf *out)
{
    struct buf bytes;
    buf_init(&bytes, arena);
    buf_append(&bytes, word.bytes, word.len);
    const char *end = word.end;
    for (;;) {
        const char *next = end + strspn(end, " \t");
        struct word follower;
        if (!str_starts(next, "=?") || !read_word(arena, next, &follower))
            break;
        end = next;
        if (!str_equal_nocase(follower.charset, word.charset))
            break;
        buf_append(&bytes, follower.bytes, follower.len);
        end = follower.end;
    }
    const char *text =
        mime_charset_decode(arena, word.charset, bytes.data, bytes.len);
    buf_puts(out, text == NULL ? "\xef\xbf\xbd" : text);
    return end;
}

char *mime_decode_words(struct arena *arena, const char *value)
{
    struct buf out;
    buf_init(&out, arena);
    buf_puts(&out, "");
    while (*value != '\0') {
        const char *start = value;
        struct word word;
        bool found = false;
        while (*value != '\0' && !found) {
            const char *mark = strstr(value, "=?");
            value = mark == NULL ? value + strlen(value) : mark;
            found = mark != NULL && read_word(arena, mark, &word);
            if (mark != NULL && !found)
                value += 2;
        }
        buf_puts(&out,
                 mime_charset_guess(arena, start, (size_t)(value - start)));
        if (found)
            value = append_words(arena, word, &out);
    }
    return out.data;
}

/* --- Encoding ------------------------------------------------------------ */

/* What fits into a word of 75 characters (section 2), with its charset and the
 * marks around it. */
#define WORD_BYTES 45

static bool has_8bit(const char *text)
{
    for (; *text != '\0'; text++)
        if ((unsigned char)*text >= 0x80)
            return true;
    return false;
}

/* How many bytes of `text` go into the next word: whole characters. */
static size_t cut(const char *text, size_t len)
{
    size_t piece = len < WORD_BYTES ? len : WORD_BYTES;

    while (piece < len && ((unsigned char)text[piece] & 0xc0) == 0x80)
        piece--;
    return piece;
}

const char *mime_encode_words(struct arena *arena, const char *value)
{
    struct buf out;

    if (value == NULL || !has_8bit(value))
        return value;

    const char *text = mime_decode_words(arena, value);
    size_t left = strlen(text);
    buf_init(&out, arena);
    while (left > 0) {
        char encoded[WORD_BYTES / 3 * 4];
        size_t piece = cut(text, left);
        size_t len = base64_encode(text, piece, encoded);

        buf_printf(&out, "%s=?utf-8?B?%.*s?=", out.len > 0 ? " " : "", (int)len,
                   encoded);
        text += piece;
        left -= piece;
    }
    return out.data;
}
