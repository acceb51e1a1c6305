/*
 * manual.c - what the table says, as a manual page and as an example file
 */
#include <string.h>

#include "config/settings.h"
#include "config/table.h"
#include "proxy/base/str.h"

static const char *const type_names[] = {
    [TEXT] = "text",           [WORD] = "word",    [FILE_NAME] = "file",
    [ADDRESSES] = "addresses", [CHOICE] = "word",  [SWITCH] = "yes | no",
    [NUMBER] = "number",       [SECONDS] = "time", [OCTETS] = "size",
};

/* Writes text for roff: a sentence to a line, nothing taken for a request. */
static void write_roff(FILE *out, const char *text)
{
    if (*text == '.' || *text == '\'')
        fputs("\\&", out);
    for (; *text != '\0'; text++) {
        if (text[0] == '.' && text[1] == ' ' && text[2] == ' ') {
            fputs(".\n", out);
            text += 2;
        } else if (*text == '\\') {
            fputs("\\e", out);
        } else {
            fputc(*text, out);
        }
    }
    fputc('\n', out);
}

static void write_setting(FILE *out, const struct setting *setting)
{
    fprintf(out, ".It Cm %s No = Ar %s\n", setting->key,
            type_names[setting->type]);
    write_roff(out, setting->sentence);
    if (setting->choices != NULL)
        fprintf(out, "One of: %s.\n", setting->choices);
    if (*setting->standard != '\0')
        fprintf(out, "Default: %s\n", setting->standard);
}

void settings_write_manual(FILE *out)
{
    const char *section = "";

    for (size_t i = 0; i < setting_count; i++) {
        const struct setting *setting = &setting_table[i];

        if (!str_equal(setting->section, section)) {
            if (*section != '\0')
                fputs(".El\n", out);
            section = setting->section;
            fprintf(out, ".Ss Section [%s]\n", section);
            write_roff(out, setting_section_about(section));
            fputs(".Bl -tag -width Ds\n", out);
        }
        write_setting(out, setting);
    }
    fputs(".El\n", out);
}

/* Writes a sentence as comments of at most 80 columns. */
static void write_comment(FILE *out, const char *text)
{
    size_t column = 0;

    while (*text != '\0') {
        size_t word = strcspn(text, " ");

        if (column > 0 && column + 1 + word > 80) {
            fputc('\n', out);
            column = 0;
        }
        column += (size_t)fprintf(out, "%s%.*s", column == 0 ? "; " : " ",
                                  (int)word, text);
        text += word;
        text += strspn(text, " ");
    }
    fputc('\n', out);
}

void settings_write_example(FILE *out)
{
    const char *section = "";

    fputs("; The settings of Postern and their defaults; see postern.conf(5).\n"
          "; Remove the semicolon before what you change.\n",
          out);
    for (size_t i = 0; i < setting_count; i++) {
        const struct setting *setting = &setting_table[i];

        if (!str_equal(setting->section, section)) {
            section = setting->section;
            fprintf(out, "\n[%s]\n", section);
        }
        fputc('\n', out);
        write_comment(out, setting->sentence);
        if (setting->choices != NULL)
            fprintf(out, "; One of: %s.\n", setting->choices);
        fprintf(out, ";%s = %s\n", setting->key, setting->standard);
    }
}
