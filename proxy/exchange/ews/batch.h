/*
 * batch.h - one operation on many things, in as few calls as possible
 *
 * Exchange answers in the order it was asked, for each thing alone.  What fails
 * for a passing reason is asked for again, alone with its like; what Exchange
 * had no time for in smaller pieces; after a torn answer the rest.
 */
#ifndef POSTERN_EXCHANGE_EWS_BATCH_H
#define POSTERN_EXCHANGE_EWS_BATCH_H

#include "proxy/exchange/ews/soap.h"

struct batch {
    const char *operation;
    bool write;
    size_t count; /* of all things */
    size_t most;  /* of them in one call */

    /* Asks for the things of these numbers. */
    void (*build)(void *context, struct soap_request *request,
                  const size_t which[], size_t count);

    /* Tells what became of one, once for each, in any order.  The node is what
     * Exchange has said and lives until the function returns; NULL where it has
     * said nothing. */
    void (*done)(void *context, size_t which,
                 const struct soap_message *message);

    /* Takes the text of a MimeContent, piece by piece, before `done`; `first`
     * begins it, again where a try before was torn. */
    void (*mime)(void *context, size_t which, bool first, const char *text,
                 size_t len);

    void *context;
};

/*
 * STATUS_OK when Exchange has answered for each, good or bad.  Otherwise the
 * rest are told the status as well; for a write that may have been carried out
 * this is STATUS_UNCERTAIN, for the first one without an answer and for all
 * after it.
 */
enum status batch_run(struct op *op, struct ews *ews,
                      const struct batch *batch);

#endif
