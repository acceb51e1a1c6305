/*
 * test_bind.c - who logs in, and how
 */
#include "ldap/login.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "config/settings.h"
#include "ldap/session.h"
#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/str.h"
#include "proxy/protocol.h"
#include "tests/ldap/door.h"
#include "tests/ldap/notation.h"

/* clang-format off */
static const struct {
    const char *name;
    const char *user; /* NULL: nobody's */
} names[] = {
    { "ann@example.com",                             "ann@example.com" },
    { "ann",                                         "ann" },
    { "EXAMPLE\\ann",                                "EXAMPLE\\ann" },
    { "uid=ann@example.com,ou=people",               "ann@example.com" },
    { "UID=ann,ou=people",                           "ann" },
    { "cn=ann,cn=users,o=od",                        "ann" },
    { "mail=ann@example.com",                        "ann@example.com" },
    { "userPrincipalName=ann@example.com,dc=x",      "ann@example.com" },
    { "sAMAccountName=ann,dc=x",                     "ann" },
    { "uid=EXAMPLE\\5Cann,ou=people",                "EXAMPLE\\ann" },
    { "uid=EXAMPLE\\\\ann,ou=people",                "EXAMPLE\\ann" },
    { "uid=ann\\2Cb\\+c@example.com,ou=people",      "ann,b+c@example.com" },
    { "uid=J\\C3\\B6rg,ou=people",                   "J\303\266rg" },
    { "sn=Smith+uid=ann,ou=people",                  "ann" },
    { "uid = ann , ou = people",                     "ann" },
    { "ann=bert@example.com",                        "ann=bert@example.com" },
    { "ou=people",                                   NULL },
    { "o=example,c=de",                              NULL },
    { "uid=,ou=people",                              NULL },
    { "uid=a\\00b,ou=people",                        NULL },
    { "uid=ann,ou",                                  NULL },
    { "=",                                           NULL },
};
/* clang-format on */

Test(ldap_bind, finds_the_user_in_a_name)
{
    struct arena *arena = arena_new();

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *user = ldap_login_user(arena, names[i].name);

        cr_expect(str_equal(user, names[i].user), "%s: %s", names[i].name,
                  user != NULL ? user : "nobody");
    }
    arena_free(&arena);
}

/* --- Passwords ------------------------------------------------------------ */

#define SIMPLE(NAME, PASSWORD) "30{02:1 60{02:3 04'" NAME "' 80'" PASSWORD "'}}"
#define SASL(MECHANISM, SAYS)                                                  \
    "30{02:1 60{02:3 04'' a3{04'" MECHANISM "' 04'" SAYS "'}}}"

/* clang-format off */
static const struct {
    const char *name;
    const char *said;
    int code;
} binds[] = {
    { "an address",                     SIMPLE(ANN, "secret"), 0 },
    { "a domain and a name",            SIMPLE("EXAMPLE\\ann", "secret"), 0 },
    { "a DN",                           SIMPLE("uid=" ANN ",ou=people", "secret"), 0 },
    { "nobody",                         SIMPLE("", ""), 0 },
    { "a name without a password",      SIMPLE(ANN, ""), 53 },
    { "a password without a name",      SIMPLE("", "secret"), 49 },
    { "a wrong password",               SIMPLE(ANN, "wrong"), 49 },
    { "a stranger",                     SIMPLE("eve@example.com", "secret"), 49 },
    { "a DN of nobody",                 SIMPLE("ou=people", "secret"), 49 },
    { "a NUL in the password",          SIMPLE(ANN, "sec~00ret"), 49 },
    { "version 2",                      "30{02:1 60{02:2 04'" ANN "' 80'secret'}}", 2 },
    { "version 4",                      "30{02:1 60{02:4 04'" ANN "' 80'secret'}}", 2 },
    { "Kerberos 4",                     "30{02:1 60{02:3 04'' 81'ticket'}}", 7 },
    { "PLAIN",                          SASL("PLAIN", "~00" ANN "~00secret"), 0 },
    { "PLAIN in small letters",         SASL("plain", "~00" ANN "~00secret"), 0 },
    { "PLAIN for oneself",              SASL("PLAIN", ANN "~00" ANN "~00secret"), 0 },
    { "PLAIN for somebody else",        SASL("PLAIN", "bob@example.com~00" ANN "~00secret"), 49 },
    { "PLAIN without a password",       SASL("PLAIN", "~00" ANN "~00"), 49 },
    { "PLAIN with a wrong one",         SASL("PLAIN", "~00" ANN "~00wrong"), 49 },
    { "PLAIN that is none",             SASL("PLAIN", ANN), 2 },
    { "PLAIN with too much",            SASL("PLAIN", "~00" ANN "~00secret~00x"), 2 },
    { "EXTERNAL",                       SASL("EXTERNAL", ""), 7 },
    { "GSSAPI",                         SASL("GSSAPI", "x"), 7 },
    { "no mechanism",                   SASL("", ""), 7 },
    { "a token nobody wants",           SASL("XOAUTH2", "user=" ANN "~01auth=Bearer x~01~01"), 7 },
};
/* clang-format on */

Test(ldap_bind, takes_right_passwords_only)
{
    struct door *door = door_open(false, NULL);

    for (size_t i = 0; i < sizeof binds / sizeof *binds; i++) {
        struct visitor *visitor = visitor_new(door);
        char expected[32];

        snprintf(expected, sizeof expected, "30{02:1 61{0a:%d 04'' 04'",
                 binds[i].code);
        visitor_say(visitor, binds[i].said);
        const char *heard = visitor_hear(visitor);
        cr_expect(str_starts(heard, expected), "%s: %s", binds[i].name, heard);
        cr_expect(binds[i].code != 0 || strstr(heard, "04'' 04''") != NULL);
        visitor_free(&visitor);
    }
    door_close(&door);
}

Test(ldap_bind, asks_who_says_nothing_at_first)
{
    struct door *door = door_open(false, NULL);
    struct visitor *visitor = visitor_new(door);

    visitor_expect(visitor, "nothing", "30{02:1 60{02:3 04'' a3{04'PLAIN'}}}",
                   "30{02:1 61{0a:14 04'' 04'' 87''}}");
    visitor_expect(visitor, "the rest", SASL("PLAIN", "~00" ANN "~00secret"),
                   BOUND("1"));
    visitor_free(&visitor);
    door_close(&door);
}

/* --- Tokens --------------------------------------------------------------- */

#define XOAUTH2(SAYS) SASL("XOAUTH2", SAYS)

Test(ldap_bind, takes_tokens)
{
    const char *settings[] = { "exchange.tokens", "yes", NULL };
    struct door *door = door_open(false, settings);
    struct visitor *visitor = visitor_new(door);

    exchange_issue_token(door_exchange(door), ANN, "good");
    visitor_expect(visitor, "a token",
                   XOAUTH2("user=" ANN "~01auth=Bearer good~01~01"),
                   BOUND("1"));
    visitor_expect(visitor, "a name", WHO_AM_I("2"),
                   "30{02:2 78{0a:0 04'' 04'' 8b'u:" ANN "'}}");
    visitor_free(&visitor);
    door_close(&door);
}

Test(ldap_bind, says_why_a_token_is_refused)
{
    const char *settings[] = { "exchange.tokens", "yes", NULL };
    struct door *door = door_open(false, settings);
    struct visitor *visitor = visitor_new(door);

    visitor_say(visitor, XOAUTH2("user=" ANN "~01auth=Bearer wrong~01~01"));
    const char *heard = visitor_hear(visitor);
    cr_expect(door_says(heard, 1, 14), "%s", heard);
    cr_expect(strstr(heard, "87'{\"status\":\"") != NULL, "%s", heard);
    visitor_say(visitor, XOAUTH2(""));
    heard = visitor_hear(visitor);
    cr_expect(door_says(heard, 1, 49), "%s", heard);
    visitor_free(&visitor);
    door_close(&door);
}

/* What was found before is not what is asked for now. */
Test(ldap_bind, hangs_up_when_a_token_has_expired)
{
    const char *settings[] = { "exchange.tokens", "yes", NULL };
    struct door *door = door_open(false, settings);
    struct visitor *visitor = visitor_new(door);
    size_t entries;

    exchange_issue_token(door_exchange(door), ANN, "good");
    visitor_expect(visitor, "a token",
                   XOAUTH2("user=" ANN "~01auth=Bearer good~01~01"),
                   BOUND("1"));
    exchange_end_token(door_exchange(door), "good");
    visitor_say(visitor, SEARCH_SMITH("2"));
    const char *heard = visitor_hear_end(visitor, &entries);
    cr_expect(!door_says(heard, 2, 0), "%s", heard);
    cr_expect_eq(entries, 0);
    visitor_expect(visitor, "another request", WHO_AM_I("3"),
                   "30{02:0 78{0a:8 04'' 04'The token has expired, log in "
                   "again' 8a'1.3.6.1.4.1.1466.20036'}}");
    cr_expect_str_eq(visitor_hear(visitor), "closed");
    visitor_free(&visitor);
    door_close(&door);
}

/* --- What is offered ------------------------------------------------------ */

#define SEARCH_OFFERS(ID)                                                      \
    "30{02:" ID " 63{04'' 0a:0 0a:0 02:0 02:0 01:0 87'objectClass' "           \
    "30{04'supportedSASLMechanisms' 04'supportedExtension'}}}"

Test(ldap_bind, offers_mechanisms_as_they_are_set)
{
    static const struct {
        const char *tokens;
        const char *offered[2];
        const char *missing;
    } cases[] = {
        { "no", { "'PLAIN'" }, "'XOAUTH2'" },
        { "yes", { "'PLAIN'", "'XOAUTH2'" }, "'EXTERNAL'" },
        { "only", { "'XOAUTH2'", "'OAUTHBEARER'" }, "'PLAIN'" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *settings[] = { "exchange.tokens", cases[i].tokens, NULL };
        struct door *door = door_open(false, settings);
        struct visitor *visitor = visitor_new(door);

        visitor_say(visitor, SEARCH_OFFERS("1"));
        const char *heard = visitor_hear(visitor);
        for (size_t j = 0; j < 2 && cases[i].offered[j] != NULL; j++)
            cr_expect(strstr(heard, cases[i].offered[j]) != NULL, "%s: %s",
                      cases[i].tokens, heard);
        cr_expect(strstr(heard, cases[i].missing) == NULL, "%s: %s",
                  cases[i].tokens, heard);
        visitor_free(&visitor);
        door_close(&door);
    }
}

Test(ldap_bind, takes_no_passwords_where_tokens_are_wanted)
{
    const char *settings[] = { "exchange.tokens", "only", NULL };
    struct door *door = door_open(false, settings);
    struct visitor *visitor = visitor_new(door);

    visitor_expect(visitor, "a password", BIND_ANN("1"),
                   "30{02:1 61{0a:48 04'' 04'Only tokens are taken here, by "
                   "SASL'}}");
    visitor_free(&visitor);
    door_close(&door);
}

/* --- Links that others can listen to -------------------------------------- */

static bool hear(void *context, const char *data, size_t len)
{
    buf_append(context, data, len);
    return true;
}

/* What a session says to one message over a link that is not private. */
static const char *say_openly(struct arena *arena,
                              const struct gateway *gateway, const char *said)
{
    struct octets message = notation_code(arena, said);
    struct ldap_session session;
    struct buf heard;
    struct ldap_reply reply = { .write = hear, .context = &heard };
    struct op op;

    buf_init(&heard, arena);
    buf_puts(&heard, "");
    op_init(&op, arena, "ldap/1");
    ldap_session_init(&session, gateway);
    cr_expect_eq(ldap_session_take(&session, message.data, message.len),
                 message.len);
    ldap_session_run(&session, &op, &reply);
    ldap_session_done(&session);
    ldap_session_fini(&session);
    return notation_show(arena, heard.data, heard.len);
}

Test(ldap_bind, lets_no_password_travel_openly)
{
    static const char *const said[] = { BIND_ANN("1"),
                                        SASL("PLAIN", "~00" ANN "~00secret") };
    struct arena *arena = arena_new();
    struct settings *settings = settings_new();
    const struct gateway gateway = { .settings = settings };

    for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
        const char *heard = say_openly(arena, &gateway, said[i]);

        cr_expect(door_says(heard, 1, 13), "%s", heard);
    }
    cr_expect_str_eq(say_openly(arena, &gateway, "30{02:1 60{02:3 04'' 80''}}"),
                     BOUND("1"), "nobody may be nobody");
    settings_free(&settings);
    arena_free(&arena);
}

Test(ldap_bind, offers_no_mechanism_openly)
{
    struct arena *arena = arena_new();
    struct settings *settings = settings_new();
    const struct gateway gateway = { .settings = settings };
    const char *heard = say_openly(arena, &gateway, SEARCH_OFFERS("1"));

    cr_expect(strstr(heard, "'supportedExtension'") != NULL, "%s", heard);
    cr_expect(strstr(heard, "PLAIN") == NULL, "%s", heard);
    settings_free(&settings);
    arena_free(&arena);
}
