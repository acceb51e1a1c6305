/*
 * offline.h - a mail program that keeps all mail at hand and is often away
 *
 * Coming back it learns what has happened in one of three ways, and has then a
 * mirror of each mailbox there is.
 */
#ifndef POSTERN_TESTS_CLIENTS_OFFLINE_H
#define POSTERN_TESTS_CLIENTS_OFFLINE_H

#include <stddef.h>

struct arena;
struct harness;
struct link;
struct mirror;

enum resync {
    RESYNC_QUICK,    /* SELECT (QRESYNC ...): RFC 7162, 3.2.5 */
    RESYNC_BY_MODSEQ, /* CHANGEDSINCE and SEARCH: RFC 7162, 3.1.4.1 */
    RESYNC_IN_FULL,  /* all flags anew: RFC 4549 */
    RESYNC_COUNT
};

struct offline {
    const struct harness *harness;
    struct link *link; /* NULL while away */
    enum resync how;
    unsigned visits;
    struct mirror **mirrors;
    size_t count;
    struct mirror *open; /* NULL: none is selected */
};

void offline_init(struct offline *offline, const struct harness *harness);
void offline_fini(struct offline *offline);

/* Comes back and brings every mirror up to date; leaves without a word. */
void offline_return(struct offline *offline, enum resync how);
void offline_leave(struct offline *offline);

/* Opens one mailbox and idles in it until offline_wake, which hears what has
 * come. */
void offline_idle(struct offline *offline, const char *name);
void offline_wake(struct offline *offline);

/* The gateway has died while it was idle: hears what was still said. */
void offline_die(struct offline *offline);

/* All mirrors as text, a mailbox after the other. */
char *offline_text(const struct offline *offline, struct arena *arena);
struct mirror *offline_find(const struct offline *offline, const char *name);

#endif
