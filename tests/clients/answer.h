/*
 * answer.h - asks the gateway something and keeps the whole answer
 */
#ifndef POSTERN_TESTS_CLIENTS_ANSWER_H
#define POSTERN_TESTS_CLIENTS_ANSWER_H

#include <stddef.h>

#include "proxy/base/buf.h"

struct link;

enum said {
    SAID_OK,
    SAID_NO,
    SAID_BAD,
    SAID_NOTHING     /* the connection has ended, or nothing comes */
};

const char *said_name(enum said said);

/* All lines with their CRLF and literals, the tagged one last. */
struct answer {
    enum said said;
    struct buf text;
};

/* Sends an IMAP command and waits; the answer is to be given to answer_fini. */
struct answer answer_to(struct link *link, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

void answer_fini(struct answer *answer);

/* How often this text is in it. */
size_t answer_count(const struct answer *answer, const char *text);

/* The number before EXISTS; -1 if there is none. */
long answer_exists(const struct answer *answer);

#endif
