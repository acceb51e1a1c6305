/*
 * secret.c - passwords and tokens: cannot be printed, wipe themselves
 */
#include "proxy/base/secret.h"

#include <stdlib.h>
#include <string.h>

#include "proxy/base/memory.h"

struct secret {
    enum secret_kind kind;
    size_t len;
    char data[];
};

static struct secret *make(enum secret_kind kind, const char *data, size_t len)
{
    struct secret *secret = memory_new(sizeof *secret + len + 1);

    secret->kind = kind;
    secret->len = len;
    if (len > 0)
        memcpy(secret->data, data, len);
    return secret;
}

struct secret *secret_new(const char *data, size_t len)
{
    return make(SECRET_PASSWORD, data, len);
}

struct secret *secret_new_token(const char *data, size_t len)
{
    return make(SECRET_TOKEN, data, len);
}

struct secret *secret_copy(const struct secret *secret)
{
    return secret == NULL ? NULL
                          : make(secret->kind, secret->data, secret->len);
}

enum secret_kind secret_kind(const struct secret *secret)
{
    return secret->kind;
}

void secret_free(struct secret **secret)
{
    if (*secret == NULL)
        return;
    secret_wipe(*secret, sizeof **secret + (*secret)->len);
    free(*secret);
    *secret = NULL;
}

bool secret_equal(const struct secret *a, const struct secret *b)
{
    unsigned char difference = 0;

    if (a->kind != b->kind || a->len != b->len)
        return false;
    for (size_t i = 0; i < a->len; i++)
        difference |= (unsigned char)(a->data[i] ^ b->data[i]);
    return difference == 0;
}

const char *secret_expose(const struct secret *secret)
{
    return secret->data;
}

size_t secret_len(const struct secret *secret)
{
    return secret->len;
}

void secret_wipe(void *data, size_t len)
{
    explicit_bzero(data, len);
}
