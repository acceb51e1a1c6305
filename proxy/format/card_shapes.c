/*
 * card_shapes.c - the values of lines: texts, names, addresses, days, words
 */
#include "proxy/format/card_shapes.h"

#include <stdio.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"

/* A birthday without its year (Outlook's and Apple's habit). */
#define NO_YEAR 1604

#define DAY (24 * 3600)

static bool has(const char *text)
{
    return text != NULL && *text != '\0';
}

/* --- Single texts --------------------------------------------------------- */

static const char *text_value(struct arena *arena,
                              const struct contact *contact,
                              const struct card_field *field,
                              enum vcard_version version)
{
    (void)version;
    return has(contact->text[field->slot])
               ? card_escape(arena, contact->text[field->slot])
               : NULL;
}

static bool text_take(struct arena *arena, const char *value,
                      struct contact *contact, const struct card_field *field)
{
    contact->text[field->slot] = card_text(arena, value);
    return has(contact->text[field->slot]);
}

/* What is a URI is not escaped (RFC 6350, 3.4). */
static const char *uri_value(struct arena *arena, const struct contact *contact,
                             const struct card_field *field,
                             enum vcard_version version)
{
    (void)arena, (void)version;
    return has(contact->text[field->slot]) ? contact->text[field->slot] : NULL;
}

static const char *phone_value(struct arena *arena,
                               const struct contact *contact,
                               const struct card_field *field,
                               enum vcard_version version)
{
    (void)version;
    return has(contact->phone[field->slot])
               ? card_escape(arena, contact->phone[field->slot])
               : NULL;
}

static bool phone_take(struct arena *arena, const char *value,
                       struct contact *contact, const struct card_field *field)
{
    char *text = card_text(arena, value);

    contact->phone[field->slot] =
        str_starts_nocase(text, "tel:") ? text + 4 : text;
    return has(contact->phone[field->slot]);
}

static const char *email_value(struct arena *arena,
                               const struct contact *contact,
                               const struct card_field *field,
                               enum vcard_version version)
{
    (void)version;
    return has(contact->email[field->slot].address)
               ? card_escape(arena, contact->email[field->slot].address)
               : NULL;
}

static bool email_take(struct arena *arena, const char *value,
                       struct contact *contact, const struct card_field *field)
{
    char *text = card_text(arena, value);

    contact->email[field->slot].address =
        str_starts_nocase(text, "mailto:") ? text + 7 : text;
    return has(contact->email[field->slot].address);
}

/* --- Structured texts ----------------------------------------------------- */

/* The parts with ";" between them; NULL if all are empty. */
static const char *join(struct arena *arena, const char *const parts[],
                        size_t count)
{
    struct buf out;
    bool any = false;

    buf_init(&out, arena);
    for (size_t i = 0; i < count; i++) {
        any |= has(parts[i]);
        buf_printf(&out, "%s%s", i == 0 ? "" : ";",
                   card_escape(arena, parts[i]));
    }
    return any ? out.data : NULL;
}

/* As many parts as there may be; missing ones are NULL. */
static void split(struct arena *arena, const char *value, const char *parts[],
                  size_t count)
{
    char **found = card_split(arena, value, ';');

    for (size_t i = 0; i < count; i++)
        parts[i] = NULL;
    for (size_t i = 0; i < count && found[i] != NULL; i++)
        parts[i] = has(found[i]) ? found[i] : NULL;
}

static const enum contact_text name_parts[] = {
    CONTACT_SURNAME, CONTACT_GIVEN_NAME, CONTACT_MIDDLE_NAME, CONTACT_TITLE,
    CONTACT_GENERATION
};
static const enum contact_text company_parts[] = { CONTACT_COMPANY,
                                                   CONTACT_DEPARTMENT };

struct parts {
    const enum contact_text *which;
    size_t count;
};
static const struct parts structured[] = {
    [CARD_NAME] = { name_parts, sizeof name_parts / sizeof *name_parts },
    [CARD_COMPANY] = { company_parts,
                       sizeof company_parts / sizeof *company_parts },
};

static const char *parts_value(struct arena *arena,
                               const struct contact *contact,
                               const struct card_field *field,
                               enum vcard_version version)
{
    const struct parts *parts = &structured[field->slot];
    const char *texts[5];
    size_t count = parts->count;

    (void)version;
    for (size_t i = 0; i < parts->count; i++)
        texts[i] = contact->text[parts->which[i]];
    /* An organization has as many units as it has. */
    while (field->slot == CARD_COMPANY && count > 1 &&
           !has(texts[count - 1]))
        count--;
    return join(arena, texts, count);
}

static bool parts_take(struct arena *arena, const char *value,
                       struct contact *contact, const struct card_field *field)
{
    const struct parts *parts = &structured[field->slot];
    const char *texts[5];

    split(arena, value, texts, parts->count);
    for (size_t i = 0; i < parts->count; i++)
        contact->text[parts->which[i]] = texts[i];
    return true;
}

/* box;extended;street;city;state;zip;country */
static const char *place_value(struct arena *arena,
                               const struct contact *contact,
                               const struct card_field *field,
                               enum vcard_version version)
{
    const struct contact_address *place = &contact->place[field->slot];
    const char *const parts[] = { place->box,    NULL,         place->street,
                                  place->city,   place->state, place->zip,
                                  place->country };

    (void)version;
    return join(arena, parts, sizeof parts / sizeof *parts);
}

static bool place_take(struct arena *arena, const char *value,
                       struct contact *contact, const struct card_field *field)
{
    const char *parts[7];

    split(arena, value, parts, 7);
    const char *street = parts[2];
    if (has(parts[1]))
        street = has(street) ? arena_printf(arena, "%s\n%s", street, parts[1])
                             : parts[1];
    contact->place[field->slot] = (struct contact_address){
        .box = parts[0],
        .street = street,
        .city = parts[3],
        .state = parts[4],
        .zip = parts[5],
        .country = parts[6],
    };
    return true;
}

/* --- Days ----------------------------------------------------------------- */

static struct when *day_of(struct contact *contact, int slot)
{
    return slot == 0 ? &contact->birthday : &contact->anniversary;
}

static const char *day_value(struct arena *arena, const struct contact *contact,
                             const struct card_field *field,
                             enum vcard_version version)
{
    const struct when *when =
        field->slot == 0 ? &contact->birthday : &contact->anniversary;
    int64_t year;
    unsigned month, day;

    if (when->kind == WHEN_NONE)
        return NULL;
    time_civil_from_day(when->instant / DAY - (when->instant % DAY < 0), &year,
                        &month, &day);
    if (year == NO_YEAR && version == VCARD_4)
        return arena_printf(arena, "--%02u%02u", month, day);
    return arena_printf(arena,
                        version == VCARD_4 ? "%04d%02u%02u" : "%04d-%02u-%02u",
                        (int)year, month, day);
}

/* "19850412", "1985-04-12T...", "--0412", "--04-12" */
static bool day_take(struct arena *arena, const char *value,
                     struct contact *contact, const struct card_field *field)
{
    unsigned year = NO_YEAR, month, day;

    (void)arena;
    if (sscanf(value, "--%2u%2u", &month, &day) != 2 &&
        sscanf(value, "--%2u-%2u", &month, &day) != 2 &&
        sscanf(value, "%4u-%2u-%2u", &year, &month, &day) != 3 &&
        sscanf(value, "%4u%2u%2u", &year, &month, &day) != 3)
        return false;
    if (month < 1 || month > 12 || day < 1 || day > 31 || year < 1)
        return false;
    *day_of(contact, field->slot) = (struct when){
        .kind = WHEN_DATE,
        .instant = time_day_from_civil(year, month, day) * DAY,
    };
    return true;
}

/* --- Lists and words ------------------------------------------------------ */

static const char *categories_value(struct arena *arena,
                                    const struct contact *contact,
                                    const struct card_field *field,
                                    enum vcard_version version)
{
    struct buf out;

    (void)field, (void)version;
    if (contact->categories == NULL || contact->categories[0] == NULL)
        return NULL;
    buf_init(&out, arena);
    for (size_t i = 0; contact->categories[i] != NULL; i++)
        buf_printf(&out, "%s%s", i == 0 ? "" : ",",
                   card_escape(arena, contact->categories[i]));
    return out.data;
}

static bool categories_take(struct arena *arena, const char *value,
                            struct contact *contact,
                            const struct card_field *field)
{
    char **found = card_split(arena, value, ',');
    size_t count = 0;

    (void)field;
    for (size_t i = 0; found[i] != NULL; i++)
        if (has(found[i]))
            found[count++] = found[i];
    found[count] = NULL;
    contact->categories = (const char *const *)found;
    return count > 0;
}

static const char *child_value(struct arena *arena,
                               const struct contact *contact,
                               const struct card_field *field,
                               enum vcard_version version)
{
    size_t count = 0;

    (void)version;
    while (contact->children != NULL && contact->children[count] != NULL)
        count++;
    return (size_t)field->slot < count
               ? card_escape(arena, contact->children[field->slot])
               : NULL;
}

enum { CHILDREN = 4 };

static bool child_take(struct arena *arena, const char *value,
                       struct contact *contact, const struct card_field *field)
{
    const char **children = arena_array(arena, CHILDREN + 1, sizeof *children);
    size_t count = 0;

    if (str_starts_nocase(value, "urn:") || strstr(value, "://") != NULL)
        return false;
    while (contact->children != NULL && contact->children[count] != NULL) {
        children[count] = contact->children[count];
        count++;
    }
    if (count != (size_t)field->slot)
        return false;
    children[count] = card_text(arena, value);
    contact->children = children;
    return true;
}

static const char *gender_value(struct arena *arena,
                                const struct contact *contact,
                                const struct card_field *field,
                                enum vcard_version version)
{
    (void)arena, (void)field, (void)version;
    return contact->gender == 1 ? "F" : contact->gender == 2 ? "M" : NULL;
}

static bool gender_take(struct arena *arena, const char *value,
                        struct contact *contact, const struct card_field *field)
{
    (void)arena, (void)field;
    contact->gender = *value == 'F' || *value == 'f'   ? 1
                      : *value == 'M' || *value == 'm' ? 2
                                                       : 0;
    return contact->gender != 0;
}

static const char *const classes[] = { "PUBLIC", NULL, "PRIVATE",
                                       "CONFIDENTIAL" };

static const char *class_value(struct arena *arena,
                               const struct contact *contact,
                               const struct card_field *field,
                               enum vcard_version version)
{
    (void)arena, (void)field, (void)version;
    return contact->class == CLASS_PRIVATE ||
                   contact->class == CLASS_CONFIDENTIAL
               ? classes[contact->class]
               : NULL;
}

static bool class_take(struct arena *arena, const char *value,
                       struct contact *contact, const struct card_field *field)
{
    (void)arena, (void)field;
    for (int i = CLASS_PUBLIC; i <= CLASS_CONFIDENTIAL; i++)
        if (classes[i] != NULL && str_equal_nocase(classes[i], value)) {
            contact->class = (enum event_class)i;
            return true;
        }
    return false;
}

/* --- The kinds ------------------------------------------------------------ */

/* clang-format off */
const struct card_shape card_as_text       = { text_value, text_take };
const struct card_shape card_as_uri        = { uri_value, text_take };
const struct card_shape card_as_phone      = { phone_value, phone_take };
const struct card_shape card_as_email      = { email_value, email_take };
const struct card_shape card_as_parts      = { parts_value, parts_take };
const struct card_shape card_as_place      = { place_value, place_take };
const struct card_shape card_as_day        = { day_value, day_take };
const struct card_shape card_as_categories = { categories_value, categories_take };
const struct card_shape card_as_child      = { child_value, child_take };
const struct card_shape card_as_gender     = { gender_value, gender_take };
const struct card_shape card_as_class      = { class_value, class_take };
/* clang-format on */
