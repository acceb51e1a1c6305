/*
 * ical_corpus.c - the tables, and texts out of them
 */
#include "tests/format/ical_corpus.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"

/* A rule, on which of its days it begins and goes on. */
struct rule {
    const char *text; /* NULL: it does not repeat */
    const char *days[4];
};

/* clang-format off */
static const struct rule rules[] = {
    { NULL,                                              { "20240506" } },
    { "FREQ=DAILY",                                      { "20240506", "20240507", "20240508", "20240509" } },
    { "FREQ=DAILY;INTERVAL=3;COUNT=10",                  { "20240506", "20240509", "20240512", "20240515" } },
    { "FREQ=DAILY;COUNT=4",                              { "20240329", "20240330", "20240331", "20240401" } },
    { "FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR",                 { "20240509", "20240510", "20240513", "20240514" } },
    { "FREQ=WEEKLY",                                     { "20240506", "20240513", "20240520", "20240527" } },
    { "FREQ=WEEKLY;BYDAY=MO,WE,FR",                      { "20240506", "20240508", "20240510", "20240513" } },
    { "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU",      { "20240507", "20240519", "20240521", "20240602" } },
    { "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=MO",      { "20240507", "20240512", "20240521", "20240526" } },
    { "FREQ=WEEKLY;WKST=MO;BYDAY=SA,SU;COUNT=9",         { "20241026", "20241027", "20241102", "20241103" } },
    { "FREQ=MONTHLY",                                    { "20240506", "20240606", "20240706", "20240806" } },
    { "FREQ=MONTHLY;BYMONTHDAY=15;COUNT=12",             { "20240515", "20240615", "20240715", "20240815" } },
    { "FREQ=MONTHLY;BYMONTHDAY=-1",                      { "20240131", "20240229", "20240331", "20240430" } },
    { "FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1",    { "20240130", "20240229", "20240330", "20240430" } },
    { "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=1;COUNT=8",    { "20240401", "20240701", "20241001", "20250101" } },
    { "FREQ=MONTHLY;BYDAY=2TU",                          { "20240514", "20240611", "20240709", "20240813" } },
    { "FREQ=MONTHLY;BYDAY=-1FR;COUNT=6",                 { "20240531", "20240628", "20240726", "20240830" } },
    { "FREQ=MONTHLY;BYDAY=TU;BYSETPOS=2",                { "20240514", "20240611", "20240709", "20240813" } },
    { "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",   { "20240531", "20240628", "20240731", "20240830" } },
    { "FREQ=MONTHLY;BYDAY=SU,SA;BYSETPOS=1",             { "20240601", "20240706", "20240803", "20240901" } },
    { "FREQ=MONTHLY;BYDAY=WE;BYMONTHDAY=8,9,10,11,12,13,14",
                                                         { "20240508", "20240612", "20240710", "20240814" } },
    { "FREQ=YEARLY",                                     { "20240506", "20250506", "20260506", "20270506" } },
    { "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24;COUNT=20",   { "20241224", "20251224", "20261224", "20271224" } },
    { "FREQ=YEARLY;BYMONTH=11;BYDAY=4TH",                { "20241128", "20251127", "20261126", "20271125" } },
    { "FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",                { "20240331", "20250330", "20260329", "20270328" } },
    { "FREQ=YEARLY;INTERVAL=2",                          { "20240506", "20260506", "20280506", "20300506" } },
    { "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1",             { "20240229", "20250228", "20260228", "20270228" } },
    { "FREQ=YEARLY;BYDAY=MO;BYSETPOS=1;BYMONTH=9",       { "20240902", "20250901", "20260907", "20270906" } },
};

/* IANA's name, Windows' name, and Windows' rules. */
static const struct zone_words {
    const char *iana;
    const char *windows;
    const char *standard; /* offset */
    const char *daylight; /* NULL: none */
    const char *to_standard;
    const char *to_daylight;
} zones[] = {
    { "Europe/Berlin",       "W. Europe Standard Time",      "+0100", "+0200", "030000 -1SU 10", "020000 -1SU 3" },
    { "Europe/London",       "GMT Standard Time",            "+0000", "+0100", "020000 -1SU 10", "010000 -1SU 3" },
    { "Europe/Helsinki",     "FLE Standard Time",            "+0200", "+0300", "040000 -1SU 10", "030000 -1SU 3" },
    { "America/New_York",    "Eastern Standard Time",        "-0500", "-0400", "020000 1SU 11",  "020000 2SU 3" },
    { "America/Los_Angeles", "Pacific Standard Time",        "-0800", "-0700", "020000 1SU 11",  "020000 2SU 3" },
    { "America/Sao_Paulo",   "E. South America Standard Time", "-0300", NULL,  NULL,             NULL },
    { "Asia/Kolkata",        "India Standard Time",          "+0530", NULL,    NULL,             NULL },
    { "Asia/Tokyo",          "Tokyo Standard Time",          "+0900", NULL,    NULL,             NULL },
    { "Australia/Sydney",    "AUS Eastern Standard Time",    "+1000", "+1100", "030000 1SU 4",   "020000 1SU 10" },
    { "Pacific/Auckland",    "New Zealand Standard Time",    "+1200", "+1300", "030000 1SU 4",   "020000 -1SU 9" },
};

/* Ordinary ones, and those that are skipped or come twice on some days. */
static const char *const clocks[][2] = {
    { "090000", "100000" }, { "023000", "033000" }, { "000000", "003000" },
    { "220000", "234500" }, { "013000", "013000" },
};

enum naming { BY_IANA, BY_PREFIX, BY_WINDOWS, BY_CUSTOM, BY_REFERENCE };

/* How a program writes. */
static const struct dialect {
    const char *name;
    enum naming naming;
    bool duration; /* instead of an end */
    const char *calendar;
    const char *event;
    const char *alarms;
} dialects[] = {
    { "Thunderbird", BY_IANA, false,
      "PRODID:-//Mozilla.org/NONSGML Mozilla Calendar V1.1//EN\nVERSION:2.0\n",
      "CREATED:20240501T081500Z\nLAST-MODIFIED:20240501T081612Z\nDTSTAMP:20240501T081612Z\n"
      "SUMMARY:Planning\\, with tea\\; and more\nCATEGORIES:Work,Tea time\n"
      "DESCRIPTION;ALTREP=\"data:text/html,%3Cb%3EBring%3C%2Fb%3E%20cake\":Bring cake\n"
      "LOCATION:Room 1\nTRANSP:OPAQUE\nX-MOZ-GENERATION:3\nX-MOZ-LASTACK:20240501T081612Z\n",
      "BEGIN:VALARM\nACTION:DISPLAY\nTRIGGER;VALUE=DURATION:-PT15M\nDESCRIPTION:Default\nEND:VALARM\n" },
    { "Outlook", BY_WINDOWS, false,
      "PRODID:-//Microsoft Corporation//Outlook 16.0 MIMEDIR//EN\nVERSION:2.0\n"
      "X-MS-OLK-FORCEINSPECTOROPEN:TRUE\n",
      "CLASS:PRIVATE\nCREATED:20240501T081500Z\nDTSTAMP:20240501T081500Z\n"
      "DESCRIPTION:Agenda\\n\\nFirst point\\n\nPRIORITY:5\nSEQUENCE:0\n"
      "SUMMARY;LANGUAGE=en-us:Review\nTRANSP:OPAQUE\n"
      "X-ALT-DESC;FMTTYPE=text/html:<html><body><p>Agenda</p><p>First point</p></body></html>\n"
      "X-MICROSOFT-CDO-BUSYSTATUS:OOF\nX-MICROSOFT-CDO-IMPORTANCE:1\n"
      "X-MICROSOFT-DISALLOW-COUNTER:FALSE\nX-MS-OLK-CONFTYPE:0\n",
      "BEGIN:VALARM\nTRIGGER:-PT1080M\nACTION:DISPLAY\nDESCRIPTION:Reminder\nEND:VALARM\n" },
    { "Google", BY_REFERENCE, false,
      "PRODID:-//Google Inc//Google Calendar 70.9054//EN\nVERSION:2.0\nCALSCALE:GREGORIAN\n",
      "DTSTAMP:20240501T081500Z\nCREATED:20240430T081500Z\nDESCRIPTION:\nLAST-MODIFIED:20240501T081500Z\n"
      "LOCATION:1 Main Street\\, Springfield\nSEQUENCE:2\nSTATUS:CONFIRMED\nSUMMARY:Lunch \xF0\x9F\x8D\x9C\n"
      "TRANSP:TRANSPARENT\nX-GOOGLE-CONFERENCE:https://meet.example.com/abc\n", "" },
    { "Apple", BY_IANA, false,
      "PRODID:-//Apple Inc.//macOS 14.4//EN\nVERSION:2.0\nCALSCALE:GREGORIAN\n",
      "CREATED:20240501T081500Z\nDTSTAMP:20240501T081500Z\nLAST-MODIFIED:20240501T081500Z\nSEQUENCE:1\n"
      "SUMMARY:Dentist\nTRANSP:OPAQUE\nURL;VALUE=URI:https://example.com/d\n"
      "X-APPLE-TRAVEL-ADVISORY-BEHAVIOR:AUTOMATIC\n"
      "X-APPLE-STRUCTURED-LOCATION;VALUE=URI;X-APPLE-RADIUS=70;X-TITLE=\"Praxis, 2\":geo:52.5,13.4\n",
      "BEGIN:VALARM\nX-WR-ALARMUID:A1\nUID:A1\nTRIGGER:-PT1H\nACTION:AUDIO\nATTACH;VALUE=URI:Chord\nEND:VALARM\n"
      "BEGIN:VALARM\nUID:A2\nTRIGGER;VALUE=DATE-TIME:19760401T005545Z\nACTION:NONE\nEND:VALARM\n" },
    { "Evolution", BY_PREFIX, false,
      "CALSCALE:GREGORIAN\nPRODID:-//Ximian//NONSGML Evolution Calendar//EN\nVERSION:2.0\n",
      "DTSTAMP:20240501T081500Z\nTRANSP:OPAQUE\nSEQUENCE:2\nSUMMARY:Choir\nLOCATION:Hall\nCLASS:PUBLIC\n"
      "DESCRIPTION:Bring the notes.\\nAnd water.\nCATEGORIES:Hobbies\nCATEGORIES:Music\n"
      "CREATED:20240501T081500Z\nLAST-MODIFIED:20240501T081500Z\n",
      "BEGIN:VALARM\nX-EVOLUTION-ALARM-UID:ab12\nACTION:DISPLAY\nTRIGGER;RELATED=START:-PT30M\nDESCRIPTION:Choir\nEND:VALARM\n"
      "BEGIN:VALARM\nX-EVOLUTION-ALARM-UID:ab13\nACTION:EMAIL\nTRIGGER;RELATED=END:PT0S\nSUMMARY:x\nDESCRIPTION:x\nATTENDEE:mailto:a@example.com\nEND:VALARM\n" },
    { "KDE", BY_IANA, true,
      "PRODID:-//K Desktop Environment//NONSGML libkcal 4.3//EN\nVERSION:2.0\nX-KDE-ICAL-IMPLEMENTATION-VERSION:1.0\n",
      "DTSTAMP:20240501T081500Z\nCREATED:20240501T081500Z\nSUMMARY:Sport\nPRIORITY:3\nCOLOR:blue\n"
      "X-KDE-KCALCORE-ENTRY:true\nRELATED-TO:parent@example.com\nCOMMENT:a comment\n",
      "BEGIN:VALARM\nDESCRIPTION:\nACTION:DISPLAY\nTRIGGER;VALUE=DURATION:-P1D\nX-KDE-KCALCORE-ENABLED:TRUE\nEND:VALARM\n" },
    { "DAVx5", BY_IANA, true,
      "VERSION:2.0\nPRODID:DAVx5/4.3.16-ose ical4j/3.2.18 (at.techbee.jtx)\n",
      "DTSTAMP:20240501T081500Z\nSEQUENCE:4\nSUMMARY:Elternabend \xC3\xA4\xC3\xB6\xC3\xBC\nLOCATION:Schule\n"
      "STATUS:TENTATIVE\nCLASS:CONFIDENTIAL\nCOLOR:darkolivegreen\n",
      "BEGIN:VALARM\nTRIGGER:-PT10M\nACTION:DISPLAY\nDESCRIPTION:Elternabend\nEND:VALARM\n"
      "BEGIN:VALARM\nTRIGGER:-PT2H\nACTION:DISPLAY\nDESCRIPTION:Elternabend\nEND:VALARM\n" },
    { "Exchange", BY_CUSTOM, false,
      "PRODID:Microsoft Exchange Server 2010\nVERSION:2.0\n",
      "DESCRIPTION;LANGUAGE=de-DE:Text\\n\nSUMMARY;LANGUAGE=de-DE:Jour fixe\nCLASS:PUBLIC\nPRIORITY:9\n"
      "DTSTAMP:20240501T081500Z\nTRANSP:OPAQUE\nSTATUS:CONFIRMED\nSEQUENCE:0\nLOCATION;LANGUAGE=de-DE:Raum 3\n"
      "X-MICROSOFT-CDO-APPT-SEQUENCE:0\nX-MICROSOFT-CDO-BUSYSTATUS:WORKINGELSEWHERE\n"
      "X-MICROSOFT-CDO-INTENDEDSTATUS:BUSY\nX-MICROSOFT-CDO-INSTTYPE:0\n",
      "BEGIN:VALARM\nDESCRIPTION:REMINDER\nTRIGGER;RELATED=START:-PT15M\nACTION:DISPLAY\nEND:VALARM\n" },
    { "a meeting", BY_IANA, false,
      "VERSION:2.0\nPRODID:-//Example//Meeting//EN\n",
      "DTSTAMP:20240501T081500Z\nSUMMARY:Board\nSEQUENCE:1\nX-MICROSOFT-DISALLOW-COUNTER:TRUE\n"
      "ORGANIZER;CN=\"Ann, the first\":mailto:ann@example.com\n"
      "ATTENDEE;CN=Ann;ROLE=CHAIR;PARTSTAT=ACCEPTED:mailto:Ann@Example.com\n"
      "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE;CN=Bob:mailto:bob@example.com\n"
      "ATTENDEE;ROLE=OPT-PARTICIPANT;PARTSTAT=TENTATIVE;X-NUM-GUESTS=0:MAILTO:eve@example.org\n"
      "ATTENDEE;CUTYPE=ROOM;ROLE=NON-PARTICIPANT;PARTSTAT=DECLINED;CN=\"Room: 2\":mailto:room2@example.com\n"
      "CONFERENCE;VALUE=URI;FEATURE=VIDEO:https://meet.example.com/x\nATTACH:https://example.com/agenda.pdf\n", "" },
};
/* clang-format on */

enum shape { TIMED, ALL_DAY, CHANGED, UTC, FLOATING, SHAPES };

#define COUNT(table) (sizeof(table) / sizeof *(table))

struct choice {
    const struct dialect *dialect;
    const struct rule *rule;
    const struct zone_words *zone;
    const char *const *clock;
    enum shape shape;
};

size_t corpus_count(void)
{
    return COUNT(dialects) * COUNT(rules) * SHAPES;
}

/* Zones and clocks take turns. */
static struct choice choose(size_t index)
{
    size_t rest = index / COUNT(dialects);
    struct choice choice = { .dialect = &dialects[index % COUNT(dialects)],
                             .rule = &rules[rest % COUNT(rules)],
                             .shape = (enum shape)(rest / COUNT(rules)) };
    choice.zone = &zones[(index * 7 + rest) % COUNT(zones)];
    choice.clock = clocks[(index + rest * 3) % COUNT(clocks)];
    return choice;
}

size_t corpus_days(size_t index, const char *days[4])
{
    const struct rule *rule = choose(index).rule;
    size_t count = 0;
    while (count < 4 && rule->days[count] != NULL) {
        days[count] = rule->days[count];
        count++;
    }
    return count;
}

/* --- Zones ------------------------------------------------------------------
 */

static const char *tzid(struct arena *arena, const struct choice *choice)
{
    switch (choice->dialect->naming) {
    case BY_PREFIX:
        return arena_printf(arena, "/freeassociation.sourceforge.net/%s",
                            choice->zone->iana);
    case BY_WINDOWS:
        return choice->zone->windows;
    case BY_CUSTOM:
        return "Customized Time Zone";
    default:
        return choice->zone->iana;
    }
}

static void put_half(struct buf *out, const char *kind, const char *from,
                     const char *to, const char *when)
{
    buf_printf(out, "BEGIN:%s\nDTSTART:16010101T%.6s\n", kind,
               when != NULL ? when : "000000");
    buf_printf(out, "TZOFFSETFROM:%s\nTZOFFSETTO:%s\n", from, to);
    if (when != NULL) {
        const char *day = when + 7, *month = strchr(day, ' ');
        buf_printf(out, "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=%.*s;BYMONTH=%s\n",
                   (int)(month - day), day, month + 1);
    }
    buf_printf(out, "END:%s\n", kind);
}

static void put_zone(struct arena *arena, struct buf *out,
                     const struct choice *choice)
{
    const struct zone_words *zone = choice->zone;
    const char *daylight =
        zone->daylight != NULL ? zone->daylight : zone->standard;
    buf_printf(out, "BEGIN:VTIMEZONE\nTZID:%s\n", tzid(arena, choice));
    put_half(out, "STANDARD", daylight, zone->standard, zone->to_standard);
    if (zone->daylight != NULL)
        put_half(out, "DAYLIGHT", zone->standard, zone->daylight,
                 zone->to_daylight);
    buf_puts(out, "END:VTIMEZONE\n");
}

/* --- Events -----------------------------------------------------------------
 */

static void put_time(struct arena *arena, struct buf *out,
                     const struct choice *choice, const char *name,
                     const char *day, const char *clock)
{
    switch (choice->shape) {
    case ALL_DAY:
        buf_printf(out, "%s;VALUE=DATE:%s\n", name, day);
        break;
    case UTC:
        buf_printf(out, "%s:%sT%sZ\n", name, day, clock);
        break;
    case FLOATING:
        buf_printf(out, "%s:%sT%s\n", name, day, clock);
        break;
    default:
        buf_printf(out, "%s;TZID=%s:%sT%s\n", name, tzid(arena, choice), day,
                   clock);
    }
}

static void put_times(struct arena *arena, struct buf *out,
                      const struct choice *choice, const char *day,
                      const char *from, const char *to)
{
    put_time(arena, out, choice, "DTSTART", day, from);
    if (choice->dialect->duration)
        buf_puts(out, choice->shape == ALL_DAY ? "DURATION:P1D\n"
                                               : "DURATION:PT1H30M\n");
    else if (choice->shape != ALL_DAY)
        put_time(arena, out, choice, "DTEND", day, to);
}

static void put_event(struct arena *arena, struct buf *out,
                      const struct choice *choice, size_t index)
{
    const struct rule *rule = choice->rule;
    buf_printf(out, "BEGIN:VEVENT\nUID:corpus-%zu@example.com\n", index);
    put_times(arena, out, choice, rule->days[0], choice->clock[0],
              choice->clock[1]);
    if (rule->text != NULL)
        buf_printf(out, "RRULE:%s\n", rule->text);
    if (rule->text != NULL && choice->shape == CHANGED)
        put_time(arena, out, choice, "EXDATE", rule->days[1], choice->clock[0]);
    buf_puts(out, choice->dialect->event);
    buf_puts(out, choice->dialect->alarms);
    buf_puts(out, "END:VEVENT\n");
}

static void put_exception(struct arena *arena, struct buf *out,
                          const struct choice *choice, size_t index)
{
    const struct rule *rule = choice->rule;
    buf_printf(out, "BEGIN:VEVENT\nUID:corpus-%zu@example.com\n", index);
    put_time(arena, out, choice, "RECURRENCE-ID", rule->days[2],
             choice->clock[0]);
    put_times(arena, out, choice, rule->days[2], "163000", "171500");
    buf_puts(out, "DTSTAMP:20240502T081500Z\nSUMMARY:Moved\nX-WHY:rain\n"
                  "END:VEVENT\n");
}

static const char *with_crlf(struct arena *arena, const char *text)
{
    struct buf out;
    buf_init(&out, arena);
    for (; *text != '\0'; text++)
        buf_printf(&out, *text == '\n' ? "\r\n" : "%c", *text);
    return out.data;
}

const char *corpus_text(struct arena *arena, size_t index,
                        const char **name_out)
{
    struct choice choice = choose(index);
    struct buf out;
    buf_init(&out, arena);
    buf_printf(&out, "BEGIN:VCALENDAR\n%s", choice.dialect->calendar);
    bool zoned = choice.shape == TIMED || choice.shape == CHANGED;
    if (zoned && choice.dialect->naming != BY_REFERENCE)
        put_zone(arena, &out, &choice);
    put_event(arena, &out, &choice, index);
    if (choice.rule->text != NULL && choice.shape == CHANGED)
        put_exception(arena, &out, &choice, index);
    buf_puts(&out, "END:VCALENDAR\n");
    *name_out = arena_printf(arena, "%zu: %s, %s, %s at %s, shape %d", index,
                             choice.dialect->name,
                             choice.rule->text ? choice.rule->text : "single",
                             choice.zone->iana, choice.clock[0], choice.shape);
    return with_crlf(arena, out.data);
}
