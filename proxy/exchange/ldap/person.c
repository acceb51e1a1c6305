/*
 * person.c - people as entries of an LDAP server
 *
 * The names are those of inetOrgPerson (RFC 2798) and of Active Directory; of
 * several that mean the same the first with a value counts.
 */
#include "proxy/exchange/ldap/person.h"

#include <stddef.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/base64.h"
#include "proxy/base/str.h"
#include "proxy/base/utf8.h"

/* clang-format off */
#define TEXT(which)         offsetof(struct person, contact.text[which])
#define PHONE(which)        offsetof(struct person, contact.phone[which])
#define PLACE(which, field) offsetof(struct person, contact.place[which].field)

/* Where the text of an attribute goes. */
static const struct {
    const char *attribute;
    size_t offset;
} places[] = {
    { "displayName",                TEXT(CONTACT_DISPLAY_NAME) },
    { "cn",                         TEXT(CONTACT_DISPLAY_NAME) },
    { "sn",                         TEXT(CONTACT_SURNAME) },
    { "givenName",                  TEXT(CONTACT_GIVEN_NAME) },
    { "middleName",                 TEXT(CONTACT_MIDDLE_NAME) },
    { "personalTitle",              TEXT(CONTACT_TITLE) },
    { "generationQualifier",        TEXT(CONTACT_GENERATION) },
    { "company",                    TEXT(CONTACT_COMPANY) },
    { "o",                          TEXT(CONTACT_COMPANY) },
    { "department",                 TEXT(CONTACT_DEPARTMENT) },
    { "ou",                         TEXT(CONTACT_DEPARTMENT) },
    { "title",                      TEXT(CONTACT_JOB_TITLE) },
    { "physicalDeliveryOfficeName", TEXT(CONTACT_OFFICE) },
    { "roomNumber",                 TEXT(CONTACT_OFFICE) },
    { "wWWHomePage",                TEXT(CONTACT_WORK_PAGE) },
    { "labeledURI",                 TEXT(CONTACT_WORK_PAGE) },
    { "info",                       TEXT(CONTACT_NOTE) },
    { "description",                TEXT(CONTACT_NOTE) },
    { "telephoneNumber",            PHONE(PHONE_WORK) },
    { "otherTelephone",             PHONE(PHONE_WORK_2) },
    { "homePhone",                  PHONE(PHONE_HOME) },
    { "otherHomePhone",             PHONE(PHONE_HOME_2) },
    { "mobile",                     PHONE(PHONE_MOBILE) },
    { "facsimileTelephoneNumber",   PHONE(PHONE_WORK_FAX) },
    { "pager",                      PHONE(PHONE_PAGER) },
    { "telephoneAssistant",         PHONE(PHONE_ASSISTANT) },
    { "streetAddress",              PLACE(PLACE_WORK, street) },
    { "street",                     PLACE(PLACE_WORK, street) },
    { "l",                          PLACE(PLACE_WORK, city) },
    { "st",                         PLACE(PLACE_WORK, state) },
    { "postalCode",                 PLACE(PLACE_WORK, zip) },
    { "co",                         PLACE(PLACE_WORK, country) },
    { "c",                          PLACE(PLACE_WORK, country) },
    { "postOfficeBox",              PLACE(PLACE_WORK, box) },
    { "mailNickname",               offsetof(struct person, alias) },
    { "uid",                        offsetof(struct person, alias) },
};
/* clang-format on */

enum { PLACES = sizeof places / sizeof places[0] };

#define CERTIFICATES "userCertificate;binary"
#define HIDDEN "msExchHideFromAddressLists"
#define DISPLAY_TYPE "msExchRecipientDisplayType"

static const char *const others[] = { "mail",        "proxyAddresses",
                                      "objectClass", "manager",
                                      CERTIFICATES,  HIDDEN,
                                      DISPLAY_TYPE };

enum { OTHERS = sizeof others / sizeof others[0] };

const char *const *ldap_person_attributes(struct arena *arena)
{
    const char **all = arena_array(arena, PLACES + OTHERS + 1, sizeof *all);

    for (size_t i = 0; i < PLACES; i++)
        all[i] = places[i].attribute;
    memcpy(all + PLACES, others, sizeof others);
    return all;
}

/* --- Values --------------------------------------------------------------- */

static bool is_text(const struct berval *value)
{
    return value->bv_len > 0 && memchr(value->bv_val, 0, value->bv_len) == NULL;
}

const char **ldap_all_texts(struct arena *arena, LDAP *link, LDAPMessage *entry,
                            const char *attribute, size_t *count_out)
{
    struct berval **values = ldap_get_values_len(link, entry, attribute);
    const char **texts = arena_array(
        arena, (size_t)ldap_count_values_len(values) + 1, sizeof *texts);

    *count_out = 0;
    for (size_t i = 0; values != NULL && values[i] != NULL; i++)
        if (is_text(values[i]))
            texts[(*count_out)++] =
                utf8_repair(arena, values[i]->bv_val, values[i]->bv_len);
    ldap_value_free_len(values);
    return texts;
}

const char *ldap_first_text(struct arena *arena, LDAP *link, LDAPMessage *entry,
                            const char *attribute)
{
    size_t count;

    return ldap_all_texts(arena, link, entry, attribute, &count)[0];
}

/* --- Addresses ------------------------------------------------------------ */

static bool is_listed(const char **list, size_t count, const char *address)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal_nocase(list[i], address))
            return true;
    return false;
}

/* "SMTP:" stands before the primary one of Exchange's list, "smtp:" before the
 * others; X400 and others are of no use to anybody. */
static void read_addresses(struct arena *arena, LDAP *link, LDAPMessage *entry,
                           struct person *person)
{
    size_t mails, proxies, count = 0;
    const char **mail = ldap_all_texts(arena, link, entry, "mail", &mails);
    const char **proxy =
        ldap_all_texts(arena, link, entry, "proxyAddresses", &proxies);
    const char **all = arena_array(arena, mails + proxies + 1, sizeof *all);

    for (size_t i = 0; i < proxies && mails == 0; i++)
        if (str_starts(proxy[i], "SMTP:"))
            all[count++] = proxy[i] + strlen("SMTP:");
    for (size_t i = 0; i < mails; i++)
        if (strchr(mail[i], '@') != NULL && !is_listed(all, count, mail[i]))
            all[count++] = mail[i];
    for (size_t i = 0; i < proxies; i++)
        if (str_starts_nocase(proxy[i], "smtp:") &&
            !is_listed(all, count, proxy[i] + strlen("smtp:")))
            all[count++] = proxy[i] + strlen("smtp:");
    person->addresses = all;
    for (size_t i = 0; i < count && i < CONTACT_EMAILS; i++)
        person->contact.email[i].address = all[i];
}

/* --- What it is ----------------------------------------------------------- */

/* Of 0x80RRTT00 the part RR is what it is where it comes from. */
static bool is_room(const char *display_type)
{
    int64_t type;

    if (display_type == NULL || !str_to_i64(display_type, &type))
        return false;
    uint32_t bits = (uint32_t)type;
    uint32_t kind = type < 0 ? bits >> 8 & 0xff : bits & 0xff;
    return kind == 7 || kind == 8; /* a room, or equipment */
}

static enum person_kind kind_of(struct arena *arena, LDAP *link,
                                LDAPMessage *entry)
{
    static const struct {
        const char *class;
        enum person_kind kind;
    } kinds[] = {
        { "group", PERSON_GROUP },
        { "groupOfNames", PERSON_GROUP },
        { "groupOfUniqueNames", PERSON_GROUP },
        { "msExchDynamicDistributionList", PERSON_GROUP },
        { "contact", PERSON_FOREIGN },
    };
    size_t count;
    const char **classes =
        ldap_all_texts(arena, link, entry, "objectClass", &count);

    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++)
            if (str_equal_nocase(classes[i], kinds[k].class))
                return kinds[k].kind;
    return is_room(ldap_first_text(arena, link, entry, DISPLAY_TYPE))
               ? PERSON_ROOM
               : PERSON_USER;
}

static void read_certificates(struct arena *arena, LDAP *link,
                              LDAPMessage *entry, struct person *person)
{
    struct berval **values = ldap_get_values_len(link, entry, CERTIFICATES);
    size_t count = (size_t)ldap_count_values_len(values);
    const char **list = arena_array(arena, count + 1, sizeof *list);

    for (size_t i = 0; i < count; i++) {
        size_t len = values[i]->bv_len;
        char *text = arena_alloc(arena, base64_encoded_size(len) + 1);
        base64_encode(values[i]->bv_val, len, text);
        list[i] = text;
    }
    if (count > 0)
        person->contact.certificates = list;
    ldap_value_free_len(values);
}

/* --- A person ------------------------------------------------------------- */

bool ldap_person_read(struct arena *arena, LDAP *link, LDAPMessage *entry,
                      struct person *person_out, const char **manager_out)
{
    *person_out = (struct person){ .contact.preferred_place = -1 };
    if (str_equal_nocase(ldap_first_text(arena, link, entry, HIDDEN), "TRUE"))
        return false;
    read_addresses(arena, link, entry, person_out);
    if (person_out->addresses[0] == NULL)
        return false;
    person_out->id = str_lower(arena_strdup(arena, person_out->addresses[0]));
    person_out->kind = kind_of(arena, link, entry);
    person_out->contact.group = person_out->kind == PERSON_GROUP;
    for (size_t i = 0; i < PLACES; i++) {
        const char **field =
            (const char **)(void *)((char *)person_out + places[i].offset);
        if (*field == NULL)
            *field = ldap_first_text(arena, link, entry, places[i].attribute);
    }
    read_certificates(arena, link, entry, person_out);
    *manager_out = ldap_first_text(arena, link, entry, "manager");
    return true;
}
