/*
 * ical_corpus.h - several hundred iCalendar texts as programs write them
 *
 * Made of tables: how each program writes, every recurrence that Exchange has,
 * ten zones, edges of daylight saving time, all-day, exceptions and deletions.
 */
#ifndef POSTERN_TESTS_ICAL_CORPUS_H
#define POSTERN_TESTS_ICAL_CORPUS_H

#include <stddef.h>

struct arena;

size_t corpus_count(void);

/* One of them, with CRLF, and what it is, for messages. */
const char *corpus_text(struct arena *arena, size_t index,
                        const char **name_out);

/* The days of its first four occurrences ("20240506"); how many it has. */
size_t corpus_days(size_t index, const char *days[4]);

#endif
