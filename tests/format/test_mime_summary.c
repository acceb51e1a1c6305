/*
 * test_mime_summary.c - what messages are sorted, threaded and searched by
 */
#include "proxy/format/mime_summary.h"

#include <string.h>
#include <time.h>

#include <criterion/criterion.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/time.h"
#include "proxy/format/mime_charset.h"

static struct mime_summary summarize(struct arena *arena, const char *header)
{
    struct mime_summary summary;
    mime_summarize(arena, header, strlen(header), &summary);
    return summary;
}

/* clang-format off */
static const struct {
    const char *subject;
    const char *base;
    bool is_reply;
} subjects[] = {
    { "", "", false },
    { "Bread", "BREAD", false },
    { "  Two \t words ", "TWO WORDS", false },
    { "folded\r\n\ttwice\r\n  over", "FOLDED TWICE OVER", false },
    { "Re: Bread", "BREAD", true },
    { "RE : Bread", "BREAD", true },
    { "Fw: Bread", "BREAD", true },
    { "fwd:Bread", "BREAD", true },
    { "Re: fw: FWD: re: Bread", "BREAD", true },
    { "Re[2]: Bread", "BREAD", true },
    { "Re [list] : Bread", "BREAD", true },
    { "Re[2][3]: Bread", "RE[2][3]: BREAD", false },
    { "Reply: Bread", "REPLY: BREAD", false },
    { "Aw: Bread", "AW: BREAD", false },
    { "Re Bread", "RE BREAD", false },
    { "Re:", "", true },
    { "Re: ", "", true },
    { "(fwd)", "", true },
    { "Bread (fwd)", "BREAD", true },
    { "Bread (FWD) (fwd)  ", "BREAD", true },
    { "Bread (fwd) now", "BREAD (FWD) NOW", false },
    { "[list] Bread", "BREAD", false },
    { "[list] [sub] Bread", "BREAD", false },
    { "[list] Re: [sub] Bread", "BREAD", true },
    { "[list] [sub] Re: Bread", "BREAD", true },
    { "Re: [list] Re: Bread", "BREAD", true },
    { "[list]", "[LIST]", false },
    { "[list] [sub]", "[SUB]", false },
    { "Re: [list]", "[LIST]", true },
    { "[list] (fwd)", "[LIST]", true },
    { "[list] Re:", "", true },
    { "[open", "[OPEN", false },
    { "[a[b] Bread", "[A[B] BREAD", false },
    { "[fwd: Bread]", "BREAD", true },
    { "[Fwd: Re: Bread (fwd)]", "BREAD", true },
    { "[fwd: [fwd: Bread]]", "BREAD", true },
    { "[fwd: [list] Bread] (fwd)", "BREAD", true },
    { "Re: [fwd: Bread]", "BREAD", true },
    { "[fwd: Bread] eaten", "EATEN", false },
    { "[fwd: Bread", "[FWD: BREAD", false },
    { "[fwd:]", "", true },
    { "=?utf-8?Q?Re=3A_Br=C3=B6tchen?=", "BRO\xcc\x88TCHEN", true },
    { "=?iso-8859-1?Q?[list]_?= =?iso-8859-1?Q?=E9t=E9?=", "E\xcc\x81TE\xcc\x81", false },
};

static const struct {
    const char *address;
    const char *mailbox;
    const char *display;
} addresses[] = {
    { "", "", "" },
    { "ann@example.com", "ANN", "ANN@EXAMPLE.COM" },
    { "Ann Baker <ann@example.com>, Bert <bert@example.com>", "ANN", "ANN BAKER" },
    { "\"Baker, Ann\" <a@example.com>", "A", "BAKER, ANN" },
    { "\"\" <a@example.com>", "A", "A@EXAMPLE.COM" },
    { "=?utf-8?Q?=C3=89ric?= <e@example.com>", "E", "E\xcc\x81RIC" },
    { "a@example.com (Ann)", "A", "ANN" },
    { "Team: ann@example.com, bert@example.com;", "TEAM", "TEAM" },
    { "Undisclosed recipients:;", "UNDISCLOSED RECIPIENTS", "UNDISCLOSED RECIPIENTS" },
    { "root", "ROOT", "ROOT" },
};

#define DAY INT64_C(86400)
static const struct {
    const char *date;
    int64_t sent;
    int64_t day;
} dates[] = {
    { "31 Dec 2000 16:01:33 -0800", 978307293, 11322 },
    { "Sun, 31 Dec 2000 16:01:33 -0800", 978307293, 11322 },
    { "Fri, 14 Sep 2001 01:00:00 +0900", 1000396800, 11579 },
    { "14 Sep 2001 01:00:00 nowhere", 11579 * DAY + 3600, 11579 },
    { "14 Sep 2001 25:00:00 +0900", 11579 * DAY, 11579 },
    { "14 Sep 2001", 11579 * DAY, 11579 },
    { "1 Jan 1969 01:00:00 +0000", -365 * DAY + 3600, -365 },
    { "31 Feb 2001 10:00:00 +0000", TIME_NONE, TIME_NONE },
    { "yesterday", TIME_NONE, TIME_NONE },
    { "", TIME_NONE, TIME_NONE },
};

static const struct {
    const char *fields;
    const char *id;
    const char *references;
} ids[] = {
    { "", "", "" },
    { "Message-ID: <a@x>\r\n", "a@x", "" },
    { "Message-ID: a@x\r\n", "", "" },
    { "Message-ID: <a>\r\n", "", "" },
    { "Message-ID: <@x> <a@>\r\n", "", "" },
    { "Message-ID: <\"01KF8JCEOCBS0045PS\"@xxx.yyy.com>\r\n", "01KF8JCEOCBS0045PS@xxx.yyy.com", "" },
    { "Message-ID: <\"a\\\"<b>\"@x>\r\n", "a\"<b>@x", "" },
    { "Message-ID: < A@x >\r\n", "A@x", "" },
    { "Message-ID: <a@x> <b@x>\r\nMessage-ID: <c@x>\r\n", "a@x", "" },
    { "References: <a@x>\r\n <b@x><c@x> rubbish <d> <e@x>\r\n", "", "a@x b@x c@x e@x" },
    { "References: <a@x <b@x>\r\n", "", "b@x" },
    { "References: none\r\nIn-Reply-To: <a@x>\r\n", "", "a@x" },
    { "In-Reply-To: Your message of \"Monday\" <a@x> <ann@example.com>\r\n", "", "a@x" },
    { "In-Reply-To: <b@x>\r\nReferences: <a@x>\r\n", "", "a@x" },
};
/* clang-format on */

Test(mime_summary, finds_the_base_subject)
{
    struct arena *arena = arena_new();
    for (size_t i = 0; i < sizeof subjects / sizeof *subjects; i++) {
        struct mime_summary summary =
            summarize(arena, arena_printf(arena, "Subject: %s\r\n",
                                          subjects[i].subject));
        cr_expect_str_eq(summary.base_subject, subjects[i].base, "%s: %s",
                         subjects[i].subject, summary.base_subject);
        cr_expect_eq(summary.is_reply, subjects[i].is_reply, "%s",
                     subjects[i].subject);
    }
    arena_free(&arena);
}

Test(mime_summary, finds_the_first_address)
{
    struct arena *arena = arena_new();
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
        const char *address = addresses[i].address;
        struct mime_summary summary = summarize(
            arena, arena_printf(arena, "From: %s\r\nTo: %s\r\nCC: %s\r\n",
                                address, address, address));
        cr_expect_str_eq(summary.from, addresses[i].mailbox, "%s", address);
        cr_expect_str_eq(summary.to, addresses[i].mailbox, "%s", address);
        cr_expect_str_eq(summary.cc, addresses[i].mailbox, "%s", address);
        cr_expect_str_eq(summary.display_from, addresses[i].display, "%s",
                         address);
        cr_expect_str_eq(summary.display_to, addresses[i].display, "%s",
                         address);
    }
    arena_free(&arena);
}

Test(mime_summary, reads_the_date_with_and_without_its_zone)
{
    struct arena *arena = arena_new();
    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++) {
        struct mime_summary summary = summarize(
            arena, arena_printf(arena, "Date: %s\r\n", dates[i].date));
        cr_expect_eq(summary.sent, dates[i].sent, "%s: %lld", dates[i].date,
                     (long long)summary.sent);
        cr_expect_eq(summary.sent_day, dates[i].day, "%s: %lld", dates[i].date,
                     (long long)summary.sent_day);
    }
    arena_free(&arena);
}

Test(mime_summary, reads_the_ids)
{
    struct arena *arena = arena_new();
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        struct mime_summary summary = summarize(arena, ids[i].fields);
        cr_expect_str_eq(summary.message_id, ids[i].id, "%s", ids[i].fields);
        cr_expect_str_eq(summary.references, ids[i].references, "%s: %s",
                         ids[i].fields, summary.references);
    }
    arena_free(&arena);
}

Test(mime_summary, keeps_whole_fields_for_searching)
{
    struct arena *arena = arena_new();
    struct mime_summary summary =
        summarize(arena, "Subject: One =?utf-8?Q?=C3=89T=C3=89?=\r\n"
                         "To: Ann <ann@EXAMPLE.com>\r\n"
                         "subject: TWO\r\n  lines\r\n"
                         "to: Bert\r\n"
                         "Bcc:\r\n\r\nTo: nobody\r\n");
    cr_expect_str_eq(summary.all_subject,
                     "one \xc3\xa9t\xc3\xa9\ntwo  lines");
    cr_expect_str_eq(summary.base_subject,
                     "ONE E\xcc\x81TE\xcc\x81");
    cr_expect_str_eq(summary.all_to, "ann <ann@example.com>\nbert");
    cr_expect_str_eq(summary.all_from, "");
    cr_expect_str_eq(summary.all_cc, "");
    cr_expect_str_eq(summary.all_bcc, "");
    arena_free(&arena);
}

Test(mime_summary, searches_addresses_without_their_comments)
{
    static const struct {
        const char *name;
        const char *value;
        const char *text;
    } cases[] = {
        { "From", "<ann (a)@ (b) example.com>, Bert <b@example.com>",
          "<ann (a)@ (b) example.com>, Bert <b@example.com>\n"
          "ann@example.com\nb@example.com" },
        { "to", "ann @ example.com", "ann @ example.com\nann@example.com" },
        { "Cc", "Ann <ann@example.com>", "Ann <ann@example.com>" },
        { "Bcc", "(nobody)", "(nobody)" },
        { "Subject", "ann (a)@example.com", "ann (a)@example.com" },
    };
    struct arena *arena = arena_new();

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect_str_eq(
            mime_search_text(arena, cases[i].name, cases[i].value),
            cases[i].text, "%s", cases[i].value);
    struct mime_summary summary =
        summarize(arena, "From: A (b)@example.com\r\n\r\n");
    cr_expect_str_eq(summary.all_from, "a (b)@example.com\na@example.com");
    arena_free(&arena);
}

Test(mime_summary, takes_time_in_proportion_to_its_length)
{
    static const char *const pieces[] = { "[a]",   "re[a]:", "[fwd:", "(fwd)",
                                          "<\"a@", "<a@x>",  "[" };
    struct arena *arena = arena_new();
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        struct buf header;
        buf_init(&header, arena);
        buf_puts(&header, "Subject: ");
        for (size_t j = 0; j < 200000; j++)
            buf_puts(&header, pieces[i]);
        buf_puts(&header, "\r\nReferences: ");
        for (size_t j = 0; j < 200000; j++)
            buf_puts(&header, pieces[i]);
        clock_t before = clock();
        summarize(arena, header.data);
        cr_expect_lt((clock() - before) / CLOCKS_PER_SEC, 15, "%s", pieces[i]);
    }
    arena_free(&arena);
}

Test(mime_summary, sorts_by_title_case)
{
    struct arena *arena = arena_new();
    /* An umlaut is its letter and a mark, and comes with its letter. */
    static const char *const ascending[] = { "Alpha", "\xc3\xa4", "b",
                                             "C",     "_",        "\xce\xb1" };
    for (size_t i = 0; i + 1 < sizeof ascending / sizeof *ascending; i++)
        cr_expect_lt(strcmp(mime_casemap(arena, ascending[i]),
                            mime_casemap(arena, ascending[i + 1])),
                     0, "%s %s", ascending[i], ascending[i + 1]);
    /* RFC 5051's example: U+01C4 becomes U+01C5, and that three characters. */
    cr_expect_str_eq(mime_casemap(arena, "\xc7\x84"), "Dz\xcc\x8c");
    cr_expect_str_eq(mime_casemap(arena, "\xff"), "\xef\xbf\xbd");
    arena_free(&arena);
}
