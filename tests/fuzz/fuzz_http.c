/*
 * fuzz_http.c - the framer of HTTP: what it finds must not depend on how its
 * input is cut into pieces
 *
 * The first octet is the size of the pieces.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "caldav/frame.h"
#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/spool.h"

static const struct dav_limits limits = { .target = 100,
                                          .header = 500,
                                          .body = 300 };

static void tell_body(struct buf *out, const struct spool *body)
{
    char text[512];
    long len = body != NULL ? spool_read(body, 0, text, sizeof text) : 0;

    assert(len >= 0 && (uint64_t)len <= limits.body);
    buf_append(out, text, (size_t)len);
}

/* Writes down all that a request says; whether there may be another. */
static bool tell(struct buf *out, const struct dav_frame *frame)
{
    struct arena *arena = arena_new();
    struct dav_request request = dav_frame_request(frame, arena);
    bool goes_on = request.keep_alive;

    /* What is wrong in two ways may be refused for either. */
    buf_puts(out, request.refusal != 0 ? "refused\n" : "taken\n");
    if (request.refusal == 0) {
        size_t octets = 0;

        assert(strlen(request.target) <= limits.target);
        buf_printf(out, "%s %s %d %d\n", request.method, request.target,
                   request.keep_alive, request.old);
        for (size_t i = 0; i < request.header_count; i++) {
            octets += strlen(request.headers[i].name) +
                      strlen(request.headers[i].value);
            buf_printf(out, "%s: %s\n", request.headers[i].name,
                       request.headers[i].value);
        }
        assert(octets <= limits.header);
        tell_body(out, request.body);
    }
    arena_free(&arena);
    return goes_on;
}

static void feed(struct buf *out, const char *data, size_t len, size_t step)
{
    struct dav_frame *frame = dav_frame_new(&limits, NULL);
    bool goes_on = true;

    for (size_t at = 0, shown = 0; goes_on && at < len;) {
        enum dav_frame_event event;

        if (shown <= at)
            shown = len - at < step ? len : at + step;
        size_t taken = dav_frame_feed(frame, data + at, shown - at, &event);
        assert(taken > 0 && taken <= shown - at);
        at += taken;
        if (event == DAV_FRAME_REQUEST) {
            goes_on = tell(out, frame);
            dav_frame_reset(frame);
        }
    }
    dav_frame_free(&frame);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buf whole, pieces;

    if (size < 2)
        return 0;
    buf_init(&whole, NULL);
    buf_init(&pieces, NULL);
    feed(&whole, (const char *)data + 1, size - 1, size);
    feed(&pieces, (const char *)data + 1, size - 1, 1 + data[0] % 32);
    assert(whole.len == pieces.len);
    assert(whole.len == 0 || memcmp(whole.data, pieces.data, whole.len) == 0);
    buf_fini(&whole);
    buf_fini(&pieces);
    return 0;
}
