/*
 * fuzz_sasl.c - any bytes as a client's message with a token
 *
 * What is taken for a token may stand in a header line, and a name in a log;
 * and a message that has been read is read again from its own parts.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/secret.h"
#include "proxy/base/utf8.h"
#include "proxy/format/sasl.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_token(const struct secret *token)
{
    const char *text = secret_expose(token);

    assert(secret_kind(token) == SECRET_TOKEN);
    assert(secret_len(token) > 0 && secret_len(token) <= SASL_TOKEN_MAX);
    assert(strlen(text) == secret_len(token));
    for (; *text != '\0'; text++)
        assert(*text > ' ' && *text < 0x7f && *text != ',' && *text != '"');
}

/* The same user and token in the plainest way. */
static void read_again(struct arena *arena, const char *user,
                       const struct secret *token)
{
    const struct sasl_mechanism *plain = sasl_find("XOAUTH2", 7);
    const char *message = arena_printf(
        arena, "user=%s\1auth=Bearer %s\1\1", user, secret_expose(token));
    struct secret *again = NULL;
    const char *name;

    for (const char *at = user; *at != '\0'; at++)
        if ((unsigned char)*at < ' ')
            return; /* only a GS2 header can say it */
    bool good =
        sasl_read(plain, arena, message, strlen(message), &name, &again);
    assert(good && strcmp(name, user) == 0 && secret_equal(again, token));
    secret_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = { "XOAUTH2", "OAUTHBEARER" };
    struct arena *arena = arena_new();

    for (size_t i = 0; i < 2; i++) {
        const struct sasl_mechanism *mechanism =
            sasl_find(names[i], strlen(names[i]));
        struct secret *token = NULL;
        const char *user = NULL;
        bool good = sasl_read(mechanism, arena, (const char *)data, size, &user,
                              &token);

        assert(good || token == NULL);
        assert(user != NULL && utf8_valid(user, strlen(user)));
        if (token != NULL) {
            check_token(token);
            read_again(arena, user, token);
        }
        secret_free(&token);
    }
    arena_free(&arena);
    return 0;
}
