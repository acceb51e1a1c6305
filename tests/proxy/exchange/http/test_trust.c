/*
 * test_trust.c - tests of the store of certificates that connections share
 */
#include "proxy/exchange/http/trust.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/pem.h>

#include <criterion/criterion.h>

#include "tests/exchange/certificate.h"

/* A file of authorities, with one that was made for this test. */
struct scene {
    SSL_CTX *context;
    char *file;
};

static void begin(struct scene *scene)
{
    scene->context = certificate_context(&scene->file);
    cr_assert_not_null(scene->context);
}

static void end(struct scene *scene)
{
    SSL_CTX_free(scene->context);
    unlink(scene->file);
    free(scene->file);
}

/* Whether the authority in the file is believed. */
static bool believes(X509_STORE *store, const char *path)
{
    FILE *file = fopen(path, "r");
    X509 *authority = PEM_read_X509(file, NULL, NULL, NULL);
    X509_STORE_CTX *check = X509_STORE_CTX_new();

    fclose(file);
    X509_STORE_CTX_init(check, store, authority, NULL);
    bool good = X509_verify_cert(check) == 1;
    X509_STORE_CTX_free(check);
    X509_free(authority);
    return good;
}

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");

    fputs(text, file);
    fclose(file);
}

Test(trust, is_one_store_for_all_that_believe_the_same)
{
    struct scene scene;

    begin(&scene);
    X509_STORE *one = trust_store(scene.file), *other = trust_store(scene.file);
    cr_assert_not_null(one);
    cr_expect_eq(one, other);
    cr_expect(believes(one, scene.file));
    X509_STORE_free(other);
    X509_STORE_free(one);
    end(&scene);
}

Test(trust, believes_nobody_for_what_others_believe)
{
    struct scene scene;

    begin(&scene);
    X509_STORE *with = trust_store(scene.file), *without = trust_store("");
    cr_assert_not_null(without);
    cr_expect(believes(with, scene.file));
    cr_expect_not(believes(without, scene.file));
    X509_STORE_free(with);
    X509_STORE_free(without);
    end(&scene);
}

Test(trust, sees_that_a_file_has_changed)
{
    struct scene mine, other;

    begin(&mine);
    begin(&other);
    X509_STORE *before = trust_store(mine.file);
    cr_assert_eq(rename(other.file, mine.file), 0);
    X509_STORE *after = trust_store(mine.file);
    cr_assert_not_null(after);
    cr_expect(believes(after, mine.file));
    cr_expect_not(believes(before, mine.file));
    X509_STORE_free(before);
    X509_STORE_free(after);
    end(&mine);
    end(&other);
}

Test(trust, passes_over_a_certificate_that_cannot_be_read)
{
    struct scene scene;
    char text[8192];

    begin(&scene);
    FILE *file = fopen(scene.file, "r");
    size_t len = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[len] = '\0';
    file = fopen(scene.file, "w");
    fprintf(file,
            "A broken one:\n-----BEGIN CERTIFICATE-----\nMIIB\n"
            "-----END CERTIFICATE-----\n%s",
            text);
    fclose(file);

    char good[] = "/tmp/postern-test-XXXXXX";
    close(mkstemp(good));
    write_file(good, text);
    X509_STORE *store = trust_store(scene.file);
    cr_assert_not_null(store);
    cr_expect(believes(store, good));
    X509_STORE_free(store);
    unlink(good);
    end(&scene);
}

Test(trust, is_none_without_the_file_or_a_certificate_in_it)
{
    struct scene scene;

    begin(&scene);
    cr_expect_null(trust_store("/nonexistent/authority.pem"));
    write_file(scene.file, "no certificate\n");
    cr_expect_null(trust_store(scene.file));
    end(&scene);
}
