/*
 * reach.c - the people whom a part of a filter may be about
 */
#include "ldap/reach.h"

#include <string.h>

#include "ldap/attributes.h"
#include "ldap/classes.h"
#include "ldap/filter.h"
#include "proxy/base/arena.h"
#include "proxy/base/str.h"

const struct reach reach_nobody;
const struct reach reach_everybody = { .list = LIST_EVERYBODY, .blind = true };
static const struct reach personal = { .list = LIST_PERSONAL };

/* --- Texts ---------------------------------------------------------------- */

static const char *text_of(struct arena *arena, struct octets value)
{
    const char *text = value.data == NULL ? NULL : octets_text(value);

    return text == NULL ? "" : str_trim(arena, text);
}

static void add_text(struct reach *reach, struct reach_text text)
{
    for (size_t i = 0; i < reach->text_count; i++) {
        struct reach_text *there = &reach->texts[i];

        if (!str_equal_nocase(there->text, text.text))
            continue;
        if (text.by == PEOPLE_BY_BEGINNING)
            there->by = text.by;
        if (there->narrower == NULL)
            there->narrower = text.narrower;
        return;
    }
    if (reach->text_count == LDAP_PLAN_TEXTS) {
        reach->list = LIST_EVERYBODY;
        reach->blind = true;
        return;
    }
    reach->texts[reach->text_count++] = text;
}

static void add_hint(struct reach *reach, const char *hint)
{
    for (size_t i = 0; i < reach->hint_count; i++) {
        if (str_equal_nocase(reach->hints[i], hint))
            return;
    }
    if (reach->hint_count == LDAP_PLAN_TEXTS)
        reach->blind = true;
    else
        reach->hints[reach->hint_count++] = hint;
}

static bool has_text(const struct reach *reach, const char *text)
{
    size_t i = 0;

    while (i < reach->text_count &&
           !str_equal_nocase(reach->texts[i].text, text))
        i++;
    return i < reach->text_count;
}

/* The people whose names begin so. */
static struct reach found_by(enum people_by by, const char *text)
{
    struct reach reach = reach_nobody;

    add_text(&reach, (struct reach_text){ by, text, NULL });
    return reach;
}

/* Nobody can be asked; but where the same text is looked for in names as well,
 * those are who is meant. */
static struct reach hinted(const char *text)
{
    struct reach reach = { .list = LIST_EVERYBODY };

    add_hint(&reach, text);
    return reach;
}

/* --- Items ---------------------------------------------------------------- */

/* What stands before each address of that attribute. */
#define PROXY "smtp:"

/* What the directory is asked for; "": nothing sensible. */
static const char *asked_text(const struct ldap_type *type, const char *text)
{
    if (!str_equal(type->name, "proxyAddresses"))
        return text;
    return str_starts_nocase(text, PROXY) ? text + sizeof PROXY - 1 : "";
}

static struct reach begins(const struct ldap_type *type, const char *text)
{
    struct reach reach = found_by(PEOPLE_BY_BEGINNING, text);

    /* Ids of one's own contacts are no words of names. */
    if (str_equal(type->name, "uid") || str_equal(type->name, "fileAs") ||
        type->flags & ATTRIBUTE_ANYTHING)
        reach.list = LIST_PERSONAL;
    /* Titles and places are names, too, by which nobody is found. */
    if (str_equal(type->name, "name"))
        reach.list = LIST_EVERYBODY;
    return reach;
}

static struct reach equality(struct arena *arena, const struct ldap_type *type,
                             struct octets value)
{
    const char *text = asked_text(type, text_of(arena, value));
    struct reach reach = begins(type, text);

    if (type->reach == REACH_ADDRESS && strchr(text, '@') != NULL)
        reach.texts[0].by = PEOPLE_BY_ADDRESS;
    return *text == '\0' ? reach_everybody : reach;
}

/* The longest of the parts. */
static const char *longest(struct arena *arena,
                           const struct ldap_filter *filter)
{
    const char *text = text_of(arena, filter->initial);
    const char *last = text_of(arena, filter->final);

    if (strlen(last) > strlen(text))
        text = last;
    for (size_t i = 0; i < filter->any_count; i++) {
        const char *any = text_of(arena, filter->any[i]);

        if (strlen(any) > strlen(text))
            text = any;
    }
    return text;
}

/* "ann smi" of ann*smi* and *ann*smi*, by which Exchange finds Ann Smith; `at`
 * is the part between that comes next. */
static const char *joined(struct arena *arena, const char *first,
                          const struct ldap_filter *filter, size_t at)
{
    const char *next = text_of(arena, filter->any_count > at ? filter->any[at]
                                                             : filter->final);

    return *first == '\0' || *next == '\0'
               ? NULL
               : arena_printf(arena, "%s %s", first, next);
}

static struct reach name_parts(struct arena *arena,
                               const struct ldap_type *type,
                               const struct ldap_filter *filter)
{
    const char *first = asked_text(type, text_of(arena, filter->initial));
    const char *text = longest(arena, filter);
    struct reach reach;

    if (*first == '\0' && (*text == '\0' || filter->initial.data != NULL))
        return reach_everybody;
    if (*first != '\0') {
        reach = begins(type, first);
        reach.texts[0].narrower = joined(arena, first, filter, 0);
        return reach;
    }
    reach = found_by(PEOPLE_BY_BEGINNING, text);
    reach.list = LIST_EVERYBODY;
    if (filter->any_count > 0)
        reach.texts[0].narrower =
            joined(arena, text_of(arena, filter->any[0]), filter, 1);
    return reach;
}

/* The longest word: the others may stand before it. */
static struct reach approximate(struct arena *arena, struct octets value)
{
    const char *text = text_of(arena, value);
    char **words = str_split(arena, text, " ,.-");
    const char *word = "";
    struct reach reach;

    for (size_t i = 0; words[i] != NULL; i++) {
        if (strlen(words[i]) > strlen(word))
            word = words[i];
    }
    if (*word == '\0')
        return reach_everybody;
    reach = found_by(PEOPLE_BY_BEGINNING, word);
    reach.list = LIST_EVERYBODY;
    if (words[1] != NULL)
        reach.texts[0].narrower = text;
    return reach;
}

/* Items about names, which the directory finds people by. */
static struct reach name(struct arena *arena, const struct ldap_type *type,
                         const struct ldap_filter *filter)
{
    const struct matching_rule *rule = rule_find(filter->rule);

    switch (filter->kind) {
    case FILTER_EQUALITY:
        return equality(arena, type, filter->value);
    case FILTER_SUBSTRINGS:
        return name_parts(arena, type, filter);
    case FILTER_APPROXIMATE:
        return approximate(arena, filter->value);
    case FILTER_EXTENSIBLE:
        return filter->dn_attributes ||
                       (rule != NULL && rule->use != RULE_EQUALITY)
                   ? reach_everybody
                   : equality(arena, type, filter->value);
    default:
        return reach_everybody;
    }
}

/* Who is of a class that people can be of; of an OID that nobody knows nobody
 * is. */
static struct reach class(const struct ldap_filter *filter)
{
    const struct ldap_class *class = NULL;

    if (filter->kind != FILTER_EQUALITY)
        return reach_everybody;
    class = class_find(octets_text(filter->value));
    return class == NULL || class->of == OF_NOBODY ? reach_nobody
                                                   : reach_everybody;
}

static struct reach other(struct arena *arena, const struct ldap_filter *filter)
{
    const char *text = filter->kind == FILTER_SUBSTRINGS
                           ? longest(arena, filter)
                           : text_of(arena, filter->value);

    return filter->kind == FILTER_PRESENT || *text == '\0' ? reach_everybody
                                                           : hinted(text);
}

struct reach reach_of_item(struct arena *arena,
                           const struct ldap_filter *filter)
{
    const struct ldap_type *type = attribute_find(filter->attribute);

    if (type == NULL || filter->dn_attributes)
        return reach_everybody;
    if (str_equal(type->name, "objectClass"))
        return class(filter);
    switch (type->reach) {
    case REACH_PERSONAL:
        return personal;
    case REACH_NAME:
    case REACH_ADDRESS:
        return name(arena, type, filter);
    case REACH_NONE:
        break;
    }
    return other(arena, filter);
}

/* --- All of it ------------------------------------------------------------ */

void reach_join(struct reach *reach, const struct reach *more)
{
    for (size_t i = 0; i < more->text_count; i++)
        add_text(reach, more->texts[i]);
    for (size_t i = 0; i < more->hint_count; i++)
        add_hint(reach, more->hints[i]);
    reach->list = more->list > reach->list ? more->list : reach->list;
    reach->blind = reach->blind || more->blind;
}

bool reach_is_blind(const struct reach *reach)
{
    size_t i = 0;

    while (i < reach->hint_count && has_text(reach, reach->hints[i]))
        i++;
    return reach->list == LIST_EVERYBODY &&
           (reach->blind || i < reach->hint_count);
}

/* How much the longest text tells, in letters. */
static size_t precision(const struct reach *reach)
{
    enum { ADDRESS = 100 };
    size_t letters = 0;

    for (size_t i = 0; i < reach->text_count; i++) {
        const struct reach_text *text = &reach->texts[i];
        size_t len =
            text->by == PEOPLE_BY_ADDRESS ? ADDRESS : strlen(text->text);

        letters = len > letters ? len : letters;
    }
    return letters < ADDRESS ? letters : ADDRESS;
}

size_t reach_breadth(const struct reach *reach)
{
    enum { OWN = 1, FOUND = 1000, LISTED = 2000, BLIND = 3000 };

    if (reach_is_blind(reach))
        return reach->blind ? BLIND : BLIND - 1;
    if (reach->list == LIST_EVERYBODY)
        return LISTED - precision(reach);
    if (reach->text_count > 0)
        return FOUND + 4 * reach->text_count - precision(reach);
    return reach->list == LIST_NOBODY ? 0 : OWN;
}
