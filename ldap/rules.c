/*
 * rules.c - matching rules and syntaxes (RFC 4517)
 */
#include "ldap/rules.h"

#include "proxy/base/str.h"

#define LDAP_SYNTAX(number) "1.3.6.1.4.1.1466.115.121.1." number
#define TEXT LDAP_SYNTAX("15")
#define SUBSTRINGS LDAP_SYNTAX("58")

/* clang-format off */
const struct syntax syntaxes[SYNTAX_COUNT] = {
    [SYNTAX_TEXT]        = { TEXT, "Directory String", VALUE_TEXT, "caseIgnoreMatch",
                             "caseIgnoreOrderingMatch", "caseIgnoreSubstringsMatch" },
    [SYNTAX_EXACT]       = { TEXT, "Directory String", VALUE_EXACT_TEXT, "caseExactMatch",
                             "caseExactOrderingMatch", "caseExactSubstringsMatch" },
    [SYNTAX_IA5]         = { LDAP_SYNTAX("26"), "IA5 String", VALUE_TEXT, "caseIgnoreIA5Match",
                             "caseIgnoreOrderingMatch", "caseIgnoreIA5SubstringsMatch" },
    [SYNTAX_NUMERIC]     = { LDAP_SYNTAX("36"), "Numeric String", VALUE_NUMERIC,
                             "numericStringMatch", "numericStringOrderingMatch",
                             "numericStringSubstringsMatch" },
    [SYNTAX_PHONE]       = { LDAP_SYNTAX("50"), "Telephone Number", VALUE_PHONE,
                             "telephoneNumberMatch", NULL, "telephoneNumberSubstringsMatch" },
    [SYNTAX_ADDRESS]     = { LDAP_SYNTAX("41"), "Postal Address", VALUE_TEXT,
                             "caseIgnoreListMatch", NULL, "caseIgnoreListSubstringsMatch" },
    [SYNTAX_DN]          = { LDAP_SYNTAX("12"), "DN", VALUE_DN, "distinguishedNameMatch",
                             NULL, NULL },
    [SYNTAX_OID]         = { LDAP_SYNTAX("38"), "OID", VALUE_OID, "objectIdentifierMatch",
                             NULL, NULL },
    [SYNTAX_INTEGER]     = { LDAP_SYNTAX("27"), "INTEGER", VALUE_INTEGER, "integerMatch",
                             "integerOrderingMatch", NULL },
    [SYNTAX_BOOLEAN]     = { LDAP_SYNTAX("7"), "Boolean", VALUE_BOOLEAN, "booleanMatch",
                             NULL, NULL },
    [SYNTAX_TIME]        = { LDAP_SYNTAX("24"), "Generalized Time", VALUE_TIME,
                             "generalizedTimeMatch", "generalizedTimeOrderingMatch", NULL },
    [SYNTAX_UUID]        = { "1.3.6.1.1.16.1", "UUID", VALUE_UUID, "uuidMatch",
                             "uuidOrderingMatch", NULL },
    [SYNTAX_OCTETS]      = { LDAP_SYNTAX("40"), "Octet String", VALUE_OCTETS,
                             "octetStringMatch", "octetStringOrderingMatch", NULL },
    [SYNTAX_CERTIFICATE] = { LDAP_SYNTAX("8"), "Certificate", VALUE_OCTETS,
                             "octetStringMatch", NULL, NULL },
    [SYNTAX_JPEG]        = { LDAP_SYNTAX("28"), "JPEG", VALUE_OCTETS,
                             "octetStringMatch", NULL, NULL },
    [SYNTAX_TYPE_DESCRIPTION]   = { LDAP_SYNTAX("3"), "Attribute Type Description",
                                    VALUE_TEXT, NULL, NULL, NULL },
    [SYNTAX_CLASS_DESCRIPTION]  = { LDAP_SYNTAX("37"), "Object Class Description",
                                    VALUE_TEXT, NULL, NULL, NULL },
    [SYNTAX_SYNTAX_DESCRIPTION] = { LDAP_SYNTAX("54"), "LDAP Syntax Description",
                                    VALUE_TEXT, NULL, NULL, NULL },
    [SYNTAX_RULE_DESCRIPTION]   = { LDAP_SYNTAX("30"), "Matching Rule Description",
                                    VALUE_TEXT, NULL, NULL, NULL },
};

const struct matching_rule matching_rules[] = {
    { "objectIdentifierMatch",          "2.5.13.0",  RULE_EQUALITY,   VALUE_OID,        LDAP_SYNTAX("38"), false },
    { "distinguishedNameMatch",         "2.5.13.1",  RULE_EQUALITY,   VALUE_DN,         LDAP_SYNTAX("12"), false },
    { "caseIgnoreMatch",                "2.5.13.2",  RULE_EQUALITY,   VALUE_TEXT,       TEXT, false },
    { "caseIgnoreOrderingMatch",        "2.5.13.3",  RULE_ORDERING,   VALUE_TEXT,       TEXT, false },
    { "caseIgnoreSubstringsMatch",      "2.5.13.4",  RULE_SUBSTRINGS, VALUE_TEXT,       SUBSTRINGS, false },
    { "caseExactMatch",                 "2.5.13.5",  RULE_EQUALITY,   VALUE_EXACT_TEXT, TEXT, false },
    { "caseExactOrderingMatch",         "2.5.13.6",  RULE_ORDERING,   VALUE_EXACT_TEXT, TEXT, false },
    { "caseExactSubstringsMatch",       "2.5.13.7",  RULE_SUBSTRINGS, VALUE_EXACT_TEXT, SUBSTRINGS, false },
    { "numericStringMatch",             "2.5.13.8",  RULE_EQUALITY,   VALUE_NUMERIC,    LDAP_SYNTAX("36"), false },
    { "numericStringOrderingMatch",     "2.5.13.9",  RULE_ORDERING,   VALUE_NUMERIC,    LDAP_SYNTAX("36"), false },
    { "numericStringSubstringsMatch",   "2.5.13.10", RULE_SUBSTRINGS, VALUE_NUMERIC,    SUBSTRINGS, false },
    { "caseIgnoreListMatch",            "2.5.13.11", RULE_EQUALITY,   VALUE_TEXT,       LDAP_SYNTAX("41"), false },
    { "caseIgnoreListSubstringsMatch",  "2.5.13.12", RULE_SUBSTRINGS, VALUE_TEXT,       SUBSTRINGS, false },
    { "booleanMatch",                   "2.5.13.13", RULE_EQUALITY,   VALUE_BOOLEAN,    LDAP_SYNTAX("7"), false },
    { "integerMatch",                   "2.5.13.14", RULE_EQUALITY,   VALUE_INTEGER,    LDAP_SYNTAX("27"), false },
    { "integerOrderingMatch",           "2.5.13.15", RULE_ORDERING,   VALUE_INTEGER,    LDAP_SYNTAX("27"), false },
    { "octetStringMatch",               "2.5.13.17", RULE_EQUALITY,   VALUE_OCTETS,     LDAP_SYNTAX("40"), false },
    { "octetStringOrderingMatch",       "2.5.13.18", RULE_ORDERING,   VALUE_OCTETS,     LDAP_SYNTAX("40"), false },
    { "telephoneNumberMatch",           "2.5.13.20", RULE_EQUALITY,   VALUE_PHONE,      LDAP_SYNTAX("50"), false },
    { "telephoneNumberSubstringsMatch", "2.5.13.21", RULE_SUBSTRINGS, VALUE_PHONE,      SUBSTRINGS, false },
    { "generalizedTimeMatch",           "2.5.13.27", RULE_EQUALITY,   VALUE_TIME,       LDAP_SYNTAX("24"), false },
    { "generalizedTimeOrderingMatch",   "2.5.13.28", RULE_ORDERING,   VALUE_TIME,       LDAP_SYNTAX("24"), false },
    { "caseExactIA5Match",            "1.3.6.1.4.1.1466.109.114.1", RULE_EQUALITY,   VALUE_EXACT_TEXT, LDAP_SYNTAX("26"), false },
    { "caseIgnoreIA5Match",           "1.3.6.1.4.1.1466.109.114.2", RULE_EQUALITY,   VALUE_TEXT, LDAP_SYNTAX("26"), false },
    { "caseIgnoreIA5SubstringsMatch", "1.3.6.1.4.1.1466.109.114.3", RULE_SUBSTRINGS, VALUE_TEXT, SUBSTRINGS, false },
    { "uuidMatch",                    "1.3.6.1.1.16.2",             RULE_EQUALITY,   VALUE_UUID, "1.3.6.1.1.16.1", false },
    { "uuidOrderingMatch",            "1.3.6.1.1.16.3",             RULE_ORDERING,   VALUE_UUID, "1.3.6.1.1.16.1", false },
    /* Active Directory's. */
    { "integerBitAndMatch",           "1.2.840.113556.1.4.803",     RULE_BITS, VALUE_INTEGER, LDAP_SYNTAX("27"), true },
    { "integerBitOrMatch",            "1.2.840.113556.1.4.804",     RULE_BITS, VALUE_INTEGER, LDAP_SYNTAX("27"), false },
};
/* clang-format on */

const size_t matching_rule_count =
    sizeof matching_rules / sizeof *matching_rules;

const struct matching_rule *rule_find(const char *name)
{
    for (size_t i = 0; name != NULL && i < matching_rule_count; i++) {
        if (str_equal_nocase(name, matching_rules[i].name) ||
            str_equal(name, matching_rules[i].oid))
            return &matching_rules[i];
    }
    return NULL;
}

/* Texts can be compared as any kind of text, all else as what it is. */
static bool is_text(enum value_kind kind)
{
    return kind <= VALUE_PHONE;
}

bool rule_fits(const struct matching_rule *rule, enum attribute_syntax syntax)
{
    enum value_kind kind = syntaxes[syntax].kind;

    return rule->kind == kind || (is_text(rule->kind) && is_text(kind));
}
