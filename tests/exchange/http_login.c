/*
 * http_login.c - who sends a request: Basic, NTLM and tokens
 */
#include "tests/exchange/http_login.h"

#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/base64.h"
#include "proxy/base/buf.h"
#include "proxy/base/str.h"
#include "tests/exchange/soap.h"

static bool check_basic(struct http_login *login, struct arena *arena,
                        const char *token)
{
    size_t len;
    char *pair = base64_decode(arena, token, strlen(token), &len);
    char *colon = pair != NULL ? strchr(pair, ':') : NULL;
    if (colon == NULL)
        return false;
    *colon = '\0';
    return exchange_check_password(login->exchange, pair, colon + 1,
                                   login->address);
}

/* "DOMAIN\user" where the client names a domain, as it was typed elsewhere. */
static const char *ntlm_name(struct arena *arena,
                             const struct ntlm_proof *proof)
{
    return proof->domain[0] != '\0'
               ? arena_printf(arena, "%s\\%s", proof->domain, proof->user)
               : proof->user;
}

static bool check_proof(struct http_login *login, struct arena *arena,
                        const char *token, size_t len)
{
    struct ntlm_proof proof;
    if (!ntlm_read(&login->ntlm, arena, token, len, &proof))
        return false;

    const char *name = ntlm_name(arena, &proof);
    const char *password = exchange_password_of(login->exchange, name);
    login->bound = password != NULL &&
                   ntlm_verify(&login->ntlm, &proof, password) &&
                   exchange_find_login(login->exchange, name, login->address);
    return login->bound;
}

static bool check_ntlm(struct http_login *login, struct arena *arena,
                       const char *text)
{
    size_t len;
    char *token = base64_decode(arena, text, strlen(text), &len);
    if (token == NULL)
        return false;
    switch (ntlm_message(token, len)) {
    case NTLM_NEGOTIATE:
        login->challenge = ntlm_challenge(&login->ntlm, arena);
        return false;
    case NTLM_AUTHENTICATE: {
        bool known = check_proof(login, arena, token, len);
        /* A challenge serves once. */
        login->ntlm.challenged = false;
        return known;
    }
    default:
        return false;
    }
}

static bool check_bearer(struct http_login *login, struct arena *arena,
                         const char *token)
{
    (void)arena;
    login->shown =
        !exchange_check_token(login->exchange, token, login->address);
    return !login->shown;
}

bool http_login_check(struct http_login *login, struct arena *arena,
                      const char *authorization)
{
    static const struct {
        const char *prefix;
        enum exchange_auth scheme;
        bool (*check)(struct http_login *login, struct arena *arena,
                      const char *token);
    } schemes[] = {
        { "Basic ", EXCHANGE_BASIC, check_basic },
        { "NTLM ", EXCHANGE_NTLM, check_ntlm },
        { "Bearer ", EXCHANGE_BEARER, check_bearer },
    };

    login->challenge = NULL;
    login->shown = false;
    if (authorization[0] == '\0')
        return login->bound;
    login->bound = false;
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
        if ((login->schemes & schemes[i].scheme) != 0 &&
            str_starts_nocase(authorization, schemes[i].prefix))
            return schemes[i].check(
                login, arena,
                str_trim(arena, authorization + strlen(schemes[i].prefix)));
    return false;
}

const char *http_login_offers(const struct http_login *login,
                              struct arena *arena)
{
    struct buf lines;
    buf_init(&lines, arena);

    if (login->challenge != NULL) {
        buf_printf(&lines, "WWW-Authenticate: NTLM %s\r\n", login->challenge);
        return lines.data;
    }
    if ((login->schemes & EXCHANGE_NTLM) != 0)
        buf_puts(&lines, "WWW-Authenticate: NTLM\r\n");
    if ((login->schemes & EXCHANGE_BASIC) != 0)
        buf_puts(&lines,
                 "WWW-Authenticate: Basic realm=\"exchange.postern.example\"\r\n");
    /* As a server has it that believes in Entra ID. */
    if ((login->schemes & EXCHANGE_BEARER) != 0)
        buf_printf(&lines,
                   "WWW-Authenticate: Bearer "
                   "client_id=\"00000002-0000-0ff1-ce00-000000000000\", "
                   "trusted_issuers=\"00000001-0000-0000-c000-000000000000@*\", "
                   "token_types=\"app_asserted_user_v1 "
                   "service_asserted_app_v1\", "
                   "authorization_uri="
                   "\"https://login.windows.net/common/oauth2/authorize\"%s\r\n",
                   login->shown ? ", error=\"invalid_token\"" : "");
    return lines.len > 0 ? lines.data : "";
}
