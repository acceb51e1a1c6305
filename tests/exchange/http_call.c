/*
 * http_call.c - one connection to Exchange.asmx: requests in, answers out
 *
 * The order of the tests is IIS's: what is there at all, who asks, by which method,
 * and only then what is asked.
 */
#include "tests/exchange/http_call.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "tests/exchange/autodiscover.h"
#include "tests/exchange/http_answer.h"
#include "tests/exchange/http_files.h"
#include "tests/exchange/http_login.h"
#include "tests/exchange/http_request.h"
#include "tests/exchange/http_stream.h"
#include "tests/exchange/load.h"
#include "tests/exchange/model.h"
#include "tests/exchange/soap.h"
#include "tests/exchange/wire.h"

struct visit {
    struct exchange *exchange;
    struct wire *wire;
    struct arena *arena;         /* of the request in hand */
    struct http_login login;
    int major;                   /* 8: 2007, 14: 2010, 15: 2013 and later */
};

/* maxAllowedContentLength of EWS's web.config; who lets larger messages in has
 * raised it. */
static size_t body_limit(struct exchange *exchange, int major)
{
    size_t installed = major < 14 ? 30000000 : major < 15 ? 35000000 : 67108864;

    exchange_lock(exchange);
    size_t raised = exchange->message_limit / 2 * 3;
    exchange_unlock(exchange);
    return raised > installed ? raised : installed;
}

/* --- Answers without an operation ------------------------------------------- */

static const char *page(struct arena *arena, const char *title)
{
    return arena_printf(arena,
                        "<!DOCTYPE html>\r\n<html><head><title>%s</title></head>"
                        "<body><h1>%s</h1></body></html>\r\n",
                        title, title);
}

static bool answer_page(struct visit *visit, const struct http_request *request,
                        int status, const char *headers, const char *title)
{
    const char *text = page(visit->arena, title);
    const struct http_answer answer = {
        .status = status,
        .headers = headers,
        .body = text,
        .len = strlen(text),
        .close = status == 400 || status == 413,
        .build = exchange_build(visit->exchange),
    };
    return http_answer_send(visit->wire, visit->arena, request, &answer);
}

/* Counts what never becomes an operation. */
static bool refuse(struct visit *visit, const struct http_request *request,
                   int status, const char *headers, const char *title)
{
    struct exchange_fault_rule none;
    exchange_call_begin(visit->exchange, "HTTP", &none);
    bool going = answer_page(visit, request, status, headers, title);
    exchange_call_end(visit->exchange);
    return going;
}

static bool refuse_login(struct visit *visit, const struct http_request *request)
{
    return refuse(visit, request, 401,
                  http_login_offers(&visit->login, visit->arena),
                  "401 - Unauthorized: Access is denied due to invalid "
                  "credentials.");
}

/* A browser is shown the service's description, or told that there is one. */
static bool answer_get(struct visit *visit, const struct http_request *request)
{
    if (visit->major < 15)
        return refuse(visit, request, 302,
                      "Location: /EWS/Services.wsdl\r\n", "Object moved");
    return refuse(visit, request, 200, NULL,
                  "Exchange Web Services: you have created a service.");
}

/* --- Faults of the wire -------------------------------------------------------- */

/* A portal's login page, in place of the answer. */
static bool answer_login_page(struct visit *visit,
                              const struct http_request *request)
{
    static const char text[] =
        "<!DOCTYPE html>\r\n<html><head><title>Outlook</title></head><body>\r\n"
        "<form action=\"/owa/auth.owa\" method=\"POST\" name=\"logonForm\">\r\n"
        "<input type=\"hidden\" name=\"flags\" value=\"4\">\r\n"
        "<input name=\"username\"><input name=\"password\" type=\"password\">"
        "<br>\r\n<input type=\"submit\" value=\"Sign in\"></form>\r\n"
        "</body></html>\r\n";
    const struct http_answer answer = {
        .status = 200,
        .body = text,
        .len = sizeof text - 1,
        .build = exchange_build(visit->exchange),
    };
    return http_answer_send(visit->wire, visit->arena, request, &answer);
}

/* "Retry-After" in whole seconds; a parameter of 0 leaves it out. */
static const char *retry_after(struct visit *visit, long milliseconds)
{
    if (milliseconds <= 0)
        return NULL;
    return arena_printf(visit->arena, "Retry-After: %ld\r\n",
                        (milliseconds + 999) / 1000);
}

/* Before anything is done. */
static bool fail_before(struct visit *visit, const struct http_request *request,
                        const struct exchange_fault_rule *fault)
{
    switch (fault->fault) {
    case FAULT_HTTP_401:
        visit->login.bound = false;
        visit->login.challenge = NULL;
        return answer_page(visit, request, 401,
                           http_login_offers(&visit->login, visit->arena),
                           "401 - Unauthorized");
    case FAULT_HTTP_429:
        return answer_page(visit, request, 429,
                           retry_after(visit, fault->parameter),
                           "429 - Too many requests");
    case FAULT_HTTP_500:
        return answer_page(visit, request, 500, NULL,
                           "Server Error in '/EWS' Application.");
    case FAULT_HTTP_503:
        return answer_page(visit, request, 503,
                           retry_after(visit, fault->parameter),
                           "HTTP Error 503. The service is unavailable.");
    case FAULT_LOGIN_PAGE:
        return answer_login_page(visit, request);
    case FAULT_HANG:
        wire_hang(visit->wire);
        return false;
    default: /* FAULT_RESET_BEFORE */
        wire_reset(visit->wire);
        return false;
    }
}

/* --- Operations ------------------------------------------------------------------ */

/* Sends an answer, or the first of many, unless a fault spoils it. */
static bool answer_reply(struct visit *visit, const struct http_request *request,
                         const struct exchange_fault_rule *fault,
                         const struct soap_reply *reply)
{
    bool going = false;
    if (fault->fault == FAULT_RESET_AFTER) {
        wire_reset(visit->wire);
    } else if (reply->stream != NULL &&
               fault_place(fault->fault) != FAULT_PLACE_AFTER) {
        going = http_stream_begin(visit->wire, exchange_build(visit->exchange),
                                  reply);
    } else {
        const struct http_answer answer = {
            .status = reply->http_status,
            .type = "text/xml; charset=utf-8",
            .body = reply->body,
            .len = reply->len,
            .close = reply->stream != NULL,
            .chunked = visit->major >= 15,
            .build = exchange_build(visit->exchange),
            .fault = fault,
        };
        going = http_answer_send(visit->wire, visit->arena, request, &answer);
    }
    return going;
}

static void end_call(struct visit *visit, const char *operation)
{
    exchange_call_end(visit->exchange);
    load_leave(visit->exchange, visit->login.address, operation);
}

/* A stream counts as a call until its first answer is out. */
static bool run_operation(struct visit *visit,
                          const struct http_request *request,
                          const char *operation,
                          const struct exchange_fault_rule *fault)
{
    const struct soap_route route = { request->anchor,
                                      request->public_mailbox };
    struct soap_reply reply;
    bool going;

    soap_handle(visit->exchange, visit->login.address, &route,
                request->body.data, request->body.len, fault, &reply);
    going = answer_reply(visit, request, fault, &reply);
    free(reply.body);
    end_call(visit, operation);
    if (reply.stream != NULL && going)
        going = http_stream_carry(visit->wire, reply.stream);
    soap_stream_close(&reply.stream);
    return going;
}

static bool answer_post(struct visit *visit, const struct http_request *request)
{
    char operation[SOAP_OPERATION_SIZE];
    struct exchange_fault_rule fault, refusal;
    bool going;

    if (!str_starts_nocase(request->content_type, "text/xml"))
        return refuse(visit, request, 415, NULL,
                      "415 - Cannot process the message because the content type "
                      "was not the expected type 'text/xml; charset=utf-8'.");
    /* What is not SOAP gets its fault from soap_handle. */
    soap_operation(request->body.data, request->body.len, operation);
    load_anchor(visit->exchange, operation, request->anchor);
    load_enter(visit->exchange, visit->login.address, operation, &refusal);
    exchange_call_begin(visit->exchange, operation, &fault);
    if (refusal.fault != FAULT_NONE)
        fault = refusal;
    if (fault_place(fault.fault) != FAULT_PLACE_BEFORE)
        return run_operation(visit, request, operation, &fault);
    going = fail_before(visit, request, &fault);
    end_call(visit, operation);
    return going;
}

/* --- Files ------------------------------------------------------------------------ */

static bool answer_file(struct visit *visit, const struct http_request *request,
                        const char *operation)
{
    struct exchange_fault_rule fault;
    struct http_answer answer = { .fault = &fault,
                                  .build = exchange_build(visit->exchange) };
    bool going;

    exchange_call_begin(visit->exchange, operation, &fault);
    if (fault_place(fault.fault) == FAULT_PLACE_BEFORE) {
        going = fail_before(visit, request, &fault);
    } else if (fault.fault == FAULT_RESET_AFTER) {
        wire_reset(visit->wire);
        going = false;
    } else {
        http_file_answer(visit->exchange, visit->arena, request, &answer);
        going = http_answer_send(visit->wire, visit->arena, request, &answer);
    }
    exchange_call_end(visit->exchange);
    return going;
}

/* --- Autodiscover ---------------------------------------------------------------- */

static bool is_hidden(struct exchange *exchange)
{
    exchange_lock(exchange);
    bool hidden = exchange->hidden;
    exchange_unlock(exchange);
    return hidden;
}

static bool answer_discovery(struct visit *visit,
                             const struct http_request *request)
{
    bool asked = str_equal(request->method, "POST");
    struct exchange_fault_rule fault;
    struct http_answer answer = {
        .status = 200,
        .type = "text/xml; charset=utf-8",
        .fault = &fault,
        .build = exchange_build(visit->exchange),
    };
    bool going;

    exchange_call_begin(visit->exchange, "Autodiscover", &fault);
    answer.body = sim_autodiscover(visit->exchange, visit->arena,
                                   asked ? request->body.data : NULL,
                                   request->body.len);
    answer.len = strlen(answer.body);
    going = fault_place(fault.fault) == FAULT_PLACE_BEFORE
                ? fail_before(visit, request, &fault)
                : http_answer_send(visit->wire, visit->arena, request, &answer);
    exchange_call_end(visit->exchange);
    return going;
}

/* --- Requests ---------------------------------------------------------------------- */

static bool answer_request(struct visit *visit,
                           const struct http_request *request)
{
    bool discovery =
        str_equal_nocase(request->path, "/autodiscover/autodiscover.xml") &&
        !is_hidden(visit->exchange);

    const char *file = http_file_operation(visit->exchange, request);

    if (!discovery && file == NULL &&
        !str_equal_nocase(request->path, "/EWS/Exchange.asmx"))
        return refuse(visit, request, 404, NULL,
                      "404 - File or directory not found.");
    if (!http_login_check(&visit->login, visit->arena, request->authorization))
        return refuse_login(visit, request);
    if (discovery)
        return answer_discovery(visit, request);
    if (file != NULL && (str_equal(request->method, "GET") ||
                         str_equal(request->method, "HEAD")))
        return answer_file(visit, request, file);
    if (file == NULL && str_equal(request->method, "POST"))
        return answer_post(visit, request);
    if (file == NULL && (str_equal(request->method, "GET") ||
                         str_equal(request->method, "HEAD")))
        return answer_get(visit, request);
    return refuse(visit, request, 405, "Allow: GET, HEAD, POST\r\n",
                  "405 - HTTP verb used to access this page is not allowed.");
}

/* Reads and answers one request; whether another may follow. */
static bool serve_one(struct visit *visit, struct http_reader *reader)
{
    struct http_request request;
    bool going;

    switch (http_reader_next(reader, visit->arena, &request)) {
    case HTTP_READ_REQUEST:
        going = answer_request(visit, &request);
        http_request_fini(&request);
        return going;
    case HTTP_READ_BAD:
        return refuse(visit, NULL, 400, NULL, "Bad Request");
    case HTTP_READ_TOO_LARGE:
        return refuse(visit, NULL, 413, NULL,
                      "413 - Request Entity Too Large");
    default:
        return false;
    }
}

void http_serve_wire(struct exchange *exchange, unsigned schemes,
                     struct wire *wire)
{
    int major = atoi(exchange_build(exchange));
    struct visit visit = {
        .exchange = exchange,
        .wire = wire,
        .arena = arena_new(),
        .login = { .exchange = exchange, .schemes = schemes },
        .major = major,
    };
    struct http_reader reader;

    http_reader_init(&reader, wire, body_limit(exchange, major));
    while (serve_one(&visit, &reader))
        arena_reset(visit.arena);
    http_reader_fini(&reader);
    arena_free(&visit.arena);
}
