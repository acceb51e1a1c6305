/*
 * directory_personal.c - tests of finding the people in contact folders
 */
#include <criterion/criterion.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "tests/proxy/exchange/directory.h"

#define MIA                                                                    \
    "NICKNAME:Mimi\r\nEMAIL:mia.mueller@example.org\r\n"                       \
    "EMAIL:mm@example.net\r\nORG:Wolf & Sons;Garden\r\nTITLE:Gardener\r\n"     \
    "TEL;TYPE=work:+49 30 1234\r\nNOTE:likes roses\r\n"

/* Mia Müller and Tom Tailor in the main folder. */
static struct office open_office(void)
{
    struct office office = lookup_office();

    EXPECT_OK(
        office_put(&office, office.contacts, "mia.vcf",
                   office_card(&office, "mia", "Mia M\xC3\xBCller", MIA)));
    EXPECT_OK(office_put(&office, office.contacts, "tom.vcf",
                         office_card(&office, "tom", "Tom Tailor",
                                     "EMAIL:tom@example.org\r\n")));
    return office;
}

static void look_each_time(struct office *office)
{
    lookup_set(office, "exchange.status_interval", "0");
}

static const char *names_of(struct office *office, const char *text)
{
    struct found found = lookup_personal(office, text);

    cr_expect_eq(found.status, STATUS_OK, "%s: %s", text,
                 office->op.reason != NULL ? office->op.reason : "");
    cr_expect(found.complete, "%s", text);
    return found.names;
}

static const struct person *get(struct office *office, const char *id)
{
    const struct person *person;

    cr_expect_eq(people_get(&office->op, office->account, id, &person),
                 STATUS_OK, "%s", id);
    return person;
}

Test(directory_personal, is_found_by_any_word)
{
    struct office office = open_office();

    /* clang-format off */
    static const struct { const char *text, *names; } cases[] = {
        { "m",              "Mia M\xC3\xBCller" },
        { "mia m",          "Mia M\xC3\xBCller" },
        { "MU, mia",        "Mia M\xC3\xBCller" },
        { "m\xC3\xBC",      "Mia M\xC3\xBCller" },
        { "mimi",           "Mia M\xC3\xBCller" },
        { "mueller",        "Mia M\xC3\xBCller" },
        { "mia.mu",         "Mia M\xC3\xBCller" },
        { "mm@example.net", "Mia M\xC3\xBCller" },
        { "wolf",           "Mia M\xC3\xBCller" },
        { "sons",           "Mia M\xC3\xBCller" },
        { "t",              "Tom Tailor" },
        { "tailor tom",     "Tom Tailor" },
        { "",               "Mia M\xC3\xBCller, Tom Tailor" },
        { "roses",          "" },
        { "example",        "" },
        { "mia tom",        "" },
        { "iller",          "" },
    };
    /* clang-format on */
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect_str_eq(names_of(&office, cases[i].text), cases[i].names, "%s",
                         cases[i].text);
    cr_expect_str_eq(
        lookup(&office, PEOPLE_PERSONAL, PEOPLE_BY_ADDRESS, "MM@example.net", 0)
            .names,
        "Mia M\xC3\xBCller");
    cr_expect_eq(
        lookup(&office, PEOPLE_PERSONAL, PEOPLE_BY_ADDRESS, "m@example.net", 0)
            .count,
        0);
    cr_expect_eq(lookup(&office, PEOPLE_PERSONAL, PEOPLE_ALL, NULL, 0).count,
                 2);
    cr_expect_eq(lookup(&office, PEOPLE_PERSONAL, PEOPLE_ALL, NULL, 1).count,
                 1);
    office_close(&office);
}

Test(directory_personal, tells_all_of_a_card)
{
    struct office office = open_office();
    struct found found = lookup_personal(&office, "mia");
    const struct person *mia = get(&office, found.ids);

    cr_assert_not_null(mia);
    cr_expect(mia->personal);
    cr_expect_eq(mia->kind, PERSON_USER);
    cr_expect_str_eq(mia->addresses[0], "mia.mueller@example.org");
    cr_expect_str_eq(mia->addresses[1], "mm@example.net");
    cr_expect_null(mia->addresses[2]);
    cr_expect_str_eq(mia->contact.text[CONTACT_COMPANY], "Wolf & Sons");
    cr_expect_str_eq(mia->contact.text[CONTACT_DEPARTMENT], "Garden");
    cr_expect_str_eq(mia->contact.text[CONTACT_JOB_TITLE], "Gardener");
    cr_expect_str_eq(mia->contact.text[CONTACT_NOTE], "likes roses");
    cr_expect_str_eq(mia->contact.phone[PHONE_WORK], "+49 30 1234");
    cr_expect_eq(mia->contact.birthday.kind, WHEN_NONE);
    office_close(&office);
}

Test(directory_personal, costs_one_call_for_a_folder_and_none_for_seconds)
{
    struct office office = open_office();

    look_each_time(&office);
    names_of(&office, "m");
    office_calls(&office);
    names_of(&office, "m");
    cr_expect_eq(office_calls(&office), 1, "a look at the folder");
    lookup_set(&office, "exchange.status_interval", "60");
    names_of(&office, "mi");
    cr_expect_eq(office_calls(&office), 0);
    office_close(&office);
}

Test(directory_personal, keeps_up_with_changes_made_elsewhere)
{
    struct office office = open_office();
    struct office other = office_beside(&office, ANN);

    look_each_time(&office);
    cr_expect_str_eq(names_of(&office, "to"), "Tom Tailor");
    const char *id = lookup_personal(&office, "to").ids;
    office_refresh(&other, other.contacts);
    const char *text = office_get(&other, other.contacts, "tom.vcf");
    text = office_edit(&other, text, "FN:Tom Tailor", "FN:Theo Taylor");
    EXPECT_OK(office_put(&other, other.contacts, "tom.vcf", text));
    EXPECT_OK(office_put(&other, other.contacts, "eve.vcf",
                         office_card(&other, "eve", "Eve Fresh", "")));

    office_calls(&office);
    cr_expect_str_eq(names_of(&office, "theo"), "Theo Taylor");
    cr_expect_eq(exchange_calls(office.exchange, "GetItem"), 1,
                 "both that are new, and no other");
    cr_expect_str_eq(names_of(&office, "eve"), "Eve Fresh");
    cr_expect_str_eq(names_of(&office, "tailor"), "Theo Taylor",
                     "the name's parts have stayed");
    cr_expect_str_eq(lookup_personal(&office, "theo").ids, id,
                     "he is the same");

    EXPECT_OK(office_delete(&other, other.contacts, "tom.vcf"));
    cr_expect_str_eq(names_of(&office, "t"), "");
    const struct person *gone;
    cr_expect_eq(people_get(&office.op, office.account, id, &gone),
                 STATUS_NOT_FOUND);
    office_close(&other);
    office_close(&office);
}

Test(directory_personal, finds_who_is_in_other_folders_of_the_mailbox)
{
    struct office office = open_office();
    struct object_written moved;
    int64_t friends;

    look_each_time(&office);
    EXPECT_OK(folder_create(&office.op, office.account, 0, FOLDER_CONTACTS,
                            "Friends", &friends));
    office_refresh(&office, friends);
    EXPECT_OK(object_transfer(&office.op, office.account, office.contacts,
                              "tom.vcf", friends, "tom.vcf", true, false, NULL,
                              &moved));
    cr_expect_str_eq(names_of(&office, "tom"), "Tom Tailor");
    EXPECT_OK(folder_delete(&office.op, office.account, friends));
    cr_expect_str_eq(names_of(&office, "tom"), "");
    office_close(&office);
}

static enum folder_kind kind_of(struct office *office, const char *name)
{
    struct folder *folders;
    size_t count;

    cr_assert_eq(folder_list(&office->op, office->account, &folders, &count),
                 STATUS_OK);
    for (size_t i = 0; i < count; i++)
        if (strcmp(folders[i].name, name) == 0)
            return folders[i].kind;
    cr_assert(false, "there is no %s", name);
    return FOLDER_OTHER;
}

/* Whom mail was sent to once is not a contact yet. */
Test(directory_personal, leaves_out_folders_that_programs_fill)
{
    struct office office = open_office();

    exchange_add_folder(office.exchange, ANN, "Friends");
    exchange_classify_folder(office.exchange, ANN, "Friends", "IPF.Contact");
    exchange_add_folder(office.exchange, ANN, "Cache");
    exchange_classify_folder(office.exchange, ANN, "Cache",
                             "IPF.Contact.RecipientCache");
    struct office other = office_beside(&office, ANN);
    cr_expect_eq(kind_of(&other, "Friends"), FOLDER_CONTACTS);
    cr_expect_eq(kind_of(&other, "Cache"), FOLDER_OTHER);
    office_close(&other);
    office_close(&office);
}

Test(directory_personal, has_no_ghosts_after_a_restart)
{
    struct office office = office_open_on_disk(EXCHANGE_2016);

    EXPECT_OK(office_put(&office, office.contacts, "mia.vcf",
                         office_card(&office, "mia", "Mia Miller", MIA)));
    EXPECT_OK(office_put(&office, office.contacts, "max.vcf",
                         office_card(&office, "max", "Max Miller", "")));
    cr_expect_eq(lookup_personal(&office, "mill").count, 2);
    const char *id = lookup_personal(&office, "mia").ids;
    struct office other = office_beside(&office, ANN);
    office_refresh(&other, other.contacts);
    EXPECT_OK(office_delete(&other, other.contacts, "max.vcf"));
    office_restart(&office, false);
    cr_expect_str_eq(names_of(&office, "mill"), "Mia Miller");

    /* Without the index they are read again, and are the same. */
    office_restart(&office, true);
    struct found found = lookup_personal(&office, "mill");
    cr_expect_str_eq(found.names, "Mia Miller");
    cr_expect_str_eq(found.ids, id);
    office_close(&other);
    office_close(&office);
}

Test(directory_personal, is_there_while_exchange_is_away)
{
    office_patience = "2";
    struct office office = open_office();

    look_each_time(&office);
    names_of(&office, "m");
    office_fault(&office, NULL, FAULT_HTTP_503, 100000);
    struct found found = lookup_personal(&office, "mia");
    cr_expect_eq(found.status, STATUS_OK);
    cr_expect_str_eq(found.names, "Mia M\xC3\xBCller");
    cr_expect_not(found.complete);

    /* That nobody else is known does not mean that there is nobody. */
    cr_expect_neq(lookup_personal(&office, "zoe").status, STATUS_OK);
    office_close(&office);
}

Test(directory_personal, comes_before_the_organisation)
{
    office_patience = "2";
    struct office office = open_office();

    EXPECT_OK(office_put(&office, office.contacts, "kim.vcf",
                         office_card(&office, "kim", "Kim of Mine",
                                     "EMAIL:kim@example.org\r\n")));
    struct found found =
        lookup(&office, PEOPLE_BOTH, PEOPLE_BY_BEGINNING, "kim", 100);
    cr_expect_eq(found.status, STATUS_OK);
    cr_expect_str_eq(found.names, "Kim of Mine, Kim Example");
    cr_expect(found.complete);

    /* Of a source that does not answer the other takes no harm. */
    office_fault(&office, "ResolveNames", FAULT_MALFORMED, 1000);
    found = lookup(&office, PEOPLE_BOTH, PEOPLE_BY_BEGINNING, "ki", 100);
    cr_expect_eq(found.status, STATUS_OK);
    cr_expect_str_eq(found.names, "Kim of Mine");
    cr_expect_not(found.complete);
    office_close(&office);
}

/* --- Groups and pictures -------------------------------------------------- */

Test(directory_personal, groups_tell_their_members_and_those_that_are_cards)
{
    struct office office = open_office();
    struct person_link *members;
    size_t count;
    bool complete;

    look_each_time(&office);
    names_of(&office, "m");
    EXPECT_OK(
        office_put(&office, office.contacts, "club.vcf",
                   office_card(&office, "club", "Rose Club",
                               "KIND:group\r\nMEMBER:mailto:zoe@example.org\r\n"
                               "MEMBER:urn:uuid:tom\r\n")));
    const char *id = lookup_personal(&office, "rose").ids;
    const struct person *club = get(&office, id);
    cr_assert_not_null(club);
    cr_expect_eq(club->kind, PERSON_GROUP);
    EXPECT_OK(people_members(&office.op, office.account, club, &members, &count,
                             &complete));
    cr_expect(complete);
    cr_assert_eq(count, 2);
    cr_expect_str_eq(members[0].address, "zoe@example.org");
    cr_expect_str_eq(members[1].address, "tom@example.org");

    /* What a member's card says is looked at when it changes. */
    EXPECT_OK(office_put(&office, office.contacts, "tom.vcf",
                         office_card(&office, "tom", "Tom Tailor",
                                     "EMAIL:tom@example.net\r\n")));
    names_of(&office, "tom");
    EXPECT_OK(people_members(&office.op, office.account, get(&office, id),
                             &members, &count, &complete));
    cr_assert_eq(count, 2);
    cr_expect_str_eq(members[1].address, "tom@example.net");
    office_close(&office);
}

Test(directory_personal, pictures_are_those_of_the_cards)
{
    struct office office = open_office();
    const void *data;
    const char *type;
    size_t len;

    EXPECT_OK(
        office_put(&office, office.contacts, "pia.vcf",
                   office_card(&office, "pia", "Pia Picture",
                               "PHOTO:data:image/jpeg;base64,/9j/4AAB\r\n")));
    const struct person *pia =
        get(&office, lookup_personal(&office, "pia").ids);
    cr_assert_not_null(pia);
    cr_expect(pia->contact.has_photo || pia->contact.photo == NULL);
    EXPECT_OK(
        people_photo(&office.op, office.account, pia, 96, &data, &len, &type));
    cr_expect_eq(len, 6);
    cr_expect_eq(memcmp(data, "\xFF\xD8\xFF\xE0\x00\x01", 6), 0);
    cr_expect_str_eq(type, "image/jpeg");
    cr_expect_eq(people_photo(&office.op, office.account,
                              get(&office, lookup_personal(&office, "tom").ids),
                              96, &data, &len, &type),
                 STATUS_NOT_FOUND);
    office_close(&office);
}

/* A card whose picture has so many octets, about. */
static void put_picture(struct office *office, const char *name, size_t octets)
{
    struct buf photo;

    buf_init(&photo, office->op.arena);
    buf_puts(&photo, "PHOTO:data:image/jpeg;base64,");
    for (size_t i = 0; i < octets / 3; i++)
        buf_puts(&photo, "/9j/");
    buf_puts(&photo, "\r\n");
    cr_assert_eq(office_put(office, office->contacts,
                            arena_printf(office->op.arena, "%s.vcf", name),
                            office_card(office, name, name, photo.data)),
                 STATUS_OK);
}

Test(directory_personal, pictures_may_be_so_large_and_no_larger)
{
    static const struct {
        const char *name;
        size_t octets;
        enum status status;
    } cases[] = {
        { "small", 900, STATUS_OK },
        { "large", 1200, STATUS_NOT_FOUND },
    };
    struct office office = open_office();
    const void *data;
    const char *type;
    size_t len;

    lookup_set(&office, "directory.photo_limit", "1K");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        put_picture(&office, cases[i].name, cases[i].octets);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *id = lookup_personal(&office, cases[i].name).ids;

        cr_expect_eq(people_photo(&office.op, office.account, get(&office, id),
                                  96, &data, &len, &type),
                     cases[i].status, "%s", cases[i].name);
    }
    office_close(&office);
}
