/*
 * paging.h - answers that come page by page (RFC 2696)
 *
 * All entries of a paged search are made at once and kept for the connection
 * until they are told or the next paged search begins.  So pages fit together,
 * whatever happens meanwhile, and the directory is asked once.
 */
#ifndef POSTERN_LDAP_PAGING_H
#define POSTERN_LDAP_PAGING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ldap/entry.h"
#include "ldap/octets.h"
#include "ldap/result.h"

struct account;
struct arena;
struct ldap_paging;
struct ldap_search;

/* Octets of entries that one connection keeps. */
#define LDAP_PAGING_LIMIT (16u * 1024 * 1024)

/* What the control says. */
struct ldap_page_request {
    int32_t size;
    struct octets cookie; /* len 0: the first page */
};

/* False: the control's value cannot be read. */
bool ldap_page_read(struct arena *arena, struct octets value,
                    struct ldap_page_request *request_out);

/* A new collection for that search, with no entries. */
struct ldap_paging *ldap_paging_new(const struct ldap_search *search,
                                    const struct account *account);
void ldap_paging_free(struct ldap_paging **paging);

/* Copies an entry; false once there are LDAP_PAGING_LIMIT octets. */
bool ldap_paging_add(struct ldap_paging *paging,
                     const struct ldap_entry *entry);

/* What the search ends with after its last page; texts are copied. */
void ldap_paging_end(struct ldap_paging *paging,
                     const struct ldap_result *result);

/* Whether a cookie goes on with this search of this user: nothing but the
 * control may have changed (RFC 2696, 3). */
bool ldap_paging_goes_on(const struct ldap_paging *paging,
                         const struct ldap_search *search,
                         const struct account *account, struct octets cookie);

/* The next entry, which lives as long as the collection; NULL: no more. */
const struct ldap_entry *ldap_paging_next(struct ldap_paging *paging);

/* Whether there are entries left, and how the whole search ended. */
bool ldap_paging_has_more(const struct ldap_paging *paging);
struct ldap_result ldap_paging_result(const struct ldap_paging *paging);

/* The control of an answer: with a cookie when there is more. */
struct ldap_answer_control ldap_paging_control(
    struct arena *arena, const struct ldap_paging *paging);

#endif
