/*
 * md4.h - RFC 1320, which NTLM makes of a password
 *
 * OpenSSL 3 has it only in its legacy provider, which need not be installed.
 */
#ifndef POSTERN_TESTS_MD4_H
#define POSTERN_TESTS_MD4_H

#include <stddef.h>
#include <stdint.h>

#define MD4_SIZE 16

void md4(const void *data, size_t len, uint8_t out[MD4_SIZE]);

#endif
