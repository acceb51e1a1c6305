/*
 * test_sort.c - SORT and UID SORT: which messages match, in an order
 *
 * RFC 5256, 5957, 5267 (ESORT), 6203 (RELEVANCY)
 */
#include <string.h>

#include <criterion/criterion.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "tests/exchange/exchange.h"
#include "tests/imap/ann.h"

#define USER "ann@example.com"
#define MIDNIGHT 1000080000
#define HOUR 3600
#define TEN(text) text text text text text text text text text text

/* clang-format off */
static const struct {
    const char *message;
    int64_t received;
} messages[] = {
    { "From: Zoe Adams <zoe@example.com>\r\nTo: Carl <c@example.com>\r\nCc: Xaver <x@example.com>\r\n"
      "Subject: Re: bread\r\nDate: Tue, 11 Sep 2001 10:00:00 +0000\r\n\r\n" TEN("long\r\n"),
      MIDNIGHT + 3 * HOUR },
    { "From: ann@example.com\r\nTo: \"bert\" <z@example.com>\r\n"
      "Subject: Bread\r\nDate: Mon, 10 Sep 2001 10:00:00 +0000\r\n\r\nx\r\n",
      MIDNIGHT + 2 * HOUR },
    { "From: =?utf-8?Q?=C3=84nne?= <m@example.com>\r\nTo: Team: d@example.com;\r\nCc: b@example.com\r\n"
      "Subject: [list] Apples (fwd)\r\nDate: Mon, 10 Sep 2001 10:00:00 -0100\r\n\r\n" TEN(TEN("longest\r\n")),
      MIDNIGHT + 5 * HOUR },
    { "From: Bert <bert@example.com>\r\nDate: nonsense\r\nSubject: _underscore\r\n\r\nshort\r\n",
      MIDNIGHT + 4 * HOUR },
    { "From: Bert <bert@example.com>\r\nTo: carl\r\nSubject: fwd: BREAD\r\nDate: Mon, 10 Sep 2001 10:00:00 +0000\r\n\r\n"
      TEN("longer than\r\n"), MIDNIGHT + HOUR },
};

static const struct {
    const char *said;
    const char *sorted;     /* NULL: BAD */
} cases[] = {
    { "(ARRIVAL) UTF-8 ALL",            "5 2 1 4 3" },
    { "(REVERSE ARRIVAL) UTF-8 ALL",    "3 4 1 2 5" },
    { "(arrival) us-ascii 2:4",         "2 4 3" },
    { "(SIZE) UTF-8 ALL",               "4 2 1 5 3" },
    { "(REVERSE SIZE) UTF-8 ALL",       "3 5 1 2 4" },
    { "(DATE) UTF-8 ALL",               "4 2 5 3 1" },  /* 4 has none: when it arrived */
    { "(REVERSE DATE) UTF-8 ALL",       "1 3 2 5 4" },
    { "(SUBJECT) UTF-8 ALL",            "3 1 2 5 4" },
    { "(REVERSE SUBJECT) UTF-8 ALL",    "4 1 2 5 3" },
    { "(SUBJECT REVERSE DATE) UTF-8 ALL", "3 1 2 5 4" },
    { "(SUBJECT DATE) UTF-8 ALL",       "3 2 5 1 4" },
    { "(SUBJECT SUBJECT REVERSE SUBJECT) UTF-8 ALL", "3 1 2 5 4" },
    { "(FROM) UTF-8 ALL",               "2 4 5 3 1" },
    { "(DISPLAYFROM) UTF-8 ALL",        "2 3 4 5 1" },
    { "(TO) UTF-8 ALL",                 "4 1 5 3 2" },
    { "(DISPLAYTO) UTF-8 ALL",          "4 2 1 5 3" },
    { "(CC) UTF-8 ALL",                 "2 4 5 3 1" },
    { "(REVERSE CC ARRIVAL) UTF-8 ALL", "1 3 5 2 4" },
    { "(ARRIVAL) UTF-8 SUBJECT bread",  "5 2 1" },
    { "(SUBJECT) UTF-8 SUBJECT nothing", "" },
    { "(ARRIVAL) \"UTF-8\" TEXT {4+}\nlong", "5 1 3" },
    { "() UTF-8 ALL",                   NULL },
    { "(REVERSE) UTF-8 ALL",            NULL },
    { "(REVERSE REVERSE DATE) UTF-8 ALL", NULL },
    { "(WEIGHT) UTF-8 ALL",             NULL },
    { "(DATE) UTF-8",                   NULL },
    { "(DATE) ALL",                     NULL },
    { "DATE UTF-8 ALL",                 NULL },
    { "(DATE)UTF-8 ALL",                NULL },
    { "(RELEVANCY) UTF-8 ALL",          NULL },
    { "",                               NULL },
};
/* clang-format on */

static struct exchange *exchange;

static void begin(void)
{
    world = imap_world_new();
    exchange = imap_world_exchange(world);
    ann = imap_client_ann(world);
    for (size_t i = 0; i < sizeof messages / sizeof *messages; i++)
        exchange_add_message(exchange, USER, NULL, messages[i].message,
                             strlen(messages[i].message), messages[i].received,
                             false);
    imap_client_say(ann, "a SELECT INBOX\n");
}

TestSuite(imap_sort, .init = begin, .fini = ann_end);

static void expect(const char *said, const char *answer)
{
    const char *heard = imap_client_say(ann, "a %s\n", said);

    cr_expect(imap_is_like(heard, answer), "%s\n%s", said, heard);
}

Test(imap_sort, sorts_by_what_it_is_asked)
{
    struct arena *arena = arena_new();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *sorted = cases[i].sorted;
        expect(arena_printf(arena, "SORT %s", cases[i].said),
               sorted == NULL
                   ? "a BAD *\n"
                   : arena_printf(arena, "* SORT%s%s\na OK SORT completed\n",
                                  *sorted == '\0' ? "" : " ", sorted));
    }
    arena_free(&arena);
}

Test(imap_sort, gives_uids_when_asked_by_uid)
{
    expect("STORE 2 +FLAGS.SILENT (\\Deleted)", "a OK STORE completed\n");
    expect("EXPUNGE", "* 2 EXPUNGE\na OK EXPUNGE completed\n");
    expect("UID SORT (ARRIVAL) UTF-8 ALL",
           "* SORT 5 1 4 3\na OK UID SORT completed\n");
    expect("SORT (ARRIVAL) UTF-8 UID 3:5",
           "* SORT 4 3 2\na OK SORT completed\n");
}

/* RFC 5267, 3: the lowest and the highest are those that are sorted first and
 * last, and ranges only go upwards. */
Test(imap_sort, returns_what_is_asked_for)
{
    expect("SORT RETURN () (ARRIVAL) UTF-8 ALL",
           "* ESEARCH (TAG \"a\") ALL 5,2,1,4,3\na OK SORT completed\n");
    expect("SORT RETURN (ALL) (SIZE) UTF-8 1:2",
           "* ESEARCH (TAG \"a\") ALL 2,1\na OK SORT completed\n");
    expect("SORT RETURN (ALL) (REVERSE SIZE) UTF-8 1:2",
           "* ESEARCH (TAG \"a\") ALL 1:2\na OK SORT completed\n");
    expect("UID SORT RETURN (MIN MAX COUNT) (ARRIVAL) UTF-8 ALL",
           "* ESEARCH (TAG \"a\") UID MIN 5 MAX 3 COUNT 5\n"
           "a OK UID SORT completed\n");
    expect("SORT RETURN (PARTIAL 2:3) (ARRIVAL) UTF-8 ALL",
           "* ESEARCH (TAG \"a\") PARTIAL (2:3 2,1)\na OK SORT completed\n");
    expect("SORT RETURN (PARTIAL -1:-2) (ARRIVAL) UTF-8 ALL",
           "* ESEARCH (TAG \"a\") PARTIAL (-1:-2 4,3)\na OK SORT completed\n");
    expect("SORT RETURN (COUNT) (DATE) UTF-8 ANSWERED",
           "* ESEARCH (TAG \"a\") COUNT 0\na OK SORT completed\n");
    expect("SORT RETURN (ALL) (ARRIVAL) UTF-8 MODSEQ 1",
           "* OK [HIGHESTMODSEQ #] *\n"
           "* ESEARCH (TAG \"a\") ALL 5,2,1,4,3 MODSEQ #\n"
           "a OK SORT completed\n");
    expect("SORT (ARRIVAL) UTF-8 MODSEQ 1",
           "* SORT 5 2 1 4 3 (MODSEQ #)\na OK SORT completed\n");
}

Test(imap_sort, saves_what_it_finds)
{
    expect("SORT RETURN (SAVE MIN MAX) (ARRIVAL) UTF-8 ALL",
           "* ESEARCH (TAG \"a\") MIN 5 MAX 3\na OK SORT completed\n");
    expect("SEARCH $", "* SEARCH 3 5\na OK SEARCH completed\n");
    expect("SORT RETURN (SAVE) (REVERSE ARRIVAL) UTF-8 1:4",
           "a OK SORT completed\n");
    expect("SEARCH $", "* SEARCH 1 2 3 4\na OK SEARCH completed\n");
    expect("SORT RETURN (SAVE) (DATE) KLINGON ALL", "a NO [BADCHARSET *\n");
    expect("SEARCH $", "* SEARCH\na OK SEARCH completed\n");
}

/* Nobody is asked how well something fits: known headers tell. */
Test(imap_sort, puts_what_fits_best_first)
{
    expect("SEARCH RETURN (RELEVANCY ALL) FUZZY TEXT bert",
           "* ESEARCH (TAG \"a\") ALL 2,4:5 RELEVANCY (50 50 50)\n"
           "a OK SEARCH completed\n");
    expect("SEARCH FROM bert", "* SEARCH 4 5\na OK SEARCH completed\n");
    expect("SORT (RELEVANCY) UTF-8 FUZZY TEXT bert",
           "* SORT 4 5 2\na OK SORT completed\n");
    expect("SORT RETURN (RELEVANCY ALL) (REVERSE RELEVANCY) UTF-8 FUZZY TEXT "
           "bert",
           "* ESEARCH (TAG \"a\") ALL 2,4:5 RELEVANCY (80 90 90)\n"
           "a OK SORT completed\n");
    expect("SEARCH RETURN (RELEVANCY ALL) FUZZY SUBJECT bread",
           "* ESEARCH (TAG \"a\") ALL 1:2,5 RELEVANCY (100 100 100)\n"
           "a OK SEARCH completed\n");
}

Test(imap_sort, leaves_out_what_is_gone)
{
    exchange_remove(exchange, USER, NULL, 1);
    expect("SORT (SUBJECT) UTF-8 ALL", "* SORT 3 1 5 4\na OK SORT completed\n");
}

static unsigned calls(const char *said)
{
    exchange_reset_calls(exchange);
    imap_client_say(ann, "a %s\n", said);
    return exchange_calls(exchange, NULL);
}

Test(imap_sort, reads_each_header_once)
{
    cr_expect_eq(calls("SORT (ARRIVAL REVERSE SIZE) UTF-8 UNSEEN"), 0);
    cr_expect_eq(calls("SORT (SUBJECT) UTF-8 ALL"), 1);
    cr_expect_eq(calls("SORT (FROM DATE) UTF-8 ALL"), 0);
    cr_expect_eq(calls("SEARCH FROM bert SUBJECT bread"), 0);
    cr_expect_eq(calls("THREAD REFERENCES UTF-8 ALL"), 0);
}

Test(imap_sort, says_no_when_exchange_cannot_answer)
{
    imap_world_set(world, "exchange.patience", "1");
    exchange_set_fault(exchange, &(struct exchange_fault_rule){
                                     .fault = FAULT_HTTP_503, .times = 1000 });
    expect("SORT (SUBJECT) UTF-8 ALL", "a NO [UNAVAILABLE] *\n");
    expect("THREAD REFERENCES UTF-8 ALL", "a NO [UNAVAILABLE] *\n");
    expect("SORT (ARRIVAL) UTF-8 ALL",
           "* SORT 5 2 1 4 3\na OK SORT completed\n");
}
