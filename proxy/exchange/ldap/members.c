/*
 * members.c - who is in a group of an LDAP server
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/str.h"
#include "proxy/exchange/ldap/filter.h"
#include "proxy/exchange/ldap/names.h"
#include "proxy/exchange/ldap/people.h"
#include "proxy/exchange/ldap/person.h"
#include "proxy/exchange/ldap/search.h"

struct members {
    struct op *op;
    const char *dn; /* of the group; NULL: it was not found */
    const char **dns;
    size_t count;
    long next; /* where the next range begins; -1: there is none */
};

static void add_member(struct members *members, const char *dn)
{
    if ((members->count & (members->count + 1)) == 0) {
        const char **more = arena_array(members->op->arena,
                                        2 * (members->count + 1), sizeof *more);
        if (members->count > 0)
            memcpy(more, members->dns, members->count * sizeof *more);
        members->dns = more;
    }
    members->dns[members->count++] = dn;
}

/* "member;range=0-1499" says that there are more, "member;range=1500-*" that
 * these are the last. */
static void take_values(struct members *members, LDAP *link, LDAPMessage *entry,
                        const char *attribute)
{
    size_t count;
    const char **dns =
        ldap_all_texts(members->op->arena, link, entry, attribute, &count);
    const char *range = strstr(attribute, ";range=");
    const char *last = range != NULL ? strchr(range, '-') : NULL;

    for (size_t i = 0; i < count; i++)
        add_member(members, dns[i]);
    long end = last != NULL && last[1] != '*' ? strtol(last + 1, NULL, 10) : -1;
    if (count > 0 && end >= 0 && end < INT_MAX)
        members->next = end + 1;
}

static bool take_members(void *context, LDAP *link, LDAPMessage *entry)
{
    struct members *members = context;
    BerElement *at = NULL;
    char *dn = ldap_get_dn(link, entry);
    char *name = ldap_first_attribute(link, entry, &at);

    members->dn = arena_strdup(members->op->arena, dn);
    members->next = -1;
    for (; name != NULL; name = ldap_next_attribute(link, entry, at)) {
        if (str_starts_nocase(name, "member") ||
            str_starts_nocase(name, "uniqueMember"))
            take_values(members, link, entry, name);
        ldap_memfree(name);
    }
    ber_free(at, 0);
    ldap_memfree(dn);
    return true;
}

static enum status read_members(struct op *op, struct ldap_links *links,
                                const char *filter, struct members *members)
{
    const char *attributes[] = { "member", "uniqueMember", NULL };
    struct ldap_question question = { .scope = LDAP_SCOPE_SUBTREE,
                                      .filter = filter,
                                      .attributes = attributes,
                                      .limit = 1 };
    enum status status;
    bool complete;

    do {
        long begun = members->next;
        status =
            ldap_ask(op, links, &question, take_members, members, &complete);
        if (members->next <= begun)
            break; /* there are no more */
        attributes[0] =
            arena_printf(op->arena, "member;range=%ld-*", members->next);
        attributes[1] = NULL;
        question.base = members->dn;
        question.scope = LDAP_SCOPE_BASE;
        question.filter = "(objectClass=*)";
    } while (status == STATUS_OK);
    return status;
}

enum status ldap_people_members(struct op *op, struct remote *remote,
                                const char *address,
                                struct person_link **members_out,
                                size_t *count_out, bool *complete_out)
{
    struct ldap_links *links = ldap_links_of(remote);
    struct members members = { .op = op, .next = -1 };
    struct buf filter;

    *members_out = NULL;
    *count_out = 0;
    *complete_out = true;
    buf_init(&filter, op->arena);
    filter_put_address(&filter, address);
    enum status status = read_members(op, links, filter.data, &members);
    if (status != STATUS_OK)
        return status;
    if (members.count == 0)
        return op_fail(op, STATUS_NOT_FOUND, "no group shows who is in it");
    struct person_link *found =
        arena_array(op->arena, members.count, sizeof *found);
    status = ldap_name_all(op, links, members.dns, members.count, found);
    for (size_t i = 0; i < members.count; i++)
        if (found[i].address != NULL)
            found[(*count_out)++] = found[i];
    *members_out = found;
    return status;
}
