/*
 * session.c - one client's connection: who asks, and which method answers
 */
#include "caldav/session.h"

#include <inttypes.h>
#include <string.h>

#include "caldav/call.h"
#include "caldav/condition.h"
#include "config/settings.h"
#include "proxy/base/arena.h"
#include "proxy/base/base64.h"
#include "proxy/base/log.h"
#include "proxy/base/secret.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "proxy/base/utf8.h"
#include "proxy/exchange/account.h"
#include "proxy/protocol.h"

/* What is on offer (RFC 4918, 10.1; RFC 4791, 5.1; RFC 6352, 6.1; RFC 6638, 2;
 * RFC 8607, 3.1; Apple's calendar-proxy). */
#define OFFERS                                                                 \
    "1, 3, extended-mkcol, calendar-access, calendar-auto-schedule,"           \
    " calendar-managed-attachments, calendar-proxy, addressbook"

void dav_session_init(struct dav_session *session,
                      const struct gateway *gateway)
{
    *session = (struct dav_session){ .gateway = gateway };
}

static void forget(struct dav_session *session)
{
    account_unref(&session->account);
    secret_free(&session->authorization);
}

void dav_session_fini(struct dav_session *session)
{
    forget(session);
}

/* --- Who asks ------------------------------------------------------------- */

/* The ways there are, the password's first: many programs take the first one
 * (RFC 7617; RFC 6750). */
static void ask_who(struct dav_call *call)
{
    enum token_use tokens = call->session->gateway->settings->exchange.tokens;

    if (tokens != TOKENS_ONLY)
        dav_reply_field(call->reply, "WWW-Authenticate",
                        "Basic realm=\"Postern\", charset=\"UTF-8\"");
    if (tokens != TOKENS_NO)
        dav_reply_field(call->reply, "WWW-Authenticate",
                        "Bearer realm=\"Postern\"");
    dav_reply_error(call->reply, 401, NULL, NULL);
}

/* "user:password" in base64 (RFC 7617); the password may have colons. */
static struct secret *read_basic(struct arena *arena, const char *text,
                                 const char **user_out)
{
    size_t len;
    char *pair = base64_decode(arena, text, strlen(text), &len);
    char *colon = pair != NULL ? memchr(pair, ':', len) : NULL;
    struct secret *secret = NULL;

    if (colon != NULL && memchr(pair, '\0', len) == NULL &&
        utf8_valid(pair, len)) {
        *user_out = arena_strndup(arena, pair, (size_t)(colon - pair));
        secret = secret_new(colon + 1, len - (size_t)(colon + 1 - pair));
    }
    if (pair != NULL)
        secret_wipe(pair, len);
    return secret;
}

/* NULL for what is no scheme of ours. */
static struct secret *read_credentials(struct arena *arena, const char *text,
                                       const char **user_out)
{
    static const char basic[] = "Basic ", bearer[] = "Bearer ";

    *user_out = "";
    if (str_starts_nocase(text, basic))
        return read_basic(arena, text + strlen(basic), user_out);
    if (str_starts_nocase(text, bearer)) {
        text += strlen(bearer);
        return secret_new_token(text, strlen(text));
    }
    return NULL;
}

/* Opens the account that the header names; false and an answer where it cannot
 * be. */
static bool log_in(struct dav_call *call, const char *text)
{
    struct dav_session *session = call->session;
    struct op *op = call->op;
    const char *user;
    struct secret *secret = read_credentials(op->arena, text, &user);

    if (secret == NULL) {
        ask_who(call);
        return false;
    }
    const char *shown = str_printable(op->arena, user, strlen(user), 200);
    enum status status = account_login(op, session->gateway->accounts, user,
                                       secret, &session->account);
    secret_free(&secret);
    if (status == STATUS_OK) {
        session->authorization = secret_new(text, strlen(text));
        log_info(op->session, "login user=%s", shown);
        return true;
    }
    session->account = NULL;
    op_fail(op, status, "login user=%s: %s", shown,
            op->reason != NULL ? op->reason : "");
    if (dav_words(status)->code == 401)
        ask_who(call);
    else
        dav_reply_status(call->reply, status);
    return false;
}

/* Each request says who sends it; mostly the same one as before. */
static bool identify(struct dav_call *call)
{
    struct dav_session *session = call->session;
    const char *text = dav_header(call, "Authorization");

    if (!session->private_link) {
        dav_reply_error(call->reply, 403, NULL,
                        "No password may travel here without TLS");
        return false;
    }
    if (text == NULL) {
        ask_who(call);
        return false;
    }
    struct secret *given = secret_new(text, strlen(text));
    bool same = session->authorization != NULL &&
                secret_equal(given, session->authorization);
    secret_free(&given);
    if (!same) {
        forget(session);
        if (!log_in(call, text))
            return false;
    }
    call->account = session->account;
    return true;
}

/* --- What is asked -------------------------------------------------------- */

static void refuse_method(struct dav_call *call)
{
    dav_reply_field(call->reply, "Allow", "%s",
                    dav_methods_of(call->op->arena, call->place.kind));
    dav_reply_empty(call->reply, 405);
}

/* RFC 6764, 5: whatever the method, what is asked for lies elsewhere. */
static void redirect(struct dav_call *call)
{
    dav_reply_field(call->reply, "Location", "%s",
                    dav_href_principal(call->op->arena, call->tree.self));
    dav_reply_empty(call->reply, 301);
}

/* RFC 4918, 8.1: where a folder could be there is nothing to ask about. */
static bool is_missing(const struct dav_call *call)
{
    static const char *const asked[] = { "GET",    "HEAD",     "DELETE",
                                         "REPORT", "PROPFIND", "PROPPATCH",
                                         "COPY",   "MOVE" };

    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++)
        if (str_equal(call->request->method, asked[i]))
            return call->place.kind == DAV_FREE;
    return false;
}

/* RFC 4918, 9.7.1 and 9.3.1: what makes something needs a place for it. */
static void refuse_place(struct dav_call *call)
{
    static const char *const makers[] = { "PUT", "MKCOL", "MKCALENDAR" };

    for (size_t i = 0; i < sizeof makers / sizeof *makers; i++)
        if (str_equal(call->request->method, makers[i])) {
            dav_refuse(call, 409, NULL, "There is no collection above it");
            return;
        }
    dav_reply_status(call->reply, STATUS_NOT_FOUND);
}

static void run_method(struct dav_call *call,
                       const struct dav_method_kind *method)
{
    enum status status = dav_tree_load(call->op, call->account, &call->tree);

    if (status == STATUS_OK)
        status =
            dav_place_find(&call->tree, call->request->target, &call->place);
    if (status != STATUS_OK)
        dav_reply_status(call->reply, status);
    else if (call->place.kind == DAV_WELL_KNOWN)
        redirect(call);
    else if (call->place.kind == DAV_NOWHERE)
        refuse_place(call);
    else if (is_missing(call))
        dav_reply_status(call->reply, STATUS_NOT_FOUND);
    else if (method == NULL ||
             (method->places & DAV_KIND(call->place.kind)) == 0)
        refuse_method(call);
    else if (dav_check_if(call) && (status = method->run(call)) != STATUS_OK)
        dav_reply_status(call->reply, status);
}

/* RFC 8607, 3.11: of a file it is said in its own words that it is too big. */
static bool is_big_file(const struct dav_request *request)
{
    return request->refusal == 413 && request->target != NULL &&
           strstr(request->target, "action=attachment-") != NULL;
}

static void refuse(struct dav_call *call)
{
    call->reply->keep_alive = false;
    if (call->request->refusal == 401)
        ask_who(call);
    else if (is_big_file(call->request))
        dav_reply_error(call->reply, 403, "C:max-attachment-size", NULL);
    else
        dav_reply_empty(call->reply, call->request->refusal);
}

/* The target's query is left out: it may hold anything. */
static void log_request(const struct dav_call *call, uint64_t began)
{
    const char *target = call->request->target;
    struct arena *arena = call->op->arena;

    log_debug(call->op->session,
              "request method=%s target=%s status=%d milliseconds=%" PRIu64,
              str_printable(arena, call->request->method,
                            strlen(call->request->method), 40),
              str_printable(arena, target, strcspn(target, "?"), 500),
              call->reply->code, time_monotonic_ms() - began);
}

static void run(struct dav_call *call)
{
    const struct dav_request *request = call->request;

    if (request->refusal != 0)
        refuse(call);
    else if (strchr(request->target, '#') != NULL)
        dav_refuse(call, 400, NULL, "A target has no fragment");
    else if (str_equal(request->method, "OPTIONS"))
        dav_method_options(call);
    else if (identify(call))
        run_method(call, dav_method_find(request->method));
}

/* Connections last as long as their clients like, with several users' requests
 * on one of them if they like that. */
void dav_session_run(struct dav_session *session, struct op *op,
                     const struct dav_request *request, struct dav_reply *reply)
{
    struct dav_call call = {
        .op = op,
        .session = session,
        .request = request,
        .reply = reply,
        .settings = &session->gateway->settings->caldav,
    };
    uint64_t began = time_monotonic_ms();

    reply->head = str_equal(request->method, "HEAD");
    reply->old = request->old;
    reply->keep_alive = request->keep_alive;
    dav_reply_field(reply, "DAV", "%s", OFFERS);
    run(&call);
    log_request(&call, began);
}
