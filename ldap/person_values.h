/*
 * person_values.h - what a person has of an attribute
 *
 * The functions of the table in attributes.c: each adds values, or none.  What
 * `which` means, the table's lines show.
 */
#ifndef POSTERN_LDAP_PERSON_VALUES_H
#define POSTERN_LDAP_PERSON_VALUES_H

#include <stdbool.h>
#include <stddef.h>

#include "ldap/value_list.h"
#include "proxy/exchange/directory.h"

struct arena;

/* A person as an entry somewhere in the tree. */
struct person_view {
    const struct person *person;
    const char *dn;
    bool apple;        /* in o=od */
    const void *photo; /* NULL: none, or nobody has looked */
    size_t photo_len;
    const struct person_link *members;
    size_t member_count;
};

/* Where the people are, and who has that address there. */
#define PEOPLE_DN "ou=people"
const char *person_dn(struct arena *arena, const char *id, const char *parent);

#define PHONE(name) (1u << PHONE_##name)
enum place_field { STREET, CITY, STATE, ZIP, COUNTRY, BOX, PLACE_FIELDS };
#define PLACE(where, field) (PLACE_##where * PLACE_FIELDS + (field))
enum date_part { DATE_WHOLE, DATE_YEAR, DATE_MONTH, DATE_DAY };

#define PERSON_VALUES(name)                                                    \
    void person_##name(struct value_list *out, const struct person_view *view, \
                       unsigned which)

PERSON_VALUES(classes);
PERSON_VALUES(structural_class);
PERSON_VALUES(category);
PERSON_VALUES(name);
PERSON_VALUES(text);      /* enum contact_text */
PERSON_VALUES(phones);    /* PHONE(...) of several */
PERSON_VALUES(place);     /* PLACE(...) */
PERSON_VALUES(postal);    /* enum contact_place */
PERSON_VALUES(addresses); /* all of them */
PERSON_VALUES(email);     /* a slot of one's own contacts */
PERSON_VALUES(proxies);   /* "SMTP:" and "smtp:" */
PERSON_VALUES(principal);
PERSON_VALUES(uids);
PERSON_VALUES(alias);
PERSON_VALUES(manager);
PERSON_VALUES(manager_name);
PERSON_VALUES(reports);
PERSON_VALUES(members);
PERSON_VALUES(categories);
PERSON_VALUES(birthday); /* enum date_part */
PERSON_VALUES(anniversary);
PERSON_VALUES(certificates);
PERSON_VALUES(photo);
PERSON_VALUES(modified);
PERSON_VALUES(uuid); /* 1: in upper case */
PERSON_VALUES(own_dn);
PERSON_VALUES(fixed_schema);
PERSON_VALUES(childless);
PERSON_VALUES(anything);

#endif
