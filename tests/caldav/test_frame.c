/*
 * test_frame.c - what the framer finds, wherever the pieces of its input meet
 */
#include "caldav/frame.h"

#include <criterion/criterion.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/spool.h"

static const struct dav_limits limits = {
    .target = 60,
    .header = 300,
    .body = 40,
};

#define AUTH "Authorization: Basic YTpi\r\n"
#define HOST "Host: h\r\n"

struct frame_case {
    const char *name;
    const char *input;
    int refusal;
    const char *method;
    const char *target;
    const char *body; /* NULL: none is kept */
    bool keep_alive;
    const char *rest; /* what belongs to the next request */
};

/* clang-format off */
static const struct frame_case cases[] = {
    { "a plain request", "GET /a HTTP/1.1\r\n" HOST "\r\n",
      0, "GET", "/a", NULL, true, "" },
    { "WebDAV's methods", "PROPFIND /a HTTP/1.1\r\n" HOST "\r\n",
      0, "PROPFIND", "/a", NULL, true, "" },
    { "MKCALENDAR", "MKCALENDAR /a HTTP/1.1\r\n" HOST "\r\n",
      0, "MKCALENDAR", "/a", NULL, true, "" },
    { "empty lines before a request", "\r\n\r\nGET /a HTTP/1.1\r\n" HOST "\r\n",
      0, "GET", "/a", NULL, true, "" },
    { "two requests in one piece", "GET /a HTTP/1.1\r\n" HOST "\r\nGET /b HTTP/1.1\r\n",
      0, "GET", "/a", NULL, true, "GET /b HTTP/1.1\r\n" },
    { "a body", "PUT /a HTTP/1.1\r\n" HOST AUTH "Content-Length: 5\r\n\r\nhelloGET",
      0, "PUT", "/a", "hello", true, "GET" },
    { "a chunked body",
      "PUT /a HTTP/1.1\r\n" HOST AUTH "Transfer-Encoding: chunked\r\n\r\n"
      "3;x=y\r\nhel\r\n2\r\nlo\r\n0\r\nTrailer: x\r\n\r\nGET",
      0, "PUT", "/a", "hello", true, "GET" },
    { "a body without credentials is passed over",
      "PUT /a HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\nhelloGET",
      0, "PUT", "/a", NULL, true, "GET" },
    { "HTTP/1.0 closes", "GET /a HTTP/1.0\r\n\r\n",
      0, "GET", "/a", NULL, false, "" },
    { "HTTP/1.0 may ask to stay", "GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
      0, "GET", "/a", NULL, true, "" },
    { "HTTP/1.1 may ask to close", "GET /a HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n",
      0, "GET", "/a", NULL, false, "" },
    { "an offer to change the protocol is passed over",
      "GET /a HTTP/1.1\r\n" HOST "Connection: upgrade\r\nUpgrade: h2c\r\n\r\nGET",
      0, "GET", "/a", NULL, true, "GET" },
    { "a length and a coding",
      "PUT /a HTTP/1.1\r\n" HOST AUTH "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
      400, NULL, NULL, NULL, false, NULL },
    { "a coding and a length",
      "PUT /a HTTP/1.1\r\n" HOST AUTH "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n",
      400, NULL, NULL, NULL, false, NULL },
    { "two lengths",
      "PUT /a HTTP/1.1\r\n" HOST AUTH "Content-Length: 5\r\nContent-Length: 5\r\n\r\n",
      400, NULL, NULL, NULL, false, NULL },
    { "a length that is no number",
      "PUT /a HTTP/1.1\r\n" HOST AUTH "Content-Length: 5x\r\n\r\n",
      400, NULL, NULL, NULL, false, NULL },
    { "a blank before the colon",
      "PUT /a HTTP/1.1\r\n" HOST AUTH "Content-Length : 5\r\n\r\n",
      400, NULL, NULL, NULL, false, NULL },
    { "another coding",
      "PUT /a HTTP/1.1\r\n" HOST AUTH "Transfer-Encoding: gzip, chunked\r\n\r\n",
      501, NULL, NULL, NULL, false, NULL },
    { "a chunk that has no size",
      "PUT /a HTTP/1.1\r\n" HOST AUTH "Transfer-Encoding: chunked\r\n\r\nxyz\r\n",
      400, NULL, NULL, NULL, false, NULL },
    { "no host", "GET /a HTTP/1.1\r\n\r\n", 400, NULL, NULL, NULL, false, NULL },
    { "two hosts", "GET /a HTTP/1.1\r\n" HOST HOST "\r\n", 400, NULL, NULL, NULL, false, NULL },
    { "no such method", "FROB /a HTTP/1.1\r\n" HOST "\r\n", 501, NULL, NULL, NULL, false, NULL },
    { "no such version", "GET /a HTTP/2.0\r\n" HOST "\r\n", 505, NULL, NULL, NULL, false, NULL },
    { "no HTTP at all", "a001 LOGIN a b\r\n", 501, NULL, NULL, NULL, false, NULL },
    { "a target too long",
      "GET /aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa HTTP/1.1\r\n",
      414, NULL, NULL, NULL, false, NULL },
    { "a header too large",
      "GET /a HTTP/1.1\r\n" HOST "X: 0123456789012345678901234567890123456789012345678901234567"
      "89012345678901234567890123456789012345678901234567890123456789012345678901234567890123456"
      "78901234567890123456789012345678901234567890123456789012345678901234567890123456789012345"
      "678901234567890123456789012345678901234567890123456789\r\n\r\n",
      431, NULL, NULL, NULL, false, NULL },
    { "a body too large",
      "PUT /a HTTP/1.1\r\n" HOST AUTH "Content-Length: 41\r\n\r\n",
      413, NULL, NULL, NULL, false, NULL },
    { "chunks too large",
      "PUT /a HTTP/1.1\r\n" HOST AUTH "Transfer-Encoding: chunked\r\n\r\n"
      "14\r\n01234567890123456789\r\n15\r\n012345678901234567890\r\n0\r\n\r\n",
      413, NULL, NULL, NULL, false, NULL },
    { "an expectation that is none",
      "PUT /a HTTP/1.1\r\n" HOST AUTH "Expect: tea\r\nContent-Length: 5\r\n\r\n",
      417, NULL, NULL, NULL, false, NULL },
    { "a body that waits in vain, without credentials",
      "PUT /a HTTP/1.1\r\n" HOST "Expect: 100-continue\r\nContent-Length: 5\r\n\r\n",
      401, NULL, NULL, NULL, false, NULL },
};
/* clang-format on */

/* Feeds pieces as a connection does: what is not taken comes again. */
static size_t feed(struct dav_frame *frame, const char *input, size_t step,
                   unsigned *continues)
{
    size_t len = strlen(input);
    size_t taken = 0;
    enum dav_frame_event event = DAV_FRAME_MORE;

    for (size_t shown = 0; shown < len && event != DAV_FRAME_REQUEST;) {
        shown = len - shown < step ? len : shown + step;
        while (taken < shown && event != DAV_FRAME_REQUEST) {
            size_t got =
                dav_frame_feed(frame, input + taken, shown - taken, &event);

            taken += got;
            *continues += event == DAV_FRAME_CONTINUE;
            if (got == 0)
                break;
        }
    }
    cr_assert(event == DAV_FRAME_REQUEST, "\"%s\" in pieces of %zu", input,
              step);
    return taken;
}

static void check(const struct frame_case *c, struct dav_frame *frame,
                  size_t taken, size_t step)
{
    struct arena *arena = arena_new();
    struct dav_request request = dav_frame_request(frame, arena);

    cr_expect(request.refusal == c->refusal, "%s: %d, step %zu", c->name,
              request.refusal, step);
    cr_expect(request.keep_alive == c->keep_alive, "%s", c->name);
    if (c->refusal == 0) {
        cr_expect_str_eq(request.method, c->method, "%s", c->name);
        cr_expect_str_eq(request.target, c->target, "%s", c->name);
        cr_expect_str_eq(c->input + taken, c->rest, "%s", c->name);
        cr_expect((request.body != NULL) == (c->body != NULL), "%s", c->name);
    }
    if (c->body != NULL && request.body != NULL) {
        char text[64] = "";

        spool_read(request.body, 0, text, sizeof text - 1);
        cr_expect_str_eq(text, c->body, "%s", c->name);
    }
    arena_free(&arena);
}

Test(caldav_frame, finds_requests_wherever_their_pieces_meet)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t len = strlen(cases[i].input);

        for (size_t step = 1; step <= len; step++) {
            struct dav_frame *frame = dav_frame_new(&limits, NULL);
            unsigned continues = 0;
            size_t taken = feed(frame, cases[i].input, step, &continues);

            check(&cases[i], frame, taken, step);
            dav_frame_free(&frame);
        }
    }
}

Test(caldav_frame, says_when_the_client_waits_for_a_continue)
{
    static const char header[] =
        "PUT /a HTTP/1.1\r\n" HOST AUTH "Expect: 100-continue\r\n"
        "Content-Length: 5\r\n\r\n";
    struct dav_frame *frame = dav_frame_new(&limits, NULL);
    enum dav_frame_event event;

    size_t taken = dav_frame_feed(frame, header, strlen(header), &event);
    cr_expect(taken == strlen(header) && event == DAV_FRAME_CONTINUE);
    cr_expect(dav_frame_is_inside(frame));
    dav_frame_feed(frame, "hello", 5, &event);
    cr_expect(event == DAV_FRAME_REQUEST);
    dav_frame_free(&frame);
}

Test(caldav_frame, says_nothing_to_a_client_that_does_not_wait)
{
    struct dav_frame *frame = dav_frame_new(&limits, NULL);
    unsigned continues = 0;

    feed(frame,
         "PUT /a HTTP/1.1\r\n" HOST AUTH "Expect: 100-continue\r\n"
         "Content-Length: 5\r\n\r\nhello",
         200, &continues);
    cr_expect(continues == 0);
    dav_frame_free(&frame);
}

Test(caldav_frame, gives_the_header_fields_as_they_came)
{
    struct arena *arena = arena_new();
    struct dav_frame *frame = dav_frame_new(&limits, NULL);
    unsigned continues = 0;

    feed(frame, "GET /a HTTP/1.1\r\nHost: h\r\nEmpty:\r\nX-Y:  a b \r\n\r\n", 1,
         &continues);
    struct dav_request request = dav_frame_request(frame, arena);
    cr_assert(request.header_count == 3);
    cr_expect_str_eq(request.headers[0].name, "Host");
    cr_expect_str_eq(request.headers[1].value, "");
    cr_expect_str_eq(request.headers[2].name, "X-Y");
    cr_expect_str_eq(request.headers[2].value, "a b");
    dav_frame_free(&frame);
    arena_free(&arena);
}

Test(caldav_frame, begins_anew_after_a_reset)
{
    struct arena *arena = arena_new();
    struct dav_frame *frame = dav_frame_new(&limits, NULL);
    unsigned continues = 0;

    feed(frame, "PUT /a HTTP/1.1\r\n" HOST AUTH "Content-Length: 1\r\n\r\nx", 7,
         &continues);
    dav_frame_reset(frame);
    feed(frame, "GET /b HTTP/1.1\r\n" HOST "\r\n", 7, &continues);
    struct dav_request request = dav_frame_request(frame, arena);
    cr_expect(request.refusal == 0 && request.body == NULL);
    cr_expect_str_eq(request.target, "/b");
    cr_expect(request.header_count == 1);
    dav_frame_free(&frame);
    arena_free(&arena);
}
