/*
 * selection.c - which attributes a search is answered with (RFC 4511, 4.5.1.8)
 */
#include "ldap/selection.h"

#include <string.h>

#include "ldap/filter.h"
#include "ldap/request.h"
#include "proxy/base/arena.h"
#include "proxy/base/str.h"

#define BINARY ";binary"

/* --- What is asked for ---------------------------------------------------- */

/* What comes without being named; members only of an entry that is read. */
static bool is_general(const struct ldap_type *type, bool operational,
                       bool base)
{
    unsigned hidden = ATTRIBUTE_ANYTHING | ATTRIBUTE_SECOND;

    if (((type->flags & ATTRIBUTE_OPERATIONAL) != 0) != operational ||
        type->flags & hidden)
        return false;
    return (type->flags & ATTRIBUTE_COSTLY) == 0 ||
           (base && type->syntax == SYNTAX_DN);
}

static void add_general(struct selection *selection, bool operational,
                        bool base)
{
    for (size_t i = 0; i < attribute_type_count; i++) {
        if (is_general(&attribute_types[i], operational, base))
            selection->general.has[i] = selection->set.has[i] = true;
    }
}

static bool is_named(const char *const *names, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (str_equal_nocase(names[i], name))
            return true;
    }
    return false;
}

struct selection selection_of(struct arena *arena,
                              const struct ldap_search *search)
{
    struct selection selection = { .types_only = search->types_only };
    bool base = search->scope == LDAP_BASE;
    const char **asked = NULL;
    size_t count = 0, total = 0;

    while (search->attributes[total] != NULL)
        total++;
    asked = arena_array(arena, total + 1, sizeof *asked);
    selection.asked = asked;
    if (total == 0)
        add_general(&selection, false, base);
    for (size_t i = 0; i < total; i++) {
        const char *name = search->attributes[i];
        const struct ldap_type *type = attribute_find(name);

        if (str_equal(name, "*") || str_equal(name, "+"))
            add_general(&selection, *name == '+', base);
        if (type == NULL || type->flags & ATTRIBUTE_ANYTHING ||
            is_named(asked, count, name))
            continue;
        asked[count++] = name;
        selection.set.has[attribute_number(type)] = true;
    }
    return selection;
}

/* --- What is told --------------------------------------------------------- */

static void put(struct arena *arena, const struct selection *selection,
                struct ldap_attribute *attributes, size_t *count,
                const char *name, const struct ldap_attribute *attribute)
{
    const struct ldap_type *type = attribute_find(attribute->name);

    /* RFC 4523, 2.1: certificates travel with this option. */
    if (type != NULL && type->flags & ATTRIBUTE_BINARY &&
        !str_ends_nocase(name, BINARY))
        name = arena_printf(arena, "%s" BINARY, name);
    attributes[(*count)++] =
        (struct ldap_attribute){ name, attribute->values,
                                 selection->types_only ? 0 : attribute->count };
}

/* Under each name that it was asked for by; how many there were. */
static size_t put_asked(struct arena *arena, const struct selection *selection,
                        struct ldap_attribute *attributes, size_t *count,
                        const struct ldap_attribute *attribute)
{
    size_t before = *count;

    for (size_t i = 0; selection->asked[i] != NULL; i++) {
        const struct ldap_type *type = attribute_find(selection->asked[i]);

        if (type != NULL && str_equal(type->name, attribute->name))
            put(arena, selection, attributes, count, selection->asked[i],
                attribute);
    }
    return *count - before;
}

struct ldap_entry selection_apply(struct arena *arena,
                                  const struct selection *selection,
                                  const struct ldap_entry *entry)
{
    size_t asked = 0, count = 0;
    struct ldap_attribute *attributes = NULL;

    while (selection->asked[asked] != NULL)
        asked++;
    attributes =
        arena_array(arena, entry->count + asked + 1, sizeof *attributes);
    for (size_t i = 0; i < entry->count; i++) {
        const struct ldap_attribute *attribute = &entry->attributes[i];
        const struct ldap_type *type = attribute_find(attribute->name);

        if (put_asked(arena, selection, attributes, &count, attribute) == 0 &&
            type != NULL && selection->general.has[attribute_number(type)])
            put(arena, selection, attributes, &count, attribute->name,
                attribute);
    }
    return (struct ldap_entry){ entry->dn, attributes, count };
}

/* --- What filters look at ------------------------------------------------- */

static void add_wanted(struct attribute_set *set,
                       const struct ldap_filter *filter, bool costly)
{
    const struct ldap_type *wanted = attribute_find(filter->attribute);
    bool any = filter->kind == FILTER_EXTENSIBLE && filter->attribute == NULL;

    for (size_t i = 0; i < attribute_type_count; i++) {
        const struct ldap_type *type = &attribute_types[i];

        if ((type->flags & ATTRIBUTE_COSTLY && !costly) ||
            (any && type->flags & ATTRIBUTE_ANYTHING))
            continue;
        if (any || (wanted != NULL && attribute_is(type, wanted)))
            set->has[i] = true;
    }
    for (size_t i = 0; i < filter->child_count; i++)
        add_wanted(set, &filter->children[i], costly);
}

struct attribute_set selection_of_filter(const struct ldap_filter *filter,
                                         bool costly)
{
    struct attribute_set set = { { false } };

    add_wanted(&set, filter, costly);
    return set;
}
