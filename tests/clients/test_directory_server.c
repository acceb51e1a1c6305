/*
 * test_directory_server.c - people of an LDAP server behind the gateway
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/base/buf.h"
#include "tests/clients/harness.h"
#include "tests/clients/program.h"
#include "tests/proxy/exchange/ldap/slapd.h"

/* Ann as the server knows her, with the password that she has at Exchange. */
static const char ann[] = "dn: cn=" ANN ",ou=people," SLAPD_BASE "\n"
                          "objectClass: inetOrgPerson\ncn: " ANN "\n"
                          "sn: Ann\nmail: " ANN "\n"
                          "userPassword: " PASSWORD "\n\n";

/* Both authorities in one file, as an administrator would have it. */
static void write_authorities(const struct harness *harness,
                              const struct slapd *slapd)
{
    const char *const files[] = { exchange_ca_file(harness->exchange),
                                  slapd->ca_file };
    struct buf all;

    buf_init(&all, NULL);
    for (size_t i = 0; i < 2; i++) {
        char piece[4096];
        FILE *file = fopen(files[i], "r");
        cr_assert_not_null(file);
        buf_append(&all, piece, fread(piece, 1, sizeof piece, file));
        fclose(file);
    }
    harness_write(harness, "both.pem", "%s", all.data);
    buf_fini(&all);
}

static void begin(struct harness *harness, struct slapd *slapd)
{
    slapd_begin(slapd, &(struct slapd_kind){ .crowd = 150 }, ann);
    harness_start(harness, EXCHANGE_2016, NULL);
    harness_daemon_stop(harness);
    write_authorities(harness, slapd);
    char *settings = harness_read(harness, "postern.conf");
    harness_write(harness, "postern.conf",
                  "%s[exchange]\nca = %s/both.pem\n"
                  "[directory]\nserver = ldaps://127.0.0.1:%d\n"
                  "server_bind = cn=%%u,ou=people," SLAPD_BASE "\n",
                  settings, harness->directory, slapd->tls_port);
    free(settings);
    harness_daemon_start(harness);
    exchange_add_person(harness->exchange, "bertha@postern.example", "Bertha");
}

static char *ask(const struct harness *harness, int code, const char *base,
                 const char *filter, const char *attribute)
{
    char url[64];
    struct program program = { .name = "ldapsearch" };

    snprintf(url, sizeof url, "ldap://localhost:%u", harness->ldap);
    const char *args[] = {
        "-LLL", "-o",     "ldif-wrap=no", "-H", url,    "-x",      "-D", ANN,
        "-w",   PASSWORD, "-b",           base, filter, attribute, NULL
    };
    program_run(&program, harness, args);
    cr_expect_eq(program.status, code, "%d: %s", program.status,
                 program.output);
    return program.output;
}

Test(directory_server, answers_instead_of_exchange, .timeout = SECONDS)
{
    static const struct {
        const char *base;
        const char *filter;
        const char *attribute;
        const char *said;
    } cases[] = {
        { "ou=people", "(cn=*bert*)", "mail", "mail: bert@example.com\n" },
        { "ou=people", "(&(cn=ann*)(title=baker))", "manager",
          "manager: uid=bert@example.com,ou=people\n" },
        { "ou=people", "(cn=bakers)", "member",
          "member: uid=ann@example.com,ou=people\n" },
        { "uid=bert@example.com,ou=people", "(objectClass=*)", "jpegPhoto",
          "jpegPhoto:: /9j/4AAQSkZJRg==\n" },
    };
    struct harness harness;
    struct slapd slapd;

    begin(&harness, &slapd);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *output = ask(&harness, 0, cases[i].base, cases[i].filter,
                           cases[i].attribute);
        cr_expect(strstr(output, cases[i].said) != NULL, "%s: %s",
                  cases[i].filter, output);
        cr_expect(strstr(output, "bertha") == NULL, "%s", output);
        free(output);
    }
    cr_expect_eq(exchange_calls(harness.exchange, "ResolveNames"), 0);
    cr_expect_eq(exchange_calls(harness.exchange, "GetUserPhoto"), 0);
    cr_expect_eq(exchange_calls(harness.exchange, "ExpandDL"), 0);
    harness_stop(&harness);
    slapd_end(&slapd);
}

/* Exchange's list of a hundred is no limit here. */
Test(directory_server, tells_of_everybody, .timeout = SECONDS)
{
    struct harness harness;
    struct slapd slapd;
    size_t count = 0;

    begin(&harness, &slapd);
    char *output = ask(&harness, 0, "ou=people", "(cn=*umber*)", "mail");
    for (const char *at = output; (at = strstr(at, "\nmail: ")) != NULL; at++)
        count++;
    cr_expect_eq(count, 150, "%zu", count);
    free(output);
    harness_stop(&harness);
    slapd_end(&slapd);
}
