/*
 * test_meetings.c - two people and a meeting, on the simulated Exchange
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "proxy/exchange/ews/ews.h"
#include "tests/exchange/exchange.h"
#include "tests/proxy/exchange/ews/mailbox.h"

#define ANN "ann@example.com"
#define BOB "bob@example.com"

/* One who is at the table. */
struct attendant {
    struct mailbox mailbox;
    struct op *op;
    struct remote *remote;
    const struct remote_objects *objects;
    const char *calendar;
    struct remote_object event; /* the only one in the calendar */
    size_t events;
    char told[1024]; /* what it says */
};

struct table {
    struct exchange *exchange;
    struct attendant ann;
    struct attendant bob;
};

static void sit_down(struct table *table, struct attendant *person,
                     const char *user)
{
    mailbox_init(&person->mailbox, exchange_url(table->exchange));
    person->op = &person->mailbox.op;
    cr_assert_eq(mailbox_open_as(&person->mailbox, user, "secret"), STATUS_OK,
                 "%s", person->op->reason);
    person->remote = person->mailbox.remote;
    person->objects = person->remote->backend->objects;
    person->calendar = ews_of(person->remote)->uses[FOLDER_CALENDAR_MAIN];
}

static void begin(struct table *table, enum exchange_version version)
{
    memset(table, 0, sizeof *table);
    table->exchange = exchange_new(version);
    exchange_add_user(table->exchange, ANN, "Ann Lee", "secret", "en");
    exchange_add_user(table->exchange, BOB, "Bob", "secret", "en");
    cr_assert(exchange_serve(table->exchange, 0, false, EXCHANGE_BASIC) != 0);
    sit_down(table, &table->ann, ANN);
    sit_down(table, &table->bob, BOB);
}

static void end(struct table *table)
{
    mailbox_fini(&table->ann.mailbox);
    mailbox_fini(&table->bob.mailbox);
    exchange_stop(table->exchange);
    exchange_free(&table->exchange);
}

/* --- What is in a calendar ------------------------------------------------ */

static bool take_page(void *context, const struct remote_object_page *page)
{
    struct attendant *person = context;

    for (size_t i = 0; i < page->count; i++) {
        person->events++;
        person->event = page->deltas[i].object;
        person->event.id =
            arena_strdup(person->op->arena, page->deltas[i].object.id);
        person->event.change_key =
            arena_strdup(person->op->arena, page->deltas[i].object.change_key);
        person->event.name = person->event.token = NULL;
    }
    return true;
}

static size_t tell_event(char *out, size_t room, const struct event *event)
{
    static const char answers[] = "?atdo", busy[] = "FTBAEU";
    size_t len = (size_t)snprintf(
        out, room, "%s %c %c by %s:", event->summary ? event->summary : "",
        answers[event->answer], busy[event->busy],
        event->organizer ? event->organizer : "nobody");

    /* Who else comes is the organizer's matter. */
    for (size_t i = 0;
         i < event->attendee_count && event->answer == ANSWER_ORGANIZER; i++)
        len += (size_t)snprintf(out + len, room - len, " %s/%c",
                                event->attendees[i].address,
                                answers[event->attendees[i].answer]);
    return len;
}

static bool take_read(void *context, const struct remote_object_read *read)
{
    struct attendant *person = context;
    const struct series *series = read->series;
    char *out = person->told;
    size_t room = sizeof person->told, len = 0;

    cr_assert_eq(read->status, STATUS_OK);
    len = tell_event(out, room, &series->master);
    for (size_t i = 0; i < series->exception_count; i++) {
        len += (size_t)snprintf(out + len, room - len, " | ");
        len += tell_event(out + len, room - len, &series->exceptions[i]);
    }
    if (series->deleted_count > 0)
        snprintf(out + len, room - len, " -%zu", series->deleted_count);
    return true;
}

/* What the person's calendar shows. */
static const char *look(struct attendant *person)
{
    person->events = 0;
    cr_assert_eq(person->objects->sync(person->op, person->remote,
                                       person->calendar, NULL, take_page,
                                       person),
                 STATUS_OK, "%s", person->op->reason);
    if (person->events != 1) {
        snprintf(person->told, sizeof person->told, "%zu events",
                 person->events);
        return person->told;
    }
    cr_assert_eq(person->objects->read(person->op, person->remote, zone_utc(),
                                       &person->event, 1, take_read, person),
                 STATUS_OK, "%s", person->op->reason);
    return person->told;
}

/* --- The meeting ---------------------------------------------------------- */

static struct when at(const char *text)
{
    return (struct when){ WHEN_ZONED, time_from_iso(text),
                          zone_iana("Europe/Berlin") };
}

static struct attendee guests[] = {
    { .address = BOB, .rsvp = true },
    { .address = "cid@elsewhere.example", .role = ROLE_OPTIONAL },
};

static struct series meeting(void)
{
    return (struct series){
        .uid = "meeting@client",
        .has_master = true,
        .master = { .start = at("2024-05-06T07:00:00Z"),
                    .end = at("2024-05-06T08:00:00Z"),
                    .summary = "Tea",
                    .busy = BUSY_BUSY,
                    .importance = IMPORTANCE_NORMAL,
                    .is_meeting = true,
                    .organizer = ANN,
                    .attendees = guests,
                    .attendee_count = 1 },
    };
}

static void make(struct attendant *person, const struct series *series,
                 enum remote_notice notice)
{
    const struct remote_object_extras extras = { .notice = notice };
    struct remote_result result;

    cr_assert_eq(person->objects->event_create(person->op, person->remote,
                                               person->calendar, series,
                                               &extras, &result),
                 STATUS_OK, "%s", person->op->reason);
}

static void change(struct attendant *person, const struct series *was,
                   const struct series *shall, enum remote_notice notice)
{
    const struct remote_object_extras extras = { .notice = notice };
    struct remote_result result;

    look(person);
    cr_assert_eq(person->objects->event_update(person->op, person->remote,
                                               &person->event, was, shall,
                                               &extras, &result),
                 STATUS_OK, "%s", person->op->reason);
}

static void answer(struct attendant *person, const struct when *occurrence,
                   enum event_answer answer, bool send)
{
    struct remote_result result;

    look(person);
    cr_assert_eq(person->objects->respond(person->op, person->remote,
                                          &person->event, occurrence, answer,
                                          "Yes", send, &result),
                 STATUS_OK, "%s", person->op->reason);
}

static void expect(struct attendant *person, const char *what,
                   const char *version)
{
    const char *told = look(person);

    cr_expect_str_eq(told, what, "%s: %s instead of %s", version, told, what);
}

static void meet(struct table *t, const char *version)
{
    struct series first = meeting(), more = first, later = first;

    make(&t->ann, &first, REMOTE_NOTICE_ALL);
    cr_expect_eq(exchange_mails(t->exchange), 1, "%s", version);
    expect(&t->ann, "Tea o B by ann@example.com: bob@example.com/?", version);
    expect(&t->bob, "Tea ? T by ann@example.com:", version);
    answer(&t->bob, NULL, ANSWER_ACCEPTED, true);
    expect(&t->bob, "Tea a B by ann@example.com:", version);
    expect(&t->ann, "Tea o B by ann@example.com: bob@example.com/a", version);

    /* Somebody else comes as well: only he is told. */
    unsigned mails = exchange_mails(t->exchange);
    more.master.attendee_count = 2;
    change(&t->ann, &first, &more, REMOTE_NOTICE_CHANGED);
    cr_expect_eq(exchange_mails(t->exchange), mails + 1, "%s", version);

    /* What is only the organizer's own is no news to anybody. */
    mails = exchange_mails(t->exchange);
    later = more;
    later.master.reminder = true;
    change(&t->ann, &more, &later, REMOTE_NOTICE_NONE);
    cr_expect_eq(exchange_mails(t->exchange), mails, "%s", version);

    look(&t->ann);
    cr_expect_eq(t->ann.objects->remove(t->ann.op, t->ann.remote, &t->ann.event,
                                        true, REMOTE_NOTICE_ALL),
                 STATUS_OK);
    cr_expect_eq(exchange_mails(t->exchange), mails + 2, "%s", version);
    expect(&t->ann, "0 events", version);
}

static void decline(struct table *t, const char *version)
{
    struct series series = meeting();

    make(&t->ann, &series, REMOTE_NOTICE_ALL);
    answer(&t->bob, NULL, ANSWER_DECLINED, true);
    expect(&t->bob, "0 events", version);
    expect(&t->ann, "Tea o B by ann@example.com: bob@example.com/d", version);
}

static void keep_quiet(struct table *t, const char *version)
{
    struct series series = meeting();

    make(&t->ann, &series, REMOTE_NOTICE_NONE);
    cr_expect_eq(exchange_mails(t->exchange), 0, "%s", version);
    expect(&t->bob, "0 events", version);
}

static void answer_one_day(struct table *t, const char *version)
{
    struct recurrence rule = {
        .pattern = REPEAT_DAILY,
        .interval = 1,
        .count = 5,
        .begin = { WHEN_DATE, time_from_iso("2024-05-06T00:00:00Z"), NULL }
    };
    struct series series = meeting();
    struct when third = at("2024-05-08T07:00:00Z");

    series.recurrence = &rule;
    make(&t->ann, &series, REMOTE_NOTICE_ALL);
    answer(&t->bob, NULL, ANSWER_ACCEPTED, true);
    answer(&t->bob, &third, ANSWER_TENTATIVE, true);
    expect(&t->bob, "Tea a B by ann@example.com: | Tea t T by ann@example.com:",
           version);
}

/* --- Before one invites --------------------------------------------------- */

static void ask_when(struct table *t, const char *version)
{
    static const char *const people[] = { ANN, "nobody@example.com", BOB };
    int64_t from = time_from_iso("2024-05-06T00:00:00Z");
    struct series series = meeting();
    struct remote_busy_answer answers[3];

    series.master.attendee_count = 0;
    series.master.busy = BUSY_AWAY;
    make(&t->ann, &series, REMOTE_NOTICE_NONE);
    exchange_reset_calls(t->exchange);
    cr_assert_eq(t->bob.objects->busy(t->bob.op, t->bob.remote, people, 3, from,
                                      from + 86400, false, answers),
                 STATUS_OK, "%s: %s", version, t->bob.op->reason);
    cr_expect_eq(exchange_calls(t->exchange, NULL), 1, "%s", version);
    cr_expect_eq(answers[0].status, STATUS_OK, "%s", version);
    cr_assert_eq(answers[0].count, 1, "%s: %zu", version, answers[0].count);
    cr_expect_eq(answers[0].times[0].from, from + 7 * 3600, "%s", version);
    cr_expect_eq(answers[0].times[0].to, from + 8 * 3600, "%s", version);
    cr_expect_eq(answers[0].times[0].busy, BUSY_AWAY, "%s", version);
    cr_expect_eq(answers[1].status, STATUS_NOT_FOUND, "%s: %s", version,
                 status_name(answers[1].status));
    cr_expect_eq(answers[2].status, STATUS_OK, "%s", version);
    cr_expect_eq(answers[2].count, 0, "%s", version);
}

static void ask_who(struct table *t, const char *version)
{
    struct person *people;
    const char *const *addresses;
    const char *name;
    size_t count;
    bool complete;

    cr_assert_eq(t->bob.remote->backend->directory->find(
                     t->bob.op, t->bob.remote, "ann", 100, &people, &count,
                     &complete),
                 STATUS_OK, "%s: %s", version, t->bob.op->reason);
    cr_assert_eq(count, 1, "%s: %zu", version, count);
    cr_expect_str_eq(people[0].addresses[0], ANN, "%s", version);
    cr_expect_str_eq(people[0].contact.text[CONTACT_DISPLAY_NAME], "Ann Lee");
    cr_assert_eq(t->bob.remote->backend->directory->find(
                     t->bob.op, t->bob.remote, "zzz", 100, &people, &count,
                     &complete),
                 STATUS_OK);
    cr_expect_eq(count, 0, "%s", version);
    cr_assert_eq(t->bob.objects->addresses(t->bob.op, t->bob.remote, BOB,
                                           &addresses, &name),
                 STATUS_OK);
    cr_expect_str_eq(addresses[0], BOB, "%s", version);
    cr_expect_str_eq(name, "Bob", "%s", version);
}

static void ask_where(struct table *t, const char *version)
{
    bool knows = ews_version(ews_of(t->bob.remote)) >= EWS_2010;
    enum status status = knows ? STATUS_OK : STATUS_UNSUPPORTED;
    const char *name;

    cr_expect_eq(t->bob.objects->zone(t->bob.op, t->bob.remote, &name), status,
                 "%s: %s", version, t->bob.op->reason);
    cr_expect_null(name, "%s", version);
    exchange_set_zone(t->exchange, BOB, "Tokyo Standard Time");
    cr_expect_eq(t->bob.objects->zone(t->bob.op, t->bob.remote, &name), status);
    if (knows)
        cr_expect_str_eq(name, "Tokyo Standard Time", "%s", version);
}

/* --- All versions --------------------------------------------------------- */

static const char *const versions[] = { "2007",     "2010 SP1", "2010 SP2",
                                        "2013 SP1", "2016",     "2019" };

#define IN_ALL_VERSIONS(use)                                                   \
    for (size_t v = 0; v < EXCHANGE_VERSION_COUNT; v++) {                      \
        struct table table;                                                    \
        begin(&table, (enum exchange_version)v);                               \
        use(&table, versions[v]);                                              \
        end(&table);                                                           \
    }

Test(ews_meetings, come_together_change_and_end, .timeout = 600)
{
    IN_ALL_VERSIONS(meet);
}

Test(ews_meetings, vanish_where_they_are_declined, .timeout = 600)
{
    IN_ALL_VERSIONS(decline);
}

Test(ews_meetings, are_told_to_nobody_unless_they_shall, .timeout = 600)
{
    IN_ALL_VERSIONS(keep_quiet);
}

Test(ews_meetings, are_answered_for_one_day, .timeout = 600)
{
    IN_ALL_VERSIONS(answer_one_day);
}

Test(ews_meetings, are_made_when_people_have_time, .timeout = 600)
{
    IN_ALL_VERSIONS(ask_when);
}

Test(ews_meetings, are_for_people_of_the_directory, .timeout = 600)
{
    IN_ALL_VERSIONS(ask_who);
}

Test(ews_meetings, are_where_the_user_says, .timeout = 600)
{
    IN_ALL_VERSIONS(ask_where);
}
