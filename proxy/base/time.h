/*
 * time.h - instants as seconds since 1970 UTC, and how protocols write them
 */
#ifndef POSTERN_BASE_TIME_H
#define POSTERN_BASE_TIME_H

#include <stdbool.h>
#include <stdint.h>

/* What a reader returns for text that is no instant. */
#define TIME_NONE INT64_MIN

/* The wall clock; and a clock in milliseconds that only goes forward. */
int64_t time_now(void);
uint64_t time_monotonic_ms(void);

/* The same, but it also goes on while the machine is asleep. */
uint64_t time_with_sleep_ms(void);

/* xs:dateTime as Exchange writes it: "2024-05-01T10:00:00Z", with fractions or
 * an offset as well; no offset means UTC.  Writing always uses "Z". */
int64_t time_from_iso(const char *text);
void time_to_iso(int64_t time, char out[sizeof "-2147483648-01-01T00:00:00Z"]);

/* RFC 5322, 3.3, with the obsolete zones and without the day's name as well. */
int64_t time_from_rfc5322(const char *text);
void time_to_rfc5322(int64_t time, char out[40]);

/* The day number since 1970-01-01 of a civil date, and back (proleptic
 * Gregorian). */
int64_t time_day_from_civil(int64_t year, unsigned month, unsigned day);
void time_civil_from_day(int64_t day, int64_t *year, unsigned *month,
                         unsigned *day_out);

#endif
