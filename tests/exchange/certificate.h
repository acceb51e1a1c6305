/*
 * certificate.h - a certificate authority for one run of the simulated Exchange
 */
#ifndef POSTERN_TESTS_CERTIFICATE_H
#define POSTERN_TESTS_CERTIFICATE_H

#include <openssl/ssl.h>

/*
 * Makes an authority and a certificate of it for "localhost" and 127.0.0.1, valid
 * for a day around now.  Writes the authority's certificate to a new private file,
 * whose name goes to `ca_file` (free it, unlink the file).  NULL when OpenSSL or the
 * disk refuses.
 */
SSL_CTX *certificate_context(char **ca_file);

#endif
