/*
 * goid.c - GlobalObjectIds: MS-OXOCAL, 2.2.1.27
 *
 *     16 octets   what it is
 *      4          the day of an occurrence, zero for all of them
 *      8          when it was made, zero for a UID from elsewhere
 *      8          zero
 *      4          how many follow, the lowest first
 *                 16 of its own, or "vCal-Uid", 1, 0, 0, 0, the UID, 0
 */
#include "tests/exchange/calendar.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "proxy/base/base64.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"

#define HEAD 40
#define DAY_AT 16
#define MADE_AT 20
#define LEN_AT 36

static const unsigned char class_id[16] = { 0x04, 0x00, 0x00, 0x00, 0x82, 0x00,
                                            0xe0, 0x00, 0x74, 0xc5, 0xb7, 0x10,
                                            0x1a, 0x82, 0xe0, 0x08 };
static const char foreign[12] = { 'v', 'C', 'a', 'l', '-', 'U',
                                  'i', 'd', 1,   0,   0,   0 };

static const char *encode(struct arena *arena, const unsigned char *raw,
                          size_t len)
{
    char *text = arena_alloc(arena, base64_encoded_size(len) + 1);

    text[base64_encode(raw, len, text)] = '\0';
    return text;
}

static unsigned char *head(struct arena *arena, size_t data_len)
{
    unsigned char *raw = arena_alloc(arena, HEAD + data_len);

    memcpy(raw, class_id, sizeof class_id);
    for (int i = 0; i < 4; i++)
        raw[LEN_AT + i] = (unsigned char)(data_len >> (8 * i));
    return raw;
}

/* The octets of a UID that is a GlobalObjectId in hexadecimal; NULL if not. */
static unsigned char *from_hex(struct arena *arena, const char *uid,
                               size_t *len_out)
{
    size_t len = strlen(uid) / 2;
    unsigned char *raw = arena_alloc(arena, len + 1);

    if (len < HEAD || strlen(uid) % 2 != 0 ||
        strspn(uid, "0123456789abcdefABCDEF") != 2 * len)
        return NULL;
    for (size_t i = 0; i < len; i++)
        sscanf(uid + 2 * i, "%2hhx", &raw[i]);
    *len_out = len;
    return memcmp(raw, class_id, sizeof class_id) == 0 ? raw : NULL;
}

const char *goid_of_uid(struct arena *arena, const char *uid)
{
    size_t len = strlen(uid);
    size_t raw_len;
    unsigned char *raw = from_hex(arena, uid, &raw_len);

    if (raw != NULL) {
        memset(raw + DAY_AT, 0, 4);
        return encode(arena, raw, raw_len);
    }
    raw = head(arena, sizeof foreign + len + 1);
    memcpy(raw + HEAD, foreign, sizeof foreign);
    memcpy(raw + HEAD + sizeof foreign, uid, len);
    return encode(arena, raw, HEAD + sizeof foreign + len + 1);
}

const char *goid_new(struct arena *arena, struct exchange *exchange)
{
    unsigned char *raw = head(arena, 16);
    uint64_t filetime =
        ((uint64_t)time_now() + UINT64_C(11644473600)) * 10000000;
    uint64_t own[2] = { ++exchange->unique * UINT64_C(0x9e3779b97f4a7c15),
                        exchange->unique };

    for (int i = 0; i < 8; i++)
        raw[MADE_AT + i] = (unsigned char)(filetime >> (8 * i));
    memcpy(raw + HEAD, own, sizeof own);
    return encode(arena, raw, HEAD + 16);
}

const char *goid_of_day(struct arena *arena, const char *clean, int64_t day)
{
    size_t len = 0;
    unsigned char *raw =
        (unsigned char *)base64_decode(arena, clean, strlen(clean), &len);
    int64_t year;
    unsigned month;
    unsigned number;

    if (raw == NULL || len < HEAD)
        return clean;
    time_civil_from_day(day, &year, &month, &number);
    raw[DAY_AT] = (unsigned char)(year >> 8);
    raw[DAY_AT + 1] = (unsigned char)year;
    raw[DAY_AT + 2] = (unsigned char)month;
    raw[DAY_AT + 3] = (unsigned char)number;
    return encode(arena, raw, len);
}

const char *goid_uid(struct arena *arena, const char *goid)
{
    size_t len = 0;
    unsigned char *raw =
        (unsigned char *)base64_decode(arena, goid, strlen(goid), &len);
    char *text;

    if (raw == NULL || len < HEAD)
        return NULL;
    if (len > HEAD + sizeof foreign &&
        memcmp(raw + HEAD, foreign, sizeof foreign) == 0)
        return arena_strndup(arena, (char *)raw + HEAD + sizeof foreign,
                             len - HEAD - sizeof foreign - 1);
    memset(raw + DAY_AT, 0, 4);
    text = arena_alloc(arena, 2 * len + 1);
    for (size_t i = 0; i < len; i++)
        sprintf(text + 2 * i, "%02X", raw[i]);
    return text;
}
