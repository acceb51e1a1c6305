/*
 * soap.h - what lies between the HTTP door and the SOAP door
 *
 * The HTTP door owns sockets, TLS, authentication and everything that can go
 * wrong on the wire; the SOAP door turns one request into one answer.  A call
 * goes:
 *
 *     exchange_call_begin    counts it, waits for the latency, takes a fault
 *     (transport faults that come before the operation are carried out)
 *     soap_handle            does it, with a fault of the operation if there is
 * one (transport faults that come after the operation are carried out)
 *     exchange_call_end
 */
#ifndef POSTERN_TESTS_EXCHANGE_SOAP_H
#define POSTERN_TESTS_EXCHANGE_SOAP_H

#include <stdbool.h>
#include <stddef.h>

#include "tests/exchange/exchange.h"

/* --- Calls --------------------------------------------------------------- */

#define SOAP_OPERATION_SIZE 64

/* The name of a request's operation, the first element in its Body; "HTTP" and
 * false where there is none. */
bool soap_operation(const char *request, size_t len,
                    char operation_out[SOAP_OPERATION_SIZE]);

/* Where a fault strikes. */
enum fault_place {
    FAULT_PLACE_NOWHERE, /* FAULT_NONE */
    FAULT_PLACE_BEFORE,  /* on the wire, nothing is done: HTTP_*, RESET_BEFORE,
                            HANG,  LOGIN_PAGE */
    FAULT_PLACE_OPERATION, /* in soap_handle: SERVER_BUSY*, ITEM_*,
                              BATCH_STOPPED, RESPONSE_CODE */
    FAULT_PLACE_AFTER      /* on the wire, all is done: RESET_AFTER, TRUNCATED,
                              MALFORMED, SLOW */
};

enum fault_place fault_place(enum exchange_fault fault);

/*
 * A call arrives: it is counted under its operation's name and as one in
 * progress, waits for the latency that was set, and takes the fault that it is
 * due, with FAULT_NONE if none is.  "HTTP" names what never became an
 * operation; it is counted and neither waits nor meets faults.
 */
void exchange_call_begin(struct exchange *exchange, const char *operation,
                         struct exchange_fault_rule *fault_out);
void exchange_call_end(struct exchange *exchange);

/* Sleeps. */
void exchange_pause(unsigned milliseconds);

/* Takes the fault that a call of this operation is due without counting the
 * call; false if none is.  exchange_call_begin does this already. */
bool exchange_take_fault(struct exchange *exchange, const char *operation,
                         struct exchange_fault_rule *fault_out);

/* --- Users --------------------------------------------------------------- */

/* Resolves a login (address, alias, DOMAIN\alias, any case) to the user's
 * address. */
bool exchange_find_login(struct exchange *exchange, const char *login,
                         char address_out[256]);

/* The same, if this is his password. */
bool exchange_check_password(struct exchange *exchange, const char *login,
                             const char *password, char address_out[256]);

/* Whose token it is, if it is one that has not ended. */
bool exchange_check_token(struct exchange *exchange, const char *token,
                          char address_out[256]);

/* For NTLM, which proves the password without sending it; NULL for unknown
 * logins. Lives as long as the exchange. */
const char *exchange_password_of(struct exchange *exchange, const char *login);

/* --- Requests ------------------------------------------------------------ */

struct call;
struct soap_stream;

/* Where the HTTP headers send a request; "" where they do not. */
struct soap_route {
    const char *anchor;         /* X-AnchorMailbox */
    const char *public_mailbox; /* X-PublicFolderMailbox */
};

struct soap_reply {
    int http_status;       /* 200; 500 with a SOAP fault */
    char *body; /* malloc'ed, ends with a NUL that `len` does not count */
    size_t len;
    struct soap_stream *stream; /* more envelopes follow, to be closed */
};

/* Carries out one request for the user with this address.  `route` is NULL
 * where there are no headers.  `fault` is what
 * exchange_call_begin gave, or NULL; faults of other places are ignored here.
 * Any number of threads may call it. */
void soap_handle(struct exchange *exchange, const char *address,
                 const struct soap_route *route, const char *request,
                 size_t len, const struct exchange_fault_rule *fault,
                 struct soap_reply *reply_out);

/* What comes on a stream after the first answer.  Nobody else uses it; it holds
 * no lock between calls. */
enum soap_stream_state {
    SOAP_STREAM_QUIET,     /* nothing, for `wait` milliseconds or until the
                              descriptor becomes readable */
    SOAP_STREAM_NEXT,      /* an envelope, more may follow at once */
    SOAP_STREAM_LAST,      /* the last envelope */
    SOAP_STREAM_CUT,       /* the connection is to break */
    SOAP_STREAM_CUT_INSIDE /* ... within this envelope */
};

enum soap_stream_state soap_stream_next(struct soap_stream *stream,
                                        struct soap_reply *reply_out,
                                        int *wait_out);
int soap_stream_fd(const struct soap_stream *stream);
void soap_stream_close(struct soap_stream **stream);

/* Takes over the stream that a call has opened. */
struct soap_stream *soap_stream_new(const struct call *call);

/* "15.1.2507.6" and the like, as the headers of answers show it. */
const char *exchange_build(const struct exchange *exchange);

/* --- The HTTP door's own state ------------------------------------------- */

struct server;

/* Where the HTTP door keeps what it needs; NULL before exchange_serve.
 * exchange_free calls exchange_stop, which frees it. */
struct server **exchange_server(struct exchange *exchange);

#endif
