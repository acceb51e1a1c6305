/*
 * test_utf8_accept.c - UTF-8 in strings, names and headers
 */
#include <criterion/criterion.h>

#include <string.h>

#include "tests/exchange/exchange.h"
#include "tests/imap/ann.h"

#define MESSAGE                                                                \
    "Subject: Gr\xc3\xbc\xc3\x9f" "e\r\n"                                       \
    "Content-Type: text/plain; charset=utf-8\r\n"                              \
    "Content-Description: \xc3\xa4.txt\r\n\r\n"                                \
    "K\xc3\xb6ln\r\n"

static void begin(void)
{
    world = imap_world_new();
    exchange_add_folder(imap_world_exchange(world), "ann@example.com",
                        "B\xc3\xbc" "cher");
    exchange_add_message(imap_world_exchange(world), "ann@example.com", NULL,
                         MESSAGE, sizeof MESSAGE - 1, 1700000000, false);
    ann = imap_client_ann(world);
}

TestSuite(imap_utf8_accept, .init = begin, .fini = ann_end);

/* What is said before UTF-8 is enabled, and after. */
static const struct {
    const char *said, *before, *after;
} cases[] = {
    { "a LIST \"\" B%\n", "\"/\" B&APw-cher\n", "\"/\" \"B\xc3\xbc" "cher\"\n" },
    { "a FETCH 1 PREVIEW\n", "PREVIEW {5}\nK\xc3\xb6ln)\n",
      "PREVIEW \"K\xc3\xb6ln\")\n" },
    { "a FETCH 1 BODYSTRUCTURE\n", " {6}\n\xc3\xa4.txt ", " \"\xc3\xa4.txt\" " },
    { "a FETCH 1 BODY.PEEK[HEADER.FIELDS (SUBJECT)]\n",
      "{20}\nSubject: Gr\xc3\xbc\xc3\x9f" "e\n\n)",
      "{20}\nSubject: Gr\xc3\xbc\xc3\x9f" "e\n\n)" },
    { "a STATUS \"B\xc3\xbc" "cher\" (MESSAGES)\n", "a ", "a OK " },
    { "a SEARCH CHARSET UTF-8 SUBJECT \"gr\xc3\xbc\"\n", "* SEARCH 1\na OK ",
      "a BAD " },
    { "a SEARCH SUBJECT \"gr\xc3\xbc\"\n", "a ", "* SEARCH 1\na OK " },
    { "a STATUS \"B\xfc" "cher\" (MESSAGES)\n", "a BAD ", "a BAD " },
};

static void expect_all(bool enabled)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *heard = imap_client_say(ann, "%s", cases[i].said);

        cr_expect(strstr(heard, enabled ? cases[i].after : cases[i].before),
                  "%s: %s", cases[i].said, heard);
    }
}

Test(imap_utf8_accept, changes_what_strings_may_hold)
{
    imap_client_say(ann, "a EXAMINE INBOX\n");
    expect_all(false);
    cr_expect_str_eq(imap_client_say(ann, "a ENABLE UTF8=ACCEPT X-Y\n"),
                     "* ENABLED UTF8=ACCEPT\na OK ENABLE completed\n");
    expect_all(true);
}

/* Old mail, and what others say in UTF-8 without asking. */
Test(imap_utf8_accept, is_not_needed_to_store_headers_as_they_are)
{
    static const char *const headers[] = { "Subject: \xe4\xff",
                                           "Subject: \xc3\xa4" };

    imap_client_say(ann, "s SELECT Drafts\n");
    for (int i = 0; i < 2; i++) {
        const char *heard =
            imap_client_say(ann, "a APPEND Drafts {%zu+}\n%s\n\nx\n",
                            strlen(headers[i]) + 5, headers[i]);
        cr_expect(strstr(heard, "a OK [APPENDUID "), "%s", heard);
        heard = imap_client_say(ann, "f FETCH * BODY.PEEK[HEADER]\n");
        cr_expect(strstr(heard, headers[i]), "%s", heard);
    }
}

Test(imap_utf8_accept, stores_messages_with_such_headers)
{
    imap_client_say(ann, "a ENABLE UTF8=ACCEPT\n");
    const char *heard = imap_client_say(
        ann, "a APPEND \"B\xc3\xbc" "cher\" UTF8 (~{15+}\n"
             "Subject: \xc3\xa4\n\n)\n");
    cr_expect_eq(strncmp(heard, "a OK [APPENDUID ", 16), 0, "%s", heard);
    heard = imap_client_say(
        ann, "a APPEND Drafts CATENATE (UTF8 (~{15+}\n"
             "Subject: \xc3\xa4\n\n) TEXT {2+}\nhi)\n");
    cr_expect_eq(strncmp(heard, "a OK [APPENDUID ", 16), 0, "%s", heard);
}
