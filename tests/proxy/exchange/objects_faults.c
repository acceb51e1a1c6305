/*
 * objects_faults.c - nothing is lost, made twice or told to be done that is not
 */
#include <criterion/criterion.h>
#include <string.h>

#include "proxy/base/str.h"
#include "proxy/exchange/http/retry.h"
#include "tests/proxy/exchange/objects.h"

#define ASKS_BOB                                                               \
    "ORGANIZER;CN=Ann:mailto:" ANN "\r\n"                                      \
    "ATTENDEE;CN=Bob;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:" BOB "\r\n"

static struct office open_warm(void)
{
    struct office office;

    retry_set_first_pause(100);
    office = office_open(EXCHANGE_2016);
    office_refresh(&office, office.calendar);
    office_refresh(&office, office.tasks);
    office_refresh(&office, office.contacts);
    EXPECT_OK(office_put(&office, office.calendar, "warm.ics",
                         office_event(&office, "warm", "Warm", "")));
    EXPECT_OK(office_delete(&office, office.calendar, "warm.ics"));
    office_calls(&office);
    return office;
}

/* clang-format off */
static const struct {
    const char *name;
    enum exchange_fault fault;
    unsigned times;
    bool passes; /* it is carried out in the end */
} faults[] = {
    { "an answer is lost",        FAULT_RESET_AFTER,       1,  true },
    { "two answers are lost",     FAULT_RESET_AFTER,       2,  true },
    { "a call never arrives",     FAULT_RESET_BEFORE,      1,  true },
    { "half an answer comes",     FAULT_TRUNCATED,         1,  true },
    { "an answer is no XML",      FAULT_MALFORMED,         1,  true },
    { "no service for once",      FAULT_HTTP_503,          1,  true },
    { "no service",               FAULT_HTTP_503,          99, false },
    { "too busy for once",        FAULT_SERVER_BUSY,       1,  true },
    { "too busy inside for once", FAULT_SERVER_BUSY_INNER, 1,  true },
    { "no call ever arrives",     FAULT_RESET_BEFORE,      99, false },
};
/* clang-format on */

#define FAULTS (sizeof faults / sizeof *faults)

static size_t count_names(struct office *office, int64_t folder)
{
    struct object *objects;
    size_t count = 0;

    office_refresh(office, folder);
    cr_assert_eq(
        objects_list(&office->op, office->account, folder, &objects, &count),
        STATUS_OK);
    return count;
}

static void expect_truth(struct office *office, size_t i, const char *doing,
                         enum status status, int64_t folder, const char *name,
                         const char *part, bool there)
{
    exchange_clear_faults(office->exchange);
    /* Whoever was told that there is no service stays away for a while. */
    if (!faults[i].passes && status != STATUS_OK)
        office_restart(office, true);
    if (faults[i].passes)
        cr_expect_eq(status, STATUS_OK, "%s, %s: %s (%s)", doing,
                     faults[i].name, status_name(status),
                     office->op.reason == NULL ? "" : office->op.reason);
    struct office fresh = office_beside(office, ANN);
    cr_expect_eq(count_names(&fresh, folder), there ? 1 : 0, "%s, %s: %zu",
                 doing, faults[i].name, count_names(&fresh, folder));
    const char *text = there ? office_get(&fresh, folder, name) : NULL;
    if (there && (text == NULL || strstr(text, part) == NULL))
        cr_expect(false, "%s, %s: %s", doing, faults[i].name,
                  text == NULL ? "nothing" : text);
    office_close(&fresh);
}

struct subject {
    const char *name;
    const char *text;
};

static struct subject subject_of(struct office *office, int64_t folder)
{
    if (folder == office->calendar)
        return (struct subject){ "a.ics",
                                 office_event(office, "a", "Old", ASKS_BOB) };
    if (folder == office->tasks)
        return (struct subject){ "a.ics", office_task(office, "a", "Old", "") };
    return (struct subject){ "a.vcf", office_card(office, "a", "Old", "") };
}

static int64_t folder_of(const struct office *office, int which)
{
    return which == 0   ? office->calendar
           : which == 1 ? office->tasks
                        : office->contacts;
}

/* Making, then changing, then deleting, each with the fault. */
static void live_through(size_t i, int which)
{
    office_patience = faults[i].passes ? "1m" : "2";
    struct office office = open_warm();
    int64_t folder = folder_of(&office, which);
    struct subject subject = subject_of(&office, folder);

    office_fault(&office, "CreateItem", faults[i].fault, faults[i].times);
    enum status status =
        office_put(&office, folder, subject.name, subject.text);
    expect_truth(&office, i, "making", status, folder, subject.name, "Old",
                 status == STATUS_OK);
    if (which == 0)
        cr_expect_eq(office_mails(&office, BOB), status == STATUS_OK, "%s: %zu",
                     faults[i].name, office_mails(&office, BOB));
    if (status != STATUS_OK)
        EXPECT_OK(office_put(&office, folder, subject.name, subject.text));

    office_refresh(&office, folder);
    office_get(&office, folder, subject.name);
    office_fault(&office, "UpdateItem", faults[i].fault, faults[i].times);
    status = office_put(&office, folder, subject.name,
                        office_edit(&office, subject.text, "Old", "New"));
    expect_truth(&office, i, "changing", status, folder, subject.name,
                 status == STATUS_OK ? "New" : "Old", true);
    if (which == 0)
        cr_expect_eq(office_mails(&office, BOB), 1u + (status == STATUS_OK),
                     "%s: %zu", faults[i].name, office_mails(&office, BOB));

    office_refresh(&office, folder);
    office_get(&office, folder, subject.name);
    office_fault(&office, "DeleteItem", faults[i].fault, faults[i].times);
    status = office_delete(&office, folder, subject.name);
    expect_truth(&office, i, "deleting", status, folder, subject.name, "",
                 status != STATUS_OK);
    cr_expect_eq(count_names(&office, folder), status == STATUS_OK ? 0 : 1);
    office_close(&office);
}

Test(objects_faults, events_live_through_them, .timeout = 600)
{
    for (size_t i = 0; i < FAULTS; i++)
        live_through(i, 0);
}

/* Waiting for what never comes is the same for all kinds. */
Test(objects_faults, tasks_and_contacts_live_through_them, .timeout = 600)
{
    for (size_t i = 0; i < FAULTS; i++)
        for (int which = 1; which < 3 && faults[i].times == 1; which++)
            live_through(i, which);
}

/* --- Parts ---------------------------------------------------------------- */

static const char *series(struct office *office, const char *summary)
{
    const char *text = office_event(office, "s1", "Daily",
                                    "RRULE:FREQ=DAILY;COUNT=90\r\n"
                                    "EXDATE:20380304T100000Z\r\n");
    const char *exception = arena_printf(
        office->arena,
        "END:VEVENT\r\nBEGIN:VEVENT\r\nUID:s1\r\nDTSTAMP:20380101T000000Z\r\n"
        "RECURRENCE-ID:20380302T100000Z\r\nSUMMARY:%s\r\n"
        "DTSTART:20380302T120000Z\r\nDTEND:20380302T130000Z\r\nEND:VEVENT\r\n"
        "END:VCALENDAR",
        summary);

    return office_edit(office, text, "END:VEVENT\r\nEND:VCALENDAR", exception);
}

Test(objects_faults, a_series_whose_making_is_interrupted_gets_its_days)
{
    static const char *const operations[] = { "CreateItem", "DeleteItem",
                                              "UpdateItem" };

    for (size_t i = 0; i < 3; i++) {
        struct office office = open_warm();

        office_fault(&office, operations[i], FAULT_RESET_AFTER, 1);
        EXPECT_OK(office_put(&office, office.calendar, "s.ics",
                             series(&office, "Special")));
        exchange_clear_faults(office.exchange);
        struct office fresh = office_beside(&office, ANN);
        cr_expect_eq(count_names(&fresh, fresh.calendar), 1);
        const char *text = office_get(&fresh, fresh.calendar, "s.ics");
        cr_expect_not_null(strstr(text, "Special"), "%s: %s", operations[i],
                           text);
        cr_expect_not_null(strstr(text, "EXDATE"), "%s: %s", operations[i],
                           text);
        office_close(&fresh);
        office_close(&office);
    }
}

/* --- Ends of the gateway -------------------------------------------------- */

Test(objects_faults, what_was_made_before_the_gateway_ended_is_not_made_again)
{
    office_patience = "2";
    struct office office = office_open_on_disk(EXCHANGE_2016);
    const char *text = office_event(&office, "a", "Lunch", ASKS_BOB);
    const struct object_condition absent = { .absent = true };

    office_refresh(&office, office.calendar);
    EXPECT_OK(office_put(&office, office.calendar, "warm.ics",
                         office_event(&office, "warm", "Warm", "")));
    /* The answer is lost, and whether it is there cannot be asked either. */
    office_fault(&office, "CreateItem", FAULT_RESET_AFTER, 1);
    struct exchange_fault_rule rule = { "FindItem", FAULT_HTTP_503, 0, 99, 0,
                                        NULL };
    exchange_set_fault(office.exchange, &rule);
    cr_expect_eq(office_put_if(&office, office.calendar, "a.ics", text, absent),
                 STATUS_UNCERTAIN);
    exchange_clear_faults(office.exchange);
    office_restart(&office, false);
    EXPECT_OK(office_put_if(&office, office.calendar, "a.ics", text, absent));
    cr_expect_eq(office_mails(&office, BOB), 1);
    office_refresh(&office, office.calendar);
    cr_expect_str_eq(office_names(&office, office.calendar), "a.ics warm.ics");
    office_close(&office);
}

/* --- Others at the same time ---------------------------------------------- */

Test(objects_faults, another_s_change_is_a_conflict_or_both_are_kept)
{
    struct office office = open_warm();
    struct office outlook = office_beside(&office, ANN);
    const struct {
        int64_t folder, other;
        const char *name, *text;
        const char *from, *to;   /* Outlook's change */
        const char *old, *fresh; /* the client's */
    } cases[] = {
        { office.calendar, outlook.calendar, "a.ics",
          office_event(&office, "a", "Lunch", "LOCATION:Hall\r\n"),
          "LOCATION:Hall", "LOCATION:Cellar", "SUMMARY:Lunch",
          "SUMMARY:Dinner" },
        { office.tasks, outlook.tasks, "a.ics",
          office_task(&office, "a", "Lunch", "PRIORITY:5\r\n"), "PRIORITY:5",
          "PRIORITY:1", "SUMMARY:Lunch", "SUMMARY:Dinner" },
        { office.contacts, outlook.contacts, "a.vcf",
          office_card(&office, "a", "Zoe", "NOTE:old\r\n"), "NOTE:old",
          "NOTE:new", "FN:Zoe", "FN:Zed" },
    };

    for (size_t i = 0; i < 3; i++) {
        EXPECT_OK(
            office_put(&office, cases[i].folder, cases[i].name, cases[i].text));
        const char *mine = office_get(&office, cases[i].folder, cases[i].name);
        struct object_condition state = {
            .revision =
                office_find(&office, cases[i].folder, cases[i].name).revision
        };
        office_refresh(&outlook, cases[i].other);
        const char *other = office_get(&outlook, cases[i].other, cases[i].name);
        EXPECT_OK(office_put(
            &outlook, cases[i].other, cases[i].name,
            office_edit(&outlook, other, cases[i].from, cases[i].to)));
        mine = office_edit(&office, mine, cases[i].old, cases[i].fresh);
        struct office again = office;
        cr_expect_eq(
            office_put_if(&again, cases[i].folder, cases[i].name, mine, state),
            STATUS_CONFLICT, "%s", cases[i].to);
        office_close(&outlook);
        outlook = office_beside(&office, ANN);
    }
    office_close(&outlook);
    office_close(&office);
}

Test(objects_faults, whoever_names_no_state_changes_only_what_he_means)
{
    struct office office = open_warm();
    struct office outlook = office_beside(&office, ANN);
    const char *mine =
        office_event(&office, "a", "Lunch", "LOCATION:Hall\r\nX-A:b\r\n");

    EXPECT_OK(office_put(&office, office.calendar, "a.ics", mine));
    mine = office_get(&office, office.calendar, "a.ics");
    office_refresh(&outlook, outlook.calendar);
    EXPECT_OK(office_put(
        &outlook, outlook.calendar, "a.ics",
        office_edit(&outlook, office_get(&outlook, outlook.calendar, "a.ics"),
                    "LOCATION:Hall", "LOCATION:Cellar")));
    EXPECT_OK(office_put(&office, office.calendar, "a.ics",
                         office_edit(&office, mine, "Lunch", "Dinner")));
    const char *text = office_get(&office, office.calendar, "a.ics");
    cr_expect_not_null(strstr(text, "SUMMARY:Dinner"), "%s", text);
    cr_expect_not_null(strstr(text, "LOCATION:Cellar"), "%s", text);
    cr_expect_not_null(strstr(text, "X-A:b"), "%s", text);
    office_close(&outlook);
    office_close(&office);
}

Test(objects_faults, a_delete_of_one_state_spares_another)
{
    struct office office = open_warm();
    struct office outlook = office_beside(&office, ANN);

    EXPECT_OK(office_put(&office, office.calendar, "a.ics",
                         office_event(&office, "a", "Lunch", "")));
    office_get(&office, office.calendar, "a.ics");
    struct object_condition state = {
        .revision = office_find(&office, office.calendar, "a.ics").revision
    };
    office_refresh(&outlook, outlook.calendar);
    EXPECT_OK(office_put(&outlook, outlook.calendar, "a.ics",
                         office_event(&outlook, "a", "Dinner", "")));
    cr_expect_eq(object_delete(&office.op, office.account, office.calendar,
                               "a.ics", true, &state),
                 STATUS_CONFLICT);
    cr_expect_eq(count_names(&outlook, outlook.calendar), 1);
    office_close(&outlook);
    office_close(&office);
}

Test(objects_faults, new_ids_of_everything_lose_nothing)
{
    struct office office = open_warm();

    EXPECT_OK(office_put(&office, office.calendar, "a.ics",
                         office_event(&office, "a", "Lunch", "X-A:b\r\n")));
    exchange_change_ids(office.exchange, ANN);
    EXPECT_OK(office_put(&office, office.calendar, "a.ics",
                         office_event(&office, "a", "Dinner", "X-A:b\r\n")));
    cr_expect_eq(count_names(&office, office.calendar), 1);
    exchange_change_ids(office.exchange, ANN);
    EXPECT_OK(office_delete(&office, office.calendar, "a.ics"));
    struct office fresh = office_beside(&office, ANN);
    cr_expect_eq(count_names(&fresh, fresh.calendar), 0);
    office_close(&fresh);
    office_close(&office);
}

Test(objects_faults, a_move_whose_answer_is_lost_has_happened_once)
{
    static const bool moves[] = { true, false };

    for (size_t i = 0; i < 2; i++) {
        struct office office = open_warm();
        int64_t other;

        EXPECT_OK(folder_create(&office.op, office.account, 0, FOLDER_CALENDAR,
                                "Other", &other));
        EXPECT_OK(office_put(&office, office.calendar, "a.ics",
                             office_event(&office, "a", "Lunch", "X-A:b\r\n")));
        office_fault(&office, moves[i] ? "MoveItem" : "CopyItem",
                     FAULT_RESET_AFTER, 1);
        EXPECT_OK(object_transfer(&office.op, office.account, office.calendar,
                                  "a.ics", other, "b.ics", moves[i], false,
                                  NULL, &office.written));
        exchange_clear_faults(office.exchange);
        cr_expect_eq(count_names(&office, other), 1);
        cr_expect_eq(count_names(&office, office.calendar), moves[i] ? 0 : 1);
        cr_expect_str_eq(office_names(&office, other), "b.ics");
        office_close(&office);
    }
}

Test(objects_faults, a_file_whose_answer_is_lost_is_attached_once)
{
    struct office office = open_warm();
    struct office outlook = office_beside(&office, ANN);
    const char *id = NULL, *gone = NULL;

    EXPECT_OK(office_put(&office, office.calendar, "a.ics",
                         office_event(&office, "a", "Lunch", "")));
    office_fault(&office, "CreateAttachment", FAULT_RESET_AFTER, 1);
    EXPECT_OK(object_attach(
        &office.op, office.account, office.calendar, "a.ics",
        &(struct object_attaching){ FILE_OF("plan.txt", "hello") }, &id,
        &office.written));
    cr_assert_not_null(id);
    /* Outlook changes the event meanwhile. */
    office_refresh(&outlook, outlook.calendar);
    const char *text = office_get(&outlook, outlook.calendar, "a.ics");
    EXPECT_OK(office_put(&outlook, outlook.calendar, "a.ics",
                         office_edit(&outlook, text, "Lunch", "Dinner")));
    office_fault(&office, "DeleteAttachment", FAULT_RESET_AFTER, 1);
    EXPECT_OK(object_attach(
        &office.op, office.account, office.calendar, "a.ics",
        &(struct object_attaching){ .id = id, FILE_OF("new.txt", "hi") }, &gone,
        &office.written));
    exchange_clear_faults(office.exchange);
    text = office_plain(&office, office_get(&office, office.calendar, "a.ics"));
    cr_expect_null(strstr(text, "plan.txt"), "%s", text);
    const char *at = strstr(text, "new.txt");
    cr_assert_not_null(at, "%s", text);
    cr_expect_not_null(strstr(text, "Dinner"), "%s", text);
    office_refresh(&outlook, outlook.calendar);
    text =
        office_plain(&outlook, office_get(&outlook, outlook.calendar, "a.ics"));
    cr_expect_null(strstr(text, "plan.txt"), "%s", text);
    cr_expect_not_null(strstr(text, "new.txt"), "%s", text);
    office_close(&outlook);
    office_close(&office);
}

/* --- Files that come with an event ---------------------------------------- */

#define FILE_CALLED(NAME)                                                      \
    "ATTACH;FILENAME=" NAME ";ENCODING=BASE64;VALUE=BINARY:TW9yZQ==\r\n"

/* It is the client's whole text that is there, once, with no other file. */
static void expect_file(struct office *office, const char *name)
{
    exchange_clear_faults(office->exchange);
    const char *text =
        office_plain(office, office_get(office, office->calendar, "a.ics"));
    const char *file = strstr(text, "ATTACH");

    cr_assert_not_null(file, "%s", text);
    cr_expect_null(strstr(file + 1, "ATTACH"), "%s", text);
    cr_expect_not_null(strstr(file, name), "%s", text);
    cr_expect_not_null(strstr(text, "Dinner"), "%s", text);
    cr_expect_eq(count_names(office, office->calendar), 1);
}

/* No conflict: whoever is told of one takes what is there for another's. */
Test(objects_faults, a_new_event_gets_its_file_though_calls_are_lost)
{
    for (unsigned times = 1; times <= 2; times++) {
        const struct object_condition absent = { .absent = true };
        struct office office = open_warm();

        office_fault(&office, "CreateAttachment", FAULT_RESET_BEFORE, times);
        EXPECT_OK(office_put_if(
            &office, office.calendar, "a.ics",
            office_event(&office, "a", "Dinner", FILE_CALLED("menu.txt")),
            absent));
        expect_file(&office, "menu.txt");
        office_close(&office);
    }
}

Test(objects_faults, a_file_takes_anothers_place_though_calls_are_lost)
{
    for (unsigned times = 0; times <= 2; times++) {
        struct office office = open_warm();

        EXPECT_OK(office_put(
            &office, office.calendar, "a.ics",
            office_event(&office, "a", "Lunch", FILE_CALLED("menu.txt"))));
        office_get(&office, office.calendar, "a.ics");
        const struct object_condition same = {
            .revision =
                office_find(&office, office.calendar, "a.ics").revision
        };
        office_fault(&office, "CreateAttachment", FAULT_RESET_BEFORE, times);
        EXPECT_OK(office_put_if(
            &office, office.calendar, "a.ics",
            office_event(&office, "a", "Dinner", FILE_CALLED("wine.txt")),
            same));
        expect_file(&office, "wine.txt");
        office_close(&office);
    }
}
