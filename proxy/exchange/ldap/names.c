/*
 * names.c - who entries are that others name
 */
#include "proxy/exchange/ldap/names.h"

#include "proxy/base/buf.h"
#include "proxy/base/str.h"
#include "proxy/exchange/ldap/filter.h"
#include "proxy/exchange/ldap/person.h"
#include "proxy/exchange/ldap/search.h"

/* How many entries are asked for by name at once. */
#define BATCH 50

struct naming {
    struct op *op;
    const char *const *dns;
    struct person_link *links; /* one for each */
    size_t count;
};

static bool is_same_name(const char *a, const char *b)
{
    LDAPDN first = NULL, second = NULL;
    char *one = NULL, *other = NULL;
    bool same =
        ldap_str2dn(a, &first, LDAP_DN_FORMAT_LDAP) == LDAP_SUCCESS &&
        ldap_str2dn(b, &second, LDAP_DN_FORMAT_LDAP) == LDAP_SUCCESS &&
        ldap_dn2str(first, &one, LDAP_DN_FORMAT_LDAPV3) == LDAP_SUCCESS &&
        ldap_dn2str(second, &other, LDAP_DN_FORMAT_LDAPV3) == LDAP_SUCCESS &&
        str_equal_nocase(one, other);

    ldap_memfree(one);
    ldap_memfree(other);
    ldap_dnfree(first);
    ldap_dnfree(second);
    return same;
}

static bool take_name(void *context, LDAP *link, LDAPMessage *entry)
{
    struct naming *naming = context;
    struct person person;
    const char *manager;
    char *dn = ldap_get_dn(link, entry);

    if (dn != NULL &&
        ldap_person_read(naming->op->arena, link, entry, &person, &manager))
        for (size_t i = 0; i < naming->count; i++)
            if (is_same_name(naming->dns[i], dn))
                naming->links[i] = (struct person_link){
                    .name = person.contact.text[CONTACT_DISPLAY_NAME],
                    .address = person.addresses[0],
                };
    ldap_memfree(dn);
    return true;
}

enum status ldap_name_all(struct op *op, struct ldap_links *links,
                          const char *const dns[], size_t count,
                          struct person_link links_out[])
{
    const char *attribute = ldap_links_about(links)->active_directory
                                ? "distinguishedName"
                                : "entryDN";

    for (size_t at = 0; at < count; at += BATCH) {
        struct naming naming = { op, dns + at, links_out + at,
                                 count - at < BATCH ? count - at : BATCH };
        struct buf filter;
        bool complete;

        buf_init(&filter, op->arena);
        buf_puts(&filter, "(|");
        for (size_t i = 0; i < naming.count; i++) {
            buf_printf(&filter, "(%s=", attribute);
            filter_put_text(&filter, naming.dns[i]);
            buf_putc(&filter, ')');
        }
        buf_putc(&filter, ')');
        struct ldap_question question = {
            .scope = LDAP_SCOPE_SUBTREE,
            .filter = filter.data,
            .attributes = ldap_person_attributes(op->arena),
        };
        enum status status =
            ldap_ask(op, links, &question, take_name, &naming, &complete);
        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}
