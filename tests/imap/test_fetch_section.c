/*
 * test_fetch_section.c - the octets of BODY[...]
 */
#include "imap/fetch_section.h"

#include <string.h>

#include <criterion/criterion.h>

#include "imap/args.h"
#include "imap/reply.h"
#include "proxy/base/arena.h"
#include "proxy/base/spool.h"
#include "proxy/format/mime.h"

/* clang-format off */
#define PLAIN "From: a@b\r\nSubject: one\r\n two\r\nX-A: 1\r\nfrom: c@d\r\n\r\nhello\r\nworld\r\n"
#define INNER "Subject: in\r\nTo: x@y\r\nContent-Type: multipart/mixed; boundary=i\r\n\r\n" \
              "--i\r\n\r\nfirst\r\n--i\r\nContent-Type: text/html\r\n\r\nsecond\r\n--i--"
#define OUTER "Subject: out\r\nContent-Type: multipart/mixed; boundary=o\r\n\r\npreamble\r\n" \
              "--o\r\nContent-Type: text/plain\r\n\r\nalpha\r\n" \
              "--o\r\nContent-Type: message/rfc822\r\n\r\n" INNER "\r\n--o--\r\n"

static const struct {
    const char *message;
    const char *item;
    const char *value;       /* "\r" left out */
} cases[] = {
    { PLAIN, "BODY[]", "{66}\nFrom: a@b\nSubject: one\n two\nX-A: 1\nfrom: c@d\n\nhello\nworld\n" },
    { PLAIN, "RFC822", "{66}\nFrom: a@b\nSubject: one\n two\nX-A: 1\nfrom: c@d\n\nhello\nworld\n" },
    { PLAIN, "BODY[HEADER]", "{52}\nFrom: a@b\nSubject: one\n two\nX-A: 1\nfrom: c@d\n\n" },
    { PLAIN, "RFC822.HEADER", "{52}\nFrom: a@b\nSubject: one\n two\nX-A: 1\nfrom: c@d\n\n" },
    { PLAIN, "BODY[TEXT]", "{14}\nhello\nworld\n" },
    { PLAIN, "RFC822.TEXT", "{14}\nhello\nworld\n" },
    { PLAIN, "BODY[1]", "{14}\nhello\nworld\n" },
    { PLAIN, "BODY[2]", "NIL" },
    { PLAIN, "BODY[1.1]", "NIL" },
    { PLAIN, "BODY[1.HEADER]", "NIL" },
    { PLAIN, "BODY[1.TEXT]", "NIL" },
    { PLAIN, "BODY[HEADER.FIELDS (FROM)]", "{24}\nFrom: a@b\nfrom: c@d\n\n" },
    { PLAIN, "BODY[HEADER.FIELDS (SUBJECT x-a)]", "{30}\nSubject: one\n two\nX-A: 1\n\n" },
    { PLAIN, "BODY[HEADER.FIELDS (NONE)]", "{2}\n\n" },
    { PLAIN, "BODY[HEADER.FIELDS.NOT (from X-A)]", "{22}\nSubject: one\n two\n\n" },
    { PLAIN, "BODY[TEXT]<0.5>", "{5}\nhello" },
    { PLAIN, "BODY[TEXT]<7.100>", "{7}\nworld\n" },
    { PLAIN, "BODY[TEXT]<14.1>", "\"\"" },
    { PLAIN, "BODY[TEXT]<4294967295.4294967295>", "\"\"" },
    { PLAIN, "BODY[]<0.4294967295>",
      "{66}\nFrom: a@b\nSubject: one\n two\nX-A: 1\nfrom: c@d\n\nhello\nworld\n" },
    { PLAIN, "BODY[HEADER.FIELDS (FROM)]<6.3>", "\"a@b\"" },
    { PLAIN, "BODY[HEADER.FIELDS (FROM)]<24.3>", "\"\"" },
    { "Subject: x\r\n", "BODY[TEXT]", "\"\"" },
    { "Subject: x\r\n", "BODY[HEADER.FIELDS (SUBJECT)]", "{14}\nSubject: x\n\n" },
    { "Subject: x", "BODY[HEADER.FIELDS (SUBJECT)]", "{14}\nSubject: x\n\n" },
    { "", "BODY[]", "\"\"" },
    { "\r\na\x80", "BODY[1]", "{2}\na\x80" },
    { OUTER, "BODY[1]", "{5}\nalpha" },
    { OUTER, "BODY[1.MIME]", "{28}\nContent-Type: text/plain\n\n" },
    { OUTER, "BODY[2.MIME]", "{32}\nContent-Type: message/rfc822\n\n" },
    { OUTER, "BODY[3]", "NIL" },
    { OUTER, "BODY[3.MIME]", "NIL" },
    { OUTER, "BODY[1.HEADER]", "NIL" },
    { OUTER, "BODY[2.HEADER]",
      "{67}\nSubject: in\nTo: x@y\nContent-Type: multipart/mixed; boundary=i\n\n" },
    { OUTER, "BODY[2.HEADER.FIELDS (To)]", "{11}\nTo: x@y\n\n" },
    { OUTER, "BODY[2.HEADER.FIELDS.NOT (To Content-Type)]", "{15}\nSubject: in\n\n" },
    { OUTER, "BODY[2.TEXT]", "{59}\n--i\n\nfirst\n--i\nContent-Type: text/html\n\nsecond\n--i--" },
    { OUTER, "BODY[2]",
      "{126}\nSubject: in\nTo: x@y\nContent-Type: multipart/mixed; boundary=i\n\n"
      "--i\n\nfirst\n--i\nContent-Type: text/html\n\nsecond\n--i--" },
    { OUTER, "BODY[2.1]", "{5}\nfirst" },
    { OUTER, "BODY[2.2]", "{6}\nsecond" },
    { OUTER, "BODY[2.2]<1.3>", "{3}\neco" },
    { OUTER, "BODY[2.1.MIME]", "{2}\n\n" },
    { OUTER, "BODY[2.2.MIME]", "{27}\nContent-Type: text/html\n\n" },
    { OUTER, "BODY[2.3]", "NIL" },
    { OUTER, "BODY[2.1.1]", "NIL" },
    { OUTER, "BODY[2.1.TEXT]", "NIL" },
    { OUTER, "BODY[4294967295]", "NIL" },
};
/* clang-format on */

static bool collect(void *context, const char *data, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (data[i] != '\r')
            buf_putc(context, data[i]);
    }
    return true;
}

/* A message as mail_read hands it over. */
static struct mail_content read_message(struct arena *arena, const char *message,
                                        struct spool **spool)
{
    size_t len = strlen(message);
    struct mime_scanner *scanner = mime_scanner_new(arena);
    mime_scanner_write(scanner, message, len);
    *spool = spool_new(NULL, 0);
    spool_write(*spool, message, len);
    const struct mime_part *structure = mime_scanner_finish(scanner);
    return (struct mail_content){
        .header = message,
        .header_len = (size_t)structure->header_size,
        .size = len,
        .structure = structure,
        .content = *spool,
    };
}

static void read_item(struct arena *arena, const char *text, struct fetch_items *items)
{
    struct imap_args args;
    imap_args_init(&args, arena, text, strlen(text));
    cr_assert(fetch_items_read(&args, items), "%s", text);
}

Test(imap_fetch_section, cuts_out_what_the_section_means)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_new();
        struct spool *spool;
        struct fetch_items items;
        struct fetch_octets octets;
        struct imap_out out;
        struct buf written;
        struct mail_content content = read_message(arena, cases[i].message, &spool);
        read_item(arena, cases[i].item, &items);
        buf_init(&written, arena);
        imap_out_init(&out, collect, &written);
        cr_expect_eq(fetch_section_find(arena, &items.list[0].section, &content, &octets),
                     STATUS_OK);
        cr_expect(fetch_octets_write(&out, &octets, &content));
        imap_out_flush(&out);
        cr_expect_str_eq(written.data, cases[i].value, "%s: %s", cases[i].item,
                         written.data);
        imap_out_fini(&out);
        spool_free(&spool);
        arena_free(&arena);
    }
}

Test(imap_fetch_section, reads_no_more_than_the_item_needs)
{
    static const struct {
        const char *item;
        enum mail_need need;
    } needs[] = {
        { "BODY[HEADER.FIELDS (FROM)]", MAIL_NEED_HEADER },
        { "BODY[HEADER.FIELDS.NOT (FROM)]", MAIL_NEED_CONTENT },
        { "BODY[2.HEADER.FIELDS (FROM)]", MAIL_NEED_CONTENT },
        { "BODY[HEADER]", MAIL_NEED_CONTENT },
        { "BODY[TEXT]", MAIL_NEED_CONTENT },
        { "RFC822.HEADER", MAIL_NEED_CONTENT },
    };
    for (size_t i = 0; i < sizeof needs / sizeof *needs; i++) {
        struct arena *arena = arena_new();
        struct fetch_items items;
        read_item(arena, needs[i].item, &items);
        cr_expect_eq(fetch_section_need(&items.list[0].section), needs[i].need, "%s",
                     needs[i].item);
        arena_free(&arena);
    }
}

/* The structure may come from an index whose message has since been lost. */
Test(imap_fetch_section, gives_nothing_from_a_message_that_is_too_short)
{
    struct arena *arena = arena_new();
    struct spool *spool, *empty;
    struct fetch_items items;
    struct fetch_octets octets;
    struct mail_content content = read_message(arena, PLAIN, &spool);
    content.content = empty = spool_new(NULL, 0);
    static const char *const sections[] = { "BODY[1]", "BODY[HEADER]",
                                            "BODY[HEADER.FIELDS.NOT (X)]" };
    for (size_t i = 0; i < sizeof sections / sizeof *sections; i++) {
        read_item(arena, sections[i], &items);
        cr_expect_eq(fetch_section_find(arena, &items.list[0].section, &content, &octets),
                     STATUS_CORRUPT);
    }
    spool_free(&spool);
    spool_free(&empty);
    arena_free(&arena);
}
