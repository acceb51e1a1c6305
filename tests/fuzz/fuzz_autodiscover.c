/*
 * fuzz_autodiscover.c - what autodiscover, or something in its place, may
 * answer, and the lists of replicas that folders may have
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/exchange/ews/autodiscover.h"
#include "proxy/exchange/ews/public.h"

static void read_answer(struct arena *arena, const char *text, size_t len)
{
    struct autodiscover answer;
    bool good = autodiscover_read(arena, text, len, &answer);
    const char *const texts[] = { answer.address, answer.server,
                                  answer.public_address, answer.redirect,
                                  answer.error };

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert(texts[i] == NULL || (good && *texts[i] != '\0'));
}

static void read_replicas(struct arena *arena, const char *text, size_t len)
{
    char guid[PUBLIC_GUID_SIZE];

    public_read_guid(arena_strndup(arena, text, len), guid);
    assert(*guid == '\0' ||
           (strlen(guid) == PUBLIC_GUID_SIZE - 1 &&
            strspn(guid, "0123456789abcdef-") == PUBLIC_GUID_SIZE - 1));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new();

    read_answer(arena, (const char *)data, size);
    read_replicas(arena, (const char *)data, size);
    arena_free(&arena);
    return 0;
}
