/*
 * test_objects.c - events, tasks and contacts on the simulated Exchange: what
 * is written is what is read, and how many calls that takes
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "proxy/exchange/ews/ews.h"
#include "proxy/format/recurrence.h"
#include "tests/exchange/exchange.h"
#include "tests/proxy/exchange/ews/mailbox.h"

#define USER "ann@example.com"

struct office {
    struct exchange *exchange;
    struct mailbox mailbox;
    struct op *op;
    struct remote *remote;
    const struct remote_objects *objects;
    const char *calendar;
    const char *tasks;
    const char *contacts;
};

static void begin(struct office *o, enum exchange_version version)
{
    o->exchange = exchange_new(version);
    exchange_add_user(o->exchange, USER, "Ann Lee", "secret", "en");
    exchange_add_user(o->exchange, "bob@example.com", "Bob", "secret", "en");
    cr_assert(exchange_serve(o->exchange, 0, false, EXCHANGE_BASIC) != 0);
    mailbox_init(&o->mailbox, exchange_url(o->exchange));
    o->op = &o->mailbox.op;
    cr_assert_eq(mailbox_open_as(&o->mailbox, USER, "secret"), STATUS_OK, "%s",
                 o->op->reason);
    o->remote = o->mailbox.remote;
    o->objects = o->remote->backend->objects;
    char **uses = ews_of(o->remote)->uses;
    o->calendar = uses[FOLDER_CALENDAR_MAIN];
    o->tasks = uses[FOLDER_TASKS_MAIN];
    o->contacts = uses[FOLDER_CONTACTS_MAIN];
    exchange_reset_calls(o->exchange);
}

static void end(struct office *o)
{
    mailbox_fini(&o->mailbox);
    exchange_stop(o->exchange);
    exchange_free(&o->exchange);
}

static struct when at(const char *text, const char *zone)
{
    return (struct when){ WHEN_ZONED, time_from_iso(text), zone_iana(zone) };
}

static struct when day(const char *text)
{
    return (struct when){ WHEN_DATE, time_from_iso(text),
                          zone_iana("Europe/Berlin") };
}

/* --- Reading back --------------------------------------------------------- */

/* Nothing outlives the callback: so the checks are made within it. */
struct reading {
    void (*check)(const struct remote_object_read *read, const void *expected,
                  const char *what);
    const void *expected;
    const char *what;
    struct arena *arena;
    struct remote_object object;
    size_t count;
};

static bool take(void *context, const struct remote_object_read *read)
{
    struct reading *reading = context;

    reading->count++;
    cr_assert_eq(read->status, STATUS_OK, "%s: %s", reading->what,
                 status_name(read->status));
    reading->object = read->object;
    reading->object.id = arena_strdup(reading->arena, read->object.id);
    reading->object.change_key =
        arena_strdup(reading->arena, read->object.change_key);
    reading->object.name = arena_strdup(reading->arena, read->object.name);
    reading->object.token = arena_strdup(reading->arena, read->object.token);
    if (reading->check != NULL)
        reading->check(read, reading->expected, reading->what);
    return true;
}

static struct remote_object read_back(
    struct office *o, const char *id, enum remote_object_kind kind,
    void (*check)(const struct remote_object_read *read, const void *expected,
                  const char *what),
    const void *expected, const char *what)
{
    struct reading reading = { .check = check,
                               .expected = expected,
                               .what = what,
                               .arena = o->op->arena };
    const struct remote_object object = { .id = id, .kind = kind };

    cr_assert_not_null(id, "%s", what);
    cr_assert_eq(o->objects->read(o->op, o->remote, zone_iana("Europe/Paris"),
                                  &object, 1, take, &reading),
                 STATUS_OK, "%s: %s", what, o->op->reason);
    cr_assert_eq(reading.count, 1, "%s", what);
    return reading.object;
}

/* One's own answer and other files are no matter here. */
#define COMPARED (~(1u << EVENT_ANSWER))

static void check_series(const struct remote_object_read *read,
                         const void *expected, const char *what)
{
    const struct series *shall = expected, *is = read->series;

    cr_assert_not_null(is, "%s", what);
    cr_expect_str_eq(is->uid, shall->uid, "%s", what);
    cr_expect_eq(is->has_master, shall->has_master, "%s", what);
    cr_expect_eq(event_differences(&is->master, &shall->master) & COMPARED, 0,
                 "%s: %x", what,
                 event_differences(&is->master, &shall->master));
    cr_expect(recurrence_equal(is->recurrence, shall->recurrence), "%s", what);
    cr_assert_eq(is->deleted_count, shall->deleted_count, "%s: %zu", what,
                 is->deleted_count);
    for (size_t i = 0; i < is->deleted_count; i++)
        cr_expect(when_equal(&is->deleted[i], &shall->deleted[i]), "%s %zu",
                  what, i);
    cr_assert_eq(is->exception_count, shall->exception_count, "%s: %zu", what,
                 is->exception_count);
    for (size_t i = 0; i < is->exception_count; i++) {
        const struct event *a = &is->exceptions[i];
        const struct event *b = &shall->exceptions[i];
        cr_expect(when_equal(&a->occurrence, &b->occurrence), "%s %zu", what,
                  i);
        cr_expect_eq(event_differences(a, b) & COMPARED, 0, "%s %zu: %x", what,
                     i, event_differences(a, b));
    }
}

static const struct remote_object_extras extras = {
    .name = "a.ics", .kept = "BEGIN:VCALENDAR\r\n", .token = "attempt"
};
static const struct remote_object_extras nothing = { .name = NULL };

/* --- Events --------------------------------------------------------------- */

static const char *const categories[] = { "Red", "Blue & green", NULL };

static struct event plain_event(void)
{
    return (struct event){
        .start = at("2024-05-06T07:00:00Z", "Europe/Berlin"),
        .end = at("2024-05-06T08:00:00Z", "Europe/Berlin"),
        .summary = "Tea <& cake>",
        .location = "Kitchen",
        .description = "One\ntwo",
        .busy = BUSY_BUSY,
        .importance = IMPORTANCE_NORMAL,
        .reminder = true,
        .reminder_minutes = 10,
    };
}

static struct event other_event(void)
{
    struct event event = plain_event();

    event.start = at("2024-05-07T13:00:00Z", "America/New_York");
    event.end = at("2024-05-07T14:30:00Z", "America/New_York");
    event.summary = "Coffee";
    event.location = NULL;
    event.description = NULL;
    event.busy = BUSY_AWAY;
    event.class = CLASS_PRIVATE;
    event.importance = IMPORTANCE_HIGH;
    event.categories = categories;
    event.reminder = false;
    event.refuse_counter = true;
    event.url = "http://example.com/";
    return event;
}

static void calls_are(struct office *o, unsigned count, const char *what)
{
    cr_expect_eq(exchange_calls(o->exchange, NULL), count, "%s: %u", what,
                 exchange_calls(o->exchange, NULL));
    exchange_reset_calls(o->exchange);
}

static void use_single(struct office *o, const char *version)
{
    struct series first = { .uid = "uid-1@client",
                            .has_master = true,
                            .master = plain_event() };
    struct series second = first, days = first;
    struct remote_result result;

    second.master = other_event();
    days.master.start = day("2024-05-09T00:00:00Z");
    days.master.end = day("2024-05-11T00:00:00Z");
    cr_assert_eq(o->objects->event_create(o->op, o->remote, o->calendar, &first,
                                          &extras, &result),
                 STATUS_OK, "%s: %s", version, o->op->reason);
    calls_are(o, 1, "a new event");
    struct remote_object object =
        read_back(o, result.id, REMOTE_EVENT, check_series, &first, version);
    cr_expect_str_eq(object.name, "a.ics");
    cr_expect_str_eq(object.token, "attempt");
    calls_are(o, 1, "reading it");
    const struct series *steps[] = { &second, &days, &first, &first };
    for (size_t i = 0; i < 4; i++) {
        const struct series *was = i == 0 ? &first : steps[i - 1];
        cr_assert_eq(o->objects->event_update(o->op, o->remote, &object, was,
                                              steps[i], &nothing, &result),
                     STATUS_OK, "%s %zu: %s", version, i, o->op->reason);
        calls_are(o, i < 3, "a change");
        object = read_back(o, result.id, REMOTE_EVENT, check_series, steps[i],
                           version);
        calls_are(o, 1, "reading it");
    }
    struct remote_object stale = object;
    stale.change_key = "AAAA";
    cr_expect_eq(o->objects->event_update(o->op, o->remote, &stale, &first,
                                          &second, &nothing, &result),
                 STATUS_CONFLICT, "%s: %s", version,
                 status_name(result.status));
    cr_expect_eq(
        o->objects->remove(o->op, o->remote, &object, true, REMOTE_NOTICE_NONE),
        STATUS_OK, "%s: %s", version, o->op->reason);
    exchange_reset_calls(o->exchange);
}

static void use_series(struct office *o, const char *version)
{
    struct recurrence rule = { .pattern = REPEAT_WEEKLY,
                               .interval = 1,
                               .weekdays = 0x22,
                               .count = 20,
                               .begin = day("2024-05-06T00:00:00Z") };
    struct event exceptions[2] = { plain_event(), plain_event() };
    struct when deleted[2] = { at("2024-05-13T07:00:00Z", "Europe/Berlin"),
                               at("2024-05-20T07:00:00Z", "Europe/Berlin") };
    struct series whole = { .uid = "series@client",
                            .has_master = true,
                            .master = plain_event(),
                            .recurrence = &rule };
    struct series some = whole, more = whole, moved = whole;
    struct event late[2];
    struct remote_result result;

    exceptions[0].occurrence = at("2024-05-10T07:00:00Z", "Europe/Berlin");
    exceptions[0].start = at("2024-05-10T09:00:00Z", "Europe/Berlin");
    exceptions[0].end = at("2024-05-10T11:00:00Z", "Europe/Berlin");
    exceptions[0].summary = "Later";
    exceptions[1].occurrence = at("2024-05-17T07:00:00Z", "Europe/Berlin");
    exceptions[1].start = exceptions[1].occurrence;
    exceptions[1].end = at("2024-05-17T08:00:00Z", "Europe/Berlin");
    exceptions[1].location = "Garden";
    some.exceptions = exceptions;
    some.exception_count = 1;
    some.deleted = deleted;
    some.deleted_count = 1;
    more.exceptions = exceptions;
    more.exception_count = 2;
    more.deleted = deleted;
    more.deleted_count = 2;

    cr_assert_eq(o->objects->event_create(o->op, o->remote, o->calendar, &whole,
                                          &extras, &result),
                 STATUS_OK, "%s: %s", version, o->op->reason);
    calls_are(o, 1, "a new series");
    struct remote_object object =
        read_back(o, result.id, REMOTE_EVENT, check_series, &whole, version);
    calls_are(o, 1, "reading it");
    cr_assert_eq(o->objects->event_update(o->op, o->remote, &object, &whole,
                                          &some, &nothing, &result),
                 STATUS_OK, "%s: %s", version, o->op->reason);
    calls_are(o, 3, "one that goes and one that changes");
    object =
        read_back(o, result.id, REMOTE_EVENT, check_series, &some, version);
    calls_are(o, 2, "reading it with its exception");
    cr_assert_eq(o->objects->event_update(o->op, o->remote, &object, &some,
                                          &more, &nothing, &result),
                 STATUS_OK, "%s: %s", version, o->op->reason);
    object =
        read_back(o, result.id, REMOTE_EVENT, check_series, &more, version);

    /* All of it an hour later: Exchange forgets the exceptions. */
    exchange_reset_calls(o->exchange);
    memcpy(late, exceptions, sizeof late);
    for (size_t i = 0; i < 2; i++)
        late[i].occurrence.instant += 3600;
    moved.master.start.instant += 3600;
    moved.master.end.instant += 3600;
    moved.exceptions = late;
    moved.exception_count = 2;
    moved.deleted = &deleted[1];
    moved.deleted_count = 1;
    deleted[1].instant += 3600;
    cr_assert_eq(o->objects->event_update(o->op, o->remote, &object, &more,
                                          &moved, &nothing, &result),
                 STATUS_OK, "%s: %s", version, o->op->reason);
    calls_are(o, 3, "a series that moves");
    object =
        read_back(o, result.id, REMOTE_EVENT, check_series, &moved, version);

    struct series same = moved;
    exchange_reset_calls(o->exchange);
    cr_assert_eq(o->objects->event_update(o->op, o->remote, &object, &moved,
                                          &same, &nothing, &result),
                 STATUS_OK);
    calls_are(o, 0, "a series that stays");
}

/* A series that is there with its exceptions at once. */
static void use_whole_series(struct office *o, const char *version)
{
    struct recurrence rule = { .pattern = REPEAT_MONTHLY_WEEKDAY,
                               .interval = 1,
                               .weekdays = 1u << 1,
                               .week = 1,
                               .until = day("2025-05-06T00:00:00Z"),
                               .begin = day("2024-05-06T00:00:00Z") };
    struct event exception = plain_event();
    struct when deleted = day("2024-07-01T00:00:00Z");
    struct series series = { .uid = "days@client",
                             .has_master = true,
                             .master = plain_event(),
                             .recurrence = &rule,
                             .exceptions = &exception,
                             .exception_count = 1,
                             .deleted = &deleted,
                             .deleted_count = 1 };
    struct remote_result result;

    series.master.start = day("2024-05-06T00:00:00Z");
    series.master.end = day("2024-05-07T00:00:00Z");
    exception.occurrence = day("2024-06-03T00:00:00Z");
    exception.start = day("2024-06-04T00:00:00Z");
    exception.end = day("2024-06-05T00:00:00Z");
    exception.summary = "A day later";
    cr_assert_eq(o->objects->event_create(o->op, o->remote, o->calendar,
                                          &series, &extras, &result),
                 STATUS_OK, "%s: %s", version, o->op->reason);
    calls_are(o, 3, "a new series with an exception");
    read_back(o, result.id, REMOTE_EVENT, check_series, &series, version);
    exchange_reset_calls(o->exchange);
}

/* --- Tasks and contacts --------------------------------------------------- */

static void check_task(const struct remote_object_read *read,
                       const void *expected, const char *what)
{
    cr_assert_not_null(read->task, "%s", what);
    cr_expect_eq(task_differences(read->task, expected), 0, "%s: %x", what,
                 task_differences(read->task, expected));
}

static void use_task(struct office *o, const char *version)
{
    struct task first = { .uid = "task@client",
                          .summary = "Do it",
                          .description = "Soon",
                          .start = day("2024-05-06T00:00:00Z"),
                          .due = day("2024-05-08T00:00:00Z"),
                          .completed = TIME_NONE,
                          .status = TASK_IN_PROGRESS,
                          .percent = 40,
                          .importance = IMPORTANCE_HIGH,
                          .categories = categories,
                          .reminder = true,
                          .reminder_time =
                              time_from_iso("2024-05-07T08:00:00Z") };
    struct task done = first, again = first;
    struct remote_result result;

    done.status = TASK_COMPLETED;
    done.percent = 100;
    done.completed = time_from_iso("2024-05-08T00:00:00Z");
    done.reminder = false;
    again.start.kind = again.due.kind = WHEN_NONE;
    again.status = TASK_NOT_STARTED;
    again.percent = 0;
    again.description = again.summary = NULL;
    again.categories = NULL;
    again.class = CLASS_PRIVATE;
    const struct task *steps[] = { &first, &done, &again, &first };
    cr_assert_eq(o->objects->task_create(o->op, o->remote, o->tasks, &first,
                                         &extras, &result),
                 STATUS_OK, "%s: %s", version, o->op->reason);
    calls_are(o, 1, "a new task");
    for (size_t i = 0; i < 4; i++) {
        struct remote_object object =
            read_back(o, result.id, REMOTE_TASK, check_task, steps[i], version);
        exchange_reset_calls(o->exchange);
        if (i == 3)
            break;
        cr_assert_eq(o->objects->task_update(o->op, o->remote, &object,
                                             steps[i], steps[i + 1], &nothing,
                                             &result),
                     STATUS_OK, "%s %zu: %s", version, i, o->op->reason);
        calls_are(o, 1, "a change of a task");
    }
}

static void check_contact(const struct remote_object_read *read,
                          const void *expected, const char *what)
{
    const struct contact *shall = expected, *is = read->contact;

    cr_assert_not_null(is, "%s", what);
    cr_expect(contact_equal(is, shall), "%s", what);
    for (size_t i = 0; i < CONTACT_TEXT_COUNT; i++)
        cr_expect(str_equal(is->text[i], shall->text[i]), "%s: %zu %s %s", what,
                  i, is->text[i], shall->text[i]);
    for (size_t i = 0; i < PHONE_COUNT; i++)
        cr_expect(str_equal(is->phone[i], shall->phone[i]), "%s: %zu %s", what,
                  i, is->phone[i]);
    cr_expect_eq(is->has_photo, shall->has_photo, "%s", what);
}

static void use_contact(struct office *o, const char *version)
{
    static const char *const children[] = { "Tim", NULL };
    struct contact first = { .uid = "c@client", .preferred_place = PLACE_HOME };
    struct contact second = { .preferred_place = -1 };
    struct remote_result result;
    static char names[CONTACT_TEXT_COUNT][16], phones[PHONE_COUNT][16];

    for (size_t i = 0; i < CONTACT_TEXT_COUNT; i++) {
        snprintf(names[i], sizeof names[i], "text %zu", i);
        first.text[i] = names[i];
    }
    for (size_t i = 0; i < PHONE_COUNT; i++) {
        snprintf(phones[i], sizeof phones[i], "+49 %zu", i);
        first.phone[i] = phones[i];
    }
    first.email[0].address = "ann@example.com";
    first.email[2].address = "lee@example.com";
    for (size_t i = 0; i < PLACE_COUNT; i++)
        first.place[i] = (struct contact_address){ "1 Way", "Town",    "State",
                                                   "123",   "Country", "Box" };
    first.children = children;
    first.categories = categories;
    first.birthday = day("1604-04-12T00:00:00Z");
    first.anniversary = day("1999-12-31T00:00:00Z");
    first.gender = 1;
    first.class = CLASS_PRIVATE;
    second.text[CONTACT_DISPLAY_NAME] = "Lee";
    second.text[CONTACT_FILE_AS] = "Lee";
    second.email[1].address = "b@example.com";
    second.place[PLACE_OTHER].city = "City";
    const struct contact *steps[] = { &first, &second, &first };
    cr_assert_eq(o->objects->contact_create(o->op, o->remote, o->contacts,
                                            &first, &extras, &result),
                 STATUS_OK, "%s: %s", version, o->op->reason);
    calls_are(o, 1, "a new contact");
    for (size_t i = 0; i < 3; i++) {
        struct remote_object object = read_back(
            o, result.id, REMOTE_CONTACT, check_contact, steps[i], version);
        exchange_reset_calls(o->exchange);
        if (i == 2)
            break;
        cr_assert_eq(o->objects->contact_update(o->op, o->remote, &object,
                                                steps[i], steps[i + 1],
                                                &nothing, &result),
                     STATUS_OK, "%s %zu: %s", version, i, o->op->reason);
        calls_are(o, 1, "a change of a contact");
    }
}

static void check_group(const struct remote_object_read *read,
                        const void *expected, const char *what)
{
    const struct contact *shall = expected, *is = read->contact;

    cr_assert_not_null(is, "%s", what);
    cr_expect(is->group, "%s", what);
    cr_expect(str_equal(is->text[CONTACT_DISPLAY_NAME],
                        shall->text[CONTACT_DISPLAY_NAME]),
              "%s", what);
    cr_assert_eq(is->member_count, shall->member_count, "%s: %zu", what,
                 is->member_count);
    for (size_t i = 0; i < is->member_count; i++)
        cr_expect_str_eq(is->members[i].address, shall->members[i].address,
                         "%s", what);
}

static void use_group(struct office *o, const char *version)
{
    struct contact_member members[] = {
        { .address = "ann@example.com", .name = "Ann" },
        { .address = "bob@example.com" },
        { .address = "cid@other.example", .name = "Cid <x/>" },
    };
    struct contact all = { .uid = "g@client",
                           .group = true,
                           .preferred_place = -1,
                           .members = members,
                           .member_count = 3 };
    struct contact some = all;
    struct remote_result result;

    all.text[CONTACT_DISPLAY_NAME] = "All of us";
    some.text[CONTACT_DISPLAY_NAME] = "Some of us";
    some.member_count = 1;
    enum status status = o->objects->contact_create(
        o->op, o->remote, o->contacts, &all, &extras, &result);
    if (ews_version(ews_of(o->remote)) < EWS_2010) {
        cr_expect_eq(status, STATUS_UNSUPPORTED);
        return;
    }
    cr_assert_eq(status, STATUS_OK, "%s: %s", version, o->op->reason);
    struct remote_object object =
        read_back(o, result.id, REMOTE_GROUP, check_group, &all, version);
    cr_assert_eq(o->objects->contact_update(o->op, o->remote, &object, &all,
                                            &some, &nothing, &result),
                 STATUS_OK, "%s: %s", version, o->op->reason);
    read_back(o, result.id, REMOTE_GROUP, check_group, &some, version);
}

/* --- Files and pictures --------------------------------------------------- */

static void check_files(const struct remote_object_read *read,
                        const void *expected, const char *what)
{
    const struct event *event = &read->series->master;
    struct event_attachment *out = (struct event_attachment *)expected;

    cr_assert_eq(event->attachment_count, 1, "%s: %zu", what,
                 event->attachment_count);
    snprintf((char *)out->id, 256, "%s", event->attachments[0].id);
    cr_expect_str_eq(event->attachments[0].name, "a & b.txt", "%s", what);
    cr_expect_str_eq(event->attachments[0].type, "text/plain", "%s", what);
}

static void use_files(struct office *o, const char *version)
{
    struct event_attachment file = {
        .name = "a & b.txt", .type = "text/plain", .data = "hello", .len = 5
    };
    struct series series = { .uid = "files@client",
                             .has_master = true,
                             .master = plain_event() };
    static char id[256];
    struct event_attachment known = { .id = id }, read;
    struct remote_result result;

    series.master.attachments = &file;
    series.master.attachment_count = 1;
    cr_assert_eq(o->objects->event_create(o->op, o->remote, o->calendar,
                                          &series, &extras, &result),
                 STATUS_OK, "%s: %s", version, o->op->reason);
    calls_are(o, 2, "an event with a file");
    read_back(o, result.id, REMOTE_EVENT, check_files, &known, version);
    cr_assert_eq(o->objects->attachment_read(o->op, o->remote, id, &read),
                 STATUS_OK, "%s: %s", version, o->op->reason);
    cr_assert_eq(read.len, 5);
    cr_expect_eq(memcmp(read.data, "hello", 5), 0);
    cr_expect_eq(o->objects->attachment_remove(o->op, o->remote, id, &result),
                 STATUS_OK);
    cr_expect_not_null(result.change_key);
    cr_expect_eq(o->objects->attachment_read(o->op, o->remote, id, &read),
                 STATUS_NOT_FOUND);
    exchange_reset_calls(o->exchange);
}

static void check_photo(const struct remote_object_read *read,
                        const void *expected, const char *what)
{
    const bool *shall = expected;

    cr_expect_eq(read->contact->has_photo, *shall, "%s", what);
}

static void use_photo(struct office *o, const char *version)
{
    struct contact with = { .uid = "p@client",
                            .preferred_place = -1,
                            .has_photo = true,
                            .photo = "\xff\xd8\xff",
                            .photo_len = 3 };
    struct contact without = { .uid = "p@client", .preferred_place = -1 };
    struct remote_result result;
    bool yes = true, no = false;

    with.text[CONTACT_GIVEN_NAME] = without.text[CONTACT_GIVEN_NAME] = "Ann";
    cr_assert_eq(o->objects->contact_create(o->op, o->remote, o->contacts,
                                            &with, &extras, &result),
                 STATUS_OK, "%s: %s", version, o->op->reason);
    struct remote_object object =
        read_back(o, result.id, REMOTE_CONTACT, check_photo, &yes, version);
    cr_assert_eq(o->objects->contact_update(o->op, o->remote, &object, &with,
                                            &without, &nothing, &result),
                 STATUS_OK, "%s: %s", version, o->op->reason);
    object = read_back(o, result.id, REMOTE_CONTACT, check_photo, &no, version);
    cr_assert_eq(o->objects->contact_update(o->op, o->remote, &object, &without,
                                            &with, &nothing, &result),
                 STATUS_OK, "%s: %s", version, o->op->reason);
    read_back(o, result.id, REMOTE_CONTACT, check_photo, &yes, version);
}

/* --- Lists ---------------------------------------------------------------- */

struct listed {
    struct arena *arena;
    size_t there;
    size_t gone;
    const char *state;
    const char *name;
};

static bool take_page(void *context, const struct remote_object_page *page)
{
    struct listed *listed = context;

    for (size_t i = 0; i < page->count; i++) {
        listed->there += !page->deltas[i].gone;
        listed->gone += page->deltas[i].gone;
        if (!page->deltas[i].gone)
            listed->name =
                arena_strdup(listed->arena, page->deltas[i].object.name);
    }
    listed->state = arena_strdup(listed->arena, page->state);
    return true;
}

static void use_lists(struct office *o, const char *version)
{
    struct series series = { .uid = "a<b>@client",
                             .has_master = true,
                             .master = plain_event() };
    struct series other = series;
    struct listed all = { .arena = o->op->arena }, later = all, listed = all;
    struct remote_object *found;
    struct remote_result result, second;
    size_t count;

    other.uid = "other@client";
    cr_assert_eq(o->objects->event_create(o->op, o->remote, o->calendar,
                                          &series, &extras, &result),
                 STATUS_OK);
    cr_assert_eq(o->objects->event_create(o->op, o->remote, o->calendar, &other,
                                          &nothing, &second),
                 STATUS_OK);
    cr_expect_eq(o->objects->find(o->op, o->remote, o->calendar, "attempt",
                                  NULL, &found, &count),
                 STATUS_OK, "%s", o->op->reason);
    cr_assert_eq(count, 1, "%s: %zu", version, count);
    cr_expect_str_eq(found[0].id, result.id);
    cr_expect_eq(o->objects->find(o->op, o->remote, o->calendar, NULL,
                                  "other@client", &found, &count),
                 STATUS_OK, "%s", o->op->reason);
    cr_assert_eq(count, 1, "%s: %zu", version, count);
    cr_expect_str_eq(found[0].id, second.id);
    exchange_reset_calls(o->exchange);
    cr_expect_eq(
        o->objects->sync(o->op, o->remote, o->calendar, NULL, take_page, &all),
        STATUS_OK);
    calls_are(o, 1, "a first synchronisation");
    cr_expect_eq(all.there, 2, "%s", version);
    cr_expect_eq(
        o->objects->list(o->op, o->remote, o->calendar, take_page, &listed),
        STATUS_OK);
    cr_expect_eq(listed.there, 2, "%s", version);
    struct remote_object object = { .id = result.id };
    cr_expect_eq(
        o->objects->remove(o->op, o->remote, &object, true, REMOTE_NOTICE_NONE),
        STATUS_OK);
    cr_expect_eq(o->objects->sync(o->op, o->remote, o->calendar, all.state,
                                  take_page, &later),
                 STATUS_OK);
    cr_expect_eq(later.gone, 1, "%s", version);
    exchange_invalidate_sync(o->exchange, USER);
    cr_expect_eq(o->objects->sync(o->op, o->remote, o->calendar, all.state,
                                  take_page, &later),
                 STATUS_STALE);
}

/* --- Lost answers --------------------------------------------------------- */

static void use_lost_answers(struct office *o, const char *version)
{
    struct exchange_fault_rule rule = { .operation = "CreateItem",
                                        .fault = FAULT_RESET_AFTER,
                                        .times = 1 };
    struct series series = { .uid = "lost@client",
                             .has_master = true,
                             .master = plain_event() };
    struct remote_object *found;
    struct remote_result result;
    size_t count;

    exchange_set_fault(o->exchange, &rule);
    cr_expect_eq(o->objects->event_create(o->op, o->remote, o->calendar,
                                          &series, &extras, &result),
                 STATUS_UNCERTAIN, "%s", version);
    cr_expect_null(result.id);
    exchange_clear_faults(o->exchange);
    cr_expect_eq(o->objects->find(o->op, o->remote, o->calendar, "attempt",
                                  NULL, &found, &count),
                 STATUS_OK, "%s", o->op->reason);
    cr_assert_eq(count, 1, "%s", version);
    read_back(o, found[0].id, REMOTE_EVENT, check_series, &series, version);
}

/* --- All versions --------------------------------------------------------- */

static const char *const versions[] = { "2007",     "2010 SP1", "2010 SP2",
                                        "2013 SP1", "2016",     "2019" };

#define IN_ALL_VERSIONS(use)                                                   \
    for (size_t v = 0; v < EXCHANGE_VERSION_COUNT; v++) {                      \
        struct office office;                                                  \
        begin(&office, (enum exchange_version)v);                              \
        use(&office, versions[v]);                                             \
        end(&office);                                                          \
    }

Test(ews_objects, keep_single_events, .timeout = 600)
{
    IN_ALL_VERSIONS(use_single);
}

Test(ews_objects, keep_series_with_their_exceptions, .timeout = 600)
{
    IN_ALL_VERSIONS(use_series);
}

Test(ews_objects, make_series_with_exceptions, .timeout = 600)
{
    IN_ALL_VERSIONS(use_whole_series);
}

Test(ews_objects, keep_tasks, .timeout = 600)
{
    IN_ALL_VERSIONS(use_task);
}

Test(ews_objects, keep_contacts, .timeout = 600)
{
    IN_ALL_VERSIONS(use_contact);
}

Test(ews_objects, keep_groups, .timeout = 600)
{
    IN_ALL_VERSIONS(use_group);
}

Test(ews_objects, keep_files, .timeout = 600)
{
    IN_ALL_VERSIONS(use_files);
}

Test(ews_objects, keep_pictures, .timeout = 600)
{
    IN_ALL_VERSIONS(use_photo);
}

Test(ews_objects, are_listed_and_found, .timeout = 600)
{
    IN_ALL_VERSIONS(use_lists);
}

Test(ews_objects, are_found_again_when_the_answer_was_lost, .timeout = 600)
{
    IN_ALL_VERSIONS(use_lost_answers);
}
