/*
 * fuzz_vcard.c - cards: what is taken can be written, and reads the same again
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/format/vcard.h"
#include "proxy/format/vcard_filter.h"

static void check_version(struct arena *arena, const struct contact *contact,
                          const char *kept, enum vcard_version version)
{
    struct contact again;
    enum vcard_version written;
    const char *reason;
    const char *text = vcard_write(arena, contact, kept, version);

    assert(vcard_read(arena, text, strlen(text), &again, &written, &reason) ==
           VCARD_FINE);
    assert(written == version);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct arena *arena = arena_new();
    const char *text = arena_memdup(arena, data, len);
    struct vcard_prop_filter prop = { .name = "TEL" };
    struct vcard_filter filter = { .props = &prop, .prop_count = 1 };
    const char *const names[] = { "TEL", NULL };
    const bool no_value[] = { true };
    struct contact contact;
    enum vcard_version version;
    const char *reason;

    if (vcard_read(arena, text, len, &contact, &version, &reason) ==
        VCARD_FINE) {
        const char *kept = vcard_keep(arena, text, len, &contact);

        check_version(arena, &contact, NULL, VCARD_3);
        check_version(arena, &contact, NULL, VCARD_4);
        check_version(arena, &contact, kept, VCARD_3);
        check_version(arena, &contact, kept, VCARD_4);
    }
    vcard_matches(arena, text, len, &filter);
    vcard_shaped(arena, text, len, names, no_value);
    arena_free(&arena);
    return 0;
}
