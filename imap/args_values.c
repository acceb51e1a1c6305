/*
 * args_values.c - reading a command's arguments: sets, flags and dates
 */
#include "imap/args.h"

#include <string.h>

#include "imap/keyword.h"
#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "proxy/exchange/mail.h"

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
