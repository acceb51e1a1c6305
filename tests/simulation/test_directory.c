/*
 * test_directory.c - the directory finds and tells people as Exchange does
 *
 * Every answer is held against the official schema where that is at hand.
 */
#include "tests/simulation/asking.h"

#include <string.h>

#include <criterion/criterion.h>

#include "proxy/base/str.h"

#define ANN "ann@example.com"
#define ZOE "zoe@example.com"
#define FAR "far@partner.example"

static struct asking t;

static const unsigned char picture[] = { 0xff, 0xd8, 0xff, 0xe0, 1, 2, 3 };

static void start(enum exchange_version version)
{
    static const char *const inner[] = { ZOE, FAR, NULL };
    static const char *const outer[] = { "inner@example.com", ANN,
                                         "nobody@example.com", NULL };

    asking_restart(&t, version);
    exchange_add_user(t.exchange, ANN, "Ann Lee", "secret", "en");
    exchange_add_person(t.exchange, ZOE, "Zoë Müller-Groß");
    exchange_add_person(t.exchange, FAR, "Far Away Ltd");
    exchange_describe(t.exchange, ZOE, "GivenName", "Zoë");
    exchange_describe(t.exchange, ZOE, "Surname", "Müller-Groß");
    exchange_describe(t.exchange, ZOE, "Alias", "zmg");
    exchange_describe(t.exchange, ZOE, "OfficeLocation", "Tower 9");
    exchange_describe(t.exchange, ZOE, "BusinessPhone", "+49 1");
    exchange_describe(t.exchange, ZOE, "JobTitle", "Lock & Key");
    exchange_describe(t.exchange, ZOE, "City", "Köln");
    exchange_describe(t.exchange, ZOE, "ProxyAddress", "old.zoe@example.com");
    exchange_describe(t.exchange, ZOE, "UserSMIMECertificate", "AAEC");
    exchange_describe(t.exchange, ZOE, "ManagerMailbox", ANN);
    exchange_set_photo(t.exchange, ZOE, picture, sizeof picture);
    exchange_add_group(t.exchange, "inner@example.com", "Inner Circle", inner);
    exchange_add_group(t.exchange, "outer@example.com", "Outer Circle", outer);
}

static void set_up(void)
{
    asking_begin(&t, EXCHANGE_2016);
    start(EXCHANGE_2016);
}

static void tear_down(void)
{
    asking_end(&t);
}

TestSuite(directory_door, .init = set_up, .fini = tear_down);

static char *ask_in(const char *version, const char *operation)
{
    return asking_ask(&t, ANN, version, "", operation, NULL, NULL);
}

static char *ask(const char *operation)
{
    return ask_in("Exchange2013_SP1", operation);
}

static char *code_of(const char *answer)
{
    return asking_code(&t, answer);
}

/* --- ResolveNames --------------------------------------------------------- */

#define NAMES(attributes, entry)                                               \
    "<m:ResolveNames " attributes "><m:UnresolvedEntry>" entry                 \
    "</m:UnresolvedEntry></m:ResolveNames>"
#define FULL "ReturnFullContactData=\"true\" SearchScope=\"ActiveDirectory\""

static char *resolve(const char *entry)
{
    return ask(arena_printf(t.arena, NAMES(FULL, "%s"), entry));
}

/* clang-format off */
static const struct {
    const char *entry;
    const char *found; /* an address; NULL: nobody */
} entries[] = {
    { "zo",                       ZOE },
    { "ZOË",                      ZOE },
    { "zoe",                      ZOE },
    { "mull",                     ZOE },
    { "Müller-Gross",             ZOE },
    { "groß",                     NULL },
    { "zoe mul",                  ZOE },
    { "mul zoe",                  ZOE },
    { "mul ann",                  NULL },
    { "zmg",                      ZOE },
    { "tower",                    ZOE },
    { "old.z",                    ZOE },
    { "ller",                     NULL },
    { "=zoe",                     ZOE },
    { "=zo",                      NULL },
    { "smtp:" ZOE,                ZOE },
    { "SMTP:OLD.ZOE@example.com", ZOE },
    { "smtp:old.zoe@example",     NULL },
    { "smtp:old.zoe",             NULL },
    { "lock",                     NULL },
    { "inner",                    "inner@example.com" },
    { "circle",                   NULL },
    { "lee",                      ANN },
};
/* clang-format on */

Test(directory_door, finds_by_the_beginning_of_what_somebody_is_called)
{
    for (size_t i = 0; i < sizeof entries / sizeof *entries; i++) {
        char *answer = resolve(entries[i].entry);
        const char *address =
            asking_between(&t, answer, "<t:EmailAddress>", "<");

        cr_expect_str_eq(address,
                         entries[i].found == NULL ? "" : entries[i].found, "%s",
                         entries[i].entry);
        cr_expect_str_eq(code_of(answer),
                         entries[i].found == NULL
                             ? "ErrorNameResolutionNoResults"
                             : "NoError",
                         "%s", entries[i].entry);
    }
}

Test(directory_door, warns_of_several_and_sorts_them)
{
    char *answer;

    exchange_add_person(t.exchange, "lea@example.com", "Lea Zander");
    answer = resolve("le");
    cr_expect_str_eq(code_of(answer), "ErrorNameResolutionMultipleResults");
    cr_expect_not_null(strstr(answer, "ResponseClass=\"Warning\""));
    cr_expect_lt(strstr(answer, ANN), strstr(answer, "lea@example.com"));
    cr_expect_not_null(strstr(answer, "IncludesLastItemInRange=\"true\""));
}

/* clang-format off */
static const struct {
    const char *name;
    const char *version;
    const char *attributes;
    const char *element;
    bool there;
} shapes[] = {
    { "nothing unless it is wanted",   "Exchange2013_SP1", "ReturnFullContactData=\"false\"", "<t:Contact>", false },
    { "what 2007 told",                "Exchange2007_SP1", FULL, "<t:JobTitle>Lock &amp; Key<", true },
    { "no alias by default",           "Exchange2013_SP1", FULL, "<t:Alias>", false },
    { "no alias in 2010 SP1",          "Exchange2010_SP1", FULL, "<t:Alias>", false },
    { "an alias",                      "Exchange2010_SP2", FULL " ContactDataShape=\"AllProperties\"", "<t:Alias>zmg<", true },
    { "a picture",                     "Exchange2010_SP2", FULL " ContactDataShape=\"AllProperties\"", "<t:Photo>/9j/4AECAw==<", true },
    { "a certificate",                 "Exchange2010_SP2", FULL " ContactDataShape=\"AllProperties\"", "<t:Base64Binary>AAEC<", true },
    { "his manager's name",            "Exchange2007_SP1", FULL, "<t:Manager>Ann Lee<", true },
    { "his manager's address",         "Exchange2010_SP2", FULL " ContactDataShape=\"AllProperties\"", "<t:ManagerMailbox><t:Mailbox><t:Name>Ann Lee<", true },
    { "numbers that there are not",    "Exchange2013_SP1", FULL, "<t:Entry Key=\"Pager\"/>", true },
    { "another address",               "Exchange2013_SP1", FULL, "Key=\"EmailAddress2\">smtp:old.zoe@example.com<", true },
    { "a place",                       "Exchange2013_SP1", FULL, "<t:Entry Key=\"Business\"><t:City>Köln<", true },
    { "no shape but the id",           "Exchange2013_SP1", FULL " ContactDataShape=\"IdOnly\"", "<t:JobTitle>", false },
};
/* clang-format on */

Test(directory_door, tells_what_a_version_and_a_shape_have)
{
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        char *answer =
            ask_in(shapes[i].version, arena_printf(t.arena, NAMES("%s", "zmg"),
                                                   shapes[i].attributes));

        cr_expect_str_eq(code_of(answer), "NoError", "%s", shapes[i].name);
        cr_expect_eq(strstr(answer, shapes[i].element) != NULL, shapes[i].there,
                     "%s: %s", shapes[i].name, answer);
    }
    cr_expect_str_eq(
        code_of(ask_in("Exchange2010_SP1",
                       NAMES(FULL " ContactDataShape=\"Default\"", "zmg"))),
        "ErrorSchemaValidation");
}

Test(directory_door, tells_who_reports_to_somebody)
{
    char *answer =
        ask(NAMES(FULL " ContactDataShape=\"AllProperties\"", "ann"));

    cr_expect_str_eq(
        asking_between(&t, answer, "<t:DirectReports>", "<t:RoutingType>"),
        "<t:Mailbox><t:Name>Zoë Müller-Groß</t:Name>"
        "<t:EmailAddress>" ZOE "</t:EmailAddress>");
}

Test(directory_door, tells_who_is_elsewhere)
{
    cr_expect_not_null(strstr(resolve("far"), "<t:MailboxType>Contact<"));
    cr_expect_not_null(strstr(resolve("zmg"), "<t:MailboxType>Mailbox<"));
    exchange_remove_person(t.exchange, FAR);
    cr_expect_str_eq(code_of(resolve("far")), "ErrorNameResolutionNoResults");
    exchange_rename_person(t.exchange, ZOE, "Zoë Klein");
    cr_expect_str_eq(code_of(resolve("zoe kl")), "NoError");
}

Test(directory_door, finds_lists_of_ones_own)
{
    char *answer = ask(
        "<m:CreateItem><m:SavedItemFolderId><t:DistinguishedFolderId"
        " Id=\"contacts\"/></m:SavedItemFolderId><m:Items><t:DistributionList>"
        "<t:DisplayName>Choir</t:DisplayName><t:Members><t:Member><t:Mailbox>"
        "<t:EmailAddress>" ZOE "</t:EmailAddress></t:Mailbox></t:Member>"
        "</t:Members></t:DistributionList></m:Items></m:CreateItem>");
    const char *id = asking_between(&t, answer, "ItemId Id=\"", "\"");

    answer = ask(NAMES("ReturnFullContactData=\"true\"", "cho"));
    cr_expect_not_null(strstr(answer, "<t:MailboxType>PrivateDL<"));
    cr_expect_not_null(strstr(answer, id));
    answer = ask(arena_printf(t.arena,
                              "<m:ExpandDL><m:Mailbox><t:ItemId Id=\"%s\"/>"
                              "</m:Mailbox></m:ExpandDL>",
                              id));
    cr_expect_not_null(strstr(answer, "TotalItemsInView=\"1\""));
    cr_expect_not_null(strstr(answer, ZOE));
}

/* --- Groups --------------------------------------------------------------- */

#define EXPAND(address)                                                        \
    "<m:ExpandDL><m:Mailbox><t:EmailAddress>" address                          \
    "</t:EmailAddress></m:Mailbox></m:ExpandDL>"

Test(directory_door, expands_a_group_by_one_level)
{
    char *answer = ask(EXPAND("outer@example.com"));

    cr_expect_str_eq(code_of(answer), "NoError");
    cr_expect_not_null(strstr(answer, "TotalItemsInView=\"3\""));
    cr_expect_not_null(strstr(answer, "<t:MailboxType>PublicDL<"));
    cr_expect_not_null(strstr(answer, "<t:MailboxType>OneOff<"));
    cr_expect_null(strstr(answer, ZOE));
    cr_expect_not_null(strstr(ask(EXPAND("inner")), FAR));
}

Test(directory_door, shows_no_members_that_are_hidden)
{
    exchange_hide_members(t.exchange, "inner@example.com", true);
    cr_expect_str_eq(code_of(ask(EXPAND("inner@example.com"))),
                     "ErrorNameResolutionNoResults");
    cr_expect_str_eq(code_of(ask(EXPAND(ANN))), "ErrorNameResolutionNoResults");
    exchange_hide_members(t.exchange, "inner@example.com", false);
    cr_expect_str_eq(code_of(ask(EXPAND("inner@example.com"))), "NoError");
}

/* --- FindPeople ----------------------------------------------------------- */

#define VIEW(most, from)                                                       \
    "<m:IndexedPageItemView MaxEntriesReturned=\"" most "\" Offset=\"" from    \
    "\" BasePoint=\"Beginning\"/>"
#define DIRECTORY                                                              \
    "<m:ParentFolderId><t:DistinguishedFolderId Id=\"directory\"/>"            \
    "</m:ParentFolderId>"
#define PEOPLE(more) "<m:FindPeople>" more "</m:FindPeople>"
#define QUERY(text) "<m:QueryString>" text "</m:QueryString>"

Test(directory_door, tells_people_page_by_page)
{
    char *answer;

    exchange_fill_directory(t.exchange, 2000);
    answer = ask(PEOPLE(VIEW("100", "0") DIRECTORY QUERY("p")));
    cr_expect_str_eq(code_of(answer), "NoError");
    cr_expect_eq(asking_times(answer, "<t:Persona>"), 100);
    const char *total =
        asking_between(&t, answer, "<m:TotalNumberOfPeopleInView>", "<");
    cr_expect_gt(strlen(total), 2, "%s", total);
    answer = ask(arena_printf(
        t.arena, PEOPLE(VIEW("100", "%s") DIRECTORY QUERY("p")), total));
    cr_expect_eq(asking_times(answer, "<t:Persona>"), 0);
}

Test(directory_door, cannot_be_browsed)
{
    cr_expect_str_eq(code_of(ask(PEOPLE(VIEW("10", "0") DIRECTORY))),
                     "ErrorInvalidRequest");
    cr_expect_str_eq(
        code_of(ask_in("Exchange2010_SP2", PEOPLE(VIEW("10", "0") QUERY("z")))),
        "ErrorSchemaValidation");
}

Test(directory_door, tells_of_personas_what_is_asked_for)
{
    char *answer = ask(PEOPLE(
        "<m:PersonaShape><t:BaseShape>IdOnly</t:BaseShape>"
        "<t:AdditionalProperties><t:FieldURI FieldURI=\"persona:Title\"/>"
        "<t:FieldURI FieldURI=\"persona:BusinessPhoneNumbers\"/>"
        "<t:FieldURI FieldURI=\"persona:EmailAddresses\"/>"
        "</t:AdditionalProperties></m:PersonaShape>" VIEW("10", "0")
            DIRECTORY QUERY("zoe")));

    cr_expect_not_null(strstr(answer, "<t:Title>Lock &amp; Key<"));
    cr_expect_not_null(strstr(answer, "<t:Number>+49 1<"));
    cr_expect_not_null(strstr(answer, "old.zoe@example.com"));
    cr_expect_null(strstr(answer, "<t:GivenName>"));
    answer = ask(PEOPLE(VIEW("10", "0") DIRECTORY QUERY("zoe")));
    cr_expect_not_null(strstr(answer, "<t:FileAs>Müller-Groß, Zoë<"));
    cr_expect_null(strstr(answer, "<t:Title>"));
    const char *id = asking_between(&t, answer, "PersonaId Id=\"", "\"");
    answer = ask(arena_printf(t.arena,
                              "<m:GetPersona><m:PersonaId Id=\"%s\"/>"
                              "</m:GetPersona>",
                              id));
    cr_expect_not_null(strstr(answer, "<t:Title>Lock &amp; Key<"));
}

Test(directory_door, sorts_personas_as_asked)
{
#define SORTED(order)                                                          \
    ask(PEOPLE(VIEW(                                                           \
        "10",                                                                  \
        "0") "<m:SortOrder><t:FieldOrder Order=\"" order                       \
             "\"><t:FieldURI FieldURI=\"persona:"                              \
             "DisplayName\"/></t:FieldOrder></m:SortOrder>" DIRECTORY QUERY(   \
                 "o")))
    char *answer;

    exchange_add_person(t.exchange, "o1@example.com", "Oa");
    exchange_add_person(t.exchange, "o2@example.com", "Öb");
    answer = SORTED("Ascending");
    cr_expect_lt(strstr(answer, "o1@"), strstr(answer, "o2@"));
    answer = SORTED("Descending");
    cr_expect_gt(strstr(answer, "o1@"), strstr(answer, "o2@"));
}

/* --- Pictures ------------------------------------------------------------- */

#define PHOTO(address, size)                                                   \
    "<m:GetUserPhoto><m:Email>" address "</m:Email><m:SizeRequested>" size     \
    "</m:SizeRequested></m:GetUserPhoto>"

Test(directory_door, has_a_picture_or_none)
{
    char *answer = ask(PHOTO(ZOE, "HR96x96"));

    cr_expect_str_eq(asking_between(&t, answer, "<m:PictureData>", "<"),
                     "/9j/4AECAw==");
    cr_expect_str_eq(code_of(ask(PHOTO(ANN, "HR96x96"))), "ErrorItemNotFound");
    cr_expect_str_eq(code_of(ask(PHOTO(ANN, "HR97x97"))),
                     "ErrorSchemaValidation");
}
