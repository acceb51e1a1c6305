/*
 * bind.c - Bind: who is there
 *
 * RFC 4511, 4.2, and RFC 4513.  Whoever asks to be somebody else is nobody at
 * once, and stays so if that fails.  Passwords go into a struct secret, and
 * what held them is wiped.
 */
#include <string.h>

#include "config/settings.h"
#include "ldap/dn.h"
#include "ldap/login.h"
#include "ldap/operation.h"
#include "ldap/session.h"
#include "proxy/base/arena.h"
#include "proxy/base/log.h"
#include "proxy/base/secret.h"
#include "proxy/base/str.h"
#include "proxy/base/utf8.h"
#include "proxy/exchange/account.h"
#include "proxy/protocol.h"

/* --- Names ---------------------------------------------------------------- */

/* What names a user in an entry's own step of its DN. */
static bool names_user(const char *type)
{
    /* clang-format off */
    static const char *const types[] = {
        "uid",               "0.9.2342.19200300.100.1.1",
        "cn",                "2.5.4.3",
        "mail",              "0.9.2342.19200300.100.1.3",
        "userPrincipalName", "sAMAccountName",
    };
    /* clang-format on */

    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (str_equal_nocase(types[i], type))
            return true;
    return false;
}

static const char *user_of_dn(const struct dn *dn)
{
    for (size_t i = 0; dn->count > 0 && i < dn->rdns[0].count; i++) {
        const struct dn_value *step = &dn->rdns[0].values[i];

        if (names_user(step->type) && step->value.len > 0 &&
            strlen(step->value.data) == step->value.len &&
            utf8_valid(step->value.data, step->value.len))
            return step->value.data;
    }
    return NULL;
}

/* An address may have an equals sign, too. */
const char *ldap_login_user(struct arena *arena, const char *name)
{
    struct dn dn;

    if (strchr(name, '=') == NULL)
        return name;
    const char *user = dn_parse(arena, name, &dn) ? user_of_dn(&dn) : NULL;
    if (user == NULL && strchr(name, '@') != NULL && strchr(name, ',') == NULL)
        return name;
    return user;
}

/* --- Passwords ------------------------------------------------------------ */

enum status ldap_log_in(struct ldap_call *call, const char *user,
                        struct secret *secret)
{
    struct ldap_session *session = call->session;
    struct op *op = call->op;
    const char *shown = str_printable(op->arena, user, strlen(user), 200);
    enum status status = account_login(op, session->gateway->accounts, user,
                                       secret, &session->account);

    secret_free(&secret);
    if (status != STATUS_OK) {
        session->account = NULL;
        return op_fail(op, status, "login user=%s: %s", shown,
                       op->reason != NULL ? op->reason : "");
    }
    call->account = session->account;
    log_info(op->session, "login user=%s", shown);
    return STATUS_OK;
}

static void log_in_simply(struct ldap_call *call)
{
    const struct ldap_bind *bind = &call->request->bind;
    const struct octets *password = &bind->credentials;
    const char *user = ldap_login_user(call->op->arena, bind->name);

    if (user == NULL) {
        ldap_refuse(call, LDAP_INVALID_CREDENTIALS,
                    "The name is not that of a user: an address, DOMAIN\\user, "
                    "or a DN that begins with uid=, cn= or mail=");
        return;
    }
    enum status status =
        ldap_log_in(call, user, secret_new(password->data, password->len));
    const struct ldap_result result = ldap_result_of(status);
    ldap_answer(call, &result);
}

/* A name without a password is nobody, which its user may not know (RFC 4513,
 * 5.1.2); a password without a name is somebody's mistake. */
static void bind_simply(struct ldap_call *call)
{
    const struct ldap_bind *bind = &call->request->bind;
    const struct octets *password = &bind->credentials;

    if (*bind->name == '\0' && password->len == 0)
        ldap_refuse(call, LDAP_SUCCESS, NULL);
    else if (password->len == 0)
        ldap_refuse(call, LDAP_UNWILLING_TO_PERFORM,
                    "There is no password, and nobody logs in without one");
    else if (!call->private_link)
        ldap_refuse(call, LDAP_CONFIDENTIALITY_REQUIRED,
                    "No password may travel here without TLS");
    else if (call->settings->exchange.tokens == TOKENS_ONLY)
        ldap_refuse(call, LDAP_INAPPROPRIATE_AUTHENTICATION,
                    "Only tokens are taken here, by SASL");
    else if (*bind->name == '\0' ||
             memchr(password->data, '\0', password->len) != NULL)
        ldap_refuse(call, LDAP_INVALID_CREDENTIALS,
                    "This is no user's name and password");
    else
        log_in_simply(call);
}

void ldap_do_bind(struct ldap_call *call)
{
    const struct ldap_bind *bind = &call->request->bind;

    if (bind->version != 3) {
        ldap_refuse(call, LDAP_PROTOCOL_ERROR, "Only version 3 is spoken here");
        return;
    }
    if (bind->mechanism != NULL) {
        ldap_do_sasl(call);
    } else {
        ldap_session_forget(call->session);
        bind_simply(call);
    }
    if (bind->credentials.len > 0)
        secret_wipe((char *)bind->credentials.data, bind->credentials.len);
}
