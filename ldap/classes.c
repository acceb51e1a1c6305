/*
 * classes.c - object classes, and which of them people have
 */
#include "ldap/classes.h"

#include "proxy/base/str.h"

#define PEOPLE OF_PEOPLE
#define BOTH (OF_PEOPLE | OF_GROUPS)

/* clang-format off */
const struct ldap_class object_classes[] = {
    { "top", "2.5.6.0", NULL, "ABSTRACT", "objectClass", "", BOTH },
    { "person", "2.5.6.6", "top", "STRUCTURAL", "sn cn",
      "telephoneNumber description", PEOPLE },
    { "organizationalPerson", "2.5.6.7", "person", "STRUCTURAL", "",
      "title facsimileTelephoneNumber internationalISDNNumber street postOfficeBox "
      "postalCode postalAddress physicalDeliveryOfficeName ou st l", PEOPLE },
    { "inetOrgPerson", "2.16.840.1.113730.3.2.2", "organizationalPerson", "STRUCTURAL", "",
      "businessCategory departmentNumber displayName employeeNumber employeeType givenName "
      "homePhone homePostalAddress initials jpegPhoto labeledURI mail manager mobile o pager "
      "preferredLanguage roomNumber secretary uid userCertificate userSMIMECertificate",
      PEOPLE },
    { "mozillaAbPersonAlpha", "1.3.6.1.4.1.13769.9.1", "top", "AUXILIARY", "cn",
      "c co mozillaCustom1 mozillaCustom2 mozillaCustom3 mozillaCustom4 mozillaHomeCountryName "
      "mozillaHomeLocalityName mozillaHomePostalCode mozillaHomeState mozillaHomeStreet "
      "mozillaHomeUrl mozillaNickname mozillaSecondEmail mozillaUseHtmlMail mozillaWorkUrl "
      "nsAIMid birthyear birthmonth birthday", PEOPLE },
    { "evolutionPerson", "1.3.6.1.4.1.8506.1.3.1", "top", "AUXILIARY", "",
      "fileAs primaryPhone carPhone homeFacsimileTelephoneNumber otherPhone businessRole "
      "managerName assistantName assistantPhone otherPostalAddress mailer birthDate anniversary "
      "spouseName note companyPhone callbackPhone otherFacsimileTelephoneNumber radio telex tty "
      "category calFBURL", PEOPLE },
    { "user", "1.2.840.113556.1.5.9", "top", "AUXILIARY", "",
      "anr company department directReports displayNamePrintable generationQualifier info "
      "mailNickname middleName name objectCategory otherHomePhone otherTelephone personalTitle "
      "proxyAddresses sAMAccountName thumbnailPhoto userPrincipalName wWWHomePage",
      OF_ACCOUNTS },
    { "contact", "1.2.840.113556.1.5.15", "top", "AUXILIARY", "",
      "anr company department directReports displayNamePrintable generationQualifier info "
      "mailNickname middleName name objectCategory otherHomePhone otherTelephone personalTitle "
      "proxyAddresses thumbnailPhoto wWWHomePage", OF_OTHERS },
    { "groupOfNames", "2.5.6.9", "top", "STRUCTURAL", "cn",
      "member businessCategory description o ou displayName mail uid", OF_GROUPS },
    { "group", "1.2.840.113556.1.5.8", "top", "AUXILIARY", "",
      "anr displayNamePrintable info mailNickname name objectCategory proxyAddresses "
      "sAMAccountName", OF_GROUPS },
    { "apple-user", "1.3.6.1.4.1.63.1000.1.1.2.1", "top", "AUXILIARY", "",
      "apple-generateduid apple-imhandle", PEOPLE | OF_APPLE },
    { "apple-group", "1.3.6.1.4.1.63.1000.1.1.2.14", "top", "AUXILIARY", "",
      "apple-generateduid", OF_GROUPS | OF_APPLE },

    /* Of what people stand under. */
    { "organization", "2.5.6.4", "top", "STRUCTURAL", "o", "description", OF_NOBODY },
    { "organizationalUnit", "2.5.6.5", "top", "STRUCTURAL", "ou", "description", OF_NOBODY },
    { "container", "1.2.840.113556.1.3.23", "top", "STRUCTURAL", "cn", "description", OF_NOBODY },
    { "subentry", "2.5.17.0", "top", "STRUCTURAL", "cn", "", OF_NOBODY },
    { "subschema", "2.5.20.1", "top", "AUXILIARY", "",
      "attributeTypes objectClasses matchingRules ldapSyntaxes", OF_NOBODY },
};
/* clang-format on */

const size_t object_class_count =
    sizeof object_classes / sizeof *object_classes;

const struct ldap_class *class_find(const char *name)
{
    for (size_t i = 0; i < object_class_count; i++) {
        if (str_equal_nocase(name, object_classes[i].name) ||
            str_equal(name, object_classes[i].oid))
            return &object_classes[i];
    }
    return NULL;
}

bool class_has(const struct ldap_class *class, const struct person *person,
               bool apple)
{
    bool account = !person->personal &&
                   (person->kind == PERSON_USER || person->kind == PERSON_ROOM);
    unsigned is = person->kind == PERSON_GROUP ? OF_GROUPS
                  : account                    ? OF_PEOPLE | OF_ACCOUNTS
                                               : OF_PEOPLE | OF_OTHERS;

    return (class->of & is) != 0 && (apple || (class->of & OF_APPLE) == 0);
}
