/*
 * contact.c - comparing contacts
 */
#include "proxy/format/contact.h"

#include <string.h>

#include "proxy/base/str.h"

static bool same(const char *a, const char *b)
{
    return strcmp(a == NULL ? "" : a, b == NULL ? "" : b) == 0;
}

static bool same_texts(const char *const a[], const char *const b[],
                       size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!same(a[i], b[i]))
            return false;
    return true;
}

static bool same_list(const char *const *a, const char *const *b)
{
    size_t i = 0;

    if (a == NULL || b == NULL)
        return (a == NULL || a[0] == NULL) && (b == NULL || b[0] == NULL);
    while (a[i] != NULL && b[i] != NULL && strcmp(a[i], b[i]) == 0)
        i++;
    return a[i] == NULL && b[i] == NULL;
}

static bool same_places(const struct contact *a, const struct contact *b)
{
    for (int i = 0; i < PLACE_COUNT; i++) {
        const struct contact_address *x = &a->place[i], *y = &b->place[i];

        if (!same(x->street, y->street) || !same(x->city, y->city) ||
            !same(x->state, y->state) || !same(x->zip, y->zip) ||
            !same(x->country, y->country) || !same(x->box, y->box))
            return false;
    }
    return a->preferred_place == b->preferred_place;
}

static bool same_emails(const struct contact *a, const struct contact *b)
{
    for (int i = 0; i < CONTACT_EMAILS; i++)
        if (!same(a->email[i].address, b->email[i].address))
            return false;
    return true;
}

static bool same_members(const struct contact *a, const struct contact *b)
{
    if (a->member_count != b->member_count)
        return false;
    for (size_t i = 0; i < a->member_count; i++)
        if (!same(a->members[i].address, b->members[i].address))
            return false;
    return true;
}

static bool same_day(const struct when *a, const struct when *b)
{
    return a->kind == b->kind &&
           (a->kind == WHEN_NONE || a->instant == b->instant);
}

bool contact_equal(const struct contact *a, const struct contact *b)
{
    return a->group == b->group &&
           same_texts(a->text, b->text, CONTACT_TEXT_COUNT) &&
           same_texts(a->phone, b->phone, PHONE_COUNT) && same_emails(a, b) &&
           same_places(a, b) && same_list(a->children, b->children) &&
           same_list(a->categories, b->categories) &&
           same_day(&a->birthday, &b->birthday) &&
           same_day(&a->anniversary, &b->anniversary) &&
           a->gender == b->gender && a->class == b->class && same_members(a, b);
}
