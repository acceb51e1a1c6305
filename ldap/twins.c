/*
 * twins.c - people who are in the directory and among one's own contacts
 */
#include "ldap/twins.h"

#include "ldap/value.h"
#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/base/table.h"

/* Of so many contacts that one search tells it is remembered what they said. */
#define TWINS_MAX 1000

void twins_init(struct twins *twins, struct arena *arena)
{
    *twins = (struct twins){ .arena = arena, .told = table_new(arena) };
}

static const char *key_of(struct arena *arena, const char *address)
{
    return str_lower(arena_strdup(arena, address));
}

static const struct ldap_attribute *find(const struct ldap_entry *entry,
                                         const char *name)
{
    for (size_t i = 0; i < entry->count; i++) {
        if (str_equal(entry->attributes[i].name, name))
            return &entry->attributes[i];
    }
    return NULL;
}

/* An entry without addresses completes nothing. */
static void remember(struct twins *twins, const struct person *person,
                     const struct ldap_entry *entry)
{
    struct ldap_entry *copy = NULL;
    size_t octets = 0;

    if (find(entry, "mail") == NULL || twins->count == TWINS_MAX)
        return;
    copy = arena_alloc(twins->arena, sizeof *copy);
    *copy = entry_copy(twins->arena, entry, &octets);
    for (size_t i = 0; person->addresses[i] != NULL; i++)
        table_add(twins->told, 0, key_of(twins->arena, person->addresses[i]),
                  copy);
    twins->count++;
}

static bool tells_apart(const char *name)
{
    static const char *const names[] = { "objectClass", "uid", "entryDN",
                                         "entryUUID", "apple-generateduid" };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (str_equal(names[i], name))
            return true;
    }
    return false;
}

/* Addresses and names are the same in capitals. */
static bool is_same(struct octets one, struct octets two)
{
    const char *text = octets_text(one), *other = octets_text(two);

    return text != NULL && other != NULL ? str_equal_nocase(text, other)
                                         : octets_compare(one, two) == 0;
}

static bool has_value(const struct ldap_attribute *attribute,
                      struct octets value)
{
    for (size_t i = 0; i < attribute->count; i++) {
        if (is_same(attribute->values[i], value))
            return true;
    }
    return false;
}

static bool has_all(const struct ldap_entry *told,
                    const struct ldap_attribute *attribute)
{
    const struct ldap_attribute *same = find(told, attribute->name);
    bool all = same != NULL;

    for (size_t i = 0; all && i < attribute->count; i++)
        all = has_value(same, attribute->values[i]);
    return all;
}

static bool is_told(const struct ldap_entry *told,
                    const struct ldap_entry *entry)
{
    for (size_t i = 0; i < entry->count; i++) {
        const struct ldap_attribute *attribute = &entry->attributes[i];

        if (!tells_apart(attribute->name) && !has_all(told, attribute))
            return false;
    }
    return find(entry, "mail") != NULL;
}

bool twins_know(struct twins *twins, const struct person *person,
                const struct ldap_entry *entry)
{
    const struct ldap_entry *told = NULL;

    if (person->personal) {
        remember(twins, person, entry);
        return false;
    }
    told =
        table_find(twins->told, 0, key_of(twins->arena, person->addresses[0]));
    return told != NULL && is_told(told, entry);
}
