/*
 * thread_private.h - what the two ways to build threads share
 */
#ifndef POSTERN_IMAP_THREAD_PRIVATE_H
#define POSTERN_IMAP_THREAD_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>

#include "imap/thread.h"

/* Texts with numbers from 0 on: the same text, the same number. */
struct thread_names {
    struct arena *arena;
    const char **texts; /* by number */
    size_t count;
    size_t capacity;
    uint32_t *slots; /* by hash: a number + 1; 0: free */
    size_t slot_count;
};

uint32_t thread_name(struct thread_names *names, const char *text, size_t len);

/* A message, or one that others refer to. */
struct thread_member {
    struct thread_node node; /* first: the ones are found by the others */
    int64_t sent;
    uint32_t subject; /* its name */
    bool is_reply;
};

struct threads {
    struct arena *arena;
    enum thread_kind kind;

    struct thread_names subjects;
    struct thread_member **members; /* messages and others, in the order in
                                       which they were first heard of */
    size_t count;
    size_t capacity;

    /* REFERENCES only: the member of each Message-ID, by its name. */
    struct thread_names ids;
    struct thread_member **by_id;
    size_t id_capacity;
};

struct thread_member *thread_member_new(struct threads *threads);

/* Sorts by the date that each was sent, then by number.  A node that is not
 * there goes by its first child. */
void thread_sort(struct thread_node **nodes, size_t count);

/* The nodes as a list of siblings; returns the first. */
struct thread_node *thread_link(struct thread_node **nodes, size_t count,
                                struct thread_node *parent);

void thread_references_add(struct threads *threads, uint32_t number,
                           const struct mime_summary *summary,
                           int64_t received);
struct thread_node *thread_references_build(struct threads *threads);

/* Sets what a message is sorted and grouped by. */
void thread_member_describe(struct threads *threads,
                            struct thread_member *member, uint32_t number,
                            const struct mime_summary *summary,
                            int64_t received);

#endif
