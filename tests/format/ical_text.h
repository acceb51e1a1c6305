/*
 * ical_text.h - short iCalendar texts for tests
 */
#ifndef POSTERN_TESTS_ICAL_TEXT_H
#define POSTERN_TESTS_ICAL_TEXT_H

struct arena;

/* A VCALENDAR around lines that end with \n. */
const char *ical_text(struct arena *arena, const char *lines);

/* A VEVENT with a UID, a start (09:00 on 6 May 2024 in Berlin), an hour, and
 * these lines. */
const char *ical_text_event(struct arena *arena, const char *lines);

#endif
