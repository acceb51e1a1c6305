/*
 * test_evolution_ews.c - Evolution's own back ends work with the simulated
 * Exchange
 *
 * evolution-data-server keeps calendar, tasks and contacts in step through
 * evolution-ews, which nobody here wrote: what it trips over in the simulation
 * would be wrong in Exchange, too.  Without a window: see evolution_client.py.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "tests/clients/harness.h"
#include "tests/clients/outlook.h"
#include "tests/clients/program.h"
#include "tests/exchange/book.h"

#define SCRIPT "tests/clients/evolution_client.py"

/* clang-format off */
static const char series[] =
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Postern//Test//EN\r\n"
    "BEGIN:VEVENT\r\nUID:bakery@example.org\r\nDTSTAMP:20240501T080000Z\r\n"
    "DTSTART;TZID=W. Europe Standard Time:20240506T080000\r\n"
    "DTEND;TZID=W. Europe Standard Time:20240506T090000\r\n"
    "SUMMARY:Bakery\r\nRRULE:FREQ=WEEKLY;COUNT=4;BYDAY=MO\r\nEND:VEVENT\r\n"
    "BEGIN:VEVENT\r\nUID:bakery@example.org\r\nDTSTAMP:20240501T080000Z\r\n"
    "RECURRENCE-ID;TZID=W. Europe Standard Time:20240513T080000\r\n"
    "DTSTART;TZID=W. Europe Standard Time:20240513T110000\r\n"
    "DTEND;TZID=W. Europe Standard Time:20240513T120000\r\n"
    "SUMMARY:Bakery\\, late\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
static const char task[] =
    "<t:Task><t:Subject>Order flour</t:Subject>"
    "<t:DueDate>2024-05-08T00:00:00Z</t:DueDate></t:Task>";
static const char contact[] =
    "<t:Contact><t:FileAs>Becker, Carla</t:FileAs>"
    "<t:DisplayName>Carla Becker</t:DisplayName><t:GivenName>Carla</t:GivenName>"
    "<t:EmailAddresses><t:Entry Key=\"EmailAddress1\">carla@example.org</t:Entry>"
    "</t:EmailAddresses><t:Surname>Becker</t:Surname></t:Contact>";

/* What has to be in Exchange afterwards. */
static const struct {
    enum outlook_kind kind;
    const char *name;
    const char *texts[8];
} expected[] = {
    { OUTLOOK_EVENT, "Dentist",
      { "<t:Start>2024-05-06T09:00:00Z</t:Start>", "<t:End>2024-05-06T10:30:00Z</t:End>",
        "<t:Location>Room 2</t:Location>", "Bring the card",
        "<t:Categories><t:String>Health</t:String></t:Categories>",
        "<t:Sensitivity>Private</t:Sensitivity>",
        "<t:ReminderMinutesBeforeStart>30</t:ReminderMinutesBeforeStart>" } },
    { OUTLOOK_EVENT, "Holiday",
      { "<t:IsAllDayEvent>true</t:IsAllDayEvent>",
        "<t:LegacyFreeBusyStatus>Free</t:LegacyFreeBusyStatus>" } },
    { OUTLOOK_EVENT, "Choir",
      { "<t:CalendarItemType>RecurringMaster</t:CalendarItemType>",
        "<t:Start>2024-05-13T12:00:00Z</t:Start>",
        "<t:DaysOfWeek>Monday</t:DaysOfWeek>",
        "<t:NumberOfOccurrences>4</t:NumberOfOccurrences>",
        "<t:Start>2024-05-21T07:00:00Z</t:Start>",
        "<t:OriginalStart>2024-05-20T12:00:00Z</t:OriginalStart>",
        "<t:DeletedOccurrence><t:Start>2024-05-27T12:00:00Z</t:Start>" } },
    { OUTLOOK_EVENT, "Bakery",
      { "<t:OriginalStart>2024-05-13T06:00:00Z</t:OriginalStart>" } },
    { OUTLOOK_TASK, "Order flour", { "<t:Status>NotStarted</t:Status>" } },
    { OUTLOOK_TASK, "Water the plants",
      { "<t:Status>Completed</t:Status>", "<t:PercentComplete>100</t:PercentComplete>",
        "<t:Importance>High</t:Importance>", "<t:DueDate>2024-05-0" } },
};

/* Evolution sends no DisplayName, so that its contact is not found by that. */
static const char *const people[] = {
    "<t:DisplayName>Carla Becker</t:DisplayName>",
    "<t:FileAs>Schmidt, Clara</t:FileAs>",
    "<t:GivenName>Clara</t:GivenName>",
    "<t:Surname>Schmidt</t:Surname>",
    "<t:CompanyName>Mill</t:CompanyName>",
    "<t:Nickname>C</t:Nickname>",
    "clara@example.org</t:Entry>",
    "<t:Entry Key=\"MobilePhone\">+49 2</t:Entry>",
    "<t:City>Halle</t:City>",
    NULL,
};
/* clang-format on */

static const char *const packages[] = {
    "/usr/bin/dbus-run-session",
    "/usr/libexec/evolution-source-registry",
    "/usr/lib/evolution-data-server/registry-modules/module-ews-backend.so",
    NULL,
};

/* What Python needs of GObject's introspection. */
#define TYPELIBS                                                               \
    "import gi; [gi.require_version(*one) for one in "                         \
    "(('ECal', '2.0'), ('EBook', '1.2'), ('EDataServer', '1.2'))]"

static bool is_installed(const struct harness *harness)
{
    const char *args[] = { "-c", TYPELIBS, NULL };
    struct program python = { .name = "/usr/bin/python3" };

    for (size_t i = 0; packages[i] != NULL; i++)
        if (access(packages[i], R_OK) != 0)
            return false;
    program_run(&python, harness, args);
    bool there = python.status == 0;
    program_fini(&python);
    return there;
}

static void add_objects(struct exchange *exchange)
{
    cr_assert_not_null(exchange_add_event(exchange, ANN, series));
    cr_assert_not_null(exchange_add_object(exchange, ANN, "tasks", task));
    cr_assert_not_null(exchange_add_object(exchange, ANN, "contacts", contact));
}

/* What the script ends with when its folders never open, however often it is
 * started: the back ends wait for each other then, and ask Exchange nothing. */
#define STUCK 75

/* False: it is stuck.  With a book, that is read, and most of its people have no
 * picture. */
static bool run_script(const struct harness *harness, const char *book)
{
    char *script = realpath(SCRIPT, NULL);
    const char *args[] = { "EWS_DEBUG=2",
                           "/usr/bin/python3",
                           "-B",
                           script,
                           exchange_url(harness->exchange),
                           exchange_ca_file(harness->exchange),
                           book,
                           NULL };
    struct program program = { .name = "env", .seconds = SECONDS - 30 };

    cr_assert_not_null(script);
    program_run(&program, harness, args);
    bool stuck = program.status == STUCK;
    cr_expect(stuck ||
                  (program.status == 0 &&
                   strstr(program.output, "\ndone\n") != NULL &&
                   (book != NULL ||
                    strstr(program.output, "ResponseClass=\"Error\"") == NULL) &&
                   strstr(program.output, ":Fault>") == NULL),
              "%s", program.output);
    program_fini(&program);
    free(script);
    return !stuck;
}

static void check_objects(const struct harness *harness)
{
    char *contacts = outlook_list(harness, ANN, "contacts");

    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++)
        for (size_t j = 0; expected[i].texts[j] != NULL; j++)
            outlook_expect(harness, expected[i].kind, expected[i].name,
                           expected[i].texts[j]);
    for (size_t i = 0; people[i] != NULL; i++)
        cr_expect(strstr(contacts, people[i]) != NULL, "no %s:\n%s", people[i],
                  contacts);
    free(contacts);
    cr_expect(outlook_count(harness, OUTLOOK_EVENT) == 4);
    cr_expect(outlook_count(harness, OUTLOOK_TASK) == 2);
    cr_expect(outlook_count(harness, OUTLOOK_CONTACT) == 2);
}

static void remove_files(const struct harness *harness)
{
    const char *args[] = { "rm", "-rf", harness->directory, NULL };

    free(program_succeed(harness, args, NULL));
}

/* The address of an offline address book of 42 people and ten groups; Evolution
 * asks for a picture of each. */
static char *add_book(struct exchange *exchange)
{
    static const char zoe[] = "zoe@postern.example";
    struct arena *arena = arena_new();
    char *url;

    exchange_fill_directory(exchange, 40);
    exchange_add_person(exchange, zoe, "Zoë Zwölf");
    exchange_describe(exchange, zoe, "JobTitle", "Miller");
    exchange_describe(exchange, zoe, "Department", "Mill");
    exchange_describe(exchange, zoe, "BusinessPhone", "+49 1");
    exchange_describe(exchange, zoe, "OfficeLocation", "Tower 9");
    exchange_offer_book(exchange, true);
    url = strdup(book_url(exchange, arena));
    arena_free(&arena);
    return url;
}

static void use(enum exchange_version version, bool read_book)
{
    char *book = NULL;
    struct harness harness = { .directory = "/tmp/postern-evolution-XXXXXX" };

    cr_assert(mkdtemp(harness.directory) != NULL);
    if (!is_installed(&harness)) {
        remove_files(&harness);
        cr_skip_test("evolution-ews or its Python bindings are not installed");
    }
    harness.exchange = exchange_new(version);
    exchange_add_user(harness.exchange, ANN, "Ann", PASSWORD, "en");
    add_objects(harness.exchange);
    cr_assert(exchange_serve(harness.exchange, 0, true, EXCHANGE_BASIC) != 0);
    if (read_book)
        book = add_book(harness.exchange);
    bool ran = run_script(&harness, book);
    free(book);
    if (ran && !read_book)
        check_objects(&harness);
    exchange_free(&harness.exchange);
    remove_files(&harness);
    if (!ran)
        cr_skip_test("evolution-data-server does not open its folders");
}

Test(evolution_ews, keeps_calendars_of_exchange_2010, .timeout = SECONDS)
{
    use(EXCHANGE_2010_SP2, false);
}

Test(evolution_ews, keeps_calendars_of_exchange_2016, .timeout = SECONDS)
{
    use(EXCHANGE_2016, false);
}

Test(evolution_ews, reads_the_offline_address_book, .timeout = SECONDS)
{
    use(EXCHANGE_2016, true);
}
