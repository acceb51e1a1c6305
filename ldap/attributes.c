/*
 * attributes.c - attribute types: one table for all who ask
 */
#include "ldap/attributes.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "ldap/person_values.h"
#include "proxy/base/str.h"

#define MOZILLA "1.3.6.1.4.1.13769."
#define EVOLUTION "1.3.6.1.4.1.8506.1.2."
#define MICROSOFT "1.2.840.113556.1."
#define APPLE "1.3.6.1.4.1.63.1000.1.1.1.1."
#define COSINE "0.9.2342.19200300.100.1."
#define NETSCAPE "2.16.840.1.113730.3.1."
#define ROOT_DSE "1.3.6.1.4.1.1466.101.120."
#define X500 "2.5.4."

#define ONE ATTRIBUTE_SINGLE
#define OPERATIONAL ATTRIBUTE_OPERATIONAL
#define OWN (ATTRIBUTE_SINGLE | ATTRIBUTE_OPERATIONAL)

/* clang-format off */
const struct ldap_type attribute_types[] = {
    { "objectClass", "", X500 "0", SYNTAX_OID, 0, REACH_NONE, person_classes, 0, NULL },
    { "name", "", X500 "41", SYNTAX_TEXT, 0, REACH_NAME, person_name, 0, NULL },
    { "anr", "", MICROSOFT "4.1208", SYNTAX_TEXT, ATTRIBUTE_ANYTHING, REACH_NAME, person_anything, 0, NULL },

    /* Names. */
    { "cn", "commonName", X500 "3", SYNTAX_TEXT, 0, REACH_NAME, person_name, 0, "name" },
    { "displayName", "", NETSCAPE "241", SYNTAX_TEXT, ONE, REACH_NAME, person_name, 0, NULL },
    { "displayNamePrintable", "", MICROSOFT "2.353", SYNTAX_TEXT, ONE, REACH_NAME, person_name, 0, NULL },
    { "sn", "surname", X500 "4", SYNTAX_TEXT, 0, REACH_NAME, person_text, CONTACT_SURNAME, "name" },
    { "givenName", "gn", X500 "42", SYNTAX_TEXT, 0, REACH_NAME, person_text, CONTACT_GIVEN_NAME, "name" },
    { "middleName", "", NETSCAPE "34", SYNTAX_TEXT, 0, REACH_PERSONAL, person_text, CONTACT_MIDDLE_NAME, NULL },
    { "initials", "", X500 "43", SYNTAX_TEXT, 0, REACH_PERSONAL, NULL, 0, "name" },
    { "personalTitle", "", COSINE "40", SYNTAX_TEXT, 0, REACH_PERSONAL, person_text, CONTACT_TITLE, NULL },
    { "generationQualifier", "", X500 "44", SYNTAX_TEXT, 0, REACH_PERSONAL, person_text, CONTACT_GENERATION, "name" },
    { "mozillaNickname", "xmozillanickname nickname", MOZILLA "2.1.1", SYNTAX_TEXT, 0, REACH_PERSONAL, person_text, CONTACT_NICKNAME, NULL },
    { "fileAs", "", EVOLUTION "15", SYNTAX_TEXT, ONE, REACH_NAME, person_text, CONTACT_FILE_AS, NULL },
    { "spouseName", "", EVOLUTION "8", SYNTAX_TEXT, ONE, REACH_PERSONAL, person_text, CONTACT_SPOUSE, NULL },

    /* Addresses of mail, and what one logs in with. */
    { "mail", "rfc822Mailbox email", COSINE "3", SYNTAX_IA5, 0, REACH_ADDRESS, person_addresses, 0, NULL },
    { "mozillaSecondEmail", "xmozillasecondemail", MOZILLA "2.1.3", SYNTAX_IA5, 0, REACH_PERSONAL, person_email, 1, NULL },
    { "proxyAddresses", "", MICROSOFT "2.210", SYNTAX_TEXT, 0, REACH_ADDRESS, person_proxies, 0, NULL },
    { "uid", "userid", COSINE "1", SYNTAX_TEXT, 0, REACH_ADDRESS, person_uids, 0, NULL },
    { "mailNickname", "", MICROSOFT "2.447", SYNTAX_TEXT, ONE, REACH_NAME, person_alias, 0, NULL },
    { "sAMAccountName", "", MICROSOFT "4.221", SYNTAX_TEXT, ONE, REACH_NAME, person_alias, 0, NULL },
    { "userPrincipalName", "", MICROSOFT "4.656", SYNTAX_TEXT, ONE, REACH_ADDRESS, person_principal, 0, NULL },
    { "mailer", "mua", EVOLUTION "10", SYNTAX_TEXT, ONE, REACH_PERSONAL, NULL, 0, NULL },
    { "mozillaUseHtmlMail", "xmozillausehtmlmail", MOZILLA "2.1.2", SYNTAX_BOOLEAN, ONE, REACH_PERSONAL, NULL, 0, NULL },
    { "nsAIMid", "nscpaimscreenname", MOZILLA "2.1.13", SYNTAX_TEXT, 0, REACH_PERSONAL, person_text, CONTACT_IM_1, NULL },
    { "apple-imhandle", "", APPLE "21", SYNTAX_TEXT, 0, REACH_PERSONAL, person_text, CONTACT_IM_1, NULL },

    /* Telephones. */
    { "telephoneNumber", "", X500 "20", SYNTAX_PHONE, 0, REACH_NONE, person_phones, PHONE(WORK) | PHONE(WORK_2), NULL },
    { "otherTelephone", "", MICROSOFT "2.18", SYNTAX_PHONE, 0, REACH_NONE, person_phones, PHONE(WORK_2), NULL },
    { "homePhone", "homeTelephoneNumber", COSINE "20", SYNTAX_PHONE, 0, REACH_NONE, person_phones, PHONE(HOME) | PHONE(HOME_2), NULL },
    { "otherHomePhone", "", MICROSOFT "2.277", SYNTAX_PHONE, 0, REACH_NONE, person_phones, PHONE(HOME_2), NULL },
    { "mobile", "mobileTelephoneNumber cellphone", COSINE "41", SYNTAX_PHONE, 0, REACH_NONE, person_phones, PHONE(MOBILE), NULL },
    { "facsimileTelephoneNumber", "fax", X500 "23", SYNTAX_PHONE, 0, REACH_NONE, person_phones, PHONE(WORK_FAX), NULL },
    { "homeFacsimileTelephoneNumber", "homeFax", EVOLUTION "3", SYNTAX_PHONE, 0, REACH_PERSONAL, person_phones, PHONE(HOME_FAX), NULL },
    { "otherFacsimileTelephoneNumber", "otherFax", EVOLUTION "19", SYNTAX_PHONE, 0, REACH_PERSONAL, person_phones, PHONE(OTHER_FAX), NULL },
    { "pager", "pagerTelephoneNumber pagerphone", COSINE "42", SYNTAX_PHONE, 0, REACH_NONE, person_phones, PHONE(PAGER), NULL },
    { "carPhone", "", EVOLUTION "2", SYNTAX_PHONE, 0, REACH_PERSONAL, person_phones, PHONE(CAR), NULL },
    { "internationalISDNNumber", "", X500 "25", SYNTAX_NUMERIC, 0, REACH_PERSONAL, person_phones, PHONE(ISDN), NULL },
    { "otherPhone", "", EVOLUTION "4", SYNTAX_PHONE, 0, REACH_PERSONAL, person_phones, PHONE(OTHER), NULL },
    { "primaryPhone", "", EVOLUTION "1", SYNTAX_PHONE, 0, REACH_PERSONAL, person_phones, PHONE(PRIMARY), NULL },
    { "assistantPhone", "telephoneAssistant", EVOLUTION "16", SYNTAX_PHONE, 0, REACH_NONE, person_phones, PHONE(ASSISTANT), NULL },
    { "callbackPhone", "", EVOLUTION "18", SYNTAX_PHONE, 0, REACH_PERSONAL, person_phones, PHONE(CALLBACK), NULL },
    { "companyPhone", "", EVOLUTION "17", SYNTAX_PHONE, 0, REACH_PERSONAL, person_phones, PHONE(COMPANY), NULL },
    { "radio", "", EVOLUTION "20", SYNTAX_PHONE, 0, REACH_PERSONAL, person_phones, PHONE(RADIO), NULL },
    { "telex", "", EVOLUTION "21", SYNTAX_PHONE, 0, REACH_PERSONAL, person_phones, PHONE(TELEX), NULL },
    { "tty", "", EVOLUTION "22", SYNTAX_PHONE, 0, REACH_PERSONAL, person_phones, PHONE(TTY), NULL },

    /* Work. */
    { "title", "", X500 "12", SYNTAX_TEXT, 0, REACH_NONE, person_text, CONTACT_JOB_TITLE, "name" },
    { "businessRole", "", EVOLUTION "5", SYNTAX_TEXT, ONE, REACH_PERSONAL, person_text, CONTACT_PROFESSION, NULL },
    { "o", "organizationName", X500 "10", SYNTAX_TEXT, 0, REACH_NONE, person_text, CONTACT_COMPANY, "name" },
    { "company", "", MICROSOFT "2.146", SYNTAX_TEXT, ONE, REACH_NONE, person_text, CONTACT_COMPANY, NULL },
    { "ou", "organizationalUnitName orgunit", X500 "11", SYNTAX_TEXT, 0, REACH_NONE, person_text, CONTACT_DEPARTMENT, "name" },
    { "department", "", MICROSOFT "2.141", SYNTAX_TEXT, ONE, REACH_NONE, person_text, CONTACT_DEPARTMENT, NULL },
    { "departmentNumber", "", NETSCAPE "2", SYNTAX_TEXT, 0, REACH_NONE, person_text, CONTACT_DEPARTMENT, NULL },
    { "physicalDeliveryOfficeName", "", X500 "19", SYNTAX_TEXT, 0, REACH_NONE, person_text, CONTACT_OFFICE, NULL },
    { "roomNumber", "", COSINE "6", SYNTAX_TEXT, 0, REACH_NONE, person_text, CONTACT_OFFICE, NULL },
    { "manager", "", COSINE "10", SYNTAX_DN, 0, REACH_NONE, person_manager, 0, NULL },
    { "managerName", "", EVOLUTION "6", SYNTAX_TEXT, ONE, REACH_NONE, person_manager_name, 0, NULL },
    { "directReports", "", MICROSOFT "2.436", SYNTAX_DN, 0, REACH_NONE, person_reports, 0, NULL },
    { "assistantName", "msExchAssistantName", EVOLUTION "7", SYNTAX_TEXT, ONE, REACH_NONE, person_text, CONTACT_ASSISTANT, NULL },
    { "secretary", "", COSINE "21", SYNTAX_DN, 0, REACH_NONE, NULL, 0, NULL },
    { "employeeNumber", "", NETSCAPE "3", SYNTAX_TEXT, ONE, REACH_PERSONAL, NULL, 0, NULL },
    { "employeeType", "", NETSCAPE "4", SYNTAX_TEXT, 0, REACH_PERSONAL, NULL, 0, NULL },
    { "businessCategory", "", X500 "15", SYNTAX_TEXT, 0, REACH_PERSONAL, NULL, 0, NULL },
    { "preferredLanguage", "", NETSCAPE "39", SYNTAX_TEXT, ONE, REACH_PERSONAL, NULL, 0, NULL },

    /* Places. */
    { "street", "streetAddress", X500 "9", SYNTAX_TEXT, 0, REACH_NONE, person_place, PLACE(WORK, STREET), NULL },
    { "l", "localityName locality", X500 "7", SYNTAX_TEXT, 0, REACH_NONE, person_place, PLACE(WORK, CITY), "name" },
    { "st", "stateOrProvinceName region", X500 "8", SYNTAX_TEXT, 0, REACH_NONE, person_place, PLACE(WORK, STATE), "name" },
    { "postalCode", "zip", X500 "17", SYNTAX_TEXT, 0, REACH_NONE, person_place, PLACE(WORK, ZIP), NULL },
    { "c", "countryName", X500 "6", SYNTAX_TEXT, 0, REACH_NONE, person_place, PLACE(WORK, COUNTRY), "name" },
    { "co", "friendlyCountryName", COSINE "43", SYNTAX_TEXT, 0, REACH_NONE, person_place, PLACE(WORK, COUNTRY), NULL },
    { "postOfficeBox", "", X500 "18", SYNTAX_TEXT, 0, REACH_NONE, person_place, PLACE(WORK, BOX), NULL },
    { "postalAddress", "", X500 "16", SYNTAX_ADDRESS, 0, REACH_NONE, person_postal, PLACE_WORK, NULL },
    { "homePostalAddress", "", COSINE "39", SYNTAX_ADDRESS, 0, REACH_PERSONAL, person_postal, PLACE_HOME, NULL },
    { "otherPostalAddress", "", EVOLUTION "9", SYNTAX_ADDRESS, 0, REACH_PERSONAL, person_postal, PLACE_OTHER, NULL },
    { "mozillaHomeStreet", "", MOZILLA "3.1", SYNTAX_TEXT, 0, REACH_PERSONAL, person_place, PLACE(HOME, STREET), NULL },
    { "mozillaHomeLocalityName", "", MOZILLA "3.3", SYNTAX_TEXT, 0, REACH_PERSONAL, person_place, PLACE(HOME, CITY), NULL },
    { "mozillaHomeState", "", MOZILLA "3.4", SYNTAX_TEXT, 0, REACH_PERSONAL, person_place, PLACE(HOME, STATE), NULL },
    { "mozillaHomePostalCode", "", MOZILLA "3.5", SYNTAX_TEXT, 0, REACH_PERSONAL, person_place, PLACE(HOME, ZIP), NULL },
    { "mozillaHomeCountryName", "", MOZILLA "3.6", SYNTAX_TEXT, 0, REACH_PERSONAL, person_place, PLACE(HOME, COUNTRY), NULL },

    /* Pages. */
    { "labeledURI", "labeledURL", "1.3.6.1.4.1.250.1.57", SYNTAX_EXACT, 0, REACH_NONE, person_text, CONTACT_WORK_PAGE, NULL },
    { "wWWHomePage", "", MICROSOFT "2.464", SYNTAX_EXACT, ONE, REACH_NONE, person_text, CONTACT_WORK_PAGE, NULL },
    { "mozillaWorkUrl", "workurl", MOZILLA "3.9", SYNTAX_EXACT, 0, REACH_NONE, person_text, CONTACT_WORK_PAGE, NULL },
    { "mozillaHomeUrl", "homeurl", MOZILLA "3.7", SYNTAX_EXACT, 0, REACH_PERSONAL, person_text, CONTACT_HOME_PAGE, NULL },
    { "calFBURL", "", MICROSOFT "4.479", SYNTAX_EXACT, 0, REACH_PERSONAL, person_text, CONTACT_FREE_BUSY, NULL },

    /* All else that one knows of people. */
    { "description", "", X500 "13", SYNTAX_TEXT, 0, REACH_NONE, person_text, CONTACT_NOTE, NULL },
    { "note", "notes", EVOLUTION "13", SYNTAX_TEXT, ONE, REACH_NONE, person_text, CONTACT_NOTE, NULL },
    { "info", "comment", MICROSOFT "2.81", SYNTAX_TEXT, ONE, REACH_NONE, person_text, CONTACT_NOTE, NULL },
    { "birthDate", "dob", EVOLUTION "11", SYNTAX_TEXT, ONE, REACH_PERSONAL, person_birthday, DATE_WHOLE, NULL },
    { "birthyear", "", "2.25.261039602244847053976385163441792670954", SYNTAX_TEXT, ONE, REACH_PERSONAL, person_birthday, DATE_YEAR, NULL },
    { "birthmonth", "", "2.25.209044604889332007474084323636405351441", SYNTAX_TEXT, ONE, REACH_PERSONAL, person_birthday, DATE_MONTH, NULL },
    { "birthday", "", "2.25.314136462499413741246399953882775827831", SYNTAX_TEXT, ONE, REACH_PERSONAL, person_birthday, DATE_DAY, NULL },
    { "anniversary", "", EVOLUTION "12", SYNTAX_TEXT, ONE, REACH_PERSONAL, person_anniversary, 0, NULL },
    { "category", "categories", EVOLUTION "28", SYNTAX_TEXT, 0, REACH_PERSONAL, person_categories, 0, NULL },
    { "mozillaCustom1", "custom1", MOZILLA "4.1", SYNTAX_TEXT, 0, REACH_PERSONAL, person_text, CONTACT_CUSTOM_1, NULL },
    { "mozillaCustom2", "custom2", MOZILLA "4.2", SYNTAX_TEXT, 0, REACH_PERSONAL, person_text, CONTACT_CUSTOM_2, NULL },
    { "mozillaCustom3", "custom3", MOZILLA "4.3", SYNTAX_TEXT, 0, REACH_PERSONAL, person_text, CONTACT_CUSTOM_3, NULL },
    { "mozillaCustom4", "custom4", MOZILLA "4.4", SYNTAX_TEXT, 0, REACH_PERSONAL, person_text, CONTACT_CUSTOM_4, NULL },
    { "userCertificate", "", X500 "36", SYNTAX_CERTIFICATE, ATTRIBUTE_BINARY, REACH_NONE, person_certificates, 0, NULL },
    { "userSMIMECertificate", "", NETSCAPE "40", SYNTAX_OCTETS, ATTRIBUTE_BINARY, REACH_NONE, NULL, 0, NULL },
    { "jpegPhoto", "", COSINE "60", SYNTAX_JPEG, ATTRIBUTE_COSTLY, REACH_NONE, person_photo, 0, NULL },
    { "thumbnailPhoto", "", NETSCAPE "35", SYNTAX_OCTETS, ONE | ATTRIBUTE_COSTLY, REACH_NONE, person_photo, 0, NULL },
    { "objectCategory", "", MICROSOFT "4.782", SYNTAX_TEXT, ONE, REACH_NONE, person_category, 0, NULL },
    { "apple-generateduid", "", APPLE "20", SYNTAX_TEXT, ONE, REACH_NONE, person_uuid, 1, NULL },
    { "member", "uniqueMember", X500 "31", SYNTAX_DN, ATTRIBUTE_COSTLY, REACH_NONE, person_members, 0, NULL },

    /* About entries. */
    { "entryDN", "distinguishedName", "1.3.6.1.1.20", SYNTAX_DN, OWN, REACH_NONE, person_own_dn, 0, NULL },
    { "entryUUID", "", "1.3.6.1.1.16.4", SYNTAX_UUID, OWN, REACH_NONE, person_uuid, 0, NULL },
    { "structuralObjectClass", "", "2.5.21.9", SYNTAX_OID, OWN, REACH_NONE, person_structural_class, 0, NULL },
    { "subschemaSubentry", "", "2.5.18.10", SYNTAX_DN, OWN, REACH_NONE, person_fixed_schema, 0, NULL },
    { "hasSubordinates", "", "2.5.18.9", SYNTAX_BOOLEAN, OWN, REACH_NONE, person_childless, 0, NULL },
    { "modifyTimestamp", "", "2.5.18.2", SYNTAX_TIME, OWN, REACH_PERSONAL, person_modified, 0, NULL },
    { "createTimestamp", "", "2.5.18.1", SYNTAX_TIME, OWN, REACH_PERSONAL, NULL, 0, NULL },
    { "creatorsName", "", "2.5.18.3", SYNTAX_DN, OWN, REACH_PERSONAL, NULL, 0, NULL },
    { "modifiersName", "", "2.5.18.4", SYNTAX_DN, OWN, REACH_PERSONAL, NULL, 0, NULL },

    /* Of the root and of the schema. */
    { "namingContexts", "", ROOT_DSE "5", SYNTAX_DN, OPERATIONAL, REACH_PERSONAL, NULL, 0, NULL },
    { "defaultNamingContext", "", "2.25.246824192875101711908117139436123539567", SYNTAX_DN, OWN, REACH_PERSONAL, NULL, 0, NULL },
    { "supportedExtension", "", ROOT_DSE "7", SYNTAX_OID, OPERATIONAL, REACH_PERSONAL, NULL, 0, NULL },
    { "supportedControl", "", ROOT_DSE "13", SYNTAX_OID, OPERATIONAL, REACH_PERSONAL, NULL, 0, NULL },
    { "supportedSASLMechanisms", "", ROOT_DSE "14", SYNTAX_TEXT, OPERATIONAL, REACH_PERSONAL, NULL, 0, NULL },
    { "supportedLDAPVersion", "", ROOT_DSE "15", SYNTAX_INTEGER, OPERATIONAL, REACH_PERSONAL, NULL, 0, NULL },
    { "supportedFeatures", "", "1.3.6.1.4.1.4203.1.3.5", SYNTAX_OID, OPERATIONAL, REACH_PERSONAL, NULL, 0, NULL },
    { "vendorName", "", "1.3.6.1.1.4", SYNTAX_TEXT, OWN, REACH_PERSONAL, NULL, 0, NULL },
    { "vendorVersion", "", "1.3.6.1.1.5", SYNTAX_TEXT, OWN, REACH_PERSONAL, NULL, 0, NULL },
    { "attributeTypes", "", "2.5.21.5", SYNTAX_TYPE_DESCRIPTION, OPERATIONAL, REACH_PERSONAL, NULL, 0, NULL },
    { "objectClasses", "", "2.5.21.6", SYNTAX_CLASS_DESCRIPTION, OPERATIONAL, REACH_PERSONAL, NULL, 0, NULL },
    { "matchingRules", "", "2.5.21.4", SYNTAX_RULE_DESCRIPTION, OPERATIONAL, REACH_PERSONAL, NULL, 0, NULL },
    { "ldapSyntaxes", "", ROOT_DSE "16", SYNTAX_SYNTAX_DESCRIPTION, OPERATIONAL, REACH_PERSONAL, NULL, 0, NULL },
};
/* clang-format on */

const size_t attribute_type_count =
    sizeof attribute_types / sizeof *attribute_types;

_Static_assert(sizeof attribute_types / sizeof *attribute_types <=
                   ATTRIBUTE_TYPES_MAX,
               "sets of attributes are too small");

/* --- Finding them --------------------------------------------------------- */

/* Filters ask for each part and each entry, so that names are in order. */
struct known_name {
    const char *name;
    size_t len;
    const struct ldap_type *type;
};

enum { NAMES_MAX = 3 * ATTRIBUTE_TYPES_MAX };
static struct known_name names[NAMES_MAX];
static size_t name_count;
static pthread_once_t names_sorted = PTHREAD_ONCE_INIT;

static int compare_names(const void *a, const void *b)
{
    const struct known_name *one = a, *two = b;
    int order = strncasecmp(one->name, two->name,
                            one->len < two->len ? one->len : two->len);

    return order != 0 ? order : (one->len > two->len) - (one->len < two->len);
}

/* Each of the words. */
static void add_names(const char *words, const struct ldap_type *type)
{
    while (*words != '\0') {
        size_t len = strcspn(words, " ");

        assert(name_count < NAMES_MAX);
        names[name_count++] = (struct known_name){ words, len, type };
        words += len + strspn(words + len, " ");
    }
}

static void sort_names(void)
{
    for (size_t i = 0; i < attribute_type_count; i++) {
        const struct ldap_type *type = &attribute_types[i];

        add_names(type->name, type);
        add_names(type->aliases, type);
        add_names(type->oid, type);
    }
    qsort(names, name_count, sizeof *names, compare_names);
}

const struct ldap_type *attribute_find(const char *description)
{
    struct known_name wanted = { description, 0, NULL };
    const struct known_name *found = NULL;

    pthread_once(&names_sorted, sort_names);
    if (description == NULL)
        return NULL;
    wanted.len = strcspn(description, ";");
    found = bsearch(&wanted, names, name_count, sizeof *names, compare_names);
    return found != NULL ? found->type : NULL;
}

enum value_kind attribute_kind(const struct ldap_type *type)
{
    return syntaxes[type->syntax].kind;
}

bool attribute_is(const struct ldap_type *type, const struct ldap_type *wanted)
{
    return type == wanted ||
           (type->sup != NULL && str_equal(type->sup, wanted->name));
}

size_t attribute_number(const struct ldap_type *type)
{
    return (size_t)(type - attribute_types);
}
