/*
 * http_stream.c - an answer that goes on: GetStreamingEvents over HTTP
 *
 * Chunks mean nothing to who reads them: an envelope comes in two, and the
 * second one brings the end of it alone.
 */
#include "tests/exchange/http_stream.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/exchange/soap.h"
#include "tests/exchange/wire.h"

static bool send_chunk(struct wire *wire, const char *data, size_t len)
{
    char head[24];
    int size = snprintf(head, sizeof head, "%zx\r\n", len);

    return len == 0 ||
           (wire_write(wire, head, (size_t)size) &&
            wire_write(wire, data, len) && wire_write(wire, "\r\n", 2));
}

static bool send_envelope(struct wire *wire, const struct soap_reply *reply)
{
    size_t half = reply->len - reply->len / 4;

    return send_chunk(wire, reply->body, half) &&
           send_chunk(wire, reply->body + half, reply->len - half);
}

bool http_stream_begin(struct wire *wire, const char *build,
                       const struct soap_reply *first)
{
    char head[512];
    int len = snprintf(head, sizeof head,
                       "HTTP/1.1 200 OK\r\nCache-Control: private\r\n"
                       "Server: Microsoft-IIS/10.0\r\nX-Powered-By: ASP.NET\r\n"
                       "X-BackEndBuild: %s\r\n"
                       "Content-Type: text/xml; charset=utf-8\r\n"
                       "Transfer-Encoding: chunked\r\n\r\n",
                       build);

    return wire_write(wire, head, (size_t)len) && send_envelope(wire, first);
}

/* Sends what is there now, and says how the stream goes on. */
static bool send_next(struct wire *wire, struct soap_stream *stream,
                      enum soap_stream_state *state_out, int *wait_out)
{
    struct soap_reply reply;
    bool sent = true;

    *state_out = soap_stream_next(stream, &reply, wait_out);
    if (*state_out == SOAP_STREAM_CUT_INSIDE)
        sent = send_chunk(wire, reply.body, reply.len / 2);
    else if (reply.body != NULL)
        sent = send_envelope(wire, &reply);
    free(reply.body);
    return sent;
}

bool http_stream_carry(struct wire *wire, struct soap_stream *stream)
{
    for (;;) {
        enum soap_stream_state state;
        int wait;

        if (!send_next(wire, stream, &state, &wait))
            return false;
        switch (state) {
        case SOAP_STREAM_QUIET:
            if (!wire_wait(wire, soap_stream_fd(stream), wait))
                return false;
            break;
        case SOAP_STREAM_NEXT:
            break;
        case SOAP_STREAM_LAST:
            return wire_write(wire, "0\r\n\r\n", 5);
        default:
            wire_reset(wire);
            return false;
        }
    }
}
