/*
 * test_fetch_structure.c - ENVELOPE and BODYSTRUCTURE
 *
 * The expectations are worked out from RFC 3501, 7.4.2, by hand; "{n}" literals have
 * their line end as "\n".
 */
#include "imap/fetch_structure.h"

#include <string.h>

#include <criterion/criterion.h>

#include "imap/reply.h"
#include "proxy/base/arena.h"
#include "proxy/format/mime.h"

static bool collect(void *context, const char *data, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (data[i] != '\r')
            buf_putc(context, data[i]);
    }
    return true;
}

static struct mime_part *scan(struct arena *arena, const char *message)
{
    struct mime_scanner *scanner = mime_scanner_new(arena);
    mime_scanner_write(scanner, message, strlen(message));
    return mime_scanner_finish(scanner);
}

/* clang-format off */
static const struct {
    const char *name;
    const char *header;
    const char *envelope;
} envelopes[] = {
    { "everything is absent", "X: y\r\n\r\n",
      "(NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL)" },
    { "sender and reply-to are from's by default",
      "Date: Wed, 17 Jul 1996 02:23:25 -0700 (PDT)\r\nFrom: Terry Gray <gray@cac.example>\r\n"
      "Subject: IMAP4rev1 WG mtg\r\nTo: imap@cac.example\r\nCc: a@b, John <c@d>\r\n"
      "Message-Id: <B27397@cac.example>\r\n\r\n",
      "(\"Wed, 17 Jul 1996 02:23:25 -0700 (PDT)\" \"IMAP4rev1 WG mtg\" "
      "((\"Terry Gray\" NIL \"gray\" \"cac.example\")) "
      "((\"Terry Gray\" NIL \"gray\" \"cac.example\")) "
      "((\"Terry Gray\" NIL \"gray\" \"cac.example\")) "
      "((NIL NIL \"imap\" \"cac.example\")) "
      "((NIL NIL \"a\" \"b\")(\"John\" NIL \"c\" \"d\")) NIL NIL "
      "\"<B27397@cac.example>\")" },
    { "sender and reply-to of their own, and an empty one",
      "From: a@b\r\nSender: s@b\r\nReply-To: r@b\r\nBcc:\r\nIn-Reply-To: <x@y>\r\n\r\n",
      "(NIL NIL ((NIL NIL \"a\" \"b\")) ((NIL NIL \"s\" \"b\")) ((NIL NIL \"r\" \"b\")) "
      "NIL NIL NIL \"<x@y>\" NIL)" },
    { "groups", "To: Team: a@b, \"C, D\" <c@d>;, e@f\r\nCc: undisclosed-recipients:;\r\n\r\n",
      "(NIL NIL NIL NIL NIL ((NIL NIL \"Team\" NIL)(NIL NIL \"a\" \"b\")"
      "(\"C, D\" NIL \"c\" \"d\")(NIL NIL NIL NIL)(NIL NIL \"e\" \"f\")) "
      "((NIL NIL \"undisclosed-recipients\" NIL)(NIL NIL NIL NIL)) NIL NIL NIL)" },
    { "a folded subject with quotes and a backslash",
      "Subject: say \"hi\"\r\n \\o/\r\n\r\n",
      "(NIL \"say \\\"hi\\\" \\\\o/\" NIL NIL NIL NIL NIL NIL NIL NIL)" },
    { "8-bit bytes become encoded words, encoded words stay as they are",
      "Subject: J\xc3\xb6rg\r\nFrom: =?utf-8?Q?J=C3=B6rg?= <j@x>\r\n\r\n",
      "(NIL \"=?utf-8?B?SsO2cmc=?=\" ((\"=?utf-8?Q?J=C3=B6rg?=\" NIL \"j\" \"x\")) "
      "((\"=?utf-8?Q?J=C3=B6rg?=\" NIL \"j\" \"x\")) "
      "((\"=?utf-8?Q?J=C3=B6rg?=\" NIL \"j\" \"x\")) NIL NIL NIL NIL NIL)" },
    { "an empty subject is not an absent one", "Subject:\r\n\r\n",
      "(NIL \"\" NIL NIL NIL NIL NIL NIL NIL NIL)" },
    { "a source route", "From: <@one:a@b>\r\nSender: x@y\r\nReply-To: x@y\r\n\r\n",
      "(NIL NIL ((NIL \"@one\" \"a\" \"b\")) ((NIL NIL \"x\" \"y\")) ((NIL NIL \"x\" \"y\")) "
      "NIL NIL NIL NIL NIL)" },
};

#define MIXED                                                                              \
    "Content-Type: multipart/mixed; boundary=\"x y\"\r\nContent-Language: de\r\n\r\n"      \
    "--x y\r\nContent-Type: text/plain; charset=utf-8; format=flowed\r\n"                  \
    "Content-Transfer-Encoding: quoted-printable\r\nContent-Disposition: inline\r\n\r\n"   \
    "one\r\ntwo\r\n"                                                                       \
    "--x y\r\nContent-Type: application/pdf; name=a.pdf\r\n"                               \
    "Content-Transfer-Encoding: base64\r\nContent-ID: <p1>\r\n"                            \
    "Content-Description: a paper\r\nContent-MD5: Q2hlY2s=\r\n"                            \
    "Content-Disposition: attachment; filename=\"a.pdf\"; size=3\r\n"                      \
    "Content-Language: de, en\r\nContent-Location: http://x/a\r\n\r\nQUJD\r\n--x y--\r\n"

#define ENCLOSED                                                                           \
    "Content-Type: message/rfc822\r\nContent-Disposition: attachment\r\n\r\n"              \
    "Subject: in\r\nFrom: a@b\r\nContent-Type: text/html\r\n\r\n<p>\r\n"

static const struct {
    const char *name;
    const char *message;
    const char *structure;
    const char *body;
} structures[] = {
    { "a plain message", "Subject: x\r\n\r\none\r\ntwo\r\n",
      "(\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7bit\" 10 2 NIL NIL NIL NIL)",
      "(\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7bit\" 10 2)" },
    { "no parameters, no lines", "Content-Type: IMAGE/PNG\r\n\r\nabc",
      "(\"IMAGE\" \"PNG\" NIL NIL NIL \"7bit\" 3 NIL NIL NIL NIL)",
      "(\"IMAGE\" \"PNG\" NIL NIL NIL \"7bit\" 3)" },
    { "a multipart with everything", MIXED,
      "((\"text\" \"plain\" (\"charset\" \"utf-8\" \"format\" \"flowed\") NIL NIL "
      "\"quoted-printable\" 8 2 NIL (\"inline\" NIL) NIL NIL)"
      "(\"application\" \"pdf\" (\"name\" \"a.pdf\") \"<p1>\" \"a paper\" \"base64\" 4 "
      "\"Q2hlY2s=\" (\"attachment\" (\"filename\" \"a.pdf\" \"size\" \"3\")) (\"de\" \"en\") "
      "\"http://x/a\") \"mixed\" (\"boundary\" \"x y\") NIL (\"de\") NIL)",
      "((\"text\" \"plain\" (\"charset\" \"utf-8\" \"format\" \"flowed\") NIL NIL "
      "\"quoted-printable\" 8 2)"
      "(\"application\" \"pdf\" (\"name\" \"a.pdf\") \"<p1>\" \"a paper\" \"base64\" 4) "
      "\"mixed\")" },
    { "an enclosed message", ENCLOSED,
      "(\"message\" \"rfc822\" NIL NIL NIL \"7bit\" 56 (NIL \"in\" ((NIL NIL \"a\" \"b\")) "
      "((NIL NIL \"a\" \"b\")) ((NIL NIL \"a\" \"b\")) NIL NIL NIL NIL NIL) "
      "(\"text\" \"html\" NIL NIL NIL \"7bit\" 5 1 NIL NIL NIL NIL) 5 "
      "NIL (\"attachment\" NIL) NIL NIL)",
      "(\"message\" \"rfc822\" NIL NIL NIL \"7bit\" 56 (NIL \"in\" ((NIL NIL \"a\" \"b\")) "
      "((NIL NIL \"a\" \"b\")) ((NIL NIL \"a\" \"b\")) NIL NIL NIL NIL NIL) "
      "(\"text\" \"html\" NIL NIL NIL \"7bit\" 5 1) 5)" },
    { "an encoded message shows as what it is to a client",
      "Content-Type: message/rfc822; name=a\r\nContent-Transfer-Encoding: base64\r\n\r\nQQ==",
      "(\"application\" \"octet-stream\" (\"name\" \"a\") NIL NIL \"base64\" 4 NIL NIL NIL NIL)",
      "(\"application\" \"octet-stream\" (\"name\" \"a\") NIL NIL \"base64\" 4)" },
    { "other messages have neither envelope nor lines",
      "Content-Type: message/delivery-status\r\n\r\na: b\r\n",
      "(\"message\" \"delivery-status\" NIL NIL NIL \"7bit\" 6 NIL NIL NIL NIL)",
      "(\"message\" \"delivery-status\" NIL NIL NIL \"7bit\" 6)" },
    { "a name with 8-bit bytes",
      "Content-Type: a/b; name=\"J\xc3\xb6.txt\"\r\n\r\n",
      "(\"a\" \"b\" (\"name\" {7}\nJ\xc3\xb6.txt) NIL NIL \"7bit\" 0 NIL NIL NIL NIL)",
      "(\"a\" \"b\" (\"name\" {7}\nJ\xc3\xb6.txt) NIL NIL \"7bit\" 0)" },
};
/* clang-format on */

Test(imap_fetch_structure, writes_envelopes)
{
    for (size_t i = 0; i < sizeof envelopes / sizeof *envelopes; i++) {
        struct arena *arena = arena_new();
        struct buf written;
        struct imap_out out;
        buf_init(&written, arena);
        imap_out_init(&out, collect, &written);
        const char *header = envelopes[i].header;
        fetch_write_envelope(&out, mime_envelope_parse(arena, header, strlen(header)));
        imap_out_flush(&out);
        cr_expect_str_eq(written.data, envelopes[i].envelope, "%s: %s",
                         envelopes[i].name, written.data);
        imap_out_fini(&out);
        arena_free(&arena);
    }
}

static void check_structure(size_t i, bool extended, const char *expected)
{
    struct arena *arena = arena_new();
    struct buf written;
    struct imap_out out;
    buf_init(&written, arena);
    imap_out_init(&out, collect, &written);
    fetch_write_structure(&out, scan(arena, structures[i].message), extended);
    imap_out_flush(&out);
    cr_expect_str_eq(written.data, expected, "%s: %s", structures[i].name, written.data);
    imap_out_fini(&out);
    arena_free(&arena);
}

Test(imap_fetch_structure, writes_structures_with_and_without_extensions)
{
    for (size_t i = 0; i < sizeof structures / sizeof *structures; i++) {
        check_structure(i, true, structures[i].structure);
        check_structure(i, false, structures[i].body);
    }
}
