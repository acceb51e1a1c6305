/*
 * sync_token.c - where a folder stands, as a URI
 */
#include "caldav/sync_token.h"

#include <inttypes.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/str.h"

#define FRONT "urn:postern:sync:"

const char *dav_sync_token(struct arena *arena,
                           const struct object_marks *marks)
{
    return arena_printf(arena, FRONT "%" PRIu32 "-%" PRIu64, marks->validity,
                        marks->revision);
}

bool dav_sync_token_read(const char *token, struct object_marks *marks_out)
{
    char validity[16] = "";
    uint64_t number;

    if (!str_starts(token, FRONT))
        return false;
    token += strlen(FRONT);
    size_t len = strcspn(token, "-");
    if (len >= sizeof validity || token[len] != '-')
        return false;
    memcpy(validity, token, len);
    if (!str_to_u64(validity, UINT32_MAX, &number))
        return false;
    marks_out->validity = (uint32_t)number;
    return str_to_u64(token + len + 1, INT64_MAX, &marks_out->revision);
}
