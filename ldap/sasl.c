/*
 * sasl.c - Bind with a mechanism of SASL
 *
 * RFC 4513, 5.2.  PLAIN is RFC 4616; XOAUTH2 and OAUTHBEARER show a token
 * (proxy/format/sasl.h).  In all of them the client speaks first, and once; one
 * that has not is asked to.
 */
#include <string.h>

#include "config/settings.h"
#include "ldap/login.h"
#include "ldap/offers.h"
#include "ldap/operation.h"
#include "ldap/session.h"
#include "proxy/base/base64.h"
#include "proxy/base/secret.h"
#include "proxy/base/str.h"
#include "proxy/base/utf8.h"
#include "proxy/format/sasl.h"
#include "proxy/protocol.h"

static void refuse_form(struct ldap_call *call)
{
    ldap_refuse(call, LDAP_PROTOCOL_ERROR, "Not what the mechanism wants");
}

static void answer_login(struct ldap_call *call, enum status status)
{
    const struct ldap_result result = ldap_result_of(status);

    ldap_answer(call, &result);
}

/* The client has to say something more. */
static void ask(struct ldap_call *call, struct octets says)
{
    const struct ldap_result result = { .code = LDAP_SASL_BIND_IN_PROGRESS };

    ldap_reply_bind(call->reply, &result, &says);
}

/* --- PLAIN ---------------------------------------------------------------- */

/* [<on behalf of>] NUL <user> NUL <password>.  One user cannot act for another
 * here: Exchange decides by the mailbox, not by a name. */
static void take_plain(struct ldap_call *call)
{
    const struct octets *message = &call->request->bind.credentials;
    const char *text = message->data, *end = text + message->len;
    const char *user = memchr(text, '\0', message->len);
    const char *password =
        user != NULL ? memchr(user + 1, '\0', (size_t)(end - user - 1)) : NULL;

    if (password == NULL ||
        memchr(password + 1, '\0', (size_t)(end - password - 1)) != NULL ||
        !utf8_valid(text, message->len)) {
        refuse_form(call);
        return;
    }
    user++;
    password++;
    size_t len = (size_t)(end - password);
    if (*text != '\0' && !str_equal_nocase(text, user))
        ldap_refuse(call, LDAP_INVALID_CREDENTIALS, "Users act for themselves");
    else if (*user == '\0' || len == 0)
        ldap_refuse(call, LDAP_INVALID_CREDENTIALS,
                    "This is no user's name and password");
    else
        answer_login(call, ldap_log_in(call, user, secret_new(password, len)));
}

/* --- Tokens --------------------------------------------------------------- */

/* A refusal is explained, and the client has to say something to that (RFC
 * 7628, 3.2.3). */
static void explain(struct ldap_call *call,
                    const struct sasl_mechanism *mechanism, enum status status)
{
    struct arena *arena = call->op->arena;
    const char *text =
        sasl_refusal(mechanism, arena, status, call->settings->exchange.url);
    struct octets says;

    says.data = base64_decode(arena, text, strlen(text), &says.len);
    call->session->refused_mechanism = mechanism;
    call->session->refused_status = status;
    ask(call, says);
}

static void end_refused(struct ldap_call *call)
{
    enum status status = call->session->refused_status;

    call->session->refused_mechanism = NULL;
    if (status == STATUS_AUTH_FAILED)
        ldap_refuse(call, LDAP_INVALID_CREDENTIALS,
                    "Exchange does not accept the token");
    else
        answer_login(call, status);
}

static void take_token(struct ldap_call *call)
{
    const struct ldap_bind *bind = &call->request->bind;
    const struct sasl_mechanism *mechanism =
        sasl_find(bind->mechanism, strlen(bind->mechanism));
    struct secret *token;
    const char *user;

    if (!sasl_read(mechanism, call->op->arena, bind->credentials.data,
                   bind->credentials.len, &user, &token)) {
        refuse_form(call);
        return;
    }
    enum status status =
        token != NULL ? ldap_log_in(call, user, token)
                      : op_fail(call->op, STATUS_AUTH_FAILED, "no token");
    if (sasl_is_refusal(status))
        explain(call, mechanism, status);
    else
        answer_login(call, status);
}

/* --- The request ---------------------------------------------------------- */

static bool is_offered(const struct ldap_call *call, const char *name)
{
    const char *const *offered = ldap_offered_mechanisms(call);

    for (size_t i = 0; offered[i] != NULL; i++)
        if (str_equal_nocase(offered[i], name))
            return true;
    return false;
}

void ldap_do_sasl(struct ldap_call *call)
{
    const struct ldap_bind *bind = &call->request->bind;
    const struct sasl_mechanism *tokens =
        sasl_find(bind->mechanism, strlen(bind->mechanism));
    bool goes_on = tokens != NULL && tokens == call->session->refused_mechanism;

    if (goes_on) {
        end_refused(call);
        return;
    }
    ldap_session_forget(call->session);
    if (!call->private_link)
        ldap_refuse(call, LDAP_CONFIDENTIALITY_REQUIRED,
                    "Nobody logs in here without TLS");
    else if (!is_offered(call, bind->mechanism))
        ldap_refuse(call, LDAP_AUTH_METHOD_NOT_SUPPORTED,
                    "There is no such mechanism here");
    else if (!bind->has_credentials)
        ask(call, (struct octets){ "", 0 });
    else if (tokens != NULL)
        take_token(call);
    else
        take_plain(call);
}
