/*
 * fuzz_book.c - offline address books, packed or not: everybody who is told has
 * an id, and addresses in order
 *
 * The first octet says whether it is packed.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/op.h"
#include "proxy/base/spool.h"
#include "proxy/exchange/ews/book.h"
#include "proxy/format/oab.h"

#define TARGET_SIZE_AT 12

/* What the file says that it has inside, within reason. */
static uint64_t size_inside(const uint8_t *data, size_t size)
{
    uint64_t inside = 0;

    for (size_t i = 0; i < 3 && TARGET_SIZE_AT + i < size; i++)
        inside |= (uint64_t)data[TARGET_SIZE_AT + i] << 8 * i;
    return inside;
}

static void tell(struct arena *arena, const struct spool *file)
{
    const char *problem;
    struct oab *oab = oab_open(arena, file, &problem);
    struct oab_record record;
    struct person person;

    while (oab != NULL && oab_next(oab, arena, &record)) {
        if (!book_person(arena, &record, &person))
            continue;
        assert(person.id != NULL && *person.id != '\0');
        for (size_t i = 0; person.addresses[i] != NULL; i++)
            assert(strchr(person.addresses[i], '@') != NULL);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new();
    struct spool *file = spool_new(NULL, 0), *unpacked = NULL;
    struct op op;

    if (size > 0)
        spool_write(file, data + 1, size - 1);
    op_init(&op, arena, "fuzz");
    if (size > 0 && data[0] % 2 == 1) {
        uint64_t inside = size_inside(data + 1, size - 1);
        if (book_unpack(&op, file, inside, NULL, &unpacked) == STATUS_OK)
            tell(arena, unpacked);
    } else {
        tell(arena, file);
    }
    spool_free(&unpacked);
    spool_free(&file);
    arena_free(&arena);
    return 0;
}
