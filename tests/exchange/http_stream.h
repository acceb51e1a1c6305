/*
 * http_stream.h - an answer that goes on: GetStreamingEvents over HTTP
 */
#ifndef POSTERN_TESTS_HTTP_STREAM_H
#define POSTERN_TESTS_HTTP_STREAM_H

#include <stdbool.h>

struct soap_reply;
struct soap_stream;
struct wire;

/* Sends the head and the first envelope, in chunks. */
bool http_stream_begin(struct wire *wire, const char *build,
                       const struct soap_reply *first);

/* Sends what comes until the stream or the connection ends; whether the
 * connection may carry another request. */
bool http_stream_carry(struct wire *wire, struct soap_stream *stream);

#endif
