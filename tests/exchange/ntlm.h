/*
 * ntlm.h - the server's side of NTLM (MS-NLMP), version 2 only
 *
 * NTLM authenticates a connection in three messages: the client negotiates (1), the
 * server challenges (2), the client proves that it knows the password (3).
 */
#ifndef POSTERN_TESTS_NTLM_H
#define POSTERN_TESTS_NTLM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* What a connection remembers between the messages. */
struct ntlm {
    bool challenged;
    uint8_t challenge[8];
};

enum ntlm_message { NTLM_NOTHING, NTLM_NEGOTIATE, NTLM_AUTHENTICATE };

/* Which message a decoded token is. */
enum ntlm_message ntlm_message(const char *token, size_t len);

/* Makes the challenge, in base64. */
char *ntlm_challenge(struct ntlm *ntlm, struct arena *arena);

/* What the third message says; its bytes stay the token's. */
struct ntlm_proof {
    char *user;             /* in UTF-8 */
    char *domain;           /* "" for none */
    const uint8_t *proof;   /* sixteen octets, then the blob that they prove */
    size_t len;
};

/* Reads the third message; false for one that is damaged, is of NTLM 1 or answers no
 * challenge. */
bool ntlm_read(const struct ntlm *ntlm, struct arena *arena, const char *token,
               size_t len, struct ntlm_proof *proof_out);

/* Whether the client knows `password`. */
bool ntlm_verify(const struct ntlm *ntlm, const struct ntlm_proof *proof,
                 const char *password);

#endif
