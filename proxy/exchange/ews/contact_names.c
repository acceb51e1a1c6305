/*
 * contact_names.c - the names by which Exchange shows and sorts contacts
 */
#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/exchange/ews/contact_map.h"

static const char *text_in(const struct contact *contact,
                           enum contact_text slot)
{
    const char *text = contact->text[slot];

    return text != NULL && *text != '\0' ? text : NULL;
}

/* What a contact without a name is called after. */
static const char *other_name(const struct contact *contact)
{
    const char *name = text_in(contact, CONTACT_COMPANY);

    if (name == NULL)
        name = text_in(contact, CONTACT_NICKNAME);
    return name != NULL ? name : contact->email[0].address;
}

static const char *name_to_show(struct arena *arena,
                                const struct contact *contact)
{
    const char *given = text_in(contact, CONTACT_GIVEN_NAME);
    const char *surname = text_in(contact, CONTACT_SURNAME);

    if (given != NULL && surname != NULL)
        return arena_printf(arena, "%s %s", given, surname);
    if (given != NULL || surname != NULL)
        return given != NULL ? given : surname;
    return other_name(contact);
}

static const char *name_to_sort(struct arena *arena,
                                const struct contact *contact)
{
    const char *given = text_in(contact, CONTACT_GIVEN_NAME);
    const char *surname = text_in(contact, CONTACT_SURNAME);

    if (given != NULL && surname != NULL)
        return arena_printf(arena, "%s, %s", surname, given);
    if (given != NULL || surname != NULL)
        return given != NULL ? given : surname;
    const char *shown = text_in(contact, CONTACT_DISPLAY_NAME);
    return shown != NULL ? shown : other_name(contact);
}

/* A name that is made of others: what was there stays while those do. */
static const char *made_name(struct arena *arena,
                             const char *(*make)(struct arena *arena,
                                                 const struct contact *contact),
                             const struct contact *contact,
                             const struct contact *was, enum contact_text slot)
{
    const char *name = make(arena, contact);

    return was != NULL && str_equal(name, make(arena, was)) ? was->text[slot]
                                                            : name;
}

/* A client that gives back the name it was given for sorting, which was made of
 * the others, says nothing with it. */
static bool is_said(struct arena *arena, const struct contact *contact,
                    const struct contact *was)
{
    const char *name = text_in(contact, CONTACT_FILE_AS);

    return name != NULL &&
           (was == NULL || !str_equal(name, was->text[CONTACT_FILE_AS]) ||
            !str_equal(name, name_to_sort(arena, was)));
}

struct contact contact_named(struct arena *arena, const struct contact *contact,
                             const struct contact *was)
{
    struct contact named = *contact;

    if (text_in(&named, CONTACT_DISPLAY_NAME) == NULL)
        named.text[CONTACT_DISPLAY_NAME] =
            made_name(arena, name_to_show, contact, was, CONTACT_DISPLAY_NAME);
    if (!is_said(arena, &named, was))
        named.text[CONTACT_FILE_AS] =
            made_name(arena, name_to_sort, &named, was, CONTACT_FILE_AS);
    return named;
}
