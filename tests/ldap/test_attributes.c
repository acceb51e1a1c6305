/*
 * test_attributes.c - the tables of attributes, classes and rules fit together
 */
#include "ldap/attributes.h"

#include <string.h>

#include <criterion/criterion.h>
#include <ldap.h>
#include <ldap_schema.h>

#include "ldap/classes.h"
#include "ldap/person_values.h"
#include "ldap/schema.h"
#include "proxy/base/arena.h"
#include "proxy/base/str.h"

static void expect_known(const char *class, const char *names)
{
    struct arena *arena = arena_new();
    char **list = str_split(arena, names, " ");

    for (size_t i = 0; list[i] != NULL; i++)
        cr_expect(attribute_find(list[i]) != NULL, "%s has %s", class, list[i]);
    arena_free(&arena);
}

Test(ldap_attributes, are_found_by_each_of_their_names)
{
    for (size_t i = 0; i < attribute_type_count; i++) {
        const struct ldap_type *type = &attribute_types[i];
        struct arena *arena = arena_new();
        char **aliases = str_split(arena, type->aliases, " ");

        cr_expect(attribute_find(type->name) == type, "%s", type->name);
        if (type->oid != NULL)
            cr_expect(attribute_find(type->oid) == type, "%s is %s", type->oid,
                      attribute_find(type->oid)->name);
        for (size_t j = 0; aliases[j] != NULL; j++)
            cr_expect(attribute_find(aliases[j]) == type, "%s is not of %s",
                      aliases[j], type->name);
        arena_free(&arena);
    }
}

/* clang-format off */
static const struct {
    const char *asked;
    const char *name; /* NULL: nobody knows it */
} names[] = {
    { "CN", "cn" }, { "commonname", "cn" }, { "surname", "sn" },
    { "cn;lang-de", NULL }, { "cn;binary", NULL }, { "cn;", NULL },
    { "userCertificate;BINARY", "userCertificate" }, { "userCertificate;binary;x", NULL },
    { "xmozillanickname", "mozillaNickname" }, { "zip", "postalCode" },
    { "cellphone", "mobile" }, { "fax", "facsimileTelephoneNumber" },
    { "nscpaimscreenname", "nsAIMid" }, { "custom3", "mozillaCustom3" },
    { "proxyaddresses", "proxyAddresses" }, { "2.5.4.20", "telephoneNumber" },
    { "notes", "note" }, { "countryname", "c" }, { "workurl", "mozillaWorkUrl" },
    { "apple-generateduid", "apple-generateduid" }, { "streetaddress", "street" },
    { "", NULL }, { ";binary", NULL }, { "memberOf", NULL }, { "c n", NULL },
    { "cnx", NULL }, { "2.5.4", NULL }, { "userPassword", NULL },
};
/* clang-format on */

Test(ldap_attributes, are_known_by_what_clients_call_them)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct ldap_type *type = attribute_find(names[i].asked);

        cr_expect(str_equal(type != NULL ? type->name : NULL, names[i].name),
                  "%s is %s", names[i].asked,
                  type != NULL ? type->name : "unknown");
    }
    cr_expect(attribute_find(NULL) == NULL);
}

Test(ldap_attributes, name_rules_that_there_are)
{
    for (size_t i = 0; i < SYNTAX_COUNT; i++) {
        const char *const rules[] = { syntaxes[i].equality,
                                      syntaxes[i].ordering,
                                      syntaxes[i].substrings };

        for (size_t j = 0; j < 3; j++) {
            const struct matching_rule *rule = rule_find(rules[j]);

            cr_expect(rules[j] == NULL ||
                          (rule != NULL && rule->use == (enum rule_use)j &&
                           rule->kind == syntaxes[i].kind),
                      "%s: %s", syntaxes[i].name, rules[j]);
        }
    }
}

Test(ldap_attributes, of_classes_are_in_the_table)
{
    for (size_t i = 0; i < object_class_count; i++) {
        const struct ldap_class *class = &object_classes[i];

        expect_known(class->name, class->must);
        expect_known(class->name, class->may);
        cr_expect(class->sup == NULL || class_find(class->sup) != NULL, "%s",
                  class->name);
    }
}

/* As clients read it, strictly. */
static bool is_description(size_t part, const char *text)
{
    const char *problem = NULL;
    int code = 0;
    void *read =
        part == 0   ? (void *)ldap_str2attributetype(text, &code, &problem, 0)
        : part == 1 ? (void *)ldap_str2objectclass(text, &code, &problem, 0)
        : part == 2 ? (void *)ldap_str2matchingrule(text, &code, &problem, 0)
                    : (void *)ldap_str2syntax(text, &code, &problem, 0);

    if (part == 0)
        ldap_attributetype_free(read);
    else if (part == 1)
        ldap_objectclass_free(read);
    else if (part == 2)
        ldap_matchingrule_free(read);
    else
        ldap_syntax_free(read);
    return read != NULL;
}

Test(ldap_attributes, are_told_in_a_schema_that_libldap_can_read)
{
    static const char *const parts[] = { "attributeTypes", "objectClasses",
                                         "matchingRules", "ldapSyntaxes" };
    struct arena *arena = arena_new();

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        struct value_list list = { .arena = arena };

        schema_add(&list, NULL, parts[i]);
        cr_expect(list.count > 10, "%s has %zu", parts[i], list.count);
        for (size_t j = 0; j < list.count; j++)
            cr_expect(is_description(i, list.values[j].data), "%s",
                      list.values[j].data);
    }
    arena_free(&arena);
}

Test(ldap_attributes, look_as_the_rfc_writes_them)
{
    struct arena *arena = arena_new();
    struct value_list list = { .arena = arena };

    schema_add(&list, NULL, "attributeTypes");
    for (size_t i = 0; i < list.count; i++) {
        if (str_starts(list.values[i].data, "( 2.5.4.3 "))
            cr_expect_str_eq(
                list.values[i].data,
                "( 2.5.4.3 NAME ( 'cn' 'commonName' ) SUP name EQUALITY "
                "caseIgnoreMatch ORDERING caseIgnoreOrderingMatch SUBSTR "
                "caseIgnoreSubstringsMatch SYNTAX "
                "1.3.6.1.4.1.1466.115.121.1.15 )");
        if (str_starts(list.values[i].data, "( 2.5.18.9 "))
            cr_expect_str_eq(list.values[i].data,
                             "( 2.5.18.9 NAME 'hasSubordinates' EQUALITY "
                             "booleanMatch SYNTAX "
                             "1.3.6.1.4.1.1466.115.121.1.7 SINGLE-VALUE "
                             "NO-USER-MODIFICATION USAGE directoryOperation )");
    }
    arena_free(&arena);
}
