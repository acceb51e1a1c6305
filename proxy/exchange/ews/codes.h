/*
 * codes.h - what the ResponseCodes of Exchange mean
 */
#ifndef POSTERN_EXCHANGE_EWS_CODES_H
#define POSTERN_EXCHANGE_EWS_CODES_H

#include "proxy/exchange/http/retry.h"

/* The verdict on a code such as "ErrorItemNotFound"; "NoError" is STATUS_OK.  A
 * code that nobody has heard of is STATUS_INTERNAL. */
struct verdict code_verdict(const char *code);

#endif
