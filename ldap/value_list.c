/*
 * value_list.c - the values of an attribute, one after the other
 */
#include "ldap/value_list.h"

#include <string.h>

#include "ldap/value.h"
#include "proxy/base/arena.h"

void value_add_octets(struct value_list *list, struct octets value)
{
    for (size_t i = 0; i < list->count; i++) {
        if (octets_compare(list->values[i], value) == 0)
            return;
    }
    if (list->count == list->room) {
        size_t room = list->room * 2 + 4;
        struct octets *values = arena_array(list->arena, room, sizeof *values);

        if (list->count > 0)
            memcpy(values, list->values, list->count * sizeof *values);
        list->values = values;
        list->room = room;
    }
    list->values[list->count++] = value;
}

void value_add(struct value_list *list, const char *text)
{
    if (text != NULL && *text != '\0')
        value_add_octets(list, octets_of(text));
}
