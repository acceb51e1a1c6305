/*
 * credentials.h - which passwords and tokens Exchange has taken and refused, as
 * salted hashes
 *
 * A password that Exchange has taken is recognised here for some time.  Any
 * other may be a new one, so Exchange is asked, but never in a way that locks
 * the user out: a refused password is remembered for minutes, and after several
 * refusals there is a growing time in which none is tried.
 *
 * Of tokens a user's programs have several at a time, each for an hour or so;
 * they are recognised no longer than that, and forgotten with the process.
 * Nobody is locked out for one that has expired, so they are not counted.
 *
 * All of that belongs to a login and is shared by all the mailboxes that it
 * opens, so that wrong passwords are counted together.
 */
#ifndef POSTERN_EXCHANGE_CREDENTIALS_H
#define POSTERN_EXCHANGE_CREDENTIALS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proxy/base/secret.h"
#include "proxy/base/status.h"

struct arena;
struct credentials;

#define CREDENTIALS_HASH 32

struct credentials *credentials_new(void);
struct credentials *credentials_ref(struct credentials *credentials);
void credentials_unref(struct credentials **credentials);

/* What is kept of a secret.  Two of different kinds never have the same hash. */
struct proof {
    enum secret_kind kind;
    unsigned char hash[CREDENTIALS_HASH];
};

/* Some 10 ms of work, so that a stolen index is of little use. */
struct proof credentials_prove(struct credentials *credentials,
                               const struct secret *secret);

enum credentials_verdict {
    CREDENTIALS_KNOWN,    /* the right one */
    CREDENTIALS_REFUSED,  /* refused a short time ago: `*status_out` */
    CREDENTIALS_TOO_SOON, /* unknown, and not to be tried yet */
    CREDENTIALS_UNKNOWN   /* Exchange knows */
};

/* `seconds` is how long a right password is recognised. */
enum credentials_verdict credentials_judge(struct credentials *credentials,
                                           const struct proof *proof,
                                           uint32_t seconds,
                                           enum status *status_out);

/* Whether it is the last password that was right, however long ago. */
bool credentials_is_last(struct credentials *credentials,
                         const struct proof *proof);

/* What Exchange has said: STATUS_OK, or one of STATUS_AUTH_*. */
void credentials_learn(struct credentials *credentials,
                       const struct proof *proof, enum status status);

/* A call within the account was refused: the right password may not be it any
 * more, or none of the tokens that were. */
void credentials_doubt(struct credentials *credentials, enum secret_kind kind);

/* A call within the account went well. */
void credentials_trust(struct credentials *credentials);

/* Whether Exchange may be asked with a password at present. */
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
