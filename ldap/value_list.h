/*
 * value_list.h - the values of an attribute, one after the other
 */
#ifndef POSTERN_LDAP_VALUE_LIST_H
#define POSTERN_LDAP_VALUE_LIST_H

#include <stddef.h>

#include "ldap/octets.h"

struct arena;

struct value_list {
    struct arena *arena;
    struct octets *values;
    size_t count;
    size_t room;
};

/* Not NULL, "" or what is there already. */
void value_add(struct value_list *list, const char *text);
void value_add_octets(struct value_list *list, struct octets value);

#endif
