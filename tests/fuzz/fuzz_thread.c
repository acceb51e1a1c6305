/*
 * fuzz_thread.c - any bytes as messages that refer to each other
 *
 * Each message is in one thread, once; what is not there is at the top only,
 * and has two children or more; siblings are in order.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "imap/thread.h"
#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/format/mime_summary.h"

#define MESSAGES_MAX 64
#define BYTES 6 /* for one message */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct seen {
    bool numbers[MESSAGES_MAX + 1];
    int64_t sent[MESSAGES_MAX + 1];
    size_t count;
};

static const char *id_of(struct arena *arena, uint8_t byte)
{
    return byte >= 32 ? "" : arena_printf(arena, "%u@x", byte);
}

static void add(struct threads *threads, struct arena *arena,
                const uint8_t *data, uint32_t number, struct seen *seen)
{
    static const char *const subjects[] = { "", "A", "B", "C" };
    struct buf references;
    buf_init(&references, arena);
    buf_puts(&references, "");
    for (size_t i = 1; i < 4; i++) {
        const char *id = id_of(arena, data[i]);
        if (*id != '\0')
            buf_printf(&references, "%s%s", references.len > 0 ? " " : "", id);
    }
    const struct mime_summary summary = {
        .message_id = id_of(arena, data[0]),
        .references = references.data,
        .base_subject = subjects[data[4] % 4],
        .is_reply = (data[4] & 4) != 0,
        .sent = data[5],
    };
    seen->sent[number] = data[5];
    threads_add(threads, number, data[4] == 255 ? NULL : &summary, data[5]);
}

static const struct thread_node *speaker(const struct thread_node *node)
{
    return node->number != 0 ? node : node->first;
}

static void check(const struct thread_node *node,
                  const struct thread_node *parent, struct seen *seen)
{
    const struct thread_node *before = NULL;
    for (; node != NULL; node = node->next) {
        assert(node->parent == parent);
        if (node->number == 0) {
            assert(parent == NULL);
            assert(node->first != NULL && node->first->next != NULL);
        } else {
            assert(node->number <= MESSAGES_MAX);
            assert(!seen->numbers[node->number]);
            seen->numbers[node->number] = true;
            seen->count++;
        }
        check(node->first, node, seen);
        if (before != NULL) {
            uint32_t a = speaker(before)->number, b = speaker(node)->number;
            assert(seen->sent[a] < seen->sent[b] ||
                   (seen->sent[a] == seen->sent[b] && a < b));
        }
        before = node;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t count = size / BYTES > MESSAGES_MAX ? MESSAGES_MAX : size / BYTES;
    for (int kind = THREAD_ORDERED_SUBJECT; kind <= THREAD_REFERENCES; kind++) {
        struct arena *arena = arena_new();
        struct threads *threads = threads_new(arena, (enum thread_kind)kind);
        struct seen seen = { .count = 0 };
        for (size_t i = 0; i < count; i++)
            add(threads, arena, data + i * BYTES, (uint32_t)i + 1, &seen);
        check(threads_build(threads), NULL, &seen);
        assert(seen.count == count);
        arena_free(&arena);
    }
    return 0;
}
