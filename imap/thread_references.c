/*
 * thread_references.c - threads by what messages refer to
 *
 * RFC 5256, BASE.6.4.THREAD, REFERENCES.  Its first step is done while messages
 * are added: a Message-ID that is referred to gets a member which is filled
 * when its message comes, so that references need not be kept.  Until the
 * forest is made only `parent` is set.
 *
 * To see that a link makes no loop one climbs from the parent to be.  Of what
 * has no children nothing descends, so that for most links there is no need to.
 */
#include "imap/thread_private.h"

#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/format/mime_summary.h"

/* --- Step 1: parents and children ----------------------------------------- */

/* While links are made, `first` of a node that has been a parent is itself. */
static bool may_have_children(const struct thread_node *node)
{
    return node->first != NULL;
}

static bool descends(const struct thread_node *node,
                     const struct thread_node *from)
{
    if (node == from)
        return true;
    if (!may_have_children(from))
        return false;
    while (node != NULL && node != from)
        node = node->parent;
    return node == from;
}

static void link_child(struct thread_node *child, struct thread_node *parent)
{
    child->parent = parent;
    parent->first = parent;
}

/* The member of a Message-ID. */
static struct thread_member *member_of(struct threads *threads, const char *id,
                                       size_t len)
{
    uint32_t name = thread_name(&threads->ids, id, len);
    if (name >= threads->id_capacity) {
        size_t capacity = threads->id_capacity * 2 + 64;
        struct thread_member **grown =
            arena_array(threads->arena, capacity, sizeof *grown);
        if (threads->id_capacity > 0)
            memcpy(grown, threads->by_id, threads->id_capacity * sizeof *grown);
        threads->by_id = grown;
        threads->id_capacity = capacity;
    }
    if (threads->by_id[name] == NULL)
        threads->by_id[name] = thread_member_new(threads);
    return threads->by_id[name];
}

/* 1.A: links the references one below the other, and returns the last. */
static struct thread_node *link_references(struct threads *threads,
                                           const char *references)
{
    struct thread_node *parent = NULL;
    while (*references != '\0') {
        size_t len = strcspn(references, " ");
        struct thread_node *child = &member_of(threads, references, len)->node;
        if (parent != NULL && child->parent == NULL && !descends(parent, child))
            link_child(child, parent);
        parent = child;
        references += len;
        references += *references == ' ';
    }
    return parent;
}

/* The member of a message: the one of its Message-ID unless that has a message
 * by now. */
static struct thread_member *member_for(struct threads *threads,
                                        const struct mime_summary *summary)
{
    const char *id = summary != NULL ? summary->message_id : "";
    if (*id == '\0')
        return thread_member_new(threads);
    struct thread_member *member = member_of(threads, id, strlen(id));
    return member->node.number == 0 ? member : thread_member_new(threads);
}

void thread_references_add(struct threads *threads, uint32_t number,
                           const struct mime_summary *summary, int64_t received)
{
    struct thread_member *member = member_for(threads, summary);
    struct thread_node *node = &member->node;
    thread_member_describe(threads, member, number, summary, received);
    struct thread_node *parent =
        link_references(threads, summary != NULL ? summary->references : "");
    /* 1.B: what the message itself says counts more than what others do. */
    if (node->parent == parent && parent != NULL)
        return;
    node->parent = NULL;
    if (parent != NULL && !descends(parent, node))
        link_child(node, parent);
}

/* --- Steps 2 and 3: the forest -------------------------------------------- */

/* The nearest ancestor that stays: a message, or one at the top. */
static struct thread_node *staying_parent(struct thread_node *node)
{
    struct thread_node *parent = node->parent;
    while (parent != NULL && parent->number == 0 && parent->parent != NULL) {
        /* What does not stay may as well leave out its parent if that does not
         * either, so that the next one climbs less. */
        struct thread_node *above = parent->parent;
        if (above->number == 0 && above->parent != NULL)
            parent->parent = above->parent;
        parent = parent->parent;
    }
    return parent;
}

static void push_child(struct thread_node *parent, struct thread_node *child)
{
    child->parent = parent;
    child->next = parent->first;
    parent->first = child;
}

/* Takes out what is not there and gives its children to its parent. */
static void prune(struct threads *threads)
{
    for (size_t i = 0; i < threads->count; i++) {
        struct thread_node *node = &threads->members[i]->node;
        if (node->number != 0)
            node->parent = staying_parent(node);
    }
    for (size_t i = 0; i < threads->count; i++)
        threads->members[i]->node.first = NULL;
    for (size_t i = 0; i < threads->count; i++) {
        struct thread_node *node = &threads->members[i]->node;
        if (node->number != 0 && node->parent != NULL)
            push_child(node->parent, node);
    }
}

/* What is not there stays at the top for two children or more. */
static size_t find_roots(struct threads *threads, struct thread_node **roots)
{
    size_t count = 0;
    for (size_t i = 0; i < threads->count; i++) {
        struct thread_node *node = &threads->members[i]->node;
        if (node->number == 0 && node->first != NULL &&
            node->first->next == NULL) {
            node->first->parent = NULL;
            node->first = NULL;
        }
    }
    for (size_t i = 0; i < threads->count; i++) {
        struct thread_node *node = &threads->members[i]->node;
        if (node->parent == NULL && (node->number != 0 || node->first != NULL))
            roots[count++] = node;
    }
    return count;
}

/* --- Steps 4 and 6: order ------------------------------------------------- */

static void sort_children(struct thread_node *parent, struct thread_node **room)
{
    size_t count = 0;
    for (struct thread_node *child = parent->first; child != NULL;
         child = child->next)
        room[count++] = child;
    thread_sort(room, count);
    parent->first = thread_link(room, count, parent);
}

static void sort_roots(struct thread_node **roots, size_t count,
                       struct thread_node **room)
{
    for (size_t i = 0; i < count; i++) {
        if (roots[i]->number == 0)
            sort_children(roots[i], room);
    }
    thread_sort(roots, count);
}

/* --- Step 5: the same subject --------------------------------------------- */

static const struct thread_member *speaker_of(const struct thread_node *root)
{
    return (const struct thread_member *)(root->number != 0 ? root
                                                            : root->first);
}

/* 5.B: sets which subjects the roots have, and returns for each subject the
 * place of its thread among them, counted from 1; 0 for none, and for the empty
 * subject. */
static uint32_t *list_subjects(struct threads *threads,
                               struct thread_node *const *roots, size_t count,
                               uint32_t *subjects)
{
    uint32_t *table =
        arena_array(threads->arena, threads->subjects.count, sizeof *table);
    for (size_t i = 0; i < count; i++) {
        const struct thread_member *current = speaker_of(roots[i]);
        subjects[i] = current->subject;
        if (current->subject == 0)
            continue;
        uint32_t *place = &table[current->subject];
        const struct thread_node *listed =
            *place == 0 ? NULL : roots[*place - 1];
        if (listed == NULL ||
            (listed->number != 0 &&
             (roots[i]->number == 0 ||
              (speaker_of(listed)->is_reply && !current->is_reply))))
            *place = (uint32_t)i + 1;
    }
    return table;
}

/* 5.C: puts `current` under the thread of its subject, and returns that. */
static struct thread_node *merge(struct threads *threads,
                                 struct thread_node *listed,
                                 struct thread_node *current)
{
    if (current->number == 0) { /* then so is the other: see list_subjects */
        for (struct thread_node *child = current->first, *next; child != NULL;
             child = next) {
            next = child->next;
            push_child(listed, child);
        }
        current->first = NULL;
        return listed;
    }
    if (listed->number == 0 ||
        (speaker_of(current)->is_reply && !speaker_of(listed)->is_reply)) {
        push_child(listed, current);
        return listed;
    }
    struct thread_node *above = &thread_member_new(threads)->node;
    push_child(above, listed);
    push_child(above, current);
    return above;
}

static size_t merge_subjects(struct threads *threads,
                             struct thread_node **roots, size_t count)
{
    uint32_t *subjects = arena_array(threads->arena, count, sizeof *subjects);
    uint32_t *table = list_subjects(threads, roots, count, subjects);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t place = table[subjects[i]];
        if (place == 0 || place - 1 == i)
            continue;
        roots[place - 1] = merge(threads, roots[place - 1], roots[i]);
        roots[i] = NULL;
    }
    for (size_t i = 0; i < count; i++) {
        if (roots[i] != NULL)
            roots[kept++] = roots[i];
    }
    return kept;
}

struct thread_node *thread_references_build(struct threads *threads)
{
    /* There are never more roots or siblings than members, and at most one more
     * for each two roots that are merged. */
    size_t room_count = threads->count * 2;
    struct thread_node **roots =
        arena_array(threads->arena, room_count, sizeof *roots);
    struct thread_node **room =
        arena_array(threads->arena, room_count, sizeof *room);
    prune(threads);
    size_t count = find_roots(threads, roots);
    sort_roots(roots, count, room);
    count = merge_subjects(threads, roots, count);
    for (size_t i = 0; i < threads->count; i++)
        sort_children(&threads->members[i]->node, room);
    thread_sort(roots, count);
    return thread_link(roots, count, NULL);
}
