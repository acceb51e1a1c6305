/*
 * test_forms.c - tasks, contacts, attachments, names and availability are what
 * they are in Exchange
 *
 * Every answer is held against the official schema where that is at hand.
 */
#include "tests/simulation/asking.h"

#include <string.h>

#include <criterion/criterion.h>

#include "proxy/base/buf.h"
#include "proxy/base/str.h"

#define ANN "ann@example.com"
#define BERT "bert@example.com"

static struct {
    struct asking asking;
    const char *id;
    const char *key;
    const char *attachment;
} t;

static void start(enum exchange_version version)
{
    asking_restart(&t.asking, version);
    exchange_add_user(t.asking.exchange, ANN, "Ann", "secret", "en");
    exchange_add_user(t.asking.exchange, BERT, "Bert", "secret", "en");
}

static void set_up(void)
{
    asking_begin(&t.asking, EXCHANGE_2016);
    start(EXCHANGE_2016);
    t.id = t.key = t.attachment = "";
}

static void tear_down(void)
{
    asking_end(&t.asking);
}

TestSuite(forms, .init = set_up, .fini = tear_down);

/* "{item}" is what was made last, "{attachment}" what was put at it. */
static char *fill_in(const char *text)
{
    struct buf out;

    buf_init(&out, t.asking.arena);
    for (; *text != '\0'; text++) {
        if (str_starts(text, "{item}")) {
            buf_printf(&out, "Id=\"%s\" ChangeKey=\"%s\"", t.id, t.key);
            text += 5;
        } else if (str_starts(text, "{attachment}")) {
            buf_puts(&out, t.attachment);
            text += 11;
        } else {
            buf_putc(&out, *text);
        }
    }
    return out.data;
}

static char *ask_in(const char *version, const char *operation)
{
    return asking_ask(&t.asking, ANN, version, "", fill_in(operation), NULL,
                      NULL);
}

static char *ask(const char *operation)
{
    return ask_in("Exchange2013_SP1", operation);
}

static char *between(const char *answer, const char *from, const char *to)
{
    return asking_between(&t.asking, answer, from, to);
}

static char *code_of(const char *answer)
{
    return asking_code(&t.asking, answer);
}

#define CREATE(element)                                                        \
    "<m:CreateItem MessageDisposition=\"SaveOnly\"><m:Items>" element          \
    "</m:Items></m:CreateItem>"
#define GET                                                                    \
    "<m:GetItem><m:ItemShape><t:BaseShape>AllProperties</t:BaseShape>"         \
    "</m:ItemShape><m:ItemIds><t:ItemId {item}/></m:ItemIds></m:GetItem>"
#define UPDATE(updates)                                                        \
    "<m:UpdateItem ConflictResolution=\"AlwaysOverwrite\""                     \
    " MessageDisposition=\"SaveOnly\"><m:ItemChanges><t:ItemChange>"           \
    "<t:ItemId {item}/><t:Updates>" updates                                    \
    "</t:Updates></t:ItemChange></m:ItemChanges></m:UpdateItem>"

static void create(const char *operation)
{
    char *answer = ask(operation);

    cr_assert_str_eq(code_of(answer), "NoError", "%s", answer);
    t.id = between(answer, "ItemId Id=\"", "\"");
    t.key = between(answer, "ChangeKey=\"", "\"");
}

/* --- Tasks --------------------------------------------------------------- */

#define TASK(fields) CREATE("<t:Task>" fields "</t:Task>")
#define SET_TASK(uri, element)                                                 \
    "<t:SetItemField><t:FieldURI FieldURI=\"" uri "\"/><t:Task>" element       \
    "</t:Task></t:SetItemField>"

/* clang-format off */
static const struct {
    const char *fields;
    const char *status;
    const char *percent;
    bool done;
} states[] = {
    { "", "NotStarted", "0", false },
    { "<t:Status>InProgress</t:Status>", "InProgress", "0", false },
    { "<t:PercentComplete>30</t:PercentComplete>", "InProgress", "30", false },
    { "<t:PercentComplete>100</t:PercentComplete>", "Completed", "100", true },
    { "<t:Status>Completed</t:Status>", "Completed", "100", true },
    { "<t:CompleteDate>2024-05-06T00:00:00Z</t:CompleteDate>", "Completed", "100", true },
    { "<t:PercentComplete>50</t:PercentComplete><t:Status>WaitingOnOthers</t:Status>", "WaitingOnOthers", "50", false },
};
/* clang-format on */

Test(forms, know_when_a_task_is_done)
{
    for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
        char *answer;

        create(arena_printf(t.asking.arena, TASK("%s"), states[i].fields));
        answer = ask(GET);
        cr_expect_str_eq(between(answer, "<t:Status>", "<"), states[i].status,
                         "%zu", i);
        cr_expect_str_eq(between(answer, "<t:PercentComplete>", "<"),
                         states[i].percent, "%zu", i);
        cr_expect_str_eq(between(answer, "<t:IsComplete>", "<"),
                         states[i].done ? "true" : "false", "%zu", i);
        cr_expect_eq(strstr(answer, "<t:CompleteDate>") != NULL, states[i].done,
                     "%zu", i);
    }
}

Test(forms, keep_days_of_tasks_at_midnight)
{
    char *answer;

    create(TASK("<t:DueDate>2024-05-08T15:30:00Z</t:DueDate>"));
    answer = ask(GET);
    cr_expect_str_eq(between(answer, "<t:DueDate>", "<"),
                     "2024-05-08T00:00:00Z");
}

Test(forms, go_on_with_the_next_day_of_a_task_that_is_done)
{
    create(TASK("<t:Subject>Water</t:Subject><t:DueDate>2024-05-06T00:00:00Z</"
                "t:DueDate>"
                "<t:Recurrence><t:WeeklyRecurrence><t:Interval>1</t:Interval>"
                "<t:DaysOfWeek>Monday</t:DaysOfWeek></t:WeeklyRecurrence>"
                "<t:NoEndRecurrence><t:StartDate>2024-05-06</t:StartDate>"
                "</t:NoEndRecurrence></t:Recurrence>"));
    ask(UPDATE(SET_TASK("task:Status", "<t:Status>Completed</t:Status>")));
    cr_expect_str_eq(between(ask(GET), "<t:DueDate>", "<"),
                     "2024-05-13T00:00:00Z");
    cr_expect_str_eq(between(ask(GET), "<t:Status>", "<"), "NotStarted");
    cr_expect_eq(exchange_count(t.asking.exchange, ANN, "Tasks"), 2);
}

/* clang-format off */
static const struct {
    const char *made;
    const char *request;
    const char *code;
} refusals[] = {
    { TASK(""), "<m:DeleteItem DeleteType=\"HardDelete\"><m:ItemIds><t:ItemId {item}/></m:ItemIds></m:DeleteItem>",
      "ErrorAffectedTaskOccurrencesRequired" },
    { TASK(""), UPDATE(SET_TASK("task:PercentComplete", "<t:PercentComplete>101</t:PercentComplete>")),
      "ErrorInvalidPercentCompleteValue" },
    { TASK(""), UPDATE(SET_TASK("task:CompleteDate", "<t:CompleteDate>2090-01-01T00:00:00Z</t:CompleteDate>")),
      "ErrorInvalidCompleteDate" },
    { TASK(""), UPDATE(SET_TASK("task:IsComplete", "<t:IsComplete>true</t:IsComplete>")), "ErrorInvalidPropertySet" },
    { TASK(""), "<m:GetItem><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape><t:IncludeMimeContent>true"
      "</t:IncludeMimeContent></m:ItemShape><m:ItemIds><t:ItemId {item}/></m:ItemIds></m:GetItem>",
      "ErrorUnsupportedMimeConversion" },
    { TASK(""), CREATE("<t:Contact><t:MimeContent>QQ==</t:MimeContent></t:Contact>"), "ErrorUnsupportedMimeConversion" },
    { TASK(""), CREATE("<t:Task><t:Status>Completed</t:Status><t:DueDate>2024-05-06T00:00:00Z</t:DueDate></t:Task>"),
      "ErrorSchemaValidation" },
    { TASK(""), UPDATE("<t:SetItemField><t:FieldURI FieldURI=\"contacts:Surname\"/><t:Task/></t:SetItemField>"),
      "ErrorIncorrectUpdatePropertyCount" },
    { CREATE("<t:Contact/>"), UPDATE("<t:SetItemField><t:FieldURI FieldURI=\"contacts:CompleteName\"/><t:Contact>"
      "<t:CompleteName/></t:Contact></t:SetItemField>"), "ErrorInvalidPropertySet" },
    { CREATE("<t:Contact/>"), UPDATE("<t:SetItemField><t:FieldURI FieldURI=\"contacts:PhoneNumbers\"/><t:Contact>"
      "<t:PhoneNumbers><t:Entry Key=\"Pager\">1</t:Entry></t:PhoneNumbers></t:Contact></t:SetItemField>"),
      "ErrorInvalidPropertySet" },
    { CREATE("<t:Contact/>"), UPDATE("<t:SetItemField><t:IndexedFieldURI FieldURI=\"contacts:PhoneNumber\""
      " FieldIndex=\"Pager\"/><t:Contact><t:PhoneNumbers><t:Entry Key=\"Telex\">1</t:Entry></t:PhoneNumbers>"
      "</t:Contact></t:SetItemField>"), "ErrorUpdatePropertyMismatch" },
    { CREATE("<t:Contact/>"), "<m:GetAttachment><m:AttachmentIds><t:AttachmentId Id=\"AAMk\"/></m:AttachmentIds>"
      "</m:GetAttachment>", "ErrorInvalidAttachmentId" },
};
/* clang-format on */

Test(forms, refuse_what_exchange_refuses)
{
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        create(refusals[i].made);
        cr_expect_str_eq(code_of(ask(refusals[i].request)), refusals[i].code,
                         "%zu", i);
    }
}

/* --- Contacts ------------------------------------------------------------ */

#define CLARA                                                                  \
    "<t:Contact><t:FileAs>Schmidt, Clara</t:FileAs><t:DisplayName>Clara "      \
    "Schmidt"                                                                  \
    "</t:DisplayName><t:GivenName>Clara</t:GivenName><t:EmailAddresses>"       \
    "<t:Entry Key=\"EmailAddress1\">clara@example.org</t:Entry>"               \
    "</t:EmailAddresses><t:PhysicalAddresses><t:Entry Key=\"Home\"><t:Street>" \
    "Am Markt "                                                                \
    "1</t:Street><t:City>Halle</t:City></t:Entry></t:PhysicalAddresses>"       \
    "<t:PhoneNumbers><t:Entry Key=\"MobilePhone\">+49 1</t:Entry>"             \
    "</t:PhoneNumbers><t:Surname>Schmidt</t:Surname></t:Contact>"
#define ENTRY(uri, index, element)                                             \
    "<t:SetItemField><t:IndexedFieldURI FieldURI=\"" uri                       \
    "\" FieldIndex=\"" index "\"/><t:Contact>" element                         \
    "</t:Contact></t:SetItemField>"
#define NO_ENTRY(uri, index)                                                   \
    "<t:DeleteItemField><t:IndexedFieldURI FieldURI=\"" uri                    \
    "\" FieldIndex=\"" index "\"/></t:DeleteItemField>"

Test(forms, change_contacts_entry_by_entry)
{
    char *answer;

    create(CREATE(CLARA));
    answer = ask(UPDATE(
        ENTRY("contacts:EmailAddress", "EmailAddress1",
              "<t:EmailAddresses><t:Entry Key=\"EmailAddress1\">c@example.org"
              "</t:Entry></t:EmailAddresses>")
            ENTRY("contacts:PhysicalAddress:City", "Home",
                  "<t:PhysicalAddresses><t:Entry Key=\"Home\"><t:City>Jena"
                  "</t:City></t:Entry></t:PhysicalAddresses>")
                NO_ENTRY("contacts:PhoneNumber", "MobilePhone")
                    NO_ENTRY("contacts:PhysicalAddress:Street", "Home")));
    cr_assert_str_eq(code_of(answer), "NoError", "%s", answer);
    answer = ask(GET);
    cr_expect_not_null(strstr(answer, ">c@example.org<"));
    cr_expect_str_eq(between(answer, "<t:Entry Key=\"Home\">", "</t:Entry>"),
                     "<t:City>Jena</t:City>");
    cr_expect_null(strstr(answer, "PhoneNumbers"));
    cr_expect_not_null(strstr(answer, "<t:LastName>Schmidt<"));
}

Test(forms, show_mail_addresses_of_contacts_as_properties)
{
    char *answer;

    create(CREATE(CLARA));
    answer = ask(
        "<m:GetItem><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape>"
        "<t:AdditionalProperties><t:ExtendedFieldURI"
        " DistinguishedPropertySetId=\"Address\" PropertyId=\"32899\""
        " PropertyType=\"String\"/><t:ExtendedFieldURI"
        " DistinguishedPropertySetId=\"Address\" PropertyId=\"32898\""
        " PropertyType=\"String\"/><t:ExtendedFieldURI PropertyTag=\"0x3A11\""
        " PropertyType=\"String\"/></t:AdditionalProperties></m:ItemShape>"
        "<m:ItemIds><t:ItemId {item}/></m:ItemIds></m:GetItem>");
    cr_expect_not_null(strstr(answer, "<t:Value>clara@example.org<"));
    cr_expect_not_null(strstr(answer, "<t:Value>SMTP<"));
    cr_expect_not_null(strstr(answer, "<t:Value>Schmidt<"));
}

Test(forms, name_the_members_of_a_list)
{
    char *answer;

    create(CREATE("<t:DistributionList><t:DisplayName>Bakers</t:DisplayName>"
                  "<t:Members><t:Member><t:Mailbox><t:Name>Bert</t:Name>"
                  "<t:EmailAddress>" BERT "</t:EmailAddress></t:Mailbox>"
                  "</t:Member></t:Members></t:DistributionList>"));
    answer = ask(GET);
    cr_expect_eq(asking_times(answer, "<t:Member Key="), 1);
    cr_expect_not_null(strstr(answer, "<t:EmailAddress>" BERT "<"));
    answer = ask("<m:ExpandDL><m:Mailbox><t:ItemId {item}/></m:Mailbox>"
                 "</m:ExpandDL>");
    cr_expect_not_null(strstr(answer, "TotalItemsInView=\"1\""));
    cr_expect_not_null(strstr(answer, "<t:EmailAddress>" BERT "<"));
}

/* --- Attachments --------------------------------------------------------- */

#define ATTACH(fields)                                                         \
    "<m:CreateAttachment><m:ParentItemId {item}/><m:Attachments>"              \
    "<t:FileAttachment><t:Name>a.jpg</t:Name>" fields "<t:Content>UERG"        \
    "</t:Content></t:FileAttachment></m:Attachments></m:CreateAttachment>"

Test(forms, have_a_photo_as_an_attachment)
{
    const char *key;
    char *answer;

    create(CREATE(CLARA));
    key = t.key;
    answer = ask(ATTACH("<t:IsContactPhoto>true</t:IsContactPhoto>"));
    t.attachment = between(answer, "AttachmentId Id=\"", "\"");
    t.key = between(answer, "RootItemChangeKey=\"", "\"");
    cr_expect_str_neq(t.key, key);
    cr_expect_str_eq(between(answer, "RootItemId=\"", "\""), t.id);
    answer = ask(GET);
    cr_expect_not_null(strstr(answer, "<t:HasPicture>true<"));
    cr_expect_not_null(strstr(answer, "<t:IsContactPhoto>true<"));
    cr_expect_str_eq(between(answer, "ChangeKey=\"", "\""), t.key);
    answer = ask("<m:GetAttachment><m:AttachmentIds><t:AttachmentId"
                 " Id=\"{attachment}\"/></m:AttachmentIds></m:GetAttachment>");
    cr_expect_not_null(strstr(answer, "<t:Content>UERG<"));
    answer =
        ask("<m:DeleteAttachment><m:AttachmentIds><t:AttachmentId"
            " Id=\"{attachment}\"/></m:AttachmentIds></m:DeleteAttachment>");
    cr_assert_str_eq(code_of(answer), "NoError");
    cr_expect_not_null(strstr(ask(GET), "<t:HasPicture>false<"));
}

Test(forms, know_no_photo_before_2010)
{
    start(EXCHANGE_2007_SP1);
    t.id = between(ask_in("Exchange2007_SP1", CREATE(CLARA)), "ItemId Id=\"",
                   "\"");
    cr_expect_str_eq(
        code_of(ask_in("Exchange2007_SP1",
                       ATTACH("<t:IsContactPhoto>true</t:IsContactPhoto>"))),
        "ErrorSchemaValidation");
    cr_expect_str_eq(code_of(ask_in("Exchange2007_SP1", ATTACH(""))),
                     "NoError");
}

/* --- Names --------------------------------------------------------------- */

#define RESOLVE(entry)                                                         \
    "<m:ResolveNames ReturnFullContactData=\"true\"><m:UnresolvedEntry>" entry \
    "</m:UnresolvedEntry></m:ResolveNames>"

Test(forms, find_people_in_the_directory_and_among_contacts)
{
    char *answer;

    exchange_describe(t.asking.exchange, BERT, "JobTitle", "Baker");
    exchange_describe(t.asking.exchange, BERT, "ProxyAddress", "b@example.com");
    create(CREATE(CLARA));
    answer = ask(RESOLVE("bert"));
    cr_expect_not_null(strstr(answer, "<t:JobTitle>Baker<"));
    cr_expect_not_null(strstr(answer, ">SMTP:" BERT "<"));
    cr_expect_not_null(strstr(answer, ">smtp:b@example.com<"));
    answer = ask(RESOLVE("clar"));
    cr_expect_not_null(strstr(answer, "<t:MailboxType>Contact<"));
    cr_expect_not_null(strstr(answer, t.id));
    cr_expect_str_eq(code_of(ask(RESOLVE("example.com"))),
                     "ErrorNameResolutionNoResults");
    cr_expect_str_eq(code_of(ask(RESOLVE("smtp:" BERT))), "NoError");
    cr_expect_str_eq(code_of(ask(RESOLVE("smtp:ber"))),
                     "ErrorNameResolutionNoResults");
}

Test(forms, tell_a_hundred_names_and_that_there_are_more)
{
    char *answer;

    for (unsigned i = 0; i < 101; i++)
        exchange_add_user(t.asking.exchange,
                          arena_printf(t.asking.arena, "many%u@example.com", i),
                          "Many", "secret", "en");
    answer = ask(RESOLVE("many"));
    cr_expect_str_eq(code_of(answer), "ErrorNameResolutionMultipleResults");
    cr_expect_eq(asking_times(answer, "<t:Resolution>"), 100);
    cr_expect_not_null(strstr(answer, "IncludesLastItemInRange=\"false\""));
}

Test(forms, tell_rooms_and_groups)
{
    static const char *const rooms[] = { BERT, NULL };
    char *answer;

    exchange_add_room_list(t.asking.exchange, "rooms@example.com", "Rooms",
                           rooms);
    exchange_add_group(t.asking.exchange, "all@example.com", "All", rooms);
    answer = ask("<m:GetRoomLists/>");
    cr_expect_eq(asking_times(answer, "<t:Address>"), 1);
    answer = ask("<m:GetRooms><m:RoomList><t:EmailAddress>rooms@example.com"
                 "</t:EmailAddress></m:RoomList></m:GetRooms>");
    cr_expect_not_null(strstr(answer, "<t:EmailAddress>" BERT "<"));
    answer = ask("<m:ExpandDL><m:Mailbox><t:EmailAddress>all@example.com"
                 "</t:EmailAddress></m:Mailbox></m:ExpandDL>");
    cr_expect_not_null(strstr(answer, "<t:EmailAddress>" BERT "<"));
}

Test(forms, tell_the_zone_that_was_chosen_in_the_web)
{
    static const char request[] =
        "<m:GetUserConfiguration><m:UserConfigurationName"
        " Name=\"OWA.UserOptions\"><t:DistinguishedFolderId Id=\"root\"/>"
        "</m:UserConfigurationName><m:UserConfigurationProperties>Dictionary"
        "</m:UserConfigurationProperties></m:GetUserConfiguration>";

    cr_expect_str_eq(code_of(ask(request)), "ErrorItemNotFound");
    exchange_set_zone(t.asking.exchange, ANN, "Romance Standard Time");
    cr_expect_not_null(strstr(ask(request), "<t:Value>Romance Standard Time<"));
}

/* --- Availability -------------------------------------------------------- */

#define MAILBOX(address)                                                       \
    "<t:MailboxData><t:Email><t:Address>" address "</t:Address></t:Email>"     \
    "<t:AttendeeType>Required</t:AttendeeType></t:MailboxData>"
#define ZONE_TIME(day, month)                                                  \
    "<t:Bias>" day "</t:Bias><t:Time>03:00:00</t:Time><t:DayOrder>5"           \
    "</t:DayOrder><t:Month>" month                                             \
    "</t:Month><t:DayOfWeek>Sunday</t:DayOfWeek>"
#define AVAILABILITY(mailboxes, from, to, interval, view)                      \
    "<m:GetUserAvailabilityRequest><t:TimeZone><t:Bias>-60</t:Bias>"           \
    "<t:StandardTime>" ZONE_TIME("0", "10") "</"                               \
                                            "t:StandardTime><t:"               \
                                            "DaylightTime>" ZONE_TIME(         \
                                                "-60",                         \
                                                "3") "</t:DaylightTime></"     \
                                                     "t:TimeZone><m:"          \
                                                     "MailboxDataArray"        \
                                                     ">" mailboxes             \
                                                     "</"                      \
                                                     "m:MailboxDataArray><t:"  \
                                                     "FreeBusyViewOptions><t:" \
                                                     "TimeWindow>"             \
                                                     "<t:StartTime>" from      \
                                                     "</"                      \
                                                     "t:StartTime><t:"         \
                                                     "EndTime>" to             \
                                                     "</t:EndTime>"            \
                                                     "</"                      \
                                                     "t:TimeWindow><t:"        \
                                                     "MergedFreeBusyIntervalI" \
                                                     "nMinutes>" interval      \
                                                     "</"                      \
                                                     "t:"                      \
                                                     "MergedFreeBusyIntervalI" \
                                                     "nMinutes><t:"            \
                                                     "RequestedView>" view     \
                                                     "</t:RequestedView></"    \
                                                     "t:FreeBusyViewOptions><" \
                                                     "/m:"                     \
                                                     "GetUserAvailabilityRequ" \
                                                     "est>"
#define ON_DAY(mailboxes, interval, view)                                      \
    AVAILABILITY(mailboxes, "2024-05-06T00:00:00", "2024-05-07T00:00:00",      \
                 interval, view)
#define EVENT(user, start, end, busy)                                          \
    exchange_add_object(                                                       \
        t.asking.exchange, user, "calendar",                                   \
        "<t:CalendarItem><t:Subject>Secret</t:Subject><t:Start>" start         \
        "</t:Start><t:End>" end "</t:End>"                                     \
        "<t:LegacyFreeBusyStatus>" busy                                        \
        "</t:LegacyFreeBusyStatus></t:CalendarItem>")

Test(forms, tell_when_people_are_busy)
{
    char *answer;

    /* By the clock there: 9 to 11, 10 to 12, and 13 to 14 */
    EVENT(BERT, "2024-05-06T07:00:00Z", "2024-05-06T09:00:00Z", "Tentative");
    EVENT(BERT, "2024-05-06T08:00:00Z", "2024-05-06T10:00:00Z", "OOF");
    EVENT(BERT, "2024-05-06T11:00:00Z", "2024-05-06T12:00:00Z", "Busy");
    EVENT(ANN, "2024-05-06T07:00:00Z", "2024-05-06T07:30:00Z", "Busy");
    answer =
        ask(ON_DAY(MAILBOX(BERT) MAILBOX(ANN) MAILBOX("nobody@example.com"),
                   "60", "DetailedMerged"));
    cr_expect_str_eq(between(answer, "<t:MergedFreeBusy>", "<"),
                     "000000000133020000000000");
    cr_expect_not_null(strstr(answer, "<t:StartTime>2024-05-06T09:00:00<"));
    cr_expect_eq(asking_times(answer, "<t:CalendarEvent>"), 4);
    /* Details are one's own. */
    cr_expect_eq(asking_times(answer, "<t:Subject>Secret<"), 1);
    cr_expect_eq(asking_times(answer, "ErrorMailRecipientNotFound"), 1);
    exchange_hide_busy(t.asking.exchange, BERT, true);
    answer = ask(ON_DAY(MAILBOX(BERT), "60", "MergedOnly"));
    cr_expect_not_null(strstr(answer, "ErrorNoFreeBusyAccess"));
}

/* clang-format off */
static const struct {
    enum exchange_version version;
    const char *request;
    const char *code;
} windows[] = {
    { EXCHANGE_2016, AVAILABILITY(MAILBOX(BERT), "2024-05-06T00:00:00", "2024-07-07T00:00:00", "30", "FreeBusy"), "NoError" },
    { EXCHANGE_2016, AVAILABILITY(MAILBOX(BERT), "2024-05-06T00:00:00", "2024-07-08T00:00:00", "30", "FreeBusy"), "ErrorTimeIntervalTooBig" },
    { EXCHANGE_2007_SP1, AVAILABILITY(MAILBOX(BERT), "2024-05-06T00:00:00", "2024-06-18T00:00:00", "30", "FreeBusy"), "ErrorTimeIntervalTooBig" },
    { EXCHANGE_2016, AVAILABILITY(MAILBOX(BERT), "2024-05-06T00:00:00", "2024-05-06T00:00:00", "30", "FreeBusy"), "ErrorInvalidTimeInterval" },
    { EXCHANGE_2016, ON_DAY(MAILBOX(BERT), "4", "FreeBusy"), "ErrorInvalidMergedFreeBusyInterval" },
    { EXCHANGE_2016, ON_DAY(MAILBOX(BERT), "30", "None"), "ErrorInvalidFreeBusyViewType" },
    { EXCHANGE_2016, ON_DAY("", "30", "FreeBusy"), "ErrorMailboxDataArrayEmpty" },
};
/* clang-format on */

Test(forms, look_no_further_than_exchange_does)
{
    for (size_t i = 0; i < sizeof windows / sizeof *windows; i++) {
        start(windows[i].version);
        cr_expect_str_eq(
            code_of(ask_in("Exchange2007_SP1", windows[i].request)),
            windows[i].code, "%zu", i);
    }
}

Test(forms, list_the_zones_of_the_world)
{
    char *answer = ask("<m:GetServerTimeZones ReturnFullTimeZoneData=\"true\">"
                       "<m:Ids><t:Id>W. Europe Standard Time</t:Id></m:Ids>"
                       "</m:GetServerTimeZones>");

    cr_expect_eq(asking_times(answer, "<t:TimeZoneDefinition "), 1);
    cr_expect_eq(asking_times(answer, "<t:RecurringDayTransition>"), 2);
    cr_expect_not_null(strstr(answer, "Bias=\"-PT1H0M0S\""));
    answer = ask("<m:GetServerTimeZones ReturnFullTimeZoneData=\"false\"/>");
    cr_expect_gt(asking_times(answer, "<t:TimeZoneDefinition "), 100);
}
