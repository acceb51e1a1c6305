/*
 * test_autodiscover.c - what is read from autodiscover's answers and from the
 * lists of replicas
 */
#include <criterion/criterion.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/exchange/ews/autodiscover.h"
#include "proxy/exchange/ews/public.h"

#define RESPONSE(text)                                                         \
    "<?xml version=\"1.0\"?><Autodiscover xmlns=\"http://schemas.microsoft."   \
    "com/exchange/autodiscover/responseschema/2006\"><Response xmlns=\"http:"  \
    "//schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/"    \
    "2006a\">" text "</Response></Autodiscover>"
#define PROTOCOL(type, server)                                                 \
    "<Protocol><Type>" type "</Type><Server>" server "</Server></Protocol>"

/* clang-format off */
static const struct {
    const char *name;
    const char *text;
    bool good;
    struct autodiscover answer;
} answers[] = {
    { "the user's own address",
      RESPONSE("<User><AutoDiscoverSMTPAddress> ann@example.com\r\n</AutoDiscoverSMTPAddress></User>"),
      true, { .address = "ann@example.com" } },
    { "the server inside, wherever it stands",
      RESPONSE("<Account><Action>settings</Action>" PROTOCOL("EXPR", "mail") PROTOCOL("EXCH", "1@b") "</Account>"),
      true, { .server = "1@b" } },
    { "no server inside",
      RESPONSE("<Account>" PROTOCOL("EXPR", "mail") PROTOCOL("WEB", "owa") "</Account>"),
      true, { NULL } },
    { "public folders",
      RESPONSE("<Account><PublicFolderInformation><SmtpAddress>p@b</SmtpAddress></PublicFolderInformation></Account>"),
      true, { .public_address = "p@b" } },
    { "empty elements",
      RESPONSE("<User><AutoDiscoverSMTPAddress/></User><Account><PublicFolderInformation><SmtpAddress> </SmtpAddress>"
               "</PublicFolderInformation></Account>"),
      true, { NULL } },
    { "another address",
      RESPONSE("<Account><Action>redirectAddr</Action><RedirectAddr>c@d</RedirectAddr></Account>"),
      true, { .redirect = "c@d" } },
    { "an address that is no redirection",
      RESPONSE("<Account><Action>settings</Action><RedirectAddr>c@d</RedirectAddr></Account>"),
      true, { NULL } },
    { "an address book from inside and outside",
      RESPONSE("<Account><Protocol><Type>EXCH</Type><OABUrl>http://in/OAB/1/</OABUrl></Protocol>" PROTOCOL("WEB", "owa")
               "<Protocol><Type>EXPR</Type><OABUrl> https://out/OAB/1/ </OABUrl></Protocol></Account>"),
      true, { .books = { "http://in/OAB/1/", "https://out/OAB/1/" } } },
    { "an address book in public folders",
      RESPONSE("<Account><Protocol><Type>EXCH</Type><OABUrl>Public Folder</OABUrl></Protocol></Account>"),
      true, { NULL } },
    { "an error",
      RESPONSE("<Error Time=\"1\" Id=\"2\"><ErrorCode>500</ErrorCode><Message>No such address</Message></Error>"),
      true, { .error = "No such address" } },
    { "an error without words", RESPONSE("<Error/>"), true, { .error = "an error without a message" } },
    { "half an answer", "<Autodiscover><Response><User>", false, { NULL } },
    { "no answer", "<Autodiscover/>", false, { NULL } },
    { "nothing", "", false, { NULL } },
};

#define GUID "1ec2a236-ed93-4f88-b9c6-33e63fa4aa44"

static const struct {
    const char *name;
    const char *replicas;
    const char *guid;
} lists[] = {
    { "one mailbox",         "MWVjMmEyMzYtZWQ5My00Zjg4LWI5YzYtMzNlNjNmYTRhYTQ0AA==", GUID },
    { "without its end",     "MWVjMmEyMzYtZWQ5My00Zjg4LWI5YzYtMzNlNjNmYTRhYTQ0",     GUID },
    { "the first of two",    "MWVjMmEyMzYtZWQ5My00Zjg4LWI5YzYtMzNlNjNmYTRhYTQ0AGZmZmZmZmZm", GUID },
    { "in capitals",         "MUVDMkEyMzYtRUQ5My00Rjg4LUI5QzYtMzNFNjNGQTRBQTQ0AA==", GUID },
    { "a server of 2010",    "L289UG9zdGVybi9vdT1FeGNoYW5nZS9jbj1SZWNpcGllbnRzL2NuPVB1YmxpYwA=", "" },
    { "too short",           "MWVjMmEyMzYtZWQ5My00Zjg4LWI5YzYtMzNlNjNmYTRhYTQ=",     "" },
    { "no base64",           "1ec2a236-ed93-4f88-b9c6-33e63fa4aa44-and-some-more-*", "" },
    { "empty",               "",                                                     "" },
    { "none",                NULL,                                                   "" },
};
/* clang-format on */

Test(autodiscover, says_what_is_asked_of_it)
{
    struct arena *arena = arena_new();

    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        const struct autodiscover *wanted = &answers[i].answer;
        const char *text = answers[i].text;
        struct autodiscover got;

        cr_expect_eq(autodiscover_read(arena, text, strlen(text), &got),
                     answers[i].good, "%s", answers[i].name);
        cr_expect(str_equal(got.address, wanted->address) &&
                      str_equal(got.server, wanted->server) &&
                      str_equal(got.public_address, wanted->public_address) &&
                      str_equal(got.redirect, wanted->redirect) &&
                      str_equal(got.books[0], wanted->books[0]) &&
                      str_equal(got.books[1], wanted->books[1]) &&
                      str_equal(got.error, wanted->error),
                  "%s", answers[i].name);
    }
    arena_free(&arena);
}

Test(autodiscover, finds_the_mailbox_of_a_folder_in_its_replicas)
{
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        char guid[PUBLIC_GUID_SIZE];

        public_read_guid(lists[i].replicas, guid);
        cr_expect_str_eq(guid, lists[i].guid, "%s", lists[i].name);
    }
}
