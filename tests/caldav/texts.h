/*
 * texts.h - small objects for tests
 */
#ifndef POSTERN_TESTS_CALDAV_TEXTS_H
#define POSTERN_TESTS_CALDAV_TEXTS_H

#define CALENDAR "Content-Type: text/calendar; charset=utf-8\r\n"

/* When all of it is. */
#ifndef TEXTS_DAY
#define TEXTS_DAY "20260601"
#endif

#define VEVENT_WITH(UID, SUMMARY, MORE)                                        \
    "BEGIN:VEVENT\r\nUID:" UID "\r\nDTSTAMP:20260101T000000Z\r\n"              \
    "DTSTART:" TEXTS_DAY "T100000Z\r\nDTEND:" TEXTS_DAY "T110000Z\r\n" MORE    \
    "SUMMARY:" SUMMARY "\r\nX-KEPT;X-P=1:yes\r\nEND:VEVENT\r\n"
#define VEVENT(UID, SUMMARY) VEVENT_WITH(UID, SUMMARY, "")

#define VCALENDAR(CONTENT)                                                     \
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//EN\r\n" CONTENT         \
    "END:VCALENDAR\r\n"

#define EVENT(UID, SUMMARY) VCALENDAR(VEVENT(UID, SUMMARY))
#define EVENT_WITH(UID, SUMMARY, MORE)                                         \
    VCALENDAR(VEVENT_WITH(UID, SUMMARY, MORE))

#define TASK(UID, SUMMARY)                                                     \
    VCALENDAR("BEGIN:VTODO\r\nUID:" UID "\r\nDTSTAMP:20260101T000000Z\r\n"     \
              "SUMMARY:" SUMMARY "\r\nEND:VTODO\r\n")

#define CARD(UID, NAME)                                                        \
    "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:" UID "\r\nFN:" NAME                    \
    "\r\nN:;" NAME ";;;\r\nX-KEPT:yes\r\nEND:VCARD\r\n"

#endif
