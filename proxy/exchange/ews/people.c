/*
 * people.c - whom a name belongs to, and which addresses the user has
 */
#include "proxy/exchange/ews/objects.h"

#include "proxy/base/arena.h"
#include "proxy/exchange/ews/directory.h"

/* The first who matches; false for nobody. */
static enum status find_first(struct op *op, struct ews *ews, const char *text,
                              struct person *person, bool *found_out)
{
    const struct xml_node *set;
    enum status status = resolve_names(op, ews, text, &set);

    *found_out = status == STATUS_OK && set != NULL && set->children != NULL &&
                 person_read(op->arena, set->children, person);
    return status;
}

enum status people_address(struct op *op, struct ews *ews, const char *name,
                           const char **address_out)
{
    struct person person;
    bool found;
    enum status status = find_first(op, ews, name, &person, &found);

    *address_out = found ? person.addresses[0] : NULL;
    return status;
}

/* His, the one that he logs in with among them. */
static const char *const *with_address(struct arena *arena,
                                       struct person *person,
                                       const char *address)
{
    size_t count = 0;

    while (person->addresses[count] != NULL)
        count++;
    const char **all = arena_array(arena, count + 2, sizeof *all);
    all[0] = count > 0 ? person->addresses[0] : address;
    all[1] = address;
    for (size_t i = 1; i < count; i++)
        all[i + 1] = person->addresses[i];
    person_set_addresses(arena, person, all, count > 0 ? count + 1 : 1);
    return person->addresses;
}

enum status ews_addresses(struct op *op, struct remote *remote,
                          const char *address,
                          const char *const **addresses_out,
                          const char **name_out)
{
    static const char *const none[] = { NULL };
    struct person person = { .addresses = none };
    bool found;
    enum status status = find_first(op, ews_of(remote),
                                    arena_printf(op->arena, "smtp:%s", address),
                                    &person, &found);

    *addresses_out = with_address(op->arena, &person, address);
    *name_out = found ? person.contact.text[CONTACT_DISPLAY_NAME] : NULL;
    return status;
}
