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
#include "proxy/format/card_line.h"
#include "proxy/format/ical_lines.h"

#define MANUAL "config/postern-calendars.7"
#define DIFFERENCES 400
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

struct difference {
    const char *what; /* "VEVENT COLOR" */
    const char *line;
    const char *text; /* the first that has it */
    size_t count;
};

struct losses {
    struct arena *arena;
    bool lossless;
    bool backwards; /* looking for what nobody has written */
    char **table;   /* "VEVENT COLOR", as the manual has it */
    size_t always;  /* so many of them whatever is kept, */
    size_t old;     /* and so many behind them in older versions alone */
    bool older;
    struct difference differences[DIFFERENCES];
    size_t count;
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

static void note(struct losses *losses, const char *text, const char *what,
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
        note(losses, text,
             is_other_text(read, line) ? arena_printf(arena, "%s (all)", what)
                                       : what,
             line->text);
    for (size_t i = 0; like != NULL && i < line->param_count; i++) {
        const struct ical_param *param = &line->params[i];
        const char *said =
            arena_printf(arena, "%s=%s", param->name, param->value);
        if (!str_equal(ical_param(like, param->name), param->value) &&
            (losses->lossless || !IS_IN(implied, said)))
            note(losses, text, arena_printf(arena, "%s;%s", what, said),
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
            note(losses, text,
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

/* --- vCard ---------------------------------------------------------------- */

static bool has_parameter(const struct card_line *line,
                          const struct card_param *param)
{
    for (size_t i = 0; i < line->param_count; i++)
        if (strcmp(line->params[i].name, param->name) == 0 &&
            str_equal_nocase(line->params[i].value, param->value))
            return true;
    return false;
}

static bool same_parameters(const struct card_line *a,
                            const struct card_line *b)
{
    for (size_t i = 0; i < a->param_count; i++)
        if (!has_parameter(b, &a->params[i]))
            return false;
    return str_equal(a->group, b->group);
}

/* Without escapes, of which version 2.1 has none, and without the hyphens of
 * days, which version 4 has none of. */
static const char *plain(struct arena *arena, const char *value)
{
    char *text = card_text(arena, value), *out = text;

    for (const char *at = text; *at != '\0'; at++)
        if (*at != '-')
            *out++ = *at;
    *out = '\0';
    return text;
}

static const struct card_line *card_line_like(struct arena *arena,
                                              const struct card *card,
                                              const struct card_line *line)
{
    const struct card_line *like = NULL;

    for (size_t i = 0; i < card->count; i++) {
        const struct card_line *at = &card->lines[i];
        if (strcmp(at->name, line->name) != 0 ||
            strcmp(plain(arena, at->value), plain(arena, line->value)) != 0)
            continue;
        if (same_parameters(line, at))
            return at;
        like = at;
    }
    return like;
}

static const char *parameter_text(struct arena *arena,
                                  const struct card_param *param)
{
    return arena_printf(arena, "%s=%s", param->name, param->value);
}

static void compare_card_line(struct losses *losses, const char *text,
                              const char *component, const struct card *read,
                              const struct card_line *line)
{
    struct arena *arena = losses->arena;
    const struct card_line *like = card_line_like(arena, read, line);
    const char *what = arena_printf(arena, "%s %s", component, line->name);

    if (IS_IN(moving, line->name) || strcmp(line->name, "PRODID") == 0 ||
        strcmp(line->name, "VERSION") == 0)
        return;
    if (like == NULL)
        note(losses, text, what, line->value);
    for (size_t i = 0; like != NULL && i < line->param_count; i++)
        if (!has_parameter(like, &line->params[i]) &&
            !IS_IN(implied, parameter_text(arena, &line->params[i])))
            note(losses, text,
                 arena_printf(arena, "%s;%s", what,
                              parameter_text(arena, &line->params[i])),
                 line->value);
}

void losses_in_card(struct losses *losses, const char *name,
                    const char *written, const char *read)
{
    const bool group = strcasestr(written, "KIND:group") != NULL;
    const char *component = group ? "GROUP" : "VCARD";
    struct card a, b;

    cr_assert_eq(card_read(losses->arena, written, strlen(written), &a),
                 CARD_FINE, "%s", name);
    cr_assert_eq(card_read(losses->arena, read, strlen(read), &b), CARD_FINE,
                 "%s", name);
    for (size_t i = 0; i < a.count; i++)
        compare_card_line(losses, name, component, &b, &a.lines[i]);
    losses->backwards = losses->lossless;
    for (size_t i = 0; i < b.count && losses->backwards; i++)
        compare_card_line(losses, name, component, &a, &b.lines[i]);
    losses->backwards = false;
}
