/*
 * people.c - who is in the directory, and in Ann's contacts
 */
#include "tests/clients/people.h"

#include <stddef.h>

#include "tests/clients/harness.h"

/* clang-format off */
static const struct {
    const char *address;
    const char *element;
    const char *text;
} details[] = {
    { "mila.baker@postern.example",  "GivenName",      "Mila" },
    { "mila.baker@postern.example",  "Surname",        "Baker" },
    { "mila.baker@postern.example",  "JobTitle",       "Baker" },
    { "mila.baker@postern.example",  "BusinessPhone",  "+49 30 1234" },
    { "mila.baker@postern.example",  "ProxyAddress",   "mb@postern.example" },
    { "mila.baker@postern.example",  "ManagerMailbox", "miles.smith@postern.example" },
    { "miles.smith@postern.example", "GivenName",      "Miles" },
    { "miles.smith@postern.example", "Surname",        "Smith" },
    { "goe@postern.example",         "GivenName",      "Hans" },
    { "goe@postern.example",         "Surname",        "G\xc3\xb6" "del" },
};
/* clang-format on */

static const unsigned char picture[] = { 0xff, 0xd8, 0xff, 0xe0, 0, 16,
                                         'J',  'F',  'I',  'F',  0, 1 };

void people_fill(const struct harness *harness)
{
    static const char *const bakers[] = { "mila.baker@postern.example",
                                          "goe@postern.example", NULL };
    struct exchange *exchange = harness->exchange;

    exchange_add_person(exchange, "miles.smith@postern.example", "Miles Smith");
    exchange_add_person(exchange, "mila.baker@postern.example", "Mila Baker");
    exchange_add_person(exchange, "goe@postern.example",
                        "Hans G\xc3\xb6"
                        "del");
    exchange_add_group(exchange, "bakers@postern.example", "Bakers", bakers);
    for (size_t i = 0; i < sizeof details / sizeof details[0]; i++)
        exchange_describe(exchange, details[i].address, details[i].element,
                          details[i].text);
    exchange_set_photo(exchange, "mila.baker@postern.example", picture,
                       sizeof picture);
    exchange_add_object(
        exchange, ANN, "contacts",
        "<t:Contact><t:FileAs>Contact, Carl</t:FileAs>"
        "<t:DisplayName>Carl Contact</t:DisplayName>"
        "<t:GivenName>Carl</t:GivenName><t:EmailAddresses>"
        "<t:Entry Key=\"EmailAddress1\">contact@elsewhere.example</t:Entry>"
        "</t:EmailAddresses><t:Surname>Contact</t:Surname></t:Contact>");
}
