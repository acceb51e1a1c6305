/*
 * directory_pack.c - tests of people in rows of bytes, and of their words
 */
#include "proxy/exchange/directory_pack.h"

#include <criterion/criterion.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/exchange/directory_words.h"

static const char *const addresses[] = { "Ann@example.com", "a.e@example.com",
                                         NULL };
static const char *const certificates[] = { "MIIB", "MIIC", NULL };
static const char *const categories[] = { "Blue", NULL };
static struct person_link reports[] = { { "Bob", "bob@example.com" },
                                        { NULL, "c@example.com" },
                                        { "Dan", NULL } };
static struct contact_member members[] = { { "m@example.com", "Em", NULL },
                                           { NULL, "En", "id-1" } };

static struct person everything(void)
{
    struct person person = {
        .id = "ann@example.com",
        .kind = PERSON_ROOM,
        .personal = true,
        .alias = "anne",
        .addresses = addresses,
        .manager = { "Max", "max@example.com" },
        .reports = reports,
        .report_count = 3,
    };
    struct contact *contact = &person.contact;

    contact->uid = "uid-1";
    contact->group = true;
    for (size_t i = 0; i < CONTACT_TEXT_COUNT; i++)
        contact->text[i] = "text";
    contact->text[CONTACT_DISPLAY_NAME] = "\xC3\x84nn Ex";
    contact->text[CONTACT_SURNAME] = NULL;
    contact->phone[PHONE_TTY] = "+1";
    contact->email[2] = (struct contact_email){ "x@example.com", "Ex" };
    contact->place[PLACE_OTHER].box = "12";
    contact->preferred_place = -1;
    contact->certificates = certificates;
    contact->categories = categories;
    contact->birthday = (struct when){ .kind = WHEN_DATE, .instant = 0 };
    contact->anniversary =
        (struct when){ .kind = WHEN_DATE, .instant = -86400 };
    contact->gender = 1;
    contact->class = CLASS_PRIVATE;
    contact->members = members;
    contact->member_count = 2;
    contact->modified = 1234567890123;
    return person;
}

Test(directory_pack, keeps_all_of_a_person)
{
    struct arena *arena = arena_new();
    struct person person = everything();
    const struct person *copy = person_copy(arena, &person);

    cr_assert_not_null(copy);
    cr_expect_str_eq(copy->id, person.id);
    cr_expect_eq(copy->kind, PERSON_ROOM);
    cr_expect(copy->personal);
    cr_expect_str_eq(copy->alias, "anne");
    cr_expect_str_eq(copy->addresses[0], addresses[0]);
    cr_expect_str_eq(copy->addresses[1], addresses[1]);
    cr_expect_null(copy->addresses[2]);
    cr_expect_str_eq(copy->manager.name, "Max");
    cr_expect_str_eq(copy->manager.address, "max@example.com");
    cr_assert_eq(copy->report_count, 3);
    cr_expect_str_eq(copy->reports[0].address, "bob@example.com");
    cr_expect_null(copy->reports[1].name);
    cr_expect_str_eq(copy->reports[1].address, "c@example.com");
    cr_expect_str_eq(copy->reports[2].name, "Dan");
    cr_expect_null(copy->reports[2].address);
    cr_expect(contact_equal(&copy->contact, &person.contact));
    cr_expect_str_eq(copy->contact.uid, "uid-1");
    cr_expect_str_eq(copy->contact.place[PLACE_OTHER].box, "12");
    cr_expect_eq(copy->contact.preferred_place, -1);
    cr_expect_str_eq(copy->contact.certificates[1], "MIIC");
    cr_expect_str_eq(copy->contact.members[1].id, "id-1");
    cr_expect_null(copy->contact.members[1].address);
    cr_expect_eq(copy->contact.modified, person.contact.modified);
    arena_free(&arena);
}

Test(directory_pack, reads_nothing_beyond_what_is_there)
{
    struct arena *arena = arena_new();
    struct person person = everything();
    struct buf packed;

    buf_init(&packed, arena);
    person_pack(&packed, &person);
    cr_expect(person_packed_has(packed.data, packed.len, "A.E@example.com"));
    cr_expect_not(person_packed_has(packed.data, packed.len, "x@example.com"));
    for (size_t len = 0; len < packed.len; len++) {
        const char *part = arena_memdup(arena, packed.data, len);
        const struct person *read = person_unpack(arena, part, len);

        cr_expect((read == NULL) == (len == 0), "%zu", len);
        person_packed_has(part, len, "A.E@example.com");
    }
    packed.data[0]++;
    cr_expect_null(person_unpack(arena, packed.data, packed.len),
                   "another version has packed it");
    arena_free(&arena);
}

/* --- Words ---------------------------------------------------------------- */

Test(directory_words, each_that_is_asked_for_begins_one_of_a_person)
{
    static const char *const list[] = { "Anne.OBrien@example.com", NULL };
    struct arena *arena = arena_new();
    struct person person = { .addresses = list, .alias = "aob7" };

    person.contact.text[CONTACT_DISPLAY_NAME] =
        "O'Brien-Gro\xC3\x9F, Ann\xC3\xA9 (Z\xC3\xBCrich, \xC5\x81\xC3\xB3"
        "d\xC5\xBA)";
    /* clang-format off */
    static const struct { const char *text; bool fits; } cases[] = {
        { "",                  true },
        { ", ;",               true },
        { "o'b",               true },
        { "brien",             true },
        { "ANN",               true },
        { "ann\xC3\x89",       true },
        { "anne o'brien",      true },
        { "\"O'Brien, Ann\"",  true },
        { "zur",               true },
        { "gros",              true },
        { "GROSS",             true },
        { "gro\xC3\x9F",       true },
        { "lodz",              true },
        { "\xC5\x82\xC3\xB3" "d", true },
        { "aob",               true },
        { "anne.ob",           true },
        { "obrien@ex",         true },
        { "<anne.obrien@example.com>", true },
        { "example",           false },
        { "rien",              false },
        { "anne x",            false },
        { "zurichsee",         false },
        { "zuerich",           false },
    };
    /* clang-format on */
    const char *const *words = words_of(arena, &person);

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect_eq(words_fit(words_asked(arena, cases[i].text), words),
                     cases[i].fits, "%s", cases[i].text);
    arena_free(&arena);
}
