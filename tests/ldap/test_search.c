/*
 * test_search.c - what searches find, in the tree and of people
 */
#include <string.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "ldap/offers.h"
#include "proxy/base/str.h"
#include "tests/ldap/asking.h"

#define ONE LDAP_ONE_LEVEL
#define SUB LDAP_SUBTREE
#define BASE LDAP_BASE

static struct heard search(struct asking *asking, const char *base,
                           enum ldap_scope scope, const char *filter,
                           const char *attributes)
{
    const struct question question = {
        .base = base, .scope = scope, .filter = filter, .attributes = attributes
    };

    return asking_search(asking, &question);
}

/* --- The tree ------------------------------------------------------------- */

/* clang-format off */
static const struct {
    const char *base;
    enum ldap_scope scope;
    const char *filter;
    const char *dns;
    enum ldap_code code;
    const char *matched;
} places[] = {
    { "", BASE, "(objectClass=*)", "", LDAP_SUCCESS, NULL },
    { "", BASE, "(objectClass=top)", "", LDAP_SUCCESS, NULL },
    { "", ONE, "(objectClass=*)", "ou=people|o=od", LDAP_SUCCESS, NULL },
    { "", ONE, "(ou=people)", "ou=people", LDAP_SUCCESS, NULL },
    { "", SUB, "(objectClass=container)",
      "cn=users,o=od|cn=groups,o=od|cn=computers,o=od|cn=config,o=od", LDAP_SUCCESS, NULL },
    { "cn=subschema", BASE, "(objectClass=subschema)", "cn=Subschema", LDAP_SUCCESS, NULL },
    { "cn=subschema", SUB, "(objectClass=*)", "cn=Subschema", LDAP_SUCCESS, NULL },
    { "cn=subschema", ONE, "(objectClass=*)", "", LDAP_SUCCESS, NULL },
    { "ou=people", BASE, "(objectClass=*)", "ou=people", LDAP_SUCCESS, NULL },
    { "OU = People", BASE, "(objectClass=organizationalUnit)", "ou=people", LDAP_SUCCESS, NULL },
    { "ou=people", BASE, "(objectClass=person)", "", LDAP_SUCCESS, NULL },
    { "o=od", ONE, "(cn=*s)", "cn=users,o=od|cn=groups,o=od|cn=computers,o=od", LDAP_SUCCESS, NULL },
    { "cn=config,o=od", SUB, "(objectClass=*)", "cn=config,o=od", LDAP_SUCCESS, NULL },
    { "cn=config,o=od", ONE, "(objectClass=*)", "", LDAP_SUCCESS, NULL },

    { "ou=people", ONE, "(cn=adam smi*)", "uid=smith0@example.com,ou=people", LDAP_SUCCESS, NULL },
    { "ou=people", SUB, "(cn=adam smi*)", "uid=smith0@example.com,ou=people", LDAP_SUCCESS, NULL },
    { "", SUB, "(cn=adam smi*)", "uid=smith0@example.com,ou=people", LDAP_SUCCESS, NULL },
    { "", ONE, "(cn=adam smi*)", "", LDAP_SUCCESS, NULL },
    { "o=od", SUB, "(cn=adam smi*)", "uid=smith0@example.com,cn=users,o=od", LDAP_SUCCESS, NULL },
    { "o=od", ONE, "(cn=adam smi*)", "", LDAP_SUCCESS, NULL },
    { "cn=users,o=od", ONE, "(cn=adam smi*)", "uid=smith0@example.com,cn=users,o=od", LDAP_SUCCESS, NULL },
    { "cn=groups,o=od", ONE, "(cn=adam smi*)", "", LDAP_SUCCESS, NULL },
    { "o=od", SUB, "(cn=kitchen*)", "uid=crew@example.com,cn=groups,o=od", LDAP_SUCCESS, NULL },
    { "cn=users,o=od", SUB, "(cn=kitchen*)", "", LDAP_SUCCESS, NULL },
    { "cn=computers,o=od", SUB, "(cn=adam smi*)", "", LDAP_SUCCESS, NULL },

    { "uid=bob@example.com,ou=people", BASE, "(objectClass=*)", "uid=bob@example.com,ou=people", LDAP_SUCCESS, NULL },
    { "UID=Bob@Example.com, OU=PEOPLE", SUB, "(objectClass=*)", "uid=bob@example.com,ou=people", LDAP_SUCCESS, NULL },
    { "uid=bob@example.com,ou=people", ONE, "(objectClass=*)", "", LDAP_SUCCESS, NULL },
    { "uid=bob@example.com,ou=people", BASE, "(title=boss)", "", LDAP_SUCCESS, NULL },
    { "uid=bob@example.com,cn=users,o=od", BASE, "(objectClass=apple-user)",
      "uid=bob@example.com,cn=users,o=od", LDAP_SUCCESS, NULL },

    { "uid=nobody@example.com,ou=people", BASE, "(objectClass=*)", "", LDAP_NO_SUCH_OBJECT, "ou=people" },
    { "uid=nobody,ou=people", SUB, "(objectClass=*)", "", LDAP_NO_SUCH_OBJECT, "ou=people" },
    { "uid=crew@example.com,cn=users,o=od", BASE, "(objectClass=*)", "", LDAP_NO_SUCH_OBJECT, "cn=users,o=od" },
    { "cn=bob,ou=people", BASE, "(objectClass=*)", "", LDAP_NO_SUCH_OBJECT, "ou=people" },
    { "uid=x,uid=y,ou=people", BASE, "(objectClass=*)", "", LDAP_NO_SUCH_OBJECT, "ou=people" },
    { "uid=x,o=od", BASE, "(objectClass=*)", "", LDAP_NO_SUCH_OBJECT, "o=od" },
    { "dc=example,dc=com", SUB, "(objectClass=*)", "", LDAP_NO_SUCH_OBJECT, "" },
    { "people", SUB, "(objectClass=*)", "", LDAP_INVALID_DN_SYNTAX, NULL },
};
/* clang-format on */

Test(ldap_search, looks_where_it_is_told_to)
{
    struct asking asking = asking_open();

    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        struct heard heard = search(&asking, places[i].base, places[i].scope,
                                    places[i].filter, "1.1");

        cr_expect_str_eq(heard.dns, places[i].dns, "%s %d %s: %s",
                         places[i].base, places[i].scope, places[i].filter,
                         heard.dns);
        cr_expect(heard.result.code == places[i].code, "%s %d %s: %d",
                  places[i].base, places[i].scope, places[i].filter,
                  heard.result.code);
        cr_expect(str_equal(heard.result.matched, places[i].matched), "%s: %s",
                  places[i].base, heard.result.matched);
    }
    asking_close(&asking);
}

Test(ldap_search, tells_strangers_of_the_root_alone)
{
    struct asking asking = asking_open();
    struct heard heard;

    asking.anonymous = true;
    heard = search(&asking, "", BASE, "(objectClass=*)", "namingContexts");
    cr_expect_str_eq(heard.entries, "namingContexts=ou=people,o=od\n");
    cr_expect(heard.result.code == LDAP_SUCCESS);
    heard = search(&asking, "ou=people", SUB, "(cn=a*)", NULL);
    cr_expect(heard.count == 0);
    cr_expect(heard.result.code == LDAP_INSUFFICIENT_ACCESS_RIGHTS);
    heard = search(&asking, "uid=bob@example.com,ou=people", BASE,
                   "(objectClass=*)", NULL);
    cr_expect(heard.result.code == LDAP_INSUFFICIENT_ACCESS_RIGHTS);
    heard = search(&asking, "", SUB, "(objectClass=*)", NULL);
    cr_expect(heard.result.code == LDAP_INSUFFICIENT_ACCESS_RIGHTS);
    cr_expect(office_calls(&asking.office) == 0);
    asking_close(&asking);
}

Test(ldap_search, tells_in_the_root_what_there_is)
{
    static const char *const parts[] = {
        "objectClass=top",
        "namingContexts=ou=people,o=od",
        "defaultNamingContext=ou=people",
        "supportedLDAPVersion=3",
        "1.3.6.1.4.1.4203.1.5.1,1.3.6.1.4.1.4203.1.5.3",
        LDAP_CONTROL_PAGED,
        LDAP_CONTROL_SORT,
        LDAP_WHO_AM_I,
        "supportedSASLMechanisms=PLAIN",
        "vendorName=Postern",
        "vendorVersion=",
        "subschemaSubentry=cn=Subschema",
        "hasSubordinates=TRUE",
    };
    struct asking asking = asking_open();
    struct heard heard = search(&asking, "", BASE, "(objectClass=*)", "* +");

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        cr_expect(strstr(heard.entries, parts[i]) != NULL, "%s is not in %s",
                  parts[i], heard.entries);
    asking_close(&asking);
}

/* --- People --------------------------------------------------------------- */

/* clang-format off */
static const struct {
    const char *filter;
    const char *names;
    enum ldap_code code;
} people[] = {
    { "(cn=smi*)", "", LDAP_SUCCESS },
    { "(cn=mia m\xc3\xbc*)", "Mia M\xc3\xbcller", LDAP_SUCCESS },
    { "(cn=bob*)", "Bob Berg", LDAP_SUCCESS },
    { "(cn=BOB BERG)", "Bob Berg", LDAP_SUCCESS },
    { "(mail=bob@example.com)", "Bob Berg", LDAP_SUCCESS },
    { "(mail=robert@example.com)", "Bob Berg", LDAP_SUCCESS },
    { "(proxyAddresses=smtp:robert@example.com)", "Bob Berg", LDAP_SUCCESS },
    { "(mail=mia@example.org)", "Mia M\xc3\xbcller", LDAP_SUCCESS },
    { "(uid=bob@example.com)", "Bob Berg", LDAP_SUCCESS },
    { "(mozillaNickname=mi*)", "Mia M\xc3\xbcller", LDAP_SUCCESS },
    { "(birthDate=1980-02-29)", "Mia M\xc3\xbcller", LDAP_SUCCESS },
    { "(&(cn=bob*)(title=baker))", "Bob Berg", LDAP_SUCCESS },
    { "(&(cn=bob*)(title=boss))", "", LDAP_SUCCESS },
    { "(&(cn=bob*)(telephoneNumber=+493012 3456))", "Bob Berg", LDAP_SUCCESS },
    { "(&(cn=bob*)(!(title=boss)))", "Bob Berg", LDAP_SUCCESS },
    { "(&(cn=bob*)(!(unknown=boss)))", "", LDAP_SUCCESS },
    { "(&(cn=bob*)(manager=uid=ann@example.com,ou=people))", "Bob Berg", LDAP_SUCCESS },
    { "(&(cn=bob*)(objectClass=user))", "Bob Berg", LDAP_SUCCESS },
    { "(&(cn=bob*)(objectClass=x))", "", LDAP_SUCCESS },
    { "(&(cn=bob*)(objectClass=groupOfNames))", "", LDAP_SUCCESS },
    { "(&(cn=kitchen*)(objectClass=groupOfNames))", "Kitchen Crew", LDAP_SUCCESS },
    { "(&(cn=the r*)(objectClass=person))", "The Ritz", LDAP_SUCCESS },
    { "(|(cn=bob*)(cn=carol*))", "Bob Berg, Carol Carter", LDAP_SUCCESS },
    { "(|(cn=bob*)(mail=robert@example.com))", "Bob Berg", LDAP_SUCCESS },
    { "(anr=adam smi)", "Adam Smith", LDAP_SUCCESS },
    { "(cn~=smith adam)", "Adam Smith", LDAP_SUCCESS },
    { "(cn=*smith*)", "Adam Smith, Betty Smith, Chris Smith, Dora Smithers", LDAP_SUCCESS },
    { "(cn=*smith)", "Adam Smith, Betty Smith, Chris Smith", LDAP_SUCCESS },
    { "(cn=adam*smith)", "Adam Smith", LDAP_SUCCESS },
    { "(unknown=*)", "", LDAP_SUCCESS },
    { "(objectClass=x)", "", LDAP_SUCCESS },
    { "(|)", "", LDAP_SUCCESS },

    /* What only a list of everybody could answer: those who are known, and 4. */
    { "(title=gardener)", "Mia M\xc3\xbcller", LDAP_SIZE_LIMIT_EXCEEDED },
    { "(!(cn=bob*))", "Mia M\xc3\xbcller", LDAP_SIZE_LIMIT_EXCEEDED },
};
/* clang-format on */

Test(ldap_search, finds_people_by_what_the_filter_says)
{
    for (size_t i = 0; i < sizeof people / sizeof *people; i++) {
        struct asking asking = asking_open();
        struct heard heard = search(&asking, NULL, ONE, people[i].filter, "cn");

        cr_expect_str_eq(heard.names, people[i].names, "%s: %s",
                         people[i].filter, heard.names);
        cr_expect(heard.result.code == people[i].code, "%s: %d %s",
                  people[i].filter, heard.result.code, heard.result.message);
        asking_close(&asking);
    }
}

Test(ldap_search, costs_one_call_for_letters_and_none_for_more)
{
    struct asking asking = asking_open();

    search(&asking, NULL, SUB, "(mozillaNickname=x*)", NULL);
    office_calls(&asking.office);
    search(&asking, NULL, SUB, "(|(cn=ad*)(mail=ad*)(sn=ad*))", NULL);
    cr_expect(office_calls(&asking.office) == 1);
    cr_expect_str_eq(
        search(&asking, NULL, SUB, "(|(cn=ada*)(mail=ada*)(sn=ada*))", NULL)
            .names,
        "Adam Smith");
    cr_expect(office_calls(&asking.office) == 0);
    asking_close(&asking);
}

/* --- Attributes ----------------------------------------------------------- */

/* clang-format off */
static const struct {
    const char *attributes;
    const char *entry;
} selections[] = {
    { "cn", "cn=Bob Berg" },
    { "CN commonname", "CN=Bob Berg commonname=Bob Berg" },
    { "cn cn CN", "cn=Bob Berg" },
    { "2.5.4.3", "2.5.4.3=Bob Berg" },
    { "1.1", "" },
    { "unknown", "" },
    { "cn;lang-de", "" },
    { "jobtitle title", "title=Baker" },
    { "ou department departmentNumber", "ou=Bakery department=Bakery departmentNumber=Bakery" },
    { "mail", "mail=bob@example.com,robert@example.com" },
    { "proxyAddresses", "proxyAddresses=SMTP:bob@example.com,smtp:robert@example.com" },
    { "manager", "manager=uid=ann@example.com,ou=people" },
    { "telephoneNumber", "telephoneNumber=+49 30 1234-56" },
    { "roomNumber physicalDeliveryOfficeName", "physicalDeliveryOfficeName=B1 roomNumber=B1" },
    { "street", "street=1 High $t" },
    { "postalAddress", "postalAddress=1 High \\24t$Berlin" },
    { "userCertificate", "userCertificate;binary=300430020500" },
    { "usercertificate;binary", "usercertificate;binary=300430020500" },
    { "objectClass",
      "objectClass=top,person,organizationalPerson,inetOrgPerson,mozillaAbPersonAlpha,evolutionPerson,user" },
    { "entryDN", "entryDN=uid=bob@example.com,ou=people" },
    { "objectCategory", "objectCategory=person" },
    { "member", "" },
};
/* clang-format on */

Test(ldap_search, tells_attributes_by_the_names_they_are_asked_for)
{
    struct asking asking = asking_open();

    for (size_t i = 0; i < sizeof selections / sizeof *selections; i++) {
        struct heard heard =
            search(&asking, NULL, SUB, "(cn=bob*)", selections[i].attributes);

        cr_expect(heard.count == 1);
        cr_expect(strncmp(heard.entries, selections[i].entry,
                          strlen(selections[i].entry)) == 0 &&
                      heard.entries[strlen(selections[i].entry)] == '\n',
                  "%s: %s", selections[i].attributes, heard.entries);
    }
    asking_close(&asking);
}

Test(ldap_search, tells_all_and_all_operational_attributes)
{
    struct asking asking = asking_open();
    const char *all = search(&asking, NULL, SUB, "(cn=bob*)", "*").entries;
    const char *own = search(&asking, NULL, SUB, "(cn=bob*)", "+").entries;

    cr_expect(strstr(all, "cn=Bob Berg ") && strstr(all, "title=Baker"));
    cr_expect(!strstr(all, "entryDN=") && !strstr(all, "jpegPhoto=") &&
              !strstr(all, "anr="));
    cr_expect(strstr(all, " ou=Bakery") && !strstr(all, "departmentNumber="));
    cr_expect(strstr(own, "entryUUID=") && strstr(own, "entryDN="));
    cr_expect(!strstr(own, " cn="));
    cr_expect_str_eq(search(&asking, NULL, SUB, "(cn=bob*)", "").entries, all);
    asking_close(&asking);
}

Test(ldap_search, tells_types_without_values)
{
    struct asking asking = asking_open();
    const struct question question = { .scope = SUB,
                                       .filter = "(cn=bob*)",
                                       .attributes = "cn mail fax",
                                       .types_only = true };

    cr_expect_str_eq(asking_search(&asking, &question).entries, "cn= mail=\n");
    asking_close(&asking);
}

Test(ldap_search, fetches_pictures_and_members_when_they_are_asked_for)
{
    struct asking asking = asking_open();
    struct heard heard = search(&asking, NULL, SUB, "(cn=bob*)", "jpegPhoto");

    cr_expect(str_starts(heard.entries, "jpegPhoto=ffd8ffe0"), "%s",
              heard.entries);
    heard = search(&asking, NULL, SUB, "(cn=kitchen*)", "cn member");
    cr_expect_str_eq(heard.entries,
                     "cn=Kitchen Crew member=uid=ann@example.com,ou=people,"
                     "uid=bob@example.com,ou=people\n");
    heard = search(&asking, "uid=crew@example.com,ou=people", BASE,
                   "(member=uid=bob@example.com,ou=people)", "*");
    cr_expect(strstr(heard.entries, "member=uid=ann@") != NULL, "%s",
              heard.entries);
    asking_close(&asking);
}

/* Each entry is found again by its DN, and its DN holds one of its values. */
Test(ldap_search, finds_entries_again_by_their_names)
{
    static const char *const filters[] = { "(cn=mia*)", "(cn=bob*)",
                                           "(cn=kitchen*)", "(cn=the*)" };
    struct asking asking = asking_open();

    for (size_t i = 0; i < sizeof filters / sizeof *filters; i++) {
        struct heard first = search(&asking, NULL, SUB, filters[i], "* +");
        struct heard again =
            search(&asking, first.dns, BASE, "(objectClass=*)", "* +");
        const char *id = arena_strndup(asking.office.arena, first.dns + 4,
                                       strcspn(first.dns, ",") - 4);

        cr_expect(first.count == 1 && again.count == 1, "%s", filters[i]);
        cr_expect_str_eq(again.dns, first.dns);
        cr_expect(asking_compare(&asking, first.dns, "uid", id).code ==
                      LDAP_COMPARE_TRUE,
                  "%s", id);
    }
    asking_close(&asking);
}

/* --- Limits --------------------------------------------------------------- */

Test(ldap_search, tells_of_a_limit_only_when_there_is_more)
{
    static const struct {
        int32_t limit;
        size_t count;
        enum ldap_code code;
    } cases[] = {
        { 1, 1, LDAP_SIZE_LIMIT_EXCEEDED },
        { 3, 3, LDAP_SIZE_LIMIT_EXCEEDED },
        { 4, 4, LDAP_SUCCESS },
        { 5, 4, LDAP_SUCCESS },
        { 0, 4, LDAP_SUCCESS },
    };
    struct asking asking = asking_open();

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct question question = { .scope = SUB,
                                           .filter = "(cn=*smith*)",
                                           .size_limit = cases[i].limit };
        struct heard heard = asking_search(&asking, &question);

        cr_expect(heard.count == cases[i].count, "%d: %zu", cases[i].limit,
                  heard.count);
        cr_expect(heard.result.code == cases[i].code, "%d: %d", cases[i].limit,
                  heard.result.code);
    }
    asking_close(&asking);
}

Test(ldap_search, tells_that_the_directory_has_more)
{
    struct asking asking = asking_open();
    struct heard heard;

    exchange_fill_directory(asking.office.exchange, 300);
    heard = search(&asking, NULL, SUB, "(mail=*)", NULL);
    cr_expect(heard.result.code == LDAP_SIZE_LIMIT_EXCEEDED);
    cr_expect(heard.result.message != NULL);
    asking_close(&asking);
}

/* It comes in the background. */
Test(ldap_search, finds_everybody_in_an_offline_book)
{
    struct asking asking = asking_open();
    struct heard heard;

    exchange_offer_book(asking.office.exchange, true);
    asking_set(&asking, "directory.offline", "yes");
    for (int i = 0; i < 9000; i++) {
        heard = search(&asking, NULL, ONE, "(title=ba*)", NULL);
        if (heard.result.code == LDAP_SUCCESS)
            break;
        usleep(20000);
    }
    cr_expect_str_eq(heard.names, "Bob Berg");
    heard = search(&asking, NULL, ONE, "(telephoneNumber=*123456)", NULL);
    cr_expect_str_eq(heard.names, "Bob Berg");
    cr_expect(heard.result.code == LDAP_SUCCESS);
    asking_close(&asking);
}

/* --- Compare -------------------------------------------------------------- */

Test(ldap_search, compares_one_value)
{
    /* clang-format off */
    static const struct {
        const char *dn;
        const char *attribute;
        const char *value;
        enum ldap_code code;
    } cases[] = {
        { "uid=bob@example.com,ou=people", "cn", "bob berg", LDAP_COMPARE_TRUE },
        { "uid=bob@example.com,ou=people", "cn", "bob", LDAP_COMPARE_FALSE },
        { "uid=bob@example.com,ou=people", "objectClass", "person", LDAP_COMPARE_TRUE },
        { "uid=bob@example.com,ou=people", "fax", "1", LDAP_NO_SUCH_ATTRIBUTE },
        { "uid=bob@example.com,ou=people", "x", "1", LDAP_UNDEFINED_ATTRIBUTE_TYPE },
        { "uid=bob@example.com,ou=people", "hasSubordinates", "x", LDAP_INVALID_ATTRIBUTE_SYNTAX },
        { "uid=x@example.com,ou=people", "cn", "x", LDAP_NO_SUCH_OBJECT },
        { "uid=crew@example.com,ou=people", "member", "uid=bob@example.com,ou=people", LDAP_COMPARE_TRUE },
        { "ou=people", "ou", "People", LDAP_COMPARE_TRUE },
        { "", "supportedLDAPVersion", "3", LDAP_COMPARE_TRUE },
        { "people", "ou", "people", LDAP_INVALID_DN_SYNTAX },
    };
    /* clang-format on */
    struct asking asking = asking_open();

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        enum ldap_code code = asking_compare(&asking, cases[i].dn,
                                             cases[i].attribute, cases[i].value)
                                  .code;

        cr_expect(code == cases[i].code, "%s %s=%s: %d", cases[i].dn,
                  cases[i].attribute, cases[i].value, code);
    }
    asking_close(&asking);
}
