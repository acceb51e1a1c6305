/*
 * test_plan.c - whom filters have the directory asked for
 */
#include "ldap/plan.h"

#include <criterion/criterion.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "tests/ldap/filter_text.h"

/* "a*": by the beginning; "=a": that address; "own": one's own contacts; "all":
 * everybody; "ALL": and nothing else would do; "a/b*": b where a is too much.
 */
static const char *show(struct arena *arena, const struct ldap_plan *plan)
{
    struct buf out;

    buf_init(&out, arena);
    buf_puts(&out, "");
    for (size_t i = 0; i < plan->count; i++) {
        const struct ldap_plan_query *query = &plan->queries[i];

        buf_puts(&out, i > 0 ? " | " : "");
        if (query->query.by == PEOPLE_ALL)
            buf_puts(&out, query->query.sources == PEOPLE_PERSONAL ? "own"
                           : plan->needs_everybody                 ? "ALL"
                                                                   : "all");
        else if (query->query.by == PEOPLE_BY_ADDRESS)
            buf_printf(&out, "=%s", query->query.text);
        else if (query->narrower != NULL)
            buf_printf(&out, "%s/%s*", query->query.text, query->narrower);
        else
            buf_printf(&out, "%s*", query->query.text);
    }
    return out.data;
}

/* clang-format off */
static const struct {
    const char *filter;
    const char *plan;
} cases[] = {
    { "(cn=smi*)", "smi*" },
    { "(cn=Ann Smith)", "Ann Smith*" },
    { "(cn= smi *)", "smi*" },
    { "(commonName=smi*)", "smi*" },
    { "(cn;lang-de=smi*)", "smi*" },
    { "(mail=ann@example.com)", "=ann@example.com" },
    { "(mail=ann@*)", "ann@*" },
    { "(mail=ann)", "ann*" },
    { "(proxyAddresses=smtp:ann@example.com)", "=ann@example.com" },
    { "(proxyAddresses=SMTP:ann*)", "ann*" },
    { "(proxyAddresses=x500:ann)", "ALL" },
    { "(proxyAddresses=sm*)", "ALL" },
    { "(uid=ann)", "ann* | own" },
    { "(uid=ann@example.com)", "=ann@example.com | own" },
    { "(sAMAccountName=ann)", "ann*" },
    { "(anr=ann smi)", "ann smi* | own" },
    { "(cn=ann*smi*)", "ann/ann smi*" },
    { "(cn=*smi*)", "smi* | all" },
    { "(cn=*smith)", "smith* | all" },
    { "(cn=*a*smith*b)", "smith* | all" },
    { "(cn=*)", "ALL" },
    { "(cn>=smith)", "ALL" },
    { "(cn~=ann smith)", "smith* | all" },
    { "(cn:caseExactMatch:=Ann)", "Ann*" },
    { "(cn:caseIgnoreOrderingMatch:=ann)", "ALL" },
    { "(cn:dn:=ann)", "ALL" },
    { "(:caseExactMatch:=Ann)", "ALL" },
    { "(:1.2.3:=Ann)", "" },
    { "(title=boss)", "ALL" },
    { "(telephoneNumber=+49*)", "ALL" },
    { "(mozillaNickname=bo*)", "own" },
    { "(birthDate=*)", "own" },
    { "(unknown=x)", "" },
    { "(objectClass=x)", "" },
    { "(objectClass=container)", "" },
    { "(objectClass=*)", "ALL" },
    { "(objectClass=inetOrgPerson)", "ALL" },
    { "(!(cn=smi*))", "ALL" },
    { "(&)", "ALL" },
    { "(|)", "" },

    /* AND: the part that says most. */
    { "(&(objectClass=*)(cn=smi*))", "smi*" },
    { "(&(cn=*)(sn=smi*)(title=x))", "smi*" },
    { "(&(cn=s*)(sn=smith*))", "smith*" },
    { "(&(cn=s*)(mail=a@b.c))", "=a@b.c" },
    { "(&(cn=smi*)(mozillaNickname=bo))", "own" },
    { "(&(cn=smi*)(unknown=x))", "" },
    { "(&(cn=*ann*)(sn=*smith*))", "smith* | all" },
    { "(&(cn=*ann*)(sn=smi*))", "smi*" },
    { "(&(title=x)(cn=*smi*))", "smi* | all" },
    { "(&(!(mail=*))(cn=smi*))", "smi*" },

    /* OR: each text once. */
    { "(|(cn=smi*)(sn=SMI*)(mail=smi*))", "smi*" },
    { "(|(cn=smi*)(cn=jon*))", "smi* | jon*" },
    { "(|(mail=a@b.c)(cn=a@b.c))", "a@b.c*" },
    { "(|(mail=a@b.c)(mail=d@e.f))", "=a@b.c | =d@e.f" },
    { "(|(cn=smi*)(unknown=*))", "smi*" },
    { "(|(cn=smi*)(mozillaNickname=smi*))", "smi* | own" },
    { "(|(cn=smi*)(title=smi*))", "smi* | all" },
    { "(|(cn=smi*)(title=boss*))", "smi* | ALL" },
    { "(|(cn=smi*)(title=*))", "smi* | ALL" },
    { "(|(cn=smi*)(!(sn=x)))", "smi* | ALL" },

    /* Thunderbird: completion, with one word and with two, and its address book. */
    { "(|(cn=smi**)(mail=smi**)(sn=smi**))", "smi*" },
    { "(|(cn=ann*smi*)(mail=ann*smi*)(sn=ann*smi*))", "ann/ann smi*" },
    { "(&(objectclass=*)(|(cn=smi*)(mail=smi*)(sn=smi*)))", "smi*" },
    { "(|(mail=*smi*)(cn=*smi*)(givenName=*smi*)(sn=*smi*))", "smi* | all" },
    { "(|(cn=*smi*)(givenName=*smi*)(sn=*smi*)(mozillaNickname=*smi*)(mail=*smi*)"
      "(mozillaSecondEmail=*smi*)(&(description=*smi*))(o=*smi*)(ou=*smi*)(title=*smi*)"
      "(mozillaWorkUrl=*smi*)(mozillaHomeUrl=*smi*))", "smi* | all" },

    /* Evolution: completion and "any field contains". */
    { "(&(mail=*)(|(|(cn=smi*)(sn=smi*))(mail=smi*)(fileAs=smi*)(displayName=smi*)))",
      "smi* | own" },
    { "(|(cn=*smi*)(mail=*smi*)(telephoneNumber=*smi*)(title=*smi*)(ou=*smi*)(note=*smi*))",
      "smi* | all" },

    /* macOS. */
    { "(&(|(objectClass=inetOrgPerson)(objectClass=apple-user))(|(givenName=smi*)(sn=smi*)(cn=smi*)"
      "(mail=smi*)))", "smi*" },
    { "(&(objectClass=apple-user)(uid=ann))", "ann* | own" },
    { "(apple-generateduid=0F)", "ALL" },
    { "(objectClass=apple-serviceslocator)", "" },

    /* Outlook and printers. */
    { "(&(mail=*)(|(mail=smi*)(|(cn=smi*)(|(sn=smi*)(givenName=smi*)))))", "smi*" },
    { "(&(objectCategory=person)(objectClass=user)(anr=smi))", "smi* | own" },
    { "(&(cn=s*)(mail=*))", "s*" },
    { "(&(facsimileTelephoneNumber=*)(cn=*))", "ALL" },
};
/* clang-format on */

Test(ldap_plan, asks_for_what_a_filter_says)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *arena = arena_new();
        struct ldap_plan plan =
            ldap_plan_of(arena, filter_of(arena, cases[i].filter));

        cr_expect_str_eq(show(arena, &plan), cases[i].plan,
                         "%s asks for \"%s\", not \"%s\"", cases[i].filter,
                         show(arena, &plan), cases[i].plan);
        arena_free(&arena);
    }
}

Test(ldap_plan, asks_for_no_more_texts_than_it_may)
{
    struct arena *arena = arena_new();
    struct buf filter;
    struct ldap_plan plan;

    buf_init(&filter, arena);
    buf_puts(&filter, "(|");
    for (int i = 0; i < 500; i++)
        buf_printf(&filter, "(mail=user%d@example.com)", i);
    buf_puts(&filter, ")");
    plan = ldap_plan_of(arena, filter_of(arena, filter.data));
    cr_expect(plan.count == LDAP_PLAN_TEXTS + 1);
    cr_expect(plan.needs_everybody);
    arena_free(&arena);
}
