/*
 * args.c - reading a command's arguments, one after the other
 */
#include "imap/args.h"

#include <string.h>

#include "imap/frame.h"
#include "proxy/base/arena.h"
#include "proxy/base/spool.h"
#include "proxy/base/str.h"
#include "proxy/base/utf8.h"

/* What the bytes may be part of; RFC 3501, section 9. */
enum {
    ATOM = 1 << 0,    /* ATOM-CHAR */
    ASTRING = 1 << 1, /* ASTRING-CHAR: "]" as well */
    LIST = 1 << 2,    /* list-char: the wildcards as well */
    TAG = 1 << 3,     /* ASTRING-CHAR but "+" */
};

static unsigned classes(char c)
{
    if ((unsigned char)c <= ' ' || (unsigned char)c >= 0x7f)
        return 0;
    switch (c) {
    case '%':
    case '*':
        return LIST;
    case ']':
        return ASTRING | LIST | TAG;
    case '+':
        return ATOM | ASTRING | LIST;
    default:
        return strchr("(){\"\\", c) != NULL ? 0 : ATOM | ASTRING | LIST | TAG;
    }
}

void imap_args_init(struct imap_args *args, struct arena *arena,
                    const char *text, size_t len)
{
    *args = (struct imap_args){
        .at = text, .begin = text, .end = text + len, .arena = arena
    };
}

bool imap_args_next_is(const struct imap_args *args, char c)
{
    return args->at < args->end && *args->at == c;
}

bool imap_args_end(const struct imap_args *args)
{
    return args->at == args->end;
}

bool imap_args_char(struct imap_args *args, char c)
{
    if (!imap_args_next_is(args, c))
        return false;
    args->at++;
    return true;
}

bool imap_args_space(struct imap_args *args)
{
    return imap_args_char(args, ' ');
}

/* How many of the next bytes are of a class. */
static size_t span(const struct imap_args *args, unsigned class)
{
    const char *at = args->at;

    while (at < args->end && (classes(*at) & class) != 0)
        at++;
    return (size_t)(at - args->at);
}

static const char *take(struct imap_args *args, size_t len)
{
    const char *text =
        len > 0 ? arena_strndup(args->arena, args->at, len) : NULL;

    args->at += len;
    return text;
}

bool imap_args_word(struct imap_args *args, const char *word)
{
    size_t len = strlen(word);
    size_t left = (size_t)(args->end - args->at);

    if (left < len || !str_is_nocase(args->at, len, word))
        return false;
    /* "BODY[" ends a word though "[" may be part of an atom. */
    if (left > len && args->at[len] != '[' &&
        (classes(args->at[len]) & ATOM) != 0)
        return false;
    args->at += len;
    return true;
}

const char *imap_args_tag(struct imap_args *args)
{
    return take(args, span(args, TAG));
}

const char *imap_args_atom(struct imap_args *args)
{
    return take(args, span(args, ATOM));
}

/* The message whose "{" or "~{" is next; NULL if none is. */
static const struct imap_literal *message_here(struct imap_args *args)
{
    size_t here = (size_t)(args->at - args->begin);

    while (args->literal_count > 0 && args->literals->at < here) {
        args->literals++;
        args->literal_count--;
    }
    return args->literal_count > 0 && args->literals->at == here
               ? args->literals
               : NULL;
}

/* "{5}" or "{5+}" and the end of the line. */
static bool read_literal_header(struct imap_args *args, uint64_t *len_out)
{
    if (!imap_args_char(args, '{') ||
        !imap_args_number(args, 0, UINT64_MAX, len_out))
        return false;
    imap_args_char(args, '+');
    if (!imap_args_char(args, '}'))
        return false;
    imap_args_char(args, '\r');
    return imap_args_char(args, '\n');
}

/* The framer has counted the octets; here they only have to be there. */
static const char *read_literal(struct imap_args *args)
{
    uint64_t len;

    if (message_here(args) != NULL || !read_literal_header(args, &len) ||
        len > (uint64_t)(args->end - args->at) ||
        memchr(args->at, '\0', (size_t)len) != NULL)
        return NULL;

    const char *text = arena_strndup(args->arena, args->at, (size_t)len);
    args->at += len;
    return text;
}

/* TEXT-CHARs, of which '"' and "\" need a backslash.  Bytes beyond ASCII have
 * to be UTF-8 (RFC 6855, 3), which some clients send without having asked for
 * it. */
static const char *read_quoted(struct imap_args *args)
{
    const char *at = args->at + 1;
    char *text;
    size_t len = 0;

    if (!imap_args_next_is(args, '"'))
        return NULL;
    text = arena_alloc(args->arena, (size_t)(args->end - at) + 1);
    for (; at < args->end && *at != '"'; at++) {
        if (*at == '\\' && (++at == args->end || (*at != '"' && *at != '\\')))
            return NULL;
        if (*at == '\0' || *at == '\r' || *at == '\n')
            return NULL;
        text[len++] = *at;
    }
    if (at == args->end || !utf8_valid(text, len))
        return NULL;
    args->at = at + 1;
    return text;
}

const char *imap_args_string(struct imap_args *args)
{
    return imap_args_next_is(args, '{') ? read_literal(args)
                                        : read_quoted(args);
}

static const char *read_class_or_string(struct imap_args *args, unsigned class)
{
    size_t len = span(args, class);

    return len > 0 ? take(args, len) : imap_args_string(args);
}

const char *imap_args_astring(struct imap_args *args)
{
    return read_class_or_string(args, ASTRING);
}

const char *imap_args_list_mailbox(struct imap_args *args)
{
    return read_class_or_string(args, LIST);
}

bool imap_args_nstring(struct imap_args *args, const char **text_out)
{
    *text_out = NULL;
    if (imap_args_word(args, "NIL"))
        return true;
    *text_out = imap_args_string(args);
    return *text_out != NULL;
}

bool imap_args_number(struct imap_args *args, uint64_t min, uint64_t max,
                      uint64_t *value_out)
{
    const char *at = args->at;
    uint64_t value = 0;

    for (; at < args->end && *at >= '0' && *at <= '9'; at++) {
        uint64_t digit = (uint64_t)(*at - '0');

        if (value > (max - digit) / 10 || digit > max)
            return false;
        value = value * 10 + digit;
    }
    if (at == args->at || value < min)
        return false;
    args->at = at;
    *value_out = value;
    return true;
}

/* --- Messages ------------------------------------------------------------ */

static void free_message(void *message)
{
    struct spool *spool = message;

    spool_free(&spool);
}

bool imap_args_message(struct imap_args *args, const struct spool **message_out,
                       bool *binary_out)
{
    const struct imap_literal *literal = message_here(args);
    uint64_t len;

    if (literal == NULL)
        return false;
    *binary_out = imap_args_char(args, '~');
    if (!read_literal_header(args, &len))
        return false;

    struct spool *message =
        spool_slice(args->messages, literal->offset, literal->size);
    arena_defer(args->arena, free_message, message);
    *message_out = message;
    return true;
}
