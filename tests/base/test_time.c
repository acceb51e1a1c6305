/*
 * test_time.c - instants, and how protocols write them
 */
#include "proxy/base/time.h"

#include <criterion/criterion.h>

/* clang-format off */
static const struct {
    const char *text;
    int64_t time;
} isos[] = {
    { "1970-01-01T00:00:00Z",          0 },
    { "2024-05-01T10:00:00Z",          1714557600 },
    { "2024-05-01T10:00:00",           1714557600 },
    { "2024-05-01T10:00:00.1234567Z",  1714557600 },
    { "2024-05-01T12:00:00+02:00",     1714557600 },
    { "2024-05-01T04:30:00.5-05:30",   1714557600 },
    { "2024-02-29T24:00:00Z",          1709251200 },
    { "2024-05-01",                    1714521600 },
    { "1969-12-31T23:59:59Z",          -1 },
    { "0001-01-01T00:00:00Z",          INT64_C(-62135596800) },
    { "9999-12-31T23:59:59Z",          INT64_C(253402300799) },
    { "2023-02-29T00:00:00Z",          TIME_NONE },
    { "2024-13-01T00:00:00Z",          TIME_NONE },
    { "2024-00-01T00:00:00Z",          TIME_NONE },
    { "2024-05-01T25:00:00Z",          TIME_NONE },
    { "2024-05-01T10:00:00.Z",         TIME_NONE },
    { "2024-05-01T10:00:00Zx",         TIME_NONE },
    { "2024-05-01T10:00",              TIME_NONE },
    { "",                              TIME_NONE },
};

static const struct {
    const char *text;
    int64_t time;
} mails[] = {
    { "Wed, 01 May 2024 10:00:00 +0000",               1714557600 },
    { "Wed, 1 May 2024 12:00:00 +0200",                1714557600 },
    { "1 May 2024 10:00 GMT",                          1714557600 },
    { "1 May 24 06:00:00 EDT",                         1714557600 },
    { "1 May 124 10:00:00 Z",                          1714557600 },
    { "Wed,1 May 2024 10:00:00 -0000",                 1714557600 },
    { "Wed (a (nested) comment), 1 May 2024 10:00:00 +0000 (UTC)", 1714557600 },
    { "\r\n Wed, 1 May\r\n 2024 10:00:00 +0000",       1714557600 },
    { "Wed, 01-May-2024 10:00:00 GMT",                 1714557600 },
    { "1 May 2024 10:00:00",                           1714557600 },
    { "1 May 2024 10:00:00 NONSENSE",                  1714557600 },
    { "1 January 1999 00:00:00 +0000",                 915148800 },
    { "1 Jan 99 00:00:00 +0000",                       915148800 },
    { "31 Feb 2024 10:00:00 +0000",                    TIME_NONE },
    { "1 Foo 2024 10:00:00 +0000",                     TIME_NONE },
    { "yesterday",                                     TIME_NONE },
    { "",                                              TIME_NONE },
};
/* clang-format on */

Test(time, reads_what_exchange_writes)
{
    for (size_t i = 0; i < sizeof isos / sizeof isos[0]; i++)
        cr_expect_eq(time_from_iso(isos[i].text), isos[i].time, "\"%s\"",
                     isos[i].text);
}

Test(time, reads_dates_of_messages)
{
    for (size_t i = 0; i < sizeof mails / sizeof mails[0]; i++)
        cr_expect_eq(time_from_rfc5322(mails[i].text), mails[i].time, "\"%s\"",
                     mails[i].text);
}

Test(time, writes_both_forms)
{
    char iso[sizeof "-2147483648-01-01T00:00:00Z"], mail[40];

    time_to_iso(1714557600, iso);
    time_to_rfc5322(1714557600, mail);
    cr_expect_str_eq(iso, "2024-05-01T10:00:00Z");
    cr_expect_str_eq(mail, "Wed, 01 May 2024 10:00:00 +0000");
    time_to_rfc5322(-1, mail);
    cr_expect_str_eq(mail, "Wed, 31 Dec 1969 23:59:59 +0000");
}

Test(time, counts_every_day_of_a_thousand_years)
{
    int64_t day = time_day_from_civil(1600, 1, 1);

    for (int64_t end = day + 365250; day < end; day++) {
        int64_t year;
        unsigned month, of_month;

        time_civil_from_day(day, &year, &month, &of_month);
        cr_assert_eq(time_day_from_civil(year, month, of_month), day);
        cr_assert(month >= 1 && month <= 12 && of_month >= 1 && of_month <= 31);
    }
    cr_expect_eq(time_day_from_civil(1970, 1, 1), 0);
    cr_expect_eq(time_day_from_civil(2000, 3, 1), 11017);
}
