/*
 * test_ntlm.c - the NTLM of the simulated Exchange, by the vectors of its standards
 */
#include "tests/exchange/ntlm.h"

#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>

#include "tests/exchange/md4.h"

Test(md4, makes_the_digests_of_rfc_1320)
{
    static const struct {
        const char *text;
        const char *digest;
    } cases[] = {
        { "", "31d6cfe0d16ae931b73c59d7e0c089c0" },
        { "a", "bde52cb31de33e46245e05fbdbd6fb24" },
        { "message digest", "d9130a8164549fe818874806e1c7014b" },
        { "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
          "043f8582f241db351ce627e153e7f0e4" },
        { "1234567890123456789012345678901234567890123456789012345678901234567890"
          "1234567890",
          "e33b4ddc9c38f2199c3e7b164fcc0536" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint8_t digest[MD4_SIZE];
        char text[2 * MD4_SIZE + 1];
        md4(cases[i].text, strlen(cases[i].text), digest);
        for (size_t n = 0; n < MD4_SIZE; n++)
            snprintf(text + 2 * n, 3, "%02x", digest[n]);
        cr_expect_str_eq(text, cases[i].digest, "\"%s\"", cases[i].text);
    }
}

/* MS-NLMP, 4.2.4: the proof and the blob of "Password". */
static const uint8_t response[] = {
    0x68, 0xcd, 0x0a, 0xb8, 0x51, 0xe5, 0x1c, 0x96, 0xaa, 0xbc, 0x92, 0x7b,
    0xeb, 0xef, 0x6a, 0x1c, 0x01, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xaa, 0xaa, 0xaa, 0xaa,
    0xaa, 0xaa, 0xaa, 0xaa, 0x00, 0x00, 0x00, 0x00, 0x02, 0x00, 0x0c, 0x00,
    0x44, 0x00, 0x6f, 0x00, 0x6d, 0x00, 0x61, 0x00, 0x69, 0x00, 0x6e, 0x00,
    0x01, 0x00, 0x0c, 0x00, 0x53, 0x00, 0x65, 0x00, 0x72, 0x00, 0x76, 0x00,
    0x65, 0x00, 0x72, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
};

static const struct ntlm conversation = {
    true, { 0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef }
};

Test(ntlm, verifies_the_example_of_its_specification)
{
    char user[] = "User", domain[] = "Domain";
    const struct ntlm_proof proof = { user, domain, response, sizeof response };

    cr_expect(ntlm_verify(&conversation, &proof, "Password"));
    cr_expect(!ntlm_verify(&conversation, &proof, "password"));
}

Test(ntlm, refuses_the_proof_of_another_challenge)
{
    char user[] = "User", domain[] = "Domain";
    const struct ntlm_proof proof = { user, domain, response, sizeof response };
    struct ntlm other = conversation;

    other.challenge[7] ^= 1;
    cr_expect(!ntlm_verify(&other, &proof, "Password"));
}
