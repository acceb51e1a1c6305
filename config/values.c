/*
 * values.c - reading the value of a setting, and saying what was expected
 */
#include "config/table.h"

#include <stdlib.h>
#include <string.h>

#include "config/address.h"
#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/memory.h"
#include "proxy/base/str.h"

static bool is_text(enum setting_type type)
{
    return type == TEXT || type == WORD || type == FILE_NAME ||
           type == ADDRESSES;
}

static void *member(struct settings *settings, const struct setting *setting)
{
    return (char *)settings + setting->offset;
}

static void set_text(struct settings *settings, const struct setting *setting,
                     char *taken_over)
{
    char **text = member(settings, setting);

    free(*text);
    *text = taken_over;
}

/* --- Reading values --- */

/* clang-format off */
static const struct unit {
    enum setting_type type;
    char letter;
    uint64_t factor;
} units[] = {
    { SECONDS, 's', 1 },
    { SECONDS, 'm', 60 },
    { SECONDS, 'h', 3600 },
    { SECONDS, 'd', 86400 },
    { OCTETS,  'K', 1024 },
    { OCTETS,  'M', 1024 * 1024 },
    { OCTETS,  'G', 1024 * 1024 * 1024 },
};
/* clang-format on */

static const struct unit *find_unit(enum setting_type type, char letter)
{
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (units[i].type == type && units[i].letter == letter)
            return &units[i];
    return NULL;
}

/* Reads a number with its unit, if it has one, within the setting's limits. */
static bool read_number(const struct setting *setting, const char *value,
                        uint64_t *number_out)
{
    size_t len = strlen(value);
    char digits[24];

    if (len == 0 || len >= sizeof digits)
        return false;
    memcpy(digits, value, len + 1);

    const struct unit *unit = find_unit(setting->type, value[len - 1]);
    uint64_t factor = unit != NULL ? unit->factor : 1;
    if (unit != NULL)
        digits[len - 1] = '\0';

    if (!str_to_u64(digits, setting->max / factor, number_out))
        return false;
    *number_out *= factor;
    return *number_out >= setting->min;
}

/* The place of `value` among the words of `choices`, or -1. */
static int find_choice(const char *choices, const char *value)
{
    size_t len = strlen(value);

    for (int i = 0; *choices != '\0'; i++) {
        size_t word = strcspn(choices, " ");

        if (word == len && strncmp(choices, value, len) == 0)
            return i;
        choices += word;
        choices += strspn(choices, " ");
    }
    return -1;
}

static bool read_switch(const char *value, bool *on_out)
{
    int place = find_choice("no yes off on false true 0 1", value);

    *on_out = place % 2 == 1;
    return place >= 0;
}

static bool are_addresses(const char *value)
{
    struct arena *arena = arena_new();
    char **texts = str_split(arena, value, " ,\t");
    bool good = true;

    for (size_t i = 0; good && texts[i] != NULL; i++) {
        struct address address;

        good = address_parse(texts[i], &address);
    }
    arena_free(&arena);
    return good;
}

const char *setting_home(void)
{
    const char *home = getenv("HOME");

    return home != NULL && *home == '/' ? home : NULL;
}

static char *expand_home(const char *name)
{
    const char *home = setting_home();

    if (home == NULL || !str_starts(name, "~/"))
        return memory_strdup(name);
    return setting_text("%s%s", home, name + 1);
}

/* --- What was expected --- */

/* A number as one would write it: 600 seconds are "10m". */
static char *with_unit(enum setting_type type, uint64_t number)
{
    const struct unit *best = NULL;

    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (units[i].type == type && number > 0 &&
            number % units[i].factor == 0)
            best = &units[i];
    if (best == NULL)
        return setting_text("%llu", (unsigned long long)number);
    return setting_text("%llu%c", (unsigned long long)(number / best->factor),
                        best->letter);
}

static char *expected_number(const struct setting *setting, const char *value,
                             const char *kind)
{
    char *min = with_unit(setting->type, setting->min);
    char *max = with_unit(setting->type, setting->max);
    char *text =
        setting_text("\"%s\" is not %s from %s to %s", value, kind, min, max);

    free(min);
    free(max);
    return text;
}

static char *expected(const struct setting *setting, const char *value)
{
    switch (setting->type) {
    case WORD:
    case CHOICE:
        return setting_text("\"%s\" is none of: %s", value, setting->choices);
    case SWITCH:
        return setting_text("\"%s\" is neither yes nor no", value);
    case ADDRESSES:
        return setting_text("\"%s\" is not a list of %s", value, ADDRESS_FORMS);
    case NUMBER:
        return expected_number(setting, value, "a number");
    case SECONDS:
        return expected_number(setting, value, "a time (90, 90s, 5m, 2h, 3d)");
    case OCTETS:
        return expected_number(setting, value, "a size (1000, 64K, 10M, 1G)");
    default:
        return setting_text("\"%s\" does not fit", value);
    }
}

char *setting_unknown(const char *section, const char *key)
{
    struct buf text;

    buf_init(&text, NULL);
    if (setting_section_about(section) == NULL)
        buf_puts(&text, "there is no such section; there are:");
    else
        buf_printf(&text, "there is no \"%s\" in [%s]; there are:", key,
                   section);

    const char *last = "";
    for (size_t i = 0; i < setting_count; i++) {
        const struct setting *setting = &setting_table[i];

        if (str_equal(setting->section, section))
            buf_printf(&text, " %s", setting->key);
        else if (setting_section_about(section) == NULL &&
                 !str_equal(setting->section, last))
            buf_printf(&text, " [%s]", setting->section);
        last = setting->section;
    }
    return text.data;
}

/* --- Setting values --- */

char *setting_assign(struct settings *settings, const struct setting *setting,
                     const char *value)
{
    uint64_t number = 0;
    bool on = false;

    switch (setting->type) {
    case TEXT:
        set_text(settings, setting, memory_strdup(value));
        return NULL;
    case FILE_NAME:
        set_text(settings, setting, expand_home(value));
        return NULL;
    case WORD:
        if (find_choice(setting->choices, value) < 0)
            break;
        set_text(settings, setting, memory_strdup(value));
        return NULL;
    case ADDRESSES:
        if (!are_addresses(value))
            break;
        set_text(settings, setting, memory_strdup(value));
        return NULL;
    case CHOICE:
        if (find_choice(setting->choices, value) < 0)
            break;
        *(int *)member(settings, setting) =
            find_choice(setting->choices, value);
        return NULL;
    case SWITCH:
        if (!read_switch(value, &on))
            break;
        *(bool *)member(settings, setting) = on;
        return NULL;
    case NUMBER:
    case SECONDS:
        if (!read_number(setting, value, &number))
            break;
        *(uint32_t *)member(settings, setting) = (uint32_t)number;
        return NULL;
    case OCTETS:
        if (!read_number(setting, value, &number))
            break;
        *(uint64_t *)member(settings, setting) = number;
        return NULL;
    }
    return expected(setting, value);
}

void setting_release(struct settings *settings, const struct setting *setting)
{
    if (is_text(setting->type))
        set_text(settings, setting, NULL);
}
