/*
 * directory_listed.c - those whom the index lists: one's own, and a book
 *
 * They are read some at a time, so that who is slow to take them holds up
 * nobody who needs the index.
 */
#include "proxy/exchange/directory_listed.h"

#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/str.h"
#include "proxy/exchange/directory_pack.h"
#include "proxy/exchange/directory_words.h"

#define PAGE 250

/* --- Finding -------------------------------------------------------------- */

struct listed {
    const char *const *asked; /* all words, NULL at the end; */
    const char *longest;      /* the one that the index is asked for; NULL */
    const char *address;      /* only who has it; NULL: whoever */
};

static struct listed listed_of(struct arena *arena,
                               const struct people_query *query)
{
    struct listed listed = {
        .asked = words_asked(arena, query->by == PEOPLE_ALL ? "" : query->text)
    };

    if (query->by == PEOPLE_BY_ADDRESS)
        listed.address = query->text;
    for (size_t i = 0; listed.asked[i] != NULL; i++)
        if (listed.longest == NULL ||
            strlen(listed.asked[i]) > strlen(listed.longest))
            listed.longest = listed.asked[i];
    return listed;
}

static bool fits(struct arena *arena, const struct listed *listed,
                 const struct index_person *row, const struct person *person)
{
    if (listed->address != NULL)
        return person_packed_has(row->data, row->len, listed->address);
    /* A single word has been looked for already. */
    return listed->asked[0] == NULL || listed->asked[1] == NULL ||
           words_fit(listed->asked, words_of(arena, person));
}

static void tell_row(struct arena *arena, const struct listed *listed,
                     const struct index_person *row, struct telling *telling)
{
    const struct person *person = person_unpack(arena, row->data, row->len);

    if (person != NULL && fits(arena, listed, row, person))
        telling_tell(telling, person);
}

enum status listed_find(struct op *op, struct account *account, int64_t book,
                        const struct people_query *query,
                        struct telling *telling)
{
    struct listed listed = listed_of(op->arena, query);
    struct op page = *op;
    enum status status = STATUS_OK;
    struct index_person rows[PAGE];
    size_t count = PAGE;
    int64_t behind = 0;

    page.arena = arena_new();
    while (status == STATUS_OK && count == PAGE && telling->wanted) {
        arena_reset(page.arena);
        status = op_cancelled(op)
                     ? STATUS_CANCELLED
                     : index_people(&page, account->index, book, listed.longest,
                                    behind, rows, &count);
        for (size_t i = 0; status == STATUS_OK && i < count && telling->wanted;
             i++) {
            tell_row(page.arena, &listed, &rows[i], telling);
            behind = rows[i].row;
        }
    }
    arena_free(&page.arena);
    return status;
}

enum status listed_get(struct op *op, struct account *account, int64_t book,
                       const char *id, struct telling *telling)
{
    struct index_person row;
    enum status status = index_person(op, account->index, book, id, &row);
    const struct person *person = NULL;

    if (status == STATUS_OK && row.row != 0)
        person = person_unpack(op->arena, row.data, row.len);
    if (person != NULL)
        telling_tell(telling, person);
    return status;
}

/* --- Adding --------------------------------------------------------------- */

void listing_begin(struct listing *listing, struct op *op,
                   struct account *account, int64_t book)
{
    *listing = (struct listing){ .op = *op, .account = account, .book = book };
    listing->op.arena = arena_new();
}

static bool flush(struct listing *listing)
{
    if (listing->status == STATUS_OK && listing->count > 0)
        listing->status =
            index_people_put(&listing->op, listing->account->index,
                             listing->book, listing->people, listing->count);
    listing->count = 0;
    arena_reset(listing->op.arena);
    return listing->status == STATUS_OK;
}

bool listing_add(struct listing *listing, const struct person *person,
                 int64_t object, uint64_t revision)
{
    static const char *const nothing[] = { NULL };
    struct arena *arena = listing->op.arena;
    struct index_new_person fresh = {
        .object = object, .revision = revision, .id = "", .words = nothing
    };
    struct buf packed;

    if (person != NULL) {
        buf_init(&packed, arena);
        person_pack(&packed, person);
        fresh.id = arena_strdup(arena, person->id);
        fresh.data = packed.data;
        fresh.len = packed.len;
        fresh.words = words_of(arena, person);
    }
    listing->people[listing->count++] = fresh;
    return listing->count < LISTED_BATCH || flush(listing);
}

enum status listing_end(struct listing *listing)
{
    flush(listing);
    arena_free(&listing->op.arena);
    return listing->status;
}
