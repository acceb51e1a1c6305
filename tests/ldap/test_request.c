/*
 * test_request.c - messages of clients, good ones and others
 */
#include "ldap/request.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "ldap/ber.h"
#include "ldap/filter.h"
#include "ldap/peek.h"
#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/str.h"
#include "tests/ldap/notation.h"

#define SEARCH(FILTER)                                                         \
    "30{02:7 63{04'ou=people' 0a:2 0a:0 02:0 02:0 01:0 " FILTER " 30{}}}"
#define OID "04'1.2.3'"

/* What is said, and what is understood: the id is 0 where nobody can know what
 * it was. */
static const struct {
    const char *name;
    const char *message;
    enum ldap_code code;
    int32_t id;
} cases[] = {
    /* clang-format off */
    { "a simple bind",              "30{02:1 60{02:3 04'ann' 80'secret'}}",                   LDAP_SUCCESS, 1 },
    { "the largest id",             "30{02:2147483647 42''}",                                 LDAP_SUCCESS, 2147483647 },
    { "an id of 2^31",              "30{02:2147483648 42''}",                                 LDAP_PROTOCOL_ERROR, 0 },
    { "an id of 0",                 "30{02:0 42''}",                                          LDAP_PROTOCOL_ERROR, 0 },
    { "a negative id",              "30{02:-1 42''}",                                         LDAP_PROTOCOL_ERROR, 0 },
    { "an empty id",                "30{02'' 42''}",                                          LDAP_PROTOCOL_ERROR, 0 },
    { "no id",                      "30{42''}",                                               LDAP_PROTOCOL_ERROR, 0 },
    { "nothing else",               "30{02:1}",                                               LDAP_PROTOCOL_ERROR, 0 },
    { "nothing at all",             "30{}",                                                   LDAP_PROTOCOL_ERROR, 0 },
    { "no message",                 "31{02:1 42''}",                                          LDAP_PROTOCOL_ERROR, 0 },
    { "something behind it",        "30{02:1 42''} *00",                                      LDAP_PROTOCOL_ERROR, 0 },
    { "an operation nobody knows",  "30{02:1 7f''}",                                          LDAP_PROTOCOL_ERROR, 0 },
    { "an answer",                  "30{02:1 61{0a:0 04'' 04''}}",                            LDAP_PROTOCOL_ERROR, 0 },
    { "an operation of 2 gigabytes","30{02:1 *608480000000}",                                 LDAP_PROTOCOL_ERROR, 0 },
    { "one without an end",         "30{02:1 *6080 *0000}",                                   LDAP_PROTOCOL_ERROR, 0 },

    { "elements of another time",   "30{02:1 42'' 9f'x'}",                                    LDAP_PROTOCOL_ERROR, 1 },
    { "an element of another time", "30{02:1 42'' 8a'x'}",                                    LDAP_SUCCESS, 1 },
    { "octets that are no element", "30{02:1 42'' *0405}",                                    LDAP_PROTOCOL_ERROR, 1 },

    { "a bind with nothing in it",  "30{02:1 60{}}",                                          LDAP_PROTOCOL_ERROR, 1 },
    { "one without a way",          "30{02:1 60{02:3 04'ann'}}",                              LDAP_PROTOCOL_ERROR, 1 },
    { "a way of LDAP 2",            "30{02:1 60{02:2 04'ann' 81'ticket'}}",                   LDAP_AUTH_METHOD_NOT_SUPPORTED, 1 },
    { "SASL",                       "30{02:1 60{02:3 04'' a3{04'PLAIN' 04'~00a~00b'}}}",      LDAP_SUCCESS, 1 },
    { "SASL that says nothing",     "30{02:1 60{02:3 04'' a3{04'PLAIN'}}}",                   LDAP_SUCCESS, 1 },
    { "SASL without a mechanism",   "30{02:1 60{02:3 04'' a3{}}}",                            LDAP_PROTOCOL_ERROR, 1 },
    { "a NUL in a name",            "30{02:1 60{02:3 04'an~00n' 80'x'}}",                     LDAP_PROTOCOL_ERROR, 1 },
    { "a name in Latin-1",          "30{02:1 60{02:3 04'J~f6rg' 80'x'}}",                     LDAP_PROTOCOL_ERROR, 1 },
    { "a name in UTF-8",            "30{02:1 60{02:3 04'J~c3~b6rg' 80'x'}}",                  LDAP_SUCCESS, 1 },
    { "a NUL in a password",        "30{02:1 60{02:3 04'ann' 80'x~00y'}}",                    LDAP_SUCCESS, 1 },
    { "a version of 2^40",          "30{02:1 60{02:1099511627776 04'ann' 80'x'}}",            LDAP_PROTOCOL_ERROR, 1 },

    { "unbind",                     "30{02:1 42''}",                                          LDAP_SUCCESS, 1 },
    { "unbind with something",      "30{02:1 42'x'}",                                         LDAP_PROTOCOL_ERROR, 1 },
    { "abandon",                    "30{02:9 50:8}",                                          LDAP_SUCCESS, 9 },
    { "abandon of nothing",         "30{02:9 50''}",                                          LDAP_PROTOCOL_ERROR, 9 },
    { "delete",                     "30{02:2 4a'cn=a,dc=b'}",                                 LDAP_SUCCESS, 2 },
    { "add",                        "30{02:2 68{04'cn=a' 30{30{04'cn' 31{04'a'}}}}}",         LDAP_SUCCESS, 2 },
    { "modify",                     "30{02:2 66{04'cn=a' 30{}}}",                             LDAP_SUCCESS, 2 },
    { "a new name",                 "30{02:2 6c{04'cn=a' 04'cn=b' 01:1}}",                    LDAP_SUCCESS, 2 },
    { "compare",                    "30{02:2 6e{04'cn=a' 30{04'cn' 04'b'}}}",                 LDAP_SUCCESS, 2 },
    { "compare with nothing",       "30{02:2 6e{04'cn=a' 30{04'cn'}}}",                       LDAP_PROTOCOL_ERROR, 2 },
    { "an extension",               "30{02:2 77{80'1.2.3'}}",                                 LDAP_SUCCESS, 2 },
    { "one with a value",           "30{02:2 77{80'1.2.3' 81'~00'}}",                         LDAP_SUCCESS, 2 },
    { "one without a name",         "30{02:2 77{81'x'}}",                                     LDAP_PROTOCOL_ERROR, 2 },

    { "a control",                  "30{02:1 4a'cn=a' a0{30{" OID "}}}",                      LDAP_SUCCESS, 1 },
    { "a critical one",             "30{02:1 4a'cn=a' a0{30{" OID " 01:-1}}}",                LDAP_SUCCESS, 1 },
    { "critical as 1",              "30{02:1 4a'cn=a' a0{30{" OID " 01:1 04'v'}}}",           LDAP_SUCCESS, 1 },
    { "one that has a name only",   "30{02:1 4a'cn=a' a0{04'1.2.3'}}",                        LDAP_PROTOCOL_ERROR, 1 },
    { "one without a name",         "30{02:1 4a'cn=a' a0{30{01:1}}}",                         LDAP_PROTOCOL_ERROR, 1 },
    { "a boolean of two octets",    "30{02:1 4a'cn=a' a0{30{" OID " 01=ffff}}}",              LDAP_PROTOCOL_ERROR, 1 },
    { "no control",                 "30{02:1 4a'cn=a' a0{}}",                                 LDAP_SUCCESS, 1 },

    { "a search",                   SEARCH("87'cn'"),                                         LDAP_SUCCESS, 7 },
    { "a scope of another time",    "30{02:7 63{04'' 0a:3 0a:0 02:0 02:0 01:0 87'cn' 30{}}}", LDAP_PROTOCOL_ERROR, 7 },
    { "aliases of another time",    "30{02:7 63{04'' 0a:2 0a:4 02:0 02:0 01:0 87'cn' 30{}}}", LDAP_PROTOCOL_ERROR, 7 },
    { "fewer than no entries",      "30{02:7 63{04'' 0a:2 0a:0 02:-1 02:0 01:0 87'cn' 30{}}}",LDAP_PROTOCOL_ERROR, 7 },
    { "less than no time",          "30{02:7 63{04'' 0a:2 0a:0 02:0 02:-1 01:0 87'cn' 30{}}}",LDAP_PROTOCOL_ERROR, 7 },
    { "no attributes",              "30{02:7 63{04'' 0a:2 0a:0 02:0 02:0 01:0 87'cn'}}",      LDAP_PROTOCOL_ERROR, 7 },
    { "two attributes",             "30{02:7 63{04'' 0a:2 0a:0 02:0 02:0 01:0 87'cn' 30{04'a' 04'b'}}}", LDAP_SUCCESS, 7 },
    { "attributes that are none",   "30{02:7 63{04'' 0a:2 0a:0 02:0 02:0 01:0 87'cn' 30{02:1}}}", LDAP_PROTOCOL_ERROR, 7 },
    { "half an attribute",          "30{02:7 63{04'' 0a:2 0a:0 02:0 02:0 01:0 87'cn' 30{*0405}}}", LDAP_PROTOCOL_ERROR, 7 },
    { "no filter",                  SEARCH(""),                                               LDAP_PROTOCOL_ERROR, 7 },
    { "a filter nobody knows",      SEARCH("aa{}"),                                           LDAP_PROTOCOL_ERROR, 7 },

    { "and",                        SEARCH("a0{87'a' 87'b'}"),                                LDAP_SUCCESS, 7 },
    { "true (RFC 4526)",            SEARCH("a0{}"),                                           LDAP_SUCCESS, 7 },
    { "false (RFC 4526)",           SEARCH("a1{}"),                                           LDAP_SUCCESS, 7 },
    { "not",                        SEARCH("a2{87'a'}"),                                      LDAP_SUCCESS, 7 },
    { "not of nothing",             SEARCH("a2{}"),                                           LDAP_PROTOCOL_ERROR, 7 },
    { "not of two",                 SEARCH("a2{87'a' 87'b'}"),                                LDAP_PROTOCOL_ERROR, 7 },
    { "equality",                   SEARCH("a3{04'cn' 04'x~00y'}"),                           LDAP_SUCCESS, 7 },
    { "equality of nothing",        SEARCH("a3{04'cn'}"),                                     LDAP_PROTOCOL_ERROR, 7 },
    { "greater",                    SEARCH("a5{04'cn' 04'x'}"),                               LDAP_SUCCESS, 7 },
    { "less",                       SEARCH("a6{04'cn' 04'x'}"),                               LDAP_SUCCESS, 7 },
    { "about",                      SEARCH("a8{04'cn' 04'x'}"),                               LDAP_SUCCESS, 7 },
    { "substrings",                 SEARCH("a4{04'cn' 30{80'a' 81'b' 81'c' 82'd'}}"),         LDAP_SUCCESS, 7 },
    { "the end of one",             SEARCH("a4{04'cn' 30{82'd'}}"),                           LDAP_SUCCESS, 7 },
    { "no substrings",              SEARCH("a4{04'cn' 30{}}"),                                LDAP_PROTOCOL_ERROR, 7 },
    { "two beginnings",             SEARCH("a4{04'cn' 30{80'a' 80'b'}}"),                     LDAP_PROTOCOL_ERROR, 7 },
    { "a beginning in the middle",  SEARCH("a4{04'cn' 30{81'a' 80'b'}}"),                     LDAP_PROTOCOL_ERROR, 7 },
    { "something behind the end",   SEARCH("a4{04'cn' 30{82'a' 81'b'}}"),                     LDAP_PROTOCOL_ERROR, 7 },
    { "a rule",                     SEARCH("a9{81'2.5.13.2' 83'x'}"),                         LDAP_SUCCESS, 7 },
    { "a type",                     SEARCH("a9{82'cn' 83'x' 84:-1}"),                         LDAP_SUCCESS, 7 },
    { "neither",                    SEARCH("a9{83'x'}"),                                      LDAP_PROTOCOL_ERROR, 7 },
    { "a rule without a value",     SEARCH("a9{81'2.5.13.2' 82'cn'}"),                        LDAP_PROTOCOL_ERROR, 7 },
    { "a child that is none",       SEARCH("a0{87'a' 04'b'}"),                                LDAP_PROTOCOL_ERROR, 7 },
    { "half a child",               SEARCH("a0{87'a' *8705}"),                                LDAP_PROTOCOL_ERROR, 7 },
    /* clang-format on */
};

Test(ldap_request, is_understood_or_not)
{
    struct arena *arena = arena_new();

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct octets message = notation_code(arena, cases[i].message);
        struct ldap_request request;

        cr_expect_eq(ldap_read(arena, message.data, message.len, &request),
                     cases[i].code, "%s", cases[i].name);
        cr_expect_eq(request.id, cases[i].id, "%s: id %d", cases[i].name,
                     request.id);
    }
    arena_free(&arena);
}

Test(ldap_request, ends_anywhere_without_harm)
{
    struct arena *arena = arena_new();

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct octets message = notation_code(arena, cases[i].message);

        if (cases[i].code != LDAP_SUCCESS)
            continue;
        for (size_t len = 0; len < message.len; len++) {
            char *part = malloc(len > 0 ? len : 1); /* watched by sanitizers */
            struct ldap_request request;
            struct ldap_peek peek;

            memcpy(part, message.data, len);
            cr_expect_neq(ldap_read(arena, part, len, &request), LDAP_SUCCESS,
                          "%s", cases[i].name);
            cr_expect(!ldap_peek(part, len, &peek));
            free(part);
        }
    }
    arena_free(&arena);
}

/* --- What is in them ------------------------------------------------------ */

Test(ldap_request, tells_all_of_a_search)
{
    struct arena *arena = arena_new();
    struct octets message = notation_code(
        arena, "30{02:5 63{04'ou=people' 0a:1 0a:3 02:100 02:30 01:-1"
               " a0{a4{04'cn' 30{80'a' 81'b' 82'c'}} a2{a9{81'r' 82't' 83'v'"
               " 84:-1}}} 30{04'mail' 04'*'}} a0{30{04'1.2' 01:-1 04'~00'}}}");
    struct ldap_request request;

    cr_assert_eq(ldap_read(arena, message.data, message.len, &request),
                 LDAP_SUCCESS);
    const struct ldap_search *search = &request.search;
    const struct ldap_filter *filter = search->filter;

    cr_expect_eq(request.operation, LDAP_SEARCH);
    cr_expect_str_eq(search->base, "ou=people");
    cr_expect_eq(search->scope, LDAP_ONE_LEVEL);
    cr_expect_eq(search->size_limit, 100);
    cr_expect_eq(search->time_limit, 30);
    cr_expect(search->types_only);
    cr_expect_str_eq(search->attributes[0], "mail");
    cr_expect_str_eq(search->attributes[1], "*");
    cr_expect_null(search->attributes[2]);

    cr_assert_eq(filter->kind, FILTER_AND);
    cr_assert_eq(filter->child_count, 2);
    const struct ldap_filter *first = &filter->children[0];
    const struct ldap_filter *second = &filter->children[1];
    cr_expect_eq(first->kind, FILTER_SUBSTRINGS);
    cr_expect_str_eq(first->attribute, "cn");
    cr_expect_str_eq(first->initial.data, "a");
    cr_expect_eq(first->any_count, 1);
    cr_expect_str_eq(first->any[0].data, "b");
    cr_expect_str_eq(first->final.data, "c");
    cr_assert_eq(second->kind, FILTER_NOT);
    cr_expect_str_eq(second->children[0].rule, "r");
    cr_expect_str_eq(second->children[0].attribute, "t");
    cr_expect_str_eq(second->children[0].value.data, "v");
    cr_expect(second->children[0].dn_attributes);

    cr_assert_eq(request.control_count, 1);
    cr_expect_str_eq(request.controls[0].oid, "1.2");
    cr_expect(request.controls[0].critical);
    cr_expect_eq(request.controls[0].value.len, 1);
    arena_free(&arena);
}

/* --- Limits of filters ---------------------------------------------------- */

/* A search for "not not ... not": so many filters within each other. */
static enum ldap_code read_nested(struct arena *arena, unsigned depth)
{
    struct buf text;
    struct ldap_request request;

    buf_init(&text, arena);
    buf_puts(&text, "30{02:7 63{04'' 0a:2 0a:0 02:0 02:0 01:0 ");
    for (unsigned i = 1; i < depth; i++)
        buf_puts(&text, "a2{");
    buf_puts(&text, "87'cn'");
    for (unsigned i = 1; i < depth; i++)
        buf_puts(&text, "}");
    buf_puts(&text, " 30{}}}");
    struct octets message = notation_code(arena, text.data);
    return ldap_read(arena, message.data, message.len, &request);
}

Test(ldap_request, lets_filters_nest_so_far_and_no_further)
{
    struct arena *arena = arena_new();

    cr_expect_eq(read_nested(arena, FILTER_DEPTH), LDAP_SUCCESS);
    cr_expect_eq(read_nested(arena, FILTER_DEPTH + 1),
                 LDAP_ADMIN_LIMIT_EXCEEDED);
    cr_expect_eq(read_nested(arena, 1000), LDAP_ADMIN_LIMIT_EXCEEDED);
    arena_free(&arena);
}

/* A search with so many parts in "or", or in the substrings of one. */
static enum ldap_code read_many(struct arena *arena, unsigned count,
                                const char *open, const char *part,
                                const char *close)
{
    struct buf text;
    struct ldap_request request;

    buf_init(&text, arena);
    buf_puts(&text, "30{02:7 63{04'' 0a:2 0a:0 02:0 02:0 01:0 ");
    buf_puts(&text, open);
    for (unsigned i = 0; i < count; i++)
        buf_puts(&text, part);
    buf_puts(&text, close);
    buf_puts(&text, " 30{}}}");
    struct octets message = notation_code(arena, text.data);
    return ldap_read(arena, message.data, message.len, &request);
}

Test(ldap_request, lets_filters_have_so_many_parts_and_no_more)
{
    struct arena *arena = arena_new();

    cr_expect_eq(read_many(arena, FILTER_PARTS, "a1{", "87'a'", "}"),
                 LDAP_SUCCESS);
    cr_expect_eq(read_many(arena, FILTER_PARTS + 1, "a1{", "87'a'", "}"),
                 LDAP_ADMIN_LIMIT_EXCEEDED);
    cr_expect_eq(read_many(arena, FILTER_PARTS, "a4{04'cn' 30{", "81'a'", "}}"),
                 LDAP_SUCCESS);
    cr_expect_eq(
        read_many(arena, FILTER_PARTS + 1, "a4{04'cn' 30{", "81'a'", "}}"),
        LDAP_ADMIN_LIMIT_EXCEEDED);
    cr_expect_eq(read_many(arena, 700, "a1{", "a0{87'a' 87'b'}", "}"),
                 LDAP_ADMIN_LIMIT_EXCEEDED, "children count, too");
    arena_free(&arena);
}

/* --- Looking only --------------------------------------------------------- */

static const struct {
    const char *message;
    bool good;
    struct ldap_peek peek;
} peeks[] = {
    /* clang-format off */
    { "30{02:4 50:3}",                                 true,  { 4, LDAP_ABANDON,  false, 3 } },
    { "30{02:4 50''}",                                 true,  { 4, LDAP_ABANDON,  false, 0 } },
    { "30{02:4 42''}",                                 true,  { 4, LDAP_UNBIND,   false, 0 } },
    { "30{02:4 77{80'1.3.6.1.1.8' 81{30{02:3}}}}",     true,  { 4, LDAP_EXTENDED, true,  3 } },
    { "30{02:4 77{80'1.3.6.1.1.8' 81{30{04'3'}}}}",    true,  { 4, LDAP_EXTENDED, true,  0 } },
    { "30{02:4 77{80'1.3.6.1.1.8'}}",                  true,  { 4, LDAP_EXTENDED, true,  0 } },
    { "30{02:4 77{80'1.3.6.1.4.1.1466.20037'}}",       true,  { 4, LDAP_EXTENDED, false, 0 } },
    { "30{02:4 77{}}",                                 true,  { 4, LDAP_EXTENDED, false, 0 } },
    { "30{02:4 70{}}",                                 true,  { 4, 0x70,          false, 0 } },
    { "30{02:0 42''}",                                 false, { 0 } },
    { "30{04'x'}",                                     false, { 0 } },
    /* clang-format on */
};

Test(ldap_peek, sees_what_a_message_is_about)
{
    struct arena *arena = arena_new();

    for (size_t i = 0; i < sizeof peeks / sizeof *peeks; i++) {
        struct octets message = notation_code(arena, peeks[i].message);
        const struct ldap_peek *expected = &peeks[i].peek;
        struct ldap_peek peek;

        cr_assert_eq(ldap_peek(message.data, message.len, &peek), peeks[i].good,
                     "%s", peeks[i].message);
        if (!peeks[i].good)
            continue;
        cr_expect_eq(peek.id, expected->id);
        cr_expect_eq(peek.operation, expected->operation);
        cr_expect_eq(peek.cancels, expected->cancels);
        cr_expect_eq(peek.target, expected->target, "%s", peeks[i].message);
    }
    arena_free(&arena);
}
