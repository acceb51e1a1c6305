/*
 * person_values.c - what a person has of an attribute
 */
#include "ldap/person_values.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "ldap/classes.h"
#include "ldap/dn.h"
#include "ldap/value.h"
#include "proxy/base/arena.h"
#include "proxy/base/base64.h"
#include "proxy/base/buf.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"

/* The year of birthdays without one. */
#define NO_YEAR 1604

/* --- Who is meant --------------------------------------------------------- */

const char *person_dn(struct arena *arena, const char *id, const char *parent)
{
    return dn_child(arena, "uid", id, parent);
}

/* The entry of somebody who is known by his address. */
static void add_person(struct value_list *out, const char *address)
{
    if (address != NULL && *address != '\0')
        value_add(out, person_dn(out->arena,
                                 str_lower(arena_strdup(out->arena, address)),
                                 PEOPLE_DN));
}

/* --- What he is ----------------------------------------------------------- */

PERSON_VALUES(classes)
{
    (void)which;
    for (size_t i = 0; i < object_class_count; i++) {
        if (class_has(&object_classes[i], view->person, view->apple))
            value_add(out, object_classes[i].name);
    }
}

static bool is_group(const struct person_view *view)
{
    return view->person->kind == PERSON_GROUP;
}

PERSON_VALUES(structural_class)
{
    (void)which;
    value_add(out, is_group(view) ? "groupOfNames" : "inetOrgPerson");
}

PERSON_VALUES(category)
{
    (void)which;
    value_add(out, is_group(view) ? "group" : "person");
}

/* --- What he is called ---------------------------------------------------- */

PERSON_VALUES(text)
{
    value_add(out, view->person->contact.text[which]);
}

static const char *first_address(const struct person *person)
{
    return person->addresses != NULL && person->addresses[0] != NULL
               ? person->addresses[0]
               : person->contact.email[0].address;
}

/* Everybody is called something. */
PERSON_VALUES(name)
{
    const struct person *person = view->person;
    const char *const *text = person->contact.text;
    const char *given = text[CONTACT_GIVEN_NAME];
    const char *surname = text[CONTACT_SURNAME];

    (void)which;
    value_add(out, text[CONTACT_DISPLAY_NAME]);
    if (out->count == 0 && given != NULL && surname != NULL)
        value_add(out, arena_printf(out->arena, "%s %s", given, surname));
    if (out->count == 0)
        value_add(out, given != NULL ? given : surname);
    if (out->count == 0)
        value_add(out, text[CONTACT_FILE_AS]);
    if (out->count == 0)
        value_add(out, text[CONTACT_COMPANY]);
    if (out->count == 0)
        value_add(out, first_address(person));
    if (out->count == 0)
        value_add(out, person->id);
}

/* --- Addresses ------------------------------------------------------------ */

PERSON_VALUES(addresses)
{
    const struct person *person = view->person;

    (void)which;
    for (size_t i = 0;
         person->addresses != NULL && person->addresses[i] != NULL; i++)
        value_add(out, person->addresses[i]);
    for (size_t i = 0; i < CONTACT_EMAILS; i++)
        value_add(out, person->contact.email[i].address);
}

PERSON_VALUES(email)
{
    value_add(out, view->person->contact.email[which].address);
}

/* As Active Directory writes them: the primary one in capitals. */
PERSON_VALUES(proxies)
{
    const char *const *address = view->person->addresses;

    (void)which;
    for (size_t i = 0; address != NULL && address[i] != NULL; i++)
        value_add(out, arena_printf(out->arena, "%s:%s",
                                    i == 0 ? "SMTP" : "smtp", address[i]));
}

PERSON_VALUES(principal)
{
    (void)which;
    if (view->person->kind == PERSON_USER && !view->person->personal)
        value_add(out, first_address(view->person));
}

PERSON_VALUES(alias)
{
    (void)which;
    value_add(out, view->person->alias);
}

/* The alias for people, and the id, which the DN has. */
PERSON_VALUES(uids)
{
    (void)which;
    value_add(out, view->person->alias);
    value_add(out, view->person->id);
}

/* What Active Directory resolves ambiguous names by. */
PERSON_VALUES(anything)
{
    person_name(out, view, which);
    person_text(out, view, CONTACT_DISPLAY_NAME);
    person_text(out, view, CONTACT_GIVEN_NAME);
    person_text(out, view, CONTACT_SURNAME);
    person_addresses(out, view, which);
    person_uids(out, view, which);
}

/* --- Telephones and places ------------------------------------------------ */

PERSON_VALUES(phones)
{
    for (unsigned i = 0; i < PHONE_COUNT; i++) {
        if (which & (1u << i))
            value_add(out, view->person->contact.phone[i]);
    }
}

static const char *place_field(const struct contact_address *place,
                               enum place_field field)
{
    const char *const fields[PLACE_FIELDS] = {
        [STREET] = place->street,   [CITY] = place->city,
        [STATE] = place->state,     [ZIP] = place->zip,
        [COUNTRY] = place->country, [BOX] = place->box,
    };

    return fields[field];
}

PERSON_VALUES(place)
{
    value_add(out,
              place_field(&view->person->contact.place[which / PLACE_FIELDS],
                          which % PLACE_FIELDS));
}

/* RFC 4517, 3.3.28: what stands between lines is escaped within them. */
static void put_line(struct buf *out, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '\n')
            buf_puts(out, "$");
        else if (*text == '$' || *text == '\\')
            buf_printf(out, "\\%02X", *text);
        else if (*text != '\r')
            buf_putc(out, *text);
    }
}

/* Lines as on a letter; city, state and code are one. */
PERSON_VALUES(postal)
{
    static const struct {
        enum place_field field;
        const char *before;
    } parts[] = { { STREET, "$" }, { BOX, "$" }, { CITY, "$" },
                  { STATE, " " },  { ZIP, " " }, { COUNTRY, "$" } };
    const struct contact_address *place = &view->person->contact.place[which];
    struct buf text;

    buf_init(&text, out->arena);
    buf_puts(&text, "");
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        const char *field = place_field(place, parts[i].field);

        if (field != NULL && *field != '\0') {
            buf_puts(&text, text.len > 0 ? parts[i].before : "");
            put_line(&text, field);
        }
    }
    value_add(out, text.data);
}

/* --- Others --------------------------------------------------------------- */

PERSON_VALUES(manager)
{
    (void)which;
    add_person(out, view->person->manager.address);
}

PERSON_VALUES(manager_name)
{
    const char *name = view->person->contact.text[CONTACT_MANAGER];

    (void)which;
    value_add(out, name != NULL ? name : view->person->manager.name);
}

PERSON_VALUES(reports)
{
    (void)which;
    for (size_t i = 0; i < view->person->report_count; i++)
        add_person(out, view->person->reports[i].address);
}

PERSON_VALUES(members)
{
    (void)which;
    for (size_t i = 0; i < view->member_count; i++)
        add_person(out, view->members[i].address);
}

/* --- Dates ---------------------------------------------------------------- */

static void add_date(struct value_list *out, const struct when *when,
                     enum date_part part)
{
    int64_t year = 0;
    unsigned month = 0, day = 0;

    if (when->kind != WHEN_DATE)
        return;
    time_civil_from_day(
        (when->instant - (when->instant % 86400 + 86400) % 86400) / 86400,
        &year, &month, &day);
    if (year == NO_YEAR && (part == DATE_WHOLE || part == DATE_YEAR))
        return;
    if (part == DATE_WHOLE)
        value_add(out, arena_printf(out->arena, "%04d-%02u-%02u", (int)year,
                                    month, day));
    else
        value_add(out, arena_printf(out->arena, "%d",
                                    part == DATE_YEAR    ? (int)year
                                    : part == DATE_MONTH ? (int)month
                                                         : (int)day));
}

PERSON_VALUES(birthday)
{
    add_date(out, &view->person->contact.birthday, which);
}

PERSON_VALUES(anniversary)
{
    (void)which;
    add_date(out, &view->person->contact.anniversary, DATE_WHOLE);
}

PERSON_VALUES(modified)
{
    char iso[sizeof "-2147483648-01-01T00:00:00Z"];
    struct buf text;

    (void)which;
    if (view->person->contact.modified <= 0)
        return;
    time_to_iso(view->person->contact.modified, iso);
    buf_init(&text, out->arena);
    for (const char *c = iso; *c != '\0'; c++) {
        if (strchr("-:T", *c) == NULL)
            buf_putc(&text, *c);
    }
    value_add(out, text.data);
}

/* --- All else ------------------------------------------------------------- */

PERSON_VALUES(categories)
{
    const char *const *category = view->person->contact.categories;

    (void)which;
    for (; category != NULL && *category != NULL; category++)
        value_add(out, *category);
}

PERSON_VALUES(certificates)
{
    const char *const *text = view->person->contact.certificates;

    (void)which;
    for (; text != NULL && *text != NULL; text++) {
        struct octets der = { NULL, 0 };

        der.data = base64_decode(out->arena, *text, strlen(*text), &der.len);
        if (der.data != NULL && der.len > 0)
            value_add_octets(out, der);
    }
}

PERSON_VALUES(photo)
{
    (void)which;
    if (view->photo != NULL)
        value_add_octets(out, (struct octets){ view->photo, view->photo_len });
}

static uint64_t hash(const char *text, uint64_t sum)
{
    for (; *text != '\0'; text++)
        sum = (sum ^ (unsigned char)*text) * 0x100000001b3;
    return sum ^ (sum >> 29);
}

/* RFC 9562, 5.8: of the id, so that it is the same for ever. */
PERSON_VALUES(uuid)
{
    uint64_t a = hash(view->person->id, 0xcbf29ce484222325);
    uint64_t b = hash(view->person->id, a ^ 0x9e3779b97f4a7c15);
    const char *format =
        which ? "%08X-%04X-8%03X-%04X-%012llX" : "%08x-%04x-8%03x-%04x-%012llx";

    value_add(out,
              arena_printf(out->arena, format, (unsigned)(a >> 32),
                           (unsigned)(a >> 16) & 0xffff, (unsigned)a & 0xfff,
                           0x8000 | ((unsigned)(b >> 48) & 0x3fff),
                           (unsigned long long)b & 0xffffffffffff));
}

PERSON_VALUES(own_dn)
{
    (void)which;
    value_add(out, view->dn);
}

PERSON_VALUES(fixed_schema)
{
    (void)view;
    (void)which;
    value_add(out, "cn=Subschema");
}

PERSON_VALUES(childless)
{
    (void)view;
    (void)which;
    value_add(out, "FALSE");
}
