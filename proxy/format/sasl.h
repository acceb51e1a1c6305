/*
 * sasl.h - logging in with a token: what clients and servers say to each other
 *
 * OAUTHBEARER is RFC 7628, and XOAUTH2 what Google and Microsoft had before it.
 * The client says in one message who he is and shows his token.  When it is not
 * good, the server says why in JSON, the client answers with nothing of
 * interest, and only then the login has failed.
 */
#ifndef POSTERN_FORMAT_SASL_H
#define POSTERN_FORMAT_SASL_H

#include <stdbool.h>
#include <stddef.h>

#include "proxy/base/status.h"

struct arena;
struct secret;
struct sasl_mechanism;

/* The longest token that is believed to be one. */
#define SASL_TOKEN_MAX 16384

/* "XOAUTH2" or "OAUTHBEARER" in any case; NULL for any other mechanism. */
const struct sasl_mechanism *sasl_find(const char *name, size_t len);

/* Reads the client's message, after base64.  False when it is not what the
 * mechanism wants; else the user's name is in the arena ("" where there is
 * none) and the token is the caller's: NULL where the client only asks what one
 * has to be, which is refused to tell him (RFC 7628, 4.3). */
bool sasl_read(const struct sasl_mechanism *mechanism, struct arena *arena,
               const char *message, size_t len, const char **user_out,
               struct secret **token_out);

/* Whether a login that ended so is told the client in JSON first. */
bool sasl_is_refusal(enum status status);

/* What the client is told then, in base64.  `url` is that of what the token
 * shall open. */
const char *sasl_refusal(const struct sasl_mechanism *mechanism,
                         struct arena *arena, enum status status,
                         const char *url);

#endif
