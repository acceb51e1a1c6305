/*
 * options.c - what the command line says
 */
#include "proxy/options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/settings.h"
#include "proxy/base/memory.h"
#include "proxy/base/str.h"

static const struct option known[] = {
    { "config", required_argument, NULL, 'c' },
    { "exchange", required_argument, NULL, 'x' },
    { "set", required_argument, NULL, 's' },
    { "user", required_argument, NULL, 'u' },
    { "help", no_argument, NULL, 'h' },
    { "version", no_argument, NULL, 'V' },
    { "manual-settings", no_argument, NULL, 'm' },
    { "example-settings", no_argument, NULL, 'e' },
    { NULL, 0, NULL, 0 },
};

void options_override(struct options *options, const char *key,
                      const char *value)
{
    size_t size = (options->count + 1) * sizeof *options->overrides;

    options->overrides = memory_resize(options->overrides, size);
    options->overrides[options->count++] = (struct override){
        .key = memory_strdup(key),
        .value = memory_strdup(value),
    };
}

/* "section.key=value". */
static bool read_set(struct options *options, const char *text)
{
    const char *equals = strchr(text, '=');

    if (equals == NULL) {
        fprintf(stderr, "postern: --set %s: section.key=value was expected\n",
                text);
        return false;
    }

    char *key = strndup(text, (size_t)(equals - text));
    if (key == NULL)
        memory_exhausted();
    options_override(options, key, equals + 1);
    free(key);
    return true;
}

static bool read_option(struct options *options, int letter)
{
    switch (letter) {
    case 'c':
        options->file = optarg;
        return true;
    case 'x':
        options_override(options, "exchange.url", optarg);
        return true;
    case 's':
        return read_set(options, optarg);
    case 'u':
        options->user = optarg;
        return true;
    case 'h':
        options->command = "help";
        return true;
    case 'V':
        options->command = "version";
        return true;
    case 'm':
        options->command = "manual-settings";
        return true;
    case 'e':
        options->command = "example-settings";
        return true;
    default:
        fputs("postern: see postern --help\n", stderr);
        return false;
    }
}

bool options_read(struct options *options, int argc, char *argv[])
{
    int letter;

    *options = (struct options){ .command = "run" };
    while ((letter = getopt_long(argc, argv, "c:hV", known, NULL)) != -1)
        if (!read_option(options, letter))
            return false;
    if (optind < argc)
        options->command = argv[optind++];
    if (optind < argc) {
        fprintf(stderr, "postern: what is \"%s\"?  See postern --help\n",
                argv[optind]);
        return false;
    }
    return true;
}

void options_fini(struct options *options)
{
    for (size_t i = 0; i < options->count; i++) {
        free(options->overrides[i].key);
        free(options->overrides[i].value);
    }
    free(options->overrides);
    *options = (struct options){ 0 };
}

bool options_sets(const struct options *options, const char *key)
{
    for (size_t i = 0; i < options->count; i++)
        if (str_equal(options->overrides[i].key, key))
            return true;
    return false;
}

static bool read_file(const struct options *options, struct settings *settings,
                      char **error_out)
{
    char *path = options->file != NULL ? memory_strdup(options->file)
                                       : settings_default_path();
    bool good = path == NULL || settings_read_file(settings, path, error_out);

    free(path);
    return good;
}

struct settings *options_settings(const struct options *options,
                                  char **error_out)
{
    struct settings *settings = settings_new();
    bool good = read_file(options, settings, error_out);

    for (size_t i = 0; good && i < options->count; i++)
        good = settings_set(settings, options->overrides[i].key,
                            options->overrides[i].value, error_out);
    if (!good || !settings_check(settings, error_out))
        settings_free(&settings);
    return settings;
}
