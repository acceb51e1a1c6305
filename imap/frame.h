/*
 * frame.h - is a whole command here?
 *
 * RFC 3501 sends a command as lines, and between them literals: a line that
 * ends in "{5}" is followed by five octets of anything and then goes on.  The
 * client waits for a "+" before it sends them, or does not if it wrote "{5+}"
 * (RFC 7888).  The framer gathers lines and literals until the command is
 * whole.  The messages of an APPEND or a REPLACE go to a spool as they come,
 * one behind the other, never into memory as a whole.
 *
 * "~{5}" announces octets that may be NUL (RFC 3516); only messages come so.
 *
 * What is too long is refused: before the "+" where the client waits, else once
 * it has been skipped.  Runs on the loop and does not wait.
 */
#ifndef POSTERN_IMAP_FRAME_H
#define POSTERN_IMAP_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proxy/base/buf.h"

struct spool;

enum imap_refusal {
    IMAP_TAKEN,
    IMAP_LINE_TOO_LONG,
    IMAP_LITERAL_TOO_BIG,
    IMAP_MESSAGE_TOO_BIG,
    IMAP_MESSAGES_TOO_BIG,
    IMAP_MESSAGE_HAS_NUL, /* in a literal that is not announced so */
    IMAP_NO_SPACE         /* the disk refuses the message */
};

/* A message or a part of one: only "{5}" is in the text. */
struct imap_literal {
    size_t at;       /* where that is */
    uint64_t offset; /* in the spool, */
    uint64_t size;   /* and so many octets of it */
};

/* A command: its text without the last line end, with its literals but for
 * messages.  A refused one has its beginning only. */
struct imap_request {
    enum imap_refusal refusal;
    const char *text;
    size_t len;
    const struct spool *messages; /* NULL: none */
    const struct imap_literal *literals;
    size_t literal_count;
};

struct imap_limits {
    uint64_t line;     /* octets of a command without its literals */
    uint64_t literal;  /* octets of all its literals */
    uint64_t message;  /* octets of a message; 0: nobody is logged in, and it is
                          a literal as any other */
    uint64_t messages; /* octets of all of one command's */
};

enum imap_frame_event {
    IMAP_FRAME_MORE,     /* more input is needed */
    IMAP_FRAME_CONTINUE, /* the client waits for a "+" */
    IMAP_FRAME_REQUEST   /* a request is here, or its refusal is due */
};

/* How far the end of a line looks like "{123+}". */
enum imap_header {
    HEADER_NONE,
    HEADER_OPEN,
    HEADER_NUMBER,
    HEADER_PLUS,
    HEADER_CLOSED
};

struct imap_frame {
    struct imap_limits limits;
    bool plain; /* lines are just lines: a dialogue */

    struct buf text;
    struct spool *messages;
    struct buf literals; /* of struct imap_literal */
    enum imap_refusal refusal;
    uint64_t line_octets;
    uint64_t literal_octets;
    uint64_t left; /* octets of the present literal still to come */
    bool to_spool; /* where they go */
    bool binary;   /* they may be NUL */

    enum imap_header header;
    uint64_t number;
    bool waits; /* no "+" in it: synchronising */
};

void imap_frame_init(struct imap_frame *frame,
                     const struct imap_limits *limits);
void imap_frame_fini(struct imap_frame *frame);

/* Takes bytes from the front of `data`, up to the next event, and says how
 * many. */
size_t imap_frame_feed(struct imap_frame *frame, const char *data, size_t len,
                       enum imap_frame_event *event_out);

/* After IMAP_FRAME_REQUEST, until the reset. */
struct imap_request imap_frame_request(const struct imap_frame *frame);

/* Wipes the request and starts with the next one. */
void imap_frame_reset(struct imap_frame *frame);

#endif
