/*
 * ical_text.c - short iCalendar texts for tests
 */
#include "tests/format/ical_text.h"

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"

const char *ical_text(struct arena *arena, const char *lines)
{
    struct buf out;
    buf_init(&out, arena);
    buf_puts(&out, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//EN\r\n");
    for (; *lines != '\0'; lines++)
        buf_printf(&out, *lines == '\n' ? "\r\n" : "%c", *lines);
    buf_puts(&out, "END:VCALENDAR\r\n");
    return out.data;
}

const char *ical_text_event(struct arena *arena, const char *lines)
{
    return ical_text(arena,
                     arena_printf(arena,
                                  "BEGIN:VEVENT\nUID:one@example.com\n"
                                  "DTSTAMP:20240501T080000Z\n"
                                  "DTSTART;TZID=Europe/Berlin:20240506T090000\n"
                                  "DTEND;TZID=Europe/Berlin:20240506T100000\n"
                                  "%sEND:VEVENT\n",
                                  lines));
}
