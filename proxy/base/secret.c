/*
 * secret.c - passwords and tokens: cannot be printed, wipe themselves
 */
#include "proxy/base/secret.h"

#include <stdlib.h>
#include <string.h>

#include "proxy/base/memory.h"

struct secret {
    size_t len;
    char data[];
};

struct secret *secret_new(const char *data, size_t len)
{
    struct secret *secret = memory_new(sizeof *secret + len + 1);

    secret->len = len;
    if (len > 0)
        memcpy(secret->data, data, len);
    return secret;
}

struct secret *secret_copy(const struct secret *secret)
{
    return secret == NULL ? NULL : secret_new(secret->data, secret->len);
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

    if (a->len != b->len)
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
