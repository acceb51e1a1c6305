/*
 * test_esearch.c - what searches return, save and are asked by
 *
 * RFC 4731, 5182, 9394, 5032, 7162 (MODSEQ), 8474, 8514, 9051
 */
#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>

#include "proxy/base/arena.h"
#include "proxy/base/time.h"
#include "tests/exchange/exchange.h"
#include "tests/imap/ann.h"

#define USER "ann@example.com"
#define HOUR 3600

static struct exchange *exchange;

/* Ten messages, of which 2, 4, 5, 6 and 9 are flagged; their UIDs are one more
 * than their numbers. */
static void begin(void)
{
    world = imap_world_new();
    exchange = imap_world_exchange(world);
    ann = imap_client_ann(world);
    for (int i = 0; i < 11; i++)
        imap_world_add(world, NULL, i % 2 ? "odd" : "even");
    imap_client_say(ann, "a SELECT INBOX\n");
    imap_client_say(ann, "a STORE 1 +FLAGS.SILENT (\\Deleted)\n");
    imap_client_say(ann, "a EXPUNGE\n");
    imap_client_say(ann, "a STORE 2,4:6,9 +FLAGS.SILENT (\\Flagged)\n");
}

TestSuite(imap_esearch, .init = begin, .fini = ann_end);

struct exchanged {
    const char *said;
    const char *heard; /* as imap_is_like takes it; the tag is "a" */
};

static void converse(const struct exchanged lines[], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *heard = imap_client_say(ann, "a %s\n", lines[i].said);

        cr_expect(imap_is_like(heard, lines[i].heard), "%s\n%s", lines[i].said,
                  heard);
    }
}
#define CONVERSE(lines) converse(lines, sizeof(lines) / sizeof *(lines))

#define OK "a OK SEARCH completed\n"
#define UID_OK "a OK UID SEARCH completed\n"
#define TAG "* ESEARCH (TAG \"a\")"

Test(imap_esearch, returns_what_is_asked_for)
{
    /* clang-format off */
    static const struct exchanged lines[] = {
        { "SEARCH RETURN (MIN COUNT) FLAGGED", TAG " MIN 2 COUNT 5\n" OK },
        { "SEARCH RETURN () FLAGGED",          TAG " ALL 2,4:6,9\n" OK },
        { "SEARCH RETURN (ALL) FLAGGED",       TAG " ALL 2,4:6,9\n" OK },
        { "SEARCH RETURN (min) FLAGGED",       TAG " MIN 2\n" OK },
        { "SEARCH RETURN (MAX) FLAGGED",       TAG " MAX 9\n" OK },
        { "SEARCH RETURN (COUNT) FLAGGED",     TAG " COUNT 5\n" OK },
        { "SEARCH RETURN (COUNT ALL MAX MIN) FLAGGED", TAG " MIN 2 MAX 9 ALL 2,4:6,9 COUNT 5\n" OK },
        { "UID SEARCH RETURN (MIN MAX) 1:10",  TAG " UID MIN 2 MAX 11\n" UID_OK },
        { "UID SEARCH RETURN () FLAGGED",      TAG " UID ALL 3,5:7,10\n" UID_OK },
        { "SEARCH RETURN (COUNT) CHARSET UTF-8 SUBJECT odd", TAG " COUNT 5\n" OK },
    };
    /* clang-format on */
    CONVERSE(lines);
}

Test(imap_esearch, answers_also_when_nothing_is_found)
{
    /* clang-format off */
    static const struct exchanged lines[] = {
        { "SEARCH RETURN (MIN MAX ALL) ANSWERED", TAG "\n" OK },
        { "SEARCH RETURN () ANSWERED",            TAG "\n" OK },
        { "SEARCH RETURN (COUNT) ANSWERED",       TAG " COUNT 0\n" OK },
        { "UID SEARCH RETURN (MIN) ANSWERED",     TAG " UID\n" UID_OK },
        { "SEARCH ANSWERED",                      "* SEARCH\n" OK },
    };
    /* clang-format on */
    CONVERSE(lines);
}

Test(imap_esearch, refuses_options_that_are_none)
{
    static const char *const bad[] = {
        "RETURN (FIRST) ALL",
        "RETURN (MIN,MAX) ALL",
        "RETURN MIN ALL",
        "RETURN (MIN",
        "RETURN (MIN)",
        "RETURN( ) ALL",
        "RETURN (PARTIAL) ALL",
        "RETURN (PARTIAL 1) ALL",
        "RETURN (PARTIAL 0:1) ALL",
        "RETURN (PARTIAL 1:-1) ALL",
        "RETURN (PARTIAL -1:1) ALL",
        "RETURN (PARTIAL 1:*) ALL",
        "RETURN (PARTIAL 1:2 ALL) ALL",
        "RETURN (ALL PARTIAL 1:2) ALL",
        "RETURN (PARTIAL 1:2 PARTIAL 3:4) ALL",
        "RETURN (RELEVANCY) ALL",
        "CHARSET UTF-8 RETURN () ALL",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const char *heard = imap_client_say(ann, "a SEARCH %s\n", bad[i]);

        cr_expect(imap_is_like(heard, "a BAD *\n"), "%s: %s", bad[i], heard);
    }
}

Test(imap_esearch, returns_a_part)
{
    /* clang-format off */
    static const struct exchanged lines[] = {
        { "UID SEARCH RETURN (PARTIAL -1:-3) FLAGGED", TAG " UID PARTIAL (-1:-3 6:7,10)\n" UID_OK },
        { "UID SEARCH RETURN (PARTIAL -3:-1) FLAGGED", TAG " UID PARTIAL (-3:-1 6:7,10)\n" UID_OK },
        { "SEARCH RETURN (PARTIAL 1:2) FLAGGED",       TAG " PARTIAL (1:2 2,4)\n" OK },
        { "SEARCH RETURN (PARTIAL 2:1) FLAGGED",       TAG " PARTIAL (2:1 2,4)\n" OK },
        { "SEARCH RETURN (PARTIAL 4:99) FLAGGED",      TAG " PARTIAL (4:99 6,9)\n" OK },
        { "SEARCH RETURN (PARTIAL -4:-99) FLAGGED",    TAG " PARTIAL (-4:-99 2,4)\n" OK },
        { "SEARCH RETURN (PARTIAL 6:9) FLAGGED",       TAG " PARTIAL (6:9 NIL)\n" OK },
        { "SEARCH RETURN (PARTIAL -6:-9) FLAGGED",     TAG " PARTIAL (-6:-9 NIL)\n" OK },
        { "SEARCH RETURN (PARTIAL 1:1) ANSWERED",      TAG " PARTIAL (1:1 NIL)\n" OK },
        { "SEARCH RETURN (PARTIAL 2:2 MAX COUNT) FLAGGED", TAG " MAX 9 COUNT 5 PARTIAL (2:2 4)\n" OK },
        { "UID FETCH 1:* (UID) (PARTIAL -1:-2)", "* 9 FETCH (UID 10)\n* 10 FETCH (UID 11)\na OK UID FETCH completed\n" },
        { "UID FETCH 4:* (UID) (PARTIAL 2:3)", "* 4 FETCH (UID 5)\n* 5 FETCH (UID 6)\na OK UID FETCH completed\n" },
        { "UID FETCH 1:* (UID) (PARTIAL 11:12)", "a OK UID FETCH completed\n" },
        { "UID FETCH 1:* (UID) (PARTIAL 1:2 PARTIAL 1:2)", "a BAD *\n" },
        { "FETCH 1:* (UID) (PARTIAL 1:2)", "a BAD *\n" },
    };
    /* clang-format on */
    CONVERSE(lines);
}

/* RFC 9394, 3.4: first the part, then what has changed of it. */
Test(imap_esearch, returns_what_has_changed_of_a_part)
{
    const char *heard =
        imap_client_say(ann, "a SEARCH RETURN (MAX) MODSEQ 1 1:10\n");
    unsigned long long before = imap_number_after(heard, "MODSEQ ");
    imap_client_say(ann, "a STORE 3,10 +FLAGS.SILENT (\\Answered)\n");
    heard = imap_client_say(
        ann, "a UID FETCH 1:* (UID) (PARTIAL -1:-2 CHANGEDSINCE %llu)\n",
        before);
    cr_expect(imap_is_like(heard, "* 10 FETCH (MODSEQ (#) UID 11)\n"
                                  "a OK UID FETCH completed\n"),
              "%s", heard);
}

/* --- SEARCHRES ------------------------------------------------------------ */

Test(imap_esearch, saves_what_it_finds)
{
    /* clang-format off */
    static const struct exchanged lines[] = {
        { "FETCH $ (UID)",               "a OK FETCH completed\n" },
        { "SEARCH RETURN (SAVE) 4:5",    OK },
        { "FETCH $ (UID)",               "* 4 FETCH (UID 5)\n* 5 FETCH (UID 6)\na OK FETCH completed\n" },
        { "UID FETCH $ (UID)",           "* 4 FETCH (UID 5)\n* 5 FETCH (UID 6)\na OK UID FETCH completed\n" },
        { "SEARCH $",                    "* SEARCH 4 5\n" OK },
        { "UID SEARCH UID $ UNFLAGGED",  "* SEARCH\n" UID_OK },
        { "SEARCH NOT $ FLAGGED",        "* SEARCH 2 6 9\n" OK },
        { "SEARCH OR $ 1,7:8",           "* SEARCH 1 4 5 7 8\n" OK },
        { "SEARCH 1,7:8,$",              "* SEARCH 1 4 5 7 8\n" OK },
        { "SEARCH $,1",                  "a BAD *\n" },
        { "SEARCH RETURN () $",          TAG " ALL 4:5\n" OK },
        { "UID STORE $ +FLAGS.SILENT (\\Answered)", "a OK UID STORE completed\n" },
        { "SEARCH ANSWERED",             "* SEARCH 4 5\n" OK },
        { "UID SEARCH RETURN (SAVE) $ UID 6:9", UID_OK },
        { "SEARCH $",                    "* SEARCH 5\n" OK },
        { "COPY $ Drafts",               "a OK [COPYUID # 6 #] COPY completed\n" },
        { "SEARCH RETURN (SAVE) SUBJECT nothing", OK },
        { "FETCH $ (UID)",               "a OK FETCH completed\n" },
        { "COPY $ Drafts",               "a OK COPY completed\n" },
        { "STORE $ +FLAGS (\\Seen)",     "a OK STORE completed\n" },
        { "SEARCH $",                    "* SEARCH\n" OK },
    };
    /* clang-format on */
    CONVERSE(lines);
}

/* RFC 5182, 2.4, and RFC 9394, 3.2: the tables. */
Test(imap_esearch, saves_what_the_options_name)
{
    /* clang-format off */
    static const struct exchanged lines[] = {
        { "SEARCH RETURN (ALL SAVE) FLAGGED",     TAG " ALL 2,4:6,9\n" OK },
        { "SEARCH RETURN () $",                   TAG " ALL 2,4:6,9\n" OK },
        { "SEARCH RETURN (SAVE MIN) FLAGGED",     TAG " MIN 2\n" OK },
        { "SEARCH RETURN () $",                   TAG " ALL 2\n" OK },
        { "SEARCH RETURN (SAVE MAX) FLAGGED",     TAG " MAX 9\n" OK },
        { "SEARCH RETURN () $",                   TAG " ALL 9\n" OK },
        { "SEARCH RETURN (MAX SAVE MIN) FLAGGED", TAG " MIN 2 MAX 9\n" OK },
        { "SEARCH RETURN () $",                   TAG " ALL 2,9\n" OK },
        { "SEARCH RETURN (MAX SAVE MIN COUNT) FLAGGED", TAG " MIN 2 MAX 9 COUNT 5\n" OK },
        { "SEARCH RETURN () $",                   TAG " ALL 2,4:6,9\n" OK },
        { "SEARCH RETURN (SAVE PARTIAL 2:3) FLAGGED", TAG " PARTIAL (2:3 4:5)\n" OK },
        { "SEARCH RETURN () $",                   TAG " ALL 4:5\n" OK },
        { "SEARCH RETURN (SAVE PARTIAL 2:3 MIN) FLAGGED", TAG " MIN 2 PARTIAL (2:3 4:5)\n" OK },
        { "SEARCH RETURN () $",                   TAG " ALL 2,4:5\n" OK },
        { "SEARCH RETURN (SAVE PARTIAL 2:3 MIN MAX) FLAGGED", TAG " MIN 2 MAX 9 PARTIAL (2:3 4:5)\n" OK },
        { "SEARCH RETURN () $",                   TAG " ALL 2,4:5,9\n" OK },
        { "SEARCH RETURN (SAVE PARTIAL 2:3 COUNT) FLAGGED", TAG " COUNT 5 PARTIAL (2:3 4:5)\n" OK },
        { "SEARCH RETURN () $",                   TAG " ALL 2,4:6,9\n" OK },
        { "SEARCH RETURN (SAVE PARTIAL 7:8) FLAGGED", TAG " PARTIAL (7:8 NIL)\n" OK },
        { "SEARCH RETURN () $",                   TAG "\n" OK },
    };
    /* clang-format on */
    CONVERSE(lines);
}

Test(imap_esearch, keeps_or_empties_what_is_saved_as_searches_end)
{
    /* clang-format off */
    static const struct exchanged lines[] = {
        { "SEARCH RETURN (SAVE) 4:5",                OK },
        { "SEARCH RETURN (SAVE) NONSENSE",           "a BAD *\n" },
        { "SEARCH RETURN () 1",                      TAG " ALL 1\n" OK },
        { "SEARCH CHARSET KLINGON SUBJECT x",        "a NO *\n" },
        { "SEARCH $",                                "* SEARCH 4 5\n" OK },
        { "SEARCH RETURN (SAVE) CHARSET KLINGON SUBJECT x", "a NO *\n" },
        { "SEARCH $",                                "* SEARCH\n" OK },
        { "SEARCH RETURN (SAVE) 4:5",                OK },
        { "EXAMINE INBOX",                           "*" },
        { "SEARCH $",                                "* SEARCH\n" OK },
    };
    /* clang-format on */
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        const char *heard = imap_client_say(ann, "a %s\n", lines[i].said);

        cr_expect(strcmp(lines[i].heard, "*") == 0 ||
                      imap_is_like(heard, lines[i].heard),
                  "%s\n%s", lines[i].said, heard);
    }
}

Test(imap_esearch, empties_what_is_saved_when_exchange_fails)
{
    imap_client_say(ann, "a SEARCH RETURN (SAVE) 4:5\n");
    imap_world_set(world, "exchange.patience", "1");
    exchange_set_fault(exchange, &(struct exchange_fault_rule){
                                     .fault = FAULT_HTTP_503, .times = 1000 });
    const char *heard = imap_client_say(ann, "a SEARCH RETURN (SAVE) BODY x\n");
    cr_expect(imap_is_like(heard, "a NO [UNAVAILABLE] *\n"), "%s", heard);
    exchange_clear_faults(exchange);
    heard = imap_client_say(ann, "a SEARCH $\n");
    cr_expect(imap_is_like(heard, "* SEARCH\n" OK), "%s", heard);
}

Test(imap_esearch, forgets_saved_messages_that_are_expunged)
{
    /* clang-format off */
    static const struct exchanged lines[] = {
        { "SEARCH RETURN (SAVE) 3:6",         OK },
        { "STORE 1,4 +FLAGS.SILENT (\\Deleted)", "a OK STORE completed\n" },
        { "EXPUNGE",                          "* 1 EXPUNGE\n* 3 EXPUNGE\na OK EXPUNGE completed\n" },
        { "SEARCH RETURN () $",               TAG " ALL 2:4\n" OK },
        { "UID SEARCH RETURN () $",           TAG " UID ALL 4,6:7\n" UID_OK },
        { "MOVE $ Drafts",                    "* OK [COPYUID # 4,6:7 #:#] *\n"
                                              "* 2 EXPUNGE\n* 2 EXPUNGE\n* 2 EXPUNGE\na OK *\n" },
        { "SEARCH $",                         "* SEARCH\n" OK },
    };
    /* clang-format on */
    CONVERSE(lines);
}

/* --- Keys ----------------------------------------------------------------- */

Test(imap_esearch, tells_mod_sequences_when_it_is_asked_by_them)
{
    const char *heard = imap_client_say(ann, "a SEARCH MODSEQ 1\n");
    cr_expect(imap_is_like(heard,
                           "* OK [HIGHESTMODSEQ #] *\n"
                           "* SEARCH 1 2 3 4 5 6 7 8 9 10 (MODSEQ #)\n" OK),
              "%s", heard);
    unsigned long long highest = imap_number_after(heard, "(MODSEQ ");
    imap_client_say(ann, "a STORE 7 +FLAGS.SILENT (\\Answered)\n");
    imap_client_say(ann, "a STORE 3 +FLAGS.SILENT (\\Answered)\n");

    struct arena *arena = arena_new();
    const struct exchanged lines[] = {
        { arena_printf(arena, "SEARCH MODSEQ %llu", highest + 1),
          "* SEARCH 3 7 (MODSEQ #)\n" OK },
        { arena_printf(arena, "SEARCH MODSEQ \"/flags/\\\\draft\" all %llu",
                       highest + 1),
          "* SEARCH 3 7 (MODSEQ #)\n" OK },
        { "SEARCH OR NOT MODSEQ 0 LARGER 50000", "* SEARCH\n" OK },
        { arena_printf(arena, "SEARCH RETURN (ALL) MODSEQ %llu", highest + 1),
          TAG " ALL 3,7 MODSEQ #\n" OK },
        { "SEARCH RETURN (ALL) MODSEQ 99999999999", TAG "\n" OK },
        { "SEARCH MODSEQ 9223372036854775807", "* SEARCH\n" OK },
        { "SEARCH MODSEQ 9223372036854775808", "a BAD *\n" },
        { "SEARCH MODSEQ \"/flags/x\" 1", "a BAD *\n" },
        { "SEARCH MODSEQ \"/other/x\" all 1", "a BAD *\n" },
        { "SEARCH MODSEQ", "a BAD *\n" },
    };
    CONVERSE(lines);

    /* RFC 4731, 3.2: of those that are named. */
    heard = imap_client_say(ann, "a SEARCH RETURN (MIN) MODSEQ %llu\n",
                            highest + 1);
    unsigned long long first = imap_number_after(heard, " MODSEQ ");
    heard = imap_client_say(ann, "a SEARCH RETURN (MAX) MODSEQ %llu\n",
                            highest + 1);
    unsigned long long last = imap_number_after(heard, " MODSEQ ");
    cr_expect_gt(first, last, "%llu %llu", first, last);
    heard = imap_client_say(ann, "a SEARCH RETURN (MAX COUNT) MODSEQ %llu\n",
                            highest + 1);
    cr_expect_eq(imap_number_after(heard, " MODSEQ "), first, "%s", heard);
    arena_free(&arena);
}

Test(imap_esearch, knows_how_old_messages_are)
{
    static const char mime[] = "Subject: x\r\n\r\nx\r\n";
    int64_t now = time_now();
    exchange_add_message(exchange, USER, NULL, mime, strlen(mime),
                         now - 10 * HOUR, false);
    exchange_add_message(exchange, USER, NULL, mime, strlen(mime), now - HOUR,
                         false);
    exchange_add_message(exchange, USER, NULL, mime, strlen(mime), now + HOUR,
                         false);
    imap_client_say(ann, "a NOOP\n");
    /* clang-format off */
    static const struct exchanged lines[] = {
        { "SEARCH YOUNGER 40000",       "* SEARCH 11 12 13\n" OK },
        { "SEARCH YOUNGER 7200",        "* SEARCH 12 13\n" OK },
        { "SEARCH YOUNGER 1",           "* SEARCH 13\n" OK },
        { "SEARCH 9:* OLDER 7200",      "* SEARCH 9 10 11\n" OK },
        { "SEARCH 9:* OLDER 4294967295", "* SEARCH\n" OK },
        { "SEARCH OLDER 7200 YOUNGER 40000", "* SEARCH 11\n" OK },
        { "SEARCH OLDER 0",             "a BAD *\n" },
        { "SEARCH YOUNGER 0",           "a BAD *\n" },
        { "SEARCH YOUNGER -1",          "a BAD *\n" },
        { "SEARCH YOUNGER",             "a BAD *\n" },
    };
    /* clang-format on */
    CONVERSE(lines);
}

Test(imap_esearch, knows_since_when_messages_are_here)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    struct arena *arena = arena_new();
    int64_t year;
    unsigned month, day;
    time_civil_from_day(time_now() / 86400 - 2, &year, &month, &day);
    const char *date = arena_printf(arena, "%u-%.3s-%lld", day,
                                    months + (month - 1) * 3, (long long)year);
    const struct exchanged lines[] = {
        { "SEARCH SAVEDATESUPPORTED", "* SEARCH 1 2 3 4 5 6 7 8 9 10\n" OK },
        { arena_printf(arena, "SEARCH RETURN (COUNT) SAVEDSINCE %s", date),
          TAG " COUNT 10\n" OK },
        { arena_printf(arena, "SEARCH RETURN (COUNT) SAVEDBEFORE %s", date),
          TAG " COUNT 0\n" OK },
        { arena_printf(arena, "SEARCH RETURN (COUNT) SAVEDON %s", date),
          TAG " COUNT 0\n" OK },
        { arena_printf(arena, "SEARCH RETURN (COUNT) SINCE %s", date),
          TAG " COUNT 0\n" OK },
        { "SEARCH SAVEDON", "a BAD *\n" },
    };
    CONVERSE(lines);
    arena_free(&arena);
}

/* What follows `name` in an answer: "EMAILID (x)" gives x. */
static const char *value_of(struct arena *arena, const char *heard,
                            const char *name)
{
    const char *at = strstr(heard, name);

    cr_assert_not_null(at, "%s", heard);
    at += strlen(name);
    return arena_strndup(arena, at, strcspn(at, ")"));
}

Test(imap_esearch, finds_messages_by_what_they_are)
{
    struct arena *arena = arena_new();
    const char *heard = imap_client_say(ann, "a FETCH 3 (EMAILID THREADID)\n");
    const char *email = value_of(arena, heard, "EMAILID (");
    const struct exchanged lines[] = {
        { arena_printf(arena, "SEARCH EMAILID %s", email), "* SEARCH 3\n" OK },
        { arena_printf(arena, "SEARCH NOT EMAILID %s", email),
          "* SEARCH 1 2 4 5 6 7 8 9 10\n" OK },
        { "SEARCH EMAILID none", "* SEARCH\n" OK },
        { "SEARCH THREADID none", "* SEARCH\n" OK },
        { "SEARCH EMAILID a.b", "a BAD *\n" },
        { "SEARCH EMAILID", "a BAD *\n" },
    };
    CONVERSE(lines);
    heard = imap_client_say(
        ann, "a SEARCH THREADID %s\n",
        value_of(arena, imap_client_say(ann, "a FETCH 3 (THREADID)\n"),
                 "THREADID ("));
    cr_expect(strstr(heard, " 3"), "%s", heard);
    arena_free(&arena);
}

/* --- IMAP4rev2 and UTF-8 -------------------------------------------------- */

Test(imap_esearch, is_the_only_answer_of_imap4rev2)
{
    /* clang-format off */
    static const struct exchanged lines[] = {
        { "ENABLE IMAP4rev2",         "* ENABLED IMAP4rev2\na OK ENABLE completed\n" },
        { "SEARCH FLAGGED",           TAG " ALL 2,4:6,9\n" OK },
        { "UID SEARCH FLAGGED",       TAG " UID ALL 3,5:7,10\n" UID_OK },
        { "SEARCH ANSWERED",          TAG "\n" OK },
        { "SEARCH RETURN (SAVE) 1",   OK },
        { "SEARCH SUBJECT {3+}\n\xc3\xb6" "d", TAG "\n" OK },
    };
    /* clang-format on */
    CONVERSE(lines);
}

Test(imap_esearch, takes_no_charset_from_who_has_utf8)
{
    /* clang-format off */
    static const struct exchanged lines[] = {
        { "SEARCH CHARSET UTF-8 SUBJECT even", "* SEARCH 2 4 6 8 10\n" OK },
        { "ENABLE UTF8=ACCEPT",                "* ENABLED UTF8=ACCEPT\na OK ENABLE completed\n" },
        { "SEARCH CHARSET UTF-8 SUBJECT even", "a BAD *\n" },
        { "SEARCH SUBJECT \"\xc3\xb6\"",       "* SEARCH\n" OK },
        { "SEARCH SUBJECT even",               "* SEARCH 2 4 6 8 10\n" OK },
    };
    /* clang-format on */
    CONVERSE(lines);
}
