/*
 * test_sasl.c - the messages of XOAUTH2 and OAUTHBEARER
 */
#include "proxy/format/sasl.h"

#include <string.h>

#include <criterion/criterion.h>

#include "proxy/base/arena.h"
#include "proxy/base/base64.h"
#include "proxy/base/secret.h"

#define X "XOAUTH2"
#define O "OAUTHBEARER"

/* clang-format off */
static const struct {
    const char *name, *mechanism, *message;
    const char *user, *token; /* NULL: it is not read; "": it has none */
} messages[] = {
    { "Google's example", X, "user=someuser@example.com\1auth=Bearer ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg\1\1",
      "someuser@example.com", "ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg" },
    { "RFC 7628, 4.1", O, "n,a=user@example.com,\1host=server.example.com\1port=143\1"
      "auth=Bearer vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==\1\1",
      "user@example.com", "vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==" },
    { "bearer in small letters", X, "user=a\1auth=bearer t\1\1", "a", "t" },
    { "the token first", X, "auth=Bearer t\1user=a\1\1", "a", "t" },
    { "every octet of a token", X, "user=a\1auth=Bearer aZ09-._~+/==\1\1", "a", "aZ09-._~+/==" },
    { "a name beyond ASCII", X, "user=\xc3\xa4@x\1auth=Bearer t\1\1", "\xc3\xa4@x", "t" },
    { "a name with an equals sign", X, "user=a=b\1auth=Bearer t\1\1", "a=b", "t" },
    { "pairs that nobody knows", X, "user=a\1vendor=x y\1auth=Bearer t\1\1", "a", "t" },
    { "an empty name", X, "user=\1auth=Bearer t\1\1", "", "t" },
    { "no name", O, "n,,\1auth=Bearer t\1\1", "", "t" },
    { "channels could be bound", O, "y,a=a,\1auth=Bearer t\1\1", "a", "t" },
    { "a name with what is quoted", O, "n,a=a=2Cb=3dc,\1auth=Bearer t\1\1", "a,b=c", "t" },
    { "a user is no pair", O, "n,a=a,\1user=b\1auth=Bearer t\1\1", "a", "t" },

    { "nothing", X, "", NULL, NULL },
    { "nothing at all", O, "", NULL, NULL },
    { "separators alone", X, "\1\1", NULL, NULL },
    { "what follows an error", O, "\1", NULL, NULL },
    { "no token", X, "user=a\1\1", NULL, NULL },
    { "a question", O, "n,a=a,\1host=h\1port=143\1auth=\1\1", "a", "" },
    { "a question and a token", O, "n,,\1auth=\1auth=Bearer t\1\1", NULL, NULL },
    { "two questions", O, "n,,\1auth=\1auth=\1\1", NULL, NULL },
    { "an empty token", X, "user=a\1auth=Bearer \1\1", NULL, NULL },
    { "padding alone", X, "user=a\1auth=Bearer ==\1\1", NULL, NULL },
    { "two tokens", X, "user=a\1auth=Bearer t\1auth=Bearer u\1\1", NULL, NULL },
    { "two names", X, "user=a\1user=b\1auth=Bearer t\1\1", NULL, NULL },
    { "another scheme", X, "user=a\1auth=Basic t\1\1", NULL, NULL },
    { "a token with a line's end", X, "user=a\1auth=Bearer t\r\nX: y\1\1", NULL, NULL },
    { "a token with a space", X, "user=a\1auth=Bearer t u\1\1", NULL, NULL },
    { "a token with a padded middle", X, "user=a\1auth=Bearer t=u\1\1", NULL, NULL },
    { "an end that is missing", X, "user=a\1auth=Bearer t\1", NULL, NULL },
    { "two ends that are missing", X, "user=a\1auth=Bearer t", NULL, NULL },
    { "more after the end", X, "user=a\1auth=Bearer t\1\1x", NULL, NULL },
    { "a pair without a key", X, "=x\1user=a\1auth=Bearer t\1\1", NULL, NULL },
    { "a key of digits", X, "u2=x\1user=a\1auth=Bearer t\1\1", NULL, NULL },
    { "a pair without a value", X, "user\1auth=Bearer t\1\1", NULL, NULL },
    { "a name that is not UTF-8", X, "user=\xff\1auth=Bearer t\1\1", NULL, NULL },
    { "a control character", X, "user=a\2\1auth=Bearer t\1\1", NULL, NULL },
    { "no header", O, "auth=Bearer t\1\1", NULL, NULL },
    { "a bound channel", O, "p=tls-unique,a=a,\1auth=Bearer t\1\1", NULL, NULL },
    { "a header without its end", O, "n,a=a\1auth=Bearer t\1\1", NULL, NULL },
    { "a header without a separator", O, "n,a=a,auth=Bearer t\1\1", NULL, NULL },
    { "a name without its sign", O, "n,ann,\1auth=Bearer t\1\1", NULL, NULL },
    { "a name that is quoted badly", O, "n,a=a=2,\1auth=Bearer t\1\1", NULL, NULL },
    { "a name with an open quote", O, "n,a=a=4Cb,\1auth=Bearer t\1\1", NULL, NULL },
    { "the other mechanism's", O, "user=a\1auth=Bearer t\1\1", NULL, NULL },
};
/* clang-format on */

static bool read_message(struct arena *arena, const char *mechanism,
                         const char *message, size_t len, const char **user,
                         struct secret **token)
{
    return sasl_read(sasl_find(mechanism, strlen(mechanism)), arena, message,
                     len, user, token);
}

Test(sasl, reads_who_shows_which_token)
{
    struct arena *arena = arena_new();

    for (size_t i = 0; i < sizeof messages / sizeof *messages; i++) {
        const char *user = NULL;
        struct secret *token = NULL;
        bool good = read_message(arena, messages[i].mechanism,
                                 messages[i].message,
                                 strlen(messages[i].message), &user, &token);

        cr_expect_eq(good, messages[i].token != NULL, "%s", messages[i].name);
        cr_expect_eq(token != NULL, good && *messages[i].token != '\0', "%s",
                     messages[i].name);
        if (good && messages[i].token != NULL)
            cr_expect_str_eq(user, messages[i].user, "%s", messages[i].name);
        if (token != NULL && messages[i].token != NULL) {
            cr_expect_str_eq(secret_expose(token), messages[i].token, "%s",
                             messages[i].name);
            cr_expect_eq(secret_kind(token), SECRET_TOKEN);
        }
        secret_free(&token);
    }
    arena_free(&arena);
}

Test(sasl, reads_no_message_with_nul)
{
    static const char user[] = "user=a\0b\1auth=Bearer t\1\1";
    static const char token[] = "user=a\1auth=Bearer t\0\1\1";
    struct arena *arena = arena_new();
    const char *name;
    struct secret *secret;

    cr_expect_not(
        read_message(arena, X, user, sizeof user - 1, &name, &secret));
    cr_expect_not(
        read_message(arena, X, token, sizeof token - 1, &name, &secret));
    arena_free(&arena);
}

Test(sasl, believes_no_token_without_end)
{
    static const char start[] = "user=a\1auth=Bearer ";
    const size_t before = sizeof start - 1;
    struct arena *arena = arena_new();
    char *text = arena_alloc(arena, before + SASL_TOKEN_MAX + 3);
    const char *name;
    struct secret *secret;

    memcpy(text, start, before);
    for (size_t len = SASL_TOKEN_MAX; len <= SASL_TOKEN_MAX + 1; len++) {
        memset(text + before, 't', len);
        memset(text + before + len, 1, 2);
        cr_expect_eq(
            read_message(arena, X, text, before + len + 2, &name, &secret),
            len == SASL_TOKEN_MAX);
        secret_free(&secret);
    }
    arena_free(&arena);
}

Test(sasl, knows_its_mechanisms_in_any_case)
{
    cr_expect_not_null(sasl_find("xoauth2", 7));
    cr_expect_not_null(sasl_find("OAuthBearer", 11));
    cr_expect_null(sasl_find("PLAIN", 5));
    cr_expect_null(sasl_find("XOAUTH", 6));
    cr_expect_null(sasl_find("", 0));
}

Test(sasl, says_why_a_token_is_refused)
{
    static const struct {
        const char *mechanism, *url;
        enum status status;
        const char *said;
    } cases[] = {
        { X, "https://mail.example.com/EWS/Exchange.asmx", STATUS_AUTH_FAILED,
          "{\"status\":\"401\",\"schemes\":\"bearer\",\"scope\":"
          "\"https://mail.example.com/EWS.AccessAsUser.All\"}" },
        { X, "https://mail.example.com:8443/", STATUS_AUTH_REFUSED,
          "{\"status\":\"403\",\"schemes\":\"bearer\",\"scope\":"
          "\"https://mail.example.com:8443/EWS.AccessAsUser.All\"}" },
        { O, "https://mail.example.com", STATUS_AUTH_EXPIRED,
          "{\"status\":\"invalid_token\",\"schemes\":\"bearer\",\"scope\":"
          "\"https://mail.example.com/EWS.AccessAsUser.All\"}" },
        { O, "https://x\"y", STATUS_AUTH_DISABLED,
          "{\"status\":\"insufficient_scope\",\"schemes\":\"bearer\","
          "\"scope\":\"https://x/EWS.AccessAsUser.All\"}" },
    };
    struct arena *arena = arena_new();

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct sasl_mechanism *mechanism =
            sasl_find(cases[i].mechanism, strlen(cases[i].mechanism));
        const char *said =
            sasl_refusal(mechanism, arena, cases[i].status, cases[i].url);
        size_t len;

        cr_expect(sasl_is_refusal(cases[i].status));
        cr_expect_str_eq(base64_decode(arena, said, strlen(said), &len),
                         cases[i].said);
    }
    cr_expect_not(sasl_is_refusal(STATUS_OK));
    cr_expect_not(sasl_is_refusal(STATUS_UNAVAILABLE));
    arena_free(&arena);
}
