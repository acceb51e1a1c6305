/*
 * headers.h - the header lines of a call
 */
#ifndef POSTERN_EXCHANGE_HTTP_HEADERS_H
#define POSTERN_EXCHANGE_HTTP_HEADERS_H

#include <stdbool.h>

#include <curl/curl.h>

#include "proxy/exchange/http/client.h"

/* Whether this may stand in a header line. */
bool headers_plain(const char *text);

/* Those that libcurl does not make itself; the caller frees the list. */
struct curl_slist *headers_new(struct op *op, const struct http_call *call,
                               const struct http_route *route);

#endif
