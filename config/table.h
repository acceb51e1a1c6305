/*
 * table.h - the one table of settings, for the files of this folder
 */
#ifndef POSTERN_CONFIG_TABLE_H
#define POSTERN_CONFIG_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "config/settings.h"

enum setting_type {
    TEXT,      /* char *, anything */
    WORD,      /* char *, one of the choices */
    FILE_NAME, /* char *, "~/" stands for the home directory */
    ADDRESSES, /* char *, see address.h */
    CHOICE,    /* an enum, by the order of the choices */
    SWITCH,    /* bool: yes or no */
    NUMBER,    /* uint32_t */
    SECONDS,   /* uint32_t, with s, m or h */
    OCTETS,    /* uint64_t, with K, M or G */
};

struct setting {
    const char *section;
    const char *key;
    enum setting_type type;
    size_t offset;        /* in struct settings */
    const char *standard; /* the default, as one would write it */
    uint64_t min, max;
    const char *choices;  /* "one two three" */
    const char *sentence; /* for the manual */
};

extern const struct setting setting_table[];
extern const size_t setting_count;

/* What a section is about, for the manual; NULL when there is no such
 * section. */
const char *setting_section_about(const char *section);

/* The setting of that name, or NULL. */
const struct setting *setting_find(const char *section, const char *key);

/* Sets one; NULL if it was good, else what was expected.  Free it. */
char *setting_assign(struct settings *settings, const struct setting *setting,
                     const char *value);

/* Frees what it holds. */
void setting_release(struct settings *settings, const struct setting *setting);

/* The user's directory; NULL when there is none. */
const char *setting_home(void);

/* Why there is no such setting.  Free it. */
char *setting_unknown(const char *section, const char *key);

/* asprintf that never fails. */
char *setting_text(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

#endif
