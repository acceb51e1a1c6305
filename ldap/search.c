/*
 * search.c - Search (RFC 4511, 4.5)
 *
 * The entries that are always there are compared with the filter; then people
 * are asked for as the plan says, and each who comes is compared, too.  What
 * costs a call is fetched once all have come, as nothing may be asked while
 * people are told of.
 */
#include "ldap/call.h"

#include <string.h>

#include "config/settings.h"
#include "ldap/collector.h"
#include "ldap/filter.h"
#include "ldap/paging.h"
#include "ldap/person_read.h"
#include "ldap/plan.h"
#include "ldap/reply.h"
#include "ldap/search_controls.h"
#include "ldap/selection.h"
#include "ldap/tree.h"
#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/base/table.h"

/* Someone whose picture or members are still to be fetched. */
struct pending {
    const char *id;
    const struct tree_node *holder;
};

struct search {
    struct ldap_call *call;
    const struct ldap_search *request;
    const struct tree_node *base;

    struct search_controls controls;
    struct selection selection;
    struct attribute_set looked_at; /* by the filter and by the order */
    bool costly;
    struct collector out;

    struct arena *scratch; /* of one person */
    struct table *seen;
    struct pending pending[LDAP_COSTLY_ENTRIES];
    size_t pending_count;
    const char *message; /* for people, where nothing has failed */
};

static struct ldap_result failed(enum ldap_code code, const char *message)
{
    return (struct ldap_result){ .code = code, .message = message };
}

/* --- Entries -------------------------------------------------------------- */

static bool is_found(struct search *search, const struct ldap_entry *entry)
{
    return ldap_filter_evaluate(search->scratch, search->request->filter,
                                entry) == FILTER_TRUE;
}

static bool tell(struct search *search, const struct ldap_entry *entry,
                 const struct ldap_entry *looked_at)
{
    struct ldap_entry told =
        selection_apply(search->scratch, &search->selection, entry);

    return collector_take(&search->out, &told, looked_at);
}

static void look_at_node(struct search *search, const struct tree_node *node)
{
    struct ldap_entry entry = tree_entry(search->call, node);
    bool subentry = str_equal(node->class, "subentry");

    if (search->controls.subentries == subentry ||
        (subentry && node == search->base)) {
        if (is_found(search, &entry))
            tell(search, &entry, &entry);
    }
}

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
    if (!is_found(search, &looked_at) || is_known(search, person, holder))
        return true;
    if (search->costly && search->out.limit > 0 &&
        search->out.count + search->pending_count >= search->out.limit) {
        search->out.exceeded = true;
        return false;
    }
    if (put_off(search, person, holder))
        return true;
    entry = person_entry(search->scratch, &view, &search->selection.set);
    return tell(search, &entry, &looked_at);
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
        if (!tell(search, &entry, &looked_at))
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

static bool has_people(const struct search *search)
{
    for (size_t i = 0; i < tree_node_count; i++) {
        if (tree_covers_people(search->base, search->request->scope,
                               &tree_nodes[i]))
            return !search->controls.subentries;
    }
    return false;
}

static struct ldap_result search_people(struct search *search)
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

/* --- The places a search begins at ---------------------------------------- */

static struct ldap_result search_node(struct search *search)
{
    struct ldap_result result = { .code = LDAP_SUCCESS };

    for (size_t i = 0; i < tree_node_count; i++) {
        if (tree_covers(search->base, search->request->scope, &tree_nodes[i]))
            look_at_node(search, &tree_nodes[i]);
    }
    if (has_people(search))
        return search_people(search);
    if (search->out.exceeded)
        result.code = LDAP_SIZE_LIMIT_EXCEEDED;
    return result;
}

static struct ldap_result search_person(struct search *search,
                                        const struct tree_place *place)
{
    struct ldap_call *call = search->call;
    const struct person *person = NULL;
    enum status status =
        people_get(call->op, call->account, place->id, &person);
    struct ldap_entry looked_at, entry;

    if (status == STATUS_OK && !tree_holds(place->holder, person))
        status = STATUS_NOT_FOUND;
    if (status == STATUS_NOT_FOUND)
        return (struct ldap_result){ .code = LDAP_NO_SUCH_OBJECT,
                                     .matched = place->holder->dn };
    if (status != STATUS_OK)
        return ldap_result_of(status);
    if (search->request->scope == LDAP_ONE_LEVEL || search->controls.subentries)
        return failed(LDAP_SUCCESS, NULL);
    looked_at = person_show(call, person, place->holder, &search->looked_at);
    if (is_found(search, &looked_at)) {
        entry =
            person_show(call, person, place->holder, &search->selection.set);
        tell(search, &entry, &looked_at);
    }
    return failed(LDAP_SUCCESS, NULL);
}

/* Without a name one sees what can be had here, and no people. */
static bool may_see(const struct search *search, const struct tree_place *place)
{
    return search->call->account != NULL ||
           (place->node != NULL && *place->node->dn == '\0' &&
            search->request->scope == LDAP_BASE);
}

static struct ldap_result search_place(struct search *search)
{
    struct tree_place place;
    const char *matched = NULL;
    enum ldap_code code = tree_seek(search->call->op->arena,
                                    search->request->base, &place, &matched);

    if (code == LDAP_INVALID_DN_SYNTAX)
        return failed(code, "The base is no DN");
    if (!may_see(search, &place))
        return failed(LDAP_INSUFFICIENT_ACCESS_RIGHTS,
                      "Log in to look people up");
    if (code != LDAP_SUCCESS)
        return (struct ldap_result){ .code = code, .matched = matched };
    search->base = place.node;
    return place.node != NULL ? search_node(search)
                              : search_person(search, &place);
}

/* --- All of it ------------------------------------------------------------ */

static size_t size_limit(const struct ldap_call *call)
{
    size_t ours = call->settings->ldap.size_limit;
    size_t wanted = (size_t)call->request->search.size_limit;

    if (wanted == 0 || ours == 0)
        return wanted == 0 ? ours : wanted;
    return wanted < ours ? wanted : ours;
}

static void prepare(struct search *search)
{
    struct ldap_call *call = search->call;
    bool base = search->request->scope == LDAP_BASE;

    search->selection = selection_of(call->op->arena, search->request);
    search->looked_at = selection_of_filter(search->request->filter, base);
    search->costly = person_is_costly(&search->selection.set);
    search->seen = table_new(call->op->arena);
    search->out = (struct collector){
        .call = call,
        .limit = size_limit(call),
        .paged = search->controls.paged,
        .page = (size_t)search->controls.page.size,
    };
    if (!search->controls.sorted || search->controls.order.code != LDAP_SUCCESS)
        return;
    search->out.order = &search->controls.order;
    for (size_t i = 0; i < search->controls.order.count; i++)
        search->looked_at
            .has[attribute_number(search->controls.order.keys[i].type)] = true;
}

/* A page that is not the first (RFC 2696, 3). */
static struct ldap_result go_on(struct search *search)
{
    struct ldap_call *call = search->call;
    struct ldap_result result = { .code = LDAP_SUCCESS };

    if (!ldap_paging_goes_on(*call->paging, search->request, call->account,
                             search->controls.page.cookie))
        return failed(LDAP_UNWILLING_TO_PERFORM,
                      "The cookie is not of this search");
    if (search->controls.page.size > 0) {
        result = collector_next_page(call, (size_t)search->controls.page.size);
        search_controls_answer(call, &search->controls, &result);
        return result;
    }
    ldap_paging_free(call->paging);
    collector_add_control(&result, ldap_paging_control(call->op->arena, NULL));
    return result;
}

static struct ldap_result search_anew(struct search *search)
{
    struct ldap_call *call = search->call;
    struct ldap_result result;

    if (search->controls.paged) {
        ldap_paging_free(call->paging);
        *call->paging = ldap_paging_new(search->request, call->account);
    }
    prepare(search);
    search->scratch = arena_new();
    result = search_place(search);
    arena_free(&search->scratch);
    search_controls_answer(call, &search->controls, &result);
    return collector_end(&search->out, result);
}

struct ldap_result ldap_search_run(struct ldap_call *call)
{
    struct search search = { .call = call, .request = &call->request->search };
    struct ldap_result result;

    if (!search_controls_read(call, &search.controls))
        return failed(LDAP_PROTOCOL_ERROR, "A control cannot be read");
    if (search.controls.refused) {
        result = failed(LDAP_UNAVAILABLE_CRITICAL_EXTENSION,
                        "There is no such order");
        search_controls_answer(call, &search.controls, &result);
        return result;
    }
    return search.controls.page.cookie.len > 0 ? go_on(&search)
                                               : search_anew(&search);
}
