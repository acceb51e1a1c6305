/*
 * directory.c - see directory.h
 */
#include "tests/proxy/exchange/directory.h"

#include <criterion/criterion.h>

#include "proxy/base/buf.h"

struct office lookup_office(void)
{
    struct office office = office_open(EXCHANGE_2016);

    exchange_add_user(office.exchange, KIM, "Kim Example", PASSWORD, "en");
    lookup_set(&office, "exchange.status_interval", "60");
    office_calls(&office);
    return office;
}

void lookup_set(struct office *office, const char *key, const char *value)
{
    char *error = NULL;

    cr_assert(settings_set(office->settings, key, value, &error), "%s", error);
}

struct taking {
    struct buf names, ids;
    size_t count;
    size_t limit;
};

static bool take(void *context, const struct person *person)
{
    struct taking *taking = context;
    const char *name = person->contact.text[CONTACT_DISPLAY_NAME];

    buf_printf(&taking->names, "%s%s", taking->count > 0 ? ", " : "",
               name != NULL ? name : "-");
    buf_printf(&taking->ids, "%s%s", taking->count > 0 ? " " : "", person->id);
    return ++taking->count < taking->limit;
}

struct found lookup_in(struct op *op, struct account *account,
                       enum people_source sources, enum people_by by,
                       const char *text, size_t limit)
{
    const struct people_query query = {
        .by = by, .text = text, .sources = sources, .limit = limit
    };
    struct taking taking = { .limit = limit == 0 ? SIZE_MAX : limit };
    struct found found = { 0 };

    buf_init(&taking.names, op->arena);
    buf_init(&taking.ids, op->arena);
    found.status =
        people_find(op, account, &query, take, &taking, &found.complete);
    found.count = taking.count;
    found.names = taking.count > 0 ? taking.names.data : "";
    found.ids = taking.count > 0 ? taking.ids.data : "";
    return found;
}

struct found lookup(struct office *office, enum people_source sources,
                    enum people_by by, const char *text, size_t limit)
{
    return lookup_in(&office->op, office->account, sources, by, text, limit);
}

struct found lookup_global(struct office *office, const char *text)
{
    return lookup(office, PEOPLE_GLOBAL, PEOPLE_BY_BEGINNING, text, 100);
}

struct found lookup_personal(struct office *office, const char *text)
{
    return lookup(office, PEOPLE_PERSONAL, PEOPLE_BY_BEGINNING, text, 0);
}
