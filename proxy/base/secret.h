/*
 * secret.h - passwords and tokens: cannot be printed, wipe themselves
 */
#ifndef POSTERN_BASE_SECRET_H
#define POSTERN_BASE_SECRET_H

#include <stdbool.h>
#include <stddef.h>

struct secret;

/* What it is good for: a password is the user's own, a token (RFC 6750) was
 * given to his program for an hour or so. */
enum secret_kind { SECRET_PASSWORD, SECRET_TOKEN };

struct secret *secret_new(const char *data, size_t len);
struct secret *secret_new_token(const char *data, size_t len);
struct secret *secret_copy(const struct secret *secret);
enum secret_kind secret_kind(const struct secret *secret);

/* Wipes and frees. */
void secret_free(struct secret **secret);

/* Of one kind as well; in constant time for equal lengths. */
bool secret_equal(const struct secret *a, const struct secret *b);

/* The NUL-terminated bytes, for the one who must pass them on.  Never log them,
 * never copy them into an arena. */
const char *secret_expose(const struct secret *secret);
size_t secret_len(const struct secret *secret);

/* Overwrites memory in a way that the compiler keeps. */
void secret_wipe(void *data, size_t len);

#endif
