/*
 * schema.h - the schema as clients read it (RFC 4512, 4.1), from our tables
 */
#ifndef POSTERN_LDAP_SCHEMA_H
#define POSTERN_LDAP_SCHEMA_H

struct ldap_call;
struct value_list;

/* The values of "attributeTypes", "objectClasses", "matchingRules" and
 * "ldapSyntaxes"; none of other attributes. */
void schema_add(struct value_list *out, const struct ldap_call *call,
                const char *type);

#endif
