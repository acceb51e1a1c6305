/*
 * test_dn.c - distinguished names
 */
#include "ldap/dn.h"

#include <string.h>

#include <criterion/criterion.h>

#include "ldap/tree.h"
#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/str.h"

/* clang-format off */
static const struct {
    const char *text;
    const char *written; /* NULL: it is no DN */
    const char *key;
} cases[] = {
    { "", "", "" },
    { "  ", "", "" },
    { "ou=people", "ou=people", "ou=\\ people\\ " },
    { "uid=ann,ou=people", "uid=ann,ou=people", NULL },
    { " UID = Ann , OU = People ", "UID=Ann,OU=People", NULL },
    { "uid=ann;ou=people", "uid=ann,ou=people", NULL },
    { "OID.2.5.4.11=people", "2.5.4.11=people", NULL },
    { "cn=Smith\\, Ann,ou=people", "cn=Smith\\, Ann,ou=people", NULL },
    { "cn=\"Smith, Ann\",ou=people", "cn=Smith\\, Ann,ou=people", NULL },
    { "cn=Smith\\2c Ann,ou=people", "cn=Smith\\, Ann,ou=people", NULL },
    { "cn=\\ Ann\\ ,ou=people", "cn=\\ Ann\\ ,ou=people", NULL },
    { "cn=a\\+b=c,ou=x", "cn=a\\+b=c,ou=x", NULL },
    { "cn=J\\c3\\b6rg", "cn=J\xc3\xb6rg", NULL },
    { "cn=#04034a6f65", "cn=Joe", NULL },
    { "cn=\\#1", "cn=\\#1", NULL },
    { "cn=a\\00b", "cn=a\\00b", NULL },
    { "cn=", "cn=", NULL },
    { "cn=Ann+uid=ann,ou=people", "cn=Ann+uid=ann,ou=people", NULL },
    { "cn=\"a\\\"b\"", "cn=a\\\"b", NULL },

    { "people", NULL, NULL },
    { "=people", NULL, NULL },
    { "ou=people,", NULL, NULL },
    { ",ou=people", NULL, NULL },
    { "ou=people,,o=x", NULL, NULL },
    { "cn=a\\", NULL, NULL },
    { "cn=a\\z", NULL, NULL },
    { "cn=\"open", NULL, NULL },
    { "cn=\"a\"b", NULL, NULL },
    { "cn=a<b", NULL, NULL },
    { "cn=#04", NULL, NULL },
    { "cn=#0409aa", NULL, NULL },
    { "cn=a+", NULL, NULL },
    { "c n=a", NULL, NULL },
};

static const struct {
    const char *one;
    const char *other;
    bool same;
} pairs[] = {
    { "uid=ann,ou=people", "UID=ANN , ou=PEOPLE", true },
    { "uid=ann,ou=people", "0.9.2342.19200300.100.1.1=ann,2.5.4.11=people", true },
    { "userid=ann,ou=people", "uid=ann,organizationalUnitName=people", true },
    { "cn=Ann  Smith", "cn=ann smith", true },
    { "cn=Smith\\, Ann", "cn=\"smith, ann\"", true },
    { "cn=Ann+uid=ann,ou=people", "uid=ann+cn=ann,ou=people", true },
    { "cn=J\xc3\xb6rg", "cn=J\xc3\x96RG", true },
    { "cn=J\xc3\xb6rg", "cn=Jorg", false },
    { "uid=ann,ou=people", "uid=ann", false },
    { "uid=ann,ou=people", "ou=people,uid=ann", false },
    { "cn=a\\,b=c", "cn=a,b=c", false },
    { "cn=a\\+sn=b", "cn=a+sn=b", false },
};
/* clang-format on */

Test(ldap_dn, is_read_and_written_as_the_rfc_has_it)
{
    struct arena *arena = arena_new();

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct dn dn;
        bool read = dn_parse(arena, cases[i].text, &dn);

        cr_expect(read == (cases[i].written != NULL), "<%s> is %s DN",
                  cases[i].text, read ? "a" : "no");
        if (!read || cases[i].written == NULL)
            continue;
        cr_expect_str_eq(dn_text(arena, &dn, 0), cases[i].written, "<%s> is %s",
                         cases[i].text, dn_text(arena, &dn, 0));
        if (cases[i].key != NULL)
            cr_expect_str_eq(dn_key(arena, &dn, 0), cases[i].key);
    }
    arena_free(&arena);
}

Test(ldap_dn, is_read_again_as_it_was_written)
{
    struct arena *arena = arena_new();

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct dn dn, again;

        if (!dn_parse(arena, cases[i].text, &dn))
            continue;
        cr_assert(dn_parse(arena, dn_text(arena, &dn, 0), &again), "%s",
                  cases[i].text);
        cr_expect_str_eq(dn_key(arena, &dn, 0), dn_key(arena, &again, 0));
    }
    arena_free(&arena);
}

Test(ldap_dn, is_equal_however_it_is_written)
{
    struct arena *arena = arena_new();

    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        struct dn one, other;
        bool same = false;

        cr_assert(dn_parse(arena, pairs[i].one, &one));
        cr_assert(dn_parse(arena, pairs[i].other, &other));
        same = str_equal(dn_key(arena, &one, 0), dn_key(arena, &other, 0));
        cr_expect(same == pairs[i].same, "%s and %s are %s", pairs[i].one,
                  pairs[i].other, same ? "one" : "two");
    }
    arena_free(&arena);
}

Test(ldap_dn, of_a_child_holds_any_value)
{
    static const char *const values[] = {
        "ann@example.com", "Smith, Ann", " # \"+;<>\\ ", "a=b", "",
    };
    struct arena *arena = arena_new();

    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        struct dn dn;
        const char *text = dn_child(arena, "uid", values[i], "ou=people");

        cr_assert(dn_parse(arena, text, &dn), "%s", text);
        cr_expect(dn.count == 2);
        cr_expect_str_eq(dn.rdns[0].values[0].value.data, values[i]);
        cr_expect_str_eq(dn_text(arena, &dn, 1), "ou=people");
    }
    arena_free(&arena);
}

/* Memory for a step is memory for its own values, and an entry is not looked
 * for at each step of a name that nothing can have. */
Test(ldap_dn, may_be_as_long_as_a_message, .timeout = 300)
{
    enum { STEPS = 30000 };
    struct arena *arena = arena_new();
    struct tree_place place;
    const char *matched;
    struct buf text;
    struct dn dn;

    buf_init(&text, arena);
    for (int i = 0; i < STEPS; i++)
        buf_puts(&text, "a=b+c=d,");
    buf_puts(&text, "ou=people");
    cr_assert(dn_parse(arena, text.data, &dn));
    cr_expect_eq(dn.count, STEPS + 1);
    cr_expect_eq(dn.rdns[STEPS - 1].count, 2);
    cr_expect_str_eq(dn.rdns[STEPS - 1].values[1].type, "c");
    cr_expect_eq(tree_seek(arena, text.data, &place, &matched),
                 LDAP_NO_SUCH_OBJECT);
    cr_expect_str_eq(matched, "ou=people");
    arena_free(&arena);
}
