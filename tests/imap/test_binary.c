/*
 * test_binary.c - parts without their transfer encoding, and messages with NUL
 */
#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>

#include "tests/exchange/exchange.h"
#include "tests/imap/ann.h"

#define MIXED                                                                  \
    "Subject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"          \
    "--b\r\nContent-Transfer-Encoding: base64\r\n\r\nSGVs\r\nbG8=\r\n"         \
    "--b\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=00=41\r\n"     \
    "--b\r\nContent-Transfer-Encoding: x-secret\r\n\r\nabc\r\n"                \
    "--b\r\n\r\nplain\r\n--b--\r\n"

static void begin(void)
{
    world = imap_world_new();
    exchange_add_message(imap_world_exchange(world), "ann@example.com", NULL,
                         MIXED, sizeof MIXED - 1, 1700000000, false);
    ann = imap_client_ann(world);
    imap_client_say(ann, "a SELECT INBOX\n");
}

TestSuite(imap_binary, .init = begin, .fini = ann_end);

static const struct {
    const char *items, *answer;
} cases[] = {
    { "BINARY.PEEK[1]", "* 1 FETCH (BINARY[1] {5}\nHello)\na OK " },
    { "BINARY.PEEK[1]<1.3>", "* 1 FETCH (BINARY[1]<1> {3}\nell)\na OK " },
    { "BINARY.PEEK[1]<9.3>", "* 1 FETCH (BINARY[1]<9> \"\")\na OK " },
    { "BINARY.SIZE[1]", "* 1 FETCH (BINARY.SIZE[1] 5)\na OK " },
    { "BINARY.PEEK[4]", "* 1 FETCH (BINARY[4] {5}\nplain)\na OK " },
    { "BINARY.PEEK[9]", "* 1 FETCH (BINARY[9] NIL)\na OK " },
    { "BINARY.PEEK[3]", "a NO [UNKNOWN-CTE] " },
    { "BINARY.SIZE[3]", "a NO [UNKNOWN-CTE] " },
    { "(BINARY.SIZE[2] BINARY.SIZE[])",
      "* 1 FETCH (BINARY.SIZE[2] 2 BINARY.SIZE[] " },
    { "BINARY[1.MIME]", "a BAD " },
    { "BINARY[HEADER]", "a BAD " },
    { "BINARY", "a BAD " },
    { "BINARY.SIZE[1]<0.1>", "a BAD " },
    { "BINARY[1]", "* 1 FETCH (BINARY[1] {5}\nHello)\n* 1 FETCH (UID 1 FLAGS (\\Seen " },
};

Test(imap_binary, gives_parts_without_their_encoding)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *heard =
            imap_client_say(ann, "a FETCH 1 %s\n", cases[i].items);

        cr_expect_eq(
            strncmp(heard, cases[i].answer, strlen(cases[i].answer)), 0,
            "%s: %s", cases[i].items, heard);
    }
}

Test(imap_binary, tells_nul_in_literals_that_may_have_it)
{
    const char *heard = imap_client_say(ann, "a FETCH 1 BINARY.PEEK[2]\n");
    static const char answer[] = "* 1 FETCH (BINARY[2] ~{2}\n\0A)\na OK ";

    cr_expect_eq(memcmp(heard, answer, sizeof answer - 1), 0, "%s", heard);
    heard = imap_client_say(ann, "a FETCH 1 BINARY.PEEK[2]<1.1>\n");
    cr_expect(strstr(heard, "BINARY[2]<1> {1}\nA)\n"), "%s", heard);
}

/* What APPEND says, and what is there then: "\n" is CRLF. */
static void expect_append(const char *message, size_t len, const char *answer,
                          const char *content)
{
    size_t before = exchange_count(imap_world_exchange(world),
                                   "ann@example.com", "Drafts");
    const char *heard = imap_client_say_octets(ann, message, len);

    cr_expect(strstr(heard, answer), "%s", heard);
    if (content == NULL)
        return;
    size_t size;
    char *stored = exchange_content(imap_world_exchange(world),
                                    "ann@example.com", "Drafts", before, &size);
    cr_expect(strstr(stored, content), "%s", stored);
    free(stored);
}

#define APPEND(text, answer, content)                                          \
    expect_append(text, sizeof text - 1, answer, content)

Test(imap_binary, takes_messages_with_binary_parts)
{
    APPEND("a APPEND Drafts ~{53+}\r\nContent-Transfer-Encoding: binary\r\n"
           "Subject: x\r\n\r\na\0b\0\r\n",
           "a OK [APPENDUID ", "\r\n\r\nYQBiAA==");
    APPEND("a APPEND Drafts ~{17+}\r\nSubject: x\r\n\r\nab\n\r\n",
           "a OK [APPENDUID ", "\r\n\r\nab");
    APPEND("a APPEND Drafts ~{17+}\r\nSubject: x\r\n\r\na\0b\r\n",
           "a NO [UNKNOWN-CTE] ", NULL);
    APPEND("a APPEND Drafts {17+}\r\nSubject: x\r\n\r\na\0b\r\n", "a BAD ", NULL);
    APPEND("a APPEND Drafts UTF8 (~{15+}\r\nSubject: \xc3\xa4\r\n\r\n)\r\n",
           "a OK [APPENDUID ", "Subject: \xc3\xa4");
    APPEND("a APPEND Drafts UTF8 ({15+}\r\nSubject: \xc3\xa4\r\n\r\n)\r\n",
           "a BAD ", NULL);
}
