/*
 * test_secret.c - passwords that wipe themselves
 */
#include "proxy/base/secret.h"

#include <string.h>

#include <criterion/criterion.h>

Test(secret, is_copied_compared_and_wiped)
{
    struct secret *one = secret_new("pass\0word", 9);
    struct secret *two = secret_copy(one);
    struct secret *other = secret_new("pass", 4);
    char memory[] = "password";

    cr_expect(secret_equal(one, two));
    cr_expect_not(secret_equal(one, other));
    cr_expect_eq(secret_len(two), 9);
    cr_expect_eq(memcmp(secret_expose(two), "pass\0word", 10), 0);
    secret_free(&one);
    cr_expect_null(one);
    cr_expect_null(secret_copy(NULL));
    secret_free(&two);
    secret_free(&other);

    secret_wipe(memory, sizeof memory);
    cr_expect_eq(memcmp(memory, "\0\0\0\0\0\0\0\0", sizeof memory), 0);
}

Test(secret, is_a_password_or_a_token_and_its_copy_is_the_same)
{
    struct secret *password = secret_new("word", 4);
    struct secret *token = secret_new_token("word", 4);
    struct secret *copy = secret_copy(token);

    cr_expect_eq(secret_kind(password), SECRET_PASSWORD);
    cr_expect_eq(secret_kind(copy), SECRET_TOKEN);
    cr_expect(secret_equal(token, copy));
    cr_expect_not(secret_equal(token, password));
    secret_free(&password);
    secret_free(&token);
    secret_free(&copy);
}
