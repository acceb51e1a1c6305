/*
 * directory_remote.c - asking for people of the organisation
 */
#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/exchange/directory_private.h"

/* What a call tells of a text; those without an address are left out. */
static enum status ask(struct op *op, struct account *account, const char *text,
                       size_t limit, struct person **people_out,
                       size_t *count_out, bool *complete_out)
{
    struct remote *remote;
    size_t count = 0;
    enum status status = directory_remote_of(op, account, &remote);

    *people_out = NULL;
    *count_out = 0;
    *complete_out = false;
    if (status == STATUS_OK)
        status = directory_told(account, remote->backend->directory->find(
                                             op, remote, text, limit,
                                             people_out, &count, complete_out));
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct person person = (*people_out)[i];

        if (person.addresses == NULL || person.addresses[0] == NULL)
            continue;
        person.id = str_lower(arena_strdup(op->arena, person.addresses[0]));
        person.personal = false;
        (*people_out)[(*count_out)++] = person;
    }
    return status;
}

enum status directory_find_global(struct op *op, struct account *account,
                                  const struct people_query *query,
                                  bool (*each)(void *context,
                                               const struct person *person),
                                  void *context, bool *complete_out)
{
    struct person *people;
    size_t count;

    *complete_out = false;
    if (query->by == PEOPLE_ALL)
        return STATUS_OK;
    const char *text = query->by == PEOPLE_BY_ADDRESS
                           ? arena_printf(op->arena, "smtp:%s", query->text)
                           : query->text;
    enum status status =
        ask(op, account, text, query->limit == 0 ? UINT32_MAX : query->limit,
            &people, &count, complete_out);
    for (size_t i = 0; status == STATUS_OK && i < count; i++)
        if (!each(context, &people[i]))
            break;
    return status;
}

static bool has_address(const struct person *person, const char *address)
{
    for (size_t i = 0; person->addresses[i] != NULL; i++)
        if (str_equal_nocase(person->addresses[i], address))
            return true;
    return false;
}

enum status directory_find_address(struct op *op, struct account *account,
                                   const char *address,
                                   const struct person **person_out)
{
    struct person *people;
    size_t count;
    bool complete;
    enum status status =
        ask(op, account, arena_printf(op->arena, "smtp:%s", address), 1,
            &people, &count, &complete);

    *person_out = NULL;
    for (size_t i = 0; i < count && *person_out == NULL; i++)
        if (has_address(&people[i], address))
            *person_out = &people[i];
    return status;
}

/* --- Groups and pictures -------------------------------------------------- */

enum status people_members(struct op *op, struct account *account,
                           const struct person *group,
                           struct person_link **members_out, size_t *count_out,
                           bool *complete_out)
{
    struct remote *remote;
    enum status status = directory_remote_of(op, account, &remote);

    *members_out = NULL;
    *count_out = 0;
    *complete_out = false;
    if (status == STATUS_OK && remote->backend->directory->members == NULL)
        status = op_fail(op, STATUS_UNSUPPORTED, "members cannot be asked for");
    if (status == STATUS_OK)
        status = directory_told(account, remote->backend->directory->members(
                                             op, remote, group->id, members_out,
                                             count_out, complete_out));
    return status;
}

enum status people_photo(struct op *op, struct account *account,
                         const struct person *person, unsigned pixels,
                         const void **data_out, size_t *len_out,
                         const char **type_out)
{
    struct remote *remote;
    enum status status = directory_remote_of(op, account, &remote);

    *data_out = NULL;
    *len_out = 0;
    *type_out = NULL;
    if (status == STATUS_OK && remote->backend->directory->photo == NULL)
        status = op_fail(op, STATUS_NOT_FOUND, "there are no pictures");
    if (status == STATUS_OK)
        status = directory_told(account, remote->backend->directory->photo(
                                             op, remote, person->id, pixels,
                                             data_out, len_out, type_out));
    return status;
}
