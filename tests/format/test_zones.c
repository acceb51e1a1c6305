/*
 * test_zones.c - zones by name and by rules, against the C library and libical
 */
#include <criterion/criterion.h>
#include <libical/ical.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "proxy/format/zones.h"

static const char *const ten[] = {
    "Europe/Berlin",     "Europe/London",  "America/New_York",
    "America/Sao_Paulo", "Asia/Jerusalem", "Australia/Lord_Howe",
    "Pacific/Auckland",  "Asia/Kathmandu", "Africa/Casablanca",
    "America/Nuuk",
};

static int64_t new_year(int year)
{
    return time_day_from_civil(year, 1, 1) * 86400;
}

Test(zones, show_what_the_clocks_of_the_c_library_show)
{
    for (size_t i = 0; i < 10; i++) {
        setenv("TZ", ten[i], 1);
        tzset();
        const struct zone *zone = zone_iana(ten[i]);
        cr_assert(zone != NULL, "%s", ten[i]);
        for (int64_t at = new_year(2005); at < new_year(2045); at += 3600) {
            time_t seconds = (time_t)at;
            struct tm tm;
            localtime_r(&seconds, &tm);
            cr_assert(zone_offset(zone, at) == tm.tm_gmtoff, "%s at %lld",
                      ten[i], (long long)at);
            cr_assert(zone_offset(zone, at - 1) ==
                          (seconds--, localtime_r(&seconds, &tm), tm.tm_gmtoff),
                      "%s before %lld", ten[i], (long long)at);
        }
    }
    unsetenv("TZ");
    tzset();
}

Test(zones, find_the_instant_of_each_face)
{
    for (size_t i = 0; i < 10; i++) {
        const struct zone *zone = zone_iana(ten[i]);
        for (int64_t at = new_year(2020); at < new_year(2030); at += 1800) {
            struct civil civil = zone_civil(zone, at);
            int64_t found = zone_instant(zone, &civil);
            /* What comes twice is the first. */
            bool twice = found < at && found >= at - 3 * 3600;
            cr_assert(found == at || twice, "%s at %lld", ten[i],
                      (long long)at);
        }
    }
}

Test(zones, read_what_is_skipped_with_the_offset_before)
{
    const struct zone *zone = zone_iana("Europe/Berlin");
    struct civil skipped = {
        .year = 2024, .month = 3, .day = 31, .hour = 2, .minute = 30
    };
    struct civil shown = zone_civil(zone, zone_instant(zone, &skipped));
    cr_expect(shown.hour == 3 && shown.minute == 30);
    struct civil twice = {
        .year = 2024, .month = 10, .day = 27, .hour = 2, .minute = 30
    };
    cr_expect(zone_offset(zone, zone_instant(zone, &twice)) == 7200);
}

Test(zones, are_known_by_all_their_names)
{
    /* clang-format off */
    static const struct { const char *name, *iana; } cases[] = {
        { "Europe/Paris",                                    "Europe/Paris" },
        { "/mozilla.org/20050126_1/Europe/Paris",            "Europe/Paris" },
        { "/freeassociation.sourceforge.net/Asia/Tokyo",     "Asia/Tokyo" },
        { "/freeassociation.sourceforge.net/Tzfile/America/Argentina/Salta", "America/Argentina/Salta" },
        { "/citadel.org/20070227_1/America/Indiana/Knox",    "America/Indiana/Knox" },
        { "Asia/Calcutta",                                   "Asia/Kolkata" },
        { "Europe/Kiev",                                     "Europe/Kyiv" },
        { "US/Pacific",                                      "America/Los_Angeles" },
        { "Etc/UTC",                                         "UTC" },
        { "GMT",                                             "UTC" },
        { "../../etc/passwd",                                NULL },
        { "/etc/passwd",                                     NULL },
        { "posix/Europe/Paris",                              NULL },
        { "America",                                         NULL },
        { "",                                                NULL },
        { "/",                                               NULL },
        { "Customized Time Zone",                            NULL },
    };
    static const struct { const char *name, *iana; } windows[] = {
        { "W. Europe Standard Time",                         "Europe/Berlin" },
        { "W. Europe Standard Time\n",                       "Europe/Berlin" },
        { " FLE Standard Time ",                             "Europe/Kyiv" },
        { "India Standard Time",                             "Asia/Kolkata" },
        { "UTC",                                             "UTC" },
        { "tzone://Microsoft/Utc",                           "UTC" },
        { "tzone://Microsoft/Custom",                        NULL },
        { "Customized Time Zone",                            NULL },
        { "(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna", "Europe/Berlin" },
        { "(GMT+01:00) Brussels, Copenhagen, Madrid, Paris", "Europe/Paris" },
        { "(UTC-05:00) Eastern Time (US & Canada)",          "America/New_York" },
        { "(UTC) Coordinated Universal Time",                "UTC" },
        { "(UTC+01:00",                                      NULL },
        { "Mid-Atlantic Standard Time",                      "Etc/GMT+2" },
        { "",                                                NULL },
    };
    /* clang-format on */
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct zone *zone = zone_iana(cases[i].name);
        cr_expect(str_equal(zone ? zone_name(zone) : NULL, cases[i].iana), "%s",
                  cases[i].name);
        cr_expect(zone == zone_iana(cases[i].name), "%s", cases[i].name);
    }
    for (size_t i = 0; i < sizeof windows / sizeof *windows; i++) {
        const struct zone *zone = zone_windows(windows[i].name);
        cr_expect(str_equal(zone ? zone_name(zone) : NULL, windows[i].iana),
                  "%s", windows[i].name);
    }
}

Test(zones, tell_what_windows_calls_them)
{
    /* clang-format off */
    static const struct { const char *iana, *windows; } cases[] = {
        { "Europe/Amsterdam",   "W. Europe Standard Time" },
        { "Europe/Kyiv",        "FLE Standard Time" },
        { "Asia/Kolkata",       "India Standard Time" },
        { "UTC",                "UTC" },
        { "Etc/GMT+5",          "SA Pacific Standard Time" },
        { "Antarctica/Troll",   NULL },
    };
    /* clang-format on */
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect(str_equal(zone_windows_name(zone_iana(cases[i].iana)),
                            cases[i].windows),
                  "%s", cases[i].iana);
}

Test(zones, are_found_by_their_rules)
{
    struct zone_rules rules = {
        .standard = 3600,
        .daylight = 7200,
        .to_standard = { .month = 10, .week = 5, .hour = 3 },
        .to_daylight = { .month = 3, .week = 5, .hour = 2 }
    };
    const struct zone *zone = zone_from_rules(&rules, "Europe/Rome");
    cr_expect_str_eq(zone_name(zone), "Europe/Rome");
    zone = zone_from_rules(&rules, "Customized Time Zone");
    cr_expect_str_eq(zone_windows_name(zone), "W. Europe Standard Time");

    rules.to_standard.weekday = 3;
    zone = zone_from_rules(&rules, "Europe/Rome");
    cr_assert(zone != NULL);
    cr_expect(str_starts(zone_name(zone), "Custom/"));
    cr_expect(zone == zone_from_rules(&rules, NULL));
    struct zone_rules again = zone_rules(zone, 2026);
    cr_expect(again.to_standard.weekday == 3 && again.to_standard.week == 5 &&
              again.to_standard.hour == 3 && again.standard == 3600);

    rules.to_standard.month = 13;
    cr_expect(zone_from_rules(&rules, NULL) == NULL);
}

Test(zones, do_not_keep_any_number_of_rules)
{
    struct zone_rules rules = { 0 };
    int made = 0;
    for (int32_t i = 0; i < 200; i++) {
        rules.standard = rules.daylight = i * 60 + 7 * 60 + 1;
        made += zone_from_rules(&rules, NULL) != NULL;
    }
    cr_expect(made <= 64, "%d", made);
}

Test(zones, have_the_rules_of_a_year)
{
    struct zone_rules old = zone_rules(zone_iana("America/New_York"), 2006);
    struct zone_rules new = zone_rules(zone_iana("America/New_York"), 2026);
    cr_expect(old.to_daylight.month == 4 && old.to_daylight.week == 1);
    cr_expect(old.to_standard.month == 10 && old.to_standard.week == 5);
    cr_expect(new.to_daylight.month == 3 && new.to_daylight.week == 2);
    cr_expect(new.to_standard.month == 11 && new.to_standard.week == 1);
    struct zone_rules none = zone_rules(zone_iana("Asia/Tokyo"), 2026);
    cr_expect(none.standard == 32400 && none.daylight == 32400);
}

/* libical's opinion of the text. */
static void expect_true(const char *name, const char *text, int64_t from,
                        int64_t to)
{
    icalcomponent *component = icalcomponent_new_from_string(text);
    icaltimezone *theirs = icaltimezone_new();
    cr_assert(component != NULL &&
                  icaltimezone_set_component(theirs, component),
              "%s:\n%s", name, text);
    const struct zone *zone = zone_iana(name);
    for (int64_t at = from; at < to; at += 3600) {
        struct civil civil = zone_civil(zone_utc(), at);
        struct icaltimetype time = { .year = civil.year,
                                     .month = civil.month,
                                     .day = civil.day,
                                     .hour = civil.hour,
                                     .zone = icaltimezone_get_utc_timezone() };
        int daylight;
        cr_assert(icaltimezone_get_utc_offset_of_utc_time(
                      theirs, &time, &daylight) == zone_offset(zone, at),
                  "%s at %lld:\n%s", name, (long long)at, text);
    }
    icaltimezone_free(theirs, 1);
}

Test(zones, write_a_vtimezone_that_is_true)
{
    for (size_t i = 0; i < 10; i++) {
        struct arena *arena = arena_new();
        int64_t from = new_year(2008), to = new_year(2035);
        const char *text =
            zone_vtimezone(arena, zone_iana(ten[i]), NULL, from, to);
        expect_true(ten[i], text, from, to);
        text = zone_vtimezone(arena, zone_iana(ten[i]), "Mine", new_year(2024),
                              INT64_MAX);
        cr_expect(strstr(text, "TZID:Mine\r\n") != NULL);
        expect_true(ten[i], text, new_year(2024), new_year(2034));
        arena_free(&arena);
    }
}

Test(zones, write_both_halves_of_the_year_and_little_else)
{
    struct arena *arena = arena_new();
    const char *text = zone_vtimezone(arena, zone_iana("Europe/Berlin"), NULL,
                                      new_year(2024), new_year(2025));
    cr_expect(strstr(text, "BEGIN:STANDARD") != NULL);
    cr_expect(strstr(text, "BEGIN:DAYLIGHT") != NULL);
    cr_expect(strlen(text) < 500, "%s", text);
    arena_free(&arena);
}
