/*
 * test_object_requests.c - what is asked for events, tasks and contacts fits
 * the official schema, whatever they hold
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "tests/proxy/exchange/ews/scene.h"
#include "tests/proxy/exchange/ews/validation.h"

#define NASTY "a<x/>&\"'\xc3\xa4\1\r\n]]>"

#define FREE                                                                   \
    "<m:FreeBusyResponse><m:ResponseMessage ResponseClass=\"Success\">"        \
    "<m:ResponseCode>NoError</m:ResponseCode></m:ResponseMessage>"             \
    "<m:FreeBusyView><t:FreeBusyViewType>FreeBusy</t:FreeBusyViewType>"        \
    "</m:FreeBusyView></m:FreeBusyResponse>"

static const struct remote_objects *slots(void)
{
    return ews_backend.objects;
}

static bool take_page(void *context, const struct remote_object_page *page)
{
    (void)context, (void)page;
    return true;
}

static bool take_read(void *context, const struct remote_object_read *read)
{
    (void)context, (void)read;
    return true;
}

static struct when at(const char *text, const char *zone)
{
    struct when when = { .kind = WHEN_ZONED, .instant = time_from_iso(text) };

    when.zone = zone_iana(zone);
    cr_assert_not_null(when.zone, "%s", zone);
    return when;
}

static struct when day(const char *text)
{
    return (struct when){ .kind = WHEN_DATE,
                          .instant = time_from_iso(text),
                          .zone = zone_iana("Europe/Berlin") };
}

static const char *const categories[] = { NASTY, "Red", NULL };

static struct attendee attendees[] = {
    { .address = "ann<x/>@example.com", .name = NASTY, .rsvp = true },
    { .address = "bob@example.com", .role = ROLE_OPTIONAL },
    { .address = "room@example.com", .role = ROLE_RESOURCE },
    { .address = "me@example.com", .role = ROLE_REQUIRED },
};

static struct event full_event(void)
{
    return (struct event){
        .start = at("2024-05-06T09:00:00Z", "Europe/Berlin"),
        .end = at("2024-05-06T10:00:00Z", "America/New_York"),
        .summary = NASTY,
        .location = NASTY,
        .description = NASTY,
        .html = "<p>" NASTY "</p>",
        .busy = BUSY_ELSEWHERE,
        .class = CLASS_PRIVATE,
        .importance = IMPORTANCE_HIGH,
        .categories = categories,
        .reminder = true,
        .reminder_minutes = 15,
        .is_meeting = true,
        .organizer = "me@example.com",
        .attendees = attendees,
        .attendee_count = 4,
        .refuse_counter = true,
        .url = "http://example.com/?a=1&b=<2>",
    };
}

static const struct remote_object_extras all_extras = {
    .name = "a<b>&.ics",
    .kept = "BEGIN:VCALENDAR\r\n<x/>\r\n",
    .token = "token<1>",
    .notice = REMOTE_NOTICE_ALL,
};
static const struct remote_object_extras no_extras = { .kept = "" };
static const struct remote_object object = { .id = "id<1>&",
                                             .change_key = "key&",
                                             .kind = REMOTE_EVENT };

/* --- Events --------------------------------------------------------------- */

/* clang-format off */
static const struct recurrence rules[] = {
    { .pattern = REPEAT_DAILY, .interval = 2, .count = 10 },
    { .pattern = REPEAT_WEEKLY, .interval = 1, .weekdays = 0x2a, .first = 1 },
    { .pattern = REPEAT_MONTHLY_DAY, .interval = 1, .day = 31 },
    { .pattern = REPEAT_MONTHLY_WEEKDAY, .interval = 3, .weekdays = 0x3e, .week = -1 },
    { .pattern = REPEAT_YEARLY_DAY, .interval = 1, .day = 6, .month = 5 },
    { .pattern = REPEAT_YEARLY_DAY, .interval = 2, .day = 6, .month = 5 },
    { .pattern = REPEAT_YEARLY_WEEKDAY, .interval = 1, .weekdays = 0x41, .week = 2, .month = 12 },
};
/* clang-format on */

static struct event changed_event(void)
{
    struct event event = full_event();

    event.start = at("2024-05-06T11:00:00Z", "Asia/Tokyo");
    event.end = at("2024-05-06T12:00:00Z", "Asia/Tokyo");
    event.summary = event.location = event.description = event.html = NULL;
    event.busy = BUSY_FREE;
    event.class = CLASS_PUBLIC;
    event.importance = IMPORTANCE_LOW;
    event.categories = NULL;
    event.reminder = false;
    event.attendee_count = 0;
    event.refuse_counter = false;
    event.url = NULL;
    return event;
}

static void use_single_events(struct scene *s)
{
    struct series full = { .uid = NASTY,
                           .has_master = true,
                           .master = full_event() };
    struct series changed = full, all_day = full;
    struct remote_result result;

    changed.master = changed_event();
    all_day.master.start = day("2024-05-06T00:00:00Z");
    all_day.master.end = day("2024-05-08T00:00:00Z");
    cr_expect_eq(slots()->event_create(s->op, s->remote, "f<1>", &full,
                                       &all_extras, &result),
                 STATUS_OK);
    cr_expect_str_eq(result.id, "new");
    cr_expect_eq(slots()->event_create(s->op, s->remote, "f", &all_day,
                                       &no_extras, &result),
                 STATUS_OK);
    cr_expect_eq(slots()->event_update(s->op, s->remote, &object, &full,
                                       &changed, &all_extras, &result),
                 STATUS_OK);
    cr_expect_eq(slots()->event_update(s->op, s->remote, &object, &changed,
                                       &full, &no_extras, &result),
                 STATUS_OK);
}

static void use_series(struct scene *s)
{
    struct event exceptions[2] = { full_event(), full_event() };
    struct when deleted[] = { at("2024-05-08T09:00:00Z", "Europe/Berlin") };
    struct series none = { .has_master = true, .master = full_event() };
    struct series series = { .uid = "uid",
                             .has_master = true,
                             .master = changed_event(),
                             .exceptions = exceptions,
                             .exception_count = 2,
                             .deleted = deleted,
                             .deleted_count = 1 };
    struct remote_result result;

    series.master.start = at("2024-05-06T09:00:00Z", "Europe/Berlin");
    series.master.end = at("2024-05-06T10:00:00Z", "Europe/Berlin");
    exceptions[0].occurrence = series.master.start;
    exceptions[1].occurrence = at("2024-05-10T09:00:00Z", "Europe/Berlin");
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        struct recurrence rule = rules[i];
        struct series simple = { .uid = "uid",
                                 .has_master = true,
                                 .master = series.master,
                                 .recurrence = &rule };
        if (i % 2 == 0)
            rule.until = day("2024-12-31T00:00:00Z");
        cr_expect_eq(slots()->event_create(s->op, s->remote, "f", &simple,
                                           &no_extras, &result),
                     STATUS_OK);
    }
    struct recurrence daily = { .pattern = REPEAT_DAILY,
                                .interval = 2,
                                .begin = day("2024-05-06T00:00:00Z") };
    series.recurrence = &daily;
    cr_expect_eq(slots()->event_create(s->op, s->remote, "f", &series,
                                       &all_extras, &result),
                 STATUS_OK);
    cr_expect_eq(slots()->event_update(s->op, s->remote, &object, &none,
                                       &series, &all_extras, &result),
                 STATUS_OK);
    cr_expect_eq(slots()->event_update(s->op, s->remote, &object, &series,
                                       &none, &no_extras, &result),
                 STATUS_OK);
}

/* --- Zones ---------------------------------------------------------------- */

/* Rules like nobody's: Windows has no name for them. */
static void use_own_zone(struct scene *s)
{
    static const struct zone_rules own = {
        .standard = 4321 * 3,
        .daylight = 4321 * 3 + 1800,
        .to_standard = { .month = 9, .week = 5, .weekday = 2, .hour = 3 },
        .to_daylight = { .month = 2, .week = 2, .weekday = 4, .hour = 1 },
    };
    const struct zone *zone = zone_from_rules(&own, "Own <zone>");
    struct series series = { .has_master = true, .master = full_event() };
    struct remote_result result;

    cr_assert_not_null(zone);
    series.master.start.zone = series.master.end.zone = zone;
    cr_expect_eq(slots()->event_create(s->op, s->remote, "f", &series,
                                       &no_extras, &result),
                 STATUS_OK);
}

/* --- Tasks and contacts --------------------------------------------------- */

static void use_tasks(struct scene *s)
{
    static const struct recurrence again = { .pattern = REGENERATE_MONTHLY,
                                             .interval = 3 };
    struct task empty = { .completed = TIME_NONE };
    struct task full = {
        .uid = NASTY,
        .summary = NASTY,
        .description = NASTY,
        .html = "<p>" NASTY,
        .start = day("2024-05-06T00:00:00Z"),
        .due = at("2024-05-07T22:30:00Z", "Europe/Berlin"),
        .completed = time_from_iso("2024-05-07T12:00:00Z"),
        .status = TASK_COMPLETED,
        .percent = 100,
        .class = CLASS_CONFIDENTIAL,
        .importance = IMPORTANCE_LOW,
        .categories = categories,
        .reminder = true,
        .reminder_time = time_from_iso("2024-05-05T12:00:00Z"),
        .recurrence = &again,
    };
    struct remote_result result;

    cr_expect_eq(slots()->task_create(s->op, s->remote, "f", &full, &all_extras,
                                      &result),
                 STATUS_OK);
    cr_expect_eq(slots()->task_create(s->op, s->remote, "f", &empty, &no_extras,
                                      &result),
                 STATUS_OK);
    cr_expect_eq(slots()->task_update(s->op, s->remote, &object, &full, &empty,
                                      &no_extras, &result),
                 STATUS_OK);
    cr_expect_eq(slots()->task_update(s->op, s->remote, &object, &empty, &full,
                                      &all_extras, &result),
                 STATUS_OK);
}

static void fill_contact(struct contact *contact)
{
    static const char *const children[] = { NASTY, "Tim", NULL };

    contact->uid = NASTY;
    for (size_t i = 0; i < CONTACT_TEXT_COUNT; i++)
        contact->text[i] = NASTY;
    for (size_t i = 0; i < PHONE_COUNT; i++)
        contact->phone[i] = NASTY;
    for (size_t i = 0; i < CONTACT_EMAILS; i++)
        contact->email[i].address = "a<x/>@example.com";
    for (size_t i = 0; i < PLACE_COUNT; i++)
        contact->place[i] = (struct contact_address){ NASTY, NASTY, NASTY,
                                                      NASTY, NASTY, NASTY };
    contact->preferred_place = PLACE_HOME;
    contact->children = children;
    contact->categories = categories;
    contact->birthday = day("1604-04-12T00:00:00Z");
    contact->anniversary = day("1999-12-31T00:00:00Z");
    contact->gender = 2;
    contact->class = CLASS_PRIVATE;
    contact->has_photo = true;
    contact->photo = "\xff\xd8";
    contact->photo_len = 2;
}

static void use_contacts(struct scene *s)
{
    struct contact empty = { .preferred_place = -1 };
    struct contact full = { .preferred_place = -1 };
    struct contact with_photo = { .preferred_place = -1,
                                  .has_photo = true,
                                  .photo_id = "p<1>" };
    struct remote_result result;

    fill_contact(&full);
    cr_expect_eq(slots()->contact_create(s->op, s->remote, "f", &full,
                                         &all_extras, &result),
                 STATUS_OK);
    cr_expect_eq(slots()->contact_create(s->op, s->remote, "f", &empty,
                                         &no_extras, &result),
                 STATUS_OK);
    cr_expect_eq(slots()->contact_update(s->op, s->remote, &object, &full,
                                         &empty, &no_extras, &result),
                 STATUS_OK);
    cr_expect_eq(slots()->contact_update(s->op, s->remote, &object, &with_photo,
                                         &full, &all_extras, &result),
                 STATUS_OK);
}

static void use_groups(struct scene *s, bool possible)
{
    struct contact_member members[] = {
        { .address = "a<x/>@example.com", .name = NASTY },
        { .address = "b@example.com", .id = "contact<1>" },
    };
    struct contact empty = { .group = true, .preferred_place = -1 };
    struct contact full = { .group = true,
                            .preferred_place = -1,
                            .members = members,
                            .member_count = 2 };
    enum status status = possible ? STATUS_OK : STATUS_UNSUPPORTED;
    struct remote_result result;

    full.text[CONTACT_DISPLAY_NAME] = full.text[CONTACT_NOTE] = NASTY;
    cr_expect_eq(slots()->contact_create(s->op, s->remote, "f", &full,
                                         &all_extras, &result),
                 status);
    cr_expect_eq(slots()->contact_update(s->op, s->remote, &object, &empty,
                                         &full, &all_extras, &result),
                 status);
    cr_expect_eq(slots()->contact_update(s->op, s->remote, &object, &full,
                                         &empty, &no_extras, &result),
                 status);
}

/* --- All others ----------------------------------------------------------- */

static void use_reading(struct scene *s)
{
    struct remote_object objects[4];
    const struct zone *zone = zone_iana("Europe/Berlin");
    struct remote_object *found;
    size_t count;

    for (unsigned i = 0; i < 4; i++)
        objects[i] = (struct remote_object){
            .id = "i<1>", .kind = (enum remote_object_kind)(REMOTE_EVENT + i)
        };
    cr_expect_eq(slots()->sync(s->op, s->remote, "f", NULL, take_page, NULL),
                 STATUS_OK);
    cr_expect_eq(slots()->sync(s->op, s->remote, "f", "s", take_page, NULL),
                 STATUS_OK);
    cr_expect_eq(slots()->list(s->op, s->remote, "f", take_page, NULL),
                 STATUS_OK);
    cr_expect_eq(
        slots()->read(s->op, s->remote, zone, objects, 4, take_read, NULL),
        STATUS_OK);
    cr_expect_eq(
        slots()->find(s->op, s->remote, "f", "t<1>", NULL, &found, &count),
        STATUS_OK);
    cr_expect_eq(
        slots()->find(s->op, s->remote, "f", NULL, NASTY, &found, &count),
        STATUS_OK);
}

static void use_the_rest(struct scene *s, bool has_zone)
{
    const char *people[] = { "a<x/>@example.com", "b@example.com" };
    struct event_attachment file = { .name = NASTY,
                                     .type = "text/plain",
                                     .data = "hello",
                                     .len = 5,
                                     .inline_picture = true };
    struct remote_busy_answer busy[2];
    struct remote_result result;
    struct person *found;
    const char *const *addresses;
    const char *text;
    size_t count;
    bool complete;

    for (enum event_answer a = ANSWER_ACCEPTED; a <= ANSWER_DECLINED; a++)
        cr_expect_eq(slots()->respond(s->op, s->remote, &object, NULL, a, NASTY,
                                      a != ANSWER_TENTATIVE, &result),
                     STATUS_OK);
    cr_expect_eq(
        slots()->remove(s->op, s->remote, &object, true, REMOTE_NOTICE_ALL),
        STATUS_OK);
    cr_expect_eq(slots()->attachment_add(s->op, s->remote, &object, &file,
                                         &text, &result),
                 STATUS_OK);
    cr_expect_str_eq(text, "file");
    cr_expect_eq(slots()->attachment_remove(s->op, s->remote, "a<1>", &result),
                 STATUS_OK);
    cr_expect_eq(slots()->attachment_read(s->op, s->remote, "a<1>", &file),
                 STATUS_OK);
    scene_say(s, "GetUserAvailabilityRequest", FREE FREE);
    scene_say(s, "GetUserAvailabilityRequest", FREE FREE);
    cr_expect_eq(
        slots()->busy(s->op, s->remote, people, 2, 0, 50 * 86400, false,
                      busy),
        STATUS_OK);
    cr_expect_eq(
        ews_backend.directory->find(s->op, s->remote, NASTY, 100, &found,
                                    &count, &complete),
        STATUS_OK);
    cr_expect_eq(slots()->addresses(s->op, s->remote, "ann@example.com",
                                    &addresses, &text),
                 STATUS_OK);
    cr_expect_eq(slots()->zone(s->op, s->remote, &text),
                 has_zone ? STATUS_OK : STATUS_UNSUPPORTED);
}

/* clang-format off */
static const char *const builds[] = {
    BUILD_2007, BUILD_2010, BUILD_2010_SP1, BUILD_2010_SP3, BUILD_2013, BUILD_2013_SP1, BUILD_2016,
};

/* Words that older versions do not know, with the first that does. */
static const struct {
    const char *word;
    size_t first;
} news[] = {
    { "SyncScope",             1 },
    { "StartTimeZone",         1 },
    { "EndTimeZone",           1 },
    { "EffectiveRights",       1 },
    { "IsContactPhoto",        1 },
    { "IsInline",              1 },
    { "distributionlist:",     1 },
    { "FirstDayOfWeek",        2 },
    { "ContactDataShape",      3 },
    { "JoinOnlineMeetingUrl",  4 },
    { "WorkingElsewhere",      4 },
};
/* clang-format on */

static void check(struct scene *s, struct validation *validation,
                  size_t version)
{
    for (size_t i = 0; i < s->calls; i++) {
        validation_check(validation, s->bodies[i], builds[version]);
        cr_expect_null(strstr(s->bodies[i], "<x/>"), "%s", s->bodies[i]);
        for (size_t n = 0; n < sizeof news / sizeof *news; n++)
            if (version < news[n].first)
                cr_expect_null(strstr(s->bodies[i], news[n].word), "%s in %s",
                               news[n].word, builds[version]);
        if (version > 0)
            cr_expect_null(strstr(s->bodies[i], "MeetingTimeZone"));
    }
    cr_expect_lt(s->calls, SCENE_CALLS);
    scene_forget(s);
}

Test(ews_object_requests, fit_the_official_schema_in_every_version,
     .timeout = 600)
{
    struct validation *validation = validation_new();

    for (size_t v = 0; v < sizeof builds / sizeof *builds; v++) {
        struct scene scene;

        scene_begin(&scene, builds[v]);
        use_single_events(&scene);
        use_series(&scene);
        use_own_zone(&scene);
        check(&scene, validation, v);
        use_tasks(&scene);
        use_contacts(&scene);
        use_groups(&scene, v > 0);
        check(&scene, validation, v);
        use_reading(&scene);
        use_the_rest(&scene, v > 0);
        check(&scene, validation, v);
        scene_end(&scene);
    }
    validation_free(&validation);
}
