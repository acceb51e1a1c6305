/*
 * test_calendar.c - events, series and meetings are what they are in Exchange
 *
 * Every answer is held against the official schema where that is at hand.
 */
#include "tests/simulation/asking.h"

#include <string.h>

#include <criterion/criterion.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/str.h"

#define ANN "ann@example.com"
#define BERT "bert@example.com"

static struct {
    struct asking asking;
    const char *id;  /* what {id} stands for */
    const char *key; /* with it, {item} */
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
    t.id = t.key = "";
}

static void tear_down(void)
{
    asking_end(&t.asking);
}

TestSuite(calendar, .init = set_up, .fini = tear_down);

/* "{id}" and "{item}" become the id of what was made last, with its key. */
static char *fill_in(const char *text)
{
    struct buf out;

    buf_init(&out, t.asking.arena);
    for (; *text != '\0'; text++) {
        if (str_starts(text, "{item}")) {
            buf_printf(&out, "Id=\"%s\" ChangeKey=\"%s\"", t.id, t.key);
            text += 5;
        } else if (str_starts(text, "{id}")) {
            buf_puts(&out, t.id);
            text += 3;
        } else {
            buf_putc(&out, *text);
        }
    }
    return out.data;
}

static char *ask_as(const char *user, const char *version, const char *header,
                    const char *operation)
{
    return asking_ask(&t.asking, user, version, header, fill_in(operation),
                      NULL, NULL);
}

static char *ask(const char *operation)
{
    return ask_as(ANN, "Exchange2013_SP1", "", operation);
}

static char *between(const char *answer, const char *from, const char *to)
{
    return asking_between(&t.asking, answer, from, to);
}

static char *code_of(const char *answer)
{
    return asking_code(&t.asking, answer);
}

/* Remembers the first id in an answer. */
static const char *remember(const char *answer)
{
    t.id = between(answer, "ItemId Id=\"", "\"");
    t.key = between(answer, "ChangeKey=\"", "\"");
    return answer;
}

#define CREATE(how, element)                                                   \
    "<m:CreateItem SendMeetingInvitations=\"" how "\"><m:Items>" element       \
    "</m:Items></m:CreateItem>"
#define EVENT(fields) "<t:CalendarItem>" fields "</t:CalendarItem>"
#define NINE                                                                   \
    "<t:Start>2024-05-06T09:00:00</t:Start><t:End>2024-05-06T10:00:00</t:End>"
#define BERLIN                                                                 \
    "<t:StartTimeZone Id=\"W. Europe Standard Time\"/>"                        \
    "<t:EndTimeZone Id=\"W. Europe Standard Time\"/>"
#define WEEKLY(days, range)                                                    \
    "<t:Recurrence><t:WeeklyRecurrence><t:Interval>1</t:Interval>"             \
    "<t:DaysOfWeek>" days "</t:DaysOfWeek></t:WeeklyRecurrence>" range         \
    "</t:Recurrence>"
#define TIMES(begin, n)                                                        \
    "<t:NumberedRecurrence><t:StartDate>" begin "</t:StartDate>"               \
    "<t:NumberOfOccurrences>" n                                                \
    "</t:NumberOfOccurrences></t:NumberedRecurrence>"
#define GET(shape, more, id)                                                   \
    "<m:GetItem><m:ItemShape><t:BaseShape>" shape "</t:BaseShape>" more        \
    "</m:ItemShape><m:ItemIds>" id "</m:ItemIds></m:GetItem>"
#define GET_ALL GET("AllProperties", "", "<t:ItemId Id=\"{id}\"/>")
#define UPDATE(how, conflict, id, updates)                                     \
    "<m:UpdateItem ConflictResolution=\"" conflict                             \
    "\" SendMeetingInvitationsOrCancellations=\"" how "\"><m:ItemChanges>"     \
    "<t:ItemChange>" id "<t:Updates>" updates                                  \
    "</t:Updates></t:ItemChange></m:ItemChanges></m:UpdateItem>"
#define SET(uri, element)                                                      \
    "<t:SetItemField><t:FieldURI FieldURI=\"" uri                              \
    "\"/><t:CalendarItem>" element "</t:CalendarItem></t:SetItemField>"
#define ITEM "<t:ItemId {item}/>"
#define VIEW(from, to)                                                         \
    "<m:FindItem Traversal=\"Shallow\"><m:ItemShape><t:BaseShape>Default"      \
    "</t:BaseShape></m:ItemShape><m:CalendarView StartDate=\"" from            \
    "\" EndDate=\"" to "\"/><m:ParentFolderIds><t:DistinguishedFolderId"       \
    " Id=\"calendar\"/></m:ParentFolderIds></m:FindItem>"
#define BERTS                                                                  \
    "<t:RequiredAttendees><t:Attendee><t:Mailbox><t:EmailAddress>" BERT        \
    "</t:EmailAddress></t:Mailbox></t:Attendee></t:RequiredAttendees>"

/* --- Refusals ------------------------------------------------------------ */

/* clang-format off */
static const struct {
    const char *what;
    const char *request;
    const char *code;
} refusals[] = {
    { "nobody said whom to tell",
      "<m:CreateItem><m:Items>" EVENT(NINE) "</m:Items></m:CreateItem>",
      "ErrorSendMeetingInvitationsRequired" },
    { "elements out of order",
      CREATE("SendToNone", EVENT("<t:Location>x</t:Location>" NINE)), "ErrorSchemaValidation" },
    { "a field of contacts in an event",
      CREATE("SendToNone", EVENT("<t:Surname>x</t:Surname>")), "ErrorSchemaValidation" },
    { "an end before the start",
      CREATE("SendToNone", EVENT("<t:Start>2024-05-06T09:00:00Z</t:Start><t:End>2024-05-06T08:00:00Z</t:End>")),
      "ErrorCalendarEndDateIsEarlierThanStartDate" },
    { "more than five years",
      CREATE("SendToNone", EVENT("<t:Start>2024-05-06T09:00:00Z</t:Start><t:End>2030-05-06T08:00:00Z</t:End>")),
      "ErrorCalendarDurationIsTooLong" },
    { "a zone that nobody knows",
      CREATE("SendToNone", EVENT(NINE "<t:StartTimeZone Id=\"Europe/Berlin\"/>")),
      "ErrorCalendarInvalidTimeZone" },
    { "a rule that never fits",
      CREATE("SendToNone", EVENT(NINE WEEKLY("Monday",
        "<t:EndDateRecurrence><t:StartDate>2024-05-07</t:StartDate><t:EndDate>2024-05-08</t:EndDate></t:EndDateRecurrence>"))),
      "ErrorRecurrenceHasNoOccurrence" },
    { "an end of the rule before its begin",
      CREATE("SendToNone", EVENT(NINE WEEKLY("Monday",
        "<t:EndDateRecurrence><t:StartDate>2024-05-07</t:StartDate><t:EndDate>2024-05-01</t:EndDate></t:EndDateRecurrence>"))),
      "ErrorCalendarEndDateIsEarlierThanStartDate" },
    { "occurrences longer than what is between them",
      CREATE("SendToNone", EVENT("<t:Start>2024-05-06T09:00:00Z</t:Start><t:End>2024-05-16T09:00:00Z</t:End>"
        WEEKLY("Monday", TIMES("2024-05-06", "3")))),
      "ErrorOccurrenceTimeSpanTooBig" },
    { "an event among contacts",
      "<m:CreateItem SendMeetingInvitations=\"SendToNone\"><m:SavedItemFolderId>"
      "<t:DistinguishedFolderId Id=\"contacts\"/></m:SavedItemFolderId><m:Items>" EVENT(NINE)
      "</m:Items></m:CreateItem>",
      "ErrorCannotCreateCalendarItemInNonCalendarFolder" },
    { "a field that only Exchange writes",
      UPDATE("SendToNone", "AlwaysOverwrite", ITEM, SET("calendar:IsMeeting", "<t:IsMeeting>true</t:IsMeeting>")),
      "ErrorInvalidPropertySet" },
    { "another UID for an event that is there",
      UPDATE("SendToNone", "AlwaysOverwrite", ITEM, SET("calendar:UID", "<t:UID>x</t:UID>")),
      "ErrorInvalidPropertySet" },
    { "no word on whom to tell of a change",
      "<m:UpdateItem ConflictResolution=\"AlwaysOverwrite\"><m:ItemChanges><t:ItemChange>" ITEM
      "<t:Updates>" SET("calendar:Location", "<t:Location>x</t:Location>")
      "</t:Updates></t:ItemChange></m:ItemChanges></m:UpdateItem>",
      "ErrorSendMeetingInvitationsOrCancellationsRequired" },
    { "an old key",
      UPDATE("SendToNone", "NeverOverwrite", "<t:ItemId Id=\"{id}\" ChangeKey=\"CQAA\"/>",
             SET("calendar:Location", "<t:Location>x</t:Location>")),
      "ErrorIrresolvableConflict" },
    { "no key",
      UPDATE("SendToNone", "AutoResolve", "<t:ItemId Id=\"{id}\"/>",
             SET("calendar:Location", "<t:Location>x</t:Location>")),
      "ErrorChangeKeyRequiredForWriteOperations" },
    { "one field named, another given",
      UPDATE("SendToNone", "AlwaysOverwrite", ITEM, SET("calendar:Location", "<t:UID>x</t:UID>")),
      "ErrorUpdatePropertyMismatch" },
    { "no word on whom to tell that it is gone",
      "<m:DeleteItem DeleteType=\"HardDelete\"><m:ItemIds>" ITEM "</m:ItemIds></m:DeleteItem>",
      "ErrorSendMeetingCancellationsRequired" },
    { "an occurrence of a single event",
      GET("IdOnly", "", "<t:OccurrenceItemId RecurringMasterId=\"{id}\" InstanceIndex=\"1\"/>"),
      "ErrorCalendarCannotUseIdForOccurrenceId" },
    { "the master of a single event",
      GET("IdOnly", "", "<t:RecurringMasterItemId OccurrenceId=\"{id}\"/>"),
      "ErrorCalendarCannotUseIdForRecurringMasterId" },
    { "a view of more than two years", VIEW("2024-01-01T00:00:00Z", "2027-01-01T00:00:00Z"),
      "ErrorCalendarViewRangeTooBig" },
    { "one's own meeting accepted",
      "<m:CreateItem MessageDisposition=\"SendOnly\"><m:Items><t:AcceptItem><t:ReferenceItemId {item}/>"
      "</t:AcceptItem></m:Items></m:CreateItem>",
      "ErrorCalendarIsOrganizerForAccept" },
};
/* clang-format on */

Test(calendar, refuses_what_exchange_refuses)
{
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        char *answer;

        remember(ask(CREATE("SendToNone", EVENT(NINE))));
        answer = ask(refusals[i].request);
        cr_expect_str_eq(code_of(answer), refusals[i].code, "%s: %s",
                         refusals[i].what, answer);
    }
}

/* --- Single events ------------------------------------------------------- */

Test(calendar, keeps_what_an_event_says)
{
    char *answer;

    answer = ask(CREATE(
        "SendToNone",
        EVENT(
            "<t:Subject>Dentist</t:Subject><t:Sensitivity>Private"
            "</t:Sensitivity><t:Body BodyType=\"HTML\">&lt;p&gt;Card&lt;/p&gt;"
            "</t:Body><t:Categories><t:String>Health</t:String></t:Categories>"
            "<t:Importance>High</t:Importance><t:ExtendedProperty>"
            "<t:ExtendedFieldURI PropertyTag=\"0x10F3\""
            " PropertyType=\"String\"/><t:Value>a.ics</t:Value>"
            "</t:ExtendedProperty><t:UID>uid@example.com</t:UID>" NINE
            "<t:LegacyFreeBusyStatus>OOF</t:LegacyFreeBusyStatus>"
            "<t:Location>Room 1</t:Location>" BERLIN)));
    remember(answer);
    answer = ask(GET_ALL);
    cr_expect_not_null(strstr(answer, "<t:Start>2024-05-06T07:00:00Z<"));
    cr_expect_not_null(strstr(answer, "<t:End>2024-05-06T08:00:00Z<"));
    cr_expect_not_null(strstr(answer, "<t:UID>uid@example.com<"));
    cr_expect_not_null(strstr(answer, "BusyStatus>OOF<"));
    cr_expect_not_null(strstr(answer, "<t:Sensitivity>Private<"));
    cr_expect_not_null(strstr(answer, "<t:Importance>High<"));
    cr_expect_not_null(strstr(answer, "<t:Location>Room 1<"));
    cr_expect_not_null(strstr(answer, "<t:String>Health<"));
    cr_expect_not_null(strstr(answer, "&lt;p&gt;Card"));
    cr_expect_not_null(strstr(answer, "<t:ReminderIsSet>true<"));
    cr_expect_not_null(strstr(answer, "<t:ReminderMinutesBeforeStart>15<"));
    cr_expect_not_null(strstr(answer, "<t:CalendarItemType>Single<"));
    cr_expect_not_null(strstr(answer, "<t:MyResponseType>Organizer<"));
}

Test(calendar, is_looked_at_as_properties_as_well)
{
    char *answer;

    remember(ask(
        CREATE("SendToNone", EVENT("<t:UID>uid@example.com</t:UID>" NINE))));
    answer = ask(
        GET("IdOnly",
            "<t:AdditionalProperties><t:ExtendedFieldURI"
            " DistinguishedPropertySetId=\"Meeting\" PropertyId=\"35\""
            " PropertyType=\"Binary\"/><t:ExtendedFieldURI"
            " DistinguishedPropertySetId=\"Appointment\" PropertyId=\"33285\""
            " PropertyType=\"Integer\"/><t:ExtendedFieldURI"
            " DistinguishedPropertySetId=\"Common\" PropertyId=\"34051\""
            " PropertyType=\"Boolean\"/></t:AdditionalProperties>",
            "<t:ItemId Id=\"{id}\"/>"));
    /* The class, no day, no time, the length, and the UID as it was given. */
    cr_expect_not_null(
        strstr(answer,
               "<t:Value>BAAAAIIA4AB0xbcQGoLgCAAAAAAAAAAAAAAAAAAAAAAAAAAAHAAAAH"
               "ZDYWwtVWlkAQAAAHVpZEBleGFtcGxlLmNvbQA=<"),
        "%s", answer);
    cr_expect_not_null(strstr(answer, "<t:Value>2<"));
    cr_expect_not_null(strstr(answer, "<t:Value>true<"));
}

Test(calendar, is_found_by_its_name_and_by_its_uid)
{
    static const char find[] =
        "<m:FindItem Traversal=\"Shallow\"><m:ItemShape><t:BaseShape>IdOnly"
        "</t:BaseShape></m:ItemShape><m:Restriction><t:IsEqualTo>"
        "<t:ExtendedFieldURI %s/><t:FieldURIOrConstant><t:Constant"
        " Value=\"%s\"/></t:FieldURIOrConstant></t:IsEqualTo></m:Restriction>"
        "<m:ParentFolderIds><t:DistinguishedFolderId Id=\"calendar\"/>"
        "</m:ParentFolderIds></m:FindItem>";
    static const char *const keys[][2] = {
        { "PropertyTag=\"0x10F3\" PropertyType=\"String\"", "a.ics" },
        { "DistinguishedPropertySetId=\"PublicStrings\""
          " PropertyName=\"postern-token\" PropertyType=\"String\"",
          "T1" },
        { "DistinguishedPropertySetId=\"Meeting\" PropertyId=\"35\""
          " PropertyType=\"Binary\"",
          "BAAAAIIA4AB0xbcQGoLgCAAAAAAAAAAAAAAAAAAAAAAAAAAAHAAAAHZDYWwtVWlkAQAA"
          "AHVpZEBleGFtcGxlLmNvbQA=" },
    };

    ask(CREATE("SendToNone", EVENT(NINE)));
    remember(ask(CREATE(
        "SendToNone",
        EVENT("<t:ExtendedProperty><t:ExtendedFieldURI PropertyTag=\"0x10F3\""
              " PropertyType=\"String\"/><t:Value>a.ics</t:Value>"
              "</t:ExtendedProperty><t:ExtendedProperty><t:ExtendedFieldURI"
              " DistinguishedPropertySetId=\"PublicStrings\""
              " PropertyName=\"postern-token\" PropertyType=\"String\"/>"
              "<t:Value>T1</t:Value></t:ExtendedProperty>"
              "<t:UID>uid@example.com</t:UID>" NINE))));
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        char *answer =
            ask(arena_printf(t.asking.arena, find, keys[i][0], keys[i][1]));

        cr_expect_not_null(strstr(answer, "TotalItemsInView=\"1\""));
        cr_expect_not_null(strstr(answer, t.id), "%s", keys[i][0]);
    }
}

Test(calendar, snaps_a_day_to_the_midnights_of_its_zone)
{
    char *answer;

    remember(
        ask(CREATE("SendToNone",
                   EVENT("<t:Start>2024-05-20T10:00:00</t:Start>"
                         "<t:End>2024-05-20T11:00:00</t:End>"
                         "<t:IsAllDayEvent>true</t:IsAllDayEvent>" BERLIN))));
    answer = ask(GET_ALL);
    cr_expect_not_null(strstr(answer, "<t:Start>2024-05-19T22:00:00Z<"));
    cr_expect_not_null(strstr(answer, "<t:End>2024-05-20T22:00:00Z<"));
    answer = ask_as(ANN, "Exchange2013_SP1",
                    "<t:TimeZoneContext><t:TimeZoneDefinition"
                    " Id=\"W. Europe Standard Time\"/></t:TimeZoneContext>",
                    GET_ALL);
    cr_expect_not_null(strstr(answer, "<t:Start>2024-05-20T00:00:00+02:00<"));
}

Test(calendar, has_a_meeting_time_zone_in_2007)
{
    char *answer;

    start(EXCHANGE_2007_SP1);
    answer = ask_as(
        ANN, "Exchange2007_SP1", "",
        CREATE("SendToNone",
               EVENT(NINE
                     "<t:MeetingTimeZone TimeZoneName=\"Mine\">"
                     "<t:BaseOffset>-PT1H</t:BaseOffset><t:Standard>"
                     "<t:Offset>PT0H</t:Offset><t:RelativeYearlyRecurrence>"
                     "<t:DaysOfWeek>Sunday</t:DaysOfWeek><t:DayOfWeekIndex>"
                     "Last</t:DayOfWeekIndex><t:Month>October</t:Month>"
                     "</t:RelativeYearlyRecurrence><t:Time>03:00:00</t:Time>"
                     "</t:Standard><t:Daylight><t:Offset>-PT1H</t:Offset>"
                     "<t:RelativeYearlyRecurrence><t:DaysOfWeek>Sunday"
                     "</t:DaysOfWeek><t:DayOfWeekIndex>Last"
                     "</t:DayOfWeekIndex><t:Month>March</t:Month>"
                     "</t:RelativeYearlyRecurrence><t:Time>02:00:00</t:Time>"
                     "</t:Daylight></t:MeetingTimeZone>")));
    cr_assert_str_eq(code_of(answer), "NoError", "%s", answer);
    remember(answer);
    answer = ask_as(ANN, "Exchange2007_SP1", "", GET_ALL);
    cr_expect_not_null(strstr(answer, "<t:Start>2024-05-06T07:00:00Z<"));
    cr_expect_not_null(strstr(answer, "<t:BaseOffset>-PT1H0M0S<"));
    cr_expect_null(strstr(answer, "StartTimeZone"));
}

Test(calendar, changes_key_with_every_change)
{
    const char *old;
    char *answer;

    remember(ask(CREATE("SendToNone", EVENT(NINE))));
    old = t.key;
    answer =
        ask(UPDATE("SendToNone", "NeverOverwrite", ITEM,
                   SET("calendar:Location", "<t:Location>x</t:Location>")));
    cr_assert_str_eq(code_of(answer), "NoError");
    remember(answer);
    cr_expect_str_neq(t.key, old);
}

/* All or nothing. */
Test(calendar, leaves_all_as_it_was_when_a_part_is_refused)
{
    char *answer;

    remember(
        ask(CREATE("SendToNone", EVENT("<t:Subject>One</t:Subject>" NINE))));
    answer = ask(
        UPDATE("SendToNone", "AlwaysOverwrite", ITEM,
               SET("item:Subject", "<t:Subject>Two</t:Subject>")
                   SET("calendar:End", "<t:End>2020-01-01T00:00:00Z</t:End>")));
    cr_expect_str_eq(code_of(answer),
                     "ErrorCalendarEndDateIsEarlierThanStartDate");
    cr_expect_not_null(strstr(ask(GET_ALL), "<t:Subject>One<"));
}

/* --- Series -------------------------------------------------------------- */

#define OCCURRENCE(n)                                                          \
    "<t:OccurrenceItemId RecurringMasterId=\"{id}\" InstanceIndex=\"" n "\"/>"
#define MOVE(n, from, to)                                                      \
    UPDATE("SendToNone", "AlwaysOverwrite", OCCURRENCE(n),                     \
           SET("calendar:Start", "<t:Start>" from "</t:Start>")                \
               SET("calendar:End", "<t:End>" to "</t:End>"))
#define DELETE(id)                                                             \
    "<m:DeleteItem DeleteType=\"HardDelete\" SendMeetingCancellations="        \
    "\"SendToNone\"><m:ItemIds>" id "</m:ItemIds></m:DeleteItem>"

static void add_series(void)
{
    remember(ask(
        CREATE("SendToNone", EVENT("<t:Subject>Choir</t:Subject>" NINE WEEKLY(
                                 "Monday", TIMES("2024-05-06", "4")) BERLIN))));
}

Test(calendar, shows_occurrences_and_no_masters_in_a_view)
{
    char *answer;

    add_series();
    answer = ask(VIEW("2024-05-10T00:00:00Z", "2024-05-27T07:00:00Z"));
    cr_expect_eq(asking_times(answer, "<t:CalendarItemType>Occurrence<"), 2);
    cr_expect_eq(asking_times(answer, "<t:CalendarItem>"), 2);
    cr_expect_not_null(strstr(answer, "<t:Start>2024-05-13T07:00:00Z<"));
    cr_expect_not_null(strstr(answer, "<t:Start>2024-05-20T07:00:00Z<"));
}

Test(calendar, keeps_exceptions_and_deletions_with_the_master)
{
    char *answer;

    add_series();
    cr_assert_str_eq(
        code_of(ask(MOVE("2", "2024-05-14T12:00:00Z", "2024-05-14T13:00:00Z"))),
        "NoError");
    cr_assert_str_eq(code_of(ask(DELETE(OCCURRENCE("3")))), "NoError");
    answer = ask(GET_ALL);
    cr_expect_not_null(strstr(answer, "<t:CalendarItemType>RecurringMaster<"));
    cr_expect_str_eq(
        between(between(answer, "<t:ModifiedOccurrences>",
                        "</t:ModifiedOccurrences>"),
                "<t:Start>", "</t:Occurrence>"),
        "2024-05-14T12:00:00Z</t:Start><t:End>2024-05-14T13:00:00Z</t:End>"
        "<t:OriginalStart>2024-05-13T07:00:00Z</t:OriginalStart>");
    cr_expect_str_eq(
        between(answer, "<t:DeletedOccurrence>", "</t:DeletedOccurrence>"),
        "<t:Start>2024-05-20T07:00:00Z</t:Start>");
    cr_expect_str_eq(
        between(between(answer, "<t:LastOccurrence>", "</t:LastOccurrence>"),
                "<t:Start>", "<"),
        "2024-05-27T07:00:00Z");
}

/* clang-format off */
static const struct {
    const char *request;
    const char *code;
} boundaries[] = {
    { MOVE("2", "2024-05-06T12:00:00Z", "2024-05-06T13:00:00Z"), "ErrorOccurrenceCrossingBoundary" },
    { MOVE("2", "2024-05-20T12:00:00Z", "2024-05-20T13:00:00Z"), "ErrorOccurrenceCrossingBoundary" },
    { MOVE("2", "2024-05-19T12:00:00Z", "2024-05-20T09:00:00Z"), "ErrorOccurrenceCrossingBoundary" },
    { MOVE("2", "2024-05-19T12:00:00Z", "2024-05-19T13:00:00Z"), "NoError" },
    { MOVE("1", "2024-05-01T12:00:00Z", "2024-05-01T13:00:00Z"), "NoError" },
    { MOVE("5", "2024-05-01T12:00:00Z", "2024-05-01T13:00:00Z"), "ErrorCalendarOccurrenceIndexIsOutOfRecurrenceRange" },
    { DELETE(OCCURRENCE("3")), "NoError" },
    { DELETE(OCCURRENCE("3")), "ErrorCalendarOccurrenceIsDeletedFromRecurrence" },
    { MOVE("2", "2024-05-20T12:00:00Z", "2024-05-20T13:00:00Z"), "NoError" },
    { UPDATE("SendToNone", "AlwaysOverwrite", OCCURRENCE("1"),
             SET("calendar:Recurrence", WEEKLY("Monday", TIMES("2024-05-06", "4")))), "ErrorInvalidPropertySet" },
};
/* clang-format on */

Test(calendar, keeps_occurrences_apart)
{
    add_series();
    for (size_t i = 0; i < sizeof boundaries / sizeof *boundaries; i++)
        cr_expect_str_eq(code_of(ask(boundaries[i].request)),
                         boundaries[i].code, "%zu", i);
}

#define ATTACH(parent, name)                                                   \
    "<m:CreateAttachment>" parent                                              \
    "<m:Attachments><t:FileAttachment><t:Name>" name                           \
    "</t:Name><t:Content>UERG</t:Content></t:FileAttachment>"                  \
    "</m:Attachments></m:CreateAttachment>"
#define FILES(id)                                                              \
    GET("IdOnly",                                                              \
        "<t:AdditionalProperties><t:FieldURI FieldURI=\"item:Attachments\"/>"  \
        "</t:AdditionalProperties>",                                           \
        id)

/* A day has its series' files, by ids of its own, until it gets one or loses
 * one; it is an exception then.  An attachment is made at an item's id: there
 * is no other way to say where. */
Test(calendar, has_files_of_its_own_on_a_day_that_gets_one)
{
    const char *series, *shared, *day;
    char *answer;

    add_series();
    series = t.id;
    answer = ask(ATTACH("<m:ParentItemId Id=\"{id}\"/>", "a.txt"));
    shared = between(answer, "AttachmentId Id=\"", "\"");
    cr_expect_str_neq(
        code_of(ask(ATTACH("<m:ParentItemId RecurringMasterId=\"{id}\""
                           " InstanceIndex=\"2\"/>",
                           "b.txt"))),
        "NoError");
    answer = ask(FILES(OCCURRENCE("2")));
    day = between(answer, "ItemId Id=\"", "\"");
    cr_expect_not_null(strstr(answer, "a.txt"));
    cr_expect_str_neq(between(answer, "AttachmentId Id=\"", "\""), shared);
    cr_expect_null(strstr(ask(GET_ALL), "ModifiedOccurrences"));

    t.id = day;
    answer = ask(ATTACH("<m:ParentItemId Id=\"{id}\"/>", "b.txt"));
    cr_assert_str_eq(code_of(answer), "NoError");
    cr_expect_str_eq(between(answer, "RootItemId=\"", "\""), day);
    t.id = series;
    cr_expect_not_null(strstr(ask(GET_ALL), "ModifiedOccurrences"));
    answer = ask(FILES(OCCURRENCE("2")));
    cr_expect_eq(asking_times(answer, "<t:FileAttachment>"), 2);
    cr_expect_eq(
        asking_times(ask(FILES(OCCURRENCE("3"))), "<t:FileAttachment>"), 1);

    cr_assert_str_eq(
        code_of(asking_ask(
            &t.asking, ANN, "Exchange2013_SP1", "",
            arena_printf(t.asking.arena,
                         "<m:DeleteAttachment><m:AttachmentIds><t:AttachmentId"
                         " Id=\"%s\"/></m:AttachmentIds></m:DeleteAttachment>",
                         shared),
            NULL, NULL)),
        "NoError");
    cr_expect_eq(
        asking_times(ask(FILES(OCCURRENCE("2"))), "<t:FileAttachment>"), 2);
    cr_expect_eq(
        asking_times(ask(FILES(OCCURRENCE("3"))), "<t:FileAttachment>"), 0);
}

Test(calendar, forgets_exceptions_when_the_series_is_moved)
{
    add_series();
    ask(MOVE("2", "2024-05-14T12:00:00Z", "2024-05-14T13:00:00Z"));
    ask(UPDATE("SendToNone", "AlwaysOverwrite", "<t:ItemId Id=\"{id}\"/>",
               SET("calendar:Location", "<t:Location>x</t:Location>")));
    cr_expect_not_null(strstr(ask(GET_ALL), "ModifiedOccurrences"));
    ask(UPDATE("SendToNone", "AlwaysOverwrite", "<t:ItemId Id=\"{id}\"/>",
               SET("calendar:Start", "<t:Start>2024-05-06T08:30:00Z</t:Start>")
                   SET("calendar:End", "<t:End>2024-05-06T09:30:00Z</t:End>")));
    cr_expect_null(strstr(ask(GET_ALL), "ModifiedOccurrences"));
}

/* clang-format off */
static const struct {
    const char *recurrence;
    const char *days;       /* that begin in 2024 and 2025 */
} rules[] = {
    { "<t:DailyRecurrence><t:Interval>3</t:Interval></t:DailyRecurrence>" TIMES("2024-05-06", "3"),
      "2024-05-06 2024-05-09 2024-05-12 " },
    { "<t:WeeklyRecurrence><t:Interval>2</t:Interval><t:DaysOfWeek>Monday Sunday</t:DaysOfWeek>"
      "<t:FirstDayOfWeek>Monday</t:FirstDayOfWeek></t:WeeklyRecurrence>" TIMES("2024-05-06", "4"),
      "2024-05-06 2024-05-12 2024-05-20 2024-05-26 " },
    { "<t:WeeklyRecurrence><t:Interval>2</t:Interval><t:DaysOfWeek>Monday Sunday</t:DaysOfWeek>"
      "<t:FirstDayOfWeek>Sunday</t:FirstDayOfWeek></t:WeeklyRecurrence>" TIMES("2024-05-06", "4"),
      "2024-05-06 2024-05-19 2024-05-20 2024-06-02 " },
    { "<t:AbsoluteMonthlyRecurrence><t:Interval>1</t:Interval><t:DayOfMonth>31</t:DayOfMonth>"
      "</t:AbsoluteMonthlyRecurrence>" TIMES("2024-05-06", "3"),
      "2024-05-31 2024-06-30 2024-07-31 " },
    { "<t:RelativeMonthlyRecurrence><t:Interval>2</t:Interval><t:DaysOfWeek>Weekday</t:DaysOfWeek>"
      "<t:DayOfWeekIndex>Last</t:DayOfWeekIndex></t:RelativeMonthlyRecurrence>" TIMES("2024-05-06", "3"),
      "2024-05-31 2024-07-31 2024-09-30 " },
    { "<t:RelativeYearlyRecurrence><t:DaysOfWeek>Thursday</t:DaysOfWeek><t:DayOfWeekIndex>Fourth"
      "</t:DayOfWeekIndex><t:Month>November</t:Month></t:RelativeYearlyRecurrence>" TIMES("2024-05-06", "2"),
      "2024-11-28 2025-11-27 " },
    { "<t:AbsoluteYearlyRecurrence><t:DayOfMonth>29</t:DayOfMonth><t:Month>February</t:Month>"
      "</t:AbsoluteYearlyRecurrence>"
      "<t:EndDateRecurrence><t:StartDate>2024-01-01</t:StartDate><t:EndDate>2025-12-31</t:EndDate></t:EndDateRecurrence>",
      "2024-02-29 2025-02-28 " },
};
/* clang-format on */

Test(calendar, knows_the_days_of_every_rule)
{
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        struct buf days;
        char *answer;

        start(EXCHANGE_2016);
        answer = ask(arena_printf(
            t.asking.arena,
            CREATE("SendToNone", EVENT(NINE "<t:Recurrence>%s</t:Recurrence>")),
            rules[i].recurrence));
        cr_assert_str_eq(code_of(answer), "NoError", "%zu: %s", i, answer);
        answer = ask(VIEW("2024-01-01T00:00:00Z", "2025-12-31T00:00:00Z"));
        buf_init(&days, t.asking.arena);
        for (char *at = answer; (at = strstr(at, "<t:Start>")) != NULL; at++)
            buf_printf(&days, "%.10s ", at + strlen("<t:Start>"));
        cr_expect_str_eq(days.data, rules[i].days, "%zu", i);
    }
}

/* --- Meetings ------------------------------------------------------------ */

static char *berts(const char *operation)
{
    return ask_as(BERT, "Exchange2013_SP1", "", operation);
}

static void invite(const char *how)
{
    char *answer = ask(arena_printf(
        t.asking.arena,
        "<m:CreateItem SendMeetingInvitations=\"%s\"><m:Items>%s</m:Items>"
        "</m:CreateItem>",
        how, EVENT("<t:Subject>Plan</t:Subject>" NINE BERTS BERLIN)));

    cr_assert_str_eq(code_of(answer), "NoError", "%s", answer);
    remember(answer);
}

/* The only item in one of Bert's folders, in all its properties. */
static char *of_bert(const char *folder)
{
    char *answer = berts(arena_printf(
        t.asking.arena,
        "<m:FindItem Traversal=\"Shallow\"><m:ItemShape><t:BaseShape>IdOnly"
        "</t:BaseShape></m:ItemShape><m:ParentFolderIds>"
        "<t:DistinguishedFolderId Id=\"%s\"/></m:ParentFolderIds></m:FindItem>",
        folder));
    const char *id = between(answer, "ItemId Id=\"", "\"");

    return *id == '\0'
               ? answer
               : berts(arena_printf(
                     t.asking.arena,
                     GET("AllProperties", "", "<t:ItemId Id=\"%s\"/>"), id));
}

Test(calendar, tells_nobody_unless_it_shall)
{
    invite("SendToNone");
    cr_expect_eq(exchange_mails(t.asking.exchange), 0);
    cr_expect_not_null(strstr(ask(GET_ALL), "WasSent>false<"));
    cr_expect_not_null(strstr(ask(GET_ALL), "<t:IsMeeting>true<"));
    cr_expect_null(strstr(of_bert("calendar"), "ItemId "));
}

Test(calendar, invites_into_inbox_and_calendar)
{
    char *answer;

    invite("SendToAllAndSaveCopy");
    cr_expect_eq(exchange_mails(t.asking.exchange), 1);
    answer = of_bert("inbox");
    cr_expect_not_null(strstr(answer, "<t:MeetingRequest>"));
    cr_expect_not_null(strstr(answer, "Type>NewMeetingRequest<"));
    cr_expect_not_null(strstr(answer, "<t:Start>2024-05-06T07:00:00Z<"));
    answer = of_bert("calendar");
    cr_expect_not_null(strstr(answer, "<t:MyResponseType>NoResponseReceived<"));
    cr_expect_not_null(strstr(answer, "BusyStatus>Tentative<"));
    cr_expect_not_null(strstr(answer, "<t:AppointmentState>3<"));
    cr_expect_not_null(strstr(answer, "<t:IsOrganizer>false<"));
    cr_expect_str_eq(between(answer, "<t:UID>", "<"),
                     between(ask(GET_ALL), "<t:UID>", "<"));
    cr_expect_eq(exchange_count(t.asking.exchange, ANN, "Sent Items"), 1);
}

#define ANSWER(element, disposition)                                           \
    "<m:CreateItem MessageDisposition=\"" disposition                          \
    "\"><m:Items><t:" element "><t:ReferenceItemId Id=\"%s\"/></t:" element    \
    "></m:Items></m:CreateItem>"

static char *bert_answers(const char *request)
{
    const char *id = between(of_bert("calendar"), "ItemId Id=\"", "\"");

    return berts(arena_printf(t.asking.arena, request, id));
}

Test(calendar, notes_answers_at_the_organizers)
{
    char *answer;

    invite("SendToAllAndSaveCopy");
    answer = bert_answers(ANSWER("AcceptItem", "SendAndSaveCopy"));
    cr_assert_str_eq(code_of(answer), "NoError", "%s", answer);
    cr_expect_not_null(
        strstr(of_bert("calendar"), "<t:MyResponseType>Accept<"));
    cr_expect_not_null(strstr(of_bert("calendar"), "BusyStatus>Busy<"));
    cr_expect_str_eq(between(ask(GET_ALL), "<t:ResponseType>", "<"), "Accept");
    cr_expect_eq(exchange_mails(t.asking.exchange), 2);
    bert_answers(ANSWER("TentativelyAcceptItem", "SaveOnly"));
    cr_expect_str_eq(between(ask(GET_ALL), "<t:ResponseType>", "<"), "Accept");
    cr_expect_eq(exchange_mails(t.asking.exchange), 2);
    bert_answers(ANSWER("DeclineItem", "SendOnly"));
    cr_expect_str_eq(between(ask(GET_ALL), "<t:ResponseType>", "<"), "Decline");
    cr_expect_null(strstr(of_bert("calendar"), "ItemId "));
}

Test(calendar, asks_again_when_a_meeting_is_moved)
{
    char *answer;

    invite("SendToAllAndSaveCopy");
    bert_answers(ANSWER("AcceptItem", "SendOnly"));
    remember(ask(GET_ALL));
    ask(UPDATE("SendToAllAndSaveCopy", "AlwaysOverwrite", ITEM,
               SET("calendar:Start", "<t:Start>2024-05-06T12:00:00Z</t:Start>")
                   SET("calendar:End", "<t:End>2024-05-06T13:00:00Z</t:End>")));
    answer = of_bert("calendar");
    cr_expect_not_null(strstr(answer, "<t:Start>2024-05-06T12:00:00Z<"));
    cr_expect_not_null(strstr(answer, "<t:MyResponseType>NoResponseReceived<"));
    cr_expect_not_null(strstr(answer, "SequenceNumber>1<"));
    cr_expect_str_eq(between(ask(GET_ALL), "<t:ResponseType>", "<"), "Unknown");
}

Test(calendar, tells_only_who_comes_or_goes_of_a_changed_list)
{
    invite("SendToAllAndSaveCopy");
    cr_expect_eq(exchange_mails(t.asking.exchange), 1);
    ask(UPDATE("SendToChangedAndSaveCopy", "AlwaysOverwrite", ITEM,
               SET("calendar:Location", "<t:Location>x</t:Location>")));
    cr_expect_eq(exchange_mails(t.asking.exchange), 1);
    ask(UPDATE(
        "SendToChangedAndSaveCopy", "AlwaysOverwrite", ITEM,
        "<t:DeleteItemField><t:FieldURI"
        " FieldURI=\"calendar:RequiredAttendees\"/></t:DeleteItemField>"));
    cr_expect_eq(exchange_mails(t.asking.exchange), 2);
    cr_expect_not_null(strstr(of_bert("calendar"), "<t:IsCancelled>true<"));
}

Test(calendar, calls_a_meeting_off)
{
    char *answer;

    invite("SendToAllAndSaveCopy");
    answer =
        ask("<m:CreateItem MessageDisposition=\"SendAndSaveCopy\"><m:Items>"
            "<t:CancelCalendarItem><t:ReferenceItemId {item}/>"
            "<t:NewBodyContent BodyType=\"Text\">Off</t:NewBodyContent>"
            "</t:CancelCalendarItem></m:Items></m:CreateItem>");
    cr_assert_str_eq(code_of(answer), "NoError", "%s", answer);
    cr_expect_str_eq(code_of(ask(GET_ALL)), "ErrorItemNotFound");
    cr_expect_not_null(
        strstr(of_bert("calendar"), "<t:Subject>Canceled: Plan<"));
    answer = bert_answers(ANSWER("AcceptItem", "SendOnly"));
    cr_expect_str_eq(code_of(answer), "ErrorCalendarIsCancelledForAccept");
    answer = bert_answers(
        "<m:CreateItem><m:Items><t:RemoveItem><t:ReferenceItemId Id=\"%s\"/>"
        "</t:RemoveItem></m:Items></m:CreateItem>");
    cr_expect_str_eq(code_of(answer), "NoError", "%s", answer);
    cr_expect_null(strstr(of_bert("calendar"), "ItemId "));
}

Test(calendar, tells_of_one_occurrence)
{
    char *answer =
        ask(CREATE("SendToAllAndSaveCopy",
                   EVENT("<t:Subject>Plan</t:Subject>" NINE BERTS WEEKLY(
                       "Monday", TIMES("2024-05-06", "4")) BERLIN)));

    remember(answer);
    cr_expect_not_null(
        strstr(of_bert("calendar"), "<t:CalendarItemType>RecurringMaster<"));
    ask(UPDATE("SendToAllAndSaveCopy", "AlwaysOverwrite", OCCURRENCE("2"),
               SET("calendar:Start", "<t:Start>2024-05-14T12:00:00Z</t:Start>")
                   SET("calendar:End", "<t:End>2024-05-14T13:00:00Z</t:End>")));
    answer = of_bert("calendar");
    cr_expect_str_eq(between(between(answer, "<t:ModifiedOccurrences>",
                                     "</t:ModifiedOccurrences>"),
                             "<t:Start>", "<"),
                     "2024-05-14T12:00:00Z", "%s", answer);
}

/* --- Lists --------------------------------------------------------------- */

#define SYNC(state)                                                            \
    "<m:SyncFolderItems><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape>"        \
    "</m:ItemShape><m:SyncFolderId><t:DistinguishedFolderId Id=\"calendar\"/>" \
    "</m:SyncFolderId>" state                                                  \
    "<m:MaxChangesReturned>512</m:MaxChangesReturned>"                         \
    "</m:SyncFolderItems>"

Test(calendar, tells_a_changed_occurrence_as_a_change_of_its_master)
{
    char *answer;
    char *state;

    add_series();
    answer = ask(SYNC(""));
    cr_expect_eq(asking_times(answer, "<t:Create>"), 1);
    state = between(answer, "<m:SyncState>", "<");
    ask(MOVE("2", "2024-05-14T12:00:00Z", "2024-05-14T13:00:00Z"));
    answer = ask(arena_printf(t.asking.arena,
                              SYNC("<m:SyncState>%s</m:SyncState>"), state));
    cr_expect_eq(asking_times(answer, "<t:Update><t:CalendarItem>"), 1);
    cr_expect_str_eq(between(answer, "ItemId Id=\"", "\""), t.id);
}
