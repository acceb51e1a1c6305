/*
 * test_directory_contract.c - the directory of the simulated Exchange: what
 * remote_directory.h says
 */
#include <criterion/criterion.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "proxy/base/str.h"
#include "proxy/base/table.h"
#include "proxy/exchange/ews/ews.h"
#include "tests/exchange/exchange.h"
#include "tests/proxy/exchange/ews/mailbox.h"

#define USER "ann@example.com"
#define PNG "\x89PNG\r\n\x1a\n and so on"

struct stage {
    struct exchange *exchange;
    struct mailbox mailbox;
    struct op *op;
    struct remote *remote;
};

static const char *const team[] = { "ann@example.com", "bob@example.com",
                                    "far@elsewhere.example", NULL };
static const char *const nobody[] = { NULL };

/* An X.509 certificate as far as anybody looks at it. */
#define CERTIFICATE "MAUwAwIBAQ=="

static void furnish(struct exchange *exchange)
{
    exchange_add_user(exchange, USER, "Ann Lee", "secret", "en");
    exchange_add_user(exchange, "bob@example.com", "Bob Ray", "secret", "de");
    exchange_add_person(exchange, "far@elsewhere.example", "Far Away");
    exchange_add_room(exchange, "room1@example.com", "Room One");
    exchange_add_group(exchange, "team@example.com", "Team", team);
    exchange_add_group(exchange, "empty@example.com", "Empty", nobody);
    exchange_add_group(exchange, "secret@example.com", "Secret", team);
    exchange_hide_members(exchange, "secret@example.com", true);
    exchange_describe(exchange, USER, "JobTitle", "Head");
    exchange_describe(exchange, USER, "Department", "Sales");
    exchange_describe(exchange, USER, "CompanyName", "Acme");
    exchange_describe(exchange, USER, "OfficeLocation", "12");
    exchange_describe(exchange, USER, "BusinessPhone", "+47 1");
    exchange_describe(exchange, USER, "MobilePhone", "+47 2");
    exchange_describe(exchange, USER, "Street", "1 Main St");
    exchange_describe(exchange, USER, "City", "Oslo");
    exchange_describe(exchange, USER, "ProxyAddress", "lee@example.com");
    exchange_describe(exchange, USER, "ManagerMailbox", "bob@example.com");
    exchange_describe(exchange, USER, "MSExchangeCertificate", CERTIFICATE);
    exchange_describe(exchange, USER, "UserSMIMECertificate", CERTIFICATE);
    exchange_set_photo(exchange, USER, PNG, sizeof PNG - 1);
}

static void begin(struct stage *stage, enum exchange_version version)
{
    stage->exchange = exchange_new(version);
    furnish(stage->exchange);
    cr_assert(exchange_serve(stage->exchange, 0, false, EXCHANGE_BASIC) != 0);
    mailbox_init(&stage->mailbox, exchange_url(stage->exchange));
    mailbox_set(&stage->mailbox, "exchange.patience", "1");
    mailbox_set(&stage->mailbox, "store.path", "memory");
    stage->op = &stage->mailbox.op;
    cr_assert_eq(mailbox_open_as(&stage->mailbox, USER, "secret"), STATUS_OK,
                 "%s", stage->op->reason);
    stage->remote = stage->mailbox.remote;
    exchange_reset_calls(stage->exchange);
}

static void end(struct stage *stage)
{
    mailbox_fini(&stage->mailbox);
    exchange_stop(stage->exchange);
    exchange_free(&stage->exchange);
}

static const struct remote_directory *slots(void)
{
    return ews_backend.directory;
}

/* --- Finding -------------------------------------------------------------- */

static size_t find(struct stage *stage, const char *text, size_t limit,
                   struct person **people, bool *complete)
{
    size_t count;

    cr_expect_eq(slots()->find(stage->op, stage->remote, text, limit, people,
                               &count, complete),
                 STATUS_OK, "%s: %s", text, stage->op->reason);
    return count;
}

/* What 2007 does not tell is `all`. */
static void expect_ann(const struct person *ann, bool all)
{
    cr_expect_str_eq(ann->id, USER);
    cr_expect_eq(ann->kind, PERSON_USER);
    cr_expect_str_eq(ann->addresses[0], USER);
    cr_expect_str_eq(ann->addresses[1], "lee@example.com");
    cr_expect_null(ann->addresses[2]);
    cr_expect_str_eq(ann->contact.text[CONTACT_DISPLAY_NAME], "Ann Lee");
    cr_expect_str_eq(ann->contact.text[CONTACT_GIVEN_NAME], "Ann");
    cr_expect_str_eq(ann->contact.text[CONTACT_SURNAME], "Lee");
    cr_expect_str_eq(ann->contact.text[CONTACT_JOB_TITLE], "Head");
    cr_expect_str_eq(ann->contact.text[CONTACT_DEPARTMENT], "Sales");
    cr_expect_str_eq(ann->contact.text[CONTACT_COMPANY], "Acme");
    cr_expect_str_eq(ann->contact.text[CONTACT_OFFICE], "12");
    cr_expect_str_eq(ann->contact.phone[PHONE_WORK], "+47 1");
    cr_expect_str_eq(ann->contact.phone[PHONE_MOBILE], "+47 2");
    cr_expect_str_eq(ann->contact.place[PLACE_WORK].street, "1 Main St");
    cr_expect_str_eq(ann->contact.place[PLACE_WORK].city, "Oslo");
    if (!all)
        return;
    cr_expect_str_eq(ann->alias, "ann");
    cr_assert_not_null(ann->contact.certificates);
    cr_expect_str_eq(ann->contact.certificates[0], CERTIFICATE);
    cr_expect_null(ann->contact.certificates[1]);
    cr_expect(ann->contact.has_photo);
}

Test(ews_directory_contract, finds_people_in_every_version, .timeout = 60)
{
    for (enum exchange_version v = EXCHANGE_2007_SP1; v <= EXCHANGE_2019; v++) {
        bool all = v >= EXCHANGE_2010_SP2;
        struct person *people;
        struct stage stage;
        bool complete;

        begin(&stage, v);
        cr_assert_eq(find(&stage, "ann", 0, &people, &complete), 1, "%d", v);
        cr_expect(complete);
        expect_ann(&people[0], all);
        if (all)
            cr_expect_str_eq(people[0].manager.address, "bob@example.com");
        cr_assert_eq(find(&stage, "team", 0, &people, &complete), 1);
        cr_expect_eq(people[0].kind, PERSON_GROUP);
        cr_assert_eq(find(&stage, "far", 0, &people, &complete), 1);
        cr_expect_eq(people[0].kind, PERSON_FOREIGN);
        cr_assert_eq(
            find(&stage, "smtp:lee@example.com", 0, &people, &complete), 1);
        cr_expect_str_eq(people[0].id, USER);
        cr_expect_eq(find(&stage, "zzzz", 0, &people, &complete), 0);
        cr_expect(complete);
        cr_expect_eq(exchange_calls(stage.exchange, NULL), 5);
        end(&stage);
    }
}

/* clang-format off */
static const struct {
    enum exchange_version version;
    size_t limit;
    unsigned calls;
    size_t least;
    bool complete;
} many[] = {
    { EXCHANGE_2010_SP2, 0,    1, 100, false },
    { EXCHANGE_2016,     50,   1, 50,  false },
    { EXCHANGE_2016,     250,  4, 250, false },
    { EXCHANGE_2016,     0,    0, 250, true },
    { EXCHANGE_2019,     0,    0, 250, true },
};
/* clang-format on */

/* All of "postern.example" have that in their addresses. */
Test(ews_directory_contract, finds_more_than_a_hundred, .timeout = 120)
{
    for (size_t i = 0; i < sizeof many / sizeof *many; i++) {
        struct person *people;
        struct stage stage;
        bool complete;

        begin(&stage, many[i].version);
        exchange_fill_directory(stage.exchange, 4000);
        size_t count = find(&stage, "an", many[i].limit, &people, &complete);
        unsigned calls = exchange_calls(stage.exchange, NULL);
        cr_expect_geq(count, many[i].least, "line %zu: %zu", i, count);
        cr_expect_eq(complete, many[i].complete, "line %zu", i);
        cr_expect(many[i].calls == 0 || calls <= many[i].calls,
                  "line %zu: %u calls", i, calls);
        cr_expect_leq(calls, 2 + count / 100 + 1);
        struct table *known = table_new(stage.op->arena);
        for (size_t n = 0; n < count; n++)
            cr_expect_eq(table_add(known, 0, people[n].id, &people[n]),
                         &people[n], "%s twice", people[n].id);
        end(&stage);
    }
}

/* --- Groups and pictures -------------------------------------------------- */

static enum status members(struct stage *stage, const char *group,
                           struct person_link **links, size_t *count)
{
    bool complete;

    return slots()->members(stage->op, stage->remote, group, links, count,
                            &complete);
}

Test(ews_directory_contract, tells_members_in_every_version, .timeout = 60)
{
    for (enum exchange_version v = EXCHANGE_2007_SP1; v <= EXCHANGE_2019; v++) {
        struct person_link *links;
        struct stage stage;
        size_t count;

        begin(&stage, v);
        cr_expect_eq(members(&stage, "team@example.com", &links, &count),
                     STATUS_OK);
        cr_assert_eq(count, 3);
        for (size_t i = 0; i < 3; i++)
            cr_expect_str_eq(links[i].address, team[i]);
        cr_expect_str_eq(links[0].name, "Ann Lee");
        cr_expect_eq(members(&stage, "empty@example.com", &links, &count),
                     STATUS_NOT_FOUND);
        cr_expect_eq(members(&stage, "secret@example.com", &links, &count),
                     STATUS_NOT_FOUND);
        cr_expect_eq(members(&stage, "none@example.com", &links, &count),
                     STATUS_NOT_FOUND);
        end(&stage);
    }
}

Test(ews_directory_contract, shows_pictures_where_there_are_some, .timeout = 60)
{
    for (enum exchange_version v = EXCHANGE_2007_SP1; v <= EXCHANGE_2019; v++) {
        const char *type;
        const void *data;
        struct stage stage;
        size_t len;

        begin(&stage, v);
        enum status status = slots()->photo(stage.op, stage.remote, USER, 96,
                                            &data, &len, &type);
        if (v >= EXCHANGE_2010_SP2) {
            cr_assert_eq(status, STATUS_OK, "%d: %s", v, stage.op->reason);
            cr_expect_str_eq(type, "image/png");
            cr_assert_eq(len, sizeof PNG - 1);
            cr_expect_arr_eq(data, PNG, len);
        } else {
            cr_expect_eq(status, STATUS_NOT_FOUND);
        }
        cr_expect_eq(exchange_calls(stage.exchange, NULL), 1);
        cr_expect_eq(slots()->photo(stage.op, stage.remote, "bob@example.com",
                                    96, &data, &len, &type),
                     STATUS_NOT_FOUND, "%d", v);
        cr_expect_eq(slots()->photo(stage.op, stage.remote, "no@example.com",
                                    96, &data, &len, &type),
                     STATUS_NOT_FOUND, "%d", v);
        cr_expect_eq(exchange_calls(stage.exchange, NULL), 3, "%d", v);
        end(&stage);
    }
}

/* --- The offline address book --------------------------------------------- */

struct reading {
    size_t count;
    size_t most; /* 0: all of them */
    bool ann;
    enum person_kind room, group, far;
};

static bool take(void *context, const struct person *person)
{
    struct reading *reading = context;

    reading->count++;
    if (strcmp(person->id, USER) == 0) {
        reading->ann = true;
        expect_ann(person, true);
    }
    if (strcmp(person->id, "room1@example.com") == 0)
        reading->room = person->kind;
    if (strcmp(person->id, "team@example.com") == 0)
        reading->group = person->kind;
    if (strcmp(person->id, "far@elsewhere.example") == 0)
        reading->far = person->kind;
    return reading->count != reading->most;
}

static enum status read_book(struct stage *stage,
                             const struct remote_book_edition *known,
                             struct reading *reading, struct remote_book *book)
{
    static const struct remote_book_edition none = { .id = "" };

    return slots()->book(stage->op, stage->remote, USER, "/tmp",
                         known != NULL ? known : &none, take, reading, book);
}

static void read_editions(enum exchange_version version, bool compressed)
{
    struct reading reading = { 0 };
    struct remote_book book, next;
    struct stage stage;

    begin(&stage, version);
    exchange_fill_directory(stage.exchange, 3000);
    exchange_offer_book(stage.exchange, compressed);
    cr_assert_eq(read_book(&stage, NULL, &reading, &book), STATUS_OK, "%d: %s",
                 version, stage.op->reason);
    cr_expect_gt(reading.count, 3000);
    cr_expect(reading.ann);
    cr_expect_eq(reading.room, PERSON_ROOM);
    cr_expect_eq(reading.group, PERSON_GROUP);
    cr_expect_eq(reading.far, PERSON_FOREIGN);
    cr_expect_not(book.unchanged);
    cr_expect_eq(exchange_calls(stage.exchange, "Autodiscover"), 1);
    cr_expect_eq(exchange_calls(stage.exchange, "OAB"), 2);

    exchange_reset_calls(stage.exchange);
    reading.count = 0;
    cr_expect_eq(read_book(&stage, &book.edition, &reading, &next), STATUS_OK);
    cr_expect(next.unchanged);
    cr_expect_str_eq(next.edition.id, book.edition.id);
    cr_expect_eq(reading.count, 0);
    cr_expect_eq(exchange_calls(stage.exchange, NULL), 1);

    exchange_new_book(stage.exchange);
    cr_expect_eq(read_book(&stage, &book.edition, &reading, &next), STATUS_OK);
    cr_expect_not(next.unchanged);
    cr_expect_gt(next.edition.sequence, book.edition.sequence);
    cr_expect_gt(reading.count, 3000);
    end(&stage);
}

Test(ews_directory_contract, reads_each_edition_of_the_book_once,
     .timeout = 120)
{
    read_editions(EXCHANGE_2010_SP2, false);
    read_editions(EXCHANGE_2013_SP1, true);
    read_editions(EXCHANGE_2019, true);
}

Test(ews_directory_contract, knows_servers_without_a_book)
{
    struct reading reading = { 0 };
    struct remote_book book;
    struct stage stage;

    begin(&stage, EXCHANGE_2016);
    cr_expect_eq(read_book(&stage, NULL, &reading, &book), STATUS_UNSUPPORTED);
    cr_expect_eq(exchange_calls(stage.exchange, "OAB"), 0);
    exchange_offer_book(stage.exchange, false);
    cr_expect_eq(read_book(&stage, NULL, &reading, &book), STATUS_OK);
    end(&stage);
}

/* clang-format off */
static const struct {
    enum exchange_book_fault fault;
    enum status status;
} faults[] = {
    { BOOK_WHOLE,      STATUS_OK },
    { BOOK_CORRUPT,    STATUS_CORRUPT },
    { BOOK_WRONG_HASH, STATUS_CORRUPT },
    { BOOK_TRUNCATED,  STATUS_CORRUPT },
    { BOOK_MISSING,    STATUS_UNSUPPORTED },
    { BOOK_NONSENSE,   STATUS_CORRUPT },
};
/* clang-format on */

Test(ews_directory_contract, takes_no_broken_book, .timeout = 60)
{
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        for (int compressed = 0; compressed < 2; compressed++) {
            struct reading reading = { 0 };
            struct remote_book book;
            struct stage stage;

            begin(&stage, EXCHANGE_2016);
            exchange_offer_book(stage.exchange, compressed);
            exchange_break_book(stage.exchange, faults[i].fault);
            enum status status = read_book(&stage, NULL, &reading, &book);
            cr_expect_eq(status, faults[i].status, "fault %zu: %s: %s", i,
                         status_name(status), stage.op->reason);
            end(&stage);
        }
    }
}

Test(ews_directory_contract, stops_when_nobody_wants_more)
{
    struct reading reading = { .most = 3 };
    struct remote_book book;
    struct stage stage;

    begin(&stage, EXCHANGE_2016);
    exchange_offer_book(stage.exchange, true);
    cr_expect_eq(read_book(&stage, NULL, &reading, &book), STATUS_CANCELLED);
    cr_expect_eq(reading.count, 3);
    end(&stage);
}

/* --- Files ---------------------------------------------------------------- */

static size_t count_files(const char *folder)
{
    DIR *directory = opendir(folder);
    size_t count = 0;

    cr_assert_not_null(directory);
    while (readdir(directory) != NULL)
        count++;
    closedir(directory);
    return count - 2;
}

struct looking {
    const char *folder;
    size_t seen;
};

static bool look(void *context, const struct person *person)
{
    struct looking *looking = context;

    (void)person;
    looking->seen += count_files(looking->folder);
    return true;
}

Test(ews_directory_contract, leaves_no_files_behind)
{
    static const struct remote_book_edition none = { .id = "" };
    char folder[] = "/tmp/postern-book-XXXXXX";
    struct looking looking = { .folder = mkdtemp(folder) };
    struct remote_book book;
    struct stage stage;

    begin(&stage, EXCHANGE_2016);
    exchange_fill_directory(stage.exchange, 4000);
    exchange_offer_book(stage.exchange, false);
    cr_expect_eq(slots()->book(stage.op, stage.remote, USER, folder, &none,
                               look, &looking, &book),
                 STATUS_OK);
    cr_expect_eq(looking.seen, 0);
    cr_expect_eq(count_files(folder), 0);
    rmdir(folder);
    end(&stage);
}
