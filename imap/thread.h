/*
 * thread.h - conversations: messages as a forest of replies
 *
 * RFC 5256, BASE.6.4.THREAD.  Messages are added in the order of the folder;
 * what is built of them says who answers whom:
 *
 *     struct threads *threads = threads_new(arena, THREAD_REFERENCES);
 *     threads_add(threads, number, &summary, received); ...
 *     for (node = threads_build(threads); node != NULL; node = node->next)
 */
#ifndef POSTERN_IMAP_THREAD_H
#define POSTERN_IMAP_THREAD_H

#include <stdint.h>

struct arena;
struct mime_summary;
struct threads;

enum thread_kind { THREAD_ORDERED_SUBJECT, THREAD_REFERENCES };

struct thread_node {
    uint32_t number; /* of the message; 0 for one that is not there, and whose
                        answers (at least two) belong together */
    struct thread_node *parent;
    struct thread_node *first; /* child */
    struct thread_node *next;  /* sibling */
};

struct threads *threads_new(struct arena *arena, enum thread_kind kind);

/* `summary` is copied where it is needed; NULL where there is none. */
void threads_add(struct threads *threads, uint32_t number,
                 const struct mime_summary *summary, int64_t received);

/* The first thread; the others follow it.  To be called once. */
struct thread_node *threads_build(struct threads *threads);

#endif
