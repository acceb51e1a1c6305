/*
 * search_people.c - the people that a search finds
 *
 * They are asked for as the plan says, and each who comes is compared with the
 * filter.  What costs a call is fetched once all have come, as nothing may be
 * asked while people are told of.
 */
#include "ldap/search_private.h"

#include "ldap/plan.h"
#include "ldap/reply.h"
#include "proxy/base/arena.h"
#include "proxy/base/table.h"

static struct ldap_result failed(enum ldap_code code, const char *message)
{
    return (struct ldap_result){ .code = code, .message = message };
}

/* --- Those who come ------------------------------------------------------- */

/* Takes note of somebody to be looked at again; false: there are too many. */
static bool put_off(struct search *search, const struct person *person,
                    const struct tree_node *holder)
{
    if (!search->costly || search->pending_count == LDAP_COSTLY_ENTRIES)
        return false;
    search->pending[search->pending_count++] =
        (struct pending){ arena_strdup(search->call->op->arena, person->id),
                          holder };
    return true;
}

/* Whether somebody has been told already; several questions may find him. */
static bool is_known(struct search *search, const struct person *person,
                     const struct tree_node *holder)
{
    static char known;
    int64_t number = holder - tree_nodes;

    if (table_find(search->seen, number, person->id) != NULL)
        return true;
    table_add(search->seen, number,
              arena_strdup(search->call->op->arena, person->id), &known);
    return false;
}

/* False: no more are wanted. */
static bool look_at_person(struct search *search, const struct person *person,
                           const struct tree_node *holder)
{
    struct person_view view;
    struct ldap_entry looked_at, entry;

    arena_reset(search->scratch);
    view = person_view(search->scratch, person, holder);
    looked_at = person_entry(search->scratch, &view, &search->looked_at);
    if (!search_finds(search, &looked_at) || is_known(search, person, holder))
        return true;
    if (search->costly && search->out.limit > 0 &&
        search->out.count + search->pending_count >= search->out.limit) {
        search->out.exceeded = true;
        return false;
    }
    if (put_off(search, person, holder))
        return true;
    entry = person_entry(search->scratch, &view, &search->selection.set);
    return twins_know(&search->twins, person, &entry) ||
           search_tell(search, &entry, &looked_at);
}

static bool look_everywhere(void *context, const struct person *person)
{
    struct search *search = context;

    for (size_t i = 0; i < tree_node_count; i++) {
        const struct tree_node *node = &tree_nodes[i];

        if (tree_covers_people(search->base, search->request->scope, node) &&
            tree_holds(node, person) && !look_at_person(search, person, node))
            return false;
    }
    return true;
}

/* Those who have been put off, now with their pictures and members. */
static void tell_pending(struct search *search)
{
    struct ldap_call *call = search->call;

    for (size_t i = 0; i < search->pending_count; i++) {
        const struct pending *pending = &search->pending[i];
        const struct person *person = NULL;
        struct ldap_entry entry, looked_at;
        struct person_view view;

        /* Who has gone meanwhile is not told of. */
        if (people_get(call->op, call->account, pending->id, &person) !=
            STATUS_OK)
            continue;
        arena_reset(search->scratch);
        view = person_view(search->scratch, person, pending->holder);
        looked_at = person_entry(search->scratch, &view, &search->looked_at);
        entry =
            person_show(call, person, pending->holder, &search->selection.set);
        if (!search_tell(search, &entry, &looked_at))
            return;
    }
}

/* --- Asking for people ---------------------------------------------------- */

static bool has_enough(const struct search *search)
{
    return search->out.exceeded || search->out.too_much ||
           op_cancelled(search->call->op);
}

/* Not one more than can be told: whether there are more, the directory says. */
static enum status ask(struct search *search, struct people_query query,
                       bool *complete_out)
{
    query.limit = search->out.limit;
    return people_find(search->call->op, search->call->account, &query,
                       look_everywhere, search, complete_out);
}

static enum status ask_narrower(struct search *search,
                                const struct ldap_plan_query *wanted)
{
    struct people_query query = wanted->query;
    bool complete = false;

    if (wanted->narrower == NULL || has_enough(search))
        return STATUS_OK;
    query.text = wanted->narrower;
    query.sources = PEOPLE_GLOBAL;
    return ask(search, query, &complete);
}

/* Everything that the plan wants; `complete_out` is false when somebody who
 * matches may not have come. */
static enum status ask_all(struct search *search, const struct ldap_plan *plan,
                           bool *complete_out)
{
    *complete_out = true;
    for (size_t i = 0; i < plan->count && !has_enough(search); i++) {
        const struct ldap_plan_query *wanted = &plan->queries[i];
        bool complete = false;
        enum status status = ask(search, wanted->query, &complete);

        if (status == STATUS_OK && !complete)
            status = ask_narrower(search, wanted);
        if (status != STATUS_OK)
            return status;
        if (complete)
            continue;
        if (wanted->query.by != PEOPLE_ALL || plan->needs_everybody)
            *complete_out = false;
        else
            search->message = "The directory was asked for beginnings of names "
                              "and addresses only";
    }
    return STATUS_OK;
}

struct ldap_result search_people(struct search *search)
{
    struct ldap_plan plan =
        ldap_plan_of(search->call->op->arena, search->request->filter);
    bool complete = true;
    enum status status = ask_all(search, &plan, &complete);

    tell_pending(search);
    if (status != STATUS_OK && !has_enough(search))
        return ldap_result_of(status);
    if (search->out.too_much)
        return failed(LDAP_ADMIN_LIMIT_EXCEEDED,
                      "More was found than can be kept");
    if (search->out.exceeded)
        return failed(LDAP_SIZE_LIMIT_EXCEEDED, NULL);
    if (!complete)
        return failed(LDAP_SIZE_LIMIT_EXCEEDED,
                      plan.needs_everybody
                          ? "The directory cannot be listed: ask for the "
                            "beginning of a name or an address"
                          : "The directory has more than it tells: ask for "
                            "more letters");
    return failed(LDAP_SUCCESS, search->message);
}
