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
#include "proxy/base/str.h"
#include "proxy/format/card_shapes.h"

/* clang-format off */
const struct card_field card_fields[] = {
    { "FN",            NULL,      "",          "",         &card_as_text,  CONTACT_DISPLAY_NAME },
    { "N",             NULL,      "",          "",         &card_as_parts, CARD_NAME },
    { "NICKNAME",      NULL,      "",          "",         &card_as_text,  CONTACT_NICKNAME },
    { "X-FILE-AS",     NULL,      "",          "",         &card_as_text,  CONTACT_FILE_AS },
    { "X-EVOLUTION-FILE-AS", NULL, "",         "",         &card_as_text,  CONTACT_FILE_AS },
    { "ORG",           NULL,      "",          "",         &card_as_parts, CARD_COMPANY },
    { "TITLE",         NULL,      "",          "",         &card_as_text,  CONTACT_JOB_TITLE },
    { "ROLE",          NULL,      "",          "",         &card_as_text,  CONTACT_PROFESSION },
    { "EMAIL",         NULL,      "",          "INTERNET", &card_as_email, 0 },
    { "EMAIL",         NULL,      "",          "INTERNET", &card_as_email, 1 },
    { "EMAIL",         NULL,      "",          "INTERNET", &card_as_email, 2 },
    { "TEL",           NULL,      "WORK FAX",  "",         &card_as_phone, PHONE_WORK_FAX },
    { "TEL",           NULL,      "HOME FAX",  "",         &card_as_phone, PHONE_HOME_FAX },
    { "TEL",           NULL,      "FAX",       "",         &card_as_phone, PHONE_OTHER_FAX },
    { "TEL",           NULL,      "CELL",      "VOICE",    &card_as_phone, PHONE_MOBILE },
    { "TEL",           NULL,      "PAGER",     "",         &card_as_phone, PHONE_PAGER },
    { "TEL",           NULL,      "CAR",       "",         &card_as_phone, PHONE_CAR },
    { "TEL",           NULL,      "ISDN",      "",         &card_as_phone, PHONE_ISDN },
    { "TEL",           NULL,      "TEXTPHONE", "",         &card_as_phone, PHONE_TTY },
    { "TEL",           NULL,      "X-EVOLUTION-TTYTDD", "", &card_as_phone, PHONE_TTY },
    { "TEL",           NULL,      "X-TELEX",   "",         &card_as_phone, PHONE_TELEX },
    { "TEL",           NULL,      "X-EVOLUTION-TELEX", "", &card_as_phone, PHONE_TELEX },
    { "TEL",           NULL,      "X-ASSISTANT", "",       &card_as_phone, PHONE_ASSISTANT },
    { "TEL",           NULL,      "X-EVOLUTION-ASSISTANT", "", &card_as_phone, PHONE_ASSISTANT },
    { "TEL",           NULL,      "X-CALLBACK", "",        &card_as_phone, PHONE_CALLBACK },
    { "TEL",           NULL,      "X-EVOLUTION-CALLBACK", "", &card_as_phone, PHONE_CALLBACK },
    { "TEL",           NULL,      "X-COMPANY", "",         &card_as_phone, PHONE_COMPANY },
    { "TEL",           NULL,      "X-EVOLUTION-COMPANY", "", &card_as_phone, PHONE_COMPANY },
    { "TEL",           NULL,      "X-RADIO",   "",         &card_as_phone, PHONE_RADIO },
    { "TEL",           NULL,      "X-EVOLUTION-RADIO", "", &card_as_phone, PHONE_RADIO },
    { "TEL",           NULL,      "WORK",      "VOICE",    &card_as_phone, PHONE_WORK },
    { "TEL",           NULL,      "WORK",      "VOICE",    &card_as_phone, PHONE_WORK_2 },
    { "TEL",           NULL,      "HOME",      "VOICE",    &card_as_phone, PHONE_HOME },
    { "TEL",           NULL,      "HOME",      "VOICE",    &card_as_phone, PHONE_HOME_2 },
    { "TEL",           NULL,      "PREF",      "",         &card_as_phone, PHONE_PRIMARY },
    { "TEL",           NULL,      "",          "VOICE",    &card_as_phone, PHONE_OTHER },
    { "ADR",           NULL,      "WORK",      "",         &card_as_place, PLACE_WORK },
    { "ADR",           NULL,      "HOME",      "",         &card_as_place, PLACE_HOME },
    { "ADR",           NULL,      "",          "",         &card_as_place, PLACE_OTHER },
    { "URL",           NULL,      "HOME",      "",         &card_as_uri,   CONTACT_HOME_PAGE },
    { "URL",           NULL,      "",          "",         &card_as_uri,   CONTACT_WORK_PAGE },
    { "IMPP",          NULL,      "",          "",         &card_as_uri,   CONTACT_IM_1 },
    { "IMPP",          NULL,      "",          "",         &card_as_uri,   CONTACT_IM_2 },
    { "IMPP",          NULL,      "",          "",         &card_as_uri,   CONTACT_IM_3 },
    { "BDAY",          NULL,      "",          "",         &card_as_day,   0 },
    { "ANNIVERSARY",   "X-ANNIVERSARY", "",    "",         &card_as_day,   1 },
    { "X-EVOLUTION-ANNIVERSARY", NULL, "",     "",         &card_as_day,   1 },
    { "GENDER",        "X-GENDER", "",         "",         &card_as_gender, 0 },
    { "X-SPOUSE",      NULL,      "",          "",         &card_as_text,  CONTACT_SPOUSE },
    { "X-EVOLUTION-SPOUSE", NULL, "",          "",         &card_as_text,  CONTACT_SPOUSE },
    { "X-MANAGER",     NULL,      "",          "",         &card_as_text,  CONTACT_MANAGER },
    { "X-EVOLUTION-MANAGER", NULL, "",         "",         &card_as_text,  CONTACT_MANAGER },
    { "X-ASSISTANT",   NULL,      "",          "",         &card_as_text,  CONTACT_ASSISTANT },
    { "X-EVOLUTION-ASSISTANT", NULL, "",       "",         &card_as_text,  CONTACT_ASSISTANT },
    { "X-OFFICE",      NULL,      "",          "",         &card_as_text,  CONTACT_OFFICE },
    { "RELATED",       "X-CHILD", "CHILD",     "",         &card_as_child, 0 },
    { "RELATED",       "X-CHILD", "CHILD",     "",         &card_as_child, 1 },
    { "RELATED",       "X-CHILD", "CHILD",     "",         &card_as_child, 2 },
    { "RELATED",       "X-CHILD", "CHILD",     "",         &card_as_child, 3 },
    { "FBURL",         NULL,      "",          "",         &card_as_uri,   CONTACT_FREE_BUSY },
    { "CATEGORIES",    NULL,      "",          "",         &card_as_categories, 0 },
    { "CLASS",         NULL,      "",          "",         &card_as_class, 0 },
    { "NOTE",          NULL,      "",          "",         &card_as_text,  CONTACT_NOTE },
    { "X-CUSTOM1",     NULL,      "",          "",         &card_as_text,  CONTACT_CUSTOM_1 },
    { "X-CUSTOM2",     NULL,      "",          "",         &card_as_text,  CONTACT_CUSTOM_2 },
    { "X-CUSTOM3",     NULL,      "",          "",         &card_as_text,  CONTACT_CUSTOM_3 },
    { "X-CUSTOM4",     NULL,      "",          "",         &card_as_text,  CONTACT_CUSTOM_4 },
};
/* clang-format on */

const size_t card_field_count = sizeof card_fields / sizeof *card_fields;

/* A distribution list has a name, a note, categories and no more. */
bool card_field_is_of_groups(size_t field)
{
    const struct card_field *one = &card_fields[field];

    return one->shape == &card_as_categories || one->shape == &card_as_class ||
           (one->shape == &card_as_text &&
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
