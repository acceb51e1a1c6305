/*
 * soap_answer.h - reading one answer while it arrives
 */
#ifndef POSTERN_EXCHANGE_EWS_SOAP_ANSWER_H
#define POSTERN_EXCHANGE_EWS_SOAP_ANSWER_H

#include "proxy/exchange/ews/soap.h"
#include "proxy/exchange/http/client.h"

struct soap_answer;

/* Tells the call's functions what comes; trees go into the arena.  At most
 * `limit` octets are taken, MIME content apart. */
struct soap_answer *soap_answer_new(const struct soap_call *call,
                                    struct arena *arena, uint64_t limit);
void soap_answer_free(struct soap_answer **answer);

/* Takes the next piece; false once there is no point in going on. */
bool soap_answer_feed(void *answer, const char *data, size_t len);

/* What the call came to, with what HTTP has to say: STATUS_OK for a whole
 * answer. */
struct verdict soap_answer_end(struct soap_answer *answer, struct op *op,
                               const struct http_answer *http);

/* The server's version; all zero where the answer does not tell. */
const struct ews_build *soap_answer_build(const struct soap_answer *answer);

/* Notes for the log what Exchange has said; the text may be NULL. */
void soap_note(struct op *op, const char *operation, enum status status,
               const char *code, const char *text);

#endif
