/*
 * objects_joint.c - a calendar that shows tasks as well
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/base/str.h"
#include "tests/proxy/exchange/objects.h"

static void join(struct office *office, bool on)
{
    char *error = NULL;

    cr_assert(settings_set(office->settings, "caldav.tasks",
                           on ? "calendar" : "apart", &error),
              "%s", error);
}

/* An event "e.ics" and a task "t.ics", and all of it known. */
static struct office open_joint(void)
{
    struct office office = office_open(EXCHANGE_2016);

    join(&office, true);
    office_refresh(&office, office.calendar);
    EXPECT_OK(office_put(&office, office.calendar, "e.ics",
                         office_event(&office, "e", "Lunch", "")));
    EXPECT_OK(office_put(&office, office.calendar, "t.ics",
                         office_task(&office, "t", "Buy bread", "")));
    office_get(&office, office.calendar, "e.ics");
    office_get(&office, office.calendar, "t.ics");
    office_calls(&office);
    return office;
}

Test(objects_joint, shows_events_and_tasks_in_one_folder)
{
    struct office office = open_joint();
    struct office other = office_beside(&office, ANN);
    const char *task = office_get(&office, office.calendar, "t.ics");

    cr_expect_str_eq(office_names(&office, office.calendar), "e.ics t.ics");
    cr_expect_not_null(strstr(task, "BEGIN:VTODO"));
    cr_expect_eq(office_find(&office, office.calendar, "t.ics").kind,
                 OBJECT_TASK);
    cr_expect(
        objects_hold(&office.op, office.account, office.calendar, OBJECT_TASK));
    cr_expect_not(
        objects_hold(&office.op, office.account, office.tasks, OBJECT_EVENT));
    office_refresh(&other, other.calendar);
    office_refresh(&other, other.tasks);
    cr_expect_str_eq(office_names(&other, other.calendar), "e.ics",
                     "to those who do not join them they are apart");
    cr_expect_str_eq(office_names(&other, other.tasks), "t.ics");
    cr_expect_not(
        objects_hold(&other.op, other.account, other.calendar, OBJECT_TASK));
    office_close(&other);
    office_close(&office);
}

Test(objects_joint, costs_what_each_folder_costs)
{
    struct office office = open_joint();
    const char *text = office_task(&office, "t2", "Buy milk", "");

    office_refresh(&office, office.calendar);
    cr_expect_eq(office_calls(&office), 2, "nothing new in two folders");
    EXPECT_OK(office_put(&office, office.calendar, "t2.ics", text));
    cr_expect_eq(office_calls(&office), 1, "a new one");
    text = office_get(&office, office.calendar, "t2.ics");
    office_calls(&office);
    EXPECT_OK(office_put(&office, office.calendar, "t2.ics",
                         office_edit(&office, text, "milk", "cream")));
    cr_expect_eq(office_calls(&office), 1, "an edit");
    EXPECT_OK(office_delete(&office, office.calendar, "t2.ics"));
    cr_expect_eq(office_calls(&office), 1, "deleting it");
    cr_expect_str_eq(office_names(&office, office.calendar), "e.ics t.ics");
    office_close(&office);
}

Test(objects_joint, keeps_conditions_of_either_kind)
{
    struct office office = open_joint();
    uint64_t revision = office_find(&office, office.calendar, "t.ics").revision;
    const char *text = office_task(&office, "t", "Buy cake", "");
    const struct object_condition absent = { .absent = true },
                                  right = { .revision = revision },
                                  wrong = { .revision = revision - 1 };

    cr_expect_eq(office_put_if(&office, office.calendar, "t.ics", text, absent),
                 STATUS_CONFLICT);
    cr_expect_eq(office_put_if(&office, office.calendar, "t.ics", text, wrong),
                 STATUS_CONFLICT);
    EXPECT_OK(office_put_if(&office, office.calendar, "t.ics", text, right));
    cr_expect_eq(object_delete(&office.op, office.account, office.calendar,
                               "t.ics", true, &right),
                 STATUS_CONFLICT);
    office_close(&office);
}

/* --- One of each name and UID --------------------------------------------- */

Test(objects_joint, what_is_an_event_does_not_become_a_task)
{
    struct office office = open_joint();
    const struct {
        const char *what;
        const char *name;
        const char *text;
        enum object_problem problem;
        const char *other;
    } cases[] = {
        { "an event's name", "e.ics", office_task(&office, "e", "T", ""),
          OBJECT_UID_CHANGED, "e.ics" },
        { "a task's name", "t.ics", office_event(&office, "t", "E", ""),
          OBJECT_UID_CHANGED, "t.ics" },
        { "an event's UID", "new.ics", office_task(&office, "e", "T", ""),
          OBJECT_UID_TAKEN, "e.ics" },
        { "a task's UID", "new.ics", office_event(&office, "t", "E", ""),
          OBJECT_UID_TAKEN, "t.ics" },
        { "no calendar", "new.ics", "BEGIN:VCARD\r\n", OBJECT_SYNTAX, NULL },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        cr_expect_eq(
            office_put(&office, office.calendar, cases[i].name, cases[i].text),
            STATUS_BAD_CONTENT, "%s", cases[i].what);
        cr_expect_eq(office.written.problem, cases[i].problem, "%s",
                     cases[i].what);
        cr_expect(str_equal(office.written.other, cases[i].other), "%s",
                  cases[i].what);
    }
    cr_expect_str_eq(office_names(&office, office.calendar), "e.ics t.ics");
    cr_expect_not_null(
        strstr(office_get(&office, office.calendar, "e.ics"), "Lunch"));
    office_close(&office);
}

Test(objects_joint, knows_uids_of_what_nobody_has_read_yet)
{
    struct office office = office_open(EXCHANGE_2016);
    struct office outlook = office_beside(&office, ANN);

    EXPECT_OK(office_put(&outlook, outlook.tasks, "x.ics",
                         office_task(&outlook, "same", "Theirs", "")));
    join(&office, true);
    office_refresh(&office, office.calendar);
    cr_expect_eq(office_put(&office, office.calendar, "mine.ics",
                            office_event(&office, "same", "Mine", "")),
                 STATUS_BAD_CONTENT);
    cr_expect_eq(office.written.problem, OBJECT_UID_TAKEN);
    office_close(&outlook);
    office_close(&office);
}

Test(objects_joint, what_is_called_alike_elsewhere_is_told_apart)
{
    struct office office = office_open(EXCHANGE_2016);
    struct office other = office_beside(&office, ANN);

    EXPECT_OK(office_put(&other, other.calendar, "same.ics",
                         office_event(&other, "e", "Event", "")));
    EXPECT_OK(office_put(&other, other.tasks, "same.ics",
                         office_task(&other, "t", "Task", "")));
    join(&office, true);
    const char *task = office_name_of(&office, office.calendar, "UID:t\r\n");
    cr_expect_str_eq(office_name_of(&office, office.calendar, "UID:e\r\n"),
                     "same.ics");
    cr_expect_str_neq(task, "same.ics");
    cr_expect_str_neq(task, "");
    EXPECT_OK(office_put(&office, office.calendar, task,
                         office_task(&office, "t", "Task of mine", "")));
    office_restart(&office, true);
    cr_expect_str_eq(office_name_of(&office, office.calendar, "of mine"), task,
                     "Exchange knows the new name by now");
    office_close(&other);
    office_close(&office);
}

Test(objects_joint, one_uid_in_both_is_two_that_are_there_and_can_be_written)
{
    struct office office = office_open(EXCHANGE_2016);
    struct office other = office_beside(&office, ANN);
    struct object_written written;

    EXPECT_OK(office_put(&other, other.calendar, "e.ics",
                         office_event(&other, "same", "Event", "")));
    EXPECT_OK(office_put(&other, other.tasks, "t.ics",
                         office_task(&other, "same", "Task", "")));
    join(&office, true);
    office_refresh(&office, office.calendar);
    cr_expect_str_eq(office_names(&office, office.calendar), "e.ics t.ics");
    EXPECT_OK(office_put(&office, office.calendar, "e.ics",
                         office_event(&office, "same", "Event of mine", "")));
    EXPECT_OK(office_put(&office, office.calendar, "t.ics",
                         office_task(&office, "same", "Task of mine", "")));
    EXPECT_OK(object_transfer(&office.op, office.account, office.calendar,
                              "t.ics", office.calendar, "u.ics", true, false,
                              NULL, &written));
    cr_expect_not_null(
        strstr(office_get(&office, office.calendar, "u.ics"), "Task of mine"));
    EXPECT_OK(office_delete(&office, office.calendar, "e.ics"));
    cr_expect_str_eq(office_names(&office, office.calendar), "u.ics");
    office_close(&other);
    office_close(&office);
}

/* --- From one place to another -------------------------------------------- */

Test(objects_joint, what_is_moved_or_copied_stays_what_it_is)
{
    struct office office = open_joint();
    struct object_written written;
    int64_t list = 0;
    struct op *op = &office.op;
    struct account *account = office.account;

    EXPECT_OK(folder_create(op, account, 0, FOLDER_TASKS, "List", &list));
    EXPECT_OK(object_transfer(op, account, office.calendar, "t.ics", list,
                              "a.ics", false, false, NULL, &written));
    cr_expect_str_eq(office_names(&office, list), "a.ics");
    EXPECT_OK(object_delete(op, account, office.calendar, "t.ics", true, NULL));
    EXPECT_OK(object_transfer(op, account, list, "a.ics", office.calendar,
                              "b.ics", true, false, NULL, &written));
    cr_expect_str_eq(office_names(&office, office.calendar), "b.ics e.ics");
    cr_expect_eq(office_find(&office, office.calendar, "b.ics").kind,
                 OBJECT_TASK);
    EXPECT_OK(object_transfer(op, account, office.calendar, "b.ics",
                              office.calendar, "c.ics", true, false, NULL,
                              &written));
    cr_expect_str_eq(office_names(&office, office.calendar), "c.ics e.ics");
    cr_expect_eq(object_transfer(op, account, office.calendar, "c.ics",
                                 office.calendar, "e.ics", true, false, NULL,
                                 &written),
                 STATUS_EXISTS);
    cr_expect_eq(object_transfer(op, account, office.calendar, "c.ics",
                                 office.calendar, "e.ics", true, true, NULL,
                                 &written),
                 STATUS_BAD_CONTENT);
    cr_expect_eq(written.problem, OBJECT_UID_TAKEN);
    cr_expect_eq(object_transfer(op, account, office.calendar, "e.ics", list,
                                 "e.ics", true, false, NULL, &written),
                 STATUS_BAD_CONTENT, "an event among tasks");
    cr_expect_eq(written.problem, OBJECT_COMPONENT);
    cr_expect_str_eq(office_names(&office, office.calendar), "c.ics e.ics");
    office_close(&office);
}

Test(objects_joint, properties_stay_with_their_objects)
{
    struct office office = open_joint();
    const struct object_property set = { "{x}y", "of the task" };
    struct object_property *found;
    size_t count = 0;
    struct object_written written;

    EXPECT_OK(object_set_properties(&office.op, office.account, office.calendar,
                                    "t.ics", &set, 1));
    EXPECT_OK(object_transfer(&office.op, office.account, office.calendar,
                              "t.ics", office.calendar, "u.ics", true, false,
                              NULL, &written));
    EXPECT_OK(object_properties(&office.op, office.account, office.calendar,
                                "u.ics", &found, &count));
    cr_assert_eq(count, 1);
    cr_expect_str_eq(found[0].value, "of the task");
    EXPECT_OK(object_properties(&office.op, office.account, office.tasks,
                                "u.ics", &found, &count));
    cr_expect_eq(count, 1);
    office_close(&office);
}

/* --- Following ------------------------------------------------------------ */

Test(objects_joint, marks_of_one_folder_are_none_of_both)
{
    struct office office = open_joint();
    struct object_change *changes;
    size_t count;
    struct object_marks both = office_refresh(&office, office.calendar), one,
                        now;

    join(&office, false);
    one = office_refresh(&office, office.calendar);
    cr_expect_neq(one.validity, both.validity);
    cr_expect_eq(objects_changes(&office.op, office.account, office.calendar,
                                 both.validity, both.revision, &changes, &count,
                                 &now),
                 STATUS_STALE);
    join(&office, true);
    cr_expect_eq(objects_changes(&office.op, office.account, office.calendar,
                                 one.validity, one.revision, &changes, &count,
                                 &now),
                 STATUS_STALE);
    EXPECT_OK(objects_changes(&office.op, office.account, office.calendar,
                              both.validity, both.revision, &changes, &count,
                              &now));
    cr_expect_eq(count, 0);
    cr_expect_eq(objects_changes(&office.op, office.account, office.calendar,
                                 both.validity, both.revision + 1, &changes,
                                 &count, &now),
                 STATUS_STALE, "a revision that has not been yet");
    office_close(&office);
}

/* What a client has that follows by tokens, a few changes at a time. */
struct follower {
    struct object_marks since;
    struct {
        char name[64];
        uint64_t revision;
    } objects[64];
    size_t count;
};

static void follow_one(struct follower *follower,
                       const struct object_change *change)
{
    size_t at = 0;

    while (at < follower->count &&
           !str_equal(follower->objects[at].name, change->object.name))
        at++;
    follower->since.revision = change->object.revision;
    if (change->gone) {
        if (at < follower->count)
            follower->objects[at] = follower->objects[--follower->count];
        return;
    }
    snprintf(follower->objects[at].name, sizeof follower->objects[at].name,
             "%s", change->object.name);
    follower->objects[at].revision = change->object.revision;
    follower->count += at == follower->count;
}

static int by_revision(const void *a, const void *b)
{
    const struct object_change *left = a, *right = b;

    return (left->object.revision > right->object.revision) -
           (left->object.revision < right->object.revision);
}

/* Takes up to `limit` changes, the oldest first; false: there were none. */
static bool follow(struct office *office, struct follower *follower,
                   size_t limit)
{
    struct object_change *changes = NULL;
    size_t count = 0;
    struct object_marks now;

    cr_expect_eq(objects_changes(&office->op, office->account, office->calendar,
                                 follower->since.validity,
                                 follower->since.revision, &changes, &count,
                                 &now),
                 STATUS_OK);
    if (count > 0)
        qsort(changes, count, sizeof *changes, by_revision);
    for (size_t i = 0; i < count && i < limit; i++) {
        cr_expect(i == 0 || changes[i].object.revision >
                                changes[i - 1].object.revision,
                  "each change has a revision of its own");
        follow_one(follower, &changes[i]);
    }
    if (count <= limit)
        follower->since = now;
    return count > 0;
}

static void expect_followed(struct office *office,
                            const struct follower *follower, int when)
{
    struct object *objects;
    size_t count = 0;

    cr_expect_eq(objects_list(&office->op, office->account, office->calendar,
                              &objects, &count),
                 STATUS_OK);
    cr_expect_eq(follower->count, count, "after %d deeds", when);
    for (size_t i = 0; i < count; i++) {
        size_t at = 0;

        while (at < follower->count &&
               !str_equal(follower->objects[at].name, objects[i].name))
            at++;
        cr_expect(at < follower->count &&
                      follower->objects[at].revision == objects[i].revision,
                  "after %d deeds: %s", when, objects[i].name);
    }
}

/* Somebody makes, changes or deletes something of one of few names; where the
 * two are apart it may be of the same name in both. */
static void do_something(struct office *office, bool joint, unsigned *seed)
{
    bool task = rand_r(seed) % 2 == 0;
    int64_t folder = joint || !task ? office->calendar : office->tasks;
    const char *name = arena_printf(office->arena, "%d.ics", rand_r(seed) % 8);
    const char *uid =
        arena_printf(office->arena, "%s%s", task ? "t" : "e", name);
    const char *title = arena_printf(office->arena, "%d", rand_r(seed));
    struct object_written written;

    switch (rand_r(seed) % 4) {
    case 0:
        office_delete(office, folder, name);
        break;
    case 1:
        object_transfer(&office->op, office->account, folder, name, folder,
                        arena_printf(office->arena, "%d.ics", rand_r(seed) % 8),
                        true, rand_r(seed) % 2 == 0, NULL, &written);
        break;
    default:
        office_put(office, folder, name,
                   task ? office_task(office, uid, title, "")
                        : office_event(office, uid, title, ""));
    }
}

static void follow_random_deeds(unsigned seed)
{
    struct office office = office_open_on_disk(EXCHANGE_2016);
    struct office other = office_beside(&office, ANN);
    struct follower follower = { 0 };
    unsigned random = seed;

    join(&office, true);
    follower.since = office_refresh(&office, office.calendar);
    office_refresh(&other, other.calendar);
    office_refresh(&other, other.tasks);
    for (int i = 0; i < 150; i++) {
        if (rand_r(&random) % 3 > 0) {
            do_something(&office, true, &random);
        } else {
            office_refresh(&other, other.calendar);
            office_refresh(&other, other.tasks);
            do_something(&other, false, &random);
        }
        if (rand_r(&random) % 4 == 0)
            follow(&office, &follower, 1 + (size_t)(rand_r(&random) % 3));
        if (i % 50 == 49) {
            office_restart(&office, false);
            office_refresh(&office, office.calendar);
            while (follow(&office, &follower, 2))
                continue;
            expect_followed(&office, &follower, i + 1);
        }
    }
    cr_expect(follower.count > 0, "seed %u", seed);
    office_close(&other);
    office_close(&office);
}

Test(objects_joint, a_client_that_follows_ends_with_what_is_there)
{
    for (unsigned seed = 1; seed <= 3; seed++)
        follow_random_deeds(seed);
}
