/*
 * test_completion.c - addresses that are completed while they are typed
 *
 * What has been told of fewer letters, and what a client does not take, must
 * not hide anybody who would have been found at once.
 */
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "proxy/base/str.h"
#include "proxy/base/utf8.h"
#include "tests/ldap/asking.h"

#define ALL_OF_THEM 250

/* --- Letter by letter ------------------------------------------------------
 */

/* clang-format off */
static const struct {
    const char *address;
    const char *given;
    const char *surname;
} people[] = {
    { "walter@example.com",  "Walter",       "Gro\xc3\x9f" },
    { "rosa@example.com",    "Rosa",         "M\xc3\xbcller" },
    { "hugo@example.com",    "Hugo",         "O'Neil" },
    { "jan@example.com",     "Jan",          "van der Berg" },
    { "sean@example.com",    "Se\xc3\xa1n",  "\xc3\x93 Briain" },
    { "jp@example.com",      "Jean-Pierre",  "L\xc3\xa9vy" },
    { "lz@example.com",      "\xc5\x81ukasz", "Zieli\xc5\x84ski" },
    { "sh@example.com",      "S\xc3\xb8ren", "Holm" },
    { "hanako@example.com",  "\xe8\x8a\xb1\xe5\xad\x90", "\xe4\xbd\x90\xe8\x97\xa4" },
    { "olga@example.com",    "\xd0\x9e\xd0\xbb\xd1\x8c\xd0\xb3\xd0\xb0",
                             "\xd0\x9a\xd0\xbe\xd0\xb7\xd0\xb0\xd0\xba" },
};

/* What is typed for each, one after the other. */
static const struct {
    size_t who;
    const char *text;
} typed[] = {
    { 0, "gro\xc3\x9f" }, { 0, "gross" }, { 0, "walter gros" }, { 0, "walter@ex" },
    { 1, "m\xc3\xbcller" }, { 1, "muller" }, { 1, "rosa m" }, { 1, "ROSA MU" },
    { 2, "o'n" }, { 2, "hugo o'" }, { 2, "hugo@example.com" },
    { 3, "van d" }, { 3, "jan van der" }, { 3, "van der berg" },
    { 4, "\xc3\xb3 b" }, { 4, "sean o" }, { 4, "se\xc3\xa1n \xc3\xb3 briain" },
    { 5, "jean-p" }, { 5, "l\xc3\xa9v" }, { 5, "levy" }, { 5, "jean-pierre le" },
    { 6, "\xc5\x82uk" }, { 6, "luk" }, { 6, "zielinski" },
    { 7, "s\xc3\xb8r" }, { 7, "soren h" },
    { 8, "\xe8\x8a\xb1\xe5\xad\x90" }, { 8, "\xe4\xbd\x90" },
    { 9, "\xd0\xbe\xd0\xbb\xd1\x8c" }, { 9, "\xd0\x9a\xd0\x9e\xd0\x97" },
};
/* clang-format on */

static void add_person(struct exchange *exchange, const char *address,
                       const char *given, const char *surname)
{
    struct arena *arena = arena_new();

    exchange_add_person(exchange, address,
                        arena_printf(arena, "%s %s", given, surname));
    exchange_describe(exchange, address, "GivenName", given);
    exchange_describe(exchange, address, "Surname", surname);
    arena_free(&arena);
}

/* The beginning of a text, as Thunderbird asks for it. */
static struct heard complete(struct asking *asking, const char *text,
                             size_t len)
{
    struct arena *arena = asking->office.arena;
    const char *typed_so_far = arena_strndup(arena, text, len);
    const char *space = strchr(typed_so_far, ' ');
    const char *first = space == NULL
                            ? typed_so_far
                            : arena_strndup(arena, typed_so_far,
                                            (size_t)(space - typed_so_far));
    const char *rest = space == NULL ? "" : space + 1;
    const struct question question = {
        .scope = LDAP_SUBTREE,
        .filter = arena_printf(arena,
                               "(|(cn=*%s*%s*)(mail=*%s*)(givenName=*%s*)"
                               "(sn=*%s*))",
                               first, rest, typed_so_far, first, typed_so_far),
        .attributes = "cn mail",
        .size_limit = 100,
    };

    return asking_search(asking, &question);
}

Test(ldap_completion, finds_at_each_letter_whom_asking_at_once_finds)
{
    struct asking typing = asking_open(), at_once = asking_open();

    asking_set(&at_once, "directory.cache_seconds", "0");
    for (size_t i = 0; i < sizeof people / sizeof *people; i++) {
        add_person(typing.office.exchange, people[i].address, people[i].given,
                   people[i].surname);
        add_person(at_once.office.exchange, people[i].address, people[i].given,
                   people[i].surname);
    }
    for (size_t i = 0; i < sizeof typed / sizeof *typed; i++) {
        const char *text = typed[i].text;
        const char *dn = people[typed[i].who].address;

        for (size_t len = 1; len <= strlen(text); len++) {
            if (((unsigned char)text[len] & 0xC0) == 0x80 ||
                text[len - 1] == ' ')
                continue;
            struct heard heard = complete(&typing, text, len);
            cr_expect(strstr(heard.dns, dn) != NULL, "%.*s: %s", (int)len, text,
                      heard.dns);
            struct heard fresh = complete(&at_once, text, len);
            cr_expect_str_eq(heard.dns, fresh.dns, "%.*s", (int)len, text);
        }
    }
    asking_close(&typing);
    asking_close(&at_once);
}

/* --- Among many ------------------------------------------------------------
 */

/* Clara Marten comes last of those who are called Clara. */
static struct asking many_open(void)
{
    struct asking asking = asking_open();
    struct arena *arena = asking.office.arena;

    for (int i = 0; i < ALL_OF_THEM; i++)
        add_person(asking.office.exchange,
                   arena_printf(arena, "c%d@example.com", i), "Clara",
                   arena_printf(arena, "Aa%d", i));
    add_person(asking.office.exchange, "marten@example.com", "Clara", "Marten");
    return asking;
}

Test(ldap_completion, tells_first_who_fits_most_of_what_was_typed)
{
    struct asking asking = many_open();
    struct heard heard = complete(&asking, "clara", 5);

    cr_expect_eq(heard.count, 100);
    cr_expect_eq(heard.result.code, LDAP_SIZE_LIMIT_EXCEEDED);
    office_calls(&asking.office);
    heard = complete(&asking, "clara m", 7);
    cr_expect(str_starts(heard.dns, "uid=marten@example.com,"), "%s",
              heard.dns);
    cr_expect_eq(office_calls(&asking.office), 1, "a keystroke is one call");
    asking_close(&asking);
}

/* clang-format off */
static const char *const narrow[] = {
    "(cn=clara*mar*)",
    "(cn=*clara*mar*)",
    "(cn~=clara marten)",
    "(&(givenName=clara)(sn=m*))",
    "(&(sn=*mar*)(givenName=*clara*))",
    "(&(cn=clara*)(sn=mart*))",
    "(cn=clara mar*)",
    "(anr=marten clara)",
};
/* clang-format on */

Test(ldap_completion, asks_more_closely_where_many_have_the_first_name)
{
    for (size_t i = 0; i < sizeof narrow / sizeof *narrow; i++) {
        struct asking asking = many_open();
        const struct question question = { .scope = LDAP_SUBTREE,
                                           .filter = narrow[i],
                                           .size_limit = 20 };
        struct heard heard = asking_search(&asking, &question);

        cr_expect_str_eq(heard.names, "Clara Marten", "%s: %s", narrow[i],
                         heard.names);
        asking_close(&asking);
    }
}

/* --- Twice -----------------------------------------------------------------
 */

/* clang-format off */
static const struct {
    const char *attributes;
    const char *card;
    const char *entries;
} twins[] = {
    { "cn mail", "EMAIL:BOB@example.com\r\nEMAIL:bob@home.example\r\nEMAIL:robert@example.com\r\n",
      "cn=Bob Berg mail=BOB@example.com,bob@home.example,robert@example.com\n" },
    { "cn mail uid objectClass", "EMAIL:bob@example.com\r\nEMAIL:robert@example.com\r\n", NULL },
    { "cn mail department", "EMAIL:bob@example.com\r\nEMAIL:robert@example.com\r\n",
      "cn=Bob Berg mail=bob@example.com,robert@example.com\n"
      "cn=Bob Berg mail=bob@example.com,robert@example.com department=Bakery\n" },
    { "cn mail", "EMAIL:bob@example.com\r\n",
      "cn=Bob Berg mail=bob@example.com\n"
      "cn=Bob Berg mail=bob@example.com,robert@example.com\n" },
    { "cn mail", "EMAIL:bob@elsewhere.example\r\n",
      "cn=Bob Berg mail=bob@elsewhere.example\n"
      "cn=Bob Berg mail=bob@example.com,robert@example.com\n" },
    { "cn", "EMAIL:bob@example.com\r\nEMAIL:robert@example.com\r\n",
      "cn=Bob Berg\ncn=Bob Berg\n" },
};
/* clang-format on */

Test(ldap_completion, offers_a_colleague_once_of_whom_one_keeps_a_card)
{
    for (size_t i = 0; i < sizeof twins / sizeof *twins; i++) {
        struct asking asking = asking_open();
        struct office *office = &asking.office;
        const struct question question = { .scope = LDAP_SUBTREE,
                                           .filter = "(cn=bob*)",
                                           .attributes = twins[i].attributes };

        cr_assert_eq(
            office_put(office, office->contacts, "bob.vcf",
                       office_card(office, "bob", "Bob Berg", twins[i].card)),
            STATUS_OK);
        struct heard heard = asking_search(&asking, &question);
        if (twins[i].entries != NULL)
            cr_expect_str_eq(heard.entries, twins[i].entries, "%s: %s",
                             twins[i].attributes, heard.entries);
        else
            cr_expect_eq(heard.count, 1, "%s", heard.entries);
        asking_close(&asking);
    }
}
