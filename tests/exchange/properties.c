/*
 * properties.c - the bag of MAPI properties that an item or a folder carries
 */
#include "tests/exchange/model.h"

#include <stdio.h>
#include <stdlib.h>

#include "proxy/base/memory.h"
#include "proxy/base/str.h"

bool property_type_is_array(enum property_type type)
{
    switch (type) {
    case TYPE_APPLICATION_TIME_ARRAY:
    case TYPE_BINARY_ARRAY:
    case TYPE_CLSID_ARRAY:
    case TYPE_CURRENCY_ARRAY:
    case TYPE_DOUBLE_ARRAY:
    case TYPE_FLOAT_ARRAY:
    case TYPE_INTEGER_ARRAY:
    case TYPE_LONG_ARRAY:
    case TYPE_OBJECT_ARRAY:
    case TYPE_SHORT_ARRAY:
    case TYPE_SYSTEM_TIME_ARRAY:
    case TYPE_STRING_ARRAY:
        return true;
    default:
        return false;
    }
}

/* The type belongs to a property's identity for tags; a named property has one
 * type only, so that asking for another finds nothing either way. */
bool property_key_equal(const struct property_key *a,
                        const struct property_key *b)
{
    return a->number == b->number && a->type == b->type &&
           str_equal_nocase(a->name, b->name) &&
           str_equal_nocase(a->set, b->set);
}

static struct property *find(const struct property_bag *bag,
                             const struct property_key *key)
{
    for (size_t i = 0; i < bag->count; i++)
        if (property_key_equal(&bag->properties[i].key, key))
            return &bag->properties[i];
    return NULL;
}

const struct property *bag_find(const struct property_bag *bag,
                                const struct property_key *key)
{
    return find(bag, key);
}

static void free_texts(struct property *property)
{
    for (size_t i = 0; i < property->count; i++)
        free(property->texts[i]);
    free(property->texts);
}

static struct property *add(struct property_bag *bag,
                            const struct property_key *key)
{
    struct property *property;

    bag->properties = memory_resize(bag->properties,
                                    (bag->count + 1) * sizeof *bag->properties);
    property = &bag->properties[bag->count++];
    *property = (struct property){ .key = *key };
    property->key.set = memory_strdup(key->set);
    property->key.name = memory_strdup(key->name);
    return property;
}

void bag_set(struct property_bag *bag, const struct property_key *key,
             const char *const texts[], size_t count)
{
    struct property *property = find(bag, key);

    if (property == NULL)
        property = add(bag, key);
    else
        free_texts(property);
    property->count = count;
    property->texts = memory_new((count + 1) * sizeof *property->texts);
    for (size_t i = 0; i < count; i++)
        property->texts[i] = memory_strdup(texts[i]);
}

static void free_property(struct property *property)
{
    free_texts(property);
    free((char *)(uintptr_t)property->key.set);
    free((char *)(uintptr_t)property->key.name);
}

void bag_remove(struct property_bag *bag, const struct property_key *key)
{
    struct property *property = find(bag, key);

    if (property == NULL)
        return;
    free_property(property);
    *property = bag->properties[--bag->count];
}

void bag_copy(struct property_bag *to, const struct property_bag *from)
{
    for (size_t i = 0; i < from->count; i++)
        bag_set(to, &from->properties[i].key,
                (const char *const *)from->properties[i].texts,
                from->properties[i].count);
}

void bag_fini(struct property_bag *bag)
{
    for (size_t i = 0; i < bag->count; i++)
        free_property(&bag->properties[i]);
    free(bag->properties);
    *bag = (struct property_bag){ NULL, 0 };
}

int64_t bag_number(const struct property_bag *bag, const char *set,
                   uint32_t number, int64_t otherwise)
{
    const struct property *property =
        find(bag, &(struct property_key){ set, number, NULL, TYPE_INTEGER });
    int64_t value;

    return property != NULL && property->count == 1 &&
                   str_to_i64(property->texts[0], &value)
               ? value
               : otherwise;
}

void bag_set_number(struct property_bag *bag, const char *set, uint32_t number,
                    int64_t value)
{
    char text[24];

    snprintf(text, sizeof text, "%lld", (long long)value);
    bag_set(bag, &(struct property_key){ set, number, NULL, TYPE_INTEGER },
            (const char *const[]){ text }, 1);
}
