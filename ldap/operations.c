/*
 * operations.c - the table of all operations, and the short ones
 */
#include "ldap/operation.h"

#include "config/settings.h"
#include "ldap/session.h"
#include "proxy/base/time.h"

/* --- Search and Compare --------------------------------------------------- */

static void set_deadline(struct ldap_call *call)
{
    uint64_t seconds = call->settings->ldap.time_limit;

    if (call->request->operation == LDAP_SEARCH) {
        int32_t wanted = call->request->search.time_limit;

        if (wanted > 0 && (uint64_t)wanted < seconds)
            seconds = (uint64_t)wanted;
    }
    call->op->deadline = time_monotonic_ms() + seconds * 1000;
}

/* What was found so far has been sent when a search is stopped, by the client
 * or by the clock.  An abandoned one has no end. */
static void finish(struct ldap_call *call, struct ldap_result result)
{
    switch (ldap_session_settle(call->session)) {
    case LDAP_ABANDONED:
        return;
    case LDAP_CANCELLED:
        ldap_refuse(call, LDAP_CANCELED, "Cancelled as was asked for");
        return;
    case LDAP_GOES_ON:
        break;
    }
    if (op_is_late(call->op))
        ldap_refuse(call, LDAP_TIME_LIMIT_EXCEEDED,
                    "More may be found in more time");
    else
        ldap_answer(call, &result);
}

void ldap_do_search(struct ldap_call *call)
{
    set_deadline(call);
    finish(call, ldap_search_run(call));
}

void ldap_do_compare(struct ldap_call *call)
{
    set_deadline(call);
    finish(call, ldap_compare_run(call));
}

/* --- What is not done here ------------------------------------------------ */

static void refuse_change(struct ldap_call *call)
{
    ldap_refuse(call, LDAP_UNWILLING_TO_PERFORM,
                "People are looked up here, not changed; contacts can be "
                "changed by CardDAV");
}

/* clang-format off */
static const struct ldap_operation_kind kinds[] = {
    { LDAP_BIND,      LDAP_BIND_ANSWER,      ldap_do_bind },
    { LDAP_SEARCH,    LDAP_SEARCH_DONE,      ldap_do_search },
    { LDAP_COMPARE,   LDAP_COMPARE_ANSWER,   ldap_do_compare },
    { LDAP_EXTENDED,  LDAP_EXTENDED_ANSWER,  ldap_do_extended },
    { LDAP_MODIFY,    LDAP_MODIFY_ANSWER,    refuse_change },
    { LDAP_ADD,       LDAP_ADD_ANSWER,       refuse_change },
    { LDAP_DELETE,    LDAP_DELETE_ANSWER,    refuse_change },
    { LDAP_MODIFY_DN, LDAP_MODIFY_DN_ANSWER, refuse_change },
};
/* clang-format on */

const struct ldap_operation_kind *ldap_operation_find(
    enum ldap_operation operation)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (kinds[i].operation == operation)
            return &kinds[i];
    return NULL;
}

void ldap_answer(struct ldap_call *call, const struct ldap_result *result)
{
    const struct ldap_operation_kind *kind =
        ldap_operation_find(call->request->operation);

    if (kind != NULL)
        ldap_reply_result(call->reply, kind->answer, result);
}

void ldap_refuse(struct ldap_call *call, enum ldap_code code,
                 const char *message)
{
    const struct ldap_result result = { .code = code, .message = message };

    ldap_answer(call, &result);
}
