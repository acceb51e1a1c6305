/*
 * reply.h - what we answer: a code, an enhanced code (RFC 3463), a text
 */
#ifndef POSTERN_SMTP_REPLY_H
#define POSTERN_SMTP_REPLY_H

#include <stdbool.h>

#include "proxy/base/buf.h"
#include "proxy/base/status.h"

struct arena;

/* The answer to one request, and what happens once it is out. */
struct smtp_reply {
    struct buf text;
    bool start_tls;
    bool close;
};

void smtp_reply_init(struct smtp_reply *reply, struct arena *arena);

/* Adds one line; CRLF is added. */
void smtp_reply_line(struct smtp_reply *reply, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* What became of a message. */
void smtp_reply_sent(struct smtp_reply *reply, enum status status);

/* What became of a login (RFC 4954, 6). */
void smtp_reply_login(struct smtp_reply *reply, enum status status);

/* Nothing more can be had with the token that the client has shown: it may come
 * back with a newer one. */
void smtp_reply_expired(struct smtp_reply *reply);

/* A bare good-bye, from outside a request. */
#define SMTP_REPLY_TIMEOUT "421 4.4.2 Nothing heard for too long\r\n"
#define SMTP_REPLY_DRAIN "421 4.3.2 Postern stops\r\n"
#define SMTP_REPLY_TOO_MANY "421 4.7.0 Too many connections\r\n"
#define SMTP_REPLY_TLS_HERE                                                    \
    "421 4.7.0 TLS does not start by itself on this port, use STARTTLS\r\n"

#endif
