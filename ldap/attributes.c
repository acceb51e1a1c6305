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
#define COSTLY ATTRIBUTE_COSTLY
#define BINARY ATTRIBUTE_BINARY
#define ANYTHING ATTRIBUTE_ANYTHING
#define SECOND ATTRIBUTE_SECOND

#define TYPE(name, aliases, oid, syntax, flags, reach, get, which, sup)        \
    {                                                                          \
        name, aliases, oid, SYNTAX_##syntax, flags, REACH_##reach, get, which, \
            sup                                                                \
    }

/* clang-format off */
const struct ldap_type attribute_types[] = {
    TYPE("objectClass", "", X500 "0", OID, 0, NONE, person_classes, 0, NULL),
    TYPE("name", "", X500 "41", TEXT, 0, NAME, person_name, 0, NULL),
    TYPE("anr", "", MICROSOFT "4.1208", TEXT, ANYTHING, NAME, person_anything, 0, NULL),

    /* Names. */
    TYPE("cn", "commonName", X500 "3", TEXT, 0, NAME, person_name, 0, "name"),
    TYPE("displayName", "", NETSCAPE "241", TEXT, ONE, NAME, person_name, 0, NULL),
    TYPE("displayNamePrintable", "", MICROSOFT "2.353", TEXT, ONE, NAME, person_name, 0, NULL),
    TYPE("sn", "surname", X500 "4", TEXT, 0, NAME, person_text, CONTACT_SURNAME, "name"),
    TYPE("givenName", "gn", X500 "42", TEXT, 0, NAME, person_text, CONTACT_GIVEN_NAME, "name"),
    TYPE("middleName", "", NETSCAPE "34",
         TEXT, 0, PERSONAL, person_text, CONTACT_MIDDLE_NAME, NULL),
    TYPE("initials", "", X500 "43", TEXT, 0, PERSONAL, NULL, 0, "name"),
    TYPE("personalTitle", "", COSINE "40", TEXT, 0, PERSONAL, person_text, CONTACT_TITLE, NULL),
    TYPE("generationQualifier", "", X500 "44",
         TEXT, 0, PERSONAL, person_text, CONTACT_GENERATION, "name"),
    TYPE("mozillaNickname", "xmozillanickname nickname", MOZILLA "2.1.1",
         TEXT, 0, PERSONAL, person_text, CONTACT_NICKNAME, NULL),
    TYPE("fileAs", "", EVOLUTION "15", TEXT, ONE, NAME, person_text, CONTACT_FILE_AS, NULL),
    TYPE("spouseName", "", EVOLUTION "8", TEXT, ONE, PERSONAL, person_text, CONTACT_SPOUSE, NULL),

    /* Addresses of mail, and what one logs in with. */
    TYPE("mail", "rfc822Mailbox email", COSINE "3", IA5, 0, ADDRESS, person_addresses, 0, NULL),
    TYPE("mozillaSecondEmail", "xmozillasecondemail", MOZILLA "2.1.3",
         IA5, 0, PERSONAL, person_email, 1, NULL),
    TYPE("proxyAddresses", "", MICROSOFT "2.210", TEXT, 0, ADDRESS, person_proxies, 0, NULL),
    TYPE("uid", "userid", COSINE "1", TEXT, 0, ADDRESS, person_uids, 0, NULL),
    TYPE("mailNickname", "", MICROSOFT "2.447", TEXT, ONE, NAME, person_alias, 0, NULL),
    TYPE("sAMAccountName", "", MICROSOFT "4.221", TEXT, ONE, NAME, person_alias, 0, NULL),
    TYPE("userPrincipalName", "", MICROSOFT "4.656", TEXT, ONE, ADDRESS, person_principal, 0, NULL),
    TYPE("mailer", "mua", EVOLUTION "10", TEXT, ONE, PERSONAL, NULL, 0, NULL),
    TYPE("mozillaUseHtmlMail", "xmozillausehtmlmail", MOZILLA "2.1.2",
         BOOLEAN, ONE, PERSONAL, NULL, 0, NULL),
    TYPE("nsAIMid", "nscpaimscreenname", MOZILLA "2.1.13",
         TEXT, 0, PERSONAL, person_text, CONTACT_IM_1, NULL),
    TYPE("apple-imhandle", "", APPLE "21", TEXT, 0, PERSONAL, person_text, CONTACT_IM_1, NULL),

    /* Telephones. */
    TYPE("telephoneNumber", "", X500 "20",
         PHONE, 0, NONE, person_phones, PHONE(WORK) | PHONE(WORK_2), NULL),
    TYPE("otherTelephone", "", MICROSOFT "2.18",
         PHONE, 0, NONE, person_phones, PHONE(WORK_2), NULL),
    TYPE("homePhone", "homeTelephoneNumber", COSINE "20",
         PHONE, 0, NONE, person_phones, PHONE(HOME) | PHONE(HOME_2), NULL),
    TYPE("otherHomePhone", "", MICROSOFT "2.277",
         PHONE, 0, NONE, person_phones, PHONE(HOME_2), NULL),
    TYPE("mobile", "mobileTelephoneNumber cellphone", COSINE "41",
         PHONE, 0, NONE, person_phones, PHONE(MOBILE), NULL),
    TYPE("facsimileTelephoneNumber", "fax", X500 "23",
         PHONE, 0, NONE, person_phones, PHONE(WORK_FAX), NULL),
    TYPE("homeFacsimileTelephoneNumber", "homeFax", EVOLUTION "3",
         PHONE, 0, PERSONAL, person_phones, PHONE(HOME_FAX), NULL),
    TYPE("otherFacsimileTelephoneNumber", "otherFax", EVOLUTION "19",
         PHONE, 0, PERSONAL, person_phones, PHONE(OTHER_FAX), NULL),
    TYPE("pager", "pagerTelephoneNumber pagerphone", COSINE "42",
         PHONE, 0, NONE, person_phones, PHONE(PAGER), NULL),
    TYPE("carPhone", "", EVOLUTION "2", PHONE, 0, PERSONAL, person_phones, PHONE(CAR), NULL),
    TYPE("internationalISDNNumber", "", X500 "25",
         NUMERIC, 0, PERSONAL, person_phones, PHONE(ISDN), NULL),
    TYPE("otherPhone", "", EVOLUTION "4", PHONE, 0, PERSONAL, person_phones, PHONE(OTHER), NULL),
    TYPE("primaryPhone", "", EVOLUTION "1",
         PHONE, 0, PERSONAL, person_phones, PHONE(PRIMARY), NULL),
    TYPE("assistantPhone", "telephoneAssistant", EVOLUTION "16",
         PHONE, 0, NONE, person_phones, PHONE(ASSISTANT), NULL),
    TYPE("callbackPhone", "", EVOLUTION "18",
         PHONE, 0, PERSONAL, person_phones, PHONE(CALLBACK), NULL),
    TYPE("companyPhone", "", EVOLUTION "17",
         PHONE, 0, PERSONAL, person_phones, PHONE(COMPANY), NULL),
    TYPE("radio", "", EVOLUTION "20", PHONE, 0, PERSONAL, person_phones, PHONE(RADIO), NULL),
    TYPE("telex", "", EVOLUTION "21", PHONE, 0, PERSONAL, person_phones, PHONE(TELEX), NULL),
    TYPE("tty", "", EVOLUTION "22", PHONE, 0, PERSONAL, person_phones, PHONE(TTY), NULL),

    /* Work. */
    TYPE("title", "", X500 "12", TEXT, 0, NONE, person_text, CONTACT_JOB_TITLE, "name"),
    TYPE("businessRole", "", EVOLUTION "5",
         TEXT, ONE, PERSONAL, person_text, CONTACT_PROFESSION, NULL),
    TYPE("o", "organizationName", X500 "10", TEXT, 0, NONE, person_text, CONTACT_COMPANY, "name"),
    TYPE("company", "", MICROSOFT "2.146", TEXT, ONE, NONE, person_text, CONTACT_COMPANY, NULL),
    TYPE("ou", "organizationalUnitName orgunit", X500 "11",
         TEXT, 0, NONE, person_text, CONTACT_DEPARTMENT, "name"),
    TYPE("department", "", MICROSOFT "2.141",
         TEXT, ONE, NONE, person_text, CONTACT_DEPARTMENT, NULL),
    TYPE("departmentNumber", "", NETSCAPE "2",
         TEXT, SECOND, NONE, person_text, CONTACT_DEPARTMENT, NULL),
    TYPE("physicalDeliveryOfficeName", "", X500 "19",
         TEXT, 0, NONE, person_text, CONTACT_OFFICE, NULL),
    TYPE("roomNumber", "", COSINE "6", TEXT, 0, NONE, person_text, CONTACT_OFFICE, NULL),
    TYPE("manager", "", COSINE "10", DN, 0, NONE, person_manager, 0, NULL),
    TYPE("managerName", "", EVOLUTION "6", TEXT, ONE, NONE, person_manager_name, 0, NULL),
    TYPE("directReports", "", MICROSOFT "2.436", DN, 0, NONE, person_reports, 0, NULL),
    TYPE("assistantName", "msExchAssistantName", EVOLUTION "7",
         TEXT, ONE, NONE, person_text, CONTACT_ASSISTANT, NULL),
    TYPE("secretary", "", COSINE "21", DN, 0, NONE, NULL, 0, NULL),
    TYPE("employeeNumber", "", NETSCAPE "3", TEXT, ONE, PERSONAL, NULL, 0, NULL),
    TYPE("employeeType", "", NETSCAPE "4", TEXT, 0, PERSONAL, NULL, 0, NULL),
    TYPE("businessCategory", "", X500 "15", TEXT, 0, PERSONAL, NULL, 0, NULL),
    TYPE("preferredLanguage", "", NETSCAPE "39", TEXT, ONE, PERSONAL, NULL, 0, NULL),

    /* Places. */
    TYPE("street", "streetAddress", X500 "9",
         TEXT, 0, NONE, person_place, PLACE(WORK, STREET), NULL),
    TYPE("l", "localityName locality", X500 "7",
         TEXT, 0, NONE, person_place, PLACE(WORK, CITY), "name"),
    TYPE("st", "stateOrProvinceName region", X500 "8",
         TEXT, 0, NONE, person_place, PLACE(WORK, STATE), "name"),
    TYPE("postalCode", "zip", X500 "17", TEXT, 0, NONE, person_place, PLACE(WORK, ZIP), NULL),
    TYPE("c", "countryName", X500 "6", TEXT, 0, NONE, person_place, PLACE(WORK, COUNTRY), "name"),
    TYPE("co", "friendlyCountryName", COSINE "43",
         TEXT, 0, NONE, person_place, PLACE(WORK, COUNTRY), NULL),
    TYPE("postOfficeBox", "", X500 "18", TEXT, 0, NONE, person_place, PLACE(WORK, BOX), NULL),
    TYPE("postalAddress", "", X500 "16", ADDRESS, 0, NONE, person_postal, PLACE_WORK, NULL),
    TYPE("homePostalAddress", "", COSINE "39",
         ADDRESS, 0, PERSONAL, person_postal, PLACE_HOME, NULL),
    TYPE("otherPostalAddress", "", EVOLUTION "9",
         ADDRESS, 0, PERSONAL, person_postal, PLACE_OTHER, NULL),
    TYPE("mozillaHomeStreet", "", MOZILLA "3.1",
         TEXT, 0, PERSONAL, person_place, PLACE(HOME, STREET), NULL),
    TYPE("mozillaHomeLocalityName", "", MOZILLA "3.3",
         TEXT, 0, PERSONAL, person_place, PLACE(HOME, CITY), NULL),
    TYPE("mozillaHomeState", "", MOZILLA "3.4",
         TEXT, 0, PERSONAL, person_place, PLACE(HOME, STATE), NULL),
    TYPE("mozillaHomePostalCode", "", MOZILLA "3.5",
         TEXT, 0, PERSONAL, person_place, PLACE(HOME, ZIP), NULL),
    TYPE("mozillaHomeCountryName", "", MOZILLA "3.6",
         TEXT, 0, PERSONAL, person_place, PLACE(HOME, COUNTRY), NULL),

    /* Pages. */
    TYPE("labeledURI", "labeledURL", "1.3.6.1.4.1.250.1.57",
         EXACT, 0, NONE, person_text, CONTACT_WORK_PAGE, NULL),
    TYPE("wWWHomePage", "", MICROSOFT "2.464",
         EXACT, ONE, NONE, person_text, CONTACT_WORK_PAGE, NULL),
    TYPE("mozillaWorkUrl", "workurl", MOZILLA "3.9",
         EXACT, 0, NONE, person_text, CONTACT_WORK_PAGE, NULL),
    TYPE("mozillaHomeUrl", "homeurl", MOZILLA "3.7",
         EXACT, 0, PERSONAL, person_text, CONTACT_HOME_PAGE, NULL),
    TYPE("calFBURL", "", MICROSOFT "4.479",
         EXACT, 0, PERSONAL, person_text, CONTACT_FREE_BUSY, NULL),

    /* All else that one knows of people. */
    TYPE("description", "", X500 "13", TEXT, 0, NONE, person_text, CONTACT_NOTE, NULL),
    TYPE("note", "notes", EVOLUTION "13", TEXT, ONE, NONE, person_text, CONTACT_NOTE, NULL),
    TYPE("info", "comment", MICROSOFT "2.81", TEXT, ONE, NONE, person_text, CONTACT_NOTE, NULL),
    TYPE("birthDate", "dob", EVOLUTION "11",
         TEXT, ONE, PERSONAL, person_birthday, DATE_WHOLE, NULL),
    TYPE("birthyear", "", "2.25.261039602244847053976385163441792670954",
         TEXT, ONE, PERSONAL, person_birthday, DATE_YEAR, NULL),
    TYPE("birthmonth", "", "2.25.209044604889332007474084323636405351441",
         TEXT, ONE, PERSONAL, person_birthday, DATE_MONTH, NULL),
    TYPE("birthday", "", "2.25.314136462499413741246399953882775827831",
         TEXT, ONE, PERSONAL, person_birthday, DATE_DAY, NULL),
    TYPE("anniversary", "", EVOLUTION "12", TEXT, ONE, PERSONAL, person_anniversary, 0, NULL),
    TYPE("category", "categories", EVOLUTION "28", TEXT, 0, PERSONAL, person_categories, 0, NULL),
    TYPE("mozillaCustom1", "custom1", MOZILLA "4.1",
         TEXT, 0, PERSONAL, person_text, CONTACT_CUSTOM_1, NULL),
    TYPE("mozillaCustom2", "custom2", MOZILLA "4.2",
         TEXT, 0, PERSONAL, person_text, CONTACT_CUSTOM_2, NULL),
    TYPE("mozillaCustom3", "custom3", MOZILLA "4.3",
         TEXT, 0, PERSONAL, person_text, CONTACT_CUSTOM_3, NULL),
    TYPE("mozillaCustom4", "custom4", MOZILLA "4.4",
         TEXT, 0, PERSONAL, person_text, CONTACT_CUSTOM_4, NULL),
    TYPE("userCertificate", "", X500 "36", CERTIFICATE, BINARY, NONE, person_certificates, 0, NULL),
    TYPE("userSMIMECertificate", "", NETSCAPE "40", OCTETS, BINARY, NONE, NULL, 0, NULL),
    TYPE("jpegPhoto", "", COSINE "60", JPEG, COSTLY, NONE, person_photo, 0, NULL),
    TYPE("thumbnailPhoto", "", NETSCAPE "35", OCTETS, ONE | COSTLY, NONE, person_photo, 0, NULL),
    TYPE("objectCategory", "", MICROSOFT "4.782", TEXT, ONE, NONE, person_category, 0, NULL),
    TYPE("apple-generateduid", "", APPLE "20", TEXT, ONE, NONE, person_uuid, 1, NULL),
    TYPE("member", "uniqueMember", X500 "31", DN, COSTLY, NONE, person_members, 0, NULL),

    /* About entries. */
    TYPE("entryDN", "distinguishedName", "1.3.6.1.1.20", DN, OWN, NONE, person_own_dn, 0, NULL),
    TYPE("entryUUID", "", "1.3.6.1.1.16.4", UUID, OWN, NONE, person_uuid, 0, NULL),
    TYPE("structuralObjectClass", "", "2.5.21.9", OID, OWN, NONE, person_structural_class, 0, NULL),
    TYPE("subschemaSubentry", "", "2.5.18.10", DN, OWN, NONE, person_fixed_schema, 0, NULL),
    TYPE("hasSubordinates", "", "2.5.18.9", BOOLEAN, OWN, NONE, person_childless, 0, NULL),
    TYPE("modifyTimestamp", "", "2.5.18.2", TIME, OWN, PERSONAL, person_modified, 0, NULL),
    TYPE("createTimestamp", "", "2.5.18.1", TIME, OWN, PERSONAL, NULL, 0, NULL),
    TYPE("creatorsName", "", "2.5.18.3", DN, OWN, PERSONAL, NULL, 0, NULL),
    TYPE("modifiersName", "", "2.5.18.4", DN, OWN, PERSONAL, NULL, 0, NULL),

    /* Of the root and of the schema. */
    TYPE("namingContexts", "", ROOT_DSE "5", DN, OPERATIONAL, PERSONAL, NULL, 0, NULL),
    TYPE("defaultNamingContext", "", "2.25.246824192875101711908117139436123539567",
         DN, OWN, PERSONAL, NULL, 0, NULL),
    TYPE("supportedExtension", "", ROOT_DSE "7", OID, OPERATIONAL, PERSONAL, NULL, 0, NULL),
    TYPE("supportedControl", "", ROOT_DSE "13", OID, OPERATIONAL, PERSONAL, NULL, 0, NULL),
    TYPE("supportedSASLMechanisms", "", ROOT_DSE "14", TEXT, OPERATIONAL, PERSONAL, NULL, 0, NULL),
    TYPE("supportedLDAPVersion", "", ROOT_DSE "15", INTEGER, OPERATIONAL, PERSONAL, NULL, 0, NULL),
    TYPE("supportedFeatures", "", "1.3.6.1.4.1.4203.1.3.5",
         OID, OPERATIONAL, PERSONAL, NULL, 0, NULL),
    TYPE("vendorName", "", "1.3.6.1.1.4", TEXT, OWN, PERSONAL, NULL, 0, NULL),
    TYPE("vendorVersion", "", "1.3.6.1.1.5", TEXT, OWN, PERSONAL, NULL, 0, NULL),
    TYPE("attributeTypes", "", "2.5.21.5", TYPE_DESCRIPTION, OPERATIONAL, PERSONAL, NULL, 0, NULL),
    TYPE("objectClasses", "", "2.5.21.6", CLASS_DESCRIPTION, OPERATIONAL, PERSONAL, NULL, 0, NULL),
    TYPE("matchingRules", "", "2.5.21.4", RULE_DESCRIPTION, OPERATIONAL, PERSONAL, NULL, 0, NULL),
    TYPE("ldapSyntaxes", "", ROOT_DSE "16",
         SYNTAX_DESCRIPTION, OPERATIONAL, PERSONAL, NULL, 0, NULL),
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

/* A description with an option that nobody knows is none that is known, either
 * (RFC 4512, 2.5); the only one here is that of certificates (RFC 4523). */
static bool has_options(const struct ldap_type *type, const char *options)
{
    return *options == '\0' || (type->flags & ATTRIBUTE_BINARY &&
                                str_equal_nocase(options, ";binary"));
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
    return found != NULL && has_options(found->type, description + wanted.len)
               ? found->type
               : NULL;
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
