/*
 * trust.c - see trust.h
 */
#include "proxy/exchange/http/trust.h"

#include <pthread.h>
#include <stdint.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/sha.h>
#include <openssl/x509_vfy.h>

#include "proxy/base/buf.h"
#include "proxy/base/memory.h"
#include "proxy/exchange/http/certificates.h"

/* The store that was used last, and what it was made of: one reload of the
 * settings, or update of the system, and it is another. */
static struct {
    pthread_mutex_t lock;
    X509_STORE *store; /* NULL: there is none yet */
    unsigned char digest[SHA256_DIGEST_LENGTH];
} last = { .lock = PTHREAD_MUTEX_INITIALIZER };

/* --- Making one ----------------------------------------------------------- */

/* One that cannot be read takes none of the others away. */
static size_t add_all(X509_STORE *store, BIO *text)
{
    size_t count = 0;
    bool more = true;

    while (more) {
        X509 *certificate = PEM_read_bio_X509(text, NULL, NULL, NULL);
        more = certificate != NULL ||
               ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE;
        count +=
            certificate != NULL && X509_STORE_add_cert(store, certificate) == 1;
        X509_free(certificate);
        ERR_clear_error();
    }
    return count;
}

static X509_STORE *make_store(const struct buf *certificates)
{
    X509_STORE *store = X509_STORE_new();
    BIO *text = BIO_new_mem_buf(certificates->data, (int)certificates->len);

    if (store == NULL || text == NULL)
        memory_exhausted();
    if (add_all(store, text) == 0)
        X509_STORE_set_default_paths(store);
    /* As libcurl would: an authority need not be a root to be believed. */
    X509_STORE_set_flags(store,
                         X509_V_FLAG_TRUSTED_FIRST | X509_V_FLAG_PARTIAL_CHAIN);
    BIO_free(text);
    return store;
}

static X509_STORE *store_of(const struct buf *certificates)
{
    unsigned char digest[SHA256_DIGEST_LENGTH];

    SHA256((const unsigned char *)certificates->data, certificates->len,
           digest);
    pthread_mutex_lock(&last.lock);
    if (last.store == NULL || memcmp(digest, last.digest, sizeof digest) != 0) {
        X509_STORE_free(last.store);
        last.store = make_store(certificates);
        memcpy(last.digest, digest, sizeof digest);
    }
    X509_STORE *store = last.store;
    X509_STORE_up_ref(store);
    pthread_mutex_unlock(&last.lock);
    return store;
}

X509_STORE *trust_store(const char *added)
{
    struct buf certificates;
    X509_STORE *store = NULL;

    buf_init(&certificates, NULL);
    buf_puts(&certificates, "");
    if (certificates_load(added, &certificates))
        store = store_of(&certificates);
    buf_fini(&certificates);
    return store;
}

/* --- Using it ------------------------------------------------------------- */

/* libcurl is about to make a connection, perhaps to a proxy. */
static CURLcode on_connection(CURL *handle, void *context, void *added)
{
    X509_STORE *store = trust_store(added);

    (void)handle;
    if (store == NULL)
        return CURLE_SSL_CACERT_BADFILE;
    SSL_CTX_set_cert_store(context, store);
    return CURLE_OK;
}

void trust_teach(CURL *handle, const char *added)
{
    curl_easy_setopt(handle, CURLOPT_CAINFO, NULL);
    curl_easy_setopt(handle, CURLOPT_CAPATH, NULL);
    curl_easy_setopt(handle, CURLOPT_PROXY_CAINFO, NULL);
    curl_easy_setopt(handle, CURLOPT_PROXY_CAPATH, NULL);
    curl_easy_setopt(handle, CURLOPT_CA_CACHE_TIMEOUT, 0L);
    curl_easy_setopt(handle, CURLOPT_SSL_CTX_FUNCTION, on_connection);
    curl_easy_setopt(handle, CURLOPT_SSL_CTX_DATA, (void *)(uintptr_t)added);
}
