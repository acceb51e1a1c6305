/*
 * server.h - an HTTP server that answers as a test tells it
 *
 * For what the simulated Exchange would never do, and for looking at what was
 * sent.
 */
#ifndef POSTERN_TESTS_EWS_SERVER_H
#define POSTERN_TESTS_EWS_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct server;

struct server_request {
    const char *head; /* request line and header, NUL-terminated */
    const char *body; /* NUL-terminated; NULL when bodies are not kept */
    size_t body_len;
    size_t number;     /* of this request, from 0 */
    size_t connection; /* of its connection, from 0 */
};

enum server_end {
    SERVER_KEEP,  /* the connection stays */
    SERVER_CLOSE, /* closed after the answer */
    SERVER_RESET, /* no answer, reset */
    SERVER_HANG   /* no answer, until the client goes */
};

struct server_reply {
    int status;          /* 200 */
    const char *headers; /* further lines, each with CRLF; NULL: none */
    const char *type;    /* "text/xml; charset=utf-8" */
    char *body;          /* malloc'ed, freed by the server */
    size_t len;
    size_t cut; /* send that much less than announced */
    enum server_end end;
};

/* Fills the reply; called on a thread of the server, one at a time. */
typedef void server_answer(void *context, const struct server_request *request,
                           struct server_reply *reply);

struct server *server_new(server_answer *answer, void *context);
void server_free(struct server **server);

/* "http://127.0.0.1:PORT/EWS/Exchange.asmx" */
const char *server_url(const struct server *server);

/* Whether requests' bodies are kept for the answer (they are, unless told
 * otherwise). */
void server_keep_bodies(struct server *server, bool keep);

size_t server_requests(struct server *server);
size_t server_connections(struct server *server);

/* An answer of Exchange: `messages` stand within m:ResponseMessages. malloc'ed.
 */
char *server_soap(const char *operation, const char *build,
                  const char *messages);

#endif
