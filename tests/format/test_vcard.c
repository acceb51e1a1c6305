/*
 * test_vcard.c - vCards, and what of them Exchange has no place for
 */
#include "proxy/format/vcard.h"

#include <string.h>

#include <criterion/criterion.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/format/vcard_filter.h"

#define CARD(LINES) "BEGIN:VCARD\r\n" LINES "END:VCARD\r\n"

static struct contact understood(struct arena *arena, const char *text)
{
    struct contact contact = { 0 };
    enum vcard_version version;
    const char *reason;

    cr_expect(vcard_read(arena, text, strlen(text), &contact, &version,
                         &reason) == VCARD_FINE,
              "%s: %s", reason == NULL ? "" : reason, text);
    return contact;
}

/* --- Single fields
 * ------------------------------------------------------------ */

/* A line of version 3 and of version 4 that say the same. */
struct line_case {
    const char *name;
    const char *three;
    const char *four;
};

/* clang-format off */
static const struct line_case lines[] = {
    { "a nickname",            "NICKNAME:Annie",                        "NICKNAME:Annie" },
    { "escapes",               "NOTE:one\\, two\\; three\\nfour\\\\",   "NOTE:one\\, two\\; three\\nfour\\\\" },
    { "a company's unit",      "ORG:Acme\\, Inc.;Research",             "ORG:Acme\\, Inc.;Research" },
    { "a title",               "TITLE:Boss",                            "TITLE:Boss" },
    { "a role",                "ROLE:Chemist",                          "ROLE:Chemist" },
    { "a work number",         "TEL;TYPE=WORK;TYPE=VOICE:+43 1 1",      "TEL;TYPE=WORK:+43 1 1" },
    { "a mobile number",       "TEL;TYPE=CELL;TYPE=VOICE:+43 1 2",      "TEL;TYPE=CELL:+43 1 2" },
    { "a work fax",            "TEL;TYPE=WORK;TYPE=FAX:+43 1 3",        "TEL;TYPE=WORK;TYPE=FAX:+43 1 3" },
    { "a home fax",            "TEL;TYPE=HOME;TYPE=FAX:+43 1 4",        "TEL;TYPE=HOME;TYPE=FAX:+43 1 4" },
    { "a pager",               "TEL;TYPE=PAGER:5",                      "TEL;TYPE=PAGER:5" },
    { "a mail address",        "EMAIL;TYPE=INTERNET:ann@example.com",   "EMAIL:ann@example.com" },
    { "an address at work",    "ADR;TYPE=WORK:;;Ring 1;Wien;W;1010;AT", "ADR;TYPE=WORK:;;Ring 1;Wien;W;1010;AT" },
    { "a birthday",            "BDAY:1985-04-12",                       "BDAY:19850412" },
    { "one without its year",  "BDAY:1604-04-12",                       "BDAY:--0412" },
    { "an anniversary",        "X-ANNIVERSARY:2001-02-03",              "ANNIVERSARY:20010203" },
    { "a gender",              "X-GENDER:F",                            "GENDER:F" },
    { "a home page",           "URL;TYPE=HOME:http://a.example/",       "URL;TYPE=HOME:http://a.example/" },
    { "a page",                "URL:http://b.example/?a,b;c",           "URL:http://b.example/?a,b;c" },
    { "a messenger",           "IMPP:xmpp:ann@example.com",             "IMPP:xmpp:ann@example.com" },
    { "categories",            "CATEGORIES:Red\\, dark,Blue",           "CATEGORIES:Red\\, dark,Blue" },
    { "what is private",       "CLASS:PRIVATE",                         "CLASS:PRIVATE" },
    { "a child",               "X-CHILD:Bob",                           "RELATED;TYPE=CHILD;VALUE=text:Bob" },
};
/* clang-format on */

static bool has_line(const char *card, const char *line)
{
    const char *at = strstr(card, line);

    return at != NULL && at > card && at[-1] == '\n' &&
           at[strlen(line)] == '\r';
}

Test(vcard, says_the_same_in_both_versions)
{
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct arena *arena = arena_new();
        struct contact old = understood(
            arena, arena_printf(
                       arena, CARD("VERSION:3.0\r\nUID:u\r\nFN:Ann\r\n%s\r\n"),
                       lines[i].three));
        struct contact new = understood(
            arena, arena_printf(
                       arena, CARD("VERSION:4.0\r\nUID:u\r\nFN:Ann\r\n%s\r\n"),
                       lines[i].four));
        const char *three = vcard_write(arena, &new, NULL, VCARD_3);
        const char *four = vcard_write(arena, &old, NULL, VCARD_4);

        cr_expect(contact_equal(&old, &new), "%s", lines[i].name);
        cr_expect(has_line(three, lines[i].three), "%s: %s", lines[i].name,
                  three);
        cr_expect(has_line(four, lines[i].four), "%s: %s", lines[i].name, four);
        arena_free(&arena);
    }
}

/* --- What a client says besides
 * ------------------------------------------------ */

#define RICH                                                                   \
    CARD("VERSION:3.0\r\nUID:u\r\nFN:Ann Example\r\nN:Example;Ann;;;\r\n"      \
         "item1.TEL;TYPE=WORK;X-LABEL=desk:1\r\nitem1.X-ABLABEL:Desk\r\n"      \
         "TEL;TYPE=WORK:2\r\nTEL;TYPE=WORK:3\r\n"                              \
         "EMAIL:a@x.example\r\nEMAIL:b@x.example\r\nEMAIL:c@x.example\r\n"     \
         "EMAIL:d@x.example\r\nLANG:de\r\nX-SOMETHING;P=Q:its value\r\n"       \
         "RELATED;TYPE=friend:urn:uuid:1\r\n"                                  \
         "PHOTO;VALUE=URI:http://x.example/ann.jpg\r\n")

static const char *const own_lines[] = {
    "item1.X-ABLABEL:Desk",
    "TEL;TYPE=WORK:3",
    "EMAIL:d@x.example",
    "LANG:de",
    "X-SOMETHING;P=Q:its value",
    "RELATED;TYPE=friend:urn:uuid:1",
    "PHOTO;VALUE=URI:http://x.example/ann.jpg",
};

Test(vcard, PUT_of_a_contact_must_keep_unknown_fields)
{
    struct arena *arena = arena_new();
    struct contact contact = understood(arena, RICH);
    const char *kept = vcard_keep(arena, RICH, strlen(RICH), &contact);

    cr_assert(kept != NULL);
    contact.text[CONTACT_NOTE] = "written in Outlook";
    const char *text = vcard_write(arena, &contact, kept, VCARD_3);
    for (size_t i = 0; i < sizeof own_lines / sizeof *own_lines; i++)
        cr_expect(has_line(text, own_lines[i]), "%s in %s", own_lines[i], text);
    cr_expect(has_line(text, "NOTE:written in Outlook"));
    arena_free(&arena);
}

Test(vcard, shows_what_has_changed_at_exchange_in_the_client_s_own_line)
{
    struct arena *arena = arena_new();
    struct contact contact = understood(arena, RICH);

    contact.phone[PHONE_WORK] = "11";
    contact.email[1].address = NULL;
    const char *text = vcard_write(arena, &contact, RICH, VCARD_3);
    cr_expect(has_line(text, "item1.TEL;TYPE=WORK;X-LABEL=desk:11"), "%s",
              text);
    cr_expect(!has_line(text, "EMAIL:b@x.example"), "%s", text);
    cr_expect(has_line(text, "EMAIL:c@x.example"), "%s", text);
    arena_free(&arena);
}

Test(vcard, takes_away_the_label_of_a_line_that_has_gone)
{
    struct arena *arena = arena_new();
    struct contact contact = understood(arena, RICH);

    contact.phone[PHONE_WORK] = NULL;
    const char *text = vcard_write(arena, &contact, RICH, VCARD_3);
    cr_expect(strstr(text, "item1.") == NULL, "%s", text);
    arena_free(&arena);
}

Test(vcard, keeps_nothing_of_what_exchange_holds)
{
    static const char plain[] = CARD("VERSION:4.0\r\nUID:u\r\nFN:Ann\r\n"
                                     "N:Example;Ann;;;\r\nTEL;TYPE=CELL:1\r\n");
    struct arena *arena = arena_new();
    struct contact contact = understood(arena, plain);

    cr_expect(vcard_keep(arena, plain, strlen(plain), &contact) == NULL);
    arena_free(&arena);
}

Test(vcard, puts_the_preferred_address_first)
{
    struct arena *arena = arena_new();
    struct contact contact = understood(
        arena, CARD("VERSION:4.0\r\nUID:u\r\nFN:Ann\r\nEMAIL:a@x.example\r\n"
                    "EMAIL;PREF=1:b@x.example\r\n"));

    cr_expect(str_equal(contact.email[0].address, "b@x.example"));
    cr_expect(str_equal(contact.email[1].address, "a@x.example"));
    arena_free(&arena);
}

Test(vcard, gives_photos_in_the_form_of_each_version)
{
    struct arena *arena = arena_new();
    struct contact contact =
        understood(arena, CARD("VERSION:3.0\r\nUID:u\r\nFN:Ann\r\n"
                               "PHOTO;ENCODING=b;TYPE=PNG:aGVs\r\n bG8=\r\n"));

    cr_expect(contact.photo_len == 5 && memcmp(contact.photo, "hello", 5) == 0);
    cr_expect(has_line(vcard_write(arena, &contact, NULL, VCARD_4),
                       "PHOTO:data:image/png;base64,aGVsbG8="));
    cr_expect(has_line(vcard_write(arena, &contact, NULL, VCARD_3),
                       "PHOTO;ENCODING=b;TYPE=png:aGVsbG8="));
    arena_free(&arena);
}

Test(vcard, takes_photos_whose_comma_is_escaped)
{
    struct arena *arena = arena_new();
    struct contact contact = understood(
        arena, CARD("VERSION:4.0\r\nUID:u\r\nFN:Ann\r\n"
                    "PHOTO:data:image/jpeg;base64\\,aGVs\r\n bG8=\r\n"));

    cr_assert(contact.photo_len == 5);
    cr_expect(memcmp(contact.photo, "hello", 5) == 0);
    cr_expect(str_equal(contact.photo_type, "image/jpeg"));
    arena_free(&arena);
}

Test(vcard, sees_what_kind_of_picture_a_photo_is)
{
    struct arena *arena = arena_new();
    struct contact contact =
        understood(arena, CARD("VERSION:3.0\r\nUID:u\r\nFN:Ann\r\n"
                               "PHOTO;TYPE=\"X-EVOLUTION-UNKNOWN\";ENCODING=b:"
                               "iVBORw0KGgo=\r\n"));

    cr_expect(str_equal(contact.photo_type, "image/png"));
    arena_free(&arena);
}

Test(vcard, knows_groups_in_both_forms)
{
    struct arena *arena = arena_new();
    struct contact contact = understood(
        arena, CARD("VERSION:3.0\r\nUID:u\r\nFN:Team\r\n"
                    "X-ADDRESSBOOKSERVER-KIND:group\r\n"
                    "X-ADDRESSBOOKSERVER-MEMBER:mailto:a@x.example\r\n"
                    "X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:7\r\n"));
    const char *text = vcard_write(arena, &contact, NULL, VCARD_4);

    cr_expect(contact.group && contact.member_count == 1);
    cr_expect(has_line(text, "KIND:group"), "%s", text);
    cr_expect(has_line(text, "MEMBER:mailto:a@x.example"), "%s", text);
    arena_free(&arena);
}

/* Version 3 wants one in every card, and nobody is given a name by it. */
Test(vcard, tells_a_structured_name_also_of_those_who_have_none)
{
    static const struct {
        bool group;
        enum vcard_version version;
        const char *line; /* NULL: none */
    } cases[] = { { true, VCARD_3, "N:Tea\\; cake;;;;" },
                  { false, VCARD_3, "N:;;;;" },
                  { true, VCARD_4, NULL },
                  { false, VCARD_4, NULL } };
    struct arena *arena = arena_new();

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct contact held = { .uid = "u",
                                .group = cases[i].group,
                                .preferred_place = -1 };

        held.text[CONTACT_DISPLAY_NAME] = "Tea; cake";
        const char *text = vcard_write(arena, &held, NULL, cases[i].version);
        cr_expect(cases[i].line == NULL ? strstr(text, "\nN:") == NULL
                                        : has_line(text, cases[i].line),
                  "%zu: %s", i, text);

        struct contact read = understood(arena, text);
        cr_expect(read.text[CONTACT_SURNAME] == NULL, "%zu", i);
        const char *kept = vcard_keep(arena, text, strlen(text), &held);
        cr_expect(kept == NULL || strstr(kept, "\nN:") == NULL, "%s", kept);
        const char *again = vcard_write(arena, &held, text, cases[i].version);
        cr_expect_str_eq(again, text, "%zu: %s", i, again);
    }
    arena_free(&arena);
}

Test(vcard, keeps_the_lines_of_a_group_that_lists_do_not_have)
{
    static const char text[] =
        CARD("VERSION:3.0\r\nUID:u\r\nFN:Team\r\nN:Team;;;;\r\nTITLE:Boss\r\n"
             "X-ADDRESSBOOKSERVER-KIND:group\r\n");
    struct arena *arena = arena_new();
    struct contact read = understood(arena, text);
    struct contact held = { .uid = "u", .group = true, .preferred_place = -1 };

    cr_expect(read.text[CONTACT_SURNAME] == NULL);
    held.text[CONTACT_DISPLAY_NAME] = "Team";
    const char *again = vcard_write(arena, &held, text, VCARD_3);
    cr_expect(has_line(again, "N:Team;;;;"), "%s", again);
    cr_expect(has_line(again, "TITLE:Boss"), "%s", again);
    arena_free(&arena);
}

Test(vcard, keeps_all_of_a_value_in_the_other_version)
{
    static const char text[] = CARD(
        "VERSION:3.0\r\nUID:u\r\nFN:Ann\r\nORG:Acme;Research;Second floor\r\n"
        "ADR;TYPE=HOME:7;Top 2;Weg "
        "2;Graz;;8010;Austria\r\nBDAY:1985-04-12\r\n");
    struct arena *arena = arena_new();
    struct contact contact = understood(arena, text);
    const char *four = vcard_write(arena, &contact, text, VCARD_4);

    cr_expect(has_line(four, "ORG:Acme;Research;Second floor"), "%s", four);
    cr_expect(has_line(four, "ADR;TYPE=HOME:7;Top 2;Weg 2;Graz;;8010;Austria"),
              "%s", four);
    cr_expect(has_line(four, "BDAY:19850412"), "%s", four);
    arena_free(&arena);
}

Test(vcard, does_not_show_the_name_for_sorting_that_everybody_would_guess)
{
    struct arena *arena = arena_new();
    struct contact contact = understood(
        arena, CARD("VERSION:4.0\r\nUID:u\r\nFN:Ann\r\nN:Lee;Ann;;;\r\n"));

    contact.text[CONTACT_FILE_AS] = "Lee, Ann";
    cr_expect(strstr(vcard_write(arena, &contact, NULL, VCARD_4),
                     "X-FILE-AS") == NULL);
    contact.text[CONTACT_FILE_AS] = "Annie";
    cr_expect(has_line(vcard_write(arena, &contact, NULL, VCARD_4),
                       "X-FILE-AS:Annie"));
    arena_free(&arena);
}

Test(vcard, says_which_address_mail_goes_to)
{
    struct arena *arena = arena_new();
    struct contact contact =
        understood(arena, CARD("VERSION:4.0\r\nUID:u\r\nFN:Ann\r\n"
                               "ADR;TYPE=WORK:;;Ring 1;Wien;;;\r\n"
                               "ADR;TYPE=HOME;PREF=1:;;Weg 2;Graz;;;\r\n"));

    cr_expect_eq(contact.preferred_place, PLACE_HOME);
    cr_expect(has_line(vcard_write(arena, &contact, NULL, VCARD_4),
                       "ADR;TYPE=HOME;PREF=1:;;Weg 2;Graz;;;"));
    cr_expect(has_line(vcard_write(arena, &contact, NULL, VCARD_3),
                       "ADR;TYPE=HOME;TYPE=PREF:;;Weg 2;Graz;;;"));
    arena_free(&arena);
}

Test(vcard, reads_version_2_1)
{
    struct arena *arena = arena_new();
    struct contact contact = understood(
        arena,
        CARD("VERSION:2.1\r\nUID:u\r\nN:M=FCller;Ann\r\nFN;CHARSET=UTF-8;"
             "ENCODING=QUOTED-PRINTABLE:Ann M=C3=BC=\r\nller\r\n"
             "TEL;WORK;FAX:1\r\n"));

    cr_expect(
        str_equal(contact.text[CONTACT_DISPLAY_NAME], "Ann M\xc3\xbcller"),
        "%s", contact.text[CONTACT_DISPLAY_NAME]);
    cr_expect(str_equal(contact.phone[PHONE_WORK_FAX], "1"));
    arena_free(&arena);
}

/* --- What is refused
 * ------------------------------------------------------------ */

/* clang-format off */
static const struct {
    const char *name;
    const char *text;
    enum vcard_problem problem;
} refused[] = {
    { "nothing",          "",                                                  VCARD_SYNTAX },
    { "no card",          "hello\r\n",                                         VCARD_SYNTAX },
    { "no end",           "BEGIN:VCARD\r\nUID:u\r\nFN:A\r\n",                  VCARD_SYNTAX },
    { "no name",          CARD("UID:u\r\nTEL:1\r\n"),                          VCARD_OBJECT },
    { "no UID",           CARD("FN:Ann\r\n"),                                  VCARD_OBJECT },
    { "two cards",        CARD("UID:u\r\nFN:A\r\n") CARD("UID:v\r\nFN:B\r\n"), VCARD_OBJECT },
    { "a card in a card", "BEGIN:VCARD\r\n" CARD("UID:u\r\nFN:A\r\n"),         VCARD_SYNTAX },
    { "no UTF-8",         CARD("UID:u\r\nFN:A\xff\r\n"),                       VCARD_SYNTAX },
    { "half a character", CARD("UID:u\r\nFN:A\xc3\r\n"),                       VCARD_SYNTAX },
    { "a control",        CARD("UID:u\r\nFN:A\x02\r\n"),                       VCARD_SYNTAX },
    { "a delete",         CARD("UID:u\r\nFN:A\x7f\r\n"),                       VCARD_SYNTAX },
    { "half a line end",  CARD("UID:u\r\nFN:A\rZ\r\n"),                        VCARD_SYNTAX },
    { "an open quote",    CARD("UID:u\r\nFN;X=\"a:A\r\n"),                     VCARD_SYNTAX },
};
/* clang-format on */

Test(vcard, refuses_what_is_no_card)
{
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        struct arena *arena = arena_new();
        struct contact contact;
        enum vcard_version version;
        const char *reason = NULL;

        cr_expect(vcard_read(arena, refused[i].text, strlen(refused[i].text),
                             &contact, &version, &reason) == refused[i].problem,
                  "%s", refused[i].name);
        cr_expect(reason != NULL, "%s", refused[i].name);
        arena_free(&arena);
    }
}

Test(vcard, takes_tabs_and_folds_within_characters)
{
    static const char text[] =
        CARD("UID:u\r\nFN:Caf\xc3\r\n \xa9\r\nNOTE:a\tz\r\n");
    struct arena *arena = arena_new();
    struct contact contact;
    enum vcard_version version;
    const char *reason;

    cr_assert(vcard_read(arena, text, strlen(text), &contact, &version,
                         &reason) == VCARD_FINE);
    cr_expect_str_eq(contact.text[CONTACT_DISPLAY_NAME], "Caf\xc3\xa9");
    cr_expect_str_eq(contact.text[CONTACT_NOTE], "a\tz");
    arena_free(&arena);
}

/* What Exchange has in a text, no card may have. */
Test(vcard, writes_no_control_characters)
{
    struct arena *arena = arena_new();
    struct contact contact = { .uid = "u", .preferred_place = -1 }, again;
    enum vcard_version version;
    const char *reason;

    contact.text[CONTACT_DISPLAY_NAME] = "A\x02n\x7fn\r";
    const char *text = vcard_write(arena, &contact, NULL, VCARD_4);
    cr_assert(vcard_read(arena, text, strlen(text), &again, &version,
                         &reason) == VCARD_FINE);
    cr_expect_str_eq(again.text[CONTACT_DISPLAY_NAME], "Ann");
    arena_free(&arena);
}

Test(vcard, folds_lines_between_characters)
{
    struct arena *arena = arena_new();
    struct contact contact = { .uid = "u", .preferred_place = -1 };
    char name[301];
    struct contact again;

    for (int i = 0; i < 300; i += 3)
        memcpy(name + i, "\xe2\x82\xac", 3);
    name[300] = '\0';
    contact.text[CONTACT_DISPLAY_NAME] = name;
    const char *text = vcard_write(arena, &contact, NULL, VCARD_4);
    for (const char *at = text; *at != '\0'; at = strchr(at, '\n') + 1)
        cr_expect(strcspn(at, "\r") <= 75);
    again = understood(arena, text);
    cr_expect(str_equal(again.text[CONTACT_DISPLAY_NAME], name));
    arena_free(&arena);
}

/* --- Filters
 * -------------------------------------------------------------------- */

static bool matches(const char *name, const char *text,
                    enum ical_collation collation, enum vcard_match match,
                    bool negate)
{
    struct arena *arena = arena_new();
    struct vcard_text_match one = { text, collation, match, negate };
    struct vcard_prop_filter prop = { .name = name,
                                      .texts = &one,
                                      .text_count = text != NULL };
    struct vcard_filter filter = { .props = &prop, .prop_count = 1 };
    bool fits = vcard_matches(arena, RICH, strlen(RICH), &filter);

    arena_free(&arena);
    return fits;
}

/* clang-format off */
static const struct {
    const char *name, *text;
    enum ical_collation collation;
    enum vcard_match match;
    bool negate, fits;
} filters[] = {
    { "FN",        "ann",         ICAL_UNICODE_CASEMAP, VCARD_BEGINS,   false, true },
    { "FN",        "ann",         ICAL_OCTET,           VCARD_BEGINS,   false, false },
    { "FN",        "EXAMPLE",     ICAL_ASCII_CASEMAP,   VCARD_ENDS,     false, true },
    { "FN",        "ann example", ICAL_UNICODE_CASEMAP, VCARD_EQUALS,   false, true },
    { "FN",        "bob",         ICAL_UNICODE_CASEMAP, VCARD_CONTAINS, true,  true },
    { "EMAIL",     "c@x",         ICAL_UNICODE_CASEMAP, VCARD_BEGINS,   false, true },
    { "item1.TEL", "1",           ICAL_OCTET,           VCARD_EQUALS,   false, true },
    { "item2.TEL", "1",           ICAL_OCTET,           VCARD_EQUALS,   false, false },
    { "NICKNAME",  NULL,          ICAL_OCTET,           VCARD_EQUALS,   false, false },
    { "LANG",      NULL,          ICAL_OCTET,           VCARD_EQUALS,   false, true },
};
/* clang-format on */

Test(vcard, finds_cards_by_their_properties)
{
    for (size_t i = 0; i < sizeof filters / sizeof *filters; i++)
        cr_expect(matches(filters[i].name, filters[i].text,
                          filters[i].collation, filters[i].match,
                          filters[i].negate) == filters[i].fits,
                  "%s %s", filters[i].name,
                  filters[i].text == NULL ? "" : filters[i].text);
}
