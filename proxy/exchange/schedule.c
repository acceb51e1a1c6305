/*
 * schedule.c - who the owner is, and when people are busy
 *
 * What hardly ever changes is kept in the index for hours.
 */
#include "proxy/exchange/schedule.h"

#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "proxy/exchange/account_private.h"
#include "proxy/exchange/index/index.h"

#define ADDRESSES_SECONDS (12 * 3600)
#define ZONE_SECONDS (24 * 3600)

/* --- What is kept --------------------------------------------------------- */

/* A fact "<time> <value>" that is not older than `seconds`; NULL: it is not
 * known, or no longer. */
static const char *fresh_fact(struct op *op, struct account *account,
                              const char *name, int64_t seconds)
{
    const char *fact = index_fact(op, account->index, name);
    const char *space = fact != NULL ? strchr(fact, ' ') : NULL;
    int64_t time;

    if (space == NULL ||
        !str_to_i64(arena_strndup(op->arena, fact, (size_t)(space - fact)),
                    &time) ||
        time > time_now() || time + seconds < time_now())
        return NULL;
    return space + 1;
}

static void keep_fact(struct op *op, struct account *account, const char *name,
                      const char *value)
{
    index_set_fact(
        op, account->index, name,
        arena_printf(op->arena, "%lld %s", (long long)time_now(), value));
}

/* --- The owner ------------------------------------------------------------ */

static const struct remote_objects *objects_of(const struct remote *remote)
{
    return remote->backend->objects;
}

/* "Ann Example\naddress\naddress\n" */
static const char *ask_addresses(struct op *op, struct account *account,
                                 const char *address, const char *fact)
{
    const char *const *addresses = NULL;
    const char *name = NULL;
    struct remote *remote;
    struct buf text;

    if (account_remote(op, account, &remote) != STATUS_OK ||
        objects_of(remote) == NULL || *address == '\0' ||
        account_told(account, objects_of(remote)->addresses(
                                  op, remote, address, &addresses, &name)) !=
            STATUS_OK)
        return NULL;
    buf_init(&text, op->arena);
    buf_printf(&text, "%s\n", name == NULL ? "" : name);
    for (size_t i = 0; addresses != NULL && addresses[i] != NULL; i++)
        buf_printf(&text, "%s\n", addresses[i]);
    keep_fact(op, account, fact, text.data);
    return text.data;
}

static const char *addresses_of(struct op *op, struct account *account,
                                const char *address, const char *fact)
{
    const char *text = fresh_fact(op, account, fact, ADDRESSES_SECONDS);

    return text != NULL ? text : ask_addresses(op, account, address, fact);
}

static const char *known_addresses(struct op *op, struct account *account)
{
    return addresses_of(op, account, account_address(op, account), "addresses");
}

static bool is_listed(char **list, const char *address)
{
    for (size_t i = 0; list[i] != NULL; i++)
        if (str_equal_nocase(list[i], address))
            return true;
    return false;
}

/* The addresses in what is kept, with `own` among them; NULL at the end. */
static const char **list_addresses(struct op *op, const char *text,
                                   const char *own)
{
    const char *lines = text != NULL ? strchr(text, '\n') : NULL;
    char **found = str_split(op->arena, lines != NULL ? lines : "", "\n");
    size_t count = 0, n = 0;

    while (found[count] != NULL)
        count++;
    const char **list = arena_array(op->arena, count + 2, sizeof *list);
    if (*own != '\0' && !is_listed(found, own))
        list[n++] = own;
    for (size_t i = 0; i < count; i++)
        list[n++] = found[i];
    return list;
}

enum status schedule_addresses(struct op *op, struct account *account,
                               const char *const **addresses_out)
{
    const char **list = list_addresses(op, known_addresses(op, account),
                                       account_address(op, account));

    if (list[0] == NULL)
        list[0] = account_user(account);
    *addresses_out = list;
    return STATUS_OK;
}

const char *const *schedule_addresses_of(struct op *op, struct account *account,
                                         const char *address)
{
    const char *fact = arena_printf(op->arena, "addresses %s", address);

    return list_addresses(op, addresses_of(op, account, address, fact),
                          address);
}

const char *schedule_display_name(struct op *op, struct account *account)
{
    const char *text = known_addresses(op, account);
    const char *end = text != NULL ? strchr(text, '\n') : NULL;

    return end != NULL && end > text
               ? arena_strndup(op->arena, text, (size_t)(end - text))
               : account_user(account);
}

static const char *ask_zone(struct op *op, struct account *account)
{
    const char *name = NULL;
    struct remote *remote;

    if (account_remote(op, account, &remote) != STATUS_OK ||
        objects_of(remote) == NULL)
        return NULL;
    enum status status =
        account_told(account, objects_of(remote)->zone(op, remote, &name));
    if (status != STATUS_OK && status != STATUS_UNSUPPORTED &&
        status != STATUS_NOT_FOUND)
        return NULL;
    keep_fact(op, account, "zone", name == NULL ? "" : name);
    return name;
}

const struct zone *schedule_zone(struct op *op, struct account *account)
{
    const char *name = fresh_fact(op, account, "zone", ZONE_SECONDS);
    const struct zone *zone;

    if (name == NULL)
        name = ask_zone(op, account);
    zone = name != NULL && *name != '\0' ? zone_windows(name) : NULL;
    if (zone == NULL && *account_settings(account)->caldav.zone != '\0')
        zone = zone_iana(account_settings(account)->caldav.zone);
    return zone != NULL ? zone : zone_local();
}

/* --- Others --------------------------------------------------------------- */

static void take_answer(const struct remote_busy_answer *answer,
                        struct busy_person *person, struct op *op)
{
    person->status = answer->status;
    person->count = answer->count;
    person->times =
        arena_array(op->arena, answer->count + 1, sizeof *person->times);
    for (size_t i = 0; i < answer->count; i++)
        person->times[i] =
            (struct busy_time){ answer->times[i].from, answer->times[i].to,
                                answer->times[i].busy };
}

enum status schedule_busy(struct op *op, struct account *account,
                          const char *const addresses[], size_t count,
                          int64_t from, int64_t to,
                          struct busy_person people_out[])
{
    struct remote_busy_answer *answers =
        arena_array(op->arena, count + 1, sizeof *answers);
    struct remote *remote;
    enum status status = account_remote(op, account, &remote);

    if (status == STATUS_OK && objects_of(remote) == NULL)
        status = STATUS_UNSUPPORTED;
    if (status == STATUS_OK && count > 0)
        status = account_told(
            account, objects_of(remote)->busy(op, remote, addresses, count,
                                              from, to, false, answers));
    for (size_t i = 0; i < count && status == STATUS_OK; i++)
        take_answer(&answers[i], &people_out[i], op);
    return status;
}
