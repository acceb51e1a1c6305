/*
 * person_entry.c - people as entries
 */
#include "ldap/person_entry.h"

#include "proxy/base/arena.h"

static size_t count_wanted(const struct attribute_set *set)
{
    size_t count = 0;

    for (size_t i = 0; i < attribute_type_count; i++)
        count += set->has[i];
    return count;
}

struct ldap_entry person_entry(struct arena *arena,
                               const struct person_view *view,
                               const struct attribute_set *set)
{
    struct ldap_attribute *attributes =
        arena_array(arena, count_wanted(set) + 1, sizeof *attributes);
    struct ldap_entry entry = { view->dn, attributes, 0 };

    for (size_t i = 0; i < attribute_type_count; i++) {
        const struct ldap_type *type = &attribute_types[i];
        struct value_list values = { .arena = arena };

        if (!set->has[i] || type->get == NULL)
            continue;
        type->get(&values, view, type->which);
        if (values.count > 0)
            attributes[entry.count++] =
                (struct ldap_attribute){ type->name, values.values,
                                         values.count };
    }
    return entry;
}
