/*
 * settings.c - settings from their table: defaults, values, what fits together
 */
#include "config/settings.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config/address.h"
#include "config/table.h"
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

static const char *home_directory(void)
{
    const char *home = getenv("HOME");

    return home != NULL && *home == '/' ? home : NULL;
}

static char *expand_home(const char *name)
{
    const char *home = home_directory();

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

bool settings_set(struct settings *settings, const char *key, const char *value,
                  char **error_out)
{
    const char *dot = strchr(key, '.');
    char *section = dot == NULL ? memory_strdup("")
                                : setting_text("%.*s", (int)(dot - key), key);
    const char *name = dot == NULL ? key : dot + 1;
    const struct setting *setting = setting_find(section, name);

    char *problem = setting == NULL ? setting_unknown(section, name)
                                    : setting_assign(settings, setting, value);
    if (problem != NULL)
        *error_out = setting_text("%s: %s", key, problem);
    bool good = problem == NULL;
    free(problem);
    free(section);
    return good;
}

/* A service has its directory from systemd, a person from the desktop. */
static void set_state_directory(struct settings *settings)
{
    const char *service = getenv("STATE_DIRECTORY");
    const char *desktop = getenv("XDG_STATE_HOME");
    char *path = NULL;

    if (service != NULL && *service == '/')
        path = setting_text("%.*s", (int)strcspn(service, ":"), service);
    else if (desktop != NULL && *desktop == '/')
        path = setting_text("%s/postern", desktop);
    else if (home_directory() == NULL)
        path = memory_strdup("/var/lib/postern");

    if (path != NULL) {
        free(settings->store.path);
        settings->store.path = path;
    }
}

struct settings *settings_new(void)
{
    struct settings *settings = memory_new(sizeof *settings);

    for (size_t i = 0; i < setting_count; i++) {
        char *problem = setting_assign(settings, &setting_table[i],
                                       setting_table[i].standard);

        if (problem != NULL)
            abort(); /* a default that its own line does not allow */
    }
    set_state_directory(settings);
    return settings;
}

void settings_free(struct settings **settings)
{
    if (*settings == NULL)
        return;
    for (size_t i = 0; i < setting_count; i++)
        if (is_text(setting_table[i].type))
            set_text(*settings, &setting_table[i], NULL);
    free(*settings);
    *settings = NULL;
}

/* --- What has to fit together --- */

static const char *listening_problem(const struct settings *settings)
{
    const struct listener_settings *imap = &settings->imap.listener;
    const struct listener_settings *smtp = &settings->smtp.listener;

    if (*imap->listen == '\0' && *imap->listen_tls == '\0' &&
        *smtp->listen == '\0' && *smtp->listen_tls == '\0')
        return "imap.listen: every door is off; there is nothing to do";
    if (*settings->tls.certificate == '\0' && *imap->listen_tls != '\0')
        return "imap.listen_tls: needs tls.certificate";
    if (*settings->tls.certificate == '\0' && *smtp->listen_tls != '\0')
        return "smtp.listen_tls: needs tls.certificate";
    return NULL;
}

static const char *problem_of(const struct settings *settings)
{
    const char *url = settings->exchange.url;

    if (*url == '\0')
        return "exchange.url: where is Exchange?  Set it in the file, or say"
               " --exchange https://mail.example.com/EWS/Exchange.asmx";
    if (!str_starts_nocase(url, "https://") &&
        !str_starts_nocase(url, "http://") && !str_starts(url, "memory:"))
        return "exchange.url: is not an address such as"
               " https://mail.example.com/EWS/Exchange.asmx";
    if (*settings->tls.certificate == '\0' && *settings->tls.key != '\0')
        return "tls.key: needs tls.certificate";
    return listening_problem(settings);
}

bool settings_check(const struct settings *settings, char **error_out)
{
    const char *problem = problem_of(settings);

    if (problem != NULL)
        *error_out = memory_strdup(problem);
    return problem == NULL;
}

const struct listener_settings *settings_listener(
    const struct settings *settings, const char *section)
{
    const struct {
        const char *section;
        const struct listener_settings *listener;
    } listeners[] = {
        { "imap", &settings->imap.listener },
        { "smtp", &settings->smtp.listener },
    };

    for (size_t i = 0; i < sizeof listeners / sizeof listeners[0]; i++)
        if (str_equal(listeners[i].section, section))
            return listeners[i].listener;
    return NULL;
}

char *settings_personal_path(void)
{
    const char *desktop = getenv("XDG_CONFIG_HOME");
    const char *home = home_directory();
    char *path = NULL;

    if (desktop != NULL && *desktop == '/')
        path = setting_text("%s/postern/postern.conf", desktop);
    else if (home != NULL)
        path = setting_text("%s/.config/postern/postern.conf", home);
    if (path != NULL && access(path, F_OK) == 0)
        return path;
    free(path);
    return NULL;
}

char *settings_default_path(void)
{
    static const char service[] = "/etc/postern/postern.conf";
    char *path = settings_personal_path();

    if (path == NULL && access(service, F_OK) == 0)
        path = memory_strdup(service);
    return path;
}
