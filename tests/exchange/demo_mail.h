/*
 * demo_mail.h - makes a message of a line in the demo's tables
 */
#ifndef POSTERN_TESTS_DEMO_MAIL_H
#define POSTERN_TESTS_DEMO_MAIL_H

#include <stdint.h>

#include "tests/exchange/demo_text.h"

struct arena;
struct buf;

struct demo_letter {
    enum demo_person from;
    const char *to;            /* NULL: the demo user */
    enum demo_shape shape;
    const char *subject;       /* NULL: none */
    const char *text;
    const char *extra;
    const char *headers;
    const char *references;    /* Message-IDs, the parent last; NULL: none */
    int64_t time;
    unsigned number;           /* another one for each letter */
};

/* "<17.demo@postern.example>" */
const char *demo_message_id(struct arena *arena,
                            const struct demo_letter *letter);

/* Appends the whole message with CRLF line ends. */
void demo_mail_write(struct buf *out, struct arena *arena,
                     const struct demo_letter *letter);

#endif
