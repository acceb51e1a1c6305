/*
 * test_thread.c - THREAD and UID THREAD: which messages match, as conversations
 *
 * RFC 5256, BASE.6.4.THREAD
 */
#include "imap/thread.h"

#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "proxy/format/mime_summary.h"
#include "tests/exchange/exchange.h"
#include "tests/imap/client.h"

#define USER "ann@example.com"

/* --- Threads of summaries ------------------------------------------------- */

/* A message as it is threaded: "id <- references | subject @ date". */
struct message {
    const char *id;
    const char *references;
    const char *subject; /* a base subject; "re x" is a reply to "x" */
    int64_t sent;
};

static struct mime_summary summary_of(const struct message *message)
{
    bool is_reply = str_starts(message->subject, "re ");

    return (struct mime_summary){
        .base_subject = message->subject + (is_reply ? 3 : 0),
        .is_reply = is_reply,
        .message_id = message->id,
        .references = message->references,
        .sent = message->sent,
    };
}

static void show(struct buf *out, const struct thread_node *node)
{
    bool first = true;

    buf_putc(out, '(');
    for (;; node = node->first) {
        if (node->number != 0)
            buf_printf(out, "%s%u", first ? "" : " ", node->number);
        first = first && node->number == 0;
        if (node->first == NULL || node->first->next != NULL)
            break;
    }
    if (node->first != NULL && !first)
        buf_putc(out, ' ');
    for (const struct thread_node *child = node->first; child != NULL;
         child = child->next)
        show(out, child);
    buf_putc(out, ')');
}

static const char *thread(struct arena *arena, enum thread_kind kind,
                          const struct message messages[], size_t count)
{
    struct threads *threads = threads_new(arena, kind);
    struct buf out;

    for (size_t i = 0; i < count; i++) {
        struct mime_summary summary = summary_of(&messages[i]);
        threads_add(threads, (uint32_t)i + 1, &summary, 0);
    }
    buf_init(&out, arena);
    buf_puts(&out, "");
    for (const struct thread_node *root = threads_build(threads); root != NULL;
         root = root->next)
        show(&out, root);
    return out.data;
}

#define N TIME_NONE

/* clang-format off */
static const struct {
    const char *name;
    struct message messages[8];
    const char *by_references;
    const char *by_subject;
} cases[] = {
    { "nothing", { { NULL, NULL, NULL, 0 } }, "", "" },
    { "strangers", { { "a@x", "", "a", 2 }, { "b@x", "", "b", 1 }, { "c@x", "", "c", 3 } },
      "(2)(1)(3)", "(2)(1)(3)" },
    { "a chain", { { "a@x", "", "s", 1 }, { "b@x", "a@x", "re s", 2 }, { "c@x", "a@x b@x", "re s", 3 } },
      "(1 2 3)", "(1 (2)(3))" },
    { "a chain backwards", { { "c@x", "a@x b@x", "re s", 3 }, { "b@x", "a@x", "re s", 2 }, { "a@x", "", "s", 1 } },
      "(3 2 1)", "(3 (2)(1))" },
    { "two answers, the later first", { { "a@x", "", "s", 1 }, { "b@x", "a@x", "re s", 4 }, { "c@x", "a@x", "re s", 3 } },
      "(1 (3)(2))", "(1 (3)(2))" },
    { "one answer", { { "a@x", "", "s", 1 }, { "b@x", "a@x", "re s", 4 } }, "(1 2)", "(1 2)" },
    { "a missing parent of two", { { "a@x", "m@x", "p", 2 }, { "b@x", "m@x", "q", 1 } },
      "((2)(1))", "(2)(1)" },
    { "a missing parent of one", { { "a@x", "m@x", "p", 2 } }, "(1)", "(1)" },
    { "missing ones in the middle", { { "a@x", "", "s", 1 }, { "b@x", "a@x m@x n@x", "re s", 2 } },
      "(1 2)", "(1 2)" },
    { "missing ones above each other", { { "a@x", "m@x n@x", "p", 1 }, { "b@x", "m@x n@x", "q", 2 }, { "c@x", "m@x", "r", 3 } },
      "((1)(2)(3))", "(1)(2)(3)" },
    { "missing ones above one message", { { "a@x", "m@x n@x", "p", 1 }, { "b@x", "m@x n@x a@x", "q", 2 } },
      "(1 2)", "(1)(2)" },
    { "the first of one id counts", { { "a@x", "", "p", 1 }, { "a@x", "", "q", 2 }, { "b@x", "a@x", "r", 3 } },
      "(1 3)(2)", "(1)(2)(3)" },
    { "no id at all", { { "", "", "p", 1 }, { "", "a@x", "q", 2 }, { "", "a@x", "r", 3 } },
      "(1)((2)(3))", "(1)(2)(3)" },
    { "ids in capitals are others", { { "a@x", "", "p", 1 }, { "b@x", "A@x", "q", 2 } }, "(1)(2)", "(1)(2)" },
    { "what answers itself", { { "a@x", "a@x", "p", 1 }, { "b@x", "b@x b@x", "q", 2 } }, "(1)(2)", "(1)(2)" },
    { "who answer each other", { { "a@x", "b@x", "p", 1 }, { "b@x", "a@x", "q", 2 } }, "(2 1)", "(1)(2)" },
    { "a circle of three", { { "a@x", "c@x", "p", 1 }, { "b@x", "a@x", "q", 2 }, { "c@x", "b@x", "r", 3 } },
      "(3 1 2)", "(1)(2)(3)" },
    { "a loop in what a third one says", { { "a@x", "", "p", 1 }, { "b@x", "a@x", "q", 2 }, { "c@x", "b@x a@x", "r", 3 } },
      "(1 (2)(3))", "(1)(2)(3)" },
    { "own references count more", { { "c@x", "a@x b@x", "p", 3 }, { "a@x", "", "q", 1 }, { "b@x", "", "r", 2 } },
      "(2)(3 1)", "(2)(3)(1)" },
    { "shortened references do not undo longer ones",
      { { "a@x", "", "s", 1 }, { "b@x", "a@x", "re s", 2 }, { "c@x", "a@x b@x", "re s", 3 }, { "d@x", "a@x c@x", "re s", 4 } },
      "(1 2 3 4)", "(1 (2)(3)(4))" },
    { "an answer by its subject", { { "a@x", "", "s", 1 }, { "b@x", "", "re s", 2 } }, "(1 2)", "(1 2)" },
    { "an answer before its question", { { "b@x", "", "re s", 1 }, { "a@x", "", "s", 2 } }, "(2 1)", "(1 2)" },
    { "two of one subject", { { "a@x", "", "s", 1 }, { "b@x", "", "s", 2 } }, "((1)(2))", "(1 2)" },
    { "two answers without a question", { { "a@x", "", "re s", 1 }, { "b@x", "", "re s", 2 } }, "((1)(2))", "(1 2)" },
    { "two questions and an answer", { { "a@x", "", "s", 1 }, { "b@x", "", "s", 2 }, { "c@x", "", "re s", 3 } },
      "((1)(2)(3))", "(1 (2)(3))" },
    { "a group takes a message in", { { "a@x", "m@x", "s", 1 }, { "b@x", "m@x", "s", 2 }, { "c@x", "", "s", 3 } },
      "((1)(2)(3))", "(1 (2)(3))" },
    { "a group takes a group in", { { "a@x", "m@x", "s", 1 }, { "b@x", "m@x", "t", 2 }, { "c@x", "n@x", "s", 3 }, { "d@x", "n@x", "u", 4 } },
      "((1)(2)(3)(4))", "(1 3)(2)(4)" },
    { "empty subjects have nothing in common", { { "a@x", "", "", 1 }, { "b@x", "", "", 2 } }, "(1)(2)", "(1 2)" },
    { "without dates they go by arrival and number", { { "a@x", "", "p", N }, { "b@x", "", "q", N }, { "c@x", "", "r", -1 } },
      "(3)(1)(2)", "(3)(1)(2)" },
    { "deeper ones are sorted, too",
      { { "a@x", "", "s", 1 }, { "d@x", "a@x b@x", "re s", 9 }, { "c@x", "a@x b@x", "re s", 5 }, { "b@x", "a@x", "re s", 2 },
        { "e@x", "m@x", "t", 8 }, { "f@x", "m@x", "u", 0 } },
      "((6)(5))(1 4 (3)(2))", "(6)(1 (4)(3)(2))(5)" },
};
/* clang-format on */

Test(imap_thread, builds_threads)
{
    struct arena *arena = arena_new();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t count = 0;
        while (count < 8 && cases[i].messages[count].id != NULL)
            count++;
        const char *found =
            thread(arena, THREAD_REFERENCES, cases[i].messages, count);
        cr_expect_str_eq(found, cases[i].by_references, "%s: %s", cases[i].name,
                         found);
        found = thread(arena, THREAD_ORDERED_SUBJECT, cases[i].messages, count);
        cr_expect_str_eq(found, cases[i].by_subject, "%s by subject: %s",
                         cases[i].name, found);
    }
    arena_free(&arena);
}
