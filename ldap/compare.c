/*
 * compare.c - Compare (RFC 4511, 4.10)
 */
#include "ldap/call.h"

#include "ldap/attributes.h"
#include "ldap/filter.h"
#include "ldap/person_read.h"
#include "ldap/reply.h"
#include "ldap/rules.h"
#include "ldap/tree.h"
#include "proxy/base/str.h"

static struct ldap_result result_of(enum ldap_code code)
{
    return (struct ldap_result){ .code = code };
}

static bool has_attribute(const struct ldap_entry *entry,
                          const struct ldap_type *type)
{
    for (size_t i = 0; i < entry->count; i++) {
        if (str_equal(entry->attributes[i].name, type->name))
            return true;
    }
    return false;
}

static struct ldap_result compare(struct ldap_call *call,
                                  const struct ldap_type *type,
                                  const struct ldap_entry *entry)
{
    const struct ldap_filter filter = {
        .kind = FILTER_EQUALITY,
        .attribute = call->request->compare.attribute,
        .value = call->request->compare.value,
    };

    if (!has_attribute(entry, type))
        return result_of(LDAP_NO_SUCH_ATTRIBUTE);
    switch (ldap_filter_evaluate(call->op->arena, &filter, entry)) {
    case FILTER_TRUE:
        return result_of(LDAP_COMPARE_TRUE);
    case FILTER_FALSE:
        return result_of(LDAP_COMPARE_FALSE);
    case FILTER_UNDEFINED:
        break;
    }
    return result_of(syntaxes[type->syntax].equality == NULL
                         ? LDAP_INAPPROPRIATE_MATCHING
                         : LDAP_INVALID_ATTRIBUTE_SYNTAX);
}

static struct ldap_result compare_person(struct ldap_call *call,
                                         const struct ldap_type *type,
                                         const struct tree_place *place)
{
    struct attribute_set set = { { false } };
    const struct person *person = NULL;
    struct ldap_entry entry;
    enum status status =
        people_get(call->op, call->account, place->id, &person);

    if (status == STATUS_OK && !tree_holds(place->holder, person))
        status = STATUS_NOT_FOUND;
    if (status == STATUS_NOT_FOUND)
        return (struct ldap_result){ .code = LDAP_NO_SUCH_OBJECT,
                                     .matched = place->holder->dn };
    if (status != STATUS_OK)
        return ldap_result_of(status);
    set.has[attribute_number(type)] = true;
    entry = person_show(call, person, place->holder, &set);
    return compare(call, type, &entry);
}

struct ldap_result ldap_compare_run(struct ldap_call *call)
{
    const struct ldap_compare *request = &call->request->compare;
    const struct ldap_type *type = attribute_find(request->attribute);
    const char *matched = NULL;
    struct tree_place place;
    struct ldap_entry entry;
    enum ldap_code code =
        tree_seek(call->op->arena, request->name, &place, &matched);
    bool root = place.node != NULL && *place.node->dn == '\0';

    if (code == LDAP_INVALID_DN_SYNTAX)
        return result_of(code);
    if (call->account == NULL && !root)
        return result_of(LDAP_INSUFFICIENT_ACCESS_RIGHTS);
    if (code != LDAP_SUCCESS)
        return (struct ldap_result){ .code = code, .matched = matched };
    if (type == NULL)
        return result_of(LDAP_UNDEFINED_ATTRIBUTE_TYPE);
    if (place.node == NULL)
        return compare_person(call, type, &place);
    entry = tree_entry(call, place.node);
    return compare(call, type, &entry);
}
