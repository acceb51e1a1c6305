/*
 * mirror.h - what a mail program remembers of a mailbox
 *
 * It hears what the gateway says and nothing else, as a program does that keeps
 * its mail at hand.  The messages are in the order of their UIDs.  While the
 * mirror is in step its first message is number 1 to the gateway, and so on;
 * what is heard then is checked to be possible.
 */
#ifndef POSTERN_TESTS_CLIENTS_MIRROR_H
#define POSTERN_TESTS_CLIENTS_MIRROR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

struct mirror_message {
    uint32_t uid;
    uint64_t modseq;    /* 0: never told */
    uint64_t size;
    const char *flags;  /* sorted, with a space behind each, without \Recent */
    const char *id;     /* its Message-ID; NULL: not asked for yet */
};

struct mirror {
    struct arena *arena;
    const char *name;
    uint32_t validity;
    uint64_t highest;   /* of HIGHESTMODSEQ */
    uint64_t newest;    /* the highest MODSEQ of any message */
    size_t exists;
    bool in_step;
    struct mirror_message *messages;
    size_t count;
    size_t room;
};

struct mirror *mirror_new(const char *name);
void mirror_free(struct mirror **mirror);

/* Forgets the messages. */
void mirror_clear(struct mirror *mirror);

/* Takes in whole responses, tagged ones too. */
void mirror_hear(struct mirror *mirror, const char *said, size_t len);

/* Forgets what is not among the UIDs of a SEARCH response. */
void mirror_keep(struct mirror *mirror, const char *said, size_t len);

/* The UIDs of all messages, or of those that were never asked about, as a set;
 * NULL if there are none. */
char *mirror_uids(const struct mirror *mirror, struct arena *arena);
char *mirror_unread(const struct mirror *mirror, struct arena *arena);

/* A line for each message: UID, size, Message-ID, flags. */
char *mirror_text(const struct mirror *mirror, struct arena *arena);

#endif
