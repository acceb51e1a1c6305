/*
 * args.c - reading a command's arguments, one after the other
 */
#include "imap/args.h"

#include <string.h>

#include "imap/frame.h"
#include "imap/keyword.h"
#include "proxy/base/arena.h"
#include "proxy/base/spool.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "proxy/base/utf8.h"
#include "proxy/exchange/mail.h"

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

/* TEXT-CHARs, of which '"' and "\" need a backslash.  Bytes beyond ASCII have to
 * be UTF-8 (RFC 6855, 3), which some clients send without having asked for it. */
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

/* --- Sequence sets ------------------------------------------------------- */

static bool read_set_number(struct imap_args *args, uint32_t *number_out)
{
    uint64_t number = IMAP_STAR;

    if (!imap_args_char(args, '*') &&
        !imap_args_number(args, 1, UINT32_MAX, &number))
        return false;
    *number_out = (uint32_t)number;
    return true;
}

static bool read_range(struct imap_args *args, struct imap_range *range)
{
    if (!read_set_number(args, &range->first))
        return false;
    range->last = range->first;
    return !imap_args_char(args, ':') || read_set_number(args, &range->last);
}

bool imap_args_set(struct imap_args *args, struct imap_set *set_out)
{
    size_t capacity = 1;

    for (const char *at = args->at; at < args->end && *at != ' '; at++)
        capacity += *at == ',';
    set_out->ranges =
        arena_array(args->arena, capacity, sizeof *set_out->ranges);
    set_out->count = 0;
    set_out->saved = false;
    do {
        /* Nothing follows "$" (RFC 5182, section 3). */
        if (imap_args_char(args, '$')) {
            set_out->saved = true;
            return true;
        }
        if (set_out->count == capacity ||
            !read_range(args, &set_out->ranges[set_out->count]))
            return false;
        set_out->count++;
    } while (imap_args_char(args, ','));
    return true;
}

/* --- Flags --------------------------------------------------------------- */

/* clang-format off */
static const struct {
    const char *name;
    uint32_t flag;
} system_flags[] = {
    { "Answered", MAIL_ANSWERED },
    { "Deleted",  MAIL_DELETED },
    { "Draft",    MAIL_DRAFT },
    { "Flagged",  MAIL_FLAGGED },
    { "Seen",     MAIL_SEEN },
};
/* clang-format on */

#define SYSTEM_FLAGS (sizeof system_flags / sizeof *system_flags)

static bool read_system_flag(struct imap_args *args, uint32_t *flags)
{
    const char *name = imap_args_atom(args);

    for (size_t i = 0; name != NULL && i < SYSTEM_FLAGS; i++)
        if (str_equal_nocase(name, system_flags[i].name)) {
            *flags |= system_flags[i].flag;
            return true;
        }
    return false;
}

/* A category named twice, in whatever case, is one. */
static void add_category(const char **categories, size_t *count,
                         const char *category)
{
    for (size_t i = 0; i < *count; i++)
        if (str_equal_nocase(categories[i], category))
            return;
    categories[(*count)++] = category;
}

/* Flags and the spaces between them, at least one. */
static bool read_flags(struct imap_args *args, struct imap_flags *flags_out)
{
    size_t capacity = 2;
    size_t count = 0;
    const char **categories;

    for (const char *at = args->at; at < args->end; at++)
        capacity += *at == ' ';
    categories = arena_array(args->arena, capacity, sizeof *categories);
    flags_out->categories = categories;
    do {
        const char *category = NULL;
        uint32_t flag = 0;

        if (imap_args_char(args, '\\')) {
            if (!read_system_flag(args, &flag))
                return false;
        } else if (!imap_keyword_read(args->arena, imap_args_atom(args), &flag,
                                      &category)) {
            return false;
        }
        flags_out->flags |= flag;
        if (category != NULL)
            add_category(categories, &count, category);
    } while (imap_args_space(args));
    return true;
}

bool imap_args_flag_list(struct imap_args *args, struct imap_flags *flags_out)
{
    static const char *const none[] = { NULL };

    *flags_out = (struct imap_flags){ .flags = 0, .categories = none };
    if (!imap_args_char(args, '('))
        return false;
    if (imap_args_char(args, ')'))
        return true;
    return read_flags(args, flags_out) && imap_args_char(args, ')');
}

bool imap_args_store_flags(struct imap_args *args, struct imap_flags *flags_out)
{
    if (imap_args_next_is(args, '('))
        return imap_args_flag_list(args, flags_out);
    flags_out->flags = 0;
    return read_flags(args, flags_out);
}

/* --- Dates --------------------------------------------------------------- */

static bool read_month(struct imap_args *args, unsigned *month_out)
{
    static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

    if (args->end - args->at < 3)
        return false;
    for (unsigned i = 0; i < 12; i++) {
        char name[4] = { names[i * 3], names[i * 3 + 1], names[i * 3 + 2],
                         '\0' };

        if (str_is_nocase(args->at, 3, name)) {
            args->at += 3;
            *month_out = i + 1;
            return true;
        }
    }
    return false;
}

/* Exactly so many digits. */
static bool read_digits(struct imap_args *args, size_t digits, unsigned max,
                        unsigned *value_out)
{
    unsigned value = 0;

    if ((size_t)(args->end - args->at) < digits)
        return false;
    for (size_t i = 0; i < digits; i++) {
        if (args->at[i] < '0' || args->at[i] > '9')
            return false;
        value = value * 10 + (unsigned)(args->at[i] - '0');
    }
    args->at += digits;
    *value_out = value;
    return value <= max;
}

/* What follows the day's digits: "-Feb-1994".  No 30th of February. */
static bool read_day(struct imap_args *args, unsigned day, int64_t *day_out)
{
    unsigned month, year, real_month, real_day;
    int64_t real_year;

    if (!imap_args_char(args, '-') || !read_month(args, &month) ||
        !imap_args_char(args, '-') || !read_digits(args, 4, 9999, &year))
        return false;
    *day_out = time_day_from_civil(year, month, day);
    time_civil_from_day(*day_out, &real_year, &real_month, &real_day);
    return real_day == day;
}

bool imap_args_date(struct imap_args *args, int64_t *day_out)
{
    bool quoted = imap_args_char(args, '"');
    bool two_digits = args->end - args->at >= 2 && args->at[1] != '-';
    unsigned day;

    return read_digits(args, two_digits ? 2 : 1, 31, &day) &&
           read_day(args, day, day_out) &&
           (!quoted || imap_args_char(args, '"'));
}

static bool read_zone(struct imap_args *args, int64_t *seconds_out)
{
    bool west = imap_args_next_is(args, '-');
    unsigned hours, minutes;

    if ((!west && !imap_args_next_is(args, '+')) || args->at++ == args->end ||
        !read_digits(args, 2, 99, &hours) ||
        !read_digits(args, 2, 59, &minutes))
        return false;
    *seconds_out = (int64_t)(hours * 3600 + minutes * 60) * (west ? -1 : 1);
    return true;
}

bool imap_args_date_time(struct imap_args *args, int64_t *time_out)
{
    unsigned day, hour, minute, second;
    int64_t days, zone;

    if (!imap_args_char(args, '"') ||
        !read_digits(args, imap_args_space(args) ? 1 : 2, 31, &day) ||
        !read_day(args, day, &days) || !imap_args_space(args) ||
        !read_digits(args, 2, 23, &hour) || !imap_args_char(args, ':') ||
        !read_digits(args, 2, 59, &minute) || !imap_args_char(args, ':') ||
        !read_digits(args, 2, 60, &second) || !imap_args_space(args) ||
        !read_zone(args, &zone) || !imap_args_char(args, '"'))
        return false;
    *time_out = days * 86400 + hour * 3600 + minute * 60 + second - zone;
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
