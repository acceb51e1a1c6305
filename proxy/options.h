/*
 * options.h - what the command line says
 */
#ifndef POSTERN_OPTIONS_H
#define POSTERN_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

struct settings;

/* How the process ends (postern(8)). */
enum { EXIT_GOOD = 0, EXIT_TROUBLE = 1, EXIT_SETTINGS = 2 };

/* "exchange.url" and what it is set to. */
struct override {
    char *key;
    char *value;
};

struct options {
    const char *command; /* "run" unless said otherwise */
    const char *file;    /* NULL: where it usually is */
    const char *user;    /* to log in as, for check */
    struct override *overrides;
    size_t count;
};

/* Reads the command line.  False after saying on stderr what is wrong with
 * it. */
bool options_read(struct options *options, int argc, char *argv[]);
void options_fini(struct options *options);

/* Has a key set as by --set; copies both. */
void options_override(struct options *options, const char *key,
                      const char *value);

/* Whether the command line sets the key. */
bool options_sets(const struct options *options, const char *key);

/* The defaults, then the file, then the command line, and what has to fit
 * together. NULL with a text naming file, line and key; free it. */
struct settings *options_settings(const struct options *options,
                                  char **error_out);

#endif
