/*
 * demo_directory.c - who is in the demo's directory
 *
 * A bakery's people, its rooms and its groups, and whom it deals with; texts
 * that are not told are "".
 */
#include "tests/exchange/demo_directory.h"

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/str.h"
#include "tests/exchange/demo_parts.h"
#include "tests/exchange/exchange.h"

#define AT "@postern.example"
#define COUNT(list) (sizeof(list) / sizeof *(list))

/* clang-format off */
static const struct {
    const char *address;
    const char *given;
    const char *surname;
    const char *title;
    const char *department;
    const char *phone;
    const char *mobile;
    const char *office;
    const char *manager; /* an address */
} people[] = {
    { "demo" AT,             "Dora",     "Keller",      "Head Baker",         "Bakehouse",  "+49 40 5550100", "+49 151 5550100", "Mill 1",   "" },
    { "anna" AT,             "Anna",     "Lindqvist",   "Baker",              "Bakehouse",  "+49 40 5550110", "",                "Mill 1",   "demo" AT },
    { "bert" AT,             "Bert",     "Özdemir",     "Driver",             "Deliveries", "",               "+49 151 5550111", "Yard",     "karla" AT },
    { "karla" AT,            "Karla",    "Weiß",        "Head of Deliveries", "Deliveries", "+49 40 5550120", "+49 151 5550120", "Yard",     "demo" AT },
    { "lukasz" AT,           "Łukasz",   "Zieliński",   "Driver",             "Deliveries", "",               "+49 151 5550121", "Yard",     "karla" AT },
    { "ines" AT,             "Inês",     "Gonçalves",   "Driver",             "Deliveries", "",               "+49 151 5550122", "Yard",     "karla" AT },
    { "marie" AT,            "Marie",    "Schmidt",     "Confectioner",       "Bakehouse",  "+49 40 5550111", "",                "Mill 2",   "demo" AT },
    { "marie.schmidt" AT,    "Marie",    "Schmidt",     "Accountant",         "Office",     "+49 40 5550131", "",                "House 12", "otto" AT },
    { "otto" AT,             "Otto",     "Schmitt",     "Head of Office",     "Office",     "+49 40 5550130", "+49 151 5550130", "House 12", "demo" AT },
    { "paula" AT,            "Paula",    "Schmid",      "Bookkeeper",         "Office",     "+49 40 5550132", "",                "House 13", "otto" AT },
    { "quirin" AT,           "Quirin",   "Huber",       "Apprentice",         "Bakehouse",  "",               "+49 151 5550140", "Mill 1",   "anna" AT },
    { "rosa" AT,             "Rosa",     "Müller",      "Apprentice",         "Bakehouse",  "",               "+49 151 5550141", "Mill 1",   "anna" AT },
    { "sean" AT,             "Seán",     "Ó Briain",    "Miller",             "Mill",       "+49 40 5550150", "",                "Mill 0",   "demo" AT },
    { "tereza" AT,           "Tereza",   "Dvořáková",   "Miller",             "Mill",       "+49 40 5550151", "",                "Mill 0",   "sean" AT },
    { "ulf" AT,              "Ulf",      "Ångström",    "Electrician",        "Workshop",   "+49 40 5550160", "+49 151 5550160", "Yard 3",   "otto" AT },
    { "vera" AT,             "Věra",     "Malá",        "Shop Assistant",     "Shop",       "+49 40 5550170", "",                "Market 4", "xaver" AT },
    { "walter" AT,           "Walter",   "Groß",        "Shop Assistant",     "Shop",       "+49 40 5550171", "",                "Market 4", "xaver" AT },
    { "xaver" AT,            "Xaver",    "Maier",       "Head of Shop",       "Shop",       "+49 40 5550172", "+49 151 5550172", "Market 4", "demo" AT },
    { "yusuf" AT,            "Yusuf",    "Yılmaz",      "Shop Assistant",     "Shop",       "+49 40 5550173", "",                "Market 4", "xaver" AT },
    { "zoe" AT,              "Zoë",      "Müller",      "Designer",           "Office",     "+49 40 5550133", "+49 151 5550133", "House 14", "otto" AT },
    { "alexis" AT,           "Αλέξης",   "Νικολάου",    "Baker",              "Bakehouse",  "+49 40 5550112", "",                "Mill 2",   "demo" AT },
    { "olga" AT,             "Ольга",    "Кузнецова",   "Baker",              "Bakehouse",  "+49 40 5550113", "",                "Mill 2",   "demo" AT },
    { "hanako" AT,           "花子",     "佐藤",        "Tea Master",         "Shop",       "+49 40 5550174", "",                "Market 4", "xaver" AT },
    { "clara@harbour.example",           "Clara",  "Nováková", "Printer",    "",           "", "+49 151 5550101", "", "" },
    { "emil.gruenbaum@fachwerk.example", "Emil",   "Grünbaum", "Accountant", "",           "+49 30 5550102", "", "", "" },
    { "f.haddad@harbour.example",        "Fatima", "Haddad",   "",           "Market office", "", "",           "", "" },
    { "orders@millbrook.example",        "",       "Millbrook Mill Orders", "", "",        "+49 40 5550199", "", "", "" },
    { "hugo@brewery.example",            "Hugo",   "O'Neil",   "Brewer",     "",           "", "",              "", "" },
};

static const struct {
    const char *address;
    const char *name;
    const char *members[8];
} groups[] = {
    { "bakers" AT,     "Bakers",     { "demo" AT, "anna" AT, "bert" AT, NULL } },
    { "deliveries" AT, "Deliveries", { "karla" AT, "bert" AT, "lukasz" AT, "ines" AT, NULL } },
    { "shop" AT,       "Shop",       { "xaver" AT, "vera" AT, "walter" AT, "yusuf" AT, "hanako" AT, NULL } },
    { "everybody" AT,  "Everybody",  { "bakers" AT, "deliveries" AT, "shop" AT, "otto" AT, NULL } },
    { "council" AT,    "Council",    { "demo" AT, "karla" AT, "otto" AT, NULL } },
};

static const char *const photos[] = { "demo" AT, "anna" AT, "karla" AT };
/* clang-format on */

static void tell(struct exchange *exchange, size_t i, const char *element,
                 const char *text)
{
    if (*text != '\0')
        exchange_describe(exchange, people[i].address, element, text);
}

/* The first three have mailboxes, and their names with them. */
static void add_people(struct exchange *exchange, struct arena *arena)
{
    for (size_t i = 3; i < COUNT(people); i++)
        exchange_add_person(
            exchange, people[i].address,
            str_trim(arena, arena_printf(arena, "%s %s", people[i].given,
                                         people[i].surname)));
    for (size_t i = 0; i < COUNT(people); i++) {
        bool ours = str_ends_nocase(people[i].address, AT);

        tell(exchange, i, "GivenName", people[i].given);
        tell(exchange, i, "Surname", people[i].surname);
        tell(exchange, i, "JobTitle", people[i].title);
        tell(exchange, i, "Department", people[i].department);
        tell(exchange, i, "BusinessPhone", people[i].phone);
        tell(exchange, i, "MobilePhone", people[i].mobile);
        tell(exchange, i, "OfficeLocation", people[i].office);
        tell(exchange, i, "ManagerMailbox", people[i].manager);
        tell(exchange, i, "CompanyName", ours ? "Postern Bakery" : "");
        tell(exchange, i, "City", ours ? "Harbour" : "");
    }
    exchange_describe(exchange, people[0].address, "ProxyAddress", "dora" AT);
}

static void add_photos(struct exchange *exchange)
{
    for (unsigned i = 0; i < COUNT(photos); i++) {
        struct buf picture;

        buf_init(&picture, NULL);
        demo_png(&picture, 96, 96, 11 + i);
        exchange_set_photo(exchange, photos[i], picture.data, picture.len);
        buf_fini(&picture);
    }
}

void demo_add_directory(struct exchange *exchange)
{
    static const char *const rooms[] = { "bakehouse" AT, "loft" AT,
                                         "millroom" AT, NULL };
    struct arena *arena = arena_new();

    add_people(exchange, arena);
    add_photos(exchange);
    exchange_add_user(exchange, rooms[0], "Bakehouse", "demo", "en");
    exchange_add_room(exchange, rooms[1], "Loft");
    exchange_add_room(exchange, rooms[2], "Mill Room");
    exchange_add_room_list(exchange, "rooms" AT, "Rooms", rooms);
    for (size_t i = 0; i < COUNT(groups); i++)
        exchange_add_group(exchange, groups[i].address, groups[i].name,
                           groups[i].members);
    exchange_hide_members(exchange, "council" AT, true);
    exchange_offer_book(exchange, true);
    arena_free(&arena);
}
