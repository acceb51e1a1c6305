/*
 * test_exchangelib.c - python3-exchangelib works with the simulated Exchange
 *
 * A program that nobody here wrote holds the simulation to account: what it
 * trips over would be wrong in Exchange, too.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/clients/harness.h"
#include "tests/clients/program.h"

#define MAIL "tests/clients/exchangelib_client.py"
#define FORMS "tests/clients/exchangelib_forms.py"
#define PEOPLE "tests/clients/exchangelib_people.py"

static void add_message(struct exchange *exchange, const char *user,
                        const char *folder, unsigned n)
{
    char mime[512];
    int len = snprintf(
        mime, sizeof mime,
        "From: Carla <carla@example.org>\r\nTo: <" ANN ">\r\n"
        "Subject: Number %u\r\nMessage-ID: <%u@example.org>\r\n"
        "Date: Mon, 1 Jan 2024 10:0%u:00 +0000\r\nMIME-Version: 1.0\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n\r\nBody of %u.\r\n",
        n, n, n, n);

    exchange_add_message(exchange, user, folder, mime, (size_t)len,
                         1704103200 + 60 * n, false);
}

static void add_stores(struct exchange *exchange)
{
    exchange_add_archive(exchange, ANN);
    exchange_add_folder(exchange, ANN "/archive", "Alt");
    add_message(exchange, ANN "/archive", "Alt", 9);
    exchange_add_public_folder(exchange, "Brett");
    exchange_add_public_folder(exchange, "Brett/Keller");
    add_message(exchange, EXCHANGE_PUBLIC, "Brett", 8);
    exchange_grant(exchange, BOB, "INBOX", ANN, "Reviewer");
    exchange_grant(exchange, ANN, "drafts", BOB, "Reviewer");
}

static void add_people(struct exchange *exchange)
{
    static const char zoe[] = "zoe@postern.example";
    static const char *const all[] = { ANN, zoe, NULL };
    static const char *const mill[] = { zoe, "all@postern.example", NULL };
    static const struct {
        const char *element;
        const char *text;
    } facts[] = {
        { "JobTitle", "Miller" },  { "Department", "Mill" },
        { "Alias", "zm" },         { "BusinessPhone", "+49 1" },
        { "ManagerMailbox", ANN }, { "ProxyAddress", "old@postern.example" },
    };

    exchange_fill_directory(exchange, 900);
    exchange_add_person(exchange, zoe, "Zoë Zwölf");
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++)
        exchange_describe(exchange, zoe, facts[i].element, facts[i].text);
    exchange_set_photo(exchange, zoe, "\xff\xd8\xff\xe0", 4);
    exchange_add_group(exchange, "all@postern.example", "All", all);
    exchange_add_group(exchange, "mill@postern.example", "Mill", mill);
    exchange_add_group(exchange, "secret@postern.example", "Secret", all);
    exchange_hide_members(exchange, "secret@postern.example", true);
}

static void use(enum exchange_version version, unsigned auth, const char *name)
{
    struct harness harness = { .exchange = exchange_new(version),
                               .directory = "/tmp/postern-exchangelib-XXXXXX" };
    char *script = realpath(name, NULL);
    char bundle[256];

    cr_assert(script != NULL && mkdtemp(harness.directory) != NULL);
    exchange_add_user(harness.exchange, ANN, "Ann Lee", PASSWORD, "en");
    exchange_add_user(harness.exchange, BOB, "Bob", PASSWORD, "de");
    for (unsigned n = 1; n <= 3; n++)
        add_message(harness.exchange, ANN, NULL, n);
    add_stores(harness.exchange);
    if (strcmp(name, PEOPLE) == 0)
        add_people(harness.exchange);
    cr_assert(exchange_serve(harness.exchange, 0, true, auth) != 0);
    snprintf(bundle, sizeof bundle, "REQUESTS_CA_BUNDLE=%s",
             exchange_ca_file(harness.exchange));
    const char *args[] = { "env", bundle, "/usr/bin/python3", "-B", script,
                           exchange_url(harness.exchange), NULL };
    char *output = program_succeed(&harness, args, NULL);
    cr_expect(strstr(output, "\ndone\n") != NULL, "%s", output);
    free(output);
    free(script);
    exchange_free(&harness.exchange);
    cr_expect(rmdir(harness.directory) == 0);
}

Test(exchangelib, works_with_exchange_2010, .timeout = SECONDS)
{
    use(EXCHANGE_2010_SP2, EXCHANGE_BASIC, MAIL);
}

Test(exchangelib, works_with_exchange_2013, .timeout = SECONDS)
{
    use(EXCHANGE_2013_SP1, EXCHANGE_BASIC | EXCHANGE_NTLM, MAIL);
}

Test(exchangelib, works_with_exchange_2016_by_ntlm, .timeout = SECONDS)
{
    use(EXCHANGE_2016, EXCHANGE_NTLM, MAIL);
}

Test(exchangelib, keeps_calendars_of_exchange_2010, .timeout = SECONDS)
{
    use(EXCHANGE_2010_SP1, EXCHANGE_BASIC, FORMS);
}

Test(exchangelib, keeps_calendars_of_exchange_2013, .timeout = SECONDS)
{
    use(EXCHANGE_2013_SP1, EXCHANGE_BASIC, FORMS);
}

Test(exchangelib, keeps_calendars_of_exchange_2019, .timeout = SECONDS)
{
    use(EXCHANGE_2019, EXCHANGE_BASIC, FORMS);
}

Test(exchangelib, finds_people_of_exchange_2010, .timeout = SECONDS)
{
    use(EXCHANGE_2010_SP2, EXCHANGE_BASIC, PEOPLE);
}

Test(exchangelib, finds_people_of_exchange_2016, .timeout = SECONDS)
{
    use(EXCHANGE_2016, EXCHANGE_BASIC, PEOPLE);
}
