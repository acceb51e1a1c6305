/*
 * credentials.h - which passwords Exchange has taken and refused, as salted
 * hashes
 *
 * A password that Exchange has taken is recognised here for some time.  Any
 * other may be a new one, so Exchange is asked, but never in a way that locks
 * the user out: a refused password is remembered for minutes, and after several
 * refusals there is a growing time in which none is tried.
 *
 * They belong to a login and are shared by all the mailboxes that it opens, so
 * that wrong passwords are counted together.
 */
#ifndef POSTERN_EXCHANGE_CREDENTIALS_H
#define POSTERN_EXCHANGE_CREDENTIALS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proxy/base/status.h"

struct arena;
struct credentials;
struct secret;

#define CREDENTIALS_HASH 32

struct credentials *credentials_new(void);
struct credentials *credentials_ref(struct credentials *credentials);
void credentials_unref(struct credentials **credentials);

/* The hash of a password: some 10 ms of work, so that a stolen index is of
 * little use. */
void credentials_hash(struct credentials *credentials,
                      const struct secret *password,
                      unsigned char hash_out[CREDENTIALS_HASH]);

enum credentials_verdict {
    CREDENTIALS_KNOWN,    /* the right one */
    CREDENTIALS_REFUSED,  /* refused a short time ago: `*status_out` */
    CREDENTIALS_TOO_SOON, /* unknown, and not to be tried yet */
    CREDENTIALS_UNKNOWN   /* Exchange knows */
};

/* `seconds` is how long a right password is recognised. */
enum credentials_verdict credentials_judge(
    struct credentials *credentials,
    const unsigned char hash[CREDENTIALS_HASH], uint32_t seconds,
    enum status *status_out);

/* Whether it is the last password that was right, however long ago. */
bool credentials_is_last(struct credentials *credentials,
                         const unsigned char hash[CREDENTIALS_HASH]);

/* What Exchange has said: STATUS_OK, or one of STATUS_AUTH_*. */
void credentials_learn(struct credentials *credentials,
                       const unsigned char hash[CREDENTIALS_HASH],
                       enum status status);

/* A call within the account was refused: the right password may not be it any
 * more. */
void credentials_doubt(struct credentials *credentials);

/* A call within the account went well. */
void credentials_trust(struct credentials *credentials);

/* Whether Exchange may be asked at present. */
bool credentials_may_try(struct credentials *credentials);

/* As text for the index, in the arena, and back, unless more is known
 * already. */
char *credentials_store(struct arena *arena,
                        struct credentials *credentials);
void credentials_load(struct credentials *credentials, const char *text);

/* --- What else needs OpenSSL --------------------------------------------- */

/* SHA-256 as 64 hexadecimal digits, of the pieces one after the other. */
struct digest;
struct digest *digest_new(void);
void digest_add(struct digest *digest, const void *data, size_t len);
void digest_finish(struct digest **digest, char hex_out[65]);

/* `len` hexadecimal digits of chance, and a NUL. */
void random_hex(char *out, size_t len);

#endif
