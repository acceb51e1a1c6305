/*
 * handle.h - what calls that are waited for and calls that hang have in common
 */
#ifndef POSTERN_EXCHANGE_HTTP_HANDLE_H
#define POSTERN_EXCHANGE_HTTP_HANDLE_H

#include <curl/curl.h>

#include "proxy/exchange/http/client.h"
#include "proxy/exchange/http/transfer.h"

/* A handle outside of the client's pool: its owner cleans it up. */
CURL *handle_new(struct http_client *client);

/* Puts what may change between calls into the handle.  Returns the address; the
 * list is the caller's, for as long as the handle has it. */
char *handle_prepare(struct op *op, struct http_client *client, CURL *handle,
                     const struct http_call *call,
                     struct curl_slist **headers_out);

/* What the call came to that has ended on this handle. */
void handle_judge(struct op *op, struct http_client *client, CURL *handle,
                  const struct transfer *transfer, const char *url,
                  struct http_answer *answer);

#endif
