/*
 * web.h - HTTP with the gateway's door for calendars, octet by octet
 */
#ifndef POSTERN_TESTS_CLIENTS_WEB_H
#define POSTERN_TESTS_CLIENTS_WEB_H

#include <stdbool.h>
#include <stddef.h>

#include "tests/clients/harness.h"

struct link;

/* ANN and her password, as a header field. */
#define WEB_ANN                                                                \
    "Authorization: Basic YW5uQHBvc3Rlcm4uZXhhbXBsZTpzZWNyZXQ=\r\n"

/* Where ANN's things are. */
#define WEB_HOME "/users/" ANN "/"
#define WEB_CALENDAR WEB_HOME "calendar/"
#define WEB_CONTACTS WEB_HOME "contacts/"

struct web_answer {
    int code;     /* 0: the connection has ended, or a minute has passed */
    char *header; /* without the line of the status; each line with its CRLF */
    char *body;
    size_t len;
    bool chunked;
};

/* A plain connection. */
struct link *web_open(const struct harness *harness);

/* Sends a request of ANN's; `fields` are more header fields with their CRLF,
 * NULL or "" for none; a body that is not NULL gets its length. */
struct web_answer web_ask(struct link *link, const char *method,
                          const char *target, const char *fields,
                          const char *body);

/* The next answer, to a request that has been sent with link_send. */
struct web_answer web_read(struct link *link, bool of_head);

/* Sends these octets on a connection of its own. */
struct web_answer web_raw(const struct harness *harness, const char *request,
                          bool of_head);

void web_answer_fini(struct web_answer *answer);

/* The value of a header field, or NULL; free it. */
char *web_field(const struct web_answer *answer, const char *name);

/* How often a text is in the body. */
size_t web_count(const struct web_answer *answer, const char *text);

/* Asks on a connection of its own and expects that code; the body is to be
 * freed. */
char *web_do(const struct harness *harness, int code, const char *method,
             const char *target, const char *fields, const char *body);

/* PUTs an event of ANN's calendar, "NAME.ics" with NAME as UID and `lines` in
 * it, each with its CRLF; returns the code. */
int web_put_event(const struct harness *harness, const char *name,
                  const char *lines);

#endif
