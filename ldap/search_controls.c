/*
 * search_controls.c - what a search asks for besides itself
 */
#include "ldap/search_controls.h"

#include "ldap/ber.h"
#include "ldap/collector.h"
#include "ldap/offers.h"

/* RFC 3672, 3: TRUE shows subentries and nothing else. */
static bool read_subentries(const struct ldap_call *call,
                            struct search_controls *controls)
{
    const struct ldap_control *control =
        ldap_control_with(call->request, LDAP_CONTROL_SUBENTRIES);
    struct ber_reader reader;

    if (control == NULL)
        return true;
    if (!control->has_value)
        return false;
    reader = ber_reader(control->value.data, control->value.len);
    return ber_take_boolean(&reader, BER_BOOLEAN, &controls->subentries);
}

static bool read_paging(const struct ldap_call *call,
                        struct search_controls *controls)
{
    const struct ldap_control *control =
        ldap_control_with(call->request, LDAP_CONTROL_PAGED);

    if (control == NULL)
        return true;
    if (!control->has_value ||
        !ldap_page_read(call->op->arena, control->value, &controls->page))
        return false;
    /* An empty first page would be of no use to anybody. */
    controls->paged = controls->page.size > 0 || controls->page.cookie.len > 0;
    return true;
}

static bool read_sorting(const struct ldap_call *call,
                         struct search_controls *controls)
{
    const struct ldap_control *control =
        ldap_control_with(call->request, LDAP_CONTROL_SORT);

    if (control == NULL)
        return true;
    controls->sorted = true;
    if (!sort_read(call->op->arena, control, &controls->order))
        return false;
    controls->refused =
        control->critical && controls->order.code != LDAP_SUCCESS;
    return true;
}

bool search_controls_read(const struct ldap_call *call,
                          struct search_controls *controls_out)
{
    *controls_out = (struct search_controls){ .paged = false };
    return read_paging(call, controls_out) &&
           read_sorting(call, controls_out) &&
           read_subentries(call, controls_out);
}

void search_controls_answer(const struct ldap_call *call,
                            const struct search_controls *controls,
                            struct ldap_result *result)
{
    if (controls->sorted)
        collector_add_control(result,
                              sort_control(call->op->arena, &controls->order));
}
