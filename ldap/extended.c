/*
 * extended.c - operations that have an OID instead of a number
 *
 * RFC 4511, 4.12.
 */
#include <string.h>

#include "ldap/ber.h"
#include "ldap/offers.h"
#include "ldap/operation.h"
#include "ldap/session.h"
#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/exchange/account.h"

/* RFC 4511, 4.14.  What was said before could come from someone in between: it
 * is forgotten, and the connection throws away what has come already. */
static void start_tls(struct ldap_call *call)
{
    struct ldap_session *session = call->session;
    const struct ldap_result success = { .code = LDAP_SUCCESS };

    if (call->request->extended.has_value) {
        ldap_refuse(call, LDAP_PROTOCOL_ERROR, "StartTLS has no value");
    } else if (session->has_tls || session->hasty) {
        ldap_refuse(call, LDAP_OPERATIONS_ERROR,
                    session->has_tls ? "TLS is on already"
                                     : "Other operations were outstanding");
    } else if (!call->can_start_tls) {
        ldap_refuse(call, LDAP_UNAVAILABLE, "TLS cannot be started here");
    } else {
        ldap_session_forget(session);
        ldap_reply_extended(call->reply, &success, LDAP_START_TLS, NULL);
        call->reply->start_tls = true;
    }
}

/* RFC 4532: an authzId (RFC 4513, 5.2.1.8); nothing of those who are
 * anonymous. */
static void tell_who(struct ldap_call *call)
{
    const struct ldap_result success = { .code = LDAP_SUCCESS };
    struct octets who = { "", 0 };

    if (call->request->extended.has_value) {
        ldap_refuse(call, LDAP_PROTOCOL_ERROR, "Who am I? has no value");
        return;
    }
    if (call->account != NULL) {
        const char *address = account_address(call->op, call->account);

        if (*address == '\0')
            address = account_user(call->account);
        who.data = arena_printf(call->op->arena, "u:%s", address);
        who.len = strlen(who.data);
    }
    ldap_reply_extended(call->reply, &success, NULL, &who);
}

/* RFC 3909.  What was stopped has its answer already; what has been answered is
 * known no more. */
static void cancel(struct ldap_call *call)
{
    const struct ldap_extended *extended = &call->request->extended;
    struct ber_reader all, sequence;
    int32_t target = 0;

    if (extended->has_value)
        all = ber_reader(extended->value.data, extended->value.len);
    if (!extended->has_value || !ber_take(&all, BER_SEQUENCE, &sequence) ||
        !ber_take_integer(&sequence, BER_INTEGER, 0, &target))
        ldap_refuse(call, LDAP_PROTOCOL_ERROR,
                    "Cancel has the id of a message");
    else if (call->session->cancel_done)
        ldap_refuse(call, LDAP_SUCCESS, NULL);
    else if (target == call->request->id)
        ldap_refuse(call, LDAP_CANNOT_CANCEL, "Cancel cannot be cancelled");
    else
        ldap_refuse(call, LDAP_NO_SUCH_OPERATION,
                    "No such operation is outstanding");
}

static void refuse_password(struct ldap_call *call)
{
    ldap_refuse(call, LDAP_UNWILLING_TO_PERFORM,
                "Passwords are changed at Exchange");
}

/* clang-format off */
static const struct {
    const char *oid;
    ldap_handler *run;
} kinds[] = {
    { LDAP_START_TLS,       start_tls },
    { LDAP_WHO_AM_I,        tell_who },
    { LDAP_CANCEL,          cancel },
    { LDAP_PASSWORD_MODIFY, refuse_password },
};
/* clang-format on */

void ldap_do_extended(struct ldap_call *call)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (str_equal(kinds[i].oid, call->request->extended.name)) {
            kinds[i].run(call);
            return;
        }
    ldap_refuse(call, LDAP_PROTOCOL_ERROR, "There is no such operation here");
}
