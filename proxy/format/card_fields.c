/*
 * card_fields.c - which line of a vCard holds which field of a contact
 *
 * Where several fields fit a line (two work numbers) the first one that is free
 * gets it, so that narrower ones stand first.
 */
#include "proxy/format/card_fields.h"

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

/* --- Single texts -----------------------------------------------------------
 */

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

/* --- Structured texts
 * --------------------------------------------------------- */

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
    { name_parts, sizeof name_parts / sizeof *name_parts },
    { company_parts, sizeof company_parts / sizeof *company_parts },
};
enum { STRUCTURED_NAME, STRUCTURED_COMPANY };

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
    while (field->slot == STRUCTURED_COMPANY && count > 1 &&
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

/* --- Days -------------------------------------------------------------------
 */

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

/* --- Lists and words --------------------------------------------------------
 */

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

/* --- The table
 * ---------------------------------------------------------------- */

static const struct card_shape text = { text_value, text_take };
static const struct card_shape uri = { uri_value, text_take };
static const struct card_shape phone = { phone_value, phone_take };
static const struct card_shape email = { email_value, email_take };
static const struct card_shape parts = { parts_value, parts_take };
static const struct card_shape place = { place_value, place_take };
static const struct card_shape day = { day_value, day_take };
static const struct card_shape categories = { categories_value,
                                              categories_take };
static const struct card_shape child = { child_value, child_take };
static const struct card_shape gender = { gender_value, gender_take };
static const struct card_shape class = { class_value, class_take };

/* clang-format off */
const struct card_field card_fields[] = {
    { "FN",          NULL,               "",           "",         &text,  CONTACT_DISPLAY_NAME },
    { "N",           NULL,               "",           "",         &parts, STRUCTURED_NAME },
    { "NICKNAME",    NULL,               "",           "",         &text,  CONTACT_NICKNAME },
    { "X-FILE-AS",   NULL,               "",           "",         &text,  CONTACT_FILE_AS },
    { "X-EVOLUTION-FILE-AS", NULL,       "",           "",         &text,  CONTACT_FILE_AS },
    { "ORG",         NULL,               "",           "",         &parts, STRUCTURED_COMPANY },
    { "TITLE",       NULL,               "",           "",         &text,  CONTACT_JOB_TITLE },
    { "ROLE",        NULL,               "",           "",         &text,  CONTACT_PROFESSION },
    { "EMAIL",       NULL,               "",           "INTERNET", &email, 0 },
    { "EMAIL",       NULL,               "",           "INTERNET", &email, 1 },
    { "EMAIL",       NULL,               "",           "INTERNET", &email, 2 },
    { "TEL",         NULL,               "WORK FAX",   "",         &phone, PHONE_WORK_FAX },
    { "TEL",         NULL,               "HOME FAX",   "",         &phone, PHONE_HOME_FAX },
    { "TEL",         NULL,               "FAX",        "",         &phone, PHONE_OTHER_FAX },
    { "TEL",         NULL,               "CELL",       "VOICE",    &phone, PHONE_MOBILE },
    { "TEL",         NULL,               "PAGER",      "",         &phone, PHONE_PAGER },
    { "TEL",         NULL,               "CAR",        "",         &phone, PHONE_CAR },
    { "TEL",         NULL,               "ISDN",       "",         &phone, PHONE_ISDN },
    { "TEL",         NULL,               "TEXTPHONE",  "",         &phone, PHONE_TTY },
    { "TEL",         NULL,               "X-EVOLUTION-TTYTDD", "", &phone, PHONE_TTY },
    { "TEL",         NULL,               "X-TELEX",    "",         &phone, PHONE_TELEX },
    { "TEL",         NULL,               "X-EVOLUTION-TELEX", "",  &phone, PHONE_TELEX },
    { "TEL",         NULL,               "X-ASSISTANT", "",        &phone, PHONE_ASSISTANT },
    { "TEL",         NULL,               "X-EVOLUTION-ASSISTANT", "", &phone, PHONE_ASSISTANT },
    { "TEL",         NULL,               "X-CALLBACK", "",         &phone, PHONE_CALLBACK },
    { "TEL",         NULL,               "X-EVOLUTION-CALLBACK", "", &phone, PHONE_CALLBACK },
    { "TEL",         NULL,               "X-COMPANY",  "",         &phone, PHONE_COMPANY },
    { "TEL",         NULL,               "X-EVOLUTION-COMPANY", "", &phone, PHONE_COMPANY },
    { "TEL",         NULL,               "X-RADIO",    "",         &phone, PHONE_RADIO },
    { "TEL",         NULL,               "X-EVOLUTION-RADIO", "",  &phone, PHONE_RADIO },
    { "TEL",         NULL,               "WORK",       "VOICE",    &phone, PHONE_WORK },
    { "TEL",         NULL,               "WORK",       "VOICE",    &phone, PHONE_WORK_2 },
    { "TEL",         NULL,               "HOME",       "VOICE",    &phone, PHONE_HOME },
    { "TEL",         NULL,               "HOME",       "VOICE",    &phone, PHONE_HOME_2 },
    { "TEL",         NULL,               "PREF",       "",         &phone, PHONE_PRIMARY },
    { "TEL",         NULL,               "",           "VOICE",    &phone, PHONE_OTHER },
    { "ADR",         NULL,               "WORK",       "",         &place, PLACE_WORK },
    { "ADR",         NULL,               "HOME",       "",         &place, PLACE_HOME },
    { "ADR",         NULL,               "",           "",         &place, PLACE_OTHER },
    { "URL",         NULL,               "HOME",       "",         &uri,   CONTACT_HOME_PAGE },
    { "URL",         NULL,               "",           "",         &uri,   CONTACT_WORK_PAGE },
    { "IMPP",        NULL,               "",           "",         &uri,   CONTACT_IM_1 },
    { "IMPP",        NULL,               "",           "",         &uri,   CONTACT_IM_2 },
    { "IMPP",        NULL,               "",           "",         &uri,   CONTACT_IM_3 },
    { "BDAY",        NULL,               "",           "",         &day,   0 },
    { "ANNIVERSARY", "X-ANNIVERSARY",    "",           "",         &day,   1 },
    { "X-EVOLUTION-ANNIVERSARY", NULL,   "",           "",         &day,   1 },
    { "GENDER",      "X-GENDER",         "",           "",         &gender, 0 },
    { "X-SPOUSE",    NULL,               "",           "",         &text,  CONTACT_SPOUSE },
    { "X-EVOLUTION-SPOUSE", NULL,        "",           "",         &text,  CONTACT_SPOUSE },
    { "X-MANAGER",   NULL,               "",           "",         &text,  CONTACT_MANAGER },
    { "X-EVOLUTION-MANAGER", NULL,       "",           "",         &text,  CONTACT_MANAGER },
    { "X-ASSISTANT", NULL,               "",           "",         &text,  CONTACT_ASSISTANT },
    { "X-EVOLUTION-ASSISTANT", NULL,     "",           "",         &text,  CONTACT_ASSISTANT },
    { "X-OFFICE",    NULL,               "",           "",         &text,  CONTACT_OFFICE },
    { "RELATED",     "X-CHILD",          "CHILD",      "",         &child, 0 },
    { "RELATED",     "X-CHILD",          "CHILD",      "",         &child, 1 },
    { "RELATED",     "X-CHILD",          "CHILD",      "",         &child, 2 },
    { "RELATED",     "X-CHILD",          "CHILD",      "",         &child, 3 },
    { "FBURL",       NULL,               "",           "",         &uri,   CONTACT_FREE_BUSY },
    { "CATEGORIES",  NULL,               "",           "",         &categories, 0 },
    { "CLASS",       NULL,               "",           "",         &class, 0 },
    { "NOTE",        NULL,               "",           "",         &text,  CONTACT_NOTE },
    { "X-CUSTOM1",   NULL,               "",           "",         &text,  CONTACT_CUSTOM_1 },
    { "X-CUSTOM2",   NULL,               "",           "",         &text,  CONTACT_CUSTOM_2 },
    { "X-CUSTOM3",   NULL,               "",           "",         &text,  CONTACT_CUSTOM_3 },
    { "X-CUSTOM4",   NULL,               "",           "",         &text,  CONTACT_CUSTOM_4 },
};
/* clang-format on */

const size_t card_field_count = sizeof card_fields / sizeof *card_fields;

/* A distribution list has a name, a note, categories and no more. */
bool card_field_is_of_groups(size_t field)
{
    const struct card_field *one = &card_fields[field];

    return one->shape == &categories || one->shape == &class ||
           (one->shape == &text &&
            (one->slot == CONTACT_DISPLAY_NAME ||
             one->slot == CONTACT_FILE_AS || one->slot == CONTACT_NOTE));
}

static bool is_preferred(const struct card_line *line)
{
    return card_has_type(line, "PREF") || card_param(line, "PREF") != NULL;
}

bool card_field_fits(const struct card_field *field,
                     const struct card_line *line)
{
    bool older = field->older != NULL && strcmp(line->name, field->older) == 0;

    if (!older && strcmp(line->name, field->name) != 0)
        return false;
    for (const char *at = field->types; *at != '\0' && !older;) {
        size_t len = strcspn(at, " ");
        char type[32];

        snprintf(type, sizeof type, "%.*s", (int)len, at);
        if (strcmp(type, "PREF") == 0 ? !is_preferred(line)
                                      : !card_has_type(line, type))
            return false;
        at += len + (at[len] == ' ');
    }
    return true;
}

static void add_types(struct arena *arena, const char *types,
                      struct card_param *params, size_t *count)
{
    char **list = str_split(arena, types, " ");

    for (size_t i = 0; list[i] != NULL; i++)
        params[(*count)++] = (struct card_param){ "TYPE", list[i] };
}

struct card_line card_field_line(struct arena *arena,
                                 const struct card_field *field,
                                 const char *value, enum vcard_version version)
{
    struct card_param *params = arena_array(arena, 8, sizeof *params);
    struct card_line line = { .name = field->name, .value = value };
    bool older = version == VCARD_3;

    line.params = params;
    if (older && field->older != NULL)
        line.name = field->older;
    else if (!older && strcmp(field->types, "PREF") == 0)
        params[line.param_count++] = (struct card_param){ "PREF", "1" };
    else
        add_types(arena, field->types, params, &line.param_count);
    if (older)
        add_types(arena, field->extra, params, &line.param_count);
    else if (strcmp(field->name, "RELATED") == 0)
        params[line.param_count++] = (struct card_param){ "VALUE", "text" };
    return line;
}
