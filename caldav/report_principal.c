/*
 * report_principal.c - finding people: principal-property-search and
 * principal-search-property-set (RFC 3744, 9.4 and 9.5)
 *
 * The directory is asked for one of the texts; those whom it finds are looked
 * at for all of them.
 */
#include <string.h>

#include "caldav/listing.h"
#include "caldav/names.h"
#include "caldav/report.h"
#include "proxy/base/arena.h"
#include "proxy/base/str.h"
#include "proxy/exchange/directory.h"
#include "proxy/format/ical_filter.h"

/* clang-format off */
static const struct searchable {
    const char *name;
    const char *about;
    bool is_address;
} searchables[] = {
    { "D:displayname",               "Name",           false },
    { "S:first-name",                "First name",     false },
    { "S:last-name",                 "Last name",      false },
    { "S:email-address-set",         "E-mail address", true },
    { "C:calendar-user-address-set", "Address",        true },
};
/* clang-format on */

#define SEARCHABLE_COUNT (sizeof searchables / sizeof *searchables)

enum status dav_report_search_properties(struct dav_call *call,
                                         const struct dav_node *root)
{
    struct xml_writer writer;
    struct buf out;

    (void)root;
    buf_init(&out, call->op->arena);
    buf_puts(&out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
    xml_writer_init(&writer, &out);
    dav_open_root(&writer, "D:principal-search-property-set");
    for (size_t i = 0; i < SEARCHABLE_COUNT; i++) {
        xml_open(&writer, "D:principal-search-property");
        xml_open(&writer, "D:prop");
        xml_element(&writer, searchables[i].name, NULL);
        xml_close(&writer);
        xml_open(&writer, "D:description");
        xml_attribute(&writer, "xml:lang", "en");
        xml_text(&writer, searchables[i].about);
        xml_close(&writer);
        xml_close(&writer);
    }
    xml_close(&writer);
    dav_reply_whole(call->reply, 200, "application/xml; charset=utf-8",
                    out.data, out.len);
    return STATUS_OK;
}

/* --- Searching ------------------------------------------------------------ */

struct condition {
    bool is_address;
    const char *text;
};

struct search {
    struct condition *conditions;
    size_t count;
    bool any; /* one of them is enough */
};

static const struct searchable *find_searchable(const char *name)
{
    for (size_t i = 0; i < SEARCHABLE_COUNT; i++)
        if (str_equal(searchables[i].name, name))
            return &searchables[i];
    return NULL;
}

/* False where a property is asked for that nobody can be found by. */
static bool read_search(struct arena *arena, const struct dav_node *root,
                        struct search *search)
{
    size_t room = 0;
    const char *test = dav_attribute(root, "test");

    for (const struct dav_node *node = dav_child(root, "D:property-search");
         node != NULL; node = dav_sibling(node, "D:property-search"))
        for (const struct dav_node *name =
                 dav_child(dav_child(node, "D:prop"), NULL);
             name != NULL; name = dav_sibling(name, NULL))
            room++;
    search->any = str_equal(test, "anyof");
    search->conditions =
        arena_array(arena, room + 1, sizeof *search->conditions);
    for (const struct dav_node *node = dav_child(root, "D:property-search");
         node != NULL; node = dav_sibling(node, "D:property-search")) {
        const char *text = dav_text(arena, dav_child(node, "D:match"));

        if (str_starts_nocase(text, "mailto:"))
            text += strlen("mailto:");
        for (const struct dav_node *name =
                 dav_child(dav_child(node, "D:prop"), NULL);
             name != NULL; name = dav_sibling(name, NULL)) {
            const struct searchable *found = find_searchable(name->name);

            if (found == NULL && !search->any)
                return false;
            if (found != NULL)
                search->conditions[search->count++] =
                    (struct condition){ found->is_address, text };
        }
    }
    return search->count > 0;
}

static bool contains(const char *text, const char *wanted)
{
    const struct ical_text_match match = { .text = wanted,
                                           .collation = ICAL_UNICODE_CASEMAP };

    return text != NULL && ical_text_matches(&match, text);
}

static bool fits(const struct search *search, const struct person *person)
{
    for (size_t i = 0; i < search->count; i++) {
        const struct condition *condition = &search->conditions[i];
        const char *text = condition->is_address
                               ? person->addresses[0]
                               : person->contact.text[CONTACT_DISPLAY_NAME];
        bool good = contains(text, condition->text);

        if (good == search->any)
            return good;
    }
    return !search->any;
}

static bool put(struct dav_multistatus *out, const struct person_link *person,
                const struct dav_ask *ask)
{
    struct dav_call *call = out->call;
    struct dav_resource resource = {
        .call = call,
        .place = { .kind = DAV_PRINCIPAL,
                   .href = dav_href_principal(call->op->arena, person->address),
                   .owner = person->address,
                   .own = str_equal_nocase(person->address, call->tree.self) },
        .title = person->name,
    };

    return dav_response_props(out, &resource, ask);
}

#define PEOPLE_MAX 500

/* As many as one call tells. */
#define PEOPLE_WANTED 100

struct people {
    struct arena *arena;
    const struct search *search;
    struct person_link list[PEOPLE_MAX];
    size_t count;
    bool more;
};

/* Each text of an "any of" is a question of its own; people may come twice. */
static bool is_new(const struct people *people, const struct person *person)
{
    for (size_t i = 0; i < people->count; i++)
        if (str_equal_nocase(people->list[i].address, person->addresses[0]))
            return false;
    return true;
}

static bool take_person(void *context, const struct person *person)
{
    struct people *people = context;

    if (!fits(people->search, person) || !is_new(people, person))
        return true;
    if (people->count == PEOPLE_MAX) {
        people->more = true;
        return false;
    }
    people->list[people->count++] = (struct person_link){
        arena_strdup(people->arena, person->contact.text[CONTACT_DISPLAY_NAME]),
        arena_strdup(people->arena, person->addresses[0]),
    };
    return true;
}

static enum status ask_directory(struct dav_call *call,
                                 const struct search *search,
                                 struct people *people)
{
    enum status status = STATUS_OK;
    size_t questions = search->any ? search->count : 1;

    people->arena = call->op->arena;
    people->search = search;
    for (size_t i = 0; i < questions && status == STATUS_OK; i++) {
        const struct people_query query = {
            .by = PEOPLE_BY_BEGINNING,
            .text = search->conditions[i].text,
            .sources = PEOPLE_GLOBAL,
            .limit = PEOPLE_WANTED,
        };
        bool complete;

        status = people_find(call->op, call->account, &query, take_person,
                             people, &complete);
        people->more |= !complete;
    }
    return status;
}

enum status dav_report_principal_search(struct dav_call *call,
                                        const struct dav_node *root)
{
    struct arena *arena = call->op->arena;
    struct people *people = arena_alloc(arena, sizeof *people);
    struct search search = { 0 };
    struct dav_ask ask = { .kind = DAV_ASK_SOME };
    struct dav_multistatus out;
    enum status status = STATUS_OK;

    dav_ask_read(arena, dav_child(root, "D:prop"), &ask);
    if (read_search(arena, root, &search))
        status = ask_directory(call, &search, people);
    if (status != STATUS_OK)
        return status;
    dav_multistatus_init(&out, call);
    for (size_t i = 0; i < people->count; i++)
        if (!put(&out, &people->list[i], &ask))
            break;
    if (people->more)
        dav_response_status(&out, call->place.href, 507,
                            "D:number-of-matches-within-limits");
    return dav_multistatus_end(&out, NULL);
}
