/*
 * test_mime_header.c - fields, address lists, envelopes, encoded words
 */
#include "proxy/format/mime.h"

#include <string.h>
#include <time.h>

#include <criterion/criterion.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/format/mime_charset.h"

Test(mime_header, walks_the_fields)
{
    static const char header[] =
        "A: 1\r\nrubbish\r\n folded rubbish\r\nb-c :\r\n 2\r\n\t3\r\n"
        ": no name\r\nD:4\n\r\nE: body\r\n";
    static const struct {
        const char *name, *value, *raw;
    } fields[] = {
        { "A", " 1\r\n", "A: 1\r\n" },
        { "b-c", "\r\n 2\r\n\t3\r\n", "b-c :\r\n 2\r\n\t3\r\n" },
        { "D", "4\n", "D:4\n" },
    };
    struct mime_field field;
    size_t offset = 0, i = 0;
    for (; mime_field_next(header, strlen(header), &offset, &field); i++) {
        cr_assert_lt(i, 3);
        cr_expect_eq(field.name_len, strlen(fields[i].name));
        cr_expect_eq(memcmp(field.name, fields[i].name, field.name_len), 0);
        cr_expect_eq(field.value_len, strlen(fields[i].value), "field %zu", i);
        cr_expect_eq(memcmp(field.value, fields[i].value, field.value_len), 0);
        cr_expect_eq(field.raw_len, strlen(fields[i].raw), "field %zu", i);
        cr_expect_eq(memcmp(field.raw, fields[i].raw, field.raw_len), 0);
    }
    cr_expect_eq(i, 3);
}

Test(mime_header, unfolds_and_trims_the_first_value_of_a_name)
{
    struct arena *arena = arena_new();
    static const char header[] =
        "X: y\r\nSUBJECT:  a\r\n  b\t \r\nSubject: c\r\nEmpty:\r\n";
    size_t len = strlen(header);
    cr_expect_str_eq(mime_header_value(arena, header, len, "Subject"), "a  b");
    cr_expect_str_eq(mime_header_value(arena, header, len, "empty"), "");
    cr_expect_null(mime_header_value(arena, header, len, "Sub"));
    arena_free(&arena);
}

/* name|route|mailbox|host, - where there is none */
static char *show(struct arena *arena, struct mime_addresses addresses)
{
    struct buf out;
    buf_init(&out, arena);
    buf_puts(&out, "");
    for (size_t i = 0; i < addresses.count; i++) {
        const struct mime_address *address = &addresses.list[i];
        const char *const members[] = { address->name, address->route,
                                        address->mailbox, address->host };
        buf_puts(&out, i == 0 ? "" : " ");
        for (size_t j = 0; j < 4; j++)
            buf_printf(&out, "%s%s", j == 0 ? "" : "|",
                       members[j] == NULL ? "-" : members[j]);
    }
    return out.data;
}

/* clang-format off */
static const struct {
    const char *value;
    const char *addresses;
} lists[] = {
    { "ann@example.com", "-|-|ann|example.com" },
    { "Ann <ann@example.com>, bob@b", "Ann|-|ann|example.com -|-|bob|b" },
    { "\"Smith, J.\" <j@x>", "Smith, J.|-|j|x" },
    { "\"q\\\"uote\" <a@b>", "q\"uote|-|a|b" },
    { "J\xc3\xb6rg <j@x>", "J\xc3\xb6rg|-|j|x" },
    { "J\xf6rg <j@x>", "J\xf6rg|-|j|x" },
    { "=?utf-8?Q?J=C3=B6rg?= <j@x>", "=?utf-8?Q?J=C3=B6rg?=|-|j|x" },
    { "Friends: a@b, C <c@d>;", "-|-|Friends|- -|-|a|b C|-|c|d -|-|-|-" },
    { "undisclosed-recipients:;", "-|-|undisclosed-recipients|- -|-|-|-" },
    { "a: (empty) ;, b@c (C), (nobody)", "-|-|a|- -|-|-|- C|-|b|c" },
    { "Open: a@b", "-|-|Open|- -|-|a|b -|-|-|-" },
    { "A:b@c;, d@e", "-|-|A|- -|-|b|c -|-|-|- -|-|d|e" },
    { "ann@x (Ann B.)", "Ann B.|-|ann|x" },
    { "Ann (the first) <ann@x>", "Ann|-|ann|x" },
    { "<@one,@two:c@d>", "-|@one,@two|c|d" },
    { "\"a b\"@c", "-|-|a b|c" },
    { "\"a@b\"@c", "-|-|a@b|c" },
    { "a@[1.2.3.4]", "-|-|a|[1.2.3.4]" },
    { "a@[IPv6:::1], b@c", "-|-|a|[IPv6:::1] -|-|b|c" },
    { "a@b; c@d", "-|-|a|b -|-|c|d" },
    { "a@b,,c@d,", "-|-|a|b -|-|c|d" },
    { "Ann <ann@x", "Ann|-|ann|x" },
    { "Ann <ann>", "Ann|-|ann|" },
    { "Ann <>", "Ann|-||" },
    { "postmaster", "-|-|postmaster|" },
    { "MS Exchange", "-|-|MS Exchange|" },
    { "foo@bar@baz", "-|-|foo@bar|baz" },
    { "Ann <sales> <ann@x>", "Ann <sales>|-|ann|x" },
    { "\"no end <a@b>, c@d", "-|-|no end <a@b>, c@d|" },
    { "((((nested)))) a@b", "(((nested)))|-|a|b" },
    { "", "" },
    { " , ; ", "" },
};
/* clang-format on */

Test(mime_address, reads_lists_of_any_kind)
{
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        struct arena *arena = arena_new();
        cr_expect_str_eq(
            show(arena, mime_addresses_parse(arena, lists[i].value)),
            lists[i].addresses, "%s", lists[i].value);
        arena_free(&arena);
    }
}

Test(mime_address, is_not_slowed_by_what_is_never_closed)
{
    struct arena *arena = arena_new();
    static const char *const patterns[] = { "(",  "<",  "\"",   "[", ":",
                                            "<@", "a ", "a@b,", "=?" };
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        struct buf value;
        buf_init(&value, arena);
        while (value.len < 64 * 1024)
            buf_puts(&value, patterns[i]);
        mime_addresses_parse(arena, value.data);
        mime_decode_words(arena, value.data);
    }
    arena_free(&arena);
}

/* A megabyte of beginnings: quadratic work would take minutes. */
Test(mime_words, are_not_slowed_by_words_that_never_end)
{
    struct arena *arena = arena_new();
    clock_t before = clock();
    struct buf value;

    buf_init(&value, arena);
    while (value.len < 1024 * 1024)
        buf_puts(&value, "=?utf-8?B?");
    cr_expect_str_eq(mime_decode_words(arena, value.data), value.data);
    cr_expect_lt((clock() - before) / CLOCKS_PER_SEC, 60);
    arena_free(&arena);
}

Test(mime_envelope, takes_its_fields_from_the_header)
{
    struct arena *arena = arena_new();
    static const char header[] =
        "Date: Wed, 17 Jul 1996 02:23:25 -0700 (PDT)\r\nSubject: IMAP4rev1\r\n "
        "WG\r\n"
        "From: Terry <gray@cac.example>\r\nTo: imap@cac.example\r\n"
        "Message-Id: <B27397@cac.example>\r\n\r\n";
    struct mime_envelope *envelope =
        mime_envelope_parse(arena, header, strlen(header));
    cr_expect_str_eq(envelope->date, "Wed, 17 Jul 1996 02:23:25 -0700 (PDT)");
    cr_expect_str_eq(envelope->subject, "IMAP4rev1 WG");
    cr_expect_str_eq(show(arena, envelope->from), "Terry|-|gray|cac.example");
    cr_expect_str_eq(show(arena, envelope->to), "-|-|imap|cac.example");
    cr_expect_str_eq(envelope->message_id, "<B27397@cac.example>");
    cr_expect_null(envelope->in_reply_to);
    cr_expect_eq(envelope->sender.count, 0);
    cr_expect_eq(envelope->reply_to.count, 0);
    arena_free(&arena);
}

Test(mime_words, carry_8_bit_bytes_in_words_of_75_characters)
{
    struct arena *arena = arena_new();
    struct buf name;

    buf_init(&name, arena);
    for (int i = 0; i < 60; i++)
        buf_puts(&name, i % 2 == 0 ? "\xc3\xb6" : "a");
    const char *words = mime_encode_words(arena, name.data);
    cr_expect_str_eq(mime_decode_words(arena, words), name.data);
    for (const char *at = words; at != NULL && *at != '\0';) {
        const char *end = strchr(at, ' ');
        cr_expect((end != NULL ? (size_t)(end - at) : strlen(at)) <= 75);
        at = end != NULL ? end + 1 : NULL;
    }
    cr_expect_str_eq(mime_encode_words(arena, "J\xf6rg"),
                     "=?utf-8?B?SsO2cmc=?=");
    cr_expect_str_eq(mime_encode_words(arena, "plain"), "plain");
    cr_expect_null(mime_encode_words(arena, NULL));
    arena_free(&arena);
}

/* clang-format off */
static const struct {
    const char *value;
    const char *text;
} words[] = {
    { "plain text", "plain text" },
    { "=?utf-8?Q?J=C3=B6rg_X?=", "J\xc3\xb6rg X" },
    { "=?UTF-8?b?SsO2cmc=?= rest", "J\xc3\xb6rg rest" },
    { "a =?utf-8?q?b?= c", "a b c" },
    { "=?utf-8?q?a?= =?utf-8?q?b?=", "ab" },
    { "=?utf-8?q?a?= =?iso-8859-1?q?=FC?=", "a\xc3\xbc" },
    { "=?utf-8?q?=E2=82?=  =?utf-8?q?=AC?=", "\xe2\x82\xac" },
    { "=?utf-8?q?a?= x =?utf-8?q?b?=", "a x b" },
    { "=?windows-1252?Q?=80?=", "\xe2\x82\xac" },
    { "=?iso-8859-1?Q?=80?=", "\xe2\x82\xac" },
    { "=?koi8-r?B?8NLJ18XU?=", "\xd0\x9f\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5\xd1\x82" },
    { "=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=", "\xe6\x97\xa5\xe6\x9c\xac" },
    { "=?gb2312?B?1tDOxA==?=", "\xe4\xb8\xad\xe6\x96\x87" },
    { "=?utf-8*de?Q?x?=", "x" },
    { "=?no-such?Q?x?=", "=?no-such?Q?x?=" },
    { "=?utf-8?X?x?=", "=?utf-8?X?x?=" },
    { "=?utf-8?B?***?=", "=?utf-8?B?***?=" },
    { "=?utf-8?Q?no end", "=?utf-8?Q?no end" },
    { "=?utf-8?Q?\?=", "" },
    { "=?=?utf-8?Q?x?=", "=?x" },
    { "=?utf-8?Q?a=3D=zz?=", "a==zz" },
    { "J\xc3\xb6rg", "J\xc3\xb6rg" },
    { "J\xf6rg", "J\xc3\xb6rg" },
    { "", "" },
};
/* clang-format on */

Test(mime_words, decodes_what_is_whole_and_leaves_the_rest)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        struct arena *arena = arena_new();
        cr_expect_str_eq(mime_decode_words(arena, words[i].value),
                         words[i].text, "%s", words[i].value);
        arena_free(&arena);
    }
}

Test(mime_charset, folds_case_in_any_language)
{
    static const char *const pairs[][2] = {
        { "Hello", "hELLO" },
        { "\xc3\x84pfel", "\xc3\xa4PFEL" },
        { "STRASSE", "stra\xc3\x9f"
                     "e" },
        { "\xce\xa3\xce\x91\xce\xa3", "\xcf\x83\xce\xb1\xcf\x82" },
        { "\xd0\x9f", "\xd0\xbf" },
    };
    struct arena *arena = arena_new();
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        cr_expect_str_eq(mime_fold_case(arena, pairs[i][0]),
                         mime_fold_case(arena, pairs[i][1]));
    cr_expect(mime_charset_known("UTF-8"));
    cr_expect(!mime_charset_known("klingon"));
    cr_expect(!mime_charset_known(""));
    arena_free(&arena);
}
