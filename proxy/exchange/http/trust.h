/*
 * trust.h - the certificates that we believe, in memory once
 *
 * Left alone libcurl reads all authorities of the system anew for each of its
 * connections, and keeps them as long as it: more than a megabyte, and ten
 * milliseconds.  All connections look into one store instead.
 */
#ifndef POSTERN_EXCHANGE_HTTP_TRUST_H
#define POSTERN_EXCHANGE_HTTP_TRUST_H

#include <stdbool.h>

#include <curl/curl.h>
#include <openssl/ssl.h>

/* The store of the system's authorities and those of the file `added`, which
 * may be "", as these files are now; the caller's with X509_STORE_free.  NULL
 * when that file cannot be read or holds none. */
X509_STORE *trust_store(const char *added);

/* Has a handle believe these, and no others.  `added` outlives the handle. */
void trust_teach(CURL *handle, const char *added);

#endif
