/*
 * ntlm.c - the server's side of NTLM (MS-NLMP), version 2 only
 *
 * All numbers are little-endian.  A message refers to its strings by fields of
 * eight octets: a length, the room, the offset from the message's start.
 */
#include "tests/exchange/ntlm.h"

#include <string.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include "proxy/base/arena.h"
#include "proxy/base/base64.h"
#include "proxy/base/buf.h"
#include "proxy/base/time.h"
#include "proxy/base/utf8.h"
#include "tests/exchange/md4.h"

#define DIGEST 16

/* MS-NLMP, 2.2.2.5 */
#define NEGOTIATE_UNICODE 0x00000001u
#define CHALLENGE_FLAGS                                                       \
    (NEGOTIATE_UNICODE | 0x00000004u /* request target */ |                   \
     0x00000200u /* NTLM */ | 0x00008000u /* always sign */ |                 \
     0x00010000u /* the target is a domain */ |                               \
     0x00080000u /* extended session security */ |                            \
     0x00800000u /* target information */ | 0x20000000u /* 128 bits */)

/* MS-NLMP, 2.2.2.1 */
enum av_pair { AV_END, AV_COMPUTER, AV_DOMAIN, AV_DNS_COMPUTER, AV_DNS_DOMAIN,
               AV_TIMESTAMP = 7 };

static uint32_t get_number(const uint8_t *at, size_t size)
{
    uint32_t value = 0;
    for (size_t i = 0; i < size; i++)
        value |= (uint32_t)at[i] << (8 * i);
    return value;
}

static void put_number(struct buf *out, uint64_t value, size_t size)
{
    for (size_t i = 0; i < size; i++)
        buf_putc(out, (char)(value >> (8 * i)));
}

/* --- UTF-16 ---------------------------------------------------------------- */

static void put_utf16(struct buf *out, const char *text, bool upper)
{
    const char *end = text + strlen(text);
    while (text < end) {
        uint32_t c = utf8_next(&text, end);
        /* Windows folds all of Unicode; our users keep to Latin-1. */
        if (upper && ((c >= 'a' && c <= 'z') ||
                      (c >= 0xe0 && c <= 0xfe && c != 0xf7)))
            c -= 0x20;
        if (c < 0x10000) {
            put_number(out, c, 2);
        } else {
            put_number(out, 0xd800 + ((c - 0x10000) >> 10), 2);
            put_number(out, 0xdc00 + (c & 0x3ff), 2);
        }
    }
}

static char *from_utf16(struct arena *arena, const uint8_t *at, size_t len)
{
    struct buf out;
    buf_init(&out, arena);
    for (size_t i = 0; i + 2 <= len; i += 2) {
        uint32_t c = get_number(at + i, 2);
        if (c >= 0xd800 && c < 0xdc00 && i + 4 <= len) {
            i += 2;
            c = 0x10000 + ((c & 0x3ff) << 10) + (get_number(at + i, 2) & 0x3ff);
        }
        char bytes[4];
        buf_append(&out, bytes, utf8_put(c, bytes));
    }
    return out.len > 0 ? out.data : arena_strdup(arena, "");
}

/* --- The messages ---------------------------------------------------------- */

enum ntlm_message ntlm_message(const char *token, size_t len)
{
    if (len < 12 || memcmp(token, "NTLMSSP", 8) != 0)
        return NTLM_NOTHING;
    switch (get_number((const uint8_t *)token + 8, 4)) {
    case 1:
        return NTLM_NEGOTIATE;
    case 3:
        return NTLM_AUTHENTICATE;
    default:
        return NTLM_NOTHING;
    }
}

static void put_pair(struct buf *out, enum av_pair pair, const char *text)
{
    put_number(out, pair, 2);
    put_number(out, 2 * strlen(text), 2);
    put_utf16(out, text, false);
}

static void put_target_information(struct buf *out)
{
    put_pair(out, AV_DOMAIN, "POSTERN");
    put_pair(out, AV_COMPUTER, "EXCHANGE");
    put_pair(out, AV_DNS_DOMAIN, "postern.example");
    put_pair(out, AV_DNS_COMPUTER, "exchange.postern.example");
    put_number(out, AV_TIMESTAMP, 2);
    put_number(out, 8, 2);
    /* A FILETIME: tenths of microseconds since 1601. */
    put_number(out, ((uint64_t)time_now() + 11644473600u) * 10000000u, 8);
    put_number(out, AV_END, 2);
    put_number(out, 0, 2);
}

static void put_field(struct buf *out, size_t len, size_t offset)
{
    put_number(out, len, 2);
    put_number(out, len, 2);
    put_number(out, offset, 4);
}

char *ntlm_challenge(struct ntlm *ntlm, struct arena *arena)
{
    struct buf target, information, out;
    buf_init(&target, arena);
    buf_init(&information, arena);
    buf_init(&out, arena);

    ntlm->challenged = RAND_bytes(ntlm->challenge, 8) == 1;
    put_utf16(&target, "POSTERN", false);
    put_target_information(&information);

    const size_t head = 48;
    buf_append(&out, "NTLMSSP", 8);
    put_number(&out, 2, 4);
    put_field(&out, target.len, head);
    put_number(&out, CHALLENGE_FLAGS, 4);
    buf_append(&out, ntlm->challenge, 8);
    put_number(&out, 0, 8);
    put_field(&out, information.len, head + target.len);
    buf_append(&out, target.data, target.len);
    buf_append(&out, information.data, information.len);

    char *text = arena_alloc(arena, base64_encoded_size(out.len) + 1);
    base64_encode(out.data, out.len, text);
    return text;
}

/* The bytes of the field at `offset`; NULL if they are not within the message. */
static const uint8_t *get_field(const uint8_t *token, size_t len, size_t offset,
                                size_t *len_out)
{
    if (offset + 8 > len)
        return NULL;
    *len_out = get_number(token + offset, 2);
    size_t start = get_number(token + offset + 4, 4);
    return start <= len && *len_out <= len - start ? token + start : NULL;
}

static char *get_text(struct arena *arena, const uint8_t *token, size_t len,
                      size_t offset, bool unicode)
{
    size_t size;
    const uint8_t *at = get_field(token, len, offset, &size);
    if (at == NULL)
        return NULL;
    return unicode ? from_utf16(arena, at, size)
                   : arena_strndup(arena, (const char *)at, size);
}

bool ntlm_read(const struct ntlm *ntlm, struct arena *arena, const char *token,
               size_t len, struct ntlm_proof *proof_out)
{
    const uint8_t *bytes = (const uint8_t *)token;
    if (!ntlm->challenged || len < 64)
        return false;

    bool unicode = (get_number(bytes + 60, 4) & NEGOTIATE_UNICODE) != 0;
    proof_out->domain = get_text(arena, bytes, len, 28, unicode);
    proof_out->user = get_text(arena, bytes, len, 36, unicode);
    proof_out->proof = get_field(bytes, len, 20, &proof_out->len);

    /* A response of 24 octets is version 1; the blob of version 2 has 28 and more. */
    return proof_out->domain != NULL && proof_out->user != NULL &&
           proof_out->proof != NULL && proof_out->len >= DIGEST + 28;
}

static void hmac(const uint8_t key[DIGEST], const void *data, size_t len,
                 uint8_t out[DIGEST])
{
    unsigned size = DIGEST;
    HMAC(EVP_md5(), key, DIGEST, data, len, out, &size);
}

bool ntlm_verify(const struct ntlm *ntlm, const struct ntlm_proof *proof,
                 const char *password)
{
    struct buf text;
    uint8_t key[DIGEST], own[DIGEST], expected[DIGEST];

    /* MS-NLMP, 3.3.2: the password's digest signs the user, that signs the blob. */
    buf_init(&text, NULL);
    put_utf16(&text, password, false);
    md4(text.data, text.len, key);
    buf_clear(&text);
    put_utf16(&text, proof->user, true);
    put_utf16(&text, proof->domain, false);
    hmac(key, text.data, text.len, own);
    buf_clear(&text);
    buf_append(&text, ntlm->challenge, 8);
    buf_append(&text, proof->proof + DIGEST, proof->len - DIGEST);
    hmac(own, text.data, text.len, expected);
    buf_fini(&text);
    return memcmp(expected, proof->proof, DIGEST) == 0;
}
