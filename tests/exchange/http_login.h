/*
 * http_login.h - who sends a request: Basic, NTLM and tokens
 */
#ifndef POSTERN_TESTS_HTTP_LOGIN_H
#define POSTERN_TESTS_HTTP_LOGIN_H

#include <stdbool.h>

#include "tests/exchange/ntlm.h"

struct arena;
struct exchange;

/* What a connection knows.  NTLM authenticates the connection: later requests need no
 * proof.  Basic and tokens authenticate one request. */
struct http_login {
    struct exchange *exchange;
    unsigned schemes;            /* of enum exchange_auth */
    struct ntlm ntlm;
    bool bound;
    bool shown;                  /* a token that is not good has been shown */
    char address[256];           /* of the user, after http_login_check */
    const char *challenge;       /* for the answer, or NULL */
};

/* Whether the request with this Authorization header ("" if none) is of a known user.
 * If not, the answer is 401 with http_login_offers. */
bool http_login_check(struct http_login *login, struct arena *arena,
                      const char *authorization);

/* The WWW-Authenticate lines of a 401. */
const char *http_login_offers(const struct http_login *login,
                              struct arena *arena);

#endif
