/*
 * person_read.c - a person's entry, with what costs a call
 */
#include "ldap/person_read.h"

#include "proxy/base/arena.h"
#include "proxy/base/str.h"

/* Pixels a side: what clients show in lists, and what is worth a look. */
enum { THUMBNAIL = 96, PICTURE = 240 };

static bool has(const struct attribute_set *set, const char *name)
{
    return set->has[attribute_number(attribute_find(name))];
}

bool person_is_costly(const struct attribute_set *set)
{
    for (size_t i = 0; i < attribute_type_count; i++) {
        if (set->has[i] && attribute_types[i].flags & ATTRIBUTE_COSTLY)
            return true;
    }
    return false;
}

struct person_view person_view(struct arena *arena, const struct person *person,
                               const struct tree_node *holder)
{
    return (struct person_view){
        .person = person,
        .dn = person_dn(arena, person->id, holder->dn),
        .apple = holder->apple,
    };
}

/* jpegPhoto holds JPEG and nothing else. */
static void read_photo(struct ldap_call *call, struct person_view *view,
                       unsigned pixels)
{
    const void *data = NULL;
    const char *type = NULL;
    size_t len = 0;

    if (people_photo(call->op, call->account, view->person, pixels, &data, &len,
                     &type) == STATUS_OK &&
        str_equal_nocase(type, "image/jpeg")) {
        view->photo = data;
        view->photo_len = len;
    }
}

static void read_members(struct ldap_call *call, struct person_view *view)
{
    struct person_link *members = NULL;
    size_t count = 0;
    bool complete = false;

    if (people_members(call->op, call->account, view->person, &members, &count,
                       &complete) == STATUS_OK) {
        view->members = members;
        view->member_count = count;
    }
}

struct ldap_entry person_show(struct ldap_call *call,
                              const struct person *person,
                              const struct tree_node *holder,
                              const struct attribute_set *set)
{
    struct arena *arena = call->op->arena;
    struct person_view view = person_view(arena, person, holder);
    bool picture = has(set, "jpegPhoto");

    if (picture || has(set, "thumbnailPhoto"))
        read_photo(call, &view, picture ? PICTURE : THUMBNAIL);
    if (person->kind == PERSON_GROUP && has(set, "member"))
        read_members(call, &view);
    return person_entry(arena, &view, set);
}
