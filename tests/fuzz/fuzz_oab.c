/*
 * fuzz_oab.c - reading offline address books: every value can be read to its
 * end
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/spool.h"
#include "proxy/base/utf8.h"
#include "proxy/format/oab.h"

/* So that nothing of it is left out. */
static uint64_t add_up(const struct oab_value *value)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < value->count; i++) {
        if (value->numbers != NULL)
            sum += value->numbers[i];
        if (value->texts != NULL) {
            assert(utf8_valid(value->texts[i], strlen(value->texts[i])));
            sum += strlen(value->texts[i]);
        }
        for (size_t k = 0; value->data != NULL && k < value->data[i].len; k++)
            sum += ((const unsigned char *)value->data[i].data)[k];
    }
    return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(), *own = arena_new();
    struct spool *file = spool_new(NULL, 0);
    static volatile uint64_t sum;
    const char *problem;

    spool_write(file, data, size);
    struct oab *oab = oab_open(arena, file, &problem);
    assert((oab == NULL) == (problem != NULL));
    struct oab_record record;
    for (uint32_t told = 0; oab != NULL && oab_next(oab, own, &record);
         told++) {
        assert(told < oab_count(oab));
        for (size_t i = 0; i < record.count; i++)
            sum += add_up(&record.values[i]);
        arena_reset(own);
    }
    spool_free(&file);
    arena_free(&own);
    arena_free(&arena);
    return 0;
}
