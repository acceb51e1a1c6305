/*
 * test_ldapsearch.c - OpenLDAP's ldapsearch asks what mail programs ask
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/base/buf.h"
#include "tests/clients/harness.h"
#include "tests/clients/link.h"
#include "tests/clients/link.h"
#include "tests/clients/people.h"
#include "tests/clients/program.h"

/* How it is reached. */
enum way { PLAIN, START_TLS, TLS };

/* Runs it, with Ann's password unless said otherwise. */
static void run(const struct harness *harness, struct program *program,
                enum way way, const char *const words[])
{
    char url[64], ca[128];
    const char *args[40];
    size_t n = 0;

    snprintf(url, sizeof url,
             way == TLS ? "ldaps://127.0.0.1:%u" : "ldap://127.0.0.1:%u",
             way == TLS ? harness->ldaps : harness->ldap);
    snprintf(ca, sizeof ca, "TLS_CACERT %s\n", harness->ca_file);
    harness_write(harness, ".ldaprc", "%s", ca);
    args[n++] = "-LLL";
    args[n++] = "-o";
    args[n++] = "ldif-wrap=no";
    args[n++] = "-H";
    args[n++] = url;
    if (way == START_TLS)
        args[n++] = "-ZZ";
    args[n++] = "-x";
    args[n++] = "-D";
    args[n++] = ANN;
    args[n++] = "-w";
    args[n++] = PASSWORD;
    for (size_t i = 0; words[i] != NULL; i++)
        args[n++] = words[i];
    args[n] = NULL;
    *program = (struct program){ .name = "ldapsearch" };
    program_run(program, harness, args);
}

/* Expects this exit code, which is the result's, and returns what it said; to
 * be freed. */
static char *ask(const struct harness *harness, enum way way, int code,
                 const char *const words[])
{
    struct program program;

    run(harness, &program, way, words);
    cr_expect_eq(program.status, code, "%d instead of %d: %s", program.status,
                 code, program.output);
    return program.output;
}

#define ASK(harness, way, code, ...)                                           \
    ask(harness, way, code, (const char *const[]){ __VA_ARGS__, NULL })

/* How many entries it shows. */
static size_t entries(const char *output)
{
    size_t count = 0;

    for (const char *at = output; (at = strstr(at, "dn: ")) != NULL; at++)
        count += at == output || at[-1] == '\n';
    return count;
}

/* --- What mail programs ask ----------------------------------------------- */

/* clang-format off */
static const struct {
    const char *program;
    const char *filter;
    const char *shown; /* of each of these there is one, */
    size_t count;      /* and so many in all */
} filters[] = {
    { "Thunderbird",  "(|(mail=*mil*)(cn=*mil*)(givenName=*mil*)(sn=*mil*))", "mail: mila.baker@postern.example", 2 },
    { "Thunderbird, the address book",
      "(&(objectclass=person)(|(cn=*mila*)(mail=*mila*)(sn=*mila*)))", "mail: mila.baker@postern.example", 1 },
    { "Thunderbird, two words",
      "(|(&(cn=*mila*)(cn=*baker*))(&(givenName=*mila*)(sn=*baker*)))", "mail: mila.baker@postern.example", 1 },
    { "Thunderbird 153's composer", "(|(cn=*mila*)(mail=*mila*)(givenName=*mila*)(sn=*mila*))", "mail: mila.baker@postern.example", 1 },
    { "the same, two words",
      "(|(cn=*mila*b*)(mail=*mila b*)(givenName=*mila*)(sn=*mila b*))", "mail: mila.baker@postern.example", 1 },
    { "Thunderbird 153's address book",
      "(&(|(cn=*mila*)(givenName=*mila*)(sn=*mila*)(mozillaNickname=*mila*)(mail=*mila*)"
      "(mozillaSecondEmail=*mila*)(&(description=*mila*))(o=*mila*)(ou=*mila*)(title=*mila*)"
      "(mozillaWorkUrl=*mila*)(mozillaHomeUrl=*mila*)))", "mail: mila.baker@postern.example", 1 },
    { "Evolution 3.46's composer",
      "(|(displayName=*mila*)(mail=*mila*)(cn=*mila*)(fileAs=*mila*))", "mail: mila.baker@postern.example", 1 },
    { "Evolution 3.46's address book", "(cn=*mila*)", "mail: mila.baker@postern.example", 1 },
    { "Evolution",
      "(&(mail=*)(|(cn=mil*)(sn=mil*)(givenName=mil*)(mail=mil*)(fileAs=mil*)))", "mail: mila.baker@postern.example", 2 },
    { "Evolution, the address book",
      "(&(objectClass=*)(|(cn=*baker*)(sn=*baker*)(mail=*baker*)))", "mail: mila.baker@postern.example", 2 },
    { "macOS",
      "(&(|(objectclass=inetOrgPerson)(objectclass=apple-user))(|(cn=mil*)(sn=mil*)(givenname=mil*)(mail=mil*)))", "mail: mila.baker@postern.example", 2 },
    { "mutt's scripts", "(|(cn=mila*)(mail=mila*))", "mail: mila.baker@postern.example", 1 },
    { "Outlook",      "(&(mail=*)(|(mail=mila*)(|(cn=mila*)(|(sn=mila*)(givenName=mila*)))))", "mail: mila.baker@postern.example", 1 },
    { "a printer",    "(&(cn=mila*)(|(mail=*)(facsimileTelephoneNumber=*)))", "mail: mila.baker@postern.example", 1 },
    { "by address",   "(mail=miles.smith@postern.example)", "mail: miles.smith@postern.example", 1 },
    { "by second address", "(proxyAddresses=smtp:mb@postern.example)", "mail: mila.baker@postern.example", 1 },
    { "an umlaut",    "(sn=g\xc3\xb6*)", "mail: goe@postern.example", 1 },
    { "another kind", "(&(objectClass=inetOrgPerson)(cn=bakers*))", "", 0 },
    { "nobody",       "(cn=nobodyatall*)", "", 0 },
    { "not him",      "(&(givenName=mil*)(!(sn=baker)))", "mail: miles.smith@postern.example", 1 },
    { "his contact",  "(sn=cont*)", "mail: contact@elsewhere.example", 1 },
};
/* clang-format on */

static const enum exchange_version versions[] = { EXCHANGE_2007_SP1,
                                                  EXCHANGE_2010_SP2,
                                                  EXCHANGE_2016 };

Test(ldapsearch, finds_what_mail_programs_ask_for, .timeout = SECONDS)
{
    for (size_t v = 0; v < 3; v++) {
        struct harness harness;

        harness_start(&harness, versions[v], NULL);
        people_fill(&harness);
        for (size_t i = 0; i < sizeof filters / sizeof filters[0]; i++) {
            char *output = ASK(&harness, PLAIN, 0, "-b", "ou=people",
                               filters[i].filter, "mail", "cn");
            cr_expect_eq(entries(output), filters[i].count, "%s: %s",
                         filters[i].program, output);
            cr_expect(strstr(output, filters[i].shown) != NULL, "%s: %s",
                      filters[i].program, output);
            free(output);
        }
        harness_stop(&harness);
    }
}

Test(ldapsearch, shows_all_that_is_known_of_somebody, .timeout = SECONDS)
{
    static const char *const lines[] = {
        "objectClass: inetOrgPerson",
        "cn: Mila Baker",
        "sn: Baker",
        "givenName: Mila",
        "mail: mila.baker@postern.example",
        "title: Baker",
        "telephoneNumber: +49 30 1234",
        "manager: uid=miles.smith@postern.example,ou=people",
    };
    struct harness harness;

    harness_start(&harness, EXCHANGE_2016, NULL);
    people_fill(&harness);
    char *output = ASK(&harness, TLS, 0, "-b", "ou=people", "(cn=mila baker)");
    cr_expect_eq(entries(output), 1, "%s", output);
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        cr_expect(strstr(output, lines[i]) != NULL, "%s: %s", lines[i], output);
    free(output);

    output =
        ASK(&harness, TLS, 0, "-b", "uid=mila.baker@postern.example,ou=people",
            "-s", "base", "jpegPhoto", "mail");
    cr_expect_eq(entries(output), 1, "%s", output);
    cr_expect(strstr(output, "jpegPhoto:: ") != NULL, "%s", output);
    free(output);

    output = ASK(&harness, TLS, 0, "-b", "ou=people", "(cn=bakers)", "member");
    cr_expect(
        strstr(output, "member: uid=mila.baker@postern.example,ou=people") !=
            NULL,
        "%s", output);
    free(output);
    harness_stop(&harness);
}

/* --- Being let in --------------------------------------------------------- */

Test(ldapsearch, logs_in_in_every_way, .timeout = SECONDS)
{
    static const enum way ways[] = { PLAIN, START_TLS, TLS };
    struct harness harness;

    harness_start(&harness, EXCHANGE_2016, NULL);
    people_fill(&harness);
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        char *output =
            ASK(&harness, ways[i], 0, "-b", "ou=people", "(cn=mila*)", "mail");
        cr_expect_eq(entries(output), 1, "%zu: %s", i, output);
        free(output);
    }
    harness_stop(&harness);
}

Test(ldapsearch, is_refused_with_a_wrong_password_and_without_one,
     .timeout = SECONDS)
{
    static const struct {
        const char *words[12];
        int code;
    } cases[] = {
        { { "-x", "-D", ANN, "-w", "wrong", "-b", "ou=people", "(cn=m*)" },
          49 },
        { { "-x", "-D", ANN, "-w", "", "-b", "ou=people", "(cn=m*)" }, 53 },
        { { "-x", "-b", "ou=people", "(cn=m*)" }, 50 },
        { { "-x", "-b", "", "-s", "base", "+" }, 0 },
    };
    struct harness harness;
    char url[64];

    harness_start(&harness, EXCHANGE_2016, NULL);
    snprintf(url, sizeof url, "ldap://localhost:%u", harness.ldap);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct program program = { .name = "ldapsearch" };
        const char *args[16] = { "-LLL", "-H", url };
        for (size_t k = 0; cases[i].words[k] != NULL; k++)
            args[k + 3] = cases[i].words[k];
        program_run(&program, &harness, args);
        cr_expect_eq(program.status, cases[i].code, "%zu: %d: %s", i,
                     program.status, program.output);
        program_fini(&program);
    }
    harness_stop(&harness);
}

/* --- Limits --------------------------------------------------------------- */

Test(ldapsearch, is_told_of_a_limit_only_when_there_is_more, .timeout = SECONDS)
{
    static const struct {
        const char *limit;
        int code;
        size_t count;
    } cases[] = { { "1", 4, 1 }, { "2", 0, 2 }, { "3", 0, 2 }, { "0", 0, 2 } };
    struct harness harness;

    harness_start(&harness, EXCHANGE_2016, NULL);
    people_fill(&harness);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *output = ASK(&harness, PLAIN, cases[i].code, "-z", cases[i].limit,
                           "-b", "ou=people", "(givenName=mil*)", "mail");
        cr_expect_eq(entries(output), cases[i].count, "-z %s: %s",
                     cases[i].limit, output);
        free(output);
    }
    harness_stop(&harness);
}

/* Nobody logs in and looks for the root entry. */
#define BIND "\x30\x0c\x02\x01\x01\x60\x07\x02\x01\x03\x04\x00\x80\x00"
#define BOUND 14
#define SEARCH                                                                 \
    "\x30\x25\x02\x01\x02\x63\x20\x04\x00\x0a\x01\x00\x0a\x01\x00\x02"         \
    "\x01\x00\x02\x01\x00\x01\x01\x00\x87\x0b"                                 \
    "objectClass\x30\x00"

Test(ldapsearch, keeps_a_connection_once_it_has_searched, .timeout = SECONDS)
{
    struct harness harness;

    harness_start(&harness, EXCHANGE_2016,
                  "[ldap]\ncommand_timeout = 20s\nidle_timeout = 1h\n");
    struct link *lost = link_open(harness.ldap);
    struct link *used = link_open(harness.ldap);
    link_send(used, BIND, sizeof BIND - 1);
    free(link_octets(used, BOUND, WAIT_SECONDS));
    link_send(used, SEARCH, sizeof SEARCH - 1);
    link_send(lost, BIND, sizeof BIND - 1);
    free(link_octets(lost, BOUND, WAIT_SECONDS));
    cr_expect(link_is_closed(lost, WAIT_SECONDS));
    cr_expect(!link_is_closed(used, 1));
    link_close(&lost);
    link_close(&used);
    harness_stop(&harness);
}

Test(ldapsearch, reads_in_pages_and_in_order, .timeout = SECONDS)
{
    struct harness harness;

    harness_start(&harness, EXCHANGE_2016, NULL);
    people_fill(&harness);
    char *output = ASK(&harness, PLAIN, 0, "-E", "pr=1/noprompt", "-b",
                       "ou=people", "(givenName=mil*)", "mail");
    cr_expect_eq(entries(output), 2, "%s", output);
    free(output);

    output = ASK(&harness, PLAIN, 0, "-E", "!sss=-sn", "-b", "ou=people",
                 "(givenName=mil*)", "mail");
    const char *smith = strstr(output, "mail: miles.smith");
    const char *baker = strstr(output, "mail: mila.baker");
    cr_expect(smith != NULL && baker != NULL && smith < baker, "%s", output);
    free(output);
    harness_stop(&harness);
}

/* --- What it costs -------------------------------------------------------- */

Test(ldapsearch, costs_a_call_for_a_keystroke_and_none_for_the_next,
     .timeout = SECONDS)
{
    /* What is typed one after the other, and the calls to the directory. */
    static const struct {
        const char *typed;
        unsigned calls;
    } keys[] = { { "mi", 1 },     { "mil", 0 }, { "mila", 0 }, { "mil", 0 },
                 { "mila b", 0 }, { "b", 1 },   { "mi", 0 } };
    struct harness harness;

    harness_start(&harness, EXCHANGE_2016,
                  "[exchange]\npoll_interval = 1h\nfolder_interval = 1h\n");
    people_fill(&harness);
    free(ASK(&harness, PLAIN, 0, "-b", "ou=people", "(cn=warmup*)", "mail"));
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        char filter[256];

        snprintf(filter, sizeof filter,
                 "(|(mail=*%s*)(cn=*%s*)(givenName=*%s*)(sn=*%s*))",
                 keys[i].typed, keys[i].typed, keys[i].typed, keys[i].typed);
        exchange_reset_calls(harness.exchange);
        free(ASK(&harness, PLAIN, 0, "-b", "ou=people", filter, "mail", "cn"));
        cr_expect_eq(exchange_calls(harness.exchange, "ResolveNames"),
                     keys[i].calls, "%s: %u", keys[i].typed,
                     exchange_calls(harness.exchange, "ResolveNames"));
        cr_expect_eq(exchange_calls(harness.exchange, "FindPeople"), 0);
    }
    harness_stop(&harness);
}

/* --- What others have got wrong ------------------------------------------- */

/* A message that says it has 2^31 octets is refused with a notice, before
 * any of them has come, and the gateway is there for the next one. */
static void refuse_two_gibibytes(const struct harness *harness)
{
    static const unsigned char head[] = { 0x30, 0x84, 0x80, 0,   0,
                                          0,    0x02, 0x01, 0x01 };
    static const char notice[] = "1.3.6.1.4.1.1466.20036";
    size_t before = harness_resident_kb(harness);
    struct link *link = link_open(harness->ldap);

    link_send(link, head, sizeof head);
    char *answer = link_octets(link, 2, WAIT_SECONDS);
    cr_assert(answer != NULL && answer[0] == 0x30);
    char *rest = link_octets(link, (unsigned char)answer[1], WAIT_SECONDS);
    cr_assert_not_null(rest);
    cr_expect(memmem(rest, (unsigned char)answer[1], notice,
                     sizeof notice - 1) != NULL);
    free(rest);
    free(answer);
    cr_expect(link_is_closed(link, WAIT_SECONDS));
    link_close(&link);
    cr_expect_lt(harness_resident_kb(harness), before + 16 * 1024);
}

Test(ldapsearch, prior_art, .timeout = SECONDS,
     .description = "LDAP: a BER length of 2^31 must be refused; "
                    "(objectClass=inetOrgPerson) must not match everything by "
                    "accident; paged results; limit code only when there is "
                    "more.")
{
    struct harness harness;

    harness_start(&harness, EXCHANGE_2016, NULL);
    people_fill(&harness);
    refuse_two_gibibytes(&harness);

    char *output = ASK(&harness, PLAIN, 0, "-b", "ou=people",
                       "(&(cn=bak*)(objectClass=inetOrgPerson))", "mail");
    cr_expect_eq(entries(output), 0, "%s", output);
    free(output);
    output = ASK(&harness, PLAIN, 0, "-b", "ou=people",
                 "(&(cn=bak*)(objectClass=groupOfNames))", "mail");
    cr_expect_eq(entries(output), 1, "%s", output);
    free(output);

    output = ASK(&harness, PLAIN, 0, "-E", "pr=1/noprompt", "-z", "2", "-b",
                 "ou=people", "(givenName=mil*)", "mail");
    cr_expect_eq(entries(output), 2, "%s", output);
    free(output);
    output = ASK(&harness, PLAIN, 4, "-z", "1", "-b", "ou=people",
                 "(givenName=mil*)", "mail");
    cr_expect_eq(entries(output), 1, "%s", output);
    free(output);
    harness_stop(&harness);
}
