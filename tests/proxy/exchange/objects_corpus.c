/*
 * objects_corpus.c - what programs write goes to Exchange and comes back
 *
 * Everything goes over EWS to the simulated Exchange.  It is read as whoever
 * wrote it reads it, by a gateway that has never seen it; and as if Outlook had
 * written it, without the text that is kept on the item.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/base/str.h"
#include "proxy/exchange/object_private.h"
#include "proxy/format/ical_lines.h"
#include "tests/format/ical_corpus.h"
#include "tests/format/task_corpus.h"
#include "tests/format/vcard_corpus.h"
#include "tests/proxy/exchange/losses.h"
#include "tests/proxy/exchange/objects.h"

#define SECONDS 900

static void expect_ok(struct office *office, enum status status)
{
    cr_assert_eq(status, STATUS_OK, "%s: %s", status_name(status),
                 office->op.reason == NULL ? "" : office->op.reason);
}

/* --- Taking the kept text off --------------------------------------------- */

struct stripping {
    struct desk *desk;
    size_t count;
};

static bool strip(void *context, const struct remote_object_read *read)
{
    static const struct remote_object_extras without = { .kept = "" };
    struct stripping *stripping = context;
    struct desk *desk = stripping->desk;
    const struct remote_object *object = &read->object;
    struct remote_result result = { 0 };
    enum status status = read->status;

    if (status == STATUS_OK && read->series != NULL)
        status = desk->objects->event_update(desk->op, desk->remote, object,
                                             read->series, read->series,
                                             &without, &result);
    else if (status == STATUS_OK && read->task != NULL)
        status = desk->objects->task_update(desk->op, desk->remote, object,
                                            read->task, read->task, &without,
                                            &result);
    else if (status == STATUS_OK && read->contact != NULL)
        status = desk->objects->contact_update(desk->op, desk->remote, object,
                                               read->contact, read->contact,
                                               &without, &result);
    cr_expect(status == STATUS_OK && result.status == STATUS_OK, "%s, %s",
              status_name(status), status_name(result.status));
    stripping->count++;
    return true;
}

static void take_kept_texts_off(struct office *office, int64_t folder)
{
    struct object *objects;
    struct desk desk;
    struct stripping stripping = { .desk = &desk };
    size_t count;

    office_refresh(office, folder);
    expect_ok(office, objects_list(&office->op, office->account, folder,
                                   &objects, &count));
    const char **names = arena_array(office->arena, count, sizeof *names);
    struct index_object *rows = arena_array(office->arena, count, sizeof *rows);
    struct remote_object *remotes =
        arena_array(office->arena, count, sizeof *remotes);
    expect_ok(office, desk_open(&office->op, office->account, folder, &desk));
    desk_know_owner(&desk);
    for (size_t i = 0; i < count; i++)
        names[i] = objects[i].name;
    expect_ok(office, index_objects_find(&office->op, office->account->index,
                                         folder, names, count, rows));
    for (size_t i = 0; i < count; i++)
        remotes[i] = object_remote(&rows[i]);
    expect_ok(office, desk.objects->read(&office->op, desk.remote, desk.zone,
                                         remotes, count, strip, &stripping));
    cr_expect_eq(stripping.count, count);
    office_restart(office, true);
}

/* --- All texts through one gateway ---------------------------------------- */

enum which { EVENTS, CARDS, TASKS };

/* clang-format off */
static const struct corpus {
    const char *suffix;
    void (*compare)(struct losses *losses, const char *name,
                    const char *written, const char *read);
    size_t (*count)(void);
    const char *(*text)(struct arena *arena, size_t index,
                        const char **name_out);
    const char *components[4]; /* whose rows have to be met */
} corpora[] = {
    [EVENTS] = { ".ics", losses_in_calendar, corpus_count, corpus_text, { "VCALENDAR", "VEVENT", "VALARM" } },
    [CARDS]  = { ".vcf", losses_in_card,     vcards_count, vcards_text, { "VCARD", "GROUP" } },
    [TASKS]  = { ".ics", losses_in_calendar, tasks_count,  tasks_text,  { "VTODO" } },
};
/* clang-format on */

/* One of them, or every so manyth text of it, and where it goes. */
struct run {
    const struct corpus *corpus;
    size_t step;
    int64_t folder;
    enum exchange_version version;
};

/* Exchange 2007 knows no members of groups, and no weeks but from Sunday. */
static bool is_refused(const struct run *run, const char *text)
{
    return run->version < EXCHANGE_2010_SP1 &&
           (strcasestr(text, "KIND:group") != NULL ||
            strstr(text, "INTERVAL=2;BYDAY=TU,SU;WKST=MO") != NULL);
}

static const char *object_name(struct office *office, const struct run *run,
                               size_t index)
{
    return arena_printf(office->arena, "%zu%s", index, run->corpus->suffix);
}

static void put_all(struct office *office, const struct run *run)
{
    for (size_t i = 0; i < run->corpus->count(); i += run->step) {
        const char *name, *text = run->corpus->text(office->arena, i, &name);
        enum status status =
            office_put(office, run->folder, object_name(office, run, i), text);
        cr_expect_eq(status == STATUS_OK, !is_refused(run, text), "%s: %s, %s",
                     name, status_name(status), office->op.reason);
    }
}

/* What Exchange has for whoever says it otherwise: times, rules, days. */
static void expect_same_meaning(const char *name, const struct ical_object *a,
                                const struct ical_object *b)
{
    const struct series *was = &a->series, *now = &b->series;
    /* Links stay with the client; the rest is compared line by line. */
    unsigned mask = 1u << EVENT_TIME | 1u << EVENT_CATEGORIES |
                    1u << EVENT_REMINDER | 1u << EVENT_CLASS |
                    1u << EVENT_IMPORTANCE;

    cr_expect_eq(event_differences(&was->master, &now->master) & mask, 0u,
                 "%s: %x", name, event_differences(&was->master, &now->master));
    cr_expect(recurrence_equal(was->recurrence, now->recurrence), "%s: rule",
              name);
    cr_expect_eq(task_differences(&a->task, &b->task) & ~(1u << TASK_BODY), 0u,
                 "%s: %x", name, task_differences(&a->task, &b->task));
    cr_assert(was->exception_count == now->exception_count &&
                  was->deleted_count == now->deleted_count,
              "%s: days", name);
    for (size_t i = 0; i < was->exception_count; i++) {
        const struct event *left = &was->exceptions[i];
        const struct event *right = &now->exceptions[i];
        cr_expect_eq(event_differences(left, right) & mask, 0u,
                     "%s: exception %x", name, event_differences(left, right));
        cr_expect(when_equal(&left->occurrence, &right->occurrence), "%s",
                  name);
    }
    for (size_t i = 0; i < was->deleted_count; i++)
        cr_expect(when_equal(&was->deleted[i], &now->deleted[i]), "%s: %zu",
                  name, i);
}

static void compare_meaning(const char *name, const char *written,
                            const char *read)
{
    static const char *const self[] = { ANN, NULL };
    const struct zone *home = zone_iana("Europe/Berlin");
    struct arena *arena = arena_new();
    struct ical_object a, b;
    const char *reason;

    cr_assert_eq(
        ical_read(arena, written, strlen(written), home, self, &a, &reason),
        ICAL_FINE, "%s", name);
    cr_assert_eq(ical_read(arena, read, strlen(read), home, self, &b, &reason),
                 ICAL_FINE, "%s: %s\n%s", name, reason, read);
    expect_same_meaning(name, &a, &b);
    arena_free(&arena);
}

/* Every field that Outlook has. */
static void compare_fields(const char *name, const char *written,
                           const char *read)
{
    struct arena *arena = arena_new();
    struct contact a, b;
    enum vcard_version version;
    const char *reason;

    cr_assert_eq(
        vcard_read(arena, written, strlen(written), &a, &version, &reason),
        VCARD_FINE, "%s", name);
    cr_assert_eq(vcard_read(arena, read, strlen(read), &b, &version, &reason),
                 VCARD_FINE, "%s: %s", name, reason);
    cr_expect(contact_equal(&a, &b), "%s:\n%s\n%s", name, written, read);
    cr_expect(a.group || (a.photo_len == b.photo_len &&
                          (a.photo_len == 0 ||
                           memcmp(a.photo, b.photo, a.photo_len) == 0)),
              "%s: photo", name);
    arena_free(&arena);
}

/* As the program asks for it that has written it. */
static enum vcard_version version_of(const char *text)
{
    return strstr(text, "\r\nVERSION:4.0\r\n") != NULL ? VCARD_4 : VCARD_3;
}

/* The same card in both versions, whichever it was written in. */
static void compare_versions(struct office *office, const struct run *run,
                             size_t index, const char *name, const char *text)
{
    for (enum vcard_version version = VCARD_3; version <= VCARD_4; version++) {
        const char *read = office_get_as(
            office, run->folder, object_name(office, run, index), version);
        compare_fields(name, text, read);
        cr_expect_eq(version_of(read), version, "%s", name);
    }
}

static void compare_all(struct office *office, const struct run *run,
                        bool lossless)
{
    static const char *const no_rows[] = { NULL };
    const struct corpus *corpus = run->corpus;
    struct losses *losses =
        losses_new(office->arena, lossless, run->version < EXCHANGE_2013_SP1);

    office_refresh(office, run->folder);
    for (size_t i = 0; i < corpus->count(); i += run->step) {
        const char *name, *text = corpus->text(office->arena, i, &name);
        if (is_refused(run, text))
            continue;
        const char *read = office_get_as(
            office, run->folder, object_name(office, run, i), version_of(text));
        cr_assert_not_null(read, "%s", name);
        corpus->compare(losses, name, text, read);
        if (corpus->compare == losses_in_calendar)
            compare_meaning(name, text, read);
        else
            compare_versions(office, run, i, name, text);
    }
    losses_expect(losses, run->step > 1 || run->version < EXCHANGE_2016
                              ? no_rows
                              : corpus->components);
}

/* There and back, with what is kept on the item and without. */
static void go_and_come(enum exchange_version version, enum which which,
                        size_t step)
{
    struct office office = office_open(version);
    const int64_t folders[] = { office.calendar, office.contacts,
                                office.tasks };
    struct run run = { &corpora[which], step, folders[which], version };

    put_all(&office, &run);
    office_restart(&office, true);
    compare_all(&office, &run, true);
    take_kept_texts_off(&office, run.folder);
    compare_all(&office, &run, false);
    office_close(&office);
}

Test(objects_corpus, every_event_comes_back, .timeout = SECONDS)
{
    go_and_come(EXCHANGE_2016, EVENTS, 1);
}

Test(objects_corpus, every_card_comes_back, .timeout = SECONDS)
{
    go_and_come(EXCHANGE_2016, CARDS, 1);
}

Test(objects_corpus, every_task_comes_back, .timeout = SECONDS)
{
    go_and_come(EXCHANGE_2016, TASKS, 1);
}

/* Every so manyth event, so that all programs and shapes take turns. */
static void sample(enum exchange_version version)
{
    go_and_come(version, EVENTS, 13);
    go_and_come(version, CARDS, 1);
    go_and_come(version, TASKS, 1);
}

Test(objects_corpus, comes_back_from_exchange_2007, .timeout = SECONDS)
{
    sample(EXCHANGE_2007_SP1);
}

Test(objects_corpus, comes_back_from_exchange_2010, .timeout = SECONDS)
{
    sample(EXCHANGE_2010_SP2);
}

Test(objects_corpus, comes_back_from_exchange_2013, .timeout = SECONDS)
{
    sample(EXCHANGE_2013_SP1);
}
