/*
 * credentials.c - which passwords and tokens Exchange has taken and refused, as
 * salted hashes
 */
#include "proxy/exchange/credentials.h"

#include <assert.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include "proxy/base/arena.h"
#include "proxy/base/memory.h"
#include "proxy/base/time.h"

#define SALT 16
#define ITERATIONS 20000
#define REFUSALS 8
#define REFUSED_MS (120 * 1000u)
#define REFUSED_MAX_MS (600 * 1000u)

/* The tokens of a user's programs, and how long each is recognised. */
#define TOKENS 8
#define TOKEN_MS (3600 * 1000u)

struct refusal {
    unsigned char hash[CREDENTIALS_HASH];
    enum status status;
    uint64_t until_ms;
};

struct token {
    unsigned char hash[CREDENTIALS_HASH];
    uint64_t until_ms; /* 0: none */
};

struct credentials {
    pthread_mutex_t lock; /* for all that follows */
    unsigned references;
    unsigned char salt[SALT];
    unsigned char hash[CREDENTIALS_HASH];
    bool known;
    int64_t verified; /* when, by the wall clock: it outlives us */
    struct refusal refusals[REFUSALS]; /* the oldest is replaced */
    size_t next;
    struct token tokens[TOKENS]; /* the oldest is replaced */
    size_t next_token;
    unsigned failures; /* in a row */
    uint64_t next_try_ms;
};

/* How long nothing is tried after so many refusals in a row.  The first are
 * free: people mistype, and domains lock accounts after five or more. */
static const uint32_t pauses_ms[] = { 0,     0,      0,      5000,
                                      30000, 120000, 300000, 900000 };

struct credentials *credentials_new(void)
{
    struct credentials *credentials = memory_new(sizeof *credentials);

    int done = RAND_bytes(credentials->salt, SALT);
    assert(done == 1);
    pthread_mutex_init(&credentials->lock, NULL);
    credentials->references = 1;
    return credentials;
}

struct credentials *credentials_ref(struct credentials *credentials)
{
    pthread_mutex_lock(&credentials->lock);
    credentials->references++;
    pthread_mutex_unlock(&credentials->lock);
    return credentials;
}

void credentials_unref(struct credentials **credentials)
{
    struct credentials *gone = *credentials;

    *credentials = NULL;
    if (gone == NULL)
        return;
    pthread_mutex_lock(&gone->lock);
    bool last = --gone->references == 0;
    pthread_mutex_unlock(&gone->lock);
    if (!last)
        return;
    pthread_mutex_destroy(&gone->lock);
    OPENSSL_cleanse(gone, sizeof *gone);
    free(gone);
}

/* The salt of tokens has an octet more than that of passwords. */
struct proof credentials_prove(struct credentials *credentials,
                               const struct secret *secret)
{
    struct proof proof = { .kind = secret_kind(secret) };
    unsigned char salt[SALT + 1] = { 0 };
    int len = proof.kind == SECRET_TOKEN ? SALT + 1 : SALT;

    pthread_mutex_lock(&credentials->lock);
    memcpy(salt, credentials->salt, SALT);
    pthread_mutex_unlock(&credentials->lock);
    int done = PKCS5_PBKDF2_HMAC(secret_expose(secret), (int)secret_len(secret),
                                 salt, len, ITERATIONS, EVP_sha256(),
                                 CREDENTIALS_HASH, proof.hash);

    assert(done == 1);
    return proof;
}

static bool is_same(const unsigned char a[CREDENTIALS_HASH],
                    const unsigned char b[CREDENTIALS_HASH])
{
    return CRYPTO_memcmp(a, b, CREDENTIALS_HASH) == 0;
}

/* These have the lock. */
static bool may_try(const struct credentials *credentials)
{
    return time_monotonic_ms() >= credentials->next_try_ms;
}

static bool is_last(const struct credentials *credentials,
                    const struct proof *proof)
{
    return credentials->known && is_same(proof->hash, credentials->hash);
}

static bool is_recent(const struct credentials *credentials, uint32_t seconds)
{
    int64_t age = time_now() - credentials->verified;

    return age >= 0 && age < (int64_t)seconds;
}

static bool is_token(const struct credentials *credentials,
                     const struct proof *proof)
{
    for (size_t i = 0; i < TOKENS; i++)
        if (time_monotonic_ms() < credentials->tokens[i].until_ms &&
            is_same(proof->hash, credentials->tokens[i].hash))
            return true;
    return false;
}

static enum credentials_verdict judge(const struct credentials *credentials,
                                      const struct proof *proof,
                                      uint32_t seconds, enum status *status_out)
{
    if (is_token(credentials, proof) ||
        (is_last(credentials, proof) && is_recent(credentials, seconds)))
        return CREDENTIALS_KNOWN;
    for (size_t i = 0; i < REFUSALS; i++) {
        const struct refusal *refusal = &credentials->refusals[i];

        if (time_monotonic_ms() < refusal->until_ms &&
            is_same(proof->hash, refusal->hash)) {
            *status_out = refusal->status;
            return CREDENTIALS_REFUSED;
        }
    }
    return proof->kind == SECRET_TOKEN || may_try(credentials)
               ? CREDENTIALS_UNKNOWN
               : CREDENTIALS_TOO_SOON;
}

static void count_failure(struct credentials *credentials)
{
    const unsigned last = sizeof pauses_ms / sizeof pauses_ms[0] - 1;

    if (credentials->failures < last)
        credentials->failures++;
    credentials->next_try_ms =
        time_monotonic_ms() + pauses_ms[credentials->failures];
}

static void trust(struct credentials *credentials)
{
    credentials->failures = 0;
    credentials->next_try_ms = 0;
}

static void learn_right_one(struct credentials *credentials,
                            const struct proof *proof)
{
    if (proof->kind == SECRET_TOKEN) {
        struct token *token =
            &credentials->tokens[credentials->next_token++ % TOKENS];

        memcpy(token->hash, proof->hash, CREDENTIALS_HASH);
        token->until_ms = time_monotonic_ms() + TOKEN_MS;
        return;
    }
    memset(credentials->refusals, 0, sizeof credentials->refusals);
    memcpy(credentials->hash, proof->hash, CREDENTIALS_HASH);
    credentials->known = true;
    credentials->verified = time_now();
    trust(credentials);
}

static void learn_refused_one(struct credentials *credentials,
                              const struct proof *proof, enum status status)
{
    struct refusal *refusal =
        &credentials->refusals[credentials->next++ % REFUSALS];
    uint64_t pause = REFUSED_MS;

    if (proof->kind == SECRET_PASSWORD) {
        count_failure(credentials);
        pause *= credentials->failures;
    }
    if (is_last(credentials, proof))
        credentials->known = false;
    memcpy(refusal->hash, proof->hash, CREDENTIALS_HASH);
    refusal->status = status;
    refusal->until_ms =
        time_monotonic_ms() + (pause < REFUSED_MAX_MS ? pause : REFUSED_MAX_MS);
}

static void learn(struct credentials *credentials, const struct proof *proof,
                  enum status status)
{
    if (status == STATUS_OK)
        learn_right_one(credentials, proof);
    else
        learn_refused_one(credentials, proof, status);
}

static void doubt(struct credentials *credentials, enum secret_kind kind)
{
    if (kind == SECRET_TOKEN) {
        memset(credentials->tokens, 0, sizeof credentials->tokens);
        return;
    }
    credentials->known = false;
    count_failure(credentials);
}

/* --- The same with the lock ----------------------------------------------- */

enum credentials_verdict credentials_judge(struct credentials *credentials,
                                           const struct proof *proof,
                                           uint32_t seconds,
                                           enum status *status_out)
{
    pthread_mutex_lock(&credentials->lock);
    enum credentials_verdict verdict =
        judge(credentials, proof, seconds, status_out);
    pthread_mutex_unlock(&credentials->lock);
    return verdict;
}

bool credentials_is_last(struct credentials *credentials,
                         const struct proof *proof)
{
    pthread_mutex_lock(&credentials->lock);
    bool last = is_last(credentials, proof);
    pthread_mutex_unlock(&credentials->lock);
    return last;
}

void credentials_learn(struct credentials *credentials,
                       const struct proof *proof, enum status status)
{
    pthread_mutex_lock(&credentials->lock);
    learn(credentials, proof, status);
    pthread_mutex_unlock(&credentials->lock);
}

void credentials_doubt(struct credentials *credentials, enum secret_kind kind)
{
    pthread_mutex_lock(&credentials->lock);
    doubt(credentials, kind);
    pthread_mutex_unlock(&credentials->lock);
}

void credentials_trust(struct credentials *credentials)
{
    pthread_mutex_lock(&credentials->lock);
    trust(credentials);
    pthread_mutex_unlock(&credentials->lock);
}

bool credentials_may_try(struct credentials *credentials)
{
    pthread_mutex_lock(&credentials->lock);
    bool may = may_try(credentials);
    pthread_mutex_unlock(&credentials->lock);
    return may;
}

/* --- As text ------------------------------------------------------------- */

static void write_hex(char *out, const unsigned char *data, size_t len)
{
    for (size_t i = 0; i < len; i++)
        snprintf(out + 2 * i, 3, "%02x", data[i]);
}

static bool read_hex(const char *text, unsigned char *out, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        unsigned value;

        if (sscanf(text + 2 * i, "%2x", &value) != 1)
            return false;
        out[i] = (unsigned char)value;
    }
    return true;
}

char *credentials_store(struct arena *arena, struct credentials *credentials)
{
    char salt[2 * SALT + 1], hash[2 * CREDENTIALS_HASH + 1];

    pthread_mutex_lock(&credentials->lock);
    bool known = credentials->known;
    long long verified = (long long)credentials->verified;
    write_hex(salt, credentials->salt, SALT);
    write_hex(hash, credentials->hash, CREDENTIALS_HASH);
    pthread_mutex_unlock(&credentials->lock);
    return known ? arena_printf(arena, "%s:%s:%lld", salt, hash, verified)
                 : arena_strdup(arena, "");
}

void credentials_load(struct credentials *credentials, const char *text)
{
    const size_t hash_at = 2 * SALT + 1,
                 time_at = hash_at + 2 * CREDENTIALS_HASH + 1;
    unsigned char salt[SALT], hash[CREDENTIALS_HASH];

    if (text == NULL || strlen(text) <= time_at ||
        !read_hex(text, salt, SALT) ||
        !read_hex(text + hash_at, hash, CREDENTIALS_HASH))
        return;
    pthread_mutex_lock(&credentials->lock);
    if (!credentials->known) {
        memcpy(credentials->salt, salt, SALT);
        memcpy(credentials->hash, hash, CREDENTIALS_HASH);
        credentials->verified = strtoll(text + time_at, NULL, 10);
        credentials->known = true;
    }
    pthread_mutex_unlock(&credentials->lock);
}

/* --- Digests and chance -------------------------------------------------- */

struct digest {
    EVP_MD_CTX *state;
};

struct digest *digest_new(void)
{
    struct digest *digest = memory_new(sizeof *digest);

    digest->state = EVP_MD_CTX_new();
    assert(digest->state != NULL);
    int done = EVP_DigestInit_ex(digest->state, EVP_sha256(), NULL);
    assert(done == 1);
    return digest;
}

void digest_add(struct digest *digest, const void *data, size_t len)
{
    int done = EVP_DigestUpdate(digest->state, data, len);

    assert(done == 1);
}

void digest_finish(struct digest **digest, char hex_out[65])
{
    unsigned char hash[32];
    int done = EVP_DigestFinal_ex((*digest)->state, hash, NULL);

    assert(done == 1);
    write_hex(hex_out, hash, sizeof hash);
    EVP_MD_CTX_free((*digest)->state);
    free(*digest);
    *digest = NULL;
}

void random_hex(char *out, size_t len)
{
    unsigned char bytes[32];

    assert(len <= 2 * sizeof bytes && len % 2 == 0);
    int done = RAND_bytes(bytes, (int)(len / 2));
    assert(done == 1);
    write_hex(out, bytes, len / 2);
}
