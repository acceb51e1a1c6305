/*
 * do_people.c - FindPeople and GetPersona
 *
 * The directory cannot be browsed: it wants a few letters, and is told page by
 * page.  Contacts are told with and without any.
 */
#include "tests/exchange/call.h"

#include <stdlib.h>

#include "proxy/base/str.h"
#include "tests/exchange/anr.h"
#include "tests/exchange/directory.h"
#include "tests/exchange/form.h"
#include "tests/exchange/persona.h"

/* EWSFindCountLimit. */
#define MOST 1000

struct people {
    struct call *call;
    const char *query; /* NULL: everybody */
    struct anr anr;
    struct persona *list;
    size_t count;
};

/* --- Looking ------------------------------------------------------------- */

static void look_in_directory(struct people *people)
{
    struct arena *arena = people->call->arena;
    size_t count;
    struct sim_entry **found =
        anr_find(&people->anr, arena, people->call->exchange, &count);
    struct persona *list =
        arena_array(arena, people->count + count + 1, sizeof *list);

    for (size_t i = 0; i < people->count; i++)
        list[i] = people->list[i];
    for (size_t i = 0; i < count; i++)
        persona_of_entry(arena, found[i], &list[people->count++]);
    people->list = list;
}

static void look_in_contacts(struct people *people, struct sim_folder *folder)
{
    struct arena *arena = people->call->arena;

    people->list = arena_array(arena, folder->count + 1, sizeof *people->list);
    for (size_t i = 0; i < folder->count; i++) {
        struct persona *persona = &people->list[people->count];

        if (form_of(folder->items[i]) != FORM_CONTACT)
            continue;
        persona_of_item(folder->items[i], persona);
        people->count +=
            people->query == NULL ||
            anr_fits_names(&people->anr, arena, persona->name, persona->given,
                           persona->surname, persona->address);
    }
}

static bool is_directory(const struct node *folder)
{
    return node_is(folder, "DistinguishedFolderId") &&
           str_equal(node_attribute(folder, "Id"), "directory");
}

/* Without a folder, contacts and then the directory. */
static const char *look(struct people *people)
{
    struct call *call = people->call;
    const struct node *parent = node_child(call->request, "ParentFolderId");
    const struct node *id = parent == NULL ? NULL : parent->children;
    struct sim_folder *folder = sim_folder_by_use(call->user, "contacts");
    const char *code = NULL;

    if (is_directory(id) && people->query == NULL)
        return "ErrorInvalidRequest";
    if (id != NULL && !is_directory(id))
        folder = call_folder(call, id, WANT_READ, &code);
    if (code != NULL)
        return code;
    if (!is_directory(id))
        look_in_contacts(people, folder);
    if (people->query != NULL && (id == NULL || is_directory(id)))
        look_in_directory(people);
    return NULL;
}

/* --- Sorting ------------------------------------------------------------- */

struct sorted {
    const char *key;
    size_t number;
    bool descending;
    struct persona persona;
};

static int compare(const void *a, const void *b)
{
    const struct sorted *left = a, *right = b;
    int order = str_compare_nocase(left->key, right->key);

    if (left->descending)
        order = -order;
    if (order != 0)
        return order;
    return left->number < right->number ? -1 : left->number > right->number;
}

static const char *key_of(const struct persona *persona, const char *uri)
{
    const char *text = str_equal(uri, "persona:Surname")     ? persona->surname
                       : str_equal(uri, "persona:GivenName") ? persona->given
                                                             : persona->name;

    return text == NULL ? "" : text;
}

/* By the first field that is asked for; they are sorted by name already. */
static void sort(struct people *people)
{
    struct arena *arena = people->call->arena;
    const struct node *order =
        node_path(people->call->request, "SortOrder/FieldOrder");
    const char *uri =
        order == NULL ? NULL : node_attribute(order->children, "FieldURI");
    struct sorted *all;

    if (uri == NULL)
        return;
    all = arena_array(arena, people->count + 1, sizeof *all);
    for (size_t i = 0; i < people->count; i++)
        all[i] = (struct sorted){
            .key = anr_fold(arena, key_of(&people->list[i], uri)),
            .number = i,
            .descending =
                str_equal(node_attribute(order, "Order"), "Descending"),
            .persona = people->list[i]
        };
    qsort(all, people->count, sizeof *all, compare);
    for (size_t i = 0; i < people->count; i++)
        people->list[i] = all[i].persona;
}

/* --- FindPeople ---------------------------------------------------------- */

static size_t number_of(const struct node *view, const char *name,
                        size_t otherwise)
{
    const char *text = node_attribute(view, name);
    uint64_t value;

    return text != NULL && str_to_u64(text, UINT32_MAX, &value) ? (size_t)value
                                                                : otherwise;
}

static void put_page(struct people *people)
{
    struct call *call = people->call;
    const struct node *view = node_child(call->request, "IndexedPageItemView");
    const struct node *shape = node_child(call->request, "PersonaShape");
    size_t most = number_of(view, "MaxEntriesReturned", MOST);
    size_t from = number_of(view, "Offset", 0);
    const char *base = node_text(shape, "BaseShape");

    most = most > MOST ? MOST : most;
    if (str_equal(node_attribute(view, "BasePoint"), "End"))
        from = from + most < people->count ? people->count - from - most : 0;
    buf_puts(&call->out, "<m:People>");
    for (size_t i = from; i < people->count && i < from + most; i++) {
        buf_puts(&call->out, "<t:Persona>");
        persona_put(call, &people->list[i], base == NULL ? "Default" : base,
                    node_child(shape, "AdditionalProperties"));
        buf_puts(&call->out, "</t:Persona>");
    }
    buf_printf(&call->out,
               "</m:People><m:TotalNumberOfPeopleInView>%zu"
               "</m:TotalNumberOfPeopleInView><m:FirstMatchingRowIndex>0"
               "</m:FirstMatchingRowIndex><m:FirstLoadedRowIndex>%zu"
               "</m:FirstLoadedRowIndex>",
               people->count, from);
}

void do_find_people(struct call *call)
{
    struct people people = { .call = call };
    const char *code = message_fault(call);

    people.query = node_text(call->request, "QueryString");
    if (people.query != NULL && *people.query == '\0')
        people.query = NULL;
    if (people.query != NULL)
        anr_init(&people.anr, call->arena, people.query);
    if (code == NULL)
        code = look(&people);
    if (bare_begin(call, "FindPeopleResponse", code)) {
        sort(&people);
        put_page(&people);
    }
    bare_end(call, "FindPeopleResponse");
}

/* --- GetPersona ---------------------------------------------------------- */

static const char *find(struct call *call, struct persona *persona)
{
    const struct exchange *exchange = call->exchange;
    const char *id =
        node_attribute(node_child(call->request, "PersonaId"), "Id");
    const char *address =
        node_text(node_child(call->request, "EmailAddress"), "EmailAddress");

    for (size_t i = 0; i < exchange->entry_count; i++) {
        const struct sim_entry *entry = exchange->entries[i];

        if (entry->gone)
            continue;
        persona_of_entry(call->arena, entry, persona);
        if (id != NULL ? str_equal(persona_id(call->arena, persona), id)
                       : str_equal_nocase(entry->address, address))
            return NULL;
    }
    return id != NULL && !str_starts(id, "AAUQA") ? "ErrorInvalidIdMalformed"
                                                  : "ErrorPersonNotFound";
}

void do_get_persona(struct call *call)
{
    static const char name[] = "GetPersonaResponseMessage";
    const char *code = message_fault(call);
    struct persona persona;

    if (code == NULL)
        code = find(call, &persona);
    if (bare_begin(call, name, code)) {
        buf_puts(&call->out, "<m:Persona>");
        persona_put(call, &persona, "AllProperties", NULL);
        buf_puts(&call->out, "</m:Persona>");
    }
    bare_end(call, name);
}
