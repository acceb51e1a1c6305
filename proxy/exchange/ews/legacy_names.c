/*
 * legacy_names.c - see legacy_names.h
 */
#include "proxy/exchange/ews/legacy_names.h"

#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/exchange/ews/objects.h"

struct resolving {
    struct op *op;
    struct ews *ews;
    struct legacy_names *known;
    enum status status;
};

static const char *ask(struct resolving *resolving, const char *name)
{
    struct legacy_names *known = resolving->known;
    const char *address = NULL;

    if (known->count == LEGACY_NAMES_MAX || resolving->status != STATUS_OK)
        return NULL;
    resolving->status =
        people_address(resolving->op, resolving->ews, name, &address);
    known->names[known->count] = arena_strdup(known->arena, name);
    known->addresses[known->count] = arena_strdup(known->arena, address);
    return known->addresses[known->count++];
}

/* The address itself, or that of whom it names; NULL for nobody. */
static const char *address_of(struct resolving *resolving, const char *address)
{
    const struct legacy_names *known = resolving->known;

    if (address == NULL || strchr(address, '@') != NULL)
        return address;
    if (*address != '/')
        return NULL;
    for (size_t i = 0; i < known->count; i++)
        if (str_equal_nocase(known->names[i], address))
            return known->addresses[i];
    return ask(resolving, address);
}

static void resolve_event(struct resolving *resolving, struct event *event)
{
    size_t kept = 0;

    event->organizer = address_of(resolving, event->organizer);
    for (size_t i = 0; i < event->attendee_count; i++) {
        struct attendee attendee = event->attendees[i];
        attendee.address = address_of(resolving, attendee.address);
        if (attendee.address != NULL)
            event->attendees[kept++] = attendee;
    }
    event->attendee_count = kept;
}

static void resolve_contact(struct resolving *resolving,
                            struct contact *contact)
{
    size_t kept = 0;

    for (size_t i = 0; i < CONTACT_EMAILS; i++)
        contact->email[i].address =
            address_of(resolving, contact->email[i].address);
    for (size_t i = 0; i < contact->member_count; i++) {
        struct contact_member member = contact->members[i];
        member.address = address_of(resolving, member.address);
        if (member.address != NULL || member.id != NULL)
            contact->members[kept++] = member;
    }
    contact->member_count = kept;
}

enum status legacy_names_resolve(struct op *op, struct ews *ews,
                                 struct legacy_names *known,
                                 struct series *series, struct contact *contact)
{
    struct resolving resolving = { op, ews, known, STATUS_OK };

    if (series != NULL) {
        if (series->has_master)
            resolve_event(&resolving, &series->master);
        for (size_t i = 0; i < series->exception_count; i++)
            resolve_event(&resolving, &series->exceptions[i]);
    }
    if (contact != NULL)
        resolve_contact(&resolving, contact);
    return resolving.status;
}
