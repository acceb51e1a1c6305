/*
 * test_faults.c - what is said at the LDAP door while Exchange is in trouble
 */
#include <criterion/criterion.h>
#include <limits.h>

#include "tests/ldap/door.h"

#define SEARCH(ID, LETTERS)                                                    \
    "30{02:" ID " 63{04'ou=people' 0a:2 0a:0 02:0 02:0 01:0 "                  \
    "a4{04'cn' 30{80'" LETTERS "'}} 30{04'mail'}}}"
#define WHO_IS_ANN(ID) "30{02:" ID " 78{0a:0 04'' 04'' 8b'u:" ANN "'}}"

/* clang-format off */
static const struct {
    const char *name;
    enum exchange_fault fault;
    int code;
} cases[] = {
    { "too many calls",     FAULT_HTTP_429,      51 },
    { "an error",           FAULT_HTTP_500,      52 },
    { "no service",         FAULT_HTTP_503,      51 },
    { "busy",               FAULT_SERVER_BUSY,   51 },
    { "nobody there",       FAULT_RESET_BEFORE,  52 },
    { "cut off",            FAULT_TRUNCATED,     52 },
    { "no XML",             FAULT_MALFORMED,     52 },
    { "silence",            FAULT_HANG,          52 },
    { "another page",       FAULT_LOGIN_PAGE,    52 },
    { "a changed password", FAULT_HTTP_401,      49 },
};
/* clang-format on */

/* What was found before is found, and what was not is not said to be nobody. */
Test(ldap_faults, are_told_and_what_is_known_is_still_there, .timeout = 600)
{
    const char *settings[] = { "exchange.timeout", "10", NULL };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct exchange_fault_rule rule = { .fault = cases[i].fault,
                                                  .times = UINT_MAX };
        struct door *door = door_open(false, settings);
        struct visitor *visitor = visitor_ann(door);
        size_t entries;

        visitor_say(visitor, SEARCH("1", "smi"));
        cr_expect_str_eq(visitor_hear_end(visitor, &entries), DONE("1"));
        cr_expect_eq(entries, SMITHS);
        exchange_set_fault(door_exchange(door), &rule);
        visitor_say(visitor, SEARCH("2", "smith"));
        const char *heard = visitor_hear_end(visitor, &entries);
        cr_expect_str_eq(heard, DONE("2"), "%s: %s", cases[i].name, heard);
        cr_expect_eq(entries, SMITHS, "%s", cases[i].name);
        visitor_say(visitor, SEARCH("3", "jones"));
        heard = visitor_hear_end(visitor, &entries);
        cr_expect(door_says(heard, 3, cases[i].code), "%s: %s", cases[i].name,
                  heard);
        exchange_clear_faults(door_exchange(door));
        visitor_expect(visitor, cases[i].name, WHO_AM_I("4"), WHO_IS_ANN("4"));
        visitor_free(&visitor);
        door_close(&door);
    }
}
