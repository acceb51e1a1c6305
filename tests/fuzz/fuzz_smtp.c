/*
 * fuzz_smtp.c - the framer of SMTP: what it finds must not depend on how its input
 * is cut into pieces
 *
 * The first octet chooses the size of the pieces and what comes first.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/base/spool.h"
#include "smtp/command.h"
#include "smtp/content.h"
#include "smtp/frame.h"

#define FOUND_MAX 64
#define CONTENT_MAX 4096

/* What one way of feeding has found. */
struct outcome {
    size_t count;
    size_t at[FOUND_MAX];    /* where in the input each thing ended */
    enum smtp_frame_found found[FOUND_MAX];
    size_t content_len;
    char content[CONTENT_MAX];
    enum smtp_content_fault fault;
};

/* Goes on as a session does: DATA and BDAT bring content. */
static void begin_next(struct smtp_frame *frame, struct smtp_content *content,
                       const char *data, size_t len)
{
    char line[64] = "";
    uint64_t size;
    bool last;

    memcpy(line, data, len < sizeof line ? len : sizeof line - 1);
    line[strcspn(line, "\r\n")] = '\0';
    if (strcmp(line, "DATA") == 0)
        smtp_frame_begin_data(frame, content);
    else if (smtp_bdat_size(line, &size, &last) && size != UINT64_MAX &&
             size > 0)
        smtp_frame_begin_chunk(frame, content, size);
}

static void feed(struct outcome *outcome, const char *data, size_t len,
                 size_t step, bool data_first)
{
    struct smtp_content *content = smtp_content_new(NULL, CONTENT_MAX);
    struct smtp_frame frame;
    size_t at = 0;
    size_t shown = 0;

    memset(outcome, 0, sizeof *outcome);
    smtp_frame_init(&frame, 40);
    if (data_first)
        smtp_frame_begin_data(&frame, content);

    while (shown < len) {
        shown = len - shown < step ? len : shown + step;
        for (;;) {
            enum smtp_frame_found found;
            size_t taken =
                shown > at
                    ? smtp_frame_take(&frame, data + at, shown - at, &found)
                    : 0;

            if (taken == 0)
                break;
            if (found == SMTP_FOUND_LINE)
                begin_next(&frame, content, data + at, taken);
            at += taken;
            if (found != SMTP_FOUND_NOTHING && outcome->count < FOUND_MAX) {
                outcome->at[outcome->count] = at;
                outcome->found[outcome->count++] = found;
            }
        }
        assert(shown - at <= 42);
    }
    outcome->fault = smtp_content_end(content);
    outcome->content_len = (size_t)spool_read(
        smtp_content_spool(content), 0, outcome->content, CONTENT_MAX);
    smtp_content_free(&content);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct outcome whole;
    static struct outcome pieces;

    if (size < 1)
        return 0;
    feed(&whole, (const char *)data + 1, size - 1, SIZE_MAX, data[0] & 1);
    feed(&pieces, (const char *)data + 1, size - 1, 1u + data[0] / 2,
         data[0] & 1);

    assert(whole.count == pieces.count);
    assert(memcmp(whole.at, pieces.at, sizeof whole.at) == 0);
    assert(memcmp(whole.found, pieces.found, sizeof whole.found) == 0);
    assert(whole.fault == pieces.fault);
    if (whole.fault == SMTP_CONTENT_GOOD) {
        assert(whole.content_len == pieces.content_len);
        assert(memcmp(whole.content, pieces.content, whole.content_len) == 0);
    }
    return 0;
}
