/*
 * certificate.c - a certificate authority for one run of the simulated Exchange
 */
#include "tests/exchange/certificate.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#define DAY (24L * 60 * 60)

/* Who signs whom: an authority signs itself. */
struct identity {
    EVP_PKEY *key;
    X509 *certificate;
};

static void identity_fini(struct identity *identity)
{
    X509_free(identity->certificate);
    EVP_PKEY_free(identity->key);
    *identity = (struct identity){ NULL, NULL };
}

static bool add_extension(X509 *certificate, X509 *issuer, int kind,
                          const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension =
        X509V3_EXT_conf_nid(NULL, &context, kind, value);
    bool added =
        extension != NULL && X509_add_ext(certificate, extension, -1) == 1;

    X509_EXTENSION_free(extension);
    return added;
}

static bool set_serial(X509 *certificate)
{
    unsigned char random[8];
    if (RAND_bytes(random, sizeof random) != 1)
        return false;
    BIGNUM *number = BN_bin2bn(random, sizeof random, NULL);
    bool set = number != NULL &&
               BN_to_ASN1_INTEGER(
                   number, X509_get_serialNumber(certificate)) != NULL;

    BN_free(number);
    return set;
}

/* A key and an unsigned certificate with a name and a day to live. */
static bool make_identity(struct identity *identity, const char *name)
{
    identity->key = EVP_EC_gen("P-256");
    identity->certificate = X509_new();
    X509 *certificate = identity->certificate;
    if (identity->key == NULL || certificate == NULL)
        return false;

    X509_NAME *subject = X509_get_subject_name(certificate);
    return X509_set_version(certificate, X509_VERSION_3) == 1 &&
           set_serial(certificate) &&
           X509_gmtime_adj(X509_getm_notBefore(certificate), -DAY) != NULL &&
           X509_gmtime_adj(X509_getm_notAfter(certificate), DAY) != NULL &&
           X509_set_pubkey(certificate, identity->key) == 1 &&
           X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                                      (const unsigned char *)name, -1, -1,
                                      0) == 1;
}

static bool sign(struct identity *identity, const struct identity *issuer)
{
    X509_NAME *name = X509_get_subject_name(issuer->certificate);
    return X509_set_issuer_name(identity->certificate, name) == 1 &&
           X509_sign(identity->certificate, issuer->key, EVP_sha256()) > 0;
}

static bool make_authority(struct identity *authority)
{
    if (!make_identity(authority, "Simulated Exchange authority"))
        return false;
    X509 *certificate = authority->certificate;
    return add_extension(certificate, certificate, NID_basic_constraints,
                         "critical,CA:TRUE") &&
           add_extension(certificate, certificate, NID_key_usage,
                         "critical,keyCertSign,cRLSign") &&
           add_extension(certificate, certificate, NID_subject_key_identifier,
                         "hash") &&
           sign(authority, authority);
}

static bool make_server(struct identity *server,
                        const struct identity *authority)
{
    if (!make_identity(server, "localhost"))
        return false;
    X509 *certificate = server->certificate;
    X509 *issuer = authority->certificate;
    return add_extension(certificate, issuer, NID_basic_constraints,
                         "critical,CA:FALSE") &&
           add_extension(certificate, issuer, NID_ext_key_usage,
                         "serverAuth") &&
           add_extension(certificate, issuer, NID_authority_key_identifier,
                         "keyid") &&
           add_extension(certificate, issuer, NID_subject_alt_name,
                         "DNS:localhost,IP:127.0.0.1") &&
           sign(server, authority);
}

/* The name of a new private file that holds the certificate; NULL if the disk
 * refuses. */
static char *write_file(X509 *certificate)
{
    const char *directory = getenv("TMPDIR");
    char *path = NULL;
    if (asprintf(&path, "%s/postern-exchange-ca-XXXXXX",
                 directory != NULL ? directory : "/tmp") < 0)
        return NULL;

    int descriptor = mkstemp(path);
    FILE *file = descriptor >= 0 ? fdopen(descriptor, "w") : NULL;
    if (file == NULL) {
        free(path);
        return NULL;
    }
    bool written = PEM_write_X509(file, certificate) == 1;
    if (fclose(file) == 0 && written)
        return path;
    unlink(path);
    free(path);
    return NULL;
}

static SSL_CTX *make_context(const struct identity *server)
{
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    if (context != NULL &&
        SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1 &&
        SSL_CTX_use_certificate(context, server->certificate) == 1 &&
        SSL_CTX_use_PrivateKey(context, server->key) == 1)
        return context;
    SSL_CTX_free(context);
    return NULL;
}

SSL_CTX *certificate_context(char **ca_file)
{
    struct identity authority = { NULL, NULL }, server = { NULL, NULL };
    SSL_CTX *context = NULL;

    *ca_file = NULL;
    if (make_authority(&authority) && make_server(&server, &authority))
        context = make_context(&server);
    if (context != NULL)
        *ca_file = write_file(authority.certificate);
    if (*ca_file == NULL) {
        SSL_CTX_free(context);
        context = NULL;
    }
    identity_fini(&server);
    identity_fini(&authority);
    return context;
}
