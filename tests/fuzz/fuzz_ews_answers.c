/*
 * fuzz_ews_answers.c - what Exchange, or something in its place, may answer
 *
 * The answer goes through the reader, and whatever looks like an item through
 * the columns; content goes through its decoder.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include "proxy/base/arena.h"
#include "proxy/base/spool.h"
#include "proxy/exchange/ews/columns.h"
#include "proxy/exchange/ews/content.h"
#include "proxy/exchange/ews/soap_answer.h"

#define LIMIT (1 << 20)

struct taken {
    struct arena *arena;
    struct content content;
};

static void read_items(struct taken *taken, const struct xml_node *node)
{
    struct remote_item item;

    if (columns_read(taken->arena, node, &item))
        assert(item.id != NULL && item.change_key != NULL &&
               item.class != NULL);
    for (const struct xml_node *child = node->children; child;
         child = child->next)
        read_items(taken, child);
}

static void take_message(void *context, const struct soap_message *message)
{
    struct taken *taken = context;

    assert(message->code != NULL && message->node != NULL);
    read_items(taken, message->node);
    if (taken->content.spool != NULL &&
        content_end(&taken->content) == STATUS_OK)
        assert(spool_size(taken->content.spool) > 0);
    content_drop(&taken->content);
}

static void take_mime(void *context, const char *text, size_t len)
{
    struct taken *taken = context;

    if (taken->content.spool == NULL)
        content_begin(&taken->content, NULL);
    content_write(&taken->content, text, len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct taken taken = { .arena = arena_new() };
    const struct soap_call call = { .operation = "GetItem",
                                    .message = take_message,
                                    .mime = take_mime,
                                    .context = &taken };
    const struct http_answer http = { .code = 200, .xml = true };
    struct op op;

    op_init(&op, taken.arena, "fuzz");
    struct soap_answer *answer = soap_answer_new(&call, taken.arena, LIMIT);
    if (size > 1)
        soap_answer_feed(answer, (const char *)data, size / 2);
    soap_answer_feed(answer, (const char *)data + size / 2, size - size / 2);
    struct verdict verdict = soap_answer_end(answer, &op, &http);
    assert(verdict.status >= STATUS_OK && verdict.status < STATUS_COUNT);
    soap_answer_free(&answer);
    content_drop(&taken.content);
    arena_free(&taken.arena);
    return 0;
}
