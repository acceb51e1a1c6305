/*
 * offers.c - what is offered beyond the protocol itself, by its OIDs
 */
#include "ldap/offers.h"

#include <stddef.h>

#include "config/settings.h"
#include "ldap/call.h"
#include "proxy/base/arena.h"
#include "proxy/base/str.h"

/* A control of a search may also come with Compare and the like, where it means
 * nothing.  There are no references here, so that not to follow them is what
 * happens anyway. */
static const struct {
    const char *oid;
    bool of_search; /* or of any operation */
} controls[] = {
    { LDAP_CONTROL_PAGED, true },
    { LDAP_CONTROL_SORT, true },
    { LDAP_CONTROL_SUBENTRIES, true },
    { LDAP_CONTROL_MANAGE_DSA_IT, false },
};

#define CONTROL_COUNT (sizeof controls / sizeof *controls)

const char *const *ldap_offered_controls(struct arena *arena)
{
    const char **list = arena_array(arena, CONTROL_COUNT + 1, sizeof *list);

    for (size_t i = 0; i < CONTROL_COUNT; i++)
        list[i] = controls[i].oid;
    return list;
}

bool ldap_control_applies(const struct ldap_request *request, const char *oid)
{
    for (size_t i = 0; i < CONTROL_COUNT; i++)
        if (str_equal(controls[i].oid, oid))
            return !controls[i].of_search || request->operation == LDAP_SEARCH;
    return false;
}

const struct ldap_control *ldap_control_with(const struct ldap_request *request,
                                             const char *oid)
{
    for (size_t i = 0; i < request->control_count; i++)
        if (str_equal(request->controls[i].oid, oid))
            return &request->controls[i];
    return NULL;
}

const char *const *ldap_offered_extensions(const struct ldap_call *call)
{
    static const char *const list[] = { LDAP_START_TLS, LDAP_WHO_AM_I,
                                        LDAP_CANCEL, NULL };

    return call->can_start_tls ? list : list + 1;
}

const char *const *ldap_offered_mechanisms(const struct ldap_call *call)
{
    static const char *const all[] = { "XOAUTH2", "OAUTHBEARER", "PLAIN",
                                       NULL };
    static const char *const passwords[] = { "PLAIN", NULL };
    static const char *const tokens[] = { "XOAUTH2", "OAUTHBEARER", NULL };
    static const char *const none[] = { NULL };

    if (!call->private_link)
        return none;
    switch (call->settings->exchange.tokens) {
    case TOKENS_ONLY:
        return tokens;
    case TOKENS_YES:
        return all;
    case TOKENS_NO:
        break;
    }
    return passwords;
}
