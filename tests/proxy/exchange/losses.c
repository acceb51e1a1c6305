/*
 * losses.c - see losses.h
 */
#include "tests/proxy/exchange/losses.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/str.h"
#include "proxy/format/ical_lines.h"
#include "tests/proxy/exchange/losses_private.h"

#define MANUAL "config/postern-calendars.7"
#define NEW "new: "

/* Those that Exchange sets by itself. */
static const char *const moving[] = { "DTSTAMP", "LAST-MODIFIED", "CREATED",
                                      "REV", "SEQUENCE" };

/* What says the same in other words is compared by what it means. */
static const char *const rephrased[] = { "DTSTART", "DTEND",  "DURATION",
                                         "RRULE",   "EXDATE", "RECURRENCE-ID",
                                         "TRIGGER", "DUE",    "CATEGORIES" };

/* What is so where nothing is said (RFC 5545). */
static const char *const implied[] = {
    "CALSCALE:GREGORIAN",
    "CLASS:PUBLIC",
    "STATUS:CONFIRMED",
    "STATUS:NEEDS-ACTION",
    "PRIORITY:5",
    "PRIORITY:0",
    "PERCENT-COMPLETE:0",
    "DESCRIPTION:",
    "X-MICROSOFT-CDO-IMPORTANCE:1",
    "X-MICROSOFT-DISALLOW-COUNTER:FALSE",
    "ROLE=REQ-PARTICIPANT",
    "CUTYPE=INDIVIDUAL",
    "PARTSTAT=NEEDS-ACTION",
    "VALUE=URI",
    "VALUE=TEXT",
};

/* --- The table ------------------------------------------------------------ */

/*
 * Rows are ".It VEVENT Ta COLOR Ta ...", in three sections: what is different
 * even for whoever wrote it, what is so in older versions, and what is so
 * without the kept text.
 */
static void read_table(struct losses *losses)
{
    FILE *file = fopen(MANUAL, "r");
    struct buf rows;
    char line[512], component[32], property[64];
    size_t counts[3] = { 0 }, section = 0;

    cr_assert_not_null(file, "there is no %s", MANUAL);
    buf_init(&rows, losses->arena);
    while (fgets(line, sizeof line, file) != NULL) {
        if (str_starts(line, ".Sh WHAT OLDER"))
            section = 1;
        else if (str_starts(line, ".Sh WHAT IS KEPT"))
            section = 2;
        if (sscanf(line, ".It %31s Ta %63s Ta", component, property) != 2)
            continue;
        buf_printf(&rows, "%s %s\n", component, property);
        counts[section]++;
    }
    fclose(file);
    cr_assert(counts[0] > 0 && counts[1] > 0 && counts[2] > 0);
    losses->table = str_split(losses->arena, rows.data, "\n");
    losses->always = counts[0];
    losses->old = counts[1];
}

/* What is held although it begins with X-. */
static bool is_field(const char *what)
{
    static const char *const names[] = { "X-ALT-DESC", "X-FILE-AS", "X-CUSTOM1",
                                         "X-MICROSOFT-CDO-BUSYSTATUS",
                                         "X-MICROSOFT-DISALLOW-COUNTER" };
    const char *name = strchr(what, ' ') + 1;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

static bool row_fits(const char *row, const char *what)
{
    size_t len = strlen(row);

    if (is_field(what))
        return strcmp(row, what) == 0;
    return len > 0 && row[len - 1] == '*' ? strncmp(row, what, len - 1) == 0
                                          : strcmp(row, what) == 0;
}

struct losses *losses_new(struct arena *arena, bool lossless, bool older)
{
    struct losses *losses = arena_alloc(arena, sizeof *losses);

    losses->arena = arena;
    losses->lossless = lossless;
    losses->older = older;
    read_table(losses);
    return losses;
}

void losses_note(struct losses *losses, const char *text, const char *what,
                 const char *line)
{
    struct difference *at = losses->differences;

    if (losses->backwards)
        what = arena_printf(losses->arena, NEW "%s", what);
    while (at < losses->differences + losses->count &&
           strcmp(at->what, what) != 0)
        at++;
    if (at == losses->differences + losses->count) {
        cr_assert(losses->count < DIFFERENCES);
        losses->count++;
        at->what = arena_strdup(losses->arena, what);
        at->line = arena_strdup(losses->arena, line);
        at->text = arena_strdup(losses->arena, text);
    }
    at->count++;
}

static bool is_valid(const struct losses *losses, size_t row)
{
    if (row < losses->always)
        return true;
    return row < losses->always + losses->old ? losses->older
                                              : !losses->lossless;
}

/* Whether the table says so. */
static bool is_known(const struct losses *losses, const char *what)
{
    if (str_starts(what, NEW))
        what += strlen(NEW);
    for (size_t i = 0; losses->table[i] != NULL; i++)
        if (row_fits(losses->table[i], what) && is_valid(losses, i))
            return true;
    return false;
}

static bool was_met(const struct losses *losses, const char *row)
{
    for (size_t i = 0; i < losses->count; i++)
        if (row_fits(row, losses->differences[i].what))
            return true;
    return false;
}

static void expect_row(const struct losses *losses, const char *row,
                       const char *component)
{
    size_t len = strlen(component);

    if (strncmp(row, component, len) == 0 && row[len] == ' ')
        cr_expect(was_met(losses, row), "%s is not lost", row);
}

void losses_expect(const struct losses *losses, const char *const *components)
{
    for (size_t i = 0; i < losses->count; i++) {
        const struct difference *one = &losses->differences[i];
        cr_expect(is_known(losses, one->what),
                  "%s is not the same, %zu times: %s (%s)", one->what,
                  one->count, one->line, one->text);
    }
    for (; *components != NULL && !losses->lossless; components++)
        for (size_t i = 0; losses->table[i] != NULL; i++)
            if (is_valid(losses, i))
                expect_row(losses, losses->table[i], *components);
}

static bool is_in(const char *const *names, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal_nocase(names[i], name))
            return true;
    return false;
}

#define IS_IN(table, name) is_in(table, sizeof table / sizeof *table, name)

bool losses_is_moving(const char *name)
{
    return IS_IN(moving, name);
}

bool losses_is_implied(const char *said)
{
    return IS_IN(implied, said);
}

/* --- iCalendar ------------------------------------------------------------ */

/* The same text again, or the same value with other parameters. */
static const struct ical_line *line_like(const struct ical_component *component,
                                         const struct ical_line *line)
{
    const struct ical_line *like = NULL;

    for (const struct ical_line *at = component->lines; at; at = at->next) {
        if (strcmp(at->text, line->text) == 0)
            return at;
        if (str_equal_nocase(at->name, line->name) &&
            str_equal_nocase(at->value, line->value))
            like = at;
    }
    return like;
}

/* Whether they differ in white space at most, which HTML does not keep. */
static bool same_words(const char *a, const char *b)
{
    static const char *const breaks[] = { "\\n", " " };

    for (;;) {
        for (size_t i = 0; i < 2;)
            if (str_starts_nocase(a, breaks[i]))
                a += strlen(breaks[i]), i = 0;
            else if (b != NULL && str_starts_nocase(b, breaks[i]))
                b += strlen(breaks[i]), i = 0;
            else
                i++;
        if (b == NULL || *a != *b || *a == '\0')
            return *a == (b == NULL ? '\0' : *b);
        a++, b++;
    }
}

static bool is_other_text(const struct ical_component *read,
                          const struct ical_line *line)
{
    return str_equal_nocase(line->name, "DESCRIPTION") &&
           !str_equal(read->name, "VALARM") &&
           !same_words(line->value, ical_value(read, "DESCRIPTION"));
}

static void compare_line(struct losses *losses, const char *text,
                         const struct ical_component *read,
                         const struct ical_line *line)
{
    struct arena *arena = losses->arena;
    const struct ical_line *like = line_like(read, line);
    const char *what = arena_printf(arena, "%s %s", read->name, line->name);

    if (IS_IN(moving, line->name) ||
        (!losses->lossless && IS_IN(rephrased, line->name)))
        return;
    if (like == NULL && (losses->lossless || !IS_IN(implied, line->text)))
        losses_note(losses, text,
                    is_other_text(read, line)
                        ? arena_printf(arena, "%s (all)", what)
                        : what,
                    line->text);
    for (size_t i = 0; like != NULL && i < line->param_count; i++) {
        const struct ical_param *param = &line->params[i];
        const char *said =
            arena_printf(arena, "%s=%s", param->name, param->value);
        if (!str_equal(ical_param(like, param->name), param->value) &&
            (losses->lossless || !IS_IN(implied, said)))
            losses_note(losses, text, arena_printf(arena, "%s;%s", what, said),
                        line->text);
    }
}

/* The child that is the same: an exception of that day, an alarm in turn. */
static struct ical_component *child_like(const struct ical_component *parent,
                                         const struct ical_component *child,
                                         size_t nth)
{
    const bool changed = ical_value(child, "RECURRENCE-ID") != NULL;

    for (struct ical_component *at = parent->children; at; at = at->next)
        if (str_equal_nocase(at->name, child->name) &&
            (ical_value(at, "RECURRENCE-ID") != NULL) == changed && nth-- == 0)
            return at;
    return NULL;
}

static size_t place_of_child(const struct ical_component *parent,
                             const struct ical_component *child)
{
    const bool changed = ical_value(child, "RECURRENCE-ID") != NULL;
    size_t nth = 0;

    for (const struct ical_component *at = parent->children; at != child;
         at = at->next)
        nth += str_equal_nocase(at->name, child->name) &&
               (ical_value(at, "RECURRENCE-ID") != NULL) == changed;
    return nth;
}

static void compare_component(struct losses *losses, const char *text,
                              const struct ical_component *written,
                              const struct ical_component *read)
{
    for (const struct ical_line *line = written->lines; line; line = line->next)
        compare_line(losses, text, read, line);
    for (const struct ical_component *child = written->children; child;
         child = child->next) {
        const struct ical_component *like =
            child_like(read, child, place_of_child(written, child));
        /* Zones are compared by the times that they make. */
        if (str_equal_nocase(child->name, "VTIMEZONE"))
            continue;
        if (like != NULL)
            compare_component(losses, text, child, like);
        else
            losses_note(losses, text,
                        arena_printf(losses->arena, "%s %s", written->name,
                                     child->name),
                        ical_lines_text(losses->arena, child));
    }
}

void losses_in_calendar(struct losses *losses, const char *name,
                        const char *written, const char *read)
{
    struct ical_component *a =
        ical_lines_read(losses->arena, written, strlen(written), NULL, NULL);
    struct ical_component *b =
        ical_lines_read(losses->arena, read, strlen(read), NULL, NULL);

    cr_assert(a != NULL && b != NULL, "%s:\n%s", name, read);
    compare_component(losses, name, a, b);
    losses->backwards = losses->lossless;
    if (losses->backwards)
        compare_component(losses, name, b, a);
    losses->backwards = false;
}
