/*
 * parse.c - settings from a file
 *
 *     [section]
 *     key = value    ; a comment
 *
 * inih does the reading.  We feed it line by line: so we know which line a key
 * is on, and can leave out leading white space, which would continue a value.
 */
#include "config/settings.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <ini.h>

#include "config/table.h"
#include "proxy/base/str.h"

struct reader {
    struct settings *settings;
    FILE *file;
    const char *path;
    char *line; /* getline's */
    size_t size;
    unsigned number;
    char *error; /* the first */
    unsigned error_number;
};

static void fail_at(struct reader *reader, const char *section, const char *key,
                    char *problem)
{
    if (reader->error == NULL) {
        reader->error = setting_text("%s:%u: [%s] %s: %s", reader->path,
                                     reader->number, section, key, problem);
        reader->error_number = reader->number;
    }
    free(problem);
}

/* Gives inih the next line; as fgets. */
static char *next_line(char *out, int size, void *context)
{
    struct reader *reader = context;
    ssize_t len = getline(&reader->line, &reader->size, reader->file);

    if (len < 0 || reader->error != NULL)
        return NULL;
    reader->number++;

    const char *line = reader->line + strspn(reader->line, " \t");
    size_t visible = strcspn(line, "\r\n");
    if (*line == ';' || *line == '#')
        visible = 0;
    if (strlen(reader->line) != (size_t)len || visible >= (size_t)size) {
        reader->error_number = reader->number;
        reader->error = setting_text(
            "%s:%u: a line of text of fewer than %d characters was expected",
            reader->path, reader->number, size);
        return NULL;
    }
    memcpy(out, line, visible);
    out[visible] = '\0';
    return out;
}

static int take(void *context, const char *section, const char *key,
                const char *value)
{
    struct reader *reader = context;
    const struct setting *setting = setting_find(section, key);
    char *problem;

    if (setting == NULL)
        problem = setting_unknown(section, key);
    else
        problem = setting_assign(reader->settings, setting, value);
    if (problem != NULL)
        fail_at(reader, section, key, problem);
    return 1;
}

bool settings_read_file(struct settings *settings, const char *path,
                        char **error_out)
{
    struct reader reader = { .settings = settings, .path = path };

    reader.file = fopen(path, "re");
    if (reader.file == NULL) {
        *error_out =
            setting_text("%s: cannot be read: %s", path, strerror(errno));
        return false;
    }

    int line = ini_parse_stream(next_line, &reader, take, &reader);
    if (reader.error == NULL && ferror(reader.file))
        reader.error =
            setting_text("%s: cannot be read: %s", path, strerror(errno));
    if (line > 0 &&
        (reader.error == NULL || (unsigned)line < reader.error_number)) {
        free(reader.error);
        reader.error = setting_text(
            "%s:%d: [section] or key = value was expected", path, line);
    }
    fclose(reader.file);
    free(reader.line);
    if (reader.error != NULL)
        *error_out = reader.error;
    return reader.error == NULL;
}
