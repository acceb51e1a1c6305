/*
 * test_args.c - reading arguments, each reader for what it takes and what it
 * leaves
 */
#include <criterion/criterion.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "imap/args.h"
#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/exchange/mail.h"

static struct imap_args args_of(struct arena *arena, const char *text)
{
    struct imap_args args;

    imap_args_init(&args, arena, text, strlen(text));
    return args;
}

typedef const char *reader(struct imap_args *args);

/* clang-format off */
static const struct {
    const char *name;
    reader *read;
    const char *text;
    const char *value;   /* NULL: refused */
    const char *rest;
} strings[] = {
    { "an atom ends at a parenthesis", imap_args_atom, "abc(d", "abc", "(d" },
    { "an atom has no bracket", imap_args_atom, "a]b", "a", "]b" },
    { "an atom may have an opening bracket", imap_args_atom, "BODY[1]", "BODY[1", "]" },
    { "nothing is no atom", imap_args_atom, "", NULL, "" },
    { "a wildcard is no atom", imap_args_atom, "*", NULL, "*" },
    { "bytes beyond ASCII are no atom", imap_args_atom, "\xc3\xa4", NULL, "\xc3\xa4" },
    { "a tag has no plus", imap_args_tag, "a+b", "a", "+b" },
    { "a quoted string", imap_args_string, "\"a b\" c", "a b", " c" },
    { "escapes in a quoted string", imap_args_string, "\"a\\\"\\\\b\"", "a\"\\b", "" },
    { "an unknown escape", imap_args_string, "\"a\\nb\"", NULL, "\"a\\nb\"" },
    { "a quoted string without end", imap_args_string, "\"ab", NULL, "\"ab" },
    { "a quoted string ends in an escape", imap_args_string, "\"ab\\", NULL, "\"ab\\" },
    { "no line ends between quotes", imap_args_string, "\"a\r\nb\"", NULL, "\"a\r\nb\"" },
    { "an empty quoted string", imap_args_string, "\"\"", "", "" },
    { "a literal", imap_args_string, "{3}\r\na\"b c", "a\"b", " c" },
    { "a literal without waiting", imap_args_string, "{3+}\r\na\r\nc", "a\r\n", "c" },
    { "an empty literal", imap_args_string, "{0}\r\n", "", "" },
    { "an astring may be an atom with a bracket", imap_args_astring, "a]b c", "a]b", " c" },
    { "an astring may be a literal", imap_args_astring, "{2}\r\n\xc3\xa4", "\xc3\xa4", "" },
    { "a pattern may have wildcards", imap_args_list_mailbox, "a/%* b", "a/%*", " b" },
    { "a pattern may be quoted", imap_args_list_mailbox, "\"a b%\"", "a b%", "" },
};
/* clang-format on */

Test(imap_args, reads_strings)
{
    struct arena *arena = arena_new();

    for (size_t i = 0; i < sizeof strings / sizeof *strings; i++) {
        struct imap_args args = args_of(arena, strings[i].text);
        const char *value = strings[i].read(&args);

        if (strings[i].value == NULL) {
            cr_expect_null(value, "%s", strings[i].name);
            continue;
        }
        cr_expect_str_eq(value != NULL ? value : "(null)", strings[i].value,
                         "%s", strings[i].name);
        cr_expect_str_eq(args.at, strings[i].rest, "%s: the rest",
                         strings[i].name);
    }
    arena_free(&arena);
}

Test(imap_args, refuses_a_literal_with_a_nul_byte_or_missing_octets)
{
    struct arena *arena = arena_new();
    struct imap_args args;

    imap_args_init(&args, arena, "{3}\r\na\0b", 8);
    cr_expect_null(imap_args_string(&args));
    args = args_of(arena, "{5}\r\nab");
    cr_expect_null(imap_args_string(&args));
    arena_free(&arena);
}

Test(imap_args, takes_a_word_only_as_a_whole)
{
    struct arena *arena = arena_new();
    struct imap_args args = args_of(arena, "bodySTRUCTURE BODY[1]");

    cr_expect_not(imap_args_word(&args, "BODY"));
    cr_expect(imap_args_word(&args, "BODYSTRUCTURE"));
    cr_expect(imap_args_space(&args));
    cr_expect(imap_args_word(&args, "BODY"));
    cr_expect(imap_args_next_is(&args, '['));
    arena_free(&arena);
}

Test(imap_args, tells_nil_from_a_string)
{
    struct arena *arena = arena_new();
    struct imap_args args = args_of(arena, "nil \"NIL\" x");
    const char *text = "";

    cr_expect(imap_args_nstring(&args, &text));
    cr_expect_null(text);
    cr_expect(imap_args_space(&args));
    cr_expect(imap_args_nstring(&args, &text));
    cr_expect_str_eq(text, "NIL");
    cr_expect(imap_args_space(&args));
    cr_expect_not(imap_args_nstring(&args, &text));
    arena_free(&arena);
}

Test(imap_args, knows_the_range_of_numbers)
{
    static const struct {
        const char *text;
        uint64_t min, max;
        bool good;
    } numbers[] = {
        { "0", 0, 10, true },
        { "0", 1, 10, false },
        { "10", 0, 10, true },
        { "11", 0, 10, false },
        { "4294967295", 0, UINT32_MAX, true },
        { "4294967296", 0, UINT32_MAX, false },
        { "18446744073709551615", 0, UINT64_MAX, true },
        { "18446744073709551616", 0, UINT64_MAX, false },
        { "", 0, 10, false },
        { "-1", 0, 10, false },
        { "007", 0, 10, true },
        { "9", 0, 5, false },
    };
    struct arena *arena = arena_new();

    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        struct imap_args args = args_of(arena, numbers[i].text);
        uint64_t value;

        cr_expect_eq(
            imap_args_number(&args, numbers[i].min, numbers[i].max, &value),
            numbers[i].good, "%s", numbers[i].text);
    }
    arena_free(&arena);
}

Test(imap_args, reads_any_legal_set)
{
    static const struct {
        const char *text;
        const char *set;
    } sets[] = {
        { "1", "1:1" },         { "1,3,5", "1:1 3:3 5:5" },
        { "3:1", "3:1" },       { "*", "0:0" },
        { "*:4,7", "0:4 7:7" }, { "4294967295:*", "4294967295:0" },
        { "0", NULL },          { "1,,2", NULL },
        { "1:", NULL },         { ":2", NULL },
        { "4294967296", NULL }, { "1,", NULL },
        { "", NULL },           { "a", NULL },
    };
    struct arena *arena = arena_new();

    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
        struct imap_args args = args_of(arena, sets[i].text);
        struct imap_set set;
        struct buf text;

        if (!imap_args_set(&args, &set)) {
            cr_expect_null(sets[i].set, "%s", sets[i].text);
            continue;
        }
        buf_init(&text, arena);
        for (size_t j = 0; j < set.count; j++)
            buf_printf(&text, "%s%u:%u", j > 0 ? " " : "", set.ranges[j].first,
                       set.ranges[j].last);
        cr_expect_str_eq(text.data,
                         sets[i].set != NULL ? sets[i].set : "(refused)");
    }
    arena_free(&arena);
}

Test(imap_args, reads_flags_and_keywords)
{
    static const struct {
        const char *text;
        bool good;
        uint32_t flags;
        const char *category;
    } lists[] = {
        { "()", true, 0, NULL },
        { "(\\Seen \\DELETED)", true, MAIL_SEEN | MAIL_DELETED, NULL },
        { "($forwarded $MDNSent $Junk $NotJunk)", true,
          MAIL_FORWARDED | MAIL_MDN_SENT | MAIL_JUNK | MAIL_NOT_JUNK, NULL },
        { "(\\Answered Blue)", true, MAIL_ANSWERED, "Blue" },
        { "(Blue BLUE)", true, 0, "Blue" },
        { "($label4)", true, 0, "To Do" },
        { "(\\Recent)", false, 0, NULL },
        { "(\\Unheard)", false, 0, NULL },
        { "(\\*)", false, 0, NULL },
        { "( \\Seen)", false, 0, NULL },
        { "(\\Seen", false, 0, NULL },
        { "(\\Seen  \\Draft)", false, 0, NULL },
    };
    struct arena *arena = arena_new();

    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        struct imap_args args = args_of(arena, lists[i].text);
        struct imap_flags flags;
        bool good = imap_args_flag_list(&args, &flags);

        cr_expect_eq(good, lists[i].good, "%s", lists[i].text);
        if (!good)
            continue;
        cr_expect_eq(flags.flags, lists[i].flags, "%s", lists[i].text);
        if (lists[i].category == NULL) {
            cr_expect_null(flags.categories[0], "%s", lists[i].text);
        } else {
            cr_expect_str_eq(flags.categories[0], lists[i].category);
            cr_expect_null(flags.categories[1], "%s", lists[i].text);
        }
    }
    arena_free(&arena);
}

Test(imap_args, reads_dates)
{
    static const struct {
        const char *text;
        bool good;
        int64_t day;
    } dates[] = {
        { "1-Jan-1970", true, 0 },
        { "02-jan-1970", true, 1 },
        { "\"29-Feb-2024\"", true, 19782 },
        { "29-Feb-2023", false, 0 },
        { "31-Apr-2024", false, 0 },
        { "0-Jan-2024", false, 0 },
        { "1-Foo-2024", false, 0 },
        { "1-Jan-24", false, 0 },
        { "\"1-Jan-2024", false, 0 },
        { "1 Jan 2024", false, 0 },
        { "", false, 0 },
    };
    struct arena *arena = arena_new();

    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++) {
        struct imap_args args = args_of(arena, dates[i].text);
        int64_t day = 0;
        bool good = imap_args_date(&args, &day);

        cr_expect_eq(good, dates[i].good, "%s", dates[i].text);
        if (good)
            cr_expect_eq(day, dates[i].day, "%s: %" PRId64, dates[i].text, day);
    }
    arena_free(&arena);
}

Test(imap_args, reads_instants)
{
    static const struct {
        const char *text;
        bool good;
        int64_t time;
    } instants[] = {
        { "\" 1-Jan-1970 00:00:00 +0000\"", true, 0 },
        { "\"17-Jul-1996 02:44:25 -0700\"", true, 837596665 },
        { "\"01-Feb-2024 12:00:00 +0130\"", true, 1706783400 },
        { "\"1-Jan-1970 00:00:00 +0000\"", false, 0 },
        { "\"01-Jan-1970 24:00:00 +0000\"", false, 0 },
        { "\"01-Jan-1970 00:00:00 GMT\"", false, 0 },
        { "\"01-Jan-1970 00:00:00 +0000", false, 0 },
        { "\"01-Jan-1970 00:00:00", false, 0 },
        { "01-Jan-1970 00:00:00 +0000", false, 0 },
    };
    struct arena *arena = arena_new();

    for (size_t i = 0; i < sizeof instants / sizeof *instants; i++) {
        struct imap_args args = args_of(arena, instants[i].text);
        int64_t time = 0;
        bool good = imap_args_date_time(&args, &time);

        cr_expect_eq(good, instants[i].good, "%s", instants[i].text);
        if (good)
            cr_expect_eq(time, instants[i].time, "%s: %" PRId64,
                         instants[i].text, time);
    }
    arena_free(&arena);
}
