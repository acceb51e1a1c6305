/*
 * entry.c - an entry of the directory: a name and attributes
 */
#include "ldap/entry.h"

#include <string.h>

#include "proxy/base/arena.h"

static struct octets copy_value(struct arena *arena, struct octets value)
{
    char *data = arena_alloc(arena, value.len + 1);

    if (value.len > 0)
        memcpy(data, value.data, value.len);
    return (struct octets){ data, value.len };
}

static struct ldap_attribute copy_attribute(struct arena *arena,
                                            const struct ldap_attribute *from,
                                            size_t *octets)
{
    struct octets *values = arena_array(arena, from->count + 1, sizeof *values);

    for (size_t i = 0; i < from->count; i++) {
        values[i] = copy_value(arena, from->values[i]);
        *octets += sizeof *values + values[i].len + 1;
    }
    return (struct ldap_attribute){ arena_strdup(arena, from->name), values,
                                    from->count };
}

struct ldap_entry entry_copy(struct arena *arena,
                             const struct ldap_entry *entry, size_t *octets)
{
    struct ldap_attribute *attributes =
        arena_array(arena, entry->count + 1, sizeof *attributes);

    *octets += sizeof *entry + entry->count * sizeof *attributes;
    for (size_t i = 0; i < entry->count; i++)
        attributes[i] = copy_attribute(arena, &entry->attributes[i], octets);
    return (struct ldap_entry){ arena_strdup(arena, entry->dn), attributes,
                                entry->count };
}
