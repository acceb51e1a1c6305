/*
 * settings.c - settings from their table: defaults, values, what fits together
 */
#include "config/settings.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config/table.h"
#include "proxy/base/memory.h"
#include "proxy/base/str.h"

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
    else if (setting_home() == NULL)
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
        setting_release(*settings, &setting_table[i]);
    free(*settings);
    *settings = NULL;
}

/* --- What has to fit together --- */

/* A sentence lives as long as the process. */
static const struct {
    const char *section;
    const char *needs_certificate;
} doors[] = {
    { "imap", "imap.listen_tls: needs tls.certificate" },
    { "smtp", "smtp.listen_tls: needs tls.certificate" },
    { "caldav", "caldav.listen_tls: needs tls.certificate" },
    { "ldap", "ldap.listen_tls: needs tls.certificate" },
};

static const char *listening_problem(const struct settings *settings)
{
    bool listens = false;

    for (size_t i = 0; i < sizeof doors / sizeof doors[0]; i++) {
        const struct listener_settings *listener =
            settings_listener(settings, doors[i].section);

        listens |= *listener->listen != '\0' || *listener->listen_tls != '\0';
        if (*settings->tls.certificate == '\0' && *listener->listen_tls != '\0')
            return doors[i].needs_certificate;
    }
    return listens ? NULL
                   : "imap.listen: every door is off; there is nothing to do";
}

/* Of several, the second might have no TLS where the first has. */
static bool is_ldap_url(const char *url)
{
    return *url == '\0' || ((str_starts_nocase(url, "ldap://") ||
                             str_starts_nocase(url, "ldaps://") ||
                             str_starts_nocase(url, "ldapi://")) &&
                            strpbrk(url, " ,\t") == NULL);
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
    if (str_has_login(url))
        return "exchange.url: must not bring a user's name: everybody logs in"
               " with his own";
    if (!is_ldap_url(settings->directory.server))
        return "directory.server: is not one address such as"
               " ldaps://gc.example.com:3269";
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
        { "caldav", &settings->caldav.listener },
        { "ldap", &settings->ldap.listener },
    };

    for (size_t i = 0; i < sizeof listeners / sizeof listeners[0]; i++)
        if (str_equal(listeners[i].section, section))
            return listeners[i].listener;
    return NULL;
}

char *settings_personal_path(void)
{
    const char *desktop = getenv("XDG_CONFIG_HOME");
    const char *home = setting_home();
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
