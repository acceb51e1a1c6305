/*
 * fuzz_stream.c - a stream of envelopes, in pieces of any size
 *
 * The first octet is the size of the pieces.  Whatever comes, the same is told
 * as when it comes in one piece.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/base/memory.h"
#include "proxy/exchange/ews/notify.h"

/* What was told, as far as it can differ. */
struct told {
    unsigned count;
    uint32_t hash;
};

static void note(struct told *told, const char *text)
{
    for (; *text != '\0'; text++)
        told->hash = told->hash * 31 + (unsigned char)*text;
}

static void tell(void *context, const struct remote_news *news)
{
    struct told *told = context;

    assert(news->kind <= REMOTE_NEWS_END);
    told->count++;
    told->hash = told->hash * 31 + news->kind;
    if (news->folder != NULL)
        note(told, news->folder);
}

/* Returns whether it came to its end. */
static bool feed(struct ews_watch *watch, const char *data, size_t size,
                 size_t piece)
{
    for (size_t at = 0; at < size; at += piece)
        if (!notify_feed(watch, data + at,
                         size - at < piece ? size - at : piece))
            return true;
    return false;
}

static struct told take(const char *data, size_t size, size_t piece)
{
    struct told told = { 0, 0 };
    struct ews_watch watch = { .watch = { .tell = tell, .context = &told },
                               .subscription = memory_strdup("S") };

    if (feed(&watch, data, size, piece))
        assert(watch.closed || watch.trouble.kind == REMOTE_NEWS_END);
    assert((watch.subscription == NULL) ==
           (watch.trouble.status == STATUS_STALE));
    notify_drop(&watch);
    free(watch.subscription);
    return told;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    const char *stream = (const char *)data + 1;
    struct told whole = take(stream, size - 1, size);
    struct told pieces = take(stream, size - 1, (size_t)data[0] + 1);
    assert(whole.count == pieces.count && whole.hash == pieces.hash);
    return 0;
}
