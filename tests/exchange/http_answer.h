/*
 * http_answer.h - writes HTTP/1.1 answers, whole or spoiled
 */
#ifndef POSTERN_TESTS_HTTP_ANSWER_H
#define POSTERN_TESTS_HTTP_ANSWER_H

#include <stdbool.h>
#include <stddef.h>

#include "tests/exchange/exchange.h"

struct arena;
struct http_request;
struct wire;

struct http_answer {
    int status;
    const char *type;             /* NULL: text/html */
    const char *headers;          /* more lines, each with CRLF; NULL for none */
    const char *body;
    size_t len;
    bool close;
    bool chunked;                 /* as Exchange 2013 and later write */
    const char *build;            /* the server's, for its headers */

    /* FAULT_TRUNCATED, FAULT_MALFORMED and FAULT_SLOW spoil the body. */
    const struct exchange_fault_rule *fault;
};

/* Sends the answer, in gzip where `request` accepts it (NULL: it does not).  Whether
 * the connection may carry another request. */
bool http_answer_send(struct wire *wire, struct arena *arena,
                      const struct http_request *request,
                      const struct http_answer *answer);

#endif
