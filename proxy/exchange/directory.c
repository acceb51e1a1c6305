/*
 * directory.c - people: the global address list and one's own contacts
 */
#include "proxy/exchange/directory.h"

#include <string.h>

#include "proxy/exchange/directory_private.h"

enum status people_find(struct op *op, struct account *account,
                        const struct people_query *query,
                        bool (*each)(void *context,
                                     const struct person *person),
                        void *context, bool *complete_out)
{
    *complete_out = (query->sources & PEOPLE_PERSONAL) == 0;
    if ((query->sources & PEOPLE_GLOBAL) == 0)
        return STATUS_OK;

    bool complete;
    enum status status =
        directory_find_global(op, account, query, each, context, &complete);
    *complete_out = *complete_out && complete;
    return status;
}

enum status people_get(struct op *op, struct account *account, const char *id,
                       const struct person **person_out)
{
    enum status status = STATUS_OK;

    *person_out = NULL;
    if (strchr(id, '@') != NULL)
        status = directory_find_address(op, account, id, person_out);
    if (status == STATUS_OK && *person_out == NULL)
        status = op_fail(op, STATUS_NOT_FOUND, "nobody of this id");
    return status;
}
