/*
 * tokens.c - who has been given which token (RFC 6750), and which still open
 * anything
 *
 * They are opaque here, as they are for a client.
 */
#include "tests/exchange/model.h"

#include <stdio.h>
#include <stdlib.h>

#include "proxy/base/memory.h"
#include "proxy/base/str.h"
#include "tests/exchange/soap.h"

struct sim_token {
    char *text;
    char *user;
    bool ended;
};

void tokens_free(struct exchange *exchange)
{
    for (size_t i = 0; i < exchange->token_count; i++) {
        free(exchange->tokens[i].text);
        free(exchange->tokens[i].user);
    }
    free(exchange->tokens);
}

/* With the exchange locked. */
static struct sim_token *find(struct exchange *exchange, const char *text)
{
    for (size_t i = 0; i < exchange->token_count; i++)
        if (str_equal(exchange->tokens[i].text, text))
            return &exchange->tokens[i];
    return NULL;
}

void exchange_issue_token(struct exchange *exchange, const char *user,
                          const char *token)
{
    exchange_lock(exchange);
    exchange->tokens =
        memory_resize(exchange->tokens, (exchange->token_count + 1) *
                                            sizeof *exchange->tokens);
    exchange->tokens[exchange->token_count++] =
        (struct sim_token){ memory_strdup(token), memory_strdup(user), false };
    exchange_unlock(exchange);
}

void exchange_end_token(struct exchange *exchange, const char *token)
{
    exchange_lock(exchange);
    struct sim_token *found = find(exchange, token);
    if (found != NULL)
        found->ended = true;
    exchange_unlock(exchange);
}

bool exchange_check_token(struct exchange *exchange, const char *token,
                          char address_out[256])
{
    exchange_lock(exchange);
    const struct sim_token *found = find(exchange, token);
    bool good = found != NULL && !found->ended;
    if (good)
        snprintf(address_out, 256, "%s", found->user);
    exchange_unlock(exchange);
    return good;
}
