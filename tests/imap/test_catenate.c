/*
 * test_catenate.c - APPEND of messages made of parts, and the URLs of these
 */
#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>

#include "imap/message_url.h"
#include "proxy/base/arena.h"
#include "tests/exchange/exchange.h"
#include "tests/imap/ann.h"

static void begin(void)
{
    static const char mime[] =
        "Subject: parts\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
        "--b\r\n\r\nfirst part\r\n--b\r\nContent-Type: text/html\r\n\r\n"
        "<p>second</p>\r\n--b--\r\n";

    world = imap_world_new();
    exchange_add_message(imap_world_exchange(world), "ann@example.com", NULL,
                         mime, strlen(mime), 1700000000, false);
    exchange_add_folder(imap_world_exchange(world), "ann@example.com",
                        "B\xc3\xbc" "cher/Brot");
    ann = imap_client_ann(world);
    imap_client_say(ann, "a SELECT INBOX\n");
}

TestSuite(imap_catenate, .init = begin, .fini = ann_end);

/* What a list of parts becomes; "\n" in it is CRLF. */
static const struct {
    const char *parts, *content;
} made[] = {
    { "TEXT {12+}\nSubject: a\n TEXT {6+}\n\nbc\n", "Subject: a\r\n\r\nbc\r\n" },
    { "URL \"/INBOX;UID=1/;SECTION=HEADER.FIELDS%20(SUBJECT)\" TEXT {2+}\nhi",
      "Subject: parts\r\n\r\nhi" },
    { "TEXT {14+}\nSubject: a\n\n URL /inbox/;uid=1/;section=1",
      "Subject: a\r\n\r\nfirst part" },
    { "TEXT {14+}\nSubject: a\n\n URL \";UID=1/;SECTION=2.MIME\"",
      "Subject: a\r\n\r\nContent-Type: text/html\r\n\r\n" },
    { "TEXT {14+}\nSubject: a\n\n URL \"/;UID=1/;SECTION=2/;PARTIAL=3.6\"",
      "Subject: a\r\n\r\nsecond" },
    { "TEXT {14+}\nSubject: a\n\n URL {34+}\n/INBOX;UID=1/;SECTION=1/;PARTIAL=6",
      "Subject: a\r\n\r\npart" },
    { "TEXT {14+}\nSubject: a\n\n URL INBOX;UID=1/;SECTION=1",
      "Subject: a\r\n\r\nfirst part" },
};

/* The octets with CRLF as "\n", which is how the client says and hears. */
static void expect_content(const char *parts, const char *content)
{
    size_t len;
    const char *heard = imap_client_say(
        ann, "a APPEND Drafts CATENATE (%s)\n", parts);

    cr_assert(strstr(heard, "a OK [APPENDUID "), "%s: %s", parts, heard);
    size_t count = exchange_count(imap_world_exchange(world),
                                  "ann@example.com", "Drafts");
    char *stored = exchange_content(imap_world_exchange(world),
                                    "ann@example.com", "Drafts", count - 1,
                                    &len);
    cr_expect(len >= strlen(content) &&
                  memcmp(stored, content, strlen(content)) == 0,
              "%s: %.*s", parts, (int)len, stored);
    free(stored);
}

Test(imap_catenate, makes_a_message_of_texts_and_parts_of_others)
{
    for (size_t i = 0; i < sizeof made / sizeof *made; i++)
        expect_content(made[i].parts, made[i].content);
    imap_client_say(ann, "a SELECT INBOX\n");
    cr_expect(strstr(imap_client_say(ann, "b FETCH 1 FLAGS\n"),
                     "FLAGS ()"), "nothing is seen by it");
}

static const struct {
    const char *parts, *answer;
} refused[] = {
    { "URL \"/INBOX;UID=99\"", "a NO [BADURL /INBOX;UID=99] " },
    { "URL \"/INBOX;UIDVALIDITY=1/;UID=1\"",
      "a NO [BADURL /INBOX;UIDVALIDITY=1/;UID=1] " },
    { "URL \"/Nowhere;UID=1\"", "a NO [BADURL /Nowhere;UID=1] " },
    { "URL \"/INBOX;UID=1/;SECTION=9\"", "a NO [BADURL " },
    { "URL \"imap://other/INBOX;UID=1\"", "a NO [BADURL " },
    { "URL \"/INBOX\"", "a NO [BADURL /INBOX] " },
    { "URL \"a]b\\\\c\"", "a NO [BADURL abc] " },
    { "TEXT {0+}\n", "a NO [CANNOT] " },
    { "TEXT {1+}\nx URL", "a BAD " },
    { "", "a BAD " },
    { "TEXT \"x\"", "a BAD " },
};

Test(imap_catenate, names_the_url_that_leads_nowhere)
{
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        const char *heard = imap_client_say(
            ann, "a APPEND Drafts CATENATE (%s)\n", refused[i].parts);

        cr_expect_eq(
            strncmp(heard, refused[i].answer, strlen(refused[i].answer)), 0,
            "%s: %s", refused[i].parts, heard);
    }
    cr_expect_eq(exchange_count(imap_world_exchange(world), "ann@example.com",
                                "Drafts"), 0);
}

Test(imap_catenate, refuses_what_becomes_too_large)
{
    imap_world_set(world, "mail.message_limit", "100");
    other = imap_client_ann(world);
    const char *heard = imap_client_say(
        other, "a APPEND Drafts CATENATE (URL /INBOX;UID=1 TEXT {1+}\nx)\n");

    cr_expect_eq(strncmp(heard, "a NO [TOOBIG] ", 14), 0, "%s", heard);
    imap_client_free(&other);
}

/* --- URLs ----------------------------------------------------------------- */

static const struct {
    const char *text, *mailbox;
    bool absolute;
    uint32_t validity, uid;
} urls[] = {
    { "/INBOX;UID=1", "INBOX", true, 0, 1 },
    { "/INBOX/;UID=1", "INBOX", true, 0, 1 },
    { "/a/b;uidvalidity=7/;uid=20", "a/b", true, 7, 20 },
    { "/B%C3%BCcher;UID=4294967295", "B\xc3\xbc" "cher", true, 0, 4294967295 },
    { "beside;UID=1", "beside", false, 0, 1 },
    { ";UID=1", "", false, 0, 1 },
    { "/;UID=1", "", true, 0, 1 },
    { "/a%3Bb;UID=1/;SECTION=1.2.TEXT/;PARTIAL=0.5", "a;b", true, 0, 1 },
};

static const char *const no_urls[] = {
    "", "/", ";", "/INBOX", "/INBOX;UID=0", "/INBOX;UID=x", "/INBOX;UID=1x",
    "/INBOX;UID=4294967296", "/INBOX;UIDVALIDITY=1;UID=1", "//host/INBOX;UID=1",
    "/%;UID=1", "/%0;UID=1", "/%00;UID=1", "/%FF;UID=1", "/%zz;UID=1",
    "/a;UID=1/;SECTION=", "/a;UID=1/;SECTION=0", "/a;UID=1/;SECTION=MIME",
    "/a;UID=1/;PARTIAL=", "/a;UID=1/;PARTIAL=0.0", "/a;UID=1/",
    "imap://x/a;UID=1", "/a;UID=1;URLAUTH=anonymous",
};

Test(imap_catenate, reads_urls)
{
    struct arena *arena = arena_new();
    struct message_url url;

    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        cr_assert(message_url_read(arena, urls[i].text, &url), "%s",
                  urls[i].text);
        cr_expect_str_eq(url.mailbox, urls[i].mailbox);
        cr_expect_eq(url.absolute, urls[i].absolute, "%s", urls[i].text);
        cr_expect_eq(url.uid_validity, urls[i].validity, "%s", urls[i].text);
        cr_expect_eq(url.uid, urls[i].uid, "%s", urls[i].text);
    }
    for (size_t i = 0; i < sizeof no_urls / sizeof *no_urls; i++)
        cr_expect_not(message_url_read(arena, no_urls[i], &url), "%s",
                      no_urls[i]);
    arena_free(&arena);
}
