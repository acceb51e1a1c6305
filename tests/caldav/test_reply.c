/*
 * test_reply.c - answers on the wire: whole, streaming, errors
 */
#include "caldav/reply.h"

#include <criterion/criterion.h>
#include <string.h>

#include "caldav/multistatus.h"
#include "proxy/base/arena.h"

/* What was written, and how large a piece at most. */
struct wire {
    struct buf text;
    size_t total;
    size_t largest;
    size_t left; /* what the client takes before it goes */
};

static bool hear(void *context, const char *data, size_t len)
{
    struct wire *wire = context;

    if (wire->text.len < 4096)
        buf_append(&wire->text, data, len);
    wire->total += len;
    wire->largest = len > wire->largest ? len : wire->largest;
    if (wire->left < len)
        return false;
    wire->left -= len;
    return true;
}

static struct arena *arena;
static struct wire wire;
static struct dav_reply reply;

static void begin(void)
{
    arena = arena_new();
    wire = (struct wire){ .left = SIZE_MAX };
    buf_init(&wire.text, arena);
    buf_puts(&wire.text, "");
    dav_reply_init(&reply, arena, hear, &wire);
}

static void end(void)
{
    dav_reply_fini(&reply);
    arena_free(&arena);
}

TestSuite(caldav_reply, .init = begin, .fini = end);

static bool says(const char *text)
{
    return strstr(wire.text.data, text) != NULL;
}

Test(caldav_reply, has_a_length_where_it_is_whole)
{
    dav_reply_field(&reply, "X-Name", "a\r\nb%s", "c");
    dav_reply_whole(&reply, 200, "text/plain", "hello", 5);
    cr_expect(says("HTTP/1.1 200 OK\r\nDate: "));
    cr_expect(says(" GMT\r\nContent-Type: text/plain\r\n"));
    cr_expect(says("\r\nX-Name: abc\r\n"));
    cr_expect(says("Content-Length: 5\r\n\r\nhello"));
    cr_expect(!says("Connection:"));
}

Test(caldav_reply, has_neither_body_nor_length_where_none_can_be)
{
    dav_reply_empty(&reply, 204);
    cr_expect(!says("Content-Length"));
}

Test(caldav_reply, says_only_the_header_to_head)
{
    reply.head = true;
    dav_reply_whole(&reply, 200, "text/plain", "hello", 5);
    cr_expect(says("Content-Length: 5\r\n\r\n"));
    cr_expect(!says("hello"));
}

Test(caldav_reply, streams_in_chunks)
{
    dav_reply_begin(&reply, 207, "text/xml");
    buf_puts(&reply.body, "hello");
    cr_expect(dav_reply_flow(&reply));
    dav_reply_end(&reply);
    cr_expect(
        says("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"));
    cr_expect(reply.keep_alive);
}

Test(caldav_reply, streams_to_the_end_of_the_connection_for_old_clients)
{
    reply.old = true;
    dav_reply_begin(&reply, 207, "text/xml");
    buf_puts(&reply.body, "hello");
    dav_reply_end(&reply);
    cr_expect(says("Connection: close\r\n\r\nhello"));
    cr_expect(!reply.keep_alive);
}

Test(caldav_reply, leaves_a_body_without_an_end_when_it_fails)
{
    dav_reply_begin(&reply, 207, "text/xml");
    buf_puts(&reply.body, "hello");
    dav_reply_status(&reply, STATUS_UNAVAILABLE);
    cr_expect(!says("0\r\n\r\n"));
    cr_expect(!reply.keep_alive && reply.gone);
}

Test(caldav_reply, lists_ten_thousand_members_in_bounded_memory)
{
    struct op op;
    const struct dav_request request = { .method = "PROPFIND" };
    struct dav_call call = { .op = &op, .reply = &reply, .request = &request };
    struct dav_multistatus out;

    op_init(&op, arena, "caldav/1");
    dav_multistatus_init(&out, &call);
    for (int i = 0; i < 10000; i++)
        cr_assert(dav_response_status(&out,
                                      "/users/ann@example.com/calendar/"
                                      "some-long-name.ics",
                                      404, NULL));
    dav_multistatus_end(&out, NULL);
    cr_expect(wire.total > 1000000, "%zu", wire.total);
    cr_expect(wire.largest < 20000, "%zu", wire.largest);
    cr_expect(reply.body.capacity <= 64 * 1024, "%zu", reply.body.capacity);
}

Test(caldav_reply, stops_when_the_client_has_gone)
{
    struct op op;
    const struct dav_request request = { .method = "PROPFIND" };
    struct dav_call call = { .op = &op, .reply = &reply, .request = &request };
    struct dav_multistatus out;
    int told = 0;

    op_init(&op, arena, "caldav/1");
    wire.left = 1000;
    dav_multistatus_init(&out, &call);
    while (told < 10000 && dav_response_status(&out, "/x", 404, NULL))
        told++;
    cr_expect(told < 10000);
}

Test(caldav_reply, has_words_for_each_status)
{
    for (int status = 0; status < STATUS_COUNT; status++) {
        const struct dav_words *words = dav_words((enum status)status);

        cr_expect(words->code >= 200 && words->code < 600, "%d", status);
        cr_expect(words->code == 500 ||
                      strstr(dav_status_line(words->code), "500") == NULL,
                  "%d", status);
    }
}

Test(caldav_reply, names_what_went_wrong)
{
    dav_reply_status(&reply, STATUS_DENIED);
    cr_expect(says("HTTP/1.1 403 Forbidden\r\n"));
    cr_expect(says("<D:error xmlns:D=\"DAV:\""));
    cr_expect(says("<D:need-privileges/></D:error>"));
}

Test(caldav_reply, asks_to_come_back_when_exchange_is_busy)
{
    dav_reply_status(&reply, STATUS_BUSY);
    cr_expect(says("HTTP/1.1 503 Service Unavailable\r\n"));
    cr_expect(says("\r\nRetry-After: "));
}
