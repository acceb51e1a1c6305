/*
 * test_people.c - which addresses the user has, when people are busy, and in
 * which zone the user lives
 */
#include <criterion/criterion.h>
#include <string.h>

#include "proxy/base/buf.h"
#include "proxy/base/time.h"
#include "tests/proxy/exchange/ews/scene.h"

static const struct remote_objects *slots(void)
{
    return ews_backend.objects;
}

/* --- Availability --------------------------------------------------------- */

#define GOOD                                                                   \
    "<m:ResponseMessage ResponseClass=\"Success\"><m:ResponseCode>NoError"     \
    "</m:ResponseCode></m:ResponseMessage>"
#define PERSON(content)                                                        \
    "<m:FreeBusyResponse>" GOOD "<m:FreeBusyView>" content                     \
    "</m:FreeBusyView></m:FreeBusyResponse>"
#define TIME(from, to, busy)                                                   \
    "<t:CalendarEvent><t:StartTime>" from "</t:StartTime><t:EndTime>" to       \
    "</t:EndTime><t:BusyType>" busy "</t:BusyType></t:CalendarEvent>"
#define NOBODY(code)                                                           \
    "<m:FreeBusyResponse><m:ResponseMessage ResponseClass=\"Error\">"          \
    "<m:ResponseCode>" code "</m:ResponseCode></m:ResponseMessage>"            \
    "</m:FreeBusyResponse>"

Test(ews_people, tells_for_each_when_he_is_busy)
{
    static const char *const people[] = { "ann@example.com", "bob@example.com",
                                          "gone@example.com",
                                          "far@example.com" };
    int64_t from = time_from_iso("2024-05-06T00:00:00Z");
    struct remote_busy_answer answers[4];
    struct scene s;

    scene_begin(&s, BUILD_2016);
    scene_say(&s, "GetUserAvailabilityRequest",
              PERSON("<t:FreeBusyViewType>FreeBusyMerged</t:FreeBusyViewType>"
                     "<t:CalendarEventArray>" TIME("2024-05-06T07:00:00",
                                                   "2024-05-06T08:00:00", "OOF")
                         TIME("2024-05-06T10:00:00", "2024-05-06T11:30:00",
                              "WorkingElsewhere") "</t:CalendarEventArray>")
                  PERSON("<t:FreeBusyViewType>MergedOnly</t:FreeBusyViewType>"
                         "<t:MergedFreeBusy>00220</t:MergedFreeBusy>")
                      NOBODY("ErrorMailRecipientNotFound") PERSON(
                          "<t:FreeBusyViewType>None</t:FreeBusyViewType>"));
    cr_expect_eq(
        slots()->busy(s.op, s.remote, people, 4, from, from + 86400, false,
                      answers),
        STATUS_OK);
    cr_expect_eq(s.calls, 1);
    cr_assert_eq(answers[0].count, 2);
    cr_expect_eq(answers[0].times[0].from, from + 7 * 3600);
    cr_expect_eq(answers[0].times[0].busy, BUSY_AWAY);
    cr_expect_eq(answers[0].times[1].to, from + 11 * 3600 + 1800);
    cr_expect_eq(answers[0].times[1].busy, BUSY_ELSEWHERE);
    cr_assert_eq(answers[1].count, 1);
    cr_expect_eq(answers[1].times[0].from, from + 3600);
    cr_expect_eq(answers[1].times[0].to, from + 2 * 3600);
    cr_expect_eq(answers[2].status, STATUS_NOT_FOUND);
    cr_expect_eq(answers[3].status, STATUS_DENIED);
    scene_end(&s);
}

Test(ews_people, asks_for_six_weeks_at_a_time)
{
    static const char *const people[] = { "ann@example.com" };
    int64_t from = time_from_iso("2024-01-01T00:00:00Z");
    struct remote_busy_answer answer;
    struct scene s;

    scene_begin(&s, BUILD_2016);
    for (size_t i = 0; i < 3; i++)
        scene_say(&s, "GetUserAvailabilityRequest",
                  PERSON("<t:FreeBusyViewType>FreeBusy</t:FreeBusyViewType>"
                         "<t:CalendarEventArray>" TIME(
                             "2024-05-06T07:00:00", "2024-05-06T08:00:00",
                             "Busy") "</t:CalendarEventArray>"));
    cr_expect_eq(slots()->busy(s.op, s.remote, people, 1, from,
                               from + 100 * 86400, false, &answer),
                 STATUS_OK);
    cr_expect_eq(s.calls, 3);
    cr_expect_eq(answer.count, 3);
    cr_expect_not_null(strstr(s.bodies[1], "2024-02-12T00:00:00</t:Start"));
    cr_expect_not_null(strstr(s.bodies[2], "2024-04-10T00:00:00</t:End"));
    scene_end(&s);
}

/* --- The owner ------------------------------------------------------------ */

#define FOUND                                                                  \
    "<m:ResolutionSet TotalItemsInView=\"2\" IncludesLastItemInRange="         \
    "\"false\"><t:Resolution><t:Mailbox><t:Name>Ann Lee</t:Name>"              \
    "<t:EmailAddress>Ann@example.com</t:EmailAddress><t:RoutingType>SMTP"      \
    "</t:RoutingType><t:MailboxType>Mailbox</t:MailboxType></t:Mailbox>"       \
    "<t:Contact><t:DisplayName>Ann Lee</t:DisplayName><t:EmailAddresses>"      \
    "<t:Entry Key=\"EmailAddress1\">SMTP:Ann@example.com</t:Entry>"            \
    "<t:Entry Key=\"EmailAddress2\">smtp:lee@example.com</t:Entry>"            \
    "<t:Entry Key=\"EmailAddress3\">X400:c=de</t:Entry></t:EmailAddresses>"    \
    "<t:Department>Sales</t:Department></t:Contact></t:Resolution>"            \
    "<t:Resolution><t:Mailbox><t:Name>All</t:Name><t:EmailAddress>"            \
    "all@example.com</t:EmailAddress><t:MailboxType>PublicDL"                  \
    "</t:MailboxType></t:Mailbox></t:Resolution></m:ResolutionSet>"

Test(ews_people, tells_all_addresses_of_the_owner)
{
    static const char *const told[] = { "Ann@example.com", "lee@other.example",
                                        "lee@example.com" };
    const char *const *addresses;
    const char *name;
    struct scene s;

    scene_begin(&s, BUILD_2016);
    scene_say(&s, "ResolveNames", FOUND);
    cr_expect_eq(slots()->addresses(s.op, s.remote, "lee@other.example",
                                    &addresses, &name),
                 STATUS_OK);
    for (size_t i = 0; i < 3; i++)
        cr_expect_str_eq(addresses[i], told[i]);
    cr_expect_null(addresses[3]);
    cr_expect_str_eq(name, "Ann Lee");
    scene_end(&s);
}

/* --- The user's zone ------------------------------------------------------ */

Test(ews_people, knows_the_zone_chosen_on_the_web)
{
    const char *name;
    struct scene s;

    scene_begin(&s, BUILD_2016);
    scene_say(&s, "GetUserConfiguration",
              "<m:UserConfiguration><t:Dictionary><t:DictionaryEntry>"
              "<t:DictionaryKey><t:Type>String</t:Type><t:Value>other"
              "</t:Value></t:DictionaryKey><t:DictionaryValue><t:Type>Boolean"
              "</t:Type><t:Value>true</t:Value></t:DictionaryValue>"
              "</t:DictionaryEntry><t:DictionaryEntry><t:DictionaryKey>"
              "<t:Type>String</t:Type><t:Value>timezone</t:Value>"
              "</t:DictionaryKey><t:DictionaryValue><t:Type>String</t:Type>"
              "<t:Value>Tokyo Standard Time</t:Value></t:DictionaryValue>"
              "</t:DictionaryEntry></t:Dictionary></m:UserConfiguration>");
    cr_expect_eq(slots()->zone(s.op, s.remote, &name), STATUS_OK);
    cr_expect_str_eq(name, "Tokyo Standard Time");
    scene_say_whole(
        &s, "GetUserConfiguration",
        "<m:GetUserConfigurationResponseMessage ResponseClass=\"Error\">"
        "<m:ResponseCode>ErrorItemNotFound</m:ResponseCode>"
        "</m:GetUserConfigurationResponseMessage>");
    cr_expect_eq(slots()->zone(s.op, s.remote, &name), STATUS_OK);
    cr_expect_null(name);
    scene_end(&s);
}
