/*
 * asking.h - searches put to the gateway as functions are called
 */
#ifndef POSTERN_TESTS_LDAP_ASKING_H
#define POSTERN_TESTS_LDAP_ASKING_H

#include "ldap/call.h"
#include "ldap/paging.h"
#include "tests/proxy/exchange/objects.h"

/* One connection. */
struct asking {
    struct office office;
    struct ldap_paging *paging;
    bool anonymous;
    int messages; /* so far */
};

struct question {
    const char *base; /* NULL: "ou=people" */
    enum ldap_scope scope;
    const char *filter;
    const char *attributes; /* with spaces between; NULL: "cn" */
    int32_t size_limit;
    bool types_only;
    const struct ldap_control *controls;
    size_t control_count;
};

struct heard {
    size_t count;
    const char *entries; /* "a=1,2 b=3", a line each; what is no text in
                            hexadecimal */
    const char *names;   /* the first value of each entry, with ", " between */
    const char *dns;     /* with "|" between */
    struct ldap_result result;
};

/* Ann has a contact Mia; in the directory are Ann Alba, Bob Berg, Carol Carter,
 * four of the name Smith, a room, and a group of two of them. */
struct asking asking_open(void);
void asking_close(struct asking *asking);
void asking_set(struct asking *asking, const char *key, const char *value);

struct heard asking_search(struct asking *asking,
                           const struct question *question);
struct ldap_result asking_compare(struct asking *asking, const char *dn,
                                  const char *attribute, const char *value);

/* The controls of paging and of sorting; keys are "sn -givenName". */
struct ldap_control asking_page(struct asking *asking, int32_t size,
                                struct octets cookie);
struct ldap_control asking_sort(struct asking *asking, const char *keys,
                                bool critical);

/* The cookie of an answer; and its result of sorting, -1: none. */
struct octets asking_cookie(struct asking *asking, const struct heard *heard);
int asking_sorted(const struct heard *heard);

#endif
