/*
 * people.c - finding people at an LDAP server
 */
#include "proxy/exchange/ldap/people.h"

#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/exchange/ldap/filter.h"
#include "proxy/exchange/ldap/names.h"
#include "proxy/exchange/ldap/person.h"
#include "proxy/exchange/ldap/search.h"

struct ldap_links *ldap_links_of(struct remote *remote)
{
    return ((struct ldap_server *)remote)->links;
}

/* --- Finding -------------------------------------------------------------- */

struct finding {
    struct op *op;
    struct person *people;
    const char **managers;
    size_t count;
    size_t capacity;
};

static void make_room(struct finding *finding)
{
    size_t capacity = finding->capacity == 0 ? 64 : finding->capacity * 2;
    struct arena *arena = finding->op->arena;
    struct person *people = arena_array(arena, capacity, sizeof *people);
    const char **managers = arena_array(arena, capacity, sizeof *managers);

    if (finding->count > 0) {
        memcpy(people, finding->people, finding->count * sizeof *people);
        memcpy(managers, finding->managers, finding->count * sizeof *managers);
    }
    finding->people = people;
    finding->managers = managers;
    finding->capacity = capacity;
}

static bool take_person(void *context, LDAP *link, LDAPMessage *entry)
{
    struct finding *finding = context;

    if (finding->count == finding->capacity)
        make_room(finding);
    if (ldap_person_read(finding->op->arena, link, entry,
                         &finding->people[finding->count],
                         &finding->managers[finding->count]))
        finding->count++;
    return true;
}

/* Managers are told by the names of their entries.  It is no harm when they
 * cannot be found out. */
static void name_managers(struct finding *finding, struct ldap_links *links)
{
    struct op *op = finding->op;
    struct op before = *op;
    const char **dns = arena_array(op->arena, finding->count + 1, sizeof *dns);
    size_t *whose = arena_array(op->arena, finding->count + 1, sizeof *whose);
    size_t count = 0;

    for (size_t i = 0; i < finding->count; i++)
        if (finding->managers[i] != NULL) {
            whose[count] = i;
            dns[count++] = finding->managers[i];
        }
    struct person_link *found =
        arena_array(op->arena, count + 1, sizeof *found);
    if (ldap_name_all(op, links, dns, count, found) != STATUS_OK) {
        op->reason = before.reason;
        op->failed = before.failed;
    }
    for (size_t i = 0; i < count; i++) {
        struct person *person = &finding->people[whose[i]];
        person->manager = found[i];
        person->contact.text[CONTACT_MANAGER] = found[i].name;
    }
}

static enum status find(struct op *op, struct remote *remote, const char *text,
                        size_t limit, struct person **people_out,
                        size_t *count_out, bool *complete_out)
{
    struct ldap_links *links = ldap_links_of(remote);
    struct finding finding = { .op = op };
    struct ldap_question question = {
        .scope = LDAP_SCOPE_SUBTREE,
        .filter = filter_people(op, ldap_links_about(links), text),
        .attributes = ldap_person_attributes(op->arena),
        .limit = limit,
    };

    *people_out = NULL;
    *count_out = 0;
    *complete_out = true;
    if (*text == '\0')
        return STATUS_OK;
    enum status status =
        ldap_ask(op, links, &question, take_person, &finding, complete_out);
    if (status != STATUS_OK)
        return status;
    name_managers(&finding, links);
    *people_out = finding.people;
    *count_out = finding.count;
    return STATUS_OK;
}

/* --- Everybody ------------------------------------------------------------ */

struct telling {
    bool (*each)(void *context, const struct person *person);
    void *context;
    bool stopped;
};

static bool tell_person(void *context, LDAP *link, LDAPMessage *entry)
{
    struct telling *telling = context;
    struct arena *arena = arena_new();
    struct person person;
    const char *manager;

    if (ldap_person_read(arena, link, entry, &person, &manager))
        telling->stopped = !telling->each(telling->context, &person);
    arena_free(&arena);
    return !telling->stopped;
}

static enum status tell_all(struct op *op, struct remote *remote,
                            bool (*each)(void *context,
                                         const struct person *person),
                            void *context, bool *complete_out)
{
    struct ldap_links *links = ldap_links_of(remote);
    struct telling telling = { each, context, false };
    struct ldap_question question = {
        .scope = LDAP_SCOPE_SUBTREE,
        .filter = filter_people(op, ldap_links_about(links), NULL),
        .attributes = ldap_person_attributes(op->arena),
    };
    enum status status =
        ldap_ask(op, links, &question, tell_person, &telling, complete_out);

    return status == STATUS_OK && telling.stopped ? STATUS_CANCELLED : status;
}

/* --- Pictures ------------------------------------------------------------- */

struct picture {
    struct op *op;
    void *data;
    size_t len;
};

static bool take_picture(void *context, LDAP *link, LDAPMessage *entry)
{
    static const char *const names[] = { "jpegPhoto", "thumbnailPhoto" };
    struct picture *picture = context;

    for (size_t i = 0; i < 2 && picture->data == NULL; i++) {
        struct berval **values = ldap_get_values_len(link, entry, names[i]);
        if (values != NULL && values[0] != NULL && values[0]->bv_len > 0) {
            picture->len = values[0]->bv_len;
            picture->data = arena_memdup(picture->op->arena, values[0]->bv_val,
                                         values[0]->bv_len);
        }
        ldap_value_free_len(values);
    }
    return true;
}

static const char *type_of(const unsigned char *data, size_t len)
{
    return len > 4 && memcmp(data, "\x89PNG", 4) == 0 ? "image/png"
                                                      : "image/jpeg";
}

static enum status read_photo(struct op *op, struct remote *remote,
                              const char *address, unsigned pixels,
                              const void **data_out, size_t *len_out,
                              const char **type_out)
{
    static const char *const attributes[] = { "jpegPhoto", "thumbnailPhoto",
                                              NULL };
    struct picture picture = { .op = op };
    struct buf filter;
    bool complete;

    (void)pixels; /* it has one size */
    buf_init(&filter, op->arena);
    filter_put_address(&filter, address);
    struct ldap_question question = { .scope = LDAP_SCOPE_SUBTREE,
                                      .filter = filter.data,
                                      .attributes = attributes };
    enum status status = ldap_ask(op, ldap_links_of(remote), &question,
                                  take_picture, &picture, &complete);
    if (status == STATUS_OK && picture.data == NULL)
        return op_fail(op, STATUS_NOT_FOUND, "no picture");
    *data_out = picture.data;
    *len_out = picture.len;
    *type_out =
        picture.data != NULL ? type_of(picture.data, picture.len) : NULL;
    return status;
}

const struct remote_directory ldap_people = {
    .find = find,
    .all = tell_all,
    .members = ldap_people_members,
    .photo = read_photo,
};
