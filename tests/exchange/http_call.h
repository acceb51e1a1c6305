/*
 * http_call.h - one connection to Exchange.asmx: requests in, answers out
 */
#ifndef POSTERN_TESTS_HTTP_CALL_H
#define POSTERN_TESTS_HTTP_CALL_H

struct exchange;
struct wire;

/* Answers requests on a wire until one of both sides has enough of it.  `schemes` is
 * of enum exchange_auth. */
void http_serve_wire(struct exchange *exchange, unsigned schemes,
                     struct wire *wire);

#endif
