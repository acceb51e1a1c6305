/*
 * transfer.h - one call on one libcurl handle
 */
#ifndef POSTERN_EXCHANGE_HTTP_TRANSFER_H
#define POSTERN_EXCHANGE_HTTP_TRANSFER_H

#include <stdbool.h>
#include <stdint.h>

#include <curl/curl.h>

#include "proxy/exchange/http/body.h"
#include "proxy/exchange/http/client.h"

struct transfer {
    struct op *op;
    const struct http_call *call;
    struct http_body body;
    bool sent;      /* all of the body has been given to libcurl */
    bool answered;  /* since the body began to go, header lines have come */
    bool speaks;    /* its status may carry SOAP */
    bool xml;       /* and so it does */
    bool enough;    /* the caller has ended it */
    char page[512]; /* the beginning of an answer that is no XML, as a text */
    size_t page_len;
    uint32_t pause; /* Retry-After in milliseconds */
    int64_t date;   /* Exchange's clock; TIME_NONE */
    uint64_t last_progress;
    CURLcode code;
    char error[CURL_ERROR_SIZE];
};

/* Performs the call with a handle that knows address and password. */
void transfer_run(struct transfer *transfer, struct op *op,
                  const struct http_call *call, CURL *handle);

/* The same in two parts, for who has libcurl perform it by the way. */
void transfer_begin(struct transfer *transfer, struct op *op,
                    const struct http_call *call, CURL *handle);
void transfer_end(struct transfer *transfer, CURL *handle, CURLcode code);

#endif
