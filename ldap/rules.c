/*
 * rules.c - matching rules and syntaxes (RFC 4517)
 */
#include "ldap/rules.h"

#include "proxy/base/str.h"

#define LDAP "1.3.6.1.4.1.1466.115.121.1."
#define X500 "2.5.13."
#define IA5 "1.3.6.1.4.1.1466.109.114."
#define IETF "1.3.6.1.1.16."
#define AD "1.2.840.113556.1.4."

#define RULE(name, oid, use, kind, syntax, all_bits)                           \
    {                                                                          \
        name, oid, RULE_##use, VALUE_##kind, syntax, all_bits                  \
    }

/* clang-format off */
const struct syntax syntaxes[SYNTAX_COUNT] = {
    [SYNTAX_TEXT]        = { LDAP "15", "Directory String", VALUE_TEXT, "caseIgnoreMatch",
                             "caseIgnoreOrderingMatch", "caseIgnoreSubstringsMatch" },
    [SYNTAX_EXACT]       = { LDAP "15", "Directory String", VALUE_EXACT_TEXT, "caseExactMatch",
                             "caseExactOrderingMatch", "caseExactSubstringsMatch" },
    [SYNTAX_IA5]         = { LDAP "26", "IA5 String", VALUE_TEXT, "caseIgnoreIA5Match",
                             "caseIgnoreOrderingMatch", "caseIgnoreIA5SubstringsMatch" },
    [SYNTAX_NUMERIC]     = { LDAP "36", "Numeric String", VALUE_NUMERIC,
                             "numericStringMatch", "numericStringOrderingMatch",
                             "numericStringSubstringsMatch" },
    [SYNTAX_PHONE]       = { LDAP "50", "Telephone Number", VALUE_PHONE,
                             "telephoneNumberMatch", NULL, "telephoneNumberSubstringsMatch" },
    [SYNTAX_ADDRESS]     = { LDAP "41", "Postal Address", VALUE_TEXT,
                             "caseIgnoreListMatch", NULL, "caseIgnoreListSubstringsMatch" },
    [SYNTAX_DN]          = { LDAP "12", "DN", VALUE_DN, "distinguishedNameMatch",
                             NULL, NULL },
    [SYNTAX_OID]         = { LDAP "38", "OID", VALUE_OID, "objectIdentifierMatch",
                             NULL, NULL },
    [SYNTAX_INTEGER]     = { LDAP "27", "INTEGER", VALUE_INTEGER, "integerMatch",
                             "integerOrderingMatch", NULL },
    [SYNTAX_BOOLEAN]     = { LDAP "7", "Boolean", VALUE_BOOLEAN, "booleanMatch",
                             NULL, NULL },
    [SYNTAX_TIME]        = { LDAP "24", "Generalized Time", VALUE_TIME,
                             "generalizedTimeMatch", "generalizedTimeOrderingMatch", NULL },
    [SYNTAX_UUID]        = { IETF "1", "UUID", VALUE_UUID, "uuidMatch",
                             "uuidOrderingMatch", NULL },
    [SYNTAX_OCTETS]      = { LDAP "40", "Octet String", VALUE_OCTETS,
                             "octetStringMatch", "octetStringOrderingMatch", NULL },
    [SYNTAX_CERTIFICATE] = { LDAP "8", "Certificate", VALUE_OCTETS,
                             "octetStringMatch", NULL, NULL },
    [SYNTAX_JPEG]        = { LDAP "28", "JPEG", VALUE_OCTETS,
                             "octetStringMatch", NULL, NULL },
    [SYNTAX_TYPE_DESCRIPTION]   = { LDAP "3", "Attribute Type Description",
                                    VALUE_TEXT, NULL, NULL, NULL },
    [SYNTAX_CLASS_DESCRIPTION]  = { LDAP "37", "Object Class Description",
                                    VALUE_TEXT, NULL, NULL, NULL },
    [SYNTAX_SYNTAX_DESCRIPTION] = { LDAP "54", "LDAP Syntax Description",
                                    VALUE_TEXT, NULL, NULL, NULL },
    [SYNTAX_RULE_DESCRIPTION]   = { LDAP "30", "Matching Rule Description",
                                    VALUE_TEXT, NULL, NULL, NULL },
};

const struct matching_rule matching_rules[] = {
    RULE("objectIdentifierMatch",          X500 "0",  EQUALITY,   OID,        LDAP "38", false),
    RULE("distinguishedNameMatch",         X500 "1",  EQUALITY,   DN,         LDAP "12", false),
    RULE("caseIgnoreMatch",                X500 "2",  EQUALITY,   TEXT,       LDAP "15", false),
    RULE("caseIgnoreOrderingMatch",        X500 "3",  ORDERING,   TEXT,       LDAP "15", false),
    RULE("caseIgnoreSubstringsMatch",      X500 "4",  SUBSTRINGS, TEXT,       LDAP "58", false),
    RULE("caseExactMatch",                 X500 "5",  EQUALITY,   EXACT_TEXT, LDAP "15", false),
    RULE("caseExactOrderingMatch",         X500 "6",  ORDERING,   EXACT_TEXT, LDAP "15", false),
    RULE("caseExactSubstringsMatch",       X500 "7",  SUBSTRINGS, EXACT_TEXT, LDAP "58", false),
    RULE("numericStringMatch",             X500 "8",  EQUALITY,   NUMERIC,    LDAP "36", false),
    RULE("numericStringOrderingMatch",     X500 "9",  ORDERING,   NUMERIC,    LDAP "36", false),
    RULE("numericStringSubstringsMatch",   X500 "10", SUBSTRINGS, NUMERIC,    LDAP "58", false),
    RULE("caseIgnoreListMatch",            X500 "11", EQUALITY,   TEXT,       LDAP "41", false),
    RULE("caseIgnoreListSubstringsMatch",  X500 "12", SUBSTRINGS, TEXT,       LDAP "58", false),
    RULE("booleanMatch",                   X500 "13", EQUALITY,   BOOLEAN,    LDAP "7", false),
    RULE("integerMatch",                   X500 "14", EQUALITY,   INTEGER,    LDAP "27", false),
    RULE("integerOrderingMatch",           X500 "15", ORDERING,   INTEGER,    LDAP "27", false),
    RULE("octetStringMatch",               X500 "17", EQUALITY,   OCTETS,     LDAP "40", false),
    RULE("octetStringOrderingMatch",       X500 "18", ORDERING,   OCTETS,     LDAP "40", false),
    RULE("telephoneNumberMatch",           X500 "20", EQUALITY,   PHONE,      LDAP "50", false),
    RULE("telephoneNumberSubstringsMatch", X500 "21", SUBSTRINGS, PHONE,      LDAP "58", false),
    RULE("generalizedTimeMatch",           X500 "27", EQUALITY,   TIME,       LDAP "24", false),
    RULE("generalizedTimeOrderingMatch",   X500 "28", ORDERING,   TIME,       LDAP "24", false),
    RULE("caseExactIA5Match",              IA5 "1",   EQUALITY,   EXACT_TEXT, LDAP "26", false),
    RULE("caseIgnoreIA5Match",             IA5 "2",   EQUALITY,   TEXT,       LDAP "26", false),
    RULE("caseIgnoreIA5SubstringsMatch",   IA5 "3",   SUBSTRINGS, TEXT,       LDAP "58", false),
    RULE("uuidMatch",                      IETF "2",  EQUALITY,   UUID,       IETF "1", false),
    RULE("uuidOrderingMatch",              IETF "3",  ORDERING,   UUID,       IETF "1", false),
    /* Active Directory's. */
    RULE("integerBitAndMatch",             AD "803",  BITS,       INTEGER,    LDAP "27", true),
    RULE("integerBitOrMatch",              AD "804",  BITS,       INTEGER,    LDAP "27", false),
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
