/*
 * test_autodiscover.c - whom autodiscover knows, and what it says
 */
#include <criterion/criterion.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "tests/exchange/autodiscover.h"
#include "tests/exchange/exchange.h"

#define QUESTION(address, schema)                                              \
    "<Autodiscover xmlns=\"http://schemas.microsoft.com/exchange/"             \
    "autodiscover/outlook/requestschema/2006\"><Request><EMailAddress>"        \
    address "</EMailAddress><AcceptableResponseSchema>http://schemas."         \
    "microsoft.com/exchange/autodiscover/outlook/responseschema/" schema       \
    "</AcceptableResponseSchema></Request></Autodiscover>"
#define ASK(address) QUESTION(address, "2006a")

/* clang-format off */
static const struct {
    const char *name;
    enum exchange_version version;
    const char *question;
    const char *part;
    bool there;
} cases[] = {
    { "a user",                     EXCHANGE_2016,     ASK("ann@postern.example"),  "<AutoDiscoverSMTPAddress>ann@postern.example<", true },
    { "his public folders",         EXCHANGE_2016,     ASK("ann@postern.example"),  "<SmtpAddress>" EXCHANGE_PUBLIC_TREE "<", true },
    { "a server that is a mailbox", EXCHANGE_2013_SP1, ASK(EXCHANGE_PUBLIC_TREE),   "@postern.example</Server>", true },
    { "a server that is a machine", EXCHANGE_2010_SP2, ASK("ann@postern.example"),  "<Server>EX1.postern.example</Server>", true },
    { "no mailboxes before 2013",   EXCHANGE_2010_SP2, ASK("ann@postern.example"),  "PublicFolderInformation", false },
    { "nobody",                     EXCHANGE_2016,     ASK("eve@postern.example"),  "<ErrorCode>500<", true },
    { "another schema",             EXCHANGE_2016,     QUESTION("ann@postern.example", "2005"), "<ErrorCode>601<", true },
    { "no question",                EXCHANGE_2016,     "<Autodiscover/>",           "<ErrorCode>600<", true },
};
/* clang-format on */

Test(autodiscover_door, knows_users_and_mailboxes_of_public_folders)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct exchange *exchange = exchange_new(cases[i].version);
        struct arena *arena = arena_new();

        exchange_add_user(exchange, "ann@postern.example", "Ann", "secret",
                          "en");
        exchange_add_public_folder(exchange, "News");
        const char *text =
            sim_autodiscover(exchange, arena, cases[i].question,
                             strlen(cases[i].question));
        cr_expect_eq(strstr(text, cases[i].part) != NULL, cases[i].there,
                     "%s: %s", cases[i].name, text);
        arena_free(&arena);
        exchange_free(&exchange);
    }
}
