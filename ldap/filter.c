/*
 * filter.c - whether an entry is what a search looks for (RFC 4511, 4.5.1.7)
 *
 * Three values: an attribute, a rule or a value that nobody knows makes an item
 * Undefined, and what is not known stays so when it is negated.
 */
#include "ldap/filter.h"

#include <assert.h>
#include <string.h>

#include "ldap/assertion.h"
#include "ldap/attributes.h"
#include "ldap/classes.h"
#include "ldap/dn.h"
#include "ldap/entry.h"
#include "ldap/rules.h"
#include "ldap/value.h"
#include "proxy/base/arena.h"
#include "proxy/base/str.h"

/* --- Values --------------------------------------------------------------- */

/* Who is of a class is of all those above it. */
static bool class_fits(const struct assertion *assertion, struct octets value)
{
    const struct ldap_class *class = class_find(value.data);

    while (!assertion_fits(assertion, value)) {
        if (class == NULL || class->sup == NULL)
            return false;
        value = octets_of(class->sup);
        class = class_find(class->sup);
    }
    return true;
}

static bool any_value_fits(const struct assertion *assertion,
                           const struct ldap_type *type,
                           const struct ldap_attribute *attribute)
{
    bool class = str_equal(type->name, "objectClass");

    for (size_t i = 0; i < attribute->count; i++) {
        if (class ? class_fits(assertion, attribute->values[i])
                  : assertion_fits(assertion, attribute->values[i]))
            return true;
    }
    return false;
}

/* --- Attributes of the entry ---------------------------------------------- */

/* Whether the entry's attribute counts as one of `type`. */
static bool is_of(const struct ldap_attribute *attribute,
                  const struct ldap_type *type)
{
    const struct ldap_type *own = NULL;

    if (str_equal(attribute->name, type->name))
        return true;
    if (!str_equal(type->name, "name"))
        return false;
    own = attribute_find(attribute->name);
    return own != NULL && attribute_is(own, type);
}

static enum truth truth(bool fits)
{
    return fits ? FILTER_TRUE : FILTER_FALSE;
}

/* What would have to be asked for has not been looked at. */
static enum truth absent(const struct ldap_type *type)
{
    return type->flags & ATTRIBUTE_COSTLY ? FILTER_UNDEFINED : FILTER_FALSE;
}

static enum truth look(const struct assertion *assertion,
                       const struct ldap_type *type,
                       const struct ldap_entry *entry)
{
    bool found = false;

    for (size_t i = 0; i < entry->count; i++) {
        if (!is_of(&entry->attributes[i], type))
            continue;
        found = true;
        if (any_value_fits(assertion, type, &entry->attributes[i]))
            return FILTER_TRUE;
    }
    return found ? FILTER_FALSE : absent(type);
}

static enum truth present(const struct ldap_filter *filter,
                          const struct ldap_entry *entry)
{
    const struct ldap_type *type = attribute_find(filter->attribute);

    if (type == NULL)
        return FILTER_UNDEFINED;
    for (size_t i = 0; i < entry->count; i++) {
        if (is_of(&entry->attributes[i], type) &&
            entry->attributes[i].count > 0)
            return FILTER_TRUE;
    }
    return absent(type);
}

/* --- Items ---------------------------------------------------------------- */

static enum truth compare(struct arena *arena, const struct ldap_filter *filter,
                          const struct ldap_entry *entry)
{
    static const enum assertion_how hows[] = {
        [FILTER_EQUALITY] = ASSERT_EQUAL,
        [FILTER_GREATER_OR_EQUAL] = ASSERT_GREATER_OR_EQUAL,
        [FILTER_LESS_OR_EQUAL] = ASSERT_LESS_OR_EQUAL,
        [FILTER_APPROXIMATE] = ASSERT_WORDS,
    };
    const struct ldap_type *type = attribute_find(filter->attribute);
    struct assertion assertion = { .arena = arena, .how = hows[filter->kind] };
    bool ordering = assertion.how == ASSERT_LESS_OR_EQUAL ||
                    assertion.how == ASSERT_GREATER_OR_EQUAL;

    if (type == NULL || syntaxes[type->syntax].equality == NULL ||
        (ordering && syntaxes[type->syntax].ordering == NULL))
        return FILTER_UNDEFINED;
    assertion.kind = attribute_kind(type);
    if (type->flags & ATTRIBUTE_ANYTHING)
        assertion.how = ASSERT_WORDS;
    else if (assertion.how == ASSERT_WORDS && assertion.kind > VALUE_EXACT_TEXT)
        assertion.how = ASSERT_EQUAL;
    return assertion_prepare(&assertion, filter->value)
               ? look(&assertion, type, entry)
               : FILTER_UNDEFINED;
}

/*
 * Parts of names fit whatever the accents, as Exchange and Active Directory
 * have it: who types "mull" on another country's keyboard means "M\u00fcller",
 * too.  RFC 4517 would leave him out; whole values, and rules that are named,
 * are compared as it says.
 */
static enum value_kind kind_of_parts(const struct ldap_type *type)
{
    enum value_kind kind = attribute_kind(type);

    return kind == VALUE_TEXT && type->reach == REACH_NAME ? VALUE_LOOSE_TEXT
                                                           : kind;
}

static enum truth substrings(struct arena *arena,
                             const struct ldap_filter *filter,
                             const struct ldap_entry *entry)
{
    const struct ldap_type *type = attribute_find(filter->attribute);
    struct assertion assertion = { .arena = arena, .how = ASSERT_PARTS };

    if (type == NULL || syntaxes[type->syntax].substrings == NULL)
        return FILTER_UNDEFINED;
    assertion.kind = kind_of_parts(type);
    return assertion_prepare_parts(&assertion, filter)
               ? look(&assertion, type, entry)
               : FILTER_UNDEFINED;
}

/* --- Extensible match ----------------------------------------------------- */

/* The values that the entry's name is made of. */
static bool name_fits(const struct assertion *assertion,
                      const struct ldap_type *wanted,
                      const struct matching_rule *rule,
                      const struct ldap_entry *entry)
{
    struct dn dn;

    if (!dn_parse(assertion->arena, entry->dn, &dn))
        return false;
    for (size_t i = 0; i < dn.count; i++) {
        for (size_t j = 0; j < dn.rdns[i].count; j++) {
            const struct dn_value *value = &dn.rdns[i].values[j];
            const struct ldap_type *type = attribute_find(value->type);

            if (type != NULL &&
                (wanted != NULL ? attribute_is(type, wanted)
                                : rule_fits(rule, type->syntax)) &&
                assertion_fits(assertion, value->value))
                return true;
        }
    }
    return false;
}

/* Every attribute that the rule can compare. */
static enum truth look_everywhere(const struct assertion *assertion,
                                  const struct matching_rule *rule,
                                  const struct ldap_entry *entry)
{
    for (size_t i = 0; i < entry->count; i++) {
        const struct ldap_attribute *attribute = &entry->attributes[i];
        const struct ldap_type *type = attribute_find(attribute->name);

        if (type != NULL && rule_fits(rule, type->syntax) &&
            any_value_fits(assertion, type, attribute))
            return FILTER_TRUE;
    }
    return FILTER_FALSE;
}

static enum truth extensible(struct arena *arena,
                             const struct ldap_filter *filter,
                             const struct ldap_entry *entry)
{
    struct assertion assertion = { .arena = arena };
    const struct ldap_type *type = attribute_find(filter->attribute);
    const struct matching_rule *rule =
        filter->rule == NULL && type != NULL
            ? rule_find(syntaxes[type->syntax].equality)
            : rule_find(filter->rule);

    if (rule == NULL || (filter->attribute != NULL && type == NULL) ||
        (type != NULL && !rule_fits(rule, type->syntax)) ||
        !assertion_prepare_rule(&assertion, rule, filter->value))
        return FILTER_UNDEFINED;
    if (filter->dn_attributes && name_fits(&assertion, type, rule, entry))
        return FILTER_TRUE;
    return type != NULL ? look(&assertion, type, entry)
                        : look_everywhere(&assertion, rule, entry);
}

/* --- All of them ---------------------------------------------------------- */

/* What decides makes the whole so; what is not known comes next. */
static enum truth together(struct arena *arena,
                           const struct ldap_filter *filter,
                           const struct ldap_entry *entry, enum truth deciding,
                           enum truth otherwise)
{
    enum truth result = otherwise;

    for (size_t i = 0; i < filter->child_count; i++) {
        enum truth child =
            ldap_filter_evaluate(arena, &filter->children[i], entry);

        if (child == deciding)
            return deciding;
        if (child == FILTER_UNDEFINED)
            result = FILTER_UNDEFINED;
    }
    return result;
}

static enum truth negated(enum truth value)
{
    return value == FILTER_UNDEFINED ? value : truth(value == FILTER_FALSE);
}

enum truth ldap_filter_evaluate(struct arena *arena,
                                const struct ldap_filter *filter,
                                const struct ldap_entry *entry)
{
    switch (filter->kind) {
    case FILTER_AND:
        return together(arena, filter, entry, FILTER_FALSE, FILTER_TRUE);
    case FILTER_OR:
        return together(arena, filter, entry, FILTER_TRUE, FILTER_FALSE);
    case FILTER_NOT:
        return negated(
            ldap_filter_evaluate(arena, &filter->children[0], entry));
    case FILTER_PRESENT:
        return present(filter, entry);
    case FILTER_SUBSTRINGS:
        return substrings(arena, filter, entry);
    case FILTER_EXTENSIBLE:
        return extensible(arena, filter, entry);
    case FILTER_EQUALITY:
    case FILTER_GREATER_OR_EQUAL:
    case FILTER_LESS_OR_EQUAL:
    case FILTER_APPROXIMATE:
        return compare(arena, filter, entry);
    }
    assert(!"a filter of no kind");
    return FILTER_UNDEFINED;
}
