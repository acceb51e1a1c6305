/*
 * test_frame.c - is a whole message here?
 */
#include "ldap/frame.h"

#include <criterion/criterion.h>

#include "proxy/base/arena.h"
#include "tests/ldap/notation.h"

#define LIMIT 1000

static const struct {
    const char *name;
    const char *input;
    enum ldap_frame_found found;
    size_t whole;
} cases[] = {
    /* clang-format off */
    { "nothing yet",                 "",                        LDAP_FOUND_NOTHING,  0 },
    { "a tag",                       "*30",                     LDAP_FOUND_NOTHING,  0 },
    { "a whole message",             "30{02:1 42''}",           LDAP_FOUND_MESSAGE,  7 },
    { "the length of one",           "*3005",                   LDAP_FOUND_MESSAGE,  7 },
    { "an empty one",                "*3000",                   LDAP_FOUND_MESSAGE,  2 },
    { "a length of two octets",      "*308180",                 LDAP_FOUND_MESSAGE,  131 },
    { "half of a length",            "*308201",                 LDAP_FOUND_NOTHING,  0 },
    { "a length as lber writes it",  "*308400000005",           LDAP_FOUND_MESSAGE,  11 },
    { "a length of eight octets",    "*30880000000000000005",   LDAP_FOUND_MESSAGE,  15 },
    { "the longest",                 "*308203e4",               LDAP_FOUND_MESSAGE,  LIMIT },
    { "one octet more",              "*308203e5",               LDAP_FOUND_TOO_LONG, 0 },
    { "two gigabytes",               "*308480000000",           LDAP_FOUND_TOO_LONG, 0 },
    { "two gigabytes, half said",    "*308480",                 LDAP_FOUND_NOTHING,  0 },
    { "nearly four gigabytes",       "*3084ffffffff",           LDAP_FOUND_TOO_LONG, 0 },
    { "more than any machine has",   "*3088ffffffffffffffff",   LDAP_FOUND_TOO_LONG, 0 },
    { "a length of nine octets",     "*308900",                 LDAP_FOUND_NONSENSE, 0 },
    { "a length of 127 octets",      "*30ff",                   LDAP_FOUND_NONSENSE, 0 },
    { "a length without an end",     "*30800000",               LDAP_FOUND_NONSENSE, 0 },
    { "a set",                       "*3105",                   LDAP_FOUND_NONSENSE, 0 },
    { "TLS",                         "*160301",                 LDAP_FOUND_NONSENSE, 0 },
    { "HTTP",                        "*474554202f",             LDAP_FOUND_NONSENSE, 0 },
    { "nothing but zeros",           "*00000000",               LDAP_FOUND_NONSENSE, 0 },
    /* clang-format on */
};

Test(ldap_frame, measures_a_message_by_its_first_octets)
{
    struct arena *arena = arena_new();

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct octets input = notation_code(arena, cases[i].input);
        size_t whole = 0;

        cr_expect_eq(ldap_frame_measure(input.data, input.len, LIMIT, &whole),
                     cases[i].found, "%s", cases[i].name);
        cr_expect_eq(whole, cases[i].whole, "%s", cases[i].name);
    }
    arena_free(&arena);
}

Test(ldap_frame, keeps_nothing_of_what_is_too_long)
{
    struct ldap_frame frame;
    enum ldap_frame_found found;

    ldap_frame_init(&frame, LIMIT);
    cr_expect_eq(ldap_frame_take(&frame, "\x30\x84\x7f\xff\xff\xff", 6, &found),
                 6);
    cr_expect_eq(found, LDAP_FOUND_TOO_LONG);
    cr_expect_eq(frame.message.capacity, 0);
    ldap_frame_fini(&frame);
}

Test(ldap_frame, finds_messages_however_they_are_cut)
{
    struct arena *arena = arena_new();
    struct octets input = notation_code(
        arena, "30{02:1 60{02:3 04'ann' 80'secret'}} 30{02:2 42''}");

    for (size_t step = 1; step <= input.len; step++) {
        struct ldap_frame frame;
        size_t at = 0, shown = 0, count = 0;

        ldap_frame_init(&frame, LIMIT);
        while (shown < input.len) {
            shown = input.len - shown < step ? input.len : shown + step;
            for (size_t taken = 1; taken > 0 && at < shown; at += taken) {
                enum ldap_frame_found found;

                taken = ldap_frame_take(&frame, input.data + at, shown - at,
                                        &found);
                if (found != LDAP_FOUND_MESSAGE)
                    continue;
                count++;
                cr_expect_eq(frame.message.len, frame.whole);
                ldap_frame_reset(&frame);
            }
        }
        cr_expect_eq(at, input.len, "in pieces of %zu", step);
        cr_expect_eq(count, 2, "in pieces of %zu", step);
        ldap_frame_fini(&frame);
    }
    arena_free(&arena);
}
