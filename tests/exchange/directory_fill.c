/*
 * directory_fill.c - a large directory of invented people
 *
 * Everything follows from a person's number, so that it is always the same:
 * every tenth has the name of the one before, every twentieth is of a partner's
 * house, and numbers, offices and addresses are missing here and there.
 */
#include "tests/exchange/directory.h"

#include "proxy/base/memory.h"
#include "tests/exchange/anr.h"

#define COUNT(list) (sizeof(list) / sizeof *(list))

static const char *const given_names[] = {
    "Anna",   "Björn",   "Çiğdem",  "Dirk",    "Élodie", "François", "Grete",
    "Håkon",  "Ingrid",  "Jörg",    "Katja",   "Łukasz", "Müge",     "Nils",
    "Óscar",  "Petra",   "Quentin", "Renée",   "Søren",  "Tomáš",    "Ute",
    "Věra",   "Werner",  "Xenia",   "Yusuf",   "Žofie",  "Δημήτρης", "Иван",
    "健太郎", "Mary Jo", "Jürgen",  "Claudia", "Martin", "Michael",
};

static const char *const surnames[] = {
    "Müller",      "Schmidt",   "Schäfer",      "O'Neill",  "Öztürk",
    "Groß",        "Lindqvist", "Novák",        "García",   "Brontë",
    "Ångström",    "Weiß",      "Kowalski",     "van Dyck", "d'Alembert",
    "Smith-Jones", "Smith",     "Smythe",       "Meier",    "Mayer",
    "Meyer",       "Maier",     "Παπαδοπούλου", "Петров",   "山田",
    "Dupont",      "Çelik",     "Jørgensen",    "Szabó",
};

static const char *const departments[] = {
    "Sales",       "Research & Development",
    "Buchhaltung", "Einkauf",
    "Legal",       "Support",
    "Produktion",  "Human Resources",
    "IT",          "Marketing",
};

static const char *const titles[] = {
    "Engineer",  "Sachbearbeiterin", "Head of Department", "Accountant",
    "Assistant", "Director",         "Werkstudent",        "Consultant",
};

static const char *const cities[] = { "Köln", "Zürich", "Paris", "Praha" };

static void tell(struct exchange *exchange, struct arena *arena,
                 struct sim_entry *entry, size_t i)
{
    const char *city = cities[i % COUNT(cities)];
    const struct {
        const char *element;
        const char *text;
        bool missing;
    } facts[] = {
        { "JobTitle", titles[i % COUNT(titles)], i % 6 == 5 },
        { "Department", departments[i % COUNT(departments)], false },
        { "CompanyName", i % 20 == 19 ? "Partner AG" : "Postern & Söhne",
          i % 9 == 8 },
        { "OfficeLocation",
          arena_printf(arena, "B%zu/%03zu", i % 7, i * 37 % 1000), i % 4 == 3 },
        { "BusinessPhone", arena_printf(arena, "+49 221 55%05zu", i),
          i % 5 == 4 },
        { "MobilePhone", arena_printf(arena, "+49 170 55%05zu", i),
          i % 3 != 0 },
        { "City", city, i % 2 == 1 },
        { "CountryOrRegion", i % 4 == 0 ? "Germany" : "Europe", i % 2 == 1 },
        { "Initials", arena_printf(arena, "%c", (char)('A' + i % 26)),
          i % 8 != 0 },
        { "ProxyAddress", arena_printf(arena, "p%zu@postern.example", i),
          i % 3 != 1 },
        { "ProxyAddress", arena_printf(arena, "old%zu@mill.example", i),
          i % 25 != 7 },
        { "ProxyAddress", arena_printf(arena, "older%zu@mill.example", i),
          i % 25 != 7 },
        { "ProxyAddress", arena_printf(arena, "oldest%zu@mill.example", i),
          i % 25 != 7 },
    };

    for (size_t k = 0; k < COUNT(facts); k++)
        if (!facts[k].missing)
            sim_describe(exchange, entry, facts[k].element, facts[k].text);
}

/* Letters that an address has: of what is not Latin, a number is left. */
static const char *address_of(struct arena *arena, const char *given,
                              const char *surname, size_t i)
{
    const char *names[] = { anr_fold(arena, given), anr_fold(arena, surname) };
    struct buf out;

    buf_init(&out, arena);
    for (size_t k = 0; k < 2; k++) {
        for (const char *at = names[k]; *at != '\0'; at++)
            if (*at >= 'a' && *at <= 'z')
                buf_putc(&out, *at);
        if (k == 0)
            buf_putc(&out, '.');
    }
    buf_printf(&out, "%s%zu@%s", out.len == 1 ? "x" : "", i,
               i % 20 == 19 ? "partner.example" : "postern.example");
    return out.data[0] == '.' ? out.data + 1 : out.data;
}

static struct sim_entry *add_person(struct exchange *exchange,
                                    struct arena *arena, size_t i)
{
    size_t name = i % 10 == 9 ? i - 1 : i;
    const char *given = given_names[name * 7 % COUNT(given_names)];
    const char *surname =
        surnames[(name * 11 + name / COUNT(given_names)) % COUNT(surnames)];
    const char *display = i % 2 == 0
                              ? arena_printf(arena, "%s, %s", surname, given)
                              : arena_printf(arena, "%s %s", given, surname);
    struct sim_entry *entry =
        sim_entry_add(exchange, i % 20 == 19 ? ENTRY_CONTACT : ENTRY_USER,
                      address_of(arena, given, surname, i), display);

    sim_describe(exchange, entry, "GivenName", given);
    sim_describe(exchange, entry, "Surname", surname);
    tell(exchange, arena, entry, i);
    return entry;
}

/* Each has eight below him. */
static void add_people(struct exchange *exchange, struct arena *arena,
                       struct sim_entry *people[], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        people[i] = add_person(exchange, arena, i);
        if (i > 0)
            people[i]->manager = people[(i - 1) / 8];
    }
}

static void add_department(struct exchange *exchange, struct arena *arena,
                           struct sim_entry *people[], size_t count, size_t nth)
{
    const char *name = departments[nth];
    struct sim_entry *group =
        sim_entry_add(exchange, ENTRY_GROUP,
                      arena_printf(arena, "department%zu@postern.example", nth),
                      arena_printf(arena, "All of %s", name));
    size_t members = 0;

    group->members =
        memory_new((count / COUNT(departments) + 2) * sizeof *group->members);
    for (size_t i = nth; i < count; i += COUNT(departments))
        group->members[members++] = memory_strdup(people[i]->address);
}

void exchange_fill_directory(struct exchange *exchange, size_t count)
{
    struct arena *arena = arena_new();
    struct sim_entry **people = arena_array(arena, count + 1, sizeof *people);

    exchange_lock(exchange);
    add_people(exchange, arena, people, count);
    for (size_t i = 0; i < COUNT(departments); i++)
        add_department(exchange, arena, people, count, i);
    exchange_unlock(exchange);
    arena_free(&arena);
}
