/*
 * test_session.c - requests and their answers, in their order
 */
#include "ldap/session.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/ldap/door.h"

struct line {
    const char *name;
    const char *said;
    const char *heard;
};

static void play(struct visitor *visitor, const struct line *lines,
                 size_t count)
{
    for (size_t i = 0; i < count; i++)
        visitor_expect(visitor, lines[i].name, lines[i].said, lines[i].heard);
}
#define PLAY(VISITOR, LINES) play(VISITOR, LINES, sizeof LINES / sizeof *LINES)

#define CHANGES_NOT                                                            \
    " 04'' 04'People are looked up here, not changed; contacts can be changed" \
    " by CardDAV'}}"
#define NO_CONTROL                                                             \
    " 04'' 04'A critical control is not known for this operation'}}"
#define MISREAD " 04'' 04'This is no request of LDAP version 3'}}"

/* clang-format off */
static const struct line refusals[] = {
    { "add",      "30{02:2 68{04'cn=a' 30{}}}",           "30{02:2 69{0a:53" CHANGES_NOT },
    { "delete",   "30{02:3 4a'cn=a'}",                    "30{02:3 6b{0a:53" CHANGES_NOT },
    { "modify",   "30{02:4 66{04'cn=a' 30{}}}",           "30{02:4 67{0a:53" CHANGES_NOT },
    { "rename",   "30{02:5 6c{04'cn=a' 04'cn=b' 01:1}}",  "30{02:5 6d{0a:53" CHANGES_NOT },
    { "unknown",  "30{02:6 77{80'1.2.3'}}",               "30{02:6 78{0a:2 04'' 04'There is no such operation here'}}" },
    { "password", "30{02:7 77{80'1.3.6.1.4.1.4203.1.11.1'}}",
                  "30{02:7 78{0a:53 04'' 04'Passwords are changed at Exchange'}}" },
    { "a wrong scope",        "30{02:8 63{04'' 0a:9 0a:0 02:0 02:0 01:0 87'cn' 30{}}}", "30{02:8 65{0a:2" MISREAD },
    { "a wrong comparison",   "30{02:8 6e{04'cn=a'}}",                 "30{02:8 6f{0a:2" MISREAD },
    { "a bind that is empty", "30{02:8 60{}}",                         "30{02:8 61{0a:2" MISREAD },
    { "a critical control",   "30{02:9 4a'cn=a' a0{30{04'1.2' 01:-1}}}",  "30{02:9 6b{0a:12" NO_CONTROL },
    { "paging of a bind",     "30{02:9 60{02:3 04'' 80''} a0{30{04'1.2.840.113556.1.4.319' 01:-1}}}",
                              "30{02:9 61{0a:12" NO_CONTROL },
    { "one that may be missed", "30{02:9 4a'cn=a' a0{30{04'1.2'}}}",   "30{02:9 6b{0a:53" CHANGES_NOT },
    { "to be somebody else",  "30{02:9 4a'cn=a' a0{30{04'2.16.840.1.113730.3.4.18' 01:-1 04'u:bob'}}}",
                              "30{02:9 6b{0a:123 04'' 04'Users act for themselves'}}" },
    { "the same if possible", "30{02:9 4a'cn=a' a0{30{04'2.16.840.1.113730.3.4.18' 04'u:bob'}}}",
                              "30{02:9 6b{0a:123 04'' 04'Users act for themselves'}}" },
};

static const struct line identities[] = {
    { "nobody yet",      WHO_AM_I("1"),    "30{02:1 78{0a:0 04'' 04'' 8b''}}" },
    { "a bind",          BIND_ANN("2"),    BOUND("2") },
    { "Ann",             WHO_AM_I("3"),    "30{02:3 78{0a:0 04'' 04'' 8b'u:" ANN "'}}" },
    { "a failed bind",   "30{02:4 60{02:3 04'" ANN "' 80'wrong'}}",
                         "30{02:4 61{0a:49 04'' 04'Exchange refuses the user name or the password'}}" },
    { "nobody any more", WHO_AM_I("5"),    "30{02:5 78{0a:0 04'' 04'' 8b''}}" },
    { "Ann again",       BIND_ANN("6"),    BOUND("6") },
    { "nobody by wish",  "30{02:7 60{02:3 04'' 80''}}", BOUND("7") },
    { "nobody at all",   WHO_AM_I("8"),    "30{02:8 78{0a:0 04'' 04'' 8b''}}" },
    { "Ann once more",   BIND_ANN("9"),    BOUND("9") },
    { "a bind nobody can read", "30{02:10 60{}}", "30{02:10 61{0a:2" MISREAD },
    { "nobody, again",   WHO_AM_I("11"),   "30{02:11 78{0a:0 04'' 04'' 8b''}}" },
    { "with a value",    "30{02:12 77{80'1.3.6.1.4.1.4203.1.11.3' 81'x'}}",
                         "30{02:12 78{0a:2 04'' 04'Who am I? has no value'}}" },
};
/* clang-format on */

Test(ldap_session, refuses_what_it_does_not_do)
{
    struct door *door = door_open(false, NULL);
    struct visitor *visitor = visitor_ann(door);

    PLAY(visitor, refusals);
    visitor_free(&visitor);
    door_close(&door);
}

Test(ldap_session, knows_who_asks)
{
    struct door *door = door_open(false, NULL);
    struct visitor *visitor = visitor_new(door);

    PLAY(visitor, identities);
    visitor_free(&visitor);
    door_close(&door);
}

Test(ldap_session, lets_nobody_see_people)
{
    struct door *door = door_open(false, NULL);
    struct visitor *visitor = visitor_new(door);
    size_t entries;

    visitor_say(visitor, SEARCH_ROOT("1"));
    cr_expect_str_eq(visitor_hear_end(visitor, &entries), DONE("1"));
    cr_expect_eq(entries, 1);
    visitor_say(visitor, SEARCH_SMITH("2"));
    const char *end = visitor_hear_end(visitor, &entries);
    cr_expect(door_says(end, 2, 50), "%s", end);
    cr_expect_eq(entries, 0);
    visitor_say(visitor, "30{02:3 6e{04'uid=a,ou=people' 30{04'cn' 04'a'}}}");
    end = visitor_hear(visitor);
    cr_expect(door_says(end, 3, 50), "%s", end);
    cr_expect_eq(exchange_calls(door_exchange(door), NULL), 0);
    visitor_free(&visitor);
    door_close(&door);
}

Test(ldap_session, answers_requests_in_their_order)
{
    struct door *door = door_open(false, NULL);
    struct visitor *visitor = visitor_new(door);
    size_t entries;

    visitor_say(visitor, BIND_ANN("1") SEARCH_SMITH("2") WHO_AM_I("3")
                             SEARCH_SMITH("4"));
    cr_expect_str_eq(visitor_hear(visitor), BOUND("1"));
    cr_expect_str_eq(visitor_hear_end(visitor, &entries), DONE("2"));
    cr_expect_eq(entries, SMITHS);
    cr_expect_str_eq(visitor_hear(visitor),
                     "30{02:3 78{0a:0 04'' 04'' 8b'u:" ANN "'}}");
    cr_expect_str_eq(visitor_hear_end(visitor, &entries), DONE("4"));
    cr_expect_eq(entries, SMITHS);
    visitor_free(&visitor);
    door_close(&door);
}

Test(ldap_session, says_nothing_to_who_leaves)
{
    struct door *door = door_open(false, NULL);
    struct visitor *visitor = visitor_ann(door);

    visitor_say(visitor, UNBIND("5"));
    cr_expect_str_eq(visitor_hear(visitor), "closed");
    visitor_free(&visitor);
    door_close(&door);
}

/* --- What is no LDAP ------------------------------------------------------ */

#define NOTICE(CODE, TEXT)                                                     \
    "30{02:0 78{0a:" CODE " 04'' 04'" TEXT "' 8a'1.3.6.1.4.1.1466.20036'}}"

/* clang-format off */
static const struct line endings[] = {
    { "two gigabytes",      "*308480000000",               NOTICE("2", "The message is too long") },
    { "more than is set",   "*308400040000",               NOTICE("2", "The message is too long") },
    { "without an end",     "*3080",                       NOTICE("2", "This is no message of LDAP") },
    { "another protocol",   "*474554202f20485454502f312e310d0a", NOTICE("2", "This is no message of LDAP") },
    { "TLS",                "*16030100",                   NOTICE("2", "This is no message of LDAP") },
    { "an id of 0",         "30{02:0 42''}",               NOTICE("2", "This is no message of LDAP") },
    { "an id of 2^31",      "30{02:2147483648 42''}",      NOTICE("2", "This is no message of LDAP") },
    { "an operation nobody knows", "30{02:1 7a{}}",        NOTICE("2", "This is no message of LDAP") },
    { "garbage",            "30{*ffffffffffff}",           NOTICE("2", "This is no message of LDAP") },
};
/* clang-format on */

Test(ldap_session, says_why_it_hangs_up)
{
    struct door *door = door_open(false, NULL);

    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        struct visitor *visitor = visitor_new(door);

        visitor_expect(visitor, endings[i].name, endings[i].said,
                       endings[i].heard);
        cr_expect_str_eq(visitor_hear(visitor), "closed", "%s",
                         endings[i].name);
        visitor_free(&visitor);
    }
    door_close(&door);
}

Test(ldap_session, says_so_when_the_gateway_stops)
{
    struct door *door = door_open(false, NULL);
    struct visitor *visitor = visitor_ann(door);

    door_stop(door);
    cr_expect_str_eq(visitor_hear(visitor),
                     NOTICE("52", "Postern stops, try again later"));
    cr_expect_str_eq(visitor_hear(visitor), "closed");
    visitor_free(&visitor);
    door_close(&door);
}

Test(ldap_session, says_so_when_there_are_too_many)
{
    const char *settings[] = { "ldap.max_connections", "1", NULL };
    struct door *door = door_open(false, settings);
    struct visitor *first = visitor_ann(door);
    struct visitor *second = visitor_new(door);

    cr_expect_str_eq(visitor_hear(second), NOTICE("51", "Too many clients"));
    visitor_free(&second);
    visitor_free(&first);
    door_close(&door);
}

/* Whole messages of random octets: all are answered, or end the connection. */
Test(ldap_session, survives_ten_thousand_messages_of_garbage)
{
    enum { COUNT = 10000 };
    struct door *door = door_open(false, NULL);
    struct visitor *visitor = visitor_new(door);
    unsigned seed = 1, answers = 0;

    for (unsigned i = 0; i < COUNT; i++) {
        char text[128] = "30{02:1 60{*", *at = text + strlen(text);

        for (unsigned j = rand_r(&seed) % 20; j > 0; j--)
            at += sprintf(at, "%02x", (unsigned)rand_r(&seed) % 256);
        strcpy(at, "}}");
        visitor_say(visitor, text);
        answers += door_says(visitor_hear(visitor), 1, 2);
    }
    cr_expect_gt(answers, COUNT * 9 / 10);
    visitor_expect(visitor, "something good", "30{02:2 60{02:3 04'' 80''}}",
                   BOUND("2"));
    visitor_free(&visitor);
    door_close(&door);
}

/* More may be there than come, as those who have gone may not have been missed
 * when the next one comes. */
Test(ldap_session, survives_clients_that_say_anything_and_go)
{
    const char *settings[] = { "ldap.max_connections", "1000", NULL };
    struct door *door = door_open(false, settings);
    unsigned seed = 2;

    for (unsigned i = 0; i < 300; i++) {
        struct visitor *visitor = visitor_new(door);
        char text[80] = "*", *at = text + 1;

        for (unsigned j = 1 + rand_r(&seed) % 30; j > 0; j--)
            at += sprintf(at, "%02x", (unsigned)rand_r(&seed) % 256);
        visitor_say(visitor, text);
        visitor_free(&visitor);
    }
    struct visitor *visitor = visitor_ann(door);
    visitor_free(&visitor);
    door_close(&door);
}
