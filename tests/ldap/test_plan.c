/*
 * test_plan.c - whom filters have the directory asked for
 */
#include "ldap/plan.h"

#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "ldap/filter.h"
#include "ldap/selection.h"
#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/str.h"
#include "proxy/exchange/directory_words.h"
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
    { "(cn;lang-de=smi*)", "" },
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
    { "(name=ann)", "ann* | all" },
    { "(anr=ann smi)", "ann smi* | own" },
    { "(cn=ann*smi*)", "ann/ann smi*" },
    { "(cn=*smi*)", "smi* | all" },
    { "(cn=*smith)", "smith* | all" },
    { "(cn=*a*smith*b)", "smith/a smith* | all" },
    { "(cn=*ann*smi*)", "ann/ann smi* | all" },
    { "(cn=*ann*smi)", "smi/ann smi* | all" },
    { "(proxyAddresses=smtp:ann*smi*)", "ann/ann smi*" },
    { "(cn=*)", "ALL" },
    { "(cn>=smith)", "ALL" },
    { "(cn~=ann smith)", "smith/ann smith* | all" },
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

    /* What is true of nobody, whoever he is. */
    { "(cn=)", "" },
    { "(mail=)", "" },
    { "(cn~=)", "" },
    { "(cn=\\ff)", "" },
    { "(manager=somebody)", "" },
    { "(!(unknown=x))", "" },
    { "(!(!(unknown=x)))", "" },
    { "(!(objectClass=x))", "" },
    { "(!(&(unknown=x)(cn=*)))", "ALL" },
    { "(!(|(unknown=x)(cn=*)))", "" },
    { "(!(&))", "" },
    { "(!(|))", "ALL" },
    { "(&(!(unknown=x))(cn=smi*))", "" },
    { "(|(!(unknown=x))(cn=smi*))", "smi*" },
    { "(jpegPhoto=*)", "ALL" },

    /* AND: the part that says most. */
    { "(&(objectClass=*)(cn=smi*))", "smi*" },
    { "(&(cn=*)(sn=smi*)(title=x))", "smi*" },
    { "(&(cn=s*)(sn=smith*))", "smith*" },
    { "(&(cn=s*)(mail=a@b.c))", "=a@b.c" },
    { "(&(cn=smi*)(mozillaNickname=bo))", "own" },
    { "(&(cn=smi*)(unknown=x))", "" },
    { "(&(cn=*ann*)(sn=*smith*))", "smith/smith ann* | all" },
    { "(&(cn=*ann*)(sn=smi*))", "smi/smi ann*" },
    { "(&(sn=smith)(givenName=a*)(title=x))", "smith/smith a*" },
    { "(&(title=x)(cn=*smi*))", "smi* | all" },
    { "(&(!(mail=*))(cn=smi*))", "smi*" },

    /* OR: each text once. */
    { "(|(cn=smi*)(sn=SMI*)(mail=smi*))", "smi*" },
    { "(|(cn=smi*)(cn=jon*))", "smi* | jon*" },
    { "(|(cn=a*)(cn=smith*)(cn=ann*)(mail=a@b.c))", "ann* | =a@b.c | a* | smith*" },
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
    { "(|(cn=*ann*s*)(mail=*ann s*)(givenName=*ann*)(sn=*ann s*))", "ann s* | ann/ann s* | all" },
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

/* --- Nobody is missed ----------------------------------------------------- */

static const char *const addresses[] = { "Ann.Smith@example.com",
                                         "a.s@example.org", NULL };

static const struct person ann = {
    .id = "ann.smith@example.com",
    .alias = "asmith",
    .addresses = addresses,
    .contact.text = {
        [CONTACT_DISPLAY_NAME] = "Dr. Ann-Marie O'Brien Smith",
        [CONTACT_GIVEN_NAME] = "Ann-Marie",
        [CONTACT_SURNAME] = "O'Brien Smith",
        [CONTACT_FILE_AS] = "O'Brien Smith, Ann-Marie",
        [CONTACT_JOB_TITLE] = "Baker",
    },
};

/* A value of hers, or a part of one. */
static const char *random_value(struct arena *arena)
{
    static const char *const values[] = {
        "Dr. Ann-Marie O'Brien Smith",
        "ann-marie",
        "O'BRIEN SMITH",
        "O'Brien Smith, Ann-Marie",
        "baker",
        "Ann.Smith@example.com",
        "a.s@example.org",
        "asmith",
        "ann.smith@example.com",
    };
    const char *value =
        values[(size_t)rand() % (sizeof values / sizeof *values)];
    size_t len = strlen(value), from = 0, to = len;

    if (rand() % 2)
        to = 1 + (size_t)rand() % len;
    if (rand() % 4 == 0)
        from = (size_t)rand() % to;
    return arena_strndup(arena, value + from, to - from);
}

static const char *random_filter(struct arena *arena, int depth)
{
    static const char *const names[] = { "cn",    "sn",   "givenName",
                                         "mail",  "uid",  "fileAs",
                                         "title", "name", "mailNickname" };
    static const char *const shapes[] = { "(%s=%s)",
                                          "(%s=%s*)",
                                          "(%s=*%s*)",
                                          "(%s=*%s)",
                                          "(%s~=%s)",
                                          "(%s=%s*%s)",
                                          "(%s:caseExactMatch:=%s)" };
    const char *more = depth > 0 ? random_filter(arena, depth - 1) : "";
    int kind = depth > 0 ? rand() % 6 : 5;

    if (kind == 0)
        return arena_printf(arena, "(!%s)", more);
    if (kind < 3)
        return arena_printf(arena, "(%c%s%s)", "&|"[kind - 1], more,
                            random_filter(arena, depth - 1));
    return arena_printf(
        arena, shapes[(size_t)rand() % (sizeof shapes / sizeof *shapes)],
        names[(size_t)rand() % (sizeof names / sizeof *names)],
        random_value(arena), random_value(arena));
}

static bool finds(struct arena *arena, const struct people_query *query)
{
    if (query->by == PEOPLE_BY_ADDRESS)
        return str_equal_nocase(query->text, addresses[0]) ||
               str_equal_nocase(query->text, addresses[1]);
    return query->by == PEOPLE_ALL ? query->sources == PEOPLE_BOTH
                                   : words_fit(words_asked(arena, query->text),
                                               words_of(arena, &ann));
}

Test(ldap_plan, misses_nobody_who_matches)
{
    size_t matches = 0;

    srand(20261122);
    for (int i = 0; i < 20000; i++) {
        struct arena *arena = arena_new();
        const char *text = random_filter(arena, 3);
        const struct ldap_filter *filter = filter_of(arena, text);
        struct attribute_set set = selection_of_filter(filter, false);
        const struct person_view view = { .person = &ann, .dn = "uid=x" };
        struct ldap_entry entry = person_entry(arena, &view, &set);
        struct ldap_plan plan = ldap_plan_of(arena, filter);
        bool found = false;

        if (ldap_filter_evaluate(arena, filter, &entry) == FILTER_TRUE) {
            matches++;
            for (size_t j = 0; j < plan.count; j++)
                found = found || finds(arena, &plan.queries[j].query);
            cr_expect(found, "%s asks for \"%s\"", text, show(arena, &plan));
        }
        arena_free(&arena);
    }
    cr_expect(matches > 1000, "%zu", matches);
}
