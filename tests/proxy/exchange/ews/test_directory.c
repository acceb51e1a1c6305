/*
 * test_directory.c - people, groups and pictures of the organisation
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/base/buf.h"
#include "tests/proxy/exchange/ews/scene.h"
#include "tests/proxy/exchange/ews/validation.h"

static const struct remote_directory *slots(void)
{
    return ews_backend.directory;
}

/* --- Finding people ------------------------------------------------------- */

#define SET(last, content)                                                     \
    "<m:ResolutionSet IncludesLastItemInRange=\"" last "\">" content           \
    "</m:ResolutionSet>"
#define MAILBOX(name, address, type)                                           \
    "<t:Mailbox><t:Name>" name "</t:Name><t:EmailAddress>" address             \
    "</t:EmailAddress><t:RoutingType>SMTP</t:RoutingType><t:MailboxType>" type \
    "</t:MailboxType></t:Mailbox>"
#define SOMEBODY(name, address, type)                                          \
    "<t:Resolution>" MAILBOX(name, address, type) "</t:Resolution>"

/* The certificate that there is has a body; the other is a message around one.
 */
#define ANN                                                                    \
    "<t:Resolution>" MAILBOX(                                                  \
        "Ann Lee", "Ann@example.com",                                          \
        "Mailbox") "<t:Contact><t:DisplayName>Ann Lee</t:DisplayName>"         \
                   "<t:GivenName>Ann</t:GivenName><t:Initials>A</t:Initials>"  \
                   "<t:CompanyName>Acme</t:CompanyName><t:EmailAddresses>"     \
                   "<t:Entry Key=\"EmailAddress1\">SMTP:Ann@example.com"       \
                   "</t:Entry><t:Entry Key=\"EmailAddress2\">smtp:"            \
                   "lee@example.com</t:Entry><t:Entry Key=\"EmailAddress3\">"  \
                   "X400:c=de</t:Entry><t:Entry Key=\"EmailAddress3\">"        \
                   "smtp:a.lee@example.com</t:Entry><t:Entry "                 \
                   "Key=\"EmailAddress3\">smtp:al@example.com</t:Entry>"       \
                   "</t:EmailAddresses><t:PhysicalAddresses><t:Entry "         \
                   "Key=\"Business\"><t:Street>1 Main St</t:Street><t:City>"   \
                   "Oslo</t:City><t:CountryOrRegion>Norway"                    \
                   "</t:CountryOrRegion></t:Entry></t:PhysicalAddresses>"      \
                   "<t:PhoneNumbers><t:Entry Key=\"BusinessPhone\">+47 1"      \
                   "</t:Entry><t:Entry Key=\"MobilePhone\">+47 2</t:Entry>"    \
                   "</t:PhoneNumbers><t:ContactSource>ActiveDirectory"         \
                   "</t:ContactSource><t:Department>Sales</t:Department>"      \
                   "<t:JobTitle>Head</t:JobTitle><t:Manager>Bob Ray"           \
                   "</t:Manager><t:OfficeLocation>12</t:OfficeLocation>"       \
                   "<t:Surname>Lee</t:Surname><t:PhoneticFullName>An Li"       \
                   "</t:PhoneticFullName><t:Alias>alee</t:Alias><t:Notes>"     \
                   "Since 2001</t:Notes><t:Photo>/9j/4A==</t:Photo>"           \
                   "<t:UserSMIMECertificate><t:Base64Binary>MAUGAyoDBA=="      \
                   "</t:Base64Binary></t:UserSMIMECertificate>"                \
                   "<t:MSExchangeCertificate><t:Base64Binary>MAUwAwIBAQ=="     \
                   "</t:Base64Binary></t:MSExchangeCertificate>"               \
                   "<t:ManagerMailbox>" MAILBOX(                               \
                       "Bob Ray", "bob@example.com",                           \
                       "Mailbox") "</"                                         \
                                  "t:ManagerMailbox><t:"                       \
                                  "DirectReports>" MAILBOX(                    \
                                      "Cy", "cy@example.com", "Mailbox")       \
                                      MAILBOX(                                 \
                                          "Di", "/o=x/cn=di",                  \
                                          "Mailbox") "</t:DirectReports></"    \
                                                     "t:Contact></"            \
                                                     "t:Resolution>"

Test(ews_directory, tells_all_there_is_of_a_person)
{
    static const char *const addresses[] = { "Ann@example.com",
                                             "lee@example.com",
                                             "a.lee@example.com",
                                             "al@example.com" };
    struct person *ann;
    struct scene s;
    size_t count;
    bool complete;

    scene_begin(&s, BUILD_2016);
    scene_say(&s, "ResolveNames", SET("true", ANN));
    cr_assert_eq(
        slots()->find(s.op, s.remote, "an", 0, &ann, &count, &complete),
        STATUS_OK);
    cr_assert_eq(count, 1);
    cr_expect(complete);
    cr_expect_str_eq(ann->id, "ann@example.com");
    cr_expect_eq(ann->kind, PERSON_USER);
    cr_expect_not(ann->personal);
    cr_expect_str_eq(ann->alias, "alee");
    for (size_t i = 0; i < 4; i++)
        cr_expect_str_eq(ann->addresses[i], addresses[i]);
    cr_expect_null(ann->addresses[4]);
    cr_expect_str_eq(ann->contact.email[2].address, "a.lee@example.com");
    cr_expect_str_eq(ann->manager.name, "Bob Ray");
    cr_expect_str_eq(ann->manager.address, "bob@example.com");
    cr_assert_eq(ann->report_count, 2);
    cr_expect_str_eq(ann->reports[0].address, "cy@example.com");
    cr_expect_str_eq(ann->reports[1].name, "Di");
    cr_expect_null(ann->reports[1].address);
    cr_expect_str_eq(ann->contact.text[CONTACT_NOTE], "Since 2001");
    cr_expect_str_eq(ann->contact.text[CONTACT_OFFICE], "12");
    cr_expect_str_eq(ann->contact.text[CONTACT_JOB_TITLE], "Head");
    cr_expect_str_eq(ann->contact.phone[PHONE_WORK], "+47 1");
    cr_expect_str_eq(ann->contact.phone[PHONE_MOBILE], "+47 2");
    cr_expect_str_eq(ann->contact.place[PLACE_WORK].country, "Norway");
    cr_expect(ann->contact.has_photo);
    cr_assert_not_null(ann->contact.certificates);
    cr_expect_str_eq(ann->contact.certificates[0], "MAUwAwIBAQ==");
    cr_expect_null(ann->contact.certificates[1]);
    scene_end(&s);
}

/* clang-format off */
static const struct {
    const char *type;
    enum person_kind kind;
} kinds[] = {
    { "Mailbox",      PERSON_USER },
    { "PublicDL",     PERSON_GROUP },
    { "PrivateDL",    PERSON_GROUP },
    { "GroupMailbox", PERSON_GROUP },
    { "Contact",      PERSON_FOREIGN },
    { "PublicFolder", PERSON_FOREIGN },
    { "OneOff",       PERSON_USER },
};
/* clang-format on */

Test(ews_directory, knows_people_groups_and_others)
{
    size_t wanted = sizeof kinds / sizeof *kinds;
    struct person *people;
    struct scene s;
    struct buf set;
    size_t count;
    bool complete;

    buf_init(&set, NULL);
    buf_puts(&set, "<m:ResolutionSet>");
    for (size_t i = 0; i < wanted; i++)
        buf_printf(&set, SOMEBODY("Name", "a%zu@example.com", "%s"), i,
                   kinds[i].type);
    buf_puts(&set, SOMEBODY("Nobody", "", "Mailbox") "</m:ResolutionSet>");
    scene_begin(&s, BUILD_2016);
    scene_say(&s, "ResolveNames", set.data);
    cr_expect_eq(
        slots()->find(s.op, s.remote, "na", 0, &people, &count, &complete),
        STATUS_OK);
    cr_assert_eq(count, wanted);
    for (size_t i = 0; i < wanted; i++) {
        cr_expect_eq(people[i].kind, kinds[i].kind, "%s", kinds[i].type);
        cr_expect_eq(people[i].contact.group, kinds[i].kind == PERSON_GROUP);
        cr_expect_str_eq(people[i].contact.text[CONTACT_DISPLAY_NAME], "Name");
    }
    scene_end(&s);
    buf_fini(&set);
}

Test(ews_directory, takes_nobody_for_an_answer)
{
    struct person *people;
    struct scene s;
    size_t count;
    bool complete;

    scene_begin(&s, BUILD_2016);
    scene_say_whole(
        &s, "ResolveNames",
        "<m:ResolveNamesResponseMessage ResponseClass=\"Error\">"
        "<m:ResponseCode>ErrorNameResolutionNoResults</m:ResponseCode>"
        "</m:ResolveNamesResponseMessage>");
    cr_expect_eq(
        slots()->find(s.op, s.remote, "zz", 0, &people, &count, &complete),
        STATUS_OK);
    cr_expect_eq(count, 0);
    cr_expect(complete);
    cr_expect_null(s.op->reason);
    cr_expect_eq(s.calls, 1);
    scene_end(&s);
}

/* --- More than a hundred -------------------------------------------------- */

#define PERSONA                                                                \
    "<t:Persona><t:PersonaId Id=\"x\"/><t:PersonaType>%s</t:PersonaType>"      \
    "<t:DisplayName>Person %zu</t:DisplayName><t:Title>Clerk</t:Title>"        \
    "<t:EmailAddress><t:Name>P</t:Name><t:EmailAddress>p%zu@example.com"       \
    "</t:EmailAddress><t:MailboxType>Mailbox</t:MailboxType></t:EmailAddress>" \
    "<t:EmailAddresses><t:EmailAddress><t:EmailAddress>P%zu@Example.com"       \
    "</t:EmailAddress></t:EmailAddress><t:Address><t:EmailAddress>"            \
    "o%zu@example.com</t:EmailAddress></t:Address></t:EmailAddresses>"         \
    "<t:BusinessPhoneNumbers><t:PhoneNumberAttributedValue><t:Value>"          \
    "<t:Number>+1 %zu</t:Number><t:Type>Business</t:Type></t:Value>"           \
    "<t:Attributions><t:Attribution>0</t:Attribution></t:Attributions>"        \
    "</t:PhoneNumberAttributedValue></t:BusinessPhoneNumbers><t:Departments>"  \
    "<t:StringAttributedValue><t:Value>Sales</t:Value><t:Attributions/>"       \
    "</t:StringAttributedValue></t:Departments></t:Persona>"

/* A hundred that ResolveNames tells, p0 to p99, of more. */
static char *first_hundred(void)
{
    struct buf set;

    buf_init(&set, NULL);
    buf_puts(&set, "<m:ResolutionSet IncludesLastItemInRange=\"false\">");
    for (size_t i = 0; i < 100; i++)
        buf_printf(&set, SOMEBODY("P", "p%zu@example.com", "Mailbox"), i);
    buf_puts(&set, "</m:ResolutionSet>");
    return set.data;
}

static char *personas(size_t first, size_t count)
{
    struct buf people;

    buf_init(&people, NULL);
    buf_puts(&people, "<m:People>");
    for (size_t i = first; i < first + count; i++)
        buf_printf(&people, PERSONA, i == 150 ? "Room" : "Person", i, i, i, i,
                   i);
    buf_puts(&people, "</m:People>");
    return people.data;
}

/* clang-format off */
/* Pages of FindPeople, each from somebody on; 0 people: it fails. */
static const struct {
    const char *name;
    const char *build;
    const char *text;
    size_t limit;
    struct {
        size_t first;
        size_t count;
    } pages[3];
    size_t calls;
    size_t found;
    bool complete;
} many[] = {
    { "no more are wanted",        BUILD_2016, "p", 100, { { 0, 0 } },                            1, 100, false },
    { "fewer are wanted",          BUILD_2016, "p", 30,  { { 0, 0 } },                            1, 30,  false },
    { "before 2013",               BUILD_2010, "p", 0,   { { 0, 0 } },                            1, 100, false },
    { "one address",               BUILD_2016, "smtp:p", 0, { { 0, 0 } },                         1, 100, false },
    { "a second page",             BUILD_2016, "p", 0,   { { 0, 100 }, { 100, 60 } },             3, 160, true },
    { "another order",             BUILD_2016, "p", 0,   { { 60, 100 }, { 30, 70 } },             3, 160, true },
    { "up to a limit",             BUILD_2016, "p", 130, { { 20, 100 }, { 100, 100 } },           3, 130, false },
    { "the limit is all",          BUILD_2016, "p", 120, { { 20, 99 }, },                         2, 119, true },
    { "the limit is reached",      BUILD_2016, "p", 110, { { 20, 100 }, },                        2, 110, false },
    { "FindPeople is refused",     BUILD_2016, "p", 0,   { { 0, 0 } },                            2, 100, false },
    { "it fails later",            BUILD_2016, "p", 0,   { { 50, 100 }, { 0, 0 } },               3, 150, false },
    { "a server that begins anew", BUILD_2016, "p", 0,   { { 0, 100 }, { 0, 100 }, { 0, 100 } },  4, 100, false },
};
/* clang-format on */

static void find_many(size_t line)
{
    char *texts[4] = { first_hundred() };
    struct person *people;
    struct scene s;
    size_t count;
    bool complete;

    scene_begin(&s, many[line].build);
    scene_say(&s, "ResolveNames", texts[0]);
    for (size_t i = 0; i < 3; i++) {
        texts[i + 1] =
            personas(many[line].pages[i].first, many[line].pages[i].count);
        if (many[line].pages[i].count > 0)
            scene_say(&s, "FindPeople", texts[i + 1]);
        else
            scene_say_page(&s, "FindPeople", 400);
    }
    cr_expect_eq(slots()->find(s.op, s.remote, many[line].text,
                               many[line].limit, &people, &count, &complete),
                 STATUS_OK, "%s", many[line].name);
    cr_expect_eq(s.calls, many[line].calls, "%s: %zu calls", many[line].name,
                 s.calls);
    cr_expect_eq(count, many[line].found, "%s: %zu found", many[line].name,
                 count);
    cr_expect_eq(complete, many[line].complete, "%s", many[line].name);
    cr_expect_null(s.op->reason, "%s", many[line].name);
    scene_end(&s);
    for (size_t i = 0; i < 4; i++)
        free(texts[i]);
}

Test(ews_directory, finds_more_than_a_hundred_each_once, .timeout = 600)
{
    for (size_t i = 0; i < sizeof many / sizeof *many; i++)
        find_many(i);
}

Test(ews_directory, reads_people_as_the_web_page_has_them)
{
    char *first = first_hundred(), *second = personas(100, 60);
    struct person *people;
    struct scene s;
    size_t count;
    bool complete;

    scene_begin(&s, BUILD_2013);
    scene_say(&s, "ResolveNames", first);
    scene_say(&s, "FindPeople", second);
    cr_expect_eq(
        slots()->find(s.op, s.remote, "p", 0, &people, &count, &complete),
        STATUS_OK);
    cr_assert_eq(count, 160);
    const struct person *room = &people[150];
    cr_expect_str_eq(room->id, "p150@example.com");
    cr_expect_eq(room->kind, PERSON_ROOM);
    cr_expect_eq(people[100].kind, PERSON_USER);
    cr_expect_str_eq(room->addresses[0], "p150@example.com");
    cr_expect_str_eq(room->addresses[1], "o150@example.com");
    cr_expect_null(room->addresses[2]);
    cr_expect_str_eq(room->contact.phone[PHONE_WORK], "+1 150");
    cr_expect_str_eq(room->contact.text[CONTACT_DEPARTMENT], "Sales");
    cr_expect_str_eq(room->contact.text[CONTACT_JOB_TITLE], "Clerk");
    cr_expect_not_null(strstr(s.bodies[1], "Id=\"directory\""));
    cr_expect_not_null(strstr(s.bodies[1], "Offset=\"0\""));
    scene_end(&s);
    free(first);
    free(second);
}

/* --- Groups --------------------------------------------------------------- */

Test(ews_directory, tells_who_is_in_a_group)
{
    struct person_link *members;
    struct scene s;
    size_t count;
    bool complete;

    scene_begin(&s, BUILD_2016);
    scene_say(
        &s, "ExpandDL",
        "<m:DLExpansion IncludesLastItemInRange=\"true\">" MAILBOX(
            "Ann", "ann@example.com", "Mailbox")
            MAILBOX("All", "all@example.com", "PublicDL") "</m:DLExpansion>");
    scene_say(&s, "ExpandDL",
              "<m:DLExpansion IncludesLastItemInRange=\"false\">" MAILBOX(
                  "Ann", "ann@example.com", "Mailbox") "</m:DLExpansion>");
    scene_say_whole(
        &s, "ExpandDL",
        "<m:ExpandDLResponseMessage ResponseClass=\"Error\">"
        "<m:ResponseCode>ErrorNameResolutionNoResults</m:ResponseCode>"
        "</m:ExpandDLResponseMessage>");
    cr_expect_eq(slots()->members(s.op, s.remote, "g@example.com", &members,
                                  &count, &complete),
                 STATUS_OK);
    cr_assert_eq(count, 2);
    cr_expect(complete);
    cr_expect_str_eq(members[1].name, "All");
    cr_expect_str_eq(members[1].address, "all@example.com");
    cr_expect_eq(slots()->members(s.op, s.remote, "g@example.com", &members,
                                  &count, &complete),
                 STATUS_OK);
    cr_expect_not(complete);
    for (size_t i = 0; i < 2; i++)
        cr_expect_eq(slots()->members(s.op, s.remote, "g@example.com", &members,
                                      &count, &complete),
                     STATUS_NOT_FOUND);
    scene_end(&s);
}

/* --- Requests ------------------------------------------------------------- */

#define NASTY "a<x/>&\"'\xc3\xa4\1]]>"

Test(ews_directory, asks_in_words_of_the_official_schema, .timeout = 600)
{
    static const char *const builds[] = { BUILD_2007, BUILD_2010_SP3,
                                          BUILD_2013, BUILD_2016 };
    struct validation *validation = validation_new();
    char *first = first_hundred();

    for (size_t i = 0; i < sizeof builds / sizeof *builds; i++) {
        struct person_link *members;
        struct person *people;
        const void *data;
        const char *type;
        struct scene s;
        size_t count;
        bool complete;

        scene_begin(&s, builds[i]);
        scene_say(&s, "ResolveNames", first);
        slots()->find(s.op, s.remote, NASTY, 0, &people, &count, &complete);
        slots()->members(s.op, s.remote, NASTY, &members, &count, &complete);
        slots()->photo(s.op, s.remote, NASTY, 96, &data, &count, &type);
        cr_expect_eq(s.calls, i < 2 ? 3 : 4);
        for (size_t c = 0; c < s.calls; c++) {
            validation_check(validation, s.bodies[c], builds[i]);
            cr_expect_null(strstr(s.bodies[c], "<x/>"));
        }
        scene_end(&s);
    }
    free(first);
    validation_free(&validation);
}
