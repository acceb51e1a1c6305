/*
 * fuzz_ews_answers.c - what Exchange, or something in its place, may answer
 *
 * The answer goes through the reader, and whatever looks like an item through
 * the columns; events, tasks and contacts are read, and written as new ones;
 * content goes through its decoder.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/spool.h"
#include "proxy/exchange/ews/columns.h"
#include "proxy/exchange/ews/contact_map.h"
#include "proxy/exchange/ews/content.h"
#include "proxy/exchange/ews/event_map.h"
#include "proxy/exchange/ews/kept.h"
#include "proxy/exchange/ews/soap_answer.h"
#include "proxy/exchange/ews/task_map.h"
#include "proxy/format/recurrence.h"

#define LIMIT (1 << 20)

struct taken {
    struct arena *arena;
    struct content content;
};

/* --- Events, tasks and contacts ------------------------------------------- */

static void write_event(struct soap_request *request, struct arena *arena,
                        const struct xml_node *node)
{
    struct series *series = event_read_master(arena, node, zone_utc());
    const struct event *event =
        series->has_master ? &series->master : &series->exceptions[0];
    const struct event_form form = { .event = event,
                                     .was = event,
                                     .recurrence = series->recurrence,
                                     .uid = series->uid };

    assert(event->end.kind != WHEN_NONE);
    assert(event_differences(event, event) == 0);
    for (size_t i = 0; i < series->exception_count && series->has_master; i++) {
        series_instance_index(series, &series->exceptions[i].occurrence);
        event_read_exception(arena, node, series, zone_utc(),
                             &series->exceptions[i]);
    }
    event_write_new(request, &form);
    event_write_changes(request, &form, ~0u);
}

static void write_task(struct soap_request *request, struct arena *arena,
                       const struct xml_node *node)
{
    struct task *task = task_read(arena, node, zone_utc());
    const struct task_form form = { .task = task, .was = task };

    assert(task_differences(task, task) == 0);
    task_write_new(request, &form);
    task_write_changes(request, &form, ~0u);
}

static void write_contact(struct soap_request *request, struct arena *arena,
                          const struct xml_node *node)
{
    struct contact *contact = contact_read(arena, node, zone_utc());
    struct contact none = { .group = contact->group, .preferred_place = -1 };
    const struct contact_form form = { .arena = arena,
                                       .contact = contact,
                                       .was = &none };
    const struct contact_form same = { .arena = arena,
                                       .contact = contact,
                                       .was = contact };

    assert(!contact_has_changes(&same));
    contact_write_new(request, &form);
    contact_write_changes(request, &form);
}

static void read_object(struct arena *arena, const struct xml_node *node)
{
    struct soap_request request = { .version = EWS_2016 };
    struct buf text;

    buf_init(&text, arena);
    xml_writer_init(&request.writer, &text);
    if (strcmp(node->name, "CalendarItem") == 0)
        write_event(&request, arena, node);
    else if (strcmp(node->name, "Task") == 0)
        write_task(&request, arena, node);
    else if (strcmp(node->name, "Contact") == 0 ||
             strcmp(node->name, "DistributionList") == 0)
        write_contact(&request, arena, node);
    else if (strcmp(node->name, "Value") == 0)
        kept_unpack(arena, node->text);
    assert(request.writer.depth == 0);
}

/* --- Answers -------------------------------------------------------------- */

static void read_items(struct taken *taken, const struct xml_node *node)
{
    struct remote_item item;

    if (columns_read(taken->arena, node, &item))
        assert(item.id != NULL && item.change_key != NULL &&
               item.class != NULL);
    read_object(taken->arena, node);
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
