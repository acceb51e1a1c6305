/*
 * objects_attach.c - attachments of events and of their days
 */
#include <criterion/criterion.h>
#include <string.h>

#include "tests/proxy/exchange/objects.h"

#define DAYS "RRULE:FREQ=DAILY;COUNT=9\r\n"
#define THIRD "20380303T100000Z"
#define FIFTH "20380305T100000Z"
#define LIST(...) ((const char *const[]){ __VA_ARGS__, NULL })

/* How often a part is in a text. */
static size_t count(const char *text, const char *part)
{
    size_t found = 0;

    for (; (text = strstr(text, part)) != NULL; text += strlen(part))
        found++;
    return found;
}

static const char *text_of(struct office *office)
{
    const char *text = office_get(office, office->calendar, "a.ics");

    return office_plain(office, text != NULL ? text : "");
}

static size_t files_of(struct office *office)
{
    return count(text_of(office), "\nATTACH;");
}

static enum status attach(struct office *office,
                          const struct object_attaching *wish,
                          const char **id_out)
{
    return object_attach(&office->op, office->account, office->calendar,
                         "a.ics", wish, id_out, &office->written);
}

static void put_series(struct office *office)
{
    enum status status = office_put(office, office->calendar, "a.ics",
                                    office_event(office, "a", "Daily", DAYS));

    cr_assert_eq(status, STATUS_OK, "%s",
                 office->op.reason != NULL ? office->op.reason : "");
}

Test(objects_attach, every_version_attaches_to_days)
{
    for (int version = 0; version < EXCHANGE_VERSION_COUNT; version++) {
        struct office office = office_open((enum exchange_version)version);
        const struct object_attaching wish = { FILE_OF("plan.txt", "hello"),
                                               .days = LIST(THIRD, FIFTH) };
        const char *id = NULL, *type, *file, *data;
        size_t len = 0;

        put_series(&office);
        EXPECT_OK(attach(&office, &wish, &id));
        const char *text = text_of(&office);
        cr_expect_eq(count(text, "\nRECURRENCE-ID"), 2, "%d: %s", version,
                     text);
        cr_expect_eq(files_of(&office), 2, "%d: %s", version, text);
        EXPECT_OK(object_attachment_read(&office.op, office.account,
                                         office.calendar, "a.ics", id, &type,
                                         &file, &data, &len));
        cr_expect(len == 5 && memcmp(data, "hello", 5) == 0, "%d", version);

        const struct object_attaching back = { .id = id, .days = LIST(THIRD) };
        EXPECT_OK(attach(&office, &back, &id));
        cr_expect_eq(files_of(&office), 1, "%d: %s", version, text_of(&office));
        office_close(&office);
    }
}

/* The day is asked for, gets its file, and the series is read with its days:
 * that is what its next reader is told as well. */
Test(objects_attach, a_day_costs_a_call_for_its_id_and_two_to_read_it)
{
    struct office office = office_open_warm();
    const struct object_attaching whole = { FILE_OF("a.txt", "hello") };
    const struct object_attaching day = { FILE_OF("b.txt", "hello"),
                                          .days = LIST(THIRD) };
    const struct object_attaching days = { FILE_OF("c.txt", "hello"),
                                           .days = LIST(FIFTH, THIRD) };
    const char *id;

    put_series(&office);
    text_of(&office);
    office_calls(&office);
    EXPECT_OK(attach(&office, &whole, &id));
    cr_expect_eq(office_calls(&office), 1, "as of a single event");
    text_of(&office);
    office_calls(&office);
    EXPECT_OK(attach(&office, &day, &id));
    cr_expect_eq(office_calls(&office), 4);
    text_of(&office);
    cr_expect_eq(office_calls(&office), 0);
    EXPECT_OK(attach(&office, &days, &id));
    cr_expect_eq(office_calls(&office), 5);
    cr_expect_eq(files_of(&office), 1 + 3 + 2, "%s", text_of(&office));
    office_close(&office);
}

/* A revision that the writer has been told is that of what is there. */
Test(objects_attach, a_change_is_one_for_those_who_look)
{
    struct office office = office_open_warm();
    const struct object_attaching day = { FILE_OF("b.txt", "hello"),
                                          .days = LIST(THIRD) };
    const char *id;

    put_series(&office);
    text_of(&office);
    struct object_marks before = office_refresh(&office, office.calendar);
    EXPECT_OK(attach(&office, &day, &id));
    struct object_marks after = office_refresh(&office, office.calendar);
    cr_expect_eq(after.revision, before.revision + 1);
    cr_expect_eq(office.written.object.revision, after.revision);
    text_of(&office);
    cr_expect_eq(office_refresh(&office, office.calendar).revision,
                 after.revision);
    office_close(&office);
}

Test(objects_attach, nobody_is_told_of_a_file)
{
    struct office office = office_open_warm();
    const struct object_attaching whole = { FILE_OF("a.txt", "hello") };
    const struct object_attaching day = { FILE_OF("b.txt", "hello"),
                                          .days = LIST(THIRD) };
    const char *id;

    EXPECT_OK(
        office_put(&office, office.calendar, "a.ics",
                   office_event(&office, "a", "Daily",
                                DAYS "ORGANIZER:mailto:" ANN "\r\n"
                                     "ATTENDEE;RSVP=TRUE:mailto:" BOB "\r\n")));
    size_t mails = office_mails(&office, BOB);
    EXPECT_OK(attach(&office, &whole, &id));
    EXPECT_OK(attach(&office, &day, &id));
    cr_expect_eq(office_mails(&office, BOB), mails);
    office_close(&office);
}

/* clang-format off */
static const struct {
    const char *name;
    const char *operation; /* whose answer is lost */
    const char *const *days;
    size_t files;
} losses[] = {
    { "of an event",        "CreateAttachment", NULL,               1 },
    { "of a day",           "CreateAttachment", LIST(THIRD),        1 },
    { "of several days",    "CreateAttachment", LIST(THIRD, FIFTH), 2 },
    { "of a day's id",      "GetItem",          LIST(THIRD),        1 },
};
/* clang-format on */

Test(objects_attach, a_lost_answer_is_looked_for)
{
    for (size_t i = 0; i < sizeof losses / sizeof *losses; i++) {
        struct office office = office_open_warm();
        const struct object_attaching wish = { FILE_OF("plan.txt", "hello"),
                                               .days = losses[i].days };
        const char *id = NULL;

        put_series(&office);
        text_of(&office);
        office_fault(&office, losses[i].operation, FAULT_RESET_AFTER, 1);
        EXPECT_OK(attach(&office, &wish, &id));
        exchange_clear_faults(office.exchange);
        cr_expect_not_null(id, "%s", losses[i].name);
        cr_expect_eq(files_of(&office), losses[i].files, "%s: %s",
                     losses[i].name, text_of(&office));
        office_close(&office);
    }
}

/* On a day that has a file of that name by its series. */
Test(objects_attach, a_lost_answer_is_not_taken_for_what_was_there)
{
    struct office office = office_open_warm();
    const struct object_attaching whole = { FILE_OF("a.txt", "hello") };
    const struct object_attaching day = { FILE_OF("a.txt", "world"),
                                          .days = LIST(THIRD) };
    const char *id = NULL, *type, *file, *data;
    size_t len = 0;

    put_series(&office);
    EXPECT_OK(attach(&office, &whole, &id));
    text_of(&office);
    office_fault(&office, "CreateAttachment", FAULT_RESET_AFTER, 1);
    EXPECT_OK(attach(&office, &day, &id));
    exchange_clear_faults(office.exchange);
    cr_expect_eq(files_of(&office), 3, "%s", text_of(&office));
    EXPECT_OK(object_attachment_read(&office.op, office.account,
                                     office.calendar, "a.ics", id, &type, &file,
                                     &data, &len));
    cr_expect(len == 5 && memcmp(data, "world", 5) == 0);
    office_close(&office);
}

/* The gateway is gone with the answer, and the client sends the same again. */
Test(objects_attach, what_was_begun_before_a_restart_is_not_done_twice)
{
    office_patience = "2";
    for (size_t i = 0; i < sizeof losses / sizeof *losses; i++) {
        struct office office = office_open_on_disk(EXCHANGE_2016);
        const struct object_attaching wish = { FILE_OF("plan.txt", "hello"),
                                               .days = losses[i].days };
        const char *id = NULL;

        put_series(&office);
        text_of(&office);
        office_fault(&office, "CreateAttachment", FAULT_RESET_AFTER, 1);
        office_fault(&office, "SyncFolderItems", FAULT_HTTP_503, 1000);
        cr_expect_neq(attach(&office, &wish, &id), STATUS_OK, "%s",
                      losses[i].name);
        exchange_clear_faults(office.exchange);
        office_restart(&office, false);
        EXPECT_OK(attach(&office, &wish, &id));
        cr_expect_not_null(id, "%s", losses[i].name);
        cr_expect_eq(files_of(&office), losses[i].files, "%s: %s",
                     losses[i].name, text_of(&office));
        /* That was it: once more is one more. */
        EXPECT_OK(attach(&office, &wish, &id));
        cr_expect_eq(files_of(&office), 2 * losses[i].files, "%s: %s",
                     losses[i].name, text_of(&office));
        office_close(&office);
    }
}

Test(objects_attach, a_replacement_before_a_restart_is_not_done_twice)
{
    office_patience = "2";
    struct office office = office_open_on_disk(EXCHANGE_2016);
    const struct object_attaching first = { FILE_OF("a.txt", "hello") };
    const char *old = NULL, *id = NULL;

    put_series(&office);
    EXPECT_OK(attach(&office, &first, &old));
    const struct object_attaching second = { .id = old,
                                             FILE_OF("a.txt", "world") };
    text_of(&office);
    office_fault(&office, "DeleteAttachment", FAULT_RESET_AFTER, 1);
    office_fault(&office, "SyncFolderItems", FAULT_HTTP_503, 1000);
    cr_expect_neq(attach(&office, &second, &id), STATUS_OK);
    exchange_clear_faults(office.exchange);
    office_restart(&office, false);
    EXPECT_OK(attach(&office, &second, &id));
    cr_expect_not_null(id);
    cr_expect_str_neq(id, old);
    cr_expect_eq(files_of(&office), 1, "%s", text_of(&office));
    office_close(&office);
}

/* Two files may have the same name: that of the id goes, whatever happens. */
Test(objects_attach, the_one_that_is_named_goes)
{
    struct office office = office_open_warm();
    const struct object_attaching one = { FILE_OF("a.txt", "hello") };
    const struct object_attaching other = { FILE_OF("a.txt", "world") };
    const char *first, *second, *none, *type, *file, *data;
    size_t len;

    put_series(&office);
    EXPECT_OK(attach(&office, &one, &first));
    EXPECT_OK(attach(&office, &other, &second));
    text_of(&office);
    office_fault(&office, "DeleteAttachment", FAULT_RESET_AFTER, 1);
    EXPECT_OK(
        attach(&office, &(struct object_attaching){ .id = first }, &none));
    exchange_clear_faults(office.exchange);
    cr_expect_eq(files_of(&office), 1, "%s", text_of(&office));
    EXPECT_OK(object_attachment_read(&office.op, office.account,
                                     office.calendar, "a.ics", second, &type,
                                     &file, &data, &len));
    cr_expect(len == 5 && memcmp(data, "world", 5) == 0);
    office_close(&office);
}

/* A new rule takes the exceptions with it; what they shared with their series
 * is there once after that, what was theirs as well. */
Test(objects_attach, a_new_rule_leaves_each_file_once)
{
    struct office office = office_open_warm();
    const struct object_attaching whole = { FILE_OF("a.txt", "hello") };
    const struct object_attaching day = { FILE_OF("b.txt", "own"),
                                          .days = LIST(THIRD) };
    const char *id;

    put_series(&office);
    EXPECT_OK(attach(&office, &whole, &id));
    EXPECT_OK(attach(&office, &day, &id));
    const char *text = office_get(&office, office.calendar, "a.ics");
    EXPECT_OK(office_put(&office, office.calendar, "a.ics",
                         office_edit(&office, text, "COUNT=9", "COUNT=8")));
    text = text_of(&office);
    cr_expect_eq(count(text, "FILENAME=a.txt"), 2, "%s", text);
    cr_expect_eq(count(text, "FILENAME=b.txt"), 1, "%s", text);
    office_close(&office);
}
