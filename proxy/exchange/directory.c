/*
 * directory.c - people: the global address list and one's own contacts
 */
#include "proxy/exchange/directory.h"

#include <stdlib.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/memory.h"
#include "proxy/base/str.h"
#include "proxy/exchange/directory_book.h"
#include "proxy/exchange/directory_kept.h"
#include "proxy/exchange/directory_pack.h"
#include "proxy/exchange/directory_personal.h"

/* --- What is in memory ---------------------------------------------------- */

struct people *people_new(void)
{
    struct people *people = memory_new(sizeof *people);

    flight_init(&people->contacts);
    flight_init(&people->serving);
    pthread_mutex_init(&people->lock, NULL);
    return people;
}

void people_free(struct people **people)
{
    if (*people == NULL)
        return;
    directory_disconnect(*people);
    flight_fini(&(*people)->contacts);
    flight_fini(&(*people)->serving);
    pthread_mutex_destroy(&(*people)->lock);
    free(*people);
    *people = NULL;
}

bool telling_tell(struct telling *telling, const struct person *person)
{
    telling->told++;
    telling->wanted = telling->each(telling->context, person);
    return telling->wanted;
}

bool directory_name(struct arena *arena, struct person *person)
{
    if (person->addresses == NULL || person->addresses[0] == NULL ||
        *person->addresses[0] == '\0')
        return false;
    person->id = str_lower(arena_strdup(arena, person->addresses[0]));
    person->personal = false;
    return true;
}

/* --- Finding -------------------------------------------------------------- */

/* Octets of a text that anybody is asked for by. */
#define LONGEST 256

/* Who is found by a text is found by its beginning, which costs no more than a
 * name does, however long the text is. */
static struct people_query shortened(struct arena *arena,
                                     const struct people_query *query)
{
    struct people_query shorter = *query;
    size_t len = LONGEST;

    if (query->by != PEOPLE_BY_BEGINNING || strlen(query->text) <= LONGEST)
        return shorter;
    while (len > 0 && ((unsigned char)query->text[len] & 0xC0) == 0x80)
        len--;
    shorter.text = arena_strndup(arena, query->text, len);
    return shorter;
}

static enum status find_global(struct op *op, struct account *account,
                               const struct people_query *query,
                               struct telling *telling, bool *complete_out)
{
    enum status status;

    if (book_find(op, account, query, telling, complete_out, &status))
        return status;
    return directory_find_global(op, account, query, telling, complete_out);
}

enum status people_find(struct op *op, struct account *account,
                        const struct people_query *query,
                        bool (*each)(void *context,
                                     const struct person *person),
                        void *context, bool *complete_out)
{
    const struct people_query asked = shortened(op->arena, query);
    struct telling telling = { each, context, 0, true };
    bool own = true, global = true;
    enum status first = STATUS_OK, second = STATUS_OK;

    if ((query->sources & PEOPLE_PERSONAL) != 0)
        first = personal_find(op, account, &asked, &telling, &own);
    if ((query->sources & PEOPLE_GLOBAL) != 0 && telling.wanted &&
        first != STATUS_CANCELLED)
        second = find_global(op, account, &asked, &telling, &global);
    *complete_out = first == STATUS_OK && second == STATUS_OK && own && global;
    /* Some of them now are better than all of them later. */
    if (telling.told > 0 && directory_is_passing(first))
        first = STATUS_OK;
    if (telling.told > 0 && directory_is_passing(second))
        second = STATUS_OK;
    return first != STATUS_OK ? first : second;
}

/* --- One of them ---------------------------------------------------------- */

struct one {
    struct arena *arena;
    const char *id;
    const struct person *person;
};

static bool take_one(void *context, const struct person *person)
{
    struct one *one = context;

    if (str_equal_nocase(person->id, one->id))
        one->person = person_copy(one->arena, person);
    return one->person == NULL;
}

/* Ids of the directory are addresses, those of one's own people are not. */
enum status people_get(struct op *op, struct account *account, const char *id,
                       const struct person **person_out)
{
    const struct people_query query = {
        .by = PEOPLE_BY_ADDRESS,
        .text = id,
        .sources = PEOPLE_GLOBAL,
        .limit = 1,
    };
    struct one one = { op->arena, id, NULL };
    struct telling telling = { take_one, &one, 0, true };
    enum status status;
    bool complete;

    if (strchr(id, '@') != NULL)
        status = find_global(op, account, &query, &telling, &complete);
    else
        status = personal_get(op, account, id, &telling);
    *person_out = one.person;
    if (status == STATUS_OK && one.person == NULL)
        return op_fail(op, STATUS_NOT_FOUND, "nobody of this id");
    return status;
}
