/*
 * objects_versions.c - every version of Exchange, and every kind of folder
 */
#include <criterion/criterion.h>
#include <string.h>

#include "tests/proxy/exchange/objects.h"

#define ODDITIES                                                               \
    "X-FOO;X-BAR=\"a;b\":odd\r\n"                                              \
    "CATEGORIES:Red,Blue sky\r\nCLASS:PRIVATE\r\n"                             \
    "BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:soon\r\n"                   \
    "TRIGGER:-PT15M\r\nEND:VALARM\r\n"                                         \
    "BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:sooner\r\n"                 \
    "TRIGGER:-PT1H\r\nEND:VALARM\r\n"
#define DAYS "RRULE:FREQ=DAILY;COUNT=9\r\nEXDATE:20380304T100000Z\r\n"

static void expect_same(struct office *office, enum exchange_version version,
                        int64_t folder, const char *name, const char *text)
{
    enum status status = office_put(office, folder, name, text);

    cr_expect_eq(status, STATUS_OK, "%d, %s: %s %s", version, name,
                 status_name(status),
                 office->op.reason == NULL ? "" : office->op.reason);
    if (status != STATUS_OK)
        return;
    const char *back = office_get(office, folder, name);
    cr_expect_str_eq(office_plain(office, back == NULL ? "" : back),
                     office_plain(office, text), "%d, %s:\n%s", version, name,
                     office_plain(office, back == NULL ? "" : back));
}

Test(objects_versions, every_version_gives_back_the_same_text)
{
    for (int version = 0; version < EXCHANGE_VERSION_COUNT; version++) {
        struct office office = office_open((enum exchange_version)version);

        expect_same(&office, version, office.calendar, "e.ics",
                    office_event(&office, "e1", "Lunch", ODDITIES));
        expect_same(&office, version, office.calendar, "s.ics",
                    office_event(&office, "s1", "Daily", DAYS ODDITIES));
        expect_same(&office, version, office.tasks, "t.ics",
                    office_task(&office, "t1", "Bread",
                                "DUE;VALUE=DATE:20380305\r\nX-A:b\r\n"));
        expect_same(&office, version, office.contacts, "c.vcf",
                    office_card(&office, "c1", "Zoe",
                                "EMAIL;TYPE=work:zoe@example.com\r\n"
                                "X-A:b\r\n"));
        office_close(&office);
    }
}

Test(objects_versions, every_version_invites_and_takes_answers)
{
    for (int version = 0; version < EXCHANGE_VERSION_COUNT; version++) {
        struct office office = office_open((enum exchange_version)version);
        struct office bob = office_beside(&office, BOB);

        EXPECT_OK(
            office_put(&office, office.calendar, "m.ics",
                       office_event(&office, "m1", "Plan",
                                    "ORGANIZER:mailto:" ANN "\r\n"
                                    "ATTENDEE;RSVP=TRUE:mailto:" BOB "\r\n")));
        cr_expect_eq(office_mails(&office, BOB), 1, "%d", version);
        const char *name = office_name_of(&bob, bob.calendar, "Plan");
        cr_assert_str_neq(name, "", "%d", version);
        const char *text =
            office_plain(&bob, office_get(&bob, bob.calendar, name));
        cr_expect_not_null(strstr(text, "PARTSTAT=NEEDS-ACTION"), "%d: %s",
                           version, text);
        enum status status = office_put(
            &bob, bob.calendar, name,
            office_event(&bob, "m1", "Plan",
                         "ORGANIZER:mailto:" ANN "\r\n"
                         "ATTENDEE;PARTSTAT=ACCEPTED:mailto:" BOB "\r\n"));
        cr_expect_eq(status, STATUS_OK, "%d: %s %s", version,
                     status_name(status), bob.op.reason);
        cr_expect_eq(office_mails(&office, ANN), 1, "%d", version);
        office_close(&bob);
        office_close(&office);
    }
}

struct reading {
    size_t good;
};

static bool count_good(void *context, size_t index, enum status status,
                       const struct object *object, const char *text,
                       size_t len)
{
    struct reading *reading = context;

    (void)index, (void)text, (void)len;
    reading->good += status == STATUS_OK && object->known;
    return true;
}

Test(objects_versions, a_first_sync_of_events_costs_a_call_for_each_fifty)
{
    struct office office = office_open(EXCHANGE_2016);
    struct office outlook = office_beside(&office, ANN);
    struct reading reading = { 0 };
    struct object *objects;
    const char *names[110];
    size_t count;

    office_refresh(&outlook, outlook.calendar);
    for (int i = 0; i < 110; i++)
        cr_assert_eq(
            office_put(&outlook, outlook.calendar,
                       arena_printf(office.arena, "%d.ics", i),
                       office_event(
                           &outlook, arena_printf(office.arena, "%d", i),
                           "Lunch",
                           i % 10 == 0 ? "RRULE:FREQ=DAILY;COUNT=9\r\n" : "")),
            STATUS_OK);
    office_calls(&office);
    office_refresh(&office, office.calendar);
    cr_expect_eq(office_calls(&office), 1);
    EXPECT_OK(objects_list(&office.op, office.account, office.calendar,
                           &objects, &count));
    cr_assert_eq(count, 110);
    for (size_t i = 0; i < count; i++)
        names[i] = objects[i].name;
    EXPECT_OK(objects_read(&office.op, office.account, office.calendar, names,
                           count, VCARD_4, count_good, &reading));
    cr_expect_eq(reading.good, 110);
    /* Two more ask for the owner's zone and addresses, once for all. */
    unsigned calls = office_calls(&office);
    cr_expect(calls >= 3 && calls <= 5, "%u calls", calls);
    office_close(&outlook);
    office_close(&office);
}

Test(objects_versions, a_folder_that_cannot_be_synchronised_is_listed)
{
    struct office office = office_open(EXCHANGE_2016);
    struct office outlook = office_beside(&office, ANN);

    exchange_set_unsyncable(office.exchange, ANN, "Calendar");
    EXPECT_OK(office_put(&office, office.calendar, "a.ics",
                         office_event(&office, "a", "Lunch", "X-A:b\r\n")));
    office_refresh(&office, office.calendar);
    uint64_t revision = office_refresh(&office, office.calendar).revision;
    cr_expect_eq(office_refresh(&office, office.calendar).revision, revision,
                 "nothing has changed");
    EXPECT_OK(office_put(&outlook, outlook.calendar, "b.ics",
                         office_event(&outlook, "b", "Dinner", "")));
    EXPECT_OK(office_delete(&outlook, outlook.calendar, "a.ics"));
    cr_expect_neq(office_refresh(&office, office.calendar).revision, revision);
    cr_expect_str_eq(office_names(&office, office.calendar), "b.ics");
    office_close(&outlook);
    office_close(&office);
}

/* --- What is somebody else's ---------------------------------------------- */

static int64_t calendar_of(struct office *office, const char *address)
{
    struct folder *folders;
    size_t count;

    cr_assert_eq(
        folder_look(&office->op, office->account, 1u << FOLDER_SHARED, address),
        STATUS_OK);
    cr_assert_eq(folder_list(&office->op, office->account, &folders, &count),
                 STATUS_OK);
    for (size_t i = 0; i < count; i++)
        if (folders[i].store == FOLDER_SHARED &&
            folders[i].kind == FOLDER_CALENDAR)
            return folders[i].id;
    return 0;
}

Test(objects_versions, what_is_private_is_hidden_as_its_owner_wants)
{
    struct office office = office_open(EXCHANGE_2016);
    struct office bob = office_beside(&office, BOB);

    EXPECT_OK(office_put(
        &bob, bob.calendar, "p.ics",
        office_event(&bob, "p1", "Doctor",
                     "CLASS:PRIVATE\r\nLOCATION:Clinic\r\nX-A:secret\r\n")));
    EXPECT_OK(office_put(&bob, bob.calendar, "o.ics",
                         office_event(&bob, "o1", "Lunch", "")));
    exchange_grant(office.exchange, BOB, "Kalender", ANN, "Reviewer");
    int64_t calendar = calendar_of(&office, BOB);
    cr_assert_neq(calendar, 0);
    office_refresh(&office, calendar);
    const char *text = office_get(&office, calendar, "p.ics");
    cr_assert_not_null(text);
    cr_expect_null(strstr(text, "Doctor"), "%s", text);
    cr_expect_null(strstr(text, "Clinic"), "%s", text);
    cr_expect_null(strstr(text, "secret"), "%s", text);
    cr_expect_not_null(strstr(text, "DTSTART"), "%s", text);
    cr_expect_not_null(strstr(office_get(&office, calendar, "o.ics"), "Lunch"));
    cr_expect_eq(office_put(&office, calendar, "o.ics",
                            office_event(&office, "o1", "Dinner", "")),
                 STATUS_DENIED);
    cr_expect_eq(office_delete(&office, calendar, "o.ics"), STATUS_DENIED);
    office_close(&bob);
    office_close(&office);
}
