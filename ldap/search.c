/*
 * search.c - Search (RFC 4511, 4.5)
 *
 * The entries that are always there are compared with the filter; then people
 * are asked for, and each who comes is compared, too (search_people.c).
 */
#include "ldap/call.h"

#include "config/settings.h"
#include "ldap/filter.h"
#include "ldap/paging.h"
#include "ldap/reply.h"
#include "ldap/search_private.h"
#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/base/table.h"

static struct ldap_result failed(enum ldap_code code, const char *message)
{
    return (struct ldap_result){ .code = code, .message = message };
}

/* --- Entries -------------------------------------------------------------- */

bool search_finds(struct search *search, const struct ldap_entry *entry)
{
    return ldap_filter_evaluate(search->scratch, search->request->filter,
                                entry) == FILTER_TRUE;
}

bool search_tell(struct search *search, const struct ldap_entry *entry,
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
        if (search_finds(search, &entry))
            search_tell(search, &entry, &entry);
    }
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
    if (search_finds(search, &looked_at)) {
        entry =
            person_show(call, person, place->holder, &search->selection.set);
        search_tell(search, &entry, &looked_at);
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
    twins_init(&search->twins, call->op->arena);
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
