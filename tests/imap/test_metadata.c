/*
 * test_metadata.c - comments of mailboxes and colours of categories (RFC 5464)
 */
#include <criterion/criterion.h>

#include <string.h>

#include "tests/exchange/exchange.h"
#include "tests/imap/ann.h"

TestSuite(imap_metadata, .init = ann_begin, .fini = ann_end);

/* clang-format off */
struct line {
    const char *command;
    const char *answer;
};

#define GOT "a OK GETMETADATA completed\n"
#define SET "a OK SETMETADATA completed\n"
#define COLOR "/shared/vendor/vendor.postern/color"

static const struct line comments[] = {
    { "GETMETADATA INBOX /shared/comment",
      "* METADATA INBOX (/shared/comment NIL)\n" GOT },
    { "SETMETADATA INBOX (/shared/comment \"Mail for all\")", SET },
    { "GETMETADATA INBOX /SHARED/Comment",
      "* METADATA INBOX (/shared/comment \"Mail for all\")\n" GOT },
    { "GETMETADATA INBOX (/private/comment /shared/comment)",
      "* METADATA INBOX (/private/comment NIL /shared/comment \"Mail for all\")\n" GOT },
    { "GETMETADATA (DEPTH 1) INBOX /shared",
      "* METADATA INBOX (/shared/comment \"Mail for all\")\n" GOT },
    { "GETMETADATA INBOX (DEPTH infinity MAXSIZE 100) (/shared /private)",
      "* METADATA INBOX (/shared/comment \"Mail for all\")\n" GOT },
    { "GETMETADATA (DEPTH 0) INBOX /shared",
      "* METADATA INBOX (/shared NIL)\n" GOT },
    { "GETMETADATA (MAXSIZE 5) INBOX /shared/comment",
      "a OK [METADATA LONGENTRIES 12] GETMETADATA completed\n" },
    { "GETMETADATA Sent /shared/comment",
      "* METADATA Sent (/shared/comment NIL)\n" GOT },
    { "SETMETADATA INBOX (/shared/comment {9}\nB\xc3\xbc" "cher!!)", "+\n" SET },
    { "SETMETADATA INBOX (/shared/comment NIL)", SET },
    { "GETMETADATA INBOX /shared/comment",
      "* METADATA INBOX (/shared/comment NIL)\n" GOT },
};

static const struct line refusals[] = {
    { "SETMETADATA INBOX (/private/comment \"x\")",
      "a NO [METADATA NOPRIVATE] Exchange keeps nothing for one user alone\n" },
    { "SETMETADATA INBOX (/shared/comment \"x\" /private/comment NIL)",
      "a NO [METADATA NOPRIVATE] Exchange keeps nothing for one user alone\n" },
    { "SETMETADATA INBOX (/shared/other \"x\")",
      "a NO [CANNOT] Exchange has no place for this\n" },
    { "SETMETADATA \"\" (" COLOR "/Red \"#ffffff\")",
      "a NO [CANNOT] Exchange has no place for this\n" },
    { "SETMETADATA nothing (/shared/comment \"x\")",
      "a NO [NONEXISTENT] No such mailbox\n" },
    { "SETMETADATA INBOX (/shared/comment {1}\n\xff)",
      "+\na NO [CANNOT] A comment is text in UTF-8\n" },
    { "SETMETADATA INBOX /shared/comment \"x\"",
      "a BAD SETMETADATA takes a mailbox, and entries with values\n" },
    { "SETMETADATA INBOX (/shared/* \"x\")",
      "a BAD SETMETADATA takes a mailbox, and entries with values\n" },
    { "GETMETADATA INBOX comment",
      "a BAD GETMETADATA takes options, a mailbox and entries\n" },
    { "GETMETADATA INBOX /shared//comment",
      "a BAD GETMETADATA takes options, a mailbox and entries\n" },
    { "GETMETADATA (DEPTH 2) INBOX /shared/comment",
      "a BAD GETMETADATA takes options, a mailbox and entries\n" },
    { "GETMETADATA nothing /shared/comment",
      "a NO [NONEXISTENT] No such mailbox\n" },
    { "GETMETADATA INBOX /shared/comment",
      "* METADATA INBOX (/shared/comment NIL)\n" GOT },
};

static const struct line colors[] = {
    { "GETMETADATA \"\" (DEPTH 1) " COLOR,
      "* METADATA \"\" (" COLOR "/Red=20Category \"#e7a1a2\" "
      COLOR "/$label4 \"#9db7e8\")\n" GOT },
    { "GETMETADATA \"\" (DEPTH 1) /shared", GOT },
    { "GETMETADATA \"\" " COLOR "/$LABEL4",
      "* METADATA \"\" (" COLOR "/$label4 \"#9db7e8\")\n" GOT },
    { "GETMETADATA \"\" /shared/admin",
      "* METADATA \"\" (/shared/admin NIL)\n" GOT },
};
/* clang-format on */

static void expect_all(const struct line lines[], size_t count)
{
    for (size_t i = 0; i < count; i++)
        ann_expect(lines[i].command, lines[i].answer);
}

Test(imap_metadata, keeps_a_comment_for_each_mailbox)
{
    expect_all(comments, sizeof comments / sizeof *comments);
}

Test(imap_metadata, refuses_what_exchange_has_no_place_for)
{
    expect_all(refusals, sizeof refusals / sizeof *refusals);
}

Test(imap_metadata, tells_the_colours_of_categories)
{
    expect_all(colors, sizeof colors / sizeof *colors);
}

Test(imap_metadata, takes_no_comment_that_is_too_long)
{
    static char text[9001];

    memset(text, 'x', sizeof text - 1);
    cr_expect_str_eq(
        imap_client_say(ann, "a SETMETADATA INBOX (/shared/comment \"%s\")\n",
                        text),
        "a NO [METADATA MAXSIZE 8192] The value is too long\n");
}

Test(imap_metadata, costs_one_call)
{
    imap_client_say(ann, "a LIST \"\" *\n");
    exchange_reset_calls(imap_world_exchange(world));
    imap_client_say(ann, "a GETMETADATA INBOX /shared/comment\n");
    cr_expect_eq(exchange_calls(imap_world_exchange(world), NULL), 1);
    imap_client_say(ann, "a SETMETADATA INBOX (/shared/comment \"x\")\n");
    cr_expect_eq(exchange_calls(imap_world_exchange(world), NULL), 2);
    imap_client_say(ann, "a GETMETADATA \"\" (DEPTH 1) " COLOR "\n");
    cr_expect_eq(exchange_calls(imap_world_exchange(world), NULL), 3);
}
