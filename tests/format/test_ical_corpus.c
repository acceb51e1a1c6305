/*
 * test_ical_corpus.c - what programs write goes to Exchange and comes back
 */
#include <criterion/criterion.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/format/ical.h"
#include "proxy/format/ical_values.h"
#include "proxy/format/recurrence.h"
#include "tests/format/ical_corpus.h"

static const char *const self[] = { "ann@example.com", NULL };

static const struct zone *home(void)
{
    return zone_iana("Europe/Berlin");
}

static bool take(struct arena *arena, const char *text, const char *name,
                 struct ical_object *out)
{
    const char *reason = NULL;
    enum ical_problem problem =
        ical_read(arena, text, strlen(text), home(), self, out, &reason);
    cr_expect(problem == ICAL_FINE, "%s: %d, %s\n%s", name, problem,
              reason ? reason : "", text);
    return problem == ICAL_FINE;
}

/* As Exchange gives it back: Windows' zone, and the last day as the end. */
static struct when through_windows(struct when when)
{
    if (when.kind == WHEN_ZONED)
        when.zone = zone_windows(zone_windows_name(when.zone));
    return when;
}

static void event_through_exchange(struct event *event)
{
    event->start = through_windows(event->start);
    event->end = through_windows(event->end);
    event->occurrence = through_windows(event->occurrence);
}

static void through_exchange(struct ical_object *object)
{
    struct series *series = &object->series;
    event_through_exchange(&series->master);
    for (size_t i = 0; i < series->exception_count; i++)
        event_through_exchange(&series->exceptions[i]);
    for (size_t i = 0; i < series->deleted_count; i++)
        series->deleted[i] = through_windows(series->deleted[i]);
}

static void expect_same(const struct series *a, const struct series *b,
                        const char *name)
{
    cr_expect(event_differences(&a->master, &b->master) == 0, "%s: %x", name,
              event_differences(&a->master, &b->master));
    cr_expect(recurrence_equal(a->recurrence, b->recurrence), "%s: rule", name);
    cr_expect(a->exception_count == b->exception_count, "%s: exceptions", name);
    cr_expect(a->deleted_count == b->deleted_count, "%s: deleted", name);
    for (size_t i = 0;
         i < a->exception_count && a->exception_count == b->exception_count;
         i++) {
        cr_expect(event_differences(&a->exceptions[i], &b->exceptions[i]) == 0,
                  "%s: exception", name);
        cr_expect(when_equal(&a->exceptions[i].occurrence,
                             &b->exceptions[i].occurrence),
                  "%s: occurrence", name);
    }
    for (size_t i = 0;
         i < a->deleted_count && a->deleted_count == b->deleted_count; i++)
        cr_expect(when_equal(&a->deleted[i], &b->deleted[i]), "%s: day", name);
}

Test(ical_corpus, has_hundreds_of_texts)
{
    cr_assert(corpus_count() > 700);
}

Test(ical_corpus, comes_back_byte_for_byte_over_the_kept_text)
{
    for (size_t i = 0; i < corpus_count(); i++) {
        struct arena *arena = arena_new();
        const char *name, *text = corpus_text(arena, i, &name);
        struct ical_object object;
        if (take(arena, text, name, &object)) {
            through_exchange(&object);
            const char *kept = ical_keep(arena, text, strlen(text), &object);
            const char *again =
                ical_write(arena, &object, kept, home(), self, NULL);
            bool has_zone = strstr(text, "TZID=") == NULL ||
                            strstr(text, "BEGIN:VTIMEZONE") != NULL;
            /* A zone that is only named gets its rules. */
            cr_expect(has_zone ? strcmp(again, text) == 0
                               : strlen(again) > strlen(text),
                      "%s:\n%s\n---\n%s", name, text, again);
        }
        arena_free(&arena);
    }
}

Test(ical_corpus, is_the_same_event_when_the_kept_text_is_lost)
{
    for (size_t i = 0; i < corpus_count(); i++) {
        struct arena *arena = arena_new();
        const char *name, *text = corpus_text(arena, i, &name);
        struct ical_object object, again;
        if (take(arena, text, name, &object)) {
            const char *plain =
                ical_write(arena, &object, NULL, home(), self, NULL);
            /* The links in it are the client's alone. */
            for (size_t k = 0; k < object.series.master.attachment_count; k++)
                cr_expect(object.series.master.attachments[k].link != NULL);
            if (take(arena, plain, name, &again))
                expect_same(&object.series, &again.series, name);
        }
        arena_free(&arena);
    }
}

Test(ical_corpus, changes_one_line_when_one_thing_has_changed)
{
    for (size_t i = 0; i < corpus_count(); i++) {
        struct arena *arena = arena_new();
        const char *name, *text = corpus_text(arena, i, &name);
        struct ical_object object, again;
        if (take(arena, text, name, &object)) {
            object.series.master.location = "Elsewhere";
            const char *changed =
                ical_write(arena, &object, text, home(), self, NULL);
            cr_expect(strstr(changed, "\r\nLOCATION:Elsewhere\r\n") != NULL,
                      "%s", name);
            char **lines = str_split(arena, text, "\r\n");
            for (; *lines != NULL; lines++)
                cr_expect(str_starts(*lines, "LOCATION") ||
                              strlen(*lines) > 74 || *lines[0] == ' ' ||
                              strstr(changed, *lines) != NULL,
                          "%s: %s", name, *lines);
            if (take(arena, changed, name, &again))
                expect_same(&object.series, &again.series, name);
        }
        arena_free(&arena);
    }
}

static const char *day_text(struct arena *arena, const struct when *when)
{
    struct when day = { .kind = WHEN_DATE, .instant = when_day(when) * 86400 };
    return ical_when_text(arena, &day);
}

Test(ical_corpus, happens_on_the_days_of_its_rule)
{
    for (size_t i = 0; i < corpus_count(); i++) {
        struct arena *arena = arena_new();
        const char *name, *text = corpus_text(arena, i, &name), *days[4];
        size_t count = corpus_days(i, days);
        struct ical_object object;
        if (take(arena, text, name, &object)) {
            struct series *series = &object.series;
            bool deleted = series->deleted_count > 0;
            cr_expect(deleted == (series->exception_count > 0), "%s", name);
            struct instances instances;
            struct instance instance;
            instances_begin(&instances, series, home());
            for (size_t k = 0; k < count; k++) {
                if (deleted && k == 1)
                    continue;
                cr_assert(instances_next(&instances, &instance), "%s", name);
                cr_expect_str_eq(day_text(arena, &instance.start), days[k],
                                 "%s", name);
                cr_expect((instance.exception != NULL) == (deleted && k == 2),
                          "%s", name);
                if (series->recurrence != NULL)
                    cr_expect(series_instance_index(
                                  series, &instance.occurrence) == k + 1,
                              "%s", name);
            }
        }
        arena_free(&arena);
    }
}
