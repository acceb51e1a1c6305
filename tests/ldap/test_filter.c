/*
 * test_filter.c - which entries filters find
 */
#include "ldap/filter.h"

#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "ldap/entry.h"
#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "tests/ldap/filter_text.h"

#define VALUES(...)                                                            \
    (const struct octets[]){ __VA_ARGS__ },                                    \
        sizeof((const struct octets[]){ __VA_ARGS__ }) / sizeof(struct octets)
#define T(text)                                                                \
    {                                                                          \
        text, sizeof text - 1                                                  \
    }

static const struct ldap_attribute attributes[] = {
    { "objectClass", VALUES(T("inetOrgPerson")) },
    { "cn", VALUES(T("Ren\xc3\xa9  M\xc3\xbcller-Stra\xc3\x9f"
                     "e"),
                   T("Captain Renee")) },
    { "sn", VALUES(T("M\xc3\xbcller")) },
    { "givenName", VALUES(T("Rene\xcc\x81")) },
    { "mail", VALUES(T("Rene@Example.com"), T("r.m@example.org")) },
    { "uid", VALUES(T("rene")) },
    { "telephoneNumber", VALUES(T("+49 30 1234-56")) },
    { "internationalISDNNumber", VALUES(T("49 30 77")) },
    { "labeledURI", VALUES(T("http://Example.com/X")) },
    { "postalAddress", VALUES(T("1 High St$Berlin$Germany")) },
    { "manager", VALUES(T("uid=bo@example.com,ou=people")) },
    { "supportedLDAPVersion", VALUES(T("3"), T("12")) },
    { "hasSubordinates", VALUES(T("FALSE")) },
    { "modifyTimestamp", VALUES(T("20240501100000Z")) },
    { "entryUUID", VALUES(T("0f0e0d0c-0b0a-8908-8706-050403020100")) },
    { "userCertificate", VALUES(T("\x30\x00\xff")) },
    { "anr", VALUES(T("Ren\xc3\xa9 M\xc3\xbcller"), T("rene@example.com")) },
};

static const struct ldap_entry rene = { "uid=rene,ou=Staff+l=Berlin,ou=people",
                                        attributes,
                                        sizeof attributes /
                                            sizeof *attributes };

/* clang-format off */
static const struct {
    const char *filter;
    char truth; /* T, F, or U: undefined */
} cases[] = {
    /* Classes: a name that nobody knows matches nobody, and those above count. */
    { "(objectClass=*)", 'T' },
    { "(objectclass=inetOrgPerson)", 'T' },
    { "(objectClass=INETORGPERSON)", 'T' },
    { "(objectClass=2.16.840.1.113730.3.2.2)", 'T' },
    { "(2.5.4.0=inetOrgPerson)", 'T' },
    { "(objectClass=organizationalPerson)", 'T' },
    { "(objectClass=person)", 'T' },
    { "(objectClass=2.5.6.6)", 'T' },
    { "(objectClass=top)", 'T' },
    { "(objectClass=groupOfNames)", 'F' },
    { "(objectClass=container)", 'F' },
    { "(objectClass=1.2.3.4)", 'F' },
    { "(objectClass=x)", 'U' },
    { "(!(objectClass=x))", 'U' },
    { "(objectClass=inet*)", 'U' },
    { "(!(objectClass=groupOfNames))", 'T' },

    /* Names of attributes. */
    { "(commonName=captain renee)", 'T' },
    { "(2.5.4.3=captain renee)", 'T' },
    { "(CN=captain renee)", 'T' },
    { "(cn;lang-de=captain renee)", 'U' },
    { "(cn;binary=captain renee)", 'U' },
    { "(!(cn;lang-de=*))", 'U' },
    { "(surname=m\\c3\\bcller)", 'T' },
    { "(rfc822Mailbox=r.m@example.org)", 'T' },
    { "(name=captain renee)", 'T' },
    { "(name=m\\c3\\bcller)", 'T' },
    { "(name=rene)", 'F' },
    { "(name=*)", 'T' },
    { "(userCertificate;binary=*)", 'T' },
    { "(unknown=x)", 'U' },
    { "(unknown=*)", 'U' },
    { "(unknown=x*)", 'U' },
    { "(unknown>=x)", 'U' },
    { "(!(unknown=*))", 'U' },
    { "(title=*)", 'F' },
    { "(title=x)", 'F' },
    { "(!(title=*))", 'T' },
    { "(jpegPhoto=*)", 'U' },
    { "(!(jpegPhoto=*))", 'U' },
    { "(member=uid=x,ou=people)", 'U' },

    /* Text: without case, spaces as they count, accents stay. */
    { "(cn=REN\\c3\\89 M\\c3\\9cLLER-STRASSE)", 'T' },
    { "(cn= Rene\\cc\\81   M\\c3\\bcller-stra\\c3\\9fe )", 'T' },
    { "(cn=Ren\\c3\\a9\\c2\\a0M\\c3\\bcller-stra\\c3\\9fe)", 'T' },
    { "(cn=Rene Muller-Strasse)", 'F' },
    { "(cn=Ren\\c3\\a9M\\c3\\bcller-stra\\c3\\9fe)", 'F' },
    { "(cn=Ren\\c3\\a9 M\\c3\\bcller)", 'F' },
    { "(cn=\\ff)", 'U' },
    { "(cn=)", 'F' },
    { "(givenName=ren\\c3\\a9)", 'T' },
    { "(givenName=rene)", 'F' },
    { "(givenName=re\\c2\\adn\\c3\\a9)", 'T' },
    { "(mail=rene@example.com)", 'T' },
    { "(mail=rene@example.co)", 'F' },
    { "(mail=R.M@EXAMPLE.ORG)", 'T' },

    /* Parts. */
    { "(cn=ren\\c3\\a9*)", 'T' },
    { "(cn=captain*)", 'T' },
    { "(cn=rene*)", 'T' },
    { "(cn=rene mull*)", 'T' },
    { "(cn=*MULLER-STRA*)", 'T' },
    { "(cn=mueller*)", 'F' },
    { "(givenName=rene*)", 'T' },
    { "(givenName:caseIgnoreSubstringsMatch:=rene*)", 'F' },
    { "(cn=ren\\c3\\a9 m*)", 'T' },
    { "(cn=ren\\c3\\a9 *)", 'T' },
    { "(cn=captain *e*)", 'T' },
    { "(cn=*renee)", 'T' },
    { "(cn=* renee)", 'T' },
    { "(cn=* enee)", 'F' },
    { "(cn=*\\c3\\bcll*)", 'T' },
    { "(cn=*m\\c3\\bcller*stra*)", 'T' },
    { "(cn=*stra*m\\c3\\bcller*)", 'F' },
    { "(cn=cap*tain*ren*ee)", 'T' },
    { "(cn=cap*tain*ren*eee)", 'F' },
    { "(cn=captain*captain*)", 'F' },
    { "(uid=r*n*e)", 'T' },
    { "(uid=re*ne)", 'T' },
    { "(uid=ren*ne)", 'F' },
    { "(uid=rene*rene)", 'F' },
    { "(uid=**)", 'T' },
    { "(mail=*@example.org)", 'T' },
    { "(mail=*@*)", 'T' },
    { "(sn=*a*)", 'F' },
    { "(manager=uid=bo*)", 'U' },
    { "(supportedLDAPVersion=1*)", 'U' },

    /* Telephones and numbers. */
    { "(telephoneNumber=+4930123456)", 'T' },
    { "(telephoneNumber=+49-30-12 34 56)", 'T' },
    { "(telephoneNumber=+4930 1234\\e2\\80\\9156)", 'T' },
    { "(telephoneNumber=4930123456)", 'F' },
    { "(telephoneNumber=*123456)", 'T' },
    { "(telephoneNumber=*12-34*)", 'T' },
    { "(telephoneNumber>=+49)", 'U' },
    { "(internationalISDNNumber=493077)", 'T' },
    { "(internationalISDNNumber>=493076)", 'T' },
    { "(supportedLDAPVersion=3)", 'T' },
    { "(supportedLDAPVersion=03)", 'T' },
    { "(supportedLDAPVersion=4)", 'F' },
    { "(supportedLDAPVersion>=12)", 'T' },
    { "(supportedLDAPVersion>=13)", 'F' },
    { "(supportedLDAPVersion<=3)", 'T' },
    { "(supportedLDAPVersion<=-1)", 'F' },
    { "(supportedLDAPVersion=three)", 'U' },

    /* Other syntaxes. */
    { "(labeledURI=http://Example.com/X)", 'T' },
    { "(labeledURI=http://example.com/x)", 'F' },
    { "(labeledURI=HTTP*)", 'F' },
    { "(postalAddress=1 high st$berlin$germany)", 'T' },
    { "(postalAddress=*berlin*)", 'T' },
    { "(manager=uid=bo@example.com,ou=people)", 'T' },
    { "(manager=UID = BO@example.com ; OU=People)", 'T' },
    { "(manager=0.9.2342.19200300.100.1.1=bo@example.com,2.5.4.11=people)", 'T' },
    { "(manager=uid=al@example.com,ou=people)", 'F' },
    { "(manager=bo)", 'U' },
    { "(hasSubordinates=FALSE)", 'T' },
    { "(hasSubordinates=false)", 'T' },
    { "(hasSubordinates=TRUE)", 'F' },
    { "(hasSubordinates=no)", 'U' },
    { "(modifyTimestamp=20240501100000Z)", 'T' },
    { "(modifyTimestamp=202405011000Z)", 'T' },
    { "(modifyTimestamp=2024050110Z)", 'T' },
    { "(modifyTimestamp=20240501120000+0200)", 'T' },
    { "(modifyTimestamp=20240501063000-0330)", 'T' },
    { "(modifyTimestamp=20240501100000.0Z)", 'T' },
    { "(modifyTimestamp=20240501100000.5Z)", 'F' },
    { "(modifyTimestamp>=20240501095959.9Z)", 'T' },
    { "(modifyTimestamp>=2024050109.5Z)", 'T' },
    { "(modifyTimestamp>=20240501100001Z)", 'F' },
    { "(modifyTimestamp<=20240501100000Z)", 'T' },
    { "(modifyTimestamp<=19991231235959Z)", 'F' },
    { "(modifyTimestamp>=20240501)", 'U' },
    { "(modifyTimestamp>=20241301000000Z)", 'U' },
    { "(modifyTimestamp>=20240501100000)", 'U' },
    { "(modifyTimestamp=2024*)", 'U' },
    { "(entryUUID=0F0E0D0C-0B0A-8908-8706-050403020100)", 'T' },
    { "(entryUUID=x)", 'U' },
    { "(userCertificate=\\30\\00\\ff)", 'T' },
    { "(userCertificate=\\30\\00\\fe)", 'F' },

    /* Order. */
    { "(sn>=m)", 'T' },
    { "(sn>=M\\c3\\bcller)", 'T' },
    { "(sn>=n)", 'F' },
    { "(sn<=n)", 'T' },
    { "(sn<=l)", 'F' },
    { "(mail>=s)", 'F' },
    { "(manager>=uid=a,ou=people)", 'U' },

    /* About so. */
    { "(cn~=rene muller)", 'T' },
    { "(cn~=MULLER RENE)", 'T' },
    { "(cn~=mul)", 'T' },
    { "(cn~=strasse)", 'T' },
    { "(cn~=uller)", 'F' },
    { "(cn~=muller captain)", 'F' },
    { "(cn~=)", 'F' },
    { "(telephoneNumber~=+4930123456)", 'T' },
    { "(manager~=uid=BO@example.com,ou=people)", 'T' },
    { "(anr=rene mul)", 'T' },
    { "(anr=mull)", 'T' },
    { "(anr=captain)", 'F' },

    /* Extensible. */
    { "(cn:=captain renee)", 'T' },
    { "(cn:caseExactMatch:=Captain Renee)", 'T' },
    { "(cn:caseExactMatch:=captain renee)", 'F' },
    { "(cn:2.5.13.5:=Captain Renee)", 'T' },
    { "(cn:2.5.13.2:=CAPTAIN RENEE)", 'T' },
    { "(labeledURI:caseIgnoreMatch:=http://example.com/x)", 'T' },
    { "(cn:caseIgnoreSubstringsMatch:=cap*ren*)", 'T' },
    { "(cn:caseIgnoreSubstringsMatch:=*x*)", 'F' },
    { "(cn:caseIgnoreSubstringsMatch:=cap)", 'U' },
    { "(cn:caseIgnoreOrderingMatch:=d)", 'T' },
    { "(cn:caseIgnoreOrderingMatch:=a)", 'F' },
    { "(cn:1.2.3.4:=x)", 'U' },
    { "(!(cn:1.2.3.4:=x))", 'U' },
    { "(cn:integerMatch:=3)", 'U' },
    { "(unknown:caseIgnoreMatch:=x)", 'U' },
    { "(:caseExactMatch:=rene)", 'T' },
    { "(:caseExactMatch:=RENE)", 'F' },
    { "(:caseIgnoreMatch:=RENE)", 'T' },
    { "(:distinguishedNameMatch:=uid=bo@example.com,ou=people)", 'T' },
    { "(:1.2.3:=x)", 'U' },
    { "(supportedLDAPVersion:1.2.840.113556.1.4.803:=3)", 'T' },
    { "(supportedLDAPVersion:1.2.840.113556.1.4.803:=12)", 'T' },
    { "(supportedLDAPVersion:1.2.840.113556.1.4.803:=7)", 'F' },
    { "(supportedLDAPVersion:1.2.840.113556.1.4.804:=6)", 'T' },
    { "(supportedLDAPVersion:1.2.840.113556.1.4.804:=16)", 'F' },
    { "(supportedLDAPVersion:1.2.840.113556.1.4.803:=x)", 'U' },
    { "(cn:1.2.840.113556.1.4.803:=1)", 'U' },
    { "(manager:1.2.840.113556.1.4.1941:=uid=x,ou=people)", 'U' },
    { "(ou:=people)", 'F' },
    { "(ou:dn:=people)", 'T' },
    { "(ou:dn:=STAFF)", 'T' },
    { "(ou:dn:=sales)", 'F' },
    { "(l:dn:caseExactMatch:=Berlin)", 'T' },
    { "(l:dn:caseExactMatch:=berlin)", 'F' },
    { "(:dn:caseIgnoreMatch:=berlin)", 'T' },

    /* All, any, not: RFC 4526's two as well. */
    { "(&)", 'T' },
    { "(|)", 'F' },
    { "(!(&))", 'F' },
    { "(!(|))", 'T' },
    { "(&(sn=*)(mail=*))", 'T' },
    { "(&(sn=*)(title=*))", 'F' },
    { "(&(sn=*)(unknown=*))", 'U' },
    { "(&(title=*)(unknown=*))", 'F' },
    { "(&(unknown=*)(title=*))", 'F' },
    { "(|(sn=*)(unknown=*))", 'T' },
    { "(|(unknown=*)(sn=*))", 'T' },
    { "(|(title=*)(unknown=*))", 'U' },
    { "(|(title=*)(sn=x))", 'F' },
    { "(!(|(title=*)(unknown=*)))", 'U' },
    { "(!(&(title=*)(unknown=*)))", 'T' },
    { "(!(!(sn=*)))", 'T' },

    /* What clients ask. */
    { "(|(cn=ren\\c3\\a9**)(mail=ren\\c3\\a9**)(sn=ren\\c3\\a9**))", 'T' },
    { "(&(|(objectclass=inetOrgPerson)(objectclass=person))(|(mail=*rene*)(cn=*rene*)))", 'T' },
    { "(|(mail=*muel*)(cn=*muel*)(givenName=*muel*)(sn=*muel*))", 'F' },
    { "(&(mail=*)(|(fileAs=cap*)(cn=cap*)(sn=cap*)(givenName=cap*)(mail=cap*)))", 'T' },
    { "(&(mail=*)(|(mail=ren*)(|(cn=ren*)(|(sn=ren*)(givenName=ren*)))))", 'T' },
    { "(&(objectClass=inetOrgPerson)(|(givenname=cap*)(sn=cap*)(cn=cap*)(mail=cap*)))", 'T' },
    { "(&(objectClass=user)(anr=ren))", 'F' },
};
/* clang-format on */

Test(ldap_filter, finds_what_is_meant_and_nothing_by_accident)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_new();
        enum truth truth = ldap_filter_evaluate(
            arena, filter_of(arena, cases[i].filter), &rene);

        cr_expect("FTU"[truth] == cases[i].truth, "%s is %c, not %c",
                  cases[i].filter, "FTU"[truth], cases[i].truth);
        arena_free(&arena);
    }
}

/* --- Random ones against another way to find out -------------------------- */

/* What a naive mind makes of values of small letters. */
static const struct {
    const char *name;
    const char *values[3];
} simple[] = {
    { "cn", { "ab", "ba", NULL } },
    { "sn", { "aab", NULL, NULL } },
    { "title", { NULL, NULL, NULL } },
    { "unknown", { NULL, NULL, NULL } },
};

enum { SIMPLE = sizeof simple / sizeof *simple };

static struct ldap_entry simple_entry(struct arena *arena)
{
    struct ldap_attribute *list = arena_array(arena, SIMPLE, sizeof *list);
    size_t count = 0;

    for (size_t i = 0; i < SIMPLE; i++) {
        struct octets *values = arena_array(arena, 3, sizeof *values);
        size_t n = 0;

        for (; simple[i].values[n] != NULL; n++)
            values[n] = (struct octets){ simple[i].values[n],
                                         strlen(simple[i].values[n]) };
        if (n > 0)
            list[count++] =
                (struct ldap_attribute){ simple[i].name, values, n };
    }
    return (struct ldap_entry){ "cn=ab", list, count };
}

static const char *random_text(struct arena *arena)
{
    size_t len = 1 + (size_t)rand() % 2;
    char *text = arena_alloc(arena, len + 1);

    for (size_t i = 0; i < len; i++)
        text[i] = "ab"[rand() % 2];
    return text;
}

/* As text; the depth ends the tree. */
static const char *random_filter(struct arena *arena, int depth)
{
    const char *name = simple[rand() % SIMPLE].name;
    int kind = rand() % (depth > 0 ? 9 : 6);

    switch (kind) {
    case 0:
        return arena_printf(arena, "(%s=*)", name);
    case 1:
        return arena_printf(arena, "(%s=%s)", name, random_text(arena));
    case 2:
        return arena_printf(arena, "(%s=%s*)", name, random_text(arena));
    case 3:
        return arena_printf(arena, "(%s=*%s)", name, random_text(arena));
    case 4:
        return arena_printf(arena, "(%s=%s*%s)", name, random_text(arena),
                            random_text(arena));
    case 5:
        return arena_printf(arena, "(%s=*%s*)", name, random_text(arena));
    case 6:
        return arena_printf(arena, "(!%s)", random_filter(arena, depth - 1));
    default:
        return arena_printf(arena, "(%c%s%s%s)", kind == 7 ? '&' : '|',
                            random_filter(arena, depth - 1),
                            random_filter(arena, depth - 1),
                            rand() % 2 ? random_filter(arena, depth - 1) : "");
    }
}

/* A pattern with stars, letter by letter. */
static bool fits_pattern(const char *pattern, const char *text)
{
    if (*pattern == '*')
        return fits_pattern(pattern + 1, text) ||
               (*text != '\0' && fits_pattern(pattern, text + 1));
    return *pattern == *text &&
           (*text == '\0' || fits_pattern(pattern + 1, text + 1));
}

static char naive_item(const char *text, size_t len)
{
    size_t name = strcspn(text, "=");
    char pattern[64] = "";

    memcpy(pattern, text + name + 1, len - name - 1);
    for (size_t i = 0; i < SIMPLE; i++) {
        if (strlen(simple[i].name) != name ||
            strncmp(simple[i].name, text, name) != 0)
            continue;
        if (strcmp(simple[i].name, "unknown") == 0)
            return 'U';
        for (size_t j = 0; simple[i].values[j] != NULL; j++) {
            if (fits_pattern(pattern, simple[i].values[j]))
                return 'T';
        }
    }
    return 'F';
}

/* The value of the filter at `*at`, as Kleene's tables have it: the least of
 * all, the greatest of any, with F < U < T. */
static char naive(const char **at)
{
    static const char order[] = "FUT";
    char sign = (*at)[1], result = sign == '|' ? 'F' : 'T';

    if (strchr("&|!", sign) == NULL) {
        size_t len = strcspn(*at, ")");

        result = naive_item(*at + 1, len - 1);
        *at += len + 1;
        return result;
    }
    for (*at += 2; **at == '(';) {
        char child = naive(at);
        bool less = strchr(order, child) < strchr(order, result);

        if (sign == '!')
            result = child == 'U' ? 'U' : child == 'T' ? 'F' : 'T';
        else if (sign == '&' ? less : !less)
            result = child;
    }
    ++*at;
    return result;
}

Test(ldap_filter, agrees_with_a_naive_mind)
{
    srand(20261122);
    for (int i = 0; i < 20000; i++) {
        struct arena *arena = arena_new();
        const char *text = random_filter(arena, 4), *at = text;
        struct ldap_entry entry = simple_entry(arena);
        enum truth truth =
            ldap_filter_evaluate(arena, filter_of(arena, text), &entry);
        char expected = naive(&at);

        cr_expect("FTU"[truth] == expected, "%s is %c, not %c", text,
                  "FTU"[truth], expected);
        arena_free(&arena);
    }
}
