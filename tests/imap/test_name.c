/*
 * test_name.c - folder trees and mailbox names, back and forth
 */
#include <criterion/criterion.h>

#include <string.h>

#include "imap/name.h"
#include "imap/utf7.h"
#include "proxy/base/arena.h"
#include "proxy/base/buf.h"

/* clang-format off */
static const struct folder tree[] = {
    { 1, 0, FOLDER_MAIL,     FOLDER_INBOX,  .name = "Inbox" },
    { 2, 0, FOLDER_MAIL,     FOLDER_SENT,   .name = "Sent" },
    { 3, 0, FOLDER_CALENDAR, FOLDER_CALENDAR_MAIN, .name = "Calendar" },
    { 4, 3, FOLDER_CALENDAR, FOLDER_PLAIN,  .name = "Birthdays" },
    { 5, 0, FOLDER_CONTACTS, FOLDER_CONTACTS_MAIN, .name = "Contacts" },
    { 6, 5, FOLDER_MAIL,     FOLDER_PLAIN,  .name = "Letters" },
    { 7, 1, FOLDER_MAIL,     FOLDER_PLAIN,  .name = "Below" },
    { 11, 1, FOLDER_MAIL,    FOLDER_PLAIN,  .name = "Sent" },
    { 12, 0, FOLDER_MAIL,    FOLDER_PLAIN,  .name = "a/b>c" },
    { 13, 12, FOLDER_MAIL,   FOLDER_PLAIN,  .name = "100% \"*\" \\" },
    { 14, 0, FOLDER_MAIL,    FOLDER_PLAIN,  .name = "Gr\xc3\xbc\xc3\x9f" "e & K\xc3\xbcsse" },
    { 15, 0, FOLDER_MAIL,    FOLDER_PLAIN,  .name = "\xf0\x9f\x98\x80" },
    { 16, 0, FOLDER_MAIL,    FOLDER_PLAIN,  .name = " both ends " },
    { 17, 0, FOLDER_MAIL,    FOLDER_PLAIN,  .name = "tab\there\x7f" },
    { 18, 0, FOLDER_MAIL,    FOLDER_PLAIN,  .name = "x=2Fy" },
    { 19, 0, FOLDER_MAIL,    FOLDER_PLAIN,  .name = "calendar" },
};

static const char *const names[] = {
    "INBOX", "Sent", "Calendar", "Calendar/Birthdays", "Contacts", "Contacts/Letters",
    "INBOX/Below", "INBOX/Sent", "a=2Fb>c",
    "a=2Fb>c/100% \"*\" \\", "Gr&APwA3w-e &- K&APw-sse", "&2D3eAA-", " both ends ",
    "tab=09here=7F", "x=3D2Fy", "calendar",
};
/* clang-format on */

#define FOLDERS (sizeof tree / sizeof *tree)

Test(imap_name, gives_every_folder_a_name_of_its_own)
{
    struct arena *arena = arena_new();
    struct imap_mailboxes mailboxes;

    imap_mailboxes_build(arena, tree, FOLDERS, &mailboxes);
    cr_assert_eq(mailboxes.count, FOLDERS);
    for (size_t i = 0; i < FOLDERS; i++) {
        cr_expect_str_eq(mailboxes.list[i].name, names[i]);
        for (size_t j = 0; j < i; j++)
            cr_expect_str_neq(mailboxes.list[i].name, mailboxes.list[j].name);
    }
    arena_free(&arena);
}

Test(imap_name, shows_mail_folders_and_what_is_above_them)
{
    struct arena *arena = arena_new();
    struct imap_mailboxes mailboxes;

    imap_mailboxes_build(arena, tree, FOLDERS, &mailboxes);
    cr_expect_null(imap_mailboxes_find(&mailboxes, "Calendar"));
    cr_expect_null(imap_mailboxes_find(&mailboxes, "Calendar/Birthdays"));
    cr_expect_not(imap_mailboxes_find(&mailboxes, "Contacts")->selectable);
    cr_expect(imap_mailboxes_find(&mailboxes, "Contacts")->has_children);
    cr_expect(imap_mailboxes_find(&mailboxes, "inbox/Below")->selectable);
    cr_expect_null(imap_mailboxes_find(&mailboxes, "inbox/below"));
    cr_expect_null(imap_mailboxes_find(&mailboxes, "SENT"));
    cr_expect_eq(imap_mailboxes_find(&mailboxes, "InBoX")->folder->id, 1);
    arena_free(&arena);
}

Test(imap_name, makes_a_folder_of_every_name_that_it_would_show)
{
    struct arena *arena = arena_new();

    for (size_t i = 3; i < FOLDERS; i++) {
        struct folder without[FOLDERS];
        struct imap_mailboxes mailboxes;
        struct imap_place place;

        if (tree[i].use != FOLDER_PLAIN)
            continue;
        /* The tree as it is before that folder is made. */
        memcpy(without, tree, sizeof tree);
        without[i].name = "elsewhere";
        imap_mailboxes_build(arena, without, FOLDERS, &mailboxes);
        cr_expect(imap_mailboxes_place(&mailboxes, arena, names[i], &place),
                  "%s", names[i]);
        cr_expect_eq(place.count, 1, "%s", names[i]);
        cr_expect_eq(place.parent, tree[i].parent, "%s", names[i]);
        cr_expect_str_eq(place.names[0], tree[i].name);
    }
    arena_free(&arena);
}

Test(imap_name, finds_the_place_below_missing_folders)
{
    struct arena *arena = arena_new();
    struct imap_mailboxes mailboxes;
    struct imap_place place;

    imap_mailboxes_build(arena, tree, FOLDERS, &mailboxes);
    cr_assert(
        imap_mailboxes_place(&mailboxes, arena, "inbox/x/Sent/y", &place));
    cr_expect_eq(place.parent, 1);
    cr_expect_eq(place.count, 3);
    cr_expect_str_eq(place.names[0], "x");
    cr_expect_str_eq(place.names[1], "Sent");
    cr_expect_str_eq(place.names[2], "y");
    cr_expect_null(place.names[3]);
    arena_free(&arena);
}

Test(imap_name, refuses_names_that_no_folder_can_have)
{
    static const char *const bad[] = {
        "",           "a//b",          "/a",     "a/",
        "b\xc3\xa4r", "a\tb",          "&",      "&AOQ",
        "&AGE-",      "Gr&APw-&AN8-e", "&2D0-",  "&3gA-",
        "&AOR-",      "&A-",           "&AOQA-", "x&2D3eAAAA-",
    };
    struct arena *arena = arena_new();
    struct imap_mailboxes mailboxes;
    struct imap_place place;

    imap_mailboxes_build(arena, tree, FOLDERS, &mailboxes);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        cr_expect_not(imap_mailboxes_place(&mailboxes, arena, bad[i], &place),
                      "%s", bad[i]);
    arena_free(&arena);
}

Test(imap_name, encodes_every_character_and_decodes_it)
{
    struct arena *arena = arena_new();

    for (uint32_t c = 1; c < 0x110000; c += c < 0x3000 ? 1 : 97) {
        char text[16] = "x";
        struct buf encoded, decoded;
        size_t len = 1;

        if (c >= 0xd800 && c <= 0xdfff)
            continue;
        if (c < 0x80) {
            text[len++] = (char)c;
        } else if (c < 0x800) {
            text[len++] = (char)(0xc0 | c >> 6);
            text[len++] = (char)(0x80 | (c & 0x3f));
        } else if (c < 0x10000) {
            text[len++] = (char)(0xe0 | c >> 12);
            text[len++] = (char)(0x80 | (c >> 6 & 0x3f));
            text[len++] = (char)(0x80 | (c & 0x3f));
        } else {
            text[len++] = (char)(0xf0 | c >> 18);
            text[len++] = (char)(0x80 | (c >> 12 & 0x3f));
            text[len++] = (char)(0x80 | (c >> 6 & 0x3f));
            text[len++] = (char)(0x80 | (c & 0x3f));
        }
        buf_init(&encoded, arena);
        buf_init(&decoded, arena);
        imap_utf7_encode(&encoded, text);
        cr_assert(imap_utf7_decode(&decoded, encoded.data), "U+%04X %s", c,
                  encoded.data);
        cr_assert_str_eq(decoded.data, text);
    }
    arena_free(&arena);
}

Test(imap_name, matches_patterns)
{
    /* clang-format off */
    static const struct {
        const char *pattern;
        const char *name;
        bool matches;
    } cases[] = {
        { "*", "a/b/c", true },           { "%", "a", true },
        { "%", "a/b", false },            { "%/%", "a/b", true },
        { "%/%", "a", false },            { "a/%", "a/b", true },
        { "a/%", "a/b/c", false },        { "a/*", "a/b/c", true },
        { "a*c", "a/b/c", true },         { "a%c", "abc", true },
        { "a%c", "a/c", false },          { "%b%", "abc", true },
        { "*b*", "a/b/c", true },         { "inbox", "INBOX", true },
        { "iNb%", "INBOX", true },        { "inbox/b", "INBOX/b", true },
        { "inbox/B", "INBOX/b", false },  { "inboxes", "INBOXES", false },
        { "sent", "Sent", false },        { "Sent", "Sent", true },
        { "", "", true },                 { "", "a", false },
        { "a", "", false },               { "**", "", true },
        { "%%%%a", "aaa", true },         { "x/%/z", "x/y/z", true },
    };
    /* clang-format on */
    struct arena *arena = arena_new();

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect_eq(
            imap_pattern_matches(arena, cases[i].pattern, cases[i].name),
            cases[i].matches, "%s %s", cases[i].pattern, cases[i].name);
    arena_free(&arena);
}

Test(imap_name, matches_wild_patterns_in_little_time)
{
    struct arena *arena = arena_new();
    char pattern[1001];
    char name[1001];

    memset(pattern, '*', 1000);
    memset(name, 'a', 1000);
    pattern[1000] = name[1000] = '\0';
    pattern[999] = 'b';
    for (int i = 0; i < 999; i += 2)
        pattern[i] = 'a';
    cr_expect_not(imap_pattern_matches(arena, pattern, name));
    arena_free(&arena);
}
