/*
 * test_thread_random.c - THREAD=REFERENCES against the RFC done to the letter
 *
 * The algorithm of RFC 5256 step by step, on a table of who is whose child and
 * without any thought of its cost, for messages that refer to each other at
 * random.  $POSTERN_SEED takes another seed.
 */
#include "imap/thread.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/format/mime_summary.h"

#define MESSAGES_MAX 14
#define IDS 12 /* of which some belong to no message */
#define REFERENCES_MAX 4
#define SUBJECTS 4 /* the first is empty */
#define MEMBERS_MAX (MESSAGES_MAX * 3 + IDS)
#define ROUNDS 20000

static unsigned seed;

static unsigned pick(unsigned below)
{
    seed = seed * 1103515245u + 12345u;
    return (seed >> 8) % below;
}

struct message {
    int id; /* -1: none */
    int references[REFERENCES_MAX];
    size_t reference_count;
    unsigned subject;
    bool is_reply;
    int64_t sent;
};

/* --- To the letter -------------------------------------------------------- */

#define ROOT (-1)
#define GONE (-2)

/* The messages, then the dummies.  Parents are ROOT, GONE or another member. */
static struct member {
    bool dummy;
    int id;
    int parent;
    const struct message *message;
} members[MEMBERS_MAX];
static int count;

static int add_member(int id, const struct message *message)
{
    members[count] = (struct member){
        .dummy = message == NULL, .id = id, .parent = ROOT, .message = message
    };
    return count++;
}

static int find_member(int id)
{
    for (int i = 0; i < count; i++) {
        if (id >= 0 && members[i].id == id)
            return i;
    }
    return add_member(id, NULL);
}

static bool descends(int member, int from)
{
    for (; member >= 0; member = members[member].parent) {
        if (member == from)
            return true;
    }
    return false;
}

static void step_1(const struct message messages[], size_t message_count)
{
    count = 0;
    for (size_t i = 0; i < message_count; i++) {
        int id = messages[i].id;
        for (int j = 0; j < count; j++) {
            if (members[j].id == id)
                id = -1;
        }
        add_member(id, &messages[i]);
    }
    for (size_t i = 0; i < message_count; i++) {
        int last = ROOT;
        for (size_t j = 0; j < messages[i].reference_count; j++) {
            int next = find_member(messages[i].references[j]);
            if (last != ROOT && members[next].parent == ROOT &&
                !descends(last, next))
                members[next].parent = last;
            last = next;
        }
        members[i].parent = ROOT;
        if (last != ROOT && !descends(last, (int)i))
            members[i].parent = last;
    }
}

static int children_of(int parent, int children[])
{
    int found = 0;
    for (int i = 0; i < count; i++) {
        if (members[i].parent == parent)
            children[found++] = i;
    }
    return found;
}

/* Until nothing changes any more. */
static void step_3(void)
{
    int children[MEMBERS_MAX];
    for (int i = 0; i < count; i++) {
        if (!members[i].dummy || members[i].parent == GONE)
            continue;
        int found = children_of(i, children);
        if (members[i].parent == ROOT && found > 1)
            continue;
        for (int j = 0; j < found; j++)
            members[children[j]].parent = members[i].parent;
        members[i].parent = GONE;
        i = -1;
    }
}

static int sorted_children(int parent, int children[]);

/* The message that a member goes by. */
static int speaker(int member)
{
    int children[MEMBERS_MAX];
    if (!members[member].dummy)
        return member;
    sorted_children(member, children);
    return children[0];
}

static int by_date(const void *a, const void *b)
{
    int x = speaker(*(const int *)a);
    int y = speaker(*(const int *)b);
    int64_t sent = members[x].message->sent;
    int64_t other = members[y].message->sent;
    if (sent != other)
        return sent < other ? -1 : 1;
    return x < y ? -1 : x > y;
}

static int sorted_children(int parent, int children[])
{
    int found = children_of(parent, children);
    qsort(children, (size_t)found, sizeof *children, by_date);
    return found;
}

static void step_5(void)
{
    int roots[MEMBERS_MAX], speakers[MEMBERS_MAX];
    int table[SUBJECTS] = { GONE, GONE, GONE, GONE };
    int root_count = sorted_children(ROOT, roots);
    for (int i = 0; i < root_count; i++) {
        const struct member *current = &members[roots[i]];
        speakers[i] = speaker(roots[i]);
        const struct message *said = members[speakers[i]].message;
        int *entry = &table[said->subject];
        if (said->subject == 0)
            continue;
        if (*entry == GONE ||
            (!members[*entry].dummy &&
             (current->dummy || (members[*entry].message->is_reply &&
                                 !current->message->is_reply))))
            *entry = roots[i];
    }
    for (int i = 0; i < root_count; i++) {
        int current = roots[i];
        unsigned subject = members[speakers[i]].message->subject;
        int *entry = &table[subject];
        if (subject == 0 || *entry == current)
            continue;
        if (members[current].dummy) {
            cr_assert(members[*entry].dummy);
            for (int j = 0; j < count; j++) {
                if (members[j].parent == current)
                    members[j].parent = *entry;
            }
            members[current].parent = GONE;
        } else if (members[*entry].dummy ||
                   (members[current].message->is_reply &&
                    !members[*entry].message->is_reply)) {
            members[current].parent = *entry;
        } else {
            int above = add_member(-1, NULL);
            members[current].parent = above;
            members[*entry].parent = above;
            *entry = above;
        }
    }
}

static void show_naive(struct buf *out, int member)
{
    int children[MEMBERS_MAX];
    if (!members[member].dummy)
        buf_printf(out, " %d", member + 1);
    int found = sorted_children(member, children);
    for (int i = 0; i < found; i++) {
        buf_puts(out, found > 1 ? "(" : "");
        show_naive(out, children[i]);
        buf_puts(out, found > 1 ? ")" : "");
    }
}

static const char *thread_naively(struct arena *arena,
                                  const struct message messages[],
                                  size_t message_count)
{
    int roots[MEMBERS_MAX];
    struct buf out;
    step_1(messages, message_count);
    step_3();
    step_5();
    buf_init(&out, arena);
    buf_puts(&out, "");
    int root_count = sorted_children(ROOT, roots);
    for (int i = 0; i < root_count; i++) {
        buf_putc(&out, '(');
        show_naive(&out, roots[i]);
        buf_putc(&out, ')');
    }
    return out.data;
}

/* --- As it is done -------------------------------------------------------- */

static void show(struct buf *out, const struct thread_node *node)
{
    bool many = node->first != NULL && node->first->next != NULL;
    if (node->number != 0)
        buf_printf(out, " %u", node->number);
    for (const struct thread_node *child = node->first; child != NULL;
         child = child->next) {
        cr_assert_eq(child->parent, node);
        buf_puts(out, many ? "(" : "");
        show(out, child);
        buf_puts(out, many ? ")" : "");
    }
}

static const char *subjects[SUBJECTS] = { "", "A", "B", "C" };

static const char *thread(struct arena *arena, const struct message messages[],
                          size_t message_count)
{
    struct threads *threads = threads_new(arena, THREAD_REFERENCES);
    struct buf out;
    for (size_t i = 0; i < message_count; i++) {
        const struct message *message = &messages[i];
        struct buf references;
        buf_init(&references, arena);
        buf_puts(&references, "");
        for (size_t j = 0; j < message->reference_count; j++)
            buf_printf(&references, "%s%d@x", j > 0 ? " " : "",
                       message->references[j]);
        const struct mime_summary summary = {
            .message_id =
                message->id < 0 ? "" : arena_printf(arena, "%d@x", message->id),
            .references = references.data,
            .base_subject = subjects[message->subject],
            .is_reply = message->is_reply,
            .sent = message->sent,
        };
        threads_add(threads, (uint32_t)i + 1, &summary, 0);
    }
    buf_init(&out, arena);
    buf_puts(&out, "");
    for (const struct thread_node *root = threads_build(threads); root != NULL;
         root = root->next) {
        buf_putc(&out, '(');
        show(&out, root);
        buf_putc(&out, ')');
    }
    return out.data;
}

/* --- Random messages ------------------------------------------------------ */

static struct message random_message(void)
{
    struct message message = {
        .id = (int)pick(IDS + 1) - 1,
        .reference_count = pick(REFERENCES_MAX + 1),
        .subject = pick(SUBJECTS),
        .is_reply = pick(2) == 0,
        .sent = pick(6),
    };
    for (size_t i = 0; i < message.reference_count; i++)
        message.references[i] = (int)pick(IDS);
    return message;
}

static const char *describe(struct arena *arena,
                            const struct message messages[],
                            size_t message_count)
{
    struct buf out;
    buf_init(&out, arena);
    for (size_t i = 0; i < message_count; i++) {
        const struct message *message = &messages[i];
        buf_printf(&out, "%zu: id %d, %s%s, sent %d, after", i + 1, message->id,
                   message->is_reply ? "re " : "", subjects[message->subject],
                   (int)message->sent);
        for (size_t j = 0; j < message->reference_count; j++)
            buf_printf(&out, " %d", message->references[j]);
        buf_puts(&out, "\n");
    }
    return out.data;
}

Test(imap_thread_random, does_what_the_rfc_says)
{
    const char *given = getenv("POSTERN_SEED");
    seed = (unsigned)strtoul(given != NULL ? given : "20261122", NULL, 10);
    for (int round = 0; round < ROUNDS; round++) {
        struct arena *arena = arena_new();
        struct message messages[MESSAGES_MAX];
        size_t message_count = 1 + pick(MESSAGES_MAX);
        for (size_t i = 0; i < message_count; i++)
            messages[i] = random_message();
        const char *expected = thread_naively(arena, messages, message_count);
        const char *found = thread(arena, messages, message_count);
        cr_assert_str_eq(found, expected, "round %d\n%s\n%s\n%s", round,
                         describe(arena, messages, message_count), found,
                         expected);
        arena_free(&arena);
    }
}
