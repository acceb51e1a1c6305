/*
 * objects_keep.c - what changes keep, and what days and members cost
 */
#include <criterion/criterion.h>
#include <string.h>

#include "tests/proxy/exchange/objects.h"

Test(objects_keep, attaches_files_to_events)
{
    struct office office = office_open_warm();
    const char *id = NULL, *type, *file, *data;
    size_t len;

    EXPECT_OK(office_put(&office, office.calendar, "a.ics",
                         office_event(&office, "a", "A", "")));
    EXPECT_OK(object_attach(
        &office.op, office.account, office.calendar, "a.ics",
        &(struct object_attaching){ FILE_OF("plan.txt", "hello") }, &id,
        &office.written));
    cr_assert_not_null(id);
    cr_expect_not_null(strstr(
        office_plain(&office, office_get(&office, office.calendar, "a.ics")),
        "plan.txt"));
    EXPECT_OK(object_attachment_read(&office.op, office.account,
                                     office.calendar, "a.ics", id, &type, &file,
                                     &data, &len));
    cr_expect_eq(len, 5);
    cr_expect_str_eq(file, "plan.txt");
    cr_expect_eq(object_attachment_read(&office.op, office.account,
                                        office.calendar, "warm.ics", id, &type,
                                        &file, &data, &len),
                 STATUS_NOT_FOUND);
    EXPECT_OK(object_attach(&office.op, office.account, office.calendar,
                            "a.ics", &(struct object_attaching){ .id = id },
                            &id, &office.written));
    cr_expect_null(strstr(
        office_plain(&office, office_get(&office, office.calendar, "a.ics")),
        "plan.txt"));
    office_close(&office);
}

Test(objects_keep, editing_a_summary_must_not_touch_an_html_body)
{
    struct office office = office_open_warm();
    const char *html = "<html><body><p>See <b>this</b></p></body></html>";

    EXPECT_OK(office_put(
        &office, office.calendar, "a.ics",
        office_event(&office, "a", "Old",
                     arena_printf(office.arena,
                                  "DESCRIPTION:See this\r\n"
                                  "X-ALT-DESC;FMTTYPE=text/html:%s\r\n",
                                  html))));
    const char *text = office_get(&office, office.calendar, "a.ics");
    cr_assert_not_null(strstr(office_plain(&office, text), "<b>this</b>"), "%s",
                       text);
    /* A client that knows no HTML. */
    EXPECT_OK(office_put(
        &office, office.calendar, "a.ics",
        office_event(&office, "a", "New", "DESCRIPTION:See this\r\n")));
    struct office outlook = office_beside(&office, ANN);
    office_refresh(&outlook, outlook.calendar);
    text =
        office_plain(&outlook, office_get(&outlook, outlook.calendar, "a.ics"));
    cr_expect_not_null(strstr(text, "SUMMARY:New"), "%s", text);
    cr_expect_not_null(strstr(text, "<b>this</b>"), "%s", text);
    office_close(&outlook);
    office_close(&office);
}

Test(objects_keep, put_of_a_contact_must_keep_unknown_fields)
{
    struct office office = office_open_warm();
    struct office outlook = office_beside(&office, ANN);

    /* More than Exchange has slots for, and what it has no place for. */
    EXPECT_OK(office_put(
        &office, office.contacts, "c.vcf",
        office_card(&office, "c1", "Zoe",
                    "EMAIL:a@example.com\r\nEMAIL:b@example.com\r\n"
                    "EMAIL:c@example.com\r\nEMAIL:d@example.com\r\n"
                    "HOBBY:chess\r\nX-FOO;X-P=1:odd\r\nTZ:Europe/Paris\r\n")));
    office_refresh(&outlook, outlook.contacts);
    const char *text = office_get(&outlook, outlook.contacts, "c.vcf");
    EXPECT_OK(office_put(&outlook, outlook.contacts, "c.vcf",
                         office_edit(&outlook, text, "FN:Zoe", "FN:Zoe B")));
    office_refresh(&office, office.contacts);
    text = office_plain(&office, office_get(&office, office.contacts, "c.vcf"));
    const char *const parts[] = { "FN:Zoe B\n",        "a@example.com",
                                  "b@example.com",     "c@example.com",
                                  "d@example.com",     "HOBBY:chess\n",
                                  "X-FOO;X-P=1:odd\n", "TZ:Europe/Paris\n" };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        cr_expect_not_null(strstr(text, parts[i]), "%s in\n%s", parts[i], text);
    office_close(&outlook);
    office_close(&office);
}

Test(objects_keep, a_contact_is_sorted_under_the_name_it_has_by_now)
{
    struct office office = office_open_warm();

    EXPECT_OK(office_put(&office, office.contacts, "c.vcf",
                         office_card(&office, "c1", "Zoe", "")));
    const char *text = office_get(&office, office.contacts, "c.vcf");
    cr_expect_null(strstr(text, "X-FILE-AS"), "%s", text);
    text = office_edit(&office, text, "FN:Zoe", "FN:Ada");
    text = office_edit(&office, text, "N:;Zoe;;;", "N:;Ada;;;");
    EXPECT_OK(office_put(&office, office.contacts, "c.vcf", text));
    text = office_get(&office, office.contacts, "c.vcf");
    /* It is not shown where it is what it would be made of. */
    cr_expect_null(strstr(text, "X-FILE-AS"), "%s", text);
    text = office_edit(&office, text, "FN:Ada\r\n",
                       "FN:Ada\r\nX-FILE-AS:Lovelace\r\n");
    EXPECT_OK(office_put(&office, office.contacts, "c.vcf", text));
    text = office_get(&office, office.contacts, "c.vcf");
    cr_expect_not_null(strstr(text, "X-FILE-AS:Lovelace"), "%s", text);
    office_close(&office);
}

/* A daily series whose day after so many days is another way. */
static const char *series(struct office *office, const char *day,
                          const char *summary)
{
    const char *text =
        office_event(office, "s1", "Daily", "RRULE:FREQ=DAILY;COUNT=900\r\n");
    const char *exception = arena_printf(
        office->arena,
        "END:VEVENT\r\nBEGIN:VEVENT\r\nUID:s1\r\nDTSTAMP:20380101T000000Z\r\n"
        "RECURRENCE-ID:%sT100000Z\r\nSUMMARY:%s\r\nDTSTART:%sT120000Z\r\n"
        "DTEND:%sT130000Z\r\nEND:VEVENT\r\nEND:VCALENDAR",
        day, summary, day, day);

    return office_edit(office, text, "END:VEVENT\r\nEND:VCALENDAR", exception);
}

Test(objects_keep,
     the_kth_occurrence_of_a_long_series_must_cost_constant_requests)
{
    struct office office = office_open_warm();
    static const char *const days[] = { "20380302", "20390302", "20400301" };
    unsigned first = 0;

    for (size_t i = 0; i < 3; i++) {
        EXPECT_OK(office_put(&office, office.calendar, "s.ics",
                             office_event(&office, "s1", "Daily",
                                          "RRULE:FREQ=DAILY;COUNT=900\r\n")));
        office_get(&office, office.calendar, "s.ics");
        office_calls(&office);
        EXPECT_OK(office_put(&office, office.calendar, "s.ics",
                             series(&office, days[i], "Special")));
        const char *text = office_get(&office, office.calendar, "s.ics");
        unsigned calls = office_calls(&office);
        cr_expect_not_null(strstr(text, "SUMMARY:Special"), "%s", text);
        first = i == 0 ? calls : first;
        cr_expect_eq(calls, first, "the day %s", days[i]);
        cr_expect(calls <= 4, "%u calls", calls);
        EXPECT_OK(office_delete(&office, office.calendar, "s.ics"));
    }
    office_close(&office);
}

Test(objects_keep, an_exception_that_is_left_out_is_like_the_others_again)
{
    struct office office = office_open_warm();

    EXPECT_OK(office_put(&office, office.calendar, "s.ics",
                         series(&office, "20380305", "Special")));
    const char *text = office_get(&office, office.calendar, "s.ics");
    cr_expect_not_null(strstr(text, "SUMMARY:Special"), "%s", text);
    EXPECT_OK(office_put(&office, office.calendar, "s.ics",
                         office_event(&office, "s1", "Daily",
                                      "RRULE:FREQ=DAILY;COUNT=900\r\n")));
    text = office_get(&office, office.calendar, "s.ics");
    cr_expect_null(strstr(text, "Special"), "%s", text);
    EXPECT_OK(office_put(&office, office.calendar, "s.ics",
                         office_event(&office, "s1", "Daily",
                                      "RRULE:FREQ=DAILY;COUNT=900\r\n"
                                      "EXDATE:20380306T100000Z\r\n")));
    text = office_get(&office, office.calendar, "s.ics");
    cr_expect_not_null(strstr(text, "EXDATE"), "%s", text);
    EXPECT_OK(office_put(&office, office.calendar, "s.ics",
                         office_event(&office, "s1", "Daily",
                                      "RRULE:FREQ=DAILY;COUNT=900\r\n")));
    text = office_get(&office, office.calendar, "s.ics");
    cr_expect_null(strstr(text, "EXDATE"), "%s", text);
    office_close(&office);
}

/* --- Several gateways ----------------------------------------------------- */

Test(objects_keep, what_was_left_out_at_another_gateway_does_not_come_back)
{
    struct office office = office_open_warm();
    struct office other = office_beside(&office, ANN);
    const char *text = office_event(&office, "k", "Kept", "X-KEPT:yes\r\n");

    EXPECT_OK(office_put(&office, office.calendar, "k.ics", text));
    office_get(&office, office.calendar, "k.ics");
    office_refresh(&other, other.calendar);
    EXPECT_OK(office_put(&other, other.calendar, "k.ics",
                         office_edit(&other, text, "X-KEPT:yes\r\n", "")));
    office_refresh(&office, office.calendar);
    text = office_get(&office, office.calendar, "k.ics");
    cr_expect_null(strstr(text, "X-KEPT"), "%s", text);
    office_close(&other);
    office_close(&office);
}

/* --- Groups --------------------------------------------------------------- */

#define GROUP(members)                                                         \
    "BEGIN:VCARD\r\nVERSION:4.0\r\nUID:g1\r\nFN:Friends\r\n"                   \
    "KIND:group\r\n" members "END:VCARD\r\n"

Test(objects_keep,
     members_that_are_other_cards_have_their_addresses_in_exchange)
{
    struct office office = office_open_warm();
    const char *group = GROUP("MEMBER:urn:uuid:c1\r\n"
                              "MEMBER:mailto:dan@example.com\r\n"
                              "MEMBER:urn:uuid:nobody\r\n");

    EXPECT_OK(office_put(&office, office.contacts, "c.vcf",
                         office_card(&office, "urn:uuid:c1", "Zoe",
                                     "EMAIL:zoe@example.com\r\n")));
    EXPECT_OK(office_put(&office, office.contacts, "g.vcf", group));
    const char *text =
        office_plain(&office, office_get(&office, office.contacts, "g.vcf"));
    cr_expect_not_null(strstr(text, "MEMBER:urn:uuid:c1\n"), "%s", text);
    cr_expect_not_null(strstr(text, "MEMBER:urn:uuid:nobody\n"), "%s", text);
    cr_expect_not_null(strstr(text, "mailto:dan@example.com"), "%s", text);
    cr_expect_null(strstr(text, "zoe@example.com"), "%s", text);
    /* Who does not know the card sees the address. */
    EXPECT_OK(office_delete(&office, office.contacts, "c.vcf"));
    struct office outlook = office_beside(&office, ANN);
    office_refresh(&outlook, outlook.contacts);
    text =
        office_plain(&outlook, office_get(&outlook, outlook.contacts, "g.vcf"));
    cr_expect_not_null(strstr(text, "zoe@example.com"), "%s", text);
    office_close(&outlook);
    office_close(&office);
}
