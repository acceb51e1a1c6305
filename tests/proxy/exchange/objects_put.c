/*
 * objects_put.c - making, reading and changing objects, and what it costs
 */
#include <criterion/criterion.h>
#include <string.h>

#include "proxy/base/str.h"
#include "tests/proxy/exchange/objects.h"

#define ODDITIES                                                               \
    "X-FOO;X-BAR=\"a;b\":odd\r\n"                                              \
    "RELATED-TO;RELTYPE=SIBLING:other@example.com\r\n"                         \
    "CONFERENCE;VALUE=URI;FEATURE=AUDIO:tel:+49-30-1\r\n"                      \
    "COLOR:turquoise\r\n"                                                      \
    "BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:soon\r\n"                   \
    "TRIGGER:-PT15M\r\nEND:VALARM\r\n"                                         \
    "BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:sooner\r\n"                 \
    "TRIGGER:-PT1H\r\nEND:VALARM\r\n"

Test(objects_put, gives_back_the_same_text)
{
    struct office office = office_open_warm();
    const char *event = office_event(&office, "e1", "Lunch", ODDITIES);
    const char *task =
        office_task(&office, "t1", "Buy bread",
                    "DUE;VALUE=DATE:20380305\r\nX-FOO:odd\r\n"
                    "RELATED-TO:other@example.com\r\nPRIORITY:5\r\n");
    const char *card =
        office_card(&office, "c1", "Zoe",
                    "EMAIL;TYPE=work:zoe@example.com\r\nX-FOO:odd\r\n"
                    "LANG;PREF=1:fr\r\nTEL;TYPE=cell:+49 1\r\n");

    EXPECT_OK(office_put(&office, office.calendar, "e 1.ics", event));
    EXPECT_OK(office_put(&office, office.tasks, "t1.ics", task));
    EXPECT_OK(office_put(&office, office.contacts, "c1.vcf", card));
    cr_expect_str_eq(
        office_plain(&office, office_get(&office, office.calendar, "e 1.ics")),
        office_plain(&office, event));
    cr_expect_str_eq(
        office_plain(&office, office_get(&office, office.tasks, "t1.ics")),
        office_plain(&office, task));
    cr_expect_str_eq(
        office_plain(&office, office_get(&office, office.contacts, "c1.vcf")),
        office_plain(&office, card));
    office_close(&office);
}

Test(objects_put, costs_one_call_for_a_new_one_and_two_for_an_edit)
{
    struct office office = office_open_warm();
    const char *text = office_event(&office, "e1", "Lunch", "");

    EXPECT_OK(office_put(&office, office.calendar, "e1.ics", text));
    cr_expect(office.written.created);
    cr_expect_eq(office_calls(&office), 1, "a new one");
    text = office_get(&office, office.calendar, "e1.ics");
    cr_expect_eq(office_calls(&office), 1, "reading it");
    office_get(&office, office.calendar, "e1.ics");
    cr_expect_eq(office_calls(&office), 0, "reading it again");
    EXPECT_OK(office_put(&office, office.calendar, "e1.ics",
                         office_edit(&office, text, "Lunch", "Dinner")));
    cr_expect(!office.written.created);
    text = office_get(&office, office.calendar, "e1.ics");
    cr_expect_not_null(strstr(text, "SUMMARY:Dinner"));
    cr_expect_eq(office_calls(&office), 2, "an edit and reading it back");
    EXPECT_OK(office_delete(&office, office.calendar, "e1.ics"));
    cr_expect_eq(office_calls(&office), 1, "deleting it");
    office_refresh(&office, office.calendar);
    cr_expect(office_calls(&office) <= 1, "a sync without changes");
    office_close(&office);
}

Test(objects_put, costs_as_much_for_tasks_and_contacts)
{
    struct office office = office_open_warm();
    const struct {
        int64_t folder;
        const char *name;
        const char *text;
    } cases[] = {
        { office.tasks, "t1.ics", office_task(&office, "t1", "Lunch", "") },
        { office.contacts, "c1.vcf", office_card(&office, "c1", "Lunch", "") },
    };

    for (size_t i = 0; i < 2; i++) {
        EXPECT_OK(
            office_put(&office, cases[i].folder, cases[i].name, cases[i].text));
        cr_expect_eq(office_calls(&office), 1, "%s: new", cases[i].name);
        const char *text = office_get(&office, cases[i].folder, cases[i].name);
        cr_expect_eq(office_calls(&office), 1, "%s: read", cases[i].name);
        EXPECT_OK(office_put(&office, cases[i].folder, cases[i].name,
                             office_edit(&office, text, "Lunch", "Dinner")));
        text = office_get(&office, cases[i].folder, cases[i].name);
        cr_expect_not_null(strstr(text, "Dinner"), "%s", text);
        cr_expect_eq(office_calls(&office), 2, "%s: edit", cases[i].name);
    }
    office_close(&office);
}

struct reading {
    size_t good;
};

static bool count_good(void *context, size_t index, enum status status,
                       const struct object *object, const char *text,
                       size_t len)
{
    struct reading *reading = context;

    (void)index;
    reading->good += status == STATUS_OK && object->size == len &&
                     strlen(text) == len && object->known;
    return true;
}

Test(objects_put, reads_many_in_batches)
{
    struct office office = office_open(EXCHANGE_2016);
    struct office outlook = office_beside(&office, ANN);
    struct reading reading = { 0 };
    const char *names[600];
    struct object *objects;
    size_t count;

    office_refresh(&outlook, outlook.contacts);
    for (int i = 0; i < 600; i++)
        cr_assert_eq(office_put(&outlook, outlook.contacts,
                                arena_printf(office.arena, "%d.vcf", i),
                                office_card(&outlook,
                                            arena_printf(office.arena, "%d", i),
                                            "Zoe", "")),
                     STATUS_OK);
    office_calls(&office);
    office_refresh(&office, office.contacts);
    cr_expect_eq(office_calls(&office), 2, "600 are two pages");
    EXPECT_OK(objects_list(&office.op, office.account, office.contacts,
                           &objects, &count));
    cr_assert_eq(count, 600);
    for (size_t i = 0; i < count; i++)
        names[i] = objects[i].name;
    /* The owner's zone and addresses are asked for once for all. */
    office_get(&office, office.contacts, names[0]);
    office_calls(&office);
    for (int turn = 0; turn < 2; turn++) {
        reading.good = 0;
        EXPECT_OK(objects_read(&office.op, office.account, office.contacts,
                               names, count, VCARD_3, count_good, &reading));
        cr_expect_eq(office_calls(&office), turn == 0 ? 12 : 0);
    }
    office_close(&outlook);
    office_close(&office);
}

Test(objects_put, two_edits_within_one_second_give_different_etags)
{
    struct office office = office_open_warm();
    uint64_t revisions[4], marks[4];

    for (int i = 0; i < 3; i++) {
        EXPECT_OK(
            office_put(&office, office.calendar, "e1.ics",
                       office_event(&office, "e1",
                                    arena_printf(office.arena, "S%d", i), "")));
        office_get(&office, office.calendar, "e1.ics");
        revisions[i] = office_find(&office, office.calendar, "e1.ics").revision;
        marks[i] = office_refresh(&office, office.calendar).revision;
        cr_expect_eq(office_find(&office, office.calendar, "e1.ics").revision,
                     revisions[i],
                     "a sync that brings nothing new changes nothing");
    }
    cr_expect(revisions[0] < revisions[1] && revisions[1] < revisions[2]);
    cr_expect(marks[0] < marks[1] && marks[1] < marks[2]);
    office_close(&office);
}

Test(objects_put, keeps_to_conditions)
{
    struct office office = office_open_warm();
    const char *text = office_event(&office, "e1", "Lunch", "");
    const struct object_condition absent = { .absent = true },
                                  present = { .present = true };

    cr_expect_eq(
        office_put_if(&office, office.calendar, "e1.ics", text, present),
        STATUS_CONFLICT);
    EXPECT_OK(office_put_if(&office, office.calendar, "e1.ics", text, absent));
    cr_expect_eq(
        office_put_if(&office, office.calendar, "e1.ics", text, absent),
        STATUS_CONFLICT);
    EXPECT_OK(office_put_if(&office, office.calendar, "e1.ics", text, present));
    struct object_condition state = {
        .revision = office_find(&office, office.calendar, "e1.ics").revision
    };
    EXPECT_OK(office_put_if(&office, office.calendar, "e1.ics",
                            office_edit(&office, text, "Lunch", "Dinner"),
                            state));
    cr_expect_eq(office_put_if(&office, office.calendar, "e1.ics", text, state),
                 STATUS_CONFLICT);
    cr_expect_eq(object_delete(&office.op, office.account, office.calendar,
                               "e1.ics", true, &state),
                 STATUS_CONFLICT);
    cr_expect_not_null(office_get(&office, office.calendar, "e1.ics"));
    office_close(&office);
}

Test(objects_put, refuses_what_cannot_be)
{
    struct office office = office_open_warm();
    const char *event = office_event(&office, "e1", "Lunch", "");
    const struct {
        const char *name;
        const char *file;
        const char *text;
        enum object_problem problem;
    } cases[] = {
        { "another UID under the name", "e1.ics",
          office_event(&office, "e2", "Lunch", ""), OBJECT_UID_CHANGED },
        { "the UID under another name", "e2.ics", event, OBJECT_UID_TAKEN },
        { "no calendar", "e3.ics", "BEGIN:VCARD\r\nEND:VCARD\r\n",
          OBJECT_SYNTAX },
        { "a task", "e3.ics", office_task(&office, "t1", "Bread", ""),
          OBJECT_COMPONENT },
        { "every hour", "e3.ics",
          office_event(&office, "e3", "Lunch", "RRULE:FREQ=HOURLY\r\n"),
          OBJECT_RECURRENCE },
    };

    EXPECT_OK(office_put(&office, office.calendar, "e1.ics", event));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        cr_expect_eq(
            office_put(&office, office.calendar, cases[i].file, cases[i].text),
            STATUS_BAD_CONTENT, "%s", cases[i].name);
        cr_expect_eq(office.written.problem, cases[i].problem, "%s: %d",
                     cases[i].name, office.written.problem);
    }
    office_put(&office, office.calendar, "e2.ics", event);
    cr_expect_str_eq(office.written.other, "e1.ics");
    cr_expect_str_eq(office_names(&office, office.calendar), "e1.ics warm.ics");
    office_close(&office);
}

Test(objects_put, names_of_clients_survive_a_lost_index)
{
    struct office office = office_open_on_disk(EXCHANGE_2016);
    const char *text = office_event(&office, "e1", "Lunch", ODDITIES);

    EXPECT_OK(office_put(&office, office.calendar, "my own.ics", text));
    EXPECT_OK(office_put(&office, office.contacts, "zoe.vcf",
                         office_card(&office, "c1", "Zoe", "X-FOO:odd\r\n")));
    EXPECT_OK(office_put(&office, office.tasks, "bread.ics",
                         office_task(&office, "t1", "Bread", "X-A:b\r\n")));
    office_restart(&office, true);
    office_refresh(&office, office.calendar);
    office_refresh(&office, office.contacts);
    office_refresh(&office, office.tasks);
    cr_expect_str_eq(office_names(&office, office.calendar), "my own.ics");
    cr_expect_str_eq(office_names(&office, office.contacts), "zoe.vcf");
    cr_expect_str_eq(office_names(&office, office.tasks), "bread.ics");
    cr_expect_str_eq(office_plain(&office, office_get(&office, office.calendar,
                                                      "my own.ics")),
                     office_plain(&office, text));
    cr_expect_not_null(
        strstr(office_get(&office, office.contacts, "zoe.vcf"), "X-FOO:odd"));
    cr_expect_not_null(
        strstr(office_get(&office, office.tasks, "bread.ics"), "X-A:b"));
    office_close(&office);
}

static size_t changes(struct office *office, struct object_marks since,
                      size_t *gone_out)
{
    struct object_change *list = NULL;
    struct object_marks now;
    size_t count = 0, gone = 0;
    enum status status =
        objects_changes(&office->op, office->account, office->calendar,
                        since.validity, since.revision, &list, &count, &now);

    cr_assert_eq(status, STATUS_OK, "%s", status_name(status));
    for (size_t i = 0; i < count; i++)
        gone += list[i].gone;
    *gone_out = gone;
    return count - gone;
}

Test(objects_put, sync_tokens_stay_valid_across_restarts)
{
    struct office office = office_open_on_disk(EXCHANGE_2016);
    size_t gone;

    EXPECT_OK(office_put(&office, office.calendar, "a.ics",
                         office_event(&office, "a", "A", "")));
    EXPECT_OK(office_put(&office, office.calendar, "b.ics",
                         office_event(&office, "b", "B", "")));
    struct object_marks token = office_refresh(&office, office.calendar);
    office_restart(&office, false);
    struct object_marks again = office_refresh(&office, office.calendar);
    cr_expect_eq(again.validity, token.validity);
    cr_expect_eq(again.revision, token.revision);
    cr_expect_eq(changes(&office, token, &gone), 0);
    cr_expect_eq(gone, 0);
    EXPECT_OK(office_put(&office, office.calendar, "c.ics",
                         office_event(&office, "c", "C", "")));
    EXPECT_OK(office_delete(&office, office.calendar, "a.ics"));
    office_restart(&office, false);
    office_refresh(&office, office.calendar);
    cr_expect_eq(changes(&office, token, &gone), 1);
    cr_expect_eq(gone, 1);
    struct object_change *list;
    struct object_marks now;
    size_t count;
    cr_expect_eq(objects_changes(&office.op, office.account, office.calendar,
                                 token.validity, token.revision + 100, &list,
                                 &count, &now),
                 STATUS_STALE);
    office_close(&office);
}

Test(objects_put, moves_copies_and_renames)
{
    struct office office = office_open_warm();
    int64_t other;

    EXPECT_OK(folder_create(&office.op, office.account, 0, FOLDER_CALENDAR,
                            "Other", &other));
    EXPECT_OK(office_put(&office, office.calendar, "a.ics",
                         office_event(&office, "a", "A", ODDITIES)));
    EXPECT_OK(object_transfer(&office.op, office.account, office.calendar,
                              "a.ics", office.calendar, "b.ics", true, false,
                              NULL, &office.written));
    cr_expect_str_eq(office_names(&office, office.calendar), "b.ics warm.ics");
    EXPECT_OK(object_transfer(&office.op, office.account, office.calendar,
                              "b.ics", other, "c.ics", false, false, NULL,
                              &office.written));
    cr_expect(office.written.created);
    cr_expect_str_eq(office_names(&office, other), "c.ics");
    cr_expect_eq(object_transfer(&office.op, office.account, office.calendar,
                                 "b.ics", other, "c.ics", true, false, NULL,
                                 &office.written),
                 STATUS_EXISTS);
    EXPECT_OK(object_transfer(&office.op, office.account, office.calendar,
                              "b.ics", other, "c.ics", true, true, NULL,
                              &office.written));
    cr_expect(!office.written.created);
    cr_expect_str_eq(office_names(&office, office.calendar), "warm.ics");
    cr_expect_str_eq(office_names(&office, other), "c.ics");
    office_refresh(&office, other);
    cr_expect_str_eq(office_names(&office, other), "c.ics");
    cr_expect_not_null(strstr(office_get(&office, other, "c.ics"), "X-FOO"));
    cr_expect_eq(object_transfer(&office.op, office.account, other, "c.ics",
                                 office.contacts, "c.vcf", true, true, NULL,
                                 &office.written),
                 STATUS_BAD_CONTENT);
    office_close(&office);
}
