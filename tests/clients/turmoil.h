/*
 * turmoil.h - random things that a mail program and Exchange itself do to a
 * mailbox
 *
 * What is done hangs on the seed alone, not on time.  The program is a plain
 * IMAP client; Exchange does its part behind the gateway's back.
 */
#ifndef POSTERN_TESTS_CLIENTS_TURMOIL_H
#define POSTERN_TESTS_CLIENTS_TURMOIL_H

#include <stdint.h>

struct harness;
struct link;

struct turmoil {
    struct harness *harness;
    struct link *link;
    uint32_t random;
    unsigned messages; /* so many were made, each with a Message-ID of its own */
    unsigned refused;  /* so often the gateway said NO */
    char folder[32];   /* that is selected; "": none */
};

/* Always the same seed, or what POSTERN_SEED says; it is printed. */
uint32_t turmoil_seed(const char *test);

/* Makes some folders and messages, and logs in. */
void turmoil_init(struct turmoil *turmoil, struct harness *harness,
                  uint32_t seed);

/* Logs out, and in again after a pause. */
void turmoil_fini(struct turmoil *turmoil);
void turmoil_return(struct turmoil *turmoil);

/* Does so many things. */
void turmoil_rage(struct turmoil *turmoil, unsigned times);

/* A number below `below`. */
uint32_t turmoil_pick(struct turmoil *turmoil, uint32_t below);

#endif
