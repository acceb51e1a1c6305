/*
 * sasl.c - logging in with a token: what clients and servers say to each other
 */
#include "proxy/format/sasl.h"

#include <ctype.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/base64.h"
#include "proxy/base/buf.h"
#include "proxy/base/secret.h"
#include "proxy/base/str.h"
#include "proxy/base/utf8.h"

#define SEPARATOR '\x01'
#define BEARER "Bearer "

/* What stands between two separators: "auth=Bearer xyz". */
struct pair {
    const char *key;
    size_t key_len;
    const char *value;
    size_t len;
};

/* What has been read of a message. */
struct reading {
    struct arena *arena;
    const char *at, *end;
    const char *user;
    struct secret **token;
    bool asks; /* with an empty token, what a good one is */
};

struct sasl_mechanism {
    const char *name;
    bool (*begin)(struct reading *reading); /* what stands before the pairs */
    bool user_is_pair;
    const char *refused;  /* how a token is called that is not good, */
    const char *too_weak; /* and one that does not open this */
};

/* --- Pairs ---------------------------------------------------------------- */

/* kvpair = 1*ALPHA "=" *(VCHAR / SP / HTAB / CR / LF) kvsep; names are UTF-8.
 */
static bool read_pair(struct reading *reading, struct pair *pair_out)
{
    size_t left = (size_t)(reading->end - reading->at);
    const char *end = memchr(reading->at, SEPARATOR, left);
    const char *equals = memchr(reading->at, '=', left);

    if (end == NULL || equals == NULL || equals >= end || equals == reading->at)
        return false;
    for (const char *at = reading->at; at < equals; at++)
        if (!isalpha((unsigned char)*at))
            return false;
    for (const char *at = equals + 1; at < end; at++)
        if ((unsigned char)*at < ' ' && memchr("\t\r\n", *at, 3) == NULL)
            return false;
    *pair_out = (struct pair){ reading->at, (size_t)(equals - reading->at),
                               equals + 1, (size_t)(end - equals - 1) };
    reading->at = end + 1;
    return true;
}

/* RFC 6750, 2.1: b64token.  Nothing else may come into a header line. */
static bool is_token(const char *text, size_t len)
{
    while (len > 0 && text[len - 1] == '=')
        len--;
    for (size_t i = 0; i < len; i++)
        if (!isalnum((unsigned char)text[i]) &&
            (text[i] == '\0' || strchr("-._~+/", text[i]) == NULL))
            return false;
    return len > 0;
}

static bool read_token(struct reading *reading, const struct pair *pair)
{
    const size_t scheme = strlen(BEARER);

    if (*reading->token != NULL || reading->asks)
        return false;
    reading->asks = pair->len == 0;
    if (reading->asks)
        return true;
    if (pair->len <= scheme ||
        pair->len - scheme > SASL_TOKEN_MAX ||
        !str_is_nocase(pair->value, scheme, BEARER) ||
        !is_token(pair->value + scheme, pair->len - scheme))
        return false;
    *reading->token =
        secret_new_token(pair->value + scheme, pair->len - scheme);
    return true;
}

static bool read_user(struct reading *reading, const char *text, size_t len)
{
    if (reading->user != NULL || !utf8_valid(text, len) ||
        memchr(text, '\0', len) != NULL)
        return false;
    reading->user = arena_strndup(reading->arena, text, len);
    return true;
}

/* Pairs that say what is known already, as "host", are passed over. */
static bool read_pairs(const struct sasl_mechanism *mechanism,
                       struct reading *reading)
{
    while (reading->at < reading->end && *reading->at != SEPARATOR) {
        struct pair pair;
        bool good = read_pair(reading, &pair);

        if (good && str_is_nocase(pair.key, pair.key_len, "auth"))
            good = read_token(reading, &pair);
        else if (good && mechanism->user_is_pair &&
                 str_is_nocase(pair.key, pair.key_len, "user"))
            good = read_user(reading, pair.value, pair.len);
        if (!good)
            return false;
    }
    return reading->end - reading->at == 1 &&
           (*reading->token != NULL || reading->asks);
}

/* --- The GS2 header ------------------------------------------------------- */

/* RFC 5801, 4: a saslname has "=2C" for a comma and "=3D" for an equals sign.
 */
static bool read_name(struct reading *reading, const char *text, size_t len)
{
    struct buf name;

    buf_init(&name, reading->arena);
    for (size_t i = 0; i < len; i++) {
        if (text[i] != '=') {
            buf_putc(&name, text[i]);
            continue;
        }
        bool comma = len - i > 2 && str_is_nocase(text + i, 3, "=2C");
        if (!comma && (len - i <= 2 || !str_is_nocase(text + i, 3, "=3D")))
            return false;
        buf_putc(&name, comma ? ',' : '=');
        i += 2;
    }
    return read_user(reading, name.len > 0 ? name.data : "", name.len);
}

/* gs2-header = ("n" / "y") "," ["a=" saslname] "," and a separator.  Channels
 * are not bound here ("p="). */
static bool begin_gs2(struct reading *reading)
{
    const char *text = reading->at;
    size_t left = (size_t)(reading->end - text);

    if (left < 4 || (text[0] != 'n' && text[0] != 'y') || text[1] != ',')
        return false;
    const char *comma = memchr(text + 2, ',', left - 2);
    if (comma == NULL || comma + 1 >= reading->end || comma[1] != SEPARATOR)
        return false;
    reading->at = comma + 2;
    if (comma == text + 2)
        return true;
    return comma - text >= 4 && strncmp(text + 2, "a=", 2) == 0 &&
           read_name(reading, text + 4, (size_t)(comma - text - 4));
}

static bool begin_at_once(struct reading *reading)
{
    return reading->at < reading->end;
}

/* --- Mechanisms ----------------------------------------------------------- */

/* clang-format off */
static const struct sasl_mechanism mechanisms[] = {
    { "XOAUTH2",     begin_at_once, true,  "401",           "403" },
    { "OAUTHBEARER", begin_gs2,     false, "invalid_token", "insufficient_scope" },
};
/* clang-format on */

const struct sasl_mechanism *sasl_find(const char *name, size_t len)
{
    for (size_t i = 0; i < sizeof mechanisms / sizeof *mechanisms; i++)
        if (str_is_nocase(name, len, mechanisms[i].name))
            return &mechanisms[i];
    return NULL;
}

bool sasl_read(const struct sasl_mechanism *mechanism, struct arena *arena,
               const char *message, size_t len, const char **user_out,
               struct secret **token_out)
{
    struct reading reading = {
        .arena = arena, .at = message, .end = message + len, .token = token_out
    };

    *token_out = NULL;
    bool good = mechanism->begin(&reading) && read_pairs(mechanism, &reading);
    if (!good)
        secret_free(token_out);
    *user_out = reading.user != NULL ? reading.user : "";
    return good;
}

/* --- Refusals ------------------------------------------------------------- */

bool sasl_is_refusal(enum status status)
{
    return status == STATUS_AUTH_FAILED || status == STATUS_AUTH_EXPIRED ||
           status == STATUS_AUTH_REFUSED || status == STATUS_AUTH_DISABLED;
}

/* "https://mail.example.com" of its URL. */
static const char *origin(struct arena *arena, const char *url)
{
    const char *host = strstr(url, "://");
    size_t len = host != NULL ? (size_t)(host + 3 - url) : 0;

    return arena_strndup(arena, url, len + strcspn(url + len, "/\"\\"));
}

const char *sasl_refusal(const struct sasl_mechanism *mechanism,
                         struct arena *arena, enum status status,
                         const char *url)
{
    bool weak = status == STATUS_AUTH_REFUSED || status == STATUS_AUTH_DISABLED;
    char *json = arena_printf(arena,
                              "{\"status\":\"%s\",\"schemes\":\"bearer\","
                              "\"scope\":\"%s/EWS.AccessAsUser.All\"}",
                              weak ? mechanism->too_weak : mechanism->refused,
                              origin(arena, url));
    size_t len = strlen(json);
    char *out = arena_alloc(arena, (size_t)base64_encoded_size(len) + 1);

    base64_encode(json, len, out);
    return out;
}
