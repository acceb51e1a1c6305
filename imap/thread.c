/*
 * thread.c - conversations: names, order, and threads by subject alone
 */
#include "imap/thread.h"

#include <stdlib.h>
#include <string.h>

#include "imap/thread_private.h"
#include "proxy/base/arena.h"
#include "proxy/base/time.h"
#include "proxy/format/mime_summary.h"

/* --- Names ---------------------------------------------------------------- */

/* FNV-1a, and a mixing of its upper bits into the lower ones. */
static size_t hash(const char *text, size_t len)
{
    uint64_t value = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < len; i++)
        value = (value ^ (unsigned char)text[i]) * UINT64_C(0x100000001b3);
    return (size_t)(value ^ value >> 32);
}

static void put_slot(struct thread_names *names, uint32_t number)
{
    const char *text = names->texts[number];
    size_t at = hash(text, strlen(text));
    while (names->slots[at % names->slot_count] != 0)
        at++;
    names->slots[at % names->slot_count] = number + 1;
}

/* Keeps half of the slots free. */
static void grow_names(struct thread_names *names)
{
    size_t capacity = names->capacity == 0 ? 64 : names->capacity * 2;
    const char **texts = arena_array(names->arena, capacity, sizeof *texts);
    if (names->count > 0)
        memcpy(texts, names->texts, names->count * sizeof *texts);
    names->texts = texts;
    names->capacity = capacity;
    names->slot_count = capacity * 2;
    names->slots =
        arena_array(names->arena, names->slot_count, sizeof *names->slots);
    for (size_t i = 0; i < names->count; i++)
        put_slot(names, (uint32_t)i);
}

uint32_t thread_name(struct thread_names *names, const char *text, size_t len)
{
    if (names->count == names->capacity)
        grow_names(names);
    for (size_t at = hash(text, len);; at++) {
        uint32_t slot = names->slots[at % names->slot_count];
        if (slot == 0) {
            names->texts[names->count] = arena_strndup(names->arena, text, len);
            names->slots[at % names->slot_count] = (uint32_t)names->count + 1;
            return (uint32_t)names->count++;
        }
        const char *known = names->texts[slot - 1];
        if (strncmp(known, text, len) == 0 && known[len] == '\0')
            return slot - 1;
    }
}

/* --- Members -------------------------------------------------------------- */

struct thread_member *thread_member_new(struct threads *threads)
{
    if (threads->count == threads->capacity) {
        threads->capacity = threads->capacity == 0 ? 64 : threads->capacity * 2;
        struct thread_member **grown =
            arena_array(threads->arena, threads->capacity, sizeof *grown);
        if (threads->count > 0)
            memcpy(grown, threads->members, threads->count * sizeof *grown);
        threads->members = grown;
    }
    struct thread_member *member = arena_alloc(threads->arena, sizeof *member);
    threads->members[threads->count++] = member;
    return member;
}

void thread_member_describe(struct threads *threads,
                            struct thread_member *member, uint32_t number,
                            const struct mime_summary *summary,
                            int64_t received)
{
    const char *subject = summary != NULL ? summary->base_subject : "";
    bool has_date = summary != NULL && summary->sent != TIME_NONE;
    member->node.number = number;
    member->sent = has_date ? summary->sent : received;
    member->subject = thread_name(&threads->subjects, subject, strlen(subject));
    member->is_reply = summary != NULL && summary->is_reply;
}

struct threads *threads_new(struct arena *arena, enum thread_kind kind)
{
    struct threads *threads = arena_alloc(arena, sizeof *threads);
    threads->arena = arena;
    threads->kind = kind;
    threads->subjects.arena = arena;
    threads->ids.arena = arena;
    /* The empty subject is number 0. */
    thread_name(&threads->subjects, "", 0);
    return threads;
}

void threads_add(struct threads *threads, uint32_t number,
                 const struct mime_summary *summary, int64_t received)
{
    if (threads->kind == THREAD_REFERENCES)
        thread_references_add(threads, number, summary, received);
    else
        thread_member_describe(threads, thread_member_new(threads), number,
                               summary, received);
}

/* --- Order ---------------------------------------------------------------- */

static int by_date(const void *a, const void *b)
{
    const struct thread_node *x = *(const struct thread_node *const *)a;
    const struct thread_node *y = *(const struct thread_node *const *)b;
    x = x->number == 0 ? x->first : x;
    y = y->number == 0 ? y->first : y;
    int64_t sent = ((const struct thread_member *)x)->sent;
    int64_t other = ((const struct thread_member *)y)->sent;
    if (sent != other)
        return sent < other ? -1 : 1;
    return x->number < y->number ? -1 : x->number > y->number;
}

void thread_sort(struct thread_node **nodes, size_t count)
{
    if (count > 1)
        qsort(nodes, count, sizeof *nodes, by_date);
}

struct thread_node *thread_link(struct thread_node **nodes, size_t count,
                                struct thread_node *parent)
{
    for (size_t i = 0; i < count; i++) {
        nodes[i]->parent = parent;
        nodes[i]->next = i + 1 < count ? nodes[i + 1] : NULL;
    }
    return count > 0 ? nodes[0] : NULL;
}

/* --- ORDEREDSUBJECT ------------------------------------------------------- */

static int by_subject_and_date(const void *a, const void *b)
{
    const struct thread_member *x = *(const struct thread_member *const *)a;
    const struct thread_member *y = *(const struct thread_member *const *)b;
    if (x->subject != y->subject)
        return x->subject < y->subject ? -1 : 1;
    return by_date(a, b);
}

/* Messages of one subject, of whichever subject first: the threads are put in
 * order of their first messages. */
static struct thread_node *build_by_subject(struct threads *threads)
{
    struct thread_node **nodes =
        arena_array(threads->arena, threads->count, sizeof *nodes);
    struct thread_node **roots =
        arena_array(threads->arena, threads->count, sizeof *roots);
    size_t root_count = 0;
    if (threads->count > 0)
        qsort(threads->members, threads->count, sizeof *threads->members,
              by_subject_and_date);
    for (size_t i = 0; i < threads->count; i++)
        nodes[i] = &threads->members[i]->node;
    for (size_t i = 0, end; i < threads->count; i = end) {
        for (end = i + 1;
             end < threads->count &&
             threads->members[end]->subject == threads->members[i]->subject;
             end++)
            ;
        nodes[i]->first = thread_link(nodes + i + 1, end - i - 1, nodes[i]);
        roots[root_count++] = nodes[i];
    }
    thread_sort(roots, root_count);
    return thread_link(roots, root_count, NULL);
}

struct thread_node *threads_build(struct threads *threads)
{
    return threads->kind == THREAD_REFERENCES ? thread_references_build(threads)
                                              : build_by_subject(threads);
}
