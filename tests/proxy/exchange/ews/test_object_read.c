/*
 * test_object_read.c - what Exchange says of events, tasks and contacts is
 * understood
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/base/buf.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "proxy/exchange/ews/kept.h"
#include "tests/proxy/exchange/ews/scene.h"

/* --- What was read, as lines of text -------------------------------------- */

static void tell_when(struct buf *out, const char *what,
                      const struct when *when)
{
    char text[sizeof "-2147483648-01-01T00:00:00Z"];

    if (when->kind == WHEN_NONE)
        return;
    time_to_iso(when->instant, text);
    if (when->kind == WHEN_DATE)
        text[strcspn(text, "T")] = '\0';
    buf_printf(out, "%s=%s", what, text);
    if (when->kind == WHEN_ZONED)
        buf_printf(out, "[%s]", zone_name(when->zone));
    buf_putc(out, ' ');
}

static void tell_text(struct buf *out, const char *what, const char *text)
{
    if (text != NULL)
        buf_printf(out, "%s=%s ", what, text);
}

static void tell_number(struct buf *out, const char *what, int64_t number)
{
    if (number != 0)
        buf_printf(out, "%s=%ld ", what, (long)number);
}

static void tell_list(struct buf *out, const char *what,
                      const char *const *list)
{
    for (; list != NULL && *list != NULL; list++)
        tell_text(out, what, *list);
}

static void tell_people(struct buf *out, const struct event *event)
{
    static const char roles[] = "rox", answers[] = "?atdo";

    tell_text(out, "organizer", event->organizer);
    for (size_t i = 0; i < event->attendee_count; i++)
        buf_printf(out, "%s/%c%c%s ", event->attendees[i].address,
                   roles[event->attendees[i].role],
                   answers[event->attendees[i].answer],
                   event->attendees[i].rsvp ? "!" : "");
    tell_number(out, "answer", event->answer);
    tell_number(out, "meeting", event->is_meeting);
    tell_number(out, "cancelled", event->cancelled);
}

static void tell_event(struct buf *out, const struct event *event)
{
    tell_text(out, "id", event->id);
    tell_when(out, "of", &event->occurrence);
    tell_when(out, "start", &event->start);
    tell_when(out, "end", &event->end);
    tell_text(out, "summary", event->summary);
    tell_text(out, "location", event->location);
    tell_text(out, "text", event->description);
    tell_text(out, "html", event->html);
    tell_number(out, "busy", event->busy);
    tell_number(out, "class", event->class);
    if (event->importance != IMPORTANCE_NORMAL)
        buf_printf(out, "importance=%d ", event->importance);
    tell_list(out, "category", event->categories);
    if (event->reminder)
        buf_printf(out, "reminder=%d ", event->reminder_minutes);
    tell_people(out, event);
    tell_number(out, "refuse", event->refuse_counter);
    tell_text(out, "conference", event->conference);
    tell_text(out, "url", event->url);
    tell_number(out, "sequence", event->sequence);
    for (size_t i = 0; i < event->attachment_count; i++)
        buf_printf(out, "file=%s/%s/%s ", event->attachments[i].id,
                   event->attachments[i].name, event->attachments[i].type);
}

static void tell_rule(struct buf *out, const struct recurrence *rule)
{
    buf_printf(out, "rule=%d/%u ", rule->pattern, rule->interval);
    tell_number(out, "weekdays", rule->weekdays);
    tell_number(out, "week", rule->week);
    tell_number(out, "day", rule->day);
    tell_number(out, "month", rule->month);
    tell_number(out, "first", rule->first);
    tell_number(out, "count", rule->count);
    tell_when(out, "begin", &rule->begin);
    tell_when(out, "until", &rule->until);
}

static void tell_series(struct buf *out, const struct series *series)
{
    tell_text(out, "uid", series->uid);
    if (series->has_master)
        tell_event(out, &series->master);
    if (series->recurrence != NULL)
        tell_rule(out, series->recurrence);
    for (size_t i = 0; i < series->deleted_count; i++)
        tell_when(out, "deleted", &series->deleted[i]);
    for (size_t i = 0; i < series->exception_count; i++) {
        buf_puts(out, "| ");
        tell_event(out, &series->exceptions[i]);
    }
}

static void tell_task(struct buf *out, const struct task *task)
{
    tell_text(out, "uid", task->uid);
    tell_text(out, "summary", task->summary);
    tell_text(out, "text", task->description);
    tell_when(out, "start", &task->start);
    tell_when(out, "due", &task->due);
    tell_number(out, "status", task->status);
    tell_number(out, "percent", task->percent);
    if (task->completed != TIME_NONE)
        tell_number(out, "completed", task->completed);
    if (task->reminder)
        tell_number(out, "reminder", task->reminder_time);
    if (task->recurrence != NULL)
        tell_rule(out, task->recurrence);
}

static void tell_contact(struct buf *out, const struct contact *contact)
{
    tell_text(out, "uid", contact->uid);
    for (size_t i = 0; i < CONTACT_TEXT_COUNT; i++)
        if (contact->text[i] != NULL)
            buf_printf(out, "%zu:%s ", i, contact->text[i]);
    for (size_t i = 0; i < PHONE_COUNT; i++)
        if (contact->phone[i] != NULL)
            buf_printf(out, "phone%zu:%s ", i, contact->phone[i]);
    for (size_t i = 0; i < CONTACT_EMAILS; i++)
        if (contact->email[i].address != NULL)
            buf_printf(out, "email%zu:%s/%s ", i, contact->email[i].address,
                       contact->email[i].name ? contact->email[i].name : "");
    for (size_t i = 0; i < PLACE_COUNT; i++) {
        tell_text(out, "street", contact->place[i].street);
        tell_text(out, "country", contact->place[i].country);
        tell_text(out, "box", contact->place[i].box);
    }
    if (contact->preferred_place >= 0)
        buf_printf(out, "preferred=%d ", contact->preferred_place);
    tell_list(out, "child", contact->children);
    tell_list(out, "category", contact->categories);
    tell_when(out, "birthday", &contact->birthday);
    tell_when(out, "anniversary", &contact->anniversary);
    tell_number(out, "gender", contact->gender);
    tell_text(out, "photo", contact->photo_id);
    tell_list(out, "certificate", contact->certificates);
    for (size_t i = 0; i < contact->member_count; i++)
        buf_printf(out, "member=%s/%s/%s ", contact->members[i].address,
                   contact->members[i].name ? contact->members[i].name : "",
                   contact->members[i].id ? contact->members[i].id : "");
}

static bool tell(void *context, const struct remote_object_read *read)
{
    struct buf *out = context;

    buf_printf(out, "%zu: ", read->index);
    if (read->status != STATUS_OK)
        buf_printf(out, "%s ", status_name(read->status));
    tell_text(out, "name", read->object.name);
    tell_text(out, "kept", read->kept);
    if (read->hidden)
        buf_puts(out, "hidden ");
    if (read->series != NULL)
        tell_series(out, read->series);
    if (read->task != NULL)
        tell_task(out, read->task);
    if (read->contact != NULL)
        tell_contact(out, read->contact);
    /* Each thing told ends with a space. */
    out->len--;
    buf_putc(out, '\n');
    return true;
}

/* --- Single items --------------------------------------------------------- */

#define TIMES                                                                  \
    "<t:Start>2024-05-06T07:00:00Z</t:Start><t:End>2024-05-06T08:00:00Z</"     \
    "t:End>"
#define BERLIN "<t:StartTimeZone Id=\"W. Europe Standard Time\"/>"
#define AT_BERLIN                                                              \
    "start=2024-05-06T07:00:00Z[Europe/Berlin] "                               \
    "end=2024-05-06T08:00:00Z[Europe/Berlin] "
#define AT_PARIS                                                               \
    "start=2024-05-06T07:00:00Z[Europe/Paris] "                                \
    "end=2024-05-06T08:00:00Z[Europe/Paris] "
#define EXTENDED(path, value)                                                  \
    "<t:ExtendedProperty><t:ExtendedFieldURI " path "/>" value                 \
    "</t:ExtendedProperty>"
#define VALUE(text) "<t:Value>" text "</t:Value>"

/* clang-format off */
static const struct {
    const char *name, *build, *item, *told;
} cases[] = {
    { "an event with its zone", BUILD_2016,
      "<t:CalendarItem><t:ItemId Id=\"i\" ChangeKey=\"k\"/><t:Subject>A &lt;b&gt;</t:Subject>" TIMES BERLIN "</t:CalendarItem>",
      "id=i " AT_BERLIN "summary=A <b> busy=2" },
    { "a zone that is known by its rules only", BUILD_2016,
      "<t:CalendarItem><t:ItemId Id=\"i\"/>" TIMES "<t:StartTimeZone Id=\"Customized Time Zone\" Name=\"?\"><t:Periods>"
      "<t:Period Bias=\"-PT1H\" Name=\"Standard\" Id=\"s\"/><t:Period Bias=\"-PT120M\" Name=\"Daylight\" Id=\"d\"/></t:Periods>"
      "<t:TransitionsGroups><t:TransitionsGroup Id=\"0\"><t:RecurringDayTransition><t:To Kind=\"Period\">d</t:To><t:TimeOffset>PT120M</t:TimeOffset>"
      "<t:Month>3</t:Month><t:DayOfWeek>Sunday</t:DayOfWeek><t:Occurrence>-1</t:Occurrence></t:RecurringDayTransition>"
      "<t:RecurringDayTransition><t:To Kind=\"Period\">s</t:To><t:TimeOffset>PT180M</t:TimeOffset><t:Month>10</t:Month>"
      "<t:DayOfWeek>Sunday</t:DayOfWeek><t:Occurrence>-1</t:Occurrence></t:RecurringDayTransition></t:TransitionsGroup></t:TransitionsGroups>"
      "<t:Transitions><t:Transition><t:To Kind=\"Group\">0</t:To></t:Transition></t:Transitions></t:StartTimeZone></t:CalendarItem>",
      "id=i " AT_BERLIN "busy=2" },
    { "a zone that Windows does not know, by the name it was written under", BUILD_2016,
      "<t:CalendarItem><t:ItemId Id=\"i\"/>" TIMES "<t:StartTimeZone Id=\"Antarctica/Troll\" Name=\"Antarctica/Troll\"><t:Periods>"
      "<t:Period Bias=\"PT0S\" Name=\"Standard\" Id=\"s\"/><t:Period Bias=\"-PT120M\" Name=\"Daylight\" Id=\"d\"/></t:Periods>"
      "<t:TransitionsGroups><t:TransitionsGroup Id=\"0\"><t:RecurringDayTransition><t:To Kind=\"Period\">d</t:To><t:TimeOffset>PT60M</t:TimeOffset>"
      "<t:Month>3</t:Month><t:DayOfWeek>Sunday</t:DayOfWeek><t:Occurrence>-1</t:Occurrence></t:RecurringDayTransition>"
      "<t:RecurringDayTransition><t:To Kind=\"Period\">s</t:To><t:TimeOffset>PT180M</t:TimeOffset><t:Month>10</t:Month>"
      "<t:DayOfWeek>Sunday</t:DayOfWeek><t:Occurrence>-1</t:Occurrence></t:RecurringDayTransition></t:TransitionsGroup></t:TransitionsGroups>"
      "<t:Transitions><t:Transition><t:To Kind=\"Group\">0</t:To></t:Transition></t:Transitions></t:StartTimeZone></t:CalendarItem>",
      "id=i start=2024-05-06T07:00:00Z[Antarctica/Troll] end=2024-05-06T08:00:00Z[Antarctica/Troll] busy=2" },
    { "a zone of Exchange 2007", BUILD_2007,
      "<t:CalendarItem><t:ItemId Id=\"i\"/>" TIMES "<t:MeetingTimeZone><t:BaseOffset>-PT1H</t:BaseOffset>"
      "<t:Standard><t:Offset>PT0S</t:Offset><t:RelativeYearlyRecurrence><t:DaysOfWeek>Sunday</t:DaysOfWeek><t:DayOfWeekIndex>Last</t:DayOfWeekIndex>"
      "<t:Month>October</t:Month></t:RelativeYearlyRecurrence><t:Time>03:00:00</t:Time></t:Standard>"
      "<t:Daylight><t:Offset>-PT1H</t:Offset><t:RelativeYearlyRecurrence><t:DaysOfWeek>Sunday</t:DaysOfWeek><t:DayOfWeekIndex>Last</t:DayOfWeekIndex>"
      "<t:Month>March</t:Month></t:RelativeYearlyRecurrence><t:Time>02:00:00</t:Time></t:Daylight></t:MeetingTimeZone></t:CalendarItem>",
      "id=i " AT_BERLIN "busy=2" },
    { "the zone of who asks where there is none", BUILD_2007,
      "<t:CalendarItem><t:ItemId Id=\"i\"/>" TIMES "</t:CalendarItem>",
      "id=i " AT_PARIS "busy=2" },
    { "a day by the event's own zone", BUILD_2016,
      "<t:CalendarItem><t:ItemId Id=\"i\"/><t:Start>2024-05-05T15:00:00Z</t:Start><t:End>2024-05-07T15:00:00Z</t:End>"
      "<t:IsAllDayEvent>true</t:IsAllDayEvent><t:LegacyFreeBusyStatus>Free</t:LegacyFreeBusyStatus>"
      "<t:StartTimeZone Id=\"Tokyo Standard Time\"/></t:CalendarItem>",
      "id=i start=2024-05-06 end=2024-05-08" },
    { "a day whose midnights are of another zone than it has", BUILD_2016,
      "<t:CalendarItem><t:ItemId Id=\"i\"/><t:Start>2024-05-05T22:00:00Z</t:Start><t:End>2024-05-05T22:00:00Z</t:End>"
      "<t:IsAllDayEvent>true</t:IsAllDayEvent><t:LegacyFreeBusyStatus>Free</t:LegacyFreeBusyStatus>"
      "<t:StartTimeZone Id=\"UTC\"/></t:CalendarItem>",
      "id=i start=2024-05-06 end=2024-05-07" },
    { "all that an event can say", BUILD_2016,
      "<t:CalendarItem><t:ItemId Id=\"i\"/><t:Sensitivity>Personal</t:Sensitivity>"
      "<t:Body BodyType=\"HTML\">&lt;p&gt;One&lt;/p&gt;&lt;div&gt;two&lt;br&gt;three&lt;/div&gt;</t:Body>"
      "<t:Attachments><t:FileAttachment><t:AttachmentId Id=\"a\"/><t:Name>n</t:Name></t:FileAttachment></t:Attachments>"
      "<t:Categories><t:String>Red</t:String><t:String>Blue</t:String></t:Categories><t:Importance>High</t:Importance>"
      "<t:ReminderIsSet>true</t:ReminderIsSet><t:ReminderMinutesBeforeStart>0</t:ReminderMinutesBeforeStart>"
      "<t:UID>u</t:UID>" TIMES "<t:LegacyFreeBusyStatus>OOF</t:LegacyFreeBusyStatus><t:Location>L</t:Location>"
      "<t:IsResponseRequested>true</t:IsResponseRequested><t:MyResponseType>Tentative</t:MyResponseType>"
      "<t:Organizer><t:Mailbox><t:Name>Bob</t:Name><t:EmailAddress>bob@example.com</t:EmailAddress></t:Mailbox></t:Organizer>"
      "<t:RequiredAttendees><t:Attendee><t:Mailbox><t:EmailAddress>ann@example.com</t:EmailAddress></t:Mailbox><t:ResponseType>Accept</t:ResponseType></t:Attendee>"
      "<t:Attendee><t:Mailbox><t:EmailAddress>/o=Gone/cn=x</t:EmailAddress><t:RoutingType>EX</t:RoutingType></t:Mailbox></t:Attendee></t:RequiredAttendees>"
      "<t:Resources><t:Attendee><t:Mailbox><t:EmailAddress>room@example.com</t:EmailAddress></t:Mailbox><t:ResponseType>NoResponseReceived</t:ResponseType></t:Attendee></t:Resources>"
      "<t:AppointmentSequenceNumber>3</t:AppointmentSequenceNumber><t:AppointmentState>7</t:AppointmentState>" BERLIN
      "<t:AllowNewTimeProposal>false</t:AllowNewTimeProposal><t:NetShowUrl>http://x/</t:NetShowUrl>"
      "<t:JoinOnlineMeetingUrl>https://j/</t:JoinOnlineMeetingUrl></t:CalendarItem>",
      "uid=u id=i " AT_BERLIN "location=L text=One\n\ntwo\nthree html=<p>One</p><div>two<br>three</div> busy=3 class=1 importance=2 "
      "category=Red category=Blue reminder=0 organizer=bob@example.com ann@example.com/ra! room@example.com/x?! "
      "answer=2 meeting=1 cancelled=1 refuse=1 conference=https://j/ url=http://x/ sequence=3 file=a/n/application/octet-stream" },
    { "no organizer of what is no meeting, and no page of nothing", BUILD_2016,
      "<t:CalendarItem><t:ItemId Id=\"i\"/><t:Body BodyType=\"HTML\">&lt;html&gt;&lt;body&gt; &amp;nbsp;&lt;/body&gt;&lt;/html&gt;</t:Body>" TIMES
      "<t:Organizer><t:Mailbox><t:EmailAddress>me@example.com</t:EmailAddress></t:Mailbox></t:Organizer>" BERLIN "</t:CalendarItem>",
      "id=i " AT_BERLIN "busy=2" },
    { "an invitation to one day of a series", BUILD_2016,
      "<t:CalendarItem><t:ItemId Id=\"i\"/><t:UID>u</t:UID><t:RecurrenceId>2024-05-06T06:00:00Z</t:RecurrenceId>" TIMES
      "<t:CalendarItemType>Single</t:CalendarItemType>" BERLIN "</t:CalendarItem>",
      "uid=u | id=i of=2024-05-06T06:00:00Z[Europe/Berlin] " AT_BERLIN "busy=2" },
    { "private matters of somebody else", BUILD_2016,
      "<t:CalendarItem><t:ItemId Id=\"i\"/><t:Sensitivity>Private</t:Sensitivity>" TIMES
      "<t:EffectiveRights><t:Read>true</t:Read><t:ViewPrivateItems>false</t:ViewPrivateItems></t:EffectiveRights>" BERLIN "</t:CalendarItem>",
      "hidden id=i " AT_BERLIN "busy=2 class=2" },
    { "private matters that may be seen", BUILD_2016,
      "<t:CalendarItem><t:ItemId Id=\"i\"/><t:Sensitivity>Private</t:Sensitivity>" TIMES BERLIN "</t:CalendarItem>",
      "id=i " AT_BERLIN "busy=2 class=2" },
    { "a client's name and text", BUILD_2016,
      "<t:CalendarItem><t:ItemId Id=\"i\"/>" EXTENDED("PropertyTag=\"0x10f3\" PropertyType=\"String\"", VALUE("a.ics"))
      EXTENDED("DistinguishedPropertySetId=\"PublicStrings\" PropertyName=\"postern-object\" PropertyType=\"String\"", VALUE("%s"))
      TIMES BERLIN "</t:CalendarItem>",
      "name=a.ics kept=BEGIN:VCALENDAR id=i " AT_BERLIN "busy=2" },
    { "a task with its days", BUILD_2016,
      "<t:Task><t:ItemId Id=\"i\"/><t:Subject>S</t:Subject><t:Body BodyType=\"Text\">a\r\nb\r\n</t:Body>"
      EXTENDED("DistinguishedPropertySetId=\"Task\" PropertyId=\"33029\" PropertyType=\"SystemTime\"", VALUE("2024-05-06T00:00:00Z"))
      EXTENDED("DistinguishedPropertySetId=\"PublicStrings\" PropertyName=\"urn:schemas:calendar:uid\" PropertyType=\"String\"", VALUE("u"))
      "<t:DueDate>2024-05-05T22:00:00Z</t:DueDate><t:PercentComplete>33.4</t:PercentComplete><t:StartDate>2024-05-01T22:00:00Z</t:StartDate>"
      "<t:Status>InProgress</t:Status></t:Task>",
      "uid=u summary=S text=a\nb start=2024-05-02 due=2024-05-06 status=1 percent=33" },
    { "a task that begins again when it is done", BUILD_2016,
      "<t:Task><t:ItemId Id=\"i\"/><t:CompleteDate>1970-01-02T00:00:00Z</t:CompleteDate><t:PercentComplete>100</t:PercentComplete><t:Recurrence>"
      "<t:WeeklyRegeneration><t:Interval>2</t:Interval></t:WeeklyRegeneration><t:NoEndRecurrence><t:StartDate>2024-05-06+02:00</t:StartDate>"
      "</t:NoEndRecurrence></t:Recurrence><t:Status>Completed</t:Status></t:Task>",
      "status=2 percent=100 completed=86400 rule=7/2 begin=2024-05-06" },
    { "a contact", BUILD_2016,
      "<t:Contact><t:ItemId Id=\"i\"/><t:Body BodyType=\"Text\">Note</t:Body><t:Attachments><t:FileAttachment><t:AttachmentId Id=\"other\"/><t:Name>x</t:Name>"
      "</t:FileAttachment><t:FileAttachment><t:AttachmentId Id=\"p\"/><t:Name>ContactPicture.jpg</t:Name></t:FileAttachment></t:Attachments>"
      EXTENDED("PropertyTag=\"0x3a45\" PropertyType=\"String\"", VALUE("Dr."))
      EXTENDED("PropertyTag=\"14925\" PropertyType=\"Short\"", VALUE("1"))
      EXTENDED("DistinguishedPropertySetId=\"Address\" PropertyId=\"32906\" PropertyType=\"String\"", VALUE("wrong"))
      EXTENDED("DistinguishedPropertySetId=\"Address\" PropertyId=\"32842\" PropertyType=\"String\"", VALUE("Box 1"))
      EXTENDED("DistinguishedPropertySetId=\"Address\" PropertyId=\"32916\" PropertyType=\"String\"", VALUE("ann@two.example"))
      "<t:DisplayName>Ann Lee</t:DisplayName><t:EmailAddresses><t:Entry Key=\"EmailAddress1\" Name=\"Ann\">ann@example.com</t:Entry>"
      "<t:Entry Key=\"EmailAddress2\" RoutingType=\"EX\">/o=x/cn=ann</t:Entry><t:Entry Key=\"EmailAddress3\">/o=x/cn=gone</t:Entry></t:EmailAddresses>"
      "<t:PhysicalAddresses><t:Entry Key=\"Home\"><t:Street>1 Way</t:Street><t:CountryOrRegion>France</t:CountryOrRegion></t:Entry></t:PhysicalAddresses>"
      "<t:PhoneNumbers><t:Entry Key=\"MobilePhone\">+1</t:Entry><t:Entry Key=\"TtyTddPhone\">+2</t:Entry></t:PhoneNumbers>"
      "<t:Birthday>1980-04-11T22:00:00Z</t:Birthday><t:Children><t:String>Tim</t:String></t:Children>"
      "<t:ImAddresses><t:Entry Key=\"ImAddress2\">xmpp:a</t:Entry></t:ImAddresses><t:PostalAddressIndex>Home</t:PostalAddressIndex>"
      "<t:Surname>Lee</t:Surname><t:WeddingAnniversary>2001-02-03T11:59:00Z</t:WeddingAnniversary></t:Contact>",
      "0:Ann Lee 1:Lee 4:Dr. 19:Note 21:xmpp:a phone4:+1 phone18:+2 email0:ann@example.com/Ann email1:ann@two.example/ box=Box 1 street=1 Way "
      "country=France preferred=1 child=Tim birthday=1980-04-12 anniversary=2001-02-03 gender=1 photo=p" },
    { "the local day of a birthday rather than an instant", BUILD_2016,
      "<t:Contact><t:ItemId Id=\"i\"/>"
      EXTENDED("DistinguishedPropertySetId=\"Address\" PropertyId=\"32990\" PropertyType=\"SystemTime\"", VALUE("1980-04-12T00:00:00Z"))
      "<t:Birthday>1980-04-11T08:00:00Z</t:Birthday></t:Contact>",
      "birthday=1980-04-12" },
    { "a birthday that has changed since there was a local day", BUILD_2016,
      "<t:Contact><t:ItemId Id=\"i\"/>"
      EXTENDED("DistinguishedPropertySetId=\"Address\" PropertyId=\"32990\" PropertyType=\"SystemTime\"", VALUE("1980-04-12T00:00:00Z"))
      "<t:Birthday>1981-06-01T11:59:00Z</t:Birthday></t:Contact>",
      "birthday=1981-06-01" },
    { "a group and who is in it", BUILD_2016,
      "<t:DistributionList><t:ItemId Id=\"i\"/><t:DisplayName>All</t:DisplayName><t:Members><t:Member Key=\"1\"><t:Mailbox><t:Name>Ann</t:Name>"
      "<t:EmailAddress>ann@example.com</t:EmailAddress></t:Mailbox></t:Member><t:Member Key=\"2\"><t:Mailbox><t:EmailAddress>b@example.com</t:EmailAddress>"
      "<t:MailboxType>Contact</t:MailboxType><t:ItemId Id=\"c\"/></t:Mailbox></t:Member></t:Members></t:DistributionList>",
      "0:All member=ann@example.com/Ann/ member=b@example.com//c" },
};
/* clang-format on */

static enum remote_object_kind kind_of(const char *item)
{
    return str_starts(item, "<t:Task")      ? REMOTE_TASK
           : str_starts(item, "<t:Contact") ? REMOTE_CONTACT
           : str_starts(item, "<t:Dist")    ? REMOTE_GROUP
                                            : REMOTE_EVENT;
}

static char *item_in(struct arena *arena, const char *item)
{
    return arena_printf(arena, "<m:Items>%s</m:Items>", item);
}

Test(ews_object_read, understands_what_exchange_says, .timeout = 600)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct remote_object object = { .id = "i",
                                        .kind = kind_of(cases[i].item) };
        struct scene scene;
        struct buf out;

        scene_begin(&scene, cases[i].build);
        buf_init(&out, scene.op->arena);
        char *item = item_in(scene.op->arena, cases[i].item);
        char *place = strstr(item, "%s");
        if (place != NULL)
            item = arena_printf(
                scene.op->arena, "%.*s%s%s", (int)(place - item), item,
                kept_pack(scene.op->arena, "BEGIN:VCALENDAR"), place + 2);
        scene_say(&scene, "GetItem", item);
        cr_expect_eq(scene.remote->backend->objects->read(
                         scene.op, scene.remote, zone_iana("Europe/Paris"),
                         &object, 1, tell, &out),
                     STATUS_OK, "%s: %s", cases[i].name, scene.op->reason);
        char *told = arena_printf(scene.op->arena, "0: %s\n", cases[i].told);
        cr_expect_str_eq(out.data, told, "%s:\n%s%s", cases[i].name, out.data,
                         told);
        cr_expect_eq(scene_calls(&scene, "GetItem"), 1, "%s", cases[i].name);
        scene_end(&scene);
    }
}

/* --- Answers of real servers ---------------------------------------------- */

/* clang-format off */
static const struct {
    const char *file;
    enum remote_object_kind kind;
    const char *told;
} samples[] = {
    { "GetItemResponse-2.xml", REMOTE_EVENT,
      "id=ASUAdTB start=2006-06-16T00:30:00Z[Europe/Paris] end=2006-06-16T01:00:00Z[Europe/Paris] busy=2" },
    { "GetItemResponse-3.xml", REMOTE_EVENT,
      "id=ASUAdT start=2006-06-16T00:30:00Z[America/Los_Angeles] end=2006-06-16T01:00:00Z[America/Los_Angeles] busy=2 reminder=15 answer=4" },
    { "GetItemResponse-4.xml", REMOTE_CONTACT,
      "0:Tanja Plate 1:Plate 2:Tanja 7:SampleContact 8:Northwind Traders 10:Project Manager phone0:5625550199 "
      "email0:tplate@example.com/ email1:tplate@example.com/ street=12345 67th Ave" },
    { "GetItemResponse-7.xml", REMOTE_TASK, "summary=Buy new shoes" },
};
/* clang-format on */

/* What stands in m:Items of a sample; NULL where there are none. */
static char *sample(struct arena *arena, const char *name)
{
    const char *shared = getenv("POSTERN_SHARED");
    char *path = arena_printf(arena, "%s/ews-samples/%s",
                              shared != NULL ? shared : "../shared", name);
    FILE *file = fopen(path, "r");
    struct buf text;

    if (file == NULL)
        return NULL;
    buf_init(&text, arena);
    for (int c = fgetc(file); c != EOF; c = fgetc(file))
        buf_putc(&text, (char)c);
    fclose(file);
    char *start = strstr(text.data, "<m:Items>");
    char *end = strstr(text.data, "</m:Items>");
    cr_assert(start != NULL && end != NULL, "%s", name);
    end[strlen("</m:Items>")] = '\0';
    return start;
}

Test(ews_object_read, understands_samples)
{
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        struct remote_object object = { .id = "i", .kind = samples[i].kind };
        struct scene scene;
        struct buf out;

        scene_begin(&scene, BUILD_2007);
        buf_init(&out, scene.op->arena);
        const char *items = sample(scene.op->arena, samples[i].file);
        if (items != NULL) {
            scene_say(&scene, "GetItem", items);
            cr_expect_eq(scene.remote->backend->objects->read(
                             scene.op, scene.remote, zone_iana("Europe/Paris"),
                             &object, 1, tell, &out),
                         STATUS_OK);
            char *told =
                arena_printf(scene.op->arena, "0: %s\n", samples[i].told);
            cr_expect_str_eq(out.data, told, "%s:\n%s%s", samples[i].file,
                             out.data, told);
        }
        scene_end(&scene);
    }
}

/* --- Series --------------------------------------------------------------- */

#define OCCURRENCE(id, original)                                               \
    "<t:Occurrence><t:ItemId Id=\"" id "\" ChangeKey=\"x\"/>"                  \
    "<t:Start>" original "</t:Start><t:End>" original "</t:End>"               \
    "<t:OriginalStart>" original "</t:OriginalStart></t:Occurrence>"
#define SERIES                                                                 \
    "<m:Items><t:CalendarItem><t:ItemId Id=\"m\" ChangeKey=\"k\"/>"            \
    "<t:UID>u</t:UID>" TIMES "<t:CalendarItemType>RecurringMaster"             \
    "</t:CalendarItemType><t:Recurrence><t:WeeklyRecurrence>"                  \
    "<t:Interval>1</t:Interval><t:DaysOfWeek>Monday Friday</t:DaysOfWeek>"     \
    "<t:FirstDayOfWeek>Monday</t:FirstDayOfWeek></t:WeeklyRecurrence>"         \
    "<t:EndDateRecurrence><t:StartDate>2024-05-06Z</t:StartDate>"              \
    "<t:EndDate>2024-07-01Z</t:EndDate></t:EndDateRecurrence></t:Recurrence>"  \
    "<t:ModifiedOccurrences>" OCCURRENCE("o2", "2024-05-13T07:00:00Z")         \
        OCCURRENCE(                                                            \
            "o1",                                                              \
            "2024-05-10T07:00:00Z") "</"                                       \
                                    "t:ModifiedOccurrences><t:"                \
                                    "DeletedOccurrences><t:DeletedOccurrence>" \
                                    "<t:Start>2024-05-17T07:00:00Z</"          \
                                    "t:Start></t:DeletedOccurrence>"           \
                                    "</t:DeletedOccurrences>" BERLIN           \
                                    "</t:CalendarItem></m:Items>"
#define EXCEPTION                                                              \
    "<m:Items><t:CalendarItem><t:ItemId Id=\"o\" ChangeKey=\"x\"/>"            \
    "<t:Subject>Other</t:Subject>" TIMES "</t:CalendarItem></m:Items>"

static const struct remote_object two[] = {
    { .id = "m1", .kind = REMOTE_EVENT },
    { .id = "m2", .kind = REMOTE_EVENT },
};

Test(ews_object_read, reads_the_exceptions_of_all_series_in_one_more_call)
{
    static const char told[] =
        "uid=u id=m " AT_BERLIN "busy=2 rule=1/1 weekdays=34 first=1 "
        "begin=2024-05-06 until=2024-07-01 "
        "deleted=2024-05-17T07:00:00Z[Europe/Berlin] "
        "| id=o of=2024-05-10T07:00:00Z[Europe/Berlin] " AT_BERLIN
        "summary=Other busy=2 "
        "| id=o of=2024-05-13T07:00:00Z[Europe/Berlin] " AT_BERLIN
        "summary=Other busy=2\n";
    struct scene scene;
    struct buf out;

    scene_begin(&scene, BUILD_2016);
    buf_init(&out, scene.op->arena);
    scene_say(&scene, "GetItem", SERIES);
    scene_say(&scene, "GetItem", EXCEPTION);
    cr_expect_eq(scene.remote->backend->objects->read(
                     scene.op, scene.remote, zone_utc(), two, 2, tell, &out),
                 STATUS_OK);
    char *both = arena_printf(scene.op->arena, "0: %s1: %s", told, told);
    cr_expect_str_eq(out.data, both, "%s%s", out.data, both);
    cr_expect_eq(scene.calls, 2);
    cr_expect_eq(responder_count(scene_body(&scene), "<t:ItemId "), 4);
    scene_end(&scene);
}

Test(ews_object_read, tells_no_series_that_lacks_an_exception)
{
    struct scene scene;
    struct buf out;

    scene_begin(&scene, BUILD_2016);
    buf_init(&out, scene.op->arena);
    scene_say(&scene, "GetItem", SERIES);
    scene_say_whole(&scene, "GetItem",
                    "<m:GetItemResponseMessage ResponseClass=\"Error\">"
                    "<m:ResponseCode>ErrorItemNotFound</m:ResponseCode>"
                    "</m:GetItemResponseMessage>"
                    "<m:GetItemResponseMessage ResponseClass=\"Success\">"
                    "<m:ResponseCode>NoError</m:ResponseCode>" EXCEPTION
                    "</m:GetItemResponseMessage>");
    cr_expect_eq(scene.remote->backend->objects->read(
                     scene.op, scene.remote, zone_utc(), two, 1, tell, &out),
                 STATUS_OK);
    cr_expect(str_starts(out.data, "0: unavailable"), "%s", out.data);
    scene_end(&scene);
}

static bool check_photo(void *context, const struct remote_object_read *read)
{
    size_t *count = context;

    cr_expect_eq(read->contact->photo_len, 5);
    cr_expect_eq(memcmp(read->contact->photo, "hello", 5), 0);
    ++*count;
    return true;
}

Test(ews_object_read, brings_the_pictures_of_many_contacts_at_once)
{
    static const char item[] =
        "<m:Items><t:Contact><t:ItemId Id=\"c\"/><t:Attachments>"
        "<t:FileAttachment><t:AttachmentId Id=\"p\"/><t:IsContactPhoto>true"
        "</t:IsContactPhoto></t:FileAttachment></t:Attachments></t:Contact>"
        "</m:Items>";
    struct remote_object objects[15];
    struct scene scene;
    size_t count = 0;

    for (size_t i = 0; i < 15; i++)
        objects[i] =
            (struct remote_object){ .id = "c", .kind = REMOTE_CONTACT };
    scene_begin(&scene, BUILD_2016);
    scene_say(&scene, "GetItem", item);
    cr_expect_eq(scene.remote->backend->objects->read(scene.op, scene.remote,
                                                      zone_utc(), objects, 15,
                                                      check_photo, &count),
                 STATUS_OK);
    cr_expect_eq(count, 15);
    cr_expect_eq(scene.calls, 2);
    scene_end(&scene);
}

Test(ews_object_read, takes_fifty_objects_in_a_call)
{
    struct remote_object objects[120];
    struct scene scene;
    struct buf out;

    for (size_t i = 0; i < 120; i++)
        objects[i] = (struct remote_object){ .id = "t", .kind = REMOTE_TASK };
    scene_begin(&scene, BUILD_2016);
    buf_init(&out, scene.op->arena);
    cr_expect_eq(scene.remote->backend->objects->read(scene.op, scene.remote,
                                                      zone_utc(), objects, 120,
                                                      tell, &out),
                 STATUS_OK);
    cr_expect_eq(scene.calls, 3);
    cr_expect_eq(responder_count(out.data, "not-found"), 120, "%s", out.data);
    scene_end(&scene);
}

/* --- Names from before there were addresses ------------------------------- */

#define GUEST(address)                                                         \
    "<t:Attendee><t:Mailbox><t:EmailAddress>" address                          \
    "</t:EmailAddress></t:Mailbox></t:Attendee>"

Test(ews_object_read, finds_the_addresses_of_old_names)
{
    static const char item[] =
        "<m:Items><t:CalendarItem><t:ItemId Id=\"i\"/>" TIMES
        "<t:RequiredAttendees>" GUEST("/o=A/cn=ann") GUEST("/O=A/CN=ANN")
            GUEST("/o=A/cn=gone") "</t:RequiredAttendees>" BERLIN
                                  "</t:CalendarItem></m:Items>";
    struct scene scene;
    struct buf out;

    scene_begin(&scene, BUILD_2016);
    buf_init(&out, scene.op->arena);
    scene_say(&scene, "GetItem", item);
    scene_say(&scene, "ResolveNames",
              "<m:ResolutionSet IncludesLastItemInRange=\"true\"><t:Resolution>"
              "<t:Mailbox><t:EmailAddress>ann@example.com</t:EmailAddress>"
              "</t:Mailbox></t:Resolution></m:ResolutionSet>");
    cr_expect_eq(scene.remote->backend->objects->read(
                     scene.op, scene.remote, zone_utc(), two, 2, tell, &out),
                 STATUS_OK);
    static const char told[] =
        "id=i " AT_BERLIN "busy=2 ann@example.com/r? ann@example.com/r? "
        "meeting=1\n";
    char *both = arena_printf(scene.op->arena, "0: %s1: %s", told, told);
    cr_expect_str_eq(out.data, both, "%s%s", out.data, both);
    cr_expect_eq(scene_calls(&scene, "GetItem"), 1);
    cr_expect_eq(scene_calls(&scene, "ResolveNames"), 2);
    scene_end(&scene);
}

Test(ews_object_read, asks_exchange_2007_for_the_members_of_a_group)
{
    const struct remote_object group = { .id = "g", .kind = REMOTE_GROUP };
    struct scene scene;
    struct buf out;

    scene_begin(&scene, BUILD_2007);
    buf_init(&out, scene.op->arena);
    scene_say(&scene, "GetItem",
              "<m:Items><t:DistributionList><t:ItemId Id=\"g\" "
              "ChangeKey=\"k\"/><t:DisplayName>All</t:DisplayName>"
              "</t:DistributionList></m:Items>");
    scene_say(&scene, "ExpandDL",
              "<m:DLExpansion TotalItemsInView=\"1\" "
              "IncludesLastItemInRange=\"true\"><t:Mailbox><t:Name>Ann"
              "</t:Name><t:EmailAddress>ann@example.com</t:EmailAddress>"
              "</t:Mailbox></m:DLExpansion>");
    cr_expect_eq(scene.remote->backend->objects->read(
                     scene.op, scene.remote, zone_utc(), &group, 1, tell, &out),
                 STATUS_OK);
    cr_expect_str_eq(out.data, "0: 0:All member=ann@example.com/Ann/\n");
    cr_expect_not_null(strstr(scene_body(&scene), "Id=\"g\""));
    scene_end(&scene);
}

/* --- Lists ---------------------------------------------------------------- */

static bool tell_page(void *context, const struct remote_object_page *page)
{
    struct buf *out = context;

    for (size_t i = 0; i < page->count; i++)
        buf_printf(
            out, "%s%s/%s/%d/%s/%s ", page->deltas[i].gone ? "-" : "",
            page->deltas[i].object.id, page->deltas[i].object.change_key,
            page->deltas[i].object.kind,
            page->deltas[i].object.name ? page->deltas[i].object.name : "",
            page->deltas[i].object.token ? page->deltas[i].object.token : "");
    buf_printf(out, "%s%s", page->state != NULL ? page->state : "",
               page->last ? "." : ",");
    return true;
}

#define ROW(element, id, class)                                                \
    "<t:" element "><t:ItemId Id=\"" id                                        \
    "\" ChangeKey=\"k\"/><t:ItemClass>" class "</t:ItemClass></t:" element ">"

Test(ews_object_read, knows_objects_by_their_classes)
{
    struct scene scene;
    struct buf out;

    scene_begin(&scene, BUILD_2016);
    buf_init(&out, scene.op->arena);
    scene_say(
        &scene, "SyncFolderItems",
        "<m:SyncState>s1</m:SyncState><m:IncludesLastItemInRange>false"
        "</m:IncludesLastItemInRange><m:Changes><t:Create>" ROW("CalendarItem", "a", "IPM.Appointment.Own") "</t:Create><t:Update>" ROW(
            "Task", "b",
            "IPM.Task") "</t:Update><t:Create>" ROW("Message", "c",
                                                    "IPM.TaskRequest") "</"
                                                                       "t:"
                                                                       "Create>"
                                                                       "<t:"
                                                                       "Create"
                                                                       ">" ROW(
                                                                           "Dis"
                                                                           "tri"
                                                                           "but"
                                                                           "ion"
                                                                           "Lis"
                                                                           "t",
                                                                           "d",
                                                                           "IPM"
                                                                           ".Di"
                                                                           "stL"
                                                                           "is"
                                                                           "t") "</t:Create></m:Changes>");
    scene_say(
        &scene, "SyncFolderItems",
        "<m:SyncState>s2</m:SyncState><m:IncludesLastItemInRange>true"
        "</m:IncludesLastItemInRange><m:Changes><t:Delete><t:ItemId Id=\"a\"/>"
        "</t:Delete><t:ReadFlagChange><t:ItemId Id=\"x\"/><t:IsRead>true"
        "</t:IsRead></t:ReadFlagChange><t:Create><t:Contact><t:ItemId "
        "Id=\"e\" ChangeKey=\"k\"/>" EXTENDED(
            "PropertyTag=\"0x10F3\" PropertyType=\"String\"", VALUE("n.vcf"))
            EXTENDED("DistinguishedPropertySetId=\"PublicStrings\" "
                     "PropertyName=\"postern-token\" PropertyType=\"String\"",
                     VALUE("t")) "</t:Contact></t:Create></m:Changes>");
    cr_expect_eq(scene.remote->backend->objects->sync(
                     scene.op, scene.remote, "f", NULL, tell_page, &out),
                 STATUS_OK);
    cr_expect_str_eq(out.data, "a/k/0// b/k/1// c/k/4// d/k/3// s1,"
                               "-a//4// e/k/2/n.vcf/t s2.");
    cr_expect_eq(scene.calls, 2);
    cr_expect_not_null(strstr(scene_body(&scene), ">s1</m:SyncState>"));
    scene_end(&scene);
}

Test(ews_object_read, says_when_a_state_is_no_longer_valid)
{
    struct scene scene;
    struct buf out;

    scene_begin(&scene, BUILD_2016);
    buf_init(&out, scene.op->arena);
    scene_say_whole(&scene, "SyncFolderItems",
                    "<m:SyncFolderItemsResponseMessage ResponseClass=\"Error\">"
                    "<m:ResponseCode>ErrorInvalidSyncStateData</m:ResponseCode>"
                    "</m:SyncFolderItemsResponseMessage>");
    cr_expect_eq(scene.remote->backend->objects->sync(
                     scene.op, scene.remote, "f", "old", tell_page, &out),
                 STATUS_STALE);
    scene_end(&scene);
}

/* --- Kept texts ----------------------------------------------------------- */

Test(ews_object_read, keeps_texts_as_they_are)
{
    struct arena *arena = arena_new();
    char *large = arena_alloc(arena, 1000001);
    char *mixed = arena_alloc(arena, 100001);

    memset(large, 'x', 1000000);
    cr_expect_str_eq(kept_unpack(arena, kept_pack(arena, "")), "");
    cr_expect_str_eq(kept_unpack(arena, kept_pack(arena, large)), large);
    cr_expect_leq(strlen(kept_pack(arena, large)), 32000);
    for (size_t i = 0; i < 100000; i++)
        mixed[i] = (char)('!' + (i * 7919 + i * i * 31 + i / 7 * 13) % 90);
    const char *packed = kept_pack(arena, mixed);
    cr_expect(packed == NULL || strlen(packed) <= 32000);
    cr_expect_null(kept_unpack(arena, "no base64!"));
    cr_expect_null(kept_unpack(arena, "bm8gemxpYg=="));
    arena_free(&arena);
}
