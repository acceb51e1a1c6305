/*
 * test_submission.c - what becomes of a message before Exchange gets it
 */
#include "proxy/exchange/submission.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/spool.h"
#include "proxy/base/time.h"
#include "proxy/format/mime.h"

#define ID "Message-ID: <1@x>\r\n"
#define DATE "Date: Sat, 21 Nov 2026 10:00:00 +0000\r\n"
#define LAST ID DATE "\r\nHello\r\n"

static const char *const no_one[] = { NULL };
static const char *const ann[] = { "ann@x", NULL };
static const char *const ann_bob[] = { "ann@x", "bob@x", NULL };
static const char *const ann_twice[] = { "ann@x", "Ann@X", NULL };
static const char *const quoted[] = { "\"ann b\"@x", NULL };

struct result {
    enum status status;
    const char *content; /* NUL-terminated */
    size_t len;
    const char *bcc; /* with a blank after each */
    const char *message_id;
    bool is_same; /* the very content that came in */
    bool delivery_receipt;
};

static struct result prepare(struct arena *arena, const char *content,
                             size_t len, const char *const *recipients)
{
    struct spool *spool = spool_new(NULL, 0);
    struct mail_submission submission = { .content = spool,
                                          .sender = "me@own.example",
                                          .recipients = recipients,
                                          .delivery_receipt = true };
    struct remote_submission prepared;
    struct result result = { .bcc = "" };
    struct op op;

    op_init(&op, arena, "test");
    cr_assert(spool_write(spool, content, len));
    result.status = submission_prepare(&op, &submission, "me@own.example",
                                       &prepared, &result.message_id);
    if (result.status == STATUS_OK) {
        result.len = spool_size(prepared.content);
        char *text = arena_alloc(arena, result.len + 1);
        cr_assert(spool_read(prepared.content, 0, text, result.len) ==
                  (long)result.len);
        result.content = text;
        result.is_same = prepared.content == spool;
        result.delivery_receipt = prepared.delivery_receipt;
        for (size_t i = 0; prepared.bcc[i] != NULL; i++)
            result.bcc =
                arena_printf(arena, "%s%s ", result.bcc, prepared.bcc[i]);
    }
    spool_free(&spool);
    return result;
}

struct header_case {
    const char *name;
    const char *header;
    const char *expected;
};

/* clang-format off */
static const struct header_case header_cases[] = {
    { "leaves an ordinary header alone",
      "From: me@x\r\nTo: ann@x\r\nX-Odd:  two  blanks \r\n",
      "From: me@x\r\nTo: ann@x\r\nX-Odd:  two  blanks \r\n" },
    { "strips Bcc in any case, folded too",
      "To: ann@x\r\nbCC: eve@x,\r\n\tmallory@x\r\n cc2\r\nSubject: a\r\n",
      "To: ann@x\r\nSubject: a\r\n" },
    { "strips every Bcc of several",
      "Bcc: a@x\r\nTo: ann@x\r\nBcc: b@x\r\n",
      "To: ann@x\r\n" },
    { "strips a Bcc with a blank before its colon",
      "To: ann@x\r\nBcc : a@x\r\n",
      "To: ann@x\r\n" },
    { "strips Return-Path and Resent fields",
      "Return-Path: <a@x>\r\nResent-To: b@x\r\nResent-Bcc: c@x\r\nTo: ann@x\r\n",
      "To: ann@x\r\n" },
    { "keeps From and drops Sender",
      "From: team@x\r\nSender: me@x\r\nTo: ann@x\r\n",
      "From: team@x\r\nTo: ann@x\r\n" },
    { "keeps what only looks like Bcc",
      "To: ann@x\r\nX-Bcc: a@x\r\nBccs: b\r\n",
      "To: ann@x\r\nX-Bcc: a@x\r\nBccs: b\r\n" },
    { "removes a To of an empty group",
      "To: undisclosed-recipients:;\r\nCc: ann@x\r\n",
      "Cc: ann@x\r\n" },
    { "removes an empty To",
      "To: \r\nCc: ann@x\r\n",
      "Cc: ann@x\r\n" },
    { "keeps a group with someone in it",
      "To: Friends: ann@x;\r\n",
      "To: Friends: ann@x;\r\n" },
    { "keeps eight-bit octets and MIME-Version",
      "To: ann@x\r\nMIME-Version: 1.0 (odd)\r\nSubject: gr\xfc\xdf\r\n",
      "To: ann@x\r\nMIME-Version: 1.0 (odd)\r\nSubject: gr\xfc\xdf\r\n" },
    { "drops the line that mailbox files begin with",
      "From ann@x Sat Nov 21 10:00:00 2026\r\nTo: ann@x\r\n",
      "To: ann@x\r\n" },
};
/* clang-format on */

Test(submission, rewrites_the_header)
{
    for (size_t i = 0; i < sizeof header_cases / sizeof *header_cases; i++) {
        const struct header_case *c = &header_cases[i];
        struct arena *arena = arena_new();
        const char *content = arena_printf(arena, "%s" LAST, c->header);
        const char *expected = arena_printf(arena, "%s" LAST, c->expected);
        struct result result = prepare(arena, content, strlen(content), ann);

        cr_expect(result.status == STATUS_OK, "%s", c->name);
        cr_expect_str_eq(result.content, expected, "%s", c->name);
        cr_expect_str_eq(result.message_id, "<1@x>", "%s", c->name);
        cr_expect(result.is_same == (strcmp(content, expected) == 0), "%s",
                  c->name);
        cr_expect(result.delivery_receipt, "%s", c->name);
        arena_free(&arena);
    }
}

struct envelope_case {
    const char *name;
    const char *header;
    const char *const *recipients;
    enum status status;
    const char *bcc;
};

/* clang-format off */
static const struct envelope_case envelope_cases[] = {
    { "named recipients are not hidden", "To: ann@x\r\nCc: bob@x\r\n",
      ann_bob, STATUS_OK, "" },
    { "whom nobody names becomes Bcc", "To: ann@x\r\n",
      ann_bob, STATUS_OK, "bob@x " },
    { "a Bcc field names nobody", "To: ann@x\r\nBcc: bob@x\r\n",
      ann_bob, STATUS_OK, "bob@x " },
    { "case does not matter", "To: Ann <ANN@X>\r\n",
      ann, STATUS_OK, "" },
    { "quotes do not matter", "To: \"ann b\"@X\r\n",
      quoted, STATUS_OK, "" },
    { "a folded list is read whole", "To: someone@x,\r\n Ann\r\n <ann@x>\r\n",
      ann, STATUS_OK, "" },
    { "members of groups are named", "To: Friends: ann@x, bob@x;\r\n",
      ann_bob, STATUS_OK, "" },
    { "several To fields count", "To: ann@x\r\nTo: bob@x\r\n",
      ann_bob, STATUS_OK, "" },
    { "without To and Cc all are hidden", "Subject: a\r\n",
      ann_bob, STATUS_OK, "ann@x bob@x " },
    { "undisclosed recipients are hidden", "To: undisclosed-recipients:;\r\n",
      ann_bob, STATUS_OK, "ann@x bob@x " },
    { "someone named beyond the envelope does not stop it", "To: ann@x, eve@x\r\n",
      ann, STATUS_OK, "" },
    { "a message bounced to someone else is refused", "To: eve@x\r\nResent-To: ann@x\r\n",
      ann, STATUS_CANNOT, "" },
    { "an empty envelope is refused", "To: ann@x\r\n",
      no_one, STATUS_NO_RECIPIENT, "" },
    { "a recipient given twice is named once", "To: ann@x\r\n",
      ann_twice, STATUS_OK, "" },
};
/* clang-format on */

Test(submission, finds_the_hidden_recipients)
{
    for (size_t i = 0; i < sizeof envelope_cases / sizeof *envelope_cases;
         i++) {
        const struct envelope_case *c = &envelope_cases[i];
        struct arena *arena = arena_new();
        const char *content = arena_printf(arena, "%s" LAST, c->header);
        struct result result =
            prepare(arena, content, strlen(content), c->recipients);

        cr_expect(result.status == c->status, "%s", c->name);
        cr_expect_str_eq(result.bcc, c->bcc, "%s", c->name);
        cr_expect(result.content == NULL ||
                      strstr(result.content, "Bcc:") == NULL,
                  "%s", c->name);
        arena_free(&arena);
    }
}

Test(submission, hides_a_recipient_given_twice_once)
{
    struct arena *arena = arena_new();
    const char *content = "Subject: a\r\n" LAST;
    struct result result = prepare(arena, content, strlen(content), ann_twice);

    cr_expect_str_eq(result.bcc, "ann@x ");
    arena_free(&arena);
}

Test(submission, adds_a_message_id_of_our_own_domain)
{
    struct arena *arena = arena_new();
    const char *content = "To: ann@x\r\n" DATE "\r\nHello\r\n";
    struct result first = prepare(arena, content, strlen(content), ann);
    struct result second = prepare(arena, content, strlen(content), ann);

    cr_assert(first.status == STATUS_OK);
    cr_expect_str_eq(
        mime_header_value(arena, first.content, first.len, "Message-ID"),
        first.message_id);
    cr_expect(first.message_id[0] == '<');
    cr_expect(strstr(first.message_id, "@own.example>") != NULL);
    cr_expect_str_neq(first.message_id, second.message_id);
    arena_free(&arena);
}

Test(submission, adds_the_date)
{
    struct arena *arena = arena_new();
    const char *content = "To: ann@x\r\n" ID "\r\nHello\r\n";
    struct result result = prepare(arena, content, strlen(content), ann);
    const char *date =
        mime_header_value(arena, result.content, result.len, "Date");

    cr_assert(date != NULL);
    cr_expect(llabs(time_from_rfc5322(date) - time_now()) < 60);
    arena_free(&arena);
}

struct body_case {
    const char *name;
    const char *content;
    const char *body;
};

/* clang-format off */
static const struct body_case body_cases[] = {
    { "a message without a body", "To: ann@x\r\nBcc: b@x\r\n", "" },
    { "a body at once", "\r\nBcc: not a field\r\n", "Bcc: not a field\r\n" },
    { "a body without an empty line before it",
      "To: ann@x\r\nHello there\r\nBcc: not a field\r\n",
      "Hello there\r\nBcc: not a field\r\n" },
    { "nothing but text", "Hello\r\n\r\nThere\r\n", "Hello\r\n\r\nThere\r\n" },
    { "nothing at all", "", "" },
    { "a header inside the body",
      "To: ann@x\r\nBcc: b@x\r\n\r\n--b\r\nBcc: stays\r\n\r\nx\r\n--b--",
      "--b\r\nBcc: stays\r\n\r\nx\r\n--b--" },
};
/* clang-format on */

Test(submission, keeps_each_octet_of_the_body)
{
    for (size_t i = 0; i < sizeof body_cases / sizeof *body_cases; i++) {
        const struct body_case *c = &body_cases[i];
        struct arena *arena = arena_new();
        struct result result =
            prepare(arena, c->content, strlen(c->content), ann);
        const char *body =
            result.content != NULL ? strstr(result.content, "\r\n\r\n") : NULL;

        cr_assert(body != NULL, "%s", c->name);
        cr_expect_str_eq(body + 4, c->body, "%s", c->name);
        arena_free(&arena);
    }
}

Test(submission, streams_a_large_body)
{
    static const char head[] = "To: ann@x\r\nBcc: b@x\r\n" ID DATE "\r\n";
    static const char new_head[] = "To: ann@x\r\n" ID DATE "\r\n";
    size_t body = 3 * 1024 * 1024 + 17;
    char *content = malloc(sizeof head - 1 + body);
    struct arena *arena = arena_new();

    memcpy(content, head, sizeof head - 1);
    for (size_t i = 0; i < body; i++)
        content[sizeof head - 1 + i] = (char)(i * 7 + i / 253);

    struct result result = prepare(arena, content, sizeof head - 1 + body, ann);
    cr_assert(result.status == STATUS_OK);
    cr_assert(result.len == sizeof new_head - 1 + body);
    cr_expect(memcmp(result.content, new_head, sizeof new_head - 1) == 0);
    cr_expect(memcmp(result.content + sizeof new_head - 1,
                     content + sizeof head - 1, body) == 0);
    free(content);
    arena_free(&arena);
}

Test(submission, finds_the_end_of_a_header_wherever_pieces_meet)
{
    for (size_t pad = 65536 - 120; pad < 65536; pad++) {
        struct arena *arena = arena_new();
        char *filler = arena_alloc(arena, pad + 1);
        memset(filler, 'x', pad);
        const char *content = arena_printf(
            arena, "To: ann@x\r\nX-Pad: %s\r\n" ID DATE "\r\nBcc: body\r\n",
            filler);
        struct result result = prepare(arena, content, strlen(content), ann);

        cr_assert(result.status == STATUS_OK);
        cr_expect_str_eq(result.content, content);
        arena_free(&arena);
    }
}

Test(submission, refuses_a_header_without_end)
{
    size_t len = MIME_HEADER_MAX + 100000;
    char *content = malloc(len);
    struct arena *arena = arena_new();

    memset(content, 'x', len);
    struct result result = prepare(arena, content, len, ann);
    cr_expect(result.status == STATUS_BAD_CONTENT);
    free(content);
    arena_free(&arena);
}
