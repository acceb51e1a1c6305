/*
 * demo_objects.c - the demo's calendar, tasks and contacts
 *
 * Days are counted from the Monday of this week, so that there is always
 * something to see.
 */
#include "tests/exchange/demo_objects.h"

#include <stdio.h>
#include <string.h>

#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "tests/exchange/attachments.h"
#include "tests/exchange/contacts.h"
#include "tests/exchange/demo_directory.h"
#include "tests/exchange/demo_parts.h"
#include "tests/exchange/demo_text.h"
#include "tests/exchange/exchange.h"
#include "tests/exchange/model.h"

#define DEMO "demo@postern.example"
#define ANNA_ADDRESS "anna@postern.example"
#define ZONE "W. Europe Standard Time"

/* One event.  In its lines {D+3} is the day three days after Monday, as
 * iCalendar writes it. */
struct event {
    const char *user;
    const char *lines;
};

/* clang-format off */
static const struct event events[] = {
    { DEMO, "UID:oven-service@postern.example\nSUMMARY:Oven service\nLOCATION:Bakehouse\n"
      "DTSTART;TZID=" ZONE ":{D+1}T100000\nDTEND;TZID=" ZONE ":{D+1}T113000\n"
      "DESCRIPTION:They need the stones cold\\, so no baking after four in the morning.\n"
      "CATEGORIES:Oven\n|TRIGGER:-PT30M" },
    { DEMO, "UID:dentist@postern.example\nSUMMARY:Dentist\nCLASS:PRIVATE\n"
      "DTSTART;TZID=" ZONE ":{D+3}T153000\nDTEND;TZID=" ZONE ":{D+3}T161500\n"
      "X-MICROSOFT-CDO-BUSYSTATUS:OOF\n|TRIGGER:-PT1H" },
    { DEMO, "UID:market@postern.example\nSUMMARY:Market\nLOCATION:Harbour square\n"
      "DTSTART;TZID=" ZONE ":{D-9}T060000\nDTEND;TZID=" ZONE ":{D-9}T130000\n"
      "RRULE:FREQ=WEEKLY;BYDAY=SA;WKST=MO\nEXDATE;TZID=" ZONE ":{D+19}T060000\n"
      "CATEGORIES:Market\n|TRIGGER:-PT45M\n"
      "~UID:market@postern.example\nRECURRENCE-ID;TZID=" ZONE ":{D+12}T060000\n"
      "SUMMARY:Market\\, with the new stall\nLOCATION:Harbour square\n"
      "DTSTART;TZID=" ZONE ":{D+12}T070000\nDTEND;TZID=" ZONE ":{D+12}T140000\nCATEGORIES:Market\n" },
    { DEMO, "UID:dough@postern.example\nSUMMARY:Dough for tomorrow\n"
      "DTSTART;TZID=" ZONE ":{D+0}T170000\nDTEND;TZID=" ZONE ":{D+0}T173000\n"
      "RRULE:FREQ=WEEKLY;COUNT=60;BYDAY=MO,TU,WE,TH,FR;WKST=MO\nCATEGORIES:Bread\n" },
    { DEMO, "UID:books@postern.example\nSUMMARY:The books\\, with Emil\n"
      "DTSTART;TZID=" ZONE ":{D-27}T140000\nDTEND;TZID=" ZONE ":{D-27}T150000\n"
      "RRULE:FREQ=MONTHLY;BYDAY=2TU\nDESCRIPTION:Bring the receipts.\n" },
    { DEMO, "UID:grete@postern.example\nSUMMARY:Tante Grete's birthday\n"
      "DTSTART;VALUE=DATE:{D+4}\nDTEND;VALUE=DATE:{D+5}\nRRULE:FREQ=YEARLY\n"
      "TRANSP:TRANSPARENT\n|TRIGGER:-PT15H" },
    { DEMO, "UID:away@postern.example\nSUMMARY:Away by the sea\n"
      "DTSTART;VALUE=DATE:{D+21}\nDTEND;VALUE=DATE:{D+28}\n"
      "X-MICROSOFT-CDO-BUSYSTATUS:OOF\n" },
    { DEMO, "UID:course@postern.example\nSUMMARY:Bread course: who does what\nLOCATION:Bakehouse\n"
      "DTSTART;TZID=" ZONE ":{D+2}T110000\nDTEND;TZID=" ZONE ":{D+2}T120000\n"
      "ORGANIZER;CN=Dora Keller:mailto:" DEMO "\n"
      "ATTENDEE;CN=Anna Lindqvist;PARTSTAT=ACCEPTED:mailto:" ANNA_ADDRESS "\n"
      "ATTENDEE;CN=Bert Özdemir;ROLE=OPT-PARTICIPANT;PARTSTAT=TENTATIVE:mailto:bert@postern.example\n"
      "|TRIGGER:-PT15M" },
    { ANNA_ADDRESS, "UID:shift@postern.example\nSUMMARY:Early shift\n"
      "DTSTART;TZID=" ZONE ":{D+0}T030000\nDTEND;TZID=" ZONE ":{D+0}T110000\n"
      "RRULE:FREQ=WEEKLY;BYDAY=MO,WE,FR;WKST=MO\n" },
    { "bert@postern.example", "UID:delivery@postern.example\nSUMMARY:Delivery\n"
      "DTSTART;TZID=" ZONE ":{D+1}T070000\nDTEND;TZID=" ZONE ":{D+1}T090000\n" },
};

/* {D+2} is a day as XML writes it here. */
static const char *const tasks[] = {
    "<t:Subject>Order rye flour</t:Subject><t:Body BodyType=\"Text\">Ten sacks, Millbrook.</t:Body>"
    "<t:Importance>High</t:Importance><t:ReminderDueBy>{D+1}T07:00:00Z</t:ReminderDueBy>"
    "<t:ReminderIsSet>true</t:ReminderIsSet><t:DueDate>{D+2}T00:00:00Z</t:DueDate>",
    "<t:Subject>Papers for the insurance</t:Subject><t:DueDate>{D+9}T00:00:00Z</t:DueDate>"
    "<t:PercentComplete>40</t:PercentComplete><t:StartDate>{D-5}T00:00:00Z</t:StartDate>",
    "<t:Subject>Clean the proofing cabinet</t:Subject><t:DueDate>{D+5}T00:00:00Z</t:DueDate>"
    "<t:Recurrence><t:WeeklyRecurrence><t:Interval>1</t:Interval><t:DaysOfWeek>Saturday"
    "</t:DaysOfWeek></t:WeeklyRecurrence><t:NoEndRecurrence><t:StartDate>{D+5}</t:StartDate>"
    "</t:NoEndRecurrence></t:Recurrence>",
    "<t:Subject>Renew the licence for the stall</t:Subject><t:DueDate>{D-4}T00:00:00Z</t:DueDate>"
    "<t:Status>Completed</t:Status>",
    "<t:Subject>Ask Kenji about the tins</t:Subject>"
    "<t:Categories><t:String>Bread</t:String></t:Categories>",
};

static const struct {
    enum demo_person person;
    const char *given;
    const char *surname;
    const char *more;       /* elements between PhysicalAddresses and Surname */
} contacts[] = {
    { CLARA, "Clara", "Nováková",
      "<t:PhysicalAddresses><t:Entry Key=\"Business\"><t:Street>Am Kai 4</t:Street><t:City>Harbour</t:City>"
      "<t:PostalCode>20457</t:PostalCode></t:Entry></t:PhysicalAddresses>"
      "<t:PhoneNumbers><t:Entry Key=\"MobilePhone\">+49 151 5550101</t:Entry></t:PhoneNumbers>"
      "<t:Birthday>1984-03-07T11:59:00Z</t:Birthday><t:JobTitle>Printer</t:JobTitle>" },
    { EMIL, "Emil", "Grünbaum",
      "<t:PhoneNumbers><t:Entry Key=\"BusinessPhone\">+49 30 5550102</t:Entry></t:PhoneNumbers>"
      "<t:BusinessHomePage>https://fachwerk.example/</t:BusinessHomePage><t:JobTitle>Accountant</t:JobTitle>" },
    { FATIMA, "Fatima", "Haddad", "<t:Department>Market office</t:Department>" },
    { GRETE, "Grete", "Keller",
      "<t:PhysicalAddresses><t:Entry Key=\"Home\"><t:Street>Dorfstraße 12</t:Street><t:City>Landleben</t:City>"
      "</t:Entry></t:PhysicalAddresses><t:PhoneNumbers><t:Entry Key=\"HomePhone\">+49 4321 5550104</t:Entry>"
      "</t:PhoneNumbers>" },
    { HUGO, "Hugo", "O'Neil", "<t:JobTitle>Brewer</t:JobTitle>" },
    { KENJI, "健二", "佐藤", "" },
};
/* clang-format on */

/* --- Days ---------------------------------------------------------------- */

static int64_t monday(void)
{
    int64_t today = time_now() / 86400;

    return today - (today + 3) % 7;
}

/* A copy with every {D+n} as a date, between dashes or not. */
static char *with_days(struct arena *arena, const char *text, bool dashes)
{
    struct buf out;

    buf_init(&out, arena);
    while (*text != '\0') {
        int64_t year;
        unsigned month;
        unsigned day;
        int offset;
        int len = 0;

        if (sscanf(text, "{D%d}%n", &offset, &len) != 1 || len == 0) {
            buf_putc(&out, *text++);
            continue;
        }
        time_civil_from_day(monday() + offset, &year, &month, &day);
        buf_printf(&out, dashes ? "%04d-%02u-%02u" : "%04d%02u%02u", (int)year,
                   month, day);
        text += len;
    }
    return out.data;
}

/* --- Events -------------------------------------------------------------- */

static const char rules[] =
    "BEGIN:VTIMEZONE\r\nTZID:" ZONE "\r\nBEGIN:STANDARD\r\n"
    "DTSTART:16010101T030000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\n"
    "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\r\nEND:STANDARD\r\n"
    "BEGIN:DAYLIGHT\r\nDTSTART:16010101T020000\r\nTZOFFSETFROM:+0100\r\n"
    "TZOFFSETTO:+0200\r\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\r\n"
    "END:DAYLIGHT\r\nEND:VTIMEZONE\r\n";

/* Behind a bar is the alarm's line; behind a tilde another component. */
static const char *calendar_of(struct arena *arena, const struct event *event)
{
    struct buf out;
    bool alarm = false;

    buf_init(&out, arena);
    buf_printf(&out,
               "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Postern//Demo//EN"
               "\r\n%sBEGIN:VEVENT\r\nDTSTAMP:20240101T000000Z\r\n",
               rules);
    for (const char *at = with_days(arena, event->lines, false); *at != '\0';
         at++) {
        if (*at == '|') {
            buf_puts(&out, "BEGIN:VALARM\r\nACTION:DISPLAY\r\n");
            alarm = true;
        } else if (*at == '~') {
            buf_puts(&out, "END:VEVENT\r\nBEGIN:VEVENT\r\n"
                           "DTSTAMP:20240101T000000Z\r\n");
        } else if (*at == '\n') {
            buf_puts(&out, "\r\n");
            if (alarm)
                buf_puts(&out, "END:VALARM\r\n");
            alarm = false;
        } else {
            buf_putc(&out, *at);
        }
    }
    if (alarm)
        buf_puts(&out, "\r\nEND:VALARM\r\n");
    buf_puts(&out, "END:VEVENT\r\nEND:VCALENDAR\r\n");
    return out.data;
}

/* --- Contacts ------------------------------------------------------------ */

static const char *contact_of(struct arena *arena, size_t n)
{
    return arena_printf(
        arena,
        "<t:Contact><t:FileAs>%s, %s</t:FileAs><t:DisplayName>%s %s"
        "</t:DisplayName><t:GivenName>%s</t:GivenName><t:EmailAddresses>"
        "<t:Entry Key=\"EmailAddress1\">%s</t:Entry></t:EmailAddresses>%s"
        "<t:Surname>%s</t:Surname></t:Contact>",
        contacts[n].surname, contacts[n].given, contacts[n].given,
        contacts[n].surname, contacts[n].given,
        demo_people[contacts[n].person].address, contacts[n].more,
        contacts[n].surname);
}

static void add_photo(struct exchange *exchange, const char *id)
{
    char name[] = "ContactPicture.jpg";
    char type[] = "image/png";
    struct sim_attachment photo = {
        .name = name, .type = type, .is_photo = true, .modified = time_now()
    };
    struct sim_item *item;
    struct buf picture;

    buf_init(&picture, NULL);
    demo_png(&picture, 96, 96, 7);
    exchange_lock(exchange);
    item = sim_item_by_id(exchange, id);
    photo.content = sim_content_new(picture.data, picture.len);
    sim_attachment_add(item, &photo);
    sim_content_unref(&photo.content);
    contact_settle(item);
    sim_item_touch(item);
    exchange_unlock(exchange);
    buf_fini(&picture);
}

static void add_contacts(struct exchange *exchange, struct arena *arena)
{
    for (size_t i = 0; i < sizeof contacts / sizeof *contacts; i++) {
        const char *id = exchange_add_object(exchange, DEMO, "contacts",
                                             contact_of(arena, i));

        if (i == 0 && id != NULL)
            add_photo(exchange, id);
    }
    exchange_add_object(
        exchange, DEMO, "contacts",
        "<t:DistributionList><t:DisplayName>Market people</t:DisplayName>"
        "<t:FileAs>Market people</t:FileAs><t:Members>"
        "<t:Member><t:Mailbox><t:Name>Fatima Haddad</t:Name><t:EmailAddress>"
        "f.haddad@harbour.example</t:EmailAddress></t:Mailbox></t:Member>"
        "<t:Member><t:Mailbox><t:Name>Anna "
        "Lindqvist</t:Name><t:EmailAddress>" ANNA_ADDRESS
        "</t:EmailAddress></t:Mailbox></t:Member>"
        "</t:Members></t:DistributionList>");
}

void demo_add_objects(struct exchange *exchange)
{
    struct arena *arena = arena_new();

    demo_add_directory(exchange);
    exchange_set_zone(exchange, DEMO, ZONE);
    for (size_t i = 0; i < sizeof events / sizeof *events; i++)
        exchange_add_event(exchange, events[i].user,
                           calendar_of(arena, &events[i]));
    for (size_t i = 0; i < sizeof tasks / sizeof *tasks; i++)
        exchange_add_object(exchange, DEMO, "tasks",
                            arena_printf(arena, "<t:Task>%s</t:Task>",
                                         with_days(arena, tasks[i], true)));
    add_contacts(exchange, arena);
    arena_free(&arena);
}
